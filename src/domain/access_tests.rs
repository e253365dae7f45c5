//! The table of permissions: who is let in, how far, and who is told nothing.

use super::*;
use uuid::Uuid;

fn code(text: &str) -> AgencyCode {
    AgencyCode::parse(text).unwrap()
}

fn actor(grants: &[(Role, Option<&str>)]) -> Actor {
    let grants = grants
        .iter()
        .map(|(role, agency)| Grant {
            role: *role,
            agency: agency.map(code),
        })
        .collect();
    let id = Uuid::from_u128(1);
    Actor::new(
        AccountId::new(id),
        Some(EmployeeId::new(id)),
        SessionId::new(id),
        grants,
    )
}

#[test]
fn an_operator_reaches_only_their_own_agency() {
    let operator = actor(&[(Role::AgencyOperator, Some("1.01"))]);
    let own = may(&operator, Action::WriteStaff, Target::Agency(&code("1.01"))).unwrap();
    assert!(own.covers(&code("1.01")) && !own.covers(&code("1.02")));
    let foreign = may(&operator, Action::WriteStaff, Target::Agency(&code("1.02"))).unwrap_err();
    assert_eq!(foreign, Denied::Hidden);
}

#[test]
fn a_role_that_is_not_named_may_not() {
    let employee = actor(&[(Role::Employee, None)]);
    assert_eq!(
        may(&employee, Action::DecideBatch, Target::Any).unwrap_err(),
        Denied::Forbidden
    );
    let nobody = actor(&[]);
    assert_eq!(
        may(&nobody, Action::ReadOwn, Target::Any).unwrap_err(),
        Denied::Forbidden
    );
}

#[test]
fn the_widest_reach_of_several_roles_counts() {
    let both = actor(&[(Role::AgencyOperator, Some("1.01")), (Role::BkdOfficer, None)]);
    let scope = may(&both, Action::ReadStaff, Target::Agency(&code("9.99"))).unwrap();
    assert_eq!(scope.reach(), &Reach::Everyone);
}

#[test]
fn officials_are_told_as_the_person_they_are_and_by_account_where_they_are_none() {
    for role in Role::ALL {
        let person = actor(&[(role, None)]);
        let scope = may(&person, Action::ReadNotice, Target::Any).unwrap();
        assert_eq!(scope.person(), person.employee, "{role:?}");
        let nobody = Actor {
            employee: None,
            ..person
        };
        let scope = may(&nobody, Action::ReadNotice, Target::Any).unwrap();
        assert_eq!(scope.account(), Some(nobody.account), "{role:?}");
    }
}

#[test]
fn an_administrator_sees_no_personal_rows() {
    let administrator = actor(&[(Role::Administrator, None)]);
    for action in [
        Action::ReadStaff,
        Action::ReadHomes,
        Action::ReviewCase,
        Action::ReadBatch,
    ] {
        assert_eq!(may(&administrator, action, Target::Any).unwrap_err(), Denied::Forbidden);
    }
}

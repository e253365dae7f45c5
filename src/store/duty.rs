//! What judging and boards read about people on dates: assignments and homes, for many people at once.

use crate::domain::assignment::DayAssignment;
use crate::domain::half::DayPart;
use crate::domain::home::Home;
use crate::domain::home::HomeRank;
use crate::domain::home::HomeState;
use crate::domain::ids::DataKeyId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::HomeId;
use crate::domain::ids::SiteId;
use crate::domain::ids::UnitId;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::columns::ScheduleStarts;
use crate::store::error::Error;
use crate::store::membership::MembershipRow;
use crate::store::schema::assignment;
use crate::store::schema::duty_epoch;
use crate::store::schema::home;
use crate::store::schema::membership;
use crate::store::schema::rule_epoch;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::Text;

/// One person's mode by roster, approval or correction.
#[derive(Clone, Debug, Queryable)]
pub struct Assigned {
    /// Whose.
    pub employee_id: EmployeeId,
    /// When.
    pub work_date: NaiveDate,
    /// The agency that set it. Binds only while the person is on its staff.
    pub agency_code: String,
    /// The mode.
    pub mode: WorkMode,
    /// For which part of the date.
    pub slots: DayPart,
    /// The office or duty post, if it is not the usual one.
    pub site_id: Option<SiteId>,
    /// Where a journey leads, by Kemendagri code.
    pub destination_code: Option<String>,
    /// The shift of this date alone, by its code.
    pub shift: Option<String>,
}

impl Assigned {
    /// What the rules of the day need.
    pub fn day(&self) -> DayAssignment {
        DayAssignment {
            mode: self.mode,
            slots: self.slots,
            shift: self.shift.clone(),
        }
    }
}

/// What judging needs of a stretch of membership.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = membership)]
pub struct MemberOnDuty {
    /// Whose.
    pub employee_id: EmployeeId,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; open is the present.
    pub valid_to: Option<NaiveDate>,
    /// The agency.
    pub agency_code: String,
    /// The unit within it, where it is registered.
    pub unit_id: Option<UnitId>,
    /// Eselon of the post, such as `II.a`.
    pub echelon: Option<String>,
    /// How circulars group the person.
    pub work_group: WorkGroup,
    /// From which dates on the person has which schedule of the agency of their own.
    pub schedule_starts: ScheduleStarts,
}

/// A home that counts or counted, still sealed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SealedHome {
    /// What the rules need.
    pub home: Home,
    /// Its own radius in metres, if it has one.
    pub radius_metres: Option<i32>,
    /// The key that opens the position.
    pub key_id: DataKeyId,
    /// The sealed position.
    pub sealed_position: Box<[u8]>,
}

/// Assignments of these people from one date to another, both inclusive.
pub fn list_assigned(
    connection: &mut AnyConnection,
    people: &[EmployeeId],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Assigned>, Error> {
    Ok(per_backend!(connection, inner => assignment::table
        .filter(assignment::employee_id.eq_any(people))
        .filter(assignment::work_date.between(from, to))
        .select((
            assignment::employee_id,
            assignment::work_date,
            assignment::agency_code,
            assignment::mode,
            assignment::slots,
            assignment::site_id,
            assignment::destination_code,
            assignment::shift,
        ))
        .load(inner))?)
}

/// Assignments of an agency's people from one date to another, both inclusive.
pub fn list_agency_assigned(
    connection: &mut AnyConnection,
    agency: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Assigned>, Error> {
    Ok(assignment::table
        .filter(assignment::agency_code.eq(agency))
        .filter(assignment::work_date.between(from, to))
        .select((
            assignment::employee_id,
            assignment::work_date,
            assignment::agency_code,
            assignment::mode,
            assignment::slots,
            assignment::site_id,
            assignment::destination_code,
            assignment::shift,
        ))
        .load(connection)?)
}

/// Memberships of an agency that touch the dates, both inclusive, by person and first day.
pub fn list_members(
    connection: &mut AnyConnection,
    agency: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<MembershipRow>, Error> {
    Ok(membership::table
        .filter(membership::agency_code.eq(agency))
        .filter(membership::valid_from.le(to))
        .filter(membership::valid_to.is_null().or(membership::valid_to.ge(from)))
        .order((membership::employee_id, membership::valid_from))
        .select(MembershipRow::as_select())
        .load(connection)?)
}

/// The numbers under which what was read of rules and people is still true.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Epochs {
    /// That of the rules: see [`epoch`](crate::store::rule_book::epoch).
    pub rules: i64,
    /// How often what duties are read from has changed at each agency (`duty_epoch`): what was read of a person after a
    /// number is still true while the numbers of all that person's agencies stand.
    pub agencies: Vec<(String, i64)>,
}

/// The present numbers of the rules and of these agencies, in one question: writers of shares ask it for every group.
pub fn read_epochs(connection: &mut AnyConnection, agencies: &[&str]) -> Result<Epochs, Error> {
    // Under a code that no agency has. As a parameter: a statement with text of its own would be planned for every group.
    let of_rules = || rule_epoch::table.select(("".into_sql::<Text>(), rule_epoch::epoch));
    let mut agencies: Vec<(String, i64)> = per_backend!(connection, inner => duty_epoch::table
        .filter(duty_epoch::agency_code.eq_any(agencies))
        .select((duty_epoch::agency_code, duty_epoch::epoch))
        .union_all(of_rules())
        .load(inner))?;
    let rules = agencies.iter().position(|(code, _)| code.is_empty());
    let (_, rules) = agencies.swap_remove(rules.ok_or(Error::Missing)?);
    Ok(Epochs { rules, agencies })
}

/// Every stretch of these people, by person and first day.
pub fn list_members_on_duty(connection: &mut AnyConnection, people: &[EmployeeId]) -> Result<Vec<MemberOnDuty>, Error> {
    Ok(per_backend!(connection, inner => membership::table
        .filter(membership::employee_id.eq_any(people))
        .order((membership::employee_id, membership::valid_from))
        .select(MemberOnDuty::as_select())
        .load(inner))?)
}

/// The homes of these people that were ever verified, with whose they are.
pub fn list_homes(
    connection: &mut AnyConnection,
    people: &[EmployeeId],
) -> Result<Vec<(EmployeeId, SealedHome)>, Error> {
    type Row = (
        (EmployeeId, HomeId, i32, String, String),
        (Option<NaiveDate>, Option<NaiveDate>, Option<i32>, DataKeyId, Vec<u8>),
    );
    let rows: Vec<Row> = per_backend!(connection, inner => home::table
        .filter(home::employee_id.eq_any(people))
        .filter(home::valid_from.is_not_null())
        .select((
            (home::employee_id, home::id, home::ordinal, home::rank, home::state),
            (
                home::valid_from,
                home::valid_to,
                home::radius_metres,
                home::key_id,
                home::sealed_position,
            ),
        ))
        .load(inner))?;
    rows.into_iter()
        .map(
            |(
                (employee_id, id, ordinal, rank, state),
                (valid_from, valid_to, radius_metres, key_id, sealed_position),
            )| {
                let rank = HomeRank::from_code(&rank).ok_or(Error::Corrupt("home.rank"))?;
                let state = HomeState::from_code(&state).ok_or(Error::Corrupt("home.state"))?;
                // Only the rules of submitting ask for the day of submission.
                let submitted_on = valid_from.unwrap_or_default();
                let home = Home {
                    id,
                    ordinal,
                    rank,
                    state,
                    submitted_on,
                    valid_from,
                    valid_to,
                };
                let sealed = SealedHome {
                    home,
                    radius_metres,
                    key_id,
                    sealed_position: sealed_position.into_boxed_slice(),
                };
                Ok((employee_id, sealed))
            },
        )
        .collect()
}

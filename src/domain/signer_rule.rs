//! Who signs which letter for whom: dated data that BKD may replace (domain.md 2.10: signer rules differ by region).

use crate::domain::access::Grant;
use crate::domain::access::Role;
use crate::domain::employee_number::EmployeeNumberKind;
use crate::domain::leave::LeaveKind;
use crate::domain::letter::LetterKind;
use serde::{Deserialize, Serialize};

/// The rules that ship with the service (data/README.md).
const SHIPPED: &str = include_str!("../../data/reference/signer_rules.json");

/// Most rules of a table.
pub const MOST_RULES: usize = 200;

/// One rule. An empty list or an absent bound fits everybody; the first rule that fits holds.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignerRule {
    /// For which letters.
    pub letter: LetterKind,
    /// For which kinds of leave.
    pub leave_kinds: Vec<LeaveKind>,
    /// For which employments.
    pub employee_kinds: Vec<EmployeeNumberKind>,
    /// For which grades: `IV` fits `IV/a` and all others of IV, `IV/a` only itself.
    pub grades: Vec<String>,
    /// For which echelons, compared like grades: `II` fits `II.a`.
    pub echelons: Vec<String>,
    /// Only leave of at most so many calendar days.
    pub longest_days: Option<i32>,
    /// Who signs: `agency_head`, `bkd_head` or `signer`.
    pub signer: Role,
}

/// What a rule asks about a letter.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The letter.
    pub letter: LetterKind,
    /// The kind of leave, if it is about leave.
    pub leave_kind: Option<LeaveKind>,
    /// The person's employment.
    pub employment: EmployeeNumberKind,
    /// The person's grade.
    pub grade: Option<&'a str>,
    /// The echelon of the person's post.
    pub echelon: Option<&'a str>,
    /// Calendar days of a leave.
    pub days: Option<i32>,
}

/// The rules that hold where BKD has set none.
pub fn shipped() -> Vec<SignerRule> {
    serde_json::from_str(SHIPPED).unwrap_or_default()
}

/// Whether someone of this role may be named by a rule.
pub const fn may_sign(role: Role) -> bool {
    match role {
        Role::AgencyHead | Role::BkdHead | Role::Signer => true,
        Role::Employee
        | Role::Superior
        | Role::AgencyOperator
        | Role::LeaveOfficer
        | Role::BkdOfficer
        | Role::BkdAuditor
        | Role::DataProtectionOfficer
        | Role::Administrator => false,
    }
}

/// Who signs; `None` where no rule fits.
pub fn signer(rules: &[SignerRule], subject: &Subject<'_>) -> Option<Role> {
    rules.iter().find(|rule| rule.fits(subject)).map(|rule| rule.signer)
}

impl SignerRule {
    fn fits(&self, subject: &Subject<'_>) -> bool {
        self.letter == subject.letter
            && (self.leave_kinds.is_empty() || subject.leave_kind.is_some_and(|kind| self.leave_kinds.contains(&kind)))
            && (self.employee_kinds.is_empty() || self.employee_kinds.contains(&subject.employment))
            && is_among(&self.grades, subject.grade)
            && is_among(&self.echelons, subject.echelon)
            && self
                .longest_days
                .is_none_or(|longest| subject.days.is_some_and(|days| days <= longest))
    }
}

/// Whether a grade or echelon is one of a list, or of a level that the list names whole.
fn is_among(list: &[String], given: Option<&str>) -> bool {
    let is_of = |wanted: &String, given: &str| {
        given == wanted
            || given
                .strip_prefix(wanted.as_str())
                .is_some_and(|rest| rest.starts_with(['/', '.']))
    };
    list.is_empty() || given.is_some_and(|given| list.iter().any(|wanted| is_of(wanted, given.trim())))
}

/// Whether these grants make someone the authority over a member of an agency.
pub fn holds(grants: &[Grant], authority: Role, agency: &str) -> bool {
    grants.iter().any(|grant| {
        grant.role == authority
            && grant
                .agency
                .as_ref()
                .map_or(!authority.is_bound_to_agency(), |own| own.as_str() == agency)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::AgencyCode;

    fn subject(kind: LeaveKind, days: i32) -> Subject<'static> {
        Subject {
            letter: LetterKind::Leave,
            leave_kind: Some(kind),
            employment: EmployeeNumberKind::Pns,
            grade: Some("III/b"),
            echelon: None,
            days: Some(days),
        }
    }

    fn shipped_for(subject: Subject<'_>) -> Option<Role> {
        signer(&shipped(), &subject)
    }

    #[test]
    fn the_head_of_the_agency_decides_short_leave_and_bkd_the_rest() {
        assert_eq!(shipped_for(subject(LeaveKind::Annual, 18)), Some(Role::AgencyHead));
        assert_eq!(shipped_for(subject(LeaveKind::Maternity, 92)), Some(Role::AgencyHead));
        assert_eq!(shipped_for(subject(LeaveKind::Maternity, 93)), Some(Role::BkdHead));
        assert_eq!(shipped_for(subject(LeaveKind::Sick, 365)), Some(Role::BkdHead));
        assert_eq!(shipped_for(subject(LeaveKind::Long, 30)), Some(Role::BkdHead));
        assert_eq!(shipped_for(subject(LeaveKind::Unpaid, 30)), Some(Role::BkdHead));
    }

    #[test]
    fn bkd_decides_for_those_who_head_agencies() {
        let head = Subject {
            echelon: Some("II.a"),
            ..subject(LeaveKind::Annual, 3)
        };
        assert_eq!(shipped_for(head), Some(Role::BkdHead));
        let section = Subject {
            echelon: Some("III.a"),
            ..subject(LeaveKind::Annual, 3)
        };
        assert_eq!(shipped_for(section), Some(Role::AgencyHead));
    }

    #[test]
    fn a_level_fits_whole_and_a_step_only_itself() {
        let list = |text: &str| vec![text.to_owned()];
        assert!(is_among(&list("IV"), Some("IV/a")));
        assert!(is_among(&list("IV/a"), Some("IV/a")));
        assert!(!is_among(&list("IV/a"), Some("IV/b")));
        assert!(!is_among(&list("I"), Some("II/a")));
        assert!(!is_among(&list("II"), None));
        assert!(is_among(&[], None));
    }

    #[test]
    fn a_letter_that_no_rule_names_has_no_signer() {
        let promotion = Subject {
            letter: LetterKind::Promotion,
            leave_kind: None,
            ..subject(LeaveKind::Annual, 1)
        };
        assert_eq!(shipped_for(promotion), None);
    }

    #[test]
    fn authority_over_an_agency_is_held_for_that_agency() {
        let head = [Grant {
            role: Role::AgencyHead,
            agency: Some(AgencyCode::parse("1.01").unwrap()),
        }];
        assert!(holds(&head, Role::AgencyHead, "1.01"));
        assert!(!holds(&head, Role::AgencyHead, "1.02"));
        assert!(!holds(&head, Role::BkdHead, "1.01"));
        let bkd = [Grant {
            role: Role::BkdHead,
            agency: None,
        }];
        assert!(holds(&bkd, Role::BkdHead, "1.02"));
        // A grant that lost its agency is nobody's.
        let lost = [Grant {
            role: Role::AgencyHead,
            agency: None,
        }];
        assert!(!holds(&lost, Role::AgencyHead, "1.01"));
        for role in Role::ALL {
            assert_eq!(
                may_sign(role),
                matches!(role, Role::AgencyHead | Role::BkdHead | Role::Signer)
            );
        }
    }
}

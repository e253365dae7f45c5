//! Plain assignments: one person, one date, one mode, set by an agency over what the circulars say.

use crate::domain::half::DayPart;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::SiteId;
use crate::domain::work_mode::WorkMode;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// Most entries of one call.
pub const MOST_ENTRIES: usize = 5_000;

/// How far from today a date may lie, days, in both directions.
pub const FARTHEST_DAYS: u64 = 366;

/// Most characters of a reason.
pub const LONGEST_REASON: usize = 500;

/// How an assignment came about.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentSource {
    /// The agency's roster (jadwal kerja), made ahead or on the day.
    Roster,
    /// An approved absence or journey, entered by the operator with its reason.
    Approval,
    /// A change of a day that has passed, with its reason.
    Correction,
}

impl AssignmentSource {
    /// Every source, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Roster, Self::Approval, Self::Correction];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Roster => "roster",
            Self::Approval => "approval",
            Self::Correction => "correction",
        }
    }

    /// The inverse of [`AssignmentSource::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.code() == code)
    }
}

/// What is assigned to a person for a date, as the rules of the day need it.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct DayAssignment {
    /// The mode.
    pub mode: WorkMode,
    /// For which part of the day it holds.
    pub slots: DayPart,
    /// The code of a shift for this date alone, whatever the pattern says.
    pub shift: Option<String>,
}

impl DayAssignment {
    /// A mode for the whole day without more.
    pub const fn of(mode: WorkMode) -> Self {
        Self {
            mode,
            slots: DayPart::All,
            shift: None,
        }
    }
}

/// One entry as an operator writes it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Whom.
    pub employee_id: EmployeeId,
    /// When.
    pub work_date: NaiveDate,
    /// What.
    pub mode: WorkMode,
    /// For which part of the day; the other half stays what it was.
    pub slots: DayPart,
    /// Where, for the office or a duty post other than the agency's own.
    pub site_id: Option<SiteId>,
    /// The shift of this date alone, by its code; none leaves the person's pattern as it is.
    pub shift: Option<String>,
    /// Why; needed for absences, journeys and trainings, and for days that have passed.
    pub reason: Option<String>,
}

/// What is wrong with an entry by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum EntryFault {
    /// Beyond [`FARTHEST_DAYS`].
    #[error("the date is more than 366 days from today")]
    TooFar,
    /// The day has passed, or the mode is an absence or a journey.
    #[error("a reason is needed")]
    ReasonNeeded,
    /// Beyond [`LONGEST_REASON`].
    #[error("the reason is longer than 500 characters")]
    ReasonTooLong,
    /// A site was named for a mode that is tied to none.
    #[error("only people at an office or duty post have a site")]
    SiteNotFitting,
    /// A shift was named for someone who does not work on the date.
    #[error("only people who work have a shift")]
    ShiftNotFitting,
    /// A shift was named for half a day.
    #[error("a shift is of a whole day")]
    ShiftOfHalf,
}

/// Decides how an entry comes about, or what is wrong with it. `today` is the date in the agency's zone.
pub fn check(entry: &Entry, today: NaiveDate) -> Result<AssignmentSource, EntryFault> {
    let earliest = today.checked_sub_days(Days::new(FARTHEST_DAYS));
    let latest = today.checked_add_days(Days::new(FARTHEST_DAYS));
    if Some(entry.work_date) < earliest || latest.is_some_and(|latest| entry.work_date > latest) {
        return Err(EntryFault::TooFar);
    }
    let reason = entry.reason.as_deref().map_or("", str::trim);
    if reason.chars().count() > LONGEST_REASON {
        return Err(EntryFault::ReasonTooLong);
    }
    let takes_site = matches!(entry.mode, WorkMode::Wfo | WorkMode::Picket);
    if entry.site_id.is_some() && !takes_site {
        return Err(EntryFault::SiteNotFitting);
    }
    if entry.shift.is_some() && !entry.mode.is_working() {
        return Err(EntryFault::ShiftNotFitting);
    }
    if entry.shift.is_some() && entry.slots != DayPart::All {
        return Err(EntryFault::ShiftOfHalf);
    }
    let source = source(entry.mode, entry.work_date < today);
    if source != AssignmentSource::Roster && reason.is_empty() {
        return Err(EntryFault::ReasonNeeded);
    }
    Ok(source)
}

const fn source(mode: WorkMode, has_passed: bool) -> AssignmentSource {
    match mode {
        _ if has_passed => AssignmentSource::Correction,
        WorkMode::Leave | WorkMode::Sick | WorkMode::DutyTravel | WorkMode::Training => AssignmentSource::Approval,
        WorkMode::Wfo | WorkMode::Wfh | WorkMode::Wfa | WorkMode::Picket | WorkMode::Off => AssignmentSource::Roster,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn entry(date: &str, mode: WorkMode, reason: Option<&str>) -> Entry {
        Entry {
            employee_id: EmployeeId::new(Uuid::from_u128(1)),
            work_date: date.parse().unwrap(),
            mode,
            slots: DayPart::All,
            site_id: None,
            shift: None,
            reason: reason.map(str::to_owned),
        }
    }

    fn checked(date: &str, mode: WorkMode, reason: Option<&str>) -> Result<AssignmentSource, EntryFault> {
        check(&entry(date, mode, reason), "2026-03-02".parse().unwrap())
    }

    #[test]
    fn the_roster_of_today_and_later_needs_no_reason() {
        assert_eq!(checked("2026-03-02", WorkMode::Wfh, None), Ok(AssignmentSource::Roster));
        assert_eq!(checked("2026-03-09", WorkMode::Off, None), Ok(AssignmentSource::Roster));
    }

    #[test]
    fn a_day_that_has_passed_is_corrected_with_a_reason() {
        assert_eq!(
            checked("2026-03-01", WorkMode::Wfh, Some(" ")),
            Err(EntryFault::ReasonNeeded)
        );
        let corrected = checked("2026-03-01", WorkMode::Sick, Some("Surat dokter menyusul"));
        assert_eq!(corrected, Ok(AssignmentSource::Correction));
    }

    #[test]
    fn absences_and_journeys_have_a_reason() {
        for mode in [
            WorkMode::Leave,
            WorkMode::Sick,
            WorkMode::DutyTravel,
            WorkMode::Training,
        ] {
            assert_eq!(checked("2026-03-03", mode, None), Err(EntryFault::ReasonNeeded));
            assert_eq!(
                checked("2026-03-03", mode, Some("Surat tugas 12")),
                Ok(AssignmentSource::Approval)
            );
        }
    }

    #[test]
    fn dates_reasons_and_sites_have_limits() {
        assert_eq!(checked("2027-03-03", WorkMode::Wfh, None), Ok(AssignmentSource::Roster));
        assert_eq!(checked("2027-03-04", WorkMode::Wfh, None), Err(EntryFault::TooFar));
        assert_eq!(checked("2025-02-28", WorkMode::Wfh, Some("x")), Err(EntryFault::TooFar));
        let long = "x".repeat(LONGEST_REASON + 1);
        assert_eq!(
            checked("2026-03-02", WorkMode::Wfh, Some(&long)),
            Err(EntryFault::ReasonTooLong)
        );
        let mut at_home = entry("2026-03-02", WorkMode::Wfh, None);
        at_home.site_id = Some(SiteId::new(Uuid::from_u128(2)));
        assert_eq!(
            check(&at_home, "2026-03-02".parse().unwrap()),
            Err(EntryFault::SiteNotFitting)
        );
        let mut on_night_leave = entry("2026-03-02", WorkMode::Leave, Some("Cuti tahunan"));
        on_night_leave.shift = Some("malam".to_owned());
        assert_eq!(
            check(&on_night_leave, "2026-03-02".parse().unwrap()),
            Err(EntryFault::ShiftNotFitting)
        );
        let at_post = Entry {
            mode: WorkMode::Picket,
            ..at_home
        };
        assert_eq!(
            check(&at_post, "2026-03-02".parse().unwrap()),
            Ok(AssignmentSource::Roster)
        );
    }

    #[test]
    fn every_source_reads_back_from_its_code() {
        for source in AssignmentSource::ALL {
            assert_eq!(AssignmentSource::from_code(source.code()), Some(source));
        }
    }
}

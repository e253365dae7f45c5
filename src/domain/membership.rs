//! Which agency a person works for, by days. A change closes one stretch and opens another, so the past stays put.

use crate::domain::access::AgencyCode;
use crate::domain::work_mode::WorkGroup;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// How far ahead a transfer or an end may be recorded.
const AHEAD_DAYS: u64 = 366;

/// Why a stretch ended.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Went to another agency.
    Transfer,
    /// Reached the end of a career.
    Retirement,
    /// Left at own request.
    Resignation,
    /// Died.
    Death,
    /// Anything else, such as the end of a contract.
    Other,
}

impl EndReason {
    /// Every reason, in the order of the documentation.
    pub const ALL: [Self; 5] = [
        Self::Transfer,
        Self::Retirement,
        Self::Resignation,
        Self::Death,
        Self::Other,
    ];

    /// The spelling in columns, JSON and files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::Retirement => "retirement",
            Self::Resignation => "resignation",
            Self::Death => "death",
            Self::Other => "other",
        }
    }

    /// The inverse of [`EndReason::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// One stretch in one agency; both days inclusive.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stretch {
    /// Which agency.
    pub agency: AgencyCode,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; open is the present.
    pub valid_to: Option<NaiveDate>,
}

impl Stretch {
    /// Whether the date lies in the stretch.
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.valid_from <= date && self.valid_to.is_none_or(|to| date <= to)
    }
}

/// Why a membership can't be changed so.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum MembershipError {
    /// The person works for no agency today.
    #[error("the person works for no agency today")]
    NotMember,
    /// The person works for that agency already.
    #[error("the person works for that agency already")]
    SameAgency,
    /// A later change is recorded already.
    #[error("a later change is recorded already")]
    AlreadyEnding,
    /// The day is out of the range in which it can be recorded.
    #[error("the day is out of range")]
    DayOutOfRange,
}

/// The stretch that covers `date`.
pub fn on(stretches: &[Stretch], date: NaiveDate) -> Option<&Stretch> {
    stretches.iter().find(|stretch| stretch.covers(date))
}

/// Decides a transfer that takes effect on `first_day`; gives the stretch to close and its last day, or nothing to
/// close for someone who comes back after having left.
///
/// The first day is today at the earliest: what was judged and counted for the old agency stays its own.
pub fn transfer<'a>(
    stretches: &'a [Stretch],
    to: &AgencyCode,
    first_day: NaiveDate,
    today: NaiveDate,
) -> Result<Option<(&'a Stretch, NaiveDate)>, MembershipError> {
    let is_in_range = (today..=latest(today)).contains(&first_day);
    let Some(current) = on(stretches, today) else {
        let is_free = stretches.iter().all(|stretch| stretch.valid_from < today);
        return match (is_free, is_in_range) {
            (false, _) => Err(MembershipError::AlreadyEnding),
            (true, false) => Err(MembershipError::DayOutOfRange),
            (true, true) => Ok(None),
        };
    };
    if current.valid_to.is_some() {
        return Err(MembershipError::AlreadyEnding);
    }
    if current.agency == *to {
        return Err(MembershipError::SameAgency);
    }
    let last_day = first_day
        .pred_opt()
        .filter(|last_day| is_in_range && *last_day >= current.valid_from);
    Ok(Some((current, last_day.ok_or(MembershipError::DayOutOfRange)?)))
}

/// Decides the end of a career with the agency after `last_day`; gives the stretch to close.
///
/// The last day may lie in the past, back to the first day of the stretch: a death is heard of afterwards.
pub fn end(stretches: &[Stretch], last_day: NaiveDate, today: NaiveDate) -> Result<&Stretch, MembershipError> {
    let current = on(stretches, today).ok_or(MembershipError::NotMember)?;
    if current.valid_to.is_some() {
        return Err(MembershipError::AlreadyEnding);
    }
    if last_day < current.valid_from || last_day > latest(today) {
        return Err(MembershipError::DayOutOfRange);
    }
    Ok(current)
}

fn latest(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(AHEAD_DAYS)).unwrap_or(today)
}

/// The group that a newcomer belongs to until someone says otherwise (domain.md 2.2: by agency and position).
pub fn usual_work_group(position: Option<&str>, service_kinds: &[String]) -> WorkGroup {
    let position = position.unwrap_or("").to_lowercase();
    let teaches = ["guru", "kepala sekolah", "wakil kepala sekolah", "dosen"];
    if teaches.iter().any(|word| position.starts_with(word)) {
        WorkGroup::Educator
    } else if service_kinds
        .iter()
        .any(|kind| kind == "public_service" || kind == "health")
    {
        WorkGroup::PublicService
    } else {
        WorkGroup::Administration
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn agency(code: &str) -> AgencyCode {
        AgencyCode::parse(code).unwrap()
    }

    fn since_2020() -> Vec<Stretch> {
        vec![Stretch {
            agency: agency("1.01"),
            valid_from: day("2020-01-01"),
            valid_to: None,
        }]
    }

    #[test]
    fn a_transfer_closes_the_old_stretch_on_the_eve() {
        let stretches = since_2020();
        let decided = transfer(&stretches, &agency("1.02"), day("2026-03-02"), day("2026-03-02"));
        let (current, last_day) = decided.unwrap().unwrap();
        assert_eq!((current.agency.as_str(), last_day), ("1.01", day("2026-03-01")));
    }

    #[test]
    fn a_transfer_never_reaches_into_the_past() {
        let stretches = since_2020();
        let move_on = |first_day: &str| transfer(&stretches, &agency("1.02"), day(first_day), day("2026-03-02"));
        assert_eq!(move_on("2026-03-01"), Err(MembershipError::DayOutOfRange));
        assert!(move_on("2027-03-03").is_ok());
        assert_eq!(move_on("2027-03-04"), Err(MembershipError::DayOutOfRange));
    }

    #[test]
    fn who_stays_or_is_leaving_already_can_not_be_transferred() {
        let mut stretches = since_2020();
        let to = |stretches: &[Stretch], code: &str| {
            transfer(stretches, &agency(code), day("2026-04-01"), day("2026-03-02")).map(|_| ())
        };
        assert_eq!(to(&stretches, "1.01"), Err(MembershipError::SameAgency));
        stretches[0].valid_to = Some(day("2026-03-31"));
        assert_eq!(to(&stretches, "1.02"), Err(MembershipError::AlreadyEnding));
        stretches[0].valid_to = Some(day("2026-03-01"));
    }

    #[test]
    fn who_left_may_come_back_from_today_on() {
        let mut stretches = since_2020();
        stretches[0].valid_to = Some(day("2026-03-01"));
        let back = |stretches: &[Stretch], first_day: &str| {
            transfer(stretches, &agency("1.01"), day(first_day), day("2026-03-02")).map(|closed| closed.is_none())
        };
        assert_eq!(back(&stretches, "2026-03-02"), Ok(true));
        assert_eq!(back(&stretches, "2026-03-01"), Err(MembershipError::DayOutOfRange));
        stretches[0].valid_from = day("2026-03-05");
        stretches[0].valid_to = None;
        assert_eq!(back(&stretches, "2026-04-01"), Err(MembershipError::AlreadyEnding));
        assert_eq!(
            end(&[], day("2026-03-02"), day("2026-03-02")),
            Err(MembershipError::NotMember)
        );
    }

    #[test]
    fn an_end_may_be_heard_of_afterwards_but_not_before_the_beginning() {
        let stretches = since_2020();
        let finish = |last_day: &str| end(&stretches, day(last_day), day("2026-03-02")).map(|_| ());
        assert_eq!(finish("2026-02-20"), Ok(()));
        assert_eq!(finish("2020-01-01"), Ok(()));
        assert_eq!(finish("2019-12-31"), Err(MembershipError::DayOutOfRange));
        assert_eq!(finish("2027-03-04"), Err(MembershipError::DayOutOfRange));
    }

    #[test]
    fn teachers_are_educators_and_service_agencies_serve_the_public() {
        let kinds = ["health".to_owned()];
        assert_eq!(usual_work_group(Some("Guru Ahli Pertama"), &[]), WorkGroup::Educator);
        assert_eq!(
            usual_work_group(Some("Perawat Terampil"), &kinds),
            WorkGroup::PublicService
        );
        assert_eq!(
            usual_work_group(Some("Pengadministrasi"), &[]),
            WorkGroup::Administration
        );
        assert_eq!(usual_work_group(None, &[]), WorkGroup::Administration);
    }

    #[test]
    fn every_reason_reads_back() {
        for reason in EndReason::ALL {
            assert_eq!(EndReason::from_code(reason.code()), Some(reason));
        }
        assert_eq!(EndReason::from_code("fired"), None);
    }

    proptest! {
        #[test]
        fn no_day_belongs_to_two_agencies_after_any_transfers(steps in proptest::collection::vec((1_u64..40, 0_u8..4), 0..8), probe in 0_u64..400) {
            let mut stretches = since_2020();
            let mut today = day("2026-01-01");
            for (offset, code) in steps {
                today = today + Days::new(offset);
                let to = agency(&format!("2.0{code}"));
                if let Ok(Some((current, last_day))) = transfer(&stretches, &to, today, today) {
                    let closed = current.clone();
                    for stretch in &mut stretches {
                        if *stretch == closed {
                            stretch.valid_to = Some(last_day);
                        }
                    }
                    stretches.push(Stretch { agency: to, valid_from: today, valid_to: None });
                }
            }
            let date = day("2026-01-01") + Days::new(probe);
            prop_assert_eq!(stretches.iter().filter(|stretch| stretch.covers(date)).count(), 1);
        }
    }
}

//! Registered homes: versions, states, and which of them counts on a date (domain.md 2.5).
//! A home's position is sealed in the store and is no part of this.

use crate::domain::ids::HomeId;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// Metres around a home where the circular and the operator say nothing else (design section 5).
pub const DEFAULT_RADIUS_METRES: u32 = 200;
/// Changes of one home in a calendar quarter that need nobody's leave, where the deployment sets nothing else. A
/// proposal of domain.md 2.5 without a source, hence a setting.
pub const DEFAULT_CHANGES_IN_QUARTER: usize = 2;

/// Which of a person's two possible homes.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HomeRank {
    /// Where the person lives.
    #[default]
    Primary,
    /// A second place, such as the parents' home.
    Secondary,
}

/// What the address rests on.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HomeKind {
    /// The address on the identity card.
    Ktp,
    /// Lives there, with another address on the card.
    #[default]
    Domicile,
    /// For a while.
    Temporary,
}

/// Where a version stands on its way.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HomeState {
    /// Waits for the operator.
    Submitted,
    /// Accepted; counts from its first day on.
    Verified,
    /// Sent back with a reason; the employee submits a new version.
    Returned,
    /// A later version took its place. If it was verified before, it still counts for its days.
    Superseded,
}

macro_rules! codes {
    ($type:ident { $($variant:ident = $code:literal),+ $(,)? }) => {
        impl $type {
            /// Every value, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The spelling in columns, JSON and files.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code),+
                }
            }

            /// The inverse of `code`.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }
    };
}

codes!(HomeRank { Primary = "primary", Secondary = "secondary" });
codes!(HomeKind { Ktp = "ktp", Domicile = "domicile", Temporary = "temporary" });
codes!(HomeState { Submitted = "submitted", Verified = "verified", Returned = "returned", Superseded = "superseded" });

/// What the rules need to know of one version.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Home {
    /// Made by the service.
    pub id: HomeId,
    /// 1 for the person's first version, rising over both ranks.
    pub ordinal: i32,
    /// Primary or secondary.
    pub rank: HomeRank,
    /// Where it stands.
    pub state: HomeState,
    /// The local date on which it was submitted.
    pub submitted_on: NaiveDate,
    /// First day on which it counts; set by verification.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it counts; open while nothing has taken its place.
    pub valid_to: Option<NaiveDate>,
}

/// Why a home can't be submitted or decided.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum HomeError {
    /// The home was decided or replaced already.
    #[error("the home does not wait for a decision")]
    NotSubmitted,
    /// Returning needs a reason that the employee can act on.
    #[error("a returned home needs a reason")]
    ReasonMissing,
    /// A secondary home needs a primary one beside it.
    #[error("there is no primary home yet")]
    PrimaryMissing,
    /// The quarter's changes are used up.
    #[error("the home was changed {allowed} times this quarter, as often as is allowed")]
    TooManyChanges {
        /// Changes that a quarter has.
        allowed: usize,
    },
}

/// What the operator says.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HomeDecision {
    /// The home is right.
    Verified,
    /// The employee must change something.
    Returned,
}

/// A change to a version that is stored already.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HomeChange {
    /// Which version.
    pub id: HomeId,
    /// Its new state.
    pub state: HomeState,
    /// Its new first day.
    pub valid_from: Option<NaiveDate>,
    /// Its new last day.
    pub valid_to: Option<NaiveDate>,
}

/// Decides whether a person may submit one more home of `rank` on the local date `today`.
///
/// `homes` are all versions in the order of their ordinals. Gives what happens to them: one that still waits is
/// superseded by the newcomer.
///
/// The first home of a rank is no change. Versions that were returned or never decided don't count either.
pub fn submit(
    homes: &[Home],
    rank: HomeRank,
    today: NaiveDate,
    changes_in_quarter: usize,
) -> Result<Vec<HomeChange>, HomeError> {
    let of_rank = || homes.iter().filter(|home| home.rank == rank);
    let has_primary = homes
        .iter()
        .any(|home| home.rank == HomeRank::Primary && matches!(home.state, HomeState::Verified | HomeState::Submitted));
    if rank == HomeRank::Secondary && !has_primary {
        return Err(HomeError::PrimaryMissing);
    }
    let accepted = of_rank().filter(|home| home.valid_from.is_some() || home.state == HomeState::Verified);
    let changes = accepted
        .skip(1)
        .filter(|home| quarter(home.submitted_on) == quarter(today))
        .count();
    let is_change = of_rank().any(|home| home.valid_from.is_some());
    if is_change && changes >= changes_in_quarter {
        return Err(HomeError::TooManyChanges {
            allowed: changes_in_quarter,
        });
    }
    Ok(of_rank()
        .filter(|home| home.state == HomeState::Submitted)
        .map(|home| HomeChange {
            id: home.id,
            state: HomeState::Superseded,
            valid_from: None,
            valid_to: None,
        })
        .collect())
}

/// Decides a submitted home; a verified one counts from `first_day`. Gives the change of the home itself first, then those of the
/// versions that it replaces.
///
/// That is the person's next work day after today, so that no slot of today changes its fence; the version
/// before it counts to the eve, and one that would never have begun by then never counts.
pub fn decide(
    homes: &[Home],
    id: HomeId,
    decision: HomeDecision,
    reason: &str,
    first_day: NaiveDate,
) -> Result<Vec<HomeChange>, HomeError> {
    let home = homes
        .iter()
        .find(|home| home.id == id && home.state == HomeState::Submitted)
        .ok_or(HomeError::NotSubmitted)?;
    match decision {
        HomeDecision::Returned if reason.trim().is_empty() => Err(HomeError::ReasonMissing),
        HomeDecision::Returned => Ok(vec![HomeChange {
            id,
            state: HomeState::Returned,
            valid_from: None,
            valid_to: None,
        }]),
        HomeDecision::Verified => {
            let mut changes = vec![HomeChange {
                id,
                state: HomeState::Verified,
                valid_from: Some(first_day),
                valid_to: None,
            }];
            let replaced = homes
                .iter()
                .filter(|other| other.rank == home.rank && other.state == HomeState::Verified);
            changes.extend(replaced.map(|other| {
                let has_begun = other.valid_from.is_some_and(|from| from < first_day);
                HomeChange {
                    id: other.id,
                    state: HomeState::Superseded,
                    valid_from: other.valid_from.filter(|_| has_begun),
                    valid_to: first_day.pred_opt().filter(|_| has_begun),
                }
            }));
            Ok(changes)
        }
    }
}

/// The homes that a share on `date` is held against: the primary first, then the secondary, at most one of each.
pub fn in_force(homes: &[Home], date: NaiveDate) -> Vec<&Home> {
    HomeRank::ALL
        .iter()
        .filter_map(|rank| {
            homes
                .iter()
                .filter(|home| home.rank == *rank && counts_on(home, date))
                .max_by_key(|home| (home.valid_from, home.ordinal))
        })
        .collect()
}

fn counts_on(home: &Home, date: NaiveDate) -> bool {
    let has_counted = match home.state {
        HomeState::Verified | HomeState::Superseded => true,
        HomeState::Submitted | HomeState::Returned => false,
    };
    has_counted && home.valid_from.is_some_and(|from| from <= date) && home.valid_to.is_none_or(|to| date <= to)
}

const fn quarter_of_month(month0: u32) -> u32 {
    month0 / 3
}

fn quarter(date: NaiveDate) -> (i32, u32) {
    (date.year(), quarter_of_month(date.month0()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Calendar;
    use chrono::Days;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn submitted(number: i32, rank: HomeRank, on: NaiveDate) -> Home {
        Home {
            id: HomeId::new(Uuid::from_u128(u128::try_from(number).unwrap())),
            ordinal: number,
            rank,
            state: HomeState::Submitted,
            submitted_on: on,
            valid_from: None,
            valid_to: None,
        }
    }

    fn apply(homes: &mut [Home], changes: Vec<HomeChange>) {
        for change in changes {
            let home = homes.iter_mut().find(|home| home.id == change.id).unwrap();
            home.state = change.state;
            home.valid_from = change.valid_from;
            home.valid_to = change.valid_to;
        }
    }

    /// Submits and verifies on the same day.
    fn move_in(homes: &mut Vec<Home>, rank: HomeRank, on: &str) -> Result<(), HomeError> {
        let changes = submit(homes, rank, day(on), DEFAULT_CHANGES_IN_QUARTER)?;
        apply(homes, changes);
        let home = submitted(i32::try_from(homes.len()).unwrap() + 1, rank, day(on));
        let id = home.id;
        homes.push(home);
        let changes = decide(
            homes,
            id,
            HomeDecision::Verified,
            "",
            Calendar::default().next_work_day(day(on)),
        )?;
        apply(homes, changes);
        Ok(())
    }

    fn ordinals(homes: &[Home], date: &str) -> Vec<i32> {
        in_force(homes, day(date))
            .into_iter()
            .map(|home| home.ordinal)
            .collect()
    }

    #[test]
    fn a_home_takes_effect_on_the_next_work_day() {
        let mut homes = Vec::new();
        // A Friday.
        move_in(&mut homes, HomeRank::Primary, "2026-03-06").unwrap();
        assert_eq!(homes[0].valid_from, Some(day("2026-03-09")));
        assert!(ordinals(&homes, "2026-03-06").is_empty());
        assert!(ordinals(&homes, "2026-03-08").is_empty());
        assert_eq!(ordinals(&homes, "2026-03-09"), [1]);
    }

    #[test]
    fn the_past_keeps_the_home_of_that_day() {
        let mut homes = Vec::new();
        move_in(&mut homes, HomeRank::Primary, "2026-03-02").unwrap();
        move_in(&mut homes, HomeRank::Primary, "2026-03-10").unwrap();
        assert_eq!(ordinals(&homes, "2026-03-10"), [1]);
        assert_eq!(ordinals(&homes, "2026-03-11"), [2]);
        assert_eq!(homes[0].state, HomeState::Superseded);
    }

    #[test]
    fn a_home_that_was_replaced_before_it_began_never_counts() {
        let mut homes = Vec::new();
        move_in(&mut homes, HomeRank::Primary, "2026-03-06").unwrap();
        move_in(&mut homes, HomeRank::Primary, "2026-03-07").unwrap();
        assert_eq!(homes[0].valid_from, None);
        assert_eq!(ordinals(&homes, "2026-03-09"), [2]);
    }

    #[test]
    fn a_secondary_home_stands_beside_a_primary_and_needs_one() {
        let mut homes = Vec::new();
        assert_eq!(
            submit(&homes, HomeRank::Secondary, day("2026-03-02"), 2),
            Err(HomeError::PrimaryMissing)
        );
        move_in(&mut homes, HomeRank::Primary, "2026-03-02").unwrap();
        move_in(&mut homes, HomeRank::Secondary, "2026-03-02").unwrap();
        assert_eq!(ordinals(&homes, "2026-03-03"), [1, 2]);
    }

    #[test]
    fn a_newer_submission_supersedes_the_one_that_waits() {
        let waiting = submitted(1, HomeRank::Primary, day("2026-03-02"));
        let changes = submit(std::slice::from_ref(&waiting), HomeRank::Primary, day("2026-03-03"), 2).unwrap();
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].id, changes[0].state), (waiting.id, HomeState::Superseded));
    }

    #[test]
    fn two_changes_a_quarter_are_free_and_the_first_home_is_none() {
        let mut homes = Vec::new();
        for date in ["2026-01-05", "2026-02-02", "2026-03-02"] {
            move_in(&mut homes, HomeRank::Primary, date).unwrap();
        }
        assert_eq!(
            move_in(&mut homes, HomeRank::Primary, "2026-03-31"),
            Err(HomeError::TooManyChanges { allowed: 2 })
        );
        assert_eq!(move_in(&mut homes, HomeRank::Primary, "2026-04-01"), Ok(()));
    }

    #[test]
    fn a_returned_home_costs_no_change_and_needs_a_reason() {
        let mut homes = vec![submitted(1, HomeRank::Primary, day("2026-03-02"))];
        let id = homes[0].id;
        let decide = |homes: &[Home], reason| decide(homes, id, HomeDecision::Returned, reason, day("2026-03-03"));
        assert_eq!(decide(&homes, " "), Err(HomeError::ReasonMissing));
        let changes = decide(&homes, "Titik di luar desa").unwrap();
        apply(&mut homes, changes);
        assert_eq!(homes[0].state, HomeState::Returned);
        assert_eq!(decide(&homes, "Lagi"), Err(HomeError::NotSubmitted));
        assert_eq!(submit(&homes, HomeRank::Primary, day("2026-03-02"), 0), Ok(vec![]));
    }

    #[test]
    fn a_holiday_puts_the_first_day_off() {
        // Thursday 19 March 2026 is Nyepi, with joint leave and Idul Fitri around it.
        let homes = vec![submitted(1, HomeRank::Primary, day("2026-03-18"))];
        let changes = decide(
            &homes,
            homes[0].id,
            HomeDecision::Verified,
            "",
            Calendar::national().next_work_day(day("2026-03-18")),
        );
        assert_eq!(changes.unwrap()[0].valid_from, Some(day("2026-03-25")));
    }

    proptest! {
        #[test]
        fn on_no_date_do_two_homes_of_one_rank_count(moves in proptest::collection::vec((0_u64..90, any::<bool>()), 0..12), probe in 0_u64..120) {
            let mut homes: Vec<Home> = Vec::new();
            let start = day("2026-01-01");
            let mut moves = moves;
            moves.sort_unstable();
            for (offset, is_secondary) in moves {
                let rank = if is_secondary { HomeRank::Secondary } else { HomeRank::Primary };
                let _ = move_in(&mut homes, rank, &(start + Days::new(offset)).to_string());
            }
            let date = start + Days::new(probe);
            for rank in HomeRank::ALL {
                let count = homes.iter().filter(|home| home.rank == *rank && counts_on(home, date)).count();
                prop_assert!(count <= 1);
            }
        }
    }
}

//! Times in which sharing was not possible: declared by BKD, or seen in the service's own record. Whoever missed a slot
//! then is excused by rule, not by grace.

use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::instant::Instant;
use chrono::Duration;
use serde::{Deserialize, Serialize};

/// From one moment to another.
pub type Stretch = (Instant, Instant);

/// The longest outage that can be declared at once, days.
pub const LONGEST_DAYS: i64 = 31;

/// Whom an outage touched.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum OutageScope {
    /// Everybody.
    All,
    /// One agency.
    Agency {
        /// Its code.
        code: String,
    },
    /// The agencies of a region.
    Region {
        /// Kemendagri code.
        code: JurisdictionCode,
    },
}

impl OutageScope {
    /// Whether an agency of a jurisdiction was touched.
    pub fn touches(&self, agency: &str, jurisdiction: &JurisdictionCode) -> bool {
        match self {
            Self::All => true,
            Self::Agency { code } => code == agency,
            Self::Region { code } => code.covers(jurisdiction),
        }
    }
}

/// Whether outages took more than `share_bp` basis points of a window. Outages that overlap count once.
pub fn is_excused(window: Stretch, outages: &[Stretch], share_bp: u16) -> bool {
    let (opens, closes) = window;
    let length = closes.since(opens).num_milliseconds();
    let mut inside: Vec<Stretch> = outages
        .iter()
        .map(|(from, to)| ((*from).max(opens), (*to).min(closes)))
        .filter(|(from, to)| from < to)
        .collect();
    inside.sort_unstable();
    let mut taken = 0;
    let mut reached = opens;
    for (from, to) in inside {
        let from = from.max(reached);
        if to > from {
            taken += to.since(from).num_milliseconds();
            reached = to;
        }
    }
    taken > 0 && taken.saturating_mul(10_000) > length.saturating_mul(i64::from(share_bp))
}

/// The gaps of at least `least` between stretches in which some instance was alive. What was before the first and is after
/// the last is not known, so it is no gap.
pub fn gaps(alive: &[Stretch], least: Duration) -> Vec<Stretch> {
    let mut alive = alive.to_vec();
    alive.sort_unstable();
    let mut gaps = Vec::new();
    let mut reached: Option<Instant> = None;
    for (from, to) in alive {
        if let Some(end) = reached
            && from.since(end) >= least
        {
            gaps.push((end, from));
        }
        reached = Some(reached.map_or(to, |end| end.max(to)));
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(minute: i64) -> Instant {
        Instant::from_millis(minute * 60_000)
    }

    fn stretch(from: i64, to: i64) -> Stretch {
        (at(from), at(to))
    }

    #[test]
    fn more_than_the_share_of_a_window_excuses_and_half_does_not() {
        let window = stretch(0, 90);
        assert!(!is_excused(window, &[], 5_000));
        assert!(!is_excused(window, &[stretch(0, 45)], 5_000));
        assert!(is_excused(window, &[stretch(0, 46)], 5_000));
        assert!(!is_excused(window, &[stretch(-50, 0), stretch(90, 200)], 1));
        assert!(is_excused(window, &[stretch(-50, 200)], 9_999));
    }

    #[test]
    fn outages_that_overlap_count_once() {
        let window = stretch(0, 90);
        assert!(!is_excused(
            window,
            &[stretch(0, 30), stretch(10, 40), stretch(0, 40)],
            5_000
        ));
        assert!(is_excused(window, &[stretch(0, 30), stretch(60, 80)], 5_000));
    }

    #[test]
    fn a_gap_is_where_no_instance_was_alive() {
        let alive = [stretch(0, 100), stretch(50, 120), stretch(130, 200), stretch(203, 300)];
        assert_eq!(gaps(&alive, Duration::minutes(5)), [stretch(120, 130)]);
        assert!(gaps(&[], Duration::minutes(5)).is_empty());
        // One instance inside the life of another makes no gap.
        assert!(
            gaps(
                &[stretch(0, 500), stretch(10, 20), stretch(400, 600)],
                Duration::minutes(5)
            )
            .is_empty()
        );
    }

    #[test]
    fn an_outage_touches_its_agency_or_the_agencies_of_its_region() {
        let banten: JurisdictionCode = "36".parse().unwrap();
        let serang: JurisdictionCode = "36.04".parse().unwrap();
        let of = |code: &JurisdictionCode| OutageScope::Region { code: code.clone() };
        assert!(OutageScope::All.touches("1.01", &banten));
        assert!(of(&banten).touches("1.01", &serang));
        assert!(!of(&serang).touches("1.01", &banten));
        let agency = OutageScope::Agency {
            code: "1.01".to_owned(),
        };
        assert!(agency.touches("1.01", &banten) && !agency.touches("1.02", &banten));
    }

    proptest! {
        #[test]
        fn more_outage_never_excuses_less(
            outages in proptest::collection::vec((0_i64..100, 1_i64..60), 0..6), share in 1_u16..9_999
        ) {
            let outages: Vec<Stretch> = outages.iter().map(|(from, length)| stretch(*from, from + length)).collect();
            let window = stretch(20, 80);
            for count in 1..=outages.len() {
                prop_assert!(is_excused(window, &outages[..count], share)
                    >= is_excused(window, &outages[..count - 1], share));
            }
        }
    }
}

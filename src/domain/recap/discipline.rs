//! Counts of absence beside the levels of PP 94/2021.
//!
//! The service counts and warns; it never imposes anything: a summons, an examination and the decision of the competent
//! official come first (domain report, section 1.3).

use crate::domain::recap::allowance::RuleFault;
use crate::domain::recap::day_sum::DaySum;
use crate::domain::recap::status::DayRecord;
use crate::domain::recap::status::DayStatus;
use serde::{Deserialize, Serialize};

const SHIPPED: &str = include_str!("../../../data/reference/discipline_thresholds_pp94_2021.csv");

/// Most levels of a table.
const MOST_LEVELS: usize = 30;

/// How grave a level is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Ringan.
    Light,
    /// Sedang.
    Moderate,
    /// Berat.
    Severe,
}

/// What a level counts.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Days of absence in the calendar year.
    Cumulative,
    /// Work days of absence one after another.
    Consecutive,
}

impl Basis {
    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cumulative => "cumulative",
            Self::Consecutive => "consecutive",
        }
    }
}

/// One level.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// How grave.
    pub severity: Severity,
    /// What the regulation names, in Indonesian.
    pub sanction_id: String,
    /// In English.
    pub sanction_en: String,
    /// Reached from so many days, at least 1.
    pub min_days: u16,
    /// What is counted.
    pub basis: Basis,
}

/// The levels in force from some date on.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisciplineRules {
    /// Of each basis in rising order.
    pub levels: Vec<Level>,
    /// So many minutes late or early gone count as one day of absence; none where they don't count. The source says 450
    /// (7.5 hours), but was not read itself: off unless BKD sets it.
    #[serde(default)]
    pub minutes_per_day: Option<u16>,
}

/// How one person stands in a year.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct AbsenceCount {
    /// Days of absence without a reason.
    pub absent_days: u16,
    /// The longest run of work days of absence.
    pub consecutive_days: u16,
    /// Minutes late and early gone by the schedule's clock.
    pub short_minutes: u32,
    /// The days that these minutes count as.
    pub converted_days: u16,
}

impl AbsenceCount {
    /// Days that the cumulative levels count.
    pub const fn cumulative_days(&self) -> u16 {
        self.absent_days.saturating_add(self.converted_days)
    }
}

impl DisciplineRules {
    /// The levels of `data/reference/discipline_thresholds_pp94_2021.csv`.
    pub fn shipped() -> Self {
        let levels = SHIPPED.lines().skip(1).filter_map(|line| {
            let mut fields = line.split(',');
            let severity = match fields.next()? {
                "light" => Severity::Light,
                "moderate" => Severity::Moderate,
                "severe" => Severity::Severe,
                _ => return None,
            };
            let (sanction_id, sanction_en) = (fields.next()?.to_owned(), fields.next()?.to_owned());
            let min_days = fields.next()?.parse().ok()?;
            let is_consecutive = fields.nth(1)?.starts_with("consecutive");
            Some(Level {
                severity,
                sanction_id,
                sanction_en,
                min_days,
                basis: if is_consecutive {
                    Basis::Consecutive
                } else {
                    Basis::Cumulative
                },
            })
        });
        Self {
            levels: levels.collect(),
            minutes_per_day: None,
        }
    }

    /// Counts a year's days of one person, in order of their dates. Days on which nobody works and days that are not over
    /// neither add to a run nor end it. Two halves of absence are a day; half a day of presence ends a run.
    pub fn count(&self, days: &[DayRecord]) -> AbsenceCount {
        let mut count = AbsenceCount::default();
        let mut absent = DaySum::ZERO;
        let mut run: u16 = 0;
        for day in days {
            let (mut absent_halves, mut is_accounted_for) = (0, false);
            for (_, status, halves) in day.parts() {
                match status {
                    DayStatus::Absent => absent_halves += halves,
                    DayStatus::Free | DayStatus::Holiday | DayStatus::Pending => {}
                    DayStatus::Present
                    | DayStatus::Incomplete
                    | DayStatus::ToExplain
                    | DayStatus::Leave
                    | DayStatus::Sick
                    | DayStatus::Permission => is_accounted_for = true,
                }
            }
            absent += DaySum::of_halves(absent_halves);
            if is_accounted_for {
                run = 0;
            } else if absent_halves == 2 {
                run += 1;
                count.consecutive_days = count.consecutive_days.max(run);
            }
            for deviation in [day.late, day.early].into_iter().flatten() {
                count.short_minutes += u32::from(deviation.minutes.unwrap_or(0));
            }
        }
        count.absent_days = absent.whole_days();
        let converted = self
            .minutes_per_day
            .and_then(|minutes| count.short_minutes.checked_div(u32::from(minutes)));
        count.converted_days = u16::try_from(converted.unwrap_or(0)).unwrap_or(u16::MAX);
        count
    }

    fn days(count: &AbsenceCount, basis: Basis) -> u16 {
        match basis {
            Basis::Cumulative => count.cumulative_days(),
            Basis::Consecutive => count.consecutive_days,
        }
    }

    /// Every level that is reached, in the order of the table.
    pub fn passed(&self, count: &AbsenceCount) -> Vec<&Level> {
        let is_reached = |level: &&Level| level.min_days <= Self::days(count, level.basis);
        self.levels.iter().filter(is_reached).collect()
    }

    /// The highest level of each basis that is reached.
    pub fn reached(&self, count: &AbsenceCount) -> Vec<&Level> {
        highest(&self.passed(count))
    }

    /// The next cumulative level, and in how many days.
    pub fn next(&self, count: &AbsenceCount) -> Option<(&Level, u16)> {
        let days = count.cumulative_days();
        self.levels
            .iter()
            .filter(|level| level.basis == Basis::Cumulative && level.min_days > days)
            .min_by_key(|level| level.min_days)
            .map(|level| (level, level.min_days - days))
    }

    /// Everything that is wrong with the levels.
    pub fn faults(&self) -> Vec<RuleFault> {
        let mut faults = Vec::new();
        let mut fault = |field: String, code, indonesian, english| {
            faults.push(RuleFault {
                field,
                code,
                indonesian,
                english,
            });
        };
        if self.levels.is_empty() || self.levels.len() > MOST_LEVELS {
            fault(
                "levels".to_owned(),
                "out_of_limits",
                "Tabel memuat 1 sampai 30 tingkat.",
                "A table has 1 to 30 levels.",
            );
        }
        if self.minutes_per_day == Some(0) {
            fault(
                "minutes_per_day".to_owned(),
                "out_of_limits",
                "Paling sedikit 1 menit; kosongkan bila tidak dihitung.",
                "At least 1 minute; leave it out where it does not count.",
            );
        }
        for (index, level) in self.levels.iter().enumerate() {
            let mut earlier = self
                .levels
                .iter()
                .take(index)
                .filter(|other| other.basis == level.basis);
            if level.min_days == 0
                || earlier
                    .next_back()
                    .is_some_and(|other| other.min_days >= level.min_days)
            {
                fault(
                    format!("levels[{index}].min_days"),
                    "not_rising",
                    "Jumlah hari paling sedikit 1 dan harus naik dari tingkat sebelumnya.",
                    "Days are at least 1 and rise from level to level.",
                );
            }
            for (field, text) in [("sanction_id", &level.sanction_id), ("sanction_en", &level.sanction_en)] {
                if !(3..=200).contains(&text.trim().chars().count()) {
                    fault(
                        format!("levels[{index}].{field}"),
                        "out_of_limits",
                        "Uraian berisi 3 sampai 200 karakter.",
                        "A text has 3 to 200 characters.",
                    );
                }
            }
        }
        faults
    }
}

/// The highest of each basis.
pub fn highest<'a>(levels: &[&'a Level]) -> Vec<&'a Level> {
    [Basis::Cumulative, Basis::Consecutive]
        .into_iter()
        .filter_map(|basis| {
            let of_basis = levels.iter().copied().filter(|level| level.basis == basis);
            of_basis.max_by_key(|level| level.min_days)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::recap::allowance::BandCode;
    use crate::domain::recap::sheet::tests::day;
    use crate::domain::recap::status::{Deviation, HalfRecord};
    use crate::domain::work_mode::WorkMode;
    use chrono::{Days, NaiveDate};
    use proptest::prelude::*;

    fn days(signs: &str) -> Vec<DayRecord> {
        let first = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        (0..)
            .zip(signs.chars())
            .map(|(index, sign)| {
                let status = match sign {
                    'a' => DayStatus::Absent,
                    '-' => DayStatus::Free,
                    '.' => DayStatus::Pending,
                    'C' => DayStatus::Leave,
                    _ => DayStatus::Present,
                };
                day(first + Days::new(index), status, WorkMode::Wfh)
            })
            .collect()
    }

    fn names(count: AbsenceCount) -> Vec<String> {
        let rules = DisciplineRules::shipped();
        rules
            .reached(&count)
            .into_iter()
            .map(|level| level.sanction_en.clone())
            .collect()
    }

    #[test]
    fn the_shipped_levels_are_those_of_the_regulation() {
        let rules = DisciplineRules::shipped();
        assert!(rules.faults().is_empty(), "{:?}", rules.faults());
        let from: Vec<u16> = rules.levels.iter().map(|level| level.min_days).collect();
        assert_eq!(from, [3, 4, 7, 11, 14, 17, 21, 25, 28, 10]);
        assert_eq!(rules.levels[9].basis, Basis::Consecutive);
        assert_eq!(rules.minutes_per_day, None);
    }

    #[test]
    fn two_halves_of_absence_are_a_day_and_half_a_day_of_presence_ends_a_run() {
        let half = |status| {
            Some(HalfRecord {
                status,
                mode: WorkMode::Wfo,
                reasons: Vec::new(),
            })
        };
        let mut days = days("aaaaa");
        days[1].afternoon = half(DayStatus::Present);
        days[2].afternoon = half(DayStatus::Absent);
        days[3].afternoon = half(DayStatus::Free);
        let count = DisciplineRules::shipped().count(&days);
        // Whole days: the first, the third and the fifth; and a half each of the second and the fourth.
        assert_eq!((count.absent_days, count.consecutive_days), (4, 2));
    }

    #[test]
    fn levels_are_reached_at_their_edges() {
        let of = |absent_days| {
            names(AbsenceCount {
                absent_days,
                ..AbsenceCount::default()
            })
        };
        assert_eq!(of(2), [""; 0]);
        assert_eq!(of(3), ["Oral reprimand"]);
        assert_eq!(of(4), ["Written reprimand"]);
        assert_eq!(of(6), ["Written reprimand"]);
        assert_eq!(of(27), ["Removal from post to staff post for 12 months"]);
        assert_eq!(of(200), ["Honourable dismissal not at own request"]);
        let run = AbsenceCount {
            absent_days: 10,
            consecutive_days: 11,
            ..AbsenceCount::default()
        };
        assert_eq!(names(run).len(), 2);
        let rules = DisciplineRules::shipped();
        let next = rules.next(&AbsenceCount {
            absent_days: 6,
            ..AbsenceCount::default()
        });
        assert_eq!(next.map(|(level, days)| (level.min_days, days)), Some((7, 1)));
    }

    #[test]
    fn a_run_goes_on_over_weekends_and_ends_with_work_or_leave() {
        let rules = DisciplineRules::shipped();
        let count = |signs| {
            let count = rules.count(&days(signs));
            (count.absent_days, count.consecutive_days)
        };
        assert_eq!(count("aaaaa--aaaaa"), (10, 10));
        assert_eq!(count("aaxaa"), (4, 2));
        assert_eq!(count("aaCaaa.."), (5, 3));
        assert_eq!(count(""), (0, 0));
    }

    #[test]
    fn minutes_convert_only_where_it_is_set() {
        let mut late = days("xx");
        for day in &mut late {
            day.late = Some(Deviation {
                code: BandCode::Late4,
                minutes: Some(300),
            });
        }
        let mut rules = DisciplineRules::shipped();
        assert_eq!(rules.count(&late).cumulative_days(), 0);
        rules.minutes_per_day = Some(450);
        let count = rules.count(&late);
        assert_eq!(
            (count.short_minutes, count.converted_days, count.cumulative_days()),
            (600, 1, 1)
        );
        rules.minutes_per_day = Some(0);
        assert_eq!(rules.count(&late).converted_days, 0);
        assert_eq!(rules.faults()[0].field, "minutes_per_day");
    }

    #[test]
    fn levels_that_do_not_rise_are_refused() {
        let mut rules = DisciplineRules::shipped();
        rules.levels[1].min_days = 3;
        assert_eq!(rules.faults()[0].field, "levels[1].min_days");
        rules.levels.clear();
        assert_eq!(rules.faults()[0].field, "levels");
    }

    proptest! {
        #[test]
        fn a_run_is_never_longer_than_the_sum(signs in "[ax.C-]{0,60}") {
            let count = DisciplineRules::shipped().count(&days(&signs));
            prop_assert!(count.consecutive_days <= count.absent_days);
            prop_assert_eq!(usize::from(count.absent_days), signs.matches('a').count());
            prop_assert_eq!(count.consecutive_days == 0, count.absent_days == 0);
        }
    }
}

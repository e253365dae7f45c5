//! Targeted picks: slots whose share has a chosen flag, all of them examined, counted one for one and never extrapolated.
//!
//! Norm: `api-spec/audit-sampling.md`, section 8.

use crate::domain::flag::Flag;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The reserved name of the stratum of the targeted picks.
pub const STRATUM: &str = "targeted";
/// Most units that a rule may allow.
pub const MOST_UNITS: u32 = 10_000;
/// How many it allows where it does not say.
pub const USUAL_MOST: u32 = 200;

/// What stands behind a targeted unit in the population's text.
const MARK: &str = "\ttargeted";

/// Which units of a population are picked beforehand. Fixed with the plan, before there is a seed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct TargetedRule {
    flags: Vec<Flag>,
    most: u32,
}

/// A rule as it is read, before it is known to be sound.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    flags: Vec<Flag>,
    most: u32,
}

/// What is wrong with a rule, or with what it picks.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TargetedFault {
    /// It names no flag.
    #[error("the rule names no flag")]
    NoFlag,
    /// It names a flag twice.
    #[error("the rule names a flag twice")]
    FlagTwice,
    /// The number of units that it allows is out of range.
    #[error("the rule does not allow 1 to {MOST_UNITS} units")]
    Most,
    /// It picks more units than it allows.
    #[error("the rule picks {found} units and allows {most}")]
    TooMany {
        /// Units that it picks.
        found: u64,
        /// Units that it allows.
        most: u32,
    },
}

impl TargetedFault {
    /// The field of the wire body to blame.
    pub const fn field(self) -> &'static str {
        match self {
            Self::NoFlag | Self::FlagTwice => "targeted.flags",
            Self::Most | Self::TooMany { .. } => "targeted.most",
        }
    }

    /// The stable code of the fault.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoFlag | Self::Most => "out_of_limits",
            Self::FlagTwice => "duplicate",
            Self::TooMany { .. } => "too_many",
        }
    }
}

impl TargetedRule {
    /// A rule that picks every unit with one of these flags, and allows `most` of them, 1 to [`MOST_UNITS`]. The order of
    /// the flags does not matter; `Err` without any, or with one twice.
    pub fn new(mut flags: Vec<Flag>, most: u32) -> Result<Self, TargetedFault> {
        flags.sort_unstable_by_key(|flag| flag.code());
        if flags.is_empty() {
            return Err(TargetedFault::NoFlag);
        }
        if flags.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(TargetedFault::FlagTwice);
        }
        if (1..=MOST_UNITS).contains(&most) {
            Ok(Self { flags, most })
        } else {
            Err(TargetedFault::Most)
        }
    }

    /// The flags, in the order of their codes.
    pub fn flags(&self) -> &[Flag] {
        &self.flags
    }

    /// How many units it allows.
    pub const fn most(&self) -> u32 {
        self.most
    }

    /// Whether a unit is picked whose standing share has these flags.
    pub fn picks(&self, flags: &[Flag]) -> bool {
        flags.iter().any(|flag| self.flags.contains(flag))
    }

    /// `Err` where it picked more units than it allows: nothing is chosen among them, the rule has to be a narrower one.
    pub fn check(&self, found: u64) -> Result<(), TargetedFault> {
        let most = self.most;
        if found <= u64::from(most) {
            Ok(())
        } else {
            Err(TargetedFault::TooMany { found, most })
        }
    }
}

impl TryFrom<Parts> for TargetedRule {
    type Error = TargetedFault;

    fn try_from(parts: Parts) -> Result<Self, TargetedFault> {
        Self::new(parts.flags, parts.most)
    }
}

/// A unit as a line of the population, without a line end.
pub fn line(unit: &str, is_targeted: bool) -> Cow<'_, str> {
    if is_targeted {
        Cow::Owned(format!("{unit}{MARK}"))
    } else {
        Cow::Borrowed(unit)
    }
}

/// The unit of a line of the population, and whether it is targeted.
pub fn read_line(line: &str) -> (&str, bool) {
    let unit = line.strip_suffix(MARK).filter(|unit| !unit.is_empty());
    unit.map_or((line, false), |unit| (unit, true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::canonical;

    fn rule(flags: &[Flag], most: u32) -> Result<TargetedRule, TargetedFault> {
        TargetedRule::new(flags.to_vec(), most)
    }

    #[test]
    fn a_rule_picks_what_has_one_of_its_flags() {
        let rule = rule(&[Flag::MockProvider, Flag::ClockSkew], 5).unwrap();
        assert_eq!(rule.flags(), [Flag::ClockSkew, Flag::MockProvider]);
        assert!(rule.picks(&[Flag::NoAccuracy, Flag::MockProvider]));
        assert!(!rule.picks(&[Flag::NoAccuracy]) && !rule.picks(&[]));
    }

    #[test]
    fn every_part_of_a_rule_has_its_limits() {
        let one = [Flag::MockProvider];
        assert_eq!(rule(&[], 5), Err(TargetedFault::NoFlag));
        assert_eq!(
            rule(&[Flag::MockProvider, Flag::ClockSkew, Flag::MockProvider], 5),
            Err(TargetedFault::FlagTwice)
        );
        assert_eq!(rule(&one, 0), Err(TargetedFault::Most));
        assert_eq!(rule(&one, 10_001), Err(TargetedFault::Most));
        assert!(rule(&one, 1).is_ok() && rule(&one, 10_000).is_ok());
        assert!(rule(&Flag::ALL, 1).is_ok());
    }

    #[test]
    fn a_rule_that_picks_too_many_chooses_none_among_them() {
        let rule = rule(&[Flag::MockProvider], 5).unwrap();
        assert_eq!((rule.check(0), rule.check(5)), (Ok(()), Ok(())));
        assert_eq!(rule.check(6), Err(TargetedFault::TooMany { found: 6, most: 5 }));
    }

    #[test]
    fn a_rule_has_one_spelling() {
        let text = r#"{"flags":["clock_skew","mock_provider"],"most":5}"#;
        let read: TargetedRule = canonical::from_str(text).unwrap();
        assert_eq!(rule(&[Flag::MockProvider, Flag::ClockSkew], 5), Ok(read.clone()));
        assert_eq!(canonical::to_string(&read).as_deref(), Ok(text));
        for wrong in [
            r#"{"flags":["mock_provider","clock_skew"],"most":5}"#,
            r#"{"flags":["clock_skew","clock_skew"],"most":5}"#,
            r#"{"flags":[],"most":5}"#,
            r#"{"flags":["clock_skew"],"most":0}"#,
            r#"{"flags":["outside"],"most":5}"#,
            r#"{"flags":["clock_skew"],"least":1,"most":5}"#,
        ] {
            assert!(canonical::from_str::<TargetedRule>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_line_says_whether_its_unit_is_targeted() {
        for is_targeted in [true, false] {
            assert_eq!(read_line(&line("a/b", is_targeted)), ("a/b", is_targeted));
        }
        for unit in ["a/targeted", "a\ttargeted ", "\ttargeted"] {
            assert_eq!(read_line(unit), (unit, false));
        }
    }
}

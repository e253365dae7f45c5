//! What the circulars of one work day ask of a roster, read out of the day's rules.
//!
//! Three readings, since no circular says more than "50% per OPD":
//!
//! * The percent is of those who work on the day and are free to be sent home: the exempt, by circular or by a mark, and the
//!   groups that a circular keeps at the office stand outside ("dikecualikan"), unless the quota says `counts_exempt`; then
//!   they count with the mode that they are tied to. Whoever is on leave, ill, travelling or in training is never counted.
//! * A quota for a kind of service takes the place of one for everybody on the same modes.
//! * Who is on picket is in the office and counts as `wfo`, unless a quota of the day names `picket` by itself.
//!
//! A quota of a whole province can't be seen from one agency: each agency is planned so that it would hold by itself, and
//! a deviation is a warning.

use crate::domain::circular::in_force::DayRules;
use crate::domain::circular::number::CircularNumber;
use crate::domain::circular::rule::ExemptRule;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::circular::rule::PriorityRule;
use crate::domain::circular::rule::QuotaBound;
use crate::domain::circular::rule::QuotaRule;
use crate::domain::circular::rule::QuotaScope;
use crate::domain::circular::rule::Rounding;
use crate::domain::circular::rule::Rule;
use crate::domain::circular::rule::Subject;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use chrono::NaiveDate;

/// A set of the four modes between which a roster chooses.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ModeSet(u8);

impl ModeSet {
    /// The modes of a list that a roster chooses between.
    pub fn of(modes: &[WorkMode]) -> Self {
        modes.iter().fold(Self(0), |set, mode| Self(set.0 | bit(*mode)))
    }

    /// Whether the mode is in it.
    pub const fn contains(self, mode: WorkMode) -> bool {
        self.0 & bit(mode) != 0
    }

    /// Whether it holds both modes or none of them.
    pub const fn is_same_for(self, one: WorkMode, other: WorkMode) -> bool {
        self.contains(one) == self.contains(other)
    }

    const fn with(self, mode: WorkMode) -> Self {
        Self(self.0 | bit(mode))
    }
}

const fn bit(mode: WorkMode) -> u8 {
    match mode {
        WorkMode::Picket => 1,
        WorkMode::Wfo => 2,
        WorkMode::Wfh => 4,
        WorkMode::Wfa => 8,
        WorkMode::DutyTravel | WorkMode::Leave | WorkMode::Sick | WorkMode::Training | WorkMode::Off => 0,
    }
}

/// How many whole people a quota allows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// At least.
    pub least: usize,
    /// At most.
    pub most: usize,
    /// What the rounding asks for within the two, where the quota is an aim.
    pub near: Option<usize>,
}

/// A quota that binds the agency on the day.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct QuotaTerm {
    /// The modes as the circular names them.
    pub modes: Vec<WorkMode>,
    /// The modes that are counted.
    pub counted: ModeSet,
    /// Floor, ceiling or aim.
    pub bound: QuotaBound,
    /// 0 to 100.
    pub percent: u8,
    /// What happens to the fraction of a person.
    pub rounding: Rounding,
    /// Whether it is of the whole jurisdiction.
    pub is_wider: bool,
    /// Whether those who are tied to one mode are counted too.
    pub counts_exempt: bool,
}

impl QuotaTerm {
    /// The limits among so many people. An aim is met by the whole numbers on either side of it.
    pub fn limits(&self, people: usize) -> Limits {
        let hundredths = people.saturating_mul(usize::from(self.percent));
        let (down, up) = (hundredths / 100, hundredths.div_ceil(100));
        let rounded = match self.rounding {
            Rounding::Down => down,
            Rounding::Up => up,
            Rounding::Nearest => hundredths.saturating_add(50) / 100,
        };
        let (least, most, near) = match self.bound {
            QuotaBound::Min => (rounded, people, None),
            QuotaBound::Max => (0, rounded, None),
            QuotaBound::Exact => (down, up, Some(rounded)),
        };
        Limits { least, most, near }
    }

    /// The limits among so many who are free, beside others who work on the day tied to these modes.
    pub fn limits_beside(&self, free: usize, tied: impl Iterator<Item = WorkMode>) -> Limits {
        if !self.counts_exempt {
            return self.limits(free);
        }
        let (mut people, mut there) = (free, 0_usize);
        for mode in tied {
            people = people.saturating_add(1);
            there = there.saturating_add(usize::from(self.counted.contains(mode)));
        }
        let limits = self.limits(people);
        Limits {
            least: limits.least.saturating_sub(there),
            most: limits.most.saturating_sub(there),
            near: limits.near.map(|near| near.saturating_sub(there)),
        }
    }
}

/// Picket duty as the day asks for it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PicketTerm {
    /// The circular.
    pub by: CircularNumber,
    /// People, at least.
    pub least: usize,
    /// The levels that must be among them; only these do picket duty. Empty: everybody may.
    pub levels: Vec<PositionLevel>,
}

/// Everything that a work day asks of a roster.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DayTerms {
    /// The work day.
    pub date: NaiveDate,
    /// The quotas that bind the agency.
    pub quotas: Vec<QuotaTerm>,
    /// The circular that sets them.
    pub quota_by: Option<CircularNumber>,
    /// Picket duty.
    pub picket: Option<PicketTerm>,
    /// The exemptions.
    pub exemptions: Vec<ExemptRule>,
    /// The circular that grants them.
    pub exempt_by: Option<CircularNumber>,
    /// Who comes first, in order.
    pub priorities: Vec<PriorityRule>,
    /// The circular that says so.
    pub priority_by: Option<CircularNumber>,
    groups: Vec<(WorkGroup, WorkMode, CircularNumber)>,
}

impl DayTerms {
    /// Reads them for an agency that gives these kinds of service.
    pub fn read(rules: &DayRules, service_kinds: &[String]) -> Self {
        let by = |subject: &Subject| rules.on(subject).map(|entry| entry.by.number.clone());
        let of = |subject: &Subject| rules.on(subject).map_or(&[][..], |entry| entry.rules.as_slice());
        let mut priorities: Vec<PriorityRule> = of(&Subject::Priority).iter().filter_map(priority).collect();
        priorities.sort_by_key(|rule| rule.order);
        let picket = of(&Subject::Picket).iter().find_map(|rule| {
            if let Rule::Picket(rule) = rule {
                Some((usize::from(rule.min_per_day), rule.levels.clone()))
            } else {
                None
            }
        });
        let groups = WorkGroup::ALL.into_iter().filter_map(|group| {
            let (mode, entry) = rules.default_mode(group)?;
            Some((group, mode, entry.by.number.clone()))
        });
        Self {
            date: rules.work_date,
            quotas: quotas(of(&Subject::Quota), service_kinds),
            quota_by: by(&Subject::Quota),
            picket: picket
                .zip(by(&Subject::Picket))
                .map(|((least, levels), by)| PicketTerm { by, least, levels }),
            exemptions: rules.exemptions().map(|(rule, _)| rule.clone()).collect(),
            exempt_by: by(&Subject::Exempt),
            priorities,
            priority_by: by(&Subject::Priority),
            groups: groups.collect(),
        }
    }

    /// Where a group works by circular, and the circular.
    pub fn group_mode(&self, group: WorkGroup) -> Option<(WorkMode, &CircularNumber)> {
        let (_, mode, by) = self.groups.iter().find(|(of, _, _)| *of == group)?;
        Some((*mode, by))
    }

    /// Whether a circular lets some people work anywhere. Where none does, a ceiling on work from home is no leave to work
    /// elsewhere.
    pub fn offers_anywhere(&self) -> bool {
        let by_quota = self.quotas.iter().any(|quota| quota.modes.contains(&WorkMode::Wfa));
        by_quota || self.groups.iter().any(|(_, mode, _)| *mode == WorkMode::Wfa)
    }

    /// Whether a level does picket duty.
    pub fn does_picket(&self, level: PositionLevel) -> bool {
        self.picket
            .as_ref()
            .is_none_or(|picket| picket.levels.is_empty() || picket.levels.contains(&level))
    }

    /// The level as far as the day tells levels apart: only where picket duty asks for some.
    pub fn told_level(&self, level: PositionLevel) -> Option<PositionLevel> {
        let is_told = self.picket.as_ref().is_some_and(|picket| !picket.levels.is_empty());
        is_told.then_some(level)
    }
}

fn priority(rule: &Rule) -> Option<PriorityRule> {
    if let Rule::Priority(rule) = rule {
        Some(rule.clone())
    } else {
        None
    }
}

fn quotas(rules: &[Rule], service_kinds: &[String]) -> Vec<QuotaTerm> {
    let binding: Vec<&QuotaRule> = rules
        .iter()
        .filter_map(|rule| if let Rule::Quota(rule) = rule { Some(rule) } else { None })
        .filter(|rule| {
            rule.service_kind
                .as_ref()
                .is_none_or(|kind| service_kinds.contains(kind))
        })
        .collect();
    let is_replaced = |rule: &QuotaRule| {
        rule.service_kind.is_none()
            && binding
                .iter()
                .any(|other| other.service_kind.is_some() && ModeSet::of(&other.modes) == ModeSet::of(&rule.modes))
    };
    let names_picket = binding.iter().any(|rule| rule.modes.contains(&WorkMode::Picket));
    binding
        .iter()
        .filter(|rule| !is_replaced(rule))
        .map(|rule| {
            let named = ModeSet::of(&rule.modes);
            let counted = if named.contains(WorkMode::Wfo) && !names_picket {
                named.with(WorkMode::Picket)
            } else {
                named
            };
            QuotaTerm {
                modes: rule.modes.clone(),
                counted,
                bound: rule.bound,
                percent: rule.percent,
                rounding: rule.rounding,
                is_wider: rule.scope == QuotaScope::Province,
                counts_exempt: rule.counts_exempt,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn term(bound: QuotaBound, percent: u8, rounding: Rounding) -> QuotaTerm {
        QuotaTerm {
            modes: vec![WorkMode::Wfh],
            counted: ModeSet::of(&[WorkMode::Wfh]),
            bound,
            percent,
            rounding,
            is_wider: false,
            counts_exempt: false,
        }
    }

    #[test]
    fn the_fraction_of_a_person_is_rounded_as_the_circular_says() {
        use QuotaBound::{Exact, Max, Min};
        use Rounding::{Down, Nearest, Up};
        let limits = |bound, rounding| {
            let limits = term(bound, 50, rounding).limits(25);
            (limits.least, limits.most, limits.near)
        };
        assert_eq!(limits(Max, Down), (0, 12, None));
        assert_eq!(limits(Max, Up), (0, 13, None));
        assert_eq!(limits(Min, Up), (13, 25, None));
        assert_eq!(limits(Exact, Nearest), (12, 13, Some(13)));
        assert_eq!(limits(Exact, Down), (12, 13, Some(12)));
        assert_eq!(
            term(Exact, 20, Down).limits(0),
            Limits {
                least: 0,
                most: 0,
                near: Some(0)
            }
        );
        assert_eq!(term(Max, 100, Down).limits(7).most, 7);
    }

    #[test]
    fn the_exempt_stand_outside_the_percent_unless_the_quota_counts_them() {
        let tied = || [WorkMode::Wfo, WorkMode::Wfo, WorkMode::Wfh].into_iter();
        let outside = term(QuotaBound::Max, 50, Rounding::Down);
        assert_eq!(outside.limits_beside(7, tied()).most, 3);
        let inside = QuotaTerm {
            counts_exempt: true,
            ..outside
        };
        // Half of ten, of whom one is at home already.
        assert_eq!(inside.limits_beside(7, tied()).most, 4);
    }

    fn read(rules: serde_json::Value, kinds: &[&str]) -> Vec<QuotaTerm> {
        let rules: Vec<Rule> = serde_json::from_value(rules).unwrap();
        let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        quotas(&rules, &kinds)
    }

    #[test]
    fn a_quota_for_a_kind_of_service_takes_the_place_of_the_one_for_all() {
        let rules = json!([
            {"kind": "quota", "modes": ["wfh"], "bound": "exact", "percent": 90, "scope": "opd"},
            {"kind": "quota", "modes": ["wfh"], "bound": "exact", "percent": 25, "scope": "opd", "service_kind": "technical_unit"},
        ]);
        let percents = |kinds: &[&str]| {
            read(rules.clone(), kinds)
                .iter()
                .map(|quota| quota.percent)
                .collect::<Vec<_>>()
        };
        assert_eq!(percents(&[]), [90]);
        assert_eq!(percents(&["technical_unit", "health"]), [25]);
    }

    #[test]
    fn picket_counts_as_office_unless_it_has_a_quota_of_its_own() {
        let office = json!({"kind": "quota", "modes": ["wfo"], "bound": "max", "percent": 25, "scope": "opd"});
        let picket = json!({"kind": "quota", "modes": ["picket"], "bound": "exact", "percent": 25, "scope": "opd"});
        assert!(read(json!([office]), &[])[0].counted.contains(WorkMode::Picket));
        assert!(!read(json!([office, picket]), &[])[0].counted.contains(WorkMode::Picket));
    }
}

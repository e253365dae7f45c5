//! Which groups of people fill the picket and office places of one day: levels that picket duty asks for, and the lower
//! priority before the higher.

use crate::domain::circular::rule::PositionLevel;
use crate::domain::roster::counts::Counts;
use crate::domain::roster::counts::Demand;
use crate::domain::roster::frame::Frame;
use crate::domain::roster::frame::Priority;
use crate::domain::roster::frame::Standing;
use crate::domain::roster::frame::Tie;
use crate::domain::roster::terms::DayTerms;
use crate::domain::work_mode::WorkMode;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// People between whom the day makes no difference.
#[derive(Clone, Debug)]
pub struct Group {
    /// Who comes first.
    pub priority: Priority,
    /// Their level, where the day tells levels apart.
    pub level: Option<PositionLevel>,
    /// Whether they may do picket duty.
    pub is_eligible: bool,
    /// Whether they are tied to the office and do picket duty only where others are too few.
    pub is_tied: bool,
    /// Their places in the frame, in order.
    pub people: Vec<usize>,
    /// How many of them are on picket.
    pub picket: usize,
    /// How many more of them are at the office.
    pub office: usize,
}

impl Group {
    const fn taken(&self) -> usize {
        self.picket + self.office
    }

    fn has_room(&self) -> bool {
        self.taken() < self.people.len()
    }

    fn may_picket(&self) -> bool {
        self.is_eligible && self.has_room()
    }
}

/// A day with its places handed out to groups.
#[derive(Clone, Debug)]
pub struct Allotment {
    /// Those who are free and those tied to the office.
    pub groups: Vec<Group>,
    /// What was settled for those who are free.
    pub counts: Counts,
}

/// The key that makes people of a day alike: the lowest priority first, then the level.
type Key = (bool, Reverse<Priority>, Option<PositionLevel>);

/// The people of a day by group, those who are free first.
pub fn groups(frame: &Frame, day: usize) -> Vec<Group> {
    let Some(terms) = frame.days.get(day) else {
        return Vec::new();
    };
    let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
    for person in 0..frame.people.len() {
        let (is_tied, priority, level) = match frame.standing(person, day) {
            Standing::Free { priority, level, .. } => (false, priority, level),
            // Who is marked takes no turns at all.
            Standing::Tied { by: Tie::Mark, .. } => continue,
            Standing::Tied {
                mode: WorkMode::Wfo,
                level,
                ..
            } => (true, Priority::NONE, level),
            Standing::Tied { .. } | Standing::Granted(_) | Standing::Elsewhere => continue,
        };
        let told = terms.told_level(level);
        let group = groups
            .entry((is_tied, Reverse(priority), told))
            .or_insert_with(|| Group {
                priority,
                level: told,
                is_eligible: terms.does_picket(level),
                is_tied,
                people: Vec::new(),
                picket: 0,
                office: 0,
            });
        group.people.push(person);
    }
    groups.into_values().collect()
}

/// Hands the places of a day out.
pub fn allot(frame: &Frame, day: usize) -> Allotment {
    let mut groups = groups(frame, day);
    let Some(terms) = frame.days.get(day) else {
        return Allotment {
            groups,
            counts: Counts::default(),
        };
    };
    let demand = demand(frame, day, terms, &groups);
    let counts = demand.settle();
    let levels = levels(terms, &groups);
    // A level that only free people have can't be covered by anyone else, so it goes first.
    let mut order = levels.clone();
    order.sort_by_key(|level| groups.iter().any(|group| group.is_tied && group.level == Some(*level)));
    let mut left = counts.picket;
    for level in order {
        let of_level = groups
            .iter_mut()
            .find(|group| !group.is_tied && group.level == Some(level) && group.may_picket());
        if let Some(group) = of_level.filter(|_| left > 0) {
            group.picket += 1;
            left -= 1;
        }
    }
    while left > 0
        && let Some(group) = next(&mut groups, |group| !group.is_tied && group.may_picket())
    {
        group.picket += 1;
        left -= 1;
    }
    for level in levels {
        let is_covered = groups
            .iter()
            .any(|group| group.level == Some(level) && group.picket > 0);
        let tied = groups
            .iter_mut()
            .find(|group| group.is_tied && group.level == Some(level) && group.may_picket());
        if let Some(group) = tied.filter(|_| !is_covered) {
            group.picket += 1;
        }
    }
    let least = terms.picket.as_ref().map_or(0, |picket| picket.least);
    while groups.iter().map(|group| group.picket).sum::<usize>() < least
        && let Some(group) = next(&mut groups, |group| group.is_tied && group.may_picket())
    {
        group.picket += 1;
    }
    for _ in 0..counts.wfo {
        if let Some(group) = next(&mut groups, |group| !group.is_tied && group.has_room()) {
            group.office += 1;
        }
    }
    Allotment { groups, counts }
}

/// The group that takes the next place: of the lowest priority, then the one whose people carry least.
fn next(groups: &mut [Group], fits: impl Fn(&Group) -> bool) -> Option<&mut Group> {
    let mut best: Option<(usize, &mut Group)> = None;
    for (at, group) in groups.iter_mut().enumerate().filter(|(_, group)| fits(group)) {
        let is_better = best.as_ref().is_none_or(|(_, held)| {
            let one = (group.taken() + 1).saturating_mul(held.people.len());
            let other = (held.taken() + 1).saturating_mul(group.people.len());
            (Reverse(group.priority), one) < (Reverse(held.priority), other)
        });
        if is_better {
            best = Some((at, group));
        }
    }
    best.map(|(_, group)| group)
}

/// The levels that picket duty asks for and that are present, in the circular's order.
pub fn levels(terms: &DayTerms, groups: &[Group]) -> Vec<PositionLevel> {
    let asked = terms.picket.as_ref().map_or(&[][..], |picket| picket.levels.as_slice());
    asked
        .iter()
        .copied()
        .filter(|level| groups.iter().any(|group| group.level == Some(*level)))
        .collect()
}

fn demand(frame: &Frame, day: usize, terms: &DayTerms, groups: &[Group]) -> Demand {
    let count = |is_tied: bool, needs_eligible: bool| -> usize {
        groups
            .iter()
            .filter(|group| group.is_tied == is_tied && (group.is_eligible || !needs_eligible))
            .map(|group| group.people.len())
            .sum()
    };
    let people = count(false, false);
    let has_duty = terms.picket.is_some() || terms.quotas.iter().any(|quota| quota.modes.contains(&WorkMode::Picket));
    let eligible = if has_duty { count(false, true) } else { 0 };
    let levels = levels(terms, groups);
    let has = |level, is_tied| {
        groups
            .iter()
            .any(|group| group.level == Some(level) && group.is_tied == is_tied)
    };
    let only_free = levels.iter().filter(|level| !has(**level, true)).count();
    let of_free = levels.iter().filter(|level| has(**level, false)).count();
    let least = terms.picket.as_ref().map_or(0, |picket| picket.least);
    let unreached = least.saturating_sub(count(true, true));
    let away: Vec<WorkMode> = (0..frame.people.len())
        .filter_map(|person| match frame.standing(person, day) {
            Standing::Free {
                away,
                is_by_group: true,
                ..
            } => Some(away),
            Standing::Free { .. } | Standing::Tied { .. } | Standing::Granted(_) | Standing::Elsewhere => None,
        })
        .collect();
    let anywhere = away.iter().filter(|mode| **mode == WorkMode::Wfa).count();
    let is_offered = terms.quotas.iter().any(|quota| {
        let is_away = quota.counted.contains(WorkMode::Wfh) || quota.counted.contains(WorkMode::Wfa);
        is_away && !quota.counted.contains(WorkMode::Wfo)
    });
    let names = |mode| terms.quotas.iter().any(|quota| quota.counted.contains(mode));
    Demand {
        people,
        eligible,
        picket_least: only_free.max(unreached).min(eligible),
        picket_wish: of_free.max(least).min(eligible),
        quotas: terms
            .quotas
            .iter()
            .map(|quota| (quota.counted, quota.limits_beside(people, frame.tied_modes(day))))
            .collect(),
        // Without quotas whoever is free goes where the group goes.
        favours_away: terms.quotas.is_empty() || is_offered || away.len().saturating_mul(2) > people,
        allows_wfa: terms.offers_anywhere(),
        prefers_wfa: anywhere.saturating_mul(2) > people || (names(WorkMode::Wfa) && !names(WorkMode::Wfh)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::scene::{at_level, frame, living_in, person};
    use serde_json::json;

    const MONDAY: (&str, &str) = ("2026-03-02", "2026-03-02");

    #[test]
    fn each_level_that_is_asked_for_stands_picket_and_the_rest_falls_on_the_larger() {
        let rules = json!([
            {"kind": "work_mode", "group": "administration", "mode": "wfh"},
            {"kind": "picket", "min_per_day": 4, "levels": ["echelon_iii", "staff"]},
        ]);
        let mut people = vec![
            at_level(1, PositionLevel::EchelonIII),
            at_level(2, PositionLevel::EchelonII),
        ];
        people.extend((3..10).map(person));
        let groups = allot(&frame(&rules, MONDAY, people), 0).groups;
        let picket = |level| groups.iter().find(|group| group.level == Some(level)).unwrap().picket;
        assert_eq!(picket(PositionLevel::EchelonIII), 1);
        assert_eq!(picket(PositionLevel::Staff), 3);
        assert_eq!(picket(PositionLevel::EchelonII), 0);
    }

    #[test]
    fn the_lower_priority_fills_the_office_first() {
        let rules = json!([
            {"kind": "quota", "modes": ["wfo"], "bound": "exact", "percent": 50, "scope": "opd"},
            {"kind": "priority", "order": 1, "criterion": {"is": "domicile_in", "codes": ["36.71"]}},
        ]);
        let people = (1..5).map(|number| {
            living_in(
                person(number),
                if number < 4 { "36.71.01.1001" } else { "36.01.01.2001" },
            )
        });
        let groups = allot(&frame(&rules, MONDAY, people.collect()), 0).groups;
        let office: Vec<(bool, usize)> = groups
            .iter()
            .map(|group| (group.priority.is_some(), group.office))
            .collect();
        assert_eq!(office, [(false, 1), (true, 1)]);
    }

    #[test]
    fn those_tied_to_the_office_stand_picket_only_where_others_are_too_few() {
        let rules = json!([
            {"kind": "work_mode", "group": "administration", "mode": "wfh"},
            {"kind": "exempt", "position_level": "echelon_iv", "mode": "wfo"},
            {"kind": "picket", "min_per_day": 3, "levels": []},
        ]);
        let with = |staff: u128| {
            let mut people: Vec<_> = (1..3)
                .map(|number| at_level(number, PositionLevel::EchelonIV))
                .collect();
            people.extend((3..3 + staff).map(person));
            let groups = allot(&frame(&rules, MONDAY, people), 0).groups;
            groups
                .iter()
                .filter(|group| group.is_tied)
                .map(|group| group.picket)
                .sum::<usize>()
        };
        assert_eq!((with(5), with(2), with(0)), (0, 1, 2));
    }
}

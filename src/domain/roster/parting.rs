//! Small groups, such as an agency's two supervisors: a search for turns of which none touch, where some fair ones exist.
//!
//! Passing single turns on misses some of those when a group has only just enough people. A level of an agency is often
//! that small, so it is searched through, up to a bound; larger groups have room and are left as they are.

use crate::domain::roster::fairness::Shares;
use crate::domain::roster::spread::Column;
use std::collections::BTreeMap;

/// Most people of a group that is searched through.
const MOST_PEOPLE: usize = 16;

/// Most choices that are tried for one group.
const MOST_CHOICES: usize = 50_000;

/// Groups of people who share columns with each other, directly or through others, each with its columns in order.
pub(super) fn small_groups(people: usize, columns: &[Column]) -> Vec<Vec<&Column>> {
    let mut root: Vec<usize> = (0..people).collect();
    for column in columns {
        for pair in column.people.windows(2) {
            if let [one, other] = pair {
                let (one, other) = (find(&root, *one), find(&root, *other));
                if let Some(parent) = root.get_mut(one.max(other)) {
                    *parent = one.min(other);
                }
            }
        }
    }
    let mut size = vec![0_usize; people];
    for person in 0..people {
        if let Some(count) = size.get_mut(find(&root, person)) {
            *count += 1;
        }
    }
    let mut groups: BTreeMap<usize, Vec<&Column>> = BTreeMap::new();
    for column in columns {
        let Some(first) = column.people.first() else { continue };
        let group = find(&root, *first);
        if size.get(group).is_some_and(|count| *count <= MOST_PEOPLE) {
            groups.entry(group).or_default().push(column);
        }
    }
    groups.into_values().collect()
}

fn find(root: &[usize], person: usize) -> usize {
    let mut at = person;
    while let Some(parent) = root.get(at).copied().filter(|parent| *parent != at) {
        at = parent;
    }
    at
}

/// A search through the turns of one group.
struct Search<'a> {
    columns: &'a [&'a Column],
    shares: &'a Shares,
    had_picket: &'a [bool],
    /// People of the group with their office days so far and the columns that still come.
    people: Vec<(usize, usize, usize)>,
    chosen: Vec<Vec<usize>>,
    choices: usize,
}

/// Turns for each column of a group, in its order, that are fair and of which no two of picket duty touch; `None` where
/// there are none or too many to try.
pub(super) fn part(columns: &[&Column], shares: &Shares, had_picket: &[bool]) -> Option<Vec<Vec<usize>>> {
    let mut people: Vec<usize> = columns
        .iter()
        .flat_map(|column| column.people.iter().copied())
        .collect();
    people.sort_unstable();
    people.dedup();
    let mut search = Search {
        columns,
        shares,
        had_picket,
        people: people
            .into_iter()
            .map(|person| {
                let coming = columns.iter().filter(|column| column.people.contains(&person)).count();
                (person, 0, coming)
            })
            .collect(),
        chosen: Vec::new(),
        choices: MOST_CHOICES,
    };
    search.column(0).then_some(search.chosen)
}

impl Search<'_> {
    fn count(&self, person: usize) -> usize {
        let found = self.people.iter().find(|(id, _, _)| *id == person);
        found.map_or(0, |(_, count, _)| *count)
    }

    fn change(&mut self, person: usize, by: impl Fn(&mut usize, &mut usize)) {
        if let Some((_, count, coming)) = self.people.iter_mut().find(|(id, _, _)| *id == person) {
            by(count, coming);
        }
    }

    fn touches(&self, column: &Column, person: usize) -> bool {
        if !column.is_picket {
            return false;
        }
        let Some(before) = column.day.checked_sub(1) else {
            return self.had_picket.get(person).copied().unwrap_or_default();
        };
        self.columns
            .iter()
            .zip(&self.chosen)
            .any(|(other, chosen)| other.is_picket && other.day == before && chosen.contains(&person))
    }

    fn column(&mut self, at: usize) -> bool {
        let columns = self.columns;
        let Some(column) = columns.get(at) else {
            return true;
        };
        let mut free: Vec<usize> = column
            .people
            .iter()
            .copied()
            .filter(|person| !self.touches(column, *person) && self.count(*person) < self.shares.most(*person))
            .collect();
        free.sort_by_key(|person| (self.shares.excess(*person, self.count(*person)), *person));
        for person in &column.people {
            self.change(*person, |_, coming| *coming -= 1);
        }
        self.chosen.push(Vec::new());
        if self.choose(at, &free, column.places) {
            return true;
        }
        self.chosen.pop();
        for person in &column.people {
            self.change(*person, |_, coming| *coming += 1);
        }
        false
    }

    fn choose(&mut self, at: usize, free: &[usize], left: usize) -> bool {
        let Some(choices) = self.choices.checked_sub(1) else {
            return false;
        };
        self.choices = choices;
        if left == 0 {
            let is_lost = self
                .people
                .iter()
                .any(|(person, count, coming)| count + coming < self.shares.least(*person));
            return !is_lost && self.column(at + 1);
        }
        for (index, person) in free.iter().enumerate() {
            let rest = free.get(index + 1..).unwrap_or_default();
            if rest.len() + 1 < left {
                return false;
            }
            self.change(*person, |count, _| *count += 1);
            if let Some(chosen) = self.chosen.get_mut(at) {
                chosen.push(*person);
            }
            if self.choose(at, rest, left - 1) {
                return true;
            }
            self.change(*person, |count, _| *count -= 1);
            if let Some(chosen) = self.chosen.get_mut(at) {
                chosen.pop();
            }
        }
        false
    }
}

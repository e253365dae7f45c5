//! Who of each group fills its places on each day, so that everybody has their fair share, rounded up or down.
//!
//! Each group and day is a column with some people and a number of places. Giving everybody the same fraction of every
//! column they are in is a flow that fills all columns; since its bounds are whole numbers there is a flow in whole numbers
//! between the rounded shares too (integrality of network flows). A greedy pass by who is owed most nearly always finds it;
//! what it misses is mended along alternating paths, which exist because the flow does.

use crate::domain::roster::fairness::Shares;
use crate::domain::roster::grid::Grid;
use crate::domain::roster::parting::part;
use crate::domain::roster::parting::small_groups;
use std::collections::VecDeque;

/// A group's places on a day.
#[derive(Clone, Debug)]
pub struct Column {
    /// The day.
    pub day: usize,
    /// The people among whom the places go, in order.
    pub people: Vec<usize>,
    /// How many places.
    pub places: usize,
    /// Whether all of them are picket duty, of which nobody should have two days in a row.
    pub is_picket: bool,
}

/// Picks that are being made.
struct Picks<'a> {
    columns: &'a [Column],
    column_of: Grid<Option<usize>>,
    taken: Grid<bool>,
    count: Vec<usize>,
    shares: Shares,
    had_picket: &'a [bool],
}

/// Chooses who takes the places of each column. Columns are in order of their days; a person is in one of each day at most.
pub fn spread(people: usize, days: usize, columns: &[Column], had_picket: &[bool]) -> Grid<bool> {
    let mut column_of = Grid::filled(people, days, None);
    for (index, column) in columns.iter().enumerate() {
        for person in &column.people {
            column_of.set(*person, column.day, Some(index));
        }
    }
    let mut picks = Picks {
        columns,
        column_of,
        taken: Grid::filled(people, days, false),
        count: vec![0; people],
        shares: Shares::none(people),
        had_picket,
    };
    for column in columns {
        picks.fill(column);
    }
    for person in 0..people {
        while picks.count_of(person) > picks.shares.most(person) && picks.mend(person, true) {}
    }
    for person in 0..people {
        while picks.count_of(person) < picks.shares.least(person) && picks.mend(person, false) {}
    }
    for column in columns.iter().filter(|column| column.is_picket) {
        picks.part(column);
    }
    for group in small_groups(people, columns) {
        picks.part_small(&group);
    }
    picks.taken
}

impl Picks<'_> {
    fn count_of(&self, person: usize) -> usize {
        self.count.get(person).copied().unwrap_or_default()
    }

    fn set(&mut self, person: usize, day: usize, is_taken: bool) {
        if self.taken.get(person, day) != is_taken {
            self.taken.set(person, day, is_taken);
            if let Some(count) = self.count.get_mut(person) {
                *count = if is_taken { *count + 1 } else { count.saturating_sub(1) };
            }
        }
    }

    /// Whether the person is on picket on a day, as far as whole columns of picket duty tell.
    fn is_on_picket(&self, person: usize, day: usize) -> bool {
        let is_picket = self
            .column_of
            .get(person, day)
            .and_then(|index| self.columns.get(index))
            .is_some_and(|column| column.is_picket);
        is_picket && self.taken.get(person, day)
    }

    fn was_on_picket(&self, person: usize, day: usize) -> bool {
        match day.checked_sub(1) {
            Some(before) => self.is_on_picket(person, before),
            None => self.had_picket.get(person).copied().unwrap_or_default(),
        }
    }

    /// Whether a turn on the day would touch another one, the turn of `except` left aside.
    fn touches(&self, person: usize, day: usize, except: usize) -> bool {
        let before = day.checked_sub(1) != Some(except) && self.was_on_picket(person, day);
        before || (day + 1 != except && self.is_on_picket(person, day + 1))
    }

    /// Gives the places of a column to those who are owed most; of picket duty first to those who were not on it before.
    fn fill(&mut self, column: &Column) {
        self.shares.add(&column.people, column.places);
        let mut order: Vec<_> = column
            .people
            .iter()
            .map(|person| {
                let is_again = column.is_picket && self.was_on_picket(*person, column.day);
                (is_again, self.shares.excess(*person, self.count_of(*person)), *person)
            })
            .collect();
        if column.places < order.len() {
            order.select_nth_unstable(column.places);
        }
        let chosen: Vec<usize> = order.iter().take(column.places).map(|(_, _, person)| *person).collect();
        for person in chosen {
            self.set(person, column.day, true);
        }
    }

    /// Takes a turn from someone with too many, or gives one to someone with too few, by passing turns on along a chain of
    /// people. Gives whether there was such a chain.
    fn mend(&mut self, from: usize, has_too_many: bool) -> bool {
        let columns = self.columns;
        let mut came_from: Vec<Option<(usize, usize)>> = vec![None; self.count.len()];
        let mut is_open = vec![true; self.columns.len()];
        let mut queue = VecDeque::from([from]);
        while let Some(person) = queue.pop_front() {
            for day in 0..self.taken.days() {
                let Some(index) = self.column_of.get(person, day) else {
                    continue;
                };
                // Once everybody of a column has been reached it leads nowhere new.
                if self.taken.get(person, day) != has_too_many || !is_open.get(index).copied().unwrap_or_default() {
                    continue;
                }
                if let Some(open) = is_open.get_mut(index) {
                    *open = false;
                }
                let members = columns.get(index).map_or(&[][..], |column| column.people.as_slice());
                for other in members.iter().copied().filter(|other| *other != from) {
                    if self.taken.get(other, day) == has_too_many {
                        continue;
                    }
                    let Some(place @ None) = came_from.get_mut(other) else {
                        continue;
                    };
                    *place = Some((person, day));
                    let fits = if has_too_many {
                        self.count_of(other) < self.shares.most(other)
                    } else {
                        self.count_of(other) > self.shares.least(other)
                    };
                    if fits {
                        self.pass(other, &came_from, has_too_many);
                        return true;
                    }
                    queue.push_back(other);
                }
            }
        }
        false
    }

    fn pass(&mut self, end: usize, came_from: &[Option<(usize, usize)>], has_too_many: bool) {
        let mut at = end;
        while let Some((before, day)) = came_from.get(at).copied().flatten() {
            self.set(at, day, has_too_many);
            self.set(before, day, !has_too_many);
            at = before;
        }
    }

    /// Parts turns of picket duty that touch, by handing one of the two on or exchanging it.
    fn part(&mut self, column: &Column) {
        for person in column.people.iter().copied() {
            if !self.is_on_picket(person, column.day) || !self.was_on_picket(person, column.day) {
                continue;
            }
            if !self.hand_on(person, column.day)
                && let Some(before) = column.day.checked_sub(1)
            {
                self.hand_on(person, before);
            }
        }
    }

    /// Looks for turns of a small group of which none touch, where some still do.
    fn part_small(&mut self, group: &[&Column]) {
        let is_touching = group.iter().any(|column| {
            let mut people = column.people.iter().copied();
            column.is_picket
                && people.any(|person| self.is_on_picket(person, column.day) && self.was_on_picket(person, column.day))
        });
        if !is_touching {
            return;
        }
        let Some(chosen) = part(group, &self.shares, self.had_picket) else {
            return;
        };
        for (column, chosen) in group.iter().zip(chosen) {
            for person in column.people.iter().copied() {
                self.set(person, column.day, chosen.contains(&person));
            }
        }
    }

    fn hand_on(&mut self, person: usize, day: usize) -> bool {
        let columns = self.columns;
        let Some(column) = self.column_of.get(person, day).and_then(|index| columns.get(index)) else {
            return false;
        };
        for other in column.people.iter().copied() {
            if self.taken.get(other, day) || self.touches(other, day, usize::MAX) {
                continue;
            }
            let both_fit =
                self.count_of(person) > self.shares.least(person) && self.count_of(other) < self.shares.most(other);
            if both_fit {
                self.set(person, day, false);
                self.set(other, day, true);
                return true;
            }
            let exchange = (0..self.taken.days()).find(|instead| {
                let index = self.column_of.get(person, *instead);
                *instead != day
                    && index.is_some()
                    && index == self.column_of.get(other, *instead)
                    && self.taken.get(other, *instead)
                    && !self.taken.get(person, *instead)
                    && !self.touches(person, *instead, day)
            });
            if let Some(instead) = exchange {
                self.set(person, day, false);
                self.set(other, day, true);
                self.set(person, instead, true);
                self.set(other, instead, false);
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(day: usize, people: &[usize], places: usize, is_picket: bool) -> Column {
        Column {
            day,
            people: people.to_vec(),
            places,
            is_picket,
        }
    }

    fn counts(people: usize, taken: &Grid<bool>) -> Vec<usize> {
        (0..people)
            .map(|person| taken.row(person).filter(|is_taken| *is_taken).count())
            .collect()
    }

    #[test]
    fn places_go_round_and_every_column_is_full() {
        let columns: Vec<Column> = (0..5).map(|day| column(day, &[0, 1, 2, 3, 4], 2, false)).collect();
        let taken = spread(5, 5, &columns, &[false; 5]);
        assert_eq!(counts(5, &taken), [2; 5]);
        for day in 0..5 {
            assert_eq!((0..5).filter(|person| taken.get(*person, day)).count(), 2);
        }
    }

    #[test]
    fn whoever_was_away_owes_nothing_for_those_days() {
        // The third is there on the last day only.
        let columns = [
            column(0, &[0, 1], 1, false),
            column(1, &[0, 1], 1, false),
            column(2, &[0, 1, 2], 1, false),
        ];
        let taken = spread(3, 3, &columns, &[false; 3]);
        let counts = counts(3, &taken);
        assert!(
            counts[2] <= 1 && (1..=2).contains(&counts[0]) && (1..=2).contains(&counts[1]),
            "{counts:?}"
        );
    }

    #[test]
    fn more_places_than_people_take_everybody_and_none_takes_nobody() {
        let columns = [column(0, &[0, 1], 5, true), column(1, &[0, 1], 0, true)];
        let taken = spread(2, 2, &columns, &[true, false]);
        assert_eq!(counts(2, &taken), [1, 1]);
    }

    #[test]
    fn two_supervisors_take_turns_beginning_with_the_one_who_had_none() {
        let columns: Vec<Column> = (0..4).map(|day| column(day, &[0, 1], 1, true)).collect();
        let taken = spread(2, 4, &columns, &[true, false]);
        assert_eq!(taken.row(0).collect::<Vec<_>>(), [false, true, false, true]);
        assert_eq!(taken.row(1).collect::<Vec<_>>(), [true, false, true, false]);
    }
}

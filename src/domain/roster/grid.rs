//! A value for each person and day of a roster.

/// People down, days across. Outside of it everything is the value that it was filled with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Grid<T> {
    days: usize,
    filling: T,
    cells: Vec<T>,
}

impl<T: Copy> Grid<T> {
    /// So many people and days, all with one value.
    pub fn filled(people: usize, days: usize, filling: T) -> Self {
        Self {
            days,
            filling,
            cells: vec![filling; people.saturating_mul(days)],
        }
    }

    /// The value of a person and day.
    pub fn get(&self, person: usize, day: usize) -> T {
        if day >= self.days {
            return self.filling;
        }
        self.cells
            .get(person.saturating_mul(self.days).saturating_add(day))
            .copied()
            .unwrap_or(self.filling)
    }

    /// Sets the value of a person and day; outside of the grid nothing happens.
    pub fn set(&mut self, person: usize, day: usize, value: T) {
        if day < self.days
            && let Some(cell) = self.cells.get_mut(person.saturating_mul(self.days).saturating_add(day))
        {
            *cell = value;
        }
    }

    /// How many days.
    pub const fn days(&self) -> usize {
        self.days
    }

    /// The values of a person, by day.
    pub fn row(&self, person: usize) -> impl Iterator<Item = T> {
        (0..self.days).map(move |day| self.get(person, day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_read_and_outside_is_the_filling() {
        let mut grid = Grid::filled(2, 3, 0);
        grid.set(1, 2, 7);
        grid.set(0, 3, 9);
        grid.set(2, 0, 9);
        assert_eq!(grid.row(1).collect::<Vec<_>>(), [0, 0, 7]);
        assert_eq!((grid.get(0, 3), grid.get(2, 0), grid.get(1, 0)), (0, 0, 0));
    }
}

//! The blurred map of a batch: how many shares fell into which cell of a fixed grid. Nothing here belongs to a person.

use crate::domain::place::Place;
use crate::domain::place::Position;
use crate::domain::slot::Slot;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Width of a cell in 1e-7 degrees: 0.01 degree, about 1.1 km.
const CELL_E7: i32 = 100_000;

/// A cell of the fixed grid, named by its south-west corner in hundredths of a degree.
///
/// The grid never moves: a jitter drawn per export could be averaged away (trust.md, section 5).
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// South edge, hundredths of a degree, -9,000 to 9,000.
    pub south: i32,
    /// West edge, hundredths of a degree, -18,000 to 18,000.
    pub west: i32,
}

impl Cell {
    /// The cell that holds a position.
    pub fn of(position: Position) -> Self {
        Self {
            south: position.latitude_e7().div_euclid(CELL_E7),
            west: position.longitude_e7().div_euclid(CELL_E7),
        }
    }

    /// Whether the cell lies on the globe.
    pub const fn is_on_the_globe(self) -> bool {
        self.south >= -9_000 && self.south <= 9_000 && self.west >= -18_000 && self.west <= 18_000
    }

    /// The centre as `(latitude, longitude)` in thousandths of a degree, exact in integers.
    pub const fn centre_millidegrees(self) -> (i32, i32) {
        (self.south * 10 + 5, self.west * 10 + 5)
    }
}

/// A cell is coarse, but with few people in it still close to personal.
impl fmt::Debug for Cell {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Cell(hidden)")
    }
}

/// One line of `cells.ndjson`: the shares of one slot with one outcome in one cell.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellCount {
    /// Work date.
    pub work_date: NaiveDate,
    /// Slot.
    pub slot: Slot,
    /// Where on the grid.
    pub cell: Cell,
    /// Outcome of place.
    pub place: Place,
    /// How many units' representative shares, at least 1.
    pub check_ins: u32,
}

/// Gathers shares into cells. Its size follows the places and slots of a batch, not its rows.
#[derive(Clone, Debug, Default)]
pub struct CellTally(BTreeMap<(NaiveDate, Slot, Cell, Place), u32>);

impl CellTally {
    /// Counts one representative share.
    pub fn add(&mut self, work_date: NaiveDate, slot: Slot, cell: Cell, place: Place) {
        let count = self.0.entry((work_date, slot, cell, place)).or_default();
        *count = count.saturating_add(1);
    }

    /// The counts in the order of the file: date, slot of the day, south, west, place from inside to outside.
    pub fn into_counts(self) -> impl Iterator<Item = CellCount> {
        self.0
            .into_iter()
            .map(|((work_date, slot, cell, place), check_ins)| CellCount {
                work_date,
                slot,
                cell,
                place,
                check_ins,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn southern_positions_fall_into_the_cell_south_west_of_them() {
        let cell = Cell::of(Position::from_degrees(-6.119_731_2, 106.173_461_8).unwrap());
        assert_eq!((cell.south, cell.west), (-612, 10_617));
        assert_eq!(cell.centre_millidegrees(), (-6_115, 106_175));
        let edge = Cell::of(Position::from_degrees(-6.12, 106.17).unwrap());
        assert_eq!(edge, cell);
    }

    #[test]
    fn shares_of_one_cell_are_counted_not_listed() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let cell = Cell {
            south: -612,
            west: 10_617,
        };
        let mut tally = CellTally::default();
        tally.add(date, Slot::Midday, cell, Place::Outside);
        tally.add(date, Slot::Midday, cell, Place::Inside);
        tally.add(date, Slot::Midday, cell, Place::Inside);
        let counts: Vec<(Place, u32)> = tally
            .into_counts()
            .map(|count| (count.place, count.check_ins))
            .collect();
        assert_eq!(counts, [(Place::Inside, 2), (Place::Outside, 1)]);
    }

    proptest! {
        #[test]
        fn a_position_is_never_farther_than_half_a_cell_from_its_centre(
            latitude in -900_000_000..=900_000_000_i32, longitude in -1_800_000_000..=1_800_000_000_i32
        ) {
            let cell = Cell::of(Position::from_e7(latitude, longitude).unwrap());
            prop_assert!(cell.is_on_the_globe());
            let (centre_latitude, centre_longitude) = cell.centre_millidegrees();
            let from_centre = i64::from(latitude) - i64::from(centre_latitude) * 10_000;
            prop_assert!((-50_000..50_000).contains(&from_centre));
            let from_centre = i64::from(longitude) - i64::from(centre_longitude) * 10_000;
            prop_assert!((-50_000..50_000).contains(&from_centre));
        }
    }
}

//! Outlines of regions, as somebody imported them: sound by themselves, and asked whether a share lies clearly outside.
//!
//! They come from maps of any coarseness, so they inform and never decide: each says how far its line may be from the
//! true border, and within that distance of it nothing is said (domain.md 2.5 and 3: coarse polygons warn).

use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::place::Position;
use crate::domain::place::USABLE_ACCURACY_METRES;
use crate::domain::place::border_distance_metres;
use crate::domain::region;
use crate::domain::region::Level;
use crate::domain::ring;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Most outlines of one import: every province and regency of the nation is 552.
pub const MOST_OUTLINES: usize = 600;
/// Most corners of one ring.
pub const MOST_RING_CORNERS: usize = 10_000;
/// Most corners of one import; they are kept in memory.
pub const MOST_CORNERS: usize = 100_000;
/// Largest distance between an outline and the true border that is taken, metres.
pub const MOST_ACCURACY_METRES: u32 = 50_000;

/// One area of an outline, with the areas cut out of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// At least 3 corners; the last joins the first by itself.
    pub outer: Vec<Position>,
    /// Inside the outer ring, apart from it and from each other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<Vec<Position>>,
}

/// The border of one region.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionOutline {
    /// Kemendagri code of the province or regency.
    pub code: JurisdictionCode,
    /// Its name, as the source spells it.
    pub name: String,
    /// Where the outline comes from.
    pub source: String,
    /// Of which date it is.
    pub dated_on: NaiveDate,
    /// How far it may be from the true border, metres.
    pub accuracy_metres: u32,
    /// At least one.
    pub parts: Vec<Part>,
}

/// What is wrong with an outline.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum OutlineFault {
    /// No province or regency has the code.
    #[error("no province or regency has this code")]
    UnknownRegion,
    /// Another outline of the same import has the code.
    #[error("the code was named before")]
    Repeated,
    /// Further than [`MOST_ACCURACY_METRES`].
    #[error("the accuracy is beyond 50,000 m")]
    Accuracy,
    /// Nothing is drawn.
    #[error("nothing is drawn")]
    Empty,
    /// Fewer than 3 or more than [`MOST_RING_CORNERS`] corners.
    #[error("a ring has 3 to 10,000 corners")]
    Corners,
    /// The import as a whole has more than [`MOST_CORNERS`].
    #[error("an import has at most 100,000 corners")]
    TooManyCorners,
    /// Two neighbouring corners are the same point.
    #[error("two neighbouring corners are the same point")]
    RepeatedCorner,
    /// A ring crosses or touches itself, or encloses nothing.
    #[error("a ring crosses itself or encloses nothing")]
    Crossing,
    /// A hole is not inside its area, or meets its border or another hole.
    #[error("a hole does not lie inside its area")]
    Hole,
}

impl RegionOutline {
    /// How many corners it has.
    pub fn corners(&self) -> usize {
        self.parts
            .iter()
            .map(|part| part.outer.len() + part.holes.iter().map(Vec::len).sum::<usize>())
            .sum()
    }

    /// Everything that is wrong with it by itself; the first fault of its drawing.
    pub fn faults(&self) -> Vec<OutlineFault> {
        let mut faults = Vec::new();
        if region::find(self.code.as_str()).is_none_or(|region| region.level > Level::Regency) {
            faults.push(OutlineFault::UnknownRegion);
        }
        if self.accuracy_metres > MOST_ACCURACY_METRES {
            faults.push(OutlineFault::Accuracy);
        }
        if self.parts.is_empty() {
            faults.push(OutlineFault::Empty);
        }
        faults.extend(self.parts.iter().find_map(|part| part.check().err()));
        faults
    }

    /// Whether a point lies inside the line as it is drawn.
    pub fn contains(&self, point: Position) -> bool {
        self.parts.iter().any(|part| {
            ring::contains(&part.outer, point) && !part.holes.iter().any(|hole| ring::contains(hole, point))
        })
    }

    /// Metres to the nearest line, whichever side the point is on.
    pub fn border_distance_metres(&self, point: Position) -> f64 {
        self.parts
            .iter()
            .flat_map(|part| std::iter::once(&part.outer).chain(&part.holes))
            .map(|ring| border_distance_metres(ring, point))
            .fold(f64::INFINITY, f64::min)
    }

    /// Whether a point lies outside by more than `around_metres` and what the outline itself may be off.
    fn is_clearly_outside(&self, point: Position, around_metres: f64) -> bool {
        !self.contains(point) && self.border_distance_metres(point) > f64::from(self.accuracy_metres) + around_metres
    }
}

impl Part {
    fn check(&self) -> Result<(), OutlineFault> {
        check_ring(&self.outer)?;
        for (index, hole) in self.holes.iter().enumerate() {
            check_ring(hole)?;
            let is_inside = hole.first().is_some_and(|corner| ring::contains(&self.outer, *corner));
            let meets_another = self.holes.iter().skip(index + 1).any(|other| {
                ring::do_rings_meet(hole, other)
                    || other.first().is_some_and(|corner| ring::contains(hole, *corner))
                    || hole.first().is_some_and(|corner| ring::contains(other, *corner))
            });
            if !is_inside || meets_another || ring::do_rings_meet(&self.outer, hole) {
                return Err(OutlineFault::Hole);
            }
        }
        Ok(())
    }
}

fn check_ring(corners: &[Position]) -> Result<(), OutlineFault> {
    if !(3..=MOST_RING_CORNERS).contains(&corners.len()) {
        return Err(OutlineFault::Corners);
    }
    ring::check(corners).map_err(|fault| match fault {
        ring::RingFault::RepeatedCorner => OutlineFault::RepeatedCorner,
        ring::RingFault::Crossing => OutlineFault::Crossing,
    })
}

/// Everything that is wrong with an import: which outline, counted from 0, and what.
pub fn check_all(outlines: &[RegionOutline]) -> Vec<(usize, OutlineFault)> {
    let mut faults = Vec::new();
    let mut corners = 0;
    for (index, outline) in outlines.iter().enumerate() {
        corners += outline.corners();
        if corners > MOST_CORNERS {
            faults.push((index, OutlineFault::TooManyCorners));
            break;
        }
        if outlines.iter().take(index).any(|earlier| earlier.code == outline.code) {
            faults.push((index, OutlineFault::Repeated));
        }
        faults.extend(outline.faults().into_iter().map(|fault| (index, fault)));
    }
    faults
}

/// Where a share may come from while travel out of the region is banned: inside any of these outlines.
#[derive(Clone, Debug)]
pub struct AllowedArea {
    outlines: Vec<Arc<RegionOutline>>,
}

impl AllowedArea {
    /// The outline of the agency's region, and that of the destination where it lies outside. `None` where one of them
    /// is not known: then nobody can tell what is outside.
    ///
    /// A region without an outline of its own is inside that of a wider one: whoever is outside the province is outside
    /// its regencies too.
    pub fn of(
        outlines: &[Arc<RegionOutline>],
        own: &JurisdictionCode,
        destination: Option<&JurisdictionCode>,
    ) -> Option<Self> {
        let outline_of = |code: &JurisdictionCode| {
            let around = outlines.iter().filter(|outline| outline.code.covers(code));
            around.max_by_key(|outline| outline.code.depth()).cloned()
        };
        let mut allowed = vec![outline_of(own)?];
        if let Some(destination) = destination.filter(|place| region::is_outside(own, place)) {
            allowed.push(outline_of(destination)?);
        }
        Some(Self { outlines: allowed })
    }

    /// Whether a share lies outside all of them by more than its own accuracy and theirs. A share that says nothing about
    /// the place says nothing here either. `accuracy_metres` is absent only on third-party channels, as in
    /// [`crate::domain::place::judge_place`].
    pub fn is_clearly_left(&self, point: Position, accuracy_metres: Option<f64>) -> bool {
        let around = accuracy_metres.unwrap_or(crate::domain::place::ASSUMED_ACCURACY_METRES);
        around <= USABLE_ACCURACY_METRES
            && self
                .outlines
                .iter()
                .all(|outline| outline.is_clearly_outside(point, around))
    }
}

#[cfg(test)]
#[path = "region_outline_tests.rs"]
pub(in crate::domain) mod tests;

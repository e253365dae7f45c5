//! Rings of corners: whether they enclose something and cross nothing, and what lies within. Exact, since positions are
//! whole numbers.

use crate::domain::place::Position;

/// Why a ring encloses nothing that could be told apart from outside.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RingFault {
    /// Two neighbouring corners are the same point; the last must not repeat the first.
    #[error("two neighbouring corners are the same point")]
    RepeatedCorner,
    /// Two edges cross or touch, or all corners lie on one line.
    #[error("the edges cross")]
    Crossing,
}

type Edge = (Position, Position);

/// The span of an edge along a walk, the one across it, and the edge.
type Boxed<'a> = ((i32, i32), (i32, i32), &'a (usize, Edge));

/// Checks a ring of at least three corners, whose last joins the first by itself. Takes about n log n steps for borders
/// as they are on maps.
pub fn check(corners: &[Position]) -> Result<(), RingFault> {
    let edges = edges(corners);
    if edges.iter().any(|(from, to)| from == to) {
        return Err(RingFault::RepeatedCorner);
    }
    let last = edges.len().saturating_sub(1);
    let are_neighbours =
        |one: usize, other: usize| one.abs_diff(other) == 1 || (one.min(other) == 0 && one.max(other) == last);
    let numbered: Vec<(usize, Edge)> = edges.iter().copied().enumerate().collect();
    let do_cross = |(one, edge): &(usize, Edge), (other, its): &(usize, Edge)| {
        !are_neighbours(*one, *other) && do_meet(*edge, *its)
    };
    if is_any_pair(&numbered, do_cross) {
        return Err(RingFault::Crossing);
    }
    let Some(first) = corners.first() else {
        return Err(RingFault::Crossing);
    };
    // Corners on one line enclose nothing.
    let doubled_area: i128 = edges.iter().map(|(from, to)| cross(*first, *from, *to)).sum();
    if doubled_area == 0 {
        return Err(RingFault::Crossing);
    }
    Ok(())
}

/// Whether two rings have a point of their edges in common.
pub fn do_rings_meet(one: &[Position], other: &[Position]) -> bool {
    let of = |ring: &[Position], mark: usize| {
        edges(ring)
            .into_iter()
            .map(move |edge| (mark, edge))
            .collect::<Vec<_>>()
    };
    let all = [of(one, 0), of(other, 1)].concat();
    is_any_pair(&all, |(ring, edge), (its_ring, its)| {
        ring != its_ring && do_meet(*edge, *its)
    })
}

/// Whether a point lies within a ring. Of points on an edge some do and some do not; the whole plane is parted.
pub fn contains(corners: &[Position], point: Position) -> bool {
    let crossed = edges(corners).into_iter().filter(|(from, to)| {
        let goes_up = from.latitude_e7() <= point.latitude_e7() && to.latitude_e7() > point.latitude_e7();
        let goes_down = from.latitude_e7() > point.latitude_e7() && to.latitude_e7() <= point.latitude_e7();
        let side = cross(*from, *to, point);
        (goes_up && side > 0) || (goes_down && side < 0)
    });
    crossed.count() % 2 == 1
}

fn edges(corners: &[Position]) -> Vec<Edge> {
    let followers = corners.iter().copied().cycle().skip(1);
    corners.iter().copied().zip(followers).collect()
}

/// Whether `is_wanted` holds for two edges whose boxes overlap; others can't meet. Walks along the axis on which the ring
/// is longer, so that a long border meets few edges at a time.
fn is_any_pair(numbered: &[(usize, Edge)], is_wanted: impl Fn(&(usize, Edge), &(usize, Edge)) -> bool) -> bool {
    let latitudes = |edge: &Edge| span(edge.0.latitude_e7(), edge.1.latitude_e7());
    let longitudes = |edge: &Edge| span(edge.0.longitude_e7(), edge.1.longitude_e7());
    let extent = |spans: &dyn Fn(&Edge) -> (i32, i32)| {
        let least = numbered.iter().map(|(_, edge)| spans(edge).0).min().unwrap_or(0);
        let most = numbered.iter().map(|(_, edge)| spans(edge).1).max().unwrap_or(0);
        i64::from(most) - i64::from(least)
    };
    let is_tall = extent(&latitudes) > extent(&longitudes);
    let mut boxes: Vec<Boxed<'_>> = numbered
        .iter()
        .map(|edge| {
            let (north, east) = (latitudes(&edge.1), longitudes(&edge.1));
            if is_tall {
                (north, east, edge)
            } else {
                (east, north, edge)
            }
        })
        .collect();
    boxes.sort_unstable_by_key(|(along, ..)| along.0);
    boxes.iter().enumerate().any(|(place, (along, across, edge))| {
        boxes
            .iter()
            .skip(place + 1)
            .take_while(|(its, ..)| its.0 <= along.1)
            .any(|(_, its, other)| its.0 <= across.1 && across.0 <= its.1 && is_wanted(edge, other))
    })
}

/// The two ends of a span, the lesser first.
fn span(one: i32, other: i32) -> (i32, i32) {
    (one.min(other), one.max(other))
}

/// Which side of the line `from`-`to` the point lies on.
pub(super) fn cross(from: Position, to: Position, point: Position) -> i128 {
    let east = |position: Position| i128::from(position.longitude_e7());
    let north = |position: Position| i128::from(position.latitude_e7());
    (east(to) - east(from)) * (north(point) - north(from)) - (north(to) - north(from)) * (east(point) - east(from))
}

fn do_meet(one: Edge, other: Edge) -> bool {
    let sides = [
        cross(one.0, one.1, other.0).signum(),
        cross(one.0, one.1, other.1).signum(),
        cross(other.0, other.1, one.0).signum(),
        cross(other.0, other.1, one.1).signum(),
    ];
    let [a, b, c, d] = sides;
    if a == 0 && b == 0 && c == 0 && d == 0 {
        return is_between(one, other.0) || is_between(one, other.1) || is_between(other, one.0);
    }
    a * b <= 0 && c * d <= 0
}

/// Whether a point on the line of an edge lies within the edge's box.
fn is_between(edge: Edge, point: Position) -> bool {
    let within = |first: i32, second: i32, value: i32| (first.min(second)..=first.max(second)).contains(&value);
    within(edge.0.latitude_e7(), edge.1.latitude_e7(), point.latitude_e7())
        && within(edge.0.longitude_e7(), edge.1.longitude_e7(), point.longitude_e7())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::place::Fence;
    use crate::domain::place::Place;
    use crate::domain::place::judge_place;
    use proptest::prelude::*;

    /// A corner so many units of 1e-3 degree north and east of a place in Serang.
    fn corner(north: i32, east: i32) -> Position {
        Position::from_degrees(-6.12 + f64::from(north) * 1e-3, 106.15 + f64::from(east) * 1e-3).unwrap()
    }

    fn ring(corners: &[(i32, i32)]) -> Vec<Position> {
        corners.iter().map(|(north, east)| corner(*north, *east)).collect()
    }

    #[test]
    fn a_ring_that_crosses_or_repeats_itself_is_no_border() {
        assert_eq!(check(&ring(&[(0, 0), (0, 4), (4, 4), (4, 0)])), Ok(()));
        assert_eq!(
            check(&ring(&[(0, 0), (4, 4), (0, 4), (4, 0)])),
            Err(RingFault::Crossing)
        );
        assert_eq!(check(&ring(&[(0, 0), (2, 2), (4, 4)])), Err(RingFault::Crossing));
        assert_eq!(check(&ring(&[(0, 0), (0, 0), (4, 4)])), Err(RingFault::RepeatedCorner));
        assert_eq!(check(&[]), Err(RingFault::Crossing));
    }

    #[test]
    fn rings_meet_where_they_cross_or_touch() {
        let outer = ring(&[(0, 0), (0, 9), (9, 9), (9, 0)]);
        assert!(!do_rings_meet(&outer, &ring(&[(2, 2), (2, 4), (4, 4)])));
        assert!(do_rings_meet(&outer, &ring(&[(2, 2), (2, 12), (4, 4)])));
        assert!(do_rings_meet(&outer, &ring(&[(0, 2), (2, 4), (4, 4)])));
    }

    /// A ring around a middle, with corners at growing angles, so that it never crosses itself.
    fn star() -> impl Strategy<Value = Vec<Position>> {
        proptest::collection::vec(10..100i32, 5..24).prop_map(|radii| {
            let count = f64::from(u32::try_from(radii.len()).unwrap());
            (0..)
                .zip(&radii)
                .map(|(place, radius)| {
                    let angle = f64::from(place) / count * std::f64::consts::TAU;
                    let (north, east) = (f64::from(*radius) * angle.sin(), f64::from(*radius) * angle.cos());
                    Position::from_degrees(-6.12 + north * 1e-3, 106.15 + east * 1e-3).unwrap()
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn what_lies_within_is_what_geo_says(ring in star(), north in -120..120i32, east in -120..120i32) {
            prop_assert_eq!(check(&ring), Ok(()));
            // Beside the grid of the corners, so that hardly a point is on an edge.
            let point = Position::from_e7(corner(north, east).latitude_e7() + 3, corner(north, east).longitude_e7() + 1).unwrap();
            let fence = Fence::Polygon { corners: ring.clone() };
            let judged = judge_place(Some(&fence), point, Some(0.001)).place;
            let is_on_border = judge_place(Some(&fence), point, Some(1.0)).place;
            prop_assume!(matches!(is_on_border, Place::Inside | Place::Outside));
            prop_assert_eq!(contains(&ring, point), judged == Place::Inside);
            let turned: Vec<Position> = ring.iter().rev().copied().collect();
            prop_assert_eq!(contains(&turned, point), contains(&ring, point));
        }

        #[test]
        fn a_swept_check_finds_what_looking_at_every_pair_finds(corners in proptest::collection::vec((0..12i32, 0..12i32), 3..9)) {
            let ring = ring(&corners);
            let edges = edges(&ring);
            let last = edges.len() - 1;
            let mut is_sound = !edges.iter().any(|(from, to)| from == to);
            for (index, edge) in edges.iter().enumerate() {
                for (other_index, other) in edges.iter().enumerate().skip(index + 2) {
                    is_sound &= (index == 0 && other_index == last) || !do_meet(*edge, *other);
                }
            }
            let area: i128 = edges.iter().map(|(from, to)| cross(ring[0], *from, *to)).sum();
            prop_assert_eq!(check(&ring).is_ok(), is_sound && area != 0);
        }
    }
}

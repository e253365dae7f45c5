//! Outlines: what a sound one is, and when a share lies clearly outside.

use super::*;
use proptest::prelude::*;

fn corner(latitude: f64, longitude: f64) -> Position {
    Position::from_degrees(latitude, longitude).unwrap()
}

/// The corners of a square with a south-western corner and a side in degrees.
fn ring((south, west): (f64, f64), side: f64) -> Vec<Position> {
    vec![
        corner(south, west),
        corner(south, west + side),
        corner(south + side, west + side),
        corner(south + side, west),
    ]
}

/// A region drawn as a square.
pub(in crate::domain) fn square(code: &str, south_west: (f64, f64), side: f64, accuracy: u32) -> Arc<RegionOutline> {
    Arc::new(RegionOutline {
        code: code.parse().unwrap(),
        name: code.to_owned(),
        source: "Dibuat untuk uji".to_owned(),
        dated_on: NaiveDate::from_ymd_opt(2026, 1, 2).unwrap(),
        accuracy_metres: accuracy,
        parts: vec![Part {
            outer: ring(south_west, side),
            holes: Vec::new(),
        }],
    })
}

fn with_holes(holes: Vec<Vec<Position>>) -> RegionOutline {
    let mut outline = RegionOutline::clone(&square("36", (-7.0, 105.0), 1.0, 0));
    outline.parts[0].holes = holes;
    outline
}

#[test]
fn a_sound_outline_has_no_faults_and_a_hole_is_outside() {
    let outline = with_holes(vec![ring((-6.8, 105.2), 0.2), ring((-6.4, 105.2), 0.2)]);
    assert_eq!(outline.faults(), []);
    assert_eq!(outline.corners(), 12);
    assert!(outline.contains(corner(-6.5, 105.5)));
    assert!(!outline.contains(corner(-6.7, 105.3)) && !outline.contains(corner(-5.5, 105.5)));
}

#[test]
fn what_could_not_be_told_inside_from_outside_is_a_fault() {
    let faults = |outline: RegionOutline| outline.faults();
    let sound = with_holes(Vec::new());
    assert_eq!(faults(with_holes(vec![ring((-5.8, 105.2), 0.2)])), [OutlineFault::Hole]);
    assert_eq!(faults(with_holes(vec![ring((-6.8, 105.9), 0.2)])), [OutlineFault::Hole]);
    let twice = vec![ring((-6.8, 105.2), 0.4), ring((-6.7, 105.3), 0.1)];
    assert_eq!(faults(with_holes(twice)), [OutlineFault::Hole]);
    let drawn = |outer: Vec<Position>| RegionOutline {
        parts: vec![Part {
            outer,
            holes: Vec::new(),
        }],
        ..sound.clone()
    };
    let mut bow = ring((-7.0, 105.0), 1.0);
    bow.swap(0, 1);
    assert_eq!(faults(drawn(bow)), [OutlineFault::Crossing]);
    assert_eq!(
        faults(drawn(ring((-7.0, 105.0), 1.0)[..2].to_vec())),
        [OutlineFault::Corners]
    );
    let mut closed = ring((-7.0, 105.0), 1.0);
    closed.push(closed[0]);
    assert_eq!(faults(drawn(closed)), [OutlineFault::RepeatedCorner]);
    let strange = RegionOutline {
        code: "36.73.01".parse().unwrap(),
        accuracy_metres: 50_001,
        parts: Vec::new(),
        ..sound
    };
    assert_eq!(
        faults(strange),
        [OutlineFault::UnknownRegion, OutlineFault::Accuracy, OutlineFault::Empty]
    );
}

#[test]
fn an_import_names_each_region_once() {
    let one = RegionOutline::clone(&square("36", (-7.0, 105.0), 1.0, 0));
    let other = RegionOutline::clone(&square("32", (-7.0, 106.5), 1.0, 0));
    assert_eq!(check_all(&[one.clone(), other.clone()]), []);
    assert_eq!(check_all(&[one.clone(), other, one]), [(2, OutlineFault::Repeated)]);
}

#[test]
fn an_import_is_bounded() {
    let comb: Vec<Position> = (0..9_998)
        .map(|tooth| corner(-7.0 + f64::from(1 + tooth % 2) * 1e-4, 105.0 + f64::from(tooth) * 1e-4))
        .chain([corner(-7.1, 106.0), corner(-7.1, 105.0)])
        .collect();
    let wide = |code: &str| RegionOutline {
        parts: vec![Part {
            outer: comb.clone(),
            holes: Vec::new(),
        }],
        ..RegionOutline::clone(&square(code, (-7.0, 105.0), 1.0, 0))
    };
    assert_eq!(wide("36").faults(), []);
    let codes = ["11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "31"];
    let all: Vec<RegionOutline> = codes.iter().map(|code| wide(code)).collect();
    assert_eq!(check_all(&all[..10]), []);
    assert_eq!(check_all(&all), [(10, OutlineFault::TooManyCorners)]);
}

#[test]
fn the_open_area_is_the_own_region_and_the_destination() {
    let outlines = [
        square("36", (-7.0, 105.0), 1.0, 0),
        square("32", (-7.0, 106.0), 1.0, 0),
        square("36.01", (-7.0, 105.0), 0.5, 0),
    ];
    let is_left = |own: &str, destination: Option<&str>, at: (f64, f64)| {
        let destination = destination.map(|code| code.parse().unwrap());
        let area = AllowedArea::of(&outlines, &own.parse().unwrap(), destination.as_ref());
        area.map(|area| area.is_clearly_left(corner(at.0, at.1), Some(10.0)))
    };
    let (in_36, in_32, nowhere) = ((-6.2, 105.8), (-6.5, 106.5), (-6.5, 107.5));
    assert_eq!(is_left("36", None, in_36), Some(false));
    assert_eq!(is_left("36", None, in_32), Some(true));
    assert_eq!(is_left("36", Some("36.04"), in_32), Some(true));
    // An excepted journey may be where it leads, and the way there is its own region.
    assert_eq!(is_left("36", Some("32.73"), in_32), Some(false));
    assert_eq!(is_left("36", Some("32.73"), in_36), Some(false));
    assert_eq!(is_left("36", Some("32.73"), nowhere), Some(true));
    // The narrowest outline that is known counts; a regency without one has its province's.
    assert_eq!(is_left("36.01", None, in_36), Some(true));
    assert_eq!(is_left("36.02", None, in_36), Some(false));
    // Where an outline is missing, nobody can tell.
    assert_eq!(is_left("36", Some("73.71"), nowhere), None);
    assert_eq!(is_left("31", None, nowhere), None);
}

#[test]
fn nothing_is_said_within_the_accuracy_of_outline_and_share() {
    let outlines = [square("36", (-7.0, 105.0), 1.0, 5_000)];
    let area = AllowedArea::of(&outlines, &"36".parse().unwrap(), None).unwrap();
    // East of the border, where a degree of longitude is about 110.7 km.
    let at = |metres: f64| corner(-6.5, 106.0 + metres / 110_600.0);
    assert!(!area.is_clearly_left(at(4_900.0), Some(10.0)));
    assert!(area.is_clearly_left(at(5_100.0), Some(10.0)));
    assert!(!area.is_clearly_left(at(5_100.0), Some(200.0)));
    // Without an accuracy 50 m stand in; a share that is good for nothing says nothing.
    assert!(!area.is_clearly_left(at(5_040.0), None));
    assert!(!area.is_clearly_left(at(90_000.0), Some(2_000.1)));
}

#[test]
fn the_coarse_outline_that_ships_takes_no_village_of_banten_for_outside() {
    let file = include_str!("../../data/regions/outlines_coarse.geojson");
    let file: serde_json::Value = serde_json::from_str(file).unwrap();
    let feature = file["features"].as_array().unwrap().iter();
    let banten = feature
        .clone()
        .find(|feature| feature["properties"]["code"] == "36")
        .unwrap();
    let rings = banten["geometry"]["coordinates"].as_array().unwrap();
    let parts = rings.iter().map(|polygon| {
        let mut outer: Vec<Position> = polygon[0]
            .as_array()
            .unwrap()
            .iter()
            .map(|point| corner(point[1].as_f64().unwrap(), point[0].as_f64().unwrap()))
            .collect();
        outer.pop();
        Part {
            outer,
            holes: Vec::new(),
        }
    });
    let accuracy = banten["properties"]["accuracy_metres"].as_u64().unwrap();
    let outline = RegionOutline {
        parts: parts.collect(),
        accuracy_metres: u32::try_from(accuracy).unwrap(),
        ..RegionOutline::clone(&square("36", (-7.0, 105.0), 1.0, 0))
    };
    assert_eq!(outline.faults(), []);
    let area = AllowedArea::of(&[Arc::new(outline)], &"36".parse().unwrap(), None).unwrap();
    for village in crate::domain::village::villages() {
        assert!(!area.is_clearly_left(village.label, Some(10.0)), "{}", village.name);
    }
    // Bandung is, and so is Jakarta's east.
    assert!(area.is_clearly_left(corner(-6.914_7, 107.609_8), Some(10.0)));
    assert!(area.is_clearly_left(corner(-6.225, 106.900_4), Some(10.0)));
}

proptest! {
    #[test]
    fn a_coarser_outline_or_share_never_says_more(north in -1.0..2.0f64, east in -1.0..2.0f64, coarse in 0..20_000u32, fine in 0..20_000u32, accuracy in 1.0..2_000.0f64) {
        let (fine, coarse) = (fine.min(coarse), fine.max(coarse));
        let point = corner(-7.0 + north, 105.0 + east);
        let is_left = |outline: u32, accuracy: f64| {
            let outlines = [square("36", (-7.0, 105.0), 1.0, outline)];
            AllowedArea::of(&outlines, &"36".parse().unwrap(), None).unwrap().is_clearly_left(point, Some(accuracy))
        };
        prop_assert!(!is_left(coarse, accuracy) || is_left(fine, accuracy));
        prop_assert!(!is_left(fine, accuracy) || is_left(fine, accuracy / 2.0));
        let is_within = (0.0..1.0).contains(&north) && (0.0..1.0).contains(&east);
        prop_assert!(!(is_within && is_left(fine, accuracy)));
    }
}

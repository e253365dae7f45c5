//! Outlines of regions from a GeoJSON file (RFC 7946): read strictly, every fault named by its feature.

use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::place::Position;
use crate::domain::place::PositionError;
use crate::domain::region_outline::MOST_CORNERS;
use crate::domain::region_outline::MOST_OUTLINES;
use crate::domain::region_outline::Part;
use crate::domain::region_outline::RegionOutline;
use chrono::NaiveDate;
use serde_json::Value;

/// Most bytes of a file that is read: 100,000 corners with ten digits each take about 3 MB.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Most characters of a name or source.
const LONGEST_TEXT: usize = 200;
/// Names of the one reference system that GeoJSON knows; older files say it.
const WGS_84: [&str; 3] = [
    "urn:ogc:def:crs:OGC:1.3:CRS84",
    "urn:ogc:def:crs:EPSG::4326",
    "EPSG:4326",
];

/// What is wrong with a file, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FeatureFault {
    /// Which feature, counted from 0; none for the file as a whole.
    pub feature: Option<usize>,
    /// Which member of it: `properties.code`, `geometry`.
    pub member: &'static str,
    /// What is wrong.
    pub kind: FeatureFaultKind,
}

/// What can be wrong with a member.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FeatureFaultKind {
    /// Not JSON, or no `FeatureCollection`.
    NotAFeatureCollection,
    /// A reference system other than WGS 84.
    OtherReferenceSystem,
    /// None, or more than [`MOST_OUTLINES`].
    Count,
    /// More than [`MOST_CORNERS`] corners in the file.
    TooManyCorners,
    /// It is not there, empty, too long or of another type.
    NotFitting,
    /// Neither a `Polygon` nor a `MultiPolygon`.
    NotAPolygon,
    /// A ring that does not end where it begins.
    NotClosed,
    /// Not a pair of longitude and latitude; the two may be the wrong way round.
    NotAPosition,
}

/// The outlines of a file, not yet held against the rules of outlines, or everything that is wrong with it.
pub fn read(file: &[u8]) -> Result<Vec<RegionOutline>, Vec<FeatureFault>> {
    let of_file = |member, kind| {
        vec![FeatureFault {
            feature: None,
            member,
            kind,
        }]
    };
    let root: Value =
        serde_json::from_slice(file).map_err(|_cause| of_file("file", FeatureFaultKind::NotAFeatureCollection))?;
    let is_collection = root.get("type").and_then(Value::as_str) == Some("FeatureCollection");
    let features = root.get("features").and_then(Value::as_array).filter(|_| is_collection);
    let features = features.ok_or_else(|| of_file("file", FeatureFaultKind::NotAFeatureCollection))?;
    if let Some(system) = root.get("crs") {
        let name = system.pointer("/properties/name").and_then(Value::as_str);
        if !name.is_some_and(|name| WGS_84.contains(&name)) {
            return Err(of_file("crs", FeatureFaultKind::OtherReferenceSystem));
        }
    }
    if !(1..=MOST_OUTLINES).contains(&features.len()) {
        return Err(of_file("features", FeatureFaultKind::Count));
    }
    let (mut outlines, mut faults, mut corners) = (Vec::with_capacity(features.len()), Vec::new(), 0);
    for (index, feature) in features.iter().enumerate() {
        match outline(feature, &mut corners) {
            Ok(outline) => outlines.push(outline),
            Err((member, kind)) => faults.push(FeatureFault {
                feature: Some(index),
                member,
                kind,
            }),
        }
        if corners > MOST_CORNERS {
            break;
        }
    }
    if faults.is_empty() { Ok(outlines) } else { Err(faults) }
}

type Fault = (&'static str, FeatureFaultKind);

fn outline(feature: &Value, corners: &mut usize) -> Result<RegionOutline, Fault> {
    if feature.get("type").and_then(Value::as_str) != Some("Feature") {
        return Err(("type", FeatureFaultKind::NotFitting));
    }
    let property = |name: &str| feature.get("properties").and_then(|properties| properties.get(name));
    let text = |name: &str, member: &'static str| {
        property(name)
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|text| (1..=LONGEST_TEXT).contains(&text.chars().count()) && !text.contains(char::is_control))
            .ok_or((member, FeatureFaultKind::NotFitting))
    };
    let code: Option<JurisdictionCode> = text("code", "properties.code")?.parse().ok();
    let dated_on: Option<NaiveDate> = text("date", "properties.date")?.parse().ok();
    let accuracy = property("accuracy_metres").and_then(Value::as_u64);
    Ok(RegionOutline {
        code: code.ok_or(("properties.code", FeatureFaultKind::NotFitting))?,
        name: text("name", "properties.name")?.to_owned(),
        source: text("source", "properties.source")?.to_owned(),
        dated_on: dated_on.ok_or(("properties.date", FeatureFaultKind::NotFitting))?,
        accuracy_metres: accuracy
            .and_then(|metres| u32::try_from(metres).ok())
            .ok_or(("properties.accuracy_metres", FeatureFaultKind::NotFitting))?,
        parts: parts(feature.get("geometry"), corners).map_err(|kind| ("geometry", kind))?,
    })
}

fn parts(geometry: Option<&Value>, corners: &mut usize) -> Result<Vec<Part>, FeatureFaultKind> {
    let geometry = geometry.ok_or(FeatureFaultKind::NotAPolygon)?;
    let coordinates = geometry.get("coordinates").and_then(Value::as_array);
    let coordinates = coordinates.ok_or(FeatureFaultKind::NotAPolygon)?;
    match geometry.get("type").and_then(Value::as_str) {
        Some("Polygon") => Ok(vec![part(coordinates, corners)?]),
        Some("MultiPolygon") => coordinates
            .iter()
            .map(|polygon| part(polygon.as_array().ok_or(FeatureFaultKind::NotAPolygon)?, corners))
            .collect(),
        _ => Err(FeatureFaultKind::NotAPolygon),
    }
}

fn part(rings: &[Value], corners: &mut usize) -> Result<Part, FeatureFaultKind> {
    let mut rings = rings
        .iter()
        .map(|ring| self::ring(ring.as_array().ok_or(FeatureFaultKind::NotAPolygon)?, corners));
    Ok(Part {
        outer: rings.next().ok_or(FeatureFaultKind::NotAPolygon)??,
        holes: rings.collect::<Result<_, _>>()?,
    })
}

/// A ring as RFC 7946 writes it, its last position the same as its first; that one is left out here.
fn ring(positions: &[Value], corners: &mut usize) -> Result<Vec<Position>, FeatureFaultKind> {
    *corners += positions.len();
    if *corners > MOST_CORNERS {
        return Err(FeatureFaultKind::TooManyCorners);
    }
    let mut ring: Vec<Position> = positions.iter().map(position).collect::<Result<_, _>>()?;
    match (ring.first().copied(), ring.pop()) {
        (Some(first), Some(last)) if first == last => Ok(ring),
        _ => Err(FeatureFaultKind::NotClosed),
    }
}

fn position(pair: &Value) -> Result<Position, FeatureFaultKind> {
    let number = |index: usize| pair.get(index).and_then(Value::as_f64);
    let (Some(longitude), Some(latitude)) = (number(0), number(1)) else {
        return Err(FeatureFaultKind::NotAPosition);
    };
    let position: Result<Position, PositionError> = Position::from_degrees(latitude, longitude);
    position.ok().ok_or(FeatureFaultKind::NotAPosition)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn square(code: &str) -> Value {
        json!({"type": "Feature",
            "properties": {"code": code, "name": "Banten", "source": "Peta uji", "date": "2026-01-02", "accuracy_metres": 500},
            "geometry": {"type": "Polygon",
                "coordinates": [[[105.0, -7.0], [106.0, -7.0], [106.0, -6.0], [105.0, -6.0], [105.0, -7.0]]]}})
    }

    fn file(features: &[Value]) -> Vec<u8> {
        json!({"type": "FeatureCollection", "features": features})
            .to_string()
            .into_bytes()
    }

    fn fault_of(change: impl FnOnce(&mut Value)) -> (Option<usize>, &'static str, FeatureFaultKind) {
        let mut second = square("32");
        change(&mut second);
        let faults = read(&file(&[square("36"), second])).unwrap_err();
        assert_eq!(faults.len(), 1);
        (faults[0].feature, faults[0].member, faults[0].kind)
    }

    #[test]
    fn a_polygon_and_a_multipolygon_are_read_with_their_holes() {
        let mut other = square("32");
        let hole = json!([[105.2, -6.8], [105.4, -6.8], [105.4, -6.6], [105.2, -6.8]]);
        let outer = other["geometry"]["coordinates"][0].clone();
        other["geometry"] = json!({"type": "MultiPolygon", "coordinates": [[outer, hole]]});
        let outlines = read(&file(&[square("36"), other])).unwrap();
        assert_eq!(outlines.len(), 2);
        assert_eq!(
            (outlines[0].parts[0].outer.len(), outlines[0].accuracy_metres),
            (4, 500)
        );
        assert_eq!(outlines[1].parts[0].holes[0].len(), 3);
        assert_eq!(outlines[1].faults(), []);
    }

    #[test]
    fn the_file_that_ships_is_read() {
        let shipped = include_bytes!("../../data/regions/outlines_coarse.geojson");
        let outlines = read(shipped).unwrap();
        let codes: Vec<&str> = outlines.iter().map(|outline| outline.code.as_str()).collect();
        assert_eq!(codes, ["31", "32", "36"]);
        assert_eq!(crate::domain::region_outline::check_all(&outlines), []);
    }

    #[test]
    fn what_is_wrong_is_named_by_its_feature() {
        use FeatureFaultKind::{NotAPolygon, NotAPosition, NotClosed, NotFitting};
        assert_eq!(
            fault_of(|it| it["properties"]["code"] = json!("Banten")),
            (Some(1), "properties.code", NotFitting)
        );
        assert_eq!(
            fault_of(|it| it["properties"]["name"] = json!(" ")),
            (Some(1), "properties.name", NotFitting)
        );
        assert_eq!(
            fault_of(|it| it["properties"]["date"] = json!("2026-02-30")),
            (Some(1), "properties.date", NotFitting)
        );
        assert_eq!(
            fault_of(|it| it["properties"]["accuracy_metres"] = json!(-1)),
            (Some(1), "properties.accuracy_metres", NotFitting)
        );
        assert_eq!(
            fault_of(|it| it["properties"] = Value::Null),
            (Some(1), "properties.code", NotFitting)
        );
        assert_eq!(
            fault_of(|it| it["geometry"]["type"] = json!("LineString")),
            (Some(1), "geometry", NotAPolygon)
        );
        assert_eq!(
            fault_of(|it| it["geometry"] = Value::Null),
            (Some(1), "geometry", NotAPolygon)
        );
        assert_eq!(
            fault_of(|it| it["geometry"]["coordinates"][0][4] = json!([105.0, -6.9])),
            (Some(1), "geometry", NotClosed)
        );
        // Latitude and longitude the wrong way round.
        assert_eq!(
            fault_of(|it| it["geometry"]["coordinates"][0][0] = json!([-7.0, 105.0])),
            (Some(1), "geometry", NotAPosition)
        );
    }

    #[test]
    fn what_is_no_collection_of_outlines_is_refused_whole() {
        let kind = |bytes: &[u8]| read(bytes).unwrap_err()[0].kind;
        assert_eq!(kind(b"not json"), FeatureFaultKind::NotAFeatureCollection);
        assert_eq!(kind(b"[]"), FeatureFaultKind::NotAFeatureCollection);
        assert_eq!(
            kind(square("36").to_string().as_bytes()),
            FeatureFaultKind::NotAFeatureCollection
        );
        assert_eq!(kind(&file(&[])), FeatureFaultKind::Count);
        let with_system = |name: &str| {
            let system = json!({"type": "name", "properties": {"name": name}});
            json!({"type": "FeatureCollection", "crs": system, "features": [square("36")]})
                .to_string()
                .into_bytes()
        };
        assert_eq!(kind(&with_system("EPSG:3857")), FeatureFaultKind::OtherReferenceSystem);
        assert!(read(&with_system(WGS_84[0])).is_ok());
    }

    #[test]
    fn a_file_of_too_many_corners_is_refused() {
        let mut wide = square("36");
        wide["geometry"]["coordinates"][0] = Value::Array(vec![json!([105.0, -7.0]); MOST_CORNERS + 1]);
        assert_eq!(
            read(&file(&[wide])).unwrap_err()[0].kind,
            FeatureFaultKind::TooManyCorners
        );
    }

    proptest! {
        #[test]
        fn no_text_brings_the_reader_down(text in ".{0,200}") {
            prop_assert!(read(text.as_bytes()).is_err());
        }
    }
}

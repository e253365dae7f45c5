//! GeoJSON (RFC 7946) of blurred map cells, written feature by feature.

use crate::domain::batch::cell::CellCount;
use std::io;
use std::io::Write;

/// A `FeatureCollection` in the making.
#[derive(Debug)]
pub struct MapFile<W: Write> {
    target: W,
    is_empty: bool,
}

impl<W: Write> MapFile<W> {
    /// Writes the opening.
    pub fn new(mut target: W) -> io::Result<Self> {
        target.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(Self { target, is_empty: true })
    }

    /// Writes one feature: the centre of a cell and how many shares of one slot and outcome fell into it.
    pub fn feature(&mut self, count: &CellCount) -> io::Result<()> {
        let separator = if std::mem::replace(&mut self.is_empty, false) {
            ""
        } else {
            ","
        };
        let (latitude, longitude) = count.cell.centre_millidegrees();
        // Longitude first: RFC 7946, section 3.1.1.
        write!(
            self.target,
            "{separator}\n{{\"type\":\"Feature\",\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{},{}]}},\
             \"properties\":{{\"work_date\":\"{}\",\"slot\":\"{}\",\"place\":\"{}\",\"check_ins\":{},\
             \"cell_degrees\":0.01}}}}",
            Millidegrees(longitude),
            Millidegrees(latitude),
            count.work_date,
            count.slot.code(),
            count.place.code(),
            count.check_ins,
        )
    }

    /// Writes the end and gives the target back.
    pub fn finish(mut self) -> io::Result<W> {
        self.target.write_all(b"\n]}\n")?;
        Ok(self.target)
    }
}

/// Thousandths of a degree, printed exactly.
struct Millidegrees(i32);

impl std::fmt::Display for Millidegrees {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        write!(formatter, "{sign}{}.{:03}", magnitude / 1_000, magnitude % 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::batch::cell::Cell;
    use crate::domain::place::Place;
    use crate::domain::slot::Slot;

    #[test]
    fn a_feature_is_a_cell_centre_with_a_count() {
        let count = CellCount {
            work_date: chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
            slot: Slot::Midday,
            cell: Cell {
                south: -612,
                west: 10_617,
            },
            place: Place::Inside,
            check_ins: 4,
        };
        let mut map = MapFile::new(Vec::new()).unwrap();
        map.feature(&count).unwrap();
        map.feature(&count).unwrap();
        let text = String::from_utf8(map.finish().unwrap()).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["features"].as_array().unwrap().len(), 2);
        let feature = &value["features"][0];
        assert_eq!(feature["geometry"]["coordinates"], serde_json::json!([106.175, -6.115]));
        assert_eq!(feature["properties"]["check_ins"], 4);
        assert!(text.contains("[106.175,-6.115]"), "{text}");
    }

    #[test]
    fn an_empty_map_is_still_a_map() {
        let text = String::from_utf8(MapFile::new(Vec::new()).unwrap().finish().unwrap()).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["features"], serde_json::json!([]));
    }

    #[test]
    fn degrees_near_zero_keep_their_sign() {
        assert_eq!(Millidegrees(-5).to_string(), "-0.005");
        assert_eq!(Millidegrees(5).to_string(), "0.005");
    }
}

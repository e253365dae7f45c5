//! Sealing: rows go in, in order, and lines, digests and totals come out. Holds no rows.

use crate::domain::access::AgencyCode;
use crate::domain::batch::FORMAT;
use crate::domain::batch::cell::Cell;
use crate::domain::batch::cell::CellTally;
use crate::domain::batch::coverage::Coverage;
use crate::domain::batch::manifest::CELLS_FILE;
use crate::domain::batch::manifest::Counts;
use crate::domain::batch::manifest::FileEntry;
use crate::domain::batch::manifest::Manifest;
use crate::domain::batch::manifest::ROWS_FILE;
use crate::domain::batch::manifest::Superseded;
use crate::domain::batch::row::Row;
use crate::domain::batch::row_tree::RowSecret;
use crate::domain::batch::row_tree::RowTree;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::canonical;
use crate::domain::canonical::CanonicalError;
use crate::domain::digest::Digest;
use crate::domain::digest::RunningDigest;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use std::collections::HashSet;

/// Why rows cannot be sealed. Each is a mistake of the caller, none can come from what people entered.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SealError {
    /// A row's unit is not after the one before it.
    #[error("rows do not rise by their unit")]
    Order,
    /// A row is not of the agency, dates or slot of the batch.
    #[error("a row is outside what the batch covers")]
    Coverage,
    /// State and outcome of a row contradict each other.
    #[error("a row contradicts itself")]
    Incoherent,
    /// A row has no canonical form.
    #[error("a row has no canonical form")]
    Canonical(#[from] CanonicalError),
}

/// A batch in the making. Its memory follows people and places, not rows.
#[derive(Debug)]
pub struct Sealing {
    agency: AgencyCode,
    coverage: Coverage,
    last: Option<SlotUnit>,
    digest: RunningDigest,
    counts: Counts,
    employees: HashSet<String>,
    cells: CellTally,
    tree: RowTree,
}

/// What the manifest says besides the content.
#[derive(Clone, Debug)]
pub struct SealHeader {
    /// Id of the batch.
    pub batch_id: BatchId,
    /// The agency's name.
    pub agency_name: String,
    /// Version of the coverage.
    pub version: u32,
    /// The version before.
    pub supersedes: Option<Superseded>,
    /// When the rows are fixed.
    pub sealed_at: Instant,
    /// Who seals.
    pub prepared_by: Option<String>,
}

impl Sealing {
    /// Starts an empty batch.
    pub fn new(agency: AgencyCode, coverage: Coverage, secret: RowSecret) -> Self {
        Self {
            agency,
            coverage,
            last: None,
            digest: RunningDigest::default(),
            counts: Counts::default(),
            employees: HashSet::new(),
            cells: CellTally::default(),
            tree: RowTree::new(secret),
        }
    }

    /// Takes the next row and gives its line, line feed included. `cell` is where its share fell on the blurred grid.
    pub fn row(&mut self, row: &Row, cell: Option<Cell>) -> Result<String, SealError> {
        if row.agency != self.agency || !row.agrees_with_its_unit() || !self.coverage.holds(row.work_date, row.slot) {
            return Err(SealError::Coverage);
        }
        if self.last.as_ref().is_some_and(|last| *last >= row.unit_id) {
            return Err(SealError::Order);
        }
        if !row.is_coherent() {
            return Err(SealError::Incoherent);
        }
        let mut line = canonical::to_string(row)?;
        self.tree.add(&row.unit_id, &line)?;
        line.push('\n');
        self.digest.update(line.as_bytes());
        self.counts.add(row);
        if !self.employees.contains(&row.employee_number) {
            self.employees.insert(row.employee_number.clone());
        }
        if let (Some(cell), Some(place)) = (cell, row.place) {
            self.cells.add(row.work_date, row.slot, cell, place);
        }
        self.last = Some(row.unit_id.clone());
        Ok(line)
    }

    /// The root of the tree over the rows so far.
    pub fn rows_root(&self) -> Digest {
        self.tree.root()
    }

    /// Ends the rows: the lines of `cells.ndjson`, line feeds included, and the manifest.
    pub fn finish(self, header: SealHeader) -> Result<(Vec<String>, Manifest), SealError> {
        let mut cell_lines = Vec::new();
        let mut cell_digest = RunningDigest::default();
        for count in self.cells.into_counts() {
            let mut line = canonical::to_string(&count)?;
            line.push('\n');
            cell_digest.update(line.as_bytes());
            cell_lines.push(line);
        }
        let counts = Counts {
            employees: u64::try_from(self.employees.len()).unwrap_or(u64::MAX),
            ..self.counts
        };
        let file = |name: &str, rows, digest: RunningDigest| FileEntry {
            name: name.to_owned(),
            bytes: digest.bytes(),
            rows,
            sha256: digest.finish(),
        };
        let cell_rows = u64::try_from(cell_lines.len()).unwrap_or(u64::MAX);
        let manifest = Manifest {
            format: FORMAT.to_owned(),
            batch_id: header.batch_id,
            agency: self.agency,
            agency_name: header.agency_name,
            kind: self.coverage.kind(),
            from: self.coverage.from(),
            to: self.coverage.to(),
            slot: self.coverage.slot(),
            version: header.version,
            supersedes: header.supersedes,
            sealed_at: header.sealed_at,
            prepared_by: header.prepared_by,
            counts,
            files: vec![
                file(ROWS_FILE, counts.rows, self.digest),
                file(CELLS_FILE, cell_rows, cell_digest),
            ],
        };
        Ok((cell_lines, manifest))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::batch::commitment::BatchKey;
    use crate::domain::batch::row::tests::missed;
    use crate::domain::batch::row::tests::received;
    use crate::domain::slot::Slot;
    use proptest::prelude::*;

    pub(crate) fn sealing() -> Sealing {
        let row = missed("p");
        let secret = RowSecret::of(&BatchKey::derive(&[7; 32]), header().batch_id);
        Sealing::new(row.agency, Coverage::of_slot(row.work_date, Slot::Midday), secret)
    }

    pub(crate) fn header() -> SealHeader {
        SealHeader {
            batch_id: BatchId::new(uuid::Uuid::from_u128(1)),
            agency_name: "Dinas Pendidikan".to_owned(),
            version: 1,
            supersedes: None,
            sealed_at: Instant::parse("2026-03-02T06:45:00Z").unwrap(),
            prepared_by: None,
        }
    }

    #[test]
    fn digests_and_counts_are_those_of_the_lines() {
        let mut sealing = sealing();
        let cell = Some(Cell {
            south: -612,
            west: 10_617,
        });
        let mut lines = sealing.row(&received("p1"), cell).unwrap();
        lines += &sealing.row(&missed("p2"), None).unwrap();
        let (cells, manifest) = sealing.finish(header()).unwrap();
        let rows = manifest.file(ROWS_FILE).unwrap();
        assert_eq!((rows.rows, rows.bytes), (2, u64::try_from(lines.len()).unwrap()));
        assert_eq!(rows.sha256, Digest::of(lines.as_bytes()));
        assert_eq!(
            manifest.file(CELLS_FILE).unwrap().sha256,
            Digest::of(cells.concat().as_bytes())
        );
        assert_eq!(
            (
                manifest.counts.expected,
                manifest.counts.received,
                manifest.counts.missed
            ),
            (2, 1, 1)
        );
        assert_eq!((manifest.counts.employees, manifest.counts.places.inside), (1, 1));
        assert!(manifest.is_coherent());
    }

    #[test]
    fn a_row_out_of_order_twice_or_of_elsewhere_is_not_sealed() {
        let mut sealing = sealing();
        sealing.row(&missed("p2"), None).unwrap();
        assert_eq!(sealing.row(&missed("p2"), None), Err(SealError::Order));
        assert_eq!(sealing.row(&missed("p1"), None), Err(SealError::Order));
        let foreign = Row {
            agency: AgencyCode::parse("1.02").unwrap(),
            ..missed("p3")
        };
        assert_eq!(sealing.row(&foreign, None), Err(SealError::Coverage));
        let torn = Row {
            expected: false,
            ..missed("p3")
        };
        assert_eq!(sealing.row(&torn, None), Err(SealError::Incoherent));
    }

    #[test]
    fn the_same_rows_are_the_same_content_whoever_seals_them_when() {
        let seal = |header: SealHeader| {
            let mut sealing = sealing();
            sealing.row(&missed("p1"), None).unwrap();
            sealing.finish(header).unwrap().1
        };
        let later = SealHeader {
            version: 2,
            sealed_at: Instant::parse("2026-03-03T06:45:00Z").unwrap(),
            prepared_by: Some("admin".to_owned()),
            ..header()
        };
        let (one, other) = (seal(header()), seal(later));
        assert!(one.has_the_content_of(&other));
        assert_ne!(one.print().unwrap().1, other.print().unwrap().1);
    }

    proptest! {
        #[test]
        fn counts_add_up(states in prop::collection::vec(0..4_usize, 0..60)) {
            let mut sealing = sealing();
            for (index, state) in states.iter().enumerate() {
                let pseudonym = format!("p{index:03}");
                let row = match state {
                    0 => missed(&pseudonym),
                    1 => received(&pseudonym),
                    2 => Row { expected: false, ..received(&pseudonym) },
                    _ => Row {
                        state: crate::domain::batch::row::RowState::Excused,
                        expected: false,
                        ..missed(&pseudonym)
                    },
                };
                sealing.row(&row, None).unwrap();
            }
            let counts = sealing.finish(header()).unwrap().1.counts;
            prop_assert_eq!(counts.rows, counts.expected + counts.unexpected + counts.excused + counts.not_required);
            prop_assert_eq!(counts.expected, counts.missed + counts.open + counts.received - counts.unexpected);
            let places = counts.places;
            let placed = places.inside + places.probable + places.uncertain + places.unverifiable + places.unusable
                + places.outside;
            prop_assert_eq!(placed, counts.received);
        }
    }
}

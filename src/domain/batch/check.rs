//! BKD's automatic check of a received batch: header, digests, counts, people, double slots, clashes (domain.md 2.7).
//! Reads lines one by one and holds none.

use crate::domain::batch::cell::CellCount;
use crate::domain::batch::finding::CheckCode;
use crate::domain::batch::finding::Finding;
use crate::domain::batch::finding::MAX_FINDINGS;
use crate::domain::batch::manifest::CELLS_FILE;
use crate::domain::batch::manifest::Counts;
use crate::domain::batch::manifest::Manifest;
use crate::domain::batch::manifest::ROWS_FILE;
use crate::domain::batch::row::Row;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::canonical;
use crate::domain::digest::RunningDigest;
use chrono::NaiveDate;
use std::collections::HashSet;
use std::fmt;

/// What BKD's own staff list says of a number on a date.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// A member of the agency that sent the batch.
    Own,
    /// A member of another agency.
    Foreign,
    /// No such number.
    Unknown,
}

/// A check under way.
pub struct Check<'a> {
    manifest: &'a Manifest,
    standing: &'a dyn Fn(&str, NaiveDate) -> Standing,
    rows: RunningDigest,
    cells: RunningDigest,
    cell_rows: u64,
    counts: Counts,
    employees: HashSet<String>,
    last: Option<SlotUnit>,
    findings: Vec<Finding>,
    is_broken: bool,
}

impl fmt::Debug for Check<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Check({}, {} rows)",
            self.manifest.batch_id, self.counts.rows
        )
    }
}

/// What the check found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outcome {
    /// At most [`MAX_FINDINGS`], in the order of the file, those about the batch last.
    pub findings: Vec<Finding>,
    /// Whether the files are not what the manifest says: such a batch is rejected at once.
    pub is_broken: bool,
}

impl<'a> Check<'a> {
    /// Starts with the manifest. `standing` looks a number up in BKD's own staff list.
    pub fn new(manifest: &'a Manifest, standing: &'a dyn Fn(&str, NaiveDate) -> Standing) -> Self {
        let mut check = Self {
            manifest,
            standing,
            rows: RunningDigest::default(),
            cells: RunningDigest::default(),
            cell_rows: 0,
            counts: Counts::default(),
            employees: HashSet::new(),
            last: None,
            findings: Vec::new(),
            is_broken: false,
        };
        if !manifest.is_coherent() {
            check.find(CheckCode::Format, None, None);
        }
        check
    }

    /// Notes that the manifest's own bytes are not those of its digest.
    pub fn manifest_differs(&mut self) {
        self.find(CheckCode::Digest, None, Some("manifest"));
    }

    /// Takes the next line of `rows.ndjson`, without its line feed.
    pub fn row(&mut self, line: &str) {
        self.rows.update(line.as_bytes());
        self.rows.update(b"\n");
        let number = self.counts.rows.saturating_add(1);
        let Ok(row) = canonical::from_str::<Row>(line) else {
            self.counts.rows = number;
            self.find(CheckCode::Row, Some(number), None);
            return;
        };
        self.counts.add(&row);
        if !row.agrees_with_its_unit() {
            self.find(CheckCode::Unit, Some(number), Some("unit_id"));
        }
        match &self.last {
            Some(last) if *last == row.unit_id => self.find(CheckCode::Duplicate, Some(number), Some("unit_id")),
            Some(last) if *last > row.unit_id => self.find(CheckCode::Order, Some(number), Some("unit_id")),
            Some(_) | None => {}
        }
        if !self.manifest.coverage().holds(row.work_date, row.slot) {
            self.find(CheckCode::Coverage, Some(number), Some("work_date"));
        }
        if row.agency != self.manifest.agency {
            self.find(CheckCode::Coverage, Some(number), Some("agency"));
        }
        match (self.standing)(&row.employee_number, row.work_date) {
            Standing::Own => {}
            Standing::Foreign => self.find(CheckCode::EmployeeForeign, Some(number), Some("employee_number")),
            Standing::Unknown => self.find(CheckCode::EmployeeUnknown, Some(number), Some("employee_number")),
        }
        if !row.is_coherent() {
            self.find(CheckCode::ModeClash, Some(number), Some("state"));
        }
        self.employees.insert(row.employee_number);
        self.last = Some(row.unit_id);
    }

    /// Takes the next line of `cells.ndjson`, without its line feed.
    pub fn cell(&mut self, line: &str) {
        self.cells.update(line.as_bytes());
        self.cells.update(b"\n");
        self.cell_rows = self.cell_rows.saturating_add(1);
        let is_fine = canonical::from_str::<CellCount>(line).is_ok_and(|count| {
            count.cell.is_on_the_globe() && self.manifest.coverage().holds(count.work_date, count.slot)
        });
        if !is_fine {
            self.find(CheckCode::Cell, None, Some("cells"));
        }
    }

    /// Holds what was read against the manifest.
    pub fn finish(mut self) -> Outcome {
        self.counts.employees = u64::try_from(self.employees.len()).unwrap_or(u64::MAX);
        if self.counts != self.manifest.counts {
            self.find(CheckCode::Count, None, Some("counts"));
        }
        let (rows, cells) = (self.rows.clone(), self.cells.clone());
        for (name, lines, digest) in [(ROWS_FILE, self.counts.rows, rows), (CELLS_FILE, self.cell_rows, cells)] {
            let bytes = digest.bytes();
            let sha256 = digest.finish();
            let is_same = self
                .manifest
                .file(name)
                .is_some_and(|file| file.bytes == bytes && file.rows == lines && file.sha256 == sha256);
            if !is_same {
                self.find(CheckCode::Digest, None, Some("files"));
            }
        }
        Outcome {
            findings: self.findings,
            is_broken: self.is_broken,
        }
    }

    fn find(&mut self, code: CheckCode, row: Option<u64>, field: Option<&str>) {
        self.is_broken |= code.is_breakage();
        // What is wrong with the file as a whole must not drown among its rows.
        if self.findings.len() < MAX_FINDINGS || row.is_none() {
            self.findings.truncate(MAX_FINDINGS.saturating_sub(1));
            self.findings.push(code.finding(row, field));
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::batch::cell::Cell;
    use crate::domain::batch::coverage::CoverageKind;
    use crate::domain::batch::row::tests::missed;
    use crate::domain::batch::row::tests::received;
    use crate::domain::batch::seal::tests::header;
    use crate::domain::batch::seal::tests::sealing;
    use crate::domain::work_mode::WorkMode;

    /// A manifest with its rows and cells.
    pub(crate) fn batch() -> (Manifest, Vec<String>, Vec<String>) {
        let mut sealing = sealing();
        let cell = Some(Cell {
            south: -612,
            west: 10_617,
        });
        let rows = vec![
            sealing.row(&received("p1"), cell).unwrap(),
            sealing.row(&missed("p2"), None).unwrap(),
        ];
        let (cells, manifest) = sealing.finish(header()).unwrap();
        (manifest, rows, cells)
    }

    pub(crate) fn check(manifest: &Manifest, rows: &[String], cells: &[String], standing: Standing) -> Outcome {
        let standing = |_: &str, _: NaiveDate| standing;
        let mut check = Check::new(manifest, &standing);
        for line in rows {
            check.row(line.strip_suffix('\n').unwrap_or(line));
        }
        for line in cells {
            check.cell(line.strip_suffix('\n').unwrap_or(line));
        }
        check.finish()
    }

    fn codes(outcome: &Outcome) -> Vec<(&str, Option<u64>)> {
        outcome
            .findings
            .iter()
            .map(|finding| (finding.code.as_str(), finding.row))
            .collect()
    }

    #[test]
    fn a_batch_as_it_was_sealed_has_no_findings() {
        let (manifest, rows, cells) = batch();
        let outcome = check(&manifest, &rows, &cells, Standing::Own);
        assert_eq!(
            outcome,
            Outcome {
                findings: Vec::new(),
                is_broken: false
            }
        );
    }

    #[test]
    fn every_changed_byte_of_the_rows_breaks_the_batch() {
        let (manifest, rows, cells) = batch();
        for index in 0..rows[0].len() - 1 {
            let mut line = rows[0].clone().into_bytes();
            line[index] ^= 1;
            let Ok(line) = String::from_utf8(line) else { continue };
            let outcome = check(&manifest, &[line, rows[1].clone()], &cells, Standing::Own);
            assert!(outcome.is_broken, "byte {index}");
        }
    }

    #[test]
    fn a_doubled_a_missing_and_a_foreign_row_are_found() {
        let (manifest, rows, cells) = batch();
        let doubled = [rows[0].clone(), rows[0].clone(), rows[1].clone()];
        let outcome = check(&manifest, &doubled, &cells, Standing::Own);
        assert_eq!(
            codes(&outcome),
            [("duplicate_slot", Some(2)), ("count", None), ("digest", None)]
        );
        let outcome = check(&manifest, &rows[..1], &cells, Standing::Own);
        assert_eq!(codes(&outcome), [("count", None), ("digest", None)]);
        let outcome = check(&manifest, &rows, &cells, Standing::Foreign);
        assert_eq!(
            codes(&outcome),
            [("employee_foreign", Some(1)), ("employee_foreign", Some(2))]
        );
        assert!(!outcome.is_broken, "a person decides over this one");
    }

    #[test]
    fn an_unknown_number_and_a_clash_are_laid_before_a_person() {
        let (manifest, _, cells) = batch();
        let clash = Row {
            mode: WorkMode::Leave,
            ..missed("p2")
        };
        let lines = [
            canonical::to_string(&received("p1")).unwrap(),
            canonical::to_string(&clash).unwrap(),
        ];
        let outcome = check(&manifest, &lines, &cells, Standing::Unknown);
        let found = codes(&outcome);
        assert!(found.contains(&("employee_unknown", Some(1))), "{found:?}");
        assert!(found.contains(&("mode_clash", Some(2))), "{found:?}");
    }

    #[test]
    fn rows_of_another_day_slot_or_order_are_found() {
        let (mut manifest, rows, cells) = batch();
        manifest.from = manifest.from.succ_opt().unwrap();
        manifest.to = manifest.from;
        let swapped = [rows[1].clone(), rows[0].clone()];
        let outcome = check(&manifest, &swapped, &cells, Standing::Own);
        let found = codes(&outcome);
        assert!(found.contains(&("outside_coverage", Some(1))), "{found:?}");
        assert!(found.contains(&("row_order", Some(2))), "{found:?}");
    }

    #[test]
    fn an_unknown_format_is_found() {
        let (mut manifest, rows, cells) = batch();
        manifest.format = "sherlok-batch/2".to_owned();
        let outcome = check(&manifest, &rows, &cells, Standing::Own);
        assert_eq!(codes(&outcome), [("format", None)]);
        assert!(outcome.is_broken);
    }

    #[test]
    fn a_span_of_more_than_a_quarter_is_no_batch() {
        let (mut manifest, rows, cells) = batch();
        (manifest.slot, manifest.kind) = (None, CoverageKind::Period);
        manifest.to = manifest.from + chrono::Days::new(91);
        let outcome = check(&manifest, &rows, &cells, Standing::Own);
        assert!(!outcome.is_broken, "{outcome:?}");
        manifest.to = manifest.from + chrono::Days::new(92);
        let outcome = check(&manifest, &rows, &cells, Standing::Own);
        assert_eq!(codes(&outcome), [("format", None)]);
    }

    #[test]
    fn thousands_of_bad_rows_do_not_drown_the_digest() {
        let (manifest, _, cells) = batch();
        let rows = vec!["{}".to_owned(); 5_000];
        let outcome = check(&manifest, &rows, &cells, Standing::Own);
        assert_eq!(outcome.findings.len(), MAX_FINDINGS);
        assert_eq!(outcome.findings.last().unwrap().code, "digest");
    }
}

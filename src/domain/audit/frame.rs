//! The frame of an agency that seals on an instance of its own: made of the rows of its batches, or refused by name.

use crate::domain::agency_code::AgencyCode;
use crate::domain::batch::coverage::Coverage;
use crate::domain::batch::row::{Row, RowState};
use crate::domain::batch::unit::SlotUnit;
use crate::domain::ids::{BatchId, EmployeeId};
use crate::domain::language::Language;
use crate::domain::slot::Slot;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write;

/// Most things of a kind that a refusal names; of the others it says how many they are.
pub const MOST_NAMED: usize = 10;

/// A batch that BKD holds: received or accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Held {
    /// Its id.
    pub id: BatchId,
    /// What it covers.
    pub coverage: Coverage,
    /// Which version of that, from 1.
    pub version: i32,
}

/// What BKD's own rules ask on a date.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AskedDay {
    /// The work date.
    pub work_date: NaiveDate,
    /// The slots of the date, each with whether it has closed, grace included.
    pub slots: Vec<(Slot, bool)>,
    /// Whether the rules ask anybody of the agency.
    pub is_anyone_expected: bool,
}

/// A stretch in which BKD's staff list has somebody in an agency. Both ends are inclusive; an open end is the present.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stay {
    /// The person.
    pub employee: EmployeeId,
    /// The agency's code.
    pub agency: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: Option<NaiveDate>,
}

/// Why no honest frame can be made of the batches that are here.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FrameFault {
    /// Slots that have closed and are in no batch.
    BatchMissing(BTreeSet<(NaiveDate, Slot)>),
    /// Dates whose rows were still open when their batch was sealed, with how many there are.
    RowsOpen(BTreeMap<NaiveDate, u64>),
    /// Numbers that BKD's staff list does not have.
    EmployeeUnknown(BTreeSet<String>),
    /// Numbers of people whom BKD's staff list does not have in this agency on the date.
    EmployeeForeign(BTreeSet<String>),
    /// Numbers of people who stand in one slot more than once.
    EmployeeTwice(BTreeSet<String>),
}

/// The rows of an agency's batches while they become units.
#[derive(Clone, Debug)]
pub struct Frame {
    agency: AgencyCode,
    sources: BTreeMap<(NaiveDate, Slot), BatchId>,
    stays: HashMap<String, Vec<Stay>>,
    listed: HashSet<EmployeeId>,
    missing: BTreeSet<(NaiveDate, Slot)>,
    open: BTreeMap<NaiveDate, u64>,
    unknown: BTreeSet<String>,
    foreign: BTreeSet<String>,
    twice: BTreeSet<String>,
}

impl Frame {
    /// Chooses the batch of each slot: of those `held`, which come in the order of their sealing, last first, the first that
    /// covers it and has no later version. Slots that have not closed are left out. What is in no batch is missing where BKD's rules ask somebody on the date, or where
    /// the agency itself sent another slot of it.
    pub fn new(agency: AgencyCode, held: &[Held], days: &[AskedDay]) -> Self {
        let mut newest: HashMap<Coverage, i32> = HashMap::new();
        for batch in held {
            let version = newest.entry(batch.coverage).or_insert(batch.version);
            *version = batch.version.max(*version);
        }
        let is_newest = |batch: &Held| newest.get(&batch.coverage) == Some(&batch.version);
        let held: Vec<Held> = held.iter().copied().filter(is_newest).collect();
        let mut frame = Self {
            agency,
            sources: BTreeMap::new(),
            stays: HashMap::new(),
            listed: HashSet::new(),
            missing: BTreeSet::new(),
            open: BTreeMap::new(),
            unknown: BTreeSet::new(),
            foreign: BTreeSet::new(),
            twice: BTreeSet::new(),
        };
        for day in days {
            frame.choose(&held, day);
        }
        frame
    }

    fn choose(&mut self, held: &[Held], day: &AskedDay) {
        let mut absent = Vec::new();
        let mut is_sent = false;
        for slot in Slot::ALL {
            let asked = day
                .slots
                .iter()
                .find(|(asked, _)| *asked == slot)
                .map(|(_, closed)| *closed);
            let source = held.iter().find(|held| held.coverage.holds(day.work_date, slot));
            match (asked, source) {
                (Some(false), _) | (None, None) => {}
                (Some(true) | None, Some(source)) => {
                    self.sources.insert((day.work_date, slot), source.id);
                    is_sent = true;
                }
                (Some(true), None) => absent.push((day.work_date, slot)),
            }
        }
        if day.is_anyone_expected || is_sent {
            self.missing.extend(absent);
        }
    }

    /// Which batch each slot's units come from.
    pub const fn sources(&self) -> &BTreeMap<(NaiveDate, Slot), BatchId> {
        &self.sources
    }

    /// The batches of a date, each once.
    pub fn batches_of(&self, work_date: NaiveDate) -> BTreeSet<BatchId> {
        let of_slot = |slot| self.sources.get(&(work_date, slot)).copied();
        Slot::ALL.into_iter().filter_map(of_slot).collect()
    }

    /// Of these numbers those that were not looked up yet.
    pub fn strange<'a>(&self, numbers: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
        numbers
            .filter(|number| !self.stays.contains_key(*number))
            .map(str::to_owned)
            .collect()
    }

    /// Learns of a number where BKD's staff list has the person; an empty list is a number that it does not have.
    pub fn learn(&mut self, number: String, stays: Vec<Stay>) {
        self.stays.insert(number, stays);
    }

    /// The units of a date among the rows of its batches, in the order of their ids, each with whose it is. Every number
    /// must be learnt before.
    pub fn units(&mut self, work_date: NaiveDate, rows: &[(BatchId, Row)]) -> Vec<(SlotUnit, EmployeeId)> {
        let mut units = Vec::with_capacity(rows.len());
        let mut filled: HashSet<(EmployeeId, Slot)> = HashSet::new();
        for (batch, row) in rows {
            if row.work_date != work_date || self.sources.get(&(work_date, row.slot)) != Some(batch) {
                continue;
            }
            let stays = self.stays.get(&row.employee_number).map_or(&[][..], Vec::as_slice);
            let is_here = |stay: &&Stay| {
                stay.agency == self.agency.as_str()
                    && stay.from <= work_date
                    && stay.to.is_none_or(|to| to >= work_date)
            };
            let own = stays.iter().find(is_here).map(|stay| stay.employee);
            self.listed.extend(own);
            if !row.expected {
                continue;
            }
            if row.state == RowState::Open {
                *self.open.entry(work_date).or_default() += 1;
                continue;
            }
            let number = || row.employee_number.clone();
            match own {
                Some(employee) if filled.insert((employee, row.slot)) => units.push((row.unit_id.clone(), employee)),
                Some(_) => {
                    self.twice.insert(number());
                }
                None if stays.is_empty() => {
                    self.unknown.insert(number());
                }
                None => {
                    self.foreign.insert(number());
                }
            }
        }
        units.sort_unstable();
        units
    }

    /// Why the units that were given are no honest frame; nothing where they are one.
    pub fn faults(&self) -> Vec<FrameFault> {
        [
            (!self.missing.is_empty()).then(|| FrameFault::BatchMissing(self.missing.clone())),
            (!self.open.is_empty()).then(|| FrameFault::RowsOpen(self.open.clone())),
            (!self.unknown.is_empty()).then(|| FrameFault::EmployeeUnknown(self.unknown.clone())),
            (!self.foreign.is_empty()).then(|| FrameFault::EmployeeForeign(self.foreign.clone())),
            (!self.twice.is_empty()).then(|| FrameFault::EmployeeTwice(self.twice.clone())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Of the agency's people on BKD's staff list those of whom no row told.
    pub fn unlisted(&self, members: impl IntoIterator<Item = EmployeeId>) -> BTreeSet<EmployeeId> {
        members
            .into_iter()
            .filter(|member| !self.listed.contains(member))
            .collect()
    }
}

impl FrameFault {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BatchMissing(_) => "batch_missing",
            Self::RowsOpen(_) => "rows_open",
            Self::EmployeeUnknown(_) => "employee_unknown",
            Self::EmployeeForeign(_) => "employee_foreign",
            Self::EmployeeTwice(_) => "employee_twice",
        }
    }

    /// What is wrong and what to do about it, with the first few by name.
    pub fn sentence(&self, agency: &AgencyCode, language: Language) -> String {
        let (named, count) = match self {
            Self::BatchMissing(slots) => {
                let mut dates: BTreeMap<NaiveDate, Vec<&str>> = BTreeMap::new();
                for (date, slot) in slots {
                    dates.entry(*date).or_default().push(slot.word(language));
                }
                let days = dates
                    .iter()
                    .map(|(date, slots)| format!("{date} ({})", slots.join(", ")));
                (first_few(days, dates.len(), language), dates.len())
            }
            Self::RowsOpen(dates) => {
                let days = dates.iter().map(|(date, rows)| format!("{date} ({rows})"));
                (first_few(days, dates.len(), language), dates.len())
            }
            Self::EmployeeUnknown(numbers) | Self::EmployeeForeign(numbers) | Self::EmployeeTwice(numbers) => (
                first_few(numbers.iter().cloned(), numbers.len(), language),
                numbers.len(),
            ),
        };
        match (self, language) {
            (Self::BatchMissing(_), Language::Indonesian) => format!(
                "Perangkat daerah {agency}: {count} tanggal belum ada dalam kiriman yang diterima: {named}. Minta kirimannya, \
                 atau pilih periode lain."
            ),
            (Self::BatchMissing(_), Language::English) => format!(
                "Agency {agency}: {count} dates are in no batch that was taken: {named}. Ask for the batches, or choose \
                 another period."
            ),
            (Self::RowsOpen(_), Language::Indonesian) => format!(
                "Perangkat daerah {agency}: kiriman {count} tanggal disegel saat jendelanya masih terbuka: {named}. Minta versi \
                 barunya."
            ),
            (Self::RowsOpen(_), Language::English) => format!(
                "Agency {agency}: the batches of {count} dates were sealed while windows were open: {named}. Ask for newer \
                 versions."
            ),
            (Self::EmployeeUnknown(_), Language::Indonesian) => format!(
                "Perangkat daerah {agency}: {count} nomor pegawai dalam kiriman tidak ada di daftar pegawai BKD: {named}. \
                 Tanpa akun di sini, hak jawab tidak dapat diberikan."
            ),
            (Self::EmployeeUnknown(_), Language::English) => format!(
                "Agency {agency}: BKD's staff list does not have {count} employee numbers of the batches: {named}. Without an \
                 account here nobody can reply."
            ),
            (Self::EmployeeForeign(_), Language::Indonesian) => format!(
                "Perangkat daerah {agency}: menurut daftar pegawai BKD, {count} orang bukan pegawainya pada tanggal itu: {named}."
            ),
            (Self::EmployeeForeign(_), Language::English) => format!(
                "Agency {agency}: by BKD's staff list {count} people did not belong to it on the date: {named}."
            ),
            (Self::EmployeeTwice(_), Language::Indonesian) => format!(
                "Perangkat daerah {agency}: {count} orang tercatat lebih dari sekali dalam satu sesi: {named}. Tolak kirimannya."
            ),
            (Self::EmployeeTwice(_), Language::English) => format!(
                "Agency {agency}: {count} people stand in one slot more than once: {named}. Reject the batches."
            ),
        }
    }
}

/// The first few, and how many there are more.
fn first_few(things: impl Iterator<Item = String>, count: usize, language: Language) -> String {
    let first: Vec<String> = things.take(MOST_NAMED).collect();
    let mut text = first.join(", ");
    let more = count.saturating_sub(MOST_NAMED);
    if more > 0 {
        // Writing to a string can't fail.
        let _ = match language {
            Language::Indonesian => write!(text, ", dan {more} lainnya"),
            Language::English => write!(text, ", and {more} more"),
        };
    }
    text
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;

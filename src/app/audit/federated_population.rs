//! The population of an agency that seals on an instance of its own: the expected rows of the batches that BKD holds.

use crate::app::audit::unit::DayUnits;
use crate::app::batch::overview::is_anyone_expected;
use crate::app::error::{Error, FieldError};
use crate::app::rule_book::RuleBook;
use crate::domain::access::AgencyCode;
use crate::domain::audit::frame::{AskedDay, Frame, Stay};
use crate::domain::audit::plan::AuditPlan;
use crate::domain::batch::coverage::Coverage;
use crate::domain::batch::row::Row;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::canonical;
use crate::domain::day::{SlotTime, slot_time};
use crate::domain::flag::Flag;
use crate::domain::ids::{AuditId, BatchId};
use crate::domain::instant::Instant;
use crate::domain::language::Language;
use crate::store;
use crate::store::audit_batch::{AuditBatchRow, UnlistedRow};
use crate::store::backend::AnyConnection;
use crate::store::batch_chunk::SealedFile;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// What the units of an agency were taken from, as the audit has kept it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FederatedSource {
    /// The agency's code.
    pub agency: String,
    /// Its batches in the order of their first slots, each with how many slots of the audit it gave.
    pub batches: Vec<(SourceBatch, u32)>,
    /// Numbers of the agency's people on BKD's staff list of whom no row told.
    pub unlisted: Vec<String>,
}

/// A batch that units were taken from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SourceBatch {
    /// Its id.
    pub id: BatchId,
    /// What it covers.
    pub coverage: Coverage,
    /// Which version of that.
    pub version: i32,
}

/// What an audit has kept of its federated agencies, by code.
pub(super) fn sources_of(connection: &mut AnyConnection, id: AuditId) -> Result<Vec<FederatedSource>, Error> {
    let rows = store::audit_batch::list(connection, id)?;
    let ids: BTreeSet<BatchId> = rows.iter().map(|row| row.batch_id).collect();
    let ids: Vec<BatchId> = ids.into_iter().collect();
    let found = store::audit_batch::list_batches(connection, &ids)?.into_iter();
    let batches: HashMap<BatchId, SourceBatch> = found
        .map(|(id, coverage, version)| (id, SourceBatch { id, coverage, version }))
        .collect();
    let mut sources: BTreeMap<String, FederatedSource> = BTreeMap::new();
    for row in rows {
        let batch = batches.get(&row.batch_id);
        let batch = batch.ok_or(store::error::Error::Corrupt("audit_batch.batch_id"))?;
        let source = source_of(&mut sources, &row.agency_code);
        match source.batches.iter_mut().find(|(other, _)| other.id == batch.id) {
            Some((_, slots)) => *slots += 1,
            None => source.batches.push((batch.clone(), 1)),
        }
    }
    for (agency, number) in store::audit_batch::list_unlisted(connection, id)? {
        source_of(&mut sources, &agency).unlisted.push(number);
    }
    Ok(sources.into_values().collect())
}

fn source_of<'a>(sources: &'a mut BTreeMap<String, FederatedSource>, agency: &str) -> &'a mut FederatedSource {
    sources.entry(agency.to_owned()).or_insert_with(|| FederatedSource {
        agency: agency.to_owned(),
        batches: Vec::new(),
        unlisted: Vec::new(),
    })
}

/// What a plan may be made of, where an agency's batches are complete; what is wrong with them is collected until all
/// dates were read.
pub(super) struct FederatedPopulation {
    agency: AgencyCode,
    period: (NaiveDate, NaiveDate),
    frame: Frame,
    readings: BTreeMap<BatchId, Reading>,
}

impl FederatedPopulation {
    /// Of an agency whose batches come from elsewhere; nothing of one whose rosters are here.
    pub(super) fn of(
        connection: &mut AnyConnection,
        book: &RuleBook,
        agency: &AgencyCode,
        plan: &AuditPlan,
        now: Instant,
    ) -> Result<Option<Self>, Error> {
        if !store::federation::is_federated(connection, agency.as_str())? {
            return Ok(None);
        }
        let period = (plan.from, plan.to);
        let held = store::audit_batch::list_held(connection, agency, period)?;
        let dates = plan.from.iter_days().take_while(|date| *date <= plan.to);
        let days: Vec<AskedDay> = dates
            .map(|date| asked(book, agency, date, now))
            .collect::<Result<_, _>>()?;
        Ok(Some(Self {
            agency: agency.clone(),
            period,
            frame: Frame::new(agency.clone(), &held, &days),
            readings: BTreeMap::new(),
        }))
    }

    /// The units of a date, with the flags of their rows. Dates must rise from call to call.
    pub(super) fn units(&mut self, connection: &mut AnyConnection, date: NaiveDate) -> Result<DayUnits, Error> {
        let mut rows = Vec::new();
        for batch in self.frame.batches_of(date) {
            let reading = self.readings.entry(batch).or_insert_with(Reading::new);
            let of_date = reading.rows_of(connection, batch, date)?;
            rows.extend(of_date.into_iter().map(|row| (batch, row)));
        }
        let strange = self
            .frame
            .strange(rows.iter().map(|(_, row)| row.employee_number.as_str()));
        if !strange.is_empty() {
            let numbers: Vec<String> = strange.into_iter().collect();
            let mut stays: HashMap<String, Vec<Stay>> = HashMap::new();
            for (number, stay) in store::audit_batch::list_stays(connection, &numbers)? {
                stays.entry(number).or_default().push(stay);
            }
            for number in numbers {
                let of_number = stays.remove(&number).unwrap_or_default();
                self.frame.learn(number, of_number);
            }
        }
        let units = self.frame.units(date, &rows);
        let of_row: HashMap<&SlotUnit, &Row> = rows.iter().map(|(_, row)| (&row.unit_id, row)).collect();
        let flagged = units.iter().filter_map(|(unit, employee)| {
            let codes = of_row.get(unit)?.flags.iter();
            let flags: Vec<Flag> = codes.filter_map(|code| Flag::from_code(code)).collect();
            (!flags.is_empty()).then_some(((*employee, unit.slot()), flags))
        });
        let flags = flagged.collect();
        Ok(DayUnits { units, flags })
    }

    /// Why the units that were given can't be audited, as faults of the agency at this place of the plan.
    pub(super) fn faults(&self, place: usize) -> Vec<FieldError> {
        let said = self.frame.faults().into_iter().map(|fault| {
            FieldError::new(
                format!("agencies[{place}]"),
                fault.code(),
                fault.sentence(&self.agency, Language::Indonesian),
                fault.sentence(&self.agency, Language::English),
            )
        });
        said.collect()
    }

    /// Keeps with the audit which batches its units come from, so that a later version changes nothing of it, and of whom
    /// of the agency's people they tell nothing.
    pub(super) fn keep(&self, connection: &mut AnyConnection, id: AuditId) -> Result<(), Error> {
        let sources = self.frame.sources().iter();
        let rows: Vec<AuditBatchRow> = sources
            .map(|((work_date, slot), batch_id)| AuditBatchRow {
                audit_id: id,
                agency_code: self.agency.to_string(),
                work_date: *work_date,
                slot: *slot,
                batch_id: *batch_id,
            })
            .collect();
        store::audit_batch::insert(connection, &rows)?;
        let (from, to) = self.period;
        let members = store::duty::list_members(connection, self.agency.as_str(), from, to)?;
        let unlisted = self
            .frame
            .unlisted(members.into_iter().map(|member| member.employee_id));
        let rows: Vec<UnlistedRow> = unlisted
            .into_iter()
            .map(|employee_id| UnlistedRow {
                audit_id: id,
                agency_code: self.agency.to_string(),
                employee_id,
            })
            .collect();
        Ok(store::audit_batch::insert_unlisted(connection, &rows)?)
    }
}

/// What the rules here ask of the agency on a date.
fn asked(book: &RuleBook, agency: &AgencyCode, date: NaiveDate, now: Instant) -> Result<AskedDay, Error> {
    let facts = book.agency(agency.as_str()).ok_or(Error::NotFound)?;
    let slots = book.latest_slots(facts, date).into_iter().map(|rule| {
        let is_closed = slot_time(&rule, facts.zone, date, now) == SlotTime::Over;
        (rule.slot, is_closed)
    });
    Ok(AskedDay {
        work_date: date,
        slots: slots.collect(),
        is_anyone_expected: is_anyone_expected(book, facts, date, []),
    })
}

/// A batch's rows, read forward piece by piece: they rise by their dates.
struct Reading {
    after: i32,
    waiting: VecDeque<Row>,
}

impl Reading {
    const fn new() -> Self {
        Self {
            after: -1,
            waiting: VecDeque::new(),
        }
    }

    /// The rows of a date; those of dates before it are passed over.
    fn rows_of(&mut self, connection: &mut AnyConnection, batch: BatchId, date: NaiveDate) -> Result<Vec<Row>, Error> {
        let mut found = Vec::new();
        loop {
            while let Some(row) = self.waiting.pop_front_if(|row| row.work_date <= date) {
                if row.work_date == date {
                    found.push(row);
                }
            }
            if !self.waiting.is_empty() {
                return Ok(found);
            }
            let next = store::batch_chunk::find_next(connection, batch, SealedFile::Rows, self.after)?;
            let Some((sequence, text)) = next else {
                return Ok(found);
            };
            self.after = sequence;
            for line in text.lines() {
                let corrupt = store::error::Error::Corrupt("batch_chunk.content");
                let row: Row = canonical::from_str(line).map_err(|_cause| corrupt)?;
                self.waiting.push_back(row);
            }
        }
    }
}

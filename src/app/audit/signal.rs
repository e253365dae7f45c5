//! What could be seen about each drawn slot before anyone looked at it: whether a share came, its place and its flags.

use crate::app::audit::record::Record;
use crate::app::audit::record::records_of;
use crate::app::batch::sealed_row::find_rows;
use crate::app::error::Error;
use crate::domain::audit::signal::Signal;
use crate::domain::audit::signal::SignalCount;
use crate::domain::audit::signal::count;
use crate::domain::audit::targeted;
use crate::domain::audit::targeted::TargetedRule;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::case::progress::Progress;
use crate::domain::flag::Flag;
use crate::domain::ids::{BatchId, EmployeeId};
use crate::domain::slot::Slot;
use crate::domain::statistics::Risk;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

/// A drawn slot.
type Unit = (EmployeeId, NaiveDate, Slot);

/// A signal, how the slots with it ended, and which share of them deviates at least and at most, basis points.
type Told = (Signal, SignalCount, (u64, u64));

/// What every signal says of the drawn slots of `population` units.
///
/// Slots that were targeted for a flag say nothing about any other signal, since they were not left to chance; for the
/// flags of the rule they are all that there are.
pub(super) fn of_cases(
    connection: &mut AnyConnection,
    cases: &[(&CaseRow, Progress)],
    rule: Option<&TargetedRule>,
    (population, risk): (u64, Risk),
) -> Result<Vec<Told>, Error> {
    let is_targeted = |case: &CaseRow| rule.is_some() && case.stratum == targeted::STRATUM;
    let mut told = BTreeMap::new();
    for (signal, found) in counts(connection, cases, |case| !is_targeted(case))? {
        told.insert(signal, (found, population));
    }
    let of_rule =
        |signal: &Signal| matches!(signal, Signal::Flag(flag) if rule.is_some_and(|rule| rule.picks(&[*flag])));
    for (signal, found) in counts(connection, cases, is_targeted)? {
        if of_rule(&signal) {
            told.insert(signal, (found, found.cases()));
        }
    }
    let precise = |(signal, (found, units)): (Signal, (SignalCount, u64))| {
        let precision = found.precision_bp(units, risk).map_err(Error::internal);
        precision.map(|precision| (signal, found, precision))
    };
    told.into_iter().map(precise).collect()
}

/// The counts of every signal among the cases that count.
fn counts(
    connection: &mut AnyConnection,
    cases: &[(&CaseRow, Progress)],
    is_counted: impl Fn(&CaseRow) -> bool,
) -> Result<BTreeMap<Signal, SignalCount>, Error> {
    let counted: Vec<_> = cases.iter().filter(|(case, _)| is_counted(case)).collect();
    let sealed = sealed_records_of(connection, counted.iter().map(|(case, _)| *case))?;
    let is_here = |case: &&CaseRow| !sealed.contains_key(case.unit.as_str());
    let records = records_of_cases(connection, counted.iter().map(|(case, _)| *case).filter(is_here))?;
    let ended = counted.iter().map(|(case, progress)| {
        let record = match sealed.get(case.unit.as_str()) {
            Some(record) => record.as_ref(),
            None => records.get(&(case.employee_id, case.work_date, case.slot)),
        };
        (signals(record), progress.result())
    });
    Ok(count(ended))
}

fn signals(record: Option<&Record>) -> Vec<Signal> {
    record.map_or_else(
        || vec![Signal::Missing],
        |record| {
            std::iter::once(Signal::Place(record.place))
                .chain(record.flags.iter().copied().map(Signal::Flag))
                .collect()
        },
    )
}

/// What came of each drawn slot that received anything.
fn records_of_cases<'a>(
    connection: &mut AnyConnection,
    cases: impl Iterator<Item = &'a CaseRow>,
) -> Result<HashMap<Unit, Record>, Error> {
    let mut people: BTreeMap<(NaiveDate, Slot), Vec<EmployeeId>> = BTreeMap::new();
    for case in cases {
        people
            .entry((case.work_date, case.slot))
            .or_default()
            .push(case.employee_id);
    }
    let mut records = HashMap::new();
    for ((date, slot), people) in people {
        let found = records_of(connection, date, &[slot], &people)?;
        records.extend(
            found
                .into_iter()
                .map(|((person, slot), record)| ((person, date, slot), record)),
        );
    }
    Ok(records)
}

/// What the rows of batches say of the drawn units that were taken from one, by unit; nothing where no share came.
fn sealed_records_of<'a>(
    connection: &mut AnyConnection,
    cases: impl Iterator<Item = &'a CaseRow> + Clone,
) -> Result<HashMap<&'a str, Option<Record>>, Error> {
    let Some(case) = cases.clone().next() else {
        return Ok(HashMap::new());
    };
    let sources: HashMap<_, BatchId> = store::audit_batch::list(connection, case.audit_id)?
        .into_iter()
        .map(|row| ((row.agency_code, row.work_date, row.slot), row.batch_id))
        .collect();
    let mut wanted: BTreeMap<BatchId, BTreeMap<SlotUnit, &'a str>> = BTreeMap::new();
    for case in cases {
        let source = sources.get(&(case.agency_code.clone(), case.work_date, case.slot));
        if let (Some(batch), Ok(unit)) = (source, case.unit.parse()) {
            wanted.entry(*batch).or_default().insert(unit, &case.unit);
        }
    }
    let mut records = HashMap::new();
    for (batch, units) in wanted {
        records.extend(units.values().map(|unit| (*unit, None)));
        for row in find_rows(connection, batch, &units.keys().cloned().collect())? {
            let flags = row.flags.iter().filter_map(|code| Flag::from_code(code));
            let flags = flags.collect();
            if let (Some(unit), Some(place)) = (units.get(&row.unit_id), row.place) {
                records.insert(*unit, Some(Record { place, flags }));
            }
        }
    }
    Ok(records)
}

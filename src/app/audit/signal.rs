//! What could be seen about each drawn slot before anyone looked at it: whether a share came, its place and its flags.

use crate::app::batch::sealed_row::find_rows;
use crate::app::error::Error;
use crate::domain::audit::signal::Signal;
use crate::domain::audit::signal::SignalCount;
use crate::domain::audit::signal::count;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::case::progress::Progress;
use crate::domain::flag::Flag;
use crate::domain::ids::{BatchId, EmployeeId};
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use crate::store::check_in::CheckInRow;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

/// People whose shares are looked up in one statement; SQLite binds at most 32,766 values.
const PEOPLE_AT_ONCE: usize = 5_000;

/// A drawn slot.
type Unit = (EmployeeId, NaiveDate, Slot);

/// What a drawn slot came to: the outcome of place, and the flags of its share as long as that is kept.
struct Record {
    place: Place,
    flags: Vec<Flag>,
}

/// The counts of every signal among the cases.
pub(super) fn of_cases(
    connection: &mut AnyConnection,
    cases: &[(&CaseRow, Progress)],
) -> Result<BTreeMap<Signal, SignalCount>, Error> {
    let sealed = sealed_records_of(connection, cases)?;
    let is_here = |case: &&CaseRow| !sealed.contains_key(case.unit.as_str());
    let records = records_of(connection, cases.iter().map(|(case, _)| *case).filter(is_here))?;
    let ended = cases.iter().map(|(case, progress)| {
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
fn records_of<'a>(
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
        for people in people.chunks(PEOPLE_AT_ONCE) {
            let results = store::check_in::list_results(connection, people, &[date], &[slot])?;
            let keys: Vec<_> = results
                .iter()
                .map(|result| (result.check_in_id, result.employee_id))
                .collect();
            let mut flags: HashMap<EmployeeId, Vec<Flag>> = HashMap::new();
            for share in store::check_in::list_by_key(connection, &keys)? {
                flags.insert(share.employee_id, flags_of(&share));
            }
            for result in results {
                let record = Record {
                    place: result.place,
                    flags: flags.remove(&result.employee_id).unwrap_or_default(),
                };
                records.insert((result.employee_id, date, slot), record);
            }
        }
    }
    Ok(records)
}

/// What the rows of batches say of the drawn units that were taken from one, by unit; nothing where no share came.
fn sealed_records_of<'a>(
    connection: &mut AnyConnection,
    cases: &[(&'a CaseRow, Progress)],
) -> Result<HashMap<&'a str, Option<Record>>, Error> {
    let Some((case, _)) = cases.first() else {
        return Ok(HashMap::new());
    };
    let sources: HashMap<_, BatchId> = store::audit_batch::list(connection, case.audit_id)?
        .into_iter()
        .map(|row| ((row.agency_code, row.work_date, row.slot), row.batch_id))
        .collect();
    let mut wanted: BTreeMap<BatchId, BTreeMap<SlotUnit, &'a str>> = BTreeMap::new();
    for (case, _) in cases {
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

fn flags_of(share: &CheckInRow) -> Vec<Flag> {
    let codes = share.flags.0.as_array().into_iter().flatten();
    codes.filter_map(|code| Flag::from_code(code.as_str()?)).collect()
}

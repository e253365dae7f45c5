//! What came of slots: the outcome of place, and the flags of the standing share as long as that is kept.

use crate::app::error::Error;
use crate::domain::flag::Flag;
use crate::domain::ids::EmployeeId;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::check_in::CheckInRow;
use chrono::NaiveDate;
use std::collections::HashMap;

/// People whose shares are looked up in one statement; SQLite binds at most 32,766 values.
const PEOPLE_AT_ONCE: usize = 5_000;

/// What a slot came to.
pub(super) struct Record {
    /// The outcome of place of its standing share.
    pub(super) place: Place,
    /// The flags of that share.
    pub(super) flags: Vec<Flag>,
}

/// What came of these people's slots on a date. A slot that received nothing is left out.
pub(super) fn records_of(
    connection: &mut AnyConnection,
    date: NaiveDate,
    slots: &[Slot],
    people: &[EmployeeId],
) -> Result<HashMap<(EmployeeId, Slot), Record>, Error> {
    let mut records = HashMap::new();
    for people in people.chunks(PEOPLE_AT_ONCE) {
        let results = store::check_in::list_results(connection, people, &[date], slots)?;
        let keys: Vec<_> = results
            .iter()
            .map(|result| (result.check_in_id, result.employee_id))
            .collect();
        let shares = store::check_in::list_by_key(connection, &keys)?.into_iter();
        let mut flags: HashMap<_, Vec<Flag>> = shares
            .map(|share| ((share.id, share.employee_id), flags_of(&share)))
            .collect();
        for result in results {
            let key = (result.check_in_id, result.employee_id);
            let record = Record {
                place: result.place,
                flags: flags.remove(&key).unwrap_or_default(),
            };
            records.insert((result.employee_id, result.slot), record);
        }
    }
    Ok(records)
}

fn flags_of(share: &CheckInRow) -> Vec<Flag> {
    let codes = share.flags.0.as_array().into_iter().flatten();
    codes.filter_map(|code| Flag::from_code(code.as_str()?)).collect()
}

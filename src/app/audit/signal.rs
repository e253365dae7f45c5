//! What could be seen about each drawn slot before anyone looked at it: whether a share came, its place and its flags.

use crate::app::error::Error;
use crate::domain::audit::signal::Signal;
use crate::domain::audit::signal::SignalCount;
use crate::domain::audit::signal::count;
use crate::domain::flag::Flag;
use crate::domain::ids::CheckInId;
use crate::domain::ids::EmployeeId;
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
type Place = (EmployeeId, NaiveDate, Slot);

/// The counts of every signal among the cases.
pub(super) fn of_cases(
    connection: &mut AnyConnection,
    cases: &[CaseRow],
) -> Result<BTreeMap<Signal, SignalCount>, Error> {
    let shares = shares_of(connection, cases)?;
    let ended = cases.iter().map(|case| {
        let share = shares.get(&(case.employee_id, case.work_date, case.slot));
        (signals(share), case.progress(None).result())
    });
    Ok(count(ended))
}

fn signals(share: Option<&CheckInRow>) -> Vec<Signal> {
    let Some(share) = share else {
        return vec![Signal::Missing];
    };
    let codes = share.flags.0.as_array().into_iter().flatten();
    let flags = codes.filter_map(|code| Flag::from_code(code.as_str()?));
    std::iter::once(Signal::Place(share.place))
        .chain(flags.map(Signal::Flag))
        .collect()
}

/// The share that represents each drawn slot, for those that received any.
fn shares_of(connection: &mut AnyConnection, cases: &[CaseRow]) -> Result<HashMap<Place, CheckInRow>, Error> {
    let mut people: BTreeMap<(NaiveDate, Slot), Vec<EmployeeId>> = BTreeMap::new();
    for case in cases {
        people
            .entry((case.work_date, case.slot))
            .or_default()
            .push(case.employee_id);
    }
    let mut places: HashMap<(CheckInId, EmployeeId), Place> = HashMap::new();
    for ((date, slot), people) in people {
        for people in people.chunks(PEOPLE_AT_ONCE) {
            for result in store::check_in::list_results(connection, people, &[date], &[slot])? {
                let key = (result.check_in_id, result.employee_id);
                places.insert(key, (result.employee_id, date, slot));
            }
        }
    }
    let keys: Vec<_> = places.keys().copied().collect();
    let mut shares = HashMap::with_capacity(keys.len());
    for keys in keys.chunks(PEOPLE_AT_ONCE) {
        for share in store::check_in::list_by_key(connection, keys)? {
            if let Some(place) = places.get(&(share.id, share.employee_id)) {
                shares.insert(*place, share);
            }
        }
    }
    Ok(shares)
}

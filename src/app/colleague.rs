//! Who else of a person's unit is away on the days that the person asks for: what a superior weighs.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::ids::EmployeeId;
use crate::domain::leave::request::Period;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::colleague::Colleague;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Somebody of the unit who is away, or asks to be. Why is nobody's matter here.
#[derive(Clone, Debug)]
pub struct ColleagueAway {
    /// Who.
    pub colleague: Colleague,
    /// The first day within the period.
    pub first: NaiveDate,
    /// The last day within the period.
    pub last: NaiveDate,
    /// Whether it is on the roster; else it is leave that is still asked for.
    pub is_settled: bool,
}

/// A unit in a period.
#[derive(Clone, Debug)]
pub struct UnitInPeriod {
    /// What it is called, where one is known.
    pub name: Option<String>,
    /// How many people it has on the first day beside the one whose days they are.
    pub others: usize,
    /// Who of them is away, by name.
    pub away: Vec<ColleagueAway>,
}

impl App {
    /// Who else of a person's unit is away in a period of theirs that the caller has found within reach. Whoever asks for
    /// days does not weigh them.
    pub fn colleagues_away(
        &self,
        context: &Context,
        person: EmployeeId,
        period: Period,
    ) -> Result<UnitInPeriod, Error> {
        if context.employee() == Some(person) {
            return Err(Error::NotFound);
        }
        self.store.read(|connection| unit_in_period(connection, person, period))
    }
}

fn unit_in_period(connection: &mut AnyConnection, person: EmployeeId, period: Period) -> Result<UnitInPeriod, Error> {
    let members = store::membership::list(connection, &[person])?;
    let Some(member) = members.into_iter().find(|member| member.covers(period.first)) else {
        return Ok(UnitInPeriod {
            name: None,
            others: 0,
            away: Vec::new(),
        });
    };
    let name = match member.unit_id {
        Some(unit) => store::unit::find_name(connection, unit)?,
        None => member.unit_name.clone(),
    };
    let colleagues = store::colleague::list(connection, &member, period.first)?;
    let people: Vec<EmployeeId> = colleagues.iter().map(|colleague| colleague.employee_id).collect();
    let settled = spans(&store::colleague::list_away(connection, &people, period)?);
    let asked = store::colleague::list_asked(connection, &people, period)?;
    let others = colleagues.len();
    let away = colleagues.into_iter().flat_map(|colleague| {
        let settled = settled.get(&colleague.employee_id).map(|span| (*span, true));
        let asked = asked
            .iter()
            .filter(|(id, _, _)| *id == colleague.employee_id)
            .map(|(_, first, last)| ((period.first.max(*first), period.last.min(*last)), false));
        let spans: Vec<_> = settled.into_iter().chain(asked).collect();
        spans.into_iter().map(move |((first, last), is_settled)| ColleagueAway {
            colleague: colleague.clone(),
            first,
            last,
            is_settled,
        })
    });
    Ok(UnitInPeriod {
        name,
        others,
        away: away.collect(),
    })
}

/// First and last date of each person; the dates come in order.
fn spans(dates: &[(EmployeeId, NaiveDate)]) -> BTreeMap<EmployeeId, (NaiveDate, NaiveDate)> {
    let mut spans = BTreeMap::new();
    for (person, date) in dates {
        spans.entry(*person).or_insert((*date, *date)).1 = *date;
    }
    spans
}

//! What a board that follows an agency's day asks for again and again.

use crate::app::App;
use crate::app::agency_day::AgencyDay;
use crate::app::batch::job::job_actor;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::access::Target;
use crate::domain::access::may;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::store;
use chrono::NaiveDate;

/// The counters of an agency's today. As long as they are the same, no share has changed the day's numbers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DayCounters {
    date: NaiveDate,
    counts: Vec<(Slot, Place, i64)>,
}

impl App {
    /// The counters of today: a handful of rows, cheap enough for once a second.
    pub fn day_counters(&self, agency: &AgencyCode) -> Result<DayCounters, Error> {
        let (context, scope) = self.for_board(agency)?;
        self.store.read(|connection| {
            let book = self.rule_book(connection)?;
            let date = book
                .agency(agency.as_str())
                .ok_or(Error::NotFound)?
                .zone
                .date(context.now);
            let counts = store::agency_day::list_places(connection, &scope, agency, date)?;
            Ok(DayCounters { date, counts })
        })
    }

    /// The numbers of today, the same for everybody who may see the agency's day.
    pub fn day_of_board(&self, agency: &AgencyCode) -> Result<AgencyDay, Error> {
        let (context, scope) = self.for_board(agency)?;
        self.agency_day(&context, &scope, agency, None)
    }

    fn for_board(&self, agency: &AgencyCode) -> Result<(Context, Scope), Error> {
        let actor = job_actor(agency);
        let scope = may(&actor, Action::ReadStaff, Target::Agency(agency))?;
        Ok((Context { actor, now: self.now() }, scope))
    }
}

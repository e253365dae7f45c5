//! One's own month: each of its days decided as the agency's recap decides it.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::recap::day::Background;
use crate::app::recap::day::PeopleDays;
use crate::domain::access::Scope;
use crate::domain::instant::Zone;
use crate::domain::month::Month;
use crate::domain::recap::status::DayRecord;
use chrono::Datelike;

impl App {
    /// The caller's days of a month of 2000 to 2100 on which they were on some agency's staff, in order; of the month that
    /// runs in the western zone where none is named. Days ahead are as the rules and the roster have them now; a month
    /// whose shares are no longer kept is refused.
    pub fn my_month(
        &self,
        context: &Context,
        scope: &Scope,
        month: Option<Month>,
    ) -> Result<(Month, Vec<DayRecord>), Error> {
        let person = scope.person().ok_or(Error::NotFound)?;
        let month = month.unwrap_or_else(|| Month::of(Zone::Jakarta.date(context.now)));
        if !(2000..=2100).contains(&month.first().year()) {
            return Err(Error::field(
                "month",
                "out_of_limits",
                "Bulan dari tahun 2000 sampai 2100.",
                "A month is from 2000 to 2100.",
            ));
        }
        let dates = (month.first(), month.last());
        self.store.read(|connection| {
            let background = Background::load(self, connection, dates, context.now)?;
            let days = PeopleDays::load(&background, connection, &[person], dates)?;
            Ok((month, days.records(person, None)))
        })
    }
}

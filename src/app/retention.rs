//! Forgetting raw positions, and years later the shares, when their time is over (UU 27/2022, articles 42 to 44). What
//! slots came to stays; whoever needs a share that is gone is told so.

use crate::app::App;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::facts::ShredFacts;
use crate::domain::audit_log::subject::Subject;
use crate::domain::event::Event;
use crate::domain::instant::Instant;
use crate::domain::month::Month;
use crate::store;
use crate::store::retention::Forgetting as Step;
use crate::store::retention::Table;
use chrono::{Days, NaiveDate};
use std::sync::{Mutex, PoisonError};

/// Rows that one transaction deletes at most where a month has no partition: SQLite's one writer waits meanwhile.
const PIECE: i64 = 5_000;

/// The day on which this process last went through all months.
#[derive(Debug, Default)]
pub(crate) struct Forgetting(Mutex<Option<NaiveDate>>);

/// What a round did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Forgotten {
    /// Rows deleted.
    pub rows: i64,
    /// Months whose time is over and that wait for open cases.
    pub months_held: usize,
}

/// What one transaction found.
enum Round {
    Held(i64),
    Step(Step),
}

impl App {
    /// Forgets what is due, once a day.
    pub(crate) fn forget_daily(&self) -> Result<(), Error> {
        let today = self.now().utc().date_naive();
        let mut last = self.forgetting.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != Some(today) {
            self.forget(Table::Positions)?;
            self.forget(Table::Shares)?;
            self.forget(Table::Openings)?;
            *last = Some(today);
        }
        Ok(())
    }

    /// The first date whose shares are still kept.
    pub(crate) fn shares_kept_from(&self, now: Instant) -> NaiveDate {
        self.retention.shares_kept_from(now.utc().date_naive())
    }

    /// Refuses a date whose shares may be gone.
    pub(crate) fn check_shares_are_kept(&self, date: NaiveDate, now: Instant) -> Result<(), Error> {
        if date < self.shares_kept_from(now) {
            return Err(Error::Refused(Code::NoLongerKept));
        }
        Ok(())
    }

    /// Deletes what the table holds of every month whose time is over, except of months in which a case is still open.
    /// Each deletion stands in the chain of events of `retention` and, say, `positions/2026-03`, written in its own
    /// transaction.
    pub fn forget(&self, table: Table) -> Result<Forgotten, Error> {
        let now = self.now();
        let today = now.utc().date_naive();
        let kept_from = match table {
            Table::Positions | Table::Openings => self.retention.positions_kept_from(today),
            Table::Shares => self.retention.shares_kept_from(today),
        };
        // Ids may be dated after today by odd clocks, and then belong to no month that ever ends.
        let odd_from = Month::of(today)
            .last()
            .checked_add_days(Days::new(1))
            .unwrap_or(NaiveDate::MAX);
        let mut forgotten = Forgotten::default();
        let mut from = Instant::from_millis(0).utc().date_naive();
        loop {
            let oldest = self
                .store
                .read(|connection| store::retention::oldest_day(connection, table, from).map_err(Error::from))?;
            let Some(day) = oldest else { return Ok(forgotten) };
            let month = Month::of(day);
            if (kept_from..odd_from).contains(&month.first()) {
                from = odd_from;
                continue;
            }
            self.forget_month(now, (table, month), kept_from, &mut forgotten)?;
            let Some(next) = month.last().checked_add_days(Days::new(1)) else {
                return Ok(forgotten);
            };
            from = next;
        }
    }

    fn forget_month(
        &self,
        now: Instant,
        (table, month): (Table, Month),
        kept_from: NaiveDate,
        forgotten: &mut Forgotten,
    ) -> Result<(), Error> {
        loop {
            let round = self.store.write(|connection| {
                let open = store::retention::count_open_cases(connection, month)?;
                if open > 0 {
                    return Ok::<_, Error>(Round::Held(open));
                }
                let step = store::retention::forget_month(connection, table, month, kept_from, PIECE)?;
                if table == Table::Shares && matches!(step, Step::Done(_)) {
                    store::retention::forget_receipts(connection, month)?;
                }
                if let Step::Piece(count) | Step::Done(count) = step
                    && count > 0
                {
                    let event = Event {
                        subject_kind: "retention",
                        subject_id: format!("{}/{month}", table.name()),
                        at: now,
                        account_id: None,
                        action: "forget",
                        from_state: None,
                        to_state: None,
                        reason: Some(match table {
                            Table::Positions => {
                                let days = self.retention.position_days();
                                format!("{count} positions, {days} days after the end of the month")
                            }
                            Table::Openings => {
                                let days = self.retention.position_days();
                                format!("{count} sealed positions, {days} days after the end of the month")
                            }
                            Table::Shares => {
                                let years = self.retention.share_years();
                                format!("{count} shares, {years} years after the month")
                            }
                        }),
                    };
                    store::event::append(connection, &event)?;
                    let subject = Subject::Retention(table.name().parse().map_err(Error::internal)?);
                    let facts = ShredFacts {
                        month: month.to_string(),
                        rows: u64::try_from(count).unwrap_or(0),
                        keys: 0,
                    };
                    self.log_public(connection, now, subject, Facts::RetentionShred(facts))?;
                }
                Ok(Round::Step(step))
            })?;
            match round {
                Round::Held(open) => {
                    tracing::info!(%month, open, what = table.name(), "kept longer: cases of the month are open");
                    forgotten.months_held += 1;
                    return Ok(());
                }
                Round::Step(Step::ElsewhereInProgress) => return Ok(()),
                Round::Step(Step::Piece(count)) => forgotten.rows += count,
                Round::Step(Step::Done(count)) => {
                    forgotten.rows += count;
                    if count > 0 {
                        tracing::info!(%month, what = table.name(), "the month was forgotten");
                    }
                    return Ok(());
                }
            }
        }
    }
}

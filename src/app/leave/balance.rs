//! Balances of annual leave: read, brought up to date, and entered from older records.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::app::leave::Applicant;
use crate::app::leave::read;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::LeaveEntryId;
use crate::domain::ids::LeaveRequestId;
use crate::domain::instant::Instant;
use crate::domain::leave::kind::of_balance;
use crate::domain::leave::ledger;
use crate::domain::leave::ledger::AnnualRule;
use crate::domain::leave::ledger::Entry;
use crate::domain::leave::ledger::EntryKind;
use crate::domain::leave::ledger::Split;
use crate::domain::leave::opinion::Opinion;
use crate::domain::leave::opinion::Outcome;
use crate::domain::leave::state::LeaveState;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::leave_entry::LeaveEntryRow;
use crate::store::leave_request::LeaveRequestRow;
use chrono::{Datelike, NaiveDate};

/// A person's annual leave as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct LeaveBalance {
    /// The present year (N) at the person's agency.
    pub year: i32,
    /// What is left of the three years.
    pub left: Split,
    /// Days that requests on their way have spoken for.
    pub reserved: i32,
    /// First day of service, if it is known.
    pub service_from: Option<NaiveDate>,
    /// The rows, oldest first.
    pub entries: Vec<LeaveEntryRow>,
}

/// What an official enters from older records.
#[derive(Clone, Debug)]
pub struct OpeningBalance {
    /// The year that gave the days: this one or one of the two before.
    pub year: i32,
    /// Days that are left of it.
    pub days: i32,
    /// Where the figure comes from.
    pub reason: String,
    /// First day of service, where the number does not tell it.
    pub service_from: Option<NaiveDate>,
}

impl App {
    /// One's own balance.
    pub fn own_leave_balance(&self, context: &Context, scope: &Scope) -> Result<LeaveBalance, Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        self.store.read(|connection| {
            let applicant = self.applicant(connection, owner, context.now)?;
            self.leave_balance_of(connection, scope, &applicant, context.now)
        })
    }

    /// The balance of someone of the scope's agencies.
    pub fn leave_balance(&self, context: &Context, scope: &Scope, id: EmployeeId) -> Result<LeaveBalance, Error> {
        self.store.read(|connection| {
            let applicant = self.applicant_within(connection, scope, id, context.now)?;
            self.leave_balance_of(connection, scope, &applicant, context.now)
        })
    }

    /// Enters what is left of a year from older records; the ledger gets the difference. The same figure again adds
    /// nothing. Nobody enters their own.
    pub fn open_leave_balance(
        &self,
        context: &Context,
        scope: &Scope,
        id: EmployeeId,
        opening: &OpeningBalance,
    ) -> Result<LeaveBalance, Error> {
        if context.employee() == Some(id) {
            return Err(Error::Forbidden);
        }
        self.store.write(|connection| {
            let applicant = self.applicant_within(connection, scope, id, context.now)?;
            store::leave_entry::hold(connection, id)?;
            if let Some(from) = opening.service_from {
                if from > applicant.today {
                    return Err(Error::field(
                        "service_from",
                        "in_future",
                        "Awal masa kerja tidak boleh setelah hari ini.",
                        "The first day of service is not ahead of today.",
                    ));
                }
                store::leave_entry::set_service_from(connection, scope, id, from)?;
            }
            let applicant = self.applicant(connection, id, context.now)?;
            let year = applicant.today.year();
            let rule = annual_rule(&applicant, year).ok_or_else(no_annual_leave)?;
            let most = rule.most_of(year - opening.year);
            if !(year - 2..=year).contains(&opening.year) {
                return Err(Error::field(
                    "year",
                    "out_of_limits",
                    "Sisa cuti dicatat untuk tahun ini dan dua tahun sebelumnya.",
                    "A balance is entered for this year and the two before it.",
                ));
            }
            if !(0..=most).contains(&opening.days) {
                return Err(Error::field(
                    "days",
                    "out_of_limits",
                    format!("Sisa cuti tahun {} berisi 0 sampai {most} hari.", opening.year),
                    format!("What is left of {} is 0 to {most} days.", opening.year),
                ));
            }
            let entries = self.bring_up(connection, scope, &applicant, context.now)?;
            let left = ledger::balance(&entries, end_of(year));
            let there = [left.current, left.previous, left.before]
                .into_iter()
                .zip([year, year - 1, year - 2])
                .find_map(|(days, of)| (of == opening.year).then_some(days))
                .unwrap_or(0);
            if there != opening.days {
                let entry = Entry {
                    year: opening.year,
                    kind: EntryKind::Opening,
                    days: opening.days - there,
                    effective_on: applicant.today,
                };
                let reason = Some(opening.reason.as_str());
                self.add_entries(connection, context, scope, &applicant, &[entry], None, reason)?;
            }
            note_event(
                connection,
                context,
                "leave_balance",
                &format!("{id}/{}", opening.year),
                "open",
                Some(&opening.reason),
            )?;
            self.leave_balance_of(connection, scope, &applicant, context.now)
        })
    }

    /// Someone who is on the staff of one of the scope's agencies today.
    fn applicant_within(
        &self,
        connection: &mut AnyConnection,
        scope: &Scope,
        id: EmployeeId,
        now: Instant,
    ) -> Result<Applicant, Error> {
        let applicant = match self.applicant(connection, id, now) {
            Err(Error::Refused(_)) => return Err(Error::NotFound),
            found => found?,
        };
        let is_within = AgencyCode::parse(&applicant.agency.code).is_ok_and(|code| scope.covers(&code));
        is_within.then_some(applicant).ok_or(Error::NotFound)
    }

    fn leave_balance_of(
        &self,
        connection: &mut AnyConnection,
        scope: &Scope,
        applicant: &Applicant,
        now: Instant,
    ) -> Result<LeaveBalance, Error> {
        let mut rows = store::leave_entry::list(connection, scope, applicant.id())?;
        let known: Vec<Entry> = rows.iter().map(LeaveEntryRow::entry).collect();
        // What time has made due is shown before anything has written it down.
        let requests = store::leave_request::list_of(connection, scope, applicant.id())?;
        for entry in due(applicant, &known, &requests, applicant.today)? {
            rows.push(row(
                applicant.id(),
                LeaveEntryId::new(self.entropy.uuid(now)?),
                entry,
                now,
            ));
        }
        rows.sort_by_key(|row| (row.effective_on, row.kind, row.created_at));
        let year = applicant.today.year();
        let entries: Vec<Entry> = rows.iter().map(LeaveEntryRow::entry).collect();
        Ok(LeaveBalance {
            year,
            left: ledger::balance(&entries, end_of(year)),
            reserved: reserved(applicant, &requests, year, None),
            service_from: applicant.service_from,
            entries: rows,
        })
    }

    /// Writes down what time has made due by today; gives the whole ledger.
    pub(crate) fn bring_up(
        &self,
        connection: &mut AnyConnection,
        scope: &Scope,
        applicant: &Applicant,
        now: Instant,
    ) -> Result<Vec<Entry>, Error> {
        let known = store::leave_entry::list(connection, scope, applicant.id())?;
        let mut entries: Vec<Entry> = known.iter().map(LeaveEntryRow::entry).collect();
        let requests = store::leave_request::list_of(connection, scope, applicant.id())?;
        let due = due(applicant, &entries, &requests, applicant.today)?;
        let mut rows = Vec::with_capacity(due.len());
        for entry in due {
            rows.push(row(
                applicant.id(),
                LeaveEntryId::new(self.entropy.uuid(now)?),
                entry,
                now,
            ));
            entries.push(entry);
        }
        store::leave_entry::insert(connection, scope, &rows)?;
        Ok(entries)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a row of the ledger")]
    pub(crate) fn add_entries(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        applicant: &Applicant,
        entries: &[Entry],
        request_id: Option<LeaveRequestId>,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        let mut rows = Vec::with_capacity(entries.len());
        for entry in entries {
            rows.push(LeaveEntryRow {
                request_id,
                reason: reason.map(str::to_owned),
                created_by: Some(context.account()),
                ..row(
                    applicant.id(),
                    LeaveEntryId::new(self.entropy.uuid(context.now)?),
                    *entry,
                    context.now,
                )
            });
        }
        Ok(store::leave_entry::insert(connection, scope, &rows)?)
    }
}

fn no_annual_leave() -> Error {
    Error::field(
        "year",
        "no_annual_leave",
        "Menurut tabel jenis cuti, status kepegawaian ini tidak memiliki cuti tahunan. Hubungi BKD bila tabelnya perlu diubah.",
        "By the table of leave kinds this employment has no annual leave. Ask BKD if the table should change.",
    )
}

fn row(employee_id: EmployeeId, id: LeaveEntryId, entry: Entry, now: Instant) -> LeaveEntryRow {
    LeaveEntryRow {
        employee_id,
        id,
        year: entry.year,
        kind: entry.kind,
        days: entry.days,
        effective_on: entry.effective_on,
        request_id: None,
        reason: None,
        created_by: None,
        created_at: now,
    }
}

/// The last day of a year: leave that was granted ahead counts from then at the latest.
pub(crate) fn end_of(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MAX)
}

/// How annual leave is given in a year, by the table of its first day.
fn annual_rule(applicant: &Applicant, year: i32) -> Option<AnnualRule> {
    let new_year = NaiveDate::from_ymd_opt(year, 1, 1)?;
    of_balance(applicant.kinds.on(new_year), applicant.employment).map(AnnualRule::from)
}

fn due(
    applicant: &Applicant,
    known: &[Entry],
    requests: &[LeaveRequestRow],
    on: NaiveDate,
) -> Result<Vec<Entry>, Error> {
    let deferred = deferred(applicant, requests)?;
    let deferred_of = |year: i32| {
        deferred
            .iter()
            .filter(|(of, _)| *of == year)
            .map(|(_, days)| days)
            .sum()
    };
    let rule_of = |year| annual_rule(applicant, year);
    Ok(ledger::due(known, applicant.service_from, rule_of, deferred_of, on))
}

/// The days of annual leave that the authority deferred, each with its year.
fn deferred(applicant: &Applicant, requests: &[LeaveRequestRow]) -> Result<Vec<(i32, i32)>, Error> {
    let mut deferred = Vec::new();
    for row in requests.iter().filter(|row| row.state == LeaveState::Decided) {
        let decision: Option<Opinion> = read(row.decision.as_ref())?;
        let is_deferred = decision.is_some_and(|opinion| opinion.outcome == Outcome::Defer);
        let rule = applicant.rule(row.kind, row.first_day);
        if is_deferred && rule.is_some_and(|rule| rule.consumes_balance) {
            deferred.push((row.first_day.year(), row.days));
        }
    }
    Ok(deferred)
}

/// Days of a year that requests on their way have spoken for, one of them left aside.
pub(crate) fn reserved(
    applicant: &Applicant,
    requests: &[LeaveRequestRow],
    year: i32,
    except: Option<LeaveRequestId>,
) -> i32 {
    requests
        .iter()
        .filter(|row| Some(row.id) != except && row.first_day.year() == year && is_pending(row))
        .filter(|row| {
            applicant
                .rule(row.kind, row.first_day)
                .is_some_and(|rule| rule.consumes_balance)
        })
        .map(|row| row.days)
        .sum()
}

/// Whether a request's days are spoken for and not yet off the balance.
pub(crate) fn is_pending(row: &LeaveRequestRow) -> bool {
    row.state.is_pending() && (row.state != LeaveState::Decided || row.is_granted)
}

/// What a leave that begins on `first` may take: the whole balance of this year; of a later year only that year's own
/// days, since what carries over is not known yet.
pub(crate) fn balance_for(
    connection: &mut AnyConnection,
    scope: &Scope,
    applicant: &Applicant,
    first: NaiveDate,
) -> Result<Split, Error> {
    let known = store::leave_entry::list(connection, scope, applicant.id())?;
    let mut entries: Vec<Entry> = known.iter().map(LeaveEntryRow::entry).collect();
    let requests = store::leave_request::list_of(connection, scope, applicant.id())?;
    entries.extend(due(applicant, &entries, &requests, applicant.today.max(first))?);
    let left = ledger::balance(&entries, end_of(first.year()));
    Ok(if first.year() > applicant.today.year() {
        Split {
            current: left.current,
            ..Split::default()
        }
    } else {
        left
    })
}

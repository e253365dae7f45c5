//! Monthly reports: compiled from the entries and handed in by their owner, assessed by the direct superior, closed by
//! time.

use crate::app::App;
use crate::app::activity::stale;
use crate::app::activity_review::note_fault;
use crate::app::activity_review::note_missing;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::domain::access::Scope;
use crate::domain::activity::sentence;
use crate::domain::event::Event;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::MonthlyReportId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::language::Language;
use crate::domain::month::Month;
use crate::domain::monthly_report::CLOSE_AFTER_DAYS;
use crate::domain::monthly_report::Expectation;
use crate::domain::monthly_report::MonthlyReportError;
use crate::domain::monthly_report::MonthlyReportState;
use crate::domain::monthly_report::ReportedEntry;
use crate::domain::monthly_report::Sections;
use crate::domain::monthly_report::Totals;
use crate::domain::monthly_report::assess;
use crate::domain::monthly_report::compile;
use crate::domain::monthly_report::submit;
use crate::domain::notice::NoticeContent;
use crate::domain::text::TextError;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::monthly_report::MonthlyReportRow;
use chrono::Duration;

pub use crate::store::monthly_report::MonthlyReportFilter;

/// Most reports that one round of the job closes.
const ROUND: i64 = 200;

/// A report with its counted entries.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthlyReport {
    /// The report.
    pub row: MonthlyReportRow,
    /// The counted entries.
    pub totals: Totals,
    /// The owner's name; only where someone else reads it.
    pub name: Option<String>,
}

/// How a superior rates a month.
#[derive(Clone, Debug)]
pub struct Rating {
    /// The results.
    pub results: Expectation,
    /// The behaviour.
    pub behaviour: Expectation,
    /// The superior's words.
    pub note: Option<String>,
}

impl App {
    /// Counts the month's entries and keeps the sections that are given; `true` where the report is new.
    pub fn compile_monthly_report(
        &self,
        context: &Context,
        scope: &Scope,
        month: Month,
        sections: &Sections,
    ) -> Result<(MonthlyReport, bool), Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        let sections = sections.check().map_err(invalid_sections)?;
        self.store.write(|connection| {
            let earlier = store::monthly_report::find_by_month(connection, scope, month)?;
            let from = earlier.as_ref().map_or(MonthlyReportState::Open, |row| row.state);
            // The month lies where the person stands now, or stood when it began.
            let today = Zone::default().date(context.now);
            let duty = self.duty_on(connection, owner, today.clamp(month.first(), month.last()))?;
            let state = compile(from, month, duty.zone.date(context.now)).map_err(refusal)?;
            let totals = count(connection, owner, month)?;
            let row = MonthlyReportRow {
                employee_id: owner,
                month: month.to_string(),
                id: match &earlier {
                    Some(row) => row.id,
                    None => MonthlyReportId::new(self.entropy.uuid(context.now)?),
                },
                agency_code: duty.agency_code,
                state,
                totals: kept(&totals)?,
                highlights: sections
                    .highlights
                    .clone()
                    .or(earlier.as_ref().and_then(|row| row.highlights.clone())),
                obstacles: sections
                    .obstacles
                    .clone()
                    .or(earlier.as_ref().and_then(|row| row.obstacles.clone())),
                plan: sections
                    .plan
                    .clone()
                    .or(earlier.as_ref().and_then(|row| row.plan.clone())),
                results: None,
                behaviour: None,
                assessment_note: None,
                assessor_id: None,
                compiled_at: context.now,
                submitted_at: None,
                assessed_at: None,
                closed_at: None,
                version: earlier.as_ref().map_or(1, |row| row.version + 1),
            };
            match &earlier {
                Some(earlier) => {
                    store::monthly_report::update(connection, scope, &row, earlier.version).map_err(stale)?;
                }
                None => store::monthly_report::insert(connection, scope, &row)?,
            }
            record(connection, Some(context), &row, "compile", from, context.now, None)?;
            Ok((whole(row)?, earlier.is_none()))
        })
    }

    /// A report that is one's own, or that a subordinate has handed in.
    pub fn readable_monthly_report(
        &self,
        context: &Context,
        own: &Scope,
        team: Option<&Scope>,
        id: MonthlyReportId,
    ) -> Result<MonthlyReport, Error> {
        if let Some(report) = self.monthly_report(own, id)? {
            return Ok(report);
        }
        let team = team.ok_or(Error::NotFound)?;
        self.monthly_report_to_assess(context, team, id)?.ok_or(Error::NotFound)
    }

    fn monthly_report(&self, scope: &Scope, id: MonthlyReportId) -> Result<Option<MonthlyReport>, Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        self.store.read(|connection| {
            let row = store::monthly_report::find(connection, scope, &[owner], id)?;
            row.map(whole).transpose()
        })
    }

    /// One's own reports by month; one more than the filter's limit.
    pub fn monthly_reports(&self, scope: &Scope, filter: &MonthlyReportFilter) -> Result<Vec<MonthlyReport>, Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        self.store.read(|connection| {
            let rows = store::monthly_report::list(connection, scope, &[owner], filter)?;
            rows.into_iter().map(whole).collect()
        })
    }

    /// Hands one's own report in, counted once more. One that waits already stays as it is.
    pub fn submit_monthly_report(
        &self,
        context: &Context,
        scope: &Scope,
        id: MonthlyReportId,
    ) -> Result<MonthlyReport, Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        self.store.write(|connection| {
            let row = store::monthly_report::find(connection, scope, &[owner], id)?.ok_or(Error::NotFound)?;
            if row.state == MonthlyReportState::Submitted {
                return whole(row);
            }
            let month = month_of(&row)?;
            let sections = Sections {
                highlights: row.highlights.clone(),
                obstacles: row.obstacles.clone(),
                plan: row.plan.clone(),
            };
            let today = Zone::default().date(context.now);
            let duty = self.duty_on(connection, owner, today.clamp(month.first(), month.last()))?;
            let state = submit(row.state, month, &sections, duty.zone.date(context.now)).map_err(refusal)?;
            let (from, version) = (row.state, row.version);
            let row = MonthlyReportRow {
                state,
                totals: kept(&count(connection, owner, month)?)?,
                submitted_at: Some(context.now),
                version: version + 1,
                ..row
            };
            store::monthly_report::update(connection, scope, &row, version).map_err(stale)?;
            record(connection, Some(context), &row, "submit", from, context.now, None)?;
            whole(row)
        })
    }

    /// Reports of the caller's subordinates that have been handed in; one more than the filter's limit.
    pub fn monthly_reports_to_assess(
        &self,
        context: &Context,
        scope: &Scope,
        filter: &MonthlyReportFilter,
    ) -> Result<Vec<MonthlyReport>, Error> {
        let today = Zone::default().date(context.now);
        let mut filter = filter.clone();
        if filter.states.is_empty() {
            filter.states = MonthlyReportState::ALL.to_vec();
        }
        // What is not handed in is nobody else's business, asked for or not.
        filter.states.retain(|state| is_handed_in(*state));
        self.store.read(|connection| {
            let team = store::team::subordinates(connection, scope, today)?;
            if filter.states.is_empty() {
                return Ok(Vec::new());
            }
            let rows = store::monthly_report::list(connection, scope, &team, &filter)?;
            let people: Vec<EmployeeId> = rows.iter().map(|row| row.employee_id).collect();
            let names = store::team::names(connection, scope, &people)?;
            rows.into_iter()
                .map(|row| {
                    let name = names.get(&row.employee_id).cloned();
                    Ok(MonthlyReport { name, ..whole(row)? })
                })
                .collect()
        })
    }

    /// A subordinate's report that has been handed in.
    fn monthly_report_to_assess(
        &self,
        context: &Context,
        scope: &Scope,
        id: MonthlyReportId,
    ) -> Result<Option<MonthlyReport>, Error> {
        let today = Zone::default().date(context.now);
        self.store.read(|connection| {
            let team = store::team::subordinates(connection, scope, today)?;
            let Some(row) =
                store::monthly_report::find(connection, scope, &team, id)?.filter(|row| is_handed_in(row.state))
            else {
                return Ok(None);
            };
            let name = store::team::names(connection, scope, &[row.employee_id])?.remove(&row.employee_id);
            Ok(Some(MonthlyReport { name, ..whole(row)? }))
        })
    }

    /// Rates a subordinate's report, counted once more, and tells its owner. The same rating again changes nothing.
    pub fn assess_monthly_report(
        &self,
        context: &Context,
        scope: &Scope,
        id: MonthlyReportId,
        rating: &Rating,
    ) -> Result<MonthlyReport, Error> {
        let assessor = scope.person().ok_or(Error::NotFound)?;
        let today = Zone::default().date(context.now);
        self.store.write(|connection| {
            let team = store::team::subordinates(connection, scope, today)?;
            let row = match store::monthly_report::find(connection, scope, &team, id)?
                .filter(|row| is_handed_in(row.state))
            {
                Some(row) => row,
                // The caller knows their own report, so saying no tells nothing new.
                None if store::monthly_report::find(connection, scope, &[assessor], id)?.is_some() => {
                    return Err(Error::Forbidden);
                }
                None => return Err(Error::NotFound),
            };
            let note = rating.note.as_deref();
            let (state, said) = assess(
                row.state,
                row.employee_id,
                assessor,
                rating.results,
                rating.behaviour,
                note,
            )
            .map_err(refusal)?;
            let is_same = (row.results, row.behaviour) == (Some(said.results), Some(said.behaviour))
                && row.assessment_note == said.note
                && row.assessor_id == Some(assessor);
            if is_same {
                return whole(row);
            }
            let (month, from, version) = (month_of(&row)?, row.state, row.version);
            let row = MonthlyReportRow {
                state,
                totals: kept(&count(connection, row.employee_id, month)?)?,
                results: Some(said.results),
                behaviour: Some(said.behaviour),
                assessment_note: said.note,
                assessor_id: Some(assessor),
                assessed_at: Some(context.now),
                version: version + 1,
                ..row
            };
            store::monthly_report::update(connection, scope, &row, version).map_err(stale)?;
            let note = row.assessment_note.as_deref();
            record(connection, Some(context), &row, "assess", from, context.now, note)?;
            let told = NoticeContent::MonthlyReportAssessed {
                monthly_report_id: row.id,
                month,
                results: said.results,
                behaviour: said.behaviour,
            };
            self.notify(connection, row.employee_id, told, context.now)?;
            whole(row)
        })
    }

    /// Closes reports whose assessment has stood long enough, and locks the month's entries; gives how many. For the
    /// ticker, on any instance.
    pub fn close_monthly_reports(&self) -> Result<usize, Error> {
        let now = self.now();
        let before = now.plus(-Duration::days(CLOSE_AFTER_DAYS));
        let due = self
            .store
            .read(|connection| Ok::<_, Error>(store::monthly_report::list_to_close(connection, before, ROUND)?))?;
        let mut closed = 0;
        for row in due {
            let result = self.store.write(|connection| {
                let month = month_of(&row)?;
                store::activity::lock_month(connection, row.employee_id, month.first(), month.last(), now)?;
                let changed = MonthlyReportRow {
                    state: MonthlyReportState::Closed,
                    totals: kept(&count(connection, row.employee_id, month)?)?,
                    closed_at: Some(now),
                    version: row.version + 1,
                    ..row.clone()
                };
                store::monthly_report::update_by_service(connection, &changed, row.version).map_err(stale)?;
                record(connection, None, &changed, "close", row.state, now, None)
            });
            match result {
                Ok(()) => closed += 1,
                // Assessed again, or closed by another instance, meanwhile.
                Err(Error::Stale) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(closed)
    }
}

/// Writes a step of a report's life down; without a context the service took it by itself.
fn record(
    connection: &mut AnyConnection,
    context: Option<&Context>,
    row: &MonthlyReportRow,
    action: &'static str,
    from: MonthlyReportState,
    at: Instant,
    reason: Option<&str>,
) -> Result<(), Error> {
    let event = Event {
        subject_kind: "monthly_report",
        subject_id: row.id.to_string(),
        at,
        account_id: context.map(Context::account),
        action,
        from_state: Some(from.code().to_owned()),
        to_state: Some(row.state.code().to_owned()),
        reason: reason.map(str::to_owned),
    };
    Ok(store::event::append(connection, &event)?)
}

const fn is_handed_in(state: MonthlyReportState) -> bool {
    match state {
        MonthlyReportState::Open | MonthlyReportState::Compiled => false,
        MonthlyReportState::Submitted | MonthlyReportState::Assessed | MonthlyReportState::Closed => true,
    }
}

fn count(connection: &mut AnyConnection, owner: EmployeeId, month: Month) -> Result<Totals, Error> {
    let entries = store::activity::list_of_month(connection, owner, month.first(), month.last())?;
    Ok(Totals::of(entries.into_iter().map(|(state, decision, start, end)| {
        ReportedEntry {
            state,
            decision,
            minutes: u16::try_from(end.saturating_sub(start)).unwrap_or(0),
        }
    })))
}

fn kept(totals: &Totals) -> Result<Json, Error> {
    Ok(Json(serde_json::to_value(totals).map_err(Error::internal)?))
}

fn whole(row: MonthlyReportRow) -> Result<MonthlyReport, Error> {
    let totals = serde_json::from_value(row.totals.0.clone()).ok();
    Ok(MonthlyReport {
        totals: totals.ok_or(store::error::Error::Corrupt("monthly_report.totals"))?,
        row,
        name: None,
    })
}

fn month_of(row: &MonthlyReportRow) -> Result<Month, Error> {
    let month = row.month.parse().ok();
    Ok(month.ok_or(store::error::Error::Corrupt("monthly_report.month"))?)
}

fn invalid_sections(faults: Vec<(&'static str, TextError)>) -> Error {
    let field = |(field, error): (&'static str, TextError)| {
        FieldError::new(
            field,
            error.code(),
            sentence::of_text(error, Language::Indonesian),
            sentence::of_text(error, Language::English),
        )
    };
    Error::Invalid(faults.into_iter().map(field).collect())
}

fn refusal(error: MonthlyReportError) -> Error {
    match error {
        MonthlyReportError::Step { .. } => Error::Conflict(Code::WrongState),
        MonthlyReportError::OwnReport => Error::Forbidden,
        MonthlyReportError::NoteMissing => note_missing(),
        MonthlyReportError::Note(error) => note_fault(error),
        MonthlyReportError::MonthAhead => Error::field(
            "month",
            "in_future",
            "Bulan ini belum mulai.",
            "The month has not begun.",
        ),
        MonthlyReportError::MonthRunning => Error::field(
            "month",
            "not_over",
            "Laporan dapat dikirim mulai hari terakhir bulan ini.",
            "The report can be handed in from the last day of the month.",
        ),
        MonthlyReportError::HighlightsMissing => Error::field(
            "highlights",
            "missing",
            "Isi dulu capaian utama bulan ini, lalu kirim.",
            "Fill in the highlights first, then hand it in.",
        ),
    }
}

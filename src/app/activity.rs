//! Daily entries: written, handed in and listed by their owner.

use crate::app::App;
use crate::app::context::Context;
use crate::app::duty::Duties;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::once::OnceKey;
use crate::domain::access::Scope;
use crate::domain::activity::ActivityState;
use crate::domain::activity::Decision;
use crate::domain::activity::Step;
use crate::domain::activity::entry::ActivityDraft;
use crate::domain::activity::entry::ActivityFault;
use crate::domain::activity::entry::ActivityFields;
use crate::domain::activity::entry_day::ActivityRules;
use crate::domain::activity::entry_day::DaySpan;
use crate::domain::activity::entry_day::EntryDay;
use crate::domain::activity::entry_day::LocalMoment;
use crate::domain::activity::entry_day::fit;
use crate::domain::event::Event;
use crate::domain::half::Halved;
use crate::domain::half::MiddleOfDay;
use crate::domain::ids::ActivityId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Zone;
use crate::domain::language::Language;
use crate::domain::month::Month;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::activity::ActivityRow;
use crate::store::backend::AnyConnection;
use crate::store::evidence::EvidenceRow;
use chrono::{Days, NaiveDate};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

pub use crate::store::activity::ActivityCursor;
pub use crate::store::activity::ActivityFilter;

/// An entry with what hangs on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// The entry.
    pub row: ActivityRow,
    /// Its files, oldest first.
    pub evidence: Vec<EvidenceRow>,
    /// The owner's name; only where someone else reads it.
    pub name: Option<String>,
}

/// A new entry as it came.
#[derive(Clone, Debug)]
pub struct NewActivity {
    /// The client's id; without one the service makes it.
    pub id: Option<ActivityId>,
    /// The words.
    pub draft: ActivityDraft,
    /// Whether it is handed in at once.
    pub is_submitted: bool,
}

/// Where and how a person worked on a date, as entries and reports need to know it.
#[derive(Debug)]
pub(crate) struct DutyOn {
    pub(crate) agency_code: String,
    pub(crate) zone: Zone,
    modes: Halved<WorkMode>,
    middle: MiddleOfDay,
    pub(crate) rules: ActivityRules,
    pub(crate) duties: Duties,
}

impl DutyOn {
    /// The mode in the half of the day in which the middle of a span lies.
    fn mode_in(&self, span: DaySpan) -> WorkMode {
        *self
            .modes
            .of(self.middle.half_of_span(span.start_minute(), span.end_minute()))
    }
}

impl App {
    /// A person's agency, zone and mode on a date; one who belongs to no agency then is refused.
    pub(crate) fn duty_on(
        &self,
        connection: &mut AnyConnection,
        person: EmployeeId,
        date: NaiveDate,
    ) -> Result<DutyOn, Error> {
        let duties = self.duties(connection, &[person], date, date)?;
        let day = duties.day(person, date).filter(|day| {
            let is_begun = day.member.valid_from <= date;
            is_begun && day.member.valid_to.is_none_or(|last| last >= date)
        });
        let day = day.ok_or(Error::Refused(Code::NoMembership))?;
        Ok(DutyOn {
            agency_code: day.member.agency_code.to_string(),
            zone: day.first_zone(),
            rules: day.held.rules.activity(),
            middle: day.held.middle,
            modes: day.parts.map(|_, part| part.mode.mode),
            duties,
        })
    }

    /// Files an entry. The same id with the same words again gives the entry as it stands now and `false`; with other
    /// words it is a conflict.
    pub fn create_activity(
        &self,
        context: &Context,
        scope: &Scope,
        new: &NewActivity,
        once: &OnceKey,
    ) -> Result<(Activity, bool), Error> {
        let fields = new.draft.check().map_err(invalid)?;
        check_reach(context, fields.work_date)?;
        let digest = claim_digest(new)?;
        let owner = scope.person().ok_or(Error::NotFound)?;
        let is_submitted = new.is_submitted;
        let (id, is_new) = if let Some(id) = new.id {
            self.store.write(|connection| {
                if let Some(earlier) = store::activity::find(connection, scope, id)? {
                    let is_same = earlier.claim_digest == digest;
                    return if is_same {
                        Ok((id, false))
                    } else {
                        Err(Error::Conflict(Code::IdConflict))
                    };
                }
                self.insert_activity(connection, context, scope, owner, id, &fields, is_submitted, &digest)?;
                Ok((id, true))
            })?
        } else {
            let made = self.once(context, once, |connection| {
                let id = ActivityId::new(self.entropy.uuid(context.now)?);
                self.insert_activity(connection, context, scope, owner, id, &fields, is_submitted, &digest)?;
                Ok(id)
            })?;
            (made, true)
        };
        Ok((self.activity(scope, id)?, is_new))
    }

    #[expect(clippy::too_many_arguments, reason = "one call in two shapes of create_activity")]
    fn insert_activity(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        owner: EmployeeId,
        id: ActivityId,
        fields: &ActivityFields,
        is_submitted: bool,
        digest: &[u8],
    ) -> Result<(), Error> {
        let blank = ActivityRow {
            employee_id: owner,
            id,
            agency_code: String::new(),
            claim_digest: digest.to_vec(),
            work_date: fields.work_date,
            start_minute: 0,
            end_minute: 0,
            description: String::new(),
            output: String::new(),
            quantity: None,
            unit: None,
            skp_item: None,
            channel: None,
            link: None,
            mode: WorkMode::Wfo,
            state: ActivityState::Draft,
            created_at: context.now,
            updated_at: context.now,
            submitted_at: None,
            escalates_at: None,
            escalated_to: None,
            decision: None,
            review_note: None,
            reviewer_id: None,
            reviewed_at: None,
            version: 0,
        };
        let step = if is_submitted { Step::Submit } else { Step::Edit };
        let row = self.write_fields(connection, context, scope, blank, fields, step)?;
        store::activity::insert(connection, scope, &row)?;
        record(connection, Some(context), &row, "create", None, None)
    }

    /// Replaces the fields of one's own draft or returned entry, if `version` is the current one.
    pub fn update_activity(
        &self,
        context: &Context,
        scope: &Scope,
        id: ActivityId,
        version: i32,
        draft: &ActivityDraft,
    ) -> Result<Activity, Error> {
        let fields = draft.check().map_err(invalid)?;
        check_reach(context, fields.work_date)?;
        self.store.write(|connection| {
            let row = store::activity::find(connection, scope, id)?.ok_or(Error::NotFound)?;
            if row.version != version {
                return Err(Error::Stale);
            }
            let from = row.state;
            let row = self.write_fields(connection, context, scope, row, &fields, Step::Edit)?;
            store::activity::update(connection, scope, &row, version).map_err(stale)?;
            record(connection, Some(context), &row, "edit", Some(from), None)
        })?;
        self.activity(scope, id)
    }

    /// Hands one's own entry in. One that waits already stays as it is.
    pub fn submit_activity(&self, context: &Context, scope: &Scope, id: ActivityId) -> Result<Activity, Error> {
        self.store.write(|connection| {
            let row = store::activity::find(connection, scope, id)?.ok_or(Error::NotFound)?;
            if row.state.awaits_review() {
                return Ok(());
            }
            let (from, version) = (row.state, row.version);
            let fields = fields_of(&row)?;
            let row = self.write_fields(connection, context, scope, row, &fields, Step::Submit)?;
            store::activity::update(connection, scope, &row, version).map_err(stale)?;
            record(connection, Some(context), &row, "submit", Some(from), None)
        })?;
        self.activity(scope, id)
    }

    /// Holds the day, checks that the fields fit into it, and gives the row with them, one version on.
    fn write_fields(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        row: ActivityRow,
        fields: &ActivityFields,
        step: Step,
    ) -> Result<ActivityRow, Error> {
        let owner = row.employee_id;
        let date = fields.work_date;
        // Only a state that allows the step gets as far as being checked.
        let state = row.state.after(step).ok().ok_or(Error::Conflict(Code::WrongState))?;
        store::activity::hold_day(connection, scope, date)?;
        let duty = self.duty_on(connection, owner, date)?;
        let now = LocalMoment::new(duty.zone, context.now);
        let hours = store::activity::hours(connection, scope, date, row.id)?;
        let others: Vec<DaySpan> = hours.into_iter().filter_map(|(start, end)| span(start, end)).collect();
        let returned_at = row.reviewed_at.filter(|_| row.decision == Some(Decision::Returned));
        let rules = duty.rules;
        let is_working_day = |day: NaiveDate| duty.duties.is_work_day(owner, day);
        let day = EntryDay {
            now,
            mode: duty.mode_in(fields.span),
            is_month_closed: store::monthly_report::is_closed(connection, owner, Month::of(date))?,
            returned_on: returned_at.map(|at| duty.zone.date(at)),
            others: &others,
        };
        fit(fields, &day, rules, is_working_day).map_err(invalid)?;
        let is_submitted = step == Step::Submit;
        let last_review_date = rules.last_review_date(now.date, is_working_day);
        let (quantity, unit) = fields.quantity.clone().unzip();
        Ok(ActivityRow {
            agency_code: duty.agency_code.clone(),
            work_date: date,
            start_minute: minute(fields.span.start_minute()),
            end_minute: minute(fields.span.end_minute()),
            description: fields.description.clone(),
            output: fields.output.clone(),
            quantity: quantity.and_then(|quantity| i32::try_from(quantity).ok()),
            unit,
            skp_item: fields.skp_item.clone(),
            channel: fields.channel,
            link: fields.link.clone(),
            mode: duty.mode_in(fields.span),
            state,
            updated_at: context.now,
            submitted_at: if is_submitted {
                Some(context.now)
            } else {
                row.submitted_at
            },
            escalates_at: is_submitted.then(|| duty.zone.at_minute(last_review_date, 1_440)),
            escalated_to: None,
            version: row.version + 1,
            ..row
        })
    }

    /// One's own entry.
    pub fn activity(&self, scope: &Scope, id: ActivityId) -> Result<Activity, Error> {
        self.store.read(|connection| {
            let row = store::activity::find(connection, scope, id)?.ok_or(Error::NotFound)?;
            let mut with_evidence = with_evidence(connection, scope, vec![row])?;
            with_evidence.pop().ok_or(Error::NotFound)
        })
    }

    /// One's own entries by date and hour; one more than the filter's limit, to show that there are more.
    pub fn activities(&self, scope: &Scope, filter: &ActivityFilter) -> Result<Vec<Activity>, Error> {
        self.store.read(|connection| {
            let rows = store::activity::list(connection, scope, filter)?;
            with_evidence(connection, scope, rows)
        })
    }
}

/// Refuses dates that no setting could allow before rules are loaded for them: what was loaded is remembered by date.
fn check_reach(context: &Context, work_date: NaiveDate) -> Result<(), Error> {
    let today = Zone::default().date(context.now);
    if work_date > today + Days::new(1) {
        return Err(invalid(vec![ActivityFault::DateInFuture]));
    }
    if work_date < today - Days::new(400) {
        let last = ActivityRules::default().last_open_date(work_date, |_| true);
        return Err(invalid(vec![ActivityFault::DateClosed { last }]));
    }
    Ok(())
}

/// Adds the files behind each entry, in the order of the rows.
pub(crate) fn with_evidence(
    connection: &mut AnyConnection,
    scope: &Scope,
    rows: Vec<ActivityRow>,
) -> Result<Vec<Activity>, Error> {
    let mut by_owner: HashMap<EmployeeId, Vec<ActivityId>> = HashMap::new();
    for row in &rows {
        by_owner.entry(row.employee_id).or_default().push(row.id);
    }
    let mut files: HashMap<(EmployeeId, ActivityId), Vec<EvidenceRow>> = HashMap::new();
    for (owner, ids) in by_owner {
        for file in store::evidence::list(connection, scope, owner, &ids)? {
            files.entry((owner, file.activity_id)).or_default().push(file);
        }
    }
    Ok(rows
        .into_iter()
        .map(|row| Activity {
            evidence: files.remove(&(row.employee_id, row.id)).unwrap_or_default(),
            row,
            name: None,
        })
        .collect())
}

/// Writes a step of an entry's life down; without a context the service took it by itself.
pub(crate) fn record(
    connection: &mut AnyConnection,
    context: Option<&Context>,
    row: &ActivityRow,
    action: &'static str,
    from: Option<ActivityState>,
    reason: Option<&str>,
) -> Result<(), Error> {
    let event = Event {
        subject_kind: "activity",
        subject_id: row.id.to_string(),
        at: row.updated_at,
        account_id: context.map(Context::account),
        action,
        from_state: from.map(|state| state.code().to_owned()),
        to_state: Some(row.state.code().to_owned()),
        reason: reason.map(str::to_owned),
    };
    Ok(store::event::append(connection, &event)?)
}

/// Faults as fields of the request, in both languages.
pub(crate) fn invalid(faults: Vec<ActivityFault>) -> Error {
    let field = |fault: ActivityFault| {
        FieldError::new(
            fault.field(),
            fault.code(),
            fault.sentence(Language::Indonesian),
            fault.sentence(Language::English),
        )
    };
    Error::Invalid(faults.into_iter().map(field).collect())
}

/// A row that is gone from under an update was changed by someone else.
pub(crate) fn stale(error: store::error::Error) -> Error {
    match error {
        store::error::Error::Missing => Error::Stale,
        other @ (store::error::Error::Duplicate(_)
        | store::error::Error::Busy(_)
        | store::error::Error::Corrupt(_)
        | store::error::Error::Setup(_)
        | store::error::Error::Connect(_)
        | store::error::Error::Migration(_)
        | store::error::Error::Unavailable(_)
        | store::error::Error::Damaged(_)
        | store::error::Error::Database(_)) => other.into(),
    }
}

fn claim_digest(new: &NewActivity) -> Result<Vec<u8>, Error> {
    let claim = serde_json::to_vec(&(&new.draft, new.is_submitted)).map_err(Error::internal)?;
    Ok(Sha256::digest(claim).to_vec())
}

fn fields_of(row: &ActivityRow) -> Result<ActivityFields, Error> {
    let corrupt = || Error::from(store::error::Error::Corrupt("activity"));
    let quantity = row.quantity.and_then(|quantity| u32::try_from(quantity).ok());
    Ok(ActivityFields {
        work_date: row.work_date,
        span: span(row.start_minute, row.end_minute).ok_or_else(corrupt)?,
        description: row.description.clone(),
        output: row.output.clone(),
        quantity: quantity.zip(row.unit.clone()),
        skp_item: row.skp_item.clone(),
        channel: row.channel,
        link: row.link.clone(),
    })
}

fn span(start: i16, end: i16) -> Option<DaySpan> {
    DaySpan::new(u16::try_from(start).ok()?, u16::try_from(end).ok()?)
}

/// Minutes of a day fit into any integer that holds 1,440.
fn minute(minute: u16) -> i16 {
    i16::try_from(minute).unwrap_or(i16::MAX)
}

//! Leave: the person behind a request, who may see how much of it, and who acts.

pub mod amendment;
pub mod balance;
mod days;
mod judge;
pub mod letter;
pub mod opinion;
pub mod request;

use crate::app::App;
use crate::app::activity::stale;
use crate::app::context::Context;
use crate::app::duty::Duties;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::event::note_step;
use crate::app::rule_book::AgencyFacts;
use crate::app::rule_table::RuleTables;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::employee_number::EmployeeNumber;
use crate::domain::employee_number::EmployeeNumberKind;
use crate::domain::half::DayPart;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::LeaveRequestId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::language::Language;
use crate::domain::leave::LeaveKind;
use crate::domain::leave::kind::LeaveKindRule;
use crate::domain::leave::kind::find;
use crate::domain::leave::opinion::Official;
use crate::domain::leave::opinion::Opinion;
use crate::domain::leave::opinion::Returned;
use crate::domain::leave::request::Period;
use crate::domain::leave::request::RequestFault;
use crate::domain::person_name::titled;
use crate::domain::signer_rule;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::employee::EmployeeRow;
use crate::store::leave_request::LeaveRequestRow;
use crate::store::membership::MembershipRow;
use chrono::NaiveDate;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The permissions with which someone looks at, or acts on, other people's leave.
#[derive(Clone, Debug)]
pub struct Hats {
    /// As a leave officer.
    pub officer: Option<Scope>,
    /// As a direct superior.
    pub superior: Option<Scope>,
    /// As an authority.
    pub authority: Option<Scope>,
}

/// As what someone sees a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sight {
    /// It is their own.
    Own,
    /// With its reason: leave officers and the deciding authority.
    Whole,
    /// Kind, dates and days only: the direct superior.
    Limited,
}

/// A request as someone sees it.
#[derive(Clone, Debug)]
pub struct SeenRequest {
    /// The request.
    pub row: LeaveRequestRow,
    /// How much of it.
    pub sight: Sight,
    /// The applicant's name with titles.
    pub name: String,
    /// The date at the applicant's agency.
    pub today: NaiveDate,
    /// What the leave officer last missed.
    pub returned: Option<Returned>,
    /// What the superior considered.
    pub consideration: Option<Opinion>,
    /// What the authority decided.
    pub decision: Option<Opinion>,
}

/// A person whose leave it is about, as they stand today.
#[derive(Debug)]
pub(crate) struct Applicant {
    pub(crate) person: EmployeeRow,
    pub(crate) employment: EmployeeNumberKind,
    pub(crate) number: Option<EmployeeNumber>,
    pub(crate) member: MembershipRow,
    pub(crate) agency: AgencyFacts,
    pub(crate) today: NaiveDate,
    pub(crate) service_from: Option<NaiveDate>,
    pub(crate) kinds: RuleTables<Vec<LeaveKindRule>>,
}

impl App {
    /// The person behind a leave; one who belongs to no agency today is refused.
    pub(crate) fn applicant(
        &self,
        connection: &mut AnyConnection,
        id: EmployeeId,
        now: Instant,
    ) -> Result<Applicant, Error> {
        let book = self.rule_book(connection)?;
        let person = store::employee::find(connection, id)?.ok_or(Error::NotFound)?;
        let about_today = Zone::default().date(now);
        let members = store::membership::list(connection, &[id])?;
        let member = members.into_iter().find(|member| member.covers(about_today));
        let member = member.ok_or(Error::Refused(Code::NoMembership))?;
        let agency = book
            .agency(&member.agency_code)
            .ok_or(store::error::Error::Corrupt("membership.agency_code"))?
            .clone();
        let today = agency.zone.date(now);
        let numbers = store::batch_unit::list_numbers(connection, &[id], today)?;
        let number = numbers
            .into_iter()
            .find_map(|(_, number)| EmployeeNumber::parse(&number).ok());
        let entered = store::leave_entry::find_service_from(connection, id)?;
        let employment = EmployeeNumberKind::from_code(&person.number_kind)
            .ok_or(store::error::Error::Corrupt("employee.number_kind"))?;
        Ok(Applicant {
            employment,
            service_from: entered.or_else(|| number.as_ref().and_then(EmployeeNumber::service_from)),
            kinds: RuleTables::load(connection)?,
            person,
            number,
            member,
            agency,
            today,
        })
    }

    /// A row with what a reader needs beside it.
    pub(crate) fn seen(
        &self,
        connection: &mut AnyConnection,
        now: Instant,
        row: LeaveRequestRow,
        sight: Sight,
    ) -> Result<SeenRequest, Error> {
        let person = store::employee::find(connection, row.employee_id)?.ok_or(Error::NotFound)?;
        let zone = self
            .rule_book(connection)?
            .agency(&row.agency_code)
            .map_or_else(Zone::default, |agency| agency.zone);
        Ok(SeenRequest {
            returned: read(row.returned.as_ref())?,
            consideration: read(row.consideration.as_ref())?,
            decision: read(row.decision.as_ref())?,
            name: name_of(&person),
            today: zone.date(now),
            row,
            sight,
        })
    }
}

impl Applicant {
    pub(crate) const fn id(&self) -> EmployeeId {
        self.person.id
    }

    /// What a kind gives to the person on a date.
    pub(crate) fn rule(&self, kind: LeaveKind, on: NaiveDate) -> Option<&LeaveKindRule> {
        find(self.kinds.on(on), kind, self.employment)
    }
}

/// Whether the caller is the authority that a request waits for.
pub(crate) fn is_authority(context: &Context, row: &LeaveRequestRow) -> bool {
    row.authority
        .is_some_and(|role| signer_rule::holds(context.actor.grants(), role, &row.agency_code))
}

/// The days of a period on which the person would work, and the first on which they are away already.
pub(crate) fn work_dates(duties: &Duties, person: EmployeeId, period: Period) -> (Vec<NaiveDate>, Option<NaiveDate>) {
    let (days, absent_on) = work_parts(duties, person, period.dates().map(|date| (date, DayPart::All)));
    (days.into_iter().map(|(date, _)| date).collect(), absent_on)
}

/// Of these parts of dates those in which the person would work, and the first date on which they are away in one already.
pub(crate) fn work_parts(
    duties: &Duties,
    person: EmployeeId,
    days: impl Iterator<Item = (NaiveDate, DayPart)>,
) -> (Vec<(NaiveDate, DayPart)>, Option<NaiveDate>) {
    let mut parts = Vec::new();
    let mut absent_on = None;
    for (date, part) in days {
        let Some(day) = duties.day(person, date) else { continue };
        let works = || day.modes_in(part).filter(|mode| *mode != WorkMode::Off);
        if works().any(|mode| matches!(mode, WorkMode::Leave | WorkMode::Sick)) {
            absent_on = absent_on.or(Some(date));
        }
        if works().next().is_some() {
            parts.push((date, part));
        }
    }
    (parts, absent_on)
}

/// Faults as fields of the request, in both languages.
pub(crate) fn invalid(faults: Vec<RequestFault>) -> Error {
    let field = |fault: RequestFault| {
        FieldError::new(
            fault.field(),
            fault.code(),
            fault.sentence(Language::Indonesian),
            fault.sentence(Language::English),
        )
    };
    Error::Invalid(faults.into_iter().map(field).collect())
}

/// Takes the applicant's turn; gives the request as it stands now.
pub(crate) fn in_turn(
    connection: &mut AnyConnection,
    scope: &Scope,
    row: &LeaveRequestRow,
) -> Result<LeaveRequestRow, Error> {
    store::leave_entry::hold(connection, row.employee_id)?;
    let rows = store::leave_request::find_all(connection, scope, row.id)?;
    let again = rows.into_iter().find(|again| again.employee_id == row.employee_id);
    again.ok_or(Error::NotFound)
}

/// Writes a changed request and the step that changed it.
pub(crate) fn save(
    connection: &mut AnyConnection,
    context: &Context,
    scope: &Scope,
    was: &LeaveRequestRow,
    row: LeaveRequestRow,
    action: &'static str,
) -> Result<LeaveRequestRow, Error> {
    let row = LeaveRequestRow {
        updated_at: context.now,
        version: was.version.saturating_add(1),
        ..row
    };
    store::leave_request::update(connection, scope, &row, was.version).map_err(stale)?;
    // What was written of health stays out of the chain of events.
    note_step(
        connection,
        context,
        ("leave_request", &subject(row.employee_id, row.id)),
        action,
        (Some(was.state.code()), Some(row.state.code())),
        None,
    )?;
    Ok(row)
}

/// Ids are made by clients, so the person belongs to the name of the thing.
pub(crate) fn subject(employee_id: EmployeeId, id: LeaveRequestId) -> String {
    format!("{employee_id}/{id}")
}

pub(crate) fn name_of(person: &EmployeeRow) -> String {
    titled(&person.front_title, &person.name, &person.back_title)
}

pub(crate) fn written<T: Serialize>(value: &T) -> Result<Option<Json>, Error> {
    Ok(Some(Json(serde_json::to_value(value).map_err(Error::internal)?)))
}

pub(crate) fn read<T: DeserializeOwned>(stored: Option<&Json>) -> Result<Option<T>, Error> {
    stored
        .map(|json| serde_json::from_value(json.0.clone()))
        .transpose()
        .ok()
        .ok_or_else(|| store::error::Error::Corrupt("leave_request").into())
}

/// What a role is called where no post is known.
const fn post_of(role: Role) -> &'static str {
    match role {
        Role::AgencyHead => "Kepala Perangkat Daerah",
        Role::BkdHead => "Kepala Badan Kepegawaian Daerah",
        Role::LeaveOfficer => "Pengelola Cuti",
        Role::Superior => "Atasan Langsung",
        Role::Signer => "Pejabat yang Berwenang",
        Role::Employee
        | Role::AgencyOperator
        | Role::BkdOfficer
        | Role::BkdAuditor
        | Role::DataProtectionOfficer
        | Role::Administrator => "Pejabat",
    }
}

/// Who acts, as they are called today.
pub(crate) fn official(connection: &mut AnyConnection, context: &Context, role: Role) -> Result<Official, Error> {
    let account = store::account::find(connection, context.account())?.ok_or(Error::NotFound)?;
    let unknown = Official {
        account_id: account.id,
        name: account.display_name,
        number: None,
        position: post_of(role).to_owned(),
    };
    let Some(employee) = context.employee() else {
        return Ok(unknown);
    };
    let person = store::employee::find(connection, employee)?.ok_or(Error::NotFound)?;
    let today = Zone::default().date(context.now);
    let numbers = store::batch_unit::list_numbers(connection, &[employee], today)?;
    let members = store::membership::list(connection, &[employee])?;
    let position = members
        .into_iter()
        .find(|member| member.covers(today))
        .and_then(|member| member.position);
    Ok(Official {
        name: name_of(&person),
        number: numbers
            .into_iter()
            .find_map(|(_, number)| EmployeeNumber::parse(&number).ok())
            .map(|number| number.printed()),
        position: position.unwrap_or(unknown.position),
        ..unknown
    })
}

/// As what the caller sees a request that was handed in; `None` for a stranger.
pub(crate) fn sight_of(
    connection: &mut AnyConnection,
    context: &Context,
    hats: &Hats,
    row: &LeaveRequestRow,
) -> Result<Option<Sight>, Error> {
    if context.employee() == Some(row.employee_id) {
        return Ok(Some(Sight::Own));
    }
    let is_officer = hats
        .officer
        .as_ref()
        .and_then(Scope::agencies)
        .is_some_and(|codes| codes.contains(&row.agency_code.as_str()));
    if is_officer || (hats.authority.is_some() && is_authority(context, row)) {
        return Ok(Some(Sight::Whole));
    }
    if let Some(superior) = hats.superior.as_ref().and_then(Scope::person) {
        let today = Zone::default().date(context.now);
        if store::team::direct_superior(connection, row.employee_id, today)? == Some(superior) {
            return Ok(Some(Sight::Limited));
        }
    }
    Ok(None)
}

//! Rosters of agencies on the wire: make, read, change, hand in, decide, publish.

use crate::app::App;
use crate::app::agency_roster::Change;
use crate::app::agency_roster::ListedEntry;
use crate::app::agency_roster::Remark;
use crate::app::agency_roster::RosterInFull;
use crate::app::agency_roster::RosterRow;
use crate::app::error::Error;
use crate::app::once::OnceKey;
use crate::domain::access::Action;
use crate::domain::half::DayPart;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::RosterId;
use crate::domain::language::Language;
use crate::domain::work_mode::WorkMode;
use crate::http::actor::Caller;
use crate::http::agency_roster_view::PlannedEntryView;
use crate::http::agency_roster_view::RosterRemarkBody;
use crate::http::agency_roster_view::RosterSummaryView;
use crate::http::agency_roster_view::RosterView;
use crate::http::body::Body;
use crate::http::call;
use crate::http::day::DayPartView;
use crate::http::field;
use crate::http::language::Spoken;
use crate::http::page;
use crate::http::page::Page;
#[cfg(feature = "print")]
use crate::http::pdf;
use crate::http::precondition::IdempotencyKey;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::roster::WorkModeView;
use actix_web::http::header;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, HttpResponseBuilder, get, post, put};
use chrono::NaiveDate;
use garde::Validate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// For which days.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MakeRosterBody {
    /// First date, today or later.
    #[garde(skip)]
    from: NaiveDate,
    /// Last date, inclusive; at most 31 days with the first and 366 from today.
    #[garde(skip)]
    to: NaiveDate,
    /// For whoever reads it.
    #[garde(inner(length(chars, max = 500)))]
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Which rosters.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AgencyRosterQuery {
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PlannedEntryQuery {
    /// Only of this work day.
    date: Option<NaiveDate>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One change by hand.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeEntryBody {
    /// Someone on the agency's staff on the date.
    #[garde(skip)]
    employee_id: Uuid,
    /// A work day of the roster.
    #[garde(skip)]
    date: NaiveDate,
    /// For which part of the day, the whole of it unless said; the other half stays as the roster has it.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = DayPartView)]
    slots: DayPart,
    /// `wfo`, `wfh`, `wfa`, `picket` or `off`.
    #[garde(skip)]
    #[schema(value_type = WorkModeView)]
    mode: WorkMode,
    /// Why, 1 to 500 characters.
    #[garde(length(chars, min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Changes of one roster; all are made or none is.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeRosterBody {
    /// Each person and date once.
    #[garde(length(min = 1, max = 5_000), dive)]
    #[schema(min_items = 1, max_items = 5_000)]
    items: Vec<ChangeEntryBody>,
}

/// Handing in.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubmitRosterBody {
    /// Needed where rules are not kept, and where a returned roster was not changed.
    #[garde(inner(length(chars, max = 500)))]
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// What BKD says.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RosterDecisionName {
    /// Taken note of; the agency may publish it.
    Receive,
    /// Sent back.
    Return,
}

/// BKD's word.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideRosterBody {
    /// What BKD says.
    #[garde(skip)]
    decision: RosterDecisionName,
    /// What was found; sending back needs at least one.
    #[serde(default)]
    #[garde(length(max = 100), dive)]
    #[schema(max_items = 100)]
    findings: Vec<RosterRemarkBody>,
}

fn answer(found: RosterInFull, language: Language, mut response: HttpResponseBuilder) -> HttpResponse {
    response
        .insert_header(etag(found.row.version))
        .json(RosterView::new(found, language))
}

/// Makes a draft of an agency's roster by the rules in force: who is in the office, at home or on picket on each work day,
/// each with a reason, and what could not be met.
#[utoipa::path(operation_id = "create_agency_roster", tag = "rosters", request_body = MakeRosterBody, params(
    ("code" = String, Path, description = "The agency's code"),
    ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated call give the first answer"),
), responses(
    (status = 201, body = RosterView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/agencies/{code}/rosters")]
pub(crate) async fn create(
    app: Data<App>,
    caller: Caller,
    Spoken(language): Spoken,
    path: Path<String>,
    key: IdempotencyKey,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (scope, agency) = caller.may_in(Action::WriteRoster, &path)?;
    let (body, bytes): (MakeRosterBody, _) = body.json_and_bytes(&scope).await?;
    let note = field::optional_text("note", body.note.as_deref(), 500)?;
    let once = OnceKey::new(key.0, "create_agency_roster", agency.as_str(), &bytes);
    let found = call::run(&app, move |app| {
        let period = (body.from, body.to);
        app.create_roster(&caller.context, &scope, &agency, period, note.as_deref(), &once)
    })
    .await?;
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, format!("/v1/rosters/{}", found.row.id)));
    Ok(answer(found, language, response))
}

/// Lists an agency's rosters, newest first. BKD sees those that were handed in.
#[utoipa::path(operation_id = "list_agency_rosters", tag = "rosters", params(
    ("code" = String, Path, description = "The agency's code"),
    AgencyRosterQuery,
), responses(
    (status = 200, body = Page<RosterSummaryView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/rosters")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    query: Result<Query<AgencyRosterQuery>, Problem>,
) -> Result<Json<Page<RosterSummaryView>>, Problem> {
    let (scope, agency) = caller.may_in(Action::ReadRoster, &path)?;
    let query = query?.into_inner();
    let limit = page::limit(query.limit)?;
    let after = page::decode(query.cursor.as_deref())?;
    let rows = call::run(&app, move |app| {
        app.agency_rosters(&scope, &agency, after, limit.saturating_add(1))
    })
    .await?;
    Ok(Json(Page::new(
        rows,
        limit,
        |row: &RosterRow| row.id,
        RosterSummaryView::from,
    )))
}

/// Reads one roster: its state, its counts a day, what could not be met and what the last check found.
#[utoipa::path(operation_id = "read_agency_roster", tag = "rosters", params(
    ("id" = Uuid, Path, description = "The roster"),
), responses(
    (status = 200, body = RosterView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/rosters/{id}")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    Spoken(language): Spoken,
    path: Path<RosterId>,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReadRoster)?;
    let id = path.into_inner();
    let found = call::run(&app, move |app| app.roster_in_full(&scope, id)).await?;
    Ok(answer(found, language, HttpResponse::Ok()))
}

/// Lists the entries of a roster by date and person, each with its reason in one sentence.
#[utoipa::path(operation_id = "list_agency_roster_entries", tag = "rosters", params(
    ("id" = Uuid, Path, description = "The roster"),
    PlannedEntryQuery,
), responses(
    (status = 200, body = Page<PlannedEntryView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/rosters/{id}/entries")]
pub(crate) async fn entries(
    app: Data<App>,
    caller: Caller,
    Spoken(language): Spoken,
    path: Path<RosterId>,
    query: Result<Query<PlannedEntryQuery>, Problem>,
) -> Result<Json<Page<PlannedEntryView>>, Problem> {
    let scope = caller.may(Action::ReadRoster)?;
    let query = query?.into_inner();
    let limit = page::limit(query.limit)?;
    let after = page::decode(query.cursor.as_deref())?;
    let id = path.into_inner();
    let rows = call::run(&app, move |app| {
        app.roster_entries(&scope, id, query.date, after, limit.saturating_add(1))
    })
    .await?;
    let key = |entry: &ListedEntry| (entry.date, entry.employee_id);
    Ok(Json(Page::new(rows, limit, key, |entry| {
        PlannedEntryView::new(entry, language)
    })))
}

/// Changes entries of a draft by hand, each with its reason; the answer holds what the roster then does not keep to. A
/// roster that BKD returned is a draft again.
#[utoipa::path(operation_id = "change_agency_roster", tag = "rosters", request_body = ChangeRosterBody, params(
    ("id" = Uuid, Path, description = "The roster"),
    ("If-Match" = String, Header, description = "The ETag of the loaded version"),
), responses(
    (status = 200, body = RosterView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/rosters/{id}/entries")]
pub(crate) async fn change(
    app: Data<App>,
    caller: Caller,
    Spoken(language): Spoken,
    path: Path<RosterId>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRoster)?;
    let IfMatch(version) = version?;
    let body: ChangeRosterBody = body.json(&scope).await?;
    let changes = body
        .items
        .into_iter()
        .enumerate()
        .map(|(index, item)| {
            Ok(Change {
                employee_id: EmployeeId::new(item.employee_id),
                date: item.date,
                slots: item.slots,
                mode: item.mode,
                reason: field::text(&format!("items[{index}].reason"), &item.reason, 1, 500)?,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let id = path.into_inner();
    let found = call::run(&app, move |app| {
        app.change_roster(&caller.context, &scope, id, version, &changes)
    })
    .await?;
    Ok(answer(found, language, HttpResponse::Ok()))
}

/// Hands a roster in to BKD, by the agency's head. Where rules are not kept it is refused with what was found, unless a
/// reason is given. After the circular's day it is taken all the same and marked as late.
#[utoipa::path(operation_id = "submit_agency_roster", tag = "rosters", request_body = SubmitRosterBody, params(
    ("id" = Uuid, Path, description = "The roster"),
    ("If-Match" = String, Header, description = "The ETag of the loaded version"),
), responses(
    (status = 200, body = RosterView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/rosters/{id}/submission")]
pub(crate) async fn submit(
    app: Data<App>,
    caller: Caller,
    Spoken(language): Spoken,
    path: Path<RosterId>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::SubmitRoster)?;
    let IfMatch(version) = version?;
    let body: SubmitRosterBody = body.json(&scope).await?;
    let reason = field::optional_text("reason", body.reason.as_deref(), 500)?;
    let id = path.into_inner();
    let found = call::run(&app, move |app| {
        app.submit_roster(&caller.context, &scope, id, version, reason.as_deref())
    })
    .await?;
    Ok(answer(found, language, HttpResponse::Ok()))
}

/// BKD takes note of a roster that was handed in, or sends it back with findings; the agency is told.
#[utoipa::path(operation_id = "decide_agency_roster", tag = "rosters", request_body = DecideRosterBody, params(
    ("id" = Uuid, Path, description = "The roster"),
    ("If-Match" = String, Header, description = "The ETag of the loaded version"),
), responses(
    (status = 200, body = RosterView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/rosters/{id}/decision")]
pub(crate) async fn decide(
    app: Data<App>,
    caller: Caller,
    Spoken(language): Spoken,
    path: Path<RosterId>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::DecideRoster)?;
    let IfMatch(version) = version?;
    let body: DecideRosterBody = body.json(&scope).await?;
    let is_received = matches!(body.decision, RosterDecisionName::Receive);
    let remarks = body
        .findings
        .into_iter()
        .enumerate()
        .map(|(index, finding)| {
            Ok(Remark {
                text: field::text(&format!("findings[{index}].text"), &finding.text, 1, 500)?,
                date: finding.date,
                employee_id: finding.employee_id.map(EmployeeId::new),
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let id = path.into_inner();
    let found = call::run(&app, move |app| {
        app.decide_roster(&caller.context, &scope, id, version, is_received, &remarks)
    })
    .await?;
    Ok(answer(found, language, HttpResponse::Ok()))
}

/// Publishes a roster that BKD has received: from today on it becomes everybody's assignments, never over leave, travel or
/// corrections, and takes its days from the rosters that stood for them. Each person is told once.
#[utoipa::path(operation_id = "publish_agency_roster", tag = "rosters", params(
    ("id" = Uuid, Path, description = "The roster"),
    ("If-Match" = String, Header, description = "The ETag of the loaded version"),
), responses(
    (status = 200, body = RosterView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/rosters/{id}/publication")]
pub(crate) async fn publish(
    app: Data<App>,
    caller: Caller,
    Spoken(language): Spoken,
    path: Path<RosterId>,
    version: Result<IfMatch, Problem>,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::PublishRoster)?;
    let IfMatch(version) = version?;
    let id = path.into_inner();
    let found = call::run(&app, move |app| {
        app.publish_roster(&caller.context, &scope, id, version)
    })
    .await?;
    Ok(answer(found, language, HttpResponse::Ok()))
}

/// Downloads a roster as PDF to be pinned to the wall: A4 across, at most 1,000 people. One that is not published is marked
/// as provisional; why somebody is not there is not told.
#[cfg(feature = "print")]
#[utoipa::path(operation_id = "read_roster_pdf", tag = "rosters", params(
    ("id" = Uuid, Path, description = "The roster"),
), responses(
    (status = 200, content_type = "application/pdf", body = Vec<u8>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/rosters/{id}/file.pdf")]
pub(crate) async fn print(app: Data<App>, caller: Caller, path: Path<RosterId>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReadRoster)?;
    let id = path.into_inner();
    let (file_name, file) = call::run(&app, move |app| app.print_roster(&caller.context, &scope, id)).await?;
    Ok(pdf::answer(&file_name, file))
}

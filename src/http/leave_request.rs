//! Requests for leave on the wire: as their applicants send and see them, and as others see them.

use crate::app::App;
use crate::app::error::Error;
use crate::app::leave::Hats;
use crate::app::leave::SeenRequest;
use crate::app::leave::Sight;
use crate::app::leave::request::NewLeaveRequest;
use crate::domain::access::Action;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::ids::LeaveRequestId;
use crate::domain::ids::LetterId;
use crate::domain::leave::opinion::Opinion;
use crate::domain::leave::request::Period;
use crate::domain::leave::state::LeaveState;
use crate::domain::leave::state::phase;
use crate::http::activity::states;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::field;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::wire::LeaveKindName;
use crate::http::wire::OutcomeName;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post, put};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A request for leave.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateLeaveRequestBody {
    /// A UUIDv7 made by the client; the same id with the same fields may be sent again.
    #[garde(skip)]
    id: Uuid,
    /// Which kind.
    #[garde(skip)]
    kind: LeaveKindName,
    /// First day.
    #[garde(skip)]
    from: NaiveDate,
    /// Last day. Annual leave lies in one year.
    #[garde(skip)]
    to: NaiveDate,
    /// Why: seen only by leave officers and the deciding authority.
    #[garde(length(chars, min = 3, max = 1_000))]
    #[schema(min_length = 3, max_length = 1_000)]
    reason: String,
    /// What backs it, such as the doctor's letter by number: seen by the same few.
    #[garde(inner(length(chars, max = 500)))]
    #[schema(max_length = 500)]
    evidence: Option<String>,
    /// Where you can be reached meanwhile.
    #[garde(length(chars, min = 5, max = 500))]
    #[schema(min_length = 5, max_length = 500)]
    address: String,
    /// The telephone number there.
    #[garde(inner(length(chars, max = 30)))]
    #[schema(max_length = 30)]
    phone: Option<String>,
    /// Hand it in at once; otherwise it stays a draft.
    #[garde(skip)]
    #[serde(default)]
    submit: bool,
}

impl CreateLeaveRequestBody {
    fn parse(self) -> Result<NewLeaveRequest, Error> {
        if self.id.get_version_num() != 7 {
            return Err(Error::field(
                "id",
                "not_version_7",
                "Id harus UUID versi 7.",
                "The id must be a UUID of version 7.",
            ));
        }
        Ok(NewLeaveRequest {
            id: LeaveRequestId::new(self.id),
            kind: self.kind.into(),
            period: Period {
                first: self.from,
                last: self.to,
            },
            reason: field::text("reason", &self.reason, 3, 1_000)?,
            evidence: field::optional_text("evidence", self.evidence.as_deref(), 500)?,
            address: field::text("address", &self.address, 5, 500)?,
            phone: field::optional_text("phone", self.phone.as_deref(), 30)?,
            is_submitted: self.submit,
        })
    }
}

/// What a draft of one's own is to say.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AmendLeaveRequestBody {
    /// Which kind.
    #[garde(skip)]
    kind: LeaveKindName,
    /// First day.
    #[garde(skip)]
    from: NaiveDate,
    /// Last day.
    #[garde(skip)]
    to: NaiveDate,
    /// Why.
    #[garde(length(chars, min = 3, max = 1_000))]
    #[schema(min_length = 3, max_length = 1_000)]
    reason: String,
    /// What backs it.
    #[garde(inner(length(chars, max = 500)))]
    #[schema(max_length = 500)]
    evidence: Option<String>,
    /// Where you can be reached meanwhile.
    #[garde(length(chars, min = 5, max = 500))]
    #[schema(min_length = 5, max_length = 500)]
    address: String,
    /// The telephone number there.
    #[garde(inner(length(chars, max = 30)))]
    #[schema(max_length = 30)]
    phone: Option<String>,
    /// Hand it in at once; otherwise it stays a draft.
    #[garde(skip)]
    #[serde(default)]
    submit: bool,
}

impl AmendLeaveRequestBody {
    /// As a request of the id in the address.
    fn of(self, id: Uuid) -> CreateLeaveRequestBody {
        CreateLeaveRequestBody {
            id,
            kind: self.kind,
            from: self.from,
            to: self.to,
            reason: self.reason,
            evidence: self.evidence,
            address: self.address,
            phone: self.phone,
            submit: self.submit,
        }
    }
}

/// What the leave officer missed in a request that was sent back.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReturnedView {
    /// What is missing.
    note: String,
    /// Who sent it back, as called then.
    by: String,
    /// When, RFC 3339.
    #[schema(format = DateTime)]
    at: String,
}

/// What the direct superior considered or the authority decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpinionView {
    /// Which box of the form.
    outcome: OutcomeName,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// First day of the other dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<NaiveDate>,
    /// Last day of the other dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<NaiveDate>,
    /// Who, as called then.
    by: String,
    /// Their post.
    position: String,
    /// When, RFC 3339.
    #[schema(format = DateTime)]
    at: String,
    /// When the applicant accepted the other dates.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    accepted_at: Option<String>,
}

impl From<Opinion> for OpinionView {
    fn from(opinion: Opinion) -> Self {
        Self {
            outcome: opinion.outcome.into(),
            note: opinion.note,
            from: opinion.period.map(|period| period.first),
            to: opinion.period.map(|period| period.last),
            by: opinion.by.name,
            position: opinion.by.position,
            at: opinion.at.to_string(),
            accepted_at: opinion.accepted_at.map(|at| at.to_string()),
        }
    }
}

/// A request for leave, as much of it as the caller may see: a direct superior sees kind, dates and days only.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeaveRequestView {
    /// Its id.
    pub(crate) id: Uuid,
    /// Whose it is.
    employee_id: Uuid,
    /// The applicant's name with titles.
    name: String,
    /// The agency's code.
    agency: String,
    /// Which kind.
    kind: LeaveKindName,
    /// First day.
    from: NaiveDate,
    /// Last day; of a recalled leave the last one taken.
    to: NaiveDate,
    /// Days as the kind counts them.
    days: i32,
    /// Days on which the person would have worked.
    work_days: i32,
    /// `draft`, `submitted`, `balance_checked`, `considered`, `changed`, `decided`, `letter_issued`, `running`, `ended`,
    /// `withdrawn`, `cancelled` or `recalled`.
    state: &'static str,
    /// Whether the authority granted it.
    is_granted: bool,
    /// The role that decides; absent on a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<&'static str>,
    /// Why; absent for whoever may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What backs it; absent for whoever may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<String>,
    /// Where the person is meanwhile; absent for whoever may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    /// The telephone number there; absent for whoever may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    /// What the leave officer missed when it was last sent back; absent for whoever may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    returned: Option<ReturnedView>,
    /// What the direct superior considered.
    #[serde(skip_serializing_if = "Option::is_none")]
    consideration: Option<OpinionView>,
    /// What the authority decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<OpinionView>,
    /// Its letter; absent for whoever may not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    letter_id: Option<Uuid>,
    /// Why it was cancelled or cut short.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_reason: Option<String>,
    /// When it was made, RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it last changed, RFC 3339.
    #[schema(format = DateTime)]
    updated_at: String,
    /// Rises with every change.
    version: i32,
}

impl From<SeenRequest> for LeaveRequestView {
    fn from(seen: SeenRequest) -> Self {
        let row = seen.row;
        let is_whole = match seen.sight {
            Sight::Own | Sight::Whole => true,
            Sight::Limited => false,
        };
        Self {
            id: row.id.uuid(),
            employee_id: row.employee_id.uuid(),
            name: seen.name,
            kind: row.kind.into(),
            from: row.first_day,
            to: row.last_day,
            days: row.days,
            work_days: row.work_days,
            state: phase(row.state, row.period(), seen.today),
            is_granted: row.is_granted,
            authority: row.authority.map(Role::code),
            reason: is_whole.then_some(row.reason),
            evidence: row.evidence.filter(|_| is_whole),
            address: is_whole.then_some(row.address),
            phone: row.phone.filter(|_| is_whole),
            returned: seen.returned.filter(|_| is_whole).map(|returned| ReturnedView {
                note: returned.note,
                by: returned.by.name,
                at: returned.at.to_string(),
            }),
            consideration: seen.consideration.map(OpinionView::from),
            // What the authority wrote may speak of the reason.
            decision: seen.decision.map(|decision| OpinionView {
                note: decision.note.clone().filter(|_| is_whole),
                ..decision.into()
            }),
            letter_id: row.letter_id.filter(|_| is_whole).map(LetterId::uuid),
            end_reason: row.end_reason.filter(|_| is_whole),
            agency: row.agency_code,
            created_at: row.created_at.to_string(),
            updated_at: row.updated_at.to_string(),
            version: row.version,
        }
    }
}

/// Which requests.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LeaveRequestQuery {
    /// States, separated by commas: `submitted,balance_checked`.
    #[param(pattern = "^[a-z_]+(,[a-z_]+)*$", max_length = 200)]
    state: Option<String>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl LeaveRequestQuery {
    fn parse(&self) -> Result<(Vec<LeaveState>, Option<LeaveRequestId>, u32), Error> {
        Ok((
            states(self.state.as_deref(), LeaveState::from_code)?,
            page::decode(self.cursor.as_deref())?,
            page::limit(self.limit)?,
        ))
    }
}

/// Every permission to look at other people's leave, at least one.
pub(crate) fn hats(caller: &Caller) -> Result<Hats, Problem> {
    let hats = Hats {
        officer: caller.may(Action::CheckLeave).ok(),
        superior: caller.may(Action::ConsiderLeave).ok(),
        authority: caller.may(Action::DecideLeave).ok(),
    };
    match hats.any() {
        Some(_) => Ok(hats),
        None => Err(Error::Forbidden.into()),
    }
}

/// Asks for leave. What the rules do not allow is told by its field when it is handed in; a draft only needs sound dates.
#[utoipa::path(operation_id = "create_leave_request", tag = "leave", request_body = CreateLeaveRequestBody, responses(
    (status = 201, body = LeaveRequestView),
    (status = 200, body = LeaveRequestView, description = "The same request was sent before; as it stands now"),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/leave-requests")]
pub(crate) async fn create(app: Data<App>, caller: Caller, body: Body) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let body: CreateLeaveRequestBody = body.json(&scope).await?;
    let new = body.parse()?;
    let (seen, is_new) = call::run(&app, move |app| app.create_leave_request(&caller.context, &scope, &new)).await?;
    let mut response = if is_new {
        HttpResponse::Created()
    } else {
        HttpResponse::Ok()
    };
    Ok(response.json(LeaveRequestView::from(seen)))
}

/// Replaces what a draft of one's own says, also one that was sent back to be completed.
#[utoipa::path(operation_id = "amend_leave_request", tag = "leave", request_body = AmendLeaveRequestBody, params(
    ("id" = Uuid, Path, description = "The draft"),
), responses(
    (status = 200, body = LeaveRequestView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/leave-requests/{id}")]
pub(crate) async fn amend(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<LeaveRequestView>, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let body: AmendLeaveRequestBody = body.json(&scope).await?;
    let id = path.into_inner();
    // No other id was ever taken.
    if id.get_version_num() != 7 {
        return Err(Error::NotFound.into());
    }
    let amended = body.of(id).parse()?;
    let seen = call::run(&app, move |app| {
        app.amend_leave_request(&caller.context, &scope, &amended)
    })
    .await?;
    Ok(Json(seen.into()))
}

/// Lists one's own requests, newest first.
#[utoipa::path(operation_id = "list_my_leave_requests", tag = "leave", params(LeaveRequestQuery), responses(
    (status = 200, body = Page<LeaveRequestView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/leave-requests")]
pub(crate) async fn list_own(
    app: Data<App>,
    caller: Caller,
    query: Result<Query<LeaveRequestQuery>, Problem>,
) -> Result<Json<Page<LeaveRequestView>>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let (states, before, limit) = query?.parse()?;
    let rows = call::run(&app, move |app| {
        app.own_leave_requests(&caller.context, &scope, &states, before, limit)
    })
    .await?;
    Ok(Json(Page::new(rows, limit, |seen| seen.row.id, LeaveRequestView::from)))
}

/// Lists what waits for the caller: as leave officer what was handed in, as direct superior what was checked, as authority
/// what was considered and what waits for its letter. With `state`, everything within reach in those states.
#[utoipa::path(operation_id = "list_leave_requests", tag = "leave", params(LeaveRequestQuery), responses(
    (status = 200, body = Page<LeaveRequestView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/leave-requests")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Result<Query<LeaveRequestQuery>, Problem>,
) -> Result<Json<Page<LeaveRequestView>>, Problem> {
    let hats = hats(&caller)?;
    let (states, after, limit) = query?.parse()?;
    let rows = call::run(&app, move |app| {
        app.leave_requests(&caller.context, &hats, &states, after, limit)
    })
    .await?;
    Ok(Json(Page::new(rows, limit, |seen| seen.row.id, LeaveRequestView::from)))
}

/// Reads a request: one's own, or one within reach as leave officer, direct superior or authority.
#[utoipa::path(operation_id = "read_leave_request", tag = "leave", params(
    ("id" = Uuid, Path, description = "The request"),
), responses(
    (status = 200, body = LeaveRequestView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/leave-requests/{id}")]
pub(crate) async fn read(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<Json<LeaveRequestView>, Problem> {
    let (own, hats) = own_or_hats(&caller, Action::ReadOwn)?;
    let id = LeaveRequestId::new(path.into_inner());
    let seen = call::run(&app, move |app| {
        app.readable_leave_request(&caller.context, own.as_ref(), &hats, id)
    })
    .await?;
    Ok(Json(seen.into()))
}

/// The permission over one's own rows and every hat, at least one of all.
pub(crate) fn own_or_hats(caller: &Caller, own: Action) -> Result<(Option<Scope>, Hats), Problem> {
    match (caller.may(own), hats(caller)) {
        (Ok(own), Ok(hats)) => Ok((Some(own), hats)),
        (Ok(own), Err(_)) => {
            let none = Hats {
                officer: None,
                superior: None,
                authority: None,
            };
            Ok((Some(own), none))
        }
        (Err(_), Ok(hats)) => Ok((None, hats)),
        (Err(refused), Err(_)) => Err(refused),
    }
}

//! Daily entries on the wire, for their owner.

use crate::app::App;
use crate::app::activity::Activity;
use crate::app::activity::ActivityCursor;
use crate::app::activity::ActivityFilter;
use crate::app::activity::NewActivity;
use crate::app::error::Error;
use crate::app::once::OnceKey;
use crate::domain::access::Action;
use crate::domain::activity::ActivityState;
use crate::domain::activity::entry::ActivityDraft;
use crate::domain::activity::entry_day::clock;
use crate::domain::ids::ActivityId;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::evidence::EvidenceView;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IdempotencyKey;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::wire::ActivityStateName;
use crate::http::wire::ChannelName;
use crate::http::wire::DecisionName;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post, put};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A body with the fields of an entry behind its own ones. Written out twice by the macro, since serde refuses unknown
/// fields only of a struct that is not flattened into another.
macro_rules! entry_body {
    ($(#[$about:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$about])*
        #[derive(Debug, Deserialize, Validate, ToSchema)]
        #[garde(allow_unvalidated)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($own)*
            /// The local date of the work; open until three calendar days after it.
            work_date: NaiveDate,
            /// Start, `HH:MM` local time.
            #[schema(
                min_length = 5,
                max_length = 5,
                pattern = "^[0-2][0-9][:.][0-5][0-9]$",
                example = "08:00"
            )]
            start: String,
            /// End, `HH:MM` local time, after the start, up to `24:00`, not ahead of now.
            #[schema(
                min_length = 5,
                max_length = 5,
                pattern = "^[0-2][0-9][:.][0-5][0-9]$",
                example = "09:30"
            )]
            end: String,
            /// What was done.
            #[schema(min_length = 3, max_length = 2000)]
            description: String,
            /// What came out of it.
            #[schema(min_length = 2, max_length = 500)]
            output: String,
            /// How much of it; with `unit`.
            #[schema(minimum = 1, maximum = 100_000)]
            quantity: Option<u32>,
            /// In which unit; with `quantity`.
            #[schema(max_length = 50)]
            unit: Option<String>,
            /// The item of the performance plan (SKP) that it serves.
            #[schema(max_length = 100)]
            skp_item: Option<String>,
            /// How it was handed over.
            channel: Option<ChannelName>,
            /// An `http` or `https` address of evidence; never fetched by the service.
            #[schema(max_length = 500)]
            link: Option<String>,
        }

        impl From<$name> for ActivityDraft {
            fn from(body: $name) -> Self {
                Self {
                    work_date: body.work_date,
                    start: body.start,
                    end: body.end,
                    description: body.description,
                    output: body.output,
                    quantity: body.quantity,
                    unit: body.unit,
                    skp_item: body.skp_item,
                    channel: body.channel.map(Into::into),
                    link: body.link,
                }
            }
        }
    };
}

entry_body! {
    /// What was done, when, and what came of it. The sentences of refusals come from the rules, so lengths stand here only
    /// for readers of the document.
    ActivityBody {}
}

entry_body! {
    /// A new entry. One struct of its own, since unknown fields are refused.
    CreateActivityBody {
        /// A UUIDv7 made by the client; the same id with the same fields may be sent again. Without one, use
        /// Idempotency-Key.
        id: Option<Uuid>,
        /// Hand it in at once.
        #[serde(default)]
        submit: bool,
    }
}

impl CreateActivityBody {
    fn parse(self) -> Result<NewActivity, Error> {
        let id = self.id.map(|id| match id.get_version_num() {
            7 => Ok(ActivityId::new(id)),
            _ => Err(Error::field(
                "id",
                "not_version_7",
                "Id harus UUID versi 7.",
                "The id must be a UUID of version 7.",
            )),
        });
        Ok(NewActivity {
            id: id.transpose()?,
            is_submitted: self.submit,
            draft: self.into(),
        })
    }
}

/// What the last review said.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewView {
    /// What was decided.
    decision: DecisionName,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// When, RFC 3339.
    #[schema(format = DateTime)]
    at: String,
}

/// Whose it is; only where someone else reads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnerView {
    /// The person.
    pub(crate) id: Uuid,
    /// Their name with titles.
    pub(crate) name: String,
}

/// A daily entry.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityView {
    /// Its id.
    id: Uuid,
    /// Whose it is; absent on one's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    employee: Option<OwnerView>,
    /// The local date of the work.
    work_date: NaiveDate,
    /// Start, `HH:MM`.
    start: String,
    /// End, `HH:MM`.
    end: String,
    /// Its length.
    minutes: i16,
    /// What was done.
    description: String,
    /// What came out of it.
    output: String,
    /// How much of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<i32>,
    /// In which unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// The item of the performance plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    skp_item: Option<String>,
    /// How it was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<ChannelName>,
    /// An address of evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// The person's work mode on that date, by circular and roster.
    mode: &'static str,
    /// Where it stands.
    state: ActivityStateName,
    /// When it was last handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    submitted_at: Option<String>,
    /// When it goes to the next superior too, unless decided before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    escalates_at: Option<String>,
    /// What the last review said.
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<ReviewView>,
    /// Files behind it.
    evidence: Vec<EvidenceView>,
    /// For If-Match.
    version: i32,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl From<Activity> for ActivityView {
    fn from(activity: Activity) -> Self {
        let row = activity.row;
        let hour = |minute: i16| clock(u16::try_from(minute).unwrap_or(0));
        let employee = activity.name.map(|name| OwnerView {
            id: row.employee_id.uuid(),
            name,
        });
        Self {
            id: row.id.uuid(),
            employee,
            work_date: row.work_date,
            start: hour(row.start_minute),
            end: hour(row.end_minute),
            minutes: row.end_minute - row.start_minute,
            description: row.description,
            output: row.output,
            quantity: row.quantity,
            unit: row.unit,
            skp_item: row.skp_item,
            channel: row.channel.map(Into::into),
            link: row.link,
            mode: row.mode.code(),
            state: row.state.into(),
            submitted_at: row.submitted_at.map(|at| at.to_string()),
            escalates_at: row.escalates_at.map(|at| at.to_string()),
            review: row.decision.zip(row.reviewed_at).map(|(decision, at)| ReviewView {
                decision: decision.into(),
                note: row.review_note,
                at: at.to_string(),
            }),
            evidence: activity.evidence.into_iter().map(EvidenceView::from).collect(),
            version: row.version,
            created_at: row.created_at.to_string(),
            updated_at: row.updated_at.to_string(),
        }
    }
}

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActivityQuery {
    /// First work date.
    from: Option<NaiveDate>,
    /// Last work date.
    to: Option<NaiveDate>,
    /// States, separated by commas: `submitted,escalated`.
    #[param(pattern = "^[a-z]+(,[a-z]+)*$", max_length = 100)]
    state: Option<String>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

type CursorKey = (NaiveDate, i16, ActivityId, crate::domain::ids::EmployeeId);

impl ActivityQuery {
    /// The filter, and how many items a page has.
    pub(crate) fn parse(&self) -> Result<(ActivityFilter, u32), Error> {
        let limit = page::limit(self.limit)?;
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to < from
        {
            return Err(Error::field(
                "to",
                "before_from",
                "Tanggal akhir tidak boleh sebelum tanggal awal.",
                "The last date is before the first.",
            ));
        }
        let after = page::decode::<CursorKey>(self.cursor.as_deref())?;
        let filter = ActivityFilter {
            from: self.from,
            to: self.to,
            states: states(self.state.as_deref(), ActivityState::from_code)?,
            after: after.map(|(work_date, start_minute, id, employee_id)| ActivityCursor {
                work_date,
                start_minute,
                id,
                employee_id,
            }),
            limit: i64::from(limit) + 1,
        };
        Ok((filter, limit))
    }
}

/// States separated by commas; one that does not exist is a mistake, not an empty list.
pub(crate) fn states<T>(list: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, Error> {
    let read = |code: &str| {
        read(code.trim()).ok_or_else(|| {
            Error::field(
                "state",
                "unknown",
                "Keadaan ini tidak dikenal.",
                "There is no such state.",
            )
        })
    };
    list.map_or(Ok(Vec::new()), |list| list.split(',').map(read).collect())
}

/// A page of entries.
pub(crate) fn page_of(rows: Vec<Activity>, limit: u32) -> Page<ActivityView> {
    let key = |activity: &Activity| -> CursorKey {
        let row = &activity.row;
        (row.work_date, row.start_minute, row.id, row.employee_id)
    };
    Page::new(rows, limit, key, ActivityView::from)
}

/// One entry, its version as the entity tag.
pub(crate) fn answer(mut response: actix_web::HttpResponseBuilder, activity: Activity) -> HttpResponse {
    response.insert_header(etag(activity.row.version));
    response.json(ActivityView::from(activity))
}

/// Files an entry of one's own work.
///
/// The same id and fields again answer 200 with the entry as it stands now; the same id with other fields is a 409.
#[utoipa::path(operation_id = "create_activity", tag = "activities", request_body = CreateActivityBody, params(
    ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated call without `id` give the first answer"),
), responses(
    (status = 200, body = ActivityView, description = "Filed before."),
    (status = 201, body = ActivityView, description = "Filed."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/activities")]
pub(crate) async fn create(
    app: Data<App>,
    caller: Caller,
    key: Result<IdempotencyKey, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let key = key?.0;
    let (body, bytes) = body.json_and_bytes::<CreateActivityBody>(&scope).await?;
    let new = body.parse()?;
    let once = OnceKey::new(key, "create_activity", "", &bytes);
    let (activity, is_new) = call::run(&app, move |app| {
        app.create_activity(&caller.context, &scope, &new, &once)
    })
    .await?;
    let response = if is_new {
        HttpResponse::Created()
    } else {
        HttpResponse::Ok()
    };
    Ok(answer(response, activity))
}

/// Replaces the fields of one's own draft or returned entry, which is a draft after that.
#[utoipa::path(operation_id = "update_activity", tag = "activities", request_body = ActivityBody, params(
    ("id" = Uuid, Path, description = "The entry"),
    ("If-Match" = String, Header, description = "The version last seen, as in ETag"),
), responses(
    (status = 200, body = ActivityView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/activities/{id}")]
pub(crate) async fn update(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let IfMatch(version) = version?;
    let draft = ActivityDraft::from(body.json::<ActivityBody>(&scope).await?);
    let id = ActivityId::new(path.into_inner());
    let activity = call::run(&app, move |app| {
        app.update_activity(&caller.context, &scope, id, version, &draft)
    })
    .await?;
    Ok(answer(HttpResponse::Ok(), activity))
}

/// Hands one's own entry in. One that waits already stays as it is.
#[utoipa::path(operation_id = "submit_activity", tag = "activities", params(
    ("id" = Uuid, Path, description = "The entry"),
), responses(
    (status = 200, body = ActivityView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/activities/{id}/submission")]
pub(crate) async fn submit(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let id = ActivityId::new(path.into_inner());
    let activity = call::run(&app, move |app| app.submit_activity(&caller.context, &scope, id)).await?;
    Ok(answer(HttpResponse::Ok(), activity))
}

/// Lists one's own entries by date and hour.
#[utoipa::path(operation_id = "list_my_activities", tag = "activities", params(ActivityQuery), responses(
    (status = 200, body = Page<ActivityView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/activities")]
pub(crate) async fn list_own(
    app: Data<App>,
    caller: Caller,
    query: Query<ActivityQuery>,
) -> Result<Json<Page<ActivityView>>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let (filter, limit) = query.parse()?;
    let rows = call::run(&app, move |app| app.activities(&scope, &filter)).await?;
    Ok(Json(page_of(rows, limit)))
}

//! An agency's history on the wire: who changed what and when, without reasons and personal facts.

use crate::app::App;
use crate::app::event::HistoryKey;
use crate::app::event::HistoryQuery;
use crate::app::event::HistoryRow;
use crate::domain::access::Action;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which events.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventQuery {
    /// Only of this kind of thing, such as `roster`, `home`, `employee` or `agency`.
    subject_kind: Option<String>,
    /// First date, where the agency's duty places are.
    from: Option<NaiveDate>,
    /// Last date, inclusive.
    to: Option<NaiveDate>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One step in the life of one of the agency's things.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventView {
    /// When, RFC 3339.
    #[schema(format = DateTime)]
    at: String,
    /// How whoever did it is called; absent where the service did it by itself or at the machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// What was done, such as `make`, `submit`, `verify`.
    action: String,
    /// What kind of thing: `agency`, `assignment`, `correction`, `duty_travel`, `employee`, `home`, `mark`, `recap`,
    /// `recap_setting`, `roster`, `schedule`, `site` or `work_schedule`.
    subject_kind: String,
    /// Which one, as its own calls name it.
    subject_id: String,
    /// Its place in the life of that thing, from 1.
    sequence: i32,
    /// The state before.
    #[serde(skip_serializing_if = "Option::is_none")]
    from_state: Option<String>,
    /// The state after.
    #[serde(skip_serializing_if = "Option::is_none")]
    to_state: Option<String>,
}

impl From<HistoryRow> for EventView {
    fn from(row: HistoryRow) -> Self {
        Self {
            at: row.at.to_string(),
            by: row.by,
            action: row.action,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            sequence: row.sequence,
            from_state: row.from_state,
            to_state: row.to_state,
        }
    }
}

/// Lists who changed what in an agency, newest first: which thing, when and by whom. Reasons and contents stay with the
/// thing, for whoever may see it.
#[utoipa::path(operation_id = "list_events", tag = "agencies", params(
    ("code" = String, Path, description = "The agency's code"), EventQuery,
), responses(
    (status = 200, body = Page<EventView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/events")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    query: Query<EventQuery>,
) -> Result<Json<Page<EventView>>, Problem> {
    let (scope, agency) = caller.may_in(Action::ReadHistory, &path)?;
    let query = query.into_inner();
    let limit = page::limit(query.limit)?;
    let after: Option<HistoryKey> = page::decode(query.cursor.as_deref())?;
    let query = HistoryQuery {
        subject_kind: query.subject_kind,
        from: query.from,
        to: query.to,
        after,
        limit,
    };
    let rows = call::run(&app, move |app| app.list_history(&scope, &agency, &query)).await?;
    let key = |row: &HistoryRow| (row.at, row.subject_kind.clone(), row.subject_id.clone(), row.sequence);
    Ok(Json(Page::new(rows, limit, key, EventView::from)))
}

//! The rows of a batch on the wire.

use crate::app::App;
use crate::app::batch::row_list::ListedRow;
use crate::app::batch::row_list::RowPlace;
use crate::domain::access::Action;
use crate::domain::batch::distance::DistanceClass;
use crate::domain::batch::row::RowState;
use crate::domain::check_in::TimeOutcome;
use crate::domain::ids::BatchId;
use crate::domain::ids::CheckInId;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkMode;
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
use uuid::Uuid;

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BatchRowQuery {
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One row, as sealed.
#[derive(Serialize, ToSchema)]
pub struct BatchRowView {
    /// The unit in plain text.
    unit_id: String,
    /// The work date.
    work_date: NaiveDate,
    /// The slot.
    #[schema(value_type = String)]
    slot: Slot,
    /// NIP, or the internal number of people without one.
    employee_number: String,
    /// The person's present name with titles, looked up when it is read: sealed rows hold none. Told to the agency's own
    /// operator and head, BKD's officers and its head; `null` to auditors, and where the staff list does not know the person.
    employee_name: Option<String>,
    /// The mode of that date.
    #[schema(value_type = String)]
    mode: WorkMode,
    /// Whether a share was expected.
    expected: bool,
    /// `received`, `missed`, `open`, `excused` or `not_required`.
    #[schema(value_type = String)]
    state: RowState,
    /// Outcome of place.
    #[schema(value_type = Option<String>)]
    place: Option<Place>,
    /// How far from the fence's centre, roughly.
    #[schema(value_type = Option<String>)]
    distance_class: Option<DistanceClass>,
    /// Outcome of time.
    #[schema(value_type = Option<String>)]
    time: Option<TimeOutcome>,
    /// Capture by the service's clock.
    #[schema(format = DateTime)]
    captured_at: Option<String>,
    /// How it came in.
    channel: Option<String>,
    /// What was odd about the share. Flags inform; they decide nothing.
    flags: Vec<String>,
    /// The share that represents the slot.
    check_in_id: Option<Uuid>,
    /// Whether an audit drew it; `null` for agencies.
    is_sampled: Option<bool>,
}

/// Names and numbers are personal.
impl std::fmt::Debug for BatchRowView {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "BatchRowView({})", self.unit_id)
    }
}

impl From<ListedRow> for BatchRowView {
    fn from(listed: ListedRow) -> Self {
        let row = listed.row;
        Self {
            unit_id: row.unit_id.to_string(),
            work_date: row.work_date,
            slot: row.slot,
            employee_number: row.employee_number,
            employee_name: listed.name,
            mode: row.mode,
            expected: row.expected,
            state: row.state,
            place: row.place,
            distance_class: row.distance_class,
            time: row.time,
            captured_at: row.captured_at.map(|at| at.to_string()),
            channel: row.channel,
            flags: row.flags,
            check_in_id: row.check_in_id.map(CheckInId::uuid),
            is_sampled: listed.is_sampled,
        }
    }
}

/// Lists the rows of a batch in the order of the file, with names where the caller may see them. BKD sees which of them an audit drew.
#[utoipa::path(operation_id = "list_batch_rows", tag = "batches", params(
    ("id" = Uuid, Path, description = "The batch"), BatchRowQuery,
), responses(
    (status = 200, body = Page<BatchRowView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/batches/{id}/rows")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    query: Query<BatchRowQuery>,
) -> Result<Json<Page<BatchRowView>>, Problem> {
    let scope = caller.may(Action::ReadBatch)?;
    let limit = page::limit(query.limit)?;
    let after = page::decode::<RowPlace>(query.cursor.as_deref())?;
    let id = BatchId::new(path.into_inner());
    let rows = call::run(&app, move |app| {
        app.list_batch_rows(&caller.context, &scope, id, after, limit)
    })
    .await?;
    Ok(Json(Page::new(rows, limit, |listed| listed.place, BatchRowView::from)))
}

//! Lists of dispatches on the wire: what an agency's instance made for BKD's, and what came in where BKD is.

use crate::app::App;
use crate::app::dispatch::list::{BkdSettings, SentRow};
use crate::domain::access::Action;
use crate::domain::digest::Digest;
use crate::domain::dispatch::problem::Problem as DispatchProblem;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use crate::domain::language::Language;
use crate::domain::slot::Slot;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::language::Spoken;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which dispatches.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DispatchListQuery {
    /// Only of this agency.
    agency: Option<String>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// BKD's instance, as the settings of an agency's own name it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BkdView {
    /// The key under which its proofs are believed.
    witness_key: String,
    /// The key that positions are sealed to.
    openings_key: String,
    /// Where dispatches are sent by themselves; `null` where they travel as files.
    address: Option<String>,
}

/// Whom this instance sends its batches to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FederationView {
    /// BKD's instance; `null` where this one is not an agency's own.
    bkd: Option<BkdView>,
}

impl From<BkdSettings> for BkdView {
    fn from(settings: BkdSettings) -> Self {
        Self {
            witness_key: settings.witness_key,
            openings_key: settings.openings_key,
            address: settings.address,
        }
    }
}

/// What kept a dispatch from arriving.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DispatchProblemView {
    /// The check of `federation.md` that failed at BKD's instance, or `unreachable`, `sign_in`, `unregistered`, `denied` or
    /// `own`.
    code: &'static str,
    /// In words.
    message: &'static str,
}

/// What was made for BKD of a sent batch.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DispatchView {
    /// The batch.
    batch_id: Uuid,
    /// The agency's code.
    agency: String,
    /// First work date.
    from: NaiveDate,
    /// Last work date, inclusive.
    to: NaiveDate,
    /// The slot, where only one is covered.
    slot: Option<&'static str>,
    /// The batch's version, from 1.
    version: i32,
    /// When its file was made last; `null` before.
    #[schema(format = DateTime)]
    made_at: Option<String>,
    /// Bytes of that file.
    bytes: i64,
    /// Attempts to send it that did not arrive.
    attempts: i32,
    /// When it is tried again; `null` where nothing is sent by itself, and once the proof is here.
    #[schema(format = DateTime)]
    next_attempt_at: Option<String>,
    /// What the last attempt ended with; `null` where there was none, and once the proof is here.
    problem: Option<DispatchProblemView>,
    /// When BKD's proof came; `null` before.
    #[schema(format = DateTime)]
    proved_at: Option<String>,
}

impl DispatchView {
    fn new(row: SentRow, sends: bool, language: Language) -> Self {
        let SentRow {
            dispatch,
            batch,
            proved_at,
        } = row;
        let problem = dispatch.problem_code.as_deref().and_then(DispatchProblem::from_code);
        let problem = problem
            .filter(|_| proved_at.is_none())
            .map(|problem| DispatchProblemView {
                code: problem.code(),
                message: problem.sentence(language),
            });
        let is_due = sends && proved_at.is_none();
        Self {
            batch_id: dispatch.batch_id.uuid(),
            agency: batch.agency_code.clone(),
            from: batch.from_date,
            to: batch.to_date,
            slot: batch.coverage().slot().map(Slot::code),
            version: batch.version,
            made_at: dispatch.made_at.map(|at| at.to_string()),
            bytes: dispatch.bytes,
            attempts: dispatch.attempts,
            next_attempt_at: is_due.then(|| dispatch.next_attempt_at.to_string()),
            problem,
            proved_at: proved_at.map(|at| at.to_string()),
        }
    }
}

/// A dispatch that was taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReceivedDispatchView {
    /// The batch that it brought.
    batch_id: Uuid,
    /// The agency's code.
    agency: String,
    /// First work date.
    from: NaiveDate,
    /// Last work date, inclusive.
    to: NaiveDate,
    /// The slot, where only one is covered.
    slot: Option<&'static str>,
    /// The batch's version, from 1.
    version: i32,
    /// SHA-256 of the file, by which `GET /v1/federation/dispatches/{digest}` gives the receipt again.
    sha256: String,
    /// Entries of the agency's log in the checkpoint that came along.
    log_size: i64,
    /// When it was taken.
    #[schema(format = DateTime)]
    received_at: String,
}

/// Tells whom this instance sends its batches to, and which keys of BKD's the settings name.
#[utoipa::path(operation_id = "read_federation", tag = "federation", responses(
    (status = 200, body = FederationView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/federation")]
pub(crate) async fn read(app: Data<App>, caller: Caller) -> Result<Json<FederationView>, Problem> {
    let scope = caller.may(Action::ReadBatch)?;
    let bkd = app.bkd_settings(&scope).map(BkdView::from);
    Ok(Json(FederationView { bkd }))
}

/// Lists what was made for BKD's instance of the agency's sent batches, newest batch first. Empty where this instance is
/// not an agency's own.
#[utoipa::path(operation_id = "list_dispatches", tag = "federation", params(DispatchListQuery), responses(
    (status = 200, body = Page<DispatchView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/dispatches")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<DispatchListQuery>,
    Spoken(language): Spoken,
) -> Result<Json<Page<DispatchView>>, Problem> {
    let scope = caller.may(Action::ReadBatch)?;
    let limit = page::limit(query.limit)?;
    let after: Option<Uuid> = page::decode(query.cursor.as_deref())?;
    let sends = app.bkd_settings(&scope).is_some_and(|bkd| bkd.address.is_some());
    let agency = query.into_inner().agency;
    let rows = call::run(&app, move |app| {
        app.list_dispatches(&scope, agency.as_deref(), after.map(BatchId::new), limit)
    })
    .await?;
    Ok(Json(Page::new(
        rows,
        limit,
        |row| row.dispatch.batch_id.uuid(),
        |row| DispatchView::new(row, sends, language),
    )))
}

/// Lists the dispatches that were taken, the last first.
#[utoipa::path(operation_id = "list_received_dispatches", tag = "federation", params(DispatchListQuery), responses(
    (status = 200, body = Page<ReceivedDispatchView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/federation/dispatches")]
pub(crate) async fn list_received(
    app: Data<App>,
    caller: Caller,
    query: Query<DispatchListQuery>,
) -> Result<Json<Page<ReceivedDispatchView>>, Problem> {
    let scope = caller.may(Action::ReadBatch)?;
    let limit = page::limit(query.limit)?;
    let after: Option<(Instant, Uuid)> = page::decode(query.cursor.as_deref())?;
    let after = after.map(|(at, id)| (at, BatchId::new(id)));
    let agency = query.into_inner().agency;
    let rows = call::run(&app, move |app| {
        app.list_received_dispatches(&scope, agency.as_deref(), after, limit)
    })
    .await?;
    Ok(Json(Page::new(
        rows,
        limit,
        |(row, _)| (row.received_at, row.batch_id.uuid()),
        |(row, batch)| ReceivedDispatchView {
            batch_id: row.batch_id.uuid(),
            agency: batch.agency_code.clone(),
            from: batch.from_date,
            to: batch.to_date,
            slot: batch.coverage().slot().map(Slot::code),
            version: batch.version,
            sha256: Digest::from_bytes(&row.sha256).map_or_else(String::new, |digest| digest.to_string()),
            log_size: row.size,
            received_at: row.received_at.to_string(),
        },
    )))
}

//! One's own row in a sealed batch, on the wire.

use crate::app::App;
use crate::app::batch::own_row::OwnRow;
use crate::domain::access::Action;
use crate::domain::slot::Slot;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which slot.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OwnRowQuery {
    /// The work date.
    date: NaiveDate,
    /// `morning`, `midday` or `afternoon`.
    #[param(value_type = String, pattern = "^(morning|midday|afternoon)$")]
    slot: Slot,
}

/// One's own row and what proves that it is in the batch, by `api-spec/export-format.md`, section 7.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnRowView {
    /// The slot in plain text.
    unit: String,
    /// The newest batch with this slot that BKD holds.
    batch_id: Uuid,
    /// The line of `rows.ndjson`, without its line feed.
    row: String,
    /// What opens the leaf's commitment to the row: 64 hexadecimal digits.
    salt: String,
    /// The leaf.
    leaf: String,
    /// Its place, from 0.
    index: u64,
    /// Rows of the batch.
    size: u64,
    /// The hashes beside the way from the leaf to the root, lowest first, hexadecimal.
    hashes: Vec<String>,
    /// The root, hexadecimal; it stands in the entry of the agency's log.
    rows_root: String,
    /// That entry, its place and a signed checkpoint (C2SP tlog-proof).
    batch_proof: String,
}

impl From<OwnRow> for OwnRowView {
    fn from(own: OwnRow) -> Self {
        let proof = own.proof;
        Self {
            unit: own.unit.to_string(),
            batch_id: own.batch.uuid(),
            row: proof.line,
            salt: proof.salt.to_hex(),
            leaf: proof.leaf,
            index: proof.index,
            size: proof.size,
            hashes: proof.hashes.iter().map(ToString::to_string).collect(),
            rows_root: proof.root.to_string(),
            batch_proof: own.batch_proof,
        }
    }
}

/// Proves that one's own slot is in the newest batch that BKD holds, as it was sealed.
///
/// 404 until there is such a batch.
#[utoipa::path(operation_id = "prove_own_row", tag = "own data", params(OwnRowQuery), responses(
    (status = 200, body = OwnRowView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/batch-row")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    query: Query<OwnRowQuery>,
) -> Result<Json<OwnRowView>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let query = query.into_inner();
    let own = call::run(&app, move |app| {
        app.prove_own_row(&caller.context, &scope, query.date, query.slot)
    });
    Ok(Json(own.await?.into()))
}

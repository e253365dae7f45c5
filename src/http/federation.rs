//! Federated agencies on the wire: the keys of their logs, and how far these were cosigned.

use crate::app::App;
use crate::app::federation::Federated;
use crate::domain::access::Action;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, put};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The key of an agency's log.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterKeyBody {
    /// As `GET /v1/logs` of the agency's instance has it: `name+id+key`, of C2SP signed-note.
    #[garde(length(chars, min = 1, max = 400))]
    #[schema(min_length = 1, max_length = 400)]
    verifying_key: String,
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FederatedQuery {
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// An agency that runs an instance of its own.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FederatedAgencyView {
    /// The agency's code.
    agency: String,
    /// What checkpoints of its log call it.
    origin: String,
    /// The key that signs them.
    verifying_key: String,
    /// When this key was registered.
    registered_at: String,
    /// Entries of its log in the checkpoint that was cosigned last. The next dispatch goes on from there.
    cosigned_size: i64,
    /// When that checkpoint was cosigned; `null` while none was.
    #[schema(format = DateTime)]
    cosigned_at: Option<String>,
    /// When its last dispatch was taken; `null` while none was.
    #[schema(format = DateTime)]
    last_received_at: Option<String>,
    /// One more with each key; also the `ETag`.
    version: i32,
}

impl From<Federated> for FederatedAgencyView {
    fn from(federated: Federated) -> Self {
        let Federated {
            row,
            cosigned,
            cosigned_at,
            received_at,
        } = federated;
        Self {
            agency: row.agency_code,
            origin: row.origin,
            verifying_key: row.verifying_key,
            registered_at: row.registered_at.to_string(),
            cosigned_size: cosigned,
            cosigned_at: cosigned_at.map(|at| at.to_string()),
            last_received_at: received_at.map(|at| at.to_string()),
            version: row.version,
        }
    }
}

fn answer(federated: Federated) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag(federated.row.version))
        .json(FederatedAgencyView::from(federated))
}

/// Registers the key of an agency that runs an instance of its own, or changes it. Each change stands in BKD's log.
///
/// The first key needs no If-Match. The same key again changes nothing.
#[utoipa::path(operation_id = "register_federated_agency", tag = "federation", request_body = RegisterKeyBody, params(
    ("code" = String, Path, description = "The agency's code"),
    ("If-Match" = Option<String>, Header, description = "The version that was loaded, where there is a key already"),
), responses(
    (status = 200, body = FederatedAgencyView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/federation/agencies/{code}")]
pub(crate) async fn register(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    version: Option<IfMatch>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (scope, code) = caller.may_in(Action::WriteAgency, &path)?;
    let body: RegisterKeyBody = body.json(&scope).await?;
    let version = version.map(|IfMatch(version)| version);
    let federated = call::run(&app, move |app| {
        app.register_federated(&caller.context, &scope, &code, &body.verifying_key, version)
    })
    .await?;
    Ok(answer(federated))
}

/// Lists the agencies that run an instance of their own, by code.
#[utoipa::path(operation_id = "list_federated_agencies", tag = "federation", params(FederatedQuery), responses(
    (status = 200, body = Page<FederatedAgencyView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/federation/agencies")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<FederatedQuery>,
) -> Result<Json<Page<FederatedAgencyView>>, Problem> {
    let scope = caller.may(Action::ReadAgency)?;
    let limit = page::limit(query.limit)?;
    let after: Option<String> = page::decode(query.cursor.as_deref())?;
    let rows = call::run(&app, move |app| app.list_federated(&scope, after.as_deref(), limit)).await?;
    Ok(Json(Page::new(
        rows,
        limit,
        |federated| federated.row.agency_code.clone(),
        FederatedAgencyView::from,
    )))
}

/// Shows the registered key of an agency and how far its log was cosigned.
#[utoipa::path(operation_id = "read_federated_agency", tag = "federation", params(
    ("code" = String, Path, description = "The agency's code"),
), responses(
    (status = 200, body = FederatedAgencyView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/federation/agencies/{code}")]
pub(crate) async fn read(app: Data<App>, caller: Caller, path: Path<String>) -> Result<HttpResponse, Problem> {
    let (scope, code) = caller.may_in(Action::ReadAgency, &path)?;
    let federated = call::run(&app, move |app| app.find_federated(&scope, &code)).await?;
    Ok(answer(federated))
}

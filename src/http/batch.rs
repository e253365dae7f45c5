//! Batches on the wire: seal, list, read, send, decide.

use crate::app::App;
use crate::app::batch::Filter;
use crate::app::batch::decision::DecideRequest;
use crate::app::batch::seal::SealRequest;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::once::OnceKey;
use crate::domain::access::Action;
use crate::domain::access::AgencyCode;
use crate::domain::batch::answer::{LEAST_CHARACTERS, MOST_CHARACTERS};
use crate::domain::batch::finding::Finding;
use crate::domain::batch::state::BatchState;
use crate::domain::ids::BatchId;
use crate::domain::slot::Slot;
use crate::http::actor::Caller;
use crate::http::batch_view::BatchView;
use crate::http::batch_view::FindingBody;
use crate::http::batch_view::ReceiptView;
use crate::http::body::Body;
use crate::http::call;
use crate::http::field;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IdempotencyKey;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::http::header;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use garde::Validate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What to seal: a day, a period of up to 92 days, or one slot of a day.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateBatchBody {
    /// First work date.
    #[garde(skip)]
    from: NaiveDate,
    /// Last work date, inclusive; not in the future.
    #[garde(skip)]
    to: NaiveDate,
    /// Only this slot: `morning`, `midday` or `afternoon`; `from` and `to` must then be the same.
    #[garde(inner(length(chars, min = 1, max = 20)))]
    #[schema(min_length = 1, max_length = 20)]
    slot: Option<String>,
}

/// Which batches.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BatchQuery {
    /// Only of this agency.
    agency: Option<String>,
    /// Only in this state.
    state: Option<String>,
    /// Only with work dates from here on.
    from: Option<NaiveDate>,
    /// Only with work dates up to here.
    to: Option<NaiveDate>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl BatchQuery {
    fn filter(&self) -> Result<Filter, Error> {
        let state = self.state.as_deref().map(|code| {
            BatchState::from_code(code)
                .filter(|state| *state != BatchState::Open)
                .ok_or_else(|| {
                    Error::field(
                        "state",
                        "unknown",
                        "Keadaan ini tidak dikenal.",
                        "Not a state of batches.",
                    )
                })
        });
        // A malformed code is one of no agency: the list is empty.
        let agency = self
            .agency
            .as_deref()
            .map(|code| AgencyCode::parse(code).map(String::from).unwrap_or_default());
        Ok(Filter {
            agency,
            state: state.transpose()?,
            from: self.from,
            to: self.to,
        })
    }
}

/// What the agency says to the findings.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerBatchBody {
    /// Why the rows are right as they are, 10 to 2,000 characters.
    #[garde(length(chars, min = LEAST_CHARACTERS, max = MOST_CHARACTERS))]
    #[schema(min_length = 10, max_length = 2_000)]
    text: String,
}

/// BKD's word.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecideBatchBody {
    /// `accept` or `reject`.
    #[garde(length(chars, min = 1, max = 10))]
    #[schema(min_length = 1, max_length = 10)]
    decision: String,
    /// What was found; a rejection needs at least one.
    #[serde(default)]
    #[garde(length(max = 1000), dive)]
    #[schema(max_items = 1000)]
    findings: Vec<FindingBody>,
}

/// Seals the rows of an agency's dates. Sealed again with nothing changed it is the same batch (200); a late truth makes
/// a new version that supersedes (201).
#[utoipa::path(operation_id = "create_batch", tag = "batches", request_body = CreateBatchBody, params(
    ("code" = String, Path, description = "The agency's code"),
    ("Idempotency-Key" = Option<String>, Header, description = "1 to 100 characters; a repeated call gives the same batch"),
), responses(
    (status = 201, body = BatchView),
    (status = 200, body = BatchView, description = "Nothing changed since the newest version."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/agencies/{code}/batches")]
pub(crate) async fn create(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    key: IdempotencyKey,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (scope, agency) = caller.may_in(Action::SealBatch, &path)?;
    let (body, bytes): (CreateBatchBody, _) = body.json_and_bytes(&scope).await?;
    let slot = body.slot.as_deref().map(|code| {
        Slot::from_code(code)
            .ok_or_else(|| Error::field("slot", "unknown", "Sesi ini tidak dikenal.", "Not a slot of the day."))
    });
    let request = SealRequest {
        from: body.from,
        to: body.to,
        slot: slot.transpose()?,
    };
    let once = OnceKey::new(key.0, "create_batch", agency.as_str(), &bytes);
    let (batch, is_new) = call::run(&app, move |app| {
        app.seal_batch(&caller.context, &scope, &agency, request, &once)
    })
    .await?;
    let mut response = if is_new {
        HttpResponse::Created()
    } else {
        HttpResponse::Ok()
    };
    let location = format!("/v1/batches/{}", batch.manifest.batch_id);
    Ok(response
        .insert_header((header::LOCATION, location))
        .json(BatchView::from(batch)))
}

/// Answers the findings of a batch that BKD's people rejected, where its rows are right: BKD looks at the same version
/// again. The same answer again changes nothing.
///
/// A file that the check itself rejected is broken and can't be answered for (409 `wrong_state`), nor can a batch of
/// which a newer version was sealed (409 `superseded`). Where rows are wrong, correct and seal again.
#[utoipa::path(operation_id = "answer_batch", tag = "batches", request_body = AnswerBatchBody, params(
    ("id" = Uuid, Path, description = "The batch"),
), responses(
    (status = 200, body = BatchView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/batches/{id}/answer")]
pub(crate) async fn answer(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<BatchView>, Problem> {
    let scope = caller.may(Action::SealBatch)?;
    let body: AnswerBatchBody = body.json(&scope).await?;
    let text = field::text("text", &body.text, LEAST_CHARACTERS, MOST_CHARACTERS)?;
    let id = BatchId::new(path.into_inner());
    let batch = call::run(&app, move |app| app.answer_batch(&caller.context, &scope, id, &text)).await?;
    Ok(Json(batch.into()))
}

/// Lists batches, newest first: an agency's own in every state, BKD those that were sent.
#[utoipa::path(operation_id = "list_batches", tag = "batches", params(BatchQuery), responses(
    (status = 200, body = Page<BatchView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/batches")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<BatchQuery>,
) -> Result<Json<Page<BatchView>>, Problem> {
    let scope = caller.may(Action::ReadBatch)?;
    let limit = page::limit(query.limit)?;
    let after = page::decode::<BatchId>(query.cursor.as_deref())?;
    let filter = query.filter()?;
    let rows = call::run(&app, move |app| {
        app.list_batches(&caller.context, &scope, &filter, after, limit)
    })
    .await?;
    Ok(Json(Page::new(
        rows,
        limit,
        |batch| batch.manifest.batch_id,
        BatchView::from,
    )))
}

/// Reads one batch.
#[utoipa::path(operation_id = "read_batch", tag = "batches", params(
    ("id" = Uuid, Path, description = "The batch"),
), responses(
    (status = 200, body = BatchView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/batches/{id}")]
pub(crate) async fn read(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<Json<BatchView>, Problem> {
    let scope = caller.may(Action::ReadBatch)?;
    let id = BatchId::new(path.into_inner());
    let batch = call::run(&app, move |app| app.find_batch(&caller.context, &scope, id)).await?;
    Ok(Json(batch.into()))
}

/// Sends a sealed batch to BKD. The automatic check answers at once with the receipt, or rejects a broken file. Sending it
/// again changes nothing.
#[utoipa::path(operation_id = "submit_batch", tag = "batches", params(
    ("id" = Uuid, Path, description = "The batch"),
), responses(
    (status = 200, body = BatchView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/batches/{id}/submission")]
pub(crate) async fn submit(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<Json<BatchView>, Problem> {
    let scope = caller.may(Action::SealBatch)?;
    let id = BatchId::new(path.into_inner());
    let batch = call::run(&app, move |app| app.submit_batch(&caller.context, &scope, id)).await?;
    Ok(Json(batch.into()))
}

/// Reads the receipt; 404 until BKD holds the batch.
#[utoipa::path(operation_id = "read_batch_receipt", tag = "batches", params(
    ("id" = Uuid, Path, description = "The batch"),
), responses(
    (status = 200, body = ReceiptView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/batches/{id}/receipt")]
pub(crate) async fn read_receipt(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
) -> Result<Json<ReceiptView>, Problem> {
    let scope = caller.may(Action::ReadBatch)?;
    let id = BatchId::new(path.into_inner());
    let receipt = call::run(&app, move |app| app.find_receipt(&caller.context, &scope, id)).await?;
    Ok(Json(receipt.into()))
}

/// Proves that BKD's log says it holds the batch: an entry, its place and a signed checkpoint (C2SP tlog-proof).
///
/// The same text whenever it is asked for; 404 until BKD holds the batch.
#[utoipa::path(operation_id = "prove_batch", tag = "batches", params(
    ("id" = Uuid, Path, description = "The batch"),
), responses(
    (status = 200, body = String, content_type = "text/plain; charset=utf-8"),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/batches/{id}/proof")]
pub(crate) async fn prove(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReadBatch)?;
    let id = BatchId::new(path.into_inner());
    let text = call::run(&app, move |app| app.prove_received(&caller.context, &scope, id)).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(text))
}

/// Accepts or rejects a received batch. The same decision again changes nothing.
#[utoipa::path(operation_id = "decide_batch", tag = "batches", request_body = DecideBatchBody, params(
    ("id" = Uuid, Path, description = "The batch"),
), responses(
    (status = 200, body = BatchView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/batches/{id}/decision")]
pub(crate) async fn decide(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<BatchView>, Problem> {
    let scope = caller.may(Action::DecideBatch)?;
    let body: DecideBatchBody = body.json(&scope).await?;
    let is_accepted = match body.decision.as_str() {
        "accept" => true,
        "reject" => false,
        _ => {
            let field = FieldError::new(
                "decision",
                "unknown",
                "Keputusan berisi accept atau reject.",
                "A decision is accept or reject.",
            );
            return Err(Error::Invalid(vec![field]).into());
        }
    };
    let findings = body.findings.into_iter().map(|finding| Finding {
        row: finding.row,
        field: finding.field,
        code: finding.code,
        text: finding.text,
    });
    let request = DecideRequest {
        is_accepted,
        findings: findings.collect(),
    };
    let id = BatchId::new(path.into_inner());
    let batch = call::run(&app, move |app| app.decide_batch(&caller.context, &scope, id, &request)).await?;
    Ok(Json(batch.into()))
}

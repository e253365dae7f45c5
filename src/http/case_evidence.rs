//! Files behind replies and objections on the wire: raw bytes in, attachments out.

use crate::app::App;
use crate::app::case::evidence::CaseEvidenceRow;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::evidence::EVIDENCE_BYTES;
use crate::domain::access::Action;
use crate::domain::case::ReplyPart;
use crate::domain::ids::CaseId;
use crate::domain::ids::EvidenceId;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::evidence::ACCEPTED;
use crate::http::evidence::attachment;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A file behind a reply or an objection.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseEvidenceView {
    /// Its id, for `/v1/case-evidence/{id}`.
    id: Uuid,
    /// `reply` or `objection`: what it backs.
    #[schema(value_type = String)]
    part: ReplyPart,
    /// `image/jpeg`, `image/png` or `application/pdf`, by its bytes.
    media_type: String,
    /// Bytes as kept.
    size_bytes: i32,
    /// SHA-256 of the bytes as kept, hexadecimal.
    sha256: String,
    /// When it came.
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<&CaseEvidenceRow> for CaseEvidenceView {
    fn from(row: &CaseEvidenceRow) -> Self {
        Self {
            id: row.id.uuid(),
            part: row.part,
            media_type: row.media_type.clone(),
            size_bytes: row.size_bytes,
            sha256: hex::encode(&row.sha256),
            created_at: row.created_at.to_string(),
        }
    }
}

/// Those of some files that back a part.
pub(super) fn files(evidence: &[CaseEvidenceRow], part: ReplyPart) -> Vec<CaseEvidenceView> {
    let of_part = evidence.iter().filter(|row| row.part == part);
    of_part.map(CaseEvidenceView::from).collect()
}

/// Adds a file to what the person is about to reply, or to object: JPEG, PNG or PDF, up to 5 MB, five each.
///
/// It backs the reply as long as one is taken, later the objection, and is fixed once that was sent. Images are kept as
/// pixels only. The same file again answers 200 with the one that is there.
#[utoipa::path(operation_id = "create_case_evidence", tag = "cases", params(
    ("id" = Uuid, Path, description = "The case"),
), request_body(content(
    (String = "image/jpeg"), (String = "image/png"), (String = "application/pdf"), (String = "application/octet-stream"),
), description = "The bytes of the file"), responses(
    (status = 200, body = CaseEvidenceView, description = "There already."),
    (status = 201, body = CaseEvidenceView, description = "Added."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/cases/{id}/evidence")]
pub(crate) async fn create(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let is_accepted = ACCEPTED.contains(&body.content_type());
    let bytes = body.bytes(&scope, EVIDENCE_BYTES).await?;
    if !is_accepted {
        return Err(Error::Refused(Code::UnsupportedMediaType).into());
    }
    let id = CaseId::new(path.into_inner());
    let evidence = call::run(&app, move |app| {
        app.add_case_evidence(&caller.context, &scope, id, &bytes)
    })
    .await?;
    let mut response = if evidence.is_new {
        HttpResponse::Created()
    } else {
        HttpResponse::Ok()
    };
    Ok(response.json(CaseEvidenceView::from(&evidence.row)))
}

/// Hands out a file, always as an attachment: to its owner, and once it was sent to whoever may open the case, whose look
/// is written down first.
#[utoipa::path(operation_id = "read_case_evidence", tag = "cases", params(
    ("id" = Uuid, Path, description = "The file"),
), responses(
    (status = 200, description = "The file.", content(
        (String = "image/jpeg"), (String = "image/png"), (String = "application/pdf"),
    )),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/case-evidence/{id}")]
pub(crate) async fn read(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let own = caller.may(Action::ReadOwn);
    let cases = caller.may(Action::ReadCase).ok();
    let own = match (own, &cases) {
        (Ok(own), _) => Some(own),
        (Err(_), Some(_)) => None,
        (Err(denied), None) => return Err(denied),
    };
    let id = EvidenceId::new(path.into_inner());
    let file = call::run(&app, move |app| {
        app.readable_case_evidence(&caller.context, own.as_ref(), cases.as_ref(), id)
    })
    .await?;
    Ok(attachment(&id, file.kind, file.bytes))
}

/// Takes a file off what was not sent yet, for good.
#[utoipa::path(operation_id = "delete_case_evidence", tag = "cases", params(
    ("id" = Uuid, Path, description = "The file"),
), responses(
    (status = 204, description = "Taken off."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[delete("/v1/case-evidence/{id}")]
pub(crate) async fn remove(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let id = EvidenceId::new(path.into_inner());
    call::run(&app, move |app| app.remove_case_evidence(&caller.context, &scope, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

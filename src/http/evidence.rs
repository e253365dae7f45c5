//! Files behind daily entries on the wire: raw bytes in, attachments out.

use crate::app::App;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::evidence::EVIDENCE_BYTES;
use crate::app::evidence::EvidenceKind;
use crate::app::evidence::EvidenceRow;
use crate::domain::access::Action;
use crate::domain::ids::ActivityId;
use crate::domain::ids::EvidenceId;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a client may say that it sends; what it is, the bytes themselves tell.
pub(super) const ACCEPTED: [&str; 4] = ["image/jpeg", "image/png", "application/pdf", "application/octet-stream"];

/// A file behind an entry.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceView {
    /// Its id, for `/v1/evidence/{id}`.
    id: Uuid,
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

impl From<EvidenceRow> for EvidenceView {
    fn from(row: EvidenceRow) -> Self {
        Self {
            id: row.id.uuid(),
            media_type: row.media_type,
            size_bytes: row.size_bytes,
            sha256: hex::encode(row.sha256),
            created_at: row.created_at.to_string(),
        }
    }
}

/// Adds a file to one's own draft or returned entry: JPEG, PNG or PDF, up to 5 MB, five to an entry.
///
/// Images are kept as pixels only: turned upright, without place, time or device, at most 3,000 pixels on a side. The
/// same file again answers 200 with the one that is there.
#[utoipa::path(operation_id = "create_evidence", tag = "activities", params(
    ("id" = Uuid, Path, description = "The entry"),
), request_body(content(
    (String = "image/jpeg"), (String = "image/png"), (String = "application/pdf"), (String = "application/octet-stream"),
), description = "The bytes of the file"), responses(
    (status = 200, body = EvidenceView, description = "There already."),
    (status = 201, body = EvidenceView, description = "Added."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/activities/{id}/evidence")]
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
    let id = ActivityId::new(path.into_inner());
    let evidence = call::run(&app, move |app| app.add_evidence(&caller.context, &scope, id, &bytes)).await?;
    let mut response = if evidence.is_new {
        HttpResponse::Created()
    } else {
        HttpResponse::Ok()
    };
    Ok(response.json(EvidenceView::from(evidence.row)))
}

/// Hands out a file, to its owner and to whoever may review the entry, always as an attachment.
#[utoipa::path(operation_id = "read_evidence", tag = "activities", params(
    ("id" = Uuid, Path, description = "The file"),
), responses(
    (status = 200, description = "The file.", content(
        (String = "image/jpeg"), (String = "image/png"), (String = "application/pdf"),
    )),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/evidence/{id}")]
pub(crate) async fn read(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let own = caller.may(Action::ReadOwn)?;
    let team = caller.may(Action::ReviewActivity).ok();
    let id = EvidenceId::new(path.into_inner());
    let file = call::run(&app, move |app| {
        app.readable_evidence(&caller.context, &own, team.as_ref(), id)
    })
    .await?;
    Ok(attachment(&id, file.kind, file.bytes))
}

/// A file as nobody's browser shows it by itself.
pub(super) fn attachment(id: &EvidenceId, kind: EvidenceKind, bytes: Vec<u8>) -> HttpResponse {
    let name = format!("attachment; filename=\"bukti-{id}.{}\"", kind.extension());
    HttpResponse::Ok()
        .content_type(kind.media_type())
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header(("Cross-Origin-Resource-Policy", "same-origin"))
        .body(bytes)
}

/// Takes a file off one's own draft or returned entry, for good.
#[utoipa::path(operation_id = "delete_evidence", tag = "activities", params(
    ("id" = Uuid, Path, description = "The file"),
), responses(
    (status = 204, description = "Taken off."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[delete("/v1/evidence/{id}")]
pub(crate) async fn remove(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let id = EvidenceId::new(path.into_inner());
    call::run(&app, move |app| app.remove_evidence(&scope, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

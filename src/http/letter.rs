//! Letters on the wire: whole for their holders and officers, and what anyone with the code may know.

use crate::app::App;
use crate::app::letter::SignedLetter;
use crate::app::letter::Verified;
use crate::domain::access::Action;
use crate::domain::access::Scope;
use crate::domain::digest::Digest;
use crate::domain::ids::LetterId;
use crate::http::actor::Caller;
use crate::http::call;
#[cfg(feature = "print")]
use crate::http::pdf;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::rate::Limiter;
use crate::http::wire::LetterKindName;
use crate::http::wire::LetterStateName;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A letter as it was signed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LetterView {
    /// Its id.
    id: Uuid,
    /// Whom it is about.
    employee_id: Uuid,
    /// What it is about.
    kind: LetterKindName,
    /// The agency's code.
    agency: String,
    /// The number as it is written.
    number: String,
    /// Its place in its register, from 1 without gaps in a year.
    serial: i32,
    /// The date of the letter.
    letter_date: NaiveDate,
    /// Whether it holds.
    state: LetterStateName,
    /// When it stopped to hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    revoked_at: Option<String>,
    /// Who signed, as called on that day.
    signer: LetterSignerView,
    /// When it was signed, RFC 3339.
    #[schema(format = DateTime)]
    issued_at: String,
    /// Everything that it prints, by its kind.
    #[schema(value_type = Object)]
    facts: Value,
    /// SHA-256 over `facts` in canonical JSON (RFC 8785), hexadecimal.
    facts_sha256: String,
    /// What stands behind the address of verification.
    verification_code: String,
    /// Where anyone may verify it, below the service's address.
    verification_path: String,
}

/// Who signed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LetterSignerView {
    /// With titles.
    name: String,
    /// In its printed groups, if the person has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    /// The post.
    position: String,
}

impl From<SignedLetter> for LetterView {
    fn from(letter: SignedLetter) -> Self {
        let row = letter.row;
        Self {
            id: row.id.uuid(),
            employee_id: row.employee_id.uuid(),
            kind: row.kind.into(),
            number: row.number,
            serial: row.serial,
            letter_date: row.letter_date,
            state: row.state.into(),
            revoked_at: row.revoked_at.map(|at| at.to_string()),
            signer: LetterSignerView {
                name: letter.signer.name,
                number: letter.signer.number,
                position: letter.signer.position,
            },
            issued_at: row.issued_at.to_string(),
            facts: row.facts.0,
            facts_sha256: hex::encode(&row.facts_sha256),
            verification_path: format!("/verify/{}", row.verification_code),
            verification_code: row.verification_code,
            agency: row.agency_code,
        }
    }
}

/// What anyone who has a letter may know of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerifiedLetterView {
    /// What it is about.
    kind: LetterKindName,
    /// The number as it is written.
    number: String,
    /// The date of the letter.
    letter_date: NaiveDate,
    /// The agency's name.
    agency: String,
    /// The holder's name as initials.
    holder_initials: String,
    /// Whether it holds.
    state: LetterStateName,
    /// When it stopped to hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    revoked_at: Option<String>,
}

impl From<Verified> for VerifiedLetterView {
    fn from(letter: Verified) -> Self {
        Self {
            kind: letter.kind.into(),
            number: letter.number,
            letter_date: letter.letter_date,
            agency: letter.agency_name,
            holder_initials: letter.holder_initials,
            state: letter.state.into(),
            revoked_at: letter.revoked_at.map(|at| at.to_string()),
        }
    }
}

/// As whom the caller may read letters: as the person that they are about, as an officer, or both.
fn readers(caller: &Caller) -> Result<(Option<Scope>, Option<Scope>), Problem> {
    let own = caller.may(Action::ReadOwn);
    let officer = caller.may(Action::ReadLetter).ok();
    match (own, &officer) {
        (Ok(own), _) => Ok((Some(own), officer)),
        (Err(_), Some(_)) => Ok((None, officer)),
        (Err(refused), None) => Err(refused),
    }
}

/// Downloads a letter about oneself, or as an officer one of one's agencies, as PDF, with the address of confirmation as
/// a QR code.
#[cfg(feature = "print")]
#[utoipa::path(operation_id = "read_letter_pdf", tag = "letters", params(
    ("id" = Uuid, Path, description = "The letter"),
), responses(
    (status = 200, content_type = "application/pdf", body = Vec<u8>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/letters/{id}/file.pdf")]
pub(crate) async fn print(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
) -> Result<actix_web::HttpResponse, Problem> {
    let (own, officer) = readers(&caller)?;
    let id = LetterId::new(path.into_inner());
    let (file_name, file) = call::run(&app, move |app| {
        app.print_letter(&caller.context, own.as_ref(), officer.as_ref(), id)
    })
    .await?;
    Ok(pdf::answer(&file_name, file))
}

/// Reads a letter about oneself, or as an officer one of one's agencies.
#[utoipa::path(operation_id = "read_letter", tag = "letters", params(
    ("id" = Uuid, Path, description = "The letter"),
), responses(
    (status = 200, body = LetterView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/letters/{id}")]
pub(crate) async fn read(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<Json<LetterView>, Problem> {
    let (own, officer) = readers(&caller)?;
    let id = LetterId::new(path.into_inner());
    let letter = call::run(&app, move |app| app.find_letter(own.as_ref(), officer.as_ref(), id)).await?;
    Ok(Json(letter.into()))
}

/// Says whether the letter behind a code holds, without sign-in: kind, number, date, agency, initials, nothing else.
#[utoipa::path(operation_id = "verify_letter", tag = "letters", security(()), params(
    ("code" = String, Path, description = "The code on the letter"),
), responses(
    (status = 200, body = VerifiedLetterView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/letters/verification/{code}")]
pub(crate) async fn verify(
    app: Data<App>,
    limiter: Data<Limiter>,
    path: Path<String>,
) -> Result<Json<VerifiedLetterView>, Problem> {
    let letter = find(&app, &limiter, path.into_inner()).await?;
    Ok(Json(letter.into()))
}

/// The letter behind a code. Nobody signs in, and nothing about the callers is kept: calls are counted for the letter
/// that was found, and all wrong codes together for one budget of their own. So whoever guesses closes the page for
/// guesses only; guessing 128 random bits is hopeless at any rate, and a look costs one read by a key.
pub(crate) async fn find(app: &Data<App>, limiter: &Limiter, code: String) -> Result<Verified, Problem> {
    let digest = Digest::of(format!("letter {code}").as_bytes());
    let found = call::run(app, move |app| app.verify_letter(&code)).await;
    let budget = match &found {
        Ok(_) => Uuid::from_slice(digest.bytes().get(..16).unwrap_or_default()).unwrap_or_default(),
        Err(_) => Uuid::nil(),
    };
    limiter.check_credential(budget)?;
    found
}

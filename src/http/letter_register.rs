//! How letters are numbered, on the wire.

use crate::app::App;
use crate::app::rule_table::RuleTable;
use crate::domain::access::Action;
use crate::domain::letter::Register;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::leave_kind::RuleTableQuery;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::wire::LetterKindName;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, put};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How an issuer numbers its letters. Numbers themselves run from 1 for each issuer, kind and year.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LetterRegisterView {
    /// An agency's code, or `bkd`; absent for every issuer without a row of its own.
    #[garde(inner(length(chars, min = 1, max = 20)))]
    #[schema(min_length = 1, max_length = 20)]
    issuer: Option<String>,
    /// For which letters; absent for all.
    #[garde(skip)]
    letter: Option<LetterKindName>,
    /// Stands for `{classification}`.
    #[garde(length(chars, max = 100))]
    #[schema(max_length = 100, example = "800.1.11.4")]
    classification: String,
    /// Stands for `{unit}`; the issuer's own code where it is empty.
    #[garde(length(chars, max = 100))]
    #[schema(max_length = 100, example = "BKD")]
    unit: String,
    /// Text around `{classification}`, `{serial}`, `{unit}` and `{year}`; serial and year once each.
    #[garde(length(chars, min = 1, max = 100))]
    #[schema(
        min_length = 1,
        max_length = 100,
        example = "{classification}/{serial}-{unit}/{year}"
    )]
    format: String,
    /// Where its letters are dated.
    #[garde(inner(length(chars, min = 1, max = 100)))]
    #[schema(min_length = 1, max_length = 100, example = "Serang")]
    place: Option<String>,
}

impl From<LetterRegisterView> for Register {
    fn from(view: LetterRegisterView) -> Self {
        Self {
            issuer: view.issuer,
            letter: view.letter.map(Into::into),
            classification: view.classification,
            unit: view.unit,
            format: view.format,
            place: view.place,
        }
    }
}

impl From<Register> for LetterRegisterView {
    fn from(register: Register) -> Self {
        Self {
            issuer: register.issuer,
            letter: register.letter.map(Into::into),
            classification: register.classification,
            unit: register.unit,
            format: register.format,
            place: register.place,
        }
    }
}

/// The registers from a date on.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplaceLetterRegistersBody {
    /// First date on which they hold: 1 January of this year at the earliest.
    #[garde(skip)]
    effective_from: NaiveDate,
    /// The first row that fits an issuer holds.
    #[garde(length(min = 1, max = 500), dive)]
    #[schema(min_items = 1, max_items = 500)]
    items: Vec<LetterRegisterView>,
}

/// The registers as they hold on a date.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LetterRegisterTableView {
    /// From when they hold; absent for what ships with the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_from: Option<NaiveDate>,
    /// For If-Match: how often registers were set; 0 for what ships.
    version: i32,
    /// The first row that fits an issuer holds.
    items: Vec<LetterRegisterView>,
}

fn answer(table: RuleTable<Vec<Register>>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag(table.version))
        .json(LetterRegisterTableView {
            effective_from: table.effective_from,
            version: table.version,
            items: table.rules.into_iter().map(LetterRegisterView::from).collect(),
        })
}

/// Reads how letters are numbered.
#[utoipa::path(operation_id = "read_letter_registers", tag = "letters", params(RuleTableQuery), responses(
    (status = 200, body = LetterRegisterTableView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/letter-registers")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    query: Result<Query<RuleTableQuery>, Problem>,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReadLeaveRules)?;
    let date = query?.date;
    let table = call::run(&app, move |app| app.rule_table(&caller.context, &scope, date)).await?;
    Ok(answer(table))
}

/// Replaces how letters are numbered from a date on. Letters that were signed keep their numbers, and the count goes on.
#[utoipa::path(operation_id = "replace_letter_registers", tag = "letters", request_body = ReplaceLetterRegistersBody, params(
    ("If-Match" = String, Header, description = "The ETag of the loaded registers"),
), responses(
    (status = 200, body = LetterRegisterTableView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/letter-registers")]
pub(crate) async fn replace(
    app: Data<App>,
    caller: Caller,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let IfMatch(version) = version?;
    let body: ReplaceLetterRegistersBody = body.json(&scope).await?;
    let rules: Vec<Register> = body.items.into_iter().map(Register::from).collect();
    let from = body.effective_from;
    let table = call::run(&app, move |app| {
        app.replace_rule_table(&caller.context, &scope, version, from, &rules)
    })
    .await?;
    Ok(answer(table))
}

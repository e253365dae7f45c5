//! Who signs which letter, on the wire.

use crate::app::App;
use crate::app::rule_table::RuleTable;
use crate::domain::access::Action;
use crate::domain::access::Role;
use crate::domain::signer_rule::SignerRule;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::leave_kind::RuleTableQuery;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::wire::EmploymentName;
use crate::http::wire::LeaveKindName;
use crate::http::wire::LetterKindName;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, put};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One rule. An empty list or an absent bound fits everybody.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignerRuleView {
    /// For which letters.
    #[garde(skip)]
    letter: LetterKindName,
    /// For which kinds of leave.
    #[garde(length(max = 8))]
    #[schema(max_items = 8)]
    #[serde(default)]
    leave_kinds: Vec<LeaveKindName>,
    /// For which employments.
    #[garde(length(max = 3))]
    #[schema(max_items = 3)]
    #[serde(default)]
    employee_kinds: Vec<EmploymentName>,
    /// For which grades: `IV` fits all of IV, `IV/a` only itself.
    #[garde(length(max = 20), inner(length(chars, min = 1, max = 10)))]
    #[schema(max_items = 20)]
    #[serde(default)]
    grades: Vec<String>,
    /// For which echelons: `II` fits `II.a`.
    #[garde(length(max = 20), inner(length(chars, min = 1, max = 10)))]
    #[schema(max_items = 20)]
    #[serde(default)]
    echelons: Vec<String>,
    /// Only leave of at most so many calendar days.
    #[garde(inner(range(min = 1, max = 2_000)))]
    #[schema(minimum = 1, maximum = 2_000)]
    longest_days: Option<i32>,
    /// Who signs: `agency_head`, `bkd_head` or `signer`.
    #[garde(skip)]
    #[schema(value_type = String, pattern = "^(agency_head|bkd_head|signer)$")]
    signer: Role,
}

impl From<SignerRuleView> for SignerRule {
    fn from(view: SignerRuleView) -> Self {
        Self {
            letter: view.letter.into(),
            leave_kinds: view.leave_kinds.into_iter().map(Into::into).collect(),
            employee_kinds: view.employee_kinds.into_iter().map(Into::into).collect(),
            grades: view.grades,
            echelons: view.echelons,
            longest_days: view.longest_days,
            signer: view.signer,
        }
    }
}

impl From<SignerRule> for SignerRuleView {
    fn from(rule: SignerRule) -> Self {
        Self {
            letter: rule.letter.into(),
            leave_kinds: rule.leave_kinds.into_iter().map(Into::into).collect(),
            employee_kinds: rule.employee_kinds.into_iter().map(Into::into).collect(),
            grades: rule.grades,
            echelons: rule.echelons,
            longest_days: rule.longest_days,
            signer: rule.signer,
        }
    }
}

/// The rules from a date on.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplaceSignerRulesBody {
    /// First date on which they hold: 1 January of this year at the earliest.
    #[garde(skip)]
    effective_from: NaiveDate,
    /// The first rule that fits holds.
    #[garde(length(min = 1, max = 200), dive)]
    #[schema(min_items = 1, max_items = 200)]
    items: Vec<SignerRuleView>,
}

/// The rules as they hold on a date.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignerRuleTableView {
    /// From when they hold; absent for what ships with the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_from: Option<NaiveDate>,
    /// For If-Match: how often rules were set; 0 for what ships.
    version: i32,
    /// The first rule that fits holds.
    items: Vec<SignerRuleView>,
}

fn answer(table: RuleTable<Vec<SignerRule>>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag(table.version))
        .json(SignerRuleTableView {
            effective_from: table.effective_from,
            version: table.version,
            items: table.rules.into_iter().map(SignerRuleView::from).collect(),
        })
}

/// Reads who signs which letter for whom.
#[utoipa::path(operation_id = "read_signer_rules", tag = "letters", params(RuleTableQuery), responses(
    (status = 200, body = SignerRuleTableView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/signer-rules")]
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

/// Replaces who signs which letter from a date on, until later rules. Requests that were handed in keep their authority
/// until they are checked.
#[utoipa::path(operation_id = "replace_signer_rules", tag = "letters", request_body = ReplaceSignerRulesBody, params(
    ("If-Match" = String, Header, description = "The ETag of the loaded rules"),
), responses(
    (status = 200, body = SignerRuleTableView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/signer-rules")]
pub(crate) async fn replace(
    app: Data<App>,
    caller: Caller,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let IfMatch(version) = version?;
    let body: ReplaceSignerRulesBody = body.json(&scope).await?;
    let rules: Vec<SignerRule> = body.items.into_iter().map(SignerRule::from).collect();
    let from = body.effective_from;
    let table = call::run(&app, move |app| {
        app.replace_rule_table(&caller.context, &scope, version, from, &rules)
    })
    .await?;
    Ok(answer(table))
}

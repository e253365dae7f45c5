//! The table of leave kinds on the wire.

use crate::app::App;
use crate::app::rule_table::RuleTable;
use crate::domain::access::Action;
use crate::domain::leave::kind::LeaveKindRule;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::wire::CountingName;
use crate::http::wire::EmploymentName;
use crate::http::wire::LeaveKindName;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, put};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What one kind of leave gives to people of some employments.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeaveKindView {
    /// Which kind.
    #[garde(skip)]
    kind: LeaveKindName,
    /// For whom; each employment once for one kind.
    #[garde(length(min = 1, max = 3))]
    #[schema(min_items = 1, max_items = 3)]
    employee_kinds: Vec<EmploymentName>,
    /// Its name in Indonesian, as the letter has it.
    #[garde(length(chars, min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// Whether anyone may ask for it.
    #[garde(skip)]
    is_requestable: bool,
    /// How its days are counted.
    #[garde(skip)]
    counting: CountingName,
    /// The longest single leave, months; 0 where only `days` count.
    #[garde(range(max = 60))]
    #[schema(minimum = 0, maximum = 60)]
    months: u16,
    /// Days beyond the months; of the annual kind the days that a year gives.
    #[garde(range(max = 400))]
    #[schema(minimum = 0, maximum = 400)]
    days: u16,
    /// Months of service before the first one.
    #[garde(range(max = 600))]
    #[schema(minimum = 0, maximum = 600)]
    min_service_months: u16,
    /// Whether its days come off the annual balance.
    #[garde(skip)]
    consumes_balance: bool,
    /// Whether it takes away what is left of the year's annual leave.
    #[garde(skip)]
    forfeits_balance: bool,
    /// Most annual days after one year with days unused, the year's own among them.
    #[garde(range(max = 400))]
    #[schema(minimum = 0, maximum = 400)]
    most_after_one_year: u16,
    /// The same after two or more years unused.
    #[garde(range(max = 400))]
    #[schema(minimum = 0, maximum = 400)]
    most_after_two_years: u16,
    /// How many days ago it may have begun when it is asked for.
    #[garde(range(max = 366))]
    #[schema(minimum = 0, maximum = 366)]
    may_begin_days_ago: u16,
    /// What the person attaches, in words.
    #[garde(length(chars, max = 500))]
    #[schema(max_length = 500)]
    evidence: String,
    /// Where the figures come from.
    #[garde(length(chars, max = 500))]
    #[schema(max_length = 500)]
    source: String,
}

impl From<LeaveKindView> for LeaveKindRule {
    fn from(view: LeaveKindView) -> Self {
        Self {
            kind: view.kind.into(),
            employee_kinds: view.employee_kinds.into_iter().map(Into::into).collect(),
            name: view.name.trim().to_owned(),
            is_requestable: view.is_requestable,
            counting: view.counting.into(),
            months: view.months,
            days: view.days,
            min_service_months: view.min_service_months,
            consumes_balance: view.consumes_balance,
            forfeits_balance: view.forfeits_balance,
            most_after_one_year: view.most_after_one_year,
            most_after_two_years: view.most_after_two_years,
            may_begin_days_ago: view.may_begin_days_ago,
            evidence: view.evidence,
            source: view.source,
        }
    }
}

impl From<LeaveKindRule> for LeaveKindView {
    fn from(rule: LeaveKindRule) -> Self {
        Self {
            kind: rule.kind.into(),
            employee_kinds: rule.employee_kinds.into_iter().map(Into::into).collect(),
            name: rule.name,
            is_requestable: rule.is_requestable,
            counting: rule.counting.into(),
            months: rule.months,
            days: rule.days,
            min_service_months: rule.min_service_months,
            consumes_balance: rule.consumes_balance,
            forfeits_balance: rule.forfeits_balance,
            most_after_one_year: rule.most_after_one_year,
            most_after_two_years: rule.most_after_two_years,
            may_begin_days_ago: rule.may_begin_days_ago,
            evidence: rule.evidence,
            source: rule.source,
        }
    }
}

/// The table from a date on.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplaceLeaveKindsBody {
    /// First date on which it holds: 1 January of this year at the earliest.
    #[garde(skip)]
    effective_from: NaiveDate,
    /// The first row that fits a person holds.
    #[garde(length(min = 1, max = 60), dive)]
    #[schema(min_items = 1, max_items = 60)]
    items: Vec<LeaveKindView>,
}

/// The table as it holds on a date.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeaveKindTableView {
    /// From when it holds; absent for what ships with the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_from: Option<NaiveDate>,
    /// For If-Match: how often a table was set; 0 for what ships.
    version: i32,
    /// The first row that fits a person holds.
    items: Vec<LeaveKindView>,
}

/// On which date.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RuleTableQuery {
    /// The table that holds on this date; today where none is named.
    pub(crate) date: Option<NaiveDate>,
}

fn answer(table: RuleTable<Vec<LeaveKindRule>>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(etag(table.version))
        .json(LeaveKindTableView {
            effective_from: table.effective_from,
            version: table.version,
            items: table.rules.into_iter().map(LeaveKindView::from).collect(),
        })
}

/// Reads the kinds of leave and what each gives to whom.
#[utoipa::path(operation_id = "read_leave_kinds", tag = "leave", params(RuleTableQuery), responses(
    (status = 200, body = LeaveKindTableView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/leave-kinds")]
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

/// Replaces the kinds of leave from a date on, until a later table. What was decided already stays.
#[utoipa::path(operation_id = "replace_leave_kinds", tag = "leave", request_body = ReplaceLeaveKindsBody, params(
    ("If-Match" = String, Header, description = "The ETag of the loaded table"),
), responses(
    (status = 200, body = LeaveKindTableView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/leave-kinds")]
pub(crate) async fn replace(
    app: Data<App>,
    caller: Caller,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let IfMatch(version) = version?;
    let body: ReplaceLeaveKindsBody = body.json(&scope).await?;
    let rules: Vec<LeaveKindRule> = body.items.into_iter().map(LeaveKindRule::from).collect();
    let from = body.effective_from;
    let table = call::run(&app, move |app| {
        app.replace_rule_table(&caller.context, &scope, version, from, &rules)
    })
    .await?;
    Ok(answer(table))
}

//! The times of cases on the wire: to reply, to object, and until somebody is reminded.

use crate::app::App;
use crate::app::rule_table::RuleTable;
use crate::domain::access::Action;
use crate::domain::case::rules::CaseRules;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::page::Page;
use crate::http::precondition::IfMatch;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, put};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The times of cases, from a date on.
#[derive(Clone, Copy, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetCaseRulesBody {
    /// The first day on which they hold, for notices of that day and later.
    #[garde(skip)]
    effective_from: NaiveDate,
    /// Working days to reply to a proposed deviation.
    #[garde(range(min = 1, max = 60))]
    #[schema(minimum = 1, maximum = 60)]
    reply_working_days: u8,
    /// Working days to object to an upheld one.
    #[garde(range(min = 1, max = 60))]
    #[schema(minimum = 1, maximum = 60)]
    objection_working_days: u8,
    /// Days after which officials are reminded of a case that waits for them.
    #[garde(range(min = 1, max = 60))]
    #[schema(minimum = 1, maximum = 60)]
    waiting_days: u8,
}

/// The times of cases as they were set.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseRulesView {
    /// The first day on which they hold; absent for those that ship.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_from: Option<NaiveDate>,
    /// Raised by every change; 0 for those that ship.
    version: i32,
    /// Working days to reply.
    reply_working_days: u8,
    /// Working days to object.
    objection_working_days: u8,
    /// Days until a reminder.
    waiting_days: u8,
}

impl From<RuleTable<CaseRules>> for CaseRulesView {
    fn from(set: RuleTable<CaseRules>) -> Self {
        Self {
            effective_from: set.effective_from,
            version: set.version,
            reply_working_days: set.rules.reply_working_days,
            objection_working_days: set.rules.objection_working_days,
            waiting_days: set.rules.waiting_days,
        }
    }
}

/// Lists the times of cases by date, those that ship first.
#[utoipa::path(operation_id = "list_case_rules", tag = "cases", responses(
    (status = 200, body = Page<CaseRulesView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/case-rules")]
pub(crate) async fn list(app: Data<App>, caller: Caller) -> Result<Json<Page<CaseRulesView>>, Problem> {
    let scope = caller.may(Action::ReadRules)?;
    let rules = call::run(&app, move |app| app.rule_tables::<CaseRules>(&scope)).await?;
    Ok(Json(Page::new(rules, u32::MAX, |set| set.version, CaseRulesView::from)))
}

/// Sets the times of cases from a date on. A time that runs keeps the days that its notice told.
#[utoipa::path(operation_id = "set_case_rules", tag = "cases", request_body = SetCaseRulesBody, params(
    ("If-Match" = String, Header, description = "The version that stands for the date; 0 where none does"),
), responses(
    (status = 200, body = CaseRulesView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/case-rules")]
pub(crate) async fn replace(
    app: Data<App>,
    caller: Caller,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let IfMatch(version) = version?;
    let body: SetCaseRulesBody = body.json(&scope).await?;
    let rules = CaseRules {
        reply_working_days: body.reply_working_days,
        objection_working_days: body.objection_working_days,
        waiting_days: body.waiting_days,
    };
    let set = call::run(&app, move |app| {
        app.replace_rule_table(&caller.context, &scope, version, body.effective_from, &rules)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(set.version))
        .json(CaseRulesView::from(set)))
}

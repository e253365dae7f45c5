//! Absence over a year beside the levels of PP 94/2021, on the wire: counted and told, never acted on.

use crate::app::App;
use crate::app::recap::absence::Absence;
use crate::domain::access::Action;
use crate::domain::language::Language;
use crate::domain::recap::discipline::DisciplineRules;
use crate::domain::recap::sentence;
use crate::http::actor::Caller;
use crate::http::attendance_rule::LevelView;
use crate::http::call;
use crate::http::language::Spoken;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AbsenceQuery {
    /// A calendar year.
    #[param(minimum = 2000, maximum = 2100)]
    year: i32,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Someone with days of absence.
#[derive(Debug, Serialize, ToSchema)]
pub struct AbsenceView {
    /// Who.
    employee_id: Uuid,
    /// NIP, or another number.
    number: String,
    /// With titles.
    name: String,
    /// `pns`, `pppk` or `non_asn`: the levels are those of PNS.
    number_kind: String,
    /// Days of absence without a known reason.
    absent_days: u16,
    /// The longest run of work days of absence.
    consecutive_days: u16,
    /// Minutes late and early gone by the schedule's clock.
    short_minutes: u32,
    /// The days that these minutes count as, where they do.
    converted_days: u16,
    /// The highest level of each basis that is reached.
    reached: Vec<LevelView>,
    /// The same in words, with the next step.
    message: String,
}

impl AbsenceView {
    fn new(absence: Absence, rules: &DisciplineRules, language: Language) -> Self {
        Self {
            message: sentence::absence(&absence.count, rules, language),
            employee_id: absence.employee_id.uuid(),
            number: absence.number,
            name: absence.name,
            number_kind: absence.number_kind,
            absent_days: absence.count.absent_days,
            consecutive_days: absence.count.consecutive_days,
            short_minutes: absence.count.short_minutes,
            converted_days: absence.count.converted_days,
            reached: absence.reached.into_iter().map(LevelView::from).collect(),
        }
    }
}

/// Who has days of absence in a year.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisciplineView {
    /// The year.
    year: i32,
    /// That the service counts and warns, and imposes nothing.
    message: &'static str,
    /// People by level of post, grade and name.
    items: Vec<AbsenceView>,
    /// Give it back as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

/// Lists the people of an agency with days of absence in a year, and the levels of PP 94/2021 that they are at. The service
/// counts and warns; it imposes nothing.
#[utoipa::path(operation_id = "list_absences", tag = "recaps", params(
    ("code" = String, Path, description = "The agency's code"), AbsenceQuery,
), responses(
    (status = 200, body = DisciplineView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/discipline")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    code: Path<String>,
    query: Result<Query<AbsenceQuery>, Problem>,
) -> Result<Json<DisciplineView>, Problem> {
    let (scope, agency) = caller.may_in(Action::ReadRecap, &code)?;
    let query = query?.into_inner();
    let limit = page::limit(query.limit)?;
    let after: i32 = page::decode(query.cursor.as_deref())?.unwrap_or(0);
    let year = query.year;
    let (rules, absences) = call::run(&app, move |app| {
        app.absences(&caller.context, &scope, &agency, year, after, limit.saturating_add(1))
    })
    .await?;
    let page = Page::new(
        absences,
        limit,
        |absence| absence.ordinal,
        |absence| AbsenceView::new(absence, &rules, spoken.0),
    );
    Ok(Json(DisciplineView {
        year,
        message: sentence::counts_only(spoken.0),
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}

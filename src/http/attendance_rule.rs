//! The dated tables that recaps are counted by, on the wire.

use crate::app::App;
use crate::app::error::Error;
use crate::app::rule_table::RuleDocument;
use crate::app::rule_table::RuleTable;
use crate::domain::access::Action;
use crate::domain::recap::allowance::AllowanceRules;
use crate::domain::recap::allowance::Band;
use crate::domain::recap::allowance::BandCode;
use crate::domain::recap::discipline::Basis;
use crate::domain::recap::discipline::DisciplineRules;
use crate::domain::recap::discipline::Level;
use crate::domain::recap::discipline::Severity;
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

/// One row of the allowance table.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BandView {
    /// `TL1` to `TL4` for coming late, `PSW1` to `PSW4` for leaving early.
    #[garde(length(chars, min = 3, max = 4))]
    #[schema(pattern = "^(TL|PSW)[1-4]$")]
    code: String,
    /// Fewest whole minutes.
    #[garde(range(min = 1, max = 2_880))]
    #[schema(minimum = 1, maximum = 2_880)]
    minutes_from: u16,
    /// Most whole minutes; left out for no bound.
    #[garde(inner(range(min = 1, max = 2_880)))]
    #[schema(minimum = 1, maximum = 2_880)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    minutes_to: Option<u16>,
    /// What a day takes off, basis points.
    #[garde(range(max = 10_000))]
    #[schema(maximum = 10_000)]
    percent_bp: u16,
    /// Whether it also stands for a day on which nothing was filled in at that end.
    #[garde(skip)]
    #[serde(default)]
    without_entry: bool,
}

/// What lateness and absence take off the allowance, from a date on.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAllowanceRulesBody {
    /// The first day that the table holds for.
    #[garde(skip)]
    effective_from: NaiveDate,
    /// What the table is called, with the regulation behind it.
    #[garde(length(chars, min = 3, max = 200))]
    #[schema(min_length = 3, max_length = 200)]
    scheme: String,
    /// Bands that do not overlap; each code once.
    #[garde(length(max = 8), dive)]
    #[schema(max_items = 8)]
    bands: Vec<BandView>,
    /// What a day of absence takes off, basis points.
    #[garde(range(max = 10_000))]
    #[schema(maximum = 10_000)]
    absent_bp: u16,
    /// The most that a month takes off, basis points.
    #[garde(range(max = 10_000))]
    #[schema(maximum = 10_000)]
    cap_bp: u16,
    /// A missed slot is excused when outages took more than this share of its window, basis points.
    #[garde(range(min = 1, max = 9_999))]
    #[schema(minimum = 1, maximum = 9_999)]
    outage_excused_from_bp: u16,
    /// How many minutes without a sign of life of the service are taken for an outage.
    #[garde(range(min = 2, max = 1_440))]
    #[schema(minimum = 2, maximum = 1_440)]
    outage_least_minutes: u16,
}

/// An allowance table as it was set.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllowanceRulesView {
    /// The first day that it holds for; absent for the one that ships.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_from: Option<NaiveDate>,
    /// Raised by every change; 0 for the one that ships.
    version: i32,
    /// What it is called.
    scheme: String,
    /// Its bands.
    bands: Vec<BandView>,
    /// What a day of absence takes off, basis points.
    absent_bp: u16,
    /// The most that a month takes off, basis points.
    cap_bp: u16,
    /// The share of a window that outages must exceed, basis points.
    outage_excused_from_bp: u16,
    /// Minutes of silence that are an outage.
    outage_least_minutes: u16,
}

impl From<RuleTable<AllowanceRules>> for AllowanceRulesView {
    fn from(set: RuleTable<AllowanceRules>) -> Self {
        let rule = set.rules;
        let band = |band: Band| BandView {
            code: band.code.code().to_owned(),
            minutes_from: band.minutes_from,
            minutes_to: band.minutes_to,
            percent_bp: band.percent_bp,
            without_entry: band.without_entry,
        };
        Self {
            effective_from: set.effective_from,
            version: set.version,
            scheme: rule.scheme,
            bands: rule.bands.into_iter().map(band).collect(),
            absent_bp: rule.absent_bp,
            cap_bp: rule.cap_bp,
            outage_excused_from_bp: rule.outage_excused_from_bp,
            outage_least_minutes: rule.outage_least_minutes,
        }
    }
}

fn allowance_of(body: SetAllowanceRulesBody) -> Result<AllowanceRules, Error> {
    let bands = body.bands.into_iter().enumerate().map(|(index, band)| {
        let code = BandCode::from_code(&band.code).ok_or_else(|| {
            let field = format!("bands[{index}].code");
            Error::field(
                field,
                "unknown",
                "Kode TL1-TL4 atau PSW1-PSW4.",
                "TL1 to TL4 or PSW1 to PSW4.",
            )
        })?;
        Ok(Band {
            code,
            minutes_from: band.minutes_from,
            minutes_to: band.minutes_to,
            percent_bp: band.percent_bp,
            without_entry: band.without_entry,
        })
    });
    Ok(AllowanceRules {
        scheme: body.scheme.trim().to_owned(),
        bands: bands.collect::<Result<_, Error>>()?,
        absent_bp: body.absent_bp,
        cap_bp: body.cap_bp,
        outage_excused_from_bp: body.outage_excused_from_bp,
        outage_least_minutes: body.outage_least_minutes,
    })
}

/// How grave a level is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeverityView {
    /// Ringan.
    Light,
    /// Sedang.
    Moderate,
    /// Berat.
    Severe,
}

/// What a level counts.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BasisView {
    /// Days of absence in the calendar year.
    Cumulative,
    /// Work days of absence one after another.
    Consecutive,
}

/// One level of absence.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LevelView {
    /// How grave.
    #[garde(skip)]
    #[schema(value_type = SeverityView)]
    severity: Severity,
    /// What the regulation names, in Indonesian.
    #[garde(length(chars, min = 3, max = 200))]
    #[schema(min_length = 3, max_length = 200)]
    sanction_id: String,
    /// In English.
    #[garde(length(chars, min = 3, max = 200))]
    #[schema(min_length = 3, max_length = 200)]
    sanction_en: String,
    /// Reached from so many days.
    #[garde(range(min = 1, max = 366))]
    #[schema(minimum = 1, maximum = 366)]
    min_days: u16,
    /// What is counted.
    #[garde(skip)]
    #[schema(value_type = BasisView)]
    basis: Basis,
}

impl From<Level> for LevelView {
    fn from(level: Level) -> Self {
        Self {
            severity: level.severity,
            sanction_id: level.sanction_id,
            sanction_en: level.sanction_en,
            min_days: level.min_days,
            basis: level.basis,
        }
    }
}

/// The levels of absence, from a date on.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetDisciplineRulesBody {
    /// The first day that the levels hold for.
    #[garde(skip)]
    effective_from: NaiveDate,
    /// Of each basis in rising order.
    #[garde(length(min = 1, max = 30), dive)]
    #[schema(min_items = 1, max_items = 30)]
    levels: Vec<LevelView>,
    /// So many minutes late or early gone count as a day of absence (450 in BKN 6/2022 as quoted); left out where they
    /// don't.
    #[garde(inner(range(min = 1, max = 1_440)))]
    #[schema(minimum = 1, maximum = 1_440)]
    minutes_per_day: Option<u16>,
}

/// Levels of absence as they were set.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisciplineRulesView {
    /// The first day that they hold for; absent for those that ship.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_from: Option<NaiveDate>,
    /// Raised by every change; 0 for those that ship.
    version: i32,
    /// The levels.
    levels: Vec<LevelView>,
    /// Minutes that count as a day, where they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    minutes_per_day: Option<u16>,
}

impl From<RuleTable<DisciplineRules>> for DisciplineRulesView {
    fn from(set: RuleTable<DisciplineRules>) -> Self {
        Self {
            effective_from: set.effective_from,
            version: set.version,
            levels: set.rules.levels.into_iter().map(LevelView::from).collect(),
            minutes_per_day: set.rules.minutes_per_day,
        }
    }
}

async fn list<R, V>(app: Data<App>, caller: Caller) -> Result<Json<Page<V>>, Problem>
where
    R: RuleDocument + Send + 'static,
    V: ToSchema + From<RuleTable<R>>,
{
    let scope = caller.may(Action::ReadRules)?;
    let rules = call::run(&app, move |app| app.rule_tables::<R>(&scope)).await?;
    Ok(Json(Page::new(rules, u32::MAX, |set| set.version, V::from)))
}

/// Lists the tables of what lateness and absence take off the allowance (TPP) by date, the one that ships first.
#[utoipa::path(operation_id = "list_allowance_rules", tag = "recaps", responses(
    (status = 200, body = Page<AllowanceRulesView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/allowance-rules")]
pub(crate) async fn list_allowance(app: Data<App>, caller: Caller) -> Result<Json<Page<AllowanceRulesView>>, Problem> {
    list::<AllowanceRules, _>(app, caller).await
}

/// Sets the allowance table from a date on; a past day is counted by the table that was in force on it.
#[utoipa::path(operation_id = "set_allowance_rules", tag = "recaps", request_body = SetAllowanceRulesBody, params(
    ("If-Match" = String, Header, description = "The version that stands for the date; 0 where none does"),
), responses(
    (status = 200, body = AllowanceRulesView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/allowance-rules")]
pub(crate) async fn set_allowance(
    app: Data<App>,
    caller: Caller,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let IfMatch(version) = version?;
    let body: SetAllowanceRulesBody = body.json(&scope).await?;
    let from = body.effective_from;
    let rules = allowance_of(body)?;
    let set = call::run(&app, move |app| {
        app.replace_rule_table(&caller.context, &scope, version, from, &rules)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(set.version))
        .json(AllowanceRulesView::from(set)))
}

/// Lists the levels of absence (PP 94/2021) by date, those that ship first. They warn; nothing is imposed by them.
#[utoipa::path(operation_id = "list_discipline_rules", tag = "recaps", responses(
    (status = 200, body = Page<DisciplineRulesView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/discipline-rules")]
pub(crate) async fn list_discipline(
    app: Data<App>,
    caller: Caller,
) -> Result<Json<Page<DisciplineRulesView>>, Problem> {
    list::<DisciplineRules, _>(app, caller).await
}

/// Sets the levels of absence from a date on.
#[utoipa::path(operation_id = "set_discipline_rules", tag = "recaps", request_body = SetDisciplineRulesBody, params(
    ("If-Match" = String, Header, description = "The version that stands for the date; 0 where none does"),
), responses(
    (status = 200, body = DisciplineRulesView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/v1/discipline-rules")]
pub(crate) async fn set_discipline(
    app: Data<App>,
    caller: Caller,
    version: Result<IfMatch, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let IfMatch(version) = version?;
    let body: SetDisciplineRulesBody = body.json(&scope).await?;
    let from = body.effective_from;
    let levels = body.levels.into_iter().map(|level| Level {
        severity: level.severity,
        sanction_id: level.sanction_id.trim().to_owned(),
        sanction_en: level.sanction_en.trim().to_owned(),
        min_days: level.min_days,
        basis: level.basis,
    });
    let rules = DisciplineRules {
        levels: levels.collect(),
        minutes_per_day: body.minutes_per_day,
    };
    let set = call::run(&app, move |app| {
        app.replace_rule_table(&caller.context, &scope, version, from, &rules)
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(set.version))
        .json(DisciplineRulesView::from(set)))
}

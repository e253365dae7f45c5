//! What somebody who plans an audit asks beforehand: how much there is to sample, and what a sample of it would prove.

use crate::app::App;
use crate::app::audit::population::AgencyPopulation;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::domain::access::Action;
use crate::domain::access::AgencyCode;
use crate::domain::audit::plan::AuditPlan;
use crate::domain::audit::plan::LARGEST_SAMPLE;
use crate::domain::audit::plan::MOST_AGENCIES;
use crate::domain::audit::plan::SampleTerms;
use crate::domain::audit::plan::Strata;
use crate::domain::audit::planner::Forecast;
use crate::domain::audit::planner::StratumForecast;
use crate::domain::audit::planner::forecast;
use crate::domain::audit::stopping::Stopping;
use crate::domain::language::Language;
use crate::domain::statistics::LARGEST_POPULATION;
use crate::http::actor::Caller;
use crate::http::audit::Prior;
use crate::http::audit::stopping;
use crate::http::audit_targeted::flags;
use crate::http::call;
use crate::http::language::Spoken;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Characters that codes of agencies may take in an address.
const MOST_CODE_CHARACTERS: usize = 5_000;

/// Which slots.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PopulationQuery {
    /// First work date.
    from: NaiveDate,
    /// Last work date, inclusive; not after today, at most 92 days with the first.
    to: NaiveDate,
    /// Codes of the agencies, each once, with commas between them; at most 1,000, and 5,000 characters: an address has no room for more.
    #[param(min_length = 1, max_length = 5000)]
    agencies: String,
    /// Codes of flags with commas between them, or nothing: where it is there, the answer tells which slots have which
    /// flags, and how many have one of these.
    #[param(max_length = 200, pattern = "^([a-z_]+(,[a-z_]+)*)?$")]
    flags: Option<String>,
}

/// What a sample is to prove.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PlannerQuery {
    /// Units of each stratum, 0 to 4,294,967,295, with commas between them; at most 1,000 strata.
    #[param(min_length = 1, max_length = 11000, pattern = "^[0-9]{1,10}(,[0-9]{1,10})*$")]
    populations: String,
    /// Units to draw in each stratum, 1 to 10,000; where it is absent, as many as the rates ask for.
    #[param(minimum = 1, maximum = 10000)]
    size: Option<u32>,
    /// How sure the claim must be, basis points: 5,000 to 9,999; 9,500 where it is absent.
    #[param(minimum = 5000, maximum = 9999)]
    confidence_bp: Option<u16>,
    /// The rate of deviations that must not go unnoticed, basis points: 1 to 10,000; 500 where it is absent.
    #[param(minimum = 1, maximum = 10000)]
    tolerable_bp: Option<u16>,
    /// The rate that is expected anyway, basis points, below the tolerable one; 0 where it is absent.
    #[param(minimum = 0, maximum = 9999)]
    expected_bp: Option<u16>,
    /// `fixed` (the default) or `sequence`, as in a plan.
    #[param(pattern = "^(fixed|sequence)$")]
    stopping: Option<String>,
    /// The first weight of the prior of `sequence`, 1 to 1,000,000; both or none.
    #[param(minimum = 1, maximum = 1_000_000)]
    prior_a: Option<u32>,
    /// The second.
    #[param(minimum = 1, maximum = 1_000_000)]
    prior_b: Option<u32>,
}

/// How much of an agency there is to sample.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgencyPopulationView {
    /// The agency's code.
    agency: String,
    /// Expected slots of the period that have closed; where a plan would be refused, those that are known.
    population: u64,
    /// Why a plan would be refused; for agencies with an instance of their own.
    refusals: Vec<RefusalView>,
    /// Flags of their standing shares; there where flags were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<Vec<FlagCountView>>,
    /// Of those slots, the ones with an asked flag: what a rule of targeted picks would pick today.
    #[serde(skip_serializing_if = "Option::is_none")]
    targeted: Option<u64>,
}

/// What an honest population can't be built for.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusalView {
    /// `batch_missing`, `rows_open`, `employee_unknown`, `employee_foreign` or `employee_twice`.
    code: &'static str,
    /// Which, in a sentence; at most ten are named.
    message: String,
}

/// How many slots have a flag.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlagCountView {
    /// The flag's code.
    flag: &'static str,
    /// Slots whose standing share has it.
    slots: u64,
}

/// How much there is to sample, as of now.
#[derive(Debug, Serialize, ToSchema)]
pub struct PopulationView {
    /// Of each agency, in the order of their units' ids.
    agencies: Vec<AgencyPopulationView>,
    /// All together.
    population: u64,
    /// Slots with an asked flag, all together; there where flags were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    targeted: Option<u64>,
}

impl PopulationView {
    fn new(counts: &[AgencyPopulation], is_flagged: bool, language: Language) -> Self {
        let refusal = |fault: &FieldError| RefusalView {
            code: fault.code,
            message: language.choose(&fault.indonesian, &fault.english).to_owned(),
        };
        let asked = |value: u64| is_flagged.then_some(value);
        let flags = |found: &AgencyPopulation| {
            let counted = found.flags.iter().map(|(flag, slots)| FlagCountView {
                flag: flag.code(),
                slots: *slots,
            });
            is_flagged.then(|| counted.collect())
        };
        Self {
            population: counts.iter().map(|found| found.population).sum(),
            targeted: asked(counts.iter().map(|found| found.targeted).sum()),
            agencies: counts
                .iter()
                .map(|found| AgencyPopulationView {
                    agency: found.agency.to_string(),
                    population: found.population,
                    flags: flags(found),
                    targeted: asked(found.targeted),
                    refusals: found.faults.iter().map(refusal).collect(),
                })
                .collect(),
        }
    }
}

/// What would be known if so many deviations were found.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProspectView {
    /// Deviations found in the sample.
    deviations: u64,
    /// At most so many units of the stratum would deviate; exact, one-sided.
    upper: u64,
    /// The same as a rate, basis points, rounded up.
    upper_bp: u64,
    /// Whether that is below the tolerable rate.
    is_tolerable: bool,
}

/// What the sample of one stratum could prove.
#[derive(Debug, Serialize, ToSchema)]
pub struct StratumForecastView {
    /// Units in it.
    population: u64,
    /// Units to draw.
    size: u64,
    /// For none, one, two and three deviations found, as far as the sample has so many units.
    prospects: Vec<ProspectView>,
}

/// What a plan could prove.
#[derive(Debug, Serialize, ToSchema)]
pub struct ForecastView {
    /// What it could prove, in one sentence.
    sentence: String,
    /// Units of all strata.
    population: u64,
    /// Units to draw from all of them.
    size: u64,
    /// At most so many units of all strata together would deviate if none is found, by the same rule as in the report.
    clean_upper: u64,
    /// The same as a rate, basis points, rounded up.
    clean_upper_bp: u64,
    /// Each stratum that is not empty for itself, in the order in which they were given.
    strata: Vec<StratumForecastView>,
}

impl ForecastView {
    fn new(forecast: Forecast, language: Language) -> Self {
        Self {
            sentence: forecast.sentence(language),
            population: forecast.population,
            size: forecast.size,
            clean_upper: forecast.clean_upper,
            clean_upper_bp: rate_bp(forecast.clean_upper, forecast.population),
            strata: forecast.strata.into_iter().map(StratumForecastView::from).collect(),
        }
    }
}

impl From<StratumForecast> for StratumForecastView {
    fn from(stratum: StratumForecast) -> Self {
        let population = stratum.population;
        let prospects = stratum.prospects.into_iter().map(|prospect| ProspectView {
            deviations: prospect.deviations,
            upper: prospect.upper,
            upper_bp: rate_bp(prospect.upper, population),
            is_tolerable: prospect.is_tolerable,
        });
        Self {
            population,
            size: stratum.size,
            prospects: prospects.collect(),
        }
    }
}

/// A share in basis points, rounded up so that no claim looks better than it is.
const fn rate_bp(part: u64, whole: u64) -> u64 {
    match whole {
        0 => 0,
        _ => (part * 10_000).div_ceil(whole),
    }
}

/// Counts what an audit of this period and these agencies would be drawn from, as of now, and how many slots of it a rule
/// of targeted picks would pick. Nothing is kept.
#[utoipa::path(operation_id = "count_audit_population", tag = "audits", params(PopulationQuery), responses(
    (status = 200, body = PopulationView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/audit-population")]
pub(crate) async fn count(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    query: Result<Query<PopulationQuery>, Problem>,
) -> Result<Json<PopulationView>, Problem> {
    let scope = caller.may(Action::RunAudit)?;
    let query = query?;
    let plan = AuditPlan {
        from: query.from,
        to: query.to,
        agencies: agencies(&query.agencies)?,
        strata: Strata::Agency,
        confidence_bp: 9_500,
        tolerable_bp: 500,
        expected_bp: 0,
        sample_size: None,
        stopping: Stopping::Fixed,
        targeted: None,
    };
    let picked = query.flags.as_deref().map(flags).transpose()?;
    let is_flagged = picked.is_some();
    let counts = call::run(&app, move |app| {
        app.count_population(&caller.context, &scope, plan, picked.as_deref())
    })
    .await?;
    Ok(Json(PopulationView::new(&counts, is_flagged, spoken.0)))
}

/// Tells how many units to draw and what they would prove: exact bounds and one plain sentence.
///
/// It looks at nobody's rows: the same numbers get the same answer anywhere (`sherlok audit plan`, `sherlok audit bound`).
#[utoipa::path(operation_id = "forecast_audit", tag = "audits", params(PlannerQuery), responses(
    (status = 200, body = ForecastView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/audit-planner")]
pub(crate) async fn tell(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    query: Result<Query<PlannerQuery>, Problem>,
) -> Result<Json<ForecastView>, Problem> {
    caller.may(Action::ReadAudit)?;
    let query = query?;
    let populations = populations(&query.populations)?;
    let terms = terms(&query)?;
    let forecast = call::run(&app, move |_| forecast(&terms, &populations).map_err(Error::internal)).await?;
    Ok(Json(ForecastView::new(forecast, spoken.0)))
}

fn agencies(text: &str) -> Result<Vec<AgencyCode>, Error> {
    let wrong = |_| {
        Error::field(
            "agencies",
            "malformed",
            "Tulis kode perangkat daerah, dipisahkan koma.",
            "Write the agencies' codes with commas between them.",
        )
    };
    if text.len() > MOST_CODE_CHARACTERS {
        return Err(Error::field(
            "agencies",
            "too_long",
            "Paling banyak 5.000 huruf.",
            "At most 5,000 characters.",
        ));
    }
    text.split(',')
        .map(|code| AgencyCode::parse(code).map_err(wrong))
        .collect()
}

fn populations(text: &str) -> Result<Vec<u64>, Error> {
    let read = |part: &str| {
        let is_digits = (1..=10).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        let units: u64 = part.parse().ok().filter(|_| is_digits)?;
        (units <= LARGEST_POPULATION).then_some(units)
    };
    let read: Option<Vec<u64>> = text.split(',').map(read).collect();
    read.filter(|populations| populations.len() <= MOST_AGENCIES)
        .ok_or_else(|| {
            Error::field(
                "populations",
                "malformed",
                "Tulis jumlah slot tiap strata, 0 sampai 4.294.967.295, dipisahkan koma; paling banyak 1.000 strata.",
                "Write the units of each stratum, 0 to 4,294,967,295, with commas between them; at most 1,000 strata.",
            )
        })
}

/// The terms with their defaults; every value out of its limits is told.
fn terms(query: &PlannerQuery) -> Result<SampleTerms, Error> {
    let prior = match (query.prior_a, query.prior_b) {
        (Some(a), Some(b)) => Some(Prior { a, b }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            let field = if query.prior_a.is_none() { "prior_a" } else { "prior_b" };
            return Err(Error::field(
                field,
                "missing",
                "Tulis kedua bobot awal, atau tidak sama sekali.",
                "Write both weights of the prior, or none.",
            ));
        }
    };
    let stopping = stopping(query.stopping.as_deref(), prior).map_err(|field| Error::Invalid(vec![field]))?;
    let terms = SampleTerms {
        confidence_bp: query.confidence_bp.unwrap_or(9_500),
        tolerable_bp: query.tolerable_bp.unwrap_or(500),
        expected_bp: query.expected_bp.unwrap_or(0),
        sample_size: query.size,
        stopping,
    };
    let is_size = terms
        .sample_size
        .is_none_or(|size| (1..=LARGEST_SAMPLE).contains(&size));
    let checks = [
        ("size", is_size, "out_of_limits"),
        (
            "confidence_bp",
            (5_000..=9_999).contains(&terms.confidence_bp),
            "out_of_limits",
        ),
        (
            "tolerable_bp",
            (1..=10_000).contains(&terms.tolerable_bp),
            "out_of_limits",
        ),
        (
            "expected_bp",
            terms.expected_bp < terms.tolerable_bp,
            "not_below_tolerable",
        ),
    ];
    let faults: Vec<FieldError> = checks
        .into_iter()
        .filter(|(_, is_sound, _)| !is_sound)
        .map(|(field, _, code)| {
            FieldError::new(
                field,
                code,
                "Bagian rencana ini perlu diperbaiki.",
                "Please check this part of the plan.",
            )
        })
        .collect();
    if faults.is_empty() {
        Ok(terms)
    } else {
        Err(Error::Invalid(faults))
    }
}

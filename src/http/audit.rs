//! Audits on the wire.

use crate::app::App;
use crate::app::audit::Audit;
use crate::app::audit::seed::SeedWish;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::once::OnceKey;
use crate::domain::access::Action;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::audit::AuditState;
use crate::domain::audit::plan::AuditPlan;
use crate::domain::audit::plan::Strata;
use crate::domain::audit::seed::SeedKind;
use crate::domain::audit::stopping::Stopping;
use crate::domain::ids::AuditId;
use crate::http::actor::Caller;
use crate::http::audit_seed::BeaconView;
use crate::http::audit_seed::SeedRuleBody;
use crate::http::audit_seed::SeedRuleView;
use crate::http::audit_source::FederatedSourceView;
use crate::http::audit_targeted::TargetedBody;
use crate::http::audit_targeted::TargetedView;
use crate::http::body::Body;
use crate::http::call;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IdempotencyKey;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Bytes, Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use futures_util::stream;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What an audit is to find out.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanAuditBody {
    /// First work date.
    #[garde(skip)]
    from: NaiveDate,
    /// Last work date, inclusive; not after today, at most 92 days with the first.
    #[garde(skip)]
    to: NaiveDate,
    /// Codes of the audited agencies, each once.
    #[garde(length(min = 1, max = 1000), inner(length(chars, min = 1, max = 20)))]
    #[schema(min_items = 1, max_items = 1000)]
    agencies: Vec<String>,
    /// `agency` (the default): a sample and a claim for each agency. `whole`: one for all together.
    #[garde(inner(length(chars, min = 1, max = 10)))]
    #[schema(pattern = "^(agency|whole)$")]
    strata: Option<String>,
    /// Units to draw in each stratum, 1 to 10,000; where it is absent, as many as the rates below ask for. A smaller
    /// stratum is checked as a whole.
    #[garde(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10000)]
    size: Option<u32>,
    /// How sure the claim must be, basis points: 5,000 to 9,999; 9,500 where it is absent.
    #[garde(range(min = 5_000, max = 9_999))]
    #[schema(minimum = 5000, maximum = 9999)]
    confidence_bp: Option<u16>,
    /// The rate of deviations that must not go unnoticed, basis points: 1 to 10,000; 500 where it is absent.
    #[garde(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10000)]
    tolerable_bp: Option<u16>,
    /// The rate that is expected anyway, basis points, below the tolerable one; 0 where it is absent.
    #[garde(range(max = 9_999))]
    #[schema(minimum = 0, maximum = 9999)]
    expected_bp: Option<u16>,
    /// How the seed will be made; a text where it is absent, which is the weakest kind.
    #[garde(dive)]
    seed_rule: Option<SeedRuleBody>,
    /// `fixed` (the default): the size of the sample stays, and its bounds count once every case is settled. `sequence`:
    /// the bounds hold whenever one looks, and the sample may be extended; without a size it is larger from the start.
    #[garde(inner(length(chars, min = 1, max = 10)))]
    #[schema(pattern = "^(fixed|sequence)$")]
    stopping: Option<String>,
    /// The weights of the prior of `sequence`; 1 and 50 where it is absent. They decide how soon the bounds narrow, never
    /// whether they hold.
    #[garde(dive)]
    prior: Option<Prior>,
    /// Slots that are picked beforehand, all examined and counted one for one; none where it is absent.
    #[garde(dive)]
    targeted: Option<TargetedBody>,
}

/// The weights of a beta-binomial prior on the number of deviations: a large `b` expects few.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prior {
    /// 1 to 1,000,000.
    #[garde(range(min = 1, max = 1_000_000))]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub(crate) a: u32,
    /// 1 to 1,000,000.
    #[garde(range(min = 1, max = 1_000_000))]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub(crate) b: u32,
}

/// The prior where a plan names none: as if 49 sound units had been seen.
const USUAL_PRIOR: Prior = Prior { a: 1, b: 50 };

/// The stopping rule of a plan; `Err` says which field to blame.
pub(crate) fn stopping(rule: Option<&str>, prior: Option<Prior>) -> Result<Stopping, FieldError> {
    let wrong = |field: &'static str, indonesian: &str, english: &str| {
        FieldError::new(field, "unknown", indonesian.to_owned(), english.to_owned())
    };
    match (rule.unwrap_or("fixed"), prior) {
        ("fixed", None) => Ok(Stopping::Fixed),
        ("fixed", Some(_)) => Err(wrong(
            "prior",
            "Bobot awal hanya untuk aturan sequence.",
            "A prior belongs to the stopping rule sequence.",
        )),
        ("sequence", prior) => {
            let Prior { a, b } = prior.unwrap_or(USUAL_PRIOR);
            let limits = ("Bobot awal adalah 1 sampai 1.000.000.", "Weights are 1 to 1,000,000.");
            let rule = Stopping::from_weights(Some((a, b))).ok();
            rule.ok_or_else(|| wrong("prior", limits.0, limits.1))
        }
        _ => Err(wrong(
            "stopping",
            "Pilih fixed atau sequence.",
            "Choose fixed or sequence.",
        )),
    }
}

impl PlanAuditBody {
    fn seed(&self) -> Result<SeedWish, Error> {
        let text = SeedWish {
            kind: SeedKind::Text,
            draw_at: None,
        };
        self.seed_rule.as_ref().map_or(Ok(text), SeedRuleBody::wish)
    }

    fn plan(self) -> Result<AuditPlan, Error> {
        let mut fields = Vec::new();
        let strata = self.strata.as_deref().map_or(Some(Strata::Agency), Strata::from_code);
        if strata.is_none() {
            fields.push(FieldError::new(
                "strata",
                "unknown",
                "Pilih agency atau whole.",
                "Choose agency or whole.",
            ));
        }
        let mut agencies = Vec::with_capacity(self.agencies.len());
        for (index, code) in self.agencies.iter().enumerate() {
            match AgencyCode::parse(code) {
                Ok(code) => agencies.push(code),
                Err(error) => fields.push(FieldError::new(
                    format!("agencies[{index}]"),
                    "malformed",
                    "Kode perangkat daerah tidak sesuai.",
                    format!("Not an agency code: {error}."),
                )),
            }
        }
        let targeted = self.targeted.as_ref().map(TargetedBody::rule).transpose();
        let targeted = targeted.map_err(|wrong| fields.extend(wrong)).ok().flatten();
        let stopping = stopping(self.stopping.as_deref(), self.prior).map_err(|field| fields.push(field));
        match (strata, stopping) {
            (Some(strata), Ok(stopping)) if fields.is_empty() => Ok(AuditPlan {
                from: self.from,
                to: self.to,
                agencies,
                strata,
                confidence_bp: self.confidence_bp.unwrap_or(9_500),
                tolerable_bp: self.tolerable_bp.unwrap_or(500),
                expected_bp: self.expected_bp.unwrap_or(0),
                sample_size: self.size,
                stopping,
                targeted,
            }),
            _ => Err(Error::Invalid(fields)),
        }
    }
}

/// One stratum of an audit.
#[derive(Debug, Serialize, ToSchema)]
pub struct StratumView {
    /// The agency's code, `all`, or with a rule of targeted picks `targeted`.
    name: String,
    /// Units in it.
    population: i64,
    /// Units to draw, or drawn.
    size: i64,
}

/// An audit.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditView {
    /// Its id.
    id: Uuid,
    /// `planned`, `drawn`, `in_review`, `closed` or `cancelled`.
    #[schema(value_type = String)]
    state: AuditState,
    /// First work date.
    from: NaiveDate,
    /// Last work date, inclusive.
    to: NaiveDate,
    /// Codes of the audited agencies.
    agencies: Vec<String>,
    /// `agency` or `whole`.
    #[schema(value_type = String)]
    strata: Strata,
    /// The strata themselves.
    samples: Vec<StratumView>,
    /// How sure the claim must be, basis points.
    confidence_bp: i32,
    /// The rate that must not go unnoticed, basis points.
    tolerable_bp: i32,
    /// The rate that is expected anyway, basis points.
    expected_bp: i32,
    /// `fixed` or `sequence`.
    #[schema(value_type = String)]
    stopping: &'static str,
    /// The weights of the prior of `sequence`.
    #[serde(skip_serializing_if = "Option::is_none")]
    prior: Option<Prior>,
    /// Which slots are picked beforehand; they are the stratum `targeted`, of which all units are examined.
    #[serde(skip_serializing_if = "Option::is_none")]
    targeted: Option<TargetedView>,
    /// Units in the population.
    population: i64,
    /// SHA-256 of the population's text, as `GET .../population` gives it.
    population_sha256: String,
    /// SHA-256 of the plan as it stands in the audit log; it goes into a seed that is mixed.
    plan_sha256: String,
    /// How the seed is made.
    seed_rule: SeedRuleView,
    /// The seed, once accepted or mixed.
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<String>,
    /// The beacon that went into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    seed_beacon: Option<BeaconView>,
    /// The digits of the dice that went into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    seed_dice: Option<String>,
    /// How it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    seed_evidence: Option<String>,
    /// What the units of each agency with an instance of its own were taken from; absent in lists and where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    federated: Vec<FederatedSourceView>,
    /// When the population was fixed.
    #[schema(format = DateTime)]
    planned_at: String,
    /// When the seed was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    seeded_at: Option<String>,
    /// When the sample was drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    drawn_at: Option<String>,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    closed_at: Option<String>,
    /// When it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    cancelled_at: Option<String>,
    /// Why it was cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    cancel_reason: Option<String>,
}

impl From<Audit> for AuditView {
    fn from(audit: Audit) -> Self {
        let row = audit.row;
        Self {
            id: row.id.uuid(),
            state: row.state,
            from: row.from_date,
            to: row.to_date,
            agencies: audit.agencies,
            strata: row.strata,
            samples: audit
                .strata
                .into_iter()
                .map(|stratum| StratumView {
                    name: stratum.name,
                    population: stratum.population,
                    size: stratum.sample_size,
                })
                .collect(),
            confidence_bp: row.confidence_bp,
            tolerable_bp: row.tolerable_bp,
            expected_bp: row.expected_bp,
            stopping: if row.sequence_a.is_some() { "sequence" } else { "fixed" },
            prior: row.sequence_a.zip(row.sequence_b).map(|(a, b)| Prior {
                a: a.unsigned_abs(),
                b: b.unsigned_abs(),
            }),
            targeted: audit.targeted.as_ref().map(TargetedView::from),
            population: row.population,
            population_sha256: hex::encode(row.population_sha256.unwrap_or_default()),
            plan_sha256: hex::encode(row.plan_sha256.unwrap_or_default()),
            seed_rule: SeedRuleView::from(audit.seed_rule),
            seed: row.seed,
            seed_beacon: audit.seed_material.beacon.map(BeaconView::from),
            seed_dice: audit.seed_material.dice,
            seed_evidence: row.seed_evidence,
            federated: audit.federated.into_iter().map(FederatedSourceView::from).collect(),
            planned_at: row.planned_at.to_string(),
            seeded_at: row.seeded_at.map(|at| at.to_string()),
            drawn_at: row.drawn_at.map(|at| at.to_string()),
            closed_at: row.closed_at.map(|at| at.to_string()),
            cancelled_at: row.cancelled_at.map(|at| at.to_string()),
            cancel_reason: row.cancel_reason,
        }
    }
}

/// Which audits.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditQuery {
    /// Only those in this state.
    #[param(value_type = Option<String>)]
    state: Option<AuditState>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Plans an audit and fixes its population.
///
/// The population is every slot of the period in which somebody was expected to share and which has closed, whether or not
/// anything came. It never changes afterwards. One plan per agency and day: an overlap is refused (409 `audit_overlap`).
///
/// Of an agency with an instance of its own these are the expected rows of the newest batches that BKD holds. What can't be
/// built of them is refused as a field of `agencies`: `batch_missing`, `rows_open`, `employee_unknown`, `employee_foreign`
/// or `employee_twice`.
#[utoipa::path(operation_id = "plan_audit", tag = "audits", request_body = PlanAuditBody, params(
    ("Idempotency-Key" = Option<String>, Header, description = "A repeated call with the same key gets the first answer"),
), responses(
    (status = 201, body = AuditView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/audits")]
pub(crate) async fn plan(
    app: Data<App>,
    caller: Caller,
    key: IdempotencyKey,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::RunAudit)?;
    let (body, bytes) = body.json_and_bytes::<PlanAuditBody>(&scope).await?;
    let once = OnceKey::new(key.0, "plan_audit", "", &bytes);
    let seed = body.seed()?;
    let plan = body.plan()?;
    let audit = call::run(&app, move |app| {
        app.plan_audit(&caller.context, &scope, &once, plan, seed)
    })
    .await?;
    Ok(HttpResponse::Created().json(AuditView::from(audit)))
}

/// Lists audits, newest plan first.
#[utoipa::path(operation_id = "list_audits", tag = "audits", params(AuditQuery), responses(
    (status = 200, body = Page<AuditView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/audits")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<AuditQuery>,
) -> Result<Json<Page<AuditView>>, Problem> {
    let scope = caller.may(Action::ReadAudit)?;
    let limit = page::limit(query.limit)?;
    let after = page::decode::<AuditId>(query.cursor.as_deref())?;
    let rows = call::run(&app, move |app| app.list_audits(&scope, query.state, after, limit)).await?;
    Ok(Json(Page::new(rows, limit, |audit| audit.row.id, AuditView::from)))
}

/// Shows an audit: plan, strata, seed and state.
#[utoipa::path(operation_id = "read_audit", tag = "audits", params(
    ("id" = Uuid, Path, description = "The audit"),
), responses(
    (status = 200, body = AuditView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/audits/{id}")]
pub(crate) async fn read(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<Json<AuditView>, Problem> {
    let scope = caller.may(Action::ReadAudit)?;
    let id = AuditId::new(path.into_inner());
    Ok(Json(
        call::run(&app, move |app| app.find_audit(&scope, id)).await?.into(),
    ))
}

/// Gives the population: one unit id a line, in the order of the digest, so that anyone can draw again. Behind a targeted
/// unit stand a tab and `targeted`; it takes no part in the draw of the others.
#[utoipa::path(operation_id = "read_audit_population", tag = "audits", params(
    ("id" = Uuid, Path, description = "The audit"),
), responses(
    (status = 200, body = String, content_type = "text/plain; charset=utf-8"),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/audits/{id}/population")]
pub(crate) async fn population(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReadAudit)?;
    let id = AuditId::new(path.into_inner());
    let known = scope.clone();
    call::run(&app, move |app| app.find_audit(&known, id)).await?;
    let pieces = stream::try_unfold((app, scope, -1), move |state| next_piece(state, id));
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .streaming(pieces))
}

type Place = (Data<App>, Scope, i32);

async fn next_piece((app, scope, after): Place, id: AuditId) -> Result<Option<(Bytes, Place)>, actix_web::Error> {
    let reach = scope.clone();
    let piece = call::run(&app, move |app| app.next_population_piece(&reach, id, after)).await?;
    Ok(piece.map(|(sequence, lines)| (Bytes::from(lines), (app, scope, sequence))))
}

/// Draws the sample and assigns its cases evenly to auditors who are not of those agencies.
///
/// The tickets are those of `consistent_sampler`, so that seed and population give the same sample anywhere. Once; a
/// repeated call changes nothing.
#[utoipa::path(operation_id = "draw_audit", tag = "audits", params(
    ("id" = Uuid, Path, description = "The audit"),
), responses(
    (status = 200, body = AuditView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/audits/{id}/draw")]
pub(crate) async fn draw(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<Json<AuditView>, Problem> {
    let scope = caller.may(Action::RunAudit)?;
    let id = AuditId::new(path.into_inner());
    let audit = call::run(&app, move |app| app.draw_audit(&caller.context, &scope, id)).await?;
    Ok(Json(audit.into()))
}

/// Closes an audit whose cases are all settled.
#[utoipa::path(operation_id = "close_audit", tag = "audits", params(
    ("id" = Uuid, Path, description = "The audit"),
), responses(
    (status = 200, body = AuditView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/audits/{id}/closure")]
pub(crate) async fn close(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<Json<AuditView>, Problem> {
    let scope = caller.may(Action::RunAudit)?;
    let id = AuditId::new(path.into_inner());
    let audit = call::run(&app, move |app| app.close_audit(&caller.context, &scope, id)).await?;
    Ok(Json(audit.into()))
}

//! Reports of audits on the wire.

use crate::app::App;
use crate::app::audit::AuditFindings;
use crate::domain::access::Action;
use crate::domain::audit::report::StratumReport;
use crate::domain::audit::signal::Signal;
use crate::domain::audit::signal::SignalCount;
use crate::domain::ids::AuditId;
use crate::http::actor::Caller;
use crate::http::audit::AuditView;
use crate::http::call;
use crate::http::language::Spoken;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Both sides of a bound on the number of deviations.
#[derive(Debug, Serialize, ToSchema)]
pub struct IntervalView {
    /// At least so many units deviate.
    lower: u64,
    /// At most so many units deviate.
    upper: u64,
}

/// What the bounds of a stratum rest on.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountedView {
    /// Units.
    sample: u64,
    /// Of those, cases decided as upheld.
    deviations: u64,
    /// Cases that could not be settled.
    inconclusive: u64,
}

/// What is known of one stratum, or of all together.
#[derive(Debug, Serialize, ToSchema)]
pub struct StratumReportView {
    /// The agency's code, `all`, `random` or `targeted`.
    name: String,
    /// Units in it.
    population: u64,
    /// Units drawn.
    sample: u64,
    /// Cases decided as upheld.
    deviations: u64,
    /// Cases that could not be settled; the bounds hold whatever is true of them.
    inconclusive: u64,
    /// Cases that are not settled yet; likewise.
    open: u64,
    /// What the bounds rest on: every drawn unit, or with the stopping rule `sequence` the first ones, in the order of
    /// the draw, whose cases are settled.
    counted: CountedView,
    /// Exact, two-sided, each side with half the risk; with `sequence` all the risk over both sides.
    interval: IntervalView,
    /// Exact and one-sided: the number that the claim is about.
    upper: u64,
}

impl From<StratumReport> for StratumReportView {
    fn from(report: StratumReport) -> Self {
        Self {
            name: report.count.name,
            population: report.count.population,
            sample: report.count.sample,
            deviations: report.count.upheld,
            inconclusive: report.count.inconclusive,
            open: report.count.open,
            counted: CountedView {
                sample: report.counted.sample,
                deviations: report.counted.upheld,
                inconclusive: report.counted.inconclusive,
            },
            interval: IntervalView {
                lower: report.interval.lower,
                upper: report.interval.upper,
            },
            upper: report.upper,
        }
    }
}

/// How the drawn slots with something that stood out ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignalView {
    /// `record` (nothing came), `place` (an outcome of place) or `flag`.
    kind: &'static str,
    /// `missing`, or the code of the outcome or flag.
    code: &'static str,
    /// Drawn slots with it.
    cases: u64,
    /// Of those, cases decided as upheld.
    deviations: u64,
    /// Found in order, or taken back.
    cleared: u64,
    /// Could not be settled.
    inconclusive: u64,
    /// Not settled yet.
    open: u64,
    /// At least such a share of the slots with it deviates, basis points; two-sided at the audit's confidence.
    lower_bp: u64,
    /// At most such a share, basis points. Exact where all strata are drawn at one rate; otherwise a reading of the
    /// drawn slots.
    upper_bp: u64,
}

impl From<(Signal, SignalCount, (u64, u64))> for SignalView {
    fn from((signal, count, (lower_bp, upper_bp)): (Signal, SignalCount, (u64, u64))) -> Self {
        Self {
            kind: signal.kind(),
            code: signal.code(),
            cases: count.cases(),
            deviations: count.upheld,
            cleared: count.cleared,
            inconclusive: count.inconclusive,
            open: count.open,
            lower_bp,
            upper_bp,
        }
    }
}

/// How the blind second review of a random tenth compares with the first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgreementView {
    /// Drawn units that are reviewed once more: a tenth, rounded up.
    drawn: u64,
    /// Of those, units with both findings.
    pairs: u64,
    /// Of those, units with the same finding twice.
    matches: u64,
    /// Units of which a finding is missing.
    pending: u64,
    /// At least so many of all drawn units would get the same finding twice: exact, one-sided, at the audit's confidence.
    /// What is missing counts as not agreed.
    lower: u64,
    /// The same as a share of the drawn units, basis points, rounded down.
    lower_bp: u64,
}

/// What became of objections.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObjectionCountView {
    /// Not decided; those cases count as open.
    pending: u64,
    /// The finding stands.
    upheld: u64,
    /// The finding was taken back, and counts as such above.
    withdrawn: u64,
}

/// The report of an audit.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditReportView {
    /// The audit.
    audit: AuditView,
    /// Whether no case is open, no objection pends and no second review is missing.
    is_final: bool,
    /// What it says, in one sentence.
    claim: String,
    /// All units. The random strata together: by union-intersection, or with `sequence` the risk is shared and the bounds
    /// are added. What was found among targeted slots is added one for one.
    total: StratumReportView,
    /// The random strata together; there where slots were targeted.
    #[serde(skip_serializing_if = "Option::is_none")]
    random: Option<StratumReportView>,
    /// The targeted slots, all of which are examined: what was found, and never more than that.
    #[serde(skip_serializing_if = "Option::is_none")]
    targeted: Option<StratumReportView>,
    /// Each random stratum for itself, at the full confidence.
    strata: Vec<StratumReportView>,
    /// How often what stood out went with a deviation; a slot counts under each of its signals. It decides nothing. Flags
    /// of a rule of targeted picks are counted among the targeted slots, everything else among the others.
    signals: Vec<SignalView>,
    /// How far two auditors who looked independently agree.
    second_review: AgreementView,
    /// What became of objections.
    objections: ObjectionCountView,
    /// How to do it again: the norm and the command.
    method: &'static str,
}

/// Reports what the audit found: exact bounds and one plain sentence.
///
/// Cases that are open or inconclusive widen the bounds to both sides, so that the sentence stays true however they end.
/// With the stopping rule `sequence` what is settled counts in the order of the draw, and the sentence holds at every look.
#[utoipa::path(operation_id = "read_audit_report", tag = "audits", params(
    ("id" = Uuid, Path, description = "The audit"),
), responses(
    (status = 200, body = AuditReportView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/audits/{id}/report")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    path: Path<Uuid>,
) -> Result<Json<AuditReportView>, Problem> {
    let scope = caller.may(Action::ReadAudit)?;
    let id = AuditId::new(path.into_inner());
    let found = call::run(&app, move |app| app.report_audit(&scope, id)).await?;
    let is_final = found.is_final();
    let AuditFindings {
        audit,
        report,
        signals,
        agreement,
        agreed_lower,
        objections,
        ..
    } = found;
    Ok(Json(AuditReportView {
        audit: audit.into(),
        is_final,
        claim: report.claim(spoken.0),
        total: report.total.into(),
        random: report.targeted.is_some().then(|| report.random.into()),
        targeted: report.targeted.map(StratumReportView::from),
        strata: report.strata.into_iter().map(StratumReportView::from).collect(),
        signals: signals.into_iter().map(SignalView::from).collect(),
        second_review: AgreementView {
            drawn: agreement.drawn,
            pairs: agreement.pairs,
            matches: agreement.matches,
            pending: agreement.pending(),
            lower: agreed_lower,
            lower_bp: agreement.share_bp(agreed_lower),
        },
        objections: ObjectionCountView {
            pending: objections.pending,
            upheld: objections.upheld,
            withdrawn: objections.withdrawn,
        },
        method: "api-spec/audit-sampling.md; sherlok audit draw, sherlok audit bound",
    }))
}

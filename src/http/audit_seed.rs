//! The seed of an audit on the wire: its rule, what it is made of, and giving up a plan.

use crate::app::App;
use crate::app::audit::seed::SeedWish;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::audit::beacon::Beacon;
use crate::domain::audit::seed::SeedKind;
use crate::domain::audit::seed::SeedMaterial;
use crate::domain::audit::seed::SeedRule;
use crate::domain::audit::seed::SeedStrength;
use crate::domain::ids::AuditId;
use crate::domain::instant::Instant;
use crate::domain::text;
use crate::http::actor::Caller;
use crate::http::audit::AuditView;
use crate::http::body::Body;
use crate::http::call;
use crate::http::case::wrong_text;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::post;
use actix_web::web::{Data, Json, Path};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How the seed will be made; fixed with the plan.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedRuleBody {
    /// `beacon_and_dice`: a round of the public beacon drand quicknet mixed with dice, nobody need be believed. `dice`: dice
    /// alone, the weaker kind. `text`: whatever somebody published, the weakest kind.
    #[garde(length(chars, min = 1, max = 20))]
    #[schema(pattern = "^(beacon_and_dice|dice|text)$")]
    kind: String,
    /// The instant whose beacon is used, 10 minutes to 92 days after the plan. With `beacon_and_dice`, and only there.
    #[garde(skip)]
    #[schema(value_type = Option<String>, format = DateTime)]
    draw_at: Option<Instant>,
}

impl SeedRuleBody {
    pub(super) fn wish(&self) -> Result<SeedWish, Error> {
        let kind = SeedKind::from_code(&self.kind).ok_or_else(|| {
            Error::field(
                "seed_rule.kind",
                "unknown",
                "Pilih beacon_and_dice, dice atau text.",
                "Choose beacon_and_dice, dice or text.",
            )
        })?;
        Ok(SeedWish {
            kind,
            draw_at: self.draw_at,
        })
    }
}

/// How the seed is made.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeedRuleView {
    /// `beacon_and_dice`, `dice` or `text`.
    #[schema(value_type = String)]
    kind: SeedKind,
    /// `strong` (nobody need be believed), `weaker` (those who saw the dice) or `weakest` (whoever wrote the text).
    #[schema(value_type = String)]
    strength: SeedStrength,
    /// The instant whose beacon is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    draw_at: Option<String>,
    /// The round of the beacon.
    #[serde(skip_serializing_if = "Option::is_none")]
    round: Option<u64>,
}

impl From<SeedRule> for SeedRuleView {
    fn from(rule: SeedRule) -> Self {
        Self {
            kind: rule.kind,
            strength: rule.kind.strength(),
            draw_at: rule.draw_at.map(|at| at.to_string()),
            round: rule.round,
        }
    }
}

/// One round of the beacon, as its servers publish it.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BeaconBody {
    /// The round that the plan names.
    #[garde(range(min = 1, max = 9_007_199_254_740_991))]
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    round: u64,
    /// SHA-256 of the signature.
    #[garde(length(chars, min = 64, max = 64))]
    #[schema(pattern = "^[0-9a-f]{64}$")]
    randomness: String,
    /// The signature of the round.
    #[garde(length(chars, min = 96, max = 96))]
    #[schema(pattern = "^[0-9a-f]{96}$")]
    signature: String,
}

/// One round of the beacon.
#[derive(Debug, Serialize, ToSchema)]
pub struct BeaconView {
    /// The round.
    round: u64,
    /// SHA-256 of the signature.
    randomness: String,
    /// The signature of the round.
    signature: String,
}

impl From<Beacon> for BeaconView {
    fn from(beacon: Beacon) -> Self {
        Self {
            round: beacon.round,
            randomness: beacon.randomness,
            signature: beacon.signature,
        }
    }
}

/// What the seed is made of, as the plan says: a beacon and dice, dice alone, or a text.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedAuditBody {
    /// The beacon of the plan's round.
    #[garde(dive)]
    beacon: Option<BeaconBody>,
    /// Digits of ten-sided dice in the order in which they were read, without spaces: 20 to 200.
    #[garde(inner(length(chars, max = 200)))]
    #[schema(pattern = "^[0-9]{20,200}$")]
    dice: Option<String>,
    /// A text, byte for byte as published: 20 to 200 characters, no white space at its ends, no control characters.
    #[garde(inner(length(chars, max = 200)))]
    #[schema(min_length = 20, max_length = 200)]
    seed: Option<String>,
    /// How it was made: who rolled which dice where, who was there.
    #[garde(inner(length(chars, min = 3, max = 2000)))]
    #[schema(min_length = 3, max_length = 2000)]
    evidence: Option<String>,
}

/// Why a plan is given up.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancelAuditBody {
    /// Read by everybody who reads the audit: no names.
    #[garde(length(chars, min = 10, max = 2000))]
    #[schema(min_length = 10, max_length = 2000)]
    reason: String,
}

/// Makes the seed of what was published, as the plan says.
///
/// Once, and only after the population was fixed; the same again is fine, anything that makes another seed is refused (409
/// `seed_set`). A beacon must be genuine and of the plan's round; it is checked here, without asking anybody.
#[utoipa::path(operation_id = "seed_audit", tag = "audits", request_body = SeedAuditBody, params(
    ("id" = Uuid, Path, description = "The audit"),
), responses(
    (status = 200, body = AuditView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/audits/{id}/seed")]
pub(crate) async fn accept(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<AuditView>, Problem> {
    let scope = caller.may(Action::RunAudit)?;
    let body: SeedAuditBody = body.json(&scope).await?;
    let evidence = text::optional(body.evidence.as_deref(), 2_000).map_err(|error| wrong_text("evidence", error))?;
    let material = SeedMaterial {
        beacon: body.beacon.map(|beacon| Beacon {
            round: beacon.round,
            randomness: beacon.randomness,
            signature: beacon.signature,
        }),
        dice: body.dice,
        text: body.seed,
    };
    let id = AuditId::new(path.into_inner());
    let audit = call::run(&app, move |app| {
        app.seed_audit(&caller.context, &scope, id, &material, evidence.as_deref())
    })
    .await?;
    Ok(Json(audit.into()))
}

/// Gives up a plan before its draw, in public.
///
/// The plan stays on the list with the reason; its agencies and days may be planned anew. Once the sample is drawn there is
/// no way back (409 `wrong_state`).
#[utoipa::path(operation_id = "cancel_audit", tag = "audits", request_body = CancelAuditBody, params(
    ("id" = Uuid, Path, description = "The audit"),
), responses(
    (status = 200, body = AuditView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/audits/{id}/cancellation")]
pub(crate) async fn cancel(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<AuditView>, Problem> {
    let scope = caller.may(Action::RunAudit)?;
    let body: CancelAuditBody = body.json(&scope).await?;
    let reason = text::bounded(&body.reason, 10, 2_000).map_err(|error| wrong_text("reason", error))?;
    let id = AuditId::new(path.into_inner());
    let audit = call::run(&app, move |app| app.cancel_audit(&caller.context, &scope, id, &reason)).await?;
    Ok(Json(audit.into()))
}

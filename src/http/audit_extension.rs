//! Extending the sample of an audit on the wire.

use crate::app::App;
use crate::app::audit::extension::ExtendedSizes;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::ids::AuditId;
use crate::http::actor::Caller;
use crate::http::audit::AuditView;
use crate::http::body::Body;
use crate::http::call;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::post;
use actix_web::web::{Data, Json, Path};
use garde::Validate;
use serde::Deserialize;
use std::collections::HashSet;
use utoipa::ToSchema;
use uuid::Uuid;

/// How large the samples are to be at least: one size for every stratum, or a size for each that is named.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtendAuditBody {
    /// Units in each stratum, 1 to 10,000; a smaller stratum is checked as a whole.
    #[garde(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10000)]
    size: Option<u32>,
    /// Strata with sizes of their own, each once.
    #[garde(length(min = 1, max = 1000), dive)]
    #[schema(min_items = 1, max_items = 1000)]
    samples: Option<Vec<SampleBody>>,
}

/// A stratum and how large its sample is to be at least.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SampleBody {
    /// The agency's code, or `all`.
    #[garde(length(chars, min = 1, max = 20))]
    #[schema(min_length = 1, max_length = 20)]
    name: String,
    /// Units, 1 to 10,000; no more than the stratum has are drawn.
    #[garde(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10000)]
    size: u32,
}

impl ExtendAuditBody {
    fn sizes(self) -> Result<ExtendedSizes, Error> {
        match (self.size, self.samples) {
            (Some(size), None) => Ok(ExtendedSizes::Each(size)),
            (None, Some(samples)) => {
                let mut names = HashSet::new();
                if let Some(place) = samples.iter().position(|sample| !names.insert(sample.name.as_str())) {
                    return Err(Error::field(
                        format!("samples[{place}].name"),
                        "duplicate",
                        "Strata ini ditulis dua kali.",
                        "This stratum is named twice.",
                    ));
                }
                let sizes = samples.into_iter().map(|sample| (sample.name, sample.size));
                Ok(ExtendedSizes::Named(sizes.collect()))
            }
            (Some(_), Some(_)) | (None, None) => Err(Error::field(
                "size",
                "one_of_two",
                "Tulis size, atau samples, salah satu saja.",
                "Write size or samples, one of the two.",
            )),
        }
    }
}

/// Extends the sample by the next tickets of the same seed and assigns the new cases.
///
/// Only where the plan's stopping rule is `sequence`; with `fixed` it is refused (409 `sample_size_fixed`), because adding
/// to a sample after results were seen makes its claim untrue. Sizes are totals: a sample that is as large already stays,
/// so that a repeated call changes nothing.
#[utoipa::path(operation_id = "extend_audit", tag = "audits", request_body = ExtendAuditBody, params(
    ("id" = Uuid, Path, description = "The audit"),
), responses(
    (status = 200, body = AuditView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/audits/{id}/extension")]
pub(crate) async fn extend(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<Json<AuditView>, Problem> {
    let scope = caller.may(Action::RunAudit)?;
    let body: ExtendAuditBody = body.json(&scope).await?;
    let sizes = body.sizes()?;
    let id = AuditId::new(path.into_inner());
    let audit = call::run(&app, move |app| app.extend_audit(&caller.context, &scope, id, &sizes)).await?;
    Ok(Json(audit.into()))
}

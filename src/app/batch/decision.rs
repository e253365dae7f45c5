//! BKD's word on a received batch.

use crate::app::App;
use crate::app::batch::Batch;
use crate::app::batch::find_held;
use crate::app::batch::log;
use crate::app::batch::manifest_of;
use crate::app::batch::newest_later;
use crate::app::batch::seen;
use crate::app::batch::sight;
use crate::app::batch::tell_decision;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::batch::finding;
use crate::domain::batch::finding::Finding;
use crate::domain::batch::finding::FindingError;
use crate::domain::batch::state::BatchState;
use crate::domain::batch::state::BatchStep;
use crate::domain::ids::BatchId;
use crate::store;
use crate::store::batch::BatchRow;
use crate::store::columns::Json;

/// What BKD decides.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DecideRequest {
    /// Accept, or send back.
    pub is_accepted: bool,
    /// What was found by people; a rejection needs at least one.
    pub findings: Vec<Finding>,
}

impl App {
    /// Accepts or rejects a received batch. The same decision again changes nothing; another one is a conflict.
    pub fn decide_batch(
        &self,
        context: &Context,
        scope: &Scope,
        id: BatchId,
        request: &DecideRequest,
    ) -> Result<Batch, Error> {
        let sight = sight(context, scope);
        self.store.write(|connection| {
            let row = find_held(connection, &sight, scope, id)?;
            let (manifest, _) = manifest_of(&row)?;
            finding::validate(&request.findings, manifest.counts.rows).map_err(field_error)?;
            if !request.is_accepted && request.findings.is_empty() {
                return Err(Error::field(
                    "findings",
                    "missing",
                    "Pengembalian kiriman memerlukan sedikitnya satu temuan.",
                    "A rejection needs at least one finding.",
                ));
            }
            let (step, decided) = if request.is_accepted {
                (BatchStep::Accept, BatchState::Accepted)
            } else {
                (BatchStep::Reject, BatchState::Rejected)
            };
            let is_repeated = row.state == decided
                && row.decided_by == Some(context.account())
                && row.findings()?.ends_with(&request.findings);
            if is_repeated {
                return seen(connection, &sight, &row);
            }
            // A batch that the check has not answered yet is not BKD's to decide.
            if row.state == BatchState::Submitted {
                return Err(Error::Conflict(crate::app::error::Code::WrongState));
            }
            let newest = newest_later(connection, &row)?;
            let state = row.state.after(step, newest)?;
            let mut findings = row.findings()?;
            findings.extend(request.findings.iter().cloned());
            let name = store::account::find(connection, context.account())?.map(|account| account.username);
            let from = row.state;
            let decided = BatchRow {
                state,
                decided_at: Some(context.now),
                decided_by: Some(context.account()),
                decided_by_name: name,
                findings: Json(serde_json::to_value(&findings).map_err(Error::internal)?),
                ..row
            };
            if !store::batch::update(connection, &decided, from)? {
                return Err(Error::Busy(1));
            }
            log(
                connection,
                &decided,
                context.now,
                Some(context.account()),
                "decide",
                Some(from),
            )?;
            tell_decision(self, connection, &decided, &request.findings, context.now)?;
            tracing::info!(batch = %id, state = state.code(), by = %context.account(), "batch decided");
            seen(connection, &sight, &decided)
        })
    }
}

fn field_error((index, error): (usize, FindingError)) -> Error {
    match error {
        FindingError::TooMany => Error::field(
            "findings",
            "too_many",
            "Paling banyak 1.000 temuan.",
            "At most 1,000 findings.",
        ),
        FindingError::Row => Error::field(
            format!("findings[{index}].row"),
            "no_such_row",
            "Kiriman ini tidak memiliki baris itu.",
            "The batch has no such row.",
        ),
        FindingError::Code => Error::field(
            format!("findings[{index}].code"),
            "malformed",
            "Kode dan nama isian terdiri atas 1 sampai 40 huruf kecil, angka, atau garis bawah.",
            "Codes and field names have 1 to 40 of a-z, 0-9 and _.",
        ),
        FindingError::Text => Error::field(
            format!("findings[{index}].text"),
            "out_of_limits",
            "Penjelasan temuan 1 sampai 500 karakter.",
            "A finding's text has 1 to 500 characters.",
        ),
    }
}

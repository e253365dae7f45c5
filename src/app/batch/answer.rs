//! The agency's answer to findings: where its rows are right, BKD looks at the same version again.

use crate::app::App;
use crate::app::batch::Batch;
use crate::app::batch::find_held;
use crate::app::batch::log_with_reason;
use crate::app::batch::newest_later;
use crate::app::batch::seen;
use crate::app::batch::sight;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::batch::answer::Answer;
use crate::domain::batch::state::BatchState;
use crate::domain::batch::state::BatchStep;
use crate::domain::ids::BatchId;
use crate::store;
use crate::store::batch::BatchRow;
use crate::store::columns::Json;

impl App {
    /// Answers the findings of a batch that BKD's people rejected: the same version, digest and receipt, received again.
    /// What the check itself rejected is broken and takes a new version. The same answer again changes nothing.
    pub fn answer_batch(&self, context: &Context, scope: &Scope, id: BatchId, text: &str) -> Result<Batch, Error> {
        let sight = sight(context, scope);
        self.store.write(|connection| {
            let row = find_held(connection, &sight, scope, id)?;
            let mut answers = row.answers()?;
            let is_repeated = row.state == BatchState::Received
                && answers
                    .last()
                    .is_some_and(|last| last.by == context.account() && last.text == text);
            if is_repeated {
                return seen(connection, &sight, &row);
            }
            let newest = newest_later(connection, &row)?;
            let state = row.state.after(BatchStep::Answer, newest)?;
            if row.receipt_number.is_none() {
                return Err(Error::Conflict(Code::WrongState));
            }
            let name = store::account::find(connection, context.account())?.map(|account| account.username);
            answers.push(Answer {
                text: text.to_owned(),
                at: context.now,
                by: context.account(),
                by_name: name.unwrap_or_default(),
            });
            let from = row.state;
            let answered = BatchRow {
                state,
                decided_at: None,
                decided_by: None,
                decided_by_name: None,
                answers: Json(serde_json::to_value(&answers).map_err(Error::internal)?),
                ..row
            };
            if !store::batch::update(connection, &answered, from)? {
                return Err(Error::Busy(1));
            }
            let by = (context.now, Some(context.account()));
            log_with_reason(connection, &answered, by, "answer", Some(from), Some(text))?;
            tracing::info!(batch = %id, by = %context.account(), "findings of a batch answered");
            seen(connection, &sight, &answered)
        })
    }
}

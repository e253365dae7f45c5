//! What was made for BKD and how far it got; and, where BKD is, what came in.

use crate::app::App;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use crate::store;
pub use crate::store::batch::BatchRow;
pub use crate::store::dispatch::SentRow;
pub use crate::store::federation::ReceivedRow;

/// BKD's instance, as the settings of an agency's own name it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BkdSettings {
    /// The key under which its proofs are believed.
    pub witness_key: String,
    /// The key that positions are sealed to.
    pub openings_key: String,
    /// Where dispatches are sent by themselves; none where they travel as files.
    pub address: Option<String>,
}

impl App {
    /// Whom this instance sends its batches to; none where it is not an agency's own.
    pub fn bkd_settings(&self, _scope: &Scope) -> Option<BkdSettings> {
        self.bkd.as_ref().map(|bkd| BkdSettings {
            witness_key: bkd.witness.to_string(),
            openings_key: bkd.openings.to_string(),
            address: bkd.remote.as_ref().map(|remote| remote.address().to_owned()),
        })
    }

    /// The dispatches of the scope's batches, newest batch first, one more than `limit`.
    pub fn list_dispatches(
        &self,
        scope: &Scope,
        agency: Option<&str>,
        after: Option<BatchId>,
        limit: u32,
    ) -> Result<Vec<SentRow>, Error> {
        let limit = i64::from(limit).saturating_add(1);
        self.store
            .read(|connection| Ok::<_, Error>(store::dispatch::list(connection, scope, agency, after, limit)?))
    }

    /// The dispatches that were taken from the scope's agencies, the last first, one more than `limit`.
    pub fn list_received_dispatches(
        &self,
        scope: &Scope,
        agency: Option<&str>,
        after: Option<(Instant, BatchId)>,
        limit: u32,
    ) -> Result<Vec<(ReceivedRow, BatchRow)>, Error> {
        let limit = i64::from(limit).saturating_add(1);
        self.store.read(|connection| {
            let rows = store::federation::list_received(connection, scope, agency, after, limit)?;
            Ok::<_, Error>(rows)
        })
    }
}

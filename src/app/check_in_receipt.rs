//! Receipts of shares: one signature a transaction, kept with its leaves, and looked up again for whoever sends again.

use crate::app::App;
use crate::app::check_in::Outcomes;
use crate::app::check_in::Recorded;
use crate::app::error::Error;
use crate::domain::check_in_receipt::SignedGroup;
use crate::domain::digest::Digest;
use crate::domain::ids::ReceiptId;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::check_in_receipt::ReceiptRow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What a group's new shares are promised, and under which id.
pub(crate) type SignedShares = (ReceiptId, Arc<SignedGroup>);

impl App {
    /// Signs what new shares are promised by these leaves; nothing where no share is new.
    pub(crate) fn sign_shares(&self, id: ReceiptId, leaves: &[Digest]) -> Result<Option<SignedShares>, Error> {
        if leaves.is_empty() {
            return Ok(None);
        }
        let signed = SignedGroup::sign(leaves, id, self.log_keys.receipts()).map_err(Error::internal)?;
        Ok(Some((id, Arc::new(signed))))
    }
}

/// What is kept of it.
pub(crate) fn receipt_row((id, signed): &SignedShares) -> ReceiptRow {
    ReceiptRow {
        id_day: id.day(),
        id: *id,
        leaves: signed.leaves(),
        note: signed.note().to_owned(),
    }
}

/// Gives each recorded share what was signed for it: now, or when it first came in.
pub(crate) fn add_receipts(
    connection: &mut AnyConnection,
    signed: Option<SignedShares>,
    outcomes: &mut Outcomes,
) -> Result<(), Error> {
    let mut groups: HashMap<ReceiptId, Arc<SignedGroup>> = signed.into_iter().collect();
    let recorded = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok());
    let earlier: HashSet<ReceiptId> = recorded
        .filter_map(|recorded: &Recorded| recorded.row.receipt_id)
        .filter(|id| !groups.contains_key(id))
        .collect();
    if !earlier.is_empty() {
        for row in store::check_in_receipt::list(connection, &earlier.into_iter().collect::<Vec<_>>())? {
            let signed = SignedGroup::restore(&row.leaves, row.note).map_err(Error::internal)?;
            groups.insert(row.id, Arc::new(signed));
        }
    }
    for recorded in outcomes.iter_mut().filter_map(|outcome| outcome.as_mut().ok()) {
        recorded.signed = recorded.row.receipt_id.and_then(|id| groups.get(&id).cloned());
    }
    Ok(())
}

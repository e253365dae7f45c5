//! What was done to a thing, by whom and why: a chain in which each event holds the hash of the one before.

use crate::domain::ids::AccountId;
use crate::domain::instant::Instant;
use sha2::{Digest, Sha256};

/// The hash before the first event of a subject.
pub const NO_HASH: [u8; 32] = [0; 32];

/// One step in the life of a thing.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// What kind of thing: `circular`, `assignment`.
    pub subject_kind: &'static str,
    /// Which one.
    pub subject_id: String,
    /// When.
    pub at: Instant,
    /// Who; none where the service did it by itself.
    pub account_id: Option<AccountId>,
    /// What: `issue`, `revoke`.
    pub action: &'static str,
    /// The state before.
    pub from_state: Option<String>,
    /// The state after.
    pub to_state: Option<String>,
    /// Why, where a reason is asked for.
    pub reason: Option<String>,
}

impl Event {
    /// SHA-256 over the previous hash, the place in the chain and every field, each with its length in front.
    pub fn hash(&self, previous: &[u8], sequence: i32) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut field = |bytes: Option<&[u8]>| match bytes {
            None => hash.update([0]),
            Some(bytes) => {
                hash.update([1]);
                hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
                hash.update(bytes);
            }
        };
        field(Some(b"sherlok event 1"));
        field(Some(previous));
        field(Some(&sequence.to_be_bytes()));
        field(Some(self.subject_kind.as_bytes()));
        field(Some(self.subject_id.as_bytes()));
        field(Some(&self.at.millis().to_be_bytes()));
        field(
            self.account_id
                .as_ref()
                .map(|id| id.uuid().into_bytes())
                .as_ref()
                .map(<[u8; 16]>::as_slice),
        );
        field(Some(self.action.as_bytes()));
        field(self.from_state.as_deref().map(str::as_bytes));
        field(self.to_state.as_deref().map(str::as_bytes));
        field(self.reason.as_deref().map(str::as_bytes));
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        Event {
            subject_kind: "circular",
            subject_id: "1".to_owned(),
            at: Instant::from_millis(1),
            account_id: None,
            action: "issue",
            from_state: Some("draft".to_owned()),
            to_state: None,
            reason: None,
        }
    }

    #[test]
    fn every_field_and_the_place_in_the_chain_change_the_hash() {
        let base = event().hash(&NO_HASH, 1);
        let moved = Event {
            from_state: None,
            to_state: Some("draft".to_owned()),
            ..event()
        };
        let reasoned = Event {
            reason: Some(String::new()),
            ..event()
        };
        let hashes = [
            base,
            event().hash(&base, 1),
            event().hash(&NO_HASH, 2),
            moved.hash(&NO_HASH, 1),
            reasoned.hash(&NO_HASH, 1),
        ];
        for (index, hash) in hashes.iter().enumerate() {
            assert!(!hashes[index + 1..].contains(hash), "{index}");
        }
        assert_eq!(event().hash(&NO_HASH, 1), base);
    }
}

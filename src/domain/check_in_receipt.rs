//! The receipt of a share: what the service promises to have recorded, and the way from it to the one signature that all
//! shares of a transaction have together.
//!
//! Norm: `api-spec/log-format.md`. The shares of a transaction are the leaves of a small tree; its checkpoint is signed,
//! and each share gets its place and the hashes beside its way to the root.

use crate::domain::canonical::CanonicalError;
use crate::domain::check_in::TimeOutcome;
use crate::domain::digest::Digest;
use crate::domain::ids::CheckInId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::ReceiptId;
use crate::domain::instant::Instant;
use crate::domain::log::checkpoint::Checkpoint;
use crate::domain::log::checkpoint::CheckpointError;
use crate::domain::log::checkpoint::SignedCheckpoint;
use crate::domain::log::inclusion;
use crate::domain::log::key::SigningKey;
use crate::domain::log::key::VerifyingKey;
use crate::domain::log::note::NoteError;
use crate::domain::log::proof::Proof;
use crate::domain::log::proof::ProofError;
use crate::domain::log::tree;
use crate::domain::log::tree::WholeTree;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use serde::Serialize;

/// What is promised about a share. The claim stands in it by its digest, so that a receipt shows no position.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Statement {
    /// The phone's id of the share.
    pub id: CheckInId,
    /// Whose.
    pub employee: EmployeeId,
    /// SHA-256 of the claim.
    pub claim: Digest,
    /// When it came in, by the service's clock.
    pub received_at: Instant,
    /// The date that it belongs to.
    pub work_date: NaiveDate,
    /// The slot that it falls in.
    pub slot: Option<Slot>,
    /// Outcome of place.
    pub place: Place,
    /// Outcome of time.
    pub time: TimeOutcome,
}

/// The statement as it is written. Members stand in the order of their names.
#[derive(Serialize)]
struct Text {
    claim: Digest,
    employee: EmployeeId,
    id: CheckInId,
    place: &'static str,
    received_at: Instant,
    slot: Option<&'static str>,
    time: &'static str,
    v: u8,
    work_date: NaiveDate,
}

impl Statement {
    /// The leaf: canonical JSON, written directly. Members stand in their order and none holds a float or an escape, so
    /// that nothing has to be sorted first, which took a tenth of a share's time.
    pub fn leaf(&self) -> Result<String, CanonicalError> {
        serde_json::to_string(&self.text())
            .ok()
            .ok_or(CanonicalError::Unwritable)
    }

    fn text(&self) -> Text {
        Text {
            claim: self.claim,
            employee: self.employee,
            id: self.id,
            place: self.place.code(),
            received_at: self.received_at,
            slot: self.slot.map(Slot::code),
            time: self.time.code(),
            v: 1,
            work_date: self.work_date,
        }
    }
}

/// The tree over the shares of one transaction, with its signed checkpoint.
#[derive(Clone, Debug)]
pub struct SignedGroup {
    tree: WholeTree,
    /// The signed note under every receipt of the group.
    note: String,
}

/// What was stored of a group is not what was stored: a leaf is cut, or there are none.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the stored leaves of a receipt are damaged")]
pub struct DamagedGroup;

impl SignedGroup {
    /// Signs the tree over these leaves, in the order in which the shares were recorded.
    ///
    /// The origin is the key's name and the group's own id: no other tree will ever have it.
    pub fn sign(leaves: &[Digest], id: ReceiptId, key: &SigningKey) -> Result<Self, CheckpointError> {
        let tree = grown(leaves.iter().copied());
        let origin = format!("{}/{id}", key.verifying_key().name());
        let signed = SignedCheckpoint::sign(Checkpoint::new(&origin, tree.size(), tree.root())?, key)?;
        Ok(Self {
            tree,
            note: signed.to_string(),
        })
    }

    /// The group from its stored leaves and note.
    pub fn restore(leaves: &[u8], note: String) -> Result<Self, DamagedGroup> {
        let (chunks, rest) = leaves.as_chunks::<32>();
        if chunks.is_empty() || !rest.is_empty() {
            return Err(DamagedGroup);
        }
        let tree = grown(chunks.iter().map(|bytes| Digest::from(*bytes)));
        Ok(Self { tree, note })
    }

    /// The leaves as they are stored, 32 bytes each.
    pub fn leaves(&self) -> Vec<u8> {
        self.tree.leaves().iter().flat_map(|leaf| *leaf.bytes()).collect()
    }

    /// The signed note.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// The receipt of the share at a place, in the form of C2SP tlog-proof: the statement's leaf in the line `extra`,
    /// the place, the hashes, and the signed checkpoint. None where the group has no such place.
    pub fn receipt(&self, index: u64, leaf: &str) -> Option<String> {
        let hashes = inclusion::prove(index, self.tree.size(), |node| self.tree.hash(node)).ok()??;
        let mut text = String::with_capacity(420 + leaf.len() * 4 / 3 + hashes.len() * 45 + self.note.len());
        text.push_str("c2sp.org/tlog-proof@v1\nextra ");
        STANDARD.encode_string(leaf, &mut text);
        text.push_str("\nindex ");
        text.push_str(&index.to_string());
        text.push('\n');
        for hash in hashes {
            STANDARD.encode_string(hash.bytes(), &mut text);
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.note);
        Some(text)
    }
}

/// What a receipt proves, once the signature was checked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Receipt {
    /// The statement's leaf, as it was signed.
    pub leaf: String,
    /// The transaction's group, as the checkpoint names it.
    pub group: String,
}

/// Why a receipt proves nothing.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ReceiptError {
    /// The form, or the place in the tree.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// The key has not signed it.
    #[error(transparent)]
    Signature(#[from] NoteError),
    /// The checkpoint is not of a group of this key.
    #[error("the checkpoint is not of receipts of this key")]
    Origin,
    /// It has no line `extra`, or something else than text in it.
    #[error("the receipt holds no statement")]
    Statement,
}

/// Checks a receipt with the key of the deployment's receipts.
pub fn verify(receipt: &[u8], key: &VerifyingKey) -> Result<Receipt, ReceiptError> {
    let proof = Proof::parse(receipt)?;
    let checkpoint = proof.checkpoint();
    checkpoint.note().verify(&[key])?;
    let origin = checkpoint.checkpoint().origin();
    let group = origin.strip_prefix(key.name()).and_then(|rest| rest.strip_prefix('/'));
    let group = group.ok_or(ReceiptError::Origin)?.to_owned();
    let leaf = proof.extra().ok_or(ReceiptError::Statement)?;
    proof.check_place(leaf).map_err(ProofError::from)?;
    let leaf = String::from_utf8(leaf.to_vec()).ok().ok_or(ReceiptError::Statement)?;
    Ok(Receipt { leaf, group })
}

/// The tree over these leaves. A group is far smaller than the largest tree.
fn grown(leaves: impl Iterator<Item = Digest>) -> WholeTree {
    let mut tree = WholeTree::default();
    for leaf in leaves {
        let _ = tree.append(leaf);
    }
    tree
}

/// The hash of a statement's leaf.
pub fn leaf_hash(leaf: &str) -> Digest {
    tree::leaf_hash(leaf.as_bytes())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::log::key::KeyType;

    fn statement(number: u128) -> Statement {
        Statement {
            id: CheckInId::new(uuid::Uuid::from_u128(number)),
            employee: EmployeeId::new(uuid::Uuid::from_u128(7)),
            claim: Digest::of(b"claim"),
            received_at: Instant::parse("2026-03-02T00:41:05Z").unwrap(),
            work_date: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
            slot: Some(Slot::Morning),
            place: Place::Inside,
            time: TimeOutcome::OnTime,
        }
    }

    pub(crate) fn key() -> SigningKey {
        SigningKey::from_seed("bkd.example/receipts", KeyType::Note, &[5; 32]).unwrap()
    }

    /// A group of so many shares, with their leaves.
    pub(crate) fn signed_group(size: u128) -> (SignedGroup, Vec<String>) {
        let texts: Vec<String> = (0..size).map(|number| statement(number).leaf().unwrap()).collect();
        let leaves: Vec<Digest> = texts.iter().map(|text| leaf_hash(text)).collect();
        let id = ReceiptId::new(uuid::Uuid::from_u128(9));
        (SignedGroup::sign(&leaves, id, &key()).unwrap(), texts)
    }

    #[test]
    fn the_leaf_is_canonical_whatever_stands_in_it() {
        for place in Place::ALL {
            for slot in [None, Some(Slot::Morning), Some(Slot::Afternoon)] {
                for time in TimeOutcome::ALL {
                    let statement = Statement {
                        slot,
                        place,
                        time,
                        ..statement(u128::MAX)
                    };
                    let canonical = crate::domain::canonical::to_string(&statement.text()).unwrap();
                    assert_eq!(statement.leaf().unwrap(), canonical);
                }
            }
        }
    }

    #[test]
    fn the_leaf_is_canonical_and_shows_no_position() {
        assert_eq!(
            statement(1).leaf().unwrap(),
            format!(
                "{{\"claim\":\"{}\",\"employee\":\"00000000-0000-0000-0000-000000000007\",\
                 \"id\":\"00000000-0000-0000-0000-000000000001\",\"place\":\"inside\",\
                 \"received_at\":\"2026-03-02T00:41:05.000Z\",\"slot\":\"morning\",\"time\":\"on_time\",\"v\":1,\
                 \"work_date\":\"2026-03-02\"}}",
                Digest::of(b"claim")
            )
        );
    }

    #[test]
    fn every_receipt_of_every_size_of_group_is_believed_with_the_key_and_by_its_own_leaf_only() {
        let id = ReceiptId::new(uuid::Uuid::from_u128(9));
        for size in 1..=40_u128 {
            let texts: Vec<String> = (0..size).map(|number| statement(number).leaf().unwrap()).collect();
            let leaves: Vec<Digest> = texts.iter().map(|text| leaf_hash(text)).collect();
            let signed = SignedGroup::sign(&leaves, id, &key()).unwrap();
            let restored = SignedGroup::restore(&signed.leaves(), signed.note().to_owned()).unwrap();
            for (index, text) in (0..).zip(&texts) {
                let receipt = signed.receipt(index, text).unwrap();
                assert_eq!(restored.receipt(index, text).as_deref(), Some(receipt.as_str()));
                let proved = verify(receipt.as_bytes(), key().verifying_key()).unwrap();
                assert_eq!((proved.leaf.as_str(), proved.group), (text.as_str(), id.to_string()));
            }
            assert_eq!(signed.receipt(u64::try_from(size).unwrap(), "{}"), None);
        }
    }

    #[test]
    fn every_flipped_bit_of_a_receipt_is_noticed() {
        let (signed, texts) = signed_group(5);
        let receipt = signed.receipt(3, &texts[3]).unwrap().into_bytes();
        for place in 0..receipt.len() {
            for bit in 0..8 {
                let mut changed = receipt.clone();
                changed[place] ^= 1 << bit;
                assert!(verify(&changed, key().verifying_key()).is_err(), "byte {place}");
            }
        }
        let other = SigningKey::from_seed("bkd.example/receipts", KeyType::Note, &[6; 32]).unwrap();
        assert!(verify(&receipt, other.verifying_key()).is_err());
    }

    #[test]
    fn a_checkpoint_of_something_else_under_the_same_key_is_no_receipt() {
        let leaf = statement(1).leaf().unwrap();
        let checkpoint = Checkpoint::new("bkd.example/other", 1, leaf_hash(&leaf)).unwrap();
        let signed = SignedCheckpoint::sign(checkpoint, &key()).unwrap();
        let proof = Proof::new(Some(leaf.into_bytes()), 0, Vec::new(), signed).unwrap();
        let verified = verify(proof.to_string().as_bytes(), key().verifying_key());
        assert_eq!(verified, Err(ReceiptError::Origin));
    }

    #[test]
    fn damaged_leaves_are_noticed() {
        assert!(SignedGroup::restore(&[], String::new()).is_err());
        assert!(SignedGroup::restore(&[1; 33], String::new()).is_err());
    }
}

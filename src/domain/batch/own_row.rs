//! One's own row in a sealed batch as a file, and the check of it from the file alone.
//!
//! Norm: `api-spec/export-format.md`, section 7.

use crate::domain::audit_log::entry::Entry;
use crate::domain::audit_log::entry::EntryError;
use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::subject::Subject;
use crate::domain::batch::commitment::Salt;
use crate::domain::batch::row_tree::RowProof;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::digest::Digest;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use crate::domain::log::policy::Policy;
use crate::domain::log::policy::Witnessed;
use crate::domain::log::proof::Proof;
use crate::domain::log::proof::ProofError;
use serde::Deserialize;

/// The file, as `GET /v1/me/batch-row` gives it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    unit: SlotUnit,
    batch_id: BatchId,
    row: String,
    salt: String,
    leaf: String,
    index: u64,
    size: u64,
    hashes: Vec<Digest>,
    rows_root: Digest,
    batch_proof: String,
}

/// As much of a row as tells its unit.
#[derive(Deserialize)]
struct Placed {
    unit_id: SlotUnit,
}

/// What such a file proves, once everything was checked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProvedRow {
    /// Whose slot.
    pub unit: SlotUnit,
    /// The row's line, as it was sealed.
    pub row: String,
    /// In which batch.
    pub batch: BatchId,
    /// When the agency's log was told of it.
    pub sealed_at: Instant,
    /// Who had seen the log then.
    pub witnessed: Vec<Witnessed>,
}

/// Why a file proves nothing.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum OwnRowError {
    /// Not JSON of this form.
    #[error("the file is not a proof of a row: {0}")]
    Form(String),
    /// The line does not open the leaf, the leaf is not below the root, or the line is about another slot.
    #[error("the row is not in the batch")]
    Row,
    /// The proof of the log's entry.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// What the proof is of can't be read.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The entry is about another batch, another agency or another root.
    #[error("the entry of the log is not about this batch")]
    OtherBatch,
}

/// Checks such a file with the key of the agency's log.
pub fn verify(file: &[u8], policy: &Policy) -> Result<ProvedRow, OwnRowError> {
    let form = |error: serde_json::Error| OwnRowError::Form(error.to_string());
    let file: File = serde_json::from_slice(file).map_err(form)?;
    let placed: Placed = serde_json::from_str(&file.row).map_err(form)?;
    let salt = Salt::from_hex(&file.salt).ok_or_else(|| OwnRowError::Form("the salt".to_owned()))?;
    let proof = RowProof {
        line: file.row,
        salt,
        leaf: file.leaf,
        index: file.index,
        size: file.size,
        hashes: file.hashes,
        root: file.rows_root,
    };
    if placed.unit_id != file.unit || !proof.holds(&file.unit) {
        return Err(OwnRowError::Row);
    }
    let sealed = Proof::parse(file.batch_proof.as_bytes())?;
    let leaf = sealed.extra().ok_or(OwnRowError::OtherBatch)?;
    let witnessed = sealed.verify(leaf, policy)?;
    let entry = Entry::parse(leaf)?;
    let Facts::BatchSealed(facts) = entry.facts else {
        return Err(OwnRowError::OtherBatch);
    };
    let is_of_batch = entry.subject == Subject::Batch(file.batch_id);
    if !is_of_batch || facts.rows_root != proof.root || facts.agency.as_str() != file.unit.agency() {
        return Err(OwnRowError::OtherBatch);
    }
    Ok(ProvedRow {
        unit: file.unit,
        row: proof.line,
        batch: file.batch_id,
        sealed_at: entry.at,
        witnessed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::agency_code::AgencyCode;
    use crate::domain::audit_log::facts::BatchFacts;
    use crate::domain::batch::commitment::BatchKey;
    use crate::domain::batch::row_tree::RowSearch;
    use crate::domain::batch::row_tree::RowSecret;
    use crate::domain::log::checkpoint::Checkpoint;
    use crate::domain::log::checkpoint::SignedCheckpoint;
    use crate::domain::log::inclusion::InclusionError;
    use crate::domain::log::key::KeyType;
    use crate::domain::log::key::SigningKey;
    use crate::domain::log::tree;
    use serde_json::{Value, json};

    fn key() -> SigningKey {
        SigningKey::from_seed("bkd.example/agency/1.01", KeyType::Note, &[4; 32]).unwrap()
    }

    fn policy() -> Policy {
        Policy::of_log(key().verifying_key().clone()).unwrap()
    }

    fn batch() -> BatchId {
        BatchId::new(uuid::Uuid::from_u128(1))
    }

    fn unit(number: u32) -> SlotUnit {
        format!("1.01/2026-03-02/p{number:03}/midday").parse().unwrap()
    }

    fn line(number: u32) -> String {
        format!("{{\"state\":\"received\",\"unit_id\":\"{}\"}}", unit(number))
    }

    /// The proof of an entry that is alone in its log.
    fn logged(entry: &Entry) -> String {
        let leaf = entry.leaf().unwrap();
        let checkpoint = Checkpoint::new(key().verifying_key().name(), 1, tree::leaf_hash(&leaf)).unwrap();
        let signed = SignedCheckpoint::sign(checkpoint, &key()).unwrap();
        Proof::new(Some(leaf), 0, Vec::new(), signed).unwrap().to_string()
    }

    fn sealed(agency: &str, rows_root: Digest, batch: BatchId) -> Entry {
        let date = chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let facts = BatchFacts {
            agency: AgencyCode::parse(agency).unwrap(),
            from: date,
            to: date,
            version: 1,
            rows: 5,
            rows_root,
            manifest_sha256: Digest::of(b"manifest"),
        };
        let at = Instant::parse("2026-03-03T01:00:00Z").unwrap();
        Entry::public(at, Subject::Batch(batch), Facts::BatchSealed(facts))
    }

    /// The file about the third of five rows.
    fn file() -> Value {
        let secret = RowSecret::of(&BatchKey::derive(&[7; 32]), batch());
        let mut search = RowSearch::new(secret, unit(2));
        for number in 0..5 {
            search.add(&unit(number), &line(number)).unwrap();
        }
        let proof = search.finish().unwrap().unwrap();
        json!({
            "unit": unit(2).to_string(),
            "batch_id": batch(),
            "row": proof.line,
            "salt": proof.salt.to_hex(),
            "leaf": proof.leaf,
            "index": proof.index,
            "size": proof.size,
            "hashes": proof.hashes,
            "rows_root": proof.root,
            "batch_proof": logged(&sealed("1.01", proof.root, batch())),
        })
    }

    fn verified(file: &Value) -> Result<ProvedRow, OwnRowError> {
        verify(file.to_string().as_bytes(), &policy())
    }

    #[test]
    fn the_file_proves_the_row_and_when_it_was_sealed() {
        let proved = verified(&file()).unwrap();
        assert_eq!((proved.unit, proved.row), (unit(2), line(2)));
        assert_eq!(proved.sealed_at.to_string(), "2026-03-03T01:00:00.000Z");
    }

    #[test]
    fn whatever_is_changed_is_named() {
        let root: Digest = serde_json::from_value(file()["rows_root"].clone()).unwrap();
        let other_root = Digest::of(b"other");
        let cases = [
            ("row", json!(line(3)), OwnRowError::Row),
            ("unit", json!(unit(3)), OwnRowError::Row),
            ("salt", json!("00".repeat(32)), OwnRowError::Row),
            ("leaf", json!("{}"), OwnRowError::Row),
            ("index", json!(3), OwnRowError::Row),
            ("size", json!(4), OwnRowError::Row),
            ("hashes", json!([]), OwnRowError::Row),
            ("rows_root", json!(other_root), OwnRowError::Row),
            (
                "batch_id",
                json!(BatchId::new(uuid::Uuid::from_u128(2))),
                OwnRowError::OtherBatch,
            ),
            (
                "batch_proof",
                json!(logged(&sealed("1.01", other_root, batch()))),
                OwnRowError::OtherBatch,
            ),
            (
                "batch_proof",
                json!(logged(&sealed("1.02", root, batch()))),
                OwnRowError::OtherBatch,
            ),
            ("batch_proof", json!("x"), ProofError::Form.into()),
        ];
        for (field, value, error) in cases {
            let mut changed = file();
            changed[field] = value;
            assert_eq!(verified(&changed), Err(error), "{field}");
        }
        for (field, value) in [("salt", json!("0")), ("surprise", json!(1)), ("row", json!("{}"))] {
            let mut changed = file();
            changed[field] = value;
            assert!(matches!(verified(&changed), Err(OwnRowError::Form(_))), "{field}");
        }
    }

    #[test]
    fn an_entry_that_the_log_does_not_have_proves_nothing() {
        let forged = sealed("1.01", Digest::of(b"forged"), batch()).leaf().unwrap();
        let text = file()["batch_proof"].as_str().unwrap().to_owned();
        let proof = Proof::parse(text.as_bytes()).unwrap();
        let moved = Proof::new(Some(forged), 0, Vec::new(), proof.checkpoint().clone()).unwrap();
        let mut changed = file();
        changed["batch_proof"] = json!(moved.to_string());
        let error = ProofError::from(InclusionError::Root);
        assert_eq!(verified(&changed), Err(error.into()));
        let stranger = SigningKey::from_seed(key().verifying_key().name(), KeyType::Note, &[5; 32]).unwrap();
        let policy = Policy::of_log(stranger.verifying_key().clone()).unwrap();
        assert!(verify(file().to_string().as_bytes(), &policy).is_err());
    }

    #[test]
    fn every_changed_letter_of_the_file_is_noticed() {
        let text = file().to_string();
        for (place, _) in text.char_indices() {
            let mut bytes = text.clone().into_bytes();
            bytes[place] ^= 1;
            assert!(verify(&bytes, &policy()).is_err(), "byte {place}");
        }
    }
}

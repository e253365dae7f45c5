//! The tree over the rows of a batch: what an agency's log says of them without showing one.
//!
//! A leaf names a unit and commits to its row with a salt of its own, so that a person can be shown that their row is in
//! a sealed batch while nobody learns of another's. Norm: `api-spec/export-format.md`, section 7.

use crate::domain::batch::commitment::BatchKey;
use crate::domain::batch::commitment::Salt;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::canonical;
use crate::domain::canonical::CanonicalError;
use crate::domain::digest::Digest;
use crate::domain::ids::BatchId;
use crate::domain::log::inclusion;
use crate::domain::log::tree::Edge;
use crate::domain::log::tree::WholeTree;
use crate::domain::log::tree::leaf_hash;
use serde::{Deserialize, Serialize};

/// What the salts of a batch's rows are made from. Whoever holds it can check every leaf. Written as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RowSecret(Salt);

/// The text is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not 64 hexadecimal digits")]
pub struct RowSecretError;

impl TryFrom<String> for RowSecret {
    type Error = RowSecretError;

    fn try_from(text: String) -> Result<Self, RowSecretError> {
        Salt::from_hex(&text).map(Self).ok_or(RowSecretError)
    }
}

impl From<RowSecret> for String {
    fn from(secret: RowSecret) -> Self {
        secret.0.to_hex()
    }
}

/// A leaf as it is written. Members stand in the order of their names.
#[derive(Serialize)]
struct Leaf<'a> {
    c: Digest,
    unit: &'a str,
    v: u8,
}

impl RowSecret {
    /// The secret of a batch, from the key of the agency's month in which it was sealed.
    pub fn of(key: &BatchKey, batch: BatchId) -> Self {
        Self(key.rows_secret(batch))
    }

    /// The salt of one row.
    pub fn salt(&self, unit: &SlotUnit) -> Salt {
        let text = format!("sherlok-batch/1 row\n{unit}\n");
        Salt::new(*self.0.commit(text.as_bytes()).bytes())
    }

    /// The leaf of a row, from its line without the line feed.
    pub fn leaf(&self, unit: &SlotUnit, line: &str) -> Result<String, CanonicalError> {
        canonical::to_string(&Leaf {
            c: self.salt(unit).commit(line.as_bytes()),
            unit: unit.as_str(),
            v: 1,
        })
    }
}

/// The tree while rows come in.
#[derive(Clone, Debug)]
pub struct RowTree {
    secret: RowSecret,
    edge: Edge,
}

impl RowTree {
    /// A tree without rows.
    pub fn new(secret: RowSecret) -> Self {
        Self {
            secret,
            edge: Edge::default(),
        }
    }

    /// Takes the next row; gives its leaf.
    pub fn add(&mut self, unit: &SlotUnit, line: &str) -> Result<String, CanonicalError> {
        let leaf = self.secret.leaf(unit, line)?;
        // A batch has far fewer rows than a tree can have leaves.
        let _ = self.edge.append(leaf_hash(leaf.as_bytes()), |_, _| ());
        Ok(leaf)
    }

    /// The root over the rows so far.
    pub fn root(&self) -> Digest {
        self.edge.root()
    }
}

/// The place of one row in its batch's tree.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RowProof {
    /// Its line, without the line feed.
    pub line: String,
    /// What opens its commitment.
    pub salt: Salt,
    /// Its leaf.
    pub leaf: String,
    /// Its place, from 0.
    pub index: u64,
    /// Rows of the batch.
    pub size: u64,
    /// The hashes beside its way to the root.
    pub hashes: Vec<Digest>,
    /// The root.
    pub root: Digest,
}

/// Looks for the row of a unit while all rows of a batch go by.
#[derive(Debug)]
pub struct RowSearch {
    secret: RowSecret,
    wanted: SlotUnit,
    found: Option<(u64, String)>,
    tree: WholeTree,
}

impl RowSearch {
    /// A search for the row of `wanted`.
    pub fn new(secret: RowSecret, wanted: SlotUnit) -> Self {
        Self {
            secret,
            wanted,
            found: None,
            tree: WholeTree::default(),
        }
    }

    /// Takes the next row's unit and line.
    pub fn add(&mut self, unit: &SlotUnit, line: &str) -> Result<(), CanonicalError> {
        let leaf = self.secret.leaf(unit, line)?;
        if *unit == self.wanted {
            self.found = Some((self.tree.size(), line.to_owned()));
        }
        let _ = self.tree.append(leaf_hash(leaf.as_bytes()));
        Ok(())
    }

    /// What was found; none where no row was of the unit.
    pub fn finish(self) -> Result<Option<RowProof>, CanonicalError> {
        let Some((index, line)) = self.found else {
            return Ok(None);
        };
        let tree = &self.tree;
        let proved = inclusion::prove(index, tree.size(), |node| tree.hash(node));
        let hashes = proved.ok().flatten().unwrap_or_default();
        Ok(Some(RowProof {
            salt: self.secret.salt(&self.wanted),
            leaf: self.secret.leaf(&self.wanted, &line)?,
            line,
            index,
            size: tree.size(),
            hashes,
            root: tree.root(),
        }))
    }
}

impl RowProof {
    /// Whether the line opens the leaf and the leaf stands at its place under the root.
    pub fn holds(&self, unit: &SlotUnit) -> bool {
        let leaf = canonical::to_string(&Leaf {
            c: self.salt.commit(self.line.as_bytes()),
            unit: unit.as_str(),
            v: 1,
        });
        let is_opened = leaf.is_ok_and(|leaf| leaf == self.leaf);
        let hash = leaf_hash(self.leaf.as_bytes());
        is_opened && inclusion::verify(&hash, self.index, self.size, &self.hashes, &self.root).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> RowSecret {
        RowSecret::of(&BatchKey::derive(&[7; 32]), BatchId::new(uuid::Uuid::from_u128(1)))
    }

    fn unit(number: u32) -> SlotUnit {
        format!("1.01/2026-03-02/p{number:03}/midday").parse().unwrap()
    }

    #[test]
    fn every_row_of_every_size_of_batch_is_proved_and_no_other_line() {
        for size in 1..20 {
            let mut tree = RowTree::new(secret());
            for number in 0..size {
                tree.add(&unit(number), &format!("{{\"row\":{number}}}")).unwrap();
            }
            for wanted in 0..size {
                let mut search = RowSearch::new(secret(), unit(wanted));
                for number in 0..size {
                    search.add(&unit(number), &format!("{{\"row\":{number}}}")).unwrap();
                }
                let proof = search.finish().unwrap().unwrap();
                assert_eq!((proof.root, proof.index), (tree.root(), u64::from(wanted)));
                assert!(proof.holds(&unit(wanted)));
                assert!(!proof.holds(&unit(wanted + 1)));
                let forged = RowProof {
                    line: "{\"row\":99}".to_owned(),
                    ..proof
                };
                assert!(!forged.holds(&unit(wanted)));
            }
        }
    }

    #[test]
    fn a_unit_that_is_not_there_is_not_found() {
        let mut search = RowSearch::new(secret(), unit(5));
        search.add(&unit(1), "{}").unwrap();
        assert_eq!(search.finish(), Ok(None));
    }

    #[test]
    fn leaves_of_equal_rows_tell_nothing_about_each_other() {
        let other = RowSecret::of(&BatchKey::derive(&[7; 32]), BatchId::new(uuid::Uuid::from_u128(2)));
        let leaf = |secret: &RowSecret, number| secret.leaf(&unit(number), "{}").unwrap();
        assert_ne!(leaf(&secret(), 1), leaf(&other, 1));
        let commitment = |leaf: String| leaf.split('"').nth(3).unwrap().to_owned();
        assert_ne!(commitment(leaf(&secret(), 1)), commitment(leaf(&secret(), 2)));
    }
}

//! What a receiver checks of a dispatch, on values alone: rows and openings line by line, then the agency's log.

use crate::domain::audit_log::entry::Entry;
use crate::domain::audit_log::facts::{BatchFacts, Facts};
use crate::domain::audit_log::subject::Subject;
use crate::domain::batch::FORMAT as BATCH_FORMAT;
use crate::domain::batch::check::Check as RowCheck;
use crate::domain::batch::check::Standing;
use crate::domain::batch::finding::Finding;
use crate::domain::batch::manifest::Manifest;
use crate::domain::batch::row::Row;
use crate::domain::batch::row_tree::RowTree;
use crate::domain::batch::submission::Submission;
use crate::domain::canonical;
use crate::domain::digest::{Digest, RunningDigest};
use crate::domain::dispatch::header::Header;
use crate::domain::dispatch::opening::SealedOpening;
use crate::domain::dispatch::{Check, LONGEST_LINE, Refusal};
use crate::domain::ids::BatchId;
use crate::domain::log::checkpoint::SignedCheckpoint;
use crate::domain::log::fork::Fork;
use crate::domain::log::key::VerifyingKey;
use crate::domain::log::proof::Proof;
use crate::domain::log::witness::{self, Decision, Request};
use chrono::NaiveDate;
use std::fmt;

/// The small documents of a dispatch, read and held against each other.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Papers {
    /// `dispatch.json`.
    pub header: Header,
    /// `manifest.json`.
    pub manifest: Manifest,
    /// Its digest.
    pub manifest_sha256: Digest,
    /// `submission.json`.
    pub submission: Submission,
}

impl Papers {
    /// Reads the three texts.
    pub fn read(header: &str, manifest_text: &str, submission: &str) -> Result<Self, Refusal> {
        let header = Header::parse(header)?;
        let refused = |what: String| Refusal::new(Check::Manifest, what);
        let manifest: Manifest =
            canonical::from_str(manifest_text).map_err(|error| refused(format!("manifest.json: {error}")))?;
        let submission: Submission =
            canonical::from_str(submission).map_err(|error| refused(format!("submission.json: {error}")))?;
        let manifest_sha256 = Digest::of(manifest_text.as_bytes());
        if manifest.format != BATCH_FORMAT || submission.format != BATCH_FORMAT {
            return Err(refused(format!("the batch is not of {BATCH_FORMAT}")));
        }
        if !manifest.is_coherent() {
            return Err(refused("the manifest contradicts itself".to_owned()));
        }
        if manifest.agency != header.agency
            || manifest.batch_id != header.batch_id
            || manifest_sha256 != header.manifest_sha256
        {
            return Err(refused("dispatch.json is about another manifest".to_owned()));
        }
        let is_sent = submission.batch_id == manifest.batch_id
            && submission.manifest_sha256 == manifest_sha256
            && submission.submitted_at >= manifest.sealed_at;
        if !is_sent {
            return Err(refused("submission.json is about another manifest".to_owned()));
        }
        Ok(Self {
            header,
            manifest,
            manifest_sha256,
            submission,
        })
    }

    /// What the agency's log has to say of the batch, if its rows have this root.
    pub fn said(&self, rows_root: Digest) -> BatchFacts {
        BatchFacts {
            agency: self.manifest.agency.clone(),
            from: self.manifest.from,
            to: self.manifest.to,
            version: u64::from(self.manifest.version),
            rows: self.manifest.counts.rows,
            rows_root,
            manifest_sha256: self.manifest_sha256,
        }
    }
}

/// Rows, cells and openings while they go by. Holds none of them.
pub struct Reading<'a> {
    check: RowCheck<'a>,
    tree: RowTree,
    committed: RunningDigest,
    opened: RunningDigest,
    is_unreadable: bool,
    longest: usize,
}

impl fmt::Debug for Reading<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Reading({:?})", self.check)
    }
}

/// What was read of the rows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Read {
    /// The root of the tree over the rows.
    pub rows_root: Digest,
    /// What a person has to decide on.
    pub findings: Vec<Finding>,
}

impl<'a> Reading<'a> {
    /// Starts with the papers. `standing` looks a number up in the receiver's own staff list.
    pub fn new(papers: &'a Papers, standing: &'a dyn Fn(&str, NaiveDate) -> Standing) -> Self {
        Self {
            check: RowCheck::new(&papers.manifest, standing),
            tree: RowTree::new(papers.header.rows_secret),
            committed: RunningDigest::default(),
            opened: RunningDigest::default(),
            is_unreadable: false,
            longest: 0,
        }
    }

    /// Takes the next line of `rows.ndjson`, without its line feed.
    pub fn row(&mut self, line: &str) {
        self.longest = self.longest.max(line.len());
        self.check.row(line);
        // A line that is no row is the check's to find.
        if let Ok(row) = canonical::from_str::<Row>(line) {
            let _ = self.tree.add(&row.unit_id, line);
            if row.commitment.is_some() {
                self.committed.update(row.unit_id.as_str().as_bytes());
                self.committed.update(b"\n");
            }
        }
    }

    /// Takes the next line of `cells.ndjson`, without its line feed.
    pub fn cell(&mut self, line: &str) {
        self.longest = self.longest.max(line.len());
        self.check.cell(line);
    }

    /// Takes the next line of `openings.ndjson`, without its line feed.
    pub fn opening(&mut self, line: &str) {
        self.longest = self.longest.max(line.len());
        if let Ok(opening) = SealedOpening::parse(line) {
            self.opened.update(opening.unit.as_str().as_bytes());
            self.opened.update(b"\n");
        } else {
            self.is_unreadable = true;
        }
    }

    /// Holds what went by against the manifest.
    pub fn finish(self) -> Result<Read, Refusal> {
        let outcome = self.check.finish();
        if self.longest > LONGEST_LINE {
            return Err(Refusal::new(
                Check::Rows,
                format!("a line is longer than {LONGEST_LINE} bytes"),
            ));
        }
        if outcome.is_broken {
            let first = outcome.findings.first();
            let row = first.and_then(|finding| finding.row);
            let place = row.map_or_else(String::new, |row| format!(" in row {row}"));
            let code = first.map_or("", |finding| finding.code.as_str());
            return Err(Refusal::new(Check::Rows, format!("{code}{place}")));
        }
        if self.is_unreadable {
            return Err(Refusal::new(Check::Openings, "a line is not a sealed opening"));
        }
        if self.committed.finish() != self.opened.finish() {
            return Err(Refusal::new(
                Check::Openings,
                "the units are not those of the rows with a commitment, in their order",
            ));
        }
        Ok(Read {
            rows_root: self.tree.root(),
            findings: outcome.findings,
        })
    }
}

/// What the receiver knows of the agency's log.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The key that is registered for it.
    pub key: &'a VerifyingKey,
    /// The checkpoint that was cosigned last.
    pub last: Option<&'a SignedCheckpoint>,
}

/// A dispatch's word on the agency's log, believed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Believed {
    /// Where the entry stands, with the bytes of the entry in it.
    pub proof: Proof,
    /// The checkpoint is the one that was cosigned last, so that its cosignature is known.
    pub is_last: bool,
}

/// Checks that the agency's log says the batch, under its key, and goes on from what was cosigned.
pub fn verify(
    proof: &[u8],
    request: &[u8],
    batch: BatchId,
    said: &BatchFacts,
    known: Known<'_>,
) -> Result<Believed, Refusal> {
    let proof = Proof::parse(proof).map_err(|error| Refusal::new(Check::Entry, error.to_string()))?;
    let entry = proof.extra().unwrap_or_default();
    check_entry(entry, batch, said)?;
    let request = Request::parse(request).map_err(|error| Refusal::new(Check::Checkpoint, error.to_string()))?;
    let signed = request.checkpoint();
    if signed.checkpoint().origin() != known.key.name() {
        return Err(Refusal::new(Check::Checkpoint, "the checkpoint is of another log"));
    }
    if proof.checkpoint() != signed {
        return Err(Refusal::new(Check::Checkpoint, "the proof has another checkpoint"));
    }
    let trusted = std::slice::from_ref(known.key);
    let verdict = witness::decide(&request, trusted, known.last);
    match &verdict.decision {
        Decision::UnknownOrigin => return Err(Refusal::new(Check::Checkpoint, "the key is not one of logs")),
        Decision::Untrusted(error) => return Err(Refusal::new(Check::Checkpoint, error.to_string())),
        Decision::Cosign
        | Decision::CosignedBefore
        | Decision::OldAboveSize
        | Decision::Conflict { .. }
        | Decision::Inconsistent(_) => {}
    }
    // A contradiction is raised whatever else is wrong.
    if let Some(fork) = verdict.fork {
        return Err(forked(fork));
    }
    let placed = proof.check_place(entry);
    placed.map_err(|error| Refusal::new(Check::Inclusion, error.to_string()))?;
    match verdict.decision {
        Decision::Cosign | Decision::CosignedBefore => Ok(Believed {
            is_last: verdict.decision == Decision::CosignedBefore,
            proof,
        }),
        Decision::Conflict { size } => Err(Refusal {
            cosigned: Some(size),
            ..Refusal::new(Check::Consistency, format!("{size} entries were cosigned last"))
        }),
        Decision::Inconsistent(error) => Err(Refusal::new(Check::Consistency, error.to_string())),
        Decision::OldAboveSize | Decision::UnknownOrigin | Decision::Untrusted(_) => {
            Err(Refusal::new(Check::Consistency, "the old size is above the new one"))
        }
    }
}

/// The refusal of a log that said two things of one size.
pub fn forked(fork: Fork) -> Refusal {
    let size = fork.second().checkpoint().size();
    Refusal {
        fork: Some(Box::new(fork)),
        ..Refusal::new(Check::Fork, format!("two roots of {size} entries"))
    }
}

fn check_entry(entry: &[u8], batch: BatchId, said: &BatchFacts) -> Result<(), Refusal> {
    let refused = |what: String| Err(Refusal::new(Check::Entry, what));
    let entry = match Entry::parse(entry) {
        Ok(entry) => entry,
        Err(error) => return refused(error.to_string()),
    };
    let Facts::BatchSealed(facts) = entry.facts else {
        return refused("the entry is not about a sealed batch".to_owned());
    };
    let rows_root = facts.rows_root;
    let of_these_rows = BatchFacts {
        rows_root: said.rows_root,
        ..facts
    };
    if entry.subject != Subject::Batch(batch) || of_these_rows != *said {
        return refused("the entry is about another batch".to_owned());
    }
    if rows_root != said.rows_root {
        return Err(Refusal::new(Check::RowRoot, "the rows have another root"));
    }
    Ok(())
}

#[cfg(test)]
#[path = "verify_tests.rs"]
pub(super) mod tests;

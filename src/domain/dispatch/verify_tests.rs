//! A whole dispatch made by hand, and every way to spoil it.

use super::*;
use crate::domain::agency_code::AgencyCode;
use crate::domain::batch::commitment::BatchKey;
use crate::domain::batch::coverage::Coverage;
use crate::domain::batch::row::tests::{missed, received};
use crate::domain::batch::row_tree::RowSecret;
use crate::domain::batch::seal::Sealing;
use crate::domain::batch::seal::tests::header as seal_header;
use crate::domain::dispatch::FORMAT;
use crate::domain::dispatch::opening::Seal;
use crate::domain::instant::Instant;
use crate::domain::log::checkpoint::Checkpoint;
use crate::domain::log::key::{KeyType, SigningKey};
use crate::domain::log::tree::{WholeTree, leaf_hash};
use crate::domain::log::{consistency, inclusion};
use crate::domain::slot::Slot;

const ORIGIN: &str = "dinas.example/agency/1.01";

/// The files of a dispatch as they lie in the archive, and what the receiver knows.
#[derive(Clone)]
pub(in crate::domain::dispatch) struct Example {
    pub(in crate::domain::dispatch) header: String,
    pub(in crate::domain::dispatch) manifest: String,
    pub(in crate::domain::dispatch) submission: String,
    pub(in crate::domain::dispatch) rows: String,
    pub(in crate::domain::dispatch) cells: String,
    pub(in crate::domain::dispatch) openings: String,
    pub(in crate::domain::dispatch) proof: String,
    pub(in crate::domain::dispatch) request: String,
    pub(in crate::domain::dispatch) last: Option<SignedCheckpoint>,
    pub(in crate::domain::dispatch) key: SigningKey,
}

/// Entries before the batch's own; the receiver has cosigned that size.
const BEFORE: u64 = 3;
/// Entries behind it.
const BEHIND: u64 = 2;

pub(in crate::domain::dispatch) fn example() -> Example {
    let key = SigningKey::from_seed(ORIGIN, KeyType::Note, &[5; 32]).unwrap();
    let secret = RowSecret::of(&BatchKey::derive(&[7; 32]), seal_header().batch_id);
    let agency = AgencyCode::parse("1.01").unwrap();
    let coverage = Coverage::of_slot(missed("p").work_date, Slot::Midday);
    let mut sealing = Sealing::new(agency.clone(), coverage, secret);
    let mut rows = String::new();
    for row in [received("p1"), missed("p2"), received("p3")] {
        rows += &sealing.row(&row, None).unwrap();
    }
    let rows_root = sealing.rows_root();
    let (cells, manifest) = sealing.finish(seal_header()).unwrap();
    let (manifest_text, manifest_sha256) = manifest.print().unwrap();
    let openings = ["p1", "p3"].map(|person| {
        let line = SealedOpening {
            sealed: Some(Seal::new(vec![1; 120]).unwrap()),
            unit: received(person).unit_id,
        };
        line.print().unwrap() + "\n"
    });
    let submission = Submission {
        format: BATCH_FORMAT.to_owned(),
        batch_id: manifest.batch_id,
        manifest_sha256,
        submitted_at: manifest.sealed_at,
        submitted_by: "operator".to_owned(),
        approved_by: None,
    };
    let header = Header {
        format: FORMAT.to_owned(),
        agency: agency.clone(),
        batch_id: manifest.batch_id,
        manifest_sha256,
        openings_key: "bkd.example/openings+00000000+AA==".to_owned(),
        rows_secret: secret,
    };
    let facts = BatchFacts {
        agency,
        from: manifest.from,
        to: manifest.to,
        version: u64::from(manifest.version),
        rows: manifest.counts.rows,
        rows_root,
        manifest_sha256,
    };
    let at = Instant::parse("2026-03-02T06:45:00Z").unwrap();
    let entry = Entry::public(at, Subject::Batch(manifest.batch_id), Facts::BatchSealed(facts));
    let entry = entry.leaf().unwrap();
    let log = |own: &[u8]| {
        let mut tree = WholeTree::default();
        let mut last = None;
        for index in 0..=(BEFORE + BEHIND) {
            if index == BEFORE {
                last = Some(signed(BEFORE, tree.root(), &key));
            }
            let other = index.to_string().into_bytes();
            let leaf = if index == BEFORE { own } else { other.as_slice() };
            tree.append(leaf_hash(leaf)).unwrap();
        }
        (tree, last)
    };
    let (tree, last) = log(&entry);
    let size = tree.size();
    let checkpoint = signed(size, tree.root(), &key);
    let hashes = inclusion::prove(BEFORE, size, |node| tree.hash(node)).unwrap().unwrap();
    let growth = consistency::prove(BEFORE, size, |node| tree.hash(node))
        .unwrap()
        .unwrap();
    let proof = Proof::new(Some(entry), BEFORE, hashes, checkpoint.clone()).unwrap();
    Example {
        header: header.print().unwrap(),
        manifest: manifest_text,
        submission: canonical::to_string(&submission).unwrap(),
        rows,
        cells: cells.concat(),
        openings: openings.concat(),
        proof: proof.to_string(),
        request: Request::new(BEFORE, growth, checkpoint).unwrap().to_string(),
        last,
        key,
    }
}

pub(in crate::domain::dispatch) fn signed(size: u64, root: Digest, key: &SigningKey) -> SignedCheckpoint {
    SignedCheckpoint::sign(Checkpoint::new(ORIGIN, size, root).unwrap(), key).unwrap()
}

/// Everything that a receiver does on values.
pub(in crate::domain::dispatch) fn receive(example: &Example) -> Result<Believed, Refusal> {
    let papers = Papers::read(&example.header, &example.manifest, &example.submission)?;
    let standing = |_: &str, _: NaiveDate| Standing::Own;
    let mut reading = Reading::new(&papers, &standing);
    example.rows.lines().for_each(|line| reading.row(line));
    example.cells.lines().for_each(|line| reading.cell(line));
    example.openings.lines().for_each(|line| reading.opening(line));
    let read = reading.finish()?;
    let said = papers.said(read.rows_root);
    let known = Known {
        key: example.key.verifying_key(),
        last: example.last.as_ref(),
    };
    verify(
        example.proof.as_bytes(),
        example.request.as_bytes(),
        papers.manifest.batch_id,
        &said,
        known,
    )
}

#[track_caller]
fn refused(example: &Example) -> Check {
    receive(example).unwrap_err().check
}

#[test]
fn a_whole_dispatch_is_believed() {
    let believed = receive(&example()).unwrap();
    assert!(!believed.is_last);
    assert_eq!(believed.proof.index(), BEFORE);
}

#[test]
fn a_log_of_which_nothing_was_seen_begins_at_zero() {
    let mut first = example();
    first.last = None;
    let refusal = receive(&first).unwrap_err();
    assert_eq!((refusal.check, refusal.cosigned), (Check::Consistency, Some(0)));
    let checkpoint = Request::parse(first.request.as_bytes()).unwrap().checkpoint().clone();
    first.request = Request::new(0, Vec::new(), checkpoint).unwrap().to_string();
    assert!(receive(&first).is_ok());
}

#[test]
fn the_checkpoint_that_was_cosigned_last_is_known_again() {
    let mut again = example();
    let checkpoint = Request::parse(again.request.as_bytes()).unwrap().checkpoint().clone();
    let size = checkpoint.checkpoint().size();
    again.request = Request::new(size, Vec::new(), checkpoint.clone()).unwrap().to_string();
    again.last = Some(checkpoint);
    assert!(receive(&again).unwrap().is_last);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one way to spoil it after the other")]
fn each_spoilt_part_is_refused_by_its_check() {
    let sound = example();
    let spoilt = |spoil: &dyn Fn(&mut Example)| {
        let mut example = sound.clone();
        spoil(&mut example);
        refused(&example)
    };
    let lines = |text: &str| text.lines().map(|line| format!("{line}\n")).collect::<Vec<_>>();
    assert_eq!(
        spoilt(&|it| it.header = it.header.replace("/1\"", "/2\"")),
        Check::Format
    );
    assert_eq!(
        spoilt(&|it| it.manifest = it.manifest.replace("batch/1", "batch/2")),
        Check::Manifest
    );
    assert_eq!(
        spoilt(&|it| it.manifest = it.manifest.replace("Dinas", "Dinaz")),
        Check::Manifest
    );
    assert_eq!(
        spoilt(&|it| it.submission = it.submission.replace("-000000000001", "-000000000002")),
        Check::Manifest
    );
    assert_eq!(
        spoilt(&|it| it.submission = it.submission.replace("2026-03-02T06", "2026-03-02T05")),
        Check::Manifest
    );
    assert_eq!(
        spoilt(&|it| {
            let mut rows = lines(&it.rows);
            rows.swap(0, 1);
            it.rows = rows.concat();
        }),
        Check::Rows
    );
    assert_eq!(spoilt(&|it| it.rows = lines(&it.rows)[..2].concat()), Check::Rows);
    assert_eq!(spoilt(&|it| it.rows = it.rows.replace("p2", "p4")), Check::Rows);
    assert_eq!(spoilt(&|it| it.cells = "{}\n".to_owned()), Check::Rows);
    assert_eq!(spoilt(&|it| it.openings = String::new()), Check::Openings);
    assert_eq!(
        spoilt(&|it| it.openings = lines(&it.openings)[..1].concat()),
        Check::Openings
    );
    let twice = sound.openings.clone() + &lines(&sound.openings)[1];
    assert_eq!(spoilt(&|it| it.openings.clone_from(&twice)), Check::Openings);
    assert_eq!(
        spoilt(&|it| it.openings = it.openings.replace("p1", "p2")),
        Check::Openings
    );
    let other_secret = RowSecret::of(&BatchKey::derive(&[8; 32]), seal_header().batch_id);
    assert_eq!(
        spoilt(&|it| {
            let mut header = Header::parse(&it.header).unwrap();
            header.rows_secret = other_secret;
            it.header = header.print().unwrap();
        }),
        Check::RowRoot
    );
    assert_eq!(
        spoilt(&|it| it.proof = it.proof.replace("extra ", "extra  ")),
        Check::Entry
    );
    assert_eq!(spoilt(&|it| it.request.clear()), Check::Checkpoint);
    assert_eq!(
        spoilt(&|it| it.proof = it.proof.replace("index 3", "index 2")),
        Check::Inclusion
    );
    assert_eq!(
        spoilt(&|it| it.request = it.request.replace("old 3", "old 2")),
        Check::Consistency
    );
    assert_eq!(
        spoilt(&|it| it.request = it.request.replace("old 3", "old 7")),
        Check::Consistency
    );
    // Another log's key, and the right one under another name.
    assert_eq!(
        spoilt(&|it| it.key = SigningKey::from_seed(ORIGIN, KeyType::Note, &[6; 32]).unwrap()),
        Check::Checkpoint
    );
    assert_eq!(
        spoilt(&|it| it.key = SigningKey::from_seed("dinas.example/agency/1.02", KeyType::Note, &[5; 32]).unwrap()),
        Check::Checkpoint
    );
}

#[test]
fn every_changed_letter_of_the_proof_and_the_checkpoint_is_found() {
    let sound = example();
    for place in 0..sound.proof.len() {
        let mut spoilt = sound.clone();
        let mut bytes = spoilt.proof.into_bytes();
        bytes[place] ^= 1;
        let Ok(proof) = String::from_utf8(bytes) else { continue };
        spoilt.proof = proof;
        assert!(receive(&spoilt).is_err(), "proof, {place}");
    }
    for place in 0..sound.request.len() {
        let mut spoilt = sound.clone();
        let mut bytes = spoilt.request.into_bytes();
        bytes[place] ^= 1;
        let Ok(request) = String::from_utf8(bytes) else {
            continue;
        };
        spoilt.request = request;
        assert!(receive(&spoilt).is_err(), "checkpoint, {place}");
    }
}

#[test]
fn two_roots_of_one_size_are_told_apart_from_a_broken_proof() {
    let mut forked = example();
    let size = Request::parse(forked.request.as_bytes())
        .unwrap()
        .checkpoint()
        .checkpoint()
        .size();
    forked.last = Some(signed(size, leaf_hash(b"another story"), &forked.key));
    let refusal = receive(&forked).unwrap_err();
    assert_eq!(refusal.check, Check::Fork);
    let fork = refusal.fork.unwrap();
    assert_eq!(Some(fork.first()), forked.last.as_ref());
    assert_eq!(fork.second().checkpoint().size(), size);
}

//! What a bad dispatch gets: refused by the name of its check, and nothing of it is stored.

use crate::federation::{Pair, bring, key_of, pair, register, stored};
use crate::harness::client::Client;
use sherlok::domain::digest::Digest;
use sherlok::domain::log::key::{KeyType, SigningKey};
use sherlok::platform::archive;
use sherlok::platform::archive::Archive;
use std::collections::BTreeMap;

pub(crate) const NAMES: [&str; 8] = [
    "dispatch.json",
    "manifest.json",
    "rows.ndjson",
    "cells.ndjson",
    "submission.json",
    "openings.ndjson",
    "batch.tlog-proof",
    "add-checkpoint",
];

pub(crate) type Files = BTreeMap<String, Vec<u8>>;

pub(crate) fn packed(files: &Files, names: &[&str]) -> Vec<u8> {
    let mut archive = Archive::new(Vec::new());
    for name in names {
        archive.file(name, false, |file| file.write_all(&files[*name])).unwrap();
    }
    archive.finish().unwrap()
}

/// The dispatch with one file changed as text.
pub(crate) fn changed(files: &Files, name: &str, change: impl FnOnce(String) -> String) -> Vec<u8> {
    let mut files = files.clone();
    let text = String::from_utf8(files[name].clone()).unwrap();
    let other = change(text.clone());
    assert_ne!(other, text, "{name}");
    files.insert(name.to_owned(), other.into_bytes());
    packed(&files, &NAMES)
}

pub(crate) fn lines(text: &str) -> Vec<String> {
    text.split_inclusive('\n').map(str::to_owned).collect()
}

fn scene() -> (Pair, Vec<u8>, Files) {
    let pair = pair(3, |_| None).lived();
    let batch = pair.sent(None);
    let pair = pair.registered();
    let file = pair.dispatch(&batch);
    let files = archive::read(file.clone()).unwrap();
    assert_eq!(files.len(), NAMES.len());
    (pair, file, files)
}

#[track_caller]
fn refused(pair: &Pair, client: &Client, bytes: &[u8], check: &str) {
    let before = stored(&pair.bkd);
    let answer = bring(client, bytes);
    let problem = answer.problem(422, "dispatch_refused");
    assert_eq!(problem["fields"][0]["field"], check, "{problem}");
    assert_eq!(stored(&pair.bkd), before, "{check}: nothing is stored");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one bad dispatch after the other")]
fn each_check_refuses_by_its_name() {
    let (pair, file, files) = scene();
    let officer = &pair.officer;
    // The archive.
    refused(&pair, officer, &file[..file.len() / 2], "archive");
    refused(&pair, officer, &file[..file.len() - 1], "archive");
    refused(&pair, officer, b"", "archive");
    refused(&pair, officer, &packed(&files, &NAMES[..7]), "archive");
    let mut swapped = NAMES;
    swapped.swap(2, 3);
    refused(&pair, officer, &packed(&files, &swapped), "archive");
    let mut doubled = file.clone();
    for place in 0..doubled.len() - 13 {
        if doubled[place..].starts_with(b"manifest.json") {
            doubled[place..place + 13].copy_from_slice(b"dispatch.json");
        }
    }
    refused(&pair, officer, &doubled, "archive");
    let long = changed(&files, "rows.ndjson", |text| format!("{text}{}\n", "x".repeat(20_000)));
    refused(&pair, officer, &long, "archive");
    // Papers.
    let other_version = |text: String| text.replace("sherlok-dispatch/1", "sherlok-dispatch/2");
    refused(
        &pair,
        officer,
        &changed(&files, "dispatch.json", other_version),
        "format",
    );
    let other_batch = |text: String| text.replace("sherlok-batch/1", "sherlok-batch/2");
    refused(
        &pair,
        officer,
        &changed(&files, "manifest.json", other_batch),
        "manifest",
    );
    let other_name = |text: String| text.replace("Dinas Contoh", "Dinas Cuntoh");
    refused(
        &pair,
        officer,
        &changed(&files, "manifest.json", other_name),
        "manifest",
    );
    // Rows.
    let reordered = |text: String| {
        let mut rows = lines(&text);
        rows.swap(0, 1);
        rows.concat()
    };
    refused(&pair, officer, &changed(&files, "rows.ndjson", reordered), "rows");
    let shorter = |text: String| lines(&text)[1..].concat();
    refused(&pair, officer, &changed(&files, "rows.ndjson", shorter), "rows");
    let other_outcome = |text: String| text.replace("\"outside\"", "\"inside\"");
    refused(&pair, officer, &changed(&files, "rows.ndjson", other_outcome), "rows");
    let no_cells = |_| String::new();
    refused(&pair, officer, &changed(&files, "cells.ndjson", no_cells), "rows");
    // Openings.
    refused(&pair, officer, &changed(&files, "openings.ndjson", shorter), "openings");
    let broken = |text: String| text.replacen("\"sealed\":\"", "\"sealed\":\"=", 1);
    refused(&pair, officer, &changed(&files, "openings.ndjson", broken), "openings");
    let other_key = |text: String| text.replace("sherlok.example/openings", "other.example/openings");
    refused(&pair, officer, &changed(&files, "dispatch.json", other_key), "openings");
    // The agency's log.
    let other_secret = |text: String| {
        let (before, secret) = text.split_once("\"rows_secret\":\"").unwrap();
        let flipped = if secret.starts_with('0') { '1' } else { '0' };
        format!("{before}\"rows_secret\":\"{flipped}{}", &secret[1..])
    };
    refused(
        &pair,
        officer,
        &changed(&files, "dispatch.json", other_secret),
        "row_root",
    );
    let no_entry = |text: String| text.replace("extra ", "extra A");
    refused(&pair, officer, &changed(&files, "batch.tlog-proof", no_entry), "entry");
    let wrong_place = |text: String| text.replace("index 0", "index 1");
    refused(
        &pair,
        officer,
        &changed(&files, "batch.tlog-proof", wrong_place),
        "inclusion",
    );
    let wrong_growth = |text: String| text.replace("old 0", "old 1");
    refused(
        &pair,
        officer,
        &changed(&files, "add-checkpoint", wrong_growth),
        "consistency",
    );
    let forged = |text: String| {
        let end = text.len() - 8;
        let letter = if text[end..].starts_with('A') { "B" } else { "A" };
        format!("{}{letter}{}", &text[..end], &text[end + 1..])
    };
    let mut both = files.clone();
    for name in ["batch.tlog-proof", "add-checkpoint"] {
        let text = forged(String::from_utf8(both[name].clone()).unwrap());
        both.insert(name.to_owned(), text.into_bytes());
    }
    refused(&pair, officer, &packed(&both, &NAMES), "checkpoint");
    // What was sound all the time is still taken.
    bring(officer, &file).expect(200);
}

#[test]
fn only_its_own_agency_under_its_own_key_is_believed() {
    let (pair, file, _) = scene();
    let stranger = pair.bkd.official("agency_operator:1.02");
    refused(&pair, &stranger, &file, "agency");
    for nobody in [
        &pair.head,
        &pair.bkd.official("bkd_auditor"),
        &pair.bkd.official("administrator"),
    ] {
        bring(nobody, &file).problem(403, "forbidden");
    }
    let other = SigningKey::from_seed("dinas.example/agency/1.01", KeyType::Note, &[9; 32]).unwrap();
    let other = other.verifying_key().to_string();
    register(&pair.officer.with_header("if-match", "\"1\""), &other).expect(200);
    refused(&pair, &pair.officer, &file, "checkpoint");
    register(&pair.officer.with_header("if-match", "\"2\""), &key_of(&pair.dinas)).expect(200);
    bring(&pair.officer, &file).expect(200);
}

#[test]
fn an_agency_that_is_not_registered_is_refused() {
    let pair = pair(3, |_| None).lived();
    let batch = pair.sent(None);
    refused(&pair, &pair.officer, &pair.dispatch(&batch), "agency");
}

#[test]
fn an_older_dispatch_does_not_go_on_from_what_was_cosigned() {
    let pair = pair(3, |_| None).lived();
    let morning = pair.sent(Some("morning"));
    let pair = pair.registered();
    let older = pair.dispatch(&morning);
    let midday = pair.sent(Some("midday"));
    bring(&pair.officer, &pair.dispatch(&midday)).expect(200);
    refused(&pair, &pair.officer, &older, "consistency");
    // Made anew for what BKD has cosigned, it goes.
    let fresh = pair.operator.get(&format!("{morning}/dispatch?from_size=2"));
    fresh.expect(200);
    bring(&pair.officer, &fresh.bytes).expect(200);
}

#[test]
fn pieces_are_bounded_and_no_other_bytes_are_taken() {
    let (pair, file, _) = scene();
    let put = |digest: &Digest, query: &str, bytes: &[u8]| {
        let path = format!("/v1/federation/dispatches/{digest}?{query}");
        pair.sender.send("PUT", &path, Some("application/octet-stream"), bytes)
    };
    let digest = Digest::of(&file);
    put(&digest, "offset=0&size=600000000", &file).problem(413, "body_too_large");
    put(&digest, "offset=0&size=10", &file).problem(413, "body_too_large");
    put(&digest, "offset=-1&size=10", &file).names_field(422, "offset");
    let gap = put(&digest, "offset=7&size=9999", &file[..100]).expect(202);
    assert_eq!(gap["received_bytes"], 0);
    let other = Digest::of(b"other");
    let size = format!("offset=0&size={}", file.len());
    let refused = put(&other, &size, &file);
    refused.names_field(422, "archive");
    let (first, rest) = file.split_at(file.len() / 3);
    let here = put(&digest, &size, first).expect(202);
    assert_eq!(here["received_bytes"], first.len());
    let asked = pair
        .sender
        .get(&format!("/v1/federation/dispatches/{digest}"))
        .expect(202);
    assert_eq!(asked["received_bytes"], first.len());
    let query = format!("offset={}&size={}", first.len(), file.len());
    let receipt = put(&digest, &query, rest);
    receipt.expect(200);
    let asked = pair.sender.get(&format!("/v1/federation/dispatches/{digest}"));
    assert_eq!((asked.status, asked.text()), (200, receipt.text()));
    let stranger = pair.bkd.official("agency_operator:1.02");
    let asked = stranger.get(&format!("/v1/federation/dispatches/{digest}")).expect(202);
    assert_eq!(asked["received_bytes"], 0, "nobody else learns of it");
}

//! Throws bytes at the parsers outside the room of the log: canonical JSON, entries, openings, receipts, beacons, batches
//! and whole bundles. What differs from the sound one is refused, or read and written back alike.

use crate::domain::audit::beacon::Beacon;
use crate::domain::audit::beacon::tests::round_123;
use crate::domain::audit_log::entry::Entry;
use crate::domain::audit_log::record::Opening;
use crate::domain::batch::check::Standing;
use crate::domain::batch::check::tests::{batch, check};
use crate::domain::batch::manifest::Manifest;
use crate::domain::bundle::example::{Example, audit};
use crate::domain::bundle::lines::bundle_document;
use crate::domain::bundle::verify::{Trust, is_sound, verify};
use crate::domain::bundle::{BUNDLE_JSON, ENTRIES, Files, NAMES};
use crate::domain::canonical;
use crate::domain::check_in_receipt;
use crate::domain::check_in_receipt::tests::{key, signed_group};
use crate::domain::digest::Digest;
use crate::domain::fuzz::{Random, Target, edited, run};
use proptest::prelude::*;
use serde_json::Value;
use std::sync::LazyLock;

/// Between the files of one text: a byte that none of them holds.
const APART: u8 = 0x1e;

static FILES: LazyLock<Files> = LazyLock::new(|| Example::default().files());

/// The first line of the entries, parsed: one with an opening.
static OPENED: LazyLock<Value> = LazyLock::new(|| {
    let lines = str::from_utf8(&FILES[ENTRIES]).unwrap().lines();
    let mut lines = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.find(|line| !line["opening"].is_null()).unwrap()
});

fn text_of(value: &Value) -> Vec<u8> {
    canonical::to_string(value).unwrap().into_bytes()
}

/// Any value is written back as it was read, and its text is found to be the only one.
const CANONICAL: Target = Target {
    sound: || {
        let odd = "\u{20ac}$\u{f}\nA'B\"\\\\\"/\u{1f600}\u{fb33}";
        text_of(&serde_json::json!({
            "\u{fb33}": [odd, -9_007_199_254_740_991_i64, 0, true, null, {}],
            "\u{1f600}": {"b": [], "a": 9_007_199_254_740_991_u64},
            "": "\r\t\u{7f}\u{2028}"
        }))
    },
    read: |bytes| {
        let Ok(text) = str::from_utf8(bytes) else { return };
        if let Ok(value) = canonical::from_str::<Value>(text) {
            assert_eq!(canonical::to_string(&value).as_deref(), Ok(text));
        }
        // Whatever its spelling, it has one canonical form or none, and that is read again.
        if let Ok(value) = serde_json::from_str::<Value>(text)
            && let Ok(written) = canonical::to_string(&value)
        {
            assert_eq!(canonical::from_str::<Value>(&written).as_ref(), Ok(&value));
        }
    },
};

const ENTRY: Target = Target {
    sound: || {
        let plan = str::from_utf8(&FILES[ENTRIES]).unwrap().lines().next().unwrap();
        text_of(&serde_json::from_str::<Value>(plan).unwrap()["entry"])
    },
    read: |bytes| {
        if let Ok(entry) = Entry::parse(bytes) {
            assert_eq!(entry.leaf().as_deref(), Ok(bytes));
        }
    },
};

const OPENING: Target = Target {
    sound: || text_of(&OPENED["opening"]),
    read: |bytes| {
        let Ok(text) = str::from_utf8(bytes) else { return };
        let Ok(opening) = Opening::parse(text) else { return };
        assert_eq!(opening.to_text().as_deref(), Ok(text));
        let entry = Entry::parse(&text_of(&OPENED["entry"])).unwrap();
        assert_eq!(
            entry.opens(&opening),
            bytes == text_of(&OPENED["opening"]),
            "a forged opening"
        );
    },
};

const RECEIPT: Target = Target {
    sound: || {
        let (signed, leaves) = signed_group(5);
        signed.receipt(3, &leaves[3]).unwrap().into_bytes()
    },
    read: |bytes| {
        let Ok(receipt) = check_in_receipt::verify(bytes, key().verifying_key()) else {
            return;
        };
        let (signed, leaves) = signed_group(5);
        let place = (0..).zip(&leaves).find(|(_, leaf)| **leaf == receipt.leaf);
        let (index, leaf) = place.expect("a forged statement");
        let sound = signed.receipt(index, leaf).unwrap();
        // A line of somebody's who is not asked may stand below the signature; everything else is signed or hashed.
        assert!(bytes.starts_with(sound.as_bytes()), "a forged receipt");
    },
};

const BEACON: Target = Target {
    sound: || canonical::to_string(&round_123()).unwrap().into_bytes(),
    read: |bytes| {
        let Ok(text) = str::from_utf8(bytes) else { return };
        if let Ok(beacon) = serde_json::from_str::<Beacon>(text)
            && beacon.verify().is_ok()
        {
            assert_eq!(beacon, round_123(), "a forged beacon");
        }
    },
};

/// The signature alone, with the randomness that belongs to it: whatever decodes to a point is tried.
const BEACON_SIGNATURE: Target = Target {
    sound: || hex::decode(round_123().signature).unwrap(),
    read: |bytes| {
        let beacon = Beacon {
            round: 123,
            randomness: Digest::of(bytes).to_string(),
            signature: hex::encode(bytes),
        };
        let is_genuine = beacon == round_123();
        assert_eq!(beacon.verify().is_ok(), is_genuine, "a forged signature");
    },
};

/// Manifest, rows and cells, as BKD checks them when they come in.
const BATCH: Target = Target {
    sound: || {
        let (manifest, rows, cells) = batch();
        let manifest = manifest.print().unwrap().0;
        [manifest, rows.concat(), cells.concat()].join("\u{1e}").into_bytes()
    },
    read: |bytes| {
        let Ok(text) = str::from_utf8(bytes) else { return };
        let mut parts = text.split(char::from(APART));
        let mut part = || parts.next().unwrap_or_default();
        let Ok(manifest) = canonical::from_str::<Manifest>(part()) else {
            return;
        };
        let [rows, cells] =
            [part(), part()].map(|part| part.split_inclusive('\n').map(str::to_owned).collect::<Vec<_>>());
        let outcome = check(&manifest, &rows, &cells, Standing::Own);
        let (sealed, sealed_rows, sealed_cells) = batch();
        let is_same = |given: &[String], sealed: &[String]| {
            given.concat().trim_end_matches('\n') == sealed.concat().trim_end_matches('\n')
        };
        if !outcome.is_broken && manifest.files == sealed.files {
            assert!(
                is_same(&rows, &sealed_rows) && is_same(&cells, &sealed_cells),
                "forged rows"
            );
        }
    },
};

/// A whole bundle: as it was edited, and with a list of files that was written anew to fit.
const BUNDLE: Target = Target {
    sound: || NAMES.map(|name| FILES[name].clone()).join(&APART),
    read: |bytes| {
        let parts = bytes.split(|byte| *byte == APART);
        let mut files: Files = NAMES
            .iter()
            .map(|name| (*name).to_owned())
            .zip(parts.map(<[u8]>::to_vec))
            .collect();
        let is_found = |files: &Files| *files == *FILES || !is_sound(&verify(files, &Trust::FirstSight));
        assert!(is_found(&files), "a forged bundle");
        files.remove(BUNDLE_JSON);
        let document = bundle_document(audit(), &files).unwrap();
        files.insert(BUNDLE_JSON.to_owned(), document);
        assert!(is_found(&files), "a forged bundle with a new list of files");
    },
};

const TARGETS: [&Target; 8] = [
    &CANONICAL,
    &ENTRY,
    &OPENING,
    &RECEIPT,
    &BEACON,
    &BEACON_SIGNATURE,
    &BATCH,
    &BUNDLE,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for target in TARGETS {
            (target.read)(&bytes);
        }
    }

    #[test]
    fn an_edited_text_is_read_or_refused(seed: u64) {
        for target in TARGETS {
            (target.read)(&edited(&(target.sound)(), &mut Random(seed)));
        }
    }
}

#[test]
fn fuzz_canonical_json() {
    run("canonical JSON", &CANONICAL);
}

#[test]
fn fuzz_entry() {
    run("entry", &ENTRY);
}

#[test]
fn fuzz_opening() {
    run("opening", &OPENING);
}

#[test]
fn fuzz_receipt() {
    run("receipt", &RECEIPT);
}

#[test]
fn fuzz_beacon() {
    run("beacon", &BEACON);
}

#[test]
fn fuzz_beacon_signature() {
    run("beacon signature", &BEACON_SIGNATURE);
}

#[test]
fn fuzz_batch() {
    run("batch", &BATCH);
}

#[test]
fn fuzz_audit_bundle() {
    run("audit bundle", &BUNDLE);
}

//! Holds the code to `api-spec/export-format.md` by its vectors, which were made by other code in another language.

use serde_json::Value;
use sherlok::domain::batch::cell::Cell;
use sherlok::domain::batch::cell::CellCount;
use sherlok::domain::batch::check::Check;
use sherlok::domain::batch::check::Standing;
use sherlok::domain::batch::commitment::BatchKey;
use sherlok::domain::batch::commitment::Opening;
use sherlok::domain::batch::commitment::commit;
use sherlok::domain::batch::manifest::Manifest;
use sherlok::domain::batch::row::Row;
use sherlok::domain::batch::submission::receipt_number;
use sherlok::domain::canonical;
use sherlok::domain::place::Position;
use std::collections::BTreeSet;
use std::path::Path;

fn vectors(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("api-spec/vectors/export")
        .join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn integer(value: &Value) -> i32 {
    value.as_i64().unwrap().try_into().unwrap()
}

#[test]
fn canonical_texts_are_those_of_the_vectors() {
    let vectors = vectors("canonical.json");
    for case in items(&vectors, "accepted") {
        assert_eq!(canonical::to_string(&case["value"]).unwrap(), text(&case["canonical"]));
        assert_eq!(
            canonical::from_str::<Value>(text(&case["canonical"])).unwrap(),
            case["value"]
        );
    }
    for case in items(&vectors, "refused") {
        assert!(
            canonical::from_str::<Value>(text(&case["text"])).is_err(),
            "{}",
            case["why"]
        );
    }
}

#[test]
fn commitments_are_those_of_the_vectors() {
    for case in items(&vectors("commitment.json"), "cases") {
        let opening: Opening = canonical::from_str(text(&case["canonical_opening"])).unwrap();
        assert_eq!(serde_json::to_value(&opening).unwrap(), case["opening"]);
        let key = BatchKey::derive(&hex::decode(text(&case["data_key"])).unwrap());
        let salt = key.salt(&opening.unit);
        assert_eq!(salt.to_hex(), text(&case["salt"]));
        assert_eq!(commit(&salt, &opening).unwrap().to_string(), text(&case["commitment"]));
    }
}

#[test]
fn cells_are_those_of_the_vectors() {
    for case in items(&vectors("cells.json"), "cases") {
        let position = Position::from_e7(integer(&case["latitude_e7"]), integer(&case["longitude_e7"])).unwrap();
        let cell = Cell::of(position);
        assert_eq!(
            (cell.south, cell.west),
            (integer(&case["south"]), integer(&case["west"])),
            "{case}"
        );
        let centre = cell.centre_millidegrees();
        assert_eq!(
            centre,
            (integer(&case["centre"][0]), integer(&case["centre"][1])),
            "{case}"
        );
    }
}

/// The codes that the check finds in a batch of the vectors.
fn codes(batch: &Value) -> BTreeSet<String> {
    let manifest: Manifest = canonical::from_str(text(&batch["manifest"])).unwrap();
    let standing = |_: &str, _| Standing::Own;
    let mut check = Check::new(&manifest, &standing);
    for line in items(batch, "rows") {
        check.row(text(line));
    }
    for line in items(batch, "cells") {
        check.cell(text(line));
    }
    check
        .finish()
        .findings
        .into_iter()
        .map(|finding| finding.code)
        .collect()
}

#[test]
fn the_whole_batch_of_the_vectors_reads_prints_and_passes() {
    let batch = vectors("batch.json");
    let manifest: Manifest = canonical::from_str(text(&batch["manifest"])).unwrap();
    let (printed, digest) = manifest.print().unwrap();
    assert_eq!(
        (printed.as_str(), digest.to_string()),
        (text(&batch["manifest"]), text(&batch["manifest_sha256"]).to_owned())
    );
    let number = receipt_number(manifest.agency.as_str(), manifest.coverage(), manifest.version, digest);
    assert_eq!(number, text(&batch["receipt_number"]));
    for line in items(&batch, "rows") {
        assert!(canonical::from_str::<Row>(text(line)).unwrap().is_coherent(), "{line}");
    }
    let cells: Vec<CellCount> = items(&batch, "cells")
        .iter()
        .map(|line| canonical::from_str(text(line)).unwrap())
        .collect();
    assert!(cells.is_sorted());
    assert_eq!(codes(&batch), BTreeSet::new());
}

#[test]
fn what_is_broken_in_the_vectors_is_found() {
    for case in items(&vectors("broken.json"), "cases") {
        let expected: BTreeSet<String> = items(case, "codes").iter().map(|code| text(code).to_owned()).collect();
        assert_eq!(codes(case), expected, "{}", case["name"]);
    }
}

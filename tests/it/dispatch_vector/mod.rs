//! Dispatches read by the service and by another program in Python that shares no code with it: the committed two, one
//! that was lived through the routes, and any number of spoilt ones.

mod made;

use crate::dispatch_vector::made::{Known, Made, VECTORS, agency_key, bkd_keys, built, other_agency_key};
use crate::federation::{Pair, bring, pair, register};
use crate::federation_refusal::{Files, NAMES, packed};
use crate::harness::TestApp;
use crate::harness::client::Client;
use serde::Deserialize;
use sherlok::domain::dispatch::{Check, opening::ReleasedOpening, opening::SealedOpening};
use sherlok::domain::log::checkpoint::{Checkpoint, SignedCheckpoint};
use sherlok::domain::log::proof::Proof;
use sherlok::domain::log::tree::leaf_hash;
use sherlok::platform::archive;
use sherlok::platform::opening_seal;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// One line of `refused.json`: the second dispatch with a text changed in one file, and the check that fails.
#[derive(Deserialize)]
struct Change {
    file: String,
    old: String,
    new: String,
    check: String,
}

fn committed(name: &str) -> Vec<u8> {
    fs::read(Path::new(VECTORS).join(name)).expect("the vector is there")
}

fn unpacked(name: &str) -> Files {
    archive::read(committed(name)).expect("it is a ZIP")
}

/// What the committed dispatches are held against.
fn known() -> Known {
    serde_json::from_slice(&committed("known.json")).expect("it is what was written")
}

/// What Python says of a dispatch: all that it printed, or the check that fails.
struct Reader {
    python: String,
    folder: tempfile::TempDir,
    known: Known,
}

impl Reader {
    /// None where Python or `cryptography` are missing; then the test says so and ends.
    fn find(known: Known) -> Option<Self> {
        let set = std::env::vars().find(|(name, _)| name == "TEST_PYTHON");
        let python = set.map_or_else(|| "python3".to_owned(), |(_, path)| path);
        let probe = Command::new(&python).args(["-c", "import cryptography"]).output();
        if !probe.is_ok_and(|output| output.status.success()) {
            println!(
                "skipped: {python} has no cryptography (pip install cryptography; TEST_PYTHON names the interpreter)"
            );
            return None;
        }
        Some(Self {
            python,
            folder: tempfile::tempdir().expect("a folder"),
            known,
        })
    }

    fn written(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).expect("it is written");
        path.to_str().expect("text").to_owned()
    }

    /// Reads a dispatch of a log of which `last` was cosigned, with what came back for it where it is there.
    fn read(&self, dispatch: &[u8], last: Option<&[u8]>, receipt: Option<&[u8]>) -> Result<String, String> {
        let known = &self.known;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/verify_dispatch.py");
        let mut command = Command::new(&self.python);
        command.args(["-B", script, &self.written("dispatch.zip", dispatch)]);
        command.args(["--agency-key", &known.agency_key, "--openings-key", &known.openings_key]);
        command.args(["--openings-secret", &known.openings_secret]);
        if let Some(last) = last {
            command.args(["--last", &self.written("last", last)]);
        }
        if let Some(receipt) = receipt {
            command.args(["--witness-key", &known.witness_key]);
            command.args(["--receipt", &self.written("receipt", receipt)]);
        }
        let output = command.env("PYTHONIOENCODING", "utf-8").output().expect("it starts");
        let printed = String::from_utf8(output.stdout).expect("it prints text");
        if output.status.success() {
            return Ok(printed);
        }
        let wrong = printed.lines().last().and_then(|line| line.strip_prefix("WRONG "));
        let named = wrong.and_then(|line| line.split_once(": "));
        let (check, _) = named.unwrap_or_else(|| panic!("{printed}{}", String::from_utf8_lossy(&output.stderr)));
        Err(check.to_owned())
    }
}

/// BKD's instance, with the key of the vectors' agency registered.
fn bkd_at(time: &str) -> (TestApp, Client) {
    let bkd = TestApp::start();
    bkd.set_clock(time);
    let officer = bkd.official("bkd_officer");
    bkd.official("agency_operator:1.01");
    register(&officer, &known().agency_key).expect(200);
    (bkd, officer)
}

/// What the service says of a dispatch: the receipt, or the check that fails.
fn brought(officer: &Client, dispatch: &[u8]) -> Result<String, String> {
    let answer = bring(officer, dispatch);
    if answer.status == 200 {
        return Ok(answer.text());
    }
    let problem = answer.problem(422, "dispatch_refused");
    Err(problem["fields"][0]["field"].as_str().expect("a check").to_owned())
}

/// The checkpoint in a proof, as the agency signed it.
fn checkpoint_of(proof: &[u8]) -> Vec<u8> {
    Proof::parse(proof)
        .expect("a proof")
        .checkpoint()
        .to_string()
        .into_bytes()
}

#[test]
fn the_committed_dispatches_are_those_that_are_built() {
    let update = std::env::vars().any(|(name, _)| name == "SHERLOK_UPDATE");
    // Seals are others each time they are made; those that are committed stay.
    let mut seals = BTreeMap::new();
    if !update {
        for name in ["first.zip", "second.zip"] {
            let lines = String::from_utf8(unpacked(name)["openings.ndjson"].clone()).expect("text");
            let lines = lines.lines().map(|line| SealedOpening::parse(line).expect("a line"));
            seals.extend(lines.filter_map(|line| Some((line.unit.to_string(), line.sealed?))));
        }
    }
    let Made {
        dispatches,
        receipts,
        known,
        refused,
    } = built(&seals);
    let documents = [
        ("known.json", serde_json::to_string_pretty(&known).expect("JSON") + "\n"),
        (
            "refused.json",
            serde_json::to_string_pretty(&refused).expect("JSON") + "\n",
        ),
        ("first.tlog-proof", receipts[0].clone()),
        ("second.tlog-proof", receipts[1].clone()),
    ];
    if update {
        fs::create_dir_all(VECTORS).expect("a folder");
        for (name, files) in ["first.zip", "second.zip"].into_iter().zip(&dispatches) {
            fs::write(Path::new(VECTORS).join(name), packed(files, &NAMES)).expect("it is written");
        }
        for (name, text) in &documents {
            fs::write(Path::new(VECTORS).join(name), text).expect("it is written");
        }
    }
    for (name, text) in &documents {
        assert!(committed(name) == text.as_bytes(), "{name}: run with SHERLOK_UPDATE=1");
    }
    for (name, files) in ["first.zip", "second.zip"].into_iter().zip(&dispatches) {
        assert!(unpacked(name) == *files, "{name}: run with SHERLOK_UPDATE=1");
    }
    for (unit, seal) in &seals {
        let text = opening_seal::open(bkd_keys().openings(), &unit.parse().expect("a unit"), seal).expect("it opens");
        assert_eq!(known.opened[unit].as_bytes(), text, "{unit}");
    }
}

#[test]
fn both_programs_take_the_committed_dispatches_and_give_one_receipt() {
    let (bkd, mut officer) = bkd_at(made::TIMES[0]);
    let Some(reader) = Reader::find(known()) else { return };
    let mut last = None;
    for (name, time) in ["first", "second"].into_iter().zip(made::TIMES) {
        bkd.set_clock(time);
        officer.renew();
        let dispatch = committed(&format!("{name}.zip"));
        let receipt = committed(&format!("{name}.tlog-proof"));
        let said = reader
            .read(&dispatch, last.as_deref(), Some(&receipt))
            .expect("it holds");
        let checks: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("ok    ")).collect();
        // Which other batches were received is all that a file does not tell.
        let names = Check::ALL.map(Check::code);
        let expected = |check: &&str| *check != "batch";
        let mut expected: Vec<&str> = names.iter().copied().filter(expected).collect();
        expected.sort_unstable();
        let mut made: Vec<&str> = checks.iter().copied().filter(|check| !check.contains(':')).collect();
        made.sort_unstable();
        assert_eq!(made, expected, "{said}");
        assert!(said.contains("ok    opened: 2 of 3\nok    receipt: seen "), "{said}");
        assert_eq!(
            brought(&officer, &dispatch).map(String::into_bytes),
            Ok(receipt.clone()),
            "{name}"
        );
        last = Some(checkpoint_of(&unpacked(&format!("{name}.zip"))["batch.tlog-proof"]));
    }
    assert_eq!(bkd.app().check_logs().expect("it reads"), []);
}

#[test]
fn both_programs_refuse_what_was_changed_by_the_same_name() {
    let (_bkd, officer) = bkd_at(made::TIMES[1]);
    let Some(reader) = Reader::find(known()) else { return };
    let first = unpacked("first.zip");
    let last = checkpoint_of(&first["batch.tlog-proof"]);
    brought(&officer, &committed("first.zip")).expect("it holds");
    let files = unpacked("second.zip");
    let changes: Vec<Change> = serde_json::from_slice(&committed("refused.json")).expect("changes");
    let mut seen: Vec<String> = Vec::new();
    for change in changes {
        let text = String::from_utf8(files[&change.file].clone()).expect("text");
        assert!(text.contains(&change.old), "{}: {}", change.file, change.old);
        let mut spoilt = files.clone();
        spoilt.insert(
            change.file.clone(),
            text.replacen(&change.old, &change.new, 1).into_bytes(),
        );
        let spoilt = packed(&spoilt, &NAMES);
        let what = format!("{}: {} -> {}", change.file, change.old, change.new);
        assert_eq!(
            reader.read(&spoilt, Some(&last), None),
            Err(change.check.clone()),
            "{what}"
        );
        assert_eq!(brought(&officer, &spoilt), Err(change.check.clone()), "{what}");
        seen.push(change.check);
    }
    // One dispatch with the other's word on its log.
    let mut crossed = files.clone();
    crossed.insert("batch.tlog-proof".to_owned(), first["batch.tlog-proof"].clone());
    let crossed = packed(&crossed, &NAMES);
    assert_eq!(reader.read(&crossed, Some(&last), None), Err("entry".to_owned()));
    assert_eq!(brought(&officer, &crossed), Err("entry".to_owned()));
    for check in Check::ALL.map(Check::code) {
        let by_other_means = ["archive", "agency", "checkpoint", "fork", "batch"].contains(&check);
        assert_ne!(seen.iter().any(|seen| seen == check), by_other_means, "{check}");
    }
    // The very bytes are still sound.
    assert!(reader.read(&committed("second.zip"), Some(&last), None).is_ok());
    brought(&officer, &committed("second.zip")).expect("it holds");
}

#[test]
fn both_programs_say_the_same_of_another_key_another_story_and_a_changed_receipt() {
    let (bkd, officer) = bkd_at(made::TIMES[1]);
    let Some(mut reader) = Reader::find(known()) else {
        return;
    };
    let second = committed("second.zip");
    let key = agency_key();
    let origin = key.verifying_key().name().to_owned();
    // The log told another root of this size before.
    let size = Proof::parse(&unpacked("second.zip")["batch.tlog-proof"])
        .expect("a proof")
        .checkpoint()
        .checkpoint()
        .size();
    let other = Checkpoint::new(&origin, size, leaf_hash(b"another story")).expect("a checkpoint");
    let other = SignedCheckpoint::sign(other, &key).expect("it is signed").to_string();
    assert_eq!(
        reader.read(&second, Some(other.as_bytes()), None),
        Err("fork".to_owned())
    );
    let asked = format!("old 0\n\n{other}");
    let cosigned = bkd
        .nobody()
        .send("POST", "/witness/add-checkpoint", None, asked.as_bytes());
    cosigned.expect(200);
    assert_eq!(brought(&officer, &second), Err("fork".to_owned()));
    // Nothing of the log was cosigned yet.
    assert_eq!(reader.read(&second, None, None), Err("consistency".to_owned()));
    // A changed receipt proves nothing.
    let last = checkpoint_of(&unpacked("first.zip")["batch.tlog-proof"]);
    let receipt = committed("second.tlog-proof");
    let first = committed("first.tlog-proof");
    assert_eq!(
        reader.read(&second, Some(&last), Some(&first)),
        Err("receipt".to_owned())
    );
    for place in (0..receipt.len()).step_by(97) {
        let mut changed = receipt.clone();
        changed[place] ^= 1;
        if changed.is_ascii() == receipt.is_ascii() && String::from_utf8(changed.clone()).is_ok() {
            assert_eq!(
                reader.read(&second, Some(&last), Some(&changed)),
                Err("receipt".to_owned()),
                "{place}"
            );
        }
    }
    // No key is registered for the agency, or another one.
    let elsewhere = TestApp::start();
    let (first, stranger) = (committed("first.zip"), elsewhere.official("bkd_officer"));
    elsewhere.official("agency_operator:1.01");
    assert_eq!(brought(&stranger, &first), Err("agency".to_owned()));
    reader.known.agency_key = other_agency_key("1.02");
    assert_eq!(reader.read(&first, None, None), Err("agency".to_owned()));
    reader.known.agency_key = other_agency_key("1.01");
    register(&stranger, &reader.known.agency_key).expect(200);
    assert_eq!(brought(&stranger, &first), Err("checkpoint".to_owned()));
    assert_eq!(reader.read(&first, None, None), Err("checkpoint".to_owned()));
}

/// A generator that gives the same numbers from the same seed (`SplitMix64`).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(bound).unwrap()).unwrap()
    }
}

#[test]
fn both_programs_say_the_same_of_changed_bytes() {
    let (_bkd, officer) = bkd_at(made::TIMES[1]);
    let Some(reader) = Reader::find(known()) else { return };
    brought(&officer, &committed("first.zip")).expect("it holds");
    let last = checkpoint_of(&unpacked("first.zip")["batch.tlog-proof"]);
    let (second, files) = (committed("second.zip"), unpacked("second.zip"));
    // More of them at length: SHERLOK_CHANGES=2000.
    let set = std::env::vars().find(|(name, _)| name == "SHERLOK_CHANGES");
    let number = set.map_or(60, |(_, number)| number.parse().unwrap());
    let mut random = Random(20_260_302);
    let mut taken = Vec::new();
    for _ in 0..number {
        // A byte of the ZIP, or one of a file that is packed anew.
        let (what, spoilt) = if random.below(2) == 0 {
            let place = random.below(second.len());
            let mut spoilt = second.clone();
            spoilt[place] ^= 1 << random.below(8);
            (format!("byte {place} of the ZIP"), spoilt)
        } else {
            let name = NAMES[random.below(NAMES.len())];
            let mut files = files.clone();
            let bytes = files.get_mut(name).unwrap();
            let place = random.below(bytes.len());
            bytes[place] ^= 1 << random.below(8);
            (format!("byte {place} of {name}"), packed(&files, &NAMES))
        };
        match reader.read(&spoilt, Some(&last), None) {
            // A seal is opened later, and by nobody who only takes the batch.
            Ok(_) => taken.push((what, spoilt)),
            Err(check) if check == "opened" => taken.push((what, spoilt)),
            Err(check) => assert_eq!(brought(&officer, &spoilt), Err(check), "{what}"),
        }
    }
    println!(
        "{number} changes, {} of them change nothing that is checked",
        taken.len()
    );
    // Once the batch is there, every dispatch of it gets the same answer: only the first of these says anything.
    let mut receipt = None;
    for (what, spoilt) in taken {
        let again = brought(&officer, &spoilt).unwrap_or_else(|check| panic!("{what}: {check}"));
        assert_eq!(receipt.get_or_insert_with(|| again.clone()), &again, "{what}");
    }
}

#[test]
fn a_dispatch_that_was_lived_is_read_by_the_other_program() {
    let pair = pair(3, |_| None).lived();
    let (morning, pair) = (pair.sent(Some("morning")), pair.registered());
    let known = Known {
        agency_key: crate::federation::key_of(&pair.dinas),
        witness_key: pair.bkd.app().public_keys().witness,
        openings_key: pair.bkd.app().public_keys().openings,
        openings_secret: hex::encode(bkd_keys().openings().secret_bytes()),
        opened: BTreeMap::new(),
    };
    let Some(reader) = Reader::find(known) else { return };
    let first = given(&pair, &morning);
    let said = reader.read(&first.0, None, Some(first.1.as_bytes())).expect("it holds");
    assert!(said.contains("ok    opened: 2 of 2\n"), "{said}");
    let last = checkpoint_of(&archive::read(first.0).expect("a ZIP")["batch.tlog-proof"]);
    let second = given(&pair, &pair.sent(Some("midday")));
    let said = reader
        .read(&second.0, Some(&last), Some(second.1.as_bytes()))
        .expect("it holds");
    assert!(
        said.contains("ok    consistency\n") && said.contains("ok    receipt: seen "),
        "{said}"
    );
}

/// A batch's dispatch and BKD's receipt, which is brought back.
fn given(pair: &Pair, path: &str) -> (Vec<u8>, String) {
    let file = pair.dispatch(path);
    let receipt = brought(&pair.officer, &file).expect("it holds");
    let kept = pair
        .operator
        .send("PUT", &format!("{path}/proof"), Some("text/plain"), receipt.as_bytes());
    kept.expect(200);
    (file, receipt)
}

#[test]
fn what_the_vector_opens_to_is_an_opening() {
    for (unit, text) in known().opened {
        let released: ReleasedOpening = serde_json::from_str(&text).expect("an opening");
        assert_eq!(released.opening.unit.to_string(), unit);
    }
}

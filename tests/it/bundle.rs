//! A bundle is checked by the real program, and by another one in Python that shares no code with it.

use sherlok::domain::digest::Digest;
use sherlok::domain::log::checkpoint::{Checkpoint, SignedCheckpoint};
use sherlok::domain::log::key::{KeyType, SigningKey};
use sherlok::domain::log::proof::Proof;
use sherlok::domain::log::tree;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const VECTOR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/api-spec/vectors/bundle");
/// The bundle of an audit with flagged units that are all examined.
const TARGETED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/api-spec/vectors/bundle-targeted");
/// The bundle of an audit that was looked at early and extended.
const EXTENDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/api-spec/vectors/bundle-sequence");

pub(crate) fn sherlok(arguments: &[&str]) -> (bool, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sherlok"))
        .arg("verify")
        .args(arguments)
        .output()
        .expect("it starts");
    read(output)
}

fn read(output: Output) -> (bool, String, String) {
    let text = |bytes| String::from_utf8(bytes).expect("it prints text");
    (output.status.success(), text(output.stdout), text(output.stderr))
}

/// Every file of the committed bundle, by its name.
fn names() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["", "log/"] {
        let entries = fs::read_dir(Path::new(VECTOR).join(folder)).expect("the vector is there");
        for entry in entries.map(|entry| entry.expect("it is listed")) {
            if entry.path().is_file() {
                found.push(format!("{folder}{}", entry.file_name().to_string_lossy()));
            }
        }
    }
    found.sort();
    found
}

/// A copy of a committed bundle.
fn copy(vector: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("log")).expect("a folder");
    for name in names() {
        fs::copy(Path::new(vector).join(&name), folder.path().join(&name)).expect("it is copied");
    }
    folder
}

fn flip(path: &Path, place: usize) {
    let mut bytes = fs::read(path).expect("it is there");
    bytes[place] ^= 1;
    fs::write(path, bytes).expect("it is written");
}

fn log_key() -> String {
    let policy = fs::read_to_string(Path::new(VECTOR).join("policy.txt")).expect("it is there");
    let key = policy.lines().next().and_then(|line| line.strip_prefix("log "));
    key.expect("the log comes first").to_owned()
}

#[test]
fn a_folder_and_a_zip_of_it_are_checked_line_by_line() {
    let (is_sound, printed, _) = sherlok(&[VECTOR]);
    assert!(is_sound, "{printed}");
    assert_eq!(printed.lines().count(), 12);
    assert!(printed.lines().all(|line| line.starts_with("ok    ")), "{printed}");
    let (is_sound, extended, _) = sherlok(&[EXTENDED]);
    assert!(is_sound && extended.contains("1 extensions"), "{extended}");
    let (is_sound, targeted, _) = sherlok(&[TARGETED]);
    assert!(is_sound && targeted.contains("6 of them targeted"), "{targeted}");
    let mut archive = sherlok::platform::archive::Archive::new(Vec::new());
    for name in names() {
        let content = fs::read(Path::new(VECTOR).join(&name)).expect("it is there");
        archive
            .file(&name, false, |file| file.write_all(&content))
            .expect("it is written");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bundle.zip");
    fs::write(&path, archive.finish().expect("it ends")).expect("it is written");
    assert_eq!(sherlok(&[path.to_str().expect("text")]).1, printed);
    let (is_sound, json, _) = sherlok(&[VECTOR, "--json", "--log-key", &log_key()]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("one object");
    assert!(is_sound && json["sound"] == true && json["checks"].as_array().is_some_and(|checks| checks.len() == 12));
}

#[test]
fn a_bundle_that_is_not_sound_ends_with_an_error_that_names_the_record() {
    let folder = copy(VECTOR);
    let path = folder.path().to_str().expect("text");
    flip(&folder.path().join("population.txt"), 100);
    let (is_sound, printed, error) = sherlok(&[path]);
    assert!(
        !is_sound && printed.starts_with("WRONG files: population.txt"),
        "{printed}"
    );
    assert!(error.contains("not sound: population.txt"), "{error}");
    let (is_sound, json, _) = sherlok(&[path, "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("one object");
    assert!(!is_sound && json["sound"] == false);
    let other_key = log_key().replace("bkd.example", "bkd.elsewhere");
    assert!(
        !sherlok(&[VECTOR, "--log-key", &other_key]).0,
        "a key whose id is not its own"
    );
    assert!(!sherlok(&["/no/such/bundle"]).0);
    assert!(!sherlok(&[VECTOR, "--entry", VECTOR]).0);
}

#[test]
fn a_receipt_is_checked_with_the_entry_that_it_is_about() {
    let key = SigningKey::from_seed("bkd.example/audit-log", KeyType::Note, &[1; 32]).expect("a key");
    let entries: [&[u8]; 3] = [b"one", b"two", b"three"];
    let leaves = entries.map(tree::leaf_hash);
    let checkpoint = Checkpoint::new("bkd.example/audit-log", 3, tree::root(&leaves)).expect("a checkpoint");
    let signed = SignedCheckpoint::sign(checkpoint, &key).expect("it is signed");
    // The third stands beside the node of the first two.
    let hashes = vec![tree::node_hash(&leaves[0], &leaves[1])];
    let proof = Proof::new(None, 2, hashes, signed).expect("a proof");
    let folder = tempfile::tempdir().expect("a folder");
    let written = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).expect("it is written");
        path.to_str().expect("text").to_owned()
    };
    let receipt = written("receipt", proof.to_string().as_bytes());
    let (entry, other) = (written("entry", b"three"), written("other", b"two"));
    let key = key.verifying_key().to_string();
    let (is_sound, printed, _) = sherlok(&[&receipt, "--entry", &entry, "--log-key", &key]);
    assert!(
        is_sound && printed.starts_with("ok    receipt: entry 2 of 3 of bkd.example/audit-log"),
        "{printed}"
    );
    let (is_sound, printed, error) = sherlok(&[&receipt, "--entry", &other, "--log-key", &key]);
    assert!(
        !is_sound && printed.starts_with("WRONG receipt: ") && error.contains("not sound"),
        "{printed}"
    );
    // On first sight nobody vouches for a receipt's key.
    assert!(!sherlok(&[&receipt, "--entry", &entry]).0);
    assert!(!sherlok(&[&receipt, "--log-key", &key]).0);
}

/// The other verifier; `Err` says why it could not be asked.
pub(crate) fn python(folder: &Path) -> Result<(bool, String), String> {
    let set = std::env::vars().find(|(name, _)| name == "TEST_PYTHON");
    let python = set.map_or_else(|| "python3".to_owned(), |(_, path)| path);
    let probe = Command::new(&python).args(["-c", "import consistent_sampler"]).output();
    match probe {
        Err(error) => return Err(format!("{python} does not start: {error}")),
        Ok(output) if !output.status.success() => return Err(format!("{python} has no consistent_sampler")),
        Ok(_) => {}
    }
    let script = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/verify_bundle.py"));
    let output = Command::new(&python)
        .arg("-B")
        .arg(script)
        .arg(folder)
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .expect("it started a moment ago");
    let (is_sound, printed, error) = read(output);
    Ok((is_sound, printed + &error))
}

#[test]
#[expect(clippy::print_stdout, reason = "a skipped comparison says why")]
fn the_other_verifier_says_the_same() {
    match python(Path::new(VECTOR)) {
        Err(why) => {
            println!("skipped: {why} (pip install consistent_sampler; TEST_PYTHON names the interpreter)");
            return;
        }
        Ok((is_sound, printed)) => {
            assert!(is_sound, "{printed}");
            assert!(printed.contains("was not checked here"), "{printed}");
        }
    }
    for vector in [EXTENDED, TARGETED] {
        let (is_sound, printed) = python(Path::new(vector)).expect("it answered before");
        assert!(is_sound, "{printed}");
    }
    // Which of the bundles is changed does not matter to most of the checks; the longer ways are those of these two.
    for (name, vector) in names().into_iter().zip([EXTENDED, TARGETED].into_iter().cycle()) {
        let folder = copy(vector);
        let path = folder.path().join(&name);
        let length = fs::read(&path).expect("it is there").len();
        flip(&path, length / 2);
        let (is_sound, printed) = python(folder.path()).expect("it answered before");
        assert!(!is_sound && printed.contains("WRONG "), "{name}: {printed}");
        assert!(!sherlok(&[folder.path().to_str().expect("text")]).0, "{name}");
    }
}

/// A mark of the population, a count of the plan, and the sum of the report: each is worked out again by both programs.
#[test]
#[expect(clippy::print_stdout, reason = "a skipped comparison says why")]
fn what_is_said_of_targeted_units_is_worked_out_again_by_both_programs() {
    if let Err(why) = python(Path::new(TARGETED)) {
        println!("skipped: {why}");
        return;
    }
    for (name, from, to) in [
        ("population.txt", "\ttargeted", ""),
        ("population.txt", "\ttargeted", "\tTargeted"),
        ("population.txt", "midday\n", "midday\ttargeted\n"),
        ("log/entries.ndjson", "\"size\":6", "\"size\":5"),
        ("log/entries.ndjson", "\"most\":20", "\"most\":05"),
        ("report.txt", "in all at most 26", "in all at most 23"),
        ("report.json", "\"upper\":3,", "\"upper\":2,"),
    ] {
        let folder = copy(TARGETED);
        let path = folder.path().join(name);
        let text = fs::read_to_string(&path).expect("it is there");
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{name}: {from}");
        fs::write(&path, &changed).expect("it is written");
        // The list of files is written anew, so that the change is found by what it means.
        let list = folder.path().join("bundle.json");
        let listed = fs::read_to_string(&list).expect("it is there");
        let digest = |text: &str| Digest::of(text.as_bytes()).to_string();
        let bytes = |text: &str| format!("{{\"bytes\":{},\"name\":\"{name}\"", text.len());
        let listed = listed.replace(&digest(&text), &digest(&changed));
        fs::write(&list, listed.replace(&bytes(&text), &bytes(&changed))).expect("it is written");
        let folder = folder.path();
        let (is_sound, printed) = python(folder).expect("it answered before");
        assert!(!is_sound && !printed.contains("bundle.json"), "{name} {to}: {printed}");
        let (is_sound, printed, _) = sherlok(&[folder.to_str().expect("text")]);
        assert!(
            !is_sound && printed.starts_with("ok    files"),
            "{name} {to}: {printed}"
        );
    }
}

#[test]
fn the_other_verifier_is_short_enough_to_be_read() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/verify_bundle.py");
    let lines = fs::read_to_string(script).expect("it is there").lines().count();
    assert!(lines <= 400, "{lines} lines");
}

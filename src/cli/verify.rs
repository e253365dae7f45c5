//! `sherlok verify`: checks an audit's bundle, a receipt, or a person's row of a batch, from files alone.
//!
//! Needs no database, no settings and no network.

use crate::domain::batch::own_row::{self, ProvedRow};
use crate::domain::bundle::Files;
use crate::domain::bundle::verify::{self, Checked, Trust};
use crate::domain::check_in_receipt;
use crate::domain::log::key::VerifyingKey;
use crate::domain::log::policy::Policy;
use crate::domain::log::proof::Proof;
use crate::platform::archive;
use clap::Args;
use serde_json::{Value, json};
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Most files that a folder may have: a bundle has eleven.
const MOST_FILES: usize = 64;

/// What a proof of the log begins with (C2SP tlog-proof).
const PROOF_HEAD: &[u8] = b"c2sp.org/tlog-proof@";

/// What a person's row begins with: it is JSON.
const ROW_HEAD: &[u8] = b"{";

/// Check an audit's bundle from end to end, a receipt, or a person's row of a batch. Norms: `api-spec/audit-bundle.md`,
/// `log-format.md`, `export-format.md`.
#[derive(Args, Clone, Debug)]
pub struct VerifyArguments {
    /// The bundle as a folder or a ZIP, a receipt (C2SP tlog-proof), or a row (JSON).
    path: PathBuf,
    /// Believe the keys of this file (C2SP tlog-policy) instead of those that came along.
    #[arg(long, value_name = "FILE", conflicts_with = "log_key")]
    policy: Option<PathBuf>,
    /// Believe this key of the log, or of the receipts of shares, as its owner publishes it: name+id+base64.
    #[arg(long, value_name = "KEY")]
    log_key: Option<VerifyingKey>,
    /// The entry that a receipt of the log is about, byte for byte. A receipt of a share tells what it is about.
    #[arg(long, value_name = "FILE")]
    entry: Option<PathBuf>,
    /// Print one JSON object: {"sound", "checks": [{"check", "sound", "line"}]}.
    #[arg(long)]
    json: bool,
}

/// Why the answer is not "sound".
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// A check failed; it was printed.
    #[error("not sound: {0}")]
    Unsound(String),
    /// A file could not be read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder holds more than any bundle.
    #[error("the folder has more than {MOST_FILES} files")]
    TooManyFiles,
    /// A receipt without what it is about.
    #[error("a receipt of a share is checked with --log-key, one of the log with --entry and --policy or --log-key")]
    ReceiptAlone,
    /// A row without a key.
    #[error("a row of a batch is checked with --policy or --log-key, the key of the agency's log")]
    RowAlone,
    /// `--entry` without a receipt.
    #[error("--entry goes with a receipt only")]
    EntryAlone,
}

/// Checks and prints one line a check. `Err` where a check fails or nothing could be checked.
pub fn run(arguments: &VerifyArguments, output: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let policy = match (&arguments.policy, &arguments.log_key) {
        (Some(path), _) => Some(Policy::parse(&read(path)?)?),
        (None, Some(key)) => Some(Policy::of_log(key.clone())?),
        (None, None) => None,
    };
    let files = if arguments.path.is_dir() {
        read_folder(&arguments.path)?
    } else {
        let bytes = read(&arguments.path)?;
        if bytes.starts_with(PROOF_HEAD) {
            return receipt(&bytes, arguments, policy, output);
        }
        if bytes.starts_with(ROW_HEAD) {
            let policy = policy.ok_or(VerifyError::RowAlone)?;
            return told("row", row(&bytes, &policy), arguments.json, output);
        }
        archive::read(bytes)?
    };
    if arguments.entry.is_some() {
        return Err(VerifyError::EntryAlone.into());
    }
    let trust = policy.map_or(Trust::FirstSight, |policy| Trust::Policy(Box::new(policy)));
    let checked = verify::verify(&files, &trust);
    print(&checked, arguments.json, output)?;
    match checked.last().map(|last| &last.outcome) {
        Some(Err(fault)) => Err(VerifyError::Unsound(fault.to_string()).into()),
        Some(Ok(_)) | None => Ok(()),
    }
}

fn print(checked: &[Checked], is_json: bool, output: &mut dyn Write) -> std::io::Result<()> {
    if is_json {
        let check = |checked: &Checked| -> Value {
            let (is_sound, line) = match &checked.outcome {
                Ok(line) => (true, line.clone()),
                Err(fault) => (false, fault.to_string()),
            };
            json!({ "check": checked.check.code(), "sound": is_sound, "line": line })
        };
        let checks: Vec<Value> = checked.iter().map(check).collect();
        let answer = json!({ "sound": verify::is_sound(checked), "checks": checks });
        return writeln!(output, "{answer}");
    }
    for checked in checked {
        let name = checked.check.code();
        match &checked.outcome {
            Ok(line) => writeln!(output, "ok    {name}: {line}")?,
            Err(fault) => writeln!(output, "WRONG {name}: {fault}")?,
        }
    }
    Ok(())
}

fn receipt(
    bytes: &[u8],
    arguments: &VerifyArguments,
    policy: Option<Policy>,
    output: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let outcome = match (&arguments.entry, &arguments.log_key, policy) {
        (Some(entry), _, Some(policy)) => entry_line(bytes, &read(entry)?, &policy),
        (None, Some(key), _) => share_line(bytes, key),
        _ => return Err(VerifyError::ReceiptAlone.into()),
    };
    told("receipt", outcome, arguments.json, output)
}

/// What a receipt of the log says about an entry.
fn entry_line(bytes: &[u8], entry: &[u8], policy: &Policy) -> Result<String, String> {
    let proof = Proof::parse(bytes).map_err(|error| error.to_string())?;
    let witnessed = proof.verify(entry, policy).map_err(|error| error.to_string())?;
    let checkpoint = proof.checkpoint().checkpoint();
    let (index, size, origin) = (proof.index(), checkpoint.size(), checkpoint.origin());
    let count = witnessed.len();
    Ok(format!("entry {index} of {size} of {origin}, {count} cosignatures"))
}

/// What a receipt of a share says was recorded.
fn share_line(bytes: &[u8], key: &VerifyingKey) -> Result<String, String> {
    let receipt = check_in_receipt::verify(bytes, key).map_err(|error| error.to_string())?;
    Ok(format!("recorded: {}", receipt.leaf))
}

/// What a person's row of a batch is.
fn row(bytes: &[u8], policy: &Policy) -> Result<String, String> {
    let proved = own_row::verify(bytes, policy).map_err(|error| error.to_string())?;
    let ProvedRow {
        row, batch, sealed_at, ..
    } = proved;
    Ok(format!("in batch {batch}, sealed {sealed_at}: {row}"))
}

/// Prints the one check that there is.
fn told(
    check: &str,
    outcome: Result<String, String>,
    is_json: bool,
    output: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let (is_sound, line) = match &outcome {
        Ok(line) | Err(line) => (outcome.is_ok(), line),
    };
    if is_json {
        let check = json!({ "check": check, "sound": is_sound, "line": line });
        writeln!(output, "{}", json!({ "sound": is_sound, "checks": [check] }))?;
    } else {
        let word = if is_sound { "ok    " } else { "WRONG " };
        writeln!(output, "{word}{check}: {line}")?;
    }
    outcome.map(|_| ()).map_err(|line| VerifyError::Unsound(line).into())
}

fn read(path: &Path) -> Result<Vec<u8>, VerifyError> {
    fs::read(path).map_err(|source| VerifyError::File {
        path: path.to_owned(),
        source,
    })
}

/// The files below a folder, by their names with `/` between the parts.
fn read_folder(folder: &Path) -> Result<Files, VerifyError> {
    let mut files = Files::new();
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((directory, prefix)) = open.pop() {
        let failed = |source| VerifyError::File {
            path: directory.clone(),
            source,
        };
        for entry in fs::read_dir(&directory).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if files.len() + open.len() >= MOST_FILES {
                return Err(VerifyError::TooManyFiles);
            }
            if entry.file_type().map_err(failed)?.is_dir() {
                open.push((entry.path(), format!("{name}/")));
            } else {
                files.insert(name, read(&entry.path())?);
            }
        }
    }
    Ok(files)
}

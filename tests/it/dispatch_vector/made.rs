//! The two committed dispatches, made by hand: fixed keys, fixed secrets, two batches of one agency's log.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sherlok::app::log::LogKeys;
use sherlok::domain::access::AgencyCode;
use sherlok::domain::audit_log::entry::Entry;
use sherlok::domain::audit_log::facts::{BatchFacts, Facts};
use sherlok::domain::audit_log::subject::Subject;
use sherlok::domain::batch::FORMAT as BATCH_FORMAT;
use sherlok::domain::batch::cell::Cell;
use sherlok::domain::batch::commitment::{BatchKey, Opening, commit};
use sherlok::domain::batch::coverage::Coverage;
use sherlok::domain::batch::distance::DistanceClass;
use sherlok::domain::batch::row::{Row, RowState};
use sherlok::domain::batch::row_tree::RowSecret;
use sherlok::domain::batch::seal::{SealHeader, Sealing};
use sherlok::domain::batch::submission::Submission;
use sherlok::domain::canonical;
use sherlok::domain::check_in::TimeOutcome;
use sherlok::domain::digest::Digest;
use sherlok::domain::dispatch::FORMAT;
use sherlok::domain::dispatch::header::Header;
use sherlok::domain::dispatch::opening::{ReleasedOpening, Seal, SealedOpening};
use sherlok::domain::ids::{BatchId, CheckInId};
use sherlok::domain::instant::Instant;
use sherlok::domain::log::checkpoint::{Checkpoint, SignedCheckpoint};
use sherlok::domain::log::key::{KeyType, SigningKey};
use sherlok::domain::log::proof::Proof;
use sherlok::domain::log::tree::{WholeTree, leaf_hash};
use sherlok::domain::log::witness::Request;
use sherlok::domain::log::{consistency, cosignature, inclusion};
use sherlok::domain::log_name::LogName;
use sherlok::domain::place::{Place, Position};
use sherlok::domain::slot::Slot;
use sherlok::domain::work_mode::{WorkGroup, WorkMode};
use sherlok::platform::opening_seal;
use std::collections::BTreeMap;

/// Where they lie.
pub(super) const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/api-spec/vectors/dispatch");

/// When BKD sees each of the two.
pub(super) const TIMES: [&str; 2] = ["2026-03-02T09:20:00+07:00", "2026-03-02T14:00:00+07:00"];

/// Of whom and of when the rows are.
const AGENCY: &str = "1.01";
const DATE: &str = "2026-03-02";

/// What both readers are told beforehand, and what the seals open to.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Known {
    pub(super) agency_key: String,
    pub(super) witness_key: String,
    pub(super) openings_key: String,
    pub(super) openings_secret: String,
    pub(super) opened: BTreeMap<String, String>,
}

/// Everything that is committed.
pub(super) struct Made {
    pub(super) dispatches: [BTreeMap<String, Vec<u8>>; 2],
    pub(super) receipts: [String; 2],
    pub(super) known: Known,
    pub(super) refused: Vec<Value>,
}

/// The keys of a deployment as the tests' services have them.
fn keys(name: &str) -> LogKeys {
    LogKeys::new(Some(name), *Digest::of(name.as_bytes()).bytes()).unwrap()
}

/// BKD's.
pub(super) fn bkd_keys() -> LogKeys {
    keys("sherlok.example")
}

/// The key of the agency's log.
pub(super) fn agency_key() -> SigningKey {
    let log = LogName::Agency(AgencyCode::parse(AGENCY).unwrap());
    keys("dinas.example").of(&log).unwrap()
}

/// A key of an agency that signs no log here.
pub(super) fn other_agency_key(code: &str) -> String {
    let key = SigningKey::from_seed(&format!("dinas.example/agency/{code}"), KeyType::Note, &[9; 32]).unwrap();
    key.verifying_key().to_string()
}

/// A batch before its log is known.
struct Batch {
    id: BatchId,
    files: BTreeMap<String, Vec<u8>>,
    opened: BTreeMap<String, String>,
    entry: Vec<u8>,
}

fn batch_id(number: u128) -> BatchId {
    BatchId::new(uuid::Uuid::from_u128(
        0x019c_ac40_0000_7000_8000_0000_0000_0000 + number,
    ))
}

/// A slot that nobody has filled.
fn missed(person: &str, slot: Slot, number: &str) -> Row {
    Row {
        unit_id: format!("{AGENCY}/{DATE}/{person}/{}", slot.code()).parse().unwrap(),
        agency: AgencyCode::parse(AGENCY).unwrap(),
        work_date: DATE.parse().unwrap(),
        slot,
        employee_number: number.to_owned(),
        work_group: WorkGroup::Administration,
        mode: WorkMode::Wfh,
        expected: true,
        state: RowState::Missed,
        place: None,
        distance_class: None,
        time: None,
        captured_at: None,
        channel: None,
        flags: Vec::new(),
        check_in_id: None,
        commitment: None,
    }
}

/// One that was filled, with the opening of its position. `steps` tells people and slots apart.
fn received(row: Row, captured_at: &str, place: Place, steps: i32) -> (Row, Opening) {
    let captured_at = Instant::parse(captured_at).unwrap();
    let id = format!("019cac1d-7de0-7abc-8def-0123456789{:02x}", 0xa0 + steps);
    let opening = Opening {
        unit: row.unit_id.clone(),
        check_in_id: CheckInId::from_client(&id).unwrap(),
        captured_at,
        position: Position::from_e7(-61_197_312 + steps * 2_711, 1_061_734_618 - steps * 1_313).unwrap(),
        // A third-party channel may have none.
        accuracy_millimetres: (place != Place::Outside).then_some(12_500),
    };
    let row = Row {
        state: RowState::Received,
        place: Some(place),
        distance_class: Some(if place == Place::Outside {
            DistanceClass::Under5Kilometres
        } else {
            DistanceClass::Under100Metres
        }),
        time: Some(TimeOutcome::OnTime),
        captured_at: Some(captured_at),
        channel: Some(if place == Place::Outside { "owntracks" } else { "app" }.to_owned()),
        check_in_id: Some(opening.check_in_id),
        commitment: Some(commit(&key().salt(&row.unit_id), &opening).unwrap()),
        ..row
    };
    (row, opening)
}

/// The key of the agency's month.
fn key() -> BatchKey {
    BatchKey::derive(&[7; 32])
}

/// The rows of a slot: two with a position, one whose position was forgotten since, one missed, one on leave.
fn rows(slot: Slot, hour: &str, steps: i32) -> Vec<(Row, Option<Opening>)> {
    let at = |minute: u32| format!("{DATE}T{hour}:{minute:02}:00.000Z");
    let (near, near_opening) = received(missed("k1", slot, "198609262015051001"), &at(31), Place::Inside, steps);
    let (gone, _) = received(
        missed("k2", slot, "199003172020122003"),
        &at(32),
        Place::Probable,
        steps + 1,
    );
    let (far, far_opening) = received(missed("k5", slot, "THL-0042"), &at(35), Place::Outside, steps + 2);
    let on_leave = Row {
        mode: WorkMode::Leave,
        expected: false,
        state: RowState::Excused,
        ..missed("k4", slot, "197705212006041002")
    };
    vec![
        (near, Some(near_opening)),
        (gone, None),
        (missed("k3", slot, "198811052019032007"), None),
        (on_leave, None),
        (far, Some(far_opening)),
    ]
}

/// Seals one slot. `seals` are those that are kept; a unit without one is sealed anew.
fn sealed(number: u128, slot: Slot, (hour, steps): (&str, i32), seals: &BTreeMap<String, Seal>) -> Batch {
    let id = batch_id(number);
    let agency = AgencyCode::parse(AGENCY).unwrap();
    let secret = RowSecret::of(&key(), id);
    let mut sealing = Sealing::new(agency.clone(), Coverage::of_slot(DATE.parse().unwrap(), slot), secret);
    let (bkd, mut opened) = (bkd_keys(), BTreeMap::new());
    let (mut lines, mut openings) = (String::new(), String::new());
    for (row, opening) in rows(slot, hour, steps) {
        let cell = opening.as_ref().map(|opening| Cell::of(opening.position));
        lines += &sealing.row(&row, cell).unwrap();
        if row.commitment.is_none() {
            continue;
        }
        let sealed = opening.map(|opening| {
            let text = ReleasedOpening::new(opening, key().salt(&row.unit_id)).print().unwrap();
            opened.insert(row.unit_id.to_string(), text.clone());
            let kept = seals.get(row.unit_id.as_str()).cloned();
            kept.unwrap_or_else(|| opening_seal::seal(bkd.openings().public(), &row.unit_id, &text).unwrap())
        });
        let unit = row.unit_id;
        openings += &(SealedOpening { sealed, unit }.print().unwrap() + "\n");
    }
    let rows_root = sealing.rows_root();
    let sealed_at = Instant::parse(&format!("{DATE}T{hour}:50:00Z")).unwrap();
    let (cells, manifest) = sealing
        .finish(SealHeader {
            batch_id: id,
            agency_name: "Dinas Pendidikan dan Kebudayaan".to_owned(),
            version: 1,
            supersedes: None,
            sealed_at,
            prepared_by: Some("operator.satu".to_owned()),
        })
        .unwrap();
    let (manifest_text, manifest_sha256) = manifest.print().unwrap();
    let submission = Submission {
        format: BATCH_FORMAT.to_owned(),
        batch_id: id,
        manifest_sha256,
        submitted_at: Instant::parse(&format!("{DATE}T{hour}:55:00Z")).unwrap(),
        submitted_by: "operator.dua".to_owned(),
        approved_by: Some("operator.dua".to_owned()),
    };
    let header = Header {
        format: FORMAT.to_owned(),
        agency: agency.clone(),
        batch_id: id,
        manifest_sha256,
        openings_key: bkd.openings().public().to_string(),
        rows_secret: secret,
    };
    let facts = BatchFacts {
        agency,
        from: manifest.from,
        to: manifest.to,
        version: 1,
        rows: manifest.counts.rows,
        rows_root,
        manifest_sha256,
    };
    let entry = Entry::public(sealed_at, Subject::Batch(id), Facts::BatchSealed(facts));
    let files = [
        ("dispatch.json", header.print().unwrap()),
        ("manifest.json", manifest_text),
        ("rows.ndjson", lines),
        ("cells.ndjson", cells.concat()),
        ("submission.json", canonical::to_string(&submission).unwrap()),
        ("openings.ndjson", openings),
    ];
    Batch {
        id,
        files: files.map(|(name, text)| (name.to_owned(), text.into_bytes())).into(),
        opened,
        entry: entry.leaf().unwrap(),
    }
}

/// An entry of the log that is of no batch here.
fn other_entry(number: u128) -> Vec<u8> {
    let facts = BatchFacts {
        agency: AgencyCode::parse(AGENCY).unwrap(),
        from: DATE.parse().unwrap(),
        to: DATE.parse().unwrap(),
        version: 1,
        rows: 0,
        rows_root: Digest::of(b""),
        manifest_sha256: Digest::of(b"another manifest"),
    };
    let at = Instant::parse(&format!("{DATE}T03:00:00Z")).unwrap();
    let entry = Entry::public(at, Subject::Batch(batch_id(number)), Facts::BatchSealed(facts));
    entry.leaf().unwrap()
}

/// Adds what the log says of its entry `index` once it has `size` entries, to a receiver that has seen `old`. Gives the
/// receipt.
fn prove(batch: &mut Batch, entries: &[Vec<u8>], (index, old): (u64, u64), time: &str) -> String {
    let mut tree = WholeTree::default();
    for entry in entries {
        tree.append(leaf_hash(entry)).unwrap();
    }
    let (size, key) = (tree.size(), agency_key());
    let checkpoint = Checkpoint::new(key.verifying_key().name(), size, tree.root()).unwrap();
    let checkpoint = SignedCheckpoint::sign(checkpoint, &key).unwrap();
    let hashes = inclusion::prove(index, size, |node| tree.hash(node)).unwrap().unwrap();
    let growth = consistency::prove(old, size, |node| tree.hash(node)).unwrap().unwrap();
    let proof =
        |signed: SignedCheckpoint| Proof::new(Some(batch.entry.clone()), index, hashes.clone(), signed).unwrap();
    let sent = proof(checkpoint.clone()).to_string();
    let mut cosigned = checkpoint.clone();
    let seconds = Instant::parse(time).unwrap().millis() / 1_000;
    let line = cosignature::sign(&checkpoint, bkd_keys().witness(), u64::try_from(seconds).unwrap()).unwrap();
    cosigned.add(line).unwrap();
    let receipt = proof(cosigned).to_string();
    let request = Request::new(old, growth, checkpoint).unwrap().to_string();
    batch.files.insert("batch.tlog-proof".to_owned(), sent.into_bytes());
    batch.files.insert("add-checkpoint".to_owned(), request.into_bytes());
    receipt
}

/// Both dispatches, their receipts, and what is to be known of them.
pub(super) fn built(seals: &BTreeMap<String, Seal>) -> Made {
    let mut first = sealed(1, Slot::Morning, ("01", 0), seals);
    let mut second = sealed(2, Slot::Midday, ("05", 3), seals);
    let entries = [
        first.entry.clone(),
        other_entry(8),
        other_entry(9),
        second.entry.clone(),
        other_entry(10),
    ];
    let receipts = [
        prove(&mut first, &entries[..2], (0, 0), TIMES[0]),
        prove(&mut second, &entries, (3, 2), TIMES[1]),
    ];
    let bkd = bkd_keys();
    let opened = first.opened.into_iter().chain(second.opened).collect();
    let known = Known {
        agency_key: agency_key().verifying_key().to_string(),
        witness_key: bkd.witness().verifying_key().to_string(),
        openings_key: bkd.openings().public().to_string(),
        openings_secret: hex::encode(bkd.openings().secret_bytes()),
        opened,
    };
    let refused = refused(&second.files, second.id);
    Made {
        dispatches: [first.files, second.files],
        receipts,
        known,
        refused,
    }
}

/// What may be changed in the second dispatch, and which check finds it.
fn refused(files: &BTreeMap<String, Vec<u8>>, id: BatchId) -> Vec<Value> {
    let header = Header::parse(str::from_utf8(&files["dispatch.json"]).unwrap()).unwrap();
    let secret: String = header.rows_secret.into();
    let other_secret = format!("{}{}", if secret.starts_with('0') { '1' } else { '0' }, &secret[1..]);
    let (id, other_id) = (id.to_string(), batch_id(3).to_string());
    let proof = str::from_utf8(&files["batch.tlog-proof"]).unwrap();
    let hash = proof.lines().nth(3).unwrap();
    let other_hash = Digest::of(b"another hash").to_base64();
    let request = str::from_utf8(&files["add-checkpoint"]).unwrap();
    let growth = request.lines().nth(1).unwrap();
    [
        ("dispatch.json", "sherlok-dispatch/1", "sherlok-dispatch/2", "format"),
        ("dispatch.json", "\"agency\"", "\"Agency\"", "format"),
        ("dispatch.json", ",", ", ", "format"),
        ("dispatch.json", id.as_str(), other_id.as_str(), "manifest"),
        ("manifest.json", "sherlok-batch/1", "sherlok-batch/2", "manifest"),
        ("manifest.json", "Kebudayaan", "Kebudayaam", "manifest"),
        ("manifest.json", "\"version\":1", "\"version\":1.0", "manifest"),
        ("submission.json", id.as_str(), other_id.as_str(), "manifest"),
        ("submission.json", "T05:55", "T05:45", "manifest"),
        ("submission.json", "2026-03-02T", "2026-02-30T", "manifest"),
        ("rows.ndjson", "\"outside\"", "\"inside\"", "rows"),
        ("rows.ndjson", "k3/midday", "k0/midday", "rows"),
        ("rows.ndjson", "\"expected\":true", "\"expected\":1", "rows"),
        ("cells.ndjson", "\"check_ins\":1", "\"check_ins\":2", "rows"),
        ("openings.ndjson", "k5/midday", "k4/midday", "openings"),
        ("openings.ndjson", "\"sealed\":null", "\"sealed\":\"\"", "openings"),
        ("openings.ndjson", "\"sealed\":\"", "\"sealed\":\"=", "openings"),
        (
            "dispatch.json",
            "sherlok.example/openings",
            "other.example/openings",
            "openings",
        ),
        ("dispatch.json", secret.as_str(), other_secret.as_str(), "row_root"),
        ("batch.tlog-proof", "extra ", "extra A", "entry"),
        ("batch.tlog-proof", "tlog-proof@v1", "tlog-proof@v2", "entry"),
        ("batch.tlog-proof", "index 3", "index 2", "inclusion"),
        ("batch.tlog-proof", "index 3", "index 5", "inclusion"),
        ("batch.tlog-proof", hash, other_hash.as_str(), "inclusion"),
        ("add-checkpoint", "old 2", "old 1", "consistency"),
        ("add-checkpoint", "old 2", "old 6", "consistency"),
        ("add-checkpoint", growth, other_hash.as_str(), "consistency"),
    ]
    .map(|(file, old, new, check)| json!({ "file": file, "old": old, "new": new, "check": check }))
    .into()
}

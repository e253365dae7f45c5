//! The files of a batch: sealed digests, tables and map for people, and that a large one passes through little memory.

use crate::batch::{DAY, Scene, path, scene, submit};
use crate::harness::client::Client;
use crate::harness::people::Person;
use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};
use sherlok::domain::access::AgencyCode;
use sherlok::domain::batch::commitment::BatchKey;
use sherlok::domain::batch::coverage::Coverage;
use sherlok::domain::batch::row_tree::RowSecret;
use sherlok::domain::batch::seal::{SealHeader, Sealing};
use sherlok::domain::batch::state::BatchState;
use sherlok::domain::digest::Digest;
use sherlok::domain::ids::BatchId;
use sherlok::store;
use sherlok::store::batch::BatchRow;
use sherlok::store::batch_chunk::SealedFile;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

fn file_of(archive: &[u8], name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// Runs the independent check over a ZIP, where Python is installed; gives what it printed and whether it was content.
fn independent_check(archive: &[u8]) -> Option<(bool, String)> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("batch.zip");
    fs::write(&file, archive).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/check_batch.py");
    let output = Command::new("python3").arg(script).arg(file).output().ok()?;
    Some((
        output.status.success(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    ))
}

#[test]
fn the_zip_holds_what_the_manifest_says() {
    let scene = scene().lived();
    let batch = scene.seal().expect(201);
    let answer = scene.operator.get(&format!("{}/file", path(&batch)));
    answer.expect(200);
    assert_eq!(answer.header("content-type"), "application/zip");
    assert!(
        answer
            .header("content-disposition")
            .contains("batch-1.01-20260302-20260302-v1.zip")
    );
    let manifest_bytes = file_of(&answer.bytes, "manifest.json");
    assert_eq!(batch["manifest_sha256"], json!(Digest::of(&manifest_bytes).to_string()));
    let manifest: Value = serde_json::from_slice(&manifest_bytes).unwrap();
    assert_eq!(manifest["files"].as_array().unwrap().len(), 2);
    for file in manifest["files"].as_array().unwrap() {
        let bytes = file_of(&answer.bytes, file["name"].as_str().unwrap());
        assert_eq!(file["sha256"], json!(Digest::of(&bytes).to_string()), "{file}");
        assert_eq!(file["bytes"], json!(bytes.len()), "{file}");
    }
    for same in ["/file", ".zip"] {
        let again = scene.operator.get(&format!("{}{same}", path(&batch)));
        assert!(again.bytes == answer.bytes, "the same batch gives the same bytes");
    }
    scene
        .operator
        .get(&format!("{}.pdf", path(&batch)))
        .problem(404, "not_found");
}

#[test]
fn an_independent_check_agrees_and_finds_a_changed_byte() {
    let scene = scene().lived();
    let path = scene.sent();
    let archive = scene.officer.get(&format!("{path}/file")).bytes;
    let submission: Value = serde_json::from_slice(&file_of(&archive, "submission.json")).unwrap();
    assert_eq!(submission["approved_by"], Value::Null);
    let Some((is_content, said)) = independent_check(&archive) else {
        return;
    };
    assert!(is_content, "{said}");
    let mut changed = sherlok::platform::archive::Archive::new(Vec::new());
    for name in ["manifest.json", "rows.ndjson", "cells.ndjson", "submission.json"] {
        let bytes = String::from_utf8(file_of(&archive, name)).unwrap();
        let bytes = if name == "rows.ndjson" {
            bytes.replace("outside", "inside")
        } else {
            bytes
        };
        changed
            .file(name, false, |file| file.write_all(bytes.as_bytes()))
            .unwrap();
    }
    let (is_content, said) = independent_check(&changed.finish().unwrap()).unwrap();
    assert!(
        !is_content && said.contains("FAIL rows.ndjson has the size and digest"),
        "{said}"
    );
}

#[test]
fn rows_tell_outcomes_and_commitments_but_no_positions_and_no_names() {
    let scene = scene().lived();
    let path = scene.sealed();
    let answer = scene.operator.get(&format!("{path}/file.ndjson"));
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    let text = answer.text();
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 6);
    let far = rows.iter().find(|row| row["place"] == "outside").unwrap();
    assert_eq!(far["employee_number"], json!(scene.far.username));
    assert_eq!(
        (&far["distance_class"], &far["time"], &far["channel"]),
        (&json!("1_5_km"), &json!("on_time"), &json!("app"))
    );
    assert_eq!(far["commitment"].as_str().unwrap().len(), 64);
    for word in ["106.17", "61197", "10617", "latitude", "Contoh"] {
        assert!(!text.contains(word), "{word}");
    }
    let archive = scene.operator.get(&format!("{path}/file")).bytes;
    assert!(file_of(&archive, "rows.ndjson") == text.as_bytes());
}

#[test]
fn a_table_opens_in_indonesian_excel() {
    let scene = scene().lived();
    scene.app.execute("UPDATE membership SET unit_name = 'Seksi Layanan'");
    let path = scene.sealed();
    let answer = scene.operator.get(&format!("{path}/file.csv"));
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let text = answer.text();
    assert!(text.starts_with("\u{feff}Tanggal;Sesi;Nomor pegawai;Nama;"), "{text}");
    assert_eq!(text.matches("\r\n").count(), 7);
    let number = sherlok::platform::table::grouped_number(&scene.far.username);
    let name = name_of(&scene.far);
    let line = text.lines().find(|line| line.contains("Perlu penjelasan")).unwrap();
    assert!(
        line.starts_with(&format!(
            "2 Maret 2026;Pagi;{number};{name};Dinas Contoh 1.01;Seksi Layanan;Administrasi;WFH;Ya;Diterima;"
        )),
        "{line}"
    );
    assert!(
        line.contains(";1 sampai 5 km;Tepat waktu;08.31 WIB;Aplikasi;"),
        "{line}"
    );
    let slots: Vec<&str> = text
        .lines()
        .skip(1)
        .map(|line| line.split(';').nth(1).unwrap())
        .collect();
    assert_eq!(slots, ["Pagi", "Siang", "Sore", "Pagi", "Siang", "Sore"]);
    for code in ["under_100_m", "1_5_km", "received", "missed", ";app;"] {
        assert!(!text.contains(code), "{code} in {text}");
    }
}

/// The name by which people know somebody.
fn name_of(person: &Person) -> String {
    let me = person.client.get("/v1/me").expect(200);
    me["display_name"].as_str().unwrap().to_owned()
}

#[test]
fn names_are_looked_up_when_rows_are_read_and_only_for_those_who_may_see_them() {
    let scene = scene().lived();
    let path = scene.sent();
    let names = |client: &Client| -> Vec<Value> {
        let page = client.get(&format!("{path}/rows")).expect(200);
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["employee_name"].clone())
            .collect()
    };
    let (near, far) = (json!(name_of(&scene.near)), json!(name_of(&scene.far)));
    for client in [&scene.operator, &scene.officer] {
        let names = names(client);
        assert_eq!(names.len(), 6);
        assert!(names.contains(&near) && names.contains(&far), "{names:?}");
    }
    // Auditors judge without knowing whom, until a case is theirs.
    let auditor = scene.app.official("bkd_auditor");
    assert!(names(&auditor).iter().all(Value::is_null));
    let before = scene.operator.get(&format!("{path}/file.csv"));
    let sealed = scene.operator.get(&format!("{path}/file.ndjson"));
    scene.app.execute("UPDATE employee SET name = 'Nama Baru'");
    assert!(names(&scene.officer).contains(&json!("Nama Baru")));
    let after = scene.operator.get(&format!("{path}/file.csv"));
    assert!(after.text().contains(";Nama Baru;"));
    assert_ne!(after.header("etag"), before.header("etag"));
    let again = scene.operator.get(&format!("{path}/file.ndjson"));
    assert_eq!(
        (again.text(), again.header("etag")),
        (sealed.text(), sealed.header("etag")),
        "what is sealed stays"
    );
}

#[test]
fn a_workbook_keeps_numbers_of_people_as_text() {
    let scene = scene().lived();
    let path = scene.sealed();
    let answer = scene.operator.get(&format!("{path}/file.xlsx"));
    answer.expect(200);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(answer.bytes)).unwrap();
    let range = book.worksheet_range("Baris").unwrap();
    assert_eq!(range.get_size(), (7, 17));
    let number = sherlok::platform::table::grouped_number(&scene.near.username);
    let name = name_of(&scene.near);
    assert!(
        range
            .rows()
            .any(|row| row[2] == Data::String(number.to_string()) && row[3] == Data::String(name.clone()))
    );
    let totals = book.worksheet_range("Jumlah").unwrap();
    for (heading, count) in [
        ("Baris", 6.0),
        ("Pegawai", 2.0),
        ("Diterima", 2.0),
        ("Perlu penjelasan", 1.0),
    ] {
        let row = totals.rows().find(|row| row[0] == Data::String(heading.to_owned()));
        assert_eq!(row.unwrap()[1], Data::Float(count), "{heading}");
    }
}

#[test]
fn the_map_shows_centres_of_a_fixed_grid_and_nobody() {
    let scene = scene().lived();
    let path = scene.sealed();
    let answer = scene.operator.get(&format!("{path}/file.geojson"));
    assert_eq!(answer.header("content-type"), "application/geo+json");
    let map = answer.expect(200);
    let features = map["features"].as_array().unwrap();
    assert_eq!(features.len(), 2);
    for feature in features {
        for degree in feature["geometry"]["coordinates"].as_array().unwrap() {
            let steps = (degree.as_f64().unwrap() - 0.005) * 100.0;
            assert!((steps - steps.round()).abs() < 1e-6, "{degree}");
        }
        assert_eq!(feature["properties"]["check_ins"], 1);
        let keys: Vec<&String> = feature["properties"].as_object().unwrap().keys().collect();
        assert_eq!(keys.len(), 5, "{keys:?}");
    }
    assert_eq!(features[0]["geometry"]["coordinates"][0], json!(106.175));
    let again = scene.operator.get(&format!("{path}/file.geojson"));
    assert_eq!(again.text(), answer.text(), "no jitter");
}

#[test]
fn a_look_at_the_rows_is_on_record() {
    let scene = scene().lived();
    let path = scene.sent();
    scene.officer.get(&format!("{path}/file.csv")).expect(200);
    let actions: Vec<String> = scene
        .app
        .app()
        .store()
        .read(|connection| {
            let id: BatchId = path.rsplit('/').next().unwrap().parse().unwrap();
            store::event::list(connection, "batch", &id.to_string())
        })
        .unwrap()
        .into_iter()
        .map(|event| event.action)
        .collect();
    assert_eq!(actions, ["seal", "submit", "check", "read_rows"]);
}

/// The most memory that this process had since the mark was last cleared, kB.
fn peak_kilobytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Seals a second batch that repeats the rows of a sealed one, 60 pieces long; gives its id and the size of its rows.
fn large_batch(scene: &Scene, small: &str) -> (BatchId, u64) {
    const PIECES: i32 = 60;
    let text = scene.operator.get(&format!("{small}/file.ndjson")).text();
    let piece = text.repeat(500 / 6);
    let id = BatchId::new(uuid::Uuid::from_u128(0x019c_ac40_0000_7000_8000_0000_0000_0001));
    let agency = AgencyCode::parse("1.01").unwrap();
    let now = scene.app.app().now();
    let coverage = Coverage::stored("2026-02-02".parse().unwrap(), DAY.parse().unwrap(), None);
    let header = SealHeader {
        batch_id: id,
        agency_name: "Dinas Contoh 1.01".to_owned(),
        version: 1,
        supersedes: None,
        sealed_at: now,
        prepared_by: None,
    };
    let secret = RowSecret::of(&BatchKey::derive(&[7; 32]), id);
    let manifest = Sealing::new(agency.clone(), coverage, secret).finish(header).unwrap().1;
    let (manifest, digest) = manifest.print().unwrap();
    let store = scene.app.app().store();
    let open = BatchRow::open(id, &agency, coverage, 1, now);
    store
        .write(|connection| {
            store::batch::insert(connection, &open)?;
            for sequence in 0..PIECES {
                store::batch_chunk::insert(connection, id, SealedFile::Rows, sequence, &piece)?;
            }
            let sealed = BatchRow {
                state: BatchState::Sealed,
                sealed_at: Some(now),
                manifest: Some(manifest.clone()),
                manifest_sha256: Some(digest.bytes().to_vec()),
                ..open.clone()
            };
            store::batch::update(connection, &sealed, BatchState::Open)
        })
        .unwrap();
    (id, u64::try_from(piece.len()).unwrap() * u64::try_from(PIECES).unwrap())
}

#[test]
fn a_large_batch_streams_through_little_memory() {
    let scene = scene().lived();
    let small = scene.sealed();
    let (id, whole) = large_batch(&scene, &small);
    for (ending, least) in [
        (".ndjson", whole),
        (".csv", whole / 5),
        ("", 100_000),
        (".xlsx", 100_000),
    ] {
        // Clears the peak (proc(5)), so that it is that of this download alone.
        fs::write("/proc/self/clear_refs", "5").unwrap();
        let before = peak_kilobytes();
        let read = scene.operator.count_bytes(&format!("/v1/batches/{id}/file{ending}"));
        let grown = peak_kilobytes().saturating_sub(before);
        assert!(read >= least, "{ending}: {read} bytes");
        assert!(grown < 4_000, "{ending}: {grown} kB more for {read} bytes of {whole}");
    }
    assert!(submit(&scene.officer, &small).status == 403);
}

#[test]
fn a_reader_that_stops_reading_makes_the_writer_wait_and_keeps_no_connection() {
    let scene = scene().lived();
    let small = scene.sealed();
    let (id, whole) = large_batch(&scene, &small);
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = peak_kilobytes();
    let ask = format!(
        "GET /v1/batches/{id}/file.ndjson HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
        scene.operator.token.as_ref().unwrap()
    );
    // More readers than the store has connections.
    let mut readers: Vec<TcpStream> = (0..8)
        .map(|_| {
            let mut reader = TcpStream::connect(scene.app.base_url.trim_start_matches("http://")).unwrap();
            reader.write_all(ask.as_bytes()).unwrap();
            reader.read_exact(&mut [0; 8 * 1024]).unwrap();
            reader
        })
        .collect();
    std::thread::sleep(Duration::from_millis(500));
    let grown = peak_kilobytes().saturating_sub(before);
    assert!(
        grown < 8 * 2_500,
        "{grown} kB more for eight readers who wait, of {whole} bytes each"
    );
    // The last piece a reader gets is whole: nothing was thrown away while it waited.
    let mut rest = Vec::new();
    readers.pop().unwrap().read_to_end(&mut rest).unwrap();
    assert!(
        u64::try_from(rest.len()).unwrap() > whole - 8 * 1024,
        "{} bytes",
        rest.len()
    );
    assert!(rest.ends_with(b"\r\n0\r\n\r\n"));
    scene.operator.get(&small).expect(200);
}

//! The personnel import: the real export as CSV and XLSX, every kind of bad row, and what a file may not do.

use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

const EXPORT: &[u8] = include_bytes!("../fixtures/simpeg_siasn_export_synthetic.csv");
const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const IMPORT: &str = "/v1/agencies/1.01/employees/import";

fn import(client: &Client, text: &str) -> Answer {
    client.send("POST", IMPORT, Some(CSV), text.as_bytes())
}

fn counts(report: &Value) -> [u64; 4] {
    ["created", "updated", "unchanged", "refused"].map(|name| report[name].as_u64().unwrap())
}

fn findings(report: &Value) -> Vec<(u64, String, String)> {
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| {
            (
                finding["row"].as_u64().unwrap(),
                text(finding, "field"),
                text(finding, "code"),
            )
        })
        .collect()
}

fn staff(client: &Client) -> Vec<Value> {
    client.get("/v1/agencies/1.01/employees").expect(200)["items"]
        .as_array()
        .unwrap()
        .clone()
}

#[test]
fn the_siasn_export_goes_in_and_twice_changes_nothing() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let report = operator.send("POST", IMPORT, Some(CSV), EXPORT).expect(200);
    assert_eq!(counts(&report), [8, 0, 0, 0]);
    for column in ["AGAMA NAMA", "NIK", "NPWP NOMOR", "JENIS KAWIN NAMA", "BPJS"] {
        let dropped = report["dropped_columns"].as_array().unwrap();
        assert!(dropped.iter().any(|name| name == column), "{column}");
    }
    // No unit is registered yet: everybody goes in without one, and the report says so.
    assert!(
        findings(&report)
            .iter()
            .all(|(_, field, code)| field == "UNOR NAMA" && code == "unit_unknown")
    );
    assert_eq!(report["findings"].as_array().unwrap().len(), 8);
    let before = staff(&operator);
    assert_eq!(before.len(), 8);
    assert_eq!(before[3]["name"], "CONTOH ENAM");
    assert_eq!(before[5]["name"], "Drs. CONTOH SATU, M.Si");
    assert_eq!(before[5]["number_printed"], "19680211 199303 1 901");
    assert_eq!(before[5]["account_state"], "pending");
    assert_eq!(before[5]["echelon"], "II.a");
    let again = operator.send("POST", IMPORT, Some(CSV), EXPORT).expect(200);
    assert_eq!(counts(&again), [0, 0, 8, 0]);
    assert_eq!(staff(&operator), before);
}

#[test]
fn teachers_are_educators_and_pppk_are_told_from_pns_by_their_number() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    operator.send("POST", IMPORT, Some(CSV), EXPORT).expect(200);
    let staff = staff(&operator);
    let find = |name: &str| {
        staff
            .iter()
            .find(|person| person["name"].as_str().unwrap().contains(name))
            .unwrap()
    };
    assert_eq!(find("CONTOH TIGA")["work_group"], "educator");
    assert_eq!(find("CONTOH TIGA")["number_kind"], "pns");
    assert_eq!(find("CONTOH DELAPAN")["work_group"], "administration");
    assert_eq!(find("CONTOH DELAPAN")["number_kind"], "pppk");
}

#[test]
fn a_workbook_goes_in_like_the_text_and_a_number_cell_is_named() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, name) in (0..).zip(["NIP BARU", "NAMA", "NOMOR HP"]) {
        sheet.write_string(0, column, name).unwrap();
    }
    sheet.write_string(1, 0, "199012012019032904").unwrap();
    sheet.write_string(1, 1, "SITI").unwrap();
    sheet.write_number(1, 2, 81_234_567_890.0).unwrap();
    sheet.write_number(2, 0, 198_609_262_015_051_903.0).unwrap();
    sheet.write_string(2, 1, "BUDI").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let report = operator.send("POST", IMPORT, Some(XLSX), &bytes).expect(200);
    assert_eq!(counts(&report), [1, 0, 0, 1]);
    assert_eq!(findings(&report), [(3, "NIP BARU".into(), "number_lost_digits".into())]);
    let id = staff(&operator)[0]["id"].as_str().unwrap().to_owned();
    let person = operator.get(&format!("/v1/agencies/1.01/employees/{id}")).expect(200);
    assert_eq!(person["phone"], "081234567890");
}

#[test]
fn each_bad_row_is_named_with_field_code_and_a_sentence_and_the_good_ones_go_in() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let text = "NIP BARU;NAMA;TANGGAL LAHIR;JENIS KELAMIN;EMAIL\r\n\
        1.98609E+17;SATU;;;\r\n\
        198613262015051901;DUA;;;\r\n\
        199012012019032904;=HYPERLINK(\"http://x\");;;\r\n\
        199012012019032905;LIMA;01-12-1990;M;\r\n\
        199012012019032906;ENAM;02-12-1990;F;bukan surel\r\n\
        '19901201 201903 2 906;ENAM LAGI;;;\r\n\
        ;TUJUH;;;\r\n\
        199012012019032908;DELAPAN; S.Kom.;M;F;x@y.id\r\n";
    let report = import(&operator, text).expect(200);
    assert_eq!(counts(&report), [1, 0, 0, 7]);
    let expected = [
        (2, "NIP BARU", "number_scientific_notation"),
        (3, "NIP BARU", "number_birth_date"),
        (4, "NAMA", "unsafe_text"),
        (5, "JENIS KELAMIN", "sex_differs"),
        (6, "EMAIL", "email_unreadable"),
        (6, "TANGGAL LAHIR", "birth_date_differs"),
        (7, "NIP BARU", "number_repeated"),
        (8, "NIP BARU", "number_missing"),
        (9, "NIP BARU", "cells_shifted"),
    ];
    assert_eq!(
        findings(&report),
        expected.map(|(row, field, code)| (row, field.into(), code.into()))
    );
    assert_eq!(report["findings"][4]["severity"], "warning");
    assert_eq!(
        report["findings"][6]["message"],
        "NIP ini sudah ada di baris 6. Hapus salah satunya."
    );
    let english = operator.with_header("accept-language", "en");
    let report = import(&english, text).expect(200);
    assert_eq!(
        report["findings"][6]["message"],
        "This number stands in row 6 already. Remove one of them."
    );
    assert_eq!(staff(&operator).len(), 1);
}

#[test]
fn a_file_that_is_no_table_is_refused_whole() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let refused = |bytes: &[u8], code: &str| {
        let body = operator
            .send("POST", IMPORT, Some(CSV), bytes)
            .problem(422, "invalid_fields");
        assert_eq!(body["fields"][0]["code"], code);
    };
    refused(b"", "file_empty");
    refused(b"\xff\xfeN\0A\0", "file_not_utf8");
    refused(b"NAMA;NIK\nSITI;1\n", "column_missing");
    refused(b"NIP;NAMA;NIP\n1;SITI;1\n", "column_repeated");
    refused(
        &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0, 0, 0],
        "file_old_or_locked",
    );
    refused(b"PK\x03\x04 this is no archive", "file_damaged");
    refused(
        format!("NIP;NAMA\n{}", "1;x\n".repeat(30_001)).as_bytes(),
        "file_too_large",
    );
    operator
        .send("POST", IMPORT, Some("application/json"), b"{}")
        .problem(415, "unsupported_media_type");
    operator
        .send("POST", IMPORT, Some(CSV), &vec![b'x'; 16 * 1024 * 1024 + 1])
        .problem(413, "body_too_large");
}

#[test]
fn an_archive_that_inflates_without_end_is_refused() {
    use std::io::Write;
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    archive.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let megabyte = vec![b' '; 1024 * 1024];
    for _ in 0..129 {
        archive.write_all(&megabyte).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 1024 * 1024);
    let body = operator
        .send("POST", IMPORT, Some(XLSX), &bytes)
        .problem(422, "invalid_fields");
    assert_eq!(body["fields"][0]["code"], "file_too_large");
}

#[test]
fn a_changed_position_begins_a_new_stretch_and_the_file_s_silence_changes_nothing() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    import(
        &operator,
        "NIP;NAMA;JABATAN NAMA;GOL AKHIR NAMA\n199012012019032904;SITI;Pranata;III/a\n",
    )
    .expect(200);
    app.advance(chrono::Duration::days(7));
    let operator = app.official("agency_operator:1.01");
    let report = import(
        &operator,
        "NIP;NAMA;JABATAN NAMA\n199012012019032904;SITI AMINAH;Kepala Seksi\n",
    )
    .expect(200);
    assert_eq!(counts(&report), [0, 1, 0, 0]);
    let person = &staff(&operator)[0];
    assert_eq!(
        (person["name"].as_str(), person["grade"].as_str()),
        (Some("SITI AMINAH"), Some("III/a"))
    );
    assert_eq!(
        (person["position"].as_str(), person["valid_from"].as_str()),
        (Some("Kepala Seksi"), Some("2026-03-09"))
    );
    let then = operator.get("/v1/agencies/1.01/employees?date=2026-03-08").expect(200);
    assert_eq!(then["items"][0]["position"], "Pranata");
    assert_eq!(then["items"][0]["valid_to"], "2026-03-08");
}

#[test]
fn people_of_another_agency_and_people_who_left_stay_out() {
    let app = TestApp::start();
    let elsewhere = app.employee("1.02");
    let operator = app.official("agency_operator:1.01");
    let text = format!("NIP;NAMA\n{};CONTOH\n199012012019032904;SITI\n", elsewhere.username);
    let report = import(&operator, &text).expect(200);
    assert_eq!(counts(&report), [1, 0, 0, 1]);
    assert_eq!(findings(&report), [(2, "NIP BARU".into(), "belongs_elsewhere".into())]);
    let id = staff(&operator)[0]["id"].as_str().unwrap().to_owned();
    let leaves = serde_json::json!({ "date": "2026-03-02" });
    operator
        .post(&format!("/v1/employees/{id}/retirement"), &leaves)
        .expect(204);
    app.advance(chrono::Duration::days(1));
    let operator = app.official("agency_operator:1.01");
    let report = import(&operator, "NIP;NAMA\n199012012019032904;SITI\n").expect(200);
    assert_eq!(findings(&report), [(2, "NIP BARU".into(), "membership_ended".into())]);
    assert_eq!(staff(&operator).len(), 0);
}

#[test]
fn an_account_that_bears_a_number_before_its_person_comes_is_not_handed_over() {
    let app = TestApp::start();
    let administrator = app.official("administrator");
    let body = serde_json::json!({
        "username": "199012012019032904", "display_name": "Mendahului", "password": "sandi-panjang-1", "roles": [],
    });
    administrator.post("/v1/accounts", &body).expect(201);
    let operator = app.official("agency_operator:1.01");
    let report = import(&operator, "NIP;NAMA\n199012012019032904;SITI\n").expect(200);
    assert_eq!(findings(&report), [(2, "NIP BARU".into(), "account_taken".into())]);
    assert_eq!(counts(&report), [1, 0, 0, 0]);
    assert!(staff(&operator)[0].get("account_state").is_none());
    let mut early = app.nobody();
    early.sign_in("199012012019032904", "sandi-panjang-1").expect(200);
    assert!(early.get("/v1/me").expect(200).get("employee_id").is_none());
}

#[test]
fn people_whom_the_file_does_not_name_are_counted_and_left_alone() {
    let app = TestApp::start();
    app.employee("1.01");
    let operator = app.official("agency_operator:1.01");
    let report = import(&operator, "NIP;NAMA\n199012012019032904;SITI\n").expect(200);
    assert_eq!(report["not_in_file"], 1);
    assert_eq!(staff(&operator).len(), 2);
}

#[test]
fn only_the_agency_s_operator_may_import() {
    let app = TestApp::start();
    app.agency("1.01");
    let foreign = app.official("agency_operator:1.02");
    import(&foreign, "").problem(404, "not_found");
    for role in ["bkd_officer", "administrator", "agency_head:1.01"] {
        import(&app.official(role), "").problem(403, "forbidden");
    }
    import(&app.employee("1.01").client, "").problem(403, "forbidden");
    import(&app.nobody(), "").problem(401, "unauthenticated");
}

#[test]
fn a_thousand_people_go_in_at_once() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let rows: String = (0..1_200)
        .map(|index| {
            format!(
                "1990{:02}{:02}2015051{:03};ORANG {index:04};Bidang\n",
                1 + index / 100 % 12,
                1 + index % 28,
                1 + index % 999
            )
        })
        .fold(String::new(), |text, row| text + &row);
    let report = import(&operator, &format!("NIP;NAMA;UNIT\n{rows}")).expect(200);
    let created = report["created"].as_u64().unwrap();
    assert_eq!(created + report["refused"].as_u64().unwrap(), 1_200);
    assert!(created > 1_000, "{created}");
    let mut seen = 0;
    let mut address = "/v1/agencies/1.01/employees?limit=200".to_owned();
    loop {
        let page = operator.get(&address).expect(200);
        seen += page["items"].as_array().unwrap().len();
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        address = format!("/v1/agencies/1.01/employees?limit=200&cursor={cursor}");
    }
    assert_eq!(u64::try_from(seen).unwrap(), created);
}

#[test]
fn the_command_line_imports_like_the_route_and_says_what_it_did() {
    use sherlok::cli::import::{ImportArguments, carry_out};
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("ekspor.csv");
    std::fs::write(&file, EXPORT).unwrap();
    let run = |agency: &str, is_json: bool| {
        let mut output = Vec::new();
        let arguments = ImportArguments::new(agency, file.clone(), false, is_json);
        carry_out(app.app(), &arguments, &mut output)
            .map(|()| String::from_utf8(output).unwrap())
            .map_err(|error| error.to_string())
    };
    let report: Value = serde_json::from_str(&run("1.01", true).unwrap()).unwrap();
    assert_eq!(counts(&report), [8, 0, 0, 0]);
    assert_eq!(staff(&operator).len(), 8);
    let text = run("1.01", false).unwrap();
    assert!(text.contains("unchanged: 8\n") && text.contains("AGAMA NAMA"), "{text}");
    assert!(text.contains("2 UNOR NAMA: Unit kerja belum terdaftar."), "{text}");
    assert_eq!(run("9.99", false).unwrap_err(), "there is no agency of this code");
    std::fs::write(&file, b"").unwrap();
    assert_eq!(run("1.01", false).unwrap_err(), "Berkas ini kosong.");
}

#[test]
fn a_dry_run_reports_the_same_and_keeps_nothing() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let dry = format!("{IMPORT}?dry_run=true");
    let rehearsed = operator.send("POST", &dry, Some(CSV), EXPORT).expect(200);
    assert_eq!(counts(&rehearsed), [8, 0, 0, 0]);
    assert_eq!(staff(&operator), Vec::<Value>::new());
    let report = operator.send("POST", IMPORT, Some(CSV), EXPORT).expect(200);
    assert_eq!(rehearsed, report);
    let again = operator.send("POST", &dry, Some(CSV), EXPORT).expect(200);
    assert_eq!(counts(&again), [0, 0, 8, 0]);
    operator
        .send("POST", &format!("{IMPORT}?dry_run=maybe"), Some(CSV), EXPORT)
        .expect(422);
}

#[test]
fn a_finding_stands_beside_the_name_in_its_row_and_the_cell_that_it_is_about() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let text = "NIP BARU;NAMA;JABATAN NAMA\n1985;DEWI LESTARI;Analis\n";
    let report = operator
        .send("POST", &format!("{IMPORT}?dry_run=true"), Some(CSV), text.as_bytes())
        .expect(200);
    let finding = &report["findings"][0];
    assert_eq!(
        [&finding["row"], &finding["name"], &finding["value"]],
        [&json!(2), &json!("DEWI LESTARI"), &json!("1985")]
    );
}

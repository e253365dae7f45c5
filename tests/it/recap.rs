//! Recaps through their routes: what a day counts as, what is provisional, what is closed and what differs afterwards.

use crate::circular::issued;
use crate::harness::TestApp;
use crate::harness::client::Client;
use crate::harness::people::Person;
use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};
use sherlok::domain::place::Place;
use sherlok::domain::slot::Slot;
use sherlok::domain::work_mode::WorkMode;
use std::io::Cursor;
use uuid::Uuid;

const FEBRUARY: &str = "/v1/agencies/1.01/recaps/2026-02";

fn recap(client: &Client, address: &str) -> Value {
    client.get(address).expect(200)
}

/// What stands in the cell of a date.
fn sign(line: &Value, date: &str) -> String {
    let days = line["days"].as_array().unwrap();
    let day = days.iter().find(|day| day["date"] == date).unwrap();
    day["sign"].as_str().unwrap().to_owned()
}

fn day<'a>(line: &'a Value, date: &str) -> &'a Value {
    let days = line["days"].as_array().unwrap();
    days.iter().find(|day| day["date"] == date).unwrap()
}

fn codes(told: &Value) -> Vec<&str> {
    told.as_array()
        .unwrap()
        .iter()
        .map(|told| told["code"].as_str().unwrap())
        .collect()
}

/// Someone with a week of every kind of day in February 2026, and the agency's operator.
fn scene() -> (TestApp, Person, Client) {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let person = app.employee("1.01");
    for date in ["2026-02-02", "2026-02-03", "2026-02-04", "2026-02-05"] {
        app.assign(&person, date, WorkMode::Wfh);
    }
    app.assign(&person, "2026-02-06", WorkMode::Leave);
    app.assign(&person, "2026-02-09", WorkMode::Sick);
    app.assign(&person, "2026-02-10", WorkMode::DutyTravel);
    app.assign(&person, "2026-02-11", WorkMode::Picket);
    app.full_day(&person, "2026-02-02");
    app.result(&person, "2026-02-03", Slot::Morning, Place::Inside, "07:45");
    app.result(&person, "2026-02-05", Slot::Morning, Place::Outside, "07:45");
    (app, person, operator)
}

#[test]
fn a_month_tells_every_day_with_its_reason_and_its_columns_add_up() {
    let (_app, person, operator) = scene();
    let recap = recap(&operator, FEBRUARY);
    assert_eq!(recap["standing"], "ready");
    assert_eq!(recap["government"], "Pemerintah Provinsi Banten");
    let line = &recap["items"][0];
    assert_eq!(line["employee_id"], person.id.uuid().to_string());
    let signs = [
        ("2026-02-01", "-"),
        ("2026-02-02", "R"),
        ("2026-02-03", "R*"),
        ("2026-02-04", "TK"),
        ("2026-02-05", "R?"),
        ("2026-02-06", "C"),
        ("2026-02-09", "S"),
        ("2026-02-10", "DL"),
        ("2026-02-11", "P"),
        ("2026-02-12", "K"),
        ("2026-02-17", "L"),
    ];
    for (date, expected) in signs {
        assert_eq!(sign(line, date), expected, "{date}");
    }
    // From outside: to be explained, counted as present, nothing taken off.
    assert_eq!(day(line, "2026-02-05")["status"], "to_explain");
    assert!(codes(&day(line, "2026-02-05")["reasons"]).contains(&"only_from_outside"));
    let totals = &line["totals"];
    let number = |name: &str| totals[name].as_i64().unwrap();
    assert_eq!((number("absent"), number("leave"), number("sick")), (1, 1, 1));
    assert_eq!((number("home"), number("picket"), number("travel")), (3, 1, 1));
    assert_eq!((number("incomplete"), number("to_explain")), (1, 1));
    let sum = ["present", "leave", "sick", "permission", "absent"].map(number);
    assert_eq!(number("work_days"), sum.iter().sum::<i64>());
    assert_eq!(
        (&totals["deduction_percent"], number("deduction_bp")),
        (&json!("4,0"), 400)
    );
}

#[test]
fn a_running_month_is_provisional_in_words_and_never_an_error() {
    let (app, _person, operator) = scene();
    let address = "/v1/agencies/1.01/recaps/2026-03";
    let running = recap(&operator, address);
    assert_eq!(running["standing"], "provisional");
    assert_eq!(codes(&running["notes"]), ["month_runs"]);
    assert_eq!(
        running["notes"][0]["message"],
        "Bulan ini berjalan sampai 31 Maret 2026."
    );
    let line = &running["items"][0];
    assert_eq!(day(line, "2026-03-02")["status"], "pending");
    assert_eq!(
        (&line["totals"]["work_days"], &line["totals"]["attendance_bp"]),
        (&json!(0), &Value::Null)
    );
    let english = operator.with_header("accept-language", "en");
    let message = recap(&english, address)["message"].clone();
    assert_eq!(message, "Provisional: figures may still change.");
    // A month ahead is empty, not wrong.
    assert_eq!(
        recap(&operator, "/v1/agencies/1.01/recaps/2027-03")["standing"],
        "provisional"
    );
    // For a day after its end shares captured in time may still come.
    app.set_clock("2026-03-31T20:00:00+07:00");
    let mut operator = operator;
    operator.renew();
    assert_eq!(codes(&recap(&operator, address)["notes"]), ["month_runs"]);
    app.set_clock("2026-04-01T10:00:00+07:00");
    operator.renew();
    assert_eq!(codes(&recap(&operator, address)["notes"]), ["late_shares_may_come"]);
    app.set_clock("2026-04-02T00:00:00+07:00");
    operator.renew();
    assert_eq!(recap(&operator, address)["standing"], "ready");
}

#[test]
fn a_closed_month_is_frozen_and_a_correction_makes_a_version_that_shows_the_difference() {
    let (_app, person, operator) = scene();
    let closure = format!("{FEBRUARY}/closure");
    operator
        .post("/v1/agencies/1.01/recaps/2026-03/closure", &json!({}))
        .problem(409, "wrong_state");
    let first = operator.post(&closure, &json!({"note": "Rekap Februari"})).expect(201);
    assert_eq!(
        (&first["version"], &first["people"], &first["note"]),
        (&json!(1), &json!(1), &json!("Rekap Februari"))
    );
    // Again, with nothing changed: the same version.
    assert_eq!(operator.post(&closure, &json!({})).expect(200), first);
    let correction = json!({"agency": "1.01", "items": [{"employee_id": person.id.uuid(), "date": "2026-02-04",
        "mode": "duty_travel", "reason": "Surat tugas 12 terlambat masuk"}]});
    operator.post("/v1/rosters", &correction).expect(200);
    let closed = recap(&operator, FEBRUARY);
    assert_eq!((&closed["standing"], &closed["version"]), (&json!("closed"), &json!(1)));
    assert_eq!(sign(&closed["items"][0], "2026-02-04"), "TK");
    let present = recap(&operator, &format!("{FEBRUARY}?version=0"));
    assert_eq!(sign(&present["items"][0], "2026-02-04"), "DL");
    let difference = recap(&operator, &format!("{FEBRUARY}/difference"));
    assert_eq!(
        (&difference["from"], &difference["to"], &difference["people"]),
        (&json!(1), &Value::Null, &json!(1))
    );
    let change = &difference["items"][0];
    assert_eq!(
        change["days"],
        json!([{"what": "2026-02-04", "before": "TK", "after": "DL"}])
    );
    let moved: Vec<&str> = change["totals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|total| total["what"].as_str().unwrap())
        .collect();
    assert_eq!(moved, ["H", "DL", "TK", "% Hadir", "% Potongan"]);
    let second = operator.post(&closure, &json!({})).expect(201);
    assert_eq!(second["version"], 2);
    assert_eq!(sign(&recap(&operator, FEBRUARY)["items"][0], "2026-02-04"), "DL");
    assert_eq!(
        sign(
            &recap(&operator, &format!("{FEBRUARY}?version=1"))["items"][0],
            "2026-02-04"
        ),
        "TK"
    );
    let versions = recap(&operator, &format!("{FEBRUARY}/versions"));
    let numbers: Vec<i64> = versions["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["version"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, [2, 1]);
    assert_eq!(recap(&operator, &format!("{FEBRUARY}/difference"))["people"], 0);
    assert_eq!(
        recap(&operator, &format!("{FEBRUARY}/difference?from=1&to=2"))["items"][0],
        *change
    );
    for missing in ["?version=3", "/difference?from=3", "/difference?to=3"] {
        operator.get(&format!("{FEBRUARY}{missing}")).problem(404, "not_found");
    }
    operator
        .get("/v1/agencies/1.01/recaps/2026-01/difference")
        .problem(404, "not_found");
}

#[test]
fn what_is_closed_never_changes_and_two_closers_make_one_version() {
    let (app, _person, operator) = scene();
    let twin = app.twin();
    let closers: Vec<Client> = [&app.base_url, &twin.base_url, &app.base_url, &twin.base_url]
        .into_iter()
        .map(|base_url| operator.at(base_url))
        .collect();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = closers
            .iter()
            .map(|closer| scope.spawn(|| closer.post(&format!("{FEBRUARY}/closure"), &json!({})).status))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 201).count(),
        1,
        "{statuses:?}"
    );
    assert!(
        statuses.iter().all(|status| [200, 201].contains(status)),
        "{statuses:?}"
    );
    assert_eq!(
        recap(&operator, &format!("{FEBRUARY}/versions"))["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert!(app.try_execute("UPDATE recap_line SET line = '{}'").is_err());
    assert!(app.try_execute("UPDATE recap_version SET people = 0").is_err());
}

#[test]
fn only_those_of_the_agency_and_bkd_read_a_recap_and_only_the_agency_closes_it() {
    let (app, person, _operator) = scene();
    let closure = format!("{FEBRUARY}/closure");
    for role in ["agency_head:1.01", "bkd_officer", "bkd_head"] {
        app.official(role).get(FEBRUARY).expect(200);
    }
    let foreign = app.official("agency_operator:1.02");
    for address in [
        FEBRUARY.to_owned(),
        format!("{FEBRUARY}.csv"),
        format!("{FEBRUARY}/versions"),
    ] {
        foreign.get(&address).problem(404, "not_found");
        person.client.get(&address).problem(403, "forbidden");
        app.official("administrator").get(&address).problem(403, "forbidden");
        app.nobody().get(&address).problem(401, "unauthenticated");
    }
    foreign.post(&closure, &json!({"x": 1})).problem(404, "not_found");
    app.official("bkd_officer")
        .post(&closure, &json!({}))
        .problem(403, "forbidden");
    app.official("agency_head:1.01").post(&closure, &json!({})).expect(201);
    let operator = app.official("agency_operator:1.01");
    for month in ["2026-13", "2026-2", "februari", "2026-02.doc"] {
        operator
            .get(&format!("/v1/agencies/1.01/recaps/{month}"))
            .problem(404, "not_found");
    }
    operator
        .post(&closure, &json!({"note": "x".repeat(501)}))
        .names_field(422, "note");
    operator.post(&closure, &json!({"nota": "x"})).names_field(422, "nota");
    operator
        .get(&format!("{FEBRUARY}?version=x"))
        .names_field(422, "version");
    operator.get(&format!("{FEBRUARY}?limit=0")).names_field(422, "limit");
    operator.get(&format!("{FEBRUARY}?cursor=x")).names_field(422, "cursor");
    app.official("bkd_officer")
        .get("/v1/agencies/9.99/recaps/2026-02")
        .problem(404, "not_found");
}

#[test]
fn people_come_in_pages_by_post_grade_and_name_closed_or_not() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let people: Vec<Person> = (0..5).map(|_| app.employee("1.01")).collect();
    let post = |person: &Person, echelon: &str, grade: &str| {
        app.execute(&format!(
            "UPDATE membership SET echelon = {echelon}, grade = '{grade}' WHERE employee_id = {}",
            app.literal(person.id.uuid())
        ));
    };
    post(&people[3], "'II.a'", "IV/c");
    post(&people[4], "NULL", "III/d");
    let expected: Vec<String> = [3, 4, 0, 1, 2]
        .map(|index: usize| people[index].id.uuid().to_string())
        .to_vec();
    let walk = |query: &str| {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = recap(&operator, &format!("{FEBRUARY}?limit=2{query}{cursor}"));
            for (line, ordinal) in page["items"].as_array().unwrap().iter().zip(seen.len() + 1..) {
                assert_eq!(line["ordinal"], ordinal);
                seen.push(line["employee_id"].as_str().unwrap().to_owned());
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return seen,
            }
        }
    };
    assert_eq!(walk("&version=0"), expected);
    operator.post(&format!("{FEBRUARY}/closure"), &json!({})).expect(201);
    assert_eq!(walk(""), expected);
}

#[test]
fn the_csv_is_what_an_office_prints_and_is_signed_by_two() {
    let (app, person, operator) = scene();
    let head = app.employee("1.01");
    let setting = "/v1/agencies/1.01/recap-setting";
    assert_eq!(recap(&operator, setting), json!({"version": 0}));
    let body = json!({"place": "Serang", "officer_employee_id": person.id.uuid(), "head_employee_id": head.id.uuid()});
    let writer = operator.with_header("if-match", "\"0\"");
    writer.put(setting, &body).expect(200);
    writer.put(setting, &body).problem(412, "stale_version");
    let stranger = app.employee("1.02");
    operator
        .with_header("if-match", "\"1\"")
        .put(setting, &json!({"head_employee_id": stranger.id.uuid()}))
        .names_field(422, "head_employee_id");
    let answer = operator.get(&format!("{FEBRUARY}.csv"));
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert!(answer.header("content-disposition").contains("rekap-1.01-2026-02.csv"));
    let text = answer.text();
    assert!(text.starts_with("\u{feff}PEMERINTAH PROVINSI BANTEN\r\nREKAPITULASI PRESENSI PEGAWAI\r\n"));
    let row = text.lines().find(|line| line.starts_with("1;")).unwrap();
    let fields: Vec<&str> = row.split(';').collect();
    assert_eq!(fields.len(), 5 + 28 + 10 + 8 + 4);
    assert_eq!(&fields[5..11], ["-", "R", "R*", "TK", "R?", "C"]);
    assert!(fields[1].contains(' '), "a NIP stands in its groups: {}", fields[1]);
    assert!(text.contains("Keterangan: K=WFO; R=WFH;"));
    assert!(text.contains(";Serang, 2 Maret 2026\r\n"));
    assert_eq!(text.matches("NIP 19860926").count(), 2);
    assert!(text.contains("Penata Muda Tingkat I, III/b"));
}

#[test]
fn the_workbook_keeps_a_nip_as_text_and_repeats_its_headings() {
    let (_app, person, operator) = scene();
    operator.post(&format!("{FEBRUARY}/closure"), &json!({})).expect(201);
    let answer = operator.get(&format!("{FEBRUARY}.xlsx?version=1"));
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-disposition")
            .contains("rekap-1.01-2026-02-v1.xlsx")
    );
    let mut read: Xlsx<_> = Xlsx::new(Cursor::new(&answer.bytes)).unwrap();
    let range = read.worksheet_range("Rekap 2026-02").unwrap();
    assert_eq!(
        range.get_value((3, 0)),
        Some(&Data::String("BULAN: FEBRUARI 2026".to_owned()))
    );
    assert_eq!(range.get_value((5, 1)), Some(&Data::String("NIP".to_owned())));
    let nip = range.get_value((6, 1)).unwrap().to_string();
    assert_eq!(nip.replace(' ', ""), person.username);
    assert_eq!(range.get_value((6, 6)), Some(&Data::String("R".to_owned())));
    // % potongan is a number that a spreadsheet can add up.
    let last = u32::try_from(5 + 28 + 10 + 8 + 3).unwrap();
    assert_eq!(range.get_value((6, last)), Some(&Data::Float(4.0)));
    let names: Vec<String> = read
        .defined_names()
        .iter()
        .map(|(name, area)| format!("{name} {area}"))
        .collect();
    assert!(
        names
            .iter()
            .any(|name| name.contains("Print_Titles") && name.ends_with("$6:$6")),
        "{names:?}"
    );
    assert!(names.iter().any(|name| name.contains("Print_Area")), "{names:?}");
    operator
        .get(&format!("{FEBRUARY}.xlsx?version=2"))
        .problem(404, "not_found");
}

/// A circular under which people at the office share, and the hours of the day count, or not.
fn timed_circular(app: &TestApp, clock_counts: bool) {
    let slot = |slot: &str, opens: u16, closes: u16| json!({"slot": slot, "window": {"opens_minute": opens, "closes_minute": closes}, "grace_minutes": 10});
    let mut terms = json!({"kind": "checkin", "required_modes": ["wfo", "wfh"], "slots": [
        slot("morning", 420, 600), slot("midday", 690, 810), slot("afternoon", 900, 1_080)]});
    if clock_counts {
        terms["clock_counts"] = json!(true);
    }
    let body = json!({
        "number": "5 Tahun 2026", "title": "Jam kerja", "issuer": {"office": "governor", "name": "Gubernur Banten"},
        "jurisdiction_code": "36", "signed_on": "2026-01-05", "effective_from": "2026-02-01",
        "effective_to": "2026-02-28", "legal_basis": [], "relations": [], "rules": [terms,
            {"kind": "schedule", "hours": [{"days": ["Mon", "Tue", "Wed", "Thu", "Fri"], "starts_minute": 450,
                "ends_minute": 960, "break_minutes": 60}]}],
    });
    issued(&app.official("bkd_officer"), &body);
}

#[test]
fn lateness_counts_only_where_the_circular_says_that_the_clock_does() {
    for clock_counts in [false, true] {
        let app = TestApp::start();
        let operator = app.official("agency_operator:1.01");
        let person = app.employee("1.01");
        timed_circular(&app, clock_counts);
        app.full_day(&person, "2026-02-02");
        app.result(&person, "2026-02-03", Slot::Morning, Place::Inside, "08:30");
        app.result(&person, "2026-02-03", Slot::Midday, Place::Inside, "12:00");
        app.result(&person, "2026-02-03", Slot::Afternoon, Place::Inside, "15:20");
        let line = recap(&operator, FEBRUARY)["items"][0].clone();
        let (first, second) = (day(&line, "2026-02-02"), day(&line, "2026-02-03"));
        assert_eq!((&first["sign"], &second["sign"]), (&json!("K"), &json!("K")));
        if clock_counts {
            assert_eq!(first["late"], json!({"code": "TL1", "minutes": 15}));
            assert_eq!(second["late"], json!({"code": "TL2", "minutes": 60}));
            assert_eq!(second["early"], json!({"code": "PSW2", "minutes": 40}));
            assert_eq!(line["totals"]["bands"]["TL1"], 1);
        } else {
            assert_eq!((&first["late"], &second["early"]), (&Value::Null, &Value::Null));
            assert_eq!(line["totals"]["bands"]["TL2"], 0);
        }
    }
}

#[test]
fn a_review_that_people_upheld_takes_the_share_back_and_an_open_one_makes_the_month_provisional() {
    let (app, person, operator) = scene();
    let now = if app.is_postgres() { "now()" } else { "1" };
    let audit = app.literal(Uuid::from_u128(7));
    let nobody = app.literal(Uuid::nil());
    app.execute(&format!(
        "INSERT INTO audit (id, from_date, to_date, strata, confidence_bp, tolerable_bp, expected_bp, state, seed_rule, population, \
         planned_at, planned_by, version) \
         VALUES ({audit}, '2026-02-02', '2026-02-05', 'agency', 9500, 500, 0, 'planned', '{{}}', 1, {now}, {nobody}, 1)"
    ));
    let case = |serial: u128, slot: i16, outcome: &str| {
        let decided = if outcome == "NULL" { "NULL" } else { now };
        app.execute(&format!(
            "INSERT INTO audit_case (employee_id, id, audit_id, unit, agency_code, work_date, slot, stratum, draw_order, \
             ticket, auditor_id, finding, reviewed_at, outcome, decided_at, version) VALUES ({}, {}, {audit}, 'u{serial}', \
             '1.01', '2026-02-05', {slot}, 's', 1, 't', {nobody}, 'invalid_proposed', {now}, {outcome}, {decided}, 1)",
            app.literal(person.id.uuid()),
            app.literal(Uuid::from_u128(serial)),
        ));
    };
    case(1, 1, "NULL");
    assert_eq!(codes(&recap(&operator, FEBRUARY)["notes"]), ["reviews_open"]);
    app.execute("DELETE FROM audit_case");
    case(2, 1, "'inconclusive'");
    let settled = recap(&operator, FEBRUARY);
    assert_eq!(
        (&settled["standing"], sign(&settled["items"][0], "2026-02-05")),
        (&json!("ready"), "R*".to_owned())
    );
    app.execute("DELETE FROM audit_case");
    case(3, 1, "'upheld'");
    let upheld = recap(&operator, FEBRUARY)["items"][0].clone();
    assert_eq!(sign(&upheld, "2026-02-05"), "TK");
    assert!(codes(&day(&upheld, "2026-02-05")["reasons"]).contains(&"slot_upheld"));
}

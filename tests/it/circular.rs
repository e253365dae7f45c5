//! Circulars through their routes: written, issued, revoked, read, and what is refused.

use crate::harness::TestApp;
use crate::harness::client::{Answer, Client};
use serde_json::{Value, json};
use sherlok::domain::circular::archive::archive;

/// A text that may be issued, with some fields changed.
pub(crate) fn text(number: &str, changes: &Value) -> Value {
    let mut body = json!({
        "number": number,
        "title": "Penyesuaian Sistem Kerja",
        "issuer": {"office": "governor", "name": "Gubernur Contoh"},
        "jurisdiction_code": "36",
        "signed_on": "2026-03-01",
        "effective_from": "2026-03-02",
        "effective_to": "2026-03-31",
        "legal_basis": ["Peraturan Presiden Nomor 21 Tahun 2023"],
        "rules": [{"kind": "work_mode", "group": "administration", "mode": "wfh"}],
    });
    for (key, value) in changes.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

/// Drafts a circular and has a colleague issue it, who acknowledges whatever it clashes with; gives its id.
pub(crate) fn issued(officer: &Client, body: &Value) -> String {
    let id = drafted(officer, body);
    let clashes = officer.get(&format!("/v1/circulars/{id}")).expect(200)["conflicts"].clone();
    let words = clashes.as_array().into_iter().flatten();
    let words: Vec<Value> = words
        .map(|clash| json!({"circular_id": clash["circular_id"], "decides": clash["decides"]}))
        .collect();
    issue(officer, &id, &json!({ "precedence": words })).expect(200);
    id
}

/// Has a colleague of an officer issue a circular.
pub(crate) fn issue(officer: &Client, id: &str, body: &Value) -> Answer {
    officer.colleague().post(&format!("/v1/circulars/{id}/issue"), body)
}

pub(crate) fn drafted(officer: &Client, body: &Value) -> String {
    officer.post("/v1/circulars", body).expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

pub(crate) fn put(client: &Client, id: &str, version: &str, body: &Value) -> Answer {
    client
        .with_header("if-match", version)
        .put(&format!("/v1/circulars/{id}"), body)
}

#[test]
fn a_circular_goes_from_draft_to_revocation_and_its_text_freezes_on_the_way() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let drafted = officer.post("/v1/circulars", &text("4 Tahun 2026", &json!({})));
    let view = drafted.expect(201);
    let id = view["id"].as_str().unwrap();
    assert_eq!(drafted.header("location"), format!("/v1/circulars/{id}"));
    assert_eq!((drafted.header("etag"), &view["state"]), ("\"1\"", &json!("draft")));
    assert_eq!(view["phase"], Value::Null);
    let path = |step: &str| format!("/v1/circulars/{id}/{step}");
    assert_eq!(
        officer.post(&path("review"), &json!({})).expect(200)["state"],
        "under_review"
    );
    // Editing takes it back to a draft.
    let edited = text("4 Tahun 2026", &json!({"title": "Judul baru"}));
    let view = put(&officer, id, "\"2\"", &edited).expect(200);
    assert_eq!(
        (&view["state"], &view["title"], &view["version"]),
        (&json!("draft"), &json!("Judul baru"), &json!(3))
    );
    let view = issue(&officer, id, &json!({})).expect(200);
    assert_eq!((&view["state"], &view["phase"]), (&json!("issued"), &json!("in_force")));
    assert_eq!(view["issued_at"], "2026-03-02T01:59:00.000Z");
    put(&officer, id, "\"4\"", &edited).problem(409, "wrong_state");
    issue(&officer, id, &json!({})).problem(409, "wrong_state");
    let back = json!({"from": "2026-03-01", "reason": "Keadaan pulih"});
    officer.post(&path("revocation"), &back).names_field(422, "from");
    officer
        .post(&path("revocation"), &json!({"reason": "  "}))
        .names_field(422, "reason");
    let ahead = json!({"from": "2026-03-10", "reason": "Keadaan pulih"});
    let view = officer.post(&path("revocation"), &ahead).expect(200);
    assert_eq!(
        (&view["state"], &view["phase"], &view["revoked_from"]),
        (&json!("revoked"), &json!("in_force"), &json!("2026-03-10"))
    );
    officer.post(&path("revocation"), &ahead).problem(409, "wrong_state");
    app.set_clock("2026-03-10T00:00:00+07:00");
    let officer = app.official("bkd_officer");
    assert_eq!(
        officer.get(&format!("/v1/circulars/{id}")).expect(200)["phase"],
        "expired"
    );
}

#[test]
fn an_edit_needs_the_version_that_was_seen() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let body = text("4 Tahun 2026", &json!({}));
    let id = drafted(&officer, &body);
    officer
        .put(&format!("/v1/circulars/{id}"), &body)
        .problem(428, "version_required");
    put(&officer, &id, "\"1\"", &body).expect(200);
    put(&officer, &id, "\"1\"", &body).problem(412, "stale_version");
    put(&officer, &id, "\"x\"", &body).problem(412, "stale_version");
    let unknown = "01955b3c-7000-7abc-8def-0123456789ab";
    put(&officer, unknown, "\"1\"", &body).problem(404, "not_found");
}

#[test]
fn both_living_forms_of_numbers_are_kept_and_read_into_parts() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let parts = |number: &str| {
        let view = officer.post("/v1/circulars", &text(number, &json!({}))).expect(201);
        assert_eq!(view["number"], number);
        view["number_parts"].clone()
    };
    let archive = json!({"classification": "800", "serial": "1865", "unit": "BKD", "year": 2020});
    assert_eq!(parts("800/1865-BKD/2020"), archive);
    assert_eq!(parts("Nomor 4 Tahun 2026"), json!({"serial": "4", "year": 2026}));
    assert_eq!(parts("Instruksi lisan"), json!({}));
}

#[test]
fn a_number_is_taken_once_in_a_jurisdiction_however_it_is_spelt() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    drafted(&officer, &text("Nomor 4 Tahun 2026", &json!({})));
    let again = text("SE 4/2026", &json!({}));
    officer.post("/v1/circulars", &again).problem(409, "already_exists");
    drafted(&officer, &text("4 Tahun 2026", &json!({"jurisdiction_code": "36.01"})));
}

#[test]
fn every_kind_of_rule_is_stored_and_read_back_whole_in_lists_too() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let circulars = archive();
    for archived in &circulars {
        let body = serde_json::to_value(&archived.content).unwrap();
        let id = issued(&officer, &body);
        let view = officer.get(&format!("/v1/circulars/{id}")).expect(200);
        for field in [
            "number",
            "title",
            "issuer",
            "signed_on",
            "effective_from",
            "rules",
            "legal_basis",
        ] {
            assert_eq!(view[field], body[field], "{field} of {}", body["number"]);
        }
        assert_eq!(view["open_ended"], body.get("effective_to").is_none());
    }
    let kinds = |page: &Value| -> usize {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| item["rules"].as_array().unwrap().len()).sum()
    };
    let listed = kinds(&officer.get("/v1/circulars?limit=200").expect(200));
    assert_eq!(
        listed,
        circulars
            .iter()
            .map(|archived| archived.content.rules.len())
            .sum::<usize>()
    );
}

#[test]
fn lists_are_paged_filtered_and_newest_first() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    for (number, day) in [
        ("1 Tahun 2026", "2026-01-05"),
        ("2 Tahun 2026", "2026-02-05"),
        ("3 Tahun 2026", "2026-03-01"),
    ] {
        drafted(&officer, &text(number, &json!({"signed_on": day})));
    }
    issued(
        &officer,
        &text(
            "9 Tahun 2026",
            &json!({"signed_on": "2026-02-05", "jurisdiction_code": "36.01"}),
        ),
    );
    let mut numbers = Vec::new();
    let mut path = "/v1/circulars?limit=1".to_owned();
    loop {
        let page = officer.get(&path).expect(200);
        numbers.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["number"].clone()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/v1/circulars?limit=1&cursor={cursor}");
    }
    assert_eq!(numbers.len(), 4);
    assert_eq!(
        (&numbers[0], &numbers[3]),
        (&json!("3 Tahun 2026"), &json!("1 Tahun 2026"))
    );
    let count = |query: &str| {
        let page = officer.get(&format!("/v1/circulars?{query}")).expect(200);
        page["items"].as_array().unwrap().len()
    };
    assert_eq!(
        (count("state=draft"), count("state=issued"), count("state=revoked")),
        (3, 1, 0)
    );
    assert_eq!(
        (
            count("jurisdiction_code=36.01"),
            count("jurisdiction_code=36&state=issued")
        ),
        (1, 0)
    );
    for query in [
        "state=lost",
        "jurisdiction_code=banten",
        "limit=0",
        "limit=201",
        "cursor=x",
        "stat=draft",
    ] {
        assert_eq!(officer.get(&format!("/v1/circulars?{query}")).status, 422, "{query}");
    }
}

#[test]
fn drafts_are_seen_only_by_those_who_write_them() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let person = app.employee("1.01");
    let draft = drafted(&officer, &text("1 Tahun 2026", &json!({})));
    let open = issued(
        &officer,
        &text(
            "2 Tahun 2026",
            &json!({"effective_from": "2026-04-01", "effective_to": null}),
        ),
    );
    person
        .client
        .get(&format!("/v1/circulars/{draft}"))
        .problem(404, "not_found");
    let view = person.client.get(&format!("/v1/circulars/{open}")).expect(200);
    assert_eq!(
        (&view["phase"], &view["open_ended"]),
        (&json!("scheduled"), &json!(true))
    );
    let items = person.client.get("/v1/circulars").expect(200)["items"].clone();
    assert_eq!(items.as_array().unwrap().len(), 1);
    assert_eq!(
        officer.get("/v1/circulars").expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn only_bkd_writes_rules_and_a_stranger_learns_nothing_from_a_body() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let id = drafted(&officer, &text("1 Tahun 2026", &json!({})));
    let others = [
        "agency_operator:1.01",
        "agency_head:1.01",
        "bkd_auditor",
        "administrator",
        "data_protection_officer",
    ];
    let clients = others
        .map(|role| app.official(role))
        .into_iter()
        .chain([app.employee("1.01").client]);
    for client in clients {
        client.post("/v1/circulars", &json!({})).problem(403, "forbidden");
        client
            .put(&format!("/v1/circulars/{id}"), &json!({}))
            .problem(403, "forbidden");
        for step in ["review", "issue", "revocation"] {
            client
                .post(&format!("/v1/circulars/{id}/{step}"), &json!({}))
                .problem(403, "forbidden");
        }
    }
    app.nobody()
        .post("/v1/circulars", &json!({}))
        .problem(401, "unauthenticated");
    app.nobody().get("/v1/circulars").problem(401, "unauthenticated");
    let head = app.official("bkd_head");
    head.post(&format!("/v1/circulars/{id}/issue"), &json!({})).expect(200);
}

#[test]
fn a_repeated_draft_under_one_key_is_one_draft() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer").with_header("idempotency-key", "satu-kali");
    let body = text("1 Tahun 2026", &json!({}));
    let first = drafted(&officer, &body);
    assert_eq!(drafted(&officer, &body), first);
    let other = text("2 Tahun 2026", &json!({}));
    officer
        .post("/v1/circulars", &other)
        .problem(409, "idempotency_conflict");
}

#[test]
fn a_cited_number_becomes_a_relation_and_an_unknown_one_cannot_be_extended() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let parent = issued(&officer, &text("800/734-BKD/2020", &json!({})));
    let cites = |kind: &str, cited: &str| json!({"relations": [{"kind": kind, "text": cited}]});
    let view = officer
        .post(
            "/v1/circulars",
            &text("800/789-BKD/2020", &cites("extends", "SE Nomor 800/734-BKD/2020")),
        )
        .expect(201);
    assert_eq!(view["relations"][0]["target_id"], parent.as_str());
    let stray = drafted(&officer, &text("800/900-BKD/2020", &cites("extends", "SE yang hilang")));
    issue(&officer, &stray, &json!({})).names_field(422, "relations[0]");
    issued(
        &officer,
        &text("800/901-BKD/2020", &cites("implements", "SE MenPANRB 19/2020")),
    );
    let unknown = json!({"relations": [{"kind": "amends", "target_id": "01955b3c-7000-7abc-8def-0123456789ab"}]});
    officer
        .post("/v1/circulars", &text("800/902-BKD/2020", &unknown))
        .names_field(422, "relations[0].target_id");
    // No circular stands to itself.
    let own = json!({"relations": [{"kind": "amends", "target_id": stray}]});
    put(&officer, &stray, "\"1\"", &text("800/900-BKD/2020", &own)).names_field(422, "relations[0].target_id");
}

#[test]
fn every_wrong_field_is_named_and_nothing_is_stored() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let slot = |opens: i64, closes: i64| json!({"slot": "morning", "window": {"opens_minute": opens, "closes_minute": closes}, "grace_minutes": 10});
    let terms = |slots: &[Value]| json!({"rules": [{"kind": "checkin", "slots": slots}]});
    let cases = [
        (json!({"number": ""}), "number"),
        (json!({"number": "9".repeat(101)}), "number"),
        (json!({"title": "x".repeat(501)}), "title"),
        (json!({"title": 7}), "title"),
        (json!({"issuer": {"office": "king", "name": "x"}}), "issuer.office"),
        (json!({"issuer": {"office": "mayor", "name": " "}}), "issuer.name"),
        (
            json!({"issuer": {"office": "mayor", "name": "x", "rank": 1}}),
            "issuer.rank",
        ),
        (json!({"jurisdiction_code": "banten"}), "jurisdiction_code"),
        (json!({"signed_on": "2026-02-30"}), "signed_on"),
        (json!({"signed_on": "2200-01-01"}), "signed_on"),
        (json!({"effective_to": "2026-03-01"}), "effective_to"),
        (json!({"effective_until": "2026-03-01"}), "effective_until"),
        (json!({"legal_basis": [""]}), "legal_basis[0]"),
        (json!({"legal_basis": vec!["x"; 51]}), "legal_basis"),
        (json!({"relations": [{"kind": "extends"}]}), "relations[0]"),
        (
            json!({"relations": [{"kind": "loves", "text": "x"}]}),
            "relations[0].kind",
        ),
        (
            json!({"rules": [{"kind": "work_mode", "group": "administration", "mode": "leave"}]}),
            "rules[0].mode",
        ),
        (
            json!({"rules": [{"kind": "quota", "modes": ["wfh"], "bound": "max", "percent": 101, "scope": "opd"}]}),
            "rules[0].percent",
        ),
        (terms(&[]), "rules[0].slots"),
        (terms(&[slot(540, 450)]), "rules[0].slots[0].window"),
        (
            json!({"rules": vec![json!({"kind": "reporting", "what": "a_b", "to": "BKD"}); 101]}),
            "rules",
        ),
    ];
    for (changes, field) in cases {
        officer
            .post("/v1/circulars", &text("1 Tahun 2026", &changes))
            .names_field(422, field);
    }
    // What is inside a rule that cannot be read at all is named by the rule.
    for rule in [
        json!({"kind": "unheard_of"}),
        json!({"kind": "gathering", "banned": true, "by": 1}),
        terms(&[slot(-1, 450)])["rules"][0].clone(),
    ] {
        let answer = officer.post("/v1/circulars", &text("1 Tahun 2026", &json!({"rules": [rule]})));
        let field = answer.expect(422)["fields"][0]["field"].as_str().unwrap().to_owned();
        assert!(field.starts_with("rules[0]"), "{field}");
    }
    let mut lacking = text("1 Tahun 2026", &json!({}));
    lacking.as_object_mut().unwrap().remove("effective_from");
    officer
        .post("/v1/circulars", &lacking)
        .names_field(422, "effective_from");
    officer
        .send("POST", "/v1/circulars", Some("application/json"), b"{\"number\":")
        .problem(400, "malformed_json");
    officer
        .send("POST", "/v1/circulars", Some("text/plain"), b"{}")
        .problem(415, "unsupported_media_type");
    let huge = text("1 Tahun 2026", &json!({"title": "x".repeat(2_000_000)}));
    officer.post("/v1/circulars", &huge).problem(413, "body_too_large");
    assert_eq!(officer.get("/v1/circulars").expect(200)["items"], json!([]));
}

#[test]
fn what_is_wrong_is_said_in_the_callers_language() {
    let app = TestApp::start();
    let officer = app.official("bkd_officer");
    let body = text("1 Tahun 2026", &json!({"effective_to": "2026-03-01"}));
    let said = |client: &Client| client.post("/v1/circulars", &body).expect(422)["fields"][0]["message"].clone();
    assert_eq!(said(&officer), "Akhirnya harus sesudah awalnya.");
    assert_eq!(
        said(&officer.with_header("accept-language", "en")),
        "Field must end after it begins."
    );
}

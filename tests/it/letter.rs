//! Letters: numbers without gaps however many sign at once, frozen facts, and a verification that tells nothing private.

use crate::harness::people::make_employee;
use crate::leave::{approve, request, scene, step};
use serde_json::{Value, json};
use sherlok::domain::work_mode::WorkGroup;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use uuid::Uuid;

#[test]
fn a_letter_freezes_its_facts_with_their_digest() {
    let scene = scene();
    let bkd = scene.app.official("bkd_officer").with_header("if-match", "\"0\"");
    let registers = json!({"effective_from": "2026-01-01", "items": [
        {"issuer": "1.01", "letter": "leave", "classification": "800.1.11.4", "unit": "Dinkes",
         "format": "{classification}/{serial}-{unit}/{year}", "place": "Serang"},
    ]});
    bkd.put("/v1/letter-registers", &registers).expect(200);
    let id = scene.considered("annual", "2026-03-09", "2026-03-11");
    step(&scene.head, &id, "decision", &approve()).expect(200);
    let letter = step(&scene.head, &id, "letter", &json!({})).expect(200);
    assert_eq!(letter["number"], "800.1.11.4/1-Dinkes/2026");
    let path = format!("/v1/letters/{}", letter["id"].as_str().unwrap());
    let member = &scene.team.member;
    assert_eq!(member.client.get(&path).expect(200), letter);
    let facts = &letter["facts"];
    assert_eq!(
        (
            &facts["holder"]["grade"],
            &facts["agency"],
            &facts["place"],
            &facts["days"],
            &facts["address"]
        ),
        (
            &json!("III/b"),
            &json!("Dinas Contoh 1.01"),
            &json!("Serang"),
            &json!(3),
            &json!("Jalan Contoh 5, Serang")
        )
    );
    assert_eq!(facts["balance"], json!({"before": 0, "previous": 0, "current": 12}));
    assert_eq!(facts["taken"], json!({"before": 0, "previous": 0, "current": 3}));
    assert_eq!(facts["letter_number"], letter["number"]);
    assert_eq!(facts["consideration"]["position"], "Pelaksana");
    // Why the leave was asked for is in no letter.
    assert!(!letter.to_string().contains("Menjenguk") && !letter.to_string().contains("RSUD"));
    let canonical = sherlok::domain::canonical::to_string(facts).unwrap();
    let digest = sherlok::domain::digest::Digest::of(canonical.as_bytes()).to_string();
    assert_eq!(letter["facts_sha256"], json!(digest));
    // A person who is renamed later keeps the letter as it was.
    scene.app.execute(&format!(
        "UPDATE employee SET name = 'Nama Baru' WHERE id = {}",
        scene.app.literal(member.id.uuid())
    ));
    assert_eq!(member.client.get(&path).expect(200)["facts"], *facts);
    for client in [
        scene.officer.clone(),
        scene.head.clone(),
        scene.app.official("bkd_head"),
    ] {
        client.get(&path).expect(200);
    }
    for client in [
        scene.team.colleague.client.clone(),
        scene.team.superior.client.clone(),
        scene.app.official("leave_officer:1.02"),
        scene.app.official("agency_head:1.02"),
    ] {
        client.get(&path).problem(404, "not_found");
    }
    for role in ["agency_operator:1.01", "bkd_officer", "administrator"] {
        scene.app.official(role).get(&path).problem(403, "forbidden");
    }
}

#[test]
fn anyone_verifies_a_letter_and_learns_nothing_private() {
    let scene = scene();
    scene.app.execute(&format!(
        "UPDATE employee SET name = 'Siti Contoh <b>Tiga</b>' WHERE id = {}",
        scene.app.literal(scene.team.member.id.uuid())
    ));
    let id = scene.granted("sick", "2026-03-09", "2026-03-11");
    let letter = step(&scene.head, &id, "letter", &json!({})).expect(200);
    let code = letter["verification_code"].as_str().unwrap();
    assert_eq!(code.len(), 22);
    let nobody = scene.app.nobody();
    let api = format!("/v1/letters/verification/{code}");
    assert_eq!(
        nobody.get(&api).expect(200),
        json!({
            "kind": "leave", "number": "800/1-1.01/2026", "letter_date": "2026-03-02", "agency": "Dinas Contoh 1.01",
            "holder_initials": "S. C. B.", "state": "issued",
        })
    );
    let page = nobody.get(&format!("/verify/{code}"));
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("cache-control"), "no-store");
    let html = page.text();
    assert!(html.contains("berlaku") && html.contains("800/1-1.01/2026"), "{html}");
    let username = &scene.team.member.username;
    for private in [
        "Siti",
        "Contoh <",
        username.as_str(),
        "Cuti Sakit",
        "sick",
        "2026-03-09",
        "9 Maret",
        "Menjenguk",
        "RSUD",
        "Jalan",
        "<script",
        "http",
    ] {
        assert!(!html.contains(private), "{private} is on the page");
        if private != "http" {
            assert!(!nobody.get(&api).text().contains(private), "{private} is in the answer");
        }
    }
    step(
        &scene.team.member.client,
        &id,
        "cancellation",
        &json!({"reason": "Sudah pulih"}),
    )
    .expect(200);
    assert_eq!(nobody.get(&api).expect(200)["state"], "revoked");
    assert!(
        nobody
            .get(&format!("/verify/{code}"))
            .text()
            .contains("dicabut pada 2 Maret 2026")
    );
}

#[test]
fn whoever_guesses_codes_closes_the_page_for_guesses_only() {
    let scene = scene();
    let id = scene.granted("annual", "2026-03-09", "2026-03-11");
    let letter = step(&scene.head, &id, "letter", &json!({})).expect(200);
    let code = letter["verification_code"].as_str().unwrap();
    let nobody = scene.app.nobody();
    let guess = || nobody.get("/verify/AAAAAAAAAAAAAAAAAAAAAA").status;
    let guesses: Vec<u16> = (0..3_000)
        .map(|_| guess())
        .take_while(|status| *status == 404)
        .collect();
    assert!((400..3_000).contains(&guesses.len()), "{}", guesses.len());
    let mut refused = nobody.get("/v1/letters/verification/AAAAAAAAAAAAAAAAAAAAAA");
    while refused.status == 404 {
        refused = nobody.get("/v1/letters/verification/AAAAAAAAAAAAAAAAAAAAAA");
    }
    refused.problem(429, "too_many_requests");
    assert_eq!(nobody.get(&format!("/verify/{code}")).status, 200);
    nobody.get(&format!("/v1/letters/verification/{code}")).expect(200);
}

#[test]
fn a_code_that_no_letter_bears_is_unknown() {
    let scene = scene();
    let nobody = scene.app.nobody();
    for code in [
        "AAAAAAAAAAAAAAAAAAAAAA",
        "x",
        "01955555-0000-7000-8000-000000000000",
        "%3Cscript%3E",
    ] {
        nobody
            .get(&format!("/v1/letters/verification/{code}"))
            .problem(404, "not_found");
        let page = nobody.get(&format!("/verify/{code}"));
        assert_eq!(page.status, 404, "{code}");
        assert!(page.text().contains("tidak ditemukan"));
        assert!(!page.text().contains("script"));
    }
}

/// A granted request of a new member for one day that waits for its letter, written past the routes. A blocked one can't
/// free its day, which is found only after the letter has taken its number.
fn decided(scene: &crate::leave::Scene, serial: u64, is_blocked: bool) -> String {
    let (employee, _) = make_employee(scene.app.app(), "1.01", serial, WorkGroup::Administration);
    let id = Uuid::now_v7();
    let account = Uuid::nil();
    let decision = json!({
        "outcome": "approve", "note": null, "period": null, "at": "2026-03-01T00:00:00.000Z", "accepted_at": null,
        "by": {"account_id": account, "name": "Kepala", "number": null, "position": "Kepala"},
    });
    let now = if scene.app.is_postgres() {
        "now()"
    } else {
        "1772400000000"
    };
    let digest = if scene.app.is_postgres() { "'\\x00'" } else { "X'00'" };
    let granted = if scene.app.is_postgres() { "true" } else { "1" };
    let (person, request) = (scene.app.literal(employee.uuid()), scene.app.literal(id));
    scene.app.execute(&format!(
        "INSERT INTO leave_request (employee_id, id, agency_code, claim_digest, kind, first_day, last_day, days, work_days, \
         reason, address, state, authority, is_granted, decision, created_at, updated_at, submitted_at, version) \
         VALUES ({person}, {request}, '1.01', {digest}, 'annual', '2026-06-09', '2026-06-09', 1, 1, 'x', 'Serang', \
         'decided', 'agency_head', {granted}, '{decision}', {now}, {now}, {now}, 1)",
    ));
    if is_blocked {
        scene.app.execute(&format!(
            "INSERT INTO leave_day (employee_id, work_date, request_id) VALUES ({person}, '2026-06-09', {request})"
        ));
    }
    id.to_string()
}

/// Letters that are asked for, of which every tenth is refused.
const SIGNED_AT_ONCE: u64 = 1_000;

/// Eight signers at two instances sign them; the numbers go from 1 on without gap and without repetition.
#[test]
fn a_thousand_sign_at_once_without_a_gap() {
    let scene = scene();
    let twin = scene.app.twin();
    // Every tenth fails after it has taken its number, which goes to another.
    let requests: Vec<(String, bool)> = (0..SIGNED_AT_ONCE)
        .map(|index| {
            let is_blocked = index % 10 == 9;
            (decided(&scene, 100 + index, is_blocked), is_blocked)
        })
        .collect();
    let next = AtomicUsize::new(0);
    let sign = |client: &crate::harness::client::Client| {
        let mut letters: Vec<Value> = Vec::new();
        while let Some((id, is_blocked)) = requests.get(next.fetch_add(1, Ordering::SeqCst)) {
            // Full or in the way of another: safe to repeat.
            let answer = (0..50)
                .map(|_| step(client, id, "letter", &json!({})))
                .find(|answer| answer.status != 503 && answer.status != 429)
                .unwrap();
            if *is_blocked {
                answer.problem(409, "already_exists");
            } else {
                letters.push(answer.expect(200));
            }
        }
        letters
    };
    let letters: Vec<Value> = std::thread::scope(|scope| {
        let signers: Vec<_> = (0..8)
            .map(|index| {
                let head = scene.app.official("agency_head:1.01");
                let head = if index % 2 == 0 { head } else { head.at(&twin.base_url) };
                scope.spawn(move || sign(&head))
            })
            .collect();
        signers.into_iter().flat_map(|signer| signer.join().unwrap()).collect()
    });
    let serials: BTreeSet<u64> = letters
        .iter()
        .map(|letter| letter["serial"].as_u64().unwrap())
        .collect();
    let expected = SIGNED_AT_ONCE - SIGNED_AT_ONCE / 10;
    assert_eq!(u64::try_from(letters.len()).unwrap(), expected);
    assert_eq!(serials, (1..=expected).collect());
    let codes: BTreeSet<&str> = letters
        .iter()
        .map(|letter| letter["verification_code"].as_str().unwrap())
        .collect();
    assert_eq!(codes.len(), letters.len());
}

#[test]
fn registers_count_by_issuer_and_year() {
    let scene = scene();
    let letter = |id: &str| {
        let mut head = scene.head.clone();
        head.renew();
        step(&head, id, "letter", &json!({})).expect(200)["number"].clone()
    };
    let first = decided(&scene, 100, false);
    let second = decided(&scene, 101, false);
    assert_eq!(letter(&first), "800/1-1.01/2026");
    assert_eq!(letter(&second), "800/2-1.01/2026");
    // Asked again, the letter that is there.
    assert_eq!(letter(&first), "800/1-1.01/2026");
    scene.app.set_clock("2027-01-04T09:00:00+07:00");
    let member = scene.app.signed_in(&scene.team.member.username);
    let mut officer = scene.officer.clone();
    let mut head = scene.head.clone();
    let mut superior = scene.team.superior.client.clone();
    for client in [&mut officer, &mut head, &mut superior] {
        client.renew();
    }
    let body = request("annual", "2027-02-01", "2027-02-01");
    member.post("/v1/leave-requests", &body).expect(201);
    let id = body["id"].as_str().unwrap();
    step(&officer, id, "check", &json!({})).expect(200);
    step(&superior, id, "consideration", &approve()).expect(200);
    step(&head, id, "decision", &approve()).expect(200);
    assert_eq!(letter(id), "800/1-1.01/2027");
}

#[test]
fn one_request_signed_by_many_at_once_has_one_letter() {
    let scene = scene();
    let twin = scene.app.twin();
    let id = decided(&scene, 100, false);
    let heads: Vec<_> = (0..6)
        .map(|index| {
            let head = scene.app.official("agency_head:1.01");
            if index % 2 == 0 { head } else { head.at(&twin.base_url) }
        })
        .collect();
    let numbers: BTreeSet<String> = std::thread::scope(|scope| {
        let calls: Vec<_> = heads
            .iter()
            .map(|head| {
                scope.spawn(|| {
                    let answer = (0..50)
                        .map(|_| step(head, &id, "letter", &json!({})))
                        .find(|answer| answer.status != 503)
                        .unwrap();
                    answer.expect(200)["number"].as_str().unwrap().to_owned()
                })
            })
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(numbers, BTreeSet::from(["800/1-1.01/2026".to_owned()]));
    let next = decided(&scene, 101, false);
    assert_eq!(
        step(&scene.head, &next, "letter", &json!({})).expect(200)["number"],
        "800/2-1.01/2026"
    );
}

//! Cases of an agency that seals on an instance of its own: what they show comes from the row and its seal.

use crate::audit::{SEED, cases};
use crate::batch::{DAY, decide, share};
use crate::bundle;
use crate::case::{REASON, reply, step};
use crate::federated_audit::{bring_next, day_plan, held, on_staff_list};
use crate::federation::{Pair, count, pair};
use crate::federation_refusal::{changed, lines};
use crate::harness::client::Client;
use crate::harness::homes::at_metres;
use serde_json::{Value, json};
use sherlok::app::retention::Forgotten;
use sherlok::domain::batch::commitment::{Opening, Salt};
use sherlok::domain::dispatch::opening::{ReleasedOpening, SealedOpening};
use sherlok::domain::dispatch::openings_key::OpeningsKey;
use sherlok::domain::ids::CheckInId;
use sherlok::domain::instant::Instant;
use sherlok::domain::place::Position;
use sherlok::platform::archive;
use sherlok::platform::opening_seal;
use sherlok::store::retention::Table;
use std::fs;

const NOTE: &str = "Titik berada jauh dari rumah menurut catatan perangkat daerah.";

/// A drawn audit of all six slots of the agency's day at BKD's instance, with two auditors.
pub(crate) struct Scene {
    pub(crate) pair: Pair,
    batch: String,
    names: Vec<String>,
    auditors: [Client; 2],
    pub(crate) audit: String,
}

fn scene() -> Scene {
    drawn(held())
}

pub(crate) fn drawn((pair, batch, names): (Pair, String, Vec<String>)) -> Scene {
    let auditors = [pair.bkd.official("bkd_auditor"), pair.bkd.official("bkd_auditor")];
    let planned = pair.officer.post("/v1/audits", &day_plan(6)).expect(201);
    let audit = planned["id"].as_str().unwrap().to_owned();
    // Whoever watches must be able to tell that the plan stood before the seed.
    pair.bkd.advance(chrono::Duration::minutes(1));
    let path = format!("/v1/audits/{audit}");
    pair.officer
        .post(&format!("{path}/seed"), &json!({ "seed": SEED }))
        .expect(200);
    for _ in 0..2 {
        pair.officer
            .send("POST", &format!("{path}/draw"), None, &[])
            .expect(200);
    }
    Scene {
        pair,
        batch,
        names,
        auditors,
        audit,
    }
}

impl Scene {
    /// Whoever holds the case of a person's slot, the case, and the other auditor.
    pub(crate) fn holder(&self, pseudonym: &str, slot: &str) -> (&Client, String, &Client) {
        let unit = format!("1.01/{DAY}/{pseudonym}/{slot}");
        let [first, second] = &self.auditors;
        for (own, other) in [(first, second), (second, first)] {
            let found = cases(own, &self.audit)
                .into_iter()
                .find(|case| case["unit"] == unit.as_str());
            if let Some(case) = found {
                return (own, case["id"].as_str().unwrap().to_owned(), other);
            }
        }
        panic!("every slot was drawn");
    }

    fn opened(&self, pseudonym: &str, slot: &str) -> Value {
        let (auditor, id, _) = self.holder(pseudonym, slot);
        auditor
            .get(&format!("/v1/cases/{id}?purpose=Memeriksa%20jarak"))
            .expect(200)
    }

    /// The person at BKD's instance.
    pub(crate) fn person(&self, place: usize) -> Client {
        self.pair.bkd.signed_in(&self.names[place])
    }
}

#[test]
fn a_case_shows_the_row_and_what_its_seal_holds_and_the_look_is_written_down_first() {
    let scene = scene();
    let file = scene.opened("P0000001", "morning");
    let record = &file["record"];
    assert_eq!(
        (&record["place"], &record["time"], &record["mode"], &record["channel"]),
        (&json!("outside"), &json!("on_time"), &json!("wfh"), &json!("app"))
    );
    assert_eq!(record["distance_class"], "1_5_km");
    assert!(record.get("distance_metres").is_none() && record.get("received_at").is_none());
    assert_eq!(record["captured_at"], "2026-03-02T01:31:00.000Z");
    let (latitude, longitude) = at_metres(4_000.0);
    assert!((record["position"]["latitude"].as_f64().unwrap() - latitude).abs() < 1e-6);
    assert!((record["position"]["longitude"].as_f64().unwrap() - longitude).abs() < 1e-6);
    assert_eq!(record["accuracy_metres"], 12.5);
    assert_eq!(
        (&record["is_position_forgotten"], &record["is_position_unverifiable"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(file["sealed_row"]["state"], "received");
    assert!(scene.batch.ends_with(file["sealed_row"]["batch_id"].as_str().unwrap()));
    // Homes are not sent, so that nothing is known here of where the person was to be.
    assert_eq!((&file["duty_places"], &file["earlier"]), (&json!([]), &json!([])));
    assert_eq!(file["person"]["name"], "Contoh 1");
    // The person reads who looked, and the log has it.
    let accesses = scene.person(1).get("/v1/me/accesses").expect(200)["items"].clone();
    assert_eq!(accesses.as_array().unwrap().len(), 1);
    assert_eq!(accesses[0]["purpose"], "Memeriksa jarak");
    assert_eq!(accesses[0]["fields"], json!(["name", "check_in", "position"]));
    assert_eq!(count(&scene.pair.bkd, "log_entry WHERE kind = 'disclosure'"), 1);
    // Nothing came: a case like any other, without a position that anybody could have seen.
    let missed = scene.opened("P0000000", "midday");
    assert!(missed.get("record").is_none());
    assert_eq!(
        (&missed["sealed_row"]["state"], &missed["sealed_row"]["mode"]),
        (&json!("missed"), &json!("wfh"))
    );
    let accesses = scene.person(0).get("/v1/me/accesses").expect(200)["items"].clone();
    assert_eq!(accesses[0]["fields"], json!(["name"]));
}

#[test]
fn a_seal_is_opened_for_nobody_but_whom_the_case_is_assigned_to() {
    let scene = scene();
    let (_, id, other) = scene.holder("P0000001", "morning");
    let path = format!("/v1/cases/{id}");
    let has_second_look = other.get(&format!("/v1/second-reviews/{id}")).status == 200;
    if !has_second_look {
        other.get(&path).problem(404, "not_found");
    }
    scene.pair.officer.get(&path).problem(403, "forbidden");
    scene.pair.sender.get(&path).problem(403, "forbidden");
    scene.person(0).get(&path).problem(403, "forbidden");
    let head = scene.pair.head.get(&path).expect(200);
    assert_eq!(head["is_without_positions"], true);
    assert_eq!(head["record"]["place"], "outside");
    assert_eq!(head["record"]["is_position_forgotten"], false);
    assert!(head["record"].get("position").is_none());
    // The person's own page has the same facts, and nobody else's case.
    let own = scene.person(1).get("/v1/me/cases").expect(200)["items"].clone();
    assert_eq!(own.as_array().unwrap().len(), 3);
    let case = own
        .as_array()
        .unwrap()
        .iter()
        .find(|case| case["id"] == id.as_str())
        .unwrap();
    assert_eq!(
        case["sealed_row"],
        json!({
            "batch_id": scene.batch.rsplit('/').next().unwrap(), "state": "received", "mode": "wfh", "place": "outside",
            "time": "on_time", "distance_class": "1_5_km", "captured_at": "2026-03-02T01:31:00.000Z", "channel": "app",
            "flags": [],
        })
    );
    assert!(!scene.person(0).get("/v1/me/cases").text().contains(&id));
}

#[test]
fn nothing_is_opened_when_the_look_cannot_be_written_down() {
    let scene = scene();
    let (auditor, id, _) = scene.holder("P0000001", "morning");
    scene
        .pair
        .bkd
        .execute("ALTER TABLE disclosure RENAME TO disclosure_away");
    let answer = auditor.get(&format!("/v1/cases/{id}"));
    assert!(answer.status >= 500, "{}", answer.status);
    assert!(!answer.text().contains("latitude") && !answer.text().contains("outside"));
}

/// The day at BKD with one seal holding another position than its row has committed to, or none.
fn tampered(forge: impl Fn(&Pair, SealedOpening) -> SealedOpening) -> Scene {
    let pair = pair(3, |_| None).lived();
    let names = on_staff_list(&pair.bkd, 2);
    let batch = pair.sent(None);
    let pair = pair.registered();
    let files = archive::read(pair.dispatch(&batch)).unwrap();
    let bytes = changed(&files, "openings.ndjson", |text| {
        let of_far = |line: &String| line.contains("/P0000001/");
        let forged = lines(&text).into_iter().map(|line| {
            if of_far(&line) {
                let opening = SealedOpening::parse(line.trim_end()).unwrap();
                format!("{}\n", forge(&pair, opening).print().unwrap())
            } else {
                line
            }
        });
        forged.collect()
    });
    pair.bring(&bytes).expect(200);
    drawn((pair, batch, names))
}

#[test]
fn a_seal_that_is_not_what_its_row_committed_to_is_believed_by_nobody() {
    let scene = tampered(|pair, line| {
        let key: OpeningsKey = pair.bkd.app().public_keys().openings.parse().unwrap();
        let opening = Opening {
            unit: line.unit.clone(),
            check_in_id: CheckInId::from_client("019cac1d-7de0-7abc-8def-000000000002").unwrap(),
            captured_at: Instant::parse("2026-03-02T01:31:00Z").unwrap(),
            // At home, as the agency would like it.
            position: Position::from_e7(-61_197_312, 1_061_734_618).unwrap(),
            accuracy_millimetres: Some(12_500),
        };
        let text = ReleasedOpening::new(opening, Salt::new([7; 32])).print().unwrap();
        SealedOpening {
            sealed: Some(opening_seal::seal(&key, &line.unit, &text).unwrap()),
            unit: line.unit,
        }
    });
    let file = scene.opened("P0000001", "morning");
    let record = &file["record"];
    assert_eq!(record["is_position_unverifiable"], true);
    assert!(record.get("position").is_none());
    assert!(
        record["position_message"]
            .as_str()
            .unwrap()
            .contains("dihitung menyimpang")
    );
    let accesses = scene.person(1).get("/v1/me/accesses").expect(200)["items"].clone();
    assert_eq!(accesses[0]["fields"], json!(["name", "check_in"]));
    // It stands in the trail of the case; the other seal is sound.
    let found = "event WHERE subject_kind = 'case' AND action = 'find_unverifiable'";
    assert_eq!(count(&scene.pair.bkd, found), 1);
    assert_eq!(
        scene.opened("P0000000", "morning")["record"]["is_position_unverifiable"],
        false
    );
    // Whatever is not decided counts as a deviation at most, never as clean.
    let report = scene
        .pair
        .officer
        .get(&format!("/v1/audits/{}/report", scene.audit))
        .expect(200);
    assert_eq!(report["total"]["interval"]["upper"], 6);
}

#[test]
fn what_the_agency_no_longer_keeps_is_said_to_be_gone() {
    let scene = tampered(|_, line| SealedOpening {
        sealed: None,
        unit: line.unit,
    });
    let record = scene.opened("P0000001", "morning")["record"].clone();
    assert_eq!(
        (&record["is_position_forgotten"], &record["is_position_unverifiable"]),
        (&json!(true), &json!(false))
    );
    assert!(
        record["position_message"]
            .as_str()
            .unwrap()
            .contains("tidak dapat diverifikasi")
    );
}

#[test]
fn seals_are_forgotten_like_positions_and_never_while_a_case_of_the_month_is_open() {
    let mut scene = scene();
    let seals = |scene: &Scene| count(&scene.pair.bkd, "sealed_opening");
    assert_eq!(seals(&scene), 2);
    // Settling every case and closing the audit takes the month's hold away.
    scene.pair.set_clock("2026-06-30T08:00:00+07:00");
    let kept = scene.pair.bkd.app().forget(Table::Openings).unwrap();
    assert_eq!(
        kept,
        Forgotten {
            rows: 0,
            months_held: 1
        }
    );
    assert_eq!(seals(&scene), 2);
    for auditor in &mut scene.auditors {
        auditor.renew();
    }
    assert!(scene.opened("P0000001", "morning")["record"].get("position").is_some());
    settle(&scene, None);
    let path = format!("/v1/audits/{}/closure", scene.audit);
    scene.pair.officer.send("POST", &path, None, &[]).expect(200);
    let forgotten = Forgotten {
        rows: 2,
        months_held: 0,
    };
    assert_eq!(scene.pair.bkd.app().forget(Table::Openings).unwrap(), forgotten);
    assert_eq!(seals(&scene), 0);
    let record = scene.opened("P0000001", "morning")["record"].clone();
    assert_eq!(
        (&record["is_position_forgotten"], &record["place"]),
        (&json!(true), &json!("outside"))
    );
    let said = "log_entry WHERE kind = 'retention_shred' AND subject = 'retention/openings'";
    assert_eq!(count(&scene.pair.bkd, said), 1);
}

#[test]
fn seals_of_a_month_that_goes_on_stay() {
    let (pair, _, _) = held();
    pair.bkd.set_clock("2026-06-29T23:59:59Z");
    let app = pair.bkd.app();
    assert_eq!(app.forget(Table::Openings).unwrap().rows, 0);
    pair.bkd.set_clock("2026-06-30T00:00:00Z");
    assert_eq!(app.forget(Table::Openings).unwrap().rows, 2);
}

/// Writes every finding that is not there; a second look agrees with the first.
fn settle(scene: &Scene, but: Option<&str>) {
    for auditor in &scene.auditors {
        for case in cases(auditor, &scene.audit) {
            let id = case["id"].as_str().unwrap();
            if case["part"] == "review" && Some(id) != but {
                step(auditor, id, "review", 1, &json!({ "finding": "valid" })).expect(200);
            }
        }
        let page = auditor
            .get(&format!("/v1/audits/{}/second-reviews", scene.audit))
            .expect(200);
        for item in page["items"].as_array().unwrap() {
            let id = item["id"].as_str().unwrap();
            let finding = if Some(id) == but {
                json!({ "finding": "invalid_proposed", "note": NOTE })
            } else {
                json!({ "finding": "valid" })
            };
            let path = format!("/v1/second-reviews/{id}");
            assert!(auditor.get(&path).expect(200).get("sealed_row").is_some());
            auditor
                .with_header("if-match", "\"1\"")
                .post(&path, &finding)
                .expect(200);
        }
    }
}

#[test]
fn an_audit_of_batches_goes_from_notice_to_a_bundle_that_two_programs_check() {
    let scene = scene();
    let (auditor, id, second) = scene.holder("P0000001", "morning");
    let finding = json!({ "finding": "invalid_proposed", "method": "map", "note": NOTE });
    // Two calls at once: one of them writes.
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let calls: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| step(auditor, &id, "review", 1, &finding).status))
            .collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    settle(&scene, Some(&id));
    let person = scene.person(1);
    let notices = person.get("/v1/me/notices").expect(200);
    assert_eq!(notices["items"][0]["kind"], "case_opened");
    let own = || {
        let page = scene.person(1).get("/v1/me/cases").expect(200);
        let found = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|case| case["id"] == id.as_str());
        found.unwrap().clone()
    };
    let version = own()["version"].as_i64().unwrap();
    scene
        .person(0)
        .get(&format!("/v1/cases/{id}"))
        .problem(403, "forbidden");
    step(&scene.person(0), &id, "reply", version, &reply()).problem(404, "not_found");
    step(&person, &id, "reply", version, &reply()).expect(200);
    let uphold = json!({ "outcome": "upheld", "reason": REASON });
    let decided_by = if cases(second, &scene.audit).iter().any(|case| case["id"] == id.as_str()) {
        second
    } else {
        &scene.pair.head
    };
    step(decided_by, &id, "decision", version + 1, &uphold).expect(200);
    assert_eq!(own()["outcome"], "upheld");
    let path = |end: &str| format!("/v1/audits/{}/{end}", scene.audit);
    let report = scene.pair.officer.get(&path("report")).expect(200);
    assert_eq!(report["total"]["deviations"], 1);
    let signal = |code: &str| {
        let signals = report["signals"].as_array().unwrap();
        signals
            .iter()
            .find(|signal| signal["code"] == code)
            .map(|signal| signal["cases"].clone())
    };
    assert_eq!((signal("missing"), signal("outside")), (Some(json!(4)), Some(json!(1))));
    scene.pair.officer.send("POST", &path("closure"), None, &[]).expect(200);
    // A later version of the batch changes nothing of what was closed.
    let before = scene.opened("P0000000", "midday")["sealed_row"].clone();
    share(&scene.pair.near, "2026-03-02T12:00:00+07:00", 5.0, 3);
    let later = scene.pair.sent(None);
    bring_next(&scene.pair, &later);
    decide(&scene.pair.officer, &later, &json!({ "decision": "accept" })).expect(200);
    assert_eq!(scene.opened("P0000000", "midday")["sealed_row"], before);

    let folder = tempfile::tempdir().unwrap();
    let archived = scene.pair.officer.get(&path("bundle")).bytes;
    let file = folder.path().join("audit.zip");
    fs::write(&file, &archived).unwrap();
    let (is_sound, printed, complaint) = bundle::sherlok(&[file.to_str().unwrap()]);
    assert!(is_sound, "{printed}{complaint}");
    fs::remove_file(file).unwrap();
    fs::create_dir(folder.path().join("log")).unwrap();
    for (name, content) in archive::read(archived).unwrap() {
        assert!(
            !String::from_utf8(content.clone()).unwrap().contains("198609"),
            "{name}"
        );
        fs::write(folder.path().join(name), content).unwrap();
    }
    match bundle::python(folder.path()) {
        Ok((is_sound, printed)) => assert!(is_sound, "{printed}"),
        Err(why) => println!("skipped: {why} (pip install consistent_sampler; TEST_PYTHON names the interpreter)"),
    }
    assert_eq!(scene.pair.bkd.app().check_logs().unwrap(), []);
}

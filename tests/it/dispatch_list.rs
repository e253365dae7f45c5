//! What people see of dispatches: at the agency's instance what was made and how far it got, at BKD's what came in.

use crate::federation::{bring, key_of, pair, register};
use crate::harness::client::Client;
use serde_json::{Value, json};
use sherlok::domain::digest::Digest;
use sherlok::domain::log::key::{KeyType, SigningKey};

fn items(client: &Client, path: &str) -> Vec<Value> {
    let listed = client.get(path).expect(200);
    listed["items"].as_array().unwrap().clone()
}

fn only(client: &Client) -> Value {
    let [item] = items(client, "/v1/dispatches").try_into().unwrap();
    item
}

#[test]
fn a_dispatch_that_travels_as_a_file_is_made_and_proved() {
    let pair = pair(3, |_| None).lived();
    let settings = pair.operator.get("/v1/federation").expect(200);
    let keys = pair.bkd.app().public_keys();
    let named = json!({ "witness_key": keys.witness, "openings_key": keys.openings, "address": null });
    assert_eq!(settings["bkd"], named);
    assert_eq!(pair.officer.get("/v1/federation").expect(200)["bkd"], Value::Null);
    assert!(items(&pair.operator, "/v1/dispatches").is_empty());
    let batch = pair.sent(Some("midday"));
    let sent = only(&pair.operator);
    assert_eq!(format!("/v1/batches/{}", sent["batch_id"].as_str().unwrap()), batch);
    assert_eq!((&sent["slot"], &sent["version"]), (&json!("midday"), &json!(1)));
    for name in ["made_at", "next_attempt_at", "problem", "proved_at"] {
        assert_eq!(sent[name], Value::Null, "{name}");
    }
    let pair = pair.registered();
    let file = pair.dispatch(&batch);
    let made = only(&pair.operator);
    assert_eq!(
        (&made["bytes"], made["made_at"].is_string()),
        (&json!(file.len()), true)
    );
    let receipt = pair.bring(&file).text();
    let put = pair
        .operator
        .send("PUT", &format!("{batch}/proof"), Some("text/plain"), receipt.as_bytes());
    put.expect(200);
    assert_eq!(only(&pair.operator)["proved_at"], "2026-03-02T10:30:00.000Z");
    // Nobody else's operator sees it, and who has no part in batches is refused.
    let other = pair.dinas.official("agency_operator:1.02");
    assert!(items(&other, "/v1/dispatches").is_empty());
    pair.dinas
        .official("administrator")
        .get("/v1/dispatches")
        .problem(403, "forbidden");
    assert!(items(&pair.operator, "/v1/dispatches?agency=1.02").is_empty());
}

#[test]
fn what_keeps_a_dispatch_from_arriving_is_said_by_name_in_both_languages() {
    let mut pair = pair(3, |bkd| Some(bkd.base_url.clone())).lived();
    pair.sent(None);
    let settings = pair.operator.get("/v1/federation").expect(200);
    assert_eq!(settings["bkd"]["address"], pair.bkd.base_url);
    assert_eq!(only(&pair.operator)["next_attempt_at"], "2026-03-02T10:30:00.000Z");
    assert_eq!(pair.send(), 0, "no key is registered");
    let refused = only(&pair.operator);
    assert_eq!(refused["problem"]["code"], "unregistered");
    assert_eq!(
        (&refused["attempts"], &refused["next_attempt_at"]),
        (&json!(1), &json!("2026-03-02T10:31:00.000Z"))
    );
    assert!(
        refused["problem"]["message"]
            .as_str()
            .unwrap()
            .starts_with("BKD belum mendaftarkan")
    );
    let english = only(&pair.operator.with_header("accept-language", "en"));
    assert!(
        english["problem"]["message"]
            .as_str()
            .unwrap()
            .starts_with("BKD has not registered")
    );
    // A check by its name.
    let other = SigningKey::from_seed("dinas.example/agency/1.01", KeyType::Note, &[9; 32]).unwrap();
    register(&pair.officer, &other.verifying_key().to_string()).expect(200);
    pair.set_clock("2026-03-02T17:40:00+07:00");
    assert_eq!(pair.send(), 0, "another key is registered");
    let refused = only(&pair.operator);
    assert_eq!(
        (&refused["problem"]["code"], &refused["attempts"]),
        (&json!("checkpoint"), &json!(2))
    );
    // Once it is there nothing of it is left.
    let key = key_of(&pair.dinas);
    register(&pair.officer.with_header("if-match", "\"1\""), &key).expect(200);
    pair.set_clock("2026-03-02T17:50:00+07:00");
    assert_eq!(pair.send(), 1);
    let proved = only(&pair.operator);
    assert_eq!(proved["proved_at"], "2026-03-02T10:50:00.000Z");
    assert_eq!(
        (&proved["problem"], &proved["next_attempt_at"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn an_instance_that_is_not_reached_and_an_account_that_is_not_signed_in_are_told_apart() {
    // Nothing listens there.
    let mut nowhere = pair(3, |_| Some("http://127.0.0.1:1".to_owned())).lived();
    nowhere.sent(None);
    assert_eq!(nowhere.send(), 0);
    assert_eq!(only(&nowhere.operator)["problem"]["code"], "unreachable");
    // The account is gone.
    nowhere.set_clock("2026-03-02T17:40:00+07:00");
    let app = nowhere.bkd.dinas_again(
        &nowhere.dinas,
        34,
        Some(crate::federation::stranger(&nowhere.bkd.base_url)),
    );
    assert_eq!(app.app().send_dispatches(app.app().now()).unwrap(), 0);
    assert_eq!(only(&nowhere.operator)["problem"]["code"], "sign_in");
}

#[test]
fn what_came_in_is_listed_and_its_receipt_given_again() {
    let pair = pair(3, |_| None).lived();
    let batches = ["morning", "midday", "afternoon"].map(|slot| pair.sent(Some(slot)));
    let pair = pair.registered();
    let federated = || pair.officer.get("/v1/federation/agencies/1.01").expect(200);
    assert_eq!(
        (&federated()["cosigned_at"], &federated()["last_received_at"]),
        (&Value::Null, &Value::Null)
    );
    assert!(items(&pair.officer, "/v1/federation/dispatches").is_empty());
    let mut receipts = Vec::new();
    // All three under the newest checkpoint: the first brings the log, the others nothing new of it.
    for (batch, from_size) in batches.iter().zip([0, 3, 3]) {
        let file = pair
            .operator
            .get(&format!("{batch}/dispatch?from_size={from_size}"))
            .bytes;
        let receipt = bring(&pair.officer, &file);
        receipt.expect(200);
        receipts.push((Digest::of(&file).to_string(), receipt.text()));
        pair.bkd.advance(chrono::Duration::seconds(30));
    }
    assert_eq!(federated()["cosigned_at"], "2026-03-02T10:30:00.000Z");
    assert_eq!(federated()["last_received_at"], "2026-03-02T10:31:00.000Z");
    let listed = items(&pair.officer, "/v1/federation/dispatches?agency=1.01");
    let slots: Vec<&Value> = listed.iter().map(|item| &item["slot"]).collect();
    assert_eq!(slots, ["afternoon", "midday", "morning"], "the last first");
    for (item, (digest, receipt)) in listed.iter().rev().zip(&receipts) {
        assert_eq!((&item["sha256"], &item["log_size"]), (&json!(digest), &json!(3)));
        let again = pair.officer.get(&format!("/v1/federation/dispatches/{digest}"));
        assert_eq!((again.status, &again.text()), (200, receipt));
    }
    // Page by page.
    let mut seen = Vec::new();
    let mut path = "/v1/federation/dispatches?limit=1".to_owned();
    loop {
        let page = pair.officer.get(&path).expect(200);
        seen.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/v1/federation/dispatches?limit=1&cursor={cursor}");
    }
    assert_eq!(seen, listed);
    // The same way at the agency's instance.
    let first = pair.operator.get("/v1/dispatches?limit=2").expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = items(&pair.operator, &format!("/v1/dispatches?limit=2&cursor={cursor}"));
    assert_eq!((first["items"].as_array().unwrap().len(), rest.len()), (2, 1));
    // Its own agency sees it, nobody else's does, and auditors do.
    assert_eq!(items(&pair.sender, "/v1/federation/dispatches").len(), 3);
    let stranger = pair.bkd.official("agency_operator:1.02");
    assert!(items(&stranger, "/v1/federation/dispatches").is_empty());
    assert_eq!(items(&pair.head, "/v1/federation/dispatches?agency=1.02").len(), 0);
    pair.officer
        .get("/v1/federation/dispatches?cursor=x")
        .names_field(422, "cursor");
    pair.officer
        .get("/v1/federation/dispatches?limit=201")
        .names_field(422, "limit");
}

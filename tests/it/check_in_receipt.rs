//! Receipts of shares: with the answer, the same on every retry, and believed by one published key.

use crate::bundle::sherlok;
use crate::harness::shares::{MORNING, at_home, claim, share};
use serde_json::{Value, json};
use sherlok::domain::check_in_receipt::{self, Receipt};
use sherlok::domain::log::key::{KeyType, SigningKey, VerifyingKey};

fn proved(receipt: &Value, key: &VerifyingKey) -> Receipt {
    check_in_receipt::verify(receipt.as_str().unwrap().as_bytes(), key).unwrap()
}

#[test]
fn every_acknowledged_share_has_a_receipt_that_anyone_can_check_and_retries_get_the_same() {
    let (app, person) = at_home();
    let keys = app.nobody().get("/v1/logs").expect(200);
    let key: VerifyingKey = keys["receipts_key"].as_str().unwrap().parse().unwrap();
    assert_eq!(key.name(), "sherlok.example/receipts");

    let body = claim(MORNING, 12.0, 18.5, 1);
    let first = share(&person.client, &body).expect(201);
    let statement: Value = serde_json::from_str(&proved(&first["receipt"], &key).leaf).unwrap();
    for field in ["id", "work_date", "slot", "place", "time", "received_at"] {
        assert_eq!(statement[field], first[field], "{field}");
    }
    assert_eq!(statement["employee"], json!(person.id.to_string()));
    assert_eq!(share(&person.client, &body).expect(200), first);

    // Several shares of one transaction have one signature and a place each.
    let batch: Vec<Value> = (2..9)
        .map(|serial| claim(MORNING, 12.0, 18.5, serial))
        .chain([body])
        .collect();
    let sent = || {
        person
            .client
            .post("/v1/check-ins/batch", &json!({ "check_ins": batch }))
            .expect(200)
    };
    let (one, again) = (sent(), sent());
    let results = one["results"].as_array().unwrap();
    assert_eq!(results[7]["check_in"], first);
    let groups: Vec<String> = results[..7]
        .iter()
        .map(|result| proved(&result["check_in"]["receipt"], &key).group)
        .collect();
    assert!(groups.iter().all(|group| *group == groups[0]), "{groups:?}");
    for (result, repeated) in results.iter().zip(again["results"].as_array().unwrap()) {
        assert_eq!(result["check_in"], repeated["check_in"]);
    }

    // The program checks a receipt by itself, with the same key and no other.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tanda-terima.tlog-proof");
    std::fs::write(&file, first["receipt"].as_str().unwrap()).unwrap();
    let file = file.to_str().unwrap();
    let (is_sound, printed, said) = sherlok(&[file, "--log-key", &key.to_string()]);
    assert!(
        is_sound && printed.starts_with("ok    receipt: recorded: {\"claim\":"),
        "{printed}{said}"
    );
    assert!(printed.contains(first["id"].as_str().unwrap()), "{printed}");
    let (is_sound, json, _) = sherlok(&[file, "--json", "--log-key", &key.to_string()]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert!(is_sound && json["sound"] == true && json["checks"][0]["check"] == "receipt");
    let other = SigningKey::from_seed(key.name(), KeyType::Note, &[9; 32]).unwrap();
    let (is_sound, printed, _) = sherlok(&[file, "--log-key", &other.verifying_key().to_string()]);
    assert!(!is_sound && printed.starts_with("WRONG receipt: "), "{printed}");
    let of_witness = keys["witness_key"].as_str().unwrap();
    assert!(!sherlok(&[file, "--log-key", of_witness]).0, "no key of a log");
    assert!(!sherlok(&[file]).0, "on first sight nobody vouches for a key");

    // Another instance of the deployment answers the same.
    let twin = app.twin();
    let elsewhere = person.client.at(&twin.base_url);
    assert_eq!(share(&elsewhere, &claim(MORNING, 12.0, 18.5, 1)).expect(200), first);
}

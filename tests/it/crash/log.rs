//! What the log of the real binary does not say.

use super::phone::claim;
use crate::harness::process::Service;
use serde_json::json;
use uuid::Uuid;

#[test]
fn passwords_positions_and_numbers_stay_out_of_the_log() {
    let mut service = Service::prepare();
    let username = service.add_employee(0);
    service.start();
    let client = service.signed_in(&username);
    client.post("/v1/check-ins", &claim(Uuid::now_v7())).expect(201);
    let mut wrong = client.clone();
    wrong
        .sign_in(&username, "kata-sandi-yang-salah")
        .problem(401, "invalid_credentials");
    client
        .post("/v1/check-ins", &json!({ "latitude": -6.121_212_1 }))
        .expect(422);
    client.get(&format!("/v1/tidak-ada/{username}?rahasia=1")).expect(404);
    service.kill();
    let log = service.log();
    assert!(log.contains("/v1/check-ins"), "the log is empty:\n{log}");
    for secret in [
        username.as_str(),
        "kata-sandi-yang-salah",
        crate::harness::people::PASSWORD,
        "106.17",
        "6.1212121",
        "rahasia",
    ] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}

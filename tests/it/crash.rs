//! What was acknowledged survives: the real binary is killed in the middle of work, again and again, and asked
//! afterwards. A short form of the campaign; its numbers are in the failure's text.

use crate::harness::client::Client;
use crate::harness::process::Service;
use serde_json::{Value, json};
use std::sync::Mutex;
use std::time::Duration;

const KILLS: usize = 6;
const PEOPLE: usize = 6;

fn claim() -> Value {
    let now =
        chrono::DateTime::from_timestamp_millis(i64::try_from(uuid::Uuid::now_v7().as_u64_pair().0 >> 16).unwrap());
    json!({
        "id": uuid::Uuid::now_v7(), "captured_at": now.unwrap().to_rfc3339(), "latitude": -6.12, "longitude": 106.17,
        "accuracy_metres": 12,
    })
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_when_the_service_is_killed() {
    let mut service = Service::prepare();
    let people: Vec<String> = (0..PEOPLE).map(|index| service.add_employee(index)).collect();
    let acknowledged: Mutex<Vec<(usize, Value)>> = Mutex::new(Vec::new());
    let unanswered: Mutex<Vec<(usize, Value)>> = Mutex::new(Vec::new());
    for round in 0..KILLS {
        service.start();
        let clients: Vec<Client> = people.iter().map(|username| service.signed_in(username)).collect();
        std::thread::scope(|scope| {
            for (index, client) in clients.iter().enumerate() {
                let (acknowledged, unanswered) = (&acknowledged, &unanswered);
                scope.spawn(move || {
                    loop {
                        let claim = claim();
                        match client.try_post("/v1/check-ins", &claim) {
                            Some(answer) if answer.status == 201 => acknowledged.lock().unwrap().push((index, claim)),
                            Some(answer) => assert!([429, 503].contains(&answer.status), "{}", answer.text()),
                            None => return unanswered.lock().unwrap().push((index, claim)),
                        }
                    }
                });
            }
            // Never at the same point of a transaction twice.
            std::thread::sleep(Duration::from_millis(120 + 37 * u64::try_from(round).unwrap()));
            service.kill();
        });
    }
    service.start();
    let clients: Vec<Client> = people.iter().map(|username| service.signed_in(username)).collect();
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(
        acknowledged.len() > KILLS * PEOPLE,
        "only {} shares were acknowledged",
        acknowledged.len()
    );
    for (index, claim) in &acknowledged {
        clients[*index].patiently("/v1/check-ins", claim).expect(200);
    }
    // What got no answer may be either; sending it again makes exactly one of it.
    for (index, claim) in unanswered.into_inner().unwrap() {
        let first = clients[index].patiently("/v1/check-ins", &claim);
        assert!([200, 201].contains(&first.status), "{}", first.text());
        clients[index].patiently("/v1/check-ins", &claim).expect(200);
    }
    println!(
        "{} acknowledged shares over {KILLS} kills: all there, once",
        acknowledged.len()
    );
}

#[test]
fn passwords_positions_and_numbers_stay_out_of_the_log() {
    let mut service = Service::prepare();
    let username = service.add_employee(0);
    service.start();
    let client = service.signed_in(&username);
    client.post("/v1/check-ins", &claim()).expect(201);
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

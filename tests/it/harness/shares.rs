//! Shares as phones send them.

use super::TestApp;
use super::client::{Answer, Client};
use super::homes::{HOME, at_metres};
use super::people::Person;
use serde_json::{Value, json};
use sherlok::domain::work_mode::WorkMode;

/// A UUIDv7 of a moment, unlike any other made in this test.
fn id(captured_at: &str, serial: u32) -> String {
    let moment = chrono::DateTime::parse_from_rfc3339(captured_at)
        .unwrap()
        .timestamp_millis();
    let bytes = [&[0, 0, 0, 0, 0, 0][..], &serial.to_be_bytes()].concat();
    uuid::Builder::from_unix_timestamp_millis(u64::try_from(moment).unwrap(), bytes.as_slice().try_into().unwrap())
        .into_uuid()
        .to_string()
}

/// A claim captured so many metres north of [`HOME`].
pub(crate) fn claim(captured_at: &str, metres_from_home: f64, accuracy_metres: f64, serial: u32) -> Value {
    let (latitude, longitude) = at_metres(metres_from_home);
    json!({
        "id": id(captured_at, serial), "captured_at": captured_at, "latitude": latitude, "longitude": longitude,
        "accuracy_metres": accuracy_metres,
    })
}

/// Sends one share.
pub(crate) fn share(client: &Client, claim: &Value) -> Answer {
    client.post("/v1/check-ins", claim)
}

/// A moment in the morning slot of the day on which tests begin.
pub(crate) const MORNING: &str = "2026-03-02T08:30:00+07:00";

/// A service and someone who works from a verified home.
pub(crate) fn at_home() -> (TestApp, Person) {
    let app = TestApp::start();
    let person = app.employee("1.01");
    app.verified_home(&person, HOME, "2026-01-05");
    app.assign(&person, "2026-03-02", WorkMode::Wfh);
    (app, person)
}

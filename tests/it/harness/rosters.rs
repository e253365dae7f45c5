//! An agency under a circular, and the calls of a roster's life.

use super::TestApp;
use super::client::{Answer, Client};
use super::people::Person;
use crate::circular;
use serde_json::{Value, json};
use sherlok::store;

/// An agency of eight under a circular that lets half of them work at home.
pub(crate) struct Scene {
    pub(crate) app: TestApp,
    pub(crate) operator: Client,
    pub(crate) head: Client,
    pub(crate) bkd: Client,
    pub(crate) people: Vec<Person>,
}

pub(crate) fn half_at_home() -> Value {
    json!([
        {"kind": "quota", "modes": ["wfh"], "bound": "max", "percent": 50, "scope": "opd"},
        {"kind": "priority", "order": 1, "criterion": {"is": "domicile_in", "codes": ["36.71"]}},
        {"kind": "reporting", "what": "roster", "to": "BKD", "due_on": "2026-03-03"},
    ])
}

pub(crate) fn scene(rules: &Value) -> Scene {
    let app = TestApp::start();
    let people = (0..8).map(|_| app.employee("1.01")).collect();
    let bkd = app.official("bkd_officer");
    circular::issued(&bkd, &circular::text("4 Tahun 2026", &json!({"rules": rules})));
    Scene {
        operator: app.official("agency_operator:1.01"),
        head: app.official("agency_head:1.01"),
        bkd,
        people,
        app,
    }
}

impl Scene {
    /// Makes a roster; gives its id.
    pub(crate) fn made(&self, from: &str, to: &str) -> String {
        let view = make(&self.operator, from, to).expect(201);
        view["id"].as_str().unwrap().to_owned()
    }

    /// Makes a roster and takes it as far as BKD's receipt; gives its id.
    pub(crate) fn received(&self, from: &str, to: &str) -> String {
        let id = self.made(from, to);
        submit(&self.head, &id, 1, &json!({})).expect(200);
        decide(&self.bkd, &id, 2, &json!({"decision": "receive"})).expect(200);
        id
    }

    /// Makes a roster and takes it as far as publication; gives its id.
    pub(crate) fn published(&self, from: &str, to: &str) -> String {
        let id = self.received(from, to);
        publish(&self.operator, &id, 3).expect(200);
        id
    }

    pub(crate) fn read(&self, id: &str) -> Value {
        self.operator.get(&format!("/v1/rosters/{id}")).expect(200)
    }

    pub(crate) fn actions(&self, id: &str) -> Vec<(String, Option<String>)> {
        let links = self
            .app
            .app()
            .store()
            .read(|connection| store::event::list(connection, "roster", id))
            .unwrap();
        links.into_iter().map(|link| (link.action, link.to_state)).collect()
    }
}

pub(crate) fn make(client: &Client, from: &str, to: &str) -> Answer {
    client.post("/v1/agencies/1.01/rosters", &json!({"from": from, "to": to}))
}

pub(crate) fn at(client: &Client, version: u32) -> Client {
    client.with_header("if-match", &format!("\"{version}\""))
}

pub(crate) fn submit(client: &Client, id: &str, version: u32, body: &Value) -> Answer {
    at(client, version).post(&format!("/v1/rosters/{id}/submission"), body)
}

pub(crate) fn decide(client: &Client, id: &str, version: u32, body: &Value) -> Answer {
    at(client, version).post(&format!("/v1/rosters/{id}/decision"), body)
}

pub(crate) fn publish(client: &Client, id: &str, version: u32) -> Answer {
    at(client, version).post(&format!("/v1/rosters/{id}/publication"), &json!({}))
}

pub(crate) fn change(client: &Client, id: &str, version: u32, items: &[Value]) -> Answer {
    at(client, version).put(&format!("/v1/rosters/{id}/entries"), &json!({"items": items}))
}

pub(crate) fn item(person: &Person, date: &str, mode: &str) -> Value {
    json!({"employee_id": person.id.uuid(), "date": date, "mode": mode, "reason": "Ada tamu dari pusat"})
}

pub(crate) fn entries(client: &Client, id: &str, date: &str) -> Vec<Value> {
    let page = client.get(&format!("/v1/rosters/{id}/entries?date={date}")).expect(200);
    page["items"].as_array().unwrap().clone()
}

pub(crate) fn planned(client: &Client, id: &str, date: &str, person: &Person) -> Value {
    let of = |entry: &&Value| entry["employee_id"] == json!(person.id.uuid());
    entries(client, id, date).iter().find(of).unwrap().clone()
}

pub(crate) fn mode(person: &Person, date: &str) -> Value {
    person.client.get(&format!("/v1/me/day?date={date}")).expect(200)["mode"].clone()
}

pub(crate) fn notices(client: &Client, kind: &str) -> Vec<Value> {
    let page = client.get("/v1/me/notices").expect(200);
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|notice| notice["kind"] == kind)
        .cloned()
        .collect()
}

pub(crate) fn codes(findings: &Value) -> Vec<&str> {
    findings["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

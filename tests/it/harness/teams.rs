//! A small agency with a head, a section and its staff, and the entries that they file.

use super::TestApp;
use super::client::Client;
use super::people::Person;
use serde_json::{Value, json};
use uuid::Uuid;

/// The head of an agency, the head of a section below, two of its members, and someone of another agency's section.
pub(crate) struct Team {
    pub(crate) head: Person,
    pub(crate) superior: Person,
    pub(crate) member: Person,
    pub(crate) colleague: Person,
    pub(crate) stranger: Person,
    pub(crate) other_superior: Person,
}

/// A service with a team.
pub(crate) fn team() -> (TestApp, Team) {
    let app = TestApp::start();
    let people = |agency: &str| (app.employee(agency), app.employee(agency), app.employee(agency));
    let (head, superior, member) = people("1.01");
    let colleague = app.employee("1.01");
    let (other_head, other_superior, stranger) = people("1.02");
    let top = app.unit("1.01", &head, None);
    let section = app.unit("1.01", &superior, Some(top));
    app.join(&head, top);
    for person in [&superior, &member, &colleague] {
        app.join(person, section);
    }
    let other_top = app.unit("1.02", &other_head, None);
    let other_section = app.unit("1.02", &other_superior, Some(other_top));
    for person in [&other_superior, &stranger] {
        app.join(person, other_section);
    }
    // Who heads a unit is a superior from the next sign-in on.
    let again = |person: Person| Person {
        client: app.signed_in(&person.username),
        ..person
    };
    let team = Team {
        head: again(head),
        superior: again(superior),
        member,
        colleague,
        stranger,
        other_superior: again(other_superior),
    };
    (app, team)
}

impl TestApp {
    /// Makes a unit with a head.
    pub(crate) fn unit(&self, agency: &str, head: &Person, parent: Option<Uuid>) -> Uuid {
        let id = Uuid::now_v7();
        let parent = parent.map_or_else(|| "NULL".to_owned(), |parent| self.literal(parent));
        self.execute(&format!(
            "INSERT INTO unit (id, agency_code, code, name, parent_id, head_employee_id) \
             VALUES ({}, '{agency}', 'T{}', 'Unit', {parent}, {})",
            self.literal(id),
            self.next_serial(),
            self.literal(head.id.uuid()),
        ));
        id
    }

    /// Puts a person into a unit.
    pub(crate) fn join(&self, person: &Person, unit: Uuid) {
        self.execute(&format!(
            "UPDATE membership SET unit_id = {} WHERE employee_id = {}",
            self.literal(unit),
            self.literal(person.id.uuid()),
        ));
    }
}

/// An entry of a date, with a fresh id.
pub(crate) fn entry(work_date: &str, start: &str, end: &str) -> Value {
    json!({
        "id": Uuid::now_v7(), "work_date": work_date, "start": start, "end": end,
        "description": "Menyusun konsep surat edaran", "output": "Konsep surat edaran",
        "quantity": 1, "unit": "dokumen", "channel": "email",
    })
}

/// Files an entry of the morning on which tests begin and hands it in; gives its id.
pub(crate) fn handed_in(client: &Client) -> String {
    let mut body = entry("2026-03-02", "07:30", "08:30");
    body["submit"] = json!(true);
    let view = client.post("/v1/activities", &body).expect(201);
    assert_eq!(view["state"], "submitted");
    view["id"].as_str().unwrap().to_owned()
}

/// Reviews an entry.
pub(crate) fn review(client: &Client, id: &str, decision: &str, note: &str) -> super::client::Answer {
    client.post(
        &format!("/v1/activities/{id}/review"),
        &json!({ "decision": decision, "note": note }),
    )
}

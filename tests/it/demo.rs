//! The demo, run as a newcomer runs it: the real binary, on a fresh directory, through to its report.

use crate::harness::client::Client;
use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use uuid::Uuid;

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string()
}

fn sherlok(directory: &Path, address: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sherlok"));
    command
        .args(arguments)
        .env("SHERLOK_DATA_DIR", directory)
        .env("SHERLOK_LISTEN", address)
        .env_remove("SHERLOK_DATABASE_URL")
        .stderr(Stdio::inherit());
    command
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn the_demo_tells_scripts_where_it_serves_and_whom_to_sign_in_as() {
    let directory = tempfile::tempdir().unwrap();
    let address = free_address();
    let arguments = ["demo", "--exit", "--json", "--people", "80"];
    let output = sherlok(directory.path(), &address, &arguments).output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let report: Value = serde_json::from_str(&text).expect("one JSON object and nothing else");

    assert_eq!(report["base_url"], format!("http://{address}"));
    assert_eq!(report["agencies"].as_array().unwrap().len(), 5);
    let sign_ins = report["sign_ins"].as_array().unwrap();
    let roles: BTreeSet<&str> = sign_ins
        .iter()
        .map(|sign_in| sign_in["role"].as_str().unwrap())
        .collect();
    for role in sherlok::domain::access::Role::ALL {
        assert!(roles.contains(role.code()), "{}", role.code());
    }
    let placed: Vec<&Value> = sign_ins
        .iter()
        .filter(|sign_in| sign_in.get("position").is_some())
        .collect();
    assert!(placed.len() >= 2 && placed[0]["agency"] != placed[1]["agency"]);
    for sign_in in &placed {
        assert_eq!(sign_in["role"], "employee");
        assert!((-7.1..-5.7).contains(&sign_in["position"]["latitude"].as_f64().unwrap()));
    }

    let count = |name: &str| {
        report["counts"][name]
            .as_u64()
            .unwrap_or_else(|| panic!("no count of {name}"))
    };
    assert!((60..=120).contains(&count("employees")), "{}", count("employees"));
    assert!(count("homes_verified") > 40);
    // Three slots each for those at home, most of them filled; nobody shares more than that.
    assert!((count("homes_verified") * 2..=count("homes_verified") * 3).contains(&count("check_ins")));
    assert!(count("retries") > 0 && count("activities") > 0);
    assert_eq!(count("circulars"), 16);
    assert_eq!(count("batches"), 5);
    // One audit is done; the other is left in the middle of its work for whoever tries the demo.
    assert_eq!(count("audits"), 2);
    assert!(count("cases_reviewed") > 24 && count("cases_reviewed") < count("cases"));
    assert!((2..=3).contains(&count("cases_decided")));
}

#[test]
fn the_demo_goes_on_serving_and_the_simulator_shares_in_the_slot_that_is_open_now() {
    let directory = tempfile::tempdir().unwrap();
    let address = free_address();
    let mut command = sherlok(
        directory.path(),
        &address,
        &["demo", "--json", "--people", "60", "--seed", "7"],
    );
    let mut process = Process(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(process.0.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let file = directory.path().join("sign-ins.json");
    std::fs::write(&file, &line).unwrap();

    let base_url = format!("http://{address}");
    let arguments = [
        "simulate",
        "--json",
        "--base-url",
        &base_url,
        "--sign-ins",
        file.to_str().unwrap(),
    ];
    let output = sherlok(directory.path(), &address, &arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let outcome: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&outcome["people"], &outcome["shares"]),
        (&Value::from(2), &Value::from(2))
    );
    // A mast's fix may leave it uncertain, but a home that is in force can always be compared with.
    assert!(outcome["outcomes"].get("unverifiable").is_none(), "{outcome}");
    assert!(outcome["outcomes"].get("outside").is_none(), "{outcome}");
    let stopped = Command::new("kill")
        .args(["-TERM", &process.0.id().to_string()])
        .status()
        .unwrap();
    assert!(stopped.success() && process.0.wait().unwrap().success());
}

/// Signs in as the first of a role, of an agency where one is named.
fn signed_in(report: &Value, role: &str, agency: Option<&str>) -> Client {
    let sign_ins = report["sign_ins"].as_array().unwrap();
    let sign_in = sign_ins
        .iter()
        .find(|sign_in| sign_in["role"] == role && agency.is_none_or(|agency| sign_in["agency"] == agency))
        .unwrap_or_else(|| panic!("no sign-in of {role}"));
    let mut client = Client::new(report["base_url"].as_str().unwrap());
    let text = |name: &str| sign_in[name].as_str().unwrap();
    client.sign_in(text("username"), text("password")).expect(200);
    client
}

#[test]
fn a_request_for_leave_walks_through_the_sign_ins_of_the_demo_to_its_letter() {
    let directory = tempfile::tempdir().unwrap();
    let address = free_address();
    let mut command = sherlok(directory.path(), &address, &["demo", "--json", "--people", "60"]);
    let mut process = Process(command.stdout(Stdio::piped()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(process.0.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let report: Value = serde_json::from_str(&line).unwrap();
    let of = |role: &str| signed_in(&report, role, Some("diskominfo"));
    let (employee, superior, officer, head) = (of("employee"), of("superior"), of("leave_officer"), of("agency_head"));
    let today: NaiveDate = employee.get("/v1/me/day").expect(200)["date"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    // Annual leave lies in one year.
    let first = [7, 14]
        .map(|days| today + Days::new(days))
        .into_iter()
        .find(|first| (*first + Days::new(2)).year() == first.year())
        .unwrap();
    let id = Uuid::now_v7();
    let body = json!({
        "id": id, "kind": "annual", "from": first, "to": first + Days::new(2), "submit": true,
        "reason": "Mengurus keluarga", "address": "Jalan Contoh 5, Serang",
    });
    employee.post("/v1/leave-requests", &body).expect(201);
    let step = |client: &Client, step: &str, body: &Value| {
        let answer = client.post(&format!("/v1/leave-requests/{id}/{step}"), body);
        answer.expect(200)
    };
    let approve = json!({"outcome": "approve"});
    step(&officer, "check", &json!({}));
    let waiting = superior.get("/v1/leave-requests").expect(200);
    assert_eq!(waiting["items"][0]["id"], json!(id), "it waits for this superior");
    step(&superior, "consideration", &approve);
    step(&head, "decision", &approve);
    let letter = step(&head, "letter", &json!({}));
    let pdf = employee.get(&format!("/v1/letters/{}/file.pdf", letter["id"].as_str().unwrap()));
    assert_eq!(pdf.status, 200);
    assert!(pdf.bytes.starts_with(b"%PDF-"));
    // What was granted frees the day, and the operator's board says so.
    let path = format!("/v1/agencies/diskominfo/day?date={first}");
    assert_eq!(of("agency_operator").get(&path).expect(200)["modes"]["leave"], 1);
}

#[test]
fn the_demo_does_not_write_into_a_database_that_is_in_use() {
    let directory = tempfile::tempdir().unwrap();
    let address = free_address();
    let mut add = sherlok(directory.path(), &address, &["user", "add", "admin"]);
    let mut child = add.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"kata-sandi-panjang\n").unwrap();
    assert!(child.wait().unwrap().success());
    let output = sherlok(directory.path(), &address, &["demo", "--exit"])
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("fresh data directory"));
}

//! An agency's own instance and BKD's: a batch travels as a file and by itself, and its proof comes back.

use crate::batch::{DAY, decide, path, share, submit};
use crate::harness::TestApp;
use crate::harness::bad_line::{BadLine, Fault};
use crate::harness::client::{Answer, Client};
use crate::harness::homes::HOME;
use crate::harness::people::{PASSWORD, Person};
use diesel::RunQueryDsl;
use serde_json::{Value, json};
use sherlok::domain::audit_log::entry::Entry;
use sherlok::domain::digest::Digest;
use sherlok::domain::log::policy::Policy;
use sherlok::domain::log::proof::Proof;
use sherlok::domain::work_mode::WorkMode;
use sherlok::platform::remote::Remote;
use sherlok::store::backend::AnyConnection;
use std::sync::atomic::Ordering;

/// An agency's instance with two people at home, and BKD's.
pub(crate) struct Pair {
    pub(crate) bkd: TestApp,
    pub(crate) dinas: TestApp,
    pub(crate) near: Person,
    pub(crate) far: Person,
    pub(crate) operator: Client,
    pub(crate) officer: Client,
    pub(crate) head: Client,
    /// The account at BKD's instance by which the agency's own sends.
    pub(crate) sender: Client,
}

/// The usual path of that account's requests.
fn remote(base_url: &str) -> Remote {
    // The first account that is made at BKD's instance.
    Remote::new(base_url, "agency_operator-0".to_owned(), PASSWORD.to_owned(), None).unwrap()
}

/// The way to BKD's instance by an account that is not there.
pub(crate) fn stranger(base_url: &str) -> Remote {
    Remote::new(base_url, "nobody".to_owned(), PASSWORD.to_owned(), None).unwrap()
}

/// Both instances; `seed` makes the agency's ids, and `base_url` of BKD's own instance is where it sends by itself.
pub(crate) fn pair(seed: u64, base_url: impl FnOnce(&TestApp) -> Option<String>) -> Pair {
    let bkd = TestApp::start();
    let sender = bkd.official("agency_operator:1.01");
    let (officer, head) = (bkd.official("bkd_officer"), bkd.official("bkd_head"));
    let dinas = bkd.dinas(seed, base_url(&bkd).as_deref().map(remote));
    let (near, far, operator) = staff(&dinas);
    Pair {
        bkd,
        dinas,
        near,
        far,
        operator,
        officer,
        head,
        sender,
    }
}

/// Two people of the agency who work at home on the day, and its operator.
pub(crate) fn staff(dinas: &TestApp) -> (Person, Person, Client) {
    let (near, far) = (dinas.employee("1.01"), dinas.employee("1.01"));
    for person in [&near, &far] {
        dinas.verified_home(person, HOME, "2026-01-05");
        dinas.assign(person, DAY, WorkMode::Wfh);
    }
    (near, far, dinas.official("agency_operator:1.01"))
}

impl Pair {
    /// The morning's shares, and the clock after the last slot.
    pub(crate) fn lived(mut self) -> Self {
        share(&self.near, "2026-03-02T08:30:00+07:00", 12.0, 1);
        share(&self.far, "2026-03-02T08:31:00+07:00", 4_000.0, 2);
        self.set_clock("2026-03-02T17:30:00+07:00");
        self
    }

    pub(crate) fn set_clock(&mut self, to: &str) {
        self.bkd.set_clock(to);
        self.dinas.set_clock(to);
        for client in [
            &mut self.near.client,
            &mut self.far.client,
            &mut self.operator,
            &mut self.officer,
            &mut self.head,
            &mut self.sender,
        ] {
            client.renew();
        }
    }

    /// Seals and sends a slot or the day at the agency's instance; gives the batch's path.
    pub(crate) fn sent(&self, slot: Option<&str>) -> String {
        sent(&self.operator, slot)
    }

    /// Registers the key of the agency's log at BKD's instance.
    pub(crate) fn registered(self) -> Self {
        let key = key_of(&self.dinas);
        register(&self.officer, &key).expect(200);
        self
    }

    pub(crate) fn dispatch(&self, path: &str) -> Vec<u8> {
        let answer = self.operator.get(&format!("{path}/dispatch"));
        answer.expect(200);
        answer.bytes
    }

    pub(crate) fn bring(&self, bytes: &[u8]) -> Answer {
        bring(&self.officer, bytes)
    }

    /// Sends what is due; gives how many proofs came back.
    pub(crate) fn send(&self) -> u32 {
        let app = self.dinas.app();
        app.send_dispatches(app.now()).unwrap()
    }
}

pub(crate) fn sent(operator: &Client, slot: Option<&str>) -> String {
    let body = json!({ "from": DAY, "to": DAY, "slot": slot });
    let batch = path(&operator.post("/v1/agencies/1.01/batches", &body).expect(201));
    let sent = submit(operator, &batch).expect(200);
    assert_eq!(
        sent["state"], "submitted",
        "only BKD's instance says that it has the batch"
    );
    batch
}

pub(crate) fn key_of(dinas: &TestApp) -> String {
    let logs = dinas.nobody().get("/v1/logs").expect(200);
    let logs = logs["items"].as_array().unwrap();
    let log = logs.iter().find(|log| log["name"] == "agency/1.01").unwrap();
    log["verifying_key"].as_str().unwrap().to_owned()
}

pub(crate) fn register(client: &Client, key: &str) -> Answer {
    client.put("/v1/federation/agencies/1.01", &json!({ "verifying_key": key }))
}

pub(crate) fn bring(client: &Client, bytes: &[u8]) -> Answer {
    client.send("POST", "/v1/federation/batches", Some("application/zip"), bytes)
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

pub(crate) fn count(app: &TestApp, what: &str) -> i64 {
    let query = diesel::sql_query(format!("SELECT count(*) AS count FROM {what}"));
    match &mut app.app().store().connect().unwrap() {
        AnyConnection::Postgres(inner) => query.get_result::<Count>(inner),
        AnyConnection::Sqlite(inner) => query.get_result::<Count>(inner),
    }
    .unwrap()
    .count
}

/// Every row at BKD's instance that a dispatch may write.
pub(crate) fn stored(bkd: &TestApp) -> Vec<i64> {
    [
        "batch",
        "batch_chunk",
        "received_dispatch",
        "log_entry",
        "witnessed_log WHERE size > 0",
    ]
    .map(|what| count(bkd, what))
    .to_vec()
}

#[test]
fn a_batch_travels_as_a_file_and_its_proof_comes_back() {
    let pair = pair(3, |_| None).lived();
    let batch = pair.sent(None);
    let pair = pair.registered();
    assert_eq!(pair.operator.get(&format!("{batch}/proof")).status, 404);
    let file = pair.dispatch(&batch);
    assert!(pair.dispatch(&batch) == file, "a dispatch is made once");
    let answer = pair.bring(&file);
    answer.expect(200);
    let receipt = answer.text();
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    // Anybody with the two keys can check the receipt.
    let witness = pair.bkd.app().public_keys().witness;
    let policy = format!("log {}\nwitness bkd {witness}\nquorum bkd\n", key_of(&pair.dinas));
    let proof = Proof::parse(receipt.as_bytes()).unwrap();
    let entry = proof.extra().unwrap().to_vec();
    let seen = proof
        .verify(&entry, &Policy::parse(policy.as_bytes()).unwrap())
        .unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        i64::try_from(seen[0].time).unwrap() * 1_000,
        pair.bkd.clock.now().millis()
    );
    assert_eq!(Entry::parse(&entry).unwrap().facts.kind(), "batch_sealed");
    // The same again, also by the agency's own account, is the same to the byte.
    assert_eq!(pair.bring(&file).text(), receipt);
    assert_eq!(bring(&pair.sender, &file).text(), receipt);
    // It is a batch of that agency here, and can be decided.
    let listed = pair.officer.get("/v1/batches").expect(200);
    assert_eq!(listed["items"][0]["state"], "received");
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(path(&listed["items"][0]), batch);
    let accepted = decide(&pair.officer, &batch, &json!({ "decision": "accept" })).expect(200);
    assert_eq!(accepted["state"], "accepted");
    // BKD's own log says that it has it.
    assert!(pair.officer.get(&format!("{batch}/proof")).status == 200);
    // The rows are those that were sealed.
    let rows = |client: &Client| client.get(&format!("{batch}/file.ndjson")).text();
    assert_eq!(rows(&pair.officer), rows(&pair.operator));
    // The proof is brought back.
    let keep = |text: &str| {
        pair.operator
            .send("PUT", &format!("{batch}/proof"), Some("text/plain"), text.as_bytes())
    };
    keep(&receipt.replacen("index 0", "index 1", 1)).names_field(422, "proof");
    keep("").names_field(422, "proof");
    let kept = keep(&receipt).expect(200);
    assert_eq!(
        (&kept["state"], kept["receipt_number"].is_string()),
        (&json!("received"), true)
    );
    assert_eq!(keep(&receipt).expect(200), kept);
    assert_eq!(pair.operator.get(&format!("{batch}/proof")).text(), receipt);
    assert_eq!(pair.bkd.app().check_logs().unwrap(), []);
    assert_eq!(pair.dinas.app().check_logs().unwrap(), []);
}

#[test]
fn later_batches_go_on_from_what_was_cosigned() {
    let pair = pair(3, |_| None).lived();
    let morning = pair.sent(Some("morning"));
    let pair = pair.registered();
    let receipt = pair.bring(&pair.dispatch(&morning)).text();
    let put = |path: &str, text: &str| {
        let answer = pair
            .operator
            .send("PUT", &format!("{path}/proof"), Some("text/plain"), text.as_bytes());
        answer.expect(200)
    };
    put(&morning, &receipt);
    let (midday, afternoon) = (pair.sent(Some("midday")), pair.sent(Some("afternoon")));
    // Both are under one checkpoint: the second has nothing new to be cosigned, and the same time.
    let first = pair.bring(&pair.dispatch(&midday)).text();
    put(&midday, &first);
    pair.bkd.advance(chrono::Duration::seconds(30));
    let answer = pair.bring(&pair.dispatch(&afternoon));
    answer.expect(200);
    let line = |text: &str| text.lines().last().unwrap().to_owned();
    assert_eq!(line(&answer.text()), line(&first));
    put(&afternoon, &answer.text());
    let read = pair.officer.get("/v1/federation/agencies/1.01").expect(200);
    assert_eq!(read["cosigned_size"], 3);
    assert_eq!(
        pair.officer.get("/v1/batches").expect(200)["items"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn keys_are_registered_by_bkd_alone_and_changes_are_public() {
    let pair = pair(3, |_| None).lived();
    pair.sent(None);
    let key = key_of(&pair.dinas);
    for stranger in [&pair.sender, &pair.head, &pair.bkd.official("bkd_auditor")] {
        register(stranger, &key).problem(403, "forbidden");
    }
    let registered = register(&pair.officer, &key).expect(200);
    assert_eq!(registered["origin"], "dinas.example/agency/1.01");
    assert_eq!(
        register(&pair.officer, &key).expect(200),
        registered,
        "the same key again"
    );
    // Another agency's key, a witness's, and no key at all.
    let others = pair.bkd.app().public_keys();
    for wrong in [others.witness, others.receipts, "x".to_owned()] {
        register(&pair.officer, &wrong).names_field(422, "verifying_key");
    }
    let other = sherlok::domain::log::key::SigningKey::from_seed(
        "other.example/agency/1.01",
        sherlok::domain::log::key::KeyType::Note,
        &[9; 32],
    );
    let other = other.unwrap().verifying_key().to_string();
    register(&pair.officer, &other).problem(412, "stale_version");
    // What the agency's log is signed with is said here and nowhere else.
    let administrator = pair.bkd.official("administrator");
    let elsewhere = administrator.put("/v1/witnessed-logs", &json!({ "verifying_key": key }));
    elsewhere.names_field(422, "verifying_key");
    let changed = register(&pair.officer.with_header("if-match", "\"1\""), &other).expect(200);
    assert_eq!((&changed["version"], &changed["cosigned_size"]), (&json!(2), &json!(0)));
    let said = |kind: &str| {
        count(
            &pair.bkd,
            &format!("log_entry WHERE kind = '{kind}' AND subject LIKE 'key/%/agency/1.01'"),
        )
    };
    assert_eq!((said("key_added"), said("key_revoked")), (2, 1));
    // The log of before is cosigned no longer.
    let logs = administrator.get("/v1/witnessed-logs").expect(200);
    let keys: Vec<&str> = logs["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|log| log["verifying_key"].as_str().unwrap())
        .collect();
    assert_eq!(keys, ["", other.as_str()]);
    assert_eq!(pair.bkd.reasons("agency", "1.01").len(), 2);
}

#[test]
fn what_an_agency_seals_elsewhere_is_not_sealed_at_bkd() {
    let pair = pair(3, |_| None).lived();
    pair.sent(None);
    let pair = pair.registered();
    let seal = pair
        .sender
        .post("/v1/agencies/1.01/batches", &json!({ "from": DAY, "to": DAY }));
    seal.problem(409, "federated_agency");
    // And an instance that is not set up for it has no dispatches.
    let operator = pair.bkd.official("agency_operator:1.02");
    let batch = operator
        .post("/v1/agencies/1.02/batches", &json!({ "from": DAY, "to": DAY }))
        .expect(201);
    submit(&operator, &path(&batch)).expect(200);
    operator
        .get(&format!("{}/dispatch", path(&batch)))
        .problem(409, "not_federated");
}

#[test]
fn a_batch_travels_by_itself() {
    let mut pair = pair(3, |bkd| Some(bkd.base_url.clone())).lived();
    let batch = pair.sent(None);
    // No key is registered yet: it is refused, and tried again later.
    assert_eq!(pair.send(), 0);
    assert_eq!(pair.operator.get(&batch).expect(200)["state"], "submitted");
    pair = pair.registered();
    assert_eq!(pair.send(), 0, "the pause is not over");
    pair.set_clock("2026-03-02T17:31:30+07:00");
    assert_eq!(pair.send(), 1);
    assert_eq!(pair.operator.get(&batch).expect(200)["state"], "received");
    assert_eq!(pair.send(), 0, "it is there");
    let kept = pair.operator.get(&format!("{batch}/proof")).text();
    assert_eq!(count(&pair.bkd, "received_dispatch"), 1);
    let listed = pair.officer.get("/v1/batches").expect(200);
    assert_eq!(path(&listed["items"][0]), batch);
    assert!(kept.contains("sherlok.example/witness"));
}

#[test]
fn a_cut_connection_goes_on_where_it_stopped_also_after_a_restart() {
    let line = std::cell::OnceCell::new();
    let pair = pair(3, |bkd| {
        let bad = BadLine::before(&bkd.base_url, Fault::Cut, 1);
        let base_url = bad.base_url.clone();
        drop(line.set(bad));
        Some(base_url)
    });
    let line = line.get().unwrap();
    let pair = pair.lived();
    let batch = pair.sent(None);
    let mut pair = pair.registered();
    let before = stored(&pair.bkd);
    assert_eq!(pair.send(), 0, "cut");
    assert_eq!(line.failures.load(Ordering::SeqCst), 0);
    assert_eq!(stored(&pair.bkd), before, "nothing half stored");
    // Most of the file gets there by another way.
    let file = pair.dispatch(&batch);
    let digest = Digest::of(&file);
    let most = file.len() - 500;
    let piece = format!("/v1/federation/dispatches/{digest}?offset=0&size={}", file.len());
    let answer = pair
        .sender
        .send("PUT", &piece, Some("application/octet-stream"), &file[..most]);
    assert_eq!(answer.expect(202)["received_bytes"], most);
    // The sender is another process since; it sends the rest only.
    pair.set_clock("2026-03-02T17:40:00+07:00");
    line.carried.store(0, Ordering::SeqCst);
    let again = pair.bkd.dinas_again(&pair.dinas, 33, Some(remote(&line.base_url)));
    let app = again.app();
    assert_eq!(app.send_dispatches(app.now()).unwrap(), 1);
    let carried = line.carried.load(Ordering::SeqCst);
    assert!((500..2_000).contains(&carried), "{carried} of {}", file.len());
    assert_eq!(pair.operator.get(&batch).expect(200)["state"], "received");
}

#[test]
fn an_answer_that_was_lost_is_given_again_to_the_byte() {
    let pair = pair(3, |bkd| {
        let bad = BadLine::before(&bkd.base_url, Fault::Silence, 1);
        Some(bad.base_url)
    });
    let pair = pair.lived();
    let batch = pair.sent(None);
    let mut pair = pair.registered();
    assert_eq!(pair.send(), 0, "no answer came");
    assert_eq!(pair.operator.get(&batch).expect(200)["state"], "submitted");
    // BKD has it, and says so again with the same words, though time went by and more was sealed since.
    let file = pair.dispatch(&batch);
    let given = pair.bring(&file).text();
    pair.set_clock("2026-03-02T17:45:00+07:00");
    assert_eq!(pair.send(), 1);
    assert_eq!(pair.operator.get(&format!("{batch}/proof")).text(), given);
    assert_eq!(count(&pair.bkd, "received_dispatch"), 1);
    assert_eq!(count(&pair.bkd, "log_entry WHERE kind = 'batch_received'"), 1);
}

#[test]
fn two_roots_of_one_size_are_kept_and_raised() {
    let pair = pair(3, |_| None).lived();
    let batch = pair.sent(None);
    let pair = pair.registered();
    pair.bring(&pair.dispatch(&batch)).expect(200);
    // Another database under the same key tells another story of the same size.
    let other = pair.bkd.dinas(4, None);
    let (_, _, operator) = staff(&other);
    assert_eq!(key_of_size_one(&other, &operator), key_of(&pair.dinas));
    let story = other_story(&operator);
    let before = stored(&pair.bkd);
    for _ in 0..2 {
        let refused = pair.bring(&story);
        refused.problem(422, "dispatch_refused");
        refused.names_field(422, "fork");
    }
    assert_eq!(stored(&pair.bkd), before);
    assert_eq!(count(&pair.bkd, "witnessed_fork"), 1);
    let told = pair.head.get("/v1/me/notices").expect(200);
    let kinds: Vec<&Value> = told["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|told| &told["kind"])
        .collect();
    assert_eq!(kinds, ["log_forked"]);
    let raised = "event WHERE subject_kind = 'witnessed_log' AND action = 'fork'";
    assert_eq!(count(&pair.bkd, raised), 1);
}

/// Seals the day on the other database; gives the key of its log.
fn key_of_size_one(other: &TestApp, operator: &Client) -> String {
    sent(operator, None);
    key_of(other)
}

fn other_story(operator: &Client) -> Vec<u8> {
    let listed = operator.get("/v1/batches").expect(200);
    let answer = operator.get(&format!("{}/dispatch", path(&listed["items"][0])));
    answer.expect(200);
    answer.bytes
}

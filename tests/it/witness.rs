//! Witnessing: other logs are cosigned here, ours are cosigned elsewhere, and two stories of one log are kept and told.

use crate::harness::client::{Answer, Client};
use crate::harness::{Setup, TestApp};
use serde_json::{Value, json};
use sherlok::app::log::cosign::Witnesses;
use sherlok::domain::log::checkpoint::{Checkpoint, SignedCheckpoint};
use sherlok::domain::log::consistency;
use sherlok::domain::log::key::{KeyType, SigningKey};
use sherlok::domain::log::note::{Note, SignatureLine, Signed};
use sherlok::domain::log::policy::Policy;
use sherlok::domain::log::tree::{WholeTree, leaf_hash};
use sherlok::domain::log::witness::Request;
use sherlok::domain::log_name::LogName;

const ORIGIN: &str = "inspektorat.example/audit";

fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, KeyType::Note, &[5; 32]).unwrap()
}

/// A log of so many entries, of which those from `other` on are told differently.
fn tree(size: u64, other: u64) -> WholeTree {
    let mut tree = WholeTree::default();
    for place in 0..size {
        let word = if place < other { "entry" } else { "another" };
        tree.append(leaf_hash(format!("{word} {place}").as_bytes())).unwrap();
    }
    tree
}

fn signed(tree: &WholeTree) -> SignedCheckpoint {
    let size = u64::try_from(tree.leaves().len()).unwrap();
    SignedCheckpoint::sign(Checkpoint::new(ORIGIN, size, tree.root()).unwrap(), &key()).unwrap()
}

fn request(old: u64, tree: &WholeTree) -> Request {
    let size = u64::try_from(tree.leaves().len()).unwrap();
    let proof = consistency::prove(old, size, |node| tree.hash(node)).unwrap();
    Request::new(old, proof.unwrap_or_default(), signed(tree)).unwrap()
}

fn ask(client: &Client, request: &str) -> Answer {
    client.send(
        "POST",
        "/witness/add-checkpoint",
        Some("text/plain"),
        request.as_bytes(),
    )
}

fn register(app: &TestApp) -> Client {
    let head = app.official("bkd_head");
    let body = json!({ "verifying_key": key().verifying_key().to_string() });
    head.put("/v1/witnessed-logs", &body).expect(200);
    head
}

fn witness_key(app: &TestApp) -> sherlok::domain::log::key::VerifyingKey {
    let logs = app.nobody().get("/v1/logs").expect(200);
    logs["witness_key"].as_str().unwrap().parse().unwrap()
}

fn notices(client: &Client) -> usize {
    let notices = client.get("/v1/me/notices").expect(200);
    let of_kind = |notice: &&Value| notice["kind"] == "log_forked";
    notices["items"].as_array().unwrap().iter().filter(of_kind).count()
}

#[test]
fn a_log_is_cosigned_once_it_is_known_and_the_same_text_gets_the_same_line() {
    let app = TestApp::start();
    let outside = app.nobody();
    let five = request(0, &tree(5, 5)).to_string();
    assert_eq!(ask(&outside, &five).status, 404);
    register(&app);
    let answer = ask(&outside, &five);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let line = answer.text();
    let mut note = Note::parse(signed(&tree(5, 5)).to_string().as_bytes()).unwrap();
    note.add(SignatureLine::parse(line.trim_end()).unwrap()).unwrap();
    let witness = witness_key(&app);
    let verified = note.verify(&[&witness]).unwrap();
    let seconds = u64::try_from(app.clock.now().millis() / 1_000).unwrap();
    assert_eq!(verified, [(&witness, Signed::At(seconds))]);

    app.advance(chrono::Duration::minutes(5));
    let conflict = ask(&outside, &five);
    assert_eq!((conflict.status, conflict.text().as_str()), (409, "5\n"));
    assert_eq!(conflict.header("content-type"), "text/x.tlog.size");
    let again = ask(&outside, &request(5, &tree(5, 5)).to_string());
    assert_eq!((again.status, again.text()), (200, line));

    let nine = request(5, &tree(9, 9));
    for (body, status) in [
        ("nonsense".to_owned(), 400),
        (nine.to_string().replacen("old 5", "old 12", 1), 400),
        (nine.to_string().replacen("old 5", "old 4", 1), 409),
        (nine.to_string().replacen(ORIGIN, "other.example/audit", 1), 404),
        (nine.to_string().replacen("\n9\n", "\n8\n", 1), 403),
        (request(5, &tree(9, 3)).to_string(), 422),
        ("x".repeat(300_000), 413),
    ] {
        let answer = ask(&outside, &body);
        assert_eq!(answer.status, status, "{body:.80}: {}", answer.text());
    }
    assert_eq!(ask(&outside, &nine.to_string()).status, 200);
    let listed = app.official("bkd_auditor").get("/v1/witnessed-logs").expect(200);
    assert_eq!(
        (&listed["items"][0]["size"], &listed["items"][0]["forks"]),
        (&json!(9), &json!([]))
    );
}

#[test]
fn two_roots_of_one_size_are_kept_as_proof_and_told_once() {
    let app = TestApp::start();
    let head = register(&app);
    let outside = app.nobody();
    assert_eq!(ask(&outside, &request(0, &tree(7, 7)).to_string()).status, 200);
    for _ in 0..2 {
        assert_eq!(ask(&outside, &request(7, &tree(7, 4)).to_string()).status, 422);
        // However it is asked, the contradiction is seen.
        assert_eq!(ask(&outside, &request(0, &tree(7, 4)).to_string()).status, 409);
    }
    let listed = head.get("/v1/witnessed-logs").expect(200);
    let forks = listed["items"][0]["forks"].as_array().unwrap();
    assert_eq!(forks.len(), 1);
    for (name, tree) in [("note", tree(7, 7)), ("other_note", tree(7, 4))] {
        assert_eq!(forks[0][name], signed(&tree).to_string());
    }
    assert_eq!(notices(&head), 1);
    // A forger can raise nothing.
    let stranger = SigningKey::from_seed(ORIGIN, KeyType::Note, &[6; 32]).unwrap();
    let checkpoint = SignedCheckpoint::sign(signed(&tree(7, 2)).checkpoint().clone(), &stranger).unwrap();
    let forged = Request::new(7, Vec::new(), checkpoint).unwrap();
    assert_eq!(ask(&outside, &forged.to_string()).status, 403);
    assert_eq!(
        head.get("/v1/witnessed-logs").expect(200)["items"][0]["forks"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn of_two_stories_at_once_on_two_instances_one_is_cosigned() {
    let app = TestApp::start();
    let twin = app.twin();
    register(&app);
    assert_eq!(ask(&app.nobody(), &request(0, &tree(5, 5)).to_string()).status, 200);
    let mut seen = 5;
    for round in 0..6 {
        let size = seen + 3;
        let stories = [tree(size, size), tree(size, size - 1)];
        let answers: Vec<(usize, u16)> = std::thread::scope(|scope| {
            let asking: Vec<_> = (0..8_usize)
                .map(|place| {
                    let (story, to) = (place % 2, if place < 4 { &app } else { &twin });
                    let (body, client) = (request(seen, &stories[story]).to_string(), to.nobody());
                    scope.spawn(move || (story, ask(&client, &body).status))
                })
                .collect();
            asking.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        let mut cosigned: Vec<usize> = answers
            .iter()
            .filter(|(_, status)| *status == 200)
            .map(|(story, _)| *story)
            .collect();
        cosigned.dedup();
        assert_eq!(cosigned.len(), 1, "round {round}: {answers:?}");
        assert!(
            answers.iter().all(|(_, status)| matches!(status, 200 | 409)),
            "{answers:?}"
        );
        // The next round goes on from the true story, whichever was cosigned now.
        if cosigned != [0] {
            break;
        }
        seen = size;
    }
}

#[test]
fn our_logs_are_cosigned_by_another_deployment_also_after_a_lost_answer() {
    let witness = TestApp::start_with(Setup {
        name: "saksi.example",
        ..Setup::default()
    });
    let key = witness_key(&witness);
    // Which keys our logs will have depends on their name alone.
    let probe = TestApp::start();
    probe.app().prepare().unwrap();
    probe.app().grow_log(&LogName::Audit).unwrap();
    let ours = probe.nobody().get("/v1/logs").expect(200)["items"][0]["verifying_key"].clone();
    let policy = format!(
        "log {}\nwitness saksi {key} {}/witness/\nquorum saksi\n",
        ours.as_str().unwrap(),
        witness.base_url
    );
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let app = TestApp::start_with(Setup {
        witnesses: Witnesses::of(&policy),
        ..Setup::default()
    });
    app.app().prepare().unwrap();
    app.app().grow_log(&LogName::Audit).unwrap();
    let checkpoint = || {
        let text = app.nobody().get("/logs/audit/checkpoint").text();
        SignedCheckpoint::parse(text.as_bytes()).unwrap()
    };
    // Nobody knows the log there yet.
    assert_eq!(app.app().ask_witnesses().unwrap(), 0);
    assert!(policy.check(&checkpoint()).is_err());
    let body = json!({ "verifying_key": ours });
    witness
        .official("administrator")
        .put("/v1/witnessed-logs", &body)
        .expect(200);
    assert_eq!(app.app().ask_witnesses().unwrap(), 1);
    assert_eq!(policy.check(&checkpoint()).unwrap()[0].witness, "saksi");
    assert_eq!(app.app().ask_witnesses().unwrap(), 0);

    // The log grows, the witness cosigns, and the answer never comes back.
    let head = app.official("bkd_head");
    let body = json!({ "verifying_key": self::key().verifying_key().to_string() });
    head.put("/v1/witnessed-logs", &body).expect(200);
    let before = checkpoint().checkpoint().size();
    app.app().grow_log(&LogName::Audit).unwrap();
    let (proof, note) = app.app().prove_growth(&LogName::Audit, before).unwrap();
    let grown = SignedCheckpoint::parse(note.as_bytes()).unwrap();
    assert!(grown.checkpoint().size() > before);
    let lost = Request::new(before, proof, grown).unwrap();
    assert_eq!(ask(&witness.nobody(), &lost.to_string()).status, 200);
    assert!(policy.check(&checkpoint()).is_err());
    assert_eq!(app.app().ask_witnesses().unwrap(), 1);
    policy.check(&checkpoint()).unwrap();
    assert_eq!(app.app().check_logs().unwrap(), []);
}

#[test]
fn whose_log_is_cosigned_is_said_by_few_and_stands_in_our_log() {
    let app = TestApp::start();
    let head = register(&app);
    assert_eq!(ask(&app.nobody(), &request(0, &tree(4, 4)).to_string()).status, 200);
    let body = |key: &str| json!({ "verifying_key": key });
    let other = SigningKey::from_seed(ORIGIN, KeyType::Note, &[6; 32]).unwrap();
    let other = other.verifying_key().to_string();
    for role in ["bkd_officer", "bkd_auditor", "agency_operator:1.01"] {
        app.official(role)
            .put("/v1/witnessed-logs", &body(&other))
            .problem(403, "forbidden");
    }
    let cosigning = SigningKey::from_seed("w", KeyType::Cosignature, &[6; 32]).unwrap();
    for wrong in ["", "x", &other[1..], &cosigning.verifying_key().to_string()] {
        head.put("/v1/witnessed-logs", &body(wrong))
            .names_field(422, "verifying_key");
    }
    app.app().prepare().unwrap();
    app.app().grow_log(&LogName::Audit).unwrap();
    let own = app.nobody().get("/v1/logs").expect(200)["items"][0]["verifying_key"].clone();
    let refused = head.put("/v1/witnessed-logs", &json!({ "verifying_key": own }));
    refused.names_field(422, "verifying_key");

    // Another key goes on from what was seen.
    let changed = head.put("/v1/witnessed-logs", &body(&other)).expect(200);
    assert_eq!(
        (&changed["size"], &changed["verifying_key"]),
        (&json!(4), &json!(other))
    );
    assert_eq!(ask(&app.nobody(), &request(4, &tree(6, 6)).to_string()).status, 403);
    app.app().grow_log(&LogName::Audit).unwrap();
    let size = app.nobody().get("/v1/logs").expect(200)["items"][0]["size"]
        .as_u64()
        .unwrap();
    let entries = app
        .nobody()
        .get(&format!("/logs/audit/tile/entries/000.p/{size}"))
        .text();
    let said = |what: &str| entries.matches(&format!("\"kind\":\"{what}\"")).count();
    assert_eq!(entries.matches(&format!("\"subject\":\"key/{ORIGIN}\"")).count(), 3);
    assert_eq!((said("key_added"), said("key_revoked")), (5, 1));
}

//! The transparency logs: entries, places, checkpoints and tiles as anyone reads them, and every changed row found out.

use crate::batch::{DAY, Scene, scene};
use crate::bundle::sherlok;
use crate::harness::TestApp;
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use sherlok::domain::audit_log::entry::Entry;
use sherlok::domain::batch::commitment::Salt;
use sherlok::domain::batch::row_tree::RowProof;
use sherlok::domain::log::checkpoint::SignedCheckpoint;
use sherlok::domain::log::consistency;
use sherlok::domain::log::key::VerifyingKey;
use sherlok::domain::log::policy::Policy;
use sherlok::domain::log::proof::Proof;
use sherlok::domain::log::tile::{Bundle, Tile};
use sherlok::domain::log::tree::{leaf_hash, root};
use sherlok::domain::log_name::LogName;
use sherlok::store::backend::AnyConnection;

fn listed(app: &TestApp, name: &str) -> Value {
    let logs = app.nobody().get("/v1/logs").expect(200);
    let logs = logs["items"].as_array().unwrap();
    logs.iter().find(|log| log["name"] == name).unwrap().clone()
}

fn key_of(app: &TestApp, name: &str) -> VerifyingKey {
    listed(app, name)["verifying_key"].as_str().unwrap().parse().unwrap()
}

/// Seals and sends the day; gives the batch's id.
fn sent(scene: &Scene) -> String {
    let sealed = scene
        .operator
        .post("/v1/agencies/1.01/batches", &json!({ "from": DAY, "to": DAY }))
        .expect(201);
    let id = sealed["id"].as_str().unwrap().to_owned();
    scene
        .operator
        .post(&format!("/v1/batches/{id}/submission"), &json!({}))
        .expect(200);
    id
}

/// Changes a setting of the agency, which the log tells of.
fn set(scene: &Scene, version: u32) {
    let officer = scene.officer.with_header("if-match", &format!("\"{version}\""));
    let body = json!({ "seals_at_close": version.is_multiple_of(2), "needs_second_person": false });
    officer.put("/v1/agencies/1.01/batch-setting", &body).expect(200);
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    count: i64,
}

fn count(app: &TestApp, table: &str) -> i64 {
    let query = diesel::sql_query(format!("SELECT count(*) AS count FROM {table}"));
    match &mut app.app().store().connect().unwrap() {
        AnyConnection::Postgres(inner) => query.get_result::<Count>(inner),
        AnyConnection::Sqlite(inner) => query.get_result::<Count>(inner),
    }
    .unwrap()
    .count
}

#[test]
fn what_is_served_is_a_log_whose_leaves_give_the_signed_root() {
    let scene = scene().lived();
    scene.app.app().prepare().unwrap();
    sent(&scene);
    for name in ["audit", "agency/1.01"] {
        scene.app.app().grow_log(&name.parse().unwrap()).unwrap();
        let reader = scene.app.nobody();
        let note = reader.get(&format!("/logs/{name}/checkpoint")).text();
        let signed = SignedCheckpoint::parse(note.as_bytes()).unwrap();
        let key = key_of(&scene.app, name);
        assert_eq!(signed.checkpoint().origin(), key.name());
        Policy::of_log(key).unwrap().check(&signed).unwrap();
        let size = signed.checkpoint().size();
        // The list says the same as the checkpoint, and who has seen it.
        let listed = listed(&scene.app, name);
        let newest = &listed["newest"];
        assert_eq!(
            (&listed["size"], &newest["root"]),
            (&json!(size), &json!(signed.checkpoint().root().to_base64()))
        );
        assert_eq!(newest["witnesses"][0]["name"], "sherlok.example/witness");
        assert_eq!(newest["witnesses"][0]["seen_at"], newest["signed_at"]);
        assert_eq!(newest["witnesses"].as_array().unwrap().len(), 1);
        let bundle = reader.get(&format!("/logs/{name}/tile/entries/000.p/{size}")).bytes;
        let entries = Bundle::new(0, size).unwrap();
        let entries = entries.read(&bundle).unwrap();
        let leaves: Vec<_> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        assert_eq!(root(&leaves), *signed.checkpoint().root());
        let tile = reader.get(&format!("/logs/{name}/tile/0/000.p/{size}")).bytes;
        assert_eq!(Tile::new(0, 0, size).unwrap().read(&tile).unwrap(), leaves);
        for entry in entries {
            Entry::parse(entry).unwrap();
        }
        for missing in [
            "tile/0/000",
            "tile/0/001.p/1",
            "tile/1/000.p/1",
            "tile/entries/000.p/255",
            "x",
            "",
        ] {
            assert_eq!(reader.get(&format!("/logs/{name}/{missing}")).status, 404, "{missing}");
        }
    }
    assert_eq!(scene.app.nobody().get("/logs/agency/9.99/checkpoint").status, 404);
    assert_eq!(scene.app.app().check_logs().unwrap(), []);
}

#[test]
fn every_later_checkpoint_goes_on_from_every_earlier_one() {
    let scene = scene().lived();
    let app = scene.app.app();
    let mut seen = Vec::new();
    for version in 0..4 {
        set(&scene, version);
        app.grow_log(&LogName::Audit).unwrap();
        let (_, note) = app.prove_growth(&LogName::Audit, 0).unwrap();
        seen.push(SignedCheckpoint::parse(note.as_bytes()).unwrap());
        let newest = *seen.last().unwrap().checkpoint().head();
        for earlier in &seen {
            let earlier = *earlier.checkpoint().head();
            let (hashes, _) = app.prove_growth(&LogName::Audit, earlier.size).unwrap();
            consistency::verify(&earlier, &newest, &hashes).unwrap();
        }
    }
    assert!(app.prove_growth(&LogName::Audit, 1_000).is_err());
}

#[test]
fn bkd_gives_the_same_proof_of_a_batch_again_and_again_and_it_holds() {
    let scene = scene().lived();
    let id = sent(&scene);
    let path = format!("/v1/batches/{id}/proof");
    let first = scene.operator.get(&path).text();
    // The log grows on; the proof stays what it was.
    set(&scene, 0);
    scene.app.app().grow_log(&LogName::Audit).unwrap();
    assert_eq!(scene.officer.get(&path).text(), first);
    let proof = Proof::parse(first.as_bytes()).unwrap();
    let leaf = proof.extra().unwrap();
    proof
        .verify(leaf, &Policy::of_log(key_of(&scene.app, "audit")).unwrap())
        .unwrap();
    let entry: Value = serde_json::from_slice(leaf).unwrap();
    assert_eq!(entry["subject"], format!("batch/{id}"));
    let batch = scene.operator.get(&format!("/v1/batches/{id}")).expect(200);
    assert_eq!(entry["facts"]["manifest_sha256"], batch["manifest_sha256"]);
    let unsent = scene
        .operator
        .post(
            "/v1/agencies/1.01/batches",
            &json!({ "from": DAY, "to": DAY, "slot": "morning" }),
        )
        .expect(201);
    let unsent = format!("/v1/batches/{}/proof", unsent["id"].as_str().unwrap());
    assert_eq!(scene.operator.get(&unsent).status, 404);
    assert_eq!(scene.near.client.get(&path).status, 403);
}

#[test]
fn everybody_can_prove_that_their_own_row_is_in_the_sealed_batch() {
    let scene = scene().lived();
    let path = format!("/v1/me/batch-row?date={DAY}&slot=morning");
    assert_eq!(scene.near.client.get(&path).status, 404);
    let id = sent(&scene);
    let own = scene.near.client.get(&path).expect(200);
    assert_eq!(own["batch_id"], id);
    let row: Value = serde_json::from_str(own["row"].as_str().unwrap()).unwrap();
    assert_eq!((&row["state"], &row["place"]), (&json!("received"), &json!("inside")));
    let text = |name: &str| own[name].as_str().unwrap();
    let proof = RowProof {
        line: text("row").to_owned(),
        salt: Salt::from_hex(text("salt")).unwrap(),
        leaf: text("leaf").to_owned(),
        index: own["index"].as_u64().unwrap(),
        size: own["size"].as_u64().unwrap(),
        hashes: own["hashes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hash| hash.as_str().unwrap().parse().unwrap())
            .collect(),
        root: text("rows_root").parse().unwrap(),
    };
    assert!(proof.holds(&text("unit").parse().unwrap()));
    let sealed = Proof::parse(text("batch_proof").as_bytes()).unwrap();
    let leaf = sealed.extra().unwrap();
    sealed
        .verify(leaf, &Policy::of_log(key_of(&scene.app, "agency/1.01")).unwrap())
        .unwrap();
    let entry: Value = serde_json::from_slice(leaf).unwrap();
    assert_eq!(entry["facts"]["rows_root"], own["rows_root"]);
    // The program checks the file as it is given.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bukti.json");
    std::fs::write(&file, own.to_string()).unwrap();
    let file = file.to_str().unwrap();
    let (is_sound, printed, _) = sherlok(&[file, "--log-key", &key_of(&scene.app, "agency/1.01").to_string()]);
    assert!(
        is_sound && printed.starts_with(&format!("ok    row: in batch {id}, sealed ")),
        "{printed}"
    );
    assert!(printed.contains(text("row")), "{printed}");
    let (is_sound, printed, error) = sherlok(&[file, "--log-key", &key_of(&scene.app, "audit").to_string()]);
    assert!(!is_sound && printed.starts_with("WRONG row: "), "{printed}");
    assert!(error.contains("not sound"), "{error}");
    assert!(!sherlok(&[file]).0, "on first sight nobody vouches for a key");
    // Somebody else's row is another one, and nobody reads a stranger's.
    let far = scene.far.client.get(&path).expect(200);
    assert_ne!(far["unit"], own["unit"]);
    assert_eq!(
        (&far["rows_root"], &far["batch_proof"]),
        (&own["rows_root"], &own["batch_proof"])
    );
    assert_eq!(
        scene
            .near
            .client
            .get("/v1/me/batch-row?date=2026-03-02&slot=night")
            .status,
        422
    );
}

/// What is changed in a row: table, its key, and what a column is set to.
const EDITS: [(&str, &str, &str, &str); 19] = [
    ("log", "name", "origin", "origin || 'x'"),
    ("log", "name", "size", "size + 1"),
    ("log", "name", "edge", "FLIP"),
    ("log_entry", "id", "log_name", "log_name || 'x'"),
    ("log_entry", "id", "position", "position + 9223372036854775000"),
    ("log_entry", "id", "added_at", "LATER"),
    ("log_entry", "id", "kind", "kind || 'x'"),
    ("log_entry", "id", "subject", "subject || 'x'"),
    ("log_entry", "id", "content", "replace(content, '\"v\":1', '\"v\":2')"),
    ("log_opening", "entry_id", "sealed", "FLIP"),
    ("log_tile", "log_name, level, number", "hashes", "FLIP"),
    ("log_tile", "log_name, level, number", "level", "level + 1"),
    ("log_tile", "log_name, level, number", "number", "number + 1"),
    ("log_checkpoint", "log_name, size", "root", "FLIP"),
    ("log_checkpoint", "log_name, size", "signed_at", "LATER"),
    ("log_checkpoint", "log_name, size", "note", "replace(note, '/', '+')"),
    (
        "log_cosignature",
        "log_name, size, witness",
        "witness",
        "witness || 'x'",
    ),
    ("log_cosignature", "log_name, size, witness", "signed_at", "LATER"),
    (
        "log_cosignature",
        "log_name, size, witness",
        "line",
        "replace(line, '/', '+')",
    ),
];

#[test]
#[expect(clippy::too_many_lines, reason = "one edit after another, put back each time")]
fn every_single_row_that_is_changed_or_taken_away_is_found() {
    let scene = scene().lived();
    scene.app.app().prepare().unwrap();
    sent(&scene);
    set(&scene, 0);
    for log in [LogName::Audit, "agency/1.01".parse().unwrap()] {
        scene.app.app().grow_log(&log).unwrap();
    }
    assert_eq!(scene.app.app().check_logs().unwrap(), []);
    let is_postgres = scene.app.is_postgres();
    let mut connection = scene.app.app().store().connect().unwrap();
    let mut run = |statement: &str| {
        match &mut connection {
            AnyConnection::Postgres(inner) => inner.batch_execute(statement),
            AnyConnection::Sqlite(inner) => inner.batch_execute(statement),
        }
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
    };
    if is_postgres {
        for table in [
            "log",
            "log_entry",
            "log_opening",
            "log_tile",
            "log_checkpoint",
            "log_cosignature",
        ] {
            run(&format!("ALTER TABLE {table} DISABLE TRIGGER USER"));
        }
        for (table, key) in [
            ("log_opening", "log_opening_entry_id_fkey"),
            ("log_tile", "log_tile_log_name_fkey"),
            ("log_checkpoint", "log_checkpoint_log_name_fkey"),
            ("log_cosignature", "log_cosignature_log_name_size_fkey"),
        ] {
            run(&format!("ALTER TABLE {table} DROP CONSTRAINT {key}"));
        }
    } else {
        run("PRAGMA foreign_keys = OFF");
        for name in [
            "log_entry_update",
            "log_entry_delete",
            "log_checkpoint_update",
            "log_checkpoint_delete",
            "log_cosignature_update",
            "log_cosignature_delete",
        ] {
            run(&format!("DROP TRIGGER {name}"));
        }
    }
    let mut tables: Vec<(&str, &str)> = EDITS.iter().map(|(table, key, _, _)| (*table, *key)).collect();
    tables.dedup();
    let mut found = 0;
    for (table, key) in tables {
        run(&format!("CREATE TABLE kept AS SELECT * FROM {table}"));
        let rows = count(&scene.app, table);
        // Every row on SQLite; on PostgreSQL, where each step takes three times as long, the first and the last.
        let step = if is_postgres {
            usize::try_from(rows - 1).unwrap().max(1)
        } else {
            1
        };
        let columns = EDITS.iter().filter(|(edited, _, _, _)| *edited == table);
        let edits = columns.map(|(_, _, column, value)| {
            let value = match (*value, is_postgres) {
                ("FLIP", true) => format!("set_byte({column}, 3, get_byte({column}, 3) # 1)"),
                ("FLIP", false) => format!(
                    "unhex(replace(hex({column}), substr(hex({column}), 1, 2), \
                    CASE substr(hex({column}), 1, 2) WHEN '00' THEN '01' ELSE '00' END))"
                ),
                ("LATER", true) => format!("{column} + interval '1 second'"),
                ("LATER", false) => format!("{column} + 1000"),
                (value, _) => value.to_owned(),
            };
            format!("UPDATE {table} SET {column} = {value}")
        });
        for edit in edits.chain([format!("DELETE FROM {table}")]).collect::<Vec<_>>() {
            for row in (0..rows).step_by(step) {
                let which = format!("SELECT {key} FROM kept ORDER BY {key} LIMIT 1 OFFSET {row}");
                run(&format!("{edit} WHERE ({key}) IN ({which})"));
                let faults = scene.app.app().check_logs().unwrap();
                assert!(!faults.is_empty(), "{edit}, row {row}");
                found += 1;
                run(&format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept"));
            }
        }
        run("DROP TABLE kept");
        assert_eq!(scene.app.app().check_logs().unwrap(), [], "{table} was put back");
    }
    assert!(found > if is_postgres { 40 } else { 60 }, "{found}");
}

#[test]
fn the_database_itself_refuses_to_change_what_has_its_place() {
    let scene = scene().lived();
    sent(&scene);
    scene.app.app().grow_log(&LogName::Audit).unwrap();
    let mut connection = scene.app.app().store().connect().unwrap();
    for statement in [
        "UPDATE log_entry SET content = 'x'",
        "UPDATE log_entry SET position = position + 1000",
        "DELETE FROM log_entry",
        "UPDATE log_checkpoint SET note = 'x'",
        "DELETE FROM log_checkpoint",
        "DELETE FROM log_cosignature",
    ] {
        let refused = match &mut connection {
            AnyConnection::Postgres(inner) => inner.batch_execute(statement),
            AnyConnection::Sqlite(inner) => inner.batch_execute(statement),
        };
        assert!(refused.is_err(), "{statement}");
    }
}

#[test]
fn many_who_let_the_log_grow_at_once_give_every_entry_one_place() {
    let scene = scene().lived();
    let twin = scene.app.twin();
    let app = scene.app.app();
    for round in 0..5 {
        set(&scene, round);
        std::thread::scope(|threads| {
            for instance in [app, twin.app(), app, twin.app()] {
                threads.spawn(move || instance.grow_log(&LogName::Audit).unwrap());
            }
        });
    }
    assert_eq!(app.check_logs().unwrap(), []);
}

#[test]
fn roles_settings_and_files_that_leave_stand_in_the_log_without_a_name() {
    let scene = scene().lived();
    let administrator = scene.app.official("administrator");
    let person = scene.app.official("bkd_officer");
    let named = person.get("/v1/me").expect(200)["username"]
        .as_str()
        .unwrap()
        .to_owned();
    let grant = json!({ "role": "agency_head", "agency": "1.01" });
    let path = format!("/v1/accounts/{named}/roles");
    administrator.post(&path, &grant).expect(204);
    let taken = administrator.send("DELETE", &path, Some("application/json"), grant.to_string().as_bytes());
    assert_eq!(taken.status, 204);
    let id = sent(&scene);
    assert_eq!(scene.operator.get(&format!("/v1/batches/{id}/file.csv")).status, 200);
    let month = format!("/v1/agencies/1.01/recaps/{}.csv", &DAY[..7]);
    assert_eq!(scene.operator.get(&month).status, 200);
    scene.app.app().grow_log(&LogName::Audit).unwrap();
    let checkpoint = scene.app.nobody().get("/logs/audit/checkpoint").text();
    let checkpoint = SignedCheckpoint::parse(checkpoint.as_bytes()).unwrap();
    let size = checkpoint.checkpoint().size();
    let bundle = scene
        .app
        .nobody()
        .get(&format!("/logs/audit/tile/entries/000.p/{size}"))
        .bytes;
    let entries = Bundle::new(0, size).unwrap();
    let entries: Vec<Value> = entries
        .read(&bundle)
        .unwrap()
        .iter()
        .map(|entry| serde_json::from_slice(entry).unwrap())
        .collect();
    let count = |kind: &str, subject: &str| {
        entries
            .iter()
            .filter(|entry| entry["kind"] == kind && entry["subject"] == subject && !entry["c"].is_null())
            .count()
    };
    // Given and taken.
    assert_eq!(count("setting_changed", "setting/role/agency_head"), 2);
    assert!(count("setting_changed", "setting/role/bkd_officer") >= 1);
    assert_eq!(count("export", &format!("batch/{id}")), 1);
    assert_eq!(count("export", "agency/1.01"), 1);
    let text = String::from_utf8_lossy(&bundle).into_owned();
    assert!(!text.contains(&named));
    assert_eq!(scene.app.app().check_logs().unwrap(), []);
}

//! The compose file and the image say only what the binary understands: parsed, and run as processes.

use crate::harness::database::Database;
use saphyr::{LoadableYamlNode, Yaml};
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// Each text of a list in the compose file; a single text is a list of one.
fn texts(node: &Yaml<'_>) -> Vec<String> {
    node.as_vec().map_or_else(
        || vec![node.as_str().unwrap().to_owned()],
        |list| list.iter().map(|text| text.as_str().unwrap().to_owned()).collect(),
    )
}

/// The settings of the service in the compose file and the image, by name.
fn settings(service: &Yaml<'_>) -> Vec<(String, String)> {
    let composed = service["environment"]
        .as_mapping()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str().unwrap().to_owned(), value.as_str().unwrap().to_owned()));
    let image = read("Dockerfile");
    let of_image = image
        .lines()
        .filter_map(|line| line.strip_prefix("ENV "))
        .flat_map(str::split_whitespace)
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    composed.chain(of_image).collect()
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn every_setting_in_the_compose_file_is_one_that_the_binary_reads() {
    let text = read("docker-compose.yml");
    let compose = &Yaml::load_from_str(&text).unwrap()[0];
    let read_settings = read("src/cli/config.rs");
    let settings = settings(&compose["services"]["sherlok"]);
    assert!(settings.len() >= 4);
    for (name, _) in settings {
        assert!(read_settings.contains(&format!("variable(\"{name}\")")), "{name}");
    }
}

#[test]
fn the_service_waits_for_a_database_that_never_loses_a_commit_and_has_no_network() {
    let text = read("docker-compose.yml");
    let compose = &Yaml::load_from_str(&text).unwrap()[0];
    let postgres = &compose["services"]["postgres"];
    let command = texts(&postgres["command"]);
    for flag in ["fsync=on", "synchronous_commit=on", "listen_addresses="] {
        assert!(command.iter().any(|word| word == flag), "{flag}");
    }
    assert!(texts(&postgres["healthcheck"]["test"]).contains(&"pg_isready".to_owned()));
    let service = &compose["services"]["sherlok"];
    assert_eq!(
        service["depends_on"]["postgres"]["condition"].as_str(),
        Some("service_healthy")
    );
    let socket = "postgres-socket:/var/run/postgresql".to_owned();
    assert!(texts(&postgres["volumes"]).contains(&socket) && texts(&service["volumes"]).contains(&socket));
    let role = read("deploy/postgres-role.sql");
    assert!(
        role.contains("CREATE ROLE sherlok LOGIN NOSUPERUSER")
            && role.contains("CREATE DATABASE sherlok OWNER sherlok")
    );
}

#[test]
fn the_commands_of_the_compose_file_start_a_service_that_its_health_check_finds_healthy() {
    let text = read("docker-compose.yml");
    let compose = &Yaml::load_from_str(&text).unwrap()[0];
    let service = &compose["services"]["sherlok"];
    assert!(read("Dockerfile").contains("ENTRYPOINT [\"sherlok\"]"));

    let database = Database::create();
    let directory = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sherlok"));
    command.args(texts(&service["command"])).env_clear();
    for (name, value) in settings(service) {
        // Places of the container become places of this machine; everything else stays as it is written.
        let here = match name.as_str() {
            "SHERLOK_DATABASE_URL" => database.url(),
            "SHERLOK_DATA_DIR" => directory.path().display().to_string(),
            "SHERLOK_LISTEN" => format!("127.0.0.1:{port}"),
            _ => value,
        };
        command.env(name, here);
    }
    let mut process = Process(command.spawn().unwrap());

    let check = texts(&service["healthcheck"]["test"]);
    assert_eq!(check[0], "CMD");
    let is_healthy = || {
        let words = check[1..]
            .iter()
            .map(|word| word.replace("$$", "$").replace("/8080", &format!("/{port}")));
        let words: Vec<String> = words.collect();
        Command::new(&words[0])
            .args(&words[1..])
            .output()
            .unwrap()
            .status
            .success()
    };
    let started = Instant::now();
    while !is_healthy() {
        assert!(
            started.elapsed() < Duration::from_mins(1),
            "not healthy within a minute"
        );
        assert!(process.0.try_wait().unwrap().is_none(), "the service ended by itself");
        std::thread::sleep(Duration::from_millis(200));
    }
    let stopped = Command::new("kill")
        .args(["-TERM", &process.0.id().to_string()])
        .status()
        .unwrap();
    assert!(
        stopped.success() && process.0.wait().unwrap().success(),
        "SIGTERM ends it in good order"
    );
    assert!(!is_healthy());
}

#[test]
fn the_readme_names_every_setting() {
    let (read_settings, readme) = (read("src/cli/config.rs"), read("README.md"));
    let names: Vec<&str> = read_settings
        .split('"')
        .filter(|text| text.starts_with("SHERLOK_"))
        .collect();
    assert!(names.len() > 10);
    // The one that names the file itself stands in the sentence before the table.
    for name in names.into_iter().filter(|name| name.len() > "SHERLOK_".len()) {
        assert!(readme.contains(&format!("`{name}`")), "{name}");
    }
}

//! Holds the house together: arrows point down, names and sizes keep to the rules, both migration trees agree.
//! Reads source text only; what the compiler already refuses is not looked for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A floor, the floors it may use, and the crates that only it may name.
type Floor = (&'static str, &'static [&'static str], &'static [&'static str]);

const FLOORS: &[Floor] = &[
    ("domain", &[], &["geo", "drand_verify", "ed25519_dalek"]),
    (
        "platform",
        &["domain"],
        &[
            "jsonwebtoken",
            "argon2",
            "aes_gcm_siv",
            "calamine",
            "icalendar",
            "rust_xlsxwriter",
            "zip",
            "image",
            "infer",
            "lettre",
            "getrandom",
            "typst",
            "typst_layout",
            "typst_pdf",
            "qrcode",
            "rcgen",
            "rustls",
        ],
    ),
    ("store", &["domain"], &["diesel", "diesel_migrations"]),
    ("app", &["domain", "platform", "store"], &[]),
    (
        "http",
        &["domain", "app"],
        &[
            "actix_web",
            "tracing_actix_web",
            "utoipa",
            "utoipa_actix_web",
            "utoipa_swagger_ui",
            "garde",
            "governor",
            "rust_embed",
        ],
    ),
    ("cli", &["domain", "platform", "store", "app", "http"], &["clap"]),
];

const BANNED_FILE_NAMES: &[&str] = &[
    "util", "utils", "helper", "helpers", "common", "misc", "manager", "handler", "handlers", "service", "services",
    "data", "info",
];

const BANNED_TYPE_ENDINGS: &[&str] = &[
    "Util", "Utils", "Helper", "Manager", "Handler", "Service", "Info", "Impl",
];

const LONGEST_FILE_LINES: usize = 500;

const LEAST_TESTS_PER_1000_LINES: usize = 12;

/// Every Rust file below `directory`, generated ones left out, in a stable order.
fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_path_buf()];
    while let Some(directory) = open.pop() {
        let Ok(entries) = fs::read_dir(&directory) else {
            continue;
        };
        for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            if path.is_dir() {
                if path.file_name().is_none_or(|name| name != "generated") {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The code lines of a file with their numbers: comments say what they like.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim_start()))
        .filter(|(_, line)| !line.starts_with("//"))
}

/// Whether `line` names `path` as the first part of a path, as in `use geo::...` or `geo::Point::new`.
fn names_crate(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = &line[start + name.len()..];
        let starts_word = before.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_' && letter != ':');
        starts_word && (after.starts_with("::") || (line.starts_with("use ") && after.starts_with(';')))
    })
}

/// The floors that `line` names, as in `crate::store::check_in::find`.
fn floors_named(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("crate::").map(|(start, prefix)| {
        let rest = &line[start + prefix.len()..];
        let end = rest
            .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .unwrap_or(rest.len());
        &rest[..end]
    })
}

/// Each place under `root/src` where an arrow points up or a guarded crate is named by a stranger.
fn upward_arrows(root: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    for (floor, below, _) in FLOORS {
        for path in rust_files(&root.join("src").join(floor)) {
            let text = read(&path);
            for (number, line) in code_lines(&text) {
                let place = format!("{}:{number}", path.strip_prefix(root).unwrap().display());
                if line.contains("use crate::{") {
                    wrong.push(format!("{place}: one floor a line, not `use crate::{{`"));
                }
                for named in floors_named(line) {
                    let is_floor = FLOORS.iter().any(|(other, _, _)| *other == named);
                    if is_floor && named != *floor && !below.contains(&named) {
                        wrong.push(format!("{place}: {floor} may not use {named}"));
                    }
                }
                for (owner, _, guarded) in FLOORS.iter().filter(|(owner, _, _)| owner != floor) {
                    for name in guarded.iter().filter(|name| names_crate(line, name)) {
                        // A module of ours may bear a crate's name; its import says so.
                        let is_our_module = text
                            .lines()
                            .any(|line| line.starts_with("use crate::") && line.ends_with(&format!("::{name};")));
                        if !is_our_module {
                            wrong.push(format!("{place}: only {owner} may name {name}"));
                        }
                    }
                }
            }
        }
    }
    wrong
}

/// Each breach of the rules on names, first lines, lengths and imports, in `src` and `tests`.
fn untidy_files(root: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    for path in ["src", "tests"]
        .iter()
        .flat_map(|directory| rust_files(&root.join(directory)))
    {
        let text = read(&path);
        let place = path.strip_prefix(root).unwrap();
        if !text.starts_with("//! ") {
            wrong.push(format!(
                "{}: does not say what it is for on its first line",
                place.display()
            ));
        }
        let length = text.lines().count();
        if length > LONGEST_FILE_LINES {
            wrong.push(format!("{}: {length} lines", place.display()));
        }
        for name in place.iter().filter_map(|part| Path::new(part).file_stem()?.to_str()) {
            if BANNED_FILE_NAMES.contains(&name) {
                wrong.push(format!("{}: `{name}` says nothing", place.display()));
            }
        }
        for (number, line) in code_lines(&text) {
            let is_glob = line.contains("use ") && line.ends_with("::*;");
            // diesel's `table!` wants the column types in scope by their bare names.
            let is_idiom = ["use super::*;", "prelude::*;", "sql_types::*;", "columns::sql::*;"]
                .iter()
                .any(|idiom| line.ends_with(idiom));
            if is_glob && !is_idiom {
                wrong.push(format!("{}:{number}: a glob import", place.display()));
            }
            let declared = ["struct ", "enum ", "trait "].iter().find_map(|keyword| {
                let rest = line.strip_prefix("pub ").unwrap_or(line).strip_prefix(keyword)?;
                rest.split(|letter: char| !letter.is_alphanumeric()).next()
            });
            if let Some(ending) = declared.and_then(|name| BANNED_TYPE_ENDINGS.iter().find(|e| name.ends_with(**e))) {
                wrong.push(format!("{}:{number}: a type named ...{ending}", place.display()));
            }
        }
    }
    wrong
}

/// Tests under `root` for each 1,000 lines of `src`.
fn tests_per_1000_lines(root: &Path) -> usize {
    let lines: usize = rust_files(&root.join("src"))
        .iter()
        .map(|path| read(path).lines().count())
        .sum();
    let tests: usize = ["src", "tests"]
        .iter()
        .flat_map(|directory| rust_files(&root.join(directory)))
        .map(|path| {
            let text = read(&path);
            code_lines(&text)
                .filter(|(_, line)| matches!(*line, "#[test]" | "#[actix_web::test]" | "#[tokio::test]"))
                .count()
        })
        .sum();
    tests * 1000 / lines.max(1)
}

/// Names of the migration folders of one tree.
fn migrations(root: &Path, tree: &str) -> BTreeSet<String> {
    fs::read_dir(root.join("migrations").join(tree))
        .map(|entries| {
            entries
                .filter_map(Result::ok)
                .filter(|entry| entry.path().is_dir())
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect()
        })
        .unwrap_or_default()
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn arrows_between_floors_point_down() {
    let wrong = upward_arrows(&repository());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let wrong = untidy_files(&repository());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn there_are_at_least_twelve_tests_for_each_thousand_lines() {
    let rate = tests_per_1000_lines(&repository());
    assert!(
        rate >= LEAST_TESTS_PER_1000_LINES,
        "{rate} tests per 1,000 lines of src"
    );
}

#[test]
fn both_migration_trees_have_the_same_folders() {
    let sqlite = migrations(&repository(), "sqlite");
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, migrations(&repository(), "postgres"));
}

/// A house of one file, with `text` at `path`.
fn planted(path: &str, text: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    root
}

#[test]
fn a_planted_upward_arrow_is_found() {
    let root = planted("src/domain/place.rs", "//! Place.\nuse crate::store::home;\n");
    assert_eq!(
        upward_arrows(root.path()),
        ["src/domain/place.rs:2: domain may not use store"]
    );
    let mended = planted(
        "src/store/home.rs",
        "//! Home.\nuse crate::domain::place;\n// crate::http is above.\n",
    );
    assert_eq!(upward_arrows(mended.path()), [""; 0]);
}

#[test]
fn a_guarded_crate_named_on_another_floor_is_found() {
    let root = planted(
        "src/app/home.rs",
        "//! Home.\nuse diesel::prelude::*;\nfn f() { crate::store::diesel::x() }\n",
    );
    assert_eq!(
        upward_arrows(root.path()),
        ["src/app/home.rs:2: only store may name diesel"]
    );
    let ours = planted(
        "src/app/home.rs",
        "//! Home.\nuse crate::platform::image;\nfn f() { image::strip() }\n",
    );
    assert_eq!(upward_arrows(ours.path()), [""; 0]);
}

#[test]
fn planted_untidiness_is_found() {
    let text = format!(
        "use a::*;\npub struct HomeManager;\n{}",
        "\n".repeat(LONGEST_FILE_LINES)
    );
    let root = planted("src/app/helper.rs", &text);
    assert_eq!(
        untidy_files(root.path()),
        [
            "src/app/helper.rs: does not say what it is for on its first line",
            "src/app/helper.rs: 502 lines",
            "src/app/helper.rs: `helper` says nothing",
            "src/app/helper.rs:1: a glob import",
            "src/app/helper.rs:2: a type named ...Manager",
        ]
    );
    assert_eq!(tests_per_1000_lines(root.path()), 0);
}

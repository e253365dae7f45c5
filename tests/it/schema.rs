//! Every table of `src/store/schema` is in the database as it is written there, and nothing else is: names, types, what
//! may be missing, keys. Run on both databases it holds them to one text, and so to each other.

use crate::harness::TestApp;
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What is known of a column: its type, whether it may be missing, and its place in the primary key from 1, else 0.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Column {
    kind: String,
    is_nullable: bool,
    key_place: i64,
}

/// Columns by `table.column`.
type Columns = BTreeMap<String, Column>;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    is_nullable: i64,
    #[diesel(sql_type = BigInt)]
    key_place: i64,
}

/// Partitions are left out: they are their table's.
const OF_POSTGRES: &str = "
    SELECT c.relname::text AS table_name, a.attname::text AS column_name, format_type(a.atttypid, NULL) AS kind,
        CASE WHEN a.attnotnull THEN 0 ELSE 1 END::bigint AS is_nullable,
        coalesce((SELECT k.place FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
            WHERE i.indrelid = c.oid AND i.indisprimary AND k.attnum = a.attnum), 0)::bigint AS key_place
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND a.attnum > 0 AND NOT a.attisdropped";

const OF_SQLITE: &str = "
    SELECT t.name AS table_name, c.name AS column_name, lower(c.type) AS kind,
        1 - c.\"notnull\" AS is_nullable, c.pk AS key_place
    FROM sqlite_master t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

/// The columns of the test's database, diesel's own list of migrations left aside.
fn found(app: &TestApp) -> Columns {
    let mut connection = app.app().store().connect().unwrap();
    let query = if app.is_postgres() { OF_POSTGRES } else { OF_SQLITE };
    let rows: Vec<Row> = sql_query(query).load(&mut connection).unwrap();
    rows.into_iter()
        .filter(|row| row.table_name != "__diesel_schema_migrations")
        .map(|row| {
            let column = Column {
                kind: row.kind,
                is_nullable: row.is_nullable == 1,
                key_place: row.key_place,
            };
            (format!("{}.{}", row.table_name, row.column_name), column)
        })
        .collect()
}

/// The text of all tables as the code has them.
fn schema_text() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/schema");
    let mut text = String::new();
    for file in fs::read_dir(folder).unwrap() {
        text.push_str(&fs::read_to_string(file.unwrap().path()).unwrap());
    }
    text
}

/// What a portable column type is called in a database.
fn native(kind: &str, is_postgres: bool) -> &'static str {
    match (kind, is_postgres) {
        ("Text", _) | ("Document" | "Date", false) => "text",
        ("Id", true) => "uuid",
        ("Binary", true) => "bytea",
        ("Id" | "Binary", false) => "blob",
        ("Moment", true) => "timestamp with time zone",
        ("Document", true) => "jsonb",
        ("Date", true) => "date",
        ("Bool", true) => "boolean",
        ("SmallInt", true) => "smallint",
        ("BigInt", true) => "bigint",
        ("Integer", _) | ("Moment" | "Bool" | "SmallInt" | "BigInt", false) => "integer",
        _ => panic!("{kind} has no native form yet"),
    }
}

/// The columns of every `diesel::table!` in a text.
fn written(text: &str, is_postgres: bool) -> Columns {
    let mut columns = Columns::new();
    for block in text.split("diesel::table! {").skip(1) {
        let lines = block.lines().map(str::trim).take_while(|line| *line != "}");
        let mut table = "";
        let mut key: Vec<&str> = Vec::new();
        for line in lines {
            if let Some(head) = line.strip_suffix(") {") {
                let (name, list) = head.split_once(" (").unwrap();
                table = name;
                key = list.split(", ").collect();
            } else if let Some((name, kind)) = line.split_once(" -> ") {
                let kind = kind.trim_end_matches(',');
                let optional = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
                let place = key.iter().position(|column| *column == name);
                let column = Column {
                    kind: native(optional.unwrap_or(kind), is_postgres).to_owned(),
                    is_nullable: optional.is_some(),
                    key_place: place.map_or(0, |place| i64::try_from(place).unwrap() + 1),
                };
                columns.insert(format!("{table}.{name}"), column);
            }
        }
    }
    columns
}

/// A line for each column that is not the same on both sides.
fn drift(written: &Columns, found: &Columns) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, column) in written {
        match found.get(name) {
            None => lines.push(format!("{name} is not in the database")),
            Some(other) if other != column => {
                lines.push(format!("{name} is {other:?} in the database, {column:?} in the code"));
            }
            Some(_) => {}
        }
    }
    let unknown = found.keys().filter(|name| !written.contains_key(*name));
    lines.extend(unknown.map(|name| format!("{name} is not in the code")));
    lines
}

#[test]
fn every_column_of_the_database_is_as_the_code_has_it() {
    let app = TestApp::start();
    let text = schema_text();
    let written = written(&text, app.is_postgres());
    assert_eq!(written.len(), text.matches(" -> ").count(), "a column was not read");
    assert!(written.len() > 300);
    let wrong = drift(&written, &found(&app));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_planted_drift_is_found_by_the_name_of_its_column() {
    let app = TestApp::start();
    let mut connection = app.app().store().connect().unwrap();
    connection
        .batch_execute(
            "ALTER TABLE unit ADD COLUMN planted TEXT; ALTER TABLE employee RENAME COLUMN phone TO telephone; \
             CREATE TABLE planted (id INTEGER NOT NULL PRIMARY KEY)",
        )
        .unwrap();
    let text = schema_text()
        .replace("unit_name -> Nullable<Text>", "unit_name -> Text")
        .replace("offset_minutes -> SmallInt", "offset_minutes -> Text")
        .replace(
            "agency_slot_count (agency_code, work_date, slot, place, part)",
            "agency_slot_count (work_date, agency_code)",
        );
    let wrong = drift(&written(&text, app.is_postgres()), &found(&app));
    let named: Vec<&str> = wrong.iter().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(
        named,
        [
            "agency_slot_count.agency_code",
            "agency_slot_count.part",
            "agency_slot_count.place",
            "agency_slot_count.slot",
            "agency_slot_count.work_date",
            "check_in.offset_minutes",
            "employee.phone",
            "membership.unit_name",
            "employee.telephone",
            "planted.id",
            "unit.planted",
        ],
        "{wrong:?}"
    );
}

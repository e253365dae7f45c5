//! Fills a database the size of a province: people with homes, a circular, assignments, and days of shares.

use crate::deployment::Deployment;
use crate::people;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use diesel::connection::SimpleConnection;
use sherlok::domain::ids::DataKeyId;
use sherlok::domain::instant::Instant;
use sherlok::domain::place::Position;
use sherlok::domain::position_record::PositionRecord;
use sherlok::platform::cipher::Key;
use sherlok::store::Store;
use sherlok::store::backend::{AnyConnection, Location};
use std::fmt::Write as _;
use uuid::Uuid;

/// Local minutes at which the three slots open; each lasts until the next.
pub(crate) const OPENS: [u16; 3] = [0, 480, 960];

struct Writer {
    connection: AnyConnection,
    is_sqlite: bool,
}

impl Writer {
    fn execute(&mut self, statement: &str) {
        match &mut self.connection {
            AnyConnection::Postgres(inner) => inner.batch_execute(statement),
            AnyConnection::Sqlite(inner) => inner.batch_execute(statement),
        }
        .unwrap();
    }

    fn id(&self, id: Uuid) -> String {
        if self.is_sqlite {
            format!("x'{}'", id.simple())
        } else {
            format!("'{id}'")
        }
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        let text = hex::encode(bytes);
        if self.is_sqlite {
            format!("x'{text}'")
        } else {
            format!("'\\x{text}'")
        }
    }

    fn instant(&self, at: Instant) -> String {
        if self.is_sqlite {
            at.millis().to_string()
        } else {
            format!("'{}'", at.utc().to_rfc3339())
        }
    }

    fn insert(&mut self, into: &str, rows: impl Iterator<Item = String>) {
        let mut statement = String::new();
        let mut count = 0;
        for row in rows {
            let join = if statement.is_empty() {
                format!("INSERT INTO {into} VALUES ")
            } else {
                ", ".to_owned()
            };
            let _ = write!(statement, "{join}({row})");
            count += 1;
            if count % 500 == 0 {
                self.execute(&statement);
                statement.clear();
            }
        }
        if !statement.is_empty() {
            self.execute(&statement);
        }
    }
}

/// Shares that stand in the database before anything is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct History {
    /// So many work days on which everybody shared three times.
    pub(crate) days: u64,
    /// On the work day before them, so many people shared three times.
    pub(crate) more_people: u32,
}

impl History {
    /// Whole days only.
    pub(crate) const fn of_days(days: u64) -> Self {
        Self { days, more_people: 0 }
    }

    /// As many days as make `rows` shares of so many people, to the nearest three below.
    pub(crate) fn of_rows(rows: u64, people: u32) -> Self {
        let a_day = 3 * u64::from(people);
        Self {
            days: rows / a_day,
            more_people: (rows % a_day / 3) as u32,
        }
    }

    /// The work dates and how many people shared on each, the oldest first.
    fn dates(self, today: NaiveDate) -> Vec<(NaiveDate, Option<u32>)> {
        let mut dates: Vec<(NaiveDate, Option<u32>)> = (2..)
            .map(|step| today - Days::new(step))
            .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
            .take(self.days as usize + 1)
            .map(|day| (day, None))
            .collect();
        if let Some(last) = dates.last_mut() {
            last.1 = Some(self.more_people);
        }
        dates.retain(|(_, people)| *people != Some(0));
        dates.reverse();
        dates
    }
}

/// Makes the schema and everything in it, with a history of shares. The database must be empty.
pub(crate) fn fill(deployment: &Deployment, people: u32, past: History, now: Instant) {
    let location = Location::parse(&deployment.database_url).unwrap();
    let store = Store::open(location.clone(), 1).unwrap();
    let mut writer = Writer {
        is_sqlite: location.is_sqlite(),
        connection: store.connect().unwrap(),
    };
    let started = std::time::Instant::now();
    // Nothing here has to outlive a crash; the service's own connections keep every promise.
    writer.execute(if writer.is_sqlite {
        "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN"
    } else {
        "SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '64MB'; BEGIN"
    });
    let today = now.utc().date_naive();
    let dates = past.dates(today);
    for day in dates.iter().map(|(day, _)| *day).chain([today]) {
        sherlok::store::partition::make_ahead(&mut writer.connection, day).unwrap();
    }
    rules(&mut writer, people, now);
    staff(&mut writer, people, now);
    homes(&mut writer, &deployment.secrets().master(), people, now);
    // What takes long to keep up row by row and little to build at the end.
    if !writer.is_sqlite {
        writer.execute("ALTER TABLE slot_result DROP CONSTRAINT slot_result_pkey");
    }
    for (day, some) in &dates {
        // A day a transaction: SQLite's log would otherwise hold everything twice.
        writer.execute("COMMIT; BEGIN");
        history(&mut writer, some.unwrap_or(people), *day);
    }
    if writer.is_sqlite {
        results_of_sqlite(&mut writer, people, &dates);
    } else {
        writer.execute(
            "ALTER TABLE slot_result ADD CONSTRAINT slot_result_pkey PRIMARY KEY (work_date, employee_id, slot)",
        );
    }
    writer.execute(
        "INSERT INTO agency_slot_count (agency_code, work_date, slot, place, part, count) \
         SELECT agency_code, work_date, slot, place, 0, count(*) FROM slot_result \
         GROUP BY agency_code, work_date, slot, place; COMMIT",
    );
    if writer.is_sqlite {
        writer.execute("ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)");
    } else {
        // The catalogue belongs to somebody else, and the database warns of each of its tables.
        writer.execute("SET client_min_messages = error");
        writer.execute("VACUUM (ANALYZE)");
    }
    let rows: u64 = dates
        .iter()
        .map(|(_, some)| u64::from(some.unwrap_or(people)) * 3)
        .sum();
    eprintln!(
        "  {rows} shares of the past in {:.0} s",
        started.elapsed().as_secs_f64()
    );
}

fn rules(writer: &mut Writer, people: u32, now: Instant) {
    let at = writer.instant(now);
    let codes = (1..=people::agency_number(people)).map(people::agency_code);
    writer.insert(
        "agency (code, name, region_code, zone, version, created_at)",
        codes.map(|code| format!("'{code}', 'Dinas {code}', '36', 'Asia/Jakarta', 1, {at}")),
    );
    let slots: Vec<_> = ["morning", "midday", "afternoon"]
        .iter()
        .zip(OPENS)
        .map(|(slot, opens)| {
            serde_json::json!({ "slot": slot, "grace_minutes": 0,
                "window": { "opens_minute": opens, "closes_minute": if opens == 960 { 1_440 } else { opens + 479 } } })
        })
        .collect();
    let all_week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let body = serde_json::json!({
        "number": "800/0001-BENCH/2026", "title": "Pengukuran", "issuer": { "office": "governor", "name": "Pengukuran" },
        "jurisdiction_code": "36", "signed_on": "2020-01-01", "effective_from": "2020-01-01",
        "rules": [
            { "kind": "work_mode", "group": "administration", "mode": "wfh" },
            { "kind": "schedule", "works_on_holidays": true,
              "hours": [{ "days": all_week, "starts_minute": 0, "ends_minute": 1_439 }] },
            { "kind": "checkin", "slots": slots, "zone": "Asia/Jakarta" },
        ],
    });
    let id = writer.id(Uuid::now_v7());
    writer.execute(&format!(
        "INSERT INTO circular (id, number, number_key, title, jurisdiction_code, state, signed_on, effective_from, body, \
         version, created_by, created_at, issued_at) \
         VALUES ({id}, 'B', 'B', 'Pengukuran', '36', 'issued', '2020-01-01', '2020-01-01', '{body}', 1, {id}, {at}, {at})"
    ));
}

fn staff(writer: &mut Writer, people: u32, now: Instant) {
    let at = writer.instant(now);
    let ids: Vec<String> = (1..=people).map(|number| writer.id(people::employee(number))).collect();
    let numbered = || (1..=people).zip(&ids);
    writer.insert(
        "employee (id, number_kind, name, front_title, back_title, pseudonym, version, created_at, updated_at)",
        numbered().map(|(number, id)| format!("{id}, 'pns', 'Contoh {number}', '', '', 'P{number:08}', 1, {at}, {at}")),
    );
    writer.insert(
        "employee_number (employee_id, number, valid_from)",
        numbered().map(|(number, id)| format!("{id}, '{}', '2020-01-01'", people::employee_number(number))),
    );
    writer.insert(
        "membership (employee_id, valid_from, agency_code, grade, position, work_group)",
        numbered().map(|(number, id)| {
            let agency = people::agency(number);
            format!("{id}, '2020-01-01', '{agency}', 'III/b', 'Pelaksana', 'administration'")
        }),
    );
    // Every fifth person has a roster for the days around now.
    let today = now.utc().date_naive();
    let days: Vec<NaiveDate> = (0..4_u64).map(|step| today + Days::new(2) - Days::new(step)).collect();
    writer.insert(
        "assignment (employee_id, work_date, agency_code, mode, source, created_by, created_at)",
        numbered()
            .filter(|(number, _)| number % 5 == 0)
            .flat_map(|(number, id)| {
                let (agency, at) = (people::agency(number), at.clone());
                days.clone()
                    .into_iter()
                    .map(move |day| format!("{id}, '{day}', '{agency}', 'wfh', 'roster', {id}, {at}"))
            }),
    );
}

fn homes(writer: &mut Writer, master: &Key, people: u32, now: Instant) {
    let at = writer.instant(now);
    let month = now.utc().format("%Y-%m").to_string();
    let entropy = sherlok::platform::entropy::Entropy::Os;
    let mut keys = Vec::new();
    for agency in 1..=people::agency_number(people) {
        let id = DataKeyId::new(Uuid::now_v7());
        let key = Key::new(entropy.bytes().unwrap());
        let wrapped = key
            .wrapped_by(master, id.uuid().as_bytes(), entropy.bytes().unwrap())
            .unwrap();
        let agency = people::agency_code(agency);
        let (key_id, wrapped) = (writer.id(id.uuid()), writer.bytes(&wrapped));
        writer.execute(&format!(
            "INSERT INTO data_key (id, agency_code, month, wrapped, created_at) \
             VALUES ({key_id}, '{agency}', '{month}', {wrapped}, {at})"
        ));
        keys.push((id, key));
    }
    let rows: Vec<String> = (1..=people)
        .map(|number| {
            let (key_id, key) = &keys[people::agency_number(number) as usize - 1];
            let (latitude, longitude) = people::home(number);
            let record = PositionRecord::point(Position::from_degrees(latitude, longitude).unwrap());
            let id = Uuid::from_u128(0x0191_0000_0000_7000_8000_0000_0000_0000 + u128::from(number));
            let name = format!("home/{id}/sealed_position/1");
            let sealed = key
                .seal(name.as_bytes(), &record.to_bytes(), entropy.bytes().unwrap())
                .unwrap();
            format!(
                "{}, {}, 1, 'primary', 'domicile', 'verified', '{}', 'Jalan Contoh', {}, {}, '2020-01-02', {at}, 1",
                writer.id(people::employee(number)),
                writer.id(id),
                people::agency(number),
                writer.id(key_id.uuid()),
                writer.bytes(&sealed),
            )
        })
        .collect();
    writer.insert(
        "home (employee_id, id, ordinal, rank, kind, state, agency_code, address, key_id, sealed_position, valid_from, \
         submitted_at, version)",
        rows.into_iter(),
    );
}

/// One day on which so many people shared in all three slots.
fn history(writer: &mut Writer, people: u32, day: NaiveDate) {
    let midnight = day.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp_millis();
    let (numbers, id, at) = if writer.is_sqlite {
        (
            format!(
                "WITH RECURSIVE people(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM people WHERE number < {people}), \
                 slots(slot) AS (VALUES (1), (2), (3))"
            ),
            format!(
                "unhex(printf('%012x7000%016x', {midnight} + 28800000 * slot - 28800000 + number, -9223372036854775808 + number))"
            ),
            format!("{midnight} + 28800000 * slot - 28800000 + number"),
        )
    } else {
        (
            format!(
                "WITH people AS (SELECT generate_series(1, {people}) AS number), slots AS (SELECT generate_series(1, 3) AS slot)"
            ),
            format!(
                "(lpad(to_hex({midnight} + 28800000 * slot::bigint - 28800000 + number), 12, '0') || '70008000' || lpad(to_hex(number), 12, '0'))::uuid"
            ),
            format!("to_timestamp(({midnight} + 28800000 * slot::bigint - 28800000 + number) / 1000.0)"),
        )
    };
    let (employee, agency, digest, sealed, yes) = if writer.is_sqlite {
        (
            "unhex(printf('0190000000007000%016x', -9223372036854775808 + number))",
            format!("printf('opd%03d', {})", people::agency_number_in_sql()),
            "randomblob(32)",
            "randomblob(48)",
            "1",
        )
    } else {
        (
            "('01900000-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid",
            format!("'opd' || lpad(({})::text, 3, '0')", people::agency_number_in_sql()),
            "decode(md5(number::text) || md5(slot::text), 'hex')",
            "decode(repeat(md5(number::text), 3), 'hex')",
            "true",
        )
    };
    let everyone = "FROM slots CROSS JOIN people";
    writer.execute(&format!(
        "{numbers} INSERT INTO check_in (id_day, id, employee_id, agency_code, claim_digest, channel, captured_at, sent_at, \
         received_at, corrected_at, zone, offset_minutes, work_date, slot, mode, place, time, distance_metres, is_countable, \
         counted, flags, home_id) \
         SELECT '{day}', {id}, {employee}, {agency}, {digest}, 'app', {at}, {at}, {at}, {at}, 'Asia/Jakarta', 420, '{day}', \
         slot, 'wfh', 1, 'on_time', 12, {yes}, {yes}, '[]', {employee} {everyone}"
    ));
    writer.execute(&format!(
        "{numbers} INSERT INTO check_in_position (id_day, id, employee_id, key_id, sealed) \
         SELECT '{day}', {id}, {employee}, {employee}, {sealed} {everyone}"
    ));
    if !writer.is_sqlite {
        writer.execute(&format!(
            "{numbers} INSERT INTO slot_result (employee_id, work_date, slot, agency_code, id_day, check_in_id, place, time, \
             corrected_at) SELECT {employee}, '{day}', slot, {agency}, '{day}', {id}, 1, 'on_time', {at} {everyone}"
        ));
    }
}

/// The results of all days at once. SQLite keeps the table in the order of its key, so that the rows come in that order.
fn results_of_sqlite(writer: &mut Writer, people: u32, dates: &[(NaiveDate, Option<u32>)]) {
    let mut days = String::new();
    for (day, some) in dates {
        let midnight = day.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp_millis();
        let join = if days.is_empty() { "" } else { ", " };
        let _ = write!(days, "{join}('{day}', {midnight}, {})", some.unwrap_or(people));
    }
    if days.is_empty() {
        return;
    }
    let agency = people::agency_number_in_sql();
    writer.execute(&format!(
        "WITH RECURSIVE people(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM people WHERE number < {people}), \
         slots(slot) AS (VALUES (1), (2), (3)), days(day, midnight, most) AS (VALUES {days}) \
         INSERT INTO slot_result (employee_id, work_date, slot, agency_code, id_day, check_in_id, place, time, corrected_at) \
         SELECT unhex(printf('0190000000007000%016x', -9223372036854775808 + number)), day, slot, \
         printf('opd%03d', {agency}), day, \
         unhex(printf('%012x7000%016x', midnight + 28800000 * slot - 28800000 + number, -9223372036854775808 + number)), \
         1, 'on_time', midnight + 28800000 * slot - 28800000 + number \
         FROM days CROSS JOIN people CROSS JOIN slots WHERE number <= most"
    ));
}

//! Reads that grow: a batch of a million rows out of the service, and a draw out of ten million units.
//!
//! The export is held against `COPY TO` of the same sixteen columns out of a plain table, the quickest way there is to
//! get those rows out of PostgreSQL.

use crate::results::{Bar, Row, median};
use chrono::{Days, NaiveDate};
use diesel::connection::SimpleConnection;
use sherlok::app::log::LogKeys;
use sherlok::app::role::NewAccount;
use sherlok::app::sign_in::Password;
use sherlok::app::{App, Parts};
use sherlok::domain::access::{AgencyCode, Grant, Role};
use sherlok::domain::batch::cell::Cell;
use sherlok::domain::batch::commitment::BatchKey;
use sherlok::domain::batch::coverage::Coverage;
use sherlok::domain::batch::distance::DistanceClass;
use sherlok::domain::batch::row::{Row as BatchLine, RowState};
use sherlok::domain::batch::row_tree::RowSecret;
use sherlok::domain::batch::seal::{SealHeader, Sealing};
use sherlok::domain::batch::state::BatchState;
use sherlok::domain::batch::unit::SlotUnit;
use sherlok::domain::check_in::TimeOutcome;
use sherlok::domain::digest::Digest;
use sherlok::domain::home::DEFAULT_CHANGES_IN_QUARTER;
use sherlok::domain::ids::{BatchId, CheckInId};
use sherlok::domain::instant::Instant;
use sherlok::domain::place::Place;
use sherlok::domain::retention::Retention;
use sherlok::domain::slot::Slot;
use sherlok::domain::work_mode::{WorkGroup, WorkMode};
use sherlok::platform::clock::Clock;
use sherlok::platform::entropy::Entropy;
use sherlok::platform::mail::Mail;
use sherlok::platform::password::{Cost, Passwords};
use sherlok::platform::secrets::Secrets;
use sherlok::store::Store;
use sherlok::store::agency::AgencyRow;
use sherlok::store::backend::Location;
use sherlok::store::batch::BatchRow;
use sherlok::store::batch_chunk::{CHUNK_LINES, SealedFile};
use sherlok::store::columns::Json;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant as Moment};
use uuid::Uuid;

const DRAW_SIZE: u32 = 10_000;
const ROUNDS: usize = 5;
const AGENCY: &str = "1.01";
const USERNAME: &str = "export-operator";
const PASSWORD: &str = "rahasia-uji-coba";
/// Work dates of a batch and slots of a date; the people follow from the rows.
const DATES: u32 = 31;
const SLOTS: [Slot; 3] = [Slot::Afternoon, Slot::Midday, Slot::Morning];
const BINARY_MEGABYTE: f64 = 1024.0 * 1024.0;

/// Exports a batch of `rows` rows in every form, over HTTP, from the release binary on the PostgreSQL of `url`; reads of
/// the CSV take turns with `COPY TO`. Leaves nothing behind in the database.
pub(crate) fn export(url: &str, binary: &Path, rows: u32) -> Vec<Row> {
    let scene = Scene::make(url, rows);
    scene.copy_table(&scene.csv_file(binary));
    let (mut csv, mut copy, mut extra) = (Vec::new(), Vec::new(), 0.0_f64);
    let service = Service::start(binary, &scene);
    for _ in 0..ROUNDS {
        let (seconds, megabytes) = service.timed(&scene, "csv");
        csv.push(seconds);
        extra = extra.max(megabytes);
        copy.push(scene.copy());
    }
    let (csv, copy) = (median(&mut csv), median(&mut copy));
    let (ndjson, ndjson_extra) = service.timed(&scene, "ndjson");
    let (archive, archive_extra) = service.timed(&scene, "zip");
    let (workbook, workbook_extra) = service.timed(&scene, "xlsx");
    let least = Bar::AtMost(64.0);
    vec![
        Row::new("export.copy_s", copy, "s"),
        Row::new("export.csv_s", csv, "s"),
        Row::new("export.csv_ratio_to_copy", csv / copy, "x")
            .ratio_to("export.copy_s")
            .bar(Bar::AtMost(2.0)),
        Row::new("export.extra_mb", extra, "MiB").bar(least),
        Row::new("export.ndjson_s", ndjson, "s"),
        Row::new("export.ndjson_extra_mb", ndjson_extra, "MiB").bar(least),
        Row::new("export.zip_s", archive, "s"),
        Row::new("export.zip_extra_mb", archive_extra, "MiB").bar(least),
        Row::new("export.xlsx_s", workbook, "s"),
        Row::new("export.xlsx_extra_mb", workbook_extra, "MiB").bar(least),
    ]
}

/// Draws 10,000 of `units` units with the release binary: from a file in the norm's order, and from the same file with
/// the order of its lines turned round, where every earlier unit has to be remembered.
pub(crate) fn draw(binary: &Path, units: u32) -> Vec<Row> {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = Vec::new();
    let mut answers = Vec::new();
    for (name, is_sorted) in [("draw.10m", true), ("draw.10m_unsorted", false)] {
        let path = folder.path().join(name);
        write_units(&path, units, is_sorted);
        let (seconds, megabytes, answer) = drawn(binary, &path);
        answers.push(answer);
        rows.push(Row::new(format!("{name}_s"), seconds, "s").bar(Bar::AtMost(15.0)));
        rows.push(Row::new(format!("{name}_mb"), megabytes, "MiB").bar(Bar::AtMost(1024.0)));
        std::fs::remove_file(path).unwrap();
    }
    assert!(
        answers.windows(2).all(|pair| pair.first() == pair.last()),
        "the order of lines changed the draw"
    );
    rows
}

/// One draw: its seconds, the most memory it had in MiB, and the digest of what it printed.
fn drawn(binary: &Path, path: &Path) -> (f64, f64, Digest) {
    let began = Moment::now();
    let mut child = Command::new(binary)
        .args(["audit", "draw", "--seed", "63454660390103169462", "--size"])
        .arg(DRAW_SIZE.to_string())
        .arg(path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = child.stdout.take().unwrap();
    let mut printed = vec![0];
    // With the first byte the draw is done; the rest does not fit into the pipe, so the process is still there.
    output.read_exact(&mut printed).unwrap();
    let peak = kilobytes(Path::new(&format!("/proc/{}/status", child.id())), "VmHWM:").unwrap();
    output.read_to_end(&mut printed).unwrap();
    assert!(child.wait().unwrap().success(), "the draw failed");
    let seconds = began.elapsed().as_secs_f64();
    let lines = std::str::from_utf8(&printed).unwrap().lines().count();
    assert_eq!(lines, usize::try_from(DRAW_SIZE).unwrap());
    (seconds, peak / 1024.0, Digest::of(&printed))
}

/// Writes unit ids as in api-spec/audit-sampling.md, sorted by bytes or the other way round.
pub(crate) fn write_units(path: &Path, units: u32, is_sorted: bool) {
    let agencies = 40_u32.min(units);
    let people = units.div_ceil(agencies * DATES * 3);
    let mut file = BufWriter::new(File::create(path).unwrap());
    let unit = |number: u32| {
        let (slot, rest) = (number % 3, number / 3);
        let (person, rest) = (rest % people, rest / people);
        let (date, agency) = (rest % DATES, rest / DATES);
        let slot = SLOTS.get(usize::try_from(slot).unwrap()).unwrap().code();
        format!("1.{:02}/{}/{}/{slot}\n", agency + 1, work_date(date), pseudonym(person))
    };
    let numbers: &mut dyn Iterator<Item = u32> = if is_sorted {
        &mut (0..units)
    } else {
        &mut (0..units).rev()
    };
    for number in numbers {
        file.write_all(unit(number).as_bytes()).unwrap();
    }
    file.flush().unwrap();
}

fn work_date(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 1).unwrap() + Days::new(u64::from(number))
}

/// Twenty characters that rise with the number.
fn pseudonym(number: u32) -> String {
    format!(
        "{number:08}{:012}",
        u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15) % 1_000_000_000_000
    )
}

/// A database of its own within the PostgreSQL of a URL, with one sealed batch.
struct Scene {
    url: String,
    schema: String,
    folder: tempfile::TempDir,
    batch: BatchId,
    rows: u32,
}

impl Scene {
    fn make(url: &str, rows: u32) -> Self {
        let scene = Self {
            url: url.to_owned(),
            schema: format!("reads_{}", Uuid::now_v7().simple()),
            folder: tempfile::tempdir().unwrap(),
            batch: BatchId::new(Uuid::now_v7()),
            rows,
        };
        scene.execute(&format!("CREATE SCHEMA {}", scene.schema));
        let secrets = Secrets::load_or_create(scene.folder.path(), &Entropy::Os).unwrap();
        let app = App::new(Parts {
            store: Store::open(Location::parse(&scene.database_url()).unwrap(), 2).unwrap(),
            clock: Clock::System,
            entropy: Entropy::Os,
            log_keys: LogKeys::new(None, secrets.log_key).unwrap(),
            secrets,
            passwords: Passwords::new(Cost::Least).unwrap(),
            directory: scene.folder.path().to_path_buf(),
            mail: Mail::Off,
            home_changes_in_quarter: DEFAULT_CHANGES_IN_QUARTER,
            retention: Retention::default(),
            browser_limits: sherlok::domain::browser_session::BrowserLimits::default(),
            #[cfg(feature = "print")]
            printer: sherlok::platform::print::Printer::new(None).unwrap(),
            #[cfg(feature = "print")]
            public_url: Some("https://sherlok.example".to_owned()),
        });
        Self::people(&app);
        scene.seal(&app);
        // Every later read finds the table as autovacuum would leave it.
        scene.execute(&format!("VACUUM ANALYZE {}.batch_chunk", scene.schema));
        scene
    }

    fn database_url(&self) -> String {
        format!("{}?options=-csearch_path%3D{}", self.url, self.schema)
    }

    fn execute(&self, statement: &str) {
        let mut connection = Location::parse(&self.url).unwrap().open().unwrap();
        connection.batch_execute(statement).unwrap();
    }

    fn people(app: &App) {
        let agency = AgencyRow {
            code: AGENCY.to_owned(),
            name: "Dinas Contoh".to_owned(),
            region_code: "36".to_owned(),
            zone: "Asia/Jakarta".to_owned(),
            service_kinds: Json(serde_json::json!([])),
            version: 1,
            created_at: app.now(),
        };
        app.store()
            .write(|connection| {
                sherlok::store::rule_book::set_epoch(connection, 1)?;
                sherlok::store::agency::insert(connection, &agency)
            })
            .unwrap();
        app.add_account(&NewAccount {
            username: USERNAME.to_owned(),
            display_name: USERNAME.to_owned(),
            password: Password::new(PASSWORD.to_owned()),
            grants: vec![Grant {
                role: Role::AgencyOperator,
                agency: Some(AgencyCode::parse(AGENCY).unwrap()),
            }],
        })
        .unwrap();
    }

    /// Seals the rows as the service does, pieces and manifest and all.
    fn seal(&self, app: &App) {
        let agency = AgencyCode::parse(AGENCY).unwrap();
        let coverage = Coverage::stored(work_date(0), work_date(DATES - 1), None);
        let now = app.now();
        let open = BatchRow::open(self.batch, &agency, coverage, 1, now);
        let store = app.store();
        store
            .write(|connection| sherlok::store::batch::insert(connection, &open))
            .unwrap();
        let secret = RowSecret::of(&BatchKey::derive(&[7; 32]), self.batch);
        let mut sealing = Sealing::new(agency.clone(), coverage, secret);
        let pieces = self.rows.div_ceil(u32::try_from(CHUNK_LINES).unwrap());
        let mut lines = lines(&agency, self.rows);
        for sequence in 0..i32::try_from(pieces).unwrap() {
            let piece: String = lines
                .by_ref()
                .take(CHUNK_LINES)
                .map(|(row, cell)| sealing.row(&row, cell).unwrap())
                .collect();
            store
                .write(|connection| {
                    sherlok::store::batch_chunk::insert(connection, self.batch, SealedFile::Rows, sequence, &piece)
                })
                .unwrap();
        }
        let header = SealHeader {
            batch_id: self.batch,
            agency_name: "Dinas Contoh".to_owned(),
            version: 1,
            supersedes: None,
            sealed_at: now,
            prepared_by: None,
        };
        let (cells, manifest) = sealing.finish(header).unwrap();
        let (text, digest) = manifest.print().unwrap();
        let sealed = BatchRow {
            state: BatchState::Sealed,
            sealed_at: Some(now),
            manifest: Some(text),
            manifest_sha256: Some(digest.bytes().to_vec()),
            ..open
        };
        store
            .write(|connection| {
                let cells = cells.concat();
                sherlok::store::batch_chunk::insert(connection, self.batch, SealedFile::Cells, 0, &cells)?;
                sherlok::store::batch::update(connection, &sealed, BatchState::Open)
            })
            .unwrap();
    }

    /// The CSV as the service gives it, for the plain table; the first read of a service that is stopped again.
    fn csv_file(&self, binary: &Path) -> PathBuf {
        let path = self.folder.path().join("rows.csv");
        let service = Service::start(binary, self);
        let mut answer = ureq::get(service.address(self, "csv"))
            .header("authorization", format!("Bearer {}", service.token))
            .call()
            .unwrap();
        let mut body = answer.body_mut().with_config().limit(u64::MAX).reader();
        std::io::copy(&mut body, &mut File::create(&path).unwrap()).unwrap();
        path
    }

    /// Fills a plain table with the rows of a CSV.
    fn copy_table(&self, csv: &Path) {
        let mut heading = String::new();
        BufReader::new(File::open(csv).unwrap())
            .read_line(&mut heading)
            .unwrap();
        let columns: Vec<String> = (1..=heading.split(';').count())
            .map(|column| format!("column_{column} text"))
            .collect();
        self.execute(&format!("CREATE TABLE {}.plain ({})", self.schema, columns.join(", ")));
        let from = format!(
            "\\copy {}.plain FROM '{}' WITH (FORMAT csv, HEADER, DELIMITER ';')",
            self.schema,
            csv.display()
        );
        let said = self.psql(&from, Stdio::piped());
        assert_eq!(said.trim(), format!("COPY {}", self.rows));
        self.execute(&format!("VACUUM ANALYZE {}.plain", self.schema));
    }

    /// Seconds of one `COPY TO` of the plain table, read to its end.
    fn copy(&self) -> f64 {
        let began = Moment::now();
        let to = format!(
            "COPY (SELECT * FROM {}.plain) TO STDOUT WITH (FORMAT csv, HEADER, DELIMITER ';')",
            self.schema
        );
        self.psql(&to, Stdio::null());
        began.elapsed().as_secs_f64()
    }

    fn psql(&self, statement: &str, output: Stdio) -> String {
        let ran = Command::new(psql())
            .args(["-X", "-v", "ON_ERROR_STOP=1", "-c", statement])
            .arg(&self.url)
            .stdout(output)
            .stderr(Stdio::inherit())
            .spawn()
            .and_then(Child::wait_with_output)
            .unwrap();
        assert!(ran.status.success(), "{statement}");
        String::from_utf8(ran.stdout).unwrap()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.execute(&format!("SET lock_timeout = '5s'; DROP SCHEMA {} CASCADE", self.schema));
    }
}

/// The client program of the newest PostgreSQL here.
fn psql() -> PathBuf {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/postgres-bin.sh");
    let found = Command::new(script).output().unwrap();
    Path::new(String::from_utf8_lossy(&found.stdout).trim()).join("psql")
}

/// The rows of a batch in their order: two thirds received, some outside, some excused.
fn lines(agency: &AgencyCode, rows: u32) -> impl Iterator<Item = (BatchLine, Option<Cell>)> {
    let people = rows.div_ceil(DATES * 3);
    (0..rows).map(move |number| {
        let (slot, rest) = (number % 3, number / 3);
        let (person, date) = (rest % people, rest / people);
        let slot = *SLOTS.get(usize::try_from(slot).unwrap()).unwrap();
        line(agency, work_date(date), person, slot, number)
    })
}

fn line(agency: &AgencyCode, work_date: NaiveDate, person: u32, slot: Slot, number: u32) -> (BatchLine, Option<Cell>) {
    let state = match number % 16 {
        0..=9 => RowState::Received,
        10..=13 => RowState::Missed,
        14 => RowState::Excused,
        _ => RowState::NotRequired,
    };
    let is_received = state == RowState::Received;
    let only = |is_there: bool| is_there.then_some(());
    let at = Instant::parse(&format!("{work_date}T01:{:02}:{:02}Z", number % 60, number / 60 % 60)).unwrap();
    let id = 0x019c_ac1d_7de0_7abc_8def_0000_0000_0000_u128 + u128::from(number);
    let row = BatchLine {
        unit_id: SlotUnit::new(agency, work_date, &pseudonym(person), slot).unwrap(),
        agency: agency.clone(),
        work_date,
        slot,
        employee_number: format!("19860926201505{person:04}"),
        work_group: WorkGroup::Administration,
        mode: if state == RowState::Excused {
            WorkMode::Leave
        } else {
            WorkMode::Wfh
        },
        expected: matches!(state, RowState::Received | RowState::Missed),
        state,
        place: only(is_received).map(|()| {
            if number.is_multiple_of(7) {
                Place::Outside
            } else {
                Place::Inside
            }
        }),
        distance_class: only(is_received).map(|()| DistanceClass::of_metres(f64::from(number % 300))),
        time: only(is_received).map(|()| TimeOutcome::OnTime),
        captured_at: only(is_received).map(|()| at),
        channel: only(is_received).map(|()| "app".to_owned()),
        flags: if is_received && number.is_multiple_of(50) {
            vec!["mock_location".to_owned()]
        } else {
            Vec::new()
        },
        check_in_id: only(is_received).and_then(|()| CheckInId::from_client(&Uuid::from_u128(id).to_string()).ok()),
        commitment: only(is_received).map(|()| Digest::of(&number.to_be_bytes())),
    };
    let cell = only(is_received).map(|()| Cell {
        south: -612 + i32::try_from(number % 40).unwrap(),
        west: 10_617,
    });
    (row, cell)
}

/// The release binary, serving a scene.
struct Service {
    child: Child,
    port: u16,
    token: String,
}

impl Service {
    fn start(binary: &Path, scene: &Scene) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = Command::new(binary)
            .arg("serve")
            .env("SHERLOK_LISTEN", format!("127.0.0.1:{port}"))
            .env("SHERLOK_DATABASE_URL", scene.database_url())
            .env("SHERLOK_DATA_DIR", scene.folder.path())
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut service = Self {
            child,
            port,
            token: String::new(),
        };
        for _ in 0..600 {
            if ureq::get(format!("http://127.0.0.1:{port}/readyz")).call().is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let session: serde_json::Value = ureq::post(format!("http://127.0.0.1:{port}/v1/sessions"))
            .send_json(serde_json::json!({ "username": USERNAME, "password": PASSWORD }))
            .unwrap()
            .body_mut()
            .read_json()
            .unwrap();
        session
            .get("access_token")
            .unwrap()
            .as_str()
            .unwrap()
            .clone_into(&mut service.token);
        service
    }

    fn path(scene: &Scene, ending: &str) -> String {
        format!("/v1/batches/{}.{ending}", scene.batch)
    }

    fn address(&self, scene: &Scene, ending: &str) -> String {
        format!("http://127.0.0.1:{}{}", self.port, Self::path(scene, ending))
    }

    /// Reads one file to its end and keeps nothing: seconds, and by how many MiB the service's memory grew at its peak.
    fn timed(&self, scene: &Scene, ending: &str) -> (f64, f64) {
        let process = PathBuf::from(format!("/proc/{}", self.child.id()));
        // Lowers the peak to what is in memory now (proc(5)): signing in hashes a password in 19 MiB.
        std::fs::write(process.join("clear_refs"), "5").unwrap();
        let status = process.join("status");
        let before = kilobytes(&status, "VmRSS:").unwrap();
        let began = Moment::now();
        let mut socket = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let path = Self::path(scene, ending);
        let ask = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n",
            self.token
        );
        socket.write_all(ask.as_bytes()).unwrap();
        let mut buffer = vec![0; 1 << 18];
        let (mut bytes, mut first, mut last) = (0, Vec::new(), Vec::new());
        loop {
            let read = socket.read(&mut buffer).unwrap();
            let piece = buffer.get(..read).unwrap();
            if read == 0 {
                break;
            }
            if first.is_empty() {
                first.extend_from_slice(piece);
            }
            last.extend_from_slice(piece.get(read.saturating_sub(7)..).unwrap());
            last.drain(..last.len().saturating_sub(7));
            bytes += read;
        }
        let seconds = began.elapsed().as_secs_f64();
        assert!(
            first.starts_with(b"HTTP/1.1 200"),
            "{}",
            String::from_utf8_lossy(&first)
        );
        assert_eq!(last, b"\r\n0\r\n\r\n", "{ending} was cut short after {bytes} bytes");
        let peak = kilobytes(&status, "VmHWM:").unwrap();
        (seconds, (peak - before).max(0.0) * 1024.0 / BINARY_MEGABYTE)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A figure of `/proc/PID/status` in kB; none once the process is gone.
fn kilobytes(status: &Path, name: &str) -> Option<f64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

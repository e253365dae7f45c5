//! The power fails: every crash state that the recorded calls allow is rebuilt and opened. The model is the cautious
//! one: what was not synced may be there in part, in any order, and torn at sectors of 512 or 4,096 bytes.

use super::phone::{Crew, counters_agree, ids};
use super::recording::{Event, Name, Recording, Synced, record};
use super::{Dice, conclude, count, counted, dice, is_on_postgres, none};
use crate::harness::database::Database;
use crate::harness::process::Service;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use sherlok::store::backend::Location;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// States that the test command opens, and shares that it records.
const STATES: usize = 300;
const SHARES: usize = 2_000;
const PHONES: usize = 6;

/// A change of a file that is not known to be on the disk.
#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

/// One file: what is on the disk for sure, and what may be.
#[derive(Clone, Debug, Default)]
struct Held {
    synced: Vec<u8>,
    pending: Vec<(u64, Change)>,
}

/// The disk and what is on its way there.
#[derive(Clone, Debug)]
pub(super) struct Disk {
    main: Held,
    /// Every write-ahead log there was, oldest first; the directory names at most one.
    logs: Vec<Held>,
    /// Which log the directory on the disk names.
    named: Option<usize>,
    /// Names not known to be on the disk, in order.
    renamed: Vec<(u64, Option<usize>)>,
    syncing: HashMap<u32, (Synced, u64)>,
    clock: u64,
    pub(super) acknowledged: Vec<String>,
}

impl Disk {
    pub(super) fn new(recording: &Recording) -> Self {
        let main = Held {
            synced: recording.beginning.clone(),
            pending: Vec::new(),
        };
        Self {
            main,
            logs: Vec::new(),
            named: None,
            renamed: Vec::new(),
            syncing: HashMap::new(),
            clock: 0,
            acknowledged: Vec::new(),
        }
    }

    fn current_log(&self) -> Option<usize> {
        self.renamed.last().map_or(self.named, |(_, log)| *log)
    }

    fn file(&mut self, name: Name) -> &mut Held {
        match (name, self.current_log()) {
            (Name::Main, _) => &mut self.main,
            (Name::Log, Some(index)) => &mut self.logs[index],
            (Name::Log, None) => panic!("a log that is not there is written"),
        }
    }

    /// One thing happens.
    pub(super) fn apply(&mut self, event: &Event) {
        self.clock += 1;
        let now = self.clock;
        match event {
            Event::Write(name, offset, bytes) => {
                let change = Change::Write(*offset, bytes.clone());
                self.file(*name).pending.push((now, change));
            }
            Event::Truncate(name, length) => self.file(*name).pending.push((now, Change::Truncate(*length))),
            Event::CreateLog if self.current_log().is_none() => {
                self.logs.push(Held::default());
                self.renamed.push((now, Some(self.logs.len() - 1)));
            }
            Event::CreateLog => {}
            Event::RemoveLog => self.renamed.push((now, None)),
            Event::SyncBegins(thread, what) => {
                self.syncing.insert(*thread, (*what, now));
            }
            Event::SyncEnds(thread) => {
                let (what, since) = self.syncing.remove(thread).unwrap();
                match what {
                    Synced::File(name) => self.file(name).sync(since),
                    Synced::Directory => {
                        let known = self.renamed.iter().take_while(|(at, _)| *at < since).count();
                        if let Some((_, log)) = self.renamed.drain(..known).next_back() {
                            self.named = log;
                        }
                    }
                }
            }
            Event::Acknowledge(ids) => self.acknowledged.extend(ids.iter().cloned()),
        }
    }

    /// One of the states that a crash may leave now: the database's file, and its log if its name is on the disk.
    fn crash(&self, dice: &mut Dice) -> (Vec<u8>, Option<Vec<u8>>) {
        let how = Loss::choose(dice);
        let kept = dice.below(self.renamed.len() + 1);
        let named = self.renamed[..kept].last().map_or(self.named, |(_, log)| *log);
        let log = named.map(|index| self.logs[index].crash(how, dice));
        (self.main.crash(how, dice), log)
    }
}

/// How much of what was on its way is there.
#[derive(Clone, Copy, Debug)]
enum Loss {
    Everything,
    Nothing,
    /// All after a random point.
    Tail,
    /// Each change by itself.
    Some,
    /// Each sector of each change by itself.
    Sectors(usize),
}

impl Loss {
    fn choose(dice: &mut Dice) -> Self {
        [
            Self::Everything,
            Self::Nothing,
            Self::Tail,
            Self::Some,
            Self::Sectors(512),
            Self::Sectors(4_096),
        ][dice.below(6)]
    }
}

impl Held {
    fn sync(&mut self, since: u64) {
        let (done, open): (Vec<_>, Vec<_>) = self.pending.drain(..).partition(|(at, _)| *at < since);
        for (_, change) in done {
            change.apply(&mut self.synced);
        }
        self.pending = open;
    }

    fn crash(&self, how: Loss, dice: &mut Dice) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        let kept = match how {
            Loss::Everything => 0,
            Loss::Tail => dice.below(self.pending.len() + 1),
            Loss::Nothing | Loss::Some | Loss::Sectors(_) => self.pending.len(),
        };
        for (_, change) in &self.pending[..kept] {
            match (how, change) {
                (Loss::Sectors(size), Change::Write(offset, written)) => {
                    let mut at = 0;
                    while at < written.len() {
                        let until = written.len().min(((offset + at) / size + 1) * size - offset);
                        if dice.one_in(2) {
                            write(&mut bytes, offset + at, &written[at..until]);
                        }
                        at = until;
                    }
                }
                (Loss::Some | Loss::Sectors(_), _) if dice.one_in(2) => {}
                (_, change) => change.apply(&mut bytes),
            }
        }
        bytes
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write(offset, written) => write(bytes, *offset, written),
            Self::Truncate(length) => bytes.resize(*length, 0),
        }
    }
}

fn write(bytes: &mut Vec<u8>, offset: usize, written: &[u8]) {
    let end = offset + written.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes[offset..end].copy_from_slice(written);
}

/// A place in memory where states are opened, one after the other.
pub(super) struct Bench {
    directory: tempfile::TempDir,
    shared_memory: Vec<u8>,
}

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    value: String,
}

impl Bench {
    pub(super) fn new(recording: &Recording) -> Self {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() {
            memory.to_path_buf()
        } else {
            std::env::temp_dir()
        };
        Self {
            directory: tempfile::tempdir_in(parent).unwrap(),
            shared_memory: recording.shared_memory.clone(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Rebuilds one crash state, opens it as the service does, and looks for every receipt; says what is wrong.
    pub(super) fn open(&self, disk: &Disk, dice: &mut Dice) -> Option<String> {
        let (main, log) = disk.crash(dice);
        std::fs::write(self.path("sherlok.db"), main).unwrap();
        match log {
            Some(log) => std::fs::write(self.path("sherlok.db-wal"), log).unwrap(),
            None => drop(std::fs::remove_file(self.path("sherlok.db-wal"))),
        }
        // Shared memory is no part of the database: it may be gone or of any age.
        if dice.one_in(2) {
            std::fs::write(self.path("sherlok.db-shm"), &self.shared_memory).unwrap();
        } else {
            drop(std::fs::remove_file(self.path("sherlok.db-shm")));
        }
        let mut connection = match Location::Sqlite(self.path("sherlok.db")).open() {
            Ok(connection) => connection,
            Err(error) => return Some(format!("does not open: {error:?}")),
        };
        let check = sql_query("SELECT integrity_check AS value FROM pragma_integrity_check");
        match check.load::<Finding>(&mut connection) {
            Ok(findings) if findings.iter().all(|finding| finding.value == "ok") => {}
            Ok(findings) => return Some(format!("is damaged: {}", findings[0].value)),
            Err(error) => return Some(format!("can't be checked: {error}")),
        }
        let (shares, positions) = (
            ids(&mut connection, "check_in"),
            ids(&mut connection, "check_in_position"),
        );
        counters_agree(&mut connection);
        let is_there = |id: &String| shares.get(id) == Some(&1) && positions.get(id) == Some(&1);
        let lost = disk.acknowledged.iter().filter(|id| !is_there(id)).count();
        (lost > 0).then(|| format!("{lost} of {} acknowledged shares are gone", disk.acknowledged.len()))
    }
}

/// A recording of the service under load.
pub(super) fn recorded(sabotage: Option<&str>, shares: usize, dice: &mut Dice) -> Recording {
    let mut service = Service::on(Database::create()).with("RUST_LOG", "error");
    if let Some(sabotage) = sabotage {
        service = service.with("SHERLOK_SABOTAGE", sabotage);
    }
    record(service, |service| Crew::hire(service, PHONES, dice), shares)
}

/// Opens `states` states, spread evenly over the recording; gives what is wrong with the bad ones.
fn sweep(recording: &Recording, states: usize, dice: &mut Dice) -> Vec<String> {
    let halves = 2;
    let length = recording.events.len();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..halves)
            .map(|half| {
                let mut dice = Dice::new(dice.roll());
                scope.spawn(move || {
                    let (bench, mut disk, mut bad) = (Bench::new(recording), Disk::new(recording), Vec::new());
                    let mut applied = 0;
                    for state in (half * states / halves)..((half + 1) * states / halves) {
                        let point = (state * length + dice.below(length)) / states;
                        while applied < point {
                            disk.apply(&recording.events[applied]);
                            applied += 1;
                        }
                        if let Some(wrong) = bench.open(&disk, &mut dice) {
                            bad.push(format!("after event {applied} of {length}: {wrong}"));
                        }
                    }
                    bad
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

#[test]
fn every_acknowledged_share_is_there_when_the_power_fails() {
    if is_on_postgres() {
        println!("not run beside PostgreSQL: the recording is of SQLite's files");
        return;
    }
    let mut dice = dice("power loss");
    let states = count("CRASH_STATES", STATES);
    let recording = recorded(None, count("CRASH_SHARES", SHARES), &mut dice);
    let number = |is_it: fn(&Event) -> bool| recording.events.iter().filter(|event| is_it(event)).count();
    let checkpointed = number(|event| matches!(event, Event::Write(Name::Main, ..)));
    println!(
        "recorded {} writes, {checkpointed} of them into the database's file, {} syncs, {} answers",
        number(|event| matches!(event, Event::Write(..))),
        number(|event| matches!(event, Event::SyncEnds(_))),
        number(|event| matches!(event, Event::Acknowledge(_))),
    );
    assert!(checkpointed > 0, "no checkpoint was recorded");
    let bad = sweep(&recording, states, &mut dice);
    for wrong in bad.iter().take(20) {
        println!("{wrong}");
    }
    conclude(&[counted("powerloss.states", states), none("powerloss.bad", bad.len())]);
}

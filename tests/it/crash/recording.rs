//! What a running service wrote, synced and acknowledged, in order: the calls of the real binary, recorded by strace.

use super::phone::Crew;
use crate::harness::process::Service;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// The files that make up the database.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Name {
    /// `sherlok.db`.
    Main,
    /// `sherlok.db-wal`.
    Log,
}

/// What a sync waits for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Synced {
    /// The bytes and the length of a file.
    File(Name),
    /// The names in the directory.
    Directory,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// Bytes at an offset.
    Write(Name, usize, Vec<u8>),
    /// A new length.
    Truncate(Name, usize),
    /// The write-ahead log is there, empty if it was not there before.
    CreateLog,
    /// The write-ahead log is gone.
    RemoveLog,
    /// A thread begins to wait for the disk.
    SyncBegins(u32, Synced),
    /// What the thread waited for is on the disk.
    SyncEnds(u32),
    /// Shares with these ids, as 32 digits, are acknowledged.
    Acknowledge(Vec<String>),
}

/// A run of the service, from a closed database to its end.
#[derive(Debug)]
pub(crate) struct Recording {
    /// The database's file before.
    pub(crate) beginning: Vec<u8>,
    /// The file of shared memory after; a crash may leave it or not.
    pub(crate) shared_memory: Vec<u8>,
    /// Everything that happened.
    pub(crate) events: Vec<Event>,
}

/// Whether strace can follow a process here.
pub(crate) fn is_possible() -> bool {
    let traced = Command::new("strace")
        .args(["-qq", "-e", "trace=fsync", "true"])
        .output();
    traced.is_ok_and(|output| output.status.success())
}

/// Starts the service, lets its phones work until so many shares are acknowledged, and kills it.
pub(crate) fn record(service: Service, crew: impl FnOnce(&Service) -> Crew, shares: usize) -> Recording {
    assert!(
        is_possible(),
        "strace can't follow a process here: tests/tools/install.sh strace, or allow ptrace"
    );
    let trace = tempfile::NamedTempFile::new().unwrap();
    let calls = "trace=pwrite64,pwritev,pwritev2,write,writev,sendto,sendmsg,fsync,fdatasync,ftruncate,fallocate,\
                 openat,unlink,rename";
    let mut strace: Vec<OsString> = [
        "strace", "-D", "-f", "-qq", "-y", "-xx", "-s", "4000000", "-e", calls, "-o",
    ]
    .iter()
    .map(OsString::from)
    .collect();
    strace.push(trace.path().into());
    let mut service = service.under(strace);
    let crew = crew(&service);
    let log = service.directory().join("sherlok.db-wal");
    assert!(!log.exists(), "the database was not closed before the recording");
    let beginning = std::fs::read(service.database_file()).unwrap();
    service.start();
    crew.work_until_acknowledged(shares);
    assert!(crew.faults().is_empty(), "{:?}", crew.faults());
    service.kill();
    let shared_memory = std::fs::read(service.directory().join("sherlok.db-shm")).unwrap();
    // The tracer outlives what it traces by a moment.
    let deadline = Instant::now() + Duration::from_secs(30);
    let text = loop {
        let text = std::fs::read_to_string(trace.path()).unwrap();
        if text.contains("+++ killed by SIGKILL +++") {
            std::thread::sleep(Duration::from_millis(200));
            break std::fs::read_to_string(trace.path()).unwrap();
        }
        assert!(Instant::now() < deadline, "strace does not end");
        std::thread::sleep(Duration::from_millis(50));
    };
    let directory = service.directory().canonicalize().unwrap();
    Recording {
        beginning,
        shared_memory,
        events: Reader::new(&directory).read(&text),
    }
}

/// Reads strace's lines.
struct Reader {
    main: String,
    log: String,
    directory: String,
    /// Calls of each thread that have begun and not ended.
    open: HashMap<u32, String>,
    events: Vec<Event>,
}

impl Reader {
    fn new(directory: &Path) -> Self {
        let path = |name: &str| directory.join(name).to_str().unwrap().to_owned();
        Self {
            main: path("sherlok.db"),
            log: path("sherlok.db-wal"),
            directory: directory.to_str().unwrap().to_owned(),
            open: HashMap::new(),
            events: Vec::new(),
        }
    }

    fn read(mut self, text: &str) -> Vec<Event> {
        for line in text.lines() {
            let Some((thread, rest)) = line.split_once(' ') else {
                continue;
            };
            let (Ok(thread), rest) = (thread.parse::<u32>(), rest.trim_start()) else {
                continue;
            };
            if let Some(call) = rest.strip_suffix(" <unfinished ...>") {
                self.begin(thread, call);
                self.open.insert(thread, call.to_owned());
            } else if rest.starts_with("<... ") {
                if let Some(call) = self.open.remove(&thread) {
                    self.end(thread, &call, rest);
                }
            } else if let Some((call, _)) = rest.rsplit_once(" = ")
                && !rest.starts_with(['+', '-'])
            {
                self.begin(thread, call);
                self.end(thread, call, rest);
            }
        }
        self.events
    }

    fn name(&self, path: &str) -> Option<Name> {
        if path == self.main {
            Some(Name::Main)
        } else if path == self.log {
            Some(Name::Log)
        } else {
            None
        }
    }

    /// What takes effect as soon as it is asked for, at worst.
    fn begin(&mut self, thread: u32, call: &str) {
        let Some((verb, arguments)) = call.split_once('(') else {
            return;
        };
        let path = file(arguments).unwrap_or_default();
        let name = self.name(&path);
        match (verb, name) {
            ("pwrite64", Some(name)) => {
                let bytes = bytes(quoted(arguments));
                let offset = last_number(arguments);
                self.events.push(Event::Write(name, offset, bytes));
            }
            ("ftruncate", Some(name)) => self.events.push(Event::Truncate(name, last_number(arguments))),
            ("fsync" | "fdatasync", Some(name)) => {
                self.events.push(Event::SyncBegins(thread, Synced::File(name)));
            }
            ("fsync", None) if path == self.directory => {
                self.events.push(Event::SyncBegins(thread, Synced::Directory));
            }
            ("unlink", _) if text(quoted(arguments)) == self.log => self.events.push(Event::RemoveLog),
            ("openat", _) if arguments.contains("O_CREAT") && text(quoted(arguments)) == self.log => {
                self.events.push(Event::CreateLog);
            }
            ("sendto" | "write" | "writev" | "sendmsg", None)
                if path.starts_with("socket:") || path.starts_with("TCP:") =>
            {
                self.acknowledge(arguments);
            }
            (_, Some(name)) if verb != "openat" => panic!("{verb} on {name:?} is not understood"),
            _ => {}
        }
    }

    fn end(&mut self, thread: u32, call: &str, line: &str) {
        let Some((verb, arguments)) = call.split_once('(') else {
            return;
        };
        let path = file(arguments).unwrap_or_default();
        let (is_ours, result) = (self.name(&path).is_some(), line.rsplit_once(" = ").unwrap().1);
        // The kill came first: the call never ended.
        if result == "?" {
            return;
        }
        match verb {
            "fsync" | "fdatasync" if is_ours || path == self.directory => {
                assert_eq!(result, "0", "a sync failed");
                self.events.push(Event::SyncEnds(thread));
            }
            "pwrite64" if is_ours => {
                let wanted = bytes(quoted(arguments)).len();
                assert_eq!(result, wanted.to_string(), "a write was cut short");
            }
            _ => {}
        }
    }

    fn acknowledge(&mut self, arguments: &str) {
        let sent: String = quoted_all(arguments).map(text).collect();
        let ids: Vec<String> = sent
            .split("\"id\":\"")
            .skip(1)
            .filter_map(|rest| rest.get(..36))
            .map(|id| id.replace('-', ""))
            .collect();
        if !ids.is_empty() {
            self.events.push(Event::Acknowledge(ids));
        }
    }
}

/// The file that a call's first argument, a descriptor, stands for.
fn file(arguments: &str) -> Option<String> {
    let (_, rest) = arguments.split_once('<')?;
    let (path, after) = rest.split_once('>')?;
    // Written into a file without a name: nobody will ever read it.
    (!after.starts_with("(deleted)")).then(|| text(path))
}

fn quoted(arguments: &str) -> &str {
    quoted_all(arguments).next().unwrap_or_default()
}

fn quoted_all(arguments: &str) -> impl Iterator<Item = &str> {
    arguments.split('"').skip(1).step_by(2)
}

/// The last argument of a call that may have lost its bracket.
fn last_number(arguments: &str) -> usize {
    let end = arguments.rsplit(", ").next().unwrap();
    let digits: String = end.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no number in {end}"))
}

/// Bytes written as `\x53\x51`.
fn bytes(escaped: &str) -> Vec<u8> {
    hex::decode(escaped.replace("\\x", "")).unwrap_or_else(|_| panic!("not hexadecimal: {escaped:.80}"))
}

/// Text that strace wrote in hexadecimal, or as it was.
fn text(escaped: &str) -> String {
    if escaped.starts_with("\\x") {
        String::from_utf8_lossy(&bytes(escaped)).into_owned()
    } else {
        escaped.to_owned()
    }
}

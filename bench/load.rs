//! A load generator on one thread: many connections, one request at a time on each, over loopback only.

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::collections::{BTreeMap, VecDeque};
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// How requests are sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// The next request of a connection follows its answer.
    Closed,
    /// So many requests a second, whatever the answers do; latency counts from when a request was due.
    Open(f64),
}

/// What a run saw.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Answers by status.
    pub(crate) statuses: BTreeMap<u16, u64>,
    /// From the first request to the last answer.
    pub(crate) elapsed: Duration,
    /// In microseconds: when the answer came, counted from the start, and how long it took.
    pub(crate) latencies: Vec<(u32, u32)>,
    /// Connections that broke, and requests that were cut off with them.
    pub(crate) broken: u64,
}

impl Outcome {
    /// Answers a second with one of these statuses.
    pub(crate) fn rate(&self, statuses: &[u16]) -> f64 {
        let count: u64 = statuses.iter().filter_map(|status| self.statuses.get(status)).sum();
        count as f64 / self.elapsed.as_secs_f64()
    }

    /// All answers.
    pub(crate) fn answers(&self) -> u64 {
        self.statuses.values().sum()
    }

    /// The latency in milliseconds that this share of the answers did not exceed.
    pub(crate) fn quantile_ms(&self, share: f64) -> f64 {
        let mut micros: Vec<u32> = self.latencies.iter().map(|(_, took)| *took).collect();
        micros.sort_unstable();
        let last = micros.len().saturating_sub(1);
        let index = (last as f64 * share).round() as usize;
        micros
            .get(index)
            .map_or(f64::NAN, |micros| f64::from(*micros) / 1_000.0)
    }
}

/// The latencies of one second of a run, milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Second {
    /// Seconds since the start.
    pub(crate) at: u32,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

impl Outcome {
    /// The quantiles of each second in which an answer came, by when it came.
    pub(crate) fn seconds(&self) -> Vec<Second> {
        let mut by_second: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (came, took) in &self.latencies {
            by_second.entry(came / 1_000_000).or_default().push(*took);
        }
        let quantile = |micros: &[u32], share: f64| {
            let index = ((micros.len() - 1) as f64 * share).round() as usize;
            f64::from(micros[index]) / 1_000.0
        };
        let of_second = |(at, mut micros): (u32, Vec<u32>)| {
            micros.sort_unstable();
            Second {
                at,
                p50: quantile(&micros, 0.5),
                p99: quantile(&micros, 0.99),
            }
        };
        by_second.into_iter().map(of_second).collect()
    }
}

struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    written: usize,
    answer: Vec<u8>,
    due: Instant,
    is_busy: bool,
}

/// Sends requests for `time`, then waits for what is still out. `next` writes one request into the empty buffer and
/// says whether there was one left.
#[expect(
    clippy::too_many_lines,
    reason = "one loop, whose state would only be carried around"
)]
pub(crate) fn run(
    address: SocketAddr,
    connections: usize,
    pace: Pace,
    time: Duration,
    next: &mut dyn FnMut(&mut Vec<u8>) -> bool,
) -> Outcome {
    assert!(address.ip().is_loopback(), "load goes to this machine only");
    let mut poll = Poll::new().unwrap();
    let mut events = Events::with_capacity(1_024);
    let mut all: Vec<Connection> = (0..connections).map(|index| connect(&poll, address, index)).collect();
    // They take turns, so that none is idle for so long that the service closes it.
    let mut idle: VecDeque<usize> = (0..connections).collect();
    let mut outcome = Outcome::default();
    let started = Instant::now();
    let ends = started + time;
    let mut sent: u64 = 0;
    let mut out = 0_usize;
    let mut last = started;
    let mut is_empty = false;
    loop {
        let now = Instant::now();
        let is_over = is_empty || now >= ends;
        while !is_over && !idle.is_empty() {
            let due = match pace {
                Pace::Closed => now,
                Pace::Open(rate) => started + Duration::from_secs_f64(sent as f64 / rate),
            };
            if due > now {
                break;
            }
            let Some(index) = idle.pop_front() else { break };
            let connection = &mut all[index];
            connection.request.clear();
            if !next(&mut connection.request) {
                idle.push_front(index);
                is_empty = true;
                break;
            }
            connection.due = due;
            connection.written = 0;
            connection.is_busy = true;
            sent += 1;
            out += 1;
            if !write(connection) {
                outcome.broken += 1;
            }
        }
        if is_over && (out == 0 || now > last + Duration::from_secs(30)) {
            break;
        }
        let wait = match pace {
            Pace::Open(rate) if !is_over && !idle.is_empty() => {
                (started + Duration::from_secs_f64(sent as f64 / rate)).saturating_duration_since(now)
            }
            Pace::Open(_) | Pace::Closed => Duration::from_millis(100),
        };
        poll.poll(&mut events, Some(wait)).unwrap();
        for event in &events {
            let index = event.token().0;
            let connection = &mut all[index];
            if event.is_writable() && connection.is_busy && connection.written < connection.request.len() {
                let _ = write(connection);
            }
            if !event.is_readable() {
                continue;
            }
            match read(connection) {
                Reading::More => {}
                // Nobody asked on this connection for so long that the service says so; it closes next.
                Reading::Answer(_) if !connection.is_busy => {}
                Reading::Answer(status) => {
                    last = Instant::now();
                    *outcome.statuses.entry(status).or_default() += 1;
                    outcome.latencies.push((
                        last.duration_since(started).as_micros() as u32,
                        last.duration_since(connection.due).as_micros() as u32,
                    ));
                    connection.is_busy = false;
                    out -= 1;
                    idle.push_back(index);
                }
                Reading::Closed => {
                    if connection.is_busy {
                        outcome.broken += 1;
                        out -= 1;
                        idle.push_back(index);
                    }
                    all[index] = connect(&poll, address, index);
                }
            }
        }
    }
    outcome.elapsed = if is_empty {
        last
    } else {
        last.max(ends.min(Instant::now()))
    }
    .duration_since(started);
    outcome.broken += out as u64;
    outcome
}

fn connect(poll: &Poll, address: SocketAddr, index: usize) -> Connection {
    let stream = std::net::TcpStream::connect(address).unwrap();
    stream.set_nonblocking(true).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut stream = TcpStream::from_std(stream);
    poll.registry()
        .register(&mut stream, Token(index), Interest::READABLE | Interest::WRITABLE)
        .unwrap();
    Connection {
        stream,
        request: Vec::with_capacity(1_024),
        written: 0,
        answer: Vec::with_capacity(2_048),
        due: Instant::now(),
        is_busy: false,
    }
}

/// Writes what the socket takes; the rest follows when it is writable again.
fn write(connection: &mut Connection) -> bool {
    while connection.written < connection.request.len() {
        match connection.stream.write(&connection.request[connection.written..]) {
            Ok(count) => connection.written += count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
    true
}

enum Reading {
    More,
    Answer(u16),
    Closed,
}

fn read(connection: &mut Connection) -> Reading {
    let mut piece = [0; 16_384];
    loop {
        match connection.stream.read(&mut piece) {
            Ok(0) => return Reading::Closed,
            Ok(count) => {
                connection.answer.extend_from_slice(&piece[..count]);
                if let Some((status, length)) = whole(&connection.answer) {
                    connection.answer.drain(..length);
                    return Reading::Answer(status);
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Reading::More,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return Reading::Closed,
        }
    }
}

/// The status and length of the answer at the beginning of `bytes`, once it is all there. Our service always says how
/// long the answers measured here are.
fn whole(bytes: &[u8]) -> Option<(u16, usize)> {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&bytes[..head]).ok()?;
    let status = text.get(9..12)?.parse().ok()?;
    let length: usize = text
        .split("\r\n")
        .find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().ok())?
        })
        .unwrap_or(0);
    let end = head + 4 + length;
    (bytes.len() >= end).then_some((status, end))
}

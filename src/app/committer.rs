//! The group committer: requests queue, the writer records all that wait in one transaction, then answers each.
//!
//! Design section 4. A full queue is told so at once; a group that fails as a whole is tried again one by one, unless
//! it was the database that could not.

use crate::app::App;
use crate::app::check_in::Outcomes;
use crate::app::check_in::Submission;
use crate::app::check_in_group::Attempt;
use crate::app::duty_memory::DutyMemory;
use crate::app::error::Error;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::transaction::Isolation;
use crate::store::transaction::write_once;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Requests that may wait for the writer.
const QUEUE: usize = 4_096;
/// What the writer takes at once and remembers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bounds {
    /// Requests that one transaction takes at most, at least 1.
    pub group: usize,
    /// People whose facts the writer remembers; about 450 bytes each, 0 for nobody.
    pub people: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            group: 256,
            people: 200_000,
        }
    }
}

/// Shares that one transaction takes at most; a request of up to 200 may go beyond once.
const GROUP_SHARES: usize = 512;
/// Parts that the counters are kept in.
const PARTS: u32 = 16;
/// A group of more requests than this shows that many are on their way.
const CROWD: usize = 8;
/// How often in a row it gives way to nobody new before it goes on.
const STILL: u32 = 4;
/// How often a group that met another writer is tried.
const ATTEMPTS: u32 = 6;

struct Job {
    submissions: Vec<Submission>,
    reply: oneshot::Sender<Result<Outcomes, Error>>,
}

/// The way in to the writer. It ends, having answered everything that was accepted, when this is dropped.
#[derive(Debug)]
pub struct Committer {
    queue: Option<mpsc::Sender<Job>>,
    threads: Vec<std::thread::JoinHandle<()>>,
    /// Ends the thread that copies SQLite's log back, when it is dropped.
    copying: Option<std::sync::mpsc::Sender<()>>,
}

impl Committer {
    /// Starts the writer, and on SQLite beside it a thread that copies the log back.
    ///
    /// One writer, on PostgreSQL too: with two, groups are half as large, and what a group costs whatever its size is
    /// spent twice (measured: `bench/README.md`).
    pub fn start(app: &Arc<App>, bounds: Bounds) -> std::io::Result<Self> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let part = i16::try_from(std::process::id() % PARTS).unwrap_or(0);
        let mut threads = vec![std::thread::Builder::new().name("check-in-writer".to_owned()).spawn({
            let app = Arc::clone(app);
            move || write(&app, receiver, bounds.group, Kept::new(part, bounds.people))
        })?];
        let mut copying = None;
        if app.store.location().is_sqlite() {
            let (sender, receiver) = std::sync::mpsc::channel();
            let app = Arc::clone(app);
            threads.push(
                std::thread::Builder::new()
                    .name("checkpoint".to_owned())
                    .spawn(move || copy_back(&app, &receiver))?,
            );
            copying = Some(sender);
        }
        Ok(Self {
            queue: Some(sender),
            threads,
            copying,
        })
    }

    /// Hands shares to the writer and waits for the commit. One call's shares stay in order, and one person's calls too.
    pub async fn submit(&self, submissions: Vec<Submission>) -> Result<Outcomes, Error> {
        let queue = self.queue.as_ref().ok_or(Error::Busy(1))?;
        let (reply, answer) = oneshot::channel();
        queue
            .try_send(Job { submissions, reply })
            .map_err(|_cause| Error::Busy(1))?;
        // A writer that is gone without an answer has committed nothing that was not answered.
        answer.await.map_err(|_cause| Error::Busy(1))?
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        self.queue = None;
        self.copying = None;
        for thread in self.threads.drain(..) {
            // A writer that panicked has dropped its jobs, and their callers were told to try again.
            let _ = thread.join();
        }
    }
}

/// What the writer keeps from group to group.
struct Kept {
    connection: Option<AnyConnection>,
    /// Its part of the counters. Two instances with one part are slower beside each other, not wrong.
    part: i16,
    memory: DutyMemory,
}

impl Kept {
    fn new(part: i16, people: usize) -> Self {
        Self {
            connection: None,
            part,
            memory: DutyMemory::new(people),
        }
    }
}

fn write(app: &App, mut queue: mpsc::Receiver<Job>, group: usize, mut kept: Kept) {
    let mut before = 0;
    while let Some(first) = queue.blocking_recv() {
        if before > CROWD {
            settle(&queue, group);
        }
        let mut shares = first.submissions.len();
        let mut jobs = vec![first];
        while jobs.len() < group && shares < GROUP_SHARES {
            match queue.try_recv() {
                Ok(job) => {
                    shares = shares.saturating_add(job.submissions.len());
                    jobs.push(job);
                }
                Err(mpsc::error::TryRecvError::Empty | mpsc::error::TryRecvError::Disconnected) => break,
            }
        }
        before = jobs.len();
        answer(app, &mut kept, jobs);
    }
}

/// Lets those who bring the next requests go first while more still come in, until a group is full: a writer that goes on
/// at once takes the cores from them, and the next group is small. A group costs as much as some twenty shares, whatever
/// its size. To sleep instead would leave the cores idle for longer than it takes.
fn settle(queue: &mpsc::Receiver<Job>, group: usize) {
    let (mut seen, mut still) = (queue.len(), 0);
    while seen < group && still < STILL {
        std::thread::yield_now();
        let now = queue.len();
        still = if now <= seen { still + 1 } else { 0 };
        seen = now;
    }
}

/// Records the jobs together; if that fails for good, each by itself, so that one bad job harms only itself.
fn answer(app: &App, kept: &mut Kept, jobs: Vec<Job>) {
    #[cfg(debug_assertions)]
    if store::sabotage::Sabotage::EarlyAnswer.is_chosen() {
        return answer_too_early(app, kept, jobs);
    }
    let mut submissions = Vec::with_capacity(jobs.len());
    let mut replies = Vec::with_capacity(jobs.len());
    for job in jobs {
        replies.push((job.reply, job.submissions.len()));
        submissions.extend(job.submissions);
    }
    match record(app, kept, &submissions) {
        Ok(outcomes) => {
            app.writing.succeeded();
            let mut outcomes = outcomes.into_iter();
            for (reply, count) in replies {
                // A caller that hung up will ask again and get the same answer.
                let _ = reply.send(Ok(outcomes.by_ref().take(count).collect()));
            }
        }
        // The database is away or full: no job by itself would fare better, and the queue must not wait for each.
        Err(error @ Error::Busy(seconds)) => {
            tracing::warn!(%error, jobs = replies.len(), "shares can't be recorded now");
            app.writing.ended(&Err::<(), _>(error), app.now());
            for (reply, _) in replies {
                let _ = reply.send(Err(Error::Busy(seconds)));
            }
        }
        Err(error) => {
            tracing::warn!(%error, jobs = replies.len(), "a group of shares failed; trying them one by one");
            let mut rest = submissions.as_slice();
            for (reply, count) in replies {
                let (own, others) = rest.split_at_checked(count).unwrap_or((rest, &[]));
                rest = others;
                let outcome = record(app, kept, own);
                app.writing.ended(&outcome, app.now());
                // An error while judging is never an acceptance: the phone keeps the share and tries again.
                let _ = reply.send(outcome.map_err(|error| {
                    tracing::error!(%error, cause = ?std::error::Error::source(&error).map(ToString::to_string), "shares were not recorded");
                    Error::Busy(5)
                }));
            }
        }
    }
}

fn record(app: &App, kept: &mut Kept, submissions: &[Submission]) -> Result<Outcomes, Error> {
    let mut attempt = 1;
    loop {
        let mut connection = match kept.connection.take() {
            Some(connection) => connection,
            None => connect(app)?,
        };
        let looking_up = if attempt == 1 { Attempt::First } else { Attempt::Again };
        let result = record_once(app, kept, &mut connection, submissions, looking_up);
        match result {
            Ok(outcomes) => {
                kept.connection = Some(connection);
                return Ok(outcomes);
            }
            Err(error) if attempt >= ATTEMPTS => return Err(error),
            Err(Error::Internal(cause)) if attempt >= 2 => return Err(Error::Internal(cause)),
            // A share that was known, or one that another writer recorded meanwhile: looked up at once.
            Err(Error::Busy(_)) if attempt == 1 => {
                if !connection.is_broken() {
                    kept.connection = Some(connection);
                }
                attempt += 1;
            }
            // The connection may be what failed; a new one costs little beside a failed group.
            Err(_) => {
                std::thread::sleep(Duration::from_millis(u64::from(attempt) * 10));
                attempt += 1;
            }
        }
    }
}

/// Judges and writes in one transaction. On PostgreSQL, where a transaction sees what others commit meanwhile, what is
/// read needs none, and nearly every group is written by one statement, which is one by itself: that saves two answers to
/// wait for.
fn record_once(
    app: &App,
    kept: &mut Kept,
    connection: &mut AnyConnection,
    submissions: &[Submission],
    attempt: Attempt,
) -> Result<Outcomes, Error> {
    let (part, memory) = (kept.part, &mut kept.memory);
    if matches!(connection, AnyConnection::Sqlite(_)) {
        return write_once(connection, Isolation::ReadCommitted, |connection| {
            let group = app.judge_group(connection, submissions, attempt, (part, memory))?;
            group.save(connection, memory)
        });
    }
    let group = app.judge_group(connection, submissions, attempt, (part, memory))?;
    if group.is_one_statement() {
        return group.save(connection, memory);
    }
    write_once(connection, Isolation::ReadCommitted, |connection| {
        group.save(connection, memory)
    })
}

/// Copies SQLite's log back every now and then, until the other end of `stop` is gone. What fails is tried again: the
/// writer copies by itself where the log grows long.
fn copy_back(app: &App, stop: &std::sync::mpsc::Receiver<()>) {
    use std::sync::mpsc::RecvTimeoutError::Timeout;
    let mut kept: Option<AnyConnection> = None;
    while stop.recv_timeout(store::checkpoint::EVERY) == Err(Timeout) {
        let Some(mut connection) = kept.take().or_else(|| app.store.connect().ok()) else {
            continue;
        };
        match store::checkpoint::copy_back(&mut connection) {
            Ok(()) => kept = Some(connection),
            Err(error) => tracing::debug!(%error, "the log was not copied back"),
        }
    }
}

fn connect(app: &App) -> Result<AnyConnection, Error> {
    let mut connection = app.store.connect()?;
    store::check_in_group::plan_by_index(&mut connection)?;
    store::checkpoint::leave_to_others(&mut connection)?;
    Ok(connection)
}

/// The wrong order, for the test of the crash tests: every job is answered, then its transaction commits.
#[cfg(debug_assertions)]
fn answer_too_early(app: &App, kept: &mut Kept, jobs: Vec<Job>) {
    for job in jobs {
        let Some(mut connection) = kept.connection.take().or_else(|| connect(app).ok()) else {
            continue;
        };
        let written = write_once(&mut connection, Isolation::ReadCommitted, |connection| {
            // A caller that hung up is none of this function's business.
            let group = app.judge_group(
                connection,
                &job.submissions,
                Attempt::Again,
                (kept.part, &mut kept.memory),
            )?;
            let _ = job.reply.send(Ok(group.save(connection, &mut kept.memory)?));
            Ok::<_, Error>(())
        });
        match written {
            Ok(()) => kept.connection = Some(connection),
            Err(error) => tracing::error!(%error, "shares were answered and not recorded"),
        }
    }
}

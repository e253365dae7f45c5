//! The group committer: requests queue, a writer records all that wait in one transaction, then answers each.
//!
//! Design section 4. A full queue is told so at once; a group that fails as a whole is tried again one by one, unless
//! it was the database that could not.

use crate::app::App;
use crate::app::check_in::Outcomes;
use crate::app::check_in::Submission;
use crate::app::check_in_group::Attempt;
use crate::app::duty_memory::DutyMemory;
use crate::app::error::Error;
use crate::domain::ids::EmployeeId;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::transaction::Isolation;
use crate::store::transaction::write_once;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Requests that may wait for one writer.
const QUEUE: usize = 4_096;
/// What the writers take at once and remember.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bounds {
    /// Requests that one transaction takes at most, at least 1.
    pub group: usize,
    /// People whose facts all writers remember together; about 450 bytes each, 0 for nobody.
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
/// How often a group that met another writer is tried.
const ATTEMPTS: u32 = 6;

struct Job {
    submissions: Vec<Submission>,
    reply: oneshot::Sender<Result<Outcomes, Error>>,
}

/// The way in to the writers. They end, having answered everything that was accepted, when it is dropped.
#[derive(Debug)]
pub struct Committer {
    queues: Vec<mpsc::Sender<Job>>,
    threads: Vec<std::thread::JoinHandle<()>>,
    /// Ends the thread that copies SQLite's log back, when it is dropped.
    copying: Option<std::sync::mpsc::Sender<()>>,
}

impl Committer {
    /// Starts the writers: two on PostgreSQL, one on SQLite (measured: research on storage, section 6), and beside
    /// that one a thread that copies the log back.
    pub fn start(app: &Arc<App>, bounds: Bounds) -> std::io::Result<Self> {
        let count: u32 = if app.store.location().is_sqlite() { 1 } else { 2 };
        let people = bounds.people / usize::try_from(count).unwrap_or(1);
        let (mut queues, mut threads) = (Vec::new(), Vec::new());
        for index in 0..count {
            let (sender, receiver) = mpsc::channel(QUEUE);
            let app = Arc::clone(app);
            let name = format!("check-in-writer-{index}");
            let part = i16::try_from((std::process::id() % PARTS * count + index) % PARTS).unwrap_or(0);
            threads.push(
                std::thread::Builder::new()
                    .name(name)
                    .spawn(move || write(&app, receiver, bounds.group, Kept::new(part, people)))?,
            );
            queues.push(sender);
        }
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
            queues,
            threads,
            copying,
        })
    }

    /// Hands one person's shares to their writer and waits for the commit. A person always has the same writer, so
    /// their shares stay in order.
    pub async fn submit(&self, person: EmployeeId, submissions: Vec<Submission>) -> Result<Outcomes, Error> {
        let writers = u64::try_from(self.queues.len()).unwrap_or(1).max(1);
        let index = usize::try_from(person.uuid().as_u64_pair().1 % writers).unwrap_or(0);
        let queue = self.queues.get(index).ok_or(Error::Busy(1))?;
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
        self.queues.clear();
        self.copying = None;
        for thread in self.threads.drain(..) {
            // A writer that panicked has dropped its jobs, and their callers were told to try again.
            let _ = thread.join();
        }
    }
}

/// What a writer keeps from group to group.
struct Kept {
    connection: Option<AnyConnection>,
    /// Its part of the counters. Two writers of one part, on two instances, are slower beside each other, not wrong.
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
            settle(&queue);
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

/// Waits, a millisecond at most, while requests still come in: where the cores are busy a writer that goes on at once
/// takes them from those who bring the next requests, and the next group is small. A group costs about as much as ten
/// shares, whatever its size.
fn settle(queue: &mpsc::Receiver<Job>) {
    let mut seen = queue.len();
    for _ in 0..10 {
        std::thread::sleep(Duration::from_micros(100));
        let now = queue.len();
        if now <= seen {
            return;
        }
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
        let result = write_once(&mut connection, Isolation::ReadCommitted, |connection| {
            app.record(connection, submissions, looking_up, (kept.part, &mut kept.memory))
        });
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
            let _ = job.reply.send(Ok(app.record(
                connection,
                &job.submissions,
                Attempt::Again,
                (kept.part, &mut kept.memory),
            )?));
            Ok::<_, Error>(())
        });
        match written {
            Ok(()) => kept.connection = Some(connection),
            Err(error) => tracing::error!(%error, "shares were answered and not recorded"),
        }
    }
}

//! What runs without a caller. Each job may run on several instances at once: constraints decide who was first.

use crate::app::App;
use crate::app::error::Error;
use crate::store;
use chrono::Duration;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

/// How long answers to Idempotency-Keys are kept.
const ANSWERS_KEPT: Duration = Duration::days(7);

/// One thing to do in a round.
type Job<'a> = &'a dyn Fn() -> Result<(), Error>;

impl App {
    /// What must be there before the first request, and again each day: partitions ahead of the shares, and the keys that sign
    /// in the log.
    pub fn prepare(&self) -> Result<(), Error> {
        let today = self.now().utc().date_naive();
        self.store
            .write(|connection| store::partition::make_ahead(connection, today).map_err(Error::from))?;
        self.log_keys_in_use()
    }

    /// One round of everything that is due. A job that fails is logged and does not keep the others from running.
    pub fn run_jobs(&self) {
        let now = self.now();
        let jobs: [(&str, Job<'_>); 12] = [
            ("heartbeat", &|| self.beat()),
            ("ended sessions", &|| self.learn_ended_sessions()),
            ("escalations", &|| self.escalate_activities().map(|_| ())),
            ("batches", &|| self.seal_due(now).map(|_| ())),
            ("absence", &|| self.tell_absence(now).map(|_| ())),
            ("reminders", &|| self.remind_daily(now)),
            ("closing months", &|| self.close_monthly_reports().map(|_| ())),
            ("mail", &|| self.send_waiting_mail().map(|_| ())),
            ("logs", &|| self.grow_logs()),
            ("partitions", &|| self.prepare()),
            ("retention", &|| self.forget_daily()),
            ("idempotency", &|| {
                self.store
                    .write(|connection| store::idempotency::delete_before(connection, now.plus(-ANSWERS_KEPT)))?;
                Ok(())
            }),
        ];
        run_each(&jobs);
    }

    /// One round of calls to other deployments, which may take as long as their networks do.
    fn call_others(&self) {
        run_each(&[
            ("witnesses", &|| self.ask_witnesses().map(|_| ())),
            ("dispatches", &|| self.send_dispatches(self.now()).map(|_| ())),
            ("decisions", &|| self.ask_bkd(self.now()).map(|_| ())),
        ]);
    }
}

fn run_each(jobs: &[(&str, Job<'_>)]) {
    for (name, job) in jobs {
        if let Err(error) = job() {
            tracing::error!(job = name, %error, cause = ?std::error::Error::source(&error).map(ToString::to_string), "a job failed");
        }
    }
}

/// Runs the jobs again and again on a thread of its own until it is dropped.
#[derive(Debug)]
pub struct Ticker {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    /// Starts at once, then waits `every` between rounds.
    pub fn start(app: Arc<App>, every: std::time::Duration) -> std::io::Result<Self> {
        Self::run("jobs", every, move || app.run_jobs())
    }

    /// Asks witnesses and sends dispatches in the same manner, on a thread of its own: a slow network keeps no other job
    /// waiting, least of all the sign of life by which outages are told. What is on its way when the service ends goes on
    /// from there later, so nobody waits for it.
    pub fn start_calling(app: Arc<App>, every: std::time::Duration) -> std::io::Result<Self> {
        let mut ticker = Self::run("calls", every, move || app.call_others())?;
        drop(ticker.thread.take());
        Ok(ticker)
    }

    fn run(name: &str, every: std::time::Duration, round: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let work = move || {
            loop {
                round();
                if !matches!(stopped.recv_timeout(every), Err(mpsc::RecvTimeoutError::Timeout)) {
                    break;
                }
            }
        };
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(work)?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A job that panicked has said so already.
            let _ = thread.join();
        }
    }
}

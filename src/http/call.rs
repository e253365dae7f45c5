//! Runs use cases on the blocking pool: the only room that calls `web::block`.

use crate::app::App;
use crate::app::error::Error;
use crate::http::problem::Problem;
use actix_web::web::Data;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// How many password hashes may be at work at once, and how many may wait: each takes 19 MiB and tens of milliseconds.
#[derive(Clone, Debug)]
pub struct HeavyWork {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl HeavyWork {
    /// `running` at once and `waiting` behind them; more are told to come back.
    pub fn new(running: usize, waiting: usize) -> Self {
        Self {
            running: Arc::new(Semaphore::new(running)),
            waiting: Arc::new(Semaphore::new(running.saturating_add(waiting))),
        }
    }
}

/// Runs a use case off the async threads.
pub async fn run<T: Send + 'static>(
    app: &Data<App>,
    work: impl FnOnce(&App) -> Result<T, Error> + Send + 'static,
) -> Result<T, Problem> {
    let app = app.clone();
    #[expect(clippy::disallowed_methods, reason = "this is the room that may")]
    let result = actix_web::web::block(move || work(&app)).await;
    Ok(result.map_err(Error::internal)??)
}

/// Like [`run`], for work that burns CPU and memory: bounded, and refused at once when too much of it waits.
pub async fn run_heavy<T: Send + 'static>(
    app: &Data<App>,
    heavy: &HeavyWork,
    work: impl FnOnce(&App) -> Result<T, Error> + Send + 'static,
) -> Result<T, Problem> {
    let _place = heavy.waiting.try_acquire().map_err(|_cause| Error::Busy(2))?;
    let _turn = heavy.running.acquire().await.map_err(Error::internal)?;
    run(app, work).await
}

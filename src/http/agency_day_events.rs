//! The day of an agency as it changes: server-sent events. However many look at one agency, it is asked for once a second.

use crate::app::App;
use crate::app::agency_day_watch::DayCounters;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::access::AgencyCode;
use crate::domain::ids::AccountId;
use crate::http::actor::Caller;
use crate::http::agency_day::AgencyDayView;
use crate::http::call;
use crate::http::method::is_head;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use actix_web::http::header;
use actix_web::rt;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use futures_util::stream;
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::time::{MissedTickBehavior, interval, timeout};

/// Between two looks at an agency's counters, and so between two events.
const LOOK: Duration = Duration::from_secs(1);
/// Looks after which the day is counted anew although no share came: windows open and close, people change.
const QUIET_LOOKS: u32 = 15;
/// Between two signs of life, which tell proxies and the page that the stream is not dead.
pub(crate) const PULSE: Duration = Duration::from_secs(15);
/// How long a reader may take nothing before its place is given to somebody else.
const PATIENCE: Duration = Duration::from_mins(1);
/// After which somebody without a place may ask again.
const WAIT_SECONDS: u64 = 30;
/// Pieces that may wait for a slow reader.
const WAITING_PIECES: usize = 2;

/// Streams of one account at once: some tabs on some machines, and no more than a browser that never lets go.
pub const MOST_OF_AN_ACCOUNT: usize = 8;

/// The newest event of an agency, none before the first.
type Newest = Option<Bytes>;

/// The open streams of this instance, and one watcher for each agency that anybody looks at.
#[derive(Debug)]
pub struct DayStreams {
    places: Arc<Semaphore>,
    /// Open streams by account; whoever has none is not in it.
    by_account: Mutex<HashMap<AccountId, usize>>,
    pulse: Duration,
    closing: watch::Sender<bool>,
    /// A watcher is there as long as its sender is.
    watched: Mutex<HashMap<AgencyCode, watch::Receiver<Newest>>>,
}

impl DayStreams {
    /// At most so many streams at once, each with a sign of life in every `pulse`, at which its session is looked at too.
    pub fn new(most: usize, pulse: Duration) -> Self {
        Self {
            places: Arc::new(Semaphore::new(most)),
            by_account: Mutex::default(),
            pulse,
            closing: watch::Sender::new(false),
            watched: Mutex::default(),
        }
    }

    /// Ends every stream, so that stopping does not wait for those who only look.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// A place for one more stream of an account, given back when it is dropped.
    fn take_place(self: &Arc<Self>, account: AccountId) -> Result<Place, Error> {
        let all = Arc::clone(&self.places);
        let mut counts = self.by_account.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(account).or_insert(0);
        if *count >= MOST_OF_AN_ACCOUNT {
            return Err(Error::TooMany(Code::TooManyRequests, WAIT_SECONDS));
        }
        *count = count.saturating_add(1);
        drop(counts);
        let mut place = Place {
            streams: Arc::clone(self),
            account,
            permit: None,
        };
        place.permit = Some(all.try_acquire_owned().map_err(|_cause| Error::Busy(WAIT_SECONDS))?);
        Ok(place)
    }

    /// The events of an agency from now on.
    fn follow(self: &Arc<Self>, app: &Data<App>, agency: &AgencyCode) -> watch::Receiver<Newest> {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(receiver) = watched.get(agency).filter(|receiver| receiver.has_changed().is_ok()) {
            return receiver.clone();
        }
        let (sender, receiver) = watch::channel(None);
        watched.insert(agency.clone(), receiver.clone());
        rt::spawn(keep_watch(Arc::clone(self), app.clone(), agency.clone(), sender));
        receiver
    }

    /// Forgets an agency that nobody but this list looks at; gives whether it did.
    fn forget(&self, agency: &AgencyCode, sender: &watch::Sender<Newest>) -> bool {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let is_alone = sender.receiver_count() <= 1;
        if is_alone {
            watched.remove(agency);
        }
        is_alone
    }
}

/// One of the places for streams, held for an account.
struct Place {
    streams: Arc<DayStreams>,
    account: AccountId,
    /// None only where all places were taken and this one is given back at once.
    permit: Option<OwnedSemaphorePermit>,
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(self.permit.take());
        let mut counts = self.streams.by_account.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.account) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.remove(&self.account);
            }
        }
    }
}

/// Looks at an agency's counters every second as long as somebody follows them, and counts the day when they changed.
async fn keep_watch(streams: Arc<DayStreams>, app: Data<App>, agency: AgencyCode, sender: watch::Sender<Newest>) {
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut known: Option<DayCounters> = None;
    let mut quiet = 0;
    while !*streams.closing.borrow() {
        looks.tick().await;
        if streams.forget(&agency, &sender) {
            return;
        }
        quiet = if quiet >= QUIET_LOOKS { 0 } else { quiet + 1 };
        let (code, before) = (agency.clone(), known.clone().filter(|_| quiet > 0));
        let news = call::run(&app, move |app| {
            let counters = app.day_counters(&code)?;
            if before.as_ref() == Some(&counters) {
                return Ok(None);
            }
            Ok(Some((counters, app.day_of_board(&code)?)))
        });
        // A database that is away for a while is no news; the next look may succeed.
        let Ok(Some((counters, day))) = news.await else {
            continue;
        };
        known = Some(counters);
        if let Ok(text) = serde_json::to_string(&AgencyDayView::from(day)) {
            let event = Bytes::from(format!("event: day\ndata: {text}\n\n"));
            sender.send_if_modified(|newest| {
                let is_new = newest.as_ref() != Some(&event);
                *newest = Some(event);
                is_new
            });
        }
    }
}

/// One reader's stream.
struct Reader {
    streams: Arc<DayStreams>,
    app: Data<App>,
    context: Context,
    news: watch::Receiver<Newest>,
    pieces: mpsc::Sender<Bytes>,
    _place: Place,
}

impl Reader {
    /// Sends what is new until the reader leaves, their session ends, or the service stops.
    async fn serve(mut self) {
        let mut closing = self.streams.closing.subscribe();
        let mut pulses = interval(self.streams.pulse);
        pulses.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // What is there already is the first event.
        self.news.mark_changed();
        loop {
            let piece = tokio::select! {
                _ = closing.wait_for(|is_closing| *is_closing) => return,
                () = self.pieces.closed() => return,
                changed = self.news.changed() => {
                    let newest = self.news.borrow_and_update().clone();
                    match (changed, newest) {
                        (Err(_), _) => return,
                        (Ok(()), None) => continue,
                        (Ok(()), Some(event)) => event,
                    }
                }
                _ = pulses.tick() => {
                    let context = self.context.clone();
                    match call::run(&self.app, move |app| app.goes_on(&context)).await {
                        Ok(true) => Bytes::from_static(b":\n\n"),
                        Ok(false) | Err(_) => return,
                    }
                }
            };
            if !matches!(timeout(PATIENCE, self.pieces.send(piece)).await, Ok(Ok(()))) {
                return;
            }
        }
    }
}

/// The numbers of an agency's today as they change, as server-sent events.
///
/// An event `day` with what `GET /v1/agencies/{code}/day` answers comes at once, and again whenever the numbers have
/// changed, at most once a second. Between them a comment comes every 15 seconds. The stream ends with the session, and
/// when the service stops: whoever follows connects again. An account may follow eight times at once on one instance (429
/// `too_many_requests` beyond that). Looking on does not keep a browser's session from ending.
#[utoipa::path(operation_id = "follow_agency_day", tag = "the agency's day", params(
    ("code" = String, Path, description = "The agency's code"),
), responses(
    (status = 200, body = AgencyDayView, content_type = "text/event-stream", description = "`data` of each event."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json", description = "Also when too many follow already."),
))]
#[get("/v1/agencies/{code}/day/events")]
pub(crate) async fn follow(
    request: HttpRequest,
    app: Data<App>,
    streams: Data<DayStreams>,
    caller: Caller,
    code: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (_scope, agency) = caller.may_in(Action::ReadStaff, &code)?;
    let known = agency.clone();
    call::run(&app, move |app| app.day_counters(&known)).await?;
    let mut response = HttpResponse::Ok();
    response
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Proxies that gather answers would hold events back.
        .insert_header(("X-Accel-Buffering", "no"));
    if is_head(&request) {
        return Ok(response.finish());
    }
    let streams = streams.into_inner();
    let place = streams.take_place(caller.context.account())?;
    let (pieces, receiver) = mpsc::channel(WAITING_PIECES);
    let reader = Reader {
        _place: place,
        news: streams.follow(&app, &agency),
        streams,
        app,
        context: caller.context,
        pieces,
    };
    rt::spawn(reader.serve());
    Ok(response.streaming(stream::unfold(receiver, |mut receiver| async {
        let piece = receiver.recv().await?;
        Some((Ok::<_, Infallible>(piece), receiver))
    })))
}

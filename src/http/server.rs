//! The server: binds, limits, and stops without dropping what it accepted.

use crate::app::App;
use crate::app::basemap::Tiles;
use crate::app::branding::Branding;
use crate::app::committer;
use crate::app::committer::Committer;
use crate::app::job::Ticker;
use crate::app::privacy::DataProtectionContact;
use crate::app::tls::Tls;
use crate::http::agency_day_events::DayStreams;
use crate::http::agency_day_events::PULSE;
use crate::http::branding;
use crate::http::call::HeavyWork;
use crate::http::log;
use crate::http::map;
use crate::http::method;
use crate::http::method::Addresses;
use crate::http::nul;
use crate::http::openapi;
use crate::http::problem::translate;
use crate::http::rate;
use crate::http::rate::Limiter;
use crate::http::routes;
use crate::http::secure;
#[cfg(feature = "web")]
use crate::http::web_files::WebFiles;
use crate::http::witness;
use actix_web::dev::Server;
use actix_web::dev::ServerHandle;
use actix_web::http::header::ContentType;
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::web::{self, Bytes, Data, ServiceConfig};
use actix_web::{HttpResponse, HttpServer};
use std::net::TcpListener;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;
use std::time::Duration;
use tracing_actix_web::{DefaultRootSpanBuilder, RootSpanBuilder, TracingLogger};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// People who may follow an agency's day at once, where nothing is set.
pub const DEFAULT_STREAMS: usize = 200;

/// Between two rounds of the jobs.
const TICK: Duration = Duration::from_secs(30);
/// Between two looks whose calls need no more counting: a budget is full again after a fraction of it.
const TIDY: Duration = Duration::from_secs(5);

/// What a running server shares between its workers.
#[derive(Clone, Debug)]
pub struct Shared {
    /// The use cases.
    pub app: Data<App>,
    /// The way to the check-in writer.
    pub committer: Data<Committer>,
    /// Bounds password work.
    pub heavy: Data<HeavyWork>,
    /// Bounds calls per credential.
    pub limiter: Data<Limiter>,
    /// Those who follow an agency's day.
    pub streams: Data<DayStreams>,
    /// The government's own name, crest and colours.
    pub branding: Data<Branding>,
    /// Where tiles of maps come from, if the operator named a server.
    pub tiles: Data<Option<Tiles>>,
    /// How the data protection officer is reached.
    pub contact: Data<DataProtectionContact>,
}

/// What a running server may be asked for.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Calls a second that one credential may make, eight times as many at once; at least 1.
    pub calls_per_second: u32,
    /// What the check-in writer takes at once and remembers.
    pub writer: committer::Bounds,
    /// People who may follow an agency's day at once.
    pub streams: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            calls_per_second: 50,
            writer: committer::Bounds::default(),
            streams: DEFAULT_STREAMS,
        }
    }
}

impl Shared {
    /// Starts the check-in writer. The usual [`Bounds`]; as many password hashes as cores.
    pub fn new(app: App) -> std::io::Result<Self> {
        Self::with_bounds(app, Bounds::default())
    }

    /// Like [`Shared::new`], with other bounds.
    pub fn with_bounds(app: App, bounds: Bounds) -> std::io::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let rate = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let app = Data::new(app);
        Ok(Self {
            committer: Data::new(Committer::start(&app.clone().into_inner(), bounds.writer)?),
            app,
            heavy: Data::new(HeavyWork::new(cores, 512)),
            limiter: Data::new(Limiter::new(
                rate(bounds.calls_per_second),
                rate(bounds.calls_per_second.saturating_mul(8)),
            )),
            streams: Data::new(DayStreams::new(bounds.streams, PULSE)),
            branding: Data::default(),
            tiles: Data::default(),
            contact: Data::default(),
        })
    }

    /// The same, telling how the data protection officer is reached.
    #[must_use]
    pub fn with_contact(self, contact: DataProtectionContact) -> Self {
        Self {
            contact: Data::new(contact),
            ..self
        }
    }

    /// The same, looking as a government wants it to, and with maps of its own.
    #[must_use]
    pub fn with_look(self, branding: Branding, tiles: Option<Tiles>) -> Self {
        Self {
            branding: Data::new(branding),
            tiles: Data::new(tiles),
            ..self
        }
    }
}

/// Names the route, never the address itself: queries and ids may be personal.
struct RouteOnly;

impl RootSpanBuilder for RouteOnly {
    fn on_request_start(request: &actix_web::dev::ServiceRequest) -> tracing::Span {
        // Finding the route again costs more than the rest of the span: only where somebody reads it.
        tracing::info_span!(
            "request",
            method = request.method().as_str(),
            route = request.match_pattern().unwrap_or_default(),
            request_id = tracing::field::Empty
        )
    }

    fn on_request_end<B: actix_web::body::MessageBody>(
        span: tracing::Span,
        outcome: &Result<actix_web::dev::ServiceResponse<B>, actix_web::Error>,
    ) {
        DefaultRootSpanBuilder::on_request_end(span, outcome);
    }
}

/// Answers with the OpenAPI file.
fn openapi_file(text: Bytes) -> impl Fn() -> std::future::Ready<HttpResponse> + Clone {
    move || std::future::ready(HttpResponse::Ok().content_type(ContentType::json()).body(text.clone()))
}

/// The methods of every address, and the OpenAPI file as text. As a tree it takes tens of megabytes, which are given back
/// at once only by the end of the thread that made it.
fn describe() -> std::io::Result<(Data<Addresses>, Bytes)> {
    let thread = std::thread::spawn(|| {
        let document = openapi::document();
        Ok((Data::new(Addresses::new(&document)), Bytes::from(document.to_json()?)))
    });
    thread
        .join()
        .unwrap_or_else(|_| Err(std::io::Error::other("the OpenAPI file could not be put together")))
}

/// Whether this build holds the phone's pages.
#[cfg(feature = "web")]
pub fn has_pages() -> bool {
    WebFiles::embedded().has_room("app")
}

/// Whether this build holds the phone's pages.
#[cfg(not(feature = "web"))]
pub const fn has_pages() -> bool {
    false
}

/// Where calls come in: at one door, or at both.
#[derive(Debug, Default)]
pub struct Doors {
    /// For HTTP.
    pub plain: Option<TcpListener>,
    /// For HTTPS, with the certificate.
    pub tls: Option<(TcpListener, Arc<Tls>)>,
}

impl From<TcpListener> for Doors {
    fn from(listener: TcpListener) -> Self {
        Self {
            plain: Some(listener),
            tls: None,
        }
    }
}

/// Serves until stopped. The returned future must be awaited; dropping its handle does not stop it.
pub fn serve(doors: impl Into<Doors>, shared: Shared, workers: usize) -> std::io::Result<Server> {
    let doors = doors.into();
    let (addresses, text) = describe()?;
    rate::tidy_every(shared.limiter.clone(), TIDY);
    end_streams_when_told(shared.streams.clone());
    #[cfg(feature = "web")]
    let files = Data::new(WebFiles::embedded().with_tiles_from(shared.tiles.as_ref().as_ref().map(Tiles::origin)));
    let mut server = HttpServer::new(move || {
        let app = actix_web::App::new()
            .app_data(shared.app.clone())
            .app_data(addresses.clone())
            .app_data(shared.committer.clone())
            .app_data(shared.heavy.clone())
            .app_data(shared.limiter.clone())
            .app_data(shared.streams.clone())
            .app_data(shared.branding.clone())
            .app_data(shared.tiles.clone())
            .app_data(shared.contact.clone())
            .configure(routes::configure::<ServiceConfig>);
        // Before the fallback, since the pages take the door where they are there.
        #[cfg(feature = "web")]
        let app = app.configure(|config| WebFiles::configure(&files, config));
        app.configure(branding::configure)
            .configure(map::configure)
            .configure(log::configure)
            .configure(witness::configure)
            .configure(routes::fallback)
            .route("/docs/openapi.json", web::get().to(openapi_file(text.clone())))
            .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("/docs/openapi.json")))
            .wrap(from_fn(nul::refuse_in_address))
            .wrap(from_fn(method::answer_head))
            .wrap(from_fn(translate))
            .wrap(from_fn(secure::keep_to_https))
            .wrap(DefaultHeaders::new().add(("X-Content-Type-Options", "nosniff")))
            .wrap(TracingLogger::<RouteOnly>::new())
    })
    .workers(workers)
    .client_request_timeout(Duration::from_secs(20))
    .client_disconnect_timeout(Duration::from_secs(5))
    .shutdown_timeout(30);
    if let Some(listener) = doors.plain {
        server = server.listen(listener)?;
    }
    if let Some((listener, tls)) = doors.tls {
        let config = tls.server_config().map_err(std::io::Error::other)?;
        server = server.listen_rustls_0_23(listener, config)?;
    }
    Ok(server.run())
}

/// Ends the streams at the signals that stop the server, which then waits for what is still being answered.
fn end_streams_when_told(streams: Data<DayStreams>) {
    #[cfg(unix)]
    actix_web::rt::spawn(async move {
        use tokio::signal::unix::{SignalKind, signal};
        let (terminate, interrupt) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
        if let (Ok(mut terminate), Ok(mut interrupt)) = (terminate, interrupt) {
            tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
            streams.close();
        }
    });
    #[cfg(not(unix))]
    drop(streams);
}

/// Serves on this thread until SIGINT or SIGTERM, then answers what was accepted.
pub fn run(doors: Doors, shared: Shared, workers: usize) -> std::io::Result<()> {
    let _ticker = Ticker::start(shared.app.clone().into_inner(), TICK)?;
    let _calling = Ticker::start_calling(shared.app.clone().into_inner(), TICK)?;
    actix_web::rt::System::new().block_on(async { serve(doors, shared, workers)?.await })
}

/// A server on a thread of its own.
#[derive(Debug)]
pub struct Running {
    handle: ServerHandle,
    streams: Data<DayStreams>,
    thread: JoinHandle<std::io::Result<()>>,
}

/// Serves on a thread of its own, until SIGINT, SIGTERM or [`Running::stop`].
pub fn start(doors: Doors, shared: Shared, workers: usize) -> std::io::Result<Running> {
    let (sender, receiver) = channel();
    let streams = shared.streams.clone();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async {
            let server = serve(doors, shared, workers)?;
            sender.send(server.handle()).map_err(std::io::Error::other)?;
            server.await
        })
    });
    let handle = receiver.recv().map_err(std::io::Error::other)?;
    Ok(Running {
        handle,
        streams,
        thread,
    })
}

impl Running {
    /// Answers what was accepted and ends.
    pub fn stop(self) -> std::io::Result<()> {
        self.streams.close();
        drop(self.handle.stop(true));
        self.wait()
    }

    /// Comes back when the server has ended.
    pub fn wait(self) -> std::io::Result<()> {
        match self.thread.join() {
            Ok(outcome) => outcome,
            Err(_) => Err(std::io::Error::other("the server's thread panicked")),
        }
    }
}

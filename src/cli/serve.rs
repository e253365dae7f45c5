//! `sherlok serve`: puts the service together and runs it until it is told to stop.

use crate::app::App;
use crate::app::Parts;
use crate::app::branding::Branding;
use crate::app::branding::Crest;
use crate::app::log::LogKeys;
use crate::app::log::cosign::Witnesses;
use crate::app::tls::Tls;
use crate::cli::bkd::BkdConfig;
use crate::cli::config::Config;
use crate::domain::browser_session::BrowserLimits;
use crate::domain::log::policy::Policy;
use crate::domain::retention::Retention;
use crate::http::server;
use crate::http::server::Doors;
use crate::http::server::Shared;
use crate::platform::clock::Clock;
use crate::platform::entropy::Entropy;
use crate::platform::mail::Mail;
use crate::platform::mail::MailSettings;
use crate::platform::password::Cost;
use crate::platform::password::Passwords;
use crate::platform::secrets::Secrets;
use crate::store::Store;
use crate::store::backend::Location;
use std::error::Error;
use std::net::TcpListener;

/// Opens database, keys and files as the settings say; migrates.
pub fn open(config: &Config) -> Result<App, Box<dyn Error>> {
    open_at(config, Clock::System)
}

/// Like [`open`], living by `clock`.
pub(crate) fn open_at(config: &Config, clock: Clock) -> Result<App, Box<dyn Error>> {
    #[cfg(debug_assertions)]
    if let Some(code) = &config.sabotage {
        let sabotage = crate::store::sabotage::Sabotage::from_code(code);
        sabotage
            .ok_or("SHERLOK_SABOTAGE must be synchronous_off or early_answer")?
            .choose();
        tracing::warn!(code, "this process makes a fault on purpose");
    }
    // A wrong folder is told now, not when the first letter is wanted.
    #[cfg(feature = "print")]
    crate::platform::print::Printer::new(config.templates.as_deref())?;
    branding(config)?;
    std::fs::create_dir_all(&config.data_directory)?;
    let store = Store::open(Location::parse(&config.database_url.0)?, config.connections)?;
    let entropy = Entropy::Os;
    let secrets = Secrets::load_or_create(&config.data_directory, &entropy)?;
    let app = App::new(Parts {
        store,
        clock,
        entropy,
        log_keys: LogKeys::new(config.log_name.as_deref(), secrets.log_key)?,
        secrets,
        passwords: Passwords::new(Cost::Full)?,
        directory: config.data_directory.clone(),
        mail: mail(config)?,
        home_changes_in_quarter: config.home_changes_per_quarter,
        retention: Retention::of(config.position_retention_days, config.share_retention_years),
        browser_limits: BrowserLimits::new(config.browser_idle_minutes, config.browser_hours),
        #[cfg(feature = "print")]
        printer: crate::platform::print::Printer::new(config.templates.as_deref())?,
        #[cfg(feature = "print")]
        public_url: config.public_url.clone(),
    });
    let app = app.with_witnesses(witnesses(config)?);
    let app = app.with_bkd(config.bkd.as_ref().map(BkdConfig::open).transpose()?);
    app.check_data_directory()?;
    app.prepare()?;
    Ok(app)
}

/// What the running server shares, with the government's own look.
pub(crate) fn shared(app: App, config: &Config) -> Result<Shared, Box<dyn Error>> {
    let shared = Shared::with_bounds(app, config.bounds())?;
    let shared = shared.with_contact(config.contact.clone());
    Ok(shared.with_look(branding(config)?, config.tiles.clone()))
}

/// The listeners, bound; and the certificate, read.
pub(crate) fn doors(config: &Config) -> Result<Doors, Box<dyn Error>> {
    let tls = match &config.tls {
        Some(tls) => {
            let certificate = Tls::open(&tls.certificate, &tls.key)?;
            Some((TcpListener::bind(tls.listen)?, certificate))
        }
        None => None,
    };
    Ok(Doors {
        plain: config.listen.map(TcpListener::bind).transpose()?,
        tls,
    })
}

/// What the government made its own; refused by the setting's name where it can't be used.
fn branding(config: &Config) -> Result<Branding, Box<dyn Error>> {
    let named = |name: &str, error: &dyn Error| format!("{name} is not valid: {error}");
    let crest = config.crest.as_deref().map(Crest::read).transpose();
    let crest = crest.map_err(|error| named("SHERLOK_CREST", &error))?;
    let mut branding = Branding::new(config.government_name.clone(), crest);
    if let Some(colour) = config.action_colour {
        let light = branding.with_light(colour);
        branding = light.map_err(|error| named("SHERLOK_ACTION_COLOUR", &error))?;
    }
    if let Some(colour) = config.action_colour_dark {
        let dark = branding.with_dark(colour);
        branding = dark.map_err(|error| named("SHERLOK_ACTION_COLOUR_DARK", &error))?;
    }
    Ok(branding)
}

/// Who is asked to witness the logs.
fn witnesses(config: &Config) -> Result<Witnesses, Box<dyn Error>> {
    let Some(path) = &config.witnesses else {
        return Ok(Witnesses::default());
    };
    let read = || -> Result<Policy, Box<dyn Error>> { Ok(Policy::parse(&std::fs::read(path)?)?) };
    let policy = read().map_err(|error| format!("SHERLOK_WITNESSES is not valid: {error}"))?;
    Ok(Witnesses::of(&policy))
}

/// The way to the mail server, or off where none is set.
fn mail(config: &Config) -> Result<Mail, Box<dyn Error>> {
    let Some(url) = &config.smtp_url else {
        return Ok(Mail::Off);
    };
    let password = match &config.smtp_password_file {
        Some(path) => Some(std::fs::read_to_string(path)?.trim_end().to_owned()),
        None => None,
    };
    let from = config
        .mail_from
        .clone()
        .ok_or("SHERLOK_MAIL_FROM is needed beside SHERLOK_SMTP_URL")?;
    let sign_in_url = config.public_url.clone();
    let sign_in_url = sign_in_url.ok_or("SHERLOK_PUBLIC_URL is needed beside SHERLOK_SMTP_URL")?;
    let settings = MailSettings::from_url(url, password, from, sign_in_url);
    let settings = settings
        .ok_or("SHERLOK_SMTP_URL must be smtp://[user@]host[:port] or smtps://..., with a password file for a user")?;
    Ok(Mail::smtp(settings)?)
}

/// Sends logs to standard error; `RUST_LOG` sets how many, `usual` where it is not set. Standard output stays for what
/// was asked for.
pub fn start_log(usual: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(usual));
    // A second start in one process keeps the first log.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Telling on stderr that stderr can't be written panics, in whatever call wanted to say something: a full disk
        // under the log would end the service's work.
        .log_internal_errors(false)
        .try_init();
}

/// Serves until SIGINT or SIGTERM, then answers what it accepted.
pub fn run(config: &Config) -> Result<(), Box<dyn Error>> {
    start_log("info,actix_server=warn");
    let app = open(config)?;
    let doors = doors(config)?;
    let _following = doors.tls.as_ref().map(|(_, tls)| tls.follow()).transpose()?;
    for (scheme, listener) in [
        ("http", doors.plain.as_ref()),
        ("https", doors.tls.as_ref().map(|(listener, _)| listener)),
    ] {
        if let Some(listener) = listener {
            tracing::info!(address = %listener.local_addr()?, scheme, "serving");
        }
    }
    if server::has_pages() {
        tracing::info!("the phone's pages are at /app/, the documentation at /docs/");
    } else {
        tracing::info!("there are no pages (`make web` builds them); the documentation is at /docs/");
    }
    server::run(doors, shared(app, config)?, config.workers)?;
    Ok(())
}

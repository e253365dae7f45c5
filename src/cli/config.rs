//! Settings: one struct, read once from a file and from `SHERLOK_*` variables, checked before anything starts.
//! The only room that reads the environment.

use crate::app::basemap::Tiles;
use crate::app::committer;
use crate::app::privacy::DataProtectionContact;
use crate::cli::bkd::BkdConfig;
use crate::cli::bkd::BkdSettings;
use crate::domain::browser_session::DEFAULT_HOURS;
use crate::domain::browser_session::DEFAULT_IDLE_MINUTES;
use crate::domain::colour::Colour;
use crate::domain::home::DEFAULT_CHANGES_IN_QUARTER;
use crate::domain::retention::DEFAULT_POSITION_DAYS;
use crate::domain::retention::DEFAULT_SHARE_YEARS;
use crate::http::server::Bounds;
use crate::http::server::DEFAULT_STREAMS;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Everything that can be set. Nothing needs to be: a fresh start works on SQLite in `./sherlok-data`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Config {
    /// `SHERLOK_LISTEN`: address and port for HTTP, or `off` beside HTTPS. Default `127.0.0.1:8080`.
    pub listen: Option<SocketAddr>,
    /// `SHERLOK_TLS_CERTIFICATE`, `SHERLOK_TLS_KEY` and `SHERLOK_TLS_LISTEN`: HTTPS; none unless the files are named.
    pub tls: Option<TlsConfig>,
    /// `SHERLOK_DATABASE_URL`: `sqlite:PATH` or `postgres://...`, on this machine, a socket or over TLS. Default a SQLite
    /// file in the data directory.
    pub database_url: DatabaseUrl,
    /// `SHERLOK_DATA_DIR`: keys and files; instances of one deployment share it. Default `sherlok-data`.
    pub data_directory: PathBuf,
    /// `SHERLOK_CONNECTIONS`: database connections for reading and writing each, 1 to 200. Default 8.
    pub connections: u32,
    /// `SHERLOK_WORKERS`: HTTP threads, 1 to 256. Default: the machine's cores.
    pub workers: usize,
    /// `SHERLOK_CALLS_PER_SECOND`: calls that one account may make, 1 to 100,000; eight times as many at once. Default 50.
    pub calls_per_second: u32,
    /// `SHERLOK_GROUP`: requests whose shares one transaction takes at most, 1 to 4,096, default 256; and
    /// `SHERLOK_REMEMBERED_PEOPLE`: people whose duties the writer remembers, 1 to 10,000,000, default 200,000.
    pub writer: committer::Bounds,
    /// `SHERLOK_STREAMS`: people who may follow an agency's day on this instance at once, 1 to 10,000. Default 200.
    pub streams: usize,
    /// `SHERLOK_HOME_CHANGES_PER_QUARTER`: how often a person may change one home in a calendar quarter, 1 to 100.
    /// Default 2.
    pub home_changes_per_quarter: usize,
    /// `SHERLOK_POSITION_RETENTION_DAYS`: days after the end of a month for which its raw positions are kept, 1 to 3,650.
    /// Default 90.
    pub position_retention_days: u16,
    /// `SHERLOK_SHARE_RETENTION_YEARS`: years after their month for which shares are kept, 1 to 100. Default 5.
    pub share_retention_years: u16,
    /// `SHERLOK_BROWSER_IDLE_MINUTES`: minutes without a call after which a browser is signed out, 1 to 1,440. Default 30.
    pub browser_idle_minutes: u16,
    /// `SHERLOK_BROWSER_HOURS`: hours after which a browser is signed out however much it is used, 1 to 168. Default 12.
    pub browser_hours: u16,
    /// `SHERLOK_SMTP_URL`: `smtp://[user@]host:port` for notices by mail; none without it.
    pub smtp_url: Option<String>,
    /// `SHERLOK_SMTP_PASSWORD_FILE`: the file that holds the SMTP password.
    pub smtp_password_file: Option<PathBuf>,
    /// `SHERLOK_MAIL_FROM`: the sender of mails.
    pub mail_from: Option<String>,
    /// `SHERLOK_PUBLIC_URL`: the address that people sign in at, as written in mails.
    pub public_url: Option<String>,
    /// `SHERLOK_TEMPLATES`: the folder of an agency's own templates for printing. Default none: the shipped ones.
    pub templates: Option<PathBuf>,
    /// `SHERLOK_GOVERNMENT_NAME`: whose service it is, up to 100 characters, shown on the pages.
    pub government_name: Option<String>,
    /// `SHERLOK_CREST`: an SVG or PNG of at most 256 KiB, shown on the pages.
    pub crest: Option<PathBuf>,
    /// `SHERLOK_ACTION_COLOUR`: `#rrggbb` of what can be pressed on light pages; text on it must be readable.
    pub action_colour: Option<Colour>,
    /// `SHERLOK_ACTION_COLOUR_DARK`: the same on dark pages.
    pub action_colour_dark: Option<Colour>,
    /// `SHERLOK_MAP_TILES`: `https://host/{z}/{x}/{y}.png` of a tile server that pages may load maps from. Default none.
    /// `SHERLOK_MAP_ATTRIBUTION` is who is named on such maps.
    pub tiles: Option<Tiles>,
    /// `SHERLOK_LOG_NAME`: what logs and receipts call this deployment, such as `bkd.banten.example`; up to 100 letters,
    /// digits, `.`, `-` and `/`, and never changed once logs were read elsewhere. Default: a name made of its own keys.
    pub log_name: Option<String>,
    /// `SHERLOK_WITNESSES`: a file in the form of C2SP tlog-policy; its witnesses with an address are asked to cosign the
    /// logs of this deployment. Default none.
    pub witnesses: Option<PathBuf>,
    /// `SHERLOK_BKD_*`: on an agency's own instance, the keys of BKD's and the way to it. Default none.
    pub bkd: Option<BkdConfig>,
    /// `SHERLOK_DATA_PROTECTION_CONTACT`: how the data protection officer is reached, in one line of up to 200 characters,
    /// as people are told before their first share. Default none.
    pub contact: DataProtectionContact,
    /// `SHERLOK_SABOTAGE`: a fault to be made on purpose, for the test of the crash tests. Debug builds only.
    pub sabotage: Option<String>,
}

/// What HTTPS is served with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TlsConfig {
    /// Address and port. Default `127.0.0.1:8443`.
    pub listen: SocketAddr,
    /// The chain of certificates, PEM.
    pub certificate: PathBuf,
    /// The key, PEM.
    pub key: PathBuf,
}

/// A database URL; may hold a password and is never shown.
#[derive(Clone, Eq, PartialEq)]
pub struct DatabaseUrl(pub String);

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("DatabaseUrl(hidden)")
    }
}

/// Why the settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The settings file can't be read.
    #[error("can't read the settings file {0}")]
    File(String, #[source] std::io::Error),
    /// The settings file is not what it must be.
    #[error("the settings file {0} is not valid")]
    Malformed(String, #[source] Box<toml::de::Error>),
    /// A setting has a value that it can't have.
    #[error("{0} is not valid: {1}")]
    Value(&'static str, &'static str),
}

/// The settings file: the variables' names without `SHERLOK_`, lower case.
#[derive(Debug, Default, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are the settings")]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<String>,
    tls_listen: Option<String>,
    tls_certificate: Option<String>,
    tls_key: Option<String>,
    database_url: Option<String>,
    data_dir: Option<String>,
    connections: Option<u32>,
    workers: Option<u32>,
    calls_per_second: Option<u32>,
    group: Option<u32>,
    remembered_people: Option<u32>,
    streams: Option<u32>,
    home_changes_per_quarter: Option<u32>,
    position_retention_days: Option<u32>,
    share_retention_years: Option<u32>,
    browser_idle_minutes: Option<u32>,
    browser_hours: Option<u32>,
    smtp_url: Option<String>,
    smtp_password_file: Option<String>,
    mail_from: Option<String>,
    public_url: Option<String>,
    templates: Option<String>,
    log_name: Option<String>,
    witnesses: Option<String>,
    government_name: Option<String>,
    crest: Option<String>,
    action_colour: Option<String>,
    action_colour_dark: Option<String>,
    map_tiles: Option<String>,
    map_attribution: Option<String>,
    data_protection_contact: Option<String>,
    bkd_witness_key: Option<String>,
    bkd_openings_key: Option<String>,
    bkd_url: Option<String>,
    bkd_username: Option<String>,
    bkd_password_file: Option<String>,
    bkd_certificates: Option<String>,
}

impl Config {
    /// Reads the process's environment and the file that `SHERLOK_SETTINGS` names, if it does.
    #[expect(clippy::disallowed_methods, reason = "this is the room that may")]
    pub fn from_environment() -> Result<Self, ConfigError> {
        Self::read(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// Like [`Config::from_environment`], but where nothing names a data directory it is `directory`.
    #[expect(clippy::disallowed_methods, reason = "this is the room that may")]
    pub fn from_environment_or_in(directory: &Path) -> Result<Self, ConfigError> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let has_file = variable("SHERLOK_SETTINGS").is_some();
        Self::read(|name| {
            variable(name)
                .or_else(|| (name == "SHERLOK_DATA_DIR" && !has_file).then(|| directory.display().to_string()))
        })
    }

    /// What the running server may be asked for.
    pub const fn bounds(&self) -> Bounds {
        Bounds {
            calls_per_second: self.calls_per_second,
            writer: self.writer,
            streams: self.streams,
        }
    }

    /// Reads from any source of variables; they go before the file.
    #[expect(
        clippy::too_many_lines,
        reason = "one setting after the other: a table, not a procedure"
    )]
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let file = variable("SHERLOK_SETTINGS").map_or(Ok(File::default()), |path| read_file(Path::new(&path)))?;
        let number = |name: &'static str, from_file: Option<u32>, default: u32, most: u32| {
            let value = match variable(name) {
                Some(text) => text
                    .parse()
                    .ok()
                    .ok_or(ConfigError::Value(name, "a whole number is needed"))?,
                None => from_file.unwrap_or(default),
            };
            if (1..=most).contains(&value) {
                Ok(value)
            } else {
                Err(ConfigError::Value(name, "out of range"))
            }
        };
        let usual_home_changes = u32::try_from(DEFAULT_CHANGES_IN_QUARTER).unwrap_or(1);
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let data_directory = PathBuf::from(
            variable("SHERLOK_DATA_DIR")
                .or(file.data_dir)
                .unwrap_or_else(|| "sherlok-data".to_owned()),
        );
        // libpq would fill in what the URL leaves open from these, and nobody would have checked where that is.
        for name in ["PGHOST", "PGHOSTADDR", "PGSERVICE"] {
            if variable(name).is_some() {
                return Err(ConfigError::Value(
                    name,
                    "the place of the database belongs into SHERLOK_DATABASE_URL; unset this one",
                ));
            }
        }
        let tls = tls(
            variable("SHERLOK_TLS_CERTIFICATE").or(file.tls_certificate),
            variable("SHERLOK_TLS_KEY").or(file.tls_key),
            variable("SHERLOK_TLS_LISTEN").or(file.tls_listen).as_deref(),
        )?;
        let listen = match variable("SHERLOK_LISTEN").or(file.listen) {
            Some(off) if off == "off" && tls.is_some() => None,
            listen => Some(address("SHERLOK_LISTEN", listen.as_deref(), "127.0.0.1:8080")?),
        };
        let colour = |name, text: Option<String>| match text.map(|text| Colour::parse(&text)) {
            Some(None) => Err(ConfigError::Value(name, "six digits such as #0f5257 are needed")),
            Some(colour) => Ok(colour),
            None => Ok(None),
        };
        let government_name = variable("SHERLOK_GOVERNMENT_NAME").or(file.government_name);
        if government_name.as_ref().is_some_and(|name| name.chars().count() > 100) {
            return Err(ConfigError::Value(
                "SHERLOK_GOVERNMENT_NAME",
                "at most 100 characters are shown",
            ));
        }
        let log_name = log_name(variable("SHERLOK_LOG_NAME").or(file.log_name))?;
        let attribution = variable("SHERLOK_MAP_ATTRIBUTION")
            .or(file.map_attribution)
            .unwrap_or_default();
        let tiles = variable("SHERLOK_MAP_TILES").or(file.map_tiles).map(|url| {
            Tiles::new(&url, &attribution).ok_or(ConfigError::Value(
                "SHERLOK_MAP_TILES",
                "an address such as https://tiles.example/{z}/{x}/{y}.png is needed",
            ))
        });
        let contact = variable("SHERLOK_DATA_PROTECTION_CONTACT")
            .or(file.data_protection_contact)
            .map(|text| {
                DataProtectionContact::new(&text).ok_or(ConfigError::Value(
                    "SHERLOK_DATA_PROTECTION_CONTACT",
                    "one line of up to 200 characters is needed",
                ))
            });
        let bkd = BkdSettings {
            witness_key: variable("SHERLOK_BKD_WITNESS_KEY").or(file.bkd_witness_key),
            openings_key: variable("SHERLOK_BKD_OPENINGS_KEY").or(file.bkd_openings_key),
            url: variable("SHERLOK_BKD_URL").or(file.bkd_url),
            username: variable("SHERLOK_BKD_USERNAME").or(file.bkd_username),
            password_file: variable("SHERLOK_BKD_PASSWORD_FILE").or(file.bkd_password_file),
            certificates: variable("SHERLOK_BKD_CERTIFICATES").or(file.bkd_certificates),
        };
        let default_database = || format!("sqlite:{}", data_directory.join("sherlok.db").display());
        Ok(Self {
            listen,
            tls,
            database_url: DatabaseUrl(
                variable("SHERLOK_DATABASE_URL")
                    .or(file.database_url)
                    .unwrap_or_else(default_database),
            ),
            connections: number("SHERLOK_CONNECTIONS", file.connections, 8, 200)?,
            workers: number("SHERLOK_WORKERS", file.workers, u32::try_from(cores).unwrap_or(2), 256)
                .map(|workers| usize::try_from(workers).unwrap_or(2))?,
            calls_per_second: number("SHERLOK_CALLS_PER_SECOND", file.calls_per_second, 50, 100_000)?,
            writer: committer::Bounds {
                group: number("SHERLOK_GROUP", file.group, 256, 4_096)
                    .map(|group| usize::try_from(group).unwrap_or(256))?,
                people: number("SHERLOK_REMEMBERED_PEOPLE", file.remembered_people, 200_000, 10_000_000)
                    .map(|people| usize::try_from(people).unwrap_or(200_000))?,
            },
            streams: number(
                "SHERLOK_STREAMS",
                file.streams,
                u32::try_from(DEFAULT_STREAMS).unwrap_or(1),
                10_000,
            )
            .map(|streams| usize::try_from(streams).unwrap_or(DEFAULT_STREAMS))?,
            home_changes_per_quarter: number(
                "SHERLOK_HOME_CHANGES_PER_QUARTER",
                file.home_changes_per_quarter,
                usual_home_changes,
                100,
            )
            .map(|changes| usize::try_from(changes).unwrap_or(DEFAULT_CHANGES_IN_QUARTER))?,
            position_retention_days: number(
                "SHERLOK_POSITION_RETENTION_DAYS",
                file.position_retention_days,
                u32::from(DEFAULT_POSITION_DAYS),
                3_650,
            )
            .map(|days| u16::try_from(days).unwrap_or(DEFAULT_POSITION_DAYS))?,
            share_retention_years: number(
                "SHERLOK_SHARE_RETENTION_YEARS",
                file.share_retention_years,
                u32::from(DEFAULT_SHARE_YEARS),
                100,
            )
            .map(|years| u16::try_from(years).unwrap_or(DEFAULT_SHARE_YEARS))?,
            browser_idle_minutes: number(
                "SHERLOK_BROWSER_IDLE_MINUTES",
                file.browser_idle_minutes,
                u32::from(DEFAULT_IDLE_MINUTES),
                1_440,
            )
            .map(|minutes| u16::try_from(minutes).unwrap_or(DEFAULT_IDLE_MINUTES))?,
            browser_hours: number(
                "SHERLOK_BROWSER_HOURS",
                file.browser_hours,
                u32::from(DEFAULT_HOURS),
                168,
            )
            .map(|hours| u16::try_from(hours).unwrap_or(DEFAULT_HOURS))?,
            smtp_url: variable("SHERLOK_SMTP_URL").or(file.smtp_url),
            smtp_password_file: variable("SHERLOK_SMTP_PASSWORD_FILE")
                .or(file.smtp_password_file)
                .map(PathBuf::from),
            mail_from: variable("SHERLOK_MAIL_FROM").or(file.mail_from),
            public_url: variable("SHERLOK_PUBLIC_URL").or(file.public_url),
            templates: variable("SHERLOK_TEMPLATES").or(file.templates).map(PathBuf::from),
            government_name,
            log_name,
            witnesses: variable("SHERLOK_WITNESSES").or(file.witnesses).map(PathBuf::from),
            crest: variable("SHERLOK_CREST").or(file.crest).map(PathBuf::from),
            action_colour: colour(
                "SHERLOK_ACTION_COLOUR",
                variable("SHERLOK_ACTION_COLOUR").or(file.action_colour),
            )?,
            action_colour_dark: colour(
                "SHERLOK_ACTION_COLOUR_DARK",
                variable("SHERLOK_ACTION_COLOUR_DARK").or(file.action_colour_dark),
            )?,
            tiles: tiles.transpose()?,
            contact: contact.transpose()?.unwrap_or_default(),
            bkd: bkd.read()?,
            data_directory,
            sabotage: sabotage(variable("SHERLOK_SABOTAGE"), cfg!(debug_assertions))?,
        })
    }
}

fn address(name: &'static str, text: Option<&str>, default: &str) -> Result<SocketAddr, ConfigError> {
    text.unwrap_or(default).parse().ok().ok_or(ConfigError::Value(
        name,
        "an address and port such as 127.0.0.1:8080 is needed",
    ))
}

/// A name that may stand in checkpoints and before the names of keys.
fn log_name(name: Option<String>) -> Result<Option<String>, ConfigError> {
    let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '/');
    match name {
        Some(name) if name.is_empty() || name.len() > 100 || !name.chars().all(is_allowed) => Err(ConfigError::Value(
            "SHERLOK_LOG_NAME",
            "1 to 100 letters, digits, dots, hyphens and slashes are needed",
        )),
        name => Ok(name),
    }
}

/// HTTPS needs both files, and an address alone is a slip.
fn tls(
    certificate: Option<String>,
    key: Option<String>,
    listen: Option<&str>,
) -> Result<Option<TlsConfig>, ConfigError> {
    let missing = |name, what| Err(ConfigError::Value(name, what));
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(TlsConfig {
            listen: address("SHERLOK_TLS_LISTEN", listen, "127.0.0.1:8443")?,
            certificate: PathBuf::from(certificate),
            key: PathBuf::from(key),
        })),
        (Some(_), None) => missing("SHERLOK_TLS_KEY", "it is needed beside SHERLOK_TLS_CERTIFICATE"),
        (None, Some(_)) => missing("SHERLOK_TLS_CERTIFICATE", "it is needed beside SHERLOK_TLS_KEY"),
        (None, None) if listen.is_some() => {
            missing("SHERLOK_TLS_CERTIFICATE", "it is needed beside SHERLOK_TLS_LISTEN")
        }
        (None, None) => Ok(None),
    }
}

fn sabotage(code: Option<String>, is_debug_build: bool) -> Result<Option<String>, ConfigError> {
    if code.is_some() && !is_debug_build {
        return Err(ConfigError::Value(
            "SHERLOK_SABOTAGE",
            "this is a release build, and it makes no faults on purpose",
        ));
    }
    Ok(code)
}

fn read_file(path: &Path) -> Result<File, ConfigError> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| ConfigError::File(name.clone(), error))?;
    toml::from_str(&text).map_err(|error| ConfigError::Malformed(name, Box::new(error)))
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;

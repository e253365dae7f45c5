//! Sends mail over SMTP where the operator has configured it. A mail says only that a notice waits and where to
//! sign in: mail is read on shared screens and travels unencrypted between servers.

use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{Error as SmtpError, SmtpTransport};
use lettre::{Address, Message, Transport};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long one step of the talk with the server may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum MailTls {
    /// Plain text; only towards this machine itself.
    None,
    /// Starts plain and must switch to TLS before anything is said (port 587).
    #[default]
    StartTls,
    /// TLS from the first byte (port 465).
    Tls,
}

impl MailTls {
    /// The port that goes with the mode.
    pub const fn port(self) -> u16 {
        match self {
            Self::None => 25,
            Self::StartTls => 587,
            Self::Tls => 465,
        }
    }
}

/// Everything needed to reach a mail server.
#[derive(Clone)]
pub struct MailSettings {
    /// The server's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is protected.
    pub tls: MailTls,
    /// A PEM certificate to trust besides the public ones, for servers with a certificate of their own.
    pub root_certificate_pem: Option<Vec<u8>>,
    /// Name and password, where the server wants them.
    pub credentials: Option<(String, String)>,
    /// The sender, `Sherlok <presensi@example.go.id>` or a bare address.
    pub from: String,
    /// Where people sign in; stands in every mail.
    pub sign_in_url: String,
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MailSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

impl MailSettings {
    /// Reads `smtp://[user@]host[:port]` (STARTTLS; plain text where the host is this machine) or `smtps://...` (TLS
    /// from the first byte). `None` for anything else.
    pub fn from_url(url: &str, password: Option<String>, from: String, sign_in_url: String) -> Option<Self> {
        let (scheme, rest) = url.trim_end_matches('/').split_once("://")?;
        let (user, address) = match rest.rsplit_once('@') {
            Some((user, address)) => (Some(user.to_owned()), address),
            None => (None, rest),
        };
        let (host, port) = match address.rsplit_once(':') {
            // The colons of a bare IPv6 address are not before a port.
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port.parse().ok()?)),
            Some(_) | None => (address, None),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let tls = match scheme {
            "smtp" if is_this_machine(host) => MailTls::None,
            "smtp" => MailTls::StartTls,
            "smtps" => MailTls::Tls,
            _ => return None,
        };
        if host.is_empty() || host.contains(['/', '?', '#', ' ']) || user.is_some() != password.is_some() {
            return None;
        }
        Some(Self {
            host: host.to_owned(),
            port: port.unwrap_or(tls.port()),
            tls,
            root_certificate_pem: None,
            credentials: user.zip(password),
            from,
            sign_in_url,
        })
    }
}

/// Why the settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum MailSettingsError {
    /// The sender is no address.
    #[error("the sender is not a mail address")]
    From,
    /// Plain text towards another machine.
    #[error("mail without TLS is only sent to this machine (127.0.0.1, ::1, localhost)")]
    PlainTextAway,
    /// The certificate can't be read, or the host is no name to check one against.
    #[error("TLS can't be set up: {0}")]
    Tls(#[source] SmtpError),
}

/// Why a mail did not go out.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
pub enum MailError {
    /// Trying again can't help: the address is wrong or the server refuses it for good.
    #[error("the mail is refused for good")]
    Permanent,
    /// The server is away or asks to wait.
    #[error("the mail server can't take the mail now")]
    Temporary,
}

/// Where mail goes.
pub enum Mail {
    /// Nowhere: no server is configured.
    Off,
    /// To a server.
    Smtp(Box<SmtpMail>),
    /// Into memory, for tests and the demo.
    Capture(Mutex<Vec<CapturedMail>>),
}

/// A configured server.
pub struct SmtpMail {
    transport: SmtpTransport,
    from: Mailbox,
    sign_in_url: String,
}

/// A mail that was kept instead of sent.
#[derive(Clone, Eq, PartialEq)]
pub struct CapturedMail {
    /// The address.
    pub to: String,
    /// The words.
    pub body: String,
}

impl fmt::Debug for CapturedMail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CapturedMail({} bytes)", self.body.len())
    }
}

impl fmt::Debug for SmtpMail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SmtpMail").finish_non_exhaustive()
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Off => "Mail::Off",
            Self::Smtp(_) => "Mail::Smtp",
            Self::Capture(_) => "Mail::Capture",
        })
    }
}

const SUBJECT: &str = "Pemberitahuan baru di Sherlok / A new notice in Sherlok";

impl Mail {
    /// Makes the way to a server. Talks to nobody yet.
    pub fn smtp(settings: MailSettings) -> Result<Self, MailSettingsError> {
        let from = settings.from.parse::<Mailbox>().ok().ok_or(MailSettingsError::From)?;
        let tls = match settings.tls {
            MailTls::None if !is_this_machine(&settings.host) => return Err(MailSettingsError::PlainTextAway),
            MailTls::None => Tls::None,
            MailTls::StartTls => Tls::Required(tls_parameters(&settings)?),
            MailTls::Tls => Tls::Wrapper(tls_parameters(&settings)?),
        };
        let mut builder = SmtpTransport::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(TIMEOUT));
        if let Some((name, password)) = settings.credentials {
            builder = builder.credentials(Credentials::new(name, password));
        }
        Ok(Self::Smtp(Box::new(SmtpMail {
            transport: builder.build(),
            from,
            sign_in_url: settings.sign_in_url,
        })))
    }

    /// Keeps mails in memory.
    pub const fn capture() -> Self {
        Self::Capture(Mutex::new(Vec::new()))
    }

    /// Whether there is any point in queueing mail.
    pub const fn is_on(&self) -> bool {
        !matches!(self, Self::Off)
    }

    /// Tells `address` that `count` notices wait. Blocks up to half a minute: only for background work.
    pub fn send_notice(&self, address: &str, count: u32) -> Result<(), MailError> {
        match self {
            Self::Off => Ok(()),
            Self::Smtp(server) => server.send(address, count),
            Self::Capture(mails) => {
                let mail = CapturedMail {
                    to: address.to_owned(),
                    body: body(count, ""),
                };
                mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
                Ok(())
            }
        }
    }

    /// What was captured so far, in order.
    pub fn captured(&self) -> Vec<CapturedMail> {
        match self {
            Self::Off | Self::Smtp(_) => Vec::new(),
            Self::Capture(mails) => mails.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}

impl SmtpMail {
    fn send(&self, address: &str, count: u32) -> Result<(), MailError> {
        // Address, unlike a free header, refuses line breaks and lists of addresses.
        let address: Address = address.trim().parse().ok().ok_or(MailError::Permanent)?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(SUBJECT)
            .header(ContentType::TEXT_PLAIN)
            .body(body(count, &self.sign_in_url))
            .ok()
            .ok_or(MailError::Permanent)?;
        match self.transport.send(&message) {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailError::Permanent),
            Err(_) => Err(MailError::Temporary),
        }
    }
}

fn body(count: u32, sign_in_url: &str) -> String {
    format!(
        "Ada {count} pemberitahuan yang belum Anda baca di Sherlok.\nMasuk untuk membacanya: {sign_in_url}\n\n\
         You have {count} unread notices in Sherlok.\nSign in to read them: {sign_in_url}\n"
    )
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn tls_parameters(settings: &MailSettings) -> Result<TlsParameters, MailSettingsError> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(pem) = &settings.root_certificate_pem {
        builder = builder.add_root_certificate(Certificate::from_pem(pem).map_err(MailSettingsError::Tls)?);
    }
    builder.build().map_err(MailSettingsError::Tls)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::thread::{JoinHandle, spawn};

    fn settings(port: u16) -> MailSettings {
        MailSettings {
            host: "127.0.0.1".to_owned(),
            port,
            tls: MailTls::None,
            root_certificate_pem: None,
            credentials: None,
            from: "Sherlok <presensi@example.go.id>".to_owned(),
            sign_in_url: "https://presensi.example.go.id/".to_owned(),
        }
    }

    /// A mail server for one mail that answers every recipient with `answer`, and hands back all it was told.
    fn server(answer: &'static str) -> (u16, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let thread = spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let mut heard = String::new();
            let mut is_content = false;
            stream.write_all(b"220 test ESMTP\r\n").unwrap();
            while let Some(Ok(line)) = lines.next() {
                heard.push_str(&line);
                heard.push('\n');
                let reply = match line.split([' ', ':']).next().unwrap_or("") {
                    "." => {
                        is_content = false;
                        "250 kept"
                    }
                    _ if is_content => continue,
                    "EHLO" => "250 test",
                    "RCPT" => answer,
                    "DATA" => {
                        is_content = true;
                        "354 go on"
                    }
                    "QUIT" => break,
                    _ => "250 ok",
                };
                stream.write_all(format!("{reply}\r\n").as_bytes()).unwrap();
            }
            heard
        });
        (port, thread)
    }

    #[test]
    fn a_mail_says_only_that_a_notice_waits_and_where_to_sign_in() {
        let (port, thread) = server("250 ok");
        let mail = Mail::smtp(settings(port)).unwrap();
        assert_eq!(mail.send_notice("contoh1@example.invalid", 2), Ok(()));
        drop(mail);
        let heard = thread.join().unwrap();
        assert!(heard.contains("RCPT TO:<contoh1@example.invalid>"), "{heard}");
        assert!(
            heard.contains("Ada 2 pemberitahuan") && heard.contains("https://presensi.example.go.id/"),
            "{heard}"
        );
    }

    #[test]
    fn a_refused_address_is_permanent_and_a_full_box_temporary() {
        for (answer, expected) in [
            ("550 no such user", MailError::Permanent),
            ("452 full", MailError::Temporary),
        ] {
            let (port, thread) = server(answer);
            let mail = Mail::smtp(settings(port)).unwrap();
            assert_eq!(mail.send_notice("contoh1@example.invalid", 1), Err(expected));
            drop(mail);
            thread.join().unwrap();
        }
    }

    #[test]
    fn a_server_that_is_away_is_temporary() {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mail = Mail::smtp(settings(port)).unwrap();
        assert_eq!(
            mail.send_notice("contoh1@example.invalid", 1),
            Err(MailError::Temporary)
        );
    }

    #[test]
    fn an_address_with_a_line_break_or_a_second_address_is_refused() {
        let mail = Mail::smtp(settings(1)).unwrap();
        for address in ["a@b.id\r\nBcc: c@d.id", "a@b.id, c@d.id", "bukan alamat", ""] {
            assert_eq!(mail.send_notice(address, 1), Err(MailError::Permanent), "{address}");
        }
    }

    #[test]
    fn plain_text_stays_on_this_machine() {
        let away = MailSettings {
            host: "mail.example.go.id".to_owned(),
            ..settings(25)
        };
        assert!(matches!(
            Mail::smtp(away.clone()),
            Err(MailSettingsError::PlainTextAway)
        ));
        let protected = MailSettings {
            tls: MailTls::StartTls,
            ..away
        };
        assert!(Mail::smtp(protected).is_ok());
        let nobody = MailSettings {
            from: "nobody".to_owned(),
            ..settings(25)
        };
        assert!(matches!(Mail::smtp(nobody), Err(MailSettingsError::From)));
    }

    #[test]
    fn a_url_names_host_port_and_protection() {
        let read = |url: &str, password: Option<&str>| {
            MailSettings::from_url(url, password.map(str::to_owned), String::new(), String::new())
        };
        let tls = |url: &str| read(url, None).map(|settings| (settings.host, settings.port, settings.tls));
        assert_eq!(
            tls("smtp://mail.go.id"),
            Some(("mail.go.id".to_owned(), 587, MailTls::StartTls))
        );
        assert_eq!(
            tls("smtps://mail.go.id:4465/"),
            Some(("mail.go.id".to_owned(), 4_465, MailTls::Tls))
        );
        assert_eq!(
            tls("smtp://127.0.0.1:2525"),
            Some(("127.0.0.1".to_owned(), 2_525, MailTls::None))
        );
        assert_eq!(tls("smtp://[::1]:2525"), Some(("::1".to_owned(), 2_525, MailTls::None)));
        for wrong in [
            "mail.go.id",
            "http://mail.go.id",
            "smtp://",
            "smtp://a:b",
            "smtp://a/b",
            "smtp://user@mail.go.id",
        ] {
            assert_eq!(tls(wrong), None, "{wrong}");
        }
        let credentials = read("smtps://sherlok@mail.go.id", Some("hunter2")).and_then(|settings| settings.credentials);
        assert_eq!(credentials, Some(("sherlok".to_owned(), "hunter2".to_owned())));
        assert!(read("smtps://mail.go.id", Some("hunter2")).is_none());
    }

    #[test]
    fn passwords_and_addresses_stay_out_of_debug() {
        let secret = MailSettings {
            credentials: Some(("user".to_owned(), "hunter2".to_owned())),
            ..settings(25)
        };
        assert!(!format!("{secret:?}").contains("hunter2"));
        let mail = Mail::capture();
        mail.send_notice("contoh1@example.invalid", 1).unwrap();
        assert!(!format!("{:?} {mail:?}", mail.captured()).contains("contoh1"));
    }
}

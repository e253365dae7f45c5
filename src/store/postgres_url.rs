//! Where a PostgreSQL URL leads: nothing goes over a network without TLS (design section 4).
//!
//! Reads a URL the way libpq does (PostgreSQL's documentation, 34.1.1.2 and 34.1.2), and only as far as that takes.

use percent_encoding::percent_decode_str;
use std::net::IpAddr;

/// The values of `sslmode` that never fall back to plain text.
const ENCRYPTED: &[&str] = &["require", "verify-ca", "verify-full"];

/// Why a URL is not connected to. No text holds a part of the URL: it may be a password.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum UrlFault {
    /// The host is another machine, and this binary can't speak TLS.
    #[error(
        "the database URL names a host beyond this machine, and this sherlok can't encrypt the way there: \
         name localhost or the directory of a socket, or build sherlok with the feature postgres-tls"
    )]
    NoTls,
    /// The host is another machine, and the URL does not insist on TLS.
    #[error(
        "the database URL names a host beyond this machine: add sslmode=verify-full, verify-ca or require to it, \
         so that nothing crosses the network in plain text"
    )]
    PlainText,
    /// A file that is not looked into would say where the database is.
    #[error("the database URL names a service: name the host itself, so that it can be seen where it is")]
    Service,
}

/// What a URL says of its destination.
#[derive(Debug, Default, Eq, PartialEq)]
struct Destination {
    /// `host`, a comma-separated list; an empty entry is the usual socket.
    host: String,
    /// `hostaddr`, a list too; where an entry is filled it is connected to instead of the host's.
    hostaddr: String,
    sslmode: Option<String>,
    service: Option<String>,
}

/// Checks that a `postgres://` or `postgresql://` URL leads to this machine, or over TLS. `has_tls`: whether libpq was
/// built with it. Every one of several hosts must be right.
pub fn check(url: &str, has_tls: bool) -> Result<(), UrlFault> {
    let destination = read(url);
    if destination.service.is_some() {
        return Err(UrlFault::Service);
    }
    let is_encrypted = destination
        .sslmode
        .is_some_and(|mode| ENCRYPTED.contains(&mode.as_str()));
    if is_here(&destination.host, &destination.hostaddr) {
        Ok(())
    } else if !has_tls {
        Err(UrlFault::NoTls)
    } else if is_encrypted {
        Ok(())
    } else {
        Err(UrlFault::PlainText)
    }
}

/// Follows libpq's `conninfo_uri_parse_options`: a user ends at the first `@` before any `/`, hosts are decoded after
/// the list was cut out, and a parameter overrides what stood before it.
fn read(url: &str) -> Destination {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = match rest.split_once('@') {
        Some((user, after)) if !user.contains('/') => after,
        _ => rest,
    };
    let mut hosts = Vec::new();
    let mut rest = rest;
    loop {
        let (host, after) = match rest.strip_prefix('[') {
            Some(inner) => inner.split_once(']').unwrap_or((inner, "")),
            None => split_before(rest, &[':', '/', '?', ',']),
        };
        hosts.push(host);
        let (_port, after) = split_before(after, &['/', '?', ',']);
        rest = after;
        match rest.strip_prefix(',') {
            Some(next) => rest = next,
            None => break,
        }
    }
    let mut destination = Destination {
        host: decoded(&hosts.join(",")),
        ..Destination::default()
    };
    let parameters = rest.split_once('?').map_or("", |(_, parameters)| parameters);
    for pair in parameters.split('&') {
        let (keyword, value) = pair.split_once('=').unwrap_or((pair, ""));
        // Newer versions of libpq trim both.
        let (keyword, value) = (decoded(keyword.trim()), decoded(value.trim()));
        match (keyword.as_str(), value.as_str()) {
            ("host", _) => destination.host = value,
            ("hostaddr", _) => destination.hostaddr = value,
            ("sslmode", _) => destination.sslmode = Some(value),
            ("ssl", "true") => destination.sslmode = Some("require".to_owned()),
            ("service", _) => destination.service = Some(value),
            _ => {}
        }
    }
    destination
}

fn split_before<'a>(text: &'a str, marks: &[char]) -> (&'a str, &'a str) {
    text.find(marks)
        .and_then(|at| text.split_at_checked(at))
        .unwrap_or((text, ""))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Whether every one of the hosts is a socket or loopback.
fn is_here(hosts: &str, addresses: &str) -> bool {
    let hosts: Vec<&str> = hosts.split(',').collect();
    let addresses: Vec<&str> = addresses.split(',').collect();
    (0..hosts.len().max(addresses.len())).all(|place| {
        match (addresses.get(place), hosts.get(place)) {
            (Some(address), _) if !address.is_empty() => is_loopback(address),
            // A path is a socket's directory, `@` a socket without a file, nothing the usual one.
            (_, Some(host)) => {
                host.is_empty()
                    || host.starts_with(['/', '@'])
                    || host.eq_ignore_ascii_case("localhost")
                    || is_loopback(host)
            }
            (_, None) => true,
        }
    })
}

fn is_loopback(text: &str) -> bool {
    text.parse::<IpAddr>()
        .is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_and_loopback_need_no_tls() {
        for url in [
            "postgres:///sherlok",
            "postgres://",
            "postgresql://sherlok@/sherlok",
            "postgres://sherlok@/sherlok?host=/var/run/postgresql",
            "postgres://sherlok@%2Fvar%2Frun%2Fpostgresql/sherlok",
            "postgres://%2Fvar%2Frun%2Fpostgresql:5433",
            "postgres://@%40abstract/sherlok",
            "postgres://sherlok:p%40ss@localhost:5432/sherlok",
            "postgres://LOCALHOST/sherlok",
            "postgres://127.0.0.1:20000/sherlok?options=-csearch_path%3Dtest",
            "postgres://127.8.9.1/sherlok",
            "postgres://sherlok@[::1]:5432/sherlok",
            "postgres://[::ffff:127.0.0.1]/sherlok",
            "postgres://localhost:1,127.0.0.1:2,[::1]:3/sherlok",
            "postgres://localhost,/sherlok",
            "postgres:///sherlok?hostaddr=127.0.0.1",
            "postgres:///sherlok?hostaddr=::1",
            // The address is connected to, the name only compared with a certificate.
            "postgres://db.example/sherlok?hostaddr=127.0.0.1",
            // A parameter overrides the host before it.
            "postgres://db.example/sherlok?host=localhost",
            "postgres://u@x/sherlok?host=db&host=%2Ftmp",
        ] {
            for has_tls in [false, true] {
                assert_eq!(check(url, has_tls), Ok(()), "{url}");
            }
        }
    }

    #[test]
    fn another_host_is_refused_without_tls_whatever_the_url_asks_for() {
        for url in [
            "postgres://db/sherlok",
            "postgres://sherlok:secret@db:5432/sherlok",
            "postgres://10.0.0.5/sherlok",
            "postgres://0.0.0.0/sherlok",
            "postgres://128.0.0.1/sherlok",
            "postgres://localhost.example/sherlok",
            "postgres://[fe80::1]/sherlok",
            "postgres://[2001:db8::1]:5432/sherlok?sslmode=require",
            "postgres://db?sslmode=verify-full",
            "postgres:///sherlok?host=db",
            "postgres:///sherlok?%68ost=d%62",
            "postgres:///sherlok? host=db",
            "postgres://localhost/sherlok?host=db",
            "postgres://localhost/sherlok?hostaddr=10.0.0.5",
            "postgres:///sherlok?hostaddr=127.0.0.1,10.0.0.5",
            "postgres://localhost,db/sherlok",
            "postgres://[::1],[2001:db8::1]/sherlok",
            "postgres://localhost%2Cdb/sherlok",
            "postgres://localhost,db/sherlok?hostaddr=127.0.0.1,",
            // What stands before the first @ is the user, also where it looks like a host or a parameter.
            "postgres://localhost@db/sherlok",
            "postgres://?host=localhost@db/sherlok",
            "postgres://localhost:5432@db/sherlok",
        ] {
            assert_eq!(check(url, false), Err(UrlFault::NoTls), "{url}");
        }
    }

    #[test]
    fn with_tls_another_host_needs_a_mode_that_never_falls_back() {
        for mode in ["require", "verify-ca", "verify-full"] {
            assert_eq!(check(&format!("postgres://db/sherlok?sslmode={mode}"), true), Ok(()));
        }
        assert_eq!(check("postgres://db/sherlok?ssl=true", true), Ok(()));
        for url in [
            "postgres://db/sherlok",
            "postgres://db/sherlok?sslmode=prefer",
            "postgres://db/sherlok?sslmode=allow",
            "postgres://db/sherlok?sslmode=disable",
            "postgres://db/sherlok?sslmode=",
            "postgres://db/sherlok?sslmode=REQUIRE",
            "postgres://db/sherlok?ssl=1",
            "postgres://db/sherlok?sslmode=require&sslmode=disable",
            "postgres://sslmode=require@db/sherlok",
        ] {
            assert_eq!(check(url, true), Err(UrlFault::PlainText), "{url}");
        }
    }

    #[test]
    fn a_service_file_is_not_followed() {
        let url = "postgres://localhost/sherlok?service=somewhere";
        assert_eq!(check(url, false), Err(UrlFault::Service));
        assert_eq!(check(url, true), Err(UrlFault::Service));
    }

    #[test]
    fn the_refusal_says_what_to_do_and_nothing_of_the_url() {
        let text = check("postgres://sherlok:secret@db/sherlok", false)
            .unwrap_err()
            .to_string();
        assert!(text.contains("postgres-tls") && text.contains("localhost"));
        assert!(!text.contains("secret") && !text.contains("db/"));
    }
}

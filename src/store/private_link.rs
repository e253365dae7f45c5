//! Whether the way to PostgreSQL may go without TLS: only a socket or this machine itself (design section 4).

use crate::store::error::Error;

/// Refuses a URL that would send names, sealed positions and passwords over a network in the clear.
///
/// `has_tls` says whether this binary was built with TLS towards PostgreSQL; the URL must then ask for it, since libpq by
/// itself would fall back to none.
pub(crate) fn check(url: &str, has_tls: bool) -> Result<(), Error> {
    if hosts(url).iter().all(|host| is_private(host)) {
        return Ok(());
    }
    let mode = parameter(url, "sslmode");
    if !has_tls {
        return Err(Error::Setup(
            "PostgreSQL is on another machine, and this binary has no TLS: build it with the feature postgres-tls, or \
             reach PostgreSQL through a socket or this machine's loopback"
                .to_owned(),
        ));
    }
    match mode.as_deref() {
        Some("require" | "verify-ca" | "verify-full") => Ok(()),
        Some(_) | None => Err(Error::Setup(
            "PostgreSQL is on another machine: the URL needs sslmode=require, verify-ca or verify-full".to_owned(),
        )),
    }
}

/// Every host that a URL names; none of them means the socket of this machine.
fn hosts(url: &str) -> Vec<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let places = authority.rsplit_once('@').map_or(authority, |(_, places)| places);
    let mut hosts: Vec<String> = places.split(',').map(without_port).collect();
    for name in ["host", "hostaddr"] {
        hosts.extend(
            parameter(url, name)
                .iter()
                .flat_map(|value| value.split(','))
                .map(str::to_owned),
        );
    }
    hosts.retain(|host| !host.is_empty());
    hosts
}

fn without_port(place: &str) -> String {
    let host = match place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => place.split(':').next().unwrap_or_default(),
    };
    decoded(host)
}

fn parameter(url: &str, name: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| decoded(value))
        .next_back()
}

/// Undoes percent-encoding; what is not encoded stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%');
        if let Some(byte) = digits.and_then(|digits| hex::decode(digits).ok()) {
            bytes.extend(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn is_private(host: &str) -> bool {
    let is_socket = host.starts_with('/') || host.starts_with('@');
    is_socket
        || host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: [&str; 8] = [
        "postgres://sherlok@/sherlok?host=/var/run/postgresql",
        "postgres:///sherlok",
        "postgres://sherlok@127.0.0.1:5432/sherlok",
        "postgresql://localhost/sherlok?options=-csearch_path%3Dx",
        "postgres://a:b%40c@[::1]:5432/sherlok",
        "postgres://%2Fvar%2Frun%2Fpostgresql/sherlok",
        "postgres://127.0.0.1,LOCALHOST/sherlok",
        "postgres://sherlok@/sherlok?hostaddr=127.0.0.2",
    ];
    const ELSEWHERE: [&str; 7] = [
        "postgres://sherlok@db/sherlok",
        "postgres://127.0.0.1,10.0.0.7/sherlok",
        "postgres://localhost/sherlok?host=db.banten.example",
        "postgres://localhost/sherlok?hostaddr=10.0.0.7",
        "postgres://[2001:db8::1]/sherlok",
        "postgres://127.0.0.1@db/sherlok",
        "postgres://localhost.example/sherlok",
    ];

    #[test]
    fn a_socket_and_this_machine_need_no_tls() {
        for url in HERE {
            assert!(check(url, false).is_ok() && check(url, true).is_ok(), "{url}");
        }
    }

    #[test]
    fn another_machine_is_refused_without_tls_and_with_tls_that_may_fall_back() {
        for url in ELSEWHERE {
            assert!(check(url, false).is_err(), "{url}");
            assert!(check(url, true).is_err(), "{url}");
            let join = if url.contains('?') { '&' } else { '?' };
            for (mode, is_enough) in [
                ("disable", false),
                ("prefer", false),
                ("require", true),
                ("verify-full", true),
            ] {
                let url = format!("{url}{join}sslmode={mode}");
                assert_eq!(check(&url, true).is_ok(), is_enough, "{url}");
                assert!(check(&url, false).is_err(), "{url}");
            }
        }
    }
}

//! Clients that send a byte now and then: their connections are closed, and nobody else notices them.

use crate::harness::shares::{MORNING, at_home, claim, share};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What the service grants a head, and a body beside its bytes, with what a busy machine adds.
const AT_MOST: Duration = Duration::from_secs(28);

/// Sends the beginning, then a byte a second until the service has had enough. Gives the answer and how long it took.
fn drip(address: &str, beginning: &str, bytes: u8) -> (String, Duration) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    stream.write_all(beginning.as_bytes()).unwrap();
    let (started, mut answer, mut piece) = (Instant::now(), Vec::new(), [0; 1_024]);
    while started.elapsed() < AT_MOST {
        // A connection that is closed already tells so when it is read.
        drop(stream.write_all(&[bytes]));
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => answer.extend_from_slice(&piece[..length]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => break,
        }
    }
    (String::from_utf8_lossy(&answer).into_owned(), started.elapsed())
}

#[test]
fn whoever_drips_is_closed_and_nobody_waits_for_them() {
    let (app, person) = at_home();
    let address = app.base_url.trim_start_matches("http://").to_owned();
    let token = person.client.token.clone().unwrap();
    let body = format!(
        "POST /v1/check-ins HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{{"
    );
    let head = format!("GET /livez HTTP/1.1\r\nHost: {address}\r\nX-Slow: ");
    std::thread::scope(|scope| {
        let bodies: Vec<_> = (0..64).map(|_| scope.spawn(|| drip(&address, &body, b' '))).collect();
        let heads: Vec<_> = (0..64).map(|_| scope.spawn(|| drip(&address, &head, b'x'))).collect();
        // Everybody else is served meanwhile.
        for serial in 0..20 {
            let begun = Instant::now();
            share(&person.client, &claim(MORNING, 12.0, 18.5, serial)).expect(201);
            assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
            std::thread::sleep(Duration::from_millis(50));
        }
        for body in bodies {
            let (answer, took) = body.join().unwrap();
            assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
            assert!(answer.contains("body_incomplete"), "{answer}");
            assert!(took < AT_MOST, "{took:?}");
        }
        for head in heads {
            let (answer, took) = head.join().unwrap();
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
            assert!(took < AT_MOST, "{took:?}");
        }
    });
}

//! A connection between two instances that goes wrong in one way, a number of times.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A connection to BKD's instance that goes wrong in one way, a number of times.
pub(crate) struct BadLine {
    pub(crate) base_url: String,
    /// Bytes of dispatches that were carried.
    pub(crate) carried: Arc<AtomicUsize>,
    /// Requests that go wrong yet.
    pub(crate) failures: Arc<AtomicUsize>,
}

#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Fault {
    /// The first requests with a piece end in the middle.
    Cut,
    /// The answers to the first requests with a piece are lost.
    Silence,
}

impl BadLine {
    /// One in front of a service's address.
    pub(crate) fn before(target: &str, fault: Fault, times: usize) -> Self {
        let target = target.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let line = Self {
            base_url: format!("http://{}", listener.local_addr().unwrap()),
            carried: Arc::default(),
            failures: Arc::new(AtomicUsize::new(times)),
        };
        let (carried, failures) = (Arc::clone(&line.carried), Arc::clone(&line.failures));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(&target)) else {
                    return;
                };
                let (carried, failures) = (Arc::clone(&carried), Arc::clone(&failures));
                std::thread::spawn(move || carry(client, server, fault, &carried, &failures));
            }
        });
        line
    }
}

/// Carries one request after the other, as they come in.
fn carry(mut client: TcpStream, mut server: TcpStream, fault: Fault, carried: &AtomicUsize, failures: &AtomicUsize) {
    let (mut back, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let is_silent = Arc::new(AtomicUsize::new(0));
    let silent = Arc::clone(&is_silent);
    let answers = std::thread::spawn(move || {
        let mut buffer = [0; 4_096];
        while let Ok(length @ 1..) = back.read(&mut buffer) {
            if silent.load(Ordering::SeqCst) == 1 {
                break;
            }
            if to_client.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        drop(to_client.shutdown(Shutdown::Both));
    });
    let mut buffer = vec![0; 4_096];
    let mut is_piece = false;
    while let Ok(length @ 1..) = client.read(&mut buffer) {
        let bytes = &buffer[..length];
        let begins_piece = bytes.starts_with(b"PUT /v1/federation/dispatches/");
        is_piece |= begins_piece;
        if begins_piece && failures.load(Ordering::SeqCst) > 0 {
            failures.fetch_sub(1, Ordering::SeqCst);
            match fault {
                Fault::Silence => is_silent.store(1, Ordering::SeqCst),
                Fault::Cut => {
                    drop(server.write_all(&bytes[..length.min(600)]));
                    break;
                }
            }
        }
        if is_piece {
            carried.fetch_add(length, Ordering::SeqCst);
        }
        if server.write_all(bytes).is_err() {
            break;
        }
    }
    if is_silent.load(Ordering::SeqCst) == 0 {
        drop(server.shutdown(Shutdown::Both));
    }
    drop(client.shutdown(Shutdown::Both));
    drop(answers.join());
}

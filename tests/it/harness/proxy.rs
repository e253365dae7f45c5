//! A bad network between client and service, on the loopback: it delays, cuts and repeats.

use crate::crash::Dice;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the network did so far.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Times that bytes were held back.
    pub(crate) delays: AtomicUsize,
    /// Connections ended in the middle of a request.
    pub(crate) lost_requests: AtomicUsize,
    /// Connections ended in the middle of an answer, or before it.
    pub(crate) lost_answers: AtomicUsize,
    /// Requests that arrived once more.
    pub(crate) repeats: AtomicUsize,
}

impl Faults {
    /// What was cut or repeated; delays alone are no trial.
    pub(crate) fn trials(&self) -> usize {
        [&self.lost_requests, &self.lost_answers, &self.repeats]
            .iter()
            .map(|count| count.load(Ordering::SeqCst))
            .sum()
    }
}

/// A TCP proxy; it ends when it is dropped.
pub(crate) struct Proxy {
    port: u16,
    stop: Arc<AtomicBool>,
    pub(crate) faults: Arc<Faults>,
}

impl Proxy {
    /// Starts one in front of a port of the loopback.
    pub(crate) fn before(port: u16, mut dice: Dice) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = Self {
            port: listener.local_addr().unwrap().port(),
            stop: Arc::default(),
            faults: Arc::default(),
        };
        let (stop, faults) = (Arc::clone(&proxy.stop), Arc::clone(&proxy.faults));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(client), Ok(server)) = (client, TcpStream::connect(("127.0.0.1", port))) else {
                    continue;
                };
                carry(&client, &server, port, &mut dice, &faults);
            }
        });
        proxy
    }

    /// Where clients connect.
    pub(crate) fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }
}

/// One direction of a connection.
struct Way {
    from: TcpStream,
    to: TcpStream,
    /// Bytes after which the connection ends.
    cut_after: usize,
    dice: Dice,
    faults: Arc<Faults>,
}

/// Carries a connection in both directions on threads of their own. What it does wrong is decided here, in order.
fn carry(client: &TcpStream, server: &TcpStream, port: u16, dice: &mut Dice, faults: &Arc<Faults>) {
    // Every connection ends some day, or the network would be a good one as soon as every phone had one that lasts;
    // half of them last for several calls, also the longest.
    let mut way = |from: &TcpStream, to: &TcpStream, most: usize| Way {
        from: from.try_clone().unwrap(),
        to: to.try_clone().unwrap(),
        cut_after: if dice.one_in(2) {
            dice.below(most)
        } else {
            dice.below(20 * most)
        },
        dice: Dice::new(dice.roll()),
        faults: Arc::clone(faults),
    };
    let (mut up, mut down) = (way(client, server, 12_000), way(server, client, 20_000));
    let sent: Arc<Mutex<Vec<u8>>> = Arc::default();
    // The same bytes at the same time on a second connection, as when a request was sent again too soon.
    let twin = dice
        .one_in(4)
        .then(|| TcpStream::connect(("127.0.0.1", port)).ok())
        .flatten();
    let sending = Arc::clone(&sent);
    std::thread::spawn(move || {
        let mut twin = twin;
        if let Some(twin) = &twin {
            up.faults.repeats.fetch_add(1, Ordering::SeqCst);
            swallow(twin);
        }
        up.carry(
            |bytes| {
                sending.lock().unwrap().extend_from_slice(bytes);
                if let Some(twin) = &mut twin {
                    // If that one is gone nothing is repeated.
                    drop(twin.write_all(bytes));
                }
            },
            |faults| &faults.lost_requests,
        );
    });
    std::thread::spawn(move || {
        let (mut dice, faults) = (Dice::new(down.dice.roll()), Arc::clone(&down.faults));
        down.carry(
            |_| {
                // The answer has begun, so what was sent before is a whole request.
                let request = std::mem::take(&mut *sent.lock().unwrap());
                if !request.is_empty() && dice.one_in(3) {
                    faults.repeats.fetch_add(1, Ordering::SeqCst);
                    repeat_later(request, port, Dice::new(dice.roll()));
                }
            },
            |faults| &faults.lost_answers,
        );
    });
}

/// Reads what nobody waits for.
fn swallow(stream: &TcpStream) {
    let mut stream = stream.try_clone().unwrap();
    std::thread::spawn(move || drop(std::io::copy(&mut stream, &mut std::io::sink())));
}

/// A request arrives once more, some time later.
fn repeat_later(request: Vec<u8>, port: u16, mut dice: Dice) {
    std::thread::spawn(move || {
        dice.wait(100);
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
            drop(stream.set_read_timeout(Some(Duration::from_secs(2))));
            drop(stream.write_all(&request));
            drop(stream.read(&mut [0; 4_096]));
        }
    });
}

impl Way {
    fn carry(&mut self, mut see: impl FnMut(&[u8]), count: impl Fn(&Faults) -> &AtomicUsize) {
        let mut buffer = [0; 4_096];
        let mut carried = 0;
        while let Ok(length @ 1..) = self.from.read(&mut buffer) {
            if self.dice.one_in(6) {
                self.faults.delays.fetch_add(1, Ordering::SeqCst);
                self.dice.wait(40);
            }
            let bytes = &buffer[..length];
            if self.cut_after < carried + length {
                count(&self.faults).fetch_add(1, Ordering::SeqCst);
                drop(self.to.write_all(&bytes[..self.cut_after.saturating_sub(carried)]));
                break;
            }
            see(bytes);
            carried += length;
            if self.to.write_all(bytes).is_err() {
                break;
            }
        }
        // Both ends learn of it.
        drop(self.from.shutdown(Shutdown::Both));
        drop(self.to.shutdown(Shutdown::Both));
    }
}

//! The requests of a benchmark: every share is another person's first in its slot, until all slots of a day are full.

use crate::people;
use crate::seed::OPENS;
use chrono::NaiveDate;
use sherlok::domain::instant::{Instant, Zone};
use std::fmt::Write as _;
use std::sync::Arc;
use uuid::Uuid;

/// Makes requests, one after another.
#[derive(Debug)]
pub(crate) struct Shots {
    tokens: Arc<[String]>,
    /// When the shares of each turn were captured, in their slots; everybody shares once a turn.
    turns: Vec<Instant>,
    serial: u64,
}

impl Shots {
    pub(crate) fn new(tokens: Vec<String>, now: Instant) -> Self {
        Self {
            tokens: tokens.into(),
            turns: turns(now),
            serial: 0,
        }
    }

    /// How many share.
    pub(crate) fn people(&self) -> usize {
        self.tokens.len()
    }

    /// Shares that are left before every slot of the last day has one of everybody.
    pub(crate) fn left(&self) -> u64 {
        (self.tokens.len() * self.turns.len()) as u64 - self.serial.min((self.tokens.len() * self.turns.len()) as u64)
    }

    /// Begins again, after the results of the last day were removed.
    pub(crate) fn restart(&mut self) {
        self.serial = 0;
    }

    /// A share of the next person, 30 m from home.
    pub(crate) fn share(&mut self, into: &mut Vec<u8>) -> bool {
        let people = self.tokens.len() as u64;
        let (turn, place) = ((self.serial / people) as usize, self.serial % people);
        let Some(captured_at) = self.turns.get(turn) else {
            return false;
        };
        self.serial += 1;
        // Neighbours in time are not neighbours by id: a step that shares no factor with the number of people.
        let number = (place * 7_919 % people) as u32 + 1;
        let body = claim(number, *captured_at);
        head(into, "/v1/check-ins", &self.tokens[number as usize - 1], body.len());
        into.extend_from_slice(body.as_bytes());
        true
    }

    /// A phone that was without a network for a day sends 200 shares at once.
    pub(crate) fn batch(&mut self, into: &mut Vec<u8>) -> bool {
        let people = self.tokens.len() as u64;
        let number = (self.serial * 7_919 % people) as u32 + 1;
        self.serial += 1;
        let now = self.turns[0];
        let mut body = String::with_capacity(40_000);
        body.push_str("{\"check_ins\":[");
        for step in 0..200 {
            if step > 0 {
                body.push(',');
            }
            body.push_str(&claim(number, now.plus(chrono::Duration::minutes(-6 * step))));
        }
        body.push_str("]}");
        head(
            into,
            "/v1/check-ins/batch",
            &self.tokens[number as usize - 1],
            body.len(),
        );
        into.extend_from_slice(body.as_bytes());
        true
    }

    /// The day view of another person each time.
    pub(crate) fn day(&mut self, into: &mut Vec<u8>) -> bool {
        let people = self.tokens.len() as u64;
        let number = (self.serial * 7_919 % people) as usize;
        self.serial += 1;
        day(&self.tokens[number], into);
        true
    }

    /// Day views of all people, another each time, beside whatever else is asked.
    pub(crate) fn days(&self) -> impl FnMut(&mut Vec<u8>) -> bool + Send + use<> {
        let tokens = Arc::clone(&self.tokens);
        let mut serial = 0;
        move |into| {
            // A step of its own, so that the people asked for are not those who share at that moment.
            serial += 1;
            day(&tokens[serial * 104_729 % tokens.len()], into);
            true
        }
    }
}

/// The day view of whoever holds the token.
fn day(token: &str, into: &mut Vec<u8>) {
    into.extend_from_slice(b"GET /v1/me/day HTTP/1.1\r\nHost: sherlok\r\nAuthorization: Bearer ");
    into.extend_from_slice(token.as_bytes());
    into.extend_from_slice(b"\r\n\r\n");
}

/// The board of the largest agency.
pub(crate) fn board(operator: &str, into: &mut Vec<u8>) -> bool {
    let code = people::agency_code(1);
    let head =
        format!("GET /v1/agencies/{code}/day HTTP/1.1\r\nHost: sherlok\r\nAuthorization: Bearer {operator}\r\n\r\n");
    into.extend_from_slice(head.as_bytes());
    true
}

/// Seals a date of the largest agency.
pub(crate) fn seal(operator: &str, date: NaiveDate, into: &mut Vec<u8>) -> bool {
    let code = people::agency_code(1);
    let body = format!("{{\"from\":\"{date}\",\"to\":\"{date}\"}}");
    head(into, &format!("/v1/agencies/{code}/batches"), operator, body.len());
    into.extend_from_slice(body.as_bytes());
    true
}

/// The plain JSON answer of the same service.
pub(crate) fn plain(into: &mut Vec<u8>) -> bool {
    into.extend_from_slice(b"GET /livez HTTP/1.1\r\nHost: sherlok\r\n\r\n");
    true
}

fn head(into: &mut Vec<u8>, path: &str, token: &str, length: usize) {
    into.extend_from_slice(b"POST ");
    into.extend_from_slice(path.as_bytes());
    into.extend_from_slice(
        b" HTTP/1.1\r\nHost: sherlok\r\nContent-Type: application/json\r\nX-Device-Id: bench\r\nAuthorization: Bearer ",
    );
    into.extend_from_slice(token.as_bytes());
    into.extend_from_slice(format!("\r\nContent-Length: {length}\r\n\r\n").as_bytes());
}

fn claim(number: u32, captured_at: Instant) -> String {
    let (latitude, longitude) = people::home(number);
    let mut body = String::with_capacity(200);
    let at = captured_at.utc().format("%Y-%m-%dT%H:%M:%S%.3fZ");
    let _ = write!(
        body,
        "{{\"id\":\"{}\",\"captured_at\":\"{at}\",\"latitude\":{:.7},\"longitude\":{longitude:.7},\"accuracy_metres\":12.5}}",
        Uuid::now_v7(),
        latitude + 0.0003,
    );
    body
}

/// A moment in every slot that began within the last 24 hours, the present one first.
fn turns(now: Instant) -> Vec<Instant> {
    let zone = Zone::Jakarta;
    let today = zone.date(now);
    let oldest = now.plus(chrono::Duration::minutes(-23 * 60 - 30));
    let mut all = Vec::new();
    for date in [today, today - chrono::Days::new(1)] {
        for opens in OPENS.iter().rev() {
            let opens = zone.at_minute(date, *opens);
            let at = if all.is_empty() && opens <= now {
                now
            } else {
                opens.plus(chrono::Duration::minutes(30))
            };
            if at <= now && at >= oldest {
                all.push(at);
            }
        }
    }
    all
}

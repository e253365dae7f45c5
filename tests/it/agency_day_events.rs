//! The agency's day as it changes: what comes, when, for whom, and when it ends.

use crate::harness::client::Client;
use crate::harness::people::PASSWORD;
use crate::harness::process::Service;
use crate::harness::shares::{MORNING, at_home, claim, share};
use crate::harness::{MOST_STREAMS, TestApp};
use serde_json::{Value, json};
use sherlok::domain::access::Role;
use sherlok::http::agency_day_events::MOST_OF_AN_ACCOUNT;
use std::io::{BufRead, BufReader};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

const EVENTS: &str = "/v1/agencies/1.01/day/events";
/// Longer than anything that should come takes.
const LONG: Duration = Duration::from_secs(20);

/// The lines of a stream with the moments at which they came; leaving it is dropping it.
struct Lines(Receiver<(Instant, String)>);

impl Lines {
    fn of(client: &Client) -> Self {
        let reader = BufReader::new(client.follow(EVENTS));
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            for line in reader.lines().map_while(Result::ok) {
                if sender.send((Instant::now(), line)).is_err() {
                    return;
                }
            }
        });
        Self(receiver)
    }

    /// The next line that begins so, with its moment.
    #[track_caller]
    fn next(&self, start: &str) -> (Instant, String) {
        loop {
            let (at, line) = self.0.recv_timeout(LONG).unwrap();
            if line.starts_with(start) {
                return (at, line);
            }
        }
    }

    /// The next event's data.
    #[track_caller]
    fn day(&self) -> (Instant, Value) {
        let (_, line) = self.next("event:");
        assert_eq!(line, "event: day");
        let (at, line) = self.next("data:");
        (at, serde_json::from_str(line.strip_prefix("data: ").unwrap()).unwrap())
    }

    /// The lines until the stream ends.
    fn rest(&self) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            match self.0.recv_timeout(LONG) {
                Ok((_, line)) => lines.push(line),
                Err(RecvTimeoutError::Disconnected) => return lines,
                Err(RecvTimeoutError::Timeout) => panic!("the stream goes on: {lines:?}"),
            }
        }
    }
}

fn received(day: &Value) -> i64 {
    day["slots"][0]["received"].as_i64().unwrap()
}

#[test]
fn the_day_comes_at_once_and_again_when_somebody_has_shared_here_or_elsewhere() {
    let (app, person) = at_home();
    let twin = app.twin();
    let operator = app.official("agency_operator:1.01");
    let lines = Lines::of(&operator.at(&twin.base_url));
    let (_, first) = lines.day();
    assert_eq!(first, operator.get("/v1/agencies/1.01/day").expect(200));
    assert_eq!(received(&first), 0);
    share(&person.client, &claim(MORNING, 12.0, 18.5, 1)).expect(201);
    let (_, second) = lines.day();
    assert_eq!(received(&second), 1);
    assert_eq!(second, operator.get("/v1/agencies/1.01/day").expect(200));
    // Between events there are signs of life, and no event without news.
    for _ in 0..8 {
        assert_eq!(lines.next(":").1, ":");
    }
    assert!(
        lines.0.try_iter().all(|(_, line)| line.is_empty() || line == ":"),
        "nothing new came"
    );
}

#[test]
fn many_changes_make_one_event_a_second_and_the_last_one_is_told() {
    let app = TestApp::start();
    let people: Vec<_> = (0..12).map(|_| app.employee("1.01")).collect();
    let operator = app.official("agency_operator:1.01");
    let lines = Lines::of(&operator);
    let mut times = vec![lines.day().0];
    for (person, serial) in people.iter().zip(1..) {
        share(&person.client, &claim(MORNING, 12.0, 18.5, serial)).expect(201);
        std::thread::sleep(Duration::from_millis(150));
    }
    loop {
        let (at, day) = lines.day();
        times.push(at);
        if received(&day) == 12 {
            break;
        }
    }
    // An event may be read a little late, and the next one on time.
    for pair in times.windows(2) {
        let apart = pair[1].duration_since(pair[0]);
        assert!(apart > Duration::from_millis(700), "{apart:?}");
    }
    assert!(times.len() < 8, "{} events for twelve shares", times.len());
}

#[test]
fn whoever_may_see_the_day_may_follow_it_and_nobody_else() {
    let app = TestApp::start();
    app.agency("1.02");
    let operator = app.official("agency_operator:1.01");
    app.nobody().get(EVENTS).problem(401, "unauthenticated");
    app.employee("1.01").client.get(EVENTS).problem(403, "forbidden");
    operator.get("/v1/agencies/1.02/day/events").problem(404, "not_found");
    operator
        .get("/v1/agencies/tidak-ada/day/events")
        .problem(404, "not_found");
    let officer = app.official("bkd_officer");
    officer.get("/v1/agencies/9.99/day/events").problem(404, "not_found");
    let opened = officer.get(EVENTS);
    assert_eq!(opened.header("content-type"), "text/event-stream");
    assert_eq!(opened.header("cache-control"), "no-store");
    assert_eq!(opened.header("content-encoding"), "");
    // HEAD takes no place and has an end.
    for _ in 0..=MOST_STREAMS {
        assert_eq!(operator.send("HEAD", EVENTS, None, b"").status, 200);
    }
}

#[test]
fn only_so_many_follow_at_once_and_a_place_is_free_when_somebody_leaves() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let head = app.official("agency_head:1.01");
    let mut open: Vec<_> = (0..MOST_STREAMS / 2)
        .flat_map(|_| [operator.follow(EVENTS), head.follow(EVENTS)])
        .collect();
    let full = operator.get(EVENTS);
    full.problem(503, "busy");
    assert_eq!(full.header("retry-after"), "30");
    // Everything else is served as ever.
    operator.get("/v1/agencies/1.01/day").expect(200);
    drop(open.pop());
    let deadline = Instant::now() + LONG;
    while operator.get(EVENTS).status == 503 {
        assert!(Instant::now() < deadline, "the place is still taken");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn one_account_follows_eight_times_at_once_and_keeps_nobody_else_out() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let mut open: Vec<_> = (0..MOST_OF_AN_ACCOUNT).map(|_| operator.follow(EVENTS)).collect();
    let ninth = operator.get(EVENTS);
    ninth.problem(429, "too_many_requests");
    assert_eq!(ninth.header("retry-after"), "30");
    // Another session of the same account is the same account; another account is not.
    let username = operator.get("/v1/me").expect(200)["username"].clone();
    let elsewhere = app.signed_in(username.as_str().unwrap());
    elsewhere.get(EVENTS).problem(429, "too_many_requests");
    Lines::of(&app.official("agency_head:1.01")).day();
    drop(open.pop());
    let deadline = Instant::now() + LONG;
    while operator.get(EVENTS).status == 429 {
        assert!(Instant::now() < deadline, "the place is still taken");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_stream_ends_with_the_session_that_opened_it() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let username = operator.get("/v1/me").expect(200)["username"]
        .as_str()
        .unwrap()
        .to_owned();
    let other = app.signed_in(&username);
    let lines = Lines::of(&operator);
    let others = Lines::of(&other);
    lines.day();
    operator.delete("/v1/sessions/current").expect(204);
    assert!(lines.rest().iter().all(|line| !line.starts_with("event")));
    others.next(":");
    other.delete("/v1/sessions").expect(204);
    others.rest();
}

#[test]
fn a_browser_that_only_looks_on_is_signed_out_when_it_was_idle_long_enough() {
    let app = TestApp::start();
    let operator = app.official("agency_operator:1.01");
    let username = operator.get("/v1/me").expect(200)["username"].clone();
    let body = json!({ "username": username, "password": PASSWORD });
    let signed = app.nobody().post("/v1/sessions/browser", &body);
    signed.expect(201);
    let cookie = signed.header("set-cookie").split(';').next().unwrap().to_owned();
    let lines = Lines::of(&app.nobody().with_header("cookie", &cookie));
    lines.day();
    app.advance(chrono::Duration::minutes(29));
    lines.next(":");
    lines.next(":");
    app.advance(chrono::Duration::minutes(1));
    lines.rest();
}

#[test]
fn a_service_that_is_told_to_stop_does_not_wait_for_those_who_look_on() {
    let mut service = Service::prepare();
    let operator = service.add_official(Role::AgencyOperator);
    service.start();
    let client = service.signed_in(&operator);
    let lines = Lines::of(&client);
    lines.day();
    let told = Instant::now();
    service.terminate();
    lines.rest();
    let deadline = told + Duration::from_secs(15);
    while service.is_running() {
        assert!(Instant::now() < deadline, "it waits for the stream:\n{}", service.log());
        std::thread::sleep(Duration::from_millis(20));
    }
}

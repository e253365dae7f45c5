//! Phones that keep a share until it is acknowledged, and remember every answer.

use super::Dice;
use crate::harness::client::{Answer, Client};
use crate::harness::process::Service;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use serde_json::{Value, json};
use sherlok::domain::access::Actor;
use sherlok::platform::clock::Clock;
use sherlok::platform::token::Tokens;
use sherlok::store::backend::{AnyConnection, Location};
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Shares that one call takes at most.
const BATCH: usize = 20;
/// Shares of a batch that asks again.
const LARGEST_BATCH: usize = 200;
const PATIENCE: Duration = Duration::from_mins(2);

/// The phones of one agency, and what they saw.
pub(crate) struct Crew {
    phones: Vec<Mutex<Phone>>,
    tokens: Tokens,
    base_url: String,
    /// Whether the network may have sent a call twice, so that a first call may find the share known.
    is_repeating: bool,
    stop: AtomicBool,
    /// Acknowledged shares.
    pub(crate) acknowledged: AtomicUsize,
    /// Acknowledged shares that the service did not know afterwards, or answers otherwise.
    pub(crate) lost: AtomicUsize,
    /// Calls answered 429 or 503.
    pub(crate) refused: AtomicUsize,
    /// Calls with an answer.
    answers: AtomicUsize,
    /// Calls without an answer.
    pub(crate) cut: AtomicUsize,
    /// Answers that must not be.
    faults: Mutex<Vec<String>>,
}

struct Phone {
    actor: Actor,
    client: Client,
    renewed: Instant,
    outbox: Vec<Uuid>,
    tries: usize,
    was_cut: bool,
    /// Answers that were there at the last check.
    checked: usize,
    answers: Vec<(Uuid, u64)>,
    dice: Dice,
}

/// What the database holds, beside what the phones believe.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) acknowledged: usize,
    pub(crate) lost: usize,
    pub(crate) doubled: usize,
}

/// The claim with this id: the same whenever it is asked for.
pub(crate) fn claim(id: Uuid) -> Value {
    let (high, low) = id.as_u64_pair();
    // Up to 20 hours before it is sent, so that shares fall into slots at any time of a working day.
    let captured_at = (high >> 16) - low % 72_000_000;
    let captured_at = chrono::DateTime::from_timestamp_millis(i64::try_from(captured_at).unwrap()).unwrap();
    let metres = f64::from(u32::try_from((low >> 8) % 1_000).unwrap());
    json!({
        "id": id, "captured_at": captured_at.to_rfc3339(), "latitude": -6.12 - metres * 1e-5, "longitude": 106.17,
        "accuracy_metres": 1.0 + metres / 10.0,
    })
}

fn digest(view: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    view.to_string().hash(&mut hasher);
    hasher.finish()
}

impl Crew {
    /// So many phones of people who are added to the service's database, which must not run yet.
    pub(crate) fn hire(service: &Service, phones: usize, dice: &mut Dice) -> Self {
        let (tokens, actors) = service.add_people(phones);
        let client = service.client();
        let phone = |actor: Actor| {
            Mutex::new(Phone {
                client: client.with_token(&issue(&tokens, &actor)),
                renewed: Instant::now(),
                actor,
                outbox: Vec::new(),
                tries: 0,
                was_cut: false,
                checked: 0,
                answers: Vec::new(),
                dice: Dice::new(dice.roll()),
            })
        };
        Self {
            phones: actors.into_iter().map(phone).collect(),
            tokens,
            base_url: service.base_url(),
            is_repeating: false,
            stop: AtomicBool::new(false),
            acknowledged: AtomicUsize::new(0),
            lost: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
            answers: AtomicUsize::new(0),
            cut: AtomicUsize::new(0),
            faults: Mutex::new(Vec::new()),
        }
    }

    /// The same phones behind a network that may send a call twice.
    pub(crate) fn behind(mut self, base_url: &str) -> Self {
        base_url.clone_into(&mut self.base_url);
        self.is_repeating = true;
        for phone in &mut self.phones {
            let phone = phone.get_mut().unwrap();
            phone.client = phone.client.at(base_url);
        }
        self
    }

    /// The same phones at the service itself.
    pub(crate) fn straight_to(mut self, service: &Service) -> Self {
        self = self.behind(&service.base_url());
        self
    }

    /// Someone of the crew who only reads.
    pub(crate) fn reader(&self) -> Client {
        self.phones[0].lock().unwrap().client.clone()
    }

    /// All phones send all the time while something happens.
    pub(crate) fn work<T>(&self, meanwhile: impl FnOnce() -> T) -> T {
        /// Ends the phones' work, also when what happens is a failed assertion.
        struct End<'a>(&'a AtomicBool);
        impl Drop for End<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::SeqCst);
            }
        }
        self.stop.store(false, Ordering::SeqCst);
        std::thread::scope(|scope| {
            let _end = End(&self.stop);
            for phone in &self.phones {
                scope.spawn(move || {
                    while !self.stop.load(Ordering::SeqCst) {
                        phone.lock().unwrap().step(self);
                    }
                });
            }
            meanwhile()
        })
    }

    /// Works until so many more shares are acknowledged.
    #[track_caller]
    pub(crate) fn work_until_acknowledged(&self, more: usize) {
        let goal = self.acknowledged() + more;
        self.work(|| self.wait_until(|| self.acknowledged() >= goal));
    }

    /// Waits until something the phones see holds.
    #[track_caller]
    pub(crate) fn wait_until(&self, holds: impl Fn() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds() {
            assert!(
                Instant::now() < deadline,
                "waited too long; faults: {:?}",
                self.faults()
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits for the next answer and comes back at once.
    pub(crate) fn wait_for_an_answer(&self) {
        let (before, deadline) = (
            self.answers.load(Ordering::SeqCst),
            Instant::now() + Duration::from_secs(2),
        );
        while self.answers.load(Ordering::SeqCst) == before && Instant::now() < deadline {
            std::thread::sleep(Duration::from_micros(20));
        }
    }

    pub(crate) fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::SeqCst)
    }

    pub(crate) fn lost(&self) -> usize {
        self.lost.load(Ordering::SeqCst)
    }

    pub(crate) fn refused(&self) -> usize {
        self.refused.load(Ordering::SeqCst)
    }

    pub(crate) fn faults(&self) -> Vec<String> {
        self.faults.lock().unwrap().clone()
    }

    fn fault(&self, text: String) {
        self.faults.lock().unwrap().push(text);
    }

    /// Every phone sends what it still holds, then asks again for everything that was ever acknowledged; then the
    /// database is counted. The service must run.
    #[track_caller]
    pub(crate) fn settle(&self, location: &Location) -> Verdict {
        let deadline = Instant::now() + PATIENCE;
        std::thread::scope(|scope| {
            for phone in &self.phones {
                scope.spawn(move || {
                    let mut phone = phone.lock().unwrap();
                    while !phone.outbox.is_empty() {
                        assert!(Instant::now() < deadline, "an outbox does not get empty");
                        phone.step(self);
                    }
                    let everything: Vec<usize> = (0..phone.answers.len()).collect();
                    for chosen in everything.chunks(LARGEST_BATCH) {
                        while !phone.ask_again(self, chosen) {
                            assert!(Instant::now() < deadline + PATIENCE, "asking again gets no answer");
                        }
                    }
                });
            }
        });
        let verdict = self.count(location);
        assert!(self.faults().is_empty(), "{:?}", self.faults());
        verdict
    }

    /// Compares the database, row by row, with what the phones believe. Their outboxes must be empty.
    fn count(&self, location: &Location) -> Verdict {
        let mut connection = location.open().unwrap();
        let shares = ids(&mut connection, "check_in");
        let positions = ids(&mut connection, "check_in_position");
        let mut believed = HashSet::new();
        for phone in &self.phones {
            believed.extend(
                phone
                    .lock()
                    .unwrap()
                    .answers
                    .iter()
                    .map(|(id, _)| id.simple().to_string()),
            );
        }
        let missing = believed
            .iter()
            .filter(|id| !shares.contains_key(*id) || !positions.contains_key(*id));
        let twice = shares.iter().chain(&positions).filter(|(_, count)| **count > 1).count();
        // A row that no phone believes in would be counted for somebody.
        let unknown = shares
            .keys()
            .chain(positions.keys())
            .filter(|id| !believed.contains(*id));
        let verdict = Verdict {
            acknowledged: believed.len(),
            lost: missing.count().max(self.lost()),
            doubled: twice + unknown.count(),
        };
        counters_agree(&mut connection);
        verdict
    }
}

fn issue(tokens: &Tokens, actor: &Actor) -> String {
    tokens.issue(actor, Clock::System.now()).unwrap()
}

impl Phone {
    /// One call: what is held, or something new.
    fn step(&mut self, crew: &Crew) {
        // Access tokens live ten minutes.
        if self.renewed.elapsed() > Duration::from_mins(4) {
            self.client = self.client.with_token(&issue(&crew.tokens, &self.actor));
            self.renewed = Instant::now();
        }
        if self.was_cut && !self.check(crew) {
            self.dice.wait(40);
            return;
        }
        if self.outbox.is_empty() {
            let number = if self.dice.one_in(2) {
                1
            } else {
                1 + self.dice.below(BATCH)
            };
            self.outbox = (0..number).map(|_| Uuid::now_v7()).collect();
            self.tries = 0;
        }
        let answer = match self.outbox.as_slice() {
            [id] => self.client.try_post("/v1/check-ins", &claim(*id)),
            ids => self.client.try_post("/v1/check-ins/batch", &batch(ids)),
        };
        let Some(answer) = answer else {
            crew.cut.fetch_add(1, Ordering::SeqCst);
            self.tries += 1;
            self.was_cut = true;
            self.dice.wait(40);
            return;
        };
        crew.answers.fetch_add(1, Ordering::SeqCst);
        self.tries += 1;
        match answer.status {
            429 | 503 => {
                crew.refused.fetch_add(1, Ordering::SeqCst);
                self.dice.wait(20);
            }
            200 | 201 => {
                self.receive(crew, &answer);
            }
            other => {
                crew.fault(format!("{other}: {}", answer.text()));
                self.dice.wait(100);
            }
        }
    }

    /// After an outage, before anything else: asks again for what was acknowledged since the last check, which is the
    /// likeliest to be gone, and for a sample of what is older. False if there was no answer.
    fn check(&mut self, crew: &Crew) -> bool {
        let known = self.answers.len();
        let mut chosen: HashSet<usize> = (self.checked..known).collect();
        if self.checked > 0 {
            chosen.extend((0..10).map(|_| self.dice.below(self.checked)));
        }
        let chosen: Vec<usize> = chosen.into_iter().collect();
        let is_answered = chosen.chunks(LARGEST_BATCH).all(|chosen| self.ask_again(crew, chosen));
        if is_answered {
            self.checked = known;
            self.was_cut = false;
        }
        is_answered
    }

    /// Files the answer to what was held.
    fn receive(&mut self, crew: &Crew, answer: &Answer) {
        let body = answer.json();
        let single = [json!({ "status": answer.status, "check_in": body })];
        let results = body["results"].as_array().map_or(single.as_slice(), Vec::as_slice);
        for (id, result) in self.outbox.drain(..).zip(results) {
            let (status, view) = (&result["status"], &result["check_in"]);
            let is_expected = status == 201 || (status == 200 && (self.tries > 1 || crew.is_repeating));
            if !is_expected || view["id"] != id.to_string() {
                crew.fault(format!("{id} after {} tries: {result}", self.tries));
            }
            self.answers.push((id, digest(view)));
            crew.acknowledged.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Sends acknowledged shares again: each must be known, with the very same answer. False if there was no answer.
    fn ask_again(&mut self, crew: &Crew, chosen: &[usize]) -> bool {
        let ids: Vec<Uuid> = chosen.iter().map(|index| self.answers[*index].0).collect();
        let Some(answer) = self.client.try_post("/v1/check-ins/batch", &batch(&ids)) else {
            return false;
        };
        if answer.status != 200 {
            if ![429, 503].contains(&answer.status) {
                crew.fault(format!("asked again, {}: {}", answer.status, answer.text()));
            }
            self.dice.wait(20);
            return false;
        }
        let body = answer.json();
        let results = body["results"].as_array().unwrap();
        assert_eq!(results.len(), ids.len());
        for (index, result) in chosen.iter().zip(results) {
            let known = &mut self.answers[*index];
            let now = digest(&result["check_in"]);
            if result["status"] != 200 || now != known.1 {
                if crew.lost.fetch_add(1, Ordering::SeqCst) < 3 {
                    println!("lost: {} now answers {result}", known.0);
                }
                known.1 = now;
            }
        }
        true
    }
}

fn batch(ids: &[Uuid]) -> Value {
    json!({ "check_ins": ids.iter().copied().map(claim).collect::<Vec<_>>() })
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// The ids of a table as 32 digits, and how many rows have each.
pub(crate) fn ids(connection: &mut AnyConnection, table: &str) -> HashMap<String, i64> {
    let digits = match connection {
        AnyConnection::Postgres(_) => "replace(id::text, '-', '')",
        AnyConnection::Sqlite(_) => "lower(hex(id))",
    };
    let query = format!("SELECT {digits} AS id, count(*) AS count FROM {table} GROUP BY 1");
    let rows: Vec<Counted> = sql_query(query).load(connection).unwrap();
    rows.into_iter().map(|row| (row.id, row.count)).collect()
}

/// Demands that the agencies' counters are what counting the results gives, and that each result stands on a share.
/// Gives how many results there are.
#[track_caller]
pub(crate) fn counters_agree(connection: &mut AnyConnection) -> i64 {
    let kept = "SELECT agency_code, work_date, slot, place, CAST(sum(count) AS bigint) FROM agency_slot_count \
                GROUP BY 1, 2, 3, 4 HAVING sum(count) <> 0";
    let counted = "SELECT agency_code, work_date, slot, place, count(*) FROM slot_result GROUP BY 1, 2, 3, 4";
    let groundless = "SELECT check_in_id FROM slot_result WHERE NOT EXISTS (SELECT 1 FROM check_in \
                      WHERE check_in.id = slot_result.check_in_id AND check_in.employee_id = slot_result.employee_id)";
    let mut number = |query: &str| {
        let query = format!("SELECT '' AS id, count(*) AS count FROM ({query}) AS rows_found");
        sql_query(query).get_result::<Counted>(connection).unwrap().count
    };
    assert_eq!(
        number(&format!("{kept} EXCEPT {counted}")),
        0,
        "counters without results"
    );
    assert_eq!(
        number(&format!("{counted} EXCEPT {kept}")),
        0,
        "results without counters"
    );
    assert_eq!(number(groundless), 0, "results without shares");
    let placed = "SELECT employee_id, check_in_id FROM slot_result UNION ALL \
                  SELECT employee_id, check_in_id FROM check_in_aside";
    let shares = "SELECT employee_id, id FROM check_in";
    assert_eq!(
        number(&format!(
            "{shares} EXCEPT SELECT employee_id, check_in_id FROM ({placed}) AS placed"
        )),
        0,
        "shares that no list finds"
    );
    assert_eq!(number(placed), number(shares), "shares that are listed twice");
    number("SELECT 1 AS one FROM slot_result")
}

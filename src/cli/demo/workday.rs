//! The working day: three slots of shares as the phones deliver them, and the activities of the day.

use crate::cli::demo::Demo;
use crate::cli::demo::ZONE;
use crate::cli::demo::at;
use crate::cli::simulate::client::CallError;
use crate::cli::simulate::share;
use crate::domain::instant::Instant;
use crate::domain::instant::long_date;
use crate::domain::simulation::day::DayRules;
use crate::domain::simulation::day::Delivery;
use crate::domain::simulation::day::live;
use crate::domain::simulation::person::Person;
use crate::domain::simulation::random::Random;
use crate::domain::slot::CheckInRule;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkGroup;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::error::Error;

/// Of 100 people at home, how many file an activity on the day.
const FILING_PERCENT: f64 = 30.0;
const WORK: [(&str, &str); 6] = [
    (
        "Menyusun laporan rekapitulasi data pegawai bulan berjalan",
        "Laporan rekapitulasi",
    ),
    (
        "Mengajar daring kelas XI dan memeriksa tugas siswa",
        "Nilai tugas 32 siswa",
    ),
    ("Rapat daring koordinasi pelaksanaan program", "Notula rapat"),
    (
        "Memperbarui konten portal layanan informasi publik",
        "Dua artikel terbit",
    ),
    (
        "Memeriksa kelengkapan berkas usulan kenaikan gaji berkala",
        "Daftar periksa 14 berkas",
    ),
    ("Mengolah dan mendigitalkan arsip dinamis", "120 lembar arsip"),
];

/// An agency that no audit of the demo is about: its day is there to be planned, flagged slots among it.
const UNAUDITED: &str = "bkd";

impl Demo {
    /// Lives the day to 20.55 in the evening; gives what the phones deliver later.
    pub(super) fn live(&mut self) -> Result<Vec<Delivery>, Box<dyn Error>> {
        let date = self.dates.lived_on;
        self.report.say(&format!("\n{}, a working day", long_date(date)))?;
        let rules = DayRules {
            date,
            zone: ZONE,
            rule: CheckInRule::default(),
        };
        let mut deliveries: Vec<Delivery> = live(self.seed, &self.workforce.people, &rules)
            .into_iter()
            .filter(|delivery| self.workforce.people.get(delivery.person).is_some_and(shares_from_home))
            .collect();
        self.make_up_positions(&mut deliveries);
        let evening = at(date, 20, 55);
        let (day, late): (Vec<Delivery>, Vec<Delivery>) = deliveries
            .into_iter()
            .partition(|delivery| delivery.arrives_at < evening);
        let mut ledger = Ledger::default();
        let mut is_filed = false;
        for delivery in &day {
            if !is_filed && delivery.arrives_at > at(date, 18, 0) {
                is_filed = true;
                self.file_activities()?;
            }
            self.deliver(delivery, delivery.arrives_at, &mut ledger)?;
        }
        if !is_filed {
            self.file_activities()?;
        }
        for slot in Slot::ALL {
            self.report.say(&ledger.line(slot))?;
        }
        self.report.say(&format!(
            "  {} shares waited for a network, {} arrived again and were known",
            ledger.waited, ledger.repeated
        ))?;
        for (flag, count) in &ledger.flags {
            self.report.say(&format!("  flag {flag}: {count}"))?;
        }
        self.report.count("check_ins", ledger.seen.len());
        self.report.count("retries", ledger.repeated);
        Ok(late)
    }

    /// One phone of [`UNAUDITED`] says all day that its position is made up.
    fn make_up_positions(&self, deliveries: &mut [Delivery]) {
        let is_of_agency = |person: usize| {
            let person = self.workforce.people.get(person);
            person.is_some_and(|person| person.agency == UNAUDITED)
        };
        let first = deliveries
            .iter()
            .map(|delivery| delivery.person)
            .find(|person| is_of_agency(*person));
        for delivery in deliveries.iter_mut().filter(|delivery| Some(delivery.person) == first) {
            delivery.share.mock = true;
        }
    }

    /// Lets one share arrive at `moment`.
    pub(super) fn deliver(
        &mut self,
        delivery: &Delivery,
        moment: Instant,
        ledger: &mut Ledger,
    ) -> Result<(), CallError> {
        let Some(person) = self.workforce.people.get(delivery.person) else {
            return Ok(());
        };
        self.stage.set_clock(moment);
        let body = share::body(&delivery.share, delivery.sent_at);
        let Some(session) = self.cast.employee(delivery.person, person)? else {
            return Ok(());
        };
        // What waited for a network comes in a batch, as phones send it.
        let waited = delivery.sent_at.since(delivery.share.captured_at).num_minutes() > 2;
        let answer = if waited {
            let batch = session.post("/v1/check-ins/batch", &json!({ "check_ins": [body] }))?;
            batch
                .pointer("/results/0/check_in")
                .cloned()
                .ok_or_else(|| CallError::Incomplete {
                    call: "POST /v1/check-ins/batch".to_owned(),
                    missing: "check_in",
                })?
        } else {
            session.share(&person.phone.device_id, &body)?
        };
        ledger.enter(delivery, &answer, waited);
        Ok(())
    }

    /// Some people file what they did; their superiors approve most of it.
    fn file_activities(&mut self) -> Result<(), Box<dyn Error>> {
        let date = self.dates.lived_on;
        self.stage.set_clock(at(date, 17, 30));
        let mut random = Random::new(self.seed).fork(0xAC);
        let (mut filed, mut approved, mut returned) = (0, 0, 0);
        for (index, person) in self.workforce.people.iter().enumerate() {
            if !shares_from_home(person) || person.is_head || !random.chance(FILING_PERCENT) {
                continue;
            }
            let Some(session) = self.cast.employee(index, person)? else {
                continue;
            };
            let Some((description, output)) = random.pick(&WORK) else {
                continue;
            };
            let body = json!({
                "id": random.id(at(date, 16, 30)),
                "submit": true,
                "work_date": date,
                "start": "08:00",
                "end": "11:30",
                "description": description,
                "output": output,
            });
            session.post("/v1/activities", &body)?;
            filed += 1;
        }
        for (index, person) in self
            .workforce
            .people
            .iter()
            .enumerate()
            .filter(|(_, person)| person.is_head)
        {
            let Some(session) = self.cast.employee(index, person)? else {
                continue;
            };
            for entry in all(session.get("/v1/activities?state=submitted&limit=200")?) {
                let Some(id) = entry.get("id").and_then(Value::as_str) else {
                    continue;
                };
                let is_returned = random.chance(12.0);
                let body = if is_returned {
                    json!({ "decision": "returned", "note": "Mohon lengkapi hasil yang dicapai." })
                } else {
                    json!({ "decision": "approved" })
                };
                session.post(&format!("/v1/activities/{id}/review"), &body)?;
                if is_returned { returned += 1 } else { approved += 1 }
            }
        }
        self.report.say(&format!(
            "  {filed} activities filed: {approved} approved by the direct superior, {returned} returned"
        ))?;
        self.report.count("activities", filed);
        self.report.count("activities_approved", approved);
        Ok(())
    }
}

/// Whether the demo's circular sends the person home.
pub(super) fn shares_from_home(person: &Person) -> bool {
    match person.work_group {
        WorkGroup::PublicService => false,
        WorkGroup::Administration | WorkGroup::Educator => true,
    }
}

/// The items of a list's page.
pub(super) fn all(page: Value) -> Vec<Value> {
    match page {
        Value::Object(mut fields) => match fields.remove("items") {
            Some(Value::Array(items)) => items,
            Some(_) | None => Vec::new(),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Vec::new(),
    }
}

/// What the service said about the shares of a day.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    seen: BTreeSet<uuid::Uuid>,
    repeated: usize,
    waited: usize,
    places: BTreeMap<(Slot, String), u32>,
    flags: BTreeMap<String, u32>,
}

impl Ledger {
    fn enter(&mut self, delivery: &Delivery, answer: &Value, waited: bool) {
        if !self.seen.insert(delivery.share.id) {
            self.repeated += 1;
            return;
        }
        self.waited += usize::from(waited);
        let place = answer.get("place").and_then(Value::as_str).unwrap_or("unknown");
        *self.places.entry((delivery.slot, place.to_owned())).or_default() += 1;
        let flags = answer.get("flags").and_then(Value::as_array);
        for flag in flags
            .into_iter()
            .flatten()
            .filter_map(|flag| flag.get("code")?.as_str())
        {
            *self.flags.entry(flag.to_owned()).or_default() += 1;
        }
    }

    /// How many different shares were entered.
    pub(super) fn len(&self) -> usize {
        self.seen.len()
    }

    fn line(&self, slot: Slot) -> String {
        let counts: Vec<String> = self
            .places
            .iter()
            .filter(|((of, _), _)| *of == slot)
            .map(|((_, place), count)| format!("{count} {place}"))
            .collect();
        format!("  {:<10} {}", slot.code(), counts.join(", "))
    }
}

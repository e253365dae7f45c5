//! The evening at BKD: batches sealed, sent and accepted, a sample drawn, a case reviewed, answered and decided.

use crate::cli::demo::Demo;
use crate::cli::demo::at;
use crate::cli::demo::cast;
use crate::cli::demo::workday::all;
use crate::cli::simulate::client::CallError;
use crate::cli::simulate::client::text;
use crate::domain::instant::long_date;
use serde_json::Value;
use serde_json::json;
use std::error::Error;

/// The agencies whose day is sampled.
const SAMPLED: [&str; 2] = ["dindikbud", "diskominfo"];
/// Units to draw in each of them.
const SAMPLE_SIZE: u32 = 12;
const SEED_EVIDENCE: &str = "Angka dari dua puluh dadu bersisi sepuluh, dilempar di hadapan saksi di kantor BKD.";
const SEED: &str = "31415926535897932384";

impl Demo {
    /// Seals, sends, draws, reviews, hears and decides.
    pub(super) fn verify(&mut self) -> Result<(), Box<dyn Error>> {
        self.send_batches()?;
        self.draw_and_review()
    }

    fn send_batches(&mut self) -> Result<(), Box<dyn Error>> {
        let date = self.dates.lived_on;
        self.report
            .say(&format!("\n{}, after nine in the evening", long_date(date)))?;
        let agencies = self.workforce.agencies.clone();
        for agency in &agencies {
            self.stage.set_clock(at(date, 21, 0));
            let period = json!({ "from": date, "to": date });
            let path = format!("/v1/agencies/{}/batches", agency.code);
            let key = format!("demo-batch-{}", agency.code);
            let batch = self
                .cast
                .official(&cast::operator_of(agency.code))?
                .post_keyed(&path, &key, &period)?;
            let id = text(&batch, "id", "POST batches")?;
            self.stage.set_clock(at(date, 21, 10));
            let sent = self
                .cast
                .official(&cast::head_of(agency.code))?
                .post(&format!("/v1/batches/{id}/submission"), &Value::Null)?;
            self.stage.set_clock(at(date, 21, 30));
            self.cast.official(cast::BKD_OFFICER)?.post(
                &format!("/v1/batches/{id}/decision"),
                &json!({ "decision": "accept", "findings": [] }),
            )?;
            let count = |field: &str| {
                sent.pointer(&format!("/counts/{field}"))
                    .and_then(Value::as_u64)
                    .unwrap_or(0)
            };
            let receipt = sent.get("receipt_number").and_then(Value::as_str).unwrap_or("none");
            self.report.say(&format!(
                "  {:<11} {:>4} slots expected, {:>4} received, {:>3} missed; sealed, sent, receipt {receipt}, accepted",
                agency.code,
                count("expected"),
                count("received"),
                count("missed"),
            ))?;
            self.report.count("batches", 1);
        }
        Ok(())
    }

    fn draw_and_review(&mut self) -> Result<(), Box<dyn Error>> {
        let date = self.dates.lived_on;
        self.stage.set_clock(at(date, 21, 40));
        let plan = json!({ "from": date, "to": date, "agencies": SAMPLED, "size": SAMPLE_SIZE });
        let officer = self.cast.official(cast::BKD_OFFICER)?;
        let audit = officer.post_keyed("/v1/audits", "demo-audit", &plan)?;
        let id = text(&audit, "id", "POST /v1/audits")?;
        officer.post(
            &format!("/v1/audits/{id}/seed"),
            &json!({ "seed": SEED, "evidence": SEED_EVIDENCE }),
        )?;
        let drawn = officer.post(&format!("/v1/audits/{id}/draw"), &Value::Null)?;
        let population = drawn.get("population").and_then(Value::as_u64).unwrap_or(0);
        let cases = all(self
            .cast
            .official(cast::BKD_OFFICER)?
            .get(&format!("/v1/audits/{id}/cases?limit=200"))?);
        self.report.say(&format!(
            "  BKD drew {} of {population} slots by the published seed {SEED}; anyone can draw the same ones again",
            cases.len()
        ))?;
        self.report.count("cases", cases.len());
        self.review(&cases)?;
        let officer = self.cast.official(cast::BKD_OFFICER)?;
        officer.post(&format!("/v1/audits/{id}/closure"), &Value::Null)?;
        let report = officer.get(&format!("/v1/audits/{id}/report"))?;
        self.report
            .say(&format!("  report: {}", text(&report, "claim", "GET report")?))?;
        Ok(())
    }

    /// Reviews every case but one by the map; that one, the farthest away, is put to the person.
    fn review(&mut self, cases: &[Value]) -> Result<(), Box<dyn Error>> {
        self.stage.set_clock(at(self.dates.lived_on, 21, 50));
        let mut looks = Vec::new();
        for auditor in cast::AUDITORS {
            let session = self.cast.official(auditor)?;
            for case in cases {
                let id = text(case, "id", "GET cases")?;
                // A case is shown to its auditor alone; for anyone else it does not exist.
                match session.get(&format!("/v1/cases/{id}")) {
                    Ok(file) => looks.push(Look::new(id, auditor, &file)),
                    Err(error) if error.status() == Some(404) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        looks.sort_by_key(|look| look.distance_metres);
        let doubtful = looks.pop();
        for look in &looks {
            self.say_finding(look, &json!({ "finding": "valid", "method": "map" }))?;
        }
        self.report.say(&format!(
            "  {} cases looked at on the map and found valid; each look is logged",
            looks.len()
        ))?;
        self.report.count("cases_reviewed", looks.len());
        match doubtful {
            Some(look) => self.hear(&look),
            None => Ok(()),
        }
    }

    /// Puts a doubtful case to the person, who answers; the other auditor decides.
    fn hear(&mut self, look: &Look) -> Result<(), Box<dyn Error>> {
        let date = self.dates.lived_on;
        self.stage.set_clock(at(date, 22, 0));
        let note = "Titik yang dibagikan jauh dari rumah terdaftar. Mohon penjelasan.";
        self.say_finding(
            look,
            &json!({ "finding": "invalid_proposed", "method": "map", "note": note }),
        )?;
        self.stage.set_clock(at(date, 22, 10));
        self.reply(look)?;
        self.stage.set_clock(at(date, 22, 30));
        let second = cast::AUDITORS
            .into_iter()
            .find(|auditor| *auditor != look.auditor)
            .unwrap_or(cast::BKD_HEAD);
        let reason = "Penjelasan diterima: pegawai mendampingi orang tua berobat dan telah memberi tahu atasan.";
        let session = self.cast.official(second)?;
        let file = session.get(&format!("/v1/cases/{}?purpose=case_decision", look.id))?;
        session.call_matching(
            "POST",
            &format!("/v1/cases/{}/decision", look.id),
            version(&file),
            &json!({ "outcome": "withdrawn", "reason": reason }),
        )?;
        self.report.say(&format!(
            "  1 case {} m from home put to the person, who answered; the second auditor withdrew it",
            look.distance_metres
        ))?;
        self.report.count("cases_reviewed", 1);
        self.report.count("cases_decided", 1);
        Ok(())
    }

    /// The person finds the notice, opens the case and answers.
    fn reply(&mut self, look: &Look) -> Result<(), Box<dyn Error>> {
        for (index, person) in self.workforce.people.iter().enumerate() {
            if !look.name.to_lowercase().contains(&person.name.to_lowercase()) {
                continue;
            }
            let Some(session) = self.cast.employee(index, person)? else {
                continue;
            };
            // Names are shared by several people; the case is in one person's list only.
            let own = all(session.get("/v1/me/cases?limit=200")?);
            let Some(case) = own
                .iter()
                .find(|case| case.get("id").and_then(Value::as_str) == Some(look.id.as_str()))
            else {
                continue;
            };
            for notice in all(session.get("/v1/me/notices?unseen=true&limit=200")?) {
                let id = text(&notice, "id", "GET /v1/me/notices")?;
                session.post(&format!("/v1/me/notices/{id}/seen"), &Value::Null)?;
            }
            let answer = "Saya mendampingi orang tua berobat di Pandeglang pada jam itu dan sudah memberi tahu atasan.";
            session.call_matching(
                "POST",
                &format!("/v1/cases/{}/reply", look.id),
                version(case),
                &json!({ "text": answer, "witness": "Atasan langsung" }),
            )?;
            return Ok(());
        }
        Err("nobody answers the doubtful case".into())
    }

    fn say_finding(&mut self, look: &Look, finding: &Value) -> Result<(), CallError> {
        let path = format!("/v1/cases/{}/review", look.id);
        self.cast
            .official(look.auditor)?
            .call_matching("POST", &path, look.version, finding)?;
        Ok(())
    }
}

/// What an auditor saw of a case.
struct Look {
    id: String,
    auditor: &'static str,
    name: String,
    version: i64,
    distance_metres: i64,
}

impl Look {
    fn new(id: String, auditor: &'static str, file: &Value) -> Self {
        Self {
            id,
            auditor,
            name: file
                .pointer("/person/name")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            version: version(file),
            distance_metres: file
                .pointer("/record/distance_metres")
                .and_then(Value::as_i64)
                .unwrap_or(0),
        }
    }
}

/// The version to send back in If-Match.
fn version(thing: &Value) -> i64 {
    thing.get("version").and_then(Value::as_i64).unwrap_or(0)
}

//! The evening at BKD: batches sealed, sent and accepted, a sample drawn, a case reviewed, answered and decided.

use crate::cli::demo::Demo;
use crate::cli::demo::at;
use crate::cli::demo::cast;
use crate::cli::demo::workday::all;
use crate::cli::simulate::client::CallError;
use crate::cli::simulate::client::text;
use crate::domain::instant::long_date;
use crate::domain::language::Language;
use serde_json::Value;
use serde_json::json;
use std::error::Error;

/// The agencies whose day is sampled.
const SAMPLED: [&str; 2] = ["dindikbud", "diskominfo"];
/// Units to draw in each of them.
const SAMPLE_SIZE: u32 = 12;
const DICE_EVIDENCE: &str = "Angka dari dua puluh dadu bersisi sepuluh, dilempar di hadapan saksi di kantor BKD.";
const DICE: &str = "31415926535897932384";
/// The agency whose sample is left in the middle of the work; BKD's own day is left to be planned by whoever tries it.
const LEFT_IN_REVIEW: &str = "dpk";
const SAMPLE_LEFT: u32 = 16;
const DICE_LEFT: &str = "27182818284590452353";
/// Cases of it that were found in order.
const REVIEWED_LEFT: usize = 4;
const FAMILY_REPLY: &str =
    "Saya mendampingi orang tua berobat di Pandeglang pada jam itu dan sudah memberi tahu atasan.";
const FAMILY_REASON: &str = "Penjelasan diterima: pegawai mendampingi orang tua berobat dan telah memberi tahu atasan.";
const FORGOTTEN_REPLY: &str = "Saya bekerja di rumah pada jam itu, tetapi lupa membagikan lokasi.";
const FORGOTTEN_REASON: &str =
    "Tidak ada lokasi maupun kegiatan yang mendukung untuk sesi ini, sesuai keterangan pegawai.";
const PHONE_REPLY: &str = "Ponsel saya memakai lokasi menara karena GPS lemah di dalam rumah; saya berada di rumah.";
const PHONE_REASON: &str = "Akurasi titik memang rendah dan laporan kegiatan hari itu mendukung keterangan pegawai.";

impl Demo {
    /// Seals, sends, draws, reviews, hears and decides.
    pub(super) fn verify(&mut self) -> Result<(), Box<dyn Error>> {
        self.send_batches()?;
        self.draw_and_review()?;
        self.leave_in_review()
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

    /// The first audit: drawn, reviewed, heard, decided and closed.
    fn draw_and_review(&mut self) -> Result<(), Box<dyn Error>> {
        self.stage.set_clock(at(self.dates.lived_on, 21, 40));
        let (id, cases) = self.draw(&SAMPLED, SAMPLE_SIZE, DICE)?;
        self.stage.set_clock(at(self.dates.lived_on, 21, 50));
        let mut looks = self.look_at(&id, &cases)?;
        let missing = looks.iter().position(|look| look.is_missing && !look.is_again);
        let missing = missing.map(|index| looks.remove(index));
        let doubtful = take_doubtful(&mut looks);
        for look in &looks {
            let finding = if look.is_missing { "inconclusive" } else { "valid" };
            let finding = json!({ "finding": finding, "method": "map" });
            self.say_finding(look, &finding)?;
            if look.is_again {
                self.say_second_finding(look, &finding)?;
            }
        }
        self.report.say(&format!(
            "  {} cases looked at on the map, none of them in doubt, {} of them by two who did not know of each other; each \
             look is logged",
            looks.len(),
            looks.iter().filter(|look| look.is_again).count(),
        ))?;
        if let Some(look) = &doubtful {
            self.stage.set_clock(at(self.dates.lived_on, 22, 0));
            self.hear(look, FAMILY_REPLY)?;
            self.decide(look, "withdrawn", FAMILY_REASON)?;
            self.report.say(&format!(
                "  1 case {} m from home put to the person, who answered; the second auditor withdrew it",
                look.distance_metres
            ))?;
        }
        if let Some(look) = &missing {
            self.hear(look, FORGOTTEN_REPLY)?;
            self.decide(look, "upheld", FORGOTTEN_REASON)?;
            self.report
                .say("  1 slot without a share put to the person, who answered; the second auditor upheld it")?;
        }
        let officer = self.cast.official(cast::BKD_OFFICER)?;
        officer.post(&format!("/v1/audits/{id}/closure"), &Value::Null)?;
        let report = officer.get(&format!("/v1/audits/{id}/report"))?;
        self.report
            .say(&format!("  report: {}", text(&report, "claim", "GET report")?))?;
        Ok(())
    }

    /// The second audit, left as it stands in the middle of the work: some cases reviewed, one answered and waiting for
    /// the second auditor, one decided, one put to the person, the rest not looked at.
    fn leave_in_review(&mut self) -> Result<(), Box<dyn Error>> {
        self.stage.set_clock(at(self.dates.lived_on, 22, 40));
        let (id, cases) = self.draw(&[LEFT_IN_REVIEW], SAMPLE_LEFT, DICE_LEFT)?;
        self.stage.set_clock(at(self.dates.lived_on, 22, 50));
        let mut looks = self.look_at(&id, &cases)?;
        let [answered, decided, told] = [(); 3].map(|()| take_doubtful(&mut looks));
        for look in looks.iter().filter(|look| !look.is_missing).take(REVIEWED_LEFT) {
            self.say_finding(look, &json!({ "finding": "valid", "method": "map" }))?;
        }
        if let Some(look) = &answered {
            self.hear(look, FAMILY_REPLY)?;
        }
        if let Some(look) = &decided {
            self.hear(look, PHONE_REPLY)?;
            self.decide(look, "withdrawn", PHONE_REASON)?;
        }
        if let Some(look) = &told {
            self.propose(look)?;
        }
        self.report.say(&format!(
            "  a second sample of {} slots is left in review for you: one case answered, one decided, one put to the person",
            cases.len()
        ))?;
        Ok(())
    }

    /// Plans, seeds and draws an audit of the day; gives its id and its cases.
    fn draw(&mut self, agencies: &[&str], size: u32, dice: &str) -> Result<(String, Vec<Value>), Box<dyn Error>> {
        let date = self.dates.lived_on;
        let rule = json!({ "kind": "dice" });
        let plan = json!({ "from": date, "to": date, "agencies": agencies, "size": size, "seed_rule": rule });
        let officer = self.cast.official(cast::BKD_OFFICER)?;
        let key = format!("demo-audit-{dice}");
        let audit = officer.post_keyed("/v1/audits", &key, &plan)?;
        let id = text(&audit, "id", "POST /v1/audits")?;
        officer.post(
            &format!("/v1/audits/{id}/seed"),
            &json!({ "dice": dice, "evidence": DICE_EVIDENCE }),
        )?;
        let drawn = officer.post(&format!("/v1/audits/{id}/draw"), &Value::Null)?;
        let cases = all(officer.get(&format!("/v1/audits/{id}/cases?limit=200"))?);
        let population = drawn.get("population").and_then(Value::as_u64).unwrap_or(0);
        self.report.say(&format!(
            "  BKD drew {} of {population} slots by the dice {dice}, mixed with the plan; anyone can draw the same ones again",
            cases.len()
        ))?;
        self.report.count("audits", 1);
        self.report.count("cases", cases.len());
        Ok((id, cases))
    }

    /// Opens every case as its auditor, the farthest from home last.
    fn look_at(&mut self, audit: &str, cases: &[Value]) -> Result<Vec<Look>, Box<dyn Error>> {
        let officer = self.cast.official(cast::BKD_OFFICER)?;
        let again: Vec<String> = all(officer.get(&format!("/v1/audits/{audit}/second-reviews"))?)
            .iter()
            .map(|review| text(review, "id", "GET second-reviews"))
            .collect::<Result<_, _>>()?;
        let mut looks = Vec::new();
        for auditor in cast::AUDITORS {
            let session = self.cast.official(auditor)?;
            for case in cases {
                let id = text(case, "id", "GET cases")?;
                // A case is shown to its auditor alone; for anyone else it does not exist.
                match session.get(&format!("/v1/cases/{id}")) {
                    Ok(file) => {
                        let is_again = again.contains(&id);
                        looks.push(Look::new(id, auditor, is_again, &file));
                    }
                    Err(error) if error.status() == Some(404) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        looks.sort_by_key(|look| look.distance_metres);
        Ok(looks)
    }

    fn propose(&mut self, look: &Look) -> Result<(), Box<dyn Error>> {
        let note = if look.is_missing {
            "Belum ada lokasi yang masuk untuk sesi ini. Mohon penjelasan.".to_owned()
        } else {
            let metres = Language::Indonesian.grouped(u64::try_from(look.distance_metres).unwrap_or(0));
            format!("Titik yang dibagikan {metres} m dari tempat tugas. Mohon penjelasan.")
        };
        let finding = json!({ "finding": "invalid_proposed", "method": "map", "note": note });
        self.say_finding(look, &finding)?;
        Ok(())
    }

    /// Puts a doubtful case to the person, who answers.
    fn hear(&mut self, look: &Look, answer: &str) -> Result<(), Box<dyn Error>> {
        self.propose(look)?;
        self.reply(look, answer)
    }

    /// The other auditor decides.
    fn decide(&mut self, look: &Look, outcome: &str, reason: &str) -> Result<(), Box<dyn Error>> {
        let second = cast::AUDITORS
            .into_iter()
            .find(|auditor| *auditor != look.auditor)
            .unwrap_or(cast::BKD_HEAD);
        let session = self.cast.official(second)?;
        let file = session.get(&format!("/v1/cases/{}?purpose=case_decision", look.id))?;
        session.call_matching(
            "POST",
            &format!("/v1/cases/{}/decision", look.id),
            version(&file),
            &json!({ "outcome": outcome, "reason": reason }),
        )?;
        self.report.count("cases_decided", 1);
        Ok(())
    }

    /// The person finds the notice, opens the case and answers.
    fn reply(&mut self, look: &Look, answer: &str) -> Result<(), Box<dyn Error>> {
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
        self.report.count("cases_reviewed", 1);
        Ok(())
    }

    /// The other auditor opens the case without the finding, and finds the same.
    fn say_second_finding(&mut self, look: &Look, finding: &Value) -> Result<(), CallError> {
        let other = cast::AUDITORS.into_iter().find(|auditor| *auditor != look.auditor);
        let session = self.cast.official(other.unwrap_or(cast::BKD_HEAD))?;
        let path = format!("/v1/second-reviews/{}", look.id);
        let file = session.get(&path)?;
        session.call_matching("POST", &path, version(&file), finding)?;
        self.report.count("cases_reviewed_again", 1);
        Ok(())
    }
}

/// The farthest of those that nobody else is to look at again: their way is told by two people alone.
fn take_doubtful(looks: &mut Vec<Look>) -> Option<Look> {
    let index = looks.iter().rposition(|look| !look.is_again)?;
    Some(looks.remove(index))
}

/// What an auditor saw of a case.
struct Look {
    id: String,
    auditor: &'static str,
    name: String,
    version: i64,
    distance_metres: i64,
    /// Whether nothing came in.
    is_missing: bool,
    /// Whether it was drawn to be reviewed once more.
    is_again: bool,
}

impl Look {
    fn new(id: String, auditor: &'static str, is_again: bool, file: &Value) -> Self {
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
            is_missing: file.get("record").is_none(),
            is_again,
        }
    }
}

/// The version to send back in If-Match.
fn version(thing: &Value) -> i64 {
    thing.get("version").and_then(Value::as_i64).unwrap_or(0)
}

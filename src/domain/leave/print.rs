//! A leave letter as the facts of its printed sheet (`data/templates/leave_letter.typ`).

use crate::domain::leave::facts::LeaveFacts;
use crate::domain::leave::facts::LetterStep;
use crate::domain::leave::opinion::Outcome;
use crate::domain::recap::grade;
use chrono::Datelike;
use serde_json::{Value, json};

/// What a person on leave has to do (BKN 24/2017, annex: the letter's own words).
const TERMS: [&str; 2] = [
    "sebelum menjalankan cuti, menyerahkan pekerjaannya kepada atasan langsung atau pejabat yang ditunjuk;",
    "setelah selesai menjalankan cuti, melapor kepada atasan langsung dan bekerja kembali sebagaimana biasa.",
];

/// What the template prints. `government` stands in the letterhead; `public_url` is where the service is reached from
/// outside, for the address of confirmation: without it the letter has the code alone.
pub fn facts(facts: &LeaveFacts, government: Option<&str>, public_url: Option<&str>, is_revoked: bool) -> Value {
    let code = &facts.verification_code;
    let url = public_url.map(|url| format!("{}/verify/{code}", url.trim_end_matches('/')));
    let year = facts.letter_date.year();
    let balance: Vec<Value> = [
        ("N-2", year - 2, facts.balance.before, facts.taken.before),
        ("N-1", year - 1, facts.balance.previous, facts.taken.previous),
        ("N", year, facts.balance.current, facts.taken.current),
    ]
    .into_iter()
    .map(|(label, year, entitled, taken)| {
        json!({"label": label, "year": year, "entitled": entitled, "taken": taken, "left": entitled - taken})
    })
    .collect();
    let takes_annual = facts.taken.total() > 0;
    json!({
        "letterhead": {"government": government, "agency": facts.agency},
        "kind": facts.kind_name,
        "number": facts.letter_number,
        // A letter that no longer holds says so wherever it is printed.
        "provisional": is_revoked.then_some("Surat ini sudah tidak berlaku."),
        "holder": {
            "name": facts.holder.name,
            "employee_number": facts.holder.number,
            "rank": facts.holder.grade.as_deref().map(grade::rank),
            "post": facts.holder.position,
            "unit": facts.holder.unit,
        },
        "from": facts.from,
        "to": facts.to,
        "days": facts.days,
        "day_unit": if facts.is_in_work_days { "hari kerja" } else { "hari kalender" },
        "terms": TERMS,
        "address_on_leave": facts.address,
        "phone_on_leave": facts.phone,
        "balance": if takes_annual { balance } else { Vec::new() },
        "consideration": facts.consideration.as_ref().map(step),
        "decision": step(&facts.decision),
        "place": facts.place,
        "date": facts.letter_date,
        "signer": {
            "post": facts.decision.position,
            "name": facts.decision.name,
            "employee_number": facts.decision.number,
        },
        "confirmation_url": url,
        "confirmation_code": code,
    })
}

fn step(step: &LetterStep) -> Value {
    json!({
        "outcome": match step.outcome {
            Outcome::Approve => "approved",
            Outcome::Change => "changed",
            Outcome::Defer => "deferred",
            Outcome::Refuse => "refused",
        },
        "by": {"name": step.name, "post": step.position},
        "date": crate::domain::instant::Zone::default().date(step.at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::instant::Instant;
    use crate::domain::leave::LeaveKind;
    use crate::domain::leave::facts::LetterHolder;
    use crate::domain::leave::ledger::Split;

    fn letter() -> LeaveFacts {
        let step = LetterStep {
            outcome: Outcome::Approve,
            name: "Contoh Satu".to_owned(),
            number: Some("19680211 199303 1 901".to_owned()),
            position: "Kepala Dinas".to_owned(),
            at: Instant::parse("2026-04-01T18:30:00Z").unwrap(),
        };
        LeaveFacts {
            format: 1,
            agency: "Dinas Contoh".to_owned(),
            letter_number: "800/1-1.01/2026".to_owned(),
            letter_date: "2026-04-02".parse().unwrap(),
            place: Some("Serang".to_owned()),
            verification_code: "K7QX29MA3TPD".to_owned(),
            holder: LetterHolder {
                name: "Contoh Tiga, S.Pd.".to_owned(),
                number: "19860926 201505 1 001".to_owned(),
                grade: Some("III/b".to_owned()),
                position: Some("Guru Ahli Pertama".to_owned()),
                unit: None,
            },
            kind: LeaveKind::Annual,
            kind_name: "Cuti Tahunan".to_owned(),
            from: "2026-04-06".parse().unwrap(),
            to: "2026-04-08".parse().unwrap(),
            days: 3,
            is_in_work_days: true,
            address: "Serang".to_owned(),
            phone: None,
            balance: Split {
                before: 0,
                previous: 1,
                current: 12,
            },
            taken: Split {
                before: 0,
                previous: 1,
                current: 2,
            },
            consideration: None,
            decision: step,
        }
    }

    #[test]
    fn the_record_of_three_years_says_what_is_left_after_this_letter() {
        let printed = facts(
            &letter(),
            Some("Pemerintah Provinsi Banten"),
            Some("https://sherlok.example/"),
            false,
        );
        assert_eq!(
            printed["balance"][1],
            json!({"label": "N-1", "year": 2025, "entitled": 1, "taken": 1, "left": 0})
        );
        assert_eq!(printed["balance"][2]["left"], 10);
        assert_eq!(
            printed["confirmation_url"],
            "https://sherlok.example/verify/K7QX29MA3TPD"
        );
        assert_eq!(printed["decision"]["date"], "2026-04-02", "by the date in Indonesia");
        assert_eq!(printed["holder"]["rank"], "Penata Muda Tingkat I, III/b");
        assert_eq!(printed["provisional"], Value::Null);
    }

    #[test]
    fn leave_that_takes_no_annual_days_has_no_record_and_a_revoked_letter_says_so() {
        let mut sick = letter();
        sick.taken = Split::default();
        let printed = facts(&sick, None, None, true);
        assert_eq!(printed["balance"], json!([]));
        assert_eq!(printed["confirmation_url"], Value::Null);
        assert_eq!(printed["provisional"], "Surat ini sudah tidak berlaku.");
    }
}

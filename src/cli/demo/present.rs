//! Back in the present: what the phones still held arrives, and a circular keeps a slot open at any hour.

use crate::cli::demo::Demo;
use crate::cli::demo::ZONE;
use crate::cli::demo::cast;
use crate::cli::demo::prepare::CIRCULAR_NUMBER;
use crate::cli::demo::report::SignIn;
use crate::cli::demo::workday::Ledger;
use crate::cli::demo::workday::shares_from_home;
use crate::domain::instant::Instant;
use crate::domain::instant::long_date;
use crate::domain::simulation::day::Delivery;
use crate::domain::simulation::person::Employment;
use crate::domain::simulation::person::Habit;
use crate::domain::simulation::stage::slots_open_at;
use serde_json::Value;
use serde_json::json;
use std::error::Error;

impl Demo {
    /// Delivers what is left of the day, opens a slot for the present `now`, and collects sign-ins to try.
    pub(super) fn come_to_the_present(&mut self, late: &[Delivery], now: Instant) -> Result<(), Box<dyn Error>> {
        let mut ledger = Ledger::default();
        for delivery in late {
            self.deliver(delivery, delivery.arrives_at.min(now), &mut ledger)?;
        }
        self.report.say(&format!(
            "  {} shares came after the batches were sealed; a new version takes them in",
            ledger.len()
        ))?;
        self.report.count("check_ins", ledger.len());
        self.report.count("check_ins_after_sealing", ledger.len());
        self.stage.come_back();
        self.report.say(&format!("\n{}, now", long_date(self.dates.today)))?;
        let circular = self.circular_for(now);
        self.issue(&circular)?;
        self.report.count("circulars", 1);
        self.report
            .say("  a circular keeps a slot open at this hour, also on holidays")?;
        self.collect_sign_ins();
        Ok(())
    }

    /// Amends the demo's circular from today on: work on every day of the week, and slots around the clock.
    fn circular_for(&self, now: Instant) -> Value {
        let midnight = ZONE.at_minute(self.dates.today, 0);
        let minute = u16::try_from(now.since(midnight).num_minutes()).unwrap_or(0);
        json!({
            "number": "800/0002-SIMULASI/2026",
            "title": "Simulasi: sesi berbagi lokasi sepanjang hari untuk mencoba layanan",
            "issuer": { "office": "regional_secretary", "name": "Sekretaris Daerah Simulasi" },
            "jurisdiction_code": "36",
            "signed_on": self.dates.today,
            "effective_from": self.dates.today,
            "relations": [{ "kind": "amends", "text": CIRCULAR_NUMBER }],
            "rules": [
                { "kind": "work_mode", "group": "administration", "mode": "wfh" },
                { "kind": "work_mode", "group": "educator", "mode": "wfh" },
                { "kind": "work_mode", "group": "public_service", "mode": "wfo" },
                {
                    "kind": "schedule",
                    "hours": [{
                        "days": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
                        "starts_minute": 0,
                        "ends_minute": 1439,
                    }],
                    "works_on_holidays": true,
                },
                { "kind": "checkin", "slots": slots_open_at(minute), "zone": ZONE },
            ],
        })
    }

    /// One for each role, and two employees of different agencies who may share now. Those of one agency fit together:
    /// what the employee asks for goes to the superior, the operator, the leave officer and the head in this list.
    fn collect_sign_ins(&mut self) {
        let mut superior = None;
        for agency in ["dindikbud", "diskominfo"] {
            let of_agency = |civil_servants: bool| {
                let people = self.workforce.people.iter().enumerate();
                people.filter(move |(_, person)| {
                    let is_civil_servant = person.employment == Employment::CivilServant;
                    person.agency == agency && is_civil_servant == civil_servants
                })
            };
            // A civil servant where there is one: every kind of leave is for them.
            let found = of_agency(true).chain(of_agency(false)).find_map(|(index, person)| {
                let fits = !person.is_head && person.habit == Habit::AtHome;
                let username = self.cast.username(index)?;
                let head = self.cast.username(self.workforce.superior_of(index)?)?;
                (fits && shares_from_home(person)).then(|| (username.to_owned(), person.home, head.to_owned()))
            });
            if let Some((username, home, head)) = found {
                superior = Some(head);
                self.report.sign_in(SignIn {
                    role: "employee",
                    username,
                    agency: Some(agency.to_owned()),
                    position: Some(home),
                });
            }
        }
        let agency = Some("diskominfo".to_owned());
        let officials = [
            ("superior", superior, agency.clone()),
            ("agency_operator", Some(cast::operator_of("diskominfo")), agency.clone()),
            (
                "agency_operator",
                Some(cast::operator_of("dindikbud")),
                Some("dindikbud".to_owned()),
            ),
            ("agency_head", Some(cast::head_of("diskominfo")), agency.clone()),
            ("leave_officer", Some(cast::LEAVE_OFFICER.to_owned()), agency),
            ("signer", Some(cast::SIGNER.to_owned()), None),
            ("bkd_officer", Some(cast::BKD_OFFICER.to_owned()), None),
            ("bkd_head", Some(cast::BKD_HEAD.to_owned()), None),
            (
                "data_protection_officer",
                Some(cast::DATA_PROTECTION_OFFICER.to_owned()),
                None,
            ),
            ("administrator", Some(cast::ADMINISTRATOR.to_owned()), None),
        ];
        // Both, since a second person decides what the first proposes.
        let auditors = cast::AUDITORS.map(|auditor| ("bkd_auditor", Some(auditor.to_owned()), None));
        for (role, username, agency) in officials.into_iter().chain(auditors) {
            if let Some(username) = username {
                self.report.sign_in(SignIn {
                    role,
                    username,
                    agency,
                    position: None,
                });
            }
        }
    }
}

//! The day before: officials, circulars, agencies, staff with their accounts, and homes registered and verified.

use crate::cli::demo::Demo;
use crate::cli::demo::ZONE;
use crate::cli::demo::at;
use crate::cli::demo::cast;
use crate::cli::demo::workday::all;
use crate::cli::demo::workday::shares_from_home;
use crate::cli::simulate::client::Body;
use crate::cli::simulate::client::CallError;
use crate::cli::simulate::client::text;
use crate::domain::circular::archive::archive;
use crate::domain::instant::long_date;
use crate::domain::simulation::person::Person;
use crate::domain::simulation::personnel_export::personnel_export;
use crate::domain::simulation::phone::moved;
use crate::domain::simulation::random::Random;
use crate::domain::simulation::workforce::Agency;
use crate::domain::slot::CheckInRule;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;
use std::error::Error;

/// The number of the circular by which the demo lives; no such circular was ever issued.
pub(super) const CIRCULAR_NUMBER: &str = "800/0001-SIMULASI/2026";

impl Demo {
    /// Sets everything up through the API, as an administrator, BKD, operators and staff would.
    pub(super) fn prepare(&mut self) -> Result<(), Box<dyn Error>> {
        self.report
            .say(&format!("{}, getting ready", long_date(self.dates.prepared_on)))?;
        self.appoint()?;
        self.issue_circulars()?;
        let agencies = self.workforce.agencies.clone();
        let mut usernames: Vec<Option<String>> = vec![None; self.workforce.people.len()];
        for agency in &agencies {
            self.found(agency)?;
            self.employ(agency, &mut usernames)?;
        }
        let employees = usernames.iter().flatten().count();
        self.cast.employ(usernames);
        self.report.say(&format!(
            "  {} agencies; {employees} people came in from personnel exports and activated their accounts",
            agencies.len()
        ))?;
        self.report.count("agencies", agencies.len());
        self.report.count("employees", employees);
        for agency in &agencies {
            self.name_heads(agency)?;
        }
        let leave = json!([{ "role": "leave_officer", "agency": "diskominfo" }]);
        self.add_account(cast::LEAVE_OFFICER, "Petugas Cuti", &leave)?;
        self.register_homes()?;
        for agency in &agencies {
            self.verify_homes(agency)?;
        }
        let verified = self.report.counted("homes_verified");
        self.report.say(&format!(
            "  {verified} homes registered and verified; they are in force from the next work day"
        ))?;
        Ok(())
    }

    fn appoint(&mut self) -> Result<(), CallError> {
        let mut officials = vec![
            (
                cast::BKD_OFFICER.to_owned(),
                "Petugas BKD",
                json!([{ "role": "bkd_officer" }]),
            ),
            (cast::BKD_HEAD.to_owned(), "Kepala BKD", json!([{ "role": "bkd_head" }])),
            (
                cast::DATA_PROTECTION_OFFICER.to_owned(),
                "Pejabat Pelindungan Data",
                json!([{ "role": "data_protection_officer" }]),
            ),
            (cast::SIGNER.to_owned(), "Penanda Tangan", json!([{ "role": "signer" }])),
        ];
        for (auditor, name) in cast::AUDITORS.into_iter().zip(["Auditor Satu BKD", "Auditor Dua BKD"]) {
            officials.push((auditor.to_owned(), name, json!([{ "role": "bkd_auditor" }])));
        }
        for (username, name, roles) in officials {
            self.add_account(&username, name, &roles)?;
        }
        Ok(())
    }

    fn add_account(&mut self, username: &str, name: &str, roles: &Value) -> Result<(), CallError> {
        let body = json!({ "username": username, "display_name": name, "password": cast::PASSWORD, "roles": roles });
        self.cast.official(cast::ADMINISTRATOR)?.post("/v1/accounts", &body)?;
        Ok(())
    }

    /// The circulars that press reports name, and one by which the demo lives.
    fn issue_circulars(&mut self) -> Result<(), Box<dyn Error>> {
        let mut contents = Vec::new();
        for archived in archive() {
            contents.push(serde_json::to_value(&archived.content)?);
        }
        contents.push(self.circular());
        for content in &contents {
            self.issue(content)?;
        }
        self.report.say(&format!(
            "  {} circulars issued, those of 2020 to 2026 by their numbers",
            contents.len()
        ))?;
        self.report.count("circulars", contents.len());
        Ok(())
    }

    /// Drafts and issues a circular as BKD does: an officer writes it, the head puts it into the world.
    pub(super) fn issue(&mut self, content: &Value) -> Result<(), CallError> {
        let officer = self.cast.official(cast::BKD_OFFICER)?;
        let circular = officer.post("/v1/circulars", content)?;
        let id = text(&circular, "id", "POST /v1/circulars")?;
        let head = self.cast.official(cast::BKD_HEAD)?;
        head.post(&format!("/v1/circulars/{id}/issue"), &json!({}))?;
        Ok(())
    }

    fn circular(&self) -> Value {
        let rule = CheckInRule::default();
        json!({
            "number": CIRCULAR_NUMBER,
            "title": "Simulasi bekerja dari rumah dengan berbagi lokasi tiga kali sehari",
            "issuer": { "office": "regional_secretary", "name": "Sekretaris Daerah Simulasi" },
            "jurisdiction_code": "36",
            "signed_on": self.dates.prepared_on,
            "effective_from": self.dates.prepared_on,
            "rules": [
                { "kind": "work_mode", "group": "administration", "mode": "wfh" },
                { "kind": "work_mode", "group": "educator", "mode": "wfh" },
                { "kind": "work_mode", "group": "public_service", "mode": "wfo" },
                { "kind": "checkin", "slots": rule.slots, "zone": ZONE },
            ],
        })
    }

    fn found(&mut self, agency: &Agency) -> Result<(), Box<dyn Error>> {
        let service_kinds = if agency.is_public_service() {
            vec!["public_service"]
        } else {
            Vec::new()
        };
        let body = json!({
            "code": agency.code,
            "name": agency.name,
            "region_code": agency.region_code,
            "zone": ZONE,
            "service_kinds": service_kinds,
        });
        self.cast.official(cast::BKD_OFFICER)?.post("/v1/agencies", &body)?;
        for (username, name, role) in [
            (cast::operator_of(agency.code), "Operator", "agency_operator"),
            (cast::head_of(agency.code), "Kepala", "agency_head"),
        ] {
            let roles = json!([{ "role": role, "agency": agency.code }]);
            self.add_account(&username, &format!("{name} {}", agency.name), &roles)?;
        }
        Ok(())
    }

    /// Units and staff come in as files, those without a number one by one; everyone activates the account with a
    /// printed code.
    fn employ(&mut self, agency: &Agency, usernames: &mut [Option<String>]) -> Result<(), Box<dyn Error>> {
        self.import_units(agency, &BTreeMap::new())?;
        let people: Vec<Person> = self.workforce.of(agency.code).cloned().collect();
        let export = personnel_export(agency, &people);
        let operator = self.cast.official(&cast::operator_of(agency.code))?;
        let path = format!("/v1/agencies/{}/employees", agency.code);
        operator.call(
            "POST",
            &format!("{path}/import"),
            &[],
            Body::File("text/csv", export.as_bytes()),
        )?;
        let mut owners: BTreeMap<String, usize> = BTreeMap::new();
        for (index, person) in self.workforce.people.iter().enumerate() {
            if person.agency != agency.code {
                continue;
            }
            let number = if let Some(number) = &person.number {
                number.clone()
            } else {
                let key = format!("demo-person-{index}");
                text(
                    &operator.post_keyed(&path, &key, &unnumbered(person))?,
                    "number",
                    "POST employees",
                )?
            };
            owners.insert(number, index);
        }
        let codes = operator.post(&format!("/v1/agencies/{}/activation-codes", agency.code), &json!({}))?;
        for code in all(codes) {
            let username = text(&code, "username", "POST activation-codes")?;
            let code = text(&code, "code", "POST activation-codes")?;
            let body = json!({ "username": username, "code": code, "password": cast::PASSWORD });
            self.cast
                .client()
                .call("POST", "/v1/activations", &[], Body::Json(&body))?;
            if let Some(entry) = owners.get(&username).and_then(|index| usernames.get_mut(*index)) {
                *entry = Some(username);
            }
        }
        Ok(())
    }

    /// The tree again, with who heads what now that they are there.
    fn name_heads(&mut self, agency: &Agency) -> Result<(), CallError> {
        let heads: BTreeMap<String, String> = self
            .workforce
            .of(agency.code)
            .filter(|person| person.is_head)
            .filter_map(|person| Some((person.unit.clone(), person.number.clone()?)))
            .collect();
        self.import_units(agency, &heads)
    }

    fn import_units(&mut self, agency: &Agency, heads: &BTreeMap<String, String>) -> Result<(), CallError> {
        let mut file = "code;name;parent;head\r\n".to_owned();
        for unit in agency.units() {
            let parent = unit.parent.unwrap_or_default();
            let head = heads.get(&unit.code).cloned().unwrap_or_default();
            file.push_str(&[unit.code, unit.name, parent, head].join(";"));
            file.push_str("\r\n");
        }
        let path = format!("/v1/agencies/{}/units/import", agency.code);
        let operator = self.cast.official(&cast::operator_of(agency.code))?;
        operator.call("POST", &path, &[], Body::File("text/csv", file.as_bytes()))?;
        Ok(())
    }

    fn register_homes(&mut self) -> Result<(), CallError> {
        self.stage.set_clock(at(self.dates.prepared_on, 9, 0));
        let random = Random::new(self.seed).fork(0x40);
        for (label, (index, person)) in (1_u64..).zip(self.workforce.people.iter().enumerate()) {
            if !shares_from_home(person) {
                continue;
            }
            let Some(session) = self.cast.employee(index, person)? else {
                continue;
            };
            let mut random = random.fork(label);
            // People register from the sofa, not from the surveyor's mark.
            let point = moved(person.home, 6.0 * random.normal(), 6.0 * random.normal());
            let body = json!({
                "rank": "primary",
                "kind": "domicile",
                "address": person.address,
                "village_code": person.village_code,
                "latitude": point.latitude(),
                "longitude": point.longitude(),
            });
            session.post_keyed("/v1/me/homes", &format!("demo-home-{index}"), &body)?;
        }
        Ok(())
    }

    fn verify_homes(&mut self, agency: &Agency) -> Result<(), CallError> {
        self.stage.set_clock(at(self.dates.prepared_on, 14, 0));
        let operator = self.cast.official(&cast::operator_of(agency.code))?;
        loop {
            let waiting = all(operator.get("/v1/homes?state=submitted&limit=200")?);
            if waiting.is_empty() {
                return Ok(());
            }
            for home in &waiting {
                let id = text(home, "id", "GET /v1/homes")?;
                operator.post(
                    &format!("/v1/homes/{id}/verification"),
                    &json!({ "decision": "verified" }),
                )?;
            }
            self.report.count("homes_verified", waiting.len());
        }
    }
}

/// What an operator types in for someone without NIP.
fn unnumbered(person: &Person) -> Value {
    json!({
        "name": person.name,
        "unit_code": person.unit,
        "position": person.post,
    })
}

//! What the demo tells: lines for people while it plays, one JSON object for scripts at the end.

use crate::domain::place::Position;
use crate::http::server;
use chrono::NaiveDate;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;
use std::io;
use std::io::Write;

/// Someone to try the service as.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The role to try.
    pub role: &'static str,
    /// What to sign in with.
    pub username: String,
    /// The agency, for roles that have one.
    pub agency: Option<String>,
    /// A point inside the person's fence, for those with a slot open now.
    pub position: Option<Position>,
}

/// Tells the story.
#[derive(Debug)]
pub struct Report {
    is_json: bool,
    password: &'static str,
    sign_ins: Vec<SignIn>,
    counts: BTreeMap<&'static str, u64>,
}

impl Report {
    /// A report in JSON or in lines. Everybody in the demo has the same `password`.
    pub const fn new(is_json: bool, password: &'static str) -> Self {
        Self {
            is_json,
            password,
            sign_ins: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    /// Says one line to people.
    pub fn say(&self, line: &str) -> io::Result<()> {
        if self.is_json {
            return Ok(());
        }
        writeln!(io::stdout().lock(), "{line}")
    }

    /// Adds to a count of the JSON object.
    pub fn count(&mut self, name: &'static str, number: usize) {
        *self.counts.entry(name).or_default() += u64::try_from(number).unwrap_or(u64::MAX);
    }

    /// A count as it stands.
    pub fn counted(&self, name: &str) -> u64 {
        self.counts.get(name).copied().unwrap_or(0)
    }

    /// Adds someone to try the service as.
    pub fn sign_in(&mut self, sign_in: SignIn) {
        self.sign_ins.push(sign_in);
    }

    /// Ends the report: the sign-ins for people, or the whole as one JSON object, with the day that was lived.
    pub fn close(&self, base_url: &str, agencies: &[&str], lived_on: NaiveDate) -> io::Result<()> {
        let mut output = io::stdout().lock();
        if self.is_json {
            writeln!(output, "{}", self.json(base_url, agencies, lived_on))?;
        } else {
            self.table(&mut output, base_url)?;
        }
        output.flush()
    }

    fn json(&self, base_url: &str, agencies: &[&str], lived_on: NaiveDate) -> Value {
        let sign_ins: Vec<Value> = self.sign_ins.iter().map(|sign_in| self.sign_in_json(sign_in)).collect();
        json!({
            "base_url": base_url, "sign_ins": sign_ins, "agencies": agencies, "counts": self.counts, "lived_on": lived_on,
        })
    }

    fn sign_in_json(&self, sign_in: &SignIn) -> Value {
        let mut object = json!({
            "role": sign_in.role,
            "username": sign_in.username,
            "password": self.password,
            "agency": sign_in.agency,
        });
        if let (Some(position), Some(fields)) = (sign_in.position, object.as_object_mut()) {
            let point = json!({ "latitude": position.latitude(), "longitude": position.longitude() });
            fields.insert("position".to_owned(), point);
        }
        object
    }

    fn table(&self, output: &mut impl Write, base_url: &str) -> io::Result<()> {
        writeln!(
            output,
            "\nServing at {base_url}. Every call, described and tryable: {base_url}/docs/"
        )?;
        if server::has_pages() {
            writeln!(
                output,
                "The pages: {base_url}/app/ on the phone, {base_url}/desk/ for the agency, {base_url}/audit/ for audits"
            )?;
        } else {
            writeln!(
                output,
                "The pages are not in this build: install Node.js, then `make run` again."
            )?;
        }
        writeln!(
            output,
            "Sign in there or with POST /v1/sessions; the password is {} for everybody:\n",
            self.password
        )?;
        for sign_in in &self.sign_ins {
            let agency = sign_in.agency.as_deref().unwrap_or("");
            writeln!(output, "  {:<24}{:<20}{agency}", sign_in.role, sign_in.username)?;
        }
        if let Some(sign_in) = self.sign_ins.iter().find(|sign_in| sign_in.position.is_some())
            && let Some(position) = sign_in.position
        {
            let (latitude, longitude) = (position.latitude(), position.longitude());
            writeln!(
                output,
                "\nA slot is open now. {} is at home at {latitude}, {longitude}.",
                sign_in.username
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_object_has_what_scripts_need() {
        let mut report = Report::new(true, "kata-sandi-demo");
        report.count("employees", 2);
        report.count("employees", 3);
        report.sign_in(SignIn {
            role: "employee",
            username: "198609262015051901".to_owned(),
            agency: Some("dpk".to_owned()),
            position: Position::from_degrees(-6.1, 106.2).ok(),
        });
        report.sign_in(SignIn {
            role: "administrator",
            username: "admin".to_owned(),
            agency: None,
            position: None,
        });
        let json = report.json("http://127.0.0.1:1", &["dpk"], "2026-03-02".parse().unwrap());
        assert_eq!(json["lived_on"], "2026-03-02");
        assert_eq!(
            json["sign_ins"][0]["position"],
            json!({"latitude": -6.1, "longitude": 106.2})
        );
        assert_eq!(json["sign_ins"][1]["agency"], Value::Null);
        assert!(json["sign_ins"][1].get("position").is_none());
        assert_eq!(
            (&json["counts"]["employees"], &json["agencies"]),
            (&json!(5), &json!(["dpk"]))
        );
    }
}

//! What a circular says: the part that is written, checked, and frozen when it is issued.

use crate::domain::circular::issuer::Issuer;
use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::circular::number;
use crate::domain::circular::number::CircularNumber;
use crate::domain::circular::relation::Relation;
use crate::domain::circular::relation::RelationKind;
use crate::domain::circular::rule::Rule;
use crate::domain::circular::rule_check::check_rule;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// The text of a circular. Dates are local calendar dates, both ends inclusive ("s.d.").
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// As printed, 1 to 100 characters.
    pub number: CircularNumber,
    /// What it is about, 1 to 500 characters.
    pub title: String,
    /// Who signed.
    pub issuer: Issuer,
    /// For whom it speaks.
    pub jurisdiction_code: JurisdictionCode,
    /// The day on its signature.
    pub signed_on: NaiveDate,
    /// Its first day.
    pub effective_from: NaiveDate,
    /// Its last day; open-ended if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<NaiveDate>,
    /// The laws and circulars that it names as its ground, up to 50 of up to 500 characters.
    #[serde(default)]
    pub legal_basis: Vec<String>,
    /// How it stands to earlier circulars, up to 50.
    #[serde(default)]
    pub relations: Vec<Relation>,
    /// Up to 100.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// What is wrong with one field of a circular.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Flaw {
    /// The text is empty.
    #[error("must not be empty")]
    Empty,
    /// The text is too long.
    #[error("must not be longer than {most} characters")]
    TooLong {
        /// The most characters.
        most: usize,
    },
    /// A number or a count is out of range.
    #[error("must be from {least} to {most}")]
    OutOfRange {
        /// The least that is taken.
        least: u32,
        /// The most that is taken.
        most: u32,
    },
    /// A date is before 1945 or after 2199.
    #[error("must be a date from 1945 to 2199")]
    OddDate,
    /// A period or a window ends before it begins.
    #[error("must end after it begins")]
    EndsBeforeItBegins,
    /// Only `wfo`, `wfh` and `wfa` (and `picket` in quotas) can be set by a circular.
    #[error("must be wfo, wfh or wfa")]
    NotAPlaceMode,
    /// A mode in which nobody works.
    #[error("must name only modes in which people work")]
    NotAWorkingMode,
    /// Not a lower-case word with underscores.
    #[error("must be a word of 2 to 40 lower-case letters, digits and underscores")]
    NotAWord,
    /// None or several of `service_kind`, `agency_code`, `position_level`.
    #[error("must name exactly one of service_kind, agency_code and position_level")]
    NotExactlyOneMark,
    /// A role that decides nothing for others.
    #[error("must be agency_head, bkd_head or signer")]
    NotAnAuthority,
    /// A day of the week without hours of its own, or with two.
    #[error("must name each day of the week once at most, and at least one")]
    DayNamedTwiceOrNever,
    /// Slots out of the order of the day, or open at one time.
    #[error("slots must follow each other in the order of the day, grace included")]
    SlotsOverlap,
    /// Two rules that say where one group works.
    #[error("the same subject is ruled twice")]
    SubjectTwice,
    /// A relation without a target.
    #[error("must name target_id or text")]
    NoTarget,
    /// A relation other than `implements` to something that the register does not hold.
    #[error("only a circular of the register can be extended, amended or revoked")]
    UnknownTarget,
}

/// One fault and where it is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{field}: {flaw}")]
pub struct ContentFault {
    /// The path, such as `rules[2].slots[0].window`.
    pub field: String,
    /// What is wrong there.
    pub flaw: Flaw,
}

impl ContentFault {
    /// Puts a flaw to its place.
    pub fn new(field: impl Into<String>, flaw: Flaw) -> Self {
        Self {
            field: field.into(),
            flaw,
        }
    }
}

/// A text that must be there and be no longer than `most` characters.
pub(super) fn check_length(text: &str, most: usize, field: &str) -> Option<ContentFault> {
    if text.trim().is_empty() {
        Some(ContentFault::new(field, Flaw::Empty))
    } else if text.chars().count() > most {
        Some(ContentFault::new(field, Flaw::TooLong { most }))
    } else {
        None
    }
}

fn check_count(count: usize, most: u32, field: &str) -> Option<ContentFault> {
    u32::try_from(count)
        .map_or(true, |count| count > most)
        .then(|| ContentFault::new(field, Flaw::OutOfRange { least: 0, most }))
}

impl Content {
    /// Everything that is wrong with the text by itself; empty if it may be stored.
    pub fn faults(&self) -> Vec<ContentFault> {
        let mut faults: Vec<ContentFault> = [
            check_length(self.number.as_str(), number::LONGEST, "number"),
            check_length(&self.title, 500, "title"),
            check_length(&self.issuer.name, 200, "issuer.name"),
            check_count(self.legal_basis.len(), 50, "legal_basis"),
            check_count(self.relations.len(), 50, "relations"),
            check_count(self.rules.len(), 100, "rules"),
        ]
        .into_iter()
        .flatten()
        .collect();
        faults.extend(self.date_faults());
        for (index, basis) in self.legal_basis.iter().enumerate() {
            faults.extend(check_length(basis, 500, &format!("legal_basis[{index}]")));
        }
        for (index, relation) in self.relations.iter().enumerate() {
            faults.extend(relation_fault(relation, &format!("relations[{index}]")));
        }
        let mut ruled = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            let at = format!("rules[{index}]");
            faults.extend(check_rule(rule, &at));
            let subject = rule.subject();
            if stands_alone(rule) && ruled.contains(&subject) {
                faults.push(ContentFault::new(at, Flaw::SubjectTwice));
            }
            ruled.push(subject);
        }
        faults
    }

    /// What hinders issuing beyond [`Content::faults`]: relations that act on a circular need one in the register.
    pub fn faults_at_issue(&self) -> Vec<ContentFault> {
        let mut faults = self.faults();
        for (index, relation) in self.relations.iter().enumerate() {
            if relation.kind != RelationKind::Implements && relation.target_id.is_none() {
                faults.push(ContentFault::new(format!("relations[{index}]"), Flaw::UnknownTarget));
            }
        }
        faults
    }

    /// Whether the date lies in the circular's own period, chains left aside.
    pub fn spans(&self, date: NaiveDate) -> bool {
        self.effective_from <= date && self.effective_to.is_none_or(|last| date <= last)
    }

    fn date_faults(&self) -> Vec<ContentFault> {
        let dates = [
            ("signed_on", Some(self.signed_on)),
            ("effective_from", Some(self.effective_from)),
            ("effective_to", self.effective_to),
        ];
        let mut faults: Vec<ContentFault> = dates
            .into_iter()
            .filter(|(_, date)| date.is_some_and(|date| !(1945..=2199).contains(&date.year())))
            .map(|(field, _)| ContentFault::new(field, Flaw::OddDate))
            .collect();
        if self.effective_to.is_some_and(|last| last < self.effective_from) {
            faults.push(ContentFault::new("effective_to", Flaw::EndsBeforeItBegins));
        }
        faults
    }
}

/// Rules of which a circular has at most one for each subject.
fn stands_alone(rule: &Rule) -> bool {
    match rule {
        Rule::WorkMode(_)
        | Rule::Picket(_)
        | Rule::Schedule(_)
        | Rule::CheckIn(_)
        | Rule::Travel(_)
        | Rule::Gathering(_)
        | Rule::Learning(_)
        | Rule::Activity(_) => true,
        Rule::Quota(_) | Rule::Priority(_) | Rule::Exempt(_) | Rule::Reporting(_) => false,
    }
}

fn relation_fault(relation: &Relation, at: &str) -> Option<ContentFault> {
    match (&relation.text, relation.target_id) {
        (Some(text), _) => check_length(text, 300, &format!("{at}.text")),
        (None, Some(_)) => None,
        (None, None) => Some(ContentFault::new(at, Flaw::NoTarget)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn content(changes: &serde_json::Value) -> Content {
        let mut body = json!({
            "number": "4 Tahun 2026",
            "title": "Penyesuaian tugas kedinasan",
            "issuer": {"office": "governor", "name": "Andra Soni"},
            "jurisdiction_code": "36",
            "signed_on": "2026-03-10",
            "effective_from": "2026-03-25",
            "effective_to": "2026-03-27",
        });
        for (key, value) in changes.as_object().unwrap() {
            body[key] = value.clone();
        }
        serde_json::from_value(body).unwrap()
    }

    fn faulty(changes: &serde_json::Value) -> Vec<String> {
        content(changes).faults().into_iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn a_period_may_be_one_day_or_open_but_not_end_before_it_begins() {
        assert!(faulty(&json!({})).is_empty());
        assert!(faulty(&json!({"effective_to": "2026-03-25"})).is_empty());
        assert!(faulty(&json!({"effective_to": null})).is_empty());
        assert_eq!(faulty(&json!({"effective_to": "2026-03-24"})), ["effective_to"]);
        assert_eq!(faulty(&json!({"signed_on": "1944-12-31"})), ["signed_on"]);
    }

    #[test]
    fn texts_have_two_edges() {
        assert_eq!(faulty(&json!({"number": " "})), ["number"]);
        assert!(faulty(&json!({"number": "x".repeat(100)})).is_empty());
        assert_eq!(
            faulty(&json!({"number": "x".repeat(101), "title": "x".repeat(501)})),
            ["number", "title"]
        );
        assert_eq!(faulty(&json!({"legal_basis": ["UU 20/2023", ""]})), ["legal_basis[1]"]);
    }

    #[test]
    fn one_group_has_one_mode_but_there_may_be_many_exemptions() {
        let work = json!({"kind": "work_mode", "group": "educator", "mode": "wfh"});
        assert_eq!(faulty(&json!({"rules": [work, work]})), ["rules[1]"]);
        let exempt = |kind: &str| json!({"kind": "exempt", "service_kind": kind, "mode": "wfo"});
        assert!(faulty(&json!({"rules": [exempt("health"), exempt("security")]})).is_empty());
    }

    #[test]
    fn only_a_circular_of_the_register_can_be_extended() {
        let external = content(&json!({"relations": [{"kind": "extends", "text": "SE lama"}]}));
        assert!(external.faults().is_empty());
        assert_eq!(
            external.faults_at_issue(),
            [ContentFault::new("relations[0]", Flaw::UnknownTarget)]
        );
        let higher = content(&json!({"relations": [{"kind": "implements", "text": "SE MenPANRB 3/2026"}]}));
        assert!(higher.faults_at_issue().is_empty());
        assert_eq!(
            faulty(&json!({"relations": [{"kind": "implements"}]})),
            ["relations[0]"]
        );
    }
}

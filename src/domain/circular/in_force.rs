//! What the circulars of a jurisdiction add up to on a date. Pure and total: any set of circulars gives an answer,
//! and the order in which they are passed never matters.

use crate::domain::activity::entry_day::ActivityRules;
use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::circular::lifecycle::Circular;
use crate::domain::circular::number::CircularNumber;
use crate::domain::circular::relation::RelationKind;
use crate::domain::circular::rule::CheckInTerms;
use crate::domain::circular::rule::ExemptRule;
use crate::domain::circular::rule::ReportingRule;
use crate::domain::circular::rule::Rule;
use crate::domain::circular::rule::ScheduleRule;
use crate::domain::circular::rule::Subject;
use crate::domain::circular::rule::TravelRule;
use crate::domain::ids::CircularId;
use crate::domain::instant::Zone;
use crate::domain::schedule::DayHours;
use crate::domain::schedule::hours::DayOfWeek;
use crate::domain::slot::CheckInRule;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use chrono::NaiveDate;
use serde::Serialize;
use std::cmp::Reverse;

/// A circular as an explanation names it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Citation {
    /// Which circular.
    pub id: CircularId,
    /// Its number as printed.
    pub number: CircularNumber,
}

/// The rules of one subject on a date, and who decided them.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Decided {
    /// What the rules are about.
    pub subject: Subject,
    /// The circular whose rules hold.
    pub by: Citation,
    /// The later circulars that carry it past its own last day (extensions), the most deciding first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub carried_by: Vec<Citation>,
    /// Its rules of the subject, in its own order.
    pub rules: Vec<Rule>,
}

/// What holds in one jurisdiction on one date.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct DayRules {
    /// The date.
    pub work_date: NaiveDate,
    /// Every circular in force, the most deciding first.
    pub in_force: Vec<Citation>,
    /// One entry for each subject that a circular in force rules, ordered by subject.
    pub decided: Vec<Decided>,
}

/// The rules of `jurisdiction` on `date`.
///
/// A circular holds in its own period, and longer where one in force extends it. A revocation ends its target for good.
/// An amendment takes its subjects out of its target while it holds. Of several circulars on one subject the one of the
/// narrowest jurisdiction decides, then the one signed last, then the one that began last (domain report, section 2.1).
pub fn in_force(circulars: &[Circular], jurisdiction: &JurisdictionCode, date: NaiveDate) -> DayRules {
    let mut bench: Vec<&Circular> = circulars
        .iter()
        .filter(|circular| circular.binds() && circular.content.jurisdiction_code.covers(jurisdiction))
        .collect();
    bench.sort_by_key(|circular| Reverse(precedence(circular)));
    let alive = alive_on(&bench, date);
    let mut decided: Vec<Decided> = Vec::new();
    for circular in &alive {
        for rule in &circular.content.rules {
            let subject = rule.subject();
            if is_amended(circular, &subject, &alive) {
                continue;
            }
            match decided.iter_mut().find(|entry| entry.subject == subject) {
                Some(entry) if entry.by.id == circular.id => entry.rules.push(rule.clone()),
                Some(_) => {}
                None => decided.push(Decided {
                    subject,
                    by: cite(circular),
                    carried_by: carriers(circular, &alive, date),
                    rules: vec![rule.clone()],
                }),
            }
        }
    }
    decided.sort_by(|one, other| one.subject.cmp(&other.subject));
    DayRules {
        work_date: date,
        in_force: alive.into_iter().map(cite).collect(),
        decided,
    }
}

/// The greater decides where several circulars rule one subject on one date.
pub(super) fn precedence(circular: &Circular) -> (usize, NaiveDate, NaiveDate, CircularId) {
    let content = &circular.content;
    let depth = content.jurisdiction_code.depth();
    (depth, content.signed_on, content.effective_from, circular.id)
}

fn cite(circular: &Circular) -> Citation {
    Citation {
        id: circular.id,
        number: circular.content.number.clone(),
    }
}

fn points_at(circular: &Circular, kind: RelationKind, target: &Circular) -> bool {
    circular.id != target.id
        && circular
            .content
            .relations
            .iter()
            .any(|relation| relation.kind == kind && relation.target_id == Some(target.id))
}

/// Whether the circular was ended, by name or by a later one, before or on the date.
fn is_ended(circular: &Circular, bench: &[&Circular], date: NaiveDate) -> bool {
    let by_name = circular.revoked_from.is_some_and(|first| first <= date);
    let by_another = bench.iter().any(|other| {
        let begins = other.content.effective_from;
        points_at(other, RelationKind::Revokes, circular)
            && begins <= date
            // One that was itself taken back before its first day never came to revoke anything.
            && other.revoked_from.is_none_or(|first| first > begins)
    });
    by_name || by_another
}

/// The circulars of the bench that hold on the date, in the bench's order: a fixpoint, so that chains of extensions of
/// any length, and even circles of them, come to an end.
fn alive_on<'a>(bench: &[&'a Circular], date: NaiveDate) -> Vec<&'a Circular> {
    let possible: Vec<&Circular> = bench
        .iter()
        .copied()
        .filter(|circular| circular.content.effective_from <= date && !is_ended(circular, bench, date))
        .collect();
    let mut alive: Vec<bool> = possible.iter().map(|circular| circular.content.spans(date)).collect();
    loop {
        let holds = |target: &Circular, alive: &[bool]| {
            possible.iter().zip(alive).any(|(other, lives)| {
                *lives && (points_at(other, RelationKind::Extends, target) || goes_on_with(target, other))
            })
        };
        let next: Vec<bool> = possible
            .iter()
            .zip(&alive)
            .map(|(circular, lives)| *lives || holds(circular, &alive))
            .collect();
        if next == alive {
            break;
        }
        alive = next;
    }
    possible
        .into_iter()
        .zip(alive)
        .filter_map(|(circular, lives)| lives.then_some(circular))
        .collect()
}

/// An amendment that was meant to last as long as its target goes on with it when the target is extended.
fn goes_on_with(amendment: &Circular, target: &Circular) -> bool {
    let outlasts = match (amendment.content.effective_to, target.content.effective_to) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(own), Some(theirs)) => own >= theirs,
    };
    outlasts && points_at(amendment, RelationKind::Amends, target)
}

fn is_amended(circular: &Circular, subject: &Subject, alive: &[&Circular]) -> bool {
    alive.iter().any(|other| {
        points_at(other, RelationKind::Amends, circular)
            && other.content.rules.iter().any(|rule| rule.subject() == *subject)
    })
}

/// The circulars in force by their own period from which a chain of extensions leads to one that is past its own.
fn carriers(circular: &Circular, alive: &[&Circular], date: NaiveDate) -> Vec<Citation> {
    if circular.content.spans(date) {
        return Vec::new();
    }
    let mut chain = vec![circular.id];
    loop {
        let grown: Vec<CircularId> = alive
            .iter()
            .filter(|other| {
                !chain.contains(&other.id)
                    && alive.iter().any(|member| {
                        chain.contains(&member.id)
                            && (points_at(other, RelationKind::Extends, member) || goes_on_with(member, other))
                    })
            })
            .map(|other| other.id)
            .collect();
        if grown.is_empty() {
            break;
        }
        chain.extend(grown);
    }
    alive
        .iter()
        .filter(|other| other.id != circular.id && chain.contains(&other.id) && other.content.spans(date))
        .map(|other| cite(other))
        .collect()
}

impl DayRules {
    /// A date on which no circular is in force.
    pub fn none(work_date: NaiveDate) -> Self {
        Self {
            work_date,
            in_force: Vec::new(),
            decided: Vec::new(),
        }
    }

    /// The entry of a subject.
    pub fn on(&self, subject: &Subject) -> Option<&Decided> {
        self.decided.iter().find(|entry| entry.subject == *subject)
    }

    /// Where a work group works by circular, and the entry that says so.
    pub fn default_mode(&self, group: WorkGroup) -> Option<(WorkMode, &Decided)> {
        let entry = self.on(&Subject::WorkMode { group })?;
        entry.rules.iter().find_map(|rule| {
            if let Rule::WorkMode(rule) = rule {
                Some((rule.mode, entry))
            } else {
                None
            }
        })
    }

    /// The exemptions, and the entry that grants them.
    pub fn exemptions(&self) -> impl Iterator<Item = (&ExemptRule, &Decided)> {
        let entry = self.on(&Subject::Exempt);
        entry.into_iter().flat_map(|entry| {
            entry.rules.iter().filter_map(move |rule| {
                if let Rule::Exempt(rule) = rule {
                    Some((rule, entry))
                } else {
                    None
                }
            })
        })
    }

    /// The work days and hours by circular.
    pub fn schedule(&self) -> Option<(&ScheduleRule, &Decided)> {
        let entry = self.on(&Subject::Schedule)?;
        entry.rules.iter().find_map(|rule| {
            if let Rule::Schedule(rule) = rule {
                Some((rule, entry))
            } else {
                None
            }
        })
    }

    /// The hours of the date by circular.
    pub fn hours(&self) -> Option<DayHours> {
        let weekday = DayOfWeek::of(self.work_date);
        let (schedule, _) = self.schedule()?;
        let hours = schedule.hours.iter().find(|hours| hours.days.contains(&weekday))?;
        Some(DayHours {
            starts_minute: hours.starts_minute,
            ends_minute: hours.ends_minute,
        })
    }

    /// How check-ins are asked for and judged: the circular's terms, closed at their reporting deadlines, or the
    /// defaults of the design.
    pub fn check_in(&self) -> CheckInRule {
        self.check_in_terms()
            .map(|(terms, _)| terms.in_effect())
            .unwrap_or_default()
    }

    /// The zone that the circular names for people whose place of duty names none.
    pub fn zone(&self) -> Option<Zone> {
        self.check_in_terms().and_then(|(terms, _)| terms.zone)
    }

    /// The terms of check-ins as the circular has them, and the entry that sets them.
    pub fn check_in_terms(&self) -> Option<(&CheckInTerms, &Decided)> {
        let entry = self.on(&Subject::CheckIn)?;
        entry.rules.iter().find_map(|rule| {
            if let Rule::CheckIn(terms) = rule {
                Some((terms, entry))
            } else {
                None
            }
        })
    }

    /// How daily entries are filed and reviewed: by circular, or the defaults of the domain report.
    pub fn activity(&self) -> ActivityRules {
        let entry = self.on(&Subject::Activity);
        let rules = entry.map_or(&[][..], |entry| entry.rules.as_slice());
        rules
            .iter()
            .find_map(|rule| {
                if let Rule::Activity(rule) = rule {
                    Some(*rule)
                } else {
                    None
                }
            })
            .unwrap_or_default()
    }

    /// What the circular says about travel out of the region, and the entry that says it.
    pub fn travel(&self) -> Option<(&TravelRule, &Decided)> {
        let entry = self.on(&Subject::Travel)?;
        entry.rules.iter().find_map(|rule| {
            if let Rule::Travel(rule) = rule {
                Some((rule, entry))
            } else {
                None
            }
        })
    }

    /// What agencies have to report, and the entries that demand it.
    pub fn reporting(&self) -> impl Iterator<Item = (&ReportingRule, &Decided)> {
        self.decided.iter().flat_map(|entry| {
            entry.rules.iter().filter_map(move |rule| {
                if let Rule::Reporting(rule) = rule {
                    Some((rule, entry))
                } else {
                    None
                }
            })
        })
    }
}

#[cfg(test)]
#[path = "in_force_tests.rs"]
mod tests;

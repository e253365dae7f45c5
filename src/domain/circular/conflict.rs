//! Two circulars that rule one thing on one day without knowing of each other: for a person to settle.

use crate::domain::circular::in_force::Citation;
use crate::domain::circular::in_force::precedence;
use crate::domain::circular::lifecycle::Circular;
use crate::domain::circular::rule::Rule;
use crate::domain::circular::rule::Subject;
use crate::domain::ids::CircularId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A circular that says something about the same subjects in the same jurisdiction on at least one common day.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Conflict {
    /// Which circular.
    pub with: Citation,
    /// What both rule, in the order of subjects.
    pub subjects: Vec<Subject>,
    /// Which of the two decides on their common days.
    pub decides: Side,
}

/// One of two circulars that clash.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The one that is looked at.
    This,
    /// The one that it clashes with.
    Other,
}

/// A word of whoever issues a circular on one that it clashes with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Acknowledged {
    /// The other circular.
    pub with: CircularId,
    /// Which of the two is to decide.
    pub decides: Side,
}

/// Why a circular can't be issued as things stand. Indexes are those of the words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Unsettled {
    /// Nothing was said about it.
    Unspoken(Conflict),
    /// The other side decides: the order of circulars follows from their dates and relations, never from a word.
    OtherSide(usize, Conflict),
    /// There is no such conflict.
    NoConflict(usize),
}

/// What stands against issuing a circular that clashes with others: each must be acknowledged, with the side that
/// will decide, so that nobody is surprised by it. Empty where everything is settled.
pub fn unsettled(conflicts: &[Conflict], said: &[Acknowledged]) -> Vec<Unsettled> {
    let unspoken = conflicts
        .iter()
        .filter(|conflict| said.iter().all(|word| word.with != conflict.with.id))
        .map(|conflict| Unsettled::Unspoken(conflict.clone()));
    let wrong = said.iter().enumerate().filter_map(|(index, word)| {
        match conflicts.iter().find(|conflict| conflict.with.id == word.with) {
            None => Some(Unsettled::NoConflict(index)),
            Some(conflict) if conflict.decides != word.decides => Some(Unsettled::OtherSide(index, conflict.clone())),
            Some(_) => None,
        }
    });
    unspoken.chain(wrong).collect()
}

/// The circulars in the world that `circular` clashes with.
///
/// Related ones never clash: whoever wrote the later one has said how they stand to each other. [`super::in_force::in_force`] decides also where nothing is settled.
pub fn conflicts(circular: &Circular, register: &[Circular]) -> Vec<Conflict> {
    let family = family(circular, register);
    let mut found: Vec<Conflict> = register
        .iter()
        .filter(|other| other.binds() && !family.contains(&other.id))
        .filter(|other| other.content.jurisdiction_code == circular.content.jurisdiction_code)
        .filter(|other| overlap(circular, other))
        .filter_map(|other| {
            let subjects = common_subjects(circular, other);
            (!subjects.is_empty()).then(|| Conflict {
                with: Citation {
                    id: other.id,
                    number: other.content.number.clone(),
                },
                subjects,
                decides: if precedence(circular) > precedence(other) {
                    Side::This
                } else {
                    Side::Other
                },
            })
        })
        .collect();
    found.sort_by(|one, other| one.with.cmp(&other.with));
    found
}

/// The circular and everything that relations, followed in both directions, tie to it.
fn family(circular: &Circular, register: &[Circular]) -> Vec<CircularId> {
    let ties: Vec<(CircularId, CircularId)> = register
        .iter()
        .chain(std::iter::once(circular))
        .flat_map(|from| {
            let targets = from.content.relations.iter().filter_map(|relation| relation.target_id);
            targets.map(move |to| (from.id, to))
        })
        .collect();
    let mut family = vec![circular.id];
    let mut reached = 0;
    while let Some(member) = family.get(reached).copied() {
        for (one, other) in &ties {
            let neighbour = match (*one == member, *other == member) {
                (true, _) => *other,
                (_, true) => *one,
                (false, false) => continue,
            };
            if !family.contains(&neighbour) {
                family.push(neighbour);
            }
        }
        reached += 1;
    }
    family
}

fn last_day(circular: &Circular) -> NaiveDate {
    let before_revocation = circular
        .revoked_from
        .map(|first| first.pred_opt().unwrap_or(NaiveDate::MIN));
    let own = circular.content.effective_to.unwrap_or(NaiveDate::MAX);
    before_revocation.map_or(own, |last| last.min(own))
}

fn overlap(one: &Circular, other: &Circular) -> bool {
    one.content.effective_from <= last_day(other) && other.content.effective_from <= last_day(one)
}

fn common_subjects(one: &Circular, other: &Circular) -> Vec<Subject> {
    let ruled = |circular: &Circular| circular.content.rules.iter().map(Rule::subject).collect::<Vec<_>>();
    let theirs = ruled(other);
    let mut subjects = ruled(one);
    subjects.retain(|subject| theirs.contains(subject));
    subjects.sort();
    subjects.dedup();
    subjects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::circular::lifecycle::CircularState;
    use crate::domain::circular::lifecycle::tests::{day, issued};
    use crate::domain::circular::relation::{Relation, RelationKind};
    use serde_json::json;

    fn wfh(id: u128, from: &str, to: Option<&str>) -> Circular {
        let mut circular = issued(id, from, to);
        circular.content.rules = serde_json::from_value(json!([
            {"kind": "work_mode", "group": "administration", "mode": "wfh"},
            {"kind": "gathering", "banned": true},
        ]))
        .unwrap();
        circular
    }

    fn relate(circular: &mut Circular, target: u128) {
        circular.content.relations.push(Relation {
            kind: RelationKind::Extends,
            target_id: Some(CircularId::new(uuid::Uuid::from_u128(target))),
            text: None,
        });
    }

    #[test]
    fn strangers_on_one_day_and_subject_clash() {
        let (one, other) = (wfh(1, "2026-03-02", Some("2026-03-31")), wfh(2, "2026-03-31", None));
        let found = conflicts(&other, std::slice::from_ref(&one));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].with.id, one.id);
        assert_eq!(found[0].subjects.len(), 2);
        // The later signature decides, whichever of the two is looked at.
        assert_eq!(found[0].decides, Side::This);
        assert_eq!(conflicts(&one, &[other])[0].decides, Side::Other);
    }

    #[test]
    fn a_conflict_is_settled_only_by_the_word_that_says_who_will_decide() {
        let (one, other) = (wfh(1, "2026-03-02", None), wfh(2, "2026-03-31", None));
        let found = conflicts(&other, std::slice::from_ref(&one));
        let word = |with, decides| Acknowledged { with, decides };
        assert_eq!(unsettled(&found, &[]), [Unsettled::Unspoken(found[0].clone())]);
        assert_eq!(unsettled(&found, &[word(one.id, Side::This)]), []);
        assert_eq!(
            unsettled(&found, &[word(one.id, Side::Other)]),
            [Unsettled::OtherSide(0, found[0].clone())]
        );
        let said = [word(one.id, Side::This), word(other.id, Side::This)];
        assert_eq!(unsettled(&found, &said), [Unsettled::NoConflict(1)]);
        assert_eq!(unsettled(&[], &[]), []);
    }

    #[test]
    fn neighbours_in_time_other_jurisdictions_and_other_subjects_do_not_clash() {
        let one = wfh(1, "2026-03-02", Some("2026-03-31"));
        assert!(conflicts(&wfh(2, "2026-04-01", None), std::slice::from_ref(&one)).is_empty());
        let mut elsewhere = wfh(3, "2026-03-02", None);
        elsewhere.content.jurisdiction_code = "36.01".parse().unwrap();
        assert!(conflicts(&elsewhere, std::slice::from_ref(&one)).is_empty());
        assert!(conflicts(&issued(4, "2026-03-02", None), std::slice::from_ref(&one)).is_empty());
        let draft = Circular {
            state: CircularState::Draft,
            ..one.clone()
        };
        assert!(conflicts(&wfh(5, "2026-03-02", None), &[draft]).is_empty());
        let ended = one.revoked(day("2026-03-10"), day("2026-03-09")).unwrap();
        assert!(conflicts(&wfh(6, "2026-03-10", None), &[ended]).is_empty());
    }

    #[test]
    fn relatives_do_not_clash_however_far_removed() {
        let first = wfh(1, "2026-03-02", None);
        let mut second = wfh(2, "2026-03-03", None);
        relate(&mut second, 1);
        let mut third = wfh(3, "2026-03-04", None);
        relate(&mut third, 2);
        assert!(conflicts(&third, &[first.clone(), second.clone()]).is_empty());
        assert_eq!(conflicts(&wfh(4, "2026-03-04", None), &[first, second]).len(), 2);
    }
}

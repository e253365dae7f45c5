//! How a circular stands to an earlier one.

use crate::domain::circular::number::CircularNumber;
use crate::domain::ids::CircularId;
use serde::{Deserialize, Serialize};

/// What one circular does to another.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// Carries out a circular of a higher office. Changes nothing about it.
    Implements,
    /// Lets its rules go on (perpanjangan).
    Extends,
    /// Puts own rules in the place of its rules of the same subject.
    Amends,
    /// Ends it (pencabutan), from this circular's first day on and for good.
    Revokes,
}

/// A relation to a circular that the register knows, to a text outside it, or both.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// What is done.
    pub kind: RelationKind,
    /// The circular in the register, if it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_id: Option<CircularId>,
    /// The number or title as the circular cites it, 1 to 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Relation {
    /// Points a relation that only cites a text at the circular of the register whose number that text is.
    /// What cites no known number stays an external text.
    #[must_use]
    pub fn resolved(self, find: impl FnOnce(&CircularNumber) -> Option<CircularId>) -> Self {
        let target_id = self
            .target_id
            .or_else(|| self.text.as_deref().and_then(|text| find(&CircularNumber::new(text))));
        Self { target_id, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cited_number_is_resolved_and_anything_else_stays_text() {
        let known = CircularId::new(uuid::Uuid::from_u128(1));
        let find = |number: &CircularNumber| (number.key() == "800/734-BKD/2020").then_some(known);
        let cites = |text: &str| Relation {
            kind: RelationKind::Extends,
            target_id: None,
            text: Some(text.to_owned()),
        };
        assert_eq!(cites("SE Nomor 800/734-BKD/2020").resolved(find).target_id, Some(known));
        assert_eq!(cites("SE MenPANRB 19/2020").resolved(find).target_id, None);
    }
}

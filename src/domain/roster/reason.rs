//! Why a person works where they work on a day of a roster, as facts.

use crate::domain::circular::number::CircularNumber;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::circular::rule::QuotaBound;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use serde::{Deserialize, Serialize};

/// The quota behind a turn.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct QuotaFact {
    /// The modes that it counts together.
    pub modes: Vec<WorkMode>,
    /// Floor, ceiling or aim.
    pub bound: QuotaBound,
    /// 0 to 100.
    pub percent: u8,
}

/// Why.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// Granted or corrected already; why is not told here.
    Granted,
    /// A circular exempts the person.
    Exempt {
        /// Which.
        by: CircularNumber,
    },
    /// The agency exempts the person from turns; what for is not told here.
    Marked,
    /// A circular sends the person's group there.
    GroupRule {
        /// Which.
        by: CircularNumber,
        /// The group.
        group: WorkGroup,
    },
    /// No rule speaks about the person; people work at the office.
    NoRule,
    /// The person's turn on picket.
    Picket {
        /// The circular that asks for it.
        by: CircularNumber,
        /// People that it asks for a day, where it names a number.
        #[serde(skip_serializing_if = "Option::is_none")]
        least: Option<u16>,
        /// The level that the person stands for, where levels are asked for.
        #[serde(skip_serializing_if = "Option::is_none")]
        level: Option<PositionLevel>,
        /// Which of the person's turns of the period this is, from 1.
        turn: u16,
        /// How many turns the person has.
        turns: u16,
        /// Whether the person was on picket on the work day before too.
        is_again: bool,
    },
    /// The person's turn at the office under a quota.
    OfficeTurn {
        /// The circular.
        by: CircularNumber,
        /// The quota.
        quota: QuotaFact,
        /// Which of the person's office days of the period this is, from 1; picket counts.
        turn: u16,
        /// How many office days the person has.
        turns: u16,
        /// Over how many days on which the person is present.
        present: u16,
    },
    /// Away because the person comes first.
    AwayFirst {
        /// The circular that says who comes first.
        by: CircularNumber,
    },
    /// The person's turn away from the office under a quota.
    AwayTurn {
        /// The circular.
        by: CircularNumber,
        /// The quota.
        quota: QuotaFact,
        /// How many office days the person has in the period.
        turns: u16,
        /// Over how many days on which the person is present.
        present: u16,
    },
    /// Somebody changed it.
    ByHand {
        /// Why, in their words.
        text: String,
    },
}

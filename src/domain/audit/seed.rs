//! How an audit's seed is made, so that nobody could have chosen it.

use serde::{Deserialize, Serialize};

/// Out of what a seed is made, the strongest first.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeedKind {
    /// A round of the public beacon that the plan names, mixed with dice: nobody could know or choose it.
    BeaconAndDice,
    /// Dice alone, mixed with the plan: those in the room must be believed. The weaker kind.
    Dice,
    /// A text that somebody published: whoever wrote it must be believed. The weakest kind.
    Text,
}

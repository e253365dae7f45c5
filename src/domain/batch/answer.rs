//! Answers: what an agency says to the findings of people, where its rows are right as they are.

use crate::domain::ids::AccountId;
use crate::domain::instant::Instant;
use serde::{Deserialize, Serialize};

/// Fewest characters of an answer.
pub const LEAST_CHARACTERS: usize = 10;
/// Most characters of an answer.
pub const MOST_CHARACTERS: usize = 2_000;

/// One answer. It belongs to the findings that stood when it was given.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// In words.
    pub text: String,
    /// When.
    pub at: Instant,
    /// Who answered.
    pub by: AccountId,
    /// That account's sign-in name; empty if it is gone.
    pub by_name: String,
}

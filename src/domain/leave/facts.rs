//! The facts of a leave letter (Surat Izin Cuti), frozen when it is signed. Why the leave was asked for is not among them.

use crate::domain::instant::Instant;
use crate::domain::leave::LeaveKind;
use crate::domain::leave::ledger::Split;
use crate::domain::leave::opinion::Outcome;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The person whom a letter is about, as called on the day of the letter.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct LetterHolder {
    /// With titles.
    pub name: String,
    /// NIP, NI PPPK or internal number in its printed groups.
    pub number: String,
    /// Golongan ruang.
    pub grade: Option<String>,
    /// Jabatan.
    pub position: Option<String>,
    /// The unit's name.
    pub unit: Option<String>,
}

/// What the form says of a step: by whom, when, which box.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct LetterStep {
    /// Which box.
    pub outcome: Outcome,
    /// With titles.
    pub name: String,
    /// In its printed groups.
    pub number: Option<String>,
    /// The post.
    pub position: String,
    /// When.
    pub at: Instant,
}

/// Everything that a leave letter prints.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct LeaveFacts {
    /// Version of this shape: 1.
    pub format: u16,
    /// The agency's name.
    pub agency: String,
    /// The letter's number.
    pub letter_number: String,
    /// The date of the letter at the agency.
    pub letter_date: NaiveDate,
    /// Where it is dated.
    pub place: Option<String>,
    /// Stands behind the letter's address of verification.
    pub verification_code: String,
    /// Whose leave it is.
    pub holder: LetterHolder,
    /// The kind.
    pub kind: LeaveKind,
    /// The kind's name in Indonesian.
    pub kind_name: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Days as the kind counts them.
    pub days: i32,
    /// Whether `days` are work days.
    pub is_in_work_days: bool,
    /// Where the person can be reached meanwhile.
    pub address: String,
    /// The telephone number there.
    pub phone: Option<String>,
    /// What was left of annual leave before this letter: N-2, N-1, N.
    pub balance: Split,
    /// What this letter takes of it.
    pub taken: Split,
    /// What the direct superior considered; none for whom nobody stands above.
    pub consideration: Option<LetterStep>,
    /// What the authority decided.
    pub decision: LetterStep,
}

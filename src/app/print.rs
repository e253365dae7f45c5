//! Letters as PDF, and what a caller hears when a document can't be made.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::ids::LetterId;
use crate::domain::leave;
use crate::domain::leave::facts::LeaveFacts;
use crate::domain::letter::LetterKind;
use crate::domain::letter::LetterState;
use crate::platform::print::PrintError;

/// Seconds after which a printer that has too much to do is worth another try.
const LATER: u64 = 10;

impl App {
    /// A letter as PDF, with the name that the file should have: from the facts as they were frozen when it was signed.
    pub fn print_letter(
        &self,
        context: &Context,
        own: Option<&Scope>,
        officer: Option<&Scope>,
        id: LetterId,
    ) -> Result<(String, Vec<u8>), Error> {
        let letter = self.find_letter(own, officer, id)?.row;
        let is_revoked = letter.state == LetterState::Revoked;
        let government = self
            .store
            .read(|connection| self.government_of(connection, &letter.agency_code))?;
        let facts = match letter.kind {
            LetterKind::Leave => {
                let facts: LeaveFacts = serde_json::from_value(letter.facts.0).map_err(Error::internal)?;
                leave::print::facts(&facts, Some(&government), self.public_url.as_deref(), is_revoked)
            }
            // Nothing writes these yet.
            LetterKind::PeriodicSalaryIncrease | LetterKind::CreditPointDetermination | LetterKind::Promotion => {
                return Err(Error::NotFound);
            }
        };
        let pdf = printed(self.printer.pdf("leave_letter", &facts, context.now))?;
        Ok((format!("surat-cuti-{}-{:04}.pdf", letter.year, letter.serial), pdf))
    }
}

/// A printed document, or what the caller should do.
pub(crate) fn printed(outcome: Result<Vec<u8>, PrintError>) -> Result<Vec<u8>, Error> {
    outcome.map_err(|error| match error {
        PrintError::Busy | PrintError::TooSlow => Error::Busy(LATER),
        PrintError::TooLarge(_) => Error::field(
            "code",
            "out_of_limits",
            "Dokumen ini terlalu besar untuk PDF; unduh buku kerja (.xlsx).",
            "This document is too large for a PDF; take the workbook (.xlsx).",
        ),
        PrintError::Unknown(_)
        | PrintError::Folder(..)
        | PrintError::Code
        | PrintError::Template(_)
        | PrintError::Failed => Error::internal(error),
    })
}

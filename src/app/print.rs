//! What a caller hears when a document can't be made.

use crate::app::error::Error;
use crate::platform::print::PrintError;

/// Seconds after which a printer that has too much to do is worth another try.
const LATER: u64 = 10;

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

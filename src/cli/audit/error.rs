//! Why an audit command ended without an answer.

use crate::domain::sampling::DrawError;
use crate::domain::statistics::StatisticsError;
use std::io;
use std::path::PathBuf;

/// Why a command ended without an answer.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The numbers make no sense together.
    #[error(transparent)]
    Statistics(#[from] StatisticsError),
    /// There is no draw.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// The file could not be opened or read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line is not UTF-8.
    #[error("line {line} is not UTF-8")]
    NotUtf8 {
        /// Counted from 1.
        line: u64,
    },
    /// A line is empty, so it names no unit.
    #[error("line {line} is empty and names no unit")]
    EmptyLine {
        /// Counted from 1.
        line: u64,
    },
    /// The answer could not be written.
    #[error("the answer could not be written: {0}")]
    Output(#[from] io::Error),
}

//! Turns bytes that a person sent into evidence that is safe to keep: sniffed, bounded, images reborn from pixels.
//! Trusts neither the declared type nor the name, and never runs what it reads.

pub mod document;
pub mod picture;
pub mod reader;

use std::fmt;

/// Most bytes of one file, as sent and as kept.
pub const EVIDENCE_BYTES: usize = 5 * 1024 * 1024;

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EvidenceKind {
    /// A JPEG image.
    Jpeg,
    /// A PNG image.
    Png,
    /// A PDF document.
    Pdf,
}

impl EvidenceKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Pdf];

    /// The media type under which it is stored and served.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
        }
    }

    /// The ending of its name, without a dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }

    /// The inverse of [`EvidenceKind::media_type`].
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == media_type)
    }
}

/// A file that is safe to keep and to hand out as an attachment.
#[derive(Clone, Eq, PartialEq)]
pub struct CleanEvidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// Its bytes, at most [`EVIDENCE_BYTES`].
    pub bytes: Vec<u8>,
    /// SHA-256 of `bytes`.
    pub sha256: [u8; 32],
}

impl fmt::Debug for CleanEvidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "CleanEvidence({}, {} bytes)",
            self.kind.media_type(),
            self.bytes.len()
        )
    }
}

/// Why bytes are not taken as evidence.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum EvidenceError {
    /// More than [`EVIDENCE_BYTES`].
    #[error("the file is larger than 5 MB")]
    TooLarge,
    /// No bytes.
    #[error("the file is empty")]
    Empty,
    /// Neither JPEG nor PNG nor PDF.
    #[error("the file is neither JPEG nor PNG nor PDF")]
    UnknownKind,
    /// The file ends before its end, or can't be decoded.
    #[error("the file is cut off or broken")]
    Broken,
    /// More pixels than any phone takes; most likely made to exhaust memory.
    #[error("the image has too many pixels")]
    TooManyPixels,
    /// A PDF that is another format too, so that what is checked is not what is opened.
    #[error("the file is two formats at once")]
    Polyglot,
    /// A PDF that carries a script, a program to launch, or files inside.
    #[error("the document carries active content")]
    ActiveContent,
    /// As many images as memory allows are being read; to be tried again.
    #[error("too many files are being read")]
    Busy,
}

impl EvidenceError {
    /// The stable code of the refusal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::Empty => "empty",
            Self::UnknownKind => "unsupported_media_type",
            Self::Broken => "broken",
            Self::TooManyPixels => "too_many_pixels",
            Self::Polyglot => "polyglot",
            Self::ActiveContent => "active_content",
            Self::Busy => "busy",
        }
    }
}

/// Whether `wanted` occurs anywhere in `bytes`.
fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

//! `dispatch.json`: of which batch a dispatch is, and what opens it.

use crate::domain::agency_code::AgencyCode;
use crate::domain::batch::row_tree::RowSecret;
use crate::domain::canonical;
use crate::domain::canonical::CanonicalError;
use crate::domain::digest::Digest;
use crate::domain::dispatch::FORMAT;
use crate::domain::dispatch::{Check, Refusal};
use crate::domain::ids::BatchId;
use serde::{Deserialize, Serialize};

/// The head of a dispatch.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// The agency's code.
    pub agency: AgencyCode,
    /// The batch.
    pub batch_id: BatchId,
    /// SHA-256 of `manifest.json`.
    pub manifest_sha256: Digest,
    /// The key that positions are sealed to, as [`super::openings_key::OpeningsKey`] is written.
    pub openings_key: String,
    /// What the salts of the rows' tree are made from (`export-format.md`, section 7).
    pub rows_secret: RowSecret,
}

impl Header {
    /// The canonical text.
    pub fn print(&self) -> Result<String, CanonicalError> {
        canonical::to_string(self)
    }

    /// Reads a head; another version is refused, whatever else it says.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let header: Self = canonical::from_str(text)
            .map_err(|error| Refusal::new(Check::Format, format!("dispatch.json: {error}")))?;
        if header.format == FORMAT {
            Ok(header)
        } else {
            Err(Refusal::new(Check::Format, format!("dispatch.json is not of {FORMAT}")))
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::batch::commitment::BatchKey;

    pub(crate) fn header() -> Header {
        let batch_id = BatchId::new(uuid::Uuid::from_u128(1));
        Header {
            format: FORMAT.to_owned(),
            agency: AgencyCode::parse("1.01").unwrap(),
            batch_id,
            manifest_sha256: Digest::of(b"manifest"),
            openings_key: "bkd.example/openings+00000000+AA==".to_owned(),
            rows_secret: RowSecret::of(&BatchKey::derive(&[7; 32]), batch_id),
        }
    }

    #[test]
    fn a_head_reads_back_in_one_spelling() {
        let text = header().print().unwrap();
        assert_eq!(Header::parse(&text), Ok(header()));
        for other in [
            text.replace("sherlok-dispatch/1", "sherlok-dispatch/2"),
            text.replace("\"agency\"", "\"agency2\""),
            text.replacen(':', ": ", 1),
            format!("{text}\n"),
            String::new(),
        ] {
            assert_eq!(Header::parse(&other).unwrap_err().check, Check::Format, "{other}");
        }
    }
}

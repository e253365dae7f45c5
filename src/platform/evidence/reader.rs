//! The one door through which sent files come in, with room for a few at a time.

use super::document::check_pdf;
use super::picture::{clean_jpeg, clean_png};
use super::{CleanEvidence, EVIDENCE_BYTES, EvidenceError, EvidenceKind};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The one place where sent files are read.
///
/// Bounds how many are decoded at once, since each may take hundreds of
/// megabytes; over that it answers [`EvidenceError::Busy`] at once instead of holding a thread.
#[derive(Debug)]
pub struct EvidenceReader {
    running: AtomicUsize,
    parallel: usize,
}

impl EvidenceReader {
    /// A reader that decodes up to `parallel` files at once, at least one.
    pub fn new(parallel: usize) -> Self {
        Self {
            running: AtomicUsize::new(0),
            parallel: parallel.max(1),
        }
    }

    /// Reads and cleans `bytes`. Takes up to seconds for a large photo: to be called on a blocking thread.
    ///
    /// Images come back upright, without metadata, at most 3,000 pixels on a side. Documents come back as they came.
    pub fn clean(&self, bytes: &[u8]) -> Result<CleanEvidence, EvidenceError> {
        let kind = sniff(bytes)?;
        let _place = self.take_place().ok_or(EvidenceError::Busy)?;
        let (kind, bytes) = match kind {
            EvidenceKind::Jpeg => clean_jpeg(bytes)?,
            EvidenceKind::Png => clean_png(bytes)?,
            EvidenceKind::Pdf => {
                check_pdf(bytes)?;
                (EvidenceKind::Pdf, bytes.to_vec())
            }
        };
        if bytes.len() > EVIDENCE_BYTES {
            return Err(EvidenceError::TooLarge);
        }
        let sha256 = Sha256::digest(&bytes).into();
        Ok(CleanEvidence { kind, bytes, sha256 })
    }

    fn take_place(&self) -> Option<Place<'_>> {
        // The place is made first, so that its drop gives it back when there was no room.
        let place = Place(self);
        let before = self.running.fetch_add(1, Ordering::AcqRel);
        (before < self.parallel).then_some(place)
    }
}

struct Place<'a>(&'a EvidenceReader);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::AcqRel);
    }
}

fn sniff(bytes: &[u8]) -> Result<EvidenceKind, EvidenceError> {
    if bytes.is_empty() {
        return Err(EvidenceError::Empty);
    }
    if bytes.len() > EVIDENCE_BYTES {
        return Err(EvidenceError::TooLarge);
    }
    let kind = infer::get(bytes).ok_or(EvidenceError::UnknownKind)?;
    EvidenceKind::from_media_type(kind.mime_type()).ok_or(EvidenceError::UnknownKind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader() -> EvidenceReader {
        EvidenceReader::new(1)
    }

    fn refused(bytes: &[u8]) -> EvidenceError {
        reader().clean(bytes).unwrap_err()
    }

    fn pdf(inside: &str) -> Vec<u8> {
        format!("%PDF-1.4\n1 0 obj\n<< /Type /Catalog {inside} >>\nendobj\nxref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n")
            .into_bytes()
    }

    #[test]
    fn only_jpeg_png_and_pdf_are_evidence() {
        assert_eq!(refused(b""), EvidenceError::Empty);
        for wrong in [
            b"<html><body>".as_slice(),
            b"GIF89a\x01\0\x01\0\0\0\0;",
            b"PK\x03\x04aaaaaaaa",
            b"just words",
            b"MZ\x90\0",
        ] {
            assert_eq!(refused(wrong), EvidenceError::UnknownKind);
        }
    }

    #[test]
    fn five_megabytes_are_the_edge() {
        let mut sent = pdf("");
        let missing = EVIDENCE_BYTES - sent.len();
        sent.splice(9..9, std::iter::repeat_n(b'%', missing));
        assert_eq!(sent.len(), EVIDENCE_BYTES);
        assert!(reader().clean(&sent).is_ok());
        sent.insert(9, b'%');
        assert_eq!(refused(&sent), EvidenceError::TooLarge);
    }

    #[test]
    fn a_plain_document_is_kept_as_it_is() {
        let sent = pdf("/Pages 2 0 R");
        let kept = reader().clean(&sent).unwrap();
        assert_eq!((kept.kind, &kept.bytes), (EvidenceKind::Pdf, &sent));
        assert_eq!(kept.sha256, <[u8; 32]>::from(Sha256::digest(&sent)));
        assert_eq!(
            format!("{kept:?}"),
            format!("CleanEvidence(application/pdf, {} bytes)", sent.len())
        );
    }

    #[test]
    fn over_its_bound_the_reader_says_busy_and_frees_its_places() {
        let reader = reader();
        let place = reader.take_place().unwrap();
        assert_eq!(reader.clean(&pdf("")).unwrap_err(), EvidenceError::Busy);
        drop(place);
        assert!(reader.clean(&pdf("")).is_ok());
        assert_eq!(reader.clean(b"\xff\xd8\xff\xe0").unwrap_err(), EvidenceError::Broken);
        assert!(reader.clean(&pdf("")).is_ok());
    }
}

//! Documents, which are kept byte for byte and therefore only taken when they are plain.

use super::{EvidenceError, holds};

/// Bytes at the end of a PDF within which a reader looks for `%%EOF` (ISO 32000-1, annex H.3).
const PDF_TAIL: usize = 1_024;
/// Furthest that the end record of a ZIP archive may lie from the file's end: its comment has 16 bits of length.
const ZIP_TAIL: usize = 65_557;

/// Passes a document that begins and ends as one, is nothing else besides, and carries nothing that acts by itself.
///
/// A barrier against the careless, not a proof: content inside compressed objects is not opened here, which is why
/// documents are only ever served as attachments.
pub fn check_pdf(bytes: &[u8]) -> Result<(), EvidenceError> {
    if !bytes.starts_with(b"%PDF-") {
        return Err(EvidenceError::Polyglot);
    }
    let tail = |length: usize| bytes.get(bytes.len().saturating_sub(length)..).unwrap_or_default();
    if !holds(tail(PDF_TAIL), b"%%EOF") || !holds(tail(2 * PDF_TAIL), b"startxref") {
        return Err(EvidenceError::Broken);
    }
    if holds(tail(ZIP_TAIL), b"PK\x05\x06") {
        return Err(EvidenceError::Polyglot);
    }
    let lower = bytes
        .get(..PDF_TAIL.min(bytes.len()))
        .unwrap_or_default()
        .to_ascii_lowercase();
    if [b"<html".as_slice(), b"<script", b"<!doctype", b"<?php"]
        .iter()
        .any(|mark| holds(&lower, mark))
    {
        return Err(EvidenceError::Polyglot);
    }
    let plain = plain_names(bytes);
    let active = [b"/JavaScript".as_slice(), b"/Launch", b"/EmbeddedFile", b"/RichMedia"];
    if active.iter().any(|name| holds(&plain, name)) {
        return Err(EvidenceError::ActiveContent);
    }
    Ok(())
}

/// The bytes with `#4a` escapes of names resolved (ISO 32000-1, 7.3.5), so that a name can't hide behind them.
fn plain_names(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| {
        byte.and_then(|byte| char::from(*byte).to_digit(16))
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if let (b'#', Some(high), Some(low)) = (byte, digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            plain.push(high * 16 + low);
            at += 3;
        } else {
            plain.push(*byte);
            at += 1;
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> EvidenceError {
        check_pdf(bytes).unwrap_err()
    }

    fn pdf(inside: &str) -> Vec<u8> {
        format!("%PDF-1.4\n1 0 obj\n<< /Type /Catalog {inside} >>\nendobj\nxref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n")
            .into_bytes()
    }

    #[test]
    fn a_document_that_acts_is_refused_however_its_names_are_spelled() {
        for inside in [
            "/OpenAction << /S /JavaScript >>",
            "/S /Java#53cript",
            "/S /#4caunch",
            "/EmbeddedFiles 3 0 R",
        ] {
            assert_eq!(refused(&pdf(inside)), EvidenceError::ActiveContent, "{inside}");
        }
    }

    #[test]
    fn a_document_that_is_another_format_too_is_refused() {
        let zip = [pdf("").as_slice(), b"PK\x05\x06", &[0; 18]].concat();
        assert_eq!(refused(&zip), EvidenceError::Polyglot);
        let late = [b"GARBAGE\n".as_slice(), &pdf("")].concat();
        assert_eq!(refused(&late), EvidenceError::Polyglot);
        assert_eq!(refused(&pdf("<ScRipt>alert(1)</script>")), EvidenceError::Polyglot);
    }

    #[test]
    fn a_document_without_its_end_is_broken() {
        let pdf = pdf("");
        assert_eq!(check_pdf(&pdf), Ok(()));
        assert_eq!(refused(&pdf[..pdf.len() - 10]), EvidenceError::Broken);
        assert_eq!(refused(&pdf[..5]), EvidenceError::Broken);
    }
}

//! What all texts of the log are made of, read strictly: lines, decimal numbers, base64.

use crate::domain::digest::Digest;
use crate::domain::log::tree::MAX_SIZE;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A decimal number up to [`MAX_SIZE`], in ASCII digits without leading zeros.
pub(super) fn number(text: &str) -> Option<u64> {
    let is_canonical = text == "0" || !text.starts_with('0');
    if !is_canonical || text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|number| *number <= MAX_SIZE)
}

/// Padded standard base64 (RFC 4648, section 4) with nothing before, between or after, and no set trailing bits.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Writes what [`base64()`] reads.
pub(super) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Lines of one hash each, at most `most`.
pub(super) fn hashes<'t>(lines: impl Iterator<Item = &'t str>, most: usize) -> Option<Vec<Digest>> {
    let mut hashes = Vec::new();
    for line in lines {
        if hashes.len() == most {
            return None;
        }
        hashes.push(Digest::from_base64(line)?);
    }
    Some(hashes)
}

/// Cuts `bytes` after the first empty line: the lines before it, and the rest behind it. `None` where there is no
/// empty line, or what comes before it is not UTF-8.
pub(super) fn head(bytes: &[u8]) -> Option<(Vec<&str>, &[u8])> {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n")?;
    let (head, rest) = bytes.split_at_checked(end)?;
    let lines = str::from_utf8(head).ok()?.split('\n').collect();
    Some((lines, rest.get(2..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!(number("0"), Some(0));
        assert_eq!(number("20852163"), Some(20_852_163));
        assert_eq!(number("9223372036854775807"), Some(MAX_SIZE));
        for wrong in [
            "",
            "00",
            "01",
            "+1",
            "-0",
            " 1",
            "1 ",
            "1_0",
            "0x1",
            "٣",
            "9223372036854775808",
            "18446744073709551616",
        ] {
            assert_eq!(number(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn base64_has_one_spelling() {
        assert_eq!(base64("AQ=="), Some(vec![1]));
        for wrong in ["AQ", "AQ=", "AR==", "AQ==\n", "A Q=="] {
            assert_eq!(base64(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_head_ends_at_the_first_empty_line() {
        assert_eq!(head(b"a\nb\n\nc\n\nd"), Some((vec!["a", "b"], &b"c\n\nd"[..])));
        assert_eq!(head(b"a\nb\n"), None);
        assert_eq!(head(b"\xff\n\n"), None);
    }
}

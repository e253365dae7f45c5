//! Signed notes (C2SP signed-note): a text and under it the lines of those who signed it.

use crate::domain::log::cosignature;
use crate::domain::log::key::{self, KeyId, KeyType, SigningKey, VerifyingKey};
use crate::domain::log::line;
use std::fmt;

/// Longest note, in bytes: sixteen signatures of the largest assigned kind fit in.
pub const MAX_BYTES: usize = 256 * 1024;

/// Most signature lines of a note.
pub const MAX_SIGNATURES: usize = 64;

/// What a signature line begins with: an em dash and a space.
const LINE_START: &str = "\u{2014} ";

/// Why bytes are no note, or a note is not believed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NoteError {
    /// Longer than [`MAX_BYTES`].
    #[error("the note is longer than 262144 bytes")]
    TooLong,
    /// Not UTF-8.
    #[error("the note is not UTF-8")]
    Utf8,
    /// A control character other than the newline.
    #[error("the note has a control character")]
    Control,
    /// No text that ends in a newline, empty line, and signature lines that end in one.
    #[error("the note is not a text, an empty line and signature lines")]
    Form,
    /// More than [`MAX_SIGNATURES`].
    #[error("the note has more than 64 signatures")]
    TooMany,
    /// Not an em dash, a name and base64 of more than four bytes.
    #[error("signature line {line} is malformed")]
    Line {
        /// Counted from 1.
        line: usize,
    },
    /// A known key's line, but not its signature of this text.
    #[error("the signature of the known key {name} is wrong")]
    BadSignature {
        /// The key's name.
        name: String,
    },
    /// No known key has signed.
    #[error("no known key has signed the note")]
    Unsigned,
}

/// One signature line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignatureLine {
    name: String,
    id: KeyId,
    signature: Vec<u8>,
}

impl SignatureLine {
    /// The line of a key with its signature of the type's own form.
    pub(super) fn new(key: &VerifyingKey, signature: &[u8]) -> Self {
        Self {
            name: key.name().to_owned(),
            id: key.id(),
            signature: signature.to_vec(),
        }
    }

    /// Reads a line without its newline.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, encoded) = text.strip_prefix(LINE_START)?.split_once(' ')?;
        let bytes = line::base64(encoded)?;
        let (id, signature) = bytes.split_at_checked(4)?;
        if !key::is_name(name) || signature.is_empty() {
            return None;
        }
        Some(Self {
            name: name.to_owned(),
            id: KeyId(id.try_into().ok()?),
            signature: signature.to_vec(),
        })
    }

    /// The name of the key that the line says has signed.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The id of that key.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// Whether the line says that this key has signed.
    pub fn names(&self, key: &VerifyingKey) -> bool {
        self.id == key.id() && self.name == key.name()
    }

    /// What the key has signed, if it is its signature of this text.
    fn check(&self, text: &str, key: &VerifyingKey) -> Option<Signed> {
        match key.key_type() {
            KeyType::Note => {
                let signature = self.signature.as_slice().try_into().ok()?;
                key.has_signed(text.as_bytes(), signature).then_some(Signed::Text)
            }
            KeyType::Cosignature => cosignature::check(text, key, &self.signature).map(Signed::At),
        }
    }
}

impl fmt::Display for SignatureLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.id.0.as_slice(), &self.signature].concat();
        write!(formatter, "{LINE_START}{} {}", self.name, line::to_base64(&bytes))
    }
}

/// What a verified signature says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Signed {
    /// The key signed the text (type 0x01).
    Text,
    /// The key had seen the checkpoint at this time, in Unix seconds (type 0x04).
    At(u64),
}

/// A text with signature lines. Nothing of it is to be believed before [`Note::verify`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Note {
    text: String,
    signatures: Vec<SignatureLine>,
}

impl Note {
    /// Reads a note.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        if bytes.len() > MAX_BYTES {
            return Err(NoteError::TooLong);
        }
        let whole = str::from_utf8(bytes).ok().ok_or(NoteError::Utf8)?;
        // The last empty line parts the text from the signatures.
        let end = whole.rfind("\n\n").ok_or(NoteError::Form)?;
        let (text, rest) = whole.split_at_checked(end + 1).ok_or(NoteError::Form)?;
        check_text(text)?;
        let lines = rest
            .strip_prefix('\n')
            .and_then(|rest| rest.strip_suffix('\n'))
            .ok_or(NoteError::Form)?;
        if lines.split('\n').count() > MAX_SIGNATURES {
            return Err(NoteError::TooMany);
        }
        let signatures = lines
            .split('\n')
            .enumerate()
            .map(|(index, line)| SignatureLine::parse(line).ok_or(NoteError::Line { line: index + 1 }))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            text: text.to_owned(),
            signatures,
        })
    }

    /// A note of this text, signed by a key of type 0x01. A cosignature joins by [`Note::add`].
    pub fn sign(text: &str, key: &SigningKey) -> Result<Self, NoteError> {
        check_text(text)?;
        let line = SignatureLine::new(key.verifying_key(), &key.sign(text.as_bytes()));
        let mut note = Self {
            text: text.to_owned(),
            signatures: Vec::new(),
        };
        note.add(line)?;
        Ok(note)
    }

    /// Adds a line, at the end. A line that is there already is not added again.
    pub fn add(&mut self, line: SignatureLine) -> Result<(), NoteError> {
        if self.signatures.contains(&line) {
            return Ok(());
        }
        if self.signatures.len() >= MAX_SIGNATURES {
            return Err(NoteError::TooMany);
        }
        if self.to_string().len() + line.to_string().len() + 1 > MAX_BYTES {
            return Err(NoteError::TooLong);
        }
        self.signatures.push(line);
        Ok(())
    }

    /// The text, with its last newline.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, believed or not.
    pub fn signatures(&self) -> &[SignatureLine] {
        &self.signatures
    }

    /// Checks the lines of all known keys: their keys with what they signed, in the order of the lines.
    ///
    /// Lines of other keys are passed over. A wrong signature of a known key is an error, and so is a note that no
    /// known key has signed.
    pub fn verify<'k>(&self, known: &[&'k VerifyingKey]) -> Result<Vec<(&'k VerifyingKey, Signed)>, NoteError> {
        let mut verified = Vec::new();
        for line in &self.signatures {
            let mut named = known.iter().copied().filter(|key| line.names(key)).peekable();
            if named.peek().is_none() {
                continue;
            }
            // Two known keys may share name and id; the line is one of theirs.
            let signed = named.find_map(|key| Some((key, line.check(&self.text, key)?)));
            verified.push(signed.ok_or_else(|| NoteError::BadSignature {
                name: line.name.clone(),
            })?);
        }
        if verified.is_empty() {
            return Err(NoteError::Unsigned);
        }
        Ok(verified)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|line| writeln!(formatter, "{line}"))
    }
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if text.bytes().any(|byte| byte < b' ' && byte != b'\n') {
        return Err(NoteError::Control);
    }
    if text.ends_with('\n') {
        Ok(())
    } else {
        Err(NoteError::Form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text, signature and key of C2SP signed-note, section "Verifier keys".
    const EXAMPLE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    const EXAMPLE_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    /// Text, signature and keys in the tests of golang.org/x/mod/sumdb/note (`note_test.go`).
    const GO: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    const GO_SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

    fn key(text: &str) -> VerifyingKey {
        text.parse().unwrap()
    }

    fn parsed(text: &str) -> Result<Note, NoteError> {
        Note::parse(text.as_bytes())
    }

    #[test]
    fn published_notes_are_read_verified_and_written_back() {
        let note = parsed(EXAMPLE).unwrap();
        let example = key(EXAMPLE_KEY);
        assert_eq!(note.text(), "This is an example message.\n");
        assert_eq!(note.verify(&[&example]), Ok(vec![(&example, Signed::Text)]));
        assert_eq!(note.to_string(), EXAMPLE);
        let secret = SigningKey::from_secret_text(GO_SECRET).unwrap();
        let note = parsed(GO).unwrap();
        assert!(note.verify(&[secret.verifying_key()]).is_ok());
        assert_eq!(Note::sign(note.text(), &secret), Ok(note));
    }

    #[test]
    fn a_text_may_have_empty_lines_and_lines_like_signatures() {
        let secret = SigningKey::from_secret_text(GO_SECRET).unwrap();
        for text in ["\n", "\n\n", "a\n\nb\n", "a\n\n\u{2014} PeterNeumann AAAAAAA=\n"] {
            let note = Note::sign(text, &secret).unwrap();
            assert_eq!(parsed(&note.to_string()).as_ref(), Ok(&note), "{text:?}");
            assert!(note.verify(&[secret.verifying_key()]).is_ok());
        }
        assert_eq!(Note::sign("a", &secret), Err(NoteError::Form));
        assert_eq!(Note::sign("", &secret), Err(NoteError::Form));
        assert_eq!(Note::sign("a\t\n", &secret), Err(NoteError::Control));
    }

    #[test]
    fn every_changed_byte_of_a_note_is_found() {
        let example = key(EXAMPLE_KEY);
        for place in 0..EXAMPLE.len() {
            for change in 1..=u8::MAX {
                let mut bytes = EXAMPLE.as_bytes().to_vec();
                bytes[place] ^= change;
                let believed = Note::parse(&bytes).and_then(|note| note.verify(&[&example]).map(|_| ()));
                assert!(believed.is_err(), "byte {place} changed by {change}");
            }
        }
        for end in 0..EXAMPLE.len() {
            assert!(Note::parse(&EXAMPLE.as_bytes()[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_note_is_named() {
        let line = "\u{2014} a AAAAAAA=\n";
        for (text, error) in [
            ("", NoteError::Form),
            ("text\n", NoteError::Form),
            ("text\n\n", NoteError::Form),
            (&format!("\n{line}"), NoteError::Form),
            (&format!("text\n{line}"), NoteError::Form),
            (&format!("te\rxt\n\n{line}"), NoteError::Control),
            (&format!("text\n\n{line}x"), NoteError::Form),
            (&format!("text\n\n{line}x\n"), NoteError::Line { line: 2 }),
            (
                &format!("text\n\n{}", line.replace('\u{2014}', "-")),
                NoteError::Line { line: 1 },
            ),
            (
                &format!("text\n\n{}", line.replace(" a ", " a  ")),
                NoteError::Line { line: 1 },
            ),
            (
                &format!("text\n\n{}", line.replace(" a ", " a+b ")),
                NoteError::Line { line: 1 },
            ),
            (
                &format!("text\n\n{}", line.replace("AAAAAAA=", "AAAAAA==")),
                NoteError::Line { line: 1 },
            ),
            (
                &format!("text\n\n{}", line.replace("AAAAAAA=", "AAAAAAB=")),
                NoteError::Line { line: 1 },
            ),
            (
                &format!("text\n\n{}", line.replace('\n', "\r\n")),
                NoteError::Line { line: 1 },
            ),
            (&format!("text\n\n{}", line.repeat(65)), NoteError::TooMany),
            (&format!("{}\n\n{line}", "x".repeat(MAX_BYTES)), NoteError::TooLong),
        ] {
            assert_eq!(parsed(text), Err(error), "{:?}", text.get(..80).unwrap_or(text));
        }
        assert_eq!(Note::parse(b"\xff\n\n"), Err(NoteError::Utf8));
        assert!(parsed(&format!("text\n\n{}", line.repeat(64))).is_ok());
    }

    #[test]
    fn unknown_signers_are_passed_over_and_a_known_one_must_be_right() {
        let secret = SigningKey::from_secret_text(GO_SECRET).unwrap();
        let other = SigningKey::from_seed("PeterNeumann", KeyType::Note, &[1; 32]).unwrap();
        let mut note = Note::sign("text\n", &other).unwrap();
        assert_eq!(note.verify(&[secret.verifying_key()]), Err(NoteError::Unsigned));
        assert_eq!(note.verify(&[]), Err(NoteError::Unsigned));
        note.add(SignatureLine::new(secret.verifying_key(), &secret.sign(b"text\n")))
            .unwrap();
        assert_eq!(note.verify(&[secret.verifying_key()]).unwrap().len(), 1);
        assert_eq!(
            note.verify(&[secret.verifying_key(), other.verifying_key()])
                .unwrap()
                .len(),
            2
        );
        note.add(SignatureLine::new(secret.verifying_key(), &secret.sign(b"other\n")))
            .unwrap();
        let wrong = NoteError::BadSignature {
            name: "PeterNeumann".to_owned(),
        };
        assert_eq!(note.verify(&[secret.verifying_key()]), Err(wrong));
        assert_eq!(note.verify(&[other.verifying_key()]).unwrap().len(), 1);
    }

    #[test]
    fn a_line_is_added_once_and_only_while_there_is_room() {
        let secret = SigningKey::from_secret_text(GO_SECRET).unwrap();
        let mut note = Note::sign("text\n", &secret).unwrap();
        let first = note.signatures()[0].clone();
        note.add(first).unwrap();
        assert_eq!(note.signatures().len(), 1);
        for count in 1..=MAX_SIGNATURES {
            let line = SignatureLine::new(secret.verifying_key(), count.to_string().as_bytes());
            let added = note.add(line);
            assert_eq!(added.is_ok(), count < MAX_SIGNATURES);
        }
        let long = SignatureLine::new(secret.verifying_key(), &vec![0; MAX_BYTES]);
        assert_eq!(
            Note::sign("text\n", &secret).unwrap().add(long),
            Err(NoteError::TooLong)
        );
    }
}

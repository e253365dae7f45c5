//! Checkpoints (C2SP tlog-checkpoint): how large a log is and which root it has, signed by the log.

use crate::domain::digest::Digest;
use crate::domain::log::consistency::Head;
use crate::domain::log::key::SigningKey;
use crate::domain::log::line;
use crate::domain::log::note::{Note, NoteError, SignatureLine};
use crate::domain::log::tree::MAX_SIZE;
use std::fmt;

/// Why a text is no checkpoint.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it is malformed.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Fewer than three lines, an empty line, or no newline at the end.
    #[error("the checkpoint is not origin, size and root on a line each")]
    Form,
    /// The origin is empty or has a control character.
    #[error("the origin of the checkpoint is empty or has a control character")]
    Origin,
    /// Not a decimal number below 2^63 without leading zeros.
    #[error("the size of the checkpoint is not a plain number below 2^63")]
    Size,
    /// Not base64 of 32 bytes.
    #[error("the root of the checkpoint is not base64 of 32 bytes")]
    Root,
    /// An extension line is empty or has a control character.
    #[error("an extension line of the checkpoint is empty or has a control character")]
    Extension,
}

/// The body of a checkpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Checkpoint {
    origin: String,
    head: Head,
    extensions: Vec<String>,
}

fn is_line(text: &str) -> bool {
    !text.is_empty() && !text.bytes().any(|byte| byte < b' ')
}

impl Checkpoint {
    /// The checkpoint of a log's tree, without extension lines.
    pub fn new(origin: &str, size: u64, root: Digest) -> Result<Self, CheckpointError> {
        if !is_line(origin) {
            return Err(CheckpointError::Origin);
        }
        if size > MAX_SIZE {
            return Err(CheckpointError::Size);
        }
        Ok(Self {
            origin: origin.to_owned(),
            head: Head { size, root },
            extensions: Vec::new(),
        })
    }

    /// Reads the text of a note.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.strip_suffix('\n').ok_or(CheckpointError::Form)?.split('\n');
        let mut next = || lines.next().ok_or(CheckpointError::Form);
        let (origin, size, root) = (next()?, next()?, next()?);
        if !is_line(origin) {
            return Err(CheckpointError::Origin);
        }
        let size = line::number(size).ok_or(CheckpointError::Size)?;
        let root = Digest::from_base64(root).ok_or(CheckpointError::Root)?;
        let mut checkpoint = Self::new(origin, size, root)?;
        for extension in lines {
            if !is_line(extension) {
                return Err(CheckpointError::Extension);
            }
            checkpoint.extensions.push(extension.to_owned());
        }
        Ok(checkpoint)
    }

    /// Which log it is of.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Size and root of the tree.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// Leaves in the tree.
    pub const fn size(&self) -> u64 {
        self.head.size
    }

    /// The root of the tree.
    pub const fn root(&self) -> &Digest {
        &self.head.root
    }

    /// Lines after the third. Signed, but nothing here reads them.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Head { size, root } = &self.head;
        writeln!(formatter, "{}\n{size}\n{}", self.origin, root.to_base64())?;
        self.extensions
            .iter()
            .try_for_each(|line| writeln!(formatter, "{line}"))
    }
}

/// A checkpoint with the note that carries it. Signatures are checked by whoever knows the keys.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedCheckpoint {
    note: Note,
    checkpoint: Checkpoint,
}

impl SignedCheckpoint {
    /// Reads a note with a checkpoint as its text.
    pub fn parse(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let note = Note::parse(bytes)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(Self { note, checkpoint })
    }

    /// Signs a checkpoint with the log's key, of type 0x01.
    pub fn sign(checkpoint: Checkpoint, key: &SigningKey) -> Result<Self, CheckpointError> {
        let note = Note::sign(&checkpoint.to_string(), key)?;
        Ok(Self { note, checkpoint })
    }

    /// Adds a line, such as a cosignature.
    pub fn add(&mut self, line: SignatureLine) -> Result<(), NoteError> {
        self.note.add(line)
    }

    /// The note, with the lines of all who signed.
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// What the note says.
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(formatter)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::log::key::VerifyingKey;
    use crate::domain::log::note::Signed;

    /// The example of C2SP tlog-checkpoint and tlog-cosignature, with both signatures.
    pub(in crate::domain::log) const EXAMPLE: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

    const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    #[test]
    fn the_published_example_is_read_and_written_back() {
        let signed = SignedCheckpoint::parse(EXAMPLE.as_bytes()).unwrap();
        assert_eq!(signed.checkpoint().origin(), "example.com/behind-the-sofa");
        assert_eq!(signed.checkpoint().size(), 20_852_163);
        assert_eq!(signed.checkpoint().root().to_base64(), ROOT);
        assert_eq!(signed.checkpoint().extensions(), [""; 0]);
        assert_eq!(signed.to_string(), EXAMPLE);
    }

    #[test]
    fn checkpoints_of_the_go_checksum_database_verify_under_its_pinned_key() {
        // Signed by sum.golang.org in service; the first is quoted in transparency-dev/tessera, internal/parse.
        let key: VerifyingKey = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
            .parse()
            .unwrap();
        for (size, root, line) in [
            (
                31_700_353,
                "qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=",
                "Az3grnmrIUEDFqHzAElIQCPNoRFRAAdFo47fooyWKMHb89k11GJh5zHIfNCOBmwn/C3YI8oW9/C8DJ87F61QqspBYwM=",
            ),
            (
                65_209_736,
                "5+uGFjx6xBZG8ip1+wi77v+grwbhhukIrxEUS8PXvRo=",
                "Az3grnbssgK7ubgFX36gVETtNv0U23qxyAhAMai2QUfeGa3nB/akvkMdlUErfcZz7l/R3cVtYspg3dxXABkGZZKdsQ8=",
            ),
        ] {
            let text = format!("go.sum database tree\n{size}\n{root}\n\n\u{2014} sum.golang.org {line}\n");
            let signed = SignedCheckpoint::parse(text.as_bytes()).unwrap();
            assert_eq!(signed.checkpoint().size(), size);
            assert_eq!(signed.note().verify(&[&key]), Ok(vec![(&key, Signed::Text)]));
            assert_eq!(signed.to_string(), text);
        }
    }

    #[test]
    fn what_is_wrong_with_a_checkpoint_is_named() {
        for (text, error) in [
            (format!("o\n1\n{ROOT}"), CheckpointError::Form),
            ("o\n1\n".to_owned(), CheckpointError::Form),
            (String::new(), CheckpointError::Form),
            (format!("\n1\n{ROOT}\n"), CheckpointError::Origin),
            (format!("a\tb\n1\n{ROOT}\n"), CheckpointError::Origin),
            (format!("o\n01\n{ROOT}\n"), CheckpointError::Size),
            (format!("o\n\n{ROOT}\n"), CheckpointError::Size),
            (format!("o\n1 \n{ROOT}\n"), CheckpointError::Size),
            (format!("o\n9223372036854775808\n{ROOT}\n"), CheckpointError::Size),
            (format!("o\n1\n{ROOT} \n"), CheckpointError::Root),
            (format!("o\n1\n{}\n", ROOT.replace("CsUY", "")), CheckpointError::Root),
            (format!("o\n1\n{}\n", ROOT.replace("2I=", "2J=")), CheckpointError::Root),
            (format!("o\n1\n{ROOT}\n\n"), CheckpointError::Extension),
            (format!("o\n1\n{ROOT}\nx\n\ny\n"), CheckpointError::Extension),
            (format!("o\n1\n{ROOT}\nx\r\n"), CheckpointError::Extension),
        ] {
            assert_eq!(Checkpoint::parse(&text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn extension_lines_are_kept() {
        let text = format!("o with spaces\n0\n{ROOT}\nsome line\nanother\n");
        let checkpoint = Checkpoint::parse(&text).unwrap();
        assert_eq!(checkpoint.extensions(), ["some line", "another"]);
        assert_eq!(checkpoint.to_string(), text);
    }
}

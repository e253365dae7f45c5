//! A file of which parts are read, one piece at a time.

use std::fs::File;
use std::io;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// An open file as it was when it was opened.
#[derive(Debug)]
pub struct LargeFile {
    file: File,
    length: u64,
    modified_nanos: u128,
}

impl LargeFile {
    /// Opens a file; none where there is no such file.
    pub fn open(path: &Path) -> io::Result<Option<Self>> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let facts = file.metadata()?;
        let since = facts.modified()?.duration_since(UNIX_EPOCH);
        Ok(facts.is_file().then(|| Self {
            length: facts.len(),
            modified_nanos: since.map_or(0, |since| since.as_nanos()),
            file,
        }))
    }

    /// Bytes in the file.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// A strong entity tag: another content has another one, as far as length and time of change tell.
    pub fn tag(&self) -> String {
        format!("\"{:x}-{:x}\"", self.length, self.modified_nanos)
    }

    /// Reads so many bytes from an offset on; fewer are an error.
    pub fn read_at(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_and_what_is_missing_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("x");
        assert!(LargeFile::open(&path).unwrap().is_none());
        assert!(
            LargeFile::open(directory.path()).unwrap().is_none(),
            "a folder is no file"
        );
        std::fs::write(&path, "0123456789").unwrap();
        let file = LargeFile::open(&path).unwrap().unwrap();
        assert_eq!(file.length(), 10);
        assert_eq!(file.read_at(3, 4).unwrap(), b"3456");
        assert_eq!(file.read_at(0, 10).unwrap(), b"0123456789");
        assert!(file.read_at(8, 3).is_err());
        std::fs::write(&path, "01234567890").unwrap();
        let longer = LargeFile::open(&path).unwrap().unwrap();
        assert_ne!(file.tag(), longer.tag());
    }
}

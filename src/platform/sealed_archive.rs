//! An archive on disk that must have certain files and no others, read in their order, within bounds, a line at a time.

use std::fs::File;
use std::io;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use zip::read::ZipFile;
use zip::{CompressionMethod, ZipArchive};

/// Bytes of the end of an archive without a comment.
const END_BYTES: i64 = 22;
/// How that end begins.
const END_MARK: [u8; 4] = [0x50, 0x4b, 0x05, 0x06];

/// An archive whose list of files is the expected one.
pub struct SealedArchive {
    archive: ZipArchive<File>,
}

impl std::fmt::Debug for SealedArchive {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SealedArchive")
    }
}

fn refused(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}

/// What can't be unpacked, or has another checksum.
fn damaged(error: &io::Error) -> io::Error {
    refused(format!("the archive is damaged: {error}"))
}

impl SealedArchive {
    /// Opens an archive. `Err` where it is no ZIP, has bytes before or behind it, names a file twice, lacks one of
    /// `names`, has another, or has them in another order. Nothing is unpacked yet.
    pub fn open(mut file: File, names: &[&str]) -> io::Result<Self> {
        file.seek(SeekFrom::End(-END_BYTES))
            .map_err(|_cause| refused("the file is no ZIP"))?;
        let mut end = [0; 22];
        file.read_exact(&mut end)?;
        // The crate keeps the last of two files of one name; the archive's own number of files tells.
        let (mark, number) = (end.first_chunk::<4>(), end.get(10..12));
        let number = number.and_then(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes);
        if mark != Some(&END_MARK) || number.map(usize::from) != Some(names.len()) {
            return Err(refused("the archive does not have exactly the files of the format"));
        }
        let archive = ZipArchive::new(file).map_err(|error| refused(format!("the file is no ZIP: {error}")))?;
        if archive.len() != names.len() || archive.offset() != 0 {
            return Err(refused("the archive does not have exactly the files of the format"));
        }
        let mut opened = Self { archive };
        for (place, name) in names.iter().enumerate() {
            let file = opened.file(place)?;
            let is_named = file.name().is_ok_and(|found| found == *name);
            let is_plain = matches!(
                file.compression(),
                CompressionMethod::Deflated | CompressionMethod::Stored
            ) && !file.encrypted();
            if !is_named || !is_plain {
                return Err(refused(format!("file {} of the archive is not {name}", place + 1)));
            }
        }
        Ok(opened)
    }

    fn file(&mut self, place: usize) -> io::Result<ZipFile<'_, File>> {
        self.archive
            .by_index(place)
            .map_err(|error| refused(format!("the archive can't be read: {error}")))
    }

    /// The text of the file at a place; more than `most` bytes, or what is not UTF-8, is an error.
    pub fn text(&mut self, place: usize, most: u64) -> io::Result<String> {
        let mut bytes = Vec::new();
        let mut file = self.file(place)?;
        let read = Read::by_ref(&mut file)
            .take(most.saturating_add(1))
            .read_to_end(&mut bytes);
        read.map_err(|error| damaged(&error))?;
        if u64::try_from(bytes.len()).map_or(true, |length| length > most) {
            return Err(refused(format!("file {} of the archive is too large", place + 1)));
        }
        String::from_utf8(bytes).map_err(|_cause| refused(format!("file {} of the archive is not UTF-8", place + 1)))
    }

    /// Gives the lines of the file at a place, each without its line feed, which the last one must have too. More than
    /// `most` bytes, a line of more than `longest`, or what is not UTF-8 is an error.
    pub fn each_line<E: From<io::Error>>(
        &mut self,
        place: usize,
        most: u64,
        longest: usize,
        mut take: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let file = self.file(place)?;
        let mut reader = BufReader::new(file.take(most.saturating_add(1)));
        let mut seen: u64 = 0;
        let mut line = Vec::new();
        let limit = u64::try_from(longest).unwrap_or(u64::MAX).saturating_add(1);
        loop {
            line.clear();
            let read = Read::by_ref(&mut reader).take(limit).read_until(b'\n', &mut line);
            let read = read.map_err(|error| damaged(&error))?;
            if read == 0 {
                return Ok(());
            }
            seen = seen.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
            if seen > most {
                return Err(refused(format!("file {} of the archive is too large", place + 1)).into());
            }
            let text = line.strip_suffix(b"\n").and_then(|line| str::from_utf8(line).ok());
            let text = text.ok_or_else(|| {
                refused(format!(
                    "a line of file {} of the archive is too long, not ended, or not UTF-8",
                    place + 1
                ))
            })?;
            take(text)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::archive::Archive;
    use std::io::Write;

    fn file(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = Archive::new(Vec::new());
        for (name, content) in files {
            archive.file(name, false, |file| file.write_all(content)).unwrap();
        }
        archive.finish().unwrap()
    }

    fn lines(archive: &mut SealedArchive, most: u64, longest: usize) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        archive.each_line(1, most, longest, |line| {
            found.push(line.to_owned());
            Ok::<_, io::Error>(())
        })?;
        Ok(found)
    }

    #[test]
    fn the_expected_files_are_read_within_their_bounds() {
        let bytes = archive(&[("a", b"{}"), ("b", b"one\ntwo\n")]);
        let mut sealed = SealedArchive::open(file(&bytes), &["a", "b"]).unwrap();
        assert_eq!(sealed.text(0, 2).unwrap(), "{}");
        assert!(sealed.text(0, 1).is_err());
        assert_eq!(lines(&mut sealed, 8, 3).unwrap(), ["one", "two"]);
        assert!(lines(&mut sealed, 7, 3).is_err());
        assert!(lines(&mut sealed, 8, 2).is_err());
        let open_end = archive(&[("a", b""), ("b", b"one\ntwo")]);
        let mut sealed = SealedArchive::open(file(&open_end), &["a", "b"]).unwrap();
        assert!(lines(&mut sealed, 8, 3).is_err());
    }

    #[test]
    fn another_list_of_files_is_refused() {
        let bytes = archive(&[("a", b"{}"), ("b", b"x\n")]);
        for names in [&["a"][..], &["b", "a"], &["a", "c"], &["a", "b", "c"]] {
            assert!(SealedArchive::open(file(&bytes), names).is_err(), "{names:?}");
        }
        for length in [0, 10, bytes.len() / 2, bytes.len() - 1] {
            assert!(
                SealedArchive::open(file(&bytes[..length]), &["a", "b"]).is_err(),
                "{length}"
            );
        }
        let before = [b"x".as_slice(), &bytes].concat();
        assert!(SealedArchive::open(file(&before), &["a", "b"]).is_err());
        let behind = [bytes.as_slice(), b"x"].concat();
        assert!(SealedArchive::open(file(&behind), &["a", "b"]).is_err());
    }

    #[test]
    fn two_files_of_one_name_are_refused() {
        // Two names of one length, then the second is made the first in both directories.
        let mut bytes = archive(&[("name-a", b"{}"), ("name-b", b"x\n")]);
        let places: Vec<usize> = (0..bytes.len() - 6)
            .filter(|at| bytes[*at..].starts_with(b"name-b"))
            .collect();
        assert_eq!(places.len(), 2);
        for place in places {
            bytes[place + 5] = b'a';
        }
        for names in [&["name-a", "name-a"][..], &["name-a"], &["name-a", "name-b"]] {
            assert!(SealedArchive::open(file(&bytes), names).is_err(), "{names:?}");
        }
    }

    #[test]
    fn a_changed_byte_of_content_is_found() {
        let bytes = archive(&[("a", b"{}"), ("b", &b"one and two and three\n".repeat(50))]);
        let sound = lines(&mut SealedArchive::open(file(&bytes), &["a", "b"]).unwrap(), 5_000, 100).unwrap();
        for place in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            let Ok(mut sealed) = SealedArchive::open(file(&changed), &["a", "b"]) else {
                continue;
            };
            if let Ok(read) = lines(&mut sealed, 5_000, 100) {
                assert_eq!(read, sound, "byte {place}");
            }
        }
    }
}

//! An archive on disk that must have certain files and no others, read in their order, within bounds, a line at a time.

use std::fs::File;
use std::io;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use zip::read::ZipFile;
use zip::{CompressionMethod, ZipArchive};

/// Bytes of the end of an archive without a comment.
const END_BYTES: u64 = 22;
/// Bytes of a file's entry in the directory, and of its own head, before the name.
const ENTRY_BYTES: usize = 46;
const HEAD_BYTES: usize = 30;
/// How the end, an entry and a head begin.
const END_MARK: u64 = 0x0605_4b50;
const ENTRY_MARK: u64 = 0x0201_4b50;
const HEAD_MARK: u64 = 0x0403_4b50;
/// What a file may say of itself: how well it was deflated, that its sizes stand behind it, that its name is UTF-8.
const KNOWN_FLAGS: u64 = 0x080e;
/// Stored and deflated.
const METHODS: [u64; 2] = [0, 8];

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

/// The number in `bytes` at a place, `length` bytes of it, least significant first.
fn number(bytes: &[u8], at: usize, length: usize) -> io::Result<u64> {
    let piece = bytes.get(at..at.saturating_add(length));
    let piece = piece.ok_or_else(|| refused("the directory of the archive is cut off"))?;
    Ok(piece.iter().rev().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
}

/// So many bytes from a place on.
fn bytes_at(file: &mut File, place: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(place))?;
    Read::by_ref(file).take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What entry and head both say of a file.
#[derive(Eq, PartialEq)]
struct Said {
    flags: u64,
    method: u64,
    name: Vec<u8>,
}

/// Reads flags, method and name where flags stand at `at`, the name's length at `length_at` and the name at `name_at`.
fn said(bytes: &[u8], at: usize, length_at: usize, name_at: usize) -> io::Result<Said> {
    let length = usize::try_from(number(bytes, length_at, 2)?).unwrap_or(usize::MAX);
    let name = bytes.get(name_at..name_at.saturating_add(length));
    Ok(Said {
        flags: number(bytes, at, 2)?,
        method: number(bytes, at.saturating_add(2), 2)?,
        name: name.unwrap_or_default().to_vec(),
    })
}

/// The directory has the files of these names in this order and nothing else, from the first byte of the archive to its
/// last, and each file's own head says the same of it.
fn check_names(file: &mut File, names: &[&str]) -> io::Result<()> {
    let others = || refused("the archive does not have exactly the files of the format");
    let size = file.seek(SeekFrom::End(0))?;
    let end_at = size
        .checked_sub(END_BYTES)
        .ok_or_else(|| refused("the file is no ZIP"))?;
    let end = bytes_at(file, end_at, END_BYTES)?;
    let (length, start) = (number(&end, 12, 4)?, number(&end, 16, 4)?);
    let count = u64::try_from(names.len()).unwrap_or(u64::MAX);
    let is_whole = number(&end, 0, 4)? == END_MARK
        && number(&end, 4, 4)? == 0
        && number(&end, 8, 2)? == count
        && number(&end, 10, 2)? == count
        && number(&end, 20, 2)? == 0
        && start.checked_add(length) == Some(end_at);
    if !is_whole {
        return Err(others());
    }
    let directory = bytes_at(file, start, length)?;
    let mut entry = directory.as_slice();
    for (place, name) in names.iter().enumerate() {
        let told = said(entry, 8, 28, ENTRY_BYTES)?;
        let (extra, comment, disk) = (number(entry, 30, 2)?, number(entry, 32, 2)?, number(entry, 34, 2)?);
        let head_at = number(entry, 42, 4)?;
        let is_sound = number(entry, 0, 4)? == ENTRY_MARK
            && told.name == name.as_bytes()
            && told.flags & !KNOWN_FLAGS == 0
            && METHODS.contains(&told.method)
            && (comment, disk) == (0, 0)
            && (place > 0 || head_at == 0);
        let head_length = u64::try_from(HEAD_BYTES.saturating_add(name.len())).unwrap_or(u64::MAX);
        let head = bytes_at(file, head_at, head_length)?;
        if !is_sound || number(&head, 0, 4)? != HEAD_MARK || said(&head, 6, 26, HEAD_BYTES)? != told {
            return Err(refused(format!("file {} of the archive is not {name}", place + 1)));
        }
        let length = usize::try_from(extra).unwrap_or(usize::MAX);
        let length = length.saturating_add(ENTRY_BYTES).saturating_add(name.len());
        entry = entry.get(length..).ok_or_else(others)?;
    }
    if entry.is_empty() { Ok(()) } else { Err(others()) }
}

impl SealedArchive {
    /// Opens an archive. `Err` where it is no ZIP, has bytes before or behind it, names a file twice, lacks one of
    /// `names`, has another, has them in another order, or where a file says something else of itself than the
    /// directory does. Nothing is unpacked yet.
    pub fn open(mut file: File, names: &[&str]) -> io::Result<Self> {
        // The crate keeps the last of two files of one name, and believes the directory alone.
        check_names(&mut file, names)?;
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
    fn a_file_that_the_directory_names_otherwise_is_refused() {
        let bytes = archive(&[("name-a", b"{}"), ("name-b", b"x\n")]);
        assert!(SealedArchive::open(file(&bytes), &["name-a", "name-b"]).is_ok());
        // The name in the file's own head, its method and its flags, one after the other.
        let head = bytes.windows(6).position(|piece| piece == b"name-b").unwrap() - HEAD_BYTES;
        for place in [head + HEAD_BYTES + 5, head + 8, head + 6] {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            let opened = SealedArchive::open(file(&changed), &["name-a", "name-b"]);
            assert_eq!(opened.unwrap_err().kind(), io::ErrorKind::InvalidData, "{place}");
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

//! ZIP files written front to back, the same bytes for the same files; and small ones read as a whole.

use std::collections::BTreeMap;
use std::io;
use std::io::{Cursor, Read, Write};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Most files that an archive may have to be read.
const MOST_FILES: usize = 64;

/// Most bytes that all files of an archive may have together: 2 GiB.
const MOST_BYTES: u64 = 2 << 30;

/// A ZIP in the making. Nothing but the file being written passes through memory.
pub struct Archive<W: Write> {
    writer: ZipWriter<StreamWriter<W>>,
}

impl<W: Write> std::fmt::Debug for Archive<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Archive")
    }
}

impl<W: Write> Archive<W> {
    /// Starts an archive that is written to `target`.
    pub fn new(target: W) -> Self {
        Self {
            writer: ZipWriter::new_stream(target),
        }
    }

    /// Adds a file. `fill` writes its content. Time and permissions are fixed (1980-01-01, 0644), so that the archive
    /// depends on names and contents only. `is_large` must be set for contents that may pass 4 GiB.
    pub fn file<E>(
        &mut self,
        name: &str,
        is_large: bool,
        fill: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<(), E>
    where
        E: From<io::Error>,
    {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644)
            .large_file(is_large);
        self.writer.start_file(name, options).map_err(io::Error::from)?;
        fill(&mut self.writer)
    }

    /// Writes the directory and gives the target back.
    pub fn finish(self) -> io::Result<W> {
        Ok(self.writer.finish().map_err(io::Error::from)?.into_inner())
    }
}

/// Reads all files of an archive by their names. `Err` for what is no ZIP, names a file twice, or is too large to be
/// what is asked for: more than 64 files or 2 GiB.
pub fn read(bytes: Vec<u8>) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let refused = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(io::Error::from)?;
    if archive.len() > MOST_FILES {
        return Err(refused("the archive has more than 64 files"));
    }
    let mut files = BTreeMap::new();
    let mut left = MOST_BYTES;
    for place in 0..archive.len() {
        let file = archive.by_index(place).map_err(io::Error::from)?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().map_err(io::Error::from)?.into_owned();
        let mut content = Vec::new();
        // What a file says of its own size need not be true.
        let read = file.take(left + 1).read_to_end(&mut content)?;
        left = left
            .checked_sub(u64::try_from(read).unwrap_or(u64::MAX))
            .ok_or_else(|| refused("the archive holds more than 2 GiB"))?;
        if files.insert(name, content).is_some() {
            return Err(refused("the archive names a file twice"));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive() -> Vec<u8> {
        let mut archive = Archive::new(Vec::new());
        archive
            .file("manifest.json", false, |file| file.write_all(b"{}"))
            .unwrap();
        archive
            .file("rows.ndjson", false, |file| file.write_all(&b"{}\n".repeat(50_000)))
            .unwrap();
        archive.finish().unwrap()
    }

    #[test]
    fn a_streamed_archive_reads_back() {
        let mut read = ZipArchive::new(Cursor::new(archive())).unwrap();
        let mut rows = String::new();
        read.by_name("rows.ndjson").unwrap().read_to_string(&mut rows).unwrap();
        assert_eq!(rows.lines().count(), 50_000);
        assert_eq!(read.len(), 2);
    }

    #[test]
    fn the_same_files_give_the_same_bytes() {
        assert!(archive() == archive());
        assert!(archive().len() < 2_000, "deflated");
    }

    #[test]
    fn what_was_written_is_read_as_a_whole_and_nothing_else_is() {
        let read = read(archive()).unwrap();
        assert!(!read.is_empty());
        for (name, content) in &read {
            assert!(!name.is_empty() && !content.is_empty());
        }
        assert!(super::read(b"PK not a zip".to_vec()).is_err());
        let mut cut = archive();
        cut.truncate(cut.len() / 2);
        assert!(super::read(cut).is_err());
    }
}

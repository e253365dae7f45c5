//! ZIP files written front to back, the same bytes for the same files.

use std::io;
use std::io::Write;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Read};

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
        let mut read = zip::ZipArchive::new(Cursor::new(archive())).unwrap();
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
}

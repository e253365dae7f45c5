//! Dispatches on disk: those that come in, piece by piece, and those that were made and wait to be fetched or sent.
//!
//! Both lie in the data directory, which all instances share. What comes in is content that its digest names, so that the
//! same piece may be written twice.

use crate::domain::digest::{Digest, RunningDigest};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The two folders below the data directory.
#[derive(Clone, Debug)]
pub struct DispatchFiles {
    incoming: PathBuf,
    outgoing: PathBuf,
}

impl DispatchFiles {
    /// Uses `dispatches/` below the data directory; folders are made when they are needed.
    pub fn new(directory: &Path) -> Self {
        let root = directory.join("dispatches");
        Self {
            incoming: root.join("incoming"),
            outgoing: root.join("outgoing"),
        }
    }

    /// Bytes of a dispatch that came from this sender so far, from the first on without a gap.
    pub fn length(&self, sender: Uuid, digest: &Digest) -> io::Result<u64> {
        match fs::metadata(self.part(sender, digest)) {
            Ok(facts) => Ok(facts.len()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Writes a piece at its offset and gives how many bytes there are then. A piece that would leave a gap is not
    /// written. A sender has one dispatch under way: another one takes its place.
    pub fn write(&self, sender: Uuid, digest: &Digest, offset: u64, bytes: &[u8]) -> io::Result<u64> {
        let length = self.length(sender, digest)?;
        if offset > length || bytes.is_empty() {
            return Ok(length);
        }
        let path = self.part(sender, digest);
        if !path.exists() {
            self.remove_incoming(sender)?;
            fs::create_dir_all(self.incoming.join(sender.simple().to_string()))?;
        }
        let mut file = private().write(true).create(true).truncate(false).open(&path)?;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)?;
        file.sync_data()?;
        Ok(file.metadata()?.len())
    }

    /// A dispatch of which all bytes came, opened and gone from the folder, so that nobody writes to it any more; none
    /// where the bytes are others than the digest says, or another call took it.
    pub fn take_incoming(&self, sender: Uuid, digest: &Digest) -> io::Result<Option<File>> {
        let path = self.part(sender, digest);
        let aside = path.with_extension(format!("{}.taken", Uuid::now_v7().simple()));
        match fs::rename(&path, &aside) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
            Ok(()) => {}
        }
        let file = File::open(&aside)?;
        let found = digest_of(&aside)?;
        fs::remove_file(&aside)?;
        Ok((found == *digest).then_some(file))
    }

    /// Forgets what came from a sender; fine where nothing did.
    pub fn remove_incoming(&self, sender: Uuid) -> io::Result<()> {
        match fs::remove_dir_all(self.incoming.join(sender.simple().to_string())) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Keeps a dispatch under its batch's id, durably before it returns, in place of an earlier one. Gives its digest and
    /// length.
    pub fn put(&self, batch: Uuid, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<(Digest, u64)> {
        fs::create_dir_all(&self.outgoing)?;
        let path = self.path(batch);
        let aside = path.with_extension(format!("{}.part", Uuid::now_v7().simple()));
        let written = private()
            .write(true)
            .create_new(true)
            .open(&aside)
            .and_then(|mut file| {
                fill(&mut file)?;
                file.sync_all()?;
                let facts = (digest_of(&aside)?, file.metadata()?.len());
                fs::rename(&aside, &path)?;
                File::open(&self.outgoing)?.sync_all()?;
                Ok(facts)
            });
        if written.is_err() {
            // The first error is the one to report.
            let _ = fs::remove_file(&aside);
        }
        written
    }

    /// A dispatch that was made, opened; none where it is gone or no longer has the digest.
    pub fn open_outgoing(&self, batch: Uuid, digest: &Digest) -> io::Result<Option<File>> {
        let path = self.path(batch);
        match digest_of(&path) {
            Ok(found) if found == *digest => Ok(Some(File::open(&path)?)),
            Ok(_) => Ok(None),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Forgets a dispatch that was made; fine where it is not there.
    pub fn remove_outgoing(&self, batch: Uuid) -> io::Result<()> {
        match fs::remove_file(self.path(batch)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn part(&self, sender: Uuid, digest: &Digest) -> PathBuf {
        self.incoming.join(sender.simple().to_string()).join(digest.to_string())
    }

    fn path(&self, batch: Uuid) -> PathBuf {
        self.outgoing.join(format!("{}.zip", batch.simple()))
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn digest_of(path: &Path) -> io::Result<Digest> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut digest = RunningDigest::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = reader.read(&mut buffer)?;
        if read == 0 {
            return Ok(digest.finish());
        }
        digest.update(buffer.get(..read).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENDER: Uuid = Uuid::from_u128(1);

    #[test]
    fn pieces_make_a_whole_in_any_repetition_and_never_a_gap() {
        let directory = tempfile::tempdir().unwrap();
        let files = DispatchFiles::new(directory.path());
        let digest = Digest::of(b"0123456789");
        assert_eq!(files.length(SENDER, &digest).unwrap(), 0);
        assert_eq!(files.write(SENDER, &digest, 0, b"0123").unwrap(), 4);
        assert_eq!(files.write(SENDER, &digest, 6, b"6789").unwrap(), 4, "a gap");
        assert_eq!(files.write(SENDER, &digest, 0, b"0123").unwrap(), 4);
        assert_eq!(files.write(SENDER, &digest, 2, b"23456789").unwrap(), 10);
        assert!(files.take_incoming(SENDER, &digest).unwrap().is_some());
        assert!(files.take_incoming(SENDER, &digest).unwrap().is_none(), "taken");
        assert_eq!(files.write(SENDER, &digest, 0, b"0123").unwrap(), 4);
        let other = Digest::of(b"other");
        assert_eq!(files.write(SENDER, &other, 0, b"othar").unwrap(), 5);
        assert_eq!(files.length(SENDER, &digest).unwrap(), 0, "one at a time");
        assert!(files.take_incoming(SENDER, &other).unwrap().is_none());
        files.remove_incoming(SENDER).unwrap();
        files.remove_incoming(SENDER).unwrap();
    }

    #[test]
    fn what_was_made_stays_until_it_is_changed_or_removed() {
        let directory = tempfile::tempdir().unwrap();
        let files = DispatchFiles::new(directory.path());
        let (digest, length) = files.put(SENDER, |file| file.write_all(b"whole")).unwrap();
        assert_eq!((digest, length), (Digest::of(b"whole"), 5));
        assert!(files.open_outgoing(SENDER, &digest).unwrap().is_some());
        fs::write(files.path(SENDER), "whale").unwrap();
        assert!(files.open_outgoing(SENDER, &digest).unwrap().is_none());
        assert!(files.put(SENDER, |_| Err(io::Error::other("no"))).is_err());
        assert_eq!(
            fs::read_dir(&files.outgoing).unwrap().count(),
            1,
            "nothing half written stays"
        );
        files.remove_outgoing(SENDER).unwrap();
        assert!(files.open_outgoing(SENDER, &digest).unwrap().is_none());
    }
}

//! Files in the data directory, each under the id of its row. Every instance of a deployment shares the directory; a
//! marker in it proves that.

use crate::platform::entropy::Entropy;
use crate::platform::entropy::EntropyError;
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The store of content. Cheap to clone.
///
/// Names are ids, not digests: equal content of two people stays two files, so that forgetting one harms no other.
#[derive(Clone, Debug)]
pub struct Files {
    root: PathBuf,
}

/// A file could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The file system refused.
    #[error("the data directory can't be read or written")]
    Io(#[from] io::Error),
    /// The content no longer has the digest that it was kept with.
    #[error("a kept file is missing or has been changed")]
    Changed,
    /// No randomness for a marker.
    #[error("no marker for a new directory")]
    Entropy(#[from] EntropyError),
}

impl Files {
    /// Uses `evidence/` below the data directory; folders are made when they are needed.
    pub fn new(directory: &Path) -> Self {
        Self {
            root: directory.join("evidence"),
        }
    }

    /// Keeps content under a fresh id, durably before it returns.
    pub fn put(&self, id: Uuid, bytes: &[u8]) -> Result<(), FilesError> {
        let path = self.path(id);
        let directory = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(directory)?;
        // Beside its final place, so that the rename is one step within one file system.
        let aside = path.with_extension("part");
        let written = write_durably(&aside, bytes).and_then(|()| fs::rename(&aside, &path));
        if let Err(error) = written {
            // The first error is the one to report.
            let _ = fs::remove_file(&aside);
            return Err(error.into());
        }
        File::open(directory)?.sync_all()?;
        File::open(&self.root)?.sync_all()?;
        Ok(())
    }

    /// The content of an id, checked against the digest that its row names.
    pub fn get(&self, id: Uuid, sha256: &[u8]) -> Result<Vec<u8>, FilesError> {
        let bytes = match fs::read(self.path(id)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(FilesError::Changed),
            Err(error) => return Err(error.into()),
        };
        if Sha256::digest(&bytes).as_slice() == sha256 {
            Ok(bytes)
        } else {
            Err(FilesError::Changed)
        }
    }

    /// Forgets the content of an id; fine where it is not there.
    pub fn remove(&self, id: Uuid) -> Result<(), FilesError> {
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// The marker of this directory, made on first use; whoever of two starting instances makes it first, wins.
    pub fn marker(&self, entropy: &Entropy) -> Result<String, FilesError> {
        let path = self.root.join("MARKER");
        if !path.exists() {
            fs::create_dir_all(&self.root)?;
            let marker = hex::encode(entropy.bytes::<16>()?);
            let aside = self.root.join(format!("MARKER.{marker}"));
            write_durably(&aside, marker.as_bytes())?;
            // A link, unlike a rename, never replaces the marker of another instance.
            let linked = fs::hard_link(&aside, &path);
            fs::remove_file(&aside)?;
            match linked {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(fs::read_to_string(&path)?.trim().to_owned())
    }

    /// The last two digits of a UUIDv7 are random, so no folder grows much faster than the others.
    fn path(&self, id: Uuid) -> PathBuf {
        let name = id.simple().to_string();
        let folder: String = name.chars().skip(30).collect();
        self.root.join(folder).join(name)
    }
}

fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Uuid = Uuid::from_u128(0x0195_5b3c_7000_7abc_8def_0123_4567_89ab);

    fn digest(bytes: &[u8]) -> Vec<u8> {
        Sha256::digest(bytes).to_vec()
    }

    #[test]
    fn content_comes_back_until_it_is_forgotten() {
        let directory = tempfile::tempdir().unwrap();
        let files = Files::new(directory.path());
        files.put(ID, b"notula").unwrap();
        assert_eq!(files.get(ID, &digest(b"notula")).unwrap(), b"notula");
        files.remove(ID).unwrap();
        files.remove(ID).unwrap();
        assert!(matches!(files.get(ID, &digest(b"notula")), Err(FilesError::Changed)));
    }

    #[test]
    fn content_that_was_changed_on_disk_is_not_handed_out() {
        let directory = tempfile::tempdir().unwrap();
        let files = Files::new(directory.path());
        files.put(ID, b"notula").unwrap();
        fs::write(files.path(ID), "notulb").unwrap();
        assert!(matches!(files.get(ID, &digest(b"notula")), Err(FilesError::Changed)));
    }

    #[test]
    fn kept_files_are_readable_by_the_service_alone() {
        let directory = tempfile::tempdir().unwrap();
        let files = Files::new(directory.path());
        files.put(ID, b"x").unwrap();
        let permissions = fs::metadata(files.path(ID)).unwrap().permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&permissions) & 0o777, 0o600);
    }

    #[test]
    fn a_directory_has_one_marker_and_another_directory_another() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let first = Files::new(one.path()).marker(&Entropy::Os).unwrap();
        let again = Files::new(one.path()).marker(&Entropy::Os).unwrap();
        assert_eq!(first, again);
        assert_eq!(first.len(), 32);
        assert_ne!(Files::new(other.path()).marker(&Entropy::Os).unwrap(), first);
    }
}

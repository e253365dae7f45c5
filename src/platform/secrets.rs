//! The secrets of a deployment: made on first start, kept in the data directory, readable by the service alone.

use crate::platform::cipher::Key;
use crate::platform::entropy::Entropy;
use std::fs;
use std::io::Write;
use std::path::Path;

/// The keys that every instance of one deployment must share.
#[derive(Clone)]
pub struct Secrets {
    /// Signs access tokens.
    pub token_key: [u8; 32],
    /// Derives refresh tokens and activation codes' digests.
    pub refresh_key: [u8; 32],
    /// Wraps data keys.
    pub master_key: [u8; 32],
    /// The seed of the keys that sign logs and receipts.
    pub log_key: [u8; 32],
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets(hidden)")
    }
}

/// The data directory can't hold the secrets.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// Reading or writing a file failed.
    #[error("can't read or write the key file {0}")]
    File(String, #[source] std::io::Error),
    /// A file is there but is not 64 hexadecimal digits.
    #[error("the key file {0} does not hold 64 hexadecimal digits")]
    Malformed(String),
    /// No randomness for a new key.
    #[error("can't make a key")]
    Entropy(#[source] crate::platform::entropy::EntropyError),
}

impl Secrets {
    /// Reads `keys/*.key` below the data directory; makes those that are missing with mode 600. Two instances that
    /// start together on one directory end up with the same keys: whoever creates the file wins.
    pub fn load_or_create(directory: &Path, entropy: &Entropy) -> Result<Self, SecretsError> {
        let directory = directory.join("keys");
        fs::create_dir_all(&directory).map_err(|error| SecretsError::File(directory.display().to_string(), error))?;
        let key = |name: &str| load_or_create(&directory.join(name), entropy);
        Ok(Self {
            token_key: key("token.key")?,
            refresh_key: key("refresh.key")?,
            master_key: key("master.key")?,
            log_key: key("log.key")?,
        })
    }

    /// The master key, ready to wrap.
    pub fn master(&self) -> Key {
        Key::new(self.master_key)
    }
}

fn load_or_create(path: &Path, entropy: &Entropy) -> Result<[u8; 32], SecretsError> {
    let name = path.display().to_string();
    let failed = |error| SecretsError::File(name.clone(), error);
    if !path.exists() {
        let fresh = hex::encode(entropy.bytes::<32>().map_err(SecretsError::Entropy)?);
        // Written aside and linked into place, so that nobody ever reads half a key and the first one made stays.
        let aside = path.with_extension(format!("new-{}", std::process::id()));
        let mut file = private(&aside).map_err(failed)?;
        file.write_all(fresh.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(failed)?;
        let linked = fs::hard_link(&aside, path);
        fs::remove_file(&aside).map_err(failed)?;
        match linked {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(failed(error)),
            Ok(()) | Err(_) => {}
        }
    }
    let text = fs::read_to_string(path).map_err(failed)?;
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key)
        .ok()
        .ok_or(SecretsError::Malformed(name))?;
    Ok(key)
}

fn private(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_private_and_then_kept() {
        let directory = tempfile::tempdir().unwrap();
        let first = Secrets::load_or_create(directory.path(), &Entropy::Os).unwrap();
        let second = Secrets::load_or_create(directory.path(), &Entropy::Os).unwrap();
        assert_eq!(first.token_key, second.token_key);
        assert_ne!(first.token_key, first.master_key);
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &fs::metadata(directory.path().join("keys/master.key"))
                .unwrap()
                .permissions(),
        );
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_damaged_key_file_is_refused_not_replaced() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("keys")).unwrap();
        fs::write(directory.path().join("keys/token.key"), "abc").unwrap();
        let error = Secrets::load_or_create(directory.path(), &Entropy::Os).unwrap_err();
        assert!(matches!(error, SecretsError::Malformed(_)));
    }
}

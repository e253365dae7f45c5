//! The service's certificate for HTTPS: read from two files, and read anew when they change while connections go on.

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, mpsc};
use std::time::Duration;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// The files can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file can't be read.
    #[error("can't read {0}")]
    File(String, #[source] std::io::Error),
    /// A file is not PEM with what it should hold.
    #[error("{0} holds no {1} in PEM form")]
    Malformed(String, &'static str),
    /// The key is of no known kind, or belongs to another certificate.
    #[error("the key of {0} does not fit its certificate")]
    Unfit(String, #[source] rustls::Error),
    /// The library refuses its own defaults.
    #[error("TLS can't be set up")]
    Setup(#[source] rustls::Error),
}

/// The contents of both files.
#[derive(Eq, PartialEq)]
struct Contents {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// A certificate in use that follows its files.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    provider: Arc<CryptoProvider>,
    in_use: RwLock<Arc<CertifiedKey>>,
    /// What was read last, good or not, so that the same fault is told once.
    seen: Mutex<Contents>,
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Tls({})", self.certificate.display())
    }
}

impl Tls {
    /// Reads a chain (the service's own certificate first) and its key, both PEM; fails unless they fit each other.
    pub fn open(certificate: &Path, key: &Path) -> Result<Arc<Self>, TlsError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let contents = read(certificate, key)?;
        let in_use = certified(certificate, key, &contents, &provider)?;
        Ok(Arc::new(Self {
            certificate: certificate.to_path_buf(),
            key: key.to_path_buf(),
            provider,
            in_use: RwLock::new(Arc::new(in_use)),
            seen: Mutex::new(contents),
        }))
    }

    /// What a listener needs: TLS 1.2 and 1.3, no certificates of clients.
    pub fn server_config(self: &Arc<Self>) -> Result<ServerConfig, TlsError> {
        Ok(ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Setup)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::<Self>::clone(self)))
    }

    /// Looks at the files; gives whether another certificate is in use now. Connections that are open keep theirs. Files
    /// that can't be used, as in the midst of being replaced, change nothing and are looked at again.
    pub fn look(&self) -> Result<bool, TlsError> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let contents = read(&self.certificate, &self.key)?;
        if *seen == contents {
            return Ok(false);
        }
        let outcome = certified(&self.certificate, &self.key, &contents, &self.provider);
        *seen = contents;
        *self.in_use.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(outcome?);
        Ok(true)
    }

    /// Looks at the files every two seconds, on a thread of its own, until what it gives is dropped.
    pub fn follow(self: &Arc<Self>) -> std::io::Result<Following> {
        let tls = Arc::clone(self);
        let (stop, stopped) = mpsc::channel::<()>();
        let work = move || {
            while matches!(stopped.recv_timeout(LOOK), Err(mpsc::RecvTimeoutError::Timeout)) {
                match tls.look() {
                    Ok(true) => tracing::info!("the certificate was replaced; new connections get the new one"),
                    Ok(false) => {}
                    Err(error) => {
                        let cause = std::error::Error::source(&error).map(ToString::to_string);
                        tracing::warn!(%error, cause, "the new certificate can't be used; the one before stays");
                    }
                }
            }
        };
        std::thread::Builder::new().name("certificate".to_owned()).spawn(work)?;
        Ok(Following { _stop: stop })
    }
}

/// Ends the looking when it is dropped.
#[derive(Debug)]
pub struct Following {
    _stop: mpsc::Sender<()>,
}

impl ResolvesServerCert for Tls {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let in_use = self.in_use.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&in_use))
    }
}

fn read(certificate: &Path, key: &Path) -> Result<Contents, TlsError> {
    let read = |path: &Path| std::fs::read(path).map_err(|error| TlsError::File(path.display().to_string(), error));
    Ok(Contents {
        certificate: read(certificate)?,
        key: read(key)?,
    })
}

fn certified(
    certificate: &Path,
    key: &Path,
    contents: &Contents,
    provider: &CryptoProvider,
) -> Result<CertifiedKey, TlsError> {
    let malformed = |path: &Path, what| TlsError::Malformed(path.display().to_string(), what);
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&contents.certificate).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    let chain = chain.ok_or_else(|| malformed(certificate, "certificate"))?;
    let private = PrivateKeyDer::from_pem_slice(&contents.key).ok();
    let private = private.ok_or_else(|| malformed(key, "private key"))?;
    CertifiedKey::from_der(chain, private, provider)
        .map_err(|error| TlsError::Unfit(certificate.display().to_string(), error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::instant::Instant;
    use crate::platform::trial_certificate::{self, Files};

    fn make(directory: &Path) -> Files {
        let now = Instant::parse("2026-03-02T08:59:00Z").unwrap();
        trial_certificate::make(directory, &[], now).unwrap()
    }

    #[test]
    fn a_certificate_follows_its_files_and_a_bad_one_changes_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let files = make(directory.path());
        let tls = Tls::open(&files.certificate, &files.key).unwrap();
        assert!(tls.server_config().unwrap().alpn_protocols.is_empty());
        let first = Arc::clone(&tls.in_use.read().unwrap());
        assert!(!tls.look().unwrap(), "nothing has changed");
        let key = std::fs::read(&files.key).unwrap();
        make(directory.path());
        let new_key = std::fs::read(&files.key).unwrap();
        // In the midst of being replaced: the new certificate with the old key.
        std::fs::write(&files.key, key).unwrap();
        assert!(matches!(tls.look(), Err(TlsError::Unfit(..))));
        assert!(Arc::ptr_eq(&first, &tls.in_use.read().unwrap()));
        std::fs::write(&files.key, "x").unwrap();
        assert!(matches!(tls.look(), Err(TlsError::Malformed(..))));
        std::fs::write(&files.key, new_key).unwrap();
        assert!(tls.look().unwrap());
        assert_ne!(first.cert, tls.in_use.read().unwrap().cert);
        std::fs::remove_file(&files.key).unwrap();
        assert!(matches!(tls.look(), Err(TlsError::File(..))));
    }
}

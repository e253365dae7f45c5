//! A certificate authority of one's own and a certificate for trials: phones give a position only over HTTPS.

use crate::domain::digest::Digest;
use crate::domain::instant::Instant;
use chrono::Datelike;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Years that the authority is good for; its key lies on the disk of whoever tries things.
const AUTHORITY_YEARS: i32 = 2;
/// Years that a certificate is good for: phones refuse those of more than 398 days, or 825 of a private authority.
const CERTIFICATE_YEARS: i32 = 1;
/// What every certificate is good for beside the names that are asked for.
const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// What was made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Files {
    /// The authority's certificate, for phones and browsers to trust.
    pub authority: PathBuf,
    /// The service's certificate, with the authority's behind it.
    pub certificate: PathBuf,
    /// The service's key.
    pub key: PathBuf,
    /// Whether the authority is new, so that it has to be trusted first.
    pub is_new_authority: bool,
}

/// The files can't be made.
#[derive(Debug, thiserror::Error)]
pub enum TrialCertificateError {
    /// Reading or writing failed.
    #[error("can't read or write {0}")]
    File(String, #[source] std::io::Error),
    /// A name is not one that a certificate can hold, or the authority's key is damaged.
    #[error("can't make the certificate")]
    Certificate(#[from] rcgen::Error),
}

/// Makes `server.crt` and `server.key` in a directory, for this machine and the hosts or addresses in `names`.
///
/// They are good from the day before `now` for a year. Before that, unless it is there, the authority `ca.crt` that signs
/// them is made, with `ca.key`.
pub fn make(directory: &Path, names: &[String], now: Instant) -> Result<Files, TrialCertificateError> {
    let failed = |path: &Path| {
        let name = path.display().to_string();
        move |error| TrialCertificateError::File(name, error)
    };
    fs::create_dir_all(directory).map_err(failed(directory))?;
    let [authority, authority_key, certificate, key] =
        ["ca.crt", "ca.key", "server.crt", "server.key"].map(|name| directory.join(name));
    let is_new_authority = !authority_key.exists() || !authority.exists();
    if is_new_authority {
        let fresh = KeyPair::generate()?;
        write(&authority_key, &fresh.serialize_pem(), true).map_err(failed(&authority_key))?;
        let signed = authority_of(&fresh, now)?.self_signed(&fresh)?;
        write(&authority, &signed.pem(), false).map_err(failed(&authority))?;
    }
    let text = fs::read_to_string(&authority_key).map_err(failed(&authority_key))?;
    let authority_text = fs::read_to_string(&authority).map_err(failed(&authority))?;
    let kept = KeyPair::from_pem(&text)?;
    // The name and the key are all that the new certificate takes from its authority.
    let issuer = Issuer::new(authority_of(&kept, now)?, kept);
    let own = KeyPair::generate()?;
    let signed = certificate_for(names, now)?.signed_by(&own, &issuer)?;
    write(&key, &own.serialize_pem(), true).map_err(failed(&key))?;
    write(&certificate, &(signed.pem() + &authority_text), false).map_err(failed(&certificate))?;
    Ok(Files {
        authority,
        certificate,
        key,
        is_new_authority,
    })
}

fn authority_of(key: &KeyPair, now: Instant) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::default())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    // Told apart by its key where somebody trusts several of them.
    let digest = Digest::of(key.public_key_raw()).to_string();
    let name = format!("Sherlok, uji coba {}", digest.get(..8).unwrap_or_default());
    params.distinguished_name.push(DnType::CommonName, name);
    between(&mut params, now, AUTHORITY_YEARS);
    Ok(params)
}

fn certificate_for(names: &[String], now: Instant) -> Result<CertificateParams, rcgen::Error> {
    let mut all: Vec<String> = OWN_NAMES.map(str::to_owned).to_vec();
    all.extend(names.iter().filter(|name| !OWN_NAMES.contains(&name.as_str())).cloned());
    let mut params = CertificateParams::new(all)?;
    params.distinguished_name.push(DnType::CommonName, "Sherlok");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    between(&mut params, now, CERTIFICATE_YEARS);
    Ok(params)
}

/// From the day before, for clocks that are behind.
fn between(params: &mut CertificateParams, now: Instant, years: i32) {
    let from = now.plus(-chrono::Duration::days(1)).utc().date_naive();
    let day = |year| {
        let number = |part: u32| u8::try_from(part).unwrap_or(1);
        // 29 February comes once in four years.
        date_time_ymd(year, number(from.month()), number(from.day().min(28)))
    };
    (params.not_before, params.not_after) = (day(from.year()), day(from.year() + years));
}

/// Writes a file whole or not at all; a private one is for its owner alone.
fn write(path: &Path, text: &str, is_private: bool) -> std::io::Result<()> {
    let aside = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if is_private { 0o600 } else { 0o644 });
    let mut file = options.open(&aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(aside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Instant {
        Instant::parse("2028-03-01T08:59:00Z").unwrap()
    }

    #[test]
    fn the_authority_stays_and_the_certificate_is_made_anew() {
        let directory = tempfile::tempdir().unwrap();
        let names = ["sherlok.lan".to_owned(), "192.168.1.20".to_owned()];
        let first = make(directory.path(), &names, now()).unwrap();
        let read = |path: &Path| fs::read_to_string(path).unwrap();
        let (authority, certificate) = (read(&first.authority), read(&first.certificate));
        assert!(certificate.ends_with(&authority), "the chain is whole");
        let second = make(directory.path(), &names, now()).unwrap();
        assert!(first.is_new_authority && !second.is_new_authority);
        assert_eq!(read(&second.authority), authority);
        assert_ne!(read(&second.certificate), certificate);
        for private in [&second.key, &directory.path().join("ca.key")] {
            let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(private).unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600, "{}", private.display());
        }
    }

    #[test]
    fn a_name_that_no_host_has_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let refusal = make(directory.path(), &["sekolah é".to_owned()], now());
        assert!(matches!(refusal, Err(TrialCertificateError::Certificate(_))));
    }
}

//! The settings of an agency's own instance that sends its batches to BKD's.

use crate::app::dispatch::Bkd;
use crate::cli::config::ConfigError;
use crate::domain::dispatch::openings_key::OpeningsKey;
use crate::domain::log::key::{KeyType, VerifyingKey};
use crate::platform::remote::Remote;
use std::error::Error;
use std::path::PathBuf;

/// The settings as they were given.
#[derive(Debug, Default)]
pub(super) struct BkdSettings {
    pub(super) witness_key: Option<String>,
    pub(super) openings_key: Option<String>,
    pub(super) url: Option<String>,
    pub(super) username: Option<String>,
    pub(super) password_file: Option<String>,
    pub(super) certificates: Option<String>,
}

/// BKD's instance, as the settings name it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BkdConfig {
    /// `SHERLOK_BKD_WITNESS_KEY`: `witness_key` of BKD's `/v1/logs`, under which its proofs are believed.
    pub witness: VerifyingKey,
    /// `SHERLOK_BKD_OPENINGS_KEY`: `openings_key` of BKD's `/v1/logs`, to which positions are sealed.
    pub openings: OpeningsKey,
    /// How dispatches get there by themselves; without it they travel as files.
    pub sending: Option<SendingConfig>,
}

/// How dispatches are sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SendingConfig {
    /// `SHERLOK_BKD_URL`: where BKD's instance is reached, such as `https://bkd.example`.
    pub url: String,
    /// `SHERLOK_BKD_USERNAME`: an account there with the role `agency_operator` of the agency.
    pub username: String,
    /// `SHERLOK_BKD_PASSWORD_FILE`: a file with its password.
    pub password_file: PathBuf,
    /// `SHERLOK_BKD_CERTIFICATES`: a PEM file of the certificates to trust there. Default: those of the public web.
    pub certificates: Option<PathBuf>,
}

impl BkdSettings {
    /// The settings in whole, or none.
    pub(super) fn read(self) -> Result<Option<BkdConfig>, ConfigError> {
        let wrong = |name, what| Err(ConfigError::Value(name, what));
        let (witness, openings) = match (self.witness_key, self.openings_key) {
            (Some(witness), Some(openings)) => (witness, openings),
            (Some(_), None) => {
                return wrong(
                    "SHERLOK_BKD_OPENINGS_KEY",
                    "it is needed beside SHERLOK_BKD_WITNESS_KEY",
                );
            }
            (None, Some(_)) => {
                return wrong(
                    "SHERLOK_BKD_WITNESS_KEY",
                    "it is needed beside SHERLOK_BKD_OPENINGS_KEY",
                );
            }
            (None, None) if self.url.is_some() => {
                return wrong("SHERLOK_BKD_WITNESS_KEY", "it is needed beside SHERLOK_BKD_URL");
            }
            (None, None) => return Ok(None),
        };
        let witness: Option<VerifyingKey> = witness.parse().ok();
        let Some(witness) = witness.filter(|key| key.key_type() == KeyType::Cosignature) else {
            return wrong(
                "SHERLOK_BKD_WITNESS_KEY",
                "not a key of cosignatures, as /v1/logs has it",
            );
        };
        let Ok(openings) = openings.parse() else {
            return wrong(
                "SHERLOK_BKD_OPENINGS_KEY",
                "not a key for positions, as /v1/logs has it",
            );
        };
        let sending = match (self.url, self.username, self.password_file) {
            (None, None, None) => None,
            (Some(url), Some(username), Some(password_file)) => Some(SendingConfig {
                url,
                username,
                password_file: PathBuf::from(password_file),
                certificates: self.certificates.map(PathBuf::from),
            }),
            _ => {
                return wrong(
                    "SHERLOK_BKD_URL",
                    "SHERLOK_BKD_URL, SHERLOK_BKD_USERNAME and SHERLOK_BKD_PASSWORD_FILE are needed together",
                );
            }
        };
        Ok(Some(BkdConfig {
            witness,
            openings,
            sending,
        }))
    }
}

impl BkdConfig {
    /// The way to BKD's instance.
    pub fn open(&self) -> Result<Bkd, Box<dyn Error>> {
        let remote = match &self.sending {
            None => None,
            Some(sending) => {
                let password = std::fs::read_to_string(&sending.password_file)
                    .map_err(|error| format!("SHERLOK_BKD_PASSWORD_FILE can't be read: {error}"))?;
                let remote = Remote::new(
                    &sending.url,
                    sending.username.clone(),
                    password.trim_end().to_owned(),
                    sending.certificates.as_deref(),
                );
                Some(remote.map_err(|error| format!("SHERLOK_BKD_URL is not valid: {error}"))?)
            }
        };
        Ok(Bkd::new(self.witness.clone(), self.openings.clone(), remote)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dispatch::openings_key::OpeningsKeyPair;
    use crate::domain::log::key::SigningKey;

    fn keys() -> BkdSettings {
        let witness = SigningKey::from_seed("bkd.example/witness", KeyType::Cosignature, &[1; 32]).unwrap();
        let openings = OpeningsKeyPair::from_seed("bkd.example/openings", &[2; 32]).unwrap();
        BkdSettings {
            witness_key: Some(witness.verifying_key().to_string()),
            openings_key: Some(openings.public().to_string()),
            ..BkdSettings::default()
        }
    }

    fn fault(settings: BkdSettings) -> &'static str {
        match settings.read() {
            Err(ConfigError::Value(name, _)) => name,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_keys_are_needed_and_an_address_only_with_a_sign_in() {
        assert_eq!(BkdSettings::default().read().unwrap(), None);
        assert!(keys().read().unwrap().is_some_and(|bkd| bkd.sending.is_none()));
        let (witness_key, openings_key) = (keys().witness_key, keys().openings_key);
        let one = BkdSettings {
            witness_key: witness_key.clone(),
            ..BkdSettings::default()
        };
        assert_eq!(fault(one), "SHERLOK_BKD_OPENINGS_KEY");
        let other = BkdSettings {
            openings_key: openings_key.clone(),
            ..BkdSettings::default()
        };
        assert_eq!(fault(other), "SHERLOK_BKD_WITNESS_KEY");
        let swapped = BkdSettings {
            witness_key: openings_key,
            openings_key: witness_key,
            ..BkdSettings::default()
        };
        assert_eq!(fault(swapped), "SHERLOK_BKD_WITNESS_KEY");
        let alone = BkdSettings {
            url: Some("https://bkd.example".to_owned()),
            ..keys()
        };
        assert_eq!(fault(alone), "SHERLOK_BKD_URL");
        let whole = BkdSettings {
            url: Some("https://bkd.example".to_owned()),
            username: Some("dinas-1.01".to_owned()),
            password_file: Some("password".to_owned()),
            ..keys()
        };
        assert!(whole.read().unwrap().is_some_and(|bkd| bkd.sending.is_some()));
    }
}

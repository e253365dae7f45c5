//! The logs of a deployment, their origins, and the seeds of the keys that sign them.

use crate::domain::access::AgencyCode;
use crate::domain::batch::commitment::hmac;
use std::fmt;
use std::str::FromStr;

/// One of the logs of a deployment.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum LogName {
    /// What was done about audits, batches, keys and looks: BKD's log.
    Audit,
    /// The batches that an agency sealed.
    Agency(AgencyCode),
}

/// The text is not the name of a log.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not the name of a log")]
pub struct LogNameError;

impl LogName {
    /// What its checkpoints call it: the deployment's own name and this one.
    pub fn origin(&self, deployment: &str) -> String {
        format!("{deployment}/{self}")
    }
}

impl fmt::Display for LogName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Audit => formatter.write_str("audit"),
            Self::Agency(code) => write!(formatter, "agency/{code}"),
        }
    }
}

impl FromStr for LogName {
    type Err = LogNameError;

    fn from_str(text: &str) -> Result<Self, LogNameError> {
        match text.split_once('/') {
            None if text == "audit" => Ok(Self::Audit),
            Some(("agency", code)) => AgencyCode::parse(code).map(Self::Agency).ok().ok_or(LogNameError),
            None | Some(_) => Err(LogNameError),
        }
    }
}

/// The seed of one signing key: HMAC-SHA256 of the purpose, with the deployment's secret as key, so that no two keys can
/// stand for each other and one secret is kept.
pub fn key_seed(secret: &[u8; 32], purpose: &str) -> [u8; 32] {
    hmac(secret, &[b"sherlok signing key 1\n", purpose.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_and_nothing_else_is_one() {
        for text in ["audit", "agency/1.01"] {
            assert_eq!(text.parse::<LogName>().unwrap().to_string(), text);
        }
        for text in ["", "Audit", "audit/1", "agency", "agency/", "agency/a b", "agency/1/2"] {
            assert_eq!(text.parse::<LogName>(), Err(LogNameError), "{text}");
        }
        let agency: LogName = "agency/1.01".parse().unwrap();
        assert_eq!(agency.origin("bkd.example"), "bkd.example/agency/1.01");
    }

    #[test]
    fn every_purpose_and_secret_has_a_seed_of_its_own() {
        let seeds = [
            key_seed(&[1; 32], "a"),
            key_seed(&[1; 32], "b"),
            key_seed(&[2; 32], "a"),
        ];
        assert_ne!(seeds[0], seeds[1]);
        assert_ne!(seeds[0], seeds[2]);
        assert_eq!(seeds[0], key_seed(&[1; 32], "a"));
    }
}

//! The public beacon drand quicknet: a number every 3 seconds that nobody can know before, signed by many together.
//!
//! A beacon comes as a file, so that an office without network can take part; everything is checked here, offline.

use crate::domain::digest::Digest;
use crate::domain::instant::Instant;
use drand_verify::{G2PubkeyRfc, Pubkey};
use serde::{Deserialize, Serialize};

/// The hash of the chain, by which drand's servers know it.
pub const CHAIN: &str = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971";

/// The public key of the chain (scheme `bls-unchained-g1-rfc9380`), 96 bytes as hexadecimal digits.
pub const PUBLIC_KEY: &str = "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a";

/// When round 1 was published, in seconds since 1970.
pub const GENESIS_SECONDS: i64 = 1_692_803_367;

/// Seconds from one round to the next.
pub const PERIOD_SECONDS: i64 = 3;

/// One round as it was published; hexadecimal in lower case.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beacon {
    /// The round, from 1.
    pub round: u64,
    /// SHA-256 of the signature, 64 digits.
    pub randomness: String,
    /// The signature of the round, 96 digits.
    pub signature: String,
}

/// What is wrong with a beacon.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BeaconError {
    /// The signature is not 96 lower-case hexadecimal digits.
    #[error("the beacon's signature is not 96 lower-case hexadecimal digits")]
    Form,
    /// The randomness is not the SHA-256 of the signature.
    #[error("the beacon's randomness is not the SHA-256 of its signature")]
    Randomness,
    /// The signature is not that of the chain for this round.
    #[error("the beacon's signature is not that of quicknet for this round")]
    Signature,
}

impl Beacon {
    /// Whether this is what the chain published in this round. Takes some milliseconds.
    pub fn verify(&self) -> Result<(), BeaconError> {
        let signature = hex::decode(&self.signature).ok().ok_or(BeaconError::Form)?;
        if signature.len() != 48 || hex::encode(&signature) != self.signature {
            return Err(BeaconError::Form);
        }
        if Digest::of(&signature).to_string() != self.randomness {
            return Err(BeaconError::Randomness);
        }
        let key = hex::decode(PUBLIC_KEY).ok().ok_or(BeaconError::Signature)?;
        let key = G2PubkeyRfc::from_variable(&key).ok().ok_or(BeaconError::Signature)?;
        match key.verify(self.round, b"", &signature) {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(BeaconError::Signature),
        }
    }
}

/// The round that is published at an instant, or last before it: `floor((T - genesis) / 3) + 1`. `None` before round 1.
pub fn round_at(instant: Instant) -> Option<u64> {
    let since = instant.millis().checked_sub(GENESIS_SECONDS * 1_000)?;
    let period = u64::try_from(PERIOD_SECONDS * 1_000).ok()?;
    Some(u64::try_from(since).ok()? / period + 1)
}

/// When a round is published. `None` for round 0 and rounds beyond all time.
pub fn time_of(round: u64) -> Option<Instant> {
    let periods = i64::try_from(round.checked_sub(1)?).ok()?;
    let seconds = periods.checked_mul(PERIOD_SECONDS)?.checked_add(GENESIS_SECONDS)?;
    Some(Instant::from_millis(seconds.checked_mul(1_000)?))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Round 123 of quicknet, from the documentation of `drand-verify`.
    pub(crate) fn round_123() -> Beacon {
        Beacon {
            round: 123,
            randomness: "fb8f7bc29bf24db51871ec8c79f3a1e4bd0557bc0dfcee9ed1d924e69d1c60dc".to_owned(),
            signature:
                "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92"
                    .to_owned(),
        }
    }

    /// Round 1000 of quicknet, from drand's documentation of its HTTP interface.
    fn round_1000() -> Beacon {
        Beacon {
            round: 1_000,
            randomness: "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd".to_owned(),
            signature:
                "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
                    .to_owned(),
        }
    }

    #[test]
    fn published_rounds_are_genuine_and_no_other_round_has_their_signature() {
        assert_eq!(round_123().verify(), Ok(()));
        assert_eq!(round_1000().verify(), Ok(()));
        let moved = Beacon {
            round: 124,
            ..round_123()
        };
        assert_eq!(moved.verify(), Err(BeaconError::Signature));
    }

    #[test]
    fn a_beacon_has_one_spelling() {
        let upper = Beacon {
            signature: round_123().signature.to_uppercase(),
            ..round_123()
        };
        assert_eq!(upper.verify(), Err(BeaconError::Form));
        let short = Beacon {
            signature: "b7".to_owned(),
            ..round_123()
        };
        assert_eq!(short.verify(), Err(BeaconError::Form));
        let other = Beacon {
            randomness: round_1000().randomness,
            ..round_123()
        };
        assert_eq!(other.verify(), Err(BeaconError::Randomness));
        let mut signature = round_123().signature;
        signature.replace_range(95..96, "3");
        let bytes = hex::decode(&signature).unwrap();
        let forged = Beacon {
            randomness: Digest::of(&bytes).to_string(),
            signature,
            ..round_123()
        };
        assert_eq!(forged.verify(), Err(BeaconError::Signature));
    }

    #[test]
    fn rounds_and_instants_belong_together() {
        let at = |text| Instant::parse(text).unwrap();
        // The first round begins at genesis and lasts three seconds.
        assert_eq!(round_at(at("2023-08-23T15:09:27Z")), Some(1));
        assert_eq!(round_at(at("2023-08-23T15:09:26.999Z")), None);
        assert_eq!(round_at(at("2023-08-23T15:09:29.999Z")), Some(1));
        assert_eq!(round_at(at("2023-08-23T15:09:30Z")), Some(2));
        assert_eq!(round_at(at("2026-04-20T00:00:00Z")), Some(27_946_612));
        assert_eq!(time_of(27_946_612), Some(at("2026-04-20T00:00:00Z")));
        assert_eq!(time_of(0), None);
        assert_eq!(time_of(u64::MAX), None);
    }
}

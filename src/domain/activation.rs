//! One-time codes with which a new or reset account gets its first password.

use crate::domain::employee_number::CLEAR_CHARACTERS;
use crate::domain::employee_number::clear_character;
use crate::domain::ids::AccountId;
use chrono::Duration;
use sha2::{Digest, Sha256};
use std::fmt;

/// How long a printed code is good for.
pub const GOOD_FOR: Duration = Duration::days(30);
const LENGTH: usize = 12;

/// A code of twelve clear characters, 59 bits: nobody guesses it, so no number of wrong attempts needs to lock it.
#[derive(Clone, Eq, PartialEq)]
pub struct ActivationCode(String);

impl ActivationCode {
    /// Makes a code from random bytes. Bytes that would favour some characters are passed over, so there are more of
    /// them than characters; `None` if by rare chance they don't suffice.
    pub fn from_random(bytes: &[u8; 32]) -> Option<Self> {
        // 248 is the largest multiple of 31 that a byte holds.
        let characters = bytes.iter().filter(|byte| **byte < 248);
        let code: String = characters
            .filter_map(|byte| clear_character(u32::from(*byte) % 31))
            .take(LENGTH)
            .collect();
        (code.len() == LENGTH).then_some(Self(code))
    }

    /// Reads a code as typed: in any case, with or without its hyphens. `None` for what can't be one.
    pub fn parse(text: &str) -> Option<Self> {
        let code: String = text
            .chars()
            .filter(|character| !character.is_whitespace() && *character != '-')
            .map(|character| character.to_ascii_uppercase())
            .collect();
        let is_code = code.len() == LENGTH && code.chars().all(|character| CLEAR_CHARACTERS.contains(character));
        is_code.then_some(Self(code))
    }

    /// The form for paper: `K7QX-29MA-3TPD`.
    pub fn printed(&self) -> String {
        let characters: Vec<char> = self.0.chars().collect();
        let groups: Vec<String> = characters.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join("-")
    }

    /// What is stored of it: SHA-256 over the account and the code.
    pub fn digest(&self, account: AccountId) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(b"sherlok activation code 1");
        hash.update(account.uuid().as_bytes());
        hash.update(self.0.as_bytes());
        hash.finalize().into()
    }
}

/// A code is as good as a password.
impl fmt::Debug for ActivationCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ActivationCode(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    #[test]
    fn a_code_is_printed_in_groups_and_reads_back_however_it_is_typed() {
        let code = ActivationCode::from_random(&[7; 32]).unwrap();
        assert_eq!(code.printed(), "9999-9999-9999");
        assert_eq!(ActivationCode::parse(" 9999 99999999\n"), Some(code.clone()));
        assert_eq!(ActivationCode::parse(&code.printed().to_lowercase()), Some(code));
        for text in [
            "",
            "9999-9999-999",
            "9999-9999-99990",
            "9999-9999-999O",
            "9999-9999-999é",
        ] {
            assert_eq!(ActivationCode::parse(text), None, "{text}");
        }
    }

    #[test]
    fn bytes_that_would_favour_characters_are_passed_over() {
        let mut bytes = [250; 32];
        bytes[20..].fill(3);
        assert_eq!(ActivationCode::from_random(&bytes).unwrap().printed(), "5555-5555-5555");
        assert_eq!(ActivationCode::from_random(&[255; 32]), None);
    }

    #[test]
    fn the_same_code_of_another_account_is_stored_differently() {
        let code = ActivationCode::from_random(&[7; 32]).unwrap();
        let digest = |number| code.digest(AccountId::new(Uuid::from_u128(number)));
        assert_eq!(digest(1), digest(1));
        assert_ne!(digest(1), digest(2));
        assert_eq!(format!("{code:?}"), "ActivationCode(hidden)");
    }

    proptest! {
        #[test]
        fn every_code_reads_back(bytes in any::<[u8; 32]>()) {
            if let Some(code) = ActivationCode::from_random(&bytes) {
                prop_assert_eq!(ActivationCode::parse(&code.printed()), Some(code));
            }
        }
    }
}

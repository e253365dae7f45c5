//! Passwords: hashing and checking with Argon2id, and the form that never shows itself.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::fmt;

/// Fewest characters of a new password.
pub const SHORTEST: usize = 10;
/// Most characters of a password; also bounds what Argon2 is fed.
pub const LONGEST: usize = 128;

/// A password as typed. Neither `Debug` nor errors ever show it.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Takes any text; whether it may become a new password is [`Password::is_acceptable`].
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// From 10 to 128 characters and not just the username.
    pub fn is_acceptable(&self, username: &str) -> bool {
        let length = self.0.chars().count();
        (SHORTEST..=LONGEST).contains(&length) && !self.0.eq_ignore_ascii_case(username)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(hidden)")
    }
}

/// Hashing failed; never because of what the password is.
#[derive(Debug, thiserror::Error)]
#[error("password hashing failed")]
pub struct PasswordError;

/// How much work a hash costs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cost {
    /// 19 MiB, two passes: OWASP's first choice for Argon2id.
    Full,
    /// The least that Argon2 allows, for tests.
    Least,
}

/// Makes and checks password hashes. Takes tens of milliseconds: never call it on an async thread.
#[derive(Clone, Debug)]
pub struct Passwords {
    hasher: Argon2<'static>,
    /// The hash of no password: checked when there is no account, so that the answer takes as long.
    decoy: String,
}

impl Passwords {
    /// Prepares hashing at a cost.
    pub fn new(cost: Cost) -> Result<Self, PasswordError> {
        let params = match cost {
            Cost::Full => Params::new(19_456, 2, 1, None),
            Cost::Least => Params::new(8, 1, 1, None),
        };
        let params = params.ok().ok_or(PasswordError)?;
        // Written down and not computed: that would take 19 MiB at every start, and nothing hashes to zeros anyway.
        let decoy = format!(
            "$argon2id$v=19$m={},t={},p={}${}${}",
            params.m_cost(),
            params.t_cost(),
            params.p_cost(),
            "A".repeat(22),
            "A".repeat(43)
        );
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(Self { hasher, decoy })
    }

    /// A PHC string with a fresh salt.
    pub fn hash(&self, password: &Password) -> Result<String, PasswordError> {
        Ok(self
            .hasher
            .hash_password(password.0.as_bytes())
            .ok()
            .ok_or(PasswordError)?
            .to_string())
    }

    /// Whether the password belongs to the hash. Without a hash it takes as long and says no.
    pub fn verify(&self, password: &Password, hash: Option<&str>) -> bool {
        if password.0.len() > LONGEST * 4 {
            return false;
        }
        let is_match = PasswordHash::new(hash.unwrap_or(&self.decoy))
            .is_ok_and(|parsed| self.hasher.verify_password(password.0.as_bytes(), &parsed).is_ok());
        is_match && hash.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let passwords = Passwords::new(Cost::Least).unwrap();
        let hash = passwords.hash(&Password::new("rahasia-sekali".to_owned())).unwrap();
        assert!(hash.starts_with("$argon2id$") && !hash.contains("rahasia"));
        assert!(passwords.verify(&Password::new("rahasia-sekali".to_owned()), Some(&hash)));
        assert!(!passwords.verify(&Password::new("rahasia-sekalj".to_owned()), Some(&hash)));
        assert!(!passwords.verify(&Password::new("rahasia-sekali".to_owned()), None));
        assert!(!passwords.verify(&Password::new("x".repeat(10_000)), Some(&hash)));
    }

    #[test]
    fn without_an_account_as_much_is_computed_as_with_one() {
        for cost in [Cost::Least, Cost::Full] {
            let passwords = Passwords::new(cost).unwrap();
            let hash = passwords.hash(&Password::new("rahasia-sekali".to_owned())).unwrap();
            let (real, decoy) = (
                PasswordHash::new(&hash).unwrap(),
                PasswordHash::new(&passwords.decoy).unwrap(),
            );
            assert_eq!(
                (real.algorithm, real.version, &real.params),
                (decoy.algorithm, decoy.version, &decoy.params)
            );
            assert_eq!(hash.len(), passwords.decoy.len());
            let nobody = passwords.hasher.verify_password(b"rahasia-sekali", &decoy);
            // It was computed and differs; what could not be computed at all would be another error.
            assert_eq!(nobody, Err(argon2::password_hash::Error::PasswordInvalid));
        }
    }

    #[test]
    fn a_new_password_has_a_length_and_is_not_the_username() {
        let accepts = |text: &str| Password::new(text.to_owned()).is_acceptable("198609262015051901");
        assert!(accepts("sepuluh123"));
        assert!(!accepts("sembilan1"));
        assert!(!accepts("198609262015051901"));
        assert!(accepts(&"a".repeat(128)) && !accepts(&"a".repeat(129)));
    }

    #[test]
    fn debug_never_shows_a_password() {
        assert_eq!(format!("{:?}", Password::new("rahasia".to_owned())), "Password(hidden)");
    }
}

//! Access tokens (HS256, short) and refresh tokens (random once, then derived).

use crate::domain::access::Actor;
use crate::domain::access::Grant;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::SessionId;
use crate::domain::instant::Instant;
use crate::platform::secrets::Secrets;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// Seconds that an access token is good for.
pub const ACCESS_SECONDS: i64 = 600;
const ISSUER: &str = "sherlok";

/// What an access token says. Names match RFC 7519 where it has one.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: AccountId,
    sid: SessionId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    emp: Option<EmployeeId>,
    grants: Vec<Grant>,
    iat: i64,
    exp: i64,
}

/// The token can't be made or is not good.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TokenError {
    /// Malformed, forged, of another algorithm, or past its time.
    #[error("the access token is not valid")]
    Invalid,
    /// Signing failed.
    #[error("signing failed")]
    Signing,
}

/// Signs and reads tokens.
#[derive(Clone)]
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    /// One block of HMAC-SHA256: the key, then zeros, which is what HMAC makes of a shorter key anyway.
    refresh_key: [u8; 64],
}

impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Tokens(hidden)")
    }
}

impl Tokens {
    /// Prepares the deployment's keys.
    pub fn new(secrets: &Secrets) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[ISSUER]);
        validation.set_issuer(&[ISSUER]);
        validation.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
        // Time is checked against our own clock below, so that it can be an argument.
        validation.validate_exp = false;
        let mut refresh_key = [0; 64];
        refresh_key
            .iter_mut()
            .zip(secrets.refresh_key)
            .for_each(|(to, from)| *to = from);
        Self {
            encoding: EncodingKey::from_secret(&secrets.token_key),
            decoding: DecodingKey::from_secret(&secrets.token_key),
            validation,
            refresh_key,
        }
    }

    /// An access token for an actor, good for [`ACCESS_SECONDS`] from `now`.
    pub fn issue(&self, actor: &Actor, now: Instant) -> Result<String, TokenError> {
        let issued_at = now.millis().div_euclid(1_000);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: ISSUER.to_owned(),
            sub: actor.account(),
            sid: actor.session(),
            emp: actor.employee(),
            grants: actor.grants().to_vec(),
            iat: issued_at,
            exp: issued_at + ACCESS_SECONDS,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
            .ok()
            .ok_or(TokenError::Signing)
    }

    /// The actor that a token proves.
    pub fn read(&self, token: &str, now: Instant) -> Result<Actor, TokenError> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation)
            .ok()
            .ok_or(TokenError::Invalid)?
            .claims;
        if claims.exp.saturating_mul(1_000) <= now.millis() {
            return Err(TokenError::Invalid);
        }
        Ok(Actor::new(claims.sub, claims.emp, claims.sid, claims.grants))
    }

    /// The first refresh token of a session, from fresh randomness.
    pub fn first_refresh(&self, entropy: [u8; 32]) -> String {
        URL_SAFE_NO_PAD.encode(self.keyed(b"first", &entropy))
    }

    /// The only successor of a refresh token: a lost answer can be given again without storing any token.
    pub fn successor(&self, token: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.keyed(b"successor", token.as_bytes()))
    }

    /// What a browser holds in place of tokens: the randomness itself, which says nothing.
    pub fn cookie(entropy: [u8; 32]) -> String {
        URL_SAFE_NO_PAD.encode(entropy)
    }

    /// What a page must know to change anything with a cookie. Another site's page can have the cookie sent, but never
    /// learns this.
    pub fn csrf_token(&self, cookie: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.keyed(b"csrf", cookie.as_bytes()))
    }

    /// Whether `given` is the cookie's token; how long the comparison takes tells nothing about it.
    pub fn is_csrf_token(&self, cookie: &str, given: &str) -> bool {
        URL_SAFE_NO_PAD
            .decode(given)
            .is_ok_and(|given| self.mac(b"csrf", cookie.as_bytes()).verify_slice(&given).is_ok())
    }

    /// Keyed digest of a short code, such as an activation code, bound to whom it is for.
    pub fn code_digest(&self, username: &str, code: &str) -> [u8; 32] {
        self.keyed(b"code", format!("{}:{username}:{code}", username.len()).as_bytes())
    }

    /// What is stored of a refresh token.
    pub fn digest(token: &str) -> [u8; 32] {
        Sha256::digest(token.as_bytes()).into()
    }

    fn keyed(&self, purpose: &[u8], input: &[u8]) -> [u8; 32] {
        self.mac(purpose, input).finalize().into_bytes().into()
    }

    fn mac(&self, purpose: &[u8], input: &[u8]) -> Hmac<Sha256> {
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&self.refresh_key.into());
        mac.update(&Sha256::digest(purpose));
        mac.update(input);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::Role;
    use uuid::Uuid;

    fn tokens() -> Tokens {
        Tokens::new(&Secrets {
            token_key: [1; 32],
            refresh_key: [2; 32],
            master_key: [3; 32],
            log_key: [4; 32],
        })
    }

    fn actor() -> Actor {
        let id = Uuid::from_u128(9);
        Actor::new(
            AccountId::new(id),
            None,
            SessionId::new(id),
            vec![Grant {
                role: Role::BkdOfficer,
                agency: None,
            }],
        )
    }

    fn now() -> Instant {
        Instant::parse("2026-03-02T08:59:00Z").unwrap()
    }

    #[test]
    fn a_token_is_good_until_its_last_second() {
        let token = tokens().issue(&actor(), now()).unwrap();
        let read = tokens()
            .read(&token, now().plus(chrono::Duration::seconds(599)))
            .unwrap();
        assert!(read.has(Role::BkdOfficer));
        assert_eq!(
            tokens()
                .read(&token, now().plus(chrono::Duration::seconds(600)))
                .unwrap_err(),
            TokenError::Invalid
        );
    }

    #[test]
    fn unsigned_and_foreign_tokens_are_refused() {
        let token = tokens().issue(&actor(), now()).unwrap();
        let (_, rest) = token.split_once('.').unwrap();
        let (claims, signature) = rest.split_once('.').unwrap();
        let none = URL_SAFE_NO_PAD.encode(br#"{"alg":"none","typ":"JWT"}"#);
        for forged in [
            format!("{none}.{claims}."),
            format!("{none}.{claims}.{signature}"),
            "x.y.z".to_owned(),
            String::new(),
        ] {
            assert_eq!(
                tokens().read(&forged, now()).unwrap_err(),
                TokenError::Invalid,
                "{forged}"
            );
        }
        let other = Tokens::new(&Secrets {
            token_key: [9; 32],
            refresh_key: [2; 32],
            master_key: [3; 32],
            log_key: [4; 32],
        });
        assert!(other.read(&token, now()).is_err());
    }

    #[test]
    fn a_cookie_has_one_csrf_token_and_it_is_not_the_cookie() {
        let cookie = Tokens::cookie([7; 32]);
        let token = tokens().csrf_token(&cookie);
        assert_ne!(token, cookie);
        assert!(tokens().is_csrf_token(&cookie, &token));
        let other = tokens().csrf_token(&Tokens::cookie([8; 32]));
        let (start, _) = token.split_at(token.len() - 4);
        for wrong in ["", "x", "!!!!", cookie.as_str(), other.as_str(), start] {
            assert!(!tokens().is_csrf_token(&cookie, wrong), "{wrong}");
        }
    }

    #[test]
    fn a_refresh_token_has_one_successor() {
        let first = tokens().first_refresh([5; 32]);
        assert_eq!(tokens().successor(&first), tokens().successor(&first));
        assert_ne!(tokens().successor(&first), first);
        assert_ne!(tokens().code_digest("a", "bc"), tokens().code_digest("ab", "c"));
    }
}

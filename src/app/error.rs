//! Why a call did not happen, sorted by what the caller should do. Nothing here knows HTTP.

use crate::domain::access::Denied;
use crate::platform::cipher::CipherError;
use crate::platform::entropy::EntropyError;
use crate::platform::password::PasswordError;
use crate::platform::token::TokenError;
use crate::store;
use crate::store::transaction::WorkError;

/// One thing that is wrong with one field of a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FieldError {
    /// Path of the field: `latitude`, `check_ins[3].captured_at`.
    pub field: String,
    /// Stable name of what is wrong.
    pub code: &'static str,
    /// A sentence in Indonesian.
    pub indonesian: String,
    /// The same in English.
    pub english: String,
}

impl FieldError {
    /// Names a field and what is wrong with it, in both languages.
    pub fn new(
        field: impl Into<String>,
        code: &'static str,
        indonesian: impl Into<String>,
        english: impl Into<String>,
    ) -> Self {
        Self {
            field: field.into(),
            code,
            indonesian: indonesian.into(),
            english: english.into(),
        }
    }
}

/// Declares the stable codes of problems, each with its spelling.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// The stable name of a problem. Clients match on it; it never changes its meaning.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum Code {
            $($(#[$doc])* $name,)+
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The spelling in answers and in `problems.md`.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON at all.
    MalformedJson = "malformed_json",
    /// Fields are missing, unknown, of a wrong type or out of their limits; `fields` says which.
    InvalidFields = "invalid_fields",
    /// The body is larger than this call takes.
    BodyTooLarge = "body_too_large",
    /// The body did not arrive whole.
    BodyIncomplete = "body_incomplete",
    /// The content type is not one that this call takes.
    UnsupportedMediaType = "unsupported_media_type",
    /// No valid access token.
    Unauthenticated = "unauthenticated",
    /// Username and password do not belong together, or the account is not active.
    InvalidCredentials = "invalid_credentials",
    /// The refresh token is unknown, expired, or was used before.
    InvalidRefreshToken = "invalid_refresh_token",
    /// The activation code is wrong, used or expired.
    InvalidActivationCode = "invalid_activation_code",
    /// A call that changes something came with a cookie and without the session's CSRF token.
    CsrfTokenNeeded = "csrf_token_needed",
    /// No role held allows this.
    Forbidden = "forbidden",
    /// Somebody else than its writer does this.
    OwnDraft = "own_draft",
    /// No such thing within reach.
    NotFound = "not_found",
    /// No such address.
    NoSuchRoute = "no_such_route",
    /// The address exists, but not with this method.
    MethodNotAllowed = "method_not_allowed",
    /// The same id was used before with another content.
    IdConflict = "id_conflict",
    /// The same Idempotency-Key was used before with another request.
    IdempotencyConflict = "idempotency_conflict",
    /// Something of that name exists.
    AlreadyExists = "already_exists",
    /// The thing is not in a state that allows this.
    WrongState = "wrong_state",
    /// A dispatch from another instance failed a check; `fields` names it.
    DispatchRefused = "dispatch_refused",
    /// The agency seals on an instance of its own; its batches come from there.
    FederatedAgency = "federated_agency",
    /// This instance is not set up to send to BKD's.
    NotFederated = "not_federated",
    /// No active administrator would be left.
    LastAdministrator = "last_administrator",
    /// A newer version took its place.
    Superseded = "superseded",
    /// The agency asks for somebody else than the preparer.
    /// A plan covers one of these agencies on some of these days already.
    AuditOverlap = "audit_overlap",
    /// The audit has another seed; a seed is set once.
    SeedSet = "seed_set",
    /// The audit has no seed to draw with.
    SeedMissing = "seed_missing",
    /// No auditor is independent of one of the agencies.
    NoIndependentAuditor = "no_independent_auditor",
    /// The plan fixed the size of the sample, so it can't be extended.
    SampleSizeFixed = "sample_size_fixed",
    /// Cases of the audit are not settled.
    CasesOpen = "cases_open",
    /// The person may still reply; a decision comes after that.
    ReplyPending = "reply_pending",
    /// The time to reply has passed.
    ReplyOver = "reply_over",
    /// The time to object has passed.
    ObjectionOver = "objection_over",
    /// The blind second review has to come before a finding is upheld.
    SecondReviewPending = "second_review_pending",
    /// A circular bans the journey and nobody has excepted it; `fields` names the circular.
    TravelBanned = "travel_banned",
    /// Whoever proposed a deviation can't uphold it.
    SecondPersonNeeded = "second_person_needed",
    /// Someone changed it since; load it again.
    StaleVersion = "stale_version",
    /// If-Match is needed here.
    VersionRequired = "version_required",
    /// Captured more than 31 days ago.
    CapturedTooOld = "captured_too_old",
    /// Captured more than 24 hours ahead of the server.
    CapturedInFuture = "captured_in_future",
    /// The shares of these days are no longer kept.
    NoLongerKept = "no_longer_kept",
    /// The person belongs to no agency.
    NoMembership = "no_membership",
    /// Too many failed attempts; wait as Retry-After says.
    TooManyAttempts = "too_many_attempts",
    /// Too many calls with one credential; wait as Retry-After says.
    TooManyRequests = "too_many_requests",
    /// Full or briefly out of order; the same call is safe to repeat.
    Busy = "busy",
    /// A mistake of the service. Nothing was accepted.
    Internal = "internal",
}

/// Why a call did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller is not who they say, or says nothing.
    #[error("not authenticated: {}", .0.text())]
    Unauthenticated(Code),
    /// The caller may not do this at all.
    #[error("forbidden")]
    Forbidden,
    /// There is no such thing, or the caller may not know of it.
    #[error("not found")]
    NotFound,
    /// It clashes with what is there.
    #[error("conflict: {}", .0.text())]
    Conflict(Code),
    /// The version named is not the current one.
    #[error("stale version")]
    Stale,
    /// Fields are wrong.
    #[error("invalid fields")]
    Invalid(Vec<FieldError>),
    /// The request can't be read or taken as it is.
    #[error("refused: {}", .0.text())]
    Refused(Code),
    /// The request can't be taken because of one field.
    #[error("refused: {}", .0.text())]
    RefusedField(Code, FieldError),
    /// Too often; seconds to wait.
    #[error("too many: {}", .0.text())]
    TooMany(Code, u64),
    /// Try again in that many seconds.
    #[error("busy")]
    Busy(u64),
    /// The service's own mistake; the cause is logged, never told.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Wraps a cause that the caller can do nothing about.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// One wrong field.
    pub fn field(
        field: impl Into<String>,
        code: &'static str,
        indonesian: impl Into<String>,
        english: impl Into<String>,
    ) -> Self {
        Self::Invalid(vec![FieldError::new(field, code, indonesian, english)])
    }
}

impl From<Denied> for Error {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Forbidden => Self::Forbidden,
            Denied::Hidden => Self::NotFound,
        }
    }
}

impl From<store::error::Error> for Error {
    fn from(error: store::error::Error) -> Self {
        match error {
            store::error::Error::Missing => Self::NotFound,
            store::error::Error::Duplicate(_) => Self::Conflict(Code::AlreadyExists),
            store::error::Error::Busy(_) | store::error::Error::Connect(_) => Self::Busy(1),
            store::error::Error::Unavailable(cause) => {
                tracing::error!(%cause, "the database can't be used now");
                Self::Busy(5)
            }
            other @ (store::error::Error::Corrupt(_)
            | store::error::Error::Setup(_)
            | store::error::Error::Migration(_)
            | store::error::Error::Damaged(_)
            | store::error::Error::Database(_)) => Self::internal(other),
        }
    }
}

impl WorkError for Error {
    fn is_repeatable(&self) -> bool {
        matches!(self, Self::Busy(_))
    }
}

macro_rules! internal_from {
    ($($cause:ty),+) => {$(
        impl From<$cause> for Error {
            fn from(cause: $cause) -> Self {
                Self::internal(cause)
            }
        }
    )+};
}
internal_from!(EntropyError, PasswordError, CipherError, TokenError, std::io::Error);

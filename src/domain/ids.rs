//! One typed id a noun: a UUIDv7 made by whoever makes the thing.
//! A check-in's id comes from the phone; every other id is made by the service.

use crate::domain::instant::Instant;
use chrono::{DateTime, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::{Uuid, Version};

/// What is wrong with an id that a client made.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum IdError {
    /// The text is not a UUID.
    #[error("not a UUID")]
    Malformed,
    /// The UUID is of another version than 7, so it carries no time.
    #[error("not a UUID of version 7")]
    NotVersion7,
}

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps an id that was made or checked elsewhere.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The plain UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                // IdError says all that a uuid::Error would.
                Uuid::parse_str(text).map(Self).ok().ok_or(IdError::Malformed)
            }
        }
    )+};
}

typed_ids! {
    /// Someone who signs in.
    AccountId,
    /// One day's entry of work done.
    ActivityId,
    /// One look at, or change of, something that concerns a person.
    AuditEventId,
    /// One planned and drawn verification by BKD.
    AuditId,
    /// One sealed set of rows that an agency sends to BKD.
    BatchId,
    /// One drawn unit under review.
    CaseId,
    /// One location share. Made by the phone.
    CheckInId,
    /// One circular (surat edaran).
    CircularId,
    /// One person's wish that a day be told rightly.
    CorrectionId,
    /// A key that seals the positions of one agency and month.
    DataKeyId,
    /// One journey on duty. Made by the client.
    DutyTravelId,
    /// A person who works for an agency.
    EmployeeId,
    /// A file that backs an activity.
    EvidenceId,
    /// One version of a registered home.
    HomeId,
    /// One run of an instance of the service.
    InstanceRunId,
    /// One row of a balance of leave.
    LeaveEntryId,
    /// One request for leave. Made by the client.
    LeaveRequestId,
    /// One letter.
    LetterId,
    /// One entry of a transparency log.
    LogEntryId,
    /// A mark on a person that a roster reads.
    MarkId,
    /// The compiled activities of one person and month.
    MonthlyReportId,
    /// Something that a person should know.
    NoticeId,
    /// What was signed for the shares of one transaction.
    ReceiptId,
    /// An agency's roster for a period.
    RosterId,
    /// A time in which sharing was not possible.
    OutageId,
    /// A work schedule of an agency.
    ScheduleId,
    /// The date from which a unit has a schedule.
    ScheduleStartId,
    /// One chain of refresh tokens.
    SessionId,
    /// An office or duty post.
    SiteId,
    /// A part of an agency in its tree.
    UnitId,
}

impl CheckInId {
    /// Takes an id from a client; anything but a UUIDv7 is refused.
    pub fn from_client(text: &str) -> Result<Self, IdError> {
        let id: Self = text.parse()?;
        match id.0.get_version() {
            Some(Version::SortRand) => Ok(id),
            Some(_) | None => Err(IdError::NotVersion7),
        }
    }

    /// When the id was made, by the clock of whoever made it.
    pub fn made_at(self) -> Instant {
        made_at(self.0)
    }

    /// The UTC date inside the id. Ids of odd clocks carry odd dates; that is their own affair.
    pub fn day(self) -> NaiveDate {
        day(self.0)
    }
}

impl ReceiptId {
    /// The UTC date inside the id.
    pub fn day(self) -> NaiveDate {
        day(self.0)
    }
}

fn made_at(id: Uuid) -> Instant {
    let (high, _) = id.as_u64_pair();
    // 48 bits always fit.
    Instant::from_millis(i64::try_from(high >> 16).unwrap_or(0))
}

fn day(id: Uuid) -> NaiveDate {
    let milliseconds = made_at(id).millis();
    DateTime::from_timestamp_millis(milliseconds).map_or(NaiveDate::MIN, |instant| instant.date_naive())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_an_id_is_the_utc_date_of_its_timestamp() {
        let id = CheckInId::from_client("01955b3c-7000-7abc-8def-0123456789ab").unwrap();
        assert_eq!(id.day(), NaiveDate::from_ymd_opt(2025, 3, 3).unwrap());
    }

    #[test]
    fn only_version_7_is_taken_from_a_client() {
        assert_eq!(CheckInId::from_client("x"), Err(IdError::Malformed));
        let version_4 = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
        assert_eq!(CheckInId::from_client(version_4), Err(IdError::NotVersion7));
    }
}

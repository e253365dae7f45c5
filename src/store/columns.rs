//! How domain values stand in columns of either database.

use crate::domain::access::Role;
use crate::domain::activity::ActivityState;
use crate::domain::activity::Decision;
use crate::domain::activity::entry::Channel;
use crate::domain::assignment::AssignmentSource;
use crate::domain::audit::AuditState;
use crate::domain::audit::plan::Strata;
use crate::domain::batch::state::BatchState;
use crate::domain::calendar::HolidayKind;
use crate::domain::case::CaseFinding;
use crate::domain::case::ReplyPart;
use crate::domain::case::ReviewMethod;
use crate::domain::case::objection::ObjectionOutcome;
use crate::domain::circular::lifecycle::CircularState;
use crate::domain::duty_travel::state::TravelState;
use crate::domain::half::DayPart;
use crate::domain::home::HomeKind;
use crate::domain::home::HomeRank;
use crate::domain::home::HomeState;
use crate::domain::ids;
use crate::domain::instant::Instant;
use crate::domain::leave::LeaveKind;
use crate::domain::leave::ledger::EntryKind;
use crate::domain::leave::state::LeaveState;
use crate::domain::letter::LetterKind;
use crate::domain::letter::LetterState;
use crate::domain::membership::EndReason;
use crate::domain::monthly_report::Expectation;
use crate::domain::monthly_report::MonthlyReportState;
use crate::domain::notice::CaseOutcome;
use crate::domain::place::Place;
use crate::domain::recap::correction::CorrectionState;
use crate::domain::roster::mark::MarkEffect;
use crate::domain::roster::mark::MarkKind;
use crate::domain::roster::state::RosterState;
use crate::domain::schedule::start::ScheduleStart;
use crate::domain::site::SiteKind;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use crate::store::backend::MultiBackend;
use chrono::DateTime;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, Queryable};
use diesel::expression::AsExpression;
use diesel::internal::derives::as_expression::Bound;
use diesel::pg::data_types::PgTimestamp;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{
    BigInt, Binary, HasSqlType, Jsonb, Nullable, SingleValue, SmallInt, SqlType, Text, Timestamptz,
};
use diesel::sqlite::Sqlite;
use serde_json::Value;
use std::io::Write;
use uuid::Uuid;

/// Column types that have a native form on each backend.
pub mod sql {
    use super::SqlType;
    use diesel::query_builder::QueryId;

    /// `uuid` on PostgreSQL, a 16-byte BLOB on SQLite.
    #[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
    #[diesel(postgres_type(oid = 2950, array_oid = 2951), sqlite_type(name = "Binary"))]
    pub struct Id;

    /// `timestamptz` on PostgreSQL, milliseconds since 1970 as INTEGER on SQLite.
    #[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
    #[diesel(postgres_type(oid = 1184, array_oid = 1185), sqlite_type(name = "Long"))]
    pub struct Moment;

    /// `jsonb` on PostgreSQL, TEXT on SQLite.
    #[derive(Clone, Copy, Debug, Default, QueryId, SqlType)]
    #[diesel(postgres_type(oid = 3802, array_oid = 3807), sqlite_type(name = "Text"))]
    pub struct Document;
}

// Comparisons such as `<` on instants need to know that they are ordered.
impl diesel::sql_types::SqlOrd for sql::Moment {}
impl diesel::sql_types::SqlOrd for sql::Id {}

/// Makes a type usable as a column's value in both directions, given its `ToSql` and `FromSql` per backend.
macro_rules! column {
    ($rust:ty, $sql:ty) => {
        impl AsExpression<$sql> for $rust {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl AsExpression<Nullable<$sql>> for $rust {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'a> AsExpression<$sql> for &'a $rust {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'a> AsExpression<Nullable<$sql>> for &'a $rust {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<DB: Backend> ToSql<Nullable<$sql>, DB> for $rust
        where
            $rust: ToSql<$sql, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                <Self as ToSql<$sql, DB>>::to_sql(self, out)
            }
        }
        impl<DB: Backend, ST: SingleValue> Queryable<ST, DB> for $rust
        where
            $rust: FromSql<ST, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}

/// The two directions through the enum of both backends, for column types that are our own.
macro_rules! multi_backend {
    ($rust:ty, $sql:ty) => {
        impl FromSql<$sql, MultiBackend> for $rust {
            fn from_sql(value: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                value.from_sql::<Self, $sql>()
            }
        }
        impl ToSql<$sql, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((<$sql>::default(), self));
                Ok(IsNull::No)
            }
        }
    };
}

macro_rules! own_type {
    ($($sql:ty),+) => {$(
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$sql>(lookup)
            }
        }
    )+};
}
own_type!(sql::Id, sql::Moment, sql::Document);

macro_rules! id_columns {
    ($($id:ident),+ $(,)?) => {$(
        column!(ids::$id, sql::Id);
        multi_backend!(ids::$id, sql::Id);

        impl ToSql<sql::Id, Pg> for ids::$id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                out.write_all(self.uuid().as_bytes())?;
                Ok(IsNull::No)
            }
        }
        impl FromSql<sql::Id, Pg> for ids::$id {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                Ok(Self::new(Uuid::from_slice(value.as_bytes())?))
            }
        }
        impl ToSql<sql::Id, Sqlite> for ids::$id {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                out.set_value(self.uuid().as_bytes().to_vec());
                Ok(IsNull::No)
            }
        }
        impl FromSql<sql::Id, Sqlite> for ids::$id {
            fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
                Ok(Self::new(Uuid::from_slice(&bytes)?))
            }
        }
    )+};
}

id_columns!(
    AccountId,
    ActivityId,
    AuditEventId,
    AuditId,
    BatchId,
    CaseId,
    CheckInId,
    CircularId,
    CorrectionId,
    DataKeyId,
    DutyTravelId,
    EmployeeId,
    EvidenceId,
    HomeId,
    InstanceRunId,
    LeaveEntryId,
    LeaveRequestId,
    LetterId,
    LogEntryId,
    MarkId,
    MonthlyReportId,
    NoticeId,
    ReceiptId,
    RosterId,
    OutageId,
    ScheduleId,
    ScheduleStartId,
    SessionId,
    SiteId,
    UnitId,
);

column!(Instant, sql::Moment);
multi_backend!(Instant, sql::Moment);

/// Microseconds from 1970 to PostgreSQL's epoch, 2000-01-01.
const POSTGRES_EPOCH_MICROS: i64 = 946_684_800_000_000;

impl ToSql<sql::Moment, Pg> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        let micros = self
            .millis()
            .saturating_mul(1_000)
            .saturating_sub(POSTGRES_EPOCH_MICROS);
        ToSql::<Timestamptz, Pg>::to_sql(&PgTimestamp(micros), &mut out.reborrow())
    }
}

impl FromSql<sql::Moment, Pg> for Instant {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let moment = <DateTime<chrono::Utc> as FromSql<Timestamptz, Pg>>::from_sql(value)?;
        Ok(Self::new(moment))
    }
}

impl ToSql<sql::Moment, Sqlite> for Instant {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.millis());
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Moment, Sqlite> for Instant {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        <i64 as FromSql<BigInt, Sqlite>>::from_sql(value).map(Self::from_millis)
    }
}

/// A JSON document in a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Json(pub Value);

column!(Json, sql::Document);
multi_backend!(Json, sql::Document);

impl ToSql<sql::Document, Pg> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Jsonb, Pg>::to_sql(&self.0, &mut out.reborrow())
    }
}

impl FromSql<sql::Document, Pg> for Json {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <Value as FromSql<Jsonb, Pg>>::from_sql(value).map(Self)
    }
}

impl ToSql<sql::Document, Sqlite> for Json {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Document, Sqlite> for Json {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        Ok(Self(serde_json::from_str(&text)?))
    }
}

/// From which dates on a person has which schedule, as a JSON document in a column.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct ScheduleStarts(pub Vec<ScheduleStart>);

column!(ScheduleStarts, sql::Document);
multi_backend!(ScheduleStarts, sql::Document);

impl ToSql<sql::Document, Pg> for ScheduleStarts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        ToSql::<Jsonb, Pg>::to_sql(&serde_json::to_value(&self.0)?, &mut out.reborrow())
    }
}

impl FromSql<sql::Document, Pg> for ScheduleStarts {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let value = <Value as FromSql<Jsonb, Pg>>::from_sql(value)?;
        Ok(Self(serde_json::from_value(value)?))
    }
}

impl ToSql<sql::Document, Sqlite> for ScheduleStarts {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(serde_json::to_string(&self.0)?);
        Ok(IsNull::No)
    }
}

impl FromSql<sql::Document, Sqlite> for ScheduleStarts {
    fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let text = <String as FromSql<Text, Sqlite>>::from_sql(value)?;
        Ok(Self(serde_json::from_str(&text)?))
    }
}

/// Enums that are stored as their code in a TEXT column.
macro_rules! code_columns {
    ($($rust:ty),+ $(,)?) => {$(
        column!($rust, Text);

        impl<DB: Backend> FromSql<Text, DB> for $rust
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
                let code = String::from_sql(value)?;
                Self::from_code(&code).ok_or_else(|| format!("unknown {}: {code}", stringify!($rust)).into())
            }
        }

        impl<DB: Backend> ToSql<Text, DB> for $rust
        where
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.code().to_sql(out)
            }
        }
    )+};
}
pub(crate) use code_columns;
pub(crate) use column;

code_columns!(
    ActivityState,
    AssignmentSource,
    AuditState,
    BatchState,
    CaseFinding,
    CaseOutcome,
    Channel,
    CircularState,
    CorrectionState,
    DayPart,
    Decision,
    EndReason,
    EntryKind,
    Expectation,
    HolidayKind,
    HomeKind,
    HomeRank,
    HomeState,
    LeaveKind,
    LeaveState,
    LetterKind,
    LetterState,
    MarkEffect,
    MarkKind,
    MonthlyReportState,
    ObjectionOutcome,
    ReplyPart,
    ReviewMethod,
    RosterState,
    Role,
    SiteKind,
    Strata,
    TravelState,
    WorkGroup,
    WorkMode,
);

column!(Slot, SmallInt);

impl<DB: Backend> FromSql<SmallInt, DB> for Slot
where
    i16: FromSql<SmallInt, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let ordinal = i16::from_sql(value)?;
        Self::from_ordinal(ordinal).ok_or_else(|| format!("unknown slot: {ordinal}").into())
    }
}

impl<DB: Backend> ToSql<SmallInt, DB> for Slot
where
    i16: ToSql<SmallInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        let ordinal: &'static i16 = match self {
            Self::Morning => &1,
            Self::Midday => &2,
            Self::Afternoon => &3,
        };
        ordinal.to_sql(out)
    }
}

column!(Place, SmallInt);

impl<DB: Backend> FromSql<SmallInt, DB> for Place
where
    i16: FromSql<SmallInt, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let rank = i16::from_sql(value)?;
        Self::from_rank(rank).ok_or_else(|| format!("unknown place: {rank}").into())
    }
}

impl<DB: Backend> ToSql<SmallInt, DB> for Place
where
    i16: ToSql<SmallInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        let rank: &'static i16 = match self {
            Self::Inside => &1,
            Self::Probable => &2,
            Self::Uncertain => &3,
            Self::Unverifiable => &4,
            Self::Unusable => &5,
            Self::Outside => &6,
        };
        rank.to_sql(out)
    }
}

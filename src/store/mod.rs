//! Floor 2: the only room that names diesel. Rows in, domain values out; no table is named in this file.

pub mod absence_notice;
pub mod account;
pub mod account_notice;
pub mod activation;
pub mod activity;
pub mod agency;
pub mod agency_day;
mod agency_day_statement;
pub mod agency_roster;
pub mod assignment;
pub mod audit;
pub mod audit_batch;
pub mod audit_population;
pub mod backend;
pub mod batch;
pub mod batch_chunk;
pub mod batch_setting;
pub mod batch_unit;
pub mod browser_session;
pub mod calendar;
pub mod calendar_feed;
pub mod case;
pub mod case_evidence;
pub mod case_reminder;
pub mod check_in;
pub mod check_in_group;
pub mod check_in_receipt;
pub mod checkpoint;
pub mod circular;
pub mod colleague;
pub mod columns;
pub mod correction;
pub mod data_directory;
pub mod data_key;
pub mod disclosure;
pub mod dispatch;
pub mod duty;
pub mod duty_travel;
pub mod employee;
pub mod error;
pub mod event;
mod event_agency;
pub mod evidence;
pub mod federation;
pub mod home;
pub mod idempotency;
pub mod leave_day;
pub mod leave_entry;
pub mod leave_request;
pub mod letter;
pub mod log;
pub mod log_checkpoint;
pub mod mail_outbox;
pub mod membership;
pub mod migration;
pub mod monthly_report;
pub mod notice;
pub mod objection;
pub mod outage;
pub mod partition;
pub mod person_mark;
pub mod personnel;
pub mod postgres_url;
pub mod recap;
pub mod recap_setting;
pub mod recap_version;
pub mod region_outline;
pub mod retention;
pub mod roster_frame;
pub mod rule_book;
pub mod rule_table;
#[cfg(debug_assertions)]
pub mod sabotage;
pub mod schema;
pub mod sealed_opening;
pub mod second_review;
pub mod site;
pub mod staff;
pub mod team;
pub mod transaction;
pub mod travel_day;
pub mod unit;
pub mod verdict;
pub mod work_schedule;

use crate::store::backend::AnyConnection;
use crate::store::backend::Location;
use crate::store::backend::Opener;
use crate::store::backend::ReadOnly;
use crate::store::error::Error;
use diesel::r2d2::Pool;
use std::fmt;
use std::time::Duration;

/// The database of this process. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    location: Location,
    readers: Pool<Opener>,
    writers: Pool<Opener>,
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Store({:?})", self.location)
    }
}

impl Store {
    /// Opens the database, brings its schema up to date and keeps up to `connections` (at least 1) for reading and,
    /// on PostgreSQL, as many for writing. SQLite has one writer.
    pub fn open(location: Location, connections: u32) -> Result<Self, Error> {
        migration::run(&mut location.open()?)?;
        Self::open_migrated(location, connections)
    }

    /// Like [`Store::open`], for a database whose schema is known to be current.
    pub fn open_migrated(location: Location, connections: u32) -> Result<Self, Error> {
        let pool = |size: u32| {
            Pool::builder()
                .max_size(size.max(1))
                .min_idle(Some(0))
                .connection_timeout(Duration::from_secs(10))
                .idle_timeout(Some(Duration::from_mins(5)))
                .test_on_check_out(false)
        };
        let readers = pool(connections)
            .connection_customizer(Box::new(ReadOnly))
            .build(Opener(location.clone()))?;
        let writers = pool(if location.is_sqlite() { 1 } else { connections }).build(Opener(location.clone()))?;
        Ok(Self {
            location,
            readers,
            writers,
        })
    }

    /// Which database this is.
    pub const fn location(&self) -> &Location {
        &self.location
    }

    /// A connection outside the pools, for a thread that keeps its own.
    pub fn connect(&self) -> Result<AnyConnection, Error> {
        self.location.open()
    }
}

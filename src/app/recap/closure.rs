//! Closing a recap: the lines are frozen as a version. A correction afterwards shows in the difference, and the next
//! closing makes a new version; the old one stays.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::app::recap::sheet::Which;
use crate::app::recap::sheet::closed_lines;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::digest::RunningDigest;
use crate::domain::month::Month;
use crate::domain::recap::difference;
use crate::domain::recap::difference::PersonDifference;
use crate::domain::recap::sheet::Heading;
use crate::domain::recap::sheet::Line;
use crate::domain::recap::sheet::Standing;
use crate::store;
use crate::store::columns::Json;

pub use crate::store::recap_version::RecapVersionRow;

/// What two states of a recap differ in.
#[derive(Debug)]
pub struct Difference {
    /// The earlier version.
    pub from: i32,
    /// The later version; none for the present truth.
    pub to: Option<i32>,
    /// Whoever differs.
    pub people: Vec<PersonDifference>,
}

impl App {
    /// Freezes the month as a new version; where nothing differs from the newest one, that one comes back and the second
    /// value is false. A month that still runs is in no state to be closed; what else is not settled is kept in the
    /// version's notes.
    pub fn close_recap(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        month: Month,
        note: Option<&str>,
    ) -> Result<(RecapVersionRow, bool), Error> {
        // Deciding the days of an agency takes its time: in a snapshot of its own, so that nobody's share waits for it.
        let (sheet, closer) = self.store.read(|connection| {
            let zone = {
                let book = self.rule_book(connection)?;
                book.agency(agency.as_str()).ok_or(Error::NotFound)?.zone
            };
            if zone.date(context.now) <= month.last() {
                return Err(Error::Conflict(Code::WrongState));
            }
            let account = store::account::find(connection, context.account())?;
            let sheet = self.present_sheet(connection, scope, agency, month, context.now)?;
            Ok((sheet, account.map(|account| account.display_name).unwrap_or_default()))
        })?;
        let digest = digest(&sheet.lines)?;
        self.store.write(|connection| {
            let newest = store::recap_version::find(connection, scope, agency, month, None)?;
            if let Some(row) = newest.as_ref().filter(|row| row.digest == digest) {
                return Ok((row.clone(), false));
            }
            let version = newest.map_or(1, |row| row.version.saturating_add(1));
            let heading = Heading {
                standing: Standing::Closed,
                version: Some(version),
                ..sheet.heading.clone()
            };
            let row = RecapVersionRow {
                agency_code: agency.as_str().to_owned(),
                month: month.to_string(),
                version,
                heading: Json(serde_json::to_value(&heading).map_err(Error::internal)?),
                people: i32::try_from(sheet.lines.len()).unwrap_or(i32::MAX),
                digest: digest.clone(),
                note: note.map(str::to_owned),
                closed_by: context.account(),
                closed_by_name: closer.clone(),
                closed_at: context.now,
            };
            match store::recap_version::insert(connection, scope, agency, &row, &sheet.lines) {
                // Someone else closed it between our look and our step.
                Err(store::error::Error::Duplicate(_)) => return Err(Error::Busy(1)),
                other => other?,
            }
            let subject = format!("{agency}/{month}");
            note_event(connection, context, "recap", &subject, "close", note)?;
            tracing::info!(agency = %agency, month = %month, version, people = row.people, "recap closed");
            Ok((row, true))
        })
    }

    /// The closed versions of a month, newest first.
    pub fn recap_versions(
        &self,
        scope: &Scope,
        agency: &AgencyCode,
        month: Month,
    ) -> Result<Vec<RecapVersionRow>, Error> {
        self.store.read(|connection| {
            if self.rule_book(connection)?.agency(agency.as_str()).is_none() {
                return Err(Error::NotFound);
            }
            Ok(store::recap_version::list(connection, scope, agency, month)?)
        })
    }

    /// What two states differ in: the newest version and the present truth unless others are named.
    pub fn recap_difference(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        month: Month,
        (from, to): (Option<i32>, Which),
    ) -> Result<Difference, Error> {
        self.store.read(|connection| {
            let row = store::recap_version::find(connection, scope, agency, month, from)?;
            let from = row.ok_or(Error::NotFound)?.version;
            let later = super::sheet::closed(connection, scope, agency, month, to)?.map(|row| row.version);
            let before = closed_lines(connection, scope, agency, month, from)?;
            let after = match later {
                Some(version) => closed_lines(connection, scope, agency, month, version)?,
                None => self.present_sheet(connection, scope, agency, month, context.now)?.lines,
            };
            Ok(Difference {
                from,
                to: later,
                people: difference::difference(&before, &after),
            })
        })
    }
}

fn digest(lines: &[Line]) -> Result<Vec<u8>, Error> {
    let mut digest = RunningDigest::default();
    for line in lines {
        digest.update(&serde_json::to_vec(line).map_err(Error::internal)?);
        digest.update(b"\n");
    }
    Ok(digest.finish().bytes().to_vec())
}

//! Reading rosters: an agency's list, and the entries with their reasons.

use crate::app::App;
use crate::app::agency_roster::read;
use crate::app::agency_roster::within_reach;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::half::Halved;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::RosterId;
use crate::domain::roster::reason::Reason;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::agency_roster::RosterRow;
use chrono::NaiveDate;

/// An entry with its person's name and its reason read.
#[derive(Clone)]
pub struct ListedEntry {
    /// Who.
    pub employee_id: EmployeeId,
    /// With titles.
    pub name: String,
    /// When.
    pub date: NaiveDate,
    /// What: all day, or in each half.
    pub modes: Halved<WorkMode>,
    /// Why.
    pub reason: Reason,
    /// Whether somebody changed it.
    pub is_by_hand: bool,
}

/// Names are personal.
impl std::fmt::Debug for ListedEntry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ListedEntry({})", self.employee_id)
    }
}

impl App {
    /// Up to `limit` rosters of an agency, newest first; BKD those that were handed in.
    pub fn agency_rosters(
        &self,
        scope: &Scope,
        agency: &AgencyCode,
        after: Option<RosterId>,
        limit: u32,
    ) -> Result<Vec<RosterRow>, Error> {
        let is_receiver = scope.agencies().is_none();
        self.store.read(|connection| {
            if store::agency::find(connection, agency.as_str())?.is_none() {
                return Err(Error::NotFound);
            }
            let limit = i64::from(limit);
            Ok(store::agency_roster::list(
                connection,
                agency,
                is_receiver,
                after,
                limit,
            )?)
        })
    }

    /// Up to `limit` entries of a roster by date and person, of one date or all.
    pub fn roster_entries(
        &self,
        scope: &Scope,
        id: RosterId,
        date: Option<NaiveDate>,
        after: Option<(NaiveDate, EmployeeId)>,
        limit: u32,
    ) -> Result<Vec<ListedEntry>, Error> {
        self.store.read(|connection| {
            let (_, agency) = within_reach(connection, scope, id)?;
            let rows =
                store::agency_roster::list_entries(connection, scope, &agency, (id, date), after, i64::from(limit))?;
            rows.into_iter()
                .map(|listed| {
                    Ok(ListedEntry {
                        employee_id: listed.row.employee_id,
                        name: listed.name,
                        date: listed.row.work_date,
                        modes: store::agency_roster::modes_of(listed.row.mode, listed.row.afternoon_mode),
                        reason: read(&listed.row.reason)?,
                        is_by_hand: listed.row.is_by_hand,
                    })
                })
                .collect()
        })
    }
}

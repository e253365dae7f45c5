//! Versions of homes; their positions are sealed.

use crate::domain::access::AgencyCode;
use crate::domain::access::Reach;
use crate::domain::access::Scope;
use crate::domain::home::Home;
use crate::domain::home::HomeChange;
use crate::domain::home::HomeKind;
use crate::domain::home::HomeRank;
use crate::domain::home::HomeState;
use crate::domain::ids::AccountId;
use crate::domain::ids::DataKeyId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::HomeId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::employee;
use crate::store::schema::employee_number;
use crate::store::schema::home;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One version of a home.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = home, treat_none_as_default_value = false)]
pub struct HomeRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// Its id.
    pub id: HomeId,
    /// 1 for the person's first version.
    pub ordinal: i32,
    /// Primary or secondary.
    pub rank: HomeRank,
    /// What the address rests on.
    pub kind: HomeKind,
    /// Where it stands.
    pub state: HomeState,
    /// The agency whose operator decides.
    pub agency_code: String,
    /// In words.
    pub address: String,
    /// Kemendagri code of the village.
    pub village_code: Option<String>,
    /// Its own radius, where the operator set one.
    pub radius_metres: Option<i32>,
    /// The key that opens the position.
    pub key_id: DataKeyId,
    /// The sealed position.
    pub sealed_position: Vec<u8>,
    /// First day on which it counts.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it counts.
    pub valid_to: Option<NaiveDate>,
    /// When it was sent in.
    pub submitted_at: Instant,
    /// When it was decided.
    pub decided_at: Option<Instant>,
    /// Who decided.
    pub decided_by: Option<AccountId>,
    /// Why it was returned.
    pub reason: Option<String>,
    /// Raised by every change.
    pub version: i32,
}

impl HomeRow {
    /// What the rules need to know, with the day of submission as the zone has it.
    pub fn home(&self, zone: Zone) -> Home {
        Home {
            id: self.id,
            ordinal: self.ordinal,
            rank: self.rank,
            state: self.state,
            submitted_on: zone.date(self.submitted_at),
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        }
    }
}

/// A home with the person's titles, name and present number.
#[derive(Clone, Queryable)]
pub struct ListedHome {
    /// The home.
    pub row: HomeRow,
    /// Title before the name, name, title after it.
    pub name: (String, String, String),
    /// The present number.
    pub number: String,
}

/// Names and numbers are personal.
impl std::fmt::Debug for ListedHome {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ListedHome({})", self.row.id)
    }
}

/// Adds a version.
pub fn insert(connection: &mut AnyConnection, row: &HomeRow) -> Result<(), Error> {
    diesel::insert_into(home::table).values(row).execute(connection)?;
    Ok(())
}

/// Every version of a person's homes, oldest first: one's own, or those of a person whose home one decides.
pub fn list_of(connection: &mut AnyConnection, scope: &Scope, employee: EmployeeId) -> Result<Vec<HomeRow>, Error> {
    match scope.reach() {
        Reach::Own(own) if *own != employee => return Err(Error::Missing),
        Reach::Own(_) | Reach::Agencies(_) | Reach::Everyone => {}
        Reach::Subordinates(_) | Reach::Assigned(_) => return Err(Error::Missing),
    }
    Ok(home::table
        .filter(home::employee_id.eq(employee))
        .order(home::ordinal)
        .select(HomeRow::as_select())
        .load(connection)?)
}

/// Which homes a list holds.
#[derive(Clone, Copy, Debug)]
pub struct HomeFilter {
    /// Only this state.
    pub state: Option<HomeState>,
    /// Only those after this one.
    pub after: Option<HomeId>,
    /// At most so many.
    pub limit: i64,
}

/// Homes of the scope's agencies, oldest submission first.
pub fn list(connection: &mut AnyConnection, scope: &Scope, filter: HomeFilter) -> Result<Vec<ListedHome>, Error> {
    let mut query = home::table
        .inner_join(employee::table.on(employee::id.eq(home::employee_id)))
        .inner_join(
            employee_number::table.on(employee_number::employee_id
                .eq(home::employee_id)
                .and(employee_number::valid_to.is_null())),
        )
        .order(home::id)
        .limit(filter.limit)
        .select((
            HomeRow::as_select(),
            (employee::front_title, employee::name, employee::back_title),
            employee_number::number,
        ))
        .into_boxed();
    if let Some(agencies) = scope.agencies() {
        let agencies: Vec<String> = agencies.into_iter().map(str::to_owned).collect();
        query = query.filter(home::agency_code.eq_any(agencies));
    }
    if let Some(state) = filter.state {
        query = query.filter(home::state.eq(state));
    }
    if let Some(after) = filter.after {
        query = query.filter(home::id.gt(after));
    }
    Ok(query.load(connection)?)
}

/// A home of the scope's agencies.
pub fn find(connection: &mut AnyConnection, scope: &Scope, id: HomeId) -> Result<Option<ListedHome>, Error> {
    let mut query = home::table
        .inner_join(employee::table.on(employee::id.eq(home::employee_id)))
        .inner_join(
            employee_number::table.on(employee_number::employee_id
                .eq(home::employee_id)
                .and(employee_number::valid_to.is_null())),
        )
        .filter(home::id.eq(id))
        .select((
            HomeRow::as_select(),
            (employee::front_title, employee::name, employee::back_title),
            employee_number::number,
        ))
        .into_boxed();
    if let Some(agencies) = scope.agencies() {
        let agencies: Vec<String> = agencies.into_iter().map(str::to_owned).collect();
        query = query.filter(home::agency_code.eq_any(agencies));
    }
    Ok(query.first(connection).optional()?)
}

/// Carries out a change of a version that the caller has loaded within its scope.
pub fn apply(
    connection: &mut AnyConnection,
    _scope: &Scope,
    employee: EmployeeId,
    change: &HomeChange,
) -> Result<(), Error> {
    diesel::update(home::table.find((employee, change.id)))
        .set((
            home::state.eq(change.state),
            home::valid_from.eq(change.valid_from),
            home::valid_to.eq(change.valid_to),
            home::version.eq(home::version + 1),
        ))
        .execute(connection)?;
    Ok(())
}

/// Writes down who decided a version, when, and with what.
pub fn mark_decided(
    connection: &mut AnyConnection,
    _scope: &Scope,
    row: &HomeRow,
    by: AccountId,
    at: Instant,
    reason: Option<&str>,
    radius_metres: Option<i32>,
) -> Result<(), Error> {
    diesel::update(home::table.find((row.employee_id, row.id)))
        .set((
            home::decided_by.eq(Some(by)),
            home::decided_at.eq(Some(at)),
            home::reason.eq(reason),
            home::radius_metres.eq(radius_metres),
        ))
        .execute(connection)?;
    Ok(())
}

/// Hands a person's waiting homes to the operator of another agency.
pub fn hand_over(
    connection: &mut AnyConnection,
    _scope: &Scope,
    employee: EmployeeId,
    agency: &AgencyCode,
) -> Result<(), Error> {
    let waiting = home::table
        .filter(home::employee_id.eq(employee))
        .filter(home::state.eq(HomeState::Submitted));
    diesel::update(waiting)
        .set(home::agency_code.eq(agency.as_str()))
        .execute(connection)?;
    Ok(())
}

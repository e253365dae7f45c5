//! Rows of journeys on duty. Lists walk by id, which is the time of making.

use crate::domain::access::Scope;
use crate::domain::duty_travel::period::TravelPeriod;
use crate::domain::duty_travel::state::TravelState;
use crate::domain::half::DayPart;
use crate::domain::ids::DutyTravelId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::leave::request::Period;
use crate::store::backend::AnyConnection;
use crate::store::backend::MultiBackend;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::duty_travel;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One journey as it is kept.
#[derive(Clone, Debug, PartialEq, Queryable, Insertable, Selectable, AsChangeset)]
#[diesel(table_name = duty_travel, treat_none_as_null = true, treat_none_as_default_value = false)]
#[diesel(primary_key(employee_id, id))]
pub struct DutyTravelRow {
    /// Whose.
    pub employee_id: EmployeeId,
    /// Its id, made by the client.
    pub id: DutyTravelId,
    /// The agency of the person when it was handed in.
    pub agency_code: String,
    /// SHA-256 of the claim as first sent.
    pub claim_digest: Vec<u8>,
    /// Where it leads, by Kemendagri code.
    pub destination_code: String,
    /// Whether that lies outside the region of the agency.
    pub is_outside_region: bool,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// Which part of the first day.
    pub first_slots: DayPart,
    /// Which part of the last day.
    pub last_slots: DayPart,
    /// What for.
    pub purpose: String,
    /// What it rests on: an invitation, a plan.
    pub basis: Option<String>,
    /// Whether a virtual meeting was thought of instead.
    pub virtual_alternative_considered: bool,
    /// The number of the assignment letter (surat tugas).
    pub letter_number: Option<String>,
    /// The number of the travel order (SPPD).
    pub travel_order_number: Option<String>,
    /// Where it stands.
    pub state: TravelState,
    /// What circulars said when it was last looked at.
    pub bans: Json,
    /// Who let it pass all the same.
    pub exceptions: Json,
    /// Who approved or refused it.
    pub decision: Option<Json>,
    /// What the traveller told afterwards.
    pub report: Option<String>,
    /// Why it was called off.
    pub end_reason: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// When it was handed in.
    pub submitted_at: Option<Instant>,
    /// Rises with every change.
    pub version: i32,
}

impl DutyTravelRow {
    /// Its dates, and the parts of the first and the last.
    pub const fn period(&self) -> TravelPeriod {
        TravelPeriod {
            period: Period {
                first: self.first_day,
                last: self.last_day,
            },
            first_slots: self.first_slots,
            last_slots: self.last_slots,
        }
    }
}

/// Which journeys a list holds.
#[derive(Clone, Debug)]
pub struct DutyTravelFilter {
    /// Only these states; empty for none.
    pub states: Vec<TravelState>,
    /// Not those of this person: what is one's own never waits for oneself.
    pub except: Option<EmployeeId>,
    /// Only those after this one.
    pub after: Option<DutyTravelId>,
    /// At most so many.
    pub limit: i64,
}

/// Adds a journey of the scope's own.
pub fn insert(connection: &mut AnyConnection, scope: &Scope, row: &DutyTravelRow) -> Result<(), Error> {
    if scope.person() != Some(row.employee_id) {
        return Err(Error::Missing);
    }
    diesel::insert_into(duty_travel::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// Replaces a journey that the caller has found within its scope, if it is still of version `was`.
pub fn update(connection: &mut AnyConnection, _scope: &Scope, row: &DutyTravelRow, was: i32) -> Result<(), Error> {
    let unchanged = duty_travel::table
        .find((row.employee_id, row.id))
        .filter(duty_travel::version.eq(was));
    match diesel::update(unchanged).set(row).execute(connection)? {
        0 => Err(Error::Missing),
        _ => Ok(()),
    }
}

/// A journey of the scope's own.
pub fn find_own(
    connection: &mut AnyConnection,
    scope: &Scope,
    id: DutyTravelId,
) -> Result<Option<DutyTravelRow>, Error> {
    let owner = scope.person().ok_or(Error::Missing)?;
    Ok(duty_travel::table
        .find((owner, id))
        .select(DutyTravelRow::as_select())
        .first(connection)
        .optional()?)
}

/// Journeys of this id that have been handed in; ids are made by clients, so two people may have the same. The caller
/// decides who may see which.
pub fn find_all(connection: &mut AnyConnection, _scope: &Scope, id: DutyTravelId) -> Result<Vec<DutyTravelRow>, Error> {
    Ok(handed_in()
        .filter(duty_travel::id.eq(id))
        .select(DutyTravelRow::as_select())
        .load(connection)?)
}

/// Every journey of one person, whose rows the caller has found within its scope; newest first.
pub fn list_of(
    connection: &mut AnyConnection,
    _scope: &Scope,
    employee_id: EmployeeId,
) -> Result<Vec<DutyTravelRow>, Error> {
    Ok(duty_travel::table
        .filter(duty_travel::employee_id.eq(employee_id))
        .order(duty_travel::id.desc())
        .select(DutyTravelRow::as_select())
        .load(connection)?)
}

/// Journeys of the scope's agencies, by id.
pub fn list_of_agencies(
    connection: &mut AnyConnection,
    scope: &Scope,
    filter: &DutyTravelFilter,
) -> Result<Vec<DutyTravelRow>, Error> {
    let mut query = handed_in();
    if let Some(codes) = scope.agencies() {
        let codes: Vec<String> = codes.into_iter().map(str::to_owned).collect();
        query = query.filter(duty_travel::agency_code.eq_any(codes));
    }
    page(connection, query, filter)
}

/// Journeys of these people, whom the caller has found to be the scope's subordinates; by id.
pub fn list_of_team(
    connection: &mut AnyConnection,
    _scope: &Scope,
    team: &[EmployeeId],
    filter: &DutyTravelFilter,
) -> Result<Vec<DutyTravelRow>, Error> {
    let query = handed_in().filter(duty_travel::employee_id.eq_any(team.to_vec()));
    page(connection, query, filter)
}

type Boxed = duty_travel::BoxedQuery<'static, MultiBackend>;

fn handed_in() -> Boxed {
    duty_travel::table
        .filter(duty_travel::submitted_at.is_not_null())
        .into_boxed()
}

fn page(
    connection: &mut AnyConnection,
    mut query: Boxed,
    filter: &DutyTravelFilter,
) -> Result<Vec<DutyTravelRow>, Error> {
    if let Some(after) = filter.after {
        query = query.filter(duty_travel::id.gt(after));
    }
    if let Some(except) = filter.except {
        query = query.filter(duty_travel::employee_id.ne(except));
    }
    Ok(query
        .filter(duty_travel::state.eq_any(filter.states.clone()))
        .order((duty_travel::id, duty_travel::employee_id))
        .limit(filter.limit)
        .select(DutyTravelRow::as_select())
        .load(connection)?)
}

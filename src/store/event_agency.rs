//! Whose thing an event is about: the agency that lists it in its history.

use crate::domain::ids::CorrectionId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::HomeId;
use crate::domain::ids::MarkId;
use crate::domain::ids::RosterId;
use crate::domain::ids::ScheduleId;
use crate::domain::ids::SiteId;
use crate::domain::ids::UnitId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::correction;
use crate::store::schema::home;
use crate::store::schema::membership;
use crate::store::schema::person_mark;
use crate::store::schema::roster;
use crate::store::schema::site;
use crate::store::schema::unit;
use crate::store::schema::work_schedule;
use diesel::prelude::*;
use uuid::Uuid;

/// The agency of a thing; none for what belongs to no single agency, is not there, or is somebody's own affair, such as
/// an entry of work or a request for leave.
pub(super) fn agency_of(
    connection: &mut AnyConnection,
    kind: &str,
    id: &str,
    at: Instant,
) -> Result<Option<String>, Error> {
    let (first, _) = id.split_once('/').unwrap_or((id, ""));
    let uuid = Uuid::parse_str(first).ok();
    match (kind, uuid) {
        ("agency" | "recap" | "recap_setting" | "schedule", None) => Ok(Some(first.to_owned())),
        ("employee" | "assignment" | "duty_travel", Some(id)) => of_person(connection, EmployeeId::new(id), at),
        ("schedule", Some(id)) => match of_unit(connection, UnitId::new(id))? {
            None => of_person(connection, EmployeeId::new(id), at),
            found => Ok(found),
        },
        ("roster", Some(id)) => Ok(roster::table
            .find(RosterId::new(id))
            .select(roster::agency_code)
            .first(connection)
            .optional()?),
        ("mark", Some(id)) => Ok(person_mark::table
            .filter(person_mark::id.eq(MarkId::new(id)))
            .select(person_mark::agency_code)
            .first(connection)
            .optional()?),
        ("home", Some(id)) => Ok(home::table
            .filter(home::id.eq(HomeId::new(id)))
            .select(home::agency_code)
            .first(connection)
            .optional()?),
        ("site", Some(id)) => Ok(site::table
            .find(SiteId::new(id))
            .select(site::agency_code)
            .first(connection)
            .optional()?),
        ("correction", Some(id)) => Ok(correction::table
            .filter(correction::id.eq(CorrectionId::new(id)))
            .select(correction::agency_code)
            .first(connection)
            .optional()?),
        ("work_schedule", Some(id)) => Ok(work_schedule::table
            .find(ScheduleId::new(id))
            .select(work_schedule::agency_code)
            .first(connection)
            .optional()?),
        _ => Ok(None),
    }
}

/// The agency that the person works for at the time, or worked for last. The day begins first in Jayapura.
fn of_person(connection: &mut AnyConnection, id: EmployeeId, at: Instant) -> Result<Option<String>, Error> {
    Ok(membership::table
        .filter(membership::employee_id.eq(id))
        .filter(membership::valid_from.le(Zone::Jayapura.date(at)))
        .order(membership::valid_from.desc())
        .select(membership::agency_code)
        .first(connection)
        .optional()?)
}

fn of_unit(connection: &mut AnyConnection, id: UnitId) -> Result<Option<String>, Error> {
    Ok(unit::table
        .find(id)
        .select(unit::agency_code)
        .first(connection)
        .optional()?)
}

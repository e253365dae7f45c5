//! Who stood where on a date, and who stands above whom: memberships read together with the tree of units.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::UnitId;
use crate::domain::instant::Zone;
use crate::domain::person_name::titled;
use crate::domain::unit::Unit;
use crate::domain::unit::UnitTree;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::agency;
use crate::store::schema::employee;
use crate::store::schema::membership;
use crate::store::schema::unit;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::BTreeSet;
use std::collections::HashMap;
use uuid::Uuid;

/// Where a person stood on a date.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Standing {
    /// Whose member the person was.
    pub agency: AgencyCode,
    /// The unit within it, if one is known.
    pub unit_id: Option<UnitId>,
    /// The agency's zone.
    pub zone: Zone,
}

/// Where a person stood on a date; `None` for one who belonged to no agency.
pub fn standing(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    date: NaiveDate,
) -> Result<Option<Standing>, Error> {
    let row: Option<(String, Option<UnitId>, String)> = membership::table
        .inner_join(agency::table.on(agency::code.eq(membership::agency_code)))
        .filter(membership::employee_id.eq(employee_id))
        .filter(membership::valid_from.le(date))
        .filter(membership::valid_to.is_null().or(membership::valid_to.ge(date)))
        .order(membership::valid_from.desc())
        .select((membership::agency_code, membership::unit_id, agency::zone))
        .first(connection)
        .optional()?;
    row.map(|(code, unit_id, zone)| {
        Ok(Standing {
            agency: parse_code(&code)?,
            unit_id,
            zone: Zone::from_name(&zone).ok_or(Error::Corrupt("agency.zone"))?,
        })
    })
    .transpose()
}

/// The direct superior of a person on a date; `None` at the top and outside every unit.
pub fn direct_superior(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    date: NaiveDate,
) -> Result<Option<EmployeeId>, Error> {
    let Some(standing) = standing(connection, employee_id, date)? else {
        return Ok(None);
    };
    let Some(unit_id) = standing.unit_id else {
        return Ok(None);
    };
    let tree = UnitTree::new(units(connection, standing.agency.as_str(), date)?);
    Ok(tree.direct_superior(employee_id, unit_id))
}

/// Everyone whose direct superior the scope's person is on a date, in the order of ids.
pub fn subordinates(connection: &mut AnyConnection, scope: &Scope, date: NaiveDate) -> Result<Vec<EmployeeId>, Error> {
    let superior = scope.person().ok_or(Error::Missing)?;
    subordinates_of(connection, scope, superior, date)
}

/// Everyone whose direct superior a person is on a date, in the order of ids; the caller has a permission over their rows.
pub fn subordinates_of(
    connection: &mut AnyConnection,
    _scope: &Scope,
    superior: EmployeeId,
    date: NaiveDate,
) -> Result<Vec<EmployeeId>, Error> {
    let agencies: Vec<String> = unit::table
        .filter(unit::head_employee_id.eq(superior))
        .select(unit::agency_code)
        .distinct()
        .load(connection)?;
    let mut found = BTreeSet::new();
    for code in agencies {
        let units = units(connection, &code, date)?;
        let heads: Vec<EmployeeId> = units.iter().filter_map(|unit| unit.head_id).collect();
        let tree = UnitTree::new(units.iter().cloned());
        // Whoever heads nothing answers to the nearest head of their unit; nobody has the id of zeros.
        let nobody = EmployeeId::new(Uuid::nil());
        let led: Vec<UnitId> = units
            .iter()
            .map(|unit| unit.id)
            .filter(|unit| tree.direct_superior(nobody, *unit) == Some(superior))
            .collect();
        let members: Vec<(EmployeeId, Option<UnitId>)> = membership::table
            .filter(membership::agency_code.eq(&code))
            .filter(membership::valid_from.le(date))
            .filter(membership::valid_to.is_null().or(membership::valid_to.ge(date)))
            .filter(
                membership::unit_id
                    .eq_any(led)
                    .or(membership::employee_id.eq_any(heads)),
            )
            .select((membership::employee_id, membership::unit_id))
            .load(connection)?;
        found.extend(members.into_iter().filter_map(|(person, unit)| {
            let above = unit.and_then(|unit| tree.direct_superior(person, unit));
            (above == Some(superior)).then_some(person)
        }));
    }
    Ok(found.into_iter().collect())
}

/// Names of people whose rows the caller has loaded within the scope.
pub fn names(
    connection: &mut AnyConnection,
    _scope: &Scope,
    people: &[EmployeeId],
) -> Result<HashMap<EmployeeId, String>, Error> {
    let rows: Vec<(EmployeeId, String, String, String)> = employee::table
        .filter(employee::id.eq_any(people))
        .select((
            employee::id,
            employee::front_title,
            employee::name,
            employee::back_title,
        ))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(id, front, name, back)| (id, titled(&front, &name, &back)))
        .collect())
}

/// The units of an agency with those heads who worked for it on the date: who left leads nobody.
fn units(connection: &mut AnyConnection, code: &str, date: NaiveDate) -> Result<Vec<Unit>, Error> {
    type Row = (UnitId, String, String, Option<UnitId>, Option<EmployeeId>);
    let rows: Vec<Row> = unit::table
        .filter(unit::agency_code.eq(code))
        .select((
            unit::id,
            unit::code,
            unit::name,
            unit::parent_id,
            unit::head_employee_id,
        ))
        .load(connection)?;
    let heads: Vec<EmployeeId> = rows.iter().filter_map(|(.., head)| *head).collect();
    let members: BTreeSet<EmployeeId> = membership::table
        .filter(membership::agency_code.eq(code))
        .filter(membership::employee_id.eq_any(heads))
        .filter(membership::valid_from.le(date))
        .filter(membership::valid_to.is_null().or(membership::valid_to.ge(date)))
        .select(membership::employee_id)
        .load::<EmployeeId>(connection)?
        .into_iter()
        .collect();
    Ok(rows
        .into_iter()
        .map(|(id, code, name, parent_id, head_id)| Unit {
            id,
            code,
            name,
            parent_id,
            head_id: head_id.filter(|head| members.contains(head)),
        })
        .collect())
}

fn parse_code(code: &str) -> Result<AgencyCode, Error> {
    AgencyCode::parse(code).ok().ok_or(Error::Corrupt("agency.code"))
}

//! The population of an audit in pieces of whole lines, so that ten million units are drawn and streamed with little memory.

use crate::domain::audit::targeted;
use crate::domain::ids::AuditId;
use crate::domain::ids::EmployeeId;
use crate::store::backend::AnyConnection;
use crate::store::error::Error;
use crate::store::schema::audit_chunk;
use crate::store::schema::employee;
use diesel::prelude::*;
use uuid::Uuid;

/// Units of one piece: about 50 kB.
pub const CHUNK_UNITS: usize = 1_000;

/// People asked for in one statement; SQLite binds at most 32,766 values.
const PEOPLE_AT_ONCE: usize = 5_000;

/// One piece of the population.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = audit_chunk)]
pub struct ChunkRow {
    /// The audit.
    pub audit_id: AuditId,
    /// From 0.
    pub sequence: i32,
    /// The stratum that its units belong to, targeted ones left out.
    pub stratum: String,
    /// Unit ids, each line ended by LF; behind a targeted one its mark.
    pub units: String,
    /// Whose units they are: 16 bytes a line.
    pub employees: Vec<u8>,
}

impl ChunkRow {
    /// An empty piece.
    pub fn new(audit_id: AuditId, sequence: i32, stratum: &str) -> Self {
        Self {
            audit_id,
            sequence,
            stratum: stratum.to_owned(),
            units: String::new(),
            employees: Vec::new(),
        }
    }

    /// Adds a unit.
    pub fn push(&mut self, unit: &str, is_targeted: bool, employee: EmployeeId) {
        self.units.push_str(&targeted::line(unit, is_targeted));
        self.units.push('\n');
        self.employees.extend_from_slice(employee.uuid().as_bytes());
    }

    /// Units in it.
    pub const fn len(&self) -> usize {
        self.employees.len() / 16
    }

    /// Whether no unit is in it.
    pub const fn is_empty(&self) -> bool {
        self.employees.is_empty()
    }

    /// Each unit, whether it is targeted, and the person whose it is.
    pub fn units(&self) -> impl Iterator<Item = (&str, bool, EmployeeId)> {
        let employees = self.employees.chunks_exact(16);
        self.units.split_terminator('\n').zip(employees).map(|(line, bytes)| {
            let (unit, is_targeted) = targeted::read_line(line);
            let bytes = bytes.try_into().unwrap_or_default();
            (unit, is_targeted, EmployeeId::new(Uuid::from_bytes(bytes)))
        })
    }
}

/// Adds a piece; the database refuses it once the population is fixed.
pub fn insert(connection: &mut AnyConnection, row: &ChunkRow) -> Result<(), Error> {
    diesel::insert_into(audit_chunk::table)
        .values(row)
        .execute(connection)?;
    Ok(())
}

/// The first piece whose sequence is greater than `after` (-1 for the first of all).
pub fn find_next(connection: &mut AnyConnection, id: AuditId, after: i32) -> Result<Option<ChunkRow>, Error> {
    Ok(audit_chunk::table
        .filter(audit_chunk::audit_id.eq(id))
        .filter(audit_chunk::sequence.gt(after))
        .order(audit_chunk::sequence)
        .select(ChunkRow::as_select())
        .first(connection)
        .optional()?)
}

/// The pseudonyms of these people, in no order.
pub fn list_pseudonyms(
    connection: &mut AnyConnection,
    people: &[EmployeeId],
) -> Result<Vec<(EmployeeId, String)>, Error> {
    let mut found = Vec::with_capacity(people.len());
    for people in people.chunks(PEOPLE_AT_ONCE) {
        let rows: Vec<(EmployeeId, String)> = employee::table
            .filter(employee::id.eq_any(people))
            .select((employee::id, employee::pseudonym))
            .load(connection)?;
        found.extend(rows);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_people_stay_side_by_side() {
        let person = |id| EmployeeId::new(Uuid::from_u128(id));
        let mut chunk = ChunkRow::new(AuditId::new(Uuid::from_u128(1)), 0, "all");
        assert!(chunk.is_empty());
        chunk.push("a", false, person(1));
        chunk.push("b", true, person(2));
        assert_eq!((chunk.len(), chunk.units.as_str()), (2, "a\nb\ttargeted\n"));
        let units: Vec<_> = chunk.units().collect();
        assert_eq!(units, [("a", false, person(1)), ("b", true, person(2))]);
    }
}

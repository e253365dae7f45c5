//! Letters, their register, and the counter from which numbers come.

use crate::domain::access::Scope;
use crate::domain::digest::Digest;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::LetterId;
use crate::domain::instant::Instant;
use crate::domain::letter::LetterKind;
use crate::domain::letter::LetterState;
use crate::domain::letter::VerificationCode;
use crate::store::backend::AnyConnection;
use crate::store::backend::per_backend;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::letter;
use crate::store::schema::letter_counter;
use crate::store::schema::letter_number;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One letter as it was signed.
#[derive(Clone, PartialEq, Queryable, Insertable, Selectable)]
#[diesel(table_name = letter, treat_none_as_default_value = false)]
pub struct LetterRow {
    /// Whom it is about.
    pub employee_id: EmployeeId,
    /// Its id.
    pub id: LetterId,
    /// What it is about.
    pub kind: LetterKind,
    /// The agency of the person.
    pub agency_code: String,
    /// What that agency was called.
    pub agency_name: String,
    /// Whose register its number is from: an agency's code, or `bkd`.
    pub issuer: String,
    /// The register's year.
    pub year: i32,
    /// Its place in the register, from 1 without gaps.
    pub serial: i32,
    /// The number as it is written.
    pub number: String,
    /// The date of the letter.
    pub letter_date: NaiveDate,
    /// The person's name as initials, for whoever verifies it.
    pub holder_initials: String,
    /// Who signed, as called on that day.
    pub signer: Json,
    /// Everything that it prints.
    pub facts: Json,
    /// SHA-256 of the facts in canonical form.
    pub facts_sha256: Vec<u8>,
    /// What stands behind the address of verification.
    pub verification_code: String,
    /// Whether it holds.
    pub state: LetterState,
    /// The account that signed.
    pub issued_by: AccountId,
    /// When.
    pub issued_at: Instant,
    /// When it stopped to hold.
    pub revoked_at: Option<Instant>,
}

/// Facts are personal.
impl std::fmt::Debug for LetterRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "LetterRow({}, {})", self.id, self.state.code())
    }
}

impl LetterRow {
    /// The digest of the facts.
    pub fn digest(&self) -> Option<Digest> {
        Digest::from_bytes(&self.facts_sha256)
    }
}

/// Takes the next number of a register. Two that ask at once take turns: the second waits until the first has committed
/// or given its number back.
pub fn take_serial(connection: &mut AnyConnection, issuer: &str, kind: LetterKind, year: i32) -> Result<i32, Error> {
    let first = (
        letter_counter::issuer.eq(issuer),
        letter_counter::kind.eq(kind.code()),
        letter_counter::year.eq(year),
        letter_counter::last_serial.eq(1),
    );
    Ok(
        per_backend!(connection, inner => diesel::insert_into(letter_counter::table)
        .values(first)
        .on_conflict((letter_counter::issuer, letter_counter::kind, letter_counter::year))
        .do_update()
        .set(letter_counter::last_serial.eq(letter_counter::last_serial + 1))
        .returning(letter_counter::last_serial)
        .get_result(inner))?,
    )
}

/// Adds a letter and its line in the register.
pub fn insert(connection: &mut AnyConnection, _scope: &Scope, row: &LetterRow) -> Result<(), Error> {
    diesel::insert_into(letter::table).values(row).execute(connection)?;
    diesel::insert_into(letter_number::table)
        .values((
            letter_number::issuer.eq(&row.issuer),
            letter_number::kind.eq(row.kind.code()),
            letter_number::year.eq(row.year),
            letter_number::serial.eq(row.serial),
            letter_number::employee_id.eq(row.employee_id),
            letter_number::letter_id.eq(row.id),
            letter_number::verification_code.eq(&row.verification_code),
        ))
        .execute(connection)?;
    Ok(())
}

/// A letter of an id, which the service made; the caller decides who may see it.
pub fn find(connection: &mut AnyConnection, _scope: &Scope, id: LetterId) -> Result<Option<LetterRow>, Error> {
    let owner: Option<EmployeeId> = letter_number::table
        .filter(letter_number::letter_id.eq(id))
        .select(letter_number::employee_id)
        .first(connection)
        .optional()?;
    let Some(owner) = owner else { return Ok(None) };
    Ok(letter::table
        .find((owner, id))
        .select(LetterRow::as_select())
        .first(connection)
        .optional()?)
}

/// What anyone who holds a letter may know of it.
#[derive(Clone, Debug, Eq, PartialEq, Queryable)]
pub struct Verified {
    /// What it is about.
    pub kind: LetterKind,
    /// The number as it is written.
    pub number: String,
    /// The date of the letter.
    pub letter_date: NaiveDate,
    /// The agency of the person.
    pub agency_name: String,
    /// The person's name as initials.
    pub holder_initials: String,
    /// Whether it holds.
    pub state: LetterState,
    /// When it stopped to hold.
    pub revoked_at: Option<Instant>,
}

/// The letter behind a code, for anybody who has the code.
pub fn verify(connection: &mut AnyConnection, code: &VerificationCode) -> Result<Option<Verified>, Error> {
    let key: Option<(EmployeeId, LetterId)> = letter_number::table
        .filter(letter_number::verification_code.eq(code.as_str()))
        .select((letter_number::employee_id, letter_number::letter_id))
        .first(connection)
        .optional()?;
    let Some(key) = key else { return Ok(None) };
    Ok(letter::table
        .find(key)
        .select((
            letter::kind,
            letter::number,
            letter::letter_date,
            letter::agency_name,
            letter::holder_initials,
            letter::state,
            letter::revoked_at,
        ))
        .first(connection)
        .optional()?)
}

/// Says that a letter holds no more; its number stays taken.
pub fn revoke(
    connection: &mut AnyConnection,
    _scope: &Scope,
    employee_id: EmployeeId,
    id: LetterId,
    now: Instant,
) -> Result<(), Error> {
    diesel::update(letter::table.find((employee_id, id)))
        .set((letter::state.eq(LetterState::Revoked), letter::revoked_at.eq(Some(now))))
        .execute(connection)?;
    Ok(())
}

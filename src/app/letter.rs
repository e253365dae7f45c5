//! Letters of all kinds: written with the next number of their register, read by their holders, verified by anyone.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::event::note_step;
use crate::app::rule_table::RuleTables;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::canonical;
use crate::domain::digest::Digest;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::LetterId;
use crate::domain::leave::opinion::Official;
use crate::domain::letter::LetterKind;
use crate::domain::letter::LetterState;
use crate::domain::letter::Register;
use crate::domain::letter::VerificationCode;
use crate::domain::letter::find;
use crate::domain::letter::initials;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::letter::LetterRow;
use chrono::{Datelike, NaiveDate};
use serde_json::Value;

pub use crate::store::letter::Verified;

/// A letter before it has a number.
#[derive(Debug)]
pub(crate) struct NewLetter {
    pub(crate) kind: LetterKind,
    pub(crate) employee_id: EmployeeId,
    pub(crate) agency_code: String,
    pub(crate) agency_name: String,
    /// Whose register: an agency's code, or `bkd`.
    pub(crate) issuer: String,
    pub(crate) letter_date: NaiveDate,
    /// Without titles: initials are made of it.
    pub(crate) holder_name: String,
    pub(crate) signer: Official,
}

/// A letter with its signer read back.
#[derive(Clone, Debug)]
pub struct SignedLetter {
    /// The letter.
    pub row: LetterRow,
    /// Who signed.
    pub signer: Official,
}

impl SignedLetter {
    pub(crate) fn of(row: LetterRow) -> Result<Self, Error> {
        let signer = serde_json::from_value(row.signer.0.clone()).ok();
        let signer = signer.ok_or(store::error::Error::Corrupt("letter.signer"))?;
        Ok(Self { row, signer })
    }
}

/// What a letter got from its register.
#[derive(Debug)]
pub(crate) struct Numbered {
    pub(crate) number: String,
    pub(crate) place: Option<String>,
    pub(crate) code: VerificationCode,
}

impl App {
    /// Writes a letter within the caller's transaction: the number is taken if and only if the letter is there, so that a
    /// register has no gaps. `facts` gives what the letter prints; it is frozen with its digest.
    pub(crate) fn write_letter(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        new: &NewLetter,
        facts: impl FnOnce(&Numbered) -> Result<Value, Error>,
    ) -> Result<LetterRow, Error> {
        let registers: RuleTables<Vec<Register>> = RuleTables::load(connection)?;
        let register = find(registers.on(new.letter_date), &new.issuer, new.kind).ok_or_else(|| {
            Error::field(
                "letter_register",
                "missing",
                "Belum ada register nomor untuk surat ini. Hubungi BKD agar registernya dilengkapi.",
                "There is no register for this letter yet. Ask BKD to complete the registers.",
            )
        })?;
        let year = new.letter_date.year();
        let serial = store::letter::take_serial(connection, &new.issuer, new.kind, year)?;
        let numbered = Numbered {
            number: register.write(&new.issuer, serial, year),
            place: register.place.clone(),
            code: VerificationCode::from_random(self.entropy.bytes()?),
        };
        let facts = facts(&numbered)?;
        let text = canonical::to_string(&facts).map_err(Error::internal)?;
        let row = LetterRow {
            employee_id: new.employee_id,
            id: LetterId::new(self.entropy.uuid(context.now)?),
            kind: new.kind,
            agency_code: new.agency_code.clone(),
            agency_name: new.agency_name.clone(),
            issuer: new.issuer.clone(),
            year,
            serial,
            number: numbered.number,
            letter_date: new.letter_date,
            holder_initials: initials(&new.holder_name),
            signer: Json(serde_json::to_value(&new.signer).map_err(Error::internal)?),
            facts: Json(facts),
            facts_sha256: Digest::of(text.as_bytes()).bytes().to_vec(),
            verification_code: numbered.code.as_str().to_owned(),
            state: LetterState::Issued,
            issued_by: context.account(),
            issued_at: context.now,
            revoked_at: None,
        };
        store::letter::insert(connection, scope, &row)?;
        let states = (None, Some(row.state.code()));
        note_step(
            connection,
            context,
            ("letter", &row.id.to_string()),
            "issue",
            states,
            None,
        )?;
        Ok(row)
    }

    /// A letter about oneself, or about someone of the agencies that the caller sees letters of.
    pub fn find_letter(
        &self,
        own: Option<&Scope>,
        officer: Option<&Scope>,
        id: LetterId,
    ) -> Result<SignedLetter, Error> {
        let scope = own.or(officer).ok_or(Error::NotFound)?;
        let letter = self
            .store
            .read(|connection| Ok::<_, Error>(store::letter::find(connection, scope, id)?))?
            .ok_or(Error::NotFound)?;
        let is_own = own.and_then(Scope::person) == Some(letter.employee_id);
        let is_within = officer
            .is_some_and(|officer| AgencyCode::parse(&letter.agency_code).is_ok_and(|code| officer.covers(&code)));
        if is_own || is_within {
            SignedLetter::of(letter)
        } else {
            Err(Error::NotFound)
        }
    }

    /// What anyone who has a letter's code may know of it: whether it holds, its number and date, the agency, initials.
    pub fn verify_letter(&self, code: &str) -> Result<Verified, Error> {
        let code = VerificationCode::parse(code).ok_or(Error::NotFound)?;
        self.store
            .read(|connection| Ok::<_, Error>(store::letter::verify(connection, &code)?))?
            .ok_or(Error::NotFound)
    }
}

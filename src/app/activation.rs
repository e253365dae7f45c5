//! One-time codes for new and reset accounts, and their exchange for a password.

use crate::app::App;
use crate::app::agency::agency_row;
use crate::app::agency::today;
use crate::app::context::Context;
use crate::app::employee::current_post;
use crate::app::employee::member;
use crate::app::employee::unit_id;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::app::sign_in::unacceptable_password;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::activation::ActivationCode;
use crate::domain::activation::GOOD_FOR;
use crate::domain::employee_number::username;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::instant::long_date;
use crate::domain::person_name::titled;
use crate::platform::password::Password;
use crate::platform::table::Cell;
use crate::platform::table::CsvTable;
use crate::platform::table::grouped_number;
use crate::store;
use crate::store::activation::ActivationCodeRow;
use crate::store::activation::Recipient;
use crate::store::backend::AnyConnection;

/// A code to print. It is told once: only its digest is kept.
#[derive(Clone, Debug)]
pub struct IssuedCode {
    /// The unit's code and name, by which the paper is handed out.
    pub unit: Option<(String, String)>,
    /// The person.
    pub employee_id: EmployeeId,
    /// With titles.
    pub name: String,
    /// What the account signs in with.
    pub username: String,
    /// The code.
    pub code: ActivationCode,
    /// Until when it is good.
    pub expires_at: Instant,
}

impl App {
    /// Makes codes for members whose account was never activated, by unit and name. Who has a good code keeps it and is
    /// left out, unless all are to be renewed.
    pub fn issue_codes(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        unit_code: Option<&str>,
        is_renewal: bool,
    ) -> Result<Vec<IssuedCode>, Error> {
        self.store.write(|connection| {
            let row = agency_row(connection, scope, agency)?;
            let unit = match unit_code {
                Some(code) => Some(unit_id(connection, scope, agency, code)?),
                None => None,
            };
            let today = today(&row, context)?;
            let mut issued = Vec::new();
            let mut rows = Vec::new();
            for recipient in store::activation::list_pending(connection, scope, agency, unit, today)? {
                let has_good_code = recipient.expires_at.is_some_and(|expires_at| expires_at > context.now);
                if is_renewal || !has_good_code {
                    let (code, row) = self.new_code(recipient.account_id, context.now)?;
                    rows.push(row);
                    issued.push(issue(recipient, code, context.now));
                }
            }
            store::activation::replace(connection, scope, &rows)?;
            if !issued.is_empty() {
                let summary = format!("{} codes", issued.len());
                note_event(
                    connection,
                    context,
                    "agency",
                    agency.as_str(),
                    "issue_codes",
                    Some(&summary),
                )?;
            }
            Ok(issued)
        })
    }

    /// Takes a person's password away, ends their sessions and gives a new code, for a lost phone or password.
    pub fn reset_employee(&self, context: &Context, scope: &Scope, id: EmployeeId) -> Result<IssuedCode, Error> {
        let (issued, ended) = self.store.write(|connection| {
            let (_, current, _) = current_post(connection, context, scope, id)?;
            let agency = AgencyCode::parse(&current.agency_code).map_err(Error::internal)?;
            let account = store::personnel::find_account(connection, scope, id)?.ok_or(Error::NotFound)?;
            if account.state == "disabled" {
                return Err(Error::Conflict(Code::WrongState));
            }
            let (code, row) = self.new_code(account.id, context.now)?;
            store::activation::reset_account(connection, scope, account.id)?;
            store::activation::replace(connection, scope, &[row])?;
            let ended = store::account::revoke_sessions(connection, account.id, "password_changed", context.now)?;
            note_event(connection, context, "employee", &id.to_string(), "reset", None)?;
            let member = member(connection, context, scope, &agency, id)?;
            let person = member.person;
            let issued = IssuedCode {
                unit: member.unit,
                employee_id: id,
                name: titled(&person.front_title, &person.name, &person.back_title),
                username: account.username,
                code,
                expires_at: context.now.plus(GOOD_FOR),
            };
            Ok::<_, Error>((issued, ended))
        })?;
        self.keyring.revoke(ended, context.now);
        Ok(issued)
    }

    /// Exchanges a code for a password. An unknown name and a wrong, used or expired code are told apart by nobody.
    pub fn activate(&self, name: &str, code: &str, password: &Password) -> Result<(), Error> {
        let now = self.now();
        let username = username(name);
        if !password.is_acceptable(&username) {
            return Err(unacceptable_password("password"));
        }
        let refused = || Error::Unauthenticated(Code::InvalidActivationCode);
        let code = ActivationCode::parse(code).ok_or_else(refused)?;
        self.store
            .read(|connection| redeemable(connection, &username, &code, now))?
            .ok_or_else(refused)?;
        // Hashing is slow: only for a right code, and outside the transaction.
        let hash = self.passwords.hash(password)?;
        self.store.write(|connection| {
            let account = redeemable(connection, &username, &code, now)?.ok_or_else(refused)?;
            store::account::set_password(connection, account, &hash, now)?;
            Ok(store::activation::mark_used(connection, account, now)?)
        })
    }

    pub(crate) fn new_code(
        &self,
        account: AccountId,
        now: Instant,
    ) -> Result<(ActivationCode, ActivationCodeRow), Error> {
        let code = loop {
            if let Some(code) = ActivationCode::from_random(&self.entropy.bytes()?) {
                break code;
            }
        };
        let row = ActivationCodeRow {
            account_id: account,
            digest: code.digest(account).to_vec(),
            created_at: now,
            expires_at: now.plus(GOOD_FOR),
            used_at: None,
        };
        Ok((code, row))
    }
}

fn issue(recipient: Recipient, code: ActivationCode, now: Instant) -> IssuedCode {
    let (front_title, name, back_title) = recipient.name;
    IssuedCode {
        unit: recipient.unit,
        employee_id: recipient.employee_id,
        name: titled(&front_title, &name, &back_title),
        username: recipient.username,
        code,
        expires_at: now.plus(GOOD_FOR),
    }
}

/// The account that the code opens.
fn redeemable(
    connection: &mut AnyConnection,
    username: &str,
    code: &ActivationCode,
    now: Instant,
) -> Result<Option<AccountId>, Error> {
    let Some(account) = store::account::find_by_username(connection, username)? else {
        return Ok(None);
    };
    let stored = store::activation::find(connection, account.id)?;
    let is_good = account.state == "pending"
        && stored.is_some_and(|stored| {
            stored.used_at.is_none() && now <= stored.expires_at && stored.digest == code.digest(account.id)
        });
    Ok(is_good.then_some(account.id))
}

/// The codes as a table to print and cut, in the caller's order.
pub fn code_sheet(issued: &[IssuedCode]) -> Result<Vec<u8>, Error> {
    let headings = [
        "kode_unit",
        "unit",
        "nama",
        "nama_pengguna",
        "kode_aktivasi",
        "berlaku_sampai",
    ];
    let mut table = CsvTable::new(Vec::new(), &headings).map_err(Error::internal)?;
    for code in issued {
        let (unit_code, unit_name) = code.unit.clone().unzip();
        let row = [
            Cell::optional(unit_code),
            Cell::optional(unit_name),
            Cell::text(code.name.as_str()),
            Cell::text(grouped_number(&code.username)),
            Cell::text(code.code.printed()),
            Cell::text(long_date(Zone::default().date(code.expires_at))),
        ];
        table.row(&row).map_err(Error::internal)?;
    }
    table.finish().map_err(Error::internal)
}

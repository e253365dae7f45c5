//! Builders of agencies and people. They write through the store, not the routes: they set the scene of tests about
//! something else.

use super::TestApp;
use super::client::Client;
use chrono::NaiveDate;
use sherlok::app::App;
use sherlok::app::role::NewAccount;
use sherlok::app::sign_in::Password;
use sherlok::domain::access::{Action, Actor, AgencyCode, Grant, Role, Scope, Target, may};
use sherlok::domain::ids::{AccountId, EmployeeId, SessionId};
use sherlok::domain::work_mode::WorkGroup;
use sherlok::store;
use sherlok::store::agency::AgencyRow;
use sherlok::store::columns::{Json, ScheduleStarts};
use sherlok::store::employee::EmployeeRow;
use sherlok::store::membership::MembershipRow;
use uuid::Uuid;

/// The password of everybody in tests.
pub(crate) const PASSWORD: &str = "rahasia-uji-coba";

/// A member of staff, signed in.
pub(crate) struct Person {
    pub(crate) id: EmployeeId,
    pub(crate) username: String,
    pub(crate) agency: String,
    pub(crate) client: Client,
}

impl TestApp {
    /// Makes an agency in Banten, unless it is there.
    pub(crate) fn agency(&self, code: &str) {
        make_agency(self.app(), code);
    }

    /// Someone with a role who is on no staff list, signed in. Roles of an agency name it: `agency_operator:1.01`.
    pub(crate) fn official(&self, role: &str) -> Client {
        let (role, agency) = role
            .split_once(':')
            .map_or((role, None), |(role, agency)| (role, Some(agency)));
        if let Some(agency) = agency {
            self.agency(agency);
        }
        let username = format!("{role}-{}", self.next_serial());
        self.app()
            .add_account(&NewAccount {
                username: username.clone(),
                display_name: username.clone(),
                password: Password::new(PASSWORD.to_owned()),
                grants: vec![Grant {
                    role: Role::from_code(role).unwrap(),
                    agency: agency.map(|agency| AgencyCode::parse(agency).unwrap()),
                }],
            })
            .unwrap();
        self.signed_in(&username).of(&self.shared.app)
    }

    /// A client signed in by username and the tests' password.
    pub(crate) fn signed_in(&self, username: &str) -> Client {
        let mut client = self.nobody();
        client.sign_in(username, PASSWORD).expect(200);
        client
    }

    /// A member of an agency's administration since 2020, signed in.
    pub(crate) fn employee(&self, agency: &str) -> Person {
        self.employee_of(agency, WorkGroup::Administration)
    }

    /// A member of a work group of an agency since 2020, signed in.
    pub(crate) fn employee_of(&self, agency: &str, work_group: WorkGroup) -> Person {
        self.agency(agency);
        let (id, username) = make_employee(self.app(), agency, self.next_serial(), work_group);
        Person {
            id,
            client: self.signed_in(&username),
            username,
            agency: agency.to_owned(),
        }
    }

    /// The head of a unit of an agency, signed in.
    pub(crate) fn superior(&self, agency: &str) -> Person {
        let person = self.employee(agency);
        let unit = self.literal(Uuid::now_v7());
        self.execute(&format!(
            "INSERT INTO unit (id, agency_code, code, name, head_employee_id) VALUES ({unit}, '{agency}', 'U{}', 'Unit', {})",
            self.next_serial(),
            self.literal(person.id.uuid()),
        ));
        Person {
            client: self.signed_in(&person.username),
            ..person
        }
    }
}

/// Makes an agency in Banten, unless it is there.
pub(crate) fn make_agency(app: &App, code: &str) {
    let now = app.now();
    let row = AgencyRow {
        code: code.to_owned(),
        name: format!("Dinas Contoh {code}"),
        region_code: "36".to_owned(),
        zone: "Asia/Jakarta".to_owned(),
        service_kinds: Json(serde_json::json!([])),
        version: 1,
        created_at: now,
    };
    app.store()
        .write(|connection| {
            if store::agency::find(connection, code)?.is_some() {
                return Ok(());
            }
            // As every change of what judging reads does; a number that was never used.
            let epoch = Uuid::now_v7().as_u64_pair().1 >> 1;
            store::rule_book::set_epoch(connection, i64::try_from(epoch).unwrap())?;
            store::agency::insert(connection, &row)
        })
        .unwrap();
}

/// A permission over everybody's rows, for setting the scene.
fn staff_scope() -> Scope {
    let role = Grant {
        role: Role::BkdOfficer,
        agency: None,
    };
    let nobody = Uuid::nil();
    let actor = Actor::new(AccountId::new(nobody), None, SessionId::new(nobody), vec![role]);
    may(&actor, Action::TransferStaff, Target::Any).unwrap()
}

/// Makes a member of an agency since 2020 with an active account; gives the id and the username.
pub(crate) fn make_employee(app: &App, agency: &str, serial: u64, work_group: WorkGroup) -> (EmployeeId, String) {
    // Serial 9xx never belongs to a real person.
    let username = format!("19860926{:04}051{:03}", 2010 + serial / 100, 900 + serial % 100);
    let id = EmployeeId::new(Uuid::from_u128(
        0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(serial),
    ));
    let name = format!("Contoh {serial}");
    let account = app
        .add_account(&NewAccount {
            username: username.clone(),
            display_name: name.clone(),
            password: Password::new(PASSWORD.to_owned()),
            grants: Vec::new(),
        })
        .unwrap();
    let (now, since) = (app.now(), NaiveDate::from_ymd_opt(2020, 1, 1).unwrap());
    let person = EmployeeRow {
        id,
        number_kind: "pns".to_owned(),
        name,
        front_title: String::new(),
        back_title: String::new(),
        email: None,
        phone: None,
        pseudonym: format!("P{serial:07}"),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let member = MembershipRow {
        employee_id: id,
        valid_from: since,
        valid_to: None,
        agency_code: agency.to_owned(),
        unit_id: None,
        unit_name: None,
        legal_status: None,
        grade: Some("III/b".to_owned()),
        position: Some("Pelaksana".to_owned()),
        echelon: None,
        work_group,
        end_reason: None,
        schedule_starts: ScheduleStarts::default(),
    };
    let scope = staff_scope();
    app.store()
        .write(|connection| {
            store::employee::insert(connection, &person)?;
            store::employee::insert_number(connection, id, &username, since)?;
            store::membership::insert(connection, &scope, std::slice::from_ref(&member))?;
            store::account::set_employee(connection, account, id)
        })
        .unwrap();
    (id, username)
}

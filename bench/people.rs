//! The people of a benchmark: by their number alone everything about them can be told.

use chrono::{Days, NaiveDate};
use sherlok::domain::access::{Actor, AgencyCode, Grant, Role};
use sherlok::domain::ids::{AccountId, EmployeeId, SessionId};
use sherlok::domain::instant::Instant;
use sherlok::platform::secrets::Secrets;
use sherlok::platform::token::Tokens;
use uuid::Uuid;

/// People of the first agency, the largest: a province's schools.
pub(crate) const LARGEST: u32 = 10_000;
/// People of every other agency.
const USUAL: u32 = 2_500;

/// The employee of a number, from 1.
pub(crate) fn employee(number: u32) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(number))
}

/// The NIP of a number: 900 people share a date of birth.
pub(crate) fn employee_number(number: u32) -> String {
    let born = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + Days::new(u64::from(number / 900));
    format!("{}2015051{:03}", born.format("%Y%m%d"), number % 900 + 1)
}

/// The agency of a number, counted from 1.
pub(crate) fn agency_number(number: u32) -> u32 {
    if number <= LARGEST {
        1
    } else {
        (number - LARGEST - 1) / USUAL + 2
    }
}

/// The code of an agency.
pub(crate) fn agency_code(agency: u32) -> String {
    format!("opd{agency:03}")
}

/// The agency of a number.
pub(crate) fn agency(number: u32) -> String {
    agency_code(agency_number(number))
}

/// The same in SQL, for a column `number`.
pub(crate) fn agency_number_in_sql() -> String {
    format!("CASE WHEN number <= {LARGEST} THEN 1 ELSE (number - {LARGEST} - 1) / {USUAL} + 2 END")
}

/// A token of the operator of the first agency.
pub(crate) fn operator_token(secrets: &Secrets, now: Instant) -> String {
    let id = Uuid::now_v7();
    let grant = Grant {
        role: Role::AgencyOperator,
        agency: Some(AgencyCode::parse(&agency_code(1)).unwrap()),
    };
    let actor = Actor::new(AccountId::new(id), None, SessionId::new(id), vec![grant]);
    Tokens::new(secrets)
        .issue(&actor, now.plus(chrono::Duration::hours(1)))
        .unwrap()
}

/// The home of a number: spread over Banten, degrees.
pub(crate) fn home(number: u32) -> (f64, f64) {
    let (row, column) = (f64::from(number / 317), f64::from(number % 317));
    (-6.0 - row * 0.002, 106.0 + column * 0.002)
}

/// An access token for each person. They are signed by the deployment's key and good for three hours, so that they
/// outlive the ten minutes that the service gives.
pub(crate) fn tokens(secrets: &Secrets, people: u32, now: Instant) -> Vec<String> {
    let tokens = Tokens::new(secrets);
    let later = now.plus(chrono::Duration::hours(3));
    (1..=people)
        .map(|number| {
            let id = employee(number);
            let grant = Grant {
                role: Role::Employee,
                agency: Some(AgencyCode::parse(&agency(number)).unwrap()),
            };
            let actor = Actor::new(
                AccountId::new(id),
                Some(EmployeeId::new(id)),
                SessionId::new(id),
                vec![grant],
            );
            tokens.issue(&actor, later).unwrap()
        })
        .collect()
}

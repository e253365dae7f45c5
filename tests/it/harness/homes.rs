//! Homes and assignments for tests about something else, written past the routes.

use super::TestApp;
use super::people::Person;
use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use sherlok::domain::home::{HomeKind, HomeRank, HomeState};
use sherlok::domain::ids::{DataKeyId, HomeId};
use sherlok::domain::place::Position;
use sherlok::domain::position_record::PositionRecord;
use sherlok::domain::work_mode::WorkMode;
use sherlok::platform::cipher::Key;
use sherlok::store;
use sherlok::store::home::HomeRow;
use uuid::Uuid;

/// A home in Serang: latitude, longitude.
pub(crate) const HOME: (f64, f64) = (-6.119_731_2, 106.173_461_8);
/// The master key of every test's deployment.
pub(crate) const MASTER_KEY: [u8; 32] = [3; 32];

/// The point so many metres north of [`HOME`].
pub(crate) fn at_metres(metres: f64) -> (f64, f64) {
    // The meridian's radius there makes a degree 110,580 m.
    (HOME.0 + metres / 110_580.0, HOME.1)
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl TestApp {
    /// A verified primary home, without a radius of its own, that counts from a date on.
    pub(crate) fn verified_home(&self, person: &Person, at: (f64, f64), valid_from: &str) -> HomeId {
        let now = self.app().now();
        let serial = self.next_serial();
        let id = HomeId::new(Uuid::from_u128(
            0x0191_0000_0000_7000_8000_0000_0000_0000 + u128::from(serial),
        ));
        let key_id = DataKeyId::new(id.uuid());
        let key = Key::new([9; 32]);
        let wrapped = key
            .wrapped_by(&Key::new(MASTER_KEY), key_id.uuid().as_bytes(), [1; 12])
            .unwrap();
        let record = PositionRecord::point(Position::from_degrees(at.0, at.1).unwrap());
        let place = format!("home/{id}/sealed_position/1");
        let agency = sherlok::domain::access::AgencyCode::parse(&person.agency).unwrap();
        self.app()
            .store()
            .write(|connection| {
                // A month of its own, so that the service's key of the agency and month stays what it is.
                let month = format!("test-{serial}");
                store::data_key::insert_if_absent(connection, key_id, &agency, &month, &wrapped, now)?;
                store::home::insert(
                    connection,
                    &HomeRow {
                        employee_id: person.id,
                        id,
                        ordinal: i32::try_from(serial).unwrap(),
                        rank: HomeRank::Primary,
                        kind: HomeKind::Domicile,
                        state: HomeState::Verified,
                        agency_code: person.agency.clone(),
                        address: "Jalan Contoh 1".to_owned(),
                        village_code: None,
                        radius_metres: None,
                        key_id,
                        sealed_position: key.seal(place.as_bytes(), &record.to_bytes(), [2; 12]).unwrap(),
                        valid_from: Some(date(valid_from)),
                        valid_to: None,
                        submitted_at: now,
                        decided_at: Some(now),
                        decided_by: None,
                        reason: None,
                        version: 1,
                    },
                )
            })
            .unwrap();
        id
    }

    /// Lets a home count no longer than a date.
    pub(crate) fn close_home(&self, home: HomeId, valid_to: &str) {
        self.execute(&format!(
            "UPDATE home SET valid_to = '{valid_to}', state = 'superseded' WHERE id = {}",
            self.literal(home.uuid())
        ));
    }

    /// A roster entry.
    pub(crate) fn assign(&self, person: &Person, work_date: &str, mode: WorkMode) {
        let (employee, creator) = (self.literal(person.id.uuid()), self.literal(Uuid::nil()));
        let created_at = if self.is_postgres() { "now()" } else { "0" };
        self.execute(&format!(
            "INSERT INTO assignment (employee_id, work_date, agency_code, mode, source, created_by, created_at) \
             VALUES ({employee}, '{work_date}', '{}', '{}', 'roster', {creator}, {created_at})",
            person.agency,
            mode.code(),
        ));
    }

    /// Runs one statement on the test's database.
    pub(crate) fn execute(&self, statement: &str) {
        self.try_execute(statement).unwrap();
    }

    /// Runs one statement that the test's database may refuse.
    pub(crate) fn try_execute(&self, statement: &str) -> diesel::QueryResult<()> {
        self.app().store().connect().unwrap().batch_execute(statement)
    }

    /// An id as a literal of the test's database.
    pub(crate) fn literal(&self, id: Uuid) -> String {
        if self.is_postgres() {
            format!("'{id}'")
        } else {
            format!("X'{}'", id.simple())
        }
    }

    /// Demands that the counters of an agency and day are what counting the rows gives.
    #[track_caller]
    pub(crate) fn counters_agree(&self, agency: &str, work_date: &str) {
        let (kept, counted) = self
            .app()
            .store()
            .read(|connection| {
                let kept = store::check_in::list_counts(connection, agency, date(work_date))?;
                Ok::<_, store::error::Error>((kept, store::check_in::recount(connection, agency, date(work_date))?))
            })
            .unwrap();
        assert_eq!(kept, counted);
    }
}

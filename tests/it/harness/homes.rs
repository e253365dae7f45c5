//! Homes and assignments for tests about something else, written through the store.

use super::TestApp;
use super::people::Person;
use chrono::NaiveDate;
use sherlok::domain::ids::HomeId;
use sherlok::domain::work_mode::WorkMode;

/// A home in Serang: latitude, longitude.
pub(crate) const HOME: (f64, f64) = (-6.119_731_2, 106.173_461_8);

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
        self.app().place_home(person.id, at.0, at.1, date(valid_from)).unwrap()
    }

    /// Lets a home count no longer than a date.
    pub(crate) fn close_home(&self, person: &Person, home: HomeId, valid_to: &str) {
        self.app().store().write(|connection| sherlok::store::home::close(connection, person.id, home, date(valid_to))).unwrap();
    }

    /// A roster entry.
    pub(crate) fn assign(&self, person: &Person, work_date: &str, mode: WorkMode) {
        let now = self.app().now();
        self.app()
            .store()
            .write(|connection| sherlok::store::duty::assign(connection, person.id, date(work_date), mode, now))
            .unwrap();
    }
}

//! Results of slots of days that have passed, written past the routes: they set the scene of tests about recaps.

use super::TestApp;
use super::people::Person;
use sherlok::domain::instant::Instant;
use sherlok::domain::place::Place;
use sherlok::domain::slot::Slot;
use uuid::Uuid;

impl TestApp {
    /// A share that represents a slot, captured at a local time of the date, `08:00`.
    pub(crate) fn result(&self, person: &Person, date: &str, slot: Slot, place: Place, clock: &str) {
        let at = Instant::parse(&format!("{date}T{clock}:00+07:00")).unwrap();
        let at = if self.is_postgres() {
            format!("'{at}'")
        } else {
            at.millis().to_string()
        };
        let (employee, id) = (self.literal(person.id.uuid()), self.literal(Uuid::now_v7()));
        self.execute(&format!(
            "INSERT INTO slot_result (employee_id, work_date, slot, agency_code, id_day, check_in_id, place, time, \
             corrected_at) VALUES ({employee}, '{date}', {}, '{}', '{date}', {id}, {}, 'on_time', {at})",
            slot.ordinal(),
            person.agency,
            place.rank(),
        ));
    }

    /// Shares from home in all three slots of a date.
    pub(crate) fn full_day(&self, person: &Person, date: &str) {
        for (slot, clock) in Slot::ALL.into_iter().zip(["07:45", "12:00", "16:05"]) {
            self.result(person, date, slot, Place::Inside, clock);
        }
    }
}

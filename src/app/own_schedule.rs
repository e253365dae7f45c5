//! The schedules that agencies, units and people have of their own, as the rules in memory know them.

use crate::app::error::Error;
use crate::domain::ids::ScheduleId;
use crate::domain::ids::UnitId;
use crate::domain::schedule::WorkSchedule;
use crate::domain::schedule::start;
use crate::domain::schedule::start::ScheduleStart;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::membership::MembershipRow;
use chrono::NaiveDate;
use std::collections::HashMap;

/// What finds a person's schedule: the unit, and what the person has of their own.
#[derive(Clone, Copy, Debug)]
pub struct Whose<'a> {
    /// The unit; none for someone who belongs to the agency as a whole.
    pub unit_id: Option<UnitId>,
    /// From which dates on the person has which schedule.
    pub starts: &'a [ScheduleStart],
}

impl<'a> Whose<'a> {
    /// Of an agency as a whole.
    pub const AGENCY: Self = Self {
        unit_id: None,
        starts: &[],
    };

    /// Of a member, as the staff list has it.
    pub fn of(member: &'a MembershipRow) -> Self {
        Self {
            unit_id: member.unit_id,
            starts: &member.schedule_starts.0,
        }
    }
}

/// Every agency's schedules.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnSchedules(HashMap<String, OfAgency>);

#[derive(Clone, Debug, Default)]
struct OfAgency {
    schedules: HashMap<ScheduleId, WorkSchedule>,
    starts: HashMap<Option<UnitId>, Vec<ScheduleStart>>,
}

impl OwnSchedules {
    /// Reads them whole.
    pub(crate) fn load(connection: &mut AnyConnection) -> Result<Self, Error> {
        let mut all: HashMap<String, OfAgency> = HashMap::new();
        for row in store::work_schedule::list_all(connection)? {
            let schedule = row.read_schedule()?;
            let agency = all.entry(row.agency_code).or_default();
            agency.schedules.insert(row.id, schedule);
        }
        for row in store::work_schedule::list_all_starts(connection)? {
            let agency = all.entry(row.agency_code).or_default();
            agency.starts.entry(row.unit_id).or_default().push(ScheduleStart {
                from: row.valid_from,
                schedule_id: row.schedule_id,
            });
        }
        Ok(Self(all))
    }

    /// Whether an agency has any, so that its people's days may differ by unit and person.
    pub(crate) fn has_any(&self, agency: &str) -> bool {
        self.0.contains_key(agency)
    }

    /// An agency's schedules, in no order, whether somebody has them or not.
    pub(crate) fn of_agency(&self, agency: &str) -> impl Iterator<Item = (ScheduleId, &WorkSchedule)> {
        let own = self.0.get(agency).into_iter();
        own.flat_map(|own| own.schedules.iter().map(|(id, schedule)| (*id, schedule)))
    }

    /// A person's schedule on a date: their own, else that of the unit or of the nearest one above that has one, else the
    /// agency's; none where people work by calendar and circulars alone. `units` goes from the unit upwards.
    pub(crate) fn on(
        &self,
        agency: &str,
        starts: &[ScheduleStart],
        units: impl Iterator<Item = UnitId>,
        date: NaiveDate,
    ) -> Option<(ScheduleId, &WorkSchedule)> {
        let own = self.0.get(agency)?;
        let of_place = |place: Option<UnitId>| start::on(own.starts.get(&place)?, date);
        let id = start::on(starts, date).or_else(|| units.map(Some).chain([None]).find_map(of_place))?;
        Some((id, own.schedules.get(&id)?))
    }
}

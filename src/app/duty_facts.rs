//! What a person's days are decided from, read for many people at once and kept small: the writer of shares remembers it.

use crate::app::error::Error;
use crate::app::own_schedule::Whose;
use crate::domain::assignment::DayAssignment;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::half::DayPart;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::SiteId;
use crate::domain::ids::UnitId;
use crate::domain::schedule::start::ScheduleStart;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::duty::Assigned;
use crate::store::duty::MemberOnDuty;
use crate::store::duty::SealedHome;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A stretch of membership, as far as it decides days.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DutyMember {
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day; open is the present.
    pub valid_to: Option<NaiveDate>,
    /// The agency.
    pub agency_code: Arc<str>,
    /// The unit within it, where it is registered.
    pub unit_id: Option<UnitId>,
    /// How circulars group the person.
    pub work_group: WorkGroup,
    /// The level of the post.
    pub level: PositionLevel,
    starts: Box<[ScheduleStart]>,
}

impl DutyMember {
    fn of(row: MemberOnDuty, codes: &mut AgencyCodes) -> Self {
        Self {
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            agency_code: codes.shared(&row.agency_code),
            unit_id: row.unit_id,
            work_group: row.work_group,
            level: PositionLevel::from_echelon(row.echelon.as_deref()),
            starts: row.schedule_starts.0.into_boxed_slice(),
        }
    }

    /// Whether the date lies in the stretch.
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.valid_from <= date && self.valid_to.is_none_or(|to| date <= to)
    }

    /// What finds the schedule.
    pub fn whose(&self) -> Whose<'_> {
        Whose {
            unit_id: self.unit_id,
            starts: &self.starts,
        }
    }
}

/// What the person's own agency assigned for a date.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct AssignedDay {
    date: NaiveDate,
    mode: WorkMode,
    slots: DayPart,
    /// Most assignments are a mode and no more.
    more: Option<Box<More>>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct More {
    site_id: Option<SiteId>,
    destination_code: Option<String>,
    shift: Option<String>,
}

impl AssignedDay {
    fn of(row: Assigned) -> Self {
        let is_plain = row.site_id.is_none() && row.destination_code.is_none() && row.shift.is_none();
        Self {
            date: row.work_date,
            mode: row.mode,
            slots: row.slots,
            more: (!is_plain).then(|| {
                Box::new(More {
                    site_id: row.site_id,
                    destination_code: row.destination_code,
                    shift: row.shift,
                })
            }),
        }
    }

    /// What the rules of the day need.
    pub(crate) fn day(&self) -> DayAssignment {
        DayAssignment {
            mode: self.mode,
            slots: self.slots,
            shift: self.more.as_ref().and_then(|more| more.shift.clone()),
        }
    }

    /// For which part of the date.
    pub(crate) const fn slots(&self) -> DayPart {
        self.slots
    }

    /// The office or duty post, if it is not the usual one.
    pub(crate) fn site(&self) -> Option<SiteId> {
        self.more.as_ref()?.site_id
    }

    /// Where a journey leads, by Kemendagri code.
    pub(crate) fn destination_code(&self) -> Option<&str> {
        let more = self.more.as_ref().filter(|_| self.mode == WorkMode::DutyTravel)?;
        more.destination_code.as_deref()
    }
}

/// Everything about one person, the assignments of some dates only.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct DutyFacts {
    members: Box<[DutyMember]>,
    assigned: Box<[AssignedDay]>,
    homes: Box<[SealedHome]>,
}

impl DutyFacts {
    /// Every stretch of membership, in order.
    pub(crate) fn members(&self) -> &[DutyMember] {
        &self.members
    }

    /// Every home that was ever verified.
    pub(crate) fn homes(&self) -> &[SealedHome] {
        &self.homes
    }

    /// The membership of a date, else the last one before it, else the first after it.
    pub(crate) fn member_on(&self, date: NaiveDate) -> Option<&DutyMember> {
        member_on(&self.members, date)
    }

    /// What the agency of the date's membership assigned for it; what another one did holds no more.
    pub(crate) fn assigned_on(&self, date: NaiveDate) -> impl Iterator<Item = &AssignedDay> {
        self.assigned.iter().filter(move |day| day.date == date)
    }
}

fn member_on(members: &[DutyMember], date: NaiveDate) -> Option<&DutyMember> {
    members
        .iter()
        .rev()
        .find(|member| member.valid_from <= date)
        .or_else(|| members.first())
}

/// The codes of agencies, each once in memory.
#[derive(Debug, Default)]
pub(crate) struct AgencyCodes(HashSet<Arc<str>>);

impl AgencyCodes {
    fn shared(&mut self, code: &str) -> Arc<str> {
        if let Some(known) = self.0.get(code) {
            return Arc::clone(known);
        }
        let code: Arc<str> = Arc::from(code);
        self.0.insert(Arc::clone(&code));
        code
    }
}

/// Reads the facts of these people, with the assignments from one date to another, both inclusive. Whoever never belonged
/// to an agency is left out.
pub(crate) fn load(
    connection: &mut AnyConnection,
    codes: &mut AgencyCodes,
    people: &[EmployeeId],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<HashMap<EmployeeId, DutyFacts>, Error> {
    let mut members: HashMap<EmployeeId, Vec<DutyMember>> = HashMap::with_capacity(people.len());
    for row in store::duty::list_members_on_duty(connection, people)? {
        let person = row.employee_id;
        members.entry(person).or_default().push(DutyMember::of(row, codes));
    }
    let mut assigned: HashMap<EmployeeId, Vec<AssignedDay>> = HashMap::new();
    for row in store::duty::list_assigned(connection, people, from, to)? {
        let stretches = members.get(&row.employee_id).map_or(&[][..], Vec::as_slice);
        if member_on(stretches, row.work_date).is_some_and(|member| *member.agency_code == *row.agency_code) {
            let person = row.employee_id;
            assigned.entry(person).or_default().push(AssignedDay::of(row));
        }
    }
    let mut homes: HashMap<EmployeeId, Vec<SealedHome>> = HashMap::with_capacity(people.len());
    for (person, home) in store::duty::list_homes(connection, people)? {
        homes.entry(person).or_default().push(home);
    }
    let facts = members.into_iter().map(|(person, members)| {
        let facts = DutyFacts {
            members: members.into_boxed_slice(),
            assigned: assigned.remove(&person).unwrap_or_default().into_boxed_slice(),
            homes: homes.remove(&person).unwrap_or_default().into_boxed_slice(),
        };
        (person, facts)
    });
    Ok(facts.collect())
}

//! Publishing a roster: its days that have not passed become assignments, and it takes the place of earlier rosters.

use crate::app::App;
use crate::app::agency_roster::RosterInFull;
use crate::app::agency_roster::log;
use crate::app::agency_roster::save;
use crate::app::agency_roster::to_step;
use crate::app::agency_roster::within_reach;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::assignment::AssignmentSource;
use crate::domain::half::DayPart;
use crate::domain::half::Half;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::RosterId;
use crate::domain::notice::NoticeContent;
use crate::domain::roster::frame::Frame;
use crate::domain::roster::frame::Standing;
use crate::domain::roster::state::RosterStep;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::assignment::AssignmentRow;
use crate::store::backend::AnyConnection;
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};

impl App {
    /// Lets a received roster hold, from today on: writes assignments for everybody whose day was not granted or
    /// corrected before, takes the days from the rosters that stood for them, and tells each person once.
    ///
    /// A roster all of whose days have passed can't be published.
    pub fn publish_roster(
        &self,
        context: &Context,
        scope: &Scope,
        id: RosterId,
        version: i32,
    ) -> Result<RosterInFull, Error> {
        self.store.write(|connection| {
            let (mut row, agency) = within_reach(connection, scope, id)?;
            let is_own = row.published_by == Some(context.account());
            let Some(state) = to_step(&row, RosterStep::Publish, version, is_own)? else {
                return Ok(());
            };
            let loaded = self.roster_frame(connection, scope, &agency, (row.from_date, row.to_date))?;
            let today = loaded.zone.date(context.now);
            let entries = store::agency_roster::list_modes(connection, scope, &agency, id)?;
            let mut dates: BTreeSet<NaiveDate> = BTreeSet::new();
            let mut written: Vec<AssignmentRow> = Vec::new();
            let mut kept = 0;
            // A roster says where people work, not in which shift: what was named for a date stays named.
            let set = store::duty::list_agency_assigned(connection, agency.as_str(), row.from_date, row.to_date)?;
            let mut shifts: HashMap<(EmployeeId, NaiveDate), String> = set
                .into_iter()
                .filter_map(|set| Some(((set.employee_id, set.work_date), set.shift?)))
                .collect();
            for (employee_id, work_date, modes, is_by_hand) in
                entries.into_iter().filter(|(_, date, _, _)| *date >= today)
            {
                dates.insert(work_date);
                let shift = shifts.remove(&(employee_id, work_date));
                let row = |slots, mode: WorkMode| AssignmentRow {
                    employee_id,
                    work_date,
                    slots,
                    agency_code: row.agency_code.clone(),
                    mode,
                    site_id: None,
                    shift: shift.clone().filter(|_| mode.is_working()),
                    source: AssignmentSource::Roster,
                    reason: None,
                    travel_id: None,
                    destination_code: None,
                    created_by: context.account(),
                    created_at: context.now,
                };
                let mut is_kept = false;
                for (slots, mode) in modes.parts() {
                    match held(&loaded.frame, employee_id, work_date, slots, is_by_hand) {
                        Held::Open if is_of_a_roster(*mode) => written.push(row(slots, *mode)),
                        Held::Open | Held::Granted => is_kept = true,
                        Held::Elsewhere => {}
                    }
                }
                kept += i32::from(is_kept);
            }
            if dates.is_empty() {
                return Err(Error::Conflict(Code::WrongState));
            }
            store::assignment::upsert(connection, scope, &agency, &written)?;
            if dates.contains(&today) {
                // What was sealed of today is compared with the truth a day from now.
                self.note_late_truth(connection, &agency, today, context.now)?;
            }
            let dates: Vec<NaiveDate> = dates.into_iter().collect();
            take_days(connection, context, &agency, &dates, id)?;
            let from = row.state;
            row.state = state;
            row.published_by = Some(context.account());
            row.published_at = Some(context.now);
            row.written_count = i32::try_from(written.len()).ok();
            row.kept_count = Some(kept);
            save(connection, &mut row)?;
            self.tell_people(connection, context, &row, &written)?;
            log(connection, context, &row, "publish", Some(from), None)
        })?;
        self.roster_in_full(scope, id)
    }

    fn tell_people(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        row: &store::agency_roster::RosterRow,
        written: &[AssignmentRow],
    ) -> Result<(), Error> {
        let people: BTreeSet<EmployeeId> = written.iter().map(|row| row.employee_id).collect();
        for person in people {
            let notice = NoticeContent::RosterPublished {
                roster_id: row.id,
                from: row.from_date,
                to: row.to_date,
            };
            self.notify(connection, person, notice, context.now)?;
        }
        Ok(())
    }
}

/// How a person's day stands when the roster is published, whatever it was when the roster was made.
enum Held {
    Open,
    Granted,
    Elsewhere,
}

/// How a part of a person's day stands. Of a day that was granted in part the other half is open only to what somebody set by
/// hand: nothing was planned for it.
fn held(frame: &Frame, person: EmployeeId, date: NaiveDate, slots: DayPart, is_by_hand: bool) -> Held {
    let (Some(person), Some(day)) = (frame.person(person), frame.day(date)) else {
        return Held::Elsewhere;
    };
    let whole = frame.standing(person, day);
    let standing = match (frame.halves(person, day), slots) {
        (Some(halves), DayPart::Morning) if is_by_hand => *halves.of(Half::Morning),
        (Some(halves), DayPart::Afternoon) if is_by_hand => *halves.of(Half::Afternoon),
        (_, _) => whole,
    };
    match standing {
        Standing::Elsewhere => Held::Elsewhere,
        Standing::Granted(_) => Held::Granted,
        Standing::Tied { .. } | Standing::Free { .. } => Held::Open,
    }
}

/// Leave and the like are granted elsewhere; a roster that had them in its frame never writes them.
const fn is_of_a_roster(mode: WorkMode) -> bool {
    match mode {
        WorkMode::Wfo | WorkMode::Wfh | WorkMode::Wfa | WorkMode::Picket | WorkMode::Off => true,
        WorkMode::DutyTravel | WorkMode::Leave | WorkMode::Sick | WorkMode::Training => false,
    }
}

/// Takes days from the rosters that stood for them. One that is left without any is superseded; one that keeps others, such
/// as those that have passed, goes on standing for those.
fn take_days(
    connection: &mut AnyConnection,
    context: &Context,
    agency: &AgencyCode,
    dates: &[NaiveDate],
    id: RosterId,
) -> Result<(), Error> {
    let before = store::agency_roster::list_standing(connection, agency, dates)?;
    store::agency_roster::stand(connection, agency, dates, id)?;
    for earlier in before.into_iter().filter(|earlier| *earlier != id) {
        let mut row = store::agency_roster::find(connection, earlier)?.ok_or(Error::NotFound)?;
        let from = row.state;
        let by = format!("roster {id}");
        if store::agency_roster::list_days(connection, earlier)?.is_empty() {
            row.state = from.after(RosterStep::Supersede)?;
            row.superseded_at = Some(context.now);
            save(connection, &mut row)?;
            log(connection, context, &row, "supersede", Some(from), Some(&by))?;
        } else {
            log(connection, context, &row, "give_days", Some(from), Some(&by))?;
        }
    }
    Ok(())
}

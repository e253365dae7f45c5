//! Changing a roster by hand, each entry with its reason; the whole is checked at once.

use crate::app::App;
use crate::app::agency_roster::RosterInFull;
use crate::app::agency_roster::columns_of;
use crate::app::agency_roster::found;
use crate::app::agency_roster::json;
use crate::app::agency_roster::log;
use crate::app::agency_roster::save;
use crate::app::agency_roster::to_step;
use crate::app::agency_roster::within_reach;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::domain::access::Scope;
use crate::domain::half::DayPart;
use crate::domain::half::Half;
use crate::domain::half::Halved;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::RosterId;
use crate::domain::roster::frame::Frame;
use crate::domain::roster::frame::Standing;
use crate::domain::roster::reason::Reason;
use crate::domain::roster::state::RosterStep;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::agency_roster::EntryRow;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// One change by hand.
#[derive(Clone, Debug)]
pub struct Change {
    /// Whom.
    pub employee_id: EmployeeId,
    /// When.
    pub date: NaiveDate,
    /// For which part of the day; the other half stays as the roster has it.
    pub slots: DayPart,
    /// What: office, home, anywhere, picket or off. What is granted is not a roster's affair.
    pub mode: WorkMode,
    /// Why, trimmed and not empty.
    pub reason: String,
}

/// Most faults that are told of one call.
const MOST_FAULTS: usize = 100;

impl App {
    /// Changes entries of a draft or a returned roster, which becomes a draft again; all or none.
    pub fn change_roster(
        &self,
        context: &Context,
        scope: &Scope,
        id: RosterId,
        version: i32,
        changes: &[Change],
    ) -> Result<RosterInFull, Error> {
        self.store.write(|connection| {
            let (mut row, agency) = within_reach(connection, scope, id)?;
            let Some(state) = to_step(&row, RosterStep::Change, version, false)? else {
                return Ok(());
            };
            let loaded = self.roster_frame(connection, scope, &agency, (row.from_date, row.to_date))?;
            let mut standing: HashMap<(EmployeeId, NaiveDate), Halved<WorkMode>> =
                store::agency_roster::list_modes(connection, scope, &agency, id)?
                    .into_iter()
                    .map(|(person, date, modes, _)| ((person, date), modes))
                    .collect();
            refuse_faults(&loaded.frame, changes, &standing)?;
            for change in changes {
                let key = (change.employee_id, change.date);
                let before = standing.get(&key).copied().unwrap_or(Halved::whole(change.mode));
                let [morning, afternoon] = Half::ALL.map(|half| {
                    if change.slots.covers(half) {
                        change.mode
                    } else {
                        *before.of(half)
                    }
                });
                standing.insert(key, Halved::parted(morning, afternoon).merged());
            }
            // Two changes of one person's halves are one entry, with the reason of the later one.
            let last: HashMap<(EmployeeId, NaiveDate), &Change> = changes
                .iter()
                .map(|change| ((change.employee_id, change.date), change))
                .collect();
            let rows = last
                .into_values()
                .map(|change| {
                    let modes = standing.get(&(change.employee_id, change.date));
                    let (mode, afternoon_mode) = columns_of(modes.copied().unwrap_or(Halved::whole(change.mode)));
                    Ok(EntryRow {
                        roster_id: id,
                        work_date: change.date,
                        employee_id: change.employee_id,
                        mode,
                        afternoon_mode,
                        reason: json(&Reason::ByHand {
                            text: change.reason.clone(),
                        })?,
                        is_by_hand: true,
                    })
                })
                .collect::<Result<Vec<_>, Error>>()?;
            store::agency_roster::upsert_entries(connection, scope, &agency, &rows)?;
            let findings = found(connection, scope, &agency, id, &loaded.frame)?;
            let from = row.state;
            row.state = state;
            row.findings = json(&findings)?;
            row.checked_at = context.now;
            save(connection, &mut row)?;
            let told = format!("{} entries", changes.len());
            log(connection, context, &row, "change", Some(from), Some(&told))
        })?;
        self.roster_in_full(scope, id)
    }
}

/// How a person stands in a part of a day: granted if a half of it is.
fn standing_in(frame: &Frame, person: usize, day: usize, slots: DayPart) -> Standing {
    let whole = frame.standing(person, day);
    let Some(halves) = frame.halves(person, day) else {
        return whole;
    };
    let covered = Half::ALL.into_iter().filter(|half| slots.covers(*half));
    let mut standings = covered.map(|half| *halves.of(half));
    let first = standings.next().unwrap_or(whole);
    match first {
        Standing::Granted(_) => first,
        Standing::Elsewhere | Standing::Tied { .. } | Standing::Free { .. } => standings
            .find(|standing| matches!(standing, Standing::Granted(_)))
            .unwrap_or(first),
    }
}

fn refuse_faults(
    frame: &Frame,
    changes: &[Change],
    entries: &HashMap<(EmployeeId, NaiveDate), Halved<WorkMode>>,
) -> Result<(), Error> {
    let mut faults = Vec::new();
    let mut seen: HashSet<(EmployeeId, NaiveDate, Half)> = HashSet::with_capacity(changes.len());
    for (index, change) in changes.iter().enumerate() {
        let mut fault = |field: &str, code, indonesian: &str, english: &str| {
            faults.push(FieldError::new(
                format!("items[{index}].{field}"),
                code,
                indonesian,
                english,
            ));
        };
        let halves = Half::ALL.into_iter().filter(|half| change.slots.covers(*half));
        let keys = halves.map(|half| (change.employee_id, change.date, half));
        if keys.filter(|key| !seen.insert(*key)).count() > 0 {
            fault("date", "twice", "Orang dan tanggal ini sudah disebut.", "Named twice.");
        }
        let Some(day) = frame.day(change.date) else {
            fault(
                "date",
                "unknown",
                "Tanggal ini bukan hari kerja dalam jadwal.",
                "Not a work day of the roster.",
            );
            continue;
        };
        let standing = frame
            .person(change.employee_id)
            .map(|person| standing_in(frame, person, day, change.slots));
        if change.slots != DayPart::All && !entries.contains_key(&(change.employee_id, change.date)) {
            fault(
                "slots",
                "not_fitting",
                "Jadwal belum memuat orang ini pada tanggal tersebut; isi satu hari penuh.",
                "The roster does not have this person on that date yet; fill in the whole day.",
            );
        }
        match standing {
            None | Some(Standing::Elsewhere) => fault(
                "employee_id",
                "unknown",
                "Pegawai ini bukan anggota perangkat daerah, atau libur menurut jadwalnya, pada tanggal tersebut.",
                "Not on the agency's staff on that date, or free by schedule.",
            ),
            Some(Standing::Granted(_)) => fault(
                "date",
                "granted",
                "Hari ini sudah ditetapkan lewat cuti, dinas, atau koreksi; ubah di sana bila perlu.",
                "Settled before by leave, travel or a correction; change it there if need be.",
            ),
            Some(Standing::Tied { .. } | Standing::Free { .. }) => {}
        }
        if !matches!(
            change.mode,
            WorkMode::Wfo | WorkMode::Wfh | WorkMode::Wfa | WorkMode::Picket | WorkMode::Off
        ) {
            fault(
                "mode",
                "mode_not_allowed",
                "Jadwal hanya memuat wfo, wfh, wfa, picket, atau off; cuti dan dinas diajukan tersendiri.",
                "A roster holds wfo, wfh, wfa, picket or off; leave and travel go their own way.",
            );
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        faults.truncate(MOST_FAULTS);
        Err(Error::Invalid(faults))
    }
}

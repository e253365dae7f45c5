//! Rosters of agencies: made by rule, changed by hand, handed in, decided, published.

mod change;
mod frame;
mod list;
#[cfg(feature = "print")]
mod print;
mod publication;
mod submission;

pub use crate::store::agency_roster::RosterRow;
pub use change::Change;
pub use list::ListedEntry;
pub use submission::Remark;

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::event::note_step;
use crate::app::once::OnceKey;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::assignment::FARTHEST_DAYS;
use crate::domain::half::Half;
use crate::domain::half::Halved;
use crate::domain::ids::RosterId;
use crate::domain::roster::LONGEST_PERIOD_DAYS;
use crate::domain::roster::check::Laid;
use crate::domain::roster::check::check;
use crate::domain::roster::finding::Findings;
use crate::domain::roster::frame::Frame;
use crate::domain::roster::plan::Entry;
use crate::domain::roster::plan::plan;
use crate::domain::roster::state::RosterState;
use crate::domain::roster::state::RosterStep;
use crate::domain::roster::state::StepError;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::agency_roster::EntryRow;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use chrono::{Days, NaiveDate};

/// A roster with what a single look at it tells.
#[derive(Clone, Debug)]
pub struct RosterInFull {
    /// The roster.
    pub row: RosterRow,
    /// How many people in which mode on which work day.
    pub counts: Vec<(NaiveDate, WorkMode, i64)>,
    /// What could not be met when it was made.
    pub shortfalls: Findings,
    /// What the last check found.
    pub findings: Findings,
    /// What BKD wrote.
    pub remarks: Vec<Remark>,
    /// The days for which it stands.
    pub stands_on: Vec<NaiveDate>,
}

impl From<StepError> for Error {
    fn from(_step: StepError) -> Self {
        Self::Conflict(Code::WrongState)
    }
}

impl App {
    /// Makes a draft of an agency's roster by the rules in force, from today on, for a period of at most
    /// [`LONGEST_PERIOD_DAYS`] with at least one work day.
    pub fn create_roster(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        (from, to): (NaiveDate, NaiveDate),
        note: Option<&str>,
        once: &OnceKey,
    ) -> Result<RosterInFull, Error> {
        let id = self.once(context, once, |connection| {
            let book = self.rule_book(connection)?;
            let zone = book.agency(agency.as_str()).ok_or(Error::NotFound)?.zone;
            check_period((from, to), zone.date(context.now))?;
            let loaded = self.roster_frame(connection, scope, agency, (from, to))?;
            if loaded.frame.days.is_empty() {
                return Err(no_work_day());
            }
            if loaded.frame.people.is_empty() {
                return Err(no_staff());
            }
            let made = plan(&loaded.frame);
            let id = RosterId::new(self.entropy.uuid(context.now)?);
            let findings = json(&Findings::from(made.shortfalls))?;
            let row = RosterRow {
                id,
                agency_code: agency.as_str().to_owned(),
                from_date: from,
                to_date: to,
                state: RosterState::Draft,
                note: note.map(str::to_owned),
                shortfalls: findings.clone(),
                findings,
                checked_at: context.now,
                due_on: loaded.due_on,
                created_by: context.account(),
                created_at: context.now,
                submitted_by: None,
                submitted_at: None,
                submission_reason: None,
                is_late: false,
                decided_by: None,
                decided_at: None,
                remarks: Json(serde_json::Value::Array(Vec::new())),
                published_by: None,
                published_at: None,
                written_count: None,
                kept_count: None,
                superseded_at: None,
                version: 1,
            };
            store::agency_roster::insert(connection, &row)?;
            let entries = made
                .entries
                .into_iter()
                .map(|entry| {
                    let (first_mode, afternoon_mode) = columns_of(made_modes(&loaded.frame, &entry));
                    Ok(EntryRow {
                        roster_id: id,
                        work_date: entry.date,
                        employee_id: entry.employee_id,
                        mode: first_mode,
                        afternoon_mode,
                        reason: json(&entry.reason)?,
                        is_by_hand: false,
                    })
                })
                .collect::<Result<Vec<_>, Error>>()?;
            store::agency_roster::upsert_entries(connection, scope, agency, &entries)?;
            log(connection, context, &row, "make", None, None)?;
            Ok(id)
        })?;
        self.roster_in_full(scope, id)
    }

    /// A roster within reach; BKD sees those that were handed in.
    pub fn roster_in_full(&self, scope: &Scope, id: RosterId) -> Result<RosterInFull, Error> {
        self.store.read(|connection| {
            let (row, _) = within_reach(connection, scope, id)?;
            Ok(RosterInFull {
                counts: store::agency_roster::count_modes(connection, id)?,
                shortfalls: read(&row.shortfalls)?,
                findings: read(&row.findings)?,
                remarks: read(&row.remarks)?,
                stands_on: store::agency_roster::list_days(connection, id)?,
                row,
            })
        })
    }
}

/// What the entries of a roster do not keep to, by the rules and facts of this moment.
fn found(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    id: RosterId,
    frame: &Frame,
) -> Result<Findings, Error> {
    let entries = store::agency_roster::list_modes(connection, scope, agency, id)?;
    let found_in = |half| {
        let frame = frame.in_half(half);
        let in_half = entries
            .iter()
            .map(|(id, date, modes, is_by_hand)| (*id, *date, *modes.of(half), *is_by_hand));
        check(&frame, &Laid::over(&frame, in_half))
    };
    let mut found = found_in(Half::Morning);
    let has_halves = frame.has_halves() || entries.iter().any(|(_, _, modes, _)| modes.all_day().is_none());
    if has_halves {
        // What is wrong in both halves is told once.
        let morning = found.clone();
        let afternoon = found_in(Half::Afternoon).into_iter();
        found.extend(afternoon.filter(|finding| !morning.contains(finding)));
    }
    Ok(Findings::from(found))
}

/// The modes of an entry as it was made: of whom a part of the day was granted, the other half is as without a roster.
fn made_modes(frame: &Frame, entry: &Entry) -> Halved<WorkMode> {
    let place = frame.person(entry.employee_id).zip(frame.day(entry.date));
    match place.and_then(|(person, day)| frame.halves(person, day)) {
        Some(standings) => (*standings).map(|_, standing| standing.unplanned()),
        None => Halved::whole(entry.mode),
    }
}

/// The modes as an entry keeps them: of the whole day or its first half, and of a second half of its own.
fn columns_of(modes: Halved<WorkMode>) -> (WorkMode, Option<WorkMode>) {
    let modes = modes.merged();
    let afternoon = *modes.of(Half::Afternoon);
    (*modes.of(Half::Morning), modes.all_day().is_none().then_some(afternoon))
}

/// The roster of an id and its agency, if the caller's reach covers it. BKD does not see what an agency still works on.
fn within_reach(connection: &mut AnyConnection, scope: &Scope, id: RosterId) -> Result<(RosterRow, AgencyCode), Error> {
    let row = store::agency_roster::find(connection, id)?.ok_or(Error::NotFound)?;
    let agency = AgencyCode::parse(&row.agency_code).map_err(Error::internal)?;
    let is_receiver = scope.agencies().is_none();
    if !scope.covers(&agency) || (is_receiver && !row.state.is_sent()) {
        return Err(Error::NotFound);
    }
    Ok((row, agency))
}

/// The roster to take a step with: in the version that the caller has seen and in a state that allows it. `None` where
/// the caller took this very step already and only repeats the call.
fn to_step(row: &RosterRow, step: RosterStep, seen: i32, is_own: bool) -> Result<Option<RosterState>, Error> {
    let is_done = match step {
        RosterStep::Change => false,
        RosterStep::Submit => row.state == RosterState::Submitted,
        RosterStep::Receive => row.state == RosterState::Received,
        RosterStep::Return => row.state == RosterState::Returned,
        RosterStep::Publish => row.state == RosterState::Published,
        RosterStep::Supersede => row.state == RosterState::Superseded,
    };
    if is_done && is_own && row.version == seen.saturating_add(1) {
        return Ok(None);
    }
    if row.version != seen {
        return Err(Error::Stale);
    }
    Ok(Some(row.state.after(step)?))
}

/// Saves under the next version; whoever changed it meanwhile was first.
fn save(connection: &mut AnyConnection, row: &mut RosterRow) -> Result<(), Error> {
    let seen = row.version;
    row.version = seen.saturating_add(1);
    if store::agency_roster::update(connection, row, seen)? {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

fn log(
    connection: &mut AnyConnection,
    context: &Context,
    row: &RosterRow,
    action: &'static str,
    from: Option<RosterState>,
    reason: Option<&str>,
) -> Result<(), Error> {
    tracing::info!(roster = %row.id, agency = row.agency_code, by = %context.account(), action, "roster changed");
    note_step(
        connection,
        context,
        ("roster", &row.id.to_string()),
        action,
        (from.map(RosterState::code), Some(row.state.code())),
        reason,
    )
}

fn json<T: serde::Serialize>(value: &T) -> Result<Json, Error> {
    serde_json::to_value(value).map(Json).map_err(Error::internal)
}

fn read<T: serde::de::DeserializeOwned>(column: &Json) -> Result<T, Error> {
    serde_json::from_value(column.0.clone()).map_err(Error::internal)
}

fn check_period((from, to): (NaiveDate, NaiveDate), today: NaiveDate) -> Result<(), Error> {
    if from < today {
        return Err(Error::field(
            "from",
            "in_the_past",
            "Jadwal dimulai hari ini atau sesudahnya; hari yang sudah lewat diubah dengan koreksi.",
            "A roster begins today or later; days that have passed are changed by correction.",
        ));
    }
    if to < from || (to - from).num_days() >= LONGEST_PERIOD_DAYS {
        return Err(Error::field(
            "to",
            "out_of_limits",
            "Rentang tanggal 1 sampai 31 hari.",
            "A period has 1 to 31 days.",
        ));
    }
    if today
        .checked_add_days(Days::new(FARTHEST_DAYS))
        .is_none_or(|last| to > last)
    {
        return Err(Error::field(
            "to",
            "out_of_limits",
            "Tanggal paling jauh 366 hari dari hari ini.",
            "At most 366 days from today.",
        ));
    }
    Ok(())
}

fn no_work_day() -> Error {
    Error::field(
        "to",
        "no_work_day",
        "Tidak ada hari kerja dalam rentang ini.",
        "There is no work day in the period.",
    )
}

fn no_staff() -> Error {
    Error::field(
        "from",
        "no_staff",
        "Perangkat daerah ini belum memiliki pegawai pada rentang ini. Impor data pegawai terlebih dahulu.",
        "The agency has no staff in the period. Import it first.",
    )
}

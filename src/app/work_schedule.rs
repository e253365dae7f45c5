//! Schedules of an agency: made once, then given to units and people from a date on.

use crate::app::App;
use crate::app::agency::agency_row;
use crate::app::agency::today;
use crate::app::context::Context;
use crate::app::employee::unit_id;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::event::note_event;
use crate::app::once::OnceKey;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::ScheduleId;
use crate::domain::ids::ScheduleStartId;
use crate::domain::ids::UnitId;
use crate::domain::schedule::WorkSchedule;
use crate::domain::schedule::check::ScheduleFault;
use crate::domain::schedule::check::ScheduleFlaw;
use crate::domain::schedule::check::check;
use crate::domain::schedule::start;
use crate::domain::schedule::start::ScheduleStart;
use crate::domain::schedule::start::StartError;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::columns::ScheduleStarts;
use crate::store::membership::MembershipRow;
use crate::store::work_schedule::ScheduleRow;
use crate::store::work_schedule::StartRow;
use std::collections::HashMap;

pub use crate::store::work_schedule::PersonStarts;

/// Most schedules of one agency.
pub const MOST_SCHEDULES: i64 = 200;

/// Most people to whom one call gives a schedule.
pub const MOST_PEOPLE: usize = 500;

/// A schedule as it stands.
#[derive(Clone, Debug)]
pub struct ListedSchedule {
    /// Its id.
    pub id: ScheduleId,
    /// For people.
    pub name: String,
    /// Its days and hours.
    pub schedule: WorkSchedule,
}

/// From when on a unit has which schedule.
#[derive(Clone, Debug)]
pub struct ListedStart {
    /// Its id.
    pub id: ScheduleStartId,
    /// The unit's code; none for the whole agency.
    pub unit_code: Option<String>,
    /// Which from when on.
    pub start: ScheduleStart,
}

/// Who gets a schedule.
#[derive(Clone, Debug)]
pub enum Whom {
    /// Everybody of the agency whose unit has none of its own.
    Agency,
    /// Everybody of a unit and of those below it that have none of their own.
    Unit(String),
    /// These people, 1 to [`MOST_PEOPLE`].
    People(Vec<EmployeeId>),
}

impl App {
    /// Makes a schedule; nobody has it yet. The name must be new in the agency.
    pub fn create_schedule(
        &self,
        context: &Context,
        scope: &Scope,
        once: &OnceKey,
        agency: &AgencyCode,
        name: &str,
        schedule: &WorkSchedule,
    ) -> Result<ListedSchedule, Error> {
        let faults = check(schedule);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults.iter().map(told).collect()));
        }
        let id = self.once(context, once, |connection| {
            agency_row(connection, scope, agency)?;
            let standing = store::work_schedule::list(connection, scope, agency, None, MOST_SCHEDULES)?;
            if i64::try_from(standing.len()).unwrap_or(MOST_SCHEDULES) >= MOST_SCHEDULES {
                return Err(Error::field(
                    "name",
                    "out_of_limits",
                    "Perangkat daerah ini sudah mempunyai 200 jadwal kerja.",
                    "The agency has 200 schedules already.",
                ));
            }
            let row = ScheduleRow {
                id: ScheduleId::new(self.entropy.uuid(context.now)?),
                agency_code: agency.as_str().to_owned(),
                name: name.to_owned(),
                body: Json(serde_json::to_value(schedule).map_err(Error::internal)?),
                created_by: context.account(),
                created_at: context.now,
            };
            store::work_schedule::insert(connection, scope, &row)?;
            note_event(
                connection,
                context,
                "work_schedule",
                &row.id.to_string(),
                "create",
                None,
            )?;
            self.move_rule_epoch(connection)?;
            Ok(row.id)
        })?;
        Ok(ListedSchedule {
            id,
            name: name.to_owned(),
            schedule: schedule.clone(),
        })
    }

    /// Up to `limit` of an agency's schedules in the order in which they were made.
    pub fn list_schedules(
        &self,
        scope: &Scope,
        agency: &AgencyCode,
        after: Option<ScheduleId>,
        limit: u32,
    ) -> Result<Vec<ListedSchedule>, Error> {
        self.store.read(|connection| {
            agency_row(connection, scope, agency)?;
            let rows = store::work_schedule::list(connection, scope, agency, after, i64::from(limit))?;
            rows.into_iter()
                .map(|row| {
                    Ok(ListedSchedule {
                        schedule: row.read_schedule()?,
                        id: row.id,
                        name: row.name,
                    })
                })
                .collect()
        })
    }

    /// Gives a schedule to a unit, to the whole agency or to people from a date on, tomorrow at the earliest; gives to how
    /// many. One that begins on the same date is replaced; without a schedule, what is above holds again from that date.
    pub fn start_schedule(
        &self,
        context: &Context,
        scope: &Scope,
        once: &OnceKey,
        agency: &AgencyCode,
        whom: &Whom,
        start: ScheduleStart,
    ) -> Result<usize, Error> {
        self.once(context, once, |connection| {
            let today = today(&agency_row(connection, scope, agency)?, context)?;
            start::check(start.from, today).map_err(start_problem)?;
            if let Some(id) = start.schedule_id
                && store::work_schedule::find(connection, scope, agency, id)?.is_none()
            {
                return Err(Error::field(
                    "schedule_id",
                    "unknown",
                    "Perangkat daerah ini tidak mempunyai jadwal kerja itu.",
                    "The agency has no such schedule.",
                ));
            }
            let count = match whom {
                Whom::Agency => self.start_of_unit(connection, context, scope, agency, None, start)?,
                Whom::Unit(code) => {
                    let unit = unit_id(connection, scope, agency, code)?;
                    self.start_of_unit(connection, context, scope, agency, Some(unit), start)?
                }
                Whom::People(people) => start_of_people(connection, context, scope, agency, people, start)?,
            };
            self.move_rule_epoch(connection)?;
            tracing::info!(agency = %agency, from = %start.from, by = %context.account(), "schedule set");
            Ok(count)
        })
    }

    fn start_of_unit(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        unit_id: Option<UnitId>,
        start: ScheduleStart,
    ) -> Result<usize, Error> {
        let row = StartRow {
            id: ScheduleStartId::new(self.entropy.uuid(context.now)?),
            agency_code: agency.as_str().to_owned(),
            unit_id,
            valid_from: start.from,
            schedule_id: start.schedule_id,
            set_by: context.account(),
            set_at: context.now,
        };
        store::work_schedule::replace_start(connection, scope, &row)?;
        let of = unit_id.map_or_else(|| agency.to_string(), |unit| unit.to_string());
        note_event(connection, context, "schedule", &of, "start", Some(&said(start)))?;
        Ok(1)
    }

    /// Up to `limit` of an agency's starts of units in the order in which they were set.
    pub fn list_schedule_starts(
        &self,
        scope: &Scope,
        agency: &AgencyCode,
        after: Option<ScheduleStartId>,
        limit: u32,
    ) -> Result<Vec<ListedStart>, Error> {
        self.store.read(|connection| {
            agency_row(connection, scope, agency)?;
            let units = store::unit::list(connection, scope, agency)?;
            let codes: HashMap<UnitId, String> = units.into_iter().map(|unit| (unit.id, unit.code)).collect();
            let rows = store::work_schedule::list_starts(connection, scope, agency, after, i64::from(limit))?;
            let listed = |row: StartRow| ListedStart {
                id: row.id,
                unit_code: row.unit_id.and_then(|unit| codes.get(&unit).cloned()),
                start: ScheduleStart {
                    from: row.valid_from,
                    schedule_id: row.schedule_id,
                },
            };
            Ok(rows.into_iter().map(listed).collect())
        })
    }

    /// Up to `limit` people on an agency's staff today who have, or had, schedules of their own, by their ids.
    pub fn list_schedule_people(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        after: Option<EmployeeId>,
        limit: u32,
    ) -> Result<Vec<PersonStarts>, Error> {
        self.store.read(|connection| {
            let today = today(&agency_row(connection, scope, agency)?, context)?;
            let limit = i64::from(limit);
            Ok(store::work_schedule::list_people(
                connection, scope, agency, today, after, limit,
            )?)
        })
    }
}

/// What the record says of a start.
fn said(start: ScheduleStart) -> String {
    start.schedule_id.map_or_else(
        || format!("none from {}", start.from),
        |id| format!("{id} from {}", start.from),
    )
}

fn start_of_people(
    connection: &mut AnyConnection,
    context: &Context,
    scope: &Scope,
    agency: &AgencyCode,
    people: &[EmployeeId],
    start: ScheduleStart,
) -> Result<usize, Error> {
    let mut posts: HashMap<EmployeeId, Vec<MembershipRow>> = HashMap::with_capacity(people.len());
    for row in store::membership::list(connection, people)? {
        posts.entry(row.employee_id).or_default().push(row);
    }
    let mut faults = Vec::new();
    for (index, person) in people.iter().enumerate() {
        let posts = posts.get(person).map_or(&[][..], Vec::as_slice);
        let Some(post) = posts
            .iter()
            .find(|post| post.agency_code == agency.as_str() && post.covers(start.from))
        else {
            faults.push(FieldError::new(
                format!("employee_ids[{index}]"),
                "unknown",
                "Pegawai ini bukan anggota perangkat daerah pada tanggal mulai.",
                "Not on the agency's staff on the first date.",
            ));
            continue;
        };
        let starts = start::with(post.schedule_starts.0.clone(), start).map_err(start_problem)?;
        store::work_schedule::replace_own_starts(
            connection,
            scope,
            (*person, post.valid_from),
            &ScheduleStarts(starts),
        )?;
        note_event(
            connection,
            context,
            "schedule",
            &person.to_string(),
            "start",
            Some(&said(start)),
        )?;
    }
    if faults.is_empty() {
        Ok(people.len())
    } else {
        faults.truncate(100);
        Err(Error::Invalid(faults))
    }
}

fn start_problem(error: StartError) -> Error {
    let (field, indonesian) = match error {
        StartError::TooEarly => (
            "from",
            "Jadwal kerja baru mulai paling cepat besok; hari yang sudah berjalan tidak diubah.",
        ),
        StartError::TooFar => ("from", "Jadwal kerja baru mulai paling lambat 366 hari dari hari ini."),
        StartError::TooMany => ("from", "Jadwal kerja ini sudah terlalu sering diganti."),
    };
    Error::field(field, "out_of_limits", indonesian, format!("Not possible: {error}."))
}

fn told(fault: &ScheduleFault) -> FieldError {
    let (code, indonesian) = match fault.flaw {
        ScheduleFlaw::Count => ("out_of_limits", "Jumlahnya terlalu sedikit atau terlalu banyak."),
        ScheduleFlaw::Days => ("repeated", "Sebutkan tiap hari paling banyak satu kali."),
        ScheduleFlaw::Ends => (
            "out_of_limits",
            "Jam selesai harus setelah jam mulai, dan istirahat lebih pendek dari jam kerja.",
        ),
        ScheduleFlaw::TooLong => (
            "out_of_limits",
            "Jam kerja mulai pada tanggal itu dan paling lama 24 jam.",
        ),
        ScheduleFlaw::Code => (
            "malformed",
            "Kode shift terdiri dari 1 sampai 20 huruf kecil, angka, atau garis bawah, dan tidak berulang.",
        ),
        ScheduleFlaw::Name => ("out_of_limits", "Nama terdiri dari 1 sampai 60 karakter."),
        ScheduleFlaw::UnknownShift => ("unknown", "Tidak ada shift dengan kode ini."),
        ScheduleFlaw::SlotOrder => ("repeated", "Sebutkan tiap sesi satu kali, urut dari pagi."),
        ScheduleFlaw::Windows => (
            "overlapping",
            "Sesi-sesinya, termasuk toleransinya, tumpang tindih atau di luar hari itu dan hari berikutnya. Perpanjang jamnya atau atur sesinya.",
        ),
        ScheduleFlaw::NextDay => (
            "overlapping",
            "Sesi terakhir shift ini belum selesai ketika sesi pertama shift hari berikutnya dibuka.",
        ),
    };
    let field = format!("schedule.{}", fault.field);
    FieldError::new(field, code, indonesian, format!("Not possible: {}.", fault.flaw))
}

//! The right of correction: asked for by the person, considered by the superior, decided by the operator. The trail stays.

use crate::app::App;
use crate::app::context::Context;
use crate::app::day::MyDay;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::event::note_step;
use crate::app::roster::standing;
use crate::domain::access::AgencyCode;
use crate::domain::access::Reach;
use crate::domain::access::Scope;
use crate::domain::assignment::AssignmentSource;
use crate::domain::digest::Digest;
use crate::domain::half::DayPart;
use crate::domain::ids::CorrectionId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Zone;
use crate::domain::notice::NoticeContent;
use crate::domain::recap::correction::CorrectionFault;
use crate::domain::recap::correction::CorrectionState;
use crate::domain::recap::correction::CorrectionStep;
use crate::domain::recap::correction::CorrectionWish;
use crate::domain::recap::correction::LONGEST_REASON;
use crate::domain::recap::correction::check;
use crate::domain::slot::Slot;
use crate::domain::text;
use crate::domain::text::TextError;
use crate::store;
use crate::store::assignment::AssignmentRow;
use crate::store::backend::AnyConnection;
use crate::store::correction::Whose;
use chrono::NaiveDate;
use std::collections::HashMap;

pub use crate::store::correction::CorrectionCursor;
pub use crate::store::correction::CorrectionRow;

/// What a person asks for.
#[derive(Clone, Debug)]
pub struct NewCorrection {
    /// Made by the client, UUIDv7.
    pub id: CorrectionId,
    /// Which day.
    pub work_date: NaiveDate,
    /// Which slot; none for the day.
    pub slot: Option<Slot>,
    /// What is right.
    pub wish: CorrectionWish,
    /// Why.
    pub reason: String,
    /// A link to what backs it; never fetched.
    pub link: Option<String>,
}

/// A correction with its person's name, where others read it.
#[derive(Clone)]
pub struct Correction {
    /// The correction.
    pub row: CorrectionRow,
    /// With titles.
    pub name: Option<String>,
}

/// Names are personal.
impl std::fmt::Debug for Correction {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Correction({})", self.row.id)
    }
}

impl App {
    /// Takes what a person asks for. The same id with the same content gives the stored one and false; with another
    /// content it is a conflict.
    pub fn submit_correction(
        &self,
        context: &Context,
        scope: &Scope,
        new: &NewCorrection,
    ) -> Result<(CorrectionRow, bool), Error> {
        let person = scope.person().ok_or(Error::NotFound)?;
        let link = text::optional(new.link.as_deref(), 500).map_err(|error| text_fault("link", error))?;
        let claim = (new.work_date, new.slot, new.wish, new.reason.trim(), &link);
        let digest = Digest::of(&serde_json::to_vec(&claim).map_err(Error::internal)?)
            .bytes()
            .to_vec();
        self.store.write(|connection| {
            if let Some(row) = store::correction::find_own(connection, scope, new.id)? {
                return if row.claim_digest == digest {
                    Ok((row, false))
                } else {
                    Err(Error::Conflict(Code::IdConflict))
                };
            }
            let standing = store::team::standing(connection, person, new.work_date)?;
            let zone = standing.as_ref().map_or_else(Zone::default, |standing| standing.zone);
            let today = zone.date(context.now);
            let reason = check(new.wish, new.work_date, new.slot.is_some(), &new.reason, today).map_err(told)?;
            let standing = standing.ok_or(Error::Refused(Code::NoMembership))?;
            let row = CorrectionRow {
                employee_id: person,
                id: new.id,
                agency_code: standing.agency.as_str().to_owned(),
                claim_digest: digest.clone(),
                work_date: new.work_date,
                slot: new.slot,
                wish: new.wish.code().to_owned(),
                mode: new.wish.mode(),
                reason,
                link: link.clone(),
                state: CorrectionState::Submitted,
                submitted_at: context.now,
                is_supported: None,
                consideration_note: None,
                considered_by: None,
                considered_at: None,
                decision_note: None,
                decided_by: None,
                decided_at: None,
                version: 1,
            };
            store::correction::insert(connection, scope, &row)?;
            note(connection, context, &row, "submit", None, None)?;
            Ok((row, true))
        })
    }

    /// The caller's own corrections, oldest first.
    pub fn own_corrections(
        &self,
        scope: &Scope,
        state: Option<CorrectionState>,
        after: Option<CorrectionCursor>,
        limit: u32,
    ) -> Result<Vec<CorrectionRow>, Error> {
        self.store.read(|connection| {
            let rows = store::correction::list(connection, scope, &Whose::Own, state, after, i64::from(limit))?;
            Ok(rows)
        })
    }

    /// Corrections of the caller's team, or of the caller's agencies, oldest first.
    pub fn corrections(
        &self,
        context: &Context,
        scope: &Scope,
        state: Option<CorrectionState>,
        after: Option<CorrectionCursor>,
        limit: u32,
    ) -> Result<Vec<Correction>, Error> {
        self.store.read(|connection| {
            let whose = whose(connection, context, scope)?;
            let rows = store::correction::list(connection, scope, &whose, state, after, i64::from(limit))?;
            let people: Vec<EmployeeId> = rows.iter().map(|row| row.employee_id).collect();
            let names = names(connection, scope, &people)?;
            Ok(rows
                .into_iter()
                .map(|row| Correction {
                    name: names.get(&row.employee_id).cloned(),
                    row,
                })
                .collect())
        })
    }

    /// The day that a correction within reach is about, as it stands now; refused where the person was on no staff list.
    pub fn correction_day(&self, context: &Context, scope: &Scope, id: CorrectionId) -> Result<MyDay, Error> {
        self.store.read(|connection| {
            let whose = whose(connection, context, scope)?;
            let row = store::correction::find(connection, scope, &whose, id)?.ok_or(Error::NotFound)?;
            let (person, date) = (row.employee_id, row.work_date);
            let duties = self.duties(connection, &[person], date, date)?;
            self.day_of(connection, &duties, person, date, context.now)
        })
    }

    /// The superior says whether they support it.
    pub fn consider_correction(
        &self,
        context: &Context,
        scope: &Scope,
        id: CorrectionId,
        version: i32,
        (is_supported, said): (bool, Option<&str>),
    ) -> Result<Correction, Error> {
        let superior = scope.person().ok_or(Error::NotFound)?;
        let said = checked_note(said, !is_supported)?;
        self.correction_step(context, scope, id, version, CorrectionStep::Consider, |_, row| {
            row.is_supported = Some(is_supported);
            row.consideration_note.clone_from(&said);
            row.considered_by = Some(superior);
            row.considered_at = Some(context.now);
            Ok(())
        })
    }

    /// The operator decides. An accepted mode becomes the day's assignment; everything accepted counts in the recap from
    /// then on, and what was sealed of the day is compared with the truth. Nobody decides on their own.
    pub fn decide_correction(
        &self,
        context: &Context,
        scope: &Scope,
        id: CorrectionId,
        version: i32,
        (is_accepted, said): (bool, Option<&str>),
    ) -> Result<Correction, Error> {
        let said = checked_note(said, !is_accepted)?;
        let step = if is_accepted {
            CorrectionStep::Accept
        } else {
            CorrectionStep::Refuse
        };
        self.correction_step(context, scope, id, version, step, |connection, row| {
            if context.employee() == Some(row.employee_id) {
                return Err(Error::Conflict(Code::SecondPersonNeeded));
            }
            row.decision_note.clone_from(&said);
            row.decided_by = Some(context.account());
            row.decided_at = Some(context.now);
            let told = NoticeContent::CorrectionDecided {
                correction_id: row.id,
                work_date: row.work_date,
                is_accepted,
                note: said.clone(),
            };
            self.notify(connection, row.employee_id, told, context.now)?;
            if !is_accepted {
                return Ok(());
            }
            let agency = AgencyCode::parse(&row.agency_code).map_err(Error::internal)?;
            if let CorrectionWish::Mode { mode } = row.read_wish()? {
                let before = standing(connection, row.employee_id, row.work_date, DayPart::All)?;
                let set = store::assignment::list_on(connection, row.employee_id, row.work_date)?;
                let shift = set.into_iter().find_map(|set| set.shift);
                let assignment = AssignmentRow {
                    employee_id: row.employee_id,
                    work_date: row.work_date,
                    agency_code: row.agency_code.clone(),
                    mode,
                    slots: DayPart::All,
                    site_id: None,
                    shift: shift.filter(|_| mode.is_working()),
                    source: AssignmentSource::Correction,
                    reason: Some(row.reason.chars().take(500).collect()),
                    travel_id: None,
                    destination_code: None,
                    created_by: context.account(),
                    created_at: context.now,
                };
                let subject = format!("{}/{}", row.employee_id, row.work_date);
                note_step(
                    connection,
                    context,
                    ("assignment", &subject),
                    "correct",
                    (before.as_deref(), Some(mode.code())),
                    Some(&row.reason),
                )?;
                store::assignment::upsert(connection, scope, &agency, &[assignment])?;
            }
            self.note_late_truth(connection, &agency, row.work_date, context.now)
        })
    }

    fn correction_step(
        &self,
        context: &Context,
        scope: &Scope,
        id: CorrectionId,
        version: i32,
        step: CorrectionStep,
        fill: impl Fn(&mut AnyConnection, &mut CorrectionRow) -> Result<(), Error>,
    ) -> Result<Correction, Error> {
        self.store.write(|connection| {
            let whose = whose(connection, context, scope)?;
            let mut row = store::correction::find(connection, scope, &whose, id)?.ok_or(Error::NotFound)?;
            let from = row.state;
            row.state = from.after(step).ok_or(Error::Conflict(Code::WrongState))?;
            if row.version != version {
                return Err(Error::Stale);
            }
            row.version = version.saturating_add(1);
            fill(connection, &mut row)?;
            if !store::correction::update(connection, &row, version)? {
                return Err(Error::Stale);
            }
            let said = match step {
                CorrectionStep::Consider => row.consideration_note.as_deref(),
                CorrectionStep::Accept | CorrectionStep::Refuse => row.decision_note.as_deref(),
            };
            note(connection, context, &row, row.state.code(), Some(from), said)?;
            let name = names(connection, scope, &[row.employee_id])?.remove(&row.employee_id);
            Ok(Correction { row, name })
        })
    }
}

/// Whose corrections a scope reaches: those of the team, or of the agencies.
fn whose(connection: &mut AnyConnection, context: &Context, scope: &Scope) -> Result<Whose, Error> {
    match scope.reach() {
        Reach::Subordinates(_) => {
            let today = Zone::default().date(context.now);
            Ok(Whose::Team(store::team::subordinates(connection, scope, today)?))
        }
        Reach::Agencies(_) | Reach::Everyone => Ok(Whose::Agencies),
        Reach::Own(_) | Reach::Assigned(_) => Err(Error::NotFound),
    }
}

fn names(
    connection: &mut AnyConnection,
    scope: &Scope,
    people: &[EmployeeId],
) -> Result<HashMap<EmployeeId, String>, Error> {
    Ok(store::team::names(connection, scope, people)?)
}

fn note(
    connection: &mut AnyConnection,
    context: &Context,
    row: &CorrectionRow,
    action: &'static str,
    from: Option<CorrectionState>,
    said: Option<&str>,
) -> Result<(), Error> {
    note_step(
        connection,
        context,
        ("correction", &row.id.to_string()),
        action,
        (from.map(CorrectionState::code), Some(row.state.code())),
        said,
    )
}

/// A note that is needed where somebody says no.
fn checked_note(said: Option<&str>, is_needed: bool) -> Result<Option<String>, Error> {
    let note = text::optional(said, LONGEST_REASON).map_err(|error| text_fault("note", error))?;
    if is_needed && note.is_none() {
        return Err(Error::field(
            "note",
            "missing",
            "Tuliskan alasannya, agar pegawai dapat memahami.",
            "Say why, so that the person can understand.",
        ));
    }
    Ok(note)
}

fn text_fault(field: &str, error: TextError) -> Error {
    Error::field(
        field,
        error.code(),
        "Isian ini di luar batas yang diperbolehkan.",
        format!("Here {error}."),
    )
}

fn told(fault: CorrectionFault) -> Error {
    let (field, code, indonesian) = match fault {
        CorrectionFault::Ahead => ("date", "in_future", "Tanggal ini belum tiba."),
        CorrectionFault::TooOld => ("date", "out_of_limits", "Tanggal paling lama 366 hari yang lalu."),
        CorrectionFault::SlotNotFitting => (
            "slot",
            "not_fitting",
            "Sesi hanya untuk koreksi kehadiran; koreksi lain berlaku untuk satu hari.",
        ),
        CorrectionFault::Reason(error) => {
            return Error::field(
                "reason",
                error.code(),
                "Alasan berisi 10 sampai 1.000 karakter.",
                format!("Here {error}."),
            );
        }
    };
    Error::field(field, code, indonesian, format!("Here {fault}."))
}

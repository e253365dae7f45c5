//! One case with everything that its auditor needs to judge it. The look is written down, and committed, first.

use crate::app::App;
use crate::app::case::Case;
use crate::app::case::evidence::is_sent;
use crate::app::case::record::{PointState, Record, SealedRow, sealed_row};
use crate::app::case::step::note;
use crate::app::context::Context;
use crate::app::disclosure::Look;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::check_in::DutyFence;
use crate::domain::ids::CaseId;
use crate::domain::instant::Instant;
use crate::domain::person_name::titled;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use crate::store::case_evidence::CaseEvidenceRow;
use crate::store::check_in::CheckInRow;
use chrono::{Days, NaiveDate};

/// Why a look happened, where the auditor gives no words of their own.
const REVIEW: &str = "case_review";
const DECISION: &str = "case_decision";

/// Earlier shares are shown of so many days before the drawn one.
const EARLIER_DAYS: Days = Days::new(30);
/// At most so many of them.
const MOST_EARLIER_SHARES: usize = 20;

/// The person as the auditor meets them: to call, to visit.
#[derive(Clone)]
pub struct Subject {
    /// Name with titles.
    pub name: String,
    /// For a call.
    pub phone: Option<String>,
    /// The agency's name.
    pub agency_name: String,
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Subject(hidden)")
    }
}

/// An earlier share of the same person: when it was and how far from the place of duty, never where.
#[derive(Clone, Debug)]
pub struct EarlierShare {
    /// The date that it belongs to.
    pub work_date: NaiveDate,
    /// The slot that it falls in.
    pub slot: Option<Slot>,
    /// Capture by our clock.
    pub captured_at: Instant,
    /// The mode that it was judged by.
    pub mode: WorkMode,
    /// Outcome of place.
    pub place: Place,
    /// Metres to the place of duty.
    pub distance_metres: Option<i32>,
}

impl From<CheckInRow> for EarlierShare {
    fn from(row: CheckInRow) -> Self {
        Self {
            work_date: row.work_date,
            slot: row.slot,
            captured_at: row.corrected_at,
            mode: row.mode,
            place: row.place,
            distance_metres: row.distance_metres,
        }
    }
}

/// What is shown of the person's day, whatever was found about it.
#[derive(Debug)]
pub struct Opened {
    /// The person.
    pub subject: Subject,
    /// The share; none where nothing came, which by itself is no deviation but has to be explained.
    pub record: Option<Record>,
    /// The row that the unit was taken from, where the agency seals on an instance of its own.
    pub sealed: Option<SealedRow>,
    /// Where the person was to be in the slot, for auditors to whom the case is assigned; known where the agency's rosters
    /// are here.
    pub duty_fence: Option<DutyFence>,
    /// The person's shares before this one, newest first, for auditors to whom the case is assigned; those that are here.
    pub earlier: Vec<EarlierShare>,
}

/// A case opened.
#[derive(Debug)]
pub struct CaseFile {
    /// The case.
    pub case: Case,
    /// The person's day.
    pub opened: Opened,
    /// The files behind what the person said.
    pub evidence: Vec<CaseEvidenceRow>,
    /// Whether positions are left out, because the case is not assigned to the caller.
    pub is_without_positions: bool,
}

impl App {
    /// Opens a case for its auditor, its second reviewer, or without positions for the head of BKD. The look stands in
    /// the person's list of accesses before anything is given out; if it can't be written, nothing is. Whoever is to look
    /// again without knowing the first finding opens the second review instead.
    pub fn look_at_case(
        &self,
        context: &Context,
        scope: &Scope,
        id: CaseId,
        purpose: Option<&str>,
    ) -> Result<CaseFile, Error> {
        self.store.write(|connection| {
            let row = store::case::find(connection, scope, id)?.ok_or(Error::NotFound)?;
            let case = self.as_of(connection, context.now, row)?;
            if case.is_blind_to(context.account()) {
                return Err(Error::Forbidden);
            }
            let is_assigned = case.progress.is_assigned_to(context.account());
            let usual = if case.row.auditor_id == context.account() {
                REVIEW
            } else {
                DECISION
            };
            let opened = self.open(connection, context, &case.row, purpose.unwrap_or(usual), is_assigned)?;
            let mut evidence = store::case_evidence::list(connection, &case.row)?;
            evidence.retain(|file| is_sent(&case, file.part));
            Ok(CaseFile {
                case,
                opened,
                evidence,
                is_without_positions: !is_assigned,
            })
        })
    }

    /// Gathers what is shown of the person's day, with positions where the case `is_assigned`, and writes the look down.
    pub(super) fn open(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        row: &CaseRow,
        purpose: &str,
        is_assigned: bool,
    ) -> Result<Opened, Error> {
        let sealed = sealed_row(connection, row)?;
        let record = self.record_of(connection, row, sealed.as_ref(), is_assigned)?;
        if record
            .as_ref()
            .is_some_and(|record| record.point == PointState::Unverifiable)
        {
            note(connection, context, row.id, "find_unverifiable", None, "unverifiable")?;
        }
        let is_here = is_assigned && sealed.is_none();
        let duty_fence = if is_here {
            let duties = self.duties(connection, &[row.employee_id], row.work_date, row.work_date)?;
            let day = duties.duty_day(row.employee_id, row.work_date);
            day.map(|day| day.of_slot(row.slot).duty_fence.clone())
        } else {
            None
        };
        let earlier = if is_here {
            earlier_of(connection, row, record.as_ref())?
        } else {
            Vec::new()
        };
        let subject = self.subject_of(connection, row)?;
        let look = Look {
            employee: row.employee_id,
            purpose,
            subject: format!("case/{}", row.id),
            fields: &fields_shown(&subject, record.as_ref(), duty_fence.as_ref(), &earlier),
        };
        self.disclose(connection, context, &look)?;
        Ok(Opened {
            subject,
            record,
            sealed,
            duty_fence,
            earlier,
        })
    }

    fn subject_of(&self, connection: &mut AnyConnection, row: &CaseRow) -> Result<Subject, Error> {
        let person = store::employee::find(connection, row.employee_id)?;
        let person = person.ok_or(store::error::Error::Corrupt("audit_case.employee_id"))?;
        let book = self.rule_book(connection)?;
        let agency_name = book
            .agency(&row.agency_code)
            .map_or_else(String::new, |agency| agency.name.clone());
        Ok(Subject {
            name: titled(&person.front_title, &person.name, &person.back_title),
            phone: person.phone,
            agency_name,
        })
    }
}

/// The person's shares before the one that represents the slot, or of the days up to it where nothing came.
fn earlier_of(
    connection: &mut AnyConnection,
    row: &CaseRow,
    record: Option<&Record>,
) -> Result<Vec<EarlierShare>, Error> {
    let first = row.work_date.checked_sub_days(EARLIER_DAYS).unwrap_or(row.work_date);
    let before = record.map(|record| (record.corrected_at, record.check_in_id));
    let shares = store::check_in::list_own(
        connection,
        row.employee_id,
        first,
        row.work_date,
        before,
        MOST_EARLIER_SHARES,
    )?;
    Ok(shares.into_iter().map(EarlierShare::from).collect())
}

/// What the auditor gets to see, no more: a person must not read that a position was seen where there was none.
fn fields_shown(
    subject: &Subject,
    record: Option<&Record>,
    duty_fence: Option<&DutyFence>,
    earlier: &[EarlierShare],
) -> Vec<&'static str> {
    let has_position = record.is_some_and(|record| record.position.is_some());
    let has_duty_place = duty_fence.is_some_and(|fence| !matches!(fence, DutyFence::Nothing));
    [
        ("name", true),
        ("phone", subject.phone.is_some()),
        ("check_in", record.is_some()),
        ("position", has_position),
        ("duty_place", has_duty_place),
        ("earlier_check_ins", !earlier.is_empty()),
    ]
    .into_iter()
    .filter_map(|(field, is_shown)| is_shown.then_some(field))
    .collect()
}

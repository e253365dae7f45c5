//! Rosters: an agency says who works where on a date, over what the circulars say.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::once::OnceKey;
use crate::app::own_schedule::Whose;
use crate::app::rule_book::RuleBook;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::assignment::AssignmentSource;
use crate::domain::assignment::Entry;
use crate::domain::assignment::EntryFault;
use crate::domain::assignment::check;
use crate::domain::circular::rule::TravelBan;
use crate::domain::event::Event;
use crate::domain::half::DayPart;
use crate::domain::half::Half;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::SiteId;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::assignment::AssignmentRow;
use crate::store::backend::AnyConnection;
use crate::store::membership::MembershipRow;
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap, HashSet};

pub use crate::store::assignment::Listed;

/// Most days that have passed which one call may change: each is written down by itself.
pub const MOST_CORRECTIONS: usize = 500;

/// Longest period of a list, days.
pub const LONGEST_PERIOD_DAYS: i64 = 92;

impl App {
    /// Sets assignments; all or none. Gives how many were set. Today and later is the roster; absences and journeys need
    /// a reason, and so does a day that has passed, which is also written down as a correction.
    pub fn set_roster(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        entries: &[Entry],
        once: &OnceKey,
    ) -> Result<usize, Error> {
        self.once(context, once, |connection| {
            let book = self.rule_book(connection)?;
            let facts = book.agency(agency.as_str()).ok_or(Error::NotFound)?;
            let today = facts.zone.date(context.now);
            let sources = Self::check_roster(connection, scope, agency, entries, today, &book)?;
            let rows: Vec<AssignmentRow> = entries
                .iter()
                .zip(sources)
                .map(|(entry, source)| AssignmentRow {
                    employee_id: entry.employee_id,
                    work_date: entry.work_date,
                    agency_code: agency.as_str().to_owned(),
                    mode: entry.mode,
                    slots: entry.slots,
                    site_id: entry.site_id,
                    shift: entry.shift.clone(),
                    source,
                    reason: entry.reason.as_deref().map(|reason| reason.trim().to_owned()),
                    travel_id: None,
                    destination_code: None,
                    created_by: context.account(),
                    created_at: context.now,
                })
                .collect();
            for row in rows.iter().filter(|row| row.source == AssignmentSource::Correction) {
                log_correction(connection, context, row)?;
            }
            store::assignment::upsert(connection, scope, agency, &rows)?;
            // What was sealed of these dates is compared with the truth a day from now.
            let dates: BTreeSet<NaiveDate> = rows
                .iter()
                .map(|row| row.work_date)
                .filter(|date| *date <= today)
                .collect();
            for work_date in dates {
                self.note_late_truth(connection, agency, work_date, context.now)?;
            }
            tracing::info!(agency = %agency, entries = rows.len(), by = %context.account(), "roster set");
            Ok(rows.len())
        })
    }

    /// Up to `limit` assignments of an agency in a period, by date and person.
    pub fn roster(
        &self,
        scope: &Scope,
        agency: &AgencyCode,
        (from, to): (NaiveDate, NaiveDate),
        after: Option<(NaiveDate, EmployeeId, DayPart)>,
        limit: u32,
    ) -> Result<Vec<Listed>, Error> {
        if to < from || (to - from).num_days() >= LONGEST_PERIOD_DAYS {
            return Err(Error::field(
                "to",
                "out_of_limits",
                "Rentang tanggal 1 sampai 92 hari.",
                "A period has 1 to 92 days.",
            ));
        }
        self.store.read(|connection| {
            if store::agency::find(connection, agency.as_str())?.is_none() {
                return Err(Error::NotFound);
            }
            Ok(store::assignment::list(
                connection,
                scope,
                agency,
                (from, to),
                after,
                i64::from(limit),
            )?)
        })
    }

    /// How each entry comes about, or everything that is wrong with them.
    fn check_roster(
        connection: &mut AnyConnection,
        scope: &Scope,
        agency: &AgencyCode,
        entries: &[Entry],
        today: NaiveDate,
        book: &RuleBook,
    ) -> Result<Vec<AssignmentSource>, Error> {
        let mut faults = Vec::new();
        let mut sources = Vec::with_capacity(entries.len());
        let mut seen: HashSet<(EmployeeId, NaiveDate, Half)> = HashSet::with_capacity(entries.len());
        let members = members(connection, entries)?;
        let sites = sites(connection, scope, agency, entries)?;
        for (index, entry) in entries.iter().enumerate() {
            let mut fault = |field: &str, code, indonesian: &str, english: &str| {
                faults.push(FieldError::new(
                    format!("items[{index}].{field}"),
                    code,
                    indonesian,
                    english,
                ));
            };
            match check(entry, today) {
                Ok(source) => {
                    // A roster names no destination, so it can't tell a journey that is banned from one that is not.
                    if entry.mode == WorkMode::DutyTravel
                        && source == AssignmentSource::Approval
                        && let Some(number) = ban_on(book, agency, entry.work_date)
                    {
                        fault(
                            "mode",
                            "travel_banned",
                            &format!(
                                "Surat Edaran {number} membatasi perjalanan. Ajukan sebagai perjalanan dinas dengan tujuannya."
                            ),
                            &format!(
                                "Circular {number} holds travel back. File it as duty travel with its destination."
                            ),
                        );
                    }
                    sources.push(source);
                }
                Err(wrong) => {
                    let (field, code, indonesian) = told(wrong);
                    fault(field, code, indonesian, &format!("Here {wrong}."));
                }
            }
            let halves = Half::ALL.into_iter().filter(|half| entry.slots.covers(*half));
            let keys = halves.map(|half| (entry.employee_id, entry.work_date, half));
            if keys.filter(|key| !seen.insert(*key)).count() > 0 {
                fault("date", "twice", "Orang dan tanggal ini sudah disebut.", "Named twice.");
            }
            if !is_member(members.get(&entry.employee_id), agency, entry.work_date) {
                fault(
                    "employee_id",
                    "unknown",
                    "Pegawai ini bukan anggota perangkat daerah pada tanggal tersebut.",
                    "Not on the agency's staff on that date.",
                );
            }
            if !has_shift(book, members.get(&entry.employee_id), agency, entry) {
                fault(
                    "shift",
                    "unknown",
                    "Jadwal kerja pegawai ini tidak mempunyai shift tersebut pada tanggal itu.",
                    "The person's schedule has no such shift on that date.",
                );
            }
            if entry.site_id.is_some_and(|site| !sites.contains(&site)) {
                fault(
                    "site_id",
                    "unknown",
                    "Tempat tugas ini tidak dikenal.",
                    "Not a site of the agency.",
                );
            }
        }
        faults.extend(too_many_corrections(&sources));
        if faults.is_empty() {
            Ok(sources)
        } else {
            // Whoever sends 5,000 wrong lines learns enough from the first hundred.
            faults.truncate(100);
            Err(Error::Invalid(faults))
        }
    }
}

fn too_many_corrections(sources: &[AssignmentSource]) -> Option<FieldError> {
    let corrections = sources.iter().filter(|source| **source == AssignmentSource::Correction);
    (corrections.count() > MOST_CORRECTIONS).then(|| {
        FieldError::new(
            "items",
            "out_of_limits",
            "Paling banyak 500 koreksi hari yang sudah lewat dalam satu kiriman.",
            "At most 500 corrections of days that have passed in one call.",
        )
    })
}

/// The number of the circular that bans travel out of the agency's region on a date.
fn ban_on(book: &RuleBook, agency: &AgencyCode, date: NaiveDate) -> Option<String> {
    let held = book.held(book.agency(agency.as_str())?, date);
    let (rule, entry) = held.rules.travel()?;
    (rule.outside_region == TravelBan::Banned).then(|| entry.by.number.to_string())
}

fn members(
    connection: &mut AnyConnection,
    entries: &[Entry],
) -> Result<HashMap<EmployeeId, Vec<MembershipRow>>, Error> {
    let mut people: Vec<EmployeeId> = entries.iter().map(|entry| entry.employee_id).collect();
    people.sort_unstable();
    people.dedup();
    let mut members: HashMap<EmployeeId, Vec<MembershipRow>> = HashMap::with_capacity(people.len());
    for row in store::membership::list(connection, &people)? {
        members.entry(row.employee_id).or_default().push(row);
    }
    Ok(members)
}

fn is_member(memberships: Option<&Vec<MembershipRow>>, agency: &AgencyCode, date: NaiveDate) -> bool {
    memberships.is_some_and(|memberships| {
        memberships.iter().any(|member| {
            member.agency_code == agency.as_str()
                && member.valid_from <= date
                && member.valid_to.is_none_or(|last| date <= last)
        })
    })
}

/// Whether the shift that an entry names, if it names one, is one of the person's schedule on the date.
fn has_shift(book: &RuleBook, memberships: Option<&Vec<MembershipRow>>, agency: &AgencyCode, entry: &Entry) -> bool {
    let Some(code) = &entry.shift else { return true };
    let member = memberships
        .into_iter()
        .flatten()
        .find(|member| member.agency_code == agency.as_str() && member.covers(entry.work_date));
    member
        .zip(book.agency(agency.as_str()))
        .and_then(|(member, facts)| book.schedule_of(facts, Whose::of(member), entry.work_date))
        .is_some_and(|(_, schedule)| schedule.shift(code).is_some())
}

/// Those of the named sites that are the agency's.
fn sites(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    entries: &[Entry],
) -> Result<HashSet<SiteId>, Error> {
    let named: HashSet<SiteId> = entries.iter().filter_map(|entry| entry.site_id).collect();
    let mut known = HashSet::with_capacity(named.len());
    for id in named {
        if store::site::find(connection, scope, agency, id)?.is_some() {
            known.insert(id);
        }
    }
    Ok(known)
}

/// The codes of what stands for a part of a date, in the order of the day; none where nothing does.
pub(crate) fn standing(
    connection: &mut AnyConnection,
    employee_id: EmployeeId,
    work_date: NaiveDate,
    slots: DayPart,
) -> Result<Option<String>, Error> {
    let rows = store::assignment::list_on(connection, employee_id, work_date)?;
    let codes: Vec<&str> = rows
        .iter()
        .filter(|row| row.slots.meets(slots))
        .map(|row| row.mode.code())
        .collect();
    Ok((!codes.is_empty()).then(|| codes.join("+")))
}

fn log_correction(connection: &mut AnyConnection, context: &Context, row: &AssignmentRow) -> Result<(), Error> {
    let before = standing(connection, row.employee_id, row.work_date, row.slots)?;
    Ok(store::event::append(
        connection,
        &Event {
            subject_kind: "assignment",
            subject_id: format!("{}/{}", row.employee_id, row.work_date),
            at: context.now,
            account_id: Some(context.account()),
            action: "correct",
            from_state: before,
            to_state: Some(row.mode.code().to_owned()),
            reason: row.reason.clone(),
        },
    )?)
}

/// The field, the code and the Indonesian sentence of a fault.
const fn told(fault: EntryFault) -> (&'static str, &'static str, &'static str) {
    match fault {
        EntryFault::TooFar => ("date", "out_of_limits", "Tanggal paling jauh 366 hari dari hari ini."),
        EntryFault::ReasonNeeded => (
            "reason",
            "missing",
            "Sebutkan alasannya: untuk hari yang sudah lewat, cuti, sakit, dinas luar, dan diklat.",
        ),
        EntryFault::ReasonTooLong => ("reason", "out_of_limits", "Alasan paling panjang 500 karakter."),
        EntryFault::ShiftNotFitting => (
            "shift",
            "not_fitting",
            "Shift hanya untuk yang bekerja pada tanggal itu.",
        ),
        EntryFault::ShiftOfHalf => (
            "shift",
            "not_fitting",
            "Shift berlaku untuk satu hari penuh, tidak untuk paruh hari.",
        ),
        EntryFault::SiteNotFitting => (
            "site_id",
            "not_fitting",
            "Tempat tugas hanya untuk yang bekerja di kantor atau piket.",
        ),
    }
}

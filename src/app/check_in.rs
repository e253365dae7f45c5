//! Judging and recording a group of shares in one transaction; listing one's own.

use crate::app::App;
use crate::app::context::Context;
use crate::app::duty::Duties;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::domain::access::Scope;
use crate::domain::check_in;
use crate::domain::check_in::Arrival;
use crate::domain::check_in::Claim;
use crate::domain::check_in::ClaimError;
use crate::domain::check_in::Flag;
use crate::domain::check_in::Judgement;
use crate::domain::check_in::representative_key;
use crate::domain::ids::CheckInId;
use crate::domain::ids::DataKeyId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::position_record::PositionRecord;
use crate::domain::slot::Slot;
use crate::platform::cipher::Key;
use crate::store;
use crate::store::backend::AnyConnection;
pub use crate::store::check_in::CheckInRow;
use crate::store::check_in::CountRow;
use crate::store::check_in::PositionRow;
use crate::store::check_in::SlotResultRow;
use crate::store::columns::Json;
use chrono::{Days, Duration, NaiveDate};
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

/// The way a share came in, where it was our own client.
pub const APP_CHANNEL: &str = "app";

/// An id made less than this ago is looked up only if its share turns out to be known.
const FRESH: Duration = Duration::seconds(10);

/// One claim on its way to the record.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Whose: taken from the token, never from the body.
    pub person: EmployeeId,
    /// What the phone says.
    pub claim: Claim,
    /// When it came in.
    pub arrival: Arrival,
    /// `app`, or another way in.
    pub channel: &'static str,
    /// The phone, as it calls itself.
    pub device_id: Option<String>,
}

/// A share in the record.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Whether this call put it there.
    pub is_new: bool,
    /// The record.
    pub row: CheckInRow,
}

/// The result for each submission of a group, in order. A refused claim does not hold the others up.
pub type Outcomes = Vec<Result<Recorded, Error>>;

/// What a group has read and is about to write.
struct Group {
    duties: Duties,
    earlier: HashMap<(EmployeeId, CheckInId), CheckInRow>,
    results: HashMap<(EmployeeId, NaiveDate, Slot), SlotResultRow>,
    keys: HashMap<String, (DataKeyId, Key)>,
    rows: Vec<CheckInRow>,
    positions: Vec<PositionRow>,
    changed: BTreeMap<(EmployeeId, NaiveDate, Slot), SlotResultRow>,
    replaced: BTreeMap<(EmployeeId, NaiveDate, Slot), SlotResultRow>,
    deltas: BTreeMap<(String, NaiveDate, Slot, crate::domain::place::Place), i64>,
}

/// How a group looks for shares that are known already.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Attempt {
    /// Ids made a moment ago are taken to be new; the key tells if one is not.
    First,
    /// Every id is looked up.
    Again,
}

impl App {
    /// Judges and records a group in the caller's transaction. Nothing is answered before that has committed.
    ///
    /// [`Error::Busy`] where another writer recorded one of the shares, or another share of one of the slots, at the
    /// same time, or where a share of the first attempt was known: the transaction must be rolled back and the group
    /// tried again.
    pub(crate) fn record(
        &self,
        connection: &mut AnyConnection,
        submissions: &[Submission],
        attempt: Attempt,
    ) -> Result<Outcomes, Error> {
        let mut group = self.load_group(connection, submissions, attempt)?;
        let mut outcomes = Vec::with_capacity(submissions.len());
        for submission in submissions {
            let outcome = self.record_one(connection, &mut group, submission);
            match outcome {
                // Only what is wrong with the claim itself stays with the claim; the rest fails the group.
                Err(error @ (Error::Internal(_) | Error::Busy(_))) => return Err(error),
                other => outcomes.push(other),
            }
        }
        store::check_in_group::insert(connection, &group.rows, &group.positions)?;
        let replaced: Vec<SlotResultRow> = group.replaced.into_values().collect();
        let changed: Vec<SlotResultRow> = group.changed.into_values().collect();
        store::check_in_group::replace_results(connection, &replaced, &changed)?;
        let counts: Vec<CountRow> = group
            .deltas
            .into_iter()
            .filter(|(_, count)| *count != 0)
            .map(|((agency_code, work_date, slot, place), count)| CountRow {
                agency_code,
                work_date,
                slot,
                place,
                count,
            })
            .collect();
        store::check_in_group::add_counts(connection, &counts)?;
        Ok(outcomes)
    }

    fn load_group(
        &self,
        connection: &mut AnyConnection,
        submissions: &[Submission],
        attempt: Attempt,
    ) -> Result<Group, Error> {
        let mut people: Vec<EmployeeId> = submissions.iter().map(|submission| submission.person).collect();
        people.sort_unstable();
        people.dedup();
        let keys: Vec<(CheckInId, EmployeeId)> = submissions
            .iter()
            .filter(|submission| attempt == Attempt::Again || !is_fresh(submission))
            .map(|submission| (submission.claim.id, submission.person))
            .collect();
        let earlier = store::check_in::list_by_key(connection, &keys)?;
        let (from, to) = dates(submissions);
        let duties = self.duties(connection, &people, from, to)?;
        let results = store::check_in::list_results(connection, &people, from, to)?;
        Ok(Group {
            duties,
            earlier: earlier
                .into_iter()
                .map(|row| ((row.employee_id, row.id), row))
                .collect(),
            results: results
                .into_iter()
                .map(|row| ((row.employee_id, row.work_date, row.slot), row))
                .collect(),
            keys: HashMap::new(),
            rows: Vec::with_capacity(submissions.len()),
            positions: Vec::with_capacity(submissions.len()),
            changed: BTreeMap::new(),
            replaced: BTreeMap::new(),
            deltas: BTreeMap::new(),
        })
    }

    fn record_one(
        &self,
        connection: &mut AnyConnection,
        group: &mut Group,
        submission: &Submission,
    ) -> Result<Recorded, Error> {
        let (person, claim) = (submission.person, &submission.claim);
        let claim_digest = claim.digest();
        if let Some(row) = group.earlier.get(&(person, claim.id)) {
            return if row.claim_digest == claim_digest {
                Ok(Recorded {
                    is_new: false,
                    row: row.clone(),
                })
            } else {
                Err(Error::Conflict(Code::IdConflict))
            };
        }
        let corrected_at = check_in::corrected_at(claim, submission.arrival).map_err(refused)?;
        // The agency, and with it the zone, is that of the date in the zone itself; agencies do not move between zones
        // within a day, so the date in Jakarta finds it.
        let near = Zone::default().date(corrected_at);
        let no_membership = || Error::Refused(Code::NoMembership);
        let zone = group.duties.member(person, near).ok_or_else(no_membership)?.1.zone;
        let [today, yesterday] = check_in::candidate_dates(zone, corrected_at);
        let on_today = group.duties.duty_day(person, today).ok_or_else(no_membership)?;
        let on_yesterday = OnceCell::new();
        let judgement = check_in::judge(claim, submission.arrival, zone, |date| {
            if date == today {
                return &on_today;
            }
            // Whoever has a membership today has one on every date.
            let before = on_yesterday.get_or_init(|| group.duties.duty_day(person, yesterday));
            before.as_ref().unwrap_or(&on_today)
        })
        .map_err(refused)?;
        let (member, _) = group
            .duties
            .member(person, judgement.work_date)
            .ok_or_else(no_membership)?;
        let agency_code = member.agency_code.clone();
        let counted = group.represent(submission, &judgement, &agency_code);
        let row = row(submission, &judgement, zone, agency_code, claim_digest, counted);
        let position = self.seal_position(connection, group, &row, claim, submission.arrival.received_at)?;
        group.positions.push(position);
        group.rows.push(row.clone());
        group.earlier.insert((person, claim.id), row.clone());
        Ok(Recorded { is_new: true, row })
    }

    fn seal_position(
        &self,
        connection: &mut AnyConnection,
        group: &mut Group,
        row: &CheckInRow,
        claim: &Claim,
        now: Instant,
    ) -> Result<PositionRow, Error> {
        if !group.keys.contains_key(&row.agency_code) {
            let key = self
                .keyring
                .key_in_use(connection, &self.entropy, &row.agency_code, now)?;
            group.keys.insert(row.agency_code.clone(), key);
        }
        let (key_id, key) = group.keys.get(&row.agency_code).ok_or(store::error::Error::Missing)?;
        let plain = PositionRecord::from(claim).to_bytes();
        let sealed = key.seal(&position_seal(row.employee_id, row.id), &plain, self.entropy.bytes()?)?;
        Ok(PositionRow {
            id_day: row.id_day,
            id: row.id,
            employee_id: row.employee_id,
            key_id: *key_id,
            sealed,
        })
    }

    /// One's own shares, newest first, and which of them represent their slots now.
    pub fn own_check_ins(
        &self,
        context: &Context,
        scope: &Scope,
        from: NaiveDate,
        to: NaiveDate,
        after: Option<(Instant, CheckInId)>,
        limit: u32,
    ) -> Result<Vec<CheckInRow>, Error> {
        let person = scope.person().or(context.employee()).ok_or(Error::Forbidden)?;
        self.store.read(|connection| {
            let mut rows =
                store::check_in::list_own(connection, person, from, to, after, i64::from(limit).saturating_add(1))?;
            let results = store::check_in::list_results(connection, &[person], from, to)?;
            for row in &mut rows {
                row.counted = results.iter().any(|result| result.check_in_id == row.id);
            }
            Ok(rows)
        })
    }
}

impl Group {
    /// Lets a share stand for its slot if it is the best so far; says whether it does.
    fn represent(&mut self, submission: &Submission, judgement: &Judgement, agency_code: &str) -> bool {
        let Some(slot) = judgement.slot.filter(|_| judgement.is_countable) else {
            return false;
        };
        let id = submission.claim.id;
        let key = (submission.person, judgement.work_date, slot);
        let standing = self.results.get(&key);
        let challenger = representative_key(judgement.place, judgement.corrected_at, id);
        if standing.is_some_and(|row| representative_key(row.place, row.corrected_at, row.check_in_id) <= challenger) {
            return false;
        }
        if let Some(row) = standing {
            *self
                .deltas
                .entry((row.agency_code.clone(), row.work_date, row.slot, row.place))
                .or_default() -= 1;
            // What stood only within this group is in no table yet.
            if !self.changed.contains_key(&key) {
                self.replaced.insert(key, row.clone());
            }
        }
        let row = SlotResultRow {
            employee_id: submission.person,
            work_date: judgement.work_date,
            slot,
            agency_code: agency_code.to_owned(),
            id_day: id.day(),
            check_in_id: id,
            place: judgement.place,
            time: judgement.time,
            corrected_at: judgement.corrected_at,
        };
        *self
            .deltas
            .entry((row.agency_code.clone(), row.work_date, row.slot, row.place))
            .or_default() += 1;
        self.changed.insert(key, row.clone());
        self.results.insert(key, row);
        true
    }
}

/// The associated data of a sealed position. The person is part of it: the same id may be another person's own.
pub(crate) fn position_seal(person: EmployeeId, id: CheckInId) -> Vec<u8> {
    format!("check_in_position/{person}/{id}/sealed/1").into_bytes()
}

/// Whether a phone made the id at most some seconds before it came in, so that it can hardly have been sent before.
fn is_fresh(submission: &Submission) -> bool {
    let age = submission.arrival.received_at.since(submission.claim.id.made_at());
    age.abs() < FRESH
}

/// Every date that the group's claims may belong to, with a day to spare for zones.
fn dates(submissions: &[Submission]) -> (NaiveDate, NaiveDate) {
    let dates = submissions.iter().filter_map(|submission| {
        check_in::corrected_at(&submission.claim, submission.arrival)
            .ok()
            .map(|at| at.utc().date_naive())
    });
    let (first, last) = dates.fold((NaiveDate::MAX, NaiveDate::MIN), |(first, last), date| {
        (first.min(date), last.max(date))
    });
    if first > last {
        return (NaiveDate::default(), NaiveDate::default());
    }
    let (before, after) = (
        first.checked_sub_days(Days::new(2)),
        last.checked_add_days(Days::new(1)),
    );
    (before.unwrap_or(first), after.unwrap_or(last))
}

fn row(
    submission: &Submission,
    judgement: &Judgement,
    zone: Zone,
    agency_code: String,
    claim_digest: [u8; 32],
    counted: bool,
) -> CheckInRow {
    let claim = &submission.claim;
    CheckInRow {
        id_day: claim.id.day(),
        id: claim.id,
        employee_id: submission.person,
        agency_code,
        claim_digest: claim_digest.to_vec(),
        channel: submission.channel.to_owned(),
        device_id: submission.device_id.clone(),
        captured_at: claim.captured_at,
        sent_at: submission.arrival.sent_at,
        received_at: submission.arrival.received_at,
        corrected_at: judgement.corrected_at,
        zone: zone.name().to_owned(),
        offset_minutes: i16::try_from(zone.offset_minutes(judgement.corrected_at)).unwrap_or(0),
        work_date: judgement.work_date,
        slot: judgement.slot,
        mode: judgement.mode,
        place: judgement.place,
        time: judgement.time,
        distance_metres: judgement.distance_metres,
        is_countable: judgement.is_countable,
        counted,
        flags: Json(judgement.flags.iter().copied().map(Flag::code).collect()),
        home_id: judgement.home,
        site_id: judgement.site,
        note: claim.note.clone(),
    }
}

fn refused(error: ClaimError) -> Error {
    let (code, indonesian, english) = match error {
        ClaimError::TooOld => (
            Code::CapturedTooOld,
            "Waktu pengambilan lebih dari 31 hari yang lalu.",
            "Captured more than 31 days ago.",
        ),
        ClaimError::TooFarAhead => (
            Code::CapturedInFuture,
            "Waktu pengambilan lebih dari 24 jam di depan.",
            "Captured more than 24 hours ahead.",
        ),
    };
    Error::RefusedField(code, FieldError::new("captured_at", code.text(), indonesian, english))
}

//! Judging and recording a group of shares in one transaction: load, judge each, look at their slots, save.

use crate::app::App;
use crate::app::check_in::Outcomes;
use crate::app::check_in::Recorded;
use crate::app::check_in::Submission;
use crate::app::check_in::leaf;
use crate::app::check_in::position_seal;
use crate::app::check_in_receipt::add_receipts;
use crate::app::check_in_receipt::receipt_row;
use crate::app::check_in_slot::Slots;
use crate::app::check_in_slot::look_at_slots;
use crate::app::duty::Duties;
use crate::app::duty_memory::DutyMemory;
use crate::app::duty_memory::Recalled;
use crate::app::duty_memory::Wanted;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::domain::check_in;
use crate::domain::check_in::ClaimError;
use crate::domain::check_in::DutyDay;
use crate::domain::check_in::Flag;
use crate::domain::check_in::Judgement;
use crate::domain::check_in_receipt::leaf_hash;
use crate::domain::digest::Digest;
use crate::domain::ids::CheckInId;
use crate::domain::ids::DataKeyId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::ReceiptId;
use crate::domain::position_record::PositionRecord;
use crate::platform::cipher::Key;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::check_in::CheckInRow;
use crate::store::check_in::CountRow;
use crate::store::check_in::PositionRow;
use crate::store::check_in_group::NewRows;
use crate::store::check_in_receipt::ReceiptRow;
use crate::store::columns::Json;
use chrono::{Duration, NaiveDate};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

/// An id made less than this ago is looked up only if its share turns out to be known.
const FRESH: Duration = Duration::seconds(10);

/// How a group looks for shares that are known already, and for slots that are taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Attempt {
    /// Ids made a moment ago are taken to be new, and slots not seen taken to be free; the keys tell if one is not.
    First,
    /// Every id and every slot is looked up.
    Again,
}

/// What judging needs.
struct Facts {
    duties: Duties,
    known: HashMap<(EmployeeId, CheckInId), Arc<CheckInRow>>,
}

/// What a share turned out to be before the other shares of its slot were looked at.
#[derive(Debug)]
pub(crate) enum Judged {
    Known(Arc<CheckInRow>),
    New {
        judgement: Judgement,
        agency_code: String,
        claim_digest: [u8; 32],
    },
}

/// A group whose shares are judged: what each is told and what has to be written first.
pub(crate) struct Group {
    part: i16,
    receipt_id: ReceiptId,
    leaves: Vec<Digest>,
    keys: HashMap<String, (DataKeyId, Key)>,
    nonces: std::vec::IntoIter<[u8; 12]>,
    known: HashMap<(EmployeeId, CheckInId), Arc<CheckInRow>>,
    rows: Vec<Arc<CheckInRow>>,
    positions: Vec<PositionRow>,
    slots: Slots,
    outcomes: Outcomes,
    receipt: Option<ReceiptRow>,
}

impl App {
    /// Judges a group, which must be saved ([`Group::save`]) before anything is answered. `part` is the caller's own part
    /// of the counters, `memory` what is remembered of people.
    pub(crate) fn judge_group(
        &self,
        connection: &mut AnyConnection,
        submissions: &[Submission],
        attempt: Attempt,
        (part, memory): (i16, &mut DutyMemory),
    ) -> Result<Group, Error> {
        let facts = self.load_facts(connection, submissions, attempt, memory)?;
        let judged: Vec<Result<Judged, Error>> = submissions.iter().map(|submission| facts.judge(submission)).collect();
        let mut group = Group {
            part,
            receipt_id: ReceiptId::new(self.entropy.uuid(self.now())?),
            leaves: Vec::with_capacity(submissions.len()),
            keys: HashMap::new(),
            nonces: self.entropy.many(submissions.len())?.into_iter(),
            known: HashMap::with_capacity(submissions.len()),
            rows: Vec::with_capacity(submissions.len()),
            positions: Vec::with_capacity(submissions.len()),
            slots: look_at_slots(connection, submissions, &judged, attempt, memory)?,
            outcomes: Vec::with_capacity(submissions.len()),
            receipt: None,
        };
        for (submission, judged) in submissions.iter().zip(judged) {
            let outcome = judged.and_then(|judged| self.add_share(connection, &mut group, submission, judged));
            match outcome {
                // Only what is wrong with the claim itself stays with the claim; the rest fails the group.
                Err(error @ (Error::Internal(_) | Error::Busy(_))) => return Err(error),
                other => group.outcomes.push(other),
            }
        }
        let signed = self.sign_shares(group.receipt_id, &group.leaves)?;
        group.receipt = signed.as_ref().map(receipt_row);
        add_receipts(connection, signed, &mut group.outcomes)?;
        Ok(group)
    }

    fn load_facts(
        &self,
        connection: &mut AnyConnection,
        submissions: &[Submission],
        attempt: Attempt,
        memory: &mut DutyMemory,
    ) -> Result<Facts, Error> {
        let keys: Vec<(CheckInId, EmployeeId)> = submissions
            .iter()
            .filter(|submission| attempt == Attempt::Again || !is_fresh(submission))
            .map(|submission| (submission.claim.id, submission.person))
            .collect();
        let known = store::check_in::list_by_key(connection, &keys)?;
        let (wanted, usual) = wanted(submissions);
        let Recalled { people, rule_epoch } = memory.recall(connection, &wanted, usual)?;
        let book = self.rule_book_of(connection, rule_epoch)?;
        Ok(Facts {
            duties: self.duties_of(connection, book, people)?,
            known: known
                .into_iter()
                .map(|row| ((row.employee_id, row.id), Arc::new(row)))
                .collect(),
        })
    }

    /// Decides what one share does to its slot and adds it to what will be written.
    fn add_share(
        &self,
        connection: &mut AnyConnection,
        group: &mut Group,
        submission: &Submission,
        judged: Judged,
    ) -> Result<Recorded, Error> {
        let (judgement, agency_code, claim_digest) = match judged {
            Judged::Known(row) => return Ok(Recorded::known(row)),
            Judged::New {
                judgement,
                agency_code,
                claim_digest,
            } => (judgement, agency_code, claim_digest),
        };
        let key = (submission.person, submission.claim.id);
        // The same share twice in one group.
        if let Some(row) = group.known.get(&key) {
            return Ok(Recorded::known(same_claim(row, &claim_digest)?));
        }
        let counted = group.slots.counted.contains(&key);
        let mut row = row(submission, &judgement, agency_code, claim_digest, counted);
        row.receipt_id = Some(group.receipt_id);
        row.receipt_index = Some(i16::try_from(group.leaves.len()).map_err(Error::internal)?);
        group.leaves.push(leaf_hash(&leaf(&row)?));
        let row = Arc::new(row);
        let position = self.seal_position(connection, group, &row, submission)?;
        group.positions.push(position);
        group.rows.push(Arc::clone(&row));
        group.known.insert(key, Arc::clone(&row));
        Ok(Recorded {
            is_new: true,
            row,
            signed: None,
        })
    }

    fn seal_position(
        &self,
        connection: &mut AnyConnection,
        group: &mut Group,
        row: &CheckInRow,
        submission: &Submission,
    ) -> Result<PositionRow, Error> {
        if !group.keys.contains_key(&row.agency_code) {
            let now = submission.arrival.received_at;
            let key = self
                .keyring
                .key_in_use(connection, &self.entropy, &row.agency_code, now)?;
            group.keys.insert(row.agency_code.clone(), key);
        }
        let (key_id, key) = group.keys.get(&row.agency_code).ok_or(store::error::Error::Missing)?;
        let plain = PositionRecord::from(&submission.claim).to_bytes();
        let nonce = group.nonces.next().ok_or(store::error::Error::Missing)?;
        let sealed = key.seal(&position_seal(row.employee_id, row.id), &plain, nonce)?;
        Ok(PositionRow {
            id_day: row.id_day,
            id: row.id,
            employee_id: row.employee_id,
            key_id: *key_id,
            sealed,
        })
    }
}

impl Facts {
    fn judge(&self, submission: &Submission) -> Result<Judged, Error> {
        let (person, claim) = (submission.person, &submission.claim);
        let claim_digest = claim.digest();
        if let Some(row) = self.known.get(&(person, claim.id)) {
            return Ok(Judged::Known(same_claim(row, &claim_digest)?));
        }
        let corrected_at = check_in::corrected_at(claim, submission.arrival).map_err(refused)?;
        let no_membership = || Error::Refused(Code::NoMembership);
        // Most shares ask for one date; one near midnight, or of a night shift, for the one beside it too.
        let (first, last) = check_in::candidate_dates(corrected_at);
        let usual = self.duties.duty_day(person, last).ok_or_else(no_membership)?;
        let others: [OnceCell<Option<DutyDay>>; 2] = [OnceCell::new(), OnceCell::new()];
        let judgement = check_in::judge(claim, submission.arrival, |date| {
            if date == last {
                return &usual;
            }
            // Whoever has a membership on one date has one on every date.
            let [early, middle] = &others;
            let other = if date == first { early } else { middle };
            let day = other.get_or_init(|| self.duties.duty_day(person, date));
            day.as_ref().unwrap_or(&usual)
        })
        .map_err(refused)?;
        let (member, _) = self
            .duties
            .member(person, judgement.work_date)
            .ok_or_else(no_membership)?;
        Ok(Judged::New {
            agency_code: member.agency_code.to_string(),
            judgement,
            claim_digest,
        })
    }
}

impl Group {
    /// Whether one statement writes it, on PostgreSQL: unless a better share takes the place of another.
    pub(crate) fn is_one_statement(&self) -> bool {
        self.slots.replaced.is_empty()
    }

    /// Writes the group, in the caller's transaction unless it is one statement; gives what to answer then.
    ///
    /// [`Error::Busy`] where another writer recorded one of the shares, or another share of one of the slots, at the
    /// same time, or where a share or a slot of the first attempt was known after all: nothing may be kept, and the group
    /// has to be judged again.
    pub(crate) fn save(mut self, connection: &mut AnyConnection, memory: &mut DutyMemory) -> Result<Outcomes, Error> {
        let Some(receipt) = &self.receipt else {
            return Ok(self.outcomes);
        };
        // In the order of their keys: each is written beside the one before, and two writers never wait in a circle.
        self.rows.sort_unstable_by_key(|row| (row.id, row.employee_id));
        self.positions.sort_unstable_by_key(|row| (row.id, row.employee_id));
        let part = self.part;
        let counts: Vec<CountRow> = std::mem::take(&mut self.slots.deltas)
            .into_iter()
            .filter(|(_, count)| *count != 0)
            .map(|((agency_code, work_date, slot, place), count)| CountRow {
                agency_code,
                work_date,
                slot,
                place,
                part,
                count,
            })
            .collect();
        let (free, better) = self.slots.results();
        store::check_in_group::replace_results(connection, &better)?;
        let written = store::check_in_group::insert(
            connection,
            &NewRows {
                results: &free,
                shares: &self.rows,
                positions: &self.positions,
                aside: &self.slots.aside,
                counts: &counts,
                receipt,
            },
        );
        if written.as_ref().is_err_and(store::check_in_group::is_of_a_result) {
            memory.guessed_wrongly();
        }
        written?;
        Ok(self.outcomes)
    }
}

/// A known share answers again if the claim is the same; its id for another claim is a conflict.
fn same_claim(row: &Arc<CheckInRow>, claim_digest: &[u8; 32]) -> Result<Arc<CheckInRow>, Error> {
    if row.claim_digest == claim_digest {
        Ok(Arc::clone(row))
    } else {
        Err(Error::Conflict(Code::IdConflict))
    }
}

/// Whether a phone made the id at most some seconds before it came in, so that it can hardly have been sent before.
fn is_fresh(submission: &Submission) -> bool {
    let age = submission.arrival.received_at.since(submission.claim.id.made_at());
    age.abs() < FRESH
}

/// The dates that each person's claims may belong to, whatever the zone of duty, and those that claims of this moment do.
fn wanted(submissions: &[Submission]) -> (Wanted, (NaiveDate, NaiveDate)) {
    let now = submissions
        .iter()
        .map(|submission| submission.arrival.received_at)
        .max();
    let usual = now.map(check_in::candidate_dates).unwrap_or_default();
    let mut wanted = Wanted::with_capacity(submissions.len());
    for submission in submissions {
        // A claim that is refused for its time needs no date.
        let (first, last) =
            check_in::corrected_at(&submission.claim, submission.arrival).map_or(usual, check_in::candidate_dates);
        let dates = wanted.entry(submission.person).or_insert((first, last));
        *dates = (dates.0.min(first), dates.1.max(last));
    }
    (wanted, usual)
}

fn row(
    submission: &Submission,
    judgement: &Judgement,
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
        zone: judgement.zone.name().to_owned(),
        offset_minutes: i16::try_from(judgement.zone.offset_minutes(judgement.corrected_at)).unwrap_or(0),
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
        receipt_id: None,
        receipt_index: None,
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

//! What a group of shares does to the slots of its people: which share represents each, and by how much counters move.
//!
//! Nearly every share is the first of its slot, and to look first would cost each of them a search more. So a slot is
//! claimed unseen where the writer remembers the person and has not seen the slot taken; where that turns out to be
//! wrong, because another instance took it, the group is judged again with a look at every slot.

use crate::app::check_in::Submission;
use crate::app::check_in_group::Attempt;
use crate::app::check_in_group::Judged;
use crate::app::duty_memory::DutyMemory;
use crate::app::error::Error;
use crate::domain::check_in::Judgement;
use crate::domain::check_in::representative_key;
use crate::domain::ids::CheckInId;
use crate::domain::ids::EmployeeId;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::check_in::AsideRow;
use crate::store::check_in::SlotResultRow;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap, HashSet};

/// One person's slot of one day.
type SlotKey = (EmployeeId, NaiveDate, Slot);

/// What a group does to the slots that its shares fall in.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    standing: HashMap<SlotKey, SlotResultRow>,
    changed: BTreeMap<SlotKey, SlotResultRow>,
    /// What stands in the database where a better share has come.
    pub(crate) replaced: BTreeMap<SlotKey, SlotResultRow>,
    /// By how much the counters move.
    pub(crate) deltas: BTreeMap<(String, NaiveDate, Slot, Place), i64>,
    /// Which share represented its slot when it came in.
    pub(crate) counted: HashSet<(EmployeeId, CheckInId)>,
    /// New shares that represent no slot, and others, old or new, that no longer do.
    pub(crate) aside: Vec<AsideRow>,
}

impl Slots {
    /// What new shares do, in the order in which they came in, to slots in which these results stand.
    fn decide(
        submissions: &[Submission],
        judged: &[Result<Judged, Error>],
        standing: HashMap<SlotKey, SlotResultRow>,
    ) -> Self {
        let mut slots = Self {
            standing,
            ..Self::default()
        };
        let mut seen = HashSet::with_capacity(submissions.len());
        for (submission, judged) in submissions.iter().zip(judged) {
            let key = (submission.person, submission.claim.id);
            let Ok(Judged::New {
                judgement, agency_code, ..
            }) = judged
            else {
                continue;
            };
            if !seen.insert(key) {
                continue;
            }
            if slots.represent(submission, judgement, agency_code) {
                slots.counted.insert(key);
            } else {
                slots.aside.push(AsideRow {
                    employee_id: submission.person,
                    work_date: judgement.work_date,
                    check_in_id: submission.claim.id,
                    corrected_at: judgement.corrected_at,
                });
            }
        }
        slots
    }

    /// Lets a share stand for its slot if it is the best so far; says whether it does.
    fn represent(&mut self, submission: &Submission, judgement: &Judgement, agency_code: &str) -> bool {
        let Some(slot) = judgement.slot.filter(|_| judgement.is_countable) else {
            return false;
        };
        let id = submission.claim.id;
        let key = (submission.person, judgement.work_date, slot);
        let standing = self.changed.get(&key).or_else(|| self.standing.get(&key));
        let challenger = representative_key(judgement.place, judgement.corrected_at, id);
        if standing.is_some_and(|row| representative_key(row.place, row.corrected_at, row.check_in_id) <= challenger) {
            return false;
        }
        if let Some(row) = standing {
            *self
                .deltas
                .entry((row.agency_code.clone(), row.work_date, row.slot, row.place))
                .or_default() -= 1;
            self.aside.push(AsideRow {
                employee_id: row.employee_id,
                work_date: row.work_date,
                check_in_id: row.check_in_id,
                corrected_at: row.corrected_at,
            });
        }
        // What stood only within this group is in no table yet.
        if let Some(row) = self.standing.remove(&key) {
            self.replaced.insert(key, row);
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
        self.changed.insert(key, row);
        true
    }

    /// Results for slots in which nothing stands, and those that are better than what stands, each behind that.
    pub(crate) fn results(&self) -> (Vec<&SlotResultRow>, Vec<(&SlotResultRow, &SlotResultRow)>) {
        let (mut free, mut better) = (Vec::with_capacity(self.changed.len()), Vec::new());
        for (key, row) in &self.changed {
            match self.replaced.get(key) {
                Some(old) => better.push((old, row)),
                None => free.push(row),
            }
        }
        (free, better)
    }
}

/// What new shares do to their slots. What stands is asked for where the writer has no reason to take a slot for free, or
/// may not guess (`Again`).
pub(crate) fn look_at_slots(
    connection: &mut AnyConnection,
    submissions: &[Submission],
    judged: &[Result<Judged, Error>],
    attempt: Attempt,
    memory: &mut DutyMemory,
) -> Result<Slots, Error> {
    let first = Slots::decide(submissions, judged, HashMap::new());
    let may_guess = attempt == Attempt::First && memory.may_guess();
    let doubtful: Vec<&SlotResultRow> = first
        .changed
        .iter()
        .filter(|((person, date, slot), _)| !memory.take_slot(*person, *date, *slot) || !may_guess)
        .map(|(_, row)| row)
        .collect();
    let standing = store::check_in_group::list_standing(connection, &doubtful)?;
    if standing.is_empty() {
        return Ok(first);
    }
    let standing = standing
        .into_iter()
        .map(|row| ((row.employee_id, row.work_date, row.slot), row));
    Ok(Slots::decide(submissions, judged, standing.collect()))
}

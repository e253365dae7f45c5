//! Reminders: once a day the cases that wait are looked through, and whoever they wait for is told, once each.

use crate::app::App;
use crate::app::case::hearing::Hearing;
use crate::app::case::step::case_rules;
use crate::app::error::Error;
use crate::domain::access::Role;
use crate::domain::case::progress::Progress;
use crate::domain::case::reminder::Reminder;
use crate::domain::case::reminder::WaitingSince;
use crate::domain::case::reminder::reminders;
use crate::domain::ids::AccountId;
use crate::domain::ids::AuditId;
use crate::domain::ids::CaseId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::notice::NoticeContent;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

/// The day on which this process last looked through the cases.
#[derive(Debug, Default)]
pub(crate) struct Reminding(Mutex<Option<NaiveDate>>);

/// One reminder that is due.
struct Due {
    row: CaseRow,
    progress: Progress,
    reminder: Reminder,
    at: Instant,
}

impl App {
    /// Reminds whom cases wait for, once a day.
    pub(crate) fn remind_daily(&self, now: Instant) -> Result<(), Error> {
        let today = Zone::default().date(now);
        let mut last = self.reminding.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != Some(today) {
            self.remind_of_cases(now)?;
            *last = Some(today);
        }
        Ok(())
    }

    /// Looks through the cases that wait and tells people whose time to reply ends, and officials for whom cases have
    /// waited too long; gives how many reminders were new. Safe on several instances at once.
    pub fn remind_of_cases(&self, now: Instant) -> Result<usize, Error> {
        // Clocks take their time: in a snapshot of its own, so that nobody's share waits for it.
        let due = self.store.read(|connection| self.due_reminders(connection, now))?;
        if due.is_empty() {
            return Ok(0);
        }
        self.store.write(|connection| {
            let heads = store::account::list_with_role(connection, Role::BkdHead)?;
            let mut waiting: BTreeMap<(AccountId, Reminder), (u32, Instant)> = BTreeMap::new();
            let mut told = 0;
            for due in &due {
                if !store::case_reminder::insert(connection, &due.row, due.reminder, now)? {
                    continue;
                }
                told += 1;
                let of_heads = || heads.iter().map(|(account, _)| *account).collect();
                let officials: Vec<AccountId> = match due.reminder {
                    Reminder::ReplyDue => {
                        self.remind_person(connection, due, now)?;
                        Vec::new()
                    }
                    Reminder::Review => vec![due.row.auditor_id],
                    Reminder::SecondReview => due.progress.second_look.map(|look| look.auditor).into_iter().collect(),
                    Reminder::Decision => due
                        .row
                        .second_reviewer_id
                        .map_or_else(of_heads, |account| vec![account]),
                    Reminder::Objection => of_heads(),
                };
                for account in officials {
                    let (count, since) = waiting.entry((account, due.reminder)).or_insert((0, due.at));
                    *count += 1;
                    *since = (*since).min(due.at);
                }
            }
            for ((account, what), (count, since)) in waiting {
                let since = Zone::default().date(since);
                let content = NoticeContent::CasesWaiting { what, count, since };
                self.tell_account(connection, account, content, now)?;
            }
            Ok(told)
        })
    }

    fn remind_person(&self, connection: &mut AnyConnection, due: &Due, now: Instant) -> Result<(), Error> {
        let content = NoticeContent::ReplyDue {
            case_id: due.row.id,
            work_date: due.row.work_date,
            due_at: due.at,
            zone: self.zone_of(connection, &due.row)?,
        };
        self.notify(connection, due.row.employee_id, content, now)?;
        Ok(())
    }

    fn due_reminders(&self, connection: &mut AnyConnection, now: Instant) -> Result<Vec<Due>, Error> {
        let waiting_days = case_rules(connection, Zone::default().date(now))?.waiting_days;
        let mut rows: BTreeMap<CaseId, CaseRow> = BTreeMap::new();
        let objected = store::objection::list_pending(connection)?
            .into_iter()
            .map(|(row, _)| row);
        let found = store::case::list_waiting(connection)?
            .into_iter()
            .chain(store::second_review::list_waiting(connection)?)
            .chain(objected);
        rows.extend(found.map(|row| (row.id, row)));
        let mut drawn: HashMap<AuditId, Instant> = HashMap::new();
        let mut due = Vec::new();
        for row in rows.into_values() {
            let hearing = Hearing::load(connection, &row)?;
            let progress = hearing.progress(&row, self.clock_of(connection, &row)?);
            let drawn_at = if let Some(at) = drawn.get(&row.audit_id) {
                *at
            } else {
                let at = store::audit::drawn_at(connection, row.audit_id)?;
                let at = at.ok_or(store::error::Error::Corrupt("audit.drawn_at"))?;
                drawn.insert(row.audit_id, at);
                at
            };
            let since = WaitingSince {
                drawn_at,
                replied_at: row.replied_at,
                objected_at: hearing.objection.as_ref().map(|objection| objection.objected_at),
            };
            for (reminder, at) in reminders(&progress, since, waiting_days, now) {
                due.push(Due {
                    row: row.clone(),
                    progress,
                    reminder,
                    at,
                });
            }
        }
        Ok(due)
    }
}

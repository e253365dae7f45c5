//! Daily entries before the eyes of a superior, and what happens when nobody looks.

use crate::app::App;
use crate::app::activity::Activity;
use crate::app::activity::ActivityFilter;
use crate::app::activity::record;
use crate::app::activity::stale;
use crate::app::activity::with_evidence;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::activity::Decision;
use crate::domain::activity::ReviewError;
use crate::domain::activity::Step;
use crate::domain::activity::review;
use crate::domain::activity::sentence;
use crate::domain::ids::ActivityId;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Zone;
use crate::domain::language::Language;
use crate::domain::notice::NoticeContent;
use crate::domain::text::TextError;
use crate::store;
use crate::store::activity::ActivityRow;

/// Most entries that one round of the job moves.
const ROUND: i64 = 200;

impl App {
    /// Entries of the caller's subordinates, and those that have escalated to the caller; one more than the limit.
    pub fn activities_to_review(
        &self,
        context: &Context,
        scope: &Scope,
        filter: &ActivityFilter,
    ) -> Result<Vec<Activity>, Error> {
        let today = Zone::default().date(context.now);
        self.store.read(|connection| {
            let team = store::team::subordinates(connection, scope, today)?;
            let rows = store::activity::list_for_review(connection, scope, &team, filter)?;
            let mut activities = with_evidence(connection, scope, rows)?;
            let mut people: Vec<EmployeeId> = activities.iter().map(|activity| activity.row.employee_id).collect();
            people.sort_unstable();
            people.dedup();
            let names = store::team::names(connection, scope, &people)?;
            for activity in &mut activities {
                activity.name = names.get(&activity.row.employee_id).cloned();
            }
            Ok(activities)
        })
    }

    /// An entry that is one's own, or that the reach of a reviewer covers.
    pub fn readable_activity(
        &self,
        context: &Context,
        own: &Scope,
        team: Option<&Scope>,
        id: ActivityId,
    ) -> Result<Activity, Error> {
        match (self.activity(own, id), team) {
            (Err(Error::NotFound), Some(team)) => self.activity_to_review(context, team, id),
            (found, _) => found,
        }
    }

    /// An entry within the caller's reach as a reviewer, with its owner's name.
    fn activity_to_review(&self, context: &Context, scope: &Scope, id: ActivityId) -> Result<Activity, Error> {
        let today = Zone::default().date(context.now);
        self.store.read(|connection| {
            let team = store::team::subordinates(connection, scope, today)?;
            let row = store::activity::find_for_review(connection, scope, &team, id)?.ok_or(Error::NotFound)?;
            let mut names = store::team::names(connection, scope, &[row.employee_id])?;
            let mut activity = with_evidence(connection, scope, vec![row])?
                .pop()
                .ok_or(Error::NotFound)?;
            activity.name = names.remove(&activity.row.employee_id);
            Ok(activity)
        })
    }

    /// Decides on an entry and tells its owner. The same decision by the same person again changes nothing.
    pub fn review_activity(
        &self,
        context: &Context,
        scope: &Scope,
        id: ActivityId,
        decision: Decision,
        note: Option<&str>,
    ) -> Result<Activity, Error> {
        let reviewer = scope.person().ok_or(Error::NotFound)?;
        let today = Zone::default().date(context.now);
        self.store.write(|connection| {
            let team = store::team::subordinates(connection, scope, today)?;
            let row = match store::activity::find_for_review(connection, scope, &team, id)? {
                Some(row) => row,
                // The caller knows their own entry, so saying no tells nothing new.
                None if store::activity::find(connection, scope, id)?.is_some() => return Err(Error::Forbidden),
                None => return Err(Error::NotFound),
            };
            let (state, said) = match review(row.state, row.employee_id, reviewer, decision, note) {
                Ok(decided) => decided,
                Err(ReviewError::Step(_)) if is_repetition(&row, reviewer, decision, note) => return Ok(()),
                Err(error) => return Err(refusal(error)),
            };
            let (from, version) = (row.state, row.version);
            let row = ActivityRow {
                state,
                decision: Some(said.decision),
                review_note: said.note.clone(),
                reviewer_id: Some(reviewer),
                reviewed_at: Some(context.now),
                updated_at: context.now,
                escalates_at: None,
                version: version + 1,
                ..row
            };
            store::activity::update(connection, scope, &row, version).map_err(stale)?;
            record(
                connection,
                Some(context),
                &row,
                "review",
                Some(from),
                said.note.as_deref(),
            )?;
            let told = NoticeContent::ActivityReviewed {
                activity_id: row.id,
                work_date: row.work_date,
                decision: said.decision,
                note: said.note,
            };
            self.notify(connection, row.employee_id, told, context.now)?;
            Ok(())
        })?;
        self.activity_to_review(context, scope, id)
    }

    /// Moves entries that have waited too long to the next superior; gives how many. For the ticker, on any instance.
    pub fn escalate_activities(&self) -> Result<usize, Error> {
        let now = self.now();
        let overdue = self
            .store
            .read(|connection| Ok::<_, Error>(store::activity::list_overdue(connection, now, ROUND)?))?;
        let mut moved = 0;
        for row in overdue {
            let result = self.store.write(|connection| {
                let today = Zone::default().date(now);
                let superior = store::team::direct_superior(connection, row.employee_id, today)?;
                let next = match superior {
                    Some(superior) => store::team::direct_superior(connection, superior, today)?,
                    None => None,
                };
                let mut changed = ActivityRow {
                    escalates_at: None,
                    updated_at: now,
                    version: row.version + 1,
                    ..row.clone()
                };
                if let Some(next) = next {
                    changed.state = row.state.after(Step::Escalate).ok().ok_or(Error::Stale)?;
                    changed.escalated_to = Some(next);
                    let told = NoticeContent::ActivityEscalated {
                        activity_id: row.id,
                        work_date: row.work_date,
                    };
                    self.notify(connection, next, told, now)?;
                }
                // Without a next superior the entry goes on waiting where it is.
                store::activity::update_by_service(connection, &changed, row.version).map_err(stale)?;
                if next.is_some() {
                    record(connection, None, &changed, "escalate", Some(row.state), None)?;
                }
                Ok(next.is_some())
            });
            match result {
                Ok(is_moved) => moved += usize::from(is_moved),
                // Decided, or moved by another instance, meanwhile.
                Err(Error::Stale) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(moved)
    }
}

fn is_repetition(row: &ActivityRow, reviewer: EmployeeId, decision: Decision, note: Option<&str>) -> bool {
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    row.state == decision.state()
        && row.reviewer_id == Some(reviewer)
        && row.decision == Some(decision)
        && row.review_note.as_deref() == note
}

fn refusal(error: ReviewError) -> Error {
    match error {
        ReviewError::OwnEntry => Error::Forbidden,
        ReviewError::Step(_) => Error::Conflict(Code::WrongState),
        ReviewError::NoteMissing => note_missing(),
        ReviewError::Note(error) => note_fault(error),
    }
}

/// A note that is needed and not there.
pub(crate) fn note_missing() -> Error {
    Error::field(
        "note",
        "missing",
        "Tulis catatan paling sedikit 3 karakter, agar pegawai tahu apa yang perlu diperbaiki.",
        "Write a note of at least 3 characters, so that the person knows what to mend.",
    )
}

/// A note that is too long, or holds what can't be kept.
pub(crate) fn note_fault(error: TextError) -> Error {
    Error::field(
        "note",
        error.code(),
        sentence::of_text(error, Language::Indonesian),
        sentence::of_text(error, Language::English),
    )
}

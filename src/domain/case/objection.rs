//! Objection: once, within its time, to the head of BKD, against an upheld finding (domain report, section 2.8).

use crate::domain::case::CaseState;
use crate::domain::case::clock::Clock;
use crate::domain::case::progress::CaseError;
use crate::domain::case::progress::Progress;
use crate::domain::ids::AccountId;
use crate::domain::instant::Instant;
use crate::domain::notice::CaseOutcome;
use serde::{Deserialize, Serialize};

/// What the head of BKD decides on an objection.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionOutcome {
    /// The finding stands.
    Upheld,
    /// The finding is taken back: the objection was granted.
    Withdrawn,
}

impl ObjectionOutcome {
    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        self.case_outcome().code()
    }

    /// The inverse of [`ObjectionOutcome::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Upheld, Self::Withdrawn]
            .into_iter()
            .find(|outcome| outcome.code() == code)
    }

    /// What the case comes to.
    pub const fn case_outcome(self) -> CaseOutcome {
        match self {
            Self::Upheld => CaseOutcome::Upheld,
            Self::Withdrawn => CaseOutcome::Withdrawn,
        }
    }
}

/// How far an objection has come.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionState {
    /// The head of BKD has it; meanwhile the finding has no effect.
    Pending,
    /// It was decided.
    Decided,
}

impl ObjectionState {
    /// The spelling in JSON and queries.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Decided => "decided",
        }
    }
}

/// What is stored of an objection, as far as the rules need it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Objection {
    /// What the head of BKD decided, if that was.
    pub outcome: Option<ObjectionOutcome>,
}

/// How many cases of an audit were objected to.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ObjectionCount {
    /// Not decided; the cases count as open meanwhile.
    pub pending: u64,
    /// The finding stands.
    pub upheld: u64,
    /// The finding was taken back.
    pub withdrawn: u64,
}

impl ObjectionCount {
    /// Counts the objections of some cases.
    pub fn of<'a>(cases: impl Iterator<Item = &'a Progress>) -> Self {
        let mut count = Self::default();
        for objection in cases.filter_map(|progress| progress.objection) {
            let place = match objection.outcome {
                None => &mut count.pending,
                Some(ObjectionOutcome::Upheld) => &mut count.upheld,
                Some(ObjectionOutcome::Withdrawn) => &mut count.withdrawn,
            };
            *place += 1;
        }
        count
    }
}

impl Progress {
    /// Whether the person may object at `now`: once, against an upheld finding, while `clock` runs or has not started.
    /// That the audit was closed meanwhile takes nothing from them.
    pub fn may_object(&self, clock: Option<Clock>, now: Instant) -> Result<(), CaseError> {
        if self.outcome != Some(CaseOutcome::Upheld) || self.objection.is_some() {
            return Err(CaseError::State(self.state(now)));
        }
        match clock {
            Some(clock) if clock.is_over(now) => Err(CaseError::ObjectionOver),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether `account` may decide on the objection: nobody judges what they found or decided themselves.
    pub fn may_decide_objection(&self, account: AccountId, now: Instant) -> Result<(), CaseError> {
        match self.state(now) {
            CaseState::Objected => {}
            state @ (CaseState::Assigned
            | CaseState::Reviewed
            | CaseState::Notified
            | CaseState::Replied
            | CaseState::NoReply
            | CaseState::Decided
            | CaseState::Closed) => return Err(CaseError::State(state)),
        }
        if self.is_reviewer(account) || self.decided_by == Some(account) {
            return Err(CaseError::SecondPersonNeeded);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::CaseFinding;
    use crate::domain::case::progress::tests::{AFTER, NOW, account, notified};

    fn upheld() -> Progress {
        Progress {
            outcome: Some(CaseOutcome::Upheld),
            decided_by: Some(account(2)),
            ..notified()
        }
    }

    fn objected(outcome: Option<ObjectionOutcome>) -> Progress {
        Progress {
            objection: Some(Objection { outcome }),
            ..upheld()
        }
    }

    const RUNNING: Clock = Clock {
        started_at: Instant::from_millis(100),
        due_at: Instant::from_millis(200),
        paused_days: 0,
    };

    #[test]
    fn only_an_upheld_finding_can_be_objected_to_and_once() {
        assert_eq!(upheld().may_object(Some(RUNNING), NOW), Ok(()));
        for outcome in [None, Some(CaseOutcome::Withdrawn), Some(CaseOutcome::Inconclusive)] {
            let other = Progress { outcome, ..upheld() };
            assert!(other.may_object(Some(RUNNING), NOW).is_err(), "{outcome:?}");
        }
        for outcome in [None, Some(ObjectionOutcome::Upheld), Some(ObjectionOutcome::Withdrawn)] {
            assert!(objected(outcome).may_object(Some(RUNNING), NOW).is_err(), "{outcome:?}");
        }
    }

    #[test]
    fn a_late_objection_is_refused_and_one_whose_notice_never_came_is_not_late() {
        assert_eq!(upheld().may_object(Some(RUNNING), AFTER), Err(CaseError::ObjectionOver));
        assert_eq!(upheld().may_object(None, Instant::from_millis(i64::MAX)), Ok(()));
    }

    #[test]
    fn a_closed_audit_takes_no_right_away() {
        let closed = Progress {
            is_closed: true,
            ..upheld()
        };
        assert_eq!(closed.may_object(Some(RUNNING), NOW), Ok(()));
        let objected = Progress {
            is_closed: true,
            ..objected(None)
        };
        assert_eq!(objected.state(NOW), CaseState::Objected);
        assert_eq!(objected.may_decide_objection(account(9), NOW), Ok(()));
    }

    #[test]
    fn while_an_objection_pends_the_finding_has_no_effect() {
        let pending = objected(None);
        assert_eq!((pending.result(), pending.is_settled()), (None, false));
        assert_eq!(pending.state(AFTER), CaseState::Objected);
    }

    #[test]
    fn the_head_amends_the_outcome_or_lets_it_stand() {
        let granted = objected(Some(ObjectionOutcome::Withdrawn));
        assert_eq!(
            (granted.result(), granted.is_settled()),
            (Some(CaseOutcome::Withdrawn), true)
        );
        let refused = objected(Some(ObjectionOutcome::Upheld));
        assert_eq!(
            (refused.result(), refused.is_settled()),
            (Some(CaseOutcome::Upheld), true)
        );
        assert_eq!(refused.state(NOW), CaseState::Decided);
        let again = refused.may_decide_objection(account(9), NOW);
        assert_eq!(again, Err(CaseError::State(CaseState::Decided)));
    }

    #[test]
    fn objections_are_counted_by_how_they_stand() {
        let cases = [
            upheld(),
            objected(None),
            objected(Some(ObjectionOutcome::Upheld)),
            objected(Some(ObjectionOutcome::Withdrawn)),
            objected(Some(ObjectionOutcome::Withdrawn)),
        ];
        let expected = ObjectionCount {
            pending: 1,
            upheld: 1,
            withdrawn: 2,
        };
        assert_eq!(ObjectionCount::of(cases.iter()), expected);
    }

    #[test]
    fn nobody_decides_on_an_objection_to_their_own_work() {
        let pending = Progress {
            second_look: Some(crate::domain::case::progress::SecondLook {
                auditor: account(3),
                finding: Some(CaseFinding::Valid),
            }),
            ..objected(None)
        };
        for (who, may) in [(1, false), (2, false), (3, false), (4, true)] {
            assert_eq!(pending.may_decide_objection(account(who), NOW).is_ok(), may, "{who}");
        }
    }

    #[test]
    fn every_code_reads_back() {
        for outcome in [ObjectionOutcome::Upheld, ObjectionOutcome::Withdrawn] {
            assert_eq!(ObjectionOutcome::from_code(outcome.code()), Some(outcome));
        }
        assert_eq!(ObjectionOutcome::from_code("inconclusive"), None);
        assert_eq!(ObjectionState::Pending.code(), "pending");
    }
}

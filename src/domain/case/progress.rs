//! How a case moves: which step is open to whom, and when the time to reply is over.

use crate::domain::audit::assignment::Auditor;
use crate::domain::case::CaseFinding;
use crate::domain::case::CaseState;
use crate::domain::ids::AccountId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::notice::CaseOutcome;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Working days to reply, counted from the day after the notice reached the person.
pub const REPLY_WORKING_DAYS: u8 = 3;

/// No absence pauses a reply's clock for longer: two years of sick leave are the longest the law knows.
const LONGEST_PAUSE_DAYS: usize = 800;

/// When a reply's clock started and when it runs out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ReplyClock {
    /// When the notice was seen, or handed over by the superior.
    pub started_at: Instant,
    /// The first moment at which no reply is taken any more.
    pub due_at: Instant,
}

impl ReplyClock {
    /// Starts when the notice reached the person; ends with the third working day after that day, as the person's
    /// schedule has them. Days on which the person is away (leave, sickness) do not count.
    pub fn new(
        reached_at: Instant,
        zone: Zone,
        is_work_day: impl Fn(NaiveDate) -> bool,
        away: &BTreeSet<NaiveDate>,
    ) -> Self {
        let counted = zone
            .date(reached_at)
            .iter_days()
            .skip(1)
            .take(LONGEST_PAUSE_DAYS)
            .filter(|day| is_work_day(*day) && !away.contains(day))
            .take(usize::from(REPLY_WORKING_DAYS))
            .last()
            .unwrap_or(NaiveDate::MAX);
        Self {
            started_at: reached_at,
            due_at: zone.at_minute(counted, 24 * 60),
        }
    }
}

/// What is stored of a case's way, as far as its rules need it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Progress {
    /// Whom it is assigned to.
    pub auditor: AccountId,
    /// Who decides, besides the head of BKD; chosen when a deviation is proposed.
    pub second_reviewer: Option<AccountId>,
    /// The finding, once reviewed.
    pub finding: Option<CaseFinding>,
    /// Whether the person replied.
    pub is_replied: bool,
    /// The decision, if there is one.
    pub outcome: Option<CaseOutcome>,
    /// Whether the audit was closed over it.
    pub is_closed: bool,
    /// The clock of the reply, if the notice reached the person.
    pub clock: Option<ReplyClock>,
}

/// Why a case can't take a step.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CaseError {
    /// The case is not in a state that the step starts from.
    #[error("the case is {}", .0.code())]
    State(CaseState),
    /// The time to reply has not passed.
    #[error("the person may still reply")]
    ReplyPending,
    /// The time to reply has passed.
    #[error("the time to reply has passed")]
    ReplyOver,
    /// Whoever proposed a deviation can't uphold it.
    #[error("upholding needs a second person")]
    SecondPersonNeeded,
}

impl Progress {
    /// Where the case stands at `now`. The steps that only time or a look at a notice takes are derived, not stored.
    pub fn state(&self, now: Instant) -> CaseState {
        if self.is_closed {
            return CaseState::Closed;
        }
        if self.outcome.is_some() {
            return CaseState::Decided;
        }
        if self.is_replied {
            return CaseState::Replied;
        }
        match (self.finding, self.clock) {
            (None, _) => CaseState::Assigned,
            (Some(CaseFinding::InvalidProposed), Some(clock)) if now >= clock.due_at => CaseState::NoReply,
            (Some(CaseFinding::InvalidProposed), Some(_)) => CaseState::Notified,
            (Some(CaseFinding::InvalidProposed | CaseFinding::Valid | CaseFinding::Inconclusive), _) => {
                CaseState::Reviewed
            }
        }
    }

    /// Whether nothing more has to happen before the audit can be closed.
    pub const fn is_settled(&self) -> bool {
        match self.finding {
            None => false,
            Some(CaseFinding::Valid | CaseFinding::Inconclusive) => true,
            Some(CaseFinding::InvalidProposed) => self.outcome.is_some(),
        }
    }

    /// How it ended for the statistics: upheld, inconclusive, or neither. `None` while it is open.
    pub const fn result(&self) -> Option<CaseOutcome> {
        match (self.finding, self.outcome) {
            (None, _) | (Some(CaseFinding::InvalidProposed), None) => None,
            (Some(CaseFinding::Valid), _) => Some(CaseOutcome::Withdrawn),
            (Some(CaseFinding::Inconclusive), _) => Some(CaseOutcome::Inconclusive),
            (Some(CaseFinding::InvalidProposed), Some(outcome)) => Some(outcome),
        }
    }

    /// Whether a finding may be written.
    pub fn may_review(&self, now: Instant) -> Result<(), CaseError> {
        match self.state(now) {
            CaseState::Assigned => Ok(()),
            state @ (CaseState::Reviewed
            | CaseState::Notified
            | CaseState::Replied
            | CaseState::NoReply
            | CaseState::Decided
            | CaseState::Closed) => Err(CaseError::State(state)),
        }
    }

    /// Whether the person may reply. Replying without having opened the notice is fine: it shows that they know.
    pub fn may_reply(&self, now: Instant) -> Result<(), CaseError> {
        match self.state(now) {
            CaseState::Notified => Ok(()),
            CaseState::Reviewed if self.finding == Some(CaseFinding::InvalidProposed) => Ok(()),
            CaseState::NoReply => Err(CaseError::ReplyOver),
            state @ (CaseState::Assigned
            | CaseState::Reviewed
            | CaseState::Replied
            | CaseState::Decided
            | CaseState::Closed) => Err(CaseError::State(state)),
        }
    }

    /// Whether `account` may decide so. The reply comes first; upholding takes another person than the one who proposed.
    pub fn may_decide(&self, account: AccountId, outcome: CaseOutcome, now: Instant) -> Result<(), CaseError> {
        match self.state(now) {
            CaseState::Replied | CaseState::NoReply => {}
            CaseState::Notified => return Err(CaseError::ReplyPending),
            CaseState::Reviewed if self.finding == Some(CaseFinding::InvalidProposed) => {
                return Err(CaseError::ReplyPending);
            }
            state @ (CaseState::Assigned | CaseState::Reviewed | CaseState::Decided | CaseState::Closed) => {
                return Err(CaseError::State(state));
            }
        }
        if outcome == CaseOutcome::Upheld && account == self.auditor {
            return Err(CaseError::SecondPersonNeeded);
        }
        Ok(())
    }

    /// Whether the case is one of this auditor's: as the one who reviews, or as the one who decides.
    pub fn is_assigned_to(&self, account: AccountId) -> bool {
        self.auditor == account || self.second_reviewer == Some(account)
    }
}

/// Chooses who decides a proposed deviation: the independent auditor with the fewest cases who is not the proposer.
/// `None` where there is none; then the head of BKD decides.
pub fn second_reviewer(auditors: &[Auditor], proposer: AccountId) -> Option<AccountId> {
    auditors
        .iter()
        .filter(|auditor| auditor.account != proposer)
        .min_by_key(|auditor| (auditor.load, auditor.account))
        .map(|auditor| auditor.account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Calendar;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn account(id: u128) -> AccountId {
        AccountId::new(Uuid::from_u128(id))
    }

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn fresh() -> Progress {
        Progress {
            auditor: account(1),
            second_reviewer: None,
            finding: None,
            is_replied: false,
            outcome: None,
            is_closed: false,
            clock: None,
        }
    }

    fn notified() -> Progress {
        let clock = ReplyClock {
            started_at: Instant::from_millis(100),
            due_at: Instant::from_millis(200),
        };
        Progress {
            finding: Some(CaseFinding::InvalidProposed),
            second_reviewer: Some(account(2)),
            clock: Some(clock),
            ..fresh()
        }
    }

    const NOW: Instant = Instant::from_millis(150);
    const AFTER: Instant = Instant::from_millis(200);

    #[test]
    fn only_a_proposed_deviation_opens_the_reply() {
        for finding in [CaseFinding::Valid, CaseFinding::Inconclusive] {
            let reviewed = Progress {
                finding: Some(finding),
                ..fresh()
            };
            assert!(reviewed.is_settled());
            assert_eq!(reviewed.may_reply(NOW), Err(CaseError::State(CaseState::Reviewed)));
            let decided = reviewed.may_decide(account(2), CaseOutcome::Upheld, NOW);
            assert_eq!(decided, Err(CaseError::State(CaseState::Reviewed)));
        }
        assert_eq!(notified().may_reply(NOW), Ok(()));
        assert!(!notified().is_settled());
    }

    #[test]
    fn the_clock_does_not_run_before_the_notice_reached_the_person() {
        let unseen = Progress {
            clock: None,
            ..notified()
        };
        assert_eq!(unseen.state(Instant::from_millis(i64::MAX)), CaseState::Reviewed);
        assert_eq!(unseen.may_reply(NOW), Ok(()));
        let decided = unseen.may_decide(account(2), CaseOutcome::Withdrawn, NOW);
        assert_eq!(decided, Err(CaseError::ReplyPending));
    }

    #[test]
    fn nothing_is_decided_before_the_reply_or_its_time() {
        let decide = |progress: Progress, now| progress.may_decide(account(2), CaseOutcome::Upheld, now);
        assert_eq!(decide(notified(), NOW), Err(CaseError::ReplyPending));
        assert_eq!(decide(notified(), AFTER), Ok(()));
        assert_eq!(notified().state(AFTER), CaseState::NoReply);
        assert_eq!(notified().may_reply(AFTER), Err(CaseError::ReplyOver));
        let replied = Progress {
            is_replied: true,
            ..notified()
        };
        assert_eq!(decide(replied, NOW), Ok(()));
        assert_eq!(replied.may_reply(NOW), Err(CaseError::State(CaseState::Replied)));
    }

    #[test]
    fn whoever_proposed_may_take_back_but_not_uphold() {
        let decide = |outcome| notified().may_decide(account(1), outcome, AFTER);
        assert_eq!(decide(CaseOutcome::Upheld), Err(CaseError::SecondPersonNeeded));
        assert_eq!(decide(CaseOutcome::Withdrawn), Ok(()));
        assert_eq!(decide(CaseOutcome::Inconclusive), Ok(()));
    }

    #[test]
    fn a_case_is_reviewed_and_decided_once() {
        assert_eq!(fresh().may_review(NOW), Ok(()));
        assert_eq!(notified().may_review(NOW), Err(CaseError::State(CaseState::Notified)));
        let decided = Progress {
            outcome: Some(CaseOutcome::Upheld),
            ..notified()
        };
        assert_eq!(decided.state(AFTER), CaseState::Decided);
        let again = decided.may_decide(account(2), CaseOutcome::Withdrawn, AFTER);
        assert_eq!(again, Err(CaseError::State(CaseState::Decided)));
        let closed = Progress {
            is_closed: true,
            ..decided
        };
        assert_eq!(closed.state(AFTER), CaseState::Closed);
        assert_eq!(closed.result(), Some(CaseOutcome::Upheld));
        assert_eq!(closed.may_review(NOW), Err(CaseError::State(CaseState::Closed)));
    }

    #[test]
    fn inconclusive_never_counts_as_upheld() {
        let reviewed = Progress {
            finding: Some(CaseFinding::Inconclusive),
            ..fresh()
        };
        assert_eq!(reviewed.result(), Some(CaseOutcome::Inconclusive));
        assert_eq!(fresh().result(), None);
        assert_eq!(
            Progress {
                finding: Some(CaseFinding::Valid),
                ..fresh()
            }
            .result(),
            Some(CaseOutcome::Withdrawn)
        );
    }

    #[test]
    fn the_reply_is_due_at_the_end_of_the_third_working_day() {
        // Seen on Thursday 5 March 2026: Friday, Monday and Tuesday count.
        let clock = |away: &[&str], seen| {
            let away = away.iter().map(|day| day.parse().unwrap()).collect();
            let calendar = Calendar::national();
            ReplyClock::new(at(seen), Zone::Jakarta, |day| calendar.is_work_day(day), &away).due_at
        };
        assert_eq!(clock(&[], "2026-03-05T10:00:00+07:00"), at("2026-03-11T00:00:00+07:00"));
        assert_eq!(clock(&[], "2026-03-05T23:59:59+07:00"), at("2026-03-11T00:00:00+07:00"));
        // Ill on Monday and Tuesday: Wednesday and Thursday count instead.
        let away = ["2026-03-09", "2026-03-10"];
        assert_eq!(
            clock(&away, "2026-03-05T10:00:00+07:00"),
            at("2026-03-13T00:00:00+07:00")
        );
        // Nyepi and Idul Fitri with joint leave: 18 to 24 March 2026 are free.
        assert_eq!(clock(&[], "2026-03-17T10:00:00+07:00"), at("2026-03-28T00:00:00+07:00"));
    }

    #[test]
    fn the_second_person_is_another_and_the_least_busy() {
        let auditor = |id, load| Auditor {
            account: account(id),
            own_agencies: BTreeSet::new(),
            load,
        };
        let auditors = [auditor(1, 0), auditor(2, 5), auditor(3, 4)];
        assert_eq!(second_reviewer(&auditors, account(1)), Some(account(3)));
        assert_eq!(second_reviewer(&auditors[..1], account(1)), None);
    }

    proptest! {
        #[test]
        fn there_are_always_three_working_days_to_reply(seen in 1_700_000_000_000_i64..1_820_000_000_000) {
            let calendar = Calendar::national();
            let seen = Instant::from_millis(seen);
            let clock = ReplyClock::new(seen, Zone::Jayapura, |day| calendar.is_work_day(day), &BTreeSet::new());
            let between = Zone::Jayapura.date(seen).iter_days().skip(1)
                .take_while(|day| Zone::Jayapura.at_minute(*day, 0) < clock.due_at)
                .filter(|day| calendar.is_work_day(*day))
                .count();
            prop_assert_eq!(between, 3);
        }
    }
}

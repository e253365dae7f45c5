//! The steps of a case, and who may take them.

use super::*;
use uuid::Uuid;

pub(in crate::domain::case) fn account(id: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(id))
}

fn fresh() -> Progress {
    Progress {
        auditor: account(1),
        second_reviewer: None,
        finding: None,
        second_look: None,
        is_proposed: false,
        is_replied: false,
        outcome: None,
        decided_by: None,
        is_closed: false,
        clock: None,
        objection: None,
    }
}

pub(in crate::domain::case) fn notified() -> Progress {
    let clock = Clock {
        started_at: Instant::from_millis(100),
        due_at: Instant::from_millis(200),
        paused_days: 0,
    };
    Progress {
        finding: Some(CaseFinding::InvalidProposed),
        is_proposed: true,
        second_reviewer: Some(account(2)),
        clock: Some(clock),
        ..fresh()
    }
}

pub(in crate::domain::case) const NOW: Instant = Instant::from_millis(150);
pub(in crate::domain::case) const AFTER: Instant = Instant::from_millis(200);

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

fn again(progress: Progress, finding: Option<CaseFinding>) -> Progress {
    let auditor = account(3);
    Progress {
        second_look: Some(SecondLook { auditor, finding }),
        ..progress
    }
}

fn found(finding: CaseFinding) -> Progress {
    Progress {
        finding: Some(finding),
        ..fresh()
    }
}

#[test]
fn a_second_review_that_is_missing_holds_an_upheld_decision_and_the_end_but_no_withdrawal() {
    let pending = again(notified(), None);
    let decide = |progress: Progress, outcome| progress.may_decide(account(2), outcome, AFTER);
    assert_eq!(
        decide(pending, CaseOutcome::Upheld),
        Err(CaseError::SecondReviewPending)
    );
    assert_eq!(decide(pending, CaseOutcome::Withdrawn), Ok(()));
    assert_eq!(decide(pending, CaseOutcome::Inconclusive), Ok(()));
    assert!(!again(found(CaseFinding::Valid), None).is_settled());
    let seen = again(notified(), Some(CaseFinding::Valid));
    assert_eq!(decide(seen, CaseOutcome::Upheld), Ok(()));
}

#[test]
fn neither_of_those_who_looked_upholds() {
    let seen = again(notified(), Some(CaseFinding::InvalidProposed));
    for (who, may) in [(1, false), (2, true), (3, false), (4, true)] {
        assert_eq!(
            seen.may_decide(account(who), CaseOutcome::Upheld, AFTER).is_ok(),
            may,
            "{who}"
        );
    }
}

#[test]
fn a_second_finding_asks_the_person_and_decides_nothing_by_itself() {
    let disputed = again(found(CaseFinding::Valid), Some(CaseFinding::InvalidProposed));
    assert!(disputed.has_to_be_proposed() && disputed.is_disputed());
    assert_eq!(disputed.result(), None);
    let decided = disputed.may_decide(account(2), CaseOutcome::Upheld, AFTER);
    assert_eq!(decided, Err(CaseError::State(CaseState::Reviewed)));
    // Before the auditor has written, nobody is asked: the case is put to the person once.
    assert!(!again(fresh(), Some(CaseFinding::InvalidProposed)).has_to_be_proposed());
    let asked = Progress {
        is_proposed: true,
        clock: notified().clock,
        ..disputed
    };
    assert!(!asked.has_to_be_proposed() && !asked.is_settled());
    assert_eq!(asked.may_reply(NOW), Ok(()));
    assert_eq!(
        asked.may_decide(account(2), CaseOutcome::Upheld, NOW),
        Err(CaseError::ReplyPending)
    );
    assert_eq!(asked.may_decide(account(2), CaseOutcome::Upheld, AFTER), Ok(()));
    let closed = Progress {
        is_closed: true,
        ..disputed
    };
    assert!(!closed.has_to_be_proposed());
}

#[test]
fn two_looks_that_differ_without_a_proposal_could_not_be_settled() {
    let (valid, inconclusive) = (CaseFinding::Valid, CaseFinding::Inconclusive);
    for (first, second) in [(valid, inconclusive), (inconclusive, valid)] {
        let seen = again(found(first), Some(second));
        assert_eq!(seen.result(), Some(CaseOutcome::Inconclusive));
        assert!(seen.is_disputed() && seen.is_settled() && !seen.has_to_be_proposed());
    }
    let agreed = again(found(valid), Some(valid));
    assert_eq!(
        (agreed.result(), agreed.is_disputed()),
        (Some(CaseOutcome::Withdrawn), false)
    );
}

#[test]
fn the_person_is_told_nothing_that_a_second_look_may_change() {
    let (valid, inconclusive) = (CaseFinding::Valid, CaseFinding::Inconclusive);
    assert_eq!(found(valid).told_finding(), Some(valid));
    assert_eq!(again(found(valid), None).told_finding(), None);
    assert_eq!(again(found(valid), Some(valid)).told_finding(), Some(valid));
    assert_eq!(
        again(found(valid), Some(inconclusive)).told_finding(),
        Some(inconclusive)
    );
    let asked = Progress {
        is_proposed: true,
        ..again(found(valid), Some(CaseFinding::InvalidProposed))
    };
    assert_eq!(asked.told_finding(), Some(CaseFinding::InvalidProposed));
}

#[test]
fn a_second_review_is_written_once_by_whom_it_was_given_to() {
    let pending = again(found(CaseFinding::Valid), None);
    assert_eq!(pending.may_review_again(account(3), NOW), Ok(()));
    assert!(pending.may_review_again(account(1), NOW).is_err());
    let written = again(found(CaseFinding::Valid), Some(CaseFinding::Valid));
    assert!(written.may_review_again(account(3), NOW).is_err());
    let closed = Progress {
        is_closed: true,
        ..pending
    };
    assert!(closed.may_review_again(account(3), NOW).is_err());
}

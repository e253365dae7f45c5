//! How a case moves: which step is open to whom, and what it came to.

use crate::domain::case::CaseFinding;
use crate::domain::case::CaseState;
use crate::domain::case::clock::Clock;
use crate::domain::case::objection::Objection;
use crate::domain::ids::AccountId;
use crate::domain::instant::Instant;
use crate::domain::notice::CaseOutcome;

/// The blind second review of a case, where it was drawn for one and somebody could be found.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SecondLook {
    /// Who looks again, without the first finding.
    pub auditor: AccountId,
    /// What they found, once they did.
    pub finding: Option<CaseFinding>,
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
    /// The blind second review.
    pub second_look: Option<SecondLook>,
    /// Whether the person was asked to reply to a proposed deviation.
    pub is_proposed: bool,
    /// Whether the person replied.
    pub is_replied: bool,
    /// The decision, if there is one.
    pub outcome: Option<CaseOutcome>,
    /// Who decided.
    pub decided_by: Option<AccountId>,
    /// Whether the audit was closed over it.
    pub is_closed: bool,
    /// The clock of the reply, if the notice reached the person.
    pub clock: Option<Clock>,
    /// The person's objection to the decision.
    pub objection: Option<Objection>,
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
    /// The time to object has passed.
    #[error("the time to object has passed")]
    ObjectionOver,
    /// Whoever proposed a deviation can't uphold it; whoever decided can't judge the objection.
    #[error("this needs a second person")]
    SecondPersonNeeded,
    /// The blind second review has to come before a deviation is upheld.
    #[error("the second review is not written yet")]
    SecondReviewPending,
}

impl Progress {
    /// Where the case stands at `now`. The steps that only time or a look at a notice takes are derived, not stored.
    pub fn state(&self, now: Instant) -> CaseState {
        if self.is_objection_pending() {
            return CaseState::Objected;
        }
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
            (Some(_), Some(clock)) if self.is_proposed && clock.is_over(now) => CaseState::NoReply,
            (Some(_), Some(_)) if self.is_proposed => CaseState::Notified,
            (Some(_), _) => CaseState::Reviewed,
        }
    }

    /// Whether the person objected and the head of BKD has not decided.
    pub const fn is_objection_pending(&self) -> bool {
        matches!(self.objection, Some(Objection { outcome: None }))
    }

    /// Whether somebody is to look again and has not.
    pub const fn is_second_look_pending(&self) -> bool {
        matches!(self.second_look, Some(SecondLook { finding: None, .. }))
    }

    /// Whether what the findings came to may still change, because somebody is to look again. A decision does not.
    pub const fn may_change_by_second_look(&self) -> bool {
        self.outcome.is_none() && self.is_second_look_pending()
    }

    /// Whether nothing more has to happen before the audit can be closed.
    pub fn is_settled(&self) -> bool {
        if self.is_objection_pending() || self.is_second_look_pending() {
            return false;
        }
        self.outcome.is_some() || (self.finding.is_some() && !self.is_proposed && !self.has_to_be_proposed())
    }

    /// How it ended for the statistics: upheld, inconclusive, or neither. `None` while it is open. Where two looks differ
    /// and neither proposes a deviation, it could not be settled.
    pub fn result(&self) -> Option<CaseOutcome> {
        match self.objection {
            Some(Objection { outcome: None }) => return None,
            Some(Objection { outcome: Some(outcome) }) => return Some(outcome.case_outcome()),
            None => {}
        }
        if self.is_proposed || self.outcome.is_some() {
            return self.outcome;
        }
        let findings = [self.finding?]
            .into_iter()
            .chain(self.second_look.and_then(|look| look.finding));
        for finding in findings {
            match finding {
                // Not put to the person, so it stands open; a first finding of this kind always is.
                CaseFinding::InvalidProposed => return None,
                CaseFinding::Inconclusive => return Some(CaseOutcome::Inconclusive),
                CaseFinding::Valid => {}
            }
        }
        Some(CaseOutcome::Withdrawn)
    }

    /// What the person is told was found; nothing while somebody is still to look again, whose finding may differ.
    pub fn told_finding(&self) -> Option<CaseFinding> {
        if self.is_proposed {
            return Some(CaseFinding::InvalidProposed);
        }
        if self.is_second_look_pending() && !self.is_closed {
            return None;
        }
        match self.result()? {
            CaseOutcome::Inconclusive => Some(CaseFinding::Inconclusive),
            CaseOutcome::Withdrawn => Some(CaseFinding::Valid),
            CaseOutcome::Upheld => None,
        }
    }

    /// Whether two looks at the same case came to different findings.
    pub fn is_disputed(&self) -> bool {
        let second = self.second_look.and_then(|look| look.finding);
        self.finding.zip(second).is_some_and(|(first, second)| first != second)
    }

    /// Whether the person has to be asked now: one of the findings proposes a deviation, the auditor's is there, and
    /// nobody has asked. A second review alone asks nobody, so that a case is put to the person once.
    pub fn has_to_be_proposed(&self) -> bool {
        let second = self.second_look.and_then(|look| look.finding);
        let proposes = |finding| finding == Some(CaseFinding::InvalidProposed);
        !self.is_proposed && !self.is_closed && self.finding.is_some() && (proposes(self.finding) || proposes(second))
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
            | CaseState::Objected
            | CaseState::Closed) => Err(CaseError::State(state)),
        }
    }

    /// Whether `account` may write the blind second review: once, and not over a closed audit.
    pub fn may_review_again(&self, account: AccountId, now: Instant) -> Result<(), CaseError> {
        let open = SecondLook {
            auditor: account,
            finding: None,
        };
        if self.second_look == Some(open) && !self.is_closed {
            Ok(())
        } else {
            Err(CaseError::State(self.state(now)))
        }
    }

    /// Whether the person may reply. Replying without having opened the notice is fine: it shows that they know.
    pub fn may_reply(&self, now: Instant) -> Result<(), CaseError> {
        match self.state(now) {
            CaseState::Notified => Ok(()),
            CaseState::Reviewed if self.is_proposed => Ok(()),
            CaseState::NoReply => Err(CaseError::ReplyOver),
            state @ (CaseState::Assigned
            | CaseState::Reviewed
            | CaseState::Replied
            | CaseState::Decided
            | CaseState::Objected
            | CaseState::Closed) => Err(CaseError::State(state)),
        }
    }

    /// Whether `account` may decide so. The reply comes first, and before an `upheld` the blind second review, if the case
    /// was drawn for one; upholding takes somebody who wrote neither finding.
    pub fn may_decide(&self, account: AccountId, outcome: CaseOutcome, now: Instant) -> Result<(), CaseError> {
        match self.state(now) {
            CaseState::Replied | CaseState::NoReply => {}
            CaseState::Notified => return Err(CaseError::ReplyPending),
            CaseState::Reviewed if self.is_proposed => return Err(CaseError::ReplyPending),
            state @ (CaseState::Assigned
            | CaseState::Reviewed
            | CaseState::Decided
            | CaseState::Objected
            | CaseState::Closed) => {
                return Err(CaseError::State(state));
            }
        }
        if outcome == CaseOutcome::Upheld {
            if self.is_reviewer(account) {
                return Err(CaseError::SecondPersonNeeded);
            }
            if self.is_second_look_pending() {
                return Err(CaseError::SecondReviewPending);
            }
        }
        Ok(())
    }

    /// Whether the account writes, or wrote, one of the findings.
    pub fn is_reviewer(&self, account: AccountId) -> bool {
        self.auditor == account || self.second_look.is_some_and(|look| look.auditor == account)
    }

    /// Whether the case is one of this auditor's: as the one who reviews, or as the one who decides.
    pub fn is_assigned_to(&self, account: AccountId) -> bool {
        self.auditor == account || self.second_reviewer == Some(account)
    }
}

#[cfg(test)]
#[path = "progress_tests.rs"]
pub(super) mod tests;

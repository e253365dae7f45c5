//! Who is reminded of a case, and when: the person before the time to reply ends, officials when a case has waited too long.

use crate::domain::case::CaseState;
use crate::domain::case::progress::Progress;
use crate::domain::instant::Instant;
use chrono::Duration;
use serde::{Deserialize, Serialize};

/// The person is reminded when so much of the time to reply is left: the last of its days begins.
const LAST_DAY: Duration = Duration::hours(24);

/// What somebody is reminded of; each once a case.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// The person: the time to reply ends.
    ReplyDue,
    /// The auditor: a finding is missing.
    Review,
    /// The second auditor: the blind second review is missing.
    SecondReview,
    /// Whoever decides: the reply is there or its time over.
    Decision,
    /// The head of BKD: an objection waits.
    Objection,
}

impl Reminder {
    /// The spelling in columns.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ReplyDue => "reply_due",
            Self::Review => "review",
            Self::SecondReview => "second_review",
            Self::Decision => "decision",
            Self::Objection => "objection",
        }
    }
}

/// Since when a case may be waiting.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct WaitingSince {
    /// The draw, which gave it to its auditors.
    pub drawn_at: Instant,
    /// The reply.
    pub replied_at: Option<Instant>,
    /// The objection.
    pub objected_at: Option<Instant>,
}

/// What is to be told at `now`, each with the moment from which it waits (of the reply: at which it is due). Officials are
/// told after `waiting_days` days of 24 hours.
pub fn reminders(progress: &Progress, since: WaitingSince, waiting_days: u8, now: Instant) -> Vec<(Reminder, Instant)> {
    let state = progress.state(now);
    let is_old = |at: Instant| now.since(at) >= Duration::days(i64::from(waiting_days));
    let replied = since.replied_at.filter(|_| state == CaseState::Replied);
    let unanswered = progress.clock.map(|clock| clock.due_at);
    let due = unanswered.filter(|due_at| state == CaseState::Notified && due_at.since(now) <= LAST_DAY);
    let second = progress.is_second_look_pending() && !progress.is_closed;
    [
        (Reminder::ReplyDue, due),
        (
            Reminder::Review,
            Some(since.drawn_at).filter(|at| state == CaseState::Assigned && is_old(*at)),
        ),
        (
            Reminder::SecondReview,
            Some(since.drawn_at).filter(|at| second && is_old(*at)),
        ),
        (
            Reminder::Decision,
            replied
                .or(unanswered.filter(|_| state == CaseState::NoReply))
                .filter(|at| is_old(*at)),
        ),
        (
            Reminder::Objection,
            since
                .objected_at
                .filter(|at| state == CaseState::Objected && is_old(*at)),
        ),
    ]
    .into_iter()
    .filter_map(|(reminder, at)| Some((reminder, at?)))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::CaseFinding;
    use crate::domain::case::clock::Clock;
    use crate::domain::case::objection::Objection;
    use crate::domain::case::progress::SecondLook;
    use crate::domain::case::progress::tests::{account, notified};
    use crate::domain::notice::CaseOutcome;

    fn at(day: i64) -> Instant {
        Instant::from_millis(0).plus(Duration::days(day))
    }

    fn told(progress: &Progress, since: WaitingSince, now: Instant) -> Vec<Reminder> {
        let told = reminders(progress, since, 7, now);
        told.into_iter().map(|(reminder, _)| reminder).collect()
    }

    const DRAWN: WaitingSince = WaitingSince {
        drawn_at: Instant::from_millis(0),
        replied_at: None,
        objected_at: None,
    };

    /// Heard of on day 2, due on day 5.
    fn asked() -> Progress {
        Progress {
            clock: Some(Clock {
                started_at: at(2),
                due_at: at(5),
                paused_days: 0,
            }),
            ..notified()
        }
    }

    #[test]
    fn the_person_is_reminded_on_the_last_day_only() {
        assert_eq!(told(&asked(), DRAWN, at(4).plus(Duration::seconds(-1))), []);
        assert_eq!(told(&asked(), DRAWN, at(4)), [Reminder::ReplyDue]);
        assert_eq!(told(&asked(), DRAWN, at(5)), []);
        let replied = Progress {
            is_replied: true,
            ..asked()
        };
        assert_eq!(told(&replied, DRAWN, at(4)), []);
    }

    #[test]
    fn officials_are_reminded_once_it_has_waited_a_week() {
        let fresh = Progress {
            finding: None,
            is_proposed: false,
            clock: None,
            ..notified()
        };
        assert_eq!(told(&fresh, DRAWN, at(7).plus(Duration::seconds(-1))), []);
        assert_eq!(told(&fresh, DRAWN, at(7)), [Reminder::Review]);
        // No reply: from the end of its time on.
        assert_eq!(told(&asked(), DRAWN, at(11)), []);
        assert_eq!(told(&asked(), DRAWN, at(12)), [Reminder::Decision]);
        let replied = Progress {
            is_replied: true,
            ..asked()
        };
        let since = WaitingSince {
            replied_at: Some(at(3)),
            ..DRAWN
        };
        assert_eq!(told(&replied, since, at(10)), [Reminder::Decision]);
        let objected = Progress {
            outcome: Some(CaseOutcome::Upheld),
            objection: Some(Objection { outcome: None }),
            ..replied
        };
        let since = WaitingSince {
            objected_at: Some(at(20)),
            ..since
        };
        assert_eq!(told(&objected, since, at(26)), []);
        assert_eq!(told(&objected, since, at(27)), [Reminder::Objection]);
    }

    #[test]
    fn a_missing_second_review_is_told_beside_the_rest_and_not_of_a_closed_audit() {
        let second_look = Some(SecondLook {
            auditor: account(3),
            finding: None,
        });
        let both = Progress {
            finding: None,
            is_proposed: false,
            clock: None,
            second_look,
            ..notified()
        };
        assert_eq!(told(&both, DRAWN, at(7)), [Reminder::Review, Reminder::SecondReview]);
        let settled = Progress {
            finding: Some(CaseFinding::Valid),
            is_closed: true,
            ..both
        };
        assert_eq!(told(&settled, DRAWN, at(7)), []);
    }
}

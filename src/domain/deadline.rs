//! Reporting deadlines: when an agency's report of a slot is due at BKD, and who has sent, who is late, who is missing.

use crate::domain::batch::coverage::Coverage;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::slot::Slot;
use crate::domain::slot::SlotRule;
use chrono::{Duration, NaiveDate};
use serde::Serialize;

/// Minutes after a slot's close, grace included, in which the agency reports where the circular sets no deadline.
/// A proposal of ours: the circulars since 2023 name none.
pub const DEFAULT_REPORT_MINUTES: i64 = 120;

/// Minutes that an agency has for sending where a circular asks for the report no later than the slot closes, as those of
/// 2020 did with one and the same minute.
pub const SENDING_MINUTES: i64 = 15;

/// The moment after which nothing fills the slot of that date any more, save what was captured in time.
pub fn closes_at(rule: &SlotRule, zone: Zone, work_date: NaiveDate) -> Instant {
    zone.at_minute(work_date, rule.window.closes_minute)
        .plus(Duration::minutes(i64::from(rule.grace_minutes)))
}

/// The moment up to which the report of a slot is in time. The circulars of 2020 set 07.30, 11.30 and 15.00 or 15.30.
pub fn due_at(rule: &SlotRule, zone: Zone, work_date: NaiveDate) -> Instant {
    let closes_at = closes_at(rule, zone, work_date);
    rule.report_due_minute.map_or_else(
        || closes_at.plus(Duration::minutes(DEFAULT_REPORT_MINUTES)),
        |minute| {
            let deadline = zone.at_minute(work_date, minute);
            if deadline > closes_at {
                deadline
            } else {
                closes_at.plus(Duration::minutes(SENDING_MINUTES))
            }
        },
    )
}

/// One batch that an agency sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sent {
    /// Which.
    pub batch_id: BatchId,
    /// What it covers.
    pub coverage: Coverage,
    /// When its rows were fixed.
    pub sealed_at: Instant,
    /// When it was sent.
    pub submitted_at: Instant,
}

/// How an agency stands with the report of one slot.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reporting {
    /// Nobody was expected to share: there is nothing to report.
    NotExpected,
    /// Not sent, and not due yet.
    Pending,
    /// Sent in time.
    Sent,
    /// Sent after the deadline.
    Late,
    /// Not sent, and overdue.
    Missing,
}

impl Reporting {
    /// The spelling in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotExpected => "not_expected",
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Late => "late",
            Self::Missing => "missing",
        }
    }
}

/// What BKD's overview says about one slot of one agency.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SlotReport {
    /// The slot.
    pub slot: Slot,
    /// When its report is due.
    pub due_at: Instant,
    /// How the agency stands.
    pub reporting: Reporting,
    /// The first report that covers the slot.
    pub batch_id: Option<BatchId>,
    /// When it was sent.
    pub submitted_at: Option<Instant>,
    /// Whether that report was sealed before the slot closed, so that a supplement is to be expected.
    pub is_partial: bool,
}

/// Holds one slot's deadline against what the agency sent. The first batch that covers the slot counts, whether it is
/// of the slot, the day or a period: later versions mend it, they do not make it late.
pub fn report(
    rule: &SlotRule,
    zone: Zone,
    work_date: NaiveDate,
    is_anyone_expected: bool,
    sent: &[Sent],
    now: Instant,
) -> SlotReport {
    let due_at = due_at(rule, zone, work_date);
    let first = sent
        .iter()
        .filter(|sent| sent.coverage.holds(work_date, rule.slot))
        .min_by_key(|sent| sent.submitted_at);
    let reporting = match first {
        Some(sent) if sent.submitted_at <= due_at => Reporting::Sent,
        Some(_) => Reporting::Late,
        None if !is_anyone_expected => Reporting::NotExpected,
        None if now <= due_at => Reporting::Pending,
        None => Reporting::Missing,
    };
    SlotReport {
        slot: rule.slot,
        due_at,
        reporting,
        batch_id: first.map(|sent| sent.batch_id),
        submitted_at: first.map(|sent| sent.submitted_at),
        is_partial: first.is_some_and(|sent| sent.sealed_at < closes_at(rule, zone, work_date)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::slot::CheckInRule;

    fn date() -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, 3, 23).unwrap()
    }

    fn at(text: &str) -> Instant {
        Instant::parse(&format!("2020-03-23T{text}+07:00")).unwrap()
    }

    /// The morning of March 2020: reports by 07.30.
    fn morning_of_2020() -> SlotRule {
        let rule = CheckInRule::default();
        SlotRule {
            window: crate::domain::slot::Window {
                opens_minute: 390,
                closes_minute: 420,
            },
            report_due_minute: Some(450),
            ..*rule.slot(Slot::Morning).unwrap()
        }
    }

    fn sent(sealed: &str, submitted: &str) -> Sent {
        Sent {
            batch_id: BatchId::new(uuid::Uuid::from_u128(1)),
            coverage: Coverage::of_slot(date(), Slot::Morning),
            sealed_at: at(sealed),
            submitted_at: at(submitted),
        }
    }

    fn reporting(expected: bool, sent: &[Sent], now: &str) -> Reporting {
        report(&morning_of_2020(), Zone::Jakarta, date(), expected, sent, at(now)).reporting
    }

    #[test]
    fn the_deadline_of_the_circular_is_the_deadline() {
        assert_eq!(due_at(&morning_of_2020(), Zone::Jakarta, date()), at("07:30:00"));
        let default = *CheckInRule::default().slot(Slot::Morning).unwrap();
        let closing_at_the_deadline = SlotRule {
            report_due_minute: Some(425),
            ..morning_of_2020()
        };
        assert_eq!(due_at(&closing_at_the_deadline, Zone::Jakarta, date()), at("07:25:00"));
        assert_eq!(due_at(&default, Zone::Jakarta, date()), at("11:10:00"));
    }

    #[test]
    fn a_report_is_sent_late_pending_or_missing() {
        assert_eq!(
            reporting(true, &[sent("07:30:00", "07:30:00")], "12:00:00"),
            Reporting::Sent
        );
        assert_eq!(
            reporting(true, &[sent("07:30:00", "07:30:00.001")], "12:00:00"),
            Reporting::Late
        );
        assert_eq!(reporting(true, &[], "07:30:00"), Reporting::Pending);
        assert_eq!(reporting(true, &[], "07:30:00.001"), Reporting::Missing);
        assert_eq!(reporting(false, &[], "12:00:00"), Reporting::NotExpected);
    }

    #[test]
    fn a_later_version_does_not_make_a_report_late() {
        let versions = [sent("09:00:00", "09:00:00"), sent("07:30:00", "07:30:00")];
        assert_eq!(reporting(true, &versions, "12:00:00"), Reporting::Sent);
    }

    #[test]
    fn a_batch_of_another_day_or_slot_reports_nothing() {
        let other = Sent {
            coverage: Coverage::of_slot(date(), Slot::Midday),
            ..sent("07:30:00", "07:30:00")
        };
        assert_eq!(reporting(true, &[other], "12:00:00"), Reporting::Missing);
    }

    #[test]
    fn a_report_sealed_before_the_close_is_partial() {
        let partial = |sealed| {
            let sent = [sent(sealed, "07:30:00")];
            report(&morning_of_2020(), Zone::Jakarta, date(), true, &sent, at("08:00:00")).is_partial
        };
        assert!(partial("07:09:59.999"));
        assert!(!partial("07:10:00"));
    }
}

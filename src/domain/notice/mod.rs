//! What the service tells one person, said in plain sentences made from a kind and its facts.
//!
//! A notice to a person holds no coordinates, and no name of anyone but the member of staff whom a superior is told of;
//! one to an agency repeats what BKD wrote to it.

mod attendance_sentence;
mod case_sentence;
mod delivery;
mod leave_sentence;
mod roster_sentence;
pub mod sentence;
mod travel_sentence;

pub use crate::domain::notice::delivery::{Handover, HandoverError, Notice, Told};

use crate::domain::activity::Decision;
use crate::domain::case::objection::ObjectionOutcome;
use crate::domain::case::reminder::Reminder;
use crate::domain::ids::{
    ActivityId, AuditId, BatchId, CaseId, CorrectionId, EmployeeId, HomeId, MonthlyReportId, RosterId,
};
use crate::domain::instant::{Instant, Zone};
use crate::domain::month::Month;
use crate::domain::monthly_report::Expectation;
use crate::domain::recap::discipline::Basis;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What happened, with the facts that its sentence needs. New kinds are added at the end of their group.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoticeContent {
    /// A registered home was verified.
    HomeVerified {
        /// Which home.
        home_id: HomeId,
        /// The first work date on which it counts.
        effective_from: NaiveDate,
    },
    /// A registered home was sent back.
    HomeReturned {
        /// Which home.
        home_id: HomeId,
        /// What the operator wrote.
        reason: String,
    },
    /// A registered home was refused.
    HomeRejected {
        /// Which home.
        home_id: HomeId,
        /// What the operator wrote.
        reason: String,
    },
    /// A daily entry was decided.
    ActivityReviewed {
        /// Which entry.
        activity_id: ActivityId,
        /// The day of the work.
        work_date: NaiveDate,
        /// What was decided.
        decision: Decision,
        /// What the reviewer wrote.
        note: Option<String>,
    },
    /// Told to the next superior: an entry of the team waited too long.
    ActivityEscalated {
        /// Which entry.
        activity_id: ActivityId,
        /// The day of the work.
        work_date: NaiveDate,
    },
    /// A monthly report was assessed.
    MonthlyReportAssessed {
        /// Which report.
        monthly_report_id: MonthlyReportId,
        /// Its month.
        month: Month,
        /// The rating of the results.
        results: Expectation,
        /// The rating of the behaviour.
        behaviour: Expectation,
    },
    /// A check-in was drawn for verification and needs the person's reply. Starts the reply's clock when seen.
    CaseOpened {
        /// Which case.
        case_id: CaseId,
        /// The work date of the drawn slot.
        work_date: NaiveDate,
        /// Working days to reply, counted from the day on which this is seen or handed over.
        reply_working_days: u8,
    },
    /// The time to reply ends soon.
    ReplyDue {
        /// Which case.
        case_id: CaseId,
        /// The work date of the drawn slot.
        work_date: NaiveDate,
        /// The end of the time to reply.
        due_at: Instant,
        /// The zone in which the person reads it.
        zone: Zone,
    },
    /// A case was decided.
    CaseDecided {
        /// Which case.
        case_id: CaseId,
        /// The work date of the drawn slot.
        work_date: NaiveDate,
        /// What was decided.
        outcome: CaseOutcome,
    },
    /// A finding was upheld; the time to object runs from the moment at which the person has this.
    CaseUpheld {
        /// Which case.
        case_id: CaseId,
        /// The work date of the drawn slot.
        work_date: NaiveDate,
        /// Working days to object, counted from the day on which this is seen or handed over.
        objection_working_days: u8,
    },
    /// The head of BKD decided on the person's objection.
    ObjectionDecided {
        /// Which case.
        case_id: CaseId,
        /// The work date of the drawn slot.
        work_date: NaiveDate,
        /// What was decided.
        outcome: ObjectionOutcome,
    },
    /// Told to the head of BKD: a person objected.
    ObjectionMade {
        /// The verification that the case is of.
        audit_id: AuditId,
        /// Which case.
        case_id: CaseId,
        /// The work date of the drawn slot.
        work_date: NaiveDate,
    },
    /// Told to whoever had decided: the head of BKD decided on the objection to it.
    DecisionReviewed {
        /// The verification that the case is of.
        audit_id: AuditId,
        /// Which case.
        case_id: CaseId,
        /// The work date of the drawn slot.
        work_date: NaiveDate,
        /// What was decided.
        outcome: ObjectionOutcome,
    },
    /// A log that is cosigned here has signed two roots of one size.
    LogForked {
        /// The log's origin.
        origin: String,
        /// The size of both.
        size: u64,
    },
    /// Told to officials: cases have waited for them too long.
    CasesWaiting {
        /// What they are to do.
        what: Reminder,
        /// In how many cases, of which they were not told before.
        count: u32,
        /// The date since which the oldest of them waits.
        since: NaiveDate,
    },
    /// Told to the direct superior: a finding about someone of the team was upheld. What follows is theirs to decide.
    TeamCaseUpheld {
        /// Which case.
        case_id: CaseId,
        /// The work date of the drawn slot.
        work_date: NaiveDate,
    },
    /// Told to the direct superior: such a finding was taken back.
    TeamCaseWithdrawn {
        /// Which case.
        case_id: CaseId,
        /// The work date of the drawn slot.
        work_date: NaiveDate,
    },
    /// Told to the agency: BKD accepted a batch.
    BatchAccepted {
        /// Which batch.
        batch_id: BatchId,
        /// First work date.
        from: NaiveDate,
        /// Last work date.
        to: NaiveDate,
    },
    /// Told to the agency: BKD rejected a batch.
    BatchRejected {
        /// Which batch.
        batch_id: BatchId,
        /// First work date.
        from: NaiveDate,
        /// Last work date.
        to: NaiveDate,
        /// How many findings came with it.
        findings: u32,
        /// What the first of them say, at most [`FINDINGS_TOLD`].
        #[serde(default)]
        told: Vec<String>,
        /// Whether people found them, so that they can be answered; a broken file can't.
        #[serde(default)]
        is_answerable: bool,
    },
    /// A request for leave was decided.
    LeaveDecided {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
        /// Whether it was granted.
        is_granted: bool,
    },
    /// A request for leave was sent back to be completed.
    LeaveReturned {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
        /// What is missing.
        note: String,
    },
    /// Other dates were named for a request for leave; the applicant accepts them or withdraws.
    LeaveChanged {
        /// First day of the other dates.
        from: NaiveDate,
        /// Last day of the other dates.
        to: NaiveDate,
    },
    /// A granted leave was cancelled or cut short; its days are work days again.
    LeaveEnded {
        /// First day that is a work day again.
        from: NaiveDate,
        /// Last such day.
        to: NaiveDate,
        /// Why.
        reason: String,
    },
    /// An operator corrected a day of the person.
    DayCorrected {
        /// The corrected work date.
        work_date: NaiveDate,
        /// Why.
        reason: String,
    },
    /// A correction that the person asked for was decided.
    CorrectionDecided {
        /// Which.
        correction_id: CorrectionId,
        /// The work date that it is about.
        work_date: NaiveDate,
        /// Whether it was accepted.
        is_accepted: bool,
        /// What was written with it.
        note: Option<String>,
    },
    /// The person's days of absence have come to a number that PP 94/2021 names. Counted and told, nothing else.
    AbsenceCounted(AbsenceFact),
    /// The same, told to the direct superior.
    TeamAbsenceCounted {
        /// Whose days.
        employee_id: EmployeeId,
        /// With titles.
        name: String,
        /// The count.
        #[serde(flatten)]
        fact: AbsenceFact,
    },
    /// A roster of the person's agency was published.
    RosterPublished {
        /// Which.
        roster_id: RosterId,
        /// First date.
        from: NaiveDate,
        /// Last date.
        to: NaiveDate,
    },
    /// Told to the agency: BKD decided on a roster.
    RosterDecided {
        /// Which.
        roster_id: RosterId,
        /// First date.
        from: NaiveDate,
        /// Last date.
        to: NaiveDate,
        /// Whether it was received; otherwise it was sent back.
        is_received: bool,
        /// What the first of the findings says.
        told: Option<String>,
    },
    /// The approver that a circular names let a journey of the person pass; it still waits for its decision.
    TravelExcepted {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
        /// Where it leads, by Kemendagri code.
        destination_code: String,
    },
    /// A journey of the person was decided.
    TravelDecided {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
        /// Where it leads, by Kemendagri code.
        destination_code: String,
        /// Whether it was approved.
        is_approved: bool,
    },
    /// An official called a journey of the person off; its days are what the roster says again.
    TravelEnded {
        /// First such day.
        from: NaiveDate,
        /// Last such day.
        to: NaiveDate,
        /// Why.
        reason: String,
    },
}

/// A count of absence, and the number of the regulation that it has come to.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct AbsenceFact {
    /// The calendar year.
    pub year: i32,
    /// Work days without a known reason; one after another for that basis.
    pub days: u16,
    /// The number that was come to.
    pub from_days: u16,
    /// What is counted.
    pub basis: Basis,
}

/// How many findings of a batch are told in a notice; the batch has them all.
pub const FINDINGS_TOLD: usize = 3;

/// How a case may end.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseOutcome {
    /// The finding stands.
    Upheld,
    /// The finding was taken back.
    Withdrawn,
    /// It could not be settled; this never counts against the person.
    Inconclusive,
}

impl NoticeContent {
    /// The kind's spelling in columns and JSON.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::HomeVerified { .. } => "home_verified",
            Self::HomeReturned { .. } => "home_returned",
            Self::HomeRejected { .. } => "home_rejected",
            Self::ActivityReviewed { .. } => "activity_reviewed",
            Self::ActivityEscalated { .. } => "activity_escalated",
            Self::MonthlyReportAssessed { .. } => "monthly_report_assessed",
            Self::CaseOpened { .. } => "case_opened",
            Self::ReplyDue { .. } => "reply_due",
            Self::CaseDecided { .. } => "case_decided",
            Self::CaseUpheld { .. } => "case_upheld",
            Self::ObjectionDecided { .. } => "objection_decided",
            Self::ObjectionMade { .. } => "objection_made",
            Self::DecisionReviewed { .. } => "decision_reviewed",
            Self::CasesWaiting { .. } => "cases_waiting",
            Self::LogForked { .. } => "log_forked",
            Self::TeamCaseUpheld { .. } => "team_case_upheld",
            Self::TeamCaseWithdrawn { .. } => "team_case_withdrawn",
            Self::BatchAccepted { .. } => "batch_accepted",
            Self::BatchRejected { .. } => "batch_rejected",
            Self::LeaveDecided { .. } => "leave_decided",
            Self::LeaveReturned { .. } => "leave_returned",
            Self::LeaveChanged { .. } => "leave_changed",
            Self::LeaveEnded { .. } => "leave_ended",
            Self::DayCorrected { .. } => "day_corrected",
            Self::CorrectionDecided { .. } => "correction_decided",
            Self::AbsenceCounted(_) => "absence_counted",
            Self::TeamAbsenceCounted { .. } => "team_absence_counted",
            Self::RosterPublished { .. } => "roster_published",
            Self::RosterDecided { .. } => "roster_decided",
            Self::TravelExcepted { .. } => "travel_excepted",
            Self::TravelDecided { .. } => "travel_decided",
            Self::TravelEnded { .. } => "travel_ended",
        }
    }

    /// The kinds of which [`NoticeContent::starts_a_clock`] is true.
    pub const CLOCK_KINDS: [&'static str; 2] = ["case_opened", "case_upheld"];

    /// Whether a clock runs from the moment at which the person has it, so that a superior may hand it over.
    pub const fn starts_a_clock(&self) -> bool {
        self.clock_days().is_some()
    }

    /// The working days of that clock, as the person was told them.
    pub const fn clock_days(&self) -> Option<u8> {
        if let Self::CaseOpened { reply_working_days, .. } = self {
            Some(*reply_working_days)
        } else if let Self::CaseUpheld {
            objection_working_days, ..
        } = self
        {
            Some(*objection_working_days)
        } else {
            None
        }
    }

    /// The case that the notice is about, if any.
    pub const fn case_id(&self) -> Option<CaseId> {
        match self {
            Self::CaseOpened { case_id, .. }
            | Self::ReplyDue { case_id, .. }
            | Self::CaseDecided { case_id, .. }
            | Self::CaseUpheld { case_id, .. }
            | Self::ObjectionDecided { case_id, .. }
            | Self::ObjectionMade { case_id, .. }
            | Self::DecisionReviewed { case_id, .. }
            | Self::TeamCaseUpheld { case_id, .. }
            | Self::TeamCaseWithdrawn { case_id, .. } => Some(*case_id),
            Self::HomeVerified { .. }
            | Self::HomeReturned { .. }
            | Self::HomeRejected { .. }
            | Self::ActivityReviewed { .. }
            | Self::ActivityEscalated { .. }
            | Self::MonthlyReportAssessed { .. }
            | Self::CasesWaiting { .. }
            | Self::LogForked { .. }
            | Self::BatchAccepted { .. }
            | Self::BatchRejected { .. }
            | Self::LeaveDecided { .. }
            | Self::LeaveReturned { .. }
            | Self::LeaveChanged { .. }
            | Self::LeaveEnded { .. }
            | Self::DayCorrected { .. }
            | Self::CorrectionDecided { .. }
            | Self::AbsenceCounted(_)
            | Self::TeamAbsenceCounted { .. }
            | Self::RosterPublished { .. }
            | Self::RosterDecided { .. }
            | Self::TravelExcepted { .. }
            | Self::TravelDecided { .. }
            | Self::TravelEnded { .. } => None,
        }
    }
}

#[cfg(test)]
#[path = "notice_tests.rs"]
mod tests;

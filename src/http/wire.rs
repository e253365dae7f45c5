//! Names of domain values on the wire, so that the OpenAPI file lists every one of them.

use crate::domain;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Declares the wire's twin of a domain enum, with both conversions; a value that one side lacks does not compile.
macro_rules! wire_names {
    ($($(#[$doc:meta])* $wire:ident for $domain:ty { $($(#[$value_doc:meta])* $value:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $wire {
            $($(#[$value_doc])* $value,)+
        }

        impl From<$wire> for $domain {
            fn from(wire: $wire) -> Self {
                match wire { $($wire::$value => Self::$value,)+ }
            }
        }

        impl From<$domain> for $wire {
            fn from(value: $domain) -> Self {
                match value { $(<$domain>::$value => Self::$value,)+ }
            }
        }
    )+};
}

wire_names! {
    /// Where a daily entry stands.
    ActivityStateName for domain::activity::ActivityState {
        /// Being written.
        Draft,
        /// Waiting for the direct superior.
        Submitted,
        /// Waited too long; waits for the next superior too.
        Escalated,
        /// Counts.
        Approved,
        /// To be mended.
        Returned,
        /// Does not count.
        Rejected,
        /// Its month is closed; `review` says whether it counts.
        Locked,
    }
    /// What a reviewer says about an entry.
    DecisionName for domain::activity::Decision {
        /// It counts.
        Approved,
        /// To be mended.
        Returned,
        /// It does not count.
        Rejected,
    }
    /// How the work was handed over.
    ChannelName for domain::activity::entry::Channel {
        /// By mail.
        Email,
        /// By WhatsApp.
        Whatsapp,
        /// In a Zoom meeting or the like.
        Zoom,
        /// By any other means.
        Other,
    }
    /// Where a monthly report stands.
    MonthlyReportStateName for domain::monthly_report::MonthlyReportState {
        /// Not compiled yet.
        Open,
        /// Counted; may be counted again.
        Compiled,
        /// Waiting for the direct superior.
        Submitted,
        /// Rated.
        Assessed,
        /// Fixed for good.
        Closed,
    }
    /// How work or behaviour compares with what was expected.
    ExpectationName for domain::monthly_report::Expectation {
        /// Above expectation (di atas ekspektasi).
        Above,
        /// As expected (sesuai ekspektasi).
        Meets,
        /// Below expectation (di bawah ekspektasi).
        Below,
    }
    /// A kind of leave.
    LeaveKindName for domain::leave::LeaveKind {
        /// Cuti tahunan.
        Annual,
        /// Cuti besar.
        Long,
        /// Cuti sakit.
        Sick,
        /// Cuti sakit karena gugur kandungan.
        SickMiscarriage,
        /// Cuti melahirkan.
        Maternity,
        /// Cuti karena alasan penting.
        ImportantReason,
        /// Cuti bersama; never asked for.
        Joint,
        /// Cuti di luar tanggungan negara (CLTN).
        Unpaid,
    }
    /// One of the four boxes of the form.
    OutcomeName for domain::leave::opinion::Outcome {
        /// Disetujui.
        Approve,
        /// Perubahan: other dates, which the applicant accepts or not.
        Change,
        /// Ditangguhkan.
        Defer,
        /// Tidak disetujui.
        Refuse,
    }
    /// How the days of a leave are counted.
    CountingName for domain::leave::kind::Counting {
        /// Days on which the person would have worked.
        WorkDays,
        /// Every day of the calendar.
        CalendarDays,
    }
    /// Why a row of a balance was added.
    LeaveEntryKindName for domain::leave::ledger::EntryKind {
        /// The days that a year gives.
        Credit,
        /// Entered from older records.
        Opening,
        /// Days of a granted leave.
        Debit,
        /// Days that came back.
        Return,
        /// Days that did not carry over.
        Expiry,
        /// Days that a long leave took away.
        Forfeit,
    }
    /// An employment.
    EmploymentName for domain::employee_number::EmployeeNumberKind {
        /// Civil servant.
        Pns,
        /// Contract employee of the state.
        Pppk,
        /// Neither.
        NonAsn,
    }
    /// What a letter is about.
    LetterKindName for domain::letter::LetterKind {
        /// Surat izin cuti.
        Leave,
        /// Kenaikan gaji berkala.
        PeriodicSalaryIncrease,
        /// Penetapan angka kredit.
        CreditPointDetermination,
        /// Kenaikan pangkat.
        Promotion,
    }
    /// Whether a letter holds.
    LetterStateName for domain::letter::LetterState {
        /// It holds.
        Issued,
        /// It holds no more.
        Revoked,
    }
}

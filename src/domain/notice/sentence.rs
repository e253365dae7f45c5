//! The sentences of notices, in Indonesian and in English: plain, never accusing, always with the next step.

use super::NoticeContent;
use crate::domain::activity::Decision;
use crate::domain::language::Language;
use crate::domain::monthly_report::Expectation;
use crate::domain::notice::attendance_sentence::absence_counted;
use crate::domain::notice::attendance_sentence::correction_decided;
use crate::domain::notice::attendance_sentence::team_absence_counted;
use crate::domain::notice::case_sentence::case_decided;
use crate::domain::notice::case_sentence::case_opened;
use crate::domain::notice::case_sentence::case_upheld;
use crate::domain::notice::case_sentence::cases_waiting;
use crate::domain::notice::case_sentence::decision_reviewed;
use crate::domain::notice::case_sentence::log_forked;
use crate::domain::notice::case_sentence::objection_decided;
use crate::domain::notice::case_sentence::objection_made;
use crate::domain::notice::case_sentence::reply_due;
use crate::domain::notice::case_sentence::team_case_upheld;
use crate::domain::notice::case_sentence::team_case_withdrawn;
use crate::domain::notice::leave_sentence::leave_returned;
use crate::domain::notice::roster_sentence::roster_decided;
use crate::domain::notice::roster_sentence::roster_published;
use crate::domain::notice::travel_sentence::travel_decided;
use crate::domain::notice::travel_sentence::travel_ended;
use crate::domain::notice::travel_sentence::travel_excepted;
use chrono::NaiveDate;

/// A heading and a sentence that says what happened and what comes next.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NoticeText {
    /// A few words.
    pub title: String,
    /// One to three sentences.
    pub body: String,
}

impl NoticeContent {
    /// The words for the person, in the language they read.
    pub fn text(&self, language: Language) -> NoticeText {
        match language {
            Language::Indonesian => self.indonesian(),
            Language::English => self.english(),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind, read top to bottom")]
    fn indonesian(&self) -> NoticeText {
        let date = |date: &NaiveDate| Language::Indonesian.date(*date);
        let days = |from: &NaiveDate, to: &NaiveDate| Language::Indonesian.days(*from, *to);
        match self {
            Self::HomeVerified { effective_from, .. } => said(
                "Rumah Anda sudah diverifikasi",
                format!(
                    "Titik rumah Anda berlaku mulai {}. Tidak ada yang perlu Anda lakukan.",
                    date(effective_from)
                ),
            ),
            Self::HomeReturned { reason, .. } => said(
                "Titik rumah perlu diperbaiki",
                format!("Catatan operator: {} Silakan perbaiki dan kirim ulang.", ended(reason)),
            ),
            Self::HomeRejected { reason, .. } => said(
                "Titik rumah belum dapat diterima",
                format!(
                    "Catatan operator: {} Anda dapat mendaftarkan titik lain atau bertanya kepada operator.",
                    ended(reason)
                ),
            ),
            Self::ActivityReviewed {
                work_date,
                decision,
                note,
                ..
            } => {
                let date = date(work_date);
                let note = note
                    .as_ref()
                    .map_or_else(String::new, |note| format!(" Catatan atasan: {}", ended(note)));
                match decision {
                    Decision::Approved => said(
                        "Kegiatan disetujui",
                        format!("Kegiatan Anda tanggal {date} disetujui.{note}"),
                    ),
                    Decision::Returned => said(
                        "Kegiatan perlu diperbaiki",
                        format!("Kegiatan Anda tanggal {date} dikembalikan.{note} Silakan perbaiki dan kirim ulang."),
                    ),
                    Decision::Rejected => said(
                        "Kegiatan tidak disetujui",
                        format!(
                            "Kegiatan Anda tanggal {date} tidak disetujui.{note} Jam tersebut dapat Anda isi dengan kegiatan lain."
                        ),
                    ),
                }
            }
            Self::ActivityEscalated { work_date, .. } => said(
                "Kegiatan staf menunggu Anda",
                format!(
                    "Sebuah kegiatan tanggal {} belum diperiksa atasan langsungnya. Silakan Anda periksa.",
                    date(work_date)
                ),
            ),
            Self::MonthlyReportAssessed {
                month,
                results,
                behaviour,
                ..
            } => said(
                "Laporan bulanan sudah dinilai",
                format!(
                    "Laporan {}: hasil kerja {}, perilaku kerja {}. Buka laporan untuk membaca catatannya.",
                    Language::Indonesian.month(month.first()),
                    expectation(*results, Language::Indonesian),
                    expectation(*behaviour, Language::Indonesian),
                ),
            ),
            Self::CaseOpened {
                work_date,
                reply_working_days,
                ..
            } => case_opened(Language::Indonesian, *work_date, *reply_working_days),
            Self::ReplyDue {
                work_date,
                due_at,
                zone,
                ..
            } => reply_due(Language::Indonesian, *work_date, (*due_at, *zone)),
            Self::CaseDecided { work_date, outcome, .. } => case_decided(Language::Indonesian, *work_date, *outcome),
            Self::CaseUpheld {
                work_date,
                objection_working_days,
                ..
            } => case_upheld(Language::Indonesian, *work_date, *objection_working_days),
            Self::ObjectionDecided { work_date, outcome, .. } => {
                objection_decided(Language::Indonesian, *work_date, *outcome)
            }
            Self::ObjectionMade { work_date, .. } => objection_made(Language::Indonesian, *work_date),
            Self::DecisionReviewed { work_date, outcome, .. } => {
                decision_reviewed(Language::Indonesian, *work_date, *outcome)
            }
            Self::CasesWaiting { what, count, since } => cases_waiting(Language::Indonesian, *what, *count, *since),
            Self::LogForked { origin, size } => log_forked(Language::Indonesian, origin, *size),
            Self::TeamCaseUpheld { work_date, .. } => team_case_upheld(Language::Indonesian, *work_date),
            Self::TeamCaseWithdrawn { work_date, .. } => team_case_withdrawn(Language::Indonesian, *work_date),
            Self::BatchAccepted { from, to, .. } => {
                said("Kiriman diterima BKD", format!("Kiriman {} diterima.", days(from, to)))
            }
            Self::BatchRejected {
                from,
                to,
                findings,
                told,
                is_answerable,
                ..
            } => said(
                "Kiriman belum dapat diterima BKD",
                format!(
                    "Kiriman {} belum dapat diterima; ada {findings} catatan.{} {}",
                    days(from, to),
                    sentences(told),
                    if *is_answerable {
                        "Silakan perbaiki dan kirim versi baru, atau jawab catatannya bila datanya sudah benar."
                    } else {
                        "Silakan segel ulang dan kirim versi baru."
                    },
                ),
            ),
            Self::LeaveDecided { from, to, is_granted } => said(
                if *is_granted {
                    "Cuti disetujui"
                } else {
                    "Cuti belum disetujui"
                },
                format!(
                    "Permohonan cuti {} sudah diputuskan. Buka permohonan untuk membaca rinciannya.",
                    days(from, to)
                ),
            ),
            Self::LeaveReturned { from, to, note } => leave_returned(Language::Indonesian, (*from, *to), note),
            Self::LeaveChanged { from, to } => said(
                "Tanggal cuti diusulkan berubah",
                format!(
                    "Tanggal yang diusulkan {}. Buka permohonan untuk menerimanya, atau tarik permohonan bila belum cocok.",
                    days(from, to)
                ),
            ),
            Self::LeaveEnded { from, to, reason } => said(
                "Cuti berakhir lebih awal",
                format!(
                    "Tanggal {} kembali menjadi hari kerja. Catatan: {} Hari itu tidak dihitung sebagai cuti; silakan periksa jadwal Anda.",
                    days(from, to),
                    ended(reason)
                ),
            ),
            Self::DayCorrected { work_date, reason } => said(
                "Presensi dikoreksi",
                format!(
                    "Presensi Anda tanggal {} dikoreksi. Alasan: {} Jika keliru, hubungi operator.",
                    date(work_date),
                    ended(reason)
                ),
            ),
            Self::CorrectionDecided {
                work_date,
                is_accepted,
                note,
                ..
            } => correction_decided(Language::Indonesian, *work_date, *is_accepted, note.as_deref()),
            Self::AbsenceCounted(fact) => absence_counted(Language::Indonesian, *fact),
            Self::TeamAbsenceCounted { name, fact, .. } => team_absence_counted(Language::Indonesian, name, *fact),
            Self::RosterPublished { from, to, .. } => roster_published(Language::Indonesian, *from, *to),
            Self::RosterDecided {
                from,
                to,
                is_received,
                told,
                ..
            } => roster_decided(Language::Indonesian, (*from, *to), *is_received, told.as_deref()),
            Self::TravelExcepted {
                from,
                to,
                destination_code,
            } => travel_excepted(Language::Indonesian, (*from, *to), destination_code),
            Self::TravelDecided {
                from,
                to,
                destination_code,
                is_approved,
            } => travel_decided(Language::Indonesian, (*from, *to), destination_code, *is_approved),
            Self::TravelEnded { from, to, reason } => travel_ended(Language::Indonesian, (*from, *to), reason),
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind, read top to bottom")]
    fn english(&self) -> NoticeText {
        let date = |date: &NaiveDate| Language::English.date(*date);
        let days = |from: &NaiveDate, to: &NaiveDate| Language::English.days(*from, *to);
        match self {
            Self::HomeVerified { effective_from, .. } => said(
                "Your home is verified",
                format!(
                    "Your home location counts from {}. There is nothing you need to do.",
                    date(effective_from)
                ),
            ),
            Self::HomeReturned { reason, .. } => said(
                "Your home location needs a correction",
                format!(
                    "The operator's note: {} Please correct it and send it again.",
                    ended(reason)
                ),
            ),
            Self::HomeRejected { reason, .. } => said(
                "Your home location could not be accepted",
                format!(
                    "The operator's note: {} You can register another point or ask the operator.",
                    ended(reason)
                ),
            ),
            Self::ActivityReviewed {
                work_date,
                decision,
                note,
                ..
            } => {
                let date = date(work_date);
                let note = note
                    .as_ref()
                    .map_or_else(String::new, |note| format!(" Your superior's note: {}", ended(note)));
                match decision {
                    Decision::Approved => said(
                        "Activity approved",
                        format!("Your activity of {date} was approved.{note}"),
                    ),
                    Decision::Returned => said(
                        "Activity needs a correction",
                        format!("Your activity of {date} was returned.{note} Please correct it and send it again."),
                    ),
                    Decision::Rejected => said(
                        "Activity not approved",
                        format!(
                            "Your activity of {date} was not approved.{note} You may file other work for those hours."
                        ),
                    ),
                }
            }
            Self::ActivityEscalated { work_date, .. } => said(
                "An activity of your staff waits for you",
                format!(
                    "An activity of {} has not been reviewed by the direct superior. Please review it.",
                    date(work_date)
                ),
            ),
            Self::MonthlyReportAssessed {
                month,
                results,
                behaviour,
                ..
            } => said(
                "Your monthly report was assessed",
                format!(
                    "Report of {}: work results {}, behaviour {}. Open the report to read the note.",
                    Language::English.month(month.first()),
                    expectation(*results, Language::English),
                    expectation(*behaviour, Language::English),
                ),
            ),
            Self::CaseOpened {
                work_date,
                reply_working_days,
                ..
            } => case_opened(Language::English, *work_date, *reply_working_days),
            Self::ReplyDue {
                work_date,
                due_at,
                zone,
                ..
            } => reply_due(Language::English, *work_date, (*due_at, *zone)),
            Self::CaseDecided { work_date, outcome, .. } => case_decided(Language::English, *work_date, *outcome),
            Self::CaseUpheld {
                work_date,
                objection_working_days,
                ..
            } => case_upheld(Language::English, *work_date, *objection_working_days),
            Self::ObjectionDecided { work_date, outcome, .. } => {
                objection_decided(Language::English, *work_date, *outcome)
            }
            Self::ObjectionMade { work_date, .. } => objection_made(Language::English, *work_date),
            Self::DecisionReviewed { work_date, outcome, .. } => {
                decision_reviewed(Language::English, *work_date, *outcome)
            }
            Self::CasesWaiting { what, count, since } => cases_waiting(Language::English, *what, *count, *since),
            Self::LogForked { origin, size } => log_forked(Language::English, origin, *size),
            Self::TeamCaseUpheld { work_date, .. } => team_case_upheld(Language::English, *work_date),
            Self::TeamCaseWithdrawn { work_date, .. } => team_case_withdrawn(Language::English, *work_date),
            Self::BatchAccepted { from, to, .. } => said(
                "BKD accepted the batch",
                format!("The batch of {} was accepted.", days(from, to)),
            ),
            Self::BatchRejected {
                from,
                to,
                findings,
                told,
                is_answerable,
                ..
            } => said(
                "BKD could not accept the batch yet",
                format!(
                    "The batch of {} could not be accepted; findings: {findings}.{} {}",
                    days(from, to),
                    sentences(told),
                    if *is_answerable {
                        "Please correct it and send a new version, or answer the findings if the rows are right."
                    } else {
                        "Please seal again and send a new version."
                    },
                ),
            ),
            Self::LeaveDecided { from, to, is_granted } => said(
                if *is_granted {
                    "Leave granted"
                } else {
                    "Leave not granted"
                },
                format!(
                    "Your request for leave of {} was decided. Open the request for details.",
                    days(from, to)
                ),
            ),
            Self::LeaveReturned { from, to, note } => leave_returned(Language::English, (*from, *to), note),
            Self::LeaveChanged { from, to } => said(
                "Other dates proposed",
                format!(
                    "Proposed: {}. Open the request to accept it, or withdraw it.",
                    days(from, to)
                ),
            ),
            Self::LeaveEnded { from, to, reason } => said(
                "Leave ends earlier",
                format!(
                    "Work days again: {}. Note: {} They do not count as leave; please look at your schedule.",
                    days(from, to),
                    ended(reason)
                ),
            ),
            Self::DayCorrected { work_date, reason } => said(
                "Attendance corrected",
                format!(
                    "Your attendance of {} was corrected. Reason: {} If this is wrong, please contact the operator.",
                    date(work_date),
                    ended(reason)
                ),
            ),
            Self::CorrectionDecided {
                work_date,
                is_accepted,
                note,
                ..
            } => correction_decided(Language::English, *work_date, *is_accepted, note.as_deref()),
            Self::AbsenceCounted(fact) => absence_counted(Language::English, *fact),
            Self::TeamAbsenceCounted { name, fact, .. } => team_absence_counted(Language::English, name, *fact),
            Self::RosterPublished { from, to, .. } => roster_published(Language::English, *from, *to),
            Self::RosterDecided {
                from,
                to,
                is_received,
                told,
                ..
            } => roster_decided(Language::English, (*from, *to), *is_received, told.as_deref()),
            Self::TravelExcepted {
                from,
                to,
                destination_code,
            } => travel_excepted(Language::English, (*from, *to), destination_code),
            Self::TravelDecided {
                from,
                to,
                destination_code,
                is_approved,
            } => travel_decided(Language::English, (*from, *to), destination_code, *is_approved),
            Self::TravelEnded { from, to, reason } => travel_ended(Language::English, (*from, *to), reason),
        }
    }
}

pub(super) fn said(title: &str, body: String) -> NoticeText {
    NoticeText {
        title: title.to_owned(),
        body,
    }
}

/// What somebody wrote, each ended as a sentence, with a space before it.
fn sentences(told: &[String]) -> String {
    told.iter().flat_map(|words| [" ".to_owned(), ended(words)]).collect()
}

/// What somebody wrote, ended as a sentence, so that the next one can follow.
pub(super) fn ended(words: &str) -> String {
    let words = words.trim_end();
    if words.ends_with(['.', '!', '?']) {
        words.to_owned()
    } else {
        format!("{words}.")
    }
}

const fn expectation(value: Expectation, language: Language) -> &'static str {
    match value {
        Expectation::Above => language.choose("di atas ekspektasi", "above expectation"),
        Expectation::Meets => language.choose("sesuai ekspektasi", "as expected"),
        Expectation::Below => language.choose("di bawah ekspektasi", "below expectation"),
    }
}

#[cfg(test)]
#[path = "sentence_tests.rs"]
mod tests;

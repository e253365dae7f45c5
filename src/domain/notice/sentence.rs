//! The sentences of notices, in Indonesian and in English: plain, never accusing, always with the next step.

use super::{CaseOutcome, NoticeContent};
use crate::domain::activity::Decision;
use crate::domain::language::Language;
use crate::domain::monthly_report::Expectation;
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
            } => said(
                "Tanggapan Anda diperlukan",
                format!(
                    "Presensi Anda tanggal {} terpilih dalam uji petik dan belum dapat dipastikan. Silakan beri tanggapan dalam {reply_working_days} hari kerja. Belum ada keputusan apa pun.",
                    date(work_date),
                ),
            ),
            Self::ReplyDue {
                work_date,
                due_at,
                zone,
                ..
            } => said(
                "Batas tanggapan sudah dekat",
                format!(
                    "Tanggapan untuk presensi tanggal {} dapat dikirim sampai {} pukul {} {}.",
                    date(work_date),
                    date(&zone.date(*due_at)),
                    zone.clock(*due_at),
                    zone.abbreviation(),
                ),
            ),
            Self::CaseDecided { work_date, outcome, .. } => {
                let date = date(work_date);
                said(
                    "Uji petik selesai diputuskan",
                    match outcome {
                        CaseOutcome::Upheld => format!(
                            "Temuan atas presensi tanggal {date} dinyatakan tetap. Alasan dan cara mengajukan keberatan ada di rincian kasus."
                        ),
                        CaseOutcome::Withdrawn => {
                            format!("Temuan atas presensi tanggal {date} dicabut. Terima kasih atas tanggapan Anda.")
                        }
                        CaseOutcome::Inconclusive => {
                            format!("Presensi tanggal {date} tidak dapat dipastikan. Ini tidak merugikan Anda.")
                        }
                    },
                )
            }
            Self::TeamCaseUpheld { work_date, .. } => said(
                "Temuan atas presensi staf Anda",
                format!(
                    "Temuan uji petik tanggal {} atas staf Anda ditetapkan. Tindak lanjut ada pada Anda.",
                    date(work_date)
                ),
            ),
            Self::BatchAccepted { from, to, .. } => said(
                "Kiriman diterima BKD",
                format!("Kiriman {} sampai {} diterima.", date(from), date(to)),
            ),
            Self::BatchRejected { from, to, findings, .. } => said(
                "Kiriman perlu diperbaiki",
                format!(
                    "Kiriman {} sampai {} belum dapat diterima; ada {findings} catatan. Silakan perbaiki dan kirim versi baru.",
                    date(from),
                    date(to),
                ),
            ),
            Self::LeaveDecided { from, to, is_granted } => said(
                if *is_granted {
                    "Cuti disetujui"
                } else {
                    "Cuti belum disetujui"
                },
                format!(
                    "Permohonan cuti {} sampai {} sudah diputuskan. Buka permohonan untuk membaca rinciannya.",
                    date(from),
                    date(to)
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
        }
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind, read top to bottom")]
    fn english(&self) -> NoticeText {
        let date = |date: &NaiveDate| Language::English.date(*date);
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
            } => said(
                "Your reply is needed",
                format!(
                    "Your attendance of {} was drawn for verification and could not be confirmed yet. Please reply within {reply_working_days} working days. Nothing has been decided.",
                    date(work_date),
                ),
            ),
            Self::ReplyDue {
                work_date,
                due_at,
                zone,
                ..
            } => said(
                "The time to reply ends soon",
                format!(
                    "Your reply on the attendance of {} can be sent until {}, {} {}.",
                    date(work_date),
                    date(&zone.date(*due_at)),
                    zone.clock(*due_at),
                    zone.abbreviation(),
                ),
            ),
            Self::CaseDecided { work_date, outcome, .. } => {
                let date = date(work_date);
                said(
                    "The verification was decided",
                    match outcome {
                        CaseOutcome::Upheld => format!(
                            "The finding on your attendance of {date} stands. The reasons and the way to object are in the case."
                        ),
                        CaseOutcome::Withdrawn => {
                            format!("The finding on your attendance of {date} was withdrawn. Thank you for your reply.")
                        }
                        CaseOutcome::Inconclusive => {
                            format!("Your attendance of {date} could not be settled. This does not count against you.")
                        }
                    },
                )
            }
            Self::TeamCaseUpheld { work_date, .. } => said(
                "A finding about your staff",
                format!(
                    "A finding of {} about your staff was upheld. What follows is yours to decide.",
                    date(work_date)
                ),
            ),
            Self::BatchAccepted { from, to, .. } => said(
                "BKD accepted the batch",
                format!("The batch of {} to {} was accepted.", date(from), date(to)),
            ),
            Self::BatchRejected { from, to, findings, .. } => said(
                "The batch needs a correction",
                format!(
                    "The batch of {} to {} could not be accepted; it has {findings} findings. Please correct it and send a new version.",
                    date(from),
                    date(to),
                ),
            ),
            Self::LeaveDecided { from, to, is_granted } => said(
                if *is_granted {
                    "Leave granted"
                } else {
                    "Leave not granted"
                },
                format!(
                    "Your request for leave from {} to {} was decided. Open the request for details.",
                    date(from),
                    date(to)
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
        }
    }
}

fn said(title: &str, body: String) -> NoticeText {
    NoticeText {
        title: title.to_owned(),
        body,
    }
}

/// What somebody wrote, ended as a sentence, so that the next one can follow.
fn ended(words: &str) -> String {
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
mod tests {
    use super::*;
    use crate::domain::ids::{ActivityId, BatchId, CaseId, HomeId, MonthlyReportId};
    use crate::domain::instant::{Instant, Zone};
    use uuid::Uuid;

    fn every_kind() -> Vec<NoticeContent> {
        let id = Uuid::from_u128(7);
        let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let (home_id, case_id, batch_id) = (HomeId::new(id), CaseId::new(id), BatchId::new(id));
        let activity_id = ActivityId::new(id);
        let reason = "Foto kurang jelas".to_owned();
        let mut kinds = vec![
            NoticeContent::HomeVerified {
                home_id,
                effective_from: date,
            },
            NoticeContent::HomeReturned {
                home_id,
                reason: reason.clone(),
            },
            NoticeContent::HomeRejected {
                home_id,
                reason: reason.clone(),
            },
            NoticeContent::ActivityEscalated {
                activity_id,
                work_date: date,
            },
            NoticeContent::MonthlyReportAssessed {
                monthly_report_id: MonthlyReportId::new(id),
                month: "2026-03".parse().unwrap(),
                results: Expectation::Above,
                behaviour: Expectation::Meets,
            },
            NoticeContent::CaseOpened {
                case_id,
                work_date: date,
                reply_working_days: 3,
            },
            NoticeContent::ReplyDue {
                case_id,
                work_date: date,
                due_at: Instant::parse("2026-03-06T10:00:00Z").unwrap(),
                zone: Zone::Jakarta,
            },
            NoticeContent::TeamCaseUpheld {
                case_id,
                work_date: date,
            },
            NoticeContent::BatchAccepted {
                batch_id,
                from: date,
                to: date,
            },
            NoticeContent::BatchRejected {
                batch_id,
                from: date,
                to: date,
                findings: 2,
            },
            NoticeContent::LeaveDecided {
                from: date,
                to: date,
                is_granted: false,
            },
            NoticeContent::DayCorrected {
                work_date: date,
                reason,
            },
        ];
        for decision in Decision::ALL {
            kinds.push(NoticeContent::ActivityReviewed {
                activity_id,
                work_date: date,
                decision,
                note: Some("Lampirkan notula".to_owned()),
            });
        }
        for outcome in [CaseOutcome::Upheld, CaseOutcome::Withdrawn, CaseOutcome::Inconclusive] {
            kinds.push(NoticeContent::CaseDecided {
                case_id,
                work_date: date,
                outcome,
            });
        }
        kinds
    }

    #[test]
    fn every_kind_speaks_both_languages_in_whole_sentences() {
        for content in every_kind() {
            let (indonesian, english) = (content.text(Language::Indonesian), content.text(Language::English));
            for text in [&indonesian, &english] {
                assert!(!text.title.is_empty() && text.title.chars().count() <= 60, "{text:?}");
                assert!(
                    text.body.ends_with('.') && !text.body.contains("  ") && !text.body.contains(".."),
                    "{text:?}"
                );
            }
            assert_ne!(indonesian, english);
        }
    }

    #[test]
    fn a_note_is_ended_before_the_next_sentence() {
        let text = every_kind()[1].text(Language::Indonesian);
        assert_eq!(
            text.body,
            "Catatan operator: Foto kurang jelas. Silakan perbaiki dan kirim ulang."
        );
    }

    #[test]
    fn a_reply_is_due_at_a_clock_time_of_the_zone() {
        let text = every_kind()[6].text(Language::Indonesian);
        assert!(text.body.contains("6 Maret 2026 pukul 17.00 WIB"), "{}", text.body);
    }

    #[test]
    fn a_case_is_told_without_blame() {
        for content in every_kind() {
            for language in [Language::Indonesian, Language::English] {
                let text = content.text(language);
                for word in ["palsu", "curang", "melanggar", "fake", "cheat", "violat"] {
                    assert!(!text.body.to_lowercase().contains(word), "{}", text.body);
                }
            }
        }
    }
}

//! The sentences of notices about cases.

use crate::domain::case::objection::ObjectionOutcome;
use crate::domain::case::reminder::Reminder;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::language::Language;
use crate::domain::notice::CaseOutcome;
use crate::domain::notice::sentence::NoticeText;
use crate::domain::notice::sentence::said;
use chrono::{Duration, NaiveDate};

/// A deviation is proposed and the person is heard first.
pub(super) fn case_opened(language: Language, work_date: NaiveDate, reply_working_days: u8) -> NoticeText {
    let date = language.date(work_date);
    match language {
        Language::Indonesian => said(
            "Tanggapan Anda diperlukan",
            format!(
                "Presensi Anda tanggal {date} terpilih dalam uji petik dan belum dapat dipastikan. Silakan beri tanggapan dalam {reply_working_days} hari kerja. Belum ada keputusan apa pun."
            ),
        ),
        Language::English => said(
            "Your reply is needed",
            format!(
                "Your attendance of {date} was drawn for verification and could not be confirmed yet. Please reply within {reply_working_days} working days. Nothing has been decided."
            ),
        ),
    }
}

/// The time to reply ends; what ends at midnight ends at 24.00 of the day before.
pub(super) fn reply_due(language: Language, work_date: NaiveDate, (due_at, zone): (Instant, Zone)) -> NoticeText {
    let clock = zone.clock(due_at);
    let (last, clock) = if clock == "00.00" {
        (due_at.plus(Duration::seconds(-1)), "24.00".to_owned())
    } else {
        (due_at, clock)
    };
    let (date, last, zone) = (
        language.date(work_date),
        language.date(zone.date(last)),
        zone.abbreviation(),
    );
    match language {
        Language::Indonesian => said(
            "Batas tanggapan sudah dekat",
            format!("Tanggapan untuk presensi tanggal {date} dapat dikirim sampai {last} pukul {clock} {zone}."),
        ),
        Language::English => said(
            "The time to reply ends soon",
            format!("Your reply on the attendance of {date} can be sent until {last}, {clock} {zone}."),
        ),
    }
}

/// A case was decided.
pub(super) fn case_decided(language: Language, work_date: NaiveDate, outcome: CaseOutcome) -> NoticeText {
    let date = language.date(work_date);
    match language {
        Language::Indonesian => said(
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
        ),
        Language::English => said(
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
        ),
    }
}

/// A finding was upheld; the time to object begins when this is read.
pub(super) fn case_upheld(language: Language, work_date: NaiveDate, objection_working_days: u8) -> NoticeText {
    let date = language.date(work_date);
    match language {
        Language::Indonesian => said(
            "Uji petik selesai diputuskan",
            format!(
                "Temuan atas presensi tanggal {date} dinyatakan tetap. Alasannya ada di rincian kasus. Keberatan kepada Kepala BKD dapat diajukan dalam {objection_working_days} hari kerja."
            ),
        ),
        Language::English => said(
            "The verification was decided",
            format!(
                "The finding on your attendance of {date} stands. The reasons are in the case. You may object to the head of BKD within {objection_working_days} working days."
            ),
        ),
    }
}

/// The head of BKD decided on the person's objection.
pub(super) fn objection_decided(language: Language, work_date: NaiveDate, outcome: ObjectionOutcome) -> NoticeText {
    let date = language.date(work_date);
    match (language, outcome) {
        (Language::Indonesian, ObjectionOutcome::Withdrawn) => said(
            "Keberatan Anda diterima",
            format!(
                "Temuan atas presensi tanggal {date} ditarik dan tidak dihitung. Tidak ada yang perlu Anda lakukan."
            ),
        ),
        (Language::Indonesian, ObjectionOutcome::Upheld) => said(
            "Keberatan Anda sudah diputuskan",
            format!("Temuan atas presensi tanggal {date} tetap berlaku. Alasannya ada di rincian kasus."),
        ),
        (Language::English, ObjectionOutcome::Withdrawn) => said(
            "Your objection was granted",
            format!(
                "The finding on your attendance of {date} is taken back and does not count. Nothing is left to do."
            ),
        ),
        (Language::English, ObjectionOutcome::Upheld) => said(
            "Your objection was decided",
            format!("The finding on your attendance of {date} stands. The reasons are in the case."),
        ),
    }
}

/// Told to the head of BKD.
pub(super) fn objection_made(language: Language, work_date: NaiveDate) -> NoticeText {
    let date = language.date(work_date);
    match language {
        Language::Indonesian => said(
            "Keberatan baru",
            format!("Ada keberatan atas temuan uji petik tanggal {date}. Temuan belum berlaku sampai Anda memutuskan."),
        ),
        Language::English => said(
            "A new objection",
            format!("Somebody objected to a finding of {date}. It has no effect until you have decided."),
        ),
    }
}

/// Told to whoever had decided.
pub(super) fn decision_reviewed(language: Language, work_date: NaiveDate, outcome: ObjectionOutcome) -> NoticeText {
    let date = language.date(work_date);
    match (language, outcome) {
        (Language::Indonesian, ObjectionOutcome::Withdrawn) => said(
            "Keputusan Anda ditinjau Kepala BKD",
            format!("Keberatan atas temuan uji petik tanggal {date} diterima; temuan ditarik."),
        ),
        (Language::Indonesian, ObjectionOutcome::Upheld) => said(
            "Keputusan Anda ditinjau Kepala BKD",
            format!("Keberatan atas temuan uji petik tanggal {date} tidak diterima; temuan tetap berlaku."),
        ),
        (Language::English, ObjectionOutcome::Withdrawn) => said(
            "The head of BKD reviewed your decision",
            format!("The objection to the finding of {date} was granted; the finding is taken back."),
        ),
        (Language::English, ObjectionOutcome::Upheld) => said(
            "The head of BKD reviewed your decision",
            format!("The objection to the finding of {date} was not granted; the finding stands."),
        ),
    }
}

/// A log that is cosigned here told two stories.
pub(super) fn log_forked(language: Language, origin: &str, size: u64) -> NoticeText {
    match language {
        Language::Indonesian => said(
            "Log memberi dua keterangan berbeda",
            format!(
                "Log {origin} menandatangani dua isi yang berbeda untuk {size} catatan yang sama. Kedua tanda tangannya disimpan sebagai bukti. Silakan hubungi pengelolanya."
            ),
        ),
        Language::English => said(
            "A log told two different stories",
            format!(
                "The log {origin} has signed two different contents of the same {size} entries. Both signatures are kept as proof. Please ask whoever runs it."
            ),
        ),
    }
}

/// Told to officials whom cases wait for.
pub(super) fn cases_waiting(language: Language, what: Reminder, count: u32, since: NaiveDate) -> NoticeText {
    let since = language.date(since);
    match language {
        Language::Indonesian => {
            let what = match what {
                Reminder::Objection => "keberatan menunggu keputusan Anda",
                Reminder::Decision => "kasus menunggu keputusan Anda",
                Reminder::SecondReview => "kasus menunggu pemeriksaan kedua dari Anda",
                Reminder::Review | Reminder::ReplyDue => "kasus menunggu pemeriksaan Anda",
            };
            said(
                "Kasus uji petik menunggu",
                format!("{count} {what}, yang paling lama sejak {since}."),
            )
        }
        Language::English => {
            let (noun, verb) = if count == 1 {
                ("case", "waits")
            } else {
                ("cases", "wait")
            };
            let what = match what {
                Reminder::Objection => "for your word on an objection",
                Reminder::Decision => "for your decision",
                Reminder::SecondReview => "for your second review",
                Reminder::Review | Reminder::ReplyDue => "for your review",
            };
            said(
                "Cases are waiting",
                format!("{count} {noun} {verb} {what}, the oldest since {since}."),
            )
        }
    }
}

/// Told to the direct superior: a finding was upheld.
pub(super) fn team_case_upheld(language: Language, work_date: NaiveDate) -> NoticeText {
    let date = language.date(work_date);
    match language {
        Language::Indonesian => said(
            "Temuan atas presensi staf Anda",
            format!("Temuan uji petik tanggal {date} atas staf Anda ditetapkan. Tindak lanjut ada pada Anda."),
        ),
        Language::English => said(
            "A finding about your staff",
            format!("A finding of {date} about your staff was upheld. What follows is yours to decide."),
        ),
    }
}

/// Told to the direct superior: what they were told of no longer holds.
pub(super) fn team_case_withdrawn(language: Language, work_date: NaiveDate) -> NoticeText {
    let date = language.date(work_date);
    match language {
        Language::Indonesian => said(
            "Temuan atas presensi staf Anda ditarik",
            format!(
                "Kepala BKD menarik temuan uji petik tanggal {date} atas staf Anda. Temuan itu tidak dihitung lagi."
            ),
        ),
        Language::English => said(
            "A finding about your staff was taken back",
            format!("The head of BKD took back the finding of {date} about your staff. It counts no more."),
        ),
    }
}

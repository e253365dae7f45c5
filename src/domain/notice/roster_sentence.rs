//! The sentences of notices about rosters.

use crate::domain::language::Language;
use crate::domain::notice::sentence::NoticeText;
use crate::domain::notice::sentence::ended;
use crate::domain::notice::sentence::said;
use chrono::NaiveDate;

/// Told to each person: where they work is settled.
pub(super) fn roster_published(language: Language, from: NaiveDate, to: NaiveDate) -> NoticeText {
    let days = language.days(from, to);
    match language {
        Language::Indonesian => said(
            "Jadwal kerja sudah terbit",
            format!("Jadwal kerja Anda {days} sudah terbit. Lihat tempat tugas tiap hari pada halaman hari kerja."),
        ),
        Language::English => said(
            "Your roster is out",
            format!("Your roster of {days} is out. See where you work each day on the day's page."),
        ),
    }
}

/// Told to the agency: BKD's word on a roster, with the next step.
pub(super) fn roster_decided(
    language: Language,
    (from, to): (NaiveDate, NaiveDate),
    is_received: bool,
    told: Option<&str>,
) -> NoticeText {
    let days = language.days(from, to);
    let told = told.map_or_else(String::new, |told| format!(" {}", ended(told)));
    match (language, is_received) {
        (Language::Indonesian, true) => said(
            "Jadwal diterima BKD",
            format!("Jadwal {days} sudah diterima.{told} Silakan terbitkan."),
        ),
        (Language::Indonesian, false) => said(
            "Jadwal dikembalikan BKD",
            format!("Jadwal {days} dikembalikan.{told} Silakan perbaiki dan ajukan kembali."),
        ),
        (Language::English, true) => said(
            "BKD has received the roster",
            format!("The roster of {days} was received.{told} You can publish it."),
        ),
        (Language::English, false) => said(
            "BKD returned the roster",
            format!("The roster of {days} was returned.{told} Please mend it and hand it in again."),
        ),
    }
}

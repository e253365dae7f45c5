//! The sentences of notices about journeys on duty.

use crate::domain::language::Language;
use crate::domain::notice::sentence::NoticeText;
use crate::domain::notice::sentence::ended;
use crate::domain::notice::sentence::said;
use crate::domain::region;
use chrono::NaiveDate;

/// The ban of a circular no longer holds the journey; the decision is still to come.
pub(super) fn travel_excepted(language: Language, dates: (NaiveDate, NaiveDate), destination: &str) -> NoticeText {
    let days = language.days(dates.0, dates.1);
    let place = region::full_name(destination);
    match language {
        Language::Indonesian => said(
            "Pengecualian perjalanan diberikan",
            format!(
                "Perjalanan Anda ke {place}, {days}, dikecualikan dari larangan perjalanan. Tunggu persetujuannya sebelum berangkat."
            ),
        ),
        Language::English => said(
            "Your journey was excepted",
            format!(
                "Your journey to {place}, {days}, is excepted from the ban on travel. Wait for its approval before you leave."
            ),
        ),
    }
}

/// The word of superior or head on a journey, with the next step.
pub(super) fn travel_decided(
    language: Language,
    dates: (NaiveDate, NaiveDate),
    destination: &str,
    is_approved: bool,
) -> NoticeText {
    let days = language.days(dates.0, dates.1);
    let place = region::full_name(destination);
    match (language, is_approved) {
        (Language::Indonesian, true) => said(
            "Dinas luar disetujui",
            format!(
                "Perjalanan Anda ke {place}, {days}, disetujui. Jam sesi mengikuti waktu setempat; laporkan hasilnya setelah kembali."
            ),
        ),
        (Language::Indonesian, false) => said(
            "Dinas luar belum disetujui",
            format!("Perjalanan Anda ke {place}, {days}, belum disetujui. Buka pengajuan untuk membaca catatannya."),
        ),
        (Language::English, true) => said(
            "Journey approved",
            format!(
                "Your journey to {place}, {days}, is approved. Slots follow the clock there; report when you are back."
            ),
        ),
        (Language::English, false) => said(
            "Journey not approved",
            format!("Your journey to {place}, {days}, was not approved. Open it to read the note."),
        ),
    }
}

/// An official called the journey off.
pub(super) fn travel_ended(language: Language, dates: (NaiveDate, NaiveDate), reason: &str) -> NoticeText {
    let days = language.days(dates.0, dates.1);
    match language {
        Language::Indonesian => said(
            "Dinas luar dibatalkan",
            format!(
                "Tanggal {days} kembali mengikuti jadwal kerja. Catatan: {} Silakan periksa jadwal Anda.",
                ended(reason)
            ),
        ),
        Language::English => said(
            "Journey called off",
            format!(
                "The roster holds again: {days}. Note: {} Please look at your schedule.",
                ended(reason)
            ),
        ),
    }
}

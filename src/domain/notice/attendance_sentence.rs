//! The sentences of notices about corrections and days of absence: counted and told, never accusing.

use crate::domain::language::Language;
use crate::domain::notice::AbsenceFact;
use crate::domain::notice::sentence::NoticeText;
use crate::domain::notice::sentence::ended;
use crate::domain::notice::sentence::said;
use crate::domain::recap::discipline::Basis;
use chrono::NaiveDate;

/// Told to the person: what became of the correction that they asked for.
pub(super) fn correction_decided(
    language: Language,
    work_date: NaiveDate,
    is_accepted: bool,
    note: Option<&str>,
) -> NoticeText {
    let date = language.date(work_date);
    let note = |label: &str| note.map_or_else(String::new, |note| format!(" {label}: {}", ended(note)));
    match (language, is_accepted) {
        (Language::Indonesian, true) => said(
            "Koreksi presensi diterima",
            format!(
                "Koreksi yang Anda ajukan untuk {date} diterima.{} Rekap sudah memakainya; tidak ada yang perlu dilakukan.",
                note("Catatan")
            ),
        ),
        (Language::Indonesian, false) => said(
            "Koreksi presensi belum dapat diterima",
            format!(
                "Koreksi yang Anda ajukan untuk {date} belum dapat diterima.{} Bila ada bukti lain, silakan ajukan lagi \
                 atau bicarakan dengan operator Anda.",
                note("Catatan")
            ),
        ),
        (Language::English, true) => said(
            "Your correction was accepted",
            format!(
                "The correction that you asked for on {date} was accepted.{} The recap has it; there is nothing to do.",
                note("Note")
            ),
        ),
        (Language::English, false) => said(
            "Your correction could not be accepted yet",
            format!(
                "The correction that you asked for on {date} could not be accepted yet.{} If there is more to show, ask \
                 again or talk to your operator.",
                note("Note")
            ),
        ),
    }
}

/// Told to the person: how many days stand without a known reason, and what to do about it.
pub(super) fn absence_counted(language: Language, fact: AbsenceFact) -> NoticeText {
    let counted = counted(language, fact);
    match language {
        Language::Indonesian => said(
            "Ada hari kerja tanpa keterangan",
            format!(
                "{counted} Bila ada yang keliru atau belum tercatat, seperti izin, sakit, atau gangguan jaringan, silakan \
                 ajukan koreksi. Ini pemberitahuan, bukan sanksi."
            ),
        ),
        Language::English => said(
            "Some work days have no reason on record",
            format!(
                "{counted} If something is wrong or missing, such as a permission, an illness or a broken network, please \
                 ask for a correction. This is a notice, not a sanction."
            ),
        ),
    }
}

/// Told to the direct superior: whose days, and that a conversation comes first.
pub(super) fn team_absence_counted(language: Language, name: &str, fact: AbsenceFact) -> NoticeText {
    let counted = counted(language, fact);
    match language {
        Language::Indonesian => said(
            "Hari kerja staf tanpa keterangan",
            format!(
                "Tentang {}: {counted} Silakan tanyakan keadaannya lebih dahulu; mungkin ada yang belum tercatat. Layanan \
                 ini hanya menghitung, penilaian ada pada Anda.",
                name.trim()
            ),
        ),
        Language::English => said(
            "Work days of your staff without a reason on record",
            format!(
                "About {}: {counted} Please ask how things are first; something may not be on record. The service only \
                 counts, the judgement is yours.",
                name.trim()
            ),
        ),
    }
}

fn counted(language: Language, fact: AbsenceFact) -> String {
    let AbsenceFact {
        year,
        days,
        from_days,
        basis,
    } = fact;
    match (language, basis) {
        (Language::Indonesian, Basis::Cumulative) => format!(
            "Dalam tahun {year} tercatat {days} hari kerja tanpa keterangan; {from_days} hari adalah batas yang disebut \
             PP 94/2021."
        ),
        (Language::Indonesian, Basis::Consecutive) => format!(
            "Dalam tahun {year} tercatat {days} hari kerja berturut-turut tanpa keterangan; {from_days} hari adalah batas \
             yang disebut PP 94/2021."
        ),
        (Language::English, Basis::Cumulative) => format!(
            "In {year}, {days} work days stand without a known reason; {from_days} is a number that PP 94/2021 names."
        ),
        (Language::English, Basis::Consecutive) => format!(
            "In {year}, {days} work days in a row stand without a known reason; {from_days} is a number that PP 94/2021 \
             names."
        ),
    }
}

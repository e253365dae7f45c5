//! The recap in sentences: why a day is what it is, what is not settled, how absence counts. Never accusing, with the next
//! step.

use crate::domain::instant::long_date;
use crate::domain::language::Language;
use crate::domain::recap::discipline::AbsenceCount;
use crate::domain::recap::discipline::DisciplineRules;
use crate::domain::recap::sheet::Heading;
use crate::domain::recap::sheet::Note;
use crate::domain::recap::sheet::Standing;
use crate::domain::recap::status::Reason;

/// Why a day is what it is.
#[expect(clippy::too_many_lines, reason = "one arm a reason: a table, not a procedure")]
pub fn reason(reason: &Reason, language: Language) -> String {
    let (indonesian, english) = match reason {
        Reason::NoShareAsked => (
            "Dihitung menurut jadwal kerja; lokasi tidak diminta.".to_owned(),
            "Counted by the roster; no share is asked for.".to_owned(),
        ),
        Reason::FirstDay => (
            "Hari pertama tercatat sebagai pegawai; sesi yang terlewat tidak dihitung.".to_owned(),
            "The first day on the staff list; what was missed on it does not count.".to_owned(),
        ),
        Reason::SharesReceived { received, expected } => (
            format!("{received} dari {expected} sesi ada lokasinya."),
            format!("{received} of {expected} slots have a share."),
        ),
        Reason::SlotMissed { slot } => (
            format!(
                "Sesi {} belum ada lokasinya; bila ada halangan, ajukan koreksi.",
                slot.word(Language::Indonesian)
            ),
            format!(
                "The {} slot has no share; if something was in the way, ask for a correction.",
                slot.word(Language::English)
            ),
        ),
        Reason::SlotInOutage { slot } => (
            format!(
                "Sesi {} tidak dihitung karena layanan terganggu.",
                slot.word(Language::Indonesian)
            ),
            format!(
                "The {} slot is excused: the service was disturbed.",
                slot.word(Language::English)
            ),
        ),
        Reason::SlotAccepted { slot } => (
            format!("Sesi {} diterima lewat koreksi.", slot.word(Language::Indonesian)),
            format!(
                "The {} slot was accepted by a correction.",
                slot.word(Language::English)
            ),
        ),
        Reason::SlotUpheld { slot } => (
            format!(
                "Sesi {} tidak dihitung menurut keputusan pemeriksaan; keberatan dapat diajukan kepada kepala BKD.",
                slot.word(Language::Indonesian)
            ),
            format!(
                "The {} slot does not count by the decision of a review; the head of BKD hears objections.",
                slot.word(Language::English)
            ),
        ),
        Reason::OnlyFromOutside => (
            "Lokasi berada di luar tempat tugas dan perlu penjelasan; belum ada keputusan.".to_owned(),
            "The shares came from elsewhere and are to be explained; nothing is decided.".to_owned(),
        ),
        Reason::ByAssignment => (
            "Menurut persetujuan yang tercatat.".to_owned(),
            "By an approval on record.".to_owned(),
        ),
        Reason::ByCorrection => (
            "Menurut koreksi yang diterima.".to_owned(),
            "By an accepted correction.".to_owned(),
        ),
        Reason::DayOff => ("Bukan hari kerja.".to_owned(), "Not a work day.".to_owned()),
        Reason::NotOver => ("Hari ini belum selesai.".to_owned(), "The day is not over.".to_owned()),
        Reason::LateBy { minutes } => (
            format!("Lokasi pertama {minutes} menit setelah jam masuk."),
            format!("The first share came {minutes} minutes after the start."),
        ),
        Reason::LeftEarlyBy { minutes } => (
            format!("Lokasi terakhir {minutes} menit sebelum jam pulang."),
            format!("The last share came {minutes} minutes before the end."),
        ),
        Reason::NoFirstEntry => (
            "Jam masuk belum tercatat.".to_owned(),
            "No arrival is on record.".to_owned(),
        ),
        Reason::NoLastEntry => (
            "Jam pulang belum tercatat.".to_owned(),
            "No departure is on record.".to_owned(),
        ),
    };
    language.choose(&indonesian, &english).to_owned()
}

/// What is not settled.
pub fn note(note: Note, language: Language) -> String {
    let (indonesian, english) = match note {
        Note::MonthRuns { last_day } => (
            format!("Bulan ini berjalan sampai {}.", long_date(last_day)),
            format!("The month runs until {last_day}."),
        ),
        Note::LateSharesMayCome => (
            "Lokasi yang diambil tepat waktu masih dapat masuk dalam 24 jam.".to_owned(),
            "Shares captured in time may still come in for 24 hours.".to_owned(),
        ),
        Note::ReviewsOpen => (
            "Uji petik BKD untuk bulan ini belum selesai.".to_owned(),
            "BKD's reviews of the month are not settled.".to_owned(),
        ),
        Note::CorrectionsOpen { count } => (
            format!("{count} permohonan koreksi menunggu keputusan."),
            format!("{count} corrections wait for a decision."),
        ),
    };
    language.choose(&indonesian, &english).to_owned()
}

/// How far a recap may be relied on.
pub fn standing(heading: &Heading, language: Language) -> String {
    let date = heading.date;
    let (indonesian, english) = match (heading.standing, heading.version) {
        (Standing::Closed, Some(version)) => (
            format!(
                "Ditutup sebagai versi {version} pada {}. Koreksi sesudahnya tampak pada selisih dan versi berikutnya.",
                long_date(date)
            ),
            format!(
                "Closed as version {version} on {date}. Later corrections show in the difference and the next version."
            ),
        ),
        (Standing::Ready | Standing::Closed, _) => (
            "Lengkap dan siap ditutup.".to_owned(),
            "Complete and ready to be closed.".to_owned(),
        ),
        (Standing::Provisional, _) => (
            "Sementara: angka masih dapat berubah.".to_owned(),
            "Provisional: figures may still change.".to_owned(),
        ),
    };
    language.choose(&indonesian, &english).to_owned()
}

/// What stands above every list of absence counts.
pub const fn counts_only(language: Language) -> &'static str {
    match language {
        Language::Indonesian => {
            "Sistem ini hanya menghitung dan mengingatkan. Hukuman disiplin tidak dijatuhkan oleh sistem: pemanggilan, \
             pemeriksaan, dan keputusan pejabat yang berwenang berlaku menurut PP 94/2021 bagi PNS; PPPK dan non-ASN \
             mengikuti perjanjian kerja dan aturan daerah."
        }
        Language::English => {
            "The system only counts and warns. It imposes nothing: summons, examination and the decision of the competent \
             official follow PP 94/2021 for civil servants; others follow their contracts and local rules."
        }
    }
}

/// How one person's absence counts.
pub fn absence(count: &AbsenceCount, rules: &DisciplineRules, language: Language) -> String {
    let days = count.cumulative_days();
    let (run, next) = (count.consecutive_days, rules.next(count));
    let first = next.filter(|_| rules.reached(count).is_empty());
    let (then_indonesian, then_english) = if let Some((level, left)) = first {
        let from = level.min_days;
        (
            format!("Belum mencapai tingkat PP 94/2021; tingkat pertama pada {from} hari ({left} hari lagi)."),
            format!("No level of PP 94/2021 is reached; the first is at {from} days ({left} more)."),
        )
    } else {
        (
            "Mohon tanyakan dahulu kepada yang bersangkutan dan periksa koreksi yang menunggu.".to_owned(),
            "Please ask the person first, and look at corrections that wait.".to_owned(),
        )
    };
    let indonesian = format!(
        "{days} hari tanpa keterangan tahun ini, berturut-turut paling lama {run} hari kerja. {then_indonesian}"
    );
    let english =
        format!("{days} days without a known reason this year, at most {run} work days in a row. {then_english}");
    language.choose(&indonesian, &english).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::slot::Slot;

    const LANGUAGES: [Language; 2] = [Language::Indonesian, Language::English];

    #[test]
    fn every_reason_has_a_sentence_that_accuses_nobody() {
        let slot = Slot::Morning;
        let reasons = [
            Reason::NoShareAsked,
            Reason::SharesReceived {
                received: 2,
                expected: 3,
            },
            Reason::SlotMissed { slot },
            Reason::SlotInOutage { slot },
            Reason::SlotAccepted { slot },
            Reason::SlotUpheld { slot },
            Reason::OnlyFromOutside,
            Reason::FirstDay,
            Reason::ByAssignment,
            Reason::ByCorrection,
            Reason::DayOff,
            Reason::NotOver,
            Reason::LateBy { minutes: 5 },
            Reason::LeftEarlyBy { minutes: 5 },
            Reason::NoFirstEntry,
            Reason::NoLastEntry,
        ];
        for told in &reasons {
            let sentences = LANGUAGES.map(|language| reason(told, language));
            assert_ne!(sentences[0], sentences[1], "{told:?}");
            for sentence in sentences {
                assert!(sentence.ends_with('.') && sentence.len() > 10, "{sentence}");
                for word in ["bolos", "palsu", "curang", "melanggar", "pelanggaran", "fake", "cheat"] {
                    assert!(!sentence.to_lowercase().contains(word), "{sentence}");
                }
            }
        }
    }

    #[test]
    fn a_list_of_absence_says_that_nothing_is_imposed() {
        assert!(counts_only(Language::Indonesian).contains("tidak dijatuhkan oleh sistem"));
        assert!(counts_only(Language::English).contains("imposes nothing"));
    }

    #[test]
    fn absence_is_told_with_the_next_step() {
        let rules = DisciplineRules::shipped();
        let of = |absent_days| {
            let count = AbsenceCount {
                absent_days,
                ..AbsenceCount::default()
            };
            absence(&count, &rules, Language::Indonesian)
        };
        assert!(of(1).contains("2 hari lagi"), "{}", of(1));
        assert!(of(5).contains("tanyakan dahulu"), "{}", of(5));
    }
}

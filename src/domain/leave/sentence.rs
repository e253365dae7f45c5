//! What a request for leave does not meet, told to its applicant: plain, with the next step.

use crate::domain::language::Language;
use crate::domain::leave::opinion::SaidFault;
use crate::domain::leave::request::RequestFault;

impl RequestFault {
    /// The sentence for the person.
    pub fn sentence(self, language: Language) -> String {
        match language {
            Language::Indonesian => self.indonesian(),
            Language::English => self.english(),
        }
    }

    fn indonesian(self) -> String {
        let date = |date| Language::Indonesian.date(date);
        match self {
            Self::KindNotForEmployment => {
                "Jenis cuti ini tidak tersedia untuk status kepegawaian Anda. Pilih jenis lain atau tanyakan kepada pengelola cuti.".to_owned()
            }
            Self::KindNotRequestable => {
                "Cuti bersama berlaku dengan sendirinya menurut kalender, jadi tidak perlu diajukan.".to_owned()
            }
            Self::EndsBeforeItBegins => "Tanggal akhir tidak boleh sebelum tanggal awal.".to_owned(),
            Self::TooFarBack { earliest } => {
                format!("Cuti ini paling awal dapat dimulai {}.", date(earliest))
            }
            Self::TooFarAhead { latest } => format!("Cuti dapat diajukan untuk awal paling lambat {}.", date(latest)),
            Self::TooLong { latest: Some(latest) } => {
                format!("Untuk jenis cuti ini, tanggal akhir paling lambat {}.", date(latest))
            }
            Self::TooLong { latest: None } => "Rentang cuti ini terlalu panjang.".to_owned(),
            Self::TooLongTogether { first, latest } => format!(
                "Cuti ini menyambung cuti sejenis yang dimulai {}; seluruhnya paling lambat sampai {}. Bila masih diperlukan, bicarakan dengan pengelola cuti.",
                date(first),
                date(latest)
            ),
            Self::CrossesYear => {
                "Cuti tahunan dihitung per tahun. Ajukan dua permohonan: satu sampai 31 Desember dan satu mulai 1 Januari.".to_owned()
            }
            Self::NoWorkDay => "Tidak ada hari kerja dalam rentang ini. Periksa kembali tanggalnya.".to_owned(),
            Self::ServiceUnknown => {
                "Awal masa kerja Anda belum tercatat. Mintalah operator atau pengelola cuti melengkapinya, lalu kirim kembali.".to_owned()
            }
            Self::ServiceTooShort { from } => {
                format!("Menurut masa kerja, jenis cuti ini dapat diambil mulai {}.", date(from))
            }
            Self::OverBalance { available, asked } => format!(
                "Sisa cuti yang dapat dipakai {available} hari kerja, sedangkan permohonan ini {asked} hari kerja. Kurangi harinya atau tanyakan sisa cuti kepada pengelola cuti."
            ),
            Self::Overlap { first, last } => format!(
                "Sudah ada permohonan atau cuti Anda pada {} sampai {}. Pilih tanggal lain atau tarik permohonan yang itu.",
                date(first),
                date(last)
            ),
            Self::AbsentAlready { date: day } => format!(
                "Pada {} Anda sudah tercatat cuti atau sakit. Pilih tanggal lain atau hubungi operator.",
                date(day)
            ),
            Self::NoAuthority => {
                "Belum ada ketentuan siapa yang memutuskan cuti ini. Hubungi BKD agar ketentuannya dilengkapi.".to_owned()
            }
        }
    }

    fn english(self) -> String {
        let date = |date| Language::English.date(date);
        match self {
            Self::KindNotForEmployment => {
                "This kind of leave is not for your employment. Choose another, or ask the leave officer.".to_owned()
            }
            Self::KindNotRequestable => {
                "Joint leave holds by itself as the calendar says; nobody needs to ask for it.".to_owned()
            }
            Self::EndsBeforeItBegins => "The last day is before the first.".to_owned(),
            Self::TooFarBack { earliest } => format!("This leave begins on {} at the earliest.", date(earliest)),
            Self::TooFarAhead { latest } => format!("Leave begins on {} at the latest.", date(latest)),
            Self::TooLong { latest: Some(latest) } => {
                format!("For this kind of leave the last day is {} at the latest.", date(latest))
            }
            Self::TooLong { latest: None } => "The leave is too long.".to_owned(),
            Self::TooLongTogether { first, latest } => format!(
                "This goes on from leave of the same kind that began on {}; all of it ends on {} at the latest. Talk to the leave officer if more is needed.",
                date(first),
                date(latest)
            ),
            Self::CrossesYear => {
                "Annual leave is counted by the year. File two requests: one until 31 December, one from 1 January.".to_owned()
            }
            Self::NoWorkDay => "None of these days is a work day. Check the dates.".to_owned(),
            Self::ServiceUnknown => {
                "Your first day of service is not on record. Ask the operator or leave officer to enter it, then send again.".to_owned()
            }
            Self::ServiceTooShort { from } => format!("By service, this leave can be taken from {} on.", date(from)),
            Self::OverBalance { available, asked } => format!(
                "{available} work days are left and {asked} are asked for. Take fewer days, or ask the leave officer about your balance."
            ),
            Self::Overlap { first, last } => format!(
                "You have a request or leave from {} to {} already. Choose other dates, or withdraw that one.",
                date(first),
                date(last)
            ),
            Self::AbsentAlready { date: day } => format!(
                "On {} you are recorded as on leave or ill already. Choose other dates, or ask the operator.",
                date(day)
            ),
            Self::NoAuthority => {
                "No rule says yet who decides on this leave. Ask BKD to complete the rules.".to_owned()
            }
        }
    }
}

impl SaidFault {
    /// The field of the body that it is about, the stable name of the rule, and the sentence in both languages.
    pub const fn told(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::NoteMissing => (
                "note",
                "missing",
                "Tulis catatan paling sedikit 3 karakter, agar pemohon tahu alasannya.",
                "Write a note of at least 3 characters, so that the applicant knows why.",
            ),
            Self::Note(_) => (
                "note",
                "out_of_limits",
                "Catatan paling panjang 500 karakter, tanpa karakter kendali.",
                "A note has at most 500 characters and no control characters.",
            ),
            Self::PeriodMissing => (
                "from",
                "missing",
                "Sebutkan tanggal baru yang diusulkan.",
                "Name the other dates.",
            ),
            Self::PeriodNotFitting => (
                "from",
                "not_fitting",
                "Tanggal hanya disebut bila keputusannya perubahan.",
                "Only a change names dates.",
            ),
            Self::PeriodUnchanged => (
                "from",
                "unchanged",
                "Tanggal ini sama dengan yang dimohon. Pilih tanggal lain, atau setujui.",
                "These are the dates asked for. Name others, or approve.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn every_fault_speaks_both_languages_with_a_next_step_and_without_blame() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let faults = [
            RequestFault::KindNotForEmployment,
            RequestFault::KindNotRequestable,
            RequestFault::EndsBeforeItBegins,
            RequestFault::TooFarBack { earliest: day },
            RequestFault::TooFarAhead { latest: day },
            RequestFault::TooLong { latest: Some(day) },
            RequestFault::TooLong { latest: None },
            RequestFault::TooLongTogether {
                first: day,
                latest: day,
            },
            RequestFault::CrossesYear,
            RequestFault::NoWorkDay,
            RequestFault::ServiceUnknown,
            RequestFault::ServiceTooShort { from: day },
            RequestFault::OverBalance { available: 2, asked: 3 },
            RequestFault::Overlap { first: day, last: day },
            RequestFault::AbsentAlready { date: day },
            RequestFault::NoAuthority,
        ];
        for fault in faults {
            let (indonesian, english) = (fault.sentence(Language::Indonesian), fault.sentence(Language::English));
            assert!(indonesian.ends_with('.') && english.ends_with('.'), "{fault:?}");
            assert_ne!(indonesian, english);
            for word in ["salah", "curang", "melanggar", "wrong"] {
                assert!(!indonesian.contains(word) && !english.contains(word), "{indonesian}");
            }
        }
        let told = RequestFault::ServiceTooShort { from: day }.sentence(Language::Indonesian);
        assert!(told.contains("2 Maret 2026"), "{told}");
    }
}

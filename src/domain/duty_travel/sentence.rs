//! What a journey does not meet, told to its traveller: plain, with the next step.

use crate::domain::duty_travel::request::TravelFault;
use crate::domain::language::Language;

impl TravelFault {
    /// The sentence for the person.
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::Indonesian => self.indonesian(),
            Language::English => self.english(),
        }
    }

    fn indonesian(&self) -> String {
        let date = |date| Language::Indonesian.date(date);
        match self {
            Self::UnknownRegion => {
                "Kode wilayah tujuan tidak dikenal. Pakai kode Kemendagri provinsi atau kabupaten/kota, misalnya 32.73."
                    .to_owned()
            }
            Self::FirstSlotsNotFitting => {
                "Perjalanan beberapa hari dimulai pada seluruh hari pertama atau pada siangnya.".to_owned()
            }
            Self::LastSlotsNotFitting => {
                "Perjalanan beberapa hari berakhir pada seluruh hari terakhir atau pada paginya; perjalanan satu hari \
                 memakai paruh hari yang sama."
                    .to_owned()
            }
            Self::EndsBeforeItBegins => "Tanggal akhir tidak boleh sebelum tanggal awal.".to_owned(),
            Self::TooFarBack { earliest } => {
                format!("Perjalanan dapat diajukan untuk awal paling lama {}.", date(*earliest))
            }
            Self::TooFarAhead { latest } => {
                format!("Perjalanan dapat diajukan untuk awal paling lambat {}.", date(*latest))
            }
            Self::TooLong => "Satu perjalanan paling lama 92 hari. Ajukan sisanya sebagai perjalanan lain.".to_owned(),
            Self::NoWorkDay => {
                "Tidak ada hari kerja dalam rentang ini. Bila bertugas pada hari libur, mintalah operator menjadwalkan hari itu dahulu.".to_owned()
            }
            Self::Overlap { first, last } => format!(
                "Sudah ada perjalanan Anda pada {} sampai {}. Pilih tanggal lain atau batalkan yang itu.",
                date(*first),
                date(*last)
            ),
            Self::AbsentAlready { date: day } => format!(
                "Pada {} Anda tercatat cuti atau sakit. Pilih tanggal lain atau hubungi operator.",
                date(*day)
            ),
            Self::Banned { number, approver } => format!(
                "Surat Edaran {number} melarang perjalanan ke luar daerah pada tanggal ini. {}",
                approver.as_ref().map_or_else(
                    || "Pertimbangkan pertemuan virtual atau tanggal lain.".to_owned(),
                    |approver| format!("Pengecualian dapat diberikan oleh: {approver}."),
                )
            ),
        }
    }

    fn english(&self) -> String {
        let date = |date| Language::English.date(date);
        match self {
            Self::UnknownRegion => {
                "No region has this code. Use the Kemendagri code of a province or regency, such as 32.73.".to_owned()
            }
            Self::FirstSlotsNotFitting => {
                "A journey of several days begins with the whole first day or with its afternoon.".to_owned()
            }
            Self::LastSlotsNotFitting => {
                "A journey of several days ends with the whole last day or with its morning; one of a single day has \
                 one part."
                    .to_owned()
            }
            Self::EndsBeforeItBegins => "The last day is before the first.".to_owned(),
            Self::TooFarBack { earliest } => format!("A journey begins on {} at the earliest.", date(*earliest)),
            Self::TooFarAhead { latest } => format!("A journey begins on {} at the latest.", date(*latest)),
            Self::TooLong => "A journey has at most 92 days. File the rest as another one.".to_owned(),
            Self::NoWorkDay => {
                "None of these days is a work day. If you are on duty on a free day, ask the operator to roster it first."
                    .to_owned()
            }
            Self::Overlap { first, last } => format!(
                "You have a journey from {} to {} already. Choose other dates, or call that one off.",
                date(*first),
                date(*last)
            ),
            Self::AbsentAlready { date: day } => format!(
                "On {} you are recorded as on leave or ill. Choose other dates, or ask the operator.",
                date(*day)
            ),
            Self::Banned { number, approver } => format!(
                "Circular {number} bans travel out of the region on these days. {}",
                approver.as_ref().map_or_else(
                    || "Think of a virtual meeting, or of another date.".to_owned(),
                    |approver| format!("Exceptions are granted by: {approver}."),
                )
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn every_fault_is_told_whole_in_both_languages() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let banned = |approver: Option<&str>| TravelFault::Banned {
            number: "800/1357-BKD/2021".to_owned(),
            approver: approver.map(str::to_owned),
        };
        for fault in [
            TravelFault::UnknownRegion,
            TravelFault::EndsBeforeItBegins,
            TravelFault::TooFarBack { earliest: date },
            TravelFault::TooFarAhead { latest: date },
            TravelFault::TooLong,
            TravelFault::NoWorkDay,
            TravelFault::Overlap {
                first: date,
                last: date,
            },
            TravelFault::AbsentAlready { date },
            banned(None),
            banned(Some("Kepala perangkat daerah")),
        ] {
            for language in [Language::Indonesian, Language::English] {
                let sentence = fault.sentence(language);
                assert!(sentence.ends_with('.') && !sentence.contains(['{', '}']), "{sentence}");
                assert!(!sentence.to_lowercase().contains("melanggar"), "{sentence}");
            }
        }
        let told = banned(Some("Kepala perangkat daerah")).sentence(Language::Indonesian);
        assert!(
            told.contains("800/1357-BKD/2021") && told.contains("Kepala perangkat daerah"),
            "{told}"
        );
    }
}

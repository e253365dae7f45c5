//! What is wrong with an entry, said to the person who wrote it.

use super::entry::ActivityFault;
use super::entry_day::clock;
use crate::domain::language::Language;
use crate::domain::text::TextError;

/// What is wrong with a text, and how to mend it.
pub fn of_text(error: TextError, language: Language) -> String {
    match error {
        TextError::Empty => language
            .choose("Isian ini belum terisi.", "This field is empty.")
            .to_owned(),
        TextError::TooShort { minimum } => match language {
            Language::Indonesian => format!("Isian ini paling sedikit {minimum} karakter."),
            Language::English => format!("At least {minimum} characters are needed."),
        },
        TextError::TooLong { maximum } => match language {
            Language::Indonesian => format!("Isian ini paling banyak {maximum} karakter."),
            Language::English => format!("At most {maximum} characters fit."),
        },
        TextError::Control => language
            .choose(
                "Isian ini memuat karakter yang tidak dapat disimpan.",
                "The text holds a character that can't be kept.",
            )
            .to_owned(),
    }
}

impl ActivityFault {
    /// The fault in words, with what to do about it.
    pub fn sentence(self, language: Language) -> String {
        match self {
            Self::Text { error, .. } => of_text(error, language),
            Self::DateClosed { last } => match language {
                Language::Indonesian => {
                    format!("Kegiatan tanggal ini dapat diisi sampai {}.", language.date(last))
                }
                Language::English => format!("Entries of this date were open until {}.", language.date(last)),
            },
            Self::Overlap {
                start_minute,
                end_minute,
            } => {
                let (start, end) = (clock(start_minute), clock(end_minute));
                match language {
                    Language::Indonesian => {
                        format!("Jam ini beririsan dengan kegiatan lain pukul {start} sampai {end}.")
                    }
                    Language::English => format!("These hours overlap another entry, {start} to {end}."),
                }
            }
            Self::StartMalformed
            | Self::EndMalformed
            | Self::EndNotAfterStart
            | Self::QuantityOutOfRange
            | Self::QuantityMissing
            | Self::UnitMissing
            | Self::LinkMalformed
            | Self::DateInFuture
            | Self::EndInFuture
            | Self::MonthClosed
            | Self::OnLeave => self.fixed(language).to_owned(),
        }
    }

    /// The sentences that carry no facts.
    const fn fixed(self, language: Language) -> &'static str {
        match self {
            Self::StartMalformed => language.choose(
                "Tulis jam mulai seperti 07:30.",
                "Write the start as a time like 07:30.",
            ),
            Self::EndMalformed => language.choose(
                "Tulis jam selesai seperti 16:00.",
                "Write the end as a time like 16:00.",
            ),
            Self::EndNotAfterStart => language.choose(
                "Jam selesai harus setelah jam mulai pada hari yang sama.",
                "The end must come after the start on the same day.",
            ),
            Self::QuantityOutOfRange => language.choose("Jumlah 1 sampai 100.000.", "The quantity is 1 to 100,000."),
            Self::QuantityMissing => {
                language.choose("Satuan perlu disertai jumlah.", "A unit needs a quantity beside it.")
            }
            Self::UnitMissing => language.choose("Jumlah perlu disertai satuan.", "A quantity needs a unit beside it."),
            Self::LinkMalformed => language.choose(
                "Tautan harus berupa alamat http:// atau https:// yang lengkap.",
                "The link must be a whole http:// or https:// address.",
            ),
            Self::DateInFuture => language.choose("Tanggal kegiatan belum tiba.", "The work date has not come yet."),
            Self::EndInFuture => language.choose(
                "Jam selesai belum lewat. Catat kegiatan setelah selesai.",
                "The end has not come yet. File the work once it is done.",
            ),
            Self::MonthClosed => language.choose(
                "Laporan bulan ini sudah ditutup.",
                "The report of this month is closed.",
            ),
            Self::OnLeave => language.choose(
                "Anda tercatat cuti atau sakit pada tanggal ini.",
                "You are recorded as on leave or ill on this date.",
            ),
            Self::Text { .. } | Self::DateClosed { .. } | Self::Overlap { .. } => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn every_fault_has_a_sentence_in_both_languages() {
        let faults = [
            ActivityFault::Text {
                field: "output",
                error: TextError::Empty,
            },
            ActivityFault::Text {
                field: "output",
                error: TextError::TooLong { maximum: 500 },
            },
            ActivityFault::StartMalformed,
            ActivityFault::EndMalformed,
            ActivityFault::EndNotAfterStart,
            ActivityFault::QuantityOutOfRange,
            ActivityFault::QuantityMissing,
            ActivityFault::UnitMissing,
            ActivityFault::LinkMalformed,
            ActivityFault::DateInFuture,
            ActivityFault::EndInFuture,
            ActivityFault::DateClosed {
                last: NaiveDate::from_ymd_opt(2026, 3, 5).unwrap(),
            },
            ActivityFault::MonthClosed,
            ActivityFault::OnLeave,
            ActivityFault::Overlap {
                start_minute: 450,
                end_minute: 540,
            },
        ];
        for fault in faults {
            let (indonesian, english) = (fault.sentence(Language::Indonesian), fault.sentence(Language::English));
            assert!(indonesian.ends_with('.') && english.ends_with('.'), "{fault:?}");
            assert_ne!(indonesian, english);
        }
    }

    #[test]
    fn an_overlap_names_the_hours_that_are_taken() {
        let fault = ActivityFault::Overlap {
            start_minute: 450,
            end_minute: 540,
        };
        assert_eq!(
            fault.sentence(Language::Indonesian),
            "Jam ini beririsan dengan kegiatan lain pukul 07:30 sampai 09:00."
        );
    }
}

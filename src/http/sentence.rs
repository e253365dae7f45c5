//! The outcome of a share in one sentence, spoken to a colleague (design section 9).

use crate::app::check_in::CheckInRow;
use crate::domain::check_in::TimeOutcome;
use crate::domain::language::Language;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::domain::work_mode::DutyPlace;

/// Names a slot.
pub(crate) const fn slot(slot: Slot, language: Language) -> &'static str {
    match (slot, language) {
        (Slot::Morning, Language::Indonesian) => "pagi",
        (Slot::Midday, Language::Indonesian) => "siang",
        (Slot::Afternoon, Language::Indonesian) => "sore",
        (Slot::Morning, Language::English) => "morning",
        (Slot::Midday, Language::English) => "midday",
        (Slot::Afternoon, Language::English) => "afternoon",
    }
}

/// A whole number as it is written in the language: `1.329` or `1,329`.
pub(crate) fn number(value: i32, language: Language) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(match language {
                Language::Indonesian => '.',
                Language::English => ',',
            });
        }
        grouped.push(digit);
    }
    if value < 0 { format!("-{grouped}") } else { grouped }
}

/// Tells the operator that a home lies absurdly far from the village that it is said to lie in.
pub(crate) fn far_home(village: &str, metres: i32, language: Language) -> String {
    let kilometres = number(metres / 1_000, language);
    match language {
        Language::Indonesian => format!(
            "Titik rumah ini {kilometres} km dari {village}, desa atau kelurahan yang disebut. Tanyakan kepada pegawai \
             apakah titik atau kode desanya keliru."
        ),
        Language::English => format!(
            "The point is {kilometres} km from {village}, the village that is named. Ask the employee whether the point \
             or the village code is a slip."
        ),
    }
}

/// Tells an auditor why there is no point to look at.
pub(crate) const fn forgotten_position(language: Language) -> &'static str {
    match language {
        Language::Indonesian => {
            "Titik lokasi ini sudah tidak disimpan karena masa simpannya telah berakhir. Penilaian yang dibuat saat itu tetap \
             berlaku; periksa lewat keterangan pegawai atau dokumen."
        }
        Language::English => {
            "This position is no longer kept: its time of keeping is over. What it was judged to be still stands; go by the \
             person's account or by documents."
        }
    }
}

/// Place, then time, then what to do next if there is anything to do.
pub(crate) fn outcome(row: &CheckInRow, language: Language) -> String {
    format!("{} {}", place(row, language), time(row, language))
}

fn place(row: &CheckInRow, language: Language) -> String {
    let is_home = row.mode.duty_place() == DutyPlace::Home;
    let away = row
        .distance_metres
        .map(|metres| number(metres, language))
        .unwrap_or_default();
    match language {
        Language::Indonesian => {
            let (at, from) = if is_home {
                ("di rumah", "rumah terdaftar")
            } else {
                ("di tempat tugas", "tempat tugas")
            };
            match row.place {
                Place::Inside => format!("Lokasi Anda {at}."),
                Place::Probable => format!("Lokasi Anda {away} m dari {from}; kemungkinan besar {at}."),
                Place::Uncertain => format!(
                    "Lokasi Anda {away} m dari {from}. Belum bisa dipastikan {at}; coba kirim ulang di tempat terbuka."
                ),
                Place::Outside => format!("Lokasi Anda {away} m dari {from}. Anda dapat memberi penjelasan."),
                Place::Unusable => {
                    "Akurasi lokasi terlalu rendah. Aktifkan lokasi akurat, lalu kirim ulang.".to_owned()
                }
                Place::Unverifiable if is_home => {
                    "Lokasi tersimpan, tetapi belum ada rumah terverifikasi untuk dibandingkan. Daftarkan rumah Anda."
                        .to_owned()
                }
                Place::Unverifiable => "Lokasi tersimpan; tidak ada titik tugas untuk dibandingkan.".to_owned(),
            }
        }
        Language::English => {
            let (at, from) = if is_home {
                ("at home", "your registered home")
            } else {
                ("at your post", "your post")
            };
            match row.place {
                Place::Inside => format!("You are {at}."),
                Place::Probable => format!("You are {away} m from {from}; most likely {at}."),
                Place::Uncertain => format!(
                    "You are {away} m from {from}. It can't be confirmed that you are {at}; try again in the open."
                ),
                Place::Outside => format!("You are {away} m from {from}. You can explain."),
                Place::Unusable => "The position is too coarse. Turn precise location on and share again.".to_owned(),
                Place::Unverifiable if is_home => {
                    "Your share is kept, but there is no verified home to compare with. Register your home.".to_owned()
                }
                Place::Unverifiable => "Your share is kept; there is no post to compare with.".to_owned(),
            }
        }
    }
}

fn time(row: &CheckInRow, language: Language) -> String {
    let name = row.slot.map(|of| slot(of, language)).unwrap_or_default();
    match (language, row.time) {
        (Language::Indonesian, TimeOutcome::OnTime) => format!("Diterima untuk sesi {name}."),
        (Language::Indonesian, TimeOutcome::Late) => {
            format!("Diterima untuk sesi {name}, terlambat dalam masa toleransi.")
        }
        (Language::Indonesian, TimeOutcome::Backfilled) => {
            format!("Diambil pada sesi {name}, diterima setelah sesi tutup.")
        }
        (Language::Indonesian, TimeOutcome::OutsideWindow) => {
            "Diambil di luar jam sesi, jadi tidak mengisi sesi mana pun.".to_owned()
        }
        (Language::English, TimeOutcome::OnTime) => format!("Received for the {name} slot."),
        (Language::English, TimeOutcome::Late) => format!("Received for the {name} slot, late within the grace."),
        (Language::English, TimeOutcome::Backfilled) => {
            format!("Captured in the {name} slot, received after it closed.")
        }
        (Language::English, TimeOutcome::OutsideWindow) => "Captured outside every slot, so it fills none.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_the_language_does() {
        assert_eq!(number(1_329, Language::Indonesian), "1.329");
        assert_eq!(number(-1_234_567, Language::English), "-1,234,567");
        assert_eq!(number(340, Language::Indonesian), "340");
    }
}

//! The outcome of a share in one sentence, spoken to a colleague (design section 9).

use crate::app::check_in::CheckInRow;
use crate::domain::check_in::Flag;
use crate::domain::check_in::TimeOutcome;
use crate::domain::language::Language;
use crate::domain::place::Place;
use crate::domain::work_mode::DutyPlace;

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
    if has(row, Flag::MockProvider) {
        return mock_place(row, language);
    }
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

/// A made-up position says nothing about where the person is, so the sentence speaks of the point alone.
fn mock_place(row: &CheckInRow, language: Language) -> String {
    let away = row.distance_metres.filter(|_| row.place != Place::Unverifiable);
    let away = away.map(|metres| number(metres, language));
    match (language, away) {
        (Language::Indonesian, Some(away)) => format!(
            "Titik yang dikirim {away} m dari tempat tugas, tetapi ponsel menandainya sebagai lokasi buatan, jadi belum \
             menunjukkan di mana Anda berada."
        ),
        (Language::Indonesian, None) => {
            "Ponsel menandai titik ini sebagai lokasi buatan, jadi belum menunjukkan di mana Anda berada.".to_owned()
        }
        (Language::English, Some(away)) => format!(
            "The point sent is {away} m from your place of duty, but the phone marks it as made up, so it does not show \
             where you are."
        ),
        (Language::English, None) => {
            "The phone marks this point as made up, so it does not show where you are.".to_owned()
        }
    }
}

/// What was received, and whether it counts for its slot.
fn time(row: &CheckInRow, language: Language) -> String {
    let Some(of) = row.slot else {
        return language
            .choose(
                "Diambil di luar jam sesi, jadi tidak mengisi sesi mana pun.",
                "Captured outside every slot, so it fills none.",
            )
            .to_owned();
    };
    let name = of.word(language);
    if row.counted {
        counted(row.time, name, language)
    } else {
        not_counted(row, name, language)
    }
}

fn counted(time: TimeOutcome, name: &str, language: Language) -> String {
    match (language, time) {
        // Whatever fills a slot was captured in it.
        (Language::Indonesian, TimeOutcome::OnTime | TimeOutcome::OutsideWindow) => {
            format!("Diterima untuk sesi {name}.")
        }
        (Language::Indonesian, TimeOutcome::Late) => {
            format!("Diterima untuk sesi {name}, terlambat dalam masa toleransi.")
        }
        (Language::Indonesian, TimeOutcome::Backfilled) => {
            format!("Diambil pada sesi {name}, diterima setelah sesi tutup; dihitung untuk sesi itu.")
        }
        (Language::English, TimeOutcome::OnTime | TimeOutcome::OutsideWindow) => {
            format!("Received for the {name} slot.")
        }
        (Language::English, TimeOutcome::Late) => format!("Received for the {name} slot, late within the grace."),
        (Language::English, TimeOutcome::Backfilled) => {
            format!("Captured in the {name} slot, received after it closed; it counts for that slot.")
        }
    }
}

fn not_counted(row: &CheckInRow, name: &str, language: Language) -> String {
    let is_ahead = has(row, Flag::CapturedAhead);
    match language {
        Language::Indonesian if is_ahead => {
            format!("Tersimpan, tetapi belum dihitung untuk sesi {name}: menurut jam kami waktunya belum tiba.")
        }
        Language::Indonesian if !row.is_countable => {
            format!("Tersimpan, tetapi belum dihitung untuk sesi {name}: diterima lebih dari 24 jam setelah diambil.")
        }
        Language::Indonesian => {
            format!("Tersimpan. Sesi {name} sudah terisi kiriman Anda yang lain; yang itu yang dihitung.")
        }
        Language::English if is_ahead => {
            format!("Kept, but not counted for the {name} slot: by our clock its time has not come yet.")
        }
        Language::English if !row.is_countable => {
            format!("Kept, but not counted for the {name} slot: received more than 24 hours after capture.")
        }
        Language::English => format!("Kept. Another share of yours fills the {name} slot already; that one counts."),
    }
}

fn has(row: &CheckInRow, flag: Flag) -> bool {
    let mut codes = row.flags.0.as_array().into_iter().flatten();
    codes.any(|code| code.as_str() == Some(flag.code()))
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

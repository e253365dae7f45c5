//! The outcome of a share in one sentence, spoken to a colleague (design section 9).

use crate::domain::check_in::Flag;
use crate::domain::check_in::TimeOutcome;
use crate::domain::language::Language;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::domain::work_mode::DutyPlace;
use crate::domain::work_mode::WorkMode;

/// What was made of a share, as far as its sentence goes.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The mode that it was judged by.
    pub mode: WorkMode,
    /// The slot that it falls in, if any.
    pub slot: Option<Slot>,
    /// Outcome of place.
    pub place: Place,
    /// Metres to the place of duty, rounded; none where nothing was compared.
    pub distance_metres: Option<i32>,
    /// Outcome of time.
    pub time: TimeOutcome,
    /// Whether it may represent its slot.
    pub is_countable: bool,
    /// Whether it does.
    pub is_counted: bool,
    /// What was odd.
    pub flags: Vec<Flag>,
}

impl Outcome {
    /// Place, then time, then what to do next if there is anything to do.
    pub fn sentence(&self, language: Language) -> String {
        format!("{} {}", place(self, language), time(self, language))
    }
}

fn place(outcome: &Outcome, language: Language) -> String {
    if outcome.flags.contains(&Flag::MockProvider) {
        return mock_place(outcome, language);
    }
    let is_home = outcome.mode.duty_place() == DutyPlace::Home;
    let away = outcome
        .distance_metres
        .map(|metres| language.grouped(u64::from(metres.unsigned_abs())))
        .unwrap_or_default();
    match language {
        Language::Indonesian => {
            let (at, from) = if is_home {
                ("di rumah", "rumah terdaftar")
            } else {
                ("di tempat tugas", "tempat tugas")
            };
            match outcome.place {
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
            match outcome.place {
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
fn mock_place(outcome: &Outcome, language: Language) -> String {
    let away = outcome.distance_metres.filter(|_| outcome.place != Place::Unverifiable);
    let away = away.map(|metres| language.grouped(u64::from(metres.unsigned_abs())));
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
fn time(outcome: &Outcome, language: Language) -> String {
    let Some(of) = outcome.slot else {
        return language
            .choose(
                "Diambil di luar jam sesi, jadi tidak mengisi sesi mana pun.",
                "Captured outside every slot, so it fills none.",
            )
            .to_owned();
    };
    let name = of.word(language);
    if outcome.is_counted {
        counted(outcome.time, name, language)
    } else {
        not_counted(outcome, name, language)
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

fn not_counted(outcome: &Outcome, name: &str, language: Language) -> String {
    let is_ahead = outcome.flags.contains(&Flag::CapturedAhead);
    match language {
        Language::Indonesian if is_ahead => {
            format!("Tersimpan, tetapi belum dihitung untuk sesi {name}: menurut jam kami waktunya belum tiba.")
        }
        Language::Indonesian if !outcome.is_countable => {
            format!("Tersimpan, tetapi belum dihitung untuk sesi {name}: diterima lebih dari 24 jam setelah diambil.")
        }
        Language::Indonesian => {
            format!("Tersimpan. Sesi {name} sudah terisi kiriman Anda yang lain; yang itu yang dihitung.")
        }
        Language::English if is_ahead => {
            format!("Kept, but not counted for the {name} slot: by our clock its time has not come yet.")
        }
        Language::English if !outcome.is_countable => {
            format!("Kept, but not counted for the {name} slot: received more than 24 hours after capture.")
        }
        Language::English => format!("Kept. Another share of yours fills the {name} slot already; that one counts."),
    }
}

//! A person's day in sentences: the mode and why, each slot and what to do about it (design section 9).

use crate::app::day::MySlot;
use crate::app::duty::PersonPart;
use crate::domain::calendar::HolidayKind;
use crate::domain::circular::in_force::Citation;
use crate::domain::circular::mode::ModeReason;
use crate::domain::day::SlotState;
use crate::domain::half::DayPart;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::language::Language;
use crate::domain::work_mode::WorkMode;
use crate::http::sentence;

/// Names what a person does in a mode, after "Anda" or "you".
const fn doing(mode: WorkMode, language: Language) -> &'static str {
    match language {
        Language::Indonesian => match mode {
            WorkMode::Wfo => "bekerja di kantor (WFO)",
            WorkMode::Wfh => "bekerja di rumah (WFH)",
            WorkMode::Wfa => "bekerja dari mana saja (WFA)",
            WorkMode::Picket => "bertugas piket",
            WorkMode::DutyTravel => "sedang dinas luar",
            WorkMode::Leave => "sedang cuti",
            WorkMode::Sick => "sedang sakit",
            WorkMode::Training => "mengikuti diklat",
            WorkMode::Off => "libur",
        },
        Language::English => match mode {
            WorkMode::Wfo => "work at the office (WFO)",
            WorkMode::Wfh => "work from home (WFH)",
            WorkMode::Wfa => "work from anywhere (WFA)",
            WorkMode::Picket => "are on picket duty",
            WorkMode::DutyTravel => "are on official travel",
            WorkMode::Leave => "are on leave",
            WorkMode::Sick => "are on sick leave",
            WorkMode::Training => "are at a training",
            WorkMode::Off => "are off",
        },
    }
}

fn carried(carried_by: &[Citation], language: Language) -> String {
    let numbers: Vec<&str> = carried_by.iter().map(|citation| citation.number.as_str()).collect();
    match (numbers.is_empty(), language) {
        (true, _) => String::new(),
        (false, Language::Indonesian) => format!(", diperpanjang dengan {}", numbers.join(" dan ")),
        (false, Language::English) => format!(", extended by {}", numbers.join(" and ")),
    }
}

/// The mode of a part of the day and why.
pub(crate) fn mode(part: DayPart, held: &PersonPart, language: Language) -> String {
    let sentence = mode_of(held, language);
    let when = match part {
        DayPart::All => return sentence,
        DayPart::Morning => language.choose("Paruh pertama hari", "First half of the day"),
        DayPart::Afternoon => language.choose("Paruh kedua hari", "Second half of the day"),
    };
    format!("{when}: {sentence}")
}

fn mode_of(held: &PersonPart, language: Language) -> String {
    if let Some(destination) = &held.destination {
        let (place, zone) = (destination.name(), held.zone.abbreviation());
        return match language {
            Language::Indonesian => {
                format!("Anda sedang dinas luar ke {place}. Jam sesi mengikuti waktu setempat ({zone}).")
            }
            Language::English => {
                format!("You are on official travel to {place}. Slots follow the clock there ({zone}).")
            }
        };
    }
    let doing = doing(held.mode.mode, language);
    match language {
        Language::Indonesian => match &held.mode.because {
            ModeReason::Assigned => format!("Anda {doing} menurut jadwal kerja perangkat daerah Anda."),
            ModeReason::Exempt(by) => {
                format!(
                    "Anda {doing}: tugas Anda dikecualikan dalam Surat Edaran {}.",
                    by.number
                )
            }
            ModeReason::Circular { by, carried_by } => format!(
                "Anda {doing} menurut Surat Edaran {}{}.",
                by.number,
                carried(carried_by, language)
            ),
            ModeReason::NoCircular => format!("Anda {doing}; tidak ada surat edaran yang mengatur lain."),
            ModeReason::Weekend => "Akhir pekan. Selamat beristirahat.".to_owned(),
            ModeReason::Holiday { kind, name } => match kind {
                HolidayKind::NationalHoliday => format!("Libur nasional: {name}."),
                // The calendar's own names of joint leave begin with the words.
                HolidayKind::JointLeave => format!("Cuti bersama: {}.", name.trim_start_matches("Cuti Bersama ")),
            },
            ModeReason::NotScheduled(by) => format!("Bukan hari kerja menurut Surat Edaran {}.", by.number),
            ModeReason::OwnSchedule => "Hari ini Anda libur menurut jadwal kerja Anda.".to_owned(),
        },
        Language::English => match &held.mode.because {
            ModeReason::Assigned => format!("You {doing} by your agency's roster."),
            ModeReason::Exempt(by) => format!("You {doing}: circular {} exempts your duty.", by.number),
            ModeReason::Circular { by, carried_by } => {
                format!(
                    "You {doing} by circular {}{}.",
                    by.number,
                    carried(carried_by, language)
                )
            }
            ModeReason::NoCircular => format!("You {doing}; no circular says otherwise."),
            ModeReason::Weekend => "Weekend. Have a good rest.".to_owned(),
            ModeReason::Holiday { kind, name } => match kind {
                HolidayKind::NationalHoliday => format!("National holiday: {name}."),
                HolidayKind::JointLeave => format!("Joint leave: {name}."),
            },
            ModeReason::NotScheduled(by) => format!("Not a work day by circular {}.", by.number),
            ModeReason::OwnSchedule => "Your schedule leaves this day free.".to_owned(),
        },
    }
}

/// How a slot stands, and the next step if there is one.
pub(crate) fn slot(slot: &MySlot, now: Instant, language: Language) -> String {
    if let Some(share) = &slot.received {
        return sentence::outcome(share, language);
    }
    let name = slot.rule.slot.word(language);
    if slot.in_outage {
        return match language {
            Language::Indonesian => {
                format!(
                    "Layanan terganggu pada sesi {name}, jadi sesi ini tidak dihitung. Tidak ada yang perlu dilakukan."
                )
            }
            Language::English => {
                format!("The service was disturbed in the {name} slot, so it does not count. There is nothing to do.")
            }
        };
    }
    if slot.on_first_day {
        return match language {
            Language::Indonesian => format!(
                "Sesi {name} tidak dihitung, karena hari ini hari pertama Anda tercatat. Tidak ada yang perlu dilakukan."
            ),
            Language::English => {
                format!(
                    "The {name} slot does not count, as this is your first day on the list. There is nothing to do."
                )
            }
        };
    }
    let zone = slot.zone;
    let clock = |at: Instant| clock(zone, at, language);
    let (opens, closes, ends) = (clock(slot.opens_at), clock(slot.closes_at), clock(slot.grace_ends_at));
    match (slot.state, language) {
        // Without a share there is nothing received to tell of.
        (SlotState::Expected | SlotState::Received, Language::Indonesian) => {
            format!("Sesi {name} dibuka pukul {opens}.")
        }
        (SlotState::Expected | SlotState::Received, Language::English) => format!("The {name} slot opens at {opens}."),
        (SlotState::Open, Language::Indonesian) if now > slot.closes_at => format!(
            "Sesi {name} sudah tutup pukul {closes}; masih diterima sampai pukul {ends} sebagai terlambat. \
             Silakan bagikan lokasi Anda."
        ),
        (SlotState::Open, Language::English) if now > slot.closes_at => format!(
            "The {name} slot closed at {closes}; shares are taken as late until {ends}. Please share your location."
        ),
        (SlotState::Open, Language::Indonesian) => {
            format!("Sesi {name} sedang dibuka sampai pukul {closes}. Silakan bagikan lokasi Anda.")
        }
        (SlotState::Open, Language::English) => {
            format!("The {name} slot is open until {closes}. Please share your location.")
        }
        (SlotState::Missed, Language::Indonesian) => format!(
            "Belum ada lokasi untuk sesi {name} ({opens}-{closes}). Bila ponsel Anda menyimpan lokasi dari sesi itu, \
             kirimkan dalam 24 jam; bila ada halangan, sampaikan kepada operator Anda."
        ),
        (SlotState::Missed, Language::English) => format!(
            "No share for the {name} slot ({opens}-{closes}) yet. If your phone kept one from then, send it within \
             24 hours; if something was in the way, tell your operator."
        ),
        (SlotState::Excused, Language::Indonesian) => {
            format!("Anda {}, jadi tidak perlu berbagi lokasi.", doing(slot.mode, language))
        }
        (SlotState::Excused, Language::English) => {
            format!("You {}, so there is nothing to share.", doing(slot.mode, language))
        }
        (SlotState::NotRequired, Language::Indonesian) => "Tidak perlu berbagi lokasi pada sesi ini.".to_owned(),
        (SlotState::NotRequired, Language::English) => "Nothing to share in this slot.".to_owned(),
    }
}

/// `07.30`, or `07:30` in English.
fn clock(zone: Zone, at: Instant, language: Language) -> String {
    let text = zone.clock(at);
    match language {
        Language::Indonesian => text,
        Language::English => text.replace('.', ":"),
    }
}

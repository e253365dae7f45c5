//! The sentences of a roster: why somebody works where they work, and what it does not keep to.

use crate::domain::circular::rule::PositionLevel;
use crate::domain::circular::rule::QuotaBound;
use crate::domain::language::Language;
use crate::domain::roster::finding::Finding;
use crate::domain::roster::reason::QuotaFact;
use crate::domain::roster::reason::Reason;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;

impl Reason {
    /// One sentence for the person and for whoever answers for the roster.
    pub fn sentence(&self, mode: WorkMode, language: Language) -> String {
        match language {
            Language::Indonesian => self.indonesian(mode),
            Language::English => self.english(mode),
        }
    }

    fn indonesian(&self, mode: WorkMode) -> String {
        let place = place(mode, Language::Indonesian);
        match self {
            Self::Granted => format!("{place}: sudah ditetapkan lebih dulu dan tidak diubah oleh jadwal ini."),
            Self::Exempt { by } => format!("{place}: dikecualikan dari pembagian menurut SE {by}."),
            Self::Marked => format!("{place}: dikecualikan dari giliran oleh perangkat daerah."),
            Self::GroupRule { by, group } => {
                let group = group_name(*group, Language::Indonesian);
                format!("{place}: ketentuan untuk kelompok {group} menurut SE {by}.")
            }
            Self::NoRule => format!("{place}: tidak ada surat edaran yang mengatur lain untuk hari ini."),
            Self::Picket {
                by,
                least,
                level,
                turn,
                turns,
                is_again,
            } => {
                let least = least.map_or_else(String::new, |least| format!(", sedikitnya {least} orang sehari"));
                let level = level.map_or_else(String::new, |level| {
                    format!(", mewakili {}", level_name(level, Language::Indonesian))
                });
                let again = if *is_again {
                    "; berturut-turut karena belum ada pengganti"
                } else {
                    ""
                };
                format!("{place}: giliran ke-{turn} dari {turns} menurut SE {by}{least}{level}{again}.")
            }
            Self::OfficeTurn {
                by,
                quota,
                turn,
                turns,
                present,
            } => format!(
                "{place}: hari kantor ke-{turn} dari {turns} dalam {present} hari kerja, {} menurut SE {by}.",
                quota_words(quota, Language::Indonesian)
            ),
            Self::AwayFirst { by } => {
                format!("{place}: didahulukan menurut SE {by} karena wilayah tempat tinggal atau kantor.")
            }
            Self::AwayTurn {
                by,
                quota,
                turns,
                present,
            } => format!(
                "{place}: {} menurut SE {by}; hari kantor {turns} dari {present} hari kerja.",
                quota_words(quota, Language::Indonesian)
            ),
            Self::ByHand { text } => format!("{place}: diubah dengan alasan: {}", ended(text)),
        }
    }

    fn english(&self, mode: WorkMode) -> String {
        let place = place(mode, Language::English);
        match self {
            Self::Granted => format!("{place}: settled before and not changed by this roster."),
            Self::Exempt { by } => format!("{place}: exempt from the division under circular {by}."),
            Self::Marked => format!("{place}: exempt from turns by the agency."),
            Self::GroupRule { by, group } => {
                let group = group_name(*group, Language::English);
                format!("{place}: the rule for the {group} group under circular {by}.")
            }
            Self::NoRule => format!("{place}: no circular says otherwise for this day."),
            Self::Picket {
                by,
                least,
                level,
                turn,
                turns,
                is_again,
            } => {
                let least = least.map_or_else(String::new, |least| format!(", at least {least} people a day"));
                let level = level.map_or_else(String::new, |level| {
                    format!(", standing for {}", level_name(level, Language::English))
                });
                let again = if *is_again {
                    "; in a row, as nobody else is free"
                } else {
                    ""
                };
                format!("{place}: turn {turn} of {turns} under circular {by}{least}{level}{again}.")
            }
            Self::OfficeTurn {
                by,
                quota,
                turn,
                turns,
                present,
            } => format!(
                "{place}: office day {turn} of {turns} in {present} work days, {} under circular {by}.",
                quota_words(quota, Language::English)
            ),
            Self::AwayFirst { by } => {
                format!("{place}: comes first under circular {by} by region of home or office.")
            }
            Self::AwayTurn {
                by,
                quota,
                turns,
                present,
            } => format!(
                "{place}: {} under circular {by}; {turns} office days in {present} work days.",
                quota_words(quota, Language::English)
            ),
            Self::ByHand { text } => format!("{place}: changed because: {}", ended(text)),
        }
    }
}

impl Finding {
    /// One sentence that says what is missing and, where somebody can do something, what.
    pub fn sentence(&self, language: Language) -> String {
        match language {
            Language::Indonesian => self.indonesian(),
            Language::English => self.english(),
        }
    }

    fn indonesian(&self) -> String {
        let on = self
            .date()
            .map_or_else(String::new, |date| Language::Indonesian.date(date));
        match self {
            Self::Quota {
                modes,
                bound,
                percent,
                people,
                least,
                most,
                counted,
                ..
            } => format!(
                "{on}: {} dari {people} orang berarti {}, pada jadwal {counted} orang.",
                quota_words(&fact(modes, *bound, *percent), Language::Indonesian),
                range(*least, *most, *bound, Language::Indonesian),
            ),
            Self::AnywhereNotOffered { people, .. } => {
                format!("{on}: {people} orang dijadwalkan WFA, padahal tidak ada surat edaran yang membolehkannya.")
            }
            Self::PicketShort {
                least,
                counted,
                available,
                ..
            } => format!(
                "{on}: piket sedikitnya {least} orang, pada jadwal {counted} orang; yang hadir dan dapat piket {available} orang."
            ),
            Self::PicketLevel { level, .. } => format!(
                "{on}: belum ada {} pada piket, padahal ada yang hadir.",
                level_name(*level, Language::Indonesian)
            ),
            Self::PicketLevelAbsent { level, .. } => format!(
                "{on}: tidak ada {} yang hadir untuk piket.",
                level_name(*level, Language::Indonesian)
            ),
            Self::Tied { wanted, planned, .. } => format!(
                "{on}: menurut surat edaran {}, pada jadwal {}.",
                wanted.word(Language::Indonesian),
                planned.word(Language::Indonesian)
            ),
            Self::Granted { planned, .. } => format!(
                "{on}: jadwal {} bertumpukan dengan cuti, dinas, atau koreksi yang sudah ditetapkan; yang ditetapkan itu yang berlaku.",
                planned.word(Language::Indonesian)
            ),
            Self::PassedOver { .. } => {
                format!(
                    "{on}: pegawai yang didahulukan dijadwalkan di kantor, sedangkan yang lain tidak; sebutkan alasannya."
                )
            }
            Self::NoEntry { .. } => format!("{on}: pegawai ini belum ada dalam jadwal."),
            Self::NotOnStaff { .. } => {
                format!("{on}: orang ini bukan pegawai perangkat daerah, atau libur menurut jadwalnya, pada hari itu.")
            }
            Self::PicketTwice { people, .. } => {
                format!("{on}: {people} orang piket dua hari kerja berturut-turut, padahal ada yang belum.")
            }
            Self::UnevenSpread {
                people,
                office_days,
                least,
                most,
                ..
            } => format!(
                "Hari kantor belum merata untuk {people} orang; yang terjauh {office_days} hari, semestinya {least} sampai {most} hari."
            ),
            Self::CriterionUnknown { criterion, .. } => format!(
                "Prioritas menurut {} tidak dapat dinilai dari data yang ada; ubah jadwalnya dengan tangan bila perlu.",
                criterion_name(criterion, Language::Indonesian)
            ),
        }
    }

    fn english(&self) -> String {
        let on = self
            .date()
            .map_or_else(String::new, |date| Language::English.date(date));
        match self {
            Self::Quota {
                modes,
                bound,
                percent,
                people,
                least,
                most,
                counted,
                ..
            } => format!(
                "{on}: {} of {people} people means {}; the roster has {counted}.",
                quota_words(&fact(modes, *bound, *percent), Language::English),
                range(*least, *most, *bound, Language::English),
            ),
            Self::AnywhereNotOffered { people, .. } => {
                format!("{on}: {people} people work anywhere although no circular offers it.")
            }
            Self::PicketShort {
                least,
                counted,
                available,
                ..
            } => format!(
                "{on}: at least {least} people on picket are asked for; the roster has {counted}, and {available} are present who could be."
            ),
            Self::PicketLevel { level, .. } => format!(
                "{on}: nobody of {} is on picket although some are present.",
                level_name(*level, Language::English)
            ),
            Self::PicketLevelAbsent { level, .. } => format!(
                "{on}: nobody of {} is present for picket.",
                level_name(*level, Language::English)
            ),
            Self::Tied { wanted, planned, .. } => format!(
                "{on}: {} by circular, {} by roster.",
                wanted.word(Language::English),
                planned.word(Language::English)
            ),
            Self::Granted { planned, .. } => format!(
                "{on}: {} by roster meets leave, travel or a correction that was settled before; that one holds.",
                planned.word(Language::English)
            ),
            Self::PassedOver { .. } => {
                format!("{on}: someone who comes first is in the office while others are not; say why.")
            }
            Self::NoEntry { .. } => format!("{on}: this person is not in the roster yet."),
            Self::NotOnStaff { .. } => {
                format!("{on}: this person is not on the agency's staff, or free by schedule, that day.")
            }
            Self::PicketTwice { people, .. } => {
                format!("{on}: {people} people are on picket two work days in a row while others were not.")
            }
            Self::UnevenSpread {
                people,
                office_days,
                least,
                most,
                ..
            } => format!(
                "Office days are uneven for {people} people; the farthest has {office_days}, {least} to {most} would be fair."
            ),
            Self::CriterionUnknown { criterion, .. } => format!(
                "Priority by {} can't be told from what is known here; change the roster by hand if need be.",
                criterion_name(criterion, Language::English)
            ),
        }
    }
}

fn fact(modes: &[WorkMode], bound: QuotaBound, percent: u8) -> QuotaFact {
    QuotaFact {
        modes: modes.to_vec(),
        bound,
        percent,
    }
}

fn ended(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// `WFH paling banyak 50%`.
fn quota_words(quota: &QuotaFact, language: Language) -> String {
    let modes: Vec<&str> = quota.modes.iter().map(|mode| mode.word(language)).collect();
    let bound = match (quota.bound, language) {
        (QuotaBound::Min, Language::Indonesian) => " paling sedikit",
        (QuotaBound::Max, Language::Indonesian) => " paling banyak",
        (QuotaBound::Min, Language::English) => " at least",
        (QuotaBound::Max, Language::English) => " at most",
        (QuotaBound::Exact, _) => "",
    };
    let and = language.choose(" dan ", " and ");
    format!("{}{bound} {}%", modes.join(and), quota.percent)
}

fn range(least: usize, most: usize, bound: QuotaBound, language: Language) -> String {
    match (bound, language) {
        (QuotaBound::Min, Language::Indonesian) => format!("paling sedikit {least} orang"),
        (QuotaBound::Max, Language::Indonesian) => format!("paling banyak {most} orang"),
        (QuotaBound::Min, Language::English) => format!("at least {least}"),
        (QuotaBound::Max, Language::English) => format!("at most {most}"),
        (QuotaBound::Exact, _) if least == most => format!("{least}{}", language.choose(" orang", "")),
        (QuotaBound::Exact, Language::Indonesian) => format!("{least} atau {most} orang"),
        (QuotaBound::Exact, Language::English) => format!("{least} or {most}"),
    }
}

const fn place(mode: WorkMode, language: Language) -> &'static str {
    match (mode, language) {
        (WorkMode::Wfo, Language::Indonesian) => "Di kantor",
        (WorkMode::Wfh, Language::Indonesian) => "Di rumah",
        (WorkMode::Wfa, Language::Indonesian) => "Di mana saja",
        (WorkMode::Picket, Language::Indonesian) => "Piket",
        (WorkMode::DutyTravel, Language::Indonesian) => "Dinas luar",
        (WorkMode::Leave, Language::Indonesian) => "Cuti",
        (WorkMode::Sick, Language::Indonesian) => "Sakit",
        (WorkMode::Training, Language::Indonesian) => "Diklat",
        (WorkMode::Off, Language::Indonesian) => "Libur",
        (WorkMode::Wfo, Language::English) => "At the office",
        (WorkMode::Wfh, Language::English) => "At home",
        (WorkMode::Wfa, Language::English) => "Anywhere",
        (WorkMode::Picket, Language::English) => "On picket",
        (WorkMode::DutyTravel, Language::English) => "Duty travel",
        (WorkMode::Leave, Language::English) => "Leave",
        (WorkMode::Sick, Language::English) => "Sick",
        (WorkMode::Training, Language::English) => "Training",
        (WorkMode::Off, Language::English) => "Off",
    }
}

const fn level_name(level: PositionLevel, language: Language) -> &'static str {
    match level {
        PositionLevel::EchelonI => language.choose("eselon I", "echelon I"),
        PositionLevel::EchelonII => language.choose("eselon II", "echelon II"),
        PositionLevel::EchelonIII => language.choose("eselon III", "echelon III"),
        PositionLevel::EchelonIV => language.choose("eselon IV", "echelon IV"),
        PositionLevel::Staff => language.choose("staf", "staff"),
    }
}

const fn group_name(group: WorkGroup, language: Language) -> &'static str {
    match group {
        WorkGroup::PublicService => language.choose("pelayanan publik", "public service"),
        WorkGroup::Administration => language.choose("administrasi", "administration"),
        WorkGroup::Educator => language.choose("pendidik", "educator"),
    }
}

fn criterion_name(criterion: &str, language: Language) -> &str {
    match criterion {
        "office_in" => language.choose("letak kantor", "where the office stands"),
        "age_from" => language.choose("usia", "age"),
        "pregnant" => language.choose("kehamilan", "pregnancy"),
        "chronic_illness" => language.choose("penyakit menahun", "chronic illness"),
        "public_transport" => language.choose("angkutan umum", "public transport"),
        "long_journey" => language.choose("perjalanan jauh", "a long journey"),
        other => other,
    }
}

#[cfg(test)]
#[path = "sentence_tests.rs"]
mod tests;

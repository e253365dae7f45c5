//! What a case means for the person it is about, in one or two plain sentences with the next step.

use crate::domain::case::CaseFinding;
use crate::domain::case::CaseState;
use crate::domain::case::objection::ObjectionOutcome;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::language::Language;
use crate::domain::notice::CaseOutcome;
use crate::domain::slot::Slot;
use chrono::NaiveDate;

/// What the sentence needs to know.
#[derive(Clone, Copy, Debug)]
pub struct CaseFacts {
    /// The drawn slot.
    pub slot: Slot,
    /// Its work date.
    pub work_date: NaiveDate,
    /// Where the case stands.
    pub state: CaseState,
    /// What the auditor found.
    pub finding: Option<CaseFinding>,
    /// How it was decided, before any objection.
    pub outcome: Option<CaseOutcome>,
    /// When the time to reply ends, and in which zone it is read.
    pub reply_due: Option<(Instant, Zone)>,
    /// Working days that did not count towards it, because the person was on leave or ill.
    pub paused_days: u16,
    /// Whether an objection is taken now.
    pub may_object: bool,
    /// When the time to object ends, once it runs.
    pub objection_due: Option<(Instant, Zone)>,
    /// What the head of BKD decided on the objection.
    pub objection: Option<ObjectionOutcome>,
}

/// The sentence for the person.
pub fn sentence(facts: &CaseFacts, language: Language) -> String {
    let opening = opening(facts, language);
    let rest = match (facts.state, facts.finding, facts.outcome) {
        (CaseState::Assigned, _, _) => language.choose(
            "Pemeriksaan acak ini bukan tuduhan; tidak ada yang perlu Anda lakukan.",
            "A random check is no accusation; there is nothing you need to do.",
        ),
        (CaseState::Objected, _, _) => language.choose(
            "Keberatan Anda sudah diterima dan sedang dipertimbangkan Kepala BKD. Selama itu temuan belum berlaku.",
            "Your objection was received and is being considered by the head of BKD. Until then the finding has no effect.",
        ),
        (_, _, Some(CaseOutcome::Upheld)) => return format!("{opening} {}", upheld(facts, language)),
        (_, _, Some(CaseOutcome::Withdrawn)) | (_, Some(CaseFinding::Valid), _) => language.choose(
            "Hasilnya sesuai. Terima kasih.",
            "It was found to be in order. Thank you.",
        ),
        (_, _, Some(CaseOutcome::Inconclusive)) | (_, Some(CaseFinding::Inconclusive), _) => language.choose(
            "Hasilnya tidak dapat dipastikan, dan tidak dihitung merugikan Anda.",
            "It could not be settled, and does not count against you.",
        ),
        (CaseState::Replied, _, _) => language.choose(
            "Tanggapan Anda sudah diterima dan sedang dipertimbangkan.",
            "Your reply was received and is being considered.",
        ),
        (CaseState::NoReply, _, _) => language.choose(
            "Waktu menanggapi sudah berakhir; keputusan sedang disiapkan.",
            "The time to reply has passed; a decision is being prepared.",
        ),
        (
            CaseState::Reviewed | CaseState::Notified | CaseState::Decided | CaseState::Closed,
            Some(CaseFinding::InvalidProposed) | None,
            None,
        ) => return format!("{opening} {}", asking(facts, language)),
    };
    format!("{opening} {rest}")
}

fn opening(facts: &CaseFacts, language: Language) -> String {
    let date = language.date(facts.work_date);
    let slot = facts.slot.word(language);
    match language {
        Language::Indonesian => format!("Lokasi {slot} tanggal {date} terpilih secara acak untuk diperiksa."),
        Language::English => format!("The {slot} share of {date} was drawn at random to be checked."),
    }
}

/// The end of a time, told by its last day: it ends at midnight, and people count by the day before.
fn until((due_at, zone): (Instant, Zone), language: Language) -> String {
    let last = zone.date(due_at.plus(chrono::Duration::seconds(-1)));
    let (last, zone) = (language.date(last), zone.abbreviation());
    match language {
        Language::Indonesian => format!("paling lambat {last}, pukul 24.00 {zone}"),
        Language::English => format!("by {last}, 24.00 {zone}"),
    }
}

fn asking(facts: &CaseFacts, language: Language) -> String {
    let Some(due) = facts.reply_due else {
        return language
            .choose(
                "Ada hal yang perlu dijelaskan. Anda berhak menanggapi sebelum apa pun diputuskan.",
                "Something needs to be explained. You may reply before anything is decided.",
            )
            .to_owned();
    };
    let until = until(due, language);
    let asked = match language {
        Language::Indonesian => format!("Ada hal yang perlu dijelaskan. Tulis tanggapan Anda {until}."),
        Language::English => format!("Something needs to be explained. Write your reply {until}."),
    };
    match (facts.paused_days, language) {
        (0, _) => asked,
        (days, Language::Indonesian) => {
            format!("{asked} Sudah diperpanjang {days} hari kerja karena Anda cuti atau sakit.")
        }
        (1, Language::English) => format!("{asked} One working day of leave or sickness is not counted."),
        (days, Language::English) => format!("{asked} {days} working days of leave or sickness are not counted."),
    }
}

fn upheld(facts: &CaseFacts, language: Language) -> String {
    match facts.objection {
        Some(ObjectionOutcome::Withdrawn) => {
            return language
                .choose(
                    "Kepala BKD menerima keberatan Anda: temuan ditarik dan tidak dihitung.",
                    "The head of BKD granted your objection: the finding is taken back and does not count.",
                )
                .to_owned();
        }
        Some(ObjectionOutcome::Upheld) => {
            return language
                .choose(
                    "Kepala BKD telah mempertimbangkan keberatan Anda; temuan tetap berlaku. Alasannya tertulis di bawah.",
                    "The head of BKD considered your objection; the finding stands. The reason is written below.",
                )
                .to_owned();
        }
        None => {}
    }
    let decided = language.choose(
        "Setelah tanggapan dipertimbangkan, temuan ditetapkan; alasannya tertulis di bawah.",
        "After considering the reply, the finding was upheld; the reason is written below.",
    );
    let next = match (facts.may_object, facts.objection_due, language) {
        (true, Some(due), Language::Indonesian) => {
            format!(
                "Keberatan dapat Anda ajukan kepada Kepala BKD {}.",
                until(due, language)
            )
        }
        (true, Some(due), Language::English) => {
            format!("You may object to the head of BKD {}.", until(due, language))
        }
        (true, None, _) => language
            .choose(
                "Keberatan dapat Anda ajukan kepada Kepala BKD.",
                "You may object to the head of BKD.",
            )
            .to_owned(),
        (false, _, _) => language
            .choose(
                "Waktu mengajukan keberatan sudah berakhir.",
                "The time to object has passed.",
            )
            .to_owned(),
    };
    format!("{decided} {next}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(state: CaseState, finding: Option<CaseFinding>, outcome: Option<CaseOutcome>) -> CaseFacts {
        CaseFacts {
            slot: Slot::Morning,
            work_date: "2026-03-02".parse().unwrap(),
            state,
            finding,
            outcome,
            reply_due: None,
            paused_days: 0,
            may_object: false,
            objection_due: None,
            objection: None,
        }
    }

    #[test]
    fn being_drawn_is_told_as_what_it_is() {
        let told = sentence(&facts(CaseState::Assigned, None, None), Language::Indonesian);
        assert_eq!(
            told,
            "Lokasi pagi tanggal 2 Maret 2026 terpilih secara acak untuk diperiksa. Pemeriksaan acak ini bukan tuduhan; \
             tidak ada yang perlu Anda lakukan."
        );
    }

    #[test]
    fn a_question_names_the_last_day_to_reply() {
        let due_at = Instant::parse("2026-03-11T00:00:00+07:00").unwrap();
        let asked = CaseFacts {
            reply_due: Some((due_at, Zone::Jakarta)),
            ..facts(CaseState::Notified, Some(CaseFinding::InvalidProposed), None)
        };
        assert!(sentence(&asked, Language::Indonesian).ends_with("paling lambat 10 Maret 2026, pukul 24.00 WIB."));
        assert!(sentence(&asked, Language::English).ends_with("by 10 March 2026, 24.00 WIB."));
    }

    #[test]
    fn days_that_did_not_count_are_told() {
        let due_at = Instant::parse("2026-03-13T00:00:00+09:00").unwrap();
        let asked = CaseFacts {
            reply_due: Some((due_at, Zone::Jayapura)),
            paused_days: 2,
            ..facts(CaseState::Notified, Some(CaseFinding::InvalidProposed), None)
        };
        let told = sentence(&asked, Language::Indonesian);
        assert!(told.ends_with(
            "paling lambat 12 Maret 2026, pukul 24.00 WIT. Sudah diperpanjang 2 hari kerja karena Anda cuti atau sakit."
        ));
        let one = CaseFacts {
            paused_days: 1,
            ..asked
        };
        assert!(sentence(&one, Language::English).ends_with("One working day of leave or sickness is not counted."));
    }

    #[test]
    fn an_upheld_finding_names_the_way_to_object_and_what_came_of_it() {
        let proposed = Some(CaseFinding::InvalidProposed);
        let upheld = facts(CaseState::Decided, proposed, Some(CaseOutcome::Upheld));
        let told = |facts| sentence(&facts, Language::Indonesian);
        let due_at = Instant::parse("2026-04-01T00:00:00+07:00").unwrap();
        let open = CaseFacts {
            may_object: true,
            objection_due: Some((due_at, Zone::Jakarta)),
            ..upheld
        };
        assert!(told(open).ends_with("kepada Kepala BKD paling lambat 31 Maret 2026, pukul 24.00 WIB."));
        assert!(
            told(CaseFacts {
                objection_due: None,
                ..open
            })
            .ends_with("kepada Kepala BKD.")
        );
        assert!(told(upheld).ends_with("Waktu mengajukan keberatan sudah berakhir."));
        let objected = CaseFacts {
            state: CaseState::Objected,
            ..upheld
        };
        assert!(told(objected).ends_with("Selama itu temuan belum berlaku."));
        let ended = |objection| {
            told(CaseFacts {
                objection: Some(objection),
                ..upheld
            })
        };
        assert!(ended(ObjectionOutcome::Withdrawn).ends_with("temuan ditarik dan tidak dihitung."));
        assert!(ended(ObjectionOutcome::Upheld).contains("temuan tetap berlaku"));
    }

    #[test]
    fn what_could_not_be_settled_is_said_not_to_count() {
        for case in [
            facts(CaseState::Reviewed, Some(CaseFinding::Inconclusive), None),
            facts(
                CaseState::Decided,
                Some(CaseFinding::InvalidProposed),
                Some(CaseOutcome::Inconclusive),
            ),
        ] {
            assert!(sentence(&case, Language::Indonesian).contains("tidak dihitung merugikan Anda"));
        }
        let withdrawn = facts(
            CaseState::Closed,
            Some(CaseFinding::InvalidProposed),
            Some(CaseOutcome::Withdrawn),
        );
        assert!(sentence(&withdrawn, Language::Indonesian).contains("Hasilnya sesuai"));
    }
}

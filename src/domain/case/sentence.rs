//! What a case means for the person it is about, in one or two plain sentences with the next step.

use crate::domain::case::CaseFinding;
use crate::domain::case::CaseState;
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
    /// How it was decided.
    pub outcome: Option<CaseOutcome>,
    /// When the time to reply ends, and in which zone it is read.
    pub reply_due: Option<(Instant, Zone)>,
}

/// The sentence for the person.
pub fn sentence(facts: &CaseFacts, language: Language) -> String {
    let opening = opening(facts, language);
    let rest = match (facts.state, facts.finding, facts.outcome) {
        (CaseState::Assigned, _, _) => language.choose(
            "Pemeriksaan acak ini bukan tuduhan; tidak ada yang perlu Anda lakukan.",
            "A random check is no accusation; there is nothing you need to do.",
        ),
        (_, _, Some(CaseOutcome::Upheld)) => language.choose(
            "Setelah tanggapan dipertimbangkan, temuan ditetapkan; alasannya tertulis di bawah. Keberatan dapat Anda ajukan \
             kepada Kepala BKD.",
            "After considering the reply, the finding was upheld; the reason is written below. You may object to the head of \
             BKD.",
        ),
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
        ) => return format!("{opening} {}", asking(facts.reply_due, language)),
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

fn asking(reply_due: Option<(Instant, Zone)>, language: Language) -> String {
    match (reply_due, language) {
        (Some((due_at, zone)), Language::Indonesian) => {
            // The time ends at midnight; people count by the day before.
            let last = zone.date(due_at.plus(chrono::Duration::seconds(-1)));
            format!(
                "Ada hal yang perlu dijelaskan. Tulis tanggapan Anda paling lambat {}, pukul 24.00 {}.",
                language.date(last),
                zone.abbreviation(),
            )
        }
        (Some((due_at, zone)), Language::English) => {
            let last = zone.date(due_at.plus(chrono::Duration::seconds(-1)));
            format!(
                "Something needs to be explained. Write your reply by {}, 24.00 {}.",
                language.date(last),
                zone.abbreviation(),
            )
        }
        (None, Language::Indonesian) => {
            "Ada hal yang perlu dijelaskan. Anda berhak menanggapi sebelum apa pun diputuskan.".to_owned()
        }
        (None, Language::English) => {
            "Something needs to be explained. You may reply before anything is decided.".to_owned()
        }
    }
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

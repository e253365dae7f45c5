//! Sentences of notices: whole, in both languages, without blame.

use super::*;
use crate::domain::case::objection::ObjectionOutcome;
use crate::domain::case::reminder::Reminder;
use crate::domain::ids::{
    ActivityId, AuditId, BatchId, CaseId, CorrectionId, EmployeeId, HomeId, MonthlyReportId, RosterId,
};
use crate::domain::instant::{Instant, Zone};
use crate::domain::notice::AbsenceFact;
use crate::domain::notice::CaseOutcome;
use crate::domain::recap::discipline::Basis;
use uuid::Uuid;

fn every_kind() -> Vec<NoticeContent> {
    let id = Uuid::from_u128(7);
    let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    let (home_id, case_id, batch_id) = (HomeId::new(id), CaseId::new(id), BatchId::new(id));
    let activity_id = ActivityId::new(id);
    let reason = "Foto kurang jelas".to_owned();
    let mut kinds = vec![
        NoticeContent::HomeVerified {
            home_id,
            effective_from: date,
        },
        NoticeContent::HomeReturned {
            home_id,
            reason: reason.clone(),
        },
        NoticeContent::HomeRejected {
            home_id,
            reason: reason.clone(),
        },
        NoticeContent::ActivityEscalated {
            activity_id,
            work_date: date,
        },
        NoticeContent::MonthlyReportAssessed {
            monthly_report_id: MonthlyReportId::new(id),
            month: "2026-03".parse().unwrap(),
            results: Expectation::Above,
            behaviour: Expectation::Meets,
        },
        NoticeContent::CaseOpened {
            case_id,
            work_date: date,
            reply_working_days: 3,
        },
        NoticeContent::ReplyDue {
            case_id,
            work_date: date,
            due_at: Instant::parse("2026-03-06T10:00:00Z").unwrap(),
            zone: Zone::Jakarta,
        },
        NoticeContent::TeamCaseUpheld {
            case_id,
            work_date: date,
        },
        NoticeContent::BatchAccepted {
            batch_id,
            from: date,
            to: date,
        },
        NoticeContent::BatchRejected {
            batch_id,
            from: date,
            to: date,
            findings: 2,
            told: vec![
                "Pegawai cuti, tetapi tercatat hadir".to_owned(),
                "Jam tertukar.".to_owned(),
            ],
            is_answerable: true,
        },
        NoticeContent::DayCorrected {
            work_date: date,
            reason,
        },
    ];
    kinds.extend(decided_kinds(activity_id, case_id, date));
    kinds.extend(hearing_kinds(case_id, date));
    kinds.extend(leave_kinds(date));
    kinds.extend(roster_kinds(RosterId::new(id), date));
    kinds.extend(attendance_kinds(CorrectionId::new(id), EmployeeId::new(id), date));
    kinds.extend(travel_kinds(date));
    kinds
}

fn attendance_kinds(correction_id: CorrectionId, employee_id: EmployeeId, work_date: NaiveDate) -> Vec<NoticeContent> {
    let mut kinds = Vec::new();
    for is_accepted in [true, false] {
        kinds.push(NoticeContent::CorrectionDecided {
            correction_id,
            work_date,
            is_accepted,
            note: Some("Lihat buku tamu".to_owned()),
        });
    }
    for basis in [Basis::Cumulative, Basis::Consecutive] {
        let fact = AbsenceFact {
            year: 2026,
            days: 12,
            from_days: 10,
            basis,
        };
        kinds.push(NoticeContent::AbsenceCounted(fact));
        kinds.push(NoticeContent::TeamAbsenceCounted {
            employee_id,
            name: "Contoh, S.E.".to_owned(),
            fact,
        });
    }
    kinds
}

#[test]
fn a_count_of_absence_warns_kindly_and_says_that_it_is_no_sanction() {
    let id = Uuid::from_u128(7);
    let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    let kinds = attendance_kinds(CorrectionId::new(id), EmployeeId::new(id), date);
    assert_eq!(
        kinds[2].text(Language::Indonesian).body,
        "Dalam tahun 2026 tercatat 12 hari kerja tanpa keterangan; 10 hari adalah batas yang disebut PP 94/2021. Bila ada \
         yang keliru atau belum tercatat, seperti izin, sakit, atau gangguan jaringan, silakan ajukan koreksi. Ini \
         pemberitahuan, bukan sanksi."
    );
    let json = serde_json::to_value(&kinds[3]).unwrap();
    assert_eq!(json["kind"], "team_absence_counted");
    assert_eq!((&json["days"], &json["basis"]), (&12.into(), &"cumulative".into()));
    assert_eq!(serde_json::from_value::<NoticeContent>(json).unwrap(), kinds[3]);
}

fn leave_kinds(date: NaiveDate) -> Vec<NoticeContent> {
    vec![
        NoticeContent::LeaveDecided {
            from: date,
            to: date,
            is_granted: false,
        },
        NoticeContent::LeaveReturned {
            from: date,
            to: date,
            note: "Surat dokter belum ada".to_owned(),
        },
        NoticeContent::LeaveChanged { from: date, to: date },
        NoticeContent::LeaveEnded {
            from: date,
            to: date,
            reason: "Penugasan mendadak".to_owned(),
        },
    ]
}

fn travel_kinds(date: NaiveDate) -> Vec<NoticeContent> {
    let destination_code = "73.71".to_owned();
    let mut kinds = vec![
        NoticeContent::TravelExcepted {
            from: date,
            to: date,
            destination_code: destination_code.clone(),
        },
        NoticeContent::TravelEnded {
            from: date,
            to: date,
            reason: "Rapat diadakan secara virtual".to_owned(),
        },
    ];
    for is_approved in [true, false] {
        kinds.push(NoticeContent::TravelDecided {
            from: date,
            to: date,
            destination_code: destination_code.clone(),
            is_approved,
        });
    }
    kinds
}

fn roster_kinds(roster_id: RosterId, date: NaiveDate) -> Vec<NoticeContent> {
    let mut kinds = vec![NoticeContent::RosterPublished {
        roster_id,
        from: date,
        to: date,
    }];
    for is_received in [true, false] {
        kinds.push(NoticeContent::RosterDecided {
            roster_id,
            from: date,
            to: date,
            is_received,
            told: Some("Piket hari Senin kurang".to_owned()),
        });
    }
    kinds
}

/// The kinds that tell of a decision, once for each way in which it may end.
fn decided_kinds(activity_id: ActivityId, case_id: CaseId, date: NaiveDate) -> Vec<NoticeContent> {
    let mut kinds = Vec::new();
    for decision in Decision::ALL {
        kinds.push(NoticeContent::ActivityReviewed {
            activity_id,
            work_date: date,
            decision,
            note: Some("Lampirkan notula".to_owned()),
        });
    }
    for outcome in [CaseOutcome::Upheld, CaseOutcome::Withdrawn, CaseOutcome::Inconclusive] {
        kinds.push(NoticeContent::CaseDecided {
            case_id,
            work_date: date,
            outcome,
        });
    }
    kinds
}

/// The kinds about cases after their decision, and those to officials.
fn hearing_kinds(case_id: CaseId, work_date: NaiveDate) -> Vec<NoticeContent> {
    let audit_id = AuditId::new(Uuid::from_u128(7));
    let mut kinds = vec![
        NoticeContent::CaseUpheld {
            case_id,
            work_date,
            objection_working_days: 14,
        },
        NoticeContent::ObjectionMade {
            audit_id,
            case_id,
            work_date,
        },
        NoticeContent::TeamCaseWithdrawn { case_id, work_date },
    ];
    for outcome in [ObjectionOutcome::Upheld, ObjectionOutcome::Withdrawn] {
        kinds.push(NoticeContent::ObjectionDecided {
            case_id,
            work_date,
            outcome,
        });
        kinds.push(NoticeContent::DecisionReviewed {
            audit_id,
            case_id,
            work_date,
            outcome,
        });
    }
    kinds.push(NoticeContent::LogForked {
        origin: "log.example".to_owned(),
        size: 12,
    });
    for what in [
        Reminder::Review,
        Reminder::SecondReview,
        Reminder::Decision,
        Reminder::Objection,
    ] {
        kinds.push(NoticeContent::CasesWaiting {
            what,
            count: 2,
            since: work_date,
        });
    }
    kinds
}

#[test]
fn the_kinds_that_start_a_clock_are_those_that_are_listed() {
    for content in every_kind() {
        let is_listed = NoticeContent::CLOCK_KINDS.contains(&content.kind());
        assert_eq!(content.starts_a_clock(), is_listed, "{}", content.kind());
    }
}

#[test]
fn what_ends_at_midnight_ends_at_the_end_of_the_day_before() {
    let text = NoticeContent::ReplyDue {
        case_id: CaseId::new(Uuid::from_u128(7)),
        work_date: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        due_at: Instant::parse("2026-03-07T00:00:00+09:00").unwrap(),
        zone: Zone::Jayapura,
    }
    .text(Language::Indonesian);
    assert!(text.body.contains("6 Maret 2026 pukul 24.00 WIT"), "{}", text.body);
}

#[test]
fn every_kind_speaks_both_languages_in_whole_sentences() {
    for content in every_kind() {
        let (indonesian, english) = (content.text(Language::Indonesian), content.text(Language::English));
        for text in [&indonesian, &english] {
            assert!(!text.title.is_empty() && text.title.chars().count() <= 60, "{text:?}");
            assert!(
                text.body.ends_with('.') && !text.body.contains("  ") && !text.body.contains(".."),
                "{text:?}"
            );
        }
        assert_ne!(indonesian, english);
    }
}

#[test]
fn a_note_is_ended_before_the_next_sentence() {
    let text = every_kind()[1].text(Language::Indonesian);
    assert_eq!(
        text.body,
        "Catatan operator: Foto kurang jelas. Silakan perbaiki dan kirim ulang."
    );
}

#[test]
fn a_rejected_batch_tells_the_findings_and_what_can_be_done() {
    let rejected = every_kind().swap_remove(9).text(Language::Indonesian);
    assert_eq!(
        rejected.body,
        "Kiriman 2 Maret 2026 belum dapat diterima; ada 2 catatan. Pegawai cuti, tetapi tercatat \
         hadir. Jam tertukar. Silakan perbaiki dan kirim versi baru, atau jawab catatannya bila datanya sudah benar."
    );
}

#[test]
fn a_reply_is_due_at_a_clock_time_of_the_zone() {
    let text = every_kind()[6].text(Language::Indonesian);
    assert!(text.body.contains("6 Maret 2026 pukul 17.00 WIB"), "{}", text.body);
}

#[test]
fn a_case_is_told_without_blame() {
    for content in every_kind() {
        for language in [Language::Indonesian, Language::English] {
            let text = content.text(language);
            for word in ["palsu", "curang", "melanggar", "fake", "cheat", "violat"] {
                assert!(!text.body.to_lowercase().contains(word), "{}", text.body);
            }
        }
    }
}

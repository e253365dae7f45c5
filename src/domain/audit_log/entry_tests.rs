//! Every kind of entry has one spelling, and hides what it must.

use super::entry::{Entry, EntryError, LONGEST_LEAF};
use super::facts::{
    BatchFacts, BoundFacts, DrawFacts, DrawnStratum, ExportFacts, Facts, FileFacts, KeyFacts, KeyRole, Nothing,
    PlanFacts, ReportFacts, SeedFacts, ShredFacts, StoppingFacts, StratumBound, StratumFacts, drawn_digest,
};
use super::record::{Opening, Record, SecondReview, Verdict};
use super::subject::Subject;
use crate::domain::agency_code::AgencyCode;
use crate::domain::audit::beacon::Beacon;
use crate::domain::audit::plan::Strata;
use crate::domain::audit::seed::{SeedKind, SeedRule};
use crate::domain::audit::targeted::TargetedRule;
use crate::domain::batch::commitment::Salt;
use crate::domain::canonical::CanonicalError;
use crate::domain::case::CaseFinding;
use crate::domain::digest::Digest;
use crate::domain::flag::Flag;
use crate::domain::ids::{AccountId, CaseId, EmployeeId};
use crate::domain::instant::Instant;
use crate::domain::notice::CaseOutcome;
use uuid::Uuid;

const AUDIT: &str = "audit/0195d3a0-0000-7000-8000-000000000000";
const UNIT: &str = "1.01/2026-03-02/00112233445566778899/midday";

fn at() -> Instant {
    Instant::parse("2026-03-02T08:59:00Z").unwrap()
}

fn account(number: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(number))
}

fn plan() -> PlanFacts {
    PlanFacts {
        from: "2026-03-01".parse().unwrap(),
        to: "2026-03-31".parse().unwrap(),
        agencies: vec![AgencyCode::parse("1.01").unwrap()],
        strata: Strata::Agency,
        samples: vec![StratumFacts {
            name: "1.01".to_owned(),
            population: 1_000,
            size: 57,
        }],
        confidence_bp: 9_500,
        tolerable_bp: 500,
        expected_bp: 0,
        stopping: StoppingFacts {
            code: "fixed".parse().unwrap(),
            a: None,
            b: None,
        },
        population: 1_000,
        population_sha256: Digest::of(b"units"),
        seed: SeedRule {
            kind: SeedKind::BeaconAndDice,
            draw_at: Some(at()),
            round: Some(1),
        },
        second_review_bp: 1_000,
        targeted: None,
        code_version: "0.1.0".to_owned(),
    }
}

fn bound() -> BoundFacts {
    let all = StratumBound {
        name: "all".to_owned(),
        population: 1_200,
        sample: 102,
        upheld: 1,
        inconclusive: 0,
        open: 0,
        lower: 1,
        upper: 52,
        upper_one_sided: 43,
    };
    BoundFacts {
        confidence_bp: 9_000,
        random: None,
        strata: vec![all.clone()],
        targeted: None,
        total: all,
    }
}

/// A plan that targets flags, and the bounds that follow from one.
fn with_targeted() -> (PlanFacts, BoundFacts) {
    let rule = TargetedRule::new(vec![Flag::MockProvider, Flag::ClockSkew], 200);
    let beside = StratumBound {
        name: "targeted".to_owned(),
        ..bound().total
    };
    let plan = PlanFacts {
        targeted: rule.ok(),
        ..plan()
    };
    let bound = BoundFacts {
        random: Some(beside.clone()),
        targeted: Some(beside),
        ..bound()
    };
    (plan, bound)
}

/// Facts of every kind that hides nothing, each with what it is about.
fn public() -> Vec<(&'static str, Facts)> {
    let draw = DrawFacts {
        strata: vec![DrawnStratum {
            name: "1.01".to_owned(),
            size: 1,
            sha256: drawn_digest([(UNIT, "0.1")]),
        }],
    };
    let key = KeyFacts {
        role: KeyRole::Log,
        verifier: "AQ==".to_owned(),
    };
    let batch = BatchFacts {
        agency: AgencyCode::parse("1.01").unwrap(),
        from: "2026-03-01".parse().unwrap(),
        to: "2026-03-31".parse().unwrap(),
        version: 1,
        rows: 90,
        rows_root: Digest::of(b"root"),
        manifest_sha256: Digest::of(b"manifest"),
    };
    let report = ReportFacts {
        files: vec![FileFacts {
            name: "report.txt".parse().unwrap(),
            bytes: 5,
            sha256: Digest::of(b"hello"),
        }],
    };
    let shred = ShredFacts {
        month: "2026-03".to_owned(),
        rows: 10,
        keys: 1,
    };
    let (targeting, targeted) = with_targeted();
    vec![
        (
            "batch/0195d3a0-0000-7000-8000-000000000000",
            Facts::BatchReceived(batch.clone()),
        ),
        ("batch/0195d3a0-0000-7000-8000-000000000000", Facts::BatchSealed(batch)),
        (AUDIT, Facts::Plan(Box::new(plan()))),
        (AUDIT, Facts::Plan(Box::new(targeting))),
        (AUDIT, Facts::Draw(draw.clone())),
        (AUDIT, Facts::Extension(draw)),
        (AUDIT, Facts::Bound(bound())),
        (AUDIT, Facts::Bound(targeted)),
        (AUDIT, Facts::Report(report)),
        ("key/bkd.example/log", Facts::KeyAdded(key.clone())),
        ("key/bkd.example/log", Facts::KeyRevoked(key)),
        ("retention/positions", Facts::RetentionShred(shred)),
        (AUDIT, Facts::AuditClosed(Nothing {})),
    ]
}

fn verdict() -> Verdict {
    Verdict {
        case: CaseId::new(Uuid::from_u128(1)),
        unit: UNIT.parse().unwrap(),
        outcome: CaseOutcome::Upheld,
        reviewed_by: account(2),
        decided_by: Some(account(3)),
    }
}

fn seed() -> SeedFacts {
    SeedFacts {
        kind: SeedKind::Dice,
        seed: "seed".to_owned(),
        beacon: Some(Beacon {
            round: 1,
            randomness: "00".to_owned(),
            signature: "00".to_owned(),
        }),
        dice: Some("63454660390103169462".to_owned()),
    }
}

/// Facts of every kind of an audit with a private record.
fn private_of_an_audit() -> Vec<(Facts, Record)> {
    let Verdict { case, unit, .. } = verdict();
    let assignment = Record::Assignment {
        case,
        unit: unit.clone(),
        auditor: account(2),
    };
    let second = Record::SecondReview(SecondReview {
        case,
        unit,
        finding: CaseFinding::Valid,
        reviewer: account(4),
    });
    let reason = "salah periode".to_owned();
    let evidence = "di aula".to_owned();
    vec![
        (Facts::PlanCancelled(Nothing {}), Record::PlanCancelled { reason }),
        (Facts::Seed(Box::new(seed())), Record::Seed { evidence }),
        (Facts::Assignment(Nothing {}), assignment),
        (Facts::Verdict(Nothing {}), Record::Verdict(verdict())),
        (Facts::VerdictAmended(Nothing {}), Record::VerdictAmended(verdict())),
        (Facts::SecondReview(Nothing {}), second),
    ]
}

/// Facts of every kind with a private record, each with what it is about.
fn private() -> Vec<(&'static str, Facts, Record)> {
    let disclosure = Record::Disclosure {
        account: account(2),
        employee: EmployeeId::new(Uuid::from_u128(9)),
        subject: "case/1".to_owned(),
        fields: vec!["position".to_owned()],
        purpose: "verification".to_owned(),
    };
    let change = Record::SettingChanged {
        account: None,
        before: Some("3".to_owned()),
        after: None,
    };
    let export = Record::Export {
        account: account(2),
        subject: "batch/1".to_owned(),
        purpose: None,
    };
    let export_facts = ExportFacts {
        format: "csv".parse().unwrap(),
        sha256: None,
    };
    let others = [
        ("agency/1.01", Facts::Disclosure(Nothing {}), disclosure),
        ("setting/audit.reply_days", Facts::SettingChanged(Nothing {}), change),
        (
            "batch/0195d3a0-0000-7000-8000-000000000000",
            Facts::Export(export_facts),
            export,
        ),
    ];
    let of_an_audit = private_of_an_audit()
        .into_iter()
        .map(|(facts, record)| (AUDIT, facts, record));
    of_an_audit.chain(others).collect()
}

fn opening(record: Record) -> Opening {
    Opening {
        salt: Salt::new([7; 32]),
        record,
    }
}

fn entries() -> Vec<Entry> {
    let public = public()
        .into_iter()
        .map(|(subject, facts)| Entry::public(at(), subject.parse().unwrap(), facts));
    let private = private().into_iter().map(|(subject, facts, record)| {
        Entry::private(at(), subject.parse().unwrap(), facts, &opening(record)).unwrap()
    });
    public.chain(private).collect()
}

#[test]
fn every_kind_is_written_in_one_way_and_reads_back() {
    let entries = entries();
    assert_eq!(entries.len(), 22);
    for entry in entries {
        let leaf = entry.leaf().unwrap();
        let text = String::from_utf8(leaf.clone()).unwrap();
        assert!(text.contains(&format!("\"kind\":\"{}\"", entry.facts.kind())), "{text}");
        assert_eq!(Entry::parse(&leaf), Ok(entry));
    }
}

#[test]
fn a_leaf_is_canonical_json_with_six_members() {
    let closed = Entry::public(at(), AUDIT.parse().unwrap(), Facts::AuditClosed(Nothing {}));
    assert_eq!(
        String::from_utf8(closed.leaf().unwrap()).unwrap(),
        format!(
            "{{\"at\":\"2026-03-02T08:59:00.000Z\",\"c\":null,\"facts\":{{}},\"kind\":\"audit_closed\",\
             \"subject\":\"{AUDIT}\",\"v\":1}}"
        )
    );
}

#[test]
fn every_flipped_byte_of_a_leaf_is_refused_or_another_entry() {
    for entry in entries() {
        let leaf = entry.leaf().unwrap();
        for place in 0..leaf.len() {
            for bit in 0..8 {
                let mut flipped = leaf.clone();
                flipped[place] ^= 1 << bit;
                if let Ok(other) = Entry::parse(&flipped) {
                    assert_ne!(other, entry);
                    assert_eq!(other.leaf(), Ok(flipped));
                }
            }
        }
    }
}

#[test]
fn unknown_members_kinds_versions_and_subjects_are_refused() {
    let closed = Entry::public(at(), AUDIT.parse().unwrap(), Facts::AuditClosed(Nothing {}));
    let text = String::from_utf8(closed.leaf().unwrap()).unwrap();
    let changed = |from: &str, to: &str| {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        Entry::parse(changed.as_bytes())
    };
    let not_canonical = Err(EntryError::Form(CanonicalError::NotCanonical));
    let unreadable = Err(EntryError::Form(CanonicalError::Unreadable));
    assert_eq!(changed("\"v\":1", "\"v\":1,\"w\":1"), not_canonical);
    assert_eq!(changed("\"facts\":{}", "\"facts\":{\"a\":1}"), unreadable);
    assert_eq!(
        changed("\"at\"", "\"at\":\"2026-03-02T08:59:00.000Z\",\"at\""),
        unreadable
    );
    assert_eq!(changed("audit_closed", "audit_opened"), unreadable);
    assert_eq!(changed("\"v\":1", "\"v\":2"), Err(EntryError::Version));
    assert_eq!(changed("audit/", "batch/"), Err(EntryError::Subject));
    assert_eq!(changed(".000Z", "Z"), not_canonical);
    assert_eq!(changed("{", " {"), not_canonical);
    assert_eq!(Entry::parse(b"\xff"), Err(EntryError::NotUtf8));
    assert_eq!(Entry::parse(&vec![b' '; LONGEST_LEAF + 1]), Err(EntryError::TooLong));
}

#[test]
fn a_kind_that_hides_something_has_a_commitment_and_no_other_kind_has_one() {
    for (subject, facts, _) in private() {
        let bare = Entry::public(at(), subject.parse().unwrap(), facts);
        let may_be_bare = bare.facts.kind() == "seed";
        assert_eq!(bare.leaf().is_ok(), may_be_bare, "{bare:?}");
    }
    for (subject, facts) in public() {
        let bound = Entry {
            commitment: Some(Digest::of(b"")),
            ..Entry::public(at(), subject.parse().unwrap(), facts)
        };
        assert_eq!(bound.leaf(), Err(EntryError::Commitment), "{bound:?}");
    }
}

#[test]
fn only_its_own_opening_opens_an_entry() {
    for (subject, facts, record) in private() {
        let subject: Subject = subject.parse().unwrap();
        let right = opening(record);
        let entry = Entry::private(at(), subject.clone(), facts.clone(), &right).unwrap();
        assert!(entry.opens(&right));
        assert_eq!(Opening::parse(&right.to_text().unwrap()).as_ref(), Ok(&right));
        let other_salt = Opening {
            salt: Salt::new([8; 32]),
            ..right.clone()
        };
        assert!(!entry.opens(&other_salt));
        let foreign = opening(Record::PlanCancelled {
            reason: "lain".to_owned(),
        });
        assert!(!entry.opens(&foreign));
        let is_own_kind = facts.kind() == "plan_cancelled";
        assert_eq!(Entry::private(at(), subject, facts, &foreign).is_ok(), is_own_kind);
    }
}

#[test]
fn no_entry_shows_what_its_record_says() {
    for (subject, facts, record) in private() {
        let entry = Entry::private(at(), subject.parse().unwrap(), facts, &opening(record)).unwrap();
        let text = String::from_utf8(entry.leaf().unwrap()).unwrap();
        for secret in [
            UNIT,
            "upheld",
            "salah periode",
            "di aula",
            &account(2).to_string(),
            "\"3\"",
        ] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}

#[test]
fn a_plan_says_what_it_targets_or_nothing_about_it() {
    let (targeting, _) = with_targeted();
    let text = |plan: PlanFacts| {
        let entry = Entry::public(at(), AUDIT.parse().unwrap(), Facts::Plan(Box::new(plan)));
        String::from_utf8(entry.leaf().unwrap()).unwrap()
    };
    let said = text(targeting);
    assert!(said.contains("\"targeted\":{\"flags\":[\"clock_skew\",\"mock_provider\"],\"most\":200}"));
    let usual = text(plan());
    assert!(!usual.contains("targeted"));
    // Nothing is said in one way only.
    let refused = usual.replacen("\"to\"", "\"targeted\":null,\"to\"", 1);
    assert_ne!(refused, usual);
    let not_canonical = Err(EntryError::Form(CanonicalError::NotCanonical));
    assert_eq!(Entry::parse(refused.as_bytes()), not_canonical);
}

#[test]
fn the_digest_of_a_draw_is_that_of_its_lines() {
    let lines = "a\t0.25\nb\t0.5\n";
    assert_eq!(
        drawn_digest([("a", "0.25"), ("b", "0.5")]),
        Digest::of(lines.as_bytes())
    );
}

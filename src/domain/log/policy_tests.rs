//! Tests of the policy: what is a policy, and when a checkpoint has signatures enough.

use super::*;
use crate::domain::log::checkpoint::Checkpoint;
use crate::domain::log::cosignature;
use crate::domain::log::key::SigningKey;
use crate::domain::log::tree;

fn log(seed: u8) -> SigningKey {
    SigningKey::from_seed("log.example", KeyType::Note, &[seed; 32]).unwrap()
}

fn witness(seed: u8) -> SigningKey {
    SigningKey::from_seed(&format!("witness.example/{seed}"), KeyType::Cosignature, &[seed; 32]).unwrap()
}

/// A checkpoint of the log with cosignatures of these witnesses, each at 1000 and its own number.
fn cosigned(witnesses: &[u8]) -> SignedCheckpoint {
    let checkpoint = Checkpoint::new("log.example", 0, tree::empty_root()).unwrap();
    let mut signed = SignedCheckpoint::sign(checkpoint, &log(1)).unwrap();
    for seed in witnesses {
        let line = cosignature::sign(&signed, &witness(*seed), 1000 + u64::from(*seed)).unwrap();
        signed.add(line).unwrap();
    }
    signed
}

/// The policy of the example in C2SP tlog-policy, with keys in it: two of three, and any of three others.
fn example() -> String {
    let witnesses = [("X1", 11), ("X2", 12), ("X3", 13), ("Y1", 21), ("Y2", 22), ("Y3", 23)].map(|(name, seed)| {
        format!(
            "witness {name} {} https://example/{name}\n",
            witness(seed).verifying_key()
        )
    });
    [
        "# Who is believed\n\n",
        &format!("log {}\n", log(1).verifying_key()),
        &witnesses.concat(),
        "\tgroup  X-witnesses 2 X1 X2 X3 \n",
        "group Y-witnesses any Y1 Y2 Y3\n",
        "group X-and-Y all X-witnesses Y-witnesses\n",
        "quorum X-and-Y\n",
    ]
    .concat()
}

fn parsed(text: &str) -> Result<Policy, PolicyError> {
    Policy::parse(text.as_bytes())
}

#[test]
fn groups_of_groups_ask_for_the_witnesses_that_they_say() {
    let policy = parsed(&example()).unwrap();
    for witnesses in [&[11, 12, 21][..], &[12, 13, 22, 23], &[11, 12, 13, 21, 22, 23]] {
        let names: Vec<u64> = policy
            .check(&cosigned(witnesses))
            .unwrap()
            .iter()
            .map(|witnessed| witnessed.time - 1000)
            .collect();
        assert_eq!(names, witnesses.iter().map(|seed| u64::from(*seed)).collect::<Vec<_>>());
    }
    for witnesses in [&[][..], &[11, 12, 13], &[11, 21, 22, 23], &[21], &[11, 31, 21]] {
        assert_eq!(
            policy.check(&cosigned(witnesses)),
            Err(TrustError::Quorum),
            "{witnesses:?}"
        );
    }
}

#[test]
fn a_witness_that_signs_twice_counts_once_with_its_earlier_time() {
    let policy = parsed(&example()).unwrap();
    let mut signed = cosigned(&[11, 21]);
    for time in [5, 2000] {
        let line = cosignature::sign(&signed, &witness(11), time).unwrap();
        signed.add(line).unwrap();
    }
    assert_eq!(policy.check(&signed), Err(TrustError::Quorum));
    let line = cosignature::sign(&signed, &witness(12), 7).unwrap();
    signed.add(line).unwrap();
    assert_eq!(
        policy.check(&signed).unwrap()[0],
        Witnessed {
            witness: "X1".to_owned(),
            time: 5
        }
    );
}

#[test]
fn without_a_quorum_the_log_alone_is_enough_but_needed() {
    let text = format!(
        "log {}\nwitness W {}\nquorum none\n",
        log(1).verifying_key(),
        witness(11).verifying_key()
    );
    let policy = parsed(&text).unwrap();
    assert_eq!(policy.check(&cosigned(&[])), Ok(Vec::new()));
    assert_eq!(policy.check(&cosigned(&[11])).unwrap().len(), 1);
    let checkpoint = Checkpoint::new("log.example", 0, tree::empty_root()).unwrap();
    let stranger = log(2);
    let mut signed = SignedCheckpoint::sign(checkpoint, &stranger).unwrap();
    assert_eq!(policy.check(&signed), Err(TrustError::Note(NoteError::Unsigned)));
    let line = cosignature::sign(&signed, &witness(11), 9).unwrap();
    signed.add(line).unwrap();
    assert_eq!(policy.check(&signed), Err(TrustError::LogUnsigned));
}

#[test]
fn a_quorum_may_be_one_witness_and_a_wrong_known_cosignature_spoils_the_rest() {
    let text = format!(
        "log {}\nwitness W {}\nquorum W\n",
        log(1).verifying_key(),
        witness(11).verifying_key()
    );
    let policy = parsed(&text).unwrap();
    assert!(policy.check(&cosigned(&[11])).is_ok());
    let other = Checkpoint::new("log.example", 1, tree::empty_root()).unwrap();
    let other = SignedCheckpoint::sign(other, &log(1)).unwrap();
    let mut signed = cosigned(&[11]);
    signed.add(cosignature::sign(&other, &witness(11), 9).unwrap()).unwrap();
    assert!(matches!(
        policy.check(&signed),
        Err(TrustError::Note(NoteError::BadSignature { .. }))
    ));
}

#[test]
fn a_log_signs_only_for_its_own_origin() {
    let policy = Policy::of_log(log(1).verifying_key().clone()).unwrap();
    let elsewhere = Checkpoint::new("another.example", 0, tree::empty_root()).unwrap();
    let signed = SignedCheckpoint::sign(elsewhere, &log(1)).unwrap();
    assert_eq!(policy.check(&signed), Err(TrustError::Origin));
}

#[test]
fn the_line_and_what_is_wrong_with_it_are_named() {
    let (log_key, key, other) = (log(1), witness(11), witness(12));
    let (log_key, key, other) = (log_key.verifying_key(), key.verifying_key(), other.verifying_key());
    let same = SigningKey::from_seed("same", KeyType::Cosignature, &[11; 32]).unwrap();
    let same = same.verifying_key();
    let two = format!("witness A {key}\nwitness B {other}\n");
    let many: Vec<String> = (0..129)
        .map(|seed| format!("log {}\n", log(seed).verifying_key()))
        .collect();
    for (text, line, fault) in [
        (String::new(), 1, PolicyFault::Text),
        ("quorum none".to_owned(), 1, PolicyFault::Text),
        ("quorum none\r\n".to_owned(), 1, PolicyFault::Text),
        ("\nquorum\u{7f} none\n".to_owned(), 2, PolicyFault::Text),
        ("#".repeat(MAX_BYTES) + "\n", 1, PolicyFault::TooLong),
        (many.concat(), 129, PolicyFault::TooLong),
        ("\n".to_owned(), 2, PolicyFault::Quorum),
        ("quorum none\nquorum none\n".to_owned(), 2, PolicyFault::Quorum),
        ("Quorum none\n".to_owned(), 1, PolicyFault::Form),
        ("quorum none none\n".to_owned(), 1, PolicyFault::Form),
        ("log\n".to_owned(), 1, PolicyFault::Form),
        (format!("log {log_key} a b\n"), 1, PolicyFault::Form),
        ("group G all\n".to_owned(), 1, PolicyFault::Form),
        ("log x\n".to_owned(), 1, PolicyFault::Key(KeyError::Form)),
        (format!("log {key}\n"), 1, PolicyFault::KeyType),
        (format!("witness W {log_key}\n"), 1, PolicyFault::KeyType),
        (format!("log {log_key}\nlog {log_key}\n"), 2, PolicyFault::SameKey),
        (format!("witness A {key}\nwitness B {same}\n"), 2, PolicyFault::SameKey),
        (
            format!("witness A {key}\nwitness A {other}\n"),
            2,
            PolicyFault::SameName,
        ),
        (format!("witness none {key}\n"), 1, PolicyFault::SameName),
        (format!("{two}group A all B\n"), 3, PolicyFault::SameName),
        (format!("{two}group G all A C\n"), 3, PolicyFault::UnknownName),
        (format!("{two}group G all none\n"), 3, PolicyFault::UnknownName),
        (format!("{two}group G all G\n"), 3, PolicyFault::UnknownName),
        ("quorum W\n".to_owned(), 1, PolicyFault::UnknownName),
        (format!("{two}group G all A A\n"), 3, PolicyFault::SameMember),
        (
            format!("{two}group G all A\ngroup H all A B\n"),
            4,
            PolicyFault::SameMember,
        ),
        (format!("{two}group G 0 A B\n"), 3, PolicyFault::Threshold),
        (format!("{two}group G 3 A B\n"), 3, PolicyFault::Threshold),
        (format!("{two}group G 01 A B\n"), 3, PolicyFault::Threshold),
        (format!("{two}group G most A B\n"), 3, PolicyFault::Threshold),
    ] {
        assert_eq!(
            parsed(&text),
            Err(PolicyError { line, fault }),
            "{:?}",
            text.get(..200).unwrap_or(&text)
        );
    }
    let error = parsed("log x\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 1 of the policy: the key is not name, id and base64, joined by plus signs"
    );
}

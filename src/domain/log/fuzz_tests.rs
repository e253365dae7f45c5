//! Throws bytes at every parser of the room: nothing panics, what is read is written back alike, forgeries are refused.
//!
//! `make bench-fuzz` gives each half an hour; the test command a second.

use crate::domain::fuzz::{Random, Target, edited, run};
use crate::domain::log::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::domain::log::key::{KeyType, SigningKey, VerifyingKey};
use crate::domain::log::note::{Note, SignatureLine};
use crate::domain::log::policy::Policy;
use crate::domain::log::proof::Proof;
use crate::domain::log::tile::{Bundle, Resource, Tile};
use crate::domain::log::tree::tests::grown;
use crate::domain::log::witness::{self, Decision, Request};
use crate::domain::log::{consistency, cosignature, inclusion, tree};
use proptest::prelude::*;
use std::sync::LazyLock;

/// Sound texts, and the keys under which they are sound.
struct Samples {
    log: SigningKey,
    witness: SigningKey,
    last: SignedCheckpoint,
    signed: SignedCheckpoint,
    policy: Policy,
    policy_text: String,
    proof: String,
    request: String,
}

static SAMPLES: LazyLock<Samples> = LazyLock::new(|| {
    let log = SigningKey::from_seed("log.example", KeyType::Note, &[1; 32]).unwrap();
    let witness = SigningKey::from_seed("witness.example", KeyType::Cosignature, &[2; 32]).unwrap();
    let (leaves, nodes) = grown(9);
    let stored = |node| nodes.get(&node).copied();
    let checkpoint = |size: usize| {
        let root = tree::root(&leaves[..size]);
        let checkpoint = Checkpoint::new("log.example", u64::try_from(size).unwrap(), root).unwrap();
        SignedCheckpoint::sign(checkpoint, &log).unwrap()
    };
    let mut signed = checkpoint(9);
    signed
        .add(cosignature::sign(&signed, &witness, 1_774_224_000).unwrap())
        .unwrap();
    let policy_text = format!(
        "# One log, one witness\nlog {} https://log.example\nwitness W {}\ngroup G 1 W\nquorum G\n",
        log.verifying_key(),
        witness.verifying_key()
    );
    let hashes = inclusion::prove(6, 9, stored).unwrap().unwrap();
    let extra = Some(b"beside it".to_vec());
    let growth = consistency::prove(5, 9, stored).unwrap().unwrap();
    Samples {
        policy: Policy::parse(policy_text.as_bytes()).unwrap(),
        policy_text,
        proof: Proof::new(extra, 6, hashes, signed.clone()).unwrap().to_string(),
        request: Request::new(5, growth, signed.clone()).unwrap().to_string(),
        last: checkpoint(5),
        signed,
        log,
        witness,
    }
});

const NOTE: Target = Target {
    sound: || SAMPLES.signed.to_string().into_bytes(),
    read: |bytes| {
        let Ok(note) = Note::parse(bytes) else { return };
        assert_eq!(note.to_string().as_bytes(), bytes);
        let known = [SAMPLES.log.verifying_key(), SAMPLES.witness.verifying_key()];
        if note.verify(&known).is_ok() {
            assert_eq!(note.text(), SAMPLES.signed.note().text(), "a forged text");
        }
    },
};

const LINE: Target = Target {
    sound: || SAMPLES.signed.note().signatures()[1].to_string().into_bytes(),
    read: |bytes| {
        let Ok(text) = str::from_utf8(bytes) else { return };
        if let Some(line) = SignatureLine::parse(text) {
            assert_eq!(line.to_string(), text);
        }
    },
};

const CHECKPOINT: Target = Target {
    sound: || format!("{}more\n", SAMPLES.signed.checkpoint()).into_bytes(),
    read: |bytes| {
        let Ok(text) = str::from_utf8(bytes) else { return };
        if let Ok(checkpoint) = Checkpoint::parse(text) {
            assert_eq!(checkpoint.to_string(), text);
        }
    },
};

const PROOF: Target = Target {
    sound: || SAMPLES.proof.clone().into_bytes(),
    read: |bytes| {
        let Ok(proof) = Proof::parse(bytes) else { return };
        assert_eq!(proof.to_string().as_bytes(), bytes);
        if proof.verify(b"6", &SAMPLES.policy).is_ok() {
            assert_eq!(proof.index(), 6, "a forged index");
            assert_eq!(
                proof.checkpoint().checkpoint(),
                SAMPLES.signed.checkpoint(),
                "a forged checkpoint"
            );
        }
        assert!(proof.verify(b"7", &SAMPLES.policy).is_err(), "a forged entry");
    },
};

const REQUEST: Target = Target {
    sound: || SAMPLES.request.clone().into_bytes(),
    read: |bytes| {
        let Ok(request) = Request::parse(bytes) else { return };
        assert_eq!(request.to_string().as_bytes(), bytes);
        let keys = [SAMPLES.log.verifying_key().clone()];
        let verdict = witness::decide(&request, &keys, Some(&SAMPLES.last));
        assert_eq!(verdict.fork, None);
        if verdict.decision == Decision::Cosign {
            assert_eq!(
                request.checkpoint().checkpoint(),
                SAMPLES.signed.checkpoint(),
                "a forged checkpoint"
            );
        }
        assert_ne!(verdict.decision, Decision::CosignedBefore);
    },
};

const POLICY: Target = Target {
    sound: || SAMPLES.policy_text.clone().into_bytes(),
    read: |bytes| {
        if let Ok(policy) = Policy::parse(bytes) {
            let _ = policy.check(&SAMPLES.signed);
        }
    },
};

const KEY: Target = Target {
    sound: || SAMPLES.log.secret_text().into_bytes(),
    read: |bytes| {
        let Ok(text) = str::from_utf8(bytes) else { return };
        if let Ok(key) = SigningKey::from_secret_text(text) {
            assert_eq!(key.secret_text(), text);
        }
        if let Some(Ok(key)) = text.strip_prefix("PRIVATE+KEY+").map(str::parse::<VerifyingKey>) {
            assert_eq!(Some(key.to_string().as_str()), text.strip_prefix("PRIVATE+KEY+"));
        }
    },
};

const RESOURCE: Target = Target {
    sound: || b"tile/0/x001/x234/067.p/112".to_vec(),
    read: |bytes| {
        let Ok(text) = str::from_utf8(bytes) else { return };
        if let Ok(resource) = text.parse::<Resource>() {
            assert_eq!(resource.to_string(), text);
        }
    },
};

const BUNDLE: Target = Target {
    sound: || Bundle::new(0, 3).unwrap().write(&["", "a", "an entry"]).unwrap(),
    read: |bytes| {
        for width in [1, 2, 3, 256] {
            let bundle = Bundle::new(0, width).unwrap();
            if let Ok(entries) = bundle.read(bytes) {
                assert_eq!(bundle.write(&entries).as_deref(), Ok(bytes));
            }
            let tile = Tile::new(0, 0, width).unwrap();
            if let Ok(hashes) = tile.read(bytes) {
                assert_eq!(tile.write(&hashes).as_deref(), Ok(bytes));
            }
        }
    },
};

const TARGETS: [&Target; 9] = [
    &NOTE,
    &LINE,
    &CHECKPOINT,
    &PROOF,
    &REQUEST,
    &POLICY,
    &KEY,
    &RESOURCE,
    &BUNDLE,
];

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for target in TARGETS {
            (target.read)(&bytes);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}\n\\PC{0,40}\n\n\u{2014} \\PC{0,40}\n") {
        for target in TARGETS {
            (target.read)(text.as_bytes());
        }
    }

    #[test]
    fn an_edited_text_is_read_or_refused(seed: u64) {
        for target in TARGETS {
            (target.read)(&edited(&(target.sound)(), &mut Random(seed)));
        }
    }
}

#[test]
fn fuzz_note() {
    run("note", &NOTE);
}

#[test]
fn fuzz_signature_line() {
    run("signature line", &LINE);
}

#[test]
fn fuzz_checkpoint() {
    run("checkpoint", &CHECKPOINT);
}

#[test]
fn fuzz_proof() {
    run("proof", &PROOF);
}

#[test]
fn fuzz_request() {
    run("request", &REQUEST);
}

#[test]
fn fuzz_policy() {
    run("policy", &POLICY);
}

#[test]
fn fuzz_key() {
    run("key", &KEY);
}

#[test]
fn fuzz_path() {
    run("path", &RESOURCE);
}

#[test]
fn fuzz_bundle_and_tile() {
    run("bundle and tile", &BUNDLE);
}

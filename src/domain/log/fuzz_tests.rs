//! Throws bytes at every parser of the room: nothing panics, what is read is written back alike, forgeries are refused.
//!
//! Each parser for half an hour, with the figures: `SHERLOK_FUZZ_SECONDS=1800 cargo test --release
//! --no-default-features --lib domain::log::fuzz_tests -- --nocapture`. Without the variable a second each.

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
use std::time::{Duration, Instant};

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

/// A parser with a sound text for it, and what must hold of whatever it reads.
struct Target {
    sound: fn() -> Vec<u8>,
    read: fn(&[u8]),
}

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

/// The generator `SplitMix64`: enough to choose edits, and the same again from the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 up to `bound`, which itself may come out.
    fn up_to(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (u64::try_from(bound).unwrap() + 1)).unwrap()
    }
}

/// Pieces that mean something to one of the parsers.
const WORDS: [&[u8]; 24] = [
    b"\n",
    b"\n\n",
    b" ",
    b"  ",
    b"\t",
    b"\r",
    b"\0",
    b"+",
    b"=",
    b"0",
    b"-1",
    b"9223372036854775807",
    b"18446744073709551616",
    b"old ",
    b"index ",
    b"extra ",
    "\u{2014} ".as_bytes(),
    b"quorum none\n",
    b"group G all W\n",
    b"#",
    b"/x000",
    b".p/1",
    "\u{a0}".as_bytes(),
    b"\xff\xfe",
];

/// The text after a few edits: bytes changed, words put in, pieces cut out, doubled, swapped.
fn edited(sound: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = sound.to_vec();
    for _ in 0..=random.up_to(3) {
        let (first, second) = (random.up_to(bytes.len()), random.up_to(bytes.len()));
        let (start, end) = (first.min(second), first.max(second));
        let near = bytes.len().min(start + random.up_to(8));
        match random.up_to(7) {
            0 => bytes.truncate(start),
            1 => drop(bytes.drain(start..near)),
            2 => drop(bytes.splice(start..start, WORDS[random.up_to(WORDS.len() - 1)].iter().copied())),
            3 => drop(bytes.splice(start..near, WORDS[random.up_to(WORDS.len() - 1)].iter().copied())),
            4 => {
                let piece = bytes[start..end].to_vec();
                bytes.splice(end..end, piece);
            }
            5 => {
                let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
                let (one, other) = (random.up_to(lines.len()), random.up_to(lines.len()));
                if one < lines.len() && other < lines.len() {
                    lines.swap(one, other);
                }
                bytes = lines.concat();
            }
            _ => {
                if let Some(byte) = bytes.get_mut(start) {
                    *byte ^= u8::try_from(random.up_to(254)).unwrap() + 1;
                }
            }
        }
    }
    bytes
}

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

/// Edits and reads until the time is over, each seed after the other; a failure names its seed.
#[expect(clippy::print_stdout, reason = "the figure of a long run")]
fn run(name: &str, target: &Target) {
    let seconds = std::env::var_os("SHERLOK_FUZZ_SECONDS").and_then(|text| text.to_str()?.parse().ok());
    let end = Instant::now() + Duration::from_secs(seconds.unwrap_or(1));
    let sound = (target.sound)();
    (target.read)(&sound);
    let mut seed = 0_u64;
    while Instant::now() < end {
        for _ in 0..100 {
            let bytes = edited(&sound, &mut Random(seed));
            let read = std::panic::catch_unwind(|| (target.read)(&bytes));
            assert!(
                read.is_ok(),
                "{name}: seed {seed}, {:?}",
                bytes.escape_ascii().to_string()
            );
            seed += 1;
        }
    }
    println!("{name}: {seed} texts, none misread");
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

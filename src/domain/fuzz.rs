//! Edits sound texts at random and reads them, for as long as it is told to: what the fuzzing tests of all parsers share.
//!
//! `SHERLOK_FUZZ_SECONDS` is the processor time that each parser gets (`make bench-fuzz`); without it a second each.

use std::time::{Duration, Instant};

/// A parser with a sound text for it, and what must hold of whatever it reads.
pub(crate) struct Target {
    /// A text that is read without complaint.
    pub(crate) sound: fn() -> Vec<u8>,
    /// Reads any bytes; panics where what was read is not what must be.
    pub(crate) read: fn(&[u8]),
}

/// The generator `SplitMix64`: enough to choose edits, and the same again from the same seed.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 up to `bound`, which itself may come out.
    pub(crate) fn up_to(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (u64::try_from(bound).unwrap() + 1)).unwrap()
    }
}

/// Pieces that mean something to one of the parsers.
const WORDS: [&[u8]; 36] = [
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
    b"null",
    b"{}",
    b"[]",
    b"[[[[[[[[[[[[[[[[",
    b"\"",
    b"\\u0041",
    b"\\ud800",
    b"\"v\":1,",
    b"1e2",
    b"-0",
    b"9007199254740992",
    "\u{1f600}".as_bytes(),
];

/// The text after a few edits: bytes changed, words put in, pieces cut out, doubled, swapped.
pub(crate) fn edited(sound: &[u8], random: &mut Random) -> Vec<u8> {
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

/// The processor time that this thread had. Where the system does not tell, the time that passed since `begun`.
pub(crate) fn time_spent(begun: Instant) -> Duration {
    // Linux: nanoseconds on the processor, nanoseconds of waiting for it, time slices.
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

/// Edits and reads until the time is over, each seed after the other; a failure names its seed.
#[expect(clippy::print_stdout, reason = "the figure of a long run")]
pub(crate) fn run(name: &str, target: &Target) {
    let seconds = std::env::var_os("SHERLOK_FUZZ_SECONDS").and_then(|text| text.to_str()?.parse().ok());
    let long = Duration::from_secs(seconds.unwrap_or(1));
    let begun = Instant::now();
    let before = time_spent(begun);
    let sound = (target.sound)();
    (target.read)(&sound);
    let mut seed = 0_u64;
    while time_spent(begun).saturating_sub(before) < long {
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
    let spent = time_spent(begun).saturating_sub(before).as_secs();
    println!("{name}: {seed} texts in {spent} s of processor time, none misread");
}

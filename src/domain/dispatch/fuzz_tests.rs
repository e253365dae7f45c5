//! Edits a whole dispatch at random: it is refused or it is the same dispatch, and nothing panics.
//!
//! At length, with the figure: `SHERLOK_FUZZ_SECONDS=1800 cargo test --release --no-default-features --lib
//! domain::dispatch::fuzz_tests -- --nocapture`. Without the variable a second.

use super::header::Header;
use super::opening::SealedOpening;
use super::openings_key::{OpeningsKey, OpeningsKeyPair};
use super::verify::tests::{Example, example, receive};
use proptest::prelude::*;
use std::time::{Duration, Instant};

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

const WORDS: [&str; 12] = [
    "\n",
    "\n\n",
    " ",
    "\"",
    "null",
    "{}",
    "0",
    "-0",
    "old ",
    "index ",
    "extra ",
    "sherlok-dispatch/1",
];

/// The text after an edit: a letter changed, a word put in, a piece cut out, doubled, or two lines swapped.
fn edited(text: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let (first, second) = (random.up_to(letters.len()), random.up_to(letters.len()));
    let (start, end) = (first.min(second), first.max(second));
    let near = letters.len().min(start + random.up_to(8));
    match random.up_to(5) {
        0 => letters.truncate(start),
        1 => drop(letters.drain(start..near)),
        2 => drop(letters.splice(start..near, WORDS[random.up_to(WORDS.len() - 1)].chars())),
        3 => {
            let piece = letters[start..end].to_vec();
            letters.splice(end..end, piece);
        }
        4 => {
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            let (one, other) = (random.up_to(lines.len()), random.up_to(lines.len()));
            if one < lines.len() && other < lines.len() {
                lines.swap(one, other);
            }
            return lines.concat();
        }
        _ => {
            if let Some(letter) = letters.get_mut(start) {
                *letter = char::from(u8::try_from(32 + random.up_to(94)).unwrap());
            }
        }
    }
    letters.into_iter().collect()
}

fn part(example: &mut Example, number: usize) -> &mut String {
    match number {
        0 => &mut example.header,
        1 => &mut example.manifest,
        2 => &mut example.submission,
        3 => &mut example.rows,
        4 => &mut example.openings,
        5 => &mut example.proof,
        _ => &mut example.request,
    }
}

/// One to three edits of a sound dispatch. What is taken all the same says what the sound one says: only a seal's own
/// bytes, and lines of the note that are nobody's, may be others.
fn try_edits(sound: &Example, seed: u64) {
    let mut random = Random(seed);
    let mut example = sound.clone();
    for _ in 0..=random.up_to(2) {
        let number = random.up_to(6);
        let text = part(&mut example, number);
        *text = edited(text, &mut random);
    }
    if receive(&example).is_ok() {
        assert_eq!(example.manifest, sound.manifest, "seed {seed}");
        assert_eq!(example.rows, sound.rows, "seed {seed}");
        let units = |text: &str| -> Vec<String> {
            let parsed = text.lines().map(|line| SealedOpening::parse(line).unwrap());
            parsed.map(|line| line.unit.to_string()).collect()
        };
        assert_eq!(units(&example.openings), units(&sound.openings), "seed {seed}");
        let secret = |text: &str| Header::parse(text).unwrap().rows_secret;
        assert_eq!(secret(&example.header), secret(&sound.header), "seed {seed}");
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "the figure of a long run")]
fn fuzz_dispatch() {
    let seconds = std::env::var_os("SHERLOK_FUZZ_SECONDS").and_then(|text| text.to_str()?.parse().ok());
    let end = Instant::now() + Duration::from_secs(seconds.unwrap_or(1));
    let sound = example();
    let mut seed = 0_u64;
    while Instant::now() < end {
        try_edits(&sound, seed);
        seed += 1;
    }
    println!("dispatch: {seed} edited, none misread");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,120}") {
        if let Ok(header) = Header::parse(&text) {
            prop_assert_eq!(header.print().unwrap(), text.clone());
        }
        if let Ok(opening) = SealedOpening::parse(&text) {
            prop_assert_eq!(opening.print().unwrap(), text.clone());
        }
        if let Ok(key) = text.parse::<OpeningsKey>() {
            prop_assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn an_edited_key_is_another_or_none(seed: u64) {
        let sound = OpeningsKeyPair::from_seed("bkd.example/openings", &[7; 32]).unwrap().public().to_string();
        let text = edited(&sound, &mut Random(seed));
        if let Ok(key) = text.parse::<OpeningsKey>() {
            prop_assert_eq!(key.to_string(), text);
        }
    }
}

//! Draws a sample that anyone can draw again: a ticket number per unit, the smallest tickets are the sample.
//!
//! Byte-exact to Rivest's `consistent_sampler`, without replacement. Norm: `api-spec/audit-sampling.md`.

use num_bigint::BigUint;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashSet};
use std::fmt;

/// A seed: text, never a number, so that `0042` and `42` are two seeds everywhere.
///
/// Holds the digest state after the seed's hash, which is exactly one block of SHA-256.
#[derive(Clone)]
pub struct Seed {
    text: String,
    after_hash: Sha256,
}

impl fmt::Debug for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Seed").field(&self.text).finish()
    }
}

impl Seed {
    /// Takes the seed as it was published, byte for byte.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let seed_hash = hex::encode(Sha256::digest(text.as_bytes()));
        let after_hash = Sha256::new().chain_update(seed_hash.as_bytes());
        Self { text, after_hash }
    }

    /// The published text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The ticket of a unit: depends on the seed and this id only.
    pub fn ticket(&self, id: &str) -> Ticket {
        Ticket(fraction(&self.digest(id)))
    }

    fn digest(&self, id: &str) -> [u8; 32] {
        self.after_hash.clone().chain_update(id.as_bytes()).finalize().into()
    }
}

/// A ticket number in full: `0.` and at least 64 decimal digits. Compared as text, which is numeric order here.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ticket(String);

impl Ticket {
    /// The full text. Shortened forms must never be compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the number is below a fraction; exact. `denominator` is not zero.
    pub fn is_below(&self, numerator: u128, denominator: u128) -> bool {
        let digits = self.0.strip_prefix("0.").unwrap_or_default();
        let number = BigUint::parse_bytes(digits.as_bytes(), 10).unwrap_or_default();
        let whole = BigUint::from(10_u8).pow(u32::try_from(digits.len()).unwrap_or(u32::MAX));
        number * denominator < whole * numerator
    }
}

impl fmt::Display for Ticket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

const CHUNK: u64 = 10_000_000_000_000_000_000;
const CHUNK_DIGITS: usize = 19;
const LEAST_DIGITS: usize = 64;

/// Four limbs, most significant first.
fn limbs(digest: &[u8; 32]) -> [u64; 4] {
    let mut limbs = [0_u64; 4];
    for (limb, bytes) in limbs.iter_mut().zip(digest.chunks_exact(8)) {
        *limb = bytes.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
    }
    limbs
}

/// Divides by 10^19 in place and gives the remainder.
fn divide(limbs: &mut [u64; 4]) -> u64 {
    let mut remainder = 0_u128;
    for limb in limbs.iter_mut() {
        let value = (remainder << 64) | u128::from(*limb);
        // The quotient fits: the remainder is below 10^19, which is below 2^64.
        *limb = u64::try_from(value / u128::from(CHUNK)).unwrap_or(u64::MAX);
        remainder = value % u128::from(CHUNK);
    }
    u64::try_from(remainder).unwrap_or(u64::MAX)
}

/// `0.` and the digest's decimal digits, last digit first, padded to at least 64 digits.
///
/// Reversed because the high digits of a 256-bit number in decimal are not evenly spread, the low ones are.
fn fraction(digest: &[u8; 32]) -> String {
    let mut limbs = limbs(digest);
    let mut text = String::with_capacity(2 + 5 * CHUNK_DIGITS);
    text.push_str("0.");
    for _ in 0..5 {
        let mut chunk = divide(&mut limbs);
        for _ in 0..CHUNK_DIGITS {
            text.push(char::from(b'0' + u8::try_from(chunk % 10).unwrap_or(0)));
            chunk /= 10;
        }
    }
    while text.len() > 2 + LEAST_DIGITS && text.ends_with('0') {
        text.pop();
    }
    text
}

/// Digits that are looked at first.
const LOOK_DIGITS: usize = 8;
const LOOK: u64 = 100_000_000;

/// What each 32-bit word of a digest, least significant first, weighs in the last digits of the number.
const WEIGHTS: [u64; 8] = {
    let mut weights = [1; 8];
    let mut rest: &mut [u64] = &mut weights;
    let mut weight = 1;
    while let [first, others @ ..] = rest {
        *first = weight;
        weight = (weight << 32) % LOOK;
        rest = others;
    }
    weights
};

/// The first 8 digits of the ticket as a number: enough to tell that a unit is not drawn, at a fraction of the cost.
fn leading_digits(digest: &[u8; 32]) -> u64 {
    // Eight products below 2^32 * 10^8 stay below 2^62.
    let sum: u64 = digest
        .rchunks_exact(4)
        .map(|bytes| bytes.iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte)))
        .zip(WEIGHTS)
        .map(|(word, weight)| word * weight)
        .sum();
    let mut last = sum % LOOK;
    let mut leading = 0;
    for _ in 0..LOOK_DIGITS {
        leading = leading * 10 + last % 10;
        last /= 10;
    }
    leading
}

/// One drawn unit and the ticket that drew it. Ordered by ticket, then by id, as the norm says.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Drawn {
    /// The unit's ticket number.
    pub ticket: Ticket,
    /// The unit's id.
    pub id: String,
}

/// Why there is no draw.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DrawError {
    /// The population names a unit twice, so its size is not what it seems.
    #[error("the unit `{id}` stands twice in the population")]
    Duplicate {
        /// The unit.
        id: String,
    },
    /// The sample asked for is larger than the population.
    #[error("a sample of {size} was asked of a population of {population}")]
    SampleTooLarge {
        /// Units asked for.
        size: usize,
        /// Units there are.
        population: u64,
    },
}

/// A draw without replacement in progress: keeps the `size` smallest tickets seen so far, and nothing else.
///
/// Memory depends on the size of the sample only. A unit that stands twice is noticed for certain if it is drawn;
/// [`Rising`] and [`Distinct`] notice every one.
#[derive(Debug)]
pub struct Draw {
    seed: Seed,
    size: usize,
    population: u64,
    kept: BTreeSet<Drawn>,
    threshold: u64,
}

impl Draw {
    /// Starts a draw of `size` units.
    pub fn new(seed: Seed, size: usize) -> Self {
        Self {
            seed,
            size,
            population: 0,
            kept: BTreeSet::new(),
            threshold: u64::MAX,
        }
    }

    /// Takes the next unit of the population; order does not matter. `Err` if it is a drawn one again.
    pub fn offer(&mut self, id: &str) -> Result<(), DrawError> {
        self.population = self.population.saturating_add(1);
        let digest = self.seed.digest(id);
        let leading = leading_digits(&digest);
        if self.size == 0 || leading > self.threshold {
            return Ok(());
        }
        let drawn = Drawn {
            ticket: Ticket(fraction(&digest)),
            id: id.to_owned(),
        };
        if self.kept.contains(&drawn) {
            return Err(DrawError::Duplicate { id: drawn.id });
        }
        self.kept.insert(drawn);
        if self.kept.len() > self.size {
            self.kept.pop_last();
        }
        if self.kept.len() == self.size {
            // Tickets that share all 8 digits with the last kept one are still looked at in full.
            self.threshold = self.kept.last().map_or(u64::MAX, |last| leading_of(&last.ticket));
        }
        Ok(())
    }

    /// Units offered so far.
    pub const fn population(&self) -> u64 {
        self.population
    }

    /// The drawn units in ticket order. `Err` if fewer units were offered than were asked for.
    pub fn finish(self) -> Result<Vec<Drawn>, DrawError> {
        if self.kept.len() < self.size {
            return Err(DrawError::SampleTooLarge {
                size: self.size,
                population: self.population,
            });
        }
        Ok(self.kept.into_iter().collect())
    }
}

fn leading_of(ticket: &Ticket) -> u64 {
    ticket
        .as_str()
        .bytes()
        .skip(2)
        .take(LOOK_DIGITS)
        .fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'))
}

/// Whether ids rise strictly by their bytes, as in the norm's file: then none of them stands twice. Remembers the last.
#[derive(Debug, Default)]
pub struct Rising {
    last: String,
}

impl Rising {
    /// Whether this id is greater than the one before it, if there was one. No id is empty.
    pub fn holds(&mut self, id: &str) -> bool {
        let is_greater = id > self.last.as_str();
        id.clone_into(&mut self.last);
        is_greater
    }
}

/// Notices every id that stands twice in whatever order, by 128 bits of its digest: some 20 to 50 bytes a unit.
#[derive(Debug, Default)]
pub struct Distinct(HashSet<u128>);

impl Distinct {
    /// `Err` if this id was seen before.
    pub fn check(&mut self, id: &str) -> Result<(), DrawError> {
        let digest = Sha256::digest(id.as_bytes());
        let key = digest
            .iter()
            .take(16)
            .fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
        if self.0.insert(key) {
            Ok(())
        } else {
            Err(DrawError::Duplicate { id: id.to_owned() })
        }
    }
}

/// Draws `size` of the units, in ticket order. The order of the input does not matter.
///
/// A larger sample with the same seed begins with the smaller one. `Err` where a unit stands twice or there are fewer
/// units than asked for.
pub fn draw<'a>(seed: &Seed, units: impl IntoIterator<Item = &'a str>, size: usize) -> Result<Vec<Drawn>, DrawError> {
    let mut distinct = Distinct::default();
    let mut draw = Draw::new(seed.clone(), size);
    for id in units {
        distinct.check(id)?;
        draw.offer(id)?;
    }
    draw.finish()
}

#[cfg(test)]
#[path = "sampling_tests.rs"]
mod comparison_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ids(drawn: &[Drawn]) -> Vec<&str> {
        drawn.iter().map(|drawn| drawn.id.as_str()).collect()
    }

    #[test]
    fn tickets_are_those_of_the_published_examples() {
        // Docstrings of consistent_sampler 1.0.10.
        assert_eq!(
            Seed::new("01382438112797316654").ticket("AB-130").as_str(),
            "0.26299714122838008416507544297546663599715395525154425586041245287750224561854"
        );
        let seed = Seed::new("xy()134!g2n");
        assert_eq!(
            seed.ticket("cat").as_str(),
            "0.24866413894129579898796850445568128508290132707747976039848637531569373309555"
        );
        assert_eq!(
            seed.ticket("dog").as_str(),
            "0.33886035615681875183111698317327684455682722683976874746986356932751818935066"
        );
    }

    #[test]
    fn a_ticket_is_compared_with_a_fraction_exactly() {
        let half = Ticket("0.5".to_owned());
        assert!(!half.is_below(1, 2) && half.is_below(500_000_001, 1_000_000_000));
        let quarter = Ticket(format!("0.25{}1", "0".repeat(61)));
        assert!(!quarter.is_below(1, 4) && quarter.is_below(1, 3) && !quarter.is_below(0, 1));
        assert!(Ticket("0.0000".to_owned()).is_below(1, u128::MAX));
        let largest = Ticket(format!("0.{}", "9".repeat(78)));
        assert!(largest.is_below(1, 1) && !largest.is_below(u128::MAX - 1, u128::MAX));
    }

    #[test]
    fn a_published_draw_is_drawn_again_in_its_order() {
        let drawn = draw(&Seed::new("314159"), ["ab-1", "ab-2", "cd-1", "ef-3"], 4).unwrap();
        assert_eq!(ids(&drawn), ["cd-1", "ef-3", "ab-1", "ab-2"]);
    }

    #[test]
    fn the_largest_and_smallest_digests_are_written_out_right() {
        assert_eq!(fraction(&[0; 32]), format!("0.{}", "0".repeat(64)));
        let largest = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
        let reversed: String = largest.chars().rev().collect();
        assert_eq!(fraction(&[255; 32]), format!("0.{reversed}"));
        let mut ten = [0; 32];
        ten[31] = 10;
        assert_eq!(fraction(&ten), format!("0.01{}", "0".repeat(62)));
    }

    #[test]
    fn a_unit_that_stands_twice_is_refused_drawn_or_not() {
        let units: Vec<String> = (0..50).map(|unit| format!("u{unit}")).collect();
        for twice in &units {
            let population = units.iter().chain([twice]).map(String::as_str);
            let refused = DrawError::Duplicate { id: twice.clone() };
            assert_eq!(draw(&Seed::new("s"), population, 3), Err(refused));
        }
    }

    #[test]
    fn a_drawn_unit_that_stands_twice_is_noticed_without_remembering_the_population() {
        let seed = Seed::new("s");
        let units: Vec<String> = (0..200).map(|unit| format!("u{unit}")).collect();
        let drawn = draw(&seed, units.iter().map(String::as_str), 5).unwrap();
        for twice in drawn {
            let mut stream = Draw::new(seed.clone(), 5);
            let population = units.iter().chain([&twice.id]);
            let refused = population.map(|id| stream.offer(id)).find(Result::is_err);
            assert_eq!(refused, Some(Err(DrawError::Duplicate { id: twice.id.clone() })));
        }
    }

    #[test]
    fn more_than_there_is_cannot_be_drawn() {
        let refused = DrawError::SampleTooLarge { size: 3, population: 2 };
        assert_eq!(draw(&Seed::new("s"), ["a", "b"], 3), Err(refused));
        assert_eq!(draw(&Seed::new("s"), ["a", "b"], 0), Ok(vec![]));
    }

    #[test]
    fn ids_that_rise_by_bytes_are_told_from_others() {
        let rises = |ids: &[&str]| {
            let mut rising = Rising::default();
            ids.iter().all(|id| rising.holds(id))
        };
        assert!(rises(&["A", "a", "a ", "aa", "b", "é", "日"]));
        assert!(!rises(&["a", "a"]) && !rises(&["b", "a"]) && !rises(&["a", "b", "ab"]));
    }

    #[test]
    fn the_seed_is_text_and_leading_zeros_count() {
        assert_ne!(Seed::new("0042").ticket("a"), Seed::new("42").ticket("a"));
    }

    #[test]
    fn every_unit_is_drawn_about_equally_often() {
        // 20 units, 5 drawn, 4,000 seeds: each unit 1,000 times expected, standard deviation 27.4.
        let units: Vec<String> = (0..20).map(|unit| format!("1.01/{unit}")).collect();
        let mut times = std::collections::HashMap::new();
        for seed in 0..4_000 {
            for drawn in draw(&Seed::new(seed.to_string()), units.iter().map(String::as_str), 5).unwrap() {
                *times.entry(drawn.id).or_insert(0_i32) += 1;
            }
        }
        assert_eq!(times.len(), 20);
        assert!(times.values().all(|times| (times - 1_000).abs() < 5 * 28), "{times:?}");
    }

    proptest! {
        #[test]
        fn the_order_of_the_population_does_not_matter(
            mut units in proptest::collection::hash_set("[a-z0-9é]{1,6}", 1..40),
            seed in ".{0,20}",
        ) {
            let seed = Seed::new(seed);
            let one: Vec<String> = units.drain().collect();
            let mut other = one.clone();
            other.sort();
            let size = one.len() / 2;
            let first = draw(&seed, one.iter().map(String::as_str), size).unwrap();
            prop_assert_eq!(&first, &draw(&seed, other.iter().map(String::as_str), size).unwrap());
            prop_assert_eq!(first.len(), size);
        }

        #[test]
        fn a_larger_sample_begins_with_the_smaller_one(count in 1_usize..60, cut in 0_usize..60, seed in "[0-9]{1,20}") {
            let units: Vec<String> = (0..count).map(|unit| format!("u{unit}")).collect();
            let seed = Seed::new(seed);
            let all = draw(&seed, units.iter().map(String::as_str), count).unwrap();
            let small = draw(&seed, units.iter().map(String::as_str), cut.min(count)).unwrap();
            prop_assert!(all.starts_with(&small));
        }

        #[test]
        fn removing_units_that_were_not_drawn_moves_nothing(count in 2_usize..60, seed in "[0-9]{1,20}") {
            let units: Vec<String> = (0..count).map(|unit| format!("u{unit}")).collect();
            let seed = Seed::new(seed);
            let drawn = draw(&seed, units.iter().map(String::as_str), count / 2).unwrap();
            let again = draw(&seed, drawn.iter().map(|drawn| drawn.id.as_str()), drawn.len()).unwrap();
            prop_assert_eq!(drawn, again);
        }

        #[test]
        fn the_quick_look_agrees_with_the_full_ticket(one in any::<[u8; 32]>(), other in any::<[u8; 32]>()) {
            prop_assert_eq!(leading_digits(&one), leading_of(&Ticket(fraction(&one))));
            if leading_digits(&one) < leading_digits(&other) {
                prop_assert!(fraction(&one) < fraction(&other));
            }
        }
    }
}

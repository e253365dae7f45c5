//! Reproducible chance for simulations. It must never guard or decide anything: anyone who knows the seed knows it all.

use crate::domain::instant::Instant;
use uuid::Builder;
use uuid::Uuid;

/// A stream of chance that a seed fixes for good (`SplitMix64` by Steele, Lea and Flood, 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Starts the stream of `seed`.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Starts another stream, which `label` tells from its siblings; drawing from one leaves the others as they are.
    #[must_use]
    pub fn fork(&self, label: u64) -> Self {
        let mut stream = Self(self.0 ^ label.wrapping_mul(0xD1B5_4A32_D192_ED03));
        Self(stream.bits())
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from 0 to below `limit`; 0 where `limit` is 0.
    pub fn below(&mut self, limit: u32) -> u32 {
        let product = (self.bits() >> 32) * u64::from(limit);
        u32::try_from(product >> 32).unwrap_or(0)
    }

    /// A whole number from `least` to `most`, both included; `least` where they are the wrong way round.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = u32::try_from((most - least).max(0)).unwrap_or(u32::MAX - 1);
        least + i64::from(self.below(span.saturating_add(1)))
    }

    /// A number from 0 to below 1.
    pub fn unit(&mut self) -> f64 {
        f64::from(self.below(u32::MAX)) / f64::from(u32::MAX)
    }

    /// Whether something that happens to `percent` of all happens now.
    pub fn chance(&mut self, percent: f64) -> bool {
        self.unit() * 100.0 < percent
    }

    /// A number around 0 with standard deviation 1 (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// A waiting time with the mean `mean`, in whatever unit that has.
    pub fn waiting(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// One of `choices`; `None` only where there are none.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        let count = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        choices.get(usize::try_from(self.below(count)).unwrap_or(0))
    }

    /// The id that a phone would make at `at`: a UUIDv7.
    pub fn id(&mut self, at: Instant) -> Uuid {
        let mut bytes = [0_u8; 10];
        let (high, low) = (self.bits().to_be_bytes(), self.bits().to_be_bytes());
        for (target, source) in bytes.iter_mut().zip(high.into_iter().chain(low)) {
            *target = source;
        }
        let milliseconds = u64::try_from(at.millis()).unwrap_or(0);
        Builder::from_unix_timestamp_millis(milliseconds, &bytes).into_uuid()
    }
}

/// The whole number nearest to `value`.
pub fn whole(value: f64) -> i64 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "the cast saturates, which is what a simulation wants"
    )]
    let number = value.round() as i64;
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::CheckInId;

    #[test]
    fn the_stream_is_splitmix64() {
        let mut random = Random::new(1_234_567);
        let first: [u64; 3] = std::array::from_fn(|_| random.bits());
        assert_eq!(
            first,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn chance_has_the_shape_it_claims() {
        let mut random = Random::new(7);
        let count = 20_000_u32;
        let hits = (0..count).filter(|_| random.chance(5.0)).count();
        assert!((900..1_100).contains(&hits), "{hits}");
        let mean = (0..count).map(|_| random.waiting(10.0)).sum::<f64>() / f64::from(count);
        assert!((9.7..10.3).contains(&mean), "{mean}");
        let square = (0..count).map(|_| random.normal().powi(2)).sum::<f64>() / f64::from(count);
        assert!((0.95..1.05).contains(&square), "{square}");
        assert!((0..count).all(|_| (3..=5).contains(&random.between(3, 5))));
    }

    #[test]
    fn forks_do_not_disturb_one_another() {
        let random = Random::new(7);
        let (mut one, mut other) = (random.fork(1), random.fork(2));
        assert_ne!(one.bits(), other.bits());
        let mut again = random.fork(2);
        assert_eq!(again.bits(), random.fork(2).bits());
    }

    #[test]
    fn ids_are_those_that_a_phone_makes() {
        let at = Instant::parse("2026-03-02T00:41:03Z").unwrap();
        let id = Random::new(7).id(at);
        let taken = CheckInId::from_client(&id.to_string()).unwrap();
        assert_eq!(taken.day().to_string(), "2026-03-02");
    }
}

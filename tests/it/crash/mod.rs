//! What was acknowledged is there, once, whatever happens to the process, the disk, the database or the network. The
//! test command runs a short form; `make bench-crash` runs the same code with larger counts.

mod disk;
mod kill;
mod log;
mod network;
mod phone;
mod postgres;
mod power;
mod recording;
#[path = "../../../bench/results.rs"]
#[expect(
    dead_code,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "the other benchmarks use the rest; a logarithm's floor is a small whole number"
)]
mod results;
mod sabotage;
mod small_disk;

use results::{Bar, Row};

/// Random numbers that a seed gives again (`SplitMix64`).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number of all 64 bits.
    pub(crate) const fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which is at least 1.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(bound).unwrap()).unwrap()
    }

    /// True once in so many times.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Waits up to so many milliseconds, to the microsecond.
    pub(crate) fn wait(&mut self, milliseconds: u64) {
        std::thread::sleep(std::time::Duration::from_micros(
            self.roll() % (milliseconds * 1_000).max(1),
        ));
    }
}

/// A setting of the long form, or what the test command does.
fn setting(name: &str) -> Option<u64> {
    #[expect(clippy::disallowed_methods, reason = "the bench command's switches")]
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} must be a whole number, not {text}")),
    )
}

/// How often to do something.
fn count(name: &str, usual: usize) -> usize {
    setting(name).map_or(usual, |number| usize::try_from(number).unwrap())
}

/// Whether the tests run beside PostgreSQL.
fn is_on_postgres() -> bool {
    #[expect(clippy::disallowed_methods, reason = "the test command's one switch")]
    std::env::var("TEST_DATABASE_URL").is_ok()
}

/// The database's name in rows.
fn database_name() -> &'static str {
    if is_on_postgres() { "postgres" } else { "sqlite" }
}

/// A fresh seed, or `CRASH_SEED`; printed, so that the same choices can be made again.
fn dice(purpose: &str) -> Dice {
    let seed = setting("CRASH_SEED").unwrap_or_else(|| uuid::Uuid::now_v7().as_u64_pair().1 >> 16);
    println!("{purpose}: CRASH_SEED={seed}");
    Dice::new(seed)
}

/// A count that must be 0, such as what was lost.
fn none(name: impl Into<String>, number: usize) -> Row {
    counted(name, number).bar(Bar::AtMost(0.0))
}

/// A count.
fn counted(name: impl Into<String>, number: usize) -> Row {
    Row::new(name, f64::from(u32::try_from(number).unwrap()), "count")
}

/// Prints the figures, keeps them where the long form asks for it, and demands that each reaches its bar.
fn conclude(rows: &[Row]) {
    println!("{}", results::table(rows));
    if setting("BENCH_RESULTS").is_some_and(|number| number > 0) {
        results::write("crash", rows);
    }
    assert!(rows.iter().all(Row::holds), "{}", results::table(rows));
}

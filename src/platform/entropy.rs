//! The only room that makes randomness.

use crate::domain::instant::Instant;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::{Builder, Uuid};

/// Where the service gets its randomness from.
#[derive(Clone, Debug)]
pub enum Entropy {
    /// The operating system.
    Os,
    /// A repeatable stream for tests.
    Seeded(Arc<AtomicU64>),
}

/// The operating system gave no randomness.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gives no randomness")]
pub struct EntropyError(#[source] getrandom::Error);

impl Entropy {
    /// A stream that is the same for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(AtomicU64::new(seed << 32)))
    }

    /// Fills an array with randomness.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], EntropyError> {
        let mut bytes = [0; N];
        match self {
            Self::Os => getrandom::fill(&mut bytes).map_err(EntropyError)?,
            Self::Seeded(counter) => {
                for chunk in bytes.chunks_mut(32) {
                    let block = Sha256::digest(counter.fetch_add(1, Ordering::SeqCst).to_be_bytes());
                    chunk.iter_mut().zip(block).for_each(|(to, from)| *to = from);
                }
            }
        }
        Ok(bytes)
    }

    /// So many arrays of randomness, asked for at once.
    pub fn many<const N: usize>(&self, count: usize) -> Result<Vec<[u8; N]>, EntropyError> {
        let mut arrays = vec![[0; N]; count];
        match self {
            Self::Os => getrandom::fill(arrays.as_flattened_mut()).map_err(EntropyError)?,
            Self::Seeded(_) => {
                for array in &mut arrays {
                    *array = self.bytes()?;
                }
            }
        }
        Ok(arrays)
    }

    /// A fresh UUIDv7 for `now`.
    pub fn uuid(&self, now: Instant) -> Result<Uuid, EntropyError> {
        let milliseconds = u64::try_from(now.millis()).unwrap_or(0);
        Ok(Builder::from_unix_timestamp_millis(milliseconds, &self.bytes::<10>()?).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seeded_stream_repeats_and_never_stands_still() {
        let (one, two) = (Entropy::seeded(7), Entropy::seeded(7));
        let first = one.bytes::<40>().unwrap();
        assert_eq!(first, two.bytes::<40>().unwrap());
        assert_ne!(first, one.bytes::<40>().unwrap());
    }

    #[test]
    fn many_are_as_many_one_by_one() {
        let (one, two) = (Entropy::seeded(7), Entropy::seeded(7));
        let many = one.many::<12>(3).unwrap();
        assert_eq!(many, [two.bytes().unwrap(), two.bytes().unwrap(), two.bytes().unwrap()]);
        let random = Entropy::Os.many::<12>(50).unwrap();
        let mut apart = random.clone();
        apart.sort_unstable();
        apart.dedup();
        assert_eq!((random.len(), apart.len()), (50, 50));
    }

    #[test]
    fn ids_are_version_7_and_carry_the_time() {
        let now = Instant::parse("2026-03-02T08:59:00Z").unwrap();
        let id = Entropy::Os.uuid(now).unwrap();
        assert_eq!(id.get_version_num(), 7);
        assert_eq!(id.as_u64_pair().0 >> 16, u64::try_from(now.millis()).unwrap());
    }
}

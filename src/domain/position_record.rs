//! The bytes inside a sealed position: fixed length, so that sealed rows tell nothing by their size.

use crate::domain::check_in::Claim;
use crate::domain::check_in::Provider;
use crate::domain::place::Position;

const VERSION: u8 = 1;
const LENGTH: usize = 20;

/// What is known of one position.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PositionRecord {
    /// Where.
    pub position: Position,
    /// Accuracy in millimetres, if the channel gives one.
    pub accuracy_millimetres: Option<u32>,
    /// Metres above the ellipsoid times 1,000.
    pub altitude_millimetres: Option<i32>,
    /// What measured it.
    pub provider: Option<Provider>,
    /// The system's own word that it was made up.
    pub mock: Option<bool>,
}

impl From<&Claim> for PositionRecord {
    fn from(claim: &Claim) -> Self {
        Self {
            position: claim.position,
            accuracy_millimetres: claim.accuracy_millimetres,
            altitude_millimetres: claim.altitude_millimetres,
            provider: claim.provider,
            mock: claim.mock,
        }
    }
}

impl PositionRecord {
    /// A bare point.
    pub const fn point(position: Position) -> Self {
        Self {
            position,
            accuracy_millimetres: None,
            altitude_millimetres: None,
            provider: None,
            mock: None,
        }
    }

    /// Version, latitude, longitude, accuracy (0: none), altitude (minimum: none), provider (0: none), mock (0: unknown),
    /// all big-endian, and one spare byte.
    pub fn to_bytes(self) -> [u8; LENGTH] {
        let provider = Provider::ALL
            .iter()
            .position(|provider| Some(*provider) == self.provider);
        let provider = provider.and_then(|index| u8::try_from(index + 1).ok()).unwrap_or(0);
        let mock = self.mock.map_or(0, |mock| if mock { 2 } else { 1 });
        let mut bytes = [0; LENGTH];
        let parts = [VERSION]
            .into_iter()
            .chain(self.position.latitude_e7().to_be_bytes())
            .chain(self.position.longitude_e7().to_be_bytes())
            .chain(self.accuracy_millimetres.unwrap_or(0).to_be_bytes())
            .chain(self.altitude_millimetres.unwrap_or(i32::MIN).to_be_bytes())
            .chain([provider, mock]);
        bytes.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
        bytes
    }

    /// The inverse of [`PositionRecord::to_bytes`]; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; LENGTH] = bytes.try_into().ok()?;
        let [version, rest @ ..] = bytes;
        let (latitude, rest) = rest.split_first_chunk::<4>()?;
        let (longitude, rest) = rest.split_first_chunk::<4>()?;
        let (accuracy, rest) = rest.split_first_chunk::<4>()?;
        let (altitude, rest) = rest.split_first_chunk::<4>()?;
        let [provider, mock, _spare] = rest else { return None };
        if *version != VERSION {
            return None;
        }
        let provider = match usize::from(*provider).checked_sub(1) {
            None => None,
            Some(index) => Some(*Provider::ALL.get(index)?),
        };
        Some(Self {
            position: Position::from_e7(i32::from_be_bytes(*latitude), i32::from_be_bytes(*longitude))?,
            accuracy_millimetres: Some(u32::from_be_bytes(*accuracy)).filter(|accuracy| *accuracy > 0),
            altitude_millimetres: Some(i32::from_be_bytes(*altitude)).filter(|altitude| *altitude != i32::MIN),
            provider,
            mock: match mock {
                0 => None,
                1 => Some(false),
                _ => Some(true),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_record_reads_back(
            latitude in -900_000_000..=900_000_000i32,
            longitude in -1_800_000_000..=1_800_000_000i32,
            accuracy in proptest::option::of(1..=100_000_000u32),
            altitude in proptest::option::of(-1_000_000..=20_000_000i32),
            provider in proptest::option::of(0..Provider::ALL.len()),
            mock in proptest::option::of(any::<bool>()),
        ) {
            let record = PositionRecord {
                position: Position::from_e7(latitude, longitude).unwrap(),
                accuracy_millimetres: accuracy,
                altitude_millimetres: altitude,
                provider: provider.map(|index| Provider::ALL[index]),
                mock,
            };
            prop_assert_eq!(PositionRecord::from_bytes(&record.to_bytes()), Some(record));
        }
    }

    #[test]
    fn other_bytes_are_refused() {
        let record = PositionRecord::point(Position::from_degrees(-6.1, 106.1).unwrap());
        let mut bytes = record.to_bytes();
        assert_eq!(PositionRecord::from_bytes(&bytes[1..]), None);
        bytes[0] = 9;
        assert_eq!(PositionRecord::from_bytes(&bytes), None);
    }
}

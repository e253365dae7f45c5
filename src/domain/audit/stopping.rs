//! When auditors may look at the result and stop: once at the planned size, or at any time and with more tickets.

use crate::domain::statistics::StatisticsError;
use crate::domain::statistics::sequence::Prior;

/// The stopping rule of a plan. Fixed with the plan, before there is a seed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Stopping {
    /// The sample has its planned size, and its bounds count once all of it is settled.
    #[default]
    Fixed,
    /// Bounds hold at every look, and the sample may be extended; they begin wider.
    Sequence(Prior),
}

impl Stopping {
    /// The spelling in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Sequence(_) => "sequence",
        }
    }

    /// The weights of the prior, if there is one.
    pub const fn weights(self) -> Option<(u32, u32)> {
        match self {
            Self::Fixed => None,
            Self::Sequence(prior) => Some(prior.weights()),
        }
    }

    /// The rule with these weights; without any it is [`Stopping::Fixed`]. `Err` where a weight is out of range.
    pub fn from_weights(weights: Option<(u32, u32)>) -> Result<Self, StatisticsError> {
        weights.map_or(Ok(Self::Fixed), |(a, b)| Prior::new(a, b).map(Self::Sequence))
    }

    /// Whether more tickets may be drawn after verdicts were seen.
    pub const fn may_extend(self) -> bool {
        matches!(self, Self::Sequence(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_read_back_from_their_weights() {
        for weights in [None, Some((1, 50)), Some((1_000_000, 1))] {
            let rule = Stopping::from_weights(weights).unwrap();
            assert_eq!(rule.weights(), weights);
            assert_eq!(rule.may_extend(), weights.is_some());
            assert_eq!(rule.code(), if weights.is_some() { "sequence" } else { "fixed" });
        }
        assert_eq!(Stopping::from_weights(Some((0, 1))), Err(StatisticsError::Prior));
    }
}

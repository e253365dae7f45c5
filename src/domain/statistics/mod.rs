//! What a random sample proves: how many units to check, and the exact bounds on the deviations in the population.
//!
//! Whole numbers, fractions and logarithms with proven digits; no normal approximation and no floating point anywhere.

pub mod agreement;
pub mod bound;
#[cfg(test)]
mod coverage_tests;
mod logarithm;
pub mod plan;
pub mod sequence;
pub mod stratified;
mod stratum;
mod tail;
#[cfg(test)]
mod vector_tests;
pub mod weighted;

/// The largest population that is worked with: about nine years of the whole nation's slots in one month's claim.
pub const LARGEST_POPULATION: u64 = 4_294_967_295;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum StatisticsError {
    /// The confidence is not between 1 and 9,999 basis points.
    #[error("the confidence must be between 1 and 9999 basis points")]
    Confidence,
    /// The tolerable rate is not between 1 and 10,000 basis points.
    #[error("the tolerable rate must be between 1 and 10000 basis points")]
    TolerableRate,
    /// The expected rate is not below the tolerable rate, so no sample could clear it.
    #[error("the expected rate must be below the tolerable rate")]
    ExpectedRate,
    /// The population is empty or above [`LARGEST_POPULATION`].
    #[error("the population must be between 1 and 4294967295 units")]
    Population,
    /// The sample is larger than the population.
    #[error("the sample is larger than the population")]
    Sample,
    /// There are more deviations than units checked.
    #[error("there are more deviations than units in the sample")]
    Deviations,
    /// Not even the whole population would be enough, because the two rates round to the same number of units.
    #[error("no sample of this population can tell the expected from the tolerable rate")]
    Unreachable,
    /// A weight is zero, so that nothing would be known of such units, or a chance is not above zero and at most one.
    #[error("every unit needs a chance of being drawn")]
    Weight,
    /// A weight of the prior is out of range.
    #[error("the weights of the prior must be between 1 and 1000000")]
    Prior,
    /// The risk is shared by so many claims that it can't be worked with.
    #[error("the risk is shared by too many claims")]
    TooManyClaims,
}

/// The chance that the claim is wrong, as a fraction: one minus the confidence.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Risk {
    numerator: u64,
    denominator: u64,
}

impl Risk {
    /// The risk that a confidence in basis points leaves. `Err` outside 1 to 9,999.
    pub fn of_confidence(confidence_bp: u16) -> Result<Self, StatisticsError> {
        if !(1..=9_999).contains(&confidence_bp) {
            return Err(StatisticsError::Confidence);
        }
        Ok(Self {
            numerator: u64::from(10_000 - confidence_bp),
            denominator: 10_000,
        })
    }

    /// The same risk shared evenly by several claims, so that together they are still as sure (Bonferroni).
    ///
    /// `Err` where the share becomes smaller than about one in two thousand million.
    pub fn shared_by(self, claims: u32) -> Result<Self, StatisticsError> {
        let denominator = self.denominator.saturating_mul(u64::from(claims.max(1)));
        if denominator >= 1 << 31 {
            return Err(StatisticsError::TooManyClaims);
        }
        Ok(Self {
            numerator: self.numerator,
            denominator,
        })
    }

    /// The fraction as (numerator, denominator); the numerator is above zero and below the denominator.
    pub const fn fraction(self) -> (u64, u64) {
        (self.numerator, self.denominator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_risk_is_what_the_confidence_leaves_and_is_shared_evenly() {
        let risk = Risk::of_confidence(9_500).unwrap();
        assert_eq!(risk.fraction(), (500, 10_000));
        assert_eq!(Risk::of_confidence(1).map(Risk::fraction), Ok((9_999, 10_000)));
        assert_eq!(Risk::of_confidence(9_999).map(Risk::fraction), Ok((1, 10_000)));
        for none in [0, 10_000] {
            assert_eq!(Risk::of_confidence(none), Err(StatisticsError::Confidence));
        }
        assert_eq!(risk.shared_by(3).map(Risk::fraction), Ok((500, 30_000)));
        assert_eq!(risk.shared_by(2).unwrap().shared_by(5), risk.shared_by(10));
        assert_eq!([0, 1].map(|claims| risk.shared_by(claims)), [Ok(risk); 2]);
    }

    #[test]
    fn a_risk_is_shared_by_as_many_claims_as_keep_it_above_one_in_two_thousand_million() {
        let risk = Risk::of_confidence(9_999).unwrap();
        assert_eq!(risk.shared_by(214_748).map(Risk::fraction), Ok((1, 2_147_480_000)));
        for claims in [214_749, u32::MAX] {
            assert_eq!(risk.shared_by(claims), Err(StatisticsError::TooManyClaims));
        }
    }
}

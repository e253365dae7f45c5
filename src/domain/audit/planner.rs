//! What a sample would prove, told before anything is drawn: sizes, bounds by what may be found, and one plain sentence.

use crate::domain::audit::claim::percent;
use crate::domain::audit::plan::SampleTerms;
use crate::domain::audit::stopping::Stopping;
use crate::domain::language::Language;
use crate::domain::statistics::Risk;
use crate::domain::statistics::StatisticsError;
use crate::domain::statistics::bound::Finding;
use crate::domain::statistics::sequence;
use crate::domain::statistics::stratified;

/// Deviations found up to which a forecast tells the bound.
const MOST_DEVIATIONS: u64 = 3;

/// What would be known of a stratum if so many deviations were found in its sample.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Prospect {
    /// Deviations found.
    pub deviations: u64,
    /// The largest number of deviations in the stratum that would not be ruled out.
    pub upper: u64,
    /// Whether that is below the tolerable rate.
    pub is_tolerable: bool,
}

/// What the sample of one stratum could prove.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StratumForecast {
    /// Units in it.
    pub population: u64,
    /// Units to draw.
    pub size: u64,
    /// For none, one, two and three deviations found, as far as the sample has so many units.
    pub prospects: Vec<Prospect>,
}

/// What a plan could prove.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Forecast {
    /// Each stratum for itself, at the full confidence.
    pub strata: Vec<StratumForecast>,
    /// Units of all strata.
    pub population: u64,
    /// Units to draw from all of them.
    pub size: u64,
    /// The largest number of deviations in all strata together that is not ruled out if none is found, as in the report.
    pub clean_upper: u64,
    /// How sure each claim is, basis points.
    pub confidence_bp: u16,
}

/// Works out what samples of strata of these sizes could prove. Empty strata are left out.
///
/// `Err` for terms out of range and populations above the largest one.
pub fn forecast(terms: &SampleTerms, populations: &[u64]) -> Result<Forecast, StatisticsError> {
    let risk = Risk::of_confidence(terms.confidence_bp)?;
    let filled: Vec<u64> = populations.iter().copied().filter(|units| *units > 0).collect();
    let mut clean = Vec::with_capacity(filled.len());
    let mut forecast = Forecast {
        strata: Vec::with_capacity(filled.len()),
        population: 0,
        size: 0,
        clean_upper: 0,
        confidence_bp: terms.confidence_bp,
    };
    for population in filled {
        let stratum = stratum(terms, population, risk)?;
        clean.push(Finding {
            population,
            sample: stratum.size,
            deviations: 0,
        });
        forecast.population += population;
        forecast.size += stratum.size;
        forecast.strata.push(stratum);
    }
    forecast.clean_upper = match terms.stopping {
        Stopping::Fixed => stratified::upper_bound(&clean, risk)?,
        Stopping::Sequence(prior) => {
            let shared = risk.shared_by(u32::try_from(clean.len()).unwrap_or(u32::MAX))?;
            let uppers = clean
                .iter()
                .map(|clean| Ok(sequence::look(*clean, prior, shared)?.upper));
            uppers.sum::<Result<_, StatisticsError>>()?
        }
    };
    Ok(forecast)
}

fn stratum(terms: &SampleTerms, population: u64, risk: Risk) -> Result<StratumForecast, StatisticsError> {
    let size = terms.size_of(population)?;
    let intolerable = terms.intolerable(population);
    let prospect = |deviations| {
        let found = Finding {
            population,
            sample: size,
            deviations,
        };
        let upper = match terms.stopping {
            Stopping::Fixed => found.upper_bound(risk)?,
            Stopping::Sequence(prior) => sequence::look(found, prior, risk)?.upper,
        };
        Ok(Prospect {
            deviations,
            upper,
            is_tolerable: upper < intolerable,
        })
    };
    Ok(StratumForecast {
        population,
        size,
        prospects: (0..=MOST_DEVIATIONS.min(size))
            .map(prospect)
            .collect::<Result<_, _>>()?,
    })
}

impl Forecast {
    /// What the plan can prove, in one sentence.
    pub fn sentence(&self, language: Language) -> String {
        let number = |value| language.grouped(value);
        let confidence = percent(u64::from(self.confidence_bp), 10_000, language);
        let rate = percent(self.clean_upper, self.population, language);
        let (size, upper, population) = (number(self.size), number(self.clean_upper), number(self.population));
        match (language, self.population) {
            (Language::Indonesian, 0) => "Belum ada slot wajib yang dapat diuji petik.".to_owned(),
            (Language::English, 0) => "There is no expected slot to sample yet.".to_owned(),
            (Language::Indonesian, _) => format!(
                "{size} kasus tanpa temuan membuktikan paling banyak {rate} slot menyimpang ({upper} dari {population}), \
                 dengan tingkat keyakinan {confidence}."
            ),
            (Language::English, _) => format!(
                "{size} cases without a finding prove that at most {rate} of the slots deviate ({upper} of {population}), \
                 with {confidence} confidence."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TERMS: SampleTerms = SampleTerms {
        confidence_bp: 9_500,
        tolerable_bp: 500,
        expected_bp: 0,
        sample_size: None,
        stopping: Stopping::Fixed,
    };

    #[test]
    fn the_planned_size_proves_the_tolerable_rate_if_nothing_is_found() {
        let forecast = forecast(&TERMS, &[1_000]).unwrap();
        assert_eq!((forecast.population, forecast.size), (1_000, 57));
        let tolerable: Vec<bool> = forecast.strata[0]
            .prospects
            .iter()
            .map(|prospect| prospect.is_tolerable)
            .collect();
        assert_eq!(tolerable, [true, false, false, false]);
        assert_eq!(forecast.clean_upper, forecast.strata[0].prospects[0].upper);
    }

    #[test]
    fn a_fixed_size_has_the_published_bounds() {
        let terms = SampleTerms {
            confidence_bp: 9_000,
            sample_size: Some(102),
            ..TERMS
        };
        let forecast = forecast(&terms, &[1_200]).unwrap();
        let bounds: Vec<u64> = forecast.strata[0]
            .prospects
            .iter()
            .map(|prospect| prospect.upper)
            .collect();
        assert_eq!(bounds, [25, 43, 59, 75]);
        assert_eq!(
            forecast.sentence(Language::Indonesian),
            "102 kasus tanpa temuan membuktikan paling banyak 2,1 % slot menyimpang (25 dari 1.200), dengan tingkat \
             keyakinan 90 %."
        );
        assert!(
            forecast
                .sentence(Language::English)
                .starts_with("102 cases without a finding prove that at most 2.1 %")
        );
    }

    #[test]
    fn several_strata_have_one_total_and_empty_ones_are_left_out() {
        let fixed = SampleTerms {
            sample_size: Some(25),
            ..TERMS
        };
        let found = forecast(&fixed, &[200, 0, 100]).unwrap();
        assert_eq!((found.strata.len(), found.size), (2, 50));
        let of = |population| Finding {
            population,
            sample: 25,
            deviations: 0,
        };
        let risk = Risk::of_confidence(9_500).unwrap();
        let total = stratified::upper_bound(&[of(200), of(100)], risk).unwrap();
        assert_eq!(found.clean_upper, total);
    }

    #[test]
    fn a_plan_that_may_be_looked_at_early_promises_less_for_the_same_size() {
        let watched = SampleTerms {
            stopping: Stopping::from_weights(Some((1, 50))).unwrap(),
            sample_size: Some(57),
            ..TERMS
        };
        let fixed = SampleTerms {
            stopping: Stopping::Fixed,
            ..watched
        };
        let upper = |terms| forecast(&terms, &[1_000]).unwrap().strata[0].prospects[0];
        assert!(upper(watched).upper > upper(fixed).upper);
        assert!(upper(fixed).is_tolerable && !upper(watched).is_tolerable);
        let sized = SampleTerms {
            sample_size: None,
            ..watched
        };
        let found = forecast(&sized, &[1_000, 1_000]).unwrap();
        assert_eq!(found.size, 2 * 74);
        assert!(found.strata[0].prospects[0].is_tolerable);
        let alone: u64 = found.strata.iter().map(|stratum| stratum.prospects[0].upper).sum();
        assert!(found.clean_upper > alone);
    }

    #[test]
    fn a_sample_of_one_promises_no_more_than_it_can_find() {
        let terms = SampleTerms {
            sample_size: Some(1),
            ..TERMS
        };
        assert_eq!(forecast(&terms, &[50]).unwrap().strata[0].prospects.len(), 2);
    }

    #[test]
    fn nothing_to_sample_is_said_in_words() {
        let forecast = forecast(&TERMS, &[0]).unwrap();
        assert_eq!((forecast.size, forecast.clean_upper), (0, 0));
        assert!(forecast.sentence(Language::Indonesian).starts_with("Belum ada"));
    }

    #[test]
    fn terms_out_of_range_are_refused() {
        let wrong = |terms| forecast(&terms, &[100]).unwrap_err();
        let confidence = SampleTerms {
            confidence_bp: 10_000,
            ..TERMS
        };
        assert_eq!(wrong(confidence), StatisticsError::Confidence);
        let expected = SampleTerms {
            expected_bp: 500,
            ..TERMS
        };
        assert_eq!(wrong(expected), StatisticsError::ExpectedRate);
        assert_eq!(forecast(&TERMS, &[1 << 32]).unwrap_err(), StatisticsError::Population);
    }

    proptest! {
        #[test]
        fn a_larger_sample_never_proves_less(population in 1_u64..400, size in 1_u32..399) {
            let with = |size| forecast(&SampleTerms { sample_size: Some(size), ..TERMS }, &[population]).unwrap();
            prop_assert!(with(size + 1).clean_upper <= with(size).clean_upper);
        }
    }
}

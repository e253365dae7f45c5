//! What an audit is to find out: period, agencies, strata and the size of the sample in each.

use crate::domain::access::AgencyCode;
use crate::domain::audit::stopping::Stopping;
use crate::domain::audit::targeted;
use crate::domain::audit::targeted::TargetedRule;
use crate::domain::statistics::Risk;
use crate::domain::statistics::StatisticsError;
use crate::domain::statistics::plan::Model;
use crate::domain::statistics::plan::Plan;
use crate::domain::statistics::sequence;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Most days that one audit covers: a quarter.
pub const LONGEST_PERIOD_DAYS: i64 = 92;
/// Most agencies that one audit names.
pub const MOST_AGENCIES: usize = 1_000;
/// Largest sample that may be asked for in one stratum.
pub const LARGEST_SAMPLE: u32 = 10_000;

/// What the population is divided into.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strata {
    /// One sample of everything: one claim for all agencies together.
    Whole,
    /// A sample of its own for each agency: one claim for each.
    Agency,
}

impl Strata {
    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Agency => "agency",
        }
    }

    /// The inverse of [`Strata::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Whole, Self::Agency]
            .into_iter()
            .find(|strata| strata.code() == code)
    }

    /// The name of the stratum that an agency's units belong to: its code, or `all`.
    pub fn stratum_of(self, agency: &AgencyCode) -> String {
        match self {
            Self::Whole => "all".to_owned(),
            Self::Agency => agency.to_string(),
        }
    }
}

/// A plan whose parts are sound. Rates and confidence in basis points.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditPlan {
    /// First work date.
    pub from: NaiveDate,
    /// Last work date, inclusive.
    pub to: NaiveDate,
    /// Distinct, in the order of their units' ids.
    pub agencies: Vec<AgencyCode>,
    /// What the population is divided into.
    pub strata: Strata,
    /// How sure the claim must be.
    pub confidence_bp: u16,
    /// The rate of deviations that must not go unnoticed.
    pub tolerable_bp: u16,
    /// The rate that is expected anyway.
    pub expected_bp: u16,
    /// Units for each stratum where the plan fixes them itself.
    pub sample_size: Option<u32>,
    /// When the auditors may look and stop.
    pub stopping: Stopping,
    /// Which units are picked beforehand and examined in full; none where all are left to chance.
    pub targeted: Option<TargetedRule>,
}

/// One thing that is wrong with a plan.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PlanFault {
    /// The end lies before the beginning.
    #[error("the period ends before it begins")]
    PeriodReversed,
    /// The period is longer than a quarter.
    #[error("the period is longer than {LONGEST_PERIOD_DAYS} days")]
    PeriodTooLong,
    /// The period reaches past today.
    #[error("the period reaches past today")]
    PeriodAhead,
    /// No agency is named, or too many.
    #[error("the plan names no agency, or more than {MOST_AGENCIES}")]
    Agencies,
    /// An agency is named twice.
    #[error("the plan names an agency twice")]
    AgencyTwice,
    /// An agency has the name of the stratum of the targeted picks.
    #[error("with targeted picks no agency may have the code `{}`", targeted::STRATUM)]
    ReservedName,
    /// The confidence is out of range.
    #[error("the confidence is not between 5000 and 9999 basis points")]
    Confidence,
    /// The tolerable rate is out of range.
    #[error("the tolerable rate is not between 1 and 10000 basis points")]
    TolerableRate,
    /// The expected rate is not below the tolerable one.
    #[error("the expected rate is not below the tolerable rate")]
    ExpectedRate,
    /// The fixed size is out of range.
    #[error("the sample size is not between 1 and {LARGEST_SAMPLE}")]
    SampleSize,
}

impl PlanFault {
    /// The field of the wire body to blame.
    pub const fn field(self) -> &'static str {
        match self {
            Self::PeriodReversed | Self::PeriodTooLong | Self::PeriodAhead => "to",
            Self::Agencies | Self::AgencyTwice | Self::ReservedName => "agencies",
            Self::Confidence => "confidence_bp",
            Self::TolerableRate => "tolerable_bp",
            Self::ExpectedRate => "expected_bp",
            Self::SampleSize => "sample_size",
        }
    }

    /// The stable code of the fault.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PeriodReversed => "before_from",
            Self::PeriodTooLong => "too_long",
            Self::PeriodAhead => "in_future",
            Self::AgencyTwice => "duplicate",
            Self::ReservedName => "reserved",
            Self::ExpectedRate => "not_below_tolerable",
            Self::Agencies | Self::Confidence | Self::TolerableRate | Self::SampleSize => "out_of_limits",
        }
    }
}

impl AuditPlan {
    /// Checks every part; all faults come back at once. `today` is the date in the last of Indonesia's zones to end it.
    /// Puts the agencies into the order of their units' ids.
    pub fn checked(mut self, today: NaiveDate) -> Result<Self, Vec<PlanFault>> {
        let mut faults = Vec::new();
        let mut check = |is_sound: bool, fault| {
            if !is_sound {
                faults.push(fault);
            }
        };
        if self.to < self.from {
            check(false, PlanFault::PeriodReversed);
        } else {
            check(
                (self.to - self.from).num_days() < LONGEST_PERIOD_DAYS,
                PlanFault::PeriodTooLong,
            );
        }
        check(self.to <= today, PlanFault::PeriodAhead);
        check((1..=MOST_AGENCIES).contains(&self.agencies.len()), PlanFault::Agencies);
        self.agencies.sort_by_cached_key(|agency| format!("{agency}/"));
        let named = self.agencies.len();
        self.agencies.dedup();
        check(self.agencies.len() == named, PlanFault::AgencyTwice);
        let is_reserved = self.agencies.iter().any(|agency| agency.as_str() == targeted::STRATUM);
        check(self.targeted.is_none() || !is_reserved, PlanFault::ReservedName);
        check((5_000..=9_999).contains(&self.confidence_bp), PlanFault::Confidence);
        check((1..=10_000).contains(&self.tolerable_bp), PlanFault::TolerableRate);
        check(self.expected_bp < self.tolerable_bp, PlanFault::ExpectedRate);
        let is_size = self.sample_size.is_none_or(|size| (1..=LARGEST_SAMPLE).contains(&size));
        check(is_size, PlanFault::SampleSize);
        if faults.is_empty() { Ok(self) } else { Err(faults) }
    }

    /// What decides the size of each sample.
    pub const fn terms(&self) -> SampleTerms {
        SampleTerms {
            confidence_bp: self.confidence_bp,
            tolerable_bp: self.tolerable_bp,
            expected_bp: self.expected_bp,
            sample_size: self.sample_size,
            stopping: self.stopping,
        }
    }
}

/// What decides the size of a sample. Rates and confidence in basis points.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SampleTerms {
    /// How sure the claim must be, 5,000 to 9,999.
    pub confidence_bp: u16,
    /// The rate that must not go unnoticed, 1 to 10,000.
    pub tolerable_bp: u16,
    /// The rate that is expected anyway, below the tolerable one.
    pub expected_bp: u16,
    /// Units to draw in each stratum; none where the rates decide.
    pub sample_size: Option<u32>,
    /// When the auditors may look and stop.
    pub stopping: Stopping,
}

impl SampleTerms {
    /// Units to draw from a stratum of `population` units. Never more than there are; a stratum that is too small to
    /// tell the two rates apart is checked as a whole. By the rates no more than [`LARGEST_SAMPLE`] are drawn at first
    /// where the sample may be extended.
    pub fn size_of(&self, population: u64) -> Result<u64, StatisticsError> {
        if population == 0 {
            return Ok(0);
        }
        if let Some(size) = self.sample_size {
            return Ok(u64::from(size).min(population));
        }
        if let Stopping::Sequence(prior) = self.stopping {
            let risk = Risk::of_confidence(self.confidence_bp)?;
            let most = u64::from(LARGEST_SAMPLE).min(population);
            let size = sequence::sample_size(
                population,
                self.intolerable(population),
                self.expected_bp,
                prior,
                risk,
                most,
            )?;
            return Ok(size.unwrap_or(most));
        }
        let plan = Plan {
            population,
            tolerable_bp: self.tolerable_bp,
            expected_bp: self.expected_bp,
            confidence_bp: self.confidence_bp,
            model: Model::Hypergeometric,
        };
        match plan.sample_size() {
            Ok(found) => Ok(found.size),
            Err(StatisticsError::Unreachable) => Ok(population),
            Err(other) => Err(other),
        }
    }

    /// The smallest number of deviations in a stratum that must not go unnoticed.
    pub fn intolerable(&self, population: u64) -> u64 {
        (population * u64::from(self.tolerable_bp)).div_ceil(10_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::flag::Flag;
    use crate::domain::statistics::sequence::Prior;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn plan() -> AuditPlan {
        AuditPlan {
            from: date("2026-03-01"),
            to: date("2026-03-31"),
            agencies: ["1.02", "1.01", "1.01.1"]
                .map(|code| AgencyCode::parse(code).unwrap())
                .into(),
            strata: Strata::Agency,
            confidence_bp: 9_500,
            tolerable_bp: 500,
            expected_bp: 0,
            sample_size: None,
            stopping: Stopping::Fixed,
            targeted: None,
        }
    }

    #[test]
    fn a_sample_that_is_looked_at_early_is_larger_from_the_start() {
        let mut watched = plan();
        watched.stopping = Stopping::Sequence(Prior::new(1, 50).unwrap());
        assert_eq!(watched.terms().size_of(1_000), Ok(74));
        assert_eq!((watched.terms().size_of(5), watched.terms().size_of(0)), (Ok(5), Ok(0)));
        watched.tolerable_bp = 1;
        assert_eq!(watched.terms().size_of(1_000_000), Ok(10_000));
        watched.sample_size = Some(30);
        assert_eq!(watched.terms().size_of(1_000), Ok(30));
    }

    #[test]
    fn agencies_stand_in_the_order_of_their_units() {
        let plan = plan().checked(date("2026-04-01")).unwrap();
        let codes: Vec<&str> = plan.agencies.iter().map(AgencyCode::as_str).collect();
        // "1.01.1/" sorts before "1.01/".
        assert_eq!(codes, ["1.01.1", "1.01", "1.02"]);
    }

    #[test]
    fn every_part_has_its_limits() {
        type Change = fn(&mut AuditPlan);
        let cases: [(Change, PlanFault); 12] = [
            (
                |plan| plan.to = "2026-02-28".parse().unwrap(),
                PlanFault::PeriodReversed,
            ),
            (
                |plan| plan.from = "2025-12-29".parse().unwrap(),
                PlanFault::PeriodTooLong,
            ),
            (|plan| plan.to = "2026-04-02".parse().unwrap(), PlanFault::PeriodAhead),
            (|plan| plan.agencies.clear(), PlanFault::Agencies),
            (
                |plan| plan.agencies.push(AgencyCode::parse("1.02").unwrap()),
                PlanFault::AgencyTwice,
            ),
            (|plan| plan.confidence_bp = 4_999, PlanFault::Confidence),
            (|plan| plan.confidence_bp = 10_000, PlanFault::Confidence),
            (|plan| plan.tolerable_bp = 10_001, PlanFault::TolerableRate),
            (|plan| plan.expected_bp = 500, PlanFault::ExpectedRate),
            (|plan| plan.sample_size = Some(0), PlanFault::SampleSize),
            (|plan| plan.sample_size = Some(10_001), PlanFault::SampleSize),
            (|plan| plan.sample_size = Some(u32::MAX), PlanFault::SampleSize),
        ];
        for (change, fault) in cases {
            let mut changed = plan();
            change(&mut changed);
            assert_eq!(changed.checked(date("2026-04-01")), Err(vec![fault]));
        }
        let mut edge = plan();
        edge.from = date("2025-12-30");
        edge.confidence_bp = 9_999;
        edge.sample_size = Some(10_000);
        assert!(edge.checked(date("2026-03-31")).is_ok());
    }

    #[test]
    fn no_agency_has_the_name_of_the_targeted_stratum_where_there_is_one() {
        let mut named = plan();
        named.agencies.push(AgencyCode::parse(targeted::STRATUM).unwrap());
        assert!(named.clone().checked(date("2026-04-01")).is_ok());
        named.targeted = TargetedRule::new(vec![Flag::MockProvider], 5).ok();
        assert_eq!(named.checked(date("2026-04-01")), Err(vec![PlanFault::ReservedName]));
    }

    #[test]
    fn all_faults_of_a_plan_are_told_at_once() {
        let mut wrong = plan();
        wrong.tolerable_bp = 0;
        wrong.sample_size = Some(0);
        let told = [PlanFault::TolerableRate, PlanFault::ExpectedRate, PlanFault::SampleSize];
        assert_eq!(wrong.checked(date("2026-04-01")), Err(told.to_vec()));
    }

    #[test]
    fn a_stratum_never_gives_more_units_than_it_has() {
        assert_eq!(plan().terms().size_of(1_000), Ok(57));
        assert_eq!(plan().terms().size_of(0), Ok(0));
        let mut fixed = plan();
        fixed.sample_size = Some(30);
        assert_eq!(
            (fixed.terms().size_of(1_000), fixed.terms().size_of(7)),
            (Ok(30), Ok(7))
        );
        let mut close = plan();
        close.expected_bp = 400;
        assert_eq!(close.terms().size_of(10), Ok(10));
    }
}

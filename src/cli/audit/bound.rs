//! `sherlok audit bound`: what a checked sample does not rule out, for one stratum, for several, or at any look.

use crate::cli::audit::error::AuditError;
use crate::cli::audit::rate::percent;
use crate::domain::statistics::bound::Finding;
use crate::domain::statistics::bound::Interval;
use crate::domain::statistics::sequence::{Prior, look, running};
use crate::domain::statistics::{LARGEST_POPULATION, Risk, StatisticsError, stratified};
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::str::FromStr;

/// What was found in a sample.
#[derive(Args, Clone, Debug)]
pub struct BoundArguments {
    /// Units in the population.
    #[arg(long, required_unless_present = "stratum")]
    population: Option<u64>,
    /// Units checked.
    #[arg(long, required_unless_present = "stratum")]
    sample: Option<u64>,
    /// Of those, units that deviate.
    #[arg(long, required_unless_present_any = ["stratum", "deviates_at"])]
    deviations: Option<u64>,
    /// One stratum of several: units, units checked, units that deviate. Given once for each; the bound is of all together.
    #[arg(long, value_name = "N,n,x", conflicts_with_all = ["population", "sample", "deviations", "sequence"])]
    stratum: Vec<StratumArgument>,
    /// The weights of the prior of a plan with the stopping rule `sequence`: bounds that hold at every look.
    #[arg(long, value_name = "a,b")]
    sequence: Option<WeightsArgument>,
    /// With a sequence: which units of the sample deviate, counted from 1 in the order of the draw. What earlier looks
    /// have ruled out then stays ruled out, as in the report.
    #[arg(
        long,
        value_name = "PLACES",
        value_delimiter = ',',
        requires = "sequence",
        conflicts_with = "deviations"
    )]
    deviates_at: Vec<u64>,
    /// How sure the claim must be, in basis points.
    #[arg(long)]
    confidence_bp: u16,
    /// Print one JSON object: {"upper"}, with a sequence {"lower", "upper"}.
    #[arg(long)]
    json: bool,
}

/// Three numbers with commas between them.
#[derive(Clone, Copy, Debug)]
struct StratumArgument(Finding);

impl FromStr for StratumArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers: Vec<u64> = numbers(text)?;
        match numbers.as_slice() {
            [population, sample, deviations] => Ok(Self(Finding {
                population: *population,
                sample: *sample,
                deviations: *deviations,
            })),
            _ => Err("a stratum is three numbers: units, units checked, units that deviate".to_owned()),
        }
    }
}

/// Two numbers with a comma between them.
#[derive(Clone, Copy, Debug)]
struct WeightsArgument(Prior);

impl FromStr for WeightsArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers: Vec<u32> = numbers(text)?;
        match numbers.as_slice() {
            [a, b] => Prior::new(*a, *b).map(Self).map_err(|error| error.to_string()),
            _ => Err("a prior is two numbers".to_owned()),
        }
    }
}

fn numbers<N: FromStr>(text: &str) -> Result<Vec<N>, String> {
    let read = |part: &str| {
        part.parse()
            .ok()
            .ok_or_else(|| format!("`{part}` is not a whole number"))
    };
    text.split(',').map(read).collect()
}

/// Prints the bound.
pub(super) fn run(arguments: &BoundArguments, output: &mut dyn Write) -> Result<(), AuditError> {
    let risk = Risk::of_confidence(arguments.confidence_bp)?;
    let confidence = percent(arguments.confidence_bp);
    if !arguments.stratum.is_empty() {
        let findings: Vec<Finding> = arguments.stratum.iter().map(|stratum| stratum.0).collect();
        let upper = stratified::upper_bound(&findings, risk)?;
        let population: u64 = findings.iter().map(|finding| finding.population).sum();
        return print_upper(arguments.json, &confidence, upper, population, output);
    }
    let population = arguments.population.unwrap_or(0);
    let finding = Finding {
        population,
        sample: arguments.sample.unwrap_or(0),
        deviations: arguments.deviations.unwrap_or(0),
    };
    let Some(WeightsArgument(prior)) = arguments.sequence else {
        return print_upper(
            arguments.json,
            &confidence,
            finding.upper_bound(risk)?,
            population,
            output,
        );
    };
    let Interval { lower, upper } = if arguments.deviates_at.is_empty() {
        look(finding, prior, risk)?
    } else {
        running(population, &verdicts(finding, &arguments.deviates_at)?, prior, risk)?
    };
    if arguments.json {
        writeln!(output, "{}", json!({ "lower": lower, "upper": upper }))?;
    } else {
        writeln!(
            output,
            "With {confidence} confidence, whenever one looks, at least {lower} and at most {upper} of {population} \
             units deviate.",
        )?;
    }
    Ok(())
}

/// One verdict for each unit of the sample, in the order of the draw.
fn verdicts(finding: Finding, deviates_at: &[u64]) -> Result<Vec<bool>, AuditError> {
    if finding.population > LARGEST_POPULATION {
        return Err(StatisticsError::Population.into());
    }
    if finding.sample > finding.population {
        return Err(StatisticsError::Sample.into());
    }
    if deviates_at.iter().any(|place| !(1..=finding.sample).contains(place)) {
        return Err(StatisticsError::Deviations.into());
    }
    Ok((1..=finding.sample).map(|place| deviates_at.contains(&place)).collect())
}

fn print_upper(
    is_json: bool,
    confidence: &str,
    upper: u64,
    population: u64,
    output: &mut dyn Write,
) -> Result<(), AuditError> {
    if is_json {
        writeln!(output, "{}", json!({ "upper": upper }))?;
    } else {
        writeln!(
            output,
            "With {confidence} confidence at most {upper} of {population} units deviate.",
        )?;
    }
    Ok(())
}

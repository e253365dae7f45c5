//! `sherlok audit plan`: how many units to check, and what so many would prove.

use crate::cli::audit::error::AuditError;
use crate::cli::audit::rate::{percent, tenths_of_percent};
use crate::domain::statistics::bound::Finding;
use crate::domain::statistics::plan::{Model, Plan};
use crate::domain::statistics::{Risk, StatisticsError};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::io::Write;

/// Deviations found up to which a size's bounds are told.
const MOST_DEVIATIONS: u64 = 9;

/// What the sample is to prove.
#[derive(Args, Clone, Debug)]
pub struct PlanArguments {
    /// Units in the population.
    #[arg(long)]
    population: u64,
    /// The share of deviations that must not go unnoticed; it decides the size.
    #[arg(long, required_unless_present = "size")]
    tolerable_bp: Option<u16>,
    /// How sure the claim must be.
    #[arg(long)]
    confidence_bp: u16,
    /// The share of deviations that is expected anyway.
    #[arg(long, default_value_t = 0)]
    expected_bp: u16,
    /// Exact for the population, or as in the printed tables.
    #[arg(long, value_enum, default_value_t = ModelArgument::Hypergeometric)]
    model: ModelArgument,
    /// Say instead what a sample of so many units proves, for 0, 1, 2 and more deviations found.
    #[arg(long, conflicts_with_all = ["expected_bp", "model"])]
    size: Option<u64>,
    /// Print one JSON object: {"size"}, with a given size also {"upper"}, the bound for each number of deviations from 0.
    #[arg(long)]
    json: bool,
}

/// The model, as it is written on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ModelArgument {
    /// Without replacement out of the population.
    Hypergeometric,
    /// Out of an endless population.
    Binomial,
}

/// Prints the size, or what a size proves.
pub(super) fn run(arguments: &PlanArguments, output: &mut dyn Write) -> Result<(), AuditError> {
    match arguments.size {
        Some(size) => prospects(arguments, size, output),
        None => smallest(arguments, output),
    }
}

fn smallest(arguments: &PlanArguments, output: &mut dyn Write) -> Result<(), AuditError> {
    let model = match arguments.model {
        ModelArgument::Hypergeometric => Model::Hypergeometric,
        ModelArgument::Binomial => Model::Binomial,
    };
    let tolerable_bp = arguments.tolerable_bp.unwrap_or(0);
    let plan = Plan {
        population: arguments.population,
        tolerable_bp,
        expected_bp: arguments.expected_bp,
        confidence_bp: arguments.confidence_bp,
        model,
    };
    let answer = plan.sample_size()?;
    if arguments.json {
        writeln!(output, "{}", json!({ "size": answer.size }))?;
    } else {
        writeln!(
            output,
            "Check {} of {} units. The claim (at most {} deviate, confidence {}) holds with up to {} deviations.",
            answer.size,
            arguments.population,
            percent(tolerable_bp),
            percent(arguments.confidence_bp),
            answer.acceptance_number,
        )?;
    }
    Ok(())
}

fn prospects(arguments: &PlanArguments, size: u64, output: &mut dyn Write) -> Result<(), AuditError> {
    let population = arguments.population;
    let risk = Risk::of_confidence(arguments.confidence_bp)?;
    let bound = |deviations| {
        let finding = Finding {
            population,
            sample: size,
            deviations,
        };
        finding.upper_bound(risk)
    };
    let upper = (0..=MOST_DEVIATIONS.min(size)).map(bound);
    let upper = upper.collect::<Result<Vec<u64>, StatisticsError>>()?;
    let intolerable = match arguments.tolerable_bp {
        Some(rate @ 1..=10_000) => Some((population * u64::from(rate)).div_ceil(10_000)),
        Some(_) => return Err(StatisticsError::TolerableRate.into()),
        None => None,
    };
    if arguments.json {
        writeln!(output, "{}", json!({ "size": size, "upper": upper }))?;
        return Ok(());
    }
    writeln!(
        output,
        "With {size} of {population} units checked and {} confidence:",
        percent(arguments.confidence_bp),
    )?;
    for (deviations, upper) in upper.into_iter().enumerate() {
        let rate = tenths_of_percent(upper, population);
        let verdict = match intolerable {
            Some(least) if upper < least => ", which is tolerable",
            Some(_) | None => "",
        };
        writeln!(output, "{deviations} found: at most {upper} deviate ({rate}){verdict}.")?;
    }
    Ok(())
}

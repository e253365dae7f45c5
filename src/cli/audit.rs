//! `sherlok audit`: plans, bounds and draws from files and numbers alone, for anyone with a terminal.
//!
//! Needs no database and no settings, so that those who doubt the service can use it without trusting the service.

use crate::domain::sampling::{Distinct, Draw, DrawError, Drawn, Rising, Seed};
use crate::domain::statistics::bound::Finding;
use crate::domain::statistics::plan::{Model, Plan};
use crate::domain::statistics::{Risk, StatisticsError};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Plan, bound and draw a random sample, without a server. Norm: `api-spec/audit-sampling.md`.
#[derive(Clone, Debug, Subcommand)]
pub enum AuditCommand {
    /// Say how many units must be checked. Rates and confidence in basis points (500 is 5 %).
    Plan(PlanArguments),
    /// Say the largest number of deviations that a checked sample does not rule out.
    Bound(BoundArguments),
    /// Draw units of FILE by ticket number, the same that `consistent_sampler` draws.
    Draw(DrawArguments),
}

/// What the sample is to prove.
#[derive(Args, Clone, Debug)]
pub struct PlanArguments {
    /// Units in the population.
    #[arg(long)]
    population: u64,
    /// The share of deviations that must not go unnoticed.
    #[arg(long)]
    tolerable_bp: u16,
    /// How sure the claim must be.
    #[arg(long)]
    confidence_bp: u16,
    /// The share of deviations that is expected anyway.
    #[arg(long, default_value_t = 0)]
    expected_bp: u16,
    /// Exact for the population, or as in the printed tables.
    #[arg(long, value_enum, default_value_t = ModelArgument::Hypergeometric)]
    model: ModelArgument,
    /// Print one JSON object: {"size"}.
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

/// What was found in a sample.
#[derive(Args, Clone, Debug)]
pub struct BoundArguments {
    /// Units in the population.
    #[arg(long)]
    population: u64,
    /// Units checked.
    #[arg(long)]
    sample: u64,
    /// Of those, units that deviate.
    #[arg(long)]
    deviations: u64,
    /// How sure the claim must be, in basis points.
    #[arg(long)]
    confidence_bp: u16,
    /// Print one JSON object: {"upper"}.
    #[arg(long)]
    json: bool,
}

/// What to draw from.
#[derive(Args, Clone, Debug)]
pub struct DrawArguments {
    /// The published seed, taken as text byte for byte.
    #[arg(long)]
    seed: String,
    /// Units to draw.
    #[arg(long)]
    size: usize,
    /// The population: UTF-8, one unit id a line, lines end with LF only and are not trimmed.
    ///
    /// Sorted by bytes, as a population is written out, it is drawn from in constant memory; otherwise up to 50 bytes a
    /// unit are kept to notice one that stands twice.
    file: PathBuf,
    /// Print one JSON object: {"drawn": [{"id", "ticket"}]}.
    #[arg(long)]
    json: bool,
}

/// Why a command ended without an answer.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The numbers make no sense together.
    #[error(transparent)]
    Statistics(#[from] StatisticsError),
    /// There is no draw.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// The file could not be opened or read.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line is not UTF-8.
    #[error("line {line} is not UTF-8")]
    NotUtf8 {
        /// Counted from 1.
        line: u64,
    },
    /// A line is empty, so it names no unit.
    #[error("line {line} is empty and names no unit")]
    EmptyLine {
        /// Counted from 1.
        line: u64,
    },
    /// The answer could not be written.
    #[error("the answer could not be written: {0}")]
    Output(#[from] io::Error),
}

/// Runs one command and writes its answer to `output`; says how far a long draw is on a terminal's standard error.
pub fn run(command: &AuditCommand, output: &mut dyn Write) -> Result<(), AuditError> {
    match command {
        AuditCommand::Plan(arguments) => plan(arguments, output),
        AuditCommand::Bound(arguments) => bound(arguments, output),
        AuditCommand::Draw(arguments) => draw(arguments, output),
    }
}

fn plan(arguments: &PlanArguments, output: &mut dyn Write) -> Result<(), AuditError> {
    let model = match arguments.model {
        ModelArgument::Hypergeometric => Model::Hypergeometric,
        ModelArgument::Binomial => Model::Binomial,
    };
    let plan = Plan {
        population: arguments.population,
        tolerable_bp: arguments.tolerable_bp,
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
            percent(arguments.tolerable_bp),
            percent(arguments.confidence_bp),
            answer.acceptance_number,
        )?;
    }
    Ok(())
}

fn bound(arguments: &BoundArguments, output: &mut dyn Write) -> Result<(), AuditError> {
    let finding = Finding {
        population: arguments.population,
        sample: arguments.sample,
        deviations: arguments.deviations,
    };
    let upper = finding.upper_bound(Risk::of_confidence(arguments.confidence_bp)?)?;
    if arguments.json {
        writeln!(output, "{}", json!({ "upper": upper }))?;
    } else {
        writeln!(
            output,
            "With {} confidence at most {upper} of {} units deviate.",
            percent(arguments.confidence_bp),
            arguments.population,
        )?;
    }
    Ok(())
}

fn draw(arguments: &DrawArguments, output: &mut dyn Write) -> Result<(), AuditError> {
    let mut lines = Lines::open(&arguments.file)?;
    let mut draw = Draw::new(Seed::new(arguments.seed.as_str()), arguments.size);
    let mut rising = Rising::default();
    // A pipe cannot be read again, so everything is remembered from its first line on.
    let mut seen = (!lines.is_repeatable).then(Distinct::default);
    let mut progress = Progress::new();
    while let Some(id) = lines.next()? {
        match &mut seen {
            Some(seen) => seen.check(id)?,
            None if rising.holds(id) => {}
            None => seen = Some(seen_until(&arguments.file, draw.population() + 1)?),
        }
        draw.offer(id)?;
        progress.tell(draw.population());
    }
    progress.clear();
    let drawn = draw.finish()?;
    print_drawn(&drawn, arguments.json, output)?;
    Ok(())
}

/// The units of the first lines of a file, each of them once.
fn seen_until(path: &Path, last: u64) -> Result<Distinct, AuditError> {
    let mut lines = Lines::open(path)?;
    let mut seen = Distinct::default();
    while lines.number < last {
        let Some(id) = lines.next()? else { break };
        seen.check(id)?;
    }
    Ok(seen)
}

/// The lines of a population, one in memory at a time.
struct Lines<'a> {
    path: &'a Path,
    reader: BufReader<File>,
    is_repeatable: bool,
    bytes: Vec<u8>,
    number: u64,
}

impl<'a> Lines<'a> {
    fn open(path: &'a Path) -> Result<Self, AuditError> {
        let failed = |source| AuditError::File {
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(failed)?;
        Ok(Self {
            path,
            is_repeatable: file.metadata().map_err(failed)?.is_file(),
            reader: BufReader::with_capacity(1 << 18, file),
            bytes: Vec::new(),
            number: 0,
        })
    }

    /// The next unit; `None` after the last. Lines end with LF only and are not trimmed.
    fn next(&mut self) -> Result<Option<&str>, AuditError> {
        self.bytes.clear();
        let read = self.reader.read_until(b'\n', &mut self.bytes);
        if read.map_err(|source| AuditError::File {
            path: self.path.to_owned(),
            source,
        })? == 0
        {
            return Ok(None);
        }
        self.number += 1;
        let line = self.number;
        let bytes = self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes);
        let id = std::str::from_utf8(bytes).ok().ok_or(AuditError::NotUtf8 { line })?;
        if id.is_empty() {
            return Err(AuditError::EmptyLine { line });
        }
        Ok(Some(id))
    }
}

fn print_drawn(drawn: &[Drawn], is_json: bool, output: &mut dyn Write) -> io::Result<()> {
    if is_json {
        return writeln!(output, "{}", json!({ "drawn": drawn }));
    }
    for unit in drawn {
        writeln!(output, "{}\t{}", unit.ticket, unit.id)?;
    }
    Ok(())
}

/// Basis points as people write them: 950 is `9.5 %`.
fn percent(basis_points: u16) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    if rest == 0 {
        format!("{whole} %")
    } else {
        format!("{whole}.{rest:02} %").replace("0 %", " %")
    }
}

/// A line on standard error that says how many units were read; silent where nobody watches.
struct Progress {
    is_watched: bool,
    was_told: bool,
}

impl Progress {
    fn new() -> Self {
        Self {
            is_watched: io::stderr().is_terminal(),
            was_told: false,
        }
    }

    fn tell(&mut self, units: u64) {
        if self.is_watched && units.is_multiple_of(500_000) {
            // A terminal that went away must not end the draw.
            let _ = write!(io::stderr(), "\r{units} units read");
            self.was_told = true;
        }
    }

    fn clear(&self) {
        if self.was_told {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, Parser};

    #[derive(Debug, Parser)]
    struct Line {
        #[command(subcommand)]
        command: AuditCommand,
    }

    fn answer(line: &str) -> Result<String, String> {
        let words = std::iter::once("audit").chain(line.split(' '));
        let line = Line::try_parse_from(words).map_err(|error| error.to_string())?;
        let mut output = Vec::new();
        run(&line.command, &mut output).map_err(|error| error.to_string())?;
        Ok(String::from_utf8(output).unwrap())
    }

    fn population(content: &[u8]) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("units");
        std::fs::write(&path, content).unwrap();
        let path = path.to_str().unwrap().to_owned();
        (folder, path)
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Line::command().debug_assert();
    }

    #[test]
    fn plans_are_printed_as_json_and_in_words() {
        let plan = "plan --population 1000 --tolerable-bp 500 --confidence-bp 9500";
        assert_eq!(answer(&format!("{plan} --json")), Ok("{\"size\":57}\n".to_owned()));
        let binomial = format!("{plan} --expected-bp 100 --model binomial --json");
        assert_eq!(answer(&binomial), Ok("{\"size\":93}\n".to_owned()));
        assert!(answer(plan).unwrap().starts_with("Check 57 of 1000 units."));
        let refused = answer("plan --population 1000 --tolerable-bp 0 --confidence-bp 9500");
        assert!(refused.unwrap_err().contains("tolerable"));
    }

    #[test]
    fn bounds_are_printed_as_json_and_in_words() {
        let bound = "bound --population 1200 --sample 102 --deviations 1 --confidence-bp 9000";
        assert_eq!(answer(&format!("{bound} --json")), Ok("{\"upper\":43}\n".to_owned()));
        let sentence = "With 90 % confidence at most 43 of 1200 units deviate.\n";
        assert_eq!(answer(bound), Ok(sentence.to_owned()));
    }

    #[test]
    fn lines_end_with_lf_only_and_are_not_trimmed() {
        let content = " a\r\nb\u{2028}c\u{85}\td \nlast".as_bytes();
        let (_folder, path) = population(content);
        let printed = answer(&format!("draw --seed 42 --size 3 --json {path}")).unwrap();
        let printed: serde_json::Value = serde_json::from_str(&printed).unwrap();
        let mut ids: Vec<&str> = printed["drawn"]
            .as_array()
            .unwrap()
            .iter()
            .map(|unit| unit["id"].as_str().unwrap())
            .collect();
        ids.sort_unstable();
        assert_eq!(ids, [" a\r", "b\u{2028}c\u{85}\td ", "last"]);
    }

    #[test]
    fn drawn_units_are_printed_in_ticket_order() {
        let (_folder, path) = population(b"ab-1\nab-2\ncd-1\nef-3\n");
        let printed = answer(&format!("draw --seed 314159 --size 2 {path}")).unwrap();
        let lines: Vec<&str> = printed.lines().collect();
        assert!(lines[0].starts_with("0.317685817") && lines[0].ends_with("\tcd-1"));
        assert!(lines[1].starts_with("0.832984519") && lines[1].ends_with("\tef-3"));
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn a_population_that_is_not_a_list_of_distinct_units_is_refused() {
        for (content, words) in [
            (&b"a\nb\na\n"[..], "`a` stands twice"),
            (b"a\nb\nb\n", "`b` stands twice"),
            (b"b\na\nc\nd\nc\n", "`c` stands twice"),
            (b"a\n\nb\n", "line 2 is empty"),
            (b"a\n\xff\n", "line 2 is not UTF-8"),
            (b"a\n", "a sample of 2 was asked of a population of 1"),
        ] {
            let (_folder, path) = population(content);
            let refused = answer(&format!("draw --seed 1 --size 2 {path}")).unwrap_err();
            assert!(refused.contains(words), "{refused}");
        }
        assert!(answer("draw --seed 1 --size 2 /no/such/file").is_err());
    }

    #[test]
    fn the_order_of_lines_changes_no_draw() {
        let units: Vec<String> = (0..3_000)
            .map(|unit| format!("1.01/2026-03-02/{unit:05}/morning"))
            .collect();
        let mut turned = units.clone();
        turned.reverse();
        let mut late = units.clone();
        late.swap(2_998, 2_999);
        let drawn = |units: &[String]| {
            let (_folder, path) = population(units.join("\n").as_bytes());
            answer(&format!("draw --seed 7 --size 100 {path}")).unwrap()
        };
        let expected = drawn(&units);
        assert_eq!(expected.lines().count(), 100);
        assert!(drawn(&turned) == expected && drawn(&late) == expected);
    }

    #[test]
    fn basis_points_are_written_as_percent() {
        assert_eq!(
            [percent(500), percent(950), percent(9_999)],
            ["5 %", "9.5 %", "99.99 %"]
        );
    }
}

//! `sherlok audit`: plans, bounds and draws from files and numbers alone, for anyone with a terminal.
//!
//! Needs no database and no settings, so that those who doubt the service can use it without trusting the service.

mod bound;
mod draw;
mod error;
mod plan;
mod rate;

pub use bound::BoundArguments;
pub use draw::DrawArguments;
pub use error::AuditError;
pub use plan::{ModelArgument, PlanArguments};

use clap::Subcommand;
use std::io::Write;

/// Plan, bound and draw a random sample, without a server. Norm: `api-spec/audit-sampling.md`.
#[derive(Clone, Debug, Subcommand)]
pub enum AuditCommand {
    /// Say how many units must be checked, or what a sample of a size would prove. Rates and confidence in basis points
    /// (500 is 5 %).
    Plan(PlanArguments),
    /// Say the largest number of deviations that a checked sample, or samples of several strata, do not rule out.
    Bound(BoundArguments),
    /// Draw units of FILE by ticket number, the same that `consistent_sampler` draws.
    Draw(DrawArguments),
}

/// Runs one command and writes its answer to `output`; says how far a long draw is on a terminal's standard error.
pub fn run(command: &AuditCommand, output: &mut dyn Write) -> Result<(), AuditError> {
    match command {
        AuditCommand::Plan(arguments) => plan::run(arguments, output),
        AuditCommand::Bound(arguments) => bound::run(arguments, output),
        AuditCommand::Draw(arguments) => draw::run(arguments, output),
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
    fn what_so_many_cases_can_prove_is_told_for_each_number_of_deviations() {
        let plan = "plan --population 1200 --confidence-bp 9000 --size 102";
        let told: serde_json::Value = serde_json::from_str(&answer(&format!("{plan} --json")).unwrap()).unwrap();
        assert_eq!(told["size"], 102);
        let upper = told["upper"].as_array().unwrap();
        assert_eq!(
            (&upper[..4], upper.len()),
            (&[25.into(), 43.into(), 59.into(), 75.into()][..], 10)
        );
        let words = answer(&format!("{plan} --tolerable-bp 500")).unwrap();
        assert!(
            words.contains("0 found: at most 25 deviate (2.1 %), which is tolerable.\n"),
            "{words}"
        );
        assert!(words.contains("3 found: at most 75 deviate (6.3 %).\n"), "{words}");
        assert_eq!(
            answer("plan --population 9 --confidence-bp 9000 --size 1 --json").unwrap(),
            "{\"size\":1,\"upper\":[8,9]}\n"
        );
        assert!(answer("plan --population 9 --confidence-bp 9000 --size 10").is_err());
        assert!(
            answer("plan --population 9 --confidence-bp 9000")
                .unwrap_err()
                .contains("--tolerable-bp")
        );
        assert!(
            answer(&format!("{plan} --tolerable-bp 10001"))
                .unwrap_err()
                .contains("tolerable")
        );
    }

    #[test]
    fn several_strata_are_bounded_together() {
        let bound = "bound --stratum 200,50,0 --stratum 100,25,0 --confidence-bp 9500";
        assert_eq!(answer(&format!("{bound} --json")), Ok("{\"upper\":16}\n".to_owned()));
        let sentence = "With 95 % confidence at most 16 of 300 units deviate.\n";
        assert_eq!(answer(bound), Ok(sentence.to_owned()));
        for wrong in ["200,50", "200,50,0,0", "200,x,0", "-1,0,0", "200,50,51", "10,11,0"] {
            assert!(
                answer(&format!("bound --stratum {wrong} --confidence-bp 9500")).is_err(),
                "{wrong}"
            );
        }
        assert!(answer(&format!("{bound} --population 300")).is_err());
    }

    #[test]
    fn bounds_of_a_sequence_hold_at_any_look_and_remember_earlier_ones() {
        let bound = "bound --population 1000 --confidence-bp 9500 --sequence 1,50 --json";
        let ends = |rest: &str| -> (u64, u64) {
            let told: serde_json::Value = serde_json::from_str(&answer(&format!("{bound} {rest}")).unwrap()).unwrap();
            (told["lower"].as_u64().unwrap(), told["upper"].as_u64().unwrap())
        };
        assert!(ends("--sample 74 --deviations 0").1 < 50);
        assert!(ends("--sample 73 --deviations 0").1 >= 50);
        let (late, alone) = (
            ends("--sample 120 --deviates-at 119,120"),
            ends("--sample 120 --deviations 2"),
        );
        assert!(late.1 < alone.1 && late.0 >= alone.0, "{late:?} {alone:?}");
        assert!(answer(&format!("{bound} --sample 120 --deviates-at 121")).is_err());
        assert!(answer("bound --population 9 --sample 3 --deviates-at 1 --confidence-bp 9500").is_err());
        for wrong in ["0,1", "1", "1,2,3", "a,b"] {
            let line =
                format!("bound --population 9 --sample 3 --deviations 0 --confidence-bp 9500 --sequence {wrong}");
            assert!(answer(&line).is_err(), "{wrong}");
        }
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
    fn targeted_units_are_not_drawn_from_and_stand_once_all_the_same() {
        let (_folder, path) = population(b"ab-1\nab-2\ncd-1\ttargeted\nef-3\n");
        let drawn = |size| answer(&format!("draw --seed 314159 --size {size} {path}"));
        let lines = drawn(3).unwrap();
        assert_eq!(lines.lines().filter(|line| line.contains("cd-1")).count(), 0);
        assert!(
            lines.starts_with("0.832984519") && lines.lines().count() == 3,
            "{lines}"
        );
        assert!(drawn(4).unwrap_err().contains("a population of 3"));
        let (_folder, path) = population(b"b\na\ttargeted\na\n");
        let refused = answer(&format!("draw --seed 1 --size 2 {path}")).unwrap_err();
        assert!(refused.contains("`a` stands twice"), "{refused}");
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
}

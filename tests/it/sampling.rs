//! The draw and the bounds are those of `api-spec/audit-sampling.md`: the committed vectors hold, and so does
//! `consistent_sampler` from `PyPI`, which is not ours, wherever Python has it.

use serde::Deserialize;
use sherlok::domain::sampling::{Drawn, Seed, draw};
use sherlok::domain::statistics::Risk;
use sherlok::domain::statistics::bound::{Finding, Interval};
use sherlok::domain::statistics::plan::{Model, Plan};
use std::io::{Read, Write};
use std::process::{Command, Stdio};

#[derive(Deserialize)]
struct Vectors {
    tickets: Vec<TicketVector>,
    draws: Vec<DrawVector>,
    sizes: Vec<SizeVector>,
    bounds: Vec<BoundVector>,
}

#[derive(Deserialize)]
struct TicketVector {
    seed: String,
    id: String,
    ticket: String,
}

#[derive(Deserialize)]
struct DrawVector {
    seed: String,
    population: Vec<String>,
    size: usize,
    drawn: Vec<Drawn>,
}

#[derive(Debug, Deserialize)]
struct SizeVector {
    population: u64,
    tolerable_bp: u16,
    expected_bp: u16,
    confidence_bp: u16,
    model: String,
    size: u64,
}

#[derive(Debug, Deserialize)]
struct BoundVector {
    population: u64,
    sample: u64,
    deviations: u64,
    confidence_bp: u16,
    upper: u64,
    interval: Interval,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../api-spec/vectors/sampling.json")).expect("the vectors are readable")
}

#[test]
fn every_ticket_vector_holds_to_the_last_digit() {
    let vectors = vectors();
    assert!(vectors.tickets.len() >= 200);
    for vector in vectors.tickets {
        let ticket = Seed::new(vector.seed.as_str()).ticket(&vector.id);
        assert_eq!(
            ticket.as_str(),
            vector.ticket,
            "seed {:?}, id {:?}",
            vector.seed,
            vector.id
        );
    }
}

#[test]
fn every_draw_vector_holds_in_its_order() {
    for vector in vectors().draws {
        let population = vector.population.iter().map(String::as_str);
        assert_eq!(draw(&Seed::new(vector.seed), population, vector.size), Ok(vector.drawn));
    }
}

#[test]
fn every_size_and_bound_vector_holds() {
    for vector in vectors().sizes {
        let plan = Plan {
            population: vector.population,
            tolerable_bp: vector.tolerable_bp,
            expected_bp: vector.expected_bp,
            confidence_bp: vector.confidence_bp,
            model: if vector.model == "binomial" {
                Model::Binomial
            } else {
                Model::Hypergeometric
            },
        };
        assert_eq!(
            plan.sample_size().map(|found| found.size),
            Ok(vector.size),
            "{vector:?}"
        );
    }
    for vector in vectors().bounds {
        let finding = Finding {
            population: vector.population,
            sample: vector.sample,
            deviations: vector.deviations,
        };
        let risk = Risk::of_confidence(vector.confidence_bp).expect("a confidence");
        assert_eq!(finding.upper_bound(risk), Ok(vector.upper), "{vector:?}");
        assert_eq!(finding.interval(risk), Ok(vector.interval), "{vector:?}");
    }
}

const ORACLE: &str = "
import json, sys
from consistent_sampler import sampler
asked = json.load(sys.stdin)
drawn = sampler(asked['ids'], seed=asked['seed'], output='tuple', digits=200)
json.dump([{'id': id, 'ticket': ticket} for ticket, id, generation in drawn], sys.stdout)
";

/// What `consistent_sampler` draws; `Err` says why it could not be asked.
fn ask_python(seed: &str, ids: &[String]) -> Result<Vec<Drawn>, String> {
    let set = std::env::vars().find(|(name, _)| name == "TEST_PYTHON");
    let python = set.map_or_else(|| "python3".to_owned(), |(_, path)| path);
    let probe = Command::new(&python).args(["-c", "import consistent_sampler"]).output();
    match probe {
        Err(error) => return Err(format!("{python} does not start: {error}")),
        Ok(output) if !output.status.success() => return Err(format!("{python} has no consistent_sampler")),
        Ok(_) => {}
    }
    let mut child = Command::new(&python)
        .args(["-c", ORACLE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it started a moment ago");
    let asked = serde_json::json!({ "seed": seed, "ids": ids }).to_string();
    let mut stdin = child.stdin.take().expect("a pipe was asked for");
    stdin.write_all(asked.as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "the oracle failed");
    Ok(serde_json::from_slice(&output.stdout).expect("it answers in JSON"))
}

/// 2,000 distinct ids from letters of one to four bytes, by a fixed xorshift.
fn random_ids() -> Vec<String> {
    const LETTERS: [char; 12] = ['a', 'Z', '0', '9', '/', '-', ' ', 'é', '\u{2028}', '日', '🏛', '\r'];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).expect("31 bits fit") % below
    };
    let mut id = |number: usize| {
        let length = next(40);
        let letters: String = (0..length).filter_map(|_| LETTERS.get(next(LETTERS.len()))).collect();
        format!("{letters}{number}")
    };
    (0..2_000).map(&mut id).collect()
}

#[test]
#[expect(clippy::print_stdout, reason = "a skipped comparison says why")]
fn consistent_sampler_itself_draws_the_same() {
    let ids = random_ids();
    for seed in ["63454660390103169462", "Sampel Maret 2026 – Banten"] {
        match ask_python(seed, &ids) {
            Ok(theirs) => {
                let ours = draw(&Seed::new(seed), ids.iter().map(String::as_str), ids.len());
                assert_eq!(ours, Ok(theirs));
            }
            Err(why) => println!("skipped: {why} (pip install consistent_sampler; TEST_PYTHON names the interpreter)"),
        }
    }
}

/// Draws with the real program; gives what it printed and the most memory that it had, in kB.
fn draw_from(content: &str, size: usize) -> (String, u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("units");
    std::fs::write(&path, content).expect("it is written");
    let mut child = Command::new(env!("CARGO_BIN_EXE_sherlok"))
        .args(["audit", "draw", "--seed", "63454660390103169462", "--size"])
        .arg(size.to_string())
        .arg(path)
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut output = child.stdout.take().expect("a pipe was asked for");
    let mut printed = vec![0];
    // With the first byte the draw is done; the rest does not fit into the pipe, so the process is still there.
    output.read_exact(&mut printed).expect("it prints");
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it is still there");
    output.read_to_end(&mut printed).expect("it ends");
    assert!(child.wait().expect("it ends").success());
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|rest| rest.split_whitespace().next());
    let printed = String::from_utf8(printed).expect("text");
    (
        printed,
        peak.and_then(|peak| peak.parse().ok()).expect("a figure in kB"),
    )
}

#[test]
fn a_draw_from_a_large_file_is_that_of_a_naive_sort_and_takes_no_more_memory_than_from_a_small_one() {
    let units = |count: u32| -> Vec<String> {
        (0..count)
            .map(|number| {
                let slot = if number % 2 == 0 { "midday" } else { "morning" };
                format!("1.01/2026-03-02/{:020}/{slot}", number / 2)
            })
            .collect()
    };
    let (many, few) = (units(400_000), units(1_000));
    let seed = Seed::new("63454660390103169462");
    let mut tickets: Vec<(String, &String)> = many
        .iter()
        .map(|id| (seed.ticket(id).as_str().to_owned(), id))
        .collect();
    tickets.sort_unstable();
    let naive: Vec<String> = tickets
        .iter()
        .take(1_000)
        .map(|(ticket, id)| format!("{ticket}\t{id}\n"))
        .collect();
    let naive = naive.concat();

    let (_, least) = draw_from(&(few.join("\n") + "\n"), 1_000);
    let (sorted, peak) = draw_from(&(many.join("\n") + "\n"), 1_000);
    assert!(sorted == naive, "not the smallest tickets in their order");
    // The ids alone are 19 MB, and with what a vector of them takes beside it 32 MB. The allocator takes memory in
    // pieces of megabytes.
    assert!(
        peak < least + 4_000,
        "{peak} kB for 400,000 units, {least} kB for 1,000"
    );

    let turned: Vec<&str> = many.iter().rev().map(String::as_str).collect();
    assert!(
        draw_from(&turned.join("\n"), 1_000).0 == naive,
        "the order of lines changed the draw"
    );
}

//! Tickets against `consistent_sampler` itself, and what a draw must not depend on.

use super::{Draw, Drawn, Seed, draw};
use proptest::prelude::*;
use std::process::Command;

/// How many random seeds and ids are compared where `SHERLOK_TICKETS` says nothing; 100,000 with `make bench-tickets`.
const COMPARED: usize = 1_000;

/// Prints seeds, ids and tickets; not ours.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/random_tickets.py");

#[test]
#[expect(clippy::print_stdout, reason = "the figure of a long run, or why there is none")]
fn random_seeds_and_ids_get_the_tickets_of_consistent_sampler() {
    let set = |wanted: &str| {
        std::env::vars()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value)
    };
    let python = set("TEST_PYTHON").unwrap_or_else(|| "python3".to_owned());
    let count = set("SHERLOK_TICKETS").map_or(COMPARED, |text| text.parse().unwrap());
    let probe = Command::new(&python).args(["-c", "import consistent_sampler"]).output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        println!("skipped: {python} has no consistent_sampler (TEST_PYTHON names the interpreter)");
        return;
    }
    let output = Command::new(&python)
        .args([SCRIPT, &count.to_string(), "6"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut compared = 0;
    for line in str::from_utf8(&output.stdout).unwrap().lines() {
        let (seed, id, ticket): (String, String, String) = serde_json::from_str(line).unwrap();
        assert_eq!(
            Seed::new(seed.as_str()).ticket(&id).as_str(),
            ticket,
            "seed {seed:?}, id {id:?}"
        );
        compared += 1;
    }
    assert_eq!(compared, count);
    println!("{compared} random seeds and ids: every ticket is that of consistent_sampler");
}

#[test]
fn seeds_tickets_and_draws_show_what_they_are() {
    let seed = Seed::new("01382438112797316654");
    assert_eq!(seed.as_str(), "01382438112797316654");
    assert_eq!(format!("{seed:?}"), "Seed(\"01382438112797316654\")");
    let ticket = seed.ticket("AB-130");
    assert_eq!(ticket.to_string(), ticket.as_str());
    let mut draw = Draw::new(seed, 1);
    assert_eq!(draw.population(), 0);
    for (count, id) in [(1, "AB-130"), (2, "AB-131"), (3, "AB-132")] {
        draw.offer(id).unwrap();
        assert_eq!(draw.population(), count);
    }
}

fn drawn(seed: &Seed, units: &[String], size: usize) -> Vec<Drawn> {
    draw(seed, units.iter().map(String::as_str), size).unwrap()
}

#[test]
fn units_whose_tickets_begin_alike_are_told_apart_by_the_other_digits() {
    let seed = Seed::new("314159");
    // Among 40,000 units some tickets share their first 8 digits with another.
    let units: Vec<String> = (0..40_000).map(|unit| format!("u{unit}")).collect();
    let all = drawn(&seed, &units, units.len());
    let alike: Vec<&[Drawn]> = all
        .windows(2)
        .filter(|pair| pair[0].ticket.as_str().as_bytes()[..10] == pair[1].ticket.as_str().as_bytes()[..10])
        .collect();
    assert!(alike.len() > 2, "{}", alike.len());
    for pair in alike {
        let ids = [pair[1].id.clone(), pair[0].id.clone()];
        assert_eq!(drawn(&seed, &ids, 1), pair[..1]);
    }
}

proptest! {
    #[test]
    fn a_stratum_is_drawn_alike_whatever_else_there_is(
        own in proptest::collection::hash_set("\\PC{1,8}", 1..30),
        others in proptest::collection::hash_set("\\PC{1,8}", 0..30),
        seed in "\\PC{0,20}",
    ) {
        let seed = Seed::new(seed);
        let own: Vec<String> = own.into_iter().collect();
        let others: Vec<String> = others.into_iter().filter(|id| !own.contains(id)).collect();
        let whole: Vec<String> = others.iter().chain(&own).cloned().collect();
        // In the draw of everything the units of a stratum stand in the order, and with the tickets, of its own draw.
        let of_all = drawn(&seed, &whole, whole.len());
        let of_own: Vec<Drawn> = of_all.into_iter().filter(|drawn| own.contains(&drawn.id)).collect();
        prop_assert_eq!(&of_own, &drawn(&seed, &own, own.len()));
    }

    #[test]
    fn the_draw_of_all_begins_with_the_smallest_tickets_of_the_strata_together(
        units in proptest::collection::hash_set("\\PC{1,8}", 2..60),
        size in 0_usize..30,
        seed in "\\PC{0,20}",
    ) {
        let seed = Seed::new(seed);
        let units: Vec<String> = units.into_iter().collect();
        let size = size.min(units.len() / 2);
        let (one, other) = units.split_at(units.len() / 2);
        let mut merged = drawn(&seed, one, size.min(one.len()));
        merged.extend(drawn(&seed, other, size.min(other.len())));
        merged.sort();
        merged.truncate(size);
        prop_assert_eq!(drawn(&seed, &units, size), merged);
    }

    #[test]
    fn every_extension_begins_with_what_was_drawn_before(
        mut units in proptest::collection::vec("\\PC{1,12}", 1..40),
        seed in "\\PC{0,20}",
        turn in any::<usize>(),
    ) {
        units.sort();
        units.dedup();
        let seed = Seed::new(seed);
        let all = drawn(&seed, &units, units.len());
        let place = turn % units.len();
        units.rotate_left(place);
        for size in 0..=units.len() {
            prop_assert_eq!(&drawn(&seed, &units, size)[..], &all[..size]);
        }
    }
}

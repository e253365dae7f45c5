//! `sherlok simulate`: people with phones who share their location with a running service, over its public API only.

pub mod client;
pub mod share;

use crate::cli::simulate::client::CallError;
use crate::cli::simulate::client::Client;
use crate::domain::place::Position;
use crate::domain::simulation::phone::Phone;
use crate::domain::simulation::random::Random;
use crate::platform::clock::Clock;
use chrono::Duration;
use clap::Args;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

/// Whom to simulate, and where.
#[derive(Debug, Args)]
pub struct SimulateArguments {
    /// The service, as `http://127.0.0.1:8080`.
    #[arg(long)]
    base_url: String,
    /// A JSON file with `sign_ins: [{username, password, position?: {latitude, longitude}}]`, such as the output of
    /// `sherlok demo --json`; those without a position are left out.
    #[arg(long)]
    sign_ins: PathBuf,
    /// Fixes every chance.
    #[arg(long, default_value_t = 36)]
    seed: u64,
    /// Prints one JSON object: {people, shares, retries, outcomes, refused}.
    #[arg(long)]
    json: bool,
}

#[derive(Deserialize)]
struct SignIns {
    sign_ins: Vec<SignIn>,
}

#[derive(Deserialize)]
struct SignIn {
    username: String,
    password: String,
    #[serde(default)]
    position: Option<Point>,
}

#[derive(Deserialize)]
struct Point {
    latitude: f64,
    longitude: f64,
}

/// What came of a round of shares.
#[derive(Debug, Default)]
struct Outcome {
    people: u32,
    shares: u32,
    retries: u32,
    outcomes: BTreeMap<String, u32>,
    refused: Vec<String>,
}

/// Lets everyone in the file share once, some of them twice, and says what the service made of it.
pub fn run(arguments: &SimulateArguments) -> Result<(), Box<dyn Error>> {
    let text = std::fs::read_to_string(&arguments.sign_ins)?;
    let file: SignIns = serde_json::from_str(&text)?;
    let client = Client::new(&arguments.base_url);
    let random = Random::new(arguments.seed);
    let mut outcome = Outcome::default();
    for (label, sign_in) in (1_u64..).zip(&file.sign_ins) {
        let Some(point) = &sign_in.position else { continue };
        let at = Position::from_degrees(point.latitude, point.longitude)?;
        outcome.people += 1;
        if let Err(error) = share_once(&client, sign_in, at, &mut random.fork(label), &mut outcome) {
            outcome.refused.push(error.to_string());
        }
    }
    print(&outcome, arguments.json)?;
    if outcome.refused.is_empty() {
        Ok(())
    } else {
        Err("some shares were refused".into())
    }
}

fn share_once(
    client: &Client,
    sign_in: &SignIn,
    at: Position,
    random: &mut Random,
    outcome: &mut Outcome,
) -> Result<(), CallError> {
    let phone = Phone::new(random);
    let mut session = client.sign_in(&sign_in.username, &sign_in.password, &phone.device_id)?;
    let now = Clock::System.now();
    let share = share::now(random, &phone, at, now);
    let is_repeated = random.chance(20.0);
    for attempt in 0..if is_repeated { 2 } else { 1 } {
        let sent_at = now.plus(Duration::seconds(attempt));
        let answer = session.share(&phone.device_id, &share::body(&share, sent_at))?;
        if attempt == 0 {
            outcome.shares += 1;
            let place = answer.get("place").and_then(Value::as_str).unwrap_or("unknown");
            *outcome.outcomes.entry(place.to_owned()).or_default() += 1;
        } else {
            outcome.retries += 1;
        }
    }
    Ok(())
}

fn print(outcome: &Outcome, is_json: bool) -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    if is_json {
        let value = json!({
            "people": outcome.people,
            "shares": outcome.shares,
            "retries": outcome.retries,
            "outcomes": outcome.outcomes,
            "refused": outcome.refused,
        });
        return writeln!(output, "{value}");
    }
    writeln!(
        output,
        "{} people, {} shares, {} sent twice",
        outcome.people, outcome.shares, outcome.retries
    )?;
    for (place, count) in &outcome.outcomes {
        writeln!(output, "{count:>6} {place}")?;
    }
    for refusal in &outcome.refused {
        writeln!(output, "refused: {refusal}")?;
    }
    Ok(())
}

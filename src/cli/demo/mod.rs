//! `sherlok demo`: a small Banten lives one working day through the public API, its shares are sealed, sent, sampled and
//! reviewed, and the service goes on serving.
//!
//! The service runs in this process with a clock that lives the past days and then comes back to the present.

pub mod cast;
pub mod prepare;
pub mod present;
pub mod report;
pub mod stage;
pub mod verify;
pub mod workday;

use crate::cli::demo::cast::Cast;
use crate::cli::demo::report::Report;
use crate::cli::demo::stage::Stage;
use crate::cli::serve;
use crate::domain::calendar::Calendar;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::simulation::stage::Dates;
use crate::domain::simulation::workforce::Workforce;
use crate::platform::clock::Clock;
use chrono::NaiveDate;
use clap::Args;
use std::error::Error;

/// How to play.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Ends after the report instead of going on serving.
    #[arg(long)]
    exit: bool,
    /// Prints nothing but one JSON object once it serves: {`base_url`, `sign_ins`, agencies, counts}.
    #[arg(long)]
    json: bool,
    /// Fixes every chance.
    #[arg(long, default_value_t = 36)]
    seed: u64,
    /// About how many people work in the five agencies, 40 to 5,000.
    #[arg(long, default_value_t = 240, value_parser = clap::value_parser!(u32).range(40..=5_000))]
    people: u32,
}

/// Everything that the scenes share.
#[derive(Debug)]
pub struct Demo {
    stage: Stage,
    cast: Cast,
    report: Report,
    workforce: Workforce,
    dates: Dates,
    seed: u64,
}

/// The zone of Banten.
const ZONE: Zone = Zone::Jakarta;

/// The moment `hours` and `minutes` after midnight of `date` in Banten.
fn at(date: NaiveDate, hours: u16, minutes: u16) -> Instant {
    ZONE.at_minute(date, hours * 60 + minutes)
}

/// Plays, reports, and serves until it is told to stop.
pub fn run(arguments: &DemoArguments) -> Result<(), Box<dyn Error>> {
    serve::start_log("warn,tracing_actix_web=error");
    let now = Clock::System.now();
    let dates = Dates::before(&Calendar::national(), ZONE.date(now));
    let stage = Stage::open(at(dates.prepared_on, 7, 0), cast::ADMINISTRATOR, cast::PASSWORD)?;
    let mut demo = Demo {
        cast: Cast::new(stage.client()),
        report: Report::new(arguments.json, cast::PASSWORD),
        workforce: Workforce::new(arguments.seed, arguments.people, dates.prepared_on),
        stage,
        dates,
        seed: arguments.seed,
    };
    demo.play(now)?;
    let agencies: Vec<&str> = demo.workforce.agencies.iter().map(|agency| agency.code).collect();
    demo.report
        .close(demo.stage.base_url(), &agencies, demo.dates.lived_on)?;
    if arguments.exit {
        demo.stage.close()
    } else {
        demo.stage.wait()
    }
}

impl Demo {
    fn play(&mut self, now: Instant) -> Result<(), Box<dyn Error>> {
        self.prepare()?;
        let late = self.live()?;
        self.verify()?;
        self.come_to_the_present(&late, now)
    }
}

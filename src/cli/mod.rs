//! Floor 5: the command line.

pub mod audit;
pub mod bkd;
pub mod certificate;
pub mod check_logs;
pub mod config;
pub mod demo;
pub mod import;
#[cfg(feature = "print")]
pub mod print;
pub mod serve;
pub mod simulate;
pub mod spec;
pub mod user;
pub mod verify;

use crate::cli::config::Config;
use crate::platform::clock::Clock;
use clap::{Parser, Subcommand};
use std::error::Error;

/// Attendance by location check-in for civil servants.
#[derive(Debug, Parser)]
#[command(name = "sherlok", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Plans, bounds and draws random samples without a server.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Makes a certificate for trying the service over HTTPS, and says how phones come to trust it.
    Certificate(certificate::CertificateArguments),
    /// Holds the stored logs against each other and names what was changed in them by other means.
    CheckLogs,
    /// Makes a small Banten, lives one working day of it, reports, and goes on serving.
    Demo(demo::DemoArguments),
    /// Serves the API and its documentation.
    Serve,
    /// Brings the database's schema up to date and ends.
    Migrate,
    /// Makes accounts; the first administrator is made so.
    User(user::UserArguments),
    /// Imports an agency's staff or units from a file.
    Import(import::ImportArguments),
    /// Makes a PDF from a template and facts, to try a template with; or writes the shipped templates out.
    #[cfg(feature = "print")]
    Print(print::PrintArguments),
    /// Lets people with phones share their location with a running service.
    Simulate(simulate::SimulateArguments),
    /// Writes the generated files of `api-spec`.
    Spec(spec::SpecArguments),
    /// Checks an audit's bundle or a receipt of the log, from files alone.
    Verify(verify::VerifyArguments),
}

/// Reads the arguments and does what they say.
pub fn run() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    match arguments.command {
        Command::Audit(command) => Ok(audit::run(&command, &mut std::io::stdout().lock())?),
        Command::Certificate(arguments) => certificate::run(&arguments, &Clock::System, &mut std::io::stdout().lock()),
        Command::CheckLogs => check_logs::run(&Config::from_environment()?, &mut std::io::stdout().lock()),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Serve => serve::run(&Config::from_environment()?),
        Command::Migrate => {
            serve::open(&Config::from_environment()?)?;
            Ok(())
        }
        Command::User(arguments) => user::run(&Config::from_environment()?, &arguments),
        Command::Import(arguments) => import::run(&Config::from_environment()?, &arguments),
        #[cfg(feature = "print")]
        Command::Print(arguments) => {
            let templates = Config::from_environment()?.templates;
            print::run(&arguments, templates, &Clock::System, &mut std::io::stderr().lock())
        }
        Command::Simulate(arguments) => simulate::run(&arguments),
        Command::Spec(arguments) => spec::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments, &mut std::io::stdout().lock()),
    }
}

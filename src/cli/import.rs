//! `sherlok import`: reads a personnel export or a file of units into an agency, at the machine itself.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error as AppError;
use crate::cli::config::Config;
use crate::cli::serve;
use crate::domain::access::Action;
use crate::domain::access::Actor;
use crate::domain::access::AgencyCode;
use crate::domain::access::Grant;
use crate::domain::access::Role;
use crate::domain::access::Target;
use crate::domain::access::may;
use crate::domain::ids::AccountId;
use crate::domain::ids::SessionId;
use crate::domain::import_report::Finding;
use clap::Args;
use serde_json::{Value, json};
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use uuid::Uuid;

/// What to import, and into which agency.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// The agency's code.
    #[arg(long)]
    agency: String,
    /// The file holds units (code, parent, head, name) and no people.
    #[arg(long)]
    units: bool,
    /// Prints the report as JSON.
    #[arg(long)]
    json: bool,
    /// CSV or XLSX.
    file: PathBuf,
}

impl ImportArguments {
    /// For callers that are no command line.
    pub fn new(agency: &str, file: PathBuf, is_units: bool, is_json: bool) -> Self {
        Self {
            agency: agency.to_owned(),
            units: is_units,
            json: is_json,
            file,
        }
    }
}

/// Carries out `sherlok import`.
pub fn run(config: &Config, arguments: &ImportArguments) -> Result<(), Box<dyn Error>> {
    carry_out(&serve::open(config)?, arguments, &mut std::io::stdout().lock())
}

/// Imports the file through an open service and writes the report.
pub fn carry_out(app: &App, arguments: &ImportArguments, target: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let agency = AgencyCode::parse(&arguments.agency)?;
    let bytes = std::fs::read(&arguments.file)?;
    // Whoever holds the machine acts as the agency's operator, for nobody's account.
    let grant = Grant {
        role: Role::AgencyOperator,
        agency: Some(agency.clone()),
    };
    let nobody = Uuid::nil();
    let context = Context {
        actor: Actor::new(AccountId::new(nobody), None, SessionId::new(nobody), vec![grant]),
        now: app.now(),
    };
    let scope = may(&context.actor, Action::WriteStaff, Target::Agency(&agency))?;
    let (report, findings) = if arguments.units {
        let report = app.import_units(&context, &scope, &agency, &bytes).map_err(in_words)?;
        let counts = json!({
            "rows": report.row_count,
            "created": report.created,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "refused": report.refused,
            "joined": report.joined,
        });
        (counts, report.findings)
    } else {
        let report = app
            .import_personnel(&context, &scope, &agency, &bytes, false)
            .map_err(in_words)?;
        let counts = json!({
            "rows": report.row_count,
            "created": report.created,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "refused": report.refused,
            "not_in_file": report.not_in_file,
            "dropped_columns": report.dropped_columns,
            "unknown_columns": report.unknown_columns,
        });
        (counts, report.findings)
    };
    if arguments.json {
        write_json(target, report, &findings)?;
    } else {
        write_lines(target, &report, &findings)?;
    }
    Ok(())
}

fn write_json(target: &mut impl Write, mut report: Value, findings: &[Finding]) -> std::io::Result<()> {
    let findings: Vec<Value> = findings
        .iter()
        .map(|finding| {
            json!({
                "row": finding.row,
                "field": finding.field,
                "code": finding.reason.code(),
                "severity": finding.reason.severity().code(),
                "message": finding.reason.indonesian(),
            })
        })
        .collect();
    if let Some(fields) = report.as_object_mut() {
        fields.insert("findings".to_owned(), json!(findings));
    }
    writeln!(target, "{report}")
}

fn write_lines(target: &mut impl Write, report: &Value, findings: &[Finding]) -> std::io::Result<()> {
    for (name, value) in report.as_object().into_iter().flatten() {
        match value.as_array() {
            Some(names) => {
                let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
                writeln!(target, "{name}: {}", names.join(", "))?;
            }
            None => writeln!(target, "{name}: {value}")?,
        }
    }
    for finding in findings {
        writeln!(
            target,
            "{} {}: {} ({})",
            finding.row,
            finding.field,
            finding.reason.indonesian(),
            finding.reason.code()
        )?;
    }
    Ok(())
}

/// On the command line the fields' own sentences say what is wrong.
fn in_words(error: AppError) -> Box<dyn Error> {
    match error {
        AppError::Invalid(fields) => {
            let sentences: Vec<String> = fields.into_iter().map(|field| field.indonesian).collect();
            sentences.join(" ").into()
        }
        AppError::NotFound => "there is no agency of this code".into(),
        other @ (AppError::Unauthenticated(_)
        | AppError::Forbidden
        | AppError::Conflict(_)
        | AppError::Stale
        | AppError::Refused(_)
        | AppError::RefusedField(_, _)
        | AppError::TooMany(_, _)
        | AppError::Busy(_)
        | AppError::Internal(_)) => other.into(),
    }
}

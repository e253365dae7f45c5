//! `sherlok check-logs`: holds the stored logs against each other, and names whatever was changed by other means.

use crate::cli::config::Config;
use crate::cli::serve;
use std::error::Error;
use std::io::Write;

/// Some row is not as it was written; each was printed.
#[derive(Debug, thiserror::Error)]
#[error("{0} rows of the logs are not as they were written")]
pub struct Damaged(usize);

/// Carries out `sherlok check-logs`: a line a log, then a line a fault.
pub fn run(config: &Config, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let app = serve::open(config)?;
    let faults = app.check_logs()?;
    for log in app.list_logs()? {
        writeln!(out, "{}: {} entries", log.name, log.size)?;
    }
    for fault in &faults {
        writeln!(out, "{}: {}", fault.log, fault.what)?;
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Damaged(faults.len()).into())
    }
}

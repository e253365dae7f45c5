//! `sherlok audit draw`: the units with the smallest tickets of a file, in constant memory where it is sorted.

use crate::cli::audit::error::AuditError;
use crate::domain::audit::targeted::read_line;
use crate::domain::sampling::{Distinct, Draw, Drawn, Rising, Seed};
use clap::Args;
use serde_json::json;
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::path::{Path, PathBuf};

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
    /// A line that ends in a tab and `targeted` is a unit of the targeted stratum, which is examined as a whole: it is not
    /// drawn from.
    ///
    /// Sorted by bytes, as a population is written out, it is drawn from in constant memory; otherwise up to 50 bytes a
    /// unit are kept to notice one that stands twice.
    file: PathBuf,
    /// Print one JSON object: {"drawn": [{"id", "ticket"}]}.
    #[arg(long)]
    json: bool,
}

/// Draws, and says how far it is on a terminal's standard error.
pub(super) fn run(arguments: &DrawArguments, output: &mut dyn Write) -> Result<(), AuditError> {
    let mut lines = Lines::open(&arguments.file)?;
    let mut draw = Draw::new(Seed::new(arguments.seed.as_str()), arguments.size);
    let mut rising = Rising::default();
    // A pipe cannot be read again, so everything is remembered from its first line on.
    let mut seen = (!lines.is_repeatable).then(Distinct::default);
    let mut progress = Progress::new();
    let mut number = 0;
    while let Some(line) = lines.next()? {
        number += 1;
        let (id, is_targeted) = read_line(line);
        match &mut seen {
            Some(seen) => seen.check(id)?,
            None if rising.holds(id) => {}
            None => seen = Some(seen_until(&arguments.file, number)?),
        }
        // All of these are examined; none of them is left to chance.
        if !is_targeted {
            draw.offer(id)?;
        }
        progress.tell(number);
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
        let Some(line) = lines.next()? else { break };
        seen.check(read_line(line).0)?;
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

//! What a benchmark measured, kept as JSON under `bench/results/`: a command replaces its own rows and no others.

use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One measured figure.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    name: String,
    value: f64,
    unit: &'static str,
    ratio_to: Option<&'static str>,
    bar: Option<Bar>,
}

/// What a figure must reach.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bar {
    /// This much or more.
    AtLeast(f64),
    /// This much or less.
    AtMost(f64),
}

impl Bar {
    fn text(self) -> String {
        match self {
            Self::AtLeast(bar) => format!(">= {bar}"),
            Self::AtMost(bar) => format!("<= {bar}"),
        }
    }

    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bar) => value >= bar,
            Self::AtMost(bar) => value <= bar,
        }
    }
}

impl Row {
    /// A figure and its unit.
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            value,
            unit,
            ratio_to: None,
            bar: None,
        }
    }

    /// Names the row that this figure was divided by.
    pub(crate) fn ratio_to(mut self, name: &'static str) -> Self {
        self.ratio_to = Some(name);
        self
    }

    /// Says what the figure must reach.
    pub(crate) fn bar(mut self, bar: Bar) -> Self {
        self.bar = Some(bar);
        self
    }

    /// Whether the figure reaches its bar; one without a bar does.
    pub(crate) fn holds(&self) -> bool {
        self.bar.is_none_or(|bar| bar.holds(self.value))
    }

    fn json(&self) -> Value {
        let mut row = Map::new();
        row.insert("name".to_owned(), json!(self.name));
        row.insert("value".to_owned(), json!(rounded(self.value)));
        row.insert("unit".to_owned(), json!(self.unit));
        if let Some(name) = self.ratio_to {
            row.insert("ratio_to".to_owned(), json!(name));
        }
        if let Some(bar) = self.bar {
            row.insert("bar".to_owned(), json!(bar.text()));
        }
        Value::Object(row)
    }
}

/// The table that a command prints.
pub(crate) fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for row in rows {
        let verdict = match row.bar {
            None => String::new(),
            Some(bar) => format!("   {} {}", bar.text(), if row.holds() { "reached" } else { "MISSED" }),
        };
        let value = rounded(row.value).to_string();
        let _ = writeln!(text, "{:width$}  {value:>12} {:<8}{verdict}", row.name, row.unit);
    }
    text
}

/// Writes rows into `bench/results/{file}.json`, in place of rows of the same names; the others stay as they are.
pub(crate) fn write(file: &str, rows: &[Row]) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("bench/results")
        .join(format!("{file}.json"));
    let known: Value = std::fs::read(&path)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or(Value::Null);
    let mut kept: Vec<Value> = known.get("rows").and_then(Value::as_array).cloned().unwrap_or_default();
    for row in rows {
        let new = row.json();
        match kept.iter_mut().find(|old| old.get("name") == new.get("name")) {
            Some(old) => *old = new,
            None => kept.push(new),
        }
    }
    let document =
        json!({ "machine": machine(), "date": output("date", &["-u", "+%F"]), "commit": commit(), "rows": kept });
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
    std::fs::write(&path, serde_json::to_string_pretty(&document).unwrap() + "\n").unwrap();
    path
}

/// The middle of the figures; of an even number, the lower one of the two.
pub(crate) fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures
        .get(figures.len().saturating_sub(1) / 2)
        .copied()
        .unwrap_or(f64::NAN)
}

/// Four figures that count are enough for machines that are never quiet.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() || value.fract() == 0.0 {
        return value;
    }
    let places = 3 - i32::try_from(value.abs().log10().floor() as i64).unwrap_or(0);
    let factor = 10f64.powi(places.clamp(0, 9));
    (value * factor).round() / factor
}

fn machine() -> String {
    let processor = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown processor", |rest| rest.trim_start_matches([':', '\t', ' ']));
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kibibytes: u64 = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0);
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    format!(
        "{cores} cores of {processor}, {} GiB, Linux {}, {}",
        kibibytes >> 20,
        output("uname", &["-r"]),
        output("rustc", &["--version"])
    )
}

fn commit() -> String {
    let dirty = if output(
        "git",
        &["status", "--porcelain", "--", "src", "migrations", "Cargo.lock"],
    )
    .is_empty()
    {
        ""
    } else {
        "+"
    };
    output("git", &["rev-parse", "--short", "HEAD"]) + dirty
}

fn output(program: &str, arguments: &[&str]) -> String {
    Command::new(program)
        .args(arguments)
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}

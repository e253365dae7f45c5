//! `sherlok spec`: writes the generated files of `api-spec`, or says that they are not as generated.

use crate::http::openapi;
use crate::http::problem;
use clap::Args;
use std::error::Error;
use std::path::PathBuf;

/// Where the generated files belong.
#[derive(Debug, Args)]
pub struct SpecArguments {
    /// The folder to write to.
    #[arg(long, default_value = "api-spec")]
    directory: PathBuf,
    /// Writes nothing; fails if a file is not as generated.
    #[arg(long)]
    check: bool,
}

/// Each generated file and what it must hold.
pub fn files() -> [(&'static str, String); 2] {
    [("openapi.json", openapi::text()), ("problems.md", problem::table())]
}

/// Carries out `sherlok spec`.
pub fn run(arguments: &SpecArguments) -> Result<(), Box<dyn Error>> {
    for (name, text) in files() {
        let path = arguments.directory.join(name);
        if !arguments.check {
            std::fs::create_dir_all(&arguments.directory)?;
            std::fs::write(&path, text)?;
        } else if std::fs::read_to_string(&path).unwrap_or_default() != text {
            return Err(format!("{} is not as generated; run `make spec`", path.display()).into());
        }
    }
    Ok(())
}

//! `sherlok print`: a PDF from a template and facts, so that an agency can try its own templates.

use crate::platform::clock::Clock;
use crate::platform::print::{Printer, SHIPPED, Shipped};
use clap::Args;
use serde_json::Value;
use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What to print, or where to write the shipped templates.
#[derive(Args, Debug)]
pub struct PrintArguments {
    /// The template, as in `recap`, `leave_letter` or `roster`.
    #[arg(long, value_name = "NAME", required_unless_present = "export")]
    template: Option<String>,
    /// The facts as JSON; without it those that ship with the template.
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// The PDF to write; a file that is there is replaced.
    #[arg(long, value_name = "FILE", required_unless_present = "export")]
    output: Option<PathBuf>,
    /// A folder of own templates, instead of the one that `SHERLOK_TEMPLATES` names.
    #[arg(long, value_name = "FOLDER")]
    templates: Option<PathBuf>,
    /// Writes the shipped templates and their facts into this folder, to be changed there; replaces no file.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["template", "facts", "output", "templates"])]
    export: Option<PathBuf>,
}

/// Carries out `sherlok print`. An own template with a mistake is an error here, with file, line and message;
/// warnings go to `notes`.
pub fn run(
    arguments: &PrintArguments,
    templates: Option<PathBuf>,
    clock: &Clock,
    notes: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    if let Some(folder) = &arguments.export {
        return export(folder);
    }
    // clap has seen to it that both are there.
    let (Some(template), Some(output)) = (&arguments.template, &arguments.output) else {
        return Err("a template and an output are needed".into());
    };
    let facts = read_facts(arguments.facts.as_deref(), template)?;
    let folder = arguments.templates.clone().or(templates);
    let printed = Printer::new(folder.as_deref())?.proof(template, &facts, clock.now())?;
    for warning in &printed.warnings {
        writeln!(notes, "warning: {warning}")?;
    }
    fs::write(output, printed.pdf).map_err(|error| format!("{} can't be written: {error}", output.display()))?;
    Ok(())
}

fn read_facts(path: Option<&Path>, template: &str) -> Result<Value, Box<dyn Error>> {
    let (name, text) = if let Some(path) = path {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| format!("{name} can't be read: {error}"))?;
        (name, text)
    } else {
        let name = format!("{template}.json");
        let shipped = Shipped::named(&name).ok_or("no facts ship with this template; name a file with --facts")?;
        (name, shipped.text.to_owned())
    };
    // As editors on Windows write it.
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| format!("{name} is not JSON: {error}").into())
}

fn export(folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    if let Some(file) = SHIPPED.iter().find(|file| folder.join(file.name).exists()) {
        return Err(format!(
            "{} is already there; nothing was written",
            folder.join(file.name).display()
        )
        .into());
    }
    for file in SHIPPED {
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(folder.join(file.name))?
            .write_all(file.text.as_bytes())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        print: PrintArguments,
    }

    fn arguments(words: &[&str]) -> Result<PrintArguments, clap::Error> {
        Line::try_parse_from(["print"].iter().chain(words)).map(|line| line.print)
    }

    fn printed(words: &[&str], templates: Option<&Path>) -> Result<String, String> {
        let mut notes = Vec::new();
        let arguments = arguments(words).unwrap();
        run(&arguments, templates.map(Path::to_owned), &Clock::System, &mut notes)
            .map_err(|error| error.to_string())?;
        Ok(String::from_utf8(notes).unwrap())
    }

    fn text(path: &Path) -> &str {
        path.to_str().unwrap()
    }

    #[test]
    fn a_template_and_an_output_are_asked_for_unless_the_shipped_ones_are_written_out() {
        assert!(arguments(&["--template", "recap", "--output", "a.pdf"]).is_ok());
        assert!(arguments(&["--export", "templates"]).is_ok());
        for words in [
            vec![],
            vec!["--template", "recap"],
            vec!["--output", "a.pdf"],
            vec!["--export", "templates", "--template", "recap"],
        ] {
            assert!(arguments(&words).is_err(), "{words:?}");
        }
    }

    #[test]
    fn the_templates_written_out_can_be_changed_and_tried_and_are_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let templates = folder.path().join("templates");
        let output = folder.path().join("out.pdf");
        printed(&["--export", text(&templates)], None).unwrap();
        let words = [
            "--template",
            "leave_letter",
            "--output",
            text(&output),
            "--templates",
            text(&templates),
        ];
        assert_eq!(printed(&words, None).unwrap(), "");
        assert!(fs::read(&output).unwrap().starts_with(b"%PDF-"));

        fs::write(templates.join("leave_letter.typ"), "Halo\n#let x = 1 +\n#x").unwrap();
        let error = printed(&["--export", text(&templates)], None).unwrap_err();
        assert!(error.contains("already there"), "{error}");
        let error = printed(&words, None).unwrap_err();
        assert!(
            error.contains("leave_letter.typ:2:") && error.contains("expected expression"),
            "{error}"
        );
        // The setting's folder is used where no other is named.
        let error = printed(&words[..4], Some(&templates)).unwrap_err();
        assert!(error.contains("expected expression"), "{error}");
        assert_eq!(printed(&words[..4], None).unwrap(), "");
    }

    #[test]
    fn a_warning_is_told_and_the_document_written() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("note.typ"), "#set text(font: \"Nowhere\")\nHalo").unwrap();
        fs::write(folder.path().join("facts.json"), "\u{feff}{}").unwrap();
        let output = folder.path().join("out.pdf");
        let facts = folder.path().join("facts.json");
        let notes = printed(
            &["--template", "note", "--facts", text(&facts), "--output", text(&output)],
            Some(folder.path()),
        )
        .unwrap();
        assert!(notes.contains("note.typ:1:") && notes.contains("nowhere"), "{notes}");
        assert!(output.exists());
    }

    #[test]
    fn what_is_missing_or_malformed_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("out.pdf");
        let facts = folder.path().join("facts.json");
        fs::write(&facts, "{").unwrap();
        let with = |template, facts| {
            printed(
                &["--template", template, "--facts", facts, "--output", text(&output)],
                None,
            )
        };
        assert!(with("recap", text(&facts)).unwrap_err().contains("is not JSON"));
        assert!(
            with("recap", "/nowhere.json")
                .unwrap_err()
                .contains("/nowhere.json can't be read")
        );
        fs::write(&facts, "{}").unwrap();
        assert!(with("nothing", text(&facts)).unwrap_err().contains("no template named"));
        let error = printed(&["--template", "nothing", "--output", text(&output)], None).unwrap_err();
        assert!(error.contains("--facts"), "{error}");
        let error = printed(
            &[
                "--template",
                "recap",
                "--output",
                text(&output),
                "--templates",
                "/nowhere",
            ],
            None,
        );
        assert!(error.unwrap_err().contains("/nowhere"));
        assert!(!output.exists());
    }
}

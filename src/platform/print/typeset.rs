//! Sets one document with the Typst compiler: no clock, no packages, no file but the templates'.

use super::Printed;
use super::facts::Facts;
use super::fonts::{Fonts, fonts};
use super::sources::{Content, SourceError, Sources};
use crate::domain::instant::Instant;
use chrono::{Datelike, Timelike};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use typst::diag::{FileError, FileResult, PackageError, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// The most mistakes that are told of one document; the first ones matter.
const MOST_MISTAKES: usize = 20;

/// Something to mend in a template, in the compiler's own words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mistake {
    /// The file: a whole path where it is an agency's own.
    pub file: String,
    /// Line and column, both from 1, where they are known.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub message: String,
    /// What may help.
    pub hints: Vec<String>,
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        if let Some((line, column)) = self.place {
            write!(formatter, ":{line}:{column}")?;
        }
        write!(formatter, ": {}", self.message)?;
        for hint in &self.hints {
            write!(formatter, " (hint: {hint})")?;
        }
        Ok(())
    }
}

/// One document to be set.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) name: String,
    pub(super) sources: Sources,
    pub(super) facts: Facts,
    pub(super) now: Instant,
}

impl Task {
    /// Sets the document.
    pub(super) fn run(self) -> Result<Printed, Vec<Mistake>> {
        let standards = match &self.sources {
            Sources::Shipped => vec![PdfStandard::A_2a, PdfStandard::Ua_1],
            // Unlike the two above it asks for no alternative texts and no title: an agency's own design may do without.
            Sources::Own(_) => vec![PdfStandard::A_2u],
        };
        let timestamp = timestamp(self.now);
        let desk = Desk::new(self)?;
        let Warned { output, warnings } = typst::compile::<PagedDocument>(&desk);
        let outcome = output.and_then(|document| {
            let options = PdfOptions {
                creator: Smart::Custom(Some("Sherlok".to_owned())),
                timestamp,
                standards: PdfStandards::new(&standards).unwrap_or_default(),
                ..PdfOptions::default()
            };
            typst_pdf::pdf(&document, &options)
        });
        let outcome = outcome
            .map(|pdf| Printed {
                pdf,
                warnings: desk.mistakes(&warnings),
            })
            .map_err(|errors| desk.mistakes(&errors));
        // The compiler remembers what it computed; the next document has other facts and would use little of it.
        typst::comemo::evict(0);
        outcome
    }
}

fn timestamp(now: Instant) -> Option<Timestamp> {
    let now = now.utc();
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    Datetime::from_ymd_hms(
        now.year(),
        part(now.month()),
        part(now.day()),
        part(now.hour()),
        part(now.minute()),
        part(now.second()),
    )
    .map(Timestamp::new_utc)
}

/// What the compiler sees of the world.
struct Desk {
    library: LazyHash<Library>,
    fonts: &'static Fonts,
    main: FileId,
    sources: Sources,
    /// What was read stays the same until the document is set, whatever happens in the folder.
    read: Mutex<HashMap<FileId, FileResult<Bytes>>>,
}

impl Desk {
    fn new(task: Task) -> Result<Self, Vec<Mistake>> {
        let path = VirtualPath::new(format!("{}.typ", task.name)).map_err(|_not_a_name| Vec::new())?;
        let mut inputs = Dict::new();
        inputs.insert("facts".into(), task.facts.json.into_value());
        if let Some(qr) = task.facts.qr {
            inputs.insert("qr".into(), qr.into_value());
        }
        if let Some(logo) = task.sources.logo() {
            inputs.insert("logo".into(), format!("/{logo}").into_value());
        }
        Ok(Self {
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            fonts: fonts(),
            main: RootedPath::new(VirtualRoot::Project, path).intern(),
            sources: task.sources,
            read: Mutex::default(),
        })
    }

    fn load(&self, id: FileId) -> FileResult<Bytes> {
        let VirtualRoot::Project = id.root() else {
            return Err(FileError::Package(PackageError::Other(Some(
                "packages are never fetched; put the file into the folder of templates".into(),
            ))));
        };
        match self.sources.read(id.vpath().get_without_slash()) {
            Ok(Content::Shipped(text)) => Ok(Bytes::from_string(text)),
            Ok(Content::Own(bytes)) => Ok(Bytes::new(bytes)),
            Err(SourceError::Missing) => Err(FileError::NotFound(id.vpath().get_without_slash().into())),
            Err(SourceError::Refused(reason)) => Err(FileError::Other(Some(reason.into()))),
            Err(SourceError::Io(error)) => Err(FileError::Other(Some(error.to_string().into()))),
        }
    }

    fn mistakes(&self, diagnostics: &[SourceDiagnostic]) -> Vec<Mistake> {
        diagnostics
            .iter()
            .take(MOST_MISTAKES)
            .map(|diagnostic| self.mistake(diagnostic))
            .collect()
    }

    fn mistake(&self, diagnostic: &SourceDiagnostic) -> Mistake {
        let file = diagnostic.span.id().unwrap_or(self.main);
        let place = self.range(diagnostic.span).and_then(|range| {
            let (line, column) = self.source(file).ok()?.lines().byte_to_line_column(range.start)?;
            Some((line.saturating_add(1), column.saturating_add(1)))
        });
        Mistake {
            file: self.sources.label(file.vpath().get_without_slash()),
            place,
            message: diagnostic.message.to_string(),
            hints: diagnostic.hints.iter().map(|hint| hint.v.to_string()).collect(),
        }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let bytes = self.file(id)?;
        let text = bytes.as_str().map_err(|_not_utf8| FileError::InvalidUtf8)?;
        // As editors on Windows write it.
        Ok(Source::new(id, text.trim_start_matches('\u{feff}').to_owned()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.entry(id).or_insert_with(|| self.load(id)).clone()
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.all.get(index).cloned()
    }

    /// None: dates come with the facts, so that a document printed again says the same.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

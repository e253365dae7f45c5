//! Where templates come from: those that ship with the service, and before them an agency's own folder.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The most that a template may read of one file.
const MOST_FILE_BYTES: u64 = 10 * 1_024 * 1_024;

/// Names of a logo that an agency may put into its folder, the first that is there is taken.
const LOGO_NAMES: [&str; 3] = ["logo.svg", "logo.png", "logo.jpg"];

/// A file that ships with the service.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    /// As in `recap.typ`.
    pub name: &'static str,
    /// What is in it.
    pub text: &'static str,
}

/// Every shipped file: a template `*.typ`, facts to try it with in a `*.json` of the same name.
pub const SHIPPED: &[Shipped] = &[
    Shipped {
        name: "official.typ",
        text: include_str!("../../../data/templates/official.typ"),
    },
    Shipped {
        name: "recap.typ",
        text: include_str!("../../../data/templates/recap.typ"),
    },
    Shipped {
        name: "recap.json",
        text: include_str!("../../../data/templates/recap.json"),
    },
    Shipped {
        name: "leave_letter.typ",
        text: include_str!("../../../data/templates/leave_letter.typ"),
    },
    Shipped {
        name: "leave_letter.json",
        text: include_str!("../../../data/templates/leave_letter.json"),
    },
    Shipped {
        name: "roster.typ",
        text: include_str!("../../../data/templates/roster.typ"),
    },
    Shipped {
        name: "roster.json",
        text: include_str!("../../../data/templates/roster.json"),
    },
];

impl Shipped {
    /// The shipped file of this name.
    pub fn named(name: &str) -> Option<Self> {
        SHIPPED.iter().copied().find(|file| file.name == name)
    }
}

/// Where the files of one document come from.
#[derive(Clone, Debug)]
pub(super) enum Sources {
    /// From the shipped files alone.
    Shipped,
    /// From this folder, and from the shipped files what is not in it. The path is canonical.
    Own(PathBuf),
}

/// How an own folder looked: names, sizes and times of change. Equal as long as nobody changed anything in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Fingerprint(Vec<(PathBuf, u64, Option<SystemTime>)>);

/// Why a file can't be had.
#[derive(Debug)]
pub(super) enum SourceError {
    /// It is not there.
    Missing,
    /// It is there, but outside the folder, no plain file, or too large.
    Refused(&'static str),
    /// The file system refused.
    Io(io::Error),
}

/// What was read.
pub(super) enum Content {
    /// From the binary.
    Shipped(&'static str),
    /// From an own folder.
    Own(Vec<u8>),
}

impl Sources {
    /// A folder of own templates, which must be there.
    pub(super) fn own(folder: &Path) -> io::Result<Self> {
        let folder = folder.canonicalize()?;
        fs::read_dir(&folder)?;
        Ok(Self::Own(folder))
    }

    /// Whether there is a template of this name, as in `recap`.
    pub(super) fn has(&self, name: &str) -> bool {
        let is_name = !name.is_empty()
            && name
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'));
        let file = format!("{name}.typ");
        is_name
            && (Shipped::named(&file).is_some()
                || match self {
                    Self::Shipped => false,
                    Self::Own(folder) => folder.join(&file).is_file(),
                })
    }

    /// Reads a file by its path below the root of the templates, without a leading slash.
    pub(super) fn read(&self, path: &str) -> Result<Content, SourceError> {
        let own = match self {
            Self::Shipped => Err(SourceError::Missing),
            Self::Own(folder) => read_below(folder, path).map(Content::Own),
        };
        match own {
            Err(SourceError::Missing) => Shipped::named(path)
                .map(|file| Content::Shipped(file.text))
                .ok_or(SourceError::Missing),
            own => own,
        }
    }

    /// How a file is called in a message: an own one by its whole path, so that it is found.
    pub(super) fn label(&self, path: &str) -> String {
        match self {
            Self::Own(folder) if folder.join(path).exists() => folder.join(path).display().to_string(),
            Self::Own(_) | Self::Shipped => format!("shipped {path}"),
        }
    }

    /// The logo in an own folder.
    pub(super) fn logo(&self) -> Option<&'static str> {
        match self {
            Self::Shipped => None,
            Self::Own(folder) => LOGO_NAMES.into_iter().find(|name| folder.join(name).is_file()),
        }
    }

    /// How the folder looks now, two levels deep.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        let mut seen = Vec::new();
        if let Self::Own(folder) = self {
            look(folder, 2, &mut seen);
        }
        seen.sort();
        Fingerprint(seen)
    }
}

fn look(folder: &Path, depth: usize, seen: &mut Vec<(PathBuf, u64, Option<SystemTime>)>) {
    // What can't be read now looks changed when it can.
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        if let Ok(metadata) = fs::metadata(entry.path()) {
            if metadata.is_dir() && depth > 1 {
                look(&entry.path(), depth - 1, seen);
            }
            seen.push((entry.path(), metadata.len(), metadata.modified().ok()));
        }
    }
}

/// Reads a plain file below `folder`; symbolic links may not lead out of it.
fn read_below(folder: &Path, path: &str) -> Result<Vec<u8>, SourceError> {
    let io = |error: io::Error| {
        if error.kind() == io::ErrorKind::NotFound {
            SourceError::Missing
        } else {
            SourceError::Io(error)
        }
    };
    let real = folder.join(path).canonicalize().map_err(io)?;
    if !real.starts_with(folder) {
        return Err(SourceError::Refused("it lies outside the folder of templates"));
    }
    // Asked before it is opened: opening a pipe waits for its other end.
    let metadata = fs::metadata(&real).map_err(io)?;
    if !metadata.is_file() {
        return Err(SourceError::Refused("it is no plain file"));
    }
    let mut bytes = Vec::new();
    let most = MOST_FILE_BYTES.saturating_add(1);
    File::open(&real)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(io)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MOST_FILE_BYTES) {
        return Err(SourceError::Refused("it is larger than 10 MiB"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sources: &Sources, path: &str) -> Result<String, SourceError> {
        sources.read(path).map(|content| match content {
            Content::Shipped(text) => format!("shipped {}", text.len()),
            Content::Own(bytes) => String::from_utf8(bytes).unwrap(),
        })
    }

    #[test]
    fn an_own_file_goes_before_the_shipped_one_of_its_name_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("recap.typ"), "own").unwrap();
        let own = Sources::own(folder.path()).unwrap();
        assert_eq!(read(&own, "recap.typ").unwrap(), "own");
        assert!(read(&own, "roster.typ").unwrap().starts_with("shipped"));
        assert!(read(&Sources::Shipped, "recap.typ").unwrap().starts_with("shipped"));
        assert!(matches!(read(&own, "other.typ"), Err(SourceError::Missing)));
    }

    #[test]
    fn nothing_outside_the_folder_is_read_whatever_the_path() {
        let above = tempfile::tempdir().unwrap();
        fs::write(above.path().join("secret"), "x").unwrap();
        let folder = above.path().join("templates");
        fs::create_dir(&folder).unwrap();
        std::os::unix::fs::symlink(above.path().join("secret"), folder.join("link")).unwrap();
        std::os::unix::fs::symlink(above.path(), folder.join("up")).unwrap();
        let own = Sources::own(&folder).unwrap();
        for path in ["../secret", "link", "up/secret", "/etc/passwd"] {
            assert!(matches!(read(&own, path), Err(SourceError::Refused(_))), "{path}");
        }
        fs::write(folder.join("inside"), "y").unwrap();
        std::os::unix::fs::symlink(folder.join("inside"), folder.join("fine")).unwrap();
        assert_eq!(read(&own, "fine").unwrap(), "y");
    }

    #[test]
    fn only_plain_files_of_some_size_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let own = Sources::own(folder.path()).unwrap();
        fs::create_dir(folder.path().join("inner")).unwrap();
        assert!(matches!(read(&own, "inner"), Err(SourceError::Refused(_))));
        let large = File::create(folder.path().join("large")).unwrap();
        large.set_len(MOST_FILE_BYTES).unwrap();
        assert!(read(&own, "large").is_ok());
        large.set_len(MOST_FILE_BYTES + 1).unwrap();
        assert!(matches!(read(&own, "large"), Err(SourceError::Refused(_))));
    }

    #[test]
    fn a_name_is_a_name_and_no_path() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("warning-letter.typ"), "own").unwrap();
        let own = Sources::own(folder.path()).unwrap();
        for name in ["recap", "leave_letter", "roster", "warning-letter"] {
            assert!(own.has(name), "{name}");
        }
        for name in ["", "../recap", "recap.typ", "no", "/recap", "a/b"] {
            assert!(!own.has(name), "{name}");
        }
        assert!(!Sources::Shipped.has("warning-letter"));
    }

    #[test]
    fn a_changed_file_changes_the_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let own = Sources::own(folder.path()).unwrap();
        let empty = own.fingerprint();
        fs::create_dir(folder.path().join("parts")).unwrap();
        fs::write(folder.path().join("parts/a.typ"), "a").unwrap();
        let one = own.fingerprint();
        assert_ne!(empty, one);
        assert_eq!(one, own.fingerprint());
        fs::write(folder.path().join("parts/a.typ"), "ab").unwrap();
        assert_ne!(one, own.fingerprint());
    }

    #[test]
    fn every_shipped_template_but_the_shared_one_has_facts_to_try_it_with() {
        for template in SHIPPED.iter().filter_map(|file| file.name.strip_suffix(".typ")) {
            let facts = format!("{template}.json");
            assert_eq!(Shipped::named(&facts).is_some(), template != "official", "{facts}");
        }
        let on_disk = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/data/templates"))
            .unwrap()
            .count();
        assert_eq!(on_disk, SHIPPED.len());
    }
}

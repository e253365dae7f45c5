//! A crest as a file: SVG or PNG, recognised by its content.

use std::path::Path;

/// Largest file, bytes: it is loaded on phones.
const LARGEST: u64 = 262_144;

/// A crest in memory.
#[derive(Clone)]
pub struct Crest {
    /// The file as it is.
    pub bytes: Vec<u8>,
    /// `image/svg+xml` or `image/png`.
    pub content_type: &'static str,
}

impl std::fmt::Debug for Crest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Crest({}, {} bytes)", self.content_type, self.bytes.len())
    }
}

/// The file is no crest.
#[derive(Debug, thiserror::Error)]
pub enum CrestError {
    /// It can't be read.
    #[error("can't read {0}")]
    File(String, #[source] std::io::Error),
    /// It is too large.
    #[error("{0} has more than 256 KiB")]
    TooLarge(String),
    /// It is neither SVG nor PNG.
    #[error("{0} is neither an SVG nor a PNG")]
    Unknown(String),
}

impl Crest {
    /// Reads a file of at most 256 KiB.
    pub fn read(path: &Path) -> Result<Self, CrestError> {
        let name = path.display().to_string();
        let failed = |error| CrestError::File(name.clone(), error);
        if std::fs::metadata(path).map_err(failed)?.len() > LARGEST {
            return Err(CrestError::TooLarge(name));
        }
        let bytes = std::fs::read(path).map_err(failed)?;
        let content_type = if infer::image::is_png(&bytes) {
            "image/png"
        } else if is_svg(&bytes) {
            "image/svg+xml"
        } else {
            return Err(CrestError::Unknown(name));
        };
        Ok(Self { bytes, content_type })
    }
}

/// Whether the first element is `svg`, behind what XML allows before it.
fn is_svg(bytes: &[u8]) -> bool {
    let Ok(mut rest) = std::str::from_utf8(bytes) else {
        return false;
    };
    rest = rest.trim_start_matches('\u{feff}').trim_start();
    while let Some((end, inside)) = [("?>", "<?"), ("-->", "<!--"), (">", "<!DOCTYPE")]
        .into_iter()
        .find_map(|(end, start)| Some((end, rest.strip_prefix(start)?)))
    {
        let Some((_, after)) = inside.split_once(end) else {
            return false;
        };
        rest = after.trim_start();
    }
    rest.starts_with("<svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<&'static str, CrestError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        Crest::read(file.path()).map(|crest| crest.content_type)
    }

    #[test]
    fn a_crest_is_known_by_what_it_holds() {
        for svg in [
            "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "\u{feff}<?xml version='1.0'?>\n<!-- lambang -->\n<!DOCTYPE svg PUBLIC 'x' 'y'>\n<svg/>",
        ] {
            assert_eq!(read(svg.as_bytes()).unwrap(), "image/svg+xml");
        }
        assert_eq!(read(b"\x89PNG\r\n\x1a\n...").unwrap(), "image/png");
        for other in ["", "<html><svg/></html>", "<!-- <svg", "GIF89a"] {
            assert!(matches!(read(other.as_bytes()), Err(CrestError::Unknown(_))), "{other}");
        }
        assert!(matches!(read(&vec![b' '; 262_145]), Err(CrestError::TooLarge(_))));
        assert!(matches!(
            Crest::read(Path::new("/tidak/ada")),
            Err(CrestError::File(..))
        ));
    }
}

//! What lies below the points of a map: a file beside the database, tiles of a server that the operator names, or nothing.

use crate::app::App;
use crate::app::error::Error;
pub use crate::platform::large_file::LargeFile;

/// The file's name in the data directory.
pub const FILE_NAME: &str = "basemap.pmtiles";

/// A server of map tiles.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tiles {
    url: String,
    origin: String,
    attribution: String,
}

impl Tiles {
    /// From an address such as `https://tiles.example/{z}/{x}/{y}.png` and who is to be named on the map; none where the
    /// address is not `https`, names no plain host, or lacks one of the three places.
    pub fn new(url: &str, attribution: &str) -> Option<Self> {
        let host = url.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
        // What goes into the pages' policy is a host and a port, and can be nothing else.
        let is_plain = !host.is_empty()
            && host
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "-.:".contains(letter));
        let is_whole = ["{z}", "{x}", "{y}"].iter().all(|place| url.contains(place));
        (is_plain && is_whole && url.is_ascii()).then(|| Self {
            url: url.to_owned(),
            origin: format!("https://{host}"),
            attribution: attribution.to_owned(),
        })
    }

    /// The address with its three places.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The server, as the pages' policy names it: `https://tiles.example`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Who is to be named on the map; may be empty.
    pub fn attribution(&self) -> &str {
        &self.attribution
    }
}

impl App {
    /// The basemap of this deployment, if one lies in the data directory. It may come and go while the service runs.
    pub fn basemap(&self) -> Result<Option<LargeFile>, Error> {
        LargeFile::open(&self.directory.join(FILE_NAME)).map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_server_is_an_https_origin_and_three_places() {
        let tiles = Tiles::new("https://tiles.example:8443/a/{z}/{x}/{y}.png?k=1", "© X").unwrap();
        assert_eq!(tiles.origin(), "https://tiles.example:8443");
        for wrong in [
            "http://tiles.example/{z}/{x}/{y}.png",
            "https:///{z}/{x}/{y}.png",
            "https://tiles.example/{z}/{x}.png",
            "https://a b/{z}/{x}/{y}",
            "https://*/{z}/{x}/{y}",
            "https://user@tiles.example/{z}/{x}/{y}",
            "https://a;script-src/{z}/{x}/{y}",
            "https://{x}.example/{z}/{x}/{y}",
            "",
        ] {
            assert_eq!(Tiles::new(wrong, ""), None, "{wrong}");
        }
    }
}

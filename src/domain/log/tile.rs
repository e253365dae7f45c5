//! Tiles (C2SP tlog-tiles): the tree's hashes in pieces of 256, and the entries in bundles of as many.

use crate::domain::digest::Digest;
use crate::domain::log::tree::{self, MAX_SIZE, Node};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Hashes of a full tile, and entries of a full bundle.
pub const WIDTH: u64 = 256;

/// Levels of the tree that one tile spans.
const HEIGHT: u32 = 8;

/// The longest entry, in bytes: its length is written in two.
pub const MAX_ENTRY_BYTES: usize = 65_535;

/// Why something is no tile, bundle, or path of one.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TileError {
    /// Not `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]` in its one spelling.
    #[error("not the path of a tile or bundle")]
    Path,
    /// No tree is so large.
    #[error("no tree has such a tile")]
    Outside,
    /// A width other than 1 to 256.
    #[error("a tile is 1 to 256 wide")]
    Width,
    /// Not 32 bytes for each hash of the width.
    #[error("the tile does not have 32 bytes for each of its hashes")]
    Hashes,
    /// The bundle ends within an entry or before the last one.
    #[error("the bundle has fewer entries than it is wide")]
    Truncated,
    /// The bundle goes on behind its last entry, or more entries are given than it is wide.
    #[error("the bundle has more entries than it is wide")]
    Trailing,
    /// An entry of more than [`MAX_ENTRY_BYTES`].
    #[error("an entry is longer than 65535 bytes")]
    EntryTooLong,
}

/// A tile of hashes: the nodes of one level of the tree, 8, 16, ... above the leaves for levels 1, 2, ...
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Tile {
    level: u32,
    index: u64,
    width: u64,
}

impl Tile {
    /// The tile of this level and index with `width` hashes, 256 in a full one.
    pub fn new(level: u32, index: u64, width: u64) -> Result<Self, TileError> {
        if width == 0 || width > WIDTH {
            return Err(TileError::Width);
        }
        let leaves = index
            .checked_mul(WIDTH)
            .and_then(|hashes| hashes.checked_add(width))
            .filter(|hashes| level < 64 / HEIGHT && *hashes <= MAX_SIZE >> (HEIGHT * level));
        if leaves.is_none() {
            return Err(TileError::Outside);
        }
        Ok(Self { level, index, width })
    }

    /// The level: 0 has the leaves.
    pub const fn level(&self) -> u32 {
        self.level
    }

    /// The place within the level.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Hashes, 1 to 256.
    pub const fn width(&self) -> u64 {
        self.width
    }

    /// The tile that holds a node, or that it is computed from, as wide as a tree of `size` leaves has it. `None`
    /// where the tree does not have the node.
    pub fn of_node(node: Node, size: u64) -> Option<Self> {
        let level = node.level / HEIGHT;
        let (first, end) = hashes_under(node)?;
        let in_level = size.checked_shr(HEIGHT * level)?;
        if end > in_level {
            return None;
        }
        let index = first / WIDTH;
        Self::new(level, index, (in_level - index * WIDTH).min(WIDTH)).ok()
    }

    /// The node's hash from the hashes of this tile; `None` where it is not in the tile.
    pub fn node_hash(&self, hashes: &[Digest], node: Node) -> Option<Digest> {
        let (first, end) = hashes_under(node)?;
        if node.level / HEIGHT != self.level || first / WIDTH != self.index {
            return None;
        }
        let offset = |place: u64| usize::try_from(place - self.index * WIDTH).ok();
        Some(tree::root(hashes.get(offset(first)?..offset(end)?)?))
    }

    /// The tiles that a tree writes when it grows from `old` to `new` leaves, lowest level first. A partial tile that
    /// grows is written anew, as wide as it then is.
    pub fn written(old: u64, new: u64) -> Vec<Self> {
        let mut tiles = Vec::new();
        for level in 0..64 / HEIGHT {
            let (before, after) = (old >> (HEIGHT * level), new >> (HEIGHT * level));
            tiles.extend(pieces(before, after).filter_map(|(index, width)| Self::new(level, index, width).ok()));
        }
        tiles
    }

    /// The tile's bytes from its hashes.
    pub fn write(&self, hashes: &[Digest]) -> Result<Vec<u8>, TileError> {
        if u64::try_from(hashes.len()) != Ok(self.width) {
            return Err(TileError::Hashes);
        }
        Ok(hashes.iter().flat_map(|hash| *hash.bytes()).collect())
    }

    /// The tile's hashes from its bytes.
    pub fn read(&self, bytes: &[u8]) -> Result<Vec<Digest>, TileError> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() || u64::try_from(hashes.len()) != Ok(self.width) {
            return Err(TileError::Hashes);
        }
        Ok(hashes.iter().map(|hash| Digest::from(*hash)).collect())
    }
}

/// First and end of the hashes of a tile level that a node is made of.
fn hashes_under(node: Node) -> Option<(u64, u64)> {
    let up = node.level % HEIGHT;
    let end = node.index.checked_add(1)?.checked_mul(1 << up)?;
    Some((node.index << up, end))
}

/// Index and width of the pieces of 256 that change when a row grows from `old` to `new`.
fn pieces(old: u64, new: u64) -> impl Iterator<Item = (u64, u64)> {
    let indices = if new > old {
        old / WIDTH..new.div_ceil(WIDTH)
    } else {
        0..0
    };
    indices.map(move |index| (index, (new - index * WIDTH).min(WIDTH)))
}

/// A bundle of entries: the leaves of the tile of level 0 with the same index and width.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Bundle {
    index: u64,
    width: u64,
}

impl Bundle {
    /// The bundle of this index with `width` entries, 256 in a full one.
    pub fn new(index: u64, width: u64) -> Result<Self, TileError> {
        Tile::new(0, index, width).map(|_| Self { index, width })
    }

    /// The place from the left.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Entries, 1 to 256.
    pub const fn width(&self) -> u64 {
        self.width
    }

    /// The bundles that a log writes when it grows from `old` to `new` entries.
    pub fn written(old: u64, new: u64) -> Vec<Self> {
        pieces(old, new)
            .filter_map(|(index, width)| Self::new(index, width).ok())
            .collect()
    }

    /// The bundle's bytes from its entries: each behind its length in two bytes, most significant first.
    pub fn write<E: AsRef<[u8]>>(&self, entries: &[E]) -> Result<Vec<u8>, TileError> {
        match u64::try_from(entries.len()).unwrap_or(u64::MAX).cmp(&self.width) {
            std::cmp::Ordering::Less => return Err(TileError::Truncated),
            std::cmp::Ordering::Greater => return Err(TileError::Trailing),
            std::cmp::Ordering::Equal => {}
        }
        let mut bytes = Vec::new();
        for entry in entries.iter().map(AsRef::as_ref) {
            let length = u16::try_from(entry.len()).ok().ok_or(TileError::EntryTooLong)?;
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(entry);
        }
        Ok(bytes)
    }

    /// The bundle's entries from its bytes.
    pub fn read<'b>(&self, bytes: &'b [u8]) -> Result<Vec<&'b [u8]>, TileError> {
        let mut entries = Vec::new();
        let mut rest = bytes;
        for _ in 0..self.width {
            let (length, behind) = rest.split_first_chunk::<2>().ok_or(TileError::Truncated)?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (entry, behind) = behind.split_at_checked(length).ok_or(TileError::Truncated)?;
            entries.push(entry);
            rest = behind;
        }
        if rest.is_empty() {
            Ok(entries)
        } else {
            Err(TileError::Trailing)
        }
    }
}

/// What a log serves under `tile/`.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Resource {
    /// `tile/<L>/<N>[.p/<W>]`.
    Tile(Tile),
    /// `tile/entries/<N>[.p/<W>]`.
    Bundle(Bundle),
}

impl fmt::Display for Resource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (index, width) = match self {
            Self::Tile(tile) => {
                write!(formatter, "tile/{}/", tile.level)?;
                (tile.index, tile.width)
            }
            Self::Bundle(bundle) => {
                formatter.write_str("tile/entries/")?;
                (bundle.index, bundle.width)
            }
        };
        write_index(formatter, index)?;
        if width < WIDTH {
            write!(formatter, ".p/{width}")
        } else {
            Ok(())
        }
    }
}

/// Groups of three digits, all but the last behind an `x`: 1234067 is `x001/x234/067`.
fn write_index(formatter: &mut fmt::Formatter<'_>, index: u64) -> fmt::Result {
    let mut higher = Vec::new();
    let mut rest = index / 1000;
    while rest > 0 {
        higher.push(rest % 1000);
        rest /= 1000;
    }
    for group in higher.iter().rev() {
        write!(formatter, "x{group:03}/")?;
    }
    write!(formatter, "{:03}", index % 1000)
}

impl FromStr for Resource {
    type Err = TileError;

    /// Reads a path without a slash before it. Only what [`fmt::Display`] writes is read.
    fn from_str(text: &str) -> Result<Self, TileError> {
        let (kind, place) = text
            .strip_prefix("tile/")
            .and_then(|rest| rest.split_once('/'))
            .ok_or(TileError::Path)?;
        let (place, width) = match place.split_once(".p/") {
            None => (place, WIDTH),
            Some((place, width)) => (place, width.parse().ok().ok_or(TileError::Path)?),
        };
        let mut index = 0_u64;
        for group in place.split('/') {
            let digits = group.strip_prefix('x').unwrap_or(group);
            let number: u64 = digits.parse().ok().ok_or(TileError::Path)?;
            index = index
                .checked_mul(1000)
                .and_then(|higher| higher.checked_add(number))
                .ok_or(TileError::Outside)?;
        }
        let resource = match kind {
            "entries" => Self::Bundle(Bundle::new(index, width)?),
            level => Self::Tile(Tile::new(level.parse().ok().ok_or(TileError::Path)?, index, width)?),
        };
        if resource.to_string() == text {
            Ok(resource)
        } else {
            Err(TileError::Path)
        }
    }
}

/// Tiles that were read, as the store of nodes from which proofs are made.
#[derive(Clone, Debug, Default)]
pub struct TileSet {
    tiles: BTreeMap<(u32, u64), Vec<Digest>>,
}

impl TileSet {
    /// Takes a tile's bytes.
    pub fn insert(&mut self, tile: &Tile, bytes: &[u8]) -> Result<(), TileError> {
        let hashes = tile.read(bytes)?;
        self.tiles.insert((tile.level, tile.index), hashes);
        Ok(())
    }

    /// The hash of a node that lies in one of the tiles.
    pub fn hash(&self, node: Node) -> Option<Digest> {
        let (first, _) = hashes_under(node)?;
        let (level, index) = (node.level / HEIGHT, first / WIDTH);
        let hashes = self.tiles.get(&(level, index))?;
        let width = u64::try_from(hashes.len()).ok()?;
        Tile { level, index, width }.node_hash(hashes, node)
    }
}

#[cfg(test)]
#[path = "tile_tests.rs"]
mod tests;

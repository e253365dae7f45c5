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
mod tests {
    use super::*;
    use crate::domain::log::tree::tests::grown;
    use crate::domain::log::{consistency, inclusion};
    use std::collections::BTreeSet;

    fn tile(level: u32, index: u64, width: u64) -> Tile {
        Tile::new(level, index, width).unwrap()
    }

    #[test]
    fn the_sizes_of_the_norm_have_the_tiles_of_the_norm() {
        // C2SP tlog-tiles, section "Partial Tiles".
        let tiles = Tile::written(0, 70_000);
        let of_level = |level| tiles.iter().filter(move |tile| tile.level == level);
        assert_eq!(of_level(0).filter(|tile| tile.width == WIDTH).count(), 273);
        assert_eq!(of_level(0).next_back(), Some(&tile(0, 273, 112)));
        assert_eq!(tiles[274..], [tile(1, 0, 256), tile(1, 1, 17), tile(2, 0, 1)]);
        assert_eq!(Tile::written(0, 256), [tile(0, 0, 256), tile(1, 0, 1)]);
        assert_eq!(Tile::written(0, 0), []);
        assert_eq!(Tile::written(7, 7), []);
        assert_eq!(Tile::written(255, 257), [tile(0, 0, 256), tile(0, 1, 1), tile(1, 0, 1)]);
        assert_eq!(
            Bundle::written(255, 257),
            [Bundle::new(0, 256).unwrap(), Bundle::new(1, 1).unwrap()]
        );
    }

    #[test]
    fn a_path_is_read_in_its_one_spelling() {
        for (path, resource) in [
            ("tile/0/000", Resource::Tile(tile(0, 0, 256))),
            ("tile/0/x001/x234/067", Resource::Tile(tile(0, 1_234_067, 256))),
            ("tile/1/001.p/17", Resource::Tile(tile(1, 1, 17))),
            ("tile/7/000.p/127", Resource::Tile(tile(7, 0, 127))),
            (
                "tile/entries/273.p/112",
                Resource::Bundle(Bundle::new(273, 112).unwrap()),
            ),
            (
                "tile/entries/x001/000",
                Resource::Bundle(Bundle::new(1000, 256).unwrap()),
            ),
        ] {
            assert_eq!(path.parse(), Ok(resource));
            assert_eq!(resource.to_string(), path);
        }
        for path in [
            "",
            "tile",
            "tile/",
            "tile/0",
            "tile/0/",
            "tile/0/0",
            "tile/0/00",
            "tile/0/0000",
            "tile/00/000",
            "tile/+0/000",
            "tile/0/+00",
            "tile/0/x000",
            "tile/0/x000/000",
            "tile/0/001/000",
            "tile/0/x001/x000",
            "tile/0/x1/000",
            "tile/0/X001/000",
            "tile/0/000/",
            "/tile/0/000",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/",
            "tile/0/000.p",
            "tile/0/000.p/1.p/1",
            "tile/0/000.p/1/",
            "tile/a/000",
            "tile/0/0a0",
            "tile/entries/",
            "tile/Entries/000",
            "tile/0/..",
            "tile/0/000\n",
            "tile/8/8/000",
            "tile/0/٠٠٠",
        ] {
            assert_eq!(path.parse::<Resource>(), Err(TileError::Path), "{path:?}");
        }
        for path in ["tile/0/000.p/0", "tile/0/000.p/257"] {
            assert_eq!(path.parse::<Resource>(), Err(TileError::Width), "{path:?}");
        }
        for path in [
            "tile/8/000",
            "tile/63/000",
            "tile/7/000",
            "tile/7/000.p/128",
            "tile/7/001.p/1",
        ] {
            assert_eq!(path.parse::<Resource>(), Err(TileError::Outside), "{path:?}");
        }
        let beyond = format!("tile/0/{}000", "x999/".repeat(7));
        assert_eq!(beyond.parse::<Resource>(), Err(TileError::Outside));
    }

    /// The tiles of a tree of `size` leaves as a log would have stored them.
    fn stored(size: u64) -> BTreeMap<Tile, Vec<u8>> {
        let (_, nodes) = grown(size);
        let bytes = |tile: &Tile| {
            let hashes: Vec<Digest> = (0..tile.width)
                .map(|offset| {
                    nodes[&Node {
                        level: tile.level * HEIGHT,
                        index: tile.index * WIDTH + offset,
                    }]
                })
                .collect();
            tile.write(&hashes).unwrap()
        };
        Tile::written(0, size)
            .into_iter()
            .map(|tile| (tile, bytes(&tile)))
            .collect()
    }

    #[test]
    fn proofs_from_tiles_are_those_from_all_nodes() {
        let size = 66_100;
        let (_, nodes) = grown(size);
        let tiles = stored(size);
        let set = |asked: &[Node]| {
            let needed: BTreeSet<Tile> = asked.iter().map(|node| Tile::of_node(*node, size).unwrap()).collect();
            let mut set = TileSet::default();
            for tile in &needed {
                set.insert(tile, &tiles[tile]).unwrap();
            }
            set
        };
        for index in [0, 1, 255, 256, 65_535, 65_536, 65_800, 66_099] {
            let read = set(&inclusion::nodes(index, size).unwrap());
            assert_eq!(
                inclusion::prove(index, size, |node| read.hash(node)),
                inclusion::prove(index, size, |node| nodes.get(&node).copied())
            );
        }
        for earlier in [1, 2, 255, 256, 257, 65_535, 65_536, 66_000, 66_099] {
            let read = set(&consistency::nodes(earlier, size).unwrap());
            assert_eq!(
                consistency::prove(earlier, size, |node| read.hash(node)),
                consistency::prove(earlier, size, |node| nodes.get(&node).copied())
            );
        }
        let edge = tree::Edge::nodes(size);
        let read = set(&edge);
        assert!(tree::Edge::read(size, &|node| read.hash(node)).is_ok());
    }

    #[test]
    fn growing_step_by_step_leaves_the_same_tiles_as_growing_at_once() {
        for steps in [vec![0, 1, 2, 255, 256, 257, 600], vec![0, 300, 512, 600]] {
            let mut last: BTreeMap<(u32, u64), Tile> = BTreeMap::new();
            for pair in steps.windows(2) {
                for tile in Tile::written(pair[0], pair[1]) {
                    let before = last.insert((tile.level, tile.index), tile);
                    assert!(before.is_none_or(|before| before.width < tile.width));
                }
            }
            assert_eq!(last.into_values().collect::<Vec<_>>(), Tile::written(0, 600));
        }
    }

    #[test]
    fn a_node_that_the_tree_does_not_have_has_no_tile() {
        assert_eq!(Tile::of_node(Node { level: 0, index: 5 }, 5), None);
        assert_eq!(Tile::of_node(Node { level: 3, index: 0 }, 7), None);
        assert_eq!(Tile::of_node(Node { level: 3, index: 0 }, 8), Some(tile(0, 0, 8)));
        assert_eq!(Tile::of_node(Node { level: 8, index: 0 }, 300), Some(tile(1, 0, 1)));
        assert_eq!(
            Tile::of_node(
                Node {
                    level: 63,
                    index: u64::MAX
                },
                MAX_SIZE
            ),
            None
        );
        assert_eq!(TileSet::default().hash(Node { level: 0, index: 0 }), None);
        let hashes = [tree::leaf_hash(b"a"), tree::leaf_hash(b"b")];
        assert_eq!(tile(0, 0, 2).node_hash(&hashes, Node { level: 2, index: 0 }), None);
        assert_eq!(tile(0, 0, 2).node_hash(&hashes, Node { level: 0, index: 256 }), None);
        assert_eq!(
            tile(0, 0, 2).node_hash(&hashes, Node { level: 1, index: 0 }),
            Some(tree::root(&hashes))
        );
    }

    #[test]
    fn bytes_of_another_length_are_no_tile_and_no_bundle() {
        let two = tile(0, 0, 2);
        for length in [0, 1, 32, 63, 65, 96] {
            assert_eq!(two.read(&vec![0; length]), Err(TileError::Hashes));
        }
        assert_eq!(two.write(&[tree::empty_root()]), Err(TileError::Hashes));
        let bundle = Bundle::new(0, 2).unwrap();
        let bytes = bundle.write(&["", "abc"]).unwrap();
        assert_eq!(bytes, b"\0\0\0\x03abc");
        assert_eq!(bundle.read(&bytes).unwrap(), [b"".as_slice(), b"abc"]);
        for end in 0..bytes.len() {
            assert_eq!(bundle.read(&bytes[..end]), Err(TileError::Truncated));
        }
        assert_eq!(bundle.read(&[&bytes[..], b"x"].concat()), Err(TileError::Trailing));
        assert_eq!(bundle.write(&["a"]), Err(TileError::Truncated));
        assert_eq!(bundle.write(&["a", "b", "c"]), Err(TileError::Trailing));
        let longest = vec![7; MAX_ENTRY_BYTES];
        let one = Bundle::new(0, 1).unwrap();
        assert_eq!(one.read(&one.write(&[&longest]).unwrap()).unwrap(), [longest]);
        assert_eq!(one.write(&[vec![7; MAX_ENTRY_BYTES + 1]]), Err(TileError::EntryTooLong));
    }
}

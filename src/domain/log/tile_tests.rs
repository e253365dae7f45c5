//! Tests of tiles and bundles: paths, growth, and proofs made from what is stored.

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
        "tile/0/8/000",
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

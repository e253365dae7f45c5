//! The Merkle tree of RFC 9162: hashes of leaves and nodes, and the right edge by which it grows.

use crate::domain::digest::Digest;
use sha2::{Digest as _, Sha256};
use std::ops::Range;

/// The largest number of leaves of a tree. Below it 63 hashes prove inclusion, 64 any growth, and all arithmetic fits.
pub const MAX_SIZE: u64 = (1 << 63) - 1;

/// The root of the tree without leaves: the hash of nothing (RFC 9162, section 2.1.1).
pub fn empty_root() -> Digest {
    Digest::of(b"")
}

/// The hash of a leaf: SHA-256 of 0x00 and the entry (RFC 9162, section 2.1.1).
pub fn leaf_hash(entry: &[u8]) -> Digest {
    let digest: [u8; 32] = Sha256::new_with_prefix([0]).chain_update(entry).finalize().into();
    digest.into()
}

/// The hash of an inner node: SHA-256 of 0x01 and its two children (RFC 9162, section 2.1.1).
pub fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let mut bytes = [1; 65];
    let (_, children) = bytes.split_at_mut(1);
    let (first, second) = children.split_at_mut(32);
    first.copy_from_slice(left.bytes());
    second.copy_from_slice(right.bytes());
    Digest::of(&bytes)
}

/// The root over these leaf hashes.
pub fn root(leaves: &[Digest]) -> Digest {
    let mut edge = Edge::default();
    for leaf in leaves {
        edge.push(*leaf, |_, _| ());
    }
    edge.root()
}

/// A complete subtree: the one over the `2^level` leaves from `index * 2^level` on. Leaves have level 0.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Node {
    /// The height above the leaves, at most 62.
    pub level: u32,
    /// The place among the nodes of the level, from the left and from 0.
    pub index: u64,
}

/// The reader of stored hashes did not have a node that the proof or root needs.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the hash of node {} of level {} is missing", .0.index, .0.level)]
pub struct MissingNode(pub Node);

/// The complete subtrees that lie side by side in `range`, from the left.
///
/// The range is one that splitting a tree gives: the left part of a tree, or its right part.
pub(super) fn nodes_of(range: &Range<u64>) -> impl Iterator<Item = Node> {
    let Range { mut start, end } = *range;
    std::iter::from_fn(move || {
        let height = end.saturating_sub(start).checked_ilog2()?;
        let level = height.min(start.trailing_zeros());
        let node = Node {
            level,
            index: start >> level,
        };
        start += 1 << level;
        Some(node)
    })
}

/// The hash over a range, from its complete subtrees.
pub(super) fn range_hash(range: &Range<u64>, stored: &impl Fn(Node) -> Option<Digest>) -> Result<Digest, MissingNode> {
    let root = |node| stored(node).ok_or(MissingNode(node));
    let mut nodes = nodes_of(range);
    let Some(first) = nodes.next() else {
        return Ok(empty_root());
    };
    // Nearly every range of a proof is one subtree.
    let first = root(first)?;
    let others = nodes.map(root).collect::<Result<Vec<_>, _>>()?;
    Ok(if others.is_empty() {
        first
    } else {
        node_hash(&first, &folded(&others))
    })
}

/// Where a tree of `size` leaves is split: the largest power of two below `size`, which is at least 2.
pub(super) fn split(size: u64) -> u64 {
    1 << size.saturating_sub(1).checked_ilog2().unwrap_or(0)
}

/// Complete subtrees side by side, put together from the right.
fn folded(roots: &[Digest]) -> Digest {
    roots
        .iter()
        .rev()
        .copied()
        .reduce(|right, left| node_hash(&left, &right))
        .unwrap_or_else(empty_root)
}

/// The right edge of a tree: as much as is needed to append to it and to tell its root.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Edge {
    size: u64,
    /// Roots of the complete subtrees, largest first: one for each 1 in the binary form of the size.
    roots: Vec<Digest>,
}

/// What was stored as a right edge is none.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum EdgeError {
    /// A size beyond [`MAX_SIZE`].
    #[error("a tree has at most 2^63 - 1 leaves")]
    Size,
    /// Another number of roots than the size has ones.
    #[error("the size asks for {expected} subtrees, {found} were given")]
    Roots {
        /// As many as the size has ones in binary.
        expected: u32,
        /// As many as were given.
        found: usize,
    },
}

impl Edge {
    /// The edge as it was stored: the size and the roots of the complete subtrees, largest first.
    pub fn restore(size: u64, roots: Vec<Digest>) -> Result<Self, EdgeError> {
        if size > MAX_SIZE {
            return Err(EdgeError::Size);
        }
        let expected = size.count_ones();
        if usize::try_from(expected) != Ok(roots.len()) {
            return Err(EdgeError::Roots {
                expected,
                found: roots.len(),
            });
        }
        Ok(Self { size, roots })
    }

    /// The edge of a tree of `size` leaves, from its stored nodes.
    pub fn read(size: u64, stored: &impl Fn(Node) -> Option<Digest>) -> Result<Self, MissingNode> {
        let mut roots = Vec::new();
        for node in Self::nodes(size) {
            roots.push(stored(node).ok_or(MissingNode(node))?);
        }
        Ok(Self { size, roots })
    }

    /// The nodes that [`Edge::read`] asks for, largest first.
    pub fn nodes(size: u64) -> Vec<Node> {
        nodes_of(&(0..size)).collect()
    }

    /// Leaves in the tree.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Roots of the complete subtrees, largest first.
    pub fn roots(&self) -> &[Digest] {
        &self.roots
    }

    /// Appends a leaf hash. `completed` is told every node that is now complete, the leaf first, each with its hash.
    ///
    /// At [`MAX_SIZE`] nothing is appended and the answer is `EdgeError::Size`.
    pub fn append(&mut self, leaf: Digest, completed: impl FnMut(Node, Digest)) -> Result<(), EdgeError> {
        if self.size >= MAX_SIZE {
            return Err(EdgeError::Size);
        }
        self.push(leaf, completed);
        Ok(())
    }

    fn push(&mut self, leaf: Digest, mut completed: impl FnMut(Node, Digest)) {
        let mut node = Node {
            level: 0,
            index: self.size,
        };
        let mut hash = leaf;
        completed(node, hash);
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = node_hash(&left, &hash);
                node = Node {
                    level: node.level + 1,
                    index: node.index >> 1,
                };
                completed(node, hash);
            }
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// The root of the tree.
    pub fn root(&self) -> Digest {
        folded(&self.roots)
    }
}

/// A tree that is held whole: every complete node, for proofs out of memory.
#[derive(Clone, Debug, Default)]
pub struct WholeTree {
    edge: Edge,
    /// Hashes by level and place.
    levels: Vec<Vec<Digest>>,
}

impl WholeTree {
    /// Appends a leaf hash. At [`MAX_SIZE`] nothing is appended and the answer is `EdgeError::Size`.
    pub fn append(&mut self, leaf: Digest) -> Result<(), EdgeError> {
        let levels = &mut self.levels;
        self.edge.append(leaf, |node, hash| {
            let level = usize::try_from(node.level).unwrap_or(usize::MAX);
            if level >= levels.len() {
                levels.push(Vec::new());
            }
            if let Some(level) = levels.get_mut(level) {
                level.push(hash);
            }
        })
    }

    /// Leaves in the tree.
    pub const fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The hashes of its leaves.
    pub fn leaves(&self) -> &[Digest] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// The root of the tree.
    pub fn root(&self) -> Digest {
        self.edge.root()
    }

    /// The hash of a complete node; `None` where the tree has no such node.
    pub fn hash(&self, node: Node) -> Option<Digest> {
        let level = self.levels.get(usize::try_from(node.level).ok()?)?;
        level.get(usize::try_from(node.index).ok()?).copied()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use std::collections::HashMap;

    /// The tree of the given leaves by the words of RFC 9162, section 2.1.1, and nothing else.
    pub(in crate::domain::log) fn root_by_definition(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => empty_root(),
            [leaf] => *leaf,
            _ => {
                let mut half = 1;
                while half * 2 < leaves.len() {
                    half *= 2;
                }
                node_hash(
                    &root_by_definition(&leaves[..half]),
                    &root_by_definition(&leaves[half..]),
                )
            }
        }
    }

    /// Leaf hashes of the entries "0", "1", "2" and so on, and every complete node over them.
    pub(in crate::domain::log) fn grown(size: u64) -> (Vec<Digest>, HashMap<Node, Digest>) {
        let leaves: Vec<Digest> = (0..size).map(|index| leaf_hash(index.to_string().as_bytes())).collect();
        let mut nodes = HashMap::new();
        let mut edge = Edge::default();
        for leaf in &leaves {
            edge.append(*leaf, |node, hash| {
                assert_eq!(nodes.insert(node, hash), None, "told twice");
            })
            .unwrap();
        }
        (leaves, nodes)
    }

    #[test]
    fn the_published_roots_of_the_reference_tree_come_out() {
        // The eight-leaf tree of the Certificate Transparency reference code, google/certificate-transparency,
        // cpp/merkletree/merkle_tree_test.cc; also in transparency-dev/merkle, testonly/constants.go.
        let entries = [
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        assert_eq!(
            root(&[]).to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        let leaves = entries.map(|entry| leaf_hash(&hex::decode(entry).unwrap()));
        for (index, expected) in roots.iter().enumerate() {
            assert_eq!(&root(&leaves[..=index]).to_string(), expected, "{} leaves", index + 1);
        }
    }

    #[test]
    fn a_tree_has_fewer_than_two_to_the_63_leaves() {
        assert_eq!(MAX_SIZE, 9_223_372_036_854_775_807);
        assert!(Edge::restore(MAX_SIZE, vec![leaf_hash(b""); 63]).is_ok());
    }

    #[test]
    fn a_tree_that_is_held_whole_has_the_nodes_and_the_root_of_its_size_and_no_others() {
        let mut whole = WholeTree::default();
        assert_eq!((whole.size(), whole.leaves(), whole.root()), (0, &[][..], empty_root()));
        let (leaves, _) = grown(40);
        for size in 1..=40_u64 {
            let so_far = &leaves[..usize::try_from(size).unwrap()];
            whole.append(*so_far.last().unwrap()).unwrap();
            assert_eq!((whole.size(), whole.leaves()), (size, so_far));
            assert_eq!(whole.root(), root_by_definition(so_far));
            let (_, nodes) = grown(size);
            for level in 0..7 {
                for index in 0..=size {
                    let node = Node { level, index };
                    assert_eq!(whole.hash(node), nodes.get(&node).copied(), "{node:?} of {size}");
                }
            }
        }
    }

    #[test]
    fn the_edge_has_the_root_of_the_definition_at_every_size() {
        let (leaves, nodes) = grown(300);
        let mut edge = Edge::default();
        for (size, leaf) in (0_u64..).zip(&leaves) {
            let so_far = &leaves[..usize::try_from(size).unwrap()];
            assert_eq!(edge.root(), root_by_definition(so_far));
            assert_eq!(Edge::restore(size, edge.roots().to_vec()).as_ref(), Ok(&edge));
            assert_eq!(Edge::read(size, &|node| nodes.get(&node).copied()).as_ref(), Ok(&edge));
            edge.append(*leaf, |_, _| ()).unwrap();
        }
    }

    #[test]
    fn every_completed_node_is_the_root_over_its_leaves() {
        let (leaves, nodes) = grown(100);
        for (node, hash) in &nodes {
            let start = usize::try_from(node.index << node.level).unwrap();
            assert_eq!(*hash, root_by_definition(&leaves[start..start + (1 << node.level)]));
        }
        // 100 leaves complete 50, 25, 12, 6, 3, 1 nodes above them.
        assert_eq!(nodes.len(), 197);
    }

    #[test]
    fn an_edge_is_restored_only_with_as_many_roots_as_its_size_asks_for() {
        let leaf = leaf_hash(b"");
        assert_eq!(
            Edge::restore(3, vec![leaf]),
            Err(EdgeError::Roots { expected: 2, found: 1 })
        );
        assert_eq!(
            Edge::restore(0, vec![leaf]),
            Err(EdgeError::Roots { expected: 0, found: 1 })
        );
        assert_eq!(Edge::restore(MAX_SIZE + 1, vec![leaf]), Err(EdgeError::Size));
    }

    #[test]
    fn the_largest_tree_takes_no_further_leaf() {
        let mut edge = Edge::restore(MAX_SIZE, vec![leaf_hash(b""); 63]).unwrap();
        let before = edge.clone();
        assert_eq!(edge.append(leaf_hash(b"x"), |_, _| ()), Err(EdgeError::Size));
        assert_eq!(edge, before);
    }

    #[test]
    fn a_missing_node_is_named() {
        let missing = Node { level: 1, index: 2 };
        let (_, nodes) = grown(7);
        let stored = |node| {
            if node == missing {
                None
            } else {
                nodes.get(&node).copied()
            }
        };
        assert_eq!(Edge::read(7, &stored), Err(MissingNode(missing)));
        assert_eq!(
            MissingNode(missing).to_string(),
            "the hash of node 2 of level 1 is missing"
        );
    }
}

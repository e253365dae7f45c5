//! Inclusion proofs: that a leaf stands at an index of a tree (RFC 9162, section 2.1.3).

use crate::domain::digest::Digest;
use crate::domain::log::tree::{self, MAX_SIZE, MissingNode, Node};
use std::ops::Range;

/// Why an inclusion proof proves nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InclusionError {
    /// A tree of more than [`MAX_SIZE`] leaves.
    #[error("the tree is larger than a tree can be")]
    Size,
    /// The tree has no leaf of this index.
    #[error("the index lies outside the tree")]
    Index,
    /// A proof for this index and size has fewer hashes.
    #[error("the inclusion proof has too many hashes")]
    TooLong,
    /// A proof for this index and size has more hashes.
    #[error("the inclusion proof has too few hashes")]
    TooShort,
    /// Leaf and proof lead to another root: another entry, index or size, or a changed proof.
    #[error("the inclusion proof does not lead to the root")]
    Root,
}

/// The subtrees beside the way from the leaf to the root, lowest first.
fn ranges(index: u64, size: u64) -> Vec<Range<u64>> {
    let longest = u64::BITS - size.saturating_sub(1).leading_zeros();
    let mut beside = Vec::with_capacity(usize::try_from(longest).unwrap_or(0));
    let mut within = 0..size;
    while within.end - within.start > 1 {
        let middle = within.start + tree::split(within.end - within.start);
        if index < middle {
            beside.push(middle..within.end);
            within.end = middle;
        } else {
            beside.push(within.start..middle);
            within.start = middle;
        }
    }
    beside.reverse();
    beside
}

fn check_index(index: u64, size: u64) -> Result<(), InclusionError> {
    if size > MAX_SIZE {
        return Err(InclusionError::Size);
    }
    if index >= size {
        return Err(InclusionError::Index);
    }
    Ok(())
}

/// The nodes that [`prove`] asks for, so that they can be loaded at once.
pub fn nodes(index: u64, size: u64) -> Result<Vec<Node>, InclusionError> {
    check_index(index, size)?;
    Ok(ranges(index, size).iter().flat_map(tree::nodes_of).collect())
}

/// The proof that leaf `index` is in the tree of `size` leaves, from stored nodes. `None` where the tree has no such
/// leaf.
pub fn prove(
    index: u64,
    size: u64,
    stored: impl Fn(Node) -> Option<Digest>,
) -> Result<Option<Vec<Digest>>, MissingNode> {
    if check_index(index, size).is_err() {
        return Ok(None);
    }
    let beside = ranges(index, size);
    let mut hashes = Vec::with_capacity(beside.len());
    for range in &beside {
        hashes.push(tree::range_hash(range, &stored)?);
    }
    Ok(Some(hashes))
}

/// Checks that `leaf` stands at `index` of the tree of `size` leaves with this root (RFC 9162, section 2.1.3.2).
pub fn verify(leaf: &Digest, index: u64, size: u64, proof: &[Digest], root: &Digest) -> Result<(), InclusionError> {
    check_index(index, size)?;
    let mut place = index;
    let mut last = size - 1;
    let mut hash = *leaf;
    for beside in proof {
        if last == 0 {
            return Err(InclusionError::TooLong);
        }
        if place & 1 == 1 || place == last {
            hash = tree::node_hash(beside, &hash);
            // On the right edge the node has no sibling for a while: it moves up as it is.
            let up = place.trailing_zeros();
            place = place.checked_shr(up).unwrap_or(0);
            last = last.checked_shr(up).unwrap_or(0);
        } else {
            hash = tree::node_hash(&hash, beside);
        }
        place >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(InclusionError::TooShort);
    }
    if hash != *root {
        return Err(InclusionError::Root);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::tree::tests::{grown, root_by_definition};
    use proptest::prelude::*;

    #[test]
    fn every_leaf_of_every_tree_up_to_a_hundred_is_proved_and_nothing_else() {
        let (leaves, nodes) = grown(100);
        for size in 1..=100_u64 {
            let root = root_by_definition(&leaves[..usize::try_from(size).unwrap()]);
            for index in 0..size {
                let asked = super::nodes(index, size).unwrap();
                let stored = |node| nodes.get(&node).copied().filter(|_| asked.contains(&node));
                let proof = prove(index, size, stored).unwrap().unwrap();
                let leaf = leaves[usize::try_from(index).unwrap()];
                assert_eq!(verify(&leaf, index, size, &proof, &root), Ok(()));
                // In the larger trees the neighbours stand for all others.
                let near = |other: &u64| size <= 40 || other.abs_diff(index) <= 2 || *other == size;
                for other in (0..=size).filter(|other| *other != index).filter(near) {
                    assert!(
                        verify(&leaf, other, size, &proof, &root).is_err(),
                        "leaf {index} of {size} also proved at {other}"
                    );
                }
                for cut in 0..proof.len() {
                    assert_eq!(
                        verify(&leaf, index, size, &proof[..cut], &root),
                        Err(InclusionError::TooShort)
                    );
                }
                let longer = [proof.as_slice(), &[leaf]].concat();
                assert_eq!(verify(&leaf, index, size, &longer, &root), Err(InclusionError::TooLong));
            }
        }
    }

    #[test]
    fn a_proof_for_another_size_does_not_lead_to_its_root() {
        let (leaves, nodes) = grown(40);
        for size in 1..=40_u64 {
            for index in 0..size {
                let proof = prove(index, size, |node| nodes.get(&node).copied()).unwrap().unwrap();
                for other in (1..=40_u64).filter(|other| *other != size) {
                    let root = root_by_definition(&leaves[..usize::try_from(other).unwrap()]);
                    let leaf = leaves[usize::try_from(index).unwrap()];
                    assert!(
                        verify(&leaf, index, other, &proof, &root).is_err(),
                        "{index} of {size} as of {other}"
                    );
                }
            }
        }
    }

    #[test]
    fn an_index_outside_the_tree_is_neither_proved_nor_believed() {
        let (leaves, nodes) = grown(5);
        let root = root_by_definition(&leaves);
        for index in [5, 6, u64::MAX] {
            assert_eq!(prove(index, 5, |node| nodes.get(&node).copied()), Ok(None));
            assert_eq!(verify(&leaves[0], index, 5, &[], &root), Err(InclusionError::Index));
        }
        assert_eq!(verify(&leaves[0], 0, 0, &[], &root), Err(InclusionError::Index));
        assert_eq!(verify(&leaves[0], 0, u64::MAX, &[], &root), Err(InclusionError::Size));
    }

    #[test]
    fn the_largest_tree_has_proofs_and_no_larger_one() {
        let hash = tree::leaf_hash(b"x");
        for (index, hashes) in [(0, 63), (MAX_SIZE / 2, 63), (MAX_SIZE - 1, 62)] {
            let proof = prove(index, MAX_SIZE, |_| Some(hash)).unwrap().unwrap();
            assert_eq!(proof.len(), hashes);
            // As long as it has to be, and of nothing.
            assert_eq!(
                verify(&hash, index, MAX_SIZE, &proof, &tree::empty_root()),
                Err(InclusionError::Root)
            );
            assert!(nodes(index, MAX_SIZE).unwrap().len() >= hashes);
            assert_eq!(nodes(index, MAX_SIZE + 1), Err(InclusionError::Size));
            assert_eq!(prove(index, MAX_SIZE + 1, |_| Some(hash)), Ok(None));
        }
    }

    #[test]
    fn a_missing_node_is_named() {
        assert_eq!(prove(0, 2, |_| None), Err(MissingNode(Node { level: 0, index: 1 })));
    }

    proptest! {
        #[test]
        fn no_changed_byte_of_leaf_proof_or_root_is_believed(
            size in 1_u64..=100, seed: u64, byte: prop::sample::Index, change in 1_u8..
        ) {
            let (leaves, nodes) = grown(size);
            let index = seed % size;
            let proof = prove(index, size, |node| nodes.get(&node).copied()).unwrap().unwrap();
            let leaf = leaves[usize::try_from(index).unwrap()];
            let mut hashes = [&[leaf, root_by_definition(&leaves)], proof.as_slice()].concat();
            let place = byte.index(hashes.len() * 32);
            let mut bytes = *hashes[place / 32].bytes();
            bytes[place % 32] ^= change;
            hashes[place / 32] = bytes.into();
            prop_assert_eq!(
                verify(&hashes[0], index, size, &hashes[2..], &hashes[1]),
                Err(InclusionError::Root)
            );
        }

        #[test]
        fn any_numbers_and_hashes_are_answered(index: u64, size: u64, count in 0_usize..70) {
            let hash = tree::leaf_hash(b"x");
            prop_assert!(verify(&hash, index, size, &vec![hash; count], &tree::empty_root()).is_err());
            prop_assert!(nodes(index, size).map_or(true, |nodes| nodes.len() <= 63 * 63));
        }
    }
}

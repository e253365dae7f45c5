//! Consistency proofs: that a tree begins with an earlier one (RFC 9162, section 2.1.4).

use crate::domain::digest::Digest;
use crate::domain::log::tree::{self, MAX_SIZE, MissingNode, Node};
use std::ops::Range;

/// A tree as a checkpoint tells it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Head {
    /// Leaves.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
}

/// Why a consistency proof proves nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ConsistencyError {
    /// The later tree is smaller than the earlier one, or larger than a tree can be.
    #[error("the later tree is smaller than the earlier one")]
    Size,
    /// A tree without leaves has only one root.
    #[error("the root of an empty tree is not the hash of nothing")]
    EmptyRoot,
    /// Two roots for one size: the log has been told differently to two people.
    #[error("trees of one size have different roots")]
    OtherRoot,
    /// A proof for these sizes has fewer hashes; from no leaves, and between equal sizes, it has none.
    #[error("the consistency proof has too many hashes")]
    TooLong,
    /// A proof for these sizes has more hashes.
    #[error("the consistency proof has too few hashes")]
    TooShort,
    /// The proof does not lead to the earlier root.
    #[error("the consistency proof does not lead to the earlier root")]
    EarlierRoot,
    /// The proof does not lead to the later root.
    #[error("the consistency proof does not lead to the later root")]
    LaterRoot,
}

/// The subtrees of the proof, lowest first.
fn ranges(earlier: u64, later: u64) -> Vec<Range<u64>> {
    let mut parts = Vec::new();
    if earlier == 0 || earlier >= later {
        return parts;
    }
    let mut within = 0..later;
    while earlier != within.end {
        let middle = within.start + tree::split(within.end - within.start);
        if earlier <= middle {
            parts.push(middle..within.end);
            within.end = middle;
        } else {
            parts.push(within.start..middle);
            within.start = middle;
        }
    }
    // The whole earlier tree is known to the verifier.
    if within.start != 0 {
        parts.push(within);
    }
    parts.reverse();
    parts
}

/// The nodes that [`prove`] asks for, so that they can be loaded at once.
pub fn nodes(earlier: u64, later: u64) -> Result<Vec<Node>, ConsistencyError> {
    if later > MAX_SIZE || earlier > later {
        return Err(ConsistencyError::Size);
    }
    Ok(ranges(earlier, later).iter().flat_map(tree::nodes_of).collect())
}

/// The proof that the tree of `later` leaves begins with that of `earlier`, from stored nodes. `None` where the
/// sizes are not in order.
pub fn prove(
    earlier: u64,
    later: u64,
    stored: impl Fn(Node) -> Option<Digest>,
) -> Result<Option<Vec<Digest>>, MissingNode> {
    if later > MAX_SIZE || earlier > later {
        return Ok(None);
    }
    let hashes = ranges(earlier, later)
        .iter()
        .map(|range| tree::range_hash(range, &stored))
        .collect::<Result<_, _>>()?;
    Ok(Some(hashes))
}

/// Checks that the later tree begins with the earlier one (RFC 9162, section 2.1.4.2; C2SP tlog-witness for the
/// cases without a proof).
pub fn verify(earlier: &Head, later: &Head, proof: &[Digest]) -> Result<(), ConsistencyError> {
    if later.size > MAX_SIZE || earlier.size > later.size {
        return Err(ConsistencyError::Size);
    }
    if [earlier, later]
        .iter()
        .any(|head| head.size == 0 && head.root != tree::empty_root())
    {
        return Err(ConsistencyError::EmptyRoot);
    }
    if earlier.size == later.size && earlier.root != later.root {
        return Err(ConsistencyError::OtherRoot);
    }
    if earlier.size == 0 || earlier.size == later.size {
        return if proof.is_empty() {
            Ok(())
        } else {
            Err(ConsistencyError::TooLong)
        };
    }
    verify_growth(earlier, later, proof)
}

/// The walk of RFC 9162, section 2.1.4.2, for 0 < earlier < later.
fn verify_growth(earlier: &Head, later: &Head, proof: &[Digest]) -> Result<(), ConsistencyError> {
    let (first, rest) = if earlier.size.is_power_of_two() {
        (earlier.root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(ConsistencyError::TooShort)?;
        (*first, rest)
    };
    let up = (earlier.size - 1).trailing_ones();
    let mut place = (earlier.size - 1) >> up;
    let mut last = (later.size - 1) >> up;
    let mut earlier_hash = first;
    let mut later_hash = first;
    for beside in rest {
        if last == 0 {
            return Err(ConsistencyError::TooLong);
        }
        if place & 1 == 1 || place == last {
            earlier_hash = tree::node_hash(beside, &earlier_hash);
            later_hash = tree::node_hash(beside, &later_hash);
            let up = place.trailing_zeros();
            place = place.checked_shr(up).unwrap_or(0);
            last = last.checked_shr(up).unwrap_or(0);
        } else {
            later_hash = tree::node_hash(&later_hash, beside);
        }
        place >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ConsistencyError::TooShort);
    }
    if earlier_hash != earlier.root {
        return Err(ConsistencyError::EarlierRoot);
    }
    if later_hash != later.root {
        return Err(ConsistencyError::LaterRoot);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::tree::tests::{grown, root_by_definition};
    use proptest::prelude::*;

    /// The trees of 0 to 100 leaves.
    fn heads(leaves: &[Digest]) -> Vec<Head> {
        (0..=leaves.len())
            .map(|size| Head {
                size: u64::try_from(size).unwrap(),
                root: root_by_definition(&leaves[..size]),
            })
            .collect()
    }

    #[test]
    fn every_two_trees_up_to_a_hundred_are_proved_consistent_and_no_others() {
        let (leaves, nodes) = grown(100);
        let heads = heads(&leaves);
        for later in &heads {
            for earlier in &heads[..=usize::try_from(later.size).unwrap()] {
                let asked = super::nodes(earlier.size, later.size).unwrap();
                let stored = |node| nodes.get(&node).copied().filter(|_| asked.contains(&node));
                let proof = prove(earlier.size, later.size, stored).unwrap().unwrap();
                assert_eq!(verify(earlier, later, &proof), Ok(()));
                for cut in 0..proof.len() {
                    assert_eq!(verify(earlier, later, &proof[..cut]), Err(ConsistencyError::TooShort));
                }
                let longer = [proof.as_slice(), &[later.root]].concat();
                assert_eq!(verify(earlier, later, &longer), Err(ConsistencyError::TooLong));
                if earlier.size == 0 || earlier.size == later.size || later.size > 40 {
                    continue;
                }
                for other in heads
                    .iter()
                    .filter(|other| other.size != earlier.size && other.size != 0)
                {
                    if other.size == later.size {
                        assert_eq!(verify(other, later, &proof), Err(ConsistencyError::TooLong));
                    } else {
                        assert!(verify(other, later, &proof).is_err(), "{earlier:?} {other:?} {later:?}");
                    }
                }
                for other in heads.iter().filter(|other| other.size != later.size) {
                    assert!(
                        verify(earlier, other, &proof).is_err(),
                        "{earlier:?} {later:?} {other:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn trees_without_a_proof_are_held_to_their_roots() {
        let (leaves, _) = grown(3);
        let heads = heads(&leaves);
        let forged = |size| Head {
            size,
            root: tree::leaf_hash(b"forged"),
        };
        assert_eq!(verify(&heads[3], &forged(3), &[]), Err(ConsistencyError::OtherRoot));
        assert_eq!(verify(&forged(0), &heads[3], &[]), Err(ConsistencyError::EmptyRoot));
        assert_eq!(verify(&heads[0], &forged(0), &[]), Err(ConsistencyError::EmptyRoot));
        assert_eq!(verify(&heads[3], &heads[2], &[]), Err(ConsistencyError::Size));
        assert_eq!(
            verify(&heads[3], &forged(MAX_SIZE + 1), &[]),
            Err(ConsistencyError::Size)
        );
        assert_eq!(prove(3, 2, |_| None), Ok(None));
        assert_eq!(nodes(3, 2), Err(ConsistencyError::Size));
    }

    #[test]
    fn the_largest_tree_is_proved_to_continue_smaller_ones_and_no_larger_one_is() {
        let root = tree::leaf_hash(b"x");
        for size in [1, MAX_SIZE / 2, MAX_SIZE - 1] {
            let proof = prove(size, MAX_SIZE, |_| Some(root)).unwrap().unwrap();
            // RFC 9162, section 2.1.4.1: at most as many as the tree is high, and one.
            assert!((1..=64).contains(&proof.len()), "{size}: {}", proof.len());
            assert!(nodes(size, MAX_SIZE).unwrap().len() >= proof.len());
            let head = |size| Head { size, root };
            // As long as it has to be, and of nothing.
            assert!(matches!(
                verify(&head(size), &head(MAX_SIZE), &proof),
                Err(ConsistencyError::EarlierRoot | ConsistencyError::LaterRoot)
            ));
            assert_eq!(verify(&head(MAX_SIZE), &head(MAX_SIZE), &[]), Ok(()));
            assert_eq!(nodes(size, MAX_SIZE + 1), Err(ConsistencyError::Size));
            assert_eq!(prove(size, MAX_SIZE + 1, |_| Some(root)), Ok(None));
            assert_eq!(
                verify(&head(size), &head(MAX_SIZE + 1), &proof),
                Err(ConsistencyError::Size)
            );
        }
        assert_eq!(nodes(MAX_SIZE, MAX_SIZE), Ok(Vec::new()));
        assert_eq!(prove(MAX_SIZE, MAX_SIZE, |_| None), Ok(Some(Vec::new())));
    }

    #[test]
    fn the_first_leaf_of_a_tree_is_not_taken_for_the_whole_tree() {
        // A tree of two leaves whose node is presented as a tree of one leaf.
        let (leaves, _) = grown(3);
        let inner = Head {
            size: 1,
            root: tree::node_hash(&leaves[0], &leaves[1]),
        };
        let whole = Head {
            size: 3,
            root: root_by_definition(&leaves),
        };
        assert_eq!(verify(&inner, &whole, &[leaves[2]]), Err(ConsistencyError::TooShort));
    }

    proptest! {
        #[test]
        fn no_changed_byte_of_proof_or_roots_is_believed(
            later in 1_u64..=100, seed: u64, byte: prop::sample::Index, change in 1_u8..
        ) {
            let (leaves, nodes) = grown(later);
            let heads = heads(&leaves);
            let (old, new) = (heads[usize::try_from(seed % (later + 1)).unwrap()], *heads.last().unwrap());
            let proof = prove(old.size, new.size, |node| nodes.get(&node).copied()).unwrap().unwrap();
            let mut hashes = [&[old.root, new.root], proof.as_slice()].concat();
            // From no leaves on nothing ties the later root, so only what is tied is changed.
            let tied = if old.size == 0 { 1 } else { hashes.len() };
            let place = byte.index(tied * 32);
            let mut bytes = *hashes[place / 32].bytes();
            bytes[place % 32] ^= change;
            hashes[place / 32] = bytes.into();
            let old = Head { root: hashes[0], ..old };
            let new = Head { root: hashes[1], ..new };
            prop_assert!(verify(&old, &new, &hashes[2..]).is_err());
        }

        #[test]
        fn any_numbers_and_hashes_are_answered(first: u64, second: u64, count in 0_usize..70) {
            let root = tree::leaf_hash(b"x");
            let proof = vec![root; count];
            let (earlier, later) = (Head { size: first, root }, Head { size: second, root: tree::empty_root() });
            prop_assert!(verify(&earlier, &later, &proof).is_err());
            prop_assert!(nodes(first, second).map_or(true, |nodes| nodes.len() <= 64 * 63));
        }
    }
}

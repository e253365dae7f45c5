//! Holds the room to `api-spec/vectors/log/`, which code that is not ours has made (`tests/tools/log_vectors.py`).

use crate::domain::digest::Digest;
use crate::domain::log::checkpoint::{Checkpoint, SignedCheckpoint};
use crate::domain::log::consistency::{self, Head};
use crate::domain::log::inclusion;
use crate::domain::log::key::{SigningKey, VerifyingKey};
use crate::domain::log::note::Note;
use crate::domain::log::policy::{Policy, Witnessed};
use crate::domain::log::proof::Proof;
use crate::domain::log::tile::{Bundle, Resource, Tile};
use crate::domain::log::tree::{self, Node, leaf_hash};
use crate::domain::log::witness::{self, Decision, Request};
use serde::Deserialize;
use std::collections::HashMap;
use std::fmt::Debug;

/// A digest as the vectors write it.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Hash(Digest);

impl TryFrom<String> for Hash {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Digest::from_base64(&text).map(Self).ok_or(text)
    }
}

fn digests(hashes: &[Hash]) -> Vec<Digest> {
    hashes.iter().map(|hash| hash.0).collect()
}

/// The name of the innermost variant of an error, in small letters: `Trust(Note(BadSignature { .. }))` is
/// `bad_signature`.
fn check_name(error: &impl Debug) -> String {
    let shown = format!("{error:?}");
    let named = shown.split([' ', '{', ')']).next().unwrap();
    let mut name = String::new();
    for letter in named.rsplit('(').next().unwrap().chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

fn refused<T>(result: Result<T, impl Debug>) -> Option<String> {
    result.err().as_ref().map(check_name)
}

fn entries(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("entry {index}")).collect()
}

#[derive(Deserialize)]
struct TreeVectors {
    roots: Vec<Hash>,
    inclusion: Vec<InclusionCase>,
    consistency: Vec<ConsistencyCase>,
}

#[derive(Deserialize)]
struct InclusionCase {
    index: u64,
    size: u64,
    leaf: Hash,
    root: Hash,
    proof: Vec<Hash>,
    refused: Option<String>,
}

#[derive(Deserialize)]
struct ConsistencyCase {
    earlier_size: u64,
    earlier_root: Hash,
    later_size: u64,
    later_root: Hash,
    proof: Vec<Hash>,
    refused: Option<String>,
}

#[test]
fn roots_and_proofs_are_those_of_the_vectors() {
    let vectors: TreeVectors = serde_json::from_str(include_str!("../../../api-spec/vectors/log/tree.json")).unwrap();
    let leaves: Vec<Digest> = entries(600).iter().map(|entry| leaf_hash(entry.as_bytes())).collect();
    for (size, root) in vectors.roots.iter().enumerate() {
        assert_eq!(tree::root(&leaves[..size]), root.0, "{size} leaves");
    }
    let mut nodes: HashMap<Node, Digest> = HashMap::new();
    let mut edge = tree::Edge::default();
    for leaf in &leaves {
        edge.append(*leaf, |node, hash| nodes.extend([(node, hash)])).unwrap();
    }
    let stored = |node| nodes.get(&node).copied();
    for case in &vectors.inclusion {
        let InclusionCase {
            index,
            size,
            leaf,
            root,
            ..
        } = case;
        let proof = digests(&case.proof);
        let said = inclusion::verify(&leaf.0, *index, *size, &proof, &root.0);
        assert_eq!(refused(said), case.refused, "{index} of {size}");
        if case.refused.is_none() {
            assert_eq!(
                inclusion::prove(*index, *size, stored),
                Ok(Some(proof)),
                "{index} of {size}"
            );
        }
    }
    for case in &vectors.consistency {
        let (earlier, later) = (
            Head {
                size: case.earlier_size,
                root: case.earlier_root.0,
            },
            Head {
                size: case.later_size,
                root: case.later_root.0,
            },
        );
        let proof = digests(&case.proof);
        let said = consistency::verify(&earlier, &later, &proof);
        assert_eq!(refused(said), case.refused, "{} to {}", earlier.size, later.size);
        if case.refused.is_none() {
            let made = consistency::prove(earlier.size, later.size, stored);
            assert_eq!(made, Ok(Some(proof)), "{} to {}", earlier.size, later.size);
        }
    }
    assert!(vectors.inclusion.len() > 200 && vectors.consistency.len() > 200);
}

#[derive(Deserialize)]
struct TileVectors {
    growths: Vec<Growth>,
    contents: Vec<Content>,
    refused: Vec<String>,
}

#[derive(Deserialize)]
struct Growth {
    old: u64,
    new: u64,
    tiles: Vec<String>,
    bundles: Vec<String>,
}

#[derive(Deserialize)]
struct Content {
    path: String,
    bytes: usize,
    sha256: Digest,
}

#[test]
fn tiles_and_bundles_are_those_of_the_vectors() {
    let vectors: TileVectors = serde_json::from_str(include_str!("../../../api-spec/vectors/log/tile.json")).unwrap();
    for growth in &vectors.growths {
        let tiles: Vec<String> = Tile::written(growth.old, growth.new)
            .into_iter()
            .map(|tile| Resource::Tile(tile).to_string())
            .collect();
        assert_eq!(tiles, growth.tiles, "{} to {}", growth.old, growth.new);
        let bundles: Vec<String> = Bundle::written(growth.old, growth.new)
            .into_iter()
            .map(|bundle| Resource::Bundle(bundle).to_string())
            .collect();
        assert_eq!(bundles, growth.bundles, "{} to {}", growth.old, growth.new);
    }
    for path in &vectors.refused {
        assert!(path.parse::<Resource>().is_err(), "{path:?}");
    }
    let entries = entries(600);
    let leaves: Vec<Digest> = entries.iter().map(|entry| leaf_hash(entry.as_bytes())).collect();
    for content in &vectors.contents {
        let bytes = match content.path.parse().unwrap() {
            Resource::Bundle(bundle) => {
                let start = usize::try_from(bundle.index()).unwrap() * 256;
                let width = usize::try_from(bundle.width()).unwrap();
                bundle.write(&entries[start..start + width]).unwrap()
            }
            Resource::Tile(tile) => {
                let span = 256_usize.pow(tile.level());
                let start = usize::try_from(tile.index()).unwrap() * 256 * span;
                let end = start + usize::try_from(tile.width()).unwrap() * span;
                let hashes: Vec<Digest> = leaves[start..end].chunks(span).map(tree::root).collect();
                tile.write(&hashes).unwrap()
            }
        };
        assert_eq!(bytes.len(), content.bytes, "{}", content.path);
        assert_eq!(Digest::of(&bytes), content.sha256, "{}", content.path);
    }
}

#[derive(Deserialize)]
struct NoteVectors {
    keys: Vec<KeyCase>,
    notes: Vec<NoteCase>,
    checkpoints: Vec<TextCase>,
}

#[derive(Deserialize)]
struct KeyCase {
    secret: String,
    public: String,
    id: String,
}

#[derive(Deserialize)]
struct NoteCase {
    name: String,
    note: String,
    known: Vec<String>,
    refused: Option<String>,
}

#[derive(Deserialize)]
struct TextCase {
    text: String,
    refused: Option<String>,
}

#[test]
fn keys_notes_and_checkpoints_are_those_of_the_vectors() {
    let vectors: NoteVectors = serde_json::from_str(include_str!("../../../api-spec/vectors/log/note.json")).unwrap();
    for case in &vectors.keys {
        let key = SigningKey::from_secret_text(&case.secret).unwrap();
        assert_eq!(key.verifying_key().to_string(), case.public);
        assert_eq!(key.verifying_key().id().to_string(), case.id);
        assert_eq!(key.secret_text(), case.secret);
    }
    for case in &vectors.notes {
        let known: Vec<VerifyingKey> = case.known.iter().map(|key| key.parse().unwrap()).collect();
        let known: Vec<&VerifyingKey> = known.iter().collect();
        let note = Note::parse(case.note.as_bytes());
        if let Ok(note) = &note {
            assert_eq!(note.to_string(), case.note, "{}", case.name);
        }
        let said = note.and_then(|note| note.verify(&known).map(drop));
        assert_eq!(refused(said), case.refused, "{}", case.name);
    }
    for case in &vectors.checkpoints {
        let checkpoint = Checkpoint::parse(&case.text);
        if let Ok(checkpoint) = &checkpoint {
            assert_eq!(checkpoint.to_string(), case.text);
        }
        assert_eq!(refused(checkpoint), case.refused, "{:?}", case.text);
    }
}

#[derive(Deserialize)]
struct ProofVectors {
    policy: String,
    proofs: Vec<ProofCase>,
    policies: Vec<PolicyCase>,
}

#[derive(Deserialize)]
struct ProofCase {
    name: String,
    proof: String,
    entry: String,
    witnessed: Option<Vec<WitnessedCase>>,
    refused: Option<String>,
}

#[derive(Deserialize)]
struct WitnessedCase {
    witness: String,
    time: u64,
}

#[derive(Deserialize)]
struct PolicyCase {
    text: String,
    line: Option<usize>,
    refused: Option<String>,
}

#[test]
fn proofs_and_policies_are_judged_as_in_the_vectors() {
    let vectors: ProofVectors = serde_json::from_str(include_str!("../../../api-spec/vectors/log/proof.json")).unwrap();
    let policy = Policy::parse(vectors.policy.as_bytes()).unwrap();
    for case in vectors.proofs {
        let proof = Proof::parse(case.proof.as_bytes());
        if let Ok(proof) = &proof {
            assert_eq!(proof.to_string(), case.proof, "{}", case.name);
        }
        match proof.and_then(|proof| proof.verify(case.entry.as_bytes(), &policy)) {
            Err(error) => assert_eq!(Some(check_name(&error)), case.refused, "{}", case.name),
            Ok(seen) => {
                assert_eq!(case.refused, None, "{}", case.name);
                let told = case
                    .witnessed
                    .unwrap()
                    .into_iter()
                    .map(|WitnessedCase { witness, time }| Witnessed { witness, time });
                assert_eq!(seen, told.collect::<Vec<_>>(), "{}", case.name);
            }
        }
    }
    for case in vectors.policies {
        let said = Policy::parse(case.text.as_bytes()).map(drop);
        assert_eq!(
            said.as_ref().err().map(|error| error.line),
            case.line,
            "{:?}",
            case.text
        );
        assert_eq!(
            said.err().map(|error| check_name(&error.fault)),
            case.refused,
            "{:?}",
            case.text
        );
    }
}

#[derive(Deserialize)]
struct WitnessVectors {
    trusted: Vec<String>,
    origin: String,
    requests: Vec<RequestCase>,
}

#[derive(Deserialize)]
struct RequestCase {
    name: String,
    request: String,
    last: Option<String>,
    status: u16,
    size: Option<u64>,
    fork: bool,
}

#[test]
fn a_witness_answers_as_in_the_vectors() {
    let vectors: WitnessVectors =
        serde_json::from_str(include_str!("../../../api-spec/vectors/log/witness.json")).unwrap();
    let trusted: Vec<VerifyingKey> = vectors.trusted.iter().map(|key| key.parse().unwrap()).collect();
    for case in vectors.requests {
        let last = case.last.map(|last| SignedCheckpoint::parse(last.as_bytes()).unwrap());
        let Ok(request) = Request::parse(case.request.as_bytes()) else {
            assert_eq!(case.status, 400, "{}", case.name);
            continue;
        };
        assert_eq!(request.to_string(), case.request, "{}", case.name);
        let is_known = request.checkpoint().checkpoint().origin() == vectors.origin;
        let keys = if is_known { trusted.as_slice() } else { &[] };
        let verdict = witness::decide(&request, keys, last.as_ref().filter(|_| is_known));
        assert_eq!(verdict.decision.status(), case.status, "{}", case.name);
        let size = if let Decision::Conflict { size } = verdict.decision {
            Some(size)
        } else {
            None
        };
        assert_eq!(size, case.size, "{}", case.name);
        assert_eq!(verdict.fork.is_some(), case.fork, "{}", case.name);
    }
}

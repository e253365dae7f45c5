//! What anyone may read of a log: its checkpoints, the hashes of its tree and its entries; and the proofs made of them.

use crate::app::App;
use crate::app::error::Error;
use crate::domain::digest::Digest;
use crate::domain::instant::Instant;
use crate::domain::log::consistency;
use crate::domain::log::inclusion;
use crate::domain::log::tile::Bundle;
use crate::domain::log::tile::Resource;
use crate::domain::log::tile::Tile;
use crate::domain::log::tile::TileSet;
use crate::domain::log::tree::MissingNode;
use crate::domain::log::tree::Node;
use crate::domain::log_name::LogName;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::log_checkpoint::CheckpointRow;
use std::collections::HashMap;

/// One log as it is listed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogHead {
    /// Its name.
    pub name: LogName,
    /// Its origin.
    pub origin: String,
    /// The key that signs its checkpoints, as C2SP signed-note writes it.
    pub verifying_key: String,
    /// Entries that the newest checkpoint covers.
    pub size: i64,
    /// That checkpoint; none of a log without entries.
    pub newest: Option<NewestCheckpoint>,
}

/// What the newest checkpoint of a log says, and who has seen it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewestCheckpoint {
    /// The root over all entries.
    pub root: Digest,
    /// When it was signed.
    pub signed_at: Instant,
    /// The witnesses that cosigned it, by name, and when each says to have seen it.
    pub witnesses: Vec<(String, Instant)>,
}

/// The keys by which anyone checks what this deployment signs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublicKeys {
    /// Of receipts of shares.
    pub receipts: String,
    /// Of its witness.
    pub witness: String,
    /// That positions are sealed to.
    pub openings: String,
}

impl App {
    /// The keys that sign receipts and cosignatures.
    pub fn public_keys(&self) -> PublicKeys {
        PublicKeys {
            receipts: self.log_keys.receipts().verifying_key().to_string(),
            witness: self.log_keys.witness().verifying_key().to_string(),
            openings: self.log_keys.openings().public().to_string(),
        }
    }

    /// The logs of this deployment, by name.
    pub fn list_logs(&self) -> Result<Vec<LogHead>, Error> {
        self.store.read(|connection| {
            let mut newest = newest_checkpoints(connection)?;
            let mut heads = Vec::new();
            for row in store::log::list(connection)? {
                let name: LogName = row
                    .name
                    .parse()
                    .map_err(|_cause| store::error::Error::Corrupt("log.name"))?;
                let key = self.log_keys.of(&name).map_err(Error::internal)?;
                heads.push(LogHead {
                    name,
                    origin: row.origin,
                    verifying_key: key.verifying_key().to_string(),
                    size: row.size,
                    newest: newest.remove(&row.name),
                });
            }
            Ok(heads)
        })
    }

    /// The newest checkpoint of a log with the lines of its witnesses; [`Error::NotFound`] of a log without entries.
    pub fn newest_checkpoint(&self, log: &LogName) -> Result<String, Error> {
        self.store.read(|connection| {
            let row = store::log_checkpoint::find_latest(connection, &log.to_string())?.ok_or(Error::NotFound)?;
            with_cosignatures(connection, &row, None)
        })
    }

    /// The hashes that prove that a log of its newest checkpoint goes on from the `earlier` entries that someone has seen,
    /// and that checkpoint; [`Error::NotFound`] where it has not grown so far.
    pub fn prove_growth(&self, log: &LogName, earlier: u64) -> Result<(Vec<Digest>, String), Error> {
        self.store.read(|connection| {
            let row = store::log_checkpoint::find_latest(connection, &log.to_string())?.ok_or(Error::NotFound)?;
            let later = u64::try_from(row.size).map_err(Error::internal)?;
            if earlier > later {
                return Err(Error::NotFound);
            }
            let hashes = prove_consistency(connection, &log.to_string(), earlier, later)?;
            Ok((hashes, with_cosignatures(connection, &row, None)?))
        })
    }

    /// A tile or a bundle of entries, to the byte; [`Error::NotFound`] where the log has not grown so far.
    pub fn log_resource(&self, log: &LogName, resource: Resource) -> Result<Vec<u8>, Error> {
        let name = log.to_string();
        self.store.read(|connection| match resource {
            Resource::Tile(tile) => {
                let level = i16::try_from(tile.level()).map_err(Error::internal)?;
                let number = i64::try_from(tile.index()).map_err(Error::internal)?;
                let mut hashes = store::log::find_tile(connection, &name, level, number)?.ok_or(Error::NotFound)?;
                let length = usize::try_from(tile.width()).map_err(Error::internal)? * 32;
                if hashes.len() < length {
                    return Err(Error::NotFound);
                }
                hashes.truncate(length);
                Ok(hashes)
            }
            Resource::Bundle(bundle) => entries(connection, &name, bundle),
        })
    }
}

/// What the newest checkpoints say, by the names of their logs.
fn newest_checkpoints(connection: &mut AnyConnection) -> Result<HashMap<String, NewestCheckpoint>, Error> {
    let mut newest = HashMap::new();
    for row in store::log_checkpoint::list_newest(connection)? {
        let root = Digest::from_bytes(&row.root).ok_or(store::error::Error::Corrupt("log_checkpoint.root"))?;
        let said = NewestCheckpoint {
            root,
            signed_at: row.signed_at,
            witnesses: Vec::new(),
        };
        newest.insert(row.log_name, said);
    }
    for row in store::log_checkpoint::list_newest_cosignatures(connection)? {
        if let Some(checkpoint) = newest.get_mut(&row.log_name) {
            checkpoint.witnesses.push((row.witness, row.signed_at));
        }
    }
    Ok(newest)
}

fn entries(connection: &mut AnyConnection, name: &str, bundle: Bundle) -> Result<Vec<u8>, Error> {
    let from = i64::try_from(bundle.index())
        .map_err(Error::internal)?
        .saturating_mul(256);
    let count = i64::try_from(bundle.width()).map_err(Error::internal)?;
    let rows = store::log::list_from(connection, name, from, count)?;
    if i64::try_from(rows.len()) != Ok(count) {
        return Err(Error::NotFound);
    }
    let leaves: Vec<&str> = rows.iter().map(|row| row.content.as_str()).collect();
    bundle.write(&leaves).map_err(Error::internal)
}

/// A checkpoint's note with the lines of its witnesses under it, or of one of them.
pub(crate) fn with_cosignatures(
    connection: &mut AnyConnection,
    row: &CheckpointRow,
    only: Option<&str>,
) -> Result<String, Error> {
    let mut text = row.note.clone();
    let lines = store::log_checkpoint::list_cosignatures(connection, &row.log_name, row.size)?;
    for cosignature in lines {
        if only.is_none_or(|only| only == cosignature.witness) {
            text.push_str(&cosignature.line);
            text.push('\n');
        }
    }
    Ok(text)
}

/// The hashes that prove an entry's place in the tree of `size` entries.
pub(crate) fn prove_inclusion(
    connection: &mut AnyConnection,
    log: &str,
    index: u64,
    size: u64,
) -> Result<Vec<Digest>, Error> {
    let nodes = inclusion::nodes(index, size).map_err(Error::internal)?;
    let tiles = tiles_of(connection, log, &nodes, size)?;
    let hashes = inclusion::prove(index, size, |node| tiles.hash(node)).map_err(missing)?;
    hashes.ok_or(Error::NotFound)
}

/// The hashes that prove that the tree of `later` entries goes on from that of `earlier`.
pub(crate) fn prove_consistency(
    connection: &mut AnyConnection,
    log: &str,
    earlier: u64,
    later: u64,
) -> Result<Vec<Digest>, Error> {
    let nodes = consistency::nodes(earlier, later).map_err(Error::internal)?;
    let tiles = tiles_of(connection, log, &nodes, later)?;
    let hashes = consistency::prove(earlier, later, |node| tiles.hash(node)).map_err(missing)?;
    hashes.ok_or(Error::NotFound)
}

fn missing(_: MissingNode) -> Error {
    store::error::Error::Corrupt("log_tile").into()
}

/// The tiles that these nodes are computed from.
fn tiles_of(connection: &mut AnyConnection, log: &str, nodes: &[Node], size: u64) -> Result<TileSet, Error> {
    let mut tiles = TileSet::default();
    let corrupt = || store::error::Error::Corrupt("log_tile");
    for node in nodes {
        let tile = Tile::of_node(*node, size).ok_or_else(corrupt)?;
        if tiles.hash(*node).is_some() {
            continue;
        }
        let level = i16::try_from(tile.level()).map_err(Error::internal)?;
        let number = i64::try_from(tile.index()).map_err(Error::internal)?;
        let mut bytes = store::log::find_tile(connection, log, level, number)?.ok_or_else(corrupt)?;
        // The tile may have grown since the tree had this size.
        bytes.truncate(usize::try_from(tile.width()).map_err(Error::internal)? * 32);
        tiles.insert(&tile, &bytes).map_err(|_cause| corrupt())?;
    }
    Ok(tiles)
}

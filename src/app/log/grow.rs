//! Giving entries their places: the tree grows by all that wait, its hashes are stored, and the new size is signed.
//!
//! One transaction at a time, whichever instance: the row of the log is its turn.

use crate::app::App;
use crate::app::error::Error;
use crate::domain::digest::Digest;
use crate::domain::instant::Instant;
use crate::domain::log::checkpoint::Checkpoint;
use crate::domain::log::checkpoint::SignedCheckpoint;
use crate::domain::log::cosignature;
use crate::domain::log::tree::Edge;
use crate::domain::log::tree::Node;
use crate::domain::log::tree::leaf_hash;
use crate::domain::log_name::LogName;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::log::LogRow;
use crate::store::log::LogTileRow;
use crate::store::log_checkpoint::CheckpointRow;
use crate::store::log_checkpoint::CosignatureRow;
use std::collections::BTreeMap;

/// Entries that one transaction gives places.
const AT_ONCE: i64 = 1_000;
/// Hashes of a tile, as C2SP tlog-tiles has it: 2 to the power of 8.
const TILE_BITS: u32 = 8;

impl App {
    /// Lets a log grow by every entry that waits, and signs its new size. Gives the newest checkpoint; none of a log that
    /// has never had an entry.
    pub fn grow_log(&self, log: &LogName) -> Result<Option<CheckpointRow>, Error> {
        let name = log.to_string();
        loop {
            let is_any = self
                .store
                .read(|connection| Ok::<_, Error>(store::log::is_any_waiting(connection, &name)?))?;
            if !is_any {
                return self
                    .store
                    .read(|connection| Ok(store::log_checkpoint::find_latest(connection, &name)?));
            }
            let now = self.now();
            self.store
                .write_in_turn(|connection| self.grow_once(connection, log, now))?;
        }
    }

    /// Lets every log grow of which entries wait.
    pub(crate) fn grow_logs(&self) -> Result<(), Error> {
        let waiting = |connection: &mut AnyConnection| store::log::list_names_waiting(connection).map_err(Error::from);
        for name in self.store.read(waiting)? {
            let corrupt = store::error::Error::Corrupt("log_entry.log_name");
            let log: LogName = name.parse().ok().ok_or(corrupt)?;
            self.grow_log(&log)?;
        }
        Ok(())
    }

    /// One turn, in the caller's transaction.
    pub(crate) fn grow_once(&self, connection: &mut AnyConnection, log: &LogName, now: Instant) -> Result<(), Error> {
        let name = log.to_string();
        let Some(mut row) = store::log::take_turn(connection, &name)? else {
            return Ok(());
        };
        let waiting = store::log::list_waiting(connection, &name, AT_ONCE)?;
        if waiting.is_empty() {
            return Ok(());
        }
        let mut edge = edge(&row)?;
        let mut tiles = Tiles::new(&name);
        for entry in waiting {
            let position = row.size;
            store::log::set_position(connection, entry.id, position)?;
            let mut completed = Vec::new();
            edge.append(leaf_hash(entry.content.as_bytes()), |node, hash| {
                completed.push((node, hash));
            })
            .map_err(Error::internal)?;
            for (node, hash) in completed {
                tiles.add(connection, node, hash)?;
            }
            row.size = position.saturating_add(1);
        }
        store::log::save_tiles(connection, &tiles.into_rows())?;
        row.edge = edge.roots().iter().flat_map(|root| *root.bytes()).collect();
        store::log::set_size(connection, &row)?;
        self.sign_checkpoint(connection, log, &row, edge.root(), now)
    }

    fn sign_checkpoint(
        &self,
        connection: &mut AnyConnection,
        log: &LogName,
        row: &LogRow,
        root: Digest,
        now: Instant,
    ) -> Result<(), Error> {
        let size = u64::try_from(row.size).map_err(Error::internal)?;
        let key = self.log_keys.of(log).map_err(Error::internal)?;
        let checkpoint = Checkpoint::new(&row.origin, size, root).map_err(Error::internal)?;
        let signed = SignedCheckpoint::sign(checkpoint, &key).map_err(Error::internal)?;
        store::log_checkpoint::insert(
            connection,
            &CheckpointRow {
                log_name: row.name.clone(),
                size: row.size,
                root: root.bytes().to_vec(),
                signed_at: now,
                note: signed.to_string(),
            },
        )?;
        // A checkpoint has no time by itself; the deployment's own witness says when it stood.
        let seconds = u64::try_from(now.millis() / 1_000).unwrap_or(0);
        let line = cosignature::sign(&signed, self.log_keys.witness(), seconds).map_err(Error::internal)?;
        store::log_checkpoint::insert_cosignature(
            connection,
            &CosignatureRow {
                log_name: row.name.clone(),
                size: row.size,
                witness: line.name().to_owned(),
                signed_at: now,
                line: line.to_string(),
            },
        )?;
        Ok(())
    }
}

/// The right edge as it was stored.
pub(super) fn edge(row: &LogRow) -> Result<Edge, Error> {
    let corrupt = store::error::Error::Corrupt("log.edge");
    let size = u64::try_from(row.size).map_err(Error::internal)?;
    let (chunks, rest) = row.edge.as_chunks::<32>();
    if !rest.is_empty() {
        return Err(corrupt.into());
    }
    let roots = chunks.iter().map(|bytes| Digest::from(*bytes)).collect();
    Edge::restore(size, roots).map_err(|_cause| corrupt.into())
}

/// Rows of hashes that grow. Only every eighth level is stored; the levels between follow from it.
struct Tiles<'a> {
    log: &'a str,
    rows: BTreeMap<(i16, i64), Vec<u8>>,
}

impl<'a> Tiles<'a> {
    const fn new(log: &'a str) -> Self {
        Self {
            log,
            rows: BTreeMap::new(),
        }
    }

    fn add(&mut self, connection: &mut AnyConnection, node: Node, hash: Digest) -> Result<(), Error> {
        if !node.level.is_multiple_of(TILE_BITS) {
            return Ok(());
        }
        let level = i16::try_from(node.level / TILE_BITS).map_err(Error::internal)?;
        let number = i64::try_from(node.index >> TILE_BITS).map_err(Error::internal)?;
        let row = match self.rows.entry((level, number)) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(store::log::find_tile(connection, self.log, level, number)?.unwrap_or_default())
            }
        };
        let place = usize::try_from(node.index % (1 << TILE_BITS)).map_err(Error::internal)?;
        if row.len() != place * 32 {
            return Err(store::error::Error::Corrupt("log_tile.hashes").into());
        }
        row.extend_from_slice(hash.bytes());
        Ok(())
    }

    fn into_rows(self) -> Vec<LogTileRow> {
        let log = self.log;
        let row = |((level, number), hashes)| LogTileRow {
            log_name: log.to_owned(),
            level,
            number,
            hashes,
        };
        self.rows.into_iter().map(row).collect()
    }
}

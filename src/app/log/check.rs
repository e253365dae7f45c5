//! Holding a log's tables against each other: whatever was changed in them by other means than the service is found.

use crate::app::App;
use crate::app::error::Error;
use crate::domain::audit_log::entry::Entry;
use crate::domain::digest::Digest;
use crate::domain::log::checkpoint::SignedCheckpoint;
use crate::domain::log::key::VerifyingKey;
use crate::domain::log::note::SignatureLine;
use crate::domain::log::note::Signed;
use crate::domain::log::tree::Edge;
use crate::domain::log::tree::leaf_hash;
use crate::domain::log_name::LogName;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::log::LogEntryRow;
use crate::store::log::LogRow;
use std::collections::BTreeMap;

/// Entries read at once.
const PAGE: i64 = 1_000;

/// Something in the tables that can't be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogFault {
    /// The log.
    pub log: String,
    /// Which table and row, and what is wrong with it.
    pub what: String,
}

impl App {
    /// Every fault of every log. Empty where all is as it was written.
    pub fn check_logs(&self) -> Result<Vec<LogFault>, Error> {
        self.store.read(|connection| {
            let mut faults = Vec::new();
            for row in store::log::list(connection)? {
                let mut check = Check {
                    log: row.name.clone(),
                    faults: Vec::new(),
                };
                check.log(self, connection, &row)?;
                faults.append(&mut check.faults);
            }
            for name in store::log::list_names_of_entries(connection)? {
                if store::log::find(connection, &name)?.is_none() {
                    faults.push(LogFault {
                        log: name,
                        what: "log: the row is gone, its entries are not".to_owned(),
                    });
                }
            }
            Ok(faults)
        })
    }
}

struct Check {
    log: String,
    faults: Vec<LogFault>,
}

impl Check {
    fn find(&mut self, what: String) {
        self.faults.push(LogFault {
            log: self.log.clone(),
            what,
        });
    }

    fn log(&mut self, app: &App, connection: &mut AnyConnection, row: &LogRow) -> Result<(), Error> {
        let Ok(name) = row.name.parse::<LogName>() else {
            self.find("log: the name is not that of a log".to_owned());
            return Ok(());
        };
        if row.origin != app.log_keys.origin(&name) {
            self.find("log: the origin is not that of this deployment".to_owned());
        }
        let key = app.log_keys.of(&name).map_err(Error::internal)?;
        let keys = [key.verifying_key(), app.log_keys.witness().verifying_key()];
        let mut tree = Grown::default();
        let mut roots = BTreeMap::from([(0, Edge::default().root())]);
        // Pages go by the places as they stand, which a changed row may have put anywhere.
        let mut next = Some(0);
        while let Some(from) = next {
            let entries = store::log::list_from(connection, &row.name, from, PAGE)?;
            next = entries.last().and_then(|last| last.position?.checked_add(1));
            for entry in entries {
                self.entry(app, connection, &entry, tree.size)?;
                tree.add(&entry.content)?;
                roots.insert(tree.size, tree.edge.root());
            }
        }
        if tree.size != row.size {
            self.find(format!(
                "log: the size is {}, there are {} entries",
                row.size, tree.size
            ));
        }
        let edge: Vec<u8> = tree.edge.roots().iter().flat_map(|root| *root.bytes()).collect();
        if edge != row.edge {
            self.find("log: the edge is not that of the entries".to_owned());
        }
        self.tiles(connection, &tree)?;
        self.checkpoints(connection, row, &roots, keys)
    }

    fn entry(
        &mut self,
        app: &App,
        connection: &mut AnyConnection,
        row: &LogEntryRow,
        expected: i64,
    ) -> Result<(), Error> {
        let place = row.position.unwrap_or(-1);
        if place != expected {
            self.find(format!("log_entry: {expected} is missing before {place}"));
        }
        let Ok(entry) = Entry::parse(row.content.as_bytes()) else {
            self.find(format!("log_entry {place}: the content is no entry"));
            return Ok(());
        };
        if (entry.at, entry.facts.kind(), entry.subject.to_string()) != (row.added_at, &*row.kind, row.subject.clone())
        {
            self.find(format!(
                "log_entry {place}: time, kind or subject are not those of the content"
            ));
        }
        let openings = store::log::list_openings(connection, &[row.id])?;
        if openings.len() != usize::from(entry.commitment.is_some()) {
            self.find(format!(
                "log_opening of {place}: it is missing, or the entry hides nothing"
            ));
        }
        for opening in openings {
            // A key may have been destroyed, so that nobody opens it any more; what opens must be the entry's own.
            let opened = app.opening(connection, &opening);
            if !matches!(&opened, Ok(Some(opened)) if entry.opens(opened)) && !matches!(opened, Ok(None)) {
                self.find(format!("log_opening of {place}: it does not open the entry"));
            }
        }
        Ok(())
    }

    fn tiles(&mut self, connection: &mut AnyConnection, tree: &Grown) -> Result<(), Error> {
        let mut expected = tree.tiles.clone();
        for row in store::log::list_tiles(connection, &self.log)? {
            let found = expected.remove(&(row.level, row.number));
            if found.as_ref() != Some(&row.hashes) {
                self.find(format!("log_tile {}/{}: the hashes are others", row.level, row.number));
            }
        }
        for (level, number) in expected.into_keys() {
            self.find(format!("log_tile {level}/{number}: it is missing"));
        }
        Ok(())
    }

    fn checkpoints(
        &mut self,
        connection: &mut AnyConnection,
        log: &LogRow,
        roots: &BTreeMap<i64, Digest>,
        keys: [&VerifyingKey; 2],
    ) -> Result<(), Error> {
        let rows = store::log_checkpoint::list(connection, &log.name)?;
        let last = rows.last().map_or(0, |row| row.size);
        if last != log.size {
            self.find(format!("log_checkpoint: the newest is of {last}, not of {}", log.size));
        }
        for row in rows {
            let size = row.size;
            let said = SignedCheckpoint::parse(row.note.as_bytes());
            let is_right = said.as_ref().is_ok_and(|signed| {
                let checkpoint = signed.checkpoint();
                u64::try_from(size) == Ok(checkpoint.size())
                    && checkpoint.origin() == log.origin
                    && roots.get(&size) == Some(checkpoint.root())
                    && row.root == checkpoint.root().bytes()
                    && signed.note().verify(&keys).is_ok()
                    && signed.note().signatures().len() == 1
            });
            if !is_right {
                self.find(format!(
                    "log_checkpoint {size}: the note is not that of the entries, or not signed"
                ));
            }
            let mut is_seen = false;
            for line in store::log_checkpoint::list_cosignatures(connection, &log.name, size)? {
                let is_own = line.witness == keys.last().map_or("", |key| key.name());
                let is_right = said.as_ref().is_ok_and(|signed| {
                    let parsed = SignatureLine::parse(&line.line);
                    let names_it = parsed.as_ref().is_some_and(|parsed| parsed.name() == line.witness);
                    let mut signed = signed.clone();
                    let is_added = parsed.is_some_and(|parsed| signed.add(parsed).is_ok());
                    let seconds = u64::try_from(line.signed_at.millis() / 1_000).unwrap_or(0);
                    let says = signed.note().verify(&keys).unwrap_or_default();
                    let times = says.iter().any(|(_, said)| *said == Signed::At(seconds));
                    names_it && is_added && (times || !is_own)
                });
                if !is_right || (is_own && line.signed_at != row.signed_at) {
                    self.find(format!(
                        "log_cosignature {size}/{}: it is not the witness's",
                        line.witness
                    ));
                }
                is_seen |= is_own;
            }
            if !is_seen {
                self.find(format!("log_cosignature {size}: the own witness's is missing"));
            }
        }
        Ok(())
    }
}

/// The tree that the entries make.
#[derive(Default)]
struct Grown {
    size: i64,
    edge: Edge,
    tiles: BTreeMap<(i16, i64), Vec<u8>>,
}

impl Grown {
    fn add(&mut self, content: &str) -> Result<(), Error> {
        let tiles = &mut self.tiles;
        let taken = self.edge.append(leaf_hash(content.as_bytes()), |node, hash| {
            if node.level.is_multiple_of(8) {
                let level = i16::try_from(node.level / 8).unwrap_or(i16::MAX);
                let number = i64::try_from(node.index >> 8).unwrap_or(i64::MAX);
                tiles
                    .entry((level, number))
                    .or_default()
                    .extend_from_slice(hash.bytes());
            }
        });
        taken.map_err(Error::internal)?;
        self.size = self.size.saturating_add(1);
        Ok(())
    }
}

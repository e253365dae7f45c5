//! The rows of a batch a page at a time, with names for those who may see them and the drawn ones flagged for BKD.

use crate::app::App;
use crate::app::batch::find_sealed;
use crate::app::batch::sight;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::access::Target;
use crate::domain::access::may;
use crate::domain::batch::row::Row;
use crate::domain::canonical;
use crate::domain::ids::BatchId;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::batch_chunk::SealedFile;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashSet};

/// Where a row stands: the piece and the line in it, from 0.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct RowPlace {
    /// The piece.
    pub sequence: i32,
    /// The line within it.
    pub line: usize,
}

/// One row of a batch.
#[derive(Clone)]
pub struct ListedRow {
    /// Where it stands.
    pub place: RowPlace,
    /// The row as sealed.
    pub row: Row,
    /// Whether an audit drew it; only BKD is told.
    pub is_sampled: Option<bool>,
    /// The person's present name with titles, for those who may read rows as files; none where the staff list does not
    /// know the person. It is no part of the sealed row.
    pub name: Option<String>,
}

/// Names and numbers are personal.
impl std::fmt::Debug for ListedRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ListedRow({:?})", self.place)
    }
}

impl App {
    /// The rows of a batch within the caller's sight, in the order of the file, from behind `after`; one more than `limit`
    /// if there are more.
    pub fn list_batch_rows(
        &self,
        context: &Context,
        scope: &Scope,
        id: BatchId,
        after: Option<RowPlace>,
        limit: u32,
    ) -> Result<Vec<ListedRow>, Error> {
        let limit = usize::try_from(limit).map_err(Error::internal)?.saturating_add(1);
        let sight = sight(context, scope);
        self.store.read(|connection| {
            let batch = find_sealed(connection, &sight, id)?;
            // Whoever is audited must not learn here what was drawn.
            let sampled: Option<HashSet<String>> = match scope.agencies() {
                None => {
                    let agency = &batch.agency_code;
                    let units =
                        store::case::list_sampled_units(connection, scope, agency, batch.from_date, batch.to_date)?;
                    Some(units.into_iter().collect())
                }
                Some(_) => None,
            };
            let mut rows = Vec::with_capacity(limit);
            let mut before = after.map_or(-1, |place| place.sequence - 1);
            'pieces: while let Some((sequence, text)) =
                store::batch_chunk::find_next(connection, id, SealedFile::Rows, before)?
            {
                before = sequence;
                let first = match after {
                    Some(place) if place.sequence == sequence => place.line.saturating_add(1),
                    Some(_) | None => 0,
                };
                for (line, text) in text.lines().enumerate().skip(first) {
                    if rows.len() == limit {
                        break 'pieces;
                    }
                    let row: Row = canonical::from_str(text).map_err(Error::internal)?;
                    let is_sampled = sampled.as_ref().map(|units| units.contains(row.unit_id.as_str()));
                    rows.push(ListedRow {
                        place: RowPlace { sequence, line },
                        row,
                        is_sampled,
                        name: None,
                    });
                }
            }
            Self::name_rows(context, connection, &batch.agency_code, &mut rows)?;
            Ok(rows)
        })
    }

    /// Sets the names of a page of rows where the caller may read the agency's rows as files. Auditors may not: whom they
    /// judge they learn from the case.
    fn name_rows(
        context: &Context,
        connection: &mut AnyConnection,
        agency: &str,
        rows: &mut [ListedRow],
    ) -> Result<(), Error> {
        let agency = AgencyCode::parse(agency).map_err(Error::internal)?;
        let Ok(scope) = may(&context.actor, Action::ReadBatchRows, Target::Agency(&agency)) else {
            return Ok(());
        };
        let pseudonyms: BTreeSet<&str> = rows.iter().map(|listed| listed.row.unit_id.pseudonym()).collect();
        let pseudonyms: Vec<&str> = pseudonyms.into_iter().collect();
        let names = store::batch_unit::list_names(connection, &scope, &agency, &pseudonyms)?;
        for listed in rows {
            listed.name = names.get(listed.row.unit_id.pseudonym()).cloned();
        }
        Ok(())
    }
}

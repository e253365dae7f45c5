//! One's own row in a sealed batch, with everything that proves that it is in there unchanged.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::batch::row_tree::RowProof;
use crate::domain::batch::row_tree::RowSearch;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::ids::BatchId;
use crate::domain::slot::Slot;
use crate::store;
use crate::store::batch_chunk::SealedFile;
use chrono::NaiveDate;
use serde::Deserialize;

/// One's own row and where it is proved to stand.
#[derive(Clone, Debug)]
pub struct OwnRow {
    /// The slot in plain text.
    pub unit: SlotUnit,
    /// The newest batch with this slot that BKD holds.
    pub batch: BatchId,
    /// The row's place in the batch's tree.
    pub proof: RowProof,
    /// The agency's log says that it sealed the batch with that root: C2SP tlog-proof.
    pub batch_proof: String,
}

/// As much of a row as tells its unit.
#[derive(Deserialize)]
struct Placed<'a> {
    #[serde(borrow)]
    unit_id: std::borrow::Cow<'a, str>,
}

impl App {
    /// One's own row of a slot in the newest batch that BKD holds; [`Error::NotFound`] where there is none yet.
    pub fn prove_own_row(
        &self,
        context: &Context,
        scope: &Scope,
        work_date: NaiveDate,
        slot: Slot,
    ) -> Result<OwnRow, Error> {
        let person = scope.person().or(context.employee()).ok_or(Error::Forbidden)?;
        // The key was made when the batch was sealed, so that nothing is written here.
        let (row, unit, secret) = self.store.read(|connection| {
            let memberships = store::membership::list(connection, &[person])?;
            let covers =
                |from: NaiveDate, to: Option<NaiveDate>| from <= work_date && to.is_none_or(|to| work_date <= to);
            let membership = memberships.into_iter().find(|row| covers(row.valid_from, row.valid_to));
            let code = membership.ok_or(Error::NotFound)?.agency_code;
            let agency = AgencyCode::parse(&code).map_err(Error::internal)?;
            let (_, pseudonym) = store::batch_unit::list_pseudonyms(connection, &[person])?
                .pop()
                .ok_or(Error::NotFound)?;
            let unit = SlotUnit::new(&agency, work_date, &pseudonym, slot).map_err(Error::internal)?;
            let row = store::batch::find_held(connection, &agency, work_date, slot)?.ok_or(Error::NotFound)?;
            let sealed_at = row.sealed_at.ok_or(store::error::Error::Corrupt("batch.sealed_at"))?;
            let secret = self.row_secret(connection, &agency, row.id, sealed_at)?;
            Ok::<_, Error>((row, unit, secret))
        })?;
        let mut search = RowSearch::new(secret, unit.clone());
        let mut failed = None;
        self.each_line(row.id, SealedFile::Rows, |line| {
            let placed = serde_json::from_str::<Placed<'_>>(line).ok();
            let read = placed.and_then(|placed| placed.unit_id.parse::<SlotUnit>().ok());
            let added = read.map(|unit| search.add(&unit, line));
            if !matches!(added, Some(Ok(()))) {
                failed = Some(store::error::Error::Corrupt("batch_chunk.content"));
            }
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        let proof = search.finish().map_err(Error::internal)?.ok_or(Error::NotFound)?;
        if Some(proof.root.bytes().as_slice()) != row.rows_root.as_deref() {
            return Err(store::error::Error::Corrupt("batch.rows_root").into());
        }
        Ok(OwnRow {
            unit,
            batch: row.id,
            proof,
            batch_proof: self.prove_sealed(&row)?,
        })
    }
}

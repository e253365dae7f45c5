//! Batches: their versions, states and receipts. What is sealed is kept by triggers, not by this room's good manners.

use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::batch::answer::Answer;
use crate::domain::batch::coverage::Coverage;
use crate::domain::batch::finding::Finding;
use crate::domain::batch::state::BatchState;
use crate::domain::digest::Digest;
use crate::domain::ids::AccountId;
use crate::domain::ids::BatchId;
use crate::domain::instant::Instant;
use crate::domain::slot::Slot;
use crate::store::backend::AnyConnection;
use crate::store::backend::MultiBackend;
use crate::store::columns::Json;
use crate::store::error::Error;
use crate::store::schema::batch;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use std::ops::RangeInclusive;

/// One version of a batch.
#[derive(Clone, Debug, Queryable, Insertable, Selectable)]
#[diesel(table_name = batch, treat_none_as_default_value = false)]
pub struct BatchRow {
    /// Its id.
    pub id: BatchId,
    /// Whose it is.
    pub agency_code: String,
    /// First work date.
    pub from_date: NaiveDate,
    /// Last work date, inclusive.
    pub to_date: NaiveDate,
    /// The slot's ordinal, or 0 for all.
    pub slot: i16,
    /// From 1.
    pub version: i32,
    /// Where it stands.
    pub state: BatchState,
    /// The version before.
    pub supersedes_id: Option<BatchId>,
    /// When its sealing began.
    pub opened_at: Instant,
    /// Who sealed it; none where it was sealed automatically.
    pub prepared_by: Option<AccountId>,
    /// That account's sign-in name.
    pub prepared_by_name: Option<String>,
    /// When its rows were fixed.
    pub sealed_at: Option<Instant>,
    /// `manifest.json`, byte for byte.
    pub manifest: Option<String>,
    /// SHA-256 of the manifest.
    pub manifest_sha256: Option<Vec<u8>>,
    /// The root of the tree over its rows.
    pub rows_root: Option<Vec<u8>>,
    /// When it is to be compared with the truth again.
    pub supplement_due_at: Option<Instant>,
    /// When it was sent.
    pub submitted_at: Option<Instant>,
    /// Who sent it.
    pub submitted_by: Option<AccountId>,
    /// That account's sign-in name.
    pub submitted_by_name: Option<String>,
    /// Who approved it.
    pub approved_by: Option<AccountId>,
    /// That account's sign-in name.
    pub approved_by_name: Option<String>,
    /// When BKD held it.
    pub received_at: Option<Instant>,
    /// The receipt's number.
    pub receipt_number: Option<String>,
    /// When BKD decided.
    pub decided_at: Option<Instant>,
    /// Who decided; none where the check itself rejected a broken file.
    pub decided_by: Option<AccountId>,
    /// That account's sign-in name.
    pub decided_by_name: Option<String>,
    /// What was found.
    pub findings: Json,
    /// What the agency answered.
    pub answers: Json,
}

impl BatchRow {
    /// A version whose rows are about to be written.
    pub fn open(id: BatchId, agency: &AgencyCode, coverage: Coverage, version: i32, opened_at: Instant) -> Self {
        Self {
            id,
            agency_code: agency.as_str().to_owned(),
            from_date: coverage.from(),
            to_date: coverage.to(),
            slot: slot_column(coverage.slot()),
            version,
            state: BatchState::Open,
            supersedes_id: None,
            opened_at,
            prepared_by: None,
            prepared_by_name: None,
            sealed_at: None,
            manifest: None,
            manifest_sha256: None,
            rows_root: None,
            supplement_due_at: None,
            submitted_at: None,
            submitted_by: None,
            submitted_by_name: None,
            approved_by: None,
            approved_by_name: None,
            received_at: None,
            receipt_number: None,
            decided_at: None,
            decided_by: None,
            decided_by_name: None,
            findings: Json(serde_json::Value::Array(Vec::new())),
            answers: Json(serde_json::Value::Array(Vec::new())),
        }
    }

    /// What it covers.
    pub fn coverage(&self) -> Coverage {
        Coverage::stored(self.from_date, self.to_date, Slot::from_ordinal(self.slot))
    }

    /// The digest of the manifest, once sealed.
    pub fn digest(&self) -> Option<Digest> {
        self.manifest_sha256.as_deref().and_then(Digest::from_bytes)
    }

    /// The findings as stored.
    pub fn findings(&self) -> Result<Vec<Finding>, Error> {
        serde_json::from_value(self.findings.0.clone())
            .ok()
            .ok_or(Error::Corrupt("batch.findings"))
    }

    /// The answers as stored, oldest first.
    pub fn answers(&self) -> Result<Vec<Answer>, Error> {
        serde_json::from_value(self.answers.0.clone())
            .ok()
            .ok_or(Error::Corrupt("batch.answers"))
    }
}

fn slot_column(slot: Option<Slot>) -> i16 {
    slot.map_or(0, Slot::ordinal)
}

/// Which batches an account may see: those sent to BKD within one reach, and all of its own agencies.
#[derive(Clone, Debug)]
pub struct Sight {
    /// Agencies whose batches are seen in every state; `None` stands for all.
    own: Option<Vec<String>>,
    /// Whether every agency's batches are seen once sent.
    is_receiver: bool,
}

impl Sight {
    /// From a permission to read and, if there is one, a permission to seal: whoever seals sees drafts too.
    pub fn new(read: &Scope, seal: Option<&Scope>) -> Self {
        let codes = |scope: &Scope| {
            scope
                .agencies()
                .map(|codes| codes.into_iter().map(str::to_owned).collect::<Vec<_>>())
        };
        match codes(read) {
            Some(own) => Self {
                own: Some(own),
                is_receiver: false,
            },
            None => Self {
                own: Some(seal.and_then(codes).unwrap_or_default()),
                is_receiver: true,
            },
        }
    }

    /// For the service's own jobs.
    pub const fn everything() -> Self {
        Self {
            own: None,
            is_receiver: true,
        }
    }

    /// Whether a batch of this agency in this state is within sight.
    pub fn covers(&self, agency: &str, state: BatchState) -> bool {
        let is_own = self
            .own
            .as_ref()
            .is_none_or(|codes| codes.iter().any(|code| code == agency));
        is_own || (self.is_receiver && state.is_sent())
    }

    fn condition(&self) -> Box<dyn BoxableExpression<batch::table, MultiBackend, SqlType = Bool> + '_> {
        let sent = [
            BatchState::Submitted,
            BatchState::Received,
            BatchState::Accepted,
            BatchState::Rejected,
        ];
        match (&self.own, self.is_receiver) {
            (None, _) => Box::new(batch::version.ge(1)),
            (Some(codes), false) => Box::new(batch::agency_code.eq_any(codes)),
            (Some(codes), true) => Box::new(batch::agency_code.eq_any(codes).or(batch::state.eq_any(sent))),
        }
    }
}

/// Narrows a list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only of this agency.
    pub agency: Option<String>,
    /// Only in this state.
    pub state: Option<BatchState>,
    /// Only with work dates from here on.
    pub from: Option<NaiveDate>,
    /// Only with work dates up to here.
    pub to: Option<NaiveDate>,
}

/// A batch within sight.
pub fn find(connection: &mut AnyConnection, sight: &Sight, id: BatchId) -> Result<Option<BatchRow>, Error> {
    let row: Option<BatchRow> = batch::table
        .find(id)
        .select(BatchRow::as_select())
        .first(connection)
        .optional()?;
    Ok(row.filter(|row| sight.covers(&row.agency_code, row.state)))
}

/// Batches within sight, newest sealing first; `after` is the last id of the page before.
pub fn list(
    connection: &mut AnyConnection,
    sight: &Sight,
    filter: &Filter,
    after: Option<BatchId>,
    limit: i64,
) -> Result<Vec<BatchRow>, Error> {
    let mut query = batch::table
        .filter(sight.condition())
        .filter(batch::state.ne(BatchState::Open))
        // Ids are UUIDv7: their order is that of time.
        .order(batch::id.desc())
        .limit(limit)
        .select(BatchRow::as_select())
        .into_boxed();
    if let Some(agency) = &filter.agency {
        query = query.filter(batch::agency_code.eq(agency));
    }
    if let Some(state) = filter.state {
        query = query.filter(batch::state.eq(state));
    }
    if let Some(from) = filter.from {
        query = query.filter(batch::to_date.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(batch::from_date.le(to));
    }
    if let Some(after) = after {
        query = query.filter(batch::id.lt(after));
    }
    Ok(query.load(connection)?)
}

/// The newest version of a coverage, also one that is still open.
pub fn find_latest(
    connection: &mut AnyConnection,
    agency: &AgencyCode,
    coverage: Coverage,
) -> Result<Option<BatchRow>, Error> {
    Ok(batch::table
        .filter(batch::agency_code.eq(agency.as_str()))
        .filter(batch::from_date.eq(coverage.from()))
        .filter(batch::to_date.eq(coverage.to()))
        .filter(batch::slot.eq(slot_column(coverage.slot())))
        .order(batch::version.desc())
        .select(BatchRow::as_select())
        .first(connection)
        .optional()?)
}

/// The batch of this id, wherever it stands.
pub fn find_any(connection: &mut AnyConnection, id: BatchId) -> Result<Option<BatchRow>, Error> {
    Ok(batch::table
        .find(id)
        .select(BatchRow::as_select())
        .first(connection)
        .optional()?)
}

/// Whether there is such a version of a coverage.
pub fn has_version(
    connection: &mut AnyConnection,
    agency: &AgencyCode,
    coverage: Coverage,
    version: i32,
) -> Result<bool, Error> {
    let found = batch::table
        .filter(batch::agency_code.eq(agency.as_str()))
        .filter(batch::from_date.eq(coverage.from()))
        .filter(batch::to_date.eq(coverage.to()))
        .filter(batch::slot.eq(slot_column(coverage.slot())))
        .filter(batch::version.eq(version));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(connection)?)
}

/// The batch with an agency's slot of a date that BKD holds; of several the one sealed last.
pub fn find_held(
    connection: &mut AnyConnection,
    agency: &AgencyCode,
    work_date: NaiveDate,
    slot: Slot,
) -> Result<Option<BatchRow>, Error> {
    Ok(batch::table
        .filter(batch::agency_code.eq(agency.as_str()))
        .filter(batch::from_date.le(work_date))
        .filter(batch::to_date.ge(work_date))
        .filter(batch::slot.eq_any([slot_column(None), slot_column(Some(slot))]))
        .filter(batch::state.eq_any([BatchState::Received, BatchState::Accepted]))
        .order((batch::sealed_at.desc(), batch::version.desc(), batch::id.desc()))
        .select(BatchRow::as_select())
        .first(connection)
        .optional()?)
}

/// Ids and states of the later versions of a batch, newest first.
pub fn list_later(connection: &mut AnyConnection, row: &BatchRow) -> Result<Vec<(BatchId, BatchState)>, Error> {
    Ok(batch::table
        .filter(batch::agency_code.eq(&row.agency_code))
        .filter(batch::from_date.eq(row.from_date))
        .filter(batch::to_date.eq(row.to_date))
        .filter(batch::slot.eq(row.slot))
        .filter(batch::version.gt(row.version))
        .order(batch::version.desc())
        .select((batch::id, batch::state))
        .load(connection)?)
}

/// Adds an open version; one that exists is a duplicate.
pub fn insert(connection: &mut AnyConnection, row: &BatchRow) -> Result<(), Error> {
    diesel::insert_into(batch::table).values(row).execute(connection)?;
    Ok(())
}

/// Writes a version back if it is still in the state `from`; gives whether it was.
pub fn update(connection: &mut AnyConnection, row: &BatchRow, from: BatchState) -> Result<bool, Error> {
    let changed = diesel::update(batch::table.find(row.id).filter(batch::state.eq(from)))
        .set((
            (
                batch::state.eq(row.state),
                batch::supersedes_id.eq(row.supersedes_id),
                batch::prepared_by.eq(row.prepared_by),
                batch::prepared_by_name.eq(&row.prepared_by_name),
                batch::sealed_at.eq(row.sealed_at),
                batch::manifest.eq(&row.manifest),
                batch::manifest_sha256.eq(&row.manifest_sha256),
                batch::rows_root.eq(&row.rows_root),
                batch::supplement_due_at.eq(row.supplement_due_at),
            ),
            (
                batch::submitted_at.eq(row.submitted_at),
                batch::submitted_by.eq(row.submitted_by),
                batch::submitted_by_name.eq(&row.submitted_by_name),
                batch::approved_by.eq(row.approved_by),
                batch::approved_by_name.eq(&row.approved_by_name),
                batch::received_at.eq(row.received_at),
                batch::receipt_number.eq(&row.receipt_number),
            ),
            (
                batch::decided_at.eq(row.decided_at),
                batch::decided_by.eq(row.decided_by),
                batch::decided_by_name.eq(&row.decided_by_name),
                batch::findings.eq(&row.findings),
                batch::answers.eq(&row.answers),
            ),
        ))
        .execute(connection)?;
    Ok(changed == 1)
}

/// Removes an open version, whose rows must be gone already. A sealed one stays: the database refuses.
pub fn delete_open(connection: &mut AnyConnection, id: BatchId) -> Result<(), Error> {
    diesel::delete(batch::table.find(id).filter(batch::state.eq(BatchState::Open))).execute(connection)?;
    Ok(())
}

/// The sent batches that touch a work date, of all agencies or one.
pub fn list_sent(
    connection: &mut AnyConnection,
    work_date: NaiveDate,
    agency: Option<&AgencyCode>,
) -> Result<Vec<BatchRow>, Error> {
    let mut query = batch::table
        .filter(batch::to_date.ge(work_date))
        .filter(batch::from_date.le(work_date))
        .filter(batch::submitted_at.is_not_null())
        .order((batch::agency_code, batch::submitted_at))
        .select(BatchRow::as_select())
        .into_boxed();
    if let Some(agency) = agency {
        query = query.filter(batch::agency_code.eq(agency.as_str()));
    }
    Ok(query.load(connection)?)
}

/// Batches that the check has not answered yet: an instance stopped between sending and receiving.
pub fn list_submitted(connection: &mut AnyConnection, limit: i64) -> Result<Vec<BatchRow>, Error> {
    Ok(batch::table
        .filter(batch::state.eq(BatchState::Submitted))
        .order(batch::id)
        .limit(limit)
        .select(BatchRow::as_select())
        .load(connection)?)
}

/// Sealed batches whose comparison with the truth is due.
pub fn list_supplements(connection: &mut AnyConnection, now: Instant, limit: i64) -> Result<Vec<BatchRow>, Error> {
    Ok(batch::table
        .filter(batch::supplement_due_at.le(Some(now)))
        .filter(batch::state.ne(BatchState::Open))
        .order(batch::supplement_due_at)
        .limit(limit)
        .select(BatchRow::as_select())
        .load(connection)?)
}

/// Sets or clears when a batch is compared with the truth again.
pub fn update_supplement(connection: &mut AnyConnection, id: BatchId, due_at: Option<Instant>) -> Result<(), Error> {
    diesel::update(batch::table.find(id))
        .set(batch::supplement_due_at.eq(due_at))
        .execute(connection)?;
    Ok(())
}

/// Lets the newest sealed versions of some agencies that hold one of the work dates be compared with the truth at
/// `due_at`; gives how many. Those already due keep their moment.
///
/// For every change of the past: accepted corrections, assignments, circulars.
pub fn note_late_truth(
    connection: &mut AnyConnection,
    agencies: &[&str],
    dates: &RangeInclusive<NaiveDate>,
    due_at: Instant,
) -> Result<usize, Error> {
    let newer = diesel::alias!(batch as newer);
    let is_newest = diesel::dsl::not(diesel::dsl::exists(
        newer
            .filter(newer.field(batch::agency_code).eq(batch::agency_code))
            .filter(newer.field(batch::from_date).eq(batch::from_date))
            .filter(newer.field(batch::to_date).eq(batch::to_date))
            .filter(newer.field(batch::slot).eq(batch::slot))
            .filter(newer.field(batch::version).gt(batch::version)),
    ));
    let touched: Vec<BatchId> = batch::table
        .filter(batch::agency_code.eq_any(agencies))
        .filter(batch::from_date.le(dates.end()))
        .filter(batch::to_date.ge(dates.start()))
        .filter(batch::state.ne(BatchState::Open))
        .filter(batch::supplement_due_at.is_null())
        .filter(is_newest)
        .select(batch::id)
        .load(connection)?;
    for part in touched.chunks(1_000) {
        diesel::update(batch::table.filter(batch::id.eq_any(part)))
            .set(batch::supplement_due_at.eq(Some(due_at)))
            .execute(connection)?;
    }
    Ok(touched.len())
}

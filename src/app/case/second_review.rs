//! Blind second reviews: drawn with the sample, opened and written by somebody who does not know the first finding.

use crate::app::App;
use crate::app::case::Case;
use crate::app::case::called;
use crate::app::case::hearing::Hearing;
use crate::app::case::look::Opened;
use crate::app::case::step::Review;
use crate::app::case::step::note;
use crate::app::case::step::save;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::audit::assignment::Auditor;
use crate::domain::audit::second_review::SHARE_BP;
use crate::domain::audit::second_review::assign;
use crate::domain::audit::second_review::draw;
use crate::domain::case::CaseFinding;
use crate::domain::ids::AccountId;
use crate::domain::ids::AuditId;
use crate::domain::ids::CaseId;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use crate::store::second_review::SecondReviewRow;
use std::collections::HashMap;

/// Why a look happened, where the auditor gives no words of their own.
const SECOND_REVIEW: &str = "second_review";

/// A second review as it may be told of.
#[derive(Debug)]
pub struct SecondReview {
    /// What is stored.
    pub row: SecondReviewRow,
    /// The case that it looks at again.
    pub case: CaseRow,
    /// How whoever looks again is called; none where nobody could be found.
    pub auditor: Option<String>,
    /// Both findings, the auditor's first, once both are written.
    pub findings: Option<(CaseFinding, CaseFinding)>,
}

/// A second review opened.
#[derive(Debug)]
pub struct SecondReviewFile {
    /// The review.
    pub review: SecondReview,
    /// The person's day.
    pub opened: Opened,
}

/// Draws the units of a sample that are reviewed once more and gives them to auditors.
pub(crate) fn draw_second_reviews(
    connection: &mut AnyConnection,
    seed: &str,
    cases: &[CaseRow],
    auditors: &mut [Auditor],
) -> Result<(), Error> {
    let drawn = draw(seed, SHARE_BP, cases.iter().map(|case| case.unit.as_str())).map_err(Error::internal)?;
    let by_unit: HashMap<&str, &CaseRow> = cases.iter().map(|case| (case.unit.as_str(), case)).collect();
    let mut picked = Vec::with_capacity(drawn.len());
    for unit in &drawn {
        let case = by_unit.get(unit.id.as_str()).copied();
        picked.push(case.ok_or(store::error::Error::Corrupt("audit_case.unit"))?);
    }
    let units: Vec<(AgencyCode, AccountId)> = picked
        .iter()
        .map(|case| {
            let agency = AgencyCode::parse(&case.agency_code).map_err(Error::internal)?;
            Ok((agency, case.auditor_id))
        })
        .collect::<Result<_, Error>>()?;
    let assigned = assign(&units, auditors);
    let rows: Vec<SecondReviewRow> = (1..)
        .zip(drawn)
        .zip(picked)
        .zip(assigned)
        .map(|(((draw_order, drawn), case), auditor_id)| SecondReviewRow {
            employee_id: case.employee_id,
            case_id: case.id,
            audit_id: case.audit_id,
            draw_order,
            ticket: drawn.ticket.as_str().to_owned(),
            auditor_id,
            finding: None,
            method: None,
            note: None,
            reviewed_at: None,
            version: 1,
        })
        .collect();
    Ok(store::second_review::insert_all(connection, &rows)?)
}

impl App {
    /// The second reviews of an audit within reach, in the order of their tickets.
    pub fn list_second_reviews(&self, scope: &Scope, audit_id: AuditId) -> Result<Vec<SecondReview>, Error> {
        self.store.read(|connection| {
            if !store::audit::exists(connection, audit_id)? {
                return Err(Error::NotFound);
            }
            store::second_review::list(connection, scope, audit_id)?
                .into_iter()
                .map(|(row, case)| told(connection, row, case))
                .collect()
        })
    }

    /// Opens a case for whoever looks at it again: the same as its auditor saw, without the finding. The look stands in
    /// the person's list of accesses first.
    pub fn look_again(
        &self,
        context: &Context,
        scope: &Scope,
        id: CaseId,
        purpose: Option<&str>,
    ) -> Result<SecondReviewFile, Error> {
        self.store.write(|connection| {
            let (row, case) = found(connection, scope, id)?;
            let purpose = purpose.unwrap_or(SECOND_REVIEW);
            let opened = self.open(connection, context, &case, purpose, true)?;
            Ok(SecondReviewFile {
                review: told(connection, row, case)?,
                opened,
            })
        })
    }

    /// Writes the second finding. Where the two differ and one of them proposes a deviation, the person is asked, and
    /// somebody who wrote neither decides; a second finding decides nothing by itself.
    pub fn review_again(
        &self,
        context: &Context,
        scope: &Scope,
        id: CaseId,
        version: i32,
        review: &Review,
    ) -> Result<SecondReview, Error> {
        self.store.write(|connection| {
            let (mut row, mut case) = found(connection, scope, id)?;
            let mut hearing = Hearing::load(connection, &case)?;
            let progress = hearing.progress(&case, None);
            progress.may_review_again(context.account(), context.now)?;
            if row.version != version {
                return Err(Error::Stale);
            }
            row.finding = Some(review.finding);
            row.method = Some(review.method);
            row.note.clone_from(&review.note);
            row.reviewed_at = Some(context.now);
            row.version += 1;
            if !store::second_review::update(connection, &row)? {
                return Err(Error::Stale);
            }
            hearing.second = Some(row.clone());
            let before = case.notice_id;
            self.propose(connection, context, &mut case, &hearing)?;
            let to_state = review.finding.code();
            if case.notice_id == before {
                note(connection, context, case.id, SECOND_REVIEW, None, to_state)?;
            } else {
                save(connection, context, &mut case, SECOND_REVIEW, None, to_state)?;
            }
            self.log_second_review(connection, context, &case, &row)?;
            // A decision stands in the log since it was made; findings count once both are there.
            if case.outcome.is_none() {
                self.log_verdict(connection, context, &case, false)?;
            }
            store::audit::begin_review(connection, row.audit_id)?;
            told(connection, row, case)
        })
    }
}

/// A second review of the caller's with its case.
fn found(connection: &mut AnyConnection, scope: &Scope, id: CaseId) -> Result<(SecondReviewRow, CaseRow), Error> {
    let row = store::second_review::find(connection, scope, id)?.ok_or(Error::NotFound)?;
    let case = store::case::find_by_key(connection, row.employee_id, row.case_id)?;
    Ok((row, case.ok_or(store::error::Error::Corrupt("second_review.case_id"))?))
}

fn told(connection: &mut AnyConnection, row: SecondReviewRow, case: CaseRow) -> Result<SecondReview, Error> {
    Ok(SecondReview {
        auditor: row.auditor_id.map(|id| called(connection, id)).transpose()?,
        findings: case.finding.zip(row.finding),
        row,
        case,
    })
}

impl Case {
    /// The second review, once both findings are written; before that, nobody reads one beside its author.
    pub fn shown_second_review(&self) -> Option<&SecondReviewRow> {
        self.row.finding?;
        self.hearing.second.as_ref().filter(|second| second.finding.is_some())
    }
}

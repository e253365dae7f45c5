//! How cases ended, in BKD's log: by a commitment, so that the log shows that nothing was changed and nobody's fate.

use crate::app::App;
use crate::app::case::hearing::Hearing;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::facts::Nothing;
use crate::domain::audit_log::record::Record;
use crate::domain::audit_log::record::SecondReview;
use crate::domain::audit_log::record::Verdict;
use crate::domain::audit_log::subject::Subject;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use crate::store::second_review::SecondReviewRow;

impl App {
    /// Writes the end of a case into the log, in the caller's transaction; nothing while the case goes on, or while what
    /// was found may still turn out otherwise because somebody is to look again. `is_amended` where it had ended before,
    /// otherwise.
    pub(super) fn log_verdict(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        row: &CaseRow,
        is_amended: bool,
    ) -> Result<(), Error> {
        let hearing = Hearing::load(connection, row)?;
        let progress = hearing.progress(row, None);
        let Some(outcome) = progress.result() else {
            return Ok(());
        };
        if progress.may_change_by_second_look() {
            return Ok(());
        }
        let corrupt = || store::error::Error::Corrupt("audit_case.unit");
        let verdict = Verdict {
            case: row.id,
            unit: row.unit.parse().ok().ok_or_else(corrupt)?,
            outcome,
            reviewed_by: row.auditor_id,
            decided_by: row.decided_by,
        };
        let (facts, record) = if is_amended {
            (Facts::VerdictAmended(Nothing {}), Record::VerdictAmended(verdict))
        } else {
            (Facts::Verdict(Nothing {}), Record::Verdict(verdict))
        };
        let agency = AgencyCode::parse(&row.agency_code).map_err(Error::internal)?;
        let said = (Subject::Audit(row.audit_id), facts);
        self.log_private(connection, context.now, said, record, Some(&agency))
    }

    /// Writes what a blind second review found into the log, in the caller's transaction.
    pub(super) fn log_second_review(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        row: &CaseRow,
        review: &SecondReviewRow,
    ) -> Result<(), Error> {
        let (Some(finding), Some(reviewer)) = (review.finding, review.auditor_id) else {
            return Ok(());
        };
        let corrupt = || store::error::Error::Corrupt("audit_case.unit");
        let record = Record::SecondReview(SecondReview {
            case: row.id,
            unit: row.unit.parse().ok().ok_or_else(corrupt)?,
            finding,
            reviewer,
        });
        let agency = AgencyCode::parse(&row.agency_code).map_err(Error::internal)?;
        let said = (Subject::Audit(row.audit_id), Facts::SecondReview(Nothing {}));
        self.log_private(connection, context.now, said, record, Some(&agency))
    }
}

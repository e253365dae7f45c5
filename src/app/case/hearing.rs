//! What hangs on a case beside its row: the blind second review and the objection.

use crate::app::error::Error;
use crate::domain::audit::second_review::Agreement;
use crate::domain::case::CaseFinding;
use crate::domain::case::clock::Clock;
use crate::domain::case::objection::Objection;
use crate::domain::case::progress::Progress;
use crate::domain::case::progress::SecondLook;
use crate::domain::ids::AuditId;
use crate::domain::ids::CaseId;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use crate::store::objection::ObjectionRow;
use crate::store::second_review::SecondReviewRow;
use std::collections::HashMap;

/// Of one case, whole.
#[derive(Clone, Debug)]
pub struct Hearing {
    /// The blind second review, where the case was drawn for one.
    pub second: Option<SecondReviewRow>,
    /// The person's objection.
    pub objection: Option<ObjectionRow>,
}

impl Hearing {
    pub(crate) fn load(connection: &mut AnyConnection, row: &CaseRow) -> Result<Self, Error> {
        Ok(Self {
            second: store::second_review::find_of_case(connection, row)?,
            objection: store::objection::find(connection, row)?,
        })
    }

    pub(crate) fn progress(&self, row: &CaseRow, clock: Option<Clock>) -> Progress {
        row.progress(
            clock,
            self.second.as_ref().and_then(SecondReviewRow::look),
            self.objection.as_ref().map(Objection::from),
        )
    }

    /// What was written by whoever proposed the deviation; where both did, by the auditor.
    pub fn proposing_note<'a>(&'a self, row: &'a CaseRow) -> Option<&'a str> {
        let proposes = |finding| finding == Some(CaseFinding::InvalidProposed);
        match &self.second {
            Some(second) if proposes(second.finding) && !proposes(row.finding) => second.note.as_deref(),
            Some(_) | None => row.review_note.as_deref(),
        }
    }
}

/// Of every case of an audit, as far as they are counted.
#[derive(Debug)]
pub(crate) struct Hearings {
    second: HashMap<CaseId, (Option<SecondLook>, Option<CaseFinding>)>,
    objections: HashMap<CaseId, Objection>,
}

impl Hearings {
    pub(crate) fn of_audit(connection: &mut AnyConnection, audit_id: AuditId) -> Result<Self, Error> {
        let second = store::second_review::list_of_audit(connection, audit_id)?;
        Ok(Self {
            second: second
                .into_iter()
                .map(|row| (row.case_id, (row.look(), row.finding)))
                .collect(),
            objections: store::objection::list_of_audit(connection, audit_id)?
                .into_iter()
                .collect(),
        })
    }

    /// Without the clock of the reply, which what a case came to does not depend on.
    pub(crate) fn progress(&self, row: &CaseRow) -> Progress {
        let second = self.second.get(&row.id).and_then(|(look, _)| *look);
        row.progress(None, second, self.objections.get(&row.id).copied())
    }

    /// How the two looks at the drawn units compare.
    pub(crate) fn agreement(&self, cases: &[CaseRow]) -> Agreement {
        let mut agreement = Agreement {
            cases: u64::try_from(cases.len()).unwrap_or(u64::MAX),
            ..Agreement::default()
        };
        for case in cases {
            if let Some((_, finding)) = self.second.get(&case.id) {
                agreement.add(case.finding, *finding);
            }
        }
        agreement
    }
}

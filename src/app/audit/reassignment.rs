//! Giving the work of an auditor who can't go on to others, by the rule that gave it out: nobody is chosen by hand.

use crate::app::App;
use crate::app::audit::draw::auditors;
use crate::app::audit::found;
use crate::app::audit::log_reason;
use crate::app::case::hearing::Hearing;
use crate::app::case::step::save;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::role::find_named;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::audit::AuditState;
use crate::domain::audit::assignment::Auditor;
use crate::domain::audit::assignment::next;
use crate::domain::ids::AccountId;
use crate::domain::ids::AuditId;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;

/// How much was given to others.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Reassigned {
    /// Cases without a finding.
    pub reviews: u32,
    /// Blind second reviews that were not written.
    pub second_reviews: u32,
    /// Proposed deviations that were not decided; where nobody else is independent, the head of BKD decides.
    pub decisions: u32,
}

impl App {
    /// Gives everything that this auditor has not done yet in an audit to others who are independent of it, each to the
    /// one with the fewest cases. What was written stays theirs. Whoever has nothing left to give changes nothing.
    pub fn reassign_cases(
        &self,
        context: &Context,
        scope: &Scope,
        id: AuditId,
        auditor: &str,
        reason: &str,
    ) -> Result<Reassigned, Error> {
        self.store.write(|connection| {
            let audit = found(connection, scope, id)?;
            if !matches!(audit.state, AuditState::Drawn | AuditState::InReview) {
                return Err(Error::Conflict(Code::WrongState));
            }
            let leaving = match find_named(connection, auditor) {
                Err(Error::NotFound) => return Err(unknown_auditor()),
                found => found?.id,
            };
            let mut others = auditors(connection, audit.from_date)?;
            others.retain(|other| other.account != leaving);
            let mut given = Reassigned::default();
            for case in store::case::list_held(connection, scope, id, leaving)? {
                self.reassign_case(connection, context, (leaving, reason), case, &mut others, &mut given)?;
            }
            for (mut review, case) in store::second_review::list(connection, scope, id)? {
                if review.auditor_id != Some(leaving) || review.finding.is_some() {
                    continue;
                }
                let may_take = |account| account != case.auditor_id && case.second_reviewer_id != Some(account);
                review.auditor_id = next(&mut others, &agency_of(&case)?, may_take);
                review.version += 1;
                if !store::second_review::update(connection, &review)? {
                    return Err(Error::Stale);
                }
                given.second_reviews += 1;
            }
            if given != Reassigned::default() {
                let said = format!("{leaving}: {reason}");
                log_reason(
                    connection,
                    context,
                    id,
                    ("reassign", Some(&said)),
                    audit.state,
                    audit.state,
                )?;
            }
            Ok(given)
        })
    }

    fn reassign_case(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        (leaving, reason): (AccountId, &str),
        mut case: CaseRow,
        others: &mut [Auditor],
        given: &mut Reassigned,
    ) -> Result<(), Error> {
        let progress = Hearing::load(connection, &case)?.progress(&case, None);
        let agency = agency_of(&case)?;
        let before = *given;
        if case.auditor_id == leaving && case.finding.is_none() {
            let may_take = |account| !progress.is_reviewer(account) && case.second_reviewer_id != Some(account);
            let chosen = next(others, &agency, may_take);
            case.auditor_id = chosen.ok_or(Error::Conflict(Code::NoIndependentAuditor))?;
            self.log_assignment(connection, context, &case)?;
            given.reviews += 1;
        }
        if case.second_reviewer_id == Some(leaving) && case.outcome.is_none() {
            case.second_reviewer_id = next(others, &agency, |account| !progress.is_reviewer(account));
            given.decisions += 1;
        }
        if *given == before {
            return Ok(());
        }
        save(
            connection,
            context,
            &mut case,
            "reassign",
            Some(reason.to_owned()),
            "assigned",
        )
    }
}

fn agency_of(case: &CaseRow) -> Result<AgencyCode, Error> {
    AgencyCode::parse(&case.agency_code).map_err(Error::internal)
}

fn unknown_auditor() -> Error {
    Error::field(
        "auditor",
        "unknown",
        "Tidak ada akun dengan nama pengguna ini.",
        "No account has this username.",
    )
}

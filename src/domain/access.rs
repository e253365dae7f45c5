//! Who may do what: the one table. `may` hands out the `Scope` that every store function over people's rows demands.
//! Design section 6. A missing action does not compile; a missing role is a refusal.

pub use crate::domain::agency_code::AgencyCode;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::SessionId;
pub use crate::domain::role::Grant;
pub use crate::domain::role::Role;

/// Whoever a request was proven to come from. Made only from a verified token.
#[derive(Clone, Debug)]
pub struct Actor {
    account: AccountId,
    employee: Option<EmployeeId>,
    session: SessionId,
    grants: Vec<Grant>,
}

impl Actor {
    /// For the floor that verifies tokens, and for the service's own jobs; nobody else has the parts.
    pub const fn new(account: AccountId, employee: Option<EmployeeId>, session: SessionId, grants: Vec<Grant>) -> Self {
        Self {
            account,
            employee,
            session,
            grants,
        }
    }

    /// The account that signed in.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// The person behind the account, if it is a member of staff.
    pub const fn employee(&self) -> Option<EmployeeId> {
        self.employee
    }

    /// The session that the token belongs to.
    pub const fn session(&self) -> SessionId {
        self.session
    }

    /// Every role held.
    pub fn grants(&self) -> &[Grant] {
        &self.grants
    }

    /// Whether a role is held, for whichever agency.
    pub fn has(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.role == role)
    }
}

/// Everything that a call can do to rows that concern people or rules. A new operation gets its own action or shares
/// one whose answer must always be the same.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Action {
    /// See one's own account, day, shares, homes, notices, accesses.
    ReadOwn,
    /// Send shares of one's own location.
    SubmitCheckIn,
    /// See what one was told, as a person or as an official.
    ReadNotice,
    /// Register a home, file activities, answer a case: one's own.
    WriteOwn,
    /// See who changed what in an agency, and when.
    ReadHistory,
    /// List or see agencies.
    ReadAgency,
    /// Create or change an agency.
    WriteAgency,
    /// Grant or revoke roles.
    GrantRole,
    /// See staff, units, sites, rosters and the day of an agency.
    ReadStaff,
    /// Import or change staff, units, sites, rosters, activation codes.
    WriteStaff,
    /// Move people from one agency to another, or take back who had left.
    TransferStaff,
    /// See an agency's rosters; BKD those that were handed in.
    ReadRoster,
    /// Make an agency's rosters and change them by hand.
    WriteRoster,
    /// Hand an agency's roster in to BKD.
    SubmitRoster,
    /// Take note of a roster that was handed in, or send it back.
    DecideRoster,
    /// Let a roster that BKD has received hold.
    PublishRoster,
    /// See homes waiting for a decision, with their position.
    ReadHomes,
    /// Verify or return a home.
    VerifyHome,
    /// See circulars and calendars.
    ReadRules,
    /// Draft, issue, revoke circulars; edit calendars.
    WriteRules,
    /// Import the outlines of regions.
    WriteOutlines,
    /// See and decide the activities and monthly reports of one's subordinates.
    ReviewActivity,
    /// Hand a notice over to a subordinate.
    HandOverNotice,
    /// See requests for leave of one's agencies with their reasons, and balances; check them.
    CheckLeave,
    /// See the kinds of leave, who signs which letter, and how letters are numbered.
    ReadLeaveRules,
    /// Enter balances of leave and first days of service from older records.
    WriteLeaveBalance,
    /// See and consider the leave of one's subordinates, without its reason.
    ConsiderLeave,
    /// Decide on leave, sign its letter, call back to duty: where a signer rule names the role.
    DecideLeave,
    /// See letters with their facts.
    ReadLetter,
    /// See the journeys of one's subordinates or agencies.
    ReadTravel,
    /// Approve or refuse journeys, call them off, take note of their reports.
    DecideTravel,
    /// Let someone travel although a circular bans it: where its rule names the role.
    ExceptTravel,
    /// See an agency's batches.
    ReadBatch,
    /// Read the rows of batches: who shared when, with which outcome, without positions.
    ReadBatchRows,
    /// Seal and submit an agency's batches.
    SealBatch,
    /// Receive, accept or reject batches.
    DecideBatch,
    /// See which logs are cosigned here, and what they contradicted.
    ReadWitness,
    /// Say whose log is cosigned here, and by which key.
    WriteWitness,
    /// Bring dispatches of an agency that runs an instance of its own.
    SendDispatch,
    /// See plans, draws and reports of audits.
    ReadAudit,
    /// Plan audits, fix seeds, draw.
    RunAudit,
    /// List the cases of an audit: what was drawn and how it stands, without names and positions.
    ListCases,
    /// See one case with the person and, where it is assigned to oneself, the position.
    ReadCase,
    /// Review the cases assigned to oneself.
    ReviewCase,
    /// Decide a case as the second person.
    DecideCase,
    /// See objections to upheld findings and decide on them.
    DecideObjection,
    /// Read an agency's recaps, and who has days of absence.
    ReadRecap,
    /// Close an agency's recaps and say how they are signed.
    CloseRecap,
    /// See the corrections that one's team, or one's agency's people, ask for.
    ReadCorrections,
    /// Support a subordinate's correction, or not.
    ConsiderCorrection,
    /// Decide on a correction.
    DecideCorrection,
}

/// How far a permission reaches.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reach {
    /// Rows of this person only.
    Own(EmployeeId),
    /// Rows of people whose direct superior this person is.
    Subordinates(EmployeeId),
    /// Rows of these agencies, at least one.
    Agencies(Vec<AgencyCode>),
    /// Rows assigned to this account.
    Assigned(AccountId),
    /// Every row.
    Everyone,
}

/// Proof that [`may`] said yes: what for, and how far it reaches. Nothing else makes one.
#[derive(Clone, Debug)]
pub struct Scope {
    action: Action,
    reach: Reach,
}

impl Scope {
    /// What was allowed.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// How far it reaches.
    pub const fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Whether rows of an agency are within reach. Personal reaches never cover an agency.
    pub fn covers(&self, agency: &AgencyCode) -> bool {
        match &self.reach {
            Reach::Everyone => true,
            Reach::Agencies(codes) => codes.contains(agency),
            Reach::Own(_) | Reach::Subordinates(_) | Reach::Assigned(_) => false,
        }
    }

    /// The agencies within reach, or `None` where all are. Personal reaches cover none.
    pub fn agencies(&self) -> Option<Vec<&str>> {
        match &self.reach {
            Reach::Everyone => None,
            Reach::Agencies(codes) => Some(codes.iter().map(AgencyCode::as_str).collect()),
            Reach::Own(_) | Reach::Subordinates(_) | Reach::Assigned(_) => Some(Vec::new()),
        }
    }

    /// The account that rows are assigned to.
    pub const fn account(&self) -> Option<AccountId> {
        match &self.reach {
            Reach::Assigned(account) => Some(*account),
            Reach::Own(_) | Reach::Subordinates(_) | Reach::Agencies(_) | Reach::Everyone => None,
        }
    }

    /// The person that an own or subordinate reach starts from.
    pub const fn person(&self) -> Option<EmployeeId> {
        match &self.reach {
            Reach::Own(employee) | Reach::Subordinates(employee) => Some(*employee),
            Reach::Agencies(_) | Reach::Assigned(_) | Reach::Everyone => None,
        }
    }
}

/// What the call is about, as far as the address tells before anything is loaded.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// Nothing in particular: the reach narrows the rows.
    Any,
    /// One agency, named in the address.
    Agency(&'a AgencyCode),
}

/// Why not.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Denied {
    /// None of the actor's roles may do this at all (403).
    #[error("no role held allows this")]
    Forbidden,
    /// A role may, but not here; the actor may not learn whether it exists (404).
    #[error("not within reach")]
    Hidden,
}

/// How far a role carries an action, before the person and agencies of the actor are filled in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Extent {
    Own,
    Subordinates,
    OwnAgencies,
    Assigned,
    /// What the actor is told: as a person where the account is one's, else by account.
    Told,
    Everyone,
}

/// The table. Roles that are not named for an action may not do it.
#[expect(
    clippy::match_same_arms,
    clippy::too_many_lines,
    reason = "a table: a subject keeps its own line, whoever else may do as much"
)]
const fn allowed(action: Action) -> &'static [(Role, Extent)] {
    use Extent::{Assigned, Everyone, Own, OwnAgencies, Subordinates, Told};
    use Role::{
        Administrator, AgencyHead, AgencyOperator, BkdAuditor, BkdHead, BkdOfficer, DataProtectionOfficer, Employee,
        LeaveOfficer, Signer, Superior,
    };
    match action {
        Action::ReadOwn | Action::SubmitCheckIn | Action::WriteOwn => &[(Employee, Own)],
        Action::ReadNotice => &[
            (Employee, Told),
            (Superior, Told),
            (AgencyOperator, Told),
            (AgencyHead, Told),
            (LeaveOfficer, Told),
            (Signer, Told),
            (BkdOfficer, Told),
            (BkdHead, Told),
            (BkdAuditor, Told),
            (DataProtectionOfficer, Told),
            (Administrator, Told),
        ],
        Action::ReadHistory => &[(AgencyOperator, OwnAgencies), (AgencyHead, OwnAgencies)],
        Action::ReadAgency => &[
            (AgencyOperator, OwnAgencies),
            (AgencyHead, OwnAgencies),
            (BkdOfficer, Everyone),
            (BkdHead, Everyone),
            (BkdAuditor, Everyone),
            (Administrator, Everyone),
        ],
        Action::WriteAgency => &[(BkdOfficer, Everyone), (Administrator, Everyone)],
        Action::GrantRole => &[(Administrator, Everyone)],
        Action::ReadStaff => &[
            (AgencyOperator, OwnAgencies),
            (AgencyHead, OwnAgencies),
            (BkdOfficer, Everyone),
            (BkdHead, Everyone),
        ],
        Action::WriteStaff => &[(AgencyOperator, OwnAgencies)],
        Action::TransferStaff => &[(BkdOfficer, Everyone)],
        Action::ReadRoster => &[
            (AgencyOperator, OwnAgencies),
            (AgencyHead, OwnAgencies),
            (BkdOfficer, Everyone),
            (BkdHead, Everyone),
        ],
        Action::WriteRoster => &[(AgencyOperator, OwnAgencies)],
        Action::SubmitRoster => &[(AgencyHead, OwnAgencies)],
        Action::DecideRoster => &[(BkdOfficer, Everyone)],
        Action::PublishRoster => &[(AgencyOperator, OwnAgencies), (AgencyHead, OwnAgencies)],
        Action::ReadHomes | Action::VerifyHome => &[(AgencyOperator, OwnAgencies)],
        Action::ReadRules => &[
            (Employee, Everyone),
            (AgencyOperator, Everyone),
            (AgencyHead, Everyone),
            (BkdOfficer, Everyone),
            (BkdHead, Everyone),
            (BkdAuditor, Everyone),
            (Administrator, Everyone),
        ],
        Action::WriteRules => &[(BkdOfficer, Everyone), (BkdHead, Everyone)],
        Action::WriteOutlines => &[(BkdOfficer, Everyone), (BkdHead, Everyone), (Administrator, Everyone)],
        Action::ReviewActivity | Action::HandOverNotice => &[(Superior, Subordinates)],
        Action::CheckLeave => &[(LeaveOfficer, OwnAgencies)],
        Action::ReadLeaveRules => &[
            (Employee, Everyone),
            (AgencyOperator, Everyone),
            (AgencyHead, Everyone),
            (LeaveOfficer, Everyone),
            (Signer, Everyone),
            (BkdOfficer, Everyone),
            (BkdHead, Everyone),
            (BkdAuditor, Everyone),
            (Administrator, Everyone),
        ],
        Action::WriteLeaveBalance => &[(AgencyOperator, OwnAgencies), (LeaveOfficer, OwnAgencies)],
        Action::ConsiderLeave => &[(Superior, Subordinates)],
        Action::DecideLeave => &[(AgencyHead, OwnAgencies), (BkdHead, Everyone), (Signer, Everyone)],
        Action::ReadLetter => &[
            (LeaveOfficer, OwnAgencies),
            (AgencyHead, OwnAgencies),
            (BkdHead, Everyone),
            (Signer, Everyone),
        ],
        Action::ReadTravel => &[
            (Superior, Subordinates),
            (AgencyOperator, OwnAgencies),
            (AgencyHead, OwnAgencies),
            (BkdHead, Everyone),
            (Signer, Everyone),
        ],
        Action::DecideTravel => &[(Superior, Subordinates), (AgencyHead, OwnAgencies), (BkdHead, Everyone)],
        Action::ExceptTravel => &[(AgencyHead, OwnAgencies), (BkdHead, Everyone), (Signer, Everyone)],
        Action::ReadBatch => &[
            (AgencyOperator, OwnAgencies),
            (AgencyHead, OwnAgencies),
            (BkdOfficer, Everyone),
            (BkdHead, Everyone),
            (BkdAuditor, Everyone),
        ],
        Action::ReadBatchRows => &[
            (AgencyOperator, OwnAgencies),
            (AgencyHead, OwnAgencies),
            (BkdOfficer, Everyone),
            (BkdHead, Everyone),
        ],
        Action::SealBatch => &[(AgencyOperator, OwnAgencies), (AgencyHead, OwnAgencies)],
        Action::DecideBatch => &[(BkdOfficer, Everyone)],
        Action::ReadWitness => &[
            (BkdOfficer, Everyone),
            (BkdHead, Everyone),
            (BkdAuditor, Everyone),
            (Administrator, Everyone),
        ],
        Action::WriteWitness => &[(BkdHead, Everyone), (Administrator, Everyone)],
        Action::SendDispatch => &[(AgencyOperator, OwnAgencies), (BkdOfficer, Everyone)],
        Action::ReadAudit => &[(BkdOfficer, Everyone), (BkdHead, Everyone), (BkdAuditor, Everyone)],
        Action::RunAudit => &[(BkdOfficer, Everyone), (BkdHead, Everyone)],
        Action::ListCases => &[(BkdOfficer, Everyone), (BkdHead, Everyone), (BkdAuditor, Assigned)],
        Action::ReadRecap => &[
            (AgencyOperator, OwnAgencies),
            (AgencyHead, OwnAgencies),
            (BkdOfficer, Everyone),
            (BkdHead, Everyone),
        ],
        Action::CloseRecap => &[(AgencyOperator, OwnAgencies), (AgencyHead, OwnAgencies)],
        Action::ReadCorrections => &[(Superior, Subordinates), (AgencyOperator, OwnAgencies)],
        Action::ConsiderCorrection => &[(Superior, Subordinates)],
        Action::DecideCorrection => &[(AgencyOperator, OwnAgencies)],
        Action::ReviewCase => &[(BkdAuditor, Assigned)],
        Action::DecideObjection => &[(BkdHead, Everyone)],
        Action::ReadCase | Action::DecideCase => &[(BkdAuditor, Assigned), (BkdHead, Everyone)],
    }
}

/// Decides whether the actor may do this, and how far. The widest reach among the roles held counts.
pub fn may(actor: &Actor, action: Action, target: Target<'_>) -> Result<Scope, Denied> {
    let mut agencies: Vec<AgencyCode> = Vec::new();
    let mut narrow: Option<Reach> = None;
    for grant in &actor.grants {
        let Some((_, extent)) = allowed(action).iter().find(|(role, _)| *role == grant.role) else {
            continue;
        };
        match extent {
            Extent::Everyone => {
                return Ok(Scope {
                    action,
                    reach: Reach::Everyone,
                });
            }
            Extent::OwnAgencies => agencies.extend(grant.agency.clone()),
            Extent::Assigned => narrow = narrow.or(Some(Reach::Assigned(actor.account))),
            Extent::Told => narrow = Some(actor.employee.map_or(Reach::Assigned(actor.account), Reach::Own)),
            Extent::Own => narrow = actor.employee.map(Reach::Own).or(narrow),
            Extent::Subordinates => narrow = actor.employee.map(Reach::Subordinates).or(narrow),
        }
    }
    if !agencies.is_empty() {
        return match target {
            Target::Agency(code) if !agencies.contains(code) => Err(Denied::Hidden),
            Target::Agency(code) => Ok(Scope {
                action,
                reach: Reach::Agencies(vec![code.clone()]),
            }),
            Target::Any => Ok(Scope {
                action,
                reach: Reach::Agencies(agencies),
            }),
        };
    }
    match (narrow, target) {
        (Some(reach), Target::Any) => Ok(Scope { action, reach }),
        (Some(_), Target::Agency(_)) => Err(Denied::Hidden),
        (None, _) => Err(Denied::Forbidden),
    }
}

#[cfg(test)]
#[path = "access_tests.rs"]
mod tests;

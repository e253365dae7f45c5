//! The roles that people hold in the service, and what a grant of one is bound to.

use crate::domain::agency_code::AgencyCode;
use serde::{Deserialize, Serialize};

/// What a person may be to the service. One person may hold several.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works for an agency; every account of an employee holds it.
    Employee,
    /// Heads a unit; derived from the unit tree at sign-in.
    Superior,
    /// Runs an agency's staff, rosters and batches.
    AgencyOperator,
    /// Heads an agency and approves its batches.
    AgencyHead,
    /// Handles leave, and alone sees its reasons.
    LeaveOfficer,
    /// Signs letters.
    Signer,
    /// Runs BKD's side: agencies, circulars, batches.
    BkdOfficer,
    /// Heads BKD.
    BkdHead,
    /// Verifies the sampled records assigned to them.
    BkdAuditor,
    /// Answers for the protection of personal data.
    DataProtectionOfficer,
    /// Sets the service up; sees no personal rows.
    Administrator,
}

impl Role {
    /// Every role, in the order of the documentation.
    pub const ALL: [Self; 11] = [
        Self::Employee,
        Self::Superior,
        Self::AgencyOperator,
        Self::AgencyHead,
        Self::LeaveOfficer,
        Self::Signer,
        Self::BkdOfficer,
        Self::BkdHead,
        Self::BkdAuditor,
        Self::DataProtectionOfficer,
        Self::Administrator,
    ];

    /// The spelling in columns, tokens and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Employee => "employee",
            Self::Superior => "superior",
            Self::AgencyOperator => "agency_operator",
            Self::AgencyHead => "agency_head",
            Self::LeaveOfficer => "leave_officer",
            Self::Signer => "signer",
            Self::BkdOfficer => "bkd_officer",
            Self::BkdHead => "bkd_head",
            Self::BkdAuditor => "bkd_auditor",
            Self::DataProtectionOfficer => "data_protection_officer",
            Self::Administrator => "administrator",
        }
    }

    /// The inverse of [`Role::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether a grant of this role must name the agency that it is for.
    pub const fn is_bound_to_agency(self) -> bool {
        match self {
            Self::AgencyOperator | Self::AgencyHead | Self::LeaveOfficer => true,
            Self::Employee
            | Self::Superior
            | Self::Signer
            | Self::BkdOfficer
            | Self::BkdHead
            | Self::BkdAuditor
            | Self::DataProtectionOfficer
            | Self::Administrator => false,
        }
    }
}

/// A role held, for one agency where the role is bound to one.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The agency that it is held for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
}

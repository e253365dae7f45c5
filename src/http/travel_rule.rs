//! What a circular says about travel out of the region, on the wire.

use crate::domain::access::Role;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far travel out of the region is held back.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TravelBanView {
    /// Not without the approver.
    Banned,
    /// By priority and urgency.
    Selective,
}

/// Official travel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TravelView {
    /// Whether travel out of the region is banned, or held to what is urgent.
    outside_region: TravelBanView,
    /// Who may let someone travel all the same, as the circular words it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200)]
    exception_approver: Option<String>,
    /// The role that this is in the service; without one nobody can except here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^(agency_head|bkd_head|signer)$")]
    exception_role: Option<Role>,
}

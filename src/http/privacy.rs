//! How long data is kept and whom to ask, on the wire: for everybody, signed in or not.

use crate::app::App;
use crate::app::privacy::DataProtectionContact;
use crate::http::problem::ProblemView;
use actix_web::get;
use actix_web::web::{Data, Json};
use serde::Serialize;
use utoipa::ToSchema;

/// What everybody may know about the keeping of personal data.
#[derive(Debug, Serialize, ToSchema)]
pub struct PrivacyView {
    /// Days after the end of a month for which its raw positions are kept; a month with an open case waits for it.
    position_retention_days: u16,
    /// Years after their month for which shares are kept, without their positions.
    share_retention_years: u16,
    /// How the data protection officer is reached; absent where the service was given no contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    data_protection_contact: Option<String>,
}

/// Tells how long positions and shares are kept and how the data protection officer is reached. Nobody needs to sign in.
#[utoipa::path(operation_id = "read_privacy", tag = "own data", security(()), responses(
    (status = 200, body = PrivacyView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/privacy")]
pub(crate) async fn read(app: Data<App>, contact: Data<DataProtectionContact>) -> Json<PrivacyView> {
    let retention = app.retention();
    Json(PrivacyView {
        position_retention_days: retention.position_days(),
        share_retention_years: retention.share_years(),
        data_protection_contact: contact.text().map(str::to_owned),
    })
}

//! Who looked at one's own data.

use crate::app::App;
use crate::app::disclosure::Access;
use crate::domain::access::Action;
use crate::domain::ids::AuditEventId;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::get;
use actix_web::web::{Data, Json};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccessQuery {
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One look at the caller's data.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessView {
    /// Its id.
    id: Uuid,
    /// When, RFC 3339.
    #[schema(format = DateTime)]
    at: String,
    /// Who looked.
    by: String,
    /// What for.
    purpose: String,
    /// What was looked at, as `kind/id`.
    subject: String,
    /// Which fields were shown.
    fields: Vec<String>,
}

impl From<Access> for AccessView {
    fn from(access: Access) -> Self {
        let row = access.row;
        Self {
            id: row.id.uuid(),
            at: row.at.to_string(),
            by: access.by,
            purpose: row.purpose,
            subject: row.subject,
            fields: row.fields.split(',').map(str::to_owned).collect(),
        }
    }
}

/// Lists who looked at the caller's own data, when, what for and at which fields; newest first.
#[utoipa::path(operation_id = "list_my_accesses", tag = "own data", params(AccessQuery), responses(
    (status = 200, body = Page<AccessView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/accesses")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Query<AccessQuery>,
) -> Result<Json<Page<AccessView>>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let limit = page::limit(query.limit)?;
    let after = page::decode::<AuditEventId>(query.cursor.as_deref())?;
    let rows = call::run(&app, move |app| app.list_accesses(&scope, after, limit)).await?;
    Ok(Json(Page::new(rows, limit, |access| access.row.id, AccessView::from)))
}

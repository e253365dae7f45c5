//! The tickets of a draw, for everybody who watches it: units without names, in the order in which they were drawn.

use crate::app::App;
use crate::app::audit::draw::Ticket;
use crate::domain::access::Action;
use crate::domain::ids::AuditId;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TicketQuery {
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A drawn unit with its ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketView {
    /// The stratum that it was drawn in.
    stratum: String,
    /// Its place in the draw of its stratum, from 1.
    draw_order: i32,
    /// The unit, as in the population.
    unit: String,
    /// Its ticket number in full; the smallest are drawn.
    ticket: String,
}

impl From<Ticket> for TicketView {
    fn from(ticket: Ticket) -> Self {
        Self {
            stratum: ticket.stratum,
            draw_order: ticket.draw_order,
            unit: ticket.unit,
            ticket: ticket.number,
        }
    }
}

/// Lists what was drawn with the tickets, stratum by stratum in the order of the draw; empty before the draw.
///
/// It is what anyone computes from the population and the seed: no names, no outcome, nobody whom a case was given to.
#[utoipa::path(operation_id = "list_tickets", tag = "audits", params(
    ("id" = Uuid, Path, description = "The audit"), TicketQuery,
), responses(
    (status = 200, body = Page<TicketView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/audits/{id}/tickets")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    query: Query<TicketQuery>,
) -> Result<Json<Page<TicketView>>, Problem> {
    let scope = caller.may(Action::ReadAudit)?;
    let limit = page::limit(query.limit)?;
    let after = page::decode::<usize>(query.cursor.as_deref())?.unwrap_or(0);
    let id = AuditId::new(path.into_inner());
    let rows = call::run(&app, move |app| app.list_tickets(&scope, id, after, limit)).await?;
    Ok(Json(Page::new(
        rows,
        limit,
        |(place, _)| *place,
        |(_, ticket)| ticket.into(),
    )))
}

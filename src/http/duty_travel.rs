//! Journeys on duty on the wire: as their travellers ask for them, and as everybody who may reads them.

use crate::app::App;
use crate::app::duty_travel::Decision;
use crate::app::duty_travel::SeenTravel;
use crate::app::duty_travel::request::NewTravel;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::duty_travel::ban::Exception;
use crate::domain::duty_travel::ban::Restriction;
use crate::domain::duty_travel::period::TravelPeriod;
use crate::domain::duty_travel::state::TravelState;
use crate::domain::duty_travel::state::phase;
use crate::domain::half::DayPart;
use crate::domain::ids::DutyTravelId;
use crate::domain::instant::Zone;
use crate::domain::leave::request::Period;
use crate::http::activity::states;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::circular_rule::ZoneView;
use crate::http::day::DayPartView;
use crate::http::day::DestinationView;
use crate::http::field;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A journey on duty.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateDutyTravelBody {
    /// A UUIDv7 made by the client; the same id with the same fields may be sent again.
    #[garde(skip)]
    id: Uuid,
    /// Kemendagri code of the province, regency, district or village that it leads to.
    #[garde(length(min = 2, max = 13))]
    #[schema(
        min_length = 2,
        max_length = 13,
        pattern = "^[0-9]{2}(\\.[0-9]{2}(\\.[0-9]{2}(\\.[0-9]{4})?)?)?$"
    )]
    destination_code: String,
    /// First day.
    #[garde(skip)]
    from: NaiveDate,
    /// Last day; at most 92 days in all.
    #[garde(skip)]
    to: NaiveDate,
    /// Which part of the first day: all of it unless said. Of a longer journey `all` or `afternoon`.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = DayPartView)]
    from_slots: DayPart,
    /// Which part of the last day: all of it unless said, of a single day as `from_slots`. Of a longer journey `all` or
    /// `morning`.
    #[garde(skip)]
    #[schema(value_type = Option<DayPartView>)]
    to_slots: Option<DayPart>,
    /// What for.
    #[garde(length(chars, min = 3, max = 1_000))]
    #[schema(min_length = 3, max_length = 1_000)]
    purpose: String,
    /// What it rests on, such as an invitation by number.
    #[garde(inner(length(chars, max = 500)))]
    #[schema(max_length = 500)]
    basis: Option<String>,
    /// Whether a virtual meeting was thought of instead.
    #[garde(skip)]
    #[serde(default)]
    virtual_alternative_considered: bool,
    /// The number of the assignment letter (surat tugas), if there is one already.
    #[garde(inner(length(chars, max = 100)))]
    #[schema(max_length = 100)]
    letter_number: Option<String>,
    /// The number of the travel order (SPPD).
    #[garde(inner(length(chars, max = 100)))]
    #[schema(max_length = 100)]
    travel_order_number: Option<String>,
    /// Hand it in at once; otherwise it stays a draft.
    #[garde(skip)]
    #[serde(default)]
    submit: bool,
}

impl CreateDutyTravelBody {
    fn parse(self) -> Result<NewTravel, Error> {
        if self.id.get_version_num() != 7 {
            return Err(Error::field(
                "id",
                "not_version_7",
                "Id harus UUID versi 7.",
                "The id must be a UUID of version 7.",
            ));
        }
        let usual_last = if self.from == self.to {
            self.from_slots
        } else {
            DayPart::All
        };
        Ok(NewTravel {
            id: DutyTravelId::new(self.id),
            destination_code: self.destination_code,
            period: TravelPeriod {
                period: Period {
                    first: self.from,
                    last: self.to,
                },
                first_slots: self.from_slots,
                last_slots: self.to_slots.unwrap_or(usual_last),
            },
            purpose: field::text("purpose", &self.purpose, 3, 1_000)?,
            basis: field::optional_text("basis", self.basis.as_deref(), 500)?,
            virtual_alternative_considered: self.virtual_alternative_considered,
            letter_number: field::optional_text("letter_number", self.letter_number.as_deref(), 100)?,
            travel_order_number: field::optional_text("travel_order_number", self.travel_order_number.as_deref(), 100)?,
            is_submitted: self.submit,
        })
    }
}

/// A circular that speaks about a journey out of the region.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TravelRestrictionView {
    /// The circular.
    circular_id: Uuid,
    /// Its number.
    circular_number: String,
    /// Whether it bans the journey; else it holds it to what is urgent, which whoever decides has to judge.
    is_ban: bool,
    /// Who may let it pass all the same, as the circular words it.
    #[serde(skip_serializing_if = "Option::is_none")]
    approver: Option<String>,
    /// The role that this is in the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    /// That it was let pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<TravelExceptionView>,
}

/// That the named approver lets a journey pass.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TravelExceptionView {
    /// Why.
    reason: String,
    /// Who, as called then.
    by: String,
    /// Their post.
    position: String,
    /// When, RFC 3339.
    #[schema(format = DateTime)]
    at: String,
}

impl From<&Exception> for TravelExceptionView {
    fn from(exception: &Exception) -> Self {
        Self {
            reason: exception.reason.clone(),
            by: exception.by.name.clone(),
            position: exception.by.position.clone(),
            at: exception.at.to_string(),
        }
    }
}

/// Who approved or refused a journey.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TravelDecisionView {
    /// Whether it was approved.
    is_approved: bool,
    /// What they wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Who, as called then.
    by: String,
    /// Their post.
    position: String,
    /// When, RFC 3339.
    #[schema(format = DateTime)]
    at: String,
}

impl From<Decision> for TravelDecisionView {
    fn from(decision: Decision) -> Self {
        Self {
            is_approved: decision.is_approved,
            note: decision.note,
            by: decision.by.name,
            position: decision.by.position,
            at: decision.at.to_string(),
        }
    }
}

/// A journey on duty.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DutyTravelView {
    /// Its id.
    id: Uuid,
    /// Whose it is.
    employee_id: Uuid,
    /// The traveller's name with titles.
    name: String,
    /// The agency's code.
    agency: String,
    /// Where it leads.
    destination: DestinationView,
    /// The zone by whose clock its days are judged.
    #[schema(value_type = ZoneView)]
    zone: Zone,
    /// Whether it leads out of the region of the agency.
    is_outside_region: bool,
    /// First day.
    from: NaiveDate,
    /// Last day; of a journey that was called off under way the last one made.
    to: NaiveDate,
    /// Which part of the first day.
    #[schema(value_type = DayPartView)]
    from_slots: DayPart,
    /// Which part of the last day.
    #[schema(value_type = DayPartView)]
    to_slots: DayPart,
    /// What for.
    purpose: String,
    /// What it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<String>,
    /// Whether a virtual meeting was thought of instead.
    virtual_alternative_considered: bool,
    /// The number of the assignment letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    letter_number: Option<String>,
    /// The number of the travel order.
    #[serde(skip_serializing_if = "Option::is_none")]
    travel_order_number: Option<String>,
    /// `draft`, `submitted`, `approved`, `refused`, `ongoing`, `reported`, `closed` or `cancelled`.
    state: &'static str,
    /// The circulars that speak about it, as they stood when it was last looked at.
    restrictions: Vec<TravelRestrictionView>,
    /// Who approved or refused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<TravelDecisionView>,
    /// What the traveller told afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<String>,
    /// Why it was called off.
    #[serde(skip_serializing_if = "Option::is_none")]
    end_reason: Option<String>,
    /// When it was made, RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it last changed, RFC 3339.
    #[schema(format = DateTime)]
    updated_at: String,
    /// Rises with every change.
    version: i32,
}

impl From<SeenTravel> for DutyTravelView {
    fn from(seen: SeenTravel) -> Self {
        let (row, exceptions) = (seen.row, seen.exceptions);
        let restriction = |told: Restriction| TravelRestrictionView {
            exception: exceptions
                .iter()
                .find(|exception| exception.circular_id == told.circular_id)
                .map(TravelExceptionView::from),
            circular_id: told.circular_id.uuid(),
            circular_number: told.circular_number,
            is_ban: told.is_ban,
            approver: told.approver,
            role: told.role.map(Role::code),
        };
        Self {
            id: row.id.uuid(),
            employee_id: row.employee_id.uuid(),
            name: seen.name,
            agency: row.agency_code,
            destination: DestinationView::from(&seen.destination),
            zone: seen.destination.zone,
            is_outside_region: row.is_outside_region,
            from: row.first_day,
            to: row.last_day,
            from_slots: row.first_slots,
            to_slots: row.last_slots,
            purpose: row.purpose,
            basis: row.basis,
            virtual_alternative_considered: row.virtual_alternative_considered,
            letter_number: row.letter_number,
            travel_order_number: row.travel_order_number,
            state: phase(row.state, row.first_day, seen.today),
            restrictions: seen.restrictions.into_iter().map(restriction).collect(),
            decision: seen.decision.map(TravelDecisionView::from),
            report: row.report,
            end_reason: row.end_reason,
            created_at: row.created_at.to_string(),
            updated_at: row.updated_at.to_string(),
            version: row.version,
        }
    }
}

/// Which journeys.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DutyTravelQuery {
    /// States, separated by commas: `submitted,approved`.
    #[param(pattern = "^[a-z_]+(,[a-z_]+)*$", max_length = 200)]
    state: Option<String>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl DutyTravelQuery {
    fn parse(&self) -> Result<(Vec<TravelState>, Option<DutyTravelId>, u32), Error> {
        Ok((
            states(self.state.as_deref(), TravelState::from_code)?,
            page::decode(self.cursor.as_deref())?,
            page::limit(self.limit)?,
        ))
    }
}

/// The permission over one's own rows and the one over others', at least one of both.
pub(crate) fn own_or_others(
    caller: &Caller,
    own: Action,
    others: Action,
) -> Result<(Option<Scope>, Option<Scope>), Problem> {
    match (caller.may(own), caller.may(others)) {
        (Err(refused), Err(_)) => Err(refused),
        (own, others) => Ok((own.ok(), others.ok())),
    }
}

/// Asks for a journey. What the rules do not allow is told by its field; a draft only needs a known region and sound dates.
///
/// A circular that bans travel out of the region refuses it by its number where nobody may except; where somebody may, it
/// is taken and waits for them.
#[utoipa::path(operation_id = "create_duty_travel", tag = "duty travel", request_body = CreateDutyTravelBody, responses(
    (status = 201, body = DutyTravelView),
    (status = 200, body = DutyTravelView, description = "The same journey was sent before; as it stands now"),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/duty-travels")]
pub(crate) async fn create(app: Data<App>, caller: Caller, body: Body) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::WriteOwn)?;
    let body: CreateDutyTravelBody = body.json(&scope).await?;
    let new = body.parse()?;
    let (seen, is_new) = call::run(&app, move |app| app.create_travel(&caller.context, &scope, &new)).await?;
    let mut response = if is_new {
        HttpResponse::Created()
    } else {
        HttpResponse::Ok()
    };
    Ok(response.json(DutyTravelView::from(seen)))
}

/// Lists one's own journeys, newest first.
#[utoipa::path(operation_id = "list_my_duty_travels", tag = "duty travel", params(DutyTravelQuery), responses(
    (status = 200, body = Page<DutyTravelView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/duty-travels")]
pub(crate) async fn list_own(
    app: Data<App>,
    caller: Caller,
    query: Result<Query<DutyTravelQuery>, Problem>,
) -> Result<Json<Page<DutyTravelView>>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let (states, before, limit) = query?.parse()?;
    let rows = call::run(&app, move |app| {
        app.own_travels(&caller.context, &scope, &states, before, limit)
    })
    .await?;
    Ok(Json(Page::new(rows, limit, |seen| seen.row.id, DutyTravelView::from)))
}

/// Lists the journeys of one's team or agencies that wait for a decision; with `state`, those in these states.
#[utoipa::path(operation_id = "list_duty_travels", tag = "duty travel", params(DutyTravelQuery), responses(
    (status = 200, body = Page<DutyTravelView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/duty-travels")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    query: Result<Query<DutyTravelQuery>, Problem>,
) -> Result<Json<Page<DutyTravelView>>, Problem> {
    let scope = caller.may(Action::ReadTravel)?;
    let (states, after, limit) = query?.parse()?;
    let rows = call::run(&app, move |app| {
        app.travels(&caller.context, &scope, &states, after, limit)
    })
    .await?;
    Ok(Json(Page::new(rows, limit, |seen| seen.row.id, DutyTravelView::from)))
}

/// Reads a journey: one's own, or one within reach.
#[utoipa::path(operation_id = "read_duty_travel", tag = "duty travel", params(
    ("id" = Uuid, Path, description = "The journey"),
), responses(
    (status = 200, body = DutyTravelView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/duty-travels/{id}")]
pub(crate) async fn read(app: Data<App>, caller: Caller, path: Path<Uuid>) -> Result<Json<DutyTravelView>, Problem> {
    let (own, others) = own_or_others(&caller, Action::ReadOwn, Action::ReadTravel)?;
    let id = DutyTravelId::new(path.into_inner());
    let seen = call::run(&app, move |app| {
        app.readable_travel(&caller.context, own.as_ref(), others.as_ref(), id)
    })
    .await?;
    Ok(Json(seen.into()))
}

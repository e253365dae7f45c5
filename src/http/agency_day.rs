//! The day of an agency on the wire.

use crate::app::App;
use crate::app::agency_day::AgencyDay;
use crate::app::agency_day::Behind;
use crate::app::agency_day::PersonBehind;
use crate::app::agency_day::SlotCounts;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::day::SlotState;
use crate::domain::day::SlotTime;
use crate::domain::flag::Flag;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Zone;
use crate::domain::person_name::titled;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkMode;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::circular_rule::SlotView;
use crate::http::circular_rule::ZoneView;
use crate::http::day::AgencyNameView;
use crate::http::day::DayQuery;
use crate::http::day::SlotStateView;
use crate::http::day::reason_parts;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::roster::WorkModeView;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Where a slot stands in time.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SlotTimeView {
    /// Not open yet.
    Ahead,
    /// Open, grace included.
    Running,
    /// Closed, grace included.
    Over,
}

/// The numbers of one slot. Everybody is in exactly one of `received`, `awaited`, `missed`, `excused` and `not_required`.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotCountsView {
    /// Which slot.
    #[schema(value_type = SlotView)]
    slot: &'static str,
    /// When its window opens.
    #[schema(format = DateTime)]
    opens_at: String,
    /// When its window closes.
    #[schema(format = DateTime)]
    closes_at: String,
    /// When the agency's report of it is due at BKD, where the circular says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    report_due_at: Option<String>,
    /// Where it stands now.
    #[schema(value_type = SlotTimeView)]
    time: SlotTimeView,
    /// People who are asked to share, whether they have or not.
    expected: i64,
    /// People whose slot has a share, asked or not.
    received: i64,
    /// Of those, people who were not asked.
    unasked: i64,
    /// People who are asked, have not shared, and still can.
    awaited: i64,
    /// People who were asked and have not shared.
    missed: i64,
    /// People without a share who are on leave, ill or at a training.
    excused: i64,
    /// People without a share of whom none is asked.
    not_required: i64,
    /// Shares inside the fence.
    inside: i64,
    /// Shares inside it, but for their accuracy.
    probable: i64,
    /// Shares that may be inside it.
    uncertain: i64,
    /// Shares of people without a verified home or site.
    unverifiable: i64,
    /// Shares too coarse to tell.
    unusable: i64,
    /// Shares outside it: to be explained.
    outside: i64,
}

/// A circular in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct CitationView {
    /// Its id.
    id: Uuid,
    /// Its number.
    number: String,
}

/// The day of an agency.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgencyDayView {
    /// Whose.
    agency: AgencyNameView,
    /// The date.
    date: NaiveDate,
    /// The zone in which the date and the windows are meant.
    #[schema(value_type = ZoneView)]
    zone: Zone,
    /// Whether people work who are not called in.
    is_work_day: bool,
    /// `weekend`, `holiday`, `joint_leave`, `not_scheduled` or `own_schedule` on other days.
    #[serde(skip_serializing_if = "Option::is_none")]
    day_off: Option<&'static str>,
    /// The circulars in force, the most deciding first.
    circulars: Vec<CitationView>,
    /// Everybody on the staff.
    staff: i64,
    /// How many of them are in which mode.
    modes: BTreeMap<&'static str, i64>,
    /// In the order of the day.
    slots: Vec<SlotCountsView>,
}

impl From<AgencyDay> for AgencyDayView {
    fn from(day: AgencyDay) -> Self {
        let zone = day.agency.zone;
        let cite = |citation: &crate::domain::circular::in_force::Citation| CitationView {
            id: citation.id.uuid(),
            number: citation.number.to_string(),
        };
        Self {
            is_work_day: day.day_off.is_none(),
            day_off: day.day_off.as_ref().map(|reason| reason_parts(reason).0),
            circulars: day.held.rules.in_force.iter().map(cite).collect(),
            staff: day.staff,
            modes: day
                .modes
                .into_iter()
                .map(|(mode, count)| (mode.code(), count))
                .collect(),
            slots: day
                .slots
                .iter()
                .map(|slot| SlotCountsView::new(slot, zone, day.date))
                .collect(),
            agency: AgencyNameView {
                code: day.agency.code,
                name: day.agency.name,
            },
            date: day.date,
            zone,
        }
    }
}

impl SlotCountsView {
    fn new(counts: &SlotCounts, zone: Zone, date: NaiveDate) -> Self {
        let at = |place: Place| counts.places.get(&place).copied().unwrap_or(0);
        let due = counts.rule.report_due_minute;
        let (opens_at, closes_at) = counts.window;
        Self {
            slot: counts.rule.slot.code(),
            opens_at: zone.rfc3339(opens_at),
            closes_at: zone.rfc3339(closes_at),
            report_due_at: due.map(|minute| {
                let midnight = zone.at_minute(date, 0);
                zone.rfc3339(midnight.plus(Duration::minutes(i64::from(minute))))
            }),
            time: match counts.time {
                SlotTime::Ahead => SlotTimeView::Ahead,
                SlotTime::Running => SlotTimeView::Running,
                SlotTime::Over => SlotTimeView::Over,
            },
            expected: counts.expected,
            received: counts.received,
            unasked: counts.unasked,
            awaited: counts.awaited,
            missed: counts.missed,
            excused: counts.excused,
            not_required: counts.not_required,
            inside: at(Place::Inside),
            probable: at(Place::Probable),
            uncertain: at(Place::Uncertain),
            unverifiable: at(Place::Unverifiable),
            unusable: at(Place::Unusable),
            outside: at(Place::Outside),
        }
    }
}

/// The numbers whose people can be listed.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each is the number of that name in the agency's day; `flagged` are those of `received` with a flag"
)]
pub enum BehindView {
    Expected,
    Received,
    Awaited,
    Missed,
    Excused,
    NotRequired,
    Flagged,
    Inside,
    Probable,
    Uncertain,
    Unverifiable,
    Unusable,
    Outside,
}

/// Which people.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeopleQuery {
    /// Today, in the agency's zone, unless given.
    date: Option<NaiveDate>,
    /// The slot.
    #[param(value_type = SlotView)]
    slot: Slot,
    /// The number of the agency's day that these people are behind.
    #[param(inline, value_type = BehindView)]
    state: String,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One person behind a number. Never a position.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonBehindView {
    /// Who.
    employee_id: Uuid,
    /// With titles.
    name: String,
    /// What the unit is called, where one is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// The mode on the date.
    #[schema(value_type = WorkModeView)]
    mode: WorkMode,
    /// How the slot stands.
    #[schema(value_type = SlotStateView)]
    state: SlotState,
    /// Outcome of place, if there is a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'static str>,
    /// Outcome of time, if there is a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<&'static str>,
    /// Capture by the service's clock, if there is a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    captured_at: Option<String>,
    /// What is odd about the share. Flags inform; they decide nothing.
    flags: Vec<&'static str>,
}

impl From<PersonBehind> for PersonBehindView {
    fn from(behind: PersonBehind) -> Self {
        let person = behind.person;
        Self {
            employee_id: person.employee_id.uuid(),
            name: titled(&person.front_title, &person.name, &person.back_title),
            unit: person.unit,
            flags: behind.flags.into_iter().map(Flag::code).collect(),
            mode: behind.mode,
            state: behind.state,
            place: person.result.map(|(place, _, _)| place.code()),
            time: person.result.map(|(_, time, _)| time.code()),
            captured_at: person.result.map(|(_, _, at)| at.to_string()),
        }
    }
}

/// Reads the numbers of an agency's day, slot by slot.
#[utoipa::path(operation_id = "read_agency_day", tag = "the agency's day", params(
    ("code" = String, Path, description = "The agency's code"), DayQuery,
), responses(
    (status = 200, body = AgencyDayView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/day")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    code: Path<String>,
    query: Result<Query<DayQuery>, Problem>,
) -> Result<Json<AgencyDayView>, Problem> {
    let (scope, agency) = caller.may_in(Action::ReadStaff, &code)?;
    let date = query?.date;
    let day = call::run(&app, move |app| app.agency_day(&caller.context, &scope, &agency, date)).await?;
    Ok(Json(day.into()))
}

/// Lists the people behind a number of an agency's day, in the order of their ids.
#[utoipa::path(operation_id = "list_agency_day_people", tag = "the agency's day", params(
    ("code" = String, Path, description = "The agency's code"), PeopleQuery,
), responses(
    (status = 200, body = Page<PersonBehindView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/day/people")]
pub(crate) async fn people(
    app: Data<App>,
    caller: Caller,
    code: Path<String>,
    query: Result<Query<PeopleQuery>, Problem>,
) -> Result<Json<Page<PersonBehindView>>, Problem> {
    let (scope, agency) = caller.may_in(Action::ReadStaff, &code)?;
    let query = query?.into_inner();
    let behind = Behind::from_code(&query.state).ok_or_else(|| {
        let sentence = ("Keadaan ini tidak dikenal.", "Not a number of the agency's day.");
        Problem::from(Error::field("state", "unknown", sentence.0, sentence.1))
    })?;
    let limit = page::limit(query.limit)?;
    let after: Option<EmployeeId> = page::decode(query.cursor.as_deref())?;
    let (date, slot, more) = (query.date, query.slot, limit.saturating_add(1));
    let rows = call::run(&app, move |app| {
        app.people_behind(&caller.context, &scope, &agency, date, slot, behind, after, more)
    })
    .await?;
    let key = |row: &PersonBehind| row.person.employee_id;
    Ok(Json(Page::new(rows, limit, key, PersonBehindView::from)))
}

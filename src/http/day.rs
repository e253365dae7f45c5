//! One's own day on the wire.

use crate::app::App;
use crate::app::day::MyDay;
use crate::app::day::MySlot;
use crate::app::duty::PersonPart;
use crate::domain::access::Action;
use crate::domain::calendar::HolidayKind;
use crate::domain::circular::in_force::Citation;
use crate::domain::circular::mode::ModeReason;
use crate::domain::day::SlotState;
use crate::domain::duty_travel::Destination;
use crate::domain::half::DayPart;
use crate::domain::half::Half;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::language::Language;
use crate::domain::work_mode::WorkMode;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::circular_rule::SlotView;
use crate::http::circular_rule::ZoneView;
use crate::http::day_sentence;
use crate::http::language::Spoken;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::roster::WorkModeView;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DayQuery {
    /// Today, in the zone of the place of duty, unless given.
    pub(crate) date: Option<NaiveDate>,
}

/// How a slot stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SlotStateView {
    /// Its window has not opened yet.
    Expected,
    /// Its window, or its grace, is running.
    Open,
    /// A share fills it.
    Received,
    /// It has passed without a share.
    Missed,
    /// Leave, sickness or training frees the person of it.
    Excused,
    /// The person's mode asks for no share.
    NotRequired,
}

/// Why the mode is what it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModeReasonView {
    /// `assigned`, `exempt`, `circular`, `no_circular`, `weekend`, `holiday`, `joint_leave`, `not_scheduled` or
    /// `own_schedule`.
    kind: &'static str,
    /// The circular that decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    circular_id: Option<Uuid>,
    /// Its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    circular_number: Option<String>,
    /// The numbers of the extensions that carry it past its own last day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    carried_by: Vec<String>,
    /// The same in one sentence.
    message: String,
}

/// The share that represents a slot.
#[derive(Debug, Serialize, ToSchema)]
pub struct RepresentativeView {
    /// The phone's id of it.
    check_in_id: Uuid,
    /// Capture by the service's clock.
    #[schema(format = DateTime)]
    captured_at: String,
    /// `inside`, `probable`, `uncertain`, `unverifiable`, `unusable` or `outside`.
    place: &'static str,
    /// `on_time`, `late` or `backfilled`.
    time: &'static str,
    /// Metres to the place of duty, where there was one to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_metres: Option<i32>,
}

/// One slot.
#[derive(Debug, Serialize, ToSchema)]
pub struct MySlotView {
    /// Which.
    #[schema(value_type = SlotView)]
    slot: &'static str,
    /// How it stands.
    #[schema(value_type = SlotStateView)]
    state: SlotState,
    /// Where one works in it.
    #[schema(value_type = WorkModeView)]
    mode: WorkMode,
    /// When its window opens.
    #[schema(format = DateTime)]
    opens_at: String,
    /// When its window closes.
    #[schema(format = DateTime)]
    closes_at: String,
    /// Minutes after the window in which a share still fills the slot, as late.
    grace_minutes: u16,
    /// The share that represents it.
    #[serde(skip_serializing_if = "Option::is_none")]
    received: Option<RepresentativeView>,
    /// How it stands and what to do, in one or two sentences.
    message: String,
}

/// An agency's code and name.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgencyNameView {
    /// Its code.
    pub(crate) code: String,
    /// Its name.
    pub(crate) name: String,
}

/// Where a journey leads.
#[derive(Debug, Serialize, ToSchema)]
pub struct DestinationView {
    /// Kemendagri code.
    pub(crate) code: String,
    /// Its name with the regions above it.
    pub(crate) name: String,
}

impl From<&Destination> for DestinationView {
    fn from(destination: &Destination) -> Self {
        Self {
            code: destination.code.to_string(),
            name: destination.name(),
        }
    }
}

/// What holds in one part of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayPartModeView {
    /// The zone in which the windows are meant: of the destination on a journey.
    #[schema(value_type = ZoneView)]
    zone: Zone,
    /// Where a journey leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    destination: Option<DestinationView>,
    /// Where one works.
    #[schema(value_type = WorkModeView)]
    mode: WorkMode,
    /// Why.
    reason: ModeReasonView,
}

/// For which part of a day something holds.
///
/// Which slots belong to a half follows from their windows: a slot belongs to the half in which the middle of its window lies; by the usual windows midday belongs to the afternoon.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayPartView {
    /// The whole day.
    All,
    /// Its first half.
    Morning,
    /// Its second half.
    Afternoon,
}

impl DayPartModeView {
    fn new(part: DayPart, held: &PersonPart, language: Language) -> Self {
        let (kind, by, carried_by) = reason_parts(&held.mode.because);
        Self {
            zone: held.zone,
            destination: held.destination.as_ref().map(DestinationView::from),
            mode: held.mode.mode,
            reason: ModeReasonView {
                kind,
                circular_id: by.map(|citation| citation.id.uuid()),
                circular_number: by.map(|citation| citation.number.to_string()),
                carried_by: carried_by.iter().map(|citation| citation.number.to_string()).collect(),
                message: day_sentence::mode(part, held, language),
            },
        }
    }
}

/// One's own day. The registered home is never part of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyDayView {
    /// The date.
    date: NaiveDate,
    /// The agency on that date.
    agency: AgencyNameView,
    /// The part of the day that `zone`, `destination`, `mode` and `reason` are about: `all`, or `morning` where
    /// `afternoon` says what holds in the other half.
    #[schema(value_type = DayPartView)]
    part: DayPart,
    #[serde(flatten)]
    first: DayPartModeView,
    /// What holds in the second half, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    afternoon: Option<DayPartModeView>,
    /// One's own hours of the date, or one's unit's, where a schedule sets them.
    #[serde(skip_serializing_if = "Option::is_none")]
    work_hours: Option<OwnHoursView>,
    /// In the order of the day.
    slots: Vec<MySlotView>,
}

/// The hours of a date by a schedule.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnHoursView {
    /// When work begins.
    #[schema(format = DateTime)]
    starts_at: String,
    /// When work ends; after midnight for a night shift, which belongs to the date on which it begins.
    #[schema(format = DateTime)]
    ends_at: String,
    /// The name of the shift, where the schedule has shifts.
    #[serde(skip_serializing_if = "Option::is_none")]
    shift: Option<String>,
}

impl OwnHoursView {
    fn new(day: &MyDay) -> Option<Self> {
        let own = day.own.as_ref()?;
        let works = day.parts.parts().any(|(_, part)| part.mode.mode.is_working());
        let hours = own.hours.filter(|_| works)?;
        let zone = day.agency.zone;
        let at = |minute| zone.rfc3339(zone.at_minute(day.date, minute));
        Some(Self {
            starts_at: at(hours.starts_minute),
            ends_at: at(hours.ends_minute),
            shift: own.shift.as_ref().map(|shift| shift.name.clone()),
        })
    }
}

/// The code of a reason, and the circulars behind it.
pub(crate) fn reason_parts(reason: &ModeReason) -> (&'static str, Option<&Citation>, &[Citation]) {
    match reason {
        ModeReason::Assigned => ("assigned", None, &[]),
        ModeReason::Exempt(by) => ("exempt", Some(by), &[]),
        ModeReason::Circular { by, carried_by } => ("circular", Some(by), carried_by),
        ModeReason::NoCircular => ("no_circular", None, &[]),
        ModeReason::Weekend => ("weekend", None, &[]),
        ModeReason::Holiday { kind, .. } => match kind {
            HolidayKind::NationalHoliday => ("holiday", None, &[]),
            HolidayKind::JointLeave => ("joint_leave", None, &[]),
        },
        ModeReason::NotScheduled(by) => ("not_scheduled", Some(by), &[]),
        ModeReason::OwnSchedule => ("own_schedule", None, &[]),
    }
}

impl MyDayView {
    fn new(day: &MyDay, now: Instant, language: Language) -> Self {
        let mut parts = day.parts.parts();
        let (part, first) = parts.next().unwrap_or((DayPart::All, day.parts.of(Half::Morning)));
        Self {
            date: day.date,
            agency: AgencyNameView {
                code: day.agency.code.clone(),
                name: day.agency.name.clone(),
            },
            part,
            first: DayPartModeView::new(part, first, language),
            afternoon: parts
                .next()
                .map(|(part, held)| DayPartModeView::new(part, held, language)),
            work_hours: OwnHoursView::new(day),
            slots: day
                .slots
                .iter()
                .map(|slot| MySlotView::new(slot, now, language))
                .collect(),
        }
    }
}

impl MySlotView {
    fn new(slot: &MySlot, now: Instant, language: Language) -> Self {
        let zone = slot.zone;
        Self {
            slot: slot.rule.slot.code(),
            state: slot.state,
            mode: slot.mode,
            opens_at: zone.rfc3339(slot.opens_at),
            closes_at: zone.rfc3339(slot.closes_at),
            grace_minutes: slot.rule.grace_minutes,
            received: slot.received.as_ref().map(|share| RepresentativeView {
                check_in_id: share.id.uuid(),
                captured_at: zone.rfc3339(share.corrected_at),
                place: share.place.code(),
                time: share.time.code(),
                distance_metres: share.distance_metres,
            }),
            message: day_sentence::slot(slot, now, language),
        }
    }
}

/// Reads one's own day: the mode and why, and how each slot stands.
#[utoipa::path(operation_id = "read_my_day", tag = "the employee's day", params(DayQuery), responses(
    (status = 200, body = MyDayView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/day")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    query: Query<DayQuery>,
) -> Result<Json<MyDayView>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let (date, now) = (query.date, caller.context.now);
    let day = call::run(&app, move |app| app.my_day(&caller.context, &scope, date)).await?;
    Ok(Json(MyDayView::new(&day, now, spoken.0)))
}

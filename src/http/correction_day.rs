//! The day that a correction is about, for whoever considers or decides it.

use crate::app::App;
use crate::app::day::MyDay;
use crate::app::day::MySlot;
use crate::domain::access::Action;
use crate::domain::day::SlotState;
use crate::domain::flag::Flag;
use crate::domain::half::Half;
use crate::domain::ids::CorrectionId;
use crate::domain::instant::Zone;
use crate::domain::work_mode::WorkMode;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::circular_rule::SlotView;
use crate::http::circular_rule::ZoneView;
use crate::http::day::SlotStateView;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::roster::WorkModeView;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One slot of the day.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrectionSlotView {
    /// Which.
    #[schema(value_type = SlotView)]
    slot: &'static str,
    /// How it stands.
    #[schema(value_type = SlotStateView)]
    state: SlotState,
    /// When its window opens.
    #[schema(format = DateTime)]
    opens_at: String,
    /// When its window closes.
    #[schema(format = DateTime)]
    closes_at: String,
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

/// The day that a correction is about, as it stands now. Never a position, nor a distance.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrectionDayView {
    /// The date.
    date: NaiveDate,
    /// The zone in which the date begins.
    #[schema(value_type = ZoneView)]
    zone: Zone,
    /// The mode that holds by circulars, roster and approvals.
    #[schema(value_type = WorkModeView)]
    mode: WorkMode,
    /// The mode of the second half, where that has one of its own; `mode` is then of the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<WorkModeView>)]
    afternoon_mode: Option<WorkMode>,
    /// In the order of the day.
    slots: Vec<CorrectionSlotView>,
}

impl From<MyDay> for CorrectionDayView {
    fn from(day: MyDay) -> Self {
        let [first, second] = Half::ALL.map(|half| day.parts.of(half));
        let is_parted = day.parts.all_day().is_none();
        Self {
            date: day.date,
            zone: first.zone,
            mode: first.mode.mode,
            afternoon_mode: is_parted.then_some(second.mode.mode),
            slots: day.slots.iter().map(CorrectionSlotView::new).collect(),
        }
    }
}

impl CorrectionSlotView {
    fn new(slot: &MySlot) -> Self {
        let (zone, share) = (slot.zone, slot.received.as_ref());
        Self {
            slot: slot.rule.slot.code(),
            state: slot.state,
            opens_at: zone.rfc3339(slot.opens_at),
            closes_at: zone.rfc3339(slot.closes_at),
            place: share.map(|share| share.place.code()),
            time: share.map(|share| share.time.code()),
            captured_at: share.map(|share| zone.rfc3339(share.corrected_at)),
            flags: share.map_or_else(Vec::new, |share| {
                share.read_flags().into_iter().map(Flag::code).collect()
            }),
        }
    }
}

/// Reads the day that a correction within reach is about, as it stands now.
#[utoipa::path(operation_id = "read_correction_day", tag = "recaps", params(
    ("id" = Uuid, Path, description = "The correction"),
), responses(
    (status = 200, body = CorrectionDayView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/corrections/{id}/day")]
pub(crate) async fn read(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Json<CorrectionDayView>, Problem> {
    let scope = caller.may(Action::ReadCorrections)?;
    let id = CorrectionId::new(id.into_inner());
    let day = call::run(&app, move |app| app.correction_day(&caller.context, &scope, id)).await?;
    Ok(Json(day.into()))
}

//! What a circular would change, on the wire.

use crate::app::App;
use crate::app::circular_preview::AgencyPreview;
use crate::app::circular_preview::CircularPreview;
use crate::app::circular_preview::DayPreview;
use crate::app::circular_preview::PreviewFilter;
use crate::app::error::Error;
use crate::domain::access::Action;
use crate::domain::access::AgencyCode;
use crate::domain::ids::CircularId;
use crate::domain::language::Language;
use crate::domain::slot::SlotRule;
use crate::domain::work_mode::WorkMode;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::circular_rule::SlotRuleView;
use crate::http::circular_view::ConflictView;
use crate::http::day::AgencyNameView;
use crate::http::language::Spoken;
use crate::http::page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::roster::WorkModeView;
use actix_web::get;
use actix_web::web::{Data, Json, Path};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// Which part of the preview.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PreviewQuery {
    /// First date; the circular's own unless given.
    from: Option<NaiveDate>,
    /// Last date, at most 31 days with the first; the circular's own or the fourteenth, whichever is earlier.
    to: Option<NaiveDate>,
    /// Only the agency with this code.
    agency: Option<String>,
    /// 1 to 200 agencies; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// People who would change from one mode to another.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MoveView {
    /// The mode as things stand.
    #[schema(value_type = WorkModeView)]
    from: WorkMode,
    /// The mode that it would be.
    #[schema(value_type = WorkModeView)]
    to: WorkMode,
    /// How many.
    people: i64,
}

/// One date of one agency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayPreviewView {
    /// The date.
    date: NaiveDate,
    /// Whether anything would be another way.
    is_changed: bool,
    /// Everybody on the staff.
    staff: i64,
    /// How many are in which mode as things stand.
    before: BTreeMap<&'static str, i64>,
    /// How many would be.
    after: BTreeMap<&'static str, i64>,
    /// Who would change.
    moves: Vec<MoveView>,
    /// How many are asked to share as things stand.
    asked_before: i64,
    /// How many would be asked.
    asked_after: i64,
    /// The slots that it would have, where they are others than now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<SlotRuleView>>)]
    slots_after: Option<Vec<SlotRule>>,
    /// The same in one sentence.
    message: String,
}

/// One agency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgencyPreviewView {
    /// The agency.
    agency: AgencyNameView,
    /// In order.
    days: Vec<DayPreviewView>,
}

/// What a circular would change, given the staff, the rosters and the other circulars as they stand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CircularPreviewView {
    /// The first date shown.
    from: NaiveDate,
    /// The last date shown.
    to: NaiveDate,
    /// The agencies of its jurisdiction, by code.
    items: Vec<AgencyPreviewView>,
    /// For the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    /// The circulars that it clashes with.
    conflicts: Vec<ConflictView>,
    /// What it asks for that changes nobody's day by itself: quotas and picket duty take effect through rosters.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

fn modes(counts: &BTreeMap<WorkMode, i64>) -> BTreeMap<&'static str, i64> {
    counts.iter().map(|(mode, count)| (mode.code(), *count)).collect()
}

fn sentence(day: &DayPreview, language: Language) -> String {
    let moves: Vec<String> = day
        .moves
        .iter()
        .map(|((from, to), people)| {
            let (from, to) = (from.word(language), to.word(language));
            match language {
                Language::Indonesian => format!("{people} dari {from} menjadi {to}"),
                Language::English => format!("{people} from {from} to {to}"),
            }
        })
        .collect();
    let (touched, staff, moves) = (day.touched(), day.staff, moves.join(", "));
    let slots = day.slots.0 != day.slots.1;
    match (language, touched > 0, slots) {
        (Language::Indonesian, true, true) => {
            format!("{touched} dari {staff} pegawai berubah ({moves}); jam sesi juga berubah.")
        }
        (Language::Indonesian, true, false) => {
            format!("{touched} dari {staff} pegawai berubah ({moves}); jam sesi tetap.")
        }
        (Language::Indonesian, false, true) => "Cara kerja tetap; hanya jam sesi yang berubah.".to_owned(),
        (Language::Indonesian, false, false) => "Tidak ada yang berubah.".to_owned(),
        (Language::English, true, true) => {
            format!("{touched} of {staff} people change ({moves}); the slots change too.")
        }
        (Language::English, true, false) => {
            format!("{touched} of {staff} people change ({moves}); the slots stay as they are.")
        }
        (Language::English, false, true) => "Modes stay; only the slots change.".to_owned(),
        (Language::English, false, false) => "Nothing changes.".to_owned(),
    }
}

impl DayPreviewView {
    fn new(day: DayPreview, language: Language) -> Self {
        let message = sentence(&day, language);
        Self {
            date: day.date,
            is_changed: day.is_changed(),
            staff: day.staff,
            before: modes(&day.before),
            after: modes(&day.after),
            moves: day
                .moves
                .iter()
                .map(|((from, to), people)| MoveView {
                    from: *from,
                    to: *to,
                    people: *people,
                })
                .collect(),
            asked_before: day.asked.0,
            asked_after: day.asked.1,
            slots_after: (day.slots.0 != day.slots.1).then_some(day.slots.1),
            message,
        }
    }
}

fn view(preview: CircularPreview, limit: usize, language: Language) -> CircularPreviewView {
    let mut agencies: Vec<AgencyPreview> = preview.agencies;
    let is_more = agencies.len() > limit;
    agencies.truncate(limit);
    let last = agencies.last().filter(|_| is_more).map(|last| last.agency.code.clone());
    CircularPreviewView {
        from: preview.from,
        to: preview.to,
        next_cursor: last.map(|code| page::encode(&code)),
        items: agencies
            .into_iter()
            .map(|agency| AgencyPreviewView {
                agency: AgencyNameView {
                    code: agency.agency.code,
                    name: agency.agency.name,
                },
                days: agency
                    .days
                    .into_iter()
                    .map(|day| DayPreviewView::new(day, language))
                    .collect(),
            })
            .collect(),
        conflicts: preview.conflicts.into_iter().map(ConflictView::from).collect(),
        message: preview.needs_rosters.then(|| {
            let (indonesian, english) = (
                "Kuota dan piket dalam surat edaran ini berlaku lewat jadwal kerja: setelah terbit, setiap perangkat daerah \
                 menyusun jadwalnya.",
                "The quotas and picket duty of this circular take effect through rosters: each agency makes its own once it \
                 is issued.",
            );
            language.choose(indonesian, english).to_owned()
        }),
    }
}

/// Shows what a circular would change before it is issued: whom it touches, day by day, against what holds now. Writes
/// nothing.
#[utoipa::path(operation_id = "preview_circular", tag = "rules", params(("id" = Uuid, Path), PreviewQuery), responses(
    (status = 200, body = CircularPreviewView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/circulars/{id}/preview")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    id: Path<CircularId>,
    query: Query<PreviewQuery>,
) -> Result<Json<CircularPreviewView>, Problem> {
    let scope = caller.may(Action::WriteRules)?;
    let query = query.into_inner();
    let limit = page::limit(query.limit)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let unknown = || {
        Error::field(
            "agency",
            "unknown",
            "Perangkat daerah ini tidak dikenal.",
            "There is no such agency.",
        )
    };
    let filter = PreviewFilter {
        from: query.from,
        to: query.to,
        agency: query
            .agency
            .map(|code| AgencyCode::parse(&code).map_err(|_cause| unknown()))
            .transpose()?,
        after: page::decode(query.cursor.as_deref())?,
    };
    let id = id.into_inner();
    let preview = call::run(&app, move |app| {
        app.preview_circular(&scope, id, &filter, limit.saturating_add(1))
    })
    .await?;
    Ok(Json(view(preview, limit, spoken.0)))
}

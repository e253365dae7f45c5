//! One case opened for its auditor: the person, the share and the place of duty. Every look is written down first.

use crate::app::App;
use crate::app::case::look::CaseFile;
use crate::app::case::look::EarlierShare;
use crate::app::case::look::Opened;
use crate::app::case::record::{PointState, Record};
use crate::domain::access::Action;
use crate::domain::batch::distance::DistanceClass;
use crate::domain::case::CaseFinding;
use crate::domain::case::ReviewMethod;
use crate::domain::check_in::DutyFence;
use crate::domain::check_in::TimeOutcome;
use crate::domain::ids::AccountId;
use crate::domain::ids::CaseId;
use crate::domain::language::Language;
use crate::domain::place::Fence;
use crate::domain::place::Place;
use crate::domain::place::Position;
use crate::domain::slot::Slot;
use crate::domain::text;
use crate::domain::work_mode::WorkMode;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::case::CaseView;
use crate::http::case::wrong_text;
use crate::http::language::Spoken;
use crate::http::objection::ObjectionView;
use crate::http::objection::objection_view;
use crate::http::own_case::ReplyView;
use crate::http::own_case::reply_view;
use crate::http::precondition::etag;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::sealed_row::SealedRowView;
use crate::http::sentence;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Why.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LookQuery {
    /// What the look is for, in words, 3 to 200 characters; the person reads it. `case_review` or `case_decision` where
    /// it is absent.
    #[param(min_length = 3, max_length = 200)]
    pub(super) purpose: Option<String>,
}

/// A point.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointView {
    /// Degrees north.
    latitude: f64,
    /// Degrees east.
    longitude: f64,
}

impl From<Position> for PointView {
    fn from(position: Position) -> Self {
        Self {
            latitude: position.latitude(),
            longitude: position.longitude(),
        }
    }
}

/// The person.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubjectView {
    /// With titles.
    name: String,
    /// For a call.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    /// The agency's name.
    agency_name: String,
}

/// The share that represents the slot, as it was judged.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordView {
    /// Its id.
    check_in_id: Uuid,
    /// Capture by the phone's clock; of a row of a batch, by the clock of the agency's instance.
    #[schema(format = DateTime)]
    captured_at: String,
    /// When it was received; no row of a batch says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    received_at: Option<String>,
    /// The mode that it was judged by.
    #[schema(value_type = String)]
    mode: WorkMode,
    /// Outcome of place.
    #[schema(value_type = String)]
    place: Place,
    /// Outcome of time.
    #[schema(value_type = String)]
    time: TimeOutcome,
    /// Metres to the place of duty.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_metres: Option<i32>,
    /// How far from the place of duty, roughly, as a row of a batch says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    distance_class: Option<DistanceClass>,
    /// How it came in.
    channel: String,
    /// What was odd. Flags inform; they decide nothing.
    #[schema(value_type = Vec<String>)]
    flags: serde_json::Value,
    /// What the person wrote with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Whether the position is no longer kept, because its time is over. The judgement above stays as it was.
    is_position_forgotten: bool,
    /// Whether the position that the agency sealed does not open, or is not what its row has committed to: the slot can't
    /// be verified by it.
    is_position_unverifiable: bool,
    /// Either in a sentence, for whoever expects a point on the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    position_message: Option<&'static str>,
    /// Where it was; absent once the position was forgotten, and for whom the case is not assigned to.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<PointView>,
    /// Radius within which the phone believed to be, metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    accuracy_metres: Option<f64>,
}

impl RecordView {
    /// `is_sealed` where it is what a row of a batch says.
    fn new(record: Record, is_sealed: bool, language: Language) -> Self {
        Self {
            check_in_id: record.check_in_id.uuid(),
            captured_at: record.captured_at.to_string(),
            received_at: record.received_at.map(|at| at.to_string()),
            mode: record.mode,
            place: record.place,
            time: record.time,
            distance_metres: record.distance_metres,
            distance_class: record.distance_class,
            channel: record.channel,
            flags: record.flags,
            note: record.note,
            is_position_forgotten: record.point == PointState::Forgotten,
            is_position_unverifiable: record.point == PointState::Unverifiable,
            position_message: match record.point {
                PointState::Kept => None,
                PointState::Forgotten if is_sealed => Some(sentence::forgotten_opening(language)),
                PointState::Forgotten => Some(sentence::forgotten_position(language)),
                PointState::Unverifiable => Some(sentence::unverifiable_position(language)),
            },
            position: record.position.map(|record| record.position.into()),
            accuracy_metres: record
                .position
                .and_then(|record| record.accuracy_millimetres)
                .map(|millimetres| f64::from(millimetres) / 1_000.0),
        }
    }
}

/// A place where the person was to be.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyPlaceView {
    /// `home` or `site`.
    kind: &'static str,
    /// The middle of a circle.
    #[serde(skip_serializing_if = "Option::is_none")]
    centre: Option<PointView>,
    /// Its radius, metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    radius_metres: Option<u32>,
    /// The corners of a polygon.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    corners: Vec<PointView>,
}

impl DutyPlaceView {
    fn new(kind: &'static str, fence: &Fence) -> Self {
        match fence {
            Fence::Circle { centre, radius_metres } => Self {
                kind,
                centre: Some((*centre).into()),
                radius_metres: Some(*radius_metres),
                corners: Vec::new(),
            },
            Fence::Polygon { corners } => Self {
                kind,
                centre: None,
                radius_metres: None,
                corners: corners.iter().map(|corner| (*corner).into()).collect(),
            },
        }
    }
}

fn duty_places(fence: &DutyFence) -> Vec<DutyPlaceView> {
    match fence {
        DutyFence::Homes(homes) => homes
            .iter()
            .map(|(_, fence)| DutyPlaceView::new("home", fence))
            .collect(),
        DutyFence::Site(_, fence) => vec![DutyPlaceView::new("site", fence)],
        DutyFence::Nothing => Vec::new(),
    }
}

/// An earlier share of the same person, without its position.
#[derive(Debug, Serialize, ToSchema)]
pub struct EarlierShareView {
    /// Its work date.
    work_date: NaiveDate,
    /// Its slot, if it fell into one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    slot: Option<Slot>,
    /// Capture, the phone's clock corrected.
    #[schema(format = DateTime)]
    captured_at: String,
    /// The mode that it was judged by.
    #[schema(value_type = String)]
    mode: WorkMode,
    /// Outcome of place.
    #[schema(value_type = String)]
    place: Place,
    /// Metres to the place of duty.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_metres: Option<i32>,
}

impl From<EarlierShare> for EarlierShareView {
    fn from(share: EarlierShare) -> Self {
        Self {
            work_date: share.work_date,
            slot: share.slot,
            captured_at: share.captured_at.to_string(),
            mode: share.mode,
            place: share.place,
            distance_metres: share.distance_metres,
        }
    }
}

/// The person's day, as whoever judges it reads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenedView {
    /// The person.
    person: SubjectView,
    /// The share; absent where nothing came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordView>,
    /// The row that the slot was taken from, where the agency seals on an instance of its own. What it says is the agency's
    /// word; the places of duty and earlier shares are not known here then.
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed_row: Option<SealedRowView>,
    /// Where the person was to be.
    duty_places: Vec<DutyPlaceView>,
    /// The person's shares of the thirty days before, newest first, at most twenty: when and how far, never where.
    earlier: Vec<EarlierShareView>,
}

impl OpenedView {
    pub(super) fn new(opened: Opened, language: Language) -> Self {
        Self {
            person: SubjectView {
                name: opened.subject.name,
                phone: opened.subject.phone,
                agency_name: opened.subject.agency_name,
            },
            record: opened
                .record
                .map(|record| RecordView::new(record, opened.sealed.is_some(), language)),
            sealed_row: opened.sealed.map(SealedRowView::from),
            duty_places: opened.duty_fence.as_ref().map(duty_places).unwrap_or_default(),
            earlier: opened.earlier.into_iter().map(EarlierShareView::from).collect(),
        }
    }
}

/// What a second auditor found, who did not know the first finding.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondFindingView {
    /// What was found.
    #[schema(value_type = String)]
    finding: CaseFinding,
    /// How.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    method: Option<ReviewMethod>,
    /// What they wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    reviewed_at: Option<String>,
}

/// A case opened.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseFileView {
    /// What was drawn, and how it stands.
    #[serde(flatten)]
    case: CaseView,
    /// The person's day.
    #[serde(flatten)]
    opened: OpenedView,
    /// Whether positions and earlier shares are left out, because the case is not assigned to the caller.
    is_without_positions: bool,
    /// What the auditor wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// The blind second review, once both findings are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    second_finding: Option<SecondFindingView>,
    /// What the person replied.
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<ReplyView>,
    /// Why it was decided so.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What the person objected, and what came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    objection: Option<ObjectionView>,
}

impl CaseFileView {
    fn new(file: CaseFile, caller: AccountId, language: Language) -> Self {
        let case = &file.case;
        let second = case.shown_second_review().and_then(|second| {
            Some(SecondFindingView {
                finding: second.finding?,
                method: second.method,
                note: second.note.clone(),
                reviewed_at: second.reviewed_at.map(|at| at.to_string()),
            })
        });
        Self {
            case: CaseView::new(case, caller),
            is_without_positions: file.is_without_positions,
            note: case.row.review_note.clone(),
            second_finding: second,
            reply: reply_view(case, &file.evidence),
            reason: case.row.reason.clone(),
            objection: objection_view(case, &file.evidence),
            opened: OpenedView::new(file.opened, language),
        }
    }
}

/// Opens a case: for the auditor and the second reviewer it is assigned to, and without positions for the head of BKD.
///
/// The look is written into the person's list of accesses, with its purpose, before the answer leaves.
#[utoipa::path(operation_id = "read_case", tag = "cases", params(
    ("id" = Uuid, Path, description = "The case"), LookQuery,
), responses(
    (status = 200, body = CaseFileView, headers(("ETag" = String, description = "The version, for If-Match"))),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/cases/{id}")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    path: Path<Uuid>,
    query: Query<LookQuery>,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::ReadCase)?;
    let purpose = query.into_inner().purpose;
    let purpose = purpose
        .map(|purpose| text::bounded(&purpose, 3, 200))
        .transpose()
        .map_err(|error| wrong_text("purpose", error))?;
    let id = CaseId::new(path.into_inner());
    let account = caller.context.account();
    let file = call::run(&app, move |app| {
        app.look_at_case(&caller.context, &scope, id, purpose.as_deref())
    })
    .await?;
    Ok(HttpResponse::Ok()
        .insert_header(etag(file.case.row.version))
        .json(CaseFileView::new(file, account, spoken.0)))
}

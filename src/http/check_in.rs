//! Shares on the wire: one, a batch from an offline phone, and one's own list.

use crate::app::App;
use crate::app::check_in::APP_CHANNEL;
use crate::app::check_in::CheckInRow;
use crate::app::check_in::MOST_DAYS;
use crate::app::check_in::Recorded;
use crate::app::check_in::Submission;
use crate::app::committer::Committer;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::domain::access::Action;
use crate::domain::check_in::Arrival;
use crate::domain::check_in::Claim;
use crate::domain::check_in::Provider;
use crate::domain::ids::CheckInId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::IdError;
use crate::domain::instant::Instant;
use crate::domain::language::Language;
use crate::domain::place::Place;
use crate::domain::place::Position;
use crate::domain::place::PositionError;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::language::language_of;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use crate::http::sentence;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Largest accuracy that is taken, metres.
pub(crate) const LARGEST_ACCURACY_METRES: f64 = 100_000.0;

/// One share as the phone claims it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimBody {
    /// UUIDv7 made by the phone at capture. The same id with the same claim gives the same answer, however often it is sent.
    #[garde(length(chars, min = 36, max = 36))]
    #[schema(format = Uuid, min_length = 36, max_length = 36, example = "0195553c-21f8-7abc-8def-0123456789ab")]
    id: String,
    /// When it was captured, by the phone's clock, RFC 3339.
    #[garde(length(chars, min = 20, max = 40))]
    #[schema(format = DateTime, min_length = 20, max_length = 40, example = "2026-03-02T07:41:03+07:00")]
    captured_at: String,
    /// Degrees north, -90 to 90. (0, 0) is refused.
    #[garde(range(min = -90.0, max = 90.0))]
    #[schema(minimum = -90, maximum = 90, example = -6.119_731_2)]
    latitude: f64,
    /// Degrees east, -180 to 180.
    #[garde(range(min = -180.0, max = 180.0))]
    #[schema(minimum = -180, maximum = 180, example = 106.173_461_8)]
    longitude: f64,
    /// Radius of the 68 % circle in metres, above 0, at most 100,000.
    #[garde(custom(positive), range(max = LARGEST_ACCURACY_METRES))]
    #[schema(exclusive_minimum = 0, maximum = 100_000, example = 18.5)]
    accuracy_metres: f64,
    /// Metres above the ellipsoid, -1,000 to 20,000.
    #[garde(inner(range(min = -1_000.0, max = 20_000.0)))]
    #[schema(minimum = -1_000, maximum = 20_000)]
    altitude_metres: Option<f64>,
    /// What measured it.
    #[garde(skip)]
    #[schema(value_type = Option<String>, pattern = "^(gps|network|fused|shared_link|import|manual)$")]
    provider: Option<Provider>,
    /// The system's own word that the position was made up.
    #[garde(skip)]
    mock: Option<bool>,
    /// Up to 500 characters for whoever reviews it.
    #[garde(inner(length(chars, max = 500)))]
    #[schema(max_length = 500)]
    note: Option<String>,
    /// When it was sent, by the phone's clock, RFC 3339. Corrects a wrong clock; not part of the claim, so it may differ
    /// on a retry.
    #[garde(inner(length(chars, min = 20, max = 40)))]
    #[schema(format = DateTime, min_length = 20, max_length = 40)]
    sent_at: Option<String>,
}

/// Several shares, oldest first.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckInBatchBody {
    /// 1 to 200, each as the body of `POST /v1/check-ins`. Each is judged by itself: a wrong one is refused in its own
    /// result.
    #[garde(length(min = 1, max = 200))]
    #[schema(value_type = Vec<Object>, min_items = 1, max_items = 200)]
    check_ins: Vec<serde_json::Value>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that garde calls")]
pub(crate) fn positive(value: &f64, _context: &()) -> garde::Result {
    if *value > 0.0 {
        Ok(())
    } else {
        Err(garde::Error::new("must be greater than 0"))
    }
}

/// What the service made of a share.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckInView {
    /// The phone's id.
    id: Uuid,
    /// The date that it belongs to, in the zone of duty.
    #[schema(value_type = String, format = Date)]
    work_date: NaiveDate,
    /// `morning`, `midday` or `afternoon`; absent outside every window.
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<&'static str>,
    /// `inside`, `probable`, `uncertain`, `outside`, `unverifiable` or `unusable`.
    place: &'static str,
    /// `on_time`, `late`, `backfilled` or `outside_window`.
    time: &'static str,
    /// Whether it represents its slot.
    counted: bool,
    /// The mode that it was judged by, such as `wfh`.
    mode: &'static str,
    /// Metres to the place of duty, where there was one to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_metres: Option<i32>,
    /// What is odd. Flags inform; people decide.
    flags: Vec<FlagView>,
    /// The outcome in one sentence.
    message: String,
    /// By the phone's clock.
    #[schema(value_type = String, format = DateTime)]
    captured_at: Instant,
    /// By ours.
    #[schema(value_type = String, format = DateTime)]
    received_at: Instant,
    /// IANA zone of the work date.
    zone: String,
    /// What proves that it was recorded, to be kept: place, hashes and signed checkpoint (C2SP tlog-proof). Only in the
    /// answer to sending it, the same whenever it is sent again.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
}

/// Something odd, in words.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlagView {
    /// Stable name.
    code: &'static str,
    /// A sentence.
    message: &'static str,
}

/// One share's result within a batch: what was recorded, or why not.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckInBatchItemView {
    /// 201 new, 200 known, or the status of the problem.
    status: u16,
    /// What was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    check_in: Option<CheckInView>,
    /// Why it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemView>,
}

/// A result for each share, in order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckInBatchView {
    /// As many as were sent.
    results: Vec<CheckInBatchItemView>,
}

impl CheckInView {
    pub(crate) fn new(row: &CheckInRow, language: Language) -> Self {
        let flags = row.read_flags().into_iter().map(|flag| {
            let (indonesian, english) = flag.sentences();
            FlagView {
                code: flag.code(),
                message: language.choose(indonesian, english),
            }
        });
        Self {
            message: sentence::outcome(row, language),
            id: row.id.uuid(),
            work_date: row.work_date,
            slot: row.slot.map(crate::domain::slot::Slot::code),
            place: row.place.code(),
            time: row.time.code(),
            counted: row.counted,
            mode: row.mode.code(),
            distance_metres: row.distance_metres.filter(|_| row.place != Place::Unverifiable),
            flags: flags.collect(),
            captured_at: row.captured_at,
            received_at: row.received_at,
            zone: row.zone.clone(),
            receipt: None,
        }
    }

    /// The answer to sending it.
    fn answer(recorded: &Recorded, language: Language) -> Self {
        Self {
            receipt: recorded.receipt(),
            ..Self::new(&recorded.row, language)
        }
    }
}

impl ClaimBody {
    fn parse(self) -> Result<(Claim, Option<Instant>), Error> {
        let mut wrong = Vec::new();
        let id = CheckInId::from_client(&self.id).map_err(|error| wrong.push(id_error(error)));
        let mut time = |field: &str, text: &str| {
            let read = Instant::parse(text);
            if read.is_none() {
                wrong.push(FieldError::new(
                    field,
                    "malformed",
                    "Waktu harus ditulis menurut RFC 3339.",
                    "Not an RFC 3339 time.",
                ));
            }
            read
        };
        let captured_at = time("captured_at", &self.captured_at);
        let sent_at = self.sent_at.as_deref().map(|text| time("sent_at", text));
        let position =
            Position::from_degrees(self.latitude, self.longitude).map_err(|error| wrong.push(position_error(error)));
        let (Ok(id), Some(captured_at), Ok(position), true) = (id, captured_at, position, wrong.is_empty()) else {
            return Err(Error::Invalid(wrong));
        };
        let claim = Claim {
            id,
            captured_at,
            position,
            accuracy_millimetres: Some(accuracy_millimetres(self.accuracy_metres)),
            altitude_millimetres: self.altitude_metres.map(altitude_millimetres),
            provider: self.provider,
            mock: self.mock,
            note: self.note,
        };
        Ok((claim, sent_at.flatten()))
    }

    fn submission(
        self,
        person: EmployeeId,
        received_at: Instant,
        device_id: Option<String>,
    ) -> Result<Submission, Error> {
        let (claim, sent_at) = self.parse()?;
        let arrival = Arrival { sent_at, received_at };
        Ok(Submission {
            person,
            claim,
            arrival,
            channel: APP_CHANNEL,
            device_id,
        })
    }
}

fn id_error(error: IdError) -> FieldError {
    match error {
        IdError::Malformed => FieldError::new("id", "malformed", "Id harus berupa UUID.", "Not a UUID."),
        IdError::NotVersion7 => FieldError::new(
            "id",
            "not_version_7",
            "Id harus UUID versi 7.",
            "Not a UUID of version 7.",
        ),
    }
}

pub(crate) fn position_error(error: PositionError) -> FieldError {
    match error {
        PositionError::Latitude => FieldError::new(
            "latitude",
            "out_of_limits",
            "Lintang harus -90 sampai 90.",
            "Latitude is from -90 to 90.",
        ),
        PositionError::Longitude => FieldError::new(
            "longitude",
            "out_of_limits",
            "Bujur harus -180 sampai 180.",
            "Longitude is from -180 to 180.",
        ),
        PositionError::NullIsland => FieldError::new(
            "latitude",
            "null_island",
            "Titik (0, 0) dikirim ponsel yang belum tahu lokasinya. Aktifkan lokasi, lalu coba lagi.",
            "(0, 0) is what phones send that do not know where they are.",
        ),
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked: above 0, at most 1e8"
)]
pub(crate) fn accuracy_millimetres(metres: f64) -> u32 {
    // Rounded up, so that what is above zero stays above zero.
    (metres * 1_000.0).ceil() as u32
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "checked: at most 2e7 in magnitude"
)]
fn altitude_millimetres(metres: f64) -> i32 {
    (metres * 1_000.0).round() as i32
}

fn device_id(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get("x-device-id")?.to_str().ok()?;
    (1..=64).contains(&value.len()).then(|| value.to_owned())
}

/// Sends one share.
///
/// 201 when it is new, 200 with the same answer when it was sent before, 409 when the id was used for another claim.
/// A doubtful or outside share is recorded like any other: the outcome tells.
#[utoipa::path(operation_id = "create_check_in", tag = "check-ins", request_body = ClaimBody, params(
    ("X-Device-Id" = Option<String>, Header, description = "Random per install, 1 to 64 characters"),
), responses(
    (status = 201, body = CheckInView),
    (status = 200, body = CheckInView, description = "Known already."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json", description = "Full; repeat as Retry-After says."),
))]
#[post("/v1/check-ins")]
pub(crate) async fn create(
    committer: Data<Committer>,
    caller: Caller,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let scope = caller.may(Action::SubmitCheckIn)?;
    let person = scope.person().ok_or(Error::Forbidden)?;
    let body: ClaimBody = body.json(&scope).await?;
    let submission = body.submission(person, caller.context.now, device_id(&request))?;
    let outcome = committer.submit(vec![submission]).await?.pop().ok_or(Error::Busy(1))?;
    let recorded = outcome?;
    let mut response = if recorded.is_new {
        HttpResponse::Created()
    } else {
        HttpResponse::Ok()
    };
    Ok(response.json(CheckInView::answer(&recorded, language_of(&request))))
}

/// Sends up to 200 shares that waited on the phone.
///
/// Each is judged by itself; one that is refused does not hold the others up. Safe to repeat as a whole.
#[utoipa::path(operation_id = "create_check_in_batch", tag = "check-ins", request_body = CheckInBatchBody, params(
    ("X-Device-Id" = Option<String>, Header, description = "Random per install, 1 to 64 characters"),
), responses(
    (status = 200, body = CheckInBatchView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json", description = "Full; repeat as Retry-After says."),
))]
#[post("/v1/check-ins/batch")]
pub(crate) async fn create_batch(
    committer: Data<Committer>,
    caller: Caller,
    request: HttpRequest,
    body: Body,
) -> Result<Json<CheckInBatchView>, Problem> {
    let scope = caller.may(Action::SubmitCheckIn)?;
    let person = scope.person().ok_or(Error::Forbidden)?;
    let language = language_of(&request);
    let body: CheckInBatchBody = body.json_of_items(&scope).await?;
    // What is no claim at all spoils the request; a claim that is wrong spoils only itself.
    if let Some(index) = body.check_ins.iter().position(|value| !value.is_object()) {
        let field = format!("check_ins[{index}]");
        let problem = Error::field(
            field,
            "wrong_type",
            "Isinya harus berupa objek JSON.",
            "A JSON object is needed.",
        );
        return Err(problem.into());
    }
    let device_id = device_id(&request);
    let mut parsed = Vec::with_capacity(body.check_ins.len());
    for value in body.check_ins {
        let submission = crate::http::body::from_value::<ClaimBody>(value)
            .and_then(|claim| claim.submission(person, caller.context.now, device_id.clone()));
        parsed.push(submission);
    }
    let good: Vec<Submission> = parsed
        .iter()
        .filter_map(|result| result.as_ref().ok().cloned())
        .collect();
    let outcomes = if good.is_empty() {
        Vec::new()
    } else {
        committer.submit(good).await?
    };
    let mut outcomes = outcomes.into_iter();
    let results = parsed.into_iter().map(|result| match result {
        Ok(_) => outcomes.next().unwrap_or(Err(Error::Busy(1))),
        Err(error) => Err(error),
    });
    let results = results.map(|outcome| match outcome {
        Ok(recorded) => CheckInBatchItemView {
            status: if recorded.is_new { 201 } else { 200 },
            check_in: Some(CheckInView::answer(&recorded, language)),
            problem: None,
        },
        Err(error) => {
            let view = Problem::from(error).view(language);
            CheckInBatchItemView {
                status: view.status(),
                check_in: None,
                problem: Some(view),
            }
        }
    });
    Ok(Json(CheckInBatchView {
        results: results.collect(),
    }))
}

/// Which of one's shares.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OwnQuery {
    /// First work date; 31 days ago where nothing is said.
    from: Option<NaiveDate>,
    /// Last work date, at most 366 days in all; tomorrow where nothing is said.
    to: Option<NaiveDate>,
    /// 1 to 200; 50 where nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Lists one's own shares, newest first.
#[utoipa::path(operation_id = "list_own_check_ins", tag = "check-ins", params(OwnQuery), responses(
    (status = 200, body = Page<CheckInView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/check-ins")]
pub(crate) async fn list_own(
    app: Data<App>,
    caller: Caller,
    request: HttpRequest,
    query: Query<OwnQuery>,
) -> Result<Json<Page<CheckInView>>, Problem> {
    let scope = caller.may(Action::ReadOwn)?;
    let query = query.into_inner();
    let limit = page::limit(query.limit)?;
    let after = page::decode::<(Instant, CheckInId)>(query.cursor.as_deref())?;
    let today = caller.context.now.utc().date_naive();
    let from = query.from.unwrap_or(today - chrono::Days::new(31));
    let to = query.to.unwrap_or(today + chrono::Days::new(1));
    if from > to {
        return Err(Error::field(
            "to",
            "before_from",
            "Tanggal akhir sebelum tanggal awal.",
            "The last date is before the first.",
        )
        .into());
    }
    if from.iter_days().nth(MOST_DAYS).is_some_and(|next| next <= to) {
        return Err(Error::field("to", "too_long", "Rentang paling lama 366 hari.", "At most 366 days.").into());
    }
    let language = language_of(&request);
    let rows = call::run(&app, move |app| {
        app.own_check_ins(&caller.context, &scope, from, to, after, limit)
    })
    .await?;
    Ok(Json(Page::new(
        rows,
        limit,
        |row| (row.corrected_at, row.id),
        |row| CheckInView::new(&row, language),
    )))
}

//! What a recap looks like on the wire.

use crate::app::recap::closure::RecapVersionRow;
use crate::app::recap::sheet::RecapPage;
use crate::domain::language::Language;
use crate::domain::recap::allowance::BandCode;
use crate::domain::recap::allowance::percent_text;
use crate::domain::recap::day_sum::DaySum;
use crate::domain::recap::sentence;
use crate::domain::recap::sheet::LEGEND;
use crate::domain::recap::sheet::LEGEND_OF_MARKS;
use crate::domain::recap::sheet::Line;
use crate::domain::recap::sheet::Note;
use crate::domain::recap::sheet::Signer;
use crate::domain::recap::sheet::Standing;
use crate::domain::recap::sheet::Totals;
use crate::domain::recap::status::DayRecord;
use crate::domain::recap::status::DayStatus;
use crate::domain::recap::status::Deviation;
use crate::domain::recap::status::Reason;
use crate::domain::work_mode::WorkMode;
use crate::http::day::AgencyNameView;
use crate::http::page;
use crate::http::roster::WorkModeView;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// How far a recap may be relied on.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StandingView {
    /// The month runs, or something is not settled; the notes say what.
    Provisional,
    /// Nothing is missing.
    Ready,
    /// Frozen as a version.
    Closed,
}

/// What a work date was.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayStatusView {
    /// At work.
    Present,
    /// At work, but a slot has no share. Counts as present.
    Incomplete,
    /// The only shares came from outside and nobody has decided. Counts as present.
    ToExplain,
    /// On leave.
    Leave,
    /// Ill.
    Sick,
    /// Excused by an accepted correction.
    Permission,
    /// No sign of work and no known reason.
    Absent,
    /// Weekend, or not scheduled.
    Free,
    /// Holiday or joint leave.
    Holiday,
    /// Not over yet.
    Pending,
}

/// A code with its sentence.
#[derive(Debug, Serialize, ToSchema)]
pub struct ToldView {
    /// Stable name.
    code: String,
    /// In the reader's language.
    message: String,
}

/// The stable name of a value that is written as `{code, ...}`.
fn code_of(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    let code = value.get("code").and_then(serde_json::Value::as_str);
    code.unwrap_or_default().to_owned()
}

impl ToldView {
    fn reason(reason: &Reason, language: Language) -> Self {
        Self {
            code: code_of(reason),
            message: sentence::reason(reason, language),
        }
    }

    fn note(note: Note, language: Language) -> Self {
        Self {
            code: code_of(&note),
            message: sentence::note(note, language),
        }
    }
}

/// One end of a day beside the schedule's clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviationView {
    /// `TL1` to `TL4`, `PSW1` to `PSW4`.
    code: &'static str,
    /// Whole minutes; absent where nothing was filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    minutes: Option<u16>,
}

impl From<Deviation> for DeviationView {
    fn from(deviation: Deviation) -> Self {
        Self {
            code: deviation.code.code(),
            minutes: deviation.minutes,
        }
    }
}

/// One day of one person.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecapDayView {
    /// The work date.
    date: NaiveDate,
    /// What it was.
    #[schema(value_type = DayStatusView)]
    status: DayStatus,
    /// What stands in the printed cell.
    sign: String,
    /// The mode that held.
    #[schema(value_type = WorkModeView)]
    mode: WorkMode,
    /// How late.
    #[serde(skip_serializing_if = "Option::is_none")]
    late: Option<DeviationView>,
    /// How early gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    early: Option<DeviationView>,
    /// Why.
    reasons: Vec<ToldView>,
    /// The second half of a day whose halves have modes of their own: the rest is then of the first, and each counts as
    /// half a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    afternoon: Option<RecapHalfView>,
}

/// The second half of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecapHalfView {
    /// What it was.
    #[schema(value_type = DayStatusView)]
    status: DayStatus,
    /// The mode that held.
    #[schema(value_type = WorkModeView)]
    mode: WorkMode,
    /// Why.
    reasons: Vec<ToldView>,
}

impl RecapDayView {
    pub(crate) fn new(day: &DayRecord, language: Language) -> Self {
        Self {
            date: day.date,
            status: day.status,
            sign: day.sign().into_owned(),
            mode: day.mode,
            late: day.late.map(DeviationView::from),
            early: day.early.map(DeviationView::from),
            reasons: told(&day.reasons, language),
            afternoon: day.afternoon.as_ref().map(|half| RecapHalfView {
                status: half.status,
                mode: half.mode,
                reasons: told(&half.reasons, language),
            }),
        }
    }
}

fn told(reasons: &[Reason], language: Language) -> Vec<ToldView> {
    reasons
        .iter()
        .map(|reason| ToldView::reason(reason, language))
        .collect()
}

/// What the days of one person add up to. Half a day counts as 0.5.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecapTotalsView {
    /// HK: work days that are over. The sum of `present`, `leave`, `sick`, `permission` and `absent`.
    #[schema(value_type = f64, minimum = 0, multiple_of = 0.5)]
    work_days: DaySum,
    /// H. The sum of `office`, `home`, `picket` and `travel`.
    #[schema(value_type = f64, minimum = 0, multiple_of = 0.5)]
    present: DaySum,
    /// WFO.
    #[schema(value_type = f64, minimum = 0, multiple_of = 0.5)]
    office: DaySum,
    /// WFH, WFA included.
    #[schema(value_type = f64, minimum = 0, multiple_of = 0.5)]
    home: DaySum,
    /// P.
    #[schema(value_type = f64, minimum = 0, multiple_of = 0.5)]
    picket: DaySum,
    /// DL, training included.
    #[schema(value_type = f64, minimum = 0, multiple_of = 0.5)]
    travel: DaySum,
    /// C.
    #[schema(value_type = f64, minimum = 0, multiple_of = 0.5)]
    leave: DaySum,
    /// S.
    #[schema(value_type = f64, minimum = 0, multiple_of = 0.5)]
    sick: DaySum,
    /// I.
    #[schema(value_type = f64, minimum = 0, multiple_of = 0.5)]
    permission: DaySum,
    /// TK.
    #[schema(value_type = f64, minimum = 0, multiple_of = 0.5)]
    absent: DaySum,
    /// Of the days of presence, those with a slot that has no share.
    #[schema(value_type = f64, minimum = 0, multiple_of = 0.5)]
    incomplete: DaySum,
    /// Of the days of presence, those that are to be explained.
    #[schema(value_type = f64, minimum = 0, multiple_of = 0.5)]
    to_explain: DaySum,
    /// Days by `TL1` to `TL4`, `PSW1` to `PSW4`.
    bands: BTreeMap<&'static str, u16>,
    /// LKH: dates with an entry that was handed in.
    activities: u16,
    /// Dates with an approved entry.
    approved_activities: u16,
    /// % hadir in basis points; absent where no work day is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    attendance_bp: Option<u32>,
    /// The same as printed, `76,5`.
    #[serde(skip_serializing_if = "Option::is_none")]
    attendance_percent: Option<String>,
    /// % potongan in basis points.
    deduction_bp: u32,
    /// The same as printed, `11,0`.
    deduction_percent: String,
}

impl From<&Totals> for RecapTotalsView {
    fn from(totals: &Totals) -> Self {
        Self {
            work_days: totals.work_days,
            present: totals.present,
            office: totals.office,
            home: totals.home,
            picket: totals.picket,
            travel: totals.travel,
            leave: totals.leave,
            sick: totals.sick,
            permission: totals.permission,
            absent: totals.absent,
            incomplete: totals.incomplete,
            to_explain: totals.to_explain,
            bands: BandCode::ALL
                .iter()
                .zip(totals.bands)
                .map(|(code, count)| (code.code(), count))
                .collect(),
            activities: totals.activities,
            approved_activities: totals.approved_activities,
            attendance_bp: totals.attendance_bp,
            attendance_percent: totals.attendance_bp.map(percent_text),
            deduction_bp: totals.deduction_bp,
            deduction_percent: percent_text(totals.deduction_bp),
        }
    }
}

/// One person of a recap.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecapLineView {
    /// The number on the sheet, from 1.
    ordinal: i32,
    /// Who.
    employee_id: Uuid,
    /// NIP, or another number.
    number: String,
    /// With titles.
    name: String,
    /// Golongan ruang.
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<String>,
    /// Jabatan.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<String>,
    /// The days on which the person was on the agency's staff.
    days: Vec<RecapDayView>,
    /// What they add up to.
    totals: RecapTotalsView,
}

impl RecapLineView {
    fn new((ordinal, line): (i32, Line), language: Language) -> Self {
        Self {
            ordinal,
            employee_id: line.employee_id.uuid(),
            days: line.days.iter().map(|day| RecapDayView::new(day, language)).collect(),
            totals: (&line.totals).into(),
            number: line.number,
            name: line.name,
            grade: line.grade,
            position: line.position,
        }
    }
}

/// Someone who signs.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignerView {
    /// What stands above the name.
    position: String,
    /// With titles.
    name: String,
    /// `Penata, III/c`.
    rank: String,
    /// NIP, or another number.
    number: String,
}

impl From<Signer> for SignerView {
    fn from(signer: Signer) -> Self {
        Self {
            position: signer.position,
            name: signer.name,
            rank: signer.rank,
            number: signer.number,
        }
    }
}

/// The recap of an agency and month, with a page of its people.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecapView {
    /// `Pemerintah Provinsi Banten`.
    government: String,
    /// Whose.
    agency: AgencyNameView,
    /// Which month, `2026-03`.
    month: String,
    /// How far it may be relied on.
    #[schema(value_type = StandingView)]
    standing: Standing,
    /// The same in one sentence.
    message: String,
    /// The closed version, from 1; absent for the present truth.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i32>,
    /// What is not settled, or was not when it was closed.
    notes: Vec<ToldView>,
    /// What the signs mean.
    legend: Vec<&'static str>,
    /// Where it is signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    /// When it was closed, or made.
    date: NaiveDate,
    /// Who made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    officer: Option<SignerView>,
    /// Who heads the agency.
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<SignerView>,
    /// People by level of post, grade and name.
    items: Vec<RecapLineView>,
    /// Give it back as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

impl RecapView {
    /// From a page of which one line more was loaded than asked for.
    pub(crate) fn new(recap: RecapPage, limit: u32, language: Language) -> Self {
        let lines = page::Page::<RecapLineView>::new(
            recap.lines,
            limit,
            |(ordinal, _)| *ordinal,
            |line| RecapLineView::new(line, language),
        );
        let message = sentence::standing(&recap.heading, language);
        let heading = recap.heading;
        Self {
            government: heading.government,
            agency: AgencyNameView {
                code: heading.agency_code,
                name: heading.agency,
            },
            month: heading.month.to_string(),
            standing: heading.standing,
            message,
            version: heading.version,
            notes: heading
                .notes
                .into_iter()
                .map(|note| ToldView::note(note, language))
                .collect(),
            legend: vec![LEGEND, LEGEND_OF_MARKS],
            place: heading.place,
            date: heading.date,
            officer: heading.officer.map(SignerView::from),
            head: heading.head.map(SignerView::from),
            items: lines.items,
            next_cursor: lines.next_cursor,
        }
    }
}

/// One closed version.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecapVersionView {
    /// From 1.
    version: i32,
    /// How many people it holds.
    people: i32,
    /// SHA-256 of its lines.
    sha256: String,
    /// What the closer wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Who closed it.
    closed_by: String,
    /// When.
    #[schema(format = DateTime)]
    closed_at: String,
}

impl From<RecapVersionRow> for RecapVersionView {
    fn from(row: RecapVersionRow) -> Self {
        let digest = crate::domain::digest::Digest::from_bytes(&row.digest);
        Self {
            version: row.version,
            people: row.people,
            sha256: digest.map(|digest| digest.to_string()).unwrap_or_default(),
            note: row.note,
            closed_by: row.closed_by_name,
            closed_at: row.closed_at.to_string(),
        }
    }
}

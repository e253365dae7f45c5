//! How an agency's rosters, their entries and findings look on the wire.

use crate::app::agency_roster::ListedEntry;
use crate::app::agency_roster::Remark;
use crate::app::agency_roster::RosterInFull;
use crate::app::agency_roster::RosterRow;
use crate::domain;
use crate::domain::half::Half;
use crate::domain::ids::EmployeeId;
use crate::domain::language::Language;
use crate::domain::roster::finding::Finding;
use crate::domain::roster::finding::Findings;
use crate::domain::work_mode::WorkMode;
use crate::http::roster::WorkModeView;
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a roster stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RosterStateName {
    /// The agency works on it; BKD does not see it.
    Draft,
    /// Waits for BKD.
    Submitted,
    /// BKD sent it back.
    Returned,
    /// BKD has taken note of it; it can be published.
    Received,
    /// It holds.
    Published,
    /// Later rosters took all of its days.
    Superseded,
}

impl From<domain::roster::state::RosterState> for RosterStateName {
    fn from(state: domain::roster::state::RosterState) -> Self {
        use domain::roster::state::RosterState;
        match state {
            RosterState::Draft => Self::Draft,
            RosterState::Submitted => Self::Submitted,
            RosterState::Returned => Self::Returned,
            RosterState::Received => Self::Received,
            RosterState::Published => Self::Published,
            RosterState::Superseded => Self::Superseded,
        }
    }
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RosterFindingWeight {
    /// A rule is not kept; handing in needs a reason.
    Rule,
    /// Worth a look.
    Warning,
    /// To be known.
    Note,
}

impl From<domain::roster::finding::Weight> for RosterFindingWeight {
    fn from(weight: domain::roster::finding::Weight) -> Self {
        use domain::roster::finding::Weight;
        match weight {
            Weight::Rule => Self::Rule,
            Weight::Warning => Self::Warning,
            Weight::Note => Self::Note,
        }
    }
}

/// Something that a roster does not keep to.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterFindingView {
    /// Stable name of what it is, such as `quota` or `picket_short`.
    code: &'static str,
    /// How much it weighs.
    weight: RosterFindingWeight,
    /// The work day; absent where it is about the whole period.
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<NaiveDate>,
    /// The person, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    employee_id: Option<Uuid>,
    /// In words.
    sentence: String,
    /// The facts that the sentence is made of, by `code`.
    facts: Value,
}

impl RosterFindingView {
    fn new(finding: &Finding, language: Language) -> Self {
        Self {
            code: finding.kind(),
            weight: finding.weight().into(),
            date: finding.date(),
            employee_id: finding.employee_id().map(EmployeeId::uuid),
            sentence: finding.sentence(language),
            facts: serde_json::to_value(finding).unwrap_or_default(),
        }
    }
}

/// What was found, the weightiest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterFindingsView {
    /// At most 500.
    items: Vec<RosterFindingView>,
    /// How many there are of rules that are not kept.
    broken_rules: usize,
    /// How many there are in all.
    total: usize,
}

impl RosterFindingsView {
    fn new(findings: &Findings, language: Language) -> Self {
        let view = |finding| RosterFindingView::new(finding, language);
        Self {
            items: findings.items.iter().map(view).collect(),
            broken_rules: findings.broken_rules,
            total: findings.total,
        }
    }
}

/// How many people work in which mode on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterDayView {
    /// The work day.
    date: NaiveDate,
    /// People by mode; modes that nobody has are left out.
    modes: BTreeMap<&'static str, i64>,
}

/// Something that BKD found.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RosterRemarkBody {
    /// In words, 1 to 500 characters.
    #[garde(length(chars, min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    pub(crate) text: String,
    /// The day that it is about.
    #[garde(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) date: Option<NaiveDate>,
    /// The person whom it is about.
    #[garde(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) employee_id: Option<Uuid>,
}

impl From<Remark> for RosterRemarkBody {
    fn from(remark: Remark) -> Self {
        Self {
            text: remark.text,
            date: remark.date,
            employee_id: remark.employee_id.map(EmployeeId::uuid),
        }
    }
}

/// A roster in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterSummaryView {
    /// Its id.
    id: Uuid,
    /// The agency's code.
    agency: String,
    /// First date.
    from: NaiveDate,
    /// Last date, inclusive.
    to: NaiveDate,
    /// Where it stands.
    state: RosterStateName,
    /// What the agency noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// The day by which a circular wants it at BKD.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_on: Option<NaiveDate>,
    /// Whether it was handed in after that day.
    is_late: bool,
    /// When it was handed in last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    submitted_at: Option<String>,
    /// When BKD decided last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    decided_at: Option<String>,
    /// When it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    published_at: Option<String>,
    /// When the last of its days went to another roster.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    superseded_at: Option<String>,
    /// Raised by every change; the `ETag`.
    version: i32,
}

impl From<RosterRow> for RosterSummaryView {
    fn from(row: RosterRow) -> Self {
        let time = |at: Option<domain::instant::Instant>| at.map(|at| at.to_string());
        Self {
            id: row.id.uuid(),
            agency: row.agency_code,
            from: row.from_date,
            to: row.to_date,
            state: row.state.into(),
            note: row.note,
            created_at: row.created_at.to_string(),
            due_on: row.due_on,
            is_late: row.is_late,
            submitted_at: time(row.submitted_at),
            decided_at: time(row.decided_at),
            published_at: time(row.published_at),
            superseded_at: time(row.superseded_at),
            version: row.version,
        }
    }
}

/// A roster in full, without its entries.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterView {
    /// What lists tell of it too.
    #[serde(flatten)]
    summary: RosterSummaryView,
    /// The work days with their counts.
    days: Vec<RosterDayView>,
    /// What could not be met when it was made.
    shortfalls: RosterFindingsView,
    /// What the last check found; it is made with every change and when handing in.
    findings: RosterFindingsView,
    /// When that check was.
    #[schema(format = DateTime)]
    checked_at: String,
    /// About the circular's day for handing in, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<String>,
    /// Why it was handed in as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    submission_reason: Option<String>,
    /// What BKD wrote with its last decision.
    remarks: Vec<RosterRemarkBody>,
    /// Assignments that publishing wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<i32>,
    /// Days of people that publishing left as they were granted or corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<i32>,
    /// The work days for which it stands now.
    stands_on: Vec<NaiveDate>,
}

impl RosterView {
    pub(crate) fn new(found: RosterInFull, language: Language) -> Self {
        let mut days: Vec<RosterDayView> = Vec::new();
        for (date, mode, count) in found.counts {
            let is_new = days.last().is_none_or(|day| day.date != date);
            if is_new {
                let modes = BTreeMap::new();
                days.push(RosterDayView { date, modes });
            }
            if let Some(day) = days.last_mut() {
                day.modes.insert(mode.code(), count);
            }
        }
        let row = found.row;
        Self {
            days,
            shortfalls: RosterFindingsView::new(&found.shortfalls, language),
            findings: RosterFindingsView::new(&found.findings, language),
            checked_at: row.checked_at.to_string(),
            deadline: deadline(&row, language),
            submission_reason: row.submission_reason.clone(),
            remarks: found.remarks.into_iter().map(RosterRemarkBody::from).collect(),
            written: row.written_count,
            kept: row.kept_count,
            stands_on: found.stands_on,
            summary: row.into(),
        }
    }
}

fn deadline(row: &RosterRow, language: Language) -> Option<String> {
    let due_on = language.date(row.due_on?);
    Some(match (language, row.submitted_at.is_some(), row.is_late) {
        (Language::Indonesian, false, _) => format!("Jadwal ini diajukan kepada BKD paling lambat {due_on}."),
        (Language::Indonesian, true, false) => format!("Diajukan tepat waktu; batasnya {due_on}."),
        (Language::Indonesian, true, true) => {
            format!("Diajukan sesudah batas {due_on}. Jadwal tetap diterima dan ditandai terlambat.")
        }
        (Language::English, false, _) => format!("To be handed in to BKD by {due_on}."),
        (Language::English, true, false) => format!("Handed in on time; it was due on {due_on}."),
        (Language::English, true, true) => {
            format!("Handed in after {due_on}, when it was due. It was taken all the same and marked as late.")
        }
    })
}

/// One person's mode on a work day, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlannedEntryView {
    /// Who.
    employee_id: Uuid,
    /// With titles.
    name: String,
    /// When.
    date: NaiveDate,
    /// What.
    #[schema(value_type = WorkModeView)]
    mode: WorkMode,
    /// What in the second half, where that has a mode of its own; `mode` is then of the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<WorkModeView>)]
    afternoon_mode: Option<WorkMode>,
    /// Why, in one sentence.
    sentence: String,
    /// The facts that the sentence is made of.
    reason: Value,
    /// Whether somebody changed it.
    is_by_hand: bool,
}

impl PlannedEntryView {
    pub(crate) fn new(entry: ListedEntry, language: Language) -> Self {
        let mode = *entry.modes.of(Half::Morning);
        let parted = entry.modes.all_day().is_none();
        let afternoon_mode = parted.then(|| *entry.modes.of(Half::Afternoon));
        let mut sentence = entry.reason.sentence(mode, language);
        if let Some(mode) = afternoon_mode {
            let second = language.choose("Paruh kedua hari", "Second half of the day");
            sentence = format!("{sentence} {second}: {}.", mode.word(language));
        }
        Self {
            employee_id: entry.employee_id.uuid(),
            name: entry.name,
            date: entry.date,
            mode,
            afternoon_mode,
            sentence,
            reason: serde_json::to_value(&entry.reason).unwrap_or_default(),
            is_by_hand: entry.is_by_hand,
        }
    }
}

//! The rules of a circular as the OpenAPI file describes them. The domain reads and writes the same JSON by itself;
//! a test holds the two together.

use crate::http::schedule_rule::ScheduleView;
use crate::http::travel_rule::TravelView;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One rule, by its `kind`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RuleView {
    /// Where a work group works unless a roster says otherwise.
    WorkMode(WorkModeRuleView),
    /// How many may, or must, work in some modes.
    Quota(QuotaView),
    /// Who comes first where a quota is short.
    Priority(PriorityView),
    /// Whom the circular's default leaves out.
    Exempt(ExemptView),
    /// How many are on picket duty a day.
    Picket(PicketView),
    /// Work days and hours.
    Schedule(ScheduleView),
    /// How locations are shared.
    #[serde(rename = "checkin")]
    CheckIn(CheckInTermsView),
    /// Official travel.
    Travel(TravelView),
    /// Meetings in person.
    Gathering(GatheringView),
    /// What agencies have to report.
    Reporting(ReportingView),
    /// How schools teach.
    Learning(LearningView),
    /// How long daily entries stay open and how long their review may take.
    Activity(ActivityRulesView),
}

/// Where a group works by circular.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceModeView {
    /// Work from office.
    Wfo,
    /// Work from home.
    Wfh,
    /// Work from anywhere.
    Wfa,
}

/// A mode in which people work.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkingModeView {
    /// Work from office.
    Wfo,
    /// Work from home.
    Wfh,
    /// Work from anywhere.
    Wfa,
    /// Picket duty (piket).
    Picket,
    /// Official travel (dinas luar).
    DutyTravel,
}

/// A mode that a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuotaModeView {
    /// Work from office.
    Wfo,
    /// Work from home.
    Wfh,
    /// Work from anywhere.
    Wfa,
    /// Picket duty (piket).
    Picket,
}

/// How circulars group people.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkGroupView {
    /// Serves the public directly.
    PublicService,
    /// Everyone else.
    Administration,
    /// Teachers.
    Educator,
}

/// Where a work group works.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkModeRuleView {
    group: WorkGroupView,
    mode: PlaceModeView,
}

/// Whether a percentage is a floor, a ceiling or the aim.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuotaBoundView {
    /// At least.
    Min,
    /// At most.
    Max,
    /// As near as whole people allow.
    Exact,
}

/// Whose people are counted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuotaScopeView {
    /// Each agency by itself.
    Opd,
    /// The jurisdiction as a whole.
    Province,
}

/// What happens to the fraction of a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoundingView {
    /// Down.
    #[default]
    Down,
    /// Up.
    Up,
    /// Halves go up.
    Nearest,
}

/// A share of the people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuotaView {
    /// Counted together.
    #[schema(min_items = 1, max_items = 4)]
    modes: Vec<QuotaModeView>,
    bound: QuotaBoundView,
    #[schema(minimum = 0, maximum = 100)]
    percent: u8,
    scope: QuotaScopeView,
    #[serde(default)]
    rounding: RoundingView,
    /// Whether the percent is of everybody who works on the day, the exempt included; else of those only who are free to be
    /// sent home.
    #[serde(default, skip_serializing_if = "is_not_said")]
    counts_exempt: bool,
    /// Only agencies of this kind of service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[a-z0-9_]{2,40}$")]
    service_kind: Option<String>,
}

/// What gives priority.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum CriterionView {
    /// Lives in one of these regions.
    DomicileIn {
        /// Kemendagri codes.
        #[schema(min_items = 1, max_items = 100)]
        codes: Vec<String>,
    },
    /// Works in an office in one of these regions.
    OfficeIn {
        /// Kemendagri codes.
        #[schema(min_items = 1, max_items = 100)]
        codes: Vec<String>,
    },
    /// Is this age or older.
    AgeFrom {
        /// Full years.
        #[schema(minimum = 0, maximum = 255)]
        years: u8,
    },
    /// Is pregnant or nursing.
    Pregnant,
    /// Has a chronic illness.
    ChronicIllness,
    /// Has a disability.
    Disability,
    /// Has a small child at home.
    SmallChild,
    /// Cares for somebody of the family.
    FamilyCare,
    /// Comes by public transport.
    PublicTransport,
    /// Is on a long way home or back.
    LongJourney,
}

/// Who comes first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityView {
    #[schema(minimum = 1, maximum = 100)]
    order: u16,
    criterion: CriterionView,
}

/// A level of posts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub enum PositionLevelView {
    /// JPT madya.
    #[serde(rename = "echelon_i")]
    EchelonI,
    /// JPT pratama.
    #[serde(rename = "echelon_ii")]
    EchelonII,
    /// Administrator.
    #[serde(rename = "echelon_iii")]
    EchelonIII,
    /// Supervisor.
    #[serde(rename = "echelon_iv")]
    EchelonIV,
    /// Everyone else.
    #[serde(rename = "staff")]
    Staff,
}

/// Who is left out: exactly one of the three marks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExemptView {
    /// `health`, `education`, `security`, `public_service`, `transport` and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[a-z0-9_]{2,40}$")]
    service_kind: Option<String>,
    /// One agency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 50)]
    agency_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    position_level: Option<PositionLevelView>,
    mode: PlaceModeView,
}

/// Picket duty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PicketView {
    /// People a day and agency, at least.
    #[schema(minimum = 1, maximum = 10_000)]
    min_per_day: u16,
    #[serde(default)]
    levels: Vec<PositionLevelView>,
}

/// One of the three daily occasions to share a location.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SlotView {
    /// Pagi.
    Morning,
    /// Siang.
    Midday,
    /// Sore.
    Afternoon,
}

/// A span of local clock time, in minutes after local midnight; past 1,440 is the next day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowView {
    #[schema(minimum = 0, maximum = 2_879)]
    opens_minute: u16,
    #[schema(minimum = 1, maximum = 2_880)]
    closes_minute: u16,
}

/// One slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SlotRuleView {
    slot: SlotView,
    window: WindowView,
    /// Minutes after the window in which a share still fills the slot, as late.
    #[schema(minimum = 0, maximum = 240)]
    grace_minutes: u16,
    /// When the agency's report of the slot is due at BKD; the slot closes at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 2_880)]
    report_due_minute: Option<u16>,
}

/// A zone of Indonesia.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub enum ZoneView {
    /// WIB.
    #[serde(rename = "Asia/Jakarta")]
    Jakarta,
    /// WITA.
    #[serde(rename = "Asia/Makassar")]
    Makassar,
    /// WIT.
    #[serde(rename = "Asia/Jayapura")]
    Jayapura,
}

fn home_radius() -> u32 {
    200
}

fn office_radius() -> u32 {
    100
}

fn required_modes() -> Vec<WorkingModeView> {
    vec![WorkingModeView::Wfh, WorkingModeView::Wfa]
}

/// How locations are shared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckInTermsView {
    /// In the order of the day, not overlapping with their grace.
    #[schema(min_items = 1, max_items = 3)]
    slots: Vec<SlotRuleView>,
    #[serde(default = "home_radius")]
    #[schema(minimum = 10, maximum = 50_000, default = 200)]
    home_radius_metres: u32,
    #[serde(default = "office_radius")]
    #[schema(minimum = 10, maximum = 50_000, default = 100)]
    office_radius_metres: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<ZoneView>,
    /// Whose people share; `wfh` and `wfa` unless given.
    #[serde(default = "required_modes")]
    #[schema(max_items = 9)]
    required_modes: Vec<WorkingModeView>,
    /// Whether shares are also held against the hours of the schedule in force (TL and PSW in the recap).
    #[serde(default, skip_serializing_if = "is_not_said")]
    clock_counts: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_not_said(said: &bool) -> bool {
    !*said
}

/// Meetings in person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GatheringView {
    banned: bool,
}

/// What agencies have to report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportingView {
    /// A word: `attendance`, `roster`, `performance`, `work_system`.
    #[schema(pattern = "^[a-z0-9_]{2,40}$")]
    what: String,
    #[schema(min_length = 1, max_length = 200)]
    to: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due_on: Option<NaiveDate>,
}

/// A way of teaching.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LearningModeView {
    /// Pembelajaran jarak jauh.
    Distance,
    /// In the classroom.
    Classroom,
}

/// How schools teach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LearningView {
    mode: LearningModeView,
}

/// How days after the work date are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayCountView {
    /// Every day of the calendar.
    #[default]
    Calendar,
    /// Work days only.
    Working,
}

fn three_days() -> u8 {
    3
}

/// How daily entries are filed and reviewed. Without such a rule: three calendar days, three working days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivityRulesView {
    /// Days after the work date on which an entry may still be written and handed in.
    #[serde(default = "three_days")]
    #[schema(maximum = 31, default = 3)]
    open_days: u8,
    /// How they are counted.
    #[serde(default)]
    open_day_count: DayCountView,
    /// Working days of the direct superior before the next one is asked too.
    #[serde(default = "three_days")]
    #[schema(minimum = 1, maximum = 31, default = 3)]
    review_working_days: u8,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::circular::archive::archive;
    use crate::domain::circular::rule::Rule;
    use serde_json::json;

    #[test]
    fn the_described_rules_are_the_rules_of_the_domain() {
        let mut rules: Vec<Rule> = archive()
            .into_iter()
            .flat_map(|archived| archived.content.rules)
            .collect();
        let others = json!([
            {"kind": "priority", "order": 3, "criterion": {"is": "age_from", "years": 45}},
            {"kind": "priority", "order": 4, "criterion": {"is": "pregnant"}},
            {"kind": "priority", "order": 5, "criterion": {"is": "family_care"}},
            {"kind": "quota", "modes": ["wfh"], "bound": "max", "percent": 50, "scope": "opd", "counts_exempt": true},
            {"kind": "exempt", "agency_code": "1.01", "mode": "wfo"},
            {"kind": "schedule", "hours": [{"days": ["Sat", "Sun"], "starts_minute": 450, "ends_minute": 840}]},
            {"kind": "checkin", "slots": []},
            {"kind": "activity", "open_days": 5, "open_day_count": "working", "review_working_days": 2},
            {"kind": "activity"},
        ]);
        rules.extend(serde_json::from_value::<Vec<Rule>>(others).unwrap());
        for rule in rules {
            let written = serde_json::to_value(&rule).unwrap();
            let view: RuleView = serde_json::from_value(written.clone()).unwrap();
            assert_eq!(serde_json::to_value(&view).unwrap(), written);
        }
    }
}

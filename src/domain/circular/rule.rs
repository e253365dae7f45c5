//! The rules that a circular carries, as data. `kind` is spelled as in the domain report, section 2.1.

use crate::domain::access::Role;
use crate::domain::activity::entry_day::ActivityRules;
use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::instant::Zone;
use crate::domain::schedule::hours::KEPT_UNLESS_SAID;
use crate::domain::schedule::hours::OwnKind;
use crate::domain::schedule::hours::WorkHours;
use crate::domain::slot::CheckInRule;
use crate::domain::slot::SlotRule;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One rule of a circular.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rule {
    /// Where a work group works unless a roster says otherwise.
    WorkMode(WorkModeRule),
    /// How many may, or must, work in a mode.
    Quota(QuotaRule),
    /// Who comes first where a quota is short.
    Priority(PriorityRule),
    /// Whom the circular's default leaves out.
    Exempt(ExemptRule),
    /// How many are on picket duty a day.
    Picket(PicketRule),
    /// Work days and hours.
    Schedule(ScheduleRule),
    /// How locations are shared.
    #[serde(rename = "checkin")]
    CheckIn(CheckInTerms),
    /// Official travel.
    Travel(TravelRule),
    /// Meetings in person.
    Gathering(GatheringRule),
    /// What an agency has to report.
    Reporting(ReportingRule),
    /// How schools teach.
    Learning(LearningRule),
    /// How long daily entries stay open and how long their review may take.
    Activity(ActivityRules),
}

/// Where a work group works.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkModeRule {
    /// The group.
    pub group: WorkGroup,
    /// `wfo`, `wfh` or `wfa`.
    pub mode: WorkMode,
}

/// A share of an agency's or the province's people.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuotaRule {
    /// The modes that are counted together: `wfo`, `wfh`, `wfa`, `picket`.
    pub modes: Vec<WorkMode>,
    /// Whether `percent` is a floor, a ceiling or the aim.
    pub bound: QuotaBound,
    /// 0 to 100.
    pub percent: u8,
    /// Of whom.
    pub scope: QuotaScope,
    /// What happens to the fraction of a person.
    #[serde(default)]
    pub rounding: Rounding,
    /// Whether the percent is of everybody who works on the day, those included whom a circular or a mark ties to one mode;
    /// else of those only who are free to be sent home ("dikecualikan" read as left out). Not unless said.
    #[serde(default, skip_serializing_if = "is_not_said")]
    pub counts_exempt: bool,
    /// Only agencies of this kind of service, all if missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_kind: Option<String>,
}

/// How a quota binds.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaBound {
    /// At least.
    Min,
    /// At most.
    Max,
    /// As near as whole people allow.
    Exact,
}

/// Whose people a quota counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaScope {
    /// Each agency (OPD) by itself.
    Opd,
    /// The jurisdiction as a whole.
    Province,
}

/// What happens to the fraction of a person.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// A ceiling of 12.5 people is 12.
    #[default]
    Down,
    /// A floor of 12.5 people is 13.
    Up,
    /// Halves go up.
    Nearest,
}

/// Who comes first where a quota is short.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriorityRule {
    /// 1 comes first.
    pub order: u16,
    /// What makes a person one of them.
    pub criterion: Criterion,
}

/// What gives priority.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub enum Criterion {
    /// Lives in one of these regions.
    DomicileIn {
        /// Kemendagri codes.
        codes: Vec<JurisdictionCode>,
    },
    /// Works in an office that stands in one of these regions.
    OfficeIn {
        /// Kemendagri codes.
        codes: Vec<JurisdictionCode>,
    },
    /// Is this age or older.
    AgeFrom {
        /// Full years.
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
    /// Is on a long way home or back at a holiday.
    LongJourney,
}

/// Whom the default of the circular leaves out. Exactly one of the three marks is given.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExemptRule {
    /// A kind of service: `health`, `education`, `security`, `public_service`, `transport` and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_kind: Option<String>,
    /// One agency (OPD) by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency_code: Option<String>,
    /// A level of posts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position_level: Option<PositionLevel>,
    /// Where they work instead; `wfo` in every circular so far.
    pub mode: WorkMode,
}

/// A level of posts, by echelon.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PositionLevel {
    /// JPT madya: the regional secretary.
    #[serde(rename = "echelon_i")]
    EchelonI,
    /// JPT pratama: heads of agencies.
    #[serde(rename = "echelon_ii")]
    EchelonII,
    /// Administrator.
    #[serde(rename = "echelon_iii")]
    EchelonIII,
    /// Supervisor (pengawas).
    #[serde(rename = "echelon_iv")]
    EchelonIV,
    /// Everyone without an echelon.
    Staff,
}

impl PositionLevel {
    /// Reads an echelon as the personnel export spells it (`II.a`, `III/b`, `Eselon IV.A`); anything else is staff.
    pub fn from_echelon(echelon: Option<&str>) -> Self {
        let text = echelon.unwrap_or_default().to_uppercase();
        let roman: String = text
            .trim_start_matches("ESELON")
            .trim()
            .chars()
            .take_while(|sign| matches!(sign, 'I' | 'V'))
            .collect();
        match roman.as_str() {
            "I" => Self::EchelonI,
            "II" => Self::EchelonII,
            "III" => Self::EchelonIII,
            "IV" => Self::EchelonIV,
            _ => Self::Staff,
        }
    }
}

/// Picket duty (piket).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PicketRule {
    /// People a day and agency, at least.
    pub min_per_day: u16,
    /// The levels that must be among them.
    #[serde(default)]
    pub levels: Vec<PositionLevel>,
}

/// Work days and hours.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleRule {
    /// The hours of each work day of the week; a day that is not named is not a work day.
    pub hours: Vec<WorkHours>,
    /// Whether these are the hours of Ramadan.
    #[serde(default)]
    pub ramadan: bool,
    /// Whether work goes on on holidays and joint leave, as at a hospital.
    #[serde(default)]
    pub works_on_holidays: bool,
    /// Whose own schedules it leaves as they are: `five_day`, `six_day`, `shift`. Shifts unless given.
    #[serde(default = "kept", skip_serializing_if = "is_kept_unless_said")]
    pub keeps_own: Vec<OwnKind>,
}

fn kept() -> Vec<OwnKind> {
    KEPT_UNLESS_SAID.to_vec()
}

fn is_kept_unless_said(kept: &[OwnKind]) -> bool {
    kept == KEPT_UNLESS_SAID
}

/// How locations are shared: slots, radii, zone, and for whom.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckInTerms {
    /// In the order of the day.
    pub slots: Vec<SlotRule>,
    /// Radius of a home's circle, metres; 200 unless given.
    #[serde(default = "home_radius")]
    pub home_radius_metres: u32,
    /// Radius of an office's circle, metres; 100 unless given.
    #[serde(default = "office_radius")]
    pub office_radius_metres: u32,
    /// The zone of people whose place of duty names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<Zone>,
    /// The modes whose people share; `wfh` and `wfa` unless given.
    #[serde(default = "required_modes")]
    pub required_modes: Vec<WorkMode>,
    /// Whether shares are also held against the hours of the schedule in force (TL and PSW in the recap); not unless said.
    #[serde(default, skip_serializing_if = "is_not_said")]
    pub clock_counts: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_not_said(said: &bool) -> bool {
    !*said
}

fn home_radius() -> u32 {
    CheckInRule::default().home_radius_metres
}

fn office_radius() -> u32 {
    CheckInRule::default().office_radius_metres
}

fn required_modes() -> Vec<WorkMode> {
    CheckInRule::default().required_modes
}

impl CheckInTerms {
    /// The terms as check-ins are judged by them: a slot with a reporting deadline closes at it, grace included.
    pub fn in_effect(&self) -> CheckInRule {
        CheckInRule {
            slots: self.slots.iter().map(|slot| closed_at_deadline(*slot)).collect(),
            home_radius_metres: self.home_radius_metres,
            office_radius_metres: self.office_radius_metres,
            required_modes: self.required_modes.clone(),
        }
    }
}

/// Design section 5: a circular with reporting deadlines, as in 2020, closes its slots at them.
fn closed_at_deadline(slot: SlotRule) -> SlotRule {
    let Some(due) = slot.report_due_minute else {
        return slot;
    };
    let mut closed = slot;
    closed.window.closes_minute = slot.window.closes_minute.min(due);
    closed.grace_minutes = slot.grace_minutes.min(due.saturating_sub(closed.window.closes_minute));
    closed
}

/// Official travel out of the region.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TravelRule {
    /// Banned, or only by priority and urgency.
    pub outside_region: TravelBan,
    /// Who may let someone travel all the same, as the circular words it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception_approver: Option<String>,
    /// The role that this is in the service: `agency_head`, `bkd_head`, or `signer` for the governor and the regional
    /// secretary. Without one nobody can except here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception_role: Option<Role>,
}

/// How far official travel is held back.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TravelBan {
    /// Not at all without the approver.
    Banned,
    /// By priority and urgency.
    Selective,
}

/// Meetings in person.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatheringRule {
    /// Whether they are off.
    pub banned: bool,
}

/// What an agency has to report.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportingRule {
    /// A word for it: `attendance`, `roster`, `performance`, `work_system`.
    pub what: String,
    /// To whom, as the circular says it.
    pub to: String,
    /// The last day, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
}

/// How schools teach.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearningRule {
    /// The method.
    pub mode: LearningMode,
}

/// A way of teaching.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LearningMode {
    /// Pembelajaran jarak jauh.
    Distance,
    /// In the classroom.
    Classroom,
}

/// What a rule is about. Of two circulars that both speak about one subject, one decides it whole.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// The mode of one work group.
    WorkMode {
        /// The group.
        group: WorkGroup,
    },
    /// All quotas.
    Quota,
    /// The order of priority.
    Priority,
    /// All exemptions.
    Exempt,
    /// Picket duty.
    Picket,
    /// Work days and hours.
    Schedule,
    /// How locations are shared.
    #[serde(rename = "checkin")]
    CheckIn,
    /// Official travel.
    Travel,
    /// Meetings in person.
    Gathering,
    /// One thing to report.
    Reporting {
        /// Its word.
        what: String,
    },
    /// How schools teach.
    Learning,
    /// How daily entries are filed and reviewed.
    Activity,
}

impl Subject {
    /// The `kind` of the rules that are about it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::WorkMode { .. } => "work_mode",
            Self::Quota => "quota",
            Self::Priority => "priority",
            Self::Exempt => "exempt",
            Self::Picket => "picket",
            Self::Schedule => "schedule",
            Self::CheckIn => "checkin",
            Self::Travel => "travel",
            Self::Gathering => "gathering",
            Self::Reporting { .. } => "reporting",
            Self::Learning => "learning",
            Self::Activity => "activity",
        }
    }
}

impl Rule {
    /// What the rule is about.
    pub fn subject(&self) -> Subject {
        match self {
            Self::WorkMode(rule) => Subject::WorkMode { group: rule.group },
            Self::Quota(_) => Subject::Quota,
            Self::Priority(_) => Subject::Priority,
            Self::Exempt(_) => Subject::Exempt,
            Self::Picket(_) => Subject::Picket,
            Self::Schedule(_) => Subject::Schedule,
            Self::CheckIn(_) => Subject::CheckIn,
            Self::Travel(_) => Subject::Travel,
            Self::Gathering(_) => Subject::Gathering,
            Self::Reporting(rule) => Subject::Reporting {
                what: rule.what.clone(),
            },
            Self::Learning(_) => Subject::Learning,
            Self::Activity(_) => Subject::Activity,
        }
    }
}

#[cfg(test)]
#[path = "rule_tests.rs"]
mod tests;

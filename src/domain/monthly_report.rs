//! The activities of one person and month, compiled, handed in and assessed by the direct superior.

use crate::domain::activity::{ActivityState, Decision};
use crate::domain::ids::EmployeeId;
use crate::domain::month::Month;
use crate::domain::text::{self, TextError};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most characters of highlights, obstacles and plan, each.
pub const SECTION_CHARACTERS: usize = 4_000;
/// Most characters of the assessor's note.
pub const ASSESSMENT_NOTE_CHARACTERS: usize = 2_000;
/// Calendar days after the assessment until the report and the month's entries are closed; a proposal, as D+3 is.
pub const CLOSE_AFTER_DAYS: i64 = 3;

/// Where a report stands.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthlyReportState {
    /// The month runs; nothing is compiled yet.
    Open,
    /// Counted from the entries; may be counted again.
    Compiled,
    /// Waiting for the direct superior.
    Submitted,
    /// Rated; may be rated again until it is closed.
    Assessed,
    /// Fixed for good, with the month's entries locked.
    Closed,
}

impl MonthlyReportState {
    /// Every state, in the order of a report's life.
    pub const ALL: [Self; 5] = [
        Self::Open,
        Self::Compiled,
        Self::Submitted,
        Self::Assessed,
        Self::Closed,
    ];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Compiled => "compiled",
            Self::Submitted => "submitted",
            Self::Assessed => "assessed",
            Self::Closed => "closed",
        }
    }

    /// The inverse of [`MonthlyReportState::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// How work or behaviour compares with what was expected (`PermenPANRB` 6/2022: di atas, sesuai, di bawah ekspektasi).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// Di atas ekspektasi.
    Above,
    /// Sesuai ekspektasi.
    Meets,
    /// Di bawah ekspektasi.
    Below,
}

impl Expectation {
    /// Every step of the scale.
    pub const ALL: [Self; 3] = [Self::Above, Self::Meets, Self::Below];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Meets => "meets",
            Self::Below => "below",
        }
    }

    /// The inverse of [`Expectation::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|expectation| expectation.code() == code)
    }
}

/// What one entry adds to its report.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ReportedEntry {
    /// Where the entry stands.
    pub state: ActivityState,
    /// What the last review said; a locked entry counts by it.
    pub decision: Option<Decision>,
    /// Its length.
    pub minutes: u16,
}

/// The entries of a month, counted.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// All entries, drafts included.
    pub entries: u32,
    /// Those that a reviewer approved.
    pub approved: u32,
    /// Minutes of all entries but the rejected ones.
    pub minutes: u32,
    /// Minutes of the approved entries.
    pub approved_minutes: u32,
    /// Entries by their state; every state is named, also those with none.
    pub by_state: BTreeMap<ActivityState, u32>,
}

impl Totals {
    /// Counts entries of one person and month, in any order.
    pub fn of(entries: impl IntoIterator<Item = ReportedEntry>) -> Self {
        let mut totals = Self {
            by_state: ActivityState::ALL.into_iter().map(|state| (state, 0)).collect(),
            ..Self::default()
        };
        for entry in entries {
            let minutes = u32::from(entry.minutes);
            let decision = match entry.state {
                ActivityState::Approved | ActivityState::Rejected | ActivityState::Locked => entry.decision,
                ActivityState::Draft
                | ActivityState::Submitted
                | ActivityState::Escalated
                | ActivityState::Returned => None,
            };
            totals.entries += 1;
            *totals.by_state.entry(entry.state).or_default() += 1;
            if decision != Some(Decision::Rejected) {
                totals.minutes += minutes;
            }
            if decision == Some(Decision::Approved) {
                totals.approved += 1;
                totals.approved_minutes += minutes;
            }
        }
        totals
    }
}

/// The words of a report.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Sections {
    /// What went well or mattered most; needed to hand the report in.
    pub highlights: Option<String>,
    /// What stood in the way.
    pub obstacles: Option<String>,
    /// What comes next month.
    pub plan: Option<String>,
}

impl Sections {
    /// Trims and bounds each section; a fault names its field.
    pub fn check(&self) -> Result<Self, Vec<(&'static str, TextError)>> {
        let sections = [
            ("highlights", &self.highlights),
            ("obstacles", &self.obstacles),
            ("plan", &self.plan),
        ];
        let mut faults = Vec::new();
        let [highlights, obstacles, plan] = sections.map(|(field, section)| {
            text::optional(section.as_deref(), SECTION_CHARACTERS)
                .map_err(|error| faults.push((field, error)))
                .unwrap_or_default()
        });
        if faults.is_empty() {
            Ok(Self {
                highlights,
                obstacles,
                plan,
            })
        } else {
            Err(faults)
        }
    }
}

/// The rating of one month.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Assessment {
    /// Work results (hasil kerja).
    pub results: Expectation,
    /// Behaviour by the seven values of `BerAKHLAK` (perilaku kerja).
    pub behaviour: Expectation,
    /// The assessor's words; always there where an axis is below expectation.
    pub note: Option<String>,
}

/// Why a step of a report can't be taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum MonthlyReportError {
    /// The step does not follow this state.
    #[error("a report that is {} does not allow this", from.code())]
    Step {
        /// Where the report stands.
        from: MonthlyReportState,
    },
    /// The month has not begun.
    #[error("the month has not begun")]
    MonthAhead,
    /// The month's last day has not come, so it can't be handed in.
    #[error("the month has not reached its last day")]
    MonthRunning,
    /// There are no highlights yet.
    #[error("a report is handed in with highlights")]
    HighlightsMissing,
    /// Nobody assesses themselves.
    #[error("nobody assesses their own report")]
    OwnReport,
    /// A rating below expectation needs a note of at least 3 characters.
    #[error("a rating below expectation needs a note")]
    NoteMissing,
    /// The note is not sound.
    #[error("note: {0}")]
    Note(TextError),
}

/// Counts the month again. Allowed from the month's first day until the report is handed in.
pub fn compile(
    state: MonthlyReportState,
    month: Month,
    today: NaiveDate,
) -> Result<MonthlyReportState, MonthlyReportError> {
    if today < month.first() {
        return Err(MonthlyReportError::MonthAhead);
    }
    match state {
        MonthlyReportState::Open | MonthlyReportState::Compiled => Ok(MonthlyReportState::Compiled),
        MonthlyReportState::Submitted | MonthlyReportState::Assessed | MonthlyReportState::Closed => {
            Err(MonthlyReportError::Step { from: state })
        }
    }
}

/// Hands the report in, from the last day of its month on and with highlights.
pub fn submit(
    state: MonthlyReportState,
    month: Month,
    sections: &Sections,
    today: NaiveDate,
) -> Result<MonthlyReportState, MonthlyReportError> {
    match state {
        MonthlyReportState::Compiled => {}
        MonthlyReportState::Open
        | MonthlyReportState::Submitted
        | MonthlyReportState::Assessed
        | MonthlyReportState::Closed => return Err(MonthlyReportError::Step { from: state }),
    }
    if today < month.last() {
        return Err(MonthlyReportError::MonthRunning);
    }
    if sections.highlights.is_none() {
        return Err(MonthlyReportError::HighlightsMissing);
    }
    Ok(MonthlyReportState::Submitted)
}

/// Rates a report of `owner`. The caller has checked that the assessor is the direct superior.
pub fn assess(
    state: MonthlyReportState,
    owner: EmployeeId,
    assessor: EmployeeId,
    results: Expectation,
    behaviour: Expectation,
    note: Option<&str>,
) -> Result<(MonthlyReportState, Assessment), MonthlyReportError> {
    if owner == assessor {
        return Err(MonthlyReportError::OwnReport);
    }
    let note = text::optional(note, ASSESSMENT_NOTE_CHARACTERS).map_err(MonthlyReportError::Note)?;
    let needs_note = results == Expectation::Below || behaviour == Expectation::Below;
    if needs_note && note.as_ref().is_none_or(|note| note.chars().count() < 3) {
        return Err(MonthlyReportError::NoteMissing);
    }
    match state {
        MonthlyReportState::Submitted | MonthlyReportState::Assessed => {}
        MonthlyReportState::Open | MonthlyReportState::Compiled | MonthlyReportState::Closed => {
            return Err(MonthlyReportError::Step { from: state });
        }
    }
    Ok((
        MonthlyReportState::Assessed,
        Assessment {
            results,
            behaviour,
            note,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn march() -> Month {
        "2026-03".parse().unwrap()
    }

    fn date(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn with_highlights() -> Sections {
        Sections {
            highlights: Some("Rekap selesai".to_owned()),
            ..Sections::default()
        }
    }

    fn entry(state: ActivityState, decision: Option<Decision>, minutes: u16) -> ReportedEntry {
        ReportedEntry {
            state,
            decision,
            minutes,
        }
    }

    #[test]
    fn totals_count_locked_entries_by_their_review() {
        let totals = Totals::of([
            entry(ActivityState::Approved, Some(Decision::Approved), 60),
            entry(ActivityState::Locked, Some(Decision::Approved), 30),
            entry(ActivityState::Locked, Some(Decision::Rejected), 15),
            entry(ActivityState::Locked, None, 10),
            entry(ActivityState::Rejected, Some(Decision::Rejected), 500),
            entry(ActivityState::Submitted, Some(Decision::Returned), 5),
        ]);
        assert_eq!((totals.entries, totals.approved), (6, 2));
        assert_eq!((totals.minutes, totals.approved_minutes), (105, 90));
        assert_eq!(totals.by_state.get(&ActivityState::Locked), Some(&3));
        assert_eq!(totals.by_state.get(&ActivityState::Draft), Some(&0));
    }

    #[test]
    fn a_report_is_compiled_again_until_it_is_handed_in() {
        use MonthlyReportState::{Assessed, Closed, Compiled, Open, Submitted};
        for state in [Open, Compiled] {
            assert_eq!(compile(state, march(), date(3, 1)), Ok(Compiled));
        }
        for state in [Submitted, Assessed, Closed] {
            assert_eq!(
                compile(state, march(), date(3, 1)),
                Err(MonthlyReportError::Step { from: state })
            );
        }
        assert_eq!(compile(Open, march(), date(2, 28)), Err(MonthlyReportError::MonthAhead));
    }

    #[test]
    fn a_report_is_handed_in_from_the_last_day_of_its_month() {
        let state = MonthlyReportState::Compiled;
        assert_eq!(
            submit(state, march(), &with_highlights(), date(3, 30)),
            Err(MonthlyReportError::MonthRunning)
        );
        assert_eq!(
            submit(state, march(), &with_highlights(), date(3, 31)),
            Ok(MonthlyReportState::Submitted)
        );
        assert_eq!(
            submit(state, march(), &Sections::default(), date(4, 1)),
            Err(MonthlyReportError::HighlightsMissing)
        );
        let open = MonthlyReportState::Open;
        assert_eq!(
            submit(open, march(), &with_highlights(), date(4, 1)),
            Err(MonthlyReportError::Step { from: open })
        );
    }

    #[test]
    fn a_rating_comes_from_another_person_and_explains_what_is_below() {
        let (owner, assessor) = (EmployeeId::new(Uuid::from_u128(1)), EmployeeId::new(Uuid::from_u128(2)));
        let rate = |state, by, results, note| {
            assess(state, owner, by, results, Expectation::Meets, note).map(|(state, _)| state)
        };
        let submitted = MonthlyReportState::Submitted;
        assert_eq!(
            rate(submitted, owner, Expectation::Meets, None),
            Err(MonthlyReportError::OwnReport)
        );
        assert_eq!(
            rate(submitted, assessor, Expectation::Below, None),
            Err(MonthlyReportError::NoteMissing)
        );
        assert_eq!(
            rate(submitted, assessor, Expectation::Below, Some("Dua laporan terlambat")),
            Ok(MonthlyReportState::Assessed)
        );
        assert_eq!(
            rate(MonthlyReportState::Assessed, assessor, Expectation::Above, None),
            Ok(MonthlyReportState::Assessed)
        );
        for from in [
            MonthlyReportState::Open,
            MonthlyReportState::Compiled,
            MonthlyReportState::Closed,
        ] {
            assert_eq!(
                rate(from, assessor, Expectation::Meets, None),
                Err(MonthlyReportError::Step { from })
            );
        }
    }

    #[test]
    fn sections_are_bounded_each() {
        let long = Sections {
            obstacles: Some("a".repeat(SECTION_CHARACTERS + 1)),
            plan: Some("a".repeat(SECTION_CHARACTERS)),
            ..Sections::default()
        };
        let maximum = SECTION_CHARACTERS;
        assert_eq!(long.check(), Err(vec![("obstacles", TextError::TooLong { maximum })]));
    }

    #[test]
    fn codes_read_back() {
        for state in MonthlyReportState::ALL {
            assert_eq!(MonthlyReportState::from_code(state.code()), Some(state));
        }
        for expectation in Expectation::ALL {
            assert_eq!(Expectation::from_code(expectation.code()), Some(expectation));
        }
    }

    proptest! {
        #[test]
        fn states_add_up_to_the_entries(states in proptest::collection::vec((0usize..7, 1u16..=600), 0..60)) {
            let entries = states.iter().map(|(state, minutes)| entry(ActivityState::ALL[*state], None, *minutes));
            let totals = Totals::of(entries);
            prop_assert_eq!(totals.by_state.values().sum::<u32>(), totals.entries);
            prop_assert_eq!(totals.minutes, states.iter().map(|(_, minutes)| u32::from(*minutes)).sum::<u32>());
        }
    }
}

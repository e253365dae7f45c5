//! What a circular would change, day by day and agency by agency, before anybody issues it.

use crate::app::App;
use crate::app::error::Error;
use crate::app::own_schedule::Whose;
use crate::app::rule_book::AgencyFacts;
use crate::app::rule_book::RuleBook;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::circular::conflict::Conflict;
use crate::domain::circular::conflict::conflicts;
use crate::domain::circular::lifecycle::Circular;
use crate::domain::circular::lifecycle::CircularState;
use crate::domain::circular::rule::Rule;
use crate::domain::day::Duty;
use crate::domain::half::Half;
use crate::domain::ids::CircularId;
use crate::domain::slot::SlotRule;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::agency_day::KindCount;
use crate::store::backend::AnyConnection;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// Most days of one preview.
pub const MOST_DAYS: u64 = 31;
/// Days that a preview shows where no last one is asked for.
const USUAL_DAYS: u64 = 14;

/// What would change on one date in one agency.
#[derive(Clone, Debug)]
pub struct DayPreview {
    /// The date.
    pub date: NaiveDate,
    /// Everybody on the staff.
    pub staff: i64,
    /// How many are in which mode as things stand.
    pub before: BTreeMap<WorkMode, i64>,
    /// How many would be.
    pub after: BTreeMap<WorkMode, i64>,
    /// How many would go from which mode to which other one.
    pub moves: BTreeMap<(WorkMode, WorkMode), i64>,
    /// How many are asked to share, and how many would be.
    pub asked: (i64, i64),
    /// The slots as they stand, and as they would be.
    pub slots: (Vec<SlotRule>, Vec<SlotRule>),
}

impl DayPreview {
    /// People whose mode would be another one.
    pub fn touched(&self) -> i64 {
        self.moves.values().sum()
    }

    /// Whether anything would be another way.
    pub fn is_changed(&self) -> bool {
        self.touched() > 0 || self.asked.0 != self.asked.1 || self.slots.0 != self.slots.1
    }
}

/// What would change in one agency.
#[derive(Clone, Debug)]
pub struct AgencyPreview {
    /// The agency.
    pub agency: AgencyFacts,
    /// In order.
    pub days: Vec<DayPreview>,
}

/// What a circular would change.
#[derive(Clone, Debug)]
pub struct CircularPreview {
    /// The first date shown.
    pub from: NaiveDate,
    /// The last date shown.
    pub to: NaiveDate,
    /// By code.
    pub agencies: Vec<AgencyPreview>,
    /// Circulars that it clashes with.
    pub conflicts: Vec<Conflict>,
    /// Whether it has quotas or picket duty, which change nobody's day before a roster is made.
    pub needs_rosters: bool,
}

/// Which part of a preview.
#[derive(Clone, Debug, Default)]
pub struct PreviewFilter {
    /// First date; the circular's own unless given.
    pub from: Option<NaiveDate>,
    /// Last date.
    pub to: Option<NaiveDate>,
    /// Only this agency.
    pub agency: Option<AgencyCode>,
    /// Agencies whose codes come after this one.
    pub after: Option<String>,
}

impl App {
    /// What a circular that is not issued yet would change for up to `limit` agencies of its jurisdiction, given the
    /// staff, the rosters and the other circulars as they stand. Nothing is written.
    pub fn preview_circular(
        &self,
        scope: &Scope,
        id: CircularId,
        filter: &PreviewFilter,
        limit: usize,
    ) -> Result<CircularPreview, Error> {
        self.store.read(|connection| {
            let registered = store::circular::find(connection, id)?.ok_or(Error::NotFound)?;
            let circular = registered.circular;
            let (from, to) = period(&circular, filter)?;
            let book = self.rule_book(connection)?;
            let supposed = Circular {
                state: CircularState::Issued,
                ..circular.clone()
            };
            let with_it = book.with_circular(supposed);
            let jurisdiction = &circular.content.jurisdiction_code;
            let mut touched: Vec<&AgencyFacts> = book
                .agencies()
                .filter(|agency| jurisdiction.covers(&agency.jurisdiction))
                .filter(|agency| filter.agency.as_ref().is_none_or(|code| code.as_str() == agency.code))
                .filter(|agency| filter.after.as_ref().is_none_or(|after| agency.code > *after))
                .collect();
            touched.sort_by(|one, other| one.code.cmp(&other.code));
            touched.truncate(limit);
            let agencies = touched
                .into_iter()
                .map(|agency| preview_agency(connection, scope, agency, [&book, &with_it], (from, to)))
                .collect::<Result<_, Error>>()?;
            Ok(CircularPreview {
                from,
                to,
                agencies,
                conflicts: conflicts(&circular, book.circulars()),
                needs_rosters: circular
                    .content
                    .rules
                    .iter()
                    .any(|rule| matches!(rule, Rule::Quota(_) | Rule::Picket(_))),
            })
        })
    }
}

/// The dates that are shown: from the circular's first day on, at most [`MOST_DAYS`].
fn period(circular: &Circular, filter: &PreviewFilter) -> Result<(NaiveDate, NaiveDate), Error> {
    let content = &circular.content;
    let from = filter.from.unwrap_or(content.effective_from);
    let usual = from.checked_add_days(Days::new(USUAL_DAYS - 1)).unwrap_or(from);
    let to = filter
        .to
        .unwrap_or_else(|| content.effective_to.map_or(usual, |last| last.min(usual).max(from)));
    let days = (to - from).num_days();
    if (0..i64::try_from(MOST_DAYS).unwrap_or(0)).contains(&days) {
        Ok((from, to))
    } else {
        Err(Error::field(
            "to",
            "out_of_limits",
            "Rentang tanggal 1 sampai 31 hari.",
            "A period has 1 to 31 days.",
        ))
    }
}

fn preview_agency(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyFacts,
    books: [&RuleBook; 2],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<AgencyPreview, Error> {
    let code = AgencyCode::parse(&agency.code).map_err(Error::internal)?;
    let mut days = Vec::new();
    for date in from.iter_days().take_while(|date| *date <= to) {
        let kinds = store::agency_day::count(connection, scope, &code, date, books[0].has_schedules(agency))?;
        days.push(preview_day(agency, books, date, &kinds));
    }
    Ok(AgencyPreview {
        agency: agency.clone(),
        days,
    })
}

fn preview_day(agency: &AgencyFacts, books: [&RuleBook; 2], date: NaiveDate, kinds: &[KindCount]) -> DayPreview {
    let held = books.map(|book| book.held(agency, date));
    let mut day = DayPreview {
        date,
        staff: 0,
        before: BTreeMap::new(),
        after: BTreeMap::new(),
        moves: BTreeMap::new(),
        asked: (0, 0),
        slots: (held[0].check_in.slots.clone(), held[1].check_in.slots.clone()),
    };
    for count in kinds {
        let whose = Whose {
            unit_id: count.kind.unit_id,
            starts: &count.kind.starts.0,
        };
        let assigned = count.kind.assigned.as_slice();
        let of = (count.kind.work_group, count.kind.echelon.as_deref());
        let looked_up = books.map(|book| {
            let held = book.held_for(agency, whose, date, assigned);
            let modes = book.mode_of_kind(agency, &held, of, assigned);
            let is_asked = held
                .check_in
                .slots
                .iter()
                .any(|rule| held.duty(&modes, rule) == Duty::Required);
            (Half::ALL.map(|half| modes.of(half).mode), is_asked)
        });
        let [(before, was_asked), (after, is_asked)] = looked_up;
        day.staff += count.people;
        // Whoever has a mode for each half of the day is counted in both, and once where it is the same.
        for mode in BTreeSet::from(before) {
            *day.before.entry(mode).or_default() += count.people;
        }
        for mode in BTreeSet::from(after) {
            *day.after.entry(mode).or_default() += count.people;
        }
        let moves: BTreeSet<(WorkMode, WorkMode)> = before.into_iter().zip(after).collect();
        for (before, after) in moves {
            if before != after {
                *day.moves.entry((before, after)).or_default() += count.people;
            }
        }
        day.asked.0 += if was_asked { count.people } else { 0 };
        day.asked.1 += if is_asked { count.people } else { 0 };
    }
    day
}

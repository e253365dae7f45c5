//! Makes a roster: settles each day's counts, hands them to groups, spreads them fairly over people, and says why.
//! What it promises stands at the head of the folder.

use crate::domain::circular::number::CircularNumber;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::ids::EmployeeId;
use crate::domain::roster::allot::Allotment;
use crate::domain::roster::allot::allot;
use crate::domain::roster::check::Laid;
use crate::domain::roster::check::check;
use crate::domain::roster::fairness::Shares;
use crate::domain::roster::finding::Finding;
use crate::domain::roster::frame::Frame;
use crate::domain::roster::frame::Priority;
use crate::domain::roster::frame::Standing;
use crate::domain::roster::frame::Tie;
use crate::domain::roster::grid::Grid;
use crate::domain::roster::reason::QuotaFact;
use crate::domain::roster::reason::Reason;
use crate::domain::roster::spread::Column;
use crate::domain::roster::spread::spread;
use crate::domain::roster::terms::DayTerms;
use crate::domain::work_mode::WorkMode;
use chrono::NaiveDate;
use std::collections::HashSet;

/// One person's mode on a work day, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Who.
    pub employee_id: EmployeeId,
    /// When.
    pub date: NaiveDate,
    /// What.
    pub mode: WorkMode,
    /// Why.
    pub reason: Reason,
}

/// A roster with what it could not keep to.
#[derive(Clone, Debug)]
pub struct Plan {
    /// By day, then by person: one entry for everybody on the staff on each work day.
    pub entries: Vec<Entry>,
    /// What could not be met, on which day.
    pub shortfalls: Vec<Finding>,
}

/// Makes the roster of a frame. The same frame gives the same roster.
pub fn plan(frame: &Frame) -> Plan {
    let allotments: Vec<Allotment> = (0..frame.days.len()).map(|day| allot(frame, day)).collect();
    let modes = modes(frame, &allotments);
    let entries = entries(frame, &modes);
    let laid = Laid::over(
        frame,
        entries
            .iter()
            .map(|entry| (entry.employee_id, entry.date, entry.mode, false)),
    );
    Plan {
        shortfalls: check(frame, &laid),
        entries,
    }
}

fn modes(frame: &Frame, allotments: &[Allotment]) -> Grid<Option<WorkMode>> {
    let (people, days) = (frame.people.len(), frame.days.len());
    let columns: Vec<Column> = allotments
        .iter()
        .enumerate()
        .flat_map(|(day, allotment)| {
            allotment
                .groups
                .iter()
                .filter(|group| !group.is_tied)
                .map(move |group| Column {
                    day,
                    people: group.people.clone(),
                    places: group.picket + group.office,
                    is_picket: group.office == 0,
                })
        })
        .collect();
    let taken = spread(people, days, &columns, &frame.had_picket);
    let mut modes = Grid::filled(people, days, None);
    let mut turns = Turns {
        on_picket: Grid::filled(people, days, false),
        shares: Shares::none(people),
        count: vec![0; people],
    };
    let mut anywhere = vec![0_usize; people];
    for (day, allotment) in allotments.iter().enumerate() {
        for person in 0..people {
            modes.set(person, day, settled(frame.standing(person, day)));
        }
        let mut away: Vec<usize> = Vec::new();
        for group in &allotment.groups {
            let (office, home): (Vec<usize>, Vec<usize>) = group
                .people
                .iter()
                .partition(|person| group.is_tied || taken.get(**person, day));
            away.extend(home);
            let picket = turns.choose(frame, day, &office, group.picket);
            for person in office {
                let mode = if picket.contains(&person) {
                    WorkMode::Picket
                } else {
                    WorkMode::Wfo
                };
                modes.set(person, day, Some(mode));
            }
        }
        let has_quotas = frame.days.get(day).is_some_and(|terms| !terms.quotas.is_empty());
        if has_quotas {
            share_out(frame, day, allotment, &mut away, &mut anywhere, &mut modes);
        }
    }
    modes
}

/// The mode that a standing leads to by itself.
const fn settled(standing: Standing) -> Option<WorkMode> {
    match standing {
        Standing::Elsewhere => None,
        Standing::Granted(mode) | Standing::Tied { mode, .. } => Some(mode),
        Standing::Free { away, .. } => Some(away),
    }
}

/// Home or anywhere, for those who are away on a day with quotas: those whose group works anywhere first, then those who
/// did so least.
fn share_out(
    frame: &Frame,
    day: usize,
    allotment: &Allotment,
    away: &mut [usize],
    anywhere: &mut [usize],
    modes: &mut Grid<Option<WorkMode>>,
) {
    let wfa = allotment.counts.wfa;
    if wfa > 0 {
        away.sort_by_key(|person| {
            let is_by_group = matches!(
                frame.standing(*person, day),
                Standing::Free {
                    away: WorkMode::Wfa,
                    is_by_group: true,
                    ..
                }
            );
            (!is_by_group, anywhere.get(*person).copied(), *person)
        });
    }
    for (at, person) in away.iter().copied().enumerate() {
        let mode = if at < wfa { WorkMode::Wfa } else { WorkMode::Wfh };
        if at < wfa
            && let Some(count) = anywhere.get_mut(person)
        {
            *count += 1;
        }
        modes.set(person, day, Some(mode));
    }
}

/// Turns of picket duty among those who are at the office anyway.
struct Turns {
    on_picket: Grid<bool>,
    shares: Shares,
    count: Vec<usize>,
}

impl Turns {
    /// Those of the office's people who are on picket: first who was not the day before, then who is owed most.
    fn choose(&mut self, frame: &Frame, day: usize, office: &[usize], places: usize) -> HashSet<usize> {
        self.shares.add(office, places);
        let mut order: Vec<_> = office
            .iter()
            .copied()
            .map(|person| {
                let is_again = match day.checked_sub(1) {
                    Some(before) => self.on_picket.get(person, before),
                    None => frame.had_picket.get(person).copied().unwrap_or_default(),
                };
                let count = self.count.get(person).copied().unwrap_or_default();
                (is_again, self.shares.excess(person, count), person)
            })
            .collect();
        order.sort_unstable();
        let chosen = order.into_iter().take(places).map(|(_, _, person)| person);
        chosen
            .inspect(|person| {
                self.on_picket.set(*person, day, true);
                if let Some(count) = self.count.get_mut(*person) {
                    *count += 1;
                }
            })
            .collect()
    }
}

/// What a person's reasons need to know of the whole period.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    office_days: u16,
    pickets: u16,
    present: u16,
}

fn tally(frame: &Frame, modes: &Grid<Option<WorkMode>>, person: usize, days: usize) -> Tally {
    let mut tally = Tally::default();
    for day in 0..days {
        let standing = frame.standing(person, day);
        if matches!(standing, Standing::Elsewhere | Standing::Granted(_)) {
            continue;
        }
        tally.present += 1;
        if let Some(WorkMode::Wfo | WorkMode::Picket) = modes.get(person, day) {
            tally.office_days += 1;
        }
        if modes.get(person, day) == Some(WorkMode::Picket) {
            tally.pickets += 1;
        }
    }
    tally
}

fn entries(frame: &Frame, modes: &Grid<Option<WorkMode>>) -> Vec<Entry> {
    let whole: Vec<Tally> = (0..frame.people.len())
        .map(|person| tally(frame, modes, person, frame.days.len()))
        .collect();
    let mut so_far = vec![Tally::default(); frame.people.len()];
    let mut entries = Vec::with_capacity(frame.people.len().saturating_mul(frame.days.len()));
    for (day, terms) in frame.days.iter().enumerate() {
        let all = frame.people.iter().zip(&whole).zip(&mut so_far).enumerate();
        for (person, ((id, whole), so_far)) in all {
            let Some(mode) = modes.get(person, day) else { continue };
            let standing = frame.standing(person, day);
            if !matches!(standing, Standing::Granted(_)) && matches!(mode, WorkMode::Wfo | WorkMode::Picket) {
                so_far.office_days += 1;
                so_far.pickets += u16::from(mode == WorkMode::Picket);
            }
            let was_on_picket = match day.checked_sub(1) {
                Some(before) => modes.get(person, before) == Some(WorkMode::Picket),
                None => frame.had_picket.get(person).copied().unwrap_or_default(),
            };
            let told = Told {
                terms,
                standing,
                mode,
                whole: *whole,
                so_far: *so_far,
                was_on_picket,
            };
            entries.push(Entry {
                employee_id: *id,
                date: terms.date,
                mode,
                reason: told.reason().unwrap_or(Reason::NoRule),
            });
        }
    }
    entries
}

/// Everything that a reason is made of.
struct Told<'a> {
    terms: &'a DayTerms,
    standing: Standing,
    mode: WorkMode,
    whole: Tally,
    so_far: Tally,
    was_on_picket: bool,
}

impl Told<'_> {
    /// `None` where no rule is behind it.
    fn reason(&self) -> Option<Reason> {
        let (by_group, priority) = match self.standing {
            Standing::Granted(_) => return Some(Reason::Granted),
            Standing::Tied { level, .. } if self.mode == WorkMode::Picket => return self.picket(level),
            Standing::Free { level, .. } if self.mode == WorkMode::Picket => return self.picket(level),
            Standing::Tied { by: Tie::Exempt, .. } => {
                let by = self.terms.exempt_by.clone()?;
                return Some(Reason::Exempt { by });
            }
            Standing::Tied { by: Tie::Mark, .. } => return Some(Reason::Marked),
            Standing::Elsewhere | Standing::Tied { by: Tie::NoRule, .. } => return None,
            Standing::Tied {
                by: Tie::Group(group), ..
            } => (Some(group), Priority::NONE),
            Standing::Free {
                priority,
                is_by_group,
                group,
                ..
            } => (
                Some(group).filter(|_| is_by_group && self.terms.quotas.is_empty()),
                priority,
            ),
        };
        if let Some(group) = by_group {
            let (_, by) = self.terms.group_mode(group)?;
            return Some(Reason::GroupRule { by: by.clone(), group });
        }
        let is_away = self.mode != WorkMode::Wfo;
        if is_away && priority.is_some() {
            let by = self.terms.priority_by.clone()?;
            return Some(Reason::AwayFirst { by });
        }
        let (by, quota) = self.quota()?;
        let (turns, present) = (self.whole.office_days, self.whole.present);
        Some(if is_away {
            Reason::AwayTurn {
                by,
                quota,
                turns,
                present,
            }
        } else {
            Reason::OfficeTurn {
                by,
                quota,
                turn: self.so_far.office_days,
                turns,
                present,
            }
        })
    }

    fn picket(&self, level: PositionLevel) -> Option<Reason> {
        let (by, least) = match &self.terms.picket {
            Some(picket) => (picket.by.clone(), u16::try_from(picket.least).ok()),
            None => (self.quota()?.0, None),
        };
        Some(Reason::Picket {
            by,
            least,
            level: self.terms.told_level(level),
            turn: self.so_far.pickets,
            turns: self.whole.pickets,
            is_again: self.was_on_picket,
        })
    }

    /// The first quota that names the mode, else the first of the day.
    fn quota(&self) -> Option<(CircularNumber, QuotaFact)> {
        let names_mode = self.terms.quotas.iter().find(|quota| quota.counted.contains(self.mode));
        let quota = names_mode.or_else(|| self.terms.quotas.first())?;
        Some((
            self.terms.quota_by.clone()?,
            QuotaFact {
                modes: quota.modes.clone(),
                bound: quota.bound,
                percent: quota.percent,
            },
        ))
    }
}

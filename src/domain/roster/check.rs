//! Holds any roster against the rules: one that was made by them and one that was changed by hand alike.

use crate::domain::circular::rule::PositionLevel;
use crate::domain::ids::EmployeeId;
use crate::domain::roster::allot::Group;
use crate::domain::roster::allot::groups;
use crate::domain::roster::fairness::Shares;
use crate::domain::roster::finding::Finding;
use crate::domain::roster::frame::Frame;
use crate::domain::roster::frame::Priority;
use crate::domain::roster::frame::Standing;
use crate::domain::roster::frame::Tie;
use crate::domain::roster::grid::Grid;
use crate::domain::roster::terms::DayTerms;
use crate::domain::roster::terms::ModeSet;
use crate::domain::work_mode::WorkMode;
use chrono::NaiveDate;
use std::collections::HashMap;

/// The four modes between which a roster chooses.
const CHOICES: [WorkMode; 4] = [WorkMode::Picket, WorkMode::Wfo, WorkMode::Wfh, WorkMode::Wfa];

/// A roster laid over the frame that it is held against.
#[derive(Clone, Debug)]
pub struct Laid {
    /// The modes.
    pub modes: Grid<Option<WorkMode>>,
    by_hand: Grid<bool>,
    strangers: Vec<(NaiveDate, EmployeeId)>,
}

impl Laid {
    /// Lays entries (who, when, what, whether by hand) over a frame.
    pub fn over(frame: &Frame, entries: impl IntoIterator<Item = (EmployeeId, NaiveDate, WorkMode, bool)>) -> Self {
        let (people, days) = (frame.people.len(), frame.days.len());
        let mut laid = Self {
            modes: Grid::filled(people, days, None),
            by_hand: Grid::filled(people, days, false),
            strangers: Vec::new(),
        };
        for (id, date, mode, is_by_hand) in entries {
            if let (Some(person), Some(day)) = (frame.person(id), frame.day(date)) {
                laid.modes.set(person, day, Some(mode));
                laid.by_hand.set(person, day, is_by_hand);
            } else {
                laid.strangers.push((date, id));
            }
        }
        laid
    }

    fn is_in_office(&self, person: usize, day: usize) -> bool {
        matches!(self.modes.get(person, day), Some(WorkMode::Wfo | WorkMode::Picket))
    }

    fn is_on_picket(&self, person: usize, day: usize) -> bool {
        self.modes.get(person, day) == Some(WorkMode::Picket)
    }

    fn works(&self, person: usize, day: usize) -> bool {
        self.modes.get(person, day).is_some_and(|mode| CHOICES.contains(&mode))
    }
}

/// Everything that the roster does not keep to, day by day.
pub fn check(frame: &Frame, laid: &Laid) -> Vec<Finding> {
    let mut findings: Vec<Finding> = laid
        .strangers
        .iter()
        .map(|(date, employee_id)| Finding::NotOnStaff {
            date: *date,
            employee_id: *employee_id,
        })
        .collect();
    let mut shares = Shares::none(frame.people.len());
    let mut office_days = vec![0_usize; frame.people.len()];
    for (day, terms) in frame.days.iter().enumerate() {
        let groups = groups(frame, day);
        check_people(frame, laid, day, terms, &mut findings);
        check_quotas(frame, laid, day, terms, &groups, &mut findings);
        check_picket(frame, laid, day, terms, &groups, &mut findings);
        check_priority(frame, laid, day, terms, &mut findings);
        for group in groups.iter().filter(|group| !group.is_tied) {
            let working: Vec<usize> = working(laid, day, group).collect();
            let in_office = working.iter().copied().filter(|person| laid.is_in_office(*person, day));
            let mut places = 0;
            for person in in_office {
                places += 1;
                if let Some(days) = office_days.get_mut(person) {
                    *days += 1;
                }
            }
            shares.add(&working, places);
        }
    }
    findings.extend(check_spread(frame, &shares, &office_days));
    for (date, criterion) in &frame.unknown_criteria {
        let is_told = findings
            .iter()
            .any(|finding| matches!(finding, Finding::CriterionUnknown { criterion: told, .. } if told == criterion));
        if !is_told {
            findings.push(Finding::CriterionUnknown {
                date: *date,
                criterion: (*criterion).to_owned(),
            });
        }
    }
    findings
}

fn working<'a>(laid: &'a Laid, day: usize, group: &'a Group) -> impl Iterator<Item = usize> + 'a {
    group
        .people
        .iter()
        .copied()
        .filter(move |person| laid.works(*person, day))
}

fn check_people(frame: &Frame, laid: &Laid, day: usize, terms: &DayTerms, findings: &mut Vec<Finding>) {
    let date = terms.date;
    for (person, id) in frame.people.iter().enumerate() {
        let employee_id = *id;
        let planned = laid.modes.get(person, day);
        match (frame.standing(person, day), planned) {
            (Standing::Elsewhere, Some(_)) => findings.push(Finding::NotOnStaff { date, employee_id }),
            (Standing::Granted(_) | Standing::Tied { .. } | Standing::Free { .. }, None) => {
                findings.push(Finding::NoEntry { date, employee_id });
            }
            (Standing::Granted(granted), Some(planned)) if granted != planned => findings.push(Finding::Granted {
                date,
                employee_id,
                planned,
            }),
            (
                Standing::Tied {
                    mode: wanted,
                    by: by @ (Tie::Exempt | Tie::Mark | Tie::Group(_)),
                    ..
                },
                Some(planned),
            ) if planned != wanted
                && (by == Tie::Mark || !(wanted == WorkMode::Wfo && planned == WorkMode::Picket)) =>
            {
                findings.push(Finding::Tied {
                    date,
                    employee_id,
                    wanted,
                    planned,
                });
            }
            (Standing::Elsewhere, None)
            | (Standing::Granted(_) | Standing::Tied { .. } | Standing::Free { .. }, Some(_)) => {}
        }
    }
}

fn check_quotas(
    frame: &Frame,
    laid: &Laid,
    day: usize,
    terms: &DayTerms,
    groups: &[Group],
    findings: &mut Vec<Finding>,
) {
    let free = || {
        groups
            .iter()
            .filter(|group| !group.is_tied)
            .flat_map(|group| working(laid, day, group))
    };
    let people = free().count();
    let anywhere = free()
        .filter(|person| laid.modes.get(*person, day) == Some(WorkMode::Wfa))
        .count();
    if anywhere > 0 && !terms.quotas.is_empty() && !terms.offers_anywhere() {
        findings.push(Finding::AnywhereNotOffered {
            date: terms.date,
            people: anywhere,
        });
    }
    for quota in &terms.quotas {
        let tied: Vec<usize> = (0..frame.people.len())
            .filter(|person| quota.counts_exempt && matches!(frame.standing(*person, day), Standing::Tied { .. }))
            .filter(|person| laid.works(*person, day))
            .collect();
        let people = people + tied.len();
        let limits = quota.limits(people);
        let is_counted = |person: &usize| {
            laid.modes
                .get(*person, day)
                .is_some_and(|mode| ModeSet::contains(quota.counted, mode))
        };
        let counted = free().chain(tied.iter().copied()).filter(is_counted).count();
        if counted < limits.least || counted > limits.most {
            findings.push(Finding::Quota {
                date: terms.date,
                modes: quota.modes.clone(),
                bound: quota.bound,
                percent: quota.percent,
                people,
                least: limits.least,
                most: limits.most,
                counted,
                is_wider: quota.is_wider,
            });
        }
    }
}

fn check_picket(
    frame: &Frame,
    laid: &Laid,
    day: usize,
    terms: &DayTerms,
    groups: &[Group],
    findings: &mut Vec<Finding>,
) {
    let date = terms.date;
    if let Some(picket) = &terms.picket {
        let eligible = || groups.iter().filter(|group| group.is_eligible);
        let on_picket = |group: &Group| {
            let people = group.people.iter();
            people.filter(|person| laid.is_on_picket(**person, day)).count()
        };
        let counted: usize = eligible().map(on_picket).sum();
        if counted < picket.least {
            findings.push(Finding::PicketShort {
                date,
                least: picket.least,
                counted,
                available: eligible().map(|group| group.people.len()).sum(),
            });
        }
        for level in picket.levels.iter().copied() {
            let mut of_level = eligible().filter(|group| group.level == Some(level)).peekable();
            if of_level.peek().is_none() {
                findings.push(Finding::PicketLevelAbsent { date, level });
            } else if of_level.all(|group| on_picket(group) == 0) {
                findings.push(Finding::PicketLevel { date, level });
            }
        }
    }
    let was_on = |person: usize| match day.checked_sub(1) {
        Some(before) => laid.is_on_picket(person, before),
        None => frame.had_picket.get(person).copied().unwrap_or_default(),
    };
    let people: usize = groups
        .iter()
        .filter(|group| {
            let mut working = working(laid, day, group);
            working.any(|person| !laid.is_on_picket(person, day) && !was_on(person))
        })
        .flat_map(|group| &group.people)
        .filter(|person| laid.is_on_picket(**person, day) && was_on(**person))
        .count();
    if people > 0 {
        findings.push(Finding::PicketTwice { date, people });
    }
}

/// Who is away with the lowest priority: of everybody, and of each level that picket duty tells apart.
#[derive(Default)]
struct Away {
    of_all: Option<(Priority, usize)>,
    of_level: HashMap<Option<PositionLevel>, (Priority, usize)>,
}

fn check_priority(frame: &Frame, laid: &Laid, day: usize, terms: &DayTerms, findings: &mut Vec<Finding>) {
    if terms.priorities.is_empty() {
        return;
    }
    let free = || {
        (0..frame.people.len()).filter_map(|person| match frame.standing(person, day) {
            Standing::Free { priority, level, .. } => Some((person, priority, level)),
            Standing::Tied { .. } | Standing::Granted(_) | Standing::Elsewhere => None,
        })
    };
    let mut away = Away::default();
    for (person, priority, level) in free() {
        // What was changed by hand has its reason.
        let is_away = laid.works(person, day) && !laid.is_in_office(person, day);
        if !is_away || laid.by_hand.get(person, day) {
            continue;
        }
        if away.of_all.is_none_or(|(lowest, _)| priority > lowest) {
            away.of_all = Some((priority, person));
        }
        if terms.does_picket(level) {
            let entry = away
                .of_level
                .entry(terms.told_level(level))
                .or_insert((priority, person));
            if priority > entry.0 {
                *entry = (priority, person);
            }
        }
    }
    for (person, priority, level) in free() {
        if laid.by_hand.get(person, day) {
            continue;
        }
        let lowest = match laid.modes.get(person, day) {
            Some(WorkMode::Wfo) => away.of_all,
            Some(WorkMode::Picket) => away.of_level.get(&terms.told_level(level)).copied(),
            Some(
                WorkMode::Wfh
                | WorkMode::Wfa
                | WorkMode::DutyTravel
                | WorkMode::Leave
                | WorkMode::Sick
                | WorkMode::Training
                | WorkMode::Off,
            )
            | None => None,
        };
        if let Some((_, instead)) = lowest.filter(|(lowest, _)| *lowest > priority)
            && let (Some(employee_id), Some(instead)) = (frame.people.get(person), frame.people.get(instead))
        {
            findings.push(Finding::PassedOver {
                date: terms.date,
                employee_id: *employee_id,
                instead: *instead,
            });
        }
    }
}

fn check_spread(frame: &Frame, shares: &Shares, office_days: &[usize]) -> Option<Finding> {
    let distance = |person: usize, days: usize| {
        shares.least(person).saturating_sub(days) + days.saturating_sub(shares.most(person))
    };
    let mut people = 0;
    let mut farthest: Option<(usize, usize, usize)> = None;
    for (person, days) in office_days.iter().copied().enumerate() {
        let distance = distance(person, days);
        if distance > 0 {
            people += 1;
            if farthest.is_none_or(|(most, _, _)| distance > most) {
                farthest = Some((distance, person, days));
            }
        }
    }
    let (_, person, days) = farthest?;
    Some(Finding::UnevenSpread {
        people,
        employee_id: *frame.people.get(person)?,
        office_days: days,
        least: shares.least(person),
        most: shares.most(person),
    })
}

//! The mode of a person on a date, or of each half of it, and why: assignments first, then the circulars, then the office.

use crate::domain::assignment::DayAssignment;
use crate::domain::calendar::Calendar;
use crate::domain::calendar::DayKind;
use crate::domain::calendar::HolidayKind;
use crate::domain::circular::in_force::Citation;
use crate::domain::circular::in_force::DayRules;
use crate::domain::circular::rule::ExemptRule;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::half::DayPart;
use crate::domain::half::Half;
use crate::domain::half::Halved;
use crate::domain::schedule::day::OwnDay;
use crate::domain::schedule::hours::DayOfWeek;
use crate::domain::schedule::hours::OwnKind;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;

/// What circulars ask about a person. Two people with the same facts and assignments have the same mode.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct PersonFacts<'a> {
    /// The group that circulars sort the person into.
    pub work_group: WorkGroup,
    /// The level of the person's post.
    pub level: PositionLevel,
    /// The agency's code.
    pub agency_code: &'a str,
    /// What kinds of service the agency gives: `health`, `transport` and so on.
    pub service_kinds: &'a [String],
}

/// Why the mode is what it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ModeReason {
    /// A roster, leave, travel order or correction names the person and the date.
    Assigned,
    /// The circular leaves the person out of its default.
    Exempt(Citation),
    /// The circular's default for the work group.
    Circular {
        /// The circular whose rule it is.
        by: Citation,
        /// The extensions that carry it, the most deciding first.
        carried_by: Vec<Citation>,
    },
    /// No circular in force says anything; people work at the office.
    NoCircular,
    /// Saturday or Sunday.
    Weekend,
    /// A holiday or joint leave.
    Holiday {
        /// Which of the two.
        kind: HolidayKind,
        /// Its name.
        name: String,
    },
    /// The circular's schedule does not name this day of the week.
    NotScheduled(Citation),
    /// The schedule of the unit or person leaves the day free.
    OwnSchedule,
}

/// The mode of one person on one date, or in one half of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DayMode {
    /// The mode.
    pub mode: WorkMode,
    /// Why.
    pub because: ModeReason,
}

/// Decides the mode by the precedence of the domain report, section 2.3: leave and sickness, official travel, training,
/// picket duty, the roster's place, the circular's default, the office.
///
/// A day that is free by calendar, or by the person's own schedule, stays free unless someone was assigned to work on it.
/// `own` is that schedule's day where one stands beside the circulars. Each half of the day is decided by itself where
/// something was assigned for half of it only.
pub fn mode_on(
    rules: &DayRules,
    own: Option<&OwnDay>,
    calendar: &Calendar,
    person: &PersonFacts<'_>,
    assigned: &[DayAssignment],
) -> Halved<DayMode> {
    let in_half = |half| {
        let covers = move |assigned: &&DayAssignment| assigned.slots.covers(half);
        decide(rules, own, calendar, person, || {
            assigned.iter().filter(covers).map(|assigned| assigned.mode)
        })
    };
    if assigned.iter().all(|assigned| assigned.slots == DayPart::All) {
        Halved::whole(decide(rules, own, calendar, person, || {
            assigned.iter().map(|assigned| assigned.mode)
        }))
    } else {
        Halved::parted(in_half(Half::Morning), in_half(Half::Afternoon))
    }
}

fn decide<M: Iterator<Item = WorkMode>>(
    rules: &DayRules,
    own: Option<&OwnDay>,
    calendar: &Calendar,
    person: &PersonFacts<'_>,
    modes: impl Fn() -> M,
) -> DayMode {
    let chosen = modes().min_by_key(|mode| (rank(*mode), *mode));
    if let Some(because) = day_off(rules, own, calendar) {
        let is_called_in = modes().any(WorkMode::is_working);
        return match chosen.filter(|_| is_called_in) {
            Some(mode) => assigned_to(mode),
            None => DayMode {
                mode: WorkMode::Off,
                because,
            },
        };
    }
    chosen.map_or_else(|| default_mode(rules, person), assigned_to)
}

fn assigned_to(mode: WorkMode) -> DayMode {
    DayMode {
        mode,
        because: ModeReason::Assigned,
    }
}

/// Lower goes first.
const fn rank(mode: WorkMode) -> u8 {
    match mode {
        WorkMode::Leave | WorkMode::Sick => 0,
        WorkMode::DutyTravel => 1,
        WorkMode::Training => 2,
        WorkMode::Picket => 3,
        WorkMode::Wfo | WorkMode::Wfh | WorkMode::Wfa | WorkMode::Off => 4,
    }
}

/// Why nobody works on the date who is not called in; `None` on a work day. The own schedule's day, where there is one, goes
/// before the week of the calendar and of the circular.
pub fn day_off(rules: &DayRules, own: Option<&OwnDay>, calendar: &Calendar) -> Option<ModeReason> {
    if let Some(own) = own {
        return own_day_off(own, calendar.day_kind(rules.work_date));
    }
    let schedule = rules.schedule();
    let weekday = DayOfWeek::of(rules.work_date);
    let is_named = schedule.map(|(rule, _)| rule.hours.iter().any(|hours| hours.days.contains(&weekday)));
    match calendar.day_kind(rules.work_date) {
        DayKind::Holiday(_) if schedule.is_some_and(|(rule, _)| rule.works_on_holidays) && is_named == Some(true) => {
            None
        }
        DayKind::Holiday(holiday) => Some(ModeReason::Holiday {
            kind: holiday.kind,
            name: holiday.name.clone(),
        }),
        DayKind::Weekend if is_named != Some(true) => Some(ModeReason::Weekend),
        DayKind::WorkDay | DayKind::Weekend => schedule
            .filter(|_| is_named == Some(false))
            .map(|(_, entry)| ModeReason::NotScheduled(entry.by.clone())),
    }
}

fn own_day_off(own: &OwnDay, day: DayKind<'_>) -> Option<ModeReason> {
    match day {
        DayKind::Holiday(holiday) if !own.works_on_holidays => Some(ModeReason::Holiday {
            kind: holiday.kind,
            name: holiday.name.clone(),
        }),
        DayKind::WorkDay | DayKind::Weekend | DayKind::Holiday(_) if own.hours.is_some() => None,
        DayKind::Weekend if own.kind != OwnKind::Shift => Some(ModeReason::Weekend),
        DayKind::WorkDay | DayKind::Weekend | DayKind::Holiday(_) => Some(ModeReason::OwnSchedule),
    }
}

fn default_mode(rules: &DayRules, person: &PersonFacts<'_>) -> DayMode {
    if let Some((exempt, entry)) = rules.exemptions().find(|(rule, _)| is_exempt(rule, person)) {
        return DayMode {
            mode: exempt.mode,
            because: ModeReason::Exempt(entry.by.clone()),
        };
    }
    match rules.default_mode(person.work_group) {
        Some((mode, entry)) => DayMode {
            mode,
            because: ModeReason::Circular {
                by: entry.by.clone(),
                carried_by: entry.carried_by.clone(),
            },
        },
        None => DayMode {
            mode: WorkMode::Wfo,
            because: ModeReason::NoCircular,
        },
    }
}

/// Whether an exemption is for the person.
pub fn is_exempt(rule: &ExemptRule, person: &PersonFacts<'_>) -> bool {
    // The two groups that are kinds of service by themselves need no mark on the agency.
    let by_group = match person.work_group {
        WorkGroup::PublicService => rule.service_kind.as_deref() == Some("public_service"),
        WorkGroup::Educator => rule.service_kind.as_deref() == Some("education"),
        WorkGroup::Administration => false,
    };
    by_group
        || rule
            .service_kind
            .as_ref()
            .is_some_and(|kind| person.service_kinds.contains(kind))
        || rule.agency_code.as_deref() == Some(person.agency_code)
        || rule.position_level == Some(person.level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::circular::in_force::in_force;
    use crate::domain::circular::lifecycle::Circular;
    use crate::domain::circular::lifecycle::tests::{day, issued};
    use proptest::prelude::*;
    use serde_json::json;

    fn ruled(rules: serde_json::Value) -> Circular {
        let mut circular = issued(9, "2026-03-02", None);
        circular.content.rules = serde_json::from_value(rules).unwrap();
        circular
    }

    fn wfh_for_all() -> serde_json::Value {
        json!([
            {"kind": "work_mode", "group": "administration", "mode": "wfh"},
            {"kind": "work_mode", "group": "educator", "mode": "wfh"},
            {"kind": "exempt", "service_kind": "health", "mode": "wfo"},
            {"kind": "exempt", "position_level": "echelon_ii", "mode": "wfo"},
            {"kind": "exempt", "agency_code": "BPBD", "mode": "wfo"},
        ])
    }

    fn clerk() -> PersonFacts<'static> {
        PersonFacts {
            work_group: WorkGroup::Administration,
            level: PositionLevel::Staff,
            agency_code: "DINDIK",
            service_kinds: &[],
        }
    }

    fn mode(circular: &Circular, date: &str, person: &PersonFacts<'_>, assigned: &[WorkMode]) -> DayMode {
        let rules = in_force(std::slice::from_ref(circular), &"36".parse().unwrap(), day(date));
        let assigned: Vec<DayAssignment> = assigned.iter().copied().map(DayAssignment::of).collect();
        let decided = mode_on(&rules, None, &Calendar::national(), person, &assigned);
        decided.all_day().unwrap().clone()
    }

    #[test]
    fn the_circular_gives_the_default_and_its_number_is_the_reason() {
        let decided = mode(&ruled(wfh_for_all()), "2026-03-03", &clerk(), &[]);
        assert_eq!(decided.mode, WorkMode::Wfh);
        assert!(matches!(decided.because, ModeReason::Circular { by, .. } if by.number.as_str() == "9 Tahun 2026"));
        let server = PersonFacts {
            work_group: WorkGroup::PublicService,
            ..clerk()
        };
        let office = mode(&ruled(wfh_for_all()), "2026-03-03", &server, &[]);
        assert_eq!((office.mode, office.because), (WorkMode::Wfo, ModeReason::NoCircular));
    }

    #[test]
    fn exemptions_by_service_level_and_agency_send_to_the_office() {
        let circular = ruled(wfh_for_all());
        let health = ["health".to_owned()];
        let people = [
            PersonFacts {
                service_kinds: &health,
                ..clerk()
            },
            PersonFacts {
                level: PositionLevel::EchelonII,
                ..clerk()
            },
            PersonFacts {
                agency_code: "BPBD",
                ..clerk()
            },
        ];
        for person in &people {
            let decided = mode(&circular, "2026-03-03", person, &[]);
            assert_eq!(decided.mode, WorkMode::Wfo);
            assert!(matches!(decided.because, ModeReason::Exempt(_)));
        }
        let head = PersonFacts {
            level: PositionLevel::EchelonI,
            ..clerk()
        };
        assert_eq!(mode(&circular, "2026-03-03", &head, &[]).mode, WorkMode::Wfh);
    }

    #[test]
    fn teachers_are_exempt_as_education_and_counters_as_public_service() {
        let circular = ruled(json!([
            {"kind": "work_mode", "group": "educator", "mode": "wfh"},
            {"kind": "work_mode", "group": "public_service", "mode": "wfh"},
            {"kind": "exempt", "service_kind": "education", "mode": "wfo"},
        ]));
        let group = |work_group| mode(&circular, "2026-03-03", &PersonFacts { work_group, ..clerk() }, &[]).mode;
        assert_eq!(group(WorkGroup::Educator), WorkMode::Wfo);
        assert_eq!(group(WorkGroup::PublicService), WorkMode::Wfh);
    }

    #[test]
    fn assignments_go_in_order_before_the_circular() {
        use WorkMode::{DutyTravel, Leave, Picket, Sick, Training, Wfo};
        let circular = ruled(wfh_for_all());
        let of = |assigned: &[WorkMode]| mode(&circular, "2026-03-03", &clerk(), assigned).mode;
        assert_eq!(of(&[Wfo, Picket, Training, DutyTravel, Leave]), Leave);
        assert_eq!(of(&[Wfo, Sick, DutyTravel]), Sick);
        assert_eq!(of(&[Wfo, Picket, Training, DutyTravel]), DutyTravel);
        assert_eq!(of(&[Picket, Wfo, Training]), Training);
        assert_eq!(of(&[Wfo, Picket]), Picket);
        assert_eq!(of(&[Wfo]), Wfo);
    }

    #[test]
    fn a_free_day_is_off_unless_someone_was_called_in() {
        let circular = ruled(wfh_for_all());
        let sunday = mode(&circular, "2026-03-08", &clerk(), &[]);
        assert_eq!((sunday.mode, sunday.because), (WorkMode::Off, ModeReason::Weekend));
        let holiday = mode(&circular, "2026-08-17", &clerk(), &[]);
        assert!(matches!(
            holiday.because,
            ModeReason::Holiday {
                kind: HolidayKind::NationalHoliday,
                ..
            }
        ));
        assert_eq!(
            mode(&circular, "2026-03-08", &clerk(), &[WorkMode::Leave]).mode,
            WorkMode::Off
        );
        assert_eq!(
            mode(&circular, "2026-03-08", &clerk(), &[WorkMode::Picket]).mode,
            WorkMode::Picket
        );
        assert_eq!(
            mode(&circular, "2026-03-03", &clerk(), &[WorkMode::Off]).mode,
            WorkMode::Off
        );
    }

    #[test]
    fn a_schedule_can_make_saturday_a_work_day_and_monday_a_free_one() {
        let week = |days: &[&str], holidays: bool| {
            let mut rules = wfh_for_all();
            let hours = json!([{"days": days, "starts_minute": 450, "ends_minute": 840}]);
            let schedule = json!({"kind": "schedule", "hours": hours, "works_on_holidays": holidays});
            rules.as_array_mut().unwrap().push(schedule);
            ruled(rules)
        };
        let six_days = week(&["Tue", "Sat"], false);
        assert_eq!(mode(&six_days, "2026-03-07", &clerk(), &[]).mode, WorkMode::Wfh);
        let monday = mode(&six_days, "2026-03-09", &clerk(), &[]);
        assert!(matches!(monday.because, ModeReason::NotScheduled(_)));
        assert_eq!(
            mode(&six_days, "2026-03-08", &clerk(), &[]).because,
            ModeReason::Weekend
        );
        let always = week(&["Mon", "Sun"], true);
        assert_eq!(mode(&always, "2026-08-17", &clerk(), &[]).mode, WorkMode::Wfh);
        assert_eq!(
            mode(&week(&["Mon"], false), "2026-08-17", &clerk(), &[]).mode,
            WorkMode::Off
        );
    }

    #[test]
    fn precedence_is_applied_to_each_half_by_itself() {
        let circular = ruled(wfh_for_all());
        let on = |date: &str, assigned: &[(WorkMode, DayPart)]| {
            let rules = in_force(std::slice::from_ref(&circular), &"36".parse().unwrap(), day(date));
            let assigned: Vec<DayAssignment> = assigned
                .iter()
                .map(|(mode, slots)| DayAssignment {
                    slots: *slots,
                    ..DayAssignment::of(*mode)
                })
                .collect();
            let decided = mode_on(&rules, None, &Calendar::national(), &clerk(), &assigned);
            Half::ALL.map(|half| decided.of(half).mode)
        };
        let monday = |assigned: &[(WorkMode, DayPart)]| on("2026-03-02", assigned);
        assert_eq!(
            monday(&[(WorkMode::DutyTravel, DayPart::Afternoon)]),
            [WorkMode::Wfh, WorkMode::DutyTravel]
        );
        assert_eq!(
            monday(&[(WorkMode::Picket, DayPart::All), (WorkMode::Sick, DayPart::Morning)]),
            [WorkMode::Sick, WorkMode::Picket]
        );
        assert_eq!(
            monday(&[(WorkMode::Wfo, DayPart::Morning), (WorkMode::Wfa, DayPart::Afternoon)]),
            [WorkMode::Wfo, WorkMode::Wfa]
        );
        // Called in for the morning of a Sunday, the afternoon stays free.
        assert_eq!(
            on("2026-03-08", &[(WorkMode::Picket, DayPart::Morning)]),
            [WorkMode::Picket, WorkMode::Off]
        );
    }

    proptest! {
        #[test]
        fn the_order_of_assignments_never_matters(
            (assigned, shuffled) in prop::collection::vec(0_usize..9, 0..4)
                .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
            date in 0_u64..30,
        ) {
            let modes = |picks: Vec<usize>| picks.into_iter().map(|pick| WorkMode::ALL[pick]).collect::<Vec<_>>();
            let date = (day("2026-03-02") + chrono::Days::new(date)).to_string();
            let circular = ruled(wfh_for_all());
            prop_assert_eq!(
                mode(&circular, &date, &clerk(), &modes(assigned)),
                mode(&circular, &date, &clerk(), &modes(shuffled))
            );
        }
    }
}

//! What makes a rule fit to be issued.

use crate::domain::circular::content::ContentFault;
use crate::domain::circular::content::Flaw;
use crate::domain::circular::content::check_length;
use crate::domain::circular::rule::CheckInTerms;
use crate::domain::circular::rule::Criterion;
use crate::domain::circular::rule::ExemptRule;
use crate::domain::circular::rule::QuotaRule;
use crate::domain::circular::rule::Rule;
use crate::domain::circular::rule::ScheduleRule;
use crate::domain::signer_rule::may_sign;
use crate::domain::work_mode::WorkMode;

/// Radii from 10 m to 50 km; wider circles say nothing about a home.
const RADIUS_METRES: std::ops::RangeInclusive<u32> = 10..=50_000;

/// The longest grace after a window, minutes.
const LONGEST_GRACE_MINUTES: u16 = 240;

/// The latest end of a window: midnight after the next day, minutes.
const LATEST_MINUTE: u16 = 2_880;

/// Everything that is wrong with a rule; `at` is the path of the rule, such as `rules[2]`.
pub fn check_rule(rule: &Rule, at: &str) -> Vec<ContentFault> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, flaw| faults.push(ContentFault::new(format!("{at}.{field}"), flaw));
    match rule {
        Rule::WorkMode(rule) => {
            if !is_place_mode(rule.mode) {
                fault("mode", Flaw::NotAPlaceMode);
            }
        }
        Rule::Quota(rule) => faults.extend(check_quota(rule, at)),
        Rule::Priority(rule) => {
            if !(1..=100).contains(&rule.order) {
                fault("order", Flaw::OutOfRange { least: 1, most: 100 });
            }
            if let Criterion::DomicileIn { codes } | Criterion::OfficeIn { codes } = &rule.criterion
                && !(1..=100).contains(&codes.len())
            {
                fault("criterion.codes", Flaw::OutOfRange { least: 1, most: 100 });
            }
        }
        Rule::Exempt(rule) => faults.extend(check_exempt(rule, at)),
        Rule::Picket(rule) => {
            if !(1..=10_000).contains(&rule.min_per_day) {
                fault("min_per_day", Flaw::OutOfRange { least: 1, most: 10_000 });
            }
        }
        Rule::Schedule(rule) => faults.extend(check_schedule(rule, at)),
        Rule::CheckIn(rule) => faults.extend(check_terms(rule, at)),
        Rule::Travel(rule) => {
            if rule.exception_role.is_some_and(|role| !may_sign(role)) {
                fault("exception_role", Flaw::NotAnAuthority);
            }
            if let Some(approver) = &rule.exception_approver {
                faults.extend(check_length(approver, 200, &format!("{at}.exception_approver")));
            }
        }
        Rule::Reporting(rule) => {
            if !is_word(&rule.what) {
                fault("what", Flaw::NotAWord);
            }
            faults.extend(check_length(&rule.to, 200, &format!("{at}.to")));
        }
        Rule::Activity(rule) => {
            if rule.open_days > 31 {
                fault("open_days", Flaw::OutOfRange { least: 0, most: 31 });
            }
            if !(1..=31).contains(&rule.review_working_days) {
                fault("review_working_days", Flaw::OutOfRange { least: 1, most: 31 });
            }
        }
        Rule::Gathering(_) | Rule::Learning(_) => {}
    }
    faults
}

/// The modes that a circular may give to a group.
fn is_place_mode(mode: WorkMode) -> bool {
    matches!(mode, WorkMode::Wfo | WorkMode::Wfh | WorkMode::Wfa)
}

/// A lower-case word of 2 to 40 letters, digits and underscores.
fn is_word(text: &str) -> bool {
    (2..=40).contains(&text.len())
        && text
            .chars()
            .all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_')
}

fn check_quota(rule: &QuotaRule, at: &str) -> Vec<ContentFault> {
    let mut faults = Vec::new();
    let counts = |mode: &WorkMode| is_place_mode(*mode) || *mode == WorkMode::Picket;
    if rule.modes.is_empty() || rule.modes.len() > 4 || !rule.modes.iter().all(counts) {
        faults.push(ContentFault::new(format!("{at}.modes"), Flaw::NotAPlaceMode));
    }
    if rule.percent > 100 {
        faults.push(ContentFault::new(
            format!("{at}.percent"),
            Flaw::OutOfRange { least: 0, most: 100 },
        ));
    }
    if rule.service_kind.as_deref().is_some_and(|kind| !is_word(kind)) {
        faults.push(ContentFault::new(format!("{at}.service_kind"), Flaw::NotAWord));
    }
    faults
}

fn check_exempt(rule: &ExemptRule, at: &str) -> Vec<ContentFault> {
    let mut faults = Vec::new();
    let marks = [
        rule.service_kind.is_some(),
        rule.agency_code.is_some(),
        rule.position_level.is_some(),
    ];
    if marks.into_iter().filter(|given| *given).count() != 1 {
        faults.push(ContentFault::new(at.to_owned(), Flaw::NotExactlyOneMark));
    }
    if rule.service_kind.as_deref().is_some_and(|kind| !is_word(kind)) {
        faults.push(ContentFault::new(format!("{at}.service_kind"), Flaw::NotAWord));
    }
    if let Some(code) = &rule.agency_code {
        faults.extend(check_length(code, 50, &format!("{at}.agency_code")));
    }
    if !is_place_mode(rule.mode) {
        faults.push(ContentFault::new(format!("{at}.mode"), Flaw::NotAPlaceMode));
    }
    faults
}

fn check_schedule(rule: &ScheduleRule, at: &str) -> Vec<ContentFault> {
    let mut faults = Vec::new();
    if rule.keeps_own.len() > 3 {
        faults.push(ContentFault::new(
            format!("{at}.keeps_own"),
            Flaw::OutOfRange { least: 0, most: 3 },
        ));
    }
    if rule.hours.is_empty() || rule.hours.len() > 7 {
        faults.push(ContentFault::new(
            format!("{at}.hours"),
            Flaw::OutOfRange { least: 1, most: 7 },
        ));
    }
    let mut named = Vec::new();
    for (index, hours) in rule.hours.iter().enumerate() {
        let path = format!("{at}.hours[{index}]");
        if hours.days.is_empty() || hours.days.iter().any(|day| named.contains(day)) {
            faults.push(ContentFault::new(format!("{path}.days"), Flaw::DayNamedTwiceOrNever));
        }
        named.extend(hours.days.iter().copied());
        if hours.ends_minute <= hours.starts_minute || hours.ends_minute > LATEST_MINUTE {
            faults.push(ContentFault::new(
                format!("{path}.ends_minute"),
                Flaw::EndsBeforeItBegins,
            ));
        } else if hours.break_minutes >= hours.ends_minute - hours.starts_minute {
            faults.push(ContentFault::new(
                format!("{path}.break_minutes"),
                Flaw::EndsBeforeItBegins,
            ));
        }
    }
    faults
}

fn check_terms(terms: &CheckInTerms, at: &str) -> Vec<ContentFault> {
    let mut faults = Vec::new();
    let mut fault = |field: String, flaw| faults.push(ContentFault::new(field, flaw));
    if terms.slots.is_empty() || terms.slots.len() > 3 {
        fault(format!("{at}.slots"), Flaw::OutOfRange { least: 1, most: 3 });
    }
    for (field, radius) in [
        ("home_radius_metres", terms.home_radius_metres),
        ("office_radius_metres", terms.office_radius_metres),
    ] {
        if !RADIUS_METRES.contains(&radius) {
            fault(
                format!("{at}.{field}"),
                Flaw::OutOfRange {
                    least: 10,
                    most: 50_000,
                },
            );
        }
    }
    if terms.required_modes.len() > WorkMode::ALL.len() {
        fault(format!("{at}.required_modes"), Flaw::OutOfRange { least: 0, most: 9 });
    }
    let excusing = |mode: &WorkMode| mode.is_excusing() || *mode == WorkMode::Off;
    if terms.required_modes.iter().any(excusing) {
        fault(format!("{at}.required_modes"), Flaw::NotAWorkingMode);
    }
    let mut earlier: Option<(i16, u16)> = None;
    let in_effect = terms.in_effect();
    for (index, slot) in in_effect.slots.iter().enumerate() {
        let path = format!("{at}.slots[{index}]");
        if slot.window.closes_minute <= slot.window.opens_minute || slot.window.closes_minute > LATEST_MINUTE {
            fault(format!("{path}.window"), Flaw::EndsBeforeItBegins);
        }
        if slot.grace_minutes > LONGEST_GRACE_MINUTES {
            fault(
                format!("{path}.grace_minutes"),
                Flaw::OutOfRange { least: 0, most: 240 },
            );
        }
        if slot.report_due_minute.is_some_and(|due| due > LATEST_MINUTE) {
            fault(
                format!("{path}.report_due_minute"),
                Flaw::OutOfRange { least: 0, most: 2_880 },
            );
        }
        if let Some((ordinal, ended)) = earlier
            && (slot.slot.ordinal() <= ordinal || slot.window.opens_minute <= ended)
        {
            fault(format!("{path}.window"), Flaw::SlotsOverlap);
        }
        earlier = Some((
            slot.slot.ordinal(),
            slot.window.closes_minute.saturating_add(slot.grace_minutes),
        ));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The fields that are at fault in a rule.
    fn faulty(value: serde_json::Value) -> Vec<String> {
        let rule: Rule = serde_json::from_value(value).unwrap();
        check_rule(&rule, "rules[0]")
            .into_iter()
            .map(|fault| fault.field.trim_start_matches("rules[0].").to_owned())
            .collect()
    }

    fn slot(name: &str, opens: u16, closes: u16, grace: u16) -> serde_json::Value {
        json!({"slot": name, "window": {"opens_minute": opens, "closes_minute": closes}, "grace_minutes": grace})
    }

    fn terms(slots: &[serde_json::Value]) -> Vec<String> {
        faulty(json!({"kind": "checkin", "slots": slots}))
    }

    #[test]
    fn only_an_authority_excepts_from_a_ban_on_travel() {
        let travel = |role: &str| faulty(json!({"kind": "travel", "outside_region": "banned", "exception_role": role}));
        assert!(travel("agency_head").is_empty() && travel("signer").is_empty());
        assert_eq!(travel("agency_operator"), ["exception_role"]);
    }

    #[test]
    fn a_group_may_only_be_given_a_place() {
        assert!(faulty(json!({"kind": "work_mode", "group": "educator", "mode": "wfa"})).is_empty());
        assert_eq!(
            faulty(json!({"kind": "work_mode", "group": "educator", "mode": "leave"})),
            ["mode"]
        );
    }

    #[test]
    fn slots_are_in_the_order_of_the_day_and_do_not_overlap_with_their_grace() {
        assert!(terms(&[slot("morning", 450, 540, 10), slot("midday", 551, 600, 0)]).is_empty());
        assert_eq!(
            terms(&[slot("morning", 450, 540, 10), slot("midday", 550, 600, 0)]),
            ["slots[1].window"]
        );
        assert_eq!(
            terms(&[slot("midday", 450, 540, 0), slot("morning", 600, 700, 0)]),
            ["slots[1].window"]
        );
        assert_eq!(terms(&[slot("morning", 540, 540, 0)]), ["slots[0].window"]);
        assert_eq!(terms(&[slot("morning", 450, 2881, 0)]), ["slots[0].window"]);
        assert_eq!(terms(&[slot("morning", 450, 540, 241)]), ["slots[0].grace_minutes"]);
        assert_eq!(terms(&[]), ["slots"]);
    }

    #[test]
    fn a_deadline_before_the_window_opens_leaves_no_window() {
        let mut late = slot("morning", 450, 540, 0);
        late["report_due_minute"] = json!(450);
        assert_eq!(terms(&[late]), ["slots[0].window"]);
    }

    #[test]
    fn radii_have_two_edges() {
        let radius = |metres: u32| {
            faulty(json!({"kind": "checkin", "slots": [slot("morning", 450, 540, 0)], "home_radius_metres": metres}))
        };
        assert_eq!(radius(9), ["home_radius_metres"]);
        assert!(radius(10).is_empty());
        assert!(radius(50_000).is_empty());
        assert_eq!(radius(50_001), ["home_radius_metres"]);
    }

    #[test]
    fn nobody_on_leave_can_be_required_to_share() {
        let rule =
            json!({"kind": "checkin", "slots": [slot("morning", 450, 540, 0)], "required_modes": ["wfh", "leave"]});
        assert_eq!(faulty(rule), ["required_modes"]);
    }

    #[test]
    fn an_exemption_names_exactly_one_mark() {
        assert_eq!(faulty(json!({"kind": "exempt", "mode": "wfo"})), ["rules[0]"]);
        assert_eq!(
            faulty(json!({"kind": "exempt", "service_kind": "health", "position_level": "echelon_ii", "mode": "wfo"})),
            ["rules[0]"]
        );
        assert_eq!(
            faulty(json!({"kind": "exempt", "service_kind": "Rumah Sakit", "mode": "wfo"})),
            ["service_kind"]
        );
    }

    #[test]
    fn quotas_pickets_and_priorities_stay_in_range() {
        let quota = |percent: u8, modes: serde_json::Value| {
            faulty(json!({"kind": "quota", "modes": modes, "bound": "max", "percent": percent, "scope": "opd"}))
        };
        assert!(quota(100, json!(["wfh"])).is_empty());
        assert_eq!(quota(101, json!(["wfh"])), ["percent"]);
        assert_eq!(quota(50, json!([])), ["modes"]);
        assert_eq!(quota(50, json!(["sick"])), ["modes"]);
        assert_eq!(faulty(json!({"kind": "picket", "min_per_day": 0})), ["min_per_day"]);
        let priority = json!({"kind": "priority", "order": 0, "criterion": {"is": "office_in", "codes": []}});
        assert_eq!(faulty(priority), ["order", "criterion.codes"]);
    }

    #[test]
    fn the_days_of_entries_and_reviews_stay_in_range() {
        assert!(faulty(json!({"kind": "activity"})).is_empty());
        assert!(faulty(json!({"kind": "activity", "open_days": 0, "review_working_days": 31})).is_empty());
        assert_eq!(
            faulty(json!({"kind": "activity", "open_days": 32, "review_working_days": 0})),
            ["open_days", "review_working_days"]
        );
    }

    #[test]
    fn a_day_of_the_week_has_one_set_of_hours() {
        let hours = |days: &[&str], ends: u16| json!({"days": days, "starts_minute": 450, "ends_minute": ends, "break_minutes": 60});
        let schedule = |hours: &[serde_json::Value]| faulty(json!({"kind": "schedule", "hours": hours}));
        assert!(schedule(&[hours(&["Mon"], 960), hours(&["Fri"], 990)]).is_empty());
        assert_eq!(
            schedule(&[hours(&["Mon"], 960), hours(&["Mon"], 990)]),
            ["hours[1].days"]
        );
        assert_eq!(schedule(&[hours(&["Mon"], 450)]), ["hours[0].ends_minute"]);
        assert_eq!(schedule(&[hours(&["Mon"], 510)]), ["hours[0].break_minutes"]);
        assert_eq!(schedule(&[]), ["hours"]);
    }
}

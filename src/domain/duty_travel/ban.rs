//! What circulars say about a journey out of the region: banned, held to what is urgent, or nothing; and who excepts.

use crate::domain::access::Role;
use crate::domain::circular::in_force::DayRules;
use crate::domain::circular::rule::TravelBan;
use crate::domain::ids::CircularId;
use crate::domain::instant::Instant;
use crate::domain::leave::opinion::Official;
use serde::{Deserialize, Serialize};

/// A circular that speaks about some of the days of a journey.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restriction {
    /// Which circular.
    pub circular_id: CircularId,
    /// Its number as printed.
    pub circular_number: String,
    /// Whether it bans the journey; else it holds it to what is urgent, and whoever decides has to judge that.
    pub is_ban: bool,
    /// Who may let it pass all the same, as the circular words it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approver: Option<String>,
    /// The role that this is here; none where nobody can except.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// That the named approver lets a journey pass.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// From which circular's ban.
    pub circular_id: CircularId,
    /// Why.
    pub reason: String,
    /// Who, as called then.
    pub by: Official,
    /// When.
    pub at: Instant,
}

/// What the rules of the days of a journey say about it, each circular once, in the order of the days. Nothing where it
/// does not lead out of the region of the agency.
///
/// "The region" of a rule is the agency's own, whoever issued the circular: a ministry's ban on leaving the region means
/// the region where one serves.
pub fn restrictions<'a>(days: impl IntoIterator<Item = &'a DayRules>, is_outside_region: bool) -> Vec<Restriction> {
    let mut found: Vec<Restriction> = Vec::new();
    if !is_outside_region {
        return found;
    }
    for (rule, entry) in days.into_iter().filter_map(DayRules::travel) {
        if found.iter().all(|known| known.circular_id != entry.by.id) {
            found.push(Restriction {
                circular_id: entry.by.id,
                circular_number: entry.by.number.to_string(),
                is_ban: rule.outside_region == TravelBan::Banned,
                approver: rule.exception_approver.clone(),
                role: rule.exception_role,
            });
        }
    }
    found
}

/// The bans that hold a journey still: those that nobody has excepted it from.
pub fn open_bans<'a>(
    restrictions: &'a [Restriction],
    exceptions: &'a [Exception],
) -> impl Iterator<Item = &'a Restriction> {
    restrictions.iter().filter(|restriction| {
        let is_excepted = exceptions
            .iter()
            .any(|exception| exception.circular_id == restriction.circular_id);
        restriction.is_ban && !is_excepted
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::circular::archive::archive;
    use crate::domain::circular::in_force::in_force;
    use crate::domain::circular::lifecycle::Circular;
    use crate::domain::circular::lifecycle::CircularState;
    use crate::domain::ids::AccountId;
    use chrono::NaiveDate;
    use proptest::prelude::*;
    use uuid::Uuid;

    /// What the circulars of Banten of 2020 to 2026 say about a journey of these days.
    fn told(agency: &str, from: &str, to: &str) -> Vec<Restriction> {
        let issued: Vec<Circular> = (1_u128..)
            .zip(archive())
            .map(|(index, archived)| Circular {
                id: CircularId::new(Uuid::from_u128(index)),
                content: archived.content,
                state: CircularState::Issued,
                revoked_from: None,
            })
            .collect();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let days: Vec<DayRules> = day(from)
            .iter_days()
            .take_while(|date| *date <= day(to))
            .map(|date| in_force(&issued, &agency.parse().unwrap(), date))
            .collect();
        restrictions(&days, true)
    }

    fn numbers(restrictions: &[Restriction]) -> Vec<(&str, bool, Option<Role>)> {
        restrictions
            .iter()
            .map(|told| (told.circular_number.as_str(), told.is_ban, told.role))
            .collect()
    }

    #[test]
    fn the_first_circular_of_2020_holds_travel_to_what_is_urgent() {
        assert_eq!(
            numbers(&told("36", "2020-03-24", "2020-03-25")),
            [("800/734-BKD/2020", false, None)]
        );
    }

    #[test]
    fn pandeglang_bans_travel_in_2020_and_names_nobody_who_excepts() {
        let banned = told("36.01", "2020-11-16", "2020-11-20");
        assert_eq!(numbers(&banned), [("800/2688-BKD/2020", true, None)]);
        // It does not speak for the province.
        assert_eq!(numbers(&told("36", "2020-11-16", "2020-11-20")), []);
    }

    #[test]
    fn banten_bans_travel_in_2021_and_the_head_of_the_agency_excepts() {
        let banned = told("36", "2021-06-22", "2021-06-23");
        assert_eq!(numbers(&banned), [("800/1357-BKD/2021", true, Some(Role::AgencyHead))]);
        assert!(
            banned[0]
                .approver
                .as_deref()
                .unwrap()
                .starts_with("Kepala perangkat daerah")
        );
        // A journey over the days of two circulars is held by both.
        assert_eq!(
            numbers(&told("36", "2021-06-25", "2021-06-29")),
            [
                ("800/1357-BKD/2021", true, Some(Role::AgencyHead)),
                ("800/1421-BKD/2021", true, Some(Role::AgencyHead)),
            ]
        );
    }

    #[test]
    fn nothing_is_said_where_no_circular_speaks_or_the_journey_stays_inside() {
        assert_eq!(told("36", "2026-05-04", "2026-05-05"), []);
        let rules = DayRules::none("2021-06-22".parse().unwrap());
        assert_eq!(restrictions([&rules], false), []);
    }

    fn restriction(index: u128, is_ban: bool) -> Restriction {
        Restriction {
            circular_id: CircularId::new(Uuid::from_u128(index)),
            circular_number: format!("{index}/2026"),
            is_ban,
            approver: None,
            role: Some(Role::Signer),
        }
    }

    fn exception(index: u128) -> Exception {
        Exception {
            circular_id: CircularId::new(Uuid::from_u128(index)),
            reason: "Rapat anggaran".to_owned(),
            by: Official {
                account_id: AccountId::new(Uuid::from_u128(9)),
                name: "Sekretaris Daerah".to_owned(),
                number: None,
                position: "Sekretaris Daerah".to_owned(),
            },
            at: Instant::from_millis(0),
        }
    }

    proptest! {
        #[test]
        fn every_ban_needs_an_exception_of_its_own(bans in proptest::collection::vec(proptest::bool::ANY, 0..6), excepted in proptest::collection::btree_set(0..6u128, 0..6)) {
            let restrictions: Vec<Restriction> = (0_u128..).zip(&bans).map(|(index, is_ban)| restriction(index, *is_ban)).collect();
            let exceptions: Vec<Exception> = excepted.iter().map(|index| exception(*index)).collect();
            let open: Vec<&Restriction> = open_bans(&restrictions, &exceptions).collect();
            for (index, held) in (0_u128..).zip(&restrictions) {
                prop_assert_eq!(open.contains(&held), held.is_ban && !excepted.contains(&index));
            }
        }
    }
}

//! Who reviews which case: evenly, and never somebody of the same agency.

use crate::domain::access::AgencyCode;
use crate::domain::ids::AccountId;
use std::collections::BTreeSet;

/// An auditor and the agencies that they belonged to within the audited period or belong to now.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Auditor {
    /// The account.
    pub account: AccountId,
    /// Agencies whose cases they must not touch.
    pub own_agencies: BTreeSet<AgencyCode>,
    /// Open cases that they hold already.
    pub load: u64,
}

/// Nobody may review the cases of this agency.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no auditor is independent of agency {agency}")]
pub struct NoAuditor {
    /// The agency.
    pub agency: AgencyCode,
}

/// Gives each unit, named by its agency and in ticket order, to the eligible auditor with the fewest cases; among equals
/// to the one whose id comes first. The answer is in the order of the units.
pub fn assign(agencies: &[AgencyCode], auditors: &mut [Auditor]) -> Result<Vec<AccountId>, NoAuditor> {
    agencies
        .iter()
        .map(|agency| next(auditors, agency, |_| true).ok_or_else(|| NoAuditor { agency: agency.clone() }))
        .collect()
}

/// The auditor who is independent of the agency, may take the case, and has the fewest; among equals the one whose id
/// comes first. They have one more from then on. `None` where there is nobody.
pub fn next(auditors: &mut [Auditor], agency: &AgencyCode, may_take: impl Fn(AccountId) -> bool) -> Option<AccountId> {
    let chosen = auditors
        .iter_mut()
        .filter(|auditor| !auditor.own_agencies.contains(agency) && may_take(auditor.account))
        .min_by_key(|auditor| (auditor.load, auditor.account))?;
    chosen.load += 1;
    Some(chosen.account)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use uuid::Uuid;

    fn code(text: &str) -> AgencyCode {
        AgencyCode::parse(text).unwrap()
    }

    fn auditor(id: u128, own: &[&str]) -> Auditor {
        let own_agencies = own.iter().map(|agency| code(agency)).collect();
        Auditor {
            account: AccountId::new(Uuid::from_u128(id)),
            own_agencies,
            load: 0,
        }
    }

    #[test]
    fn nobody_gets_a_case_of_their_own_agency() {
        let mut auditors = [auditor(1, &["1.01"]), auditor(2, &["1.02"])];
        let units = ["1.01", "1.02", "1.01", "1.01"].map(code);
        let assigned: Vec<u128> = assign(&units, &mut auditors)
            .unwrap()
            .iter()
            .map(|account| account.uuid().as_u128())
            .collect();
        assert_eq!(assigned, [2, 1, 2, 2]);
    }

    #[test]
    fn without_an_independent_auditor_nothing_is_assigned() {
        let mut auditors = [auditor(1, &["1.01"])];
        let refused = NoAuditor { agency: code("1.01") };
        assert_eq!(assign(&[code("1.02"), code("1.01")], &mut auditors), Err(refused));
        assert!(assign(&[code("1.02")], &mut []).is_err());
    }

    #[test]
    fn the_next_is_the_least_busy_who_may_take_it() {
        let busy = |id, load| Auditor {
            load,
            ..auditor(id, &[])
        };
        let mut auditors = [busy(1, 0), busy(2, 5), busy(3, 4)];
        let id = |id| AccountId::new(Uuid::from_u128(id));
        let not_the_first = |account| account != id(1);
        assert_eq!(next(&mut auditors, &code("1.01"), not_the_first), Some(id(3)));
        // Both have five now.
        assert_eq!(next(&mut auditors, &code("1.01"), not_the_first), Some(id(2)));
        assert_eq!(next(&mut auditors[..1], &code("1.01"), not_the_first), None);
    }

    proptest! {
        #[test]
        fn cases_are_spread_evenly(count in 1_usize..200, people in 1_u128..8) {
            let mut auditors: Vec<Auditor> = (1..=people).map(|id| auditor(id, &[])).collect();
            let units = vec![code("1.01"); count];
            let mut held = BTreeMap::new();
            for account in assign(&units, &mut auditors).unwrap() {
                *held.entry(account).or_insert(0_usize) += 1;
            }
            let most = held.values().max().copied().unwrap_or(0);
            let least = if held.len() < auditors.len() { 0 } else { held.values().min().copied().unwrap_or(0) };
            prop_assert!(most - least <= 1);
        }
    }
}

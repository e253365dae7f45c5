//! The blind second review: a random tenth of the drawn units, and how often two independent looks agree.
//!
//! Whoever looks again does not know the first finding. Norm: `api-spec/audit-sampling.md`, "Second review".

use crate::domain::access::AgencyCode;
use crate::domain::audit::assignment;
use crate::domain::audit::assignment::Auditor;
use crate::domain::case::CaseFinding;
use crate::domain::ids::AccountId;
use crate::domain::sampling;
use crate::domain::sampling::DrawError;
use crate::domain::sampling::Drawn;
use crate::domain::sampling::Seed;
use crate::domain::statistics::Risk;
use crate::domain::statistics::StatisticsError;
use crate::domain::statistics::bound::Finding;

/// The share of drawn units that is reviewed once more, basis points.
pub const SHARE_BP: u16 = 1_000;

/// What is put behind the audit's seed.
const SUFFIX: &str = "/second-review";

/// How many of `cases` drawn units are reviewed once more: the share in basis points, rounded up.
pub fn size(cases: usize, share_bp: u16) -> usize {
    cases.saturating_mul(usize::from(share_bp)).div_ceil(10_000)
}

/// Which of the drawn units are reviewed once more, in the order of their tickets.
///
/// The same method as the draw itself, with `/second-review` behind the audit's seed, over the units of all strata
/// together, so that anyone can do it again. The share is in basis points, 10,000 at most. `Err` where a unit is named
/// twice.
pub fn draw<'a>(
    seed: &str,
    share_bp: u16,
    units: impl ExactSizeIterator<Item = &'a str>,
) -> Result<Vec<Drawn>, DrawError> {
    let size = size(units.len(), share_bp);
    sampling::draw(&Seed::new(format!("{seed}{SUFFIX}")), units, size)
}

/// Gives each unit to the least busy other auditor who has nothing to do with its agency.
///
/// Units are named by agency and first auditor, in ticket order. `None` where there is nobody: the unit stays without a
/// second review, and counts as not agreed.
pub fn assign(units: &[(AgencyCode, AccountId)], auditors: &mut [Auditor]) -> Vec<Option<AccountId>> {
    units
        .iter()
        .map(|(agency, first)| assignment::next(auditors, agency, |account| account != *first))
        .collect()
}

/// How the two looks compare.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Agreement {
    /// Drawn units of the audit.
    pub cases: u64,
    /// Of those, units drawn to be reviewed once more.
    pub drawn: u64,
    /// Of those, units with both findings.
    pub pairs: u64,
    /// Of those, units with the same finding twice.
    pub matches: u64,
}

impl Agreement {
    /// Adds a unit that was drawn to be reviewed once more, with what both auditors found so far.
    pub fn add(&mut self, first: Option<CaseFinding>, second: Option<CaseFinding>) {
        self.drawn += 1;
        if let Some((first, second)) = first.zip(second) {
            self.pairs += 1;
            self.matches += u64::from(first == second);
        }
    }

    /// Units whose second look is missing, or the first.
    pub const fn pending(&self) -> u64 {
        self.drawn - self.pairs
    }

    /// A number of drawn units as a share of them all, basis points, rounded down; 0 of none.
    pub const fn share_bp(&self, units: u64) -> u64 {
        match units.saturating_mul(10_000).checked_div(self.cases) {
            Some(share) => share,
            None => 0,
        }
    }

    /// At least so many of all drawn units would get the same finding twice: exact and one-sided. What is still missing
    /// counts as not agreed, so that the claim holds however it ends. `Err` where the counts contradict each other.
    pub fn lower_bound(&self, risk: Risk) -> Result<u64, StatisticsError> {
        Finding {
            population: self.cases,
            sample: self.drawn,
            deviations: self.matches,
        }
        .lower_bound(risk)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    const UNITS: [&str; 12] = [
        "1.01/2026-03-02/a/1",
        "1.01/2026-03-02/a/2",
        "1.01/2026-03-02/a/3",
        "1.01/2026-03-02/b/1",
        "1.01/2026-03-02/b/2",
        "1.01/2026-03-02/b/3",
        "1.02/2026-03-02/c/1",
        "1.02/2026-03-02/c/2",
        "1.02/2026-03-02/c/3",
        "1.02/2026-03-02/d/1",
        "1.02/2026-03-02/d/2",
        "1.02/2026-03-02/d/3",
    ];

    #[test]
    fn a_tenth_is_rounded_up() {
        let sizes = [0, 1, 9, 10, 11, 60, 61, 2_360].map(|cases| size(cases, SHARE_BP));
        assert_eq!(sizes, [0, 1, 1, 1, 2, 6, 7, 236]);
        assert_eq!([0, 1, 10_000].map(|share| size(61, share)), [0, 1, 61]);
    }

    #[test]
    fn the_draw_is_the_tickets_of_the_seed_with_the_suffix() {
        let drawn = draw("63454660390103169462", SHARE_BP, UNITS.into_iter()).unwrap();
        let seed = Seed::new("63454660390103169462/second-review");
        let mut tickets: Vec<_> = UNITS.iter().map(|unit| (seed.ticket(unit), *unit)).collect();
        tickets.sort();
        let expected: Vec<&str> = tickets.iter().take(2).map(|(_, unit)| *unit).collect();
        let units: Vec<&str> = drawn.iter().map(|drawn| drawn.id.as_str()).collect();
        assert_eq!(units, expected);
        assert_eq!(draw("x", SHARE_BP, std::iter::empty()), Ok(Vec::new()));
        assert!(draw("x", SHARE_BP, ["a", "a"].into_iter()).is_err());
    }

    #[test]
    fn somebody_else_looks_again_and_never_at_their_own_agency() {
        let code = |text: &str| AgencyCode::parse(text).unwrap();
        let account = |id| AccountId::new(Uuid::from_u128(id));
        let auditor = |id, own: &[&str]| Auditor {
            account: account(id),
            own_agencies: own.iter().map(|agency| code(agency)).collect::<BTreeSet<_>>(),
            load: 0,
        };
        let mut auditors = [auditor(3, &[]), auditor(2, &["1.02"]), auditor(1, &["1.01"])];
        let units = [
            (code("1.01"), account(2)),
            (code("1.01"), account(3)),
            (code("1.02"), account(3)),
            (code("1.02"), account(1)),
        ];
        let assigned = assign(&units, &mut auditors);
        assert_eq!(
            assigned,
            [Some(account(3)), Some(account(2)), Some(account(1)), Some(account(3))]
        );
        let mut nobody_else = [auditor(1, &["1.01"]), auditor(2, &["1.02"])];
        assert_eq!(assign(&[(code("1.02"), account(1))], &mut nobody_else), [None]);
    }

    #[test]
    fn what_is_missing_counts_as_not_agreed() {
        let (valid, proposed) = (Some(CaseFinding::Valid), Some(CaseFinding::InvalidProposed));
        let mut agreement = Agreement {
            cases: 40,
            ..Agreement::default()
        };
        agreement.add(valid, valid);
        agreement.add(proposed, proposed);
        agreement.add(valid, proposed);
        agreement.add(valid, None);
        assert_eq!(
            (agreement.drawn, agreement.pairs, agreement.matches, agreement.pending()),
            (4, 3, 2, 1)
        );
        let risk = Risk::of_confidence(9_500).unwrap();
        // By fractions: P(X >= 2) of Hyper(40, M, 4) is 4.29 % at M = 4 and 6.90 % at M = 5.
        assert_eq!(agreement.lower_bound(risk), Ok(5));
        assert_eq!(agreement.share_bp(5), 1_250);
        assert_eq!(Agreement::default().share_bp(0), 0);
        let whole = Agreement {
            cases: 3,
            drawn: 3,
            pairs: 3,
            matches: 3,
        };
        assert_eq!(whole.lower_bound(risk), Ok(3));
    }
}

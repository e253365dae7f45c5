//! Fair shares: how many office days are a person's due, counted over the days on which the person is present.

/// One office day in the fixed point in which shares are added up.
const ONE: u64 = 1 << 32;

/// What the adding up of a period may be off by; far less than any true fraction of a day.
const SLACK: u64 = 64;

/// The shares of some people.
#[derive(Clone, Debug)]
pub struct Shares(Vec<u64>);

impl Shares {
    /// Nobody is owed anything yet.
    pub fn none(people: usize) -> Self {
        Self(vec![0; people])
    }

    /// Adds the places of one group on one day, the same fraction of them to each of its people.
    pub fn add(&mut self, people: &[usize], places: usize) {
        let (Ok(places), Ok(count)) = (u64::try_from(places), u64::try_from(people.len())) else {
            return;
        };
        let fraction = places.saturating_mul(ONE).checked_div(count).unwrap_or(0);
        for person in people {
            if let Some(share) = self.0.get_mut(*person) {
                *share = share.saturating_add(fraction);
            }
        }
    }

    fn of(&self, person: usize) -> u64 {
        self.0.get(person).copied().unwrap_or_default()
    }

    /// The share rounded down.
    pub fn least(&self, person: usize) -> usize {
        whole(self.of(person).saturating_add(SLACK))
    }

    /// The share rounded up.
    pub fn most(&self, person: usize) -> usize {
        whole(self.of(person).saturating_add(ONE - 1).saturating_sub(SLACK))
    }

    /// How far a number of office days is above the share; less comes first.
    pub fn excess(&self, person: usize, count: usize) -> i64 {
        let count = u64::try_from(count).unwrap_or(u64::MAX).saturating_mul(ONE);
        let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        signed(count) - signed(self.of(person))
    }
}

fn whole(share: u64) -> usize {
    usize::try_from(share / ONE).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirds_of_three_days_are_one_day_and_not_a_hair_more_or_less() {
        let mut shares = Shares::none(3);
        for _ in 0..3 {
            shares.add(&[0, 1, 2], 1);
        }
        assert_eq!((shares.least(0), shares.most(0)), (1, 1));
        shares.add(&[0, 1], 1);
        assert_eq!((shares.least(0), shares.most(0)), (1, 2));
        assert_eq!((shares.least(2), shares.most(2)), (1, 1));
        assert!(shares.excess(0, 1) < shares.excess(2, 1));
    }

    #[test]
    fn nobody_is_owed_places_of_an_empty_group() {
        let mut shares = Shares::none(1);
        shares.add(&[], 3);
        assert_eq!((shares.least(0), shares.most(0)), (0, 0));
    }
}

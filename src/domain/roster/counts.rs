//! How many of the people who are free to be sent home go where on one day: the whole numbers that hold every quota and
//! picket duty, or come nearest.

use crate::domain::roster::terms::Limits;
use crate::domain::roster::terms::ModeSet;
use crate::domain::work_mode::WorkMode;
use std::collections::BTreeSet;

/// Up to so many people every way to place them is looked at.
const FEW: usize = 20;

/// People by mode.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// On picket.
    pub picket: usize,
    /// At the office.
    pub wfo: usize,
    /// At home.
    pub wfh: usize,
    /// Anywhere.
    pub wfa: usize,
}

impl Counts {
    /// How many are in one of the modes.
    pub fn within(self, set: ModeSet) -> usize {
        [
            (WorkMode::Picket, self.picket),
            (WorkMode::Wfo, self.wfo),
            (WorkMode::Wfh, self.wfh),
            (WorkMode::Wfa, self.wfa),
        ]
        .into_iter()
        .filter(|(mode, _)| set.contains(*mode))
        .map(|(_, count)| count)
        .sum()
    }
}

/// What a day asks for.
#[derive(Clone, Debug)]
pub struct Demand {
    /// People to place.
    pub people: usize,
    /// Those of them who may do picket duty.
    pub eligible: usize,
    /// Picket places that nobody else can fill.
    pub picket_least: usize,
    /// Picket places that these people should fill if the quotas let them.
    pub picket_wish: usize,
    /// The quotas.
    pub quotas: Vec<(ModeSet, Limits)>,
    /// Whether as many as may go away from the office, or as few.
    pub favours_away: bool,
    /// Whether a rule lets people work anywhere.
    pub allows_wfa: bool,
    /// Whether away means anywhere rather than home.
    pub prefers_wfa: bool,
}

/// How bad counts are: broken rules, distance from the rounding, from the wish for picket, from the favour.
type Cost = (usize, usize, usize, usize, usize);

impl Demand {
    /// The best counts. Broken rules weigh most, then the rounding of aims, then picket duty, then what the day favours.
    pub fn settle(&self) -> Counts {
        let home_is_anywhere = self
            .quotas
            .iter()
            .all(|(set, _)| set.is_same_for(WorkMode::Wfh, WorkMode::Wfa));
        let is_one = home_is_anywhere || !self.allows_wfa;
        let mut best: Option<(Cost, Counts)> = None;
        for picket in self
            .sums(self.people)
            .into_iter()
            .filter(|count| *count <= self.eligible)
        {
            let rest = self.people - picket;
            // Where nothing tells home and anywhere apart, one of them is enough to count with.
            let anywhere = if is_one { vec![0] } else { self.sums(rest) };
            for wfa in anywhere {
                for wfh in self.breaks(picket, wfa) {
                    let counts = Counts {
                        picket,
                        wfo: rest - wfa - wfh,
                        wfh,
                        wfa,
                    };
                    let cost = self.cost(counts);
                    if best.is_none_or(|(least, _)| cost < least) {
                        best = Some((cost, counts));
                    }
                }
            }
        }
        let counts = best.map(|(_, counts)| counts).unwrap_or_default();
        if home_is_anywhere && self.allows_wfa && self.prefers_wfa {
            Counts {
                wfh: 0,
                wfa: counts.wfh,
                ..counts
            }
        } else {
            counts
        }
    }

    /// Numbers among which the best picket and anywhere counts are found: all of them where they are few, else bounds and
    /// what they leave of everybody or of so many people.
    fn sums(&self, people: usize) -> Vec<usize> {
        if self.people <= FEW {
            return (0..=people).collect();
        }
        let mut bounds = BTreeSet::from([
            0,
            people,
            self.people,
            self.eligible,
            self.picket_least,
            self.picket_wish,
        ]);
        for (_, limits) in &self.quotas {
            bounds.extend([limits.least, limits.most]);
            bounds.extend(limits.near);
        }
        let mut sums = bounds.clone();
        for one in &bounds {
            for other in &bounds {
                let both = one.saturating_add(*other);
                sums.extend([
                    one.abs_diff(*other),
                    people.saturating_sub(both),
                    self.people.saturating_sub(both),
                ]);
            }
        }
        sums.into_iter().filter(|count| *count <= people).collect()
    }

    /// The home counts at which the cost changes its slope, given the others.
    fn breaks(&self, picket: usize, wfa: usize) -> BTreeSet<usize> {
        let rest = self.people - picket - wfa;
        let mut breaks = BTreeSet::from([0, rest]);
        for (set, limits) in &self.quotas {
            let others = [(WorkMode::Picket, picket), (WorkMode::Wfa, wfa)];
            let counted: usize = others
                .into_iter()
                .filter(|(mode, _)| set.contains(*mode))
                .map(|(_, count)| count)
                .sum();
            for bound in [Some(limits.least), Some(limits.most), limits.near]
                .into_iter()
                .flatten()
            {
                let left = bound.saturating_sub(counted).min(rest);
                match (set.contains(WorkMode::Wfh), set.contains(WorkMode::Wfo)) {
                    (true, false) => breaks.insert(left),
                    (false, true) => breaks.insert(rest - left),
                    (true, true) | (false, false) => false,
                };
            }
        }
        breaks
    }

    fn cost(&self, counts: Counts) -> Cost {
        let mut broken = self.picket_least.saturating_sub(counts.picket);
        let mut unrounded = 0_usize;
        for (set, limits) in &self.quotas {
            let counted = counts.within(*set);
            broken += limits.least.saturating_sub(counted) + counted.saturating_sub(limits.most);
            unrounded += limits.near.map_or(0, |near| counted.abs_diff(near));
        }
        let away = counts.wfh + counts.wfa;
        let unfavoured = if self.favours_away { self.people - away } else { away };
        let odd = if self.prefers_wfa { counts.wfh } else { counts.wfa };
        (
            broken,
            unrounded,
            counts.picket.abs_diff(self.picket_wish),
            unfavoured,
            odd,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [WorkMode; 4] = [WorkMode::Picket, WorkMode::Wfo, WorkMode::Wfh, WorkMode::Wfa];

    fn demand(people: usize, quotas: &[(&[WorkMode], usize, usize)]) -> Demand {
        let limits = |least, most| Limits {
            least,
            most,
            near: None,
        };
        Demand {
            people,
            eligible: people,
            picket_least: 0,
            picket_wish: 0,
            quotas: quotas
                .iter()
                .map(|(modes, least, most)| (ModeSet::of(modes), limits(*least, *most)))
                .collect(),
            favours_away: true,
            allows_wfa: false,
            prefers_wfa: false,
        }
    }

    #[test]
    fn a_ceiling_is_used_up_and_halves_are_split() {
        let ceiling = demand(25, &[(&[WorkMode::Wfh, WorkMode::Wfa], 0, 5)]).settle();
        assert_eq!((ceiling.wfo, ceiling.wfh, ceiling.wfa), (20, 5, 0));
        let halves = demand(
            7,
            &[(&[WorkMode::Wfh], 3, 4), (&[WorkMode::Wfo, WorkMode::Picket], 3, 4)],
        )
        .settle();
        assert_eq!((halves.wfo, halves.wfh), (3, 4));
    }

    #[test]
    fn picket_duty_gives_way_to_no_quota_that_leaves_room() {
        let mut full = demand(40, &[(&[WorkMode::Wfh], 0, 20)]);
        (full.picket_least, full.picket_wish) = (5, 5);
        assert_eq!(
            full.settle(),
            Counts {
                picket: 5,
                wfo: 15,
                wfh: 20,
                wfa: 0
            }
        );
        (full.eligible, full.picket_least) = (3, 3);
        assert_eq!(full.settle().picket, 3);
    }

    #[test]
    fn nobody_to_place_is_no_mistake() {
        assert_eq!(demand(0, &[(&[WorkMode::Wfh], 0, 0)]).settle(), Counts::default());
    }

    /// The least cost over every way to place everybody.
    fn least_cost(demand: &Demand) -> Cost {
        let mut least = None;
        for picket in 0..=demand.eligible {
            for wfh in 0..=demand.people - picket {
                for wfa in (0..=demand.people - picket - wfh).filter(|wfa| demand.allows_wfa || *wfa == 0) {
                    let wfo = demand.people - picket - wfh - wfa;
                    let cost = demand.cost(Counts { picket, wfo, wfh, wfa });
                    least = Some(least.map_or(cost, |least: Cost| least.min(cost)));
                }
            }
        }
        least.unwrap()
    }

    fn quota(people: usize) -> impl Strategy<Value = (ModeSet, Limits)> {
        (1_usize..15, 0..=people, 0..=people, any::<bool>()).prop_map(|(modes, one, other, is_aim)| {
            let modes: Vec<WorkMode> = ALL
                .into_iter()
                .enumerate()
                .filter(|(at, _)| modes >> at & 1 == 1)
                .map(|(_, mode)| mode)
                .collect();
            let (least, most) = (one.min(other), one.max(other));
            let most = if is_aim { (least + 1).min(most) } else { most };
            (
                ModeSet::of(&modes),
                Limits {
                    least,
                    most,
                    near: is_aim.then_some(most),
                },
            )
        })
    }

    fn demands() -> impl Strategy<Value = Demand> {
        (0_usize..14).prop_flat_map(|people| {
            let quotas = prop::collection::vec(quota(people), 0..4);
            (quotas, 0..=people, 0_usize..5, 0_usize..5, any::<[bool; 3]>()).prop_map(
                move |(quotas, eligible, least, more, [favours_away, allows_wfa, prefers_wfa])| Demand {
                    people,
                    eligible,
                    picket_least: least.min(eligible),
                    picket_wish: (least + more).min(eligible),
                    quotas,
                    favours_away,
                    allows_wfa,
                    prefers_wfa,
                },
            )
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn no_other_way_to_place_everybody_breaks_less(demand in demands()) {
            let counts = demand.settle();
            prop_assert_eq!(counts.picket + counts.wfo + counts.wfh + counts.wfa, demand.people);
            prop_assert!(counts.picket <= demand.eligible);
            let (cost, least) = (demand.cost(counts), least_cost(&demand));
            prop_assert_eq!((cost.0, cost.1, cost.2), (least.0, least.1, least.2));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn nor_does_any_among_many_people_under_quotas_as_circulars_have_them(
            people in FEW + 1..45, bounds in any::<[(u8, bool); 4]>(), picket in 0_usize..9, favours in any::<[bool; 2]>(),
        ) {
            let sets: [&[WorkMode]; 4] = [
                &[WorkMode::Wfh],
                &[WorkMode::Wfh, WorkMode::Wfa],
                &[WorkMode::Wfo, WorkMode::Picket],
                &[WorkMode::Picket],
            ];
            let quotas = sets.into_iter().zip(bounds).filter(|(_, (percent, _))| *percent <= 100).map(|(set, (percent, is_aim))| {
                let counted = people * usize::from(percent) / 100;
                let least = if is_aim { counted } else { 0 };
                (ModeSet::of(set), Limits { least, most: counted, near: is_aim.then_some(counted) })
            });
            let demand = Demand {
                people,
                eligible: people,
                picket_least: picket,
                picket_wish: picket,
                quotas: quotas.collect(),
                favours_away: favours[0],
                allows_wfa: favours[1],
                prefers_wfa: false,
            };
            prop_assert_eq!(demand.cost(demand.settle()).0, least_cost(&demand).0);
        }
    }
}

//! What a writer of shares remembers of people, so that most shares need none of their tables read.
//!
//! Every change of what duties are read from moves the number of each agency that the person ever belonged to, by
//! triggers, in its own transaction (`duty_epoch`). Facts are kept with the sum of these numbers as it was before they
//! were read: numbers only grow, so the same sum later says that nothing has changed. Homes stay sealed here.

use crate::app::duty_facts;
use crate::app::duty_facts::AgencyCodes;
use crate::app::duty_facts::DutyFacts;
use crate::app::error::Error;
use crate::domain::ids::EmployeeId;
use crate::domain::slot::Slot;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::duty::Epochs;
use chrono::{Days, NaiveDate};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Assignments are read for so many days ahead of those that are asked for, so that a morning's facts last some days.
const DAYS_AHEAD: u64 = 3;

/// Groups that look at every slot after a guess was wrong.
const DOUBTFUL_GROUPS: usize = 64;

/// Whose days are asked for, from one date to another, both inclusive.
pub(crate) type Wanted = HashMap<EmployeeId, (NaiveDate, NaiveDate)>;

/// What a group of shares is judged by, as its transaction sees it.
#[derive(Debug)]
pub(crate) struct Recalled {
    /// The facts of people; whoever never belonged to an agency is left out.
    pub(crate) people: HashMap<EmployeeId, Arc<DutyFacts>>,
    /// The present number of the rules, which is asked for along with those of the people's agencies.
    pub(crate) rule_epoch: i64,
}

/// What is remembered of one person.
#[derive(Clone, Debug)]
struct Remembered {
    facts: Arc<DutyFacts>,
    /// The dates whose assignments are among the facts, both inclusive.
    dates: (NaiveDate, NaiveDate),
    /// The sum of the numbers of the person's agencies, read before the facts were.
    epochs: i64,
    taken: TakenSlots,
}

impl Remembered {
    /// In every test: what is remembered is what would be read now. On PostgreSQL another transaction may have committed
    /// since the numbers were read, so it can be told on SQLite only.
    #[cfg(debug_assertions)]
    fn check(&self, connection: &mut AnyConnection, person: EmployeeId) -> Result<(), Error> {
        if matches!(connection, AnyConnection::Sqlite(_)) {
            let fresh = duty_facts::load(connection, &mut AgencyCodes::default(), &[person], self.dates)?;
            assert_eq!(
                fresh.get(&person),
                Some(&*self.facts),
                "what is remembered of {person:?} is no longer true"
            );
        }
        Ok(())
    }
}

/// The slots of a person's newest day that a writer has seen taken. Nothing is known of days before it.
#[derive(Clone, Copy, Debug, Default)]
struct TakenSlots {
    date: Option<NaiveDate>,
    /// A bit for each slot, by its ordinal.
    slots: u8,
}

impl TakenSlots {
    /// Takes a slot; says whether it would have been seen if it were taken already.
    fn take(&mut self, date: NaiveDate, slot: Slot) -> bool {
        let newest = self.date;
        if newest.is_none_or(|newest| newest < date) {
            *self = Self {
                date: Some(date),
                slots: 0,
            };
        }
        if self.date != Some(date) {
            return false;
        }
        let was_free = self.slots & bit(slot) == 0;
        self.slots |= bit(slot);
        newest.is_some() && was_free
    }
}

const fn bit(slot: Slot) -> u8 {
    1 << slot.ordinal()
}

/// A writer's memory. People who have not shared for long are forgotten as others come.
#[derive(Debug)]
pub(crate) struct DutyMemory {
    /// The young and the old hold so many each; the old are forgotten all at once when the young are as many.
    half: usize,
    young: HashMap<EmployeeId, Remembered>,
    old: HashMap<EmployeeId, Remembered>,
    codes: AgencyCodes,
    /// The agencies' numbers as last read; an older number than the present one does no harm but a reading more.
    epochs: HashMap<Arc<str>, i64>,
    /// Groups that are still to look at every slot, after a guess was wrong.
    doubts: usize,
}

impl DutyMemory {
    /// Remembers at most so many people; none with 0.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            half: most / 2,
            young: HashMap::new(),
            old: HashMap::new(),
            codes: AgencyCodes::default(),
            epochs: HashMap::new(),
            doubts: 0,
        }
    }

    /// Whether a group may take slots for free at all; to be asked once a group.
    pub(crate) fn may_guess(&mut self) -> bool {
        let may = self.doubts == 0;
        self.doubts = self.doubts.saturating_sub(1);
        may
    }

    /// A slot that seemed free was taken, so another instance records shares of the same people.
    pub(crate) fn guessed_wrongly(&mut self) {
        self.doubts = DOUBTFUL_GROUPS;
    }

    /// Remembers that a slot is taken, or about to be; says whether this writer would have known if it were already, unless
    /// another instance took it.
    pub(crate) fn take_slot(&mut self, person: EmployeeId, date: NaiveDate, slot: Slot) -> bool {
        let known = self.young.get_mut(&person);
        known.is_some_and(|known| known.taken.take(date, slot))
    }

    /// The facts of these people, and the number of the rules.
    ///
    /// `usual` are the dates that shares of this moment ask for. Facts of other dates are read for this call alone.
    pub(crate) fn recall(
        &mut self,
        connection: &mut AnyConnection,
        wanted: &Wanted,
        usual: (NaiveDate, NaiveDate),
    ) -> Result<Recalled, Error> {
        let mut found = HashMap::with_capacity(wanted.len());
        let known: Vec<(EmployeeId, Remembered)> = wanted
            .iter()
            .filter_map(|(person, asked)| {
                let known = self.remembered(*person)?;
                holds(known.dates, *asked).then_some((*person, known))
            })
            .collect();
        let rule_epoch = self.read_epochs(connection, known.iter().map(|(_, known)| &*known.facts))?;
        for (person, known) in known {
            if self.epochs_of(&known.facts) == Some(known.epochs) {
                #[cfg(debug_assertions)]
                known.check(connection, person)?;
                found.insert(person, known.facts);
            }
        }
        let (mut unknown, mut unusual) = (Vec::new(), Vec::new());
        let mut odd_dates = usual;
        for (person, asked) in wanted.iter().filter(|(person, _)| !found.contains_key(*person)) {
            if holds(usual, *asked) {
                unknown.push(*person);
            } else {
                unusual.push(*person);
                odd_dates = (odd_dates.0.min(asked.0), odd_dates.1.max(asked.1));
            }
        }
        self.read(connection, &unknown, usual, &mut found)?;
        if !unusual.is_empty() {
            let facts = duty_facts::load(connection, &mut self.codes, &unusual, odd_dates)?;
            found.extend(facts.into_iter().map(|(person, facts)| (person, Arc::new(facts))));
        }
        Ok(Recalled {
            people: found,
            rule_epoch,
        })
    }

    /// Reads people whom nothing is known of any more, and remembers them.
    fn read(
        &mut self,
        connection: &mut AnyConnection,
        people: &[EmployeeId],
        (from, to): (NaiveDate, NaiveDate),
        found: &mut HashMap<EmployeeId, Arc<DutyFacts>>,
    ) -> Result<(), Error> {
        if people.is_empty() {
            return Ok(());
        }
        let dates = (from, to.checked_add_days(Days::new(DAYS_AHEAD)).unwrap_or(to));
        let read = duty_facts::load(connection, &mut self.codes, people, dates)?;
        let mut strangers = Vec::new();
        for (person, facts) in read {
            let facts = Arc::new(facts);
            found.insert(person, Arc::clone(&facts));
            // Numbers of agencies that were never asked for would be newer than the facts: next time, then.
            match self.epochs_of(&facts) {
                Some(epochs) => {
                    let taken = self.young.get(&person).map(|known| known.taken).unwrap_or_default();
                    let known = Remembered {
                        facts,
                        dates,
                        epochs,
                        taken,
                    };
                    self.remember(person, known);
                }
                None => strangers.push(facts),
            }
        }
        if !strangers.is_empty() {
            self.read_epochs(connection, strangers.iter().map(|facts| &**facts))?;
        }
        Ok(())
    }

    /// Asks for the present numbers of these people's agencies; gives that of the rules.
    fn read_epochs<'a>(
        &mut self,
        connection: &mut AnyConnection,
        people: impl Iterator<Item = &'a DutyFacts>,
    ) -> Result<i64, Error> {
        let codes: HashSet<&Arc<str>> = people
            .flat_map(|facts| facts.members().iter().map(|member| &member.agency_code))
            .collect();
        let asked: Vec<&str> = codes.iter().map(|code| &***code).collect();
        let Epochs { rules, agencies } = store::duty::read_epochs(connection, &asked)?;
        let read: HashMap<String, i64> = agencies.into_iter().collect();
        for code in codes {
            match read.get(&**code) {
                Some(epoch) => drop(self.epochs.insert(Arc::clone(code), *epoch)),
                None => drop(self.epochs.remove(code)),
            }
        }
        Ok(rules)
    }

    /// The sum of the numbers of a person's agencies as last read; `None` where one is not known.
    fn epochs_of(&self, facts: &DutyFacts) -> Option<i64> {
        let numbers = facts
            .members()
            .iter()
            .map(|member| self.epochs.get(&member.agency_code));
        numbers.sum()
    }

    /// What is remembered of somebody, who is then one of the young.
    fn remembered(&mut self, person: EmployeeId) -> Option<Remembered> {
        if let Some(known) = self.young.get(&person) {
            return Some(known.clone());
        }
        let known = self.old.remove(&person)?;
        self.remember(person, known.clone());
        Some(known)
    }

    fn remember(&mut self, person: EmployeeId, known: Remembered) {
        if self.young.len() >= self.half {
            self.old = std::mem::take(&mut self.young);
        }
        if self.half > 0 {
            self.young.insert(person, known);
        }
    }
}

/// Whether the dates from one to another, both inclusive, lie in a stretch of dates.
fn holds(stretch: (NaiveDate, NaiveDate), asked: (NaiveDate, NaiveDate)) -> bool {
    stretch.0 <= asked.0 && asked.1 <= stretch.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn person(number: u128) -> EmployeeId {
        EmployeeId::new(Uuid::from_u128(number))
    }

    fn known() -> Remembered {
        Remembered {
            facts: Arc::default(),
            dates: Default::default(),
            epochs: 0,
            taken: TakenSlots::default(),
        }
    }

    #[test]
    fn a_memory_never_holds_more_than_it_was_given() {
        let mut memory = DutyMemory::new(10);
        for number in 0..1_000 {
            memory.remember(person(number), known());
            assert!(memory.young.len() <= 5 && memory.old.len() <= 5);
        }
        assert!(memory.remembered(person(999)).is_some());
        assert!(memory.remembered(person(0)).is_none());
    }

    #[test]
    fn whoever_shares_again_stays() {
        let mut memory = DutyMemory::new(10);
        memory.remember(person(0), known());
        for number in 1..1_000 {
            memory.remember(person(number), known());
            assert!(memory.remembered(person(0)).is_some(), "after {number} others");
        }
    }

    #[test]
    fn a_slot_seems_free_where_the_writer_has_seen_the_day_and_not_the_slot_taken() {
        let mut memory = DutyMemory::new(10);
        let [yesterday, today, tomorrow, later] =
            [1, 2, 3, 4].map(|day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap());
        let take = |memory: &mut DutyMemory, date, slot| memory.take_slot(person(1), date, slot);
        for _ in 0..2 {
            assert!(
                !take(&mut memory, today, Slot::Morning),
                "of a stranger nothing is known"
            );
        }
        memory.remember(person(1), known());
        for (date, slot, free, why) in [
            (today, Slot::Midday, false, "nothing was seen of the day"),
            (today, Slot::Midday, false, "it was taken just now"),
            (today, Slot::Morning, true, "the day was seen"),
            (yesterday, Slot::Afternoon, false, "an older day was not"),
            (today, Slot::Morning, false, "an older day changes nothing"),
            (today, Slot::Afternoon, true, "nor takes it a slot"),
            (tomorrow, Slot::Midday, true, "a new day is free"),
            (tomorrow, Slot::Midday, false, "but once"),
            (today, Slot::Afternoon, false, "a day before the newest is forgotten"),
            (later, Slot::Midday, true, "each day has slots of its own"),
        ] {
            assert_eq!(take(&mut memory, date, slot), free, "{date} {slot:?}: {why}");
        }
        assert!(!memory.take_slot(person(2), later, Slot::Morning));
    }

    #[test]
    fn after_a_wrong_guess_some_groups_make_none() {
        let mut memory = DutyMemory::new(10);
        assert!(memory.may_guess());
        memory.guessed_wrongly();
        let groups = std::iter::from_fn(|| (!memory.may_guess()).then_some(())).count();
        assert_eq!(groups, DOUBTFUL_GROUPS);
        assert!(memory.may_guess());
    }

    #[test]
    fn a_memory_of_nobody_remembers_nobody() {
        let mut memory = DutyMemory::new(0);
        memory.remember(person(1), known());
        assert!(memory.remembered(person(1)).is_none());
    }
}

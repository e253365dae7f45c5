//! The rules in memory: read whole, kept while the epoch stands, asked by jurisdiction and date.

use crate::app::App;
use crate::app::error::Error;
use crate::app::own_schedule::OwnSchedules;
use crate::app::own_schedule::Whose;
use crate::domain::assignment::DayAssignment;
use crate::domain::calendar::Calendar;
use crate::domain::circular::in_force::DayRules;
use crate::domain::circular::in_force::in_force;
use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::circular::lifecycle::Circular;
use crate::domain::circular::mode::DayMode;
use crate::domain::circular::mode::PersonFacts;
use crate::domain::circular::mode::day_off;
use crate::domain::circular::mode::mode_on;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::circular::rule::TravelBan;
use crate::domain::day::Duty;
use crate::domain::duty_travel::Destination;
use crate::domain::half::Halved;
use crate::domain::half::MiddleOfDay;
use crate::domain::ids::ScheduleId;
use crate::domain::ids::SiteId;
use crate::domain::ids::UnitId;
use crate::domain::instant::Zone;
use crate::domain::place::Fence;
use crate::domain::region_outline::AllowedArea;
use crate::domain::region_outline::RegionOutline;
use crate::domain::schedule::DayHours;
use crate::domain::schedule::WorkSchedule;
use crate::domain::schedule::day::OwnDay;
use crate::domain::schedule::day::own_day;
use crate::domain::slot::CheckInRule;
use crate::domain::slot::Slot;
use crate::domain::slot::SlotRule;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::membership::MembershipRow;
use crate::store::region_outline::OutlineSet;
use crate::store::rule_book::SiteInUse;
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

/// An agency as the rules see it.
#[derive(Clone, Debug)]
pub struct AgencyFacts {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The zone of its duty places.
    pub zone: Zone,
    /// Whose circulars hold for it.
    pub jurisdiction: JurisdictionCode,
    /// What kinds of service it gives.
    pub service_kinds: Vec<String>,
}

/// What holds on a date in a jurisdiction, and for whoever there has the same schedule.
#[derive(Debug)]
pub struct HeldRules {
    /// By circular.
    pub rules: Arc<DayRules>,
    /// The date by the schedule of the unit or person, where there is one that stands beside the circulars.
    pub own: Option<OwnDay>,
    /// How shares are asked for and judged.
    pub check_in: Arc<CheckInRule>,
    /// Where the day parts into its halves.
    pub middle: MiddleOfDay,
}

impl HeldRules {
    fn new(rules: Arc<DayRules>, own: Option<OwnDay>, check_in: Arc<CheckInRule>) -> Self {
        let hours = own.as_ref().map_or_else(|| rules.hours(), |own| own.hours);
        Self {
            middle: MiddleOfDay::of(hours, &check_in.slots),
            rules,
            own,
            check_in,
        }
    }

    /// The hours of the date: of the unit's or person's own schedule where one stands, else of the circular's.
    pub fn hours(&self) -> Option<DayHours> {
        self.own.as_ref().map_or_else(|| self.rules.hours(), |own| own.hours)
    }

    /// What one slot asks of somebody with these modes.
    pub fn duty(&self, modes: &Halved<DayMode>, rule: &SlotRule) -> Duty {
        Duty::of(modes.of(self.middle.half_of(rule.window)).mode, &self.check_in)
    }
}

/// How far a tree of units is followed upwards.
const DEEPEST_UNIT: usize = 64;

/// Those who have the same rules on a date: by schedule, by the shift that was named for the date alone, and by whether they
/// were called in.
type OwnKey = (ScheduleId, Option<String>, bool);

/// What the rules of a date are kept under.
type HeldKey = (JurisdictionCode, NaiveDate, Option<OwnKey>);

/// All rules of one epoch.
#[derive(Debug)]
pub struct RuleBook {
    epoch: i64,
    circulars: Vec<Circular>,
    calendar: Calendar,
    agencies: HashMap<String, AgencyFacts>,
    sites: HashMap<String, Vec<SiteInUse>>,
    unit_parents: HashMap<UnitId, Option<UnitId>>,
    outline_set: OutlineSet,
    outlines: Vec<Arc<RegionOutline>>,
    schedules: OwnSchedules,
    held: RwLock<HashMap<HeldKey, Arc<HeldRules>>>,
}

/// The newest book that this process has read.
#[derive(Debug, Default)]
pub(crate) struct Shelf(RwLock<Option<Arc<RuleBook>>>);

impl App {
    /// The rules as the caller's transaction sees them: from memory while their epoch stands.
    pub(crate) fn rule_book(&self, connection: &mut AnyConnection) -> Result<Arc<RuleBook>, Error> {
        let epoch = store::rule_book::epoch(connection)?;
        self.rule_book_of(connection, epoch)
    }

    /// The rules whose epoch the caller's transaction has just read.
    pub(crate) fn rule_book_of(&self, connection: &mut AnyConnection, epoch: i64) -> Result<Arc<RuleBook>, Error> {
        let kept = self.shelf.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(book) = kept.as_ref().filter(|book| book.epoch == epoch) {
            return Ok(Arc::clone(book));
        }
        let book = Arc::new(RuleBook::load(connection, epoch, kept.as_deref())?);
        // Epochs are random: a book read inside a change that is rolled back later is never met again.
        *self.shelf.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&book));
        Ok(book)
    }

    /// Says, inside the transaction of a change, that rules have changed: of an agency, a unit, a circular, the calendar,
    /// a site, a schedule or the outlines of regions.
    pub(crate) fn move_rule_epoch(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        let epoch = i64::from_be_bytes(self.entropy.bytes()?) & i64::MAX;
        Ok(store::rule_book::set_epoch(connection, epoch)?)
    }
}

impl RuleBook {
    fn load(connection: &mut AnyConnection, epoch: i64, earlier: Option<&Self>) -> Result<Self, Error> {
        let mut years: BTreeMap<i32, Vec<_>> = BTreeMap::new();
        // A year may have been set to have no holidays at all.
        for year in store::rule_book::list_replaced_years(connection)? {
            years.entry(year).or_default();
        }
        for holiday in store::rule_book::list_holidays(connection)? {
            years.entry(holiday.date.year()).or_default().push(holiday);
        }
        let calendar = years.into_iter().fold(Calendar::national(), |calendar, (year, days)| {
            calendar.with_year(year, days)
        });
        let mut agencies = HashMap::new();
        for row in store::rule_book::list_agencies(connection)? {
            let corrupt = store::error::Error::Corrupt("agency");
            let (Some(zone), Ok(jurisdiction)) =
                (Zone::from_name(&row.zone), JurisdictionCode::try_from(row.region_code))
            else {
                return Err(corrupt.into());
            };
            let facts = AgencyFacts {
                code: row.code.clone(),
                name: row.name,
                zone,
                jurisdiction,
                service_kinds: serde_json::from_value(row.service_kinds.0).ok().ok_or(corrupt)?,
            };
            agencies.insert(row.code, facts);
        }
        let mut sites: HashMap<String, Vec<SiteInUse>> = HashMap::new();
        for site in store::rule_book::list_sites(connection)? {
            sites.entry(site.agency_code.clone()).or_default().push(site);
        }
        // They are large and change seldom, so those of an earlier epoch are kept while their import stands.
        let outline_set = store::region_outline::find_set(connection)?;
        let outlines = match earlier.filter(|book| book.outline_set == outline_set) {
            Some(book) => book.outlines.clone(),
            None => store::region_outline::list(connection)?
                .into_iter()
                .map(Arc::new)
                .collect(),
        };
        Ok(Self {
            epoch,
            circulars: store::rule_book::list_circulars(connection)?,
            calendar,
            agencies,
            sites,
            unit_parents: store::rule_book::list_unit_parents(connection)?.into_iter().collect(),
            outline_set,
            outlines,
            schedules: OwnSchedules::load(connection)?,
            held: RwLock::default(),
        })
    }

    /// The same rules with one more circular, or another text of one, as if it had been issued: for looking ahead. Knows
    /// no sites, so that nobody can be judged by it.
    pub(crate) fn with_circular(&self, circular: Circular) -> Self {
        let mut circulars = self.circulars.clone();
        circulars.retain(|held| held.id != circular.id);
        circulars.push(circular);
        Self {
            epoch: self.epoch,
            circulars,
            calendar: self.calendar.clone(),
            agencies: self.agencies.clone(),
            sites: HashMap::new(),
            unit_parents: self.unit_parents.clone(),
            outline_set: self.outline_set,
            outlines: self.outlines.clone(),
            schedules: self.schedules.clone(),
            held: RwLock::default(),
        }
    }

    /// Work days and holidays.
    pub const fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Every circular ever issued.
    pub fn circulars(&self) -> &[Circular] {
        &self.circulars
    }

    /// An agency by its code.
    pub fn agency(&self, code: &str) -> Option<&AgencyFacts> {
        self.agencies.get(code)
    }

    /// Every agency, in no order.
    pub fn agencies(&self) -> impl Iterator<Item = &AgencyFacts> {
        self.agencies.values()
    }

    /// Whether an agency has schedules of its own, so that its people's days may differ by unit and person.
    pub fn has_schedules(&self, agency: &AgencyFacts) -> bool {
        self.schedules.has_any(&agency.code)
    }

    /// What holds on a date for an agency as a whole: for everybody who belongs to no unit and has nothing of their own.
    pub fn held(&self, agency: &AgencyFacts, date: NaiveDate) -> Arc<HeldRules> {
        self.held_for(agency, Whose::AGENCY, date, &[])
    }

    /// What holds for a person on a date, given what the person was assigned to. Answers from memory.
    pub fn held_for(
        &self,
        agency: &AgencyFacts,
        whose: Whose<'_>,
        date: NaiveDate,
        assigned: &[DayAssignment],
    ) -> Arc<HeldRules> {
        match self.schedule_of(agency, whose, date) {
            Some((id, schedule)) => self.held_by(agency, date, id, schedule, assigned),
            None => self.held_plainly(agency, date),
        }
    }

    /// What the circulars alone say.
    fn held_plainly(&self, agency: &AgencyFacts, date: NaiveDate) -> Arc<HeldRules> {
        self.recall((agency.jurisdiction.clone(), date, None), || {
            let rules = Arc::new(in_force(&self.circulars, &agency.jurisdiction, date));
            let check_in = Arc::new(rules.check_in());
            HeldRules::new(rules, None, check_in)
        })
    }

    fn held_by(
        &self,
        agency: &AgencyFacts,
        date: NaiveDate,
        id: ScheduleId,
        schedule: &WorkSchedule,
        assigned: &[DayAssignment],
    ) -> Arc<HeldRules> {
        let named = assigned.iter().find_map(|assigned| assigned.shift.as_deref());
        let is_called_in = assigned.iter().any(|assigned| assigned.mode.is_working());
        let plain = self.held_plainly(agency, date);
        let own_key = (id, named.map(str::to_owned), is_called_in);
        self.recall((agency.jurisdiction.clone(), date, Some(own_key)), || {
            let circular = plain.rules.schedule().map(|(rule, _)| rule);
            let own = Some(own_day(schedule, date, named)).filter(|own| own.stands_beside(circular));
            let check_in = own.as_ref().map_or_else(
                || Arc::clone(&plain.check_in),
                |own| Arc::new(own.check_in(&plain.check_in, is_called_in)),
            );
            HeldRules::new(Arc::clone(&plain.rules), own, check_in)
        })
    }

    fn recall(&self, key: HeldKey, look_up: impl FnOnce() -> HeldRules) -> Arc<HeldRules> {
        if let Some(held) = self.held.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(held);
        }
        let fresh = Arc::new(look_up());
        // Whoever was first keeps its place, so that the same rules are always the same value in memory.
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(held.entry(key).or_insert(fresh))
    }

    /// A person's schedule on a date, whether or not it stands beside the circulars of the date.
    pub(crate) fn schedule_of(
        &self,
        agency: &AgencyFacts,
        whose: Whose<'_>,
        date: NaiveDate,
    ) -> Option<(ScheduleId, &WorkSchedule)> {
        let units = self.units_above(whose.unit_id);
        self.schedules.on(&agency.code, whose.starts, units, date)
    }

    /// Whether a date counts for deadlines of whoever is of this unit and has these starts: the working days of the schedule
    /// or circular that holds there. Where shifts are assigned a day at a time, nothing is known ahead, and the calendar's
    /// five-day week counts.
    pub fn is_work_day(&self, agency: &AgencyFacts, whose: Whose<'_>, date: NaiveDate) -> bool {
        let schedule = self.schedule_of(agency, whose, date);
        if schedule.is_some_and(|(_, schedule)| !schedule.tells_days()) {
            return self.calendar.is_work_day(date);
        }
        let held = self.held_for(agency, whose, date, &[]);
        day_off(&held.rules, held.own.as_ref(), &self.calendar).is_none()
    }

    /// A unit and those above it, from below.
    fn units_above(&self, unit: Option<UnitId>) -> impl Iterator<Item = UnitId> {
        // The tree has no circles; the bound only keeps a damaged one from hanging the writer.
        std::iter::successors(unit, |unit| self.unit_parents.get(unit).copied().flatten()).take(DEEPEST_UNIT)
    }

    /// Everything that holds for somebody of an agency on a date: for the agency as a whole, and by each of its schedules
    /// and shifts, whether anyone has them or not. Asks nobody's membership.
    pub fn every_held(&self, agency: &AgencyFacts, date: NaiveDate) -> Vec<Arc<HeldRules>> {
        let mut every = vec![self.held(agency, date)];
        for (id, schedule) in self.schedules.of_agency(&agency.code) {
            every.push(self.held_by(agency, date, id, schedule, &[]));
            if let WorkSchedule::Shifts(shifts) = schedule {
                every.extend(shifts.shifts.iter().map(|shift| {
                    let named = DayAssignment {
                        shift: Some(shift.code.clone()),
                        ..DayAssignment::of(WorkMode::Wfo)
                    };
                    self.held_by(agency, date, id, schedule, &[named])
                }));
            }
        }
        every
    }

    /// The slots that anybody of an agency may be asked in on a date, in the order of the day, each as it closes last.
    pub fn latest_slots(&self, agency: &AgencyFacts, date: NaiveDate) -> Vec<SlotRule> {
        let every = self.every_held(agency, date);
        let rules = |slot| every.iter().filter_map(move |held| held.check_in.slot(slot));
        let latest = |slot| rules(slot).max_by_key(|rule| rule.window.closes_minute + rule.grace_minutes);
        Slot::ALL.into_iter().filter_map(latest).copied().collect()
    }

    /// The mode of a member on a date, or in each half of it, given what the person was assigned to.
    pub fn mode(
        &self,
        agency: &AgencyFacts,
        held: &HeldRules,
        member: &MembershipRow,
        assigned: &[DayAssignment],
    ) -> Halved<DayMode> {
        self.mode_of_kind(agency, held, (member.work_group, member.echelon.as_deref()), assigned)
    }

    /// The mode of whoever is of a work group and an echelon, as the personnel export spells it.
    pub fn mode_of_kind(
        &self,
        agency: &AgencyFacts,
        held: &HeldRules,
        (work_group, echelon): (WorkGroup, Option<&str>),
        assigned: &[DayAssignment],
    ) -> Halved<DayMode> {
        self.mode_at_level(
            agency,
            held,
            (work_group, PositionLevel::from_echelon(echelon)),
            assigned,
        )
    }

    /// The mode of whoever is of a work group and a level.
    pub fn mode_at_level(
        &self,
        agency: &AgencyFacts,
        held: &HeldRules,
        (work_group, level): (WorkGroup, PositionLevel),
        assigned: &[DayAssignment],
    ) -> Halved<DayMode> {
        let facts = PersonFacts {
            work_group,
            level,
            agency_code: &agency.code,
            service_kinds: &agency.service_kinds,
        };
        mode_on(&held.rules, held.own.as_ref(), &self.calendar, &facts, assigned)
    }

    /// Where shares of a day may come from: only on a journey while a circular bans travel out of the region, and only
    /// where the outlines that would tell are known.
    pub(crate) fn allowed_area(
        &self,
        held: &HeldRules,
        agency: &AgencyFacts,
        mode: WorkMode,
        destination: Option<&Destination>,
    ) -> Option<AllowedArea> {
        let (rule, _) = held.rules.travel().filter(|_| mode == WorkMode::DutyTravel)?;
        if rule.outside_region != TravelBan::Banned {
            return None;
        }
        AllowedArea::of(
            &self.outlines,
            &agency.jurisdiction,
            destination.map(|place| &place.code),
        )
    }

    /// The site of somebody of an agency, and of a unit of it, on a date: the one named, else that of the unit or the nearest
    /// unit above, else the agency's.
    pub fn site(
        &self,
        (agency, unit): (&str, Option<UnitId>),
        named: Option<SiteId>,
        date: NaiveDate,
    ) -> Option<(SiteId, &Fence)> {
        let sites = self.sites.get(agency)?;
        let on = |site: &&SiteInUse| site.valid_from <= date && site.valid_to.is_none_or(|last| date <= last);
        if let Some(named) = named {
            return sites
                .iter()
                .filter(on)
                .find(|site| site.id == named)
                .map(|site| (site.id, &site.fence));
        }
        let mut places = self.units_above(unit).map(Some).chain([None]);
        places
            .find_map(|place| sites.iter().filter(on).find(|site| site.unit_id == place))
            .map(|site| (site.id, &site.fence))
    }
}

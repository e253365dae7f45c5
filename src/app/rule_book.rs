//! The rules in memory: read whole, kept while the epoch stands, asked by jurisdiction and date.

use crate::app::App;
use crate::app::error::Error;
use crate::domain::calendar::Calendar;
use crate::domain::circular::in_force::DayRules;
use crate::domain::circular::in_force::in_force;
use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::circular::lifecycle::Circular;
use crate::domain::circular::mode::DayMode;
use crate::domain::circular::mode::PersonFacts;
use crate::domain::circular::mode::mode_on;
use crate::domain::circular::rule::PositionLevel;
use crate::domain::circular::rule::TravelBan;
use crate::domain::duty_travel::Destination;
use crate::domain::ids::SiteId;
use crate::domain::ids::UnitId;
use crate::domain::instant::Zone;
use crate::domain::place::Fence;
use crate::domain::region_outline::AllowedArea;
use crate::domain::region_outline::RegionOutline;
use crate::domain::slot::CheckInRule;
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

/// What holds in a jurisdiction on a date.
#[derive(Debug)]
pub struct HeldRules {
    /// By circular.
    pub rules: DayRules,
    /// How shares are asked for and judged.
    pub check_in: Arc<CheckInRule>,
}

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
    held: RwLock<HashMap<(JurisdictionCode, NaiveDate), Arc<HeldRules>>>,
}

/// The newest book that this process has read.
#[derive(Debug, Default)]
pub(crate) struct Shelf(RwLock<Option<Arc<RuleBook>>>);

impl App {
    /// The rules as the caller's transaction sees them: from memory while their epoch stands.
    pub(crate) fn rule_book(&self, connection: &mut AnyConnection) -> Result<Arc<RuleBook>, Error> {
        let epoch = store::rule_book::epoch(connection)?;
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
    /// a site or the outlines of regions.
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
            unit_parents: HashMap::new(),
            outline_set: self.outline_set,
            outlines: self.outlines.clone(),
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

    /// What holds for an agency on a date.
    pub fn held(&self, agency: &AgencyFacts, date: NaiveDate) -> Arc<HeldRules> {
        let key = (agency.jurisdiction.clone(), date);
        if let Some(held) = self.held.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(held);
        }
        let rules = in_force(&self.circulars, &agency.jurisdiction, date);
        let held = Arc::new(HeldRules {
            check_in: Arc::new(rules.check_in()),
            rules,
        });
        self.held
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, Arc::clone(&held));
        held
    }

    /// The mode of a member on a date, given what the person was assigned to.
    pub fn mode(
        &self,
        agency: &AgencyFacts,
        held: &HeldRules,
        member: &MembershipRow,
        assigned: &[WorkMode],
    ) -> DayMode {
        let facts = PersonFacts {
            work_group: member.work_group,
            level: PositionLevel::from_echelon(member.echelon.as_deref()),
            agency_code: &agency.code,
            service_kinds: &agency.service_kinds,
        };
        mode_on(&held.rules, &self.calendar, &facts, assigned)
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

    /// The site of a member on a date: the one named, else that of the unit or the nearest unit above, else the agency's.
    pub fn site(&self, member: &MembershipRow, named: Option<SiteId>, date: NaiveDate) -> Option<(SiteId, &Fence)> {
        let sites = self.sites.get(&member.agency_code)?;
        let on = |site: &&SiteInUse| site.valid_from <= date && site.valid_to.is_none_or(|last| date <= last);
        if let Some(named) = named {
            return sites
                .iter()
                .filter(on)
                .find(|site| site.id == named)
                .map(|site| (site.id, &site.fence));
        }
        let mut unit = member.unit_id;
        // The tree has no circles; the bound only keeps a damaged one from hanging the writer.
        for _ in 0..64 {
            let here = sites.iter().filter(on).find(|site| site.unit_id == unit);
            match (here, unit) {
                (Some(site), _) => return Some((site.id, &site.fence)),
                (None, None) => return None,
                (None, Some(id)) => unit = self.unit_parents.get(&id).copied().flatten(),
            }
        }
        None
    }
}

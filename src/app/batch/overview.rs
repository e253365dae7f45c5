//! At a glance: which agency has sent its reports of a date, which is late, which is missing.

use crate::app::App;
use crate::app::error::Error;
use crate::app::rule_book::AgencyFacts;
use crate::app::rule_book::HeldRules;
use crate::app::rule_book::RuleBook;
use crate::domain::access::Scope;
use crate::domain::circular::mode::day_off;
use crate::domain::deadline::Reporting;
use crate::domain::deadline::Sent;
use crate::domain::deadline::SlotReport;
use crate::domain::deadline::report;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use crate::store;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::collections::HashSet;

/// One agency's line.
#[derive(Clone, Debug)]
pub struct AgencyReports {
    /// Its code.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// Its slots in the order of the day.
    pub slots: Vec<SlotReport>,
}

/// Slots by how they stand.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ReportTotals {
    /// In time.
    pub sent: u64,
    /// After the deadline.
    pub late: u64,
    /// Overdue.
    pub missing: u64,
    /// Not due yet.
    pub pending: u64,
    /// Nothing to report.
    pub not_expected: u64,
}

/// All agencies within reach.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The work date.
    pub work_date: NaiveDate,
    /// Over every agency within reach, whatever the page.
    pub totals: ReportTotals,
    /// By code.
    pub agencies: Vec<AgencyReports>,
}

impl App {
    /// How every agency within reach stands with its reports of a work date, by default today in the west. `after` is
    /// the last code of the page before; one more than `limit` comes if there are more.
    pub fn batch_overview(
        &self,
        scope: &Scope,
        work_date: Option<NaiveDate>,
        after: Option<&str>,
        limit: u32,
        now: Instant,
    ) -> Result<Overview, Error> {
        let work_date = work_date.unwrap_or_else(|| Zone::Jakarta.date(now));
        self.store.read(|connection| {
            let book = self.rule_book(connection)?;
            let mut sent: HashMap<String, Vec<Sent>> = HashMap::new();
            for row in store::batch::list_sent(connection, work_date, None)? {
                if let (Some(sealed_at), Some(submitted_at)) = (row.sealed_at, row.submitted_at) {
                    let report = Sent {
                        batch_id: row.id,
                        coverage: row.coverage(),
                        sealed_at,
                        submitted_at,
                    };
                    sent.entry(row.agency_code).or_default().push(report);
                }
            }
            let assigned: HashSet<(String, WorkMode)> = store::batch_unit::list_assigned_modes(connection, work_date)?
                .into_iter()
                .collect();
            let within = scope.agencies();
            let mut agencies: Vec<&AgencyFacts> = book
                .agencies()
                .filter(|facts| within.as_ref().is_none_or(|codes| codes.contains(&facts.code.as_str())))
                .collect();
            agencies.sort_unstable_by(|one, other| one.code.cmp(&other.code));
            let mut totals = ReportTotals::default();
            let mut lines = Vec::new();
            for facts in agencies {
                let modes = assigned
                    .iter()
                    .filter(|(code, _)| *code == facts.code)
                    .map(|(_, mode)| *mode);
                let is_anyone_expected = is_anyone_expected(&book, facts, work_date, modes);
                let reports = sent.get(&facts.code).map_or(&[][..], Vec::as_slice);
                let slots: Vec<SlotReport> = book
                    .latest_slots(facts, work_date)
                    .iter()
                    .map(|rule| report(rule, facts.zone, work_date, is_anyone_expected, reports, now))
                    .collect();
                totals.add(&slots);
                let is_wanted = after.is_none_or(|after| facts.code.as_str() > after)
                    && lines.len() <= usize::try_from(limit).unwrap_or(usize::MAX);
                if is_wanted {
                    lines.push(AgencyReports {
                        agency: facts.code.clone(),
                        name: facts.name.clone(),
                        slots,
                    });
                }
            }
            Ok(Overview {
                work_date,
                totals,
                agencies: lines,
            })
        })
    }
}

/// Whether the rules of the date, some schedule or somebody's assignment, ask anyone of the agency to share. Said without
/// counting people, so that BKD's page does not read everybody's day.
pub(in crate::app) fn is_anyone_expected(
    book: &RuleBook,
    agency: &AgencyFacts,
    date: NaiveDate,
    assigned: impl IntoIterator<Item = WorkMode>,
) -> bool {
    let held = book.held(agency, date);
    let by_assignment = assigned.into_iter().any(|mode| held.check_in.is_required(mode));
    let works = |held: &HeldRules| day_off(&held.rules, held.own.as_ref(), book.calendar()).is_none();
    let by_rule = book.every_held(agency, date).iter().any(|held| works(held))
        && WorkGroup::ALL
            .into_iter()
            .map(|group| held.rules.default_mode(group).map_or(WorkMode::Wfo, |(mode, _)| mode))
            .any(|mode| held.check_in.is_required(mode));
    by_assignment || by_rule
}

impl ReportTotals {
    fn add(&mut self, slots: &[SlotReport]) {
        for slot in slots {
            let count = match slot.reporting {
                Reporting::Sent => &mut self.sent,
                Reporting::Late => &mut self.late,
                Reporting::Missing => &mut self.missing,
                Reporting::Pending => &mut self.pending,
                Reporting::NotExpected => &mut self.not_expected,
            };
            *count = count.saturating_add(1);
        }
    }
}

//! Importing and listing the units of an agency.

use crate::app::App;
use crate::app::agency::agency_row;
use crate::app::agency::today;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::app::import::header_problem;
use crate::app::import::read_table;
use crate::app::personnel::post_on;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::employee_number::EmployeeNumber;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::UnitId;
use crate::domain::import_report::Finding;
use crate::domain::import_report::Reason;
use crate::domain::personnel::merge::UnitIndex;
use crate::domain::table::Table;
use crate::domain::unit;
use crate::domain::unit::UnitFile;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::membership::MembershipRow;
pub use crate::store::unit::ListedUnit;
use crate::store::unit::UnitRow;
use chrono::NaiveDate;
use std::collections::HashMap;

/// What became of a file of units.
#[derive(Clone, Debug, Default)]
pub struct UnitReport {
    /// Rows with content.
    pub row_count: usize,
    /// Units that are new.
    pub created: usize,
    /// Units of which something has changed.
    pub updated: usize,
    /// Units of which nothing has changed.
    pub unchanged: usize,
    /// Rows that stayed out.
    pub refused: usize,
    /// People without a unit who were found their unit by its name.
    pub joined: usize,
    /// What to say about rows, in their order.
    pub findings: Vec<Finding>,
}

impl App {
    /// Imports CSV or XLSX bytes with the columns code, parent, head and name into the agency, in one transaction.
    pub fn import_units(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        bytes: &[u8],
    ) -> Result<UnitReport, Error> {
        let table = read_table(bytes)?;
        self.store
            .write(|connection| self.take_in_units(connection, context, scope, agency, &table))
    }

    /// The agency's units by code; one more than `limit`.
    pub fn list_units(
        &self,
        scope: &Scope,
        agency: &AgencyCode,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<ListedUnit>, Error> {
        self.store.read(|connection| {
            agency_row(connection, scope, agency)?;
            let limit = i64::from(limit) + 1;
            Ok(store::unit::list_page(connection, scope, agency, after, limit)?)
        })
    }

    fn take_in_units(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        table: &Table,
    ) -> Result<UnitReport, Error> {
        let today = today(&agency_row(connection, scope, agency)?, context)?;
        let standing = store::unit::list(connection, scope, agency)?;
        let file = unit::read(table, &code_pairs(&standing)).map_err(|error| header_problem(&error))?;
        let mut report = UnitReport {
            row_count: file.row_count,
            refused: file.row_count - file.rows.len(),
            findings: file.findings.clone(),
            ..UnitReport::default()
        };
        let heads = heads(connection, scope, agency, &file, today)?;
        let mut ids: HashMap<String, UnitId> = standing.iter().map(|row| (row.code.clone(), row.id)).collect();
        let mut fresh = Vec::new();
        for row in file.rows.iter().filter(|row| !ids.contains_key(&row.code)) {
            fresh.push(UnitRow {
                id: UnitId::new(self.entropy.uuid(context.now)?),
                agency_code: agency.as_str().to_owned(),
                code: row.code.clone(),
                name: row.code.clone(),
                // Parents may come later in the file; they are set below, once all units stand.
                parent_id: None,
                head_employee_id: None,
            });
        }
        store::unit::insert(connection, scope, &fresh)?;
        ids.extend(fresh.iter().map(|row| (row.code.clone(), row.id)));
        report.created = fresh.len();
        let before: HashMap<&str, &UnitRow> = standing
            .iter()
            .chain(&fresh)
            .map(|row| (row.code.as_str(), row))
            .collect();
        for row in &file.rows {
            let Some(stands) = before.get(row.code.as_str()) else {
                continue;
            };
            let head = row.head.as_ref().map(|number| heads.get(number.as_str()).copied());
            if head == Some(None) {
                report.findings.push(Finding::new(row.row, "head", Reason::HeadUnknown));
            }
            let wanted = UnitRow {
                name: row.name.clone().unwrap_or_else(|| stands.name.clone()),
                parent_id: row.parent.as_ref().and_then(|parent| ids.get(parent).copied()),
                head_employee_id: match head {
                    Some(Some(head)) => Some(head),
                    None if file.has_heads => None,
                    Some(None) | None => stands.head_employee_id,
                },
                ..(*stands).clone()
            };
            let is_new = fresh.iter().any(|unit| unit.id == wanted.id);
            if wanted != **stands {
                store::unit::update(connection, scope, &wanted)?;
                report.updated += usize::from(!is_new);
            } else if !is_new {
                report.unchanged += 1;
            }
        }
        report.joined = join(connection, scope, agency)?;
        report.findings.sort_by_key(|finding| finding.row);
        if report.created + report.updated > 0 {
            let summary = format!("created {}, updated {}", report.created, report.updated);
            note_event(
                connection,
                context,
                "agency",
                agency.as_str(),
                "import_units",
                Some(&summary),
            )?;
            self.move_rule_epoch(connection)?;
        }
        Ok(report)
    }
}

fn code_pairs(units: &[UnitRow]) -> Vec<(String, Option<String>)> {
    let codes: HashMap<UnitId, &str> = units.iter().map(|row| (row.id, row.code.as_str())).collect();
    let parent = |row: &UnitRow| {
        row.parent_id
            .and_then(|id| codes.get(&id))
            .map(|code| (*code).to_owned())
    };
    units.iter().map(|row| (row.code.clone(), parent(row))).collect()
}

/// The heads that the file names and who work for the agency today, by number.
fn heads(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    file: &UnitFile,
    today: NaiveDate,
) -> Result<HashMap<String, EmployeeId>, Error> {
    let numbers: Vec<&str> = file
        .rows
        .iter()
        .filter_map(|row| row.head.as_ref().map(EmployeeNumber::as_str))
        .collect();
    let people = store::personnel::find_by_numbers(connection, scope, &numbers)?;
    let ids: Vec<EmployeeId> = people.iter().map(|(_, person)| person.id).collect();
    let mut posts: HashMap<EmployeeId, Vec<MembershipRow>> = HashMap::new();
    for post in store::membership::list(connection, &ids)? {
        posts.entry(post.employee_id).or_default().push(post);
    }
    Ok(people
        .into_iter()
        .filter(|(_, person)| {
            let posts = posts.get(&person.id).map_or(&[][..], Vec::as_slice);
            post_on(posts, today).is_some_and(|post| post.agency_code == agency.as_str())
        })
        .map(|(number, person)| (number.number, person.id))
        .collect())
}

/// Gives people who came in before their unit that unit.
fn join(connection: &mut AnyConnection, scope: &Scope, agency: &AgencyCode) -> Result<usize, Error> {
    let units = store::unit::list(connection, scope, agency)?;
    let index = UnitIndex::new(
        units
            .iter()
            .map(|unit| (unit.id, unit.code.as_str(), unit.name.as_str())),
    );
    let mut names: HashMap<UnitId, Vec<String>> = HashMap::new();
    for name in store::membership::list_unknown_unit_names(connection, scope, agency)? {
        if let Some(unit) = index.of_name(&name) {
            names.entry(unit).or_default().push(name);
        }
    }
    let mut joined = 0;
    for (unit, names) in names {
        joined += store::membership::join_unit(connection, scope, agency, unit, &names)?;
    }
    Ok(joined)
}

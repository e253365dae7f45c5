//! Importing an agency's staff from the personnel export: good rows go in, bad ones are named, twice changes nothing.

use crate::app::App;
use crate::app::agency::agency_row;
use crate::app::agency::today;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::app::import::header_problem;
use crate::app::import::read_table;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::employee_number::EmployeeNumberKind;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::import_report::Finding;
use crate::domain::import_report::Reason;
use crate::domain::membership::Stretch;
use crate::domain::membership::usual_work_group;
use crate::domain::person_name::titled;
use crate::domain::personnel;
use crate::domain::personnel::Personnel;
use crate::domain::personnel::PersonnelRow;
use crate::domain::personnel::merge::Known;
use crate::domain::personnel::merge::Post;
use crate::domain::personnel::merge::PostChange;
use crate::domain::personnel::merge::Profile;
use crate::domain::personnel::merge::RowUnit;
use crate::domain::personnel::merge::Step;
use crate::domain::personnel::merge::UnitIndex;
use crate::domain::personnel::merge::merge;
use crate::domain::table::Cell;
use crate::store;
use crate::store::account::AccountRow;
use crate::store::agency::AgencyRow;
use crate::store::backend::AnyConnection;
use crate::store::columns::ScheduleStarts;
use crate::store::employee::EmployeeRow;
use crate::store::membership::MembershipRow;
use crate::store::personnel::NumberRow;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::collections::HashSet;

/// What became of a file.
#[derive(Clone, Debug, Default)]
pub struct PersonnelReport {
    /// Rows with content.
    pub row_count: usize,
    /// People who are new.
    pub created: usize,
    /// People of whom something has changed.
    pub updated: usize,
    /// People of whom nothing has changed.
    pub unchanged: usize,
    /// Rows that stayed out.
    pub refused: usize,
    /// Members of the agency whom the file does not name; nothing was done to them.
    pub not_in_file: usize,
    /// What to say about rows, in their order.
    pub findings: Vec<Finding>,
    /// To each of them: the name that its row gives, and the cell that it is about.
    pub cells: Vec<(Cell, Cell)>,
    /// Columns that were kept.
    pub kept_columns: Vec<String>,
    /// Columns that were compared with the number and then dropped.
    pub compared_columns: Vec<String>,
    /// Columns that were dropped unread.
    pub dropped_columns: Vec<String>,
    /// Those of the dropped columns that the export does not know.
    pub unknown_columns: Vec<String>,
}

/// Rows to add, gathered so that each table is written in a few statements.
#[derive(Default)]
struct Additions {
    people: Vec<EmployeeRow>,
    numbers: Vec<NumberRow>,
    posts: Vec<MembershipRow>,
    accounts: Vec<AccountRow>,
}

/// What was loaded before deciding.
struct Standing {
    people: HashMap<String, EmployeeRow>,
    posts: HashMap<EmployeeId, Vec<MembershipRow>>,
    taken_usernames: HashSet<String>,
    units: UnitIndex,
    agency: AgencyRow,
    service_kinds: Vec<String>,
    today: NaiveDate,
}

impl App {
    /// Imports CSV or XLSX bytes into the agency, in one transaction. A dry run keeps nothing and reports the same.
    pub fn import_personnel(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        bytes: &[u8],
        is_dry_run: bool,
    ) -> Result<PersonnelReport, Error> {
        let table = read_table(bytes)?;
        let personnel = personnel::read::read(&table).map_err(|error| header_problem(&error))?;
        let take_in = |connection: &mut AnyConnection| self.take_in(connection, context, scope, agency, &personnel);
        let mut report = if is_dry_run {
            self.store.rehearse(take_in)?
        } else {
            self.store.write(take_in)?
        };
        report.cells = report
            .findings
            .iter()
            .map(|finding| (table.told(finding.row, "NAMA"), table.told(finding.row, finding.field)))
            .collect();
        Ok(report)
    }

    fn take_in(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        personnel: &Personnel,
    ) -> Result<PersonnelReport, Error> {
        let standing = load(connection, context, scope, agency, personnel)?;
        let mut report = PersonnelReport {
            row_count: personnel.row_count,
            findings: personnel.findings.clone(),
            kept_columns: personnel.kept_columns.clone(),
            compared_columns: personnel.compared_columns.clone(),
            dropped_columns: personnel.dropped_columns.clone(),
            unknown_columns: personnel.unknown_columns.clone(),
            ..PersonnelReport::default()
        };
        let mut additions = Additions::default();
        let mut first_rows: HashMap<EmployeeId, u32> = HashMap::new();
        for row in &personnel.rows {
            let person = standing.people.get(row.number.as_str());
            if let Some(person) = person {
                // The old and the new number of one person in one file.
                let first_row = *first_rows.entry(person.id).or_insert(row.row);
                if first_row != row.row {
                    let reason = Reason::NumberRepeated { first_row };
                    report.findings.push(Finding::new(row.row, "NIP BARU", reason));
                    continue;
                }
            }
            let unit = standing.units.of_row(row);
            match decide(&standing, personnel, row, person, unit, agency)? {
                Step::Add(profile, post) => {
                    self.add(context, &standing, row, profile, post, &mut additions)?;
                    report.created += 1;
                    if standing.taken_usernames.contains(row.number.as_str()) {
                        let finding = Finding::new(row.row, "NIP BARU", Reason::AccountTaken);
                        report.findings.push(finding);
                    }
                }
                Step::Keep { profile, post } => {
                    let Some(person) = person else { continue };
                    let has_changed = profile.is_some() || post.is_some();
                    keep(connection, context, scope, &standing, person, profile, post)?;
                    report.updated += usize::from(has_changed);
                    report.unchanged += usize::from(!has_changed);
                }
                Step::Refuse(reason) => {
                    report.findings.push(Finding::new(row.row, "NIP BARU", reason));
                    continue;
                }
            }
            if unit == RowUnit::Unknown {
                report
                    .findings
                    .push(Finding::new(row.row, "UNOR NAMA", Reason::UnitUnknown));
            }
        }
        save(connection, scope, &additions)?;
        report.refused = report.row_count - report.created - report.updated - report.unchanged;
        report.findings.sort_by_key(|finding| finding.row);
        report.not_in_file = count_absent(connection, scope, agency, &standing, &first_rows, &additions)?;
        if report.created + report.updated > 0 {
            let summary = format!("created {}, updated {}", report.created, report.updated);
            note_event(
                connection,
                context,
                "agency",
                agency.as_str(),
                "import_employees",
                Some(&summary),
            )?;
        }
        Ok(report)
    }

    fn add(
        &self,
        context: &Context,
        standing: &Standing,
        row: &PersonnelRow,
        profile: Profile,
        post: Post,
        additions: &mut Additions,
    ) -> Result<(), Error> {
        let id = EmployeeId::new(self.entropy.uuid(context.now)?);
        let username = row.number.as_str().to_owned();
        let display_name = titled(&profile.front_title, &profile.name, &profile.back_title);
        let work_group = usual_work_group(post.position.as_deref(), &standing.service_kinds);
        additions.numbers.push(NumberRow {
            employee_id: id,
            number: username.clone(),
            valid_from: standing.today,
            valid_to: None,
        });
        additions.posts.push(MembershipRow {
            employee_id: id,
            valid_from: standing.today,
            valid_to: None,
            agency_code: standing.agency.code.clone(),
            unit_id: post.unit_id,
            unit_name: post.unit_name,
            legal_status: post.legal_status,
            grade: post.grade,
            position: post.position,
            echelon: post.echelon,
            work_group,
            end_reason: None,
            schedule_starts: ScheduleStarts::default(),
        });
        // Whoever made an account under the number before the person came must not become that person.
        if !standing.taken_usernames.contains(&username) {
            additions.accounts.push(AccountRow {
                id: AccountId::new(self.entropy.uuid(context.now)?),
                username,
                employee_id: Some(id),
                display_name,
                password_hash: None,
                state: "pending".to_owned(),
                created_at: context.now,
                password_set_at: None,
            });
        }
        additions.people.push(EmployeeRow {
            id,
            number_kind: profile.kind.code().to_owned(),
            name: profile.name,
            front_title: profile.front_title,
            back_title: profile.back_title,
            email: profile.email,
            phone: profile.phone,
            pseudonym: self.pseudonym()?,
            version: 1,
            created_at: context.now,
            updated_at: context.now,
        });
        Ok(())
    }

    /// A random name that says nothing: 80 bits, so that two people never share one.
    pub(crate) fn pseudonym(&self) -> Result<String, Error> {
        Ok(hex::encode(self.entropy.bytes::<10>()?))
    }
}

fn load(
    connection: &mut AnyConnection,
    context: &Context,
    scope: &Scope,
    agency: &AgencyCode,
    personnel: &Personnel,
) -> Result<Standing, Error> {
    let agency_row = agency_row(connection, scope, agency)?;
    let units = store::unit::list(connection, scope, agency)?;
    let numbers: Vec<&str> = personnel.rows.iter().map(|row| row.number.as_str()).collect();
    let people: HashMap<String, EmployeeRow> = store::personnel::find_by_numbers(connection, scope, &numbers)?
        .into_iter()
        .map(|(number, person)| (number.number, person))
        .collect();
    let ids: Vec<EmployeeId> = people.values().map(|person| person.id).collect();
    let mut posts: HashMap<EmployeeId, Vec<MembershipRow>> = HashMap::new();
    for post in store::membership::list(connection, &ids)? {
        posts.entry(post.employee_id).or_default().push(post);
    }
    let strangers: Vec<&str> = numbers
        .into_iter()
        .filter(|number| !people.contains_key(*number))
        .collect();
    let accounts = store::personnel::list_accounts(connection, scope, &strangers)?;
    Ok(Standing {
        people,
        posts,
        taken_usernames: accounts.into_iter().map(|account| account.username).collect(),
        units: UnitIndex::new(
            units
                .iter()
                .map(|unit| (unit.id, unit.code.as_str(), unit.name.as_str())),
        ),
        service_kinds: serde_json::from_value(agency_row.service_kinds.0.clone())
            .ok()
            .ok_or(store::error::Error::Corrupt("agency.service_kinds"))?,
        today: today(&agency_row, context)?,
        agency: agency_row,
    })
}

fn decide(
    standing: &Standing,
    personnel: &Personnel,
    row: &PersonnelRow,
    person: Option<&EmployeeRow>,
    unit: RowUnit,
    agency: &AgencyCode,
) -> Result<Step, Error> {
    let Some(person) = person else {
        return Ok(merge(row, personnel.present, unit, None, agency, standing.today));
    };
    let posts = standing.posts.get(&person.id).map_or(&[][..], Vec::as_slice);
    let stretches: Vec<Stretch> = posts.iter().map(MembershipRow::stretch).collect::<Result<_, _>>()?;
    let known = Known {
        profile: &profile_of(person)?,
        stretches: &stretches,
        post: &post_on(posts, standing.today).map(post_of).unwrap_or_default(),
    };
    Ok(merge(
        row,
        personnel.present,
        unit,
        Some(&known),
        agency,
        standing.today,
    ))
}

fn keep(
    connection: &mut AnyConnection,
    context: &Context,
    scope: &Scope,
    standing: &Standing,
    person: &EmployeeRow,
    profile: Option<Profile>,
    post: Option<(Post, PostChange)>,
) -> Result<(), Error> {
    if let Some(profile) = profile {
        let row = EmployeeRow {
            id: person.id,
            number_kind: profile.kind.code().to_owned(),
            name: profile.name,
            front_title: profile.front_title,
            back_title: profile.back_title,
            email: profile.email,
            phone: profile.phone,
            pseudonym: person.pseudonym.clone(),
            version: person.version.saturating_add(1),
            created_at: person.created_at,
            updated_at: context.now,
        };
        store::personnel::update_person(connection, scope, &row)?;
        if let Some(account) = store::personnel::find_account(connection, scope, person.id)? {
            let display_name = titled(&row.front_title, &row.name, &row.back_title);
            store::personnel::rename_account(connection, scope, account.id, &account.username, &display_name)?;
        }
    }
    let posts = standing.posts.get(&person.id).map_or(&[][..], Vec::as_slice);
    let (Some((post, change)), Some(current)) = (post, post_on(posts, standing.today)) else {
        return Ok(());
    };
    let changed = MembershipRow {
        unit_id: post.unit_id,
        unit_name: post.unit_name,
        legal_status: post.legal_status,
        grade: post.grade,
        position: post.position,
        echelon: post.echelon,
        ..current.clone()
    };
    match change {
        PostChange::InPlace => store::membership::update(connection, scope, &changed)?,
        PostChange::NewStretch => {
            let eve = MembershipRow {
                valid_to: standing.today.pred_opt(),
                end_reason: None,
                ..current.clone()
            };
            store::membership::update(connection, scope, &eve)?;
            let begun = MembershipRow {
                valid_from: standing.today,
                ..changed
            };
            store::membership::insert(connection, scope, &[begun])?;
        }
    }
    Ok(())
}

fn save(connection: &mut AnyConnection, scope: &Scope, additions: &Additions) -> Result<(), Error> {
    store::personnel::insert_people(connection, scope, &additions.people)?;
    store::personnel::insert_numbers(connection, scope, &additions.numbers)?;
    store::membership::insert(connection, scope, &additions.posts)?;
    store::personnel::insert_accounts(connection, scope, &additions.accounts)?;
    Ok(())
}

fn count_absent(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    standing: &Standing,
    named: &HashMap<EmployeeId, u32>,
    additions: &Additions,
) -> Result<usize, Error> {
    let added: HashSet<EmployeeId> = additions.people.iter().map(|person| person.id).collect();
    let members = store::membership::list_members(connection, scope, agency, (standing.today, standing.today))?;
    Ok(members
        .iter()
        .filter(|id| !named.contains_key(id) && !added.contains(id))
        .count())
}

/// The post that covers a date.
pub(crate) fn post_on(posts: &[MembershipRow], date: NaiveDate) -> Option<&MembershipRow> {
    posts.iter().find(|post| post.covers(date))
}

fn post_of(row: &MembershipRow) -> Post {
    Post {
        unit_id: row.unit_id,
        unit_name: row.unit_name.clone(),
        legal_status: row.legal_status.clone(),
        grade: row.grade.clone(),
        position: row.position.clone(),
        echelon: row.echelon.clone(),
    }
}

fn profile_of(row: &EmployeeRow) -> Result<Profile, Error> {
    Ok(Profile {
        kind: EmployeeNumberKind::from_code(&row.number_kind)
            .ok_or(store::error::Error::Corrupt("employee.number_kind"))?,
        name: row.name.clone(),
        front_title: row.front_title.clone(),
        back_title: row.back_title.clone(),
        email: row.email.clone(),
        phone: row.phone.clone(),
    })
}

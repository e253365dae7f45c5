//! One person at a time: newcomers without a NIP, transfers, the end of a career, a changed number.

use crate::app::App;
use crate::app::agency::agency_row;
use crate::app::agency::today;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::event::note_event;
use crate::app::event::note_step;
use crate::app::once::OnceKey;
use crate::app::personnel::post_on;
use crate::domain::access::AgencyCode;
use crate::domain::access::Scope;
use crate::domain::employee_number::EmployeeNumber;
use crate::domain::employee_number::EmployeeNumberKind;
use crate::domain::employee_number::INTERNAL_NUMBERS;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::UnitId;
use crate::domain::instant::Zone;
use crate::domain::membership;
use crate::domain::membership::EndReason;
use crate::domain::membership::MembershipError;
use crate::domain::membership::Stretch;
use crate::domain::membership::usual_work_group;
use crate::domain::person_name::titled;
use crate::domain::work_mode::WorkGroup;
use crate::store;
use crate::store::account::AccountRow;
use crate::store::backend::AnyConnection;
use crate::store::columns::ScheduleStarts;
use crate::store::employee::EmployeeRow;
use crate::store::membership::MembershipRow;
use crate::store::personnel::NumberRow;
pub use crate::store::staff::Member;
use crate::store::staff::MemberFilter;
use chrono::NaiveDate;

/// A person without a NIP who starts to work for the agency.
#[derive(Clone, Debug)]
pub struct EmployeeDraft {
    /// Without titles.
    pub name: String,
    /// May be empty.
    pub front_title: String,
    /// May be empty.
    pub back_title: String,
    /// For notices.
    pub email: Option<String>,
    /// For calls by the operator.
    pub phone: Option<String>,
    /// The post.
    pub post: PostDraft,
}

/// What someone is to do in an agency.
#[derive(Clone, Debug, Default)]
pub struct PostDraft {
    /// Code of a registered unit.
    pub unit_code: Option<String>,
    /// Golongan ruang.
    pub grade: Option<String>,
    /// Jabatan.
    pub position: Option<String>,
    /// By position and agency where nothing is said.
    pub work_group: Option<WorkGroup>,
}

/// Which members to list.
#[derive(Clone, Debug, Default)]
pub struct MemberQuery {
    /// Members on this date; today where nothing is said.
    pub date: Option<NaiveDate>,
    /// Only those of the unit with this code.
    pub unit_code: Option<String>,
    /// Only those after this name and id.
    pub after: Option<(String, EmployeeId)>,
    /// Page size; one more is given.
    pub limit: u32,
}

impl App {
    /// Members of an agency by name.
    pub fn list_members(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        query: &MemberQuery,
    ) -> Result<Vec<Member>, Error> {
        self.store.read(|connection| {
            let row = agency_row(connection, scope, agency)?;
            let unit = match &query.unit_code {
                Some(code) => Some(unit_id(connection, scope, agency, code)?),
                None => None,
            };
            let filter = MemberFilter {
                date: query.date.map_or_else(|| today(&row, context), Ok)?,
                employee: None,
                unit,
                after: query.after.clone(),
                limit: i64::from(query.limit) + 1,
            };
            Ok(store::staff::list(connection, scope, agency, &filter)?)
        })
    }

    /// A member of an agency today; anyone else is not found.
    pub fn find_member(
        &self,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        id: EmployeeId,
    ) -> Result<Member, Error> {
        self.store
            .read(|connection| member(connection, context, scope, agency, id))
    }

    /// Takes in a person who has no NIP and gives them an internal number. Repeated under the same key it is one person.
    pub fn create_employee(
        &self,
        context: &Context,
        scope: &Scope,
        once: &OnceKey,
        agency: &AgencyCode,
        draft: &EmployeeDraft,
    ) -> Result<Member, Error> {
        let id = self.once(context, once, |connection| {
            self.take_on(connection, context, scope, agency, draft)
        })?;
        self.find_member(context, scope, agency, id)
    }

    fn take_on(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        agency: &AgencyCode,
        draft: &EmployeeDraft,
    ) -> Result<EmployeeId, Error> {
        let row = agency_row(connection, scope, agency)?;
        let today = today(&row, context)?;
        let id = EmployeeId::new(self.entropy.uuid(context.now)?);
        let number = self.free_internal_number(connection, scope)?;
        let person = EmployeeRow {
            id,
            number_kind: EmployeeNumberKind::NonAsn.code().to_owned(),
            name: draft.name.clone(),
            front_title: draft.front_title.clone(),
            back_title: draft.back_title.clone(),
            email: draft.email.clone(),
            phone: draft.phone.clone(),
            pseudonym: self.pseudonym()?,
            version: 1,
            created_at: context.now,
            updated_at: context.now,
        };
        let account = AccountRow {
            id: AccountId::new(self.entropy.uuid(context.now)?),
            username: number.as_str().to_owned(),
            employee_id: Some(id),
            display_name: titled(&draft.front_title, &draft.name, &draft.back_title),
            password_hash: None,
            state: "pending".to_owned(),
            created_at: context.now,
            password_set_at: None,
        };
        let post = post(connection, scope, agency, id, today, &draft.post)?;
        store::personnel::insert_people(connection, scope, &[person])?;
        store::personnel::insert_numbers(connection, scope, &[number_row(id, &number, today)])?;
        store::membership::insert(connection, scope, &[post])?;
        store::personnel::insert_accounts(connection, scope, &[account])?;
        note_event(connection, context, "employee", &id.to_string(), "create", None)?;
        Ok(id)
    }

    fn free_internal_number(&self, connection: &mut AnyConnection, scope: &Scope) -> Result<EmployeeNumber, Error> {
        // Of 887 million numbers hardly any is taken; eight draws fail together about never.
        for _ in 0..8 {
            let drawn = u32::from_be_bytes(self.entropy.bytes()?) % INTERNAL_NUMBERS;
            let number = EmployeeNumber::from_ordinal(drawn);
            if store::personnel::find_by_numbers(connection, scope, &[number.as_str()])?.is_empty()
                && store::personnel::list_accounts(connection, scope, &[number.as_str()])?.is_empty()
            {
                return Ok(number);
            }
        }
        Err(Error::Busy(1))
    }

    /// Moves a person to another agency from a day on, or takes back one who had left. The past stays with the old one.
    pub fn transfer_employee(
        &self,
        context: &Context,
        scope: &Scope,
        id: EmployeeId,
        to: &AgencyCode,
        first_day: NaiveDate,
        draft: &PostDraft,
    ) -> Result<(), Error> {
        self.store.write(|connection| {
            let to_row = store::agency::find(connection, to.as_str())?.ok_or_else(unknown_agency)?;
            let posts = store::membership::list(connection, &[id])?;
            if posts.is_empty() {
                return Err(Error::NotFound);
            }
            let stretches = stretches(&posts)?;
            let today = today(&to_row, context)?;
            let closed = membership::transfer(&stretches, to, first_day, today).map_err(membership_problem)?;
            let from = closed.map(|(stretch, _)| stretch.agency.clone());
            if let (Some((_, last_day)), Some(current)) = (closed, post_on(&posts, today)) {
                let ended = MembershipRow {
                    valid_to: Some(last_day),
                    end_reason: Some(EndReason::Transfer),
                    ..current.clone()
                };
                store::membership::update(connection, scope, &ended)?;
            }
            let mut begun = post(connection, scope, to, id, first_day, draft)?;
            begun.legal_status = posts.last().and_then(|last| last.legal_status.clone());
            begun.grade = begun.grade.or_else(|| posts.last().and_then(|last| last.grade.clone()));
            store::membership::insert(connection, scope, &[begun])?;
            // A head who leaves later leads until then; whoever asks for superiors asks for a date.
            if let Some(from) = from.as_ref().filter(|_| first_day <= today) {
                store::unit::vacate(connection, scope, from, id)?;
                self.move_rule_epoch(connection)?;
            }
            store::home::hand_over(connection, scope, id, to)?;
            let moved = (from.as_ref().map(AgencyCode::as_str), Some(to.as_str()));
            note_step(
                connection,
                context,
                ("employee", &id.to_string()),
                "transfer",
                moved,
                None,
            )
        })
    }

    /// Ends a person's work for the agency after a day. Sign-in still works, so that people see their own data.
    pub fn end_membership(
        &self,
        context: &Context,
        scope: &Scope,
        id: EmployeeId,
        last_day: NaiveDate,
        reason: EndReason,
    ) -> Result<(), Error> {
        self.store.write(|connection| {
            let (posts, current, today) = current_post(connection, context, scope, id)?;
            let stretches = stretches(&posts)?;
            membership::end(&stretches, last_day, today).map_err(membership_problem)?;
            let ended = MembershipRow {
                valid_to: Some(last_day),
                end_reason: Some(reason),
                ..current.clone()
            };
            store::membership::update(connection, scope, &ended)?;
            let agency = AgencyCode::parse(&current.agency_code).map_err(Error::internal)?;
            if last_day < today {
                store::unit::vacate(connection, scope, &agency, id)?;
                self.move_rule_epoch(connection)?;
            }
            let step = (Some(agency.as_str()), None);
            let subject = ("employee", id.to_string());
            note_step(
                connection,
                context,
                (subject.0, &subject.1),
                "leave",
                step,
                Some(reason.code()),
            )
        })
    }

    /// Gives a person a new number from a day on, today at the latest. The old number still finds the person; signing in
    /// goes by the new one.
    pub fn change_number(
        &self,
        context: &Context,
        scope: &Scope,
        id: EmployeeId,
        number: &EmployeeNumber,
        valid_from: NaiveDate,
    ) -> Result<(), Error> {
        self.store.write(|connection| {
            let (_, _, today) = current_post(connection, context, scope, id)?;
            let numbers = store::personnel::list_numbers(connection, scope, id)?;
            let standing = numbers
                .iter()
                .find(|row| row.valid_to.is_none())
                .ok_or(Error::NotFound)?;
            let earliest = standing.valid_from;
            if valid_from > today || valid_from < earliest {
                return Err(day_out_of_range("date"));
            }
            let username = number.as_str();
            if !store::personnel::find_by_numbers(connection, scope, &[username])?.is_empty() {
                return Err(Error::Conflict(Code::AlreadyExists));
            }
            let eve = valid_from.pred_opt().filter(|eve| *eve >= earliest).unwrap_or(earliest);
            store::personnel::close_number(connection, scope, standing, eve)?;
            store::personnel::insert_numbers(connection, scope, &[number_row(id, number, valid_from)])?;
            let person = store::employee::find(connection, id)?.ok_or(Error::NotFound)?;
            let person = EmployeeRow {
                number_kind: number.kind().code().to_owned(),
                version: person.version.saturating_add(1),
                updated_at: context.now,
                ..person
            };
            store::personnel::update_person(connection, scope, &person)?;
            if let Some(account) = store::personnel::find_account(connection, scope, id)? {
                store::personnel::rename_account(connection, scope, account.id, username, &account.display_name)?;
            }
            note_event(connection, context, "employee", &id.to_string(), "change_number", None)
        })
    }
}

fn number_row(id: EmployeeId, number: &EmployeeNumber, valid_from: NaiveDate) -> NumberRow {
    NumberRow {
        employee_id: id,
        number: number.as_str().to_owned(),
        valid_from,
        valid_to: None,
    }
}

fn stretches(posts: &[MembershipRow]) -> Result<Vec<Stretch>, store::error::Error> {
    posts.iter().map(MembershipRow::stretch).collect()
}

/// A member of the agency today, or not found.
pub(crate) fn member(
    connection: &mut AnyConnection,
    context: &Context,
    scope: &Scope,
    agency: &AgencyCode,
    id: EmployeeId,
) -> Result<Member, Error> {
    let row = agency_row(connection, scope, agency)?;
    let filter = MemberFilter {
        date: today(&row, context)?,
        employee: Some(id),
        unit: None,
        after: None,
        limit: 1,
    };
    let found = store::staff::list(connection, scope, agency, &filter)?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// Every post of a person, the one held today, and today. Whoever works for none of the scope's agencies is not found.
pub(crate) fn current_post(
    connection: &mut AnyConnection,
    context: &Context,
    scope: &Scope,
    id: EmployeeId,
) -> Result<(Vec<MembershipRow>, MembershipRow, NaiveDate), Error> {
    let posts = store::membership::list(connection, &[id])?;
    // The zones are two hours apart at most; the agency's own decides once it is known.
    let about_today = Zone::default().date(context.now);
    let near = post_on(&posts, about_today).or(posts.last()).ok_or(Error::NotFound)?;
    let agency = AgencyCode::parse(&near.agency_code).map_err(Error::internal)?;
    let row = agency_row(connection, scope, &agency)?;
    let today = today(&row, context)?;
    let current = post_on(&posts, today).cloned();
    let current = current.filter(|post| post.agency_code == agency.as_str());
    Ok((posts, current.ok_or(Error::NotFound)?, today))
}

fn post(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    id: EmployeeId,
    valid_from: NaiveDate,
    draft: &PostDraft,
) -> Result<MembershipRow, Error> {
    let row = agency_row(connection, scope, agency)?;
    let service_kinds: Vec<String> = serde_json::from_value(row.service_kinds.0)
        .ok()
        .ok_or(store::error::Error::Corrupt("agency.service_kinds"))?;
    let units = store::unit::list(connection, scope, agency)?;
    let unit = match &draft.unit_code {
        Some(code) => Some(
            units
                .into_iter()
                .find(|unit| unit.code == *code)
                .ok_or_else(unknown_unit)?,
        ),
        None => None,
    };
    Ok(MembershipRow {
        employee_id: id,
        valid_from,
        valid_to: None,
        agency_code: agency.as_str().to_owned(),
        unit_id: unit.as_ref().map(|unit| unit.id),
        unit_name: unit.map(|unit| unit.name),
        legal_status: None,
        grade: draft.grade.clone(),
        position: draft.position.clone(),
        echelon: None,
        work_group: draft
            .work_group
            .unwrap_or_else(|| usual_work_group(draft.position.as_deref(), &service_kinds)),
        end_reason: None,
        schedule_starts: ScheduleStarts::default(),
    })
}

/// The unit of a code, or a wrong field.
pub(crate) fn unit_id(
    connection: &mut AnyConnection,
    scope: &Scope,
    agency: &AgencyCode,
    code: &str,
) -> Result<UnitId, Error> {
    let units = store::unit::list(connection, scope, agency)?;
    let unit = units.into_iter().find(|unit| unit.code == code);
    Ok(unit.ok_or_else(unknown_unit)?.id)
}

fn unknown_unit() -> Error {
    Error::field(
        "unit_code",
        "unknown",
        "Tidak ada unit dengan kode ini di perangkat daerah tersebut.",
        "The agency has no unit of this code.",
    )
}

fn unknown_agency() -> Error {
    Error::field(
        "agency",
        "unknown",
        "Tidak ada perangkat daerah dengan kode ini.",
        "There is no agency of this code.",
    )
}

fn day_out_of_range(field: &str) -> Error {
    Error::field(
        field,
        "out_of_limits",
        "Tanggal ini di luar rentang yang dapat dicatat.",
        "This day is out of the range that can be recorded.",
    )
}

fn membership_problem(error: MembershipError) -> Error {
    match error {
        MembershipError::NotMember => Error::NotFound,
        MembershipError::SameAgency | MembershipError::AlreadyEnding => Error::Conflict(Code::WrongState),
        MembershipError::DayOutOfRange => day_out_of_range("date"),
    }
}

//! An agency's staff on the wire, one person at a time.

use crate::app::App;
use crate::app::context::Context;
use crate::app::employee::EmployeeDraft;
use crate::app::employee::Member;
use crate::app::employee::MemberQuery;
use crate::app::employee::PostDraft;
use crate::app::error::Error;
use crate::app::once::OnceKey;
use crate::domain::access::Action;
use crate::domain::access::Scope;
use crate::domain::employee_number::EmployeeNumber;
use crate::domain::employee_number::EmployeeNumberKind;
use crate::domain::ids::EmployeeId;
use crate::domain::import_report::Reason;
use crate::domain::membership::EndReason;
use crate::domain::person_name::titled;
use crate::domain::personnel::text::is_email;
use crate::domain::personnel::text::phone_digits;
use crate::domain::work_mode::WorkGroup;
use crate::http::actor::Caller;
use crate::http::body::Body;
use crate::http::call;
use crate::http::field;
use crate::http::page;
use crate::http::page::Page;
use crate::http::precondition::IdempotencyKey;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use garde::Validate;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A person without a NIP who starts to work for the agency today.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateEmployeeBody {
    /// Without titles.
    #[garde(length(chars, min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The title before the name.
    #[garde(inner(length(chars, max = 50)))]
    #[schema(max_length = 50)]
    front_title: Option<String>,
    /// The title after the name.
    #[garde(inner(length(chars, max = 100)))]
    #[schema(max_length = 100)]
    back_title: Option<String>,
    /// For notices.
    #[garde(inner(length(chars, max = 254)))]
    #[schema(max_length = 254)]
    email: Option<String>,
    /// For calls by the operator.
    #[garde(inner(length(chars, max = 30)))]
    #[schema(max_length = 30)]
    phone: Option<String>,
    /// Code of a registered unit of the agency.
    #[garde(inner(length(chars, min = 1, max = 64)))]
    #[schema(min_length = 1, max_length = 64)]
    unit_code: Option<String>,
    /// What the person does.
    #[garde(inner(length(chars, max = 200)))]
    #[schema(max_length = 200)]
    position: Option<String>,
    /// How circulars group the person; by position and agency where nothing is said.
    #[garde(skip)]
    #[schema(value_type = Option<String>, pattern = "^(public_service|administration|educator)$")]
    work_group: Option<WorkGroup>,
}

/// Where a person goes.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferBody {
    /// The new agency's code.
    #[garde(length(chars, min = 1, max = 20))]
    #[schema(min_length = 1, max_length = 20)]
    agency: String,
    /// First day with the new agency, today at the earliest, at most 366 days ahead.
    #[garde(skip)]
    date: NaiveDate,
    /// Code of a registered unit of the new agency.
    #[garde(inner(length(chars, min = 1, max = 64)))]
    #[schema(min_length = 1, max_length = 64)]
    unit_code: Option<String>,
    /// Golongan ruang; as before where nothing is said.
    #[garde(inner(length(chars, max = 20)))]
    #[schema(max_length = 20)]
    grade: Option<String>,
    /// What the person does there.
    #[garde(inner(length(chars, max = 200)))]
    #[schema(max_length = 200)]
    position: Option<String>,
    /// How circulars group the person; by position and agency where nothing is said.
    #[garde(skip)]
    #[schema(value_type = Option<String>, pattern = "^(public_service|administration|educator)$")]
    work_group: Option<WorkGroup>,
}

/// How a person's work for the agency ends.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetirementBody {
    /// The last day, from the first day with the agency to 366 days ahead.
    #[garde(skip)]
    date: NaiveDate,
    /// Why; `retirement` where nothing is said.
    #[garde(inner(custom(not_a_transfer)))]
    #[schema(value_type = Option<String>, pattern = "^(retirement|resignation|death|other)$")]
    reason: Option<EndReason>,
}

/// A person's new number.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NumberBody {
    /// NIP or NI PPPK, 18 digits, spaces allowed.
    #[garde(length(chars, min = 1, max = 40))]
    #[schema(min_length = 1, max_length = 40)]
    number: String,
    /// First day on which it is the person's number: today at the latest.
    #[garde(skip)]
    date: NaiveDate,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that garde calls")]
fn not_a_transfer(reason: &EndReason, _context: &()) -> garde::Result {
    if *reason == EndReason::Transfer {
        Err(garde::Error::new("a transfer has a call of its own"))
    } else {
        Ok(())
    }
}

/// A member of an agency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EmployeeView {
    /// The person's for good.
    id: Uuid,
    /// NIP, NI PPPK or internal number.
    number: String,
    /// The number in its printed groups.
    number_printed: String,
    /// `pns`, `pppk` or `non_asn`.
    number_kind: String,
    /// With titles.
    name: String,
    /// Golongan ruang.
    #[serde(skip_serializing_if = "Option::is_none")]
    grade: Option<String>,
    /// Jabatan.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<String>,
    /// Eselon.
    #[serde(skip_serializing_if = "Option::is_none")]
    echelon: Option<String>,
    /// Code of the unit, where it is registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_code: Option<String>,
    /// Name of the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_name: Option<String>,
    /// `public_service`, `administration` or `educator`.
    #[schema(value_type = String)]
    work_group: WorkGroup,
    /// Kedudukan hukum.
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_status: Option<String>,
    /// `pending` until activated, `active` or `disabled`; absent for someone without an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_state: Option<String>,
    /// First day of the present post.
    valid_from: NaiveDate,
    /// Last day, once it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_to: Option<NaiveDate>,
}

impl From<Member> for EmployeeView {
    fn from(member: Member) -> Self {
        let (unit_code, unit_name) = member.unit.unzip();
        let person = member.person;
        Self {
            id: person.id.uuid(),
            number_printed: EmployeeNumber::parse(&member.number)
                .map_or_else(|_| member.number.clone(), |number| number.printed()),
            number: member.number,
            number_kind: person.number_kind,
            name: titled(&person.front_title, &person.name, &person.back_title),
            grade: member.post.grade,
            position: member.post.position,
            echelon: member.post.echelon,
            unit_code,
            unit_name: unit_name.or(member.post.unit_name),
            work_group: member.post.work_group,
            legal_status: member.post.legal_status,
            account_state: member.account_state,
            valid_from: member.post.valid_from,
            valid_to: member.post.valid_to,
        }
    }
}

/// A member of an agency with what only the operator needs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EmployeeDetailView {
    /// What lists show.
    #[serde(flatten)]
    member: EmployeeView,
    /// For notices.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// For calls by the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
}

impl From<Member> for EmployeeDetailView {
    fn from(member: Member) -> Self {
        Self {
            email: member.person.email.clone(),
            phone: member.person.phone.clone(),
            member: member.into(),
        }
    }
}

/// Which members.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EmployeeQuery {
    /// Members on this date; today where nothing is asked for.
    date: Option<NaiveDate>,
    /// Only those of the unit with this code.
    unit: Option<String>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

fn contact(email: Option<String>, phone: Option<&str>) -> Result<(Option<String>, Option<String>), Error> {
    let wrong = |field: &str, reason: &Reason| {
        Error::field(
            field,
            reason.code(),
            "Isian ini tidak terbaca. Periksa penulisannya.",
            "This can't be read.",
        )
    };
    let email = email
        .map(|email| email.trim().to_owned())
        .filter(|email| !email.is_empty());
    if email.as_deref().is_some_and(|email| !is_email(email)) {
        return Err(wrong("email", &Reason::EmailUnreadable));
    }
    let phone = phone.map(str::trim).filter(|phone| !phone.is_empty());
    match phone.map(phone_digits) {
        Some(None) => Err(wrong("phone", &Reason::PhoneUnreadable)),
        Some(digits) => Ok((email, digits)),
        None => Ok((email, None)),
    }
}

impl CreateEmployeeBody {
    fn parse(self) -> Result<EmployeeDraft, Error> {
        let (email, phone) = contact(self.email, self.phone.as_deref())?;
        let title = |name: &str, title: Option<&str>, most: usize| {
            Ok::<_, Error>(field::optional_text(name, title, most)?.unwrap_or_default())
        };
        Ok(EmployeeDraft {
            name: field::text("name", &self.name, 1, 200)?,
            front_title: title("front_title", self.front_title.as_deref(), 50)?,
            back_title: title("back_title", self.back_title.as_deref(), 100)?,
            email,
            phone,
            post: PostDraft {
                unit_code: self.unit_code,
                grade: None,
                position: field::optional_text("position", self.position.as_deref(), 200)?,
                work_group: self.work_group,
            },
        })
    }
}

/// Lists an agency's staff by name.
#[utoipa::path(operation_id = "list_employees", tag = "staff", params(
    ("code" = String, Path, description = "The agency's code"), EmployeeQuery,
), responses(
    (status = 200, body = Page<EmployeeView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/employees")]
pub(crate) async fn list(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    query: Query<EmployeeQuery>,
) -> Result<Json<Page<EmployeeView>>, Problem> {
    let (scope, agency) = caller.may_in(Action::ReadStaff, &path)?;
    let query = query.into_inner();
    let limit = page::limit(query.limit)?;
    let after: Option<(String, EmployeeId)> = page::decode(query.cursor.as_deref())?;
    let query = MemberQuery {
        date: query.date,
        unit_code: query.unit,
        after,
        limit,
    };
    let rows = call::run(&app, move |app| {
        app.list_members(&caller.context, &scope, &agency, &query)
    })
    .await?;
    let key = |member: &Member| (member.person.name.clone(), member.person.id);
    Ok(Json(Page::new(rows, limit, key, EmployeeView::from)))
}

/// Shows one member of an agency, with e-mail and phone.
#[utoipa::path(operation_id = "read_employee", tag = "staff", params(
    ("code" = String, Path, description = "The agency's code"),
    ("id" = Uuid, Path, description = "The person"),
), responses(
    (status = 200, body = EmployeeDetailView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/agencies/{code}/employees/{id}")]
pub(crate) async fn read(
    app: Data<App>,
    caller: Caller,
    path: Path<(String, Uuid)>,
) -> Result<Json<EmployeeDetailView>, Problem> {
    let (code, id) = path.into_inner();
    // E-mail and phone are for whoever keeps the list, so reading them takes the right to write it.
    let (scope, agency) = caller.may_in(Action::WriteStaff, &code)?;
    let member = call::run(&app, move |app| {
        app.find_member(&caller.context, &scope, &agency, EmployeeId::new(id))
    })
    .await?;
    Ok(Json(member.into()))
}

/// Takes in a person who has no NIP; they get an internal number to sign in with.
#[utoipa::path(operation_id = "create_employee", tag = "staff", request_body = CreateEmployeeBody, params(
    ("code" = String, Path, description = "The agency's code"),
    ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated call give the first answer"),
), responses(
    (status = 201, body = EmployeeDetailView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/agencies/{code}/employees")]
pub(crate) async fn create(
    app: Data<App>,
    caller: Caller,
    path: Path<String>,
    key: Result<IdempotencyKey, Problem>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let (scope, agency) = caller.may_in(Action::WriteStaff, &path)?;
    let IdempotencyKey(key) = key?;
    let (body, bytes) = body.json_and_bytes::<CreateEmployeeBody>(&scope).await?;
    let once = OnceKey::new(key, "create_employee", agency.as_str(), &bytes);
    let draft = body.parse()?;
    let member = call::run(&app, move |app| {
        app.create_employee(&caller.context, &scope, &once, &agency, &draft)
    })
    .await?;
    Ok(HttpResponse::Created().json(EmployeeDetailView::from(member)))
}

/// One dated change of a person: allowed, read, recorded.
async fn record<B>(
    app: &Data<App>,
    caller: Caller,
    action: Action,
    id: Uuid,
    body: Body,
    change: impl FnOnce(&App, &Context, &Scope, EmployeeId, B) -> Result<(), Error> + Send + 'static,
) -> Result<HttpResponse, Problem>
where
    B: DeserializeOwned + Validate<Context = ()> + Send + 'static,
{
    let scope = caller.may(action)?;
    let body: B = body.json(&scope).await?;
    let id = EmployeeId::new(id);
    call::run(app, move |app| change(app, &caller.context, &scope, id, body)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Moves a person to another agency, or takes back one who had left. Everything before that day stays with the old one.
#[utoipa::path(operation_id = "transfer_employee", tag = "staff", request_body = TransferBody, params(
    ("id" = Uuid, Path, description = "The person"),
), responses(
    (status = 204, description = "Recorded."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/employees/{id}/transfer")]
pub(crate) async fn transfer(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let transfer = |app: &App, context: &Context, scope: &Scope, id: EmployeeId, body: TransferBody| {
        let to = field::agency_code("agency", &body.agency)?;
        let post = PostDraft {
            unit_code: body.unit_code,
            grade: field::optional_text("grade", body.grade.as_deref(), 20)?,
            position: field::optional_text("position", body.position.as_deref(), 200)?,
            work_group: body.work_group,
        };
        app.transfer_employee(context, scope, id, &to, body.date, &post)
    };
    record(&app, caller, Action::TransferStaff, path.into_inner(), body, transfer).await
}

/// Ends a person's work for the agency after a day.
#[utoipa::path(operation_id = "retire_employee", tag = "staff", request_body = RetirementBody, params(
    ("id" = Uuid, Path, description = "The person"),
), responses(
    (status = 204, description = "Recorded."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/employees/{id}/retirement")]
pub(crate) async fn retire(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let retire = |app: &App, context: &Context, scope: &Scope, id: EmployeeId, body: RetirementBody| {
        let reason = body.reason.unwrap_or(EndReason::Retirement);
        app.end_membership(context, scope, id, body.date, reason)
    };
    record(&app, caller, Action::WriteStaff, path.into_inner(), body, retire).await
}

/// Gives a person a new number, as a new contract of a PPPK does. The old one still finds the person.
#[utoipa::path(operation_id = "change_employee_number", tag = "staff", request_body = NumberBody, params(
    ("id" = Uuid, Path, description = "The person"),
), responses(
    (status = 204, description = "Recorded; the person signs in with the new number."),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/employees/{id}/numbers")]
pub(crate) async fn change_number(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
    body: Body,
) -> Result<HttpResponse, Problem> {
    let change = |app: &App, context: &Context, scope: &Scope, id: EmployeeId, body: NumberBody| {
        let number = EmployeeNumber::parse(&body.number).map_err(|error| {
            let reason = Reason::Number(error);
            Error::field("number", reason.code(), reason.indonesian(), reason.english())
        })?;
        if number.kind() == EmployeeNumberKind::NonAsn {
            let (indonesian, english) = ("Tuliskan NIP atau NI PPPK.", "Give a NIP or NI PPPK.");
            return Err(Error::field("number", "not_a_nip", indonesian, english));
        }
        app.change_number(context, scope, id, &number, body.date)
    };
    record(&app, caller, Action::WriteStaff, path.into_inner(), body, change).await
}

//! Notices on the wire, in the language of whoever reads them.

use crate::app::App;
use crate::app::notice::Undelivered;
use crate::domain::access::Action;
use crate::domain::ids::NoticeId;
use crate::domain::language::Language;
use crate::domain::notice::Told;
use crate::http::activity::OwnerView;
use crate::http::actor::Caller;
use crate::http::call;
use crate::http::language::Spoken;
use crate::http::page;
use crate::http::page::Page;
use crate::http::problem::Problem;
use crate::http::problem::ProblemView;
use crate::http::query::Query;
use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which notices.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeQuery {
    /// `true`: only those not seen yet; `false`: only those seen.
    unseen: Option<bool>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct UndeliveredQuery {
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A notice to the caller.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeView {
    /// Its id.
    id: Uuid,
    /// What kind of thing happened, such as `activity_reviewed` or `case_opened`.
    kind: &'static str,
    /// A few words in the language asked for.
    title: String,
    /// What happened and what comes next, in the language asked for.
    body: String,
    /// The facts that the sentences are made of, by `kind`.
    facts: Value,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When the caller first marked it as seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    seen_at: Option<String>,
    /// When the direct superior handed it over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    handed_over_at: Option<String>,
}

impl NoticeView {
    fn new(notice: &Told, language: Language) -> Self {
        let text = notice.content.text(language);
        Self {
            id: notice.id.uuid(),
            kind: notice.content.kind(),
            title: text.title,
            body: text.body,
            facts: serde_json::to_value(&notice.content).unwrap_or_default(),
            created_at: notice.created_at.to_string(),
            seen_at: notice.seen_at.map(|at| at.to_string()),
            handed_over_at: notice.handed_over_at.map(|at| at.to_string()),
        }
    }
}

/// A notice to a subordinate that waits to be handed over: to whom and since when, not what it says.
#[derive(Debug, Serialize, ToSchema)]
pub struct UndeliveredNoticeView {
    /// Its id.
    id: Uuid,
    /// To whom.
    employee: OwnerView,
    /// Since when it waits.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    handed_over_at: Option<String>,
}

impl From<Undelivered> for UndeliveredNoticeView {
    fn from(undelivered: Undelivered) -> Self {
        let notice = undelivered.notice;
        Self {
            id: notice.id.uuid(),
            employee: OwnerView {
                id: notice.employee_id.uuid(),
                name: undelivered.name,
            },
            created_at: notice.created_at.to_string(),
            handed_over_at: notice.handed_over.map(|handover| handover.at.to_string()),
        }
    }
}

/// Lists what one was told, newest first: as a person, or as an official who is on no staff list.
#[utoipa::path(operation_id = "list_my_notices", tag = "notices", params(NoticeQuery), responses(
    (status = 200, body = Page<NoticeView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/me/notices")]
pub(crate) async fn list_own(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    query: Query<NoticeQuery>,
) -> Result<Json<Page<NoticeView>>, Problem> {
    let scope = caller.may(Action::ReadNotice)?;
    let limit = page::limit(query.limit)?;
    let before = page::decode::<NoticeId>(query.cursor.as_deref())?;
    let is_unseen = query.unseen;
    let rows = call::run(&app, move |app| app.notices(&scope, is_unseen, before, limit)).await?;
    let view = |notice: Told| NoticeView::new(&notice, spoken.0);
    Ok(Json(Page::new(rows, limit, |notice| notice.id, view)))
}

/// Marks one's own notice as seen; the first time counts, and a reply's clock starts with it.
#[utoipa::path(operation_id = "see_notice", tag = "notices", params(
    ("id" = Uuid, Path, description = "The notice"),
), responses(
    (status = 200, body = NoticeView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/me/notices/{id}/seen")]
pub(crate) async fn see(
    app: Data<App>,
    caller: Caller,
    spoken: Spoken,
    path: Path<Uuid>,
) -> Result<Json<NoticeView>, Problem> {
    let scope = caller.may(Action::ReadNotice)?;
    let id = NoticeId::new(path.into_inner());
    let notice = call::run(&app, move |app| app.see_notice(&caller.context, &scope, id)).await?;
    Ok(Json(NoticeView::new(&notice, spoken.0)))
}

/// Lists notices that one's subordinates must answer in time but have not had yet, oldest first.
#[utoipa::path(operation_id = "list_undelivered_notices", tag = "notices", params(UndeliveredQuery), responses(
    (status = 200, body = Page<UndeliveredNoticeView>),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/v1/notices")]
pub(crate) async fn list_undelivered(
    app: Data<App>,
    caller: Caller,
    query: Query<UndeliveredQuery>,
) -> Result<Json<Page<UndeliveredNoticeView>>, Problem> {
    let scope = caller.may(Action::HandOverNotice)?;
    let limit = page::limit(query.limit)?;
    let after = page::decode::<NoticeId>(query.cursor.as_deref())?;
    let rows = call::run(&app, move |app| {
        app.undelivered_notices(&caller.context, &scope, after, limit)
    })
    .await?;
    let key = |undelivered: &Undelivered| undelivered.notice.id;
    Ok(Json(Page::new(rows, limit, key, UndeliveredNoticeView::from)))
}

/// Records that the caller, the direct superior, handed a notice to a subordinate in person; a reply's clock starts
/// with it unless it runs already.
#[utoipa::path(operation_id = "hand_over_notice", tag = "notices", params(
    ("id" = Uuid, Path, description = "The notice"),
), responses(
    (status = 200, body = UndeliveredNoticeView),
    (status = "4XX", body = ProblemView, content_type = "application/problem+json"),
    (status = 503, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/v1/notices/{id}/handover")]
pub(crate) async fn hand_over(
    app: Data<App>,
    caller: Caller,
    path: Path<Uuid>,
) -> Result<Json<UndeliveredNoticeView>, Problem> {
    let scope = caller.may(Action::HandOverNotice)?;
    let id = NoticeId::new(path.into_inner());
    let handed = call::run(&app, move |app| app.hand_over_notice(&caller.context, &scope, id)).await?;
    Ok(Json(handed.into()))
}

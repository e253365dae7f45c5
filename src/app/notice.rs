//! Telling people: notices for everyone, mail for those with an address, the moment from which a person knows.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::ids::AccountId;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::NoticeId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::notice::HandoverError;
use crate::domain::notice::Notice;
use crate::domain::notice::NoticeContent;
use crate::domain::notice::Told;
use crate::store;
use crate::store::backend::AnyConnection;

/// A notice that waits to be handed over, with the person's name but not its content.
#[derive(Clone, Debug)]
pub struct Undelivered {
    /// The notice.
    pub notice: Notice,
    /// The person's name with titles.
    pub name: String,
}

impl App {
    /// Tells a person something, within the caller's transaction: the notice is there if and only if what it tells of
    /// is. Mail follows from a queue, also if the mail server is away. Gives the id, which a reply's clock hangs on.
    pub(crate) fn notify(
        &self,
        connection: &mut AnyConnection,
        employee_id: EmployeeId,
        content: NoticeContent,
        now: Instant,
    ) -> Result<NoticeId, Error> {
        let notice = Notice {
            id: NoticeId::new(self.entropy.uuid(now)?),
            employee_id,
            content,
            created_at: now,
            seen_at: None,
            handed_over: None,
        };
        store::notice::insert(connection, &notice)?;
        if self.mail.is_on() {
            store::mail_outbox::queue(connection, employee_id, now)?;
        }
        Ok(notice.id)
    }

    /// Tells those who run and head an agency something, within the caller's transaction.
    pub(crate) fn tell_agency(
        &self,
        connection: &mut AnyConnection,
        agency: &str,
        content: &NoticeContent,
        now: Instant,
    ) -> Result<(), Error> {
        for official in store::account::list_of_agency(connection, agency)? {
            self.tell_official(connection, official, content.clone(), now)?;
        }
        Ok(())
    }

    /// Tells an official something, within the caller's transaction: a member of staff as any person, others in their
    /// account.
    pub(crate) fn tell_official(
        &self,
        connection: &mut AnyConnection,
        (account, employee): (AccountId, Option<EmployeeId>),
        content: NoticeContent,
        now: Instant,
    ) -> Result<(), Error> {
        if let Some(employee) = employee {
            self.notify(connection, employee, content, now)?;
            return Ok(());
        }
        let told = Told {
            id: NoticeId::new(self.entropy.uuid(now)?),
            content,
            created_at: now,
            seen_at: None,
            handed_over_at: None,
        };
        Ok(store::account_notice::insert(connection, account, &told)?)
    }

    /// Like [`App::tell_official`], of an account that may be gone: then nobody is told.
    pub(crate) fn tell_account(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
        content: NoticeContent,
        now: Instant,
    ) -> Result<(), Error> {
        let Some(row) = store::account::find(connection, account)? else {
            return Ok(());
        };
        self.tell_official(connection, (account, row.employee_id), content, now)
    }

    /// One's own notices, newest first: `limit` of them and one more to show that there are more.
    pub fn notices(
        &self,
        scope: &Scope,
        is_unseen: Option<bool>,
        before: Option<NoticeId>,
        limit: u32,
    ) -> Result<Vec<Told>, Error> {
        let filter = store::notice::NoticeFilter {
            is_seen: is_unseen.map(|is_unseen| !is_unseen),
            before,
            limit: i64::from(limit) + 1,
        };
        self.store.read(|connection| {
            if scope.account().is_some() {
                return Ok(store::account_notice::list(connection, scope, filter)?);
            }
            let notices = store::notice::list(connection, scope, filter)?;
            Ok(notices.into_iter().map(Told::from).collect())
        })
    }

    /// Marks one's own notice as seen; only the first time counts.
    pub fn see_notice(&self, context: &Context, scope: &Scope, id: NoticeId) -> Result<Told, Error> {
        self.store.write(|connection| {
            if scope.account().is_some() {
                let told = store::account_notice::find(connection, scope, id)?.ok_or(Error::NotFound)?;
                if told.seen_at.is_none() {
                    store::account_notice::see(connection, scope, id, context.now)?;
                }
                return Ok(Told {
                    seen_at: told.seen_at.or(Some(context.now)),
                    ..told
                });
            }
            let notice = store::notice::find(connection, scope, id)?.ok_or(Error::NotFound)?;
            if notice.seen_at.is_some() {
                return Ok(notice.into());
            }
            let notice = notice.seen(context.now);
            store::notice::update(connection, scope, &notice)?;
            Ok(notice.into())
        })
    }

    /// Notices with a clock that the caller's subordinates have not had yet, oldest first; one more than `limit`.
    pub fn undelivered_notices(
        &self,
        context: &Context,
        scope: &Scope,
        after: Option<NoticeId>,
        limit: u32,
    ) -> Result<Vec<Undelivered>, Error> {
        let today = Zone::default().date(context.now);
        self.store.read(|connection| {
            let team = store::team::subordinates(connection, scope, today)?;
            let limit = i64::from(limit) + 1;
            let notices =
                store::notice::list_unreached(connection, scope, &team, &NoticeContent::CLOCK_KINDS, after, limit)?;
            let people: Vec<EmployeeId> = notices.iter().map(|notice| notice.employee_id).collect();
            let mut names = store::team::names(connection, scope, &people)?;
            Ok(notices
                .into_iter()
                .map(|notice| Undelivered {
                    name: names.remove(&notice.employee_id).unwrap_or_default(),
                    notice,
                })
                .collect())
        })
    }

    /// Records that the direct superior handed a notice to a subordinate; only the first time counts.
    pub fn hand_over_notice(&self, context: &Context, scope: &Scope, id: NoticeId) -> Result<Undelivered, Error> {
        let superior = scope.person().ok_or(Error::NotFound)?;
        let today = Zone::default().date(context.now);
        self.store.write(|connection| {
            let team = store::team::subordinates(connection, scope, today)?;
            let notice = match store::notice::find_in_team(connection, scope, &team, id)? {
                Some(notice) => notice,
                // One's own notice is known to exist, so saying no tells nothing new.
                None if store::notice::find(connection, scope, id)?.is_some() => return Err(Error::Forbidden),
                None => return Err(Error::NotFound),
            };
            let before = notice.handed_over;
            let notice = notice.handed_over(superior, context.now).map_err(|error| match error {
                HandoverError::OwnNotice => Error::Forbidden,
                HandoverError::NoClock => Error::Conflict(Code::WrongState),
            })?;
            if before.is_none() {
                store::notice::update(connection, scope, &notice)?;
            }
            let mut names = store::team::names(connection, scope, &[notice.employee_id])?;
            Ok(Undelivered {
                name: names.remove(&notice.employee_id).unwrap_or_default(),
                notice,
            })
        })
    }
}

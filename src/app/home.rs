//! Homes: employees register them, operators verify them, and each look at a position is written down.

use crate::app::App;
use crate::app::context::Context;
use crate::app::disclosure::Look;
use crate::app::duty::home_seal;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::event::note_step;
use crate::app::once::OnceKey;
use crate::domain::access::Scope;
use crate::domain::home;
use crate::domain::home::Home;
use crate::domain::home::HomeDecision;
use crate::domain::home::HomeError;
use crate::domain::home::HomeKind;
use crate::domain::home::HomeRank;
use crate::domain::home::HomeState;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::HomeId;
use crate::domain::instant::Zone;
use crate::domain::notice::NoticeContent;
use crate::domain::position_record::PositionRecord;
use crate::domain::village;
use crate::domain::village::Village;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::home::HomeFilter;
pub use crate::store::home::HomeRow;
pub use crate::store::home::ListedHome;

/// A home as its owner registers it.
#[derive(Clone, Debug)]
pub struct HomeDraft {
    /// Primary or secondary.
    pub rank: HomeRank,
    /// What the address rests on.
    pub kind: HomeKind,
    /// In words.
    pub address: String,
    /// Kemendagri code of the village.
    pub village_code: Option<String>,
    /// Where, and how well it was measured.
    pub position: PositionRecord,
}

/// A home as its decider sees it.
#[derive(Clone, Debug)]
pub struct OpenedHome {
    /// The home and whose it is.
    pub listed: ListedHome,
    /// Where; none once its key was destroyed.
    pub position: Option<PositionRecord>,
    /// The village that it is said to lie in, and the whole metres to that village's label point, where they are absurdly
    /// many ([`crate::domain::village::FAR_FROM_LABEL_METRES`]). A hint for whoever decides, never a refusal.
    pub far_from: Option<(Village, i32)>,
}

/// What the operator says about a home.
#[derive(Clone, Debug)]
pub struct HomeVerdict {
    /// Verified or returned.
    pub decision: HomeDecision,
    /// What the employee has to change, or why the radius differs.
    pub reason: Option<String>,
    /// A radius of its own, 10 to 5,000 m; needs a reason.
    pub radius_metres: Option<u32>,
}

impl App {
    /// Registers a new version of one's own home; it waits for the operator. A version that waited before is superseded.
    pub fn submit_home(
        &self,
        context: &Context,
        scope: &Scope,
        once: &OnceKey,
        draft: &HomeDraft,
    ) -> Result<HomeRow, Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        let id = self.once(context, once, |connection| {
            self.take_home(connection, context, scope, owner, draft)
        })?;
        let homes = self.list_own_homes(scope)?;
        homes.into_iter().find(|row| row.id == id).ok_or(Error::NotFound)
    }

    fn take_home(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        scope: &Scope,
        owner: EmployeeId,
        draft: &HomeDraft,
    ) -> Result<HomeId, Error> {
        let about_today = Zone::default().date(context.now);
        let standing = store::team::standing(connection, owner, about_today)?;
        let standing = standing.ok_or(Error::Refused(Code::NoMembership))?;
        let rows = store::home::list_of(connection, scope, owner)?;
        let homes = homes(&rows, standing.zone);
        let today = standing.zone.date(context.now);
        let changes = home::submit(&homes, draft.rank, today, self.home_changes_in_quarter).map_err(home_problem)?;
        for change in &changes {
            store::home::apply(connection, scope, owner, change)?;
        }
        let id = HomeId::new(self.entropy.uuid(context.now)?);
        let (key_id, key) = self
            .keyring
            .key_for(connection, &self.entropy, &standing.agency, context.now)?;
        let sealed = key.seal(&home_seal(id), &draft.position.to_bytes(), self.entropy.bytes()?)?;
        store::home::insert(
            connection,
            &HomeRow {
                employee_id: owner,
                id,
                ordinal: rows.last().map_or(1, |last| last.ordinal.saturating_add(1)),
                rank: draft.rank,
                kind: draft.kind,
                state: HomeState::Submitted,
                agency_code: standing.agency.as_str().to_owned(),
                address: draft.address.clone(),
                village_code: draft.village_code.clone(),
                radius_metres: None,
                key_id,
                sealed_position: sealed,
                valid_from: None,
                valid_to: None,
                submitted_at: context.now,
                decided_at: None,
                decided_by: None,
                reason: None,
                version: 1,
            },
        )?;
        let states = (None, Some(HomeState::Submitted.code()));
        note_step(connection, context, ("home", &id.to_string()), "submit", states, None)?;
        Ok(id)
    }

    /// Every version of one's own homes, oldest first.
    pub fn list_own_homes(&self, scope: &Scope) -> Result<Vec<HomeRow>, Error> {
        let owner = scope.person().ok_or(Error::NotFound)?;
        self.store
            .read(|connection| Ok(store::home::list_of(connection, scope, owner)?))
    }

    /// Homes of the scope's agencies, oldest submission first, without their positions; one more than `limit`.
    pub fn list_homes(
        &self,
        scope: &Scope,
        state: Option<HomeState>,
        after: Option<HomeId>,
        limit: u32,
    ) -> Result<Vec<ListedHome>, Error> {
        let filter = HomeFilter {
            state,
            after,
            limit: i64::from(limit) + 1,
        };
        self.store
            .read(|connection| Ok(store::home::list(connection, scope, filter)?))
    }

    /// One home with its position. The look is written down before it is shown.
    pub fn open_home(&self, context: &Context, scope: &Scope, id: HomeId) -> Result<OpenedHome, Error> {
        self.store.write(|connection| {
            let listed = store::home::find(connection, scope, id)?.ok_or(Error::NotFound)?;
            self.disclose(
                connection,
                context,
                &Look {
                    employee: listed.row.employee_id,
                    purpose: "home_verification",
                    subject: format!("home/{id}"),
                    fields: &["latitude", "longitude", "accuracy_metres"],
                },
            )?;
            let keys = self.keyring.keys(connection, &[listed.row.key_id])?;
            let position = match keys.get(&listed.row.key_id) {
                Some(key) => {
                    let bytes = key.open(&home_seal(id), &listed.row.sealed_position)?;
                    Some(
                        PositionRecord::from_bytes(&bytes)
                            .ok_or(store::error::Error::Corrupt("home.sealed_position"))?,
                    )
                }
                None => None,
            };
            let village = listed.row.village_code.as_deref().and_then(village::find);
            let far_from = village
                .zip(position)
                .and_then(|(village, record)| Some((village, village.far_metres(record.position)?)));
            Ok(OpenedHome {
                listed,
                position,
                far_from,
            })
        })
    }

    /// Verifies or returns a home that waits; nobody decides their own. The employee is told.
    pub fn decide_home(
        &self,
        context: &Context,
        scope: &Scope,
        id: HomeId,
        verdict: &HomeVerdict,
    ) -> Result<ListedHome, Error> {
        let reason = verdict
            .reason
            .as_deref()
            .map(str::trim)
            .filter(|reason| !reason.is_empty());
        if verdict.radius_metres.is_some() && reason.is_none() {
            return Err(reason_missing());
        }
        self.store.write(|connection| {
            let listed = store::home::find(connection, scope, id)?.ok_or(Error::NotFound)?;
            let owner = listed.row.employee_id;
            if context.employee() == Some(owner) {
                return Err(Error::Forbidden);
            }
            let book = self.rule_book(connection)?;
            let zone = book
                .agency(&listed.row.agency_code)
                .map(|agency| agency.zone)
                .ok_or(store::error::Error::Corrupt("home.agency_code"))?;
            let rows = store::home::list_of(connection, scope, owner)?;
            let today = zone.date(context.now);
            let homes = homes(&rows, zone);
            let duties = self.duties(connection, &[owner], today, today)?;
            let changes = home::decide(
                &homes,
                id,
                verdict.decision,
                reason.unwrap_or(""),
                duties.next_work_day(owner, today),
            );
            let changes = changes.map_err(home_problem)?;
            for change in &changes {
                store::home::apply(connection, scope, owner, change)?;
            }
            let radius_metres = verdict.radius_metres.and_then(|radius| i32::try_from(radius).ok());
            store::home::mark_decided(
                connection,
                scope,
                &listed.row,
                context.account(),
                context.now,
                reason,
                radius_metres,
            )?;
            let first_day = changes
                .iter()
                .find(|change| change.id == id)
                .and_then(|change| change.valid_from);
            let news = match first_day {
                Some(effective_from) => NoticeContent::HomeVerified {
                    home_id: id,
                    effective_from,
                },
                None => NoticeContent::HomeReturned {
                    home_id: id,
                    reason: reason.unwrap_or("").to_owned(),
                },
            };
            self.notify(connection, owner, news, context.now)?;
            let to_state = match verdict.decision {
                HomeDecision::Verified => HomeState::Verified,
                HomeDecision::Returned => HomeState::Returned,
            };
            let states = (Some(HomeState::Submitted.code()), Some(to_state.code()));
            note_step(connection, context, ("home", &id.to_string()), "decide", states, reason)?;
            store::home::find(connection, scope, id)?.ok_or(Error::NotFound)
        })
    }
}

fn homes(rows: &[HomeRow], zone: Zone) -> Vec<Home> {
    rows.iter().map(|row| row.home(zone)).collect()
}

fn reason_missing() -> Error {
    Error::field(
        "reason",
        "missing",
        "Tuliskan alasannya agar pegawai tahu apa yang perlu diubah.",
        "Give a reason, so that the employee knows what to change.",
    )
}

fn home_problem(error: HomeError) -> Error {
    match error {
        HomeError::NotSubmitted => Error::Conflict(Code::WrongState),
        HomeError::ReasonMissing => reason_missing(),
        HomeError::PrimaryMissing => Error::field(
            "rank",
            "primary_missing",
            "Daftarkan rumah utama terlebih dahulu.",
            "Register the primary home first.",
        ),
        HomeError::TooManyChanges { allowed } => Error::field(
            "rank",
            "too_many_changes",
            format!(
                "Rumah sudah diganti {allowed} kali pada triwulan ini. \
                 Hubungi operator atau BKD bila perlu diganti lagi."
            ),
            format!(
                "The changes of this quarter are used up ({allowed}). \
                 Ask your operator or BKD if the home must change again."
            ),
        ),
    }
}

//! Circulars: drafted, laid before whoever issues them, revoked, read. Issuing is in `circular_issue.rs`.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::once::OnceKey;
use crate::domain::access::Scope;
use crate::domain::circular::conflict::Conflict;
use crate::domain::circular::conflict::conflicts;
use crate::domain::circular::content::Content;
use crate::domain::circular::content::ContentFault;
use crate::domain::circular::content::Flaw;
use crate::domain::circular::lifecycle::Circular;
use crate::domain::circular::lifecycle::CircularState;
use crate::domain::circular::lifecycle::StepError;
use crate::domain::circular::number::CircularNumber;
use crate::domain::event::Event;
use crate::domain::ids::CircularId;
use crate::domain::instant::Zone;
use crate::store;
use crate::store::backend::AnyConnection;
use chrono::NaiveDate;

pub use crate::store::circular::CircularFilter;
pub use crate::store::circular::Registered;

/// A circular with what only a single look at it tells.
#[derive(Clone, Debug)]
pub struct CircularInFull {
    /// The circular.
    pub registered: Registered,
    /// The circulars in the world that it clashes with, for a person to settle.
    pub conflicts: Vec<Conflict>,
}

impl App {
    /// The date on which the western zone, the last to see it begin, stands: phases and revocations go by it.
    pub fn western_date(&self, context: &Context) -> NaiveDate {
        Zone::Jakarta.date(context.now)
    }

    /// Drafts a circular. A number that the jurisdiction has already, in any spelling, is a conflict.
    pub fn create_circular(
        &self,
        context: &Context,
        scope: &Scope,
        text: &Content,
        once: &OnceKey,
    ) -> Result<CircularInFull, Error> {
        refuse(text.faults())?;
        let id = self.once(context, once, |connection| {
            let id = CircularId::new(self.entropy.uuid(context.now)?);
            let text = resolved(connection, id, text.clone())?;
            let registered = Registered {
                circular: Circular {
                    id,
                    content: text,
                    state: CircularState::Draft,
                    revoked_from: None,
                },
                version: 1,
                created_by: context.account(),
                created_at: context.now,
                issued_at: None,
                revoked_at: None,
            };
            store::circular::insert(connection, &registered)?;
            log(connection, context, &registered, "draft", None, None)?;
            Ok(id)
        })?;
        self.circular(scope, id, true)
    }

    /// Replaces the text of a circular that is not issued yet, if `version` is the current one. It is a draft again.
    pub fn update_circular(
        &self,
        context: &Context,
        scope: &Scope,
        id: CircularId,
        version: i32,
        text: &Content,
    ) -> Result<CircularInFull, Error> {
        refuse(text.faults())?;
        self.store.write(|connection| {
            let mut registered = store::circular::find(connection, id)?.ok_or(Error::NotFound)?;
            registered.circular.check_editable().map_err(refused)?;
            if registered.version != version {
                return Err(Error::Stale);
            }
            let from = registered.circular.state;
            registered.circular.content = resolved(connection, id, text.clone())?;
            registered.circular.state = CircularState::Draft;
            save(connection, &mut registered)?;
            log(connection, context, &registered, "edit", Some(from), None)
        })?;
        self.circular(scope, id, true)
    }

    /// Lays a draft before whoever issues it.
    pub fn submit_circular(&self, context: &Context, scope: &Scope, id: CircularId) -> Result<CircularInFull, Error> {
        self.store.write(|connection| {
            let registered = store::circular::find(connection, id)?.ok_or(Error::NotFound)?;
            self.step(connection, context, registered, "submit", None, Circular::under_review)
        })?;
        self.circular(scope, id, true)
    }

    /// Ends an issued circular from a day on: today unless another is named, never one that has passed.
    pub fn revoke_circular(
        &self,
        context: &Context,
        scope: &Scope,
        id: CircularId,
        from: Option<NaiveDate>,
        reason: &str,
    ) -> Result<CircularInFull, Error> {
        let today = self.western_date(context);
        self.store.write(|connection| {
            let registered = store::circular::find(connection, id)?.ok_or(Error::NotFound)?;
            self.step(connection, context, registered, "revoke", Some(reason), |circular| {
                circular.revoked(from.unwrap_or(today), today)
            })
        })?;
        self.circular(scope, id, true)
    }

    /// One circular; drafts only for those who write them.
    pub fn circular(&self, _scope: &Scope, id: CircularId, may_see_drafts: bool) -> Result<CircularInFull, Error> {
        self.store.read(|connection| {
            let registered = store::circular::find(connection, id)?
                .filter(|found| may_see_drafts || found.circular.binds())
                .ok_or(Error::NotFound)?;
            let book = self.rule_book(connection)?;
            Ok(CircularInFull {
                conflicts: conflicts(&registered.circular, book.circulars()),
                registered,
            })
        })
    }

    /// Up to `limit` circulars, the one signed last first.
    pub fn circulars(&self, _scope: &Scope, filter: &CircularFilter, limit: u32) -> Result<Vec<Registered>, Error> {
        self.store
            .read(|connection| Ok(store::circular::list(connection, filter, i64::from(limit))?))
    }

    /// Takes a circular one step further, with everything that follows from it.
    pub(super) fn step(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        mut registered: Registered,
        action: &'static str,
        reason: Option<&str>,
        take: impl FnOnce(Circular) -> Result<Circular, StepError>,
    ) -> Result<(), Error> {
        let from = registered.circular.state;
        registered.circular = take(registered.circular.clone()).map_err(refused)?;
        match registered.circular.state {
            CircularState::Issued => {
                refuse(registered.circular.content.faults_at_issue())?;
                registered.issued_at = Some(context.now);
            }
            CircularState::Revoked => registered.revoked_at = Some(context.now),
            CircularState::Draft | CircularState::UnderReview => {}
        }
        save(connection, &mut registered)?;
        if registered.circular.binds() {
            let text = &registered.circular.content;
            let first_day = registered.circular.revoked_from.unwrap_or(text.effective_from);
            self.note_late_rules(connection, &text.jurisdiction_code, first_day, context.now)?;
            self.move_rule_epoch(connection)?;
        }
        log(connection, context, &registered, action, Some(from), reason)
    }
}

/// Saves under the next version; whoever changed it meanwhile was first.
fn save(connection: &mut AnyConnection, registered: &mut Registered) -> Result<(), Error> {
    let seen = registered.version;
    registered.version = seen.saturating_add(1);
    if store::circular::update(connection, registered, seen)? {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

fn log(
    connection: &mut AnyConnection,
    context: &Context,
    registered: &Registered,
    action: &'static str,
    from: Option<CircularState>,
    reason: Option<&str>,
) -> Result<(), Error> {
    let circular = &registered.circular;
    store::event::append(
        connection,
        &Event {
            subject_kind: "circular",
            subject_id: circular.id.to_string(),
            at: context.now,
            account_id: Some(context.account()),
            action,
            from_state: from.map(|state| state.code().to_owned()),
            to_state: Some(circular.state.code().to_owned()),
            reason: reason.map(str::to_owned),
        },
    )?;
    tracing::info!(circular = %circular.id, by = %context.account(), action, "circular changed");
    Ok(())
}

/// Points relations that cite a number at the circular of the register that bears it: of the same jurisdiction first,
/// else the only one there is. Ids that name nothing, or the circular itself, are wrong.
fn resolved(connection: &mut AnyConnection, id: CircularId, mut content: Content) -> Result<Content, Error> {
    let jurisdiction = content.jurisdiction_code.clone();
    let mut faults = Vec::new();
    let mut relations = Vec::with_capacity(content.relations.len());
    for (index, relation) in content.relations.into_iter().enumerate() {
        if let Some(target) = relation.target_id {
            if target == id || store::circular::find(connection, target)?.is_none() {
                faults.push(ContentFault::new(
                    format!("relations[{index}].target_id"),
                    Flaw::UnknownTarget,
                ));
            }
            relations.push(relation);
            continue;
        }
        let mut bearers = Vec::new();
        if let Some(text) = &relation.text {
            let key = CircularNumber::new(text).key();
            bearers = store::circular::list_by_number(connection, &key)?;
            bearers.retain(|(bearer, _)| *bearer != id);
        }
        let own = bearers.iter().find(|(_, of)| of == jurisdiction.as_str());
        let only = bearers.first().filter(|_| bearers.len() == 1);
        let found = own.or(only).map(|(bearer, _)| *bearer);
        relations.push(relation.resolved(|_| found));
    }
    refuse(faults)?;
    content.relations = relations;
    Ok(content)
}

fn refused(step: StepError) -> Error {
    match step {
        StepError::OwnText => Error::Refused(Code::OwnDraft),
        StepError::Frozen | StepError::NotIssued | StepError::AlreadyRevoked => Error::Conflict(Code::WrongState),
        StepError::RevokesThePast => Error::field(
            "from",
            "in_the_past",
            "Pencabutan tidak dapat berlaku surut; pilih hari ini atau sesudahnya.",
            "A revocation can't reach back; choose today or later.",
        ),
    }
}

fn refuse(faults: Vec<ContentFault>) -> Result<(), Error> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(faults.into_iter().map(field_error).collect()))
    }
}

fn field_error(fault: ContentFault) -> FieldError {
    let (code, indonesian) = match fault.flaw {
        Flaw::Empty => ("missing", "Isian ini wajib ada.".to_owned()),
        Flaw::TooLong { most } => ("out_of_limits", format!("Paling panjang {most} karakter.")),
        Flaw::OutOfRange { least, most } => ("out_of_limits", format!("Nilai atau jumlahnya {least} sampai {most}.")),
        Flaw::OddDate => ("out_of_limits", "Tanggal dari tahun 1945 sampai 2199.".to_owned()),
        Flaw::EndsBeforeItBegins => ("ends_before_it_begins", "Akhirnya harus sesudah awalnya.".to_owned()),
        Flaw::NotAPlaceMode => (
            "mode_not_allowed",
            "Hanya wfo, wfh, atau wfa (picket untuk kuota).".to_owned(),
        ),
        Flaw::NotAWorkingMode => ("mode_not_allowed", "Hanya cara kerja yang memang bekerja.".to_owned()),
        Flaw::NotAWord => (
            "malformed",
            "Satu kata: 2 sampai 40 huruf kecil, angka, atau garis bawah.".to_owned(),
        ),
        Flaw::NotExactlyOneMark => (
            "not_exactly_one",
            "Isi tepat satu: service_kind, agency_code, atau position_level.".to_owned(),
        ),
        Flaw::NotAnAuthority => (
            "not_an_authority",
            "Yang dapat mengecualikan: agency_head, bkd_head, atau signer.".to_owned(),
        ),
        Flaw::DayNamedTwiceOrNever => (
            "malformed",
            "Sebut sedikitnya satu hari, masing-masing sekali.".to_owned(),
        ),
        Flaw::SlotsOverlap => (
            "slots_overlap",
            "Sesi harus berurutan pagi, siang, sore dan tidak bertumpukan, termasuk toleransinya.".to_owned(),
        ),
        Flaw::SubjectTwice => ("ruled_twice", "Hal yang sama sudah diatur pada butir lain.".to_owned()),
        Flaw::NoTarget => ("missing", "Sebut target_id atau text.".to_owned()),
        Flaw::UnknownTarget => (
            "unknown",
            "Hanya surat edaran dalam daftar yang dapat diperpanjang, diubah, atau dicabut.".to_owned(),
        ),
    };
    let english = format!("Field {}.", fault.flaw);
    FieldError::new(fault.field, code, indonesian, english)
}

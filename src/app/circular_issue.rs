//! Issuing a circular: by somebody else than its writer, and with a word on every circular that it clashes with.

use crate::app::App;
use crate::app::circular::CircularInFull;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::domain::access::Scope;
use crate::domain::circular::conflict::Acknowledged;
use crate::domain::circular::conflict::Conflict;
use crate::domain::circular::conflict::Side;
use crate::domain::circular::conflict::Unsettled;
use crate::domain::circular::conflict::conflicts;
use crate::domain::circular::conflict::unsettled;
use crate::domain::circular::lifecycle::Circular;
use crate::domain::circular::rule::Rule;
use crate::domain::circular::rule::Subject;
use crate::domain::ids::AccountId;
use crate::domain::ids::CircularId;
use crate::domain::language::Language;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::circular::Registered;

impl App {
    /// Puts a circular into the world and freezes its text. Days before its first stay as they were judged; what was
    /// sealed of later ones is compared with what the circulars now say.
    ///
    /// Whoever drafted it or changed it last can't. Each circular that it clashes with must be acknowledged with the
    /// side that decides; otherwise the rules that both have are named, and nothing is changed.
    pub fn issue_circular(
        &self,
        context: &Context,
        scope: &Scope,
        id: CircularId,
        said: &[Acknowledged],
    ) -> Result<CircularInFull, Error> {
        self.store.write(|connection| {
            let registered = store::circular::find(connection, id)?.ok_or(Error::NotFound)?;
            let writers = writers(connection, &registered)?;
            let circular = registered.circular.clone();
            let book = self.rule_book(connection)?;
            let found = conflicts(&circular, book.circulars());
            let reason = (!found.is_empty()).then(|| settlement(&found));
            let issued = |text: Circular| text.issued(context.account(), &writers);
            // Who may not issue it at all, or a text that is not fit for it, comes first.
            if issued(circular.clone()).is_ok() && circular.content.faults_at_issue().is_empty() {
                let faults = unsettled(&found, said);
                if !faults.is_empty() {
                    let fields = faults.iter().flat_map(|fault| fields(&circular, fault));
                    return Err(Error::Invalid(fields.collect()));
                }
            }
            self.step(connection, context, registered, "issue", reason.as_deref(), issued)
        })?;
        self.circular(scope, id, true)
    }
}

/// Who drafted a circular, and who changed its text last.
fn writers(connection: &mut AnyConnection, registered: &Registered) -> Result<Vec<AccountId>, Error> {
    let events = store::event::list(connection, "circular", &registered.circular.id.to_string())?;
    let last = events.iter().rev().find(|event| event.action == "edit");
    let mut writers = vec![registered.created_by];
    writers.extend(last.and_then(|event| event.account_id));
    Ok(writers)
}

/// What the trail keeps of conflicts that were acknowledged.
fn settlement(conflicts: &[Conflict]) -> String {
    let lines = conflicts.iter().map(|conflict| {
        let decides = match conflict.decides {
            Side::This => "surat edaran ini",
            Side::Other => conflict.with.number.as_str(),
        };
        format!("{} ({}): yang berlaku {decides}", conflict.with.number, kinds(conflict))
    });
    lines.collect::<Vec<_>>().join("; ")
}

fn kinds(conflict: &Conflict) -> String {
    let mut kinds: Vec<&str> = conflict.subjects.iter().map(Subject::kind).collect();
    kinds.dedup();
    kinds.join(", ")
}

/// The fields to look at: each rule of the circular that another one has too, or the word that does not fit.
fn fields(circular: &Circular, fault: &Unsettled) -> Vec<FieldError> {
    match fault {
        Unsettled::Unspoken(conflict) => clashing(&circular.content.rules, conflict)
            .map(|(index, rule)| unspoken(circular, index, rule, conflict))
            .collect(),
        Unsettled::OtherSide(index, conflict) => vec![other_side(circular, *index, conflict)],
        Unsettled::NoConflict(index) => vec![FieldError::new(
            format!("precedence[{index}].circular_id"),
            "no_conflict",
            "Tidak ada surat edaran ini di antara yang mengatur hal yang sama.",
            "This circular is not among those that rule the same.",
        )],
    }
}

fn clashing<'a>(rules: &'a [Rule], conflict: &'a Conflict) -> impl Iterator<Item = (usize, &'a Rule)> {
    let is_shared = |(_, rule): &(usize, &Rule)| conflict.subjects.contains(&rule.subject());
    rules.iter().enumerate().filter(is_shared)
}

fn unspoken(circular: &Circular, index: usize, rule: &Rule, conflict: &Conflict) -> FieldError {
    let (own, other, kind) = (&circular.content.number, &conflict.with.number, rule.subject().kind());
    FieldError::new(
        format!("rules[{index}]"),
        "circular_conflict",
        format!(
            "{own} dan {other} sama-sama mengatur {kind} pada hari yang sama. {} Nyatakan itu dalam precedence, atau \
             tambahkan hubungan antara keduanya.",
            decides(circular, conflict, Language::Indonesian)
        ),
        format!(
            "{own} and {other} both rule {kind} on the same days. {} Acknowledge that in precedence, or relate the two.",
            decides(circular, conflict, Language::English)
        ),
    )
}

fn other_side(circular: &Circular, index: usize, conflict: &Conflict) -> FieldError {
    FieldError::new(
        format!("precedence[{index}].decides"),
        "other_side_decides",
        format!(
            "{} Bila maksudnya lain, tambahkan hubungan antara keduanya.",
            decides(circular, conflict, Language::Indonesian)
        ),
        format!(
            "{} Relate the two if something else is meant.",
            decides(circular, conflict, Language::English)
        ),
    )
}

fn decides(circular: &Circular, conflict: &Conflict, language: Language) -> String {
    let number = match conflict.decides {
        Side::This => &circular.content.number,
        Side::Other => &conflict.with.number,
    };
    match language {
        Language::Indonesian => format!("Yang akan berlaku {number}, karena ditandatangani atau dimulai lebih akhir."),
        Language::English => format!("{number} would decide, as it was signed or began later."),
    }
}

//! Handing a roster in to BKD, and BKD's word on it.

use crate::app::App;
use crate::app::agency_roster::RosterInFull;
use crate::app::agency_roster::found;
use crate::app::agency_roster::json;
use crate::app::agency_roster::log;
use crate::app::agency_roster::save;
use crate::app::agency_roster::to_step;
use crate::app::agency_roster::within_reach;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::domain::access::Scope;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::RosterId;
use crate::domain::language::Language;
use crate::domain::notice::NoticeContent;
use crate::domain::roster::finding::Findings;
use crate::domain::roster::finding::Weight;
use crate::domain::roster::state::RosterState;
use crate::domain::roster::state::RosterStep;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Something that BKD found.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// In words.
    pub text: String,
    /// The day that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// The person whom it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_id: Option<EmployeeId>,
}

/// Most findings that a refusal names.
const MOST_NAMED: usize = 100;

impl App {
    /// Hands a roster in. Where a rule is not kept, or where BKD returned it and nothing was changed, a reason is needed.
    /// After the circular's day it is taken all the same and marked as late.
    pub fn submit_roster(
        &self,
        context: &Context,
        scope: &Scope,
        id: RosterId,
        version: i32,
        reason: Option<&str>,
    ) -> Result<RosterInFull, Error> {
        self.store.write(|connection| {
            let (mut row, agency) = within_reach(connection, scope, id)?;
            let is_own = row.submitted_by == Some(context.account());
            let Some(state) = to_step(&row, RosterStep::Submit, version, is_own)? else {
                return Ok(());
            };
            let loaded = self.roster_frame(connection, scope, &agency, (row.from_date, row.to_date))?;
            let findings = found(connection, scope, &agency, id, &loaded.frame)?;
            if reason.is_none() {
                refuse_broken(&findings)?;
                refuse_unchanged(row.state)?;
            }
            let from = row.state;
            row.state = state;
            row.findings = json(&findings)?;
            row.checked_at = context.now;
            row.due_on = loaded.due_on;
            row.is_late = loaded
                .due_on
                .is_some_and(|due_on| loaded.zone.date(context.now) > due_on);
            row.submitted_by = Some(context.account());
            row.submitted_at = Some(context.now);
            row.submission_reason = reason.map(str::to_owned);
            save(connection, &mut row)?;
            log(connection, context, &row, "submit", Some(from), reason)
        })?;
        self.roster_in_full(scope, id)
    }

    /// BKD takes note of a roster, or sends it back with at least one remark; the agency is told.
    pub fn decide_roster(
        &self,
        context: &Context,
        scope: &Scope,
        id: RosterId,
        version: i32,
        is_received: bool,
        remarks: &[Remark],
    ) -> Result<RosterInFull, Error> {
        let step = if is_received {
            RosterStep::Receive
        } else {
            RosterStep::Return
        };
        self.store.write(|connection| {
            let (mut row, _) = within_reach(connection, scope, id)?;
            let is_own = row.decided_by == Some(context.account());
            let Some(state) = to_step(&row, step, version, is_own)? else {
                return Ok(());
            };
            if !is_received && remarks.is_empty() {
                return Err(Error::field(
                    "findings",
                    "missing",
                    "Pengembalian jadwal memerlukan sedikitnya satu temuan.",
                    "Sending a roster back needs at least one finding.",
                ));
            }
            let from = row.state;
            row.state = state;
            row.decided_by = Some(context.account());
            row.decided_at = Some(context.now);
            row.remarks = json(&remarks)?;
            save(connection, &mut row)?;
            let notice = NoticeContent::RosterDecided {
                roster_id: id,
                from: row.from_date,
                to: row.to_date,
                is_received,
                told: remarks.first().map(|remark| remark.text.clone()),
            };
            self.tell_agency(connection, &row.agency_code, &notice, context.now)?;
            log(connection, context, &row, "decide", Some(from), None)
        })?;
        self.roster_in_full(scope, id)
    }
}

/// Refuses with the findings themselves, so that whoever hands in can mend them or say why.
fn refuse_broken(findings: &Findings) -> Result<(), Error> {
    if findings.broken_rules == 0 {
        return Ok(());
    }
    let mut fields = vec![FieldError::new(
        "reason",
        "missing",
        format!(
            "Ada {} hal yang belum sesuai aturan. Perbaiki jadwalnya, atau sebutkan alasannya.",
            findings.broken_rules
        ),
        format!(
            "{} rules are not kept. Mend the roster, or say why.",
            findings.broken_rules
        ),
    )];
    let broken = findings.items.iter().filter(|finding| finding.weight() == Weight::Rule);
    fields.extend(broken.take(MOST_NAMED).enumerate().map(|(index, finding)| {
        FieldError::new(
            format!("findings[{index}]"),
            finding.kind(),
            finding.sentence(Language::Indonesian),
            finding.sentence(Language::English),
        )
    }));
    Err(Error::Invalid(fields))
}

fn refuse_unchanged(state: RosterState) -> Result<(), Error> {
    if state == RosterState::Returned {
        return Err(Error::field(
            "reason",
            "missing",
            "Jadwal ini dikembalikan dan belum diubah. Perbaiki, atau sebutkan mengapa sudah benar.",
            "The roster was returned and nothing was changed. Mend it, or say why it is right.",
        ));
    }
    Ok(())
}

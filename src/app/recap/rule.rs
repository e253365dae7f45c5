//! The dated tables that recaps are counted by: what takes how much off the allowance, and the levels of absence.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::event::note_event;
use crate::domain::access::Scope;
use crate::domain::recap::allowance::AllowanceRules;
use crate::domain::recap::allowance::RuleFault;
use crate::domain::recap::discipline::DisciplineRules;
use crate::store;
use crate::store::attendance_rule::AttendanceRuleRow;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A table of one kind.
pub trait AttendanceRule: Serialize + DeserializeOwned {
    /// How it is named in the store.
    const KIND: &'static str;
    /// The one that holds where none was set.
    fn shipped() -> Self;
    /// Everything that is wrong with it.
    fn faults(&self) -> Vec<RuleFault>;
}

impl AttendanceRule for AllowanceRules {
    const KIND: &'static str = "allowance";

    fn shipped() -> Self {
        Self::shipped()
    }

    fn faults(&self) -> Vec<RuleFault> {
        self.faults()
    }
}

impl AttendanceRule for DisciplineRules {
    const KIND: &'static str = "discipline";

    fn shipped() -> Self {
        Self::shipped()
    }

    fn faults(&self) -> Vec<RuleFault> {
        self.faults()
    }
}

/// A table as it was set.
#[derive(Clone, Debug)]
pub struct SetRule<R> {
    /// The first day that it holds for; none for the one that ships.
    pub effective_from: Option<NaiveDate>,
    /// Raised by every change; 0 for the one that ships.
    pub version: i32,
    /// The table.
    pub rule: R,
}

/// Every table of a kind, asked by date.
#[derive(Clone, Debug)]
pub(super) struct Dated<R> {
    shipped: R,
    set: Vec<(NaiveDate, R)>,
}

impl<R: AttendanceRule> Dated<R> {
    pub(super) fn load(connection: &mut AnyConnection) -> Result<Self, Error> {
        let rows = store::attendance_rule::list(connection, R::KIND)?;
        let set = rows
            .into_iter()
            .map(|row| Ok((row.effective_from, read(row.body)?)))
            .collect::<Result<_, Error>>()?;
        Ok(Self {
            shipped: R::shipped(),
            set,
        })
    }

    /// The table in force on a date.
    pub(super) fn on(&self, date: NaiveDate) -> &R {
        let set = self.set.iter().rev().find(|(from, _)| *from <= date);
        set.map_or(&self.shipped, |(_, rule)| rule)
    }
}

fn read<R: AttendanceRule>(body: Json) -> Result<R, Error> {
    let rule = serde_json::from_value(body.0).ok();
    Ok(rule.ok_or(store::error::Error::Corrupt("attendance_rule.body"))?)
}

impl App {
    /// Every table of a kind by date, the one that ships first.
    pub fn attendance_rules<R: AttendanceRule>(&self, _scope: &Scope) -> Result<Vec<SetRule<R>>, Error> {
        let rows = self
            .store
            .read(|connection| store::attendance_rule::list(connection, R::KIND).map_err(Error::from))?;
        let mut rules = vec![SetRule {
            effective_from: None,
            version: 0,
            rule: R::shipped(),
        }];
        for row in rows {
            rules.push(SetRule {
                effective_from: Some(row.effective_from),
                version: row.version,
                rule: read(row.body)?,
            });
        }
        Ok(rules)
    }

    /// Sets a table from a date on, in place of that of `version` (0 where none was set for that date).
    pub fn set_attendance_rule<R: AttendanceRule>(
        &self,
        context: &Context,
        _scope: &Scope,
        effective_from: NaiveDate,
        version: i32,
        rule: R,
    ) -> Result<SetRule<R>, Error> {
        if !(2000..=2100).contains(&effective_from.year()) {
            return Err(Error::field(
                "effective_from",
                "out_of_limits",
                "Tanggal dari tahun 2000 sampai 2100.",
                "A date is from 2000 to 2100.",
            ));
        }
        let faults = rule.faults();
        if !faults.is_empty() {
            let told = |fault: RuleFault| FieldError::new(fault.field, fault.code, fault.indonesian, fault.english);
            return Err(Error::Invalid(faults.into_iter().map(told).collect()));
        }
        let row = AttendanceRuleRow {
            kind: R::KIND.to_owned(),
            effective_from,
            version: version.saturating_add(1),
            body: Json(serde_json::to_value(&rule).map_err(Error::internal)?),
            set_by: context.account(),
            set_at: context.now,
        };
        self.store.write(|connection| {
            if !store::attendance_rule::replace(connection, &row, version)? {
                return Err(Error::Stale);
            }
            let subject = format!("{}/{effective_from}", R::KIND);
            note_event(connection, context, "attendance_rule", &subject, "set", None)
        })?;
        Ok(SetRule {
            effective_from: Some(effective_from),
            version: row.version,
            rule,
        })
    }
}

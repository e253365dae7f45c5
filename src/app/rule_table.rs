//! Tables of rules that BKD reads and replaces from a date on: leave kinds, signers, registers of letters.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::event::note_event;
use crate::domain::access::Scope;
use crate::domain::instant::Zone;
use crate::domain::leave::kind;
use crate::domain::leave::kind::LeaveKindRule;
use crate::domain::letter;
use crate::domain::letter::Register;
use crate::domain::signer_rule;
use crate::domain::signer_rule::SignerRule;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::rule_table::RuleTableRow;
use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How far ahead a table may begin to hold, days.
const FARTHEST_DAYS: u64 = 366;

/// One row of a table of rules.
pub trait RuleRow: Clone + DeserializeOwned + Serialize {
    /// The table's name in its column.
    const NAME: &'static str;
    /// What holds where BKD has set nothing.
    fn shipped() -> Vec<Self>;
    /// Everything that is wrong with a whole table, by its fields.
    fn faults(rows: &[Self]) -> Vec<FieldError>;
}

impl RuleRow for LeaveKindRule {
    const NAME: &'static str = "leave_kinds";

    fn shipped() -> Vec<Self> {
        kind::shipped()
    }

    fn faults(rows: &[Self]) -> Vec<FieldError> {
        let told = |fault: kind::TableFault| {
            let field = fault
                .row()
                .map_or_else(|| "items".to_owned(), |row| format!("items[{row}].{}", fault.field()));
            FieldError::new(
                field,
                "not_fitting",
                "Baris ini belum cocok: periksa untuk siapa, lamanya, dan angka cuti tahunannya.",
                format!("Here {fault}."),
            )
        };
        kind::check(rows).into_iter().map(told).collect()
    }
}

impl RuleRow for SignerRule {
    const NAME: &'static str = "signer_rules";

    fn shipped() -> Vec<Self> {
        signer_rule::shipped()
    }

    fn faults(rows: &[Self]) -> Vec<FieldError> {
        if !(1..=signer_rule::MOST_RULES).contains(&rows.len()) {
            return vec![row_count(signer_rule::MOST_RULES)];
        }
        let is_wrong = |rule: &&Self| !signer_rule::may_sign(rule.signer);
        rows.iter()
            .enumerate()
            .filter(|(_, rule)| is_wrong(rule))
            .map(|(index, _)| {
                FieldError::new(
                    format!("items[{index}].signer"),
                    "unknown",
                    "Penandatangan berisi agency_head, bkd_head, atau signer.",
                    "A signer is agency_head, bkd_head or signer.",
                )
            })
            .collect()
    }
}

impl RuleRow for Register {
    const NAME: &'static str = "letter_registers";

    fn shipped() -> Vec<Self> {
        letter::shipped()
    }

    fn faults(rows: &[Self]) -> Vec<FieldError> {
        if !(1..=letter::MOST_REGISTERS).contains(&rows.len()) {
            return vec![row_count(letter::MOST_REGISTERS)];
        }
        let told = |(index, register): (usize, &Self)| {
            let fault = register.check().err()?;
            Some(FieldError::new(
                format!("items[{index}].format"),
                "malformed",
                "Bentuk nomor paling panjang 100 karakter dan memuat {serial} dan {year} masing-masing sekali; selain itu hanya {classification} dan {unit}.",
                format!("Here {fault}."),
            ))
        };
        rows.iter().enumerate().filter_map(told).collect()
    }
}

fn row_count(most: usize) -> FieldError {
    FieldError::new(
        "items",
        "out_of_limits",
        format!("Satu tabel memuat 1 sampai {most} baris."),
        format!("A table has 1 to {most} rows."),
    )
}

/// A table as it holds on a date.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleTable<T> {
    /// From when; none for what ships with the service.
    pub effective_from: Option<NaiveDate>,
    /// How often any date's table of this name was set; 0 for what ships.
    pub version: i32,
    /// Its rows.
    pub rows: Vec<T>,
}

/// Every table of a name, so that many dates can be asked.
#[derive(Clone, Debug)]
pub(crate) struct RuleTables<T> {
    shipped: Vec<T>,
    set: Vec<(NaiveDate, Vec<T>)>,
}

impl<T: RuleRow> RuleTables<T> {
    pub(crate) fn load(connection: &mut AnyConnection) -> Result<Self, Error> {
        let set = store::rule_table::list(connection, T::NAME)?
            .into_iter()
            .map(|row| Ok((row.effective_from, rows_of(row)?)));
        Ok(Self {
            shipped: T::shipped(),
            set: set.collect::<Result<_, Error>>()?,
        })
    }

    /// The rows that hold on a date.
    pub(crate) fn on(&self, date: NaiveDate) -> &[T] {
        self.set
            .iter()
            .rev()
            .find(|(from, _)| *from <= date)
            .map_or(&self.shipped, |(_, rows)| rows)
    }
}

fn rows_of<T: RuleRow>(row: RuleTableRow) -> Result<Vec<T>, Error> {
    let rows = serde_json::from_value(row.body.0).ok();
    Ok(rows.ok_or(store::error::Error::Corrupt("rule_table.body"))?)
}

impl App {
    /// The table that holds on a date, today where none is named.
    pub fn rule_table<T: RuleRow>(
        &self,
        context: &Context,
        _scope: &Scope,
        on: Option<NaiveDate>,
    ) -> Result<RuleTable<T>, Error> {
        let on = on.unwrap_or_else(|| Zone::default().date(context.now));
        self.store.read(|connection| {
            let row = store::rule_table::find(connection, T::NAME, on)?;
            Ok(RuleTable {
                version: store::rule_table::version(connection, T::NAME)?,
                effective_from: row.as_ref().map(|row| row.effective_from),
                rows: row.map_or_else(|| Ok(T::shipped()), rows_of)?,
            })
        })
    }

    /// Sets the table that holds from a date on until a later one, if `version` is the current one. The date is the first
    /// of this year at the earliest, since balances are given by the year; what was decided already stays as it was.
    pub fn replace_rule_table<T: RuleRow>(
        &self,
        context: &Context,
        scope: &Scope,
        version: i32,
        effective_from: NaiveDate,
        rows: &[T],
    ) -> Result<RuleTable<T>, Error> {
        let today = Zone::default().date(context.now);
        let earliest = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
        if effective_from < earliest || effective_from > today + Days::new(FARTHEST_DAYS) {
            return Err(Error::field(
                "effective_from",
                "out_of_limits",
                "Tabel berlaku mulai 1 Januari tahun ini sampai paling lambat 366 hari lagi.",
                "A table holds from 1 January of this year at the earliest, 366 days from now at the latest.",
            ));
        }
        let mut faults = T::faults(rows);
        if !faults.is_empty() {
            faults.truncate(100);
            return Err(Error::Invalid(faults));
        }
        let body = serde_json::to_value(rows).map_err(Error::internal)?;
        self.store.write(|connection| {
            if store::rule_table::version(connection, T::NAME)? != version {
                return Err(Error::Stale);
            }
            store::rule_table::upsert(
                connection,
                &RuleTableRow {
                    name: T::NAME.to_owned(),
                    effective_from,
                    body: Json(body.clone()),
                    version: version.saturating_add(1),
                    updated_by: context.account(),
                    updated_at: context.now,
                },
            )?;
            note_event(
                connection,
                context,
                "rule_table",
                &format!("{}/{effective_from}", T::NAME),
                "replace",
                None,
            )
        })?;
        self.rule_table(context, scope, Some(effective_from))
    }
}

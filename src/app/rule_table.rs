//! Documents of rules that BKD reads and replaces from a date on, in one room; how they differ is data (`Terms`).
//!
//! Leave kinds, signers, registers of letters, what takes how much off the allowance, levels of absence,
//! how long people have to reply and to object.

use crate::app::App;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::app::event::note_event;
use crate::domain::access::Scope;
use crate::domain::case::rules::CaseRules;
use crate::domain::case::rules::DAYS;
use crate::domain::instant::Zone;
use crate::domain::leave::kind;
use crate::domain::leave::kind::LeaveKindRule;
use crate::domain::letter;
use crate::domain::letter::Register;
use crate::domain::recap::allowance::AllowanceRules;
use crate::domain::recap::allowance::RuleFault;
use crate::domain::recap::discipline::DisciplineRules;
use crate::domain::signer_rule;
use crate::domain::signer_rule::SignerRule;
use crate::store;
use crate::store::backend::AnyConnection;
use crate::store::columns::Json;
use crate::store::rule_table::RuleTableRow;
use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How far ahead a document of [`Begins::ThisYear`] may begin to hold, days.
const FARTHEST_DAYS: u64 = 366;

/// What the version of a document counts, so that two who change it do not overwrite each other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Versions {
    /// Changes of any date's document of the name.
    OfTable,
    /// Changes of one date's document.
    OfDate,
}

/// From when a document may hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Begins {
    /// From 1 January of this year, since balances are given by the year, to 366 days from now.
    ThisYear,
    /// From any date of 2000 to 2100: a past day may come to be counted by another document.
    AnyDate,
}

/// How documents of a name are kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Terms {
    /// What a version counts.
    pub versions: Versions,
    /// From when it may hold.
    pub begins: Begins,
}

/// A document of rules that holds from a date on, until a later one of its name.
pub trait RuleDocument: Clone + DeserializeOwned + Serialize {
    /// The name in its column.
    const NAME: &'static str;
    /// How it is kept.
    const TERMS: Terms;
    /// What holds where BKD has set nothing.
    fn shipped() -> Self;
    /// Everything that is wrong with it, by its fields.
    fn faults(&self) -> Vec<FieldError>;
}

impl RuleDocument for Vec<LeaveKindRule> {
    const NAME: &'static str = "leave_kinds";
    const TERMS: Terms = Terms {
        versions: Versions::OfTable,
        begins: Begins::ThisYear,
    };

    fn shipped() -> Self {
        kind::shipped()
    }

    fn faults(&self) -> Vec<FieldError> {
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
        kind::check(self).into_iter().map(told).collect()
    }
}

impl RuleDocument for Vec<SignerRule> {
    const NAME: &'static str = "signer_rules";
    const TERMS: Terms = Terms {
        versions: Versions::OfTable,
        begins: Begins::ThisYear,
    };

    fn shipped() -> Self {
        signer_rule::shipped()
    }

    fn faults(&self) -> Vec<FieldError> {
        if !(1..=signer_rule::MOST_RULES).contains(&self.len()) {
            return vec![row_count(signer_rule::MOST_RULES)];
        }
        let is_wrong = |rule: &&SignerRule| !signer_rule::may_sign(rule.signer);
        self.iter()
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

impl RuleDocument for Vec<Register> {
    const NAME: &'static str = "letter_registers";
    const TERMS: Terms = Terms {
        versions: Versions::OfTable,
        begins: Begins::ThisYear,
    };

    fn shipped() -> Self {
        letter::shipped()
    }

    fn faults(&self) -> Vec<FieldError> {
        if !(1..=letter::MOST_REGISTERS).contains(&self.len()) {
            return vec![row_count(letter::MOST_REGISTERS)];
        }
        let told = |(index, register): (usize, &Register)| {
            let fault = register.check().err()?;
            Some(FieldError::new(
                format!("items[{index}].format"),
                "malformed",
                "Bentuk nomor paling panjang 100 karakter dan memuat {serial} dan {year} masing-masing sekali; selain itu hanya {classification} dan {unit}.",
                format!("Here {fault}."),
            ))
        };
        self.iter().enumerate().filter_map(told).collect()
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

/// Of the tables that recaps are counted by and cases are heard by.
const RECAP_TERMS: Terms = Terms {
    versions: Versions::OfDate,
    begins: Begins::AnyDate,
};

impl RuleDocument for AllowanceRules {
    const NAME: &'static str = "allowance";
    const TERMS: Terms = RECAP_TERMS;

    fn shipped() -> Self {
        Self::shipped()
    }

    fn faults(&self) -> Vec<FieldError> {
        self.faults().into_iter().map(recap_fault).collect()
    }
}

impl RuleDocument for DisciplineRules {
    const NAME: &'static str = "discipline";
    const TERMS: Terms = RECAP_TERMS;

    fn shipped() -> Self {
        Self::shipped()
    }

    fn faults(&self) -> Vec<FieldError> {
        self.faults().into_iter().map(recap_fault).collect()
    }
}

impl RuleDocument for CaseRules {
    const NAME: &'static str = "cases";
    const TERMS: Terms = RECAP_TERMS;

    fn shipped() -> Self {
        Self::shipped()
    }

    fn faults(&self) -> Vec<FieldError> {
        let told = |field| {
            let (least, most) = (DAYS.start(), DAYS.end());
            FieldError::new(
                field,
                "out_of_limits",
                format!("Antara {least} dan {most} hari."),
                format!("Between {least} and {most} days."),
            )
        };
        self.faults().into_iter().map(told).collect()
    }
}

fn recap_fault(fault: RuleFault) -> FieldError {
    FieldError::new(fault.field, fault.code, fault.indonesian, fault.english)
}

/// A document as it holds from a date on.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleTable<T> {
    /// From when; none for what ships with the service.
    pub effective_from: Option<NaiveDate>,
    /// What [`Terms::versions`] counts; 0 where nothing was set.
    pub version: i32,
    /// The rules.
    pub rules: T,
}

/// Every document of a name, so that many dates can be asked.
#[derive(Clone, Debug)]
pub(crate) struct RuleTables<T> {
    shipped: T,
    set: Vec<(NaiveDate, T)>,
}

impl<T: RuleDocument> RuleTables<T> {
    pub(crate) fn load(connection: &mut AnyConnection) -> Result<Self, Error> {
        let set = store::rule_table::list(connection, T::NAME)?
            .into_iter()
            .map(|row| Ok((row.effective_from, rules_of(row)?)));
        Ok(Self {
            shipped: T::shipped(),
            set: set.collect::<Result<_, Error>>()?,
        })
    }

    /// What holds on a date.
    pub(crate) fn on(&self, date: NaiveDate) -> &T {
        let set = self.set.iter().rev().find(|(from, _)| *from <= date);
        set.map_or(&self.shipped, |(_, rules)| rules)
    }
}

fn rules_of<T: RuleDocument>(row: RuleTableRow) -> Result<T, Error> {
    let rules = serde_json::from_value(row.body.0).ok();
    Ok(rules.ok_or(store::error::Error::Corrupt("rule_table.body"))?)
}

/// Whether a document may begin to hold on a date.
fn check_beginning(begins: Begins, effective_from: NaiveDate, today: NaiveDate) -> Result<(), Error> {
    let (fits, indonesian, english) = match begins {
        Begins::ThisYear => {
            let earliest = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
            (
                effective_from >= earliest && effective_from <= today + Days::new(FARTHEST_DAYS),
                "Tabel berlaku mulai 1 Januari tahun ini sampai paling lambat 366 hari lagi.",
                "A table holds from 1 January of this year at the earliest, 366 days from now at the latest.",
            )
        }
        Begins::AnyDate => (
            (2000..=2100).contains(&effective_from.year()),
            "Tanggal dari tahun 2000 sampai 2100.",
            "A date is from 2000 to 2100.",
        ),
    };
    if fits {
        Ok(())
    } else {
        Err(Error::field("effective_from", "out_of_limits", indonesian, english))
    }
}

impl App {
    /// What holds on a date, today where none is named.
    pub fn rule_table<T: RuleDocument>(
        &self,
        context: &Context,
        _scope: &Scope,
        on: Option<NaiveDate>,
    ) -> Result<RuleTable<T>, Error> {
        let on = on.unwrap_or_else(|| Zone::default().date(context.now));
        self.store.read(|connection| {
            let row = store::rule_table::find(connection, T::NAME, on)?;
            Ok(RuleTable {
                version: match T::TERMS.versions {
                    Versions::OfTable => store::rule_table::version(connection, T::NAME)?,
                    Versions::OfDate => row.as_ref().map_or(0, |row| row.version),
                },
                effective_from: row.as_ref().map(|row| row.effective_from),
                rules: row.map_or_else(|| Ok(T::shipped()), rules_of)?,
            })
        })
    }

    /// Every document of a name by date with its own version, the one that ships first.
    pub fn rule_tables<T: RuleDocument>(&self, _scope: &Scope) -> Result<Vec<RuleTable<T>>, Error> {
        let rows = self
            .store
            .read(|connection| store::rule_table::list(connection, T::NAME).map_err(Error::from))?;
        let mut tables = vec![RuleTable {
            effective_from: None,
            version: 0,
            rules: T::shipped(),
        }];
        for row in rows {
            tables.push(RuleTable {
                effective_from: Some(row.effective_from),
                version: row.version,
                rules: rules_of(row)?,
            });
        }
        Ok(tables)
    }

    /// Sets the document that holds from a date on until a later one, if `version` is the current one. What was decided
    /// already stays as it was.
    pub fn replace_rule_table<T: RuleDocument>(
        &self,
        context: &Context,
        scope: &Scope,
        version: i32,
        effective_from: NaiveDate,
        rules: &T,
    ) -> Result<RuleTable<T>, Error> {
        check_beginning(T::TERMS.begins, effective_from, Zone::default().date(context.now))?;
        let mut faults = rules.faults();
        if !faults.is_empty() {
            faults.truncate(100);
            return Err(Error::Invalid(faults));
        }
        let body = serde_json::to_value(rules).map_err(Error::internal)?;
        self.store.write(|connection| {
            let current = match T::TERMS.versions {
                Versions::OfTable => store::rule_table::version(connection, T::NAME)?,
                Versions::OfDate => store::rule_table::find(connection, T::NAME, effective_from)?
                    .filter(|row| row.effective_from == effective_from)
                    .map_or(0, |row| row.version),
            };
            if current != version {
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
            let subject = format!("{}/{effective_from}", T::NAME);
            note_event(connection, context, "rule_table", &subject, "replace", None)?;
            let text = serde_json::to_string(&body).map_err(Error::internal)?;
            self.log_setting(connection, context, &format!("rule_table/{subject}"), None, Some(text))
        })?;
        self.rule_table(context, scope, Some(effective_from))
    }
}

//! Extending a sample: the next tickets of the same seed, never another one, and only where the plan says that it may be.
//! Targeted units are all examined from the start, so that only random strata grow.

use crate::app::App;
use crate::app::audit::Audit;
use crate::app::audit::draw::Pick;
use crate::app::audit::draw::picks;
use crate::app::audit::draw::sizes;
use crate::app::audit::found;
use crate::app::audit::log_reason;
use crate::app::audit::whole;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::audit::may_extend;
use crate::domain::audit_log::facts::Facts;
use crate::domain::ids::AuditId;
use crate::domain::sampling::Seed;
use crate::store;
use crate::store::audit::AuditRow;
use crate::store::audit::StratumRow;
use crate::store::backend::AnyConnection;
use std::collections::HashMap;

/// How large the samples are to be at least.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ExtendedSizes {
    /// The same in each stratum, or the whole of a stratum that has fewer units.
    Each(u32),
    /// In the strata of these names; no more than the stratum has units.
    Named(Vec<(String, u32)>),
}

impl App {
    /// Extends the samples of a drawn audit to at least these sizes and assigns the new cases. A sample that is as large
    /// already stays, so that a repeated call changes nothing and answers the same.
    pub fn extend_audit(
        &self,
        context: &Context,
        scope: &Scope,
        id: AuditId,
        wanted: &ExtendedSizes,
    ) -> Result<Audit, Error> {
        self.store.write(|connection| {
            let row = found(connection, scope, id)?;
            may_extend(row.state, row.stopping()?)?;
            let grown = grown(&store::audit::list_strata(connection, id)?, wanted)?;
            if grown.is_empty() {
                return whole(connection, scope, id);
            }
            let mut steps = Vec::with_capacity(grown.len());
            for (stratum, size) in grown {
                store::audit::set_sample_size(connection, scope, id, &stratum.name, size)?;
                steps.push(format!("{}: {} -> {size}", stratum.name, stratum.sample_size));
            }
            let seed = row.seed.as_deref().ok_or(store::error::Error::Corrupt("audit.seed"))?;
            let sizes = sizes(connection, row.id)?;
            let all = picks(connection, &row, &Seed::new(seed), &sizes)?;
            self.log_draw(connection, context, id, (&sizes, &all), Facts::Extension)?;
            let picks = new_picks(connection, scope, &row, all)?;
            self.assign_cases(connection, context, &row, picks)?;
            log_reason(
                connection,
                context,
                id,
                ("extend", Some(&steps.join(", "))),
                row.state,
                row.state,
            )?;
            whole(connection, scope, id)
        })
    }
}

/// The strata whose samples have to grow, with their new sizes.
fn grown(strata: &[StratumRow], wanted: &ExtendedSizes) -> Result<Vec<(StratumRow, i64)>, Error> {
    let sizes: Vec<(&StratumRow, i64)> = match wanted {
        ExtendedSizes::Each(size) => {
            let each = |stratum| (stratum, i64::from(*size));
            strata.iter().map(each).collect()
        }
        ExtendedSizes::Named(sizes) => {
            let named = |(place, (name, size)): (usize, &(String, u32))| {
                let stratum = strata.iter().find(|stratum| stratum.name == *name);
                let stratum = stratum.ok_or_else(|| {
                    Error::field(
                        format!("samples[{place}].name"),
                        "unknown",
                        "Strata ini tidak ada dalam uji petik.",
                        "The audit has no such stratum.",
                    )
                })?;
                Ok((stratum, i64::from(*size)))
            };
            sizes.iter().enumerate().map(named).collect::<Result<_, Error>>()?
        }
    };
    let capped = sizes
        .into_iter()
        .map(|(stratum, size)| (stratum, size.min(stratum.population)));
    Ok(capped
        .filter(|(stratum, size)| *size > stratum.sample_size)
        .map(|(stratum, size)| (stratum.clone(), size))
        .collect())
}

/// The picks behind those that have cases already. What was drawn before must be the beginning of what is drawn now.
fn new_picks(
    connection: &mut AnyConnection,
    scope: &Scope,
    row: &AuditRow,
    all: Vec<Pick>,
) -> Result<Vec<Pick>, Error> {
    let mut drawn: HashMap<(String, i32), String> = store::case::list_all(connection, scope, row.id)?
        .into_iter()
        .map(|case| ((case.stratum, case.draw_order), case.ticket))
        .collect();
    let mut added = Vec::new();
    for pick in all {
        match drawn.remove(&(pick.stratum.clone(), pick.draw_order)) {
            None => added.push(pick),
            Some(ticket) if ticket == pick.drawn.ticket.as_str() => {}
            Some(_) => return Err(store::error::Error::Corrupt("audit_case.ticket").into()),
        }
    }
    if drawn.is_empty() {
        Ok(added)
    } else {
        Err(store::error::Error::Corrupt("audit_case.draw_order").into())
    }
}

//! Drawing: the same tickets that anyone computes, and each drawn unit a case of an independent auditor.

use crate::app::App;
use crate::app::audit::Audit;
use crate::app::audit::found;
use crate::app::audit::log;
use crate::app::audit::whole;
use crate::app::case::second_review::draw_second_reviews;
use crate::app::context::Context;
use crate::app::error::Code;
use crate::app::error::Error;
use crate::domain::access::AgencyCode;
use crate::domain::access::Role;
use crate::domain::access::Scope;
use crate::domain::audit::AuditState;
use crate::domain::audit::assignment::Auditor;
use crate::domain::audit::assignment::NoAuditor;
use crate::domain::audit::assignment::assign;
use crate::domain::audit::may_draw;
use crate::domain::audit::targeted;
use crate::domain::audit_log::facts::DrawFacts;
use crate::domain::audit_log::facts::DrawnStratum;
use crate::domain::audit_log::facts::Facts;
use crate::domain::audit_log::facts::Nothing;
use crate::domain::audit_log::facts::drawn_digest;
use crate::domain::audit_log::record::Record;
use crate::domain::audit_log::subject::Subject;
use crate::domain::batch::unit::SlotUnit;
use crate::domain::digest::RunningDigest;
use crate::domain::ids::AuditId;
use crate::domain::ids::CaseId;
use crate::domain::ids::EmployeeId;
use crate::domain::sampling::Draw;
use crate::domain::sampling::Drawn;
use crate::domain::sampling::Seed;
use crate::store;
use crate::store::audit::AuditRow;
use crate::store::backend::AnyConnection;
use crate::store::case::CaseRow;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

impl From<NoAuditor> for Error {
    fn from(_: NoAuditor) -> Self {
        Self::Conflict(Code::NoIndependentAuditor)
    }
}

/// A drawn unit as everybody may see it, who watches the draw or does it again.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ticket {
    /// The stratum that it was drawn in.
    pub stratum: String,
    /// Its place in the draw of its stratum, from 1.
    pub draw_order: i32,
    /// The unit.
    pub unit: String,
    /// The ticket number in full.
    pub number: String,
}

/// One drawn unit: its place in the draw of its stratum, and whose it is.
pub(super) struct Pick {
    /// The stratum that it was drawn in.
    pub(super) stratum: String,
    /// Its place in the draw of its stratum, from 1.
    pub(super) draw_order: i32,
    /// Its id and ticket.
    pub(super) drawn: Drawn,
    unit: SlotUnit,
}

impl App {
    /// Draws the sample, assigns its cases, and draws a tenth of them for a second review. Once; a repeated call changes nothing and answers the same.
    pub fn draw_audit(&self, context: &Context, scope: &Scope, id: AuditId) -> Result<Audit, Error> {
        self.store.write(|connection| {
            let row = found(connection, scope, id)?;
            let Some(seed) = may_draw(row.state, row.seed.as_deref())? else {
                return whole(connection, scope, id);
            };
            let sizes = sizes(connection, id)?;
            let picks = picks(connection, &row, &Seed::new(seed), &sizes)?;
            self.log_draw(connection, context, id, (&sizes, &picks), Facts::Draw)?;
            self.assign_cases(connection, context, &row, picks)?;
            store::audit::set_drawn(connection, scope, id, context.account(), context.now)?;
            log(connection, context, id, "draw", AuditState::Planned, AuditState::Drawn)?;
            whole(connection, scope, id)
        })
    }

    /// Says in BKD's log how much was drawn and which digest the drawn units have.
    pub(super) fn log_draw(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        id: AuditId,
        (sizes, picks): (&BTreeMap<String, i64>, &[Pick]),
        said: fn(DrawFacts) -> Facts,
    ) -> Result<(), Error> {
        // A stratum of which nothing is drawn is told too.
        let mut strata: BTreeMap<&str, Vec<(&str, &str)>> =
            sizes.keys().map(|name| (name.as_str(), Vec::new())).collect();
        for pick in picks {
            let drawn = (pick.drawn.id.as_str(), pick.drawn.ticket.as_str());
            strata.entry(&pick.stratum).or_default().push(drawn);
        }
        let strata = strata.into_iter().map(|(name, drawn)| DrawnStratum {
            name: name.to_owned(),
            size: u64::try_from(drawn.len()).unwrap_or(u64::MAX),
            sha256: drawn_digest(drawn),
        });
        let facts = said(DrawFacts {
            strata: strata.collect(),
        });
        self.log_public(connection, context.now, Subject::Audit(id), facts)
    }

    /// Says in BKD's log that a case was given to somebody.
    pub(crate) fn log_assignment(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        case: &CaseRow,
    ) -> Result<(), Error> {
        let corrupt = || store::error::Error::Corrupt("audit_case.unit");
        let record = Record::Assignment {
            case: case.id,
            unit: case.unit.parse().ok().ok_or_else(corrupt)?,
            auditor: case.auditor_id,
        };
        let agency = AgencyCode::parse(&case.agency_code).map_err(Error::internal)?;
        let said = (Subject::Audit(case.audit_id), Facts::Assignment(Nothing {}));
        self.log_private(connection, context.now, said, record, Some(&agency))
    }

    /// Makes each drawn unit a case of an auditor of another agency.
    pub(super) fn assign_cases(
        &self,
        connection: &mut AnyConnection,
        context: &Context,
        row: &AuditRow,
        picks: Vec<Pick>,
    ) -> Result<(), Error> {
        let owners = owners(connection, row.id, &picks)?;
        let agencies: Vec<AgencyCode> = picks
            .iter()
            .map(|pick| AgencyCode::parse(pick.unit.agency()).map_err(Error::internal))
            .collect::<Result<_, _>>()?;
        let mut auditors = auditors(connection, row.from_date)?;
        let assigned = assign(&agencies, &mut auditors)?;
        let mut cases = Vec::with_capacity(picks.len());
        for (pick, auditor) in picks.into_iter().zip(assigned) {
            let owner = owners.get(&pick.drawn.id).copied();
            cases.push(CaseRow::assigned(
                CaseId::new(self.entropy.uuid(context.now)?),
                owner.ok_or(store::error::Error::Corrupt("audit_chunk"))?,
                row.id,
                &pick.unit,
                (pick.stratum, pick.draw_order),
                pick.drawn.ticket.as_str(),
                auditor,
            ));
        }
        store::case::insert_all(connection, &cases)?;
        for case in &cases {
            self.log_assignment(connection, context, case)?;
        }
        let seed = row.seed.as_deref().ok_or(store::error::Error::Corrupt("audit.seed"))?;
        draw_second_reviews(connection, seed, &cases, &mut auditors)
    }

    /// What was drawn, stratum by stratum in the order of the draw; nothing before the draw. From the place `after` on,
    /// one more than `limit` if there are more.
    pub fn list_tickets(
        &self,
        scope: &Scope,
        id: AuditId,
        after: usize,
        limit: u32,
    ) -> Result<Vec<(usize, Ticket)>, Error> {
        let limit = usize::try_from(limit).map_err(Error::internal)?.saturating_add(1);
        self.store.read(|connection| {
            found(connection, scope, id)?;
            let rows = store::case::list_all(connection, scope, id)?.into_iter().enumerate();
            let ticket = |(place, row): (usize, CaseRow)| {
                let ticket = Ticket {
                    stratum: row.stratum,
                    draw_order: row.draw_order,
                    unit: row.unit,
                    number: row.ticket,
                };
                (place + 1, ticket)
            };
            Ok(rows.skip(after).take(limit).map(ticket).collect())
        })
    }
}

/// The sizes of the samples of all strata.
pub(super) fn sizes(connection: &mut AnyConnection, id: AuditId) -> Result<BTreeMap<String, i64>, Error> {
    let strata = store::audit::list_strata(connection, id)?.into_iter();
    Ok(strata.map(|stratum| (stratum.name, stratum.sample_size)).collect())
}

/// Reads the population once and draws in every stratum, in the strata's order. A population that is no longer the one
/// whose digest was fixed is not drawn from.
pub(super) fn picks(
    connection: &mut AnyConnection,
    row: &AuditRow,
    seed: &Seed,
    sizes: &BTreeMap<String, i64>,
) -> Result<Vec<Pick>, Error> {
    let mut draws = BTreeMap::new();
    for (stratum, size) in sizes {
        let size = usize::try_from(*size).map_err(Error::internal)?;
        draws.insert(stratum.clone(), Draw::new(seed.clone(), size));
    }
    let rule = row.targeted_rule.as_ref();
    let mut beside = rule.and_then(|_| draws.remove(targeted::STRATUM));
    let mut digest = RunningDigest::default();
    let mut after = -1;
    while let Some(chunk) = store::audit_population::find_next(connection, row.id, after)? {
        after = chunk.sequence;
        digest.update(chunk.units.as_bytes());
        let corrupt = || store::error::Error::Corrupt("audit_chunk.stratum");
        let among = draws.get_mut(&chunk.stratum).ok_or(corrupt())?;
        for (unit, is_targeted, _) in chunk.units() {
            let draw = if is_targeted {
                beside.as_mut().ok_or(corrupt())?
            } else {
                &mut *among
            };
            draw.offer(unit).map_err(Error::internal)?;
        }
    }
    if digest.finish() != row.digest()? {
        return Err(store::error::Error::Corrupt("audit_chunk.units").into());
    }
    draws.extend(beside.map(|draw| (targeted::STRATUM.to_owned(), draw)));
    let mut picks = Vec::new();
    for (stratum, draw) in draws {
        for (drawn, draw_order) in draw.finish().map_err(Error::internal)?.into_iter().zip(1..) {
            let unit = drawn
                .id
                .parse()
                .ok()
                .ok_or(store::error::Error::Corrupt("audit_chunk.units"))?;
            picks.push(Pick {
                stratum: stratum.clone(),
                draw_order,
                drawn,
                unit,
            });
        }
    }
    Ok(picks)
}

/// Reads the population again for the people of the drawn units only.
fn owners(connection: &mut AnyConnection, id: AuditId, picks: &[Pick]) -> Result<HashMap<String, EmployeeId>, Error> {
    let mut owners: HashMap<String, Option<EmployeeId>> =
        picks.iter().map(|pick| (pick.drawn.id.clone(), None)).collect();
    let mut after = -1;
    while let Some(chunk) = store::audit_population::find_next(connection, id, after)? {
        after = chunk.sequence;
        for (unit, _, employee) in chunk.units() {
            if let Some(owner) = owners.get_mut(unit) {
                *owner = Some(employee);
            }
        }
    }
    Ok(owners
        .into_iter()
        .filter_map(|(unit, owner)| Some((unit, owner?)))
        .collect())
}

/// Every active auditor with the agencies that they belong to now or belonged to since `since`, by staff list or by role.
pub(crate) fn auditors(connection: &mut AnyConnection, since: NaiveDate) -> Result<Vec<Auditor>, Error> {
    let loads: HashMap<_, _> = store::case::count_open_by_auditor(connection)?.into_iter().collect();
    let accounts = store::account::list_with_role(connection, Role::BkdAuditor)?;
    let mut auditors = Vec::with_capacity(accounts.len());
    for (account, employee) in accounts {
        let mut own_agencies: std::collections::BTreeSet<AgencyCode> = store::account::grants(connection, account)?
            .into_iter()
            .filter_map(|grant| grant.agency)
            .collect();
        let memberships = match employee {
            Some(employee) => store::membership::list(connection, &[employee])?,
            None => Vec::new(),
        };
        for membership in memberships {
            if membership.valid_to.is_none_or(|last| last >= since) {
                own_agencies.insert(AgencyCode::parse(&membership.agency_code).map_err(Error::internal)?);
            }
        }
        let load = loads.get(&account).copied().unwrap_or(0);
        auditors.push(Auditor {
            account,
            own_agencies,
            load: u64::try_from(load).unwrap_or(0),
        });
    }
    Ok(auditors)
}

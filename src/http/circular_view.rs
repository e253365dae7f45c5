//! What circulars look like on the wire.

use crate::app::circular::Registered;
use crate::domain::circular::conflict::Acknowledged;
use crate::domain::circular::conflict::Conflict;
use crate::domain::circular::conflict::Side;
use crate::domain::circular::issuer::Issuer;
use crate::domain::circular::jurisdiction::JurisdictionCode;
use crate::domain::circular::lifecycle::CircularState;
use crate::domain::circular::lifecycle::Phase;
use crate::domain::circular::number::NumberParts;
use crate::domain::circular::relation::Relation;
use crate::domain::circular::rule::Rule;
use crate::domain::ids::CircularId;
use crate::http::circular_rule::RuleView;
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The office that signs circulars.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IssuerOfficeView {
    /// Menteri.
    Minister,
    /// Gubernur.
    Governor,
    /// Penjabat Gubernur.
    ActingGovernor,
    /// Sekretaris Daerah.
    RegionalSecretary,
    /// Bupati.
    Regent,
    /// Wali Kota.
    Mayor,
}

/// Who signed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssuerView {
    /// The office.
    office: IssuerOfficeView,
    /// The signer's name as printed.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
}

/// What one circular does to another.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RelationKindView {
    /// Carries it out.
    Implements,
    /// Lets its rules go on.
    Extends,
    /// Puts own rules in the place of its rules of the same subject.
    Amends,
    /// Ends it for good.
    Revokes,
}

/// How a circular stands to an earlier one. At least one of `target_id` and `text` is given.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelationView {
    /// What is done.
    kind: RelationKindView,
    /// The circular in the register. Found by the number in `text` where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    target_id: Option<Uuid>,
    /// The number or title as the circular cites it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 300)]
    text: Option<String>,
}

/// The text of a circular. Dates are local, both ends inclusive.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CircularBody {
    /// As printed; `800/1865-BKD/2020` and `Nomor 4 Tahun 2026` are both read into parts, no form is demanded.
    #[schema(min_length = 1, max_length = 100)]
    number: String,
    /// What it is about.
    #[schema(min_length = 1, max_length = 500)]
    title: String,
    /// Who signed.
    issuer: IssuerView,
    /// Kemendagri code of the region that it speaks for, or `ID` for the nation.
    #[schema(pattern = r"^(ID|\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?)$")]
    jurisdiction_code: String,
    /// The day on its signature.
    signed_on: NaiveDate,
    /// Its first day.
    effective_from: NaiveDate,
    /// Its last day; open-ended without one.
    effective_to: Option<NaiveDate>,
    /// The laws and circulars that it names as its ground.
    #[serde(default)]
    #[schema(max_items = 50)]
    legal_basis: Vec<String>,
    /// How it stands to earlier circulars.
    #[serde(default)]
    #[schema(max_items = 50)]
    relations: Vec<RelationView>,
    /// What it rules.
    #[serde(default)]
    #[schema(max_items = 100)]
    rules: Vec<RuleView>,
}

/// Why and from when a circular ends.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeCircularBody {
    /// The first day on which it holds no more; today without one.
    #[garde(skip)]
    pub(crate) from: Option<NaiveDate>,
    /// Why.
    #[garde(length(chars, min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    pub(crate) reason: String,
}

/// Which circulars.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CircularQuery {
    /// Only of this state.
    #[param(value_type = Option<CircularStateView>)]
    pub(crate) state: Option<CircularState>,
    /// Only of exactly this jurisdiction.
    #[param(value_type = Option<String>)]
    pub(crate) jurisdiction_code: Option<JurisdictionCode>,
    /// 1 to 200; 50 where nothing is asked for.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub(crate) cursor: Option<String>,
}

/// How far a circular has come.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CircularStateView {
    /// Being written.
    Draft,
    /// Laid before whoever issues it.
    UnderReview,
    /// In the world; its text is frozen.
    Issued,
    /// Ended by name.
    Revoked,
}

/// Where today stands to the circular's own period.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhaseView {
    /// Still to come.
    Scheduled,
    /// Today is one of its days.
    InForce,
    /// Over.
    Expired,
}

impl From<Phase> for PhaseView {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Scheduled => Self::Scheduled,
            Phase::InForce => Self::InForce,
            Phase::Expired => Self::Expired,
        }
    }
}

/// What could be read out of a number.
#[derive(Debug, Serialize, ToSchema)]
pub struct NumberPartsView {
    /// The archive's classification: `800`.
    #[serde(skip_serializing_if = "Option::is_none")]
    classification: Option<String>,
    /// The running number: `1865`, `4`.
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<String>,
    /// The unit that drafted it: `BKD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// The year.
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<u16>,
}

/// Which of two circulars that clash decides.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SideName {
    /// The one that is looked at, or issued.
    This,
    /// The one that it clashes with.
    Other,
}

impl From<Side> for SideName {
    fn from(side: Side) -> Self {
        match side {
            Side::This => Self::This,
            Side::Other => Self::Other,
        }
    }
}

/// A word on one circular that this one clashes with.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrecedenceBody {
    /// The other circular.
    circular_id: Uuid,
    /// Which of the two decides on their common days, as `conflicts` says.
    decides: SideName,
}

/// What whoever issues a circular says about those that it clashes with.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[garde(allow_unvalidated)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssueCircularBody {
    /// One for each of `conflicts`; kept in the circular's trail.
    #[garde(length(max = 200))]
    #[schema(max_items = 200)]
    #[serde(default)]
    precedence: Vec<PrecedenceBody>,
}

impl IssueCircularBody {
    /// The words as the domain reads them.
    pub(crate) fn acknowledged(&self) -> Vec<Acknowledged> {
        let word = |said: &PrecedenceBody| Acknowledged {
            with: CircularId::new(said.circular_id),
            decides: match said.decides {
                SideName::This => Side::This,
                SideName::Other => Side::Other,
            },
        };
        self.precedence.iter().map(word).collect()
    }
}

/// A circular that rules the same things on the same days without a relation to this one.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictView {
    /// Which.
    circular_id: Uuid,
    /// Its number.
    number: String,
    /// What both rule, by `kind`.
    kinds: Vec<String>,
    /// Which of the two decides on their common days.
    decides: SideName,
}

/// A circular.
#[derive(Debug, Serialize, ToSchema)]
pub struct CircularView {
    /// Its id.
    id: Uuid,
    /// As printed.
    number: String,
    /// What could be read out of the number.
    #[schema(value_type = NumberPartsView)]
    number_parts: NumberParts,
    /// What it is about.
    title: String,
    /// Who signed.
    #[schema(value_type = IssuerView)]
    issuer: Issuer,
    /// Kemendagri code of the region that it speaks for, or `ID`.
    jurisdiction_code: String,
    /// The day on its signature.
    signed_on: NaiveDate,
    /// Its first day.
    effective_from: NaiveDate,
    /// Its last day; open-ended without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_to: Option<NaiveDate>,
    /// Whether it has no last day.
    open_ended: bool,
    /// The laws and circulars that it names as its ground.
    legal_basis: Vec<String>,
    /// How it stands to earlier circulars.
    #[schema(value_type = Vec<RelationView>)]
    relations: Vec<Relation>,
    /// What it rules.
    #[schema(value_type = Vec<RuleView>)]
    rules: Vec<Rule>,
    /// How far it has come.
    #[schema(value_type = CircularStateView)]
    state: CircularState,
    /// Where today stands to its own period; only once it is issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<PhaseView>,
    /// The first day on which it holds no more, if it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_from: Option<NaiveDate>,
    /// Raised by every change; also the `ETag`.
    version: i32,
    /// When it was drafted.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    issued_at: Option<String>,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    revoked_at: Option<String>,
    /// Circulars that it clashes with, for a person to settle by a relation, a revocation, or a word when it is issued.
    /// Not in lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    conflicts: Vec<ConflictView>,
}

impl CircularView {
    /// The view of a registered circular on a date.
    pub(crate) fn new(registered: Registered, conflicts: Vec<Conflict>, today: NaiveDate) -> Self {
        let phase = registered.circular.phase(today).map(PhaseView::from);
        let circular = registered.circular;
        let content = circular.content;
        Self {
            id: circular.id.uuid(),
            number_parts: content.number.parts(),
            number: content.number.to_string(),
            title: content.title,
            issuer: content.issuer,
            jurisdiction_code: content.jurisdiction_code.into(),
            signed_on: content.signed_on,
            effective_from: content.effective_from,
            effective_to: content.effective_to,
            open_ended: content.effective_to.is_none(),
            legal_basis: content.legal_basis,
            relations: content.relations,
            rules: content.rules,
            state: circular.state,
            phase,
            revoked_from: circular.revoked_from,
            version: registered.version,
            created_at: registered.created_at.to_string(),
            issued_at: registered.issued_at.map(|at| at.to_string()),
            revoked_at: registered.revoked_at.map(|at| at.to_string()),
            conflicts: conflicts.into_iter().map(ConflictView::from).collect(),
        }
    }
}

impl From<Conflict> for ConflictView {
    fn from(conflict: Conflict) -> Self {
        let mut kinds: Vec<String> = conflict
            .subjects
            .iter()
            .map(|subject| subject.kind().to_owned())
            .collect();
        kinds.dedup();
        Self {
            circular_id: conflict.with.id.uuid(),
            number: conflict.with.number.to_string(),
            kinds,
            decides: conflict.decides.into(),
        }
    }
}

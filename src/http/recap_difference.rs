//! What two states of a recap differ in, on the wire.

use crate::domain::recap::difference::PersonDifference;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A day, or a total, that is told differently.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeView {
    /// The date, or the heading of the column.
    what: String,
    /// As printed before: `TK`, `R TL1`, `4,0`.
    before: String,
    /// As printed after.
    after: String,
}

/// What changed for one person.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonDifferenceView {
    /// Who.
    employee_id: Uuid,
    /// NIP, or another number.
    number: String,
    /// With titles.
    name: String,
    /// The days.
    days: Vec<ChangeView>,
    /// The totals.
    totals: Vec<ChangeView>,
}

impl From<PersonDifference> for PersonDifferenceView {
    fn from(person: PersonDifference) -> Self {
        let change = |what, before, after| ChangeView { what, before, after };
        Self {
            employee_id: person.employee_id.uuid(),
            number: person.number,
            name: person.name,
            days: person
                .days
                .into_iter()
                .map(|day| change(day.date.to_string(), day.before, day.after))
                .collect(),
            totals: person
                .totals
                .into_iter()
                .map(|total| change(total.column, total.before, total.after))
                .collect(),
        }
    }
}

/// What two states of a recap differ in.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecapDifferenceView {
    /// The earlier version.
    pub(crate) from: i32,
    /// The later version; absent for the present truth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<i32>,
    /// How many people differ.
    pub(crate) people: usize,
    /// Whoever differs.
    pub(crate) items: Vec<PersonDifferenceView>,
    /// Give it back as `cursor` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_cursor: Option<String>,
}

//! The units of an agency as a tree: who is whose direct superior, and what a file of units must keep to.

use crate::domain::employee_number::EmployeeNumber;
use crate::domain::ids::EmployeeId;
use crate::domain::ids::UnitId;
use crate::domain::import_report::Finding;
use crate::domain::import_report::Reason;
use crate::domain::import_report::plain_text;
use crate::domain::table::HeaderError;
use crate::domain::table::Row;
use crate::domain::table::Table;
use std::collections::HashMap;
use std::collections::HashSet;

/// A part of an agency.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unit {
    /// Made by the service.
    pub id: UnitId,
    /// Unique within the agency.
    pub code: String,
    /// For people.
    pub name: String,
    /// The unit above; none at the top.
    pub parent_id: Option<UnitId>,
    /// Who leads it; none while the post is vacant.
    pub head_id: Option<EmployeeId>,
}

/// One row of a file of units, checked by itself and against the others.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnitRow {
    /// Where it stands in the file.
    pub row: u32,
    /// Unique within the agency.
    pub code: String,
    /// For people; none where the file says nothing.
    pub name: Option<String>,
    /// The code of the unit above; none at the top.
    pub parent: Option<String>,
    /// Who leads it; none for a vacant post, or where the file has no such column.
    pub head: Option<EmployeeNumber>,
}

/// What a file of units holds.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct UnitFile {
    /// The rows that can go in, in the file's order.
    pub rows: Vec<UnitRow>,
    /// What to say about the others, in the order of rows.
    pub findings: Vec<Finding>,
    /// Rows with content, taken or not.
    pub row_count: usize,
    /// Whether the file says who leads what; without that column heads stay as they are.
    pub has_heads: bool,
}

/// Reads the columns code, parent, head (a NIP or internal number) and name, by those names or their Indonesian ones.
///
/// `standing` are the units that the agency has: code and parent's code. A row may name a unit of either as its
/// parent; a row with a standing unit's code changes that unit. Rows without a parent that exists, and rows on a
/// circle of parents, stay out, and so do the rows that hang on them alone.
pub fn read(table: &Table, standing: &[(String, Option<String>)]) -> Result<UnitFile, HeaderError> {
    let code = table.required_column(&["CODE", "KODE"])?;
    let parent = table.required_column(&["PARENT", "INDUK"])?;
    let head = table.column(&["HEAD", "PIMPINAN"])?;
    let name = table.column(&["NAME", "NAMA"])?;
    let last_needed = [Some(code), Some(parent), head, name].into_iter().flatten().max();
    let mut file = UnitFile {
        row_count: table.rows.len(),
        has_heads: head.is_some(),
        ..UnitFile::default()
    };
    let mut first_rows: HashMap<String, u32> = HashMap::new();
    for row in &table.rows {
        let read = if table.is_aligned(row, last_needed.unwrap_or(0)) {
            read_row(row, code, parent, head, name)
        } else {
            Err(vec![Finding::new(row.number, "code", Reason::Shifted)])
        };
        match read {
            Ok(unit) => {
                let first_row = *first_rows.entry(unit.code.clone()).or_insert(unit.row);
                if first_row == unit.row {
                    file.rows.push(unit);
                } else {
                    let reason = Reason::CodeRepeated { first_row };
                    file.findings.push(Finding::new(unit.row, "code", reason));
                }
            }
            Err(mut findings) => file.findings.append(&mut findings),
        }
    }
    refuse_orphans_and_circles(&mut file, standing);
    file.findings.sort_by_key(|finding| finding.row);
    Ok(file)
}

fn read_row(
    row: &Row,
    code: usize,
    parent: usize,
    head: Option<usize>,
    name: Option<usize>,
) -> Result<UnitRow, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut say = |field: &'static str, reason: Reason| findings.push(Finding::new(row.number, field, reason));
    let code = read_code(row.cell(Some(code)).text()).map_err(|reason| say("code", reason));
    let parent = match row.cell(Some(parent)).text() {
        "" | "-" => Ok(None),
        text => read_code(text).map(Some).map_err(|reason| say("parent", reason)),
    };
    let head = match row.cell(head).text() {
        "" | "-" => Ok(None),
        text => EmployeeNumber::parse(text)
            .map(Some)
            .map_err(|error| say("head", Reason::Number(error))),
    };
    let name = plain_text(row.cell(name).text(), 200)
        .map(str::to_owned)
        .map_err(|reason| say("name", reason));
    match (code, parent, head, name) {
        (Ok(code), Ok(parent), Ok(head), Ok(name)) => Ok(UnitRow {
            row: row.number,
            name: (!name.is_empty()).then_some(name),
            code,
            parent,
            head,
        }),
        (_, _, _, _) => Err(findings),
    }
}

fn read_code(text: &str) -> Result<String, Reason> {
    if text.is_empty() {
        return Err(Reason::Empty);
    }
    if text.chars().count() > 64 {
        return Err(Reason::TooLong { most: 64 });
    }
    let is_plain = text.starts_with(|character: char| character.is_ascii_alphanumeric())
        && text
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_' | '/'));
    is_plain.then(|| text.to_owned()).ok_or(Reason::CodeUnreadable)
}

/// Takes rows out until what is left forms a forest together with the standing units.
fn refuse_orphans_and_circles(file: &mut UnitFile, standing: &[(String, Option<String>)]) {
    loop {
        let mut parents: HashMap<&str, Option<&str>> = standing
            .iter()
            .map(|(code, parent)| (code.as_str(), parent.as_deref()))
            .collect();
        parents.extend(
            file.rows
                .iter()
                .map(|unit| (unit.code.as_str(), unit.parent.as_deref())),
        );
        let refused: Vec<Finding> = file
            .rows
            .iter()
            .filter_map(|unit| {
                let reason = if unit
                    .parent
                    .as_deref()
                    .is_some_and(|parent| !parents.contains_key(parent))
                {
                    Reason::ParentUnknown
                } else if is_on_circle(&unit.code, &parents) {
                    Reason::ParentCycle
                } else {
                    return None;
                };
                Some(Finding::new(unit.row, "parent", reason))
            })
            .collect();
        if refused.is_empty() {
            return;
        }
        let rows: HashSet<u32> = refused.iter().map(|finding| finding.row).collect();
        file.rows.retain(|unit| !rows.contains(&unit.row));
        // Without the refused rows others may hang in the air; look again.
        file.findings.extend(refused);
    }
}

fn is_on_circle(code: &str, parents: &HashMap<&str, Option<&str>>) -> bool {
    let mut seen = HashSet::new();
    let mut at = parents.get(code).copied().flatten();
    while let Some(parent) = at {
        if parent == code {
            return true;
        }
        // Another circle further up; its own rows are refused for it.
        if !seen.insert(parent) {
            return false;
        }
        at = parents.get(parent).copied().flatten();
    }
    false
}

/// The units of one agency, ready for questions.
#[derive(Clone, Debug, Default)]
pub struct UnitTree {
    units: HashMap<UnitId, (Option<UnitId>, Option<EmployeeId>)>,
}

impl UnitTree {
    /// Takes the units of one agency on one date.
    pub fn new(units: impl IntoIterator<Item = Unit>) -> Self {
        Self {
            units: units
                .into_iter()
                .map(|unit| (unit.id, (unit.parent_id, unit.head_id)))
                .collect(),
        }
    }

    /// The direct superior (atasan langsung) of a person in `unit`: its head, or, for a head, the head of the
    /// nearest unit above that has another one. `None` at the top, in an unknown unit, and where all are vacant.
    ///
    /// Who heads several units of a line, as an acting head does, answers to the first other head above them all;
    /// so nobody is the superior of their own superior.
    pub fn direct_superior(&self, person: EmployeeId, unit: UnitId) -> Option<EmployeeId> {
        let heads = self.heads_upward(unit);
        let above = heads
            .iter()
            .rposition(|head| *head == Some(person))
            .map_or(0, |highest| highest + 1);
        heads.into_iter().skip(above).flatten().next()
    }

    /// The heads of the unit and of all above it, nearest first; a vacant post is `None`.
    fn heads_upward(&self, unit: UnitId) -> Vec<Option<EmployeeId>> {
        let mut heads = Vec::new();
        let mut at = Some(unit);
        while let Some((parent, head)) = at.and_then(|id| self.units.get(&id)) {
            heads.push(*head);
            // A circle can't be stored, but a walk that could not end would be worse than a wrong answer.
            if heads.len() > self.units.len() {
                break;
            }
            at = *parent;
        }
        heads
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table::Cell;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn table(text: &str) -> Table {
        let mut lines = text.lines();
        Table {
            header: lines.next().unwrap().split(',').map(str::to_owned).collect(),
            rows: (2..)
                .zip(lines)
                .map(|(number, line)| Row {
                    number,
                    cells: line.split(',').map(Cell::from_text).collect(),
                })
                .collect(),
        }
    }

    fn standing(pairs: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
        pairs
            .iter()
            .map(|(code, parent)| ((*code).to_owned(), (!parent.is_empty()).then(|| (*parent).to_owned())))
            .collect()
    }

    fn outcome(text: &str, pairs: &[(&str, &str)]) -> (Vec<String>, Vec<(u32, Reason)>) {
        let file = read(&table(text), &standing(pairs)).unwrap();
        (
            file.rows.into_iter().map(|unit| unit.code).collect(),
            file.findings
                .into_iter()
                .map(|finding| (finding.row, finding.reason))
                .collect(),
        )
    }

    const PERSON: fn(u128) -> EmployeeId = |number| EmployeeId::new(Uuid::from_u128(number));
    const UNIT: fn(u128) -> UnitId = |number| UnitId::new(Uuid::from_u128(number));

    /// (unit, parent or 0, head or 0)
    fn tree(units: &[(u128, u128, u128)]) -> UnitTree {
        UnitTree::new(units.iter().map(|(id, parent, head)| Unit {
            id: UNIT(*id),
            code: id.to_string(),
            name: id.to_string(),
            parent_id: (*parent != 0).then(|| UNIT(*parent)),
            head_id: (*head != 0).then(|| PERSON(*head)),
        }))
    }

    #[test]
    fn rows_may_name_a_parent_that_comes_later_or_stands_already() {
        let text = "name,code,head,parent\nSeksi A,A1,,A\nBidang A,A,198609262015051901,TOP\n,B,-,-";
        assert_eq!(
            outcome(text, &[("TOP", "")]),
            (vec!["A1".into(), "A".into(), "B".into()], vec![])
        );
        let file = read(&table(text), &standing(&[("TOP", "")])).unwrap();
        assert_eq!(file.rows[1].head.as_ref().unwrap().as_str(), "198609262015051901");
        assert_eq!(
            (file.rows[2].name.as_deref(), file.rows[2].parent.as_deref()),
            (None, None)
        );
    }

    #[test]
    fn an_unknown_parent_keeps_the_row_and_all_below_it_out() {
        let text = "code,parent\nA,NOWHERE\nA1,A\nA11,A1\nB,";
        let unknown = |row| (row, Reason::ParentUnknown);
        assert_eq!(
            outcome(text, &[]),
            (vec!["B".into()], vec![unknown(2), unknown(3), unknown(4)])
        );
    }

    #[test]
    fn a_circle_keeps_its_rows_out_also_when_a_standing_unit_closes_it() {
        let (rows, findings) = outcome("code,parent\nA,B\nB,A\nC,C\nD,", &[]);
        assert_eq!(rows, ["D"]);
        assert_eq!(
            findings,
            [
                (2, Reason::ParentCycle),
                (3, Reason::ParentCycle),
                (4, Reason::ParentCycle)
            ]
        );
        let (rows, findings) = outcome("code,parent\nTOP,LEAF", &[("TOP", ""), ("LEAF", "TOP")]);
        assert_eq!((rows.len(), findings), (0, vec![(2, Reason::ParentCycle)]));
    }

    #[test]
    fn a_repeated_code_and_bad_cells_are_named() {
        let text = "code,parent,head,name\nA,,,x\nA,,,y\n,,,z\nB C,,,x\nD,,123,x\nE,,,=x\nF,,,x,y";
        let (rows, findings) = outcome(text, &[]);
        assert_eq!(rows, ["A"]);
        let reasons: Vec<_> = findings.iter().map(|(row, reason)| (*row, reason.code())).collect();
        assert_eq!(
            reasons,
            [
                (3, "code_repeated"),
                (4, "empty"),
                (5, "code_unreadable"),
                (6, "number_length"),
                (7, "unsafe_text"),
                (8, "cells_shifted"),
            ]
        );
    }

    #[test]
    fn a_header_without_parents_is_refused() {
        assert_eq!(read(&table("code,name\nA,x"), &[]), Err(HeaderError::Missing("PARENT")));
    }

    #[test]
    fn the_superior_is_the_head_of_the_own_unit() {
        let tree = tree(&[(1, 0, 10), (2, 1, 20), (3, 2, 0)]);
        assert_eq!(tree.direct_superior(PERSON(99), UNIT(2)), Some(PERSON(20)));
        assert_eq!(
            tree.direct_superior(PERSON(99), UNIT(3)),
            Some(PERSON(20)),
            "a vacant post is passed over"
        );
    }

    #[test]
    fn a_head_answers_to_the_next_head_above_and_the_top_to_nobody() {
        let tree = tree(&[(1, 0, 10), (2, 1, 0), (3, 2, 30)]);
        assert_eq!(tree.direct_superior(PERSON(30), UNIT(3)), Some(PERSON(10)));
        assert_eq!(tree.direct_superior(PERSON(10), UNIT(1)), None);
        assert_eq!(tree.direct_superior(PERSON(10), UNIT(9)), None);
    }

    #[test]
    fn an_acting_head_of_two_units_is_not_their_own_superior() {
        let tree = tree(&[(1, 0, 10), (2, 1, 20), (3, 2, 20), (4, 3, 40)]);
        assert_eq!(tree.direct_superior(PERSON(20), UNIT(3)), Some(PERSON(10)));
        // The person of the top who sits in a unit below does not answer to a subordinate.
        assert_eq!(tree.direct_superior(PERSON(10), UNIT(4)), None);
    }

    proptest! {
        #[test]
        fn whatever_is_let_in_has_no_circle_and_nobody_is_their_own_superior(
            pairs in proptest::collection::vec((0_u8..12, 0_u8..14), 0..20),
        ) {
            let lines: Vec<String> = pairs
                .iter()
                .map(|(code, parent)| format!("U{code},{}", if *parent > 11 { String::new() } else { format!("U{parent}") }))
                .collect();
            let file = read(&table(&format!("code,parent\n{}", lines.join("\n"))), &[]).unwrap();
            prop_assert_eq!(file.rows.len() + file.findings.len(), file.row_count);
            let number = |code: &str| code.trim_start_matches('U').parse::<u128>().unwrap() + 1;
            let units: Vec<_> = file
                .rows
                .iter()
                .map(|unit| (number(&unit.code), unit.parent.as_deref().map_or(0, number), number(&unit.code)))
                .collect();
            let tree = tree(&units);
            for (id, _, head) in &units {
                let mut superiors = Vec::new();
                let (mut person, mut unit) = (PERSON(*head), UNIT(*id));
                while let Some(superior) = tree.direct_superior(person, unit) {
                    prop_assert_ne!(superior, person);
                    superiors.push(superior);
                    prop_assert!(superiors.len() <= units.len());
                    (person, unit) = (superior, UNIT(superior.uuid().as_u128()));
                }
            }
        }
    }
}

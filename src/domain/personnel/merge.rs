//! What a row of the personnel export means for what is known already. The same row twice changes nothing.

use crate::domain::access::AgencyCode;
use crate::domain::employee_number::EmployeeNumberKind;
use crate::domain::ids::UnitId;
use crate::domain::import_report::Reason;
use crate::domain::membership::Stretch;
use crate::domain::membership::on;
use crate::domain::personnel::PersonnelRow;
use crate::domain::personnel::Present;
use chrono::NaiveDate;
use std::collections::HashMap;

/// What is known about a person wherever they work.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Profile {
    /// By the number.
    pub kind: EmployeeNumberKind,
    /// Without titles.
    pub name: String,
    /// May be empty.
    pub front_title: String,
    /// May be empty.
    pub back_title: String,
    /// For notices.
    pub email: Option<String>,
    /// For calls by the operator.
    pub phone: Option<String>,
}

/// What a person does in an agency.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Post {
    /// The unit, where it is registered.
    pub unit_id: Option<UnitId>,
    /// The unit's name as the export has it.
    pub unit_name: Option<String>,
    /// Kedudukan hukum.
    pub legal_status: Option<String>,
    /// Golongan ruang.
    pub grade: Option<String>,
    /// Jabatan.
    pub position: Option<String>,
    /// Eselon.
    pub echelon: Option<String>,
}

/// A person who was found by the row's number.
#[derive(Clone, Debug)]
pub struct Known<'a> {
    /// As stored.
    pub profile: &'a Profile,
    /// Every stretch, in order.
    pub stretches: &'a [Stretch],
    /// The post of the stretch that covers today; default where none does.
    pub post: &'a Post,
}

/// Whether the row's unit is registered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RowUnit {
    /// It is.
    Registered(UnitId),
    /// It is not, or several bear its name.
    Unknown,
    /// The row names none.
    NotNamed,
}

/// The units of an agency by code and by name.
#[derive(Clone, Debug, Default)]
pub struct UnitIndex {
    by_code: HashMap<String, UnitId>,
    by_name: HashMap<String, Option<UnitId>>,
}

impl UnitIndex {
    /// Takes ids, codes and names of one agency's units.
    pub fn new<'a>(units: impl IntoIterator<Item = (UnitId, &'a str, &'a str)>) -> Self {
        let mut index = Self::default();
        for (id, code, name) in units {
            index.by_code.insert(code.to_owned(), id);
            index
                .by_name
                .entry(name_key(name))
                // Two units of one name: neither is meant surely.
                .and_modify(|unit| *unit = None)
                .or_insert(Some(id));
        }
        index
    }

    /// The unit that a row names: by code, else by name whatever its case and spacing.
    pub fn of_row(&self, row: &PersonnelRow) -> RowUnit {
        let names = [row.unit_code.as_deref(), row.unit_name.as_deref()];
        if names.iter().all(Option::is_none) {
            return RowUnit::NotNamed;
        }
        names
            .into_iter()
            .flatten()
            .find_map(|name| self.of_name(name))
            .map_or(RowUnit::Unknown, RowUnit::Registered)
    }

    /// The unit with this code or, failing that, this name.
    pub fn of_name(&self, name: &str) -> Option<UnitId> {
        self.by_code
            .get(name)
            .copied()
            .or_else(|| self.by_name.get(&name_key(name)).copied().flatten())
    }
}

fn name_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// What to do with a row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Step {
    /// A new person begins today.
    Add(Profile, Post),
    /// The person stays; what has changed, if anything.
    Keep {
        /// The new profile.
        profile: Option<Profile>,
        /// The new post, and whether a new stretch begins with it today.
        post: Option<(Post, PostChange)>,
    },
    /// The row stays out.
    Refuse(Reason),
}

/// How a change of post is recorded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PostChange {
    /// The stretch began today, or nothing changed that a past day was judged by.
    InPlace,
    /// The post held until yesterday keeps its days.
    NewStretch,
}

/// Decides one row. What the file has no column for stays as it was; so do e-mail and phone where the cell is empty.
pub fn merge(
    row: &PersonnelRow,
    present: Present,
    unit: RowUnit,
    known: Option<&Known<'_>>,
    agency: &AgencyCode,
    today: NaiveDate,
) -> Step {
    let Some(known) = known else {
        let blank = Profile {
            kind: row.number.kind(),
            name: String::new(),
            front_title: String::new(),
            back_title: String::new(),
            email: None,
            phone: None,
        };
        return Step::Add(
            merged_profile(row, present, &blank),
            merged_post(row, present, unit, &Post::default()),
        );
    };
    let Some(current) = on(known.stretches, today) else {
        return Step::Refuse(Reason::MembershipEnded);
    };
    if current.agency != *agency {
        return Step::Refuse(Reason::BelongsElsewhere);
    }
    let profile = merged_profile(row, present, known.profile);
    let post = merged_post(row, present, unit, known.post);
    let is_judged_by = |post: &Post| (post.unit_id, post.position.clone(), post.echelon.clone());
    let change = if current.valid_from < today && is_judged_by(&post) != is_judged_by(known.post) {
        PostChange::NewStretch
    } else {
        PostChange::InPlace
    };
    Step::Keep {
        profile: (profile != *known.profile).then_some(profile),
        post: (post != *known.post).then_some((post, change)),
    }
}

fn merged_profile(row: &PersonnelRow, present: Present, known: &Profile) -> Profile {
    let title = |is_present: bool, read: &Option<String>, stands: &str| {
        if is_present {
            read.clone().unwrap_or_default()
        } else {
            stands.to_owned()
        }
    };
    Profile {
        // Only a change of number changes the kind; the row may bear an old number.
        kind: known.kind,
        name: row.name.clone(),
        front_title: title(present.title_before, &row.title_before, &known.front_title),
        back_title: title(present.title_after, &row.title_after, &known.back_title),
        email: row.email.clone().or_else(|| known.email.clone()),
        phone: row.phone.clone().or_else(|| known.phone.clone()),
    }
}

fn merged_post(row: &PersonnelRow, present: Present, unit: RowUnit, known: &Post) -> Post {
    let value = |is_present: bool, read: &Option<String>, stands: &Option<String>| {
        if is_present { read.clone() } else { stands.clone() }
    };
    let unit_name = value(
        present.unit,
        &row.unit_name.clone().or_else(|| row.unit_code.clone()),
        &known.unit_name,
    );
    let unit_id = match unit {
        RowUnit::Registered(id) => Some(id),
        RowUnit::NotNamed if present.unit => None,
        // Placed by hand, or by a unit's import, under the name that still stands.
        RowUnit::NotNamed | RowUnit::Unknown if unit_name == known.unit_name => known.unit_id,
        RowUnit::NotNamed | RowUnit::Unknown => None,
    };
    Post {
        unit_id,
        unit_name,
        legal_status: value(present.legal_status, &row.legal_status, &known.legal_status),
        grade: value(present.grade, &row.grade, &known.grade),
        position: value(present.position, &row.position, &known.position),
        echelon: value(present.echelon, &row.echelon, &known.echelon),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::employee_number::EmployeeNumber;
    use uuid::Uuid;

    const ALL: Present = Present {
        title_before: true,
        title_after: true,
        grade: true,
        position: true,
        echelon: true,
        unit: true,
        legal_status: true,
    };

    fn row() -> PersonnelRow {
        PersonnelRow {
            row: 2,
            number: EmployeeNumber::parse("199012012019032904").unwrap(),
            name: "SITI".to_owned(),
            title_before: None,
            title_after: Some("S.Kom.".to_owned()),
            grade: Some("III/a".to_owned()),
            position: Some("Pranata Komputer".to_owned()),
            echelon: None,
            unit_code: None,
            unit_name: Some("Bidang A".to_owned()),
            legal_status: Some("Aktif".to_owned()),
            email: Some("siti@example.invalid".to_owned()),
            phone: None,
        }
    }

    fn agency() -> AgencyCode {
        AgencyCode::parse("1.01").unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn added(row: &PersonnelRow, unit: RowUnit) -> (Profile, Post) {
        let Step::Add(profile, post) = merge(row, ALL, unit, None, &agency(), day("2026-03-02")) else {
            panic!("not added");
        };
        (profile, post)
    }

    fn again(row: &PersonnelRow, present: Present, unit: RowUnit, from: &str, profile: &Profile, post: &Post) -> Step {
        let stretches = [Stretch {
            agency: agency(),
            valid_from: day(from),
            valid_to: None,
        }];
        let known = Known {
            profile,
            stretches: &stretches,
            post,
        };
        merge(row, present, unit, Some(&known), &agency(), day("2026-03-02"))
    }

    const UNCHANGED: Step = Step::Keep {
        profile: None,
        post: None,
    };

    #[test]
    fn the_same_row_twice_changes_nothing() {
        for unit in [RowUnit::Unknown, RowUnit::Registered(UnitId::new(Uuid::from_u128(1)))] {
            let (profile, post) = added(&row(), unit);
            assert_eq!(again(&row(), ALL, unit, "2026-01-01", &profile, &post), UNCHANGED);
        }
    }

    #[test]
    fn a_new_position_begins_a_new_stretch_and_a_new_grade_does_not() {
        let (profile, post) = added(&row(), RowUnit::Unknown);
        let change = |row: &PersonnelRow, from: &str| match again(row, ALL, RowUnit::Unknown, from, &profile, &post) {
            Step::Keep {
                post: Some((_, change)),
                ..
            } => change,
            Step::Add(..) | Step::Keep { .. } | Step::Refuse(_) => panic!("no change of post"),
        };
        let promoted = PersonnelRow {
            position: Some("Kepala Seksi".to_owned()),
            ..row()
        };
        assert_eq!(change(&promoted, "2026-01-01"), PostChange::NewStretch);
        assert_eq!(change(&promoted, "2026-03-02"), PostChange::InPlace);
        let raised = PersonnelRow {
            grade: Some("III/b".to_owned()),
            ..row()
        };
        assert_eq!(change(&raised, "2026-01-01"), PostChange::InPlace);
    }

    #[test]
    fn what_the_file_has_no_column_for_stays() {
        let (profile, post) = added(&row(), RowUnit::Unknown);
        let bare = PersonnelRow {
            title_after: None,
            grade: None,
            position: None,
            unit_name: None,
            legal_status: None,
            email: None,
            ..row()
        };
        let step = again(
            &bare,
            Present::default(),
            RowUnit::NotNamed,
            "2026-01-01",
            &profile,
            &post,
        );
        assert_eq!(step, UNCHANGED);
        let Step::Keep {
            post: Some((emptied, _)),
            ..
        } = again(&bare, ALL, RowUnit::NotNamed, "2026-01-01", &profile, &post)
        else {
            panic!("not changed");
        };
        assert_eq!(emptied, Post::default());
    }

    #[test]
    fn a_unit_given_later_is_kept_while_its_name_stands() {
        let (profile, mut post) = added(&row(), RowUnit::Unknown);
        post.unit_id = Some(UnitId::new(Uuid::from_u128(1)));
        assert_eq!(
            again(&row(), ALL, RowUnit::Unknown, "2026-01-01", &profile, &post),
            UNCHANGED
        );
    }

    #[test]
    fn a_unit_is_found_by_code_then_by_a_name_that_only_one_bears() {
        let id = |number| UnitId::new(Uuid::from_u128(number));
        let index = UnitIndex::new([(id(1), "A", "Bidang  A"), (id(2), "B", "Seksi"), (id(3), "C", "seksi")]);
        assert_eq!(index.of_row(&row()), RowUnit::Registered(id(1)));
        let named = |code: Option<&str>, name: Option<&str>| {
            index.of_row(&PersonnelRow {
                unit_code: code.map(str::to_owned),
                unit_name: name.map(str::to_owned),
                ..row()
            })
        };
        assert_eq!(named(Some("C"), Some("Seksi")), RowUnit::Registered(id(3)));
        assert_eq!(named(None, Some("SEKSI")), RowUnit::Unknown);
        assert_eq!(named(Some("X"), None), RowUnit::Unknown);
        assert_eq!(named(None, None), RowUnit::NotNamed);
    }

    #[test]
    fn people_of_other_agencies_and_people_who_left_stay_out() {
        let (profile, post) = added(&row(), RowUnit::Unknown);
        let outcome = |agency_code: &str, valid_to: Option<&str>| {
            let stretches = [Stretch {
                agency: AgencyCode::parse(agency_code).unwrap(),
                valid_from: day("2020-01-01"),
                valid_to: valid_to.map(day),
            }];
            let known = Known {
                profile: &profile,
                stretches: &stretches,
                post: &post,
            };
            merge(
                &row(),
                ALL,
                RowUnit::Unknown,
                Some(&known),
                &agency(),
                day("2026-03-02"),
            )
        };
        assert_eq!(outcome("1.02", None), Step::Refuse(Reason::BelongsElsewhere));
        assert_eq!(
            outcome("1.01", Some("2026-03-01")),
            Step::Refuse(Reason::MembershipEnded)
        );
        assert_eq!(outcome("1.01", Some("2026-03-02")), UNCHANGED);
    }
}

//! From a table to people and findings.

use crate::domain::employee_number::EmployeeNumber;
use crate::domain::import_report::Finding;
use crate::domain::import_report::Reason;
use crate::domain::import_report::Severity;
use crate::domain::import_report::plain_text;
use crate::domain::personnel::Personnel;
use crate::domain::personnel::PersonnelRow;
use crate::domain::personnel::columns::Columns;
use crate::domain::personnel::columns::SIASN_COLUMNS;
use crate::domain::personnel::text::has_left;
use crate::domain::personnel::text::is_email;
use crate::domain::personnel::text::phone_digits;
use crate::domain::personnel::text::read_date;
use crate::domain::personnel::text::read_kind;
use crate::domain::personnel::text::read_sex;
use crate::domain::table::Cell;
use crate::domain::table::HeaderError;
use crate::domain::table::Row;
use crate::domain::table::Table;
use crate::domain::table::column_key;
use std::collections::HashMap;

/// Reads a whole file. A bad row never harms its neighbours; only a header without number or name refuses the file.
pub fn read(table: &Table) -> Result<Personnel, HeaderError> {
    let columns = Columns::find(table)?;
    let mut personnel = Personnel {
        row_count: table.rows.len(),
        present: columns.present(),
        ..Personnel::default()
    };
    sort_columns(&mut personnel, table, &columns);
    let mut first_rows: HashMap<EmployeeNumber, u32> = HashMap::new();
    let last_needed = columns.last_needed();
    for row in &table.rows {
        if !table.is_aligned(row, last_needed) {
            personnel
                .findings
                .push(Finding::new(row.number, "NIP BARU", Reason::Shifted));
            continue;
        }
        let (person, mut findings) = read_row(row, &columns);
        if let Some(person) = person {
            let first_row = *first_rows.entry(person.number.clone()).or_insert(row.number);
            if first_row == row.number {
                personnel.rows.push(person);
            } else {
                // Which of the two is right can't be told; the first stands and a person decides.
                findings.push(Finding::new(
                    row.number,
                    "NIP BARU",
                    Reason::NumberRepeated { first_row },
                ));
            }
        }
        personnel.findings.append(&mut findings);
    }
    Ok(personnel)
}

fn sort_columns(personnel: &mut Personnel, table: &Table, columns: &Columns) {
    let kept = columns.kept();
    for (index, name) in table.header.iter().enumerate() {
        if kept.contains(&Some(index)) {
            personnel.kept_columns.push(name.clone());
        } else if columns.birth_date == Some(index) || columns.sex == Some(index) {
            personnel.compared_columns.push(name.clone());
        } else {
            personnel.dropped_columns.push(name.clone());
            if !SIASN_COLUMNS.contains(&column_key(name).as_str()) {
                personnel.unknown_columns.push(name.clone());
            }
        }
    }
}

/// Everything that is wrong with a row is said at once, so that one correction round is enough.
fn read_row(row: &Row, columns: &Columns) -> (Option<PersonnelRow>, Vec<Finding>) {
    let mut findings = Vec::new();
    let number = read_number(row.cell(Some(columns.number)));
    let mut say = |field: &'static str, reason: Reason| findings.push(Finding::new(row.number, field, reason));
    let number = number.map_err(|reason| say("NIP BARU", reason)).ok();
    let mut text = |column: Option<usize>, field: &'static str, most: usize| {
        let cell = row.cell(column).text();
        match plain_text(cell, most) {
            // Exports write a lone hyphen where there is nothing.
            _ if cell == "-" => None,
            Ok("") => None,
            Ok(text) => Some(text.to_owned()),
            Err(reason) => {
                say(field, reason);
                None
            }
        }
    };
    let name = text(Some(columns.name), "NAMA", 200);
    let title_before = text(columns.title_before, "GELAR DEPAN", 50);
    let title_after = text(columns.title_after, "GELAR BELAKANG", 100);
    let grade = text(columns.grade, "GOL AKHIR NAMA", 20);
    let position = text(columns.position, "JABATAN NAMA", 200);
    let echelon = text(columns.echelon, "ESELON NAMA", 20);
    let unit_code = text(columns.unit_code, "UNOR ID", 64);
    let unit_name = text(columns.unit_name, "UNOR NAMA", 200);
    let kind = text(columns.kind, "JENIS PEGAWAI NAMA", 100);
    let legal_status = text(columns.legal_status, "KEDUDUKAN HUKUM NAMA", 100);
    if row.cell(Some(columns.name)).text().is_empty() {
        say("NAMA", Reason::Empty);
    }
    if legal_status.as_deref().is_some_and(has_left) {
        say("KEDUDUKAN HUKUM NAMA", Reason::HasLeft);
    }
    let phone = row.cell(columns.phone).text();
    let readable_phone = phone_digits(phone);
    if readable_phone.is_none() && !phone.is_empty() {
        say("NOMOR HP", Reason::PhoneUnreadable);
    }
    let official = row.cell(columns.email_official).text();
    let email = if official.is_empty() {
        row.cell(columns.email).text()
    } else {
        official
    };
    if !email.is_empty() && !is_email(email) {
        say("EMAIL", Reason::EmailUnreadable);
    }
    if let Some(number) = &number {
        let stated = |column| row.cell(column).text();
        findings.extend(
            compare(number, stated(columns.birth_date), stated(columns.sex), kind.as_deref())
                .into_iter()
                .map(|(field, reason)| Finding::new(row.number, field, reason)),
        );
    }
    let is_refused = findings
        .iter()
        .any(|finding| finding.reason.severity() == Severity::Error);
    let person = match (number, name) {
        (Some(number), Some(name)) if !is_refused => Some(PersonnelRow {
            row: row.number,
            number,
            name,
            title_before,
            title_after,
            grade,
            position,
            echelon,
            unit_code,
            unit_name,
            legal_status,
            email: is_email(email).then(|| email.to_owned()),
            phone: readable_phone,
        }),
        (_, _) => None,
    };
    (person, findings)
}

fn read_number(cell: &Cell) -> Result<EmployeeNumber, Reason> {
    match cell {
        Cell::Lost => Err(Reason::NumberLostDigits),
        Cell::Empty | Cell::Text(_) => EmployeeNumber::parse(cell.text()).map_err(Reason::Number),
    }
}

/// What the other columns say against the number (domain.md 1.7): the sex must agree, the date of birth should.
fn compare(number: &EmployeeNumber, birth_date: &str, sex: &str, kind: Option<&str>) -> Vec<(&'static str, Reason)> {
    let mut reasons = Vec::new();
    if let Some(in_number) = number.birth_date().filter(|_| !birth_date.is_empty()) {
        match read_date(birth_date) {
            Some(date) if date == in_number => {}
            Some(_) => reasons.push(("TANGGAL LAHIR", Reason::BirthDateDiffers)),
            None => reasons.push(("TANGGAL LAHIR", Reason::BirthDateUnreadable)),
        }
    }
    if let Some(in_number) = number.sex().filter(|_| !sex.is_empty()) {
        match read_sex(sex) {
            Some(sex) if sex == in_number => {}
            Some(_) => reasons.push(("JENIS KELAMIN", Reason::SexDiffers)),
            None => reasons.push(("JENIS KELAMIN", Reason::SexUnreadable)),
        }
    }
    let stated = kind.and_then(read_kind);
    if stated.is_some_and(|stated| stated != number.kind()) {
        reasons.push(("JENIS PEGAWAI NAMA", Reason::KindDiffers));
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::employee_number::EmployeeNumberError;
    use crate::domain::employee_number::EmployeeNumberKind;

    const EXPORT: &str = include_str!("../../../tests/fixtures/simpeg_siasn_export_synthetic.csv");

    /// Splits a text without quotes; the real reader lives in platform.
    fn table(text: &str) -> Table {
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        Table {
            header: lines.next().unwrap().split(';').map(str::to_owned).collect(),
            rows: (2..)
                .zip(lines)
                .map(|(number, line)| Row {
                    number,
                    cells: line.split(';').map(Cell::from_text).collect(),
                })
                .collect(),
        }
    }

    fn findings(text: &str) -> Vec<(u32, &'static str, Reason)> {
        read(&table(text))
            .unwrap()
            .findings
            .into_iter()
            .map(|finding| (finding.row, finding.field, finding.reason))
            .collect()
    }

    #[test]
    fn the_export_gives_only_what_is_needed_and_says_what_was_dropped() {
        let personnel = read(&table(EXPORT)).unwrap();
        assert_eq!(personnel.rows.len(), 8);
        let first = &personnel.rows[0];
        assert_eq!(first.row, 2);
        assert_eq!(first.number.as_str(), "196802111993031901");
        assert_eq!(
            (first.name.as_str(), first.title_before.as_deref()),
            ("CONTOH SATU", Some("Drs."))
        );
        assert_eq!(first.title_after.as_deref(), Some("M.Si"));
        assert_eq!(first.grade.as_deref(), Some("IV/b"));
        assert_eq!(first.position.as_deref(), Some("Kepala Dinas"));
        assert_eq!(first.echelon.as_deref(), Some("II.a"));
        assert_eq!(first.unit_name.as_deref(), Some("Dinas Pendidikan dan Kebudayaan"));
        assert_eq!(first.email.as_deref(), Some("contoh1@example.invalid"));
        assert_eq!(first.phone.as_deref(), Some("08000000001"));
        let kinds: Vec<_> = personnel.rows.iter().map(|person| person.number.kind()).collect();
        assert_eq!(
            kinds.iter().filter(|kind| **kind == EmployeeNumberKind::Pppk).count(),
            2
        );
        assert_eq!(personnel.compared_columns, ["TANGGAL LAHIR", "JENIS KELAMIN"]);
        for dropped in [
            "AGAMA NAMA",
            "JENIS KAWIN NAMA",
            "NIK",
            "NPWP NOMOR",
            "BPJS",
            "ALAMAT",
            "TEMPAT LAHIR NAMA",
        ] {
            assert!(
                personnel.dropped_columns.iter().any(|name| name == dropped),
                "{dropped}"
            );
        }
        assert_eq!(
            personnel.kept_columns.len() + personnel.compared_columns.len() + personnel.dropped_columns.len(),
            69
        );
        assert_eq!(personnel.unknown_columns, Vec::<String>::new());
    }

    #[test]
    fn the_export_of_the_fixture_has_no_findings() {
        assert_eq!(findings(EXPORT), []);
    }

    #[test]
    fn columns_may_come_in_any_order_and_unknown_ones_are_named() {
        let personnel = read(&table("HOBI;nama;NIP\nikan;SITI;199012012019032904")).unwrap();
        assert_eq!(personnel.rows.len(), 1);
        assert_eq!(personnel.unknown_columns, ["HOBI"]);
    }

    #[test]
    fn a_header_without_the_number_refuses_the_file() {
        assert_eq!(read(&table("NAMA;NIK\nSITI;1")), Err(HeaderError::Missing("NIP BARU")));
    }

    #[test]
    fn a_bad_row_says_all_that_is_wrong_and_its_neighbours_go_in() {
        let text = "NIP BARU;NAMA;NOMOR HP\n1.98609E+17;;x\n199012012019032904;SITI;0812345678";
        let personnel = read(&table(text)).unwrap();
        assert_eq!(personnel.rows.len(), 1);
        assert_eq!(
            findings(text),
            [
                (2, "NIP BARU", Reason::Number(EmployeeNumberError::ScientificNotation)),
                (2, "NAMA", Reason::Empty),
                (2, "NOMOR HP", Reason::PhoneUnreadable),
            ]
        );
    }

    #[test]
    fn a_number_that_a_workbook_cut_is_reported_and_never_guessed() {
        let mut table = table("NIP BARU;NAMA\nx;SITI");
        table.rows[0].cells[0] = Cell::Lost;
        let personnel = read(&table).unwrap();
        assert_eq!(personnel.rows, []);
        assert_eq!(
            personnel.findings,
            [Finding::new(2, "NIP BARU", Reason::NumberLostDigits)]
        );
    }

    #[test]
    fn the_second_of_two_rows_with_one_number_stays_out() {
        let text = "NIP BARU;NAMA\n199012012019032904;SITI\n'19901201 201903 2 904;SITA\n199012012019032904;SITU";
        assert_eq!(read(&table(text)).unwrap().rows.len(), 1);
        assert_eq!(
            findings(text),
            [
                (3, "NIP BARU", Reason::NumberRepeated { first_row: 2 }),
                (4, "NIP BARU", Reason::NumberRepeated { first_row: 2 }),
            ]
        );
    }

    #[test]
    fn another_birth_date_warns_and_another_sex_refuses() {
        let header = "NIP BARU;NAMA;TANGGAL LAHIR;JENIS KELAMIN\n";
        let row = |rest: &str| format!("{header}199012012019032904;SITI;{rest}");
        assert_eq!(findings(&row("01-12-1990;F")), []);
        assert_eq!(findings(&row("1990-12-01;P")), []);
        assert_eq!(
            findings(&row("02-12-1990;F")),
            [(2, "TANGGAL LAHIR", Reason::BirthDateDiffers)]
        );
        assert_eq!(
            findings(&row("1 Des 1990;F")),
            [(2, "TANGGAL LAHIR", Reason::BirthDateUnreadable)]
        );
        assert_eq!(read(&table(&row("02-12-1990;F"))).unwrap().rows.len(), 1);
        assert_eq!(
            findings(&row("01-12-1990;M")),
            [(2, "JENIS KELAMIN", Reason::SexDiffers)]
        );
        assert_eq!(read(&table(&row("01-12-1990;M"))).unwrap().rows.len(), 0);
    }

    #[test]
    fn a_row_whose_cells_have_shifted_stays_out() {
        let text = "NIP BARU;NAMA\n199012012019032904;SITI; S.Kom.\n199012012019032904";
        assert_eq!(
            findings(text),
            [(2, "NIP BARU", Reason::Shifted), (3, "NIP BARU", Reason::Shifted)]
        );
        assert_eq!(read(&table(text)).unwrap().rows, []);
    }

    #[test]
    fn formula_cells_stay_out() {
        let text = "NIP BARU;NAMA\n199012012019032904;=HYPERLINK(1)";
        assert_eq!(findings(text), [(2, "NAMA", Reason::Unsafe)]);
        assert_eq!(read(&table(text)).unwrap().rows, []);
    }

    #[test]
    fn who_has_left_stays_out_and_a_lone_hyphen_is_nothing() {
        let text = "NIP BARU;NAMA;KEDUDUKAN HUKUM NAMA;GELAR BELAKANG\n199012012019032904;SITI;Pensiun;-";
        assert_eq!(findings(text), [(2, "KEDUDUKAN HUKUM NAMA", Reason::HasLeft)]);
        let active = read(&table(&text.replace("Pensiun", "Aktif"))).unwrap();
        assert_eq!(active.rows[0].title_after, None);
        assert_eq!(active.findings, []);
    }

    #[test]
    fn people_never_show_in_debug() {
        let personnel = read(&table(EXPORT)).unwrap();
        let shown = format!("{personnel:?}");
        assert!(!shown.contains("CONTOH") && !shown.contains("19680211"));
    }
}

//! A recap as rows of cells, exactly as offices print it.

use crate::domain::recap::sheet::Heading;
use crate::domain::recap::sheet::LEGEND;
use crate::domain::recap::sheet::LEGEND_OF_MARKS;
use crate::domain::recap::sheet::Line;
use crate::domain::recap::sheet::dates;
use crate::platform::table::Cell;
use crate::platform::table::grouped_number;

/// The column under which the officer signs.
const OFFICER_COLUMN: usize = 2;

/// One person's row. A NIP stands in its printed groups, so that no spreadsheet rounds it.
pub(super) fn cells<'a>(heading: &Heading, number: i32, line: &'a Line) -> Vec<Cell<'a>> {
    let totals = &line.totals;
    let count = |count: u16| Cell::Count(u64::from(count));
    let optional = |text: &'a Option<String>| text.as_deref().map_or(Cell::Empty, Cell::text);
    let mut cells = vec![
        Cell::Count(u64::try_from(number).unwrap_or(0)),
        Cell::text(grouped_number(&line.number)),
        Cell::text(line.name.as_str()),
        optional(&line.grade),
        optional(&line.position),
    ];
    cells.extend(dates(heading.month).map(|date| match line.sign_on(date) {
        sign if sign.is_empty() => Cell::Empty,
        sign => Cell::Sign(sign),
    }));
    let counts = [
        totals.work_days,
        totals.present,
        totals.office,
        totals.home,
        totals.picket,
        totals.travel,
        totals.leave,
        totals.sick,
        totals.permission,
        totals.absent,
    ];
    cells.extend(counts.map(|count| Cell::HalfDays(count.halves())));
    cells.extend(totals.bands.map(count));
    cells.extend([count(totals.activities), count(totals.approved_activities)]);
    cells.push(totals.attendance_bp.map_or(Cell::Empty, Cell::Percent));
    cells.push(Cell::Percent(totals.deduction_bp));
    cells
}

/// What stands below the people: empty row, legends, empty row, place and date, signatures; `columns` wide.
pub(super) fn closing_rows(heading: &Heading, columns: usize) -> Vec<Vec<String>> {
    let legend = |text: &str| text.split(';').map(str::to_owned).collect::<Vec<String>>();
    let mut rows = vec![Vec::new(), legend(LEGEND), legend(LEGEND_OF_MARKS), Vec::new()];
    let head_column = columns.saturating_sub(12);
    for (officer, head) in heading.signature_lines() {
        if officer.is_empty() && head.is_empty() {
            rows.push(Vec::new());
            continue;
        }
        let mut row = vec![String::new(); head_column.saturating_add(1)];
        for (column, text) in [(OFFICER_COLUMN, officer), (head_column, head)] {
            if let Some(cell) = row.get_mut(column) {
                // A NIP under a signature stands in its printed groups too.
                *cell = match text.strip_prefix("NIP ") {
                    Some(number) => format!("NIP {}", grouped_number(number)),
                    None => text,
                };
            }
        }
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::EmployeeId;
    use crate::domain::recap::allowance::AllowanceRules;
    use crate::domain::recap::allowance::BandCode;
    use crate::domain::recap::sheet::Signer;
    use crate::domain::recap::sheet::Standing;
    use crate::domain::recap::sheet::headings;
    use crate::domain::recap::sheet::totals;
    use crate::domain::recap::status::DayRecord;
    use crate::domain::recap::status::DayStatus;
    use crate::domain::recap::status::Deviation;
    use crate::domain::recap::status::Reason;
    use crate::domain::work_mode::WorkMode;
    use crate::platform::table::CsvTable;
    use crate::platform::table::csv_line;
    use uuid::Uuid;

    /// The recap of the domain report, section 4: eight people in March 2026.
    const SAMPLE: &str = include_str!("../../../tests/fixtures/rekap_presensi_bulanan_opd_synthetic.csv");

    fn heading() -> Heading {
        let signer = |name: &str| {
            Some(Signer {
                position: "Kepala Dinas".to_owned(),
                name: name.to_owned(),
                rank: "Pembina Tingkat I, IV/b".to_owned(),
                number: "196802111993031901".to_owned(),
            })
        };
        Heading {
            government: "Pemerintah Provinsi Banten".to_owned(),
            agency_code: "1.01".to_owned(),
            agency: "Contoh".to_owned(),
            month: "2026-03".parse().unwrap(),
            standing: Standing::Closed,
            version: Some(1),
            notes: Vec::new(),
            place: Some("Serang".to_owned()),
            date: chrono::NaiveDate::from_ymd_opt(2026, 4, 1).unwrap(),
            officer: signer("CONTOH DUA"),
            head: signer("CONTOH SATU"),
        }
    }

    fn day(date: chrono::NaiveDate, sign: &str) -> DayRecord {
        let (status, mode) = match sign {
            "K" => (DayStatus::Present, WorkMode::Wfo),
            "R" => (DayStatus::Present, WorkMode::Wfh),
            "P" => (DayStatus::Present, WorkMode::Picket),
            "DL" => (DayStatus::Present, WorkMode::DutyTravel),
            "C" => (DayStatus::Leave, WorkMode::Leave),
            "S" => (DayStatus::Sick, WorkMode::Sick),
            "TK" => (DayStatus::Absent, WorkMode::Wfh),
            "L" => (DayStatus::Holiday, WorkMode::Off),
            "-" => (DayStatus::Free, WorkMode::Off),
            other => panic!("{other} is not in the sample"),
        };
        DayRecord {
            date,
            status,
            mode,
            late: None,
            early: None,
            reasons: vec![Reason::DayOff],
            afternoon: None,
        }
    }

    /// A line of the sample, from its signs and its counts of TL, PSW and LKH alone.
    fn line(fields: &[&str]) -> Line {
        let mut days: Vec<DayRecord> = dates(heading().month)
            .zip(&fields[5..36])
            .map(|(date, sign)| day(date, sign))
            .collect();
        for (code, count) in BandCode::ALL.into_iter().zip(&fields[46..54]) {
            let deviation = Some(Deviation { code, minutes: None });
            let free = days.iter_mut().filter(|day| {
                let taken = if code.is_late() { day.late } else { day.early };
                day.status == DayStatus::Present && taken.is_none()
            });
            for day in free.take(count.parse().unwrap()) {
                *(if code.is_late() { &mut day.late } else { &mut day.early }) = deviation;
            }
        }
        let rules = AllowanceRules::shipped();
        let activities = (fields[54].parse().unwrap(), fields[55].parse().unwrap());
        Line {
            employee_id: EmployeeId::new(Uuid::from_u128(fields[0].parse().unwrap())),
            number: fields[1].to_owned(),
            name: fields[2].to_owned(),
            grade: Some(fields[3].to_owned()).filter(|grade| !grade.is_empty()),
            position: Some(fields[4].to_owned()),
            totals: totals(&days, activities, |_| &rules),
            days,
        }
    }

    /// The table as it is downloaded.
    fn csv(heading: &Heading, lines: &[Line]) -> String {
        let columns = headings(heading.month);
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        let mut table = CsvTable::below(Vec::new(), &heading.title_lines(), &names).unwrap();
        for (number, line) in (1..).zip(lines) {
            table.row(&cells(heading, number, line)).unwrap();
        }
        let mut text = String::from_utf8(table.finish().unwrap()).unwrap();
        for row in closing_rows(heading, columns.len()) {
            let fields: Vec<&str> = row.iter().map(String::as_str).collect();
            text.push_str(&csv_line(&fields).unwrap());
        }
        text
    }

    #[test]
    fn the_sample_of_march_2026_comes_out_line_for_line() {
        let people: Vec<&str> = SAMPLE
            .lines()
            .filter(|line| line.starts_with(|sign: char| sign.is_ascii_digit()))
            .collect();
        assert_eq!(people.len(), 8);
        let lines: Vec<Line> = people.iter().map(|line| line_of(line)).collect();
        let made = csv(&heading(), &lines);
        // The one difference: a NIP in its printed groups, which no spreadsheet rounds.
        let mut expected = SAMPLE.to_owned();
        for line in &lines {
            expected = expected.replace(&line.number, &grouped_number(&line.number));
        }
        for (made, expected) in made.lines().zip(expected.lines()) {
            assert_eq!(made, expected);
        }
        assert!(
            made.starts_with(&expected),
            "the sample is not the beginning of what was made"
        );
    }

    fn line_of(text: &str) -> Line {
        line(&text.split(';').collect::<Vec<_>>())
    }

    #[test]
    fn below_the_people_two_sign_with_rank_and_number() {
        let made = csv(&heading(), &[]);
        let below: Vec<&str> = made
            .lines()
            .skip_while(|line| !line.starts_with("Keterangan"))
            .collect();
        assert!(below[3].ends_with(";Serang, 1 April 2026"), "{below:?}");
        assert!(
            below[7].contains("CONTOH DUA") && below[7].ends_with("CONTOH SATU"),
            "{below:?}"
        );
        assert!(below[8].ends_with("\"Pembina Tingkat I, IV/b\"") || below[8].ends_with("Pembina Tingkat I, IV/b"));
        assert!(below[9].ends_with("NIP 19680211 199303 1 901"));
    }

    #[test]
    fn a_name_that_looks_like_a_formula_is_guarded() {
        let mut sample = line_of(SAMPLE.lines().find(|line| line.starts_with("1;")).unwrap());
        sample.name = "=HYPERLINK(1)".to_owned();
        assert!(csv(&heading(), &[sample]).contains(";'=HYPERLINK(1);"));
    }
}

//! A recap as the facts of its printed sheet (`data/templates/recap.typ`).

use crate::domain::language::Language;
use crate::domain::recap::allowance::BandCode;
use crate::domain::recap::day_sum::DaySum;
use crate::domain::recap::sentence;
use crate::domain::recap::sheet::LEGEND;
use crate::domain::recap::sheet::LEGEND_OF_MARKS;
use crate::domain::recap::sheet::Line;
use crate::domain::recap::sheet::Sheet;
use crate::domain::recap::sheet::Signer;
use crate::domain::recap::sheet::Standing;
use crate::domain::recap::sheet::dates;
use crate::domain::recap::status::DayStatus;
use chrono::{Datelike, NaiveDate, Weekday};
use serde_json::{Value, json};

/// What the template prints, in Indonesian.
pub fn facts(sheet: &Sheet) -> Value {
    let heading = &sheet.heading;
    let notes: Vec<String> = heading
        .notes
        .iter()
        .map(|note| sentence::note(*note, Language::Indonesian))
        .collect();
    let is_provisional = heading.standing == Standing::Provisional;
    let days: Vec<Value> = dates(heading.month)
        .map(|date| json!({"day": date.day(), "free": is_free(sheet, date)}))
        .collect();
    json!({
        "government": heading.government,
        "agency": heading.agency,
        "month": heading.month.to_string(),
        "version": heading.version,
        "provisional": is_provisional.then(|| notes.join(" ")),
        "days": days,
        "groups": groups(),
        "people": sheet.lines.iter().map(|line| person(sheet, line)).collect::<Vec<Value>>(),
        "legend": legend(),
        "notes": if is_provisional { Vec::new() } else { notes },
        "place": heading.place,
        "date": heading.date,
        "signatures": [
            signature(heading.head.as_ref(), Some("Mengetahui,"), &format!("Kepala {}", heading.agency)),
            signature(heading.officer.as_ref(), None, "Petugas kepegawaian"),
        ],
    })
}

/// Whether nobody works on the date who was not called in: as far as the people of the sheet tell, else by the week.
fn is_free(sheet: &Sheet, date: NaiveDate) -> bool {
    let mut records = sheet
        .lines
        .iter()
        .filter_map(|line| line.days.iter().find(|day| day.date == date))
        .filter(|day| day.status != DayStatus::Pending)
        .peekable();
    if records.peek().is_none() {
        return matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    }
    records.all(|day| {
        day.parts()
            .all(|(_, status, _)| matches!(status, DayStatus::Free | DayStatus::Holiday))
    })
}

fn groups() -> Value {
    let columns = |codes: &[&str]| codes.iter().map(|code| json!({"code": code})).collect::<Vec<Value>>();
    let bands = |is_late: bool| {
        let of_kind = BandCode::ALL.into_iter().filter(|code| code.is_late() == is_late);
        of_kind.map(|code| json!({"code": code.code()})).collect::<Vec<Value>>()
    };
    json!([
        {"title": "Jumlah hari", "columns": columns(&["HK", "H", "WFO", "WFH", "P", "DL", "C", "S", "I", "TK"])},
        {"title": "Terlambat", "columns": bands(true)},
        {"title": "Pulang cepat", "columns": bands(false)},
        {"title": "LKH", "columns": columns(&["Dibuat", "Disetujui"])},
        {"title": "Persen", "columns": [{"code": "Hadir", "wide": true}, {"code": "Potongan", "wide": true}]},
    ])
}

fn person(sheet: &Sheet, line: &Line) -> Value {
    let totals = &line.totals;
    let mut counts: Vec<Value> = [
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
    ]
    .map(days)
    .to_vec();
    let rest = totals.bands.into_iter();
    counts.extend(
        rest.chain([totals.activities, totals.approved_activities])
            .map(Value::from),
    );
    counts.push(totals.attendance_bp.map_or(Value::Null, |share| percent(share).into()));
    counts.push(percent(totals.deduction_bp).into());
    json!({
        "name": line.name,
        "employee_number": line.number,
        "grade": line.grade,
        "post": line.position,
        "days": dates(sheet.heading.month).map(|date| line.sign_on(date)).collect::<Vec<_>>(),
        "totals": counts,
    })
}

/// A number, or `4,5` as text: the template prints numbers with a point.
fn days(count: DaySum) -> Value {
    if count.halves().is_multiple_of(2) {
        count.whole_days().into()
    } else {
        count.to_string().into()
    }
}

/// `76,5`, or `76,25` where tenths do not hold it.
fn percent(basis_points: u32) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    if rest.is_multiple_of(10) {
        format!("{whole},{}", rest / 10)
    } else {
        format!("{whole},{rest:02}")
    }
}

/// The legends of the tables, sign by sign.
fn legend() -> Vec<Value> {
    let both = LEGEND
        .trim_start_matches("Keterangan: ")
        .split("; ")
        .chain(LEGEND_OF_MARKS.split("; "));
    both.map(|entry| match entry.split_once('=') {
        Some((code, meaning)) => json!({"code": code, "meaning": meaning}),
        None => json!({"code": "", "meaning": entry}),
    })
    .collect()
}

fn signature(signer: Option<&Signer>, lead: Option<&str>, post: &str) -> Value {
    match signer {
        Some(signer) => json!({
            "lead": lead,
            "post": if signer.position.is_empty() { post } else { &signer.position },
            "name": signer.name,
            "rank": signer.rank,
            "employee_number": signer.number,
        }),
        // To be filled in by hand.
        None => json!({"lead": lead, "post": post}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_printed_with_a_comma_and_lose_nothing() {
        assert_eq!(percent(7_650), "76,5");
        assert_eq!(percent(10_000), "100,0");
        assert_eq!(percent(125), "1,25");
        assert_eq!(percent(105), "1,05");
        assert_eq!(percent(0), "0,0");
    }

    #[test]
    fn each_sign_of_the_tables_is_explained() {
        let legend = legend();
        let meaning = |code: &str| {
            let entry = legend.iter().find(|entry| entry["code"] == code);
            entry.map(|entry| entry["meaning"].clone())
        };
        assert_eq!(meaning("TK"), Some(json!("Tanpa Keterangan")));
        assert_eq!(meaning("HK"), Some(json!("Hari Kerja")));
        assert_eq!(meaning("?"), Some(json!("perlu penjelasan, belum diputuskan")));
        assert!(legend.len() >= 12);
    }

    #[test]
    fn the_columns_are_as_many_as_a_person_has_totals() {
        let columns: usize = groups()
            .as_array()
            .unwrap()
            .iter()
            .map(|group| group["columns"].as_array().unwrap().len())
            .sum();
        assert_eq!(columns, 10 + 8 + 2 + 2);
    }
}

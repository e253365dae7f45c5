//! Totals: what they add up to, and what is taken off.

use super::*;
use crate::domain::recap::status::Deviation;
use crate::domain::recap::status::HalfRecord;
use crate::domain::recap::status::Reason;
use crate::domain::work_mode::WorkMode;
use proptest::prelude::*;
use uuid::Uuid;

/// A day of a status.
pub(crate) fn day(date: NaiveDate, status: DayStatus, mode: WorkMode) -> DayRecord {
    DayRecord {
        date,
        status,
        mode,
        late: None,
        early: None,
        reasons: vec![Reason::NoShareAsked],
        afternoon: None,
    }
}

/// A line of these days.
pub(crate) fn line(serial: u128, days: Vec<DayRecord>) -> Line {
    let rules = AllowanceRules::shipped();
    Line {
        employee_id: EmployeeId::new(Uuid::from_u128(serial)),
        number: format!("1986092620150510{serial:02}"),
        name: "CONTOH".to_owned(),
        grade: Some("III/b".to_owned()),
        position: None,
        totals: totals(&days, (0, 0), |_| &rules),
        days,
    }
}

fn march(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

#[test]
fn a_month_has_its_columns() {
    let columns = headings("2026-03".parse().unwrap());
    assert_eq!(columns.len(), 5 + 31 + 10 + 8 + 4);
    assert_eq!(
        (columns[5].as_str(), columns[35].as_str(), columns[36].as_str()),
        ("01", "31", "HK")
    );
    assert_eq!(headings("2026-02".parse().unwrap()).len(), 5 + 28 + 10 + 8 + 4);
}

#[test]
fn deductions_are_capped_and_added_in_basis_points() {
    let rules = AllowanceRules {
        cap_bp: 1_000,
        ..AllowanceRules::shipped()
    };
    let absent: Vec<DayRecord> = (2..=4)
        .map(|date| day(march(date), DayStatus::Absent, WorkMode::Wfh))
        .collect();
    assert_eq!(totals(&absent[..2], (0, 0), |_| &rules).deduction_bp, 800);
    assert_eq!(totals(&absent, (0, 0), |_| &rules).deduction_bp, 1_000);
    let mut late = day(march(5), DayStatus::Present, WorkMode::Wfo);
    late.late = Some(Deviation {
        code: BandCode::Late3,
        minutes: Some(70),
    });
    late.early = Some(Deviation {
        code: BandCode::Early4,
        minutes: None,
    });
    let sum = totals(&[late], (0, 0), |_| &rules);
    assert_eq!((sum.deduction_bp, sum.bands), (350, [0, 0, 1, 0, 0, 0, 0, 1]));
}

#[test]
fn each_day_is_counted_by_the_table_of_its_date() {
    let (old, new) = (
        AllowanceRules::shipped(),
        AllowanceRules {
            absent_bp: 500,
            ..AllowanceRules::shipped()
        },
    );
    let days = [
        day(march(13), DayStatus::Absent, WorkMode::Wfh),
        day(march(16), DayStatus::Absent, WorkMode::Wfh),
    ];
    let rules_on = |date| if date < march(15) { &old } else { &new };
    assert_eq!(totals(&days, (0, 0), rules_on).deduction_bp, 900);
}

#[test]
fn attendance_is_rounded_to_tenths_halves_up() {
    assert_eq!(attendance_bp(DaySum::of_days(13), DaySum::of_days(17)), Some(7_650));
    assert_eq!(attendance_bp(DaySum::of_days(17), DaySum::of_days(17)), Some(10_000));
    assert_eq!(attendance_bp(DaySum::of_days(1), DaySum::of_days(16)), Some(630));
    assert_eq!(attendance_bp(DaySum::of_days(0), DaySum::of_days(0)), None);
}

#[test]
fn half_a_day_counts_as_half_in_each_column_and_its_cell_shows_both_signs() {
    let half = |status, mode| {
        Some(HalfRecord {
            status,
            mode,
            reasons: Vec::new(),
        })
    };
    let rules = AllowanceRules::shipped();
    let days = [
        DayRecord {
            afternoon: half(DayStatus::Present, WorkMode::DutyTravel),
            ..day(march(2), DayStatus::Present, WorkMode::Wfh)
        },
        DayRecord {
            afternoon: half(DayStatus::Sick, WorkMode::Sick),
            ..day(march(3), DayStatus::Absent, WorkMode::Wfh)
        },
        day(march(4), DayStatus::Present, WorkMode::Wfo),
    ];
    let signs: Vec<String> = days.iter().map(|day| day.sign().into_owned()).collect();
    assert_eq!(signs, ["R/DL", "TK/S", "K"]);
    let sum = totals(&days, (0, 0), |_| &rules);
    let told = [
        sum.work_days,
        sum.present,
        sum.office,
        sum.home,
        sum.travel,
        sum.sick,
        sum.absent,
    ];
    assert_eq!(
        told.map(|count| count.to_string()),
        ["3", "2", "1", "0,5", "0,5", "0,5", "0,5"]
    );
    assert_eq!((sum.attendance_bp, sum.deduction_bp), (Some(6_670), 200));
    let text = serde_json::to_string(&sum).unwrap();
    assert!(
        text.contains("\"home\":0.5") && text.contains("\"work_days\":3,"),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Totals>(&text).unwrap(), sum);
}

#[test]
fn a_sheet_reads_back_from_its_json() {
    let heading = Heading {
        government: "Pemerintah Provinsi Banten".to_owned(),
        agency_code: "1.01".to_owned(),
        agency: "Dinas Contoh".to_owned(),
        month: "2026-03".parse().unwrap(),
        standing: Standing::Provisional,
        version: None,
        notes: vec![
            Note::MonthRuns { last_day: march(31) },
            Note::CorrectionsOpen { count: 2 },
        ],
        place: Some("Serang".to_owned()),
        date: march(31),
        officer: None,
        head: None,
    };
    assert_eq!(heading.title_lines()[3], "BULAN: MARET 2026");
    assert_eq!(heading.title_lines()[4], "SEMENTARA: BELUM DITUTUP");
    assert_eq!(heading.signature_lines()[0].1, "Serang, 31 Maret 2026");
    let sheet = Sheet {
        heading,
        lines: vec![line(1, vec![day(march(2), DayStatus::Leave, WorkMode::Leave)])],
    };
    let text = serde_json::to_string(&sheet).unwrap();
    assert_eq!(serde_json::from_str::<Sheet>(&text).unwrap(), sheet);
}

fn any_day() -> impl Strategy<Value = DayRecord> {
    let modes = proptest::sample::select(WorkMode::ALL[..6].to_vec());
    let statuses = proptest::sample::select(vec![
        DayStatus::Present,
        DayStatus::Incomplete,
        DayStatus::ToExplain,
        DayStatus::Leave,
        DayStatus::Sick,
        DayStatus::Permission,
        DayStatus::Absent,
        DayStatus::Free,
        DayStatus::Holiday,
        DayStatus::Pending,
    ]);
    let half = (statuses.clone(), modes.clone()).prop_map(|(status, mode)| HalfRecord {
        status,
        mode,
        reasons: Vec::new(),
    });
    let afternoon = proptest::option::of(half);
    (1_u32..=31, statuses, modes, afternoon).prop_map(|(date, status, mode, afternoon)| DayRecord {
        afternoon,
        ..day(march(date), status, mode)
    })
}

proptest! {
    #[test]
    fn work_days_are_what_their_columns_add_up_to(days in proptest::collection::vec(any_day(), 0..31)) {
        let rules = AllowanceRules::shipped();
        let sum = totals(&days, (3, 2), |_| &rules);
        let add = |counts: &[DaySum]| counts.iter().map(|count| usize::from(count.halves())).sum::<usize>();
        prop_assert_eq!(add(&[sum.present]), add(&[sum.office, sum.home, sum.picket, sum.travel]));
        prop_assert_eq!(
            add(&[sum.work_days]),
            add(&[sum.present, sum.leave, sum.sick, sum.permission, sum.absent])
        );
        let is_idle = |status| matches!(status, DayStatus::Free | DayStatus::Holiday | DayStatus::Pending);
        let parts = days.iter().flat_map(DayRecord::parts).filter(|(_, status, _)| is_idle(*status));
        let idle: usize = parts.map(|(_, _, halves)| usize::from(halves)).sum();
        prop_assert_eq!(add(&[sum.work_days]) + idle, days.len() * 2);
        prop_assert!(add(&[sum.incomplete, sum.to_explain]) <= add(&[sum.present]));
        prop_assert!(sum.deduction_bp <= 10_000 && sum.attendance_bp.is_none_or(|bp| bp <= 10_000));
    }
}

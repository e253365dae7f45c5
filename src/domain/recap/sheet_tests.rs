//! Totals: what they add up to, and what is taken off.

use super::*;
use crate::domain::recap::status::Deviation;
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
    assert_eq!(attendance_bp(13, 17), Some(7_650));
    assert_eq!(attendance_bp(17, 17), Some(10_000));
    assert_eq!(attendance_bp(1, 16), Some(630));
    assert_eq!(attendance_bp(0, 0), None);
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
    (1_u32..=31, statuses, modes).prop_map(|(date, status, mode)| day(march(date), status, mode))
}

proptest! {
    #[test]
    fn work_days_are_what_their_columns_add_up_to(days in proptest::collection::vec(any_day(), 0..31)) {
        let rules = AllowanceRules::shipped();
        let sum = totals(&days, (3, 2), |_| &rules);
        prop_assert_eq!(sum.present, sum.office + sum.home + sum.picket + sum.travel);
        prop_assert_eq!(sum.work_days, sum.present + sum.leave + sum.sick + sum.permission + sum.absent);
        let idle = days.iter().filter(|day| matches!(
            day.status, DayStatus::Free | DayStatus::Holiday | DayStatus::Pending));
        prop_assert_eq!(usize::from(sum.work_days) + idle.count(), days.len());
        prop_assert!(sum.incomplete + sum.to_explain <= sum.present);
        prop_assert!(sum.deduction_bp <= 10_000 && sum.attendance_bp.is_none_or(|bp| bp <= 10_000));
    }
}

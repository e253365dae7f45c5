//! The recap of an agency and month as one plain value: what tables, pages and printed sheets are made from.

use crate::domain::ids::EmployeeId;
use crate::domain::instant::long_date;
use crate::domain::month::Month;
use crate::domain::recap::allowance::AllowanceRules;
use crate::domain::recap::allowance::BandCode;
use crate::domain::recap::day_sum::DaySum;
use crate::domain::recap::status::DayRecord;
use crate::domain::recap::status::DayStatus;
use crate::domain::recap::status::PresenceColumn;
use crate::domain::recap::status::presence_column;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// What the signs mean, as offices print it.
pub const LEGEND: &str = "Keterangan: K=WFO; R=WFH; P=Piket; DL=Dinas Luar; C=Cuti; S=Sakit; I=Izin; \
                          TK=Tanpa Keterangan; L=Libur/Cuti Bersama; HK=Hari Kerja";

/// What our own signs mean.
pub const LEGEND_OF_MARKS: &str = "R juga untuk WFA; DL juga untuk diklat; *=ada sesi tanpa lokasi; \
                                   ?=perlu penjelasan, belum diputuskan; -=bukan hari kerja; kosong=belum berlalu; \
                                   R/DL=paruh hari, masing-masing dihitung 0,5";

/// How far a recap may be relied on.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The month runs, or something about it is not settled; the notes say what.
    Provisional,
    /// Nothing is missing; it may be closed.
    Ready,
    /// Frozen as a version.
    Closed,
}

/// What keeps a recap from being final.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Note {
    /// Days of the month are still ahead.
    MonthRuns {
        /// The last day of the month.
        last_day: NaiveDate,
    },
    /// Shares captured in time may still come in for a day.
    LateSharesMayCome,
    /// BKD verifies units of the month and has not decided on all.
    ReviewsOpen,
    /// Corrections of the month wait for a decision.
    CorrectionsOpen {
        /// How many.
        count: u32,
    },
}

/// Someone who signs.
#[derive(Clone, Eq, PartialEq, Serialize, Deserialize)]
pub struct Signer {
    /// What stands above the name.
    pub position: String,
    /// With titles.
    pub name: String,
    /// `Penata, III/c`; empty where no grade is known.
    pub rank: String,
    /// NIP, or another number.
    pub number: String,
}

/// Names are personal.
impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Signer(hidden)")
    }
}

/// Everything beside the people.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Heading {
    /// `Pemerintah Provinsi Banten`.
    pub government: String,
    /// The agency's code.
    pub agency_code: String,
    /// The agency's name.
    pub agency: String,
    /// Which month.
    pub month: Month,
    /// How far it may be relied on.
    pub standing: Standing,
    /// The frozen version, from 1.
    pub version: Option<i32>,
    /// What is not settled.
    pub notes: Vec<Note>,
    /// Where it is signed.
    pub place: Option<String>,
    /// When: of a closed recap the day of closing, else the day on which it was made.
    pub date: NaiveDate,
    /// Who made it.
    pub officer: Option<Signer>,
    /// Who heads the agency.
    pub head: Option<Signer>,
}

/// Totals of one person.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// HK: work days that are over. Always `present + leave + sick + permission + absent`.
    pub work_days: DaySum,
    /// H. Always `office + home + picket + travel`.
    pub present: DaySum,
    /// WFO.
    pub office: DaySum,
    /// WFH and WFA.
    pub home: DaySum,
    /// P.
    pub picket: DaySum,
    /// DL, training included.
    pub travel: DaySum,
    /// C.
    pub leave: DaySum,
    /// S.
    pub sick: DaySum,
    /// I.
    pub permission: DaySum,
    /// TK.
    pub absent: DaySum,
    /// TL1 to TL4, PSW1 to PSW4.
    pub bands: [u16; 8],
    /// Days of presence on which a slot has no share.
    pub incomplete: DaySum,
    /// Days of presence that are to be explained.
    pub to_explain: DaySum,
    /// LKH: dates with an entry that was handed in.
    pub activities: u16,
    /// Dates with an approved entry.
    pub approved_activities: u16,
    /// % hadir in basis points, rounded to tenths of a percent, halves up; none without a work day.
    pub attendance_bp: Option<u32>,
    /// % potongan in basis points.
    pub deduction_bp: u32,
}

/// Adds up the days of one person. `activities` are dates with entries handed in, and approved ones.
pub fn totals<'a>(
    days: &[DayRecord],
    activities: (u16, u16),
    rules_on: impl Fn(NaiveDate) -> &'a AllowanceRules,
) -> Totals {
    let mut totals = Totals {
        activities: activities.0,
        approved_activities: activities.1,
        ..Totals::default()
    };
    // Half a day of absence takes half; in halves of basis points, so that nothing is lost before the end.
    let mut deduction_twice: u32 = 0;
    let mut cap_bp = None;
    for day in days {
        let rules = rules_on(day.date);
        cap_bp = Some(u32::from(rules.cap_bp));
        for (mode, status, halves) in day.parts() {
            let part = DaySum::of_halves(halves);
            match status {
                DayStatus::Present | DayStatus::Incomplete | DayStatus::ToExplain => {
                    totals.present += part;
                    match presence_column(mode) {
                        Some(PresenceColumn::Office) | None => totals.office += part,
                        Some(PresenceColumn::Home) => totals.home += part,
                        Some(PresenceColumn::Picket) => totals.picket += part,
                        Some(PresenceColumn::Travel) => totals.travel += part,
                    }
                }
                DayStatus::Leave => totals.leave += part,
                DayStatus::Sick => totals.sick += part,
                DayStatus::Permission => totals.permission += part,
                DayStatus::Absent => {
                    totals.absent += part;
                    let taken = u32::from(rules.absent_bp).saturating_mul(u32::from(halves));
                    deduction_twice = deduction_twice.saturating_add(taken);
                }
                DayStatus::Free | DayStatus::Holiday | DayStatus::Pending => continue,
            }
            totals.work_days += part;
            if status == DayStatus::Incomplete {
                totals.incomplete += part;
            }
            if status == DayStatus::ToExplain {
                totals.to_explain += part;
            }
        }
        for deviation in [day.late, day.early].into_iter().flatten() {
            for (count, code) in totals.bands.iter_mut().zip(BandCode::ALL) {
                *count += u16::from(code == deviation.code);
            }
            let taken = rules.percent_bp(deviation.code).saturating_mul(2);
            deduction_twice = deduction_twice.saturating_add(taken);
        }
    }
    let deduction_bp = deduction_twice / 2;
    totals.deduction_bp = cap_bp.map_or(deduction_bp, |cap| deduction_bp.min(cap));
    totals.attendance_bp = attendance_bp(totals.present, totals.work_days);
    totals
}

fn attendance_bp(present: DaySum, work_days: DaySum) -> Option<u32> {
    let (present, work_days) = (u32::from(present.halves()), u32::from(work_days.halves()));
    let tenths = (present * 2_000 + work_days).checked_div(work_days * 2)?;
    Some(tenths * 10)
}

/// One person of the sheet.
#[derive(Clone, Eq, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Who.
    pub employee_id: EmployeeId,
    /// NIP, or another number.
    pub number: String,
    /// With titles.
    pub name: String,
    /// Golongan ruang.
    pub grade: Option<String>,
    /// Jabatan.
    pub position: Option<String>,
    /// The days on which the person was on the agency's staff, in order.
    pub days: Vec<DayRecord>,
    /// What they add up to.
    pub totals: Totals,
}

/// Names are personal.
impl fmt::Debug for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Line({})", self.employee_id)
    }
}

impl Line {
    /// The sign of a date; empty where the person was not on the staff.
    pub fn sign_on(&self, date: NaiveDate) -> Cow<'static, str> {
        self.days
            .iter()
            .find(|day| day.date == date)
            .map_or(Cow::Borrowed(""), DayRecord::sign)
    }
}

/// The whole recap; what a printed sheet is made from.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Everything beside the people.
    pub heading: Heading,
    /// By post, grade and name.
    pub lines: Vec<Line>,
}

/// `Maret 2026`.
pub fn month_name(month: Month) -> String {
    let date = long_date(month.first());
    date.split_once(' ')
        .map_or_else(String::new, |(_, name)| name.to_owned())
}

/// The dates of a month, in order.
pub fn dates(month: Month) -> impl Iterator<Item = NaiveDate> {
    month.first().iter_days().take_while(move |date| *date <= month.last())
}

/// The headings of the columns, `No` to `% Potongan`.
pub fn headings(month: Month) -> Vec<String> {
    let fixed = ["No", "NIP", "Nama", "Pangkat/Gol", "Jabatan"];
    let totals = ["HK", "H", "WFO", "WFH", "P", "DL", "C", "S", "I", "TK"];
    let last = ["LKH", "LKH Disetujui", "% Hadir", "% Potongan"];
    let mut headings: Vec<String> = fixed.map(str::to_owned).to_vec();
    headings.extend(dates(month).map(|date| date.format("%d").to_string()));
    headings.extend(totals.map(str::to_owned));
    headings.extend(BandCode::ALL.map(|code| code.code().to_owned()));
    headings.extend(last.map(str::to_owned));
    headings
}

impl Heading {
    /// What stands above the columns.
    pub fn title_lines(&self) -> Vec<String> {
        let mut lines = vec![
            self.government.to_uppercase(),
            "REKAPITULASI PRESENSI PEGAWAI".to_owned(),
            format!("PERANGKAT DAERAH: {}", self.agency.to_uppercase()),
            format!("BULAN: {}", month_name(self.month).to_uppercase()),
        ];
        match (self.standing, self.version) {
            (Standing::Closed, Some(version)) if version > 1 => lines.push(format!("VERSI: {version}")),
            (Standing::Provisional, _) => lines.push("SEMENTARA: BELUM DITUTUP".to_owned()),
            (Standing::Closed | Standing::Ready, _) => {}
        }
        lines
    }

    /// What stands under the columns: place and date, then the two signatures side by side, officer first.
    pub fn signature_lines(&self) -> Vec<(String, String)> {
        let date = long_date(self.date);
        let place = self
            .place
            .as_ref()
            .map_or_else(|| date.clone(), |place| format!("{place}, {date}"));
        let of = |signer: &Option<Signer>, part: fn(&Signer) -> String| signer.as_ref().map(part).unwrap_or_default();
        let row = |part: fn(&Signer) -> String| (of(&self.officer, part), of(&self.head, part));
        let number = |signer: &Signer| format!("NIP {}", signer.number);
        vec![
            (String::new(), place),
            row(|signer| signer.position.clone()),
            (String::new(), String::new()),
            (String::new(), String::new()),
            row(|signer| signer.name.clone()),
            row(|signer| signer.rank.clone()),
            row(number),
        ]
    }
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
pub(crate) mod tests;

//! A batch as a sheet for people: headings and words in Indonesian.

use crate::domain::batch::distance::DistanceClass;
use crate::domain::batch::row::RowState;
use crate::domain::check_in::TimeOutcome;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use crate::platform::table::Cell;
use crate::platform::table::grouped_number;
use serde::Deserialize;
use std::borrow::Cow;

/// What stands above the columns.
pub(super) const HEADINGS: [&str; 14] = [
    "Tanggal",
    "Sesi",
    "Nomor pegawai",
    "Kelompok kerja",
    "Jenis kerja",
    "Wajib",
    "Keadaan",
    "Lokasi",
    "Kelas jarak",
    "Waktu",
    "Jam",
    "Saluran",
    "Tanda",
    "Unit",
];

/// As much of a sealed line as the sheet shows. The line was held to its schema when it was sealed and its digest holds
/// it there, so nothing is checked again and nothing is copied that can be borrowed: a batch may have a million lines.
#[derive(Debug, Deserialize, PartialEq)]
pub(super) struct SheetRow<'a> {
    #[serde(borrow)]
    work_date: Text<'a>,
    slot: Slot,
    #[serde(borrow)]
    employee_number: Text<'a>,
    work_group: WorkGroup,
    mode: WorkMode,
    expected: bool,
    state: RowState,
    place: Option<Place>,
    distance_class: Option<DistanceClass>,
    time: Option<TimeOutcome>,
    captured_at: Option<Instant>,
    #[serde(borrow)]
    channel: Option<Text<'a>>,
    #[serde(borrow)]
    flags: Vec<Text<'a>>,
    #[serde(borrow)]
    unit_id: Text<'a>,
}

/// Text that is borrowed from the line wherever it has no escapes, inside of `Option` and `Vec` too.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A row in the words of the people who read it; times by the agency's own clock.
pub(super) fn cells<'a>(row: &'a SheetRow<'_>, zone: Zone) -> [Cell<'a>; 14] {
    let flags: Vec<&str> = row.flags.iter().map(|flag| &*flag.0).collect();
    [
        Cell::text(&*row.work_date.0),
        Cell::text(slot_word(row.slot)),
        Cell::text(grouped_number(&row.employee_number.0)),
        Cell::text(group_word(row.work_group)),
        Cell::text(mode_word(row.mode)),
        Cell::text(if row.expected { "Ya" } else { "Tidak" }),
        Cell::text(state_word(row.state)),
        Cell::optional(row.place.map(place_word)),
        Cell::optional(row.distance_class.map(DistanceClass::code)),
        Cell::optional(row.time.map(time_word)),
        Cell::optional(row.captured_at.map(|at| zone.clock(at))),
        Cell::optional(row.channel.as_ref().map(|channel| &*channel.0)),
        Cell::text(flags.join(", ")),
        Cell::text(&*row.unit_id.0),
    ]
}

const fn slot_word(slot: Slot) -> &'static str {
    match slot {
        Slot::Morning => "Pagi",
        Slot::Midday => "Siang",
        Slot::Afternoon => "Sore",
    }
}

const fn group_word(group: WorkGroup) -> &'static str {
    match group {
        WorkGroup::PublicService => "Pelayanan publik",
        WorkGroup::Administration => "Administrasi",
        WorkGroup::Educator => "Pendidik",
    }
}

const fn mode_word(mode: WorkMode) -> &'static str {
    match mode {
        WorkMode::Wfo => "WFO",
        WorkMode::Wfh => "WFH",
        WorkMode::Wfa => "WFA",
        WorkMode::Picket => "Piket",
        WorkMode::DutyTravel => "Dinas luar",
        WorkMode::Leave => "Cuti",
        WorkMode::Sick => "Sakit",
        WorkMode::Training => "Diklat",
        WorkMode::Off => "Libur",
    }
}

const fn state_word(state: RowState) -> &'static str {
    match state {
        RowState::Received => "Diterima",
        RowState::Missed => "Belum ada kiriman",
        RowState::Open => "Sesi belum ditutup",
        RowState::Excused => "Berhalangan",
        RowState::NotRequired => "Tidak wajib",
    }
}

/// A share from outside is to be explained, not a verdict, until a person decides (design section 2).
const fn place_word(place: Place) -> &'static str {
    match place {
        Place::Inside => "Di tempat",
        Place::Probable => "Kemungkinan di tempat",
        Place::Uncertain => "Belum pasti",
        Place::Unverifiable => "Belum dapat diperiksa",
        Place::Unusable => "Akurasi tidak memadai",
        Place::Outside => "Perlu penjelasan",
    }
}

const fn time_word(time: TimeOutcome) -> &'static str {
    match time {
        TimeOutcome::OnTime => "Tepat waktu",
        TimeOutcome::Late => "Terlambat",
        TimeOutcome::OutsideWindow => "Di luar jam",
        TimeOutcome::Backfilled => "Tepat waktu, terkirim kemudian",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::batch::row::tests::received;
    use crate::domain::canonical;

    #[test]
    fn text_with_escapes_is_shown_as_it_was_meant() {
        let mut row = received("p1");
        row.channel = Some("a \"channel\"\t".to_owned());
        row.flags = vec!["back\\slash".to_owned(), "plain".to_owned()];
        let line = canonical::to_string(&row).unwrap();
        let read: SheetRow<'_> = serde_json::from_str(&line).unwrap();
        let cells = cells(&read, Zone::Jakarta);
        assert_eq!(cells[0], Cell::text("2026-03-02"));
        assert_eq!(cells[2], Cell::text("19860926 201505 1 001"));
        assert_eq!(cells[10], Cell::text("12.01"));
        assert_eq!(cells[11], Cell::text("a \"channel\"\t"));
        assert_eq!(cells[12], Cell::text("back\\slash, plain"));
        assert_eq!(cells[13], Cell::text("1.01/2026-03-02/p1/midday"));
    }

    #[test]
    fn text_without_escapes_is_borrowed_from_the_line() {
        let line = canonical::to_string(&received("p1")).unwrap();
        let read: SheetRow<'_> = serde_json::from_str(&line).unwrap();
        let channel = read.channel.as_ref().map(|channel| &channel.0);
        assert!(matches!(channel, Some(Cow::Borrowed("app"))));
        assert!(matches!(read.unit_id.0, Cow::Borrowed(_)));
    }
}

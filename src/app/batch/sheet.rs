//! A batch as a sheet for people: headings and words in Indonesian.

use crate::domain::batch::distance::DistanceClass;
use crate::domain::batch::row::Row;
use crate::domain::batch::row::RowState;
use crate::domain::check_in::TimeOutcome;
use crate::domain::instant::Zone;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use crate::platform::table::Cell;
use crate::platform::table::grouped_number;

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

/// A row in the words of the people who read it; times by the agency's own clock.
pub(super) fn cells(row: &Row, zone: Zone) -> Vec<Cell> {
    let word = |word: &str| Cell::Text(word.to_owned());
    vec![
        Cell::Text(row.work_date.to_string()),
        word(slot_word(row.slot)),
        Cell::Text(grouped_number(&row.employee_number)),
        word(group_word(row.work_group)),
        word(mode_word(row.mode)),
        word(if row.expected { "Ya" } else { "Tidak" }),
        word(state_word(row.state)),
        Cell::optional(row.place.map(place_word)),
        Cell::optional(row.distance_class.map(DistanceClass::code)),
        Cell::optional(row.time.map(time_word)),
        Cell::optional(row.captured_at.map(|at| zone.clock(at))),
        Cell::optional(row.channel.clone()),
        Cell::Text(row.flags.join(", ")),
        Cell::Text(row.unit_id.to_string()),
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

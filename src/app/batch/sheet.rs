//! A batch as a sheet for people: headings and words in Indonesian.

use crate::domain::batch::distance::DistanceClass;
use crate::domain::batch::manifest::Counts;
use crate::domain::batch::row::RowState;
use crate::domain::check_in::Flag;
use crate::domain::check_in::TimeOutcome;
use crate::domain::digest::Digest;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::instant::long_date;
use crate::domain::person_name::titled;
use crate::domain::place::Place;
use crate::domain::slot::Slot;
use crate::domain::work_mode::WorkGroup;
use crate::domain::work_mode::WorkMode;
use crate::platform::table::Cell;
use crate::platform::table::grouped_number;
use crate::store::batch_unit::MemberRow;
use chrono::NaiveDate;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;
use std::io;

/// What stands above the columns.
pub(super) const HEADINGS: [&str; COLUMNS] = [
    "Tanggal",
    "Sesi",
    "Nomor pegawai",
    "Nama",
    "Perangkat daerah",
    "Unit kerja",
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
    "Kode baris",
];

const COLUMNS: usize = 17;

/// What stands above the totals.
pub(super) const TOTAL_HEADINGS: [&str; 2] = ["Keadaan", "Jumlah"];

/// As much of a sealed line as the sheet shows. The line was held to its schema when it was sealed and its digest holds
/// it there, so nothing is checked again and nothing is copied that can be borrowed: a batch may have a million lines.
#[derive(Debug, Deserialize, PartialEq)]
pub(super) struct SheetRow<'a> {
    work_date: NaiveDate,
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

/// What the sealed rows do not say: the agency's name and clock, what people are called and in which unit they worked.
pub(super) struct Surroundings {
    agency_name: String,
    zone: Zone,
    people: HashMap<String, Member>,
    digest: Digest,
}

/// Somebody of the agency.
struct Member {
    name: String,
    stretches: Vec<Stretch>,
}

/// From when to when somebody worked in a unit, both inclusive.
struct Stretch {
    from: NaiveDate,
    to: Option<NaiveDate>,
    unit: String,
}

impl Surroundings {
    /// From the memberships of the agency. A unit goes by its registered name, else by the personnel system's.
    pub(super) fn new(agency_name: &str, zone: Zone, members: Vec<MemberRow>) -> Self {
        let mut people: HashMap<String, Member> = HashMap::new();
        let mut told = String::new();
        for row in members {
            let name = titled(&row.front_title, &row.name, &row.back_title);
            let unit = row.registered_unit.or(row.known_unit);
            let (number, from, to) = (row.number, row.valid_from, row.valid_to);
            for part in [number.as_str(), &name, &from.to_string(), &format!("{to:?} {unit:?}")] {
                told.push_str(part);
                told.push('\n');
            }
            let member = people.entry(number).or_insert_with(|| Member {
                name,
                stretches: Vec::new(),
            });
            member.stretches.extend(unit.map(|unit| Stretch { from, to, unit }));
        }
        Self {
            agency_name: agency_name.to_owned(),
            zone,
            people,
            digest: Digest::of(told.as_bytes()),
        }
    }

    /// Changes when a name or a unit does.
    pub(super) const fn digest(&self) -> Digest {
        self.digest
    }

    fn name_of(&self, number: &str) -> Option<String> {
        self.people.get(number).map(|member| member.name.clone())
    }

    fn unit_on(&self, number: &str, date: NaiveDate) -> Option<String> {
        let stretches = &self.people.get(number)?.stretches;
        let held = stretches
            .iter()
            .find(|stretch| stretch.from <= date && stretch.to.is_none_or(|to| date <= to));
        held.map(|stretch| stretch.unit.clone())
    }
}

/// The rows of one person's one day, put into the order of the day: sealed rows stand in that of their codes, which begins
/// with the afternoon.
#[derive(Debug, Default)]
pub(super) struct PersonDay {
    key: String,
    rows: Vec<(Slot, [Cell<'static>; COLUMNS])>,
}

impl PersonDay {
    /// Takes the next row; gives out the day before where the row begins another one.
    pub(super) fn add(
        &mut self,
        row: &SheetRow<'_>,
        around: &Surroundings,
        take: &mut impl FnMut(&[Cell<'_>]) -> io::Result<()>,
    ) -> io::Result<()> {
        let key = row.unit_id.0.rsplit_once('/').map_or("", |(key, _)| key);
        if self.key != key {
            self.give(take)?;
            key.clone_into(&mut self.key);
        }
        self.rows.push((row.slot, cells(row, around)));
        Ok(())
    }

    /// Gives out what is held.
    pub(super) fn give(&mut self, take: &mut impl FnMut(&[Cell<'_>]) -> io::Result<()>) -> io::Result<()> {
        self.rows.sort_by_key(|(slot, _)| *slot);
        self.rows.drain(..).try_for_each(|(_, cells)| take(&cells))
    }
}

/// A row in the words of the people who read it; times by the agency's own clock.
fn cells(row: &SheetRow<'_>, around: &Surroundings) -> [Cell<'static>; COLUMNS] {
    let flags: Vec<&str> = row.flags.iter().map(|flag| flag_word(&flag.0)).collect();
    let clock = |at: Instant| format!("{} {}", around.zone.clock(at), around.zone.abbreviation());
    let (number, date) = (&*row.employee_number.0, row.work_date);
    [
        Cell::text(long_date(date)),
        Cell::text(slot_word(row.slot)),
        Cell::text(grouped_number(number).into_owned()),
        Cell::optional(around.name_of(number)),
        Cell::text(around.agency_name.clone()),
        Cell::optional(around.unit_on(number, date)),
        Cell::text(group_word(row.work_group)),
        Cell::text(mode_word(row.mode)),
        Cell::text(if row.expected { "Ya" } else { "Tidak" }),
        Cell::text(state_word(row.state)),
        Cell::optional(row.place.map(place_word)),
        Cell::optional(row.distance_class.map(distance_words)),
        Cell::optional(row.time.map(time_word)),
        Cell::optional(row.captured_at.map(clock)),
        Cell::optional(row.channel.as_ref().map(|channel| channel_word(&channel.0).to_owned())),
        Cell::text(flags.join(", ")),
        Cell::text(row.unit_id.0.clone().into_owned()),
    ]
}

/// The totals of a batch, as sealed.
pub(super) const fn totals(counts: &Counts) -> [(&'static str, u64); 15] {
    [
        ("Baris", counts.rows),
        ("Pegawai", counts.employees),
        ("Wajib", counts.expected),
        (state_word(RowState::Received), counts.received),
        ("Diterima tanpa wajib", counts.unexpected),
        (state_word(RowState::Missed), counts.missed),
        (state_word(RowState::Open), counts.open),
        (state_word(RowState::Excused), counts.excused),
        (state_word(RowState::NotRequired), counts.not_required),
        (place_word(Place::Inside), counts.places.inside),
        (place_word(Place::Probable), counts.places.probable),
        (place_word(Place::Uncertain), counts.places.uncertain),
        (place_word(Place::Unverifiable), counts.places.unverifiable),
        (place_word(Place::Unusable), counts.places.unusable),
        (place_word(Place::Outside), counts.places.outside),
    ]
}

const fn distance_words(class: DistanceClass) -> &'static str {
    match class {
        DistanceClass::Under100Metres => "Kurang dari 100 m",
        DistanceClass::Under200Metres => "100 sampai 200 m",
        DistanceClass::Under500Metres => "200 sampai 500 m",
        DistanceClass::Under1Kilometre => "500 m sampai 1 km",
        DistanceClass::Under5Kilometres => "1 sampai 5 km",
        DistanceClass::Under20Kilometres => "5 sampai 20 km",
        DistanceClass::Beyond20Kilometres => "20 km atau lebih",
    }
}

/// A way in by its name for people; one that is not known here keeps its code.
fn channel_word(code: &str) -> &str {
    match code {
        "app" => "Aplikasi",
        other => other,
    }
}

/// What is odd, in few words; a flag that is not known here keeps its code.
fn flag_word(code: &str) -> &str {
    match Flag::from_code(code) {
        Some(Flag::MockProvider) => "Lokasi buatan menurut ponsel",
        Some(Flag::ClockSkew) => "Jam ponsel berbeda",
        Some(Flag::CapturedAhead) => "Waktu mendahului jam server",
        Some(Flag::ReceivedLate) => "Diterima lebih dari 24 jam kemudian",
        Some(Flag::NoAccuracy) => "Tanpa akurasi",
        Some(Flag::NotRequired) => "Tidak wajib",
        Some(Flag::OutsideAllowedRegion) => "Di luar wilayah yang dibuka",
        None => code,
    }
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

    fn around() -> Surroundings {
        let day = |day| NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
        let member = |from, to, registered: Option<&str>, known: &str| MemberRow {
            number: "198609262015051001".to_owned(),
            valid_from: from,
            valid_to: to,
            registered_unit: registered.map(ToOwned::to_owned),
            known_unit: Some(known.to_owned()),
            front_title: "Drs.".to_owned(),
            name: "Contoh Satu".to_owned(),
            back_title: "M.Si".to_owned(),
        };
        let moved = vec![
            member(day(1), Some(day(1)), None, "SEKSI LAMA"),
            member(day(2), None, Some("Seksi Layanan"), "SEKSI"),
        ];
        Surroundings::new("Dinas Contoh", Zone::Jakarta, moved)
    }

    /// A sealed line of a slot, read.
    fn line(pseudonym: &str, slot: Slot) -> String {
        let mut row = received(pseudonym);
        row.unit_id = format!("1.01/2026-03-02/{pseudonym}/{}", slot.code()).parse().unwrap();
        row.slot = slot;
        canonical::to_string(&row).unwrap()
    }

    #[test]
    fn a_row_is_told_in_words_by_the_agency_s_own_clock_and_with_the_unit_of_its_day() {
        let mut row = received("p1");
        row.flags = vec!["mock_provider".to_owned(), "clock_skew".to_owned()];
        let line = canonical::to_string(&row).unwrap();
        let read: SheetRow<'_> = serde_json::from_str(&line).unwrap();
        let told = cells(&read, &around()).map(|cell| match cell {
            Cell::Text(text) => text.into_owned(),
            Cell::Count(count) => count.to_string(),
            Cell::Percent(bp) => bp.to_string(),
            Cell::HalfDays(halves) => halves.to_string(),
            Cell::Sign(sign) => sign.into_owned(),
            Cell::Empty => String::new(),
        });
        let expected = [
            "2 Maret 2026",
            "Siang",
            "19860926 201505 1 001",
            "Drs. Contoh Satu, M.Si",
            "Dinas Contoh",
            "Seksi Layanan",
            "Administrasi",
            "WFH",
            "Ya",
            "Diterima",
            "Di tempat",
            "Kurang dari 100 m",
            "Tepat waktu",
            "12.01 WIB",
            "Aplikasi",
            "Lokasi buatan menurut ponsel, Jam ponsel berbeda",
            "1.01/2026-03-02/p1/midday",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn codes_that_are_not_known_here_and_escapes_are_shown_as_they_were_meant() {
        let mut row = received("p1");
        row.channel = Some("a \"channel\"\t".to_owned());
        row.flags = vec!["back\\slash".to_owned(), "plain".to_owned()];
        let line = canonical::to_string(&row).unwrap();
        let read: SheetRow<'_> = serde_json::from_str(&line).unwrap();
        let cells = cells(&read, &around());
        assert_eq!(cells[14], Cell::text("a \"channel\"\t"));
        assert_eq!(cells[15], Cell::text("back\\slash, plain"));
    }

    #[test]
    fn a_day_is_told_from_morning_to_afternoon_and_people_stay_apart() {
        let mut told = Vec::new();
        let mut take = |cells: &[Cell<'_>]| {
            told.push(format!("{:?} {:?}", cells[16], cells[1]));
            Ok(())
        };
        // As sealed: by code, so the afternoon first.
        let mut day = PersonDay::default();
        for pseudonym in ["p1", "p2"] {
            for slot in [Slot::Afternoon, Slot::Midday, Slot::Morning] {
                let line = line(pseudonym, slot);
                day.add(&serde_json::from_str(&line).unwrap(), &around(), &mut take)
                    .unwrap();
            }
        }
        day.give(&mut take).unwrap();
        let of = |pseudonym: &str, code: &str, word: &'static str| {
            let unit: Cell<'_> = Cell::text(format!("1.01/2026-03-02/{pseudonym}/{code}"));
            format!("{unit:?} {:?}", Cell::text(word))
        };
        let expected: Vec<String> = ["p1", "p2"]
            .into_iter()
            .flat_map(|of_whom| {
                [("morning", "Pagi"), ("midday", "Siang"), ("afternoon", "Sore")]
                    .map(|(code, word)| of(of_whom, code, word))
            })
            .collect();
        assert_eq!(told, expected);
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

//! Calendar files (iCalendar, RFC 5545): a year of holidays in and out, and one person's slots out.

use crate::domain::calendar::Holiday;
use crate::domain::calendar::HolidayKind;
use crate::domain::instant::Instant;
use chrono::{Datelike, Days, Duration, NaiveDate};
use icalendar::{Alarm, Calendar, Class, Component, DatePerhapsTime, Event, EventLike, Trigger};

/// Most bytes of a file that is read. A year of holidays takes about 10 kB.
pub const MOST_BYTES: usize = 512 * 1024;

/// Most days that one event of a file may span.
const LONGEST_EVENT_DAYS: u64 = 31;

/// What is wrong with one event of a file, counted from 1 in the order of the file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EventFault {
    /// Which event; 0 is the file as a whole.
    pub event: usize,
    /// Which property.
    pub property: &'static str,
    /// What is wrong.
    pub kind: EventFaultKind,
}

/// What can be wrong with an event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EventFaultKind {
    /// The text is no calendar file.
    NotACalendar,
    /// There is no date, or it does not exist, such as 30 February.
    NoSuchDate,
    /// It ends before it begins, or spans more than 31 days.
    WrongEnd,
    /// It repeats: holidays are named day by day.
    Repeats,
    /// It has no name.
    NoName,
}

/// A window in which a person is asked to share, as an entry of their calendar.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SlotEntry {
    /// Stays the same for the same person, date and slot.
    pub uid: String,
    /// When the window opens.
    pub opens_at: Instant,
    /// When it closes, grace left aside.
    pub closes_at: Instant,
    /// Its title.
    pub title: String,
    /// What to do, and why.
    pub text: String,
}

/// A year of holidays as a calendar file.
pub fn holidays(year: i32, holidays: &[Holiday], now: Instant) -> String {
    let mut calendar = named(&format!("Hari libur {year}"));
    for holiday in holidays {
        calendar.push(
            Event::with_uid(&format!("{}-{}@sherlok", holiday.date, holiday.kind.code()))
                .timestamp(now.utc())
                .summary(&holiday.name)
                .categories([holiday.kind.code()])
                .all_day(holiday.date)
                .done(),
        );
    }
    calendar.done().to_string()
}

/// The holidays of `year` in a calendar file, in the order of their dates.
///
/// Events of other years are left out. An event of several days makes a holiday a day. Joint leave is what has that
/// category, or a name that begins with "Cuti Bersama".
pub fn read_holidays(text: &str, year: i32) -> Result<Vec<Holiday>, Vec<EventFault>> {
    let whole = |kind| EventFault {
        event: 0,
        property: "file",
        kind,
    };
    let text = text.trim_start_matches('\u{feff}');
    let calendar: Calendar = text
        .parse()
        .map_err(|_cause| vec![whole(EventFaultKind::NotACalendar)])?;
    if !text.trim_start().starts_with("BEGIN:VCALENDAR") {
        return Err(vec![whole(EventFaultKind::NotACalendar)]);
    }
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for (index, event) in calendar.events().enumerate() {
        match read_event(event) {
            Ok(holidays) => found.extend(holidays.into_iter().filter(|holiday| holiday.date.year() == year)),
            Err((property, kind)) => faults.push(EventFault {
                event: index + 1,
                property,
                kind,
            }),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    found.sort_by_key(|holiday| holiday.date);
    Ok(found)
}

fn read_event(event: &Event) -> Result<Vec<Holiday>, (&'static str, EventFaultKind)> {
    if event.property_value("RRULE").is_some() || event.property_value("RDATE").is_some() {
        return Err(("rrule", EventFaultKind::Repeats));
    }
    let first = date_of(event.get_start()).ok_or(("dtstart", EventFaultKind::NoSuchDate))?;
    // An all-day event ends on the day before its DTEND.
    let after = match event.property_value("DTEND") {
        Some(_) => date_of(event.get_end()).ok_or(("dtend", EventFaultKind::NoSuchDate))?,
        None => first,
    };
    let days = u64::try_from((after - first).num_days()).map_err(|_before| ("dtend", EventFaultKind::WrongEnd))?;
    if days > LONGEST_EVENT_DAYS {
        return Err(("dtend", EventFaultKind::WrongEnd));
    }
    let name = event.get_summary().unwrap_or_default().trim();
    if name.is_empty() {
        return Err(("summary", EventFaultKind::NoName));
    }
    let has_category = |text: &str| {
        text.split(',')
            .any(|part| part.trim() == HolidayKind::JointLeave.code())
    };
    let is_joint = name.to_lowercase().starts_with("cuti bersama")
        || event.property_value("CATEGORIES").is_some_and(has_category)
        || event
            .multi_properties()
            .get("CATEGORIES")
            .is_some_and(|all| all.iter().any(|property| has_category(property.value())));
    let kind = if is_joint {
        HolidayKind::JointLeave
    } else {
        HolidayKind::NationalHoliday
    };
    (0..days.max(1))
        .map(|step| {
            Ok(Holiday {
                date: first
                    .checked_add_days(Days::new(step))
                    .ok_or(("dtend", EventFaultKind::WrongEnd))?,
                kind,
                name: name.to_owned(),
            })
        })
        .collect()
}

fn date_of(moment: Option<DatePerhapsTime>) -> Option<NaiveDate> {
    match moment? {
        DatePerhapsTime::Date(date) => Some(date),
        DatePerhapsTime::DateTime(_) => None,
    }
}

/// One person's slots as a calendar file, with two reminders each: when the window opens and 15 minutes before it closes.
/// No place is ever part of it.
pub fn slots(name: &str, entries: &[SlotEntry], now: Instant) -> String {
    let mut calendar = named(name);
    calendar.ttl(&Duration::hours(6));
    for entry in entries {
        calendar.push(
            Event::with_uid(&entry.uid)
                .timestamp(now.utc())
                .summary(&entry.title)
                .description(&entry.text)
                .class(Class::Private)
                .starts(entry.opens_at.utc())
                .ends(entry.closes_at.utc())
                .alarm(Alarm::display(&entry.title, Trigger::after_start(Duration::zero())))
                .alarm(Alarm::display(&entry.title, Trigger::before_end(Duration::minutes(15))))
                .done(),
        );
    }
    calendar.done().to_string()
}

fn named(name: &str) -> Calendar {
    let mut calendar = Calendar::new();
    calendar.name(name);
    calendar
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Calendar as Year;
    use proptest::prelude::*;

    fn now() -> Instant {
        Instant::parse("2026-03-02T00:00:00Z").unwrap()
    }

    fn file(events: &str) -> String {
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//ID\r\n{events}END:VCALENDAR\r\n")
    }

    fn event(lines: &str) -> String {
        format!(
            "BEGIN:VEVENT\r\nUID:1\r\n{}\r\nEND:VEVENT\r\n",
            lines.replace('|', "\r\n")
        )
    }

    fn fault(lines: &str) -> EventFault {
        let good = event("DTSTART;VALUE=DATE:20260101|SUMMARY:Tahun Baru");
        let faults = read_holidays(&file(&(good + &event(lines))), 2026).unwrap_err();
        assert_eq!(faults.len(), 1);
        faults.into_iter().next().unwrap()
    }

    #[test]
    fn every_shipped_year_survives_the_way_out_and_in() {
        for year in 2020..=2027 {
            let shipped: Vec<Holiday> = Year::national().year(year).cloned().collect();
            let text = holidays(year, &shipped, now());
            assert_eq!(read_holidays(&text, year).unwrap(), shipped, "{year}");
            assert!(text.lines().all(|line| line.len() <= 75), "lines are folded");
        }
    }

    #[test]
    fn a_file_as_other_programs_write_it_is_read() {
        let text = file(
            &(event("DTSTART;VALUE=DATE:20260320|DTEND;VALUE=DATE:20260322|SUMMARY:Idul Fitri\\, 1447 H")
                + &event("DTSTART;VALUE=DATE:20260323|SUMMARY:Cuti Bersama Idul Fitri")
                + &event("DTSTART;VALUE=DATE:20270101|SUMMARY:Tahun Baru 2027")),
        );
        let found = read_holidays(&format!("\u{feff}{text}"), 2026).unwrap();
        let told: Vec<(String, HolidayKind)> = found
            .iter()
            .map(|holiday| (format!("{} {}", holiday.date, holiday.name), holiday.kind))
            .collect();
        assert_eq!(
            told,
            [
                ("2026-03-20 Idul Fitri, 1447 H".to_owned(), HolidayKind::NationalHoliday),
                ("2026-03-21 Idul Fitri, 1447 H".to_owned(), HolidayKind::NationalHoliday),
                ("2026-03-23 Cuti Bersama Idul Fitri".to_owned(), HolidayKind::JointLeave),
            ]
        );
    }

    #[test]
    fn what_is_wrong_is_named_by_event_and_property() {
        let cases = [
            (
                "DTSTART;VALUE=DATE:20260230|SUMMARY:x",
                "dtstart",
                EventFaultKind::NoSuchDate,
            ),
            ("SUMMARY:x", "dtstart", EventFaultKind::NoSuchDate),
            (
                "DTSTART:20260320T080000Z|SUMMARY:x",
                "dtstart",
                EventFaultKind::NoSuchDate,
            ),
            (
                "DTSTART;VALUE=DATE:20260320|DTEND;VALUE=DATE:2026|SUMMARY:x",
                "dtend",
                EventFaultKind::NoSuchDate,
            ),
            (
                "DTSTART;VALUE=DATE:20260320|DTEND;VALUE=DATE:20260319|SUMMARY:x",
                "dtend",
                EventFaultKind::WrongEnd,
            ),
            (
                "DTSTART;VALUE=DATE:20260320|DTEND;VALUE=DATE:20260421|SUMMARY:x",
                "dtend",
                EventFaultKind::WrongEnd,
            ),
            (
                "DTSTART;VALUE=DATE:20260320|RRULE:FREQ=YEARLY|SUMMARY:x",
                "rrule",
                EventFaultKind::Repeats,
            ),
            (
                "DTSTART;VALUE=DATE:20260320|SUMMARY: ",
                "summary",
                EventFaultKind::NoName,
            ),
        ];
        for (lines, property, kind) in cases {
            let found = fault(lines);
            assert_eq!(
                (found.event, found.property, found.kind),
                (2, property, kind),
                "{lines}"
            );
        }
        for text in ["", "tanggal;nama", "BEGIN:VEVENT\r\nEND:VEVENT\r\n"] {
            assert_eq!(
                read_holidays(text, 2026).unwrap_err()[0].kind,
                EventFaultKind::NotACalendar,
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_slot_has_two_reminders_and_no_place() {
        let entry = SlotEntry {
            uid: "1@sherlok".to_owned(),
            opens_at: Instant::parse("2026-03-02T07:30:00+07:00").unwrap(),
            closes_at: Instant::parse("2026-03-02T09:00:00+07:00").unwrap(),
            title: "Bagikan lokasi: pagi".to_owned(),
            text: "WFH; sesuai 4/2026".to_owned(),
        };
        let text = slots("Sherlok", &[entry], now());
        assert!(
            text.contains("DTSTART:20260302T003000Z") && text.contains("DTEND:20260302T020000Z"),
            "{text}"
        );
        assert_eq!(text.matches("BEGIN:VALARM").count(), 2);
        assert!(
            text.contains("TRIGGER;RELATED=END:-PT15M") || text.contains("TRIGGER;RELATED=END:-PT900S"),
            "{text}"
        );
        assert!(!text.contains("GEO") && !text.contains("LOCATION"));
    }

    proptest! {
        #[test]
        fn no_text_makes_reading_panic(text in "\\PC{0,400}", lines in "[A-Z;=:,0-9\\r\\n\\\\ ]{0,200}") {
            let _ = read_holidays(&text, 2026);
            let _ = read_holidays(&file(&event(&lines)), 2026);
        }
    }
}

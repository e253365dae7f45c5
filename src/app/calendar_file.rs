//! A year of holidays as a calendar file: out for everybody's calendar program, in from whoever keeps one.

use crate::app::App;
use crate::app::calendar::CalendarYear;
use crate::app::context::Context;
use crate::app::error::Error;
use crate::app::error::FieldError;
use crate::domain::access::Scope;
use crate::platform::calendar_file;
use crate::platform::calendar_file::EventFault;
use crate::platform::calendar_file::EventFaultKind;

/// Most bytes of a file that is taken.
pub const FILE_LIMIT: usize = calendar_file::MOST_BYTES;

impl App {
    /// One year as a calendar file.
    pub fn calendar_file(&self, context: &Context, scope: &Scope, year: i32) -> Result<(CalendarYear, String), Error> {
        let found = self.calendar_year(scope, year)?;
        let text = calendar_file::holidays(year, &found.holidays, context.now);
        Ok((found, text))
    }

    /// Replaces a year by what a calendar file says of it, if `version` is the current one; all of it or nothing.
    pub fn import_calendar_file(
        &self,
        context: &Context,
        scope: &Scope,
        year: i32,
        version: i32,
        file: &[u8],
    ) -> Result<CalendarYear, Error> {
        let not_a_calendar = EventFault {
            event: 0,
            property: "file",
            kind: EventFaultKind::NotACalendar,
        };
        let text = std::str::from_utf8(file).map_err(|_cause| Error::Invalid(vec![fault(&not_a_calendar)]))?;
        let holidays = calendar_file::read_holidays(text, year)
            .map_err(|faults| Error::Invalid(faults.iter().map(fault).collect()))?;
        self.update_calendar_year(context, scope, year, version, &holidays)
    }
}

/// Names the event, as the file counts them, and what is to be done about it.
fn fault(fault: &EventFault) -> FieldError {
    let field = match fault.event {
        0 => fault.property.to_owned(),
        event => format!("event[{event}].{}", fault.property),
    };
    let (code, indonesian, english) = match fault.kind {
        EventFaultKind::NotACalendar => (
            "not_a_calendar",
            "Berkas ini bukan berkas kalender iCalendar (.ics).",
            "This is no iCalendar file (.ics).",
        ),
        EventFaultKind::NoSuchDate => (
            "no_such_date",
            "Tanggal tidak ada atau bukan acara sehari penuh. Tulis seperti DTSTART;VALUE=DATE:20260321.",
            "There is no such date, or the event is not of whole days. Write DTSTART;VALUE=DATE:20260321.",
        ),
        EventFaultKind::WrongEnd => (
            "wrong_end",
            "Acara ini berakhir sebelum dimulai atau lebih dari 31 hari.",
            "The event ends before it begins, or spans more than 31 days.",
        ),
        EventFaultKind::Repeats => (
            "repeats",
            "Acara berulang tidak dapat dipakai. Sebutkan setiap hari libur satu per satu.",
            "Events that repeat can't be taken. Name each free day.",
        ),
        EventFaultKind::NoName => (
            "missing",
            "Acara ini belum bernama (SUMMARY).",
            "The event has no name (SUMMARY).",
        ),
    };
    FieldError::new(field, code, indonesian, english)
}

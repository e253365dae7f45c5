//! One person's slots for their own calendar program, under an address that only they know.

use crate::app::App;
use crate::app::context::Context;
use crate::app::duty::PersonDay;
use crate::app::duty::PersonPart;
use crate::app::error::Error;
use crate::domain::access::Scope;
use crate::domain::circular::mode::ModeReason;
use crate::domain::day::Duty;
use crate::domain::digest::Digest;
use crate::domain::ids::EmployeeId;
use crate::domain::instant::Instant;
use crate::domain::instant::Zone;
use crate::domain::language::Language;
use crate::platform::calendar_file;
use crate::platform::calendar_file::SlotEntry;
use crate::store;
use crate::store::calendar_feed::FeedRow;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{Days, NaiveDate};

/// Days before today that a feed shows.
pub const DAYS_BACK: u64 = 7;
/// Days after today that a feed shows.
pub const DAYS_AHEAD: u64 = 60;
/// Calendar programs do not say which language their owner reads.
const LANGUAGE: Language = Language::Indonesian;
/// Characters of the secret part: 20 bytes of chance.
pub const TOKEN_CHARACTERS: usize = 27;

impl App {
    /// Makes a new address and gives its secret part, which is told only here; the one before it ends.
    pub fn create_calendar_feed(&self, context: &Context, scope: &Scope) -> Result<(String, Instant), Error> {
        let employee_id = scope.person().ok_or(Error::NotFound)?;
        let token = URL_SAFE_NO_PAD.encode(self.entropy.bytes::<20>()?);
        let row = FeedRow {
            employee_id,
            token_digest: digest(&token),
            created_at: context.now,
        };
        self.store
            .write(|connection| Ok::<_, Error>(store::calendar_feed::replace(connection, scope, &row)?))?;
        Ok((token, context.now))
    }

    /// When the address was made that is good now.
    pub fn calendar_feed(&self, scope: &Scope) -> Result<Instant, Error> {
        let row = self
            .store
            .read(|connection| Ok::<_, Error>(store::calendar_feed::find_own(connection, scope)?))?;
        row.map(|row| row.created_at).ok_or(Error::NotFound)
    }

    /// Ends the address; nothing happens where there is none.
    pub fn delete_calendar_feed(&self, scope: &Scope) -> Result<(), Error> {
        self.store
            .write(|connection| Ok(store::calendar_feed::delete(connection, scope)?))
    }

    /// The calendar file behind an address: the windows in which its person is asked to share, a week back and 60 days
    /// ahead, as the rules and rosters stand now. Knows no place and no name.
    pub fn read_calendar_feed(&self, token: &str) -> Result<String, Error> {
        let now = self.now();
        if token.len() != TOKEN_CHARACTERS {
            return Err(Error::NotFound);
        }
        let entries = self.store.read(|connection| {
            let row = store::calendar_feed::find_by_digest(connection, &digest(token))?.ok_or(Error::NotFound)?;
            let person = row.employee_id;
            let today = Zone::default().date(now);
            let from = today.checked_sub_days(Days::new(DAYS_BACK)).unwrap_or(today);
            let to = today.checked_add_days(Days::new(DAYS_AHEAD)).unwrap_or(today);
            let duties = self.duties(connection, &[person], from, to)?;
            let dates = from.iter_days().take_while(|date| *date <= to);
            Ok::<_, Error>(
                dates
                    .filter_map(|date| Some((date, duties.day(person, date)?)))
                    .filter(|(date, day)| day.member.covers(*date))
                    .flat_map(|(date, day)| entries(person, date, &day))
                    .collect::<Vec<SlotEntry>>(),
            )
        })?;
        Ok(calendar_file::slots("Sherlok: bagikan lokasi", &entries, now))
    }
}

fn digest(token: &str) -> Vec<u8> {
    Digest::of(token.as_bytes()).bytes().to_vec()
}

fn entries(person: EmployeeId, date: NaiveDate, day: &PersonDay<'_>) -> Vec<SlotEntry> {
    let slots = day.held.check_in.slots.iter();
    let asked = slots.filter(|rule| day.duty(rule) == Duty::Required);
    asked
        .map(|rule| (rule, day.in_slot(rule)))
        .map(|(rule, part)| SlotEntry {
            // The person's id itself is nobody's business.
            uid: format!(
                "{}@sherlok",
                Digest::of(format!("{person}/{date}/{}", rule.slot.code()).as_bytes())
            ),
            opens_at: part.zone.at_minute(date, rule.window.opens_minute),
            closes_at: part.zone.at_minute(date, rule.window.closes_minute),
            title: format!(
                "Bagikan lokasi: {} ({})",
                rule.slot.word(LANGUAGE),
                part.mode.mode.word(LANGUAGE)
            ),
            text: because(part),
        })
        .collect()
}

fn because(part: &PersonPart) -> String {
    let by = match &part.mode.because {
        ModeReason::Exempt(by) | ModeReason::Circular { by, .. } | ModeReason::NotScheduled(by) => {
            format!("Menurut Surat Edaran {}. ", by.number)
        }
        ModeReason::Assigned if part.destination.is_some() => part
            .destination
            .as_ref()
            .map_or_else(String::new, |place| format!("Dinas luar ke {}. ", place.name())),
        ModeReason::Assigned => "Menurut jadwal kerja perangkat daerah Anda. ".to_owned(),
        ModeReason::NoCircular | ModeReason::Weekend | ModeReason::Holiday { .. } | ModeReason::OwnSchedule => {
            String::new()
        }
    };
    format!("{by}Buka aplikasi Sherlok dan bagikan lokasi selama sesi ini.")
}

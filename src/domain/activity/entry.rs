//! The fields of a daily entry, each sound for itself.

use super::entry_day::{DaySpan, parse_clock};
use crate::domain::text::{self, TextError};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Most characters of a description; the fewest are 3.
pub const DESCRIPTION_CHARACTERS: usize = 2_000;
/// Most characters of an output; the fewest are 2.
pub const OUTPUT_CHARACTERS: usize = 500;
/// Most characters of the unit in which the output is counted.
pub const UNIT_CHARACTERS: usize = 50;
/// Most characters of the reference to an item of the performance plan (SKP).
pub const SKP_ITEM_CHARACTERS: usize = 100;
/// Most characters of a link to evidence.
pub const LINK_CHARACTERS: usize = 500;
/// Largest quantity of one entry; the smallest is 1.
pub const QUANTITY_MAXIMUM: u32 = 100_000;

/// By which means the work was handed over (domain report, 2.6).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By mail.
    Email,
    /// By WhatsApp.
    Whatsapp,
    /// In a Zoom meeting or the like.
    Zoom,
    /// By any other means.
    Other,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 4] = [Self::Email, Self::Whatsapp, Self::Zoom, Self::Other];

    /// The spelling in columns and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Whatsapp => "whatsapp",
            Self::Zoom => "zoom",
            Self::Other => "other",
        }
    }

    /// The inverse of [`Channel::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }
}

/// An entry as its owner words it, before any check. Its serial form tells a repeated call from another one.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct ActivityDraft {
    /// The day on which the work was done.
    pub work_date: NaiveDate,
    /// Start of the work, `HH:MM` local time.
    pub start: String,
    /// End of the work, `HH:MM` local time, up to `24:00`.
    pub end: String,
    /// What was done.
    pub description: String,
    /// What came out of it.
    pub output: String,
    /// How much of it; together with `unit`.
    pub quantity: Option<u32>,
    /// In which unit it is counted; together with `quantity`.
    pub unit: Option<String>,
    /// The item of the performance plan (SKP) that it serves.
    pub skp_item: Option<String>,
    /// How it was handed over.
    pub channel: Option<Channel>,
    /// An `https` or `http` address of evidence; never fetched.
    pub link: Option<String>,
}

/// An entry whose fields are each sound. Whether it fits into its day is the work of `fit`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ActivityFields {
    /// The day on which the work was done.
    pub work_date: NaiveDate,
    /// The hours of the work.
    pub span: DaySpan,
    /// What was done, 3 to 2,000 characters.
    pub description: String,
    /// What came out of it, 2 to 500 characters.
    pub output: String,
    /// How much of it, 1 to 100,000, with the unit of 1 to 50 characters.
    pub quantity: Option<(u32, String)>,
    /// The item of the performance plan (SKP), up to 100 characters.
    pub skp_item: Option<String>,
    /// How it was handed over.
    pub channel: Option<Channel>,
    /// An address of evidence, up to 500 characters.
    pub link: Option<String>,
}

/// One thing that is wrong with an entry, with the field to blame.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ActivityFault {
    /// A text field is not sound.
    #[error("{field}: {error}")]
    Text {
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        error: TextError,
    },
    /// The start is no time of day.
    #[error("the start is not a time like 07:30")]
    StartMalformed,
    /// The end is no time of day.
    #[error("the end is not a time like 16:00")]
    EndMalformed,
    /// The end is not after the start within the day.
    #[error("the end is not after the start")]
    EndNotAfterStart,
    /// The quantity is 0 or above its bound.
    #[error("the quantity is not between 1 and 100,000")]
    QuantityOutOfRange,
    /// There is a unit without a quantity.
    #[error("there is a unit without a quantity")]
    QuantityMissing,
    /// There is a quantity without a unit.
    #[error("there is a quantity without a unit")]
    UnitMissing,
    /// The link is no web address.
    #[error("the link is not an http or https address")]
    LinkMalformed,
    /// The work lies ahead.
    #[error("the work date is in the future")]
    DateInFuture,
    /// The work of today ends later than now.
    #[error("the end is in the future")]
    EndInFuture,
    /// The days for writing have passed.
    #[error("entries of this date were open until {last}")]
    DateClosed {
        /// The last day on which it could be written.
        last: NaiveDate,
    },
    /// The month of the date is closed.
    #[error("the month of this date is closed")]
    MonthClosed,
    /// The person was on leave or ill on that day.
    #[error("the person was on leave on this date")]
    OnLeave,
    /// Another entry of the person holds some of these minutes.
    #[error("another entry covers {start_minute} to {end_minute}")]
    Overlap {
        /// Start of the other entry in minutes after midnight.
        start_minute: u16,
        /// End of the other entry in minutes after midnight.
        end_minute: u16,
    },
}

impl ActivityFault {
    /// The field of the wire body to blame.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Text { field, .. } => field,
            Self::StartMalformed | Self::Overlap { .. } => "start",
            Self::EndMalformed | Self::EndNotAfterStart | Self::EndInFuture => "end",
            Self::QuantityOutOfRange | Self::QuantityMissing => "quantity",
            Self::UnitMissing => "unit",
            Self::LinkMalformed => "link",
            Self::DateInFuture | Self::DateClosed { .. } | Self::MonthClosed | Self::OnLeave => "work_date",
        }
    }

    /// The stable code of the fault.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Text { error, .. } => error.code(),
            Self::StartMalformed | Self::EndMalformed | Self::LinkMalformed => "malformed",
            Self::EndNotAfterStart => "not_after_start",
            Self::QuantityOutOfRange => "out_of_range",
            Self::QuantityMissing | Self::UnitMissing => "missing",
            Self::DateInFuture | Self::EndInFuture => "in_future",
            Self::DateClosed { .. } => "entry_closed",
            Self::MonthClosed => "month_closed",
            Self::OnLeave => "on_leave",
            Self::Overlap { .. } => "overlap",
        }
    }
}

impl ActivityDraft {
    /// Checks every field for itself; all faults come back at once, in the order of the fields.
    pub fn check(&self) -> Result<ActivityFields, Vec<ActivityFault>> {
        let mut faults = Vec::new();
        let span = keep(&mut faults, self.span());
        let description = keep(
            &mut faults,
            bounded("description", &self.description, 3, DESCRIPTION_CHARACTERS),
        );
        let output = keep(&mut faults, bounded("output", &self.output, 2, OUTPUT_CHARACTERS));
        let quantity = keep(&mut faults, self.quantity());
        let skp_item = keep(
            &mut faults,
            optional("skp_item", self.skp_item.as_deref(), SKP_ITEM_CHARACTERS),
        );
        let link = keep(&mut faults, link(self.link.as_deref()));
        match (span, description, output, quantity, skp_item, link) {
            (Some(span), Some(description), Some(output), Some(quantity), Some(skp_item), Some(link)) => {
                Ok(ActivityFields {
                    work_date: self.work_date,
                    span,
                    description,
                    output,
                    quantity,
                    skp_item,
                    channel: self.channel,
                    link,
                })
            }
            _ => Err(faults),
        }
    }

    fn span(&self) -> Result<DaySpan, ActivityFault> {
        let start = parse_clock(&self.start).ok_or(ActivityFault::StartMalformed)?;
        let end = parse_clock(&self.end).ok_or(ActivityFault::EndMalformed)?;
        DaySpan::new(start, end).ok_or(ActivityFault::EndNotAfterStart)
    }

    fn quantity(&self) -> Result<Option<(u32, String)>, ActivityFault> {
        let unit = optional("unit", self.unit.as_deref(), UNIT_CHARACTERS)?;
        match (self.quantity, unit) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(ActivityFault::QuantityMissing),
            (Some(_), None) => Err(ActivityFault::UnitMissing),
            (Some(quantity), Some(_)) if !(1..=QUANTITY_MAXIMUM).contains(&quantity) => {
                Err(ActivityFault::QuantityOutOfRange)
            }
            (Some(quantity), Some(unit)) => Ok(Some((quantity, unit))),
        }
    }
}

fn keep<T>(faults: &mut Vec<ActivityFault>, result: Result<T, ActivityFault>) -> Option<T> {
    result.map_err(|fault| faults.push(fault)).ok()
}

fn bounded(field: &'static str, text: &str, minimum: usize, maximum: usize) -> Result<String, ActivityFault> {
    text::bounded(text, minimum, maximum).map_err(|error| ActivityFault::Text { field, error })
}

fn optional(field: &'static str, text: Option<&str>, maximum: usize) -> Result<Option<String>, ActivityFault> {
    text::optional(text, maximum).map_err(|error| ActivityFault::Text { field, error })
}

/// A link is kept as text and never fetched; the scheme is held so that a click can't run a script.
pub fn link(text: Option<&str>) -> Result<Option<String>, ActivityFault> {
    let Some(link) = optional("link", text, LINK_CHARACTERS)? else {
        return Ok(None);
    };
    let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(""));
    // A name before "@" is how a link pretends to lead elsewhere.
    let is_sound = host.is_some_and(|host| host.contains('.') && !host.contains('@'))
        && !link.chars().any(char::is_whitespace)
        && !link.contains(['<', '>', '"', '\\', '`']);
    if is_sound {
        Ok(Some(link))
    } else {
        Err(ActivityFault::LinkMalformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> ActivityDraft {
        ActivityDraft {
            work_date: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
            start: "08:00".to_owned(),
            end: "09:30".to_owned(),
            description: "Menyusun konsep surat edaran".to_owned(),
            output: "Konsep surat".to_owned(),
            quantity: Some(1),
            unit: Some("dokumen".to_owned()),
            skp_item: None,
            channel: Some(Channel::Email),
            link: None,
        }
    }

    fn faults(change: impl FnOnce(&mut ActivityDraft)) -> Vec<(&'static str, &'static str)> {
        let mut draft = draft();
        change(&mut draft);
        match draft.check() {
            Ok(_) => Vec::new(),
            Err(faults) => faults.iter().map(|fault| (fault.field(), fault.code())).collect(),
        }
    }

    #[test]
    fn a_sound_entry_keeps_its_fields() {
        let fields = draft().check().unwrap();
        assert_eq!(fields.span.minutes(), 90);
        assert_eq!(fields.quantity, Some((1, "dokumen".to_owned())));
    }

    #[test]
    fn the_end_comes_after_the_start_within_the_day() {
        assert_eq!(
            faults(|draft| draft.end = "08:00".to_owned()),
            [("end", "not_after_start")]
        );
        assert_eq!(faults(|draft| draft.end = "08:01".to_owned()), []);
        assert_eq!(faults(|draft| draft.end = "24:00".to_owned()), []);
        assert_eq!(faults(|draft| draft.end = "24:01".to_owned()), [("end", "malformed")]);
        assert_eq!(
            faults(|draft| draft.start = "8:00".to_owned()),
            [("start", "malformed")]
        );
        assert_eq!(
            faults(|draft| draft.start = "08:60".to_owned()),
            [("start", "malformed")]
        );
    }

    #[test]
    fn each_text_has_its_edges() {
        assert_eq!(
            faults(|draft| draft.description = "ab".to_owned()),
            [("description", "too_short")]
        );
        assert_eq!(faults(|draft| draft.description = "a".repeat(2_000)), []);
        assert_eq!(
            faults(|draft| draft.description = "a".repeat(2_001)),
            [("description", "too_long")]
        );
        assert_eq!(faults(|draft| draft.output = " ".to_owned()), [("output", "empty")]);
        assert_eq!(faults(|draft| draft.output = "a".repeat(501)), [("output", "too_long")]);
        assert_eq!(
            faults(|draft| draft.unit = Some("a".repeat(51))),
            [("unit", "too_long")]
        );
        assert_eq!(
            faults(|draft| draft.skp_item = Some("a".repeat(101))),
            [("skp_item", "too_long")]
        );
        assert_eq!(
            faults(|draft| draft.output = "a\u{0}b".to_owned()),
            [("output", "control_character")]
        );
    }

    #[test]
    fn quantity_and_unit_come_together() {
        assert_eq!(faults(|draft| draft.unit = None), [("unit", "missing")]);
        assert_eq!(faults(|draft| draft.quantity = None), [("quantity", "missing")]);
        assert_eq!(faults(|draft| draft.quantity = Some(0)), [("quantity", "out_of_range")]);
        assert_eq!(faults(|draft| draft.quantity = Some(100_000)), []);
        assert_eq!(
            faults(|draft| draft.quantity = Some(100_001)),
            [("quantity", "out_of_range")]
        );
        let neither = faults(|draft| {
            draft.quantity = None;
            draft.unit = None;
        });
        assert_eq!(neither, []);
    }

    #[test]
    fn a_link_is_a_plain_web_address() {
        let fault = [("link", "malformed")];
        for wrong in [
            "javascript:alert(1)",
            "ftp://a.go.id/b",
            "https://",
            "https://localhost",
            "https://bank.go.id@evil.example/",
            "https://a.go.id/a b",
            "https://a.go.id/\"onclick=",
            "//a.go.id",
        ] {
            assert_eq!(faults(|draft| draft.link = Some(wrong.to_owned())), fault, "{wrong}");
        }
        assert_eq!(
            faults(|draft| draft.link = Some("https://drive.example.go.id/d/1?x=2#3".to_owned())),
            []
        );
        assert_eq!(faults(|draft| draft.link = Some("  ".to_owned())), []);
    }

    #[test]
    fn all_faults_come_back_at_once() {
        let all = faults(|draft| {
            draft.start = "x".to_owned();
            draft.description = String::new();
            draft.unit = None;
        });
        assert_eq!(
            all,
            [("start", "malformed"), ("description", "empty"), ("unit", "missing")]
        );
    }
}

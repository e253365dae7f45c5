//! Moments in UTC cut to milliseconds, and the zones in which work dates are decided.
//! Reads no clock: time is always an argument.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Offset, SecondsFormat, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use serde::de::Visitor;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A moment in UTC with millisecond precision, the only form in which time is stored, compared or hashed.
///
/// Both databases and both directions of JSON keep milliseconds exactly; finer digits are cut on entry.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Instant(i64);

impl Instant {
    /// Cuts a chrono moment to milliseconds.
    pub fn new(moment: DateTime<Utc>) -> Self {
        Self(moment.timestamp_millis())
    }

    /// From milliseconds since 1970-01-01T00:00:00Z.
    pub const fn from_millis(milliseconds: i64) -> Self {
        Self(milliseconds)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// The same moment as chrono knows it. Saturates at chrono's range (about the year 262,000).
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Moves by a duration; saturates.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration.num_milliseconds()))
    }

    /// Signed time from `earlier` to `self`.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::milliseconds(self.0.saturating_sub(earlier.0))
    }

    /// Reads RFC 3339 with any offset; digits finer than milliseconds are cut.
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|moment| Self::new(moment.with_timezone(&Utc)))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Instant({self})")
    }
}

impl Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(InstantText)
    }
}

/// Reads a moment out of a string without keeping a copy of it.
struct InstantText;

impl Visitor<'_> for InstantText {
    type Value = Instant;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an RFC 3339 time")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Instant, E> {
        Instant::parse(text).ok_or_else(|| E::custom("not an RFC 3339 time"))
    }
}

/// The three zones of Indonesia; none has daylight saving.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
pub enum Zone {
    /// WIB, UTC+7.
    #[default]
    #[serde(rename = "Asia/Jakarta")]
    Jakarta,
    /// WITA, UTC+8.
    #[serde(rename = "Asia/Makassar")]
    Makassar,
    /// WIT, UTC+9.
    #[serde(rename = "Asia/Jayapura")]
    Jayapura,
}

impl Zone {
    /// The IANA name, as stored and sent.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jakarta => "Asia/Jakarta",
            Self::Makassar => "Asia/Makassar",
            Self::Jayapura => "Asia/Jayapura",
        }
    }

    /// The abbreviation that people in Indonesia use.
    pub const fn abbreviation(self) -> &'static str {
        match self {
            Self::Jakarta => "WIB",
            Self::Makassar => "WITA",
            Self::Jayapura => "WIT",
        }
    }

    /// From the IANA name; `None` for any other zone.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Jakarta, Self::Makassar, Self::Jayapura]
            .into_iter()
            .find(|zone| zone.name() == name)
    }

    const fn tz(self) -> Tz {
        match self {
            Self::Jakarta => chrono_tz::Asia::Jakarta,
            Self::Makassar => chrono_tz::Asia::Makassar,
            Self::Jayapura => chrono_tz::Asia::Jayapura,
        }
    }

    /// Minutes that the zone's clocks are ahead of UTC at that moment.
    pub fn offset_minutes(self, at: Instant) -> i32 {
        self.tz()
            .offset_from_utc_datetime(&at.utc().naive_utc())
            .fix()
            .local_minus_utc()
            / 60
    }

    /// The local calendar date at that moment.
    pub fn date(self, at: Instant) -> NaiveDate {
        at.utc().with_timezone(&self.tz()).date_naive()
    }

    /// The local clock time at that moment, as `07.30`.
    pub fn clock(self, at: Instant) -> String {
        let local = at.utc().with_timezone(&self.tz());
        format!("{:02}.{:02}", local.hour(), local.minute())
    }

    /// The moment that is `minute` minutes after local midnight of `date`; more than 1,440 is the next day.
    pub fn at_minute(self, date: NaiveDate, minute: u16) -> Instant {
        let midnight = date.and_time(NaiveTime::MIN);
        let local = midnight + Duration::minutes(i64::from(minute));
        // The three zones never skip or repeat a local time in the years that can occur here (since 1964).
        self.tz()
            .from_local_datetime(&local)
            .earliest()
            .map_or(Instant(0), |moment| Instant::new(moment.with_timezone(&Utc)))
    }

    /// RFC 3339 in this zone with its offset, seconds precision: `2026-03-02T07:41:03+07:00`.
    pub fn rfc3339(self, at: Instant) -> String {
        at.utc()
            .with_timezone(&self.tz())
            .to_rfc3339_opts(SecondsFormat::Secs, false)
    }
}

/// A date as people in Indonesia write it: `23 November 2026`.
pub fn long_date(date: NaiveDate) -> String {
    const MONTHS: [&str; 12] = [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ];
    let month = usize::try_from(date.month0())
        .ok()
        .and_then(|index| MONTHS.get(index))
        .unwrap_or(&"");
    format!("{} {month} {}", date.day(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_cut_to_milliseconds() {
        let instant = Instant::parse("2026-03-02T08:59:00.123456789+07:00").unwrap();
        assert_eq!(instant.to_string(), "2026-03-02T01:59:00.123Z");
    }

    #[test]
    fn the_local_date_follows_the_zone_of_duty() {
        let instant = Instant::parse("2026-03-01T16:30:00Z").unwrap();
        assert_eq!(Zone::Jakarta.date(instant).to_string(), "2026-03-01");
        assert_eq!(Zone::Makassar.date(instant).to_string(), "2026-03-02");
        assert_eq!(Zone::Jayapura.offset_minutes(instant), 540);
    }

    #[test]
    fn minutes_past_midnight_may_run_into_the_next_day() {
        let date = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        assert_eq!(
            Zone::Jakarta.at_minute(date, 450).to_string(),
            "2026-03-02T00:30:00.000Z"
        );
        assert_eq!(
            Zone::Jakarta.at_minute(date, 1500).to_string(),
            "2026-03-02T18:00:00.000Z"
        );
    }

    #[test]
    fn dates_are_written_out_in_indonesian() {
        assert_eq!(
            long_date(NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()),
            "23 November 2026"
        );
    }
}

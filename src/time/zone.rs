//! Time zones by name, for the way times of day are written; it changes no moment.

use super::{SECOND_US, Time};
use chrono::{DateTime, NaiveDateTime, Offset as _, TimeZone as _};
use chrono_tz::{OffsetName as _, TZ_VARIANTS, Tz};

/// The time zone in which times of day are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

impl Default for Zone {
    fn default() -> Self {
        Self::UTC
    }
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// The zone of an IANA name such as `Europe/Kyiv`, in any case; `Z` is UTC.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        if name.eq_ignore_ascii_case("z") {
            return Some(Self::UTC);
        }
        let exact = name.parse::<Tz>().ok();
        let found = exact.or_else(|| TZ_VARIANTS.iter().copied().find(|tz| tz.name().eq_ignore_ascii_case(name)));
        found.map(Self)
    }

    /// The zone that the computer is set to, from `TZ` or `/etc/localtime`; `None` when neither names one.
    pub fn of_system() -> Option<Self> {
        if let Ok(name) = std::env::var("TZ") {
            return Self::from_path(&name);
        }
        let target = std::fs::read_link("/etc/localtime").ok()?;
        Self::from_path(target.to_str()?)
    }

    /// The zone of a name with or without the folder of the zone files before it.
    fn from_path(path: &str) -> Option<Self> {
        let path = path.trim_start_matches(':');
        Self::parse(path.split_once("zoneinfo/").map_or(path, |(_, name)| name))
    }

    /// The IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Every name that [`Zone::parse`] knows, sorted.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TZ_VARIANTS.iter().map(|tz| tz.name())
    }

    /// What its clocks are ahead of UTC at a moment, in microseconds.
    pub fn offset_us(self, time: Time) -> i64 {
        if self == Self::UTC {
            return 0;
        }
        let offset = self.0.offset_from_utc_datetime(&naive(time));
        i64::from(offset.fix().local_minus_utc()) * SECOND_US
    }

    /// What its clocks show at a moment, as if it were UTC; open ends stay open.
    #[must_use]
    pub fn local(self, time: Time) -> Time {
        time.plus_us(self.offset_us(time))
    }

    /// Is it the first moment of a day there? (Not always 00:00: some clocks go forward at midnight.)
    pub fn starts_day(self, time: Time) -> bool {
        let day = |time: Time| self.local(time).day_number();
        day(time) != day(time.plus_us(-1))
    }

    /// The name of its time at a moment: `UTC`, `EET`, `EEST`; `UTC+3` where the zone has no letters.
    pub fn abbreviation(self, time: Time) -> String {
        let offset = self.0.offset_from_utc_datetime(&naive(time));
        match offset.abbreviation() {
            Some(name) if name.starts_with(['+', '-']) => format!("UTC{name}"),
            Some(name) => name.to_owned(),
            None => "UTC".to_owned(),
        }
    }
}

/// The moment for chrono, held within its years.
fn naive(time: Time) -> NaiveDateTime {
    let us = time.0.clamp(Time::FIRST.0, Time::LAST.0);
    DateTime::from_timestamp_micros(us).unwrap_or_default().naive_utc()
}

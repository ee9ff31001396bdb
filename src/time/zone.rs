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

    /// The name of its time at a moment: `UTC`, `EET`, `EEST`; `UTC-3` or `UTC+5:45` where the zone has no letters.
    pub fn abbreviation(self, time: Time) -> String {
        let offset = self.0.offset_from_utc_datetime(&naive(time));
        if let Some(name) = offset.abbreviation().filter(|name| !name.starts_with(['+', '-'])) {
            return name.to_owned();
        }
        let minutes = offset.fix().local_minus_utc() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        match (minutes.abs() / 60, minutes.abs() % 60) {
            (0, 0) => "UTC".to_owned(),
            (hours, 0) => format!("UTC{sign}{hours}"),
            (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
        }
    }
}

/// The moment for chrono, held within its years.
fn naive(time: Time) -> NaiveDateTime {
    let us = time.0.clamp(Time::FIRST.0, Time::LAST.0);
    DateTime::from_timestamp_micros(us).unwrap_or_default().naive_utc()
}

#[cfg(test)]
mod tests {
    use super::Zone;
    use crate::time::{HOUR_US, Time};

    fn kyiv() -> Zone {
        Zone::parse("Europe/Kyiv").unwrap()
    }

    #[test]
    fn zones_are_found_by_their_names_in_any_case() {
        assert_eq!(Zone::parse("utc"), Some(Zone::UTC));
        assert_eq!(Zone::parse("Z"), Some(Zone::UTC));
        assert_eq!(Zone::parse(" europe/kyiv "), Some(kyiv()));
        assert_eq!(Zone::parse("Mars/Olympus"), None);
        assert_eq!(Zone::parse(""), None);
        assert_eq!(kyiv().name(), "Europe/Kyiv");
        assert_eq!(Zone::from_path(":/usr/share/zoneinfo/Asia/Seoul").map(Zone::name), Some("Asia/Seoul"));
        assert!(Zone::names().all(|name| Zone::parse(name).is_some()));
        assert!(Zone::names().is_sorted());
        assert_eq!(Zone::default(), Zone::UTC);
    }

    #[test]
    fn offsets_follow_summer_time() {
        let (winter, summer) = (Time::from_ymd(2025, 1, 15).unwrap(), Time::from_ymd(2025, 7, 15).unwrap());
        assert_eq!((kyiv().offset_us(winter), kyiv().offset_us(summer)), (2 * HOUR_US, 3 * HOUR_US));
        assert_eq!((kyiv().abbreviation(winter), kyiv().abbreviation(summer)), ("EET".to_owned(), "EEST".to_owned()));
        assert_eq!(Zone::UTC.abbreviation(winter), "UTC");
        let sao_paulo = Zone::parse("America/Sao_Paulo").unwrap();
        assert_eq!(sao_paulo.abbreviation(winter), "UTC-3");
        assert_eq!(Zone::parse("Asia/Kathmandu").unwrap().abbreviation(winter), "UTC+5:45");
        assert_eq!(kyiv().local(Time::OPEN_END), Time::OPEN_END);
    }

    #[test]
    fn no_time_is_too_far_for_a_zone() {
        for us in [i64::MIN, i64::MIN + 1, Time::FIRST.0, 0, Time::LAST.0, i64::MAX - 1, i64::MAX] {
            assert!(kyiv().offset_us(Time(us)).abs() < 15 * HOUR_US);
            assert!(!kyiv().abbreviation(Time(us)).is_empty());
            kyiv().starts_day(Time(us));
        }
    }
}

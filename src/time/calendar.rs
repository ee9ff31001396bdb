//! The civil calendar, its steps and the power-of-two grid, in integer arithmetic; it knows no zones and no text of dates.

use super::{DAY_US, HOUR_US, MINUTE_US, SECOND_US, Time};

/// The years that dates may lie in: those of chrono.
pub(super) const YEARS: std::ops::RangeInclusive<i64> = -262_143..=262_142;

/// The months as they are written, January first.
pub(super) const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Time {
    /// The first moment that a date can name: the start of the year -262143.
    pub const FIRST: Self = Self(days_from_civil(-262_143, 1, 1) * DAY_US);
    /// The last moment that a date can name: the end of the year 262142.
    pub const LAST: Self = Self(days_from_civil(262_143, 1, 1) * DAY_US - 1);

    /// The midnight (UTC) that starts a day; `None` when there is no such day.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        let year = i64::from(year);
        let exists = YEARS.contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month);
        exists.then(|| midnight(days_from_civil(year, month, day)))
    }

    /// The moment of seconds since 1970; `None` beyond the years of a date.
    pub fn from_epoch_s(seconds: i64) -> Option<Self> {
        seconds.checked_mul(SECOND_US).map(Self).filter(|time| time.is_in_range())
    }

    /// The moment of milliseconds since 1970; `None` beyond the years of a date.
    pub fn from_epoch_ms(milliseconds: i64) -> Option<Self> {
        milliseconds.checked_mul(1_000).map(Self).filter(|time| time.is_in_range())
    }

    /// The moment of microseconds since 1970; `None` beyond the years of a date.
    pub fn from_epoch_us(microseconds: i64) -> Option<Self> {
        Some(Self(microseconds)).filter(|time| time.is_in_range())
    }

    /// The moment of nanoseconds since 1970, rounded down to a microsecond.
    pub fn from_epoch_ns(nanoseconds: i64) -> Self {
        Self(nanoseconds.div_euclid(1_000))
    }

    /// The present moment, by the clock of the computer.
    pub fn now() -> Self {
        Self(chrono::Utc::now().timestamp_micros())
    }

    /// Does it lie within the years that a date can name?
    pub fn is_in_range(self) -> bool {
        (Self::FIRST..=Self::LAST).contains(&self)
    }

    /// Year, month (from 1) and day (from 1), in UTC; year 0 is 1 BC.
    pub fn ymd(self) -> (i32, u32, u32) {
        let (year, month, day) = civil_from_days(self.day_number());
        (year as i32, month, day)
    }

    /// Hour, minute, second and microsecond of the day, in UTC.
    pub fn hms(self) -> (u32, u32, u32, u32) {
        let us = self.0.rem_euclid(DAY_US);
        let seconds = (us / SECOND_US) as u32;
        (seconds / 3_600, seconds / 60 % 60, seconds % 60, (us % SECOND_US) as u32)
    }

    /// The day of the week in UTC: 0 is Monday, 6 is Sunday.
    pub fn weekday(self) -> u32 {
        (self.day_number() + 3).rem_euclid(7) as u32
    }

    /// Whole days since 1970-01-01, rounded down.
    pub fn day_number(self) -> i64 {
        self.0.div_euclid(DAY_US)
    }

    /// Is it 00:00:00 in UTC?
    pub fn is_midnight(self) -> bool {
        self.0.rem_euclid(DAY_US) == 0
    }
}

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar (the method is Howard Hinnant's `days_from_civil`).
pub(super) const fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = ((month + 9) % 12) as i64;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i64 - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The day of the proleptic Gregorian calendar that many days from 1970-01-01 (`civil_from_days`).
pub(super) const fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 } as u32;
    let year = year_of_era + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

/// Is it a leap year, in the proleptic Gregorian calendar?
pub(super) const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The number of days of a month from 1 to 12.
pub(super) const fn days_in_month(year: i64, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The moment at which a day starts, kept a bounded time at the extremes.
pub(super) fn midnight(days: i64) -> Time {
    Time(days.saturating_mul(DAY_US).clamp(i64::MIN + 1, i64::MAX - 1))
}

/// The start of a year.
pub(super) fn year_start(year: i64) -> Time {
    midnight(days_from_civil(year, 1, 1))
}

/// The start of a month, where months beyond 12 or below 1 run on into other years.
pub(super) fn month_start(year: i64, month: i64) -> Time {
    let month = month - 1;
    midnight(days_from_civil(year + month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 1))
}

/// A calendar unit that charts count by, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// From midnight to midnight.
    Day,
    /// The ISO week, from Monday.
    Week,
    /// The calendar month.
    Month,
    /// January to March, April to June …
    Quarter,
    /// The calendar year.
    Year,
    /// Ten years from one that ends in 0.
    Decade,
    /// A hundred years from one that ends in 00.
    Century,
}

impl Step {
    /// Every step, from fine to coarse.
    pub const ALL: [Self; 9] =
        [Self::Minute, Self::Hour, Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year, Self::Decade, Self::Century];

    /// The word for it, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::Decade => "decade",
            Self::Century => "century",
        }
    }

    /// The step of a word, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name().eq_ignore_ascii_case(text.trim()))
    }

    /// About how long it is, in microseconds; months and years at their mean length.
    pub fn approx_us(self) -> i64 {
        const YEAR_US: i64 = 31_556_952 * SECOND_US;
        match self {
            Self::Minute => MINUTE_US,
            Self::Hour => HOUR_US,
            Self::Day => DAY_US,
            Self::Week => 7 * DAY_US,
            Self::Month => YEAR_US / 12,
            Self::Quarter => YEAR_US / 4,
            Self::Year => YEAR_US,
            Self::Decade => 10 * YEAR_US,
            Self::Century => 100 * YEAR_US,
        }
    }

    /// The start of the bucket that holds `time`; open ends stay open.
    #[must_use]
    pub fn floor(self, time: Time) -> Time {
        self.start(time, 0)
    }

    /// The start of the following bucket; the last bounded time has no following one and gives itself.
    #[must_use]
    pub fn next(self, time: Time) -> Time {
        self.start(time, 1)
    }

    /// The start of the bucket before.
    #[must_use]
    pub fn previous(self, time: Time) -> Time {
        self.start(time, -1)
    }

    /// The start of the bucket that is `ahead` buckets after that of `time`.
    fn start(self, time: Time, ahead: i64) -> Time {
        if !time.is_bounded() {
            return time;
        }
        let even = |unit_us: i64| {
            let index = time.0.div_euclid(unit_us).saturating_add(ahead);
            Time(index.saturating_mul(unit_us).clamp(i64::MIN + 1, i64::MAX - 1))
        };
        let years = |count: i64| {
            let year = i64::from(time.ymd().0).div_euclid(count) * count;
            year_start(year + ahead * count)
        };
        match self {
            Self::Minute => even(MINUTE_US),
            Self::Hour => even(HOUR_US),
            Self::Day => even(DAY_US),
            Self::Week => midnight(time.day_number() - i64::from(time.weekday()) + 7 * ahead),
            Self::Month => {
                let (year, month, _) = time.ymd();
                month_start(i64::from(year), i64::from(month) + ahead)
            }
            Self::Quarter => {
                let (year, month, _) = time.ymd();
                month_start(i64::from(year), i64::from((month - 1) / 3 * 3 + 1) + 3 * ahead)
            }
            Self::Year => years(1),
            Self::Decade => years(10),
            Self::Century => years(100),
        }
    }

    /// The name of the bucket that holds `time`: `2025`, `Q1 2025`, `Jan 2025`, `2025-W07`, `11 Feb 2025`, `2020s`.
    pub fn label(self, time: Time) -> String {
        super::format::step_label(self, time)
    }
}

/// One cell of the drawing grid: `2^k` microseconds, counted from 1970; the number is k.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bucket(pub u8);

impl Bucket {
    /// The widest bucket: 2^62 microseconds, about 146,000 years.
    pub const MAX: Self = Self(62);

    /// The widest bucket that is at most `cell_px` wide when `span_us` is drawn `width_px` wide.
    pub fn for_pixels(span_us: i64, width_px: f32, cell_px: f32) -> Self {
        let cell_us = span_us as f64 * f64::from(cell_px) / f64::from(width_px.max(1.0));
        let whole_us = cell_us as u64;
        Self(whole_us.max(1).ilog2().min(u32::from(Self::MAX.0)) as u8)
    }

    /// Its width in microseconds.
    pub fn width_us(self) -> i64 {
        1 << self.exponent()
    }

    /// The number of the bucket that holds `time`; 0 starts at 1970.
    pub fn index(self, time: Time) -> i64 {
        time.0 >> self.exponent()
    }

    /// The start of the bucket of this number, kept a bounded time at the extremes.
    pub fn start(self, index: i64) -> Time {
        Time(index.saturating_mul(self.width_us()).clamp(i64::MIN + 1, i64::MAX - 1))
    }

    /// The start of the bucket that holds `time`; open ends stay open.
    #[must_use]
    pub fn floor(self, time: Time) -> Time {
        if time.is_bounded() { self.start(self.index(time)) } else { time }
    }

    fn exponent(self) -> u8 {
        self.0.min(Self::MAX.0)
    }
}

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

/// The years before 1 March 0000 from which days are counted, so that no number below is negative: 800 times 400.
const YEARS_SHIFT: u32 = 800 * 400;
/// Years further from the year 0 are never computed with: microseconds in 64 bits reach the year 294,247.
const YEARS_AWAY_MAX: i64 = 310_000;
/// The days from the 1st of March of the year -[`YEARS_SHIFT`] to 1970-01-01.
const DAYS_SHIFT: u32 = 719_468 + 800 * 146_097;

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar, for years within [`YEARS_AWAY_MAX`] of the year 0;
/// years beyond are held there.
///
/// The method is that of Neri and Schneider, "Euclidean affine functions and their application to calendar algorithms" (2023).
pub(super) const fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let is_early = month <= 2;
    let year = if year > YEARS_AWAY_MAX { YEARS_AWAY_MAX } else { year };
    let year = if year < -YEARS_AWAY_MAX { -YEARS_AWAY_MAX } else { year };
    let year = (year + YEARS_SHIFT as i64) as u32 - is_early as u32;
    let month = if is_early { month + 12 } else { month };
    let century = year / 100;
    let days = 1_461 * year / 4 - century + century / 4 + (979 * month - 2_919) / 32 + (day - 1);
    days as i64 - DAYS_SHIFT as i64
}

/// The day of the proleptic Gregorian calendar that many days from 1970-01-01, for every day that a [`Time`] can be in (same source).
pub(super) const fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let quarters = 4 * ((days + DAYS_SHIFT as i64) as u32) + 3;
    let century = quarters / 146_097;
    let of_century = (quarters % 146_097) | 3;
    let product = 2_939_745 * of_century as u64;
    let year = 100 * century + (product >> 32) as u32;
    let of_year = (product as u32) / 2_939_745 / 4;
    let affine = 2_141 * of_year + 197_913;
    let is_early = of_year >= 306;
    let month = (affine >> 16) - if is_early { 12 } else { 0 };
    let day = (affine & 0xFFFF) / 2_141 + 1;
    ((year + is_early as u32) as i64 - YEARS_SHIFT as i64, month, day)
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

#[cfg(test)]
mod tests {
    use super::{Bucket, Step, civil_from_days, days_from_civil, days_in_month};
    use crate::time::{DAY_US, Time};
    use chrono::Datelike as _;
    use proptest::prelude::*;

    fn at(year: i32, month: u32, day: u32) -> Time {
        Time::from_ymd(year, month, day).unwrap()
    }

    #[test]
    fn days_that_do_not_exist_have_no_time() {
        assert_eq!(at(1970, 1, 1), Time(0));
        assert_eq!(at(2000, 3, 1).0 - at(2000, 2, 28).0, 2 * DAY_US);
        for (year, month, day) in [(2023, 2, 29), (1900, 2, 29), (2025, 0, 1), (2025, 13, 1), (2025, 4, 31), (2025, 4, 0), (262_143, 1, 1)]
        {
            assert_eq!(Time::from_ymd(year, month, day), None, "{year}-{month}-{day}");
        }
        assert_eq!(at(-262_143, 1, 1), Time::FIRST);
        assert_eq!(at(262_142, 12, 31).plus_us(DAY_US - 1), Time::LAST);
        assert_eq!(Time(-1).ymd(), (1969, 12, 31));
        assert_eq!(Time(-1).hms(), (23, 59, 59, 999_999));
    }

    #[test]
    fn epochs_of_every_unit_are_read() {
        let time = Time(1_740_000_000_123_456);
        assert_eq!(Time::from_epoch_s(1_740_000_000), Some(Time(1_740_000_000_000_000)));
        assert_eq!(Time::from_epoch_ms(1_740_000_000_123), Some(Time(1_740_000_000_123_000)));
        assert_eq!(Time::from_epoch_us(time.0), Some(time));
        assert_eq!(Time::from_epoch_ns(1_740_000_000_123_456_789), time);
        assert_eq!(Time::from_epoch_ns(-1), Time(-1));
        assert_eq!(Time::from_epoch_s(i64::MAX), None);
        assert_eq!(Time::from_epoch_ms(i64::MAX), None);
        assert_eq!(Time::from_epoch_us(i64::MAX), None);
        assert!(Time::now() > at(2024, 1, 1));
    }

    #[test]
    fn steps_start_where_the_calendar_says() {
        let time = at(2025, 2, 13).plus_us(45_296_000_000);
        for (step, start, next, label) in [
            (Step::Day, at(2025, 2, 13), at(2025, 2, 14), "13 Feb 2025"),
            (Step::Week, at(2025, 2, 10), at(2025, 2, 17), "2025-W07"),
            (Step::Month, at(2025, 2, 1), at(2025, 3, 1), "Feb 2025"),
            (Step::Quarter, at(2025, 1, 1), at(2025, 4, 1), "Q1 2025"),
            (Step::Year, at(2025, 1, 1), at(2026, 1, 1), "2025"),
            (Step::Decade, at(2020, 1, 1), at(2030, 1, 1), "2020s"),
            (Step::Century, at(2000, 1, 1), at(2100, 1, 1), "2000s"),
        ] {
            assert_eq!((step.floor(time), step.next(time), step.label(time)), (start, next, label.to_owned()));
        }
        assert_eq!(Step::Hour.label(time), "13 Feb 2025 12:00");
        assert_eq!(Step::Minute.label(time), "13 Feb 2025 12:34");
        assert_eq!(Step::Quarter.previous(time), at(2024, 10, 1));
        assert_eq!(Step::Month.previous(at(2025, 1, 31)), at(2024, 12, 1));
        assert_eq!(Step::Decade.label(at(-500, 1, 1)), "501 – 492 BC");
        assert_eq!(Step::Week.label(at(2024, 12, 31)), "2025-W01");
        assert_eq!(Step::Week.label(at(2021, 1, 3)), "2020-W53");
    }

    #[test]
    fn steps_are_found_by_their_names() {
        for step in Step::ALL {
            assert_eq!(Step::parse(step.name()), Some(step));
        }
        assert_eq!(Step::parse(" Week "), Some(Step::Week));
        assert_eq!(Step::parse("fortnight"), None);
        assert!(Step::ALL.windows(2).all(|pair| pair[0].approx_us() < pair[1].approx_us()));
    }

    #[test]
    fn open_ends_stay_open() {
        for step in Step::ALL {
            assert_eq!(step.floor(Time::OPEN_START), Time::OPEN_START);
            assert_eq!(step.next(Time::OPEN_END), Time::OPEN_END);
            assert_eq!(step.label(Time::OPEN_END), "no end");
        }
        assert_eq!(Bucket(20).floor(Time::OPEN_END), Time::OPEN_END);
    }

    #[test]
    fn a_bucket_is_the_widest_that_fits_its_cell() {
        assert_eq!(Bucket::for_pixels(1_000, 1_000.0, 1.0), Bucket(0));
        assert_eq!(Bucket::for_pixels(8_000, 1_000.0, 1.0), Bucket(3));
        assert_eq!(Bucket::for_pixels(8_000, 1_000.0, 8.0), Bucket(6));
        assert_eq!(Bucket::for_pixels(7_999, 1_000.0, 1.0), Bucket(2));
        assert_eq!(Bucket::for_pixels(0, 1_000.0, 1.0), Bucket(0));
        assert_eq!(Bucket::for_pixels(-5, f32::NAN, f32::NAN), Bucket(0));
        assert_eq!(Bucket::for_pixels(i64::MAX, 0.0, 1_000.0), Bucket::MAX);
        assert_eq!(Bucket(200).width_us(), Bucket::MAX.width_us());
        assert_eq!((Bucket(3).index(Time(-1)), Bucket(3).start(-1)), (-1, Time(-8)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_calendar_is_that_of_chrono(days in -96_000_000_i32..95_000_000) {
            let date = chrono::NaiveDate::from_epoch_days(days).unwrap();
            let (year, month, day) = civil_from_days(i64::from(days));
            prop_assert_eq!((year, month, day), (i64::from(date.year()), date.month(), date.day()));
            prop_assert_eq!(days_from_civil(year, month, day), i64::from(days));
            prop_assert!(day <= days_in_month(year, month));
            let time = Time(i64::from(days) * DAY_US);
            prop_assert_eq!(time.weekday(), date.weekday().num_days_from_monday());
            let week = Step::Week.floor(time);
            prop_assert_eq!(Step::Week.label(week), format!("{}-W{:02}", date.iso_week().year(), date.iso_week().week()));
        }

        #[test]
        fn a_time_lies_in_its_step(us in Time::FIRST.0..=Time::LAST.0, index in 0..Step::ALL.len()) {
            let (time, step) = (Time(us), Step::ALL[index]);
            let (start, next) = (step.floor(time), step.next(time));
            prop_assert!(start <= time && time < next);
            prop_assert_eq!(step.floor(next), next);
            prop_assert_eq!(step.previous(next), start);
            prop_assert_eq!(step.floor(next.plus_us(-1)), start);
            prop_assert_eq!(step.label(start), step.label(next.plus_us(-1)));
            prop_assert_ne!(step.label(start), step.label(next));
        }

        #[test]
        fn no_time_is_too_far_for_a_step(us in any::<i64>(), index in 0..Step::ALL.len()) {
            let (time, step) = (Time(us), Step::ALL[index]);
            prop_assert!(step.floor(time) <= time && step.next(time) >= time && step.previous(time) <= time);
            prop_assert!(!step.label(time).is_empty());
        }

        #[test]
        fn a_time_lies_in_its_bucket(us in any::<i64>(), exponent in any::<u8>()) {
            let (time, bucket) = (Time(us), Bucket(exponent));
            let index = bucket.index(time);
            prop_assert!(bucket.floor(time) <= time);
            prop_assert!(bucket.start(index) <= time || !time.is_bounded());
            prop_assert!(time < bucket.start(index + 1) || time.0 > Time::LAST.0);
        }
    }
}

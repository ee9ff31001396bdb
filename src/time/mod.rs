//! Time as whole microseconds in UTC, spans, EDTF dates, calendar steps, zones and their text.
//! The only module that uses chrono; it knows nothing of records.

mod calendar;
mod edtf;
mod format;
mod loose;
mod ticks;
mod units;
mod zone;

pub use calendar::{Bucket, Step};
pub use edtf::{EdtfError, edtf_from_when, parse_edtf};
pub use format::{format_day, format_days, format_iso_day, format_span, format_tick, format_time, format_when};
pub use loose::{DateOrder, Loose, LooseError, parse_loose, parse_ymd_fast};
pub use ticks::{Tick, TickStep, TickUnit, ticks};
pub use zone::Zone;

/// Microseconds in one second.
pub const SECOND_US: i64 = 1_000_000;
/// Microseconds in one minute.
pub const MINUTE_US: i64 = 60 * SECOND_US;
/// Microseconds in one hour.
pub const HOUR_US: i64 = 60 * MINUTE_US;
/// Microseconds in one day.
pub const DAY_US: i64 = 24 * HOUR_US;

/// A moment: whole microseconds since 1970-01-01T00:00:00 UTC, proleptic Gregorian.
///
/// The two extreme values stand for the open ends of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Time(pub i64);

impl Time {
    /// The end of a span that is not known to end.
    pub const OPEN_END: Self = Self(i64::MAX);
    /// The start of a span that is not known to start.
    pub const OPEN_START: Self = Self(i64::MIN);

    /// Is this a real moment, not an open end?
    pub fn is_bounded(self) -> bool {
        self != Self::OPEN_START && self != Self::OPEN_END
    }

    /// This moment moved by `us` microseconds; open ends stay open, and nothing wraps round.
    #[must_use]
    pub fn plus_us(self, us: i64) -> Self {
        if self.is_bounded() { Self(self.0.saturating_add(us).clamp(i64::MIN + 1, i64::MAX - 1)) } else { self }
    }
}

/// A half-open range of time, `[start, end)`; an end may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Span {
    /// The first moment inside, or [`Time::OPEN_START`].
    pub start: Time,
    /// The first moment after, or [`Time::OPEN_END`].
    pub end: Time,
}

impl Span {
    /// All of time.
    pub const ALL: Self = Self { start: Time::OPEN_START, end: Time::OPEN_END };

    /// From `start` up to but without `end`.
    pub fn new(start: Time, end: Time) -> Self {
        Self { start, end }
    }

    /// Are both ends known?
    pub fn is_bounded(self) -> bool {
        self.start.is_bounded() && self.end.is_bounded()
    }

    /// Do the two share a moment? An empty span counts as the moment of its start.
    pub fn overlaps(self, other: Self) -> bool {
        let end = |span: Self| if span.end > span.start { span.end } else { span.start.plus_us(1) };
        self.start < end(other) && other.start < end(self)
    }

    /// Does the moment lie inside?
    pub fn contains(self, time: Time) -> bool {
        self.start <= time && time < self.end
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The length in microseconds; `None` with an open end.
    pub fn width_us(self) -> Option<i64> {
        self.is_bounded().then(|| self.end.0.saturating_sub(self.start.0))
    }

    /// The part inside `other`; `None` when nothing is.
    pub fn intersection(self, other: Self) -> Option<Self> {
        let both = Self { start: self.start.max(other.start), end: self.end.min(other.end) };
        (both.start < both.end).then_some(both)
    }
}

/// How finely a date is written, from coarse to fine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[repr(u8)]
pub enum Precision {
    /// A hundred years, or more.
    Century,
    /// Ten years.
    Decade,
    /// One year.
    Year,
    /// A season, quarter, quadrimester or semester.
    Season,
    /// One month.
    Month,
    /// One week.
    Week,
    /// One day.
    Day,
    /// One hour.
    Hour,
    /// One minute.
    Minute,
    /// One second.
    Second,
    /// Less than a second.
    Subsecond,
}

impl Precision {
    /// Every precision, from coarse to fine; the index is the stored code.
    pub const ALL: [Self; 11] = [
        Self::Century,
        Self::Decade,
        Self::Year,
        Self::Season,
        Self::Month,
        Self::Week,
        Self::Day,
        Self::Hour,
        Self::Minute,
        Self::Second,
        Self::Subsecond,
    ];

    /// The precision of a stored code; codes that do not exist are days.
    pub fn from_code(code: u8) -> Self {
        Self::ALL.get(usize::from(code)).copied().unwrap_or(Self::Day)
    }

    /// The word for it, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Century => "century",
            Self::Decade => "decade",
            Self::Year => "year",
            Self::Season => "season",
            Self::Month => "month",
            Self::Week => "week",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Second => "second",
            Self::Subsecond => "subsecond",
        }
    }
}

/// What is to be known about a date beside its span, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Flags(pub u8);

impl Flags {
    /// `?`: the source is doubtful.
    pub const UNCERTAIN: Self = Self(1);
    /// `~`: the value is an estimate.
    pub const APPROXIMATE: Self = Self(2);
    /// Written as `a/b`: it lasted from a to b (not: one moment somewhere inside).
    pub const INTERVAL: Self = Self(4);
    /// Digits left open with `X`.
    pub const UNSPECIFIED: Self = Self(8);
    /// A set of dates, `{…}` or `[…]`; the span is their hull.
    pub const SET: Self = Self(16);
    /// An end of an interval is unknown (`/2025`, not `../2025`), drawn as open.
    pub const UNKNOWN_END: Self = Self(32);

    /// Are all bits of `other` set here?
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A date as the program understands it: `[earliest, latest)`, how finely it was written, and its marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct When {
    /// The earliest possible moment up to the latest possible one.
    pub span: Span,
    /// How finely it was written (of an interval: the coarser end).
    pub precision: Precision,
    /// Uncertain, approximate, interval …
    pub flags: Flags,
}

impl When {
    /// The whole day (UTC) that starts at a midnight, without marks.
    pub fn day(midnight: Time) -> Self {
        Self { span: Span::new(midnight, midnight.plus_us(DAY_US)), precision: Precision::Day, flags: Flags::default() }
    }

    /// The moment that is known to `width_us` microseconds, without marks.
    pub fn moment(time: Time, width_us: i64, precision: Precision) -> Self {
        Self { span: Span::new(time, time.plus_us(width_us)), precision, flags: Flags::default() }
    }

    /// A date with a time of day as its whole day (UTC), for columns in which every time is midnight; others as they are.
    #[must_use]
    pub fn as_day(self) -> Self {
        if self.is_whole_days() || !self.span.start.is_bounded() {
            return self;
        }
        let day = Self::day(Step::Day.floor(self.span.start));
        Self { flags: self.flags, ..day }
    }

    /// Is a time of day written, and is it midnight in UTC?
    pub fn is_midnight_moment(self) -> bool {
        !self.is_whole_days() && self.span.start.is_bounded() && self.span.start.is_midnight()
    }

    /// A date known to one day or coarser is that day in every time zone.
    pub fn is_whole_days(self) -> bool {
        self.precision <= Precision::Day
    }

    /// Is the time of the record one moment that is known only this well, rather than a time that it lasted?
    pub fn is_vague_point(self) -> bool {
        !self.flags.has(Flags::INTERVAL)
            && (self.precision < Precision::Day || self.flags.has(Flags::APPROXIMATE) || self.flags.has(Flags::UNCERTAIN))
    }
}

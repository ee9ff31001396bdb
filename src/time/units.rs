//! The units that a date can be written in, and how the ends of a span lie on them; it knows no text.

use super::calendar::{MONTHS, month_start, year_start};
use super::{Flags, HOUR_US, MINUTE_US, Precision, SECOND_US, Span, Step, Time, When};

/// The precisions that the finer end of an interval is written in: no weeks, seasons or decades.
const FINER: [Precision; 7] =
    [Precision::Year, Precision::Month, Precision::Day, Precision::Hour, Precision::Minute, Precision::Second, Precision::Subsecond];

/// The first and the last year of the block of `size` years that `year` is in.
///
/// Blocks share their leading digits, so before the year 0 they run from -1899 to -1800; the year 0 is in the block after it only.
pub(super) fn year_block(year: i64, size: i64) -> (i64, i64) {
    let size = size.max(1);
    let low = year.abs() / size * size;
    let high = low + size - 1;
    if year >= 0 { (low, high) } else { (-high, -low.max(1)) }
}

/// The span of whole years, both included.
pub(super) fn years(first: i64, last: i64) -> Span {
    Span::new(year_start(first), year_start(last + 1))
}

/// The unit of a precision that holds `time`; `None` for seasons, which have no single one.
///
/// The unit of less than a second is the microsecond.
pub(super) fn unit(time: Time, precision: Precision) -> Option<Span> {
    let even = |width_us: i64| {
        let start = Time(time.0.div_euclid(width_us).saturating_mul(width_us));
        Span::new(start, start.plus_us(width_us))
    };
    let stepped = |step: Step| Span::new(step.floor(time), step.next(time));
    let block = |size: i64| {
        let (first, last) = year_block(i64::from(time.ymd().0), size);
        years(first, last)
    };
    Some(match precision {
        Precision::Century => block(100),
        Precision::Decade => block(10),
        Precision::Year => stepped(Step::Year),
        Precision::Season => return None,
        Precision::Month => stepped(Step::Month),
        Precision::Week => stepped(Step::Week),
        Precision::Day => stepped(Step::Day),
        Precision::Hour => even(HOUR_US),
        Precision::Minute => even(MINUTE_US),
        Precision::Second => even(SECOND_US),
        Precision::Subsecond => even(1),
    })
}

/// The last unit of a precision before `end`.
pub(super) fn unit_before(end: Time, precision: Precision) -> Option<Span> {
    unit(end.plus_us(-1), precision)
}

/// The precision in which the start of a date's span can be written: its own, or else the coarsest finer one that starts there.
pub(super) fn start_precision(when: &When) -> Precision {
    let start = when.span.start;
    finest_first_fit(when.precision, |precision| match precision {
        Precision::Season => season_from(start).is_some(),
        _ => unit(start, precision).is_some_and(|unit| unit.start == start),
    })
}

/// The precision in which the last unit of a date's span can be written.
pub(super) fn end_precision(when: &When) -> Precision {
    let end = when.span.end;
    finest_first_fit(when.precision, |precision| match precision {
        Precision::Season => season_until(end).is_some(),
        _ => unit_before(end, precision).is_some_and(|unit| unit.end == end),
    })
}

/// The precisions in which the ends of a date's span are shown.
///
/// An interval has each end as coarse as it was written, unless both lie in one unit of the coarser (`3 – 31 Jan`, not `3 Jan – Jan`);
/// the bounds of anything else are both as fine as the finer needs.
pub(super) fn range_precisions(when: &When) -> (Precision, Precision) {
    let (first, last) = (start_precision(when), end_precision(when));
    let (coarser, finer) = (first.min(last), first.max(last));
    let is_one_coarse = || unit(when.span.start, coarser) == unit_before(when.span.end, coarser);
    let is_kept = when.flags.has(Flags::INTERVAL) && when.span.is_bounded() && !is_one_coarse();
    if first == last || is_kept || !when.span.is_bounded() { (first, last) } else { (finer, finer) }
}

fn finest_first_fit(own: Precision, fits: impl Fn(Precision) -> bool) -> Precision {
    if own != Precision::Week && fits(own) {
        return own;
    }
    FINER.into_iter().find(|precision| *precision > own && fits(*precision)).unwrap_or(Precision::Subsecond)
}

/// The EDTF code, the months before it and the length in months of each part of a year that is not a month.
///
/// Seasons go by the north's meteorological ones (spring March to May … winter December to February of the next year).
pub(super) const SEASONS: [(u8, i64, i64); 21] = [
    (21, 2, 3),
    (22, 5, 3),
    (23, 8, 3),
    (24, 11, 3),
    (25, 2, 3),
    (26, 5, 3),
    (27, 8, 3),
    (28, 11, 3),
    (29, 8, 3),
    (30, 11, 3),
    (31, 2, 3),
    (32, 5, 3),
    (33, 0, 3),
    (34, 3, 3),
    (35, 6, 3),
    (36, 9, 3),
    (37, 0, 4),
    (38, 4, 4),
    (39, 8, 4),
    (40, 0, 6),
    (41, 6, 6),
];

/// A part of a year: its EDTF code, its year (that of its start) and its span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Season {
    pub(super) code: u8,
    pub(super) year: i64,
    pub(super) span: Span,
}

/// The season of a code from 21 to 41.
pub(super) fn season(year: i64, code: u8) -> Option<Season> {
    let (_, skipped, months) = SEASONS.into_iter().find(|(known, ..)| *known == code)?;
    let span = Span::new(month_start(year, skipped + 1), month_start(year, skipped + months + 1));
    Some(Season { code, year, span })
}

/// The first season whose span is this one.
pub(super) fn season_of(span: Span) -> Option<Season> {
    seasons_from(span.start).find(|season| season.span.end == span.end)
}

/// The first season that starts at a moment.
pub(super) fn season_from(start: Time) -> Option<Season> {
    seasons_from(start).next()
}

/// The first season that ends at a moment.
pub(super) fn season_until(end: Time) -> Option<Season> {
    let year = i64::from(end.plus_us(-1).ymd().0);
    [year, year - 1].into_iter().flat_map(all_of_year).find(|season| season.span.end == end)
}

fn seasons_from(start: Time) -> impl Iterator<Item = Season> {
    all_of_year(i64::from(start.ymd().0)).filter(move |season| season.span.start == start)
}

fn all_of_year(year: i64) -> impl Iterator<Item = Season> {
    SEASONS.into_iter().filter_map(move |(code, ..)| season(year, code))
}

/// The power of ten (from 1) of the years that a span is one block of: 3 for the years 2000 to 2999.
pub(super) fn year_power(span: Span) -> Option<u32> {
    let year = i64::from(span.start.ymd().0);
    (1..=5).find(|power| {
        let (first, last) = year_block(year, 10_i64.pow(*power));
        years(first, last) == span
    })
}

/// Is the span of a date one unit of its precision, and is that written by one name? Weeks are not; centuries may be longer blocks.
pub(super) fn is_one_unit(when: &When) -> bool {
    let span = when.span;
    match when.precision {
        Precision::Century => year_power(span).is_some_and(|power| power >= 2),
        Precision::Season => season_of(span).is_some(),
        Precision::Week => false,
        Precision::Subsecond => fraction_digits(span).is_some(),
        precision => unit(span.start, precision) == Some(span),
    }
}

/// How many digits (1 to 6) behind the second a span of less than a second is written with.
pub(super) fn fraction_digits(span: Span) -> Option<usize> {
    let width_us = span.width_us()?;
    let digits = (1..=6_usize).find(|digits| 10_i64.pow(6 - *digits as u32) == width_us)?;
    (span.start.0.rem_euclid(width_us) == 0).then_some(digits)
}

/// The short name of a month from 1 to 12.
pub(super) fn month_name(month: u32) -> &'static str {
    MONTHS.get(month.wrapping_sub(1) as usize).copied().unwrap_or("")
}

//! Dates as the query language writes them: EDTF, ranges of it, and exact moments; it knows no fields.

use crate::time::{Precision, Span, Step, Time, parse_edtf};

/// The span of `2024-10`, `2024-10..2025-02-11` (both included), `2024..`, `..2024`, or of a moment `@N`.
///
/// # Errors
/// What is wrong with the date, in a sentence.
pub fn span_of(text: &str) -> Result<Span, String> {
    let is_edtf_range = text.contains('/') || text.starts_with(['[', '{']);
    let Some((from, to)) = text.split_once("..").filter(|_| !is_edtf_range) else { return one(text) };
    let start = if from.is_empty() { Time::OPEN_START } else { one(from)?.start };
    let end = if to.is_empty() { Time::OPEN_END } else { one(to)?.end };
    if start > end || (start == end && !to.starts_with('@')) {
        return Err(format!("The range “{text}” ends before it starts."));
    }
    Ok(Span::new(start, end))
}

/// The end of the latest day that a date may be, for `known:` and `--known-on`.
///
/// # Errors
/// What is wrong with the date, in a sentence.
pub fn known_by(text: &str) -> Result<Time, String> {
    if let Some(moment) = moment(text) {
        return Ok(moment);
    }
    let when = parse_edtf(text).map_err(|error| no_date(text, &error))?;
    if when.span.end == Time::OPEN_END {
        return Err(format!("“{text}” has no end: “known” needs a day, such as 2025-01-20."));
    }
    if when.precision <= Precision::Day {
        return Ok(when.span.end);
    }
    Ok(Step::Day.next(when.span.end.plus_us(-1)))
}

fn one(text: &str) -> Result<Span, String> {
    match moment(text) {
        Some(moment) => Ok(Span::new(moment, moment)),
        None => parse_edtf(text).map(|when| when.span).map_err(|error| no_date(text, &error)),
    }
}

fn moment(text: &str) -> Option<Time> {
    text.strip_prefix('@').and_then(|us| us.parse().ok()).map(Time)
}

fn no_date(text: &str, error: &crate::time::EdtfError) -> String {
    format!("“{text}” is not a date ({error}): write 2025, 2025-02 or 2025-02-11.")
}

/// The date that ends at this moment: `2024-10` for the midnight that starts November 2024.
pub(super) fn text_until(end: Time) -> String {
    text_in(end, Grain::of(end), Side::Last)
}

/// The date that starts at this moment.
pub(super) fn text_from(start: Time) -> String {
    text_in(start, Grain::of(start), Side::First)
}

/// The day that ends at this moment; what is no midnight as an exact moment.
pub(super) fn text_of_day_until(end: Time) -> String {
    let is_plain = Grain::of(end) <= Grain::Day && is_plain_year(end.plus_us(-1));
    text_in(end, if is_plain { Grain::Day } else { Grain::Exact }, Side::Last)
}

/// The text of a span: one date where it is one, else a range of the coarsest dates that fit.
pub(super) fn text_of_span(span: Span) -> String {
    if !span.start.is_bounded() || !span.end.is_bounded() {
        let from = if span.start == Time::OPEN_START { String::new() } else { text_from(span.start) };
        let to = if span.end == Time::OPEN_END { String::new() } else { text_until(span.end) };
        return format!("{from}..{to}");
    }
    for grain in [Grain::Year, Grain::Month, Grain::Day, Grain::Second] {
        if Grain::of(span.start) <= grain && grain.next(span.start) == span.end && (grain == Grain::Year || is_plain_year(span.start)) {
            return text_in(span.start, grain, Side::First);
        }
    }
    let grain = Grain::of(span.start).max(Grain::of(span.end));
    let is_plain = grain == Grain::Year || (is_plain_year(span.start) && is_plain_year(span.end.plus_us(-1)));
    let grain = if is_plain && span.start < span.end { grain } else { Grain::Exact };
    format!("{}..{}", text_in(span.start, grain, Side::First), text_in(span.end, grain, Side::Last))
}

/// How finely a moment must be written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grain {
    Year,
    Month,
    Day,
    Second,
    Exact,
}

/// Does the date start at the moment, or end there?
#[derive(Clone, Copy, PartialEq)]
enum Side {
    First,
    Last,
}

impl Grain {
    fn of(time: Time) -> Self {
        if !time.is_bounded() || !time.is_in_range() {
            return Self::Exact;
        }
        let (_, month, day) = time.ymd();
        match (time.is_midnight(), day, month) {
            (true, 1, 1) => Self::Year,
            (true, 1, _) => Self::Month,
            (true, ..) => Self::Day,
            _ if time.0.rem_euclid(crate::time::SECOND_US) == 0 => Self::Second,
            _ => Self::Exact,
        }
    }

    fn step(self) -> Option<Step> {
        match self {
            Self::Year => Some(Step::Year),
            Self::Month => Some(Step::Month),
            Self::Day => Some(Step::Day),
            Self::Second | Self::Exact => None,
        }
    }

    fn next(self, time: Time) -> Time {
        self.step().map_or_else(|| time.plus_us(crate::time::SECOND_US), |step| step.next(time))
    }
}

/// Years of four digits, the only ones that EDTF writes with months and days.
fn is_plain_year(time: Time) -> bool {
    time.is_in_range() && time.ymd().0.abs() <= 9_999
}

fn text_in(time: Time, grain: Grain, side: Side) -> String {
    let inside = if side == Side::Last { time.plus_us(-1) } else { time };
    if grain == Grain::Exact || !time.is_in_range() || !inside.is_in_range() || (grain > Grain::Year && !is_plain_year(inside)) {
        return format!("@{}", time.0);
    }
    let (year, month, day) = inside.ymd();
    let year_text = match year {
        0..=9_999 => format!("{year:04}"),
        -9_999..0 => format!("-{:04}", -year),
        _ => format!("Y{year}"),
    };
    match grain {
        Grain::Year => year_text,
        Grain::Month => format!("{year_text}-{month:02}"),
        Grain::Day => format!("{year_text}-{month:02}-{day:02}"),
        Grain::Second | Grain::Exact => {
            let (hour, minute, second, _) = inside.hms();
            format!("{year_text}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
        }
    }
}

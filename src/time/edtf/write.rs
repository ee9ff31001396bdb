//! Writes a date as canonical EDTF.

use super::super::units::{
    Season, end_precision, fraction_digits, is_one_unit, range_precisions, season_from, season_of, season_until, start_precision,
    unit_before, year_block, year_power, years,
};
use super::super::{Flags, Precision, Span, Time, When};

/// The canonical EDTF text of a date, such as `2025-02-11`, `2025-02~`, `2024-12-14/..` or `2025-02-11T13:05:20Z`.
///
/// Reading it gives the same date back for all that [`super::parse_edtf`] gives, but for these: a set is written as its hull,
/// `[a..b]`, which may be finer than the set was; one date in a span that is no unit of its precision, such as a week or `1984-1X`,
/// is written as such a set; digits left open are written only where they stand for a whole month, year, decade or century. Months
/// and days of years beyond four digits, which EDTF cannot write, are left off.
pub fn edtf_from_when(when: &When) -> String {
    let mark = mark(when.flags);
    let is_interval = when.flags.has(Flags::INTERVAL);
    if !is_interval && is_one_unit(when) {
        let text = open_digits(when).unwrap_or_else(|| one_unit(when));
        return if when.flags.has(Flags::SET) { format!("[{text}{mark}]") } else { format!("{text}{mark}") };
    }
    let span = when.span;
    let is_as_written = is_interval || when.flags.has(Flags::SET);
    let own = || (start_precision(when), end_precision(when));
    let (first, last) = if is_as_written { own() } else { range_precisions(when) };
    let first = span.start.is_bounded().then(|| format!("{}{mark}", first_unit(span.start, first)));
    let last = span.end.is_bounded().then(|| format!("{}{mark}", last_unit(span.end, last)));
    let open = if when.flags.has(Flags::UNKNOWN_END) { "" } else { ".." };
    match (first, last) {
        (None, None) => format!("{open}/.."),
        (first, last) if !is_interval => format!("[{}..{}]", first.unwrap_or_default(), last.unwrap_or_default()),
        (first, last) => {
            let or_open = |text: Option<String>| text.unwrap_or_else(|| open.to_owned());
            format!("{}/{}", or_open(first), or_open(last))
        }
    }
}

fn mark(flags: Flags) -> &'static str {
    match (flags.has(Flags::UNCERTAIN), flags.has(Flags::APPROXIMATE)) {
        (true, true) => "%",
        (true, false) => "?",
        (false, true) => "~",
        (false, false) => "",
    }
}

/// `201X`, `2004-XX` …, where the date left digits open that stand for the whole of its unit.
fn open_digits(when: &When) -> Option<String> {
    let (year, month, _) = when.span.start.ymd();
    if !when.flags.has(Flags::UNSPECIFIED) || !is_four_digits(i64::from(year)) {
        return None;
    }
    let text = year_text(i64::from(year));
    match when.precision {
        Precision::Century | Precision::Decade => {
            let power = year_power(when.span).filter(|power| *power <= 4)? as usize;
            Some(format!("{}{}", text.get(..text.len() - power)?, "X".repeat(power)))
        }
        Precision::Year => Some(format!("{text}-XX")),
        Precision::Month => Some(format!("{text}-{month:02}-XX")),
        _ => None,
    }
}

fn one_unit(when: &When) -> String {
    let start = when.span.start;
    match when.precision {
        Precision::Century => block_text(when.span, year_power(when.span).unwrap_or(2)),
        Precision::Season => season_of(when.span).map_or_else(|| moment(start, Precision::Month), season_text),
        Precision::Subsecond => clock(start, fraction_digits(when.span).unwrap_or(6)),
        precision => moment(start, precision),
    }
}

fn first_unit(start: Time, precision: Precision) -> String {
    match precision {
        Precision::Season => season_from(start).map_or_else(|| moment(start, Precision::Month), season_text),
        precision => moment(start, precision),
    }
}

fn last_unit(end: Time, precision: Precision) -> String {
    match precision {
        Precision::Season => season_until(end).map_or_else(|| moment(end.plus_us(-1), Precision::Month), season_text),
        precision => moment(unit_before(end, precision).map_or(end, |unit| unit.start), precision),
    }
}

fn season_text(season: Season) -> String {
    if is_four_digits(season.year) { format!("{}-{:02}", year_text(season.year), season.code) } else { year_text(season.year) }
}

/// The unit of a precision that holds `time`; not for seasons.
fn moment(time: Time, precision: Precision) -> String {
    let (year, month, day) = time.ymd();
    let year = i64::from(year);
    let text = year_text(year);
    if precision > Precision::Year && !is_four_digits(year) {
        return text;
    }
    match precision {
        Precision::Century | Precision::Decade => {
            let power = if precision == Precision::Century { 2 } else { 1 };
            let (first, last) = year_block(year, 10_i64.pow(power));
            block_text(years(first, last), power)
        }
        Precision::Year => text,
        Precision::Season | Precision::Month => format!("{text}-{month:02}"),
        Precision::Week | Precision::Day => format!("{text}-{month:02}-{day:02}"),
        Precision::Hour => format!("{text}-{month:02}-{day:02}T{:02}Z", time.hms().0),
        Precision::Minute => {
            let (hour, minute, ..) = time.hms();
            format!("{text}-{month:02}-{day:02}T{hour:02}:{minute:02}Z")
        }
        Precision::Second => clock(time, 0),
        Precision::Subsecond => clock(time, 6),
    }
}

/// A moment to the second and that many digits behind it.
fn clock(time: Time, digits: usize) -> String {
    let (year, month, day) = time.ymd();
    let year = i64::from(year);
    let (hour, minute, second, us) = time.hms();
    if !is_four_digits(year) {
        return year_text(year);
    }
    let digits = digits.min(6);
    let shown = us / 10_u32.pow(6 - digits as u32);
    let fraction = if digits == 0 { String::new() } else { format!(".{shown:0digits$}") };
    format!("{}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z", year_text(year))
}

fn is_four_digits(year: i64) -> bool {
    year.abs() <= 9_999
}

fn year_text(year: i64) -> String {
    match year {
        0..=9_999 => format!("{year:04}"),
        -9_999..0 => format!("-{:04}", -year),
        _ => format!("Y{year}"),
    }
}

/// A block of 10^`power` years, by its leading digits: `1900S2`.
fn block_text(years: Span, power: u32) -> String {
    let first = i64::from(years.start.ymd().0);
    let base = if first < 0 { -first / 10_i64.pow(power) * 10_i64.pow(power) } else { first };
    let sign = if first < 0 { "-" } else { "" };
    if base <= 9_999 && power <= 3 {
        return format!("{sign}{base:04}S{}", 4 - power);
    }
    let digits = base.to_string().len().max(power as usize + 1).max(5);
    format!("Y{sign}{base:0digits$}S{}", digits - power as usize)
}

//! The dates of cells: texts, digits alone, years, counts since 1970 and days of spreadsheets; times of day.

use super::{DateStyle, NumberStyle, number, trim};
use crate::time::{DAY_US, DateOrder, Flags, HOUR_US, LooseError, MINUTE_US, Precision, SECOND_US, Span, Time, When};
use crate::time::{edtf_from_when, parse_loose, parse_ymd_fast};

/// Why a text is no date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum DateFault {
    Invalid(String),
    OutOfRange,
}

/// A date that was read, and whether its text says more than its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct DateRead {
    pub(in crate::ingest) when: When,
    pub(in crate::ingest) keeps_text: bool,
    /// Day and month could be the other way round.
    pub(in crate::ingest) is_ambiguous: bool,
    pub(in crate::ingest) has_two_digit_year: bool,
}

/// A date as the column writes them.
pub(in crate::ingest) fn date(text: &str, style: DateStyle) -> Result<DateRead, DateFault> {
    // An apostrophe is how spreadsheets, and our own CSV, write text that begins like a formula.
    let text = trim(text).trim_start_matches('\'');
    let read = |when| DateRead { when, keeps_text: false, is_ambiguous: false, has_two_digit_year: false };
    if let Some(when) = parse_ymd_fast(text.as_bytes()) {
        return Ok(read(when));
    }
    let special = match style {
        DateStyle::Text(_) => None,
        DateStyle::Compact => compact(text),
        DateStyle::Year => number(text, NumberStyle::Point).ok().filter(|year| year.fract() == 0.0).and_then(|year| year_when(year as i64)),
        DateStyle::Epoch(per_second) => epoch(text, per_second),
        DateStyle::AnyEpoch => epoch(text, per_second_by_size(text)),
        DateStyle::Excel => excel(text),
    };
    if let Some(when) = special {
        // Whole counts down to microseconds say nothing that the moment does not say.
        let is_finer = |per_second: i64| per_second > 1_000_000 || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let keeps_text = match style {
            DateStyle::Excel => true,
            DateStyle::Epoch(per_second) => is_finer(per_second),
            DateStyle::AnyEpoch => is_finer(per_second_by_size(text)),
            DateStyle::Text(_) | DateStyle::Compact | DateStyle::Year => false,
        };
        return Ok(DateRead { keeps_text, ..read(when) });
    }
    let order = if let DateStyle::Text(order) = style { order } else { DateOrder::DayFirst };
    match parse_loose(text, order) {
        Ok(loose) => Ok(DateRead {
            when: loose.when,
            keeps_text: edtf_from_when(&loose.when) != text,
            is_ambiguous: loose.ambiguous_order,
            has_two_digit_year: loose.two_digit_year,
        }),
        Err(LooseError::OutOfRange) => Err(DateFault::OutOfRange),
        Err(error) => Err(DateFault::Invalid(error.to_string())),
    }
}

/// The same, where years of two digits are in the hundred years from `first_year`.
pub(in crate::ingest) fn date_from(text: &str, style: DateStyle, first_year: Option<u16>) -> Result<DateRead, DateFault> {
    let read = date(text, style)?;
    let Some(first_year) = first_year.filter(|_| read.has_two_digit_year) else { return Ok(read) };
    let (year, month, day) = read.when.span.start.ymd();
    let first = i32::from(first_year);
    let year = first + (year - first).rem_euclid(100);
    let old = Time::from_ymd(read.when.span.start.ymd().0, month, day);
    let Some((old, new)) = old.zip(Time::from_ymd(year, month, day)) else {
        return Err(DateFault::Invalid(format!("the year {year} has no such day")));
    };
    let later = new.0 - old.0;
    let span = Span::new(read.when.span.start.plus_us(later), read.when.span.end.plus_us(later));
    Ok(DateRead { when: When { span, ..read.when }, ..read })
}

fn year_when(year: i64) -> Option<When> {
    crate::time::parse_edtf(&year_text(year)).ok()
}

/// A year as EDTF writes it.
pub(in crate::ingest) fn year_text(year: i64) -> String {
    match year {
        0..=9_999 => format!("{year:04}"),
        -9_999..=-1 => format!("-{:04}", -year),
        _ => format!("Y{year}"),
    }
}

/// `20150131`, `201501311230`, `20150131123005`.
fn compact(text: &str) -> Option<When> {
    if !matches!(text.len(), 8 | 12 | 14) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<u32>().ok());
    let day = Time::from_ymd(part(0, 4)? as i32, part(4, 6)?, part(6, 8)?)?;
    if text.len() == 8 {
        return Some(unit(day, DAY_US, Precision::Day));
    }
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, if text.len() == 14 { part(12, 14)? } else { 0 });
    let is_time = hour < 24 && minute < 60 && second < 60;
    let time = day.plus_us(i64::from(hour) * HOUR_US + i64::from(minute) * MINUTE_US + i64::from(second) * SECOND_US);
    let (width, precision) = if text.len() == 14 { (SECOND_US, Precision::Second) } else { (MINUTE_US, Precision::Minute) };
    is_time.then(|| unit(time, width, precision))
}

fn unit(start: Time, width_us: i64, precision: Precision) -> When {
    When { span: Span::new(start, start.plus_us(width_us)), precision, flags: Flags::default() }
}

/// How many make a second, of a count that is near our time.
fn per_second_by_size(text: &str) -> i64 {
    let whole = text.split('.').next().unwrap_or(text).trim_start_matches('-');
    match whole.parse::<f64>().unwrap_or(0.0) {
        size if size > 1e17 => 1_000_000_000,
        size if size > 1e14 => 1_000_000,
        size if size > 1e11 => 1_000,
        _ => 1,
    }
}

fn epoch(text: &str, per_second: i64) -> Option<When> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let count: i64 = whole.parse().ok()?;
    let time = match per_second {
        1 => Time::from_epoch_s(count)?,
        1_000 => Time::from_epoch_ms(count)?,
        1_000_000 => Time::from_epoch_us(count)?,
        _ => Time::from_epoch_ns(count),
    };
    if per_second == 1 && fraction.trim_end_matches('0').is_empty() {
        return Some(unit(time, SECOND_US, Precision::Second));
    }
    let more: f64 = if fraction.is_empty() { 0.0 } else { format!("0.{fraction}").parse().ok()? };
    let time = time.plus_us((more * SECOND_US as f64 / per_second as f64) as i64);
    time.is_in_range().then(|| unit(time, if per_second == 1_000 { 1_000 } else { 1 }, Precision::Subsecond))
}

/// A serial number of a spreadsheet: whole days since 1899-12-30, and a part of a day.
fn excel(text: &str) -> Option<When> {
    let serial: f64 = text.parse().ok()?;
    if !(1.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let day = Time::from_ymd(1899, 12, 30)?.plus_us(serial.trunc() as i64 * DAY_US);
    if serial.fract() == 0.0 {
        return Some(unit(day, DAY_US, Precision::Day));
    }
    let seconds = (serial.fract() * 86_400.0).round() as i64;
    Some(unit(day.plus_us(seconds * SECOND_US), SECOND_US, Precision::Second))
}

/// A time of day, `13:05`, `13:05:20`, `1:05 PM`, as microseconds since midnight and how finely it is written.
pub(in crate::ingest) fn time_of_day(text: &str) -> Option<(i64, i64, Precision)> {
    let text = text.trim().trim_end_matches(['Z', 'z']).trim();
    let lower = text.to_ascii_lowercase();
    let (clock, half) = match lower.strip_suffix("pm").or_else(|| lower.strip_suffix("p.m.")) {
        Some(clock) => (clock.trim(), Some(12)),
        None => match lower.strip_suffix("am").or_else(|| lower.strip_suffix("a.m.")) {
            Some(clock) => (clock.trim(), Some(0)),
            None => (lower.as_str(), None),
        },
    };
    let mut parts = clock.split(':');
    let mut hour: i64 = parts.next()?.parse().ok()?;
    let minute: i64 = parts.next()?.parse().ok()?;
    let second: Option<f64> = match parts.next() {
        Some(text) => Some(text.parse().ok()?),
        None => None,
    };
    if let Some(half) = half {
        hour = if hour == 12 { half } else { hour + half };
    }
    if parts.next().is_some() || !(0..24).contains(&hour) || !(0..60).contains(&minute) || second.is_some_and(|s| !(0.0..60.0).contains(&s))
    {
        return None;
    }
    let start = hour * HOUR_US + minute * MINUTE_US;
    Some(match second {
        None => (start, MINUTE_US, Precision::Minute),
        Some(second) if second.fract() == 0.0 => (start + second as i64 * SECOND_US, SECOND_US, Precision::Second),
        Some(second) => (start + (second * SECOND_US as f64) as i64, 1, Precision::Subsecond),
    })
}

/// Does a date say by the order of its numbers alone which is day, month and year?
pub(in crate::ingest) fn has_order(text: &str) -> bool {
    // With points between its numbers a date is always day first.
    if order_evidence(text).is_some() && !text.contains('.') {
        return true;
    }
    let read = |order| date(text, DateStyle::Text(order)).ok().map(|read| read.when.span);
    let [first, month, year] = [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::YearFirst].map(read);
    first != month || first != year
}

/// Does a date begin with its year, as ISO 8601 writes it, be there such a day or not?
pub(in crate::ingest) fn is_year_first(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && matches!(text.as_bytes().get(4), None | Some(b'-'))
}

/// What a date of three numbers says about the order of day and month: `31/01/2015` can only be day-first.
pub(in crate::ingest) fn order_evidence(text: &str) -> Option<DateOrder> {
    let mut numbers = text.trim().splitn(3, ['/', '.', '-']).map(str::trim);
    let one: u32 = numbers.next()?.parse().ok()?;
    let two: u32 = numbers.next()?.parse().ok()?;
    let rest = numbers.next()?;
    if !rest.starts_with(|c: char| c.is_ascii_digit()) || one > 31 || two > 31 {
        return None;
    }
    match (one > 12, two > 12) {
        (true, false) => Some(DateOrder::DayFirst),
        (false, true) => Some(DateOrder::MonthFirst),
        _ => None,
    }
}

//! Finds and reads the time of day behind a date of a table.

use super::super::{HOUR_US, MINUTE_US, Precision, SECOND_US};
use super::LooseError;

/// The zones of RFC 822 (5322, section 4.3) and their hours ahead of UTC.
const ZONES: [(&str, i64); 12] = [
    ("Z", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("UT", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
];

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    /// From midnight on.
    pub(super) of_day_us: i64,
    /// What its clock was ahead of UTC.
    pub(super) offset_us: i64,
    /// What its last digit is worth.
    pub(super) width_us: i64,
    pub(super) precision: Precision,
}

/// Parts a text into its date and, when there is one, its time of day.
///
/// # Errors
/// A time that is built as one but cannot be, or that cannot be read to its end.
pub(super) fn clock(text: &str) -> Result<(&str, Option<Clock>), LooseError> {
    let Some((date, time)) = split(text) else { return Ok((text, None)) };
    read(time).map(|clock| (date.trim_end_matches([' ', ',']), Some(clock)))
}

/// Cuts before the hour: the digits before the first colon, or before a final AM or PM, or behind the `T` of a compact date.
fn split(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes();
    if let Some(before) = bytes.first_chunk::<9>()
        && let [digits @ .., b'T'] = before
        && digits.iter().all(u8::is_ascii_digit)
    {
        return Some((text.get(..8)?, text.get(9..)?));
    }
    if matches!(bytes.len(), 12 | 14) && bytes.iter().all(u8::is_ascii_digit) {
        return text.split_at_checked(8);
    }
    let hour_end = text.find(':').or_else(|| meridiem_at(text))?;
    let hour = bytes.get(..hour_end)?.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let at = hour_end - hour;
    let date = text.get(..at)?;
    let date = date.strip_suffix(['T', 't', ' ']).filter(|date| !date.is_empty())?;
    Some((date, text.get(at..)?))
}

/// Where the number before a final `AM` or `PM` ends.
fn meridiem_at(text: &str) -> Option<usize> {
    let before = text.len().checked_sub(2)?;
    let last = text.get(before..)?;
    let is_meridiem = last.eq_ignore_ascii_case("am") || last.eq_ignore_ascii_case("pm");
    is_meridiem.then(|| text.get(..before).map_or(0, |text| text.trim_end().len()))
}

fn read(time: &str) -> Result<Clock, LooseError> {
    let impossible = |reason| LooseError::Impossible { part: time.to_owned(), reason };
    let (numbers, mut rest) = numbers(time).ok_or(LooseError::Unknown)?;
    let [mut hour, minute, second] = numbers.map(|number| number.unwrap_or(0));
    let mut fraction_us = 0;
    let (mut precision, mut width_us) = match numbers {
        [_, _, Some(_)] => (Precision::Second, SECOND_US),
        [_, Some(_), None] => (Precision::Minute, MINUTE_US),
        _ => (Precision::Hour, HOUR_US),
    };
    if let Some(behind) = rest.strip_prefix(['.', ',']).filter(|_| precision == Precision::Second) {
        let count = behind.bytes().take_while(u8::is_ascii_digit).count();
        let digits = behind.get(..count).unwrap_or_default();
        (fraction_us, width_us) = super::fraction(digits.as_bytes()).ok_or(LooseError::Unknown)?;
        (precision, rest) = (Precision::Subsecond, behind.get(count..).unwrap_or_default());
    }
    let (half, rest) = meridiem(rest.trim_start());
    if let Some(half) = half {
        if !(1..=12).contains(&hour) {
            return Err(impossible("with AM or PM, hours run from 1 to 12"));
        }
        hour = hour % 12 + half;
    } else if precision == Precision::Hour {
        return Err(LooseError::Unknown);
    }
    if hour > 24 || minute > 59 || second > 59 {
        return Err(impossible("hours run to 24, minutes and seconds to 59"));
    }
    if hour == 24 && (minute, second, fraction_us) != (0, 0, 0) {
        return Err(impossible("nothing of a day is after 24:00"));
    }
    let offset_us = offset(rest.trim_start()).ok_or(LooseError::Unknown)?;
    let of_day_us = hour * HOUR_US + minute * MINUTE_US + second * SECOND_US + fraction_us;
    Ok(Clock { of_day_us, offset_us, width_us, precision })
}

/// Hour, minute and second, and what follows: `h`, `h:mm`, `h:mm:ss`, `hhmm` or `hhmmss`.
fn numbers(time: &str) -> Option<([Option<i64>; 3], &str)> {
    let count = time.bytes().take_while(u8::is_ascii_digit).count();
    if matches!(count, 4 | 6) {
        let pair = |at: usize| time.get(at..at + 2).and_then(|pair| pair.parse().ok());
        return Some(([pair(0), pair(2), if count == 6 { pair(4) } else { None }], time.get(count..)?));
    }
    let mut found = [None; 3];
    let mut rest = time;
    for (index, slot) in found.iter_mut().enumerate() {
        let behind = if index == 0 { Some(rest) } else { rest.strip_prefix(':') };
        let Some(behind) = behind else { break };
        let count = behind.bytes().take_while(u8::is_ascii_digit).count();
        if count == 0 || count > 2 || (index > 0 && count != 2) {
            return None;
        }
        *slot = behind.get(..count)?.parse().ok();
        rest = behind.get(count..)?;
    }
    Some((found, rest))
}

/// The hours that `AM` (0) or `PM` (12) adds, when one is next, and what follows.
fn meridiem(rest: &str) -> (Option<i64>, &str) {
    for (word, hours) in [("am", 0), ("pm", 12)] {
        if rest.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(word)) {
            return (Some(hours), rest.get(2..).unwrap_or_default());
        }
    }
    (None, rest)
}

/// What the clock was ahead of UTC: nothing, a zone of RFC 822, `+02`, `+0200` or `+02:00`, with or without `UTC` before it.
fn offset(zone: &str) -> Option<i64> {
    if zone.is_empty() {
        return Some(0);
    }
    if let Some((_, hours)) = ZONES.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(zone)) {
        return Some(hours * HOUR_US);
    }
    let zone = zone.strip_prefix("UTC").or_else(|| zone.strip_prefix("GMT")).unwrap_or(zone);
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let pair = |text: &str| {
        let is_pair = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_pair { text.parse::<i64>().ok() } else { None }
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (pair(hours)?, pair(minutes)?),
        None if digits.len() == 1 => (pair(&format!("0{digits}"))?, 0),
        None if digits.len() == 2 => (pair(digits)?, 0),
        None => (pair(digits.get(..2)?)?, pair(digits.get(2..)?)?),
    };
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * HOUR_US + minutes * MINUTE_US))
}

//! Reads dates as tables write them; whether a column is day-first is for its caller to find out.

mod clock;
mod day;

use self::clock::{Clock, clock};
use self::day::{Day, day};
use super::calendar::{days_from_civil, days_in_month};
use super::{DAY_US, EdtfError, Flags, HOUR_US, MINUTE_US, Precision, SECOND_US, Span, Time, When, parse_edtf};

/// The longest text that is looked at as a date other than EDTF; a longer one is no date.
const LOOSE_BYTES_MAX: usize = 80;

/// In which order a date of three numbers is written, where the numbers do not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum DateOrder {
    /// 31/01/2015.
    #[default]
    DayFirst,
    /// 01/31/2015.
    MonthFirst,
    /// 15/01/31; with the year last it is day-first.
    YearFirst,
}

/// A date read from a table, and what was doubtful about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loose {
    /// The date.
    pub when: When,
    /// Would another order of day and month have given another date?
    pub ambiguous_order: bool,
    /// Was the year written with two digits? It is taken to be from 1970 to 2069.
    pub two_digit_year: bool,
    /// Was a time of day written, and is it midnight in UTC? See [`When::as_day`].
    pub midnight: bool,
}

impl Loose {
    fn sure(when: When) -> Self {
        Self { when, ambiguous_order: false, two_digit_year: false, midnight: when.is_midnight_moment() }
    }
}

/// Why a text of a table is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LooseError {
    /// There is no text.
    #[error("no text")]
    Empty,
    /// It is not a date in any form that is known.
    #[error("not a date in any form that is known")]
    Unknown,
    /// It is built as a date, but there is no such date.
    #[error("no such date: {part}: {reason}")]
    Impossible {
        /// The part that cannot be, as it is written.
        part: String,
        /// Why.
        reason: &'static str,
    },
    /// The date lies beyond the years -262143 to 262142.
    #[error("beyond the years -262143 to 262142")]
    OutOfRange,
    /// The interval ends before it starts.
    #[error("the interval ends before it starts")]
    Reversed,
}

impl From<EdtfError> for LooseError {
    fn from(error: EdtfError) -> Self {
        match error {
            EdtfError::Syntax { .. } => Self::Unknown,
            EdtfError::Impossible { part, reason } => Self::Impossible { part, reason },
            EdtfError::OutOfRange => Self::OutOfRange,
            EdtfError::Reversed => Self::Reversed,
        }
    }
}

/// Reads a date in any form that tables contain; EDTF is tried first.
///
/// `2015/01/31`, `20150131`, `20150131123005`, `31 January 2015`, `31-Jan-15`, `January 31, 2015`, `Sat, 31 Jan 2015`,
/// `Jan 2015`, `01/2015`, `Q1 2015`, `2015-W05`, `31.01.2015`, `01/31/2015`; each day may be followed by a time such as `T12:30`,
/// ` 12:30:05.123`, ` 3:05 PM` with `Z`, `UTC`, `GMT`, an offset or a zone of RFC 822. Without a zone it is UTC. With dots
/// between, the day is first. Numbers that can only be in the other order are taken in that order.
///
/// # Errors
/// What kept it from being a date; of a date that cannot be, the part and the reason.
pub fn parse_loose(text: &str, order: DateOrder) -> Result<Loose, LooseError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(LooseError::Empty);
    }
    if let Some(when) = parse_ymd_fast(text.as_bytes()) {
        return Ok(Loose::sure(when));
    }
    if let Some(day) = day_fast(text, order) {
        return day.map(|day| Loose { when: day.when, ambiguous_order: day.ambiguous_order, two_digit_year: false, midnight: false });
    }
    match if may_be_edtf(text.as_bytes()) { parse_edtf(text) } else { Err(EdtfError::Syntax { at: 0, expected: "a date" }) } {
        Ok(when) => return Ok(Loose::sure(when)),
        Err(EdtfError::Syntax { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    if text.len() > LOOSE_BYTES_MAX || !text.is_ascii() {
        return Err(LooseError::Unknown);
    }
    let (date_text, clock) = clock(text)?;
    let day = day(date_text, order)?;
    let when = match clock {
        None => day.when,
        Some(clock) => with_clock(&day, &clock)?,
    };
    Ok(Loose { when, ambiguous_order: day.ambiguous_order, two_digit_year: day.two_digit_year, midnight: when.is_midnight_moment() })
}

/// Can the text be EDTF, by its first signs? It starts with a year of four digits, or with a sign that only EDTF has.
fn may_be_edtf(bytes: &[u8]) -> bool {
    let is_year = bytes.first_chunk::<4>().is_some_and(|year| year.iter().all(|byte| byte.is_ascii_digit() || *byte == b'X'));
    is_year || bytes.first().is_some_and(|byte| b"-Y[{./?~%".contains(byte))
}

/// The two forms of whole days that are frequent in large files beside ISO: `20150131` and `31/01/2015`; `None` is "neither".
fn day_fast(text: &str, order: DateOrder) -> Option<Result<Day, LooseError>> {
    let bytes = text.as_bytes();
    let year = |at: usize| Some(pair(bytes, at)? * 100 + pair(bytes, at + 2)?);
    match bytes {
        [_, _, _, _, _, _, _, _] => Some(day::whole_day(text, year(0)? as i32, pair(bytes, 4)?, pair(bytes, 6)?)),
        [_, _, first @ (b'/' | b'.' | b'-'), _, _, second, _, _, _, _] if first == second => {
            Some(day::numbers(text, char::from(*first), order, [pair(bytes, 0)?, pair(bytes, 3)?, year(6)?], 4))
        }
        _ => None,
    }
}

fn with_clock(day: &Day, clock: &Clock) -> Result<When, LooseError> {
    if day.when.precision != Precision::Day {
        return Err(LooseError::Unknown);
    }
    let time = day.when.span.start.plus_us(clock.of_day_us - clock.offset_us);
    if time.is_in_range() { Ok(When::moment(time, clock.width_us, clock.precision)) } else { Err(LooseError::OutOfRange) }
}

/// Reads `2015-01-31`, and with a time `2015-01-31 12:30`, `2015-01-31T12:30:05` and `2015-01-31 12:30:05.123Z`, without
/// allocating; `None` is "not one of these", not "no date". A time without `Z` is UTC.
pub fn parse_ymd_fast(bytes: &[u8]) -> Option<When> {
    let (year, month, day) = ymd(bytes.first_chunk::<10>()?)?;
    let year = i64::from(year);
    if !(1..=12).contains(&month) || day == 0 || (day > 28 && day > days_in_month(year, month)) {
        return None;
    }
    let start = Time(days_from_civil(year, month, day) * DAY_US);
    match bytes.get(10..)? {
        [] => Some(moment(start, DAY_US, Precision::Day)),
        [b'T' | b' ', clock @ ..] => clock_fast(start, clock),
        _ => None,
    }
}

/// The numbers of `2015-01-31`, all digits at once; `None` where a byte is not what stands there in a date.
fn ymd(date: &[u8; 10]) -> Option<(u32, u32, u32)> {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    // Every digit becomes its number, every dash becomes zero.
    let head = u64::from_le_bytes(*date.first_chunk()?) ^ u64::from_le_bytes(*b"0000-00-");
    let tail = u16::from_le_bytes(*date.last_chunk()?) ^ u16::from_le_bytes(*b"00");
    // What is more than nine, or more than zero in place of a dash, reaches the highest bit of its byte.
    let over = head.wrapping_add(u64::from_le_bytes([0x76, 0x76, 0x76, 0x76, 0x7f, 0x76, 0x76, 0x7f])) | head;
    let over_tail = tail.wrapping_add(0x7676) | tail;
    if (over | u64::from(over_tail)) & HIGH_BITS != 0 {
        return None;
    }
    // Ten times each and the next one behind it: less than a hundred, so that no byte reaches into another.
    let pairs = head * 10 + (head >> 8);
    let pair = |byte: u32| (pairs >> (byte * 8)) as u32 & 0xff;
    Some((pair(0) * 100 + pair(2), pair(5), u32::from(tail & 0xff) * 10 + u32::from(tail >> 8)))
}

/// A moment of four-digit years, which is far from where sums could run over.
fn moment(time: Time, width_us: i64, precision: Precision) -> When {
    When { span: Span::new(time, Time(time.0 + width_us)), precision, flags: Flags::default() }
}

/// `12:30`, `12:30:05` or `12:30:05.123`, with or without a `Z`.
fn clock_fast(day: Time, clock: &[u8]) -> Option<When> {
    let [_, _, b':', _, _, rest @ ..] = clock else { return None };
    let (hour, minute) = (pair(clock, 0)?, pair(clock, 3)?);
    if hour > 23 || minute > 59 {
        return None;
    }
    let to_minute = Time(day.0 + i64::from(hour) * HOUR_US + i64::from(minute) * MINUTE_US);
    let [b':', _, _, behind @ ..] = rest else {
        return matches!(rest, [] | [b'Z']).then(|| moment(to_minute, MINUTE_US, Precision::Minute));
    };
    let second = pair(rest, 1)?;
    if second > 59 {
        return None;
    }
    let to_second = Time(to_minute.0 + i64::from(second) * SECOND_US);
    let [b'.', digits @ ..] = behind else {
        return matches!(behind, [] | [b'Z']).then(|| moment(to_second, SECOND_US, Precision::Second));
    };
    let digits = digits.strip_suffix(b"Z").unwrap_or(digits);
    let (fraction_us, width_us) = fraction(digits)?;
    Some(moment(Time(to_second.0 + fraction_us), width_us, Precision::Subsecond))
}

/// The microseconds of the digits behind a point, and what the last of them is worth; digits beyond the sixth are dropped.
fn fraction(digits: &[u8]) -> Option<(i64, i64)> {
    let (mut sum_us, mut worth_us) = (0, SECOND_US);
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        if worth_us > 1 {
            worth_us /= 10;
            sum_us += i64::from(digit) * worth_us;
        }
    }
    (!digits.is_empty()).then_some((sum_us, worth_us))
}

/// The number of the two digits from `at` on.
fn pair(bytes: &[u8], at: usize) -> Option<u32> {
    let digit = |at: usize| bytes.get(at).map(|byte| byte.wrapping_sub(b'0'));
    let (tens, ones) = (digit(at)?, digit(at + 1)?);
    (tens <= 9 && ones <= 9).then(|| u32::from(tens) * 10 + u32::from(ones))
}

#[cfg(test)]
mod tests;

//! Reads one EDTF date: no interval, no set.

use super::super::calendar::{YEARS, days_from_civil, days_in_month, midnight};
use super::super::units::{season, year_block, years};
use super::super::{Flags, HOUR_US, MINUTE_US, Precision, SECOND_US, Span, Time, When};
use super::{Cursor, EdtfError};

/// Years from here on are beyond the range whatever else is known of them.
const YEAR_BEYOND: i64 = 1_000_000_000;
/// An exponent or a count of digits from here on is as good as any larger one.
const SMALL_MAX: u32 = 1_000;

/// A date that was read.
pub(super) struct Dated {
    pub(super) when: When,
    /// Is it beyond the range? Then the span means nothing.
    pub(super) is_beyond: bool,
}

impl Dated {
    fn new(span: Option<Span>, precision: Precision, flags: Flags) -> Self {
        let span = span.filter(|span| span.start >= Time::FIRST && span.end.plus_us(-1) <= Time::LAST);
        let when = When { span: span.unwrap_or(Span::ALL), precision, flags };
        Self { when, is_beyond: span.is_none() }
    }
}

/// Reads a date with its marks and, behind a whole day, its time.
pub(super) fn date(cursor: &mut Cursor<'_>) -> Result<Dated, EdtfError> {
    let start = cursor.at;
    let mut flags = mark(cursor);
    if cursor.eat(b'Y') {
        return long_year(cursor, flags);
    }
    let is_negative = cursor.eat(b'-');
    let year = Year { digits: digits::<4>(cursor)?, is_negative };
    if cursor.peek().is_some_and(|byte| byte.is_ascii_digit() || byte == b'X') {
        return Err(cursor.wrong("`-`, the end, or a `Y` before a year of more than four digits"));
    }
    if !has_x(&year.digits) && cursor.eat(b'S') {
        let power = 4_u32.saturating_sub(significant(cursor)?);
        if is_negative && year.magnitude() == 0 && power == 0 {
            return Err(cursor.impossible(start, "the year 0000 has no sign"));
        }
        return Ok(whole_years(year.magnitude(), is_negative, power, flags.with(mark(cursor))));
    }
    if is_negative && year.digits == *b"0000" {
        return Err(cursor.impossible(start, "the year 0000 has no sign"));
    }
    flags = flags.with(mark(cursor));
    if !cursor.eat(b'-') {
        return days(cursor, start, &year, *b"XX", *b"XX", flags.with(unspecified(&year.digits)));
    }
    flags = flags.with(mark(cursor));
    let month_at = cursor.at;
    let month = digits::<2>(cursor)?;
    if let Some(code @ 21..=41) = value(month) {
        if cursor.peek() == Some(b'-') {
            return Err(cursor.impossible(month_at, "months run from 01 to 12, and a season has no days"));
        }
        flags = flags.with(mark(cursor)).with(unspecified(&year.digits));
        return Ok(part_of_year(&year, code as u8, flags));
    }
    if !matching(month, 12).any(|found| found > 0) {
        return Err(cursor.impossible(month_at, "months run from 01 to 12, seasons from 21 to 41"));
    }
    flags = flags.with(mark(cursor)).with(unspecified(&year.digits)).with(unspecified(&month));
    if !cursor.eat(b'-') {
        return days(cursor, start, &year, month, *b"XX", flags);
    }
    flags = flags.with(mark(cursor));
    let day = digits::<2>(cursor)?;
    let dated = days(cursor, start, &year, month, day, flags.with(unspecified(&day)))?;
    if dated.when.flags == Flags::default() && cursor.eat(b'T') {
        return time_of_day(cursor, dated.when.span.start);
    }
    let flags = dated.when.flags.with(mark(cursor));
    Ok(Dated { when: When { flags, ..dated.when }, ..dated })
}

/// A year of four digits, some of which may be `X`.
struct Year {
    digits: [u8; 4],
    is_negative: bool,
}

impl Year {
    fn magnitude(&self) -> i64 {
        self.digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
    }

    /// Every year that it can be, from the earliest.
    fn candidates(&self) -> impl DoubleEndedIterator<Item = i64> + Clone {
        let digits = self.digits;
        let bound = |open: u8| {
            let closed = digits.map(|digit| if digit == b'X' { open } else { digit });
            Self { digits: closed, is_negative: false }.magnitude()
        };
        let (low, high) = (bound(b'0'), bound(b'9'));
        let (low, high, sign) = if self.is_negative { (-high, -low.max(1), -1) } else { (low, high, 1) };
        (low..=high).filter(move |year| fits(&digits, (year * sign) as u32))
    }

    fn precision(&self) -> Option<Precision> {
        match self.digits {
            [a, b, c, _] if has_x(&[a, b, c]) => Some(Precision::Century),
            [.., b'X'] => Some(Precision::Decade),
            _ => None,
        }
    }
}

/// `?`, `~` or `%`, when one is next.
fn mark(cursor: &mut Cursor<'_>) -> Flags {
    if cursor.eat(b'?') {
        Flags::UNCERTAIN
    } else if cursor.eat(b'~') {
        Flags::APPROXIMATE
    } else if cursor.eat(b'%') {
        Flags::UNCERTAIN.with(Flags::APPROXIMATE)
    } else {
        Flags::default()
    }
}

/// That many digits, each of which may be `X`.
fn digits<const N: usize>(cursor: &mut Cursor<'_>) -> Result<[u8; N], EdtfError> {
    let mut found = [b'0'; N];
    for slot in &mut found {
        *slot = match cursor.peek() {
            Some(byte) if byte.is_ascii_digit() || byte == b'X' => byte,
            _ => return Err(cursor.wrong("a digit or `X`")),
        };
        cursor.at += 1;
    }
    Ok(found)
}

fn has_x(digits: &[u8]) -> bool {
    digits.contains(&b'X')
}

fn unspecified(digits: &[u8]) -> Flags {
    if has_x(digits) { Flags::UNSPECIFIED } else { Flags::default() }
}

/// The number of two digits; `None` with an `X`.
fn value(digits: [u8; 2]) -> Option<u32> {
    (!has_x(&digits)).then(|| u32::from(digits[0] - b'0') * 10 + u32::from(digits[1] - b'0'))
}

/// Is this a number that the digits can stand for?
fn fits(digits: &[u8], number: u32) -> bool {
    let mut rest = number;
    digits.iter().rev().all(|digit| {
        let last = (rest % 10) as u8;
        rest /= 10;
        *digit == b'X' || *digit - b'0' == last
    })
}

/// The numbers from 1 to `most` that two digits can stand for.
fn matching(digits: [u8; 2], most: u32) -> impl DoubleEndedIterator<Item = u32> + Clone {
    let (first, last) = value(digits).map_or((1, most), |number| (number.max(1), number.min(most)));
    (first..=last).filter(move |number| fits(&digits, *number))
}

/// The hull of every day that the digits can stand for.
fn days(cursor: &Cursor<'_>, start: usize, year: &Year, month: [u8; 2], day: [u8; 2], flags: Flags) -> Result<Dated, EdtfError> {
    let no_such_day = || cursor.impossible(start, "the month has no such day");
    let years = year.candidates();
    let in_year = |year: i64| matching(month, 12).map(move |month| (year, month));
    let in_month = |(year, month): (i64, u32)| matching(day, days_in_month(year, month)).map(move |day| days_from_civil(year, month, day));
    // A day that is not in a leap year is in no year, and then ten thousand years need not be tried.
    if in_year(2_000).flat_map(in_month).next().is_none() {
        return Err(no_such_day());
    }
    let first = years.clone().flat_map(in_year).find_map(|month| in_month(month).next());
    let last = years.rev().flat_map(|year| in_year(year).rev()).find_map(|month| in_month(month).next_back());
    let (Some(first), Some(last)) = (first, last) else { return Err(no_such_day()) };
    let precision = match year.precision() {
        Some(precision) => precision,
        None if has_x(&month) => Precision::Year,
        None if has_x(&day) => Precision::Month,
        None => Precision::Day,
    };
    Ok(Dated::new(Some(Span::new(midnight(first), midnight(last + 1))), precision, flags))
}

fn part_of_year(year: &Year, code: u8, flags: Flags) -> Dated {
    let mut years = year.candidates();
    let first = years.next();
    let last = years.next_back().or(first);
    let spans = first.zip(last).and_then(|(first, last)| Some((season(first, code)?, season(last, code)?)));
    let hull = spans.map(|(first, last)| first.span.hull(last.span));
    Dated::new(hull, year.precision().unwrap_or(Precision::Season), flags)
}

/// What follows a `Y`: a year of five digits or more, or one with an exponent.
fn long_year(cursor: &mut Cursor<'_>, flags: Flags) -> Result<Dated, EdtfError> {
    let is_negative = cursor.eat(b'-');
    let start = cursor.at;
    let mut magnitude = number(cursor, YEAR_BEYOND)?;
    let mut count = u32::try_from(cursor.at - start).unwrap_or(SMALL_MAX);
    if cursor.eat(b'E') {
        let exponent = number(cursor, i64::from(SMALL_MAX))? as u32;
        let factor = 10_i64.checked_pow(exponent).unwrap_or(YEAR_BEYOND);
        magnitude = magnitude.saturating_mul(factor);
        count = count.saturating_add(exponent);
    } else if count < 5 {
        return Err(cursor.wrong("five digits or more behind `Y`"));
    }
    let power = if cursor.eat(b'S') { count.saturating_sub(significant(cursor)?) } else { 0 };
    if is_negative && magnitude == 0 && power == 0 {
        return Err(cursor.impossible(start - 1, "the year 0 has no sign"));
    }
    Ok(whole_years(magnitude, is_negative, power, flags.with(mark(cursor))))
}

/// How many digits are significant.
fn significant(cursor: &mut Cursor<'_>) -> Result<u32, EdtfError> {
    let start = cursor.at;
    let count = number(cursor, i64::from(SMALL_MAX))? as u32;
    if count == 0 {
        return Err(cursor.impossible(start, "at least one digit is significant"));
    }
    Ok(count)
}

/// A number of one digit or more, held at `most`.
fn number(cursor: &mut Cursor<'_>, most: i64) -> Result<i64, EdtfError> {
    let start = cursor.at;
    let mut sum = 0_i64;
    while let Some(byte) = cursor.peek().filter(u8::is_ascii_digit) {
        sum = (sum * 10 + i64::from(byte - b'0')).min(most);
        cursor.at += 1;
    }
    if cursor.at == start { Err(cursor.wrong("a digit")) } else { Ok(sum) }
}

/// The block of 10^`power` years that share their leading digits with this one.
fn whole_years(magnitude: i64, is_negative: bool, power: u32, flags: Flags) -> Dated {
    let precision = match power {
        0 => Precision::Year,
        1 => Precision::Decade,
        _ => Precision::Century,
    };
    let size = 10_i64.checked_pow(power).filter(|size| *size < YEAR_BEYOND);
    let block = size.map(|size| {
        let (first, last) = year_block(magnitude, size);
        if is_negative { (-last, -first.max(i64::from(power > 0))) } else { (first, last) }
    });
    let in_range = block.filter(|(first, last)| YEARS.contains(first) && YEARS.contains(last));
    Dated::new(in_range.map(|(first, last)| years(first, last)), precision, flags)
}

/// What follows the `T` of a day that starts at `day`.
fn time_of_day(cursor: &mut Cursor<'_>, day: Time) -> Result<Dated, EdtfError> {
    let start = cursor.at;
    let hour = two(cursor)?;
    let (mut minute, mut second, mut fraction_us) = (0, 0, 0);
    let (mut precision, mut width_us) = (Precision::Hour, HOUR_US);
    if cursor.eat(b':') {
        minute = two(cursor)?;
        (precision, width_us) = (Precision::Minute, MINUTE_US);
        if cursor.eat(b':') {
            second = two(cursor)?;
            (precision, width_us) = (Precision::Second, SECOND_US);
            if cursor.eat(b'.') || cursor.eat(b',') {
                (fraction_us, width_us) = fraction(cursor)?;
                precision = Precision::Subsecond;
            }
        }
    }
    if hour > 24 || minute > 59 || second > 60 {
        return Err(cursor.impossible(start, "hours run to 24, minutes to 59, seconds to 60"));
    }
    if second == 60 && minute != 59 {
        return Err(cursor.impossible(start, "a leap second is the last of its hour"));
    }
    if hour == 24 && (minute, second, fraction_us) != (0, 0, 0) {
        return Err(cursor.impossible(start, "nothing of a day is after 24:00"));
    }
    let offset_us = offset(cursor)?;
    let of_day_us = hour * HOUR_US + minute * MINUTE_US + second * SECOND_US + fraction_us;
    let time = Time(day.0 + of_day_us - offset_us);
    let flags = mark(cursor);
    Ok(Dated::new(Some(Span::new(time, time.plus_us(width_us))), precision, flags))
}

/// Exactly two digits.
fn two(cursor: &mut Cursor<'_>) -> Result<i64, EdtfError> {
    let mut sum = 0;
    for _ in 0..2 {
        let digit = cursor.peek().filter(u8::is_ascii_digit).ok_or_else(|| cursor.wrong("two digits"))?;
        sum = sum * 10 + i64::from(digit - b'0');
        cursor.at += 1;
    }
    Ok(sum)
}

/// The microseconds behind the point, and the microseconds that its last digit is worth; digits beyond the sixth are dropped.
fn fraction(cursor: &mut Cursor<'_>) -> Result<(i64, i64), EdtfError> {
    let start = cursor.at;
    let (mut sum_us, mut worth_us) = (0, SECOND_US);
    while let Some(digit) = cursor.peek().filter(u8::is_ascii_digit) {
        if worth_us > 1 {
            worth_us /= 10;
            sum_us += i64::from(digit - b'0') * worth_us;
        }
        cursor.at += 1;
    }
    if cursor.at == start { Err(cursor.wrong("a digit")) } else { Ok((sum_us, worth_us)) }
}

/// What the clock was ahead of UTC: `Z`, `+hh`, `-hh:mm`, or nothing.
fn offset(cursor: &mut Cursor<'_>) -> Result<i64, EdtfError> {
    let start = cursor.at;
    let sign = match cursor.peek() {
        Some(b'Z') => 0,
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return Ok(0),
    };
    cursor.at += 1;
    if sign == 0 {
        return Ok(0);
    }
    let hours = two(cursor)?;
    let minutes = if cursor.eat(b':') { two(cursor)? } else { 0 };
    if hours > 23 || minutes > 59 {
        return Err(cursor.impossible(start, "an offset from UTC runs to 23:59"));
    }
    Ok(sign * (hours * HOUR_US + minutes * MINUTE_US))
}

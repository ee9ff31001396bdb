//! Reads the text of cells as numbers and dates, in the way of a whole column; it knows nothing of rows.

use crate::data::Qualifier;
use crate::time::{DAY_US, DateOrder, Flags, HOUR_US, LooseError, MINUTE_US, Precision, SECOND_US, Span, Time, When};
use crate::time::{edtf_from_when, parse_loose, parse_ymd_fast};

/// How the numbers of a column are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NumberStyle {
    /// `1,234.5`: a comma, a space or an apostrophe groups the digits.
    #[default]
    Point,
    /// `1.234,5`: a point, a space or an apostrophe groups the digits.
    Comma,
}

/// How the dates of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateStyle {
    /// As text, in this order where the numbers do not tell.
    Text(DateOrder),
    /// As `20150131`, with a time of day behind it or not.
    Compact,
    /// As a year.
    Year,
    /// As a count since 1970; how many make a second.
    Epoch(i64),
    /// As a count since 1970 of seconds, milliseconds, microseconds or nanoseconds, whichever its size suggests.
    AnyEpoch,
    /// As days since 1899-12-30.
    Excel,
}

impl Default for DateStyle {
    fn default() -> Self {
        Self::Text(DateOrder::DayFirst)
    }
}

/// Marks that stand for a missing value.
const MISSING: &[&str] = &["", "-", "–", "—", "..", "...", ".", "na", "n/a", "#n/a", "null", "none", "nan", "nil", "(null)", "\\n", "?"];

/// Does the text say that there is no value?
pub fn is_missing(text: &str) -> bool {
    let text = trim(text);
    // Of the letters and digits, only an N begins a mark.
    let may_be =
        text.len() <= 6 && text.as_bytes().first().is_none_or(|first| matches!(first, b'n' | b'N') || !first.is_ascii_alphanumeric());
    may_be && MISSING.iter().any(|mark| mark.eq_ignore_ascii_case(text))
}

/// The text without white space around it; most texts have none, which their first and last bytes tell.
pub(super) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        [only] if only.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberFault {
    NotANumber,
    NotFinite,
}

/// A number as the column writes them.
pub(super) fn number(text: &str, style: NumberStyle) -> Result<f64, NumberFault> {
    let text = trim(text);
    if let Some(number) = short_number(text, style) {
        return Ok(number);
    }
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    if is_plain && style == NumberStyle::Point {
        return finite(text);
    }
    let lower = text.to_ascii_lowercase();
    if matches!(lower.trim_start_matches(['-', '+']), "nan" | "inf" | "infinity" | "∞") {
        return Err(NumberFault::NotFinite);
    }
    let (group, point) = if style == NumberStyle::Comma { ('.', ',') } else { (',', '.') };
    let mut plain = String::with_capacity(text.len());
    let mut since_group: Option<usize> = None;
    let mut is_fraction = false;
    for char in text.chars() {
        match char {
            '0'..='9' => {
                plain.push(char);
                since_group = since_group.map(|digits| digits + 1);
            }
            _ if char == point && !is_fraction => {
                if since_group.is_some_and(|digits| digits != 3) {
                    return Err(NumberFault::NotANumber);
                }
                (is_fraction, since_group) = (true, None);
                plain.push('.');
            }
            _ if (char == group || matches!(char, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’')) && !is_fraction => {
                if since_group.is_some_and(|digits| digits != 3) || !plain.ends_with(|c: char| c.is_ascii_digit()) {
                    return Err(NumberFault::NotANumber);
                }
                since_group = Some(0);
            }
            '-' | '+' | 'e' | 'E' => plain.push(char),
            '−' => plain.push('-'),
            _ => return Err(NumberFault::NotANumber),
        }
    }
    if since_group.is_some_and(|digits| digits != 3) {
        return Err(NumberFault::NotANumber);
    }
    finite(&plain)
}

fn finite(text: &str) -> Result<f64, NumberFault> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) => Err(NumberFault::NotFinite),
        Err(_) => Err(NumberFault::NotANumber),
    }
}

/// A number of a few digits without anything around it, as nearly all are; `None` says nothing.
pub(super) fn short_number(text: &str, style: NumberStyle) -> Option<f64> {
    let (number, has_point) = short(text.as_bytes())?;
    (!has_point || style == NumberStyle::Point).then_some(number)
}

/// Numbers of a few digits, which most are, whole or with a point, and whether they have one. Digits and power of ten are exact, so that
/// their quotient is the nearest float.
fn short(bytes: &[u8]) -> Option<(f64, bool)> {
    const TENS: [f64; 16] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let (digits, is_negative) = match bytes {
        [b'-', digits @ ..] => (digits, true),
        digits => (digits, false),
    };
    // Fifteen digits are fewer than a float holds.
    if digits.is_empty() || digits.len() > 16 {
        return None;
    }
    if digits.len() >= 8 {
        let (whole, behind) = digits_at_once(digits)?;
        let number = whole as f64 / TENS[behind.unwrap_or(0)];
        return Some((if is_negative { -number } else { number }, behind.is_some()));
    }
    let mut whole = 0_u64;
    let mut take = |digits: &[u8]| {
        let mut count = 0;
        for byte in digits {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            whole = whole * 10 + u64::from(digit);
            count += 1;
        }
        count
    };
    let before = take(digits);
    let has_point = before < digits.len();
    let behind = match digits.get(before..) {
        Some([]) if before <= 15 => 0,
        Some([b'.', rest @ ..]) if before > 0 && !rest.is_empty() && take(rest) == rest.len() => rest.len(),
        _ => return None,
    };
    let number = whole as f64 / TENS[behind];
    Some((if is_negative { -number } else { number }, has_point))
}

/// The digits of 8 to 16 bytes as a whole number, and how many stand behind the point, when there is one: all bytes at once in one word
/// (Johnny Lee, "Fast numeric string to int", 2016), because a loop over bytes ends where nobody can foresee it.
fn digits_at_once(bytes: &[u8]) -> Option<(u64, Option<usize>)> {
    const ONES: u128 = u128::MAX / 0xff;
    let (head, tail) = (bytes.first_chunk::<8>()?, bytes.last_chunk::<8>().filter(|_| bytes.len() <= 16)?);
    let word = |bytes: &[u8; 8]| u128::from(u64::from_le_bytes(*bytes));
    // Where both parts lie over each other, they are the same.
    let text = word(head) | word(tail) << ((bytes.len() - 8) * 8);
    // The lowest bit that is set stands for the first point; the rest is zeros, of which none is taken for a point.
    let no_point = text ^ (ONES * u128::from(b'.'));
    let points = no_point.wrapping_sub(ONES) & !no_point & (ONES << 7);
    let (digits, count, behind) = if points == 0 {
        (text, bytes.len(), None)
    } else {
        let before = points.trailing_zeros() / 8;
        let behind = bytes.len() - 1 - before as usize;
        if before == 0 || behind == 0 {
            return None;
        }
        let kept = (1 << (before * 8)) - 1;
        ((text & kept) | (text >> 8 & !kept), bytes.len() - 1, Some(behind))
    };
    if count > 15 {
        return None;
    }
    // Sixteen digits, zeros in front: the first one lies lowest.
    let room = 8 * (16 - count as u32);
    let digits = digits << room | (ONES * u128::from(b'0')) & ((1 << room) - 1);
    let high_halves = ONES * 0xf0;
    if digits & high_halves != ONES * 0x30 || digits.wrapping_add(ONES * 6) & high_halves != ONES * 0x30 {
        return None;
    }
    Some((eight_digits(digits as u64) * 100_000_000 + eight_digits((digits >> 64) as u64), behind))
}

/// Eight digits of which the first lies lowest.
fn eight_digits(digits: u64) -> u64 {
    let pairs = (digits & 0x0f0f_0f0f_0f0f_0f0f).wrapping_mul(10 << 8 | 1) >> 8;
    let fours = (pairs & 0x00ff_00ff_00ff_00ff).wrapping_mul(100 << 16 | 1) >> 16;
    (fours & 0x0000_ffff_0000_ffff).wrapping_mul(10_000 << 32 | 1) >> 32
}

/// How the numbers of a column are written, from some of them.
pub(super) fn number_style<'a>(cells: impl Iterator<Item = &'a str>) -> NumberStyle {
    let (mut comma, mut point) = (0, 0);
    for cell in cells {
        match (cell.rfind(','), cell.rfind('.')) {
            (Some(c), Some(p)) if c > p => comma += 2,
            (Some(_), Some(_)) => point += 2,
            (Some(c), None) => {
                let is_group = cell.len() - c == 4 && !cell.starts_with('0');
                comma += usize::from(!is_group && cell.matches(',').count() == 1);
            }
            (None, Some(_)) if cell.matches('.').count() > 1 => comma += 1,
            (None, Some(p)) => point += usize::from(cell.len() - p != 4),
            (None, None) => {}
        }
    }
    if comma > point { NumberStyle::Comma } else { NumberStyle::Point }
}

/// A number with a word or sign that qualifies it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figure {
    pub(super) value: Option<f64>,
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
    pub(super) qualifier: Option<Qualifier>,
}

/// A number, also as `~300`, `300+`, `>10`, `<5` or `10-20`.
pub(super) fn figure(text: &str, style: NumberStyle) -> Result<Figure, NumberFault> {
    let plain = |value: f64, qualifier| Figure { value: Some(value), low: None, high: None, qualifier };
    let fault = match number(text, style) {
        Ok(value) => return Ok(plain(value, None)),
        Err(fault) => fault,
    };
    let text = text.trim();
    let marks: [(&[&str], Qualifier); 3] = [
        (&["~", "≈", "about ", "around ", "approx. ", "approximately ", "c. ", "ca. "], Qualifier::About),
        (&[">=", "≥", "at least ", "min. "], Qualifier::AtLeast),
        (&["<=", "≤", "at most ", "up to ", "max. "], Qualifier::AtMost),
    ];
    let lower = text.to_lowercase();
    for (starts, qualifier) in marks {
        if let Some(rest) = starts.iter().find_map(|start| lower.strip_prefix(start)) {
            return number(rest, style).map(|value| plain(value, Some(qualifier)));
        }
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return number(inner, style).map(|value| plain(value, Some(Qualifier::About)));
    }
    if let Some(rest) = text.strip_suffix('+') {
        return number(rest, style).map(|value| plain(value, Some(Qualifier::AtLeast)));
    }
    for dash in ['–', '—', '-'] {
        if let Some((low, high)) = text.split_once(dash)
            && let (Ok(low), Ok(high)) = (number(low, style), number(high, style))
            && low <= high
        {
            return Ok(Figure { value: None, low: Some(low), high: Some(high), qualifier: Some(Qualifier::Range) });
        }
    }
    Err(fault)
}

/// Why a text is no date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DateFault {
    Invalid(String),
    OutOfRange,
}

/// A date that was read, and whether its text says more than its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DateRead {
    pub(super) when: When,
    pub(super) keeps_text: bool,
    /// Day and month could be the other way round.
    pub(super) is_ambiguous: bool,
    pub(super) has_two_digit_year: bool,
}

/// A date as the column writes them.
pub(super) fn date(text: &str, style: DateStyle) -> Result<DateRead, DateFault> {
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
pub(super) fn date_from(text: &str, style: DateStyle, first_year: Option<u16>) -> Result<DateRead, DateFault> {
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
pub(super) fn year_text(year: i64) -> String {
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
pub(super) fn time_of_day(text: &str) -> Option<(i64, i64, Precision)> {
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

/// What a date of three numbers says about the order of day and month: `31/01/2015` can only be day-first.
pub(super) fn order_evidence(text: &str) -> Option<DateOrder> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_the_way_of_their_column() {
        assert_eq!(number("1,234.5", NumberStyle::Point), Ok(1234.5));
        assert_eq!(number("1.234,5", NumberStyle::Comma), Ok(1234.5));
        assert_eq!(number("12 345", NumberStyle::Point), Ok(12345.0));
        assert_eq!(number("-7", NumberStyle::Point), Ok(-7.0));
        assert_eq!(number("1,23", NumberStyle::Point), Err(NumberFault::NotANumber));
        assert_eq!(number("NaN", NumberStyle::Point), Err(NumberFault::NotFinite));
        assert_eq!(number("1e999", NumberStyle::Point), Err(NumberFault::NotFinite));
        assert_eq!(number("abc", NumberStyle::Point), Err(NumberFault::NotANumber));
    }

    proptest::proptest! {
        #[test]
        fn short_numbers_are_those_of_the_standard_library(text in "-?([0-9]{0,17}|[0-9]{0,12}[.][0-9]{0,12}|[0-9.x:/]{1,17})") {
            let digits = text.strip_prefix('-').unwrap_or(&text);
            let (whole, behind) = digits.split_once('.').map_or((digits, None), |(whole, behind)| (whole, Some(behind)));
            let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            let count = whole.len() + behind.map_or(0, str::len);
            let is_short = is_digits(whole) && behind.is_none_or(is_digits) && count <= 15;
            let expected = is_short.then(|| text.parse::<f64>().unwrap().to_bits());
            proptest::prop_assert_eq!(short(text.as_bytes()).map(|(number, _)| number.to_bits()), expected);
        }
    }

    #[test]
    fn the_whole_column_decides_between_decimal_comma_and_thousands() {
        assert_eq!(number_style(["1,234", "12,345"].into_iter()), NumberStyle::Point);
        assert_eq!(number_style(["1,5", "12,345"].into_iter()), NumberStyle::Comma);
        assert_eq!(number_style(["200.000.000"].into_iter()), NumberStyle::Comma);
    }

    #[test]
    fn qualified_numbers_keep_their_qualifier() {
        assert_eq!(figure("300+", NumberStyle::Point).unwrap().qualifier, Some(Qualifier::AtLeast));
        assert_eq!(figure("~1,200", NumberStyle::Point).unwrap().value, Some(1200.0));
        let range = figure("10–20", NumberStyle::Point).unwrap();
        assert_eq!((range.value, range.low, range.high), (None, Some(10.0), Some(20.0)));
    }

    #[test]
    fn dates_come_as_text_counts_or_serial_numbers() {
        let day = |text: &str, style| crate::time::format_iso_day(date(text, style).unwrap().when.span.start);
        assert_eq!(day("2015-01-31", DateStyle::default()), "2015-01-31");
        assert_eq!(day("20150131", DateStyle::Compact), "2015-01-31");
        assert_eq!(day("1422662400", DateStyle::Epoch(1)), "2015-01-31");
        assert_eq!(day("1422662400123", DateStyle::Epoch(1_000)), "2015-01-31");
        assert_eq!(day("42035", DateStyle::Excel), "2015-01-31");
        assert!(matches!(date("2025-02-30", DateStyle::default()), Err(DateFault::Invalid(_))));
    }

    #[test]
    fn years_of_two_digits_are_in_the_hundred_years_that_were_chosen() {
        let day =
            |text: &str, first| date_from(text, DateStyle::default(), first).map(|read| crate::time::format_iso_day(read.when.span.start));
        assert_eq!(day("14/07/44", None).as_deref(), Ok("2044-07-14"));
        assert_eq!(day("14/07/44", Some(1_900)).as_deref(), Ok("1944-07-14"));
        assert_eq!(day("14/07/1744", Some(1_900)).as_deref(), Ok("1744-07-14"));
        assert!(matches!(day("29/02/00", Some(1_900)), Err(DateFault::Invalid(_))));
    }

    #[test]
    fn times_of_day_are_read_with_their_precision() {
        assert_eq!(time_of_day("13:05"), Some((13 * HOUR_US + 5 * MINUTE_US, MINUTE_US, Precision::Minute)));
        assert_eq!(time_of_day("1:05 PM"), time_of_day("13:05"));
        assert_eq!(time_of_day("25:00"), None);
        assert_eq!(time_of_day("morning"), None);
    }

    #[test]
    fn only_a_number_above_twelve_tells_the_order() {
        assert_eq!(order_evidence("31/01/2015"), Some(DateOrder::DayFirst));
        assert_eq!(order_evidence("01/31/2015 10:00"), Some(DateOrder::MonthFirst));
        assert_eq!(order_evidence("01/02/2015"), None);
        assert_eq!(order_evidence("2015-01-31"), None);
    }
}

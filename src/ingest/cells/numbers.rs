//! The numbers of cells: groups of digits, decimal signs, ranges and words such as about or at least.

use super::{NumberStyle, trim};
use crate::data::Qualifier;

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum NumberFault {
    NotANumber,
    NotFinite,
}

/// A number as the column writes them.
pub(in crate::ingest) fn number(text: &str, style: NumberStyle) -> Result<f64, NumberFault> {
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
pub(in crate::ingest) fn short_number(text: impl AsRef<[u8]>, style: NumberStyle) -> Option<f64> {
    let (number, has_point) = short(text.as_ref())?;
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
    if digits.len() <= 3
        && let Some(whole) = few_digits(digits)
    {
        let number = f64::from(whole);
        return Some((if is_negative { -number } else { number }, false));
    }
    if digits.len() >= 8 {
        if let Some((whole, behind)) = behind_few(digits) {
            let number = whole as f64 / TENS[behind];
            return Some((if is_negative { -number } else { number }, true));
        }
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

/// A number of one to three digits, which most counts are, without anything around it; `None` says nothing.
/// It does not branch on how many.
#[inline]
pub(in crate::ingest) fn few_digits(bytes: &[u8]) -> Option<i32> {
    const FACTORS: [[i32; 2]; 4] = [[0, 0], [0, 0], [10, 0], [100, 10]];
    let [first, middle, last] = [*bytes.first()?, bytes[bytes.len() / 2], *bytes.last()?].map(|byte| i32::from(byte.wrapping_sub(b'0')));
    let [hundreds, tens] = *FACTORS.get(bytes.len())?;
    (first.max(middle).max(last) <= 9).then_some(first * hundreds + middle * tens + last)
}

/// The digits of 8 bytes or more as a whole number, and how many stand behind the point, when they are at most eight and those before
/// it three at most, as of coordinates.
fn behind_few(bytes: &[u8]) -> Option<(u64, usize)> {
    const TENS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];
    let head = u32::from_le_bytes(*bytes.first_chunk()?) ^ u32::from_le_bytes([b'.'; 4]);
    // The lowest bit that is set stands for the first point.
    let points = head.wrapping_sub(0x0101_0101) & !head & 0x8080_8080;
    let before = points.trailing_zeros() as usize / 8;
    let behind = bytes.len().checked_sub(before + 1).filter(|behind| (1..=8).contains(behind))?;
    // What does not stand behind the point becomes zeros.
    let kept = u64::MAX << (8 * (8 - behind));
    let digits = u64::from_le_bytes(*bytes.last_chunk()?) & kept | u64::from_le_bytes([b'0'; 8]) & !kept;
    let high_halves = 0xf0f0_f0f0_f0f0_f0f0;
    let are_digits = digits & high_halves == u64::from_le_bytes([0x30; 8])
        && digits.wrapping_add(u64::from_le_bytes([6; 8])) & high_halves == u64::from_le_bytes([0x30; 8]);
    let whole = few_digits(&bytes[..before])?;
    are_digits.then(|| (whole as u64 * TENS[behind] + eight_digits(digits), behind))
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
pub(in crate::ingest) fn number_style<'a>(cells: impl Iterator<Item = &'a str>) -> NumberStyle {
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

/// Can a number with one sign be more than a thousand, or a little more than one: `1.234`? `None` of one without a sign.
pub(in crate::ingest) fn could_be_thousands(cell: &str) -> Option<bool> {
    let cell = cell.trim();
    let at = cell.find(['.', ','])?;
    let (whole, part) = (cell[..at].trim_start_matches(['-', '+']), &cell[at + 1..]);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    Some(is_digits(whole) && whole.len() <= 3 && !whole.starts_with('0') && is_digits(part) && part.len() == 3)
}

/// A number with a word or sign that qualifies it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::ingest) struct Figure {
    pub(in crate::ingest) value: Option<f64>,
    pub(in crate::ingest) low: Option<f64>,
    pub(in crate::ingest) high: Option<f64>,
    pub(in crate::ingest) qualifier: Option<Qualifier>,
}

/// A number, also as `~300`, `300+`, `>10`, `<5` or `10-20`.
pub(in crate::ingest) fn figure(text: &str, style: NumberStyle) -> Result<Figure, NumberFault> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}

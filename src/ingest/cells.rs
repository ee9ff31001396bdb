//! Reads the text of cells as numbers and dates, in the way of a whole column; it knows nothing of rows.

mod dates;
mod numbers;

pub(super) use dates::{DateFault, date, date_from, has_order, is_year_first, order_evidence, time_of_day, year_text};
pub(super) use numbers::{NumberFault, could_be_thousands, few_digits, figure, number, number_style, short_number};

use crate::time::DateOrder;

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
    // Of the letters and digits, only an N begins a mark.
    let may_be = text.as_bytes().first().is_none_or(|first| matches!(first, b'n' | b'N') || !first.is_ascii_alphanumeric());
    if !may_be {
        return false;
    }
    let text = trim(text);
    MISSING.iter().any(|mark| mark.eq_ignore_ascii_case(text))
}

/// Which bytes begin a text that is no mark for a missing value: letters and digits but N.
const VALUE_STARTS: [bool; 256] = {
    let mut starts = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        starts[byte] = (byte as u8).is_ascii_alphanumeric() && byte as u8 | 0x20 != b'n';
        byte += 1;
    }
    starts
};

/// Is the text a value as it stands, without white space around it? Of most, the first and the last byte tell; `false` says nothing.
/// Both are ASCII where it is one, so that bytes of a text which are a value are text themselves.
#[inline]
pub(super) fn is_value(text: &[u8]) -> bool {
    match text {
        [first, .., last] => VALUE_STARTS[usize::from(*first)] && last.is_ascii_graphic(),
        [only] => VALUE_STARTS[usize::from(*only)],
        [] => false,
    }
}

/// The text without white space around it; most texts have none, which their first and last bytes tell.
pub(super) fn trim(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        [only] if only.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Qualifier;
    use crate::time::{HOUR_US, MINUTE_US, Precision};

    #[test]
    fn what_is_a_value_by_its_first_and_last_byte_is_no_mark_and_has_nothing_around_it() {
        let bytes: Vec<char> = (0..=255_u8).map(char::from).collect();
        let texts =
            bytes.iter().flat_map(|first| [String::from(*first), format!("{first}7"), format!("7{first}"), format!("{first}a{first}")]);
        for text in texts.chain(MISSING.iter().map(|mark| (*mark).to_owned())).filter(|text| is_value(text.as_bytes())) {
            assert!(!is_missing(&text) && trim(&text) == text, "{text:?}");
        }
        assert!((0x80..=0xff).all(|byte| ![vec![byte], vec![byte, b'a'], vec![b'a', byte]].iter().any(|cut| is_value(cut))));
        assert!(is_value(b"Afghanistan") && is_value(b"2019-07-24") && is_value(b"0") && !is_value(b"Niger") && !is_value(b"ab "));
    }

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

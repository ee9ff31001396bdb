//! The marks that stand for a missing value: the usual ones and those that the mapping names.

use super::super::cells::{NumberStyle, is_missing, short_number};
use crate::time::{Time, parse_ymd_fast};

/// The marks of a mapping, by what they stand for.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    texts: Vec<String>,
    numbers: Vec<f64>,
    moments: Vec<Time>,
}

impl Marks {
    pub(super) fn of(marks: &[String]) -> Self {
        let mut all = Self::default();
        for mark in marks.iter().map(|mark| mark.trim()) {
            if let Some(when) = parse_ymd_fast(mark.as_bytes()) {
                all.moments.push(when.span.start);
            } else if let Some(number) = short_number(mark, NumberStyle::Point) {
                all.numbers.push(number);
            } else {
                all.texts.push(mark.to_owned());
            }
        }
        all
    }

    /// Are there no marks but the usual ones?
    pub(super) fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.numbers.is_empty() && self.moments.is_empty()
    }

    /// Does a cell say that there is no value? A column of text may say so by a number, too.
    pub(super) fn says_nothing(&self, cell: &str) -> bool {
        is_missing(cell) || self.is_text(cell) || self.is_number_mark(cell)
    }

    /// Is it one of the marks that are words?
    pub(super) fn is_text(&self, cell: &str) -> bool {
        !self.texts.is_empty() && self.texts.iter().any(|mark| mark.eq_ignore_ascii_case(cell.trim()))
    }

    fn is_number_mark(&self, cell: &str) -> bool {
        let may_be = !self.numbers.is_empty() && cell.as_bytes().first().is_some_and(|first| *first == b'-' || first.is_ascii_digit());
        may_be && short_number(cell, NumberStyle::Point).is_some_and(|number| self.has_number(number))
    }

    /// Does a number stand for no number?
    pub(super) fn has_number(&self, number: f64) -> bool {
        self.numbers.contains(&number)
    }

    /// Does a moment stand for no date?
    pub(super) fn has_moment(&self, time: Time) -> bool {
        self.moments.contains(&time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_words_numbers_or_moments() {
        let marks = Marks::of(&["unknown".to_owned(), "-99".to_owned(), "1601-01-01".to_owned()]);
        assert!(marks.says_nothing("Unknown") && marks.says_nothing("-99.0") && marks.says_nothing("n/a"));
        assert!(!marks.says_nothing("99") && !marks.says_nothing("unknown man") && !marks.says_nothing("1601-01-01"));
        assert!(marks.is_text("UNKNOWN") && !marks.is_text("-99"));
        assert!(marks.has_moment(Time::from_ymd(1601, 1, 1).unwrap()) && !marks.has_moment(Time::from_ymd(1970, 1, 1).unwrap()));
    }
}

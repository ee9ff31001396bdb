//! Years that a cell lists, each with a number of its own or not: `2015 (4); 2016 (8)`, `2015-2018`.

use super::super::cells::{NumberStyle, number, trim, year_text};
use super::dates::Dated;
use super::numbers::Number;
use super::{Taker, Taking};
use crate::data::{IssueKind, Measure, Qualifier, implausible};
use crate::time::{Flags, Precision, Span, When, parse_edtf};

/// One entry: a year or a few years on end.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Entry {
    first: i64,
    last: i64,
    number: Option<f64>,
    is_estimate: bool,
}

impl Entry {
    /// The time from the first to the last year of two entries.
    fn when(&self, last: &Self) -> Option<When> {
        let (start, end) = (parse_edtf(&year_text(self.first)).ok()?, parse_edtf(&year_text(last.last)).ok()?);
        let mut flags = if self.first == last.last { Flags::default() } else { Flags::INTERVAL };
        if self.is_estimate || last.is_estimate {
            flags = flags.with(Flags::APPROXIMATE);
        }
        let is_in_order = start.span.start < end.span.end;
        is_in_order.then(|| When { span: Span::new(start.span.start, end.span.end), precision: Precision::Year, flags })
    }
}

impl Taker {
    /// A number in its years: one for each year where every year has its own, else one over all of them. Years that cannot be read
    /// leave it undated.
    pub(super) fn in_years(&self, taking: &mut Taking<'_>, column: usize, whole: Number, value: Option<usize>) -> Vec<(Dated, Number)> {
        let Some(cell) = self.plain(taking.row, column) else { return vec![(Dated::default(), whole)] };
        let entries = entries(cell);
        let (Some(first), Some(last)) = (entries.as_ref().and_then(|all| all.first()), entries.as_ref().and_then(|all| all.last())) else {
            let message = "not a list of years".to_owned();
            taking.issue(self.name(column), cell, IssueKind::InvalidDate, message, "undated; the text is kept");
            return vec![(Dated { when: None, keep: Some(cell.to_owned()) }, whole)];
        };
        let all = entries.as_deref().unwrap_or_default();
        if all.len() > 1 && all.iter().all(|entry| entry.number.is_some()) {
            let sum: f64 = all.iter().filter_map(|entry| entry.number).sum();
            if let (Some(given), Some(value)) = (whole.value.filter(|given| (given - sum).abs() > 1e-9), value) {
                let message = format!("the years have {sum} together, the row has {given}");
                taking.issue(self.name(column), cell, IssueKind::Assumption, message, "the numbers of the years are used");
                self.keep_given(taking, value);
            }
            return all.iter().map(|entry| (Dated { when: entry.when(entry), keep: None }, own_number(entry, whole))).collect();
        }
        let when = first.when(last);
        vec![(Dated { when, keep: (all.len() > 1 || when.is_none()).then(|| cell.to_owned()) }, whole)]
    }
}

fn own_number(entry: &Entry, whole: Number) -> Number {
    let qualifier = whole.qualifier.or_else(|| entry.is_estimate.then_some(Qualifier::About));
    Number { value: entry.number, low: None, high: None, qualifier, is_given: true }
}

/// The entries of a cell in their order in time; `None` where one of them cannot be read.
fn entries(cell: &str) -> Option<Vec<Entry>> {
    let parts = cell.split([';', ',']).map(str::trim).filter(|part| !part.is_empty());
    let mut all = parts.map(entry).collect::<Option<Vec<Entry>>>()?;
    all.sort_by_key(|entry| (entry.first, entry.last));
    Some(all)
}

/// `2015`, `(2015)`, `2015-2018`, `2015-18`, `2015 (4)`, `2015: 4`.
fn entry(text: &str) -> Option<Entry> {
    let within = |text: &'_ str, open: char, close: char| text.starts_with(open) && text.ends_with(close);
    let is_estimate = within(text, '(', ')') || within(text, '[', ']') || text.ends_with('?');
    let text = text.trim_matches(['(', ')', '[', ']', '?']).trim();
    let (years, own) = match text.split_once(['(', '[', ':']) {
        Some((years, own)) => {
            (years.trim(), Some(number(trim(own.trim_end_matches([')', ']'])), NumberStyle::Point).ok().filter(|own| is_count(*own))?))
        }
        None => (text, None),
    };
    let (first, last) = match years.split_once(['-', '–', '/']) {
        None => (year(years)?, year(years)?),
        Some((first, last)) if last.trim().len() == 2 => {
            let (first, short) = (year(first)?, last.trim().parse::<i64>().ok()?);
            let last = first - first % 100 + short;
            (first, if last < first { last + 100 } else { last })
        }
        Some((first, last)) => (year(first)?, year(last)?),
    };
    (first <= last).then_some(Entry { first, last, number: own, is_estimate })
}

/// May so many have been delivered in a year? What may not leaves the list unread, which is said.
fn is_count(number: f64) -> bool {
    implausible(number, "", None, Some(Measure::Count)).is_none()
}

fn year(text: &str) -> Option<i64> {
    let text = text.trim();
    let text = text.strip_suffix(".0").unwrap_or(text);
    text.parse().ok().filter(|year| text.len() == 4 && (1_000..=2_999).contains(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str) -> Vec<(i64, i64, Option<f64>, bool)> {
        let all = entries(cell).unwrap_or_default();
        all.iter().map(|entry| (entry.first, entry.last, entry.number, entry.is_estimate)).collect()
    }

    #[test]
    fn years_come_alone_in_ranges_with_numbers_or_as_estimates() {
        assert_eq!(read("2015"), [(2015, 2015, None, false)]);
        assert_eq!(read("(2015)"), [(2015, 2015, None, true)]);
        assert_eq!(read("2015-2018"), [(2015, 2018, None, false)]);
        assert_eq!(read("1998–01; 2003"), [(1998, 2001, None, false), (2003, 2003, None, false)]);
        assert_eq!(read("2016 (8), 2015 (4)"), [(2015, 2015, Some(4.0), false), (2016, 2016, Some(8.0), false)]);
        assert_eq!(read("2015: 4"), [(2015, 2015, Some(4.0), false)]);
        assert_eq!(read("soon"), []);
        assert_eq!(read("2018-2015"), []);
    }
}

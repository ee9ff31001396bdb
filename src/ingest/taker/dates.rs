//! The dates of a row: one column or several, a first and a last day, a time beside; and what had to be assumed about them.

use std::collections::BTreeMap;

use super::super::cells::{self, DateFault, DateStyle, trim};
use super::super::mapping::Role;
use super::parts::Side;
use super::{Reorder, Row, Taker, Taking, meaning, shown};
use crate::data::{DatasetBuilder, DateDraft, Issue, IssueKind};
use crate::time::{DateOrder, Flags, Span, When, edtf_from_when, parse_ymd_fast};

/// Years of two digits are in the hundred years from this one, where nothing says otherwise.
pub(in crate::ingest) const FIRST_YEAR: u16 = 1970;

/// What was seen of the order of day and month in a column of dates.
#[derive(Clone, Debug, Default)]
pub(in crate::ingest) struct OrderSeen {
    pub(in crate::ingest) ambiguous: u64,
    pub(super) first: Option<(u64, String)>,
    pub(in crate::ingest) two_digit: u64,
    /// The first line with a date that can only be read the other way round, and with one that can only be read so.
    pub(in crate::ingest) against: Option<u64>,
    pub(in crate::ingest) for_it: Option<u64>,
}

impl OrderSeen {
    /// What was seen here and elsewhere.
    fn join(&mut self, other: &Self) {
        let earlier = |one: Option<u64>, other: Option<u64>| one.into_iter().chain(other).min();
        if let Some(first) = &other.first
            && self.first.as_ref().is_none_or(|own| own.0 > first.0)
        {
            self.first = Some(first.clone());
        }
        self.ambiguous += other.ambiguous;
        self.two_digit += other.two_digit;
        self.against = earlier(self.against, other.against);
        self.for_it = earlier(self.for_it, other.for_it);
    }
}

/// A date in the making.
#[derive(Clone, Debug, Default)]
pub(super) struct Dated {
    pub(super) when: Option<When>,
    pub(super) keep: Option<String>,
}

impl From<When> for Dated {
    fn from(when: When) -> Self {
        Self { when: Some(when), keep: None }
    }
}

impl Dated {
    pub(super) fn draft(&self) -> DateDraft<'_> {
        DateDraft { when: self.when, keep: self.keep.as_deref() }
    }

    /// The text for an article.
    pub(super) fn text(&self) -> Option<(String, Option<When>)> {
        let text = self.keep.clone().or_else(|| self.when.as_ref().map(edtf_from_when))?;
        Some((text, self.when))
    }
}

impl Taker {
    pub(super) fn date(&mut self, taking: &mut Taking<'_>, role: Role) -> Dated {
        match self.columns.get(role) {
            None => Dated::default(),
            Some(column) => self.date_in(taking, column).unwrap_or_default(),
        }
    }

    /// The date of a cell; `None` when the cell says that there is none. What cannot be read keeps its text.
    pub(super) fn date_in(&mut self, taking: &mut Taking<'_>, column: usize) -> Option<Dated> {
        let cell = taking.row.get(column);
        if let Some(when) = parse_ymd_fast(cell.as_bytes()) {
            return Some(self.unless_mark(when, None, cell));
        }
        let cell = trim(cell);
        if self.marks.says_nothing(cell)
            || self.is_code(column, cell)
            || meaning(&self.mapping.columns[column].words, cell).is_some_and(str::is_empty)
        {
            return None;
        }
        let style = self.mapping.columns[column].dates;
        if let DateStyle::Text(order) = style
            && cell.as_bytes().get(4).is_none_or(|b| *b != b'-')
        {
            self.see_order(column, cell, order, taking.row.line);
        }
        match cells::date_from(cell, style, self.mapping.columns[column].first_year) {
            Ok(read) => {
                if read.is_ambiguous || read.has_two_digit_year {
                    let seen = self.orders.entry(column).or_default();
                    seen.ambiguous += u64::from(read.is_ambiguous);
                    seen.two_digit += u64::from(read.has_two_digit_year);
                    seen.first.get_or_insert_with(|| (taking.row.line, cell.to_owned()));
                }
                Some(self.unless_mark(read.when, read.keeps_text.then(|| cell.to_owned()), cell))
            }
            Err(fault) => {
                let (kind, message) = match fault {
                    DateFault::Invalid(reason) => (IssueKind::InvalidDate, reason),
                    DateFault::OutOfRange => (IssueKind::DateOutOfRange, "beyond the years that dates can have".to_owned()),
                };
                taking.issue(self.name(column), cell, kind, message, "undated; the text is kept");
                Some(Dated { when: None, keep: Some(cell.to_owned()) })
            }
        }
    }

    /// A date, unless its moment is what programs write where they have none: then only its text is kept.
    fn unless_mark(&self, when: When, keep: Option<String>, cell: &str) -> Dated {
        if self.marks.has_moment(when.span.start) {
            return Dated { when: None, keep: Some(cell.to_owned()) };
        }
        Dated { when: Some(when), keep }
    }

    fn see_order(&mut self, column: usize, cell: &str, order: DateOrder, line: u64) {
        let Some(evidence) = cells::order_evidence(cell) else { return };
        let seen = self.orders.entry(column).or_default();
        if evidence == order {
            seen.for_it.get_or_insert(line);
        } else {
            seen.against.get_or_insert(line);
            self.has_doubts |= !self.mapping.columns[column].is_order_known;
        }
    }

    /// Did a date come that speaks against what was assumed about a column?
    pub(in crate::ingest) fn has_doubts(&self) -> bool {
        self.has_doubts
    }

    /// A column whose order was only assumed is decided by the first date that tells, here or elsewhere in the file: is that one
    /// against it? Then the file must be read again.
    pub(in crate::ingest) fn reorder(takers: &[&Self]) -> Option<Reorder> {
        let first = takers.first()?;
        let orders = Self::orders(takers);
        orders.into_iter().find_map(|(column, seen)| {
            let map = first.mapping.columns.get(column)?;
            let DateStyle::Text(order) = map.dates else { return None };
            let is_wrong = !map.is_order_known && seen.against.is_some_and(|line| seen.for_it.is_none_or(|other| line < other));
            let other = if order == DateOrder::DayFirst { DateOrder::MonthFirst } else { DateOrder::DayFirst };
            is_wrong.then_some(Reorder { column, order: other })
        })
    }

    /// What all of them have seen, by column.
    pub(in crate::ingest) fn orders(takers: &[&Self]) -> BTreeMap<usize, OrderSeen> {
        let mut all: BTreeMap<usize, OrderSeen> = BTreeMap::new();
        for taker in takers {
            for (column, seen) in &taker.orders {
                all.entry(*column).or_default().join(seen);
            }
        }
        all
    }

    /// The event date: of one column or of year, month and day, with a time of day beside or not, and of an end that is written in
    /// the same ways. Where nothing of that is given, another date, and in a table that has none of it, the publication.
    pub(super) fn when(&mut self, taking: &mut Taking<'_>) -> Dated {
        if let Some(when) = self.plain_when(taking.row) {
            return when.into();
        }
        let start = self.side(taking, &Side::START);
        let end = self.side(taking, &Side::END);
        let mut dated = match (start, end) {
            (None, None) => self.other_when(taking),
            (Some(start), None) => self.with_end_of_day(taking, start),
            (None, Some((_, end))) => ending(self.with_time(taking, end, Role::EndTime)),
            (Some((_, start)), Some((column, end))) => self.interval(taking, start, end, column),
        };
        if let Some(word) = self.word(taking.row, Role::Display).filter(|word| dated.keep.as_deref() != Some(*word)) {
            dated.keep = Some(word.to_owned());
        }
        dated
    }

    /// The same in short, for most rows of most tables: dates as most are written, of one or two columns, and nothing beside that says more.
    pub(super) fn plain_when(&self, row: Row<'_>) -> Option<When> {
        if !self.has_plain_dates {
            return None;
        }
        let start = self.plain_date(row, Role::When)?;
        let Some(end) = self.columns.get(Role::End) else { return Some(start) };
        if self.columns.get(Role::When).is_some_and(|column| row.bytes(column) == row.bytes(end)) {
            return Some(start);
        }
        let end = self.plain_date(row, Role::End)?;
        if start.span == end.span {
            return Some(start);
        }
        (start.span.start < end.span.end).then(|| joined(&start, &end))
    }

    /// A date as most are written; `None` says nothing.
    fn plain_date(&self, row: Row<'_>, role: Role) -> Option<When> {
        let when = parse_ymd_fast(row.bytes(self.columns.get(role)?))?;
        (!self.marks.has_moment(when.span.start)).then_some(when)
    }

    fn other_when(&mut self, taking: &mut Taking<'_>) -> Dated {
        if let Some(dated) = self.columns.get(Role::OtherWhen).and_then(|column| self.date_in(taking, column)) {
            return dated;
        }
        let has_own = self.columns.get(Role::When).is_some() || self.columns.get(Role::Year).is_some();
        if has_own { Dated::default() } else { self.published(taking) }
    }

    /// When it was published.
    pub(super) fn published(&mut self, taking: &mut Taking<'_>) -> Dated {
        if let Some(when) = self.plain_published(taking.row) {
            return when.into();
        }
        let dated = self.date(taking, Role::Published);
        self.with_time(taking, dated, Role::PublishedTime)
    }

    /// The same in short.
    pub(super) fn plain_published(&self, row: Row<'_>) -> Option<When> {
        if self.columns.get(Role::PublishedTime).is_some() { None } else { self.plain_date(row, Role::Published) }
    }

    fn interval(&self, taking: &mut Taking<'_>, start: Dated, end: Dated, end_column: usize) -> Dated {
        let (Some(first), Some(last)) = (start.when, end.when) else {
            self.keep_given(taking, end_column);
            return if start.when.is_some() || start.keep.is_some() { self.with_time(taking, start, Role::Time) } else { end };
        };
        if last.span.end <= first.span.start {
            let value = taking.row.get(end_column);
            taking.issue(
                self.name(end_column),
                value,
                IssueKind::ReversedDates,
                "lies before the start".to_owned(),
                "only the start is used; the text is kept beside",
            );
            self.keep_given(taking, end_column);
            return start;
        }
        if first.span == last.span {
            return self.with_end_of_day(taking, (end_column, start));
        }
        let (start, end) = (self.with_time(taking, start, Role::Time), self.with_time(taking, end, Role::EndTime));
        self.join(start, &end, taking)
    }

    /// From a start to an end, which must not lie before it.
    pub(super) fn join(&self, start: Dated, end: &Dated, taking: &Taking<'_>) -> Dated {
        let (Some(first), Some(last)) = (start.when, end.when) else { return start };
        let keep = (start.keep.is_some() || end.keep.is_some()).then(|| {
            let text = |dated: &Dated| dated.keep.clone().or_else(|| dated.when.as_ref().map(edtf_from_when)).unwrap_or_default();
            format!("{}/{}", text(&start), text(end))
        });
        let when = joined(&first, &last);
        Dated { when: Some(self.vague(taking.row, when.span).unwrap_or(when)), keep }
    }

    /// Says what had to be assumed about whole columns, after all that these have seen.
    pub(in crate::ingest) fn finish(takers: &[&Self], builder: &mut DatasetBuilder) {
        let Some(first) = takers.first() else { return };
        for (column, seen) in Self::orders(takers) {
            let map = &first.mapping.columns[column];
            let (line, value) = seen.first.clone().map_or((None, String::new()), |(line, value)| (Some(line), value));
            let mut say = |message: String, action: &str| {
                builder.issue(Issue {
                    line,
                    column: Some(map.name.clone()),
                    value: shown(&value),
                    kind: IssueKind::AmbiguousDate,
                    message,
                    action: action.to_owned(),
                });
            };
            let is_month_first = map.dates == DateStyle::Text(DateOrder::MonthFirst);
            let order = if is_month_first { "month first" } else { "day first" };
            if seen.against.is_some() {
                say(
                    format!(
                        "some dates of the column can only be read as day first, others as month first; {} could be either",
                        seen.ambiguous
                    ),
                    &format!("{order} was assumed for those"),
                );
            } else if seen.ambiguous > 0 && !map.is_order_known && seen.for_it.is_none() {
                say(
                    format!("no date of the column tells day and month apart; {} could be either", seen.ambiguous),
                    &format!("{order} was assumed"),
                );
            }
            if seen.two_digit > 0 {
                let first = map.first_year.unwrap_or(FIRST_YEAR);
                let dates = if seen.two_digit == 1 { "date has" } else { "dates have" };
                say(format!("{} {dates} a year of two digits", seen.two_digit), &format!("{first} to {} was assumed", first + 99));
            }
        }
    }
}

/// From one date to another.
fn joined(first: &When, last: &When) -> When {
    When {
        span: Span::new(first.span.start, last.span.end),
        precision: first.precision.min(last.precision),
        flags: first.flags.with(last.flags).with(Flags::INTERVAL),
    }
}

/// A date of which only the end is known.
fn ending(end: Dated) -> Dated {
    let when = end.when.map(|when| When {
        span: Span::new(crate::time::Time::OPEN_START, when.span.end),
        precision: when.precision,
        flags: when.flags.with(Flags::INTERVAL).with(Flags::UNKNOWN_END),
    });
    Dated { when, keep: end.keep.map(|text| format!("/{text}")) }
}

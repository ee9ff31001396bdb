//! Dates: spans, how finely they were written, their marks, and the text where the span does not say it all.

use std::ops::Range;

use arrow_buffer::{NullBuffer, ScalarBuffer};

use super::Category;
use crate::time::{DAY_US, Flags, Precision, Span, Time, When};

/// Dates: spans, how finely they were written, their marks, and the text where the span does not say it all.
#[derive(Clone, Debug)]
pub struct Dates {
    pub(in crate::data) spans: Spans,
    pub(in crate::data) precisions: Bytes,
    pub(in crate::data) flags: Bytes,
    pub(in crate::data) valid: Option<NullBuffer>,
    pub(in crate::data) texts: Option<Category>,
}

/// How spans are kept.
#[derive(Clone, Debug)]
pub(in crate::data) enum Spans {
    /// All of them are whole days, none is open: the first day since 1970 and how many. 6 bytes a record.
    Days {
        /// The first day of each.
        starts: ScalarBuffer<i32>,
        /// How many days each has.
        lengths: ScalarBuffer<u16>,
    },
    /// Microseconds: 16 bytes a record.
    Moments {
        /// The start of each.
        starts: ScalarBuffer<i64>,
        /// The end of each.
        ends: ScalarBuffer<i64>,
    },
}

/// A byte a record, or none when all are the same.
#[derive(Clone, Debug)]
pub(in crate::data) enum Bytes {
    /// Every record has this one.
    Same(u8),
    /// One a record.
    Each(ScalarBuffer<u8>),
}

impl Bytes {
    /// One of each of these.
    fn of<T: Copy>(all: &[T], byte: impl Fn(T) -> u8) -> Self {
        let first = all.first().map_or(0, |first| byte(*first));
        if all.iter().all(|one| byte(*one) == first) { Self::Same(first) } else { Self::Each(all.iter().map(|one| byte(*one)).collect()) }
    }

    /// The byte of a row.
    pub(in crate::data) fn get(&self, row: usize) -> u8 {
        match self {
            Self::Same(byte) => *byte,
            Self::Each(bytes) => bytes[row],
        }
    }
}

/// Dates as whole days, when all of them are.
fn days_of(whens: &[Option<When>]) -> Option<Spans> {
    let (mut starts, mut lengths) = (vec![0; whens.len()], vec![0; whens.len()]);
    for ((start, length), when) in starts.iter_mut().zip(&mut lengths).zip(whens) {
        if let Some(when) = when {
            (*start, *length) = whole_days(when.span)?;
        }
    }
    Some(Spans::Days { starts: starts.into(), lengths: lengths.into() })
}

/// A span as whole days, when it is that.
fn whole_days(span: Span) -> Option<(i32, u16)> {
    if !span.is_bounded() || span.start.0 % DAY_US != 0 {
        return None;
    }
    let length = span.end.0.checked_sub(span.start.0).filter(|length| length % DAY_US == 0)?;
    Some((i32::try_from(span.start.0 / DAY_US).ok()?, u16::try_from(length / DAY_US).ok()?))
}

impl Dates {
    /// From one optional date a record and the texts to keep.
    pub fn new(whens: &[Option<When>], texts: Option<Category>) -> Self {
        let has_all = whens.iter().all(Option::is_some);
        let spans = days_of(whens).unwrap_or_else(|| {
            let pick = |pick: fn(&When) -> i64| whens.iter().map(|when| when.as_ref().map_or(0, pick)).collect::<Vec<_>>().into();
            Spans::Moments { starts: pick(|when| when.span.start.0), ends: pick(|when| when.span.end.0) }
        });
        let valid = (!has_all).then(|| whens.iter().map(Option::is_some).collect::<NullBuffer>());
        let precisions = Bytes::of(whens, |when| when.map_or(0, |when| when.precision as u8));
        let flags = Bytes::of(whens, |when| when.map_or(0, |when| when.flags.0));
        Self { spans, precisions, flags, valid, texts }
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        match &self.spans {
            Spans::Days { starts, .. } => starts.len(),
            Spans::Moments { starts, .. } => starts.len(),
        }
    }

    /// Are there no records?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many records have no date.
    pub fn nulls(&self) -> usize {
        self.valid.as_ref().map_or(0, NullBuffer::null_count)
    }

    fn is_valid(&self, row: usize) -> bool {
        self.valid.as_ref().is_none_or(|valid| valid.is_valid(row))
    }

    /// The span of a row; `None` when it is undated.
    pub fn span(&self, row: usize) -> Option<Span> {
        self.is_valid(row).then(|| self.spans.get(row))
    }

    /// Visits the spans of a range of rows without asking each time how they are kept.
    pub fn for_each_span(&self, rows: Range<usize>, mut visit: impl FnMut(usize, Option<Span>)) {
        match (&self.spans, &self.valid) {
            (Spans::Days { starts, lengths }, None) => rows.for_each(|row| visit(row, Some(span_of_days(starts[row], lengths[row])))),
            (Spans::Moments { starts, ends }, None) => {
                rows.for_each(|row| visit(row, Some(Span::new(Time(starts[row]), Time(ends[row])))));
            }
            (spans, Some(valid)) => rows.for_each(|row| visit(row, valid.is_valid(row).then(|| spans.get(row)))),
        }
    }

    /// The date of a row; `None` when it is undated.
    pub fn when(&self, row: usize) -> Option<When> {
        self.span(row).map(|span| When {
            span,
            precision: Precision::from_code(self.precisions.get(row)),
            flags: Flags(self.flags.get(row)),
        })
    }

    /// The text that was kept: where the date could not be read, or says more than its span.
    pub fn kept_text(&self, row: usize) -> Option<&str> {
        self.texts.as_ref().and_then(|texts| texts.get(row))
    }

    /// The smallest span that holds every bounded end.
    pub fn extent(&self) -> Option<Span> {
        let mut extent: Option<Span> = None;
        self.for_each_span(0..self.len(), |_, span| {
            let Some(span) = span else { return };
            let start = if span.start.is_bounded() { span.start } else { span.end };
            let end = if span.end.is_bounded() { span.end } else { span.start };
            if start.is_bounded() && end.is_bounded() {
                let bounded = Span::new(start, end);
                extent = Some(extent.map_or(bounded, |extent| extent.hull(bounded)));
            }
        });
        extent
    }
}

/// Dates that are all whole days.
#[derive(Clone, Copy, Debug)]
pub struct Days<'a> {
    /// The first day of each, counted from 1970; 0 of one that is undated.
    pub starts: &'a [i32],
    /// How many days each has.
    pub lengths: &'a [u16],
    /// Which ones are dated; all of them without it.
    pub valid: Option<&'a NullBuffer>,
}

impl Dates {
    /// The dates as days, when all of them are whole days and none is open.
    pub fn days(&self) -> Option<Days<'_>> {
        match &self.spans {
            Spans::Days { starts, lengths } => Some(Days { starts, lengths, valid: self.valid.as_ref() }),
            Spans::Moments { .. } => None,
        }
    }

    /// How finely all dates are written, when all are written alike.
    pub fn same_precision(&self) -> Option<Precision> {
        match self.precisions {
            Bytes::Same(code) => Some(Precision::from_code(code)),
            Bytes::Each(_) => None,
        }
    }
}

fn span_of_days(start: i32, length: u16) -> Span {
    let start = i64::from(start) * DAY_US;
    Span::new(Time(start), Time(start + i64::from(length) * DAY_US))
}

impl Spans {
    /// The span of a row.
    pub(in crate::data) fn get(&self, row: usize) -> Span {
        match self {
            Self::Days { starts, lengths } => span_of_days(starts[row], lengths[row]),
            Self::Moments { starts, ends } => Span::new(Time(starts[row]), Time(ends[row])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::parse_edtf;

    #[test]
    fn whole_days_are_kept_narrow_and_anything_else_in_microseconds() {
        let texts = ["2024-01-31", "1958-02", "2024-01-31/2024-03-01"];
        let open = ["2024-01-31T12:00:00Z", "../2024", "2024/.."];
        for (texts, is_narrow) in [(&texts[..], true), (&open[..], false)] {
            let mut whens: Vec<Option<When>> = texts.iter().map(|text| parse_edtf(text).ok()).collect();
            whens.push(None);
            let dates = Dates::new(&whens, None);
            assert_eq!(matches!(dates.spans, Spans::Days { .. }), is_narrow);
            assert_eq!((0..dates.len()).map(|row| dates.when(row)).collect::<Vec<_>>(), whens);
            assert_eq!(dates.nulls(), 1);
        }
    }
}

//! Filters as bitmaps: each clause is looked up once and kept; composing them is a pass over words of bits.

use std::sync::Arc;

use arrow_array::Array as _;
use arrow_buffer::NullBuffer;

use super::Memory;
use super::bitmap::{Bitmap, Look, Selection};
use super::codes::{Numbered, Work, with_numbers};
use crate::claims::Standing;
use crate::data::{Category, Column, Dates, Field, Number, Row};
use crate::engine::Stop;
use crate::engine::clause::{Wanted, number_of};
use crate::query::{Filter, Has};
use crate::time::{Span, Time};
use crate::work::Cancel;

impl Memory {
    /// The rows that pass a filter.
    pub(super) fn select(&self, filter: &Filter, cancel: &Cancel) -> Result<Selection, Stop> {
        let len = self.len();
        if *filter == Filter::All {
            return Ok(Selection::all(len));
        }
        if let Some(selection) = self.kept.get(filter) {
            return Ok(selection);
        }
        let selection = self.select_new(filter, cancel)?;
        if !names_many_rows(filter) {
            self.kept.put(filter, &selection);
        }
        Ok(selection)
    }

    fn select_new(&self, filter: &Filter, cancel: &Cancel) -> Result<Selection, Stop> {
        let len = self.len();
        match filter {
            Filter::And(terms) => {
                // Ranges of rows come first, so that nothing else is looked for outside of them.
                let (ranges, others): (Vec<&Filter>, Vec<&Filter>) = terms.iter().partition(|term| is_range(term));
                let mut both = Selection::all(len);
                for term in ranges.into_iter().chain(others) {
                    both = both.and(&self.term(term, &both, cancel)?);
                }
                Ok(both)
            }
            Filter::Or(terms) => {
                let mut any = Bitmap::none(len);
                for term in terms {
                    any.or(&self.select(term, cancel)?.into_bitmap());
                }
                Ok(Selection::of(len, Arc::new(any)))
            }
            Filter::Not(term) => {
                let mut bits = self.select(term, cancel)?.into_bitmap();
                bits.not(len);
                Ok(Selection::of(len, Arc::new(bits)))
            }
            clause => Ok(Selection::of(len, Arc::new(self.clause(clause, &Look::whole(len, cancel))?))),
        }
    }

    /// The rows of a term that are wanted only among others. A clause that is asked for the first time is looked up only where these lie:
    /// mostly it is a step of a brush, and nobody asks for it again. When somebody does, it is looked up as a whole and kept.
    fn term(&self, term: &Filter, others: &Selection, cancel: &Cancel) -> Result<Selection, Stop> {
        let (len, within) = (self.len(), others.hull());
        let is_narrow = within.len() < len / WHOLE_PART * (WHOLE_PART - 1);
        if !is_narrow || !is_looked_up(term) || self.kept.was_asked(term) {
            return self.select(term, cancel);
        }
        let bits = self.clause(term, &Look { len, within: within.clone(), cancel })?;
        Ok(Selection::within(len, Arc::new(bits), within))
    }

    /// The bitmap of a single clause; of some rows only, as far as these are looked at one by one.
    fn clause(&self, clause: &Filter, look: &Look<'_>) -> Result<Bitmap, Stop> {
        let (len, cancel) = (self.len(), look.cancel);
        let records = &self.facts.dataset.records;
        match clause {
            Filter::Text(text) => self.search(text, cancel, &|_| {}),
            Filter::Is(field, values) => self.is_clause(*field, values, look),
            Filter::Present(field) => match records.column(*field) {
                Some(column) => Bitmap::of(look, |row| !column.is_null(row)),
                None => Ok(Bitmap::none(len)),
            },
            Filter::Compare(field, comparison, number) => self.number_clause(*field, look, |own| comparison.holds(own, *number)),
            Filter::Between(field, low, high) => self.number_clause(*field, look, |own| *low <= own && own <= *high),
            Filter::Has(Has::Quantity) => Bitmap::of(look, |row| self.standing(row).is_some_and(|standing| standing != Standing::NoFigure)),
            Filter::Has(Has::Article) => Bitmap::of(look, |row| records.article(row as Row).is_some()),
            Filter::Has(Has::Note) => Bitmap::of(look, |row| records.str(Field::NOTE, row as Row).is_some()),
            Filter::After(Field::WHEN, time) if time.is_bounded() => Ok(self.starting_after(*time)),
            Filter::Before(Field::WHEN, time) if time.is_bounded() => Ok(self.ending_by(*time)),
            Filter::During(Field::WHEN, span) if span.start.is_bounded() => Ok(self.overlapping(*span)),
            Filter::After(field, time) => self.span_clause(*field, look, |span| span.start >= *time),
            Filter::Before(field, time) => self.span_clause(*field, look, |span| span.end <= *time),
            Filter::During(field, other) => self.span_clause(*field, look, |span| span.overlaps(*other)),
            Filter::Known(time) => self.span_clause(Field::PUBLISHED, look, |span| span.end <= *time),
            Filter::Rows(rows) => {
                let mut bits = Bitmap::none(len);
                rows.iter().filter(|row| (**row as usize) < len).for_each(|row| bits.insert(*row));
                Ok(bits)
            }
            Filter::All | Filter::And(_) | Filter::Or(_) | Filter::Not(_) => Ok(self.select(clause, cancel)?.into_bitmap()),
        }
    }

    fn is_clause(&self, field: Field, values: &[String], look: &Look<'_>) -> Result<Bitmap, Stop> {
        let len = self.len();
        let dataset = &self.facts.dataset;
        let wanted = Wanted::new(dataset, field, values);
        let mut bits = match dataset.records.column(field) {
            Some(Column::Category(column)) => code_clause(column, look, |word| wanted.has_word(word))?,
            Some(Column::Text(column)) => Bitmap::of(look, |row| column.get(row).is_some_and(|text| wanted.has_word(text)))?,
            Some(Column::Number(column)) => Bitmap::of(look, |row| column.get(row).is_some_and(|own| wanted.numbers.contains(&own)))?,
            Some(Column::Dates(column)) => Bitmap::of(look, |row| {
                column.when(row).is_some_and(|own| wanted.whens.contains(&own))
                    || column.kept_text(row).is_some_and(|text| wanted.has_word(text))
            })?,
            None => Bitmap::none(len),
        };
        wanted.rows.iter().for_each(|row| bits.insert(*row));
        Ok(bits)
    }

    fn number_clause(&self, field: Field, look: &Look<'_>, holds: impl Fn(f64) -> bool + Sync) -> Result<Bitmap, Stop> {
        let len = self.len();
        match self.facts.dataset.records.column(field) {
            Some(Column::Number(column)) => number_bits(column, look, holds),
            Some(Column::Category(column)) => code_clause(column, look, |word| number_of(word).is_some_and(&holds)),
            Some(Column::Text(column)) => Bitmap::of(look, |row| column.get(row).and_then(number_of).is_some_and(&holds)),
            Some(Column::Dates(_)) | None => Ok(Bitmap::none(len)),
        }
    }

    fn span_clause(&self, field: Field, look: &Look<'_>, holds: impl Fn(Span) -> bool + Sync) -> Result<Bitmap, Stop> {
        let column: Option<&Dates> = self.facts.dataset.records.dates(field);
        match column {
            Some(column) => Bitmap::of_bytes(look, |rows, bytes| {
                let first = rows.start;
                column.for_each_span(rows, |row, span| bytes[row - first] = u8::from(span.is_some_and(&holds)));
            }),
            None => Ok(Bitmap::none(self.len())),
        }
    }

    /// The rows whose event date starts at a moment or later: a range.
    fn starting_after(&self, moment: Time) -> Bitmap {
        let mut bits = Bitmap::none(self.len());
        bits.insert_range(self.places.row_at(moment)..self.places.dated());
        bits
    }

    /// The rows whose event date ends by a moment: those that start before it, without those that reach over it.
    fn ending_by(&self, moment: Time) -> Bitmap {
        let mut bits = Bitmap::none(self.len());
        let (first, beyond) = (self.places.row_at(moment), self.places.row_at(moment.plus_us(1)));
        bits.insert_range(0..beyond);
        self.places.for_each_reaching(first, moment, |row| bits.remove(row as Row));
        let dates = self.facts.dataset.records.dates(Field::WHEN);
        let is_by = |row: usize| dates.and_then(|dates| dates.span(row)).is_some_and(|span| span.end <= moment);
        (first..beyond).filter(|row| !is_by(*row)).for_each(|row| bits.remove(row as Row));
        bits
    }

    /// The rows whose event date overlaps a span: a range, and what reaches into it.
    fn overlapping(&self, span: Span) -> Bitmap {
        let mut bits = Bitmap::none(self.len());
        let end = if span.end > span.start { span.end } else { span.start.plus_us(1) };
        let first = self.places.row_at(span.start);
        bits.insert_range(first..self.places.row_at(end).max(first));
        self.places.for_each_reaching(first, span.start, |row| bits.insert(row as Row));
        bits
    }
}

/// A term is looked up as a whole unless the others leave out at least one such part of all rows.
const WHOLE_PART: usize = 4;

/// Is a clause a range of rows, and some more that reach into it?
fn is_range(clause: &Filter) -> bool {
    match clause {
        Filter::After(Field::WHEN, time) | Filter::Before(Field::WHEN, time) => time.is_bounded(),
        Filter::During(Field::WHEN, span) => span.start.is_bounded(),
        _ => false,
    }
}

/// Is a filter a clause for which each row is looked at?
fn is_looked_up(filter: &Filter) -> bool {
    match filter {
        Filter::All | Filter::And(_) | Filter::Or(_) | Filter::Not(_) | Filter::Text(_) | Filter::Rows(_) => false,
        clause => !is_range(clause),
    }
}

/// The rows whose word passes: each word is asked once.
pub(super) fn code_clause(column: &Category, look: &Look<'_>, holds: impl Fn(&str) -> bool) -> Result<Bitmap, Stop> {
    // The last one stands for rows without a value.
    let passes: Vec<bool> = (0..column.words()).map(|code| holds(column.value(code))).chain([false]).collect();
    with_numbers(Some(column), Passing { passes: &passes, look })
}

/// Filters that list more rows than this are not kept: they are what a search has found so far.
const ROWS_KEPT_MAX: usize = 64;

pub(super) fn names_many_rows(filter: &Filter) -> bool {
    match filter {
        Filter::Rows(rows) => rows.len() > ROWS_KEPT_MAX,
        Filter::And(terms) | Filter::Or(terms) => terms.iter().any(names_many_rows),
        Filter::Not(term) => names_many_rows(term),
        _ => false,
    }
}

/// Marks the rows whose number passes.
struct Passing<'a> {
    passes: &'a [bool],
    look: &'a Look<'a>,
}

impl Work for Passing<'_> {
    type Out = Result<Bitmap, Stop>;

    fn run(self, numbers: &impl Numbered) -> Self::Out {
        let passing: Vec<usize> = (0..self.passes.len()).filter(|number| self.passes[*number]).collect();
        match *passing.as_slice() {
            [] => Ok(Bitmap::none(self.look.len)),
            // To compare with one number is quicker than to look it up.
            [one] => Bitmap::of_bytes(self.look, |rows, bytes| {
                rows.zip(bytes).for_each(|(row, byte)| *byte = u8::from(numbers.at(row) == one));
            }),
            _ => Bitmap::of_bytes(self.look, |rows, bytes| {
                rows.zip(bytes).for_each(|(row, byte)| *byte = u8::from(self.passes[numbers.at(row)]));
            }),
        }
    }
}

/// The rows whose number passes. Each number that a narrow column can hold is asked once; mostly those that pass are a range.
fn number_bits(column: &Number, look: &Look<'_>, holds: impl Fn(f64) -> bool + Sync) -> Result<Bitmap, Stop> {
    let len = column.len();
    // Comparisons of narrow numbers with two others become wide instructions.
    macro_rules! narrow {
        ($array:expr, $type:ty) => {{
            let numbers: &[$type] = $array.values();
            let passes: Vec<bool> = (0..=<$type>::MAX).map(|number| holds(f64::from(number))).collect();
            let bits = match range_of(&passes) {
                None => return Ok(Bitmap::none(len)),
                Some((low, width, true)) => {
                    let (low, most) = (low as $type, (width - 1) as $type);
                    Bitmap::of_bytes(look, |rows, bytes| {
                        let own = numbers[rows].iter().zip(bytes);
                        own.for_each(|(number, byte)| *byte = u8::from(number.wrapping_sub(low) <= most));
                    })?
                }
                Some((_, _, false)) => Bitmap::of_bytes(look, |rows, bytes| {
                    numbers[rows].iter().zip(bytes).for_each(|(number, byte)| *byte = u8::from(passes[usize::from(*number)]));
                })?,
            };
            with_values(bits, $array.nulls(), look)
        }};
    }
    match column {
        Number::U8(array) => narrow!(array, u8),
        Number::U16(array) => narrow!(array, u16),
        Number::I32(_) | Number::Decimal { .. } | Number::F64(_) => Bitmap::of_bytes(look, |rows, bytes| {
            let first = rows.start;
            column.for_each(rows, |row, number| bytes[row - first] = u8::from(number.is_some_and(&holds)));
        }),
    }
}

/// The first number that passes, how many do, and whether they stand side by side; `None` when none passes.
fn range_of(passes: &[bool]) -> Option<(usize, usize, bool)> {
    let low = passes.iter().position(|passes| *passes)?;
    let width = passes.iter().filter(|passes| **passes).count();
    Some((low, width, passes[low..].iter().take(width).all(|passes| *passes)))
}

/// The bits of rows that have a value.
fn with_values(mut bits: Bitmap, valid: Option<&NullBuffer>, look: &Look<'_>) -> Result<Bitmap, Stop> {
    if let Some(valid) = valid {
        bits.and(&Bitmap::of_bytes(look, |rows, bytes| {
            rows.zip(bytes).for_each(|(row, byte)| *byte = u8::from(valid.is_valid(row)));
        })?);
    }
    Ok(bits)
}

//! `Query::Facet` and `Query::Histogram`: counts by code, and by bin; without a filter the counts were made beforehand.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use arrow_array::Array as _;

use super::Memory;
use super::bitmap::Selection;
use super::codes::{Numbered, Work, with_numbers};
use crate::data::{Category, Column, Field, Number};
use crate::engine::Stop;
use crate::engine::clause::word_contains;
use crate::engine::fold::fold;
use crate::engine::place::point;
use crate::engine::tables::bin_of;
use crate::query::{FacetAnswer, FacetQuery, FacetValue, Filter, HistogramAnswer};
use crate::work::Cancel;

/// The smallest and the largest number of the fields that were asked for; `None` of those that have none.
#[derive(Debug, Default)]
pub(super) struct Ranges(Mutex<BTreeMap<Field, Option<(f64, f64)>>>);

impl Memory {
    pub(super) fn facet(&self, query: &FacetQuery, cancel: &Cancel) -> Result<FacetAnswer, Stop> {
        let selection = self.select(&query.filter, cancel)?;
        let column = self.facts.category(query.field, "a facet")?;
        let Some((column, ranking)) = column.zip(self.facts.rankings.get(&query.field)) else {
            return Ok(FacetAnswer { missing: selection.count(), ..FacetAnswer::default() });
        };
        let counts = if selection.is_all() { ranking.totals.clone() } else { code_counts(column, &selection, cancel)? };
        let search = fold(&query.search);
        let mut answer = FacetAnswer::default();
        let shorts = self.facts.short_names(query.field);
        for (rank, code) in (0..).zip(&ranking.order) {
            if !search.is_empty() && !word_contains(query.field, column.value(*code), &search) {
                continue;
            }
            answer.distinct += 1;
            if answer.values.len() < query.limit as usize {
                let (count, total) = (counts[*code as usize], ranking.totals[*code as usize]);
                let value = column.value(*code);
                let short = shorts.get(value).map(|short| (*short).to_owned());
                answer.values.push(FacetValue { value: value.to_owned(), short, count, total, rank });
            }
        }
        answer.missing = selection.count() - counts.iter().sum::<u64>();
        Ok(answer)
    }

    pub(super) fn histogram(&self, field: Field, filter: &Filter, bins: u32, cancel: &Cancel) -> Result<HistogramAnswer, Stop> {
        let selection = self.select(filter, cancel)?;
        self.facts.axis_kind(field)?;
        let Some((min, max)) = self.range_of(field, cancel)? else {
            return Ok(HistogramAnswer { missing: selection.count(), ..HistogramAnswer::default() });
        };
        let column = self.facts.dataset.records.column(field);
        let counts = match column {
            Some(Column::Number(Number::U8(array))) => {
                narrow_counts(array.values(), array.nulls().is_some(), max as usize + 1, &selection, cancel)?
            }
            Some(Column::Number(Number::U16(array))) => {
                narrow_counts(array.values(), array.nulls().is_some(), max as usize + 1, &selection, cancel)?
            }
            _ => None,
        };
        let mut answer = HistogramAnswer { min, max, bins: vec![0; bins.max(1) as usize], missing: 0 };
        if let Some(counts) = counts {
            let counted = (0_u32..).zip(counts).filter(|(_, count)| *count > 0);
            counted.for_each(|(number, count)| answer.bins[bin_of(f64::from(number), min, max, bins)] += count);
            return Ok(answer);
        }
        let parts = selection.scan(cancel, |rows, (counts, missing): &mut (Vec<u64>, u64)| {
            counts.resize(bins.max(1) as usize, 0);
            self.for_each_on_axis(field, rows, |row, number| {
                if selection.contains(row as u32) {
                    match number {
                        Some(number) => counts[bin_of(number, min, max, bins)] += 1,
                        None => *missing += 1,
                    }
                }
            });
        })?;
        for (counts, missing) in parts {
            answer.missing += missing;
            answer.bins.iter_mut().zip(counts).for_each(|(own, other)| *own += other);
        }
        Ok(answer)
    }

    /// The smallest and the largest number of a field over the whole file.
    pub(super) fn range_of(&self, field: Field, cancel: &Cancel) -> Result<Option<(f64, f64)>, Stop> {
        if let Some(known) = self.ranges.0.lock().unwrap_or_else(PoisonError::into_inner).get(&field) {
            return Ok(*known);
        }
        let parts = Selection::all(self.len()).scan(cancel, |rows, range: &mut Option<(f64, f64)>| {
            self.for_each_on_axis(field, rows, |_, number| {
                if let Some(own) = number {
                    *range = Some(range.map_or((own, own), |(min, max)| (own.min(min), own.max(max))));
                }
            });
        })?;
        let range = parts.into_iter().flatten().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        self.ranges.0.lock().unwrap_or_else(PoisonError::into_inner).insert(field, range);
        Ok(range)
    }

    /// Visits the numbers of a range of rows on the axis of a histogram: a number, or the microseconds of a date.
    fn for_each_on_axis(&self, field: Field, rows: std::ops::Range<usize>, mut visit: impl FnMut(usize, Option<f64>)) {
        match self.facts.dataset.records.column(field) {
            Some(Column::Number(column)) => column.for_each(rows, visit),
            Some(Column::Dates(column)) => {
                column.for_each_span(rows, |row, span| visit(row, span.and_then(point).map(|time| time.0 as f64)));
            }
            Some(Column::Category(_) | Column::Text(_)) | None => rows.for_each(|row| visit(row, None)),
        }
    }
}

/// How many of the rows have each code.
fn code_counts(column: &Category, selection: &Selection, cancel: &Cancel) -> Result<Vec<u64>, Stop> {
    let words = column.words() as usize;
    let mut counts = with_numbers(Some(column), Counting { len: words + 1, selection, cancel })?;
    counts.truncate(words);
    Ok(counts)
}

/// Counts the rows of each number.
struct Counting<'a> {
    len: usize,
    selection: &'a Selection,
    cancel: &'a Cancel,
}

impl Work for Counting<'_> {
    type Out = Result<Vec<u64>, Stop>;

    fn run(self, numbers: &impl Numbered) -> Self::Out {
        counted(self.len, self.selection, self.cancel, |row| numbers.at(row))
    }
}

/// How many of the rows have each number of a narrow column; `None` where some have none.
fn narrow_counts<T: Copy + Into<u32> + Sync>(
    numbers: &[T],
    has_nulls: bool,
    len: usize,
    selection: &Selection,
    cancel: &Cancel,
) -> Result<Option<Vec<u64>>, Stop> {
    if has_nulls {
        return Ok(None);
    }
    counted(len, selection, cancel, |row| numbers[row].into() as usize).map(Some)
}

/// Numbers up to which each is counted in several places.
const APART_MAX: usize = 1 << 12;
/// The places of a number: rows side by side often have the same one, and to add to a place again before it is written takes long.
pub(super) const PLACES: usize = 4;

/// How many of the rows have each of so many numbers.
pub(super) fn counted(
    len: usize,
    selection: &Selection,
    cancel: &Cancel,
    number: impl Fn(usize) -> usize + Sync,
) -> Result<Vec<u64>, Stop> {
    if len > APART_MAX {
        let parts = selection.scan(cancel, |rows, counts: &mut Vec<u32>| {
            counts.resize(len, 0);
            selection.for_each(rows, |row| counts[number(row)] += 1);
        })?;
        return Ok(added(parts, len));
    }
    let parts = selection.scan(cancel, |rows, counts: &mut Vec<u32>| {
        counts.resize(len * PLACES, 0);
        selection.for_each(rows, |row| counts[number(row) * PLACES + row % PLACES] += 1);
    })?;
    Ok(added(parts, len * PLACES).chunks(PLACES).map(|places| places.iter().sum()).collect())
}

fn added(parts: Vec<Vec<u32>>, len: usize) -> Vec<u64> {
    let mut all = vec![0_u64; len];
    for part in parts {
        all.iter_mut().zip(part).for_each(|(own, other)| *own += u64::from(other));
    }
    all
}

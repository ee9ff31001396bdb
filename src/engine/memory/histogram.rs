//! `Query::Histogram`: counts of a number or date by bin.
//!
//! Event dates stand in order, so that their bins are ranges of rows: O(bins · log rows), and the bits of the rows that pass are counted.
//! Whole numbers and days that span few values are counted by value in one pass in parallel, and only these counts are put into bins.
//! Anything else is put into its bin row by row. Answers without a filter are kept, [`ANSWERS_MAX`] of them with 8 bytes a bin.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use arrow_array::Array as _;

use super::Memory;
use super::bitmap::Selection;
use super::facets::counted;
use super::grid::partition;
use super::skewed::{BlocksKept, counted_skewed};
use crate::data::{Column, Days, Field, Number};
use crate::engine::Stop;
use crate::engine::place::point;
use crate::query::{Crowd, Filter, HistogramAnswer, NumberAxis};
use crate::time::DAY_US;
use crate::work::Cancel;

/// What is known of axes over the whole file.
#[derive(Debug, Default)]
pub(super) struct Axes {
    /// The smallest and the largest number of the fields that were asked for; `None` of those that have none.
    ranges: Mutex<BTreeMap<Field, Option<(f64, f64)>>>,
    /// The axes of the fields that were asked for.
    scales: Mutex<BTreeMap<Field, NumberAxis>>,
    /// The answers without a filter that were asked for last, by field and number of bins, the latest at the end.
    answers: Mutex<Vec<((Field, u32), HistogramAnswer)>>,
    /// Counts of small numbers, for the fields that were asked for with a filter.
    blocks: BlocksKept,
}

/// How many answers without a filter are kept.
const ANSWERS_MAX: usize = 32;
/// Answers of more bins are not kept.
const BINS_KEPT_MAX: u32 = 1 << 10;
/// Up to so many bins are ranges of rows.
const BINS_IN_ORDER_MAX: u32 = 1 << 12;
/// Columns whose values span more are not counted by value.
const VALUES_MAX: i64 = if cfg!(test) { 1 << 10 } else { 1 << 17 };

/// Counts by value: how many rows have the first number, the first plus one step, and so on.
struct ByValue {
    counts: Vec<u64>,
    missing: u64,
    first: i64,
    step: i64,
}

impl Memory {
    pub(super) fn histogram(&self, field: Field, filter: &Filter, bins: u32, cancel: &Cancel) -> Result<HistogramAnswer, Stop> {
        let selection = self.select(filter, cancel)?;
        self.facts.axis_kind(field)?;
        let Some(range) = self.range_of(field, cancel)? else {
            return Ok(HistogramAnswer { missing: selection.count(), ..HistogramAnswer::default() });
        };
        let is_kept = selection.is_all() && bins <= BINS_KEPT_MAX;
        if is_kept && let Some(answer) = self.axes.answer((field, bins)) {
            return Ok(answer);
        }
        let axis = self.axis_of(field, range, cancel)?;
        let answer = match self.in_order(field, axis, bins, &selection) {
            Some(answer) => answer,
            None => match self.by_value(field, range, &selection, cancel)? {
                Some(counts) => counts.binned(axis, bins),
                None => self.one_by_one(field, axis, bins, &selection, cancel)?,
            },
        };
        if is_kept {
            self.axes.keep((field, bins), &answer);
        }
        Ok(answer)
    }

    /// The counts of event dates, each of which has a start; else `None`.
    fn in_order(&self, field: Field, axis: NumberAxis, bins: u32, selection: &Selection) -> Option<HistogramAnswer> {
        let is_in_order = field == Field::WHEN && bins <= BINS_IN_ORDER_MAX && self.places.grid.row(0) == 0;
        let dates = self.facts.dataset.records.dates(Field::WHEN).filter(|_| is_in_order)?;
        let dated = self.places.dated();
        let start = |row: usize| dates.span(row).map(|span| span.start).filter(|start| start.is_bounded());
        start(dated.checked_sub(1)?)?;
        let bin = |row: usize| start(row).map_or(0, |start| axis.bin(start.0 as f64, bins));
        let mut first = 0;
        let count = |number: usize| {
            let rows = first..partition(first..dated, |row| bin(row) <= number);
            first = rows.end;
            selection.count_in(rows)
        };
        let bins = (0..bins.max(1) as usize).map(count).collect();
        Some(HistogramAnswer { axis, bins, missing: selection.count_in(dated..self.len()) })
    }

    /// The counts by value of whole numbers or days that span few of them; else `None`.
    fn by_value(&self, field: Field, (min, max): (f64, f64), selection: &Selection, cancel: &Cancel) -> Result<Option<ByValue>, Stop> {
        let step = if matches!(self.facts.dataset.records.column(field), Some(Column::Dates(_))) { DAY_US } else { 1 };
        let (first, last) = (min as i64 / step, max as i64 / step);
        let len = last.saturating_sub(first).saturating_add(1);
        if len > VALUES_MAX {
            return Ok(None);
        }
        let (len, rows) = (len as usize, self.len());
        macro_rules! count {
            ($array:expr) => {{
                let values = $array.values();
                let place = |row: usize| (i64::from(values[row]) - first) as usize;
                match $array.nulls() {
                    None => {
                        let blocks = if selection.is_all() { None } else { self.axes.blocks.of(field, rows, cancel, place)? };
                        counted_skewed(len + 1, selection, blocks.as_deref(), cancel, place)?
                    }
                    Some(valid) => {
                        counted_skewed(len + 1, selection, None, cancel, |row| if valid.is_valid(row) { place(row) } else { len })?
                    }
                }
            }};
        }
        let mut counts = match self.facts.dataset.records.column(field) {
            Some(Column::Number(Number::U8(array))) => count!(array),
            Some(Column::Number(Number::U16(array))) => count!(array),
            Some(Column::Number(Number::I32(array))) => count!(array),
            Some(Column::Dates(dates)) => match dates.days() {
                Some(Days { starts, lengths: _, valid }) => counted(len + 1, selection, cancel, |row| {
                    let is_dated = valid.is_none_or(|valid| valid.is_valid(row));
                    if is_dated { (i64::from(starts[row]) - first) as usize } else { len }
                })?,
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        let missing = counts.pop().unwrap_or(0);
        Ok(Some(ByValue { counts, missing, first, step }))
    }

    fn one_by_one(
        &self,
        field: Field,
        axis: NumberAxis,
        bins: u32,
        selection: &Selection,
        cancel: &Cancel,
    ) -> Result<HistogramAnswer, Stop> {
        let mut answer = HistogramAnswer { axis, bins: vec![0; bins.max(1) as usize], missing: 0 };
        let parts = selection.scan(cancel, |rows, (counts, missing): &mut (Vec<u64>, u64)| {
            counts.resize(bins.max(1) as usize, 0);
            self.for_each_on_axis(field, rows, |row, number| {
                if selection.contains(row as u32) {
                    match number {
                        Some(number) => counts[axis.bin(number, bins)] += 1,
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
        if let Some(known) = self.axes.ranges.lock().unwrap_or_else(PoisonError::into_inner).get(&field) {
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
        self.axes.ranges.lock().unwrap_or_else(PoisonError::into_inner).insert(field, range);
        Ok(range)
    }

    /// The axis of a field whose smallest and largest number are known: looked at once, over the whole file.
    fn axis_of(&self, field: Field, (min, max): (f64, f64), cancel: &Cancel) -> Result<NumberAxis, Stop> {
        if !matches!(self.facts.dataset.records.column(field), Some(Column::Number(_))) {
            return Ok(NumberAxis::even(min, max));
        }
        if let Some(known) = self.axes.scales.lock().unwrap_or_else(PoisonError::into_inner).get(&field) {
            return Ok(*known);
        }
        let parts = Selection::all(self.len()).scan(cancel, |rows, crowd: &mut Option<Crowd>| {
            let crowd = crowd.get_or_insert_with(|| Crowd::new(min, max));
            self.for_each_on_axis(field, rows, |_, number| {
                if let Some(number) = number {
                    crowd.add(number);
                }
            });
        })?;
        let mut crowd = Crowd::new(min, max);
        parts.iter().flatten().for_each(|part| crowd.join(part));
        let axis = crowd.axis();
        self.axes.scales.lock().unwrap_or_else(PoisonError::into_inner).insert(field, axis);
        Ok(axis)
    }

    /// Visits the numbers of a range of rows on the axis of a histogram: a number, or the microseconds of a date.
    fn for_each_on_axis(&self, field: Field, rows: Range<usize>, mut visit: impl FnMut(usize, Option<f64>)) {
        match self.facts.dataset.records.column(field) {
            Some(Column::Number(column)) => column.for_each(rows, visit),
            Some(Column::Dates(column)) => {
                column.for_each_span(rows, |row, span| visit(row, span.and_then(point).map(|time| time.0 as f64)));
            }
            Some(Column::Category(_) | Column::Text(_)) | None => rows.for_each(|row| visit(row, None)),
        }
    }
}

impl ByValue {
    fn binned(self, axis: NumberAxis, bins: u32) -> HistogramAnswer {
        let mut answer = HistogramAnswer { axis, bins: vec![0; bins.max(1) as usize], missing: self.missing };
        for (place, count) in (self.first..).zip(self.counts).filter(|(_, count)| *count > 0) {
            answer.bins[axis.bin((place * self.step) as f64, bins)] += count;
        }
        answer
    }
}

impl Axes {
    fn answer(&self, key: (Field, u32)) -> Option<HistogramAnswer> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let place = answers.iter().position(|(own, _)| *own == key)?;
        let entry = answers.remove(place);
        let answer = entry.1.clone();
        answers.push(entry);
        Some(answer)
    }

    fn keep(&self, key: (Field, u32), answer: &HistogramAnswer) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.retain(|(own, _)| *own != key);
        if answers.len() >= ANSWERS_MAX {
            answers.remove(0);
        }
        answers.push((key, answer.clone()));
    }
}

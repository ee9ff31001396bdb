//! `Query::Series` over records that have everything but their numbers in common: buckets are ranges of rows, whole numbers are added as such.
//!
//! Only a record that reaches over the end of its bucket is shared out, by the same integers as everywhere. Which ones do is kept for
//! the buckets that were asked for last, an eighth of a byte a record for each of [`CROSSING_MAX`]. One pass in parallel over the rows
//! that pass, a word of bits at a time; each thread keeps one sum a group and bucket.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Memory;
use super::bitmap::{Bitmap, Selection, WORD_ROWS, for_each_bit};
use super::lanes::segments_of;
use super::series::Found;
use super::sums::{Whole, add_word, whole_amount};
use crate::claims::{Place, Standing, Sum, place};
use crate::data::{Amount, Category, Dates, Field};
use crate::engine::Stop;
use crate::engine::series::{Key, Series};
use crate::engine::uniform::Uniform;
use crate::query::{Aside, DateKind, SeriesQuery};
use crate::time::{Span, Step, Time};
use crate::work::Cancel;

/// The most sums of all groups together; with more, records are looked at one by one.
const SUMS_MAX: usize = 1 << 18;

/// A record that covers no more buckets than this is certainly shared out.
const NEAR: usize = 64;

/// For so many ways of putting records into buckets it is kept which ones reach over the end of theirs.
const CROSSING_MAX: usize = 2;

/// The rows that do not lie in one bucket, by the width of the buckets and whether records are shared out; the latest at the end.
#[derive(Default)]
pub(super) struct CrossingKept(Mutex<Vec<Crossing>>);

/// The width of buckets, whether records are shared out, and the rows that do not lie in one.
type Crossing = ((Step, bool), Arc<Bitmap>);

/// What is added up in one bucket of one group.
#[derive(Clone, Copy)]
struct Cell {
    /// Whole numbers of records that lie in the bucket: values, low and high bounds.
    whole: [i64; 3],
    /// Shares of records that reach over its end or begin.
    shares: [Amount; 3],
    /// How many records touch it.
    records: u64,
}

const NOTHING: Cell = Cell { whole: [0; 3], shares: [Amount::ZERO; 3], records: 0 };

/// What one thread adds up.
#[derive(Default)]
struct Part {
    cells: Vec<Cell>,
    /// Records of each group and the sum of their sizes.
    groups: Vec<(u64, i64)>,
    unplaced: u64,
}

/// What the pass needs.
struct Pass<'a> {
    query: &'a SeriesQuery,
    selection: Selection,
    dates: &'a Dates,
    group: Option<&'a Category>,
    groups: usize,
    parts: [Option<Whole<'a>>; 3],
    /// The starts of the buckets from the first start to the last end, and the start of the one behind.
    starts: Vec<Time>,
    /// The first row of each bucket, and the end of the last one.
    bounds: Vec<usize>,
    /// The rows that do not lie in the bucket in which they start.
    crossing: Arc<Bitmap>,
}

impl Memory {
    /// The sums of a series, when its records have everything in common and what they need is known; else `None`.
    pub(super) fn series_of_uniform(
        &self,
        query: &SeriesQuery,
        group: Option<&Category>,
        cancel: &Cancel,
    ) -> Result<Option<(Found, Aside)>, Stop> {
        let dataset = &self.facts.dataset;
        let Some(uniform) = Uniform::of(dataset).filter(|uniform| uniform.standing == Standing::Summable) else { return Ok(None) };
        let dates = dataset.records.dates(Field::WHEN).filter(|_| query.date == DateKind::Event && self.places.grid.row(0) == 0);
        let Some((dates, extent)) = dates.zip(self.schema.extent) else { return Ok(None) };
        let parts = uniform.parts.map(|part| part.map(Whole::of));
        if parts.iter().any(|part| matches!(part, Some(None))) || dataset.records.str(Field::METRIC, 0) != Some(query.metric.as_str()) {
            return Ok(None);
        }
        let groups = group.map_or(1, |group| group.words() as usize + 1);
        let Some(starts) = starts_of(query, extent, SUMS_MAX / groups) else { return Ok(None) };
        let bounds: Vec<usize> = starts.iter().map(|start| self.places.row_at(*start)).collect();
        let selection = self.select(&query.filter, cancel)?;
        let crossing = self.crossing(query, dates, (&starts, &bounds), cancel)?;
        let pass = Pass { query, selection, dates, group, groups, parts: parts.map(Option::flatten), starts, bounds, crossing };
        let dated = self.places.dated();
        let parts = pass.selection.scan(cancel, |rows, part: &mut Part| {
            part.cells.resize(pass.groups * (pass.starts.len() - 1), NOTHING);
            part.groups.resize(pass.groups, (0, 0));
            for (bucket, rows) in segments_of(&pass.bounds, rows.start.min(dated)..rows.end.min(dated)) {
                pass.take(bucket, rows, part);
            }
        })?;
        let mut aside = Aside { records: pass.selection.count(), ..Aside::default() };
        aside.undated = pass.selection.count_in(dated..self.len());
        aside.unplaced = parts.iter().map(|part| part.unplaced).sum();
        Ok(Some((pass.found(&uniform, dataset, &parts), aside)))
    }

    /// The rows that do not lie in the bucket in which they start.
    fn crossing(
        &self,
        query: &SeriesQuery,
        dates: &Dates,
        (starts, bounds): (&[Time], &[usize]),
        cancel: &Cancel,
    ) -> Result<Arc<Bitmap>, Stop> {
        let key = (query.by, query.is_spread);
        // Who comes second waits for the first one instead of doing the same.
        let mut kept = self.crossing_kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = if let Some(place) = kept.iter().position(|(own, _)| *own == key) {
            kept.remove(place)
        } else {
            let dated = self.places.dated();
            let bits = Bitmap::of_words(self.len(), cancel, |rows, words| {
                let first = rows.start;
                for (bucket, rows) in segments_of(bounds, rows.start.min(dated)..rows.end.min(dated)) {
                    let end = starts[bucket + 1];
                    dates.for_each_span(rows, |row, span| {
                        let is_one = span.is_some_and(|span| span.end <= end || (!query.is_spread && span.end.is_bounded()));
                        words[(row - first) / WORD_ROWS] |= u64::from(!is_one) << (row % WORD_ROWS);
                    });
                }
            })?;
            (key, Arc::new(bits))
        };
        let crossing = Arc::clone(&entry.1);
        kept.push(entry);
        if kept.len() > CROSSING_MAX {
            kept.remove(0);
        }
        Ok(crossing)
    }
}

/// The starts of the buckets over a span, when they are not too many.
fn starts_of(query: &SeriesQuery, extent: Span, len_max: usize) -> Option<Vec<Time>> {
    let mut starts = vec![query.by.floor(extent.start)];
    while let Some(last) = starts.last().copied().filter(|last| *last < extent.end) {
        let next = query.by.next(last);
        if starts.len() > len_max || next <= last {
            return None;
        }
        starts.push(next);
    }
    (starts.len() > 1).then_some(starts)
}

impl Pass<'_> {
    /// Adds up the rows of a range that start in one bucket.
    fn take(&self, bucket: usize, rows: std::ops::Range<usize>, part: &mut Part) {
        // What is found of the last group, so that a group alone is added to its cell once.
        let mut last = (0, NOTHING);
        self.selection.for_each_word(rows, |number, bits| {
            let crossing = bits & self.crossing.word(number);
            let lying = bits & !crossing;
            if self.group.is_none() {
                last.1.records += u64::from(lying.count_ones());
                add_word(&self.parts, number, lying, &mut last.1.whole);
            } else {
                for_each_bit(number, lying, |row| {
                    let group = self.group_of(row);
                    if group != last.0 {
                        self.settle(bucket, last, part);
                        last = (group, NOTHING);
                    }
                    last.1.whole.iter_mut().zip(self.numbers(row)).for_each(|(own, number)| *own += number);
                    last.1.records += 1;
                });
            }
            for_each_bit(number, crossing, |row| self.take_crossing(bucket, row, part));
        });
        self.settle(bucket, last, part);
    }

    /// Shares out a row that does not lie in the bucket in which it starts.
    fn take_crossing(&self, bucket: usize, row: usize, part: &mut Part) {
        let Some(span) = self.dates.span(row) else { return };
        // To look whether it lies in the next buckets is quicker than to reckon with calendars.
        let near = self.starts[(bucket + NEAR).min(self.starts.len() - 1)];
        let is_near = self.query.is_spread && span.end <= near && span.start.is_bounded();
        if is_near || place(span, self.query.by, self.query.is_spread) == Place::Many {
            let (group, numbers) = (self.group_of(row), self.numbers(row));
            self.spread(numbers, span, (group * (self.starts.len() - 1), bucket), &mut part.cells);
            part.groups[group].0 += 1;
            part.groups[group].1 += self.size(numbers);
        } else {
            part.unplaced += 1;
        }
    }

    fn group_of(&self, row: usize) -> usize {
        self.group.map_or(0, |group| group.code(row).map_or(self.groups - 1, |code| code as usize))
    }

    fn numbers(&self, row: usize) -> [i64; 3] {
        self.parts.map(|part| part.map_or(0, |part| part.get(row)))
    }

    /// Adds what was found of a group in one bucket.
    fn settle(&self, bucket: usize, (group, found): (usize, Cell), part: &mut Part) {
        let cell = &mut part.cells[group * (self.starts.len() - 1) + bucket];
        cell.whole.iter_mut().zip(found.whole).for_each(|(own, number)| *own += number);
        cell.records += found.records;
        part.groups[group].0 += found.records;
        part.groups[group].1 += self.size(found.whole);
    }

    /// The number by whose sum groups are put in order: the value, else a bound that is known.
    fn size(&self, numbers: [i64; 3]) -> i64 {
        [0, 2, 1].into_iter().find(|part| self.parts[*part].is_some()).map_or(0, |part| numbers[part])
    }

    /// Shares a record out over the buckets that it covers, as [`crate::claims::spread`] does, along boundaries that are known.
    fn spread(&self, numbers: [i64; 3], span: Span, (first, bucket): (usize, usize), cells: &mut [Cell]) {
        let whole_us = span.end.0 - span.start.0;
        let amounts = numbers.map(whole_amount);
        let mut given = [Amount::ZERO; 3];
        for place in bucket..self.starts.len() - 1 {
            let Some(cell) = cells.get_mut(first + place) else { return };
            cell.records += 1;
            let (start, end) = (self.starts[place], self.starts[place + 1]);
            let is_last = end >= span.end;
            let part_us = end.0 - start.max(span.start).0;
            let shares = cell.shares.iter_mut().zip(&mut given).zip(amounts);
            for ((own, given), amount) in shares.filter(|(_, amount)| *amount != Amount::ZERO) {
                let share = if is_last { amount - *given } else { amount.share(part_us, whole_us) };
                *own += share;
                *given += share;
            }
            if is_last {
                return;
            }
        }
    }

    /// The sums by key.
    fn found(&self, uniform: &Uniform<'_>, dataset: &crate::data::Dataset, parts: &[Part]) -> Found {
        let buckets = self.starts.len() - 1;
        let unit = uniform.unit.and_then(|unit| dataset.records.category(Field::UNIT).map(|column| column.value(unit).to_owned()));
        let mut found = BTreeMap::new();
        for group in 0..self.groups {
            let records: u64 = parts.iter().filter_map(|part| part.groups.get(group)).map(|group| group.0).sum();
            if records == 0 {
                continue;
            }
            let sizes = parts.iter().filter_map(|part| part.groups.get(group)).map(|group| whole_amount(group.1));
            let mut series = Series { records, size: sizes.sum(), buckets: BTreeMap::new() };
            for bucket in 0..buckets {
                let mut sum = Sum::NOTHING;
                for cell in parts.iter().filter_map(|part| part.cells.get(group * buckets + bucket)) {
                    let amount = |index: usize| {
                        let whole = whole_amount(cell.whole[index]) + cell.shares[index];
                        self.parts[index].map(|_| whole)
                    };
                    sum.add(&Sum { value: amount(0), low: amount(1), high: amount(2), records: cell.records });
                }
                if sum.records > 0 {
                    series.buckets.insert(self.starts[bucket], sum);
                }
            }
            let word = self.group.filter(|_| group + 1 < self.groups).map(|column| column.value(group as u32).to_owned());
            found.insert(Key { group: word, counter: uniform.counter, unit: unit.clone() }, series);
        }
        found
    }
}

//! `Query::Series` over records that have everything but their numbers in common: buckets are ranges of rows, whole numbers are added as such.
//!
//! Only a record that reaches over the end of its bucket is shared out, by the same integers as everywhere. Which ones do is kept for
//! the buckets that were asked for last, an eighth of a byte a record for each of [`CROSSING_MAX`]. One pass in parallel over the rows
//! that pass, a word of bits at a time; each thread keeps one sum a group and bucket. Where dates and buckets are whole days, shares are
//! reckoned in days and in narrow integers, and only once for all buckets of one width.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::Memory;
use super::bitmap::{Bitmap, Look, Selection, WORD_ROWS, for_each_bit};
use super::codes::{Numbered, Work, with_numbers};
use super::lanes::segments_of;
use super::series::Found;
use super::sums::{Whole, add_word, whole_amount};
use crate::claims::{Place, Standing, Sum, place};
use crate::data::{Amount, Category, Dates, Days, Field};
use crate::engine::Stop;
use crate::engine::series::{Key, Series};
use crate::engine::uniform::Uniform;
use crate::query::{Aside, DateKind, SeriesQuery};
use crate::time::{DAY_US, Span, Step, Time};
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
    /// How many records lie in it.
    lying: u64,
    /// Shares of records that reach over its end or begin, in parts of one.
    shares: [i128; 3],
    /// How many of these touch it.
    touching: u64,
}

const NOTHING: Cell = Cell { whole: [0; 3], lying: 0, shares: [0; 3], touching: 0 };

/// What one thread adds up.
#[derive(Default)]
struct Part {
    cells: Vec<Cell>,
    /// Of each group the records that do not lie in one bucket, and the sum of their sizes.
    shared: Vec<(u64, i64)>,
    unplaced: u64,
}

/// What the pass needs.
struct Pass<'a> {
    query: &'a SeriesQuery,
    selection: Selection,
    dates: &'a Dates,
    /// The dates as days, and the first day of each bucket, where both are whole days.
    days: Option<(Days<'a>, Vec<i32>)>,
    group: Option<&'a Category>,
    groups: usize,
    parts: [Option<Whole<'a>>; 3],
    /// The starts of the buckets from the first start to the last end, and the start of the one behind.
    starts: Vec<Time>,
    /// The first row of each bucket, and the end of the last one.
    bounds: Vec<usize>,
    /// The rows that do not lie in the bucket in which they start.
    crossing: Arc<Bitmap>,
    /// How many rows have a date: the first ones.
    dated: usize,
    cancel: &'a Cancel,
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
        let days = dates.days().zip(days_of(&starts));
        let (parts, dated) = (parts.map(Option::flatten), self.places.dated());
        let pass = Pass { query, selection, dates, days, group, groups, parts, starts, bounds, crossing, dated, cancel };
        let parts = with_numbers(group, Adding(&pass))?;
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
            let bits = Bitmap::of_words(&Look::whole(self.len(), cancel), |rows, words| {
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

/// The first day of each bucket, when all of them start with one.
fn days_of(starts: &[Time]) -> Option<Vec<i32>> {
    starts.iter().map(|start| i32::try_from(start.0 / DAY_US).ok().filter(|_| start.0 % DAY_US == 0)).collect()
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

/// Adds up the rows, by the numbers of their groups.
struct Adding<'a>(&'a Pass<'a>);

impl Work for Adding<'_> {
    type Out = Result<Vec<Part>, Stop>;

    fn run(self, numbers: &impl Numbered) -> Self::Out {
        let pass = self.0;
        pass.selection.scan(pass.cancel, |rows, part: &mut Part| {
            part.cells.resize(pass.groups * pass.buckets(), NOTHING);
            part.shared.resize(pass.groups, (0, 0));
            for (bucket, rows) in segments_of(&pass.bounds, rows.start.min(pass.dated)..rows.end.min(pass.dated)) {
                pass.take(numbers, bucket, rows, part);
            }
        })
    }
}

impl Pass<'_> {
    fn buckets(&self) -> usize {
        self.starts.len() - 1
    }

    /// Adds up the rows of a range that start in one bucket.
    fn take(&self, numbers: &impl Numbered, bucket: usize, rows: Range<usize>, part: &mut Part) {
        let only = numbers.same();
        self.selection.for_each_word(rows, |number, bits| {
            let crossing = bits & self.crossing.word(number);
            let lying = bits & !crossing;
            if let Some(group) = only {
                let cell = &mut part.cells[group * self.buckets() + bucket];
                cell.lying += u64::from(lying.count_ones());
                add_word(&self.parts, number, lying, &mut cell.whole);
            } else {
                for_each_bit(number, lying, |row| {
                    let cell = &mut part.cells[numbers.at(row) * self.buckets() + bucket];
                    cell.lying += 1;
                    cell.whole.iter_mut().zip(self.numbers(row)).for_each(|(own, number)| *own += number);
                });
            }
            for_each_bit(number, crossing, |row| self.take_crossing(numbers.at(row), bucket, row, part));
        });
    }

    /// Shares out a row that does not lie in the bucket in which it starts.
    fn take_crossing(&self, group: usize, bucket: usize, row: usize, part: &mut Part) {
        let numbers = self.numbers(row);
        // To look whether it lies in the next buckets is quicker than to reckon with calendars.
        let near = (bucket + NEAR).min(self.buckets());
        let cells = &mut part.cells[group * self.buckets()..][bucket..self.buckets()];
        let is_shared = match &self.days {
            Some((days, firsts)) if self.query.is_spread && end_of(*days, row) <= i64::from(firsts[near]) => {
                spread_days(numbers, (days.starts[row], days.lengths[row]), &firsts[bucket + 1..], cells);
                true
            }
            _ => {
                let Some(span) = self.dates.span(row) else { return };
                let is_near = self.query.is_spread && span.end <= self.starts[near] && span.start.is_bounded();
                let is_many = is_near || place(span, self.query.by, self.query.is_spread) == Place::Many;
                if is_many {
                    spread(numbers, span, &self.starts[bucket + 1..], cells);
                }
                is_many
            }
        };
        if is_shared {
            part.shared[group].0 += 1;
            part.shared[group].1 += self.size(numbers);
        } else {
            part.unplaced += 1;
        }
    }

    fn numbers(&self, row: usize) -> [i64; 3] {
        self.parts.map(|part| part.map_or(0, |part| part.get(row)))
    }

    /// The number by whose sum groups are put in order: the value, else a bound that is known.
    fn size(&self, numbers: [i64; 3]) -> i64 {
        [0, 2, 1].into_iter().find(|part| self.parts[*part].is_some()).map_or(0, |part| numbers[part])
    }

    /// The sums by key.
    fn found(&self, uniform: &Uniform<'_>, dataset: &crate::data::Dataset, parts: &[Part]) -> Found {
        let buckets = self.buckets();
        let unit = uniform.unit.and_then(|unit| dataset.records.category(Field::UNIT).map(|column| column.value(unit).to_owned()));
        let mut found = BTreeMap::new();
        for group in 0..self.groups {
            let cells = || parts.iter().filter_map(|part| part.cells.get(group * buckets..(group + 1) * buckets)).flatten();
            let shared = || parts.iter().filter_map(|part| part.shared.get(group));
            let records = cells().map(|cell| cell.lying).sum::<u64>() + shared().map(|shared| shared.0).sum::<u64>();
            if records == 0 {
                continue;
            }
            let sizes = cells().map(|cell| self.size(cell.whole)).chain(shared().map(|shared| shared.1));
            let mut series = Series { records, size: sizes.map(whole_amount).sum(), buckets: BTreeMap::new() };
            for bucket in 0..buckets {
                let mut sum = Sum::NOTHING;
                for cell in parts.iter().filter_map(|part| part.cells.get(group * buckets + bucket)) {
                    let amount = |index: usize| {
                        let sum = whole_amount(cell.whole[index]) + Amount::from_parts(cell.shares[index]);
                        self.parts[index].map(|_| sum)
                    };
                    sum.add(&Sum { value: amount(0), low: amount(1), high: amount(2), records: cell.lying + cell.touching });
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

/// The day after the last one of a row, counted from 1970.
fn end_of(days: Days<'_>, row: usize) -> i64 {
    i64::from(days.starts[row]) + i64::from(days.lengths[row])
}

/// Shares a record out over the buckets that it covers, as [`crate::claims::spread`] does, along boundaries that are known:
/// those behind each cell. It starts in the first one.
fn spread(numbers: [i64; 3], span: Span, ends: &[Time], cells: &mut [Cell]) {
    let whole_us = span.end.0 - span.start.0;
    let ends = ends.iter().map(|end| end.0);
    spread_along(numbers, (span.start.0, span.end.0), ends, cells, |amount, part_us| {
        // Days are small enough for narrow integers.
        let is_in_days = part_us % DAY_US == 0 && whole_us % DAY_US == 0;
        let unit_us = if is_in_days { DAY_US } else { 1 };
        share(amount, part_us / unit_us, whole_us / unit_us)
    });
}

/// The same in days: the first one and how many.
fn spread_days(numbers: [i64; 3], (start, length): (i32, u16), ends: &[i32], cells: &mut [Cell]) {
    let (start, whole) = (i64::from(start), i64::from(length));
    let ends = ends.iter().map(|end| i64::from(*end));
    spread_along(numbers, (start, start + whole), ends, cells, |amount, part| share(amount, part, whole));
}

fn spread_along(
    numbers: [i64; 3],
    (start, end): (i64, i64),
    ends: impl Iterator<Item = i64>,
    cells: &mut [Cell],
    share: impl Fn(i64, i64) -> i64,
) {
    // Numbers have 32 bits: their parts fit.
    let amounts = numbers.map(|number| number * Amount::PARTS);
    let (mut from, mut known_part, mut shares, mut given) = (start, 0, [0; 3], [0; 3]);
    for (cell, next) in cells.iter_mut().zip(ends) {
        cell.touching += 1;
        if next >= end {
            let rests = amounts.iter().zip(given);
            cell.shares.iter_mut().zip(rests).for_each(|(own, (amount, given))| *own += i128::from(amount - given));
            return;
        }
        // Most buckets are as wide as the one before.
        if next - from != known_part {
            known_part = next - from;
            shares = amounts.map(|amount| share(amount, known_part));
        }
        for ((own, given), share) in cell.shares.iter_mut().zip(&mut given).zip(shares) {
            *own += i128::from(share);
            *given += share;
        }
        from = next;
    }
}

/// `amount * part / whole`, rounded towards zero, as [`Amount::share`] does.
fn share(amount: i64, part: i64, whole: i64) -> i64 {
    if amount == 0 {
        return 0;
    }
    let small = amount.checked_mul(part).and_then(|product| product.checked_div(whole));
    small.unwrap_or_else(|| (i128::from(amount) * i128::from(part)).checked_div(i128::from(whole)).unwrap_or(0) as i64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::time;

    proptest! {
        #[test]
        fn shares_in_days_and_in_moments_are_those_of_every_record(
            numbers in prop::array::uniform3(prop::sample::select(vec![0_i64, 1, -7, 300, 65_535, i64::from(i32::MAX), i64::from(i32::MIN)])),
            (start, length) in (0_i32..40, 1_u16..900),
            by in prop::sample::select(&Step::ALL[2..]),
        ) {
            let first = (time("2025-01-01").0 / DAY_US) as i32 + start;
            let start = Time(i64::from(first) * DAY_US);
            let span = Span::new(start, start.plus_us(i64::from(length) * DAY_US));
            let mut starts = vec![by.floor(start)];
            while let Some(last) = starts.last().copied().filter(|last| *last < span.end) {
                starts.push(by.next(last));
            }
            let days = days_of(&starts).unwrap();
            let (mut by_days, mut by_moments) = (vec![NOTHING; starts.len() - 1], vec![NOTHING; starts.len() - 1]);
            spread_days(numbers, (first, length), &days[1..], &mut by_days);
            spread(numbers, span, &starts[1..], &mut by_moments);
            let amounts = numbers.map(|number| Some(Amount::from_number(number as f64)));
            let mut place = 0;
            crate::claims::spread(&Sum { value: amounts[0], low: amounts[1], high: amounts[2], records: 1 }, span, by, |bucket, sum| {
                assert_eq!(bucket, starts[place]);
                for cell in [by_days[place], by_moments[place]] {
                    let shares = cell.shares.map(|parts| Some(Amount::from_parts(parts)));
                    assert_eq!((shares, cell.touching), ([sum.value, sum.low, sum.high], 1));
                }
                place += 1;
            });
            prop_assert_eq!(place, by_days.len());
        }
    }
}

//! The order of the records: by start, then end, then place in the file; undated ones last.
//!
//! Whole days, which most files have, are sorted by counting: one pass to count, one to give each place its row, one to write the
//! order. Anything finer is sorted by comparing, one half a thread.

use arrow_buffer::ScalarBuffer;

use crate::data::builder::DatasetBuilder;
use crate::data::column::Spans;
use crate::data::growing::Growing;
use crate::data::places::FileRows;
use crate::data::{Dates, Field};
use crate::time::Time;
use crate::work::{map_each, map_parts, threads};

/// The most kinds of spans, by day and length, that are counted one by one; beyond, records are sorted by comparing.
const SPANS_COUNTED_MAX: usize = 1 << 23;

/// The order of records, both ways.
///
/// A column by place is put into this order in two passes: first every value goes among those of its stretch of rows, which is a handful of
/// places to write on at; then each stretch, which the processor's own cache holds, is put in order. Going through memory criss-cross
/// takes thrice as long.
#[derive(Debug)]
pub(super) struct Order {
    /// The place of each row.
    places: ScalarBuffer<u32>,
    /// The row of each place.
    rows: Vec<u32>,
    /// The same, stretch by stretch.
    rows_near: Vec<u32>,
}

/// How many rows a stretch has, as a power of two.
const STRETCH: u32 = 16;

impl Order {
    /// By the row of each place.
    fn of_rows(rows: Vec<u32>) -> Self {
        let mut rows_near = Vec::new();
        by_stretch(&rows, &rows, &mut rows_near);
        let all: Vec<u32> = (0..rows.len() as u32).collect();
        let mut order = Self { places: ScalarBuffer::default(), rows, rows_near };
        order.places = order.to_rows(&all, &mut Vec::new()).into();
        order
    }

    /// By the place of each row.
    fn of_places(places: Vec<u32>) -> Self {
        let mut rows = vec![0; places.len()];
        for (row, place) in places.iter().enumerate() {
            rows[*place as usize] = row as u32;
        }
        let mut rows_near = Vec::new();
        by_stretch(&rows, &rows, &mut rows_near);
        Self { places: places.into(), rows, rows_near }
    }

    /// The place of each row.
    pub(super) fn places(&self) -> &ScalarBuffer<u32> {
        &self.places
    }

    /// Values by row, of values by place. `near` is room for as many, whatever is in it.
    pub(super) fn to_rows<T: Copy + Default>(&self, places: &[T], near: &mut Vec<T>) -> Vec<T> {
        by_stretch(&self.rows, places, near);
        let mut by_row = vec![T::default(); places.len()];
        for (value, row) in near.iter().zip(&self.rows_near) {
            by_row[*row as usize] = *value;
        }
        by_row
    }
}

/// Values by place, put together by the stretches of their rows.
fn by_stretch<T: Copy + Default>(rows: &[u32], places: &[T], near: &mut Vec<T>) {
    near.resize(places.len(), T::default());
    let mut nexts: Vec<usize> = (0..places.len()).step_by(1 << STRETCH).collect();
    for (value, row) in places.iter().zip(rows) {
        let next = &mut nexts[(row >> STRETCH) as usize];
        near[*next] = *value;
        *next += 1;
    }
}

/// The order, `None` when rows are places; and how many are dated.
pub(super) fn order(builders: &[&DatasetBuilder], file_rows: &FileRows) -> (Option<Order>, usize) {
    let in_file_order = || if file_rows.is_in_order() { None } else { Some(file_rows.in_file_order()) };
    let blocks: Vec<Vec<Dates>> = builders
        .iter()
        .map(|one| match &one.own[usize::from(Field::WHEN.0)] {
            Some(Growing::Dates(dates)) => dates.blocks(),
            _ => Vec::new(),
        })
        .collect();
    if blocks.iter().all(Vec::is_empty) {
        return (in_file_order().map(Order::of_places), 0);
    }
    let lens: Vec<usize> = builders.iter().map(|one| one.len).collect();
    let dated = blocks.iter().flatten().map(|block| block.len() - block.nulls()).sum();
    let places = in_file_order();
    let len = lens.iter().sum::<usize>() as u32;
    let sorted = match Days::of(&blocks, &lens) {
        Some(days) => by_days(&days, places, len),
        None => by_moments(&moments(&blocks, &lens), places, len).map(Order::of_places),
    };
    (sorted, dated)
}

/// The spans of whole days, by place, as numbers that sort like them.
struct Days {
    spans: Vec<u32>,
    /// One more than the largest.
    len: usize,
}

impl Days {
    /// `None` where spans are not of days, or are of too many kinds.
    fn of(blocks: &[Vec<Dates>], lens: &[usize]) -> Option<Self> {
        let extents = map_each(blocks.iter().collect(), |blocks| Extent::of(blocks));
        let all = extents.into_iter().try_fold(Extent::default(), |all, own| own.map(|own| all.and(&own)))?;
        let first = all.first;
        // Lengths by their ranks: few are used, and some may be long.
        let mut ranks_len = 0_u32;
        let ranks: Vec<u32> = all
            .lengths
            .iter()
            .map(|is_used| {
                ranks_len += u32::from(*is_used);
                ranks_len.saturating_sub(1)
            })
            .collect();
        let days = usize::try_from(i64::from(all.last) - i64::from(first) + 1).ok()?;
        let len = days.checked_mul(ranks_len as usize)?.checked_add(1)?;
        if len > SPANS_COUNTED_MAX {
            return None;
        }
        let undated = (len - 1) as u32;
        let mut spans = vec![undated; lens.iter().sum()];
        let mut jobs: Vec<(&Vec<Dates>, &mut [u32])> = Vec::new();
        let mut rest = spans.as_mut_slice();
        for (blocks, len) in blocks.iter().zip(lens) {
            let (own, others) = rest.split_at_mut(*len);
            jobs.push((blocks, own));
            rest = others;
        }
        map_each(jobs, |(blocks, own)| {
            let mut places = own.iter_mut();
            for block in blocks {
                // The extents were those of days everywhere.
                let Spans::Days { starts, lengths } = &block.spans else { return };
                let valid = block.valid.as_ref();
                for (row, place) in places.by_ref().take(starts.len()).enumerate() {
                    if valid.is_none_or(|valid| valid.is_valid(row)) {
                        *place = (starts[row] - first) as u32 * ranks_len + ranks[usize::from(lengths[row])];
                    }
                }
            }
        });
        Some(Self { spans, len })
    }
}

/// Which days there are, of the dates of one builder.
struct Extent {
    first: i32,
    last: i32,
    /// Which lengths there are.
    lengths: Vec<bool>,
}

impl Default for Extent {
    fn default() -> Self {
        Self { first: i32::MAX, last: i32::MIN, lengths: vec![false; usize::from(u16::MAX) + 1] }
    }
}

impl Extent {
    /// `None` where spans are not of days.
    fn of(blocks: &[Dates]) -> Option<Self> {
        let mut all = Self::default();
        for block in blocks {
            let Spans::Days { starts, lengths } = &block.spans else { return None };
            for (row, (start, length)) in starts.iter().zip(lengths).enumerate() {
                if block.valid.as_ref().is_none_or(|valid| valid.is_valid(row)) {
                    (all.first, all.last) = (all.first.min(*start), all.last.max(*start));
                    all.lengths[usize::from(*length)] = true;
                }
            }
        }
        Some(all)
    }

    fn and(self, other: &Self) -> Self {
        let lengths = self.lengths.iter().zip(&other.lengths).map(|(one, other)| *one || *other).collect();
        Self { first: self.first.min(other.first), last: self.last.max(other.last), lengths }
    }
}

fn by_days(days: &Days, places: Option<Vec<u32>>, len: u32) -> Option<Order> {
    let span = |place: u32| days.spans[place as usize];
    if is_sorted(places.as_deref(), len, span) {
        return places.map(Order::of_places);
    }
    let counts = map_parts(days.spans.len(), threads(), |range| {
        let mut counts = vec![0_u32; days.len];
        days.spans[range].iter().for_each(|span| counts[*span as usize] += 1);
        counts
    });
    let mut nexts = Vec::with_capacity(days.len);
    let mut next = 0;
    for span in 0..days.len {
        nexts.push(next);
        next += counts.iter().map(|counts| counts[span]).sum::<u32>();
    }
    let mut rows = vec![0; len as usize];
    let mut take = |place: u32| {
        let next = &mut nexts[span(place) as usize];
        rows[place as usize] = *next;
        *next += 1;
    };
    match places {
        Some(places) => places.into_iter().for_each(&mut take),
        None => (0..len).for_each(&mut take),
    }
    Some(Order::of_rows(rows))
}

fn is_sorted<K: PartialOrd>(places: Option<&[u32]>, len: u32, key: impl Fn(u32) -> K) -> bool {
    match places {
        Some(places) => places.is_sorted_by_key(|place| key(*place)),
        None => (0..len).is_sorted_by_key(key),
    }
}

/// What records are sorted by: is it undated, its start, its end.
type Key = (bool, Time, Time);

fn moments(blocks: &[Vec<Dates>], lens: &[usize]) -> Vec<Key> {
    const UNDATED: Key = (true, Time::OPEN_END, Time::OPEN_END);
    let mut keys = Vec::with_capacity(lens.iter().sum());
    for (blocks, len) in blocks.iter().zip(lens) {
        let end = keys.len() + len;
        for block in blocks {
            block.for_each_span(0..block.len(), |_, span| keys.push(span.map_or(UNDATED, |span| (false, span.start, span.end))));
        }
        keys.resize(end, UNDATED);
    }
    keys
}

fn by_moments(keys: &[Key], places: Option<Vec<u32>>, len: u32) -> Option<Vec<u32>> {
    let key = |place: u32| keys[place as usize];
    if is_sorted(places.as_deref(), len, key) {
        return places;
    }
    let places = places.unwrap_or_else(|| (0..len).collect());
    let parts = map_parts(places.len(), threads(), |range| {
        let mut part: Vec<(Key, u32)> = places[range].iter().map(|place| (key(*place), *place)).collect();
        part.sort_by_key(|(key, _)| *key);
        part
    });
    let merged = parts.into_iter().reduce(merge).unwrap_or_default();
    Some(merged.into_iter().map(|(_, place)| place).collect())
}

/// Two sorted lists as one; of equal ones those of the first list come first.
fn merge(one: Vec<(Key, u32)>, other: Vec<(Key, u32)>) -> Vec<(Key, u32)> {
    let mut merged = Vec::with_capacity(one.len() + other.len());
    let mut others = other.into_iter().peekable();
    for own in one {
        while let Some(next) = others.next_if(|next| next.0 < own.0) {
            merged.push(next);
        }
        merged.push(own);
    }
    merged.extend(others);
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_and_comparing_sort_alike() {
        let starts: Vec<u32> = (0..500).map(|n| n * 7919 % 23).collect();
        let lengths: Vec<u32> = (0..500).map(|n| n * 31 % 5).collect();
        let spans: Vec<u32> = starts.iter().zip(&lengths).map(|(start, length)| start * 5 + length).collect();
        let keys: Vec<Key> = starts
            .iter()
            .zip(&lengths)
            .map(|(start, length)| (*start == 22, Time(i64::from(*start)), Time(i64::from(*start) + i64::from(*length))))
            .collect();
        let days = Days { spans, len: 23 * 5 };
        let backwards: Vec<u32> = (0..500).rev().collect();
        for places in [None, Some(backwards)] {
            let order = by_days(&days, places.clone(), 500).unwrap();
            assert_eq!(Some(order.places().to_vec()), by_moments(&keys, places, 500));
        }
    }

    #[test]
    fn columns_come_into_order_over_many_stretches() {
        let len = (3 << STRETCH) + 77;
        let places: Vec<u32> = (0..len).map(|row: u32| (u64::from(row) * 7_919 % u64::from(len)) as u32).collect();
        let by_place: Vec<u16> = (0..len).map(|place| (place % 60_000) as u16).collect();
        let wanted: Vec<u16> = places.iter().map(|place| by_place[*place as usize]).collect();
        let order = Order::of_places(places.clone());
        assert_eq!(order.to_rows(&by_place, &mut vec![9; 5]), wanted);
        let again = Order::of_rows(order.rows.clone());
        assert_eq!((again.places().to_vec(), again.to_rows(&by_place, &mut Vec::new())), (places, wanted));
    }

    #[test]
    fn what_is_sorted_already_stays_as_it_is() {
        let days = Days { spans: vec![1, 2, 10], len: 12 };
        assert!(by_days(&days, None, 3).is_none());
    }
}

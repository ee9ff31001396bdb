//! The order of the records: by start, then end, then place in the file; undated ones last.
//!
//! Whole days, which most files have, are sorted by counting: two passes over the records. Anything finer is sorted by
//! comparing, one half a thread.

use std::ops::Range;

use crate::data::builder::DatasetBuilder;
use crate::data::column::Spans;
use crate::data::growing::Growing;
use crate::data::places::FileRows;
use crate::data::{Dates, Field};
use crate::time::Time;
use crate::work::{map_each, map_parts, threads};

/// The most days between the first and the last that are counted one by one; beyond, records are sorted by comparing.
const DAYS_COUNTED_MAX: usize = 1 << 20;

/// The place of each row, `None` when rows are places; and how many are dated.
pub(super) fn order(builders: &[&DatasetBuilder], file_rows: &FileRows) -> (Option<Vec<u32>>, usize) {
    let in_file_order = || if file_rows.is_in_order() { None } else { Some(file_rows.in_file_order()) };
    let blocks: Vec<Vec<Dates>> = builders
        .iter()
        .map(|one| match &one.own[usize::from(Field::WHEN.0)] {
            Some(Growing::Dates(dates)) => dates.blocks(),
            _ => Vec::new(),
        })
        .collect();
    if blocks.iter().all(Vec::is_empty) {
        return (in_file_order(), 0);
    }
    let lens: Vec<usize> = builders.iter().map(|one| one.len).collect();
    let dated = blocks.iter().flatten().map(|block| block.len() - block.nulls()).sum();
    let places = in_file_order();
    let len = lens.iter().sum::<usize>() as u32;
    let sorted = match Days::of(&blocks, &lens) {
        Some(days) => by_days(&days, places, len),
        None => by_moments(&moments(&blocks, &lens), places, len),
    };
    (sorted, dated)
}

/// Whole days by place.
struct Days {
    /// The start of each, counted from the earliest; one more than the latest for undated records.
    starts: Vec<u32>,
    lengths: Vec<u16>,
    /// One more than the largest start, and than the largest length.
    starts_len: usize,
    lengths_len: usize,
}

impl Days {
    fn of(blocks: &[Vec<Dates>], lens: &[usize]) -> Option<Self> {
        let (mut first, mut last, mut longest) = (i32::MAX, i32::MIN, 0);
        for block in blocks.iter().flatten() {
            let Spans::Days { starts, lengths } = &block.spans else { return None };
            for (row, (start, length)) in starts.iter().zip(lengths).enumerate() {
                if block.valid.as_ref().is_none_or(|valid| valid.is_valid(row)) {
                    (first, last, longest) = (first.min(*start), last.max(*start), longest.max(*length));
                }
            }
        }
        let range = i64::from(last) - i64::from(first) + 1;
        let range = usize::try_from(range).ok().filter(|range| *range <= DAYS_COUNTED_MAX)?;
        let undated = range as u32;
        let len = lens.iter().sum();
        let mut days = Self {
            starts: Vec::with_capacity(len),
            lengths: Vec::with_capacity(len),
            starts_len: range + 1,
            lengths_len: usize::from(longest) + 1,
        };
        for (blocks, len) in blocks.iter().zip(lens) {
            let end = days.starts.len() + len;
            for block in blocks {
                let Spans::Days { starts, lengths } = &block.spans else { return None };
                match &block.valid {
                    None => {
                        days.starts.extend(starts.iter().map(|start| (start - first) as u32));
                        days.lengths.extend_from_slice(lengths);
                    }
                    Some(valid) => {
                        let start = |row: usize| if valid.is_valid(row) { (starts[row] - first) as u32 } else { undated };
                        days.starts.extend((0..starts.len()).map(start));
                        days.lengths.extend((0..starts.len()).map(|row| if valid.is_valid(row) { lengths[row] } else { 0 }));
                    }
                }
            }
            days.starts.resize(end, undated);
            days.lengths.resize(end, 0);
        }
        Some(days)
    }
}

fn by_days(days: &Days, places: Option<Vec<u32>>, len: u32) -> Option<Vec<u32>> {
    let key = |place: u32| (days.starts[place as usize], days.lengths[place as usize]);
    if is_sorted(places.as_deref(), len, key) {
        return places;
    }
    let places = places.unwrap_or_else(|| (0..len).collect());
    let has_one_length = days.lengths.iter().all(|length| *length == days.lengths[0]);
    let places =
        if has_one_length { places } else { counted(&places, days.lengths_len, |place| usize::from(days.lengths[place as usize])) };
    Some(counted(&places, days.starts_len, |place| days.starts[place as usize] as usize))
}

/// Sorts by a small number; equal ones keep their order. Each thread puts a range of the keys in order, of about as many places.
fn counted(places: &[u32], keys: usize, key: impl Fn(u32) -> usize + Sync) -> Vec<u32> {
    let counts = map_parts(places.len(), threads(), |range| {
        let mut counts = vec![0_u32; keys];
        places[range].iter().for_each(|place| counts[key(*place)] += 1);
        counts
    });
    let totals: Vec<u32> = (0..keys).map(|own| counts.iter().map(|counts| counts[own]).sum()).collect();
    let mut sorted = vec![0; places.len()];
    let mut jobs: Vec<(Range<usize>, &mut [u32])> = Vec::new();
    let mut rest = sorted.as_mut_slice();
    let share = places.len().div_ceil(threads()).max(1);
    let (mut first, mut count) = (0, 0);
    for (own, total) in totals.iter().enumerate() {
        count += *total as usize;
        if count >= share || own + 1 == keys {
            let (part, others) = std::mem::take(&mut rest).split_at_mut(count);
            jobs.push((first..own + 1, part));
            rest = others;
            (first, count) = (own + 1, 0);
        }
    }
    map_each(jobs, |(range, part)| {
        let mut next = 0;
        let mut nexts: Vec<u32> = totals[range.clone()]
            .iter()
            .map(|count| {
                next += count;
                next - count
            })
            .collect();
        for place in places {
            let own = key(*place).wrapping_sub(range.start);
            if let Some(next) = nexts.get_mut(own) {
                part[*next as usize] = *place;
                *next += 1;
            }
        }
    });
    sorted
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
        let lengths: Vec<u16> = (0..500).map(|n| (n * 31 % 5) as u16).collect();
        let keys: Vec<Key> = starts
            .iter()
            .zip(&lengths)
            .map(|(start, length)| (*start == 22, Time(i64::from(*start)), Time(i64::from(*start) + i64::from(*length))))
            .collect();
        let days = Days { starts, lengths, starts_len: 23, lengths_len: 5 };
        assert_eq!(by_days(&days, None, 500), by_moments(&keys, None, 500));
        let backwards: Vec<u32> = (0..500).rev().collect();
        assert_eq!(by_days(&days, Some(backwards.clone()), 500), by_moments(&keys, Some(backwards), 500));
    }

    #[test]
    fn what_is_sorted_already_stays_as_it_is() {
        let days = Days { starts: vec![0, 0, 3], lengths: vec![1, 2, 1], starts_len: 4, lengths_len: 3 };
        assert_eq!(by_days(&days, None, 3), None);
    }
}

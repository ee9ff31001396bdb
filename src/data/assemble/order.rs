//! The order of the records: by start, then end, then place in the file; undated ones last.
//!
//! Whole days, which most files have, are sorted by counting: one pass to count, one to put each in its place, a part a thread. Anything
//! finer is sorted by comparing, one half a thread.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::data::builder::DatasetBuilder;
use crate::data::column::Spans;
use crate::data::growing::Growing;
use crate::data::places::FileRows;
use crate::data::{Dates, Field};
use crate::time::Time;
use crate::work::{map_each, map_parts, threads};

/// The most kinds of spans, by day and length, that are counted one by one; beyond, records are sorted by comparing.
const SPANS_COUNTED_MAX: usize = 1 << 23;
/// So many of them for each record: a few records of very different times are compared sooner than millions of days are counted.
const SPANS_PER_RECORD_MAX: usize = 16;
/// So few are counted in any case.
const SPANS_FEW: usize = 1 << 14;

/// The place of each row, `None` when rows are places; and how many are dated.
pub(super) fn order(builders: &[&DatasetBuilder], file_rows: &FileRows) -> (Option<Vec<u32>>, usize) {
    let len = builders.iter().map(|one| one.len).sum::<usize>();
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
    let sorted = match Days::of(&blocks, &lens) {
        Some(days) => {
            let runs = file_rows.runs_in_file_order();
            if days.are_sorted(&runs) { in_file_order() } else { Some(by_days(&days, &runs)) }
        }
        None => by_moments(&moments(&blocks, &lens), in_file_order(), len as u32),
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
        if !are_counted(len, lens.iter().sum()) {
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

    /// Do they ascend along the runs?
    fn are_sorted(&self, runs: &[Range<usize>]) -> bool {
        runs.iter().flat_map(|run| &self.spans[run.clone()]).is_sorted()
    }
}

/// Is it worth while to count so many kinds of spans one by one?
fn are_counted(spans: usize, records: usize) -> bool {
    spans <= SPANS_COUNTED_MAX.min(records.saturating_mul(SPANS_PER_RECORD_MAX).max(SPANS_FEW))
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

/// Sorts places of which the runs follow each other in the file.
fn by_days(days: &Days, runs: &[Range<usize>]) -> Vec<u32> {
    let len = days.spans.len();
    // Each part has counts of its own, which take no more room together than the records.
    let parts = (len / days.len).clamp(1, threads());
    // How many each part has, and from that where its first one goes.
    let mut parts = map_each(parts_of(runs, len.div_ceil(parts)), |runs| {
        let mut counts = vec![0_u32; days.len];
        runs.iter().flat_map(|run| &days.spans[run.clone()]).for_each(|span| counts[*span as usize] += 1);
        (runs, counts)
    });
    let mut next = 0;
    for span in 0..days.len {
        for (_, counts) in &mut parts {
            next += std::mem::replace(&mut counts[span], next);
        }
    }
    // Each is written once, by one part, somewhere among those of the others.
    let sorted: Vec<AtomicU32> = (0..len).map(|_| AtomicU32::new(0)).collect();
    map_each(parts, |(runs, mut nexts)| {
        for run in runs {
            for (place, span) in run.clone().zip(&days.spans[run]) {
                let next = &mut nexts[*span as usize];
                sorted[*next as usize].store(place as u32, Ordering::Relaxed);
                *next += 1;
            }
        }
    });
    sorted.into_iter().map(AtomicU32::into_inner).collect()
}

/// Runs in parts of so many places, of which the last may have fewer; a run may be cut for that.
fn parts_of(runs: &[Range<usize>], len: usize) -> Vec<Vec<Range<usize>>> {
    let (mut parts, mut part, mut room) = (Vec::new(), Vec::new(), len);
    for run in runs {
        let mut left = run.clone();
        while left.len() >= room {
            part.push(left.start..left.start + room);
            left.start += room;
            parts.push(std::mem::take(&mut part));
            room = len;
        }
        if !left.is_empty() {
            room -= left.len();
            part.push(left);
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
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
        let many: Vec<Range<usize>> = [(300..500), (0..7), (7..7), (40..300), (7..40)].into();
        let whole: Vec<Range<usize>> = std::iter::once(0..500).collect();
        for runs in [whole, many] {
            let places = runs.iter().cloned().flatten().map(|place| place as u32).collect();
            assert_eq!(Some(by_days(&days, &runs)), by_moments(&keys, Some(places), 500));
        }
    }

    #[test]
    fn parts_have_all_places_in_their_order() {
        let runs = [3..9, 0..3, 12..12, 10..14];
        for len in 1..15 {
            let parts = parts_of(&runs, len);
            assert!(parts.iter().rev().skip(1).all(|part| part.iter().map(Range::len).sum::<usize>() == len));
            assert!(parts.concat().into_iter().flatten().eq(runs.iter().cloned().flatten()));
        }
    }

    #[test]
    fn days_are_counted_where_records_are_many_for_them() {
        assert!(are_counted(9_000, 2) && !are_counted(3_000_000, 2), "two records of the years 1 and 9999");
        assert!(are_counted(3_000_000, 1_000_000) && !are_counted(9_000_000, 10_000_000));
    }

    #[test]
    fn what_is_sorted_already_stays_as_it_is() {
        let days = Days { spans: vec![1, 10, 2], len: 12 };
        assert!(days.are_sorted(&[0..1, 2..3, 1..2]) && !days.are_sorted(&[0..3, 3..3]));
    }
}

//! Counts of lanes made beforehand: for each bucket of a grid, how many rows of each lane start before it.
//!
//! The records of a lane between two boundaries of the grid are one subtraction, whatever their number; at the ragged edges of a window
//! the codes of a part of one bucket are counted on top. The grid is as fine as that of the rows (at most 2^15 buckets) while all counts
//! together take at most one byte a record (but 8 MiB in any case), else coarser; at most [`LANES_MAX`] lanes, the most frequent ones,
//! are counted. They are made when the lanes of a field are first asked for, by one pass over its codes; those of [`FIELDS_MAX`] fields are kept.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::Memory;
use super::bitmap::scan;
use super::codes::{Numbered, Work, with_numbers};
use super::grid::Grid;
use super::lanes::{NO_ROW, NO_SLOT, Numbers, Tally, View, segments_of};
use crate::data::{Field, Row};
use crate::engine::Stop;
use crate::query::{Cell, Lane, LaneSort, LanesQuery};
use crate::time::{Bucket, Time};
use crate::work::Cancel;

/// The most lanes that are counted.
const LANES_MAX: usize = if cfg!(test) { 4 } else { 256 };
/// So many bytes are used in any case.
const BYTES_FREE: usize = 8 << 20;
/// The fields whose counts are kept.
const FIELDS_MAX: usize = 2;
/// Up to so many rows are looked at one by one when the records of some lanes are wanted.
const ROWS_LOOKED_AT: usize = if cfg!(test) { 8 } else { 1 << 17 };

/// The counts of one field's lanes.
pub(super) struct LaneCounts {
    /// Where each lane number is counted; [`NO_SLOT`] where it is not.
    slots: Vec<u32>,
    /// How many lanes are counted.
    width: usize,
    /// The buckets.
    bucket: Bucket,
    /// The number of the first bucket.
    first: i64,
    /// The first row of each bucket, and the number of dated rows.
    rows: Vec<usize>,
    /// For each bucket, and once more at the end: the rows of each lane before it.
    before: Vec<u32>,
    /// The first row of each lane.
    firsts: Vec<u32>,
}

/// The counts of the fields that were asked for last, the latest at the end.
#[derive(Default)]
pub(super) struct LaneCountsKept(Mutex<Vec<(Option<Field>, Arc<LaneCounts>)>>);

impl Memory {
    /// The counts of a field's lanes, where they can answer a question without a filter; made when they are not there yet.
    pub(super) fn lane_counts(&self, query: &LanesQuery, numbers: &Numbers<'_>, cancel: &Cancel) -> Result<Option<Arc<LaneCounts>>, Stop> {
        let ranking = query.lane.and_then(|field| self.facts.rankings.get(&field));
        let lanes = ranking.map_or(0, |ranking| ranking.order.len()) + 1;
        // By count the most frequent lanes come first, and nobody asks for the others.
        let is_enough = lanes <= LANES_MAX || (query.sort == LaneSort::Count && (query.lanes_max as usize) < LANES_MAX);
        if !is_enough {
            return Ok(None);
        }
        // Who comes second waits for the first one instead of doing the same.
        let mut kept = self.lane_counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(field, _)| *field == query.lane);
        let entry = match place {
            Some(place) => kept.remove(place),
            None => (query.lane, Arc::new(self.count_lanes(query.lane, numbers, cancel)?)),
        };
        let counts = Arc::clone(&entry.1);
        kept.push(entry);
        if kept.len() > FIELDS_MAX {
            kept.remove(0);
        }
        Ok(Some(counts))
    }

    fn count_lanes(&self, lane: Option<Field>, numbers: &Numbers<'_>, cancel: &Cancel) -> Result<LaneCounts, Stop> {
        let mut slots = vec![NO_SLOT; numbers.len()];
        let order = lane.and_then(|field| self.facts.rankings.get(&field)).map_or(&[][..], |ranking| &ranking.order);
        let counted = order.iter().copied().take(LANES_MAX - 1).chain([numbers.words]);
        let mut width = 0;
        for number in counted {
            slots[number as usize] = width;
            width += 1;
        }
        let width = width as usize;
        let buckets_max = (self.len().max(BYTES_FREE) / 4 / width).max(2) - 1;
        let (bucket, first, rows) = coarser(&self.places.grid, buckets_max);
        let work = Counting { slots: &slots, width, rows: &rows, strays: self.places.strays().unwrap_or_default(), cancel };
        let (before, firsts) = with_numbers(numbers.column, work)?;
        Ok(LaneCounts { slots, width, bucket, first, rows, before, firsts })
    }

    /// The tallies of all lanes that are counted; of the others only how many records they have. Strays are in none of them.
    pub(super) fn tallies_of(&self, counts: &LaneCounts, view: &View<'_>, strays: &[(Row, Time)]) -> Vec<Tally> {
        let numbers = view.numbers;
        let mut totals = match view.query.lane.and_then(|field| self.facts.rankings.get(&field)) {
            Some(ranking) => ranking.totals.clone(),
            None => vec![0; numbers.words as usize],
        };
        totals.push(self.len() as u64 - totals.iter().sum::<u64>());
        for (row, _) in strays {
            totals[numbers.of(*row as usize) as usize] -= 1;
        }
        let starting = &view.around.starting;
        let [first, last, all] = [starting.start, starting.end, self.places.dated()].map(|row| counts.before_row(numbers, strays, row));
        let tally = |(number, total): (usize, u64)| {
            let slot = counts.slots[number] as usize;
            let Some(dated) = all.get(slot).copied() else { return Tally { total, ..Tally::default() } };
            let start = counts.firsts.get(slot).filter(|row| **row != NO_ROW).and_then(|row| self.anchor_of_start(*row as usize));
            Tally {
                total,
                before: u64::from(first[slot]),
                inside: u64::from(last[slot] - first[slot]),
                after: u64::from(dated - last[slot]),
                undated: total - u64::from(dated),
                first: start,
            }
        };
        totals.into_iter().enumerate().map(tally).collect()
    }
}

/// The finest grid of at most so many buckets whose boundaries are boundaries of another: its buckets, its first number, its rows.
fn coarser(grid: &Grid, buckets_max: usize) -> (Bucket, i64, Vec<usize>) {
    let last = grid.first + grid.len() as i64 - 1;
    let mut shift = 0;
    while (last >> shift) - (grid.first >> shift) + 1 > buckets_max as i64 && grid.bucket.0 + shift < Bucket::MAX.0 {
        shift += 1;
    }
    let first = grid.first >> shift;
    let row = |index: i64| grid.row(usize::try_from((index << shift) - grid.first).unwrap_or(0));
    let mut rows: Vec<usize> = (first..=last >> shift).map(row).collect();
    rows.push(grid.row(grid.len()));
    // Only strays start before the first bucket.
    rows[0] = 0;
    (Bucket(grid.bucket.0 + shift), first, rows)
}

/// Counts the rows of each lane before each bucket.
struct Counting<'a> {
    slots: &'a [u32],
    width: usize,
    rows: &'a [usize],
    strays: &'a [(Row, Time)],
    cancel: &'a Cancel,
}

/// The counts of the buckets that one thread looks at, and the first rows.
#[derive(Default)]
struct Part {
    first_bucket: usize,
    counts: Vec<u32>,
    firsts: Vec<u32>,
}

impl Work for Counting<'_> {
    type Out = Result<(Vec<u32>, Vec<u32>), Stop>;

    fn run(self, numbers: &impl Numbered) -> Self::Out {
        let width = self.width;
        let bounds = self.rows;
        let dated = bounds.last().copied().unwrap_or(0);
        let parts = scan(dated, self.cancel, |rows, part: &mut Part| {
            if part.firsts.is_empty() {
                part.firsts.resize(width, NO_ROW);
                part.first_bucket = bounds.partition_point(|bound| *bound <= rows.start).saturating_sub(1);
            }
            for (bucket, rows) in segments_of(bounds, rows) {
                let start = (bucket - part.first_bucket) * width;
                part.counts.resize(part.counts.len().max(start + width), 0);
                let counts = &mut part.counts[start..start + width];
                for row in rows {
                    let slot = self.slots[numbers.at(row)] as usize;
                    if slot < width && !is_stray(self.strays, row) {
                        counts[slot] += 1;
                        if part.firsts[slot] == NO_ROW {
                            part.firsts[slot] = row as u32;
                        }
                    }
                }
            }
        })?;
        let mut before = vec![0; bounds.len() * width];
        let mut firsts = vec![NO_ROW; width];
        for part in parts {
            firsts.iter_mut().zip(part.firsts).for_each(|(own, other)| *own = (*own).min(other));
            // The count of a bucket is before the next one.
            let start = (part.first_bucket + 1) * width;
            before[start..].iter_mut().zip(part.counts).for_each(|(own, other)| *own += other);
        }
        for place in width..before.len() {
            before[place] += before[place - width];
        }
        Ok((before, firsts))
    }
}

impl LaneCounts {
    /// Are the cells of a question made of whole buckets?
    pub(super) fn has_cells_of(&self, bucket: Bucket) -> bool {
        bucket >= self.bucket
    }

    /// How many rows of each lane stand before a row, strays not among them.
    fn before_row(&self, numbers: &Numbers<'_>, strays: &[(Row, Time)], row: usize) -> Vec<u32> {
        let place = self.rows.partition_point(|first| *first <= row).saturating_sub(1);
        let mut before = self.before_bucket(place).to_vec();
        for row in self.rows[place].min(row)..row {
            let count = before.get_mut(self.slots[numbers.of(row) as usize] as usize);
            if let Some(count) = count.filter(|_| !is_stray(strays, row)) {
                *count += 1;
            }
        }
        before
    }

    /// How many rows of each lane stand before a bucket, counted from the first one.
    fn before_bucket(&self, place: usize) -> &[u32] {
        let place = place.min(self.rows.len() - 1);
        self.before.get(place * self.width..(place + 1) * self.width).unwrap_or_default()
    }

    /// Writes the cells of lanes that are all counted.
    pub(super) fn cells(&self, view: &View<'_>, strays: &[(Row, Time)], lanes: &mut [(u32, Lane)]) {
        if !view.has_cells {
            return;
        }
        let starting = &view.around.starting;
        let cells = view.bounds.len() - 1;
        let shift = view.query.bucket.0.min(Bucket::MAX.0) - self.bucket.0;
        let edges = [starting.start, starting.end].map(|row| self.before_row(view.numbers, strays, row));
        let boundary = |cell: usize| -> &[u32] {
            match cell {
                0 => &edges[0],
                _ if cell == cells => &edges[1],
                _ => self.before_bucket(usize::try_from(((view.first_cell + cell as i64) << shift) - self.first).unwrap_or(0)),
            }
        };
        for cell in 0..cells {
            let (start, end) = (boundary(cell), boundary(cell + 1));
            let index = view.first_cell + cell as i64;
            for (number, lane) in lanes.iter_mut() {
                let slot = self.slots[*number as usize] as usize;
                let count = end[slot] - start[slot];
                if count > 0 {
                    lane.cells.push(Cell { index, count });
                }
            }
        }
    }

    /// The parts of a range of rows outside of which no lane that has a place has a row.
    pub(super) fn ranges_with(&self, places: &[u32], rows: Range<usize>) -> Vec<Range<usize>> {
        if rows.len() <= ROWS_LOOKED_AT {
            return vec![rows];
        }
        let slots: Vec<usize> = places
            .iter()
            .zip(&self.slots)
            .filter(|(place, slot)| **place != NO_SLOT && **slot != NO_SLOT)
            .map(|(_, slot)| *slot as usize)
            .collect();
        let bucket_of = |row: usize| self.rows.partition_point(|first| *first <= row).saturating_sub(1);
        let buckets = bucket_of(rows.start)..bucket_of(rows.end - 1) + 1;
        let mut has = vec![false; buckets.len()];
        // Halves of ranges of buckets, as long as some lane has rows in them.
        let mut open: Vec<(usize, Range<usize>)> = slots.into_iter().map(|slot| (slot, buckets.clone())).collect();
        while let Some((slot, range)) = open.pop() {
            if self.before_bucket(range.start)[slot] == self.before_bucket(range.end)[slot] {
                continue;
            }
            if range.len() == 1 {
                has[range.start - buckets.start] = true;
            } else {
                let middle = range.start + range.len() / 2;
                open.push((slot, middle..range.end));
                open.push((slot, range.start..middle));
            }
        }
        let mut found: Vec<Range<usize>> = Vec::new();
        for bucket in buckets.clone().filter(|bucket| has[bucket - buckets.start]) {
            let own = self.rows[bucket].max(rows.start)..self.rows[bucket + 1].min(rows.end);
            match found.last_mut().filter(|last| last.end == own.start) {
                Some(last) => last.end = own.end,
                None => found.push(own),
            }
        }
        found
    }
}

/// Is a row among the strays, which stand in ascending order?
fn is_stray(strays: &[(Row, Time)], row: usize) -> bool {
    !strays.is_empty() && strays.binary_search_by_key(&(row as Row), |stray| stray.0).is_ok()
}

//! A grid over rows that are sorted by time: the first row of each bucket, so that a moment is found without searching all of them.
//!
//! At most 2^15 buckets of 4 bytes, whatever the number of records. A boundary of the grid is found in O(1), any other moment
//! by a search among the rows of one bucket.

use crate::data::Dates;
use crate::time::{Bucket, Time};

/// The most buckets of the grid.
const BUCKETS_MAX: i64 = if cfg!(test) { 16 } else { 1 << 15 };

/// The first row of each bucket.
pub(super) struct Grid {
    /// The buckets.
    pub(super) bucket: Bucket,
    /// The number of the first one.
    pub(super) first: i64,
    /// For each bucket the first row that starts in it or later; at the end the number of rows.
    rows: Vec<u32>,
}

impl Grid {
    /// Over the first `len` rows of a column, which are sorted by their starts. Open starts lie before the grid.
    pub(super) fn new(dates: Option<&Dates>, len: usize) -> Self {
        let start = |row: usize| dates.and_then(|dates| dates.span(row)).map_or(Time::OPEN_START, |span| span.start);
        let open = partition(0..len, |row| !start(row).is_bounded() && start(row) < Time(0));
        let bounded = partition(open..len, |row| start(row).is_bounded());
        if bounded == open {
            return Self { bucket: Bucket::MAX, first: 0, rows: vec![len as u32] };
        }
        let (earliest, latest) = (start(open), start(bounded - 1));
        let buckets = |bucket: Bucket| i128::from(bucket.index(latest)) - i128::from(bucket.index(earliest)) + 1;
        let bucket = (0..=Bucket::MAX.0).map(Bucket).find(|bucket| buckets(*bucket) <= i128::from(BUCKETS_MAX)).unwrap_or(Bucket::MAX);
        let first = bucket.index(earliest);
        let mut rows = vec![open as u32];
        let mut row = open;
        for index in first..bucket.index(latest) {
            let end = bucket.start(index + 1);
            row = gallop(row, len, |row| start(row) < end);
            rows.push(row as u32);
        }
        rows.push(len as u32);
        Self { bucket, first, rows }
    }

    /// How many buckets there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len() - 1
    }

    /// The first row of a bucket, counted from the first one; beyond the last one the number of rows.
    pub(super) fn row(&self, place: usize) -> usize {
        self.rows.get(place).or_else(|| self.rows.last()).map_or(0, |row| *row as usize)
    }

    /// The first row that starts at a moment or later.
    pub(super) fn row_at(&self, dates: Option<&Dates>, moment: Time) -> usize {
        if !moment.is_bounded() {
            return if moment < Time(0) { 0 } else { self.row(self.len()) };
        }
        let place = self.bucket.index(moment).saturating_sub(self.first);
        let rows = match usize::try_from(place) {
            Err(_) => 0..self.row(0),
            Ok(place) if place >= self.len() => return self.row(self.len()),
            Ok(place) if self.bucket.floor(moment) == moment => return self.row(place),
            Ok(place) => self.row(place)..self.row(place + 1),
        };
        partition(rows, |row| dates.and_then(|dates| dates.span(row)).is_some_and(|span| span.start < moment))
    }
}

/// The first place of a range from which on a predicate does not hold.
pub(super) fn partition(range: std::ops::Range<usize>, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (range.start, range.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// The same, near the start of the range.
fn gallop(start: usize, end: usize, holds: impl Fn(usize) -> bool) -> usize {
    let mut step = 1;
    let mut low = start;
    while low + step < end && holds(low + step) {
        low += step;
        step *= 2;
    }
    partition(low..(low + step + 1).min(end), holds)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::data::Field;
    use crate::testing::{World, event, time};

    const DATES: [&str; 9] =
        ["2025-01-01", "2025-01-02", "2025-01-13", "2024", "2025-02", "../2025-01-13", "../..", "2025-01-13/..", "1990-05-05"];

    proptest! {
        #[test]
        fn a_moment_is_found_where_a_loop_over_all_rows_finds_it(dates in vec(proptest::sample::select(&DATES[..]), 0..60)) {
            let sheets: Vec<_> = dates.iter().enumerate().map(|(id, date)| event(&id.to_string()).when(date)).collect();
            let dataset = World::new().with_all(&sheets).build();
            let (records, len) = (&dataset.records, dataset.records.dated());
            let column = records.dates(Field::WHEN);
            let grid = Grid::new(column, len);
            let mut moments: Vec<Time> = DATES[..5].iter().flat_map(|date| [-1, 0, 1].map(|us| time(date).plus_us(us))).collect();
            moments.extend([Time::OPEN_START, Time::OPEN_END, Time::FIRST, Time::LAST, time("2025-01-07")]);
            moments.extend((0..=grid.len() as i64).map(|place| grid.bucket.start(grid.first + place)));
            for moment in moments {
                let expected = (0..len).take_while(|row| column.unwrap().span(*row).unwrap().start < moment).count();
                prop_assert_eq!(grid.row_at(column, moment), expected, "{:?}", moment);
            }
        }
    }
}

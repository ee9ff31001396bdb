//! Counts of whole numbers of which the small ones are by far the most frequent, as counts of people are. It knows no bins.
//!
//! One pass in parallel over the rows that pass. For each block of 2^14 rows it is known how many have each of the first 64 numbers, and
//! which have a larger one, so that a block whose rows all pass is not looked through: under a range of time O(blocks + larger numbers).
//! A 64th of a byte a record, and 4 bytes for each larger number; where more than one of [`ROWS_PER_LARGE`] is larger, nothing is kept.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use super::bitmap::{CHUNK_ROWS, Selection, scan, scan_range};
use super::facets::PLACES;
use crate::data::{Field, Row};
use crate::engine::Stop;
use crate::work::Cancel;

/// How many first numbers are the frequent ones.
const OFTEN: usize = if cfg!(test) { 4 } else { 64 };
/// What follows the frequent numbers is moved by their further places.
const MOVED: usize = OFTEN * (PLACES - 1);
/// At most one of so many rows has a larger number, else blocks are not kept.
const ROWS_PER_LARGE: usize = if cfg!(test) { 2 } else { 32 };

/// What is known of blocks of rows.
#[derive(Debug)]
pub(super) struct Blocks {
    /// How many rows of each block have each frequent number.
    often: Vec<[u32; OFTEN]>,
    /// The rows with a larger number, in ascending order.
    large: Vec<Row>,
}

/// The blocks of the fields that were asked for; `None` of those whose numbers are not like that.
#[derive(Debug, Default)]
pub(super) struct BlocksKept(Mutex<BTreeMap<Field, Option<Arc<Blocks>>>>);

impl BlocksKept {
    /// The blocks of a field of so many rows; made when they are not there yet.
    pub(super) fn of(
        &self,
        field: Field,
        len: usize,
        cancel: &Cancel,
        number: impl Fn(usize) -> usize + Sync,
    ) -> Result<Option<Arc<Blocks>>, Stop> {
        // Who comes second waits for the first one instead of doing the same.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(&field) {
            return Ok(known.clone());
        }
        let blocks = Blocks::build(len, cancel, number)?.map(Arc::new);
        kept.insert(field, blocks.clone());
        Ok(blocks)
    }
}

impl Blocks {
    fn build(len: usize, cancel: &Cancel, number: impl Fn(usize) -> usize + Sync) -> Result<Option<Self>, Stop> {
        let large_max = len / ROWS_PER_LARGE;
        let parts = scan(len, cancel, |rows, (blocks, large): &mut (Vec<[u32; OFTEN]>, Vec<Row>)| {
            let mut often = [0; OFTEN];
            if large.len() > large_max {
                return;
            }
            for row in rows {
                match often.get_mut(number(row)) {
                    Some(count) => *count += 1,
                    None => large.push(row as Row),
                }
            }
            blocks.push(often);
        })?;
        let (mut often, mut large) = (Vec::new(), Vec::new());
        for (blocks, rows) in parts {
            often.extend(blocks);
            large.extend(rows);
        }
        large.shrink_to_fit();
        Ok((large.len() <= large_max).then_some(Self { often, large }))
    }

    /// The counts of a range of rows that is a block, and its rows with a larger number; `None` of other ranges.
    fn block(&self, rows: &Range<usize>) -> Option<(&[u32; OFTEN], &[Row])> {
        let often =
            self.often.get(rows.start / CHUNK_ROWS).filter(|_| rows.start.is_multiple_of(CHUNK_ROWS) && rows.len() == CHUNK_ROWS)?;
        let before = |row: usize| self.large.partition_point(|large| (*large as usize) < row);
        Some((often, self.large.get(before(rows.start)..before(rows.end))?))
    }
}

/// How many of the rows have each of so many numbers.
pub(super) fn counted_skewed(
    len: usize,
    selection: &Selection,
    blocks: Option<&Blocks>,
    cancel: &Cancel,
    number: impl Fn(usize) -> usize + Sync,
) -> Result<Vec<u64>, Stop> {
    let hull = selection.hull();
    // Pieces of work are blocks.
    let rows = hull.start / CHUNK_ROWS * CHUNK_ROWS..hull.end;
    let parts = scan_range(rows, cancel, |rows, counts: &mut Vec<u32>| {
        counts.resize(len.max(OFTEN) + MOVED, 0);
        let is_whole = selection.count_in(rows.clone()) == rows.len() as u64;
        if let Some((often, large)) = blocks.filter(|_| is_whole).and_then(|blocks| blocks.block(&rows)) {
            counts.iter_mut().step_by(PLACES).zip(often).for_each(|(own, count)| *own += count);
            for row in large {
                counts[number(*row as usize) + MOVED] += 1;
            }
            return;
        }
        selection.for_each(rows, |row| {
            let number = number(row);
            counts[if number < OFTEN { number * PLACES + row % PLACES } else { number + MOVED }] += 1;
        });
    })?;
    let mut all = vec![0_u64; len];
    for counts in parts.iter().filter(|counts| !counts.is_empty()) {
        let often = counts[..OFTEN * PLACES].chunks(PLACES).map(|places| places.iter().sum::<u32>());
        let counts = often.chain(counts[OFTEN * PLACES..].iter().copied());
        all.iter_mut().zip(counts).for_each(|(own, count)| *own += u64::from(count));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::memory::bitmap::{Bitmap, Look};

    #[test]
    fn blocks_whose_rows_all_pass_count_as_row_by_row() {
        const LEN: usize = CHUNK_ROWS * 5 + 9;
        let cancel = Cancel::default();
        for often in [1, 2, 9] {
            let number = |row: usize| if row.is_multiple_of(3) { row % 11 } else { row % often };
            let blocks = Blocks::build(LEN, &cancel, number).unwrap();
            assert_eq!(blocks.is_some(), often < 9, "many larger numbers are not kept");
            for rows in [0..LEN, 0..CHUNK_ROWS, 70..CHUNK_ROWS * 4 + 3, CHUNK_ROWS..CHUNK_ROWS * 3, 5..5, CHUNK_ROWS * 5..LEN] {
                let holds = |row: usize| rows.contains(&row) && row != CHUNK_ROWS + 1;
                let bits = Bitmap::of(&Look::whole(LEN, &cancel), holds).unwrap();
                let mut expected = vec![0; 12];
                (0..LEN).filter(|row| holds(*row)).for_each(|row| expected[number(row)] += 1);
                for selection in [Selection::of(LEN, Arc::new(bits.clone())), Selection::within(LEN, Arc::new(bits), rows.clone())] {
                    assert_eq!(counted_skewed(12, &selection, blocks.as_ref(), &cancel, number), Ok(expected.clone()));
                }
            }
        }
    }
}

//! The largest and smallest number of each block of rows, so that the first hundred of a window are found in a few of its blocks.
//!
//! Blocks are looked into from the most promising one on, until none that is left can have a row among the first ones: O(blocks of the
//! window · log blocks + rows of the blocks that are looked into). Two keys for each 1,024 rows: a 64th of a byte a record, a field.
//! They are made when a field is first sorted by.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::{Arc, Mutex, PoisonError};

use super::Memory;
use super::bitmap::{Selection, scan};
use crate::data::{Field, Number, Row};
use crate::engine::Stop;
use crate::work::Cancel;

/// Rows of a block; a chunk of a scan is some whole ones.
const BLOCK_ROWS: usize = if cfg!(test) { 16 } else { 1 << 10 };

/// The smallest and largest key of each block; `None` of one without a number.
#[derive(Debug, Default)]
pub(super) struct Zones(Vec<Option<(u64, u64)>>);

/// The zones of the fields that were sorted by.
#[derive(Debug, Default)]
pub(super) struct ZonesKept(Mutex<BTreeMap<Field, Arc<Zones>>>);

/// The place of a number among all numbers.
pub(super) fn key_of(number: f64) -> u64 {
    const SIGN: u64 = 1 << 63;
    let bits = number.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

impl Zones {
    fn build(column: &Number, cancel: &Cancel) -> Result<Self, Stop> {
        let parts = scan(column.len(), cancel, |rows, zones: &mut Vec<Option<(u64, u64)>>| {
            let mut start = rows.start;
            while start < rows.end {
                let block = start..(start + BLOCK_ROWS).min(rows.end);
                start = block.end;
                let mut range: Option<(f64, f64)> = None;
                column.for_each(block, |_, number| {
                    if let Some(own) = number {
                        let (least, most) = range.unwrap_or((own, own));
                        // Zeros of both signs are apart in the order of keys, not for these comparisons.
                        let least = if own.total_cmp(&least).is_lt() { own } else { least };
                        let most = if own.total_cmp(&most).is_gt() { own } else { most };
                        range = Some((least, most));
                    }
                });
                zones.push(range.map(|(least, most)| (key_of(least), key_of(most))));
            }
        })?;
        Ok(Self(parts.concat()))
    }

    /// The first rows by their numbers, of equals by row; `None` when fewer have a number.
    fn first(
        &self,
        column: &Number,
        selection: &Selection,
        count: usize,
        is_descending: bool,
        cancel: &Cancel,
    ) -> Result<Option<Vec<Row>>, Stop> {
        // The smallest rank is the first one.
        let rank = |key: u64| if is_descending { !key } else { key };
        let hull = selection.hull();
        let blocks = hull.start / BLOCK_ROWS..hull.end.div_ceil(BLOCK_ROWS).min(self.0.len());
        let best = |(least, most): (u64, u64)| if is_descending { rank(most) } else { rank(least) };
        let mut promising: BinaryHeap<Reverse<(u64, usize)>> =
            blocks.filter_map(|block| self.0[block].map(|zone| Reverse((best(zone), block)))).collect();
        let mut first: BinaryHeap<(u64, Row)> = BinaryHeap::with_capacity(count + 1);
        while let Some(Reverse((best, block))) = promising.pop() {
            if cancel.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            let start = block * BLOCK_ROWS;
            if let Some(last) = first.peek().filter(|_| first.len() == count)
                && (best, start as Row) > *last
            {
                break;
            }
            selection.for_each(start.max(hull.start)..(start + BLOCK_ROWS).min(hull.end), |row| {
                let Some(number) = column.get(row) else { return };
                let own = (rank(key_of(number)), row as Row);
                if first.len() < count {
                    first.push(own);
                } else if first.peek().is_some_and(|last| own < *last) {
                    first.pop();
                    first.push(own);
                }
            });
        }
        Ok((first.len() == count).then(|| first.into_sorted_vec().into_iter().map(|(_, row)| row).collect()))
    }
}

impl Memory {
    /// The first rows of a selection by a number field, of equals by row; `None` when fewer have a number.
    pub(super) fn first_by_number(
        &self,
        field: Field,
        selection: &Selection,
        count: usize,
        is_descending: bool,
        cancel: &Cancel,
    ) -> Result<Option<Vec<Row>>, Stop> {
        let Some(column) = self.facts.dataset.records.number(field) else { return Ok(None) };
        let known = self.zones.0.lock().unwrap_or_else(PoisonError::into_inner).get(&field).map(Arc::clone);
        let zones = if let Some(zones) = known {
            zones
        } else {
            let zones = Arc::new(Zones::build(column, cancel)?);
            self.zones.0.lock().unwrap_or_else(PoisonError::into_inner).insert(field, Arc::clone(&zones));
            zones
        };
        zones.first(column, selection, count, is_descending, cancel)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::engine::memory::bitmap::{Bitmap, Look};

    #[test]
    fn keys_of_numbers_sort_as_the_numbers_do() {
        let numbers = [-1e9, -2.5, -0.0, 0.0, 1e-9, 3.0, 1e12];
        assert!(numbers.map(key_of).is_sorted());
    }

    proptest! {
        #[test]
        fn the_first_rows_are_those_of_a_full_sort(
            numbers in vec(proptest::sample::select(vec![0.0, -0.0, 1.0, 5.0, -3.0, 0.5, f64::NAN]), 1..300),
            selected in vec(any::<bool>(), 300),
            count in 1..40_usize,
            is_descending in any::<bool>(),
        ) {
            let column = Number::new(&numbers);
            let bits = Bitmap::of(&Look::whole(numbers.len(), &Cancel::default()), |row| selected[row]).unwrap();
            let selection = Selection::of(numbers.len(), Arc::new(bits));
            let zones = Zones::build(&column, &Cancel::default()).unwrap();
            let found = zones.first(&column, &selection, count, is_descending, &Cancel::default()).unwrap();
            let mut rows: Vec<Row> = (0..numbers.len() as Row).filter(|row| selected[*row as usize] && !numbers[*row as usize].is_nan()).collect();
            rows.sort_by(|a, b| {
                let order = numbers[*a as usize].total_cmp(&numbers[*b as usize]);
                (if is_descending { order.reverse() } else { order }).then(a.cmp(b))
            });
            let expected = (rows.len() >= count).then(|| rows[..count].to_vec());
            prop_assert_eq!(found, expected);
        }
    }
}

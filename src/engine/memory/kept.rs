//! The rows of the filters that were asked for last, each clause and each whole filter once.
//!
//! A set of rows takes an eighth of a byte a record. All that are kept together take at most one byte a record (but 4 MiB in any case);
//! beyond that the one that was not asked for longest goes. Finding one compares it with all that are kept, which are never many.

use std::sync::{Mutex, PoisonError};

use super::bitmap::Selection;
use crate::query::Filter;

/// So many bytes are kept whatever the number of records.
const BYTES_FREE: usize = 4 << 20;
/// The most sets, however small they are.
const SETS_MAX: usize = 128;

/// Sets of rows by their filters, the latest at the end.
#[derive(Debug)]
pub(super) struct Kept {
    sets: Mutex<Vec<(Filter, Selection)>>,
    bytes_max: usize,
}

impl Kept {
    /// For so many records.
    pub(super) fn new(records: usize) -> Self {
        Self { sets: Mutex::new(Vec::new()), bytes_max: records.max(BYTES_FREE) }
    }

    pub(super) fn get(&self, filter: &Filter) -> Option<Selection> {
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        let place = sets.iter().position(|(own, _)| own == filter)?;
        let entry = sets.remove(place);
        let rows = entry.1.clone();
        sets.push(entry);
        Some(rows)
    }

    pub(super) fn put(&self, filter: &Filter, rows: &Selection) {
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        sets.retain(|(own, _)| own != filter);
        sets.push((filter.clone(), rows.clone()));
        let mut bytes: usize = sets.iter().map(|(_, rows)| rows.bytes()).sum();
        let mut leaving = 0;
        while leaving + 1 < sets.len() && (bytes > self.bytes_max || sets.len() - leaving > SETS_MAX) {
            bytes -= sets[leaving].1.bytes();
            leaving += 1;
        }
        sets.drain(..leaving);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::engine::memory::bitmap::Bitmap;

    #[test]
    fn what_was_not_asked_for_longest_goes_first_and_bytes_are_bounded() {
        let kept = Kept { sets: Mutex::default(), bytes_max: 3 * 128 };
        let bits = Selection::of(1024, Arc::new(Bitmap::none(1024)));
        let filter = |row| Filter::Rows(vec![row]);
        for row in 0..3 {
            kept.put(&filter(row), &bits);
        }
        assert!(kept.get(&filter(0)).is_some());
        kept.put(&filter(3), &bits);
        assert_eq!((0..4).map(|row| kept.get(&filter(row)).is_some()).collect::<Vec<_>>(), [true, false, true, true]);
    }
}

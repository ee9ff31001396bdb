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

/// So many clauses are remembered that were asked for once.
const ASKED_MAX: usize = 32;

/// Sets of rows by their filters, the latest at the end.
#[derive(Debug)]
pub(super) struct Kept {
    sets: Mutex<Vec<(Filter, Selection)>>,
    /// Clauses that were asked for, without their rows, the latest at the end.
    asked: Mutex<Vec<Filter>>,
    bytes_max: usize,
}

impl Kept {
    /// For so many records.
    pub(super) fn new(records: usize) -> Self {
        Self { sets: Mutex::default(), asked: Mutex::default(), bytes_max: records.max(BYTES_FREE) }
    }

    pub(super) fn get(&self, filter: &Filter) -> Option<Selection> {
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        let place = sets.iter().position(|(own, _)| own == filter)?;
        let entry = sets.remove(place);
        let rows = entry.1.clone();
        sets.push(entry);
        Some(rows)
    }

    /// Was a clause asked for not long ago? From now on it was.
    pub(super) fn was_asked(&self, clause: &Filter) -> bool {
        if self.get(clause).is_some() {
            return true;
        }
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.contains(clause) {
            return true;
        }
        if asked.len() >= ASKED_MAX {
            asked.remove(0);
        }
        asked.push(clause.clone());
        false
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
    fn a_clause_was_asked_for_from_the_second_time_on() {
        let kept = Kept::new(9);
        let clause = |row| Filter::Rows(vec![row]);
        assert_eq!([0, 1, 0].map(|row| kept.was_asked(&clause(row))), [false, false, true]);
        kept.put(&clause(2), &Selection::all(9));
        assert!(kept.was_asked(&clause(2)));
        (10..10 + ASKED_MAX as u32).for_each(|row| assert!(!kept.was_asked(&clause(row))));
        assert!(!kept.was_asked(&clause(0)), "an old one is forgotten");
    }

    #[test]
    fn what_was_not_asked_for_longest_goes_first_and_bytes_are_bounded() {
        let kept = Kept { bytes_max: 3 * 128, ..Kept::new(0) };
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

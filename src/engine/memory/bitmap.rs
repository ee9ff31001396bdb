//! Sets of rows as bits, and loops over rows in parallel that can be cancelled; it knows nothing of records.

use std::ops::Range;
use std::sync::Arc;

use crate::data::Row;
use crate::engine::Stop;
use crate::work::{Cancel, map_parts, threads};

/// Rows that one thread works on between two looks at whether to stop; whole words of bits.
pub(super) const CHUNK_ROWS: usize = if cfg!(test) { 64 } else { 1 << 14 };

/// One bit a row: 125 KB for a million.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bitmap {
    words: Vec<u64>,
}

impl Bitmap {
    /// No rows of so many.
    pub(super) fn none(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)] }
    }

    /// The rows for which a predicate holds, asked in parallel.
    pub(super) fn of(len: usize, cancel: &Cancel, holds: impl Fn(usize) -> bool + Sync) -> Result<Self, Stop> {
        Self::of_words(len, cancel, |rows, words| {
            let first = rows.start;
            for row in rows {
                words[(row - first) / 64] |= u64::from(holds(row)) << (row % 64);
            }
        })
    }

    /// Fills the words of each chunk in parallel; the chunk's words start as zeros.
    pub(super) fn of_words(len: usize, cancel: &Cancel, fill: impl Fn(Range<usize>, &mut [u64]) + Sync) -> Result<Self, Stop> {
        let parts = scan(len, cancel, |rows, words: &mut Vec<u64>| {
            let before = words.len();
            words.resize(before + rows.len().div_ceil(64), 0);
            fill(rows, &mut words[before..]);
        })?;
        Ok(Self { words: parts.concat() })
    }

    pub(super) fn insert(&mut self, row: Row) {
        if let Some(word) = self.words.get_mut(row as usize / 64) {
            *word |= 1 << (row % 64);
        }
    }

    pub(super) fn contains(&self, row: Row) -> bool {
        self.words.get(row as usize / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    pub(super) fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    pub(super) fn and(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(own, other)| *own &= other);
    }

    pub(super) fn or(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(own, other)| *own |= other);
    }

    /// Every row of so many that is not in it.
    pub(super) fn not(&mut self, len: usize) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        if let Some(last) = self.words.last_mut()
            && !len.is_multiple_of(64)
        {
            *last &= (1 << (len % 64)) - 1;
        }
    }

    /// Visits the rows of a range that starts at a whole word, in ascending order.
    fn for_each(&self, rows: Range<usize>, mut visit: impl FnMut(usize)) {
        debug_assert!(rows.start.is_multiple_of(64));
        let words = self.words.get(rows.start / 64..rows.end.div_ceil(64).min(self.words.len())).unwrap_or_default();
        for (index, word) in words.iter().enumerate() {
            let mut rest = *word;
            while rest != 0 {
                let row = rows.start + index * 64 + rest.trailing_zeros() as usize;
                if row < rows.end {
                    visit(row);
                }
                rest &= rest - 1;
            }
        }
    }
}

/// The rows that pass a filter; all of them when there is no bitmap.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    len: usize,
    bits: Option<Arc<Bitmap>>,
}

impl Selection {
    pub(super) fn all(len: usize) -> Self {
        Self { len, bits: None }
    }

    pub(super) fn of(len: usize, bits: Arc<Bitmap>) -> Self {
        Self { len, bits: Some(bits) }
    }

    pub(super) fn is_all(&self) -> bool {
        self.bits.is_none()
    }

    /// Its bits; those of all rows are made.
    pub(super) fn into_bitmap(self) -> Bitmap {
        if let Some(bits) = self.bits {
            return Arc::unwrap_or_clone(bits);
        }
        let mut bits = Bitmap::none(self.len);
        bits.not(self.len);
        bits
    }

    pub(super) fn contains(&self, row: Row) -> bool {
        self.bits.as_ref().map_or((row as usize) < self.len, |bits| bits.contains(row))
    }

    pub(super) fn count(&self) -> u64 {
        self.bits.as_ref().map_or(self.len as u64, |bits| bits.count())
    }

    /// Visits the rows of a chunk in ascending order.
    pub(super) fn for_each(&self, rows: Range<usize>, mut visit: impl FnMut(usize)) {
        match &self.bits {
            None => rows.for_each(visit),
            Some(bits) => bits.for_each(rows, &mut visit),
        }
    }
}

/// Works through `0..len` in chunks, in parallel; each thread adds to one value of its own. The values come in the order of rows.
pub(super) fn scan<T: Default + Send>(len: usize, cancel: &Cancel, work: impl Fn(Range<usize>, &mut T) + Sync) -> Result<Vec<T>, Stop> {
    let chunks = len.div_ceil(CHUNK_ROWS);
    let parts = map_parts(chunks, threads(), |chunks| {
        let mut part = T::default();
        for chunk in chunks {
            if cancel.is_cancelled() {
                return None;
            }
            work(chunk * CHUNK_ROWS..((chunk + 1) * CHUNK_ROWS).min(len), &mut part);
        }
        (!cancel.is_cancelled()).then_some(part)
    });
    parts.into_iter().collect::<Option<Vec<T>>>().ok_or(Stop::Cancelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEN: usize = CHUNK_ROWS * 3 + 7;

    fn thirds() -> Bitmap {
        Bitmap::of(LEN, &Cancel::default(), |row| row % 3 == 0).unwrap()
    }

    #[test]
    fn bits_are_where_the_predicate_holds_across_chunks() {
        let selection = Selection::of(LEN, Arc::new(thirds()));
        let visit = |rows, found: &mut Vec<Row>| selection.for_each(rows, |row| found.push(row as Row));
        let rows = scan(LEN, &Cancel::default(), visit).unwrap().concat();
        assert_eq!(rows, (0..LEN as Row).filter(|row| row % 3 == 0).collect::<Vec<_>>());
        assert_eq!(selection.count(), rows.len() as u64);
        assert!(selection.contains(CHUNK_ROWS as Row * 3) && !selection.contains(1));
    }

    #[test]
    fn what_is_not_in_a_bitmap_ends_at_the_last_row() {
        let mut others = thirds();
        others.not(LEN);
        assert_eq!(others.count() + thirds().count(), LEN as u64);
        others.or(&thirds());
        assert_eq!(others, Selection::all(LEN).into_bitmap());
        others.and(&Bitmap::none(LEN));
        assert_eq!(others.count(), 0);
    }

    #[test]
    fn a_cancelled_scan_stops() {
        let cancel = Cancel::default();
        cancel.cancel();
        assert_eq!(scan(LEN, &cancel, |_, _: &mut u32| ()), Err(Stop::Cancelled));
        assert_eq!(scan(0, &Cancel::default(), |_, _: &mut u32| ()), Ok(vec![0]));
    }
}

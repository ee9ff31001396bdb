//! Sets of rows as bits, and loops over rows in parallel that can be cancelled; it knows nothing of records.
//!
//! A set takes an eighth of a byte a record; joining two, counting one and leaving out what lies outside a range are passes over its words.

use std::ops::Range;
use std::sync::Arc;

use crate::data::Row;
use crate::engine::Stop;
use crate::work::{Cancel, map_each, map_parts, threads};

/// Rows that one thread works on between two looks at whether to stop; whole words of bits.
pub(super) const CHUNK_ROWS: usize = if cfg!(test) { 64 } else { 1 << 14 };

/// Which rows are looked at, and until when.
#[derive(Clone, Debug)]
pub(super) struct Look<'a> {
    /// How many rows there are.
    pub(super) len: usize,
    /// Outside of the chunks of this range nobody looks: no row there is found.
    pub(super) within: Range<usize>,
    /// Ends it early.
    pub(super) cancel: &'a Cancel,
}

impl<'a> Look<'a> {
    /// All of so many rows.
    pub(super) fn whole(len: usize, cancel: &'a Cancel) -> Self {
        Self { len, within: 0..len, cancel }
    }
}

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
    pub(super) fn of(look: &Look<'_>, holds: impl Fn(usize) -> bool + Sync) -> Result<Self, Stop> {
        Self::of_words(look, |rows, words| {
            let first = rows.start;
            for row in rows {
                words[(row - first) / 64] |= u64::from(holds(row)) << (row % 64);
            }
        })
    }

    /// Fills the words of each chunk in parallel; the chunk's words start as zeros.
    pub(super) fn of_words(look: &Look<'_>, fill: impl Fn(Range<usize>, &mut [u64]) + Sync) -> Result<Self, Stop> {
        Self::filled(look, &fill)
    }

    fn filled(look: &Look<'_>, fill: &(dyn Fn(Range<usize>, &mut [u64]) + Sync)) -> Result<Self, Stop> {
        const CHUNK_WORDS: usize = CHUNK_ROWS / WORD_ROWS;
        let Look { len, within, cancel } = look;
        let mut words = vec![0; len.div_ceil(WORD_ROWS)];
        let (first, end) = (within.start / CHUNK_ROWS, within.end.min(*len).div_ceil(CHUNK_ROWS));
        let range = (first * CHUNK_WORDS).min(words.len())..(end * CHUNK_WORDS).min(words.len());
        let own = words.get_mut(range).unwrap_or_default();
        // A few jobs a thread, so that none waits long for another that is kept from working.
        let chunks = own.len().div_ceil(CHUNK_WORDS).div_ceil(threads() * 4).max(1);
        let jobs = own.chunks_mut(chunks * CHUNK_WORDS).enumerate().collect();
        map_each(jobs, |(job, words): (usize, &mut [u64])| {
            for (chunk, words) in (first + job * chunks..).zip(words.chunks_mut(CHUNK_WORDS)) {
                if cancel.is_cancelled() {
                    return;
                }
                let start = chunk * CHUNK_ROWS;
                fill(start..(start + CHUNK_ROWS).min(*len), words);
            }
        });
        if cancel.is_cancelled() { Err(Stop::Cancelled) } else { Ok(Self { words }) }
    }

    /// The rows for which a byte of 1 is written, of 0 otherwise; compilers make wide instructions of such loops.
    pub(super) fn of_bytes(look: &Look<'_>, fill: impl Fn(Range<usize>, &mut [u8]) + Sync) -> Result<Self, Stop> {
        Self::of_words(look, |rows, words| {
            let mut bytes = [0_u8; WORD_ROWS];
            for (word, start) in words.iter_mut().zip(rows.clone().step_by(WORD_ROWS)) {
                let own = start..(start + WORD_ROWS).min(rows.end);
                let len = own.len();
                fill(own, &mut bytes[..len]);
                bytes[len..].fill(0);
                *word = packed(&bytes);
            }
        })
    }

    /// Adds a range of rows.
    pub(super) fn insert_range(&mut self, rows: Range<usize>) {
        for_each_word(rows, |word, mask| {
            if let Some(word) = self.words.get_mut(word) {
                *word |= mask;
            }
        });
    }

    pub(super) fn remove(&mut self, row: Row) {
        if let Some(word) = self.words.get_mut(row as usize / 64) {
            *word &= !(1 << (row % 64));
        }
    }

    pub(super) fn count_in(&self, rows: Range<usize>) -> u64 {
        let (first, last) = (rows.start.div_ceil(WORD_ROWS), rows.end / WORD_ROWS);
        let mut count = 0;
        let mut part = |word: usize, mask: u64| count += u64::from((self.word(word) & mask).count_ones());
        if first > last {
            for_each_word(rows, part);
            return count;
        }
        for_each_word(rows.start..first * WORD_ROWS, &mut part);
        for_each_word(last * WORD_ROWS..rows.end, &mut part);
        // Only at the edges bits are masked.
        let whole = self.words.iter().take(last).skip(first);
        count + whole.map(|word| u64::from(word.count_ones())).sum::<u64>()
    }

    /// The bits of 64 rows, from the one of this number times 64 on.
    pub(super) fn word(&self, number: usize) -> u64 {
        self.words.get(number).copied().unwrap_or(0)
    }

    /// The smallest range of whole words that holds all its rows.
    fn hull(&self) -> Range<usize> {
        let first = self.words.iter().position(|word| *word != 0).unwrap_or(0);
        let last = self.words.iter().rposition(|word| *word != 0).map_or(0, |last| last + 1);
        first * WORD_ROWS..last * WORD_ROWS
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

    /// The rows of both, which all lie in a range.
    fn both(&self, other: &Self, hull: Range<usize>) -> Self {
        let mut words = vec![0; self.words.len()];
        let range = hull.start / WORD_ROWS..hull.end.div_ceil(WORD_ROWS).max(hull.start / WORD_ROWS);
        let pairs = self.words.get(range.clone()).into_iter().flatten().zip(other.words.get(range.clone()).into_iter().flatten());
        let mine = words.get_mut(range).into_iter().flatten();
        mine.zip(pairs).for_each(|(word, (own, other))| *word = own & other);
        Self { words }
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

    /// Visits the rows of a range in ascending order.
    fn for_each(&self, rows: Range<usize>, mut visit: impl FnMut(usize)) {
        for_each_word(rows, |number, mask| {
            let own = self.word(number) & mask;
            if own == u64::MAX {
                (number * WORD_ROWS..(number + 1) * WORD_ROWS).for_each(&mut visit);
            } else {
                for_each_bit(number, own, &mut visit);
            }
        });
    }
}

/// Rows of one word.
pub(super) const WORD_ROWS: usize = 64;

/// Visits the words that a range of rows touches, each with the bits that lie in it.
fn for_each_word(rows: Range<usize>, mut visit: impl FnMut(usize, u64)) {
    if rows.is_empty() {
        return;
    }
    let (first, last) = (rows.start / WORD_ROWS, (rows.end - 1) / WORD_ROWS);
    for word in first..=last {
        let mut mask = u64::MAX;
        if word == first {
            mask &= u64::MAX << (rows.start % WORD_ROWS);
        }
        if word == last {
            mask &= u64::MAX >> (WORD_ROWS - 1 - (rows.end - 1) % WORD_ROWS);
        }
        visit(word, mask);
    }
}

/// Visits the rows of a word's bits.
pub(super) fn for_each_bit(number: usize, mut bits: u64, mut visit: impl FnMut(usize)) {
    while bits != 0 {
        visit(number * WORD_ROWS + bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

/// 64 bytes of 0 or 1 as bits: a multiplication gathers eight of them.
fn packed(bytes: &[u8; WORD_ROWS]) -> u64 {
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut word = 0;
    for (index, eight) in bytes.as_chunks::<8>().0.iter().enumerate() {
        word |= (u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56) << (index * 8);
    }
    word
}

/// The rows that pass a filter; all of them when there is no bitmap.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    len: usize,
    bits: Option<Arc<Bitmap>>,
    /// A range of rows outside of which there is none.
    hull: Range<usize>,
}

impl Selection {
    pub(super) fn all(len: usize) -> Self {
        Self { len, bits: None, hull: 0..len }
    }

    pub(super) fn of(len: usize, bits: Arc<Bitmap>) -> Self {
        let hull = bits.hull();
        Self::within(len, bits, hull)
    }

    /// The same where it is known that no row lies outside a range.
    pub(super) fn within(len: usize, bits: Arc<Bitmap>, hull: Range<usize>) -> Self {
        let end = hull.end.min(len);
        Self { len, bits: Some(bits), hull: hull.start.min(end)..end }
    }

    /// Of how many rows they are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn is_all(&self) -> bool {
        self.bits.is_none()
    }

    /// How many bytes its bits take.
    pub(super) fn bytes(&self) -> usize {
        self.bits.as_ref().map_or(0, |bits| bits.words.len() * 8)
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

    /// The rows of both.
    pub(super) fn and(&self, other: &Self) -> Self {
        match (&self.bits, &other.bits) {
            (None, _) => other.clone(),
            (_, None) => self.clone(),
            (Some(own), Some(others)) => {
                let hull = self.hull.start.max(other.hull.start)..self.hull.end.min(other.hull.end);
                let bits = own.both(others, hull.clone());
                Self::within(self.len, Arc::new(bits), hull)
            }
        }
    }

    pub(super) fn contains(&self, row: Row) -> bool {
        self.bits.as_ref().map_or((row as usize) < self.len, |bits| bits.contains(row))
    }

    pub(super) fn count(&self) -> u64 {
        self.count_in(self.hull.clone())
    }

    pub(super) fn count_in(&self, rows: Range<usize>) -> u64 {
        match &self.bits {
            None => rows.len() as u64,
            Some(bits) => bits.count_in(rows),
        }
    }

    /// A range of rows outside of which there is none.
    pub(super) fn hull(&self) -> Range<usize> {
        self.hull.clone()
    }

    /// Visits the rows of a range in ascending order.
    pub(super) fn for_each(&self, rows: Range<usize>, mut visit: impl FnMut(usize)) {
        match &self.bits {
            None => rows.for_each(visit),
            Some(bits) => bits.for_each(rows, &mut visit),
        }
    }

    /// Visits the words of a range that have rows: each word's number and the bits of those rows.
    pub(super) fn for_each_word(&self, rows: Range<usize>, mut visit: impl FnMut(usize, u64)) {
        for_each_word(rows, |number, mask| {
            let own = self.bits.as_ref().map_or(mask, |bits| bits.word(number) & mask);
            if own != 0 {
                visit(number, own);
            }
        });
    }

    /// Works through the rows in parallel, in chunks of which each thread adds to one value of its own.
    pub(super) fn scan<T: Default + Send>(&self, cancel: &Cancel, work: impl Fn(Range<usize>, &mut T) + Sync) -> Result<Vec<T>, Stop> {
        scanned(self.hull(), cancel, &work)
    }
}

/// Works through `0..len` in chunks, in parallel; each thread adds to one value of its own. The values come in the order of rows.
pub(super) fn scan<T: Default + Send>(len: usize, cancel: &Cancel, work: impl Fn(Range<usize>, &mut T) + Sync) -> Result<Vec<T>, Stop> {
    scanned(0..len, cancel, &work)
}

/// The same for a range of rows.
pub(super) fn scan_range<T: Default + Send>(
    rows: Range<usize>,
    cancel: &Cancel,
    work: impl Fn(Range<usize>, &mut T) + Sync,
) -> Result<Vec<T>, Stop> {
    scanned(rows, cancel, &work)
}

/// Once for each kind of value, whatever is done with it.
fn scanned<T: Default + Send>(rows: Range<usize>, cancel: &Cancel, work: &(dyn Fn(Range<usize>, &mut T) + Sync)) -> Result<Vec<T>, Stop> {
    let chunks = rows.len().div_ceil(CHUNK_ROWS);
    let parts = map_parts(chunks, threads(), |chunks| {
        let mut part = T::default();
        for chunk in chunks {
            if cancel.is_cancelled() {
                return None;
            }
            let start = rows.start + chunk * CHUNK_ROWS;
            work(start..(start + CHUNK_ROWS).min(rows.end), &mut part);
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
        Bitmap::of(&Look::whole(LEN, &Cancel::default()), |row| row % 3 == 0).unwrap()
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
    fn ranges_are_counted_and_visited_as_row_by_row() {
        let bits = thirds();
        for rows in [0..0, 0..1, 1..64, 63..65, 5..CHUNK_ROWS * 2 + 3, 64..128, 0..LEN] {
            let expected: Vec<usize> = rows.clone().filter(|row| row % 3 == 0).collect();
            let mut found = Vec::new();
            bits.for_each(rows.clone(), |row| found.push(row));
            assert_eq!((found, bits.count_in(rows.clone())), (expected.clone(), expected.len() as u64));
            let mut range = Bitmap::none(LEN);
            range.insert_range(rows.clone());
            assert_eq!((range.count(), range.count_in(rows.clone())), (rows.len() as u64, rows.len() as u64));
            rows.for_each(|row| range.remove(row as Row));
            assert_eq!(range, Bitmap::none(LEN));
        }
    }

    #[test]
    fn bytes_become_bits() {
        let bits = Bitmap::of_bytes(&Look::whole(LEN, &Cancel::default()), |rows, bytes| {
            rows.zip(bytes).for_each(|(row, byte)| *byte = u8::from(row % 3 == 0));
        });
        assert_eq!(bits, Ok(thirds()));
    }

    #[test]
    fn rows_are_looked_at_within_a_range_by_whole_chunks() {
        let cancel = Cancel::default();
        for within in [0..0, 5..6, CHUNK_ROWS..CHUNK_ROWS * 2, CHUNK_ROWS * 2 + 3..LEN, 0..LEN, LEN..LEN + 9] {
            let chunks = within.start / CHUNK_ROWS * CHUNK_ROWS..within.end.div_ceil(CHUNK_ROWS) * CHUNK_ROWS;
            let found = Bitmap::of(&Look { len: LEN, within, cancel: &cancel }, |row| row % 3 == 0).unwrap();
            for row in 0..LEN {
                assert_eq!(found.contains(row as Row), row % 3 == 0 && chunks.contains(&row));
            }
        }
    }

    #[test]
    fn a_cancelled_scan_stops() {
        let cancel = Cancel::default();
        cancel.cancel();
        assert_eq!(scan(LEN, &cancel, |_, _: &mut u32| ()), Err(Stop::Cancelled));
        assert_eq!(scan(0, &Cancel::default(), |_, _: &mut u32| ()), Ok(vec![0]));
    }
}

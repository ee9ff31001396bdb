//! Loops over the codes of a category, made once for each way in which a column keeps them; it counts nothing itself.

use arrow_array::Array as _;
use arrow_buffer::NullBuffer;

use super::bitmap::WORD_ROWS;
use crate::data::{Category, Codes};

/// The number of each row's value: its code, or the number that stands for "no value".
pub(super) trait Numbered: Sync {
    /// The number of a row.
    fn at(&self, row: usize) -> usize;

    /// The number that all rows have.
    fn same(&self) -> Option<usize> {
        None
    }
}

/// Something to do with the numbers of a column, whatever their type.
pub(super) trait Work {
    /// What comes of it.
    type Out;

    /// Does it.
    fn run(self, numbers: &impl Numbered) -> Self::Out;
}

struct Same(usize);

struct Whole<'a, T>(&'a [T]);

struct Holed<'a, T> {
    codes: &'a [T],
    valid: &'a NullBuffer,
    missing: usize,
}

impl Numbered for Same {
    fn at(&self, _: usize) -> usize {
        self.0
    }

    fn same(&self) -> Option<usize> {
        Some(self.0)
    }
}

impl<T: Copy + Into<u32> + Sync> Numbered for Whole<'_, T> {
    fn at(&self, row: usize) -> usize {
        self.0[row].into() as usize
    }
}

impl<T: Copy + Into<u32> + Sync> Numbered for Holed<'_, T> {
    fn at(&self, row: usize) -> usize {
        if self.valid.is_valid(row) { self.codes[row].into() as usize } else { self.missing }
    }
}

/// Does some work with the numbers of a column, which may not exist: rows without a value have the number of words.
pub(super) fn with_numbers<W: Work>(column: Option<&Category>, work: W) -> W::Out {
    macro_rules! run {
        ($array:expr, $missing:expr) => {
            match $array.nulls() {
                None => work.run(&Whole($array.values())),
                Some(valid) => work.run(&Holed { codes: $array.values(), valid, missing: $missing }),
            }
        };
    }
    let Some(column) = column else { return work.run(&Same(0)) };
    let missing = column.words() as usize;
    match &column.codes {
        Codes::Same { code, .. } => work.run(&Same(*code as usize)),
        Codes::U8(array) => run!(array, missing),
        Codes::U16(array) => run!(array, missing),
        Codes::U32(array) => run!(array, missing),
    }
}

/// Which of the 64 rows from this number times 64 on have a value.
pub(super) fn valid_bits(valid: &NullBuffer, number: usize) -> u64 {
    let rows = number * WORD_ROWS..((number + 1) * WORD_ROWS).min(valid.len());
    let first = valid.offset() / 8 + rows.start / 8;
    let whole = valid.validity().get(first..).and_then(<[u8]>::first_chunk::<8>);
    match whole.filter(|_| valid.offset().is_multiple_of(8) && rows.len() == WORD_ROWS) {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => rows.filter(|row| valid.is_valid(*row)).fold(0, |bits, row| bits | 1 << (row % WORD_ROWS)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_there_where_each_row_says_so() {
        let all: NullBuffer = (0..300).map(|row| row % 3 != 0 && row % 7 != 2).collect();
        for (offset, len) in [(0, 300), (8, 200), (3, 256), (64, 65)] {
            let valid = all.slice(offset, len);
            for number in 0..=len / WORD_ROWS {
                for row in number * WORD_ROWS..((number + 1) * WORD_ROWS) {
                    let is_there = row < len && valid.is_valid(row);
                    assert_eq!(valid_bits(&valid, number) >> (row % WORD_ROWS) & 1 == 1, is_there, "{offset} {len} {row}");
                }
            }
        }
    }
}

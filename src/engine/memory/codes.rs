//! Loops over the codes of a category, made once for each way in which a column keeps them; it counts nothing itself.

use arrow_array::Array as _;
use arrow_buffer::NullBuffer;

use crate::data::{Category, Codes};

/// The number of each row's value: its code, or the number that stands for "no value".
pub(super) trait Numbered: Sync {
    /// The number of a row.
    fn at(&self, row: usize) -> usize;
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

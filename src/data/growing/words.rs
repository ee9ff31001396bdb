//! A growing category: a dictionary and one code a row.

use std::ops::Range;

use arrow_array::{Array as _, UInt8Array, UInt16Array, UInt32Array};
use arrow_buffer::{NullBuffer, ScalarBuffer};

use super::{BLOCK_ROWS, Dictionary, TOGETHER};
use crate::data::Vocabulary;
use crate::data::column::{Codes, NULL_CODE};

/// A growing category.
#[derive(Clone, Debug, Default)]
pub(in crate::data) struct Words {
    pub(in crate::data) dictionary: Dictionary,
    pub(in crate::data) codes: GrowingCodes,
}

impl Words {
    /// With the words of a closed list, which have fixed codes.
    pub(in crate::data) fn of_list<V: Vocabulary>() -> Self {
        let mut words = Self::default();
        for value in V::ALL {
            words.dictionary.code(value.key(), 0);
        }
        words
    }

    pub(in crate::data) fn set(&mut self, row: usize, word: &[u8], file_row: u32) {
        let code = self.dictionary.code(word, file_row);
        self.codes.set(row, code);
    }

    /// Sets the words of rows from `first` on, one for each of these rows of the file; those without a word stay as they are. How many
    /// have one.
    pub(in crate::data) fn set_all<'a>(
        &mut self,
        first: usize,
        file_rows: &[u32],
        mut word: impl FnMut(usize) -> Option<&'a [u8]>,
    ) -> usize {
        let (mut words, mut codes): ([&[u8]; TOGETHER], _) = ([&[]; TOGETHER], [0; TOGETHER]);
        let mut filled = 0;
        for (number, file_rows) in file_rows.chunks(TOGETHER).enumerate() {
            let start = number * TOGETHER;
            let words = &mut words[..file_rows.len()];
            for (place, slot) in (start..).zip(&mut *words) {
                *slot = word(place).unwrap_or_default();
            }
            if words.iter().all(|word| !word.is_empty()) {
                let codes = &mut codes[..words.len()];
                self.dictionary.codes(words, |place| file_rows[place], codes);
                self.codes.set_all(first + start, codes);
                filled += words.len();
                continue;
            }
            for (place, word) in words.iter().enumerate().filter(|(_, word)| !word.is_empty()) {
                self.set(first + start + place, word, file_rows[place]);
                filled += 1;
            }
        }
        filled
    }
}

/// Codes in blocks.
#[derive(Clone, Debug, Default)]
pub(in crate::data) struct GrowingCodes {
    sealed: Vec<Codes>,
    open: Vec<u32>,
}

impl GrowingCodes {
    pub(in crate::data) fn len(&self) -> usize {
        self.sealed.len() * BLOCK_ROWS + self.open.len()
    }

    /// Sets the code of a row; a row that has one keeps it.
    pub(in crate::data) fn set(&mut self, row: usize, code: u32) {
        let len = self.len();
        if len < row {
            self.fill(len..row, NULL_CODE);
        }
        if len <= row {
            self.push(code);
        }
    }

    /// Sets the codes of rows from `first` on.
    fn set_all(&mut self, first: usize, codes: &[u32]) {
        if self.len() == first && self.open.len() + codes.len() <= BLOCK_ROWS {
            self.open.extend_from_slice(codes);
            self.seal_full();
        } else {
            (first..).zip(codes).for_each(|(row, code)| self.set(row, *code));
        }
    }

    /// Sets the same code for a range of rows.
    pub(in crate::data) fn fill(&mut self, rows: Range<usize>, code: u32) {
        let len = self.len();
        if len < rows.start {
            self.fill(len..rows.start, NULL_CODE);
        }
        let mut left = rows.end.saturating_sub(len.max(rows.start));
        while left > 0 {
            let room = (BLOCK_ROWS - self.open.len()).min(left);
            self.open.resize(self.open.len() + room, code);
            left -= room;
            self.seal_full();
        }
    }

    fn push(&mut self, code: u32) {
        self.open.push(code);
        self.seal_full();
    }

    fn seal_full(&mut self) {
        if self.open.len() == BLOCK_ROWS {
            self.sealed.push(narrow(&self.open));
            self.open.clear();
        }
    }

    /// Appends what the codes of `0..len` stand for, and `none` for those without one. Are there any of those?
    pub(in crate::data) fn append_mapped<T: Copy>(&self, len: usize, map: &[T], none: T, all: &mut Vec<T>) -> bool {
        let end = all.len() + len;
        let mut has_nulls = false;
        for block in &self.sealed {
            let rows = (end - all.len()).min(BLOCK_ROWS);
            macro_rules! append {
                ($array:expr) => {{
                    let values = $array.values()[..rows].iter().map(|code| map[*code as usize]);
                    match $array.nulls() {
                        None => all.extend(values),
                        Some(nulls) => {
                            all.extend(values.zip(nulls).map(|(value, is_valid)| if is_valid { value } else { none }));
                            has_nulls |= nulls.slice(0, rows).null_count() > 0;
                        }
                    }
                }};
            }
            match block {
                Codes::Same { code, .. } => all.resize(all.len() + rows, map[*code as usize]),
                Codes::U8(array) => append!(array),
                Codes::U16(array) => append!(array),
                Codes::U32(array) => append!(array),
            }
        }
        let open = &self.open[..self.open.len().min(end - all.len())];
        all.extend(open.iter().map(|code| if *code == NULL_CODE { none } else { map[*code as usize] }));
        has_nulls |= open.contains(&NULL_CODE) || all.len() < end;
        all.resize(end, none);
        has_nulls
    }

    /// Hands the codes of `0..len` to `take` in order.
    pub(in crate::data) fn for_each(&self, len: usize, mut take: impl FnMut(u32)) {
        let mut left = len;
        for block in &self.sealed {
            let rows = left.min(BLOCK_ROWS);
            block.for_each(0..rows, |_, code| take(code.unwrap_or(NULL_CODE)));
            left -= rows;
        }
        let rows = left.min(self.open.len());
        self.open[..rows].iter().copied().for_each(&mut take);
        (rows..left).for_each(|_| take(NULL_CODE));
    }

    /// Has any row a code?
    pub(in crate::data) fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A block of codes, as narrow as they are.
fn narrow(codes: &[u32]) -> Codes {
    let most = codes.iter().copied().filter(|code| *code != NULL_CODE).max().unwrap_or(0);
    Codes::narrow(codes, most)
}

impl Codes {
    /// As narrow as the largest code allows.
    pub(in crate::data) fn narrow(codes: &[u32], most: u32) -> Self {
        let first = codes.first().copied().filter(|first| *first != NULL_CODE);
        if let Some(code) = first.filter(|first| codes.iter().all(|code| code == first)) {
            return Self::Same { code, len: codes.len() };
        }
        let nulls = codes.contains(&NULL_CODE).then(|| codes.iter().map(|code| *code != NULL_CODE).collect::<NullBuffer>());
        let value = |code: &u32| if *code == NULL_CODE { 0 } else { *code };
        if u8::try_from(most).is_ok() {
            Self::U8(UInt8Array::new(codes.iter().map(|code| value(code) as u8).collect::<ScalarBuffer<u8>>(), nulls))
        } else if u16::try_from(most).is_ok() {
            Self::U16(UInt16Array::new(codes.iter().map(|code| value(code) as u16).collect::<ScalarBuffer<u16>>(), nulls))
        } else {
            Self::U32(UInt32Array::new(codes.iter().map(value).collect::<ScalarBuffer<u32>>(), nulls))
        }
    }
}

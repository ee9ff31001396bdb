//! Words by code: one dictionary a column, codes as narrow as it allows.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array as _, StringArray, UInt8Array, UInt16Array, UInt32Array};

/// The codes of a category, as narrow as its dictionary allows.
#[derive(Clone, Debug)]
pub enum Codes {
    /// Every record has the same word: nothing a record.
    Same {
        /// Its code.
        code: u32,
        /// Number of records.
        len: usize,
    },
    /// Up to 256 values: 1 byte a record.
    U8(UInt8Array),
    /// Up to 65,536 values: 2 bytes a record.
    U16(UInt16Array),
    /// More: 4 bytes a record.
    U32(UInt32Array),
}

/// Words by code.
#[derive(Clone, Debug)]
pub struct Category {
    /// One code a record.
    pub codes: Codes,
    /// The word of each code.
    pub values: Arc<StringArray>,
}

/// Stands for "no value" while codes are collected.
pub(in crate::data) const NULL_CODE: u32 = u32::MAX;

impl Category {
    /// From one optional code a record, narrowed to what the dictionary needs.
    pub fn new(codes: &[u32], values: StringArray) -> Self {
        let count = values.len();
        let nullable = |code: &u32| (*code != NULL_CODE).then_some(*code);
        let same = codes.first().copied().filter(|first| *first != NULL_CODE && codes.iter().all(|code| code == first));
        let codes = if let Some(code) = same {
            Codes::Same { code, len: codes.len() }
        } else if count <= 1 << 8 {
            Codes::U8(codes.iter().map(|code| nullable(code).map(|code| code as u8)).collect())
        } else if count <= 1 << 16 {
            Codes::U16(codes.iter().map(|code| nullable(code).map(|code| code as u16)).collect())
        } else {
            Codes::U32(codes.iter().map(nullable).collect())
        };
        Self { codes, values: Arc::new(values) }
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        match &self.codes {
            Codes::Same { len, .. } => *len,
            Codes::U8(codes) => codes.len(),
            Codes::U16(codes) => codes.len(),
            Codes::U32(codes) => codes.len(),
        }
    }

    /// Are there no records?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many records have no value.
    pub fn nulls(&self) -> usize {
        match &self.codes {
            Codes::Same { .. } => 0,
            Codes::U8(codes) => codes.null_count(),
            Codes::U16(codes) => codes.null_count(),
            Codes::U32(codes) => codes.null_count(),
        }
    }

    /// How many words the dictionary has.
    pub fn words(&self) -> u32 {
        self.values.len() as u32
    }

    /// The code of a row; `None` when it has no value.
    pub fn code(&self, row: usize) -> Option<u32> {
        match &self.codes {
            Codes::Same { code, len } => (row < *len).then_some(*code),
            Codes::U8(codes) => codes.is_valid(row).then(|| u32::from(codes.value(row))),
            Codes::U16(codes) => codes.is_valid(row).then(|| u32::from(codes.value(row))),
            Codes::U32(codes) => codes.is_valid(row).then(|| codes.value(row)),
        }
    }

    /// Visits the codes of a range of rows without asking each time how wide they are.
    pub fn for_each_code(&self, rows: Range<usize>, mut visit: impl FnMut(usize, Option<u32>)) {
        macro_rules! visit_all {
            ($array:expr) => {{
                let values = $array.values();
                match $array.nulls() {
                    None => rows.for_each(|row| visit(row, Some(u32::from(values[row])))),
                    Some(nulls) => rows.for_each(|row| visit(row, nulls.is_valid(row).then(|| u32::from(values[row])))),
                }
            }};
        }
        match &self.codes {
            Codes::Same { code, .. } => rows.for_each(|row| visit(row, Some(*code))),
            Codes::U8(array) => visit_all!(array),
            Codes::U16(array) => visit_all!(array),
            Codes::U32(array) => visit_all!(array),
        }
    }

    /// The word of a row.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.code(row).map(|code| self.values.value(code as usize))
    }

    /// The word of a code.
    pub fn value(&self, code: u32) -> &str {
        if (code as usize) < self.values.len() { self.values.value(code as usize) } else { "" }
    }

    /// The code of a word, exactly as it stands.
    pub fn code_of(&self, word: &str) -> Option<u32> {
        (0..self.values.len()).find(|code| self.values.value(*code) == word).map(|code| code as u32)
    }
}

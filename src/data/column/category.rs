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

impl Codes {
    /// Number of records.
    pub fn len(&self) -> usize {
        match self {
            Self::Same { len, .. } => *len,
            Self::U8(codes) => codes.len(),
            Self::U16(codes) => codes.len(),
            Self::U32(codes) => codes.len(),
        }
    }

    /// Are there no records?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many records have no code.
    pub fn nulls(&self) -> usize {
        match self {
            Self::Same { .. } => 0,
            Self::U8(codes) => codes.null_count(),
            Self::U16(codes) => codes.null_count(),
            Self::U32(codes) => codes.null_count(),
        }
    }

    /// The code of a row; `None` when it has none.
    pub fn code(&self, row: usize) -> Option<u32> {
        match self {
            Self::Same { code, len } => (row < *len).then_some(*code),
            Self::U8(codes) => codes.is_valid(row).then(|| u32::from(codes.value(row))),
            Self::U16(codes) => codes.is_valid(row).then(|| u32::from(codes.value(row))),
            Self::U32(codes) => codes.is_valid(row).then(|| codes.value(row)),
        }
    }

    /// Visits the codes of a range of rows without asking each time how wide they are.
    pub fn for_each(&self, rows: Range<usize>, mut visit: impl FnMut(usize, Option<u32>)) {
        macro_rules! visit_all {
            ($array:expr) => {{
                let values = $array.values();
                match $array.nulls() {
                    None => rows.for_each(|row| visit(row, Some(u32::from(values[row])))),
                    Some(nulls) => rows.for_each(|row| visit(row, nulls.is_valid(row).then(|| u32::from(values[row])))),
                }
            }};
        }
        match self {
            Self::Same { code, .. } => rows.for_each(|row| visit(row, Some(*code))),
            Self::U8(array) => visit_all!(array),
            Self::U16(array) => visit_all!(array),
            Self::U32(array) => visit_all!(array),
        }
    }
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
        let most = (values.len() as u32).saturating_sub(1);
        Self { codes: Codes::narrow(codes, most), values: Arc::new(values) }
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Are there no records?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many records have no value.
    pub fn nulls(&self) -> usize {
        self.codes.nulls()
    }

    /// How many words the dictionary has.
    pub fn words(&self) -> u32 {
        self.values.len() as u32
    }

    /// The code of a row; `None` when it has no value.
    pub fn code(&self, row: usize) -> Option<u32> {
        self.codes.code(row)
    }

    /// Visits the codes of a range of rows without asking each time how wide they are.
    pub fn for_each_code(&self, rows: Range<usize>, visit: impl FnMut(usize, Option<u32>)) {
        self.codes.for_each(rows, visit);
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

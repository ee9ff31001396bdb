//! Columns: dictionary-coded categories, text in shared buffers, narrow numbers, dates. All by row, all nullable.

use std::sync::Arc;

use arrow_array::{Array as _, Float64Array, Int32Array, LargeStringArray, StringArray, UInt8Array, UInt16Array, UInt32Array};
use arrow_buffer::{NullBuffer, ScalarBuffer};

use crate::time::{Flags, Precision, Span, Time, When};

/// A column of one kind or another.
#[derive(Clone, Debug)]
pub enum Column {
    /// Dictionary codes.
    Category(Category),
    /// Free text.
    Text(Text),
    /// Numbers.
    Number(Number),
    /// Dates.
    Dates(Dates),
}

impl Column {
    /// Has the row no value?
    pub fn is_null(&self, row: usize) -> bool {
        match self {
            Self::Category(column) => column.code(row).is_none(),
            Self::Text(column) => column.get(row).is_none(),
            Self::Number(column) => column.get(row).is_none(),
            Self::Dates(column) => column.when(row).is_none(),
        }
    }
}

/// The codes of a category, as narrow as its dictionary allows.
#[derive(Clone, Debug)]
pub enum Codes {
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

impl Category {
    /// From one optional code a record, narrowed to what the dictionary needs.
    pub fn new(codes: &[u32], values: StringArray) -> Self {
        let count = values.len();
        let nullable = |code: &u32| (*code != NULL_CODE).then_some(*code);
        let codes = if count <= 1 << 8 {
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
            Codes::U8(codes) => codes.len(),
            Codes::U16(codes) => codes.len(),
            Codes::U32(codes) => codes.len(),
        }
    }

    /// Are there no records?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code of a row; `None` when it has no value.
    pub fn code(&self, row: usize) -> Option<u32> {
        match &self.codes {
            Codes::U8(codes) => codes.is_valid(row).then(|| u32::from(codes.value(row))),
            Codes::U16(codes) => codes.is_valid(row).then(|| u32::from(codes.value(row))),
            Codes::U32(codes) => codes.is_valid(row).then(|| codes.value(row)),
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

/// Stands for "no value" while codes are collected.
pub(super) const NULL_CODE: u32 = u32::MAX;

/// Free text in one shared buffer.
#[derive(Clone, Debug)]
pub struct Text(pub LargeStringArray);

impl Text {
    /// The text of a row.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.0.is_valid(row).then(|| self.0.value(row))
    }
}

/// Numbers, as narrow as they allow without loss.
#[derive(Clone, Debug)]
pub enum Number {
    /// Whole numbers of 32 bits: 4 bytes a record.
    I32(Int32Array),
    /// Anything else: 8 bytes a record.
    F64(Float64Array),
}

impl Number {
    /// From one optional number a record; NaN means none.
    pub fn new(numbers: &[f64]) -> Self {
        let whole = numbers
            .iter()
            .all(|n| n.is_nan() || (n.fract() == 0.0 && n.abs() < f64::from(i32::MAX) && !(*n == 0.0 && n.is_sign_negative())));
        if whole {
            Self::I32(numbers.iter().map(|n| (!n.is_nan()).then_some(*n as i32)).collect())
        } else {
            Self::F64(numbers.iter().map(|n| (!n.is_nan()).then_some(*n)).collect())
        }
    }

    /// The number of a row.
    pub fn get(&self, row: usize) -> Option<f64> {
        match self {
            Self::I32(array) => array.is_valid(row).then(|| f64::from(array.value(row))),
            Self::F64(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }
}

/// Dates: spans, how finely they were written, their marks, and the text where the span does not say it all.
#[derive(Clone, Debug)]
pub struct Dates {
    starts: ScalarBuffer<i64>,
    ends: ScalarBuffer<i64>,
    precisions: ScalarBuffer<u8>,
    flags: ScalarBuffer<u8>,
    valid: Option<NullBuffer>,
    texts: Option<Category>,
}

impl Dates {
    /// From one optional date a record and the texts to keep.
    pub fn new(whens: &[Option<When>], texts: Option<Category>) -> Self {
        let pick = |f: fn(&When) -> i64| whens.iter().map(|when| when.as_ref().map_or(0, f)).collect::<Vec<i64>>().into();
        let byte = |f: fn(&When) -> u8| whens.iter().map(|when| when.as_ref().map_or(0, f)).collect::<Vec<u8>>().into();
        let valid: NullBuffer = whens.iter().map(Option::is_some).collect::<Vec<bool>>().into();
        Self {
            starts: pick(|when| when.span.start.0),
            ends: pick(|when| when.span.end.0),
            precisions: byte(|when| when.precision as u8),
            flags: byte(|when| when.flags.0),
            valid: (valid.null_count() > 0).then_some(valid),
            texts,
        }
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Are there no records?
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    fn is_valid(&self, row: usize) -> bool {
        self.valid.as_ref().is_none_or(|valid| valid.is_valid(row))
    }

    /// The span of a row; `None` when it is undated.
    pub fn span(&self, row: usize) -> Option<Span> {
        self.is_valid(row).then(|| Span::new(Time(self.starts[row]), Time(self.ends[row])))
    }

    /// The date of a row; `None` when it is undated.
    pub fn when(&self, row: usize) -> Option<When> {
        self.span(row).map(|span| When { span, precision: Precision::from_code(self.precisions[row]), flags: Flags(self.flags[row]) })
    }

    /// The text that was kept: where the date could not be read, or says more than its span.
    pub fn kept_text(&self, row: usize) -> Option<&str> {
        self.texts.as_ref().and_then(|texts| texts.get(row))
    }

    /// The smallest span that holds every bounded end.
    pub fn extent(&self) -> Option<Span> {
        let mut extent: Option<Span> = None;
        for span in (0..self.len()).filter_map(|row| self.span(row)) {
            let start = if span.start.is_bounded() { span.start } else { span.end };
            let end = if span.end.is_bounded() { span.end } else { span.start };
            if start.is_bounded() && end.is_bounded() {
                let bounded = Span::new(start, end);
                extent = Some(extent.map_or(bounded, |extent| extent.hull(bounded)));
            }
        }
        extent
    }
}

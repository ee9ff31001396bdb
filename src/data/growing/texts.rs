//! Growing text in pieces: a full piece is never moved again.

use arrow_array::BinaryArray;
use arrow_array::builder::BinaryBuilder;

/// How large a piece grows: large enough that there are few, small enough that the space left in the last one is little.
const PART_BYTES: usize = if cfg!(test) { 64 } else { 8 << 20 };

/// Growing text.
#[derive(Debug, Default)]
pub(in crate::data) struct Texts {
    sealed: Vec<BinaryArray>,
    sealed_rows: usize,
    open: BinaryBuilder,
}

impl Clone for Texts {
    fn clone(&self) -> Self {
        let sealed = self.parts(self.len());
        Self { sealed, sealed_rows: self.len(), open: BinaryBuilder::new() }
    }
}

impl Texts {
    pub(in crate::data) fn len(&self) -> usize {
        self.sealed_rows + arrow_array::builder::ArrayBuilder::len(&self.open)
    }

    pub(in crate::data) fn set(&mut self, row: usize, text: &str) {
        let len = self.len();
        if len > row {
            // A row that has a text keeps it.
            return;
        }
        if len < row {
            self.open.append_nulls(row - len);
        }
        if self.open.values_slice().len() + text.len() > PART_BYTES {
            self.seal();
        }
        self.open.append_value(text);
    }

    fn seal(&mut self) {
        let rows = arrow_array::builder::ArrayBuilder::len(&self.open);
        if rows > 0 {
            let next = BinaryBuilder::with_capacity(rows + rows / 8, PART_BYTES);
            self.sealed.push(std::mem::replace(&mut self.open, next).finish());
            self.sealed_rows += rows;
        }
    }

    /// The pieces, filled up to `len` rows.
    pub(in crate::data) fn parts(&self, len: usize) -> Vec<BinaryArray> {
        let mut parts = self.sealed.clone();
        let open = self.open.finish_cloned();
        if arrow_array::Array::len(&open) > 0 {
            parts.push(open);
        }
        if len > self.len() {
            parts.push(BinaryArray::new_null(len - self.len()));
        }
        parts
    }

    /// Visits every text of `0..len`.
    pub(in crate::data) fn for_each(&self, len: usize, mut visit: impl FnMut(Option<&str>)) {
        for part in self.parts(len) {
            part.iter().for_each(|text| visit(text.and_then(|text| std::str::from_utf8(text).ok())));
        }
    }
}

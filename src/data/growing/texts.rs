//! Growing text in pieces: a full piece is never moved again.

use arrow_array::{Array as _, BinaryArray};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};

/// How large the first piece grows, how much larger each next one, and how large they become: small files take little room, and
/// large ones have few pieces.
const PART_BYTES_FIRST: usize = if cfg!(test) { 64 } else { 64 << 10 };
const PART_GROWTH: usize = 8;
const PART_BYTES: usize = if cfg!(test) { 256 } else { 32 << 20 };

/// How much memory is fetched ahead at once: the system gives it page by page.
const PAGE_BYTES: usize = 4 << 10;

/// Growing text.
#[derive(Debug, Default)]
pub(in crate::data) struct Texts {
    sealed: Vec<BinaryArray>,
    sealed_rows: usize,
    /// Of a fixed capacity, so that it is never moved.
    bytes: Vec<u8>,
    /// How far memory was fetched for them.
    fetched: usize,
    /// Where each text starts and, behind the last one, where that ends; empty without texts.
    offsets: Vec<i32>,
    /// Has each row a text? Empty while all have.
    valid: Vec<bool>,
}

impl Clone for Texts {
    fn clone(&self) -> Self {
        Self { sealed: self.parts(self.len()), sealed_rows: self.len(), ..Self::default() }
    }
}

impl Texts {
    pub(in crate::data) fn len(&self) -> usize {
        self.sealed_rows + self.open_rows()
    }

    fn open_rows(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Sets the text of a row; a row that has one keeps it.
    pub(in crate::data) fn set(&mut self, row: usize, text: &[u8]) {
        debug_assert!(std::str::from_utf8(text).is_ok());
        let len = self.len();
        if len > row {
            return;
        }
        if self.bytes.capacity() - self.bytes.len() < text.len() {
            self.seal(text.len());
        }
        if self.offsets.is_empty() {
            self.offsets.push(0);
        }
        if len < row {
            self.set_nulls(row - len);
        }
        self.bytes.extend_from_slice(text);
        self.offsets.push(self.bytes.len() as i32);
        if !self.valid.is_empty() {
            self.valid.push(true);
        }
    }

    fn set_nulls(&mut self, rows: usize) {
        let end = self.bytes.len() as i32;
        self.valid.resize(self.open_rows(), true);
        self.offsets.resize(self.offsets.len() + rows, end);
        self.valid.resize(self.open_rows(), false);
    }

    /// Begins a new piece with room for a text of this length.
    fn seal(&mut self, text_bytes: usize) {
        let next = (self.bytes.len() * PART_GROWTH).clamp(PART_BYTES_FIRST, PART_BYTES).max(text_bytes);
        self.close();
        self.bytes.reserve_exact(next);
    }

    /// Ends the piece under way; its text stays where it is, and the rest of its memory is given back.
    pub(in crate::data) fn close(&mut self) {
        let rows = self.open_rows();
        let (mut bytes, mut offsets) = (std::mem::take(&mut self.bytes), std::mem::take(&mut self.offsets));
        self.fetched = 0;
        if rows > 0 {
            bytes.shrink_to_fit();
            offsets.shrink_to_fit();
            self.sealed.push(piece(offsets, Buffer::from(bytes), &self.valid));
            self.sealed_rows += rows;
            self.valid.clear();
        }
    }

    /// Has the piece under way any memory?
    pub(in crate::data) fn has_room(&self) -> bool {
        self.bytes.capacity() > 0
    }

    /// Fetches a page of the memory that the next texts will take: the first to write there waits for the system. `false` when `most`
    /// bytes are there, or all that the piece under way has.
    pub(in crate::data) fn fetch_ahead(&mut self, most: usize) -> bool {
        let filled = self.bytes.len();
        let ahead = self.fetched.saturating_sub(filled);
        match self.bytes.spare_capacity_mut().get_mut(ahead) {
            Some(byte) if ahead < most => {
                byte.write(0);
                self.fetched = filled + ahead + PAGE_BYTES;
                true
            }
            _ => false,
        }
    }

    /// The pieces, filled up to `len` rows.
    pub(in crate::data) fn parts(&self, len: usize) -> Vec<BinaryArray> {
        let mut parts = self.sealed.clone();
        if self.open_rows() > 0 {
            parts.push(piece(self.offsets.clone(), Buffer::from(self.bytes.as_slice()), &self.valid));
        }
        if len > self.len() {
            parts.push(BinaryArray::new_null(len - self.len()));
        }
        parts
    }

    /// Visits every text of `0..len`.
    pub(in crate::data) fn for_each(&self, len: usize, mut visit: impl FnMut(Option<&str>)) {
        for part in self.parts(len) {
            (0..part.len()).for_each(|row| visit(part.is_valid(row).then(|| std::str::from_utf8(part.value(row)).unwrap_or_default())));
        }
    }
}

fn piece(offsets: Vec<i32>, bytes: Buffer, valid: &[bool]) -> BinaryArray {
    let nulls = (!valid.is_empty()).then(|| NullBuffer::from(valid));
    BinaryArray::new(OffsetBuffer::new(ScalarBuffer::from(offsets)), bytes, nulls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_where_they_were_put_however_many_pieces_there_are() {
        let mut texts = Texts::default();
        let given: Vec<Option<String>> =
            (0..200).map(|row| (row % 7 != 3).then(|| format!("text {row} {}", "x".repeat(row % 90)))).collect();
        for (row, text) in given.iter().enumerate() {
            if let Some(text) = text {
                texts.set(row, text.as_bytes());
                texts.set(row, b"once more");
            }
            while texts.fetch_ahead(PAGE_BYTES) {}
            if row % 50 == 49 {
                texts.close();
            }
        }
        assert!(texts.parts(200).len() > 3);
        let mut kept = Vec::new();
        texts.for_each(202, |text| kept.push(text.map(str::to_owned)));
        assert_eq!(kept[..200], given);
        assert_eq!(kept[200..], [None, None]);
        let mut again = Vec::new();
        texts.clone().for_each(202, |text| again.push(text.map(str::to_owned)));
        assert_eq!(again, kept);
    }
}

//! Free text, left in the order and in the pieces in which the file was read: sorting records moves no text.

use std::ops::Range;

use arrow_array::builder::BinaryBuilder;
use arrow_array::{Array as _, BinaryArray};
use arrow_buffer::ScalarBuffer;

/// The most bytes of one piece: offsets in it are 32 bits wide.
const PART_BYTES_MAX: usize = 1 << 30;

/// Free text. It stands in pieces in the order of the file; a table that all text columns of a dataset share
/// leads from a row to its place there.
///
/// The pieces hold bytes: they are checked to be UTF-8 when they are looked at, so that a piece that is mapped from a file costs nothing
/// before, and a damaged one is never more than a missing text.
#[derive(Clone, Debug)]
pub struct Text {
    order: Option<ScalarBuffer<u32>>,
    parts: Vec<BinaryArray>,
    /// The place of the first text of each piece, and the number of all at the end.
    firsts: Vec<usize>,
}

/// Some texts side by side in one buffer.
#[derive(Clone, Copy, Debug)]
pub struct TextSlice<'a> {
    /// Where each text starts in the bytes, and where the last one ends.
    pub offsets: &'a [i32],
    /// The bytes of the piece.
    pub bytes: &'a [u8],
    array: &'a BinaryArray,
    first: usize,
}

impl<'a> TextSlice<'a> {
    /// How many texts.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A text; `None` when the record has none.
    pub fn get(&self, index: usize) -> Option<&'a str> {
        text_at(self.array, self.first + index)
    }

    /// The bytes of a text, which nobody has looked at; `None` when the record has none.
    pub fn bytes_of(&self, index: usize) -> Option<&'a [u8]> {
        let index = self.first + index;
        self.array.is_valid(index).then(|| self.array.value(index))
    }
}

impl Text {
    /// From pieces in the order of the file and, where records stand otherwise, the place of each row.
    pub fn new(parts: Vec<BinaryArray>, order: Option<ScalarBuffer<u32>>) -> Self {
        let mut firsts = Vec::with_capacity(parts.len() + 1);
        let mut first = 0;
        for part in &parts {
            firsts.push(first);
            first += part.len();
        }
        firsts.push(first);
        Self { order, parts, firsts }
    }

    /// From one optional text a row, in the order of rows.
    pub fn from_rows<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> Self {
        let mut parts = Vec::new();
        let mut builder = BinaryBuilder::new();
        for text in texts {
            if builder.values_slice().len() + text.map_or(0, str::len) > PART_BYTES_MAX {
                parts.push(builder.finish());
            }
            builder.append_option(text);
        }
        parts.push(builder.finish());
        Self::new(parts, None)
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.firsts.last().copied().unwrap_or(0)
    }

    /// Are there no records?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many records have no text.
    pub fn nulls(&self) -> usize {
        self.parts.iter().map(arrow_array::Array::null_count).sum()
    }

    /// How many bytes all texts have together.
    pub fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.value_data().len()).sum()
    }

    /// The pieces, in the order of the file.
    pub fn parts(&self) -> &[BinaryArray] {
        &self.parts
    }

    /// Does a row stand elsewhere in the file than among the records?
    pub fn is_reordered(&self) -> bool {
        self.order.is_some()
    }

    /// Where the text of a row stands in the order of the file.
    pub fn place(&self, row: usize) -> usize {
        self.order.as_ref().map_or(row, |order| order[row] as usize)
    }

    /// The text of a row.
    pub fn get(&self, row: usize) -> Option<&str> {
        let place = match &self.order {
            Some(order) => *order.get(row)? as usize,
            None => row,
        };
        let part = self.part_of(place);
        let array = self.parts.get(part)?;
        let index = place - self.firsts[part];
        if index < array.len() { text_at(array, index) } else { None }
    }

    /// The piece of a place.
    fn part_of(&self, place: usize) -> usize {
        if self.parts.len() == 1 { 0 } else { self.firsts.partition_point(|first| *first <= place).saturating_sub(1) }
    }

    /// The texts of a range of places, in the order of the file, with the place of the first text of each slice.
    pub fn slices(&self, places: Range<usize>) -> impl Iterator<Item = (usize, TextSlice<'_>)> {
        let start = self.part_of(places.start);
        (start..self.parts.len()).take_while(move |part| self.firsts[*part] < places.end).filter_map(move |part| {
            let array = &self.parts[part];
            let first = places.start.max(self.firsts[part]) - self.firsts[part];
            let last = places.end.min(self.firsts[part + 1]).checked_sub(self.firsts[part]).filter(|last| *last > first)?;
            let slice = TextSlice { offsets: &array.value_offsets()[first..=last], bytes: array.value_data(), array, first };
            Some((self.firsts[part] + first, slice))
        })
    }
}

fn text_at(array: &BinaryArray, index: usize) -> Option<&str> {
    if array.is_valid(index) { std::str::from_utf8(array.value(index)).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(texts: &[Option<&str>]) -> BinaryArray {
        texts.iter().map(|text| text.map(str::as_bytes)).collect()
    }

    #[test]
    fn rows_lead_to_texts_in_the_order_of_the_file() {
        let parts = vec![part(&[Some("a"), None]), part(&[Some("c")]), part(&[Some("d"), Some("e")])];
        let text = Text::new(parts, Some(vec![4, 0, 1, 2, 3].into()));
        let rows: Vec<Option<&str>> = (0..6).map(|row| text.get(row)).collect();
        assert_eq!(rows, [Some("e"), Some("a"), None, Some("c"), Some("d"), None]);
        assert_eq!((text.len(), text.nulls(), text.bytes()), (5, 1, 4));
        let slices: Vec<(usize, Vec<Option<&str>>)> =
            text.slices(1..4).map(|(first, slice)| (first, (0..slice.len()).map(|index| slice.get(index)).collect())).collect();
        assert_eq!(slices, [(1, vec![None]), (2, vec![Some("c")]), (3, vec![Some("d")])]);
    }
}

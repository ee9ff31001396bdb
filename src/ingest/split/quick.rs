//! Finds rows in text whose quotes stand as they should, without looking at quotes one by one; it gives up where one stands oddly.
//!
//! Whether a byte is quoted is the parity of the quotes before it, 64 bytes at a time (Langdale and Lemire, "Parsing gigabytes of JSON
//! per second", 2019). That is right as long as every quote that opens stands at the beginning of a cell or doubles the one before it.

use wide::u8x16;

use super::batch::{Cell, RowStart, State};
use super::{COLUMNS_MAX, Mark};

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// What was found beside cells and rows.
pub(super) struct Found {
    /// How far the rows reach, and the line behind them.
    pub(super) end: usize,
    pub(super) line: u64,
    pub(super) blank_lines: u64,
    /// Cells whose quotes were taken out, which belong behind the text.
    pub(super) tail: Vec<u8>,
}

/// Finds the whole rows of a text that starts on a line; `None` where a quote stands oddly. Cells and rows are then to be forgotten.
pub(super) fn rows(delimiter: u8, text: &[u8], line: u64, cells: &mut Vec<(u32, u32)>, rows: &mut Vec<Mark>) -> Option<Found> {
    let mut walk = Walk {
        text,
        cells,
        rows,
        row: RowStart { at: 0, line, cell: 0, tail: 0 },
        cell: 0,
        given: 0,
        doubled: 0,
        blank_lines: 0,
        tail: Vec::new(),
    };
    if delimiter == b'"' {
        return None;
    }
    let needles = [b'"', delimiter, b'\n'].map(u8x16::splat);
    let mut quotes = Quotes { is_open: 0, may_open: 1, closed: 0 };
    let mut lines = line;
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    for index in 0..=blocks.len() {
        let [quote, delimiter, newline] = match blocks.get(index) {
            Some(block) => bits(needles, block),
            // The padding is no text, even where the delimiter is a zero.
            None => bits(needles, &last).map(|bits| bits & ((1 << rest.len()) - 1)),
        };
        let (ends, doubled) = quotes.look(quote, delimiter | newline)?;
        walk.take(index * BLOCK, ends, doubled, (lines, newline));
        if newline != 0 {
            lines += u64::from(newline.count_ones());
        }
    }
    let Walk { row, mut tail, blank_lines, .. } = walk;
    cells.truncate(row.cell);
    tail.truncate(row.tail);
    Some(Found { end: row.at, line: row.line, blank_lines, tail })
}

/// Where each of the needles is, as bits.
fn bits(needles: [u8x16; 3], block: &[u8; BLOCK]) -> [u64; 3] {
    let mut bits = [0; 3];
    for (place, chunk) in block.as_chunks::<16>().0.iter().enumerate() {
        let text = u8x16::from(*chunk);
        for (bits, needle) in bits.iter_mut().zip(needles) {
            *bits |= u64::from(text.simd_eq(needle).to_bitmask()) << (place * 16);
        }
    }
    bits
}

/// What the next block must know of the quotes before it.
struct Quotes {
    /// All ones inside of quotes.
    is_open: u64,
    /// One where a quote at the beginning of the block may open.
    may_open: u64,
    /// One where the byte before the block is a quote that closes.
    closed: u64,
}

impl Quotes {
    /// The ends of cells among delimiters and line ends, and the second ones of doubled quotes; `None` where a quote stands oddly.
    fn look(&mut self, quotes: u64, ends: u64) -> Option<(u64, u64)> {
        if quotes == 0 {
            let ends = ends & !self.is_open;
            (self.may_open, self.closed) = (ends >> 63, 0);
            return Some((ends, 0));
        }
        // Every bit becomes the parity of itself and those below it.
        let mut inside = quotes;
        for step in [1, 2, 4, 8, 16, 32] {
            inside ^= inside << step;
        }
        inside ^= self.is_open;
        let (opening, closing, ends) = (quotes & inside, quotes & !inside, ends & !inside);
        let behind_end = ends << 1 | self.may_open;
        let behind_quote = closing << 1 | self.closed;
        if opening & !(behind_end | behind_quote) != 0 {
            return None;
        }
        self.is_open = ((inside as i64) >> 63) as u64;
        (self.may_open, self.closed) = (ends >> 63, closing >> 63);
        Some((ends, opening & behind_quote))
    }
}

struct Walk<'a> {
    text: &'a [u8],
    cells: &'a mut Vec<(u32, u32)>,
    rows: &'a mut Vec<Mark>,
    row: RowStart,
    /// Where the cell under way starts.
    cell: usize,
    /// How many cells the row has so far.
    given: u32,
    /// Where the last doubled quote is; 0 before the first.
    doubled: usize,
    blank_lines: u64,
    tail: Vec<u8>,
}

impl Walk<'_> {
    /// Takes the ends of cells of a block. `lines` are the line at its beginning and its newlines, those inside of quotes among them.
    #[inline]
    fn take(&mut self, base: usize, ends: u64, doubled: u64, lines: (u64, u64)) {
        let mut bits = ends;
        while bits != 0 {
            let place = bits.trailing_zeros();
            bits &= bits - 1;
            if doubled != 0 {
                self.note_doubled(base, doubled & !(u64::MAX << place));
            }
            let mark = base + place as usize;
            if self.text[mark] == b'\n' {
                let passed = lines.1 & !(u64::MAX << place);
                self.end_row(mark, lines.0 + u64::from(passed.count_ones()) + 1);
            } else {
                self.end_cell(mark);
            }
            self.cell = mark + 1;
        }
        if doubled != 0 {
            self.note_doubled(base, doubled);
        }
    }

    /// Keeps the last of some doubled quotes.
    fn note_doubled(&mut self, base: usize, doubled: u64) {
        if doubled != 0 {
            self.doubled = base + 63 - doubled.leading_zeros() as usize;
        }
    }

    #[inline]
    fn end_cell(&mut self, end: usize) {
        if self.given < COLUMNS_MAX as u32 {
            let start = self.cell;
            let range = if self.text[start] != b'"' {
                (start as u32, end as u32)
            } else if end - start > 1 && self.text[end - 1] == b'"' && self.doubled < start {
                (start as u32 + 1, end as u32 - 1)
            } else {
                self.odd_range(end)
            };
            self.cells.push(range);
        }
        self.given += 1;
    }

    /// A cell with doubled quotes, or with text behind the one that closes: the last one in it.
    #[cold]
    fn odd_range(&mut self, end: usize) -> (u32, u32) {
        let quote = memchr::memrchr(b'"', &self.text[self.cell..end]).map_or(end, |place| self.cell + place);
        let cell = Cell { at: self.cell, state: State::Closed, quote, has_doubled: self.doubled > self.cell };
        cell.range(self.text, end, &mut self.tail)
    }

    fn end_row(&mut self, mark: usize, next_line: u64) {
        let is_after_return = mark > self.cell && self.text[mark - 1] == b'\r';
        let end = mark - usize::from(is_after_return);
        if self.given == 0 && end == self.cell {
            self.blank_lines += 1;
        } else {
            self.end_cell(end);
            self.rows.push(Mark { line: self.row.line, first_cell: self.row.cell as u32, cells: self.given });
        }
        self.row = RowStart { at: mark + 1, line: next_line, cell: self.cells.len(), tail: self.tail.len() };
        self.given = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::batch::Batch;
    use super::super::{Dialect, Record, Splitter};
    use super::*;

    /// A cell as tables are written: in quotes, with its own ones doubled, where it must be or where somebody liked it so.
    fn written(cell: &str, is_quoted: bool) -> String {
        let must_be = cell.contains([',', '"', '\n', '\r']);
        if must_be || is_quoted { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
    }

    fn cell() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => "[a-z]{1,9}", 2 => Just("\"".to_owned()), 2 => Just(",".to_owned()), 1 => Just("\n".to_owned()), 1 => Just("\r\n".to_owned()),
            1 => Just("é".to_owned()), 1 => "[a-z ]{50,80}",
        ];
        (proptest::collection::vec(piece, 0..4), any::<bool>()).prop_map(|(pieces, is_quoted)| written(&pieces.concat(), is_quoted))
    }

    proptest! {
        #[test]
        fn tables_as_they_are_written_never_go_the_careful_way_and_have_the_rows_of_the_slow_one(
            table in proptest::collection::vec(proptest::collection::vec(cell(), 1..6), 0..20),
            line_end in prop_oneof![Just("\n"), Just("\r\n")],
        ) {
            let text: String = table.iter().map(|row| row.join(",") + line_end).collect();
            let (mut cells, mut marks) = (Vec::new(), Vec::new());
            let found = rows(b',', text.as_bytes(), 1, &mut cells, &mut marks);
            prop_assert_eq!(found.map(|found| found.end), Some(text.len()));
            let mut splitter = Splitter::new(text.as_bytes(), Dialect { delimiter: b',', is_cr_only: false });
            let (mut record, mut slow) = (Record::default(), Vec::new());
            while splitter.next(&mut record)? {
                slow.push(format!("{record:?}"));
            }
            let mut splitter = Splitter::new(text.as_bytes(), Dialect { delimiter: b',', is_cr_only: false });
            let (mut batch, mut quick) = (Batch::default(), Vec::new());
            while splitter.next_batch(&mut batch)? {
                quick.extend((0..batch.len()).map(|row| format!("{:?}", batch.row(row).to_record())));
            }
            prop_assert_eq!(quick, slow);
        }
    }

    #[test]
    fn a_quote_inside_of_a_bare_cell_and_one_behind_a_closing_quote_are_odd() {
        for text in ["a\"b\n", "a,\"b\"c\"\n", "\"a\" \"b\"\n"] {
            assert!(rows(b',', text.as_bytes(), 1, &mut Vec::new(), &mut Vec::new()).is_none(), "{text}");
        }
    }
}

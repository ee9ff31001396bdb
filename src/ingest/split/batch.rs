//! Splits many rows at once: the fast way through text whose rows are short, which gives exactly the rows of [`Splitter::next`].
//!
//! Delimiters, quotes and line ends are found 64 bytes at a time as bits of a word; cells are ranges of the text that was read, so
//! that nothing is copied but cells with doubled quotes. Text with odd quotes is walked mark by mark; a row that does not fit into a
//! block goes the slow way.

use std::io::{self, Read};

use wide::u8x16;

use super::quick::{self, Found};
use super::{BLOCK_BYTES, CELL_BYTES_MAX, COLUMNS_MAX, Mark, Record, Splitter};

/// How much text is split at once: what is made of it stays in the cache of a core. No cell in it can be too long to be kept.
pub(in crate::ingest) const BATCH_BYTES: usize = if cfg!(test) { 256 } else { CELL_BYTES_MAX / 4 };
/// How many rows are taken the slow way before a batch is handed out.
const SLOW_ROWS: usize = 4_096;

/// Some rows: their cells as ranges of one text.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Batch {
    /// The text of the rows, and behind it the cells whose quotes were taken out.
    pub(in crate::ingest) bytes: Vec<u8>,
    cells: Vec<(u32, u32)>,
    rows: Vec<Mark>,
    /// What is odd about a row, by its index.
    oddities: Vec<(usize, Oddity)>,
}

/// What [`Record`] says of a row that went the slow way.
#[derive(Clone, Debug, Default)]
pub(in crate::ingest) struct Oddity {
    pub(in crate::ingest) cut: Vec<(usize, u64)>,
    pub(in crate::ingest) is_unclosed: bool,
}

/// A row of a batch.
#[derive(Clone, Copy, Debug)]
pub(in crate::ingest) struct BatchRow<'a> {
    pub(in crate::ingest) line: u64,
    /// How many cells it has; more than are kept when there are too many.
    pub(in crate::ingest) given: usize,
    pub(in crate::ingest) bytes: &'a [u8],
    pub(in crate::ingest) cells: &'a [(u32, u32)],
    pub(in crate::ingest) oddity: Option<&'a Oddity>,
    /// Can one of its cells have line breaks? Of nearly all rows the line of the next one tells that none has.
    pub(in crate::ingest) may_span_lines: bool,
}

impl<'a> BatchRow<'a> {
    /// The bytes of a cell; none beyond the last one.
    pub(in crate::ingest) fn cell(&self, index: usize) -> &'a [u8] {
        self.cells.get(index).and_then(|(start, end)| self.bytes.get(*start as usize..*end as usize)).unwrap_or_default()
    }

    /// Does nothing stand in any of its cells? Of most rows the first cell tells.
    pub(in crate::ingest) fn is_blank(&self) -> bool {
        (0..self.cells.len()).all(|cell| self.is_blank_at(cell))
    }

    /// Does nothing stand in a cell? Of most the first byte tells.
    pub(in crate::ingest) fn is_blank_at(&self, cell: usize) -> bool {
        let text = self.cell(cell);
        !text.first().is_some_and(u8::is_ascii_graphic) && text.trim_ascii().is_empty()
    }

    /// The row by itself.
    pub(in crate::ingest) fn to_record(self) -> Record {
        let mut record = Record { line: self.line, cells: self.given, ..Record::default() };
        for cell in 0..self.cells.len() {
            record.bytes.extend_from_slice(self.cell(cell));
            record.ends.push(record.bytes.len() as u32);
        }
        if let Some(oddity) = self.oddity {
            (record.cut, record.is_unclosed) = (oddity.cut.clone(), oddity.is_unclosed);
        }
        record
    }
}

impl Batch {
    /// How many rows.
    pub(in crate::ingest) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The cells of all rows, and where those of each row are.
    pub(in crate::ingest) fn cells(&self) -> (&[(u32, u32)], &[Mark]) {
        (&self.cells, &self.rows)
    }

    /// A row.
    pub(in crate::ingest) fn row(&self, index: usize) -> BatchRow<'_> {
        let mark = self.rows[index];
        let end = self.rows.get(index + 1).map_or(self.cells.len(), |next| next.first_cell as usize);
        BatchRow {
            line: mark.line,
            given: mark.cells as usize,
            bytes: &self.bytes,
            cells: &self.cells[mark.first_cell as usize..end],
            may_span_lines: self.rows.get(index + 1).is_none_or(|next| next.line > mark.line + 1),
            oddity: if self.oddities.is_empty() { None } else { self.oddity(index) },
        }
    }

    fn oddity(&self, index: usize) -> Option<&Oddity> {
        self.oddities.iter().find(|(row, _)| *row == index).map(|(_, oddity)| oddity)
    }

    fn clear(&mut self) {
        self.cells.clear();
        self.rows.clear();
        self.oddities.clear();
    }

    /// Adds a row that went the slow way.
    fn push(&mut self, record: &Record) {
        let base = self.bytes.len() as u32;
        self.bytes.extend_from_slice(&record.bytes);
        self.rows.push(Mark { line: record.line, first_cell: self.cells.len() as u32, cells: record.cells as u32 });
        let mut start = base;
        for end in &record.ends {
            self.cells.push((start, base + end));
            start = base + end;
        }
        if record.is_unclosed || !record.cut.is_empty() {
            let oddity = Oddity { cut: record.cut.clone(), is_unclosed: record.is_unclosed };
            self.oddities.push((self.rows.len() - 1, oddity));
        }
    }
}

impl<R: Read> Splitter<R> {
    /// Splits the next rows that are not blank. `false` at the end of the input.
    pub(in crate::ingest) fn next_batch(&mut self, batch: &mut Batch) -> io::Result<bool> {
        loop {
            batch.clear();
            if self.dialect.is_cr_only {
                return self.slow(batch, SLOW_ROWS);
            }
            let filled = self.fill(batch)?;
            let (consumed, tail) = self.walk(batch, filled);
            self.keep_back(&batch.bytes[consumed..filled]);
            batch.bytes.truncate(filled);
            batch.bytes.extend_from_slice(&tail);
            if batch.len() > 0 {
                return Ok(true);
            }
            if self.filled > 0 || self.is_over {
                return self.slow(batch, 1);
            }
        }
    }

    /// Rows the slow way.
    fn slow(&mut self, batch: &mut Batch, rows: usize) -> io::Result<bool> {
        batch.clear();
        batch.bytes.clear();
        let mut record = Record::default();
        while batch.len() < rows && batch.bytes.len() < BATCH_BYTES && self.next(&mut record)? {
            batch.push(&record);
        }
        Ok(batch.len() > 0)
    }

    /// Fills the text of a batch with what was left over and what comes next; how much there is.
    fn fill(&mut self, batch: &mut Batch) -> io::Result<usize> {
        let left = self.filled - self.at;
        batch.bytes.resize(BATCH_BYTES.max(left), 0);
        batch.bytes[..left].copy_from_slice(&self.buffer[self.at..self.filled]);
        (self.at, self.filled) = (0, 0);
        let mut filled = left;
        while filled < batch.bytes.len() && !self.is_over {
            match self.input.read(&mut batch.bytes[filled..]) {
                Ok(0) => self.is_over = true,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    fn keep_back(&mut self, rest: &[u8]) {
        if self.buffer.len() < rest.len().max(BLOCK_BYTES) {
            self.buffer.resize(rest.len().max(BLOCK_BYTES), 0);
        }
        self.buffer[..rest.len()].copy_from_slice(rest);
        (self.at, self.filled) = (0, rest.len());
    }

    /// Finds the whole rows of a text; how far they reach, and the cells whose quotes were taken out, which belong behind the text.
    fn walk(&mut self, batch: &mut Batch, filled: usize) -> (usize, Vec<u8>) {
        let Batch { bytes, cells, rows, .. } = batch;
        let found = quick::rows(self.dialect.delimiter, &bytes[..filled], self.line, cells, rows);
        let Some(Found { end, line, blank_lines, tail }) = found else {
            batch.clear();
            return self.walk_carefully(batch, filled);
        };
        self.line = line;
        self.blank_lines += blank_lines;
        (end, tail)
    }

    /// The same for text with quotes where none should be, mark by mark.
    fn walk_carefully(&mut self, batch: &mut Batch, filled: usize) -> (usize, Vec<u8>) {
        let Batch { bytes, cells, rows, .. } = batch;
        let text = &bytes[..filled];
        let mut row = RowStart { at: 0, line: self.line, cell: 0, tail: 0 };
        let mut cell = Cell { at: 0, state: State::Bare, quote: 0, has_doubled: false };
        let (mut line, mut given, mut tail) = (self.line, 0, Vec::new());
        Marks::new(self.dialect.delimiter).for_each(text, |mark| {
            let byte = text[mark];
            match cell.state {
                State::Bare if byte != b'"' => {}
                // A quote opens a cell only at its beginning; inside a bare one it is a letter.
                State::Bare => {
                    if mark == cell.at {
                        cell.state = State::Quoted;
                    }
                    return;
                }
                State::Quoted => {
                    if byte == b'"' {
                        (cell.state, cell.quote) = (State::Closed, mark);
                    } else {
                        line += u64::from(byte == b'\n');
                    }
                    return;
                }
                State::Closed if byte == b'"' => {
                    if mark == cell.quote + 1 {
                        (cell.state, cell.has_doubled) = (State::Quoted, true);
                    }
                    // Else it is a letter of the text behind the closing quote.
                    return;
                }
                State::Closed => {}
            }
            let is_line_end = byte == b'\n';
            let is_after_return = is_line_end && mark > cell.at && text[mark - 1] == b'\r';
            let end = mark - usize::from(is_after_return);
            if is_line_end && given == 0 && end == cell.at {
                self.blank_lines += 1;
            } else {
                if given < COLUMNS_MAX as u32 {
                    cells.push(cell.range(text, end, &mut tail));
                }
                given += 1;
            }
            cell = Cell { at: mark + 1, state: State::Bare, quote: 0, has_doubled: false };
            if is_line_end {
                line += 1;
                if given > 0 {
                    rows.push(Mark { line: row.line, first_cell: row.cell as u32, cells: given });
                }
                row = RowStart { at: mark + 1, line, cell: cells.len(), tail: tail.len() };
                given = 0;
            }
        });
        cells.truncate(row.cell);
        tail.truncate(row.tail);
        self.line = row.line;
        (row.at, tail)
    }
}

/// Where a row starts: in the text, in the file, among the cells and in the tail.
pub(super) struct RowStart {
    pub(super) at: usize,
    pub(super) line: u64,
    pub(super) cell: usize,
    pub(super) tail: usize,
}

/// A cell under way.
pub(super) struct Cell {
    pub(super) at: usize,
    pub(super) state: State,
    /// The closing quote, once there is one.
    pub(super) quote: usize,
    pub(super) has_doubled: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Bare,
    Quoted,
    Closed,
}

impl Cell {
    /// The range of its text, when it ends here; one whose quotes must be taken out goes to the tail, which will stand behind the text.
    pub(super) fn range(&self, text: &[u8], end: usize, tail: &mut Vec<u8>) -> (u32, u32) {
        if self.state == State::Bare {
            return (self.at as u32, end as u32);
        }
        let (start, close) = (self.at + 1, self.quote);
        if end == close + 1 && !self.has_doubled {
            return (start as u32, close as u32);
        }
        let from = tail.len();
        let mut rest = &text[start..close];
        while let Some(quote) = memchr::memchr(b'"', rest) {
            tail.extend_from_slice(&rest[..=quote]);
            rest = &rest[quote + 2..];
        }
        tail.extend_from_slice(rest);
        tail.extend_from_slice(&text[close + 1..end]);
        ((text.len() + from) as u32, (text.len() + tail.len()) as u32)
    }
}

/// Finds delimiters, quotes and line ends.
struct Marks([u8x16; 3]);

/// Bytes whose marks are found at once.
const BLOCK: usize = 64;

impl Marks {
    fn new(delimiter: u8) -> Self {
        Self([delimiter, b'"', b'\n'].map(u8x16::splat))
    }

    /// Visits their places in order.
    fn for_each(&self, text: &[u8], mut visit: impl FnMut(usize)) {
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        // One loop with one visit in it, so that what the visit keeps stays in registers.
        for index in 0..=blocks.len() {
            let mut bits = match blocks.get(index) {
                Some(block) => self.bits(block),
                // The padding is no text, even where the delimiter is a zero.
                None => self.bits(&last) & ((1 << rest.len()) - 1),
            };
            while bits != 0 {
                visit(index * BLOCK + bits.trailing_zeros() as usize);
                bits &= bits - 1;
            }
        }
    }

    fn bits(&self, block: &[u8; BLOCK]) -> u64 {
        let mut bits = 0;
        for (place, chunk) in block.as_chunks::<16>().0.iter().enumerate() {
            let text = u8x16::from(*chunk);
            let [one, two, three] = self.0.map(|needle| text.simd_eq(needle));
            bits |= u64::from((one | two | three).to_bitmask()) << (place * 16);
        }
        bits
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Dialect, is_cr_only};
    use super::*;

    /// Rows with everything that is said of them, one by one.
    fn slowly(text: &[u8], dialect: Dialect) -> (Vec<String>, u64) {
        let mut splitter = Splitter::new(text, dialect);
        let mut rows = Vec::new();
        let mut record = Record::default();
        while splitter.next(&mut record).unwrap() {
            rows.push(format!("{record:?}"));
        }
        (rows, splitter.blank_lines)
    }

    /// The same, many at once.
    fn fast(text: &[u8], dialect: Dialect) -> (Vec<String>, u64) {
        let mut splitter = Splitter::new(text, dialect);
        let mut rows = Vec::new();
        let mut batch = Batch::default();
        while splitter.next_batch(&mut batch).unwrap() {
            rows.extend((0..batch.len()).map(|index| format!("{:?}", batch.row(index).to_record())));
        }
        (rows, splitter.blank_lines)
    }

    proptest! {
        #[test]
        fn many_rows_at_once_are_the_rows_one_by_one(
            pieces in proptest::collection::vec(
                prop_oneof![
                    4 => Just("a"), 4 => Just(","), 3 => Just("\n"), 3 => Just("\""), 2 => Just("\"\""), 1 => Just("\r\n"), 1 => Just("\r"),
                    1 => Just("é"), 1 => Just("some longer text that goes on and on, for more than one block of sixty-four bytes"),
                    1 => Just("\",\""), 1 => Just("\n\n"),
                ],
                0..300,
            ),
        ) {
            let text = pieces.concat();
            let dialect = Dialect { delimiter: b',', is_cr_only: is_cr_only(text.as_bytes()) };
            prop_assert_eq!(fast(text.as_bytes(), dialect), slowly(text.as_bytes(), dialect));
        }
    }

    #[test]
    fn a_row_longer_than_a_block_goes_the_slow_way_and_the_next_ones_do_not_suffer() {
        let long = "x".repeat(BATCH_BYTES * 3);
        let text = format!("a,b\n1,\"{long}\"\"\n\"\n2,3\n\"open {long}");
        let dialect = Dialect { delimiter: b',', is_cr_only: false };
        assert_eq!(fast(text.as_bytes(), dialect), slowly(text.as_bytes(), dialect));
    }
}

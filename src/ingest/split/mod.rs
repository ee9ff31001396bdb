//! Splits delimited text into rows and cells, with exact lines and limits; it knows nothing of what cells mean.
//!
//! Quotes are doubled inside quoted cells (RFC 4180). Text behind a closing quote is kept, as is a quote inside a bare cell.
//! A row ends at LF or CRLF; at a lone CR only in files that have no other line end.

mod batch;
mod quick;

use std::io::{self, Read};

use memchr::{memchr, memchr2, memchr3};

pub(super) use batch::{BATCH_BYTES, Batch, BatchRow};

use super::feed::BLOCK_BYTES;

/// The longest cell that is kept: a page of text is a thousand times shorter, and a file with an unclosed quote must not fill the memory.
pub(super) const CELL_BYTES_MAX: usize = 1 << 20;
/// The longest row that is kept; its further text is cut like that of a long cell.
const ROW_BYTES_MAX: usize = 64 << 20;
/// The most columns: beyond this a table is a matrix, not a list of events.
pub(super) const COLUMNS_MAX: usize = 4_096;

/// How cells are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// Do lone carriage returns end a row?
    pub(super) is_cr_only: bool,
}

/// A row: its cells without quotes in one buffer.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    /// The line on which it starts, from 1.
    pub(super) line: u64,
    bytes: Vec<u8>,
    ends: Vec<u32>,
    /// How many cells it has; more than are kept when there are too many.
    pub(super) cells: usize,
    /// Cells that were cut, with their whole length.
    pub(super) cut: Vec<(usize, u64)>,
    /// Did the input end inside a quoted cell?
    pub(super) is_unclosed: bool,
}

impl Record {
    /// A row of cells that are told apart already.
    pub(super) fn of_cells<'a>(line: u64, cells: impl Iterator<Item = &'a str>) -> Self {
        let mut record = Self { line, ..Self::default() };
        for cell in cells {
            record.bytes.extend_from_slice(cell.as_bytes());
            record.ends.push(record.bytes.len() as u32);
        }
        record.cells = record.ends.len();
        record
    }

    /// How many cells are kept.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of a cell; none beyond the last one.
    pub(super) fn cell(&self, index: usize) -> &[u8] {
        let end = self.ends.get(index).map_or(0, |end| *end as usize);
        let start = if index == 0 { 0 } else { self.ends.get(index - 1).map_or(0, |end| *end as usize) };
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// Have both the same cells?
    pub(super) fn equals(&self, other: &Self) -> bool {
        self.ends == other.ends && self.bytes == other.bytes
    }

    /// All cells in one buffer, and where each ends.
    pub(super) fn parts(&self) -> (&[u8], &[u32]) {
        (&self.bytes, &self.ends)
    }

    fn clear(&mut self, line: u64) {
        self.line = line;
        self.bytes.clear();
        self.ends.clear();
        self.cells = 0;
        self.cut.clear();
        self.is_unclosed = false;
    }
}

/// Where a row is among the cells of several.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// The line on which it starts.
    pub(super) line: u64,
    pub(super) first_cell: u32,
    /// How many cells it has; more than are kept when there are too many.
    pub(super) cells: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Bare,
    Quoted,
    QuoteInQuoted,
}

/// Reads rows one by one.
pub(super) struct Splitter<R> {
    input: R,
    dialect: Dialect,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    is_over: bool,
    line: u64,
    /// Blank lines passed so far.
    pub(super) blank_lines: u64,
    cell_bytes: u64,
}

impl<R: Read> Splitter<R> {
    pub(super) fn new(input: R, dialect: Dialect) -> Self {
        Self { input, dialect, buffer: vec![0; BLOCK_BYTES], at: 0, filled: 0, is_over: false, line: 1, blank_lines: 0, cell_bytes: 0 }
    }

    /// What is left of the input; unread parts of the buffer are lost.
    pub(super) fn into_input(self) -> R {
        self.input
    }

    /// The next byte without passing it; `None` at the end.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        while self.at == self.filled && !self.is_over {
            match self.input.read(&mut self.buffer) {
                Ok(0) => self.is_over = true,
                Ok(count) => (self.at, self.filled) = (0, count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok((self.at < self.filled).then(|| self.buffer[self.at]))
    }

    /// Reads the next row that is not blank. `false` at the end of the input.
    pub(super) fn next(&mut self, record: &mut Record) -> io::Result<bool> {
        loop {
            record.clear(self.line);
            self.cell_bytes = 0;
            match self.peek()? {
                None => return Ok(false),
                Some(b'\n') => self.pass_newline(),
                Some(b'\r') if self.passes_row_end_at_cr()? => {}
                Some(_) => return self.row(record).map(|()| true),
            }
            self.blank_lines += 1;
        }
    }

    fn pass_newline(&mut self) {
        self.at += 1;
        self.line += 1;
    }

    /// At a CR: passes it and ends the row when CRLF follows or lone ones count. A CR that is only a character is left.
    fn passes_row_end_at_cr(&mut self) -> io::Result<bool> {
        if self.dialect.is_cr_only {
            self.pass_newline();
            return Ok(true);
        }
        if self.at + 1 == self.filled {
            // The byte behind is not read yet: keep the CR and fetch more.
            let mut more = vec![0; BLOCK_BYTES];
            more[0] = b'\r';
            let count = loop {
                match self.input.read(&mut more[1..]) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
            self.is_over = count == 0;
            (self.buffer, self.at, self.filled) = (more, 0, 1 + count);
        }
        let ends = self.at + 1 == self.filled || self.buffer[self.at + 1] == b'\n';
        if ends {
            self.at = (self.at + 2).min(self.filled);
            self.line += 1;
        }
        Ok(ends)
    }

    fn row(&mut self, record: &mut Record) -> io::Result<()> {
        let mut state = State::CellStart;
        while let Some(byte) = self.peek()? {
            match state {
                State::CellStart if byte == b'"' => {
                    self.at += 1;
                    state = State::Quoted;
                }
                State::Quoted => state = self.quoted(record),
                State::QuoteInQuoted if byte == b'"' => {
                    self.at += 1;
                    self.keep(record, b"\"");
                    state = State::Quoted;
                }
                State::CellStart | State::Bare | State::QuoteInQuoted => {
                    if byte == self.dialect.delimiter {
                        self.at += 1;
                        self.end_cell(record);
                        state = State::CellStart;
                    } else if byte == b'\n' {
                        self.pass_newline();
                        self.end_cell(record);
                        return Ok(());
                    } else if byte == b'\r' {
                        if self.passes_row_end_at_cr()? {
                            self.end_cell(record);
                            return Ok(());
                        }
                        self.at += 1;
                        self.keep(record, b"\r");
                        state = State::Bare;
                    } else {
                        self.bare(record);
                        state = State::Bare;
                    }
                }
            }
        }
        record.is_unclosed = state == State::Quoted;
        self.end_cell(record);
        Ok(())
    }

    /// Passes text up to the next byte that could end a bare cell.
    fn bare(&mut self, record: &mut Record) {
        let rest = &self.buffer[self.at..self.filled];
        let len = memchr3(self.dialect.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
        self.keep_rest(record, len);
    }

    /// Passes quoted text up to the next quote, and the quote.
    fn quoted(&mut self, record: &mut Record) -> State {
        let rest = &self.buffer[self.at..self.filled];
        let found = memchr(b'"', rest);
        let len = found.unwrap_or(rest.len());
        self.line += self.newlines(len);
        self.keep_rest(record, len);
        if found.is_some() {
            self.at += 1;
            State::QuoteInQuoted
        } else {
            State::Quoted
        }
    }

    fn newlines(&self, len: usize) -> u64 {
        let newline = if self.dialect.is_cr_only { b'\r' } else { b'\n' };
        let mut text = &self.buffer[self.at..self.at + len];
        let mut count = 0;
        while let Some(at) = memchr(newline, text) {
            count += 1;
            text = &text[at + 1..];
        }
        count
    }

    /// Keeps the next `len` bytes of the buffer and passes them.
    fn keep_rest(&mut self, record: &mut Record, len: usize) {
        let room = self.room(record).min(len);
        record.bytes.extend_from_slice(&self.buffer[self.at..self.at + room]);
        self.cell_bytes += len as u64;
        self.at += len;
    }

    fn keep(&mut self, record: &mut Record, bytes: &[u8]) {
        let room = self.room(record).min(bytes.len());
        record.bytes.extend_from_slice(&bytes[..room]);
        self.cell_bytes += bytes.len() as u64;
    }

    /// How many more bytes of the present cell are kept.
    fn room(&self, record: &Record) -> usize {
        if record.cells >= COLUMNS_MAX {
            return 0;
        }
        let left = CELL_BYTES_MAX.saturating_sub(usize::try_from(self.cell_bytes).unwrap_or(usize::MAX));
        left.min(ROW_BYTES_MAX.saturating_sub(record.bytes.len()))
    }

    fn end_cell(&mut self, record: &mut Record) {
        if record.cells < COLUMNS_MAX {
            let start = record.ends.last().map_or(0, |end| *end as usize);
            if self.cell_bytes > (record.bytes.len() - start) as u64 {
                record.cut.push((record.cells, self.cell_bytes));
                trim_partial_char(&mut record.bytes);
            }
            record.ends.push(record.bytes.len() as u32);
        }
        record.cells += 1;
        self.cell_bytes = 0;
    }
}

/// Takes off a character of which only the first bytes were kept.
fn trim_partial_char(bytes: &mut Vec<u8>) {
    let tail = bytes.len().saturating_sub(4);
    if let Some(at) = bytes[tail..].iter().rposition(|byte| *byte & 0xC0 != 0x80) {
        let first = bytes[tail + at];
        let len = if first < 0x80 {
            1
        } else if first >= 0xF0 {
            4
        } else if first >= 0xE0 {
            3
        } else {
            2
        };
        if tail + at + len > bytes.len() {
            bytes.truncate(tail + at);
        }
    }
}

/// Has the text lone carriage returns and no newline at all?
pub(super) fn is_cr_only(head: &[u8]) -> bool {
    memchr2(b'\n', b'\r', head).is_some_and(|at| head[at] == b'\r') && memchr(b'\n', head).is_none()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows_of(text: &[u8], delimiter: u8) -> Vec<(u64, Vec<String>)> {
        let mut splitter = Splitter::new(text, Dialect { delimiter, is_cr_only: is_cr_only(text) });
        let mut record = Record::default();
        let mut rows = Vec::new();
        while splitter.next(&mut record).unwrap() {
            let cells = (0..record.len()).map(|cell| String::from_utf8_lossy(record.cell(cell)).into_owned()).collect();
            rows.push((record.line, cells));
        }
        rows
    }

    fn cells(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn quoted_newlines_and_doubled_quotes_stay_inside_their_cell_and_lines_are_counted() {
        let rows = rows_of(b"a,b\r\n\"1\n2\",\"say \"\"x\"\"\"\r\n\r\nc,\n", b',');
        assert_eq!(rows, [(1, cells(&["a", "b"])), (2, cells(&["1\n2", "say \"x\""])), (5, cells(&["c", ""]))]);
    }

    #[test]
    fn lone_carriage_returns_end_rows_only_where_nothing_else_does() {
        assert_eq!(rows_of(b"a,b\r1,\"x\ry\"\r2,3", b','), [(1, cells(&["a", "b"])), (2, cells(&["1", "x\ry"])), (4, cells(&["2", "3"]))]);
        assert_eq!(rows_of(b"a\rb,c\n1,2\n", b','), [(1, cells(&["a\rb", "c"])), (2, cells(&["1", "2"]))]);
    }

    #[test]
    fn text_behind_a_closing_quote_is_kept() {
        assert_eq!(rows_of(b"\"Orlan\" drone;2\n", b';'), [(1, cells(&["Orlan drone", "2"]))]);
    }

    #[test]
    fn a_huge_cell_is_cut_at_a_character_and_the_rest_of_the_row_is_kept() {
        let mut text = b"1,".to_vec();
        text.extend("ä".repeat(CELL_BYTES_MAX).as_bytes());
        text.extend(b",3\n");
        let mut splitter = Splitter::new(text.as_slice(), Dialect { delimiter: b',', is_cr_only: false });
        let mut record = Record::default();
        assert!(splitter.next(&mut record).unwrap());
        assert_eq!(record.cut, [(1, 2 * CELL_BYTES_MAX as u64)]);
        assert_eq!(record.cell(1).len(), CELL_BYTES_MAX);
        assert!(std::str::from_utf8(record.cell(1)).is_ok());
        assert_eq!(record.cell(2), b"3");
    }

    #[test]
    fn a_million_columns_are_counted_and_the_first_are_kept() {
        let text = ",".repeat(999_999);
        let mut splitter = Splitter::new(text.as_bytes(), Dialect { delimiter: b',', is_cr_only: false });
        let mut record = Record::default();
        assert!(splitter.next(&mut record).unwrap());
        assert_eq!((record.cells, record.len()), (1_000_000, COLUMNS_MAX));
    }

    #[test]
    fn a_quote_that_is_never_closed_is_reported() {
        let mut splitter = Splitter::new(&b"a,\"b\nc,d\n"[..], Dialect { delimiter: b',', is_cr_only: false });
        let mut record = Record::default();
        assert!(splitter.next(&mut record).unwrap());
        assert!(record.is_unclosed);
    }

    /// Gives one byte at a time, so that every boundary falls everywhere.
    struct Drop1<'a>(&'a [u8]);

    impl Read for Drop1<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(1);
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    proptest! {
        #[test]
        fn it_splits_as_the_csv_crate_does(text in "[ab,\"\n]{0,40}") {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> =
                reader.byte_records().map(|row| row.unwrap().iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()).collect();
            let found: Vec<Vec<String>> = rows_of(text.as_bytes(), b',').into_iter().map(|row| row.1).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn the_size_of_the_blocks_does_not_matter(text in "[ab,\"\r\n]{0,40}") {
            let dialect = Dialect { delimiter: b',', is_cr_only: is_cr_only(text.as_bytes()) };
            let mut slow = Splitter::new(Drop1(text.as_bytes()), dialect);
            let mut record = Record::default();
            let mut found = Vec::new();
            while slow.next(&mut record).unwrap() {
                found.push((record.line, (0..record.len()).map(|cell| String::from_utf8_lossy(record.cell(cell)).into_owned()).collect::<Vec<_>>()));
            }
            prop_assert_eq!(found, rows_of(text.as_bytes(), b','));
        }
    }
}

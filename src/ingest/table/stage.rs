//! The one place through which the rows of a table come, block by block and in order: it leaves out preamble, header and repeated
//! headers, and numbers what remains. Who takes a block splits no text any more.

use std::io::{self, Read};
use std::ops::Range;

use super::Plan;
use crate::data::{Issue, IssueKind, Issues, Origin, Skip};
use crate::ingest::dialect;
use crate::ingest::examine::SHOWN_ROWS;
use crate::ingest::mapping::Role;
use crate::ingest::names;
use crate::ingest::split::{Batch, BatchRow, Record, Splitter};
use crate::ingest::taker::Rows;

/// How many repeated headers are listed one by one; all are counted.
const REPEATED_LISTED_MAX: u64 = 20;
/// A row longer than this is no header that stands once more.
const HEADER_BYTES_MAX: usize = 2_000;

/// Rows of data of one block: which of its rows, each with its number in the file.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Block {
    batch: Batch,
    /// Stretches of rows: the first, one behind the last, and the number of the first in the file.
    stretches: Vec<(usize, usize, u32)>,
}

impl Block {
    /// The text of all rows.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.batch.bytes
    }

    /// The rows with their numbers in the file, from 0.
    pub(in crate::ingest) fn rows(&self) -> impl Iterator<Item = (u32, BatchRow<'_>)> {
        self.stretches.iter().flat_map(|(first, end, number)| (*number..).zip((*first..*end).map(|index| self.batch.row(index))))
    }

    /// The same in stretches that follow each other: of each the first row in the block, the one behind the last, and its number.
    pub(super) fn stretches(&self) -> &[(usize, usize, u32)] {
        &self.stretches
    }

    /// A row of a stretch.
    pub(super) fn row(&self, index: usize) -> BatchRow<'_> {
        self.batch.row(index)
    }

    /// Rows of a stretch, of which the first has this number.
    pub(super) fn some<'a>(&'a self, text: &'a str, rows: Range<usize>, number: u32) -> Rows<'a> {
        let (cells, marks) = self.batch.cells();
        Rows::new(text, cells, marks.get(rows).unwrap_or_default(), number)
    }
}

/// Hands out the rows of a table.
pub(in crate::ingest) struct Stage<R> {
    splitter: Splitter<R>,
    header: Option<Header>,
    /// Rows before the first one of data, and how many of them are preamble.
    before: usize,
    preamble: usize,
    /// Rows of any kind that came so far.
    passed: usize,
    /// Rows of data that were handed out.
    pub(in crate::ingest) rows: u32,
    /// Rows that were left out: before the header, headers once more, tags.
    preamble_left_out: u64,
    repeated: u64,
    tags: u64,
    /// Rows of delimiters without anything between them.
    blank: u64,
    /// The lines of the first rows of data.
    pub(super) first_lines: Vec<u64>,
    /// What is to be said of rows that were left out.
    pub(super) issues: Issues,
}

struct Header {
    record: Record,
    words: Vec<String>,
    /// The column of the date.
    when: Option<usize>,
}

impl<R: Read> Stage<R> {
    pub(in crate::ingest) fn new(input: R, plan: &Plan) -> Self {
        let layout = &plan.layout;
        let header = layout.has_header.then(|| layout.sample[layout.preamble].clone()).map(|record| Header {
            words: (0..record.len()).flat_map(|cell| words(record.cell(cell))).collect(),
            when: plan.mapping.column(Role::When),
            record,
        });
        Self {
            splitter: Splitter::new(input, layout.dialect),
            header,
            before: layout.preamble + usize::from(layout.has_header),
            preamble: layout.preamble,
            passed: 0,
            rows: 0,
            preamble_left_out: 0,
            repeated: 0,
            tags: 0,
            blank: 0,
            first_lines: Vec::new(),
            issues: Issues::default(),
        }
    }

    /// The next rows; `false` at the end.
    pub(in crate::ingest) fn next(&mut self, block: &mut Block) -> io::Result<bool> {
        block.stretches.clear();
        if !self.splitter.next_batch(&mut block.batch)? {
            return Ok(false);
        }
        let data = self.before.saturating_sub(self.passed).min(block.batch.len());
        let preamble = self.preamble.saturating_sub(self.passed).min(block.batch.len());
        self.preamble_left_out += preamble as u64;
        self.passed += block.batch.len();
        let mut first = data;
        for index in data..block.batch.len() {
            if self.is_data(block.batch.row(index), self.rows == 0 && index == data) {
                continue;
            }
            self.hand_out(block, first, index);
            first = index + 1;
        }
        self.hand_out(block, first, block.batch.len());
        Ok(true)
    }

    fn hand_out(&mut self, block: &mut Block, first: usize, end: usize) {
        if end > first {
            let wanted = SHOWN_ROWS.saturating_sub(self.first_lines.len());
            self.first_lines.extend((first..end).take(wanted).map(|index| block.batch.row(index).line));
            block.stretches.push((first, end, self.rows));
            self.rows = self.rows.saturating_add((end - first) as u32);
        }
    }

    fn is_data(&mut self, row: BatchRow<'_>, is_first: bool) -> bool {
        if row.oddity.is_none() && row.is_blank() {
            self.blank += 1;
            return false;
        }
        if self.header.as_ref().is_some_and(|header| header.is_repeated(row)) {
            self.repeated += 1;
            if self.repeated <= REPEATED_LISTED_MAX {
                self.issues.push(Issue {
                    line: Some(row.line),
                    column: None,
                    value: String::new(),
                    kind: IssueKind::RepeatedHeader,
                    message: "the header stands here once more".to_owned(),
                    action: "skipped".to_owned(),
                });
            } else {
                self.issues.count(IssueKind::RepeatedHeader);
            }
            return false;
        }
        if is_first && dialect::is_tag_row(&row.to_record()) {
            self.tags += 1;
            return false;
        }
        true
    }

    /// Counts the lines that were left out.
    pub(super) fn count_skipped(&self, origin: &mut Origin) {
        origin.skip(Skip::Preamble, self.preamble_left_out);
        origin.skip(Skip::RepeatedHeader, self.repeated);
        origin.skip(Skip::TagRow, self.tags);
        origin.skip(Skip::Blank, self.splitter.blank_lines + self.blank);
    }

    /// What is left of the input.
    pub(super) fn into_input(self) -> R {
        self.splitter.into_input()
    }

    /// How often the header was repeated, when that is more than was listed.
    pub(super) fn repeated_unlisted(&self) -> Option<u64> {
        (self.repeated > REPEATED_LISTED_MAX).then_some(self.repeated)
    }
}

impl Header {
    /// Is the row this header, or the same written a little differently? Of nearly all rows the first cell and a date tell.
    #[inline]
    fn is_repeated(&self, row: BatchRow<'_>) -> bool {
        (row.cell(0) == self.record.cell(0) && row.to_record().equals(&self.record))
            || (self.when.is_some_and(|column| row.is_blank_at(column)) && self.is_alike(row))
    }

    /// Has a row without a date no figures, and mostly the words of the header?
    fn is_alike(&self, row: BatchRow<'_>) -> bool {
        let bytes: usize = row.cells.iter().map(|(start, end)| (end - start) as usize).sum();
        let is_figure = |byte: &u8| byte.is_ascii_digit() || !byte.is_ascii();
        if bytes > HEADER_BYTES_MAX || (0..row.cells.len()).any(|cell| row.cell(cell).iter().any(is_figure)) {
            return false;
        }
        let found: Vec<String> = (0..row.cells.len()).flat_map(|cell| words(row.cell(cell))).collect();
        let shared = found.iter().filter(|word| self.words.contains(word)).count();
        found.len() >= 3 && shared * 5 >= found.len() * 3
    }
}

fn words(cell: &[u8]) -> Vec<String> {
    names::plain_name(&String::from_utf8_lossy(cell)).split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

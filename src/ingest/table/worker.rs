//! Takes blocks of rows into a builder of its own, and says what is wrong with their structure and their text.

use std::borrow::Cow;

use encoding_rs::Encoding;

use super::Plan;
use super::stage::Block;
use super::swallowed::{Swallowed, swallowed};
use crate::data::{DatasetBuilder, Issue, IssueKind, Origin};
use crate::ingest::sniff;
use crate::ingest::split::{BatchRow, CELL_BYTES_MAX, COLUMNS_MAX};
use crate::ingest::taker::{Row, Taker, shown};

/// Takes rows.
pub(super) struct Worker {
    pub(super) builder: DatasetBuilder,
    pub(super) taker: Taker,
    names: Option<Vec<String>>,
    width: usize,
    delimiter: u8,
    has_line_ends: bool,
    fallback: Option<&'static Encoding>,
    may_fall_back: bool,
    /// The first line that is not UTF-8 although nothing else was expected, and what its text may be in.
    pub(super) first_foreign: Option<(u64, &'static Encoding)>,
    text: String,
    cells: Vec<(u32, u32)>,
}

impl Worker {
    /// `may_fall_back` while all text so far was ASCII, so that the first text beyond it decides the encoding.
    pub(super) fn new(plan: &Plan, origin: Origin, may_fall_back: bool) -> Self {
        let mut builder = DatasetBuilder::one_of_several(origin);
        let header = plan.layout.has_header.then(|| &plan.layout.sample[plan.layout.preamble]);
        Self {
            taker: Taker::new(plan.mapping.clone(), &mut builder),
            builder,
            names: header.map(|header| (0..header.len()).map(|cell| String::from_utf8_lossy(header.cell(cell)).into_owned()).collect()),
            width: plan.header.len(),
            delimiter: plan.layout.dialect.delimiter,
            has_line_ends: plan.layout.has_line_ends,
            fallback: plan.fallback.map(|(encoding, _)| encoding),
            may_fall_back: may_fall_back && plan.fallback.is_none(),
            first_foreign: None,
            text: String::new(),
            cells: Vec::new(),
        }
    }

    /// Has something come that speaks against the plan?
    pub(super) fn has_doubts(&self) -> bool {
        self.taker.has_doubts() || self.first_foreign.is_some() || self.builder.has_contradictions()
    }

    /// Takes the rows of a block.
    pub(super) fn take(&mut self, block: &Block) {
        if let Ok(text) = simdutf8::basic::from_utf8(block.bytes()) {
            self.take_text(block, text);
            return;
        }
        for (number, row) in block.rows() {
            self.builder.at_file_row(number);
            structure(&mut self.builder, self.names.as_deref(), self.width, row, swallowed(row, self.delimiter, self.width));
            self.decode(row);
            if self.has_line_ends {
                let text = std::mem::take(&mut self.text);
                self.trim_line_end(&text);
                self.text = text;
            }
            self.taker.take(&mut self.builder, number, Row { line: row.line, text: &self.text, cells: &self.cells });
        }
    }

    /// Takes the rows of a block that is text: as many together as there are rows without anything odd, which is nearly always all.
    fn take_text(&mut self, block: &Block, text: &str) {
        for (first, end, number) in block.stretches().iter().copied() {
            // Where the rows begin that wait to be taken together.
            let mut from = first;
            for index in first..end {
                let row = block.row(index);
                let swallowed = swallowed(row, self.delimiter, self.width);
                if row.given == self.width && row.oddity.is_none() && swallowed.is_none() && !self.has_line_ends {
                    continue;
                }
                let number_of = |index: usize| number + (index - first) as u32;
                self.taker.take_block(&mut self.builder, block.some(text, from..index, number_of(from)));
                from = index + 1;
                self.builder.at_file_row(number_of(index));
                structure(&mut self.builder, self.names.as_deref(), self.width, row, swallowed);
                self.cells.clear();
                self.cells.extend_from_slice(row.cells);
                if self.has_line_ends {
                    self.trim_line_end(text);
                }
                self.taker.take(&mut self.builder, number_of(index), Row { line: row.line, text, cells: &self.cells });
            }
            self.taker.take_block(&mut self.builder, block.some(text, from..end, number + (from - first) as u32));
        }
    }

    /// Leaves the semicolon that ends a line out of its last cell.
    fn trim_line_end(&mut self, text: &str) {
        if let Some((start, end)) = self.cells.last_mut() {
            let cell = text.get(*start as usize..*end as usize).unwrap_or_default();
            *end = *start + cell.trim_end().strip_suffix(';').unwrap_or(cell).len() as u32;
        }
    }

    /// Decodes a row of a block that is not all UTF-8, cell by cell.
    fn decode(&mut self, row: BatchRow<'_>) {
        self.text.clear();
        self.cells.clear();
        for cell in 0..row.cells.len() {
            let bytes = row.cell(cell);
            let read = std::str::from_utf8(bytes);
            if read.is_err() && self.may_fall_back && self.first_foreign.is_none() {
                self.first_foreign = Some((row.line, sniff::legacy(row.to_record().parts().0)));
            }
            let text = match (read, self.fallback) {
                (Ok(text), _) => Cow::Borrowed(text),
                (Err(_), Some(encoding)) => encoding.decode_without_bom_handling(bytes).0,
                (Err(_), None) => String::from_utf8_lossy(bytes),
            };
            if read.is_err() && text.contains(char::REPLACEMENT_CHARACTER) {
                self.builder.issue(Issue {
                    line: Some(row.line),
                    column: self.names.as_ref().and_then(|names| names.get(cell)).cloned(),
                    value: shown(&text),
                    kind: IssueKind::InvalidText,
                    message: "bytes that are not text in the file's encoding".to_owned(),
                    action: "shown as \u{fffd}".to_owned(),
                });
            }
            let start = self.text.len() as u32;
            self.text.push_str(&text);
            self.cells.push((start, self.text.len() as u32));
        }
    }
}

/// Says what is wrong with the number and the length of the cells.
fn structure(builder: &mut DatasetBuilder, names: Option<&[String]>, width: usize, row: BatchRow<'_>, swallowed: Option<Swallowed>) {
    let given = row.given;
    let mut issue = |column: Option<&str>, value: &str, kind: IssueKind, message: String, action: &str| {
        builder.issue(Issue {
            line: Some(row.line),
            column: column.map(str::to_owned),
            value: shown(value),
            kind,
            message,
            action: action.to_owned(),
        });
    };
    if given < width {
        let message = format!("{given} cells where the header has {width}");
        issue(None, "", IssueKind::RaggedRow, message, "the missing cells are empty");
    } else if given > width && (width..row.cells.len()).any(|cell| !row.cell(cell).is_empty()) {
        let message = format!("{given} cells where the header has {width}");
        let value = String::from_utf8_lossy(row.cell(width)).into_owned();
        issue(None, &value, IssueKind::RaggedRow, message, "the surplus is kept as `extra 1` and so on");
    }
    if given > COLUMNS_MAX && width < COLUMNS_MAX {
        let message = format!("the row has {given} cells; at most {COLUMNS_MAX} are kept");
        issue(None, &given.to_string(), IssueKind::TooManyColumns, message, "the first ones were kept");
    }
    if let Some(Swallowed { cell, lines }) = swallowed {
        let value = String::from_utf8_lossy(row.cell(cell)).into_owned();
        let more = if lines == 1 { "a further line that looks like a row" } else { "further lines that look like rows" };
        let message = format!(
            "a quote opens in this cell and closes {lines} {} further down: it holds {more}",
            if lines == 1 { "line" } else { "lines" }
        );
        let name = names.and_then(|names| names.get(cell));
        issue(
            name.map(String::as_str),
            &value,
            IssueKind::SwallowedRows,
            message,
            "kept as one cell; mend the quote and open the file again",
        );
    }
    let Some(oddity) = row.oddity else { return };
    for (cell, bytes) in &oddity.cut {
        let value = String::from_utf8_lossy(row.cell(*cell).get(..200).unwrap_or_default()).into_owned();
        let message = format!("the cell has {bytes} bytes; at most {CELL_BYTES_MAX} are kept");
        let name = names.and_then(|names| names.get(*cell));
        issue(name.map(String::as_str), &value, IssueKind::CellTooLong, message, "cut; the rest of the row is kept");
    }
    if oddity.is_unclosed {
        let message = "a quote opens in this row and never closes".to_owned();
        issue(None, "", IssueKind::Truncated, message, "everything up to the end of the file is in its last cell");
    }
}

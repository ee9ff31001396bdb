//! Some rows of a table as text cells, whatever they were before: filled row by row or column by column, and handed on as one piece.

use std::fmt::Write as _;
use std::ops::Range;

use crate::data::{Issue, IssueKind};
use crate::ingest::split::{CELL_BYTES_MAX, COLUMNS_MAX, Mark};
use crate::ingest::taker::{Row, Rows, shown};

/// A page is handed on when it has so many rows,
pub(super) const ROWS_MAX: usize = 4_096;
/// or so much text,
const TEXT_BYTES_MAX: usize = 4 << 20;
/// or so many cells.
const CELLS_MAX: usize = 1 << 20;

/// Rows of a table.
#[derive(Debug, Default)]
pub(super) struct Page {
    text: String,
    cells: Vec<(u32, u32)>,
    rows: Vec<Mark>,
    /// What is to be said about cells: the number of their column, and what. The names of columns are not known here.
    pub(super) issues: Vec<(usize, Issue)>,
    /// Rows that had more cells than are kept: the first, and how many cells it had.
    pub(super) too_wide: Option<(u64, usize)>,
}

impl Page {
    /// How many rows.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many cells all rows have together.
    pub(super) fn cells(&self) -> usize {
        self.cells.len()
    }

    /// How long all cells are together.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Is it time to hand it on?
    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= ROWS_MAX || self.text.len() >= TEXT_BYTES_MAX || self.cells.len() >= CELLS_MAX
    }

    /// Empties it, and keeps its memory.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.cells.clear();
        self.rows.clear();
        self.issues.clear();
        self.too_wide = None;
    }

    /// A row.
    pub(super) fn row(&self, index: usize) -> Row<'_> {
        let Some(mark) = self.rows.get(index) else { return Row { line: 0, text: "", cells: &[] } };
        let cells = self.cells.get(mark.first_cell as usize..(mark.first_cell + mark.cells) as usize).unwrap_or_default();
        Row { line: mark.line, text: &self.text, cells }
    }

    /// Some rows, of which the first is `number` among those of data.
    pub(super) fn some(&self, rows: Range<usize>, number: u32) -> Rows<'_> {
        Rows::new(&self.text, &self.cells, self.rows.get(rows).unwrap_or_default(), number)
    }

    /// Begins a row.
    pub(super) fn begin(&mut self, line: u64) {
        self.rows.push(Mark { line, first_cell: self.cells.len() as u32, cells: 0 });
    }

    /// Puts a cell into the row at a column; columns that are passed over are empty. `false` when the column is beyond those that are kept.
    pub(super) fn put(&mut self, column: usize, write: impl FnOnce(&mut String)) -> bool {
        let Some(mark) = self.rows.last_mut() else { return false };
        if column >= COLUMNS_MAX {
            let line = mark.line;
            self.too_wide.get_or_insert((line, column + 1));
            return false;
        }
        let at = self.text.len() as u32;
        let first = mark.first_cell as usize;
        if self.cells.len() < first + column + 1 {
            self.cells.resize(first + column + 1, (at, at));
            mark.cells = column as u32 + 1;
        }
        let line = mark.line;
        write(&mut self.text);
        self.cells[first + column] = self.end_cell(at, line, column);
        true
    }

    /// Begins rows that have all the same columns, to be filled column by column.
    pub(super) fn begin_rows(&mut self, first_line: u64, rows: usize, columns: usize) {
        self.clear();
        self.cells.resize(rows * columns, (0, 0));
        let marks = (0..rows).map(|row| Mark { line: first_line + row as u64, first_cell: (row * columns) as u32, cells: columns as u32 });
        self.rows.extend(marks);
    }

    /// Fills a cell of such rows.
    pub(super) fn fill(&mut self, row: usize, column: usize, write: impl FnOnce(&mut String)) {
        let Some(mark) = self.rows.get(row).copied() else { return };
        let at = self.text.len() as u32;
        write(&mut self.text);
        let cell = self.end_cell(at, mark.line, column);
        if let Some(slot) = self.cells.get_mut(mark.first_cell as usize + column) {
            *slot = cell;
        }
    }

    /// Where the cell is that was written last; one that is too long is cut.
    fn end_cell(&mut self, start: u32, line: u64, column: usize) -> (u32, u32) {
        let bytes = self.text.len() - start as usize;
        if bytes > CELL_BYTES_MAX {
            self.text.truncate(self.text.floor_char_boundary(start as usize + CELL_BYTES_MAX));
            let value = self.text.get(start as usize..).unwrap_or_default();
            let value = shown(value);
            let message = format!("the cell is longer than {CELL_BYTES_MAX} bytes");
            self.issue((line, column), value, IssueKind::CellTooLong, message, "cut; the rest of the row is kept");
        }
        (start, self.text.len() as u32)
    }

    /// Says something about a cell.
    pub(super) fn issue(&mut self, (line, column): (u64, usize), value: String, kind: IssueKind, message: String, action: &str) {
        self.issues.push((column, Issue { line: Some(line), column: None, value, kind, message, action: action.to_owned() }));
    }
}

/// Writes a number so that a whole one has no point.
pub(super) fn write_float(number: f64, out: &mut String) {
    const LARGE: f64 = 1e17;
    const SMALL: f64 = 1e-7;
    let size = number.abs();
    let is_short = size == 0.0 || (SMALL..LARGE).contains(&size) || !number.is_finite();
    // Writing to a string cannot fail.
    let written = if is_short { write!(out, "{number}") } else { write!(out, "{number:e}") };
    written.unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_filled_in_any_order_of_columns_and_gaps_are_empty() {
        let mut page = Page::default();
        page.begin(3);
        page.put(2, |out| out.push('z'));
        page.put(0, |out| out.push('x'));
        page.begin(7);
        page.put(1, |out| out.push('y'));
        assert_eq!((page.row(0).line, page.row(0).get(0), page.row(0).get(1), page.row(0).get(2)), (3, "x", "", "z"));
        assert_eq!((page.row(1).line, page.row(1).get(0), page.row(1).get(1), page.row(1).cells.len()), (7, "", "y", 2));
    }

    #[test]
    fn a_long_cell_is_cut_at_a_character_and_said() {
        let mut page = Page::default();
        page.begin_rows(1, 1, 1);
        page.fill(0, 0, |out| out.push_str(&"ä".repeat(CELL_BYTES_MAX)));
        assert_eq!(page.row(0).get(0).len(), CELL_BYTES_MAX);
        assert_eq!(page.issues[0].1.kind, IssueKind::CellTooLong);
    }

    #[test]
    fn numbers_are_written_as_short_as_they_can_be_read() {
        let text = |number: f64| {
            let mut out = String::new();
            write_float(number, &mut out);
            out
        };
        assert_eq!([369.0, -0.5, 1e21, 0.1 + 0.2].map(text), ["369", "-0.5", "1e21", "0.30000000000000004"]);
    }
}

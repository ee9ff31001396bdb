//! Finds rows that a stray quote has made part of a cell: a quoted cell over several lines that look like rows of the table.

use crate::ingest::split::BatchRow;

/// A table of fewer columns has too few delimiters for a line of text to be told from a row.
const COLUMNS_MIN: usize = 3;
/// So many whole lines like rows are no chance, whatever they begin with.
const LINES_MIN: usize = 2;

/// A cell that has swallowed rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Swallowed {
    /// Which.
    pub(super) cell: usize,
    /// How many line breaks it has.
    pub(super) lines: usize,
}

/// The first cell of a row that has swallowed rows, which nearly no row can have. One that never closes is told otherwise.
#[inline]
pub(super) fn swallowed(row: BatchRow<'_>, delimiter: u8, width: usize) -> Option<Swallowed> {
    if row.may_span_lines { of_several_lines(row, delimiter, width) } else { None }
}

fn of_several_lines(row: BatchRow<'_>, delimiter: u8, width: usize) -> Option<Swallowed> {
    if width < COLUMNS_MIN || row.oddity.is_some_and(|oddity| oddity.is_unclosed) {
        return None;
    }
    (0..row.cells.len()).find_map(|cell| {
        let text = row.cell(cell);
        memchr::memchr(b'\n', text)?;
        let first = if cell == 0 { &[][..] } else { row.cell(0) };
        has_rows(text, first, (cell, delimiter, width)).map(|lines| Swallowed { cell, lines })
    })
}

/// How many line breaks a text has that looks like the rest of one row, whole rows, and the beginning of another. Each whole line must
/// have as many delimiters as a row. Notes of several lines have commas too: so the lines must begin like the row, or be several.
fn has_rows(text: &[u8], first_cell: &[u8], (cell, delimiter, width): (usize, u8, usize)) -> Option<usize> {
    let delimiters = |line: &[u8]| memchr::memchr_iter(delimiter, line).count();
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).collect();
    let [head, between @ .., last] = lines.as_slice() else { return None };
    if between.iter().any(|line| !line.is_empty() && delimiters(line) != width - 1) {
        return None;
    }
    let whole = between.iter().filter(|line| !line.is_empty()).count();
    let is_rest_of_row = cell + 1 < width && cell + delimiters(head) == width - 1;
    let is_cut_row = (1..width).contains(&delimiters(last));
    let own = if cell == 0 { head.split(|byte| *byte == delimiter).next().unwrap_or_default() } else { first_cell };
    let begins_alike = |line: &&&[u8]| is_alike(line.split(|byte| *byte == delimiter).next().unwrap_or_default(), own);
    let rows = between.iter().chain(is_cut_row.then_some(last)).filter(|line| !line.is_empty());
    let is_alike = rows.filter(begins_alike).count() > 0;
    let is_swallowed = if whole == 0 { is_alike && is_rest_of_row && is_cut_row } else { is_alike || whole >= LINES_MIN };
    is_swallowed.then_some(lines.len() - 1)
}

/// Have both the same letters and digits at the same places, some of them digits: `2024-01-10` and `2024-01-11`?
fn is_alike(one: &[u8], other: &[u8]) -> bool {
    let kind = |byte: &u8| match byte {
        b'0'..=b'9' => b'9',
        b'A'..=b'Z' | b'a'..=b'z' => b'a',
        other => *other,
    };
    one.iter().any(u8::is_ascii_digit) && one.iter().map(kind).eq(other.iter().map(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_a_cell_are_told_from_notes_of_several_lines() {
        let of_third = |text: &str| has_rows(text.as_bytes(), b"2024-01-10", (2, b',', 5));
        assert_eq!(of_third("Ten,A,7\n2024-01-11,Eleven,B,8,AFP\n2024-01-12,Twelve,A,1"), Some(2));
        assert_eq!(of_third("Ten,A,7\r\n2024-01-11,Eleven,"), Some(1));
        assert_eq!(of_third("Ten,A,7\nseen by three, all of them"), None);
        assert_eq!(of_third("a, b\nc, d, e, f, g\nh"), None);
        assert_eq!(of_third("2024-01-11 at noon\n2024-01-12 at night\n"), None);
    }
}

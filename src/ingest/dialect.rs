//! Finds the delimiter, the header and the lines before it in the first rows of a table.

use super::HeaderRow;
use super::split::{Dialect, Record, Splitter, is_cr_only};

/// How many rows are looked at to find the delimiter and to guess what the columns are.
pub(super) const SAMPLE_ROWS: usize = 4_000;
/// How many rows are looked at to find the header.
const HEADER_ROWS: usize = 60;

/// How a table is laid out.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) dialect: Dialect,
    /// How many rows stand before the header, or before the first row of data where there is no header.
    pub(super) preamble: usize,
    pub(super) has_header: bool,
    /// Does every line end with a semicolon that is no part of its last cell?
    pub(super) has_line_ends: bool,
    /// Which part of the first rows has the commonest number of cells.
    pub(super) alike: f64,
    /// The first rows, header and preamble included.
    pub(super) sample: Vec<Record>,
}

/// The layout of a table, from the beginning of its text, with the delimiter and the header that somebody chose. `is_whole` when nothing
/// follows.
pub(super) fn layout(head: &[u8], extension: &str, (forced, header): (Option<u8>, Option<HeaderRow>), is_whole: bool) -> Layout {
    let is_cr_only = is_cr_only(head);
    let mut candidates: Vec<u8> = forced.map_or_else(|| vec![b',', b';', b'\t', b'|'], |delimiter| vec![delimiter]);
    if extension == "tsv" && forced.is_none() {
        candidates = vec![b'\t', b',', b';', b'|'];
    }
    let mut best: Option<(f64, Layout)> = None;
    for delimiter in candidates {
        let dialect = Dialect { delimiter, is_cr_only };
        let sample = sample(head, dialect, is_whole);
        let (score, alike) = score(&sample);
        if best.as_ref().is_none_or(|(other, _)| score > *other + 1e-9) {
            best = Some((score, Layout { dialect, preamble: 0, has_header: true, has_line_ends: false, alike, sample }));
        }
    }
    let mut layout = best.map_or_else(
        || Layout {
            dialect: Dialect { delimiter: b',', is_cr_only },
            preamble: 0,
            has_header: true,
            has_line_ends: false,
            alike: 0.0,
            sample: Vec::new(),
        },
        |(_, layout)| layout,
    );
    find_header(&mut layout);
    choose_header(&mut layout, header);
    layout
}

/// The layout of rows whose cells are known: only the header is to be found, unless somebody chose it.
pub(super) fn layout_of_rows(sample: Vec<Record>, header: Option<HeaderRow>) -> Layout {
    let dialect = Dialect { delimiter: b',', is_cr_only: false };
    let mut layout = Layout { dialect, preamble: 0, has_header: true, alike: 1.0, has_line_ends: false, sample };
    find_header(&mut layout);
    choose_header(&mut layout, header);
    layout
}

fn choose_header(layout: &mut Layout, header: Option<HeaderRow>) {
    match header {
        None => {}
        Some(HeaderRow::Absent) => layout.has_header = false,
        Some(HeaderRow::Row(row)) => {
            layout.preamble = (row as usize).min(layout.sample.len().saturating_sub(1));
            layout.has_header = true;
        }
    }
}

fn sample(head: &[u8], dialect: Dialect, is_whole: bool) -> Vec<Record> {
    let mut splitter = Splitter::new(head, dialect);
    let mut rows = Vec::new();
    let mut record = Record::default();
    while rows.len() < SAMPLE_ROWS && splitter.next(&mut record).unwrap_or(false) {
        rows.push(std::mem::take(&mut record));
    }
    if !is_whole && rows.len() > 1 && rows.len() < SAMPLE_ROWS {
        rows.pop();
    }
    rows
}

/// How well a delimiter explains the rows: how many of them have the commonest number of cells, and how many cells that is.
fn score(rows: &[Record]) -> (f64, f64) {
    let rows = &rows[..rows.len().min(500)];
    let mode = common_cells(rows);
    if mode < 2 {
        return (0.0, 0.0);
    }
    let alike = rows.iter().filter(|row| row.cells == mode).count() as f64 / rows.len() as f64;
    (alike * alike * (mode as f64).ln_1p(), alike)
}

fn common_cells(rows: &[Record]) -> usize {
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for row in rows {
        match counts.iter_mut().find(|(cells, _)| *cells == row.cells) {
            Some((_, count)) => *count += 1,
            None => counts.push((row.cells, 1)),
        }
    }
    counts.into_iter().max_by_key(|(cells, count)| (*count, *cells)).map_or(0, |(cells, _)| cells)
}

fn filled(row: &Record) -> usize {
    (0..row.len()).filter(|cell| !row.cell(*cell).trim_ascii().is_empty()).count()
}

/// The header is the first row that is about as full as the others; lines before it are the preamble.
fn find_header(layout: &mut Layout) {
    let rows = &layout.sample;
    let mode = common_cells(&rows[..rows.len().min(500)]);
    let fullest = rows.iter().take(HEADER_ROWS).map(filled).max().unwrap_or(0);
    let is_wide_enough = |row: &Record| (row.cells >= mode || row.cells + 1 == mode || mode < 3) && filled(row) * 2 > fullest;
    layout.preamble = rows.iter().take(HEADER_ROWS).position(is_wide_enough).unwrap_or(0);
    if let Some(row) = rows.get(layout.preamble) {
        layout.has_header = is_header(row, rows.get(layout.preamble + 1));
    }
    let is_ended = |row: &Record| row.len() > 1 && row.cell(row.len() - 1).trim_ascii_end().ends_with(b";");
    let table = rows.get(layout.preamble..).unwrap_or_default();
    layout.has_line_ends = layout.dialect.delimiter != b';' && !table.is_empty() && table.iter().all(is_ended);
}

/// A header has names: no whole dates, no addresses, and no numbers beside years.
fn is_header(row: &Record, next: Option<&Record>) -> bool {
    let cells = (0..row.len()).map(|cell| row.cell(cell).trim_ascii()).filter(|cell| !cell.is_empty());
    let (mut names, mut numbers, mut years) = (0, 0, 0);
    for cell in cells {
        let text = String::from_utf8_lossy(cell);
        if text.starts_with("http://") || text.starts_with("https://") || crate::time::parse_ymd_fast(cell).is_some() {
            return false;
        }
        match text.parse::<f64>() {
            Ok(number) if (1_000.0..=2_200.0).contains(&number) && number.fract() == 0.0 && cell.len() == 4 => years += 1,
            Ok(_) if cell.len() >= 6 => return false,
            Ok(_) => numbers += 1,
            Err(_) => names += 1,
        }
    }
    if next.is_none() {
        return names > 0 || numbers + years == 0;
    }
    // The corner of a table with a column for each year may be blank.
    let has_blank_corner = row.cell(0).trim_ascii().is_empty();
    let is_of_years = has_blank_corner && names == 0 && numbers == 0 && years >= 3;
    is_of_years || (names > 0 && (numbers == 0 || names > 4 * numbers || (names + years) > 10 * numbers))
}

/// A row of tags of the Humanitarian Exchange Language, such as `#date+start`.
pub(super) fn is_tag_row(row: &Record) -> bool {
    let mut tags = 0;
    for cell in (0..row.len()).map(|cell| row.cell(cell).trim_ascii()).filter(|cell| !cell.is_empty()) {
        if cell[0] != b'#' || !cell.get(1).is_some_and(u8::is_ascii_lowercase) || cell.contains(&b' ') {
            return false;
        }
        tags += 1;
    }
    tags > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout_of(text: &str) -> (char, usize, bool) {
        let layout = layout(text.as_bytes(), "csv", (None, None), true);
        (char::from(layout.dialect.delimiter), layout.preamble, layout.has_header)
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_rows_alike() {
        assert_eq!(layout_of("a;b\n1,5;2\n2,5;3\n"), (';', 0, true));
        assert_eq!(layout_of("a\tb, c\n1\tx\n2\ty, z, w\n"), ('\t', 0, true));
        assert_eq!(layout_of("Recipient,Supplier,Year;\nA,B,1999;\nC,D,2001;\n"), (',', 0, true));
    }

    #[test]
    fn lines_before_the_header_are_the_preamble_even_when_padded() {
        assert_eq!(layout_of("Trade in arms,,\nin millions,,\nSupplier,1950,1951\nA,1,2\nB,3,4\n"), (',', 2, true));
        assert_eq!(layout_of("A report\n\ndate,place,killed\n2024-01-01,X,2\n2024-01-02,Y,3\n"), (',', 1, true));
    }

    #[test]
    fn a_person_says_where_the_header_is() {
        let text = "made,by hand\na,b\n1,2\n3,4\n";
        let header = |header| {
            let layout = layout(text.as_bytes(), "csv", (None, header), true);
            (layout.preamble, layout.has_header)
        };
        assert_eq!(header(None), (0, true));
        assert_eq!(header(Some(HeaderRow::Row(1))), (1, true));
        assert_eq!(header(Some(HeaderRow::Row(99))), (3, true));
        assert_eq!(header(Some(HeaderRow::Absent)), (0, false));
    }

    #[test]
    fn a_table_that_begins_with_data_has_no_header() {
        assert_eq!(layout_of("2024-01-01,X,2\n2024-01-02,Y,3\n"), (',', 0, false));
        assert_eq!(layout_of("1,2,3\n4,5,6\n"), (',', 0, false));
    }
}

//! Reads delimited text into a dataset: layout, header, rows and what is wrong with them.

mod read;
mod stage;
mod swallowed;
#[cfg(test)]
mod tests;
mod worker;

use encoding_rs::Encoding;

use super::cells::DateStyle;
use super::dialect::{self, Layout};
use super::error::LoadError;
use super::examine::{RawRow, RowKind, Understood};
use super::guess::{self, Sample};
use super::mapping::Mapping;
use super::presets::{self, Preset, Seen};
use super::run::Run;
use super::split::Record;
use super::taker::{Reorder, shown};
use super::{HeaderRow, Options, assume, thousands};
use crate::data::Assumption;

pub(super) use read::{End, read, remarks_on_mapping};
pub(super) use stage::{Block, Stage};

/// A text whose name does not say that it is a table must have at least this part of rows alike: prose has commas too.
const TABLE_ALIKE_MIN: f64 = 0.6;

/// What is known before the first row is read.
pub(super) struct Plan {
    pub(super) layout: Layout,
    pub(super) header: Vec<String>,
    pub(super) mapping: Mapping,
    pub(super) preset: Option<&'static Preset>,
    /// What the first rows leave open.
    pub(super) assumed: Vec<Assumption>,
    columns_given: usize,
    /// The encoding of cells that are not UTF-8, and the line of the first one.
    fallback: Option<(&'static Encoding, u64)>,
    /// Stops after about so many rows.
    rows_max: Option<u32>,
    /// Columns that look like numbers but are none.
    no_numbers: Vec<String>,
}

/// What reading has shown to be otherwise than was thought; the file is then read again.
pub(super) enum Again {
    /// Day and month of a column stand the other way round.
    Order(Reorder),
    /// The text beyond ASCII is not UTF-8.
    Encoding(&'static Encoding, u64),
    /// These columns have values that are no numbers.
    NoNumbers(Vec<String>),
}

impl Plan {
    /// The plan with what has been learnt.
    pub(super) fn learn(&mut self, again: Again) {
        match again {
            Again::Order(Reorder { column, order }) => {
                if let Some(column) = self.mapping.columns.get_mut(column) {
                    column.dates = DateStyle::Text(order);
                    column.is_order_known = true;
                }
            }
            Again::Encoding(encoding, line) => self.fallback = Some((encoding, line)),
            Again::NoNumbers(names) => self.no_numbers.extend(names),
        }
    }

    /// The plan of a plain table.
    #[cfg(test)]
    fn for_tests(layout: &Layout) -> Option<Self> {
        let columns_given = layout.sample.get(layout.preamble)?.cells;
        let (header, sample) = header_and_sample(layout);
        let mapping = guess::guess(&header, &sample);
        let (layout, assumed) = (layout.clone(), Vec::new());
        Some(Self { layout, header, mapping, preset: None, assumed, columns_given, fallback: None, rows_max: None, no_numbers: Vec::new() })
    }

    /// What a person is shown of it, given the lines of its first rows of data.
    pub(super) fn understood(&self, data: &[u64]) -> Understood {
        let layout = &self.layout;
        let header = if layout.has_header { HeaderRow::Row(layout.preamble as u32) } else { HeaderRow::Absent };
        let kind = |place: usize, row: &Record| match place < layout.preamble {
            true => RowKind::Preamble,
            false if data.contains(&row.line) => RowKind::Data,
            false if dialect::is_tag_row(row) => RowKind::Tags,
            false => RowKind::Header,
        };
        let text = |bytes: &[u8]| match (std::str::from_utf8(bytes), self.fallback) {
            (Ok(text), _) => text.to_owned(),
            (Err(_), Some((encoding, _))) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            (Err(_), None) => String::from_utf8_lossy(bytes).into_owned(),
        };
        let last = data.last().copied().unwrap_or(u64::MAX);
        let is_blank = |row: &Record| (0..row.len()).all(|cell| row.cell(cell).trim_ascii().is_empty());
        // A row of delimiters alone before the header counts among those by whose number the header is chosen.
        let is_shown = |(place, row): &(usize, &Record)| *place < layout.preamble || !is_blank(row);
        let shown = layout.sample.iter().enumerate().take_while(|(_, row)| row.line <= last).filter(is_shown);
        let rows = shown.map(|(place, row)| RawRow {
            line: row.line,
            kind: kind(place, row),
            cells: (0..row.len()).map(|cell| text(row.cell(cell))).collect(),
        });
        Understood {
            mapping: self.mapping.clone(),
            preset: self.preset.map(|preset| preset.key.to_owned()),
            delimiter: Some(layout.dialect.delimiter),
            header: Some(header),
            rows: rows.collect(),
            ..Understood::default()
        }
    }
}

/// Decides from the first part of the text what the table is. `text` is UTF-8, or nearly.
pub(super) fn plan(run: &Run<'_>, text: &[u8], extension: &str, is_whole: bool, options: &Options) -> Result<Plan, LoadError> {
    let layout = dialect::layout(text, extension, (options.delimiter, options.header), is_whole);
    let no_records = |reason: &str, advice| LoadError::NoRecords { path: run.path.clone(), reason: reason.to_owned(), advice };
    let Some(first) = layout.sample.get(layout.preamble) else {
        return Err(no_records("there are only blank lines", "choose a table with a header row and rows under it"));
    };
    let is_table_name = matches!(extension, "csv" | "tsv" | "tab" | "psv");
    if (first.cells < 2 || layout.alike < TABLE_ALIKE_MIN) && !is_table_name && options.delimiter.is_none() {
        return Err(no_records("the text has no columns", "choose a table with a header row, or JSON with a list of objects"));
    }
    let (header, sample) = header_and_sample(&layout);
    let mut mapping = guess::guess(&header, &sample);
    thousands::settle(&mut mapping, &sample, layout.dialect.delimiter == b';');
    let seen = Seen::new(&header, &sample, layout.has_header);
    let preset = presets::choose(options.preset.as_deref(), &seen, &mut mapping);
    let mapping = options.mapping_for(mapping).map_err(|reason| LoadError::BadOption { option: "mapping", reason })?;
    let assumed = assume::from_sample(
        &mapping,
        &sample,
        options,
        ((!layout.has_header && preset.is_none()).then_some(layout.preamble as u32), preset.is_some()),
    );
    let columns_given = first.cells;
    let rows_max = options.rows_max;
    // A preset names the columns of a table that has no header.
    let header = mapping.columns.iter().map(|column| column.name.clone()).collect();
    Ok(Plan { layout, header, mapping, preset, assumed, columns_given, fallback: None, rows_max, no_numbers: Vec::new() })
}

/// The names of a header, each once.
pub(super) fn names(row: &Record) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(row.len());
    let mut seen: rustc_hash::FxHashMap<String, u32> = rustc_hash::FxHashMap::default();
    for place in 0..row.len() {
        let text = String::from_utf8_lossy(row.cell(place));
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = if text.is_empty() { format!("column {}", place + 1) } else { shown(&text) };
        let count = seen.entry(name.clone()).or_insert(0);
        *count += 1;
        names.push(if *count > 1 { format!("{name} ({count})") } else { name });
    }
    names
}

/// The names of the columns, and the first cells of each.
fn header_and_sample(layout: &Layout) -> (Vec<String>, Sample) {
    let Some(first) = layout.sample.get(layout.preamble) else { return (Vec::new(), Sample::new()) };
    let width = layout.sample.iter().skip(layout.preamble).map(Record::len).max().unwrap_or(0);
    let mut header = if layout.has_header { names(first) } else { (1..=width).map(|place| format!("column {place}")).collect() };
    if let Some(last) = header.last_mut().filter(|_| layout.has_line_ends) {
        last.truncate(last.trim_end_matches(';').len());
    }
    let skipped = layout.preamble + usize::from(layout.has_header);
    let is_header = |row: &Record| layout.has_header && row.equals(first);
    let is_data = |row: &&Record| !is_header(row) && !dialect::is_tag_row(row);
    let rows: Vec<&Record> = layout.sample.iter().skip(skipped).filter(is_data).collect();
    let sample =
        (0..header.len()).map(|column| rows.iter().map(|row| String::from_utf8_lossy(row.cell(column)).into_owned()).collect()).collect();
    (header, sample)
}

//! Reads delimited text into a dataset: layout, header, rows and what is wrong with them.

mod read;
mod stage;
#[cfg(test)]
mod tests;
mod worker;

use encoding_rs::Encoding;

use super::Options;
use super::cells::DateStyle;
use super::dialect::{self, Layout};
use super::error::LoadError;
use super::guess;
use super::mapping::Mapping;
use super::presets::{self, Preset};
use super::run::Run;
use super::split::Record;
use super::taker::{Reorder, shown};

pub(super) use read::{End, read};
pub(super) use stage::{Block, Stage};

/// A text whose name does not say that it is a table must have at least this part of rows alike: prose has commas too.
const TABLE_ALIKE_MIN: f64 = 0.6;

/// What is known before the first row is read.
pub(super) struct Plan {
    pub(super) layout: Layout,
    pub(super) header: Vec<String>,
    pub(super) mapping: Mapping,
    pub(super) preset: Option<&'static Preset>,
    columns_given: usize,
    /// The encoding of cells that are not UTF-8, and the line of the first one.
    fallback: Option<(&'static Encoding, u64)>,
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
        let (header, mapping) = guessed(layout);
        Some(Self { layout: layout.clone(), header, mapping, preset: None, columns_given, fallback: None, no_numbers: Vec::new() })
    }
}

/// Decides from the first part of the text what the table is. `text` is UTF-8, or nearly.
pub(super) fn plan(run: &Run<'_>, text: &[u8], extension: &str, is_whole: bool, options: &Options) -> Result<Plan, LoadError> {
    let layout = dialect::layout(text, extension, options.delimiter, is_whole);
    let no_records = |reason: &str| LoadError::NoRecords { path: run.path.clone(), reason: reason.to_owned() };
    let Some(first) = layout.sample.get(layout.preamble) else { return Err(no_records("there are only blank lines")) };
    let is_table_name = matches!(extension, "csv" | "tsv" | "tab" | "psv");
    if (first.cells < 2 || layout.alike < TABLE_ALIKE_MIN) && !is_table_name && options.delimiter.is_none() {
        return Err(no_records("the text has no columns"));
    }
    let (header, mut mapping) = guessed(&layout);
    let preset = presets::choose(options.preset.as_deref(), &header);
    if let Some(preset) = preset {
        (preset.apply)(&mut mapping);
    }
    if let Some(given) = options.mapping.as_ref().filter(|given| given.columns.len() == header.len()) {
        mapping = given.clone();
    }
    let columns_given = first.cells;
    Ok(Plan { layout, header, mapping, preset, columns_given, fallback: None, no_numbers: Vec::new() })
}

/// The names of a header, each once.
fn names(row: &Record) -> Vec<String> {
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

/// The names of the columns, and what they seem to mean.
fn guessed(layout: &Layout) -> (Vec<String>, Mapping) {
    let Some(first) = layout.sample.get(layout.preamble) else { return (Vec::new(), Mapping::default()) };
    let width = layout.sample.iter().skip(layout.preamble).map(Record::len).max().unwrap_or(0);
    let header = if layout.has_header { names(first) } else { (1..=width).map(|place| format!("column {place}")).collect() };
    let skipped = layout.preamble + usize::from(layout.has_header);
    let rows: Vec<&Record> = layout.sample.iter().skip(skipped).filter(|row| !row.equals(first) && !dialect::is_tag_row(row)).collect();
    let sample = (0..header.len())
        .map(|column| rows.iter().take(1_000).map(|row| String::from_utf8_lossy(row.cell(column)).into_owned()).collect())
        .collect();
    let mapping = guess::guess(&header, &sample);
    (header, mapping)
}

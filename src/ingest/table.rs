//! Reads delimited text into a dataset: layout, header, rows and what is wrong with them.

use std::borrow::Cow;
use std::io::Read;

use encoding_rs::Encoding;

use super::dialect::{self, Layout};
use super::error::LoadError;
use super::feed::{Meter, drain};
use super::guess;
use super::mapping::Mapping;
use super::run::Run;
use super::split::{CELL_BYTES_MAX, COLUMNS_MAX, Record, Splitter};
use super::taker::{Reorder, Row, Taker, shown};
use super::{Options, ucdp};
use crate::data::{Dataset, DatasetBuilder, Issue, IssueKind};

/// A text whose name does not say that it is a table must have at least this part of rows alike: prose has commas too.
const TABLE_ALIKE_MIN: f64 = 0.6;
/// How many repeated headers are listed one by one; all are counted.
const REPEATED_LISTED_MAX: u64 = 20;

/// What is known before the first row is read.
pub(super) struct Plan {
    pub(super) layout: Layout,
    pub(super) header: Vec<String>,
    pub(super) mapping: Mapping,
    pub(super) is_ucdp: bool,
    columns_given: usize,
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
    let width = layout.sample.iter().skip(layout.preamble).map(Record::len).max().unwrap_or(0);
    let header = if layout.has_header { names(first) } else { (1..=width).map(|place| format!("column {place}")).collect() };
    let skipped = layout.preamble + usize::from(layout.has_header);
    let rows: Vec<&Record> = layout.sample.iter().skip(skipped).filter(|row| !row.equals(first) && !dialect::is_tag_row(row)).collect();
    let sample = (0..header.len())
        .map(|column| rows.iter().take(1_000).map(|row| String::from_utf8_lossy(row.cell(column)).into_owned()).collect())
        .collect();
    let mut mapping = guess::guess(&header, &sample);
    let is_ucdp = match options.preset.as_deref() {
        None => ucdp::is_header(&header),
        Some(preset) => preset == ucdp::PRESET,
    };
    if is_ucdp {
        ucdp::apply(&mut mapping);
    }
    if let Some(given) = options.mapping.as_ref().filter(|given| given.columns.len() == header.len()) {
        mapping = given.clone();
    }
    let columns_given = first.cells;
    Ok(Plan { layout, header, mapping, is_ucdp, columns_given })
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

/// How a table ended.
pub(super) enum End {
    Read(Box<Dataset>),
    /// To be read again, with another order of day and month in a column.
    Again(Reorder),
}

/// Reads all rows.
pub(super) fn read<R: Read>(
    run: &mut Run<'_>,
    plan: &Plan,
    mut builder: DatasetBuilder,
    input: R,
    meter: &Meter,
    is_only_ascii: bool,
) -> Result<End, LoadError> {
    let mut reader = Reader {
        taker: Taker::new(plan.mapping.clone(), &mut builder),
        builder,
        width: plan.header.len(),
        header: plan.layout.has_header.then(|| plan.layout.sample[plan.layout.preamble].clone()),
        fallback: None,
        may_fall_back: is_only_ascii,
        text: String::new(),
        ends: Vec::new(),
        skipped: 0,
        repeated: 0,
    };
    reader.remarks(plan);
    let mut splitter = Splitter::new(input, plan.layout.dialect);
    let mut record = Record::default();
    let before = plan.layout.preamble + usize::from(plan.layout.has_header);
    let mut place = 0;
    while splitter.next(&mut record).map_err(|error| run.failed(&error))? {
        place += 1;
        if place <= before {
            reader.skipped += u64::from(place <= plan.layout.preamble);
            continue;
        }
        if let Err(reorder) = reader.row(&record) {
            return Ok(End::Again(reorder));
        }
        reader.builder.origin.rows = reader.taker.rows();
        reader.builder.origin.skipped = reader.skipped + splitter.blank_lines;
        run.row(&reader.builder, meter)?;
    }
    reader.finish(meter);
    let mut builder = reader.builder;
    builder.origin.skipped = reader.skipped + splitter.blank_lines;
    let mut rest = splitter.into_input();
    drain(&mut rest).map_err(|error| run.failed(&error))?;
    Ok(End::Read(Box::new(run.finish(builder, meter)?)))
}

/// A row longer than this is no header that stands once more.
const HEADER_BYTES_MAX: usize = 2_000;

fn words(cell: &[u8]) -> Vec<String> {
    super::names::plain_name(&String::from_utf8_lossy(cell)).split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

struct Reader {
    builder: DatasetBuilder,
    taker: Taker,
    width: usize,
    header: Option<Record>,
    fallback: Option<&'static Encoding>,
    may_fall_back: bool,
    text: String,
    ends: Vec<u32>,
    skipped: u64,
    repeated: u64,
}

impl Reader {
    fn issue(&mut self, line: Option<u64>, column: Option<&str>, value: &str, kind: IssueKind, message: String, action: &str) {
        self.builder.issue(Issue {
            line,
            column: column.map(str::to_owned),
            value: shown(value),
            kind,
            message,
            action: action.to_owned(),
        });
    }

    /// What is to be said about the table as a whole.
    fn remarks(&mut self, plan: &Plan) {
        if plan.columns_given > COLUMNS_MAX {
            let message = format!("the table has {} columns; at most {COLUMNS_MAX} are kept", plan.columns_given);
            self.issue(Some(1), None, &plan.columns_given.to_string(), IssueKind::TooManyColumns, message, "the first ones were kept");
        }
        if !plan.layout.has_header {
            let message = "the first row is data; the table has no header".to_owned();
            self.issue(Some(1), None, "", IssueKind::Assumption, message, "columns are named by their place");
        }
        if !plan.mapping.has_date() && plan.mapping.column(super::mapping::Role::Published).is_none() {
            self.issue(None, None, "", IssueKind::Assumption, "no column of dates was found".to_owned(), "every record is undated");
        }
        for measured in plan.mapping.measured.iter().filter(|measured| measured.basis == crate::data::Basis::Total) {
            let column = measured.value.and_then(|column| plan.header.get(column)).cloned();
            let message = "the numbers never fall from day to day".to_owned();
            self.issue(None, column.as_deref(), "", IssueKind::Assumption, message, "taken as running totals, which are not added up");
        }
    }

    fn row(&mut self, record: &Record) -> Result<(), Reorder> {
        let is_repeated = self.header.as_ref().is_some_and(|header| header.equals(record) || self.looks_like_header(header, record));
        if is_repeated {
            self.skipped += 1;
            self.repeated += 1;
            if self.repeated <= REPEATED_LISTED_MAX {
                self.issue(
                    Some(record.line),
                    None,
                    "",
                    IssueKind::RepeatedHeader,
                    "the header stands here once more".to_owned(),
                    "skipped",
                );
            } else {
                self.builder.count_issue(IssueKind::RepeatedHeader);
            }
            return Ok(());
        }
        if self.taker.rows() == 0 && dialect::is_tag_row(record) {
            self.skipped += 1;
            return Ok(());
        }
        self.structure(record);
        let (bytes, ends) = record.parts();
        let is_plain = std::str::from_utf8(bytes).ok().filter(|text| ends.iter().all(|end| text.is_char_boundary(*end as usize)));
        if let Some(text) = is_plain {
            return self.taker.take(&mut self.builder, Row { line: record.line, text, ends });
        }
        self.decode(record);
        self.taker.take(&mut self.builder, Row { line: record.line, text: &self.text, ends: &self.ends })
    }

    /// A header that is written a little differently: no date, no figures, and mostly words of the header.
    fn looks_like_header(&self, header: &Record, record: &Record) -> bool {
        if !self.taker.is_undated(|column| record.cell(column).trim_ascii().is_empty()) {
            return false;
        }
        let (bytes, _) = record.parts();
        if bytes.len() > HEADER_BYTES_MAX || bytes.iter().any(|byte| byte.is_ascii_digit() || !byte.is_ascii()) {
            return false;
        }
        let known: Vec<String> = (0..header.len()).flat_map(|cell| words(header.cell(cell))).collect();
        let found: Vec<String> = (0..record.len()).flat_map(|cell| words(record.cell(cell))).collect();
        let shared = found.iter().filter(|word| known.contains(word)).count();
        found.len() >= 3 && shared * 5 >= found.len() * 3
    }

    /// Says what is wrong with the number and the length of the cells.
    fn structure(&mut self, record: &Record) {
        let (cells, width) = (record.cells, self.width);
        if cells < width {
            let message = format!("{cells} cells where the header has {width}");
            self.issue(Some(record.line), None, "", IssueKind::RaggedRow, message, "the missing cells are empty");
        } else if cells > width && (width..record.len()).any(|cell| !record.cell(cell).is_empty()) {
            let message = format!("{cells} cells where the header has {width}");
            let value = String::from_utf8_lossy(record.cell(width)).into_owned();
            self.issue(Some(record.line), None, &value, IssueKind::RaggedRow, message, "the surplus is kept as `extra 1` and so on");
        }
        if cells > COLUMNS_MAX && width < COLUMNS_MAX {
            let message = format!("the row has {cells} cells; at most {COLUMNS_MAX} are kept");
            self.issue(Some(record.line), None, &cells.to_string(), IssueKind::TooManyColumns, message, "the first ones were kept");
        }
        for (cell, bytes) in &record.cut {
            let value = String::from_utf8_lossy(record.cell(*cell).get(..200).unwrap_or_default()).into_owned();
            let message = format!("the cell has {bytes} bytes; at most {CELL_BYTES_MAX} are kept");
            let name = self.header.as_ref().map(|header| String::from_utf8_lossy(header.cell(*cell)).into_owned());
            self.issue(Some(record.line), name.as_deref(), &value, IssueKind::CellTooLong, message, "cut; the rest of the row is kept");
        }
        if record.is_unclosed {
            let message = "a quote opens in this row and never closes".to_owned();
            self.issue(
                Some(record.line),
                None,
                "",
                IssueKind::Truncated,
                message,
                "everything up to the end of the file is in its last cell",
            );
        }
    }

    /// Decodes a row that is not UTF-8, cell by cell.
    fn decode(&mut self, record: &Record) {
        let (bytes, _) = record.parts();
        if self.may_fall_back && self.fallback.is_none() {
            let encoding = super::sniff::legacy(bytes);
            self.fallback = Some(encoding);
            let label = encoding.name().to_ascii_lowercase();
            self.builder.origin.encoding.clone_from(&label);
            let message = format!("the first text beyond ASCII is not UTF-8; it was read as {label}");
            self.issue(Some(record.line), None, "", IssueKind::Assumption, message, "cells that are not UTF-8 are read so");
        }
        self.text.clear();
        self.ends.clear();
        for cell in 0..record.len() {
            let bytes = record.cell(cell);
            let text = match (std::str::from_utf8(bytes), self.fallback) {
                (Ok(text), _) => Cow::Borrowed(text),
                (Err(_), Some(encoding)) => encoding.decode_without_bom_handling(bytes).0,
                (Err(_), None) => String::from_utf8_lossy(bytes),
            };
            if text.contains(char::REPLACEMENT_CHARACTER) && std::str::from_utf8(bytes).is_err() {
                let name = self.header.as_ref().map(|header| String::from_utf8_lossy(header.cell(cell)).into_owned());
                self.builder.issue(Issue {
                    line: Some(record.line),
                    column: name,
                    value: shown(&text),
                    kind: IssueKind::InvalidText,
                    message: "bytes that are not text in the file's encoding".to_owned(),
                    action: "shown as \u{fffd}".to_owned(),
                });
            }
            self.text.push_str(&text);
            self.ends.push(self.text.len() as u32);
        }
    }

    fn finish(&mut self, meter: &Meter) {
        let Self { taker, builder, .. } = self;
        taker.finish(builder);
        if self.repeated > REPEATED_LISTED_MAX {
            self.builder.origin.notes.push(("repeated headers".to_owned(), self.repeated.to_string()));
        }
        if meter.malformed() > 0 {
            let message = format!("bytes that are not {} in {} blocks of the file", self.builder.origin.encoding, meter.malformed());
            self.issue(None, None, "", IssueKind::InvalidText, message, "shown as \u{fffd}");
        }
    }
}

//! Makes pages of record batches, whatever Arrow format they come from: column by column, structures taken apart.

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};

use super::page::Page;
use super::values::{Oddity, Style, are_midnights, write_value};
use super::{Fault, Flow, Sink};
use crate::data::IssueKind;
use crate::ingest::write::{DERIVED, KEY};

/// So many rows become a page at once: what is made of them stays in the cache of a core.
pub(super) const PAGE_ROWS: usize = 2_048;
/// A page may have so much text; rows that have more are taken fewer at a time.
pub(super) const PAGE_TEXT_MAX: usize = 64 << 20;

/// The columns of record batches, structures taken apart.
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    /// How to find each: the column, then the field within it, and so on.
    paths: Vec<Vec<usize>>,
    styles: Vec<Option<Style>>,
    /// The number of the next row, from 1.
    line: u64,
}

impl Columns {
    pub(super) fn of(schema: &Schema) -> Self {
        let (mut names, mut paths) = (Vec::new(), Vec::new());
        for (place, field) in schema.fields().iter().enumerate().filter(|(_, field)| !is_derived(field)) {
            flatten(field, "", vec![place], &mut names, &mut paths);
        }
        Self { styles: vec![None; names.len()], names, paths, line: 1 }
    }

    /// Hands on the rows of a batch, page by page; `done` is how much of the file is behind.
    pub(super) fn hand_on(&mut self, batch: &RecordBatch, done: Option<u64>, sink: &mut Sink<'_>) -> Result<Flow, Fault> {
        let arrays: Vec<Vec<ArrayRef>> = self.paths.iter().map(|path| along(batch, path)).collect();
        let mut page = Page::default();
        let (mut at, mut rows) = (0, PAGE_ROWS);
        while at < batch.num_rows() {
            let count = rows.min(batch.num_rows() - at);
            if !self.fill(&mut page, &arrays, at, count) && count > 1 {
                rows = count.div_ceil(2);
                continue;
            }
            at += count;
            self.line += count as u64;
            if sink.page(&mut page, done)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
            rows = PAGE_ROWS.min(rows * 2);
        }
        Ok(Flow::Go)
    }

    /// Fills a page with some rows; `false` when their text is too much for one.
    fn fill(&mut self, page: &mut Page, arrays: &[Vec<ArrayRef>], at: usize, count: usize) -> bool {
        page.begin_rows(self.line, count, arrays.len());
        for (column, path) in arrays.iter().enumerate() {
            let Some(array) = path.last() else { continue };
            if self.styles[column].is_none() {
                self.styles[column] = are_midnights(&array.slice(at, count)).map(|has_days| Style { has_days });
            }
            let style = self.styles[column].unwrap_or_default();
            for row in 0..count {
                if path.iter().any(|array| array.is_null(at + row)) {
                    continue;
                }
                let mut oddity = None;
                page.fill(row, column, |out| {
                    let start = out.len();
                    if let Err(odd) = write_value(array, at + row, style, out) {
                        out.truncate(start);
                        oddity = Some(odd);
                    }
                });
                if let Some(oddity) = oddity {
                    say(page, (self.line + row as u64, column), &oddity);
                }
                if page.bytes() > PAGE_TEXT_MAX && count > 1 {
                    return false;
                }
            }
        }
        true
    }
}

/// Says what could not be written.
pub(super) fn say(page: &mut Page, cell: (u64, usize), oddity: &Oddity) {
    let (value, message) = match oddity {
        Oddity::Bytes(bytes) => (format!("{bytes} bytes"), "bytes that are no text".to_owned()),
        Oddity::Unknown => (String::new(), "a kind of value that is not known here".to_owned()),
        Oddity::Length(items, all) => (format!("{items} items"), format!("lists of this column have {all} items")),
    };
    page.issue(cell, value, IssueKind::WrongType, message, "left empty");
}

/// A column that we wrote beside another one, from which it follows.
pub(super) fn is_derived(field: &Field) -> bool {
    field.metadata().get(KEY).is_some_and(|mark| mark == DERIVED)
}

fn flatten(field: &Field, above: &str, path: Vec<usize>, names: &mut Vec<String>, paths: &mut Vec<Vec<usize>>) {
    let name = if above.is_empty() { field.name().clone() } else { format!("{above}.{}", field.name()) };
    match field.data_type() {
        DataType::Struct(fields) if !fields.is_empty() => {
            for (place, inner) in fields.iter().enumerate() {
                let path = path.iter().copied().chain([place]).collect();
                flatten(inner, &name, path, names, paths);
            }
        }
        _ => {
            names.push(name);
            paths.push(path);
        }
    }
}

/// The arrays from a column down to the one that has the values: a value is there when it is in all of them.
fn along(batch: &RecordBatch, path: &[usize]) -> Vec<ArrayRef> {
    let Some((first, rest)) = path.split_first() else { return Vec::new() };
    let mut arrays = vec![Arc::clone(batch.column(*first))];
    for place in rest {
        let inner = arrays.last().and_then(|array| array.as_struct_opt()).map(|array| Arc::clone(array.column(*place)));
        arrays.extend(inner);
    }
    arrays
}

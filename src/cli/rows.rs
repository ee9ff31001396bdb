//! `rows`: records one a line, as CSV or JSONL, page by page.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::ask::{Opened, answered};
use super::out::{csv_line, json_number, print};
use super::table::Given;
use super::{Ended, Failure};
use crate::data::{Field, FieldInfo, FieldKind};
use crate::query::{Filter, Query, RowsAnswer, RowsQuery, TableRow};

/// How many records are asked for at once: enough that sorting anew for each page costs little.
const PAGE_ROWS: u32 = 1 << 16;

pub(super) fn run(given: &Given<'_>) -> Result<Ended, Failure> {
    let opened = Opened::new(given)?;
    let filter = opened.filter(given)?;
    opened.tell_unknown_publication(&filter)?;
    let limit = match given.text("limit")? {
        None => u64::MAX,
        Some(text) => text.parse().map_err(|_error| Failure(format!("--limit: “{text}” is not a whole number")))?,
    };
    let sort = match given.text("sort")? {
        None => None,
        Some(text) => {
            let key = text.strip_prefix('-').unwrap_or(text);
            Some((opened.field("sort", key)?.field, text.starts_with('-')))
        }
    };
    let wanted = Wanted { filter, sort, limit };
    let is_csv = given.word("format")? == "csv";
    let mut failure = None;
    let ended = print(opened.ended_saying_so(), |out| {
        failure = write_rows(&opened, &wanted, is_csv, out)?;
        Ok(())
    });
    failure.map_or(ended, Err)
}

/// Which records are written, in which order.
struct Wanted {
    filter: Filter,
    /// By which field, and is the largest first; else as in the file.
    sort: Option<(Field, bool)>,
    limit: u64,
}

/// Writes records page by page, as CSV with a header or as one JSON object a line. An engine that stops is handed back, beside what the output says.
fn write_rows(opened: &Opened, wanted: &Wanted, is_csv: bool, out: &mut dyn Write) -> io::Result<Option<Failure>> {
    // The id comes first, as an address: it tells repeated and missing ids apart.
    let fields: Vec<&FieldInfo> = opened.schema.fields.iter().filter(|info| info.field != Field::ID).collect();
    if is_csv {
        csv_line(out, std::iter::once("id").chain(fields.iter().map(|info| info.key.as_str())))?;
    }
    let mut offset = 0;
    loop {
        let query = RowsQuery {
            filter: wanted.filter.clone(),
            window: None,
            sort: wanted.sort,
            offset,
            limit: u64::from(PAGE_ROWS).min(wanted.limit - offset) as u32,
            fields: fields.iter().map(|info| info.field).collect(),
        };
        let page: RowsAnswer = match answered!(opened, &Query::Rows(query), Rows) {
            Ok(page) => page,
            Err(failure) => return Ok(Some(failure)),
        };
        page.rows.iter().try_for_each(|row| if is_csv { csv_row(out, row) } else { json_row(out, row, &fields) })?;
        offset += page.rows.len() as u64;
        if page.rows.is_empty() || offset >= page.total.min(wanted.limit) {
            return Ok(None);
        }
    }
}

fn csv_row(out: &mut dyn Write, row: &TableRow) -> io::Result<()> {
    csv_line(out, std::iter::once(row.id.as_str()).chain(row.cells.iter().map(|cell| cell.as_deref().unwrap_or(""))))
}

/// An object with the fields that the record has; numbers are numbers.
fn json_row(out: &mut dyn Write, row: &TableRow, fields: &[&FieldInfo]) -> io::Result<()> {
    let mut object = Map::new();
    object.insert("id".to_owned(), Value::from(row.id.as_str()));
    for (info, cell) in fields.iter().zip(&row.cells) {
        let Some(cell) = cell else { continue };
        let number = if info.kind == FieldKind::Number { json_number(cell.parse().ok()) } else { Value::Null };
        object.insert(info.key.clone(), if number.is_null() { Value::from(cell.as_str()) } else { number });
    }
    serde_json::to_writer(&mut *out, &object)?;
    out.write_all(b"\n")
}

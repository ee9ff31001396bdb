//! `convert`: chosen records as Dateline JSON, CSV or JSONL, and how they were chosen; the file that is read is never written to.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::ask::{Opened, answered};
use super::native::write_native;
use super::rows::{Wanted, write_rows};
use super::table::Given;
use super::{Ended, Failure};
use crate::data::Row;
use crate::export::write_atomically;
use crate::query::{CountAnswer, Filter, Query, RowsAnswer, RowsQuery};

/// What is written.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Native,
    Csv,
    JsonLines,
}

pub(super) fn run(given: &Given<'_>) -> Result<Ended, Failure> {
    let out = given.path("out").map(PathBuf::from).ok_or_else(|| Failure("-o: name the file to write".to_owned()))?;
    let shape = shape_of(&out)?;
    refuse_own_file(given, &out)?;
    let opened = Opened::new(given)?;
    let filter = opened.filter(given)?;
    opened.tell_unknown_publication(&filter)?;
    let selection = selection(&opened, given, &filter)?;
    let mut bytes = Vec::new();
    let written = match shape {
        Shape::Native => {
            let rows = chosen(&opened, filter)?;
            write_native(&mut bytes, &opened.dataset, &rows, &selection).map(|()| None)
        }
        Shape::Csv | Shape::JsonLines => {
            write_rows(&opened, &Wanted { filter, sort: None, limit: u64::MAX }, shape == Shape::Csv, &mut bytes)
        }
    };
    if let Some(failure) = written.map_err(|error| cannot_write(&out, &error))? {
        return Err(failure);
    }
    write_atomically(&out, &bytes).map_err(|error| cannot_write(&out, &error))?;
    if shape == Shape::Csv {
        let mut name = out.file_name().unwrap_or_default().to_owned();
        name.push(".meta.json");
        let beside = out.with_file_name(name);
        write_atomically(&beside, format!("{selection:#}\n").as_bytes()).map_err(|error| cannot_write(&beside, &error))?;
    }
    Ok(opened.ended())
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure(format!("{}: {error}; nothing was written there", path.display()))
}

fn shape_of(out: &Path) -> Result<Shape, Failure> {
    let ending = out.extension().and_then(|ending| ending.to_str()).unwrap_or("").to_ascii_lowercase();
    match ending.as_str() {
        "json" => Ok(Shape::Native),
        "csv" => Ok(Shape::Csv),
        "jsonl" | "ndjson" => Ok(Shape::JsonLines),
        _ => Err(Failure(format!("{}: the ending tells the format: name a file that ends in .json, .csv or .jsonl", out.display()))),
    }
}

/// The data file is never written to, by whatever name it is called.
fn refuse_own_file(given: &Given<'_>, out: &Path) -> Result<(), Failure> {
    let own = given.path("file").and_then(|file| std::fs::canonicalize(file).ok());
    let is_own = own.is_some() && own == std::fs::canonicalize(out).ok();
    if is_own { Err(Failure(format!("{}: this is the file that is read; name another one", out.display()))) } else { Ok(()) }
}

/// How the records were chosen.
fn selection(opened: &Opened, given: &Given<'_>, filter: &Filter) -> Result<Value, Failure> {
    let count: CountAnswer = answered!(opened, &Query::Count { filter: filter.clone(), window: None }, Count)?;
    let origin = &opened.dataset.origin;
    Ok(json!({
        "file": origin.file_name(),
        "sha256": origin.sha256,
        "format": origin.format,
        "preset": origin.preset,
        "where": given.text("where")?,
        "known_on": given.text("known-on")?,
        "records": count.matching,
        "of": count.of,
        "unknown_publication": count.unknown_publication,
        "by": concat!("Dateline ", env!("CARGO_PKG_VERSION")),
    }))
}

/// The rows that pass, as in the file.
fn chosen(opened: &Opened, filter: Filter) -> Result<Vec<Row>, Failure> {
    if filter == Filter::All {
        let mut rows: Vec<Row> = (0..opened.dataset.records.len() as Row).collect();
        rows.sort_by_key(|row| (opened.dataset.records.file_row(*row), *row));
        return Ok(rows);
    }
    let query = RowsQuery { filter, window: None, sort: None, offset: 0, limit: u32::MAX, fields: Vec::new() };
    let answer: RowsAnswer = answered!(opened, &Query::Rows(query), Rows)?;
    Ok(answer.rows.iter().map(|row| row.row).collect())
}

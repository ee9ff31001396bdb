//! `convert`: chosen records as Dateline JSON, CSV, JSONL, Parquet, Arrow or `GeoJSON`, and how they were chosen; the file that is read is never written to.

use std::io;
use std::path::{Path, PathBuf};

use super::ask::{Opened, answered};
use super::open::refuse_data_file;
use super::out::counted;
use super::table::Given;
use super::{Ended, Failure, complain};
use crate::data::{Dataset, Row};
use crate::export::write_atomically;
use crate::ingest::{
    Selection, rows_in_file_order, sha256_of, write_arrow, write_csv, write_geojson, write_jsonl, write_meta, write_native, write_parquet,
};
use crate::query::{Filter, Query, RowsAnswer, RowsQuery};

/// The endings that tell what is written.
const ENDINGS: &str = ".json, .csv, .jsonl, .parquet, .arrow or .geojson";

/// So many counters are named in a message.
const COUNTERS_NAMED_MAX: usize = 4;

/// What is written.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Native,
    Csv,
    JsonLines,
    Parquet,
    Arrow,
    GeoJson,
}

pub(super) fn run(given: &Given<'_>) -> Result<Ended, Failure> {
    let out = given.path("out").map(PathBuf::from).ok_or_else(|| Failure("-o: name the file to write".to_owned()))?;
    let shape = shape_of(&out)?;
    refuse_data_file(given, &out)?;
    let meta = (shape == Shape::Csv).then(|| beside(&out));
    if let Some(meta) = &meta {
        refuse_data_file(given, meta)?;
    }
    let opened = Opened::new(given)?;
    let filter = opened.filter(given)?;
    opened.tell_unknown_publication(&filter)?;
    let rows = chosen(&opened, filter)?;
    let selection = Selection { filter: given.text("where")?.map(str::to_owned), known_on: given.text("known-on")?.map(str::to_owned) };
    let dataset = &opened.dataset;
    if shape == Shape::Native {
        refuse_several_counters(dataset, &out)?;
    }
    name_by_hash(dataset);
    let mut placeless = 0;
    let bytes = match shape {
        Shape::Native => in_memory(|bytes| write_native(dataset, &rows, Some(&selection), bytes)),
        Shape::Csv => in_memory(|bytes| write_csv(dataset, &rows, bytes)),
        Shape::JsonLines => in_memory(|bytes| write_jsonl(dataset, &rows, bytes)),
        Shape::Parquet => in_memory(|bytes| write_parquet(dataset, &rows, &selection, bytes)),
        Shape::Arrow => in_memory(|bytes| write_arrow(dataset, &rows, &selection, bytes)),
        Shape::GeoJson => in_memory(|bytes| write_geojson(dataset, &rows, &selection, bytes).map(|count| placeless = count)),
    };
    put(&out, bytes)?;
    if placeless > 0 {
        complain(&format!("{} without coordinates; there is no point for them", counted(placeless as u64, "record is", "records are")));
    }
    if let Some(meta) = meta {
        put(&meta, in_memory(|bytes| write_meta(dataset, rows.len(), &selection, bytes)))?;
    }
    Ok(opened.ended_saying_so())
}

/// Where it is written how the records of a CSV were chosen.
fn beside(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".meta.json");
    out.with_file_name(name)
}

/// Dateline JSON has one counter for all its records: what several datasets have counted would be added up.
fn refuse_several_counters(dataset: &Dataset, out: &Path) -> Result<(), Failure> {
    if !dataset.has_coded_files() {
        return Ok(());
    }
    let mut counters: Vec<&str> = dataset.origin.files.iter().filter_map(|file| file.origin.counter.as_deref()).collect();
    counters.dedup();
    counters.truncate(COUNTERS_NAMED_MAX);
    let names = counters.join(", ");
    Err(Failure(format!(
        "{}: Dateline JSON cannot keep apart what these have counted: {names}; convert them one by one, or to CSV",
        out.display()
    )))
}

/// What is written names the bytes that it came from, so that their hash must be known, however many they are.
fn name_by_hash(dataset: &Dataset) {
    if !dataset.origin.sha256.is_known()
        && dataset.origin.files.is_empty()
        && let Some(sha256) = sha256_of(Path::new(&dataset.origin.path))
    {
        dataset.origin.sha256.set(sha256);
    }
}

/// What is written, before any of it is on the disk: a file is the old one or the new one, never half of it.
pub(super) fn in_memory(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    write(&mut bytes).map(|()| bytes)
}

pub(super) fn put(path: &Path, bytes: io::Result<Vec<u8>>) -> Result<(), Failure> {
    bytes.and_then(|bytes| write_atomically(path, &bytes)).map_err(|error| cannot_write(path, &error))
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
        "parquet" => Ok(Shape::Parquet),
        "arrow" | "feather" => Ok(Shape::Arrow),
        "geojson" => Ok(Shape::GeoJson),
        _ => Err(Failure(format!("{}: the ending tells the format: name a file that ends in {ENDINGS}", out.display()))),
    }
}

/// The rows that pass, as in the file.
fn chosen(opened: &Opened, filter: Filter) -> Result<Vec<Row>, Failure> {
    if filter == Filter::All {
        return Ok(rows_in_file_order(&opened.dataset));
    }
    let query = RowsQuery { filter, window: None, sort: None, offset: 0, limit: u32::MAX, fields: Vec::new() };
    let answer: RowsAnswer = answered!(opened, &Query::Rows(query), Rows)?;
    Ok(answer.rows.iter().map(|row| row.row).collect())
}

//! Writes records out: the native format without loss, CSV, JSON lines, Parquet, Arrow and `GeoJSON` for other programs; it chooses nothing.

mod arrow;
mod geojson;
mod native;
mod parquet;
mod rejected;
mod table;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use serde_json::{Map, Number, Value, json};

use crate::data::{Dataset, Row};

pub use arrow::write_arrow;
pub(super) use arrow::{DERIVED, KEY};
pub use geojson::write_geojson;
pub use native::write_native;
pub use parquet::write_parquet;
pub use rejected::write_rejected;
pub use table::{write_csv, write_jsonl};

/// Under this key, Arrow programs note in Parquet files what types their columns had.
pub(super) const ARROW_SCHEMA: &str = "ARROW:schema";

/// How the records that are written were chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// The query, where there was one.
    pub filter: Option<String>,
    /// The date as known on which the file was looked at, where there was one.
    pub known_on: Option<String>,
}

impl Selection {
    /// As JSON: the file, its hash, the query, and how many records of how many.
    pub fn to_json(&self, dataset: &Dataset, records: usize) -> Value {
        json!({
            "file": dataset.origin.file_name(),
            "sha256": dataset.origin.sha256.get(),
            "where": self.filter,
            "known_on": self.known_on,
            "records": records,
            "of": dataset.records.len(),
        })
    }
}

/// Writes what belongs beside a CSV file: where its records come from and how they were chosen.
pub fn write_meta(dataset: &Dataset, records: usize, selection: &Selection, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &meta(dataset, records, selection))?;
    out.write_all(b"\n")
}

/// Where records come from and how they were chosen.
fn meta(dataset: &Dataset, records: usize, selection: &Selection) -> Value {
    json!({
        "title": note(dataset, "title"),
        "counter": dataset.origin.counter,
        "preset": dataset.origin.preset,
        "selection": selection.to_json(dataset, records),
        "program": concat!("dateline ", env!("CARGO_PKG_VERSION")),
    })
}

/// Every row, in the order of the file.
pub fn rows_in_file_order(dataset: &Dataset) -> Vec<Row> {
    let mut rows: Vec<Row> = (0..dataset.records.len() as Row).collect();
    rows.sort_by_key(|row| (dataset.records.file_row(*row), *row));
    rows
}

fn note<'d>(dataset: &'d Dataset, key: &str) -> Option<&'d str> {
    dataset.origin.notes.iter().find(|(name, _)| name == key).map(|(_, text)| text.as_str())
}

/// A number as JSON writes it: whole ones without a point.
fn number(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_whole = number.fract() == 0.0 && number.abs() < EXACT && !(number == 0.0 && number.is_sign_negative());
    if is_whole { Value::from(number as i64) } else { Number::from_f64(number).map_or(Value::Null, Value::Number) }
}

fn set(object: &mut Map<String, Value>, key: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(key.to_owned(), value.into());
    }
}

//! Writes records as Arrow IPC: typed columns, and how the records were chosen in the metadata. Parquet has the same columns.
//!
//! Dates stand as they are written elsewhere, in EDTF, because no type of a column holds an uncertain one; beside each stand the first
//! moment and the one behind its last, which other programs can sort and filter by. Those are marked, and left out when the file is opened.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::builder::{Float64Builder, StringBuilder, TimestampMicrosecondBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Int32Array, RecordBatch};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use arrow_schema::{ArrowError, DataType, Field as ArrowField, Schema, TimeUnit};

use super::table::{links, names};
use super::{Selection, meta};
use crate::data::{Category, Column, Dataset, Dates, FieldInfo, Row};
use crate::time::edtf_from_when;

/// The key of what is written about the file, and of the mark on columns that follow from others.
pub(in crate::ingest) const KEY: &str = "dateline";
/// The mark.
pub(in crate::ingest) const DERIVED: &str = "derived";
/// How many records are written at once.
const BATCH_ROWS: usize = 1 << 16;

/// Writes these records, in this order, as an Arrow IPC file.
pub fn write_arrow(dataset: &Dataset, rows: &[Row], selection: &Selection, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let table = Table::new(dataset, rows.len(), selection);
    let options = IpcWriteOptions::default().try_with_compression(Some(CompressionType::ZSTD)).map_err(io::Error::other)?;
    let mut writer = FileWriter::try_new_with_options(out, &table.schema, options).map_err(io::Error::other)?;
    for rows in rows.chunks(BATCH_ROWS) {
        writer.write(&table.batch(rows).map_err(io::Error::other)?).map_err(io::Error::other)?;
    }
    writer.finish().map_err(io::Error::other)
}

/// The columns of all records.
pub(super) struct Table<'d> {
    dataset: &'d Dataset,
    fields: Vec<FieldInfo>,
    pub(super) schema: Arc<Schema>,
    /// How the records were chosen.
    pub(super) about: String,
}

impl<'d> Table<'d> {
    pub(super) fn new(dataset: &'d Dataset, records: usize, selection: &Selection) -> Self {
        let about = meta(dataset, records, selection).to_string();
        let fields = dataset.records.fields();
        let names = names(&fields);
        let mut columns = Vec::new();
        let mut taken = names.clone();
        for (info, name) in fields.iter().zip(&names) {
            match dataset.records.column(info.field) {
                Some(Column::Number(_)) => columns.push(ArrowField::new(name, DataType::Float64, true)),
                Some(Column::Category(_)) => columns.push(ArrowField::new(name, words(), true)),
                Some(Column::Dates(_)) => {
                    columns.push(ArrowField::new(name, DataType::Utf8, true));
                    for end in ["start", "end"] {
                        let mut derived = format!("{name}_{end}");
                        while taken.contains(&derived) {
                            derived.push('_');
                        }
                        let mark = HashMap::from([(KEY.to_owned(), DERIVED.to_owned())]);
                        columns.push(ArrowField::new(&derived, moments(), true).with_metadata(mark));
                        taken.push(derived);
                    }
                }
                Some(Column::Text(_)) | None => columns.push(ArrowField::new(name, DataType::Utf8, true)),
            }
        }
        columns.extend(names[fields.len()..].iter().map(|name| ArrowField::new(name, DataType::Utf8, true)));
        let schema = Schema::new(columns).with_metadata(HashMap::from([(KEY.to_owned(), about.clone())]));
        Self { dataset, fields, schema: Arc::new(schema), about }
    }

    pub(super) fn batch(&self, rows: &[Row]) -> Result<RecordBatch, ArrowError> {
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for info in &self.fields {
            match self.dataset.records.column(info.field) {
                Some(Column::Number(column)) => {
                    let mut builder = Float64Builder::with_capacity(rows.len());
                    for row in rows {
                        builder.append_option(column.get(*row as usize));
                    }
                    arrays.push(Arc::new(builder.finish()));
                }
                Some(Column::Category(column)) => arrays.push(coded(column, rows)?),
                Some(Column::Dates(column)) => arrays.extend(dated(column, rows)),
                Some(Column::Text(column)) => arrays.push(texts(rows.iter().map(|row| column.get(*row as usize)))),
                None => arrays.push(texts(rows.iter().map(|_| None::<&str>))),
            }
        }
        let links: Vec<[Option<String>; 4]> = rows.iter().map(|row| links(self.dataset, *row)).collect();
        arrays.extend((0..4).map(|place| texts(links.iter().map(|links| links[place].as_deref()))));
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
    }
}

fn words() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

fn moments() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
}

fn texts<T: AsRef<str>>(texts: impl Iterator<Item = Option<T>>) -> ArrayRef {
    let mut builder = StringBuilder::new();
    for text in texts {
        builder.append_option(text);
    }
    Arc::new(builder.finish())
}

/// Every batch has all the words, so that the dictionary is one and the same: a file may have no other.
fn coded(column: &Category, rows: &[Row]) -> Result<ArrayRef, ArrowError> {
    let codes: Int32Array = rows.iter().map(|row| column.code(*row as usize).map(|code| code as i32)).collect();
    let values: ArrayRef = Arc::clone(&column.values) as ArrayRef;
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(codes, values)?))
}

/// The date as it was written, its first moment and the one behind its last; what is open has none.
fn dated(column: &Dates, rows: &[Row]) -> [ArrayRef; 3] {
    let written = |row: &Row| {
        let kept = column.kept_text(*row as usize).map(str::to_owned);
        kept.or_else(|| column.when(*row as usize).map(|when| edtf_from_when(&when)))
    };
    let mut starts = TimestampMicrosecondBuilder::with_capacity(rows.len()).with_timezone("UTC");
    let mut ends = TimestampMicrosecondBuilder::with_capacity(rows.len()).with_timezone("UTC");
    for row in rows {
        let span = column.span(*row as usize);
        starts.append_option(span.map(|span| span.start).filter(|time| time.is_bounded()).map(|time| time.0));
        ends.append_option(span.map(|span| span.end).filter(|time| time.is_bounded()).map(|time| time.0));
    }
    [texts(rows.iter().map(written)), Arc::new(starts.finish()), Arc::new(ends.finish())]
}

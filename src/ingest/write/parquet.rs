//! Writes records as Parquet: the columns of [`super::arrow`], a group of rows at a time, and what other Arrow programs need to have the same types.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int32Type, TimestampMicrosecondType};
use arrow_array::{Array as _, ArrayRef, StringArray};
use arrow_ipc::writer::{DictionaryTracker, IpcDataGenerator, IpcWriteOptions};
use arrow_schema::{DataType, Schema};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::arrow::{KEY, Table};
use super::{ARROW_SCHEMA, Selection};
use crate::data::{Dataset, Row};

/// Rows of a group: enough for its columns to be packed well, and few enough to be held as text.
const GROUP_ROWS: usize = 1 << 19;

/// Writes these records, in this order, as Parquet.
pub fn write_parquet(dataset: &Dataset, rows: &[Row], selection: &Selection, out: &mut (dyn Write + Send)) -> io::Result<()> {
    written(dataset, rows, selection, out).map_err(io::Error::other)
}

fn written(dataset: &Dataset, rows: &[Row], selection: &Selection, out: &mut (dyn Write + Send)) -> Result<()> {
    let table = Table::new(dataset, rows.len(), selection);
    let about = KeyValue::new(KEY.to_owned(), table.about.clone());
    let types = KeyValue::new(ARROW_SCHEMA.to_owned(), noted(&table.schema));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(concat!("dateline ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(Some(vec![about, types]))
        .build();
    let fields = table.schema.fields().iter().map(|field| type_of(field.name(), field.data_type())).collect::<Result<_>>()?;
    let schema = Type::group_type_builder("records").with_fields(fields).build()?;
    let mut writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?;
    for rows in rows.chunks(GROUP_ROWS) {
        let batch = table.batch(rows).map_err(|error| ParquetError::External(Box::new(error)))?;
        let mut group = writer.next_row_group()?;
        let mut arrays = batch.columns().iter();
        while let Some((mut column, array)) = group.next_column()?.zip(arrays.next()) {
            write_column(&mut column, array)?;
            column.close()?;
        }
        group.close()?;
    }
    writer.close().map(|_| ())
}

/// The type of a column; there are four of them.
fn type_of(name: &str, kind: &DataType) -> Result<TypePtr> {
    let (physical, logical) = match kind {
        DataType::Float64 => (Physical::DOUBLE, None),
        DataType::Timestamp(..) => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
        _ => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    let builder = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL).with_logical_type(logical);
    builder.build().map(Arc::new)
}

/// The types of the columns as other Arrow programs note them: the message of a schema.
fn noted(schema: &Schema) -> String {
    let mut dictionaries = DictionaryTracker::new(true);
    let options = IpcWriteOptions::default();
    let message = IpcDataGenerator::default().schema_to_bytes_with_dictionary_tracker(schema, &mut dictionaries, &options).ipc_message;
    let mut bytes = u32::MAX.to_le_bytes().to_vec();
    bytes.extend((message.len() as u32).to_le_bytes());
    bytes.extend(message);
    BASE64_STANDARD.encode(bytes)
}

fn write_column(column: &mut SerializedColumnWriter<'_>, array: &ArrayRef) -> Result<()> {
    let levels: Vec<i16> = (0..array.len()).map(|row| i16::from(array.is_valid(row))).collect();
    match array.data_type() {
        DataType::Float64 => {
            let values: Vec<f64> = array.as_primitive::<Float64Type>().iter().flatten().collect();
            column.typed::<DoubleType>().write_batch(&values, Some(&levels), None)?;
        }
        DataType::Timestamp(..) => {
            let values: Vec<i64> = array.as_primitive::<TimestampMicrosecondType>().iter().flatten().collect();
            column.typed::<Int64Type>().write_batch(&values, Some(&levels), None)?;
        }
        DataType::Dictionary(..) => {
            let coded = array.as_dictionary::<Int32Type>();
            let words = shared(coded.values().as_string::<i32>());
            let values: Vec<ByteArray> = coded.keys().iter().flatten().map(|code| words[code as usize].clone()).collect();
            column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
        }
        _ => {
            let texts = array.as_string::<i32>();
            let mut values = shared(texts);
            if let Some(valid) = texts.nulls() {
                let mut valid = valid.iter();
                values.retain(|_| valid.next().unwrap_or(false));
            }
            column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
        }
    }
    Ok(())
}

/// Texts that share the memory of their array.
fn shared(texts: &StringArray) -> Vec<ByteArray> {
    let bytes = Bytes::from_owner(texts.values().clone());
    texts.offsets().windows(2).map(|ends| ByteArray::from(bytes.slice(ends[0] as usize..ends[1] as usize))).collect()
}

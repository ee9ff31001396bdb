//! Reads Parquet, one row group after the other and a batch at a time, through the Arrow reader, whatever its compression.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef};
use bytes::{Buf as _, Bytes};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::errors::Result as ParquetResult;
use parquet::file::reader::{ChunkReader, Length};

use super::columns::Columns;
use super::{Book, Fault, Flow, Sink, Table, Whole, guarded};
use crate::ingest::write::KEY;

/// How many rows are read at once.
const BATCH_ROWS: usize = 8_192;

/// A Parquet file.
pub(super) struct ParquetBook {
    chunks: Chunks,
    metadata: ArrowReaderMetadata,
    tables: Vec<Table>,
}

impl ParquetBook {
    /// Reads the footer.
    pub(super) fn open(whole: &Whole) -> Result<Self, Fault> {
        let chunks = match whole {
            Whole::Memory(bytes) => Chunks::Memory(bytes.clone()),
            Whole::File(path, _) => Chunks::File(Arc::new(File::open(path)?)),
        };
        let metadata = guarded(|| load(&chunks).map_err(Fault::damaged))?;
        let names = Columns::of(metadata.schema()).names;
        let rows = u64::try_from(metadata.metadata().file_metadata().num_rows()).ok();
        Ok(Self {
            chunks,
            metadata,
            tables: vec![Table { name: String::new(), is_hidden: false, is_view: false, columns: Some(names), rows }],
        })
    }
}

/// The footer, with types that share the memory of pages instead of copying out of it: a short text that is repeated a million times
/// must not become a million texts.
fn load(chunks: &Chunks) -> ParquetResult<ArrowReaderMetadata> {
    // What the writer noted about Arrow types may contradict the file; then the file's own types do.
    let given = ArrowReaderMetadata::load(chunks, ArrowReaderOptions::new())
        .or_else(|_| ArrowReaderMetadata::load(chunks, ArrowReaderOptions::new().with_skip_arrow_metadata(true)))?;
    let options = ArrowReaderOptions::new().with_schema(with_views(given.schema()));
    ArrowReaderMetadata::try_new(Arc::clone(given.metadata()), options).or(Ok(given))
}

fn with_views(schema: &SchemaRef) -> SchemaRef {
    let view = |field: &Arc<Field>| {
        let kind = match field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
            DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
            other => other.clone(),
        };
        Arc::new(field.as_ref().clone().with_data_type(kind))
    };
    Arc::new(Schema::new_with_metadata(schema.fields().iter().map(view).collect::<Vec<_>>(), schema.metadata().clone()))
}

impl Book for ParquetBook {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn about(&self) -> Option<String> {
        let pairs = self.metadata.metadata().file_metadata().key_value_metadata()?;
        pairs.iter().find(|pair| pair.key == KEY)?.value.clone()
    }

    fn pages(&mut self, _: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut columns = Columns::of(self.metadata.schema());
        let groups = self.metadata.metadata().row_groups();
        let sizes: Vec<(u64, u64)> = groups
            .iter()
            .map(|group| (group.compressed_size().max(0) as u64, u64::try_from(group.num_rows()).unwrap_or(0).max(1)))
            .collect();
        let mut behind = 0;
        for (place, (size, rows)) in sizes.into_iter().enumerate() {
            let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(self.chunks.clone(), self.metadata.clone());
            let mut reader = guarded(|| builder.with_row_groups(vec![place]).with_batch_size(BATCH_ROWS).build().map_err(Fault::damaged))?;
            let mut read = 0;
            while let Some(batch) = guarded(|| reader.next().transpose().map_err(Fault::damaged))? {
                read += batch.num_rows() as u64;
                let done = behind + (u128::from(size) * u128::from(read.min(rows)) / u128::from(rows)) as u64;
                if columns.hand_on(&batch, Some(done), sink)? == Flow::Stop {
                    return Ok(());
                }
            }
            behind += size;
        }
        Ok(())
    }
}

/// The bytes of the file, read where they are needed.
#[derive(Clone)]
enum Chunks {
    Memory(Bytes),
    File(Arc<File>),
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File(file) => Length::len(&**file),
        }
    }
}

impl ChunkReader for Chunks {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> ParquetResult<Self::T> {
        match self {
            Self::Memory(bytes) => {
                let start = usize::try_from(start).unwrap_or(usize::MAX).min(bytes.len());
                Ok(Box::new(bytes.slice(start..).reader()))
            }
            Self::File(file) => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(start))?;
                Ok(Box::new(BufReader::new(file)))
            }
        }
    }

    /// Memory grows only with what is there, whatever the footer says.
    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        if let Self::Memory(bytes) = self
            && let Some(end) = usize::try_from(start).ok().and_then(|start| start.checked_add(length)).filter(|end| *end <= bytes.len())
        {
            return Ok(bytes.slice(end - length..end));
        }
        let mut bytes = Vec::new();
        self.get_read(start)?.take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        Ok(bytes.into())
    }
}

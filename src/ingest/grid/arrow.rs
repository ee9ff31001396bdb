//! Reads Arrow IPC, file or stream: the messages one after the other, as both have them, so that what breaks off gives what comes before.
//!
//! A file is a stream between a mark and a footer; the footer only repeats where the messages are. Every length that a message names is
//! held against what is there before memory is taken for it. Format: <https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc>

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{read_dictionary, read_record_batch};
use arrow_ipc::{Message, MessageHeader, MetadataVersion, root_as_message};
use arrow_schema::{DataType, Field, Schema};

use super::page::Page;
use super::values::{Oddity, Style, are_midnights, write_value};
use super::{Book, Fault, Flow, Sink, Table, guarded};
use crate::data::IssueKind;
use crate::ingest::packed::{EXPANSION_FREE_BYTES, EXPANSION_MAX};

const MARK: &[u8; 8] = b"ARROW1\0\0";
const GOES_ON: u32 = u32::MAX;
/// A schema of ten thousand columns has a tenth of it.
const MESSAGE_BYTES_MAX: u64 = 64 << 20;
/// So many rows become a page at once: what is made of them stays in the cache of a core.
const PAGE_ROWS: usize = 2_048;
/// A page may have so much text; rows that have more are taken fewer at a time.
const PAGE_TEXT_MAX: usize = 64 << 20;

/// An Arrow file or stream.
pub(super) struct ArrowBook<R> {
    messages: Messages<R>,
    schema: Arc<Schema>,
    tables: Vec<Table>,
}

impl<R: Read> ArrowBook<R> {
    /// Reads the schema.
    pub(super) fn open(input: R, is_file: bool) -> Result<Self, Fault> {
        let mut messages = Messages { input, dictionaries: HashMap::new(), version: MetadataVersion::V5 };
        if is_file {
            let mut mark = [0; MARK.len()];
            messages.input.read_exact(&mut mark)?;
        }
        let Some((head, _)) = messages.next()? else { return Err(Fault::damaged("it ends before its schema")) };
        let schema = guarded(|| {
            let message = root_as_message(&head).map_err(Fault::damaged)?;
            messages.version = message.version();
            let schema = message.header_as_schema().ok_or_else(|| Fault::damaged("it does not begin with a schema"))?;
            try_fb_to_schema(schema).map(Arc::new).map_err(Fault::damaged)
        })?;
        let columns = Columns::of(&schema);
        let tables = vec![Table { name: String::new(), is_hidden: false, is_view: false, columns: Some(columns.names), rows: None }];
        Ok(Self { messages, schema, tables })
    }
}

impl<R: Read> Book for ArrowBook<R> {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn pages(&mut self, _: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut columns = Columns::of(&self.schema);
        while let Some(batch) = self.messages.batch(&self.schema)? {
            if columns.hand_on(&batch, None, sink)? == Flow::Stop {
                break;
            }
        }
        Ok(())
    }
}

/// The messages of a stream.
struct Messages<R> {
    input: R,
    dictionaries: HashMap<i64, ArrayRef>,
    version: MetadataVersion,
}

impl<R: Read> Messages<R> {
    /// The next message and its body; `None` at the end.
    fn next(&mut self) -> Result<Option<(Vec<u8>, Vec<u8>)>, Fault> {
        let mut word = [0; 4];
        let mut read = 0;
        while read < word.len() {
            match self.input.read(&mut word[read..])? {
                0 if read == 0 => return Ok(None),
                0 => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                count => read += count,
            }
        }
        // Before version 0.15 of the format, the length stood here at once.
        if u32::from_le_bytes(word) == GOES_ON {
            self.input.read_exact(&mut word)?;
        }
        let length = u64::from(u32::from_le_bytes(word));
        if length == 0 {
            return Ok(None);
        }
        if length > MESSAGE_BYTES_MAX {
            return Err(Fault::damaged(format!("a message of {length} bytes; at most {MESSAGE_BYTES_MAX} are read")));
        }
        let head = self.exactly(length)?;
        let body_length = guarded(|| Ok(root_as_message(&head).map_err(Fault::damaged)?.bodyLength()))?;
        let body = self.exactly(u64::try_from(body_length).map_err(Fault::damaged)?)?;
        Ok(Some((head, body)))
    }

    /// So many bytes; memory grows only with what is there.
    fn exactly(&mut self, bytes: u64) -> Result<Vec<u8>, Fault> {
        let mut read = Vec::new();
        self.input.by_ref().take(bytes).read_to_end(&mut read)?;
        if (read.len() as u64) < bytes {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        Ok(read)
    }

    /// The next rows; dictionaries on the way are kept.
    fn batch(&mut self, schema: &Arc<Schema>) -> Result<Option<RecordBatch>, Fault> {
        while let Some((head, body)) = self.next()? {
            let body = Buffer::from_vec(body);
            let (dictionaries, version) = (&mut self.dictionaries, self.version);
            let batch = guarded(|| {
                let message = root_as_message(&head).map_err(Fault::damaged)?;
                check_lengths(&message, &body)?;
                match message.header_type() {
                    MessageHeader::DictionaryBatch => {
                        let batch = message.header_as_dictionary_batch().ok_or_else(|| Fault::damaged("a dictionary without content"))?;
                        read_dictionary(&body, batch, schema, dictionaries, &version).map_err(Fault::damaged)?;
                        Ok(None)
                    }
                    MessageHeader::RecordBatch => {
                        let batch = message.header_as_record_batch().ok_or_else(|| Fault::damaged("rows without content"))?;
                        let schema = Arc::clone(schema);
                        read_record_batch(&body, batch, schema, dictionaries, None, &version).map(Some).map_err(Fault::damaged)
                    }
                    _ => Ok(None),
                }
            })?;
            if batch.is_some() {
                return Ok(batch);
            }
        }
        Ok(None)
    }
}

/// Compressed arrays name the size of what comes out, and memory is taken for it at once: it must be one that can be.
fn check_lengths(message: &Message<'_>, body: &Buffer) -> Result<(), Fault> {
    let batch = message.header_as_record_batch().or_else(|| message.header_as_dictionary_batch().and_then(|batch| batch.data()));
    let Some(batch) = batch else { return Ok(()) };
    let mut total = 0_u64;
    for buffer in batch.buffers().into_iter().flatten() {
        let place = usize::try_from(buffer.offset()).ok().zip(usize::try_from(buffer.length()).ok());
        let bytes = place.and_then(|(start, len)| body.get(start..start.checked_add(len)?));
        let Some(bytes) = bytes else { return Err(Fault::damaged("an array lies beyond its message")) };
        if batch.compression().is_some()
            && let Some(length) = bytes.first_chunk().map(|prefix| i64::from_le_bytes(*prefix)).filter(|length| *length > 0)
        {
            total = total.saturating_add(length as u64);
        }
    }
    let limit = (body.len() as u64).saturating_mul(EXPANSION_MAX).max(EXPANSION_FREE_BYTES);
    if total > limit {
        return Err(Fault::damaged(format!("arrays of {total} bytes in a message of {}", body.len())));
    }
    // Rows without any array, of which there may be as many as a number can say.
    let rows = u64::try_from(batch.length()).map_err(Fault::damaged)?;
    if rows > u64::from(u32::MAX) {
        return Err(Fault::damaged(format!("a message of {rows} rows")));
    }
    Ok(())
}

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
        for (place, field) in schema.fields().iter().enumerate() {
            flatten(field, String::new(), vec![place], &mut names, &mut paths);
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
            let name = &self.names[column];
            for row in 0..count {
                if path.iter().any(|array| array.is_null(at + row)) {
                    continue;
                }
                let mut oddity = None;
                page.fill(row, column, name, |out| {
                    let start = out.len();
                    if let Err(odd) = write_value(array, at + row, style, out) {
                        out.truncate(start);
                        oddity = Some(odd);
                    }
                });
                if let Some(oddity) = oddity {
                    say(page, self.line + row as u64, name, &oddity);
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
pub(super) fn say(page: &mut Page, line: u64, name: &str, oddity: &Oddity) {
    let (value, message) = match oddity {
        Oddity::Bytes(bytes) => (format!("{bytes} bytes"), "bytes that are no text".to_owned()),
        Oddity::Unknown => (String::new(), "a kind of value that is not known here".to_owned()),
    };
    page.issue(line, name, value, IssueKind::WrongType, message, "left empty");
}

fn flatten(field: &Field, above: String, path: Vec<usize>, names: &mut Vec<String>, paths: &mut Vec<Vec<usize>>) {
    let name = if above.is_empty() { field.name().clone() } else { format!("{above}.{}", field.name()) };
    match field.data_type() {
        DataType::Struct(fields) if !fields.is_empty() => {
            for (place, inner) in fields.iter().enumerate() {
                let path = path.iter().copied().chain([place]).collect();
                flatten(inner, name.clone(), path, names, paths);
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

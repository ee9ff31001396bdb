//! Reads Arrow IPC, file or stream, message by message, so that what breaks off gives what comes before.
//!
//! Every length that a message names is held against what is there before memory is taken for it.
//! Format: <https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc>

use std::collections::{HashMap, VecDeque};
use std::io::{self, Read, Seek as _, SeekFrom};
use std::sync::Arc;

use arrow_array::{Array as _, ArrayRef, RecordBatch, make_array};
use arrow_buffer::Buffer;
use arrow_data::transform::MutableArrayData;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::read_record_batch;
use arrow_ipc::{DictionaryBatch, Message, MessageHeader, MetadataVersion, root_as_footer, root_as_message};
use arrow_schema::{DataType, Field, Schema};

use super::columns::Columns;
use super::{Book, Bytes, Fault, Flow, Sink, Table, Whole, guarded};
use crate::ingest::packed::{EXPANSION_FREE_BYTES, EXPANSION_MAX};
use crate::ingest::write::KEY;

/// Begins and ends a file.
const MARK: &[u8] = b"ARROW1";
/// Zeros between it and the first message: up to a multiple of 8, or of 64.
const PADDING_BYTES_MAX: usize = 64;
const GOES_ON: u32 = u32::MAX;
/// A schema of ten thousand columns has a tenth of it.
const MESSAGE_BYTES_MAX: u64 = 64 << 20;

/// An Arrow file or stream.
pub(super) struct ArrowBook<'i> {
    messages: Box<dyn Messages + 'i>,
    schema: Arc<Schema>,
    version: MetadataVersion,
    tables: Vec<Table>,
    /// Why it cannot be read to its end, as far as its beginning tells.
    broken: Option<Fault>,
}

impl<'i> ArrowBook<'i> {
    /// Reads the schema of a stream.
    pub(super) fn of_stream(input: impl Read + 'i) -> Result<Self, Fault> {
        let mut messages = Stream { input };
        let Some((head, _)) = messages.next()? else { return Err(Fault::damaged("it ends before its schema")) };
        let (schema, version) = guarded(|| schema_in(&head))?;
        Ok(Self::new(Box::new(messages), schema, version))
    }

    /// Reads the footer of a file. One that has none is read as the stream that stands behind the mark, up to where it breaks off.
    pub(super) fn of_file(whole: &Whole) -> Result<Self, Fault> {
        let mut input = whole.reader()?;
        match guarded(|| footer(&mut input, whole.len())) {
            Ok((schema, version, blocks)) => Ok(Self::new(Box::new(Blocks { input, places: blocks, done: 0 }), schema, version)),
            Err(fault) => {
                let mut start = vec![0; PADDING_BYTES_MAX];
                input.seek(SeekFrom::Start(MARK.len() as u64))?;
                input.read_exact(&mut start)?;
                let padding = start.iter().position(|byte| *byte != 0).unwrap_or(PADDING_BYTES_MAX);
                input.seek(SeekFrom::Start((MARK.len() + padding) as u64))?;
                match Self::of_stream(input) {
                    Ok(book) => Ok(Self { broken: Some(fault), ..book }),
                    Err(_) => Err(fault),
                }
            }
        }
    }

    fn new(messages: Box<dyn Messages + 'i>, schema: Schema, version: MetadataVersion) -> Self {
        let names = Columns::of(&schema).names;
        let table = Table { name: String::new(), is_hidden: false, is_view: false, columns: Some(names), rows: None };
        Self { messages, schema: Arc::new(schema), version, tables: vec![table], broken: None }
    }
}

fn schema_in(head: &[u8]) -> Result<(Schema, MetadataVersion), Fault> {
    let message = root_as_message(head).map_err(Fault::damaged)?;
    let schema = message.header_as_schema().ok_or_else(|| Fault::damaged("it does not begin with a schema"))?;
    Ok((try_fb_to_schema(schema).map_err(Fault::damaged)?, message.version()))
}

/// The schema in a message that stands alone.
pub(super) fn schema_of(message: &[u8]) -> Result<Schema, Fault> {
    let Some((head, _)) = next_message(&mut &*message)? else { return Err(Fault::damaged("an empty message")) };
    guarded(|| schema_in(&head)).map(|(schema, _)| schema)
}

/// What a footer says: the schema, and where the messages are, dictionaries first.
fn footer(input: &mut Box<dyn Bytes>, len: u64) -> Result<(Schema, MetadataVersion, VecDeque<At>), Fault> {
    const END_BYTES: usize = 4 + MARK.len();
    let mut end = [0; END_BYTES];
    let at = len.checked_sub(END_BYTES as u64).ok_or_else(|| Fault::damaged("it is too short"))?;
    input.seek(SeekFrom::Start(at))?;
    input.read_exact(&mut end)?;
    let [a, b, c, d, mark @ ..] = end;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    let start = at.checked_sub(length).filter(|_| mark == MARK && length <= MESSAGE_BYTES_MAX);
    input.seek(SeekFrom::Start(start.ok_or_else(|| Fault::damaged("it has no footer"))?))?;
    let mut bytes = Vec::new();
    input.by_ref().take(length).read_to_end(&mut bytes)?;
    let footer = root_as_footer(&bytes).map_err(Fault::damaged)?;
    let schema = footer.schema().ok_or_else(|| Fault::damaged("its footer has no schema"))?;
    let schema = try_fb_to_schema(schema).map_err(Fault::damaged)?;
    let blocks = footer.dictionaries().into_iter().flatten().chain(footer.recordBatches().into_iter().flatten());
    let blocks = blocks.map(|block| u64::try_from(block.offset()).map(At).map_err(Fault::damaged)).collect::<Result<_, _>>()?;
    Ok((schema, footer.version(), blocks))
}

impl Book for ArrowBook<'_> {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn about(&self) -> Option<String> {
        self.schema.metadata().get(KEY).cloned()
    }

    /// Once: what has come is not asked for again.
    fn pages(&mut self, _: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut columns = Columns::of(&self.schema);
        let mut dictionaries = HashMap::new();
        while let Some((head, body)) = self.messages.next()? {
            let Some(batch) = batch(&head, body, (&self.schema, self.version), &mut dictionaries)? else { continue };
            if columns.hand_on(&batch, self.messages.done(), sink)? == Flow::Stop {
                return Ok(());
            }
        }
        self.broken.take().map_or(Ok(()), Err)
    }
}

/// The head of a message and its body.
type Parts = (Vec<u8>, Vec<u8>);

/// Where the messages come from.
trait Messages {
    /// The next message and its body; `None` at the end.
    fn next(&mut self) -> Result<Option<Parts>, Fault>;

    /// How many bytes of the file are behind, where that is known.
    fn done(&self) -> Option<u64> {
        None
    }
}

/// The messages of a stream, one behind the other.
struct Stream<R> {
    input: R,
}

impl<R: Read> Messages for Stream<R> {
    fn next(&mut self) -> Result<Option<Parts>, Fault> {
        next_message(&mut self.input)
    }
}

/// Where a message of a file is.
#[derive(Clone, Copy, Debug)]
struct At(u64);

/// The messages of a file, by their places.
struct Blocks {
    input: Box<dyn Bytes>,
    places: VecDeque<At>,
    done: usize,
}

impl Messages for Blocks {
    fn next(&mut self) -> Result<Option<Parts>, Fault> {
        let Some(At(start)) = self.places.get(self.done).copied() else { return Ok(None) };
        self.done += 1;
        self.input.seek(SeekFrom::Start(start))?;
        next_message(&mut self.input)
    }

    fn done(&self) -> Option<u64> {
        self.done.checked_sub(1).and_then(|last| self.places.get(last)).map(|At(start)| *start)
    }
}

/// A message and its body; `None` where the end is.
fn next_message(input: &mut impl Read) -> Result<Option<Parts>, Fault> {
    let mut word = [0; 4];
    let mut read = 0;
    while read < word.len() {
        match input.read(&mut word[read..])? {
            0 if read == 0 => return Ok(None),
            0 => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            count => read += count,
        }
    }
    // Before version 0.15 of the format, the length stood here at once.
    if u32::from_le_bytes(word) == GOES_ON {
        input.read_exact(&mut word)?;
    }
    let length = u64::from(u32::from_le_bytes(word));
    if length == 0 {
        return Ok(None);
    }
    if length > MESSAGE_BYTES_MAX {
        return Err(Fault::damaged(format!("a message of {length} bytes; at most {MESSAGE_BYTES_MAX} are read")));
    }
    let head = exactly(input, length)?;
    let body_length = guarded(|| Ok(root_as_message(&head).map_err(Fault::damaged)?.bodyLength()))?;
    let body = exactly(input, u64::try_from(body_length).map_err(Fault::damaged)?)?;
    Ok(Some((head, body)))
}

/// So many bytes; memory grows only with what is there.
fn exactly(input: &mut impl Read, bytes: u64) -> Result<Vec<u8>, Fault> {
    let mut read = Vec::new();
    input.by_ref().take(bytes).read_to_end(&mut read)?;
    if (read.len() as u64) < bytes {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    Ok(read)
}

/// The rows of a message; a dictionary is kept, and anything else is passed over.
fn batch(
    head: &[u8],
    body: Vec<u8>,
    (schema, version): (&Arc<Schema>, MetadataVersion),
    dictionaries: &mut HashMap<i64, ArrayRef>,
) -> Result<Option<RecordBatch>, Fault> {
    let body = Buffer::from_vec(body);
    guarded(|| {
        let message = root_as_message(head).map_err(Fault::damaged)?;
        check_lengths(&message, &body)?;
        match message.header_type() {
            MessageHeader::DictionaryBatch => {
                let batch = message.header_as_dictionary_batch().ok_or_else(|| Fault::damaged("a dictionary without content"))?;
                take_dictionary(&body, batch, (schema, version), dictionaries)?;
                Ok(None)
            }
            MessageHeader::RecordBatch => {
                let batch = message.header_as_record_batch().ok_or_else(|| Fault::damaged("rows without content"))?;
                let schema = Arc::clone(schema);
                read_record_batch(&body, batch, schema, dictionaries, None, &version).map(Some).map_err(Fault::damaged)
            }
            _ => Ok(None),
        }
    })
}

/// Keeps a dictionary: a new one, or more words of one that is there.
fn take_dictionary(
    body: &Buffer,
    batch: DictionaryBatch<'_>,
    (schema, version): (&Schema, MetadataVersion),
    dictionaries: &mut HashMap<i64, ArrayRef>,
) -> Result<(), Fault> {
    let id = batch.id();
    #[allow(deprecated, reason = "which column a dictionary belongs to is told in no other way")]
    let columns = schema.fields_with_dict_id(id);
    let words = columns.iter().find_map(|field| if let DataType::Dictionary(_, words) = field.data_type() { Some(words) } else { None });
    let (words, data) = words.zip(batch.data()).ok_or_else(|| Fault::damaged(format!("dictionary {id} is of no column")))?;
    let alone = Arc::new(Schema::new(vec![Field::new("", words.as_ref().clone(), true)]));
    let read = read_record_batch(body, data, alone, dictionaries, None, &version).map_err(Fault::damaged)?;
    let new = Arc::clone(read.columns().first().ok_or_else(|| Fault::damaged(format!("dictionary {id} has no words")))?);
    let words = match dictionaries.get(&id) {
        Some(own) if batch.isDelta() => joined(own, &new)?,
        None if batch.isDelta() => return Err(Fault::damaged(format!("dictionary {id} goes on before it begins"))),
        _ => new,
    };
    dictionaries.insert(id, words);
    Ok(())
}

fn joined(first: &ArrayRef, second: &ArrayRef) -> Result<ArrayRef, Fault> {
    let arrays = [first.to_data(), second.to_data()];
    let mut joined = MutableArrayData::new(arrays.iter().collect(), false, first.len() + second.len());
    for (place, array) in arrays.iter().enumerate() {
        joined.try_extend(place, 0, array.len()).map_err(Fault::damaged)?;
    }
    Ok(make_array(joined.freeze()))
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

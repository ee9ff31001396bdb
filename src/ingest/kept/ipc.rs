//! Arrow IPC files as far as kept copies need them: columns of numbers, or one column of bytes; nothing of them is copied on the way.
//!
//! Written and read here rather than by the library's own writer and reader, which know every type and every way of compression, at two
//! megabytes of program. Any reader of the format can read what is written; what is read is checked before it is believed.
//! Format: <https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format>

use std::io::{self, Write};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type};
use arrow_array::{Array as _, ArrayRef, ArrowPrimitiveType, BinaryArray, PrimitiveArray};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_ipc::{
    BinaryBuilder, Block, Buffer as Place, Endianness, Field, FieldBuilder, FieldNode, FloatingPointBuilder, FooterBuilder, IntBuilder,
    MessageBuilder, MessageHeader, MetadataVersion, Precision, RecordBatchBuilder, Schema, SchemaBuilder, Type, root_as_footer,
    root_as_message,
};
use flatbuffers::{FlatBufferBuilder, UnionWIPOffset, WIPOffset};
use xxhash_rust::xxh3::Xxh3;

use crate::data::Damaged;

const MARK: &[u8; 6] = b"ARROW1";
/// Stands before every message.
const GOES_ON: [u8; 4] = [0xff; 4];
/// A message begins with that and its length.
const PREFIX_BYTES: usize = 8;
/// How a file ends: the length of its footer and the mark.
const TAIL_BYTES: usize = 10;
/// Every array starts at a multiple of it, as those in memory do.
const ALIGNMENT: usize = 64;

/// What an array is made of.
struct Anatomy {
    len: usize,
    nulls: usize,
    buffers: Vec<Buffer>,
}

/// How a column is called and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Column {
    name: String,
    kind: Kind,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Whole { bits: i32, is_signed: bool },
    Float,
    Bytes,
}

macro_rules! with_primitive {
    ($array:expr, $use:expr, $else:expr, $($kind:ident: $shape:expr),+) => {{
        $(if let Some(array) = $array.as_primitive_opt::<$kind>() { return Some($use(array, $shape)); })+
        $else
    }};
}

/// What an array holds and is made of; `None` of a type that no column has.
fn anatomy(array: &ArrayRef) -> Option<(Kind, Anatomy)> {
    fn numbers<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, kind: Kind) -> (Kind, Anatomy) {
        (kind, of_parts(array.len(), array.nulls(), vec![array.values().inner().clone()]))
    }
    fn of_parts(len: usize, nulls: Option<&NullBuffer>, values: Vec<Buffer>) -> Anatomy {
        let nulls = nulls.filter(|nulls| nulls.null_count() > 0);
        let bits = nulls.map_or_else(|| Buffer::from(Vec::<u8>::new()), |nulls| nulls.inner().sliced());
        Anatomy { len, nulls: nulls.map_or(0, NullBuffer::null_count), buffers: std::iter::once(bits).chain(values).collect() }
    }
    let whole = |bits: i32, is_signed: bool| Kind::Whole { bits, is_signed };
    with_primitive!(array, numbers, {
        let bytes = array.as_binary_opt::<i32>()?;
        let parts = vec![bytes.offsets().inner().inner().clone(), bytes.values().clone()];
        Some((Kind::Bytes, of_parts(bytes.len(), bytes.nulls(), parts)))
    }, UInt8Type: whole(8, false), UInt16Type: whole(16, false), UInt32Type: whole(32, false), Int32Type: whole(32, true),
        Int64Type: whole(64, true), Float64Type: Kind::Float)
}

/// Writes batches of columns. The first one says what the columns hold.
pub(super) fn write<W: Write>(out: W, names: &[&str], batches: impl Iterator<Item = Vec<ArrayRef>>) -> io::Result<W> {
    let mut writer = Writer { out, at: 0 };
    writer.all(MARK)?;
    writer.pad()?;
    let mut columns: Option<Vec<Column>> = None;
    let mut blocks = Vec::new();
    for arrays in batches {
        let parts: Option<Vec<(Kind, Anatomy)>> = arrays.iter().map(anatomy).collect();
        let parts = parts.ok_or_else(|| io::Error::other("an array of a type that is not kept"))?;
        let own: Vec<Column> = names.iter().zip(&parts).map(|(name, part)| Column { name: (*name).to_owned(), kind: part.0 }).collect();
        match &columns {
            None => {
                writer.schema(&own)?;
                columns = Some(own);
            }
            Some(columns) if *columns != own => return Err(io::Error::other("batches of different types")),
            Some(_) => {}
        }
        blocks.push(writer.batch(&parts.into_iter().map(|part| part.1).collect::<Vec<_>>())?);
    }
    let columns = columns.unwrap_or_default();
    if blocks.is_empty() {
        writer.schema(&columns)?;
    }
    writer.footer(&columns, &blocks)?;
    Ok(writer.out)
}

struct Writer<W> {
    out: W,
    at: usize,
}

impl<W: Write> Writer<W> {
    fn all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len();
        self.out.write_all(bytes)
    }

    fn pad(&mut self) -> io::Result<()> {
        let room = self.at.next_multiple_of(ALIGNMENT) - self.at;
        self.all(&[0; ALIGNMENT][..room])
    }

    /// A message with a body of so many bytes to follow; returns how long it is.
    fn message(
        &mut self,
        mut builder: FlatBufferBuilder<'_>,
        kind: MessageHeader,
        header: WIPOffset<UnionWIPOffset>,
        body: usize,
    ) -> io::Result<usize> {
        let mut message = MessageBuilder::new(&mut builder);
        message.add_version(MetadataVersion::V5);
        message.add_header_type(kind);
        message.add_bodyLength(body as i64);
        message.add_header(header);
        let message = message.finish();
        builder.finish(message, None);
        let bytes = builder.finished_data();
        let length = (PREFIX_BYTES + bytes.len()).next_multiple_of(ALIGNMENT);
        self.all(&GOES_ON)?;
        self.all(&((length - PREFIX_BYTES) as i32).to_le_bytes())?;
        self.all(bytes)?;
        self.pad()?;
        Ok(length)
    }

    fn schema(&mut self, columns: &[Column]) -> io::Result<()> {
        let mut builder = FlatBufferBuilder::new();
        let schema = schema(&mut builder, columns).as_union_value();
        self.message(builder, MessageHeader::Schema, schema, 0).map(|_| ())
    }

    fn batch(&mut self, parts: &[Anatomy]) -> io::Result<Block> {
        let start = self.at;
        let (mut places, mut body) = (Vec::new(), 0);
        for buffer in parts.iter().flat_map(|part| &part.buffers) {
            places.push(Place::new(body as i64, buffer.len() as i64));
            body = (body + buffer.len()).next_multiple_of(ALIGNMENT);
        }
        let nodes: Vec<FieldNode> = parts.iter().map(|part| FieldNode::new(part.len as i64, part.nulls as i64)).collect();
        let mut builder = FlatBufferBuilder::new();
        let (nodes, places) = (builder.create_vector(&nodes), builder.create_vector(&places));
        let mut batch = RecordBatchBuilder::new(&mut builder);
        batch.add_length(parts.first().map_or(0, |part| part.len) as i64);
        batch.add_nodes(nodes);
        batch.add_buffers(places);
        let batch = batch.finish().as_union_value();
        let head = self.message(builder, MessageHeader::RecordBatch, batch, body)?;
        for buffer in parts.iter().flat_map(|part| &part.buffers) {
            self.all(buffer)?;
            self.pad()?;
        }
        Ok(Block::new(start as i64, head as i32, body as i64))
    }

    fn footer(&mut self, columns: &[Column], blocks: &[Block]) -> io::Result<()> {
        self.all(&GOES_ON)?;
        self.all(&0_i32.to_le_bytes())?;
        let mut builder = FlatBufferBuilder::new();
        let schema = schema(&mut builder, columns);
        let (none, blocks) = (builder.create_vector::<Block>(&[]), builder.create_vector(blocks));
        let mut footer = FooterBuilder::new(&mut builder);
        footer.add_version(MetadataVersion::V5);
        footer.add_schema(schema);
        footer.add_dictionaries(none);
        footer.add_recordBatches(blocks);
        let footer = footer.finish();
        builder.finish(footer, None);
        let bytes = builder.finished_data();
        self.all(bytes)?;
        self.all(&(bytes.len() as i32).to_le_bytes())?;
        self.all(MARK)
    }
}

fn schema<'b>(builder: &mut FlatBufferBuilder<'b>, columns: &[Column]) -> WIPOffset<Schema<'b>> {
    let fields: Vec<WIPOffset<Field<'b>>> = columns.iter().map(|column| field(builder, column)).collect();
    let fields = builder.create_vector(&fields);
    let mut schema = SchemaBuilder::new(builder);
    schema.add_endianness(Endianness::Little);
    schema.add_fields(fields);
    schema.finish()
}

fn field<'b>(builder: &mut FlatBufferBuilder<'b>, column: &Column) -> WIPOffset<Field<'b>> {
    let name = builder.create_string(&column.name);
    let children = builder.create_vector::<WIPOffset<Field<'b>>>(&[]);
    let (kind, value) = match column.kind {
        Kind::Whole { bits, is_signed } => {
            let mut whole = IntBuilder::new(builder);
            whole.add_bitWidth(bits);
            whole.add_is_signed(is_signed);
            (Type::Int, whole.finish().as_union_value())
        }
        Kind::Float => {
            let mut float = FloatingPointBuilder::new(builder);
            float.add_precision(Precision::DOUBLE);
            (Type::FloatingPoint, float.finish().as_union_value())
        }
        Kind::Bytes => (Type::Binary, BinaryBuilder::new(builder).finish().as_union_value()),
    };
    let mut field = FieldBuilder::new(builder);
    field.add_name(name);
    field.add_nullable(true);
    field.add_type_type(kind);
    field.add_type_(value);
    field.add_children(children);
    field.finish()
}

/// Reads the frame of a file: those parts of it that say where its arrays are.
pub(super) struct Frame<'a> {
    bytes: &'a Buffer,
    columns: Vec<Column>,
    pub(super) blocks: Vec<Block>,
    /// The sum of these parts.
    pub(super) sum: u64,
}

/// What is wrong with a copy.
#[allow(clippy::needless_pass_by_value, reason = "errors are mapped by its name")]
pub(super) fn damaged(what: impl ToString) -> Damaged {
    Damaged(what.to_string())
}

fn short() -> Damaged {
    damaged("a file that is too short")
}

impl<'a> Frame<'a> {
    pub(super) fn of(bytes: &'a Buffer) -> Result<Self, Damaged> {
        let tail = bytes.len().checked_sub(TAIL_BYTES).and_then(|start| bytes.get(start..)).ok_or_else(short)?;
        let length = i32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]);
        let start = usize::try_from(length).ok().and_then(|length| (bytes.len() - TAIL_BYTES).checked_sub(length)).ok_or_else(short)?;
        let mut hasher = Xxh3::new();
        hasher.update(&bytes[start..]);
        let footer = root_as_footer(&bytes[start..bytes.len() - TAIL_BYTES]).map_err(damaged)?;
        let mut blocks = Vec::new();
        for block in footer.recordBatches().into_iter().flatten() {
            let (head, body, _) = place_of(block).filter(|(_, _, end)| *end <= start).ok_or_else(short)?;
            hasher.update(bytes.get(head..body).ok_or_else(short)?);
            blocks.push(*block);
        }
        let fields = footer.schema().and_then(|schema| schema.fields()).into_iter().flatten();
        let columns: Option<Vec<Column>> = fields.map(column).collect();
        Ok(Self { bytes, columns: columns.ok_or_else(|| damaged("a column of another kind"))?, blocks, sum: hasher.digest() })
    }

    /// The arrays of a batch with the names of their columns.
    pub(super) fn batch(&self, block: &Block) -> Result<Vec<(String, ArrayRef)>, Damaged> {
        let (head, body, end) = place_of(block).ok_or_else(short)?;
        let message = self.bytes.get(head + PREFIX_BYTES..body).ok_or_else(short)?;
        let batch = root_as_message(message).map_err(damaged)?;
        let batch = batch.header_as_record_batch().ok_or_else(|| damaged("a batch that is none"))?;
        let mut nodes = batch.nodes().into_iter().flatten();
        let mut places = batch.buffers().into_iter().flatten();
        let mut next = || {
            let place = places.next().ok_or_else(short)?;
            let start = usize::try_from(place.offset()).ok().and_then(|offset| body.checked_add(offset)).ok_or_else(short)?;
            let length = usize::try_from(place.length()).map_err(damaged)?;
            let fits = start.checked_add(length).is_some_and(|own| own <= end);
            if fits { Ok(self.bytes.slice_with_length(start, length)) } else { Err(short()) }
        };
        let mut arrays = Vec::with_capacity(self.columns.len());
        for Column { name, kind } in &self.columns {
            let node = nodes.next().ok_or_else(short)?;
            let len = usize::try_from(node.length()).map_err(damaged)?;
            let nulls = nulls(next()?, len)?;
            let array: ArrayRef = match kind {
                Kind::Whole { bits: 8, is_signed: false } => numbers::<UInt8Type>(next()?, len, nulls)?,
                Kind::Whole { bits: 16, is_signed: false } => numbers::<UInt16Type>(next()?, len, nulls)?,
                Kind::Whole { bits: 32, is_signed: false } => numbers::<UInt32Type>(next()?, len, nulls)?,
                Kind::Whole { bits: 32, is_signed: true } => numbers::<Int32Type>(next()?, len, nulls)?,
                Kind::Whole { bits: 64, is_signed: true } => numbers::<Int64Type>(next()?, len, nulls)?,
                Kind::Whole { .. } => return Err(damaged("numbers of another width")),
                Kind::Float => numbers::<Float64Type>(next()?, len, nulls)?,
                Kind::Bytes => texts(&next()?, next()?, len, nulls)?,
            };
            arrays.push((name.clone(), array));
        }
        Ok(arrays)
    }
}

fn column(field: Field<'_>) -> Option<Column> {
    let kind = match field.type_type() {
        Type::Int => {
            let whole = field.type_as_int()?;
            Kind::Whole { bits: whole.bitWidth(), is_signed: whole.is_signed() }
        }
        Type::FloatingPoint if field.type_as_floating_point()?.precision() == Precision::DOUBLE => Kind::Float,
        Type::Binary => Kind::Bytes,
        _ => return None,
    };
    Some(Column { name: field.name()?.to_owned(), kind })
}

/// Where the head, the body and the end of a batch are.
fn place_of(block: &Block) -> Option<(usize, usize, usize)> {
    let start = usize::try_from(block.offset()).ok()?;
    let body = start.checked_add(usize::try_from(block.metaDataLength()).ok()?)?;
    Some((start, body, body.checked_add(usize::try_from(block.bodyLength()).ok()?)?))
}

fn nulls(bits: Buffer, len: usize) -> Result<Option<NullBuffer>, Damaged> {
    if bits.is_empty() {
        return Ok(None);
    }
    if bits.len() < len.div_ceil(8) { Err(short()) } else { Ok(Some(NullBuffer::new(BooleanBuffer::new(bits, 0, len)))) }
}

/// Values of one width, when there are so many and they start where such values may.
fn scalars<T: arrow_buffer::ArrowNativeType>(buffer: Buffer, len: usize) -> Result<ScalarBuffer<T>, Damaged> {
    let is_aligned = (buffer.as_ptr() as usize).is_multiple_of(align_of::<T>());
    let has_all = len.checked_mul(size_of::<T>()).is_some_and(|bytes| bytes <= buffer.len());
    if is_aligned && has_all { Ok(ScalarBuffer::new(buffer, 0, len)) } else { Err(short()) }
}

fn numbers<T: ArrowPrimitiveType>(buffer: Buffer, len: usize, nulls: Option<NullBuffer>) -> Result<ArrayRef, Damaged> {
    let array = PrimitiveArray::<T>::try_new(scalars(buffer, len)?, nulls).map_err(damaged)?;
    Ok(std::sync::Arc::new(array))
}

fn texts(offsets: &Buffer, bytes: Buffer, len: usize, nulls: Option<NullBuffer>) -> Result<ArrayRef, Damaged> {
    let offsets: ScalarBuffer<i32> = scalars(offsets.clone(), len.checked_add(1).ok_or_else(short)?)?;
    // The library would fall over offsets that run backwards.
    // Counted to the end rather than stopped at, so that many are compared at once.
    let backwards = offsets.iter().zip(offsets.iter().skip(1)).map(|(one, next)| u32::from(next < one)).fold(0_u32, |all, one| all | one);
    if backwards > 0 || offsets.first().is_some_and(|first| *first < 0) {
        return Err(damaged("texts that run backwards"));
    }
    let array = BinaryArray::try_new(OffsetBuffer::new(offsets), bytes, nulls).map_err(damaged)?;
    Ok(std::sync::Arc::new(array))
}

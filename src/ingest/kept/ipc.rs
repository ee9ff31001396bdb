//! Arrow IPC files as far as kept copies need them: columns of numbers, or one column of bytes; nothing of them is copied on the way.
//!
//! Any program that knows the format can read what is written. The copy itself is read by the places of its arrays, which are kept beside
//! the file, so that the library's own reader and writer are not needed: they know every type and every compression, and building them
//! takes longer than building all of this program. Format: <https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format>

use std::io::{self, Write};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type};
use arrow_array::{Array as _, ArrayRef, ArrowPrimitiveType, BinaryArray, PrimitiveArray};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use flatbuffers::{FlatBufferBuilder, TableFinishedWIPOffset, VOffsetT, Vector, WIPOffset};
use serde::{Deserialize, Serialize};

use crate::data::Damaged;

const MARK: &[u8; 6] = b"ARROW1";
/// Stands before every message.
const GOES_ON: [u8; 4] = [0xff; 4];
/// A message begins with that and its length.
const PREFIX_BYTES: usize = 8;
/// Every array starts at a multiple of it, as those in memory do.
const ALIGNMENT: usize = 64;

/// The version of the format's tables: 5.
const VERSION: i16 = 4;
/// A message that says what the columns hold.
const SCHEMA: u8 = 1;
/// A message with arrays.
const BATCH: u8 = 3;
const WHOLE: u8 = 2;
const FLOAT: u8 = 3;
const BYTES: u8 = 4;
const DOUBLE: i16 = 2;

/// Where an array lies in its file, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ArrayAt {
    kind: Kind,
    len: usize,
    /// Where each buffer starts, and how many bytes it has: which values are there, then the values.
    buffers: Vec<(usize, usize)>,
}

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Writes batches of columns, all of them alike; returns where their arrays lie.
pub(super) fn write<W: Write>(out: W, names: &[&str], batches: impl Iterator<Item = Vec<ArrayRef>>) -> io::Result<(W, Vec<ArrayAt>)> {
    let mut writer = Writer { out, at: 0, arrays: Vec::new() };
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
        blocks.extend(writer.batch(&parts)?);
    }
    let columns = columns.unwrap_or_default();
    if blocks.is_empty() {
        writer.schema(&columns)?;
    }
    writer.footer(&columns, &blocks)?;
    Ok((writer.out, writer.arrays))
}

struct Writer<W> {
    out: W,
    at: usize,
    arrays: Vec<ArrayAt>,
}

type Table = WIPOffset<TableFinishedWIPOffset>;

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
    fn message(&mut self, mut builder: FlatBufferBuilder<'_>, kind: u8, header: Table, body: usize) -> io::Result<usize> {
        let table = builder.start_table();
        builder.push_slot_always(slot(0), VERSION);
        builder.push_slot_always(slot(1), kind);
        builder.push_slot_always(slot(2), header);
        builder.push_slot_always(slot(3), body as i64);
        let message = builder.end_table(table);
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
        let schema = schema(&mut builder, columns);
        self.message(builder, SCHEMA, schema, 0).map(|_| ())
    }

    /// A batch; returns where it starts, how long its head and how long its body is.
    fn batch(&mut self, parts: &[(Kind, Anatomy)]) -> io::Result<[i64; 3]> {
        let start = self.at;
        let (mut places, mut body) = (Vec::new(), 0);
        for buffer in parts.iter().flat_map(|part| &part.1.buffers) {
            places.extend([body as i64, buffer.len() as i64]);
            body = (body + buffer.len()).next_multiple_of(ALIGNMENT);
        }
        let nodes: Vec<i64> = parts.iter().flat_map(|(_, part)| [part.len as i64, part.nulls as i64]).collect();
        let mut builder = FlatBufferBuilder::new();
        let (nodes, places) = (records(&mut builder, &nodes, 2), records(&mut builder, &places, 2));
        let table = builder.start_table();
        builder.push_slot_always(slot(0), parts.first().map_or(0, |part| part.1.len) as i64);
        builder.push_slot_always(slot(1), nodes);
        builder.push_slot_always(slot(2), places);
        let batch = builder.end_table(table);
        let head = self.message(builder, BATCH, batch, body)?;
        for (kind, part) in parts {
            let mut buffers = Vec::new();
            for buffer in &part.buffers {
                buffers.push((self.at, buffer.len()));
                self.all(buffer)?;
                self.pad()?;
            }
            self.arrays.push(ArrayAt { kind: *kind, len: part.len, buffers });
        }
        Ok([start as i64, head as i64, body as i64])
    }

    fn footer(&mut self, columns: &[Column], blocks: &[i64]) -> io::Result<()> {
        self.all(&GOES_ON)?;
        self.all(&0_i32.to_le_bytes())?;
        let mut builder = FlatBufferBuilder::new();
        let schema = schema(&mut builder, columns);
        let (none, blocks) = (records(&mut builder, &[], 3), records(&mut builder, blocks, 3));
        let table = builder.start_table();
        builder.push_slot_always(slot(0), VERSION);
        builder.push_slot_always(slot(1), schema);
        builder.push_slot_always(slot(2), none);
        builder.push_slot_always(slot(3), blocks);
        let footer = builder.end_table(table);
        builder.finish(footer, None);
        let bytes = builder.finished_data();
        self.all(bytes)?;
        self.all(&(bytes.len() as i32).to_le_bytes())?;
        self.all(MARK)
    }
}

/// Where the n-th entry of a table is noted.
const fn slot(entry: VOffsetT) -> VOffsetT {
    4 + 2 * entry
}

/// A list of records of so many numbers each. One of a block is 32 bits wide and followed by nothing, which comes to the same.
fn records<'b>(builder: &mut FlatBufferBuilder<'b>, numbers: &[i64], width: usize) -> WIPOffset<Vector<'b, i64>> {
    builder.start_vector::<i64>(numbers.len());
    for number in numbers.iter().rev() {
        builder.push(*number);
    }
    builder.end_vector::<i64>(numbers.len() / width)
}

fn schema(builder: &mut FlatBufferBuilder<'_>, columns: &[Column]) -> Table {
    let fields: Vec<Table> = columns.iter().map(|column| field(builder, column)).collect();
    let fields = builder.create_vector(&fields);
    let table = builder.start_table();
    // Numbers are kept as this computer holds them.
    builder.push_slot_always(slot(0), i16::from(cfg!(target_endian = "big")));
    builder.push_slot_always(slot(1), fields);
    builder.end_table(table)
}

fn field(builder: &mut FlatBufferBuilder<'_>, column: &Column) -> Table {
    let name = builder.create_string(&column.name);
    let children = builder.create_vector::<Table>(&[]);
    let table = builder.start_table();
    let kind = match column.kind {
        Kind::Whole { bits, is_signed } => {
            builder.push_slot_always(slot(0), bits);
            builder.push_slot_always(slot(1), is_signed);
            WHOLE
        }
        Kind::Float => {
            builder.push_slot_always(slot(0), DOUBLE);
            FLOAT
        }
        Kind::Bytes => BYTES,
    };
    let value = builder.end_table(table);
    let table = builder.start_table();
    builder.push_slot_always(slot(0), name);
    builder.push_slot_always(slot(1), true);
    builder.push_slot_always(slot(2), kind);
    builder.push_slot_always(slot(3), value);
    builder.push_slot_always(slot(5), children);
    builder.end_table(table)
}

/// What is wrong with a copy.
#[allow(clippy::needless_pass_by_value, reason = "errors are mapped by its name")]
pub(super) fn damaged(what: impl ToString) -> Damaged {
    Damaged(what.to_string())
}

fn short() -> Damaged {
    damaged("a file that is too short")
}

impl ArrayAt {
    /// The array, which stays where it lies.
    pub(super) fn get(&self, file: &Buffer) -> Result<ArrayRef, Damaged> {
        let mut buffers = self.buffers.iter();
        let mut next = || {
            let (start, length) = *buffers.next().ok_or_else(short)?;
            let fits = start.checked_add(length).is_some_and(|end| end <= file.len());
            if fits { Ok(file.slice_with_length(start, length)) } else { Err(short()) }
        };
        let nulls = nulls(next()?, self.len)?;
        match self.kind {
            Kind::Whole { bits: 8, is_signed: false } => numbers::<UInt8Type>(next()?, self.len, nulls),
            Kind::Whole { bits: 16, is_signed: false } => numbers::<UInt16Type>(next()?, self.len, nulls),
            Kind::Whole { bits: 32, is_signed: false } => numbers::<UInt32Type>(next()?, self.len, nulls),
            Kind::Whole { bits: 32, is_signed: true } => numbers::<Int32Type>(next()?, self.len, nulls),
            Kind::Whole { bits: 64, is_signed: true } => numbers::<Int64Type>(next()?, self.len, nulls),
            Kind::Whole { .. } => Err(damaged("numbers of another width")),
            Kind::Float => numbers::<Float64Type>(next()?, self.len, nulls),
            Kind::Bytes => texts(&next()?, next()?, self.len, nulls),
        }
    }
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

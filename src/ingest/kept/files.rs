//! The files of one kept copy: columns and texts as Arrow IPC, what they mean as JSON; written once, checked whenever they are opened.
//!
//! `columns.arrow` has one batch, so that each column lies in one piece, in the order of records. `texts.arrow` has one batch for each
//! piece of text. `about.json` says what they mean and what they must sum up to; its first line is the sum of the rest of it.

use std::fs::File;
use std::io::{self, BufWriter};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use arrow_array::{Array as _, ArrayRef, BinaryArray, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::FileDecoder;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use arrow_ipc::{Block, MetadataVersion, root_as_footer};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::map::map;
use super::sums::{Summing, Sums};
use crate::data::{About, Damaged, Dataset, Plain};
use crate::ingest::run::next_generation;
use crate::work::{Cancel, map_each};

const COLUMNS: &str = "columns.arrow";
pub(super) const TEXTS: &str = "texts.arrow";
const ABOUT: &str = "about.json";
/// How an Arrow file ends: the length of its footer and a mark.
const TAIL_BYTES: usize = 10;
/// Every array starts at a multiple of it, as those in memory do.
const ALIGNMENT: usize = 64;
/// How much is collected before it is written.
const BUFFER_BYTES: usize = 256 << 10;

/// What stands in `about.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Sheet {
    /// What the bytes of the user's file come to.
    pub(super) content: String,
    /// Was the dataset's counter named after the file? Then it follows the file's name.
    pub(super) is_counter_its_name: bool,
    about: About,
    columns: Sums,
    pub(super) texts: Sums,
    /// Sums of those parts of the two files that say where the arrays are.
    frames: [u64; 2],
}

/// Why a copy gives no dataset.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// It is not what was written.
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// It may be right, but cannot be had here and now: too little room for addresses, no permission.
    #[error("{0}")]
    Unavailable(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { damaged(error).into() } else { Self::Unavailable(error) }
    }
}

/// The sums of what has been written.
pub(super) struct Written {
    about: About,
    columns: Sums,
    texts: Sums,
}

/// How many bytes the arrays have.
pub(super) fn size(plain: &Plain) -> u64 {
    let columns = plain.columns.iter().map(|(_, array)| array.get_buffer_memory_size());
    let texts = plain.texts.iter().map(|array| array.value_data().len() + (array.len() + 1) * 4 + array.len() / 8);
    columns.chain(texts).map(|bytes| bytes as u64).sum()
}

/// Writes the arrays into a folder. They go out as they are: this takes no memory to speak of.
pub(super) fn write_arrays(folder: &Path, plain: Plain, cancel: &Cancel) -> io::Result<Written> {
    let Plain { about, columns, texts } = plain;
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(name, array.data_type().clone(), array.null_count() > 0)).collect();
    let schema = Arc::new(Schema::new(fields));
    let arrays: Vec<ArrayRef> = columns.into_iter().map(|column| column.1).collect();
    let batches = if arrays.is_empty() { Vec::new() } else { vec![arrays] };
    let columns = write_batches(&folder.join(COLUMNS), &schema, batches.into_iter(), cancel)?;
    let schema = Arc::new(Schema::new(vec![Field::new("text", DataType::Binary, true)]));
    let batches = texts.into_iter().map(|text| -> Vec<ArrayRef> { vec![Arc::new(text)] });
    let texts = write_batches(&folder.join(TEXTS), &schema, batches, cancel)?;
    Ok(Written { about, columns, texts })
}

fn write_batches(path: &Path, schema: &Arc<Schema>, batches: impl Iterator<Item = Vec<ArrayRef>>, cancel: &Cancel) -> io::Result<Sums> {
    let file = BufWriter::with_capacity(BUFFER_BYTES, File::create(path)?);
    let options = IpcWriteOptions::try_new(ALIGNMENT, false, MetadataVersion::V5).map_err(failed)?;
    let mut writer = FileWriter::try_new_with_options(Summing::new(file, cancel.clone()), schema, options).map_err(failed)?;
    for arrays in batches {
        writer.write(&RecordBatch::try_new(Arc::clone(schema), arrays).map_err(failed)?).map_err(failed)?;
    }
    writer.into_inner().map_err(failed)?.finish()
}

fn failed(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        error => io::Error::other(error),
    }
}

/// Writes what the arrays mean, when all that was read is known to be what it was.
pub(super) fn write_about(folder: &Path, written: Written, content: String, is_counter_its_name: bool) -> io::Result<()> {
    let Written { about, columns, texts } = written;
    let frame = |name: &str| -> io::Result<u64> {
        let bytes = map(&folder.join(name))?;
        Frame::of(&bytes).map(|frame| frame.sum).map_err(io::Error::other)
    };
    let frames = [frame(COLUMNS)?, frame(TEXTS)?];
    let sheet = serde_json::to_string(&Sheet { content, is_counter_its_name, about, columns, texts, frames })?;
    std::fs::write(folder.join(ABOUT), format!("{:016x}\n{sheet}", xxh3_64(sheet.as_bytes())))
}

fn damaged(what: impl ToString) -> Damaged {
    Damaged(what.to_string())
}

/// Reads what a copy holds.
pub(super) fn read_sheet(folder: &Path) -> Result<Sheet, Fault> {
    let bytes = std::fs::read(folder.join(ABOUT))?;
    let (sum, sheet) = bytes.split_at_checked(17).ok_or_else(|| damaged("a description that is too short"))?;
    if sum != format!("{:016x}\n", xxh3_64(sheet)).as_bytes() {
        return Err(damaged("a description with a wrong sum").into());
    }
    Ok(serde_json::from_slice(sheet).map_err(damaged)?)
}

impl Sheet {
    /// Maps the arrays. The columns are checked to the last byte; of the texts only that they can be looked at without harm, because
    /// they are many times as long and a wrong letter in them does no harm until [`Sums::fit_file`] finds it.
    pub(super) fn open(self, folder: &Path) -> Result<Dataset, Fault> {
        let columns = map(&folder.join(COLUMNS))?;
        let texts = map(&folder.join(TEXTS))?;
        if !self.columns.fit(&columns) || texts.len() as u64 != self.texts.bytes {
            return Err(damaged("a file with a wrong sum").into());
        }
        let frames = [Frame::of(&columns)?, Frame::of(&texts)?];
        if frames[0].sum != self.frames[0] || frames[1].sum != self.frames[1] {
            return Err(damaged("a frame with a wrong sum").into());
        }
        let plain = Plain { about: self.about, columns: frames[0].columns()?, texts: frames[1].texts()? };
        Ok(Dataset::from_plain(plain, next_generation())?)
    }
}

/// The parts of an Arrow file that say where its arrays are.
struct Frame<'a> {
    bytes: &'a Buffer,
    decoder: FileDecoder,
    names: Vec<String>,
    blocks: Vec<Block>,
    sum: u64,
}

impl<'a> Frame<'a> {
    fn of(bytes: &'a Buffer) -> Result<Self, Damaged> {
        guarded(|| {
            let short = || damaged("a file that is too short");
            let tail = bytes.len().checked_sub(TAIL_BYTES).and_then(|start| bytes.get(start..)).ok_or_else(short)?;
            let length = i32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]);
            let start = usize::try_from(length).ok().and_then(|length| (bytes.len() - TAIL_BYTES).checked_sub(length)).ok_or_else(short)?;
            let mut hasher = Xxh3::new();
            hasher.update(&bytes[start..]);
            let footer = root_as_footer(&bytes[start..bytes.len() - TAIL_BYTES]).map_err(damaged)?;
            let mut blocks = Vec::new();
            for block in footer.recordBatches().into_iter().flatten() {
                let place = place_of(block).filter(|(_, _, end)| *end <= start).ok_or_else(short)?;
                hasher.update(bytes.get(place.0..place.1).ok_or_else(short)?);
                blocks.push(*block);
            }
            let schema = try_fb_to_schema(footer.schema().ok_or_else(short)?).map_err(damaged)?;
            let names = schema.fields().iter().map(|field| field.name().clone()).collect();
            let decoder = FileDecoder::new(Arc::new(schema), footer.version()).with_require_alignment(true);
            Ok(Self { bytes, decoder, names, blocks, sum: hasher.digest() })
        })
    }

    /// The arrays of a batch.
    fn batch(&self, block: &Block) -> Result<Vec<ArrayRef>, Damaged> {
        guarded(|| {
            let (start, _, end) = place_of(block).ok_or_else(|| damaged("a batch out of place"))?;
            let bytes = self.bytes.slice_with_length(start, end - start);
            let batch = self.decoder.read_record_batch(block, &bytes).map_err(damaged)?;
            batch.map(|batch| batch.columns().to_vec()).ok_or_else(|| damaged("a batch that is none"))
        })
    }

    fn columns(&self) -> Result<Vec<(String, ArrayRef)>, Damaged> {
        let Some(block) = self.blocks.first() else { return Ok(Vec::new()) };
        Ok(self.names.iter().cloned().zip(self.batch(block)?).collect())
    }

    fn texts(&self) -> Result<Vec<BinaryArray>, Damaged> {
        let text = |block: &Block| {
            let arrays = self.batch(block)?;
            let array = arrays.first().and_then(|array| array.as_any().downcast_ref::<BinaryArray>());
            array.cloned().ok_or_else(|| damaged("a text that is none"))
        };
        map_each(self.blocks.iter().collect(), text).into_iter().collect()
    }
}

/// Where the head, the body and the end of a batch are.
fn place_of(block: &Block) -> Option<(usize, usize, usize)> {
    let start = usize::try_from(block.offset()).ok()?;
    let body = start.checked_add(usize::try_from(block.metaDataLength()).ok()?)?;
    Some((start, body, body.checked_add(usize::try_from(block.bodyLength()).ok()?)?))
}

/// The frames have sums of their own, so that what is read here is what was written. Should somebody forge a copy with right sums, the
/// reader of the format may still fall over it; that is no reason to fall too.
fn guarded<T>(work: impl FnOnce() -> Result<T, Damaged>) -> Result<T, Damaged> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged("arrays that cannot be read")))
}

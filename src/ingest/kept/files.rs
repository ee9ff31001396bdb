//! The files of one kept copy: columns and texts as Arrow IPC, what they mean as JSON; written once, checked whenever they are opened.
//!
//! `columns.arrow` has one batch, so that each column lies in one piece, in the order of records. `texts.arrow` has one batch for each
//! piece of text. `about.json` says what they mean and what they must sum up to; its first line is the sum of the rest of it.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;
use std::sync::Arc;

use arrow_array::{Array as _, ArrayRef, BinaryArray};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::ipc::{self, ArrayAt, damaged};
use super::map::map;
use super::sums::{Summing, Sums};
use crate::data::{About, Damaged, Dataset, Plain};
use crate::ingest::run::next_generation;
use crate::work::{Cancel, map_each};

const COLUMNS: &str = "columns.arrow";
pub(super) const TEXTS: &str = "texts.arrow";
const ABOUT: &str = "about.json";
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
    column_arrays: Vec<ArrayAt>,
    text_arrays: Vec<ArrayAt>,
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
    columns: (Sums, Vec<ArrayAt>),
    texts: (Sums, Vec<ArrayAt>),
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
    let (names, arrays): (Vec<String>, Vec<ArrayRef>) = columns.into_iter().unzip();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let batches = if arrays.is_empty() { Vec::new() } else { vec![arrays] };
    let columns = write_batches(&folder.join(COLUMNS), &names, batches.into_iter(), cancel)?;
    let batches = texts.into_iter().map(|text| -> Vec<ArrayRef> { vec![Arc::new(text)] });
    let texts = write_batches(&folder.join(TEXTS), &["text"], batches, cancel)?;
    Ok(Written { about, columns, texts })
}

/// Writes batches into a file; returns its sums and where the arrays lie in it.
fn write_batches(
    path: &Path,
    names: &[&str],
    batches: impl Iterator<Item = Vec<ArrayRef>>,
    cancel: &Cancel,
) -> io::Result<(Sums, Vec<ArrayAt>)> {
    let file = BufWriter::with_capacity(BUFFER_BYTES, File::create(path)?);
    let (out, arrays) = ipc::write(Summing::new(file, cancel.clone()), names, batches)?;
    Ok((out.finish()?, arrays))
}

/// Writes what the arrays mean, when all that was read is known to be what it was.
pub(super) fn write_about(folder: &Path, written: Written, content: String, is_counter_its_name: bool) -> io::Result<()> {
    let Written { about, columns: (columns, column_arrays), texts: (texts, text_arrays) } = written;
    let sheet = serde_json::to_string(&Sheet { content, is_counter_its_name, about, columns, texts, column_arrays, text_arrays })?;
    std::fs::write(folder.join(ABOUT), format!("{:016x}\n{sheet}", xxh3_64(sheet.as_bytes())))
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
        let column = |place: &ArrayAt| place.get(&columns).map(|array| (String::new(), array));
        let text = |place: &ArrayAt| {
            let array = place.get(&texts)?;
            array.as_any().downcast_ref::<BinaryArray>().cloned().ok_or_else(|| damaged("a text that is none"))
        };
        let plain = Plain {
            about: self.about,
            columns: self.column_arrays.iter().map(column).collect::<Result<_, _>>()?,
            texts: map_each(self.text_arrays.iter().collect(), text).into_iter().collect::<Result<_, _>>()?,
        };
        Ok(Dataset::from_plain(plain, next_generation())?)
    }
}

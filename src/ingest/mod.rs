//! Bytes to snapshots of a dataset and issues: detection, presets and readers for each format; it knows nothing of queries and views.
//!
//! Bad input gives data and issues: a bad cell is null with its text kept, a bad row is said, and only a file that has no records
//! at all is an error.

mod cells;
mod dialect;
mod document;
mod documents;
mod error;
mod feed;
mod guess;
mod identity;
mod json;
mod kept;
mod load;
mod mapping;
mod memory;
mod names;
mod native;
mod presets;
mod record;
mod rows;
mod run;
mod scan;
mod sniff;
mod split;
mod table;
mod taker;
mod write;

pub use cells::{DateStyle, NumberStyle, is_missing};
pub use error::LoadError;
pub use feed::Input;
pub use identity::{Change, Identity};
pub use kept::{After, Opened, Outcome, Shelf, open, sha256_of};
pub use load::load;
pub use mapping::{ColumnMap, Mapping, Measured, Role};
pub use run::next_generation;
pub use write::{Selection, rows_in_file_order, write_csv, write_jsonl, write_meta, write_native};

use crate::data::Dataset;

/// How to read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// The preset to use instead of the one that content suggests; `table` for none.
    pub preset: Option<String>,
    /// What the columns mean, instead of a guess; used when the number of columns is the same.
    pub mapping: Option<Mapping>,
    /// The WHATWG label of the encoding, instead of a guess.
    pub encoding: Option<String>,
    /// The sheet or table to read, of a file that has several; the first one that has records otherwise.
    pub table: Option<String>,
    /// The delimiter, instead of a guess.
    pub delimiter: Option<u8>,
    /// Leave out the snapshots that are taken while a long file is read.
    pub without_snapshots: bool,
}

/// What happens while a file is read.
#[derive(Clone, Debug)]
pub enum Event {
    /// The records read so far.
    Snapshot(Dataset),
}

#[cfg(test)]
mod tests;

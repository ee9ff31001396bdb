//! Bytes to snapshots of a dataset and issues: detection, presets and readers for each format; it knows nothing of queries and views.
//!
//! Bad input gives data and issues: a bad cell is null with its text kept, a bad row is said, and only a file that has no records
//! at all is an error.

mod assume;
mod cells;
mod codes;
mod dialect;
mod document;
mod documents;
mod error;
mod examine;
mod excerpt;
mod feed;
mod grid;
mod guess;
mod identity;
mod json;
mod kept;
mod load;
mod mapping;
mod memory;
mod names;
mod native;
mod packed;
mod presets;
mod record;
mod rows;
mod run;
mod scan;
mod several;
mod sniff;
mod split;
mod table;
mod taker;
mod thousands;
mod totals;
mod write;

pub use cells::{DateStyle, NumberStyle, is_missing};
pub use error::LoadError;
pub use examine::{Becomes, Examined, OrderOf, RawRow, RowKind, examine};
pub use excerpt::{Wanted, excerpt};
pub use feed::Input;
pub use grid::{TableInfo, tables};
pub use identity::{Change, Identity};
pub use kept::{After, Opened, Outcome, Shelf, open, sha256_of};
pub use load::{EXTENSIONS, load, preset_keys, preset_keys_of, stem};
pub use mapping::{
    At, Bases, ColumnMap, Listed, MAPPING_BYTES_MAX, Mapping, MappingError, Measured, Part, ROLE_GROUPS, Role, SavedMapping, SavedMappings,
    TitlePart,
};
pub use run::next_generation;
pub use several::{Said, parts};
pub use write::{
    Selection, rows_in_file_order, write_arrow, write_csv, write_geojson, write_jsonl, write_meta, write_native, write_parquet,
    write_rejected,
};

use crate::data::{Dataset, Otherwise};
use load::is_readable_name;

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
    /// Where the header of a delimited text stands, instead of a guess.
    pub header: Option<HeaderRow>,
    /// What is to be read otherwise than it was assumed; about the mapping in use, whether guessed or given.
    pub changes: Vec<Otherwise>,
    /// Stops after about so many rows: for a look at the beginning.
    pub rows_max: Option<u32>,
    /// Looks for no mapping that somebody has saved.
    pub without_saved: bool,
    /// What two files are to each other.
    pub beside: Beside,
    /// Leave out the snapshots that are taken while a long file is read.
    pub without_snapshots: bool,
    /// Of several files, those that are read in a way of their own.
    pub of_files: Vec<OfFiles>,
}

/// How some of several files are read.
#[derive(Clone, Debug, PartialEq)]
pub struct OfFiles {
    /// Which, by their names among the several.
    pub files: Vec<String>,
    /// How.
    pub options: Options,
}

/// Where the header of a delimited text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderRow {
    /// In this row of the text, from 0; blank lines are no rows.
    Row(u32),
    /// Nowhere: the first full row is data.
    Absent,
}

impl Options {
    /// The same with one thing read otherwise.
    #[must_use]
    pub fn with(&self, change: Otherwise) -> Self {
        let mut options = self.clone();
        for own in &mut options.of_files {
            own.options = own.options.with(change.clone());
        }
        if let Otherwise::Header(row) = change {
            options.header = Some(row.map_or(HeaderRow::Absent, HeaderRow::Row));
            return options;
        }
        options.changes.retain(|own| !own.is_about_same(&change));
        options.changes.push(change);
        options
    }

    /// The same with the columns understood by themselves.
    #[must_use]
    pub fn without_choice(&self) -> Self {
        Self { mapping: None, changes: Vec::new(), ..self.clone() }
    }

    /// How one of several files is read: in its own way where it has one, else as all of them are.
    #[must_use]
    pub fn of_file(&self, file: &str) -> Self {
        let own = self.of_files.iter().find(|own| own.files.iter().any(|own| own == file));
        self.like(own.map_or(self, |own| &own.options))
    }

    /// The same with one of several files read in a way of its own.
    #[must_use]
    pub fn with_file(&self, file: &str, options: &Self) -> Self {
        let mut whole = self.clone();
        for own in &mut whole.of_files {
            own.files.retain(|own| own != file);
        }
        whole.of_files.retain(|own| !own.files.is_empty());
        let options = whole.like(options);
        if whole.of_file(file) == options {
            return whole;
        }
        match whole.of_files.iter_mut().find(|own| own.options == options) {
            Some(alike) => alike.files.push(file.to_owned()),
            None => whole.of_files.push(OfFiles { files: vec![file.to_owned()], options }),
        }
        whole
    }

    /// Options as those of one of the files: what is about all files together is as it is here.
    fn like(&self, options: &Self) -> Self {
        Self {
            beside: self.beside,
            rows_max: self.rows_max,
            without_saved: self.without_saved,
            without_snapshots: self.without_snapshots,
            of_files: Vec::new(),
            ..options.clone()
        }
    }

    /// The mapping of a file: the given one brought to its columns, else the guessed one; and what is to be read otherwise.
    ///
    /// # Errors
    /// In words, when the file has not the columns of the given one.
    fn mapping_for(&self, guessed: Mapping) -> Result<Mapping, String> {
        let mut mapping = match &self.mapping {
            None => guessed,
            Some(given) => given.fitted(&guessed).map_err(|lacking| {
                let header: Vec<String> = guessed.columns.iter().map(|column| column.name.clone()).collect();
                lacking.words(&header)
            })?,
        };
        for change in &self.changes {
            mapping.change(change);
        }
        Ok(mapping)
    }
}

/// What two files that are opened together are to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beside {
    /// Two releases of one dataset when most of their ids are the same.
    #[default]
    Guess,
    /// The second one is a newer release of the first.
    Releases,
    /// Each has records of its own.
    Apart,
}

/// What happens while a file is read.
#[derive(Clone, Debug)]
pub enum Event {
    /// The records read so far.
    Snapshot(Dataset),
}

#[cfg(test)]
mod tests;

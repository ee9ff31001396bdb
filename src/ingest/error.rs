//! Why a file could not be opened: what, where and what to do, in one line each; it knows nothing of formats.

use std::io;

use crate::work::walled;

/// Why there is no dataset.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Nothing is there.
    #[error("{path}: there is no such file; check the name")]
    NotFound {
        /// The path as given.
        path: String,
    },
    /// The system does not allow it.
    #[error("{path}: reading it is not allowed; check its permissions")]
    Denied {
        /// The path as given.
        path: String,
    },
    /// The file has no content.
    #[error("{path}: the file is empty; choose one with records")]
    Empty {
        /// The path as given.
        path: String,
    },
    /// A folder, or an archive of several files, without a file that can be read.
    #[error(
        "{path}: it has no file that can be read here; choose a file with a table (CSV, XLSX, ODS, Parquet, Arrow, SQLite) or with JSON"
    )]
    NoReadableFile {
        /// The folder or archive as given.
        path: String,
    },
    /// Several files, none of which can be read.
    #[error("{path}: none of {count} files could be read; the first: {first}")]
    NoneReadable {
        /// What the files are called together.
        path: String,
        /// How many there are.
        count: usize,
        /// Why the first one could not be read.
        first: String,
    },
    /// The content is of a known kind that cannot be read.
    #[error("{path}: this is {what}, which cannot be opened; save it as CSV, XLSX, Parquet or JSON first")]
    Unsupported {
        /// The path as given.
        path: String,
        /// What it is, such as `a ZIP archive`.
        what: &'static str,
    },
    /// The content is no text.
    #[error(
        "{path}: the content is no text ({what}) and no other format that is known; choose a file with a table (CSV, XLSX, ODS, Parquet, Arrow, SQLite) or with JSON"
    )]
    Binary {
        /// The path as given.
        path: String,
        /// What speaks against text.
        what: String,
    },
    /// The content is of a known format, but broken before its first record.
    #[error("{path}: this is {what}, but a damaged one ({reason}); get it anew from where it came from")]
    Damaged {
        /// The path as given.
        path: String,
        /// What it should be, such as `a Parquet file`.
        what: &'static str,
        /// What its reader says.
        reason: String,
    },
    /// The content is encrypted.
    #[error("{path}: this is {what} that is protected by a password; open it in its own program and save it without one")]
    Locked {
        /// The path as given.
        path: String,
        /// What it is.
        what: &'static str,
    },
    /// What is packed in the file is far larger than the file.
    #[error("{path}: {reason}; if that is right, unpack it first and open what comes out")]
    Expands {
        /// The path as given.
        path: String,
        /// How much larger, with the limit.
        reason: String,
    },
    /// No table has the name that was asked for.
    #[error("{path}: there is no table “{table}” in it; there are {names}")]
    NoSuchTable {
        /// The path as given.
        path: String,
        /// The name that was asked for.
        table: String,
        /// Those that there are.
        names: String,
    },
    /// The content is text, but no table and no list of records.
    #[error("{path}: no records were found: {reason}; {advice}")]
    NoRecords {
        /// The path as given.
        path: String,
        /// What was looked for in vain.
        reason: String,
        /// What to do, which depends on the format.
        advice: &'static str,
    },
    /// A mistake of the program itself.
    #[error("{path}: the program made a mistake while reading it ({message}); please report it with this file. Nothing was changed")]
    Mistake {
        /// The path as given.
        path: String,
        /// What went wrong, in words of the program's makers.
        message: String,
    },
    /// An option that makes no sense.
    #[error("{option}: {reason}")]
    BadOption {
        /// Which option.
        option: &'static str,
        /// What is wrong with its value, and what is possible.
        reason: String,
    },
    /// There is not enough memory for it.
    #[error(
        "{path}: this file needs about {} of memory, {} are free: close other programs, or open a part of it",
        gigabytes(*needed),
        gigabytes(*free)
    )]
    Memory {
        /// The path as given.
        path: String,
        /// How much it would take, in bytes, reckoned from what was read.
        needed: u64,
        /// How much it may take, in bytes.
        free: u64,
    },
    /// Somebody asked for it to stop.
    #[error("reading was cancelled")]
    Cancelled,
    /// The system failed to read it.
    #[error("{path}: reading failed: {reason}; try again, or copy the file to this computer first")]
    Io {
        /// The path as given.
        path: String,
        /// What the system says.
        reason: String,
    },
}

/// What to do about columns of dates that contradict each other whichever way they are read.
pub(super) const CHOOSE_ORDER: &str = "choose the order of its dates in a mapping";

/// Marks the error of a read that ended because somebody asked for it.
#[derive(Debug, thiserror::Error)]
#[error("cancelled")]
pub(super) struct CancelledRead;

impl CancelledRead {
    /// Is this why a read ended?
    pub(super) fn is_in(error: &io::Error) -> bool {
        error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()).is_some()
    }
}

/// Marks the error of a read that ended because too much came out of an archive.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct ExpandedRead(pub(super) String);

/// A name out of a file, fit for a message of one line.
pub(super) fn in_one_line(name: &str) -> String {
    name.chars().map(|char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char }).collect()
}

/// So many bytes, to a tenth.
pub(super) fn gigabytes(bytes: u64) -> String {
    const GIGABYTE: f64 = 1e9;
    match bytes {
        0..950 => format!("{bytes} bytes"),
        950..950_000 => format!("{:.0} kB", bytes as f64 / 1e3),
        950_000..950_000_000 => format!("{:.0} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / GIGABYTE),
    }
}

impl LoadError {
    /// Reads the file of this path behind a wall: a panic is a mistake of the program, and an error of this file.
    pub fn or_mistake<T>(path: String, read: impl FnOnce() -> Result<T, Self>) -> Result<T, Self> {
        walled(read).unwrap_or_else(|message| Err(Self::Mistake { path, message }))
    }

    /// Why, without the path in front: where the file is named already.
    pub fn reason(&self) -> String {
        let whole = self.to_string();
        let path = match self {
            Self::NotFound { path }
            | Self::Denied { path }
            | Self::Empty { path }
            | Self::NoReadableFile { path }
            | Self::NoneReadable { path, .. }
            | Self::Unsupported { path, .. }
            | Self::Binary { path, .. }
            | Self::Damaged { path, .. }
            | Self::Locked { path, .. }
            | Self::Expands { path, .. }
            | Self::NoSuchTable { path, .. }
            | Self::Mistake { path, .. }
            | Self::NoRecords { path, .. }
            | Self::Memory { path, .. }
            | Self::Io { path, .. } => path,
            Self::BadOption { .. } | Self::Cancelled => return whole,
        };
        whole.strip_prefix(path.as_str()).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&whole).to_owned()
    }

    /// What a failed read means.
    pub(super) fn from_io(path: &str, error: &io::Error) -> Self {
        let path = path.to_owned();
        if CancelledRead::is_in(error) {
            return Self::Cancelled;
        }
        if let Some(ExpandedRead(reason)) = error.get_ref().and_then(|inner| inner.downcast_ref()) {
            return Self::Expands { path, reason: reason.clone() };
        }
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound { path },
            io::ErrorKind::PermissionDenied => Self::Denied { path },
            _ => Self::Io { path, reason: error.to_string() },
        }
    }
}

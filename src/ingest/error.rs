//! Why a file could not be opened: what, where and what to do, in one line each; it knows nothing of formats.

use std::io;

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
    /// A folder without a file that can be read.
    #[error("{path}: the folder has no file that can be read here; choose a CSV, TSV or JSON file")]
    NoReadableFile {
        /// The folder as given.
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
    #[error("{path}: this is {what}, which cannot be opened; save it as CSV or JSON first")]
    Unsupported {
        /// The path as given.
        path: String,
        /// What it is, such as `a ZIP archive`.
        what: &'static str,
    },
    /// The content is no text.
    #[error("{path}: the content is not text ({what}); choose a CSV, TSV or JSON file")]
    Binary {
        /// The path as given.
        path: String,
        /// What speaks against text.
        what: String,
    },
    /// The content is text, but no table and no list of records.
    #[error("{path}: no records were found: {reason}; choose a table with a header row, or JSON with a list of objects")]
    NoRecords {
        /// The path as given.
        path: String,
        /// What was looked for in vain.
        reason: String,
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

/// Marks the error of a read that ended because somebody asked for it.
#[derive(Debug, thiserror::Error)]
#[error("cancelled")]
pub(super) struct CancelledRead;

/// So many bytes, to a tenth.
fn gigabytes(bytes: u64) -> String {
    const GIGABYTE: f64 = 1e9;
    let (number, unit) = if bytes < 950_000_000 { (bytes as f64 / 1e6, "MB") } else { (bytes as f64 / GIGABYTE, "GB") };
    if unit == "MB" { format!("{number:.0} MB") } else { format!("{number:.1} GB") }
}

impl LoadError {
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
            | Self::NoRecords { path, .. }
            | Self::Memory { path, .. }
            | Self::Io { path, .. } => path,
            Self::BadOption { .. } | Self::Cancelled => return whole,
        };
        whole.strip_prefix(path.as_str()).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&whole).to_owned()
    }

    /// What a failed read means.
    #[allow(clippy::redundant_closure_for_method_calls, reason = "the method's path is longer than the closure")]
    pub(super) fn from_io(path: &str, error: &io::Error) -> Self {
        let path = path.to_owned();
        if error.get_ref().is_some_and(|inner| inner.is::<CancelledRead>()) {
            return Self::Cancelled;
        }
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound { path },
            io::ErrorKind::PermissionDenied => Self::Denied { path },
            _ => Self::Io { path, reason: error.to_string() },
        }
    }
}

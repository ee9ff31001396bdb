//! Which file it is and in which state, as far as the system tells without reading it; and what has become of it since.

use std::cmp::Ordering;
use std::fs::Metadata;
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A file in one of its states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    device: u64,
    inode: u64,
    size: u64,
    /// Seconds and nanoseconds.
    modified: (i64, i64),
    /// When anything about it changed; a program cannot set it back.
    changed: (i64, i64),
}

/// What has become of a file since it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It has more bytes, this many.
    Grown(u64),
    /// It has fewer bytes, this many.
    Shrunk(u64),
    /// As many bytes, but it was written to, or another file has its name.
    Rewritten,
    /// It is not there.
    Vanished,
}

impl Identity {
    /// The present state of a file.
    ///
    /// # Errors
    /// When it is not there, or no file.
    pub fn of(path: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        if metadata.is_file() { Ok(Self::from_metadata(&metadata)) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    #[cfg(unix)]
    fn from_metadata(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    #[cfg(not(unix))]
    fn from_metadata(metadata: &Metadata) -> Self {
        let modified = metadata.modified().unwrap_or(UNIX_EPOCH);
        Self { device: 0, inode: 0, size: metadata.len(), modified: parts_of(modified), changed: (0, 0) }
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Was it written to so recently that a further write may leave no trace in its times? They come from a clock that ticks a hundred
    /// times a second or more, on some disks every other second.
    pub(super) fn is_fresh(&self) -> bool {
        let newest = self.modified.max(self.changed);
        let tick_ms = if newest.1 == 0 { 2_500 } else { 50 };
        let (now_s, now_ns) = parts_of(SystemTime::now());
        (now_s - newest.0) * 1_000 + (now_ns - newest.1) / 1_000_000 < tick_ms
    }

    /// What has become of the file since; `None` when nothing has. Another name or other permissions are no change.
    pub fn change(&self, path: &Path) -> Option<Change> {
        let now = match Self::of(path) {
            Ok(now) => now,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Some(Change::Vanished),
            // What cannot be looked at just now, as on a network that is away, is no news.
            Err(_) => return None,
        };
        match now.size.cmp(&self.size) {
            Ordering::Greater => Some(Change::Grown(now.size - self.size)),
            Ordering::Less => Some(Change::Shrunk(self.size - now.size)),
            Ordering::Equal => (now.modified != self.modified).then_some(Change::Rewritten),
        }
    }
}

fn parts_of(time: SystemTime) -> (i64, i64) {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    (since.as_secs() as i64, i64::from(since.subsec_nanos()))
}

//! The folder of the copies: how much it may hold, what makes way for what, and how a copy comes to bear its name.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{KEPT_BYTES_MIN, SEEN};

/// All copies together have at most so many bytes; those not used for longest make way.
const ALL_BYTES_MAX: u64 = 16 << 30;
/// And at most this part of what the disk could hold besides.
const DISK_SHARE: u64 = 4;
/// What was begun and not gone on with for so long belongs to a program that is gone.
const ABANDONED_AFTER: Duration = Duration::from_hours(1);
/// Names the folder; an empty value says that nothing is to be kept.
const VARIABLE: &str = "DATELINE_CACHE_DIR";
/// What follows the name of a copy that is not finished.
const UNFINISHED: &str = ".new-";

/// Where copies are kept.
#[derive(Clone, Debug)]
pub struct Shelf {
    pub(super) folder: PathBuf,
    pub(super) bytes_min: u64,
    bytes_max: u64,
}

impl Shelf {
    /// In a folder, which need not be there.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.join("copies"), bytes_min: KEPT_BYTES_MIN, bytes_max: ALL_BYTES_MAX }
    }

    /// In the cache folder of the user, or where `DATELINE_CACHE_DIR` says; `None` when it says nothing, or the system has no such folder.
    pub fn of_user() -> Option<Self> {
        match std::env::var_os(VARIABLE) {
            Some(folder) if folder.is_empty() => None,
            Some(folder) => Some(Self::new(Path::new(&folder))),
            None => dirs::cache_dir().map(|folder| Self::new(&folder.join("dateline"))),
        }
    }

    /// The same with other limits: files from so many bytes, copies up to so many together.
    #[must_use]
    pub fn with_limits(self, bytes_min: u64, bytes_max: u64) -> Self {
        Self { bytes_min, bytes_max, ..self }
    }

    /// Removes every copy; returns how many bytes they had. What is mapped stays readable until it is let go.
    pub fn clear(&self) -> u64 {
        let copies = self.copies();
        for copy in &copies {
            self.remove(&copy.name);
        }
        copies.iter().map(|copy| copy.bytes).sum()
    }

    /// Removes a copy: first its name, so that nobody opens half of it.
    pub(super) fn remove(&self, name: &str) {
        let away = self.unfinished(name);
        let folder = self.folder.join(name);
        let gone = if std::fs::rename(&folder, &away).is_ok() { away } else { folder };
        if let Err(error) = std::fs::remove_dir_all(&gone) {
            log::info!("{}: {error}", gone.display());
        }
    }

    /// Makes way for a copy of so many bytes.
    ///
    /// # Errors
    /// When there is no room for it: as many bytes again are to stay free.
    pub(super) fn make_room(&self, bytes: u64) -> io::Result<()> {
        create_private(&self.folder)?;
        let mut copies = self.copies();
        copies.sort_by_key(|copy| copy.used);
        let mut held: u64 = copies.iter().map(|copy| copy.bytes).sum();
        let mut free = free_bytes(&self.folder).unwrap_or(u64::MAX);
        let most = self.bytes_max.min(held.saturating_add(free) / DISK_SHARE);
        let wanted_free = bytes.saturating_mul(2);
        if bytes > most || wanted_free > held.saturating_add(free) {
            return Err(io::Error::other(format!("{bytes} bytes are more than there is room for")));
        }
        for copy in copies {
            if held.saturating_add(bytes) <= most && free >= wanted_free {
                break;
            }
            self.remove(&copy.name);
            held -= copy.bytes;
            free = free.saturating_add(copy.bytes);
        }
        Ok(())
    }

    /// Begins a copy in a folder of its own.
    pub(super) fn begin(&self, name: &str) -> io::Result<Unfinished> {
        let folder = self.unfinished(name);
        create_private(&folder)?;
        Ok(Unfinished(folder))
    }

    /// A name that no other program and no other part of this one uses.
    fn unfinished(&self, name: &str) -> PathBuf {
        static NUMBERS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let number = NUMBERS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.folder.join(format!("{name}{UNFINISHED}{}-{number}", std::process::id()))
    }

    /// The copies that are there. What others have abandoned is removed on the way.
    fn copies(&self) -> Vec<Copy> {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut copies = Vec::new();
        for entry in entries {
            let Ok(name) = entry.file_name().into_string() else { continue };
            let bare = name.split_once(UNFINISHED).map_or(name.as_str(), |(bare, _)| bare);
            // Whatever else lies in the folder is not ours to count or to remove.
            if bare.len() != 32 || !bare.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                continue;
            }
            let (bytes, newest) = measured(&entry.path());
            if bare.len() == name.len() {
                let used = std::fs::metadata(entry.path().join(SEEN)).and_then(|metadata| metadata.modified());
                copies.push(Copy { name, bytes, used: used.unwrap_or(SystemTime::UNIX_EPOCH) });
            } else if newest.elapsed().is_ok_and(|age| age > ABANDONED_AFTER) || is_of_nobody(&name) {
                std::fs::remove_dir_all(entry.path()).unwrap_or_default();
            }
        }
        copies
    }
}

/// Did a program begin it that no longer runs? Only Linux tells without asking for leave.
fn is_of_nobody(name: &str) -> bool {
    let program = name.split_once(UNFINISHED).and_then(|(_, rest)| rest.split_once('-')).map(|(program, _)| program);
    cfg!(target_os = "linux") && program.is_some_and(|program| !Path::new("/proc").join(program).exists())
}

/// A copy that is there.
struct Copy {
    name: String,
    bytes: u64,
    used: SystemTime,
}

/// How many bytes the files of a folder have, and when the last of them was written to.
fn measured(folder: &Path) -> (u64, SystemTime) {
    let own = std::fs::metadata(folder).into_iter();
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|entry| entry.metadata().ok());
    own.chain(files).fold((0, SystemTime::UNIX_EPOCH), |(bytes, newest), metadata| {
        let size = if metadata.is_file() { metadata.len() } else { 0 };
        (bytes + size, newest.max(metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH)))
    })
}

/// A copy that is being written; dropped before it is finished, it is removed.
pub(super) struct Unfinished(PathBuf);

impl Unfinished {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Gives it its name, instead of one that bears it: that was outdated, or another program has made the same just now.
    pub(super) fn finish(self, shelf: &Shelf, name: &str) -> io::Result<()> {
        let folder = shelf.folder.join(name);
        if folder.exists() {
            shelf.remove(name);
        }
        match std::fs::rename(&self.0, &folder) {
            Err(_) if folder.is_dir() => Ok(()),
            result => result,
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.0.exists() {
            std::fs::remove_dir_all(&self.0).unwrap_or_default();
        }
    }
}

/// A folder that only the user may enter.
fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// How many bytes can still be written where a folder is; `None` where nobody says.
#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// How many bytes can still be written where a folder is; `None` where nobody says.
#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

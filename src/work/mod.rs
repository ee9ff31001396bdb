//! The only place that starts threads: cancelling, progress and background work.

mod give_back;
mod parallel;
pub mod resident;
mod wall;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

pub use give_back::give_back;
pub use parallel::{map_each, map_parts, threads};
pub use wall::{walled, walled_quietly};

/// A flag that asks running work to stop; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Has somebody asked to stop?
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How far work has come; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    counters: Arc<Counters>,
    /// Of a part of the work: what was done before it. Only the whole knows how many bytes there are in all.
    before: Option<ProgressReading>,
}

#[derive(Debug, Default)]
struct Counters {
    bytes: AtomicU64,
    bytes_total: AtomicU64,
    rows: AtomicU64,
    issues: AtomicU64,
}

/// A reading of a progress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProgressReading {
    /// Bytes done.
    pub bytes: u64,
    /// Bytes in all; 0 when unknown.
    pub bytes_total: u64,
    /// Records read.
    pub rows: u64,
    /// Issues found.
    pub issues: u64,
}

impl Progress {
    /// Sets the number of bytes in all.
    pub fn set_bytes_total(&self, bytes: u64) {
        if self.before.is_none() {
            self.counters.bytes_total.store(bytes, Ordering::Relaxed);
        }
    }

    /// Sets what is done.
    pub fn set(&self, bytes: u64, rows: u64, issues: u64) {
        let before = self.before.unwrap_or_default();
        self.counters.bytes.store(before.bytes + bytes, Ordering::Relaxed);
        self.counters.rows.store(before.rows + rows, Ordering::Relaxed);
        self.counters.issues.store(before.issues + issues, Ordering::Relaxed);
    }

    /// The progress of a part of the work, which counts on from what is done.
    #[must_use]
    pub fn part(&self) -> Self {
        Self { counters: Arc::clone(&self.counters), before: Some(self.read()) }
    }

    /// How far it has come.
    pub fn read(&self) -> ProgressReading {
        ProgressReading {
            bytes: self.counters.bytes.load(Ordering::Relaxed),
            bytes_total: self.counters.bytes_total.load(Ordering::Relaxed),
            rows: self.counters.rows.load(Ordering::Relaxed),
            issues: self.counters.issues.load(Ordering::Relaxed),
        }
    }
}

/// Runs work on a thread of its own. When the thread cannot be started, the work runs here and now.
pub fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    let shared = Arc::new(std::sync::Mutex::new(Some(work)));
    let mine = Arc::clone(&shared);
    let take = move |cell: &std::sync::Mutex<Option<_>>| cell.lock().ok().and_then(|mut work| work.take());
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        if let Some(work) = take(&mine) {
            let work: Box<dyn FnOnce() + Send> = Box::new(work);
            work();
        }
    });
    if started.is_err()
        && let Some(work) = shared.lock().ok().and_then(|mut work| work.take())
    {
        work();
    }
}

/// Lets this thread rest.
pub fn pause(time: std::time::Duration) {
    std::thread::sleep(time);
}

/// Lets everything else go first: for long work on a thread of its own that nobody waits for. Threads that it starts do the same.
pub fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICE) {
        log::debug!("work in the background stays as important as the rest: {error}");
    }
}

/// How far work steps back, on the system's scale from 0 to 19.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

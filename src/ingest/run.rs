//! One run of reading: watches for a request to cancel, reports progress and takes snapshots at doubling intervals.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::Event;
use super::error::LoadError;
use super::feed::Meter;
use crate::data::{Dataset, DatasetBuilder, Origin};
use crate::work::{Cancel, Progress};

/// When the first snapshot is taken: soon enough for a first picture within a second.
const FIRST_SNAPSHOT: Duration = Duration::from_millis(100);
/// The second snapshot comes no earlier: what takes less to read needs none.
const SECOND_SNAPSHOT: Duration = Duration::from_millis(2_000);
/// A snapshot may take this part of the time that passes until the next one.
const SNAPSHOT_SHARE: u32 = 8;
/// How many rows pass between two looks at the clock.
const ROWS_PER_LOOK: u32 = 512;

/// The number of a new snapshot, larger than all before.
pub fn next_generation() -> u64 {
    static GENERATIONS: AtomicU64 = AtomicU64::new(1);
    GENERATIONS.fetch_add(1, Ordering::Relaxed)
}

/// What a reader needs besides bytes.
pub(super) struct Run<'a> {
    pub(super) path: String,
    pub(super) cancel: &'a Cancel,
    progress: &'a Progress,
    watch: &'a mut (dyn FnMut(Event) + Send),
    started: Instant,
    next_snapshot: Duration,
    has_snapshots: bool,
    has_shown: bool,
    bytes_total: u64,
    rows_until_look: u32,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        path: String,
        has_snapshots: bool,
        watch: &'a mut (dyn FnMut(Event) + Send),
        cancel: &'a Cancel,
        progress: &'a Progress,
    ) -> Self {
        Self {
            path,
            cancel,
            progress,
            watch,
            started: Instant::now(),
            next_snapshot: FIRST_SNAPSHOT,
            has_snapshots,
            has_shown: false,
            bytes_total: 0,
            rows_until_look: ROWS_PER_LOOK,
        }
    }

    pub(super) fn set_total(&mut self, bytes: u64) {
        self.bytes_total = bytes;
        self.progress.set_bytes_total(bytes);
    }

    /// To be called for every row; cheap for most of them.
    pub(super) fn row(&mut self, builder: &DatasetBuilder, meter: &Meter) -> Result<(), LoadError> {
        self.rows_until_look -= 1;
        if self.rows_until_look == 0 { self.look(builder, meter) } else { Ok(()) }
    }

    /// Reports, and takes a snapshot when it is time.
    pub(super) fn look(&mut self, builder: &DatasetBuilder, meter: &Meter) -> Result<(), LoadError> {
        self.rows_until_look = ROWS_PER_LOOK;
        if self.cancel.is_cancelled() {
            return Err(LoadError::Cancelled);
        }
        self.progress.set(meter.bytes(), builder.len() as u64, builder.issues().total());
        if !builder.is_empty() && self.wants_snapshot(meter.bytes()) {
            self.snapshot(|generation| builder.snapshot(generation, false));
        }
        Ok(())
    }

    /// Says how far reading has come.
    pub(super) fn progress(&self, bytes: u64, rows: u64, issues: u64) {
        self.progress.set(bytes, rows, issues);
    }

    /// Is it time for a snapshot? After the first one, none is worth its time when most of the file is read.
    pub(super) fn wants_snapshot(&self, bytes: u64) -> bool {
        let is_worth_it = !self.has_shown || bytes.saturating_mul(2) < self.bytes_total;
        self.has_snapshots && is_worth_it && self.started.elapsed() >= self.next_snapshot
    }

    /// Takes a snapshot and hands it out.
    pub(super) fn snapshot(&mut self, take: impl FnOnce(u64) -> Dataset) {
        let passed = self.started.elapsed();
        let dataset = take(next_generation());
        let cost = self.started.elapsed().saturating_sub(passed);
        self.next_snapshot = (passed * 2).max(passed + cost * SNAPSHOT_SHARE).max(SECOND_SNAPSHOT);
        self.has_shown = true;
        (self.watch)(Event::Snapshot(dataset));
    }

    /// The whole dataset.
    pub(super) fn finish(&self, mut builder: DatasetBuilder, meter: &Meter) -> Result<Dataset, LoadError> {
        if self.cancel.is_cancelled() {
            return Err(LoadError::Cancelled);
        }
        Self::measure(&mut builder.origin, meter);
        self.progress.set(meter.bytes(), builder.len() as u64, builder.issues().total());
        Ok(builder.snapshot(next_generation(), true))
    }

    /// Notes the size of the file and what its bytes hash to, when that is known.
    pub(super) fn measure(origin: &mut Origin, meter: &Meter) {
        origin.bytes = meter.bytes();
        if let Some(sha256) = meter.sha256() {
            origin.sha256.set(sha256);
        }
    }

    /// What a failed read means.
    pub(super) fn failed(&self, error: &std::io::Error) -> LoadError {
        LoadError::from_io(&self.path, error)
    }
}

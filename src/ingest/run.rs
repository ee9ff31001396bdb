//! One run of reading: watches for a request to cancel, reports progress and takes snapshots at doubling intervals.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::Event;
use super::error::LoadError;
use super::feed::Meter;
use crate::data::{Dataset, DatasetBuilder};
use crate::work::{Cancel, Progress};

/// When the first snapshot is taken: soon enough for a first picture within a second.
const FIRST_SNAPSHOT: Duration = Duration::from_millis(350);
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
    watch: &'a mut dyn FnMut(Event),
    started: Instant,
    next_snapshot: Duration,
    has_snapshots: bool,
    rows_until_look: u32,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        path: String,
        has_snapshots: bool,
        watch: &'a mut dyn FnMut(Event),
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
            rows_until_look: ROWS_PER_LOOK,
        }
    }

    pub(super) fn set_total(&self, bytes: u64) {
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
        let passed = self.started.elapsed();
        if self.has_snapshots && passed >= self.next_snapshot && !builder.is_empty() {
            let dataset = builder.snapshot(next_generation(), false);
            let cost = self.started.elapsed().saturating_sub(passed);
            self.next_snapshot = (passed * 2).max(passed + cost * SNAPSHOT_SHARE);
            (self.watch)(Event::Snapshot(dataset));
        }
        Ok(())
    }

    /// The whole dataset.
    pub(super) fn finish(&self, mut builder: DatasetBuilder, meter: &Meter) -> Result<Dataset, LoadError> {
        if self.cancel.is_cancelled() {
            return Err(LoadError::Cancelled);
        }
        builder.origin.bytes = meter.bytes();
        builder.origin.sha256 = meter.sha256();
        self.progress.set(meter.bytes(), builder.len() as u64, builder.issues().total());
        Ok(builder.snapshot(next_generation(), true))
    }

    /// What a failed read means.
    pub(super) fn failed(&self, error: &std::io::Error) -> LoadError {
        LoadError::from_io(&self.path, error)
    }
}

//! One run of reading: watches for a request to cancel, reports progress and takes snapshots at doubling intervals.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::Event;
use super::error::LoadError;
use super::examine::Understood;
use super::feed::Meter;
use super::memory::Memory;
use crate::data::{Dataset, DatasetBuilder, Issue, IssueKind, Origin};
use crate::work::{Cancel, Progress};

/// When the first snapshot is taken: soon enough for a first picture within a second.
const FIRST_SNAPSHOT: Duration = Duration::from_millis(100);
/// The second snapshot comes no earlier: what takes less to read needs none.
const SECOND_SNAPSHOT: Duration = Duration::from_secs(2);
/// A snapshot may take this part of the time that passes until the next one.
const SNAPSHOT_SHARE: u32 = 8;
/// How often it is asked how much memory there is.
const MEMORY_LOOK: Duration = Duration::from_millis(50);
/// So much memory stays free: for whatever else goes on, and for putting together what was read.
const MEMORY_RESERVE: u64 = 96 << 20;
/// What a file will need is reckoned from what it has needed so far, when this part of it has been read.
const MEMORY_TOLD_AFTER: u64 = 16;
/// How many rows pass between two looks at the clock.
const ROWS_PER_LOOK: u32 = 512;

/// The number of a new snapshot, larger than all before.
pub fn next_generation() -> u64 {
    static GENERATIONS: AtomicU64 = AtomicU64::new(1);
    GENERATIONS.fetch_add(1, Ordering::Relaxed)
}

/// Will there be memory enough?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outlook {
    Enough,
    /// For the file, but for no second copy of anything.
    Short,
    TooLittle {
        needed: u64,
        free: u64,
    },
}

/// What memory there was at the start and is now, when so many bytes of all have been read.
fn outlook(start: Memory, now: Memory, bytes: u64, bytes_total: u64) -> Outlook {
    let used = now.own.saturating_sub(start.own);
    let total = u128::from(bytes_total.max(bytes));
    // Putting columns together takes an eighth more for a while.
    let needed = (u128::from(used) * total / u128::from(bytes.max(1)) * 9 / 8) as u64;
    let is_told = bytes >= bytes_total / MEMORY_TOLD_AFTER;
    let free = now.free.saturating_sub(MEMORY_RESERVE);
    if free == 0 || (is_told && needed.saturating_sub(used) > free) {
        return Outlook::TooLittle { needed: needed.max(used), free: used + free };
    }
    if needed.saturating_sub(used).saturating_add(needed) > free { Outlook::Short } else { Outlook::Enough }
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
    memory_at_start: Option<Memory>,
    next_memory_look: Duration,
    is_memory_short: bool,
    /// Did reading stop before the end, because no more was wanted?
    pub(super) is_cut: bool,
    /// What a person is shown of a file of which only the beginning is read.
    pub(super) understood: Option<Understood>,
    /// The lines of the first rows of data of a table.
    pub(super) first_lines: Vec<u64>,
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
            memory_at_start: Memory::now(),
            next_memory_look: MEMORY_LOOK,
            is_memory_short: false,
            is_cut: false,
            understood: None,
            first_lines: Vec::new(),
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
        self.check_memory(meter.bytes())?;
        if !builder.is_empty() && self.wants_snapshot(meter.bytes()) {
            self.snapshot(|generation| builder.snapshot(generation, false));
        }
        Ok(())
    }

    /// Says how far reading has come.
    pub(super) fn progress(&self, bytes: u64, rows: u64, issues: u64) {
        self.progress.set(bytes, rows, issues);
    }

    /// Looks now and then whether the rest of the file will find room in memory: what has been read is shown then, and stays.
    pub(super) fn check_memory(&mut self, bytes: u64) -> Result<(), LoadError> {
        let Some(start) = self.memory_at_start else { return Ok(()) };
        let passed = self.started.elapsed();
        if passed < self.next_memory_look {
            return Ok(());
        }
        self.next_memory_look = passed + MEMORY_LOOK;
        let Some(now) = Memory::now() else { return Ok(()) };
        match outlook(start, now, bytes, self.bytes_total) {
            Outlook::Enough => self.is_memory_short = false,
            // A snapshot is a second copy of all columns.
            Outlook::Short => self.is_memory_short = true,
            Outlook::TooLittle { needed, free } => return Err(LoadError::Memory { path: self.path.clone(), needed, free }),
        }
        Ok(())
    }

    /// Is it time for a snapshot? After the first one, none is worth its time when most of the file is read.
    pub(super) fn wants_snapshot(&self, bytes: u64) -> bool {
        let is_worth_it = !self.has_shown || bytes.saturating_mul(2) < self.bytes_total;
        self.has_snapshots && is_worth_it && !(self.has_shown && self.is_memory_short) && self.started.elapsed() >= self.next_snapshot
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
        if let Some(issue) = Self::broken_archive(meter) {
            builder.issue(issue);
        }
        Self::measure(&mut builder.origin, meter);
        self.progress.set(meter.bytes(), builder.len() as u64, builder.issues().total());
        Ok(builder.snapshot(next_generation(), true))
    }

    /// What is to be said when the archive that the file is could not be unpacked to its end.
    pub(super) fn broken_archive(meter: &Meter) -> Option<Issue> {
        Some(Issue {
            line: None,
            column: None,
            value: String::new(),
            kind: IssueKind::Truncated,
            message: format!("the archive is broken: {}", meter.broken()?),
            action: "the records before are kept; the last one may be cut".to_owned(),
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_will_not_find_room_is_told_from_its_first_part() {
        const MB: u64 = 1 << 20;
        let start = Memory { free: 2_000 * MB, own: 100 * MB };
        let at = |own: u64, bytes: u64| outlook(start, Memory { free: 2_100 * MB - own * MB, own: own * MB }, bytes * MB, 3_000 * MB);
        assert_eq!(at(110, 10), Outlook::Short);
        assert!(
            matches!(at(300, 200), Outlook::TooLittle { needed, free } if needed == 3_375 * MB && free > 1_850 * MB && free < 2_000 * MB)
        );
        assert_eq!(at(120, 200), Outlook::Enough);
        assert_eq!(at(200, 300), Outlook::Short);
        assert!(matches!(at(2_050, 2_990), Outlook::TooLittle { .. }));
    }
}

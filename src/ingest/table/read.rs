//! Reads a table with several workers: each takes the next block of rows in turn, and works on it while others do the same.
//!
//! Text is read and split by whoever holds the stage; everything else goes on side by side. Whoever holds the stage can stop the
//! others, by taking their builders as soon as they are done with their blocks: for a snapshot, to settle how columns are kept, and to
//! find out whether the file must be read again. Nothing in the result depends on who took which block.

use std::io::{self, Read};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::stage::{Block, Stage};
use super::worker::Worker;
use super::{Again, Plan};
use crate::data::{Dataset, DatasetBuilder, Issue, IssueKind, Issues, Origin};
use crate::ingest::assume;
use crate::ingest::error::LoadError;
use crate::ingest::examine::note_ignored;
use crate::ingest::feed::{Meter, drain};
use crate::ingest::mapping::{Mapping, Role};
use crate::ingest::run::{Run, next_generation};
use crate::ingest::split::{BATCH_BYTES, COLUMNS_MAX};
use crate::ingest::taker::{Taker, shown};
use crate::work::{map_parts, threads};

/// How often a worker looks whether the stage is free before it sleeps, and how long it waits between: some tenths of a millisecond in
/// all, which is how long others have it; more while it fetches memory.
const LOOKS_MAX: u32 = 2_000;
const PAUSES: u32 = 8;

/// How a table ended.
pub(in crate::ingest) enum End {
    Read(Box<Dataset>),
    /// To be read again, with what has been learnt.
    Again(Again),
}

/// A table being read.
struct Reading<'p, 'r, 'a, R> {
    plan: &'p Plan,
    meter: &'p Meter,
    desk: Mutex<Desk<'r, 'a, R>>,
    workers: Vec<Mutex<Worker>>,
}

/// What only one worker at a time has.
struct Desk<'r, 'a, R> {
    stage: Stage<R>,
    run: &'r mut Run<'a>,
    origin: Origin,
    /// What is said of the table as a whole.
    head: Issues,
    is_settled: bool,
    has_doubts: bool,
    end: Option<Result<Again, LoadError>>,
    is_over: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads all rows.
pub(in crate::ingest) fn read<R: Read + Send>(
    run: &mut Run<'_>,
    plan: &Plan,
    mut origin: Origin,
    (input, meter, bytes_total): (R, &Meter, u64),
    is_only_ascii: bool,
) -> Result<End, LoadError> {
    let mut head = Issues::default();
    remarks(&mut head, plan);
    if let Some((encoding, line)) = plan.fallback {
        let label = encoding.name().to_ascii_lowercase();
        let message = format!("the first text beyond ASCII is not UTF-8; it was read as {label}");
        push(&mut head, (Some(line), None, ""), IssueKind::Assumption, message, "cells that are not UTF-8 are read so");
        origin.encoding = label;
    }
    let blocks = usize::try_from(bytes_total).unwrap_or(usize::MAX) / BATCH_BYTES + 1;
    let workers = (0..threads().min(blocks)).map(|_| Mutex::new(Worker::new(plan, origin.clone(), is_only_ascii))).collect();
    let desk = Desk { stage: Stage::new(input, plan), run, origin, head, is_settled: false, has_doubts: false, end: None, is_over: false };
    let reading = Reading { plan, meter, desk: Mutex::new(desk), workers };
    let count = reading.workers.len();
    map_parts(count, count, |numbers| numbers.for_each(|number| reading.work(number)));
    reading.finish()
}

impl<'r, 'a, R: Read + Send> Reading<'_, 'r, 'a, R> {
    /// The desk, which others have for less time than it takes to go to sleep and to be woken: a worker who waits for it fetches the
    /// memory meanwhile that it will write to next.
    fn desk(&self, number: usize) -> MutexGuard<'_, Desk<'r, 'a, R>> {
        let mut is_fetching = true;
        for _ in 0..LOOKS_MAX {
            if let Ok(desk) = self.desk.try_lock() {
                return desk;
            }
            is_fetching = is_fetching && self.workers[number].try_lock().is_ok_and(|mut worker| worker.builder.fetch_ahead());
            if !is_fetching {
                (0..PAUSES).for_each(|_| std::hint::spin_loop());
            }
        }
        lock(&self.desk)
    }

    /// Takes blocks until there are no more.
    fn work(&self, number: usize) {
        let mut block = Block::default();
        loop {
            let mut desk = self.desk(number);
            if !self.prepare(&mut desk) {
                return;
            }
            match desk.stage.next(&mut block) {
                Ok(true) => {}
                Ok(false) => {
                    desk.is_over = true;
                    return;
                }
                Err(error) => {
                    desk.end = Some(Err(desk.run.failed(&error)));
                    return;
                }
            }
            // The builder is taken before the stage is let go, so that whoever holds the stage finds every block either taken or not begun.
            let mut worker = lock(&self.workers[number]);
            drop(desk);
            worker.take(&block);
            let has_doubts = worker.has_doubts();
            drop(worker);
            if has_doubts {
                lock(&self.desk).has_doubts = true;
            }
        }
    }

    /// What is to be done between two blocks; `false` when the end has come.
    fn prepare(&self, desk: &mut Desk<'_, '_, R>) -> bool {
        let is_enough = self.plan.rows_max.is_some_and(|most| desk.stage.rows >= most);
        if desk.end.is_some() || desk.is_over || is_enough {
            return false;
        }
        if desk.run.cancel.is_cancelled() {
            desk.end = Some(Err(LoadError::Cancelled));
            return false;
        }
        let rows = u64::from(desk.stage.rows);
        desk.run.progress(self.meter.bytes(), rows, desk.stage.issues.total());
        if let Err(error) = desk.run.check_memory(self.meter.bytes()) {
            desk.end = Some(Err(error));
            return false;
        }
        let is_to_settle = !desk.is_settled && desk.stage.rows as usize >= DatasetBuilder::SETTLED_AFTER;
        let is_to_show = rows > 0 && desk.run.wants_snapshot(self.meter.bytes());
        if !(is_to_settle || is_to_show || desk.has_doubts) {
            return true;
        }
        let mut workers: Vec<MutexGuard<'_, Worker>> = self.workers.iter().map(lock).collect();
        if let Some(again) = doubts(&workers.iter().map(|worker| &**worker).collect::<Vec<_>>()) {
            desk.end = Some(Ok(again));
            return false;
        }
        desk.has_doubts = false;
        if is_to_settle {
            let mut builders: Vec<&mut DatasetBuilder> = workers.iter_mut().map(|worker| &mut worker.builder).collect();
            DatasetBuilder::settle(&mut builders, &self.plan.no_numbers);
            desk.is_settled = true;
        }
        let Desk { run, origin, head, stage, .. } = desk;
        if is_to_show {
            run.snapshot(|generation| {
                let builders: Vec<&DatasetBuilder> = workers.iter().map(|worker| &worker.builder).collect();
                let mut origin = Origin { rows, ..origin.clone() };
                stage.count_skipped(&mut origin);
                let mut dataset = Dataset::of(&builders, origin, generation, false);
                dataset.issues = all_issues(head.clone(), dataset.issues, Issues::default());
                dataset
            });
        }
        true
    }

    fn finish(self) -> Result<End, LoadError> {
        let mut desk = self.desk.into_inner().unwrap_or_else(PoisonError::into_inner);
        let workers: Vec<Worker> =
            self.workers.into_iter().map(|worker| worker.into_inner().unwrap_or_else(PoisonError::into_inner)).collect();
        match desk.end.take() {
            Some(Ok(again)) => return Ok(End::Again(again)),
            Some(Err(error)) => return Err(error),
            None => {}
        }
        if let Some(again) = doubts(&workers.iter().collect::<Vec<_>>()) {
            return Ok(End::Again(again));
        }
        if desk.run.cancel.is_cancelled() {
            return Err(LoadError::Cancelled);
        }
        let takers: Vec<&Taker> = workers.iter().map(|worker| &worker.taker).collect();
        let mut said = DatasetBuilder::new(Origin::default());
        Taker::finish(&takers, &mut said);
        let mut assumptions = assume::from_dates(&self.plan.mapping, &Taker::orders(&takers));
        assumptions.extend(self.plan.assumed.iter().cloned());
        let mut tail = said.issues().clone();
        let mut origin = desk.origin;
        origin.rows = u64::from(desk.stage.rows);
        desk.stage.count_skipped(&mut origin);
        desk.run.first_lines = std::mem::take(&mut desk.stage.first_lines);
        origin.assumptions = assumptions;
        note_ignored(&mut origin, &self.plan.mapping);
        if let Some(repeated) = desk.stage.repeated_unlisted() {
            origin.notes.push(("repeated headers".to_owned(), repeated.to_string()));
        }
        let rows = desk.stage.rows;
        let mut builders: Vec<DatasetBuilder> = workers.into_iter().map(|worker| worker.builder).collect();
        if let Some(first) = builders.first_mut() {
            first.append_issues(std::mem::take(&mut desk.stage.issues));
        }
        let mut rest = desk.stage.into_input();
        if self.plan.rows_max.is_none() {
            drain(&mut rest).map_err(|error: io::Error| desk.run.failed(&error))?;
        }
        if self.meter.malformed() > 0 {
            let message = format!("bytes that are not {} in {} blocks of the file", origin.encoding, self.meter.malformed());
            push(&mut tail, (None, None, ""), IssueKind::InvalidText, message, "shown as \u{fffd}");
        }
        if let Some(issue) = Run::broken_archive(self.meter) {
            tail.push(issue);
        }
        Run::measure(&mut origin, self.meter);
        let mut dataset = Dataset::join(builders, origin, next_generation(), true);
        dataset.issues = all_issues(desk.head, dataset.issues, tail);
        desk.run.progress(self.meter.bytes(), u64::from(rows), dataset.issues.total());
        Ok(End::Read(Box::new(dataset)))
    }
}

/// What has come that speaks against the plan, of all workers together.
fn doubts(all: &[&Worker]) -> Option<Again> {
    if let Some((line, encoding)) = all.iter().filter_map(|worker| worker.first_foreign).min_by_key(|(line, _)| *line) {
        return Some(Again::Encoding(encoding, line));
    }
    let takers: Vec<&Taker> = all.iter().map(|worker| &worker.taker).collect();
    if let Some(reorder) = Taker::reorder(&takers) {
        return Some(Again::Order(reorder));
    }
    let names = DatasetBuilder::contradicted(&all.iter().map(|worker| &worker.builder).collect::<Vec<_>>());
    (!names.is_empty()).then_some(Again::NoNumbers(names))
}

fn all_issues(mut head: Issues, rows: Issues, tail: Issues) -> Issues {
    head.append(rows);
    head.append(tail);
    head
}

fn push(issues: &mut Issues, (line, column, value): (Option<u64>, Option<&str>, &str), kind: IssueKind, message: String, action: &str) {
    issues.push(Issue { line, column: column.map(str::to_owned), value: shown(value), kind, message, action: action.to_owned() });
}

/// What is to be said about the table as a whole.
fn remarks(issues: &mut Issues, plan: &Plan) {
    if plan.columns_given > COLUMNS_MAX {
        let message = format!("the table has {} columns; at most {COLUMNS_MAX} are kept", plan.columns_given);
        push(issues, (Some(1), None, &plan.columns_given.to_string()), IssueKind::TooManyColumns, message, "the first ones were kept");
    }
    for assumption in &plan.assumed {
        issues.push(assume::issue(assumption));
    }
    remarks_on_mapping(issues, &plan.mapping);
}

/// What is to be said about what the columns were taken for.
pub(in crate::ingest) fn remarks_on_mapping(issues: &mut Issues, mapping: &Mapping) {
    if !mapping.has_date() && mapping.column(Role::Published).is_none() {
        push(issues, (None, None, ""), IssueKind::Assumption, "no column of dates was found".to_owned(), "every record is undated");
    }
    for remark in assume::remarks(mapping) {
        issues.push(remark);
    }
}

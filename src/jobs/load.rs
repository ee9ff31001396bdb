//! A file being read in the background: snapshots as they come, then the whole, or why not.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};

use crate::data::Dataset;
use crate::ingest::{
    After, Event, Examined, Identity, Input, LoadError, Opened, Options, SavedMapping, SavedMappings, Shelf, examine, open, parts,
};
use crate::work::{Cancel, Progress, ProgressReading, spawn};

/// What happened since the last look.
#[derive(Clone, Debug)]
pub enum LoadEvent {
    /// The records read so far.
    Snapshot(Arc<Dataset>),
    /// The whole file was read.
    Done(Arc<Dataset>),
    /// There is nothing to show.
    Failed(LoadError),
    /// It ended because somebody asked for it.
    Cancelled,
}

/// A file being read. Dropping it cancels the reading.
pub struct LoadJob {
    cancel: Cancel,
    progress: Progress,
    events: Mutex<Receiver<LoadEvent>>,
    rest: Arc<Mutex<Option<Rest>>>,
}

/// What is left to do when a file has been opened.
#[derive(Debug)]
pub struct Rest {
    /// Work on its kept copy.
    pub after: After,
    /// Which file or files were opened.
    pub input: Input,
    /// Each of them and the state in which it was read.
    pub sources: Vec<(PathBuf, Identity)>,
    /// How it was read: as was asked for, or by a mapping that a person saved for its header.
    pub options: Options,
    /// What that mapping is called.
    pub mapping: Option<String>,
}

impl LoadJob {
    /// Starts to read. `notify` is called, on the reading thread, whenever [`Self::poll`] has something new.
    pub fn start(input: Input, options: Options, notify: impl Fn() + Send + Sync + 'static) -> Self {
        Self::start_from((None, None), input, options, notify)
    }

    /// The same, from a kept copy where the shelf has one, and by the mapping that was saved for the file's header.
    pub fn start_from(
        (shelf, saved): (Option<Shelf>, Option<SavedMappings>),
        input: Input,
        options: Options,
        notify: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let (sender, events) = channel();
        let rest = Arc::new(Mutex::new(None));
        let job = Self { cancel: Cancel::default(), progress: Progress::default(), events: Mutex::new(events), rest: Arc::clone(&rest) };
        let (cancel, progress) = (job.cancel.clone(), job.progress.clone());
        spawn("load", move || {
            let tell = |event: LoadEvent| {
                // Nobody listens any more when the job was dropped; then there is nothing left to do either.
                if sender.send(event).is_ok() {
                    notify();
                }
            };
            let mut watch = |Event::Snapshot(dataset)| tell(LoadEvent::Snapshot(Arc::new(dataset)));
            let found = saved.and_then(|saved| saved_for(&saved, &input, &options, &cancel));
            let (options, mapping) = found.map_or((options, None), |(options, name)| (options, Some(name)));
            let opened = LoadError::or_mistake(input.name(), || open(&input, &options, shelf.as_ref(), &mut watch, &cancel, &progress));
            let outcome = match opened {
                Ok(Opened { dataset, after, input, sources }) => {
                    *rest.lock().unwrap_or_else(PoisonError::into_inner) = Some(Rest { after, input, sources, options, mapping });
                    LoadEvent::Done(Arc::new(dataset))
                }
                Err(LoadError::Cancelled) => LoadEvent::Cancelled,
                Err(error) => LoadEvent::Failed(error),
            };
            tell(outcome);
        });
        job
    }

    /// What is left to do after [`LoadEvent::Done`], once.
    pub fn rest(&self) -> Option<Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// How far it has come.
    pub fn progress(&self) -> ProgressReading {
        self.progress.read()
    }

    /// Asks it to stop; [`LoadEvent::Cancelled`] follows.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    /// What happened since the last look, in order.
    pub fn poll(&self) -> Vec<LoadEvent> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).try_iter().collect()
    }
}

/// How a file, or each of several, is read by a mapping that a person saved for its columns, and what that is called; when nothing was
/// asked for.
fn saved_for(saved: &SavedMappings, input: &Input, options: &Options, cancel: &Cancel) -> Option<(Options, String)> {
    if *options != Options::default() || saved.is_empty() {
        return None;
    }
    let parts = parts(input).ok()?;
    if parts.is_empty() {
        let mapping = saved_for_one(saved, input, options, cancel)?;
        return Some((mapping.options, mapping.name));
    }
    let (mut found, mut names) = (options.clone(), Vec::new());
    for (file, part) in &parts {
        if cancel.is_cancelled() {
            return None;
        }
        if let Some(mapping) = saved_for_one(saved, part, options, cancel) {
            found = found.with_file(file, &mapping.options);
            if !names.contains(&mapping.name) {
                names.push(mapping.name);
            }
        }
    }
    (!names.is_empty()).then(|| (found, names.join("”, “")))
}

/// The mapping that a person saved for a file like this.
fn saved_for_one(saved: &SavedMappings, input: &Input, options: &Options, cancel: &Cancel) -> Option<SavedMapping> {
    let seen = examine(input, options, cancel).ok().filter(Examined::can_be_mapped)?;
    let mapping = saved.find(&seen.header_names())?;
    // One that fits no more is not used in silence either: the file is then read as if there were none.
    examine(input, &mapping.options, cancel).is_ok().then_some(mapping)
}

impl Drop for LoadJob {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::time::{Duration, Instant};

    use super::*;

    fn input(rows: u32) -> Input {
        let mut text = String::from("id,date,killed,note\n");
        for row in 0..rows {
            writeln!(text, "{row},2024-01-{:02},{},\"some words, and more of them {row}\"", row % 28 + 1, row % 7).unwrap();
        }
        Input::Bytes { name: "made.csv".to_owned(), bytes: text.into_bytes().into() }
    }

    /// Everything that happens until the job is over.
    fn wait(job: &LoadJob) -> Vec<LoadEvent> {
        let start = Instant::now();
        let mut events = Vec::new();
        while start.elapsed() < Duration::from_mins(1) {
            events.extend(job.poll());
            if matches!(events.last(), Some(LoadEvent::Done(_) | LoadEvent::Failed(_) | LoadEvent::Cancelled)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        events
    }

    #[test]
    fn a_file_is_read_to_its_end_with_progress_and_growing_snapshots() {
        let job = LoadJob::start(input(60_000), Options::default(), || {});
        let events = wait(&job);
        let Some(LoadEvent::Done(whole)) = events.last() else { panic!("not done: {events:?}") };
        assert!(whole.is_complete);
        assert_eq!(whole.records.len(), 60_000);
        assert_eq!(job.progress().rows, 60_000);
        assert_eq!(job.progress().bytes, job.progress().bytes_total);
        let mut before = 0;
        for event in &events {
            if let LoadEvent::Snapshot(part) = event {
                assert!(!part.is_complete && part.generation > before && part.generation < whole.generation);
                before = part.generation;
            }
        }
    }

    #[test]
    fn cancelling_ends_it_promptly_and_without_a_dataset() {
        let job = LoadJob::start(input(400_000), Options::default(), || {});
        let start = Instant::now();
        while job.progress().rows == 0 && start.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(1));
        }
        job.cancel();
        let asked = Instant::now();
        assert!(matches!(wait(&job).last(), Some(LoadEvent::Cancelled)));
        assert!(asked.elapsed() < Duration::from_secs(2), "it took {:?}", asked.elapsed());
    }

    #[test]
    fn what_cannot_be_opened_says_why() {
        let job = LoadJob::start(Input::Path("no/such/file.csv".into()), Options::default(), || {});
        assert!(matches!(wait(&job).last(), Some(LoadEvent::Failed(LoadError::NotFound { .. }))));
    }
}

//! Looks up the lines of a file around an issue in the background: a large file takes a second.

use std::sync::{Arc, Mutex};

use crate::data::Excerpt;
use crate::ingest::{Input, LoadError, Wanted, excerpt};
use crate::work::{self, Cancel};

/// What was found, or why nothing was.
type Found = Result<Excerpt, LoadError>;

/// Lines being looked up. Dropping it cancels the work.
pub struct ExcerptJob {
    cancel: Cancel,
    found: Arc<Mutex<Option<Found>>>,
}

impl ExcerptJob {
    /// Starts to look; `notify` is called when it is done.
    pub fn start(input: Input, wanted: Wanted, notify: impl Fn() + Send + 'static) -> Self {
        let job = Self { cancel: Cancel::default(), found: Arc::new(Mutex::new(None)) };
        let (cancel, found) = (job.cancel.clone(), Arc::clone(&job.found));
        work::spawn("excerpt", move || {
            let came = excerpt(&input, &wanted, &cancel);
            if let Ok(mut place) = found.lock() {
                *place = Some(came);
            }
            notify();
        });
        job
    }

    /// What was found, once.
    pub fn poll(&self) -> Option<Found> {
        self.found.lock().ok()?.take()
    }
}

impl Drop for ExcerptJob {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

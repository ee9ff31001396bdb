//! What is done behind the first picture of a file: its kept copy is made, or checked against the file.

use std::sync::{Arc, Mutex};

use crate::data::Dataset;
use crate::ingest::{After, Outcome};
use crate::work::{self, Cancel};

/// Work on a kept copy. Dropping it cancels the work; a copy that is half made is removed.
pub struct AfterJob {
    cancel: Cancel,
    outcome: Arc<Mutex<Option<Outcome>>>,
}

impl AfterJob {
    /// Starts it; `notify` is called when it is done.
    pub fn start(after: After, dataset: Arc<Dataset>, notify: impl Fn() + Send + 'static) -> Self {
        let job = Self { cancel: Cancel::default(), outcome: Arc::new(Mutex::new(None)) };
        let (cancel, outcome) = (job.cancel.clone(), Arc::clone(&job.outcome));
        work::spawn("kept copy", move || {
            work::step_back();
            let came = after.run(&dataset, &cancel);
            // What is large is let go before anybody hears of it.
            drop(dataset);
            if let Ok(mut place) = outcome.lock() {
                *place = Some(came);
            }
            notify();
        });
        job
    }

    /// What came of it, once.
    pub fn poll(&self) -> Option<Outcome> {
        self.outcome.lock().ok()?.take()
    }
}

impl Drop for AfterJob {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

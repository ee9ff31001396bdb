//! A look at the beginning of a file in the background: the latest wish wins, an older one is cancelled.

use std::sync::{Arc, Mutex, PoisonError};

use crate::ingest::{Examined, Input, LoadError, Options, examine};
use crate::work::{Cancel, spawn, walled};

/// What came of a look.
pub type Look = Result<Arc<Examined>, LoadError>;

/// A look under way. Dropping it cancels it.
pub struct ExamineJob {
    cancel: Cancel,
    /// How the file is read.
    pub options: Options,
    look: Arc<Mutex<Option<Look>>>,
}

impl ExamineJob {
    /// Starts to look; `notify` is called when it is done.
    pub fn start(input: Input, options: Options, notify: impl Fn() + Send + 'static) -> Self {
        let job = Self { cancel: Cancel::default(), options: options.clone(), look: Arc::new(Mutex::new(None)) };
        let (cancel, look) = (job.cancel.clone(), Arc::clone(&job.look));
        spawn("look", move || {
            let seen = walled(|| examine(&input, &options, &cancel).map(Arc::new));
            let seen = seen.unwrap_or_else(|message| Err(LoadError::Mistake { path: input.name(), message }));
            if !cancel.is_cancelled() {
                *look.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
                notify();
            }
        });
        job
    }

    /// What came of it, once.
    pub fn poll(&self) -> Option<Look> {
        self.look.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for ExamineJob {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_look_comes_back_with_what_it_was_asked_for() {
        let input = Input::Bytes { name: "a.csv".to_owned(), bytes: b"day;n\n2020-01-02;3\n".as_slice().into() };
        let options = Options { delimiter: Some(b';'), ..Options::default() };
        let job = ExamineJob::start(input, options.clone(), || {});
        let start = Instant::now();
        let look = loop {
            match job.poll() {
                Some(look) => break look,
                None if start.elapsed() > Duration::from_secs(20) => panic!("no look"),
                None => std::thread::sleep(Duration::from_millis(2)),
            }
        };
        assert_eq!(look.unwrap().header_names(), ["day", "n"]);
        assert_eq!(job.options, options);
    }
}

//! Work in the background that comes to one result: it can be cancelled, and its result is taken once.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::work::{self, Cancel};

/// Work under way. Dropping it cancels the work, whose result nobody wants then.
pub struct Once<T> {
    cancel: Cancel,
    /// Closed when the work has ended, whether its result is still wanted or not.
    result: Receiver<T>,
}

impl<T: Send + 'static> Once<T> {
    /// Starts the work on a thread of this name; `notify` is called when it is done and still wanted.
    pub fn start(name: &str, work: impl FnOnce(&Cancel) -> T + Send + 'static, notify: impl Fn() + Send + 'static) -> Self {
        let (done, result) = channel();
        let once = Self { cancel: Cancel::default(), result };
        let cancel = once.cancel.clone();
        work::spawn(name, move || {
            let came = work(&cancel);
            if !cancel.is_cancelled() && done.send(came).is_ok() {
                notify();
            }
        });
        once
    }

    /// Cancels the work and waits for its end, but not for ever: what it was about to write is put away then.
    pub fn stop(self, most: Duration) {
        self.cancel.cancel();
        // What comes, if anything, is not wanted.
        let _ended = self.result.recv_timeout(most);
    }

    /// Waits for what comes of it; `None` when it has ended without a result.
    pub fn wait(self) -> Option<T> {
        self.result.recv().ok()
    }

    /// What came of it, once.
    pub fn poll(&self) -> Option<T> {
        self.result.try_recv().ok()
    }
}

impl<T> Drop for Once<T> {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn a_result_comes_once_and_dropping_the_work_cancels_it() {
        let (done, is_done) = channel();
        let once = Once::start("test", |_| 3, move || done.send(()).unwrap());
        is_done.recv_timeout(Duration::from_secs(20)).unwrap();
        assert_eq!((once.poll(), once.poll()), (Some(3), None));

        assert_eq!(Once::start("test", |_| 4, || {}).wait(), Some(4));

        let (told, is_told) = channel();
        let endless = Once::start(
            "test",
            move |cancel| {
                while !cancel.is_cancelled() {
                    work::pause(Duration::from_millis(1));
                }
                told.send(()).unwrap();
            },
            || {},
        );
        drop(endless);
        is_told.recv_timeout(Duration::from_secs(20)).unwrap();

        let ended = Arc::new(Mutex::new(false));
        let own = Arc::clone(&ended);
        let tidy = Once::start(
            "test",
            move |cancel| {
                while !cancel.is_cancelled() {
                    work::pause(Duration::from_millis(1));
                }
                work::pause(Duration::from_millis(30));
                *own.lock().unwrap() = true;
            },
            || {},
        );
        tidy.stop(Duration::from_secs(20));
        assert!(*ended.lock().unwrap());
    }
}

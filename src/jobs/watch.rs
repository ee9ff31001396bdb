//! Looks now and then at what has become of the open files. It never reads it, and never makes the window wait for a slow disk.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::ingest::{Change, Identity};
use crate::work;

/// How often it looks by itself.
const INTERVAL: Duration = Duration::from_secs(3);

/// Files being watched. Dropping it ends that.
pub struct WatchJob {
    looks: Sender<()>,
    changes: Mutex<Receiver<(PathBuf, Option<Change>)>>,
}

impl WatchJob {
    /// Starts to watch files that were in these states when they were read; `notify` is called when something has become of one, and
    /// when something else has.
    pub fn start(files: Vec<(PathBuf, Identity)>, notify: impl Fn() + Send + 'static) -> Self {
        let ((looks, asked), (tell, changes)) = (channel(), channel());
        work::spawn("watch", move || {
            let mut told: Vec<Option<Change>> = vec![None; files.len()];
            loop {
                if asked.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Disconnected) {
                    return;
                }
                for ((path, identity), told) in files.iter().zip(&mut told) {
                    let change = identity.change(path);
                    if change != *told {
                        if tell.send((path.clone(), change)).is_err() {
                            return;
                        }
                        *told = change;
                        notify();
                    }
                }
            }
        });
        Self { looks, changes: Mutex::new(changes) }
    }

    /// Asks it to look now.
    pub fn look(&self) {
        self.looks.send(()).unwrap_or_default();
    }

    /// The latest thing that has become of a file, once; nothing when it is again as it was read.
    pub fn poll(&self) -> Option<(PathBuf, Option<Change>)> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner).try_iter().last()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn next(job: &WatchJob) -> Option<Change> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) {
            if let Some((_, change)) = job.poll() {
                return change;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        None
    }

    #[test]
    fn what_becomes_of_a_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "0123456789").unwrap();
        let job = WatchJob::start(vec![(path.clone(), Identity::of(&path).unwrap())], || {});
        std::fs::write(&path, "0123456789abc").unwrap();
        job.look();
        assert_eq!(next(&job), Some(Change::Grown(3)));
        std::fs::write(&path, "01").unwrap();
        job.look();
        assert_eq!(next(&job), Some(Change::Shrunk(8)));
        let away = folder.path().join("away.csv");
        std::fs::rename(&path, &away).unwrap();
        job.look();
        assert_eq!(next(&job), Some(Change::Vanished));
        std::fs::rename(&away, &path).unwrap();
        job.look();
        assert_eq!(next(&job), Some(Change::Shrunk(8)), "what has come back is looked at anew");
        std::fs::write(&path, "abcdefghij").unwrap();
        job.look();
        assert_eq!(next(&job), Some(Change::Rewritten));
    }

    #[test]
    fn of_several_files_the_one_that_changed_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a.csv", "b.csv"].map(|name| folder.path().join(name));
        for path in &paths {
            std::fs::write(path, "0123456789").unwrap();
        }
        let job = WatchJob::start(paths.iter().map(|path| (path.clone(), Identity::of(path).unwrap())).collect(), || {});
        std::fs::write(&paths[1], "0123456789abc").unwrap();
        job.look();
        let start = Instant::now();
        let told = loop {
            match job.poll() {
                None if start.elapsed() < Duration::from_secs(20) => std::thread::sleep(Duration::from_millis(2)),
                told => break told,
            }
        };
        assert_eq!(told, Some((paths[1].clone(), Some(Change::Grown(3)))));
    }
}

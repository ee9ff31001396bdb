//! What goes on behind an open file: its kept copy, and what becomes of the file itself. It says so in words and changes no state.

use std::sync::Arc;
use std::time::Duration;

use super::shell::Notify;
use crate::data::Dataset;
use crate::ingest::{Change, Outcome};
use crate::jobs::after::{AfterJob, look_after};
use crate::jobs::load::Rest;
use crate::jobs::watch::WatchJob;
use crate::layout::size_text;

/// How long the program waits at its end for the work behind it to put away what it has begun.
const END_MOST: Duration = Duration::from_secs(5);

/// Work behind an open file.
#[derive(Default)]
pub(super) struct Behind {
    after: Option<AfterJob>,
    watch: Option<WatchJob>,
    name: String,
    /// Why no copy could be kept, as it was said last.
    not_kept: Option<String>,
    /// What was said last of a change of the file.
    pub(super) said: Option<String>,
}

/// What is to be said.
pub(super) enum News {
    /// The copy could not be believed: the file is to be read again.
    ReadAgain(String),
    /// The file is no longer what is shown.
    Changed(String),
    /// It is again as it was read.
    AsBefore,
    /// Something to know, about which nothing must be done.
    Remark(String),
}

impl Behind {
    /// Begins when a file has been opened.
    pub(super) fn begin(&mut self, rest: Rest, dataset: Arc<Dataset>, notify: &Notify) {
        let wake = || {
            let notify = Arc::clone(notify);
            move || notify()
        };
        dataset.origin.file_name().clone_into(&mut self.name);
        self.watch = (!rest.sources.is_empty()).then(|| WatchJob::start(rest.sources, wake()));
        self.after = Some(look_after(rest.after, dataset, wake()));
    }

    /// Ends work on the copy; the file is still watched.
    pub(super) fn stop(&mut self) {
        self.after = None;
    }

    /// The same before the program ends: a copy that is half made is removed.
    pub(super) fn finish(&mut self) {
        if let Some(after) = self.after.take() {
            after.stop(END_MOST);
        }
    }

    /// Asks to look at the file now.
    pub(super) fn look(&self) {
        if let Some(watch) = &self.watch {
            watch.look();
        }
    }

    /// What there is to say.
    pub(super) fn poll(&mut self) -> Option<News> {
        let outcome = self.after.as_ref().and_then(AfterJob::poll);
        if outcome.is_some() {
            self.after = None;
        }
        let name = &self.name;
        match outcome {
            Some(Outcome::Damaged) => {
                let text = format!("The copy that was kept of {name} was damaged. The file is read again.");
                return Some(News::ReadAgain(text));
            }
            Some(Outcome::Outdated) => {
                let text = format!("{name} has another content than when a copy of it was kept. It is read again.");
                return Some(News::ReadAgain(text));
            }
            // Once is enough while it is the same with the next file.
            Some(Outcome::NotKept(folder, error)) if self.not_kept.as_ref() != Some(&error) => {
                self.not_kept = Some(error.clone());
                return Some(News::Remark(format!(
                    "No copy of {name} could be kept in {}: {error}. Opening it again takes as long.",
                    folder.display()
                )));
            }
            Some(Outcome::NotKept(..) | Outcome::Fine | Outcome::Kept(_)) | None => {}
        }
        let (path, change) = self.watch.as_ref().and_then(WatchJob::poll)?;
        let name = path.file_name().map_or_else(|| name.clone(), |name| name.to_string_lossy().into_owned());
        Some(change.map_or(News::AsBefore, |change| News::Changed(words(&name, change))))
    }
}

/// What has become of a file.
fn words(name: &str, change: Change) -> String {
    match change {
        Change::Grown(bytes) => format!("{name} has changed on disk since it was read: {} more. Read it again with F5.", size_text(bytes)),
        Change::Shrunk(bytes) => format!("{name} has changed on disk since it was read: {} less. Read it again with F5.", size_text(bytes)),
        Change::Rewritten => format!("{name} has changed on disk since it was read. Read it again with F5."),
        Change::Vanished => format!("{name} is no longer where it was. What is shown was read before."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_become_of_a_file_is_said_with_what_can_be_done() {
        assert_eq!(
            words("events.csv", Change::Grown(12_300_000)),
            "events.csv has changed on disk since it was read: 12 MB more. Read it again with F5."
        );
        assert_eq!(words("events.csv", Change::Vanished), "events.csv is no longer where it was. What is shown was read before.");
    }
}

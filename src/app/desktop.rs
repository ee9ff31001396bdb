//! Dialogs of the desktop for files and folders: one at a time, each on a thread of its own, and told apart whether a person left it or
//! the desktop has none to show.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use log::{Level, LevelFilter, Log, Metadata, Record};

/// What came of a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// What a person chose.
    Chosen(Vec<PathBuf>),
    /// It was left without a choice.
    Left,
    /// The desktop has no such dialog.
    Unavailable,
}

/// Hears of the failures that `rfd` only writes to the log: it gives back nothing when a dialog was left, and when there is none.
struct Listener;

static LISTENER: Listener = Listener;
static HAS_FAILED: AtomicBool = AtomicBool::new(false);
/// One dialog at a time: what is heard belongs to it.
static TURN: Mutex<()> = Mutex::new(());

impl Log for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() == Level::Error && metadata.target().starts_with("rfd")
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            HAS_FAILED.store(true, Ordering::Relaxed);
        }
    }

    fn flush(&self) {}
}

/// Begins to listen; where somebody else has the log, a dialog that cannot be shown counts as left.
fn listen() -> MutexGuard<'static, ()> {
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    if log::set_logger(&LISTENER).is_ok() {
        log::set_max_level(LevelFilter::Error);
    }
    HAS_FAILED.store(false, Ordering::Relaxed);
    turn
}

/// Shows a dialog, and waits for what comes of it.
pub(super) fn ask(dialog: impl FnOnce() -> Option<Vec<PathBuf>>) -> Asked {
    let turn = listen();
    let chosen = dialog();
    let has_failed = HAS_FAILED.load(Ordering::Relaxed);
    drop(turn);
    match chosen {
        Some(paths) => Asked::Chosen(paths),
        None if has_failed => Asked::Unavailable,
        None => Asked::Left,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialog_that_cannot_be_shown_is_told_from_one_that_was_left() {
        let failing = || {
            log::error!(target: "rfd::backend::xdg_desktop_portal", "Failed to pick file with zenity: not found");
            None
        };
        assert_eq!(ask(|| None), Asked::Left);
        assert_eq!(ask(failing), Asked::Unavailable);
        assert_eq!(ask(|| None), Asked::Left, "and is forgotten for the next one");
        assert_eq!(ask(|| Some(vec!["a.csv".into()])), Asked::Chosen(vec!["a.csv".into()]));
    }
}

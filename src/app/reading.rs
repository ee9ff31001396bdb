//! What goes on behind the panel in which it is chosen how a file is read: looks at its beginning, and the mappings that are saved.

use std::sync::Arc;

use super::shell::{Notify, Source};
use crate::ingest::{LoadError, Options, SavedMapping, SavedMappings};
use crate::jobs::examine::ExamineJob;
use crate::session::{Dialog, Session, Show, update};
use crate::view::LookState;

/// Looks under way, and what they are about.
#[derive(Default)]
pub(super) struct Reading {
    job: Option<ExamineJob>,
    /// The file that could not be opened, and that the panel is about then.
    tried: Option<Source>,
    /// Did the panel open without being asked for?
    is_by_itself: bool,
}

impl Reading {
    /// Is it worth while to open the panel for a file that could not be opened? Where text is, columns may be found in another way.
    fn can_help(error: &LoadError) -> bool {
        matches!(error, LoadError::NoRecords { .. } | LoadError::BadOption { .. })
    }

    /// Can a person try another way of reading? Not where there is no file, or none that may be read.
    pub(super) fn may_help(error: &LoadError) -> bool {
        Self::can_help(error) || matches!(error, LoadError::Binary { .. })
    }

    /// Takes in that a file could not be opened: the panel is about it, and opens where it may help.
    pub(super) fn take_failed(&mut self, session: &mut Session, tried: Source, options: Options, error: &LoadError) {
        self.tried = Some(tried);
        if Self::can_help(error) {
            self.open_by_itself(session, options);
        }
    }

    /// A file has been opened: what could not be is no longer asked about.
    pub(super) fn take_opened(&mut self) {
        self.tried = None;
    }

    /// Opens the panel because what was read has no dates. It closes again when the file turns out to have no columns.
    pub(super) fn open_by_itself(&mut self, session: &mut Session, options: Options) {
        self.is_by_itself = true;
        update(session, &Show::Reading(Box::new(options)).into());
    }

    /// The file that the panel is about when it could not be opened.
    pub(super) fn tried(&self) -> Option<&Source> {
        self.tried.as_ref()
    }

    /// Follows the wish in the panel: looks again when it has changed, takes in what came, lets go when the panel is closed.
    pub(super) fn follow(&mut self, session: &mut Session, open: Option<&Source>, look: &mut LookState, notify: &Notify) {
        if session.panels.dialog != Some(Dialog::Reading) {
            if self.job.is_some() || look.seen.is_some() || look.error.is_some() {
                (self.job, *look) = (None, LookState::default());
            }
            self.is_by_itself = false;
            if open.is_some() {
                self.tried = None;
            }
            return;
        }
        let Some(source) = self.tried.as_ref().or(open) else {
            look.error = Some("No file is open.".to_owned());
            return;
        };
        look.name.clone_from(&source.name);
        if self.job.as_ref().is_none_or(|job| job.options != session.draft) {
            let wake = Arc::clone(notify);
            self.job = Some(ExamineJob::start(source.input.clone(), session.draft.clone(), move || wake()));
            look.is_working = true;
        }
        let Some((came, job)) = self.job.as_ref().and_then(|job| Some((job.poll()?, job))) else { return };
        look.is_working = false;
        match came {
            Ok(seen) => {
                if self.is_by_itself && !seen.can_be_mapped() {
                    update(session, &Show::Dialog(None).into());
                    return;
                }
                look.options = job.options.clone();
                (look.seen, look.error) = (Some(seen), None);
            }
            Err(error) => look.error = Some(error.to_string()),
        }
    }

    /// Is a look under way?
    pub(super) fn is_busy(look: &LookState) -> bool {
        look.is_working
    }
}

/// Keeps a mapping for files with the same columns; says what became of it.
pub(super) fn keep(saved: Option<&SavedMappings>, mapping: &SavedMapping) -> String {
    let header: Vec<String> =
        mapping.options.mapping.iter().flat_map(|mapping| &mapping.columns).map(|column| column.name.clone()).collect();
    match saved.map(|saved| saved.keep(&header, mapping)) {
        None => "There is no folder for saved mappings on this computer; write it to a file instead.".to_owned(),
        Some(Ok(())) => format!("Saved “{}”. Files with these columns open with it from now on.", mapping.name),
        Some(Err(error)) => format!("The mapping could not be saved: {error}"),
    }
}

/// Forgets the mapping of files with these columns; says what became of it.
pub(super) fn forget(saved: Option<&SavedMappings>, header: &[String]) -> String {
    match saved.map(|saved| saved.forget(header)) {
        None | Some(Ok(())) => "Files with these columns open as they are understood by themselves.".to_owned(),
        Some(Err(error)) => format!("The saved mapping could not be removed: {error}"),
    }
}

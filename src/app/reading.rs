//! What goes on behind the panel in which it is chosen how a file is read: looks at its beginning, and the mappings that are saved.

use std::sync::Arc;

use super::shell::{Notify, Source};
use crate::data::{Dataset, IssueKind};
use crate::ingest::{Input, LoadError, Mapping, Options, SavedMapping, SavedMappings};
use crate::jobs::examine::{ExamineJob, Look, Wish};
use crate::session::{Dialog, Session, Show, update};
use crate::view::{FileFate, FileSeen, LookState};

/// Looks under way, and what they are about.
#[derive(Default)]
pub(super) struct Reading {
    job: Option<ExamineJob>,
    /// The files that are open, where there are several, and where they are read from.
    opened: Option<(Input, Vec<FileSeen>)>,
    /// What was detected of a file without any choice, and how it was read for that.
    detected: Option<(Option<String>, Options, Arc<Mapping>)>,
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
    pub(super) fn take_opened(&mut self, dataset: &Dataset, input: Input) {
        self.tried = None;
        self.detected = None;
        self.opened = Some((input, files_of(dataset)));
    }

    /// The first records of a file are there: what was known of another one is forgotten.
    pub(super) fn take_begun(&mut self) {
        (self.tried, self.opened, self.detected) = (None, None, None);
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
            if session.draft_file.is_some() {
                update(session, &Show::ReadingFile(None).into());
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
        let opened = self.opened.as_ref().filter(|_| self.tried.is_none());
        let first = opened.and_then(|(_, files)| files.iter().find(|file| file.fate == FileFate::Read));
        let file = session.draft_file.clone().or_else(|| first.map(|file| file.name.clone()));
        let is_other = |job: &ExamineJob| job.wish.options != session.draft || job.wish.file != file;
        if self.job.as_ref().is_none_or(is_other) {
            let input = opened.map_or(&source.input, |(input, _)| input).clone();
            let detected = self.detected_of(file.as_deref(), &session.draft);
            let wake = Arc::clone(notify);
            let wish = Wish { input, file, options: session.draft.clone(), detected };
            self.job = Some(ExamineJob::start(wish, move || wake()));
            look.is_working = true;
        }
        if let Some(came) = self.job.as_ref().and_then(ExamineJob::poll) {
            self.take(session, look, came);
        }
    }

    /// What was detected of a file, where it is known and nothing but the meaning of its columns is otherwise now.
    fn detected_of(&self, file: Option<&str>, draft: &Options) -> Option<Arc<Mapping>> {
        let (known, options, mapping) = self.detected.as_ref()?;
        (known.as_deref() == file && *options == plain(draft, file)).then(|| Arc::clone(mapping))
    }

    fn take(&mut self, session: &mut Session, look: &mut LookState, came: Look) {
        let Look { file, files, seen, detected } = came;
        look.is_working = false;
        if look.file != file {
            look.seen = None;
        }
        let draft = self.job.as_ref().map(|job| job.wish.options.clone()).unwrap_or_default();
        self.detected = detected.clone().map(|mapping| (file.clone(), plain(&draft, file.as_deref()), mapping));
        look.detected = detected;
        look.file = file;
        look.files = match &self.opened {
            Some((_, opened)) if self.tried.is_none() => opened.clone(),
            _ => files.into_iter().map(FileSeen::named).collect(),
        };
        match seen {
            Ok(seen) => {
                if self.is_by_itself && !seen.can_be_mapped() {
                    update(session, &Show::Dialog(None).into());
                    return;
                }
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

/// How a file is read as far as nobody has chosen what its columns mean.
fn plain(draft: &Options, file: Option<&str>) -> Options {
    file.map_or_else(|| draft.clone(), |file| draft.of_file(file)).without_choice()
}

/// The files of a dataset of several, those that were left out too, in the order of their names.
fn files_of(dataset: &Dataset) -> Vec<FileSeen> {
    let read = dataset.origin.files.iter().map(|file| FileSeen {
        name: file.name.clone(),
        format: file.origin.format.clone(),
        rows: file.origin.rows,
        columns: file.origin.columns.clone(),
        fate: FileFate::Read,
    });
    let left_out = dataset.issues.list.iter().filter_map(|issue| {
        let why = issue.message.clone();
        let fate = if issue.kind == IssueKind::FilePassedOver { FileFate::PassedOver(why) } else { FileFate::NotRead(why) };
        Some(FileSeen { fate, ..FileSeen::named(issue.file_left_out()?.to_owned()) })
    });
    let mut files: Vec<FileSeen> = read.chain(left_out).collect();
    files.sort_by(|one, other| one.name.cmp(&other.name));
    files
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

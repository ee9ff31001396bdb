//! Opening: files, folders, the sample, the same file once more or in another way; and what is said when one has been read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Shell;
use crate::app::behind::News;
use crate::app::reading::Reading;
use crate::data::{Dataset, Origin, Releases};
use crate::ingest::{Beside, Input, LoadError, Options};
use crate::jobs::load::{LoadEvent, LoadJob, Rest};
use crate::layout::number_text;
use crate::session::{Action, Dialog, Reread, Show, update};
use crate::view::{FileState, LoadingState, Offer, ReadNote, Standing, sentence};

/// What two files are to each other, as a person has said.
pub(super) fn beside(is_release: Option<bool>) -> Beside {
    match is_release {
        None => Beside::Guess,
        Some(true) => Beside::Releases,
        Some(false) => Beside::Apart,
    }
}

/// What became of the records, in a sentence.
fn releases_words(releases: &Releases) -> String {
    let Releases { older, newer, added, changed, removed, same, .. } = releases;
    let [added, changed, removed, same] = [added, changed, removed, same].map(|count| number_text(*count as f64));
    format!("{newer} is a newer release of {older}: {added} added, {changed} changed, {removed} removed, {same} the same.")
}

/// What can be opened, and opened again.
#[derive(Clone)]
pub(in crate::app) struct Source {
    pub(in crate::app) input: Input,
    /// Files and folders; none of what is in memory.
    paths: Vec<PathBuf>,
    /// What a person calls it.
    pub(in crate::app) name: String,
}

impl Source {
    fn of_paths(paths: Vec<PathBuf>) -> Self {
        let input = Input::of_paths(paths.clone());
        let whole = input.name();
        let name = whole.rsplit(['/', '\\']).next().map(str::to_owned).filter(|last| !last.is_empty()).unwrap_or(whole);
        Self { input, paths, name }
    }

    fn of_bytes(name: &str, bytes: &[u8]) -> Self {
        Self { input: Input::Bytes { name: name.to_owned(), bytes: bytes.into() }, paths: Vec::new(), name: name.to_owned() }
    }

    /// The only file or folder.
    fn file(&self) -> Option<PathBuf> {
        if let [path] = self.paths.as_slice() { Some(path.clone()) } else { None }
    }
}

pub(super) struct Loading {
    job: LoadJob,
    source: Source,
    /// How it is read, as far as somebody asked for something.
    options: Options,
    /// When this is the open file read in another way: how it was read before, and whether somebody goes back or forth.
    reread: Option<Reread>,
    /// The file that was open before, and its columns: this one may be a newer release of it.
    older: Option<(PathBuf, Vec<String>)>,
    pub(super) is_new: bool,
    /// Was a part of it shown?
    has_part: bool,
}

impl Loading {
    /// What is being read.
    pub(super) fn source(&self) -> &Source {
        &self.source
    }
}

impl Shell {
    /// Opens a file or folder; what was open stays until the first picture of the new one.
    pub fn open(&mut self, path: &Path) {
        self.open_all(vec![path.to_owned()], Beside::Guess);
    }

    /// Opens files and folders as one dataset.
    pub fn open_all(&mut self, paths: Vec<PathBuf>, beside: Beside) {
        self.start(Source::of_paths(paths), Options { beside, ..Options::default() });
    }

    /// Opens files and folders; where they are open already, they are only put together otherwise, and read as they were.
    pub(super) fn put_together(&mut self, paths: Vec<PathBuf>, beside: Beside) {
        match self.source.clone().filter(|open| open.paths == paths) {
            Some(open) => self.start(open, Options { beside, ..self.session.read_with.clone() }),
            None => self.open_all(paths, beside),
        }
    }

    /// Opens a newer release beside the file that is open.
    pub fn compare_with(&mut self, newer: &Path) {
        match self.source.as_ref().and_then(Source::file) {
            Some(open) => self.open_all(vec![open, newer.to_owned()], Beside::Releases),
            None => self.open(newer),
        }
    }

    /// Reads the open file again, as it was read; filters, lanes and the window in time stay.
    pub fn read_again(&mut self) {
        let Some(source) = self.source.clone() else {
            self.open_sample();
            return;
        };
        let note = self.around.read_note.clone();
        self.start(source, self.session.read_with.clone());
        self.around.read_note = note;
        if let Some(loading) = &mut self.loading {
            loading.is_new = self.engine.is_none();
        }
    }

    /// Reads the open file anew in another way, or the one that could not be opened.
    pub fn read_with(&mut self, options: Options) {
        let (source, before) = match self.reading.tried() {
            Some(tried) => (Some(tried.clone()), None),
            None => (self.source.clone(), Some(self.session.read_with.clone())),
        };
        let Some(source) = source else { return };
        self.start(source, options);
        self.set_reread(before.map(|before| Reread { before, turn: None }));
        if self.session.panels.dialog == Some(Dialog::Reading) {
            update(&mut self.session, &Show::Dialog(None).into());
        }
    }

    /// Reads the open file as it was read before, or after that again, when the Session wishes for it.
    pub(super) fn follow_turn(&mut self) {
        let Some(turn) = self.session.wanted_turn.take() else { return };
        let Some((source, options)) = self.source.clone().zip(self.session.reading_of(turn).cloned()) else { return };
        let before = self.session.read_with.clone();
        self.start(source, options);
        self.set_reread(Some(Reread { before, turn: Some(turn) }));
    }

    /// From the first records on, the file that is being read is the one that is open: it can be looked at, and read in another way.
    pub(super) fn begin_showing(&mut self) {
        let Some(loading) = &self.loading else { return };
        let is_other = self.source.as_ref().is_some_and(|open| open.paths != loading.source.paths || open.name != loading.source.name);
        if is_other && self.session.panels.dialog == Some(Dialog::Reading) {
            // It was about the file before.
            update(&mut self.session, &Show::Dialog(None).into());
        }
        self.session.read_with.clone_from(&loading.options);
        self.source = Some(loading.source.clone());
        self.reading.take_begun();
    }

    fn set_reread(&mut self, reread: Option<Reread>) {
        self.reread.clone_from(&reread);
        if let Some(loading) = &mut self.loading {
            loading.reread = reread;
        }
    }

    /// Is it a file that is open, or one of a folder that is? None of them is ever written to.
    pub fn is_data(&self, path: &Path) -> bool {
        let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        path.exists() && self.source.iter().flat_map(|source| &source.paths).any(|own| whole(path).starts_with(whole(own)))
    }

    /// Looks at what has become of the open file.
    pub fn look_at_file(&self) {
        self.behind.look();
    }

    /// Opens the bundled sample.
    pub fn open_sample(&mut self) {
        self.start(Source::of_bytes(crate::sample::SAMPLE_NAME, crate::sample::bytes()), Options::default());
    }

    /// Opens bytes in memory under a name, as if they were a file.
    pub fn open_bytes(&mut self, name: &str, bytes: &[u8]) {
        self.start(Source::of_bytes(name, bytes), Options::default());
    }

    fn start(&mut self, source: Source, options: Options) {
        self.cancel_load();
        let wake = Arc::clone(&self.notify);
        self.behind.stop();
        self.behind.said = None;
        self.around.standing = None;
        self.around.read_note = None;
        self.around.excerpt = None;
        self.reread = None;
        let from = (self.shelf.clone(), self.saved.clone());
        let job = LoadJob::start_from(from, source.input.clone(), options.clone(), move || wake());
        self.around.file = FileState::Loading(LoadingState { name: source.name.clone(), ..LoadingState::default() });
        let open = self.source.as_ref().filter(|open| open.paths != source.paths);
        let columns = self.session.schema.as_ref().map(|schema| schema.origin.columns.clone());
        let older = open.and_then(Source::file).zip(columns);
        self.loading = Some(Loading { job, source, options, reread: None, older, is_new: true, has_part: false });
    }

    /// Ends the loading; what is shown stays, and it is said that it is not all.
    pub fn cancel_load(&mut self) {
        if let Some(loading) = self.loading.take() {
            loading.job.cancel();
            self.keep_part(&loading, "Reading was cancelled.");
        }
        self.around.file = if self.engine.is_some() { FileState::Ready } else { FileState::Empty };
    }

    pub(super) fn receive_load(&mut self) {
        let Some(loading) = &mut self.loading else { return };
        let progress = loading.job.progress();
        let state = LoadingState {
            name: loading.source.name.clone(),
            bytes: progress.bytes,
            bytes_total: progress.bytes_total,
            rows: progress.rows,
            issues: progress.issues,
            has_picture: !loading.is_new,
        };
        self.around.file = FileState::Loading(state);
        for event in loading.job.poll() {
            match event {
                LoadEvent::Snapshot(dataset) => {
                    if let Some(loading) = &mut self.loading {
                        loading.has_part = true;
                    }
                    self.take_dataset(dataset);
                }
                LoadEvent::Done(dataset) => {
                    self.take_dataset(Arc::clone(&dataset));
                    self.finish(dataset);
                }
                LoadEvent::Cancelled => self.cancel_load(),
                LoadEvent::Failed(error) => self.fail(&error),
            }
            if self.loading.is_none() {
                break;
            }
        }
    }

    /// Takes in what has become of the open file. What is said of it stays until somebody has seen it, and is kept up to date until then.
    pub(super) fn take_news(&mut self, news: News) {
        let stands =
            self.behind.said.is_some() && self.around.standing.as_ref().map(|standing| &standing.text) == self.behind.said.as_ref();
        match news {
            News::ReadAgain(text) => {
                self.read_again();
                update(&mut self.session, &Show::Notice(Some(text)).into());
            }
            News::Changed(text) if stands || self.behind.said.is_none() => {
                self.warn(text.clone(), "Read it again");
                self.behind.said = Some(text);
            }
            // Somebody has seen that it changes.
            News::Changed(_) => {}
            News::Remark(text) => update(&mut self.session, &Show::Notice(Some(text)).into()),
            News::AsBefore => {
                if stands {
                    self.around.standing = None;
                }
                self.behind.said = None;
            }
        }
    }

    /// Takes in that a file has been read to its end.
    fn finish(&mut self, dataset: Arc<Dataset>) {
        let Some(loading) = self.loading.take() else { return };
        let Some(rest) = loading.job.rest() else { return };
        // Only where there are columns, another reading of them can help.
        let has_no_date = dataset.records.dated() == 0 && !dataset.records.is_empty() && !dataset.origin.columns.is_empty();
        self.session.read_with = rest.options.clone();
        if let Some(note) = note(&loading, &rest) {
            self.around.read_note = Some(note);
        }
        // It counts as open once the engine over all of it answers.
        self.file = loading.source.file();
        self.lines.open(&rest, &dataset.origin);
        self.offer_releases((&loading.source, loading.options.beside), loading.older, &dataset.origin);
        self.source = Some(loading.source);
        self.reading.take_opened(&dataset, rest.input.clone());
        self.behind.begin(rest, dataset, &self.notify);
        if has_no_date && loading.options == Options::default() && loading.reread.is_none() {
            self.reading.open_by_itself(&mut self.session, loading.options);
        }
    }

    fn fail(&mut self, error: &LoadError) {
        let loading = self.loading.take();
        let has_part = loading.as_ref().is_some_and(|loading| self.keep_part(loading, &error.to_string()));
        if let Some(loading) = loading.as_ref().filter(|_| !has_part) {
            self.reading.take_failed(&mut self.session, loading.source.clone(), loading.options.clone(), error);
        }
        let is_same_file =
            loading.as_ref().is_some_and(|loading| self.source.as_ref().is_some_and(|open| open.paths == loading.source.paths));
        let name = loading.map(|loading| loading.source.name).unwrap_or_default();
        if self.engine.is_some() || self.building.is_some() {
            self.around.file = FileState::Ready;
            if !has_part {
                update(&mut self.session, &Show::Notice(Some(error.to_string())).into());
                if is_same_file {
                    // What is shown is of before; that stays said until it has been read again.
                    let text = format!("{name} could not be read again: {}. What is shown was read before.", error.reason());
                    self.warn(text, "Read it again");
                }
            }
        } else {
            self.around.file =
                FileState::Failed { name, message: sentence(&error.reason()), can_be_read_otherwise: Reading::may_help(error) };
        }
    }

    /// Of a file of which only a part was read, that part stays the open file; says so. `false` when nothing was read yet.
    fn keep_part(&mut self, loading: &Loading, why: &str) -> bool {
        if !loading.has_part {
            return false;
        }
        self.file = loading.source.file();
        self.source = Some(loading.source.clone());
        self.session.read_with = loading.options.clone();
        // What is shown is what the last look had, not what was read until just now.
        let (progress, records) = (loading.job.progress(), self.session.schema.as_ref().map_or(0, |schema| schema.records));
        let shown = progress.bytes as f64 / progress.bytes_total.max(1) as f64 * records as f64 / progress.rows.max(records).max(1) as f64;
        let percent = (shown * 100.0).clamp(0.0, 99.0);
        let part = if percent < 1.0 { "less than 1 %".to_owned() } else { format!("about {percent:.0} %") };
        let records = number_text(records as f64);
        let text = format!("Only a part of {} was read: {records} records, {part} of the file. {why}", loading.source.name);
        self.warn(text, "Read it whole");
        true
    }

    /// Says that what is shown is not the file as it is, until somebody has seen it, and offers to read it again under this name.
    fn warn(&mut self, text: String, label: &'static str) {
        let offer = Offer { label, action: Action::ReadAgain };
        self.around.standing = Some(Standing { text, offer, is_warning: true });
    }

    /// Says what became of the records from one release to the next, or offers to compare a file with the one that was open before.
    fn offer_releases(&mut self, (source, beside): (&Source, Beside), older: Option<(PathBuf, Vec<String>)>, origin: &Origin) {
        if let Some(releases) = &origin.releases {
            let action = Action::OpenAll { paths: source.paths.clone(), is_release: Some(false) };
            let offer = Offer { label: "Keep them apart", action };
            self.around.standing = Some(Standing { text: releases_words(releases), offer, is_warning: false });
            return;
        }
        if beside == Beside::Apart && origin.files.len() > 1 {
            // Of more than two, those that do not look like releases would not be shown when they had to be some.
            let is_release = (origin.files.len() == 2).then_some(true);
            let action = Action::OpenAll { paths: source.paths.clone(), is_release };
            let offer = Offer { label: "Compare them", action };
            let text = "The files are kept apart: what is in more than one of them counts more than once.".to_owned();
            self.around.standing = Some(Standing { text, offer, is_warning: false });
            return;
        }
        let Some(((older, columns), newer)) = older.zip(source.file()) else { return };
        if columns.is_empty() || columns != origin.columns || older.is_dir() || newer.is_dir() {
            return;
        }
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let text = format!("{} has the columns of {}, which was open before. Is it a newer release?", name(&newer), name(&older));
        let offer = Offer { label: "Compare them", action: Action::OpenAll { paths: vec![older, newer], is_release: Some(true) } };
        self.around.standing = Some(Standing { text, offer, is_warning: false });
    }
}

/// What is to be said of how a file came to be read.
fn note(loading: &Loading, rest: &Rest) -> Option<ReadNote> {
    if let Some(name) = &rest.mapping {
        let text = format!("Opened with your mapping “{name}”, saved for files with these columns.");
        let plainly = Options { without_saved: true, ..Options::default() };
        return Some(ReadNote { text, offer: "Read without it", options: plainly });
    }
    let Options { beside, without_saved, .. } = loading.options;
    if loading.options == (Options { without_saved, beside, ..Options::default() }) {
        // It is read again as it is understood by itself.
        return None;
    }
    let reread = loading.reread.as_ref().filter(|reread| reread.turn.is_none() && reread.before != loading.options)?;
    let before = reread.before.clone();
    Some(ReadNote { text: "Read as you chose.".to_owned(), offer: "Read it as before", options: before })
}

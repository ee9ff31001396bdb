//! The shell: session, answers, jobs and views put together, without a window. The window, the tests and exports run the same shell.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{self, Ui};

use super::behind::Behind;
use super::keys;
use super::leftovers::Leftovers;
use super::reading::{self, Reading};
use crate::data::Dataset;
use crate::engine::Engine;
use crate::ingest::{Input, LoadError, Options, SavedMappings, Shelf};
use crate::jobs::engine::{EngineJob, EngineReady};
use crate::jobs::load::{LoadEvent, LoadJob, Rest};
use crate::jobs::slot::Slots;
use crate::query::{Answer, Query};
use crate::session::{Action, Answers, Command, Dialog, Key, Navigate, Questions, Session, Show, Slot, command_of_key, update};
use crate::view::{self, Cx, FileState, LoadingState, ReadNote, Standing, Surroundings, Theme};

/// Calls the window back when something has come.
pub type Notify = Arc<dyn Fn() + Send + Sync>;

/// Session, answers, jobs and views.
pub struct Shell {
    /// Everything that the window shows.
    pub session: Session,
    /// The answers at hand.
    pub answers: Answers,
    /// What views cannot know from the Session.
    pub around: Surroundings,
    questions: Questions,
    slots: Slots<Slot>,
    engine: Option<Arc<dyn Engine>>,
    loading: Option<Loading>,
    building: Option<EngineJob>,
    notify: Notify,
    leftovers: Leftovers,
    /// The file that is open, once it is; `None` for the sample.
    pub file: Option<PathBuf>,
    /// Where copies of files are kept; `None` to keep none.
    pub shelf: Option<Shelf>,
    /// Where mappings are saved that a person made; `None` to look for none.
    pub saved: Option<SavedMappings>,
    behind: Behind,
    /// What is open, as it is opened again.
    source: Option<Source>,
    reading: Reading,
    /// Had a text field the keyboard when the last frame ended?
    is_in_field: bool,
}

/// What can be opened, and opened again.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) input: Input,
    file: Option<PathBuf>,
    pub(super) name: String,
}

struct Loading {
    job: LoadJob,
    source: Source,
    /// How it is read, as far as somebody asked for something.
    options: Options,
    /// How the open file was read, when this is the same file read otherwise.
    before: Option<Options>,
    is_new: bool,
    /// Was a part of it shown?
    has_part: bool,
}

impl Shell {
    /// A shell with nothing open.
    pub fn new(notify: Notify) -> Self {
        let wake = Arc::clone(&notify);
        Self {
            session: Session::default(),
            answers: Answers::default(),
            around: Surroundings::default(),
            questions: Questions::default(),
            slots: Slots::new(move || wake()),
            engine: None,
            loading: None,
            building: None,
            notify,
            leftovers: Leftovers::new(),
            file: None,
            shelf: None,
            saved: None,
            behind: Behind::default(),
            source: None,
            reading: Reading::default(),
            is_in_field: false,
        }
    }

    /// Opens a file or folder; what was open stays until the first picture of the new one.
    pub fn open(&mut self, path: &Path) {
        let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        let source = Source { input: Input::Path(path.to_owned()), file: Some(path.to_owned()), name };
        self.start(source, Options::default());
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
        if let Some(loading) = &mut self.loading {
            loading.before = before;
        }
        if self.session.panels.dialog == Some(Dialog::Reading) {
            update(&mut self.session, &Show::Dialog(None).into());
        }
    }

    /// Looks at what has become of the open file.
    pub fn look_at_file(&self) {
        self.behind.look();
    }

    /// Opens the bundled sample.
    pub fn open_sample(&mut self) {
        let name = crate::sample::SAMPLE_NAME.to_owned();
        let input = Input::Bytes { name: name.clone(), bytes: crate::sample::bytes().into() };
        self.start(Source { input, file: None, name }, Options::default());
    }

    /// Opens bytes in memory under a name, as if they were a file.
    pub fn open_bytes(&mut self, name: &str, bytes: &[u8]) {
        let input = Input::Bytes { name: name.to_owned(), bytes: bytes.into() };
        self.start(Source { input, file: None, name: name.to_owned() }, Options::default());
    }

    fn start(&mut self, source: Source, options: Options) {
        self.cancel_load();
        let wake = Arc::clone(&self.notify);
        self.behind.stop();
        self.around.standing = None;
        self.around.read_note = None;
        let from = (self.shelf.clone(), self.saved.clone());
        let job = LoadJob::start_from(from, source.input.clone(), options.clone(), move || wake());
        self.around.file = FileState::Loading(LoadingState { name: source.name.clone(), ..LoadingState::default() });
        self.loading = Some(Loading { job, source, options, before: None, is_new: true, has_part: false });
    }

    /// Ends the loading; what is shown stays, and it is said that it is not all.
    pub fn cancel_load(&mut self) {
        if let Some(loading) = self.loading.take() {
            loading.job.cancel();
            self.keep_part(&loading, "Reading was cancelled.");
        }
        self.around.file = if self.engine.is_some() { FileState::Ready } else { FileState::Empty };
    }

    /// Is work under way whose result will change the picture?
    pub fn is_busy(&self) -> bool {
        self.loading.is_some() || self.building.is_some() || self.slots.is_busy() || Reading::is_busy(&self.around.look)
    }

    /// The engine that answers now.
    pub fn engine(&self) -> Option<Arc<dyn Engine>> {
        self.engine.clone()
    }

    /// Takes in what has finished: snapshots, engines, answers.
    pub fn receive(&mut self) {
        self.receive_load();
        if let Some(news) = self.behind.poll() {
            if news.is_to_read_again {
                self.read_again();
                update(&mut self.session, &Show::Notice(Some(news.text)).into());
            } else {
                // It stays until somebody has seen it.
                self.around.standing = Some(Standing { text: news.text, offer: "Read it again" });
            }
        }
        if let Some(ready) = self.building.as_ref().and_then(EngineJob::poll) {
            self.building = None;
            if let EngineReady::Built { engine, is_new_file } = ready {
                self.set_engine(engine, is_new_file);
            }
        }
        for delivery in self.slots.receive() {
            // A neighbour that is no longer wanted would move the selection.
            let is_wanted = !(delivery.is_late && delivery.slot == Slot::Neighbour);
            if let Ok(answer) = delivery.answer
                && is_wanted
            {
                self.put(delivery.slot, delivery.query, delivery.generation, (answer, delivery.share));
            }
        }
        self.around.is_stale = self.slots.is_busy();
        self.reading.follow(&mut self.session, self.source.as_ref(), &mut self.around.look, &self.notify);
    }

    fn receive_load(&mut self) {
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

    /// Takes in that a file has been read to its end.
    fn finish(&mut self, dataset: Arc<Dataset>) {
        let Some(loading) = self.loading.take() else { return };
        let Some(rest) = loading.job.rest() else { return };
        let has_no_date = dataset.records.dated() == 0 && !dataset.records.is_empty();
        self.session.read_with = rest.options.clone();
        if let Some(note) = note(&loading, &rest) {
            self.around.read_note = Some(note);
        }
        // It counts as open once the engine over all of it answers.
        self.file.clone_from(&loading.source.file);
        self.source = Some(loading.source);
        self.reading.take_opened();
        self.behind.begin(rest, dataset, &self.notify);
        if has_no_date && loading.options == Options::default() {
            self.reading.open_by_itself(&mut self.session, loading.options);
        }
    }

    fn fail(&mut self, error: &LoadError) {
        let loading = self.loading.take();
        let has_part = loading.as_ref().is_some_and(|loading| self.keep_part(loading, &error.to_string()));
        if let Some(loading) = loading.as_ref().filter(|_| !has_part) {
            self.reading.take_failed(&mut self.session, loading.source.clone(), loading.options.clone(), error);
        }
        let name = loading.map(|loading| loading.source.name).unwrap_or_default();
        if self.engine.is_some() || self.building.is_some() {
            self.around.file = FileState::Ready;
            if !has_part {
                update(&mut self.session, &Show::Notice(Some(error.to_string())).into());
            }
        } else {
            self.around.file = FileState::Failed { name, message: error.to_string() };
        }
    }

    /// Of a file of which only a part was read, that part stays the open file; says so. `false` when nothing was read yet.
    fn keep_part(&mut self, loading: &Loading, why: &str) -> bool {
        if !loading.has_part {
            return false;
        }
        self.file.clone_from(&loading.source.file);
        self.source = Some(loading.source.clone());
        self.session.read_with = loading.options.clone();
        let progress = loading.job.progress();
        let percent = (progress.bytes as f64 / progress.bytes_total.max(1) as f64 * 100.0).clamp(0.0, 99.0);
        let text = format!("Only a part of {} was read, to about {percent:.0} %. {why}", loading.source.name);
        self.around.standing = Some(Standing { text, offer: "Read it whole" });
        true
    }

    fn take_dataset(&mut self, dataset: Arc<Dataset>) {
        let is_new = self.loading.as_mut().is_some_and(|loading| std::mem::replace(&mut loading.is_new, false));
        let old = self.building.take();
        let was_new = old.as_ref().is_some_and(EngineJob::is_new_file);
        self.leftovers.leave(old);
        let wake = Arc::clone(&self.notify);
        self.building = Some(EngineJob::start(dataset, is_new || was_new, move || wake()));
    }

    /// Answers come from this engine from now on.
    pub fn set_engine(&mut self, engine: Arc<dyn Engine>, is_new_file: bool) {
        let ask = crate::engine::Ask::plainly();
        if let Ok(Answer::Schema(schema)) = engine.answer(&Query::Schema, &ask) {
            if is_new_file {
                self.leftovers.leave(self.answers.clear());
            }
            self.session.receive_schema(Arc::from(schema), is_new_file);
        }
        self.slots.set_engine(Some(Arc::clone(&engine)));
        self.leftovers.leave(self.engine.replace(engine));
        if self.loading.is_none() {
            self.around.file = FileState::Ready;
        }
    }

    fn put(&mut self, slot: Slot, query: Query, generation: u64, (answer, share): (Arc<Answer>, Option<f32>)) {
        match (&slot, answer.as_ref()) {
            (Slot::Record, Answer::Record(Some(record))) => {
                let date = record.as_of.1.or(record.when.1);
                self.session.selected_span = date.map(|when| when.span);
            }
            (Slot::Neighbour, Answer::Row(found)) => {
                self.session.wanted_neighbour = None;
                if let Some(row) = found {
                    update(&mut self.session, &Navigate::Select(vec![*row]).into());
                }
            }
            _ => {}
        }
        self.leftovers.leave(self.answers.replace(slot, query, generation, (answer, share)));
    }

    /// Draws the window and obeys what was asked for; returns the effects that are left to the caller.
    pub fn frame(&mut self, ui: &mut Ui) -> Vec<Action> {
        let commands = self.draw(ui);
        self.ask_all();
        self.obey(ui.ctx(), commands)
    }

    /// The same, with every question answered before the frame ends: for tests and measurements without a window.
    pub fn frame_with_answers(&mut self, ui: &mut Ui) -> Vec<Action> {
        let commands = self.draw(ui);
        self.answer_now();
        self.obey(ui.ctx(), commands)
    }

    fn draw(&mut self, ui: &mut Ui) -> Vec<Command> {
        // Escape has taken the keyboard from the field by now.
        let was_in_field = std::mem::take(&mut self.is_in_field);
        let mut commands: Vec<Command> = keys::pressed(ui.ctx())
            .into_iter()
            .filter(|shortcut| self.session.panels.dialog.is_none() || shortcut.key == Key::Escape)
            // What was chosen in the panel is not thrown away by leaving a field of it.
            .filter(|_| self.session.panels.dialog != Some(Dialog::Reading) || !was_in_field)
            .filter_map(|shortcut| {
                // Nothing else is meant while a file is being read: typing and dialogs have the key first.
                let is_to_cancel = shortcut.key == Key::Escape && self.loading.is_some() && self.session.panels.dialog.is_none();
                if is_to_cancel && !ui.ctx().egui_wants_keyboard_input() {
                    return Some(Action::CancelLoad.into());
                }
                command_of_key(&self.session, shortcut)
            })
            .collect();
        let theme = Theme::of(ui.ctx());
        let mut cx = Cx {
            session: &self.session,
            answers: &self.answers,
            around: &self.around,
            theme: &theme,
            questions: &mut self.questions,
            commands: &mut commands,
        };
        view::window_ui(ui, &mut cx);
        self.is_in_field = ui.ctx().text_edit_focused();
        self.ask_for_neighbour();
        commands
    }

    /// Obeys commands in order; returns the effects.
    fn obey(&mut self, ctx: &egui::Context, commands: Vec<Command>) -> Vec<Action> {
        let mut actions = Vec::new();
        if !commands.is_empty() {
            ctx.request_repaint();
        }
        for command in commands {
            match command {
                Command::Action(Action::Open(path)) => self.open(&path),
                Command::Action(Action::OpenSample) => self.open_sample(),
                Command::Action(Action::ReadAgain) => self.read_again(),
                Command::Action(Action::CancelLoad) => self.cancel_load(),
                Command::Action(Action::CloseStanding) => (self.around.standing, self.around.read_note) = (None, None),
                Command::Action(Action::ReadWith(options)) => self.read_with(*options),
                Command::Action(Action::KeepMapping(mapping)) => {
                    let words = reading::keep(self.saved.as_ref(), &mapping);
                    update(&mut self.session, &Show::Notice(Some(words)).into());
                }
                Command::Action(Action::ForgetMapping(header)) => {
                    let words = reading::forget(self.saved.as_ref(), &header);
                    update(&mut self.session, &Show::Notice(Some(words)).into());
                }
                Command::Action(action) => actions.push(action),
                other => update(&mut self.session, &other),
            }
        }
        actions
    }

    fn ask_for_neighbour(&mut self) {
        if let Some((row, is_next)) = self.session.wanted_neighbour {
            let query = Query::Neighbour { row, lane: self.session.document.lane, filter: self.session.document.filter.clone(), is_next };
            self.questions.ask(Slot::Neighbour, query);
        }
    }

    /// Hands the questions of the frame to the background, but for those whose answer is at hand.
    fn ask_all(&mut self) {
        let generation = self.engine.as_ref().map_or(0, |engine| engine.generation());
        for (slot, query) in self.questions.take() {
            let is_neighbour = slot == Slot::Neighbour;
            if is_neighbour || !self.answers.is_current(&slot, &query, generation) {
                self.slots.ask(slot, query);
            }
        }
    }

    /// Answers every question of the last frame here and now.
    fn answer_now(&mut self) {
        let Some(engine) = self.engine.clone() else { return };
        let generation = engine.generation();
        for (slot, query) in self.questions.take() {
            if self.answers.is_current(&slot, &query, generation) && slot != Slot::Neighbour {
                continue;
            }
            if let Ok(answer) = engine.answer(&query, &crate::engine::Ask::plainly()) {
                self.put(slot, query, generation, (Arc::new(answer), None));
            }
        }
    }
}

/// What is to be said of how a file came to be read.
fn note(loading: &Loading, rest: &Rest) -> Option<ReadNote> {
    if let Some(name) = &rest.mapping {
        let text = format!("Opened with your mapping “{name}”, saved for files with these columns.");
        let plainly = Options { without_saved: true, ..Options::default() };
        return Some(ReadNote { text, offer: "Read without it", options: plainly });
    }
    let before = loading.before.clone().filter(|before| *before != loading.options)?;
    Some(ReadNote { text: "Read as you chose.".to_owned(), offer: "Read it as before", options: before })
}

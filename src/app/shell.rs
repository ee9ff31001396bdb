//! The shell: session, answers, jobs and views put together, without a window. The window, the tests and exports run the same shell.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::{self, Ui};

use super::behind::Behind;
use super::keys;
use super::leftovers::Leftovers;
use super::lines::Lines;
use crate::data::{Dataset, Origin, Releases};
use crate::engine::Engine;
use crate::ingest::{Beside, Input, LoadError, Options, Shelf};
use crate::jobs::engine::{EngineJob, EngineReady};
use crate::jobs::load::{LoadEvent, LoadJob};
use crate::jobs::slot::Slots;
use crate::layout::number_text;
use crate::query::{Answer, Query};
use crate::session::{Action, Answers, Command, Key, Navigate, Questions, Session, Show, Slot, command_of_key, update};
use crate::view::{self, Cx, FileState, LoadingState, Offer, Standing, Surroundings, Theme, sentence};

/// What two files are to each other, as a person has said.
fn beside(is_release: Option<bool>) -> Beside {
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
    /// The file or folder that is open, once it is; `None` for the sample and for several files.
    pub file: Option<PathBuf>,
    target: Target,
    lines: Lines,
    /// Where copies of files are kept; `None` to keep none.
    pub shelf: Option<Shelf>,
    behind: Behind,
}

/// What is to be opened: files and folders, nothing for the sample.
#[derive(Clone, Debug, Default, PartialEq)]
struct Target {
    paths: Vec<PathBuf>,
    beside: Beside,
}

impl Target {
    fn input(&self) -> Input {
        if self.paths.is_empty() {
            return Input::Bytes { name: crate::sample::SAMPLE_NAME.to_owned(), bytes: crate::sample::bytes().into() };
        }
        Input::of_paths(self.paths.clone())
    }

    /// How it is read.
    fn options(&self) -> Options {
        Options { beside: self.beside, ..Options::default() }
    }

    /// What a person calls it.
    fn name(&self) -> String {
        let name = self.input().name();
        name.rsplit(['/', '\\']).next().map(str::to_owned).filter(|last| !last.is_empty()).unwrap_or(name)
    }

    /// The only file or folder.
    fn file(&self) -> Option<PathBuf> {
        if let [path] = self.paths.as_slice() { Some(path.clone()) } else { None }
    }
}

struct Loading {
    job: LoadJob,
    target: Target,
    name: String,
    is_new: bool,
    /// Was a part of it shown?
    has_part: bool,
    /// The only file that was open before, and its columns.
    before: Option<(PathBuf, Vec<String>)>,
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
            target: Target::default(),
            lines: Lines::default(),
            shelf: None,
            behind: Behind::default(),
        }
    }

    /// Opens a file or folder; what was open stays until the first picture of the new one.
    pub fn open(&mut self, path: &Path) {
        self.open_all(vec![path.to_owned()], Beside::Guess);
    }

    /// Opens files and folders as one dataset.
    pub fn open_all(&mut self, paths: Vec<PathBuf>, beside: Beside) {
        self.start(Target { paths, beside });
    }

    /// Opens a newer release beside the file that is open.
    pub fn compare_with(&mut self, newer: &Path) {
        match self.target.file() {
            Some(open) => self.open_all(vec![open, newer.to_owned()], Beside::Releases),
            None => self.open(newer),
        }
    }

    /// Reads what is open again; filters, lanes and the window in time stay.
    pub fn read_again(&mut self) {
        self.start(self.target.clone());
        if let Some(loading) = &mut self.loading {
            loading.is_new = self.engine.is_none();
        }
    }

    /// Is it a file that is open, or one of a folder that is? None of them is ever written to.
    pub fn is_data(&self, path: &Path) -> bool {
        let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        path.exists() && self.target.paths.iter().any(|own| whole(path).starts_with(whole(own)))
    }

    /// Looks at what has become of the open file.
    pub fn look_at_file(&self) {
        self.behind.look();
    }

    /// Opens the bundled sample.
    pub fn open_sample(&mut self) {
        self.start(Target::default());
    }

    fn start(&mut self, target: Target) {
        self.cancel_load();
        let wake = Arc::clone(&self.notify);
        self.behind.stop();
        self.around.standing = None;
        self.around.excerpt = None;
        let job = LoadJob::start_from(self.shelf.clone(), target.input(), target.options(), move || wake());
        let name = target.name();
        self.around.file = FileState::Loading(LoadingState { name: name.clone(), ..LoadingState::default() });
        let columns = self.session.schema.as_ref().map(|schema| schema.origin.columns.clone());
        let before = self.target.file().zip(columns).filter(|_| self.target != target);
        self.loading = Some(Loading { job, target, name, is_new: true, has_part: false, before });
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
        self.loading.is_some() || self.building.is_some() || self.slots.is_busy()
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
                let offer = Offer { label: "Read it again", action: Action::ReadAgain };
                self.around.standing = Some(Standing { text: news.text, offer, is_warning: true });
            }
        }
        if let Some(found) = self.lines.poll() {
            self.around.excerpt = Some(found);
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
    }

    fn receive_load(&mut self) {
        let Some(loading) = &mut self.loading else { return };
        let progress = loading.job.progress();
        let state = LoadingState {
            name: loading.name.clone(),
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
                    let Some(loading) = self.loading.take() else { continue };
                    if let Some(rest) = loading.job.rest() {
                        self.lines.open(&rest, &dataset.origin, loading.target.options());
                        self.behind.begin(rest, Arc::clone(&dataset), &self.notify);
                    }
                    self.offer_releases(&loading.target, loading.before.clone(), &dataset.origin);
                    // It counts as open once the engine over all of it answers.
                    self.file = loading.target.file();
                    self.target = loading.target;
                }
                LoadEvent::Cancelled => self.cancel_load(),
                LoadEvent::Failed(error) => self.fail(&error),
            }
            if self.loading.is_none() {
                break;
            }
        }
    }

    fn fail(&mut self, error: &LoadError) {
        let loading = self.loading.take();
        let has_part = loading.as_ref().is_some_and(|loading| self.keep_part(loading, &error.to_string()));
        let name = loading.map(|loading| loading.name).unwrap_or_default();
        if self.engine.is_some() || self.building.is_some() {
            self.around.file = FileState::Ready;
            if !has_part {
                update(&mut self.session, &Show::Notice(Some(error.to_string())).into());
            }
        } else {
            self.around.file = FileState::Failed { name, message: sentence(&error.reason()) };
        }
    }

    /// Of a file of which only a part was read, that part stays the open file; says so. `false` when nothing was read yet.
    fn keep_part(&mut self, loading: &Loading, why: &str) -> bool {
        if !loading.has_part {
            return false;
        }
        self.file = loading.target.file();
        self.target = loading.target.clone();
        let progress = loading.job.progress();
        let percent = (progress.bytes as f64 / progress.bytes_total.max(1) as f64 * 100.0).clamp(0.0, 99.0);
        let text = format!("Only a part of {} was read, to about {percent:.0} %. {why}", loading.name);
        let offer = Offer { label: "Read it whole", action: Action::ReadAgain };
        self.around.standing = Some(Standing { text, offer, is_warning: true });
        true
    }

    /// Says what became of the records from one release to the next, or offers to compare a file with the one that was open before.
    fn offer_releases(&mut self, target: &Target, before: Option<(PathBuf, Vec<String>)>, origin: &Origin) {
        if let Some(releases) = &origin.releases {
            let action = Action::OpenAll { paths: target.paths.clone(), is_release: Some(false) };
            let offer = Offer { label: "Keep them apart", action };
            self.around.standing = Some(Standing { text: releases_words(releases), offer, is_warning: false });
            return;
        }
        let Some(((older, columns), newer)) = before.zip(target.file()) else { return };
        if columns.is_empty() || columns != origin.columns || older.is_dir() || newer.is_dir() {
            return;
        }
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let text = format!("{} has the columns of {}, which was open before. Is it a newer release?", name(&newer), name(&older));
        let offer = Offer { label: "Compare them", action: Action::OpenAll { paths: vec![older, newer], is_release: Some(true) } };
        self.around.standing = Some(Standing { text, offer, is_warning: false });
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
        let mut commands: Vec<Command> = keys::pressed(ui.ctx())
            .into_iter()
            .filter(|shortcut| self.session.panels.dialog.is_none() || shortcut.key == Key::Escape)
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
                Command::Action(Action::OpenAll { paths, is_release }) => self.open_all(paths, beside(is_release)),
                Command::Action(Action::ShowLines(issue)) => self.around.excerpt = Some(self.lines.look(*issue, &self.notify)),
                Command::Action(Action::ReadAgain) => self.read_again(),
                Command::Action(Action::CancelLoad) => self.cancel_load(),
                Command::Action(Action::CloseStanding) => self.around.standing = None,
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

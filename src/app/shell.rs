//! The shell: session, answers, jobs and views put together, without a window. The window, the tests and exports run the same shell.

mod opening;

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{self, Ui};

use super::behind::Behind;
use super::keys;
use super::leftovers::Leftovers;
use super::lines::Lines;
use super::reading::{self, Reading};
use crate::data::Dataset;
use crate::engine::Engine;
use crate::ingest::{SavedMappings, Shelf};
use crate::jobs::engine::{EngineJob, EngineReady};
use crate::jobs::slot::Slots;
use crate::query::{Answer, Cell, Query};
use crate::session::{Action, Answers, Command, Dialog, Key, Navigate, Questions, Reread, Session, Show, Slot, command_of_key, update};
use crate::time::Span;
use crate::view::{self, Cx, FileState, Surroundings, Theme};

pub(super) use self::opening::Source;
use self::opening::{Loading, beside};

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
    typed_ahead: keys::TypedAhead,
    /// The file or folder that is open, once it is; `None` for the sample and for several files.
    pub file: Option<PathBuf>,
    lines: Lines,
    /// Where copies of files are kept; `None` to keep none.
    pub shelf: Option<Shelf>,
    /// Where mappings are saved that a person made; `None` to look for none.
    pub saved: Option<SavedMappings>,
    behind: Behind,
    /// What is open, as it is opened again.
    source: Option<Source>,
    reading: Reading,
    /// Why the open file is being read once more, until the first of it is there.
    reread: Option<Reread>,
    /// Had a text field the keyboard when the last frame ended?
    is_in_field: bool,
    /// Shall the selected record come into view as soon as its date is known?
    is_following: bool,
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
            typed_ahead: keys::TypedAhead::default(),
            file: None,
            lines: Lines::default(),
            shelf: None,
            saved: None,
            behind: Behind::default(),
            source: None,
            reading: Reading::default(),
            reread: None,
            is_in_field: false,
            is_following: false,
        }
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
            self.take_news(news);
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
        let open = self.source.as_ref().or_else(|| self.loading.as_ref().map(Loading::source));
        self.reading.follow(&mut self.session, open, &mut self.around.look, &self.notify);
    }

    /// Ends what goes on behind the window, before the program does.
    pub fn end(&mut self) {
        self.behind.finish();
    }

    fn take_dataset(&mut self, dataset: Arc<Dataset>) {
        let is_new = self.loading.as_mut().is_some_and(|loading| std::mem::replace(&mut loading.is_new, false));
        if is_new {
            self.begin_showing();
        }
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
            let schema = Arc::from(schema);
            match self.reread.take_if(|_| is_new_file) {
                Some(reread) => self.session.receive_reread(schema, reread),
                None => self.session.receive_schema(schema, is_new_file),
            }
        }
        self.slots.set_engine(Some(Arc::clone(&engine)));
        let old = self.engine.replace(engine);
        if self.loading.is_none() {
            self.around.file = FileState::Ready;
            self.leftovers.leave_file(old);
        } else {
            self.leftovers.leave(old);
        }
    }

    fn put(&mut self, slot: Slot, query: Query, generation: u64, (answer, share): (Arc<Answer>, Option<f32>)) {
        match (&slot, answer.as_ref()) {
            (Slot::Record, Answer::Record(Some(record))) => {
                let date = record.as_of.1.or(record.when.1);
                self.session.selected_span = date.map(|when| when.span);
                if std::mem::take(&mut self.is_following) {
                    update(&mut self.session, &Navigate::IntoView.into());
                }
            }
            (Slot::Minimap, Answer::Lanes(lanes)) => {
                if let Query::Lanes(own) = &query {
                    let ends = lanes.lanes.first().and_then(|lane| lane.cells.first().zip(lane.cells.last()));
                    let span = |(first, last): (&Cell, &Cell)| {
                        let (start, end) = (own.bucket.start(first.index), own.bucket.start(last.index + 1));
                        // A little air, so that no mark stands on the edge.
                        let air = (end.0 - start.0) / 40;
                        Span::new(start.plus_us(-air), end.plus_us(air))
                    };
                    self.session.hits = ends.map(|ends| (own.filter.clone(), span(ends)));
                }
            }
            (Slot::Neighbour, Answer::Row(found)) => {
                self.session.wanted_neighbour = None;
                if let Some(row) = found {
                    update(&mut self.session, &Navigate::Select(vec![*row]).into());
                    self.is_following = true;
                }
            }
            _ => {}
        }
        self.leftovers.leave(self.answers.replace(slot, query, generation, (answer, share)));
    }

    /// Draws the window and obeys what was asked for; returns the effects that are left to the caller.
    pub fn frame(&mut self, ui: &mut Ui) -> Vec<Action> {
        let mut actions = self.obey_keys(ui.ctx());
        let commands = self.draw(ui);
        self.ask_all();
        actions.extend(self.obey(ui.ctx(), commands));
        actions
    }

    /// The same, with every question answered before the frame ends: for tests and measurements without a window.
    pub fn frame_with_answers(&mut self, ui: &mut Ui) -> Vec<Action> {
        let mut actions = self.obey_keys(ui.ctx());
        let commands = self.draw(ui);
        self.answer_now();
        actions.extend(self.obey(ui.ctx(), commands));
        actions
    }

    /// Obeys what the keys say before anything is drawn: a field that a key opens has the focus in the same frame.
    fn obey_keys(&mut self, ctx: &egui::Context) -> Vec<Action> {
        // Escape has taken the keyboard from the field by now.
        let was_in_field = std::mem::take(&mut self.is_in_field);
        let commands: Vec<Command> = keys::pressed(ctx)
            .into_iter()
            .filter(|shortcut| self.session.panels.dialog.is_none() || shortcut.key == Key::Escape)
            // What was chosen in the panel is not thrown away by leaving a field of it.
            .filter(|_| self.session.panels.dialog != Some(Dialog::Reading) || !was_in_field)
            .filter_map(|shortcut| {
                // While a file is being read, typing, dialogs, the brush and the selection have the key first.
                let Session { panels, place, .. } = &self.session;
                let is_free = panels.dialog.is_none() && place.brush.is_none() && place.selection.is_empty();
                let is_to_cancel = shortcut.key == Key::Escape && self.loading.is_some() && is_free;
                if is_to_cancel && !ctx.text_edit_focused() {
                    return Some(Action::CancelLoad.into());
                }
                command_of_key(&self.session, shortcut)
            })
            .collect();
        self.obey(ctx, commands)
    }

    /// Holds back what is typed in one go behind a key that opens a field for text.
    pub fn hold_typed_ahead(&mut self, ctx: &egui::Context, events: &mut Vec<egui::Event>) {
        let session = &self.session;
        self.typed_ahead.hold(ctx, events, |shortcut| {
            let command = command_of_key(session, shortcut);
            session.panels.dialog.is_none() && matches!(command, Some(Command::Show(Show::FocusSearch | Show::Dialog(Some(_)))))
        });
    }

    fn draw(&mut self, ui: &mut Ui) -> Vec<Command> {
        let mut commands = Vec::new();
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
                Command::Action(Action::OpenAll { paths, is_release }) => self.put_together(paths, beside(is_release)),
                Command::Action(Action::ShowLines(issue)) => self.around.excerpt = Some(self.lines.look(*issue, &self.notify)),
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
                Command::Action(Action::CompareWith(path)) => self.compare_with(&path),
                Command::Action(action) => actions.push(action),
                other => update(&mut self.session, &other),
            }
        }
        self.follow_turn();
        actions
    }

    fn ask_for_neighbour(&mut self) {
        if let Some((from, is_next)) = self.session.wanted_neighbour {
            let query = Query::Neighbour { from, lane: self.session.document.lane, filter: self.session.document.filter.clone(), is_next };
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

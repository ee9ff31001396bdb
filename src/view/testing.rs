//! A panel in one loop with a session and an engine, for tests: it draws, obeys and answers, and opens no window.

use std::sync::Arc;

use eframe::egui::Ui;

use super::{Cx, Surroundings, Theme};
use crate::engine::naive::Naive;
use crate::engine::{Ask, Engine as _};
use crate::query::Answer;
use crate::session::{Answers, Command, Questions, Session, Slot, update};

/// A panel with what it stands on, and everything that it has sent.
pub(crate) struct Desk {
    pub(crate) engine: Naive,
    pub(crate) session: Session,
    pub(crate) answers: Answers,
    pub(crate) sent: Vec<Command>,
    /// The panel.
    pub(crate) draw: fn(&mut Ui, &mut Cx<'_>),
    /// Answers that no engine gives.
    pub(crate) given: Vec<(Slot, Answer)>,
}

impl Desk {
    /// Draws a frame, obeys what was sent and answers what was asked.
    pub(crate) fn frame(&mut self, ui: &mut Ui) {
        let mut questions = Questions::default();
        let mut commands = Vec::new();
        let colours = Theme::of(ui.ctx());
        let mut cx = Cx {
            session: &self.session,
            answers: &self.answers,
            around: &Surroundings::default(),
            theme: &colours,
            questions: &mut questions,
            commands: &mut commands,
        };
        (self.draw)(ui, &mut cx);
        for command in &commands {
            update(&mut self.session, command);
        }
        self.sent.extend(commands);
        let generation = self.session.generation();
        for (slot, query) in questions.take() {
            if !self.answers.is_current(&slot, &query, generation) {
                let given = self.given.iter().find(|own| own.0 == slot).map(|own| own.1.clone());
                let answer = given.unwrap_or_else(|| self.engine.answer(&query, &Ask::plainly()).unwrap());
                self.answers.put(slot, query, generation, Arc::new(answer));
                ui.ctx().request_repaint();
            }
        }
    }
}

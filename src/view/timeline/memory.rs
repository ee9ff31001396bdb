//! What the timeline keeps between frames and nobody needs to save: the picture at hand, scrolling, a drag in progress.

use std::sync::Arc;

use eframe::egui::{Id, Ui};

use super::Cx;
use super::letters::Letters;
use super::scene::Kept;
use crate::query::{LanesQuery, Query};
use crate::session::Slot;
use crate::time::Time;

/// What a drag does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Drag {
    /// Moves the window.
    Pan,
    /// Draws a box to zoom to, from this moment.
    Box(Time),
    /// Brushes, from this moment.
    Brush(Time),
    /// Moves the start or the end of the window, in the minimap.
    WindowEdge(bool),
    /// Moves the window, in the minimap.
    Window,
}

/// Kept between frames.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// The picture, and what it was laid out from.
    pub kept: Option<Arc<Kept>>,
    /// Microseconds in a point of the last frame: while they change, the picture is stretched.
    pub us_per_point: f64,
    /// How wide letters are.
    pub letters: Option<Arc<Letters>>,
    /// How far the lanes are scrolled down.
    pub scroll: f32,
    /// The drag in progress.
    pub drag: Option<Drag>,
    /// The record whose menu was asked for last; none for the menu of the plot.
    pub menu_row: Option<crate::data::Row>,
    /// Was the pointer over the plot in the last frame?
    pub was_hovered: bool,
    /// Has the answer at hand been an older one for a while?
    pub is_long_stale: bool,
}

impl Memory {
    fn id() -> Id {
        Id::unique("timeline-memory")
    }

    /// What was kept.
    pub(super) fn load(ui: &Ui) -> Self {
        ui.data_mut(|data| data.get_temp(Self::id())).unwrap_or_default()
    }

    /// Keeps it.
    pub(super) fn store(self, ui: &Ui) {
        ui.data_mut(|data| data.insert_temp(Self::id(), self));
    }

    /// Notes whether the answer at hand is the one to the question.
    pub(super) fn note_staleness(&mut self, ui: &Ui, cx: &Cx<'_>, query: &LanesQuery) {
        let is_current = cx.answers.get_with_query(&Slot::Lanes).is_some_and(|(own, _)| matches!(own, Query::Lanes(own) if own == query));
        self.is_long_stale = crate::view::stale::is_long_stale(ui, Self::id().with("stale"), is_current);
    }
}

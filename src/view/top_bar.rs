//! The top bar: file, back and forward, search, lanes, colour, undo, export.

use eframe::egui::Ui;

use super::Cx;

/// Draws it.
pub(super) fn top_bar_ui(_ui: &mut Ui, _cx: &mut Cx<'_>) {}

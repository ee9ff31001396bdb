//! What could not be taken as it stood: by kind, with line, column, value, reason and what was done.

use eframe::egui::Ui;

use super::super::Cx;

/// Draws the list.
pub(super) fn issues_ui(_ui: &mut Ui, _cx: &mut Cx<'_>) {}

//! The status bar: how many of how many, issues, window, zone.

use eframe::egui::Ui;

use super::Cx;

/// Draws it.
pub(super) fn status_bar_ui(_ui: &mut Ui, _cx: &mut Cx<'_>) {}

//! The timeline: minimap, axis, lanes.

use eframe::egui::Ui;

use super::Cx;

/// Draws it.
pub(super) fn timeline_ui(_ui: &mut Ui, _cx: &mut Cx<'_>) {}

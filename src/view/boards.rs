//! The boards: strips of charts under the timeline, on the same time axis.

use eframe::egui::Ui;

use super::Cx;

/// How high the boards want to be, of what is there.
pub(super) fn height_wanted(_cx: &Cx<'_>, _available: f32) -> f32 {
    0.0
}

/// Draws the boards.
pub(super) fn boards_ui(_ui: &mut Ui, _cx: &mut Cx<'_>) {}

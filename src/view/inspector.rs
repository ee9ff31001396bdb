//! The inspector: the selected record, its chain, carriers and related articles.

use eframe::egui::Ui;

use super::Cx;

/// Draws it.
pub(super) fn inspector_ui(_ui: &mut Ui, _cx: &mut Cx<'_>) {}

/// Draws it as a sheet over the timeline, where the window is narrow.
pub(super) fn inspector_sheet_ui(_ui: &mut Ui, _cx: &mut Cx<'_>) {}

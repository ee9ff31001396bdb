//! The table of the records in view.

use eframe::egui::Ui;

use super::Cx;

/// Draws the table, open or as its closed drawer.
pub(super) fn table_panel_ui(_ui: &mut Ui, _cx: &mut Cx<'_>) {}

//! The filter panel: lists with counts that follow the other filters, ranges, what is chosen.

use eframe::egui::Ui;

use super::Cx;

/// Draws it.
pub(super) fn facets_ui(_ui: &mut Ui, _cx: &mut Cx<'_>) {}

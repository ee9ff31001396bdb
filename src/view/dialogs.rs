//! Dialogs and the states without a file: palette, keys, issues, open, link, export, empty, loading, failed.

use eframe::egui::Ui;

use super::Cx;

/// Draws the state without a file.
pub(super) fn empty_ui(_ui: &mut Ui, _cx: &mut Cx<'_>) {}

/// Draws how far loading has come.
pub(super) fn loading_ui(_ui: &mut Ui, _cx: &mut Cx<'_>) {}

/// Draws the open dialog, if one is.
pub(super) fn dialogs_ui(_ui: &mut Ui, _cx: &mut Cx<'_>) {}

//! Files: a path, the desktop's own dialog, recent files.

use eframe::egui::{Id, Key, RichText, ScrollArea, Ui};

use super::super::rows::counted_noun;
use super::super::widgets::{link_button, menu_row, plain_button, primary_button};
use super::super::{Cx, theme::font};
use super::{first_field, forget, paths};
use crate::session::{Action, Show};

/// Draws the dialog.
pub(super) fn open_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let id = Id::unique("open_path");
    let mut path: String = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let field = first_field(ui, cx, id, &mut path, "/home/me/data/events.csv, or a folder");
    ui.data_mut(|data| data.insert_temp(id, path.clone()));
    let by_enter = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        let wants = primary_button(ui, cx.theme, "Open").clicked() || by_enter;
        if let Some(typed) = paths::typed(&path).filter(|_| wants) {
            forget(ui, id);
            cx.send(Show::Dialog(None));
            cx.send(Action::Open(typed));
        }
        for (words, browse) in [("Browse…", Action::OpenDialog), ("Browse for a folder…", Action::OpenFolderDialog)] {
            if plain_button(ui, cx.theme, words).clicked() {
                // Where the desktop has no dialog, the path is typed at once.
                field.request_focus();
                cx.send(browse);
            }
        }
        if link_button(ui, cx.theme, "Open the sample").clicked() {
            cx.send(Show::Dialog(None));
            cx.send(Action::OpenSample);
        }
    });
    ui.add_space(12.0);
    recent_ui(ui, cx);
    ui.add_space(4.0);
    let words =
        "Dateline JSON, CSV, TSV, Excel, ODS, Parquet, Arrow, SQLite, JSON, JSON lines, also as gz, zst or zip. Files are only ever read.";
    ui.label(RichText::new(words).font(font::label()).color(cx.theme.text3));
}

/// The list of recent files; those that are gone say so.
pub(super) fn recent_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    if cx.around.recent.is_empty() {
        return;
    }
    ui.label(RichText::new("Recent").font(font::semibold(11.0)).color(cx.theme.text2));
    ScrollArea::vertical().max_height(220.0).show(ui, |ui| {
        for file in cx.around.recent.clone() {
            let name = file.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let right = if file.exists { counted_noun(file.records, "record", "records") } else { "not found".to_owned() };
            let row = menu_row(ui, cx.theme, "description", &name, &right).on_hover_text(file.path.display().to_string());
            if row.clicked() && file.exists {
                cx.send(Show::Dialog(None));
                cx.send(Action::Open(file.path));
            }
        }
    });
}

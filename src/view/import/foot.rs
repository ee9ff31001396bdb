//! The foot of the import panel: saved mappings on the left; back to what was understood, leave, or read so on the right.

use std::path::PathBuf;

use eframe::egui::{Align, Id, Layout, Popup, PopupCloseBehavior, Ui};

use super::choice::field_ui;
use super::{Cx, can_read, note, read_so, wish};
use crate::ingest::{Examined, Options, SavedMapping, stem};
use crate::session::{Action, Show};
use crate::view::widgets::{link_button, plain_button, primary_button};

/// Draws the foot.
pub(super) fn foot_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: Option<&Examined>) {
    let rect = ui.max_rect();
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        ui.set_min_height(rect.height());
        let is_ready = can_read(cx);
        let read = ui.add_enabled_ui(is_ready, |ui| primary_button(ui, cx.theme, "Read it so")).inner;
        if read.on_hover_text("Enter").clicked() {
            read_so(cx);
        }
        if plain_button(ui, cx.theme, "Cancel").clicked() {
            cx.send(Show::Dialog(None));
        }
        let plain = Options { without_saved: true, ..Options::default() };
        let is_changed = cx.session.draft != Options::default() && cx.session.draft != plain;
        if ui.add_enabled_ui(is_changed, |ui| plain_button(ui, cx.theme, "As detected")).inner.clicked() {
            wish(cx, plain);
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            if let Some(seen) = seen.filter(|seen| seen.can_be_mapped()) {
                save_ui(ui, cx, seen);
            }
            if !seen.is_some_and(|seen| seen.is_fixed) {
                take_ui(ui, cx);
            }
        });
    });
}

/// The mapping as it is now, under a name.
fn saved(cx: &Cx<'_>, seen: &Examined, name: &str) -> Box<SavedMapping> {
    let mut options = seen.as_chosen(&super::draft(cx));
    options.mapping = Some(super::mapping(cx, seen));
    options.without_saved = false;
    Box::new(SavedMapping { name: name.to_owned(), options })
}

fn save_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined) {
    let button = plain_button(ui, cx.theme, "Save mapping…");
    let popup = Popup::from_toggle_button_response(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let theme = cx.theme;
    let mut command: Option<Action> = None;
    popup.show(|ui| {
        ui.set_width(300.0);
        ui.spacing_mut().item_spacing.y = 6.0;
        let id = Id::unique("import_save");
        let first = stem(&cx.around.look.name);
        let (mut name, mut path): (String, String) = ui.data(|data| data.get_temp(id)).unwrap_or((first, String::new()));
        if let Some(text) = field_ui(ui, theme, ("Name", &name, "what to call it")) {
            text.trim().clone_into(&mut name);
        }
        if primary_button(ui, theme, "Keep for files with these columns").clicked() {
            command = Some(Action::KeepMapping(saved(cx, seen, &name)));
        }
        note(ui, theme, "Such a file opens with it at once, and says so.");
        ui.separator();
        if let Some(text) = field_ui(ui, theme, ("File", &path, "a path; empty to be asked")) {
            text.trim().clone_into(&mut path);
        }
        if plain_button(ui, theme, "Write to a file").clicked() {
            let path = Some(path.clone()).filter(|path| !path.is_empty()).map(PathBuf::from);
            command = Some(Action::WriteMapping(saved(cx, seen, &name), path));
        }
        note(ui, theme, "For others, and for dateline check --mapping.");
        ui.separator();
        if link_button(ui, theme, "Forget what was kept for these columns").clicked() {
            command = Some(Action::ForgetMapping(seen.header_names()));
        }
        ui.data_mut(|data| data.insert_temp(id, (name, path)));
    });
    if let Some(command) = command {
        Popup::close_all(ui.ctx());
        cx.send(command);
    }
}

fn take_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let button = plain_button(ui, cx.theme, "Use a mapping file…");
    let popup = Popup::from_toggle_button_response(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let theme = cx.theme;
    let mut command: Option<Action> = None;
    popup.show(|ui| {
        ui.set_width(300.0);
        ui.spacing_mut().item_spacing.y = 6.0;
        if let Some(path) = field_ui(ui, theme, ("Path of the mapping file", "", "/home/me/losses.mapping.json")) {
            let path = path.trim().trim_matches(['"', '\'']).to_owned();
            command = (!path.is_empty()).then(|| Action::TakeMapping(Some(PathBuf::from(path))));
        }
        if plain_button(ui, theme, "Browse…").clicked() {
            command = Some(Action::TakeMapping(None));
        }
    });
    if let Some(command) = command {
        Popup::close_all(ui.ctx());
        cx.send(command);
    }
}

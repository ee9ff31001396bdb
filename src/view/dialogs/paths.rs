//! Dialogs that ask for one path, typed or by the desktop's own dialog: a newer release to compare with, a place for rejected rows.

use std::path::{Path, PathBuf};

use eframe::egui::{Id, Key, RichText, Ui};

use super::super::widgets::{menu_row, plain_button, primary_button};
use super::super::{Cx, theme::font};
use super::{first_field, forget};
use crate::ingest::stem;
use crate::session::{Action, Show};

/// A path as it was typed: without quotes, with `~` for the home folder.
pub(super) fn typed(text: &str) -> Option<PathBuf> {
    let typed = text.trim().trim_matches(['"', '\'']);
    let home = || std::env::var_os("HOME").map(PathBuf::from);
    let path = match typed.strip_prefix("~/") {
        _ if typed.is_empty() => return None,
        Some(rest) => home().map_or_else(|| PathBuf::from(typed), |home| home.join(rest)),
        None => PathBuf::from(typed),
    };
    Some(whole(path))
}

/// A path from the root on: it is remembered, and told to people, beyond the folder that the program happens to run in.
fn whole(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// What a dialog that asks for a path is about.
struct Asking<'a> {
    id: Id,
    /// What stands in the field when the dialog opens.
    first: String,
    hint: &'a str,
    /// What the button says.
    verb: &'a str,
    browse: Action,
}

/// Draws field and buttons; returns the path once it is given.
fn path_ui(ui: &mut Ui, cx: &mut Cx<'_>, asking: Asking<'_>) -> Option<PathBuf> {
    let Asking { id, first, hint, verb, browse } = asking;
    let mut path: String = ui.data(|data| data.get_temp(id)).unwrap_or(first);
    let field = first_field(ui, cx, id, &mut path, hint);
    ui.data_mut(|data| data.insert_temp(id, path.clone()));
    let by_enter = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    ui.add_space(8.0);
    let mut given = None;
    ui.horizontal(|ui| {
        let is_given = primary_button(ui, cx.theme, verb).clicked() || by_enter;
        given = typed(&path).filter(|_| is_given);
        if plain_button(ui, cx.theme, "Browse…").clicked() {
            // Where the desktop has no dialog, the path is typed at once.
            field.request_focus();
            cx.send(browse);
        }
        if given.is_some() {
            forget(ui, id);
            cx.send(Show::Dialog(None));
        }
    });
    given
}

/// Asks for a newer release.
pub(super) fn compare_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let asking = Asking {
        id: Id::unique("compare_path"),
        first: String::new(),
        hint: "/home/me/data/newer.csv",
        verb: "Compare",
        browse: Action::CompareDialog,
    };
    if let Some(path) = path_ui(ui, cx, asking) {
        cx.send(Action::CompareWith(path));
    }
    ui.add_space(8.0);
    let words = "The open file is the older release: what was added, changed and removed since is told, and nothing counts twice.";
    ui.label(RichText::new(words).font(font::label()).color(cx.theme.text3));
    let open = cx.session.schema.as_ref().map(|schema| schema.origin.path.clone()).unwrap_or_default();
    let others: Vec<PathBuf> =
        cx.around.recent.iter().filter(|file| file.exists && file.path != Path::new(&open)).map(|file| file.path.clone()).collect();
    if others.is_empty() {
        return;
    }
    ui.add_space(8.0);
    ui.label(RichText::new("Recent").font(font::semibold(11.0)).color(cx.theme.text2));
    for path in others {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if menu_row(ui, cx.theme, "description", &name, "").on_hover_text(path.display().to_string()).clicked() {
            cx.send(Show::Dialog(None));
            cx.send(Action::CompareWith(path));
        }
    }
}

/// Asks where the rejected rows are written to.
pub(super) fn rejected_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let origin = cx.session.schema.as_ref().map(|schema| schema.origin.clone()).unwrap_or_default();
    let name = format!("{}.rejected.csv", stem(origin.file_name()));
    let asking = Asking {
        id: Id::unique("rejected_path"),
        first: whole(Path::new(&origin.path).with_file_name(&name)).display().to_string(),
        hint: "/home/me/rejected.csv",
        verb: "Save",
        browse: Action::SaveRejected,
    };
    if let Some(path) = path_ui(ui, cx, asking) {
        cx.send(Action::SaveRejectedTo(path));
    }
    ui.add_space(4.0);
    let words = "A CSV with file, line, reason, and the row as it stands. A file that is there already is never written over.";
    ui.label(RichText::new(words).font(font::label()).color(cx.theme.text3));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_path_may_be_quoted_and_begin_at_home() {
        assert_eq!(typed("  \"/tmp/a b.csv\" "), Some(PathBuf::from("/tmp/a b.csv")));
        assert_eq!(typed(" '' "), None);
        assert_eq!(typed("b.csv"), std::env::current_dir().ok().map(|folder| folder.join("b.csv")));
        let home = std::env::var_os("HOME").map(PathBuf::from);
        assert_eq!(typed("~/a.csv"), Some(home.map_or_else(|| PathBuf::from("~/a.csv"), |home| home.join("a.csv"))));
    }
}

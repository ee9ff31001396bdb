//! The list of the files in the import panel, where there are several: which one the panel is about, and what has become of each.

use eframe::egui::{
    Align2, EventFilter, Id, Label, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::keys::Memory;
use super::{Cx, heading, note};
use crate::layout::number_text;
use crate::session::Show;
use crate::view::rows::{counted_noun, cut_text, right_text};
use crate::view::theme::font;
use crate::view::{FileFate, FileSeen, Theme, icon};

const ROW: f32 = 22.0;
/// So many files are seen at once; the others are scrolled to.
const ROWS_SEEN: usize = 7;

/// Draws the list.
pub(super) fn files_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let around = cx.around;
    let files = around.look.files.as_slice();
    if files.is_empty() {
        return;
    }
    heading(ui, cx.theme, &heading_words(files));
    let wanted = cx.session.draft_file.as_ref().or(around.look.file.as_ref());
    let at = files.iter().position(|file| Some(&file.name) == wanted);
    let size = vec2(ui.available_width(), ROW * files.len().min(ROWS_SEEN) as f32);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let id = Id::unique("import_files");
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, "Files"));
    ui.painter().rect_filled(rect, 3.0, cx.theme.field);
    let moved = if response.has_focus() { move_by_keys(ui, id, at, files.len()) } else { None };
    let mut chosen = moved;
    let mut child = super::child(ui, rect);
    child.spacing_mut().item_spacing.y = 0.0;
    let mut area = ScrollArea::vertical().id_salt("import_files").auto_shrink([false, false]);
    if let Some(at) = moved.or_else(|| at.filter(|_| is_new(&child, id, wanted))) {
        let middle = (at as f32 + 0.5) * ROW - rect.height() / 2.0;
        area = area.vertical_scroll_offset(middle.clamp(0.0, ROW * files.len() as f32 - rect.height()));
    }
    area.show_rows(&mut child, ROW, files.len(), |ui, range| {
        for place in range {
            if file_ui(ui, cx.theme, &files[place], at == Some(place)) {
                chosen = Some(place);
            }
        }
    });
    if response.has_focus() {
        ui.painter().rect_stroke(rect.expand(1.0), 3.0, Stroke::new(1.0, cx.theme.accent), StrokeKind::Outside);
    }
    if let Some(place) = chosen {
        ui.memory_mut(|memory| memory.request_focus(id));
        cx.send(Show::ReadingFile(Some(files[place].name.clone())));
    }
    match around.look.alike().count() as u64 {
        0 => {}
        count => {
            let others = counted_noun(count, "other file", "other files");
            note(ui, cx.theme, &format!("What columns mean is chosen for the {others} with the same columns too."));
        }
    }
    ui.add_space(12.0);
}

/// How many there are, and how many of them are not in the dataset.
fn heading_words(files: &[FileSeen]) -> String {
    let out = files.iter().filter(|file| matches!(file.fate, FileFate::NotRead(_) | FileFate::PassedOver(_))).count();
    let all = counted_noun(files.len() as u64, "file", "files");
    if out > 0 { format!("{all}, {} left out", number_text(out as f64)) } else { all }
}

/// Is the panel about another file than in the last frame? Then that comes into sight.
fn is_new(ui: &Ui, id: Id, wanted: Option<&String>) -> bool {
    let id = id.with("seen");
    let before: Option<String> = ui.data(|data| data.get_temp(id));
    let now = wanted.cloned().unwrap_or_default();
    let is_new = before.as_ref() != Some(&now);
    ui.data_mut(|data| data.insert_temp(id, now));
    is_new
}

fn move_by_keys(ui: &Ui, id: Id, at: Option<usize>, count: usize) -> Option<usize> {
    let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    let mut memory = Memory::on(at);
    memory.move_by_arrows(ui, count).then_some(memory.at).flatten()
}

/// Draws a file; says whether it was clicked.
fn file_ui(ui: &mut Ui, theme: &Theme, file: &FileSeen, is_shown: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::CLICK);
    if is_shown {
        ui.painter().rect_filled(rect, 3.0, theme.selection);
    } else if response.contains_pointer() {
        ui.painter().rect_filled(rect, 3.0, theme.hover);
    }
    let y = rect.center().y;
    let (sign, colour, words) = face(theme, file);
    if !sign.is_empty() {
        ui.painter().text(pos2(rect.left() + 11.0, y), Align2::CENTER_CENTER, icon(sign), font::icon(14.0), colour);
    }
    let right = match file.fate {
        FileFate::Read => number_text(file.rows as f64),
        _ => String::new(),
    };
    let edge = right_text(ui, rect.right() - 8.0, y, &right, (font::label(), theme.text3));
    let left = rect.left() + 22.0;
    let ink = if matches!(file.fate, FileFate::Read | FileFate::Unknown) { theme.text1 } else { theme.text3 };
    name_ui(ui, Rect::from_min_max(pos2(left, rect.top()), pos2(edge - 8.0, rect.bottom())), &file.name, ink);
    let spoken = format!("{}, {words}", file.name);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_shown, &spoken));
    let response = response.on_hover_ui_at_pointer(|ui| {
        ui.set_max_width(420.0);
        let text = RichText::new(format!("{}\n{words}", file.name)).font(font::body()).color(theme.text1);
        ui.add(Label::new(text).wrap());
    });
    response.clicked()
}

/// The name; of one that is too long, the end tells more than the beginning.
fn name_ui(ui: &Ui, rect: Rect, name: &str, ink: eframe::egui::Color32) {
    let last = name.rsplit('/').next().unwrap_or(name);
    let is_wide = crate::view::rows::text_width(ui, name, font::body()) > rect.width();
    let shown = if is_wide && last != name { format!("…/{last}") } else { name.to_owned() };
    cut_text(ui, rect.left(), rect.center().y, &shown, (font::body(), ink), rect.width());
}

/// How a file looks: icon, colour, words.
fn face(theme: &Theme, file: &FileSeen) -> (&'static str, eframe::egui::Color32, String) {
    let format = file.format.to_uppercase();
    match &file.fate {
        FileFate::Read => ("check", theme.ok, format!("{format}, {}", counted_noun(file.rows, "row", "rows"))),
        FileFate::NotRead(why) => ("error", theme.error, format!("left out: {why}")),
        FileFate::PassedOver(why) => ("visibility_off", theme.text3, format!("passed over: {why}")),
        FileFate::Unknown => ("", theme.text3, "not read".to_owned()),
    }
}

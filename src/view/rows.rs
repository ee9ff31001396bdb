//! Pieces that the side panels, the table and the issues are made of: text that is cut to its place, rows, heads, small marks.
//! It knows no answers.

use eframe::egui::{
    Align2, Color32, CursorIcon, FontId, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo, pos2, vec2,
};

use super::icon;
use super::theme::{Theme, font};
use super::widgets::elided;
use crate::layout::{number_text, one_line};

/// A count with its noun: `1 record`, `5 records`.
pub fn counted_noun(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number_text(count as f64), if count == 1 { one } else { many })
}

/// What the places of a file of this format are counted by: lines of text, rows of anything else; lines where the format is not known.
pub(super) fn line_noun(format: &str) -> &'static str {
    if format.is_empty() || is_text(format) { "Line" } else { "Row" }
}

/// Is a format text, which has lines and an encoding?
pub(super) fn is_text(format: &str) -> bool {
    matches!(format, "csv" | "tsv" | "json" | "jsonl" | "geojson" | "xml")
}

/// With a large letter first.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A message as a sentence: a large letter first, a stop at the end.
pub fn sentence(text: &str) -> String {
    let mut chars = text.trim().chars();
    let Some(first) = chars.next() else { return String::new() };
    let stop = if text.trim_end().ends_with(['.', '!', '?', '”']) { "" } else { "." };
    format!("{}{}{stop}", first.to_uppercase(), chars.as_str())
}

/// What was painted of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Painted {
    /// Where it ends.
    pub(super) right: f32,
    /// Was some of it left out?
    pub(super) is_cut: bool,
}

/// Paints text on one line, cut to a width, its left edge at `left` and its middle at `middle_y`.
pub(super) fn cut_text(ui: &Ui, left: f32, middle_y: f32, text: &str, face: (FontId, Color32), width: f32) -> Painted {
    if width < 10.0 || text.is_empty() {
        return Painted { right: left, is_cut: !text.is_empty() };
    }
    let galley = elided(ui, text, face.0, face.1, width);
    let painted = Painted { right: left + galley.size().x, is_cut: galley.elided };
    ui.painter().galley(pos2(left, middle_y - galley.size().y / 2.0), galley, face.1);
    painted
}

/// Paints text on one line that ends at `right`; returns where it starts.
pub(super) fn right_text(ui: &Ui, right: f32, middle_y: f32, text: &str, face: (FontId, Color32)) -> f32 {
    let galley = ui.painter().layout_no_wrap(one_line(text).into_owned(), face.0, face.1);
    let left = right - galley.size().x;
    ui.painter().galley(pos2(left, middle_y - galley.size().y / 2.0), galley, face.1);
    left
}

/// How wide a text is on one line.
pub(super) fn text_width(ui: &Ui, text: &str, font_id: FontId) -> f32 {
    ui.painter().layout_no_wrap(one_line(text).into_owned(), font_id, Color32::PLACEHOLDER).size().x
}

/// A row over the whole width that can be clicked: its place, what happened to it, its ground painted.
pub(super) fn click_row(ui: &mut Ui, theme: &Theme, height: f32, is_selected: bool, info: &WidgetInfo) -> (Rect, Response) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    paint_ground(ui, theme, &response, rect, is_selected);
    response.widget_info(|| info.clone());
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    (rect, response.on_hover_cursor(CursorIcon::PointingHand))
}

/// The ground of a row: selected, under the pointer, or on the keyboard.
fn paint_ground(ui: &Ui, theme: &Theme, response: &Response, rect: Rect, is_selected: bool) {
    if is_selected {
        ui.painter().rect_filled(rect, 0.0, theme.selection);
    } else if response.contains_pointer() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    inner_ring(ui, theme, response, rect);
}

/// The ring of the keyboard inside a row, where no room is around it.
pub(super) fn inner_ring(ui: &Ui, theme: &Theme, response: &Response, rect: Rect) {
    if response.has_focus() {
        ui.painter().rect_stroke(rect.shrink(1.0), 3.0, Stroke::new(2.0, theme.accent), StrokeKind::Inside);
    }
}

/// A small icon that can be clicked, at a place of its own inside a row.
pub(super) fn icon_spot(ui: &Ui, theme: &Theme, at: eframe::egui::Pos2, id: Id, glyph: &str, tip: &str) -> Response {
    let rect = Rect::from_center_size(at, vec2(20.0, 20.0));
    let response = ui.interact(rect, id, Sense::click());
    if response.hovered() {
        ui.painter().rect_filled(rect, 3.0, theme.selection);
    }
    inner_ring(ui, theme, &response, rect);
    let colour = if response.hovered() { theme.accent } else { theme.text3 };
    ui.painter().text(at, Align2::CENTER_CENTER, icon(glyph), font::icon(14.0), colour);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, tip));
    response.on_hover_text(tip).on_hover_cursor(CursorIcon::PointingHand)
}

/// A thin line over the whole width.
pub(super) fn divider(ui: &mut Ui, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(1.0, theme.line));
}

/// A text field that gives its text when the editing ends, and shows `shown` while nobody edits it.
pub(super) struct Entry<'a> {
    /// Its own id.
    pub(super) id: Id,
    /// What it says when nobody edits it.
    pub(super) shown: &'a str,
    /// What could be typed.
    pub(super) hint: &'a str,
    /// Its accessible name.
    pub(super) name: &'a str,
}

/// Draws an entry; returns the text that was entered, once.
pub(super) fn entry_ui(ui: &mut Ui, theme: &Theme, rect: Rect, entry: &Entry<'_>) -> Option<String> {
    let kept: Option<String> = ui.data(|data| data.get_temp(entry.id));
    let mut text = kept.clone().unwrap_or_else(|| entry.shown.to_owned());
    let edit = TextEdit::singleline(&mut text)
        .id(entry.id)
        .font(font::label())
        .hint_text(eframe::egui::RichText::new(entry.hint).font(font::label()).color(theme.text3))
        .margin(vec2(6.0, 2.0))
        .min_size(rect.size())
        .desired_width(rect.width())
        .align(Align2::LEFT_CENTER);
    let response = ui.put(rect, edit);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::TextInput, true, entry.name);
        info.current_text_value = Some(text.clone());
        info
    });
    if response.changed() {
        ui.data_mut(|data| data.insert_temp(entry.id, text.clone()));
    }
    if !response.lost_focus() {
        return None;
    }
    ui.data_mut(|data| data.remove_temp::<String>(entry.id));
    let is_left = ui.input(|input| input.key_pressed(eframe::egui::Key::Escape));
    (kept.is_some() && !is_left && text != entry.shown).then_some(text)
}

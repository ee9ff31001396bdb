//! The timeline of a file in which no record has a date: there is no axis to invent. It says so, and where the dates can be chosen.

use eframe::egui::{Align, Layout, Rect, RichText, Ui, UiBuilder, pos2, vec2};

use super::super::rows::counted_noun;
use super::super::theme::font;
use super::super::widgets::{plain_button, primary_button};
use super::super::{Cx, icon};
use crate::session::Show;

/// The height of the words and the buttons.
const HEIGHT: f32 = 132.0;

/// Where records without a date are to be found.
pub(super) fn in_the_table(count: u64) -> String {
    format!("{} {} in the table.", counted_noun(count, "record", "records"), if count == 1 { "is" } else { "are" })
}

/// Draws it.
pub(super) fn undated_ui(ui: &mut Ui, cx: &mut Cx<'_>, area: Rect) {
    let Some(schema) = cx.session.schema.clone() else { return };
    ui.painter().rect_filled(area, 0.0, cx.theme.panel);
    let top = (area.center().y - HEIGHT / 2.0).max(area.top());
    let place = Rect::from_min_max(pos2(area.left() + 16.0, top), pos2(area.right() - 16.0, area.bottom()));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(place).layout(Layout::top_down(Align::Center)));
    let head = if schema.is_complete { "No record has a date" } else { "No record that was read so far has a date" };
    ui.label(RichText::new(icon("calendar_month")).font(font::icon(28.0)).color(cx.theme.text3));
    ui.label(RichText::new(head).font(font::semibold(15.0)).color(cx.theme.text1));
    ui.label(RichText::new(in_the_table(schema.records)).font(font::body()).color(cx.theme.text2));
    if cx.around.is_picture || !schema.is_complete {
        return;
    }
    let has_columns = !schema.origin.columns.is_empty() || !schema.origin.files.is_empty();
    ui.add_space(8.0);
    // A row of its own width, so that it stands in the middle.
    ui.allocate_ui_with_layout(vec2(if has_columns { 236.0 } else { 104.0 }, 28.0), Layout::left_to_right(Align::Center), |ui| {
        if has_columns && primary_button(ui, cx.theme, "Choose the dates…").on_hover_text("How the file is read (Ctrl I)").clicked() {
            cx.send(Show::Reading(Box::new(cx.session.read_with.clone())));
        }
        let has_table = cx.session.panels.has_table;
        if !has_table && plain_button(ui, cx.theme, "Show the table").on_hover_text("Ctrl T").clicked() {
            cx.send(Show::Table(true));
        }
    });
}

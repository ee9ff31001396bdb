//! The table of the records in view: a closed drawer, or a panel over the whole width. Only the rows that are seen exist.

mod cells;
mod copy;
mod grid;
mod header;
mod memory;

use eframe::egui::{
    Align, Align2, CursorIcon, Frame, Id, Layout, Panel, Rect, Role, Sense, Stroke, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use super::rows::{counted_noun, cut_text, inner_ring, right_text};
use super::theme::font;
use super::widgets::{icon_button, link_button};
use super::{Cx, icon};
use crate::layout::number_text;
use crate::query::{Answer, Query};
use crate::session::{Dialog, Show, Slot};
use memory::Memory;

/// The height of the closed drawer, and of the open table's head.
const HEAD: f32 = 28.0;
const HEIGHT: f32 = 240.0;
const PAD: f32 = 12.0;

/// Draws the table, open or as its closed drawer.
pub(super) fn table_panel_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let frame = Frame::NONE.fill(cx.theme.panel);
    if !cx.session.panels.has_table {
        Panel::bottom("table_drawer").exact_size(HEAD).frame(frame).show_separator_line(true).show(ui, |ui| drawer_ui(ui, cx));
        return;
    }
    let room = (ui.available_height() - 120.0).max(140.0);
    let panel = Panel::bottom("table").resizable(true).default_size(HEIGHT.min(room)).size_range(120.0..=room).frame(frame);
    panel.show(ui, |ui| open_ui(ui, cx));
}

/// Does the table list all records? Where none has a date, none is in view, and all are listed.
fn shows_all(cx: &Cx<'_>, memory: &Memory) -> bool {
    memory.is_all || has_no_date(cx)
}

fn has_no_date(cx: &Cx<'_>) -> bool {
    cx.session.schema.as_ref().is_some_and(|schema| schema.extent.is_none())
}

/// Where those records are that match and have no date: they are never in view.
fn undated_words(cx: &Cx<'_>) -> String {
    match cx.answers.get(&Slot::Count) {
        Some(Answer::Count(count)) if count.undated > 0 => format!(" · {} undated, under All", number_text(count.undated as f64)),
        _ => String::new(),
    }
}

/// Are the rows at hand in another order than the one that was asked for?
fn is_sorting(cx: &Cx<'_>) -> bool {
    match cx.answers.get_with_query(&Slot::Rows) {
        Some((Query::Rows(query), _)) => query.sort != cx.session.document.table_sort,
        _ => false,
    }
}

/// In which order the table is.
fn order_words(cx: &Cx<'_>) -> String {
    let schema = cx.session.schema.as_ref();
    let sort = cx.session.document.table_sort;
    if cx.session.panels.has_table && is_sorting(cx) {
        let label = sort.and_then(|(field, _)| schema?.info(field)).map(|info| info.label.to_lowercase());
        return label.map_or_else(|| "sorting…".to_owned(), |label| format!("sorting by {label}…"));
    }
    let info = sort.and_then(|(field, _)| schema.and_then(|schema| schema.info(field))).filter(|info| info.present > 0);
    let Some(((_, is_descending), info)) = sort.zip(info) else { return "in the order of the file".to_owned() };
    let label = info.label.to_lowercase();
    let label = if label == "as of" { "as-of date".to_owned() } else { label };
    if is_descending { format!("sorted by {label}, last first") } else { format!("sorted by {label}") }
}

/// The closed table: one line that opens it.
fn drawer_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let query = Query::Count { filter: cx.session.document.filter.clone(), window: Some(cx.session.place.window) };
    let count = match cx.ask(Slot::Count, query) {
        Some(Answer::Count(count)) => Some(*count),
        _ => None,
    };
    let rect = ui.max_rect();
    let response = ui.allocate_rect(rect, Sense::click());
    if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, cx.theme.hover);
    }
    inner_ring(ui, cx.theme, &response, rect);
    let y = rect.center().y;
    ui.painter().text(pos2(rect.left() + 18.0, y), Align2::CENTER_CENTER, icon("table_rows"), font::icon(16.0), cx.theme.text2);
    let records = match count {
        Some(count) if has_no_date(cx) => format!("{}, none with a date · ", counted_noun(count.matching, "record", "records")),
        Some(count) => format!("{} in view{} · ", counted_noun(count.inside, "record", "records"), undated_words(cx)),
        None => String::new(),
    };
    let head = cut_text(ui, rect.left() + 34.0, y, "Table", (font::semibold(12.0), cx.theme.text1), 80.0);
    let at = pos2(rect.right() - 18.0, y);
    ui.painter().text(at, Align2::CENTER_CENTER, icon("expand_less"), font::icon(16.0), cx.theme.text2);
    let right = right_text(ui, rect.right() - 34.0, y, "Ctrl T", (font::label(), cx.theme.text3));
    let words = format!("{records}{}", order_words(cx));
    cut_text(ui, head.right + 12.0, y, &words, (font::body(), cx.theme.text2), right - head.right - 24.0);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Open the table"));
    if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
        cx.send(Show::Table(true));
    }
}

/// The open table: head and grid.
fn open_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let rect = ui.max_rect();
    ui.allocate_rect(rect, Sense::hover());
    let id = Id::unique("table_memory");
    let mut memory: Memory = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let head = Rect::from_min_size(rect.min, vec2(rect.width(), HEAD));
    let mut child = ui.new_child(UiBuilder::new().max_rect(head));
    head_ui(&mut child, cx, head, &mut memory);
    let body = Rect::from_min_max(head.left_bottom(), rect.max);
    let mut child = ui.new_child(UiBuilder::new().max_rect(body));
    child.set_clip_rect(body.intersect(ui.clip_rect()));
    child.spacing_mut().item_spacing = Vec2::ZERO;
    grid::grid_ui(&mut child, cx, body, &mut memory);
    copy::copy_ui(ui, cx, &mut memory);
    ui.data_mut(|data| data.insert_temp(id, memory));
}

fn head_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect, memory: &mut Memory) {
    let y = rect.center().y;
    ui.painter().rect_filled(rect, 0.0, cx.theme.band);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, cx.theme.line));
    let inner = Rect::from_min_max(pos2(rect.left() + PAD, rect.top()), pos2(rect.right() - 6.0, rect.bottom() - 1.0));
    let mut right = ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)));
    right.spacing_mut().item_spacing.x = 12.0;
    if icon_button(&mut right, cx.theme, "expand_more", "Close the table (Ctrl T)", true).clicked() {
        cx.send(Show::Table(false));
    }
    if link_button(&mut right, cx.theme, "Columns…").clicked() {
        cx.send(Show::Dialog(Some(Dialog::Columns)));
    }
    let selected = cx.session.place.selection.len();
    if selected > 0 {
        let words = if selected == 1 { "Copy row".to_owned() } else { format!("Copy {selected} rows") };
        let tip = "Copies the selected rows for a spreadsheet (Ctrl C)";
        if link_button(&mut right, cx.theme, &words).on_hover_text(tip).clicked() {
            memory.wants_copy = true;
        }
    }
    segments_ui(&mut right, cx, memory);
    let limit = right.min_rect().left() - 12.0;
    ui.painter().text(pos2(rect.left() + 18.0, y), Align2::CENTER_CENTER, icon("table_rows"), font::icon(16.0), cx.theme.text2);
    let head = cut_text(ui, rect.left() + 34.0, y, "Table", (font::semibold(12.0), cx.theme.text1), 80.0);
    let total = match cx.answers.get(&Slot::Rows) {
        Some(Answer::Rows(answer)) => {
            let records = counted_noun(answer.total, "record", "records");
            match (shows_all(cx, memory), cx.session.place.brush) {
                (true, _) => format!("{records} · "),
                (false, None) => format!("{records} in view{} · ", undated_words(cx)),
                (false, Some(_)) => format!("{records} in the brush · "),
            }
        }
        _ => String::new(),
    };
    let words = format!("{total}{}", order_words(cx));
    cut_text(ui, head.right + 12.0, y, &words, (font::body(), cx.theme.text2), limit - head.right - 12.0);
}

/// Records of the window that is shown (of the brush, where there is one), or all of them.
fn segments_ui(ui: &mut Ui, cx: &Cx<'_>, memory: &mut Memory) {
    let words = [if cx.session.place.brush.is_some() { "In brush" } else { "In view" }, "All"];
    let widths: Vec<f32> = words.iter().map(|word| super::rows::text_width(ui, word, font::label()) + 16.0).collect();
    let (rect, _) = ui.allocate_exact_size(vec2(widths.iter().sum(), 20.0), Sense::hover());
    let mut left = rect.left();
    for (place, word) in words.into_iter().enumerate() {
        let spot = Rect::from_min_size(pos2(left, rect.top()), vec2(widths[place], rect.height()));
        left += widths[place];
        let is_on = shows_all(cx, memory) == (place == 1);
        let response = ui.interact(spot, Id::unique(("table_segment", place)), Sense::click());
        let fill = match (is_on, response.hovered()) {
            (true, _) => cx.theme.selection,
            (false, true) => cx.theme.hover,
            (false, false) => cx.theme.panel,
        };
        ui.painter().rect_filled(spot, 0.0, fill);
        let ink = if is_on { cx.theme.text1 } else { cx.theme.text2 };
        ui.painter().text(spot.center(), Align2::CENTER_CENTER, word, font::label(), ink);
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_on, format!("Table: {}", word.to_lowercase())));
        inner_ring(ui, cx.theme, &response, spot);
        if response.on_hover_cursor(CursorIcon::PointingHand).clicked() {
            *memory = Memory { is_all: place == 1, top: 0, ..memory.clone() };
        }
    }
    ui.painter().rect_stroke(rect, 3.0, Stroke::new(1.0, cx.theme.line2), eframe::egui::StrokeKind::Outside);
}

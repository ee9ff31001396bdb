//! The rows of the table that are seen: selection, keyboard, wheel and scroll bars.

use std::collections::BTreeMap;

use eframe::egui::{Event, EventFilter, Id, Key, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::cells::{AIR, Column, cell_text, columns};
use super::header::header_ui;
use super::memory::{Memory, ROW, page, thumb, top_of_thumb};
use crate::data::{Field, FieldInfo, Row};
use crate::query::{Answer, FacetQuery, Filter, Query, RowsAnswer, RowsQuery, TableRow};
use crate::session::{Navigate, Slot};
use crate::view::Cx;
use crate::view::rows::{cut_text, right_text, text_width};
use crate::view::theme::font;

const HEADER: f32 = 24.0;
const BAR: f32 = 10.0;
/// Values beyond the palette all have one colour.
const COLOURS_ASKED: u32 = 20;

/// What is drawn of the table in this frame.
struct Scene<'a> {
    columns: Vec<Column<'a>>,
    body: Rect,
    /// How many whole rows are seen.
    visible: u64,
    /// The page at hand.
    page: Option<&'a RowsAnswer>,
    total: u64,
}

impl<'a> Scene<'a> {
    fn row(&self, index: u64) -> Option<&'a TableRow> {
        let page = self.page?;
        page.rows.get(index.checked_sub(page.offset)? as usize)
    }

    fn index_of(&self, row: Row) -> Option<u64> {
        let page = self.page?;
        page.rows.iter().position(|own| own.row == row).map(|place| page.offset + place as u64)
    }
}

/// Draws head, rows and scroll bars, and asks for the page that is seen.
pub(super) fn grid_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect, memory: &mut Memory) {
    let Some(schema) = cx.session.schema.clone() else { return };
    let infos: Vec<&FieldInfo> = cx.session.document.columns.iter().filter_map(|field| schema.info(*field)).collect();
    let body_top = rect.top() + HEADER;
    let visible = ((rect.bottom() - body_top) / ROW).floor().max(1.0) as u64;
    ask(ui, cx, memory, visible);
    let (fields, page) = match cx.answers.get_with_query(&Slot::Rows) {
        Some((Query::Rows(query), Answer::Rows(answer))) => (Some(query.fields.as_slice()), Some(answer)),
        _ => (None, None),
    };
    let total = page.map_or(0, |page| page.total);
    let room = rect.width() - BAR;
    let answered = fields.zip(page.map(|page| page.rows.as_slice()));
    let columns = columns(ui, &infos, answered, memory, (room, cx.session.document.zone));
    let wide = columns.last().map_or(0.0, |column| column.left + column.width);
    let has_sideways = wide > room + 0.5;
    memory.left = memory.left.clamp(0.0, (wide - room).max(0.0));
    let bottom = if has_sideways { rect.bottom() - BAR } else { rect.bottom() };
    let body = Rect::from_min_max(pos2(rect.left(), body_top), pos2(rect.right() - BAR, bottom));
    let visible = (body.height() / ROW).floor().max(1.0) as u64;
    memory.clamp(total, visible);
    let scene = Scene { columns, body, visible, page, total };
    body_ui(ui, cx, &scene, memory);
    let head = Rect::from_min_size(rect.min, vec2(body.width(), HEADER));
    let mut child = ui.new_child(UiBuilder::new().max_rect(head));
    child.set_clip_rect(head.intersect(ui.clip_rect()));
    header_ui(&child, cx, head, &scene.columns, memory);
    let track = Rect::from_min_max(pos2(body.right(), body.top()), pos2(rect.right(), body.bottom()));
    upright_bar(ui, cx, track, &scene, memory);
    if has_sideways {
        let track = Rect::from_min_max(pos2(body.left(), body.bottom()), pos2(body.right(), rect.bottom()));
        sideways_bar(ui, cx, track, wide, memory);
    }
}

fn ask(ui: &Ui, cx: &mut Cx<'_>, memory: &mut Memory, visible: u64) {
    let document = &cx.session.document;
    let shown = cx.session.place.window;
    let (window, wait_secs) = match cx.session.place.brush {
        // A brush is about its records: they follow it at once.
        Some(brush) => (brush, None),
        None if cx.around.is_still => (shown, None),
        None => memory.follow(shown, ui.input(|input| input.time)),
    };
    if let Some(secs) = wait_secs {
        ui.ctx().request_repaint_after_secs(secs as f32);
    }
    let (offset, limit) = page(memory.top, visible);
    let query = RowsQuery {
        filter: document.filter.clone(),
        window: (!super::shows_all(cx, memory)).then_some(window),
        sort: document.table_sort,
        offset,
        limit,
        fields: document.columns.clone(),
    };
    let colour = document.colour.filter(|field| document.columns.contains(field));
    cx.ask(Slot::Rows, Query::Rows(query));
    if let Some(field) = colour {
        let query = FacetQuery { field, filter: Filter::All, search: String::new(), limit: COLOURS_ASKED };
        cx.ask(Slot::Legend, Query::Facet(query));
    }
}

/// The colour ranks of the values that have a colour of their own.
fn ranks<'a>(cx: &Cx<'a>) -> (Option<Field>, BTreeMap<&'a str, u32>) {
    match cx.answers.get_with_query(&Slot::Legend) {
        Some((Query::Facet(query), Answer::Facet(answer))) if Some(query.field) == cx.session.document.colour => {
            (Some(query.field), answer.values.iter().map(|value| (value.value.as_str(), value.rank)).collect())
        }
        _ => (None, BTreeMap::new()),
    }
}

fn body_ui(ui: &mut Ui, cx: &mut Cx<'_>, scene: &Scene<'_>, memory: &mut Memory) {
    let id = Id::unique("table_body");
    let response = ui.interact(scene.body, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Table, true, "Table of records"));
    let mut child = ui.new_child(UiBuilder::new().max_rect(scene.body));
    child.set_clip_rect(scene.body.intersect(ui.clip_rect()));
    if scene.page.is_some() && scene.total == 0 {
        let at = pos2(scene.body.center().x, scene.body.top() + 40.0);
        let words = match (memory.is_all, cx.session.place.brush) {
            (true, _) => "No record passes the filter.",
            (false, None) => "No record in view.",
            (false, Some(_)) => "No record touches the brush.",
        };
        child.painter().text(at, eframe::egui::Align2::CENTER_CENTER, words, font::body(), cx.theme.text3);
    }
    if ui.rect_contains_pointer(scene.body) {
        let delta = ui.input(eframe::egui::InputState::smooth_scroll_delta);
        memory.wheel(-delta.y);
        memory.left -= delta.x;
    }
    keys(ui, cx, scene, &response, memory);
    follow_selection(cx, scene, memory);
    let ranks = ranks(cx);
    let mut hovered = None;
    let seen = (scene.body.height() / ROW).ceil() as u64;
    for index in memory.top..(memory.top + seen).min(scene.total) {
        let top = scene.body.top() + (index - memory.top) as f32 * ROW;
        let rect = Rect::from_min_size(pos2(scene.body.left(), top), vec2(scene.body.width(), ROW));
        let under = row_ui(&child, cx, scene, (index, rect), &ranks, memory);
        hovered = hovered.or(under);
    }
    hover(cx, hovered, memory);
    if response.has_focus() && memory.is_by_keys {
        ui.painter().rect_stroke(scene.body.shrink(1.0), 2.0, Stroke::new(2.0, cx.theme.accent), StrokeKind::Inside);
    }
}

/// Tells everybody which record is under the pointer.
fn hover(cx: &mut Cx<'_>, hovered: Option<Row>, memory: &mut Memory) {
    if hovered.is_some() && cx.session.hover_row != hovered {
        cx.send(Navigate::HoverRow(hovered));
    } else if hovered.is_none() && memory.is_hovering {
        cx.send(Navigate::HoverRow(None));
    }
    memory.is_hovering = hovered.is_some();
}

/// Arrows, pages, Home and End move while the table has the keyboard; Ctrl+C copies.
fn keys(ui: &Ui, cx: &mut Cx<'_>, scene: &Scene<'_>, response: &Response, memory: &mut Memory) {
    if response.gained_focus() {
        memory.is_by_keys = !ui.input(|input| input.pointer.any_down() || input.pointer.any_released());
    }
    if response.has_focus() {
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|own| own.set_focus_lock_filter(response.id, filter));
        let screen = scene.visible.max(2) as i64 - 1;
        let all = i64::try_from(scene.total).unwrap_or(i64::MAX);
        let steps =
            [(Key::ArrowUp, -1), (Key::ArrowDown, 1), (Key::PageUp, -screen), (Key::PageDown, screen), (Key::Home, -all), (Key::End, all)];
        for (key, rows) in steps {
            if ui.input(|input| input.key_pressed(key)) && scene.total > 0 {
                memory.step(rows, scene.total, scene.visible);
                memory.is_by_keys = true;
            }
        }
        if ui.input(|input| input.events.iter().any(|event| matches!(event, Event::Copy))) {
            memory.wants_copy = true;
        }
    }
    if memory.is_pending
        && let Some(row) = scene.row(memory.cursor)
    {
        memory.is_pending = false;
        memory.seen = Some(row.row);
        cx.send(Navigate::Select(vec![row.row]));
    }
}

/// A record that was selected elsewhere comes in sight, where its page is at hand.
fn follow_selection(cx: &Cx<'_>, scene: &Scene<'_>, memory: &mut Memory) {
    let first = cx.session.place.selection.first().copied();
    if first == memory.seen {
        return;
    }
    memory.seen = first;
    if let Some(index) = first.and_then(|row| scene.index_of(row)) {
        memory.cursor = index;
        memory.reveal(index, scene.visible);
    }
}

/// Draws a row; gives its record while the pointer is on it.
fn row_ui(
    ui: &Ui,
    cx: &mut Cx<'_>,
    scene: &Scene<'_>,
    (index, rect): (u64, Rect),
    ranks: &(Option<Field>, BTreeMap<&str, u32>),
    memory: &mut Memory,
) -> Option<Row> {
    let painter = ui.painter();
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, cx.theme.grid));
    let Some(row) = scene.row(index) else {
        painter.rect_filled(Rect::from_min_size(rect.min + vec2(8.0, 8.0), vec2(rect.width().min(360.0), 6.0)), 2.0, cx.theme.grid);
        return None;
    };
    let response = ui.interact(rect, Id::unique(("table_row", index)), Sense::CLICK);
    let is_selected = cx.session.place.selection.contains(&row.row);
    let is_hovered = response.contains_pointer() || cx.session.hover_row == Some(row.row);
    let ground = Rect::from_min_max(rect.min, pos2(rect.right(), rect.bottom() - 1.0));
    if is_selected {
        ui.painter().rect_filled(ground, 0.0, cx.theme.selection);
    } else if is_hovered {
        ui.painter().rect_filled(ground, 0.0, cx.theme.hover);
    }
    if cx.session.place.selection.first() == Some(&row.row) {
        ui.painter().rect_filled(Rect::from_min_size(ground.min, vec2(2.0, ground.height())), 0.0, cx.theme.accent);
    }
    for column in &scene.columns {
        let left = rect.left() + column.left - memory.left;
        let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(column.width, rect.height()));
        let raw = column.place.and_then(|place| row.cells.get(place)).and_then(Option::as_deref);
        if let Some(raw) = raw.filter(|_| cell.intersects(rect)) {
            cell_ui(ui, cx, cell, column, raw, ranks);
        }
    }
    let title =
        scene.columns.iter().find(|column| column.info.field == Field::TITLE).and_then(|column| row.cells.get(column.place?)?.as_deref());
    let spoken = format!("{} {}", row.id, title.unwrap_or_default());
    response.widget_info(|| WidgetInfo::selected(Role::Row, true, is_selected, spoken.trim()));
    if response.clicked() {
        click(ui, cx, scene, (index, row.row), memory);
    }
    if response.double_clicked() {
        cx.send(Navigate::Focus);
    }
    response.contains_pointer().then_some(row.row)
}

fn cell_ui(ui: &Ui, cx: &Cx<'_>, cell: Rect, column: &Column<'_>, raw: &str, ranks: &(Option<Field>, BTreeMap<&str, u32>)) {
    let text = cell_text(column.info, raw, cx.session.document.zone);
    let ink = if matches!(column.info.field, Field::ID | Field::EVENT_ID) { cx.theme.text2 } else { cx.theme.text1 };
    let y = cell.center().y - 0.5;
    let width = cell.width() - AIR;
    let mut left = cell.left() + AIR / 2.0;
    if column.is_number() && text_width(ui, &text, font::body()) <= width {
        right_text(ui, cell.right() - AIR / 2.0, y, &text, (font::body(), ink));
        return;
    }
    if ranks.0 == Some(column.info.field) {
        let colour = ranks.1.get(raw).map_or(cx.theme.others, |rank| cx.theme.category(Some(*rank)));
        ui.painter().rect_filled(Rect::from_center_size(pos2(left + 4.0, y), vec2(8.0, 8.0)), 2.0, colour);
        left += 14.0;
    }
    cut_text(ui, left, y, &text, (font::body(), ink), cell.right() - AIR / 2.0 - left);
}

/// A click selects; with Ctrl it adds or takes away, with Shift it selects the range from the last click.
fn click(ui: &Ui, cx: &mut Cx<'_>, scene: &Scene<'_>, (index, row): (u64, Row), memory: &mut Memory) {
    ui.memory_mut(|own| own.request_focus(Id::unique("table_body")));
    let modifiers = ui.input(|input| input.modifiers);
    memory.cursor = index;
    memory.is_pending = false;
    memory.is_by_keys = false;
    let range = memory.anchor.filter(|_| modifiers.shift);
    if let Some(anchor) = range {
        let (from, to) = (anchor.min(index), anchor.max(index));
        let mut rows: Vec<Row> = (from..=to).filter_map(|index| scene.row(index)).map(|row| row.row).collect();
        if let Some(place) = rows.iter().position(|own| *own == row) {
            rows.swap(0, place);
        }
        memory.seen = rows.first().copied();
        cx.send(Navigate::Select(rows));
        return;
    }
    memory.anchor = Some(index);
    if modifiers.command {
        cx.send(Navigate::ToggleSelected(row));
    } else {
        memory.seen = Some(row);
        cx.send(Navigate::Select(vec![row]));
    }
}

fn upright_bar(ui: &Ui, cx: &Cx<'_>, track: Rect, scene: &Scene<'_>, memory: &mut Memory) {
    if scene.total <= scene.visible {
        return;
    }
    let response = ui.interact(track, Id::unique("table_scroll"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, "Scroll the table"));
    let (start, length) = thumb(memory.top, scene.visible, scene.total, track.height());
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked()) {
        let grip_id = response.id.with("grip");
        let inside = at.y - track.top() - start;
        let first = if (0.0..=length).contains(&inside) { inside } else { length / 2.0 };
        if response.drag_started() {
            ui.data_mut(|data| data.insert_temp(grip_id, first));
        }
        let grip = if response.dragged() { ui.data(|data| data.get_temp(grip_id)).unwrap_or(first) } else { first };
        memory.top = top_of_thumb(at.y - track.top() - grip, scene.visible, scene.total, track.height());
    }
    let (start, length) = thumb(memory.top, scene.visible, scene.total, track.height());
    let place = Rect::from_min_size(pos2(track.left() + 2.0, track.top() + start), vec2(track.width() - 4.0, length));
    paint_thumb(ui, cx, place, response.hovered() || response.dragged());
}

fn sideways_bar(ui: &Ui, cx: &Cx<'_>, track: Rect, wide: f32, memory: &mut Memory) {
    let response = ui.interact(track, Id::unique("table_scroll_sideways"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, "Scroll the columns"));
    let length = (track.width() * track.width() / wide).max(32.0);
    let free = (track.width() - length).max(1.0);
    let reach = wide - track.width();
    if response.dragged() {
        memory.left = (memory.left + response.drag_delta().x / free * reach).clamp(0.0, reach);
    } else if let Some(at) = response.interact_pointer_pos().filter(|_| response.clicked()) {
        memory.left = ((at.x - track.left() - length / 2.0) / free * reach).clamp(0.0, reach);
    }
    let start = memory.left / reach * free;
    let place = Rect::from_min_size(pos2(track.left() + start, track.top() + 2.0), vec2(length, track.height() - 4.0));
    paint_thumb(ui, cx, place, response.hovered() || response.dragged());
}

fn paint_thumb(ui: &Ui, cx: &Cx<'_>, place: Rect, is_active: bool) {
    ui.painter().rect_filled(place, 3.0, if is_active { cx.theme.text3 } else { cx.theme.line2 });
}

//! The rows of the file as they stand, with what each column means over it: cells that could not be taken are marked, and say why.

use eframe::egui::{
    Align2, Color32, EventFilter, Id, Key, Pos2, Rect, Response, Role as Access, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use super::choice::{Look, button_in};
use super::keys::typed;
use super::odd::Odd;
use super::roles::{open_roles, roles_ui};
use super::{Cx, Memory, child, mapping, words};
use crate::data::{IssueKind, Severity};
use crate::ingest::{Examined, Mapping, RawRow, Role, RowKind};
use crate::view::rows::{counted_noun, cut_text, right_text};
use crate::view::theme::font;

const TOP: f32 = 30.0;
const ROW: f32 = 22.0;
const HEAD: f32 = 66.0;
const GUTTER: f32 = 52.0;
const WIDTH: std::ops::RangeInclusive<f32> = 104.0..=232.0;
/// So many rows decide how wide a column is.
const MEASURED: usize = 24;
/// The most of a cell that its hover shows.
const HOVER_CHARS: usize = 900;

/// Draws them.
pub(super) fn cells_ui(ui: &mut Ui, cx: &mut Cx<'_>, seen: &Examined, memory: &mut Memory) {
    let rect = ui.max_rect();
    let own = mapping(cx, seen);
    let (top, below) = rect.split_top_bottom_at_y(rect.top() + TOP);
    let title = cut_text(ui, top.left() + 16.0, top.center().y, "Rows as they stand", (font::semibold(12.0), cx.theme.text1), 200.0);
    let room = top.right() - title.right - 28.0;
    cut_text(ui, title.right + 12.0, top.center().y, &meaning_words(&own), (font::label(), cx.theme.text2), room);
    let sheet = Sheet::new(seen, &own);
    let mut ui = child(ui, below);
    ScrollArea::both().id_salt("import_cells").auto_shrink([false, false]).show_viewport(&mut ui, |ui, viewport| {
        ui.set_min_size(vec2(sheet.width(), HEAD + ROW * seen.rows.len() as f32));
        let origin = ui.min_rect().min;
        let view = Rect::from_min_size(origin + viewport.min.to_vec2(), viewport.size());
        sheet_ui(ui, cx, &sheet, (origin, view), memory);
    });
}

/// How many columns have a meaning, are fields, are left out.
fn meaning_words(own: &Mapping) -> String {
    let count = |is: fn(Role) -> bool| own.columns.iter().filter(|column| is(column.role)).count() as u64;
    let fields = count(|role| role == Role::Extra);
    let ignored = count(|role| role == Role::Ignored);
    let meaning = own.columns.len() as u64 - fields - ignored;
    let left_out = if ignored > 0 { format!(", {ignored} left out") } else { String::new() };
    format!(
        "{}: {meaning} with a meaning, {}{left_out}",
        counted_noun(own.columns.len() as u64, "column", "columns"),
        counted_noun(fields, "field of its own", "fields of their own")
    )
}

/// What is drawn, and where its columns stand.
struct Sheet<'a> {
    seen: &'a Examined,
    own: &'a Mapping,
    /// The left edge of each column from that of the sheet, and of what is behind the last.
    lefts: Vec<f32>,
    odd: Odd<'a>,
}

impl<'a> Sheet<'a> {
    fn new(seen: &'a Examined, own: &'a Mapping) -> Self {
        let mut lefts = vec![GUTTER];
        for (column, map) in own.columns.iter().enumerate() {
            let cells = seen.rows.iter().filter(|row| row.kind == RowKind::Data).take(MEASURED).filter_map(|row| row.cells.get(column));
            let longest = cells.map(|cell| cell.chars().take(60).count()).max().unwrap_or(0).max(map.name.chars().count());
            let width = (longest as f32 * 6.4 + 20.0).clamp(*WIDTH.start(), *WIDTH.end()).round();
            lefts.push(lefts[column] + width);
        }
        Self { seen, own, lefts, odd: Odd::of(seen) }
    }

    fn width(&self) -> f32 {
        self.lefts.last().copied().unwrap_or(GUTTER)
    }

    fn columns(&self) -> std::ops::Range<usize> {
        0..self.lefts.len().saturating_sub(1)
    }

    fn column_at(&self, x: f32) -> Option<usize> {
        self.columns().find(|column| (self.lefts[*column]..self.lefts[*column + 1]).contains(&x))
    }
}

fn sheet_ui(ui: &mut Ui, cx: &mut Cx<'_>, sheet: &Sheet<'_>, (origin, view): (Pos2, Rect), memory: &mut Memory) {
    let columns: Vec<(usize, f32, f32)> = sheet
        .columns()
        .map(|column| (column, origin.x + sheet.lefts[column], origin.x + sheet.lefts[column + 1]))
        .filter(|(_, left, right)| *right > view.left() + GUTTER && *left < view.right())
        .collect();
    let body = Rect::from_min_max(pos2(view.left(), view.top() + HEAD), view.max);
    let response = ui.interact(body, body_id(), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Access::ListBox, true, "Rows as they stand"));
    if let Some(column) = memory.column.filter(|column| *column < sheet.own.columns.len()) {
        let (left, right) = (origin.x + sheet.lefts[column], origin.x + sheet.lefts[column + 1]);
        ui.painter().rect_filled(Rect::from_x_y_ranges(left..=right, view.y_range()), 0.0, cx.theme.selection);
    }
    let rows: Vec<(&RawRow, Rect)> = sheet
        .seen
        .rows
        .iter()
        .enumerate()
        .map(|(place, row)| {
            let top = origin.y + HEAD + place as f32 * ROW;
            (row, Rect::from_min_max(pos2(view.left(), top), pos2(view.right(), top + ROW)))
        })
        .filter(|(_, rect)| rect.bottom() > body.top() && rect.top() < body.bottom())
        .collect();
    for (row, rect) in &rows {
        row_ui(ui, cx, sheet, (row, *rect), &columns);
    }
    hover(cx, sheet, &response, &rows, origin);
    for (row, rect) in &rows {
        gutter_ui(ui, cx, sheet, row, *rect);
    }
    let head = Rect::from_min_size(view.min, vec2(view.width(), HEAD));
    ui.painter().rect_filled(head, 0.0, cx.theme.band);
    for (column, left, right) in &columns {
        let clip = Rect::from_min_max(pos2(head.left() + GUTTER, head.top()), head.max).intersect(ui.clip_rect());
        let mut ui = ui.new_child(eframe::egui::UiBuilder::new().max_rect(head));
        ui.set_clip_rect(clip);
        let place = Rect::from_x_y_ranges(*left..=*right, head.y_range());
        head_ui(&ui, cx, sheet, *column, place, memory);
    }
    ui.painter().rect_filled(Rect::from_min_size(head.min, vec2(GUTTER, HEAD)), 0.0, cx.theme.band);
    right_text(ui, head.left() + GUTTER - 8.0, head.bottom() - 12.0, words::line_noun(sheet.seen), (font::micro(), cx.theme.text3));
    ui.painter().hline(head.x_range(), head.bottom() - 0.5, Stroke::new(1.0, cx.theme.line2));
    ui.painter().hline(head.x_range(), head.top() + 0.5, Stroke::new(1.0, cx.theme.line));
    if response.clicked()
        && let Some(at) = response.interact_pointer_pos()
        && let Some(column) = sheet.column_at(at.x - origin.x)
    {
        choose(memory, column);
        response.request_focus();
    }
    if std::mem::take(&mut memory.wants_sight)
        && let Some(column) = memory.column
    {
        bring_into_sight(ui, sheet, column, (origin, view));
    }
    move_by_keys(ui, &response, sheet, memory, (origin, view));
    if response.has_focus() {
        ui.painter().rect_stroke(body, 0.0, Stroke::new(1.0, cx.theme.accent), StrokeKind::Inside);
    }
}

/// The rows, as what has the keyboard.
pub(super) fn body_id() -> Id {
    Id::unique("import_body")
}

fn choose(memory: &mut Memory, column: usize) {
    (memory.column, memory.has_metrics, memory.is_right_up) = (Some(column), false, true);
}

/// Left and right choose another column, and bring it into sight; what is typed looks for what the chosen one means.
fn move_by_keys(ui: &Ui, response: &Response, sheet: &Sheet<'_>, memory: &mut Memory, (origin, view): (Pos2, Rect)) {
    if !response.has_focus() {
        return;
    }
    let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let (left, right) = ui.input(|input| (input.num_presses(Key::ArrowLeft), input.num_presses(Key::ArrowRight)));
    if left + right == 0 {
        let typed = typed(ui);
        if !typed.is_empty() {
            choose(memory, memory.column.unwrap_or(0));
            // A space only opens them.
            memory.wants_roles = Some(typed.trim().to_owned());
        }
        return;
    }
    let last = sheet.columns().end.saturating_sub(1);
    let column = memory.column.map_or(0, |now| (now + right).saturating_sub(left).min(last));
    choose(memory, column);
    bring_into_sight(ui, sheet, column, (origin, view));
}

fn bring_into_sight(ui: &Ui, sheet: &Sheet<'_>, column: usize, (origin, view): (Pos2, Rect)) {
    let place = Rect::from_x_y_ranges(
        origin.x + sheet.lefts[column] - GUTTER..=origin.x + sheet.lefts[column + 1],
        view.top() + HEAD..=view.top() + HEAD + 1.0,
    );
    ui.scroll_to_rect(place, None);
}

fn row_ui(ui: &Ui, cx: &Cx<'_>, sheet: &Sheet<'_>, (row, rect): (&RawRow, Rect), columns: &[(usize, f32, f32)]) {
    if row.kind != RowKind::Data {
        ui.painter().rect_filled(rect, 0.0, cx.theme.band.gamma_multiply(0.7));
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, cx.theme.grid));
    for (column, left, right) in columns {
        let cell = Rect::from_x_y_ranges(*left..=*right, rect.y_range());
        let text = row.cells.get(*column).map(|cell| words::one_line(cell)).unwrap_or_default();
        let is_ignored = sheet.own.columns[*column].role == Role::Ignored;
        let mut colour = match row.kind {
            RowKind::Data if is_ignored => cx.theme.disabled,
            RowKind::Data => cx.theme.text1,
            RowKind::Header => cx.theme.text2,
            RowKind::Preamble | RowKind::Tags => cx.theme.text3,
        };
        if row.kind == RowKind::Data
            && let Some(issue) = sheet.odd.in_cell(row, Some(*column))
        {
            let (ground, ink) = face(cx, issue.kind);
            ui.painter().rect_filled(cell.shrink2(vec2(0.5, 1.0)), 2.0, ground);
            colour = ink;
        }
        let face = if row.kind == RowKind::Header { font::medium(12.0) } else { font::body() };
        // A line of text before the header goes on where no further cell stands in its way.
        let is_last = row.kind == RowKind::Preamble && row.cells.iter().skip(column + 1).all(|cell| cell.trim().is_empty());
        let room = if is_last { rect.right() - left - 16.0 } else { right - left - 12.0 };
        let painted = cut_text(ui, left + 8.0, cell.center().y, &text, (face, colour), room);
        if text.is_empty() && row.kind == RowKind::Data && sheet.odd.in_cell(row, Some(*column)).is_none() {
            ui.painter().text(cell.left_center() + vec2(8.0, 0.0), Align2::LEFT_CENTER, "·", font::body(), cx.theme.line2);
        }
        if is_ignored && row.kind == RowKind::Data && painted.right > left + 8.0 {
            ui.painter().hline(left + 8.0..=painted.right, cell.center().y, Stroke::new(1.0, cx.theme.line2));
        }
    }
}

/// The ground and the ink of a cell with an issue.
fn face(cx: &Cx<'_>, kind: IssueKind) -> (Color32, Color32) {
    match kind.severity() {
        Severity::Remark => (cx.theme.warning_ground, cx.theme.warning),
        Severity::Cell | Severity::Row => (cx.theme.error_ground, cx.theme.error),
    }
}

fn gutter_ui(ui: &Ui, cx: &Cx<'_>, sheet: &Sheet<'_>, row: &RawRow, rect: Rect) {
    let place = Rect::from_min_size(rect.min, vec2(GUTTER, ROW));
    ui.painter().rect_filled(place, 0.0, cx.theme.band);
    let issue = sheet.odd.in_cell(row, None).filter(|_| row.kind == RowKind::Data);
    let colour = issue.map_or(cx.theme.text3, |issue| face(cx, issue.kind).1);
    right_text(ui, place.right() - 8.0, place.center().y, &row.line.to_string(), (font::label(), colour));
    ui.painter().vline(place.right() - 0.5, rect.y_range(), Stroke::new(1.0, cx.theme.line));
}

/// Says all of a cell under the pointer, and what is odd about it.
fn hover(cx: &Cx<'_>, sheet: &Sheet<'_>, response: &Response, rows: &[(&RawRow, Rect)], origin: Pos2) {
    let Some(at) = response.hover_pos() else { return };
    let Some((row, rect)) = rows.iter().find(|(_, rect)| rect.y_range().contains(at.y)) else { return };
    let is_gutter = at.x < rect.left() + GUTTER;
    let column = if is_gutter { None } else { sheet.column_at(at.x - origin.x) };
    let issue = if row.kind == RowKind::Data { sheet.odd.in_cell(row, column) } else { None };
    let cell = column.and_then(|column| row.cells.get(column)).map(String::as_str).unwrap_or_default();
    let what = match row.kind {
        RowKind::Preamble => "Before the header: left out",
        RowKind::Header => "The header",
        RowKind::Tags => "Tags under the header: left out",
        RowKind::Data => "",
    };
    let shown: String = cell.chars().take(HOVER_CHARS).collect();
    let mut parts = vec![shown, what.to_owned()];
    parts.extend(issue.map(|issue| format!("{}: {}; {}", issue.kind.title(), issue.message, issue.action)));
    let text = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    if text.is_empty() || (issue.is_none() && cell.chars().count() < 12 && what.is_empty()) {
        return;
    }
    let theme = cx.theme;
    response.clone().on_hover_ui_at_pointer(|ui| {
        ui.set_max_width(420.0);
        let text = eframe::egui::RichText::new(&text).font(font::body()).color(theme.text1);
        ui.add(eframe::egui::Label::new(text).wrap());
    });
}

/// The head of a column: its name, its role, and what else there is to say.
fn head_ui(ui: &Ui, cx: &mut Cx<'_>, sheet: &Sheet<'_>, column: usize, rect: Rect, memory: &mut Memory) {
    let map = &sheet.own.columns[column];
    let is_chosen = memory.column == Some(column);
    if is_chosen {
        ui.painter().rect_filled(rect, 0.0, cx.theme.selection);
        ui.painter().hline(rect.x_range(), rect.top() + 1.0, Stroke::new(2.0, cx.theme.accent));
    }
    ui.painter().vline(rect.right() - 0.5, rect.y_range(), Stroke::new(1.0, cx.theme.line));
    let name = words::one_line(&map.name);
    let id = Id::unique("import_head").with(column);
    let spot = Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + 22.0));
    let response = ui.interact(spot, id, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Access::ColumnHeader, true, is_chosen, format!("Column {name}")));
    crate::view::rows::inner_ring(ui, cx.theme, &response, spot);
    cut_text(ui, rect.left() + 8.0, spot.center().y, &name, (font::semibold(12.0), cx.theme.text1), rect.width() - 12.0);
    if response.on_hover_text(&name).on_hover_cursor(eframe::egui::CursorIcon::PointingHand).clicked() {
        choose(memory, column);
    }
    let (shown, hint) = words::role(sheet.seen, sheet.own, column);
    let button = Rect::from_min_size(rect.left_top() + vec2(4.0, 23.0), Vec2::new(rect.width() - 9.0, 22.0));
    let look = if matches!(map.role, Role::Extra | Role::Ignored) { Look::Quiet } else { Look::Strong };
    let label = format!("{name} means");
    let response = button_in(ui, cx.theme, button, id.with("role"), (&label, &shown), look);
    if response.clicked() {
        choose(memory, column);
    }
    let typed = memory.wants_roles.take_if(|_| is_chosen);
    if let Some(typed) = typed {
        open_roles(ui, &response, typed);
    }
    roles_ui(&response, cx, sheet.seen, sheet.own, column);
    cut_text(ui, rect.left() + 8.0, rect.bottom() - 11.0, &hint, (font::micro(), cx.theme.text3), rect.width() - 12.0);
}

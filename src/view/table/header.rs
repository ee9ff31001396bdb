//! The head of the table: a click sorts, an edge resizes, a double-click on an edge fits.

use eframe::egui::{Align2, CursorIcon, Id, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::cells::{AIR, Column};
use super::memory::Memory;
use crate::data::Field;
use crate::session::Edit;
use crate::view::rows::{cut_text, inner_ring, right_text, text_width};
use crate::view::theme::font;
use crate::view::{Cx, icon};

/// The narrowest and the widest that a column can be made.
const WIDTHS: (f32, f32) = (32.0, 900.0);

/// Draws the head.
pub(super) fn header_ui(ui: &Ui, cx: &mut Cx<'_>, rect: Rect, columns: &[Column<'_>], memory: &mut Memory) {
    ui.painter().rect_filled(rect, 0.0, cx.theme.panel);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, cx.theme.line2));
    for column in columns {
        let left = rect.left() + column.left - memory.left;
        let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(column.width, rect.height()));
        if cell.intersects(rect) {
            name_ui(ui, cx, cell, column, memory);
        }
    }
    // Edges lie over the names of both sides.
    for column in columns {
        let right = rect.left() + column.left + column.width - memory.left;
        if rect.x_range().contains(right) {
            edge_ui(ui, cx, rect, right, column, memory);
        }
    }
}

/// The next order by a click: rising, falling, as in the file.
fn next_sort(sort: Option<(Field, bool)>, field: Field) -> Option<(Field, bool)> {
    match sort {
        Some((own, false)) if own == field => Some((field, true)),
        Some((own, true)) if own == field => None,
        _ => Some((field, false)),
    }
}

fn name_ui(ui: &Ui, cx: &mut Cx<'_>, cell: Rect, column: &Column<'_>, memory: &mut Memory) {
    let field = column.info.field;
    let response = ui.interact(cell, Id::unique(("table_head", field)), Sense::click());
    if response.hovered() {
        ui.painter().rect_filled(cell.shrink2(vec2(0.0, 1.0)), 0.0, cx.theme.hover);
    }
    inner_ring(ui, cx.theme, &response, cell);
    let sort = cx.session.document.table_sort.filter(|own| own.0 == field).map(|own| own.1);
    let ink = if sort.is_some() { cx.theme.text1 } else { cx.theme.text2 };
    let face = (font::semibold(11.0), ink);
    let y = cell.center().y;
    let arrow = sort.map(|is_descending| match (super::is_sorting(cx), is_descending) {
        (true, _) => "schedule",
        (false, true) => "expand_more",
        (false, false) => "expand_less",
    });
    let width = cell.width() - AIR - if arrow.is_some() { 14.0 } else { 0.0 };
    let (left, right) = (cell.left() + AIR / 2.0, cell.right() - AIR / 2.0);
    let is_right = column.is_number() && text_width(ui, &column.info.label, font::semibold(11.0)) <= width;
    let arrow_x = if is_right {
        right_text(ui, right, y, &column.info.label, face) - 8.0
    } else {
        cut_text(ui, left, y, &column.info.label, face, width).right + 9.0
    };
    if let Some(arrow) = arrow {
        ui.painter().text(pos2(arrow_x, y), Align2::CENTER_CENTER, icon(arrow), font::icon(14.0), cx.theme.accent);
    }
    let order = match sort {
        Some(_) if super::is_sorting(cx) => ", sorting",
        Some(false) => ", rising",
        Some(true) => ", falling",
        None => "",
    };
    response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, format!("{}{order}", column.info.label)));
    let tip = format!("{}\nClick to sort", column.info.label);
    if response.on_hover_text(tip).on_hover_cursor(CursorIcon::PointingHand).clicked() {
        memory.top = 0;
        cx.send(Edit::TableSort(next_sort(cx.session.document.table_sort, field)));
    }
}

fn edge_ui(ui: &Ui, cx: &Cx<'_>, rect: Rect, x: f32, column: &Column<'_>, memory: &mut Memory) {
    let spot = Rect::from_center_size(pos2(x, rect.center().y), vec2(8.0, rect.height()));
    let response = ui.interact(spot, Id::unique(("table_edge", column.info.field)), Sense::DRAG | Sense::CLICK);
    let is_active = response.hovered() || response.dragged();
    let line = if is_active { Stroke::new(2.0, cx.theme.accent) } else { Stroke::new(1.0, cx.theme.line) };
    ui.painter().vline(x - 0.5, rect.shrink2(vec2(0.0, 5.0)).y_range(), line);
    if response.dragged() {
        let width = (column.width + response.drag_delta().x).clamp(WIDTHS.0, WIDTHS.1);
        memory.widths.insert(column.info.field, width);
    }
    if response.double_clicked() {
        memory.widths.remove(&column.info.field);
    }
    response.on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clicks_on_a_head_sort_rising_then_falling_then_as_in_the_file() {
        let first = next_sort(None, Field::VALUE);
        let second = next_sort(first, Field::VALUE);
        assert_eq!((first, second), (Some((Field::VALUE, false)), Some((Field::VALUE, true))));
        assert_eq!(next_sort(second, Field::VALUE), None);
        assert_eq!(next_sort(second, Field::TITLE), Some((Field::TITLE, false)));
    }
}

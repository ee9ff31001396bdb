//! What lies over the lanes and the axis: the veil outside the brush, lines of moments, flags, and what a column stands for.

use eframe::egui::{Color32, Id, LayerId, Mesh, Order, Painter, Pos2, Rangef, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use super::Cx;
use super::scene::Scene;
use crate::layout::{LaneForm, number_text};
use crate::time::{DAY_US, Span, Step, Time, format_day, format_span, format_time};
use crate::view::axis::hairline;
use crate::view::selected::selected_time;
use crate::view::theme::{Theme, font};

/// What lies over the lanes: the veil outside the brush, the line of the selected date, the line under the pointer.
pub(super) fn overlays(ui: &Ui, cx: &Cx<'_>, scene: &Scene<'_>) {
    let plot = scene.rooms.plot;
    let painter = ui.painter_at(plot);
    if let Some(brush) = cx.session.place.brush {
        let (from, to) = (scene.scale.x_from_time(brush.start), scene.scale.x_from_time(brush.end));
        let left = Rect::from_min_max(plot.min, pos2(from.clamp(plot.left(), plot.right()), plot.bottom()));
        let right = Rect::from_min_max(pos2(to.clamp(plot.left(), plot.right()), plot.top()), plot.max);
        painter.rect_filled(left, 0.0, cx.theme.veil());
        painter.rect_filled(right, 0.0, cx.theme.veil());
    }
    if cx.around.is_still {
        return;
    }
    if let Some(time) = selected_time(ui.ctx(), cx) {
        dotted(&painter, scene.scale.x_from_time(time), plot.y_range(), cx.theme.accent);
    }
    if let Some(time) = cx.session.hover {
        dotted(&painter, scene.scale.x_from_time(time), plot.y_range(), cx.theme.text3);
    }
}

/// An upright dotted line, one on, three off.
fn dotted(painter: &Painter, x: f32, range: Rangef, colour: Color32) {
    if !painter.clip_rect().x_range().contains(x) {
        return;
    }
    let x = hairline(painter, x);
    let mut mesh = Mesh::default();
    let mut y = range.min.floor();
    while y < range.max {
        mesh.add_colored_rect(Rect::from_min_max(pos2(x - 0.5, y), pos2(x + 0.5, y + 1.5)), colour);
        y += 4.0;
    }
    painter.add(Shape::mesh(mesh));
}

/// How far from the left end the first text of the axis may lie under a flag.
const FIRST_TEXT: f32 = 110.0;

/// The flags on the axis: the date of the selection.
pub(super) fn flags(ui: &Ui, cx: &Cx<'_>, scene: &Scene<'_>, axis: Rect) {
    let Some(time) = selected_time(ui.ctx(), cx).filter(|_| !cx.around.is_still && cx.session.place.brush.is_none()) else { return };
    let x = scene.scale.x_from_time(time);
    if !scene.rooms.plot.x_range().contains(x) {
        return;
    }
    // A flag at the left end lies over the year that stands there.
    let is_year_covered = x < scene.rooms.plot.left() + FIRST_TEXT;
    let text = flag_text(cx, scene, time, is_year_covered);
    let row = axis.with_min_x(scene.rooms.plot.left() - 8.0);
    flag(&ui.painter_at(row.expand2(vec2(20.0, 4.0))), cx.theme, x, row, &text);
}

fn flag_text(cx: &Cx<'_>, scene: &Scene<'_>, time: Time, is_year_covered: bool) -> String {
    let zone = cx.session.document.zone;
    if time.is_midnight() {
        let is_month = cx.session.selected_span.and_then(Span::width_us).is_some_and(|width| width > 27 * DAY_US);
        let text = if is_month { Step::Month.label(time) } else { format_day(time) };
        let is_year_told = !is_year_covered && scene.scale.window.width_us().unwrap_or(0) < 3 * 366 * DAY_US;
        match text.rsplit_once(' ') {
            Some((day, _)) if is_year_told && !is_month => day.to_owned(),
            _ => text,
        }
    } else {
        format_time(time, zone)
    }
}

/// A flag on the axis over a place.
pub(super) fn flag(painter: &Painter, theme: &Theme, x: f32, axis: Rect, text: &str) -> Rect {
    let galley = painter.layout_no_wrap(text.to_owned(), font::semibold(11.0), theme.on_accent);
    let width = galley.size().x + 14.0;
    let left = (x - width / 2.0).clamp(axis.left() + 2.0, (axis.right() - width - 2.0).max(axis.left() + 2.0));
    let rect = Rect::from_min_size(pos2(left.round(), axis.top() + 3.0), vec2(width.round(), 18.0));
    painter.rect_filled(rect, 3.0, theme.accent);
    painter.galley(rect.center() - galley.size() / 2.0, galley, theme.on_accent);
    rect
}

/// Over a column of a histogram: when it is, and how many records it stands for.
pub(super) fn cell_tip(ui: &Ui, cx: &Cx<'_>, scene: &Scene<'_>, pointer: Pos2) {
    let found = scene.lanes_in_view().find(|(picture, _)| scene.lane_range(picture).contains(pointer.y));
    let Some((picture, lane)) = found.filter(|(picture, _)| picture.form != LaneForm::Marks) else { return };
    let Some(cell) = scene.columns.at(&lane.cells, scene.scale.time_from_x(pointer.x)) else { return };
    let span = scene.columns.span(cell.index);
    let (left, right) = (scene.scale.x_from_time(span.start), scene.scale.x_from_time(span.end));
    let range = scene.lane_range(picture);
    let column = Rect::from_x_y_ranges(left..=right, range.min + 3.0..=range.max - 2.0);
    ui.painter_at(scene.rooms.plot).rect_filled(column, 0.0, cx.theme.accent.gamma_multiply(0.18));
    let word = if cell.count == 1 { "record" } else { "records" };
    let text = format!("{} · {} {word}", cell_text(cx, span), number_text(f64::from(cell.count)));
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, Id::unique("timeline-cell-tip")));
    let galley = painter.layout_no_wrap(text, font::label(), cx.theme.text1);
    let size = galley.size() + vec2(16.0, 8.0);
    let beside = if right + 8.0 + size.x <= scene.rooms.lanes.right() { right + 8.0 } else { left - 8.0 - size.x };
    let rect = Rect::from_min_size(pos2(beside, (pointer.y - size.y - 6.0).max(scene.rooms.lanes.top() + 2.0)), size);
    painter.rect(rect, 4.0, cx.theme.raised, Stroke::new(1.0, cx.theme.line2), StrokeKind::Inside);
    painter.galley(rect.min + vec2(8.0, 4.0), galley, cx.theme.text1);
}

/// The stretch of a column, to the day where it is longer than a few.
fn cell_text(cx: &Cx<'_>, span: Span) -> String {
    let is_long = span.width_us().unwrap_or(0) > 2 * DAY_US;
    let whole = if is_long { Span::new(Step::Day.floor(span.start), Step::Day.next(span.end.plus_us(-1))) } else { span };
    format_span(whole, cx.session.document.zone)
}

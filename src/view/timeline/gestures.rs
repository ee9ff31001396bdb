//! What hands do on the plot and the axis: pan, zoom, box, brush, click. Each gesture becomes a command.

use eframe::egui::{CursorIcon, Pos2, Rect, Response, Sense, Stroke, StrokeKind, Ui, pos2};

use super::Cx;
use super::marks::mark_at;
use super::memory::{Drag, Memory};
use super::scene::Scene;
use crate::layout::{LaneForm, TimeScale, snapped};
use crate::query::Mark;
use crate::session::Navigate;
use crate::time::{Span, Time};

/// So many points of the wheel zoom by e.
const WHEEL_ZOOM_POINTS: f32 = 200.0;
/// How much closer a double click on a histogram goes.
const DOUBLE_CLICK_ZOOM: f64 = 4.0;

/// What lies under the pointer, for the card that tells about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::view) struct Hit {
    /// The record.
    pub row: crate::data::Row,
    /// Where its mark is.
    pub at: Pos2,
}

/// Takes the gestures of the plot; returns the mark under the pointer.
pub(super) fn plot_ui(ui: &Ui, cx: &mut Cx<'_>, scene: &Scene<'_>, memory: &mut Memory) -> Option<Hit> {
    if cx.around.is_still {
        return None;
    }
    let plot = scene.rooms.plot;
    let response = ui.interact(plot, ui.scope_id().with("plot"), Sense::CLICK | Sense::DRAG);
    wheel(ui, cx, scene.rooms, &scene.scale, memory);
    drag(ui, cx, scene, &response, memory);
    let pointer = ui.input(|input| input.pointer.hover_pos()).filter(|at| plot.expand2(eframe::egui::vec2(8.0, 0.0)).contains(*at));
    // What lies behind a dialog is not under the pointer: its veil is no layer of its own.
    let is_free = |at: &Pos2| cx.session.panels.dialog.is_none() && ui.ctx().layer_id_at(*at).is_none_or(|layer| layer == ui.layer_id());
    let pointer = pointer.filter(is_free);
    let under = pointer.filter(|_| memory.drag.is_none()).and_then(|at| mark_at(scene, at));
    hover(cx, scene, pointer, under.map(|(mark, _)| mark), memory);
    if under.is_some() {
        ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
    } else if response.hovered() && cx.session.place.brush.is_some() {
        ui.ctx().set_cursor_icon(CursorIcon::Crosshair);
    }
    if response.double_clicked() || response.clicked() {
        match (under, response.interact_pointer_pos()) {
            (Some((mark, _)), _) => click_mark(ui, cx, mark, response.double_clicked()),
            (None, Some(at)) if response.double_clicked() && is_on_histogram(scene, at) => {
                cx.send(Navigate::Zoom(DOUBLE_CLICK_ZOOM, Some(scene.scale.time_from_x(at.x))));
            }
            _ if !cx.session.place.selection.is_empty() => cx.send(Navigate::Deselect),
            _ => {}
        }
    }
    if response.secondary_clicked() {
        memory.menu_row = under.map(|(mark, _)| mark.row);
    }
    response.context_menu(|ui| match memory.menu_row.and_then(|row| mark_of(scene, row)) {
        Some(mark) => super::menus::mark_menu(ui, cx, mark),
        None => super::menus::plot_menu(ui, cx),
    });
    if let Some(at) = pointer.filter(|_| under.is_none() && response.hovered()) {
        super::overlays::cell_tip(ui, cx, scene, at);
    }
    under.map(|(mark, at)| Hit { row: mark.row, at })
}

/// The mark of a record, wherever it is.
fn mark_of<'a>(scene: &Scene<'a>, row: crate::data::Row) -> Option<&'a Mark> {
    scene.answer.lanes.iter().flat_map(|lane| lane.marks.iter().flatten()).find(|mark| mark.row == row)
}

fn is_on_histogram(scene: &Scene<'_>, at: Pos2) -> bool {
    scene.lanes_in_view().any(|(picture, _)| picture.form != LaneForm::Marks && scene.lane_range(picture).contains(at.y))
}

/// A click on a mark selects it, with Shift or Ctrl adds it; a double click goes closer.
pub(super) fn click_mark(ui: &Ui, cx: &mut Cx<'_>, mark: &Mark, is_double: bool) {
    let modifiers = ui.input(|input| input.modifiers);
    if is_double {
        cx.send(Navigate::Select(vec![mark.row]));
        cx.send(Navigate::Focus);
    } else if modifiers.shift || modifiers.command {
        cx.send(Navigate::ToggleSelected(mark.row));
    } else {
        cx.send(Navigate::Select(vec![mark.row]));
    }
}

/// Tells the moment and the record under the pointer to everybody, when they change.
fn hover(cx: &mut Cx<'_>, scene: &Scene<'_>, pointer: Option<Pos2>, under: Option<&Mark>, memory: &mut Memory) {
    match pointer {
        Some(at) => {
            let time = Some(scene.scale.time_from_x(at.x));
            if cx.session.hover != time {
                cx.send(Navigate::Hover(time));
            }
            let row = under.map(|mark| mark.row);
            if cx.session.hover_row != row {
                cx.send(Navigate::HoverRow(row));
            }
        }
        None if memory.was_hovered => {
            cx.send(Navigate::Hover(None));
            cx.send(Navigate::HoverRow(None));
        }
        None => {}
    }
    memory.was_hovered = pointer.is_some();
}

/// Wheel zooms about the pointer, with Shift or sideways it pans; over the gutter it scrolls the lanes.
fn wheel(ui: &Ui, cx: &mut Cx<'_>, rooms: super::Rooms, scale: &TimeScale, memory: &mut Memory) {
    let Some(at) = ui.input(|input| input.pointer.hover_pos()) else { return };
    let whole = Rect::from_min_max(rooms.axis.min, rooms.lanes.max);
    if !whole.contains(at) || cx.session.panels.dialog.is_some() || ui.ctx().layer_id_at(at).is_some_and(|layer| layer != ui.layer_id()) {
        return;
    }
    let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
    if at.x < rooms.plot.left() {
        memory.scroll -= scroll.y;
        return;
    }
    if scroll.x != 0.0 {
        cx.send(Navigate::Pan(-f64::from(scroll.x / scale.width)));
    }
    let factor = f64::from(pinch) * f64::from(scroll.y / WHEEL_ZOOM_POINTS).exp();
    if (factor - 1.0).abs() > 1e-6 {
        cx.send(Navigate::Zoom(factor, Some(scale.time_from_x(at.x))));
    }
}

/// A drag pans; with Shift it draws a box to zoom to.
fn drag(ui: &Ui, cx: &mut Cx<'_>, scene: &Scene<'_>, response: &Response, memory: &mut Memory) {
    let scale = &scene.scale;
    if response.drag_started_by(eframe::egui::PointerButton::Primary) {
        let origin = ui.input(|input| input.pointer.press_origin());
        let has_shift = ui.input(|input| input.modifiers.shift);
        memory.drag = Some(match origin {
            Some(at) if has_shift => Drag::Box(scale.time_from_x(at.x)),
            _ => Drag::Pan,
        });
    }
    match memory.drag {
        Some(Drag::Pan) if response.dragged() => {
            ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
            let by = response.drag_delta().x;
            if by != 0.0 {
                cx.send(Navigate::Pan(-f64::from(by / scale.width)));
            }
            memory.scroll -= response.drag_delta().y;
        }
        Some(Drag::Box(from)) => {
            let Some(at) = ui.input(|input| input.pointer.latest_pos()) else { return };
            let span = ordered(from, scale.time_from_x(at.x));
            if response.drag_stopped() {
                memory.drag = None;
                if span.width_us().unwrap_or(0) as f64 > scale.us_per_point() * 4.0 {
                    cx.send(Navigate::Window(span));
                }
                return;
            }
            let plot = scene.rooms.plot;
            let rect =
                Rect::from_min_max(pos2(scale.x_from_time(span.start), plot.top()), pos2(scale.x_from_time(span.end), plot.bottom()));
            let painter = ui.painter_at(plot);
            painter.rect(rect, 0.0, cx.theme.accent.gamma_multiply(0.12), Stroke::new(1.5, cx.theme.accent), StrokeKind::Inside);
        }
        _ => {}
    }
    if response.drag_stopped() && matches!(memory.drag, Some(Drag::Pan | Drag::Box(_))) {
        memory.drag = None;
    }
}

/// A drag on the axis brushes; a click on it lets the brush go.
pub(super) fn axis_gestures(ui: &Ui, cx: &mut Cx<'_>, row: Rect, scale: &TimeScale, memory: &mut Memory) {
    let response = ui.interact(row, ui.scope_id().with("axis"), Sense::CLICK | Sense::DRAG);
    response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Slider, true, "Time axis: drag to brush"));
    if response.hovered() {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    let time_at = |at: Pos2| snapped(scale.time_from_x(at.x.clamp(row.left(), row.right())), scale.us_per_point());
    if response.drag_started()
        && let Some(origin) = ui.input(|input| input.pointer.press_origin()).or_else(|| response.interact_pointer_pos())
    {
        memory.drag = Some(Drag::Brush(time_at(origin)));
    }
    if let (Some(Drag::Brush(from)), Some(at)) = (memory.drag, response.interact_pointer_pos()) {
        cx.send(Navigate::Brush(Some(ordered(from, time_at(at)))));
    }
    if response.drag_stopped() && matches!(memory.drag, Some(Drag::Brush(_))) {
        memory.drag = None;
    }
    if response.clicked() && cx.session.place.brush.is_some() {
        cx.send(Navigate::Brush(None));
    }
}

/// The span between two moments, whichever comes first.
pub(super) fn ordered(one: Time, other: Time) -> Span {
    Span::new(one.min(other), one.max(other))
}

//! The boards: strips of charts under the timeline, on the same time axis. They read answers and return commands.

mod aside;
mod bars;
mod gestures;
mod head;
mod labels;
mod lines;
mod marks;
mod menus;
mod plot;
mod questions;
mod series;
mod strip;
mod totals;

use eframe::egui::scroll_area::ScrollSource;
use eframe::egui::{Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, pos2, vec2};

use super::Cx;
use super::axis::{AXIS_HEIGHT, paint_time_axis, time_ticks};
use super::selected::selected_time;
use crate::layout::chart::{BOARD_HEAD, BoardRoom, BoardWish, board_rooms, board_rooms_whole, boards_height, boards_height_whole};
use crate::layout::{LANE_GUTTER, PLOT_RIGHT, TimeScale};
use crate::session::{Board, Navigate};
use crate::time::{Tick, Time};

/// How high the boards want to be, of what is there.
pub(super) fn height_wanted(cx: &Cx<'_>, available: f32) -> f32 {
    if cx.around.is_picture { boards_height_whole(&wishes(cx), available) } else { boards_height(&wishes(cx), available) }
}

fn wishes(cx: &Cx<'_>) -> Vec<BoardWish> {
    let infos = cx.session.schema.as_ref().map_or(&[][..], |schema| &schema.metrics);
    let readings = |metric: &String| infos.iter().find(|info| info.metric == *metric).map_or(0, |info| info.totals + info.levels);
    let wish = |board: &Board| BoardWish {
        kind: board.kind,
        is_open: board.is_open,
        mode: board.mode,
        metrics: board.metrics.clone(),
        readings: board.metrics.iter().map(readings).collect(),
    };
    cx.session.document.boards.iter().map(wish).collect()
}

/// What every strip of a frame shares.
struct Desk<'a> {
    scale: TimeScale,
    ticks: &'a [Tick],
    /// When the first selected record stands on the timeline.
    selected: Option<Time>,
    /// Has any record a date?
    has_dates: bool,
}

/// Draws the boards; they fill the whole of `ui`.
pub(super) fn boards_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let rect = ui.max_rect();
    let zone = cx.session.document.zone;
    let scale = TimeScale::new(cx.session.place.window, rect.left() + LANE_GUTTER, rect.width() - LANE_GUTTER - PLOT_RIGHT);
    // Without any date there is no time to draw: no axis, no grid.
    let has_dates = cx.session.schema.as_ref().is_none_or(|schema| schema.extent.is_some());
    let ticks = if has_dates { time_ticks(&scale, zone) } else { Vec::new() };
    let desk = Desk { scale, ticks: &ticks, selected: selected_time(ui.ctx(), cx), has_dates };
    let share = if cx.around.is_picture { board_rooms_whole } else { board_rooms };
    let rooms = share(&wishes(cx), rect.height());
    let mut top = rect.top();
    for (index, room) in rooms.iter().enumerate() {
        let head = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), BOARD_HEAD));
        head::head_ui(ui, cx, &scale, index, head, room.gave_way);
        let strips = Rect::from_min_size(pos2(rect.left(), head.bottom()), vec2(rect.width(), room.visible));
        if room.visible > 0.0 {
            strips_ui(ui, cx, &desk, index, strips, room);
        }
        top = strips.bottom();
    }
    if has_dates && rooms.iter().any(|room| room.visible > 0.0) {
        let row = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), AXIS_HEIGHT));
        ui.painter().hline(row.x_range(), row.top() + 0.5, Stroke::new(1.0, cx.theme.line));
        paint_time_axis(ui, cx.theme, row, &scale, &ticks, zone);
    }
    forget_hover(ui, cx, rect);
}

/// The strips of one board; where they do not fit they scroll, by the wheel over their names.
fn strips_ui(ui: &mut Ui, cx: &mut Cx<'_>, desk: &Desk<'_>, index: usize, room: Rect, heights: &BoardRoom) {
    let Some(board) = cx.session.document.boards.get(index).cloned() else { return };
    let whole: f32 = heights.strips.iter().sum();
    let mut draw = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        for (metric, height) in board.metrics.iter().zip(&heights.strips) {
            let (rect, _) = ui.allocate_exact_size(vec2(room.width(), *height), Sense::hover());
            if ui.is_rect_visible(rect) {
                strip::strip_ui(ui, cx, desk, (index, &board, metric), rect);
            } else {
                questions::ask_strip(cx, &desk.scale, index, &board, metric);
            }
        }
    };
    let mut child = ui.new_child(UiBuilder::new().max_rect(room).id_salt(("board", index)));
    if whole <= room.height() + 1.0 {
        draw(&mut child);
    } else {
        let is_beside_plot = ui.input(|input| input.pointer.hover_pos()).is_some_and(|at| at.x < desk.scale.left);
        let source = ScrollSource { mouse_wheel: is_beside_plot, ..ScrollSource::SCROLL_BAR };
        ScrollArea::vertical().id_salt("strips").auto_shrink(false).scroll_source(source).show(&mut child, draw);
    }
}

/// Forgets the moment and the record under the pointer once it has left the boards.
fn forget_hover(ui: &Ui, cx: &mut Cx<'_>, rect: Rect) {
    if cx.around.is_still {
        return;
    }
    let id = ui.scope_id().with("boards hovered");
    let is_over = ui.rect_contains_pointer(rect);
    let was_over = ui.data(|data| data.get_temp::<bool>(id)).unwrap_or(false);
    if was_over && !is_over {
        cx.send(Navigate::Hover(None));
        cx.send(Navigate::HoverRow(None));
    }
    ui.data_mut(|data| data.insert_temp(id, is_over));
}

#[cfg(test)]
mod tests;

//! The timeline: minimap, axis and lanes in one scene, laid out once per zoom stop and drawn every frame. It reads answers only.

mod brush;
mod gestures;
mod gutter;
mod lanes;
mod letters;
mod marks;
mod memory;
mod menus;
mod minimap;
mod overlays;
mod scene;
#[cfg(test)]
mod tests;
mod undated;

use eframe::egui::{Align2, Rect, Role, Stroke, Ui, WidgetInfo, pos2};

use super::axis::{AXIS_HEIGHT, hairline, paint_time_axis, paint_time_grid, time_ticks};
use super::theme::font;
use super::{Cx, hover_card, widgets};
use crate::layout::{LANE_GUTTER, PLOT_RIGHT, TimeScale};
use crate::session::Edit;
use memory::Memory;
use scene::Scene;

pub(super) use gestures::Hit;
pub(super) use menus::PROVENANCE_LINES;

/// The height of the minimap.
const MINIMAP_HEIGHT: f32 = 44.0;
/// Below this height of the whole there is no minimap.
const MINIMAP_FROM: f32 = 190.0;

/// Where the parts of the timeline are.
#[derive(Clone, Copy, Debug)]
struct Rooms {
    minimap: Rect,
    axis: Rect,
    /// The lanes with their gutter.
    lanes: Rect,
    /// The part of the lanes where time is.
    plot: Rect,
    strip: Rect,
}

impl Rooms {
    #[allow(clippy::fn_params_excessive_bools, reason = "one for each room that may be missing")]
    fn of(area: Rect, has_minimap: bool, has_brush: bool) -> Self {
        let minimap_height = if has_minimap && area.height() >= MINIMAP_FROM { MINIMAP_HEIGHT } else { 0.0 };
        let strip_height =
            if has_brush { brush::STRIP_HEIGHT.min((area.height() - minimap_height - AXIS_HEIGHT - 60.0).max(0.0)) } else { 0.0 };
        let (minimap, rest) = area.split_top_bottom_at_y(area.top() + minimap_height);
        let (axis, rest) = rest.split_top_bottom_at_y(rest.top() + AXIS_HEIGHT);
        let (lanes, strip) = rest.split_top_bottom_at_y(rest.bottom() - strip_height);
        let plot = Rect::from_min_max(pos2(lanes.left() + LANE_GUTTER, lanes.top()), pos2(lanes.right() - PLOT_RIGHT, lanes.bottom()));
        Self { minimap, axis, lanes, plot, strip }
    }
}

/// Draws it.
pub(super) fn timeline_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let area = ui.available_rect_before_wrap();
    if area.width() < LANE_GUTTER + 60.0 || area.height() < AXIS_HEIGHT + 30.0 {
        return;
    }
    ui.allocate_rect(area, eframe::egui::Sense::hover());
    if cx.session.schema.as_ref().is_some_and(|schema| schema.extent.is_none() && schema.records > 0) {
        undated::undated_ui(ui, cx, area);
        return;
    }
    let rooms = Rooms::of(area, !cx.around.is_picture, cx.session.place.brush.is_some());
    let scale = TimeScale::new(cx.session.place.window, rooms.plot.left(), rooms.plot.width());
    let mut memory = Memory::load(ui);
    let query = scene::lanes_query(cx.session, &scale);
    cx.questions.ask(crate::session::Slot::Lanes, crate::query::Query::Lanes(query.clone()));
    memory.note_staleness(ui, cx, &query);

    if rooms.minimap.height() > 0.0 {
        minimap::minimap_ui(ui, cx, rooms.minimap, &scale, &mut memory);
    }
    let ticks = time_ticks(&scale, cx.session.document.zone);
    ui.painter().rect_filled(rooms.lanes, 0.0, cx.theme.panel);
    paint_time_grid(&ui.painter_at(rooms.plot), cx.theme, &scale, &ticks, rooms.plot.y_range());
    if let Some(scene) = Scene::at_hand(ui, cx, &rooms, scale, &mut memory) {
        let hit = gestures::plot_ui(ui, cx, &scene, &mut memory);
        lanes::paint_lanes(ui, cx, &scene);
        marks::marks_ui(ui, cx, &scene);
        marks::unseen_ui(ui, cx, &scene);
        let counts_right = gutter::counts_right(ui, &scene);
        gutter::gutter_ui(ui, cx, &scene, counts_right, &mut memory);
        overlays::overlays(ui, cx, &scene);
        brush::brush_edges_ui(ui, cx, &rooms, &scale, &mut memory);
        axis_ui(ui, cx, &rooms, &scale, (&ticks, counts_right), &mut memory);
        overlays::flags(ui, cx, &scene, rooms.axis);
        brush::brush_flag(ui, cx, &rooms, &scale);
        empty_ui(ui, cx, &scene);
        hover_card::hover_card_ui(ui, cx, hit);
        name_canvas(ui, cx, &scene, &rooms);
    } else {
        axis_ui(ui, cx, &rooms, &scale, (&ticks, rooms.plot.left() - 8.0), &mut memory);
    }
    if rooms.strip.height() > 0.0 {
        brush::brush_strip_ui(ui, cx, rooms.strip);
    }
    memory.store(ui);
}

/// The axis with its head on the left.
fn axis_ui(
    ui: &Ui,
    cx: &mut Cx<'_>,
    rooms: &Rooms,
    scale: &TimeScale,
    (ticks, counts_right): (&[crate::time::Tick], f32),
    memory: &mut Memory,
) {
    let theme = cx.theme;
    let painter = ui.painter_at(rooms.axis);
    painter.rect_filled(rooms.axis, 0.0, theme.panel);
    let row = Rect::from_min_max(pos2(rooms.plot.left(), rooms.axis.top()), rooms.axis.max);
    paint_time_axis(ui, theme, row, scale, ticks, cx.session.document.zone);
    let middle = rooms.axis.center().y;
    let left = pos2(rooms.axis.left() + 21.0, middle);
    painter.text(left, Align2::LEFT_CENTER, "Lane", font::label(), theme.text3);
    let word = if memory.is_long_stale { "updating…" } else { "records" };
    painter.text(pos2(counts_right, middle), Align2::RIGHT_CENTER, word, font::label(), theme.text3);
    let bottom = hairline(&painter, rooms.axis.bottom() - 0.5);
    painter.hline(rooms.axis.x_range(), bottom, Stroke::new(1.0, theme.line));
    if !cx.around.is_still {
        gestures::axis_gestures(ui, cx, row, scale, memory);
    }
}

/// What stands in the lanes when no record does.
fn empty_ui(ui: &mut Ui, cx: &mut Cx<'_>, scene: &Scene<'_>) {
    let answer = scene.answer;
    let (title, help) = if answer.matching == 0 {
        ("No record matches", "The filter leaves nothing over.".to_owned())
    } else if answer.undated == answer.matching {
        ("No record that matches has a date", undated::in_the_table(answer.matching))
    } else {
        return;
    };
    let theme = cx.theme;
    let at = scene.rooms.plot.center();
    let painter = ui.painter_at(scene.rooms.lanes);
    painter.rect_filled(scene.rooms.plot, 0.0, theme.panel);
    painter.text(at - eframe::egui::vec2(0.0, 26.0), Align2::CENTER_CENTER, title, font::semibold(15.0), theme.text1);
    painter.text(at - eframe::egui::vec2(0.0, 4.0), Align2::CENTER_CENTER, help, font::body(), theme.text2);
    if answer.matching > 0 {
        return;
    }
    if cx.session.document.filter != crate::query::Filter::All {
        let button = Rect::from_center_size(at + eframe::egui::vec2(0.0, 26.0), eframe::egui::vec2(110.0, 26.0));
        let mut child = ui.new_child(
            eframe::egui::UiBuilder::new()
                .max_rect(button)
                .layout(eframe::egui::Layout::centered_and_justified(eframe::egui::Direction::LeftToRight)),
        );
        if widgets::primary_button(&mut child, theme, "Clear filter").clicked() {
            cx.send(Edit::ClearFilter);
        }
    }
}

/// Names the whole for screen readers and tests.
fn name_canvas(ui: &Ui, cx: &Cx<'_>, scene: &Scene<'_>, rooms: &Rooms) {
    let response = ui.interact(
        Rect::from_min_size(rooms.axis.min, eframe::egui::Vec2::ZERO),
        ui.scope_id().with("canvas"),
        eframe::egui::Sense::empty(),
    );
    let lanes = scene.picture.lanes.len();
    let time = crate::time::format_span(cx.session.place.window, cx.session.document.zone);
    let word = if lanes == 1 { "lane" } else { "lanes" };
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, format!("Timeline, {lanes} {word}, {time}")));
}

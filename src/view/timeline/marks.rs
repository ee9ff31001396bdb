//! Paints the marks and makes each one reachable: by pointer, by screen reader, by the menu of the right button.

use eframe::egui::{Color32, CursorIcon, Popup, Pos2, Rect, Role, Sense, Ui, Vec2, WidgetInfo, vec2};

use super::scene::Scene;
use super::{Cx, gestures, menus};
use crate::layout::{LanePicture, PlacedMark, TailLine, badge_text, figure_text, is_selected, mark_look, mark_title};
use crate::query::Mark;
use crate::session::{Edit, Navigate};
use crate::view::marks::{MarkPaint, RADIUS_TIMELINE, mark_shapes};
use crate::view::theme::font;

/// The most marks that screen readers and tests can reach one by one.
const REACHABLE_MAX: usize = 300;
/// The side of what the pointer has to hit.
const HIT_SIDE: f32 = 12.0;
/// How much closer a click on a count goes where all rows are shown.
const GO_CLOSER: f64 = 3.0;

/// A mark on the screen.
struct Seen<'a> {
    mark: &'a Mark,
    at: Pos2,
    paint: MarkPaint,
}

/// Paints the marks in view, heavier ones over lighter ones, and takes what is clicked.
pub(super) fn marks_ui(ui: &Ui, cx: &mut Cx<'_>, scene: &Scene<'_>) {
    let seen = marks_in_view(cx, scene);
    let plot = scene.rooms.plot;
    let painter = ui.painter_at(Rect::from_min_max(plot.min - vec2(8.0, 0.0), plot.max + vec2(10.0, 0.0)));
    let mut shapes = Vec::with_capacity(seen.len() * 2);
    for one in &seen {
        shapes.extend(mark_shapes(cx.theme, one.at, &one.paint));
    }
    painter.extend(shapes);
    for one in seen.iter().filter(|one| one.mark.articles > 1) {
        let reach = if one.paint.is_selected { 9.0 } else { 4.0 };
        let galley = painter.layout_no_wrap(badge_text(one.mark.articles), font::regular(9.0), cx.theme.text3);
        painter.galley(one.at + vec2(reach, -galley.size().y / 2.0 - 2.0), galley, Color32::PLACEHOLDER);
    }
    if cx.around.is_still {
        return;
    }
    let reachable = seen.iter().rev().filter(|one| plot.contains(one.at)).take(REACHABLE_MAX);
    for one in reachable {
        reach_ui(ui, cx, one);
    }
}

fn marks_in_view<'a>(cx: &Cx<'_>, scene: &Scene<'a>) -> Vec<Seen<'a>> {
    let wide = scene.rooms.plot.x_range().expand(1.0);
    let mut seen = Vec::new();
    for (picture, _) in scene.lanes_in_view() {
        for placed in &picture.placed().marks {
            let at = scene.mark_pos(picture, placed);
            if !wide.contains(at.x) {
                continue;
            }
            let Some(mark) = scene.mark(picture, placed.mark) else { continue };
            let is_hovered = cx.session.hover_row.is_some_and(|row| stands_for(mark, row));
            let paint = MarkPaint {
                look: mark_look(mark.kind, mark.figure.as_ref(), mark.status),
                radius: RADIUS_TIMELINE,
                colour: cx.theme.category(mark.colour),
                is_hovered,
                is_selected: is_selected(mark, &cx.session.place.selection),
            };
            seen.push(Seen { mark, at, paint });
        }
    }
    seen.sort_by_key(|one| (one.paint.is_selected, one.paint.is_hovered));
    seen
}

/// Does a mark stand for this record?
fn stands_for(mark: &Mark, row: crate::data::Row) -> bool {
    mark.row == row || mark.folded.contains(&row)
}

/// What a mark is called: its title and its figure.
pub(super) fn mark_name(mark: &Mark) -> String {
    let figure = mark.figure.as_ref().filter(|figure| figure.band.is_some()).map(figure_text);
    match (mark_title(mark).map(std::borrow::Cow::into_owned), figure) {
        (Some(title), Some(figure)) if title != figure => format!("{title}, {figure}"),
        (Some(title), _) => title,
        (None, Some(figure)) => figure,
        (None, None) => format!("Record without a title, {}", crate::time::format_day(mark.anchor)),
    }
}

fn reach_ui(ui: &Ui, cx: &mut Cx<'_>, one: &Seen<'_>) {
    let rect = Rect::from_center_size(one.at, Vec2::splat(HIT_SIDE));
    let response = ui.interact(rect, ui.scope_id().with(("mark", one.mark.row)), Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, one.paint.is_selected, mark_name(one.mark)));
    if response.clicked() || response.double_clicked() {
        gestures::click_mark(ui, cx, one.mark, response.double_clicked());
    }
    // A menu costs a look into memory even while it is closed, and there are hundreds of marks.
    if response.secondary_clicked() || response.contains_pointer() || Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response)) {
        response.context_menu(|ui| menus::mark_menu(ui, cx, one.mark));
    }
}

/// The counts of marks that nobody sees: a click shows all rows, or goes closer where they are shown already.
pub(super) fn unseen_ui(ui: &Ui, cx: &mut Cx<'_>, scene: &Scene<'_>) {
    if cx.around.is_still {
        return;
    }
    for (picture, lane) in scene.lanes_in_view() {
        let y = scene.lane_range(picture).max - 6.0;
        let is_expanded = cx.session.document.expanded.contains(&lane.value);
        for (place, (x, count)) in scene.unseen(picture).into_iter().enumerate() {
            let rect = Rect::from_center_size(Pos2::new(x, y), vec2(24.0, 12.0));
            let response = ui.interact(rect, ui.scope_id().with(("unseen", picture.lane, place)), Sense::CLICK);
            let what = if is_expanded { "go closer" } else { "show all rows" };
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{count} more: {what}")));
            if response.clicked() && is_expanded {
                cx.send(Navigate::Zoom(GO_CLOSER, Some(scene.scale.time_from_x(x))));
            } else if response.clicked() {
                cx.send(Edit::ToggleExpanded(lane.value.clone()));
            }
            let tip = format!("{count} more here. Click to {what}.");
            response.on_hover_text(tip).on_hover_cursor(CursorIcon::PointingHand);
        }
    }
}

/// How far above and below a bar the pointer is on it.
const TAIL_REACH: f32 = 3.5;

/// The mark under the pointer: the nearest one, else the one whose label it is, else the one whose time it is.
pub(super) fn mark_at<'a>(scene: &Scene<'a>, pointer: Pos2) -> Option<(&'a Mark, Pos2)> {
    if !scene.rooms.plot.expand2(vec2(8.0, 0.0)).contains(pointer) {
        return None;
    }
    let (picture, _) = scene.lanes_in_view().find(|(picture, _)| scene.lane_range(picture).contains(pointer.y))?;
    let nearest = picture.placed().marks.iter().rev().map(|placed| (placed, scene.mark_pos(picture, placed)));
    let nearest = nearest.min_by(|one, other| one.1.distance_sq(pointer).total_cmp(&other.1.distance_sq(pointer)));
    let hit = nearest.filter(|(_, at)| (at.x - pointer.x).abs() <= 7.5 && (at.y - pointer.y).abs() <= 7.5);
    let (placed, at) = hit.or_else(|| label_at(scene, picture, pointer)).or_else(|| tail_at(scene, picture, pointer))?;
    Some((scene.mark(picture, placed.mark)?, at))
}

/// The mark whose bar or hairline is there, however far off it stands itself; of several the nearest one.
fn tail_at<'p>(scene: &Scene<'_>, picture: &'p LanePicture, pointer: Pos2) -> Option<(&'p PlacedMark, Pos2)> {
    let is_there = |placed: &&PlacedMark| {
        let (from, to) = placed.tail.map_or((0.0, 0.0), TailLine::extent);
        (scene.x(from)..=scene.x(to)).contains(&pointer.x) && (scene.row_y(picture, placed.row) - pointer.y).abs() <= TAIL_REACH
    };
    let distance = |placed: &PlacedMark| (scene.x(placed.x) - pointer.x).abs();
    let marks = picture.placed().marks.iter().filter(|placed| placed.tail.is_some()).filter(is_there);
    let nearest = marks.min_by(|one, other| distance(one).total_cmp(&distance(other)))?;
    Some((nearest, Pos2::new(pointer.x, scene.row_y(picture, nearest.row))))
}

fn label_at<'p>(scene: &Scene<'_>, picture: &'p LanePicture, pointer: Pos2) -> Option<(&'p PlacedMark, Pos2)> {
    let hit = |label: &&crate::layout::PlacedLabel| {
        let left = scene.label_x(label);
        (left..=left + label.width).contains(&pointer.x) && (scene.row_y(picture, label.row) - pointer.y).abs() <= 6.0
    };
    let label = picture.placed().labels.iter().find(hit)?;
    let placed = picture.placed().marks.iter().find(|placed| placed.mark == label.mark)?;
    Some((placed, scene.mark_pos(picture, placed)))
}

//! The left column of the lanes: expander, name, count, what lies left and right of the view; the foot, and the scroll bar.

use eframe::egui::{Align2, CursorIcon, Popup, Pos2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::memory::Memory;
use super::scene::{Scene, lane_name};
use super::{Cx, menus};
use crate::layout::{FOOT_HEIGHT, LaneForm, LanePicture, TimelinePicture, number_text};
use crate::query::{Lane, LanesAnswer};
use crate::session::{Edit, Navigate};
use crate::view::icons::icon;
use crate::view::theme::font;
use crate::view::widgets::{focus_ring, text_line};

/// Where the name of a lane starts.
const NAME_LEFT: f32 = 21.0;
/// The same where there is no expander before it.
const NAME_LEFT_PLAIN: f32 = 12.0;
/// From one line of a lane's head to the next.
const LINE: f32 = 15.0;
/// From the right end of a head to the column's edge, from a name to its count, and from a count to what lies left of the view.
const EDGE: f32 = 5.0;
const NAME_GAP: f32 = 4.0;
/// Beside a count, a name keeps so much room at least, or all that it needs.
const NAME_LEAST: f32 = 44.0;
/// A lane of this height has room for counts below its name.
const TWO_LINES: f32 = 36.0;
const BEFORE_GAP: f32 = 4.0;
const BEFORE_STEP: f32 = 8.0;
/// Room for the pin before a name.
const PIN_WIDTH: f32 = 13.0;
/// The part of a window that a click on a count moves by.
const STEP_PART: f64 = 0.8;

/// Where the counts of all lanes end: they stand under each other, with room behind them for what lies left of the view.
pub(super) fn counts_right(ui: &Ui, scene: &Scene<'_>) -> f32 {
    let widest = |(picture, lane): (&LanePicture, &Lane)| match scene.sides(picture, lane).before {
        0 => 0.0,
        before => scene.letters.micro(ui, &before_text(before)) + BEFORE_GAP,
    };
    // In steps, so that counts stand still while the view moves a little.
    let room = (scene.lanes_in_view().map(widest).fold(0.0, f32::max) / BEFORE_STEP).ceil() * BEFORE_STEP;
    scene.rooms.plot.left() - 1.0 - EDGE - room
}

/// Draws the heads of the lanes, with their counts up to a place.
pub(super) fn gutter_ui(ui: &mut Ui, cx: &mut Cx<'_>, scene: &Scene<'_>, counts_right: f32, memory: &mut Memory) {
    let lanes = scene.rooms.lanes;
    let column = Rect::from_min_max(lanes.min, pos2(scene.rooms.plot.left() - 1.0, lanes.bottom()));
    let mut child = ui.new_child(eframe::egui::UiBuilder::new().id_salt("gutter").max_rect(lanes));
    child.set_clip_rect(lanes.intersect(ui.clip_rect()));
    let name_left = if cx.around.is_picture { NAME_LEFT_PLAIN } else { NAME_LEFT };
    let peak = |(picture, lane): (&LanePicture, &Lane)| {
        let cells = scene.columns.within(&lane.cells, scene.scale.window);
        (picture.form == LaneForm::Histogram && !cells.is_empty())
            .then(|| (scene.columns.peak_text(cells), peak_room(ui, scene, (picture, lane), column.width() - name_left)))
    };
    let mut peaks: Vec<Option<(String, f32)>> = scene.lanes_in_view().map(peak).collect();
    // In narrow windows: rather a short word for days, in all lanes, than half of the long one in some.
    if peaks.iter().flatten().any(|(text, room)| scene.letters.micro(ui, text) > *room) {
        peaks.iter_mut().flatten().for_each(|(text, _)| *text = text.replace(" days", " d"));
    }
    for ((picture, lane), peak) in scene.lanes_in_view().zip(peaks) {
        let range = scene.lane_range(picture);
        let rect = Rect::from_x_y_ranges(column.x_range(), range);
        let third_line = head_ui(&child, cx, scene, (picture, lane), (rect, counts_right), peak);
        after_ui(&child, cx, scene, (picture, lane), third_line.map(|y| pos2(rect.right() - EDGE, y)));
    }
    foot_ui(&child, cx, scene);
    scroll_bar(&child, cx, scene, memory);
}

/// One lane's head, with what is said of its highest column and the room for that; returns where its third line is, where it has one.
fn head_ui(
    ui: &Ui,
    cx: &mut Cx<'_>,
    scene: &Scene<'_>,
    (picture, lane): (&LanePicture, &Lane),
    (rect, counts_right): (Rect, f32),
    peak: Option<(String, f32)>,
) -> Option<f32> {
    let theme = cx.theme;
    let name = lane_name(cx.session, lane);
    let hit = rect.shrink2(vec2(0.0, 0.5));
    let response = ui.interact(hit, ui.scope_id().with(("lane", &lane.value)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name}, {} records", number_text(lane.total as f64))));
    let is_hovered = response.contains_pointer();
    if is_hovered && !cx.around.is_still {
        ui.painter().rect_filled(rect.with_max_y(rect.bottom() - 1.0), 0.0, theme.hover);
    }
    focus_ring(ui, theme, &response, rect.shrink(4.0), 3.0);
    let y = if picture.form == LaneForm::Folded { rect.center().y - 0.5 } else { rect.top() + 10.0 };
    let name_left = if cx.around.is_picture { NAME_LEFT_PLAIN } else { NAME_LEFT };
    if !cx.around.is_picture {
        let arrow = if picture.form == LaneForm::Folded { "chevron_right" } else { "expand_more" };
        ui.painter().text(pos2(rect.left() + 11.0, y), Align2::CENTER_CENTER, icon(arrow), font::icon(14.0), theme.text3);
    }
    let face = font::medium(12.0);
    let pin = if cx.session.document.pinned.contains(&lane.value) { PIN_WIDTH } else { 0.0 };
    let name_width = scene.letters.name(ui, &name) + pin + name_left;
    let count = ui.painter().layout_no_wrap(number_text(lane.total as f64), font::label(), theme.text3);
    let before = scene.sides(picture, lane).before;
    let count_left = counts_right - count.size().x;
    // A long name has the first line for itself.
    let counts_y = if has_two_lines(picture) && rect.left() + name_width + NAME_GAP > count_left { y + LINE } else { y };
    let right = rect.right() - EDGE;
    if before > 0 {
        before_ui(ui, cx, lane, before, right, counts_y);
    }
    let has_one_line = counts_y == y;
    // A name of which nothing would be left is worth more than the count beside it.
    let is_tight = has_one_line && rect.left() + name_width.min(name_left + pin + NAME_LEAST) + NAME_GAP > count_left;
    let before_left = if before > 0 { right - scene.letters.micro(ui, &before_text(before)) } else { right };
    let mut name_room = match (has_one_line, is_tight) {
        (false, _) => right,
        (true, true) => before_left - NAME_GAP,
        (true, false) => count_left - NAME_GAP,
    };
    let has_menu = is_hovered && !cx.around.is_still;
    if has_menu {
        // The button takes the place of the count, so that what lies left of the view can still be clicked.
        let middle = if has_one_line { counts_right - 8.0 } else { right - 8.0 };
        more_ui(ui, cx, lane, &name, pos2(middle, y));
        name_room = name_room.min(middle - 10.0);
    }
    if !(is_tight || has_menu && has_one_line) {
        ui.painter().galley(pos2(count_left, counts_y - count.size().y / 2.0), count, theme.text3);
    }
    let left = rect.left() + name_left;
    if pin > 0.0 {
        ui.painter().text(pos2(left + 5.0, y), Align2::CENTER_CENTER, icon("push_pin"), font::icon(14.0), theme.accent);
    }
    let colour = if lane.value.is_none() && cx.session.document.lane.is_some() { theme.text3 } else { theme.text1 };
    text_line(ui, left + pin, y, &name, face, colour, name_room - left - pin);
    let third_line = peak.map(|peak| (counts_y + LINE, peak)).filter(|(y, _)| y + 8.0 < rect.bottom()).map(|(y, (text, room))| {
        text_line(ui, left, y, &text, font::micro(), theme.text3, room);
        y
    });
    response.context_menu(|ui| menus::lane_menu(ui, cx, lane, &name));
    if response.clicked() {
        cx.send(Edit::ToggleCollapsed(lane.value.clone()));
    }
    response.on_hover_cursor(CursorIcon::PointingHand);
    third_line
}

/// Is there room for counts below the name?
fn has_two_lines(picture: &LanePicture) -> bool {
    picture.form != LaneForm::Folded && picture.height >= TWO_LINES
}

/// The room for what is said of the highest column, in a head that is so wide: beside what lies right of the view.
fn peak_room(ui: &Ui, scene: &Scene<'_>, (picture, lane): (&LanePicture, &Lane), width: f32) -> f32 {
    let after = scene.sides(picture, lane).after;
    let after_width = if after > 0 { scene.letters.micro(ui, &after_text(after)) + 6.0 } else { 0.0 };
    width - 6.0 - after_width
}

/// The button that opens the menu of a lane.
fn more_ui(ui: &Ui, cx: &mut Cx<'_>, lane: &Lane, name: &str, at: Pos2) {
    let dots = Rect::from_center_size(at, vec2(20.0, 20.0));
    let more = ui.interact(dots, ui.scope_id().with(("lane-more", &lane.value)), Sense::click());
    ui.painter().text(dots.center(), Align2::CENTER_CENTER, icon("more_horiz"), font::icon(16.0), cx.theme.text2);
    more.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Menu of lane {name}")));
    Popup::menu(&more).show(|ui| menus::lane_menu(ui, cx, lane, name));
}

/// The count of records left of the view; a click goes there.
fn before_ui(ui: &Ui, cx: &mut Cx<'_>, lane: &Lane, count: u64, right: f32, y: f32) {
    let galley = ui.painter().layout_no_wrap(before_text(count), font::micro(), cx.theme.text3);
    let left = right - galley.size().x;
    let rect = Rect::from_min_max(pos2(left - 3.0, y - 10.0), pos2(right + 3.0, y + 10.0));
    ui.painter().galley(pos2(left, y - galley.size().y / 2.0), galley, cx.theme.text3);
    if !cx.around.is_still {
        let response = ui.interact(rect, ui.scope_id().with(("before", &lane.value)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{} earlier", number_text(count as f64))));
        if response.clicked() {
            cx.send(Navigate::Pan(-STEP_PART));
        }
        response.on_hover_text(format!("{} records before this view", number_text(count as f64)));
    }
}

/// The count of records right of the view: at the right end of the lane's edge, but in the head of a lane that is full of columns.
fn after_ui(ui: &Ui, cx: &mut Cx<'_>, scene: &Scene<'_>, (picture, lane): (&LanePicture, &Lane), in_head: Option<Pos2>) {
    let sides = scene.sides(picture, lane);
    if sides.after == 0 {
        return;
    }
    let galley = ui.painter().layout_no_wrap(after_text(sides.after), font::micro(), cx.theme.text3);
    // The scroll bar, where there is one, has the edge.
    let edge = scene.rooms.plot.right() + if has_scroll_bar(cx, scene) { -2.0 } else { 6.0 };
    let right_middle = in_head.unwrap_or_else(|| pos2(edge, scene.lane_range(picture).max - 7.0));
    let rect = Align2::RIGHT_CENTER.anchor_size(right_middle, galley.size());
    if in_head.is_none() {
        ui.painter().rect_filled(rect.expand2(vec2(3.0, 0.0)), 2.0, cx.theme.panel);
    }
    ui.painter().galley(rect.min, galley, cx.theme.text3);
    if !cx.around.is_still {
        let response = ui.interact(rect.expand(3.0), ui.scope_id().with(("after", &lane.value)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{} later", number_text(sides.after as f64))));
        if response.clicked() {
            cx.send(Navigate::Pan(STEP_PART));
        }
        response.on_hover_text(format!("{} records after this view", number_text(sides.after as f64)));
    }
}

fn before_text(count: u64) -> String {
    format!("‹{}", short_count(count))
}

fn after_text(count: u64) -> String {
    format!("{}›", short_count(count))
}

/// A count in few letters.
fn short_count(count: u64) -> String {
    match count {
        0..=9_999 => number_text(count as f64),
        10_000..=999_999 => format!("{}k", count / 1_000),
        _ => format!("{}M", count / 1_000_000),
    }
}

/// The height that the foot takes below the lanes.
pub(super) fn foot_height(picture: &TimelinePicture, answer: &LanesAnswer) -> f32 {
    if picture.hidden > 0 || answer.lanes_total > answer.lanes.len() as u64 { FOOT_HEIGHT } else { 0.0 }
}

/// The line below the lanes: lanes that are hidden or beyond the limit.
fn foot_ui(ui: &Ui, cx: &mut Cx<'_>, scene: &Scene<'_>) {
    let (picture, answer) = (&scene.picture, scene.answer);
    if foot_height(picture, answer) == 0.0 {
        return;
    }
    let theme = cx.theme;
    let y = scene.rooms.lanes.top() + picture.height - scene.scroll + FOOT_HEIGHT / 2.0;
    let mut left = scene.rooms.lanes.left() + 12.0;
    let word = if picture.hidden == 1 { "lane" } else { "lanes" };
    if picture.hidden > 0 && cx.around.is_picture {
        let text = format!("{} {word} not shown ({} records)", picture.hidden, number_text(picture.hidden_records as f64));
        left = text_line(ui, left, y, &text, font::label(), theme.text3, 400.0) + 16.0;
    } else if picture.hidden > 0 {
        let text = format!("{} {word} hidden ({} records) ·", picture.hidden, number_text(picture.hidden_records as f64));
        left = text_line(ui, left, y, &text, font::label(), theme.text3, 400.0) + 4.0;
        let end = text_line(ui, left, y, "show", font::label(), theme.accent, 100.0);
        let rect = Rect::from_min_max(pos2(left - 2.0, y - 10.0), pos2(end + 2.0, y + 10.0));
        let response = ui.interact(rect, ui.scope_id().with("show-hidden"), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, "Show hidden lanes"));
        if response.clicked() {
            cx.send(Edit::ShowAllLanes);
        }
        response.on_hover_cursor(CursorIcon::PointingHand);
        left = end + 16.0;
    }
    let beyond = answer.lanes_total.saturating_sub(answer.lanes.len() as u64);
    if beyond > 0 {
        text_line(ui, left, y, &format!("{} further lanes are not shown", number_text(beyond as f64)), font::label(), theme.text3, 400.0);
    }
}

/// How high all lanes are together.
fn whole_height(scene: &Scene<'_>) -> f32 {
    scene.picture.height + foot_height(&scene.picture, scene.answer)
}

fn has_scroll_bar(cx: &Cx<'_>, scene: &Scene<'_>) -> bool {
    whole_height(scene) > scene.rooms.lanes.height() && !cx.around.is_still
}

/// A thin bar on the right where lanes do not all fit.
fn scroll_bar(ui: &Ui, cx: &Cx<'_>, scene: &Scene<'_>, memory: &mut Memory) {
    if !has_scroll_bar(cx, scene) {
        return;
    }
    let (room, height) = (scene.rooms.lanes, whole_height(scene));
    let track = Rect::from_min_max(pos2(room.right() - 8.0, room.top() + 2.0), pos2(room.right() - 2.0, room.bottom() - 2.0));
    let size = (track.height() * room.height() / height).max(24.0);
    let travel = track.height() - size;
    let top = track.top() + travel * memory.scroll / (height - room.height());
    let thumb = Rect::from_min_size(pos2(track.left(), top), vec2(track.width(), size));
    let response = ui.interact(track.expand2(vec2(2.0, 0.0)), ui.scope_id().with("lanes-scroll"), Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, "Scroll lanes"));
    if response.dragged() {
        memory.scroll += response.drag_delta().y * (height - room.height()) / travel.max(1.0);
    }
    let colour = if response.hovered() || response.dragged() { cx.theme.text3 } else { cx.theme.line2 };
    ui.painter().rect_filled(thumb, 3.0, colour);
    let y = room.bottom() - 0.5;
    ui.painter().hline(room.x_range(), y, Stroke::new(1.0, cx.theme.line));
}

//! Paints the lanes: dividers, densities, tails, labels and counts of what found no row.

use eframe::egui::{Align2, Color32, Mesh, Painter, Pos2, Rangef, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::Cx;
use super::scene::Scene;
use crate::layout::{LABELS_MAX, LaneForm, LanePicture, PlacedLabel, TailLine, fit_text, is_selected, mark_title};
use crate::query::{Cell, Lane, Mark};
use crate::view::axis::{column_edges, hairline};
use crate::view::theme::{Theme, font};

/// The height of the rug at the lower edge of a lane.
const RUG_HEIGHT: f32 = 7.0;
/// So many records in a cell make the rug as high as it gets.
const RUG_FULL: u32 = 12;
/// How high the rug is over a single record, as a part of its height.
const RUG_LEAST: f32 = 0.4;
/// The height of the density of a folded lane.
const FOLDED_RUG_HEIGHT: f32 = 17.0;
/// Air above the columns of a histogram.
const HISTOGRAM_AIR: f32 = 5.0;

/// Paints the lanes, without their marks.
pub(super) fn paint_lanes(ui: &Ui, cx: &Cx<'_>, scene: &Scene<'_>) {
    let theme = cx.theme;
    let plot = scene.rooms.plot;
    let painter = ui.painter_at(Rect::from_min_max(plot.min, pos2(scene.rooms.lanes.right(), plot.bottom())));
    let mut densities = Mesh::default();
    for (picture, lane) in scene.lanes_in_view() {
        density(&mut densities, painter.pixels_per_point(), theme, scene, (picture, lane));
    }
    painter.add(Shape::mesh(densities));
    let mut labels_left = LABELS_MAX;
    for (picture, _) in scene.lanes_in_view() {
        tails(&painter, theme, scene, picture);
        labels(ui, &painter, theme, scene, picture, &cx.session.place.selection, &mut labels_left);
        unseen(&painter, theme, scene, picture);
    }
    let whole = ui.painter_at(scene.rooms.lanes);
    for (picture, _) in scene.lanes_in_view() {
        let y = hairline(&whole, scene.lane_range(picture).max - 1.0);
        whole.hline(scene.rooms.lanes.x_range(), y, Stroke::new(1.0, theme.line));
    }
    let x = hairline(&whole, plot.left() - 1.0);
    whole.vline(x, scene.rooms.lanes.y_range(), Stroke::new(1.0, theme.line));
}

/// The density of a lane: a small area at its lower edge, or columns over all of it.
fn density(mesh: &mut Mesh, pixels_per_point: f32, theme: &Theme, scene: &Scene<'_>, (picture, lane): (&LanePicture, &Lane)) {
    let range = scene.lane_range(picture);
    let bottom = range.max - 2.0;
    let cells = scene.columns.within(&lane.cells, scene.scale.window);
    let height = match picture.form {
        LaneForm::Marks => return rug(mesh, theme.density[2], scene, cells, bottom),
        LaneForm::Folded => FOLDED_RUG_HEIGHT,
        LaneForm::Histogram => range.span() - HISTOGRAM_AIR - 2.0,
    };
    let most = scene.columns.highest(cells);
    let plot = scene.rooms.plot;
    for cell in cells {
        let span = scene.columns.span(cell.index);
        let left = scene.scale.x_from_time(span.start).max(plot.left());
        let right = scene.scale.x_from_time(span.end).min(plot.right());
        let part = scene.columns.height(cell) / most;
        let (tall, colour) = match picture.form {
            LaneForm::Folded => ((0.2 + 0.8 * part.sqrt()) * height, theme.density[3]),
            _ => ((part * height).max(1.5), theme.density[2 + (part * 2.99) as usize]),
        };
        if right > left + 0.8 {
            let x = column_edges(pixels_per_point, left, right);
            mesh.add_colored_rect(Rect::from_x_y_ranges(x, Rangef::new(bottom - tall, bottom)), colour);
        }
    }
}

/// A small area: from the middle of each cell to the next, and down to nothing beside the empty ones.
fn rug(mesh: &mut Mesh, colour: Color32, scene: &Scene<'_>, cells: &[Cell], bottom: f32) {
    let plot = scene.rooms.plot;
    let bucket = scene.query.bucket;
    let half = (bucket.width_us() as f64 / scene.scale.us_per_point() / 2.0) as f32;
    let middle = |index: i64| scene.scale.x_from_time(bucket.start(index)) + half;
    let part = |count: u32| ((count.clamp(1, RUG_FULL) - 1) as f32 / (RUG_FULL - 1) as f32).sqrt();
    let tall = |count: u32| RUG_HEIGHT * (RUG_LEAST + (1.0 - RUG_LEAST) * part(count));
    for (place, cell) in cells.iter().enumerate() {
        let next = cells.get(place + 1).filter(|next| next.index == cell.index + 1);
        let has_previous = place > 0 && cells[place - 1].index == cell.index - 1;
        let at = (middle(cell.index), tall(cell.count));
        if !has_previous {
            slope(mesh, plot.x_range(), bottom, colour, [(at.0 - half * 2.0, 0.0), at]);
        }
        let to = next.map_or((at.0 + half * 2.0, 0.0), |next| (middle(next.index), tall(next.count)));
        slope(mesh, plot.x_range(), bottom, colour, [at, to]);
    }
}

/// The area under a line between two places (across, height), as far as it lies in view.
fn slope(mesh: &mut Mesh, clip: Rangef, bottom: f32, colour: Color32, [from, to]: [(f32, f32); 2]) {
    let width = to.0 - from.0;
    let (left, right) = (from.0.max(clip.min), to.0.min(clip.max));
    if right <= left || width <= 0.0 {
        return;
    }
    let height = |x: f32| from.1 + (to.1 - from.1) * (x - from.0) / width;
    let first = mesh.vertices.len() as u32;
    for (x, y) in [(left, bottom), (left, bottom - height(left)), (right, bottom - height(right)), (right, bottom)] {
        mesh.colored_vertex(pos2(x, y), colour);
    }
    mesh.add_triangle(first, first + 1, first + 2);
    mesh.add_triangle(first, first + 2, first + 3);
}

fn tails(painter: &Painter, theme: &Theme, scene: &Scene<'_>, picture: &LanePicture) {
    let plot = scene.rooms.plot;
    let mut mesh = Mesh::default();
    for placed in &picture.placed().marks {
        let Some(tail) = placed.tail else { continue };
        let Some(mark) = scene.mark(picture, placed.mark) else { continue };
        let (from, to) = tail.extent();
        let (left, right) = (scene.x(from), scene.x(to));
        if right < plot.left() || left > plot.right() {
            continue;
        }
        let y = scene.row_y(picture, placed.row);
        let colour = theme.category(mark.colour);
        tail_line(&mut mesh, painter, theme, tail, (left, right), y, colour, plot.x_range());
    }
    painter.add(Shape::mesh(mesh));
}

#[allow(clippy::too_many_arguments, reason = "one line with its place, colour and limits")]
fn tail_line(
    mesh: &mut Mesh,
    painter: &Painter,
    theme: &Theme,
    tail: TailLine,
    (left, right): (f32, f32),
    y: f32,
    colour: Color32,
    clip: Rangef,
) {
    let from = left.max(clip.min - 8.0);
    let to = right.min(clip.max + 12.0);
    let soft = theme.faded(colour, 0.8);
    let line = |mesh: &mut Mesh, from: f32, to: f32| {
        mesh.add_colored_rect(Rect::from_min_max(pos2(from, y - 0.5), pos2(to, y + 0.5)), soft);
    };
    match tail {
        TailLine::Bar(..) => mesh.add_colored_rect(Rect::from_min_max(pos2(from, y - 1.5), pos2(to, y + 1.5)), colour.gamma_multiply(0.34)),
        TailLine::Within(..) => {
            dashes(mesh, Rangef::new(from, to), left, y, soft);
            for x in [left, right] {
                mesh.add_colored_rect(Rect::from_center_size(pos2(x, y), vec2(1.0, 6.0)), soft);
            }
        }
        TailLine::Near(..) => dashes(mesh, Rangef::new(from, to), left, y, soft),
        TailLine::Since(..) => {
            line(mesh, from, to - 4.0);
            painter.add(arrow_head(pos2(right, y), 1.0, colour));
        }
        TailLine::Until(..) => {
            line(mesh, from + 4.0, to);
            painter.add(arrow_head(pos2(left, y), -1.0, colour));
        }
    }
}

/// Dashes two on, two off, in step with where the line starts even when that is out of view.
fn dashes(mesh: &mut Mesh, range: Rangef, start: f32, y: f32, colour: Color32) {
    let first = ((range.min - start) / 4.0).floor().max(0.0);
    let mut x = start + first * 4.0;
    while x < range.max {
        mesh.add_colored_rect(Rect::from_min_max(pos2(x, y - 0.5), pos2((x + 2.0).min(range.max), y + 0.5)), colour);
        x += 4.0;
    }
}

fn arrow_head(tip: Pos2, sign: f32, colour: Color32) -> Shape {
    Shape::convex_polygon(vec![tip, tip + vec2(-5.0 * sign, -3.0), tip + vec2(-5.0 * sign, 3.0)], colour, Stroke::NONE)
}

fn labels(
    ui: &Ui,
    painter: &Painter,
    theme: &Theme,
    scene: &Scene<'_>,
    picture: &LanePicture,
    selection: &[crate::data::Row],
    labels_left: &mut usize,
) {
    let plot = scene.rooms.plot;
    for label in &picture.placed().labels {
        let left = scene.label_x(label);
        if left < plot.left() + 2.0 || left > plot.right() - 20.0 || *labels_left == 0 {
            continue;
        }
        let Some(mark) = scene.mark(picture, label.mark) else { continue };
        let is_bold = is_selected(mark, selection);
        let face = if is_bold { font::semibold(11.0) } else { font::label() };
        let colour = if is_bold { theme.text1 } else { theme.text2 };
        let Some(text) = text_in_view(ui, scene, label, mark, left) else { continue };
        let galley = painter.layout_no_wrap(text, face, colour);
        let y = scene.row_y(picture, label.row);
        let ground = Rect::from_min_size(pos2(left - 2.0, y - 6.0), vec2(galley.size().x + 4.0, 12.0));
        painter.rect_filled(ground, 0.0, theme.panel);
        painter.galley(pos2(left, y - galley.size().y / 2.0), galley, colour);
        *labels_left -= 1;
    }
}

/// The text of a label, cut again where the edge of the view would cut it.
fn text_in_view(ui: &Ui, scene: &Scene<'_>, label: &PlacedLabel, mark: &Mark, left: f32) -> Option<String> {
    let room = scene.rooms.lanes.right() - 2.0 - left;
    if label.width <= room {
        return Some(label.text.clone());
    }
    let title = mark_title(mark)?;
    let width = |text: &str| scene.letters.label(ui, text, label.is_selected);
    fit_text(&title, room.min(label.width), &width).map(|(text, _)| text)
}

/// Counts of marks that nobody sees, on the rug.
fn unseen(painter: &Painter, theme: &Theme, scene: &Scene<'_>, picture: &LanePicture) {
    let y = scene.lane_range(picture).max - 6.0;
    for (x, count) in scene.unseen(picture) {
        let galley = painter.layout_no_wrap(format!("+{count}"), font::semibold(9.0), theme.text1);
        let rect = Align2::CENTER_CENTER.anchor_size(pos2(x, y), galley.size());
        painter.rect_filled(rect.expand2(vec2(2.0, -1.0)), 0.0, theme.panel);
        painter.galley(rect.min, galley, theme.text1);
    }
}

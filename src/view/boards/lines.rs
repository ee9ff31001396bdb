//! A strip of running sums: step lines and bands by `egui_plot`, named at their ends.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Galley, Painter, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_plot::FilledArea;

use super::gestures::plot_gestures;
use super::plot::{plain_line, plot_point, plot_ui};
use super::questions::step_of;
use super::series::{nothing_text, series_colour, series_gutter, series_name, sum_text};
use super::strip::{Strip, elsewhere_ui, gutter_ui, over_marks, under_marks, value_grid};
use crate::layout::chart::{Area, LabelBox, LinesStrip, Obstacles, RunningLine, lines_strip, place_labels};
use crate::query::SeriesAnswer;
use crate::view::Cx;
use crate::view::marks::open_arrow;
use crate::view::theme::font;

/// What a strip keeps free above.
const AIR: f32 = 14.0;
/// The radius of the dot at the end of a line.
const DOT: f32 = 2.5;

/// Draws a strip of running sums.
pub(super) fn lines_ui(ui: &mut Ui, cx: &mut Cx<'_>, strip: &Strip<'_>, answer: &SeriesAnswer) {
    let step = step_of(strip.board, &strip.desk.scale);
    let laid = lines_strip(answer, step, strip.board.scale, &strip.frame(), AIR.min(strip.plot.height() / 3.0));
    let has_any = !laid.lines.is_empty();
    let gutter = series_gutter(strip, answer, laid.unit.clone(), laid.other_units);
    gutter_ui(ui, cx, strip, has_any.then_some(&laid.axis), if has_any { &laid.ticks } else { &[] }, &gutter);
    let response = plot_gestures(ui, cx, ui.scope_id().with(("lines", strip.index, strip.metric)), strip.plot, &strip.desk.scale);
    if has_any {
        value_grid(ui, cx, strip, &laid.axis, &laid.ticks);
    }
    under_marks(ui, cx, strip);
    lines_plot(ui, cx, strip, answer, &laid);
    let painter = ui.painter_at(strip.plot.expand2(vec2(8.0, 0.0)));
    paint_ends(ui, &painter, cx, strip, answer, &laid);
    over_marks(ui, cx, strip);
    if !has_any {
        let text = if answer.groups.is_empty() { nothing_text(answer) } else { "not begun in this stretch".to_owned() };
        elsewhere_ui(ui, cx, strip, &text, (0, None), (u64::from(laid.starts.is_some()), laid.starts));
    }
    point_ui(ui, cx, strip, answer, &laid, &response);
}

/// Bands and step lines, by `egui_plot`.
fn lines_plot(ui: &mut Ui, cx: &Cx<'_>, strip: &Strip<'_>, answer: &SeriesAnswer, laid: &LinesStrip) {
    let (scale, axis) = (strip.desk.scale, laid.axis);
    let mut areas: Vec<FilledArea> = Vec::new();
    let mut lines: Vec<(Vec<[f64; 2]>, Stroke)> = Vec::new();
    for line in &laid.lines {
        let Some(group) = answer.groups.get(line.group) else { continue };
        let colour = series_colour(cx.theme, answer, group);
        let xs: Vec<f64> = line.band.iter().map(|corner| plot_point(&scale, &axis, corner.0, corner.1)[0]).collect();
        let unit = |value: f64| plot_point(&scale, &axis, scale.window.start, value)[1];
        let lows: Vec<f64> = line.band.iter().map(|corner| unit(corner.1)).collect();
        let highs: Vec<f64> = line.band.iter().map(|corner| unit(corner.2)).collect();
        if lows != highs {
            areas.push(FilledArea::new("", &xs, &lows, &highs).fill_color(cx.theme.faded(colour, 0.18)).allow_hover(false));
        }
        let points = line.values.iter().map(|corner| plot_point(&scale, &axis, corner.0, corner.1)).collect();
        lines.push((points, Stroke::new(1.75, colour)));
    }
    plot_ui(ui, ui.scope_id().with(("line plot", strip.index, strip.metric)), strip.plot, &scale, &axis, move |plot| {
        for area in areas {
            plot.add(area);
        }
        for (points, stroke) in lines {
            plot.line(plain_line(points, stroke));
        }
    });
}

/// The dots at the ends of the lines, with names and sums.
fn paint_ends(ui: &Ui, painter: &Painter, cx: &Cx<'_>, strip: &Strip<'_>, answer: &SeriesAnswer, laid: &LinesStrip) {
    let place = |line: &RunningLine| pos2(strip.desk.scale.x_from_time(line.end.0), laid.axis.y_from_value(line.end.1));
    let mut boxes = Vec::new();
    let mut galleys: Vec<Arc<Galley>> = Vec::new();
    let mut obstacles = Obstacles::default();
    for (turn, line) in laid.lines.iter().enumerate() {
        let at = place(line);
        let galley = end_text(ui, cx, strip, answer, line);
        let above = if line.is_open_above { 11.0 } else { DOT + 1.0 };
        let weight = (laid.lines.len() - turn) as u32;
        let (width, height) = (galley.size().x, 12.0);
        boxes.push(LabelBox { x: at.x, y: at.y, above, below: DOT + 1.0, side: DOT + 1.0, width, shorter: [None; 2], height, weight });
        galleys.push(galley);
        obstacles.marks.push(Area::around(at.x, at.y, DOT));
        for pair in line.values.windows(2) {
            let x = |corner: &(crate::time::Time, f64)| strip.desk.scale.x_from_time(corner.0);
            let y = |corner: &(crate::time::Time, f64)| laid.axis.y_from_value(corner.1);
            let area = Area::new(x(&pair[0]), y(&pair[1]).min(y(&pair[0])), x(&pair[1]), y(&pair[0]).max(y(&pair[1])));
            obstacles.lines.push(area.grown(0.5, 1.0));
        }
    }
    let frame = Area::new(strip.plot.left() + 2.0, strip.plot.top(), strip.plot.right() + 8.0, strip.plot.bottom());
    for ((line, galley), placed) in laid.lines.iter().zip(galleys).zip(place_labels(&boxes, frame, &obstacles)) {
        let Some(group) = answer.groups.get(line.group) else { continue };
        let (at, colour) = (place(line), series_colour(cx.theme, answer, group));
        painter.circle(at, DOT + 0.5, colour, Stroke::new(1.0, cx.theme.panel));
        if line.is_open_above {
            painter.extend(open_arrow(at - vec2(0.0, DOT), true, colour));
        }
        let Some(placed) = placed else { continue };
        if let Some([from, to]) = placed.leader {
            painter.line_segment([from.into(), to.into()], Stroke::new(0.75, cx.theme.envelope_edge));
        }
        let rect = Rect::from_min_max(pos2(placed.area.left, placed.area.top), pos2(placed.area.right, placed.area.bottom));
        painter.rect_filled(rect, 0.0, cx.theme.panel.gamma_multiply(0.75));
        painter.galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, cx.theme.text1);
    }
}

fn end_text(ui: &Ui, cx: &Cx<'_>, strip: &Strip<'_>, answer: &SeriesAnswer, line: &RunningLine) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    let name = answer.groups.get(line.group).and_then(|group| series_name(strip, answer, group));
    if let Some(name) = name {
        job.append(&name, 0.0, TextFormat { font_id: font::chart(), color: cx.theme.text2, ..TextFormat::default() });
    }
    let gap = if job.text.is_empty() { 0.0 } else { 3.5 };
    let value = sum_text(&line.last, true);
    job.append(&value, gap, TextFormat { font_id: font::semibold(10.5), color: cx.theme.text1, ..TextFormat::default() });
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

/// The sums at the pointer, and each line for screen readers.
fn point_ui(ui: &Ui, cx: &Cx<'_>, strip: &Strip<'_>, answer: &SeriesAnswer, laid: &LinesStrip, response: &Response) {
    for line in &laid.lines {
        let Some(group) = answer.groups.get(line.group) else { continue };
        let name = series_name(strip, answer, group).unwrap_or_else(|| strip.name());
        let at = pos2(strip.desk.scale.x_from_time(line.end.0), laid.axis.y_from_value(line.end.1));
        let id = ui.scope_id().with(("line", strip.index, strip.metric, line.group));
        let node = ui.interact(Rect::from_center_size(at, vec2(12.0, 12.0)).intersect(ui.clip_rect()), id, Sense::hover());
        node.widget_info(|| WidgetInfo::labeled(Role::Figure, true, format!("{name}, up to here {}", sum_text(&line.last, false))));
    }
    let pointer = ui.input(|input| input.pointer.hover_pos()).filter(|_| response.contains_pointer() && !cx.around.is_still);
    let Some(at) = pointer.filter(|_| !laid.lines.is_empty()) else { return };
    let step = step_of(strip.board, &strip.desk.scale);
    let moment = strip.desk.scale.time_from_x(at.x);
    let theme = cx.theme;
    response.clone().on_hover_ui_at_pointer(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 2.0);
        let bucket = step.label(step.previous(moment));
        ui.label(eframe::egui::RichText::new(format!("up to {bucket}")).font(font::semibold(12.0)).color(theme.text1));
        for line in &laid.lines {
            let Some(group) = answer.groups.get(line.group) else { continue };
            let Some(point) = group.points.iter().rfind(|point| step.next(point.start) <= moment) else { continue };
            ui.horizontal(|ui| {
                if let Some(name) = series_name(strip, answer, group) {
                    let (dot, _) = ui.allocate_exact_size(vec2(8.0, 12.0), Sense::hover());
                    super::series::swatch(ui.painter(), dot.center(), series_colour(theme, answer, group));
                    ui.label(eframe::egui::RichText::new(name).color(theme.text2));
                }
                ui.label(eframe::egui::RichText::new(sum_text(point, false)).font(font::semibold(12.0)).color(theme.text1));
            });
        }
    });
}

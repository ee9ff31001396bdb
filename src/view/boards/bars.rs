//! A strip of sums per period: bars by `egui_plot`, whiskers painted over them. Whoever points at a bar is told its bucket.

use eframe::egui::{Painter, Rangef, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use egui_plot::{Bar, BarChart};

use super::gestures::plot_gestures;
use super::plot::plot_ui;
use super::questions::step_of;
use super::series::{LEGEND, has_one_counter, legend_ui, nothing_text, series_colour, series_gutter, series_name, shown, sum_text};
use super::strip::{Strip, elsewhere_ui, gutter_ui, is_read_out, over_marks, under_marks, value_grid};
use crate::layout::chart::{BarsStrip, Sharing, Whisker, bars_strip, unit_of};
use crate::layout::number_axis;
use crate::query::{SeriesAnswer, SeriesPoint};
use crate::session::{Navigate, ValueScale};
use crate::time::{SECOND_US, Span, Step};
use crate::view::Cx;
use crate::view::axis::hairline;
use crate::view::marks::open_arrow;
use crate::view::theme::font;

/// What a strip keeps free above.
const AIR: f32 = 10.0;
/// A bar of at least this width says its sum.
const WIDTH_FOR_TEXT: f32 = 30.0;
/// The most bars of a strip that a screen reader is told one by one.
const NODES_MAX: usize = 200;

/// Draws a strip of sums per period.
pub(super) fn bars_ui(ui: &mut Ui, cx: &mut Cx<'_>, strip: &Strip<'_>, answer: &SeriesAnswer) {
    let step = step_of(strip.board, &strip.desk.scale);
    let is_stacked = strip.board.group.is_some() && strip.board.scale == ValueScale::Linear && has_one_counter(cx, strip.metric);
    let sharing = if is_stacked { Sharing::Stacked } else { Sharing::Beside };
    let air = if answer.groups.len() > 1 { AIR + LEGEND } else { AIR }.min(strip.plot.height() / 2.5);
    let laid = bars_strip(answer, step, sharing, strip.board.scale, &strip.frame(), air);
    let has_any = !laid.bars.is_empty();
    let gutter = series_gutter(strip, answer, laid.unit.clone(), laid.other_units);
    gutter_ui(ui, cx, strip, has_any.then_some(&laid.axis), if has_any { &laid.ticks } else { &[] }, &gutter);
    let response = plot_gestures(ui, cx, ui.scope_id().with(("bars", strip.index, strip.metric)), strip.plot, &strip.desk.scale);
    if !has_any {
        let text = if answer.groups.is_empty() { nothing_text(answer) } else { "nothing in this stretch".to_owned() };
        under_marks(ui, cx, strip);
        elsewhere_ui(ui, cx, strip, &text, laid.before, laid.after);
        over_marks(ui, cx, strip);
        return;
    }
    value_grid(ui, cx, strip, &laid.axis, &laid.ticks);
    let pointed = pointed_bucket(ui, cx, &laid, &response);
    let painter = ui.painter_at(strip.plot);
    if let Some(bucket) = pointed {
        let across = strip.desk.scale.x_from_time(bucket.start)..=strip.desk.scale.x_from_time(bucket.end);
        painter.rect_filled(Rect::from_x_y_ranges(across, strip.plot.y_range()), 0.0, cx.theme.hover);
    }
    under_marks(ui, cx, strip);
    charts_ui(ui, cx, strip, answer, &laid);
    for whisker in &laid.whiskers {
        paint_whisker(&painter, cx, &laid, whisker);
    }
    if answer.groups.len() == 1 {
        paint_sums(&painter, cx, strip, &laid);
    }
    let zero = hairline(&painter, laid.axis.y_from_value(0.0)).min(strip.plot.bottom() - 0.5);
    painter.hline(strip.plot.x_range(), zero, Stroke::new(1.0, cx.theme.line2));
    legend_ui(ui, cx, strip, answer, &laid.groups);
    over_marks(ui, cx, strip);
    point_ui(ui, cx, strip, answer, &laid, (&response, pointed, step));
}

/// The bars, by `egui_plot`.
fn charts_ui(ui: &mut Ui, cx: &Cx<'_>, strip: &Strip<'_>, answer: &SeriesAnswer, laid: &BarsStrip) {
    let (scale, axis) = (strip.desk.scale, laid.axis);
    let seconds = scale.us_per_point() / SECOND_US as f64;
    let floor = if axis.scale == ValueScale::Log { unit_of(axis.scale, axis.low) } else { 0.0 };
    let chart = |group: &usize| {
        let colour = series_colour(cx.theme, answer, answer.groups.get(*group)?);
        let bar = |bar: &crate::layout::chart::BarShape| {
            let top = bar.top.filter(|top| axis.scale == ValueScale::Linear || *top > 0.0)?;
            let base = if axis.scale == ValueScale::Log { floor } else { bar.base };
            let (left, right) = (f64::from(bar.left - scale.left) * seconds, f64::from(bar.right - scale.left) * seconds);
            let shape = Bar::new(left.midpoint(right), unit_of(axis.scale, top) - base).width(right - left).base_offset(base);
            Some(shape.fill(colour).stroke(Stroke::NONE))
        };
        let bars: Vec<Bar> = laid.bars.iter().filter(|bar| bar.group == *group).filter_map(bar).collect();
        Some(BarChart::new("", bars).allow_hover(false))
    };
    let charts: Vec<BarChart> = laid.groups.iter().filter_map(chart).collect();
    plot_ui(ui, ui.scope_id().with(("bar plot", strip.index, strip.metric)), strip.plot, &scale, &axis, move |plot| {
        for chart in charts {
            plot.bar_chart(chart);
        }
    });
}

/// From low to high with caps; an open end has an arrow and no cap.
fn paint_whisker(painter: &Painter, cx: &Cx<'_>, laid: &BarsStrip, whisker: &Whisker) {
    let colour = cx.theme.text2;
    let stroke = Stroke::new(1.0, colour);
    let y_of = |value: f64| laid.axis.y_from_value(value);
    let x = hairline(painter, whisker.x);
    let low = y_of(whisker.low.unwrap_or(whisker.value));
    let high = y_of(whisker.high.unwrap_or(whisker.value));
    painter.vline(x, high..=low, stroke);
    for (bound, y, is_up) in [(whisker.low, low, false), (whisker.high, high, true)] {
        if bound.is_some() {
            painter.hline(x - whisker.cap..=x + whisker.cap, hairline(painter, y), stroke);
        } else if is_up && whisker.cap > 1.5 {
            painter.extend(open_arrow(pos2(x, y), true, colour));
        } else {
            let tip = if is_up { y - 5.0 } else { y + 5.0 };
            painter.add(Shape::line_segment([pos2(x, y), pos2(x, tip)], stroke));
        }
    }
}

/// The sums over bars, where they fit over all that are wholly seen: a sum over one of many bars would look like a remark.
fn paint_sums(painter: &Painter, cx: &Cx<'_>, strip: &Strip<'_>, laid: &BarsStrip) {
    let plot = strip.plot.x_range();
    let mut sums = Vec::new();
    for bar in &laid.bars {
        let Some(top) = bar.top else { continue };
        let seen = Rangef::new(bar.left, bar.right);
        let is_whole = plot.contains(seen.min) && plot.contains(seen.max);
        if is_whole && seen.span() < WIDTH_FOR_TEXT {
            return;
        }
        let text = painter.layout_no_wrap(number_axis(shown(top)), font::micro(), cx.theme.text2);
        match text_left(seen, plot, text.size().x) {
            Some(left) => sums.push((bar, top, left, text)),
            None if is_whole => return,
            None => {}
        }
    }
    for (bar, top, left, text) in sums {
        let middle = bar.left.midpoint(bar.right);
        let whisker = laid.whiskers.iter().find(|whisker| (whisker.x - middle).abs() < 0.5);
        let reach = whisker.map_or(top, |whisker| whisker.high.unwrap_or(top).max(top));
        let arrow = if whisker.is_some_and(|whisker| whisker.high.is_none()) { 8.0 } else { 0.0 };
        let y = laid.axis.y_from_value(reach) - arrow - 1.0 - text.size().y;
        if y >= strip.plot.top() - 2.0 {
            painter.galley(pos2(left, y), text, cx.theme.text2);
        }
    }
}

/// Where a text over a bar starts: over the middle of what is seen of it, and never cut: a part of a number is another number.
fn text_left(bar: Rangef, plot: Rangef, width: f32) -> Option<f32> {
    let seen = Rangef::new(bar.min.max(plot.min), bar.max.min(plot.max));
    (width <= seen.max - seen.min).then(|| seen.center() - width / 2.0)
}

/// The bucket under the pointer.
fn pointed_bucket(ui: &Ui, cx: &Cx<'_>, laid: &BarsStrip, response: &Response) -> Option<Span> {
    if cx.around.is_still || !response.contains_pointer() || response.dragged() {
        return None;
    }
    let at = ui.input(|input| input.pointer.hover_pos())?;
    let time = laid.bars.iter().find(|bar| (bar.left - 1.5..=bar.right + 1.5).contains(&at.x))?;
    Some(time.bucket)
}

/// What the pointer and a screen reader are told; a click brushes the bucket.
fn point_ui(
    ui: &Ui,
    cx: &mut Cx<'_>,
    strip: &Strip<'_>,
    answer: &SeriesAnswer,
    laid: &BarsStrip,
    (response, pointed, step): (&Response, Option<Span>, Step),
) {
    let point_of = |group: usize, bucket: Span| -> Option<(&SeriesPoint, Option<String>)> {
        let group = answer.groups.get(group)?;
        let point = group.points.iter().find(|point| point.start == bucket.start)?;
        Some((point, series_name(strip, answer, group)))
    };
    let nodes_max = if is_read_out(ui, strip) { NODES_MAX } else { 0 };
    for (place, bar) in laid.bars.iter().enumerate().take(nodes_max) {
        let Some((point, name)) = point_of(bar.group, bar.bucket) else { continue };
        let top = laid.axis.y_from_value(bar.top.unwrap_or(bar.base));
        let hit = Rect::from_x_y_ranges(bar.left..=bar.right, top..=laid.axis.y_from_value(bar.base).max(top + 1.0));
        let id = ui.scope_id().with(("bar", strip.index, strip.metric, place));
        let node = ui.interact(hit.intersect(strip.plot).intersect(ui.clip_rect()), id, Sense::hover());
        let text = format!(
            "{}, {}{}, {}",
            step.label(bar.bucket.start),
            name.map_or_else(String::new, |name| format!("{name} ")),
            sum_text(point, false),
            records_text(point)
        );
        node.widget_info(|| WidgetInfo::labeled(Role::Figure, true, &text));
    }
    let Some(bucket) = pointed else { return };
    if response.clicked() {
        cx.send(Navigate::Brush(Some(bucket)));
    }
    if response.double_clicked() {
        cx.send(Navigate::Focus);
    }
    let theme = cx.theme;
    response.clone().on_hover_ui_at_pointer(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 2.0);
        ui.label(eframe::egui::RichText::new(step.label(bucket.start)).font(font::semibold(12.0)).color(theme.text1));
        for group in &laid.groups {
            let Some((point, name)) = point_of(*group, bucket) else { continue };
            ui.horizontal(|ui| {
                if let (Some(name), Some(group)) = (name, answer.groups.get(*group)) {
                    let (dot, _) = ui.allocate_exact_size(vec2(8.0, 12.0), Sense::hover());
                    super::series::swatch(ui.painter(), dot.center(), series_colour(theme, answer, group));
                    ui.label(eframe::egui::RichText::new(name).color(theme.text2));
                }
                ui.label(eframe::egui::RichText::new(sum_text(point, false)).font(font::semibold(12.0)).color(theme.text1));
                ui.label(eframe::egui::RichText::new(records_text(point)).font(font::label()).color(theme.text3));
            });
        }
        ui.label(eframe::egui::RichText::new("Click to brush").font(font::micro()).color(theme.text3));
    });
}

fn records_text(point: &SeriesPoint) -> String {
    super::aside::counted(point.records, "record")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_stands_whole_over_what_is_seen_of_its_bar_or_not_at_all() {
        let plot = Rangef::new(100.0, 500.0);
        assert_eq!(text_left(Rangef::new(200.0, 240.0), plot, 20.0), Some(210.0));
        assert_eq!(text_left(Rangef::new(80.0, 124.0), plot, 20.0), Some(102.0));
        assert_eq!(text_left(Rangef::new(80.0, 118.0), plot, 20.0), None);
        assert_eq!(text_left(Rangef::new(490.0, 540.0), plot, 20.0), None);
    }
}

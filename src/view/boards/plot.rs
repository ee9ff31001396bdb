//! The plot under a strip's marks: `egui_plot` with its bounds set by us and its own gestures, axes and grid switched off.

use eframe::egui::{Color32, Id, Mesh, Painter, Rect, Sense, Shape, Stroke, Ui, UiBuilder, pos2, vec2};
use egui_plot::{Line, Plot, PlotBounds, PlotPoint, PlotPoints, PlotTransform, PlotUi};

use crate::layout::chart::unit_of;
use crate::layout::{TimeScale, ValueAxis};
use crate::time::{SECOND_US, Time};

/// A place in a plot: seconds from the left edge of the view, and the value or its logarithm.
pub(super) fn plot_point(scale: &TimeScale, axis: &ValueAxis, time: Time, value: f64) -> [f64; 2] {
    let offset_us = time.0 as i128 - scale.window.start.0 as i128;
    [offset_us as f64 / SECOND_US as f64, unit_of(axis.scale, value)]
}

/// Shows a plot over the part of `rect` that can be seen; its bounds are those of the scales, cut to that part.
pub(super) fn plot_ui<'a>(
    ui: &mut Ui,
    id: Id,
    rect: Rect,
    scale: &TimeScale,
    axis: &ValueAxis,
    items: impl FnOnce(&mut PlotUi<'a>) + 'a,
) -> Option<PlotTransform> {
    let seen = rect.intersect(ui.clip_rect());
    if seen.width() < 1.0 || seen.height() < 1.0 {
        return None;
    }
    let span_s = scale.window.width_us().unwrap_or(1).max(1) as f64 / SECOND_US as f64;
    let across = |x: f32| f64::from((x - scale.left) / scale.width) * span_s;
    let (low, high) = (unit_of(axis.scale, axis.low), unit_of(axis.scale, axis.high));
    let down = |y: f32| low + f64::from((axis.bottom - y) / (axis.bottom - axis.top)) * (high - low);
    let bounds = PlotBounds::from_min_max([across(seen.left()), down(seen.bottom())], [across(seen.right()), down(seen.top())]);
    let mut child = ui.new_child(UiBuilder::new().max_rect(seen));
    let shown = Plot::new(id)
        .width(seen.width())
        .height(seen.height())
        .min_size(vec2(1.0, 1.0))
        .show_axes(false)
        .show_grid(false)
        .show_background(false)
        .show_x(false)
        .show_y(false)
        .show_crosshair(false)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .set_margin_fraction(vec2(0.0, 0.0))
        .sense(Sense::hover())
        .show(&mut child, move |plot| {
            plot.set_plot_bounds(bounds);
            items(plot);
        });
    Some(shown.transform)
}

/// A line of a plot that no pointer finds: marks are found by us.
pub(super) fn plain_line<'a>(points: Vec<[f64; 2]>, stroke: Stroke) -> Line<'a> {
    Line::new("", PlotPoints::from(points)).stroke(stroke).allow_hover(false).allow_band(false)
}

/// Where a moment and a value lie on the screen.
pub(super) fn place(transform: &PlotTransform, scale: &TimeScale, axis: &ValueAxis, time: Time, value: f64) -> eframe::egui::Pos2 {
    let [x, y] = plot_point(scale, axis, time, value);
    transform.position_from_point(&PlotPoint::new(x, y))
}

/// A dotted horizontal line, one point and then three of air, in one mesh.
pub(super) fn dotted_across(painter: &Painter, from: f32, to: f32, y: f32, colour: Color32) {
    let clip = painter.clip_rect();
    if y < clip.top() - 1.0 || y > clip.bottom() + 1.0 || to <= from {
        return;
    }
    let y = super::super::axis::hairline(painter, y) - 0.5;
    let first = from + ((clip.left() - from).max(0.0) / DOTS).floor() * DOTS;
    let count = ((to.min(clip.right()) - first) / DOTS).ceil().max(0.0) as usize;
    let mut mesh = Mesh::default();
    for place in 0..count {
        let left = first + place as f32 * DOTS;
        mesh.add_colored_rect(Rect::from_min_size(pos2(left, y), vec2(1.0_f32.min(to - left), 1.0)), colour);
    }
    painter.add(Shape::mesh(mesh));
}

/// A dotted vertical line.
pub(super) fn dotted_down(painter: &Painter, x: f32, from: f32, to: f32, colour: Color32) {
    let x = super::super::axis::hairline(painter, x) - 0.5;
    let count = ((to - from) / DOTS).ceil().max(0.0) as usize;
    let mut mesh = Mesh::default();
    for place in 0..count {
        let top = from + place as f32 * DOTS;
        mesh.add_colored_rect(Rect::from_min_size(pos2(x, top), vec2(1.0, 1.0_f32.min(to - top))), colour);
    }
    painter.add(Shape::mesh(mesh));
}

/// From one dot to the next, in points.
const DOTS: f32 = 4.0;

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;

    use super::*;
    use crate::session::ValueScale;
    use crate::testing::{span, time};

    #[test]
    fn the_plot_and_the_scales_agree_on_every_place_even_where_the_plot_is_cut() {
        for (scale_kind, top) in [(ValueScale::Linear, 10.0), (ValueScale::Log, 10.0), (ValueScale::Log, -40.0)] {
            let rect = Rect::from_min_max(pos2(136.0, top), pos2(590.0, top + 100.0));
            let scale = TimeScale::new(span("2025"), rect.left(), rect.width());
            let axis = ValueAxis { scale: scale_kind, low: 1.0, high: 5_000.0, top: rect.top(), bottom: rect.bottom() };
            let mut shown = None;
            let mut harness = Harness::builder().with_size([600.0, 200.0]).build_ui(|ui| {
                shown = plot_ui(ui, Id::unique("plot"), rect, &scale, &axis, |_| {});
            });
            harness.run();
            drop(harness);
            let transform = shown.unwrap();
            for (day, value) in [("2025-01-01", 3.0), ("2025-06-01", 40.0), ("2025-12-31", 4_999.0)] {
                let at = place(&transform, &scale, &axis, time(day), value);
                let expected = pos2(scale.x_from_time(time(day)), axis.y_from_value(value));
                assert!((at - expected).length() < 0.3, "{at:?} {expected:?}");
            }
        }
    }
}

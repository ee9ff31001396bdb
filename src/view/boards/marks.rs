//! The marks of a strip of reported totals: forms, beams, arrows of open bounds, hairlines of vague dates.

use eframe::egui::{Color32, Painter, Response, Shape, Stroke, Ui, pos2};

use crate::layout::chart::{ChartMark, TotalsStrip};
use crate::layout::{Fill, Form};
use crate::query::Reading;
use crate::view::Cx;
use crate::view::axis::hairline;
use crate::view::marks::{MarkPaint, RADIUS_BOARD, RADIUS_EXPORT, open_arrow, paint_mark};
use crate::view::theme::Theme;

/// How far from a mark the pointer still means it.
const REACH: f32 = 8.0;

/// The radius of marks: larger in pictures.
pub(super) fn radius(cx: &Cx<'_>) -> f32 {
    if cx.around.is_picture { RADIUS_EXPORT } else { RADIUS_BOARD }
}

/// The mark under the pointer.
pub(super) fn hovered_mark(ui: &Ui, cx: &Cx<'_>, laid: &TotalsStrip, response: &Response) -> Option<usize> {
    if cx.around.is_still || !response.contains_pointer() || response.dragged() {
        return None;
    }
    let at = ui.input(|input| input.pointer.hover_pos())?;
    let far = |mark: &ChartMark| match mark.beam {
        Some((low, high)) if at.y >= high && at.y <= low => (mark.x - at.x).abs(),
        _ => (mark.x - at.x).hypot(mark.y - at.y),
    };
    let near = laid.marks.iter().enumerate().map(|(place, mark)| (place, far(mark))).min_by(|one, other| one.1.total_cmp(&other.1));
    near.filter(|(_, distance)| *distance <= REACH).map(|(place, _)| place)
}

/// Is a reading, or one of its carriers, selected?
pub(super) fn is_selected(cx: &Cx<'_>, reading: &Reading) -> bool {
    reading.carriers.iter().any(|row| cx.session.place.selection.contains(row))
}

/// Paints the marks; the one under the pointer and the selected ones last.
pub(super) fn paint_marks(painter: &Painter, cx: &Cx<'_>, laid: &TotalsStrip, readings: &[Reading], hovered: Option<usize>) {
    let (theme, radius) = (cx.theme, radius(cx));
    let is_front =
        |place: usize, mark: &ChartMark| hovered == Some(place) || readings.get(mark.reading).is_some_and(|r| is_selected(cx, r));
    for is_second in [false, true] {
        for (place, mark) in laid.marks.iter().enumerate() {
            let Some(reading) = readings.get(mark.reading) else { continue };
            let is_own_turn = is_front(place, mark) == is_second;
            if !is_own_turn || mark.is_entering || (mark.is_thinned && !is_second) {
                continue;
            }
            let colour = theme.category(mark.colour);
            date_hairline(painter, mark, colour);
            whisker(painter, theme, mark, colour, radius);
            let is_hovered = hovered == Some(place) || cx.session.hover_row.is_some_and(|row| reading.carriers.contains(&row));
            let paint = MarkPaint { look: mark.look, radius, colour, is_hovered, is_selected: is_selected(cx, reading) };
            if mark.look.form != Form::Beam || mark.beam.is_none() {
                paint_mark(painter, theme, pos2(mark.x, mark.y), &paint);
            } else if paint.is_selected {
                painter.circle_stroke(pos2(mark.x, mark.y), radius + 4.0, Stroke::new(2.0, theme.accent));
            }
            arrows(painter, mark, colour, radius);
        }
    }
}

/// The dashed hairline of a date that is not a day.
fn date_hairline(painter: &Painter, mark: &ChartMark, colour: Color32) {
    let Some((from, to, has_brackets)) = mark.hairline else { return };
    let y = hairline(painter, mark.y);
    let stroke = Stroke::new(1.0, colour);
    painter.extend(Shape::dashed_line(&[pos2(from, y), pos2(to, y)], stroke, 2.0, 2.0));
    if has_brackets {
        for x in [from, to] {
            painter.vline(hairline(painter, x), y - 3.0..=y + 3.0, stroke);
        }
    }
}

/// The beam from the lowest to the highest number.
fn whisker(painter: &Painter, theme: &Theme, mark: &ChartMark, colour: Color32, radius: f32) {
    let Some((low, high)) = mark.beam else { return };
    let is_range = mark.look.form == Form::Beam;
    let (width, cap) = if is_range { (2.0, radius) } else { (1.25, radius - 0.5) };
    let is_hollow = matches!(mark.look.fill, Fill::Hollow | Fill::HollowStruck);
    let draw = |stroke: Stroke, cap: f32| {
        painter.vline(mark.x, high..=low, stroke);
        for y in [low, high] {
            painter.hline(mark.x - cap..=mark.x + cap, y, stroke);
        }
    };
    if is_range {
        draw(Stroke::new(width + 2.0, theme.panel), cap + 1.0);
    }
    draw(Stroke::new(if is_hollow { width + 1.0 } else { width }, colour), cap);
    if is_hollow {
        draw(Stroke::new(1.0, theme.panel), cap - 1.0);
    }
}

fn arrows(painter: &Painter, mark: &ChartMark, colour: Color32, radius: f32) {
    let reach = radius * 1.12;
    let (low, high) = mark.beam.unwrap_or((mark.y, mark.y));
    if mark.is_open_above {
        painter.extend(open_arrow(pos2(mark.x, high - reach), true, colour));
    }
    if mark.is_open_below {
        painter.extend(open_arrow(pos2(mark.x, low + reach), false, colour));
    }
}

//! The axis of time that timeline and boards share: the same ticks, the same grid, the same words. It knows nothing of records.

use eframe::egui::{Align2, Color32, Painter, Rangef, Rect, Stroke, Ui, pos2};

use super::theme::{Theme, font};
use crate::layout::{TimeScale, axis_labels};
use crate::time::{Tick, Zone, ticks};

/// The height of the axis row, in points.
pub const AXIS_HEIGHT: f32 = 24.0;
/// What one tick and its text need, in points.
const TICK_ROOM: f32 = 50.0;

/// The ticks of an axis: as many as its width has room for.
pub fn time_ticks(scale: &TimeScale, zone: Zone) -> Vec<Tick> {
    ticks(scale.window, (scale.width / TICK_ROOM).max(1.0) as usize, zone)
}

/// Paints the lines of the grid behind a plot; those that start a coarser unit are a little stronger.
pub fn paint_time_grid(painter: &Painter, theme: &Theme, scale: &TimeScale, ticks: &[Tick], y: Rangef) {
    for tick in ticks {
        let colour = if tick.is_major { theme.line } else { theme.grid };
        let x = hairline(painter, scale.x_from_time(tick.time));
        painter.vline(x, y, Stroke::new(1.0, colour));
    }
}

/// Paints the ticks and their text into a row; a text stands to the right of its tick, and the year can always be read.
pub fn paint_time_axis(ui: &Ui, theme: &Theme, row: Rect, scale: &TimeScale, ticks: &[Tick], zone: Zone) {
    let painter = ui.painter_at(row);
    let face = |is_strong: bool| if is_strong { font::semibold(11.0) } else { font::label() };
    let galley = |text: &str, is_strong: bool| painter.layout_no_wrap(text.to_owned(), face(is_strong), Color32::PLACEHOLDER);
    let labels = axis_labels(scale, ticks, zone, &|text, is_strong| galley(text, is_strong).size().x);
    let mut texts: Vec<Rangef> = Vec::new();
    for label in labels {
        let galley = galley(&label.text, label.is_strong);
        let at = Align2::LEFT_CENTER.anchor_size(pos2(hairline(&painter, label.x), row.center().y), galley.size());
        texts.push(at.x_range());
        painter.galley(at.min, galley, if label.is_strong { theme.text1 } else { theme.text3 });
    }
    for tick in ticks {
        let x = hairline(&painter, scale.x_from_time(tick.time));
        // A tick whose own text gave way does not cross the one that stands.
        if !texts.iter().any(|text| text.contains(x)) {
            painter.vline(x, row.y_range(), Stroke::new(1.0, if tick.is_major { theme.line2 } else { theme.line }));
        }
    }
}

/// Columns wider than this, in points, have a pixel of air between them.
const AIRY_COLUMN: f32 = 3.0;

/// The edges of one of many columns, on whole pixels: the same air stands between all of them, wherever they fall.
pub(super) fn column_edges(pixels_per_point: f32, left: f32, right: f32) -> Rangef {
    let at = |place: f32| (place * pixels_per_point).round();
    let air = if right - left > AIRY_COLUMN { 1.0 } else { 0.0 };
    let from = at(left);
    Rangef::new(from / pixels_per_point, (at(right) - air).max(from + 1.0) / pixels_per_point)
}

/// A place for a line of one pixel: the middle of a pixel.
pub(super) fn hairline(painter: &Painter, place: f32) -> f32 {
    let pixels = painter.pixels_per_point();
    ((place * pixels).floor() + 0.5) / pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_columns_there_is_the_same_air_wherever_they_fall() {
        for pixels_per_point in [1.0, 1.25, 2.0] {
            for (width, air) in [(5.3, 1.0), (3.7, 1.0), (2.6, 0.0), (1.2, 0.0)] {
                let column = |number: i32| column_edges(pixels_per_point, number as f32 * width, (number + 1) as f32 * width);
                for number in 0..300 {
                    let between = (column(number + 1).min - column(number).max) * pixels_per_point;
                    assert!((between - air).abs() < 0.01, "{between} pixels at {number} of {width} points, {pixels_per_point} pixels each");
                }
            }
        }
    }

    #[test]
    fn a_column_narrower_than_a_pixel_is_one_pixel() {
        assert_eq!(column_edges(1.0, 10.1, 10.3), Rangef::new(10.0, 11.0));
    }
}

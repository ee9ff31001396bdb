//! The axis of time that timeline and boards share: the same ticks, the same grid, the same words. It knows nothing of records.

use eframe::egui::{Align2, Painter, Rangef, Rect, Stroke, Ui, pos2};

use super::theme::{Theme, font};
use crate::layout::TimeScale;
use crate::time::{Step, Tick, TickUnit, Zone, format_day, format_tick, ticks};

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

/// Paints the ticks and their text into a row; the text stands to the right of its tick and is left out where it would be cut.
pub fn paint_time_axis(ui: &Ui, theme: &Theme, row: Rect, scale: &TimeScale, ticks: &[Tick], zone: Zone) {
    let painter = ui.painter_at(row);
    let names_year = ticks.iter().any(has_year);
    for (place, tick) in ticks.iter().enumerate() {
        let x = hairline(&painter, scale.x_from_time(tick.time));
        painter.vline(x, row.y_range(), Stroke::new(1.0, if tick.is_major { theme.line2 } else { theme.line }));
        let text = if place == 0 && !names_year { first_text(tick, zone) } else { format_tick(tick, zone) };
        let (face, colour) = if tick.is_major { (font::semibold(11.0), theme.text1) } else { (font::label(), theme.text3) };
        let galley = painter.layout_no_wrap(text, face, colour);
        let next_x = ticks.get(place + 1).map_or_else(|| scale.right() + 8.0, |next| scale.x_from_time(next.time));
        if x + 4.0 + galley.size().x <= next_x {
            let at = Align2::LEFT_CENTER.anchor_size(pos2(x + 4.0, row.center().y), galley.size());
            painter.galley(at.min, galley, colour);
        }
    }
}

/// Does the text of a tick say the year?
fn has_year(tick: &Tick) -> bool {
    tick.step.unit == TickUnit::Year || (tick.step.unit == TickUnit::Month && tick.time.ymd().1 == 1)
}

/// The text of the first tick of an axis on which no year stands: it says the year itself.
fn first_text(tick: &Tick, zone: Zone) -> String {
    match tick.step.unit {
        TickUnit::Year => format_tick(tick, zone),
        TickUnit::Month => Step::Month.label(tick.time),
        TickUnit::Week | TickUnit::Day => format_day(tick.time),
        _ => format!("{} {}", format_day(zone.local(tick.time)), format_tick(tick, zone)),
    }
}

/// A place for a line of one pixel: the middle of a pixel.
pub(super) fn hairline(painter: &Painter, place: f32) -> f32 {
    let pixels = painter.pixels_per_point();
    ((place * pixels).floor() + 0.5) / pixels
}

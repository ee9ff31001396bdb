//! The geometry of charts: value axes, step lines of reported totals, bars, running sums, labels, heights of boards.
//! It says where things lie and what is said beside them; it knows no toolkit, no colour and no dataset.

mod axis;
mod bars;
mod heights;
mod labels;
mod lines;
mod texts;
mod totals;

pub use axis::{Reach, unit_of, value_axis, value_ticks};
pub use bars::{BarShape, BarsStrip, Sharing, Whisker, auto_step, bars_strip};
pub use heights::{BOARD_HEAD, BoardRoom, BoardWish, board_rooms, board_rooms_whole, boards_height, boards_height_whole};
pub use labels::{Area, LabelBox, Obstacles, PlacedLabel, place_labels};
pub use lines::{LinesStrip, RunningLine, lines_strip};
pub use texts::{LabelText, label_texts};
pub use totals::{CURRENT_DAYS, ChartMark, OffScale, StepBand, StepKind, StepPath, TotalsStrip, reading_time, totals_strip};

use super::scale::TimeScale;

/// Where a plot lies: its time scale across, its top and bottom in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlotFrame {
    /// Across.
    pub time: TimeScale,
    /// The top, in points.
    pub top: f32,
    /// The bottom, in points.
    pub bottom: f32,
}

impl PlotFrame {
    /// How high it is.
    pub fn height(&self) -> f32 {
        self.bottom - self.top
    }
}

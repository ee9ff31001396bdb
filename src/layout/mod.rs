//! Geometry and text decisions as pure functions: scales, figures, forms, lane packing, label placement, chart geometry.
//! It knows no toolkit, no dataset and no engine; the width of text is an argument.

mod axis;
pub mod chart;
mod dates;
mod density;
mod figures;
mod form;
mod labels;
mod lanes;
mod packing;
mod scale;
mod snap;
mod timeline;
mod window;

pub use axis::{AxisLabel, axis_labels};
pub use dates::{DateShape, Tail, date_shape, mark_extent};
pub use density::{CELL_PX, Columns, MarkEnds, Sides, is_by_day, is_crowded, sides};
pub use figures::{figure_text, number_axis, number_text, size_text, value_text};
pub use form::{Fill, Form, MarkLook, mark_look};
pub use labels::{LABELS_MAX, TextWidth, fit_text, legible, mark_title, mark_weight, one_line};
pub use lanes::{FOLDED_HEIGHT, FOOT_HEIGHT, LANE_EDGE, LaneForm, ROW_HEIGHT};
pub use scale::{TimeScale, ValueAxis};
pub use snap::{snapped, snapping_step};
pub use timeline::{
    LanePicture, PlacedLabel, PlacedLane, PlacedMark, TailLine, TimelineInput, TimelinePicture, UNSEEN_APART, badge_text, is_selected,
    lay_out,
};
pub use window::window_asked;

/// The width of the column of names on the left of timeline and boards, in points.
pub const LANE_GUTTER: f32 = 136.0;
/// What timeline and boards leave free on the right of the time axis, in points.
pub const PLOT_RIGHT: f32 = 10.0;

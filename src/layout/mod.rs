//! Geometry and text decisions as pure functions: scales, figures, forms, lane packing, label placement, chart geometry.
//! It knows no toolkit, no dataset and no engine; the width of text is an argument.

pub mod chart;
mod figures;
mod form;
mod scale;

pub use figures::{figure_text, number_axis, number_text, value_text};
pub use form::{Fill, Form, MarkLook, mark_look};
pub use scale::{TimeScale, ValueAxis};

/// The width of the column of names on the left of timeline and boards, in points.
pub const LANE_GUTTER: f32 = 136.0;
/// What timeline and boards leave free on the right of the time axis, in points.
pub const PLOT_RIGHT: f32 = 10.0;

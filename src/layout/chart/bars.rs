//! Sums per calendar bucket as bars: which bucket suits the zoom, where bars and whiskers stand.

use crate::layout::TimeScale;
use crate::time::Step;

/// The finest calendar bucket that is at least `least_px` wide at this zoom; never finer than a day.
pub fn auto_step(scale: &TimeScale, least_px: f32) -> Step {
    let least_us = scale.us_per_point() * f64::from(least_px);
    Step::ALL.into_iter().filter(|step| *step >= Step::Day).find(|step| step.approx_us() as f64 >= least_us).unwrap_or(Step::Century)
}

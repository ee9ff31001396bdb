//! To what a dragged edge snaps: whole days, hours or minutes, by the zoom.

use crate::time::{Step, Time};

/// To which unit of the calendar a dragged edge snaps: the coarsest that is at most a dozen points wide.
pub fn snapping_step(us_per_point: f64) -> Option<Step> {
    let fits = |step: &Step| step.approx_us() as f64 / us_per_point <= 12.0;
    [Step::Day, Step::Hour, Step::Minute].into_iter().find(fits)
}

/// A moment moved to the nearest start of its snapping step.
pub fn snapped(time: Time, us_per_point: f64) -> Time {
    snapping_step(us_per_point).map_or(time, |step| {
        let (start, next) = (step.floor(time), step.next(time));
        if time.0 - start.0 <= next.0 - time.0 { start } else { next }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::time;

    #[test]
    fn a_dragged_edge_snaps_to_whole_days_when_a_day_is_small() {
        let day_of_three_points = 86_400.0 * 1e6 / 3.0;
        assert_eq!(snapped(Time(time("2025-01-13").0 + 1_000_000), day_of_three_points), time("2025-01-13"));
        assert_eq!(snapped(Time(time("2025-01-14").0 - 1_000_000), day_of_three_points), time("2025-01-14"));
        assert_eq!(snapped(Time(1_234_567), 10.0), Time(1_234_567));
    }
}

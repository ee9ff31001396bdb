//! Scales: from time to points across, from values to points down.

use crate::session::ValueScale;
use crate::time::{Span, Time};

/// A window of time laid over a stretch of points. Floats are offsets from the left edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeScale {
    /// The window; bounded.
    pub window: Span,
    /// Where the window starts, in points.
    pub left: f32,
    /// How wide it is, in points.
    pub width: f32,
}

impl TimeScale {
    /// A window over a stretch of points.
    pub fn new(window: Span, left: f32, width: f32) -> Self {
        Self { window, left, width: width.max(1.0) }
    }

    /// Microseconds in one point.
    pub fn us_per_point(&self) -> f64 {
        self.window.width_us().unwrap_or(1).max(1) as f64 / f64::from(self.width)
    }

    /// Where a moment lies; open ends and far moments lie a little outside the drawable range.
    pub fn x_from_time(&self, time: Time) -> f32 {
        if time == Time::OPEN_START {
            return self.left - 1e6;
        }
        if time == Time::OPEN_END {
            return self.left + self.width + 1e6;
        }
        let offset = (time.0 as i128 - self.window.start.0 as i128) as f64 / self.us_per_point();
        self.left + offset.clamp(-1e6, 1e6 + f64::from(self.width)) as f32
    }

    /// The moment at a place.
    pub fn time_from_x(&self, x: f32) -> Time {
        self.window.start.plus_us((f64::from(x - self.left) * self.us_per_point()) as i64)
    }

    /// The right edge, in points.
    pub fn right(&self) -> f32 {
        self.left + self.width
    }
}

/// Values laid over a stretch of points, the largest on top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueAxis {
    /// Equal steps or equal ratios.
    pub scale: ValueScale,
    /// The lowest value; above zero on a log scale.
    pub low: f64,
    /// The highest value.
    pub high: f64,
    /// The top, in points.
    pub top: f32,
    /// The bottom, in points.
    pub bottom: f32,
}

impl ValueAxis {
    fn unit(&self, value: f64) -> f64 {
        match self.scale {
            ValueScale::Linear => value,
            ValueScale::Log => value.max(1e-12).log10(),
        }
    }

    /// Where a value lies, whether inside or not.
    pub fn y_from_value(&self, value: f64) -> f32 {
        let (low, high) = (self.unit(self.low), self.unit(self.high));
        let part = if high > low { (self.unit(value) - low) / (high - low) } else { 0.5 };
        self.bottom - (part.clamp(-10.0, 10.0) as f32) * (self.bottom - self.top)
    }

    /// The value at a place.
    pub fn value_from_y(&self, y: f32) -> f64 {
        let part = f64::from((self.bottom - y) / (self.bottom - self.top).max(1.0));
        let unit = self.unit(self.low) + part * (self.unit(self.high) - self.unit(self.low));
        match self.scale {
            ValueScale::Linear => unit,
            ValueScale::Log => 10_f64.powf(unit),
        }
    }

    /// Ticks: 1-2-5 steps, or 1-3-10 on a log scale; at most `ticks_max`.
    pub fn ticks(&self, ticks_max: usize) -> Vec<f64> {
        match self.scale {
            ValueScale::Linear => linear_ticks(self.low, self.high, ticks_max),
            ValueScale::Log => log_ticks(self.low, self.high, ticks_max),
        }
    }
}

fn linear_ticks(low: f64, high: f64, ticks_max: usize) -> Vec<f64> {
    let width = high - low;
    if !(width.is_finite() && width > 0.0) || ticks_max == 0 {
        return Vec::new();
    }
    let rough = width / ticks_max as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].iter().map(|factor| factor * power).find(|step| *step >= rough).unwrap_or(10.0 * power);
    let first = (low / step).ceil() as i64;
    (first..).map(|place| place as f64 * step).take_while(|value| *value <= high).take(ticks_max + 1).collect()
}

fn log_ticks(low: f64, high: f64, ticks_max: usize) -> Vec<f64> {
    let (Some(first), Some(last)) = (power_of_ten(low), power_of_ten(high)) else { return Vec::new() };
    let decades = (first..=last).map(|power| 10_f64.powi(power));
    let fine: Vec<f64> = decades.clone().flat_map(|ten| [ten, 3.0 * ten]).filter(|v| (low..=high).contains(v)).collect();
    if fine.len() <= ticks_max {
        return fine;
    }
    let coarse: Vec<f64> = decades.filter(|v| (low..=high).contains(v)).collect();
    let every = coarse.len().div_ceil(ticks_max.max(1)).max(1);
    coarse.into_iter().step_by(every).collect()
}

fn power_of_ten(value: f64) -> Option<i32> {
    (value.is_finite() && value > 0.0).then(|| value.log10().floor() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_comes_back_from_its_place() {
        let scale = TimeScale::new(Span::new(Time(1_000), Time(11_000)), 100.0, 1_000.0);
        assert_eq!(scale.x_from_time(Time(6_000)), 600.0);
        assert_eq!(scale.time_from_x(600.0), Time(6_000));
    }

    #[test]
    fn log_ticks_are_one_three_ten() {
        let axis = ValueAxis { scale: ValueScale::Log, low: 80.0, high: 12_000.0, top: 0.0, bottom: 100.0 };
        assert_eq!(axis.ticks(6), vec![100.0, 300.0, 1_000.0, 3_000.0, 10_000.0]);
        assert_eq!(axis.ticks(3), vec![100.0, 1_000.0, 10_000.0]);
    }

    #[test]
    fn linear_ticks_are_round_and_few() {
        let axis = ValueAxis { scale: ValueScale::Linear, low: 0.0, high: 26_000.0, top: 0.0, bottom: 100.0 };
        assert_eq!(axis.ticks(3), vec![0.0, 10_000.0, 20_000.0]);
    }
}

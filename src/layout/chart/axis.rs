//! Chooses the value axis of a strip and its ticks.

use super::PlotFrame;
use crate::layout::ValueAxis;
use crate::session::ValueScale;

/// What a strip of little height leaves out on a log scale: numbers this many times smaller than all others lie below the scale.
const FAR_BELOW: f64 = 10.0;
/// The same on a linear scale: numbers this many times larger than all others lie above the scale.
const FAR_ABOVE: f64 = 3.0;
/// From this height on a strip shows far numbers too.
const HEIGHT_FOR_FAR: f32 = 180.0;
/// The least distance of two ticks, in points.
const TICK_ROOM: f32 = 14.0;
/// So often the steps of an axis may become wider while it is made to reach one.
const STEPS_WIDER_MAX: usize = 4;
/// Below this height an axis names one value only.
const HEIGHT_FOR_TWO: f32 = 44.0;

/// The value on the axis itself: the logarithm on a log scale.
pub fn unit_of(scale: ValueScale, value: f64) -> f64 {
    match scale {
        ValueScale::Linear => value,
        ValueScale::Log => value.max(1e-12).log10(),
    }
}

/// Which numbers an axis must reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// All of them.
    All,
    /// All but a few that lie far from the others, where the strip is low.
    WithoutFar,
}

/// The axis on which these numbers are drawn, rounded out, with `air` points above and below for marks and their labels.
///
/// A linear axis starts at zero. On a log axis there is no zero, and in a low strip a single far smaller number lies below the scale.
pub fn value_axis(values: &[f64], reach: Reach, scale: ValueScale, frame: &PlotFrame, air: f32) -> ValueAxis {
    let has_far = reach == Reach::All || frame.height() >= HEIGHT_FOR_FAR;
    let (low, high) = match scale {
        ValueScale::Linear => linear_ends(values, has_far),
        ValueScale::Log => log_ends(values, has_far),
    };
    let height = frame.height().max(1.0);
    let below = if scale == ValueScale::Linear && low >= 0.0 { air.min(5.0) } else { air };
    let inner = (height - air - below).max(height * 0.25);
    let (low_unit, high_unit) = (unit_of(scale, low), unit_of(scale, high));
    let per_point = (high_unit - low_unit) / f64::from(inner);
    let back = |unit: f64| match scale {
        ValueScale::Linear => unit,
        ValueScale::Log => 10_f64.powf(unit),
    };
    ValueAxis {
        scale,
        low: back(low_unit - per_point * f64::from(below)),
        high: back(high_unit + per_point * f64::from(height - inner - below)),
        top: frame.top,
        bottom: frame.bottom,
    }
}

/// The axis for bars: a linear one goes on to the tick above the highest bar, so that no bar stands higher than any number beside it.
pub(super) fn bar_axis(values: &[f64], scale: ValueScale, frame: &PlotFrame, air: f32) -> ValueAxis {
    let highest = values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
    let mut reached = values.to_vec();
    let mut axis = value_axis(&reached, Reach::All, scale, frame, air);
    // A longer axis may have wider steps, and need another one.
    for _ in 0..STEPS_WIDER_MAX {
        let ticks = axis.ticks(ticks_max(frame.height()));
        let [first, second, ..] = ticks.as_slice() else { break };
        // A tick at the very edge is not shown.
        if scale == ValueScale::Log || value_ticks(&axis).last().is_some_and(|last| *last >= highest) {
            break;
        }
        let step = second - first;
        reached.push((highest / step).ceil() * step);
        axis = value_axis(&reached, Reach::All, scale, frame, air);
    }
    axis
}

/// How many ticks an axis of this height may have.
fn ticks_max(height: f32) -> usize {
    ((height / 24.0) as usize).max(3)
}

/// From zero to the highest number; in a low strip a single far larger number lies above the scale.
fn linear_ends(values: &[f64], has_far: bool) -> (f64, f64) {
    let mut finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    finite.sort_by(f64::total_cmp);
    let few = finite.len() / 8;
    let far = (1..=few).rev().find(|count| {
        let place = finite.len() - count;
        let (Some(below), Some(above)) = (finite.get(place - 1), finite.get(place)) else { return false };
        *below > 0.0 && above / below > FAR_ABOVE
    });
    finite.truncate(finite.len() - far.filter(|_| !has_far).unwrap_or(0));
    let (low, high) = (finite.first().copied().unwrap_or(0.0).min(0.0), finite.last().copied().unwrap_or(0.0).max(0.0));
    if low == high { (0.0, 1.0) } else { (low, high) }
}

/// The steps to which the ends of a log axis are rounded.
const LOG_STEPS: [f64; 5] = [1.0, 2.0, 3.0, 5.0, 10.0];

fn log_ends(values: &[f64], has_far: bool) -> (f64, f64) {
    let mut positive: Vec<f64> = values.iter().copied().filter(|value| value.is_finite() && *value > 0.0).collect();
    positive.sort_by(f64::total_cmp);
    let few = positive.len() / 8;
    let far = (1..=few.max(1)).rev().find(|place| {
        let (Some(below), Some(above)) = (positive.get(place - 1), positive.get(*place)) else { return false };
        *place * 4 <= positive.len() && above / below > FAR_BELOW
    });
    let first = far.filter(|_| !has_far).unwrap_or(0);
    let (Some(low), Some(high)) = (positive.get(first), positive.last()) else { return (1.0, 10.0) };
    let (low, high) = (rounded_down(*low), rounded_up(*high));
    if low < high { (low, high) } else { (low / 2.0, high * 2.0) }
}

fn rounded_down(value: f64) -> f64 {
    let ten = 10_f64.powf(value.log10().floor());
    let step = LOG_STEPS.iter().rev().find(|step| **step * ten <= value * (1.0 + 1e-9)).unwrap_or(&1.0);
    step * ten
}

fn rounded_up(value: f64) -> f64 {
    let ten = 10_f64.powf(value.log10().floor());
    let step = LOG_STEPS.iter().find(|step| **step * ten >= value * (1.0 - 1e-9)).unwrap_or(&10.0);
    step * ten
}

/// The ticks of an axis, from below: round numbers, as many as the height has room for, one in a low strip.
pub fn value_ticks(axis: &ValueAxis) -> Vec<f64> {
    let height = axis.bottom - axis.top;
    let is_inside = |value: &f64| {
        let y = axis.y_from_value(*value);
        y >= axis.top + 4.0 && y <= axis.bottom - 1.0
    };
    let mut ticks: Vec<f64> = axis.ticks(ticks_max(height)).into_iter().filter(is_inside).collect();
    if axis.scale == ValueScale::Log && ticks.len() < 2 {
        ticks = fine_log_ticks(axis).into_iter().filter(is_inside).collect();
    }
    if height < HEIGHT_FOR_TWO {
        return ticks.last().copied().into_iter().collect();
    }
    spaced(axis, ticks)
}

/// 1-2-5 where 1-3-10 names less than two values.
fn fine_log_ticks(axis: &ValueAxis) -> Vec<f64> {
    if !(axis.low > 0.0 && axis.high.is_finite()) {
        return Vec::new();
    }
    let (first, last) = (axis.low.log10().floor() as i32, axis.high.log10().ceil() as i32);
    (first..=last).flat_map(|power| [1.0, 2.0, 5.0].map(|step| step * 10_f64.powi(power))).collect()
}

/// Leaves out the ticks that would stand too close to the one below; the highest one stays.
fn spaced(axis: &ValueAxis, ticks: Vec<f64>) -> Vec<f64> {
    let mut kept: Vec<f64> = Vec::new();
    for tick in ticks.into_iter().rev() {
        let is_free = kept.last().is_none_or(|above| axis.y_from_value(tick) - axis.y_from_value(*above) >= TICK_ROOM);
        if is_free {
            kept.push(tick);
        }
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::TimeScale;
    use crate::time::{Span, Time};

    fn frame(height: f32) -> PlotFrame {
        PlotFrame { time: TimeScale::new(Span::new(Time(0), Time(1_000)), 0.0, 1_000.0), top: 0.0, bottom: height }
    }

    #[test]
    fn no_bar_is_higher_than_the_highest_number_beside_it() {
        for height in [30.0, 50.0, 80.0, 200.0] {
            for highest in [1.0, 3.0, 13.0, 47.0, 161.0, 999.0, 12_345.0] {
                let axis = bar_axis(&[0.0, highest], ValueScale::Linear, &frame(height), 10.0);
                let ticks = value_ticks(&axis);
                assert!(ticks.last().is_some_and(|last| *last >= highest), "{height} {highest} {ticks:?}");
            }
        }
    }

    #[test]
    fn a_linear_axis_starts_at_zero() {
        let axis = value_axis(&[11_000.0, 12_000.0], Reach::WithoutFar, ValueScale::Linear, &frame(60.0), 10.0);
        assert!(axis.low <= 0.0 && axis.y_from_value(0.0) < 60.0, "{axis:?}");
        assert!(axis.y_from_value(12_000.0) >= 9.9, "{axis:?}");
    }

    #[test]
    fn a_lone_far_smaller_number_lies_below_a_low_log_axis_and_inside_a_high_one() {
        let values = [9.0, 100.0, 300.0, 300.0, 600.0, 1_000.0, 2_000.0, 4_000.0, 6_000.0];
        let low = value_axis(&values, Reach::WithoutFar, ValueScale::Log, &frame(100.0), 10.0);
        assert!(low.y_from_value(9.0) > 100.0, "{low:?}");
        assert!((low.y_from_value(100.0) - 90.0).abs() < 0.1, "{low:?}");
        let high = value_axis(&values, Reach::WithoutFar, ValueScale::Log, &frame(300.0), 10.0);
        assert!(high.y_from_value(9.0) <= 300.0, "{high:?}");
    }

    #[test]
    fn a_lone_far_larger_number_lies_above_a_low_linear_axis() {
        let values = [8_000.0, 10_000.0, 10_000.0, 11_000.0, 11_000.0, 12_000.0, 12_000.0, 14_000.0, 100_000.0];
        let low = value_axis(&values, Reach::WithoutFar, ValueScale::Linear, &frame(38.0), 8.0);
        assert!(low.y_from_value(100_000.0) < 0.0 && low.y_from_value(14_000.0) >= 7.9, "{low:?}");
        let high = value_axis(&values, Reach::WithoutFar, ValueScale::Linear, &frame(300.0), 8.0);
        assert!(high.y_from_value(100_000.0) >= 0.0, "{high:?}");
        let whole = value_axis(&values, Reach::All, ValueScale::Linear, &frame(38.0), 8.0);
        assert!(whole.y_from_value(100_000.0) >= 0.0, "{whole:?}");
    }

    #[test]
    fn every_number_of_an_axis_has_air_above_and_below() {
        for scale in [ValueScale::Linear, ValueScale::Log] {
            let values = [120.0, 480.0, 4_700.0];
            let axis = value_axis(&values, Reach::WithoutFar, scale, &frame(80.0), 12.0);
            for value in values {
                let y = axis.y_from_value(value);
                assert!((12.0 - 0.1..=80.0 - 4.9).contains(&y), "{scale:?} {value} {y}");
            }
        }
    }

    #[test]
    fn ticks_are_spaced_and_a_low_strip_has_one() {
        let axis = value_axis(&[1_000.0, 4_700.0], Reach::WithoutFar, ValueScale::Log, &frame(50.0), 10.0);
        let ticks = value_ticks(&axis);
        assert_eq!(ticks, vec![1_000.0, 3_000.0]);
        let low = value_axis(&[60.0, 160.0, 220.0], Reach::WithoutFar, ValueScale::Linear, &frame(36.0), 8.0);
        assert_eq!(value_ticks(&low), vec![200.0]);
    }

    #[test]
    fn nothing_to_draw_still_gives_an_axis() {
        for scale in [ValueScale::Linear, ValueScale::Log] {
            let axis = value_axis(&[f64::NAN, f64::INFINITY], Reach::All, scale, &frame(50.0), 10.0);
            assert!(axis.low.is_finite() && axis.high.is_finite() && axis.high > axis.low);
        }
    }
}

//! Running sums as step lines with their low to high band.

use super::PlotFrame;
use super::axis::{Reach, value_axis, value_ticks};
use super::bars::drawn_groups;
use crate::data::Amount;
use crate::layout::ValueAxis;
use crate::query::{SeriesAnswer, SeriesGroup, SeriesPoint};
use crate::session::ValueScale;
use crate::time::{Span, Step, Time};

/// The running sum of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct RunningLine {
    /// Which series, by its place in the answer.
    pub group: usize,
    /// The corners of the value's step line; it ends where a record without a value joins the sum.
    pub values: Vec<(Time, f64)>,
    /// The corners of the band: moment, lowest, highest; without an end above, the value (or the lowest) stands for it.
    pub band: Vec<(Time, f64, f64)>,
    /// Is the sum open upwards at the end?
    pub is_open_above: bool,
    /// The last point in view.
    pub last: SeriesPoint,
    /// Where the line ends in view, and at which value.
    pub end: (Time, f64),
}

/// A strip of running sums, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct LinesStrip {
    /// The value axis.
    pub axis: ValueAxis,
    /// Its ticks.
    pub ticks: Vec<f64>,
    /// The lines.
    pub lines: Vec<RunningLine>,
    /// Their unit.
    pub unit: Option<String>,
    /// Series in other units, which have no place on this axis.
    pub other_units: u64,
    /// When the first sum starts, where it lies after the window.
    pub starts: Option<Time>,
}

/// Lays out a strip of running sums; each sum holds from the end of its bucket on.
pub fn lines_strip(answer: &SeriesAnswer, step: Step, scale: ValueScale, frame: &PlotFrame, air: f32) -> LinesStrip {
    let (groups, unit) = drawn_groups(answer);
    let window = frame.time.window;
    let group = |place: &usize| answer.groups.get(*place).map(|group| (*place, group));
    let lines: Vec<RunningLine> = groups.iter().filter_map(group).filter_map(|(place, group)| line(place, group, step, window)).collect();
    let values = lines.iter().flat_map(|line| {
        let own = line.values.iter().map(|corner| corner.1);
        own.chain(line.band.iter().flat_map(|corner| [corner.1, corner.2]))
    });
    let axis = value_axis(&values.collect::<Vec<f64>>(), Reach::All, scale, frame, air);
    LinesStrip {
        ticks: value_ticks(&axis),
        axis,
        other_units: (answer.groups.len() - groups.len()) as u64,
        unit,
        starts: groups.iter().filter_map(group).filter_map(|(_, group)| group.points.first()).map(|point| point.start).min(),
        lines,
    }
}

fn line(place: usize, group: &SeriesGroup, step: Step, window: Span) -> Option<RunningLine> {
    let first = group.points.iter().rposition(|point| step.next(point.start) <= window.start).unwrap_or(0);
    let shown: Vec<&SeriesPoint> = group.points.iter().skip(first).take_while(|point| step.next(point.start) <= window.end).collect();
    let last = **shown.last()?;
    let is_final = group.points.last().is_some_and(|point| point.start == last.start);
    let number = |amount: Option<Amount>| amount.map(Amount::to_number);
    let mut values: Vec<(Time, f64)> = Vec::new();
    let mut band: Vec<(Time, f64, f64)> = Vec::new();
    let end_of_line = if is_final { step.next(last.start) } else { window.end };
    for (turn, point) in shown.iter().enumerate() {
        let from = step.next(point.start).max(window.start);
        let until = shown.get(turn + 1).map_or(end_of_line, |next| step.next(next.start)).max(from);
        let value = number(point.value);
        if let Some(value) = value {
            values.extend([(from, value), (until, value)]);
        }
        let low = number(point.low).or(value);
        let high = number(point.high).or(value).or(low);
        if let (Some(low), Some(high)) = (low, high) {
            band.extend([(from, low, high), (until, low, high)]);
        }
    }
    let end = values.last().copied().or_else(|| band.last().map(|corner| (corner.0, corner.1.midpoint(corner.2))))?;
    Some(RunningLine { group: place, values, band, is_open_above: last.high.is_none(), last, end })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::TimeScale;
    use crate::testing::{span, time};

    fn frame() -> PlotFrame {
        PlotFrame { time: TimeScale::new(span("2025"), 0.0, 730.0), top: 0.0, bottom: 100.0 }
    }

    fn point(start: &str, value: Option<f64>, low: f64, high: Option<f64>) -> SeriesPoint {
        let amount = Amount::from_number;
        SeriesPoint { start: time(start), value: value.map(amount), low: Some(amount(low)), high: high.map(amount), records: 1 }
    }

    fn laid(points: &[SeriesPoint]) -> LinesStrip {
        let group = SeriesGroup { points: points.to_vec(), ..SeriesGroup::default() };
        let answer = SeriesAnswer { groups: vec![group], ..SeriesAnswer::default() };
        lines_strip(&answer, Step::Month, ValueScale::Linear, &frame(), 10.0)
    }

    #[test]
    fn a_running_sum_holds_from_the_end_of_its_bucket_and_enters_the_window_from_before() {
        let strip = laid(&[
            point("2024-10-01", Some(5.0), 5.0, Some(5.0)),
            point("2025-03-01", Some(9.0), 8.0, Some(12.0)),
            point("2026-05-01", Some(20.0), 20.0, Some(20.0)),
        ]);
        let corners: Vec<(Time, f64)> = strip.lines[0].values.clone();
        let expected = [("2025-01-01", 5.0), ("2025-04-01", 5.0), ("2025-04-01", 9.0), ("2026-01-01", 9.0)];
        assert_eq!(corners, expected.map(|(day, value)| (time(day), value)).to_vec());
        assert_eq!(strip.lines[0].band.last(), Some(&(time("2026-01-01"), 8.0, 12.0)));
    }

    #[test]
    fn a_line_ends_with_the_last_record_and_not_with_the_window() {
        let strip = laid(&[point("2025-03-01", Some(9.0), 9.0, Some(9.0))]);
        assert_eq!(strip.lines[0].end, (time("2025-04-01"), 9.0));
    }

    #[test]
    fn rule_7_an_open_sum_stays_open_and_rule_9_a_sum_without_a_value_has_no_line() {
        let strip = laid(&[point("2025-03-01", Some(9.0), 9.0, None), point("2025-05-01", None, 12.0, None)]);
        let line = &strip.lines[0];
        assert!(line.is_open_above);
        assert_eq!(line.values.last(), Some(&(time("2025-06-01"), 9.0)));
        assert_eq!(line.band.last(), Some(&(time("2025-06-01"), 12.0, 12.0)));
    }

    #[test]
    fn nothing_before_the_end_of_the_window_is_no_line() {
        let strip = laid(&[point("2027-03-01", Some(9.0), 9.0, Some(9.0))]);
        assert!(strip.lines.is_empty());
        assert_eq!(strip.starts, Some(time("2027-03-01")));
    }
}

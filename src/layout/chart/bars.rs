//! Sums per calendar bucket as bars: which bucket suits the zoom, where bars and whiskers stand, when they may be stacked.

use super::PlotFrame;
use super::axis::{bar_axis, value_ticks};
use crate::data::Amount;
use crate::layout::{TimeScale, ValueAxis};
use crate::query::{SeriesAnswer, SeriesPoint};
use crate::session::ValueScale;
use crate::time::{Span, Step, Time};

/// Air between two buckets, in points, where there is room for it.
const BUCKET_GAP: f32 = 1.0;

/// The finest calendar bucket that is at least `least_px` wide at this zoom; never finer than a day.
pub fn auto_step(scale: &TimeScale, least_px: f32) -> Step {
    let least_us = scale.us_per_point() * f64::from(least_px);
    Step::ALL.into_iter().filter(|step| *step >= Step::Day).find(|step| step.approx_us() as f64 >= least_us).unwrap_or(Step::Century)
}

/// How series share a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sharing {
    /// Side by side: rivals, or a log scale.
    Beside,
    /// One on the other: parts of one counter's sum, in one unit, on a linear scale.
    Stacked,
}

/// The bar of one series in one bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BarShape {
    /// Which series, by its place in the answer.
    pub group: usize,
    /// The bucket.
    pub bucket: Span,
    /// The left edge, in points.
    pub left: f32,
    /// The right edge, in points.
    pub right: f32,
    /// Where it stands: above zero when it is stacked.
    pub base: f64,
    /// How far it reaches; `None` when a record in it has only a range.
    pub top: Option<f64>,
}

/// From the lowest to the highest sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Whisker {
    /// Across, in points.
    pub x: f32,
    /// Half the width of its caps, in points.
    pub cap: f32,
    /// The lowest; `None` when it is open.
    pub low: Option<f64>,
    /// The highest; `None` when it is open.
    pub high: Option<f64>,
    /// From where an open end is drawn.
    pub value: f64,
}

/// A strip of bars, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct BarsStrip {
    /// The value axis.
    pub axis: ValueAxis,
    /// Its ticks.
    pub ticks: Vec<f64>,
    /// The bars in view.
    pub bars: Vec<BarShape>,
    /// Their whiskers, where low and high differ from the value.
    pub whiskers: Vec<Whisker>,
    /// The series that are drawn, by their place in the answer.
    pub groups: Vec<usize>,
    /// Their unit.
    pub unit: Option<String>,
    /// Series in other units, which have no place on this axis.
    pub other_units: u64,
    /// Buckets before the window that the answer knows of, and the last of them.
    pub before: (u64, Option<Time>),
    /// Buckets after the window, and the first of them.
    pub after: (u64, Option<Time>),
}

/// The series that share an axis: those in the unit of most records.
pub(super) fn drawn_groups(answer: &SeriesAnswer) -> (Vec<usize>, Option<String>) {
    let records = |unit: &Option<String>| -> u64 {
        answer.groups.iter().filter(|group| group.unit == *unit).flat_map(|group| &group.points).map(|point| point.records).sum()
    };
    let unit = answer.groups.iter().rev().map(|group| &group.unit).max_by_key(|unit| records(unit)).cloned().flatten();
    let groups = answer.groups.iter().enumerate().filter(|(_, group)| group.unit == unit).map(|(place, _)| place).collect();
    (groups, unit)
}

/// Lays out a strip of bars with `air` points free above.
pub fn bars_strip(answer: &SeriesAnswer, step: Step, sharing: Sharing, scale: ValueScale, frame: &PlotFrame, air: f32) -> BarsStrip {
    let (groups, unit) = drawn_groups(answer);
    let window = frame.time.window;
    let bucket = |point: &SeriesPoint| Span::new(point.start, step.next(point.start));
    let mut bars = Vec::new();
    let mut whiskers = Vec::new();
    let mut stacks: Vec<(Time, Stack)> = Vec::new();
    for (slot, group) in groups.iter().enumerate() {
        let points = answer.groups.get(*group).map_or(&[] as &[SeriesPoint], |group| group.points.as_slice());
        for point in points.iter().filter(|point| bucket(point).overlaps(window)) {
            let span = bucket(point);
            let slots = if sharing == Sharing::Stacked { (0, 1) } else { (slot, groups.len()) };
            let (left, right) = edges(&frame.time, span, slots);
            let own = Stack::of(point);
            let mut bar = BarShape { group: *group, bucket: span, left, right, base: 0.0, top: own.value };
            if sharing == Sharing::Stacked {
                let place = stacks.iter().position(|(start, _)| *start == point.start).unwrap_or_else(|| {
                    stacks.push((point.start, Stack::NOTHING));
                    stacks.len() - 1
                });
                if let Some((_, stack)) = stacks.get_mut(place) {
                    bar.base = stack.height;
                    bar.top = own.value.map(|value| stack.height + value);
                    stack.add(own);
                }
            } else {
                whiskers.extend(own.whisker(left, right));
            }
            bars.push(bar);
        }
    }
    for (start, stack) in stacks {
        let (left, right) = edges(&frame.time, Span::new(start, step.next(start)), (0, 1));
        whiskers.extend(stack.whisker(left, right));
    }
    let reached = bars.iter().filter_map(|bar| bar.top);
    let bounds = whiskers.iter().flat_map(|whisker| [whisker.low, whisker.high]).flatten();
    let axis = bar_axis(&reached.chain(bounds).collect::<Vec<f64>>(), scale, frame, air);
    let starts = || groups.iter().filter_map(|group| answer.groups.get(*group)).flat_map(|group| &group.points).map(|point| point.start);
    let before: Vec<Time> = starts().filter(|start| step.next(*start) <= window.start).collect();
    let after: Vec<Time> = starts().filter(|start| *start >= window.end).collect();
    BarsStrip {
        ticks: value_ticks(&axis),
        axis,
        bars,
        whiskers,
        other_units: (answer.groups.len() - groups.len()) as u64,
        groups,
        unit,
        before: (before.len() as u64, before.iter().copied().max()),
        after: (after.len() as u64, after.iter().copied().min()),
    }
}

/// The edges of a bar in its bucket: the slot-th of so many.
fn edges(time: &TimeScale, bucket: Span, (slot, slots): (usize, usize)) -> (f32, f32) {
    let (left, right) = (time.x_from_time(bucket.start), time.x_from_time(bucket.end));
    let gap = BUCKET_GAP.min((right - left) * 0.1);
    let width = (right - left - 2.0 * gap).max(0.5) / slots.max(1) as f32;
    let from = left + gap + width * slot as f32;
    (from, from + width)
}

/// Sums that stand on each other, or one alone.
#[derive(Clone, Copy, Debug)]
struct Stack {
    height: f64,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

impl Stack {
    const NOTHING: Self = Self { height: 0.0, value: Some(0.0), low: Some(0.0), high: Some(0.0) };

    fn of(point: &SeriesPoint) -> Self {
        let number = |amount: Option<Amount>| amount.map(Amount::to_number);
        let (value, low, high) = (number(point.value), number(point.low), number(point.high));
        Self { height: value.unwrap_or(0.0), value, low, high }
    }

    fn add(&mut self, other: Self) {
        let both = |one: Option<f64>, other: Option<f64>| Some(one? + other?);
        self.height += other.height;
        self.value = both(self.value, other.value);
        self.low = both(self.low, other.low);
        self.high = both(self.high, other.high);
    }

    fn whisker(&self, left: f32, right: f32) -> Option<Whisker> {
        let is_plain = self.value.is_some() && self.low == self.value && self.high == self.value;
        let value = self.value.or(self.low).or(self.high)?;
        let cap = ((right - left) * 0.3).clamp(1.0, 4.0);
        (!is_plain).then_some(Whisker { x: left.midpoint(right), cap, low: self.low, high: self.high, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::SeriesGroup;
    use crate::testing::{span, time};

    fn frame() -> PlotFrame {
        PlotFrame { time: TimeScale::new(span("2025"), 0.0, 730.0), top: 0.0, bottom: 100.0 }
    }

    fn point(start: &str, value: Option<f64>, low: Option<f64>, high: Option<f64>) -> SeriesPoint {
        let amount = |number: Option<f64>| number.map(Amount::from_number);
        SeriesPoint { start: time(start), value: amount(value), low: amount(low), high: amount(high), records: 1 }
    }

    fn answer(groups: &[(&str, &[SeriesPoint])]) -> SeriesAnswer {
        let group = |(unit, points): &(&str, &[SeriesPoint])| SeriesGroup {
            unit: Some((*unit).to_owned()),
            points: points.to_vec(),
            ..SeriesGroup::default()
        };
        SeriesAnswer { groups: groups.iter().map(group).collect(), ..SeriesAnswer::default() }
    }

    fn laid(answer: &SeriesAnswer, sharing: Sharing) -> BarsStrip {
        bars_strip(answer, Step::Month, sharing, ValueScale::Linear, &frame(), 10.0)
    }

    #[test]
    fn buckets_that_follow_the_zoom_are_wide_enough_to_be_seen() {
        let scale = |text: &str| TimeScale::new(span(text), 0.0, 900.0);
        assert_eq!(auto_step(&scale("2025-01"), 10.0), Step::Day);
        assert_eq!(auto_step(&scale("2025"), 10.0), Step::Week);
        assert_eq!(auto_step(&scale("2010/2020"), 10.0), Step::Quarter);
    }

    #[test]
    fn rule_11_rivals_stand_side_by_side_and_never_on_each_other() {
        let one = [point("2025-03-01", Some(10.0), Some(10.0), Some(10.0))];
        let strip = laid(&answer(&[("persons", &one), ("persons", &one)]), Sharing::Beside);
        assert!(strip.bars.iter().all(|bar| bar.base == 0.0 && bar.top == Some(10.0)));
        assert!(strip.bars[0].right <= strip.bars[1].left + 0.01);
        assert!(strip.whiskers.is_empty());
    }

    #[test]
    fn parts_of_one_counter_stand_on_each_other_with_one_whisker() {
        let one = [point("2025-03-01", Some(10.0), Some(5.0), Some(20.0))];
        let strip = laid(&answer(&[("persons", &one), ("persons", &one)]), Sharing::Stacked);
        assert_eq!((strip.bars[1].base, strip.bars[1].top), (10.0, Some(20.0)));
        assert_eq!(strip.whiskers.len(), 1);
        assert_eq!((strip.whiskers[0].low, strip.whiskers[0].high), (Some(10.0), Some(40.0)));
    }

    #[test]
    fn rule_7_a_sum_with_an_open_part_has_a_whisker_without_an_end() {
        let open = [point("2025-03-01", Some(10.0), Some(10.0), None)];
        let strip = laid(&answer(&[("persons", &open)]), Sharing::Beside);
        assert_eq!((strip.whiskers[0].low, strip.whiskers[0].high), (Some(10.0), None));
    }

    #[test]
    fn rule_9_a_sum_without_a_value_has_no_bar_and_still_its_whisker() {
        let range = [point("2025-03-01", None, Some(40.0), Some(60.0))];
        let strip = laid(&answer(&[("persons", &range)]), Sharing::Beside);
        assert_eq!(strip.bars[0].top, None);
        assert_eq!(strip.whiskers[0].high, Some(60.0));
        assert!(strip.axis.high >= 60.0);
    }

    #[test]
    fn rule_2_series_in_another_unit_are_counted_and_not_drawn() {
        let persons = [point("2025-03-01", Some(10.0), None, None), point("2025-04-01", Some(10.0), None, None)];
        let tonnes = [point("2025-03-01", Some(9e9), None, None)];
        let strip = laid(&answer(&[("tonnes", &tonnes), ("persons", &persons)]), Sharing::Beside);
        assert_eq!((strip.groups.as_slice(), strip.other_units), ([1].as_slice(), 1));
        assert_eq!(strip.unit.as_deref(), Some("persons"));
    }

    #[test]
    fn buckets_outside_the_window_are_counted_with_the_way_there() {
        let points = [point("2023-03-01", Some(1.0), None, None), point("2027-01-01", Some(1.0), None, None)];
        let strip = laid(&answer(&[("persons", &points)]), Sharing::Beside);
        assert!(strip.bars.is_empty());
        assert_eq!(strip.before, (1, Some(time("2023-03-01"))));
        assert_eq!(strip.after, (1, Some(time("2027-01-01"))));
    }
}

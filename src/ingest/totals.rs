//! Finds running totals: columns of numbers, one a day, that hardly ever fall; and where such a series ends in zeros.

use super::cells;
use super::guess::Sample;
use super::mapping::{Mapping, Role};
use crate::time::{DAY_US, Time, format_iso_day, parse_ymd_fast};

/// Fewer days say too little.
const DAYS_MIN: usize = 20;
/// At most one step in so many is a fall, or one at all: a correction of the count.
const STEPS_PER_FALL: usize = 50;
/// A series that is zero for so many days, up to its last one, has ended.
const ENDED_DAYS_MIN: i64 = 7;

/// The days of a table that has one row a day: the midnight of each row, where it has a date.
pub(super) struct Days(Vec<Option<i64>>);

impl Days {
    /// `None` where a day has several rows, which the first rows of most tables tell.
    pub(super) fn of(mapping: &Mapping, sample: &Sample) -> Option<Self> {
        let when = mapping.column(Role::When)?;
        let style = mapping.columns.get(when)?.dates;
        let day = |date: &String| {
            let when = parse_ymd_fast(date.as_bytes()).or_else(|| cells::date(date, style).ok().map(|read| read.when))?;
            Some(when.span.start.0)
        };
        let days: Vec<Option<i64>> = sample.get(when)?.iter().map(day).collect();
        let mut sorted: Vec<i64> = days.iter().copied().flatten().collect();
        sorted.sort_unstable();
        sorted.windows(2).all(|pair| pair[0] < pair[1]).then_some(Self(days))
    }
}

/// A column of numbers, one a day.
pub(super) struct Series {
    /// Midnights and numbers, in their order in time.
    points: Vec<(i64, f64)>,
}

/// How surely a series is a running total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Growth {
    /// It falls too often, or is no count.
    None,
    /// It hardly ever falls, but seldom rises.
    Slow,
    /// It rises again and again.
    Steady,
}

impl Series {
    /// The numbers of a column by their days.
    pub(super) fn of(days: &Days, mapping: &Mapping, sample: &Sample, column: usize) -> Option<Self> {
        let style = mapping.columns.get(column)?.numbers;
        let point = |(day, number): (&Option<i64>, &String)| Some(((*day)?, cells::number(number, style).ok()?));
        let mut points: Vec<(i64, f64)> = days.0.iter().zip(sample.get(column)?).filter_map(point).collect();
        points.sort_by_key(|point| point.0);
        Some(Self { points })
    }

    /// How surely it is a running total. An ending in zeros is left out.
    pub(super) fn growth(&self) -> Growth {
        let points = &self.points[..self.end()];
        let falls = points.windows(2).filter(|pair| pair[0].1 > pair[1].1).count();
        let rises = points.windows(2).filter(|pair| pair[0].1 < pair[1].1).count();
        let is_count = points.iter().all(|point| point.1 >= 0.0 && point.1.fract() == 0.0);
        if points.len() < DAYS_MIN || !is_count || falls > (points.len() / STEPS_PER_FALL).max(1) || rises == 0 {
            Growth::None
        } else if rises * 4 > points.len() {
            Growth::Steady
        } else {
            Growth::Slow
        }
    }

    /// Is it too short to tell, and does it never fall?
    pub(super) fn may_grow(&self) -> bool {
        let rises = self.points.windows(2).any(|pair| pair[0].1 < pair[1].1);
        self.points.len() < DAYS_MIN && rises && self.never_falls()
    }

    /// Is it a number of the day or the row: does it rise by the same each day, or by the same from row to row?
    pub(super) fn is_index(&self) -> bool {
        let pairs = || self.points.windows(2);
        let steps = || pairs().map(|pair| (pair[1].1 - pair[0].1, (pair[1].0 - pair[0].0) as f64 / DAY_US as f64));
        let Some((first, days)) = steps().next() else { return false };
        steps().all(|(step, _)| step == first) || steps().all(|(step, own)| (step / own - first / days).abs() < 1e-9)
    }

    /// Does it never fall at all?
    pub(super) fn never_falls(&self) -> bool {
        self.points.windows(2).all(|pair| pair[0].1 <= pair[1].1)
    }

    /// The last day (ISO) of a series that ends in zeros.
    pub(super) fn until(&self) -> Option<String> {
        let end = self.end();
        (end < self.points.len()).then(|| format_iso_day(Time(self.points[end - 1].0)))
    }

    /// One behind the last point that is not a zero after the end.
    fn end(&self) -> usize {
        let Some(last) = self.points.iter().rposition(|point| point.1 > 0.0) else { return self.points.len() };
        let zeros = &self.points[last + 1..];
        let lasts = zeros.first().zip(zeros.last()).is_some_and(|(first, last)| last.0 - first.0 >= (ENDED_DAYS_MIN - 1) * DAY_US);
        if lasts { last + 1 } else { self.points.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(numbers: &[f64]) -> Series {
        let start = Time::from_ymd(2020, 1, 1).unwrap().0;
        Series { points: numbers.iter().enumerate().map(|(day, number)| (start + day as i64 * DAY_US, *number)).collect() }
    }

    fn squares(days: i32) -> Vec<f64> {
        (0..days).map(|day| f64::from(day * day)).collect()
    }

    #[test]
    fn a_total_rises_again_and_again_and_may_be_corrected_once() {
        assert_eq!(series(&squares(60)).growth(), Growth::Steady);
        let mut corrected = squares(60);
        corrected[30] = 100.0;
        assert_eq!(series(&corrected).growth(), Growth::Steady);
        assert!(!series(&corrected).never_falls());
        let slow: Vec<f64> = (0..60).map(|day| f64::from(day / 20)).collect();
        assert_eq!(series(&slow).growth(), Growth::Slow);
        let level: Vec<f64> = (0..60).map(|day| f64::from(day % 7)).collect();
        assert_eq!(series(&level).growth(), Growth::None);
    }

    #[test]
    fn a_count_of_days_or_rows_is_no_total() {
        let days: Vec<f64> = (1..=60).map(f64::from).collect();
        assert!(series(&days).is_index());
        assert!(!series(&squares(60)).is_index());
    }

    #[test]
    fn zeros_up_to_the_last_day_are_an_end_and_a_few_are_not() {
        let mut ended = squares(40);
        ended.extend([0.0; 10]);
        assert_eq!(series(&ended).until().as_deref(), Some("2020-02-09"));
        assert_eq!(series(&ended).growth(), Growth::Steady);
        let mut gap = squares(40);
        gap.extend([0.0, 0.0, 1600.0]);
        assert_eq!(series(&gap).until(), None);
        let mut short = squares(40);
        short.extend([0.0, 0.0]);
        assert_eq!(series(&short).until(), None);
    }
}

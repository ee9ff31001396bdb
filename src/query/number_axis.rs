//! The axis that a histogram counts over: in equal steps, or drawn apart where most numbers crowd at its lower end. Plain values.

/// So much of the axis, from its lower end, is looked at for a crowd.
const CROWD_PART: f64 = 0.04;
/// So many of four numbers there are a crowd.
const CROWD_OF_FOUR: u64 = 3;
/// An axis whose numbers differ by less than this many units is not worth drawing apart.
const UNITS_MIN: f64 = 20.0;
/// Nor are more units drawn apart than this: one tiny number would take half of the axis.
const UNITS_MAX: f64 = 1e6;

/// An axis of numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NumberAxis {
    /// The smallest number, or microseconds of a date.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// Where it is drawn apart: the place of a number grows with the logarithm of `1 + (number - min) / unit`.
    pub unit: Option<f64>,
    /// Are all numbers whole?
    pub is_whole: bool,
}

/// What is known of the numbers of an axis whose ends are known.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    ends: (f64, f64),
    /// The smallest number above the smallest.
    second: f64,
    numbers: u64,
    low: u64,
    is_whole: bool,
}

impl Crowd {
    /// Nothing is known yet but the ends.
    pub fn new(min: f64, max: f64) -> Self {
        Self { ends: (min, max), second: f64::INFINITY, numbers: 0, low: 0, is_whole: true }
    }

    /// Takes in a number.
    pub fn add(&mut self, number: f64) {
        let (min, max) = self.ends;
        self.numbers += 1;
        self.low += u64::from(number - min <= (max - min) * CROWD_PART);
        self.is_whole &= number.fract() == 0.0;
        if number > min {
            self.second = self.second.min(number);
        }
    }

    /// Takes in what is known of other numbers of the same axis.
    pub fn join(&mut self, other: &Self) {
        self.second = self.second.min(other.second);
        self.numbers += other.numbers;
        self.low += other.low;
        self.is_whole &= other.is_whole;
    }

    /// The axis of these numbers.
    pub fn axis(&self) -> NumberAxis {
        let (min, max) = self.ends;
        let width = max - min;
        let unit = (self.second - min).max(width / UNITS_MAX);
        let is_crowded = self.low.saturating_mul(4) >= self.numbers.saturating_mul(CROWD_OF_FOUR);
        let is_apart = is_crowded && width.is_finite() && unit > 0.0 && unit * UNITS_MIN <= width;
        NumberAxis { min, max, unit: is_apart.then_some(unit), is_whole: self.is_whole && self.numbers > 0 }
    }
}

impl NumberAxis {
    /// An axis in equal steps.
    pub fn even(min: f64, max: f64) -> Self {
        Self { min, max, unit: None, is_whole: false }
    }

    /// Where a number lies, from 0 to 1.
    pub fn part(&self, number: f64) -> f64 {
        if self.max <= self.min {
            return 0.0;
        }
        let part = match self.unit {
            None => (number - self.min) / (self.max - self.min),
            Some(unit) => ((number - self.min).max(0.0) / unit).ln_1p() / ((self.max - self.min) / unit).ln_1p(),
        };
        part.clamp(0.0, 1.0)
    }

    /// The number at a place from 0 to 1.
    pub fn number(&self, part: f64) -> f64 {
        let part = part.clamp(0.0, 1.0);
        if part == 1.0 {
            return self.max;
        }
        match self.unit {
            None => self.min + part * (self.max - self.min),
            Some(unit) => (self.min + unit * (part * ((self.max - self.min) / unit).ln_1p()).exp_m1()).min(self.max),
        }
    }

    /// In which of so many bins a number lies; the largest number is in the last one.
    pub fn bin(&self, number: f64, bins: u32) -> usize {
        let bins = bins.max(1);
        ((self.part(number) * f64::from(bins)) as usize).min(bins as usize - 1)
    }

    /// The numbers from which and up to which a bin counts.
    pub fn bounds(&self, bin: usize, bins: u32) -> (f64, f64) {
        let part = |edge: usize| edge as f64 / f64::from(bins.max(1));
        (self.number(part(bin)), self.number(part(bin + 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis_of(numbers: &[f64]) -> NumberAxis {
        let (min, max) = numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(min, max), own| (min.min(*own), max.max(*own)));
        let (one, other) = numbers.split_at(numbers.len() / 2);
        let mut crowds = [one, other].map(|numbers| {
            let mut crowd = Crowd::new(min, max);
            for number in numbers {
                crowd.add(*number);
            }
            crowd
        });
        let [first, second] = &mut crowds;
        first.join(second);
        first.axis()
    }

    #[test]
    fn the_largest_number_is_in_the_last_bin() {
        let even = NumberAxis::even(0.0, 10.0);
        assert_eq!([10.0, 0.0, 2.0].map(|number| even.bin(number, 5)), [4, 0, 1]);
        assert_eq!(NumberAxis::even(3.0, 3.0).bin(3.0, 5), 0);
        let apart = NumberAxis { unit: Some(1.0), ..even };
        assert_eq!([10.0, 0.0].map(|number| apart.bin(number, 5)), [4, 0]);
    }

    #[test]
    fn numbers_that_crowd_at_the_lower_end_are_drawn_apart() {
        let deaths = [0.0, 1.0, 1.0, 2.0, 3.0, 5.0, 8.0, 0.0, 0.0, 1_500.0];
        let axis = axis_of(&deaths);
        assert_eq!((axis.unit, axis.is_whole), (Some(1.0), true));
        let bins: Vec<usize> = [0.0, 1.0, 2.0, 8.0, 1_500.0].iter().map(|number| axis.bin(*number, 50)).collect();
        assert_eq!(bins, [0, 4, 7, 15, 49]);
    }

    #[test]
    fn numbers_that_do_not_crowd_are_in_equal_steps() {
        assert_eq!(axis_of(&[1.0, 20.0, 35.5, 50.0, 70.0, 100.0]), NumberAxis::even(1.0, 100.0));
        assert_eq!(axis_of(&[0.0, 0.0, 0.0, 10.0]).unit, None, "two different numbers need no room between them");
        assert_eq!(axis_of(&[5.0, 5.0]).unit, None);
    }

    #[test]
    fn one_tiny_number_does_not_take_half_of_the_axis() {
        let axis = axis_of(&[0.0, 1e-9, 300.0, 4_000.0, 11_000.0, 6_000_000.0]);
        assert_eq!(axis.unit, Some(6.0));
        assert!(axis.part(300.0) < 0.4 && axis.part(11_000.0) > 0.5);
    }

    #[test]
    fn a_place_and_its_number_say_the_same() {
        for unit in [None, Some(1.0), Some(0.25)] {
            let axis = NumberAxis { min: -2.0, max: 1_500.0, unit, is_whole: false };
            for number in [-2.0, 0.0, 0.5, 20.0, 1_500.0] {
                assert!((axis.number(axis.part(number)) - number).abs() < 1e-6, "{unit:?} {number}");
            }
        }
    }
}

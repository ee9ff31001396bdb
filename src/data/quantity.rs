//! Quantities and the bands that they claim.

use super::{Basis, Measure, Qualifier};

/// The number of a record, with everything that says what it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity<'a> {
    /// What is counted.
    pub metric: &'a str,
    /// A narrower kind within the metric.
    pub item: Option<&'a str>,
    /// Count, amount, share, rate, other.
    pub measure: Measure,
    /// The number; `None` is "no figure", not zero.
    pub value: Option<f64>,
    /// The lowest number given.
    pub low: Option<f64>,
    /// The highest number given.
    pub high: Option<f64>,
    /// How it was qualified.
    pub qualifier: Option<Qualifier>,
    /// What it covers.
    pub basis: Option<Basis>,
    /// The unit as given.
    pub unit: Option<&'a str>,
}

/// One end of a band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// This number.
    At(f64),
    /// Open: nobody said how far.
    Open,
}

impl Bound {
    /// The number, unless it is open.
    pub fn number(self) -> Option<f64> {
        match self {
            Self::At(number) => Some(number),
            Self::Open => None,
        }
    }
}

/// The interval that a quantity claims.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// The lowest.
    pub low: Bound,
    /// The highest.
    pub high: Bound,
}

impl Quantity<'_> {
    /// Has it any number at all?
    pub fn has_figure(&self) -> bool {
        self.value.is_some() || self.low.is_some() || self.high.is_some()
    }

    /// The band: explicit low and high win; else the value, as its qualifier says. `None` without a figure.
    pub fn band(&self) -> Option<Band> {
        if !self.has_figure() {
            return None;
        }
        let at = |number: Option<f64>| number.map_or(Bound::Open, Bound::At);
        let (low, high) = match self.qualifier {
            None | Some(Qualifier::Exact | Qualifier::About) => (self.low.or(self.value), self.high.or(self.value)),
            Some(Qualifier::AtLeast) => (self.low.or(self.value), self.high),
            Some(Qualifier::AtMost) => (self.low, self.high.or(self.value)),
            Some(Qualifier::Range) => (self.low, self.high),
        };
        Some(Band { low: at(low), high: at(high) })
    }
}

/// More people than this do not live; fewer than none of anything are not counted.
const PERSONS_MAX: f64 = 1e10;
/// From here on not every whole number can be held (2^53): what stands there was not counted.
const NUMBER_MAX: f64 = 9_007_199_254_740_992.0;
/// With a unit of its own a number may be larger, such as joules: up to more than anything on earth has.
const AMOUNT_MAX: f64 = 1e36;
/// Metrics of people, whatever their unit.
const OF_PEOPLE: [&str; 4] = ["killed", "wounded", "missing", "casualties"];
/// Other metrics that only count what is there. Of a metric with a name of its own nobody knows: a change, a balance or a temperature may be
/// below zero.
const OF_THINGS: [&str; 6] = ["captured", "troops", "artillery_pieces", "missiles", "shells", "containers"];

/// Why a number cannot be the number of a quantity; `None` where it can. Without a measure the unit tells it.
pub fn implausible(number: f64, metric: &str, unit: Option<&str>, measure: Option<Measure>) -> Option<&'static str> {
    if (0.0..=PERSONS_MAX).contains(&number) {
        return None;
    }
    let is_count = || measure.unwrap_or_else(|| measure_from_unit(unit)) == Measure::Count;
    let is_among = |metrics: &[&str]| metrics.iter().any(|own| own.eq_ignore_ascii_case(metric));
    let is_of_people = || is_among(&OF_PEOPLE) || unit == Some("persons");
    match number {
        _ if number.abs() > if unit.is_some() { AMOUNT_MAX } else { NUMBER_MAX } => {
            Some("larger than any number that could have been counted")
        }
        ..0.0 if is_count() && (is_among(&OF_PEOPLE) || is_among(&OF_THINGS)) => Some("a count cannot be below zero"),
        PERSONS_MAX.. if is_count() && is_of_people() => Some("more than all people there are"),
        _ => None,
    }
}

/// The measure that a unit implies; a quantity without a unit is a count.
pub fn measure_from_unit(unit: Option<&str>) -> Measure {
    let Some(unit) = unit.map(|unit| unit.trim().to_lowercase()) else { return Measure::Count };
    if unit.contains('/') || unit.contains(" per ") {
        return Measure::Rate;
    }
    match unit.as_str() {
        "percent" | "%" | "per cent" | "share" => Measure::Share,
        "metres" | "meters" | "m" | "km" | "kilometres" | "kilometers" | "degrees" | "days" | "hours" | "points" => Measure::Other,
        "tonnes" | "tons" | "t" | "kg" | "kilograms" | "barrels" | "litres" | "liters" | "usd" | "eur" | "gbp" | "rub" | "krw" | "uah"
        | "dollars" => Measure::Amount,
        _ => Measure::Count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_have_been_counted_is_told_from_what_can() {
        let is_fine = |number, metric, unit| implausible(number, metric, unit, None).is_none();
        assert!(is_fine(0.0, "killed", None) && is_fine(1e9, "killed", Some("persons")) && is_fine(1e12, "shells", None));
        assert!(!is_fine(-5.0, "killed", None) && !is_fine(2e10, "killed", None) && !is_fine(1e22, "shells", None));
        assert!(
            is_fine(-5.0, "change", Some("percent")) && is_fine(-40.0, "balance", Some("usd")) && !is_fine(-1e300, "balance", Some("usd"))
        );
        assert!(implausible(-5.0, "killed", None, Some(Measure::Other)).is_none());
        assert!(is_fine(2e16, "energy", Some("J")) && !is_fine(2e16, "value", None));
        assert!(!is_fine(-5.0, "Killed", Some("persons")) && !is_fine(-1.0, "shells", None));
        for (metric, unit) in [("change", None), ("temperature", Some("°C")), ("net_migration", Some("persons")), ("value", None)] {
            assert!(is_fine(-5.0, metric, unit), "{metric}");
        }
    }
}

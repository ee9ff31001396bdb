//! What may be added (rules 2, 7, 9 and 12) and how an increment is shared out over time (rule 8); it knows nothing of groups.

use crate::data::{Amount, Basis, Measure, Quantity, Status};
use crate::time::{Span, Step, Time};

/// The most buckets over which one increment is shared out; one that covers more is unplaced.
pub const BUCKETS_PER_RECORD_MAX: i64 = 100_000;

/// Why a record is in a sum of increments, or is not. The first reason that holds is the one that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A metric without a number.
    NoFigure,
    /// A total, a level, or of no known basis.
    OtherBasis,
    /// Not yet happened.
    Expected,
    /// Denied.
    Denied,
    /// Taken back.
    Retracted,
    /// No longer in a newer release.
    Removed,
    /// A share, a rate or another number that is never summed.
    NotSummable,
    /// It may be added to others of its counter, metric and unit.
    Summable,
}

/// How a quantity stands to a sum of increments.
pub fn standing(quantity: &Quantity<'_>, status: Status) -> Standing {
    if !quantity.has_figure() {
        return Standing::NoFigure;
    }
    if quantity.basis != Some(Basis::Increment) {
        return Standing::OtherBasis;
    }
    match status {
        Status::Expected => Standing::Expected,
        Status::Denied => Standing::Denied,
        Status::Retracted => Standing::Retracted,
        Status::Removed => Standing::Removed,
        Status::Reported | Status::Assessed | Status::Confirmed if matches!(quantity.measure, Measure::Count | Measure::Amount) => {
            Standing::Summable
        }
        Status::Reported | Status::Assessed | Status::Confirmed => Standing::NotSummable,
    }
}

/// May it be in a sum at all (rules 1, 2, 9 and 12)?
pub fn may_be_summed(quantity: &Quantity<'_>, status: Status) -> bool {
    standing(quantity, status) == Standing::Summable
}

/// Rule 12: expected, denied, retracted and removed records are in no sum, line or envelope.
pub fn is_live(status: Status) -> bool {
    matches!(status, Status::Reported | Status::Assessed | Status::Confirmed)
}

/// A sum of quantities. An open part leaves its sum open (rule 7), a missing value leaves the sum of values unknown (rule 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Of the values; `None` when one has none.
    pub value: Option<Amount>,
    /// Of the low bounds; `None` when one is open.
    pub low: Option<Amount>,
    /// Of the high bounds; `None` when one is open.
    pub high: Option<Amount>,
    /// How many.
    pub records: u64,
}

impl Sum {
    /// The sum of nothing.
    pub const NOTHING: Self = Self { value: Some(Amount::ZERO), low: Some(Amount::ZERO), high: Some(Amount::ZERO), records: 0 };

    /// The sum of one quantity.
    pub fn of(quantity: &Quantity<'_>) -> Self {
        let band = quantity.band();
        Self {
            value: quantity.value.map(Amount::from_number),
            low: band.and_then(|band| band.low.number()).map(Amount::from_number),
            high: band.and_then(|band| band.high.number()).map(Amount::from_number),
            records: 1,
        }
    }

    /// Adds another sum.
    pub fn add(&mut self, other: &Self) {
        let both = |one: Option<Amount>, other: Option<Amount>| one.zip(other).map(|(one, other)| one + other);
        self.value = both(self.value, other.value);
        self.low = both(self.low, other.low);
        self.high = both(self.high, other.high);
        self.records += other.records;
    }

    /// The size by which sums are put in order: the value, else a bound that is known.
    pub fn size(&self) -> Amount {
        self.value.or(self.high).or(self.low).unwrap_or_default()
    }

    fn share(&self, part: i64, whole: i64) -> Self {
        let of = |amount: Option<Amount>| amount.map(|amount| amount.share(part, whole));
        Self { value: of(self.value), low: of(self.low), high: of(self.high), records: self.records }
    }

    fn less(&self, other: &Self) -> Self {
        let of = |one: Option<Amount>, other: Option<Amount>| one.zip(other).map(|(one, other)| one - other);
        Self { value: of(self.value, other.value), low: of(self.low, other.low), high: of(self.high, other.high), records: self.records }
    }
}

/// Where an increment falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In no bucket: an end is open, or it covers more than [`BUCKETS_PER_RECORD_MAX`].
    Nowhere,
    /// In the bucket of this start.
    One(Time),
    /// Shared out over all the buckets that it covers.
    Many,
}

/// Where an increment over a span falls.
pub fn place(span: Span, by: Step, is_spread: bool) -> Place {
    let Some(width_us) = span.width_us() else { return Place::Nowhere };
    let first = by.floor(span.start);
    if !is_spread || span.end <= by.next(first) {
        return Place::One(first);
    }
    if width_us / by.approx_us() > BUCKETS_PER_RECORD_MAX { Place::Nowhere } else { Place::Many }
}

/// Shares a sum out over the buckets that a bounded span covers, in proportion to time; the last bucket takes the remainder.
/// Each share counts the records again: a record is counted in each bucket that it touches.
pub fn spread(sum: &Sum, span: Span, by: Step, mut visit: impl FnMut(Time, &Sum)) {
    let Some(whole_us) = span.width_us() else { return };
    let mut given = Sum::NOTHING;
    let mut bucket = by.floor(span.start);
    loop {
        let next = by.next(bucket);
        if next >= span.end || next <= bucket {
            visit(bucket, &sum.less(&given));
            return;
        }
        let part_us = next.0 - bucket.max(span.start).0;
        let share = sum.share(part_us, whole_us);
        given.add(&share);
        visit(bucket, &share);
        bucket = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Qualifier;
    use crate::testing::{span, time};

    fn killed(value: f64) -> Quantity<'static> {
        Quantity {
            metric: "killed",
            item: None,
            measure: Measure::Count,
            value: Some(value),
            low: None,
            high: None,
            qualifier: None,
            basis: Some(Basis::Increment),
            unit: None,
        }
    }

    fn shares(value: f64, date: &str, by: Step) -> Vec<(Time, String)> {
        let mut shares = Vec::new();
        spread(&Sum::of(&killed(value)), span(date), by, |bucket, sum| shares.push((bucket, sum.value.unwrap().to_string())));
        shares
    }

    #[test]
    fn rule_1_totals_and_levels_are_never_added() {
        assert!(may_be_summed(&killed(3.0), Status::Reported));
        for basis in [Some(Basis::Total), Some(Basis::Level), None] {
            assert_eq!(standing(&Quantity { basis, ..killed(3.0) }, Status::Reported), Standing::OtherBasis);
        }
    }

    #[test]
    fn rule_2_shares_rates_and_others_are_never_summed() {
        for measure in [Measure::Share, Measure::Rate, Measure::Other] {
            assert_eq!(standing(&Quantity { measure, ..killed(3.0) }, Status::Reported), Standing::NotSummable);
        }
        assert!(may_be_summed(&Quantity { measure: Measure::Amount, ..killed(3.0) }, Status::Reported));
    }

    #[test]
    fn rule_7_a_sum_with_an_open_part_has_an_open_bound() {
        let mut sum = Sum::of(&killed(10.0));
        sum.add(&Sum::of(&Quantity { qualifier: Some(Qualifier::AtLeast), ..killed(300.0) }));
        assert_eq!(sum.value, Some(Amount::from_number(310.0)));
        assert_eq!(sum.low, Some(Amount::from_number(310.0)));
        assert_eq!(sum.high, None);
        sum.add(&Sum::of(&Quantity { qualifier: Some(Qualifier::AtMost), ..killed(1.0) }));
        assert_eq!(sum.low, None);
    }

    #[test]
    fn rule_8_an_increment_is_shared_out_in_proportion_to_time() {
        let expected =
            [("2024-12", "14"), ("2025-01", "31"), ("2025-02", "5")].map(|(month, value)| (time(month), value.to_owned())).to_vec();
        assert_eq!(shares(50.0, "2024-12-18/2025-02-05", Step::Month), expected);
    }

    #[test]
    fn rule_8_the_last_bucket_takes_the_remainder() {
        let values: Vec<String> = shares(20.0, "2025-01-01/2025-01-03", Step::Day).into_iter().map(|(_, value)| value).collect();
        assert_eq!(values, ["6.666666666", "6.666666666", "6.666666668"]);
    }

    #[test]
    fn rule_8_an_increment_with_an_open_end_is_unplaced() {
        assert_eq!(place(span("2025-01-01/.."), Step::Day, true), Place::Nowhere);
        assert_eq!(place(span("../2025-01-01"), Step::Day, false), Place::Nowhere);
        assert_eq!(place(span("2025-01-01"), Step::Day, true), Place::One(time("2025-01-01")));
        assert_eq!(place(span("2025-01"), Step::Day, true), Place::Many);
        assert_eq!(place(span("2025-01"), Step::Day, false), Place::One(time("2025-01-01")));
    }

    #[test]
    fn an_increment_over_too_many_buckets_is_unplaced() {
        assert_eq!(place(span("1000/2025"), Step::Day, true), Place::Nowhere);
        assert_eq!(place(span("1000/2025"), Step::Month, true), Place::Many);
    }

    #[test]
    fn rule_9_a_missing_value_leaves_the_sum_of_values_unknown() {
        let mut sum = Sum::of(&killed(10.0));
        sum.add(&Sum::of(&Quantity { value: None, low: Some(2.0), high: Some(3.0), qualifier: Some(Qualifier::Range), ..killed(0.0) }));
        assert_eq!((sum.value, sum.low, sum.high), (None, Some(Amount::from_number(12.0)), Some(Amount::from_number(13.0))));
        assert_eq!(standing(&Quantity { value: None, ..killed(0.0) }, Status::Reported), Standing::NoFigure);
    }

    #[test]
    fn rule_12_expected_denied_and_retracted_records_are_in_no_sum() {
        for status in [Status::Expected, Status::Denied, Status::Retracted, Status::Removed] {
            assert!(!may_be_summed(&killed(3.0), status));
            assert!(!is_live(status));
        }
        for status in [Status::Reported, Status::Assessed, Status::Confirmed] {
            assert!(may_be_summed(&killed(3.0), status));
        }
    }
}

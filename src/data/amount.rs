//! Amounts: decimal numbers that add up exactly.

use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub};

use crate::time::DAY_US;

/// Parts of one in which amounts are counted.
const PARTS: i128 = Amount::PARTS as i128;

/// A decimal number with nine places after the point; sums and shares of it are exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i128);

impl Amount {
    /// Parts of one in which amounts are counted.
    pub const PARTS: i64 = 1_000_000_000;

    /// So many parts.
    pub fn from_parts(parts: i128) -> Self {
        Self(parts)
    }

    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The amount nearest to a number; huge numbers stop at the largest amount.
    pub fn from_number(number: f64) -> Self {
        let small = number as i64;
        if small as f64 == number && small.unsigned_abs() < 1 << 53 {
            return Self(i128::from(small) * PARTS);
        }
        let whole = number.trunc();
        let parts = ((number - whole) * PARTS as f64).round() as i128;
        Self((whole as i128).saturating_mul(PARTS).saturating_add(parts))
    }

    /// The number nearest to it.
    pub fn to_number(self) -> f64 {
        (self.0 / PARTS) as f64 + (self.0 % PARTS) as f64 / PARTS as f64
    }

    /// It to so many places after the point, halves away from zero.
    #[must_use]
    pub fn rounded(self, places: u32) -> Self {
        let unit = PARTS / 10_i128.pow(places.min(9));
        let half = if self.0 < 0 { -unit / 2 } else { unit / 2 };
        Self(self.0.saturating_add(half) / unit * unit)
    }

    /// This times `part / whole`, rounded towards zero: the share of a part.
    #[must_use]
    pub fn share(self, part: i64, whole: i64) -> Self {
        if whole == 0 {
            return Self::ZERO;
        }
        let is_in_days = part % DAY_US == 0 && whole % DAY_US == 0;
        let (part, whole) = if is_in_days { (part / DAY_US, whole / DAY_US) } else { (part, whole) };
        let small = i64::try_from(self.0).ok().and_then(|small| small.checked_mul(part)).and_then(|product| product.checked_div(whole));
        small.map_or_else(|| self.share_of_large(part, whole), |share| Self(i128::from(share)))
    }

    fn share_of_large(self, part: i64, whole: i64) -> Self {
        let (part, whole) = (i128::from(part), i128::from(whole));
        let quotient = self.0 / whole;
        let rest = self.0 % whole;
        Self(quotient.saturating_mul(part).saturating_add(rest.saturating_mul(part) / whole))
    }
}

impl Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Amount {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Amount {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |sum, amount| sum + amount)
    }
}

impl fmt::Display for Amount {
    /// A plain decimal without trailing zeros.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, parts) = (self.0.unsigned_abs() / PARTS as u128, self.0.unsigned_abs() % PARTS as u128);
        if parts == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = format!("{parts:09}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_written_as_a_plain_decimal() {
        assert_eq!(Amount::from_number(112_337.0).to_string(), "112337");
        assert_eq!(Amount::from_number(-0.25).to_string(), "-0.25");
        assert_eq!(Amount::from_number(4e9).to_string(), "4000000000");
    }

    #[test]
    fn an_amount_is_rounded_to_the_nearest_and_halves_away_from_zero() {
        let rounded = |number: f64, places| Amount::from_number(number).rounded(places).to_string();
        assert_eq!(rounded(3.333_333_333, 3), "3.333");
        assert_eq!(rounded(0.000_5, 3), "0.001");
        assert_eq!(rounded(-0.000_5, 3), "-0.001");
        assert_eq!(rounded(7.5, 0), "8");
        assert_eq!(rounded(1.25, 12), "1.25");
    }

    #[test]
    fn shares_of_small_and_large_amounts_are_reckoned_alike() {
        for number in [0.0, 1.0, -7.0, 300.0, 0.123_456_789, 1e12, -4e9] {
            for (part, whole) in [(1, 3), (3 * DAY_US, 31 * DAY_US), (DAY_US / 2, 31 * DAY_US), (5, 5), (0, 9)] {
                let amount = Amount::from_number(number);
                assert_eq!(amount.share(part, whole), amount.share_of_large(part, whole), "{number} {part} {whole}");
            }
        }
    }

    #[test]
    fn shares_and_their_remainder_make_the_whole() {
        let whole = Amount::from_number(10.0);
        let part = whole.share(1, 3);
        assert_eq!(part.to_string(), "3.333333333");
        assert_eq!(part + part + (whole - part - part), whole);
    }
}

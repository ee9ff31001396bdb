//! Numbers, as narrow as they allow without loss.

use std::ops::Range;

use arrow_array::{Array as _, ArrowPrimitiveType, Float64Array, Int32Array, PrimitiveArray, UInt8Array, UInt16Array};
use arrow_buffer::{NullBuffer, ScalarBuffer};

/// Numbers, as narrow as they allow without loss.
#[derive(Clone, Debug)]
pub enum Number {
    /// Whole numbers from 0 to 255: 1 byte a record.
    U8(UInt8Array),
    /// Whole numbers from 0 to 65,535: 2 bytes a record.
    U16(UInt16Array),
    /// Whole numbers of 32 bits: 4 bytes a record.
    I32(Int32Array),
    /// Decimals with few digits, such as coordinates: 4 bytes a record. The number is `unscaled / 10^places`, which rounds
    /// exactly as reading its text does, because both parts are whole numbers that a float holds.
    Decimal {
        /// The numbers times `10^places`.
        unscaled: Int32Array,
        /// Digits behind the point.
        places: u8,
    },
    /// Anything else: 8 bytes a record.
    F64(Float64Array),
}

/// The most digits behind the point that are tried before a column becomes floats.
pub(in crate::data) const PLACES_MAX: u8 = 7;

/// Powers of ten.
const TENS: [f64; PLACES_MAX as usize + 1] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];

impl Number {
    /// From one optional number a record; NaN means none.
    pub fn new(numbers: &[f64]) -> Self {
        let given = || numbers.iter().copied().filter(|number| !number.is_nan());
        let (mut least, mut most) = (0, 0);
        let mut is_whole = true;
        for number in given() {
            let whole = number as i32;
            is_whole &= is_exactly(number, f64::from(whole));
            if !is_whole {
                break;
            }
            least = least.min(whole);
            most = most.max(whole);
        }
        if is_whole {
            return if least < 0 || most > i32::from(u16::MAX) {
                Self::I32(narrow(numbers, |number| number as i32))
            } else if most > i32::from(u8::MAX) {
                Self::U16(narrow(numbers, |number| number as u16))
            } else {
                Self::U8(narrow(numbers, |number| number as u8))
            };
        }
        match decimals(numbers) {
            Some((values, places)) => Self::Decimal { unscaled: PrimitiveArray::new(values.into(), nulls(numbers)), places },
            None => Self::F64(narrow(numbers, |number| number)),
        }
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        match self {
            Self::U8(array) => array.len(),
            Self::U16(array) => array.len(),
            Self::I32(array) | Self::Decimal { unscaled: array, .. } => array.len(),
            Self::F64(array) => array.len(),
        }
    }

    /// Are there no records?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many records have no number.
    pub fn nulls(&self) -> usize {
        match self {
            Self::U8(array) => array.null_count(),
            Self::U16(array) => array.null_count(),
            Self::I32(array) | Self::Decimal { unscaled: array, .. } => array.null_count(),
            Self::F64(array) => array.null_count(),
        }
    }

    /// The number of a row.
    pub fn get(&self, row: usize) -> Option<f64> {
        match self {
            Self::U8(array) => array.is_valid(row).then(|| f64::from(array.value(row))),
            Self::U16(array) => array.is_valid(row).then(|| f64::from(array.value(row))),
            Self::I32(array) => array.is_valid(row).then(|| f64::from(array.value(row))),
            Self::Decimal { unscaled, places } => {
                unscaled.is_valid(row).then(|| f64::from(unscaled.value(row)) / TENS[usize::from(*places)])
            }
            Self::F64(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }

    /// Visits the numbers of a range of rows without asking each time how they are kept.
    pub fn for_each(&self, rows: Range<usize>, mut visit: impl FnMut(usize, Option<f64>)) {
        macro_rules! visit_all {
            ($array:expr, $number:expr) => {{
                let values = $array.values();
                let number = $number;
                match $array.nulls() {
                    None => rows.for_each(|row| visit(row, Some(number(values[row])))),
                    Some(nulls) => rows.for_each(|row| visit(row, nulls.is_valid(row).then(|| number(values[row])))),
                }
            }};
        }
        match self {
            Self::U8(array) => visit_all!(array, f64::from),
            Self::U16(array) => visit_all!(array, f64::from),
            Self::I32(array) => visit_all!(array, f64::from),
            Self::Decimal { unscaled, places } => {
                let ten = TENS[usize::from(*places)];
                visit_all!(unscaled, |value: i32| f64::from(value) / ten);
            }
            Self::F64(array) => visit_all!(array, |value: f64| value),
        }
    }
}

fn narrow<T: ArrowPrimitiveType>(numbers: &[f64], narrow: impl Fn(f64) -> T::Native) -> PrimitiveArray<T> {
    let values: Vec<T::Native> =
        numbers.iter().map(|number| if number.is_nan() { T::Native::default() } else { narrow(*number) }).collect();
    PrimitiveArray::new(ScalarBuffer::from(values), nulls(numbers))
}

fn nulls(numbers: &[f64]) -> Option<NullBuffer> {
    numbers.iter().any(|number| number.is_nan()).then(|| numbers.iter().map(|number| !number.is_nan()).collect())
}

/// All numbers as whole ones with a point before the same number of digits. The number with most digits behind the point tells how many
/// all need; a larger one may then not fit.
fn decimals(numbers: &[f64]) -> Option<(Vec<i32>, u8)> {
    'places: for places in 1..=PLACES_MAX {
        let mut values = Vec::with_capacity(numbers.len());
        for number in numbers {
            let value = if number.is_nan() { 0 } else { unscaled(*number, places).unwrap_or(i32::MAX) };
            if value == i32::MAX {
                continue 'places;
            }
            values.push(value);
        }
        return Some((values, places));
    }
    None
}

/// Are both the same number, zeros of different sign told apart?
fn is_exactly(number: f64, other: f64) -> bool {
    number.to_bits() == other.to_bits()
}

/// The number times `10^places` as a whole number, when dividing it again gives exactly the number.
fn unscaled(number: f64, places: u8) -> Option<i32> {
    let ten = TENS[usize::from(places)];
    let scaled = number * ten;
    let whole = (scaled + 0.5_f64.copysign(scaled)) as i32;
    (is_exactly(f64::from(whole) / ten, number) && whole.unsigned_abs() < i32::MAX as u32).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(numbers: &[f64]) -> Vec<Option<f64>> {
        let column = Number::new(numbers);
        let mut all = Vec::new();
        column.for_each(0..numbers.len(), |row, number| {
            assert_eq!(number, column.get(row));
            all.push(number);
        });
        all
    }

    #[test]
    fn numbers_are_kept_as_narrow_as_they_allow_and_come_back_as_they_were() {
        assert!(matches!(Number::new(&[0.0, 255.0, f64::NAN]), Number::U8(_)));
        assert!(matches!(Number::new(&[0.0, 256.0]), Number::U16(_)));
        assert!(matches!(Number::new(&[-1.0, 256.0]), Number::I32(_)));
        assert!(matches!(Number::new(&[34.123_456, -179.9]), Number::Decimal { places: 6, .. }));
        assert!(matches!(Number::new(&[0.1, 3e9]), Number::F64(_)));
        assert!(matches!(Number::new(&[-0.0]), Number::F64(_)));
        assert!(matches!(Number::new(&[1.0 / 3.0]), Number::F64(_)));
        for numbers in [vec![0.0, 255.0, f64::NAN], vec![34.123_456, -179.9, 0.1, f64::NAN], vec![1.0 / 3.0, 1e300, -0.0]] {
            let given: Vec<Option<f64>> = numbers.iter().map(|number| (!number.is_nan()).then_some(*number)).collect();
            assert_eq!(back(&numbers), given);
        }
    }
}

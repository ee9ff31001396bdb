//! Numbers, as narrow as they allow without loss.

use std::ops::Range;

use arrow_array::{Array as _, Float64Array, Int32Array, UInt8Array, UInt16Array};

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
        let mut places = 0;
        let (mut least, mut most) = (0.0_f64, 0.0_f64);
        for number in numbers.iter().filter(|number| !number.is_nan()) {
            while places <= PLACES_MAX && unscaled(*number, places).is_none() {
                places += 1;
            }
            if places > PLACES_MAX {
                return Self::F64(numbers.iter().map(|n| (!n.is_nan()).then_some(*n)).collect());
            }
            least = least.min(*number);
            most = most.max(*number);
        }
        if places > 0 {
            // A number with fewer places may be too large for as many as another needs.
            let all: Option<Vec<Option<i32>>> =
                numbers.iter().map(|n| if n.is_nan() { Some(None) } else { unscaled(*n, places).map(Some) }).collect();
            return match all {
                Some(all) => Self::Decimal { unscaled: all.into(), places },
                None => Self::F64(numbers.iter().map(|n| (!n.is_nan()).then_some(*n)).collect()),
            };
        }
        if least < 0.0 || most > f64::from(u16::MAX) {
            Self::I32(numbers.iter().map(|n| (!n.is_nan()).then_some(*n as i32)).collect())
        } else if most > f64::from(u8::MAX) {
            Self::U16(numbers.iter().map(|n| (!n.is_nan()).then_some(*n as u16)).collect())
        } else {
            Self::U8(numbers.iter().map(|n| (!n.is_nan()).then_some(*n as u8)).collect())
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

/// The number times `10^places` as a whole number, when dividing it again gives exactly the number.
fn unscaled(number: f64, places: u8) -> Option<i32> {
    let ten = TENS[usize::from(places)];
    let whole = (number * ten).round();
    let is_lossless = whole.abs() < f64::from(i32::MAX) && whole / ten == number && !(whole == 0.0 && number.is_sign_negative());
    is_lossless.then_some(whole as i32)
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

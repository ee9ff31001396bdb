//! Sums of numbers over sets of rows, where records have everything but their numbers in common: whole numbers are added as such.

use super::bitmap::{Selection, WORD_ROWS, for_each_bit};
use crate::claims::Sum;
use crate::data::{Amount, Number};
use crate::engine::Stop;
use crate::engine::uniform::Uniform;
use crate::work::Cancel;

/// A column of whole numbers without gaps.
#[derive(Clone, Copy)]
pub(super) enum Whole<'a> {
    U8(&'a [u8]),
    U16(&'a [u16]),
    I32(&'a [i32]),
}

impl<'a> Whole<'a> {
    /// The whole numbers of a column in which none is null; `None` when they are something else.
    pub(super) fn of(column: &'a Number) -> Option<Self> {
        match column {
            Number::U8(array) => Some(Self::U8(array.values())),
            Number::U16(array) => Some(Self::U16(array.values())),
            Number::I32(array) => Some(Self::I32(array.values())),
            Number::Decimal { .. } | Number::F64(_) => None,
        }
    }

    pub(super) fn get(self, row: usize) -> i64 {
        match self {
            Self::U8(numbers) => i64::from(numbers[row]),
            Self::U16(numbers) => i64::from(numbers[row]),
            Self::I32(numbers) => i64::from(numbers[row]),
        }
    }

    /// The sum of the rows of a word, which are given as bits and as masks.
    fn word_sum(self, number: usize, bits: u64, masks: &Masks) -> i64 {
        match self {
            Self::U8(numbers) => word_sum(numbers, number, bits, |own| {
                own.iter().zip(masks).map(|(own, mask)| u32::from(u16::from(*own) & mask)).sum::<u32>().into()
            }),
            Self::U16(numbers) => {
                word_sum(numbers, number, bits, |own| own.iter().zip(masks).map(|(own, mask)| u32::from(own & mask)).sum::<u32>().into())
            }
            Self::I32(numbers) => word_sum(numbers, number, bits, |own| {
                // Halves add up in as many bits as they come in.
                let (mut high, mut low) = (0_i32, 0_u32);
                for (own, mask) in own.iter().zip(masks) {
                    let own = own & i32::from(mask.cast_signed());
                    high += own >> 16;
                    low += own.cast_unsigned() & 0xffff;
                }
                (i64::from(high) << 16) + i64::from(low)
            }),
        }
    }
}

/// For each row of a word all ones where its bit is set, else zeros: sums of masked numbers become wide instructions.
type Masks = [u16; WORD_ROWS];

fn masks_of(bits: u64) -> Masks {
    const PLACES: [u16; 8] = [1, 2, 4, 8, 16, 32, 64, 128];
    let mut masks = [0; WORD_ROWS];
    for (eight, byte) in masks.as_chunks_mut::<8>().0.iter_mut().zip(bits.to_le_bytes()) {
        for (mask, place) in eight.iter_mut().zip(PLACES) {
            *mask = if u16::from(byte) & place == 0 { 0 } else { u16::MAX };
        }
    }
    masks
}

/// Rows of a word up to which they are added one by one.
const FEW: u32 = 10;

fn word_sum<T: Copy + Into<i64>>(numbers: &[T], number: usize, bits: u64, masked: impl Fn(&[T; WORD_ROWS]) -> i64) -> i64 {
    let whole = numbers.get(number * WORD_ROWS..).and_then(<[T]>::first_chunk);
    if let Some(own) = whole.filter(|_| bits.count_ones() > FEW) {
        return masked(own);
    }
    let mut sum = 0;
    for_each_bit(number, bits, |row| sum += numbers[row].into());
    sum
}

/// Adds the numbers of some rows of a word to the sums of their columns.
pub(super) fn add_word(columns: &[Option<Whole<'_>>; 3], number: usize, bits: u64, sums: &mut [i64; 3]) {
    let masks = if bits.count_ones() > FEW { masks_of(bits) } else { [0; WORD_ROWS] };
    for (sum, column) in sums.iter_mut().zip(columns) {
        *sum += column.map_or(0, |column| column.word_sum(number, bits, &masks));
    }
}

/// The sum of the rows of a selection.
pub(super) fn sum_of(uniform: &Uniform<'_>, selection: &Selection, cancel: &Cancel) -> Result<Sum, Stop> {
    let whole = uniform.parts.map(|column| column.map(Whole::of));
    let is_whole = whole.iter().all(|column| !matches!(column, Some(None)));
    let whole = whole.map(Option::flatten);
    let parts = selection.scan(cancel, |rows, part: &mut Part| {
        if is_whole {
            let (mut sums, mut records) = ([0; 3], 0);
            selection.for_each_word(rows, |number, bits| {
                records += u64::from(bits.count_ones());
                add_word(&whole, number, bits, &mut sums);
            });
            let amount = |index: usize| whole[index].map(|_| whole_amount(sums[index]));
            return part.sum.add(&Sum { value: amount(0), low: amount(1), high: amount(2), records });
        }
        part.sum.records += selection.count_in(rows.clone());
        let sums = uniform.parts.map(|column| column.map(|column| column_sum(column, selection, rows.clone())));
        part.sum.add(&Sum { value: sums[0], low: sums[1], high: sums[2], records: 0 });
    })?;
    let mut all = Sum::NOTHING;
    for part in &parts {
        all.add(&part.sum);
    }
    Ok(all)
}

/// A whole number as an amount, exactly: each half has few enough digits for a float.
pub(super) fn whole_amount(number: i64) -> Amount {
    const HALF: i64 = 1 << 32;
    const EXACT_MAX: u64 = 1 << 53;
    if number.unsigned_abs() < EXACT_MAX {
        return Amount::from_number(number as f64);
    }
    let (high, low) = (number.div_euclid(HALF), number.rem_euclid(HALF));
    Amount::from_number(high as f64 * HALF as f64) + Amount::from_number(low as f64)
}

fn column_sum(column: &Number, selection: &Selection, rows: std::ops::Range<usize>) -> Amount {
    let mut sum = Amount::ZERO;
    selection.for_each(rows, |row| sum += column.get(row).map_or(Amount::ZERO, Amount::from_number));
    sum
}

/// What one thread adds up.
struct Part {
    sum: Sum,
}

impl Default for Part {
    fn default() -> Self {
        Self { sum: Sum::NOTHING }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::memory::bitmap::Look;
    use crate::testing::{World, event};
    use std::sync::Arc;

    #[test]
    fn whole_numbers_are_amounts_exactly() {
        for number in [0, 1, -1, 7 << 31, -(7 << 31) - 3, (1 << 60) + 1, i64::MIN / 2 + 1] {
            assert_eq!(whole_amount(number).to_string(), number.to_string());
        }
    }

    #[test]
    fn sums_of_some_rows_are_those_of_a_loop_over_them() {
        for scale in [1.0, 1000.0, -70_000.0, 0.25] {
            let sheets: Vec<_> = (0..300_u32)
                .map(|row| event(&row.to_string()).when("2025").counts("killed", f64::from(row * 7919 % 301) * scale).increment())
                .collect();
            let dataset = World::coded("UCDP").with_all(&sheets).build();
            let uniform = Uniform::of(&dataset).unwrap();
            let bits =
                super::super::bitmap::Bitmap::of(&Look::whole(300, &Cancel::default()), |row| row % 3 == 0 || (64..200).contains(&row))
                    .unwrap();
            let selection = Selection::of(300, Arc::new(bits));
            let mut expected = Sum::NOTHING;
            (0..300).filter(|row| selection.contains(*row)).for_each(|row| expected.add(&uniform.sum(row as usize)));
            assert_eq!(sum_of(&uniform, &selection, &Cancel::default()), Ok(expected));
        }
    }
}

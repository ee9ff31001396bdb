//! `Query::Facet`: counts by code, and what other questions count by number; without a filter the counts were made beforehand.
//!
//! One pass in parallel over the rows that pass; where a column has few values, each of them is compared with 64 rows at a time.

use arrow_array::{Array as _, UInt8Array};

use super::Memory;
use super::bitmap::{Selection, WORD_ROWS, for_each_bit};
use super::codes::{Numbered, Work, valid_bits, with_numbers};
use crate::data::{Category, Codes};
use crate::engine::Stop;
use crate::engine::clause::word_contains;
use crate::engine::fold::fold;
use crate::query::{FacetAnswer, FacetQuery, FacetValue};
use crate::work::Cancel;

impl Memory {
    pub(super) fn facet(&self, query: &FacetQuery, cancel: &Cancel) -> Result<FacetAnswer, Stop> {
        let selection = self.select(&query.filter, cancel)?;
        let column = self.facts.category(query.field, "a facet")?;
        let Some((column, ranking)) = column.zip(self.facts.rankings.get(&query.field)) else {
            return Ok(FacetAnswer { missing: selection.count(), ..FacetAnswer::default() });
        };
        let counts = if selection.is_all() { ranking.totals.clone() } else { code_counts(column, &selection, cancel)? };
        let search = fold(&query.search);
        let mut answer = FacetAnswer::default();
        let shorts = self.facts.short_names(query.field);
        for (rank, code) in (0..).zip(&ranking.order) {
            if !search.is_empty() && !word_contains(query.field, column.value(*code), &search) {
                continue;
            }
            answer.distinct += 1;
            if answer.values.len() < query.limit as usize {
                let (count, total) = (counts[*code as usize], ranking.totals[*code as usize]);
                let value = column.value(*code);
                let short = shorts.get(value).map(|short| (*short).to_owned());
                answer.values.push(FacetValue { value: value.to_owned(), short, count, total, rank });
            }
        }
        answer.missing = selection.count() - counts.iter().sum::<u64>();
        Ok(answer)
    }
}

/// How many of the rows have each code.
fn code_counts(column: &Category, selection: &Selection, cancel: &Cancel) -> Result<Vec<u64>, Stop> {
    let words = column.words() as usize;
    if let Codes::U8(array) = &column.codes
        && words <= FEW_WORDS
    {
        return few_counts(array, words, selection, cancel);
    }
    let mut counts = with_numbers(Some(column), Counting { len: words + 1, selection, cancel })?;
    counts.truncate(words);
    Ok(counts)
}

/// Counts the rows of each number.
struct Counting<'a> {
    len: usize,
    selection: &'a Selection,
    cancel: &'a Cancel,
}

impl Work for Counting<'_> {
    type Out = Result<Vec<u64>, Stop>;

    fn run(self, numbers: &impl Numbered) -> Self::Out {
        counted(self.len, self.selection, self.cancel, |row| numbers.at(row))
    }
}

/// Up to so many values, each of them is compared with many rows at once.
const FEW_WORDS: usize = 12;
/// Rows of a word up to which they are counted one by one.
const FEW_ROWS: u32 = 8;

/// How many of the rows have each of a few codes.
fn few_counts(array: &UInt8Array, words: usize, selection: &Selection, cancel: &Cancel) -> Result<Vec<u64>, Stop> {
    let codes = array.values();
    let parts = selection.scan(cancel, |rows, counts: &mut [u64; FEW_WORDS]| {
        selection.for_each_word(rows, |number, bits| {
            let bits = bits & array.nulls().map_or(u64::MAX, |valid| valid_bits(valid, number));
            let whole = codes.get(number * WORD_ROWS..).and_then(<[u8]>::first_chunk::<WORD_ROWS>);
            let Some(own) = whole.filter(|_| bits.count_ones() > FEW_ROWS) else {
                return for_each_bit(number, bits, |row| counts[usize::from(codes[row])] += 1);
            };
            let ones = ones_of(bits);
            for (code, count) in (0_u8..).zip(&mut counts[..words]) {
                // At most 64: a byte holds it.
                let same: u8 = own.iter().zip(&ones).map(|(own, one)| u8::from(*own == code) & one).sum();
                *count += u64::from(same);
            }
        });
    })?;
    Ok((0..words).map(|code| parts.iter().map(|counts| counts[code]).sum()).collect())
}

/// Each bit of a word as a byte of 0 or 1.
fn ones_of(bits: u64) -> [u8; WORD_ROWS] {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // Of eight equal bytes each keeps another bit; adding 127 carries any bit into the highest one.
    const PLACES: u64 = 0x8040_2010_0804_0201;
    const CARRY: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let mut ones = [0; WORD_ROWS];
    for (eight, byte) in ones.as_chunks_mut::<8>().0.iter_mut().zip(bits.to_le_bytes()) {
        let kept = (u64::from(byte) * EACH) & PLACES;
        *eight = (((kept + CARRY) >> 7) & EACH).to_le_bytes();
    }
    ones
}

/// Numbers up to which each is counted in several places.
const APART_MAX: usize = 1 << 12;
/// The places of a number: rows side by side often have the same one, and to add to a place again before it is written takes long.
pub(super) const PLACES: usize = 4;

/// How many of the rows have each of so many numbers.
pub(super) fn counted(
    len: usize,
    selection: &Selection,
    cancel: &Cancel,
    number: impl Fn(usize) -> usize + Sync,
) -> Result<Vec<u64>, Stop> {
    if len > APART_MAX {
        let parts = selection.scan(cancel, |rows, counts: &mut Vec<u32>| {
            counts.resize(len, 0);
            selection.for_each(rows, |row| counts[number(row)] += 1);
        })?;
        return Ok(added(parts, len));
    }
    let parts = selection.scan(cancel, |rows, counts: &mut Vec<u32>| {
        counts.resize(len * PLACES, 0);
        selection.for_each(rows, |row| counts[number(row) * PLACES + row % PLACES] += 1);
    })?;
    Ok(added(parts, len * PLACES).chunks(PLACES).map(|places| places.iter().sum()).collect())
}

/// The sums of what each thread has counted.
pub(super) fn added(parts: Vec<Vec<u32>>, len: usize) -> Vec<u64> {
    let mut all = vec![0_u64; len];
    for part in parts {
        all.iter_mut().zip(part).for_each(|(own, other)| *own += u64::from(other));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_bytes_of_one_and_zero() {
        for bits in [0, u64::MAX, 1, 1 << 63, 0x8000_0001_00ff_5aa5] {
            let expected: Vec<u8> = (0..64).map(|place| (bits >> place & 1) as u8).collect();
            assert_eq!(ones_of(bits).to_vec(), expected);
        }
    }
}

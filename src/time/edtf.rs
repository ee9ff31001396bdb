//! Reads and writes EDTF (ISO 8601-2) dates; it knows no other way to write a date.

use super::{DAY_US, Flags, Precision, Span, Time, When};

/// Why a text is not an EDTF date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EdtfError {
    /// The text is not built as a date.
    #[error("at character {at}: expected {expected}")]
    Syntax {
        /// The byte of the text at which it went wrong.
        at: usize,
        /// What could have stood there.
        expected: &'static str,
    },
    /// The text is built as a date, but there is no such date.
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

/// Reads an EDTF date of level 0, 1 or 2.
pub fn parse_edtf(text: &str) -> Result<When, EdtfError> {
    super::loose::parse_ymd_fast(text.as_bytes()).ok_or(EdtfError::Syntax { at: 0, expected: "a date" })
}

/// The canonical EDTF text of a date.
pub fn edtf_from_when(when: &When) -> String {
    super::format_iso_day(when.span.start)
}

/// The date of a day.
pub(super) fn day(start: Time) -> When {
    When { span: Span::new(start, start.plus_us(DAY_US)), precision: Precision::Day, flags: Flags::default() }
}

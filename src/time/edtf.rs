//! Reads and writes EDTF (ISO 8601-2:2019) dates of levels 0, 1 and 2; it knows no other way to write a date.
//!
//! The rules are those of <https://www.loc.gov/standards/datetime/>. Beyond them it takes what records of events need: fractions of
//! a second, times without seconds or minutes, the hour 24 as the end of a day, a mark behind a time, and times of day in intervals.
//! A time without a zone is UTC. Seasons are those of [`parse_edtf`].

mod date;
mod write;

use self::date::{Dated, date};
use super::{Flags, Precision, Span, Time, When};

pub use self::write::edtf_from_when;

/// Why a text is not an EDTF date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EdtfError {
    /// The text is not built as a date.
    #[error("not an EDTF date: expected {expected} {}", place(*at))]
    Syntax {
        /// The byte of the text at which it went wrong.
        at: usize,
        /// What could have stood there.
        expected: &'static str,
    },
    /// The text is built as a date, but there is no such date.
    #[error("no such date: {part}: {reason}")]
    Impossible {
        /// The part that cannot be, as it is written.
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

/// Where in a date something went wrong, as people count.
fn place(at: usize) -> String {
    if at == 0 { "at its beginning".to_owned() } else { format!("as character {}", at + 1) }
}

/// Reads an EDTF date of level 0, 1 or 2.
///
/// The span runs from the earliest possible moment up to the end of the latest possible one. An interval runs from the start of
/// its first date to the end of its last one, and is [`EdtfError::Reversed`] only when nothing lies between them. The seasons 21 to
/// 24 are those of the north by whole months: March to May, June to August, September to November, December to February of the
/// next year; 29 to 32 are those of the south. `1950S2` is the whole of 1900 to 1999. The year of `XXXX` lies from 0000 to 9999.
///
/// # Errors
/// What is wrong and where; a date that is right but beyond the range is [`EdtfError::OutOfRange`].
pub fn parse_edtf(text: &str) -> Result<When, EdtfError> {
    if text.as_bytes().get(10) != Some(&b' ')
        && let Some(when) = super::parse_ymd_fast(text.as_bytes())
    {
        return Ok(when);
    }
    let mut cursor = Cursor { bytes: text.as_bytes(), at: 0 };
    let dated = match cursor.peek() {
        Some(b'[') => set(&mut cursor, b']')?,
        Some(b'{') => set(&mut cursor, b'}')?,
        _ => date_or_interval(&mut cursor)?,
    };
    cursor.finish()?;
    if dated.is_beyond {
        return Err(EdtfError::OutOfRange);
    }
    if dated.when.span.end <= dated.when.span.start {
        return Err(EdtfError::Reversed);
    }
    Ok(dated.when)
}

/// A place in the text.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Goes past `byte` when it is next.
    fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Goes past `..` when it is next.
    fn eat_dots(&mut self) -> bool {
        let is_next = self.bytes.get(self.at..self.at + 2) == Some(b"..");
        self.at += if is_next { 2 } else { 0 };
        is_next
    }

    /// What was read from `start` on, for an error.
    fn part(&self, start: usize) -> String {
        String::from_utf8_lossy(self.bytes.get(start..self.at).unwrap_or_default()).into_owned()
    }

    fn wrong(&self, expected: &'static str) -> EdtfError {
        EdtfError::Syntax { at: self.at, expected }
    }

    fn impossible(&self, start: usize, reason: &'static str) -> EdtfError {
        EdtfError::Impossible { part: self.part(start), reason }
    }

    fn finish(&self) -> Result<(), EdtfError> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.wrong("the end of the date")) }
    }
}

/// One side of an interval.
enum End {
    Date(Dated),
    Open,
    Unknown,
}

fn end(cursor: &mut Cursor<'_>) -> Result<End, EdtfError> {
    match cursor.peek() {
        None | Some(b'/') => Ok(End::Unknown),
        _ if cursor.eat_dots() => Ok(End::Open),
        _ => Ok(End::Date(date(cursor)?)),
    }
}

fn date_or_interval(cursor: &mut Cursor<'_>) -> Result<Dated, EdtfError> {
    let first = end(cursor)?;
    if !cursor.eat(b'/') {
        return match first {
            End::Date(dated) => Ok(dated),
            End::Open | End::Unknown => Err(cursor.wrong("a date or an interval")),
        };
    }
    let last = end(cursor)?;
    if matches!((&first, &last), (End::Unknown, End::Unknown)) {
        return Err(cursor.wrong("a date or `..`"));
    }
    let mut hull = Hull { flags: Flags::INTERVAL, ..Hull::default() };
    for (side, is_start) in [(first, true), (last, false)] {
        match side {
            End::Date(dated) if is_start => hull.add_start(&dated),
            End::Date(dated) => hull.add_end(&dated),
            End::Open => {}
            End::Unknown => hull.flags = hull.flags.with(Flags::UNKNOWN_END),
        }
    }
    Ok(hull.dated())
}

/// A set, `[…]` (one of) or `{…}` (all of): only its hull is kept.
fn set(cursor: &mut Cursor<'_>, close: u8) -> Result<Dated, EdtfError> {
    cursor.at += 1;
    let mut hull: Option<Hull> = None;
    loop {
        let mut element = Hull { flags: Flags::SET, ..Hull::default() };
        let is_first = hull.is_none();
        if is_first && cursor.eat_dots() {
            element.add_end(&date(cursor)?);
        } else {
            let first = date(cursor)?;
            element.add_start(&first);
            if !cursor.eat_dots() {
                element.add_end(&first);
            } else if cursor.peek() != Some(close) {
                element.add_end(&date(cursor)?);
            }
        }
        if element.end.is_some_and(|end| element.start.is_some_and(|start| end <= start)) && !element.is_beyond {
            return Err(EdtfError::Reversed);
        }
        let whole = hull.map_or(element, |hull| hull.joined(element));
        hull = Some(whole);
        if cursor.eat(close) {
            return Ok(whole.dated());
        }
        if !cursor.eat(b',') {
            return Err(cursor.wrong("a comma or the end of the set"));
        }
    }
}

/// What is gathered of an interval or a set; an absent end is open.
#[derive(Clone, Copy, Default)]
struct Hull {
    start: Option<Time>,
    end: Option<Time>,
    precision: Option<Precision>,
    flags: Flags,
    is_beyond: bool,
}

impl Hull {
    fn add_start(&mut self, dated: &Dated) {
        self.start = Some(dated.when.span.start);
        self.add_marks(dated);
    }

    fn add_end(&mut self, dated: &Dated) {
        self.end = Some(dated.when.span.end);
        self.add_marks(dated);
    }

    fn add_marks(&mut self, dated: &Dated) {
        let precision = dated.when.precision;
        self.precision = Some(self.precision.map_or(precision, |own| own.min(precision)));
        self.flags = self.flags.with(dated.when.flags);
        self.is_beyond |= dated.is_beyond;
    }

    /// Both together; an end that is open in one is open in the whole.
    fn joined(self, other: Self) -> Self {
        Self {
            start: self.start.zip(other.start).map(|(own, other)| own.min(other)),
            end: self.end.zip(other.end).map(|(own, other)| own.max(other)),
            precision: self.precision.into_iter().chain(other.precision).min(),
            flags: self.flags.with(other.flags),
            is_beyond: self.is_beyond || other.is_beyond,
        }
    }

    fn dated(self) -> Dated {
        let span = Span::new(self.start.unwrap_or(Time::OPEN_START), self.end.unwrap_or(Time::OPEN_END));
        let precision = self.precision.unwrap_or(Precision::Day);
        Dated { when: When { span, precision, flags: self.flags }, is_beyond: self.is_beyond }
    }
}

#[cfg(test)]
mod tests;

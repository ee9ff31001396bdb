//! Walks through JSON as it streams in: finds where each element of a list begins and ends, so that a long document is never held
//! as a whole and every element knows its line. What an element means is left to `serde_json`.

use std::convert::Infallible;
use std::io::{self, Read};

use memchr::memchr3;

use super::error::LoadError;
use super::feed::BLOCK_BYTES;
use super::split::CELL_BYTES_MAX;

/// The longest element that is kept, after long texts in it were cut: one record is never a thousandth of this.
pub(super) const ELEMENT_BYTES_MAX: usize = 64 << 20;
/// A number with more digits than a 64-bit float surely holds is kept as text, so that its digits survive.
const DIGITS_MAX: usize = 15;

/// A place in the text, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: u64,
    pub(super) column: u64,
}

/// Why walking ended.
#[derive(Debug)]
pub(super) enum Fault {
    Io(io::Error),
    /// The text breaks the rules of JSON here.
    Syntax(Place, String),
    /// The text ends here, in the middle of something.
    Ends(Place, &'static str),
}

/// Why a pass over a file ended before its end. Passes that end for reasons of their own have words for them.
#[derive(Debug)]
pub(super) enum Stop<W = Infallible> {
    Load(LoadError),
    Fault(Fault),
    Own(W),
}

impl<W> From<Fault> for Stop<W> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl<W> From<LoadError> for Stop<W> {
    fn from(error: LoadError) -> Self {
        Self::Load(error)
    }
}

/// As many elements were taken as are wanted.
#[derive(Debug)]
pub(super) struct Enough;

/// Something in an element that was not taken as it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    /// A text longer than a cell may be: its length.
    Cut(Place, u64),
    /// `NaN` and its like, read as null.
    NotFinite(Place, &'static str),
}

/// Walks through JSON.
pub(super) struct Scanner<R> {
    input: R,
    buffer: Vec<u8>,
    at: usize,
    filled: usize,
    is_over: bool,
    line: u64,
    /// How many bytes were passed before the buffer.
    passed: u64,
    line_start: u64,
    /// Must an element end on the line on which it begins?
    is_by_line: bool,
    /// The bytes of the last element.
    pub(super) element: Vec<u8>,
    /// Where it begins.
    pub(super) start: Place,
    /// What was changed in it.
    pub(super) oddities: Vec<Oddity>,
    /// Was it too long to be kept?
    pub(super) is_too_long: bool,
}

impl<R: Read> Scanner<R> {
    pub(super) fn new(input: R, is_by_line: bool) -> Self {
        Self {
            input,
            buffer: vec![0; BLOCK_BYTES],
            at: 0,
            filled: 0,
            is_over: false,
            line: 1,
            passed: 0,
            line_start: 0,
            is_by_line,
            element: Vec::new(),
            start: Place { line: 1, column: 1 },
            oddities: Vec::new(),
            is_too_long: false,
        }
    }

    /// What is left of the input; unread parts of the buffer are lost.
    pub(super) fn into_input(self) -> R {
        self.input
    }

    /// Where the next byte stands.
    pub(super) fn place(&self) -> Place {
        Place { line: self.line, column: self.passed + self.at as u64 - self.line_start + 1 }
    }

    fn peek(&mut self) -> Result<Option<u8>, Fault> {
        while self.at == self.filled && !self.is_over {
            match self.input.read(&mut self.buffer) {
                Ok(0) => self.is_over = true,
                Ok(count) => {
                    self.passed += self.filled as u64;
                    (self.at, self.filled) = (0, count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Fault::Io(error)),
            }
        }
        Ok((self.at < self.filled).then(|| self.buffer[self.at]))
    }

    fn bump(&mut self) {
        if self.buffer[self.at] == b'\n' {
            self.line += 1;
            self.line_start = self.passed + self.at as u64 + 1;
        }
        self.at += 1;
    }

    /// The next byte that is not white space, without passing it.
    pub(super) fn next_byte(&mut self) -> Result<Option<u8>, Fault> {
        while let Some(byte) = self.peek()? {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Ok(Some(byte));
            }
            self.bump();
        }
        Ok(None)
    }

    /// Passes the next byte.
    pub(super) fn pass(&mut self) {
        if self.at < self.filled {
            self.bump();
        }
    }

    /// Passes `byte`, which must come next.
    pub(super) fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Fault> {
        match self.next_byte()? {
            Some(next) if next == byte => {
                self.pass();
                Ok(())
            }
            Some(_) => Err(self.syntax(format!("expected {what}"))),
            None => Err(Fault::Ends(self.place(), what)),
        }
    }

    pub(super) fn syntax(&self, message: String) -> Fault {
        Fault::Syntax(self.place(), message)
    }

    /// Passes everything up to the end of the line.
    pub(super) fn pass_line(&mut self) -> Result<(), Fault> {
        while let Some(byte) = self.peek()? {
            self.bump();
            if byte == b'\n' {
                break;
            }
        }
        Ok(())
    }

    /// In a list: is there another element? Passes the comma before it, or the end of the list.
    pub(super) fn next_in_list(&mut self, is_first: bool) -> Result<bool, Fault> {
        match self.next_byte()? {
            Some(b']') => {
                self.pass();
                Ok(false)
            }
            None => Err(Fault::Ends(self.place(), "a comma or the end of the list")),
            Some(_) if is_first => Ok(true),
            Some(b',') => {
                self.pass();
                match self.next_byte()? {
                    Some(b']') => Err(self.syntax("a comma stands before the end of the list".to_owned())),
                    None => Err(Fault::Ends(self.place(), "another element")),
                    Some(_) => Ok(true),
                }
            }
            Some(_) => Err(self.syntax("expected a comma or the end of the list".to_owned())),
        }
    }

    /// Reads the next value into `element`. Its inside is not judged here.
    pub(super) fn value(&mut self) -> Result<(), Fault> {
        self.element.clear();
        self.oddities.clear();
        self.is_too_long = false;
        if self.next_byte()?.is_none() {
            return Err(Fault::Ends(self.place(), "a value"));
        }
        self.start = self.place();
        let mut depth = 0_u32;
        loop {
            let Some(byte) = self.peek()? else { return Err(Fault::Ends(self.place(), "the end of a value")) };
            match byte {
                b'"' => self.string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.keep(&[byte]);
                    self.bump();
                }
                b'}' | b']' => {
                    if depth == 0 {
                        return Err(self.syntax("expected a value".to_owned()));
                    }
                    depth -= 1;
                    self.keep(&[byte]);
                    self.bump();
                }
                b'\n' if self.is_by_line => return Err(self.syntax("the line ends inside a value".to_owned())),
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => {
                    if depth == 0 {
                        return Err(self.syntax("expected a value".to_owned()));
                    }
                    self.keep(&[byte]);
                    self.bump();
                }
                _ => self.word()?,
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        if self.element.len() + bytes.len() <= ELEMENT_BYTES_MAX {
            self.element.extend_from_slice(bytes);
        } else {
            self.is_too_long = true;
        }
    }

    /// A number, or `true`, `false`, `null`, or something that is none of them.
    fn word(&mut self) -> Result<(), Fault> {
        let start = self.place();
        let mut word = Vec::new();
        while let Some(byte) = self.peek()? {
            if matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"') {
                break;
            }
            // A word of a megabyte is none; it only has to stay wrong.
            if word.len() < CELL_BYTES_MAX {
                word.push(byte);
            }
            self.bump();
        }
        match word.as_slice() {
            b"NaN" => self.not_finite(start, "NaN"),
            b"Infinity" => self.not_finite(start, "Infinity"),
            b"-Infinity" => self.not_finite(start, "-Infinity"),
            _ if needs_its_digits(&word) => {
                self.keep(b"\"");
                self.keep(&word);
                self.keep(b"\"");
            }
            _ => self.keep(&word),
        }
        Ok(())
    }

    fn not_finite(&mut self, place: Place, word: &'static str) {
        self.keep(b"null");
        self.oddities.push(Oddity::NotFinite(place, word));
    }

    /// A text with its quotes; a very long one is cut.
    fn string(&mut self) -> Result<(), Fault> {
        let start = self.place();
        let mut len = 0_u64;
        let mut is_cut = false;
        let mut is_half = false;
        self.keep(b"\"");
        self.bump();
        loop {
            if self.peek()?.is_none() {
                return Err(Fault::Ends(self.place(), "the end of a text"));
            }
            let rest = &self.buffer[self.at..self.filled];
            let run = memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
            if run > 0 {
                let room = if is_cut { 0 } else { CELL_BYTES_MAX.saturating_sub(usize::try_from(len).unwrap_or(usize::MAX)).min(run) };
                let kept = whole_chars(&rest[..run], room);
                is_cut |= kept < run;
                len += run as u64;
                let text = rest[..kept].to_vec();
                self.keep(&text);
                self.at += run;
                is_half = false;
                continue;
            }
            match self.buffer[self.at] {
                b'"' => break,
                b'\n' => return Err(self.syntax("a line break inside a text".to_owned())),
                _ => {
                    let escape = self.escape()?;
                    is_cut |= len >= CELL_BYTES_MAX as u64 && !is_half;
                    if !is_cut {
                        self.keep(&escape);
                    }
                    is_half = !is_cut && is_high_surrogate(&escape);
                    len += escape.len() as u64;
                }
            }
        }
        self.bump();
        self.keep(b"\"");
        if is_cut {
            self.oddities.push(Oddity::Cut(start, len));
        }
        Ok(())
    }

    /// A backslash and what belongs to it.
    fn escape(&mut self) -> Result<Vec<u8>, Fault> {
        let mut escape = Vec::with_capacity(6);
        let mut left = 2;
        while left > 0 {
            let Some(byte) = self.peek()? else { return Err(Fault::Ends(self.place(), "the end of a text")) };
            if byte == b'\n' || (escape.len() >= 2 && byte == b'"') {
                break;
            }
            escape.push(byte);
            self.bump();
            left -= 1;
            if escape == b"\\u" {
                left = 4;
            }
        }
        Ok(escape)
    }
}

/// The most bytes up to `room` that end with a whole character.
fn whole_chars(text: &[u8], room: usize) -> usize {
    if room >= text.len() {
        return text.len();
    }
    (0..=room).rev().find(|end| text[*end] & 0xC0 != 0x80).unwrap_or(0)
}

fn is_high_surrogate(escape: &[u8]) -> bool {
    escape.len() == 6 && escape[2].eq_ignore_ascii_case(&b'd') && matches!(escape[3].to_ascii_lowercase(), b'8' | b'9' | b'a' | b'b')
}

/// A right JSON number that would not come back digit by digit: `serde_json` rounds long ones, and refuses very large ones.
fn needs_its_digits(word: &[u8]) -> bool {
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    let has_exponent = word.iter().any(|byte| matches!(byte, b'e' | b'E'));
    (digits > DIGITS_MAX || has_exponent) && is_json_number(word)
}

fn is_json_number(word: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = word.strip_prefix(b"-").unwrap_or(word);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest[0] == b'0') {
        return false;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = &fraction[count..];
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        let exponent = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(text: &str) -> (Vec<(u64, String)>, Option<Fault>) {
        let mut scanner = Scanner::new(text.as_bytes(), false);
        let mut found = Vec::new();
        let mut walk = || -> Result<(), Fault> {
            scanner.expect(b'[', "a list")?;
            let mut is_first = true;
            while scanner.next_in_list(is_first)? {
                is_first = false;
                scanner.value()?;
                found.push((scanner.start.line, String::from_utf8(scanner.element.clone()).unwrap()));
            }
            Ok(())
        };
        let fault = walk().err();
        (found, fault)
    }

    #[test]
    fn elements_are_found_with_their_lines() {
        let (found, fault) = elements("[{\"a\": \"]\\\"}\"},\n [1, [2]],\n null]");
        assert!(fault.is_none());
        assert_eq!(found, [(1, "{\"a\": \"]\\\"}\"}".to_owned()), (2, "[1, [2]]".to_owned()), (3, "null".to_owned())]);
    }

    #[test]
    fn faults_between_elements_are_placed() {
        assert!(matches!(elements("[1 2]").1, Some(Fault::Syntax(Place { line: 1, column: 4 }, _))));
        assert!(matches!(elements("[1,]").1, Some(Fault::Syntax(Place { line: 1, column: 4 }, _))));
        assert!(matches!(elements("[1,\n{\"a\":").1, Some(Fault::Ends(Place { line: 2, column: 6 }, _))));
        assert!(matches!(elements("[\"a\nb\"]").1, Some(Fault::Syntax(Place { line: 1, column: 4 }, _))));
    }

    #[test]
    fn a_long_number_keeps_its_digits_and_nan_is_null() {
        let (found, _) = elements("[123456789012345678901234567890, 1e999, -12345678901234, 0.30000000000000004, NaN]");
        let texts: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["\"123456789012345678901234567890\"", "\"1e999\"", "-12345678901234", "\"0.30000000000000004\"", "null"]);
    }

    #[test]
    fn a_huge_text_is_cut_at_a_character() {
        let text = format!("[\"{}\", 2]", "ä\\ud83d\\ude00".repeat(200_000));
        let mut scanner = Scanner::new(text.as_bytes(), false);
        scanner.expect(b'[', "a list").unwrap();
        scanner.value().unwrap();
        let cut: String = serde_json::from_slice(&scanner.element).unwrap();
        assert!(cut.len() <= CELL_BYTES_MAX);
        assert!(matches!(scanner.oddities.as_slice(), [Oddity::Cut(_, 2_800_000)]));
        assert!(scanner.next_in_list(false).unwrap());
    }
}

//! A column of the file whose kind shows itself while it is read: a dictionary while that pays, else text; numbers when every value is one.

use super::{Numbers, Texts, Words};
use crate::data::column::NULL_CODE;

/// Beyond this many distinct words a column becomes text, when more than half of its values are distinct.
const DICTIONARY_MAX: usize = 1 << 16;
/// Below this many distinct words a column is always a category.
pub(in crate::data) const DICTIONARY_FREE: usize = 1 << 10;
/// Up to this many distinct numbers a column of numbers is a category: codes rather than measurements.
pub(in crate::data) const NUMBER_CODES_MAX: usize = 12;
/// After so many rows of the beginning of a file it can be told what kind suits a column.
pub(in crate::data) const DICTIONARY_LOOK_ROWS: usize = 1 << 17;

/// How a column is kept from now on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::data) enum AutoKind {
    /// As words of a dictionary.
    #[default]
    Words,
    /// As text.
    Texts,
    /// As numbers.
    Numbers,
}

/// A column of the file.
#[derive(Debug)]
pub(in crate::data) struct Auto {
    pub(in crate::data) kind: AutoKind,
    pub(in crate::data) words: Words,
    pub(in crate::data) texts: Texts,
    pub(in crate::data) numbers: Numbers,
    pub(in crate::data) filled: usize,
    /// Was every value a plain number so far? Not kept up once the column is numbers.
    pub(in crate::data) has_only_numbers: bool,
    /// Did a value come that is no plain number, after the column had become numbers?
    pub(in crate::data) is_contradicted: bool,
    /// Does somebody else decide what kind it is?
    is_settled: bool,
}

impl Auto {
    /// `is_settled` where somebody else decides what kind it is.
    pub(in crate::data) fn new(is_settled: bool) -> Self {
        Self {
            kind: AutoKind::Words,
            words: Words::default(),
            texts: Texts::default(),
            numbers: Numbers::default(),
            filled: 0,
            has_only_numbers: true,
            is_contradicted: false,
            is_settled,
        }
    }

    pub(in crate::data) fn set(&mut self, row: usize, text: &[u8], file_row: u32) {
        self.filled += 1;
        match self.kind {
            AutoKind::Words => {
                let before = self.words.dictionary.len();
                self.words.set(row, text, file_row);
                let distinct = self.words.dictionary.len();
                if distinct > before {
                    self.has_only_numbers = self.has_only_numbers && plain_number(text).is_some();
                    if !self.is_settled && distinct > DICTIONARY_MAX && distinct * 2 > self.filled {
                        self.become_kind(AutoKind::Texts);
                    }
                }
            }
            AutoKind::Texts => {
                self.has_only_numbers = self.has_only_numbers && plain_number(text).is_some();
                self.texts.set(row, text);
            }
            AutoKind::Numbers => match plain_number(text) {
                Some(number) => self.numbers.set(row, number),
                None => self.is_contradicted = true,
            },
        }
    }

    /// Sets the values of rows from `first` on, one for each of these rows of the file.
    pub(in crate::data) fn set_all<'a>(&mut self, first: usize, file_rows: &[u32], mut text: impl FnMut(usize) -> Option<&'a [u8]>) {
        if self.kind == AutoKind::Words && self.is_settled {
            let before = self.words.dictionary.len() as u32;
            self.filled += self.words.set_all(first, file_rows, text);
            let mut new = before..self.words.dictionary.len() as u32;
            self.has_only_numbers = self.has_only_numbers && new.all(|code| plain_number(self.words.dictionary.word(code)).is_some());
            return;
        }
        for (place, file_row) in file_rows.iter().enumerate() {
            if let Some(text) = text(place).filter(|text| !text.is_empty()) {
                self.set(first + place, text, *file_row);
            }
        }
    }

    /// Its values as text, whatever it is kept as; numbers have none.
    pub(in crate::data) fn to_texts(&self) -> Texts {
        let mut texts = self.texts.clone();
        self.for_each_word(|row, word| texts.set(row, word.as_bytes()));
        texts
    }

    /// Its values as numbers, whatever it is kept as; a text that is none has no number.
    pub(in crate::data) fn to_numbers(&self) -> Numbers {
        let mut numbers = self.numbers.clone();
        self.for_each_word(|row, word| numbers.set(row, plain_number(word).unwrap_or(f64::NAN)));
        let mut row = 0;
        self.texts.for_each(self.texts.len(), |text| {
            if let Some(number) = text.and_then(plain_number) {
                numbers.set(row, number);
            }
            row += 1;
        });
        numbers
    }

    fn for_each_word(&self, mut visit: impl FnMut(usize, &str)) {
        let mut row = 0;
        self.words.codes.for_each(self.words.codes.len(), |code| {
            if code != NULL_CODE {
                visit(row, self.words.dictionary.word(code));
            }
            row += 1;
        });
    }

    /// From now on the kind is fixed.
    pub(in crate::data) fn settle(&mut self, kind: AutoKind) {
        self.is_settled = true;
        self.become_kind(kind);
    }

    fn become_kind(&mut self, kind: AutoKind) {
        if self.kind != AutoKind::Words || kind == AutoKind::Words {
            return;
        }
        match kind {
            AutoKind::Texts => self.texts = self.to_texts(),
            _ => self.numbers = self.to_numbers(),
        }
        self.words = Words::default();
        self.kind = kind;
    }
}

/// What kind suits a column of which this was seen: distinct words, filled cells, and whether all are plain numbers.
pub(in crate::data) fn suited(distinct: usize, filled: usize, has_only_numbers: bool) -> AutoKind {
    if distinct > DICTIONARY_FREE && has_only_numbers {
        AutoKind::Numbers
    } else if distinct > DICTIONARY_FREE && distinct * 2 > filled {
        AutoKind::Texts
    } else {
        AutoKind::Words
    }
}

/// A number that is written so that nothing is lost when it is kept as one: no leading zeros, no sign but minus, few digits.
pub(in crate::data) fn plain_number(text: impl AsRef<[u8]>) -> Option<f64> {
    let text = text.as_ref();
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let leading = *digits.first()?;
    let is_plain = digits.len() <= 15
        && leading.is_ascii_digit()
        && digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
        && !digits.ends_with(b".")
        && !(leading == b'0' && digits.len() > 1 && digits[1] != b'.');
    if is_plain { std::str::from_utf8(text).ok()?.parse().ok() } else { None }
}

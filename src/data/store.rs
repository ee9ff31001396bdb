//! Growing columns: what the builder fills row by row before the records are sorted.

use arrow_array::StringArray;
use rustc_hash::FxHashMap;

use super::column::{Category, Column, Dates, NULL_CODE, Number, Text};
use crate::time::When;

/// A column that the builder grows; rows that were not pushed are null.
#[derive(Clone, Debug)]
pub(super) enum Growing {
    Words(Words),
    Texts(Texts),
    Numbers(Vec<f64>),
    Dates(GrowingDates),
    /// A column of the file: a dictionary while that pays, else text; numbers when every value is one.
    Auto(Auto),
}

/// A growing dictionary.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    codes: Vec<u32>,
    values: Vec<Box<str>>,
    index: FxHashMap<Box<str>, u32>,
    /// The code of the last word: columns repeat themselves, and comparing is cheaper than hashing.
    last: u32,
}

impl Words {
    pub(super) fn seeded(values: impl Iterator<Item = &'static str>) -> Self {
        let mut words = Self::default();
        for value in values {
            words.code(value);
        }
        words
    }

    fn code(&mut self, word: &str) -> u32 {
        if self.values.get(self.last as usize).is_some_and(|last| last.as_ref() == word) {
            return self.last;
        }
        if let Some(code) = self.index.get(word) {
            self.last = *code;
            return *code;
        }
        let code = self.values.len() as u32;
        self.values.push(word.into());
        self.index.insert(word.into(), code);
        code
    }

    pub(super) fn set(&mut self, row: usize, word: &str) {
        let code = self.code(word);
        self.set_code(row, code);
    }

    pub(super) fn set_code(&mut self, row: usize, code: u32) {
        self.codes.resize(row, NULL_CODE);
        self.codes.push(code);
    }

    pub(super) fn finish(&self, order: &[u32]) -> Category {
        let codes: Vec<u32> = order.iter().map(|row| self.codes.get(*row as usize).copied().unwrap_or(NULL_CODE)).collect();
        Category::new(&codes, self.values.iter().map(|value| Some(value.as_ref())).collect::<StringArray>())
    }
}

/// Growing text in one buffer.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    bytes: String,
    /// End of each row's text; `u64::MAX` in the top bit marks null.
    ends: Vec<u64>,
}

const NULL_TEXT: u64 = 1 << 63;

impl Texts {
    pub(super) fn set(&mut self, row: usize, text: &str) {
        let end = self.bytes.len() as u64;
        self.ends.resize(row, end | NULL_TEXT);
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u64);
    }

    fn get(&self, row: usize) -> Option<&str> {
        let end = *self.ends.get(row)?;
        if end & NULL_TEXT != 0 {
            return None;
        }
        let start = if row == 0 { 0 } else { self.ends[row - 1] & !NULL_TEXT };
        self.bytes.get(start as usize..end as usize)
    }

    fn finish(&self, order: &[u32]) -> Text {
        Text::from_rows(order.iter().map(|row| self.get(*row as usize)))
    }
}

/// Growing dates with the texts that must be kept.
#[derive(Clone, Debug, Default)]
pub(super) struct GrowingDates {
    whens: Vec<Option<When>>,
    texts: Words,
}

impl GrowingDates {
    pub(super) fn set(&mut self, row: usize, when: Option<When>, kept_text: Option<&str>) {
        self.whens.resize(row, None);
        self.whens.push(when);
        if let Some(text) = kept_text {
            self.texts.set(row, text);
        }
    }

    pub(super) fn get(&self, row: usize) -> Option<When> {
        self.whens.get(row).copied().flatten()
    }

    fn finish(&self, order: &[u32]) -> Dates {
        let whens: Vec<Option<When>> = order.iter().map(|row| self.get(*row as usize)).collect();
        let texts = (!self.texts.codes.is_empty()).then(|| self.texts.finish(order));
        Dates::new(&whens, texts)
    }
}

/// Beyond this many distinct words a column becomes text, when more than half of its values are distinct.
const DICTIONARY_MAX: usize = 1 << 16;
/// Below this many distinct words a column is always a category.
const DICTIONARY_FREE: usize = 1 << 10;

/// A column of the file whose kind shows itself while it is read.
#[derive(Clone, Debug)]
pub(super) struct Auto {
    words: Words,
    texts: Option<Texts>,
    filled: usize,
    all_numbers: bool,
}

impl Default for Auto {
    fn default() -> Self {
        Self { words: Words::default(), texts: None, filled: 0, all_numbers: true }
    }
}

impl Auto {
    pub(super) fn set(&mut self, row: usize, text: &str) {
        self.filled += 1;
        if let Some(texts) = &mut self.texts {
            self.all_numbers = self.all_numbers && plain_number(text).is_some();
            texts.set(row, text);
            return;
        }
        let before = self.words.values.len();
        self.words.set(row, text);
        if self.words.values.len() > before {
            self.all_numbers = self.all_numbers && plain_number(text).is_some();
            if self.words.values.len() > DICTIONARY_MAX && self.words.values.len() * 2 > self.filled {
                self.become_text();
            }
        }
    }

    fn become_text(&mut self) {
        let mut texts = Texts::default();
        for (row, code) in self.words.codes.iter().enumerate() {
            if *code != NULL_CODE {
                texts.set(row, &self.words.values[*code as usize]);
            }
        }
        self.words = Words::default();
        self.texts = Some(texts);
    }

    fn get(&self, row: usize) -> Option<&str> {
        match &self.texts {
            Some(texts) => texts.get(row),
            None => self.words.codes.get(row).filter(|code| **code != NULL_CODE).map(|code| self.words.values[*code as usize].as_ref()),
        }
    }

    fn finish(&self, order: &[u32]) -> Column {
        let distinct = self.words.values.len();
        if self.all_numbers && self.filled > 0 && (self.texts.is_some() || distinct > 12) {
            let numbers: Vec<f64> = order.iter().map(|row| self.get(*row as usize).and_then(plain_number).unwrap_or(f64::NAN)).collect();
            return Column::Number(Number::new(&numbers));
        }
        if self.texts.is_some() || (distinct > DICTIONARY_FREE && distinct * 2 > self.filled) {
            return Column::Text(Text::from_rows(order.iter().map(|row| self.get(*row as usize))));
        }
        Column::Category(self.words.finish(order))
    }
}

/// A number that is written so that nothing is lost when it is kept as one: no leading zeros, no sign but minus, few digits.
fn plain_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let leading = digits.bytes().next()?;
    let is_plain = digits.len() <= 15
        && leading.is_ascii_digit()
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && !digits.ends_with('.')
        && !(leading == b'0' && digits.len() > 1 && digits.as_bytes()[1] != b'.');
    if is_plain { text.parse().ok() } else { None }
}

impl Growing {
    pub(super) fn finish(&self, order: &[u32]) -> Column {
        match self {
            Self::Words(words) => Column::Category(words.finish(order)),
            Self::Texts(texts) => Column::Text(texts.finish(order)),
            Self::Numbers(numbers) => {
                let sorted: Vec<f64> = order.iter().map(|row| numbers.get(*row as usize).copied().unwrap_or(f64::NAN)).collect();
                Column::Number(Number::new(&sorted))
            }
            Self::Dates(dates) => Column::Dates(dates.finish(order)),
            Self::Auto(auto) => auto.finish(order),
        }
    }
}

//! A growing dictionary: words in one text, found by their hash; a word costs its letters and about 14 bytes.

use std::hash::{BuildHasher as _, BuildHasherDefault};

use arrow_array::StringArray;
use hashbrown::HashTable;
use rustc_hash::FxHasher;

const HASHER: BuildHasherDefault<FxHasher> = BuildHasherDefault::new();

/// Words by code, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(in crate::data) struct Dictionary {
    letters: Vec<u8>,
    ends: Vec<usize>,
    /// The row of the file in which each word came first.
    firsts: Vec<u32>,
    index: HashTable<u32>,
}

impl Dictionary {
    /// How many words.
    pub(in crate::data) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The word of a code.
    pub(in crate::data) fn word(&self, code: u32) -> &str {
        // Only whole texts were put in.
        std::str::from_utf8(word(&self.letters, &self.ends, code)).unwrap_or_default()
    }

    /// Is it the word of this code?
    pub(in crate::data) fn is_word(&self, code: u32, text: &str) -> bool {
        (code as usize) < self.ends.len() && is_same(word(&self.letters, &self.ends, code), text.as_bytes())
    }

    /// The row of the file in which a word came first.
    pub(in crate::data) fn first(&self, code: u32) -> u32 {
        self.firsts[code as usize]
    }

    /// The code of a word; a new word gets the next one.
    pub(in crate::data) fn code(&mut self, text: &str, file_row: u32) -> u32 {
        let Self { letters, ends, firsts, index } = self;
        let hash = HASHER.hash_one(text.as_bytes());
        if let Some(code) = index.find(hash, |code| is_same(word(letters, ends, *code), text.as_bytes())) {
            return *code;
        }
        let code = ends.len() as u32;
        letters.extend_from_slice(text.as_bytes());
        ends.push(letters.len());
        firsts.push(file_row);
        index.insert_unique(hash, code, |code| HASHER.hash_one(word(letters, ends, *code)));
        code
    }

    /// All words.
    pub(in crate::data) fn words(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|code| self.word(code))
    }

    /// One dictionary of several, words by their first row in the file, and for each the new codes of its words.
    pub(in crate::data) fn join(all: &[&Self]) -> (StringArray, Vec<Vec<u32>>) {
        if let [one] = all {
            return (one.words().map(Some).collect(), vec![(0..one.len() as u32).collect()]);
        }
        let mut order: Vec<(u32, usize, u32)> = Vec::new();
        for (place, one) in all.iter().enumerate() {
            order.extend((0..one.len() as u32).map(|code| (one.first(code), place, code)));
        }
        // Words that every builder starts with stand at row 0 in the same order everywhere, so a stable order keeps them so.
        order.sort_by_key(|(first, _, _)| *first);
        let mut joined = Self::default();
        let mut maps: Vec<Vec<u32>> = all.iter().map(|one| vec![0; one.len()]).collect();
        for (first, place, code) in order {
            maps[place][code as usize] = joined.code(all[place].word(code), first);
        }
        (joined.words().map(Some).collect(), maps)
    }
}

fn word<'a>(letters: &'a [u8], ends: &[usize], code: u32) -> &'a [u8] {
    let code = code as usize;
    let start = if code == 0 { 0 } else { ends[code - 1] };
    &letters[start..ends[code]]
}

/// Are both the same? Words are short: two looks at their ends see all of them, without a call.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    match one.len() {
        4..8 => one.first_chunk::<4>() == other.first_chunk::<4>() && one.last_chunk::<4>() == other.last_chunk::<4>(),
        8..=16 => one.first_chunk::<8>() == other.first_chunk::<8>() && one.last_chunk::<8>() == other.last_chunk::<8>(),
        17..=32 => one.first_chunk::<16>() == other.first_chunk::<16>() && one.last_chunk::<16>() == other.last_chunk::<16>(),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_length_are_told_apart() {
        let mut dictionary = Dictionary::default();
        let words: Vec<String> =
            (0..40).flat_map(|len| ["a".repeat(len), "a".repeat(len) + "b", "b".to_owned() + &"a".repeat(len)]).collect();
        let codes: Vec<u32> = words.iter().map(|word| dictionary.code(word, 0)).collect();
        for (word, code) in words.iter().zip(codes) {
            assert_eq!(dictionary.word(code), word);
            assert!(dictionary.is_word(code, word) && !dictionary.is_word(code, "c"));
        }
    }

    #[test]
    fn joined_words_come_in_the_order_of_the_file_whoever_read_them() {
        let (mut one, mut other) = (Dictionary::default(), Dictionary::default());
        for (word, row) in [("b", 5), ("c", 9), ("b", 11)] {
            one.code(word, row);
        }
        for (word, row) in [("a", 2), ("c", 7)] {
            other.code(word, row);
        }
        let (words, maps) = Dictionary::join(&[&one, &other]);
        assert_eq!(words.iter().flatten().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(maps, [vec![1, 2], vec![0, 2]]);
    }
}

//! A growing dictionary: words in one text, found by their hash; a word costs its letters and about 14 bytes.

use std::hash::{BuildHasher as _, BuildHasherDefault};

use arrow_array::StringArray;
use hashbrown::HashTable;
use rustc_hash::FxHasher;

const HASHER: BuildHasherDefault<FxHasher> = BuildHasherDefault::new();

/// Words by code, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(in crate::data) struct Dictionary {
    letters: String,
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
        word(&self.letters, &self.ends, code)
    }

    /// The row of the file in which a word came first.
    pub(in crate::data) fn first(&self, code: u32) -> u32 {
        self.firsts[code as usize]
    }

    /// The code of a word; a new word gets the next one.
    pub(in crate::data) fn code(&mut self, text: &str, file_row: u32) -> u32 {
        let Self { letters, ends, firsts, index } = self;
        let hash = HASHER.hash_one(text.as_bytes());
        if let Some(code) = index.find(hash, |code| word(letters, ends, *code) == text) {
            return *code;
        }
        let code = ends.len() as u32;
        letters.push_str(text);
        ends.push(letters.len());
        firsts.push(file_row);
        index.insert_unique(hash, code, |code| HASHER.hash_one(word(letters, ends, *code).as_bytes()));
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

fn word<'a>(letters: &'a str, ends: &[usize], code: u32) -> &'a str {
    let code = code as usize;
    let start = if code == 0 { 0 } else { ends[code - 1] };
    &letters[start..ends[code]]
}

#[cfg(test)]
mod tests {
    use super::*;

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

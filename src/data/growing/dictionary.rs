//! A growing dictionary: words in one text, found by their hash; a word costs its letters and about 40 bytes.

use std::hash::Hasher as _;

use arrow_array::StringArray;
use hashbrown::HashTable;
use rustc_hash::FxHasher;

/// A word as the index knows it: its length, first and last eight bytes, which are all of a word of up to sixteen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    head: u64,
    tail: u64,
    len: u32,
    code: u32,
}

impl Entry {
    fn of(word: &[u8]) -> Self {
        let (head, tail) = match (word.first_chunk::<8>(), word.last_chunk::<8>()) {
            (Some(head), Some(tail)) => (u64::from_le_bytes(*head), u64::from_le_bytes(*tail)),
            _ => match (word.first_chunk::<4>(), word.last_chunk::<4>()) {
                (Some(head), Some(tail)) => (u64::from(u32::from_le_bytes(*head)), u64::from(u32::from_le_bytes(*tail))),
                _ => (word.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0),
            },
        };
        Self { head, tail, len: word.len() as u32, code: 0 }
    }

    /// Its hash, for which a word of more than sixteen bytes is looked at as a whole.
    fn hash(&self, word: impl FnOnce() -> u64) -> u64 {
        const FACTORS: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93];
        let middle = if self.len > WHOLE_BYTES { word() } else { 0 };
        let mixed = (self.head ^ middle).wrapping_mul(FACTORS[0]) ^ (self.tail ^ u64::from(self.len)).wrapping_mul(FACTORS[1]);
        let mixed = (mixed ^ mixed >> 32).wrapping_mul(FACTORS[0]);
        mixed ^ mixed >> 29
    }

    fn is_alike(&self, other: &Self) -> bool {
        self.head == other.head && self.tail == other.tail && self.len == other.len
    }
}

/// Words up to this length are known by their first and last bytes.
const WHOLE_BYTES: u32 = 16;

fn hash_of_all(word: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    hasher.finish()
}

/// Words by code, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(in crate::data) struct Dictionary {
    letters: Vec<u8>,
    ends: Vec<usize>,
    /// The row of the file in which each word came first.
    firsts: Vec<u32>,
    index: HashTable<Entry>,
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

    /// The row of the file in which a word came first.
    pub(in crate::data) fn first(&self, code: u32) -> u32 {
        self.firsts[code as usize]
    }

    /// The code of a word; a new word gets the next one.
    pub(in crate::data) fn code(&mut self, text: &str, file_row: u32) -> u32 {
        let Self { letters, ends, firsts, index } = self;
        let bytes = text.as_bytes();
        let entry = Entry::of(bytes);
        let hash = entry.hash(|| hash_of_all(bytes));
        let is_it = |own: &Entry| own.is_alike(&entry) && (own.len <= WHOLE_BYTES || word(letters, ends, own.code) == bytes);
        if let Some(own) = index.find(hash, is_it) {
            return own.code;
        }
        let code = ends.len() as u32;
        letters.extend_from_slice(bytes);
        ends.push(letters.len());
        firsts.push(file_row);
        index.insert_unique(hash, Entry { code, ..entry }, |own| own.hash(|| hash_of_all(word(letters, ends, own.code))));
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
            assert_eq!(dictionary.code(word, 0), code);
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

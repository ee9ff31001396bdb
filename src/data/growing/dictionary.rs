//! A growing dictionary: words in one text, found by their hash; a word costs its letters and about 80 bytes.

use std::hash::Hasher as _;

use arrow_array::StringArray;
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
    const NONE: Self = Self { head: 0, tail: 0, len: 0, code: FREE };

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

/// Stands for the code of a free entry: there are fewer words than that.
const FREE: u32 = u32::MAX;
/// How many entries the smallest index has.
const ENTRIES_MIN: usize = 16;
/// How many words are looked up together.
pub(in crate::data) const TOGETHER: usize = 16;
/// Words up to this length are known by their first and last bytes.
const WHOLE_BYTES: u32 = 16;

fn hash_of_all(word: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    hasher.finish()
}

/// Words by code, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dictionary {
    letters: Vec<u8>,
    ends: Vec<usize>,
    /// The row of the file in which each word came first.
    firsts: Vec<u32>,
    index: Index,
    /// The code of each word of one byte, plus one.
    single: Vec<u32>,
}

/// Words by their hash: entries in a table of which at most half is taken, each at its place or behind it. As a word mostly was seen
/// before, one look at one entry mostly finds it.
#[derive(Clone, Debug, Default)]
struct Index {
    entries: Vec<Entry>,
    len: usize,
}

impl Index {
    /// Where a word is, or the free place where it belongs. There must be a free one.
    fn find(&self, hash: u64, is_it: impl Fn(&Entry) -> bool) -> usize {
        let mask = self.entries.len() - 1;
        let mut place = hash as usize & mask;
        while self.entries[place].code != FREE && !is_it(&self.entries[place]) {
            place = (place + 1) & mask;
        }
        place
    }

    /// Makes room for one more.
    fn reserve(&mut self, hash: impl Fn(&Entry) -> u64) {
        if self.len * 2 < self.entries.len() {
            return;
        }
        let twice = (self.entries.len() * 2).max(ENTRIES_MIN);
        let before = std::mem::replace(&mut self.entries, vec![Entry::NONE; twice]);
        for entry in before.into_iter().filter(|entry| entry.code != FREE) {
            let place = self.find(hash(&entry), |_| false);
            self.entries[place] = entry;
        }
    }
}

impl Dictionary {
    /// How many words.
    pub(in crate::data) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The word of a code.
    pub(in crate::data) fn word(&self, code: u32) -> &str {
        // Only whole texts should be put in.
        std::str::from_utf8(word(&self.letters, &self.ends, code)).unwrap_or_default()
    }

    /// The row of the file in which a word came first.
    pub(in crate::data) fn first(&self, code: u32) -> u32 {
        self.firsts[code as usize]
    }

    /// The code of a word of one byte, when it has one.
    fn of_byte(&self, byte: u8) -> Option<u32> {
        self.single.get(usize::from(byte)).and_then(|code| code.checked_sub(1))
    }

    /// The code of a word, which should be text, when it has one.
    pub(crate) fn find(&self, word: impl AsRef<[u8]>) -> Option<u32> {
        self.find_bytes(word.as_ref())
    }

    fn find_bytes(&self, bytes: &[u8]) -> Option<u32> {
        if let [only] = bytes {
            return self.of_byte(*only);
        }
        if self.index.entries.is_empty() {
            return None;
        }
        let entry = Entry::of(bytes);
        let is_it = |own: &Entry| own.is_alike(&entry) && (own.len <= WHOLE_BYTES || word(&self.letters, &self.ends, own.code) == bytes);
        let place = self.index.find(entry.hash(|| hash_of_all(bytes)), is_it);
        Some(self.index.entries[place].code).filter(|code| *code != FREE)
    }

    /// The code of a word; a new word gets the next one.
    pub(crate) fn code(&mut self, word: impl AsRef<[u8]>, file_row: u32) -> u32 {
        self.code_of_bytes(word.as_ref(), file_row)
    }

    fn code_of_bytes(&mut self, bytes: &[u8], file_row: u32) -> u32 {
        if let Some(code) = self.find_bytes(bytes) {
            return code;
        }
        debug_assert!(std::str::from_utf8(bytes).is_ok());
        let code = self.ends.len() as u32;
        if let [only] = bytes {
            self.single.resize(usize::from(u8::MAX) + 1, 0);
            self.single[usize::from(*only)] = code + 1;
        } else {
            let Self { letters, ends, index, .. } = self;
            index.reserve(|own| own.hash(|| hash_of_all(word(letters, ends, own.code))));
            let entry = Entry::of(bytes);
            let place = index.find(entry.hash(|| hash_of_all(bytes)), |_| false);
            index.entries[place] = Entry { code, ..entry };
            index.len += 1;
        }
        self.letters.extend_from_slice(bytes);
        self.ends.push(self.letters.len());
        self.firsts.push(file_row);
        code
    }

    /// The codes of up to [`TOGETHER`] words. What the index has at their places is fetched for all of them before any is looked at, so
    /// that they wait for memory together: it is rarely near, because a block of a table has many columns.
    pub(in crate::data) fn codes(&mut self, words: &[&[u8]], file_row: impl Fn(usize) -> u32, codes: &mut [u32]) {
        let mut looks = [(Entry::NONE, Entry::NONE); TOGETHER];
        if let Some(mask) = self.index.entries.len().checked_sub(1) {
            for (look, bytes) in looks.iter_mut().zip(words).filter(|(_, word)| word.len() > 1) {
                let entry = Entry::of(bytes);
                let place = entry.hash(|| hash_of_all(bytes)) as usize & mask;
                *look = (entry, self.index.entries[place]);
            }
        }
        for (number, ((bytes, (entry, found)), code)) in words.iter().zip(looks).zip(codes).enumerate() {
            // A word that is added on the way leaves the codes of others alone.
            let known = if let [only] = *bytes {
                self.of_byte(*only)
            } else {
                let is_it = found.code != FREE
                    && found.is_alike(&entry)
                    && (entry.len <= WHOLE_BYTES || word(&self.letters, &self.ends, found.code) == *bytes);
                is_it.then_some(found.code)
            };
            *code = known.unwrap_or_else(|| self.code_of_bytes(bytes, file_row(number)));
        }
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
    fn many_words_at_once_have_the_codes_that_they_have_one_by_one() {
        let (mut one_by_one, mut together) = (Dictionary::default(), Dictionary::default());
        let words: Vec<String> = (0..600_u32).map(|n| "w".repeat((n % 5 * 6) as usize) + &(n * 7919 % 90).to_string()).collect();
        for group in words.chunks(TOGETHER) {
            let words: Vec<&[u8]> = group.iter().map(String::as_bytes).collect();
            let mut codes = vec![0; words.len()];
            together.codes(&words, |_| 0, &mut codes);
            let expected: Vec<u32> = words.iter().map(|word| one_by_one.code(word, 0)).collect();
            assert_eq!(codes, expected);
        }
        assert_eq!(together.words().collect::<Vec<_>>(), one_by_one.words().collect::<Vec<_>>());
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

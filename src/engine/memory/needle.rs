//! Finding a text in many texts that stand side by side, whatever its case and accents; it knows no columns and no records.
//!
//! What is searched for is looked for by two of its rarest letters at once, 64 bytes at a time, in loops of which compilers make wide
//! instructions: some gigabytes a second. Only where both stand, the letters between are compared. A letter beyond ASCII matters
//! for plain letters only when it folds to some, or to nothing: then the few letters around it are folded.

use std::ops::Range;

use crate::data::TextSlice;
use crate::engine::fold::{fold, fold_into};

/// What is searched for.
pub(super) struct Needle {
    folded: String,
    /// Its two rarest letters, when all of it is ASCII.
    pair: Option<[Letter; 2]>,
    finder: memchr::memmem::Finder<'static>,
}

/// A letter of the needle.
#[derive(Clone, Copy)]
struct Letter {
    /// Its place.
    place: usize,
    /// In lower case.
    byte: u8,
    /// What makes both cases equal; nothing for what has no case.
    case: u8,
}

/// Letters from frequent to rare, as they come in news and tables; bytes that are not here are rarer still.
const FREQUENT: &[u8] = b" etaoinsrhldcumfpgwyb,.vk0123456789-_/";

/// Bytes that are looked at together.
const BLOCK: usize = 64;

impl Needle {
    pub(super) fn new(text: &str) -> Self {
        let folded = fold(text);
        let bytes = folded.as_bytes();
        let rarity = |place: &usize| FREQUENT.iter().position(|own| *own == bytes[*place]).unwrap_or(FREQUENT.len());
        let letter = |place: usize| Letter { place, byte: bytes[place], case: if bytes[place].is_ascii_alphabetic() { 0x20 } else { 0 } };
        let mut places: Vec<usize> = if folded.is_ascii() { (0..bytes.len()).collect() } else { Vec::new() };
        places.sort_by_key(|place| std::cmp::Reverse(rarity(place)));
        let pair = places.first().map(|first| [letter(*first), letter(*places.get(1).unwrap_or(first))]);
        let finder = memchr::memmem::Finder::new(bytes).into_owned();
        Self { folded, pair, finder }
    }

    /// In the form that searching compares.
    pub(super) fn folded(&self) -> &str {
        &self.folded
    }

    /// Visits the texts that contain it, some of them twice.
    pub(super) fn search(&self, texts: &TextSlice<'_>, visit: impl FnMut(usize)) {
        if self.folded.is_empty() {
            return (0..texts.len()).filter(|index| texts.get(*index).is_some()).for_each(visit);
        }
        let Some(pair) = self.pair else { return self.search_folded(texts, visit) };
        let mut scan = Scan::new(texts);
        self.scan(pair, &mut scan);
        scan.found.into_iter().for_each(visit);
    }

    /// Looks at all bytes once: for matches in plain letters, and for letters beyond ASCII that may be part of one.
    fn scan(&self, [one, other]: [Letter; 2], scan: &mut Scan<'_>) {
        let needle = self.folded.as_bytes();
        let bytes = scan.bytes;
        let is_at = |place: usize| bytes.get(place..place + needle.len()).is_some_and(|own| own.eq_ignore_ascii_case(needle));
        let block = |place: usize| bytes.get(place..place + BLOCK).and_then(<[u8]>::first_chunk::<BLOCK>);
        let mut buffer = String::new();
        let mut start = 0;
        while let (Some(own), Some(ones), Some(others)) = (block(start), block(start + one.place), block(start + other.place)) {
            let mut hits = [0_u8; BLOCK];
            for ((hit, own), next) in hits.iter_mut().zip(ones).zip(others) {
                *hit = u8::from((own | one.case) == one.byte) & u8::from((next | other.case) == other.byte);
            }
            if hits.iter().fold(0, |any, hit| any | hit) != 0 {
                let places = (0..BLOCK).filter(|index| hits[*index] != 0).map(|index| start + index);
                places.filter(|place| is_at(*place)).for_each(|place| scan.matched(place, needle.len()));
            }
            if own.iter().fold(0, |any, byte| any | byte) >= 0x80 {
                self.look_for_accents(start..start + BLOCK, scan, &mut buffer);
            }
            start += BLOCK;
        }
        (start..bytes.len()).filter(|place| is_at(*place)).for_each(|place| scan.matched(place, needle.len()));
        self.look_for_accents(start..bytes.len(), scan, &mut buffer);
    }

    /// Looks for letters beyond ASCII, which fold to plain letters or to nothing, and for matches that hold one.
    fn look_for_accents(&self, places: Range<usize>, scan: &mut Scan<'_>, buffer: &mut String) {
        for place in places {
            let first = scan.bytes[place];
            // Only the first byte of a letter is that large.
            if first >= 0xC0 && !is_of_another_script(first, scan.bytes.get(place + 1).copied().unwrap_or(0)) {
                let index = scan.text_of(place);
                let start = scan.start_of(index);
                if scan.texts.get(index).is_some_and(|text| self.is_around(text, place - start, buffer)) {
                    scan.found.push(index);
                }
            }
        }
    }
}

/// A walk over texts side by side.
struct Scan<'a> {
    texts: &'a TextSlice<'a>,
    bytes: &'a [u8],
    base: usize,
    /// The text of the place that was asked for last.
    text: usize,
    found: Vec<usize>,
}

impl<'a> Scan<'a> {
    fn new(texts: &'a TextSlice<'a>) -> Self {
        let base = texts.offsets.first().map_or(0, |offset| *offset as usize);
        let end = texts.offsets.last().map_or(0, |offset| *offset as usize);
        Self { texts, bytes: texts.bytes.get(base..end).unwrap_or_default(), base, text: 0, found: Vec::new() }
    }

    /// Where a text starts among the bytes.
    fn start_of(&self, index: usize) -> usize {
        self.texts.offsets[index] as usize - self.base
    }

    /// The text of a place; places hardly ever go back, and never by more than a block.
    fn text_of(&mut self, place: usize) -> usize {
        while self.start_of(self.text) > place {
            self.text -= 1;
        }
        while self.start_of(self.text + 1) <= place {
            self.text += 1;
        }
        self.text
    }

    /// Takes a match in plain letters, unless it reaches over the end of a text.
    fn matched(&mut self, place: usize, length: usize) {
        let index = self.text_of(place);
        if place + length <= self.start_of(index + 1) && self.found.last() != Some(&index) {
            self.found.push(index);
        }
    }
}

/// Letters beyond ASCII that never fold to plain ones, nor to nothing, by the first byte of their UTF-8: Cyrillic, Japanese and Chinese.
fn is_of_another_script(first: u8, second: u8) -> bool {
    // The last two are the dashes and quotation marks.
    matches!(first, 0xD0 | 0xD1 | 0xE3..=0xE9) || (first == 0xE2 && second == 0x80)
}

impl Needle {
    /// Is there a match that holds the letter at a place?
    fn is_around(&self, text: &str, place: usize, buffer: &mut String) -> bool {
        let length = self.folded.len();
        let mut fold_of = |letter: char| {
            buffer.clear();
            fold_into(letter.encode_utf8(&mut [0; 4]), buffer);
            (buffer.len(), buffer.is_empty() || (buffer.is_ascii() && self.folded.contains(buffer.as_str())))
        };
        let (before, after) = text.split_at(place);
        let Some(letter) = after.chars().next() else { return false };
        if !fold_of(letter).1 {
            return false;
        }
        // As many letters to either side as a match can reach: those that fold to nothing do not count.
        let mut reach = |letters: &mut dyn Iterator<Item = char>| {
            let (mut bytes, mut folded) = (0, 0);
            for letter in letters {
                if folded >= length {
                    break;
                }
                bytes += letter.len_utf8();
                folded += if letter.is_ascii() { 1 } else { fold_of(letter).0 };
            }
            bytes
        };
        let left = reach(&mut before.chars().rev());
        let right = letter.len_utf8() + reach(&mut after.chars().skip(1));
        buffer.clear();
        fold_into(&text[place - left..place + right], buffer);
        self.finder.find(buffer.as_bytes()).is_some()
    }

    /// Visits the texts that contain it, when it has letters beyond ASCII itself: then only texts that have such letters can.
    fn search_folded(&self, texts: &TextSlice<'_>, mut visit: impl FnMut(usize)) {
        let mut buffer = String::new();
        for index in 0..texts.len() {
            let Some(text) = texts.get(index).filter(|text| !text.is_ascii()) else { continue };
            buffer.clear();
            fold_into(text, &mut buffer);
            if self.finder.find(buffer.as_bytes()).is_some() {
                visit(index);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::data::Text;

    fn found(needle: &str, texts: &[Option<&str>]) -> Vec<usize> {
        let column = Text::from_rows(texts.iter().copied());
        let mut found = Vec::new();
        for (first, slice) in column.slices(0..texts.len()) {
            Needle::new(needle).search(&slice, |index| found.push(first + index));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn a_match_never_reaches_over_the_end_of_a_text() {
        let texts = [Some("Kursk front"), Some("kurs"), Some("k"), None, Some("KURSK"), Some("")];
        assert_eq!(found("kursk", &texts), [0, 4]);
        assert_eq!(found("", &texts), [0, 1, 2, 4, 5]);
    }

    #[test]
    fn texts_with_accents_and_other_scripts_are_found_by_plain_letters() {
        let texts = [Some("Café in Kyiv"), Some("cafe"), Some("Київ"), Some("КИЇВ і область"), Some("김정은")];
        assert_eq!(found("CAFÉ", &texts), [0, 1]);
        assert_eq!(found("київ", &texts), [2, 3]);
        assert_eq!(found("정은", &texts), [4]);
    }

    #[test]
    fn every_row_of_a_long_column_is_looked_at() {
        let texts: Vec<String> = (0..300).map(|row| format!("row number {row} of the table")).collect();
        let texts: Vec<Option<&str>> = texts.iter().map(|text| Some(text.as_str())).collect();
        assert_eq!(found("NUMBER 29", &texts), [29, 290, 291, 292, 293, 294, 295, 296, 297, 298, 299]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

        #[test]
        fn what_is_found_is_what_folding_every_text_finds(
            pieces in vec(vec(select(vec![
                "a", "B", "e\u{301}", "é", "e", "K", "\u{212a}", "\u{301}", "ß", "ﬁ", " ", "Й", "і", "中", "가", "“", "\u{64b}", "İ", "ı", "xyz-0", "ab",
                "a long text of plain letters that fills a block of sixty-four bytes and more, on and on",
            ]), 0..12), 1..9),
            needle in vec(select(vec!["a", "b", "e", "k", "é", "ke", "ab", " ", "и", "i", "z-", "s", "letters"]), 0..4),
        ) {
            let texts: Vec<String> = pieces.iter().map(|pieces| pieces.concat()).collect();
            let needle = needle.concat();
            let expected: Vec<usize> = (0..texts.len()).filter(|index| fold(&texts[*index]).contains(&fold(&needle))).collect();
            let texts: Vec<Option<&str>> = texts.iter().map(|text| Some(text.as_str())).collect();
            prop_assert_eq!(found(&needle, &texts), expected);
        }
    }
}

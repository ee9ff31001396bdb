//! Finding a text in many texts that stand side by side, whatever its case and accents; it knows no columns and no records.
//!
//! What is searched for is looked for by two of its rarest letters at once, 64 bytes at a time, by wide instructions: some gigabytes
//! a second. Only where both stand, all letters are compared, sixteen at once; of a text that matches nothing more is looked at.
//! A letter beyond ASCII matters for plain letters only when it folds to some, or to nothing, and its neighbours fit: then the few
//! letters around it are folded.

use std::ops::Range;
use std::sync::LazyLock;

use wide::u8x16;

use crate::data::TextSlice;
use crate::engine::fold::{fold, fold_into};

/// What is searched for.
pub(super) struct Needle {
    folded: String,
    /// Its two rarest letters, when all of it is ASCII.
    pair: Option<[Letter; 2]>,
    head: Head,
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

/// The first letters of the needle, to be compared with sixteen bytes at once.
struct Head {
    /// In lower case, zeros behind the end.
    bytes: u8x16,
    /// What makes both cases equal.
    cases: u8x16,
    /// A bit for each letter; `None` when there are more letters than fit.
    bits: Option<u32>,
}

impl Head {
    /// Bytes that are compared at once.
    const BYTES: usize = 16;

    fn new(needle: &[u8]) -> Self {
        let (mut bytes, mut cases) = ([0; Self::BYTES], [0; Self::BYTES]);
        for ((byte, case), own) in bytes.iter_mut().zip(&mut cases).zip(needle) {
            (*byte, *case) = (*own, case_of(*own));
        }
        let bits = (needle.len() <= Self::BYTES).then(|| (1 << needle.len()) - 1);
        Self { bytes: u8x16::new(bytes), cases: u8x16::new(cases), bits }
    }
}

/// What makes both cases of a letter equal when it is set; nothing for what has no case.
fn case_of(byte: u8) -> u8 {
    if byte.is_ascii_alphabetic() { 0x20 } else { 0 }
}

/// What each letter of two bytes folds to, by its number: a plain letter, or [`NEVER`] or [`PERHAPS`].
static LETTERS_OF_TWO: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut folded = String::new();
    let of = |number: u32| {
        let Some(letter) = char::from_u32(number) else { return NEVER };
        folded.clear();
        fold_into(letter.encode_utf8(&mut [0; 4]), &mut folded);
        match folded.as_bytes() {
            [byte] if byte.is_ascii() => *byte,
            other if other.is_ascii() => PERHAPS,
            _ => NEVER,
        }
    };
    (0..0x800).map(of).collect()
});

/// A letter that is never part of a match with plain letters.
const NEVER: u8 = 0xFF;
/// A letter that folds to nothing or to several letters.
const PERHAPS: u8 = 0xFE;

/// Letters from frequent to rare, as they come in news and tables; bytes that are not here are rarer still.
const FREQUENT: &[u8] = b" etaoinsrhldcumfpgwyb,.vk0123456789-_/";

/// Bytes that are looked at together.
const BLOCK: usize = 64;

impl Needle {
    pub(super) fn new(text: &str) -> Self {
        let folded = fold(text);
        let bytes = folded.as_bytes();
        let rarity = |place: &usize| FREQUENT.iter().position(|own| *own == bytes[*place]).unwrap_or(FREQUENT.len());
        let letter = |place: usize| Letter { place, byte: bytes[place], case: case_of(bytes[place]) };
        let mut places: Vec<usize> = if folded.is_ascii() { (0..bytes.len()).collect() } else { Vec::new() };
        places.sort_by_key(|place| std::cmp::Reverse(rarity(place)));
        let pair = places.first().map(|first| [letter(*first), letter(*places.get(1).unwrap_or(first))]);
        let finder = memchr::memmem::Finder::new(bytes).into_owned();
        let head = Head::new(bytes);
        Self { folded, pair, head, finder }
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
        const BEYOND: u8 = 0x80;
        const FIRST: u8 = 0xC0;
        let bytes = scan.bytes;
        let block = |place: usize| bytes.get(place..place + BLOCK).and_then(|own| own.as_chunks::<16>().0.first_chunk::<4>());
        let [byte, case, next_byte, next_case] = [one.byte, one.case, other.byte, other.case].map(u8x16::splat);
        let mut buffer = String::new();
        let mut start = 0;
        while let (Some(own), Some(ones), Some(others)) = (block(start), block(start + one.place), block(start + other.place)) {
            let (mut hits, mut any) = (0_u64, u8x16::ZERO);
            for index in 0..4 {
                let (this, next) = (u8x16::new(ones[index]) | case, u8x16::new(others[index]) | next_case);
                hits |= u64::from((this.simd_eq(byte) & next.simd_eq(next_byte)).to_bitmask()) << (index * 16);
                any |= u8x16::new(own[index]);
            }
            while hits != 0 {
                let place = start + hits.trailing_zeros() as usize;
                hits &= hits - 1;
                if place >= scan.taken.end && self.is_at(bytes, place) {
                    scan.matched(place, self.folded.len());
                }
            }
            if (any & u8x16::splat(BEYOND)).to_bitmask() != 0 {
                let mut firsts = 0_u64;
                for (index, own) in own.iter().enumerate() {
                    let first = (u8x16::new(*own) & u8x16::splat(FIRST)).simd_eq(u8x16::splat(FIRST));
                    firsts |= u64::from(first.to_bitmask()) << (index * 16);
                }
                while firsts != 0 {
                    self.look_at_accent(start + firsts.trailing_zeros() as usize, scan, &mut buffer);
                    firsts &= firsts - 1;
                }
            }
            start = (start + BLOCK).max(scan.taken.end);
        }
        for place in start..bytes.len() {
            if self.is_at(bytes, place) {
                scan.matched(place, self.folded.len());
            }
            if bytes[place] >= FIRST {
                self.look_at_accent(place, scan, &mut buffer);
            }
        }
    }

    /// Do the needle's letters stand at a place?
    fn is_at(&self, bytes: &[u8], place: usize) -> bool {
        let own = bytes.get(place..place + Head::BYTES).and_then(<[u8]>::first_chunk);
        if let Some((own, bits)) = own.zip(self.head.bits) {
            return (u8x16::new(*own) | self.head.cases).simd_eq(self.head.bytes).to_bitmask() & bits == bits;
        }
        let needle = self.folded.as_bytes();
        bytes.get(place..place + needle.len()).is_some_and(|own| own.eq_ignore_ascii_case(needle))
    }

    /// Looks at a letter beyond ASCII, which may fold to plain letters or to nothing, for a match that holds it.
    fn look_at_accent(&self, place: usize, scan: &mut Scan<'_>, buffer: &mut String) {
        let (first, second) = (scan.bytes[place], scan.bytes.get(place + 1).copied().unwrap_or(0));
        if scan.taken.contains(&place) || is_of_another_script(first, second) || !self.may_hold(scan.bytes, place) {
            return;
        }
        let index = scan.text_of(place);
        let start = scan.start_of(index);
        if scan.texts.get(index).is_some_and(|text| self.is_around(text, place - start, buffer)) {
            scan.take(index);
        }
    }

    /// May a match hold the letter beyond ASCII at a place, as far as a glance tells? One that folds to a plain letter must be in the
    /// needle between the letters that stand beside it.
    fn may_hold(&self, bytes: &[u8], place: usize) -> bool {
        const LAST_OF_TWO: u8 = 0xDF;
        let (first, second) = (bytes[place], bytes.get(place + 1).copied().unwrap_or(0));
        let number = (usize::from(first & 0x1F) << 6) | usize::from(second & 0x3F);
        let folded = if first <= LAST_OF_TWO { LETTERS_OF_TWO.get(number).copied().unwrap_or(PERHAPS) } else { PERHAPS };
        if folded == NEVER || folded == PERHAPS {
            return folded == PERHAPS;
        }
        let needle = self.folded.as_bytes();
        let fits = |own: Option<&u8>, wanted: Option<&u8>| match (own, wanted) {
            (_, None) => true,
            (None, Some(_)) => false,
            // What a neighbour beyond ASCII folds to is another question.
            (Some(own), Some(wanted)) => !own.is_ascii() || own.to_ascii_lowercase() == *wanted,
        };
        let places = (0..needle.len()).filter(|own| needle[*own] == folded);
        let mut places = places.filter(|own| fits(bytes.get(place.wrapping_sub(1)), needle.get(own.wrapping_sub(1))));
        places.any(|own| fits(bytes.get(place + 2), needle.get(own + 1)))
    }
}

/// A walk over texts side by side.
struct Scan<'a> {
    texts: &'a TextSlice<'a>,
    bytes: &'a [u8],
    base: usize,
    /// The text of the place that was asked for last.
    text: usize,
    /// The places of the last text that was taken.
    taken: Range<usize>,
    found: Vec<usize>,
}

impl<'a> Scan<'a> {
    fn new(texts: &'a TextSlice<'a>) -> Self {
        let base = texts.offsets.first().map_or(0, |offset| *offset as usize);
        let end = texts.offsets.last().map_or(0, |offset| *offset as usize);
        Self { texts, bytes: texts.bytes.get(base..end).unwrap_or_default(), base, text: 0, taken: 0..0, found: Vec::new() }
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
        if place + length <= self.start_of(index + 1) {
            self.take(index);
        }
    }

    /// Takes a text, of which nothing more needs to be looked at.
    fn take(&mut self, index: usize) {
        self.found.push(index);
        let own = self.start_of(index)..self.start_of(index + 1);
        // Accents are looked at after plain letters, so that one may be of an earlier text.
        if own.end > self.taken.end {
            self.taken = own;
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

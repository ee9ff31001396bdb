//! Text search: words of categories, sources and articles once each, then the texts of rows in parallel, plain ASCII by its bytes.

use super::Memory;
use super::bitmap::Bitmap;
use crate::data::{Column, Row, Text, TextSlice};
use crate::engine::Stop;
use crate::engine::clause::{article_contains, searched_fields, source_contains, word_contains};
use crate::engine::fold::{fold, fold_into};
use crate::work::Cancel;

/// Rows whose bytes are looked at together; one of them with a letter beyond ASCII sends only these the slower way.
const ROWS_TOGETHER: usize = 64;

impl Memory {
    /// The rows of which some text contains this, whatever its case and accents.
    pub(super) fn text_clause(&self, text: &str, cancel: &Cancel) -> Result<Bitmap, Stop> {
        let dataset = &self.facts.dataset;
        let needle = Needle::new(text);
        let mut bits = self.linked(&needle.folded, cancel)?;
        for field in searched_fields(dataset) {
            match dataset.records.column(field) {
                Some(Column::Category(column)) => {
                    bits.or(&self.code_clause(column, cancel, |word| word_contains(field, word, &needle.folded))?);
                }
                Some(Column::Text(column)) => {
                    bits.or(&self.texts_clause(column, &needle, cancel)?);
                }
                Some(Column::Number(_) | Column::Dates(_)) | None => {}
            }
        }
        Ok(bits)
    }

    /// The rows of a column of text. It is searched in the order of the file, whose hits are then brought into that of the rows.
    fn texts_clause(&self, column: &Text, needle: &Needle, cancel: &Cancel) -> Result<Bitmap, Stop> {
        let hits = Bitmap::of_words(self.len(), cancel, |places, words| {
            let start = places.start;
            for (first, slice) in column.slices(places) {
                needle.search(&slice, |index| words[(first + index - start) / 64] |= 1 << ((first + index) % 64));
            }
        })?;
        if !column.is_reordered() || hits.count() == 0 {
            return Ok(hits);
        }
        Bitmap::of(self.len(), cancel, |row| hits.contains(column.place(row) as Row))
    }

    /// The rows with a source or an article that contains the folded text.
    fn linked(&self, folded: &str, cancel: &Cancel) -> Result<Bitmap, Stop> {
        let dataset = &self.facts.dataset;
        let sources: Vec<bool> = (0..dataset.sources.len()).map(|source| source_contains(dataset, source, folded)).collect();
        let chains: Vec<bool> = dataset.chains.iter().map(|chain| chain.0.iter().any(|source| is_set(&sources, source.0))).collect();
        let articles: Vec<bool> = (0..dataset.articles.len()).map(|article| article_contains(dataset, article, folded)).collect();
        if !chains.contains(&true) && !articles.contains(&true) {
            return Ok(Bitmap::none(self.len()));
        }
        let records = &dataset.records;
        Bitmap::of(self.len(), cancel, |row| {
            records.chain(row as Row).is_some_and(|chain| is_set(&chains, chain.0))
                || records.article(row as Row).is_some_and(|article| is_set(&articles, article.0))
        })
    }
}

fn is_set(flags: &[bool], index: u32) -> bool {
    flags.get(index as usize).copied().unwrap_or(false)
}

/// What is searched for.
struct Needle {
    folded: String,
    /// The place and both cases of its rarest byte, when all of it is ASCII.
    rarest: Option<(usize, u8, u8)>,
    finder: memchr::memmem::Finder<'static>,
}

/// Letters from frequent to rare, as they come in news and tables; bytes that are not here are rarer still.
const FREQUENT: &[u8] = b" etaoinsrhldcumfpgwyb,.vk0123456789-_/";

impl Needle {
    fn new(text: &str) -> Self {
        let folded = fold(text);
        let rarity = |byte: u8| FREQUENT.iter().position(|own| *own == byte).unwrap_or(FREQUENT.len());
        let rarest = if folded.is_ascii() {
            let place = (0..folded.len()).max_by_key(|place| rarity(folded.as_bytes()[*place]));
            place.map(|place| (place, folded.as_bytes()[place], folded.as_bytes()[place].to_ascii_uppercase()))
        } else {
            None
        };
        let finder = memchr::memmem::Finder::new(folded.as_bytes()).into_owned();
        Self { folded, rarest, finder }
    }

    /// Visits the texts that contain it.
    fn search(&self, texts: &TextSlice<'_>, mut visit: impl FnMut(usize)) {
        let (offsets, bytes) = (texts.offsets, texts.bytes);
        let mut buffer = String::new();
        let mut start = 0;
        while start < texts.len() {
            let together = start..(start + ROWS_TOGETHER).min(texts.len());
            let slice = &bytes[offsets[together.start] as usize..offsets[together.end] as usize];
            if self.folded.is_empty() {
                together.clone().filter(|index| texts.get(*index).is_some()).for_each(&mut visit);
            } else if slice.is_ascii() {
                self.search_ascii(slice, &offsets[together.start..=together.end], |index| visit(together.start + index));
            } else {
                for index in together.clone() {
                    let Some(text) = texts.get(index) else { continue };
                    if text.is_ascii() {
                        self.search_ascii(text.as_bytes(), &offsets[index..=index + 1], |_| visit(index));
                    } else if self.is_in(text, &mut buffer) {
                        visit(index);
                    }
                }
            }
            start = together.end;
        }
    }

    /// Finds the texts of a stretch of ASCII, by the rarest byte first.
    fn search_ascii(&self, slice: &[u8], offsets: &[i32], mut set: impl FnMut(usize)) {
        let Some((place, lower, upper)) = self.rarest else { return };
        let base = offsets[0];
        let needle = self.folded.as_bytes();
        let mut row = 0;
        let mut from = 0;
        while let Some(found) = memchr::memchr2(lower, upper, &slice[from..]) {
            let at = from + found;
            from = at + 1;
            let Some(start) = at.checked_sub(place) else { continue };
            while (offsets[row + 1] - base) as usize <= at {
                row += 1;
            }
            let (row_start, row_end) = ((offsets[row] - base) as usize, (offsets[row + 1] - base) as usize);
            if start >= row_start && start + needle.len() <= row_end && slice[start..start + needle.len()].eq_ignore_ascii_case(needle) {
                set(row);
                from = row_end;
            }
        }
    }

    /// Is it in one text of any letters?
    fn is_in(&self, text: &str, buffer: &mut String) -> bool {
        buffer.clear();
        fold_into(text, buffer);
        self.finder.find(buffer.as_bytes()).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(needle: &str, texts: &[Option<&str>]) -> Vec<usize> {
        let column = Text::from_rows(texts.iter().copied());
        let mut found = Vec::new();
        for (first, slice) in column.slices(0..texts.len()) {
            Needle::new(needle).search(&slice, |index| found.push(first + index));
        }
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
}

//! Which columns of words make no good lanes and colours to begin with: addresses, markup, numbers, sentences, names of which each stands once.

use super::facts::Facts;
use crate::data::Field;
use crate::time::parse_edtf;

/// More words than this are not looked at: so many make no lanes anyway.
const WORDS_MAX: usize = 64;
/// Words are no longer than this on the average.
const WORD_CHARS_MAX: usize = 40;

/// The fields whose words tell no groups apart.
pub(super) fn wordless(facts: &Facts) -> Vec<Field> {
    let records = &facts.dataset.records;
    let is_wordless = |field: &Field| {
        let (Some(column), Some(ranking)) = (records.category(*field), facts.rankings.get(field)) else { return false };
        if ranking.order.is_empty() || ranking.order.len() > WORDS_MAX {
            return false;
        }
        let present: u64 = ranking.totals.iter().sum();
        let is_kind = [Field::CATEGORY, Field::KIND, Field::METRIC].contains(field);
        if !is_kind && ranking.order.len() as u64 * 3 > present * 2 {
            return true;
        }
        let words: Vec<&str> = ranking.order.iter().map(|code| column.value(*code)).collect();
        are_no_names(&words)
    };
    facts.rankings.keys().filter(|field| is_wordless(field)).copied().collect()
}

/// Has one of them an address or markup in it, are most of them numbers or dates, or are they as long as sentences?
fn are_no_names(words: &[&str]) -> bool {
    let is_value =
        |word: &str| word.trim().trim_end_matches('%').replace(',', "").parse::<f64>().is_ok() || parse_edtf(word.trim()).is_ok();
    let values = words.iter().filter(|word| is_value(word)).count();
    let chars: usize = words.iter().map(|word| word.chars().count()).sum();
    words.iter().any(|word| is_address_or_markup(word)) || values * 2 >= words.len() || chars > WORD_CHARS_MAX * words.len()
}

fn is_address_or_markup(word: &str) -> bool {
    let opens_tag = |rest: &str| rest.starts_with(|char: char| char.is_ascii_alphabetic() || char == '/') && rest.contains('>');
    word.contains("://") || word.starts_with("www.") || word.match_indices('<').any(|(at, _)| opens_tag(&word[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_markup_numbers_and_sentences_are_no_names_of_groups() {
        assert!(!are_no_names(&["north", "south", "3rd army"]));
        assert!(!are_no_names(&["a < b", "<5", "x > y"]));
        assert!(are_no_names(&["north", "https://a.example/1.jpg"]));
        assert!(are_no_names(&["Museum", "<a href=\"x\">Museum</a>"]));
        assert!(are_no_names(&["1", "2", "3"]));
        assert!(are_no_names(&["2015-01-02", "10%", "many"]));
        assert!(are_no_names(&[&"word ".repeat(20), "word"]));
    }
}

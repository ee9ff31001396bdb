//! What the clauses of a filter mean for one field, shared by both engines so that they cannot disagree on words; it knows no rows.

use rustc_hash::FxHashSet;

use super::fold::fold;
use crate::data::{Dataset, Field, Row, country_name, display_value};
use crate::time::{When, parse_edtf};

/// The values that an `Is` clause asks for, in every form in which a field may hold them.
///
/// Words are compared in lower case. In fields of keys, spaces and hyphens are underscores. A source may be named by its id or short name,
/// a country by its two-letter code, a record by its address. A number is compared as a number, a date by its text or by its meaning.
pub(super) struct Wanted {
    is_of_keys: bool,
    words: FxHashSet<String>,
    pub(super) numbers: Vec<f64>,
    pub(super) whens: Vec<When>,
    pub(super) rows: Vec<Row>,
}

/// Up to so many words are compared one by one instead of lowering every text.
const WORDS_COMPARED_MAX: usize = 8;

impl Wanted {
    pub(super) fn new(dataset: &Dataset, field: Field, values: &[String]) -> Self {
        let is_of_keys = holds_keys(field);
        let mut words: FxHashSet<String> = values.iter().map(|value| word(is_of_keys, value)).collect();
        if field == Field::ORIGINATOR || field == Field::OUTLET {
            let named = dataset.sources.iter().filter(|source| {
                words.contains(&source.id.to_lowercase())
                    || source.short.as_ref().is_some_and(|short| words.contains(&short.to_lowercase()))
            });
            let names: Vec<String> = named.map(|source| source.name.to_lowercase()).collect();
            words.extend(names);
        }
        if field == Field::ORIGINATOR_COUNTRY {
            words.extend(values.iter().map(|value| country_name(value.trim().to_uppercase().as_str()).to_lowercase()));
        }
        let rows = if field == Field::ID { values.iter().filter_map(|id| dataset.row_of_id(id)).collect() } else { Vec::new() };
        Self {
            is_of_keys,
            words,
            numbers: values.iter().filter_map(|value| value.trim().parse().ok()).collect(),
            whens: values.iter().filter_map(|value| parse_edtf(value.trim()).ok()).collect(),
            rows,
        }
    }

    /// Is this one of the words?
    pub(super) fn has_word(&self, text: &str) -> bool {
        if !self.is_of_keys && text.is_ascii() && self.words.len() <= WORDS_COMPARED_MAX {
            let text = text.trim();
            return self.words.iter().any(|word| word.eq_ignore_ascii_case(text));
        }
        self.words.contains(&word(self.is_of_keys, text))
    }
}

fn word(is_of_keys: bool, text: &str) -> String {
    let lower = text.trim().to_lowercase();
    if is_of_keys { lower.replace([' ', '-'], "_") } else { lower }
}

fn holds_keys(field: Field) -> bool {
    matches!(
        field,
        Field::KIND
            | Field::METRIC
            | Field::MEASURE
            | Field::QUALIFIER
            | Field::BASIS
            | Field::CATEGORY
            | Field::STATUS
            | Field::LIKELIHOOD
            | Field::ORIGINATOR_KIND
    )
}

/// The number that a word or text stands for, where a comparison wants one.
pub(super) fn number_of(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// The fields whose words and texts a search looks through; names of sources and articles come on top.
pub(super) fn searched_fields(dataset: &Dataset) -> Vec<Field> {
    const OWN: [Field; 14] = [
        Field::TITLE,
        Field::NOTE,
        Field::ID,
        Field::EVENT_ID,
        Field::METRIC,
        Field::ITEM,
        Field::UNIT,
        Field::FROM,
        Field::TO,
        Field::CATEGORY,
        Field::PLACE,
        Field::HEDGE,
        Field::ORIGINATOR_COUNTRY,
        Field::OUTLET,
    ];
    let own = OWN.into_iter().filter(|field| dataset.records.column(*field).is_some());
    own.chain(dataset.records.extra_fields().map(|info| info.field)).collect()
}

/// Does a word of a category contain the folded text, as it is stored or as the screen writes it?
pub(super) fn word_contains(field: Field, value: &str, folded: &str) -> bool {
    fold(value).contains(folded) || (holds_keys(field) && fold(&display_value(field, value)).contains(folded))
}

/// Does a name of a source contain the folded text?
pub(super) fn source_contains(dataset: &Dataset, source: usize, folded: &str) -> bool {
    dataset.sources.get(source).is_some_and(|source| {
        fold(&source.name).contains(folded) || source.short.as_ref().is_some_and(|short| fold(short).contains(folded))
    })
}

/// Does an article's title, address or publisher contain the folded text?
pub(super) fn article_contains(dataset: &Dataset, article: usize, folded: &str) -> bool {
    dataset.articles.get(article).is_some_and(|article| {
        let has = |text: &Option<String>| text.as_ref().is_some_and(|text| fold(text).contains(folded));
        has(&article.title)
            || has(&article.url)
            || article.publisher.is_some_and(|publisher| source_contains(dataset, publisher.0 as usize, folded))
    })
}

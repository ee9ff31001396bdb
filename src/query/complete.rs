//! What the search box offers while a query is typed: fields, keywords and the values that the schema knows.

use super::Schema;
use super::parse::{HAS, ends_word, is_operator};
use super::text::{named, value};
use crate::data::{Basis, Credibility, Field, Kind, Likelihood, Measure, Qualifier, SourceKind, Status, Vocabulary};

/// The most completions that are offered: a list that is read at a glance.
pub(super) const COMPLETIONS_MAX: usize = 12;

/// Something that could be typed here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The bytes of the query that it replaces.
    pub range: std::ops::Range<usize>,
    /// What to put there.
    pub insert: String,
    /// What it is, in words.
    pub label: String,
}

const KEYWORD_HELP: [(&str, &str); 5] = [
    ("after", "after a date, such as after:2024-10"),
    ("before", "before a date, such as before:2025-02-11"),
    ("during", "touching a date, such as during:2024"),
    ("known", "published by a day, such as known:2025-01-20"),
    ("has", "has:quantity, has:article or has:note"),
];

/// What could stand at the cursor (in bytes): after a colon the values that are known without looking at records, else fields and keywords.
pub fn completions(text: &str, cursor: usize, schema: &Schema) -> Vec<Completion> {
    let Some(before) = text.get(..cursor) else { return Vec::new() };
    let is_inside_quotes = before.bytes().filter(|b| *b == b'"').count() % 2 == 1;
    if is_inside_quotes {
        return Vec::new();
    }
    let start = before.char_indices().rev().take_while(|(_, c)| !ends_word(*c)).last().map_or(cursor, |(place, _)| place);
    let token = before.get(start..).unwrap_or("");
    let stem = token.trim_start_matches('-');
    let start = cursor - stem.len();
    if let Some((name, rest)) = stem.split_once(':') {
        let typed = rest.rsplit(',').next().unwrap_or("");
        return values_of(name, schema)
            .into_iter()
            .filter(|known| starts_with_any_case(known, typed))
            .take(COMPLETIONS_MAX)
            .map(|known| Completion { range: cursor - typed.len()..cursor, insert: value(&known), label: known })
            .collect();
    }
    if stem.contains(is_operator) {
        return Vec::new();
    }
    names(stem, schema).map(|(insert, label)| Completion { range: start..cursor, insert, label }).take(COMPLETIONS_MAX).collect()
}

/// Keywords and fields whose key or label starts with this, then fields whose label contains it.
fn names<'a>(stem: &'a str, schema: &'a Schema) -> impl Iterator<Item = (String, String)> + 'a {
    let starts = move |info: &&crate::data::FieldInfo| starts_with_any_case(&info.key, stem) || starts_with_any_case(&info.label, stem);
    let contains = move |info: &&crate::data::FieldInfo| info.label.to_lowercase().contains(&stem.to_lowercase());
    let offered = |info: &crate::data::FieldInfo| (format!("{}:", named(&info.key)), info.label.clone());
    let keywords = KEYWORD_HELP
        .iter()
        .filter(move |(keyword, _)| !stem.is_empty() && starts_with_any_case(keyword, stem))
        .map(|(keyword, help)| (format!("{keyword}:"), (*help).to_owned()));
    let first = schema.fields.iter().filter(starts);
    let second = schema.fields.iter().filter(move |info| !starts(info) && contains(info));
    keywords.chain(first.chain(second).map(offered))
}

fn starts_with_any_case(text: &str, start: &str) -> bool {
    text.to_lowercase().starts_with(&start.to_lowercase())
}

/// The values of a field that need no look at the records: closed vocabularies and metrics.
fn values_of(name: &str, schema: &Schema) -> Vec<String> {
    fn keys<V: Vocabulary>() -> Vec<String> {
        V::ALL.iter().map(|value| value.key().to_owned()).collect()
    }
    if name.eq_ignore_ascii_case("has") {
        return HAS.iter().map(|(word, _)| (*word).to_owned()).collect();
    }
    match schema.field(name).map(|info| info.field) {
        Some(Field::KIND) => keys::<Kind>(),
        Some(Field::MEASURE) => keys::<Measure>(),
        Some(Field::QUALIFIER) => keys::<Qualifier>(),
        Some(Field::BASIS) => keys::<Basis>(),
        Some(Field::STATUS) => keys::<Status>(),
        Some(Field::LIKELIHOOD) => keys::<Likelihood>(),
        Some(Field::CREDIBILITY) => keys::<Credibility>(),
        Some(Field::ORIGINATOR_KIND) => keys::<SourceKind>(),
        Some(Field::METRIC) => schema.metrics.iter().map(|metric| metric.metric.clone()).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::text::tests::schema;

    fn offered(text: &str) -> Vec<String> {
        completions(text, text.len(), &schema()).into_iter().map(|completion| completion.insert).collect()
    }

    #[test]
    fn the_start_of_a_word_offers_fields_and_keywords() {
        assert_eq!(offered("met"), ["metric:"]);
        assert_eq!(offered("killed -st"), ["status:"]);
        assert_eq!(offered("bef"), ["before:"]);
        assert_eq!(offered("(side"), ["\"Side A\":"]);
    }

    #[test]
    fn a_closed_vocabulary_offers_its_values() {
        assert_eq!(offered("status:de"), ["denied"]);
        assert_eq!(offered("status:denied,ex"), ["expected"]);
        assert_eq!(offered("has:"), ["quantity", "article", "note"]);
        assert_eq!(offered("metric:k"), ["killed"]);
    }

    #[test]
    fn a_completion_replaces_what_was_typed_of_it() {
        assert_eq!(completions("x -status:de y", 12, &schema())[0].range, 10..12);
        assert_eq!(completions("x -sta y", 6, &schema())[0].range, 3..6);
    }

    #[test]
    fn nothing_is_offered_inside_quotes_or_off_a_character() {
        assert!(offered("\"met").is_empty());
        assert!(completions("é", 1, &schema()).is_empty());
    }
}

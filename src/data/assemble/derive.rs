//! Columns that follow from chains and articles: originator, outlet, language; and the date of publication of an article.

use std::sync::Arc;

use arrow_array::StringArray;

use crate::data::column::NULL_CODE;
use crate::data::growing::Dictionary;
use crate::data::{Category, Codes, Column, Dataset, Dates, Field, Row, Source, SourceId, SourceKind, Vocabulary as _, country_name};
use crate::time::When;

/// Fills the derived columns.
pub(super) fn derive(dataset: &mut Dataset) {
    let source = |id: SourceId| dataset.sources.get(id.0 as usize);
    let originators = by_chain(dataset, |chain| chain.last().copied().and_then(source).map(|source| source.name.as_str()));
    let countries = by_chain(dataset, |chain| country_of(source(*chain.last()?)?));
    let kinds = by_chain(dataset, |chain| source(*chain.last()?)?.kind.map(SourceKind::key));
    let languages = dataset.records.articles.as_ref().and_then(|links| {
        let words: Vec<Option<&str>> = dataset.articles.iter().map(|article| article.language.as_deref()).collect();
        linked(links, &words)
    });
    let columns = [
        (Field::ORIGINATOR, originators),
        (Field::ORIGINATOR_COUNTRY, countries),
        (Field::ORIGINATOR_KIND, kinds),
        (Field::OUTLET, outlets(dataset)),
        (Field::LANGUAGE, languages),
    ];
    let published = published(dataset);
    let own = &mut dataset.records.own;
    own.resize_with(own.len().max(Field::OWN.len()), || None);
    for (field, column) in columns {
        own[usize::from(field.0)] = column.map(Column::Category);
    }
    if let Some(published) = published {
        own[usize::from(Field::PUBLISHED.0)] = Some(Column::Dates(published));
    }
}

fn country_of(source: &Source) -> Option<&str> {
    source.country.as_deref().map(country_name)
}

fn by_chain<'a>(dataset: &'a Dataset, word: impl Fn(&'a [SourceId]) -> Option<&'a str>) -> Option<Category> {
    let words: Vec<Option<&str>> = dataset.chains.iter().map(|chain| word(&chain.0)).collect();
    linked(dataset.records.chains.as_ref()?, &words)
}

/// The words of what records are linked to. Where each has a word of its own, the links themselves are the codes.
fn linked(links: &Codes, words: &[Option<&str>]) -> Option<Category> {
    if words.iter().all(Option::is_none) {
        return None;
    }
    let mut dictionary = Dictionary::default();
    let map: Vec<u32> = words.iter().map(|word| word.map_or(NULL_CODE, |word| dictionary.code(word, 0))).collect();
    let values: StringArray = dictionary.words().map(Some).collect();
    if map.iter().enumerate().all(|(number, code)| number as u32 == *code) {
        return Some(Category { codes: links.clone(), values: Arc::new(values) });
    }
    let mut codes = Vec::with_capacity(links.len());
    links.for_each(0..links.len(), |_, link| codes.push(link.map_or(NULL_CODE, |link| map[link as usize])));
    codes.iter().any(|code| *code != NULL_CODE).then(|| Category::new(&codes, values))
}

/// The first source of the chain, else the publisher of the article.
fn outlets(dataset: &Dataset) -> Option<Category> {
    let name = |id: SourceId| dataset.sources.get(id.0 as usize).map(|source| source.name.as_str());
    if dataset.articles.iter().all(|article| article.publisher.is_none()) {
        return by_chain(dataset, |chain| chain.first().copied().and_then(name));
    }
    let mut dictionary = Dictionary::default();
    let mut code_of = |id: Option<SourceId>| id.and_then(name).map_or(NULL_CODE, |word| dictionary.code(word, 0));
    let by_chain: Vec<u32> = dataset.chains.iter().map(|chain| code_of(chain.0.first().copied())).collect();
    let by_article: Vec<u32> = dataset.articles.iter().map(|article| code_of(article.publisher)).collect();
    let records = &dataset.records;
    let codes: Vec<u32> = (0..records.len() as Row)
        .map(|row| {
            let chain = records.chain(row).and_then(|chain| by_chain.get(chain.0 as usize)).filter(|code| **code != NULL_CODE);
            let article = || records.article(row).and_then(|article| by_article.get(article.0 as usize));
            chain.or_else(article).copied().unwrap_or(NULL_CODE)
        })
        .collect();
    codes.iter().any(|code| *code != NULL_CODE).then(|| Category::new(&codes, dictionary.words().map(Some).collect()))
}

/// The dates of publication with those of the articles where records have none of their own; `None` when no article helps.
fn published(dataset: &Dataset) -> Option<Dates> {
    let records = &dataset.records;
    records.articles.as_ref()?;
    let of_article: Vec<Option<When>> =
        dataset.articles.iter().map(|article| article.published.as_ref().and_then(|(_, when)| *when)).collect();
    if of_article.iter().all(Option::is_none) {
        return None;
    }
    let own = records.dates(Field::PUBLISHED);
    let has_own = |row: usize| own.is_some_and(|own| own.span(row).is_some() || own.kept_text(row).is_some());
    let when = |row: usize| {
        if has_own(row) {
            return own.and_then(|own| own.when(row));
        }
        records.article(row as Row).and_then(|article| of_article.get(article.0 as usize).copied().flatten())
    };
    let whens: Vec<Option<When>> = (0..records.len()).map(when).collect();
    let is_any = own.is_some() || whens.iter().any(Option::is_some);
    is_any.then(|| Dates::new(&whens, own.and_then(|own| own.texts.clone())))
}

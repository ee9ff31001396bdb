//! Writes records in the native format, so that reading them again gives the same; it knows no query and no file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde_json::{Map, Number, Value, json};

use crate::data::{Article, ArticleId, Column, Credibility, Dataset, Field, Likelihood, Row, Source, SourceId, Vocabulary as _};
use crate::time::{When, edtf_from_when, parse_edtf};

/// Writes these records in this order, with the sources and articles that they need. `selection` says how they were chosen.
///
/// Dates in another notation are written in EDTF; the text as given stands beside, in `fields`.
///
/// # Errors
/// What the output says.
pub(super) fn write_native(out: &mut dyn Write, dataset: &Dataset, rows: &[Row], selection: &Value) -> io::Result<()> {
    let is_whole = rows.len() == dataset.records.len();
    let articles = if is_whole { all_articles(dataset) } else { articles_of(dataset, rows) };
    let sources = if is_whole { all_sources(dataset) } else { sources_of(dataset, rows, &articles) };
    out.write_all(b"{\n\"format\": \"dateline\",\n\"version\": 1")?;
    let text = |name: &str| dataset.origin.notes.iter().find(|(own, _)| own == name).map(|(_, text)| text.as_str());
    for (key, text) in [("title", text("title")), ("note", text("note")), ("counter", dataset.origin.counter.as_deref())] {
        if let Some(text) = text {
            write!(out, ",\n\"{key}\": {}", Value::from(text))?;
        }
    }
    write!(out, ",\n\"selection\": {selection}")?;
    list(out, "sources", sources.iter().filter_map(|id| dataset.sources.get(id.0 as usize)).map(source))?;
    list(out, "articles", articles.iter().filter_map(|id| article(dataset, &articles, *id)))?;
    list(out, "records", rows.iter().map(|row| record(dataset, *row)))?;
    out.write_all(b"\n}\n")
}

fn list(out: &mut dyn Write, key: &str, items: impl Iterator<Item = Value>) -> io::Result<()> {
    write!(out, ",\n\"{key}\": [")?;
    for (place, item) in items.enumerate() {
        out.write_all(if place == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &item)?;
    }
    out.write_all(b"\n]")
}

fn all_articles(dataset: &Dataset) -> BTreeSet<ArticleId> {
    (0..dataset.articles.len() as u32).map(ArticleId).collect()
}

fn all_sources(dataset: &Dataset) -> BTreeSet<SourceId> {
    (0..dataset.sources.len() as u32).map(SourceId).collect()
}

/// The articles of the records, and what is related to them.
fn articles_of(dataset: &Dataset, rows: &[Row]) -> BTreeSet<ArticleId> {
    let own: BTreeSet<ArticleId> = rows.iter().filter_map(|row| dataset.records.article(*row)).collect();
    let related = own.iter().filter_map(|id| dataset.articles.get(id.0 as usize)).flat_map(|article| &article.related);
    own.iter().copied().chain(related.map(|related| related.article)).collect()
}

fn sources_of(dataset: &Dataset, rows: &[Row], articles: &BTreeSet<ArticleId>) -> BTreeSet<SourceId> {
    let publishers = articles.iter().filter_map(|id| dataset.articles.get(id.0 as usize)).filter_map(|article| article.publisher);
    rows.iter().flat_map(|row| dataset.chain_sources(*row)).copied().chain(publishers).collect()
}

/// An object of what is there; keys without a value are left out.
fn object(pairs: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Value {
    let present = pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    Value::Object(present.collect::<Map<String, Value>>())
}

fn text(text: Option<&str>) -> Option<Value> {
    text.filter(|text| !text.is_empty()).map(Value::from)
}

/// A number as it would be written by hand: whole ones without a point.
fn number(number: Option<f64>) -> Option<Value> {
    number.and_then(|number| number.to_string().parse::<Number>().ok()).map(Value::Number)
}

fn source(source: &Source) -> Value {
    object([
        ("id", Some(Value::from(source.id.as_str()))),
        ("name", Some(Value::from(source.name.as_str()))),
        ("short", text(source.short.as_deref())),
        ("kind", source.kind.map(|kind| Value::from(kind.key()))),
        ("country", text(source.country.as_deref())),
        ("reliability", source.reliability.map(|grade| Value::from(grade.key().to_uppercase()))),
    ])
}

fn article(dataset: &Dataset, written: &BTreeSet<ArticleId>, id: ArticleId) -> Option<Value> {
    let article: &Article = dataset.articles.get(id.0 as usize)?;
    let publisher = article.publisher.and_then(|publisher| dataset.sources.get(publisher.0 as usize));
    let date = |date: &Option<(String, Option<When>)>| {
        let (as_given, when) = date.as_ref()?;
        Some(Value::from(edtf(Some(as_given), *when)?.0))
    };
    let related: Vec<Value> = article
        .related
        .iter()
        .filter(|related| written.contains(&related.article))
        .filter_map(|related| {
            let id = dataset.articles.get(related.article.0 as usize)?.id.as_str();
            Some(if related.is_listed { json!({"id": id, "listed": true}) } else { Value::from(id) })
        })
        .collect();
    Some(object([
        ("id", Some(Value::from(article.id.as_str()))),
        ("title", text(article.title.as_deref())),
        ("url", text(article.url.as_deref())),
        ("archive_url", text(article.archive_url.as_deref())),
        ("publisher", publisher.map(|publisher| Value::from(publisher.id.as_str()))),
        ("published", date(&article.published)),
        ("retrieved", date(&article.retrieved)),
        ("language", text(article.language.as_deref())),
        ("related", Some(related).filter(|related| !related.is_empty()).map(Value::from)),
    ]))
}

/// A date in EDTF, and the text as given when that was another notation. A text that could not be read stays as it was.
fn edtf(as_given: Option<&str>, when: Option<When>) -> Option<(String, Option<String>)> {
    match (as_given, when) {
        (None, None) => None,
        (Some(text), None) => Some((text.to_owned(), None)),
        (Some(text), Some(when)) if parse_edtf(text.trim()).is_ok_and(|read| read == when) => Some((text.to_owned(), None)),
        (as_given, Some(when)) => Some((edtf_from_when(&when), as_given.map(str::to_owned))),
    }
}

/// A date of a record, and what it looked like when that was no EDTF.
fn date(dataset: &Dataset, field: Field, row: Row) -> Option<(String, Option<String>)> {
    let records = &dataset.records;
    edtf(records.dates(field)?.kept_text(row as usize), records.when(field, row))
}

fn record(dataset: &Dataset, row: Row) -> Value {
    let records = &dataset.records;
    let own = |field: Field| text(records.str(field, row));
    let chain: Vec<&str> =
        dataset.chain_sources(row).iter().filter_map(|id| dataset.sources.get(id.0 as usize)).map(|source| source.id.as_str()).collect();
    let article = records.article(row).and_then(|id| dataset.articles.get(id.0 as usize));
    let mut fields = further(dataset, row);
    let mut dated = |field: Field, key: &str| {
        let (date, as_given) = date(dataset, field, row)?;
        if let Some(as_given) = as_given {
            fields.entry(format!("{key} (as given)")).or_insert_with(|| Value::from(as_given));
        }
        Some(Value::from(date))
    };
    let (when, as_of, published) = (dated(Field::WHEN, "when"), dated(Field::AS_OF, "as_of"), dated(Field::PUBLISHED, "published"));
    let comes_from_article =
        article.and_then(|article| article.published.as_ref()).is_some_and(|(_, when)| *when == records.when(Field::PUBLISHED, row));
    object([
        ("id", own(Field::ID)),
        ("event_id", own(Field::EVENT_ID)),
        ("kind", Some(Value::from(records.kind(row).key()))),
        ("title", own(Field::TITLE)),
        ("when", when),
        ("as_of", as_of),
        ("published", published.filter(|_| !comes_from_article)),
        ("quantity", quantity(dataset, row)),
        ("from", own(Field::FROM)),
        ("to", own(Field::TO)),
        ("category", own(Field::CATEGORY)),
        ("place", place(dataset, row)),
        ("status", own(Field::STATUS)),
        ("hedge", own(Field::HEDGE)),
        ("likelihood", records.likelihood(row).map(Likelihood::key).map(Value::from)),
        ("credibility", records.credibility(row).map(Credibility::key).map(Value::from)),
        ("chain", Some(chain).filter(|chain| !chain.is_empty()).map(Value::from)),
        ("article", article.map(|article| Value::from(article.id.as_str()))),
        ("note", own(Field::NOTE)),
        ("fields", Some(fields).filter(|fields| !fields.is_empty()).map(|fields| Value::Object(fields.into_iter().collect()))),
    ])
}

/// The cells of the file's own columns.
fn further(dataset: &Dataset, row: Row) -> BTreeMap<String, Value> {
    let records = &dataset.records;
    let cell = |field: Field| match records.column(field)? {
        Column::Number(numbers) => number(numbers.get(row as usize)),
        Column::Category(_) | Column::Text(_) | Column::Dates(_) => records.display(field, row).map(Value::from),
    };
    records.extra_fields().filter_map(|info| Some((info.key.clone(), cell(info.field)?))).collect()
}

fn quantity(dataset: &Dataset, row: Row) -> Option<Value> {
    let quantity = dataset.records.quantity(row)?;
    Some(object([
        ("metric", Some(Value::from(quantity.metric))),
        ("item", text(quantity.item)),
        ("measure", Some(Value::from(quantity.measure.key()))),
        ("value", number(quantity.value)),
        ("low", number(quantity.low)),
        ("high", number(quantity.high)),
        ("qualifier", quantity.qualifier.map(|qualifier| Value::from(qualifier.key()))),
        ("basis", quantity.basis.map(|basis| Value::from(basis.key()))),
        ("unit", text(quantity.unit)),
    ]))
}

/// A name, or a name with a point.
fn place(dataset: &Dataset, row: Row) -> Option<Value> {
    let records = &dataset.records;
    let degrees = |field: Field| number(records.number(field).and_then(|column| column.get(row as usize)));
    let name = text(records.str(Field::PLACE, row));
    match (degrees(Field::LAT), degrees(Field::LON)) {
        (Some(lat), Some(lon)) => Some(object([("name", name), ("lat", Some(lat)), ("lon", Some(lon))])),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::ingest::{Input, Options, load};
    use crate::work::{Cancel, Progress};

    fn read(name: &str, bytes: &[u8]) -> Dataset {
        let input = Input::Bytes { name: name.to_owned(), bytes: Arc::from(bytes) };
        load(&input, &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap()
    }

    fn written(dataset: &Dataset, rows: &[Row]) -> Vec<u8> {
        let mut out = Vec::new();
        write_native(&mut out, dataset, rows, &json!({})).unwrap();
        out
    }

    fn in_file_order(dataset: &Dataset) -> Vec<Row> {
        let mut rows: Vec<Row> = (0..dataset.records.len() as Row).collect();
        rows.sort_by_key(|row| dataset.records.file_row(*row));
        rows
    }

    /// Every cell of every record as text.
    fn cells(dataset: &Dataset) -> Vec<Vec<(String, Option<String>)>> {
        let records = &dataset.records;
        let fields = records.fields();
        let cell = |info: &crate::data::FieldInfo, row: Row| (info.key.clone(), records.display(info.field, row));
        (0..records.len() as Row).map(|row| fields.iter().map(|info| cell(info, row)).collect()).collect()
    }

    #[test]
    fn the_sample_written_and_read_again_is_the_same() {
        let before = read("sample.dateline.json", crate::sample::bytes());
        let after = read("again.dateline.json", &written(&before, &in_file_order(&before)));
        assert_eq!(after.issues.list, []);
        assert_eq!(after.sources, before.sources);
        assert_eq!(after.articles, before.articles);
        assert_eq!(cells(&after), cells(&before));
        let chains = |dataset: &Dataset| -> Vec<Vec<SourceId>> {
            (0..dataset.records.len() as Row).map(|row| dataset.chain_sources(row).to_vec()).collect()
        };
        assert_eq!(chains(&after), chains(&before));
    }

    #[test]
    fn a_part_takes_only_the_sources_and_articles_that_it_needs() {
        let before = read("sample.dateline.json", crate::sample::bytes());
        let row = before.row_of_id("r080").unwrap();
        let after = read("part.dateline.json", &written(&before, &[row]));
        assert_eq!((after.records.len(), after.issues.list.as_slice()), (1, [].as_slice()));
        assert!(after.sources.len() < 30 && after.articles.len() < 60, "{} {}", after.sources.len(), after.articles.len());
        let originator = |dataset: &Dataset, row: Row| dataset.records.str(Field::ORIGINATOR, row).map(str::to_owned);
        assert_eq!(originator(&after, 0), originator(&before, row));
    }

    #[test]
    fn a_table_becomes_the_native_format_with_its_own_columns_and_dates() {
        let table = b"id,date,title,killed,low,high,Wave No\n1,31/01/2024,First,4,3,6,x\n2,15/02/2024,Second,NaN,,,y\n2,never,Third,5,,,\n\
            4,16/02/2024,Fourth,2,,,z\n5,17/02/2024,Fifth,2,,,z\n6,18/02/2024,Sixth,2,,,z\n";
        let before = read("waves.csv", table);
        let after = read("waves.dateline.json", &written(&before, &in_file_order(&before)));
        assert_eq!(after.origin.counter, before.origin.counter);
        let shown = |dataset: &Dataset, field: Field| -> Vec<Option<String>> {
            (0..dataset.records.len() as Row).map(|row| dataset.records.display(field, row)).collect()
        };
        for field in [Field::ID, Field::TITLE, Field::VALUE, Field::LOW, Field::HIGH, Field::METRIC, Field::BASIS] {
            assert_eq!(shown(&after, field), shown(&before, field), "{field:?}");
        }
        let spans = |dataset: &Dataset| -> Vec<Option<crate::time::Span>> {
            (0..dataset.records.len() as Row).map(|row| dataset.records.span(Field::WHEN, row)).collect()
        };
        assert_eq!(spans(&after), spans(&before));
        let wave = after.records.extra_fields().find(|info| info.key == "Wave No").map(|info| info.field).unwrap();
        assert_eq!(shown(&after, wave).iter().flatten().count(), 5);
    }
}

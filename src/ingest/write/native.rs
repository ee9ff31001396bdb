//! Writes the native format so that reading it gives the same dataset.

use std::io::{self, Write};

use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};

use super::{Selection, note, number, set};
use crate::data::{Article, Column, Dataset, Field, Row, Source, SourceKind, Vocabulary as _};
use crate::time::{When, edtf_from_when, parse_edtf};

/// Writes these records, in this order, with their sources and articles. All sources and articles when all records are written.
pub fn write_native(dataset: &Dataset, rows: &[Row], selection: Option<&Selection>, out: &mut dyn Write) -> io::Result<()> {
    let used = Used::of(dataset, rows);
    out.write_all(b"{\n\"format\": \"dateline\",\n\"version\": 1")?;
    for key in ["title", "note"] {
        head(out, key, note(dataset, key).map(Value::from))?;
    }
    head(out, "counter", dataset.origin.counter.clone().map(Value::from))?;
    let chosen = selection.map(|selection| selection.to_json(dataset, rows.len()));
    let before = || note(dataset, "selection").map(|text| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)));
    head(out, "selection", chosen.or_else(before))?;
    let sources = dataset.sources.iter().enumerate().filter(|(index, _)| used.sources.contains(&(*index as u32)));
    list(out, "sources", sources.map(|(_, source)| source_json(source)))?;
    let articles = dataset.articles.iter().enumerate().filter(|(index, _)| used.articles.contains(&(*index as u32)));
    list(out, "articles", articles.map(|(_, article)| article_json(dataset, article, &used)))?;
    list(out, "records", rows.iter().map(|row| record_json(dataset, *row)))?;
    out.write_all(b"\n}\n")
}

/// What the records refer to.
struct Used {
    sources: FxHashSet<u32>,
    articles: FxHashSet<u32>,
}

impl Used {
    fn of(dataset: &Dataset, rows: &[Row]) -> Self {
        if rows.len() == dataset.records.len() {
            return Self { sources: (0..dataset.sources.len() as u32).collect(), articles: (0..dataset.articles.len() as u32).collect() };
        }
        let mut articles: FxHashSet<u32> = rows.iter().filter_map(|row| dataset.records.article(*row)).map(|id| id.0).collect();
        let related: Vec<u32> = rows
            .iter()
            .filter_map(|row| dataset.articles.get(dataset.records.article(*row)?.0 as usize))
            .flat_map(|article| article.related.iter().map(|related| related.article.0))
            .collect();
        articles.extend(related);
        let mut sources: FxHashSet<u32> = rows.iter().flat_map(|row| dataset.chain_sources(*row)).map(|id| id.0).collect();
        let publishers = dataset.articles.iter().enumerate().filter(|(index, _)| articles.contains(&(*index as u32)));
        sources.extend(publishers.filter_map(|(_, article)| article.publisher).map(|id| id.0));
        Self { sources, articles }
    }
}

fn head(out: &mut dyn Write, key: &str, value: Option<Value>) -> io::Result<()> {
    match value {
        Some(value) => write!(out, ",\n{}: {value}", json!(key)),
        None => Ok(()),
    }
}

fn list(out: &mut dyn Write, key: &str, elements: impl Iterator<Item = Value>) -> io::Result<()> {
    write!(out, ",\n{}: [", json!(key))?;
    for (place, element) in elements.enumerate() {
        out.write_all(if place == 0 { b"\n " } else { b",\n " })?;
        serde_json::to_writer(&mut *out, &element)?;
    }
    out.write_all(b"\n]")
}

fn source_json(source: &Source) -> Value {
    let mut object = Map::new();
    set(&mut object, "id", Some(source.id.as_str()));
    set(&mut object, "name", Some(source.name.as_str()));
    set(&mut object, "short", source.short.as_deref());
    set(&mut object, "kind", source.kind.map(SourceKind::key));
    set(&mut object, "country", source.country.as_deref());
    set(&mut object, "reliability", source.reliability.map(|grade| grade.key().to_uppercase()));
    Value::Object(object)
}

fn article_json(dataset: &Dataset, article: &Article, used: &Used) -> Value {
    let mut object = Map::new();
    let publisher = article.publisher.and_then(|id| dataset.sources.get(id.0 as usize));
    set(&mut object, "id", Some(article.id.as_str()));
    set(&mut object, "title", article.title.as_deref());
    set(&mut object, "url", article.url.as_deref());
    set(&mut object, "archive_url", article.archive_url.as_deref());
    set(&mut object, "publisher", publisher.map(|source| source.id.as_str()));
    set(&mut object, "published", article.published.as_ref().map(|(text, _)| text.as_str()));
    set(&mut object, "retrieved", article.retrieved.as_ref().map(|(text, _)| text.as_str()));
    set(&mut object, "language", article.language.as_deref());
    let related: Vec<Value> = article
        .related
        .iter()
        .filter(|related| used.articles.contains(&related.article.0))
        .filter_map(|related| {
            let id = dataset.articles.get(related.article.0 as usize)?.id.as_str();
            Some(if related.is_listed { json!({ "id": id, "listed": true }) } else { Value::from(id) })
        })
        .collect();
    set(&mut object, "related", (!related.is_empty()).then_some(related));
    Value::Object(object)
}

fn record_json(dataset: &Dataset, row: Row) -> Value {
    let records = &dataset.records;
    let mut object = Map::new();
    let mut fields = Map::new();
    let text = |field: Field| records.str(field, row);
    let at = row as usize;
    set(&mut object, "id", text(Field::ID));
    set(&mut object, "event_id", text(Field::EVENT_ID));
    set(&mut object, "kind", text(Field::KIND));
    set(&mut object, "title", text(Field::TITLE));
    for (field, key) in [(Field::WHEN, "when"), (Field::AS_OF, "as_of"), (Field::PUBLISHED, "published")] {
        let Some(dates) = records.dates(field) else { continue };
        let (when, kept) = (dates.when(at), dates.kept_text(at));
        if field == Field::PUBLISHED && kept.is_none() && when == published_of_article(dataset, row) {
            continue;
        }
        let (date, given) = date_text(when, kept);
        set(&mut object, key, date);
        set(&mut fields, &format!("{key} (as given)"), given);
    }
    let quantity = quantity_json(dataset, row);
    set(&mut object, "quantity", (!quantity.is_empty()).then_some(Value::Object(quantity)));
    set(&mut object, "from", text(Field::FROM));
    set(&mut object, "to", text(Field::TO));
    set(&mut object, "category", text(Field::CATEGORY));
    set(&mut object, "place", place_json(dataset, row));
    for (field, key) in
        [(Field::STATUS, "status"), (Field::HEDGE, "hedge"), (Field::LIKELIHOOD, "likelihood"), (Field::CREDIBILITY, "credibility")]
    {
        set(&mut object, key, text(field));
    }
    let chain: Vec<Value> =
        dataset.chain_sources(row).iter().filter_map(|id| Some(dataset.sources.get(id.0 as usize)?.id.as_str().into())).collect();
    set(&mut object, "chain", (!chain.is_empty()).then_some(chain));
    let article = records.article(row).and_then(|id| dataset.articles.get(id.0 as usize));
    set(&mut object, "article", article.map(|article| article.id.as_str()));
    set(&mut object, "note", text(Field::NOTE));
    for info in records.extra_fields() {
        let value = match records.column(info.field) {
            Some(Column::Number(column)) => column.get(at).map(number),
            Some(_) => records.display(info.field, row).map(Value::from),
            None => None,
        };
        set(&mut fields, &info.key, value);
    }
    set(&mut object, "fields", (!fields.is_empty()).then_some(Value::Object(fields)));
    Value::Object(object)
}

/// The text of a date that reads back as the same date, and the text as given where that one does not.
fn date_text(when: Option<When>, kept: Option<&str>) -> (Option<String>, Option<String>) {
    match (when, kept) {
        (None, kept) => (kept.map(str::to_owned), None),
        (Some(when), None) => (Some(edtf_from_when(&when)), None),
        (Some(when), Some(kept)) if parse_edtf(kept.trim()) == Ok(when) => (Some(kept.to_owned()), None),
        (Some(when), Some(kept)) => (Some(edtf_from_when(&when)), Some(kept.to_owned())),
    }
}

fn published_of_article(dataset: &Dataset, row: Row) -> Option<When> {
    let article = dataset.articles.get(dataset.records.article(row)?.0 as usize)?;
    article.published.as_ref().and_then(|(_, when)| *when)
}

fn quantity_json(dataset: &Dataset, row: Row) -> Map<String, Value> {
    let records = &dataset.records;
    let mut object = Map::new();
    for field in [Field::METRIC, Field::ITEM, Field::MEASURE] {
        set(&mut object, key_of(field), records.str(field, row));
    }
    for field in [Field::VALUE, Field::LOW, Field::HIGH] {
        set(&mut object, key_of(field), records.number(field).and_then(|column| column.get(row as usize)).map(number));
    }
    for field in [Field::QUALIFIER, Field::BASIS, Field::UNIT] {
        set(&mut object, key_of(field), records.str(field, row));
    }
    object
}

fn key_of(field: Field) -> &'static str {
    Field::OWN.iter().find(|own| own.0 == field).map_or("", |own| own.1)
}

fn place_json(dataset: &Dataset, row: Row) -> Option<Value> {
    let records = &dataset.records;
    let name = records.str(Field::PLACE, row);
    let degrees = |field: Field| records.number(field).and_then(|column| column.get(row as usize)).map(number);
    let (lat, lon) = (degrees(Field::LAT), degrees(Field::LON));
    if lat.is_none() && lon.is_none() {
        return name.map(Value::from);
    }
    let mut object = Map::new();
    set(&mut object, "name", name);
    set(&mut object, "lat", lat);
    set(&mut object, "lon", lon);
    Some(Value::Object(object))
}

#[cfg(test)]
mod tests;

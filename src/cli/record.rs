//! `record`: everything about one record as JSON: its chain, article, repeats and related articles.

use serde_json::{Map, Value, json};

use super::ask::{Opened, answered};
use super::out::{json_day, json_last_day, json_number, print_json};
use super::table::Given;
use super::{Ended, Failure};
use crate::data::{Article, Field, FieldKind, Vocabulary};
use crate::query::{Figure, ProvenanceAnswer, Query, RecordAnswer, RecordLine, RelatedAnswer, RelatedArticle, SourceLine, near_matches};
use crate::time::{Flags, When, edtf_from_when};

/// The most records of one list; how many there are is said beside it.
const LIST_MAX: u32 = 1_000;

pub(super) fn run(given: &Given<'_>) -> Result<Ended, Failure> {
    let opened = Opened::new(given)?;
    let id = given.word("id")?;
    let Some(row) = answered!(opened, &Query::Find { id: id.to_owned() }, Row)? else { return Err(no_such(&opened, id)) };
    let Some(record) = answered!(opened, &Query::Record { row }, Record)? else { return Err(no_such(&opened, id)) };
    let provenance = answered!(opened, &Query::Provenance { rows: vec![row], limit: LIST_MAX }, Provenance)?;
    let related = answered!(opened, &Query::Related { row, limit: LIST_MAX }, Related)?;
    print_json(opened.ended_saying_so(), &whole(&opened, &record, &provenance, &related))
}

fn no_such(opened: &Opened, id: &str) -> Failure {
    let records = &opened.dataset.records;
    let ids = (0..records.len() as u32).filter_map(|row| records.str(Field::ID, row));
    let near = near_matches(id, ids);
    let advice = match near.first() {
        Some(near) => format!("did you mean {near}?"),
        None => "`dateline rows` lists the ids".to_owned(),
    };
    Failure(format!("{} has no record “{id}”; {advice}", opened.schema.origin.file_name()))
}

fn whole(opened: &Opened, record: &RecordAnswer, provenance: &ProvenanceAnswer, related: &RelatedAnswer) -> Value {
    let date = |(text, when): &(Option<String>, Option<When>)| json_date(text.as_deref(), when.as_ref());
    let line = &record.line;
    let text = |field: Field| record.fields.iter().find(|(info, _)| info.field == field).map(|(_, text)| text.as_str());
    let number = |field: Field| json_number(text(field).and_then(|text| text.parse().ok()));
    let further: Map<String, Value> = record
        .fields
        .iter()
        .filter(|(info, _)| info.field.is_extra())
        .map(|(info, text)| (info.key.clone(), value(info.kind, text)))
        .collect();
    json!({
        "id": line.id,
        "row": record.file_row,
        "event_id": text(Field::EVENT_ID),
        "kind": line.kind.key(),
        "title": line.title,
        "when": date(&record.when),
        "as_of": date(&record.as_of),
        "published": date(&record.published),
        "retrieved": date(&record.retrieved),
        "quantity": line.figure.as_ref().map(quantity),
        "from": record.from,
        "to": record.to,
        "category": text(Field::CATEGORY),
        "place": text(Field::PLACE),
        "lat": number(Field::LAT),
        "lon": number(Field::LON),
        "status": line.status.key(),
        "hedge": record.hedge,
        "likelihood": record.likelihood.map(Vocabulary::key),
        "credibility": record.credibility.map(Vocabulary::key),
        "note": record.note,
        "fields": further,
        "originator": line.originator,
        "chain": record.chain.iter().map(source).collect::<Vec<_>>(),
        "article": record.article.as_ref().map(|article| json_article(opened, article)),
        "repeats": {
            "total": provenance.carriers_total,
            "drift": provenance.has_drift,
            "records": provenance.carriers.iter().filter(|carrier| carrier.row != line.row).map(json_line).collect::<Vec<_>>(),
        },
        "related": related.related.iter().map(|other| related_article(opened, other)).collect::<Vec<_>>(),
        "same_article": lines(&provenance.same_article),
        "same_originator": lines(&provenance.same_originator),
    })
}

fn value(kind: FieldKind, text: &str) -> Value {
    let number = if kind == FieldKind::Number { json_number(text.parse().ok()) } else { Value::Null };
    if number.is_null() { Value::from(text) } else { number }
}

/// A date as written and as understood: its first and last day, how finely it was written, and its marks.
fn json_date(text: Option<&str>, when: Option<&When>) -> Value {
    if text.is_none() && when.is_none() {
        return Value::Null;
    }
    json!({
        "text": text.map(str::to_owned).or_else(|| when.map(edtf_from_when)),
        "first": when.map(|when| json_day(when.span.start)),
        "last": when.map(|when| json_last_day(when.span.end)),
        "precision": when.map(|when| when.precision.name()),
        "uncertain": when.is_some_and(|when| when.flags.has(Flags::UNCERTAIN)),
        "approximate": when.is_some_and(|when| when.flags.has(Flags::APPROXIMATE)),
    })
}

/// A number with its band; an open bound is null.
fn quantity(figure: &Figure) -> Value {
    let (low, high) = figure.band.map_or((None, None), |band| (band.low.number(), band.high.number()));
    json!({
        "metric": figure.metric,
        "item": figure.item,
        "measure": figure.measure.key(),
        "value": json_number(figure.value),
        "low": json_number(low),
        "high": json_number(high),
        "qualifier": figure.qualifier.map(Vocabulary::key),
        "basis": figure.basis.map(Vocabulary::key),
        "unit": figure.unit,
    })
}

fn source(line: &SourceLine) -> Value {
    json!({
        "id": line.source.id,
        "name": line.source.name,
        "kind": line.source.kind.map(Vocabulary::key),
        "country": line.source.country,
        "reliability": line.source.reliability.map(|reliability| reliability.key().to_uppercase()),
    })
}

fn json_article(opened: &Opened, article: &Article) -> Value {
    let publisher = article.publisher.and_then(|publisher| opened.dataset.sources.get(publisher.0 as usize));
    let date = |date: &Option<(String, Option<When>)>| date.as_ref().map(|(text, when)| json_date(Some(text), when.as_ref()));
    json!({
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "archive_url": article.archive_url,
        "publisher": publisher.map(|publisher| publisher.name.clone()),
        "published": date(&article.published),
        "retrieved": date(&article.retrieved),
        "language": article.language,
    })
}

fn related_article(opened: &Opened, related: &RelatedArticle) -> Value {
    let mut article = json_article(opened, &related.article);
    let ids: Vec<String> = related.records.iter().map(|row| opened.dataset.records.address(*row)).collect();
    article["listed"] = Value::from(related.is_listed);
    article["records"] = Value::from(ids);
    article
}

fn lines((lines, total): &(Vec<RecordLine>, u64)) -> Value {
    json!({"total": total, "records": lines.iter().map(json_line).collect::<Vec<_>>()})
}

fn json_line(line: &RecordLine) -> Value {
    json!({
        "id": line.id,
        "title": line.title,
        "outlet": line.outlet,
        "via": line.via,
        "originator": line.originator,
        "quantity": line.figure.as_ref().map(quantity),
        "date": line.date.as_ref().map(edtf_from_when),
        "published": line.published.as_ref().map(edtf_from_when),
        "status": line.status.key(),
    })
}

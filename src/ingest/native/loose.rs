//! The native format without its name and with other names for its keys: a list of sources, one of articles, and records that refer to both.

use serde_json::{Map, Value};

use super::super::documents::Glimpse;
use super::super::record::QUANTITY_KEYS;

/// Other names of the keys of records and articles.
const NAMES: [(&str, &str); 6] = [
    ("attribution", "chain"),
    ("article_id", "article"),
    ("from_actor", "from"),
    ("to_actor", "to"),
    ("publisher_source_id", "publisher"),
    ("publisher_id", "publisher"),
];

/// Is this its build?
pub(in crate::ingest) fn is_loose(seen: &Glimpse) -> bool {
    let first = |list: &str| seen.first_of(list).filter(|first| first.has("id"));
    let refers = |record: &Glimpse| record.has_any(&["attribution", "chain", "article_id", "article"]);
    match seen.first_of("records") {
        Some(_) => first("sources").is_some() && first("records").is_some_and(refers),
        // The records may lie further down than it was looked.
        None => first("sources").is_some() && first("articles").is_some(),
    }
}

/// The fields of a record or an article under the names of the format, those of its number together.
pub(super) fn renamed(fields: Map<String, Value>) -> Map<String, Value> {
    let has_quantity = fields.contains_key("quantity");
    let (mut renamed, mut quantity) = (Map::new(), Map::new());
    for (key, value) in fields {
        let own = NAMES.iter().find(|(name, _)| *name == key).map(|(_, own)| (*own).to_owned());
        match own {
            Some(own) if !renamed.contains_key(&own) => _ = renamed.insert(own, value),
            None if !has_quantity && QUANTITY_KEYS.contains(&key.as_str()) => {
                if !value.is_null() {
                    quantity.insert(key, value);
                }
            }
            _ => _ = renamed.insert(key, value),
        }
    }
    if !quantity.is_empty() {
        renamed.insert("quantity".to_owned(), quantity.into());
    }
    renamed
}

/// Pairs of ids that belong together; `None` where it is anything else.
pub(super) fn pairs(value: &Value) -> Option<Vec<(String, String)>> {
    let pair = |value: &Value| match value.as_array()?.as_slice() {
        [one, other] => Some((one.as_str()?.to_owned(), other.as_str()?.to_owned())),
        _ => None,
    };
    value.as_array()?.iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::data::{Dataset, Field, IssueKind};
    use crate::ingest::{Input, Options, load};
    use crate::work::{Cancel, Progress};

    fn read(value: &Value) -> Dataset {
        let input = Input::Bytes { name: "facts.json".to_owned(), bytes: value.to_string().into_bytes().into() };
        load(&input, &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap()
    }

    fn facts() -> Value {
        json!({
            "sources": [{"id": "paper", "name": "The Paper", "kind": "outlet"}, {"id": "ministry", "name": "The Ministry"}],
            "articles": [
                {"id": "a1", "title": "One", "publisher_source_id": "paper", "published": "2024-05-02"},
                {"id": "a2", "title": "Two", "publisher_source_id": "paper"},
            ],
            "records": [{
                "id": "r1", "kind": "claim", "title": "Forty were hurt", "when": "2024-05-01", "as_of": null, "metric": "wounded",
                "unit": "persons", "value": 40, "low": null, "qualifier": "about", "basis": "increment", "from_actor": "A", "to_actor": null,
                "attribution": ["paper", "ministry"], "article_id": "a1", "place": {"name": "Here", "lat": 1.5, "lon": 2.5},
            }],
            "related": [["a1", "a2"]],
        })
    }

    #[test]
    fn sources_articles_and_records_need_no_name_of_a_format() {
        let dataset = read(&facts());
        let records = &dataset.records;
        let text = |field: Field| records.display(field, 0).unwrap_or_default();
        assert_eq!((records.len(), text(Field::FROM).as_ref(), text(Field::METRIC).as_ref()), (1, "A", "wounded"));
        assert_eq!(text(Field::VALUE), "40");
        let chain = records.chain(0).map(|chain| dataset.chains[chain.0 as usize].0.len());
        assert_eq!(chain, Some(2));
        let article = &dataset.articles[records.article(0).unwrap().0 as usize];
        assert_eq!((article.title.as_deref(), article.related.len()), (Some("One"), 1));
        assert!(article.publisher.is_some());
        let kinds: Vec<IssueKind> = dataset.issues.list.iter().map(|listed| listed.issue.kind).collect();
        assert_eq!(kinds, [IssueKind::Assumption], "{:?}", dataset.issues.list);
    }

    #[test]
    fn what_is_odd_in_it_is_said_and_kept() {
        let mut facts = facts();
        facts["records"][0]["weather"] = json!("rain");
        facts["related"] = json!([["a1", "a9"], "a2"]);
        let dataset = read(&facts);
        let said: Vec<&str> = dataset.issues.list.iter().filter_map(|listed| listed.issue.column.as_deref()).collect();
        assert!(said.contains(&"weather") && said.contains(&"related"), "{said:?}");
    }

    #[test]
    fn lists_that_refer_to_nothing_are_a_table() {
        let dataset = read(&json!({"sources": [{"id": "s", "name": "S"}], "records": [{"id": "1", "date": "2024-01-02"}]}));
        assert_ne!(dataset.origin.preset.as_deref(), Some("dateline"));
    }
}

//! What the bundled sample must hold: every record, every figure of the article it follows, and the tables of its conversion.

#![allow(clippy::unwrap_used, reason = "a test that cannot read the sample has failed")]

use std::collections::{BTreeMap, BTreeSet};

use dateline::data::{
    Basis, Credibility, Kind, Likelihood, Measure, Qualifier, Reliability, SourceKind, Status, Vocabulary, measure_from_unit,
};
use serde_json::Value;

fn sample() -> Value {
    serde_json::from_slice(dateline::sample::bytes()).unwrap()
}

fn list<'a>(document: &'a Value, key: &str) -> &'a [Value] {
    document[key].as_array().unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

fn record<'a>(document: &'a Value, id: &str) -> &'a Value {
    list(document, "records").iter().find(|record| record["id"] == id).unwrap()
}

fn originator(record: &Value) -> &str {
    record["chain"].as_array().and_then(|chain| chain.last()).and_then(Value::as_str).unwrap()
}

/// The keys of a vocabulary in the schema, in its order.
fn schema_words<'a>(schema: &'a Value, object: &str, key: &str) -> Vec<&'a str> {
    let words = schema["$defs"][object]["properties"][key]["oneOf"].as_array().unwrap();
    words.iter().map(|word| word["const"].as_str().unwrap()).collect()
}

fn code_words<V: Vocabulary>() -> Vec<&'static str> {
    V::ALL.iter().map(|value| value.key()).collect()
}

#[test]
fn every_source_article_record_and_related_pair_is_there() {
    let document = sample();
    assert_eq!(text(&document, "format"), "dateline");
    assert_eq!(document["version"], 1);
    assert_eq!(list(&document, "sources").len(), 210);
    let pairs: usize = list(&document, "articles").iter().map(|article| article["related"].as_array().map_or(0, Vec::len)).sum();
    assert_eq!(pairs, 30);
    for (key, letter, count) in [("articles", 'a', 221), ("records", 'r', 348)] {
        let ids: Vec<&str> = list(&document, key).iter().map(|row| text(row, "id")).collect();
        let expected: Vec<String> = (1..=count).map(|n| format!("{letter}{n:03}")).collect();
        assert_eq!(ids, expected, "{key}");
    }
    let events = list(&document, "records").iter().filter(|record| record["kind"] == "event").count();
    assert_eq!((events, 348 - events), (38, 310));
}

#[test]
fn every_id_that_is_named_is_defined() {
    let document = sample();
    let ids = |key: &str| -> BTreeSet<&str> { list(&document, key).iter().map(|row| text(row, "id")).collect() };
    let (sources, articles) = (ids("sources"), ids("articles"));
    for record in list(&document, "records") {
        let chain = record["chain"].as_array().unwrap();
        assert!(chain.iter().all(|source| sources.contains(source.as_str().unwrap())), "{record}");
        let article = list(&document, "articles").iter().find(|article| article["id"] == record["article"]).unwrap();
        assert_eq!(article["publisher"], chain[0], "the chain starts at the publisher: {record}");
    }
    for article in list(&document, "articles") {
        assert!(sources.contains(text(article, "publisher")), "{article}");
        for other in article["related"].as_array().into_iter().flatten() {
            let id = other.as_str().unwrap_or_else(|| text(other, "id"));
            assert!(articles.contains(id), "{article}");
        }
    }
}

#[test]
fn a_key_without_a_value_is_left_out() {
    fn holds_null(value: &Value) -> bool {
        match value {
            Value::Null => true,
            Value::Array(items) => items.iter().any(holds_null),
            Value::Object(map) => map.values().any(holds_null),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        }
    }
    assert!(!holds_null(&sample()));
}

#[test]
fn the_ten_related_articles_of_the_seed_are_marked_listed() {
    let document = sample();
    let seed = &list(&document, "articles")[0];
    let listed: Vec<&str> =
        seed["related"].as_array().unwrap().iter().filter(|other| other["listed"] == true).map(|other| text(other, "id")).collect();
    let expected: Vec<String> = (2..=11).map(|n| format!("a{n:03}")).collect();
    assert_eq!(listed, expected);
    for id in listed {
        let article = list(&document, "articles").iter().find(|article| article["id"] == id).unwrap();
        assert!(!text(article, "title").is_empty(), "{id} has the title that the seed lists");
        assert!(list(&document, "records").iter().any(|record| record["article"] == id), "{id} has a record");
    }
}

#[test]
fn every_figure_of_the_seed_article_is_there() {
    let document = sample();
    let figures = [
        ("r002", "artillery_pieces", 200.0, "exact", "total"),
        ("r003", "troops", 11_000.0, "about", "total"),
        ("r005", "killed", 300.0, "exact", "total"),
        ("r006", "wounded", 2_700.0, "exact", "total"),
    ];
    for (id, metric, value, qualifier, basis) in figures {
        let record = record(&document, id);
        assert_eq!(record["article"], "a001");
        let quantity = &record["quantity"];
        assert_eq!(text(quantity, "metric"), metric, "{id}");
        assert_eq!(quantity["value"].as_f64(), Some(value), "{id}");
        assert_eq!((text(quantity, "qualifier"), text(quantity, "basis")), (qualifier, basis), "{id}");
    }
    assert_eq!(text(&record(&document, "r004")["quantity"], "metric"), "missiles");
    for (id, word) in [("r007", "ammunition"), ("r008", "five-year plan"), ("r009", "re-entry"), ("r010", "Trump")] {
        assert!(text(record(&document, id), "title").contains(word), "{id}");
    }
    assert_eq!(text(record(&document, "r007"), "likelihood"), "likely");
    assert_eq!(text(record(&document, "r035"), "article"), "a011");
    assert_eq!(record(&document, "r035")["quantity"]["value"], 148);
}

#[test]
fn a_metric_without_a_number_is_kept_as_no_figure() {
    let document = sample();
    let ids: Vec<&str> = list(&document, "records")
        .iter()
        .filter(|record| record["quantity"]["metric"].is_string())
        .filter(|record| ["value", "low", "high"].iter().all(|key| record["quantity"][key].is_null()))
        .map(|record| text(record, "id"))
        .collect();
    let expected = [
        "r004", "r027", "r040", "r050", "r062", "r094", "r095", "r107", "r120", "r121", "r158", "r167", "r205", "r207", "r226", "r253",
        "r261",
    ];
    assert_eq!(ids, expected);
}

#[test]
fn levels_are_the_numbers_of_people_present_somewhere() {
    let document = sample();
    let levels: Vec<&Value> = list(&document, "records").iter().filter(|record| record["quantity"]["basis"] == "level").collect();
    assert_eq!(levels.len(), 28);
    for record in &levels {
        let metric = text(&record["quantity"], "metric");
        assert!(metric == "troops" || metric == "workers", "{record}");
        assert!(record["as_of"].is_string(), "{record}");
    }
    let ids: BTreeSet<&str> = levels.iter().map(|record| text(record, "id")).collect();
    for id in ["r052", "r164", "r200", "r281", "r283", "r291", "r304", "r342"] {
        assert!(ids.contains(id), "{id} says how many are there");
    }
    for id in ["r003", "r012", "r091", "r143", "r179", "r185", "r318", "r337"] {
        assert!(!ids.contains(id), "{id} says how many were sent");
    }
}

#[test]
fn the_measure_of_every_quantity_is_what_its_unit_implies() {
    for record in list(&sample(), "records") {
        let quantity = &record["quantity"];
        if quantity.is_object() {
            let implied = measure_from_unit(quantity["unit"].as_str());
            assert_eq!(text(quantity, "measure"), implied.key(), "{record}");
        }
    }
}

#[test]
fn a_likelihood_stands_only_where_the_hedge_is_a_word_of_icd_203() {
    let document = sample();
    let mut likely = 0;
    for record in list(&document, "records") {
        let band = Likelihood::from_hedge(text(record, "hedge"));
        assert_eq!(record["likelihood"].as_str(), band.map(Vocabulary::key), "{record}");
        likely += usize::from(band.is_some());
    }
    assert_eq!(likely, 9);
}

#[test]
fn no_grade_is_invented() {
    let document = sample();
    assert!(list(&document, "sources").iter().all(|source| source.get("reliability").is_none()));
    assert!(list(&document, "records").iter().all(|record| record.get("credibility").is_none()));
}

#[test]
fn labels_of_sources_are_short_and_unlike_each_other() {
    let document = sample();
    let labels: Vec<&str> =
        list(&document, "sources").iter().map(|source| source["short"].as_str().unwrap_or_else(|| text(source, "name"))).collect();
    let distinct: BTreeSet<&str> = labels.iter().copied().collect();
    assert_eq!(distinct.len(), 210);
    assert!(labels.iter().all(|label| label.chars().count() <= 22), "{labels:?}");
}

#[test]
fn claims_have_71_originators() {
    let document = sample();
    let claims = list(&document, "records").iter().filter(|record| record["kind"] == "claim");
    assert_eq!(claims.map(originator).collect::<BTreeSet<_>>().len(), 71);
}

/// What rule 3 compares, as far as the document alone can say it: counter, metric, item, from, to, value.
#[test]
fn the_nine_pages_of_the_february_briefing_share_one_count_key() {
    let document = sample();
    let mut articles: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for record in list(&document, "records") {
        let quantity = &record["quantity"];
        if text(quantity, "metric") == "artillery_pieces" && quantity["value"] == 200 && record["as_of"] == "2025-02-11" {
            let key = format!("{} {} {} {}", originator(record), quantity["item"], record["from"], record["to"]);
            articles.entry(key).or_default().insert(text(record, "article"));
        }
    }
    assert_eq!(articles.len(), 1);
    let nine = ["a001", "a012", "a013", "a014", "a015", "a016", "a017", "a018", "a019"];
    assert_eq!(articles["rok_mnd null \"DPRK\" \"Russia\""], nine.into_iter().collect());
}

#[test]
fn items_stand_only_where_the_record_or_its_twin_names_the_kind() {
    let document = sample();
    let words: &[(&str, &[&str])] = &[
        ("170 mm gun", &["Koksan", "170 mm", "howitzers"]),
        ("240 mm launcher", &["240 mm"]),
        ("KN-23", &["KN-23"]),
        ("KN-23/KN-24", &["KN-23/KN-24"]),
        ("152 mm shell", &["152 mm", "more than 6 million shells"]),
        ("Pantsir", &["Pantsir"]),
        ("combat engineers", &["engineers", "sappers", "Nine servicemen"]),
        ("construction troops", &["construction troops"]),
        ("engineers and builders", &["engineers and builders"]),
        ("military builders", &["military builders"]),
        ("declared as study", &["declared as study"]),
        ("civilians", &["civilians"]),
    ];
    let mut seen = BTreeSet::new();
    for record in list(&document, "records") {
        let Some(item) = record["quantity"]["item"].as_str() else { continue };
        let (name, says) = words.iter().find(|(name, _)| *name == item).unwrap();
        assert!(says.iter().any(|word| text(record, "title").contains(word)), "{record}");
        seen.insert(*name);
    }
    assert_eq!(seen.len(), words.len());
}

#[test]
fn the_schema_has_the_words_of_the_model() {
    let schema: Value = serde_json::from_str(include_str!("../sample_data/dateline.schema.json")).unwrap();
    assert_eq!(schema_words(&schema, "source", "kind"), code_words::<SourceKind>());
    assert_eq!(schema_words(&schema, "source", "reliability"), code_words::<Reliability>());
    assert_eq!(schema_words(&schema, "quantity", "measure"), code_words::<Measure>());
    assert_eq!(schema_words(&schema, "quantity", "qualifier"), code_words::<Qualifier>());
    assert_eq!(schema_words(&schema, "quantity", "basis"), code_words::<Basis>());
    assert_eq!(schema_words(&schema, "record", "kind"), code_words::<Kind>());
    assert_eq!(schema_words(&schema, "record", "status"), code_words::<Status>());
    assert_eq!(schema_words(&schema, "record", "likelihood"), code_words::<Likelihood>());
    assert_eq!(schema_words(&schema, "record", "credibility"), code_words::<Credibility>());
}

#[test]
fn the_sample_uses_only_keys_and_words_of_the_schema() {
    let schema: Value = serde_json::from_str(include_str!("../sample_data/dateline.schema.json")).unwrap();
    let document = sample();
    let check = |object: &str, value: &Value| {
        let known = schema["$defs"][object]["properties"].as_object().unwrap();
        for (key, inner) in value.as_object().unwrap() {
            let rule = known.get(key).unwrap_or_else(|| panic!("{object} has no key {key}: {value}"));
            if rule["oneOf"][0]["const"].is_string() {
                assert!(schema_words(&schema, object, key).contains(&inner.as_str().unwrap()), "{key} {inner}");
            }
        }
    };
    for source in list(&document, "sources") {
        check("source", source);
    }
    for article in list(&document, "articles") {
        check("article", article);
    }
    for record in list(&document, "records") {
        check("record", record);
        if record["quantity"].is_object() {
            check("quantity", &record["quantity"]);
        }
    }
}

//! The bundled sample through the reader, the claims and an engine: nothing is lost, and who repeats whom is found.

#![allow(clippy::unwrap_used, reason = "a test that cannot read the sample has failed")]

use std::collections::BTreeSet;
use std::sync::Arc;

use dateline::claims::{Repeats, has_drift};
use dateline::data::{Basis, Dataset, Field, Likelihood, Row};
use dateline::engine::naive::Naive;
use dateline::engine::{Ask, Engine as _};
use dateline::ingest::{Input, Options, load};
use dateline::query::{Answer, ClaimsQuery, DateKind, FacetQuery, Filter, Query};
use dateline::work::{Cancel, Progress};

fn sample() -> Dataset {
    let input = Input::Bytes { name: dateline::sample::SAMPLE_NAME.to_owned(), bytes: Arc::from(dateline::sample::bytes()) };
    load(&input, &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap()
}

fn row(dataset: &Dataset, id: &str) -> Row {
    dataset.row_of_id(id).unwrap()
}

fn ids<'a>(dataset: &'a Dataset, rows: &[Row]) -> BTreeSet<&'a str> {
    rows.iter().filter_map(|row| dataset.records.str(Field::ID, *row)).collect()
}

fn articles<'a>(dataset: &'a Dataset, rows: &[Row]) -> BTreeSet<&'a str> {
    let article = |row: &Row| dataset.records.article(*row).map(|article| dataset.articles[article.0 as usize].id.as_str());
    rows.iter().filter_map(article).collect()
}

#[test]
fn the_sample_loads_whole_and_without_issues() {
    let dataset = sample();
    assert!(dataset.is_complete);
    assert_eq!(dataset.issues.list, vec![]);
    assert_eq!(dataset.records.len(), 348);
    assert_eq!((dataset.sources.len(), dataset.articles.len()), (210, 221));
    assert_eq!(dataset.origin.counter, None, "claims are counted by their originators, not by the file");
    let links: usize = dataset.articles.iter().map(|article| article.related.len()).sum();
    assert_eq!(links, 60, "each of 30 pairs is known to both articles");
}

#[test]
fn the_schema_tells_its_size() {
    let engine = Naive::new(Arc::new(sample()));
    let Answer::Schema(schema) = engine.answer(&Query::Schema, &Ask::plainly()).unwrap() else { panic!("not a schema") };
    assert_eq!((schema.records, schema.events, schema.claims, schema.undated), (348, 38, 310, 0));
    assert_eq!((schema.sources, schema.articles), (210, 221));
    assert_eq!(schema.originators, 71, "of the claims");
    assert_eq!(schema.issues, vec![]);
}

#[test]
fn claims_come_from_71_originators_and_the_nis_has_most() {
    let engine = Naive::new(Arc::new(sample()));
    let claims = Filter::Is(Field::KIND, vec!["claim".to_owned()]);
    let query = FacetQuery { field: Field::ORIGINATOR, filter: claims, search: String::new(), limit: 500 };
    let Answer::Facet(facet) = engine.answer(&Query::Facet(query), &Ask::plainly()).unwrap() else { panic!("not a facet") };
    let present: Vec<_> = facet.values.iter().filter(|value| value.count > 0).collect();
    assert_eq!(present.len(), 71);
    assert_eq!(present.iter().map(|value| value.count).max(), Some(52));
}

#[test]
fn dates_hedges_and_numbers_arrive_as_they_were_written() {
    let dataset = sample();
    let records = &dataset.records;
    let r043 = row(&dataset, "r043");
    assert_eq!(records.display(Field::WHEN, r043).as_deref(), Some("2024-10~/2025-01-23"));
    assert_eq!(records.quantity(r043).unwrap().item, Some("170 mm gun"));
    let r004 = records.quantity(row(&dataset, "r004")).unwrap();
    assert_eq!((r004.metric, r004.has_figure(), r004.unit), ("missiles", false, Some("missiles")));
    let r248 = records.quantity(row(&dataset, "r248")).unwrap();
    assert_eq!((r248.value, r248.low, r248.high), (None, Some(4_000_000.0), Some(6_000_000.0)));
    let r007 = row(&dataset, "r007");
    assert_eq!(records.str(Field::HEDGE, r007), Some("likely"));
    assert_eq!(records.likelihood(r007), Some(Likelihood::Likely));
    assert_eq!(records.quantity(row(&dataset, "r283")).unwrap().basis, Some(Basis::Level));
}

#[test]
fn the_seed_lists_ten_articles_and_is_related_to_eight_more() {
    let dataset = sample();
    let seed = dataset.articles.iter().find(|article| article.id == "a001").unwrap();
    let listed = seed.related.iter().filter(|other| other.is_listed).count();
    assert_eq!((listed, seed.related.len()), (10, 18));
    let listed_one = dataset.articles.iter().find(|article| article.id == "a002").unwrap();
    assert!(listed_one.related.iter().all(|other| !other.is_listed), "the article listed does not list the seed");
}

/// The first record of a claim, and all articles that carry it.
const CLUSTERS: &[(&str, &[&str])] = &[
    ("r002", &["a001", "a012", "a013", "a014", "a015", "a016", "a017", "a018", "a019"]),
    ("r080", &["a038", "a039", "a040", "a041"]),
    ("r188", &["a099", "a100", "a101", "a102"]),
    ("r059", &["a028", "a029", "a031"]),
    ("r081", &["a038", "a039", "a040"]),
    ("r123", &["a046", "a047", "a048"]),
    ("r335", &["a214", "a215", "a216"]),
    ("r111", &["a066", "a067", "a068"]),
    ("r213", &["a126", "a127", "a128"]),
    ("r138", &["a054", "a055"]),
    ("r003", &["a001", "a012"]),
    ("r014", &["a012", "a014"]),
    ("r035", &["a011", "a020"]),
    ("r048", &["a022", "a023"]),
    ("r060", &["a028", "a030"]),
    ("r061", &["a028", "a030"]),
    ("r086", &["a038", "a039"]),
    ("r092", &["a043", "a044"]),
    ("r113", &["a059", "a060"]),
    ("r122", &["a046", "a047"]),
    ("r131", &["a050", "a051"]),
    ("r133", &["a052", "a053"]),
    ("r146", &["a075", "a076"]),
    ("r148", &["a077", "a079"]),
    ("r154", &["a081", "a082"]),
    ("r180", &["a105", "a109"]),
    ("r225", &["a135", "a136"]),
    ("r236", &["a141", "a142"]),
    ("r237", &["a141", "a142"]),
    ("r251", &["a150", "a151"]),
    ("r275", &["a167", "a168"]),
    ("r279", &["a170", "a171"]),
    ("r288", &["a177", "a178"]),
    ("r345", &["a219", "a220"]),
    ("r194", &["a114", "a115"]),
    ("r311", &["a194", "a195"]),
];

#[test]
fn what_many_pages_repeat_is_one_claim() {
    let dataset = sample();
    let repeats = Repeats::find(&dataset, &|| false).unwrap();
    for (id, carried_by) in CLUSTERS {
        let carriers = repeats.carriers(row(&dataset, id));
        assert_eq!(articles(&dataset, carriers), carried_by.iter().copied().collect(), "{id}");
    }
    assert_eq!(repeats.groups(), CLUSTERS.len());
}

#[test]
fn what_only_looks_alike_is_not_one_claim() {
    let dataset = sample();
    let repeats = Repeats::find(&dataset, &|| false).unwrap();
    let are_one = |one: &str, other: &str| repeats.carriers(row(&dataset, one)).contains(&row(&dataset, other));
    assert!(!are_one("r138", "r140"), "a week and a running total");
    assert!(!are_one("r221", "r222"), "up to and over never merge");
    assert!(!are_one("r230", "r232"), "the cargo goes the other way");
    assert!(!are_one("r005", "r080"), "the seed names another originator");
    assert!(!are_one("r043", "r044"), "120 guns and 120 launchers");
}

#[test]
fn about_that_became_exact_is_drift() {
    let dataset = sample();
    let repeats = Repeats::find(&dataset, &|| false).unwrap();
    let carriers = repeats.carriers(row(&dataset, "r080"));
    assert_eq!(ids(&dataset, carriers), ["r080", "r082", "r084", "r088"].into_iter().collect());
    assert!(has_drift(&dataset, carriers));
    assert!(!has_drift(&dataset, repeats.carriers(row(&dataset, "r131"))), "both pages say around 1,100");
}

#[test]
fn a_reading_of_guns_stands_once_for_its_nine_pages() {
    let engine = Naive::new(Arc::new(sample()));
    let query =
        ClaimsQuery { metric: "artillery_pieces".to_owned(), filter: Filter::All, date: DateKind::AsOf, colour: None, readings_max: 1000 };
    let Answer::Claims(claims) = engine.answer(&Query::Claims(query), &Ask::plainly()).unwrap() else { panic!("not claims") };
    let of_200: Vec<_> = claims.readings.iter().filter(|reading| reading.figure.value == Some(200.0)).collect();
    assert_eq!(of_200.len(), 1);
    assert_eq!((of_200[0].articles, of_200[0].has_drift), (9, true));
    assert_eq!(of_200[0].counter_short.as_deref(), Some("MND (ROK)"));
}

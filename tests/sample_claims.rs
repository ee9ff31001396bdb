//! The rules of claims on the bundled sample: which articles carry one and the same statement.

#![allow(clippy::unwrap_used, reason = "a test that cannot read the sample has failed")]

use std::collections::BTreeSet;

use dateline::claims::{Repeats, counter, counter_name, has_drift};
use dateline::data::{Dataset, Row};
use dateline::ingest::{Input, Options, load};
use dateline::work::{Cancel, Progress};

fn sample() -> Dataset {
    let input = Input::Bytes { name: "sample.dateline.json".to_owned(), bytes: dateline::sample::bytes().into() };
    load(&input, &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap()
}

/// The articles of each statement, with its counter, metric and value, most articles first.
fn clusters(dataset: &Dataset) -> Vec<(usize, String)> {
    let repeats = Repeats::find(dataset, &|| false).unwrap();
    let records = &dataset.records;
    let mut clusters: Vec<(usize, String)> = (0..records.len() as Row)
        .filter(|row| repeats.carriers(*row).first() == Some(row))
        .map(|row| {
            let articles: BTreeSet<_> = repeats.carriers(row).iter().filter_map(|row| records.article(*row)).collect();
            let quantity = records.quantity(row).unwrap();
            let name = counter_name(dataset, counter(dataset, row)).unwrap();
            (articles.len(), format!("{name}: {} {}", quantity.metric, quantity.value.unwrap()))
        })
        .filter(|(articles, _)| *articles > 1)
        .collect();
    clusters.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    clusters
}

#[test]
fn rule_3_finds_who_repeats_whom() {
    let found = clusters(&sample());
    let largest: Vec<(usize, &str)> = found.iter().take(9).map(|(articles, name)| (*articles, name.as_str())).collect();
    assert_eq!(
        largest,
        [
            (9, "ROK Ministry of National Defense: artillery_pieces 200"),
            (4, "ROK National Intelligence Service (NIS): killed 300"),
            (4, "UK Ministry of Defence (Defence Intelligence): casualties 6000"),
            (3, "Global Defense Corp: killed 500"),
            (3, "ROK Joint Chiefs of Staff: artillery_pieces 220"),
            (3, "ROK National Intelligence Service (NIS): killed 2000"),
            (3, "ROK National Intelligence Service (NIS): wounded 1000"),
            (3, "ROK National Intelligence Service (NIS): wounded 2700"),
            (3, "White House / US National Security Council: containers 1000"),
        ]
    );
    assert!(found[9..].iter().all(|(articles, _)| *articles == 2));
}

#[test]
fn rule_3_every_carrier_of_a_statement_has_its_counter_and_numbers() {
    let dataset = sample();
    let repeats = Repeats::find(&dataset, &|| false).unwrap();
    let numbers = |row: Row| dataset.records.quantity(row).map(|quantity| (quantity.metric, quantity.value, quantity.low, quantity.high));
    for row in 0..dataset.records.len() as Row {
        for other in repeats.carriers(row) {
            assert_eq!(dataset.originator(row), dataset.originator(*other));
            assert_eq!(numbers(row), numbers(*other));
        }
    }
}

#[test]
fn the_drift_of_the_briefing_is_shown() {
    let dataset = sample();
    let repeats = Repeats::find(&dataset, &|| false).unwrap();
    let troops = dataset.row_of_id("r003").unwrap();
    let ids: Vec<String> = repeats.carriers(troops).iter().map(|row| dataset.records.address(*row)).collect();
    assert_eq!(ids, ["r003", "r012"]);
    assert!(has_drift(&dataset, repeats.carriers(troops)), "some 11,000 became over 11,000");
}

//! Reading what was written gives the same dataset.

use proptest::prelude::*;

use super::*;
use crate::data::{
    ArticleId, Basis, Credibility, DatasetBuilder, DateDraft, Draft, Kind, Likelihood, Measure, Origin, Qualifier, Reliability, SourceKind,
    Status,
};
use crate::ingest::write::rows_in_file_order;
use crate::ingest::{Input, Options, load};
use crate::work::{Cancel, Progress};

fn read(bytes: Vec<u8>) -> Dataset {
    let input = Input::Bytes { name: "made.dateline.json".to_owned(), bytes: bytes.into() };
    load(&input, &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap()
}

fn written(dataset: &Dataset) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_native(dataset, &rows_in_file_order(dataset), None, &mut bytes).unwrap();
    bytes
}

/// Everything of a dataset but its origin and its issues, as text.
fn told(dataset: &Dataset) -> String {
    let mut lines = Vec::new();
    for row in rows_in_file_order(dataset) {
        let mut cells: Vec<String> = dataset
            .records
            .fields()
            .iter()
            .filter_map(|info| Some(format!("{}={:?}", info.key, dataset.records.display(info.field, row)?)))
            .collect();
        cells.sort();
        for field in [Field::WHEN, Field::AS_OF, Field::PUBLISHED] {
            cells.push(format!("{:?}", dataset.records.when(field, row)));
        }
        let article = dataset.records.article(row).map(|id| dataset.articles[id.0 as usize].id.clone());
        lines.push(format!("{cells:?} {:?} {article:?}", dataset.chain_sources(row)));
    }
    format!("{}\n{:#?}\n{:#?}\n{:?}", lines.join("\n"), dataset.sources, dataset.articles, dataset.origin.counter)
}

#[derive(Clone, Debug)]
struct Made {
    words: Vec<Option<String>>,
    dates: [Option<&'static str>; 3],
    numbers: [Option<f64>; 3],
    degrees: Option<(f64, f64)>,
    codes: [Option<u8>; 7],
    chain: Vec<usize>,
    article: Option<usize>,
}

fn word() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(prop_oneof![
        "[a-zé\"\\\\ ,\n=0-9]{1,12}",
        Just("Донецьк".to_owned()),
        Just("007".to_owned()),
        Just("12".to_owned())
    ])
}

fn date() -> impl Strategy<Value = Option<&'static str>> {
    proptest::option::of(prop_oneof![
        Just("2025-02-11"),
        Just("2024-11"),
        Just("2024-12-14/2025-01-31"),
        Just("2025-01~"),
        Just("-0044-03-15?"),
        Just("2024-11-01/.."),
        Just("201X"),
        Just("2025-02-11T13:05:20Z"),
        Just("[2024-01-01..2024-01-05]"),
        Just("2025-02-30"),
    ])
}

fn made() -> impl Strategy<Value = Made> {
    let number = proptest::option::of(prop_oneof![(0_i64..5_000_000).prop_map(|n| n as f64), 0.0..1e6_f64]);
    (
        proptest::collection::vec(word(), 14),
        [date(), date(), date()],
        [number.clone(), number.clone(), number],
        proptest::option::of((-90.0..90.0_f64, -180.0..180.0_f64)),
        [(); 7].map(|()| proptest::option::of(0_u8..5)),
        proptest::collection::vec(0_usize..4, 0..3),
        proptest::option::of(0_usize..3),
    )
        .prop_map(|(words, dates, numbers, degrees, codes, chain, article)| Made {
            words,
            dates,
            numbers,
            degrees,
            codes,
            chain,
            article,
        })
}

fn build(made: &[Made]) -> Dataset {
    let mut builder = DatasetBuilder::new(Origin::default());
    let sources: Vec<_> = (0..4)
        .map(|place| {
            builder.source(Source {
                id: format!("s{place}"),
                name: format!("Source \"{place}\""),
                short: (place == 1).then(|| "S".to_owned()),
                kind: SourceKind::from_code(place),
                country: (place > 1).then(|| "UA".to_owned()),
                reliability: Reliability::from_code(place + 3),
            })
        })
        .collect();
    for place in 0..3_usize {
        let published = (place > 0).then(|| ("2024-05-01~".to_owned(), parse_edtf("2024-05-01~").ok()));
        builder.article(Article { id: format!("a{place}"), publisher: sources.get(place).copied(), published, ..Article::default() });
    }
    builder.relate(ArticleId(2), ArticleId(1), true);
    builder.relate(ArticleId(2), ArticleId(0), false);
    let fields = [builder.extra_field("country"), builder.extra_field("level (as given)")];
    for made in made {
        let word = |place: usize| made.words.get(place).and_then(Option::as_deref);
        let when = made.dates.map(|date| {
            let when = date.and_then(|date| parse_edtf(date).ok());
            let keep = date.filter(|date| when.as_ref().is_none_or(|when| edtf_from_when(when) != *date));
            DateDraft { when, keep }
        });
        let code = |place: usize| made.codes[place].map(u32::from);
        let chain: Vec<_> = made.chain.iter().filter_map(|place| sources.get(*place).copied()).collect();
        let extra: Vec<(Field, &str)> = [12, 13].iter().zip(fields).filter_map(|(place, field)| Some((field, word(*place)?))).collect();
        let has_quantity = word(3).is_some();
        let draft = Draft {
            id: word(0),
            event_id: word(1),
            kind: code(0).and_then(Kind::from_code),
            title: word(2),
            when: when[0],
            as_of: when[1],
            published: when[2],
            metric: word(3),
            item: word(4).filter(|_| has_quantity),
            measure: if has_quantity { code(1).and_then(Measure::from_code).or(Some(Measure::Count)) } else { None },
            value: made.numbers[0].filter(|_| has_quantity),
            low: made.numbers[1].filter(|_| has_quantity),
            high: made.numbers[2].filter(|_| has_quantity),
            qualifier: code(2).and_then(Qualifier::from_code).filter(|_| has_quantity),
            basis: code(3).and_then(Basis::from_code).filter(|_| has_quantity),
            unit: word(5).filter(|_| has_quantity),
            from: word(6),
            to: word(7),
            category: word(8),
            place: word(9),
            lat: made.degrees.map(|degrees| degrees.0),
            lon: made.degrees.map(|degrees| degrees.1),
            status: code(4).and_then(Status::from_code),
            hedge: word(10),
            likelihood: code(5).and_then(Likelihood::from_code),
            credibility: code(6).and_then(Credibility::from_code),
            note: word(11),
            chain: builder.chain(&chain),
            article: made.article.map(|place| ArticleId(place as u32)),
            extra: &extra,
        };
        builder.push(&draft);
    }
    builder.snapshot(1, true)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn reading_what_was_written_gives_the_same_dataset(made in proptest::collection::vec(made(), 0..12)) {
        let dataset = build(&made);
        let again = read(written(&dataset));
        prop_assert_eq!(told(&again), told(&dataset));
        prop_assert_eq!(told(&read(written(&again))), told(&again));
    }
}

#[test]
fn a_part_takes_its_sources_and_articles_with_it_and_says_how_it_was_chosen() {
    let text = r#"{"format":"dateline","version":1,"title":"T",
        "sources":[{"id":"s1","name":"One"},{"id":"s2","name":"Two"},{"id":"s3","name":"Three"}],
        "articles":[{"id":"a1","publisher":"s1","related":["a2"]},{"id":"a2","publisher":"s3"},{"id":"a3"}],
        "records":[{"id":"r1","when":"2024","chain":["s2"],"article":"a1"},{"id":"r2","when":"2025","article":"a3"}]}"#;
    let whole = read(text.as_bytes().to_vec());
    let mut bytes = Vec::new();
    let selection = Selection { filter: Some("during:2024".to_owned()), known_on: None };
    write_native(&whole, &[0], Some(&selection), &mut bytes).unwrap();
    let part = read(bytes);
    assert_eq!(part.records.len(), 1);
    assert_eq!(part.sources.iter().map(|source| source.id.as_str()).collect::<Vec<_>>(), ["s1", "s2", "s3"]);
    assert_eq!(part.articles.iter().map(|article| article.id.as_str()).collect::<Vec<_>>(), ["a1", "a2"]);
    assert!(note(&part, "selection").unwrap().contains("during:2024"));
    assert_eq!(part.issues.total(), 0, "{:?}", part.issues.list);
}

#[test]
fn a_date_as_a_table_wrote_it_comes_back_with_its_text_beside() {
    let input = Input::Bytes { name: "t.csv".to_owned(), bytes: b"id,date\n1,31 January 2015\n2,2015-02-01\n".to_vec().into() };
    let table = load(&input, &Options::default(), &mut |_| {}, &Cancel::default(), &Progress::default()).unwrap();
    let again = read(written(&table));
    assert_eq!(again.records.when(Field::WHEN, 0), table.records.when(Field::WHEN, 0));
    let given = again.records.extra_fields().find(|info| info.key == "when (as given)").unwrap().field;
    assert_eq!(again.records.str(given, 0), Some("31 January 2015"));
    assert_eq!(again.origin.counter.as_deref(), Some("t"));
}

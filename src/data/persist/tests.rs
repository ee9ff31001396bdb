//! Whatever a dataset holds, it comes back from its arrays as it was; and whatever arrays hold, they never do harm.

use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::data::{
    Basis, Credibility, DatasetBuilder, DateDraft, Draft, Issue, IssueKind, Kind, Likelihood, Measure, Qualifier, Reliability, Row,
    SourceKind, Status, Vocabulary as _,
};
use crate::time::{When, parse_edtf};

const DATES: &[&str] =
    &["2025-01-13", "2024", "2025-01/2025-02-11", "2025-01-13T10:05:00Z", "2025-02~", "2023-05-05?", "../2024", "2025/.."];
const WORDS: &[&str] = &["DPRK", "Russia", "Київ", "김정은", ""];
const NUMBERS: &[f64] = &[0.0, 1.0, 255.0, 256.0, 70_000.0, -3.0, 34.125, 1.0 / 3.0, 1e300];

type Keys = (Option<Basis>, Option<Qualifier>, Option<Measure>, Option<Status>, Option<Likelihood>, Option<Credibility>, bool);

/// One record: everything that may be there or not.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    ids: (Option<u8>, Option<u8>),
    dates: [Option<&'static str>; 3],
    kept: Option<&'static str>,
    words: [Option<&'static str>; 6],
    texts: [Option<String>; 2],
    numbers: [Option<f64>; 5],
    keys: Keys,
    chain: Vec<u8>,
    article: Option<u8>,
    cells: [Option<String>; 2],
}

prop_compose! {
    fn sheet(likely: f64)(
        ids in (of(0..9_u8), weighted(likely / 2.0, 0..4_u8)),
        dates in [weighted(likely, select(DATES)), weighted(likely / 2.0, select(DATES)), weighted(likely / 3.0, select(DATES))],
        kept in weighted(0.1, select(vec!["sometime in spring", "2025-13-01"])),
        words in prop::array::uniform6(weighted(likely, select(WORDS))),
        texts in prop::array::uniform2(weighted(likely, "\\PC{0,12}")),
        numbers in prop::array::uniform5(weighted(likely, select(NUMBERS))),
        keys in (of(select(Basis::ALL)), of(select(Qualifier::ALL)), of(select(Measure::ALL)), of(select(Status::ALL)),
            weighted(0.1, select(Likelihood::ALL)), weighted(0.1, select(Credibility::ALL)), any::<bool>()),
        chain in vec(0..4_u8, 0..4),
        article in weighted(likely / 2.0, 0..5_u8),
        cells in prop::array::uniform2(weighted(likely, "[0-9]{1,3}|[a-c]")),
    ) -> Sheet {
        Sheet { ids, dates, kept, words, texts, numbers, keys, chain, article, cells }
    }
}

/// Datasets of all kinds: with few columns and with many, with one builder.
pub(crate) fn datasets() -> impl Strategy<Value = Dataset> {
    let sheets = select(vec![0.15, 0.6, 0.999]).prop_flat_map(|likely| vec(sheet(likely), 0..40));
    (sheets, any::<bool>(), of("[a-f0-9]{8}")).prop_map(|(sheets, has_rows, counter)| build(&sheets, has_rows, counter))
}

fn build(sheets: &[Sheet], has_rows: bool, counter: Option<String>) -> Dataset {
    let origin = Origin { path: "some/where/test.csv".to_owned(), format: "csv".to_owned(), counter, ..Origin::default() };
    let mut builder = DatasetBuilder::new(origin);
    for (number, sheet) in sheets.iter().enumerate() {
        if has_rows {
            builder.at_file_row(number as u32 * 2 / 3);
        }
        let sources: Vec<_> = sheet.chain.iter().map(|id| builder.source(source(*id))).collect();
        let (chain, article) = (builder.chain(&sources), sheet.article.map(|id| builder.article(article(id))));
        if let (Some(one), Some(other)) = (article, builder.find_article("a1")) {
            builder.relate(one, other, number % 2 == 0);
        }
        let extra: Vec<_> =
            ["region", "code"].iter().zip(&sheet.cells).filter_map(|(name, cell)| Some((*name, cell.as_deref()?))).collect();
        let extra: Vec<_> = extra.into_iter().map(|(name, cell)| (builder.extra_field(name), cell)).collect();
        let (id, event_id) = (sheet.ids.0.map(|id| format!("r{id}")), sheet.ids.1.map(|id| format!("e{id}")));
        let date = |text: Option<&'static str>| DateDraft { when: text.and_then(|text| parse_edtf(text).ok()), keep: None };
        let [metric, unit, from, to, place, category] = sheet.words;
        let [value, low, high, lat, lon] = sheet.numbers;
        builder.push(&Draft {
            id: id.as_deref(),
            event_id: event_id.as_deref(),
            kind: Some(if sheet.keys.6 { Kind::Claim } else { Kind::Event }),
            title: sheet.texts[0].as_deref(),
            when: DateDraft { keep: sheet.kept, ..date(sheet.dates[0]) },
            as_of: date(sheet.dates[1]),
            published: date(sheet.dates[2]),
            metric,
            item: None,
            measure: sheet.keys.2,
            value,
            low,
            high,
            qualifier: sheet.keys.1,
            basis: sheet.keys.0,
            unit,
            from,
            to,
            category,
            place,
            lat,
            lon,
            status: sheet.keys.3,
            hedge: None,
            likelihood: sheet.keys.4,
            credibility: sheet.keys.5,
            note: sheet.texts[1].as_deref(),
            chain,
            article,
            extra: &extra,
        });
        if sheet.kept.is_some() {
            let (value, message, action) = ("x".to_owned(), "not a date".to_owned(), "kept as text".to_owned());
            builder.issue(Issue { line: Some(number as u64), column: None, value, kind: IssueKind::InvalidDate, message, action });
        }
    }
    builder.snapshot(7, true)
}

fn source(id: u8) -> Source {
    Source {
        id: format!("s{id}"),
        name: format!("Source {id}"),
        short: (id == 1).then(|| "S".to_owned()),
        kind: SourceKind::ALL.get(usize::from(id)).copied(),
        country: (id > 1).then(|| "KR".to_owned()),
        reliability: Reliability::ALL.get(usize::from(id) + 2).copied(),
    }
}

fn article(id: u8) -> Article {
    let published: (String, Option<When>) = ("2025-01".to_owned(), parse_edtf("2025-01").ok());
    Article { id: format!("a{id}"), title: Some(format!("№ {id}")), published: (id > 2).then_some(published), ..Article::default() }
}

/// In what two datasets differ, generation and hash aside; `None` when they say the same.
pub(crate) fn difference(one: &Dataset, other: &Dataset) -> Option<String> {
    let facts = |dataset: &Dataset| {
        let records = &dataset.records;
        format!(
            "{} {} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            records.len(),
            records.dated(),
            dataset.origin.counter,
            records.fields(),
            dataset.sources,
            dataset.chains,
            dataset.articles,
            dataset.issues,
            records.repeats,
            dataset.is_complete
        )
    };
    if facts(one) != facts(other) {
        return Some(format!("{} and {}", facts(one), facts(other)));
    }
    (0..one.records.len() as Row).find_map(|row| {
        let told = |dataset: &Dataset| {
            let records = &dataset.records;
            let cells: Vec<_> = records
                .fields()
                .iter()
                .map(|info| {
                    let field = info.field;
                    let kept = records.dates(field).and_then(|dates| dates.kept_text(row as usize).map(str::to_owned));
                    let number = records.number(field).and_then(|numbers| numbers.get(row as usize));
                    (field, records.display(field, row), records.when(field, row), kept, number.map(f64::to_bits))
                })
                .collect();
            format!(
                "{row}: {cells:?} {:?} {:?} {} {}",
                records.chain(row),
                records.article(row),
                records.file_row(row),
                records.address(row)
            )
        };
        (told(one) != told(other)).then(|| format!("{} and {}", told(one), told(other)))
    })
}

/// Many different words become text only at the end, when the records have their order.
#[test]
fn many_words_of_records_that_stand_otherwise_in_the_file_come_back_at_their_records() {
    let mut builder = DatasetBuilder::new(Origin { path: "test.csv".to_owned(), ..Origin::default() });
    let remark = builder.extra_field("remark");
    for number in 0..3_000_i64 {
        let day = crate::time::Time::from_ymd(2020, 1, 1).unwrap().plus_us((number * 7 % 3_000) * crate::time::DAY_US);
        let text = format!("remark {number}");
        let when = DateDraft { when: Some(When::day(day)), keep: None };
        builder.push(&Draft { when, extra: &[(remark, text.as_str())], ..Draft::default() });
    }
    let dataset = builder.snapshot(7, true);
    assert!(dataset.records.text(remark).is_some_and(crate::data::Text::is_reordered));
    let back = Dataset::from_plain(dataset.to_plain(), 8).unwrap();
    assert_eq!(difference(&dataset, &back), None);
    let first = back.records.file_row(1) - 1;
    assert_eq!(back.records.display(remark, 1), Some(format!("remark {first}")));
}

proptest! {
    #[test]
    fn a_dataset_comes_back_from_its_arrays_as_it_was(dataset in datasets()) {
        let Plain { about, columns, texts } = dataset.to_plain();
        let about: About = serde_json::from_str(&serde_json::to_string(&about).unwrap()).unwrap();
        let back = Dataset::from_plain(Plain { about, columns, texts }, 8).unwrap();
        prop_assert_eq!(difference(&dataset, &back), None);
    }

    /// Arrays that were changed in any way give a dataset that can be looked at, or none.
    #[test]
    fn arrays_that_do_not_fit_do_no_harm(dataset in datasets(), places in (any::<prop::sample::Index>(), any::<prop::sample::Index>()), way in 0..6) {
        let mut plain = dataset.to_plain();
        if plain.columns.is_empty() || plain.texts.is_empty() { return Ok(()); }
        let (one, other) = (places.0.index(plain.columns.len()), places.1.index(plain.columns.len()));
        let (text, other_text) = (places.0.index(plain.texts.len()), places.1.index(plain.texts.len()));
        match way {
            0 => plain.columns.swap(one, other),
            1 => plain.texts.swap(text, other_text),
            2 => { plain.columns.remove(one); }
            3 => { plain.texts.remove(text); }
            4 => plain.texts[text] = BinaryArray::from_vec(vec![b"\xff\xfe", b""]),
            _ => {
                let len = plain.columns[one].1.len();
                plain.columns[one].1 = Arc::new(UInt32Array::from_iter_values((0..len as u32).map(|row| row * 77 + other as u32)));
            }
        }
        if let Ok(back) = Dataset::from_plain(plain, 8) {
            let _ = difference(&dataset, &back);
        }
    }
}

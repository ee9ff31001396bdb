//! The fast engine answers what the naive one does, whatever the dataset and whatever the question.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;

use super::Memory;
use crate::data::{Amount, Basis, Dataset, Field, Measure, Qualifier, Status, Vocabulary as _};
use crate::engine::naive::Naive;
use crate::engine::{Ask, Engine as _, Stop};
use crate::query::{
    Answer, Beside, ClaimsQuery, Comparison, DateKind, FacetQuery, Filter, Has, LaneSort, LanesQuery, Query, RowsQuery, SeriesMode,
    SeriesQuery,
};
use crate::testing::{Sheet, World, claim, event, span, time};
use crate::time::{Bucket, Span, Step};
use crate::work::Cancel;

const DATES: &[&str] = &[
    "2025-01-01",
    "2025-01-02",
    "2025-01-13",
    "2025-01-31",
    "2025-02-11",
    "2025-01",
    "2025-02",
    "2024",
    "2025",
    "2024-12-14/2025-01-31",
    "2025-01-10/2025-01-15",
    "2025-01-13/..",
    "../2025-01-13",
    "../..",
    "2023-05-05",
];
const TEXTS: &[&str] = &["Shelling of Kursk", "Café strike", "Київ", "김정은", "at least 300 killed", "KURSK again", ""];
const FIELDS: &[Field] = &[
    Field::ID,
    Field::KIND,
    Field::TITLE,
    Field::WHEN,
    Field::AS_OF,
    Field::PUBLISHED,
    Field::METRIC,
    Field::ITEM,
    Field::VALUE,
    Field::LOW,
    Field::BASIS,
    Field::UNIT,
    Field::FROM,
    Field::PLACE,
    Field::STATUS,
    Field::ORIGINATOR,
    Field::ORIGINATOR_COUNTRY,
    Field::OUTLET,
    Field(Field::EXTRA_FIRST),
    Field(Field::EXTRA_FIRST + 1),
];
const LANES: &[Field] =
    &[Field::KIND, Field::PLACE, Field::FROM, Field::ORIGINATOR, Field::STATUS, Field::OUTLET, Field::METRIC, Field::TITLE];

prop_compose! {
    fn quantity()(
        metric in of(select(vec!["killed", "wounded"])),
        value in weighted(0.8, select(vec![0.0, 1.0, 2.5, 100.0, 300.0])),
        bounds in weighted(0.2, (of(select(vec![1.0, 90.0])), of(select(vec![100.0, 400.0])))),
        qualifier in weighted(0.4, select(Qualifier::ALL)),
        basis in weighted(0.9, select(Basis::ALL)),
        unit in weighted(0.2, select(vec!["tonnes", "barrels"])),
        measure in weighted(0.2, select(Measure::ALL)),
        item in weighted(0.2, select(vec!["KN-23", "170 mm"])),
    ) -> Sheet {
        let mut sheet = claim("");
        if let Some(metric) = metric {
            sheet = value.map_or_else(|| sheet.clone().names(metric), |value| sheet.clone().counts(metric, value));
        }
        if let Some((low, high)) = bounds { sheet = sheet.bounds(low, high); }
        if let Some(qualifier) = qualifier { sheet = sheet.qualified(qualifier); }
        if let Some(basis) = basis { sheet = sheet.basis(basis); }
        if let Some(unit) = unit { sheet = sheet.unit(unit); }
        if let Some(measure) = measure { sheet = sheet.measure(measure); }
        if let Some(item) = item { sheet = sheet.item(item); }
        sheet
    }
}

prop_compose! {
    fn sheet()(
        id in select(vec!["r1", "r2", "r3", "r4", "r5", "r6", "r7"]),
        is_claim in any::<bool>(),
        dates in (weighted(0.8, select(DATES)), weighted(0.4, select(DATES)), weighted(0.3, select(DATES))),
        texts in (weighted(0.6, select(TEXTS)), weighted(0.2, select(TEXTS))),
        words in (of(select(vec!["DPRK", "Russia"])), of(select(vec!["Kursk", "Sudzha", "Київ"]))),
        chain in of(select(vec![vec!["bbc", "nis"], vec!["afp", "nis"], vec!["hur"], vec!["bbc", "yonhap", "nis"]])),
        article in weighted(0.5, select(vec!["a1", "a2", "a3"])),
        status in weighted(0.3, select(Status::ALL)),
        cells in (of(select(vec!["North", "South"])), of(0..40_u32)),
        quantity in quantity(),
    ) -> Sheet {
        let mut sheet = quantity.id(id);
        if !is_claim { sheet = sheet.happened(); }
        if let Some(date) = dates.0 { sheet = sheet.when(date); }
        if let Some(date) = dates.1 { sheet = sheet.as_of(date); }
        if let Some(date) = dates.2 { sheet = sheet.published(date); }
        if let Some(text) = texts.0 { sheet = sheet.title(text); }
        if let Some(text) = texts.1 { sheet = sheet.note(text); }
        if let Some(from) = words.0 { sheet = sheet.from(from); }
        if let Some(place) = words.1 { sheet = sheet.place(place); }
        if let Some(chain) = chain { sheet = sheet.said_by(&chain); }
        if let Some(article) = article { sheet = sheet.article(article); }
        if let Some(status) = status { sheet = sheet.status(status); }
        if let Some(sector) = cells.0 { sheet = sheet.cell("sector", sector); }
        if let Some(number) = cells.1 { sheet = sheet.cell("number", &number.to_string()); }
        sheet
    }
}

/// What the records of a dataset are like.
#[derive(Clone, Copy, Debug)]
enum Like {
    /// Claims and events.
    Any,
    /// Events, drawn at their starts but for a few.
    Events,
    /// Events with the same kind of quantity, of whole numbers.
    Uniform,
}

pub(super) fn dataset() -> impl Strategy<Value = Arc<Dataset>> {
    let like = select(vec![Like::Any, Like::Any, Like::Events, Like::Events, Like::Uniform, Like::Uniform]);
    let bare = (of(select(DATES)), of(select(vec!["Kursk", "Sudzha", "Київ"])), 0..400_u32, of(select(vec!["North", "South"])));
    let bare = (bare, weighted(0.05, select(DATES))).prop_map(|((date, place, value, sector), as_of)| {
        let value = f64::from(value);
        let mut sheet = event("").counts("killed", value).bounds(Some((value / 2.0).floor()), Some(value * 2.0)).increment();
        if let Some(date) = date.filter(|date| !date.starts_with("..")) {
            sheet = sheet.when(date);
        }
        if let Some(place) = place {
            sheet = sheet.place(place);
        }
        if let Some(sector) = sector {
            sheet = sheet.cell("sector", sector);
        }
        if let Some(as_of) = as_of {
            sheet = sheet.as_of(as_of);
        }
        sheet
    });
    (vec((sheet(), bare), 0..260), prop::bool::weighted(0.2), like).prop_map(|(sheets, is_coded, like)| {
        let world = if is_coded || matches!(like, Like::Uniform) { World::coded("UCDP") } else { World::new() };
        let sheets: Vec<Sheet> = sheets
            .into_iter()
            .enumerate()
            .map(|(index, (sheet, bare))| match like {
                Like::Any => sheet,
                // Some claims among them, which are strays.
                Like::Events => {
                    if index % 40 == 7 {
                        sheet
                    } else {
                        sheet.happened()
                    }
                }
                Like::Uniform => bare.id(&format!("r{}", index % 200)),
            })
            .collect();
        world
            .source("nis", "National Intelligence Service", Some("NIS"), Some("KR"))
            .article("a1", "Генштаб про Kursk", Some("2025-01-14"))
            .with_all(&sheets)
            .build()
    })
}

fn field() -> impl Strategy<Value = Field> {
    select(FIELDS)
}

fn text(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(texts).prop_map(str::to_owned)
}

fn clause() -> impl Strategy<Value = Filter> {
    let values = || {
        vec(
            text(&[
                "claim",
                "kursk",
                "NIS",
                "kr",
                "300",
                "2.5",
                "killed",
                "r1#2",
                "r3",
                "2025-01-13",
                "at least",
                "North",
                "7",
                "Київ",
                "@4",
            ]),
            1..3,
        )
    };
    let number = || select(vec![0.0, 2.5, 7.0, 100.0]);
    let moment = || select(vec![time("2025-01-13"), time("2025-02-01"), span("2025-01").end]);
    let comparison = select(vec![Comparison::More, Comparison::AtLeast, Comparison::Less, Comparison::AtMost, Comparison::Equal]);
    prop_oneof![
        text(&["kursk", "CAFE", "київ", "정", "nis", "генштаб", "north", "300", "example", "", "k", "ll"]).prop_map(Filter::Text),
        (field(), values()).prop_map(|(field, values)| Filter::Is(field, values)),
        field().prop_map(Filter::Present),
        (field(), comparison, number()).prop_map(|(field, comparison, number)| Filter::Compare(field, comparison, number)),
        (field(), number(), number()).prop_map(|(field, low, high)| Filter::Between(field, low, high)),
        select(vec![Has::Quantity, Has::Article, Has::Note]).prop_map(Filter::Has),
        (field(), moment()).prop_map(|(field, time)| Filter::After(field, time)),
        (field(), moment()).prop_map(|(field, time)| Filter::Before(field, time)),
        (field(), select(DATES)).prop_map(|(field, date)| Filter::During(field, span(date))),
        moment().prop_map(Filter::Known),
        vec(0..230_u32, 0..9).prop_map(Filter::Rows),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    prop_oneof![3 => Just(Filter::All), 7 => clause().prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Filter::And),
            vec(inner.clone(), 0..4).prop_map(Filter::Or),
            inner.prop_map(|term| Filter::Not(Box::new(term))),
        ]
    })]
}

pub(super) fn window() -> impl Strategy<Value = Span> {
    select(vec![span("2025-01"), span("2025-01-13"), span("2024/2025"), span("2025-01-02/2025-02-10"), span("1990")])
}

fn beside() -> impl Strategy<Value = Beside> {
    prop_oneof![
        3 => (0..230_u32).prop_map(Beside::Row),
        1 => select(DATES).prop_map(|date| Beside::Moment(span(date).start)),
        1 => select(DATES).prop_map(|date| Beside::Moment(span(date).end)),
    ]
}

fn lanes() -> impl Strategy<Value = Query> {
    let sorts = select(vec![LaneSort::Count, LaneSort::First, LaneSort::Name]);
    (of(select(LANES)), of(field()), filter(), window(), select(vec![0, 36, 40, 44]), sorts, 0..5_u32, 0..30_u32, any::<bool>()).prop_map(
        |(lane, colour, filter, window, bucket, sort, lanes_max, marks_max, has_folded_repeats)| {
            let bucket = Bucket(bucket);
            Query::Lanes(LanesQuery { lane, colour, filter, window, bucket, sort, lanes_max, marks_max, has_folded_repeats })
        },
    )
}

fn series() -> impl Strategy<Value = Query> {
    let steps = select(vec![Step::Day, Step::Week, Step::Month, Step::Quarter, Step::Year]);
    let modes = select(vec![SeriesMode::Increments, SeriesMode::Cumulative]);
    let metric = text(&["killed", "wounded", "none"]);
    (metric, filter(), steps, select(&DateKind::ALL[..]), of(select(LANES)), modes, any::<bool>(), of(window()), 1..5_u32).prop_map(
        |(metric, filter, by, date, group, mode, is_spread, window, groups_max)| {
            Query::Series(SeriesQuery { metric, filter, by, date, group, mode, is_spread, window, groups_max })
        },
    )
}

fn query() -> impl Strategy<Value = Query> {
    let sort = || of((field(), any::<bool>()));
    let claims = (text(&["killed", "wounded"]), filter(), select(&DateKind::ALL[..]), of(field()), 0..40_u32);
    prop_oneof![
        Just(Query::Schema),
        (filter(), of(window())).prop_map(|(filter, window)| Query::Count { filter, window }),
        lanes(),
        series(),
        claims.prop_map(|(metric, filter, date, colour, readings_max)| {
            Query::Claims(ClaimsQuery { metric, filter, date, colour, readings_max })
        }),
        (field(), filter(), text(&["", "k", "NOR"]), 0..5_u32).prop_map(|(field, filter, search, limit)| Query::Facet(FacetQuery {
            field,
            filter,
            search,
            limit
        })),
        (field(), filter(), 0..9_u32).prop_map(|(field, filter, bins)| Query::Histogram { field, filter, bins }),
        (filter(), of(window()), sort(), 0..60_u64, 0..40_u32, vec(field(), 0..4)).prop_map(
            |(filter, window, sort, offset, limit, fields)| Query::Rows(RowsQuery { filter, window, sort, offset, limit, fields })
        ),
        (0..230_u32).prop_map(|row| Query::Record { row }),
        text(&["r1", "r1#3", "@7", "none"]).prop_map(|id| Query::Find { id }),
        (vec(0..230_u32, 0..4), 0..9_u32).prop_map(|(rows, limit)| Query::Provenance { rows, limit }),
        (0..230_u32, 0..9_u32).prop_map(|(row, limit)| Query::Related { row, limit }),
        (filter(), of(window()), 0..4_u32).prop_map(|(filter, window, metrics_max)| Query::Totals { filter, window, metrics_max }),
        (beside(), of(select(LANES)), filter(), any::<bool>()).prop_map(|(from, lane, filter, is_next)| Query::Neighbour {
            from,
            lane,
            filter,
            is_next
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn memory_answers_what_naive_does(dataset in dataset(), queries in vec(query(), 24)) {
        let naive = Naive::new(Arc::clone(&dataset));
        let memory = Memory::build(dataset, &Cancel::default()).unwrap();
        for query in &queries {
            let expected = naive.answer(query, &Ask::plainly());
            prop_assert_eq!(memory.answer(query, &Ask::plainly()), expected.clone(), "{:?}", query);
            prop_assert_eq!(memory.answer(query, &Ask::plainly()), expected, "asked again: {:?}", query);
        }
    }

    /// A clause beside a range of time is looked up only there, then as a whole; sums of a series serve totals.
    #[test]
    fn each_step_of_a_brush_is_answered_as_naive_does(
        dataset in dataset(),
        clause in clause(),
        dates in vec(select(DATES), 3),
        (field, group, bins) in (field(), of(select(LANES)), 0..9_u32),
        (by, is_spread) in (select(vec![Step::Day, Step::Week, Step::Month]), any::<bool>()),
        (number, bucket) in (select(vec![1.0, 30.0, 200.0]), select(vec![36, 40, 44])),
    ) {
        let naive = Naive::new(Arc::clone(&dataset));
        let memory = Memory::build(dataset, &Cancel::default()).unwrap();
        let values = Filter::Between(Field::VALUE, number, 300.0);
        for (date, clause) in dates.iter().flat_map(|date| [(date, &clause), (date, &values)]) {
            let filter = clause.clone().and(Filter::During(Field::WHEN, span(date)));
            let metric = "killed".to_owned();
            let facet = FacetQuery { field, filter: filter.clone(), search: String::new(), limit: 9 };
            let queries = [
                Query::Series(SeriesQuery {
                    metric, filter: filter.clone(), by, date: DateKind::Event, group, mode: SeriesMode::Increments, is_spread,
                    window: None, groups_max: 9,
                }),
                Query::Totals { filter: filter.clone(), window: None, metrics_max: 3 },
                Query::Totals { filter: filter.clone(), window: Some(span("1950/2090")), metrics_max: 3 },
                Query::Facet(FacetQuery { field: Field::PLACE, ..facet.clone() }),
                Query::Facet(facet),
                Query::Histogram { field: Field::WHEN, filter: filter.clone(), bins },
                Query::Histogram { field: Field::VALUE, filter: filter.clone(), bins },
                Query::Histogram { field: Field::AS_OF, filter: Filter::During(Field::WHEN, span(date)), bins },
                Query::Histogram { field: Field::PUBLISHED, filter: Filter::All, bins },
                Query::Lanes(LanesQuery {
                    lane: group, colour: None, filter, window: span("2024/2025"), bucket: Bucket(bucket), sort: LaneSort::Count,
                    lanes_max: 4, marks_max: 2, has_folded_repeats: true,
                }),
            ];
            for query in &queries {
                prop_assert_eq!(memory.answer(query, &Ask::plainly()), naive.answer(query, &Ask::plainly()), "{:?}", query);
            }
        }
    }

    #[test]
    fn rule_8_the_sum_over_all_buckets_is_the_sum_of_the_records(
        losses in vec((select(DATES), 0..100_000_u32, select(vec!["nis", "hur"])), 0..90),
        by in select(&Step::ALL[2..]),
        is_spread in any::<bool>(),
    ) {
        let sheet = |(index, (date, thousandths, by)): (usize, &(&str, u32, &str))| {
            let value = f64::from(*thousandths) / 1000.0 + 1000.0 * index as f64;
            claim(&index.to_string()).when(date).counts("killed", value).increment().said_by(&[by])
        };
        let sheets: Vec<Sheet> = losses.iter().enumerate().map(sheet).collect();
        let dataset = World::new().with_all(&sheets).build();
        let expected: Amount = (0..dataset.records.len() as u32)
            .filter(|row| dataset.records.span(Field::WHEN, *row).is_some_and(Span::is_bounded))
            .filter_map(|row| dataset.records.quantity(row)?.value)
            .map(Amount::from_number)
            .sum();
        let memory = Memory::build(dataset, &Cancel::default()).unwrap();
        let query = SeriesQuery {
            metric: "killed".to_owned(), filter: Filter::All, by, date: DateKind::Event, group: None,
            mode: SeriesMode::Increments, is_spread, window: None, groups_max: 9,
        };
        let Answer::Series(answer) = memory.answer(&Query::Series(query), &Ask::plainly()).unwrap() else { panic!("another answer") };
        let sum: Amount = answer.groups.iter().flat_map(|group| &group.points).filter_map(|point| point.value).sum();
        prop_assert_eq!(sum, expected);
    }
}

#[test]
fn an_empty_dataset_is_one_empty_lane_without_a_lane_field() {
    let dataset = World::new().build();
    let memory = Memory::build(Arc::clone(&dataset), &Cancel::default()).unwrap();
    for lane in [None, Some(Field::PLACE)] {
        for bucket in [0, 44] {
            let query = Query::Lanes(LanesQuery {
                lane,
                colour: None,
                filter: Filter::All,
                window: span("2025-01"),
                bucket: Bucket(bucket),
                sort: LaneSort::Count,
                lanes_max: 3,
                marks_max: 3,
                has_folded_repeats: true,
            });
            let answer = memory.answer(&query, &Ask::plainly());
            assert_eq!(answer, Naive::new(Arc::clone(&dataset)).answer(&query, &Ask::plainly()));
        }
    }
}

#[test]
fn a_cancelled_question_stops_and_a_cancelled_build_too() {
    let sheets: Vec<Sheet> =
        (0..2000).map(|index| event(&index.to_string()).when("2025").counts("killed", 1.0).increment().place("Kursk")).collect();
    let dataset = World::coded("UCDP").with_all(&sheets).build();
    let cancelled = Cancel::default();
    cancelled.cancel();
    assert!(matches!(Memory::build(Arc::clone(&dataset), &cancelled), Err(Stop::Cancelled)));
    let memory = Memory::build(dataset, &Cancel::default()).unwrap();
    let filter = Filter::Text("kursk".to_owned());
    let queries = [
        Query::Count { filter: filter.clone(), window: None },
        Query::Totals { filter: filter.clone(), window: None, metrics_max: 3 },
        Query::Histogram { field: Field::VALUE, filter: filter.clone(), bins: 3 },
        Query::Facet(FacetQuery { field: Field::PLACE, filter: filter.clone(), search: String::new(), limit: 3 }),
        Query::Rows(RowsQuery { filter, window: None, sort: None, offset: 0, limit: 3, fields: Vec::new() }),
        Query::Related { row: 0, limit: 3 },
    ];
    for query in queries {
        assert_eq!(memory.answer(&query, &Ask { cancel: cancelled.clone(), ..Ask::plainly() }), Err(Stop::Cancelled), "{query:?}");
    }
}

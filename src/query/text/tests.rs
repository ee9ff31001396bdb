//! Tests of the query language: reading, writing, and reading again.

use proptest::prelude::*;

use crate::data::{Field, FieldInfo, FieldKind, Origin};
use crate::query::{Comparison, Filter, Has, QueryError, Schema, parse_filter};
use crate::testing::metric_info;
use crate::time::{DAY_US, Span, Time};

/// Some own fields and three odd columns of a file.
pub(in crate::query) fn schema() -> Schema {
    let own =
        [Field::METRIC, Field::STATUS, Field::VALUE, Field::WHEN, Field::AS_OF, Field::PUBLISHED, Field::TITLE, Field::ORIGINATOR_COUNTRY];
    let mut fields: Vec<FieldInfo> = Field::OWN
        .iter()
        .filter(|info| own.contains(&info.0))
        .map(|(field, key, label, kind)| FieldInfo {
            field: *field,
            key: (*key).to_owned(),
            label: (*label).to_owned(),
            kind: *kind,
            present: 1,
            distinct: None,
        })
        .collect();
    for (place, (key, kind)) in [
        ("Side A", FieldKind::Category),
        ("after", FieldKind::Category),
        ("-a:b\"c\\", FieldKind::Text),
        ("depth", FieldKind::Number),
        ("Дата", FieldKind::Date),
    ]
    .into_iter()
    .enumerate()
    {
        let field = Field(Field::EXTRA_FIRST + place as u16);
        fields.push(FieldInfo { field, key: key.to_owned(), label: key.to_owned(), kind, present: 1, distinct: None });
    }
    let metric = metric_info("killed");
    Schema {
        generation: 1,
        is_complete: true,
        origin: Origin::default(),
        records: 1,
        events: 1,
        claims: 0,
        undated: 0,
        extent: None,
        bulk: None,
        first_quartile: None,
        last_anchor: None,
        fields,
        wordless: Vec::new(),
        metrics: vec![metric],
        sources: 0,
        articles: 0,
        originators: 0,
        precision: "day",
        issues: Vec::new(),
    }
}

const SIDE_A: Field = Field(Field::EXTRA_FIRST);

fn read(text: &str) -> Filter {
    parse_filter(text, &schema()).unwrap()
}

fn broken(text: &str) -> QueryError {
    parse_filter(text, &schema()).unwrap_err()
}

fn text(words: &str) -> Filter {
    Filter::Text(words.to_owned())
}

fn is(field: Field, values: &[&str]) -> Filter {
    Filter::Is(field, values.iter().map(|value| (*value).to_owned()).collect())
}

fn day(year: i32, month: u32, day: u32) -> Time {
    Time::from_ymd(year, month, day).unwrap()
}

#[test]
fn nothing_lets_everything_pass() {
    assert_eq!(read(""), Filter::All);
    assert_eq!(read("  \n"), Filter::All);
    assert_eq!(read("*"), Filter::All);
}

#[test]
fn words_side_by_side_must_all_be_found() {
    assert_eq!(read("kursk  \"170 mm gun\""), Filter::And(vec![text("kursk"), text("170 mm gun")]));
    assert_eq!(read("kursk AND gun"), Filter::And(vec![text("kursk"), text("gun")]));
}

#[test]
fn or_binds_looser_than_and_and_not_binds_tightest() {
    let not = |filter| Filter::Not(Box::new(filter));
    assert_eq!(read("a b OR NOT c"), Filter::Or(vec![Filter::And(vec![text("a"), text("b")]), not(text("c"))]));
    assert_eq!(read("a -(b OR c)"), Filter::And(vec![text("a"), not(Filter::Or(vec![text("b"), text("c")]))]));
    assert_eq!(read("--a"), not(not(text("a"))));
    assert_eq!(read("or"), text("or"));
}

#[test]
fn a_field_takes_one_value_or_any_of_several() {
    assert_eq!(read("metric:killed"), is(Field::METRIC, &["killed"]));
    assert_eq!(read("METRIC=killed"), is(Field::METRIC, &["killed"]));
    assert_eq!(
        read("metric:killed,\"missing, presumed dead\",wounded"),
        is(Field::METRIC, &["killed", "missing, presumed dead", "wounded"])
    );
    assert_eq!(read("place:Kyiv"), is(Field::PLACE, &["Kyiv"]));
    assert_eq!(read("status:* -status:*"), {
        Filter::And(vec![Filter::Present(Field::STATUS), Filter::Not(Box::new(Filter::Present(Field::STATUS)))])
    });
}

#[test]
fn a_column_with_an_odd_name_is_addressed_in_quotes() {
    assert_eq!(read("\"Side A\":x"), is(SIDE_A, &["x"]));
    assert_eq!(read("\"side a\":\"x y\""), is(SIDE_A, &["x y"]));
    assert_eq!(read("\"after\":x"), is(Field(Field::EXTRA_FIRST + 1), &["x"]));
    assert_eq!(read("\"-a:b\\\"c\\\\\":x"), is(Field(Field::EXTRA_FIRST + 2), &["x"]));
    assert_eq!(read("Дата:*"), Filter::Present(Field(Field::EXTRA_FIRST + 4)));
}

#[test]
fn numbers_compare_and_range() {
    let compare = |comparison, number| Filter::Compare(Field::VALUE, comparison, number);
    assert_eq!(read("value>10"), compare(Comparison::More, 10.0));
    assert_eq!(read("value>=1,000.5"), compare(Comparison::AtLeast, 1000.5));
    assert_eq!(read("value:<-3"), compare(Comparison::Less, -3.0));
    assert_eq!(read("value<=3"), compare(Comparison::AtMost, 3.0));
    assert_eq!(read("value=10"), compare(Comparison::Equal, 10.0));
    assert_eq!(read("value:10,20"), is(Field::VALUE, &["10", "20"]));
    assert_eq!(read("value:10..20"), Filter::Between(Field::VALUE, 10.0, 20.0));
    assert_eq!(read("value:10.."), compare(Comparison::AtLeast, 10.0));
    assert_eq!(read("value:1,5..7"), Filter::Or(vec![compare(Comparison::Equal, 1.0), Filter::Between(Field::VALUE, 5.0, 7.0)]));
}

#[test]
fn a_files_own_words_compare_as_numbers() {
    assert_eq!(read("\"Side A\">2"), Filter::Compare(SIDE_A, Comparison::More, 2.0));
    assert_eq!(read("\"Side A\":1..2"), Filter::Between(SIDE_A, 1.0, 2.0));
    assert_eq!(read("\"Side A\":\"1..2\""), is(SIDE_A, &["1..2"]));
    assert_eq!(read("\"Side A\":2"), is(SIDE_A, &["2"]));
}

#[test]
fn dates_bound_the_event_date() {
    assert_eq!(read("after:2024-10"), Filter::After(Field::WHEN, day(2024, 11, 1)));
    assert_eq!(read("before:2025-02-11"), Filter::Before(Field::WHEN, day(2025, 2, 11)));
    assert_eq!(read("during:2024"), Filter::During(Field::WHEN, Span::new(day(2024, 1, 1), day(2025, 1, 1))));
    assert_eq!(read("date:2024"), read("during:2024"));
    assert_eq!(read("date>=2024"), Filter::After(Field::WHEN, day(2024, 1, 1)));
    assert_eq!(read("date<=2024"), Filter::Before(Field::WHEN, day(2025, 1, 1)));
}

#[test]
fn a_range_of_dates_holds_both_of_its_ends() {
    let span = Span::new(day(2025, 1, 1), day(2025, 4, 1));
    assert_eq!(read("published:2025-01..2025-03"), Filter::During(Field::PUBLISHED, span));
    assert_eq!(read("as_of:2025-01"), Filter::During(Field::AS_OF, Span::new(day(2025, 1, 1), day(2025, 2, 1))));
    assert_eq!(read("during:2025.."), Filter::During(Field::WHEN, Span::new(day(2025, 1, 1), Time::OPEN_END)));
    assert_eq!(read("during:2025-01/2025-03"), Filter::During(Field::WHEN, span));
    assert_eq!(read("during:[2025-01,2025-03]"), Filter::During(Field::WHEN, span));
}

#[test]
fn known_runs_to_the_end_of_the_day() {
    assert_eq!(read("known:2025-01-20"), Filter::Known(day(2025, 1, 21)));
    assert_eq!(read("known:2025-01"), Filter::Known(day(2025, 2, 1)));
    assert_eq!(read("known:2025-01-20T11:30:00"), Filter::Known(day(2025, 1, 21)));
}

#[test]
fn has_names_what_a_record_carries() {
    assert_eq!(read("has:quantity"), Filter::Has(Has::Quantity));
    assert_eq!(read("has:article,note"), Filter::Or(vec![Filter::Has(Has::Article), Filter::Has(Has::Note)]));
    assert_eq!(broken("has:star").message, "“has:” knows quantity, article or note, not “star”.");
}

#[test]
fn an_unknown_field_is_shown_with_its_neighbours() {
    let error = broken("kursk metrc:killed");
    assert_eq!((error.at, error.len), (6, 5));
    assert_eq!(error.message, "There is no field “metrc”. Did you mean metric?");
    assert_eq!(error.near, ["metric"]);
    assert_eq!(broken("https://example.org").message, "There is no field “https”. Put the text in quotes to search for it.");
}

#[test]
fn a_broken_query_points_at_the_place() {
    let place = |text: &str| {
        let error = broken(text);
        assert!(!error.message.is_empty() && text.get(error.at..error.at + error.len).is_some(), "{error:?}");
        (error.at, error.len)
    };
    assert_eq!(place("a (b OR c"), (2, 1));
    assert_eq!(place("a) b"), (1, 1));
    assert_eq!(place("a \"b c"), (2, 4));
    assert_eq!(place("OR a"), (0, 2));
    assert_eq!(place("metric:"), (0, 7));
    assert_eq!(place("é value:many"), (9, 4));
    assert_eq!(place("value>many"), (6, 4));
    assert_eq!(place("metric>3"), (0, 6));
    assert_eq!(place("after:2025-13"), (6, 7));
    assert_eq!(place("during:2025..2024"), (7, 10));
    assert_eq!(place("value:20..10"), (6, 6));
    assert_eq!(place("a - b"), (2, 1));
    assert_eq!(place("NOT"), (0, 3));
    assert_eq!(place(":x"), (0, 1));
    assert_eq!(place("()"), (0, 1));
    assert_eq!(place("after>2024"), (0, 6));
}

#[test]
fn a_query_of_endless_depth_or_length_is_refused() {
    assert!(broken(&"(".repeat(60_000)).message.contains("levels deep"));
    assert!(broken(&"-".repeat(60_000)).message.contains("levels deep"));
    assert!(broken(&"a ".repeat(60_000)).message.contains("longer than"));
}

#[test]
fn a_filter_is_written_as_people_would() {
    for text in [
        "metric:killed after:2024-10",
        "metric:killed,wounded -status:denied (value>10 OR title:\"two words\")",
        "before:2025-02-11 during:2024 known:2025-01-31",
        "as_of:2025-01 published:2025-01..2025-03 as_of>2024 published<2025-02-03",
        "\"Side A\":* -has:article",
        "during:2024-10-03..2025-01-14",
        "during:2024-10-03T10:00:00Z..2024-10-03T11:59:59Z",
        "during:-0044 during:..2024 during:Y-13800..",
        "depth:10..20 value=3.5 \"OR\" \"-a\"",
    ] {
        assert_eq!(read(text).to_text(&schema()), text);
    }
    assert_eq!(Filter::All.to_text(&schema()), "");
}

fn moments() -> impl Strategy<Value = Time> {
    let limit = 9_000_000_000_000_000_000_i64;
    prop_oneof![
        (-5_000_i64..40_000).prop_map(|days| Time(days * DAY_US)),
        (1900_i32..2100, 1_u32..13).prop_map(|(year, month)| day(year, month, 1)),
        (-200_000_i32..200_000).prop_map(|year| day(year, 1, 1)),
        (-400_000_000_i64..4_000_000_000).prop_map(|seconds| Time(seconds * 1_000_000)),
        (-limit..limit).prop_map(Time),
    ]
}

fn spans() -> impl Strategy<Value = Span> {
    prop_oneof![
        (moments(), moments()).prop_map(|(one, other)| Span::new(one.min(other), one.max(other))),
        moments().prop_map(|start| Span::new(start, Time::OPEN_END)),
        moments().prop_map(|end| Span::new(Time::OPEN_START, end)),
        Just(Span::ALL),
    ]
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}",
        "\\PC{0,8}",
        "[-\"\\\\ ():><=,*.a\\[{]{0,6}",
        Just("OR".to_owned()),
        Just("NOT".to_owned()),
        Just("AND".to_owned())
    ]
}

fn numbers() -> impl Strategy<Value = f64> {
    prop_oneof![(-1000_i32..1_000_000).prop_map(f64::from), -1e12_f64..1e12, Just(1e300), Just(5e-324)]
}

/// Filters as the parser or a person with a mouse makes them.
fn filters() -> impl Strategy<Value = Filter> {
    let extra = |place: u16| Field(Field::EXTRA_FIRST + place);
    let categories = prop::sample::select(vec![Field::METRIC, Field::TITLE, Field::PLACE, extra(0), extra(1), extra(2)]);
    let dates = prop::sample::select(vec![Field::WHEN, Field::AS_OF, Field::PUBLISHED, extra(4)]);
    let counts = prop::sample::select(vec![Field::VALUE, Field::LOW, extra(3)]);
    let comparisons =
        prop::sample::select(vec![Comparison::More, Comparison::AtLeast, Comparison::Less, Comparison::AtMost, Comparison::Equal]);
    let leaf = prop_oneof![
        words().prop_map(Filter::Text),
        (categories.clone(), prop::collection::vec(words(), 1..4)).prop_map(|(field, values)| Filter::Is(field, values)),
        (counts.clone(), numbers()).prop_map(|(field, number)| Filter::Is(field, vec![number.to_string()])),
        categories.prop_map(Filter::Present),
        (counts.clone(), comparisons, numbers()).prop_map(|(field, comparison, number)| Filter::Compare(field, comparison, number)),
        (counts, numbers(), numbers()).prop_map(|(field, one, other)| Filter::Between(field, one.min(other), one.max(other))),
        prop::sample::select(vec![Has::Quantity, Has::Article, Has::Note]).prop_map(Filter::Has),
        (dates.clone(), moments()).prop_map(|(field, time)| Filter::After(field, time)),
        (dates.clone(), moments()).prop_map(|(field, time)| Filter::Before(field, time)),
        (dates, spans()).prop_map(|(field, span)| Filter::During(field, span)),
        moments().prop_map(Filter::Known),
        prop::collection::vec(0_u32..1000, 1..4).prop_map(Filter::Rows),
        Just(Filter::All),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::Or),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
}

proptest! {
    #[test]
    fn a_filter_read_again_is_the_same(filter in filters()) {
        let schema = schema();
        let text = filter.to_text(&schema);
        prop_assert_eq!(parse_filter(&text, &schema), Ok(filter), "{}", text);
    }

    #[test]
    fn no_text_makes_the_parser_fall(text in "\\PC{0,40}") {
        if let Err(error) = parse_filter(&text, &schema()) {
            prop_assert!(text.get(error.at..error.at + error.len).is_some(), "{error:?}");
        }
    }

    #[test]
    fn no_text_of_signs_makes_the_parser_fall(text in "[-a:<>=()\"\\\\ ,.*@0-9ORNTмé\\[\\]{}/~?]{0,24}") {
        if let Err(error) = parse_filter(&text, &schema()) {
            prop_assert!(text.get(error.at..error.at + error.len).is_some(), "{error:?}");
        }
        for cursor in 0..=text.len() {
            let _ = crate::query::completions(&text, cursor, &schema());
        }
    }
}

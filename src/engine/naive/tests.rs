//! Each query against a small world, as sentences.

use super::Naive;
use crate::data::{Amount, Basis, Bound, Field, Status};
use crate::engine::{Ask, Engine as _, Stop};
use crate::query::{
    Answer, Beside, ClaimsAnswer, ClaimsQuery, Comparison, CountAnswer, DateKind, FacetQuery, Filter, Has, LaneSort, LanesAnswer,
    LanesQuery, Query, RowsQuery, SeriesAnswer, SeriesMode, SeriesQuery, TotalsAnswer,
};
use crate::testing::{Sheet, World, claim, event, span, time};
use crate::time::{Bucket, Span, Step, Time};

fn ask(world: World, query: &Query) -> Answer {
    Naive::new(world.build()).answer(query, &Ask::plainly()).unwrap()
}

fn count(world: World, filter: Filter) -> CountAnswer {
    let Answer::Count(answer) = ask(world, &Query::Count { filter, window: None }) else { panic!("another answer") };
    answer
}

fn world() -> World {
    World::new()
        .source("nis", "National Intelligence Service", Some("NIS"), Some("KR"))
        .article("a1", "Генштаб повідомив", Some("2025-01-14"))
        .with(&event("e1").when("2025-01-01").title("Café shelled").place("Kursk").category("artillery_strike"))
        .with(&event("e2").when("2025-02-10/..").place("kursk").cell("Sector", "North"))
        .with(&claim("c1").when("../2025-01-13").counts("killed", 300.0).total("2025-01-13").said_by(&["bbc", "nis"]).article("a1"))
        .with(&claim("c2").counts("killed", 100.0).total("2024-12-19").said_by(&["nis"]).note("first figure"))
        .with(&claim("c3").names("wounded").published("2025-03"))
}

#[test]
fn clauses_say_which_records_pass() {
    let text = |text: &str| Filter::Text(text.to_owned());
    let is = |field: Field, value: &str| Filter::Is(field, vec![value.to_owned()]);
    let matching = [
        (Filter::All, 5),
        (text("cafe SHELLED"), 1),
        (text("генштаб"), 1),
        (text("north"), 1),
        (text("intelligence"), 2),
        (text("artillery strike"), 1),
        (is(Field::PLACE, "KURSK"), 2),
        (is(Field::KIND, "Claim"), 3),
        (is(Field::CATEGORY, "artillery strike"), 1),
        (is(Field::ORIGINATOR, "NIS"), 2),
        (is(Field::ORIGINATOR_COUNTRY, "kr"), 2),
        (is(Field::ORIGINATOR_COUNTRY, "South Korea"), 2),
        (is(Field::VALUE, "300"), 1),
        (is(Field::WHEN, "2025-01-01"), 1),
        (is(Field::ID, "c1"), 1),
        (Filter::Present(Field::AS_OF), 2),
        (Filter::Not(Box::new(Filter::Present(Field::AS_OF))), 3),
        (Filter::Compare(Field::VALUE, Comparison::More, 100.0), 1),
        (Filter::Between(Field::VALUE, 100.0, 300.0), 2),
        (Filter::Has(Has::Quantity), 2),
        (Filter::Has(Has::Article), 1),
        (Filter::Has(Has::Note), 1),
        (Filter::After(Field::WHEN, time("2025-02-10")), 1),
        (Filter::Before(Field::WHEN, time("2025-01-14")), 2),
        (Filter::During(Field::WHEN, span("2025-03")), 1),
        (Filter::Rows(vec![0, 4]), 2),
        (Filter::And(vec![text("kursk"), is(Field::KIND, "event")]), 2),
        (Filter::Or(vec![text("cafe"), is(Field::ORIGINATOR, "nis")]), 3),
    ];
    for (filter, expected) in matching {
        assert_eq!(count(world(), filter.clone()).matching, expected, "{filter:?}");
    }
}

#[test]
fn rule_10_as_known_on_takes_the_latest_possible_moment_and_counts_what_has_no_publication() {
    let known = |date: &str| count(world(), Filter::Known(span(date).end));
    assert_eq!((known("2025-01-13").matching, known("2025-01-13").unknown_publication), (0, 3));
    assert_eq!(known("2025-01-14").matching, 1);
    assert_eq!(known("2025-03-15").matching, 1);
    assert_eq!(known("2025-03-31").matching, 2);
    let claims = Filter::Is(Field::KIND, vec!["claim".to_owned()]);
    assert_eq!(count(world(), Filter::And(vec![claims, Filter::Known(span("2025").end)])).unknown_publication, 1);
}

#[test]
fn rule_9_counts_say_how_many_are_undated() {
    assert_eq!(count(world(), Filter::All), CountAnswer { matching: 5, of: 5, undated: 2, inside: 4, unknown_publication: 0 });
}

fn lanes_query(lane: Option<Field>) -> LanesQuery {
    LanesQuery {
        lane,
        colour: None,
        filter: Filter::All,
        window: span("2025-01"),
        bucket: Bucket(40),
        sort: LaneSort::Count,
        lanes_max: 10,
        marks_max: 10,
        has_folded_repeats: false,
    }
}

fn lanes(world: World, query: LanesQuery) -> LanesAnswer {
    let Answer::Lanes(answer) = ask(world, &Query::Lanes(query)) else { panic!("another answer") };
    answer
}

#[test]
fn lanes_come_by_count_and_records_without_a_value_are_the_last() {
    let answer = lanes(world(), lanes_query(Some(Field::ORIGINATOR)));
    let names: Vec<Option<&str>> = answer.lanes.iter().map(|lane| lane.value.as_deref()).collect();
    assert_eq!(names, [Some("National Intelligence Service"), None]);
    let [nis, none] = answer.lanes.as_slice() else { panic!("two lanes") };
    assert_eq!((nis.total, nis.before, nis.after, nis.undated), (2, 1, 0, 0));
    assert_eq!((none.total, none.before, none.after, none.undated), (3, 0, 1, 1));
    assert_eq!(nis.marks.as_ref().unwrap()[0].anchor, time("2025-01-13"));
    assert_eq!(nis.cells.iter().map(|cell| cell.count).sum::<u32>(), 1);
    assert_eq!((answer.lanes_total, answer.matching, answer.undated), (2, 5, 1));
}

#[test]
fn a_lane_with_too_many_marks_has_only_cells() {
    let query = LanesQuery { marks_max: 1, ..lanes_query(None) };
    let answer = lanes(world(), query);
    assert_eq!(answer.lanes[0].marks, None);
    assert!(!answer.lanes[0].cells.is_empty());
}

#[test]
fn lanes_of_numbers_are_refused() {
    let engine = Naive::new(world().build());
    let stop = engine.answer(&Query::Lanes(lanes_query(Some(Field::VALUE))), &Ask::plainly()).unwrap_err();
    assert!(matches!(stop, Stop::Refused(why) if why.contains("numbers")));
}

fn series_query() -> SeriesQuery {
    SeriesQuery {
        metric: "killed".to_owned(),
        filter: Filter::All,
        by: Step::Month,
        date: DateKind::Event,
        group: None,
        mode: SeriesMode::Increments,
        is_spread: true,
        window: None,
        groups_max: 10,
    }
}

fn series(world: World, query: SeriesQuery) -> SeriesAnswer {
    let Answer::Series(answer) = ask(world, &Query::Series(query)) else { panic!("another answer") };
    answer
}

fn loss(id: &str, when: &str, killed: f64) -> Sheet {
    claim(id).when(when).counts("killed", killed).increment()
}

fn values(answer: &SeriesAnswer) -> Vec<(Option<&str>, Vec<String>)> {
    let value = |value: Option<Amount>| value.map_or_else(|| "open".to_owned(), |value| value.to_string());
    answer.groups.iter().map(|group| (group.key.as_deref(), group.points.iter().map(|point| value(point.value)).collect())).collect()
}

#[test]
fn rule_11_a_series_of_several_counters_is_one_series_per_counter() {
    let sheets = [loss("1", "2025-01-01", 5.0).said_by(&["hur"]), loss("2", "2025-01-02", 7.0).said_by(&["nis"]).from("DPRK")];
    let answer = series(World::new().with_all(&sheets), series_query());
    assert_eq!(values(&answer), [(Some("nis"), vec!["7".to_owned()]), (Some("hur"), vec!["5".to_owned()])]);
    let answer = series(World::new().with_all(&sheets[..1]), series_query());
    assert_eq!(values(&answer), [(None, vec!["5".to_owned()])]);
}

#[test]
fn rule_11_a_group_with_several_counters_is_one_series_for_each_of_them() {
    let from = |sheet: Sheet, by: &str| sheet.from("DPRK").said_by(&[by]);
    let sheets = [
        from(loss("1", "2025-01-01", 5.0), "hur"),
        from(loss("2", "2025-01-02", 7.0), "nis"),
        loss("3", "2025-01-02", 1.0).said_by(&["nis"]),
    ];
    let answer = series(World::new().with_all(&sheets), SeriesQuery { group: Some(Field::FROM), ..series_query() });
    let keys: Vec<Option<&str>> = answer.groups.iter().map(|group| group.key.as_deref()).collect();
    assert_eq!(keys, [Some("DPRK · nis"), Some("DPRK · hur"), None]);
    assert_eq!(answer.groups[0].colour, Some(0));
}

#[test]
fn rule_3_a_repeat_is_counted_once_and_counted_aside() {
    let sheets = [loss("1", "2025-01-01", 5.0).said_by(&["bbc", "hur"]), loss("2", "2025-01-01", 5.0).said_by(&["afp", "hur"])];
    let answer = series(World::new().with_all(&sheets), series_query());
    assert_eq!(values(&answer), [(None, vec!["5".to_owned()])]);
    assert_eq!((answer.aside.records, answer.aside.repeats), (2, 1));
}

#[test]
fn what_a_series_leaves_out_is_counted_by_its_reason() {
    let answer = series(
        World::new().with_all(&[
            loss("1", "2025-01-01/..", 5.0),
            claim("2").counts("killed", 1.0).increment(),
            loss("3", "2025-01-01", 5.0).status(Status::Expected),
            loss("4", "2025-01-01", 5.0).status(Status::Denied),
            loss("5", "2025-01-01", 5.0).status(Status::Retracted),
            claim("6").when("2025").names("killed"),
            claim("7").counts("killed", 300.0).total("2025-01-01"),
            loss("8", "2025-01-01", 40.0).measure(crate::data::Measure::Share),
        ]),
        series_query(),
    );
    let aside = answer.aside;
    assert!(answer.groups.is_empty());
    assert_eq!((aside.records, aside.unplaced, aside.undated, aside.expected), (8, 1, 1, 1));
    assert_eq!((aside.denied, aside.retracted, aside.no_figure, aside.other_basis, aside.not_summable), (1, 1, 1, 1, 1));
}

#[test]
fn running_sums_start_at_the_beginning_and_stay_open() {
    let sheets = [
        loss("1", "2025-01-05", 5.0),
        loss("2", "2025-02-05", 7.0),
        loss("3", "2025-03-05", 1.0).qualified(crate::data::Qualifier::AtLeast),
        loss("4", "2025-04-05", 1.0),
    ];
    let query = SeriesQuery { mode: SeriesMode::Cumulative, window: Some(span("2025-02-10/2025-04-01")), ..series_query() };
    let answer = series(World::new().with_all(&sheets), query);
    assert_eq!(values(&answer), [(None, vec!["12".to_owned(), "13".to_owned(), "14".to_owned()])]);
    let highs: Vec<bool> = answer.groups[0].points.iter().map(|point| point.high.is_some()).collect();
    assert_eq!(highs, [true, false, false]);
}

#[test]
fn rule_2_units_are_never_mixed() {
    let sheets = [loss("1", "2025-01-05", 5.0).unit("tonnes"), loss("2", "2025-01-05", 7.0).unit("barrels")];
    let answer = series(World::new().with_all(&sheets), series_query());
    assert_eq!(answer.groups.len(), 2);
    assert!(answer.groups.iter().all(|group| group.has_unit_in_label && group.key.is_none()));
}

fn claims(world: World) -> ClaimsAnswer {
    let query = ClaimsQuery { metric: "killed".to_owned(), filter: Filter::All, date: DateKind::AsOf, colour: None, readings_max: 10 };
    let Answer::Claims(answer) = ask(world, &Query::Claims(query)) else { panic!("another answer") };
    answer
}

#[test]
fn readings_fold_their_carriers_and_share_a_line_per_count_key() {
    let killed = |id: &str, value: f64, by: &str| claim(id).counts("killed", value).basis(Basis::Total).said_by(&[by]);
    let answer = claims(World::new().with_all(&[
        killed("1", 300.0, "nis").as_of("2025-01-13").article("a1"),
        killed("2", 300.0, "nis").article("a2").qualified(crate::data::Qualifier::AtLeast),
        killed("3", 100.0, "nis").as_of("2024-12-19"),
        killed("4", 200.0, "hur").as_of("2024-12-20").status(Status::Expected),
        killed("5", 900.0, "bbc"),
        loss("6", "2025", 1.0),
    ]));
    let seen: Vec<_> =
        answer.readings.iter().map(|reading| (reading.id.as_str(), reading.line, reading.articles, reading.has_drift)).collect();
    assert_eq!(seen, [("3", 0, 1, false), ("4", 1, 1, false), ("1", 0, 2, true)]);
    assert_eq!((answer.aside.repeats, answer.aside.undated, answer.aside.expected, answer.aside.other_basis), (1, 1, 1, 1));
}

#[test]
fn a_facet_keeps_its_order_and_the_values_that_the_filter_empties() {
    let world =
        World::new().with_all(&[event("1").place("Kursk").when("2025"), event("2").place("Kursk"), event("3").place("Sudzha"), event("4")]);
    let filter = Filter::Rows(vec![2, 3]);
    let query = FacetQuery { field: Field::PLACE, filter, search: "k".to_owned(), limit: 10 };
    let Answer::Facet(answer) = ask(world, &Query::Facet(query)) else { panic!("another answer") };
    assert_eq!(answer.values.iter().map(|v| (v.value.as_str(), v.count, v.total, v.rank)).collect::<Vec<_>>(), [("Kursk", 0, 2, 0)]);
    assert_eq!((answer.distinct, answer.missing), (1, 1));
}

#[test]
fn the_table_puts_records_without_a_value_last_whichever_way() {
    let sheets = [event("1").counts("killed", 5.0), event("2"), event("3").counts("killed", 9.0)];
    let ids = |is_descending: bool| {
        let query = RowsQuery {
            filter: Filter::All,
            window: None,
            sort: Some((Field::VALUE, is_descending)),
            offset: 0,
            limit: 10,
            fields: vec![Field::VALUE],
        };
        let Answer::Rows(answer) = ask(World::new().with_all(&sheets), &Query::Rows(query)) else { panic!("another answer") };
        answer.rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(false), ["1", "3", "2"]);
    assert_eq!(ids(true), ["3", "1", "2"]);
}

#[test]
fn rule_1_a_window_sums_increments_and_only_spans_totals() {
    let world = World::new().with_all(&[
        loss("1", "2025-01-01", 5.0).said_by(&["hur"]),
        loss("2", "2025-01-02", 7.0).said_by(&["hur"]),
        loss("3", "2025-01-03", 9.0).said_by(&["nis"]),
        claim("4").counts("killed", 300.0).total("2025-01-13").said_by(&["nis"]),
        claim("5").counts("killed", 400.0).total("2025-01-14").said_by(&["nis"]).qualified(crate::data::Qualifier::AtLeast),
        loss("6", "2024-01-03", 9.0).said_by(&["hur"]),
    ]);
    let query = Query::Totals { filter: Filter::All, window: Some(span("2025-01")), metrics_max: 5 };
    let Answer::Totals(TotalsAnswer { inside, matching, metrics }) = ask(world, &query) else { panic!("another answer") };
    assert_eq!((inside, matching, metrics.len()), (5, 6, 1));
    let killed = &metrics[0];
    let increments = killed.increments.clone().unwrap();
    assert_eq!((increments.counter.as_deref(), increments.value, increments.records), (Some("hur"), Some(Amount::from_number(12.0)), 2));
    assert_eq!((killed.readings, killed.counters, killed.other_counters), (2, 1, 1));
    let hull = killed.hull.unwrap();
    assert_eq!((hull.low, hull.high), (Bound::At(300.0), Bound::Open));
}

#[test]
fn the_neighbour_is_the_next_in_the_same_lane_by_anchor() {
    let engine = Naive::new(
        World::new()
            .with_all(&[
                event("1").when("2025-01-01").place("A"),
                event("2").when("2025-01-02").place("B"),
                event("3").when("2025-01-03").place("A"),
                event("4").place("A"),
            ])
            .build(),
    );
    let beside =
        |from, lane, is_next| engine.answer(&Query::Neighbour { from, lane, filter: Filter::All, is_next }, &Ask::plainly()).unwrap();
    let neighbour = |row, lane, is_next| beside(Beside::Row(row), lane, is_next);
    assert_eq!(neighbour(0, Some(Field::PLACE), true), Answer::Row(Some(2)));
    assert_eq!(neighbour(0, None, true), Answer::Row(Some(1)));
    assert_eq!(neighbour(2, Some(Field::PLACE), false), Answer::Row(Some(0)));
    assert_eq!(neighbour(2, Some(Field::PLACE), true), Answer::Row(None));
    assert_eq!(neighbour(3, None, true), Answer::Row(None));
    let second = Beside::Moment(time("2025-01-02"));
    assert_eq!(beside(second, Some(Field::PLACE), true), Answer::Row(Some(1)), "a moment is in no lane");
    assert_eq!(beside(second, Some(Field::PLACE), false), Answer::Row(Some(0)));
    assert_eq!(beside(Beside::Moment(Time::OPEN_START), None, false), Answer::Row(None));
}

#[test]
fn a_histogram_covers_the_whole_file_whatever_the_filter() {
    let sheets = [event("1").counts("killed", 0.0), event("2").counts("killed", 10.0), event("3").counts("killed", 4.0), event("4")];
    let query = Query::Histogram { field: Field::VALUE, filter: Filter::Rows(vec![2, 3]), bins: 5 };
    let Answer::Histogram(answer) = ask(World::new().with_all(&sheets), &query) else { panic!("another answer") };
    assert_eq!((answer.axis.min, answer.axis.max, answer.bins, answer.missing), (0.0, 10.0, vec![0, 0, 1, 0, 0], 1));
}

#[test]
fn a_cancelled_question_stops() {
    let ask = Ask::plainly();
    ask.cancel.cancel();
    let engine = Naive::new(world().build());
    let query = Query::Count { filter: Filter::All, window: Some(Span::ALL) };
    assert_eq!(engine.answer(&query, &ask), Err(Stop::Cancelled));
}

//! How a file looks when it is opened: lanes, colours, boards and the first window, chosen from what is in it.

use std::collections::BTreeSet;

use super::document::{Board, BoardKind, ChartMode, Document, ValueScale};
use crate::data::{CHANGES, FILE, Field, FieldInfo, FieldKind, Measure, RELEASE};
use crate::query::{DateKind, Filter, LaneSort, MetricInfo, Schema};
use crate::time::{DAY_US, Span, Step, Time, Zone};

/// The metrics of the Casualties board, in the order of its strips.
pub const CASUALTY_METRICS: [&str; 5] = ["killed", "wounded", "missing", "captured", "casualties"];

/// The most strips that a board shows when a file is opened.
const STRIPS_MAX: usize = 4;
/// The first window leaves out a few far records when they make it more than so many times as wide. Of so few records that each one counts
/// it leaves out none that could be shown at all.
const OUTLIER_TIMES: i64 = 16;
const OUTLIER_TIMES_OF_FEW: i64 = 400;
const FEW: u64 = 50;
/// So many records crowd each other.
const MANY: u64 = 200;
/// A first window that is wider begins and ends with a month.
const MONTHS_FROM_US: i64 = 90 * DAY_US;
/// A lane field has at most this many values when the program chooses it.
const LANE_VALUES_MAX: u32 = 40;
/// One with more, up to so many, is better than none: the lanes with most records come first.
const LANE_VALUES_MANY: u32 = 200;

/// The Document with which a file opens.
pub fn opening_document(schema: &Schema) -> Document {
    let lane = lane_field(schema);
    Document {
        filter: Filter::All,
        lane,
        lane_sort: LaneSort::Count,
        collapsed: BTreeSet::new(),
        expanded: BTreeSet::new(),
        hidden: BTreeSet::new(),
        pinned: BTreeSet::new(),
        colour: colour_field(schema, lane),
        boards: boards(schema),
        facets: facet_fields(schema),
        columns: columns(schema),
        table_sort: Some((if has(schema, Field::AS_OF) { Field::AS_OF } else { Field::WHEN }, false)),
        zone: Zone::UTC,
        title: String::new(),
    }
}

fn has(schema: &Schema, field: Field) -> bool {
    schema.info(field).is_some_and(|info| info.present > 0)
}

fn is_choosable(info: &FieldInfo) -> bool {
    has_values(info, LANE_VALUES_MAX)
}

fn has_values(info: &FieldInfo, most: u32) -> bool {
    info.kind == FieldKind::Category && info.distinct.is_some_and(|distinct| (2..=most).contains(&distinct))
}

fn lane_field(schema: &Schema) -> Option<Field> {
    let wished = [
        Field::CATEGORY,
        Field::KIND,
        Field::METRIC,
        Field::ORIGINATOR_COUNTRY,
        Field::FROM,
        Field::PLACE,
        Field::ORIGINATOR,
        Field::OUTLET,
    ];
    // Items of feeds are told apart by who wrote them; their categories are whatever words somebody put to them.
    let of_feeds = [Field::ORIGINATOR, Field::OUTLET];
    let first = if schema.origin.preset.as_deref() == Some("feed") { &of_feeds[..] } else { &[] };
    let tells_groups = |info: &FieldInfo| is_choosable(info) && !schema.wordless.contains(&info.field);
    let choosable = |field: &Field| schema.info(*field).is_some_and(tells_groups);
    // Of the file's own columns rather one that most records have and that is more than yes or no.
    let own = || {
        let rank = |info: &&FieldInfo| (info.present * 2 >= schema.records, info.distinct.is_some_and(|distinct| distinct > 2));
        let own: Vec<&FieldInfo> = schema.fields.iter().filter(|info| info.field.is_extra() && tells_groups(info)).collect();
        let best = own.iter().map(rank).max()?;
        own.iter().find(|info| rank(info) == best).map(|info| info.field)
    };
    let of_many = |field: &Field| {
        let info = schema.info(*field).filter(|info| info.present * 2 >= schema.records);
        info.is_some_and(|info| has_values(info, LANE_VALUES_MANY) && !schema.wordless.contains(field))
    };
    let candidates = || first.iter().chain(&wished).copied();
    candidates().find(choosable).or_else(own).or_else(|| candidates().find(of_many))
}

fn has_several(schema: &Schema, field: Field) -> bool {
    schema.info(field).is_some_and(|info| info.distinct.is_some_and(|distinct| distinct >= 2))
}

/// The fields that were made of several files, as far as they are there: what became of a record, what changed in it, its file.
fn made_fields(schema: &Schema) -> impl Iterator<Item = &FieldInfo> {
    let has_several = !schema.origin.files.is_empty();
    [RELEASE, CHANGES, FILE].into_iter().filter_map(move |key| schema.fields.iter().find(|info| has_several && info.key == key))
}

fn colour_field(schema: &Schema, lane: Option<Field>) -> Option<Field> {
    if let Some(release) = made_fields(schema).find(|info| info.key == RELEASE) {
        return Some(release.field);
    }
    let wished = [Field::ORIGINATOR_COUNTRY, Field::STATUS, Field::CATEGORY, Field::FROM];
    wished.iter().copied().find(|field| has_several(schema, *field)).or(lane)
}

fn facet_fields(schema: &Schema) -> Vec<Field> {
    let wished = [
        Field::ORIGINATOR_COUNTRY,
        Field::CATEGORY,
        Field::ORIGINATOR,
        Field::METRIC,
        Field::STATUS,
        Field::QUALIFIER,
        Field::FROM,
        Field::TO,
        Field::PLACE,
        Field::OUTLET,
        Field::KIND,
        Field::BASIS,
    ];
    let mut fields: Vec<Field> =
        made_fields(schema).filter(|info| is_choosable(info) && info.key != CHANGES).map(|info| info.field).collect();
    fields.extend(wished.iter().copied().filter(|field| has_several(schema, *field)));
    let extra = schema.fields.iter().filter(|info| info.field.is_extra() && is_choosable(info) && info.key != CHANGES);
    let extra: Vec<Field> = extra.map(|info| info.field).filter(|field| !fields.contains(field)).take(12).collect();
    fields.extend(extra);
    if has(schema, Field::VALUE) {
        fields.push(Field::VALUE);
    }
    fields
}

fn columns(schema: &Schema) -> Vec<Field> {
    let wished = [
        Field::ID,
        Field::WHEN,
        Field::AS_OF,
        Field::TITLE,
        Field::METRIC,
        Field::VALUE,
        Field::QUALIFIER,
        Field::BASIS,
        Field::ORIGINATOR,
        Field::OUTLET,
        Field::FROM,
        Field::TO,
        Field::PLACE,
        Field::STATUS,
        Field::CATEGORY,
    ];
    let mut fields: Vec<Field> = wished.iter().copied().filter(|field| has(schema, *field)).collect();
    let behind_title = fields.iter().position(|field| *field == Field::TITLE).map_or(fields.len(), |place| place + 1);
    fields.splice(behind_title..behind_title, made_fields(schema).map(|info| info.field));
    let extra = schema.fields.iter().filter(|info| info.field.is_extra()).map(|info| info.field);
    let extra: Vec<Field> = extra.filter(|field| !fields.contains(field)).take(8).collect();
    fields.extend(extra);
    fields
}

/// Is it counted among shipments: a count or an amount between two actors, other than casualties, captures and use?
pub fn is_shipment(metric: &MetricInfo) -> bool {
    matches!(metric.measure, Measure::Count | Measure::Amount)
        && metric.between_actors > 0
        && !CASUALTY_METRICS.contains(&metric.metric.as_str())
        && !metric.metric.ends_with("_fired")
}

/// The metrics of the first board. Of daily totals all of them: these stand in one table because they are read together, and men come first.
fn casualties(schema: &Schema) -> Vec<&MetricInfo> {
    let is_daily = schema.origin.preset.as_deref() == Some("daily_totals");
    let first = is_daily.then_some("personnel");
    let named = first.into_iter().chain(CASUALTY_METRICS).filter_map(|name| schema.metrics.iter().find(|metric| metric.metric == name));
    let mut found: Vec<&MetricInfo> = named.collect();
    if is_daily {
        let is_other = |metric: &&MetricInfo| metric.totals > 0 && found.iter().all(|known| known.metric != metric.metric);
        let others: Vec<&MetricInfo> = schema.metrics.iter().filter(is_other).collect();
        found.extend(others);
    }
    found
}

fn boards(schema: &Schema) -> Vec<Board> {
    let casualties = casualties(schema);
    let shipments: Vec<&MetricInfo> = schema.metrics.iter().filter(|metric| is_shipment(metric)).collect();
    let mut boards = Vec::new();
    if !casualties.is_empty() {
        boards.push(board(BoardKind::Casualties, &casualties));
    }
    if !shipments.is_empty() {
        boards.push(board(BoardKind::Shipments, &shipments));
    }
    boards
}

/// A board over the metrics that have something to draw: the richest ones, in the order given.
fn board(kind: BoardKind, metrics: &[&MetricInfo]) -> Board {
    let totals: u64 = metrics.iter().map(|metric| metric.totals + metric.levels).sum();
    let increments: u64 = metrics.iter().map(|metric| metric.increments).sum();
    let mode = if totals >= increments { ChartMode::Totals } else { ChartMode::PerPeriod };
    let drawn = |metric: &MetricInfo| match mode {
        ChartMode::Totals => metric.totals + metric.levels,
        ChartMode::PerPeriod | ChartMode::Cumulative => metric.increments,
    };
    let mut richest: Vec<&MetricInfo> = metrics.iter().copied().filter(|metric| drawn(metric) > 0).collect();
    richest.sort_by_key(|metric| std::cmp::Reverse(drawn(metric)));
    richest.truncate(STRIPS_MAX);
    let least = richest.first().map_or(0, |metric| drawn(metric) / 12);
    let is_chosen = |metric: &&&MetricInfo| richest.iter().any(|rich| rich.metric == metric.metric) && drawn(metric) > least;
    Board {
        kind,
        is_open: true,
        metrics: metrics.iter().filter(is_chosen).map(|metric| metric.metric.clone()).collect(),
        mode,
        scale: if kind == BoardKind::Casualties && mode == ChartMode::Totals { ValueScale::Log } else { ValueScale::Linear },
        by: None,
        date: if mode == ChartMode::Totals { DateKind::AsOf } else { DateKind::Event },
        group: None,
        is_spread: true,
        counters: Vec::new(),
        actors: Vec::new(),
    }
}

/// The first window: everything, unless a few records stand so far off that all others would be one line, or most of many crowd in the
/// latest part of it. How many lie outside is said below the timeline.
pub fn opening_window(schema: &Schema) -> Span {
    let Some(extent) = schema.extent else { return Span::new(Time(0), Time(365 * DAY_US)) };
    let width_us = |span: &Span| span.end.0.saturating_sub(span.start.0);
    let times = if schema.records < FEW { OUTLIER_TIMES_OF_FEW } else { OUTLIER_TIMES };
    let bulk = schema.bulk.filter(|bulk| width_us(&extent) / times > width_us(bulk).max(DAY_US));
    let Some(shown) = bulk.or_else(|| (width_us(&extent) > MONTHS_FROM_US).then_some(extent)) else { return fit_window(schema) };
    if width_us(&shown) <= MONTHS_FROM_US {
        let air = (width_us(&shown) / 50).max(DAY_US / 2);
        return Span::new(shown.start.plus_us(-air), shown.end.plus_us(air));
    }
    let whole = Span::new(Step::Month.floor(shown.start), Step::Month.next(shown.end.plus_us(-1)));
    latest_part(schema, whole).unwrap_or(whole)
}

/// From one month before the first quartile of starts to the end, where that is less than half of everything and there are so many records
/// that these would be crowded.
fn latest_part(schema: &Schema, whole: Span) -> Option<Span> {
    let first = schema.first_quartile.filter(|_| schema.records >= MANY)?;
    let start = Step::Month.floor(Step::Month.floor(first).plus_us(-1)).max(whole.start);
    let width_us = whole.end.0.saturating_sub(start.0);
    (width_us > MONTHS_FROM_US && width_us.saturating_mul(2) < whole.end.0.saturating_sub(whole.start.0))
        .then(|| Span::new(start, whole.end))
}

/// The window that shows everything, with some air.
pub fn fit_window(schema: &Schema) -> Span {
    let Some(extent) = schema.extent else { return Span::new(Time(0), Time(365 * DAY_US)) };
    let air = (extent.end.0.saturating_sub(extent.start.0) / 50).max(1_000);
    Span::new(extent.start.plus_us(-air), extent.end.plus_us(air))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::empty_schema;
    use crate::testing::metric_info;
    use crate::time::parse_edtf;

    fn span(text: &str) -> Span {
        parse_edtf(text).unwrap().span
    }

    fn window(extent: &str, bulk: &str) -> Span {
        opening_window(&Schema { extent: Some(span(extent)), bulk: Some(span(bulk)), records: 100, ..empty_schema() })
    }

    #[test]
    fn the_first_window_shows_everything_however_unevenly_it_is_spread() {
        assert_eq!(window("2014-02-18/2020-03-18", "2015-02-18/2020-03-18"), span("2014-02/2020-03"));
        let days = window("2024-03-01/2024-03-09", "2024-03-02/2024-03-08");
        assert!(days.start < span("2024-03-01").start && days.end > span("2024-03-09").end);
    }

    #[test]
    fn many_records_of_which_most_are_late_are_shown_from_shortly_before_these() {
        let (extent, first_quartile) = (span("2022-02-10/2025-12-20"), Some(span("2024-09-14").start));
        let window = |records: u64, first_quartile: Option<Time>| {
            opening_window(&Schema { extent: Some(extent), bulk: Some(extent), records, first_quartile, ..empty_schema() })
        };
        assert_eq!(window(348, first_quartile), span("2024-08/2025-12"));
        assert_eq!(window(100, first_quartile), span("2022-02/2025-12"), "so few can all be shown");
        assert_eq!(window(348, Some(span("2023-06-01").start)), span("2022-02/2025-12"), "little would be won");
        assert_eq!(window(348, Some(span("2025-12-01").start)), span("2022-02/2025-12"), "a quarter is not a few");
    }

    #[test]
    fn a_few_records_that_are_far_off_do_not_squeeze_all_others() {
        assert_eq!(window("1601-01-01/2024-12-31", "2019-01-15/2024-11-20"), span("2019-01/2024-11"));
        let day = window("1970-01-01/2024-03-09", "2024-03-09");
        assert!(day.start < span("2024-03-09").start && day.end.0 - day.start.0 <= 2 * DAY_US);
        let of_few = |extent: &str| {
            let schema = Schema { extent: Some(span(extent)), bulk: Some(span("2024-03-01/2024-03-05")), records: 15, ..empty_schema() };
            opening_window(&schema)
        };
        assert_eq!(of_few("2023-10-01/2024-06-30"), span("2023-10/2024-06"), "two of fifteen are not a few");
        assert!(of_few("1601-01-01/2024-03-05").start > span("2024-02").start, "what no year has room for is left out");
    }

    #[test]
    fn daily_totals_are_all_charted_and_personnel_first() {
        let metric = |metric: &str, totals: u64| MetricInfo { records: totals, increments: 0, totals, ..metric_info(metric) };
        let chosen = |metrics: Vec<MetricInfo>, preset: Option<&str>| {
            let mut schema = Schema { metrics, ..empty_schema() };
            schema.origin.preset = preset.map(str::to_owned);
            boards(&schema).first().map_or_else(Vec::new, |board| board.metrics.clone())
        };
        let daily = Some("daily_totals");
        assert_eq!(chosen(vec![metric("captured", 62), metric("personnel", 1_600)], daily), ["personnel"]);
        let all = vec![metric("tanks", 40), metric("captured", 40), metric("personnel", 40)];
        assert_eq!(chosen(all.clone(), daily), ["personnel", "captured", "tanks"]);
        assert_eq!(chosen(all, None), ["captured"]);
        let illness = vec![metric("confirmed", 816), metric("deaths", 816), metric("recovered", 561)];
        assert_eq!(chosen(illness, daily), ["confirmed", "deaths", "recovered"]);
    }

    fn info(field: Field, distinct: u32, present: u64) -> FieldInfo {
        FieldInfo { field, key: String::new(), label: String::new(), kind: FieldKind::Category, present, distinct: Some(distinct) }
    }

    #[test]
    fn lanes_of_feeds_are_those_who_wrote_and_of_other_columns_the_fullest_with_several_words() {
        let fields = vec![info(Field::CATEGORY, 9, 10), info(Field::ORIGINATOR, 3, 10)];
        let mut schema = Schema { fields, records: 10, ..empty_schema() };
        assert_eq!(lane_field(&schema), Some(Field::CATEGORY));
        schema.origin.preset = Some("feed".to_owned());
        assert_eq!(lane_field(&schema), Some(Field::ORIGINATOR));
        let extra = |place: u16| Field(Field::EXTRA_FIRST + place);
        schema.fields = vec![info(extra(0), 2, 10), info(extra(1), 5, 3), info(extra(2), 5, 9)];
        assert_eq!(lane_field(&schema), Some(extra(2)));
        schema.wordless = vec![extra(2)];
        assert_eq!(lane_field(&schema), Some(extra(0)));
        schema.wordless = vec![extra(0), extra(1), extra(2)];
        assert_eq!(lane_field(&schema), None);
        schema.fields.push(info(Field::PLACE, 3, 9));
        schema.wordless.push(Field::PLACE);
        assert_eq!(lane_field(&schema), None);
    }

    #[test]
    fn lanes_of_many_values_are_better_than_none_when_most_records_have_one() {
        let of = |fields: Vec<FieldInfo>| lane_field(&Schema { fields, records: 10, ..empty_schema() });
        assert_eq!(of(vec![info(Field::CATEGORY, 79, 9)]), Some(Field::CATEGORY));
        assert_eq!(of(vec![info(Field::CATEGORY, 79, 9), info(Field::FROM, 3, 9)]), Some(Field::FROM), "few values first");
        assert_eq!(of(vec![info(Field::CATEGORY, 79, 4)]), None);
        assert_eq!(of(vec![info(Field::CATEGORY, 201, 9)]), None);
    }
}

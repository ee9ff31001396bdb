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
/// A lane field has at most this many values when the program chooses it.
const LANE_VALUES_MAX: u32 = 40;

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
    info.kind == FieldKind::Category && info.distinct.is_some_and(|distinct| (2..=LANE_VALUES_MAX).contains(&distinct))
}

fn lane_field(schema: &Schema) -> Option<Field> {
    let wished = [Field::CATEGORY, Field::KIND, Field::METRIC, Field::ORIGINATOR_COUNTRY, Field::FROM, Field::PLACE];
    let choosable = |field: &Field| schema.info(*field).is_some_and(is_choosable);
    wished
        .iter()
        .copied()
        .find(choosable)
        .or_else(|| schema.fields.iter().find(|info| info.field.is_extra() && is_choosable(info)).map(|info| info.field))
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

fn boards(schema: &Schema) -> Vec<Board> {
    let casualties: Vec<&MetricInfo> =
        CASUALTY_METRICS.iter().filter_map(|name| schema.metrics.iter().find(|metric| metric.metric == *name)).collect();
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

/// The first window: from one month before the first quartile of starts to the last record, rounded out to months.
pub fn opening_window(schema: &Schema) -> Span {
    let Some(extent) = schema.extent else { return Span::new(Time(0), Time(365 * DAY_US)) };
    let first = schema.first_quartile.unwrap_or(extent.start);
    let last = schema.last_anchor.unwrap_or(extent.end);
    if last.0.saturating_sub(first.0) <= 90 * DAY_US {
        return fit_window(schema);
    }
    let start = Step::Month.floor(Step::Month.floor(first).plus_us(-1));
    Span::new(start.max(Step::Month.floor(extent.start)), Step::Month.next(last))
}

/// The window that shows everything, with some air.
pub fn fit_window(schema: &Schema) -> Span {
    let Some(extent) = schema.extent else { return Span::new(Time(0), Time(365 * DAY_US)) };
    let air = (extent.end.0.saturating_sub(extent.start.0) / 50).max(1_000);
    Span::new(extent.start.plus_us(-air), extent.end.plus_us(air))
}
